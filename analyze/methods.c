#include "analyze/methods.h"

#include "schemas/resources.h"
#include "schemas/role.h"
#include "schemas/yaml.h"

#include <string.h>

#define METHODS_PATH "/innsikt/methods.yaml"

/* Families of keys that are computed alike. */
typedef struct {
    char **families;
    char **roles;
    char **patterns; /* statistics; a star ends a prefix */
    char **methods;  /* beside them */
} FamilyRow;

typedef struct {
    GHashTable *methods; /* name → Method */
    GPtrArray *rows;     /* of FamilyRow */
} Table;

/* --- reading the table. It is part of the program and held by tests, and lives as long. --- */

static char **texts_at(YamlFile *file, const YamlNode *map, const char *key)
{
    const YamlNode *node = yaml_get(map, key);
    return yaml_null(node) ? g_new0(char *, 1) : yaml_texts(file, node, key);
}

static char *text_at(YamlFile *file, const YamlNode *map, const char *key)
{
    return g_strdup(yaml_text(file, yaml_get(map, key), key));
}

static void read_methods(Table *table, YamlFile *file, const YamlNode *map)
{
    for (size_t i = 0; i < yaml_count(map); i++) {
        const YamlNode *node = yaml_item(map, i);
        Method *method = g_new0(Method, 1);
        method->name = g_strdup(yaml_key(map, i));
        method->section = text_at(file, node, "section");
        method->source = text_at(file, node, "source");
        method->formula = text_at(file, node, "formula");
        method->thresholds = texts_at(file, node, "thresholds");
        if (!yaml_null(yaml_get(node, "seeded")))
            yaml_bool(file, yaml_get(node, "seeded"), "seeded", &method->seeded);
        g_hash_table_insert(table->methods, method->name, method);
    }
}

static void read_families(Table *table, YamlFile *file, const YamlNode *list)
{
    for (size_t i = 0; i < yaml_count(list); i++) {
        const YamlNode *node = yaml_item(list, i), *by = yaml_get(node, "by");
        const size_t n = yaml_count(by);
        FamilyRow *row = g_new0(FamilyRow, 1);
        row->families = texts_at(file, node, "families");
        row->roles = texts_at(file, node, "roles");
        row->patterns = g_new0(char *, n + 1);
        row->methods = g_new0(char *, n + 1);
        for (size_t k = 0; k < n; k++) {
            row->patterns[k] = g_strdup(yaml_key(by, k));
            row->methods[k] = g_strdup(yaml_text(file, yaml_item(by, k), "method"));
        }
        g_ptr_array_add(table->rows, row);
    }
}

static Table *table_load(void)
{
    Table *table = g_new(Table, 1);
    table->methods = g_hash_table_new(g_str_hash, g_str_equal);
    table->rows = g_ptr_array_new();
    g_autoptr(GError) error = NULL;
    g_autoptr(GBytes) bytes = g_resource_lookup_data(resources_get_resource(), METHODS_PATH,
                                                     G_RESOURCE_LOOKUP_FLAGS_NONE, &error);
    size_t n = 0;
    const char *text = bytes ? g_bytes_get_data(bytes, &n) : "";
    g_autoptr(YamlFile) file = yaml_parse("methods.yaml", text, n);
    read_methods(table, file, yaml_get(yaml_root(file), "methods"));
    read_families(table, file, yaml_get(yaml_root(file), "figures"));
    if (bytes && !yaml_sound(file, &error))
        g_printerr("innsikt: %s\n", error->message);
    return table;
}

static const Table *the_table(void)
{
    static gsize table;
    if (g_once_init_enter(&table))
        g_once_init_leave(&table, (gsize)table_load());
    return (const Table *)table;
}

/* --- asking it --- */

const Method *method_find(const char *name)
{
    return g_hash_table_lookup(the_table()->methods, name);
}

static const FamilyRow *row_of(const char *key)
{
    g_autofree char *family = g_strndup(key, strcspn(key, "/"));
    const GPtrArray *rows = the_table()->rows;
    for (guint i = 0; i < rows->len; i++) {
        const FamilyRow *row = rows->pdata[i];
        if (row->families && g_strv_contains((const char *const *)row->families, family))
            return row;
    }
    return NULL;
}

static bool pattern_takes(const char *pattern, const char *statistic)
{
    const size_t n = strlen(pattern);
    return n && pattern[n - 1] == '*' ? strncmp(pattern, statistic, n - 1) == 0
                                      : g_str_equal(pattern, statistic);
}

const Method *method_of_figure(const char *key, const char *basis)
{
    const FamilyRow *row = row_of(key);
    const char *slash = strrchr(key, '/');
    const char *statistic = slash ? slash + 1 : key;
    for (size_t i = 0; row && row->patterns[i]; i++)
        if (pattern_takes(row->patterns[i], statistic))
            return method_find(row->methods[i]);
    return basis ? method_find(basis) : NULL;
}

bool method_family_reads(const char *key, Role role)
{
    const FamilyRow *row = row_of(key);
    return row && row->roles && g_strv_contains((const char *const *)row->roles, role_word(role));
}
