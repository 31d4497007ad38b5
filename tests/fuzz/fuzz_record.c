/* Any bytes as a stored record: refused, or the same answers after being packed anew. */
#include "schemas/store_private.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define MUST(condition)                                                                            \
    do                                                                                             \
        if (!(condition))                                                                          \
            abort();                                                                               \
    while (0)

static bool unpack(const void *data, size_t size, char **ret_bytes, GArray *ret)
{
    g_autoptr(GError) error = NULL;
    *ret_bytes = g_malloc(size + 1);
    if (size)
        memcpy(*ret_bytes, data, size);
    (*ret_bytes)[size] = '\0';
    bool sound = record_unpack(*ret_bytes, size, ret, &error);
    MUST(sound == !error);
    return sound;
}

static void must_equal(const GArray *a, const GArray *b)
{
    MUST(a->len == b->len);
    for (guint i = 0; i < a->len; i++) {
        const RecordSlot *x = &g_array_index(a, RecordSlot, i);
        const RecordSlot *y = &g_array_index(b, RecordSlot, i);
        MUST(x->number == y->number && x->instance == y->instance && x->missing == y->missing &&
             !g_strcmp0(x->text, y->text));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    g_autoptr(GArray) slots = g_array_new(FALSE, FALSE, sizeof(RecordSlot));
    g_autoptr(GArray) again = g_array_new(FALSE, FALSE, sizeof(RecordSlot));
    g_autofree char *bytes = NULL, *other = NULL;
    if (!unpack(data, size, &bytes, slots))
        return 0;
    g_autoptr(GString) packed = g_string_new(NULL);
    g_autoptr(GError) error = NULL;
    if (!record_pack(slots, packed, &error)) {
        MUST(error);
        return 0;
    }
    MUST(unpack(packed->str, packed->len, &other, again));
    must_equal(slots, again);
    return 0;
}
