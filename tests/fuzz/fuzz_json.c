/* Any bytes as a JSON file, as an array and line by line. Whatever comes out is valid text, within
 * the limits, and comes out again the same. */
#include "collect/json_reader.h"

#include "schemas/response.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define MUST(condition)                                                                            \
    do                                                                                             \
        if (!(condition))                                                                          \
            abort();                                                                               \
    while (0)

static guint field_try(const JsonField *field)
{
    MUST(g_utf8_validate(field->path, -1, NULL));
    MUST(!field->text || g_utf8_validate(field->text, -1, NULL));
    MUST(field->instance >= INSTANCE_NONE);
    return g_str_hash(field->path) + (field->text ? g_str_hash(field->text) : 1) +
           (guint)field->instance;
}

/* Reads to the end or the first fault; a number over all that was read. */
static guint read_all(const uint8_t *data, size_t size, bool lines)
{
    g_autoptr(JsonReader) reader = json_reader_bytes(data, size, "fuzz", lines);
    int64_t number = 0, line = 0;
    guint sum = 0;
    for (;;) {
        g_autoptr(GError) error = NULL;
        JsonRecord record;
        bool read = json_reader_next(reader, &record, &error);
        MUST(read == !error);
        if (!read || record.ended)
            return sum;
        MUST(record.number == ++number && record.line >= line);
        MUST(record.n <= JSON_FIELDS_LIMIT);
        line = record.line;
        for (size_t i = 0; i < record.n; i++)
            sum = 31 * sum + field_try(&record.field[i]);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    for (int lines = 0; lines < 2; lines++)
        MUST(read_all(data, size, lines) == read_all(data, size, lines));
    return 0;
}
