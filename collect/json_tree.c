#include "collect/json_tree.h"

#include "collect/escapes.h"

#include <glib.h>
#include <string.h>
#include <yajl/yajl_parse.h>

typedef struct {
    json_object *frame[JSON_TREE_DEPTH]; /* open objects and arrays; borrowed but for the first */
    char *key[JSON_TREE_DEPTH];          /* of what comes next in each object */
    int depth;
    json_object *root;
    size_t values, limit;
    bool repeats, rooted;
    const char *why;
} Tree;

static int stop(Tree *tree, const char *why)
{
    tree->why = why;
    return 0;
}

/* Takes over the value. */
static int put(Tree *tree, json_object *value)
{
    if (++tree->values > tree->limit) {
        json_object_put(value);
        return stop(tree, "has too many values");
    }
    if (tree->depth == 0) {
        tree->root = value;
        tree->rooted = true;
        return 1;
    }
    json_object *in = tree->frame[tree->depth - 1];
    if (json_object_is_type(in, json_type_array)) {
        json_object_array_add(in, value);
        return 1;
    }
    const char *key = tree->key[tree->depth - 1];
    tree->repeats |= json_object_object_get_ex(in, key, NULL);
    json_object_object_add(in, key, value);
    return 1;
}

static int on_null(void *data)
{
    return put(data, NULL);
}

static int on_boolean(void *data, int value)
{
    return put(data, json_object_new_boolean(value));
}

static int on_number(void *data, const char *text, size_t n)
{
    g_autofree char *copy = g_strndup(text, n);
    return put(data, json_object_new_double_s(g_ascii_strtod(copy, NULL), copy));
}

static int on_string(void *data, const unsigned char *text, size_t n)
{
    return n > G_MAXINT32 ? stop(data, "has a text that is too long")
                          : put(data, json_object_new_string_len((const char *)text, (int)n));
}

static int on_key(void *data, const unsigned char *text, size_t n)
{
    Tree *tree = data;
    g_free(tree->key[tree->depth - 1]);
    tree->key[tree->depth - 1] = g_strndup((const char *)text, n);
    return 1;
}

static int begin(Tree *tree, json_object *value)
{
    if (tree->depth == JSON_TREE_DEPTH) {
        json_object_put(value);
        return stop(tree, "is nested deeper than 64");
    }
    if (!put(tree, value))
        return 0;
    tree->frame[tree->depth++] = value;
    return 1;
}

static int on_map(void *data)
{
    return begin(data, json_object_new_object());
}

static int on_list(void *data)
{
    return begin(data, json_object_new_array());
}

static int on_end(void *data)
{
    Tree *tree = data;
    tree->depth--;
    g_clear_pointer(&tree->key[tree->depth], g_free);
    return 1;
}

static const yajl_callbacks callbacks = {
    .yajl_null = on_null,
    .yajl_boolean = on_boolean,
    .yajl_number = on_number,
    .yajl_string = on_string,
    .yajl_start_map = on_map,
    .yajl_map_key = on_key,
    .yajl_end_map = on_end,
    .yajl_start_array = on_list,
    .yajl_end_array = on_end,
};

static void tree_parse(Tree *tree, const char *bytes, size_t n)
{
    yajl_handle parser = yajl_alloc(&callbacks, NULL, tree);
    bool whole = yajl_parse(parser, (const unsigned char *)bytes, n) == yajl_status_ok &&
                 yajl_complete_parse(parser) == yajl_status_ok;
    yajl_free(parser);
    if (!whole && !tree->why)
        tree->why = "is broken JSON";
    else if (whole && (!tree->rooted || !tree->root))
        tree->why = "is empty";
    for (int i = 0; i < JSON_TREE_DEPTH; i++)
        g_free(tree->key[i]);
    if (tree->why)
        g_clear_pointer(&tree->root, json_object_put);
}

static json_object *read_tree(Tree *tree, const char *bytes, size_t n)
{
    bool valid = g_utf8_validate_len(bytes, n, NULL);
    g_autofree char *copy = valid ? g_strndup(bytes, n) : g_utf8_make_valid(bytes, (gssize)n);
    size_t length = valid ? n : strlen(copy);
    escapes_mend(copy, length);
    tree_parse(tree, copy, length);
    return tree->root;
}

json_object *json_tree(const char *bytes, size_t n, bool *ret_repeats, const char **ret_why)
{
    Tree tree = {.limit = JSON_TREE_VALUES};
    json_object *root = read_tree(&tree, bytes, n);
    if (ret_repeats)
        *ret_repeats = tree.repeats;
    if (ret_why)
        *ret_why = tree.why;
    return root;
}

json_object *json_tree_large(const char *bytes, size_t n, size_t values, const char **ret_why)
{
    Tree tree = {.limit = values};
    json_object *root = read_tree(&tree, bytes, n);
    if (ret_why)
        *ret_why = tree.why;
    return root;
}

json_object *json_at(json_object *value, const char *pointer)
{
    json_object *found = NULL;
    return value && json_pointer_get(value, pointer, &found) == 0 ? found : NULL;
}

const char *json_text(json_object *value)
{
    return json_object_is_type(value, json_type_string) ||
                   json_object_is_type(value, json_type_double)
               ? json_object_get_string(value)
               : NULL;
}

const char *json_member_text(json_object *object, const char *name)
{
    json_object *value = NULL;
    return json_object_is_type(object, json_type_object) &&
                   json_object_object_get_ex(object, name, &value)
               ? json_text(value)
               : NULL;
}
