#include "collect/flatten.h"

#include "schemas/response.h"

#include <string.h>

/* Where a value lies. */
typedef struct {
    int instance;
    int *instances; /* of the outermost repeat so far; NULL outside repeats */
} In;

static void value_flatten(const Flatten *flatten, const char *path, json_object *value, In in);

static const char *scalar_text(json_object *value)
{
    return value ? json_object_get_string(value) : NULL;
}

static char *path_below(const Flatten *flatten, const char *path, const char *key)
{
    size_t n = strlen(path);
    bool whole = flatten->whole_keys && strncmp(key, path, n) == 0 && key[n] == '/';
    return n == 0 || whole ? g_strdup(key) : g_strconcat(path, "/", key, NULL);
}

static void object_flatten(const Flatten *flatten, const char *path, json_object *object, In in)
{
    json_object_object_foreach(object, key, value)
    {
        g_autofree char *below = path_below(flatten, path, key);
        value_flatten(flatten, below, value, in);
    }
}

/* The texts of an array and of the arrays in it. */
static void texts_join(const Flatten *flatten, json_object *array, GString *out)
{
    for (size_t i = 0; i < json_object_array_length(array); i++) {
        json_object *value = json_object_array_get_idx(array, i);
        const char *text = NULL;
        if (json_object_is_type(value, json_type_array))
            texts_join(flatten, value, out);
        else if (!json_object_is_type(value, json_type_object))
            text = scalar_text(value);
        if (text)
            g_string_append_printf(out, "%s%s", out->len ? flatten->joint : "", text);
    }
}

static bool objects_flatten(const Flatten *flatten, const char *path, json_object *array, In in)
{
    int own = 0;
    bool any = false;
    In inside = {.instances = in.instances ? in.instances : &own};
    for (size_t i = 0; i < json_object_array_length(array); i++) {
        json_object *value = json_object_array_get_idx(array, i);
        if (!json_object_is_type(value, json_type_object))
            continue;
        any = true;
        inside.instance = (*inside.instances)++;
        object_flatten(flatten, path, value, inside);
    }
    return any;
}

static void array_flatten(const Flatten *flatten, const char *path, json_object *array, In in)
{
    g_autoptr(GString) texts = g_string_new(NULL);
    bool objects = objects_flatten(flatten, path, array, in);
    texts_join(flatten, array, texts);
    if (texts->len || !objects)
        flatten->take(path, in.instance, texts->len ? texts->str : NULL, flatten->data);
}

static void value_flatten(const Flatten *flatten, const char *path, json_object *value, In in)
{
    if (json_object_is_type(value, json_type_object))
        object_flatten(flatten, path, value, in);
    else if (json_object_is_type(value, json_type_array))
        array_flatten(flatten, path, value, in);
    else
        flatten->take(path, in.instance, scalar_text(value), flatten->data);
}

void json_flatten(const Flatten *flatten, const char *path, json_object *value)
{
    value_flatten(flatten, path, value, (In){.instance = INSTANCE_NONE});
}
