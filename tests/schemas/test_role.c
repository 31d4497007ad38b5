/* The table of roles and what the JSON Schema for editors says of it: the same keys, the same
 * words, the same limits. */
#include "schemas/resources.h"
#include "schemas/role.h"

#include <json-c/json.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static json_object *schema;

static int load_schema(void **state)
{
    (void)state;
    g_autoptr(GBytes) bytes =
        g_resource_lookup_data(resources_get_resource(), "/innsikt/project.schema.json",
                               G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);
    g_autofree char *text = g_strndup(g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes));
    schema = json_tokener_parse(text);
    return schema ? 0 : -1;
}

static int drop_schema(void **state)
{
    (void)state;
    json_object_put(schema);
    return 0;
}

/* A member below the root, "a/b/c"; NULL when there is none. */
static json_object *member(json_object *at, const char *path)
{
    g_auto(GStrv) steps = g_strsplit(path, "/", -1);
    for (char **step = steps; at && *step; step++)
        at = json_object_object_get(at, *step);
    return at;
}

static json_object *role_schema(const char *word)
{
    g_autofree char *path = g_strdup_printf("definitions/%s", word);
    json_object *definition = member(schema, path);
    json_object *one_of = member(definition, "oneOf");
    return one_of ? json_object_array_get_idx(one_of, 1) : definition;
}

static void expect_words(const char *role, const RoleKey *key, json_object *value)
{
    json_object *any = member(value, "anyOf");
    json_object *words = any ? member(json_object_array_get_idx(any, 0), "enum") : NULL;
    if (!words)
        fail_msg("%s.%s has no words in the schema", role, key->key);
    assert_int_equal(json_object_array_length(words), g_strv_length((char **)key->words));
    for (size_t i = 0; key->words[i]; i++)
        assert_string_equal(json_object_get_string(json_object_array_get_idx(words, i)),
                            key->words[i]);
}

static size_t expect_key(const char *role, const RoleKey *key, json_object *properties)
{
    g_autofree char *from = g_strconcat(key->key, "_from", NULL);
    json_object *value = member(properties, key->key);
    if (!value)
        fail_msg("%s.%s is not in the schema", role, key->key);
    if (key->kind == VALUE_WORD)
        expect_words(role, key, value);
    if (key->kind == VALUE_NAME)
        return 1;
    if (!member(properties, from))
        fail_msg("%s.%s is not in the schema", role, from);
    return 2;
}

static void schema_has_the_same_keys(void **state)
{
    (void)state;
    for (const char *const *word = role_words(); *word; word++) {
        const Role role = role_parse(*word);
        const RoleRow *row = role_row(role);
        assert_string_equal(role_word(role), *word);
        if (!row->keys)
            continue;
        json_object *properties = member(role_schema(*word), "properties");
        size_t n = 1 + (row->scale != SCALE_NONE); /* values, scale */
        for (const RoleKey *key = row->keys; key->key; key++) {
            assert_ptr_equal(role_key(role, key->key), key);
            n += expect_key(*word, key, properties);
        }
        if ((size_t)json_object_object_length(properties) != n)
            fail_msg("%s: %d keys in the schema, %zu in the table", *word,
                     json_object_object_length(properties), n);
        assert_true(!row->lead || role_key(role, row->lead));
    }
}

static void schema_has_the_same_thresholds(void **state)
{
    (void)state;
    json_object *thresholds = member(schema, "properties/thresholds/properties");
    int n = 0;
#define THRESHOLD(field, key, standard, low, high, section)                                        \
    {                                                                                              \
        json_object *row = member(thresholds, key), *any = member(row, "anyOf");                   \
        if (!any)                                                                                  \
            fail_msg("%s is not in the schema", key);                                              \
        json_object *range = json_object_array_get_idx(any, 0);                                    \
        assert_true(json_object_get_double(member(row, "default")) == standard);                   \
        assert_true(json_object_get_double(member(range, "minimum")) == low);                      \
        assert_true(json_object_get_double(member(range, "maximum")) == high);                     \
        n++;                                                                                       \
    }
#include "schemas/threshold.def"
#undef THRESHOLD
    assert_int_equal(json_object_object_length(thresholds), n);
}

static void words_are_roles(void **state)
{
    (void)state;
    assert_int_equal(role_parse("ignore"), ROLE_IGNORE);
    assert_int_equal(role_parse("support"), N_ROLES);
    assert_int_equal(role_parse("Rating"), N_ROLES);
    assert_string_equal(role_word(ROLE_SUPPORT), "support");
    assert_int_equal(g_strv_length((char **)role_words()), N_ROLES - 2);
    assert_null(role_key(ROLE_RATING, "quadrant"));
    assert_null(role_key(ROLE_IGNORE, "item"));
    assert_int_equal(attribute_terms("group"), TERM_GROUP);
    assert_int_equal(attribute_terms("segment"), TERM_SEGMENT);
    assert_int_equal(attribute_terms("region"), N_TERM_KINDS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(schema_has_the_same_keys),
        cmocka_unit_test(schema_has_the_same_thresholds),
        cmocka_unit_test(words_are_roles),
    };
    return cmocka_run_group_tests_name("role", tests, load_schema, drop_schema);
}
