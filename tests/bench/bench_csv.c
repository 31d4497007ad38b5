/* What it costs to read a file of values, for csvfile.py: `bench_csv FILE` parses it, counts every
 * column's distinct values and prints, a line each, the column's name and how often its commonest
 * value stands in it. */
#include "collect/csv_reader.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void must(bool holds, const GError *error)
{
    if (holds)
        return;
    fprintf(stderr, "%s\n", error ? error->message : "failed");
    exit(1);
}

/* The first values of a column are looked through, which is all that most have; further ones are
 * looked up. */
enum { FEW = 16 };

typedef struct {
    char *text;
    size_t length;
    guint times;
} Value;

typedef struct {
    char *name;
    Value few[FEW];
    size_t n_few;
    GHashTable *counts; /* value → how often */
} Column;

static void column_count(Column *column, const CsvField *field)
{
    gpointer kept, count = NULL;
    for (size_t i = 0; i < column->n_few; i++) {
        Value *value = &column->few[i];
        if (value->length == field->length &&
            memcmp(value->text, field->text, field->length) == 0) {
            value->times++;
            return;
        }
    }
    if (column->n_few < FEW) {
        column->few[column->n_few++] = (Value){g_strdup(field->text), field->length, 1};
        return;
    }
    if (!g_hash_table_lookup_extended(column->counts, field->text, &kept, &count)) {
        count = g_new0(guint, 1);
        g_hash_table_insert(column->counts, g_strdup(field->text), count);
    }
    ++*(guint *)count;
}

static guint column_most(const Column *column)
{
    GHashTableIter each;
    gpointer count;
    guint most = 0;
    for (size_t i = 0; i < column->n_few; i++)
        most = MAX(most, column->few[i].times);
    g_hash_table_iter_init(&each, column->counts);
    while (g_hash_table_iter_next(&each, NULL, &count))
        most = MAX(most, *(guint *)count);
    return most;
}

int main(int argc, char **argv)
{
    g_autoptr(GError) error = NULL;
    CsvRecord record;
    must(argc == 2, NULL);
    g_autoptr(CsvReader) reader = csv_reader_open(argv[1], argv[1], &(CsvOptions){0}, &error);
    must(reader && csv_reader_next(reader, &record, &error) && record.n, error);
    const size_t n = record.n;
    g_autofree Column *columns = g_new(Column, n);
    for (size_t c = 0; c < n; c++)
        columns[c] =
            (Column){.name = g_strdup(record.field[c].text),
                     .counts = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free)};
    for (;;) {
        bool read = csv_reader_next(reader, &record, &error);
        must(read, error);
        if (!record.n)
            break;
        for (size_t c = 0; c < MIN(n, record.n); c++)
            column_count(&columns[c], &record.field[c]);
    }
    for (size_t c = 0; c < n; c++) {
        printf("%s %u\n", columns[c].name, column_most(&columns[c]));
        for (size_t i = 0; i < columns[c].n_few; i++)
            g_free(columns[c].few[i].text);
        g_free(columns[c].name);
        g_hash_table_unref(columns[c].counts);
    }
    return 0;
}
