#include "tests/vectors/vectors.h"

#include "analyze/disclosure.h"
#include "analyze/suppression.h"

/* A matrix of whole numbers. */
static uint32_t *counts_in(json_object *input, const char *key, size_t *ret_rows,
                           size_t *ret_columns)
{
    g_autofree double *x = vector_matrix(vector_get(input, key), ret_rows, ret_columns);
    uint32_t *counts = g_new(uint32_t, *ret_rows * *ret_columns);

    for (size_t i = 0; i < *ret_rows * *ret_columns; i++)
        counts[i] = (uint32_t)x[i];
    return counts;
}

static bool *mask_in(json_object *input, size_t *ret_rows, size_t *ret_columns)
{
    g_autofree uint32_t *numbers = counts_in(input, "mask", ret_rows, ret_columns);
    bool *mask = g_new(bool, *ret_rows **ret_columns);

    for (size_t i = 0; i < *ret_rows * *ret_columns; i++)
        mask[i] = numbers[i] != 0;
    return mask;
}

static json_object *whole_numbers(const int64_t *x, size_t n)
{
    json_object *array = json_object_new_array();
    for (size_t i = 0; i < n; i++)
        json_object_array_add(array, json_object_new_int64(x[i]));
    return array;
}

static json_object *primary(json_object *input)
{
    json_object *result = json_object_new_object(), *mask = json_object_new_array();
    size_t rows, columns;
    g_autofree uint32_t *table = counts_in(input, "table", &rows, &columns);
    g_autofree bool *hidden = g_new(bool, rows *columns);
    g_autofree int64_t *row = g_new(int64_t, columns);

    disclosure_primary(table, rows * columns, (uint32_t)vector_int(input, "k"), hidden);
    for (size_t r = 0; r < rows; r++) {
        for (size_t c = 0; c < columns; c++)
            row[c] = hidden[r * columns + c];
        json_object_array_add(mask, whole_numbers(row, columns));
    }
    json_object_object_add(result, "mask", mask);
    return result;
}

static json_object *dominance(json_object *input)
{
    json_object *result = json_object_new_object();
    g_autoptr(Names) names = vector_names_new();
    size_t n;
    g_autofree uint32_t *org = vector_indices(vector_get(input, "org"), names, &n);
    Dominance d = disclosure_dominance(org, n);

    vector_add_int(result, "n", (int64_t)d.n);
    vector_add_int(result, "n_org", (int64_t)d.n_org);
    vector_add(result, "top_share", d.top_share);
    json_object_object_add(result, "unsafe", json_object_new_boolean(d.dominated));
    return result;
}

static json_object *partition(json_object *input)
{
    json_object *result = json_object_new_object(), *suppressed = json_object_new_array();
    json_object *list = vector_get(input, "counts");
    size_t n = json_object_array_length(list);
    g_autofree uint32_t *counts = g_new(uint32_t, n);
    g_autofree bool *hidden = g_new(bool, n);

    for (size_t i = 0; i < n; i++)
        counts[i] = (uint32_t)json_object_get_int(json_object_array_get_idx(list, i));
    disclosure_partition(counts, n, (uint32_t)vector_int(input, "k"), false, hidden);
    for (size_t i = 0; i < n; i++)
        if (hidden[i])
            json_object_array_add(suppressed, json_object_new_int64((int64_t)i));
    json_object_object_add(result, "suppressed", suppressed);
    return result;
}

static json_object *recoverable(json_object *input)
{
    json_object *result = json_object_new_object(), *list = json_object_new_array();
    size_t rows, columns;
    g_autofree bool *mask = mask_in(input, &rows, &columns);
    g_autofree uint32_t *table = g_new0(uint32_t, rows * columns); /* the counts do not matter */
    g_autoptr(SuppressionTable) t = suppression_new(table, mask, rows, columns);
    g_autoptr(GArray) cells = suppression_recoverable(t);

    for (guint i = 0; i < cells->len; i++) {
        SuppressionCell cell = g_array_index(cells, SuppressionCell, i);
        const int64_t pair[] = {cell.row, cell.column};
        json_object_array_add(list, whole_numbers(pair, 2));
    }
    json_object_object_add(result, "cells", list);
    return result;
}

static json_object *secondary(json_object *input)
{
    json_object *result = json_object_new_object();
    size_t rows, columns;
    g_autofree uint32_t *table = counts_in(input, "table", &rows, &columns);
    g_autofree bool *small = g_new(bool, rows *columns);

    disclosure_primary(table, rows * columns, (uint32_t)vector_int(input, "k"), small);
    g_autoptr(SuppressionTable) t = suppression_new(table, small, rows, columns);
    size_t added = suppression_protect(t);
    g_autoptr(GArray) told = suppression_recoverable(t);
    bool all = true;
    for (size_t i = 0; i < rows * columns; i++)
        all = all && (!small[i] || t->hidden[suppression_at(t, i / columns, i % columns)]);
    vector_add_int(result, "min_extra", (int64_t)added);
    json_object_object_add(result, "must_include_primary", json_object_new_boolean(all));
    vector_add_int(result, "recoverable_after", told->len);
    return result;
}

static json_object *intervals(json_object *input)
{
    json_object *result = json_object_new_object(), *list = json_object_new_array();
    size_t rows, columns;
    g_autofree uint32_t *table = counts_in(input, "table", &rows, &columns);
    g_autofree bool *mask = mask_in(input, &rows, &columns);
    g_autoptr(SuppressionTable) t = suppression_new(table, mask, rows, columns);
    g_autoptr(GArray) bounds = suppression_intervals(t);

    for (guint i = 0; i < bounds->len; i++) {
        SuppressionInterval s = g_array_index(bounds, SuppressionInterval, i);
        const int64_t cell[] = {s.row, s.column, (int64_t)s.low, (int64_t)s.high};
        json_object_array_add(list, whole_numbers(cell, 4));
    }
    json_object_object_add(result, "cells", list);
    return result;
}

const VectorMethod vectors_disclosure[] = {
    {"sdc.primary", primary},
    {"sdc.dominance", dominance},
    {"sdc.partition", partition},
    {"sdc.recoverable", recoverable},
    {"sdc.secondary", secondary},
    {"sdc.intervals", intervals},
    {NULL, NULL},
};
