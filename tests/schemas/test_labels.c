/* labels.yaml: every text in three languages with the same places, and every text the program asks
 * for by a literal key. Runs in the repository's root, as all tests do. */
#include "schemas/language.h"
#include "schemas/yaml.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static GHashTable *known; /* keys that have a text */

static gint by_bytes(gconstpointer a, gconstpointer b, gpointer unused)
{
    (void)unused;
    return strcmp(a, b);
}

/* The places of a text, sorted and joined, once each. Caller owns. */
static char *places_of(const char *text)
{
    g_autoptr(GRegex) regex = g_regex_new("\\{[^{}]*\\}", 0, 0, NULL);
    g_autoptr(GMatchInfo) match = NULL;
    g_autoptr(GTree) places = g_tree_new_full(by_bytes, NULL, g_free, NULL);
    for (g_regex_match(regex, text, 0, &match); g_match_info_matches(match);
         g_match_info_next(match, NULL))
        g_tree_insert(places, g_match_info_fetch(match, 0), NULL);
    GString *all = g_string_new(NULL);
    for (GTreeNode *node = g_tree_node_first(places); node; node = g_tree_node_next(node))
        g_string_append(all, g_tree_node_key(node));
    return g_string_free(all, FALSE);
}

static int check_text(const char *path, const YamlNode *map)
{
    g_autofree char *first = NULL;
    int faults = 0;
    for (int l = 0; l < N_LANGUAGES; l++) {
        const YamlNode *text = yaml_get(map, language_code((Language)l));
        if (!text || text->kind != YAML_SCALAR || !*text->text) {
            print_error("%s: no text in %s\n", path, language_code((Language)l));
            faults++;
            continue;
        }
        g_autofree char *places = places_of(text->text);
        if (first && !g_str_equal(first, places)) {
            print_error("%s: places %s in %s, %s before\n", path, places,
                        language_code((Language)l), first);
            faults++;
        }
        if (!first)
            first = g_steal_pointer(&places);
    }
    g_hash_table_add(known, g_strdup(path));
    return faults;
}

static int check_map(const char *path, const YamlNode *map)
{
    int faults = 0;
    bool text = false;
    for (size_t i = 0; i < yaml_count(map); i++) {
        const YamlNode *value = yaml_item(map, i);
        const char *key = yaml_key(map, i);
        Language language;
        if (value->kind == YAML_MAP) {
            g_autofree char *below = *path ? g_strdup_printf("%s.%s", path, key) : g_strdup(key);
            faults += check_map(below, value);
        } else if (language_parse(key, &language)) {
            text = true;
        } else {
            print_error("%s: \"%s\" is neither a language nor a map\n", path, key);
            faults++;
        }
    }
    return faults + (text ? check_text(path, map) : 0);
}

static void every_text_has_three_languages(void **state)
{
    (void)state;
    g_autoptr(GError) error = NULL;
    g_autoptr(YamlFile) file = yaml_load("schemas/labels.yaml", "schemas/labels.yaml", &error);
    if (!file || !yaml_sound(file, &error))
        fail_msg("%s", error->message);
    known = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    assert_int_equal(check_map("", yaml_root(file)), 0);
    assert_true(g_hash_table_size(known) > 100);
    assert_true(g_hash_table_contains(known, "quadrant.strength.letter"));
}

/* Calls whose second argument is a literal; one that builds its key is its own test's matter. */
static int check_calls(const char *path, int *calls)
{
    g_autofree char *text = NULL;
    g_autoptr(GMatchInfo) match = NULL;
    g_autoptr(GRegex) regex =
        g_regex_new("\\bwords(?:_fill)?\\s*\\(\\s*[^,\";]+,\\s*\"([^\"]+)\"\\s*[,)]", 0, 0, NULL);
    int faults = 0;
    assert_true(g_file_get_contents(path, &text, NULL, NULL));
    for (g_regex_match(regex, text, 0, &match); g_match_info_matches(match);
         g_match_info_next(match, NULL)) {
        g_autofree char *key = g_match_info_fetch(match, 1);
        ++*calls;
        if (g_hash_table_contains(known, key))
            continue;
        print_error("%s: labels.yaml has no text \"%s\"\n", path, key);
        faults++;
    }
    return faults;
}

static int check_folder(const char *path, int *calls)
{
    g_autoptr(GDir) folder = g_dir_open(path, 0, NULL);
    int faults = 0;
    assert_non_null(folder);
    for (const char *name; (name = g_dir_read_name(folder));) {
        g_autofree char *below = g_build_filename(path, name, NULL);
        if (g_file_test(below, G_FILE_TEST_IS_DIR))
            faults += check_folder(below, calls);
        else if (g_str_has_suffix(name, ".c"))
            faults += check_calls(below, calls);
    }
    return faults;
}

static void every_text_asked_for_is_there(void **state)
{
    (void)state;
    static const char *const folders[] = {"schemas", "collect", "analyze"};
    int calls = 0, faults = check_calls("innsikt.c", &calls);
    for (size_t i = 0; i < G_N_ELEMENTS(folders); i++)
        faults += check_folder(folders[i], &calls);
    assert_true(calls > 0);
    assert_int_equal(faults, 0);
    g_clear_pointer(&known, g_hash_table_unref);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_text_has_three_languages),
        cmocka_unit_test(every_text_asked_for_is_there),
    };
    return cmocka_run_group_tests_name("labels", tests, NULL, NULL);
}
