/* Any bytes as the body of a JSON API: in one piece and byte by byte, as one text and as lines.
 * Whatever is read, it is the same, valid text, and flattens without end or fault. */
#include "collect/flatten.h"
#include "collect/pages.h"
#include "collect/records.h"

#include "schemas/response.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define MUST(condition)                                                                            \
    do                                                                                             \
        if (!(condition))                                                                          \
            abort();                                                                               \
    while (0)

static void take_text(const char *path, int instance, const char *text, gpointer data)
{
    guint *sum = data;
    MUST(g_utf8_validate(path, -1, NULL));
    MUST(!text || g_utf8_validate(text, -1, NULL));
    MUST(instance >= INSTANCE_NONE);
    *sum = 31 * *sum + g_str_hash(path) + (text ? g_str_hash(text) : 1) + (guint)instance;
}

static bool take_record(const Record *record, gpointer data, GError **error)
{
    (void)error;
    guint *sum = data;
    const Flatten flatten = {.joint = ";", .whole_keys = *sum & 1, .take = take_text, .data = data};
    MUST(!record->value == (record->trouble != NULL));
    MUST(record->number > 0);
    *sum = 31 * *sum + (guint)record->number + (record->trouble ? g_str_hash(record->trouble) : 0);
    if (record->value)
        json_flatten(&flatten, "", record->value);
    return true;
}

static guint read_all(const char *pointer, const char *bytes, size_t n, size_t piece)
{
    guint sum = 0;
    g_autoptr(GError) error = NULL;
    g_autoptr(Records) records = records_new(pointer, take_record, NULL, &sum);
    records_restart(records);
    bool fed = true;
    for (size_t at = 0; fed && at < n; at += piece)
        fed = records_feed(records, bytes + at, MIN(piece, n - at), &error);
    fed = fed && records_end(records, &error);
    MUST(fed == !error);
    return sum + (fed ? 1 : 0) + (guint)records_count(records);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const pointers[] = {NULL, "", "/data", "/a~1b/0/~0"};
    const char *bytes = (const char *)data;
    for (size_t i = 0; i < G_N_ELEMENTS(pointers); i++)
        MUST(read_all(pointers[i], bytes, size, size + 1) == read_all(pointers[i], bytes, size, 1));
    g_autofree char *text = g_strndup(bytes, size);
    g_autofree char *target = link_target(text, "next");
    MUST(!target || strstr(text, target));
    return 0;
}
