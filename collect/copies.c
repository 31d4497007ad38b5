#include "collect/copies.h"

struct Copies {
    GArray *keys;      /* of CopyKey */
    GHashTable *found; /* of int64_t; see place_of */
};

enum { FILE_BITS = 40 };

static int64_t place_of(uint32_t file, int64_t number)
{
    return (int64_t)((uint64_t)file << FILE_BITS) | number;
}

Copies *copies_new(void)
{
    Copies *copies = g_new(Copies, 1);
    copies->keys = g_array_new(FALSE, FALSE, sizeof(CopyKey));
    copies->found = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
    return copies;
}

void copies_free(Copies *copies)
{
    if (!copies)
        return;
    g_array_unref(copies->keys);
    g_hash_table_unref(copies->found);
    g_free(copies);
}

void copies_add(Copies *copies, const CopyKey *key)
{
    g_array_append_vals(copies->keys, key, 1);
}

static gint by_id(gconstpointer left, gconstpointer right)
{
    const CopyKey *a = left, *b = right;
    if (a->id != b->id)
        return a->id < b->id ? -1 : 1;
    if (a->file != b->file)
        return a->file < b->file ? -1 : 1;
    return a->number < b->number ? -1 : a->number > b->number;
}

bool copies_find(Copies *copies, CopyKey *ret_first, CopyKey *ret_second)
{
    g_array_sort(copies->keys, by_id);
    const CopyKey *first = NULL;
    bool agreed = true;
    for (guint i = 0; agreed && i < copies->keys->len; i++) {
        const CopyKey *key = &g_array_index(copies->keys, CopyKey, i);
        if (!first || key->id != first->id) {
            first = key;
        } else if (key->content != first->content) {
            *ret_first = *first;
            *ret_second = *key;
            agreed = false;
        } else {
            int64_t place = place_of(key->file, key->number);
            g_hash_table_add(copies->found, g_memdup2(&place, sizeof place));
        }
    }
    g_array_set_size(copies->keys, 0);
    return agreed;
}

bool copies_has(const Copies *copies, uint32_t file, int64_t number)
{
    int64_t place = place_of(file, number);
    return g_hash_table_contains(copies->found, &place);
}

guint copies_count(const Copies *copies)
{
    return g_hash_table_size(copies->found);
}
