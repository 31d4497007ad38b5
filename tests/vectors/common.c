#include "tests/vectors/vectors.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "analyze/undefined.h"

json_object *vector_get(json_object *input, const char *key)
{
    json_object *value = NULL;

    if (!json_object_object_get_ex(input, key, &value)) {
        fprintf(stderr, "vectors: no \"%s\" in %s\n", key, json_object_to_json_string(input));
        exit(2);
    }
    return value;
}

json_object *vector_find(json_object *input, const char *key)
{
    return json_object_object_get(input, key);
}

size_t vector_length(json_object *array)
{
    return json_object_is_type(array, json_type_array) ? json_object_array_length(array) : 0;
}

static double number_of(json_object *value)
{
    return value ? json_object_get_double(value) : UNDEFINED;
}

double vector_double(json_object *input, const char *key)
{
    return number_of(vector_get(input, key));
}

double vector_double_or(json_object *input, const char *key, double otherwise)
{
    double x = number_of(vector_find(input, key));

    return is_defined(x) ? x : otherwise;
}

int64_t vector_int(json_object *input, const char *key)
{
    return json_object_get_int64(vector_get(input, key));
}

static size_t length_of(json_object *array, size_t *ret_n)
{
    size_t n = vector_length(array);

    if (ret_n)
        *ret_n = n;
    return n;
}

double *vector_doubles(json_object *array, size_t *ret_n)
{
    size_t n = length_of(array, ret_n);
    double *x = array ? g_new(double, n + 1) : NULL;

    for (size_t i = 0; i < n; i++)
        x[i] = number_of(json_object_array_get_idx(array, i));
    return x;
}

int8_t *vector_steps(json_object *array, size_t *ret_n)
{
    size_t n = length_of(array, ret_n);
    int8_t *x = array ? g_new(int8_t, n + 1) : NULL;

    for (size_t i = 0; i < n; i++)
        x[i] = (int8_t)json_object_get_int(json_object_array_get_idx(array, i));
    return x;
}

double *vector_matrix(json_object *rows, size_t *ret_rows, size_t *ret_columns)
{
    size_t n = length_of(rows, ret_rows);
    size_t columns = n ? vector_length(json_object_array_get_idx(rows, 0)) : 0;
    double *x = g_new(double, n *columns + 1);

    for (size_t i = 0; i < n * columns; i++)
        x[i] = number_of(
            json_object_array_get_idx(json_object_array_get_idx(rows, i / columns), i % columns));
    *ret_columns = columns;
    return x;
}

char **vector_strings(json_object *array)
{
    size_t n = length_of(array, NULL);
    char **strings = g_new0(char *, n + 1);

    for (size_t i = 0; i < n; i++)
        strings[i] = g_strdup(json_object_get_string(json_object_array_get_idx(array, i)));
    return strings;
}

static void strings_free(gpointer strings)
{
    g_strfreev(strings);
}

GPtrArray *vector_lists(json_object *arrays)
{
    GPtrArray *lists = g_ptr_array_new_with_free_func(strings_free);

    for (size_t i = 0; i < vector_length(arrays); i++)
        g_ptr_array_add(lists, vector_strings(json_object_array_get_idx(arrays, i)));
    return lists;
}

Names *vector_names_new(void)
{
    return g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
}

static uint32_t index_of(Names *names, const char *name)
{
    uint32_t index = GPOINTER_TO_UINT(g_hash_table_lookup(names, name));

    if (index == 0) {
        index = g_hash_table_size(names) + 1;
        g_hash_table_insert(names, g_strdup(name), GUINT_TO_POINTER(index));
    }
    return index - 1;
}

uint32_t *vector_indices(json_object *array, Names *names, size_t *ret_n)
{
    size_t n = length_of(array, ret_n);
    uint32_t *x = array ? g_new(uint32_t, n + 1) : NULL;

    for (size_t i = 0; i < n; i++) {
        json_object *name = json_object_array_get_idx(array, i);
        x[i] = name ? index_of(names, json_object_get_string(name)) : NO_INDEX;
    }
    return x;
}

double *vector_by_name(json_object *object, Names *names)
{
    if (!object)
        return g_new0(double, g_hash_table_size(names) + 1);
    json_object_object_foreach(object, first, unused)
    {
        (void)unused;
        index_of(names, first);
    }
    double *x = g_new0(double, g_hash_table_size(names) + 1);
    json_object_object_foreach(object, name, value)
    {
        x[index_of(names, name)] = json_object_get_double(value);
    }
    return x;
}

json_object *vector_number(double x)
{
    return is_defined(x) ? json_object_new_double(x) : NULL;
}

json_object *vector_numbers(const double *x, size_t n)
{
    json_object *array = json_object_new_array_ext((int)n);

    for (size_t i = 0; i < n; i++)
        json_object_array_add(array, vector_number(x[i]));
    return array;
}

void vector_add(json_object *result, const char *key, double x)
{
    json_object_object_add(result, key, vector_number(x));
}

void vector_add_int(json_object *result, const char *key, int64_t x)
{
    json_object_object_add(result, key, json_object_new_int64(x));
}

void vector_add_text(json_object *result, const char *key, const char *text)
{
    json_object_object_add(result, key, text ? json_object_new_string(text) : NULL);
}

void vector_add_numbers(json_object *result, const char *key, const double *x, size_t n)
{
    json_object_object_add(result, key, vector_numbers(x, n));
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

/* Distinct values of all lists, rising. */
static GArray *levels_of(json_object *lists)
{
    GArray *level = g_array_new(FALSE, FALSE, sizeof(double));
    guint distinct = 0;

    for (size_t g = 0; g < vector_length(lists); g++) {
        size_t n;
        g_autofree double *x = vector_doubles(json_object_array_get_idx(lists, g), &n);
        for (size_t i = 0; i < n; i++)
            if (is_defined(x[i]))
                g_array_append_val(level, x[i]);
    }
    g_array_sort(level, by_value);
    for (guint i = 0; i < level->len; i++) {
        double value = g_array_index(level, double, i);
        if (distinct == 0 || g_array_index(level, double, distinct - 1) < value)
            g_array_index(level, double, distinct++) = value;
    }
    g_array_set_size(level, distinct);
    return level;
}

size_t *vector_level_counts(json_object *lists, size_t *ret_k)
{
    g_autoptr(GArray) level = levels_of(lists);
    size_t groups = vector_length(lists);
    size_t *count = g_new0(size_t, groups * level->len + 1);

    *ret_k = level->len;
    for (size_t g = 0; g < groups; g++) {
        size_t n;
        g_autofree double *x = vector_doubles(json_object_array_get_idx(lists, g), &n);
        for (size_t i = 0; i < n; i++)
            for (guint l = 0; l < level->len; l++)
                count[g * level->len + l] += x[i] == g_array_index(level, double, l);
    }
    return count;
}

unsigned vector_step_bits(json_object *array)
{
    unsigned bits = 0;

    for (size_t i = 0; i < vector_length(array); i++)
        bits |= 1U << (json_object_get_int(json_object_array_get_idx(array, i)) - 1);
    return bits;
}
