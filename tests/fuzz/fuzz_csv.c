/* Any bytes as a CSV file. Whatever comes out is valid text, and comes out again the same. */
#include "collect/cellvalue.h"
#include "collect/csv_reader.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define MUST(condition)                                                                            \
    do                                                                                             \
        if (!(condition))                                                                          \
            abort();                                                                               \
    while (0)

/* The first byte says what the project file knows beforehand. */
static CsvOptions options_of(uint8_t byte)
{
    static const char *const encodings[] = {NULL,       NULL,       NULL,           "utf-8",
                                            "utf-16le", "utf-16be", "windows-1252", "mac-roman"};
    static const char *const separators[] = {NULL, NULL, ";", "tab"};
    return (CsvOptions){encodings[byte & 7], separators[byte >> 3 & 3]};
}

static void cell_try(const CsvField *field, GTimeZone *zone, GString *scratch)
{
    int64_t instant;
    bool zone_known;
    NumberVotes votes = {0};
    MUST(strlen(field->text) == field->length);
    MUST(g_utf8_validate(field->text, (gssize)field->length, NULL));
    MUST(g_utf8_validate(cell_code(field->text, scratch), -1, NULL));
    cell_is_ruined(field->text);
    cell_time(field->text, zone, &instant, &zone_known);
    number_vote(&votes, field->text);
    NumberStyle style = number_style(&votes);
    if (number_read(style, field->text, scratch))
        MUST(strspn(scratch->str, "-.0123456789") == scratch->len);
}

/* Reads to the end or the first fault; a number over all that was read. */
static guint read_all(CsvReader *reader, GTimeZone *zone, GString *scratch)
{
    guint sum = 0;
    CsvRecord record = {0};
    int64_t line = 0, number = 0;
    for (;;) {
        g_autoptr(GError) error = NULL;
        bool read = csv_reader_next(reader, &record, &error);
        MUST(read == !error);
        if (!read || !record.n)
            return sum;
        MUST(record.line > line && record.number > number);
        line = record.line;
        number = record.number;
        for (size_t i = 0; i < record.n; i++) {
            cell_try(&record.field[i], zone, scratch);
            sum = 31 * sum + g_str_hash(record.field[i].text);
        }
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (!size)
        return 0;
    const CsvOptions options = options_of(*data);
    g_autoptr(GError) error = NULL;
    g_autoptr(CsvReader) reader =
        csv_reader_bytes(data + 1, size - 1, "fuzz.csv", &options, &error);
    MUST(!reader == !!error);
    if (!reader)
        return 0;
    g_autoptr(GTimeZone) zone = g_time_zone_new_utc();
    g_autoptr(GString) scratch = g_string_new(NULL);
    guint first = read_all(reader, zone, scratch);
    MUST(csv_reader_rewind(reader, &error));
    MUST(read_all(reader, zone, scratch) == first);
    return 0;
}
