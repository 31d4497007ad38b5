#include "collect/odk_fields.h"

#include "schemas/error.h"

#include <json-c/json.h>
#include <string.h>

enum {
    NODES_LIMIT = 65536,
    DEPTH = 64,
};

static void node_free(gpointer data)
{
    OdkNode *node = data;
    g_free(node->name);
    g_free(node->type);
    if (node->children)
        g_hash_table_unref(node->children);
    g_free(node);
}

static OdkNode *node_new(OdkNode *parent, const char *name, OdkKind kind, const char *type)
{
    OdkNode *node = g_new0(OdkNode, 1);
    bool below = parent && *parent->name;
    *node = (OdkNode){.parent = parent,
                      .name = g_strconcat(below ? parent->name : "", below ? "/" : "", name, NULL),
                      .type = g_strdup(type),
                      .kind = kind,
                      .blank = MISSING_UNKNOWN};
    return node;
}

static void node_add(OdkFields *fields, OdkNode *node, char *key)
{
    OdkNode *parent = node->parent;
    if (!parent->children)
        parent->children = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, node_free);
    g_hash_table_insert(parent->children, key, node);
    fields->n++;
}

OdkNode *odk_fields_child(OdkFields *fields, OdkNode *node, const char *key, size_t n)
{
    g_autofree char *name = g_strndup(key, n);
    OdkNode *child = node->children ? g_hash_table_lookup(node->children, name) : NULL;
    if (child)
        return child;
    if (fields->n >= NODES_LIMIT)
        return NULL;
    g_autofree char *valid = g_utf8_make_valid(name, -1);
    child = node_new(node, valid, ODK_GUESS, "");
    node_add(fields, child, g_steal_pointer(&name));
    return child;
}

static const char *text_of(json_object *field, const char *member)
{
    json_object *value = NULL;
    return json_object_object_get_ex(field, member, &value) ? json_object_get_string(value) : NULL;
}

/* The node of a path but for its last name, which is *ret_last; NULL when it lies under something
 * that is no group. */
static OdkNode *find_parent(const OdkFields *fields, const char *path, const char **ret_last)
{
    OdkNode *node = fields->root;
    for (;;) {
        while (*path == '/')
            path++;
        const char *slash = strchr(path, '/');
        *ret_last = path;
        if (!slash)
            return *path ? node : NULL;
        g_autofree char *name = g_strndup(path, (gsize)(slash - path));
        node = node->children ? g_hash_table_lookup(node->children, name) : NULL;
        if (!node)
            return NULL;
        path = slash;
    }
}

/* A field that OData shows under an earlier one's name. */
static void add_twin(OdkFields *fields, OdkNode *same, const char *name, const char *type)
{
    OdkNode *twin = same->kind == ODK_LEAF && name
                        ? node_new(same->parent, name, ODK_LEAF, type ? type : "")
                        : NULL;
    if (!twin)
        return;
    twin->ambiguous = true;
    g_ptr_array_add(fields->twins, twin);
    if (!g_str_equal(twin->name, same->name))
        g_ptr_array_add(fields->leaves, twin);
}

static bool add_field(OdkFields *fields, json_object *field, json_object *original)
{
    const char *path = text_of(field, "path"), *type = text_of(field, "type"), *last;
    if (!path)
        return false;
    OdkNode *parent = find_parent(fields, path, &last);
    if (!parent)
        return false;
    OdkNode *same = parent->children ? g_hash_table_lookup(parent->children, last) : NULL;
    const char *name = original ? text_of(original, "name") : NULL;
    if (same) {
        same->ambiguous = true;
        add_twin(fields, same, name, type);
        return true;
    }
    OdkKind kind = g_strcmp0(type, "structure") == 0 ? ODK_GROUP
                   : g_strcmp0(type, "repeat") == 0  ? ODK_REPEAT
                                                     : ODK_LEAF;
    OdkNode *node = node_new(parent, name ? name : last, kind, type ? type : "");
    node->multi = g_strcmp0(text_of(field, "selectMultiple"), "true") == 0;
    node_add(fields, node, g_strdup(last));
    if (kind == ODK_LEAF)
        g_ptr_array_add(fields->leaves, node);
    return true;
}

static json_object *read_list(const char *text)
{
    json_tokener *tokener = json_tokener_new_ex(DEPTH);
    json_object *list = json_tokener_parse_ex(tokener, text, (int)strlen(text) + 1);
    json_tokener_free(tokener);
    if (json_object_is_type(list, json_type_array))
        return list;
    json_object_put(list);
    return NULL;
}

static bool add_fields(OdkFields *fields, json_object *list, json_object *originals)
{
    size_t n = json_object_array_length(list);
    if (n > NODES_LIMIT)
        return false;
    /* Both are the same list, told twice; when they differ, the form changed in between. */
    bool paired = originals && json_object_array_length(originals) == n;
    for (size_t i = 0; i < n; i++)
        if (!add_field(fields, json_object_array_get_idx(list, i),
                       paired ? json_object_array_get_idx(originals, i) : NULL))
            return false;
    return true;
}

OdkFields *odk_fields_read(const char *odata, const char *original, GError **error)
{
    OdkFields *fields = g_new0(OdkFields, 1);
    fields->root = node_new(NULL, "", ODK_GROUP, "");
    fields->leaves = g_ptr_array_new();
    fields->twins = g_ptr_array_new_with_free_func(node_free);
    json_object *list = read_list(odata);
    json_object *originals = original ? read_list(original) : NULL;
    bool ok = list && add_fields(fields, list, originals);
    json_object_put(list);
    json_object_put(originals);
    if (ok)
        return fields;
    odk_fields_free(fields);
    g_set_error_literal(error, INNSIKT_ERROR, INNSIKT_ERROR_PROTOCOL,
                        "ODK Central answers the call for the form's fields with something else");
    return NULL;
}

void odk_fields_free(OdkFields *fields)
{
    if (!fields)
        return;
    node_free(fields->root);
    g_ptr_array_unref(fields->leaves);
    g_ptr_array_unref(fields->twins);
    g_free(fields);
}
