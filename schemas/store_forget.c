/* Erasing for good. A tombstone is a digest of what was erased, so that the store can tell when it
 * comes again without holding it. */
#include "schemas/store_private.h"

#include <string.h>

/* SHA-256 of kind, source and name, hex, freed by the caller. */
static char *mark_of(const char *kind, const char *source, const char *name)
{
    g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);
    const char *const parts[] = {kind, source, name};
    for (gsize i = 0; i < G_N_ELEMENTS(parts); i++) /* with the NUL, which parts cannot hold */
        g_checksum_update(sum, (const guchar *)parts[i], (gssize)strlen(parts[i]) + 1);
    return g_strdup(g_checksum_get_string(sum));
}

static bool has_tombstone(Store *store, const char *kind, const char *source, const char *name,
                          bool *ret, GError **error)
{
    g_autofree char *mark = mark_of(kind, source, name);
    int64_t is = 0;
    if (!store_number(store, &is, error, "SELECT 1 FROM tombstone WHERE mark = ?", "t", mark))
        return false;
    *ret = *ret || is;
    return true;
}

bool store_tombstones(Store *store, GError **error)
{
    int64_t any = 0;
    if (!store_number(store, &any, error, "SELECT 1 FROM tombstone LIMIT 1", ""))
        return false;
    store->any_tombstone = any;
    return true;
}

bool store_forgotten(Store *store, const char *source, const char *id, const char *pseudonym,
                     bool *ret, GError **error)
{
    *ret = false;
    if (!store->any_tombstone)
        return true;
    return has_tombstone(store, "id", source, id, ret, error) &&
           (!pseudonym || has_tombstone(store, "person", "", pseudonym, ret, error));
}
