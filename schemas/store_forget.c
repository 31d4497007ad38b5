/* Erasing for good. A tombstone is a digest of what was erased, so that the store can tell when it
 * comes again without holding it. */
#include "schemas/store_private.h"

#include "schemas/error.h"

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

static bool leave_tombstone(Store *store, const char *kind, const char *source, const char *name,
                            int64_t now, GError **error)
{
    g_autofree char *mark = mark_of(kind, source, name);
    return store_run(store, error, "INSERT OR IGNORE INTO tombstone VALUES (?, ?)", "ti", mark,
                     now);
}

/* The mapping may change and leave a person without a pseudonym, so the ids are barred too. */
static bool erase_one(Store *store, sqlite3_stmt *row, int64_t now, GError **error)
{
    return leave_tombstone(store, "id", column_text(row, 1), column_text(row, 2), now, error) &&
           store_run(store, error, "DELETE FROM set_aside WHERE source = ? AND id = ?", "it",
                     (int64_t)sqlite3_column_int64(row, 3), column_text(row, 2)) &&
           store_run(store, error, "DELETE FROM response WHERE number = ?", "i",
                     (int64_t)sqlite3_column_int64(row, 0));
}

#define DOOMED                                                                                     \
    "SELECT r.number, s.name, r.id, r.source FROM response r JOIN source s ON s.number = "         \
    "r.source "
static const char of_person[] =
    DOOMED "WHERE r.pseudonym = ?1 OR r.number IN (SELECT response FROM history"
           " WHERE pseudonym = ?1) ORDER BY r.number";
static const char of_id[] = DOOMED "WHERE s.name = ? AND r.width = ? AND r.id = ?";

static bool erase(Store *store, sqlite3_stmt *rows, int64_t now, int64_t *ret_erased,
                  GError **error)
{
    bool row = rows != NULL;
    *ret_erased = 0;
    while (row) {
        if (!store_row(store, rows, &row, error))
            return false;
        if (row && !erase_one(store, rows, now, error)) {
            sqlite3_reset(rows);
            return false;
        }
        *ret_erased += row;
    }
    return rows != NULL;
}

static bool forget_person(Store *store, const char *pseudonym, int64_t now, int64_t *ret_erased,
                          GError **error)
{
    return leave_tombstone(store, "person", "", pseudonym, now, error) &&
           erase(store, store_query(store, error, of_person, "t", pseudonym), now, ret_erased,
                 error);
}

static bool forget_response(Store *store, const char *source, const char *id, int64_t now,
                            int64_t *ret_erased, GError **error)
{
    return leave_tombstone(store, "id", source, id, now, error) &&
           erase(store, store_query(store, error, of_id, "tit", source, store_width(id), id), now,
                 ret_erased, error);
}

bool store_erasures(Store *store, int64_t *ret_times, int64_t *ret_last, GError **error)
{
    int64_t times = 0, last = TIME_UNKNOWN;
    if (!store_number(store, &times, error, "SELECT count(DISTINCT erased) FROM tombstone", "") ||
        !store_number(store, &last, error, "SELECT max(erased) FROM tombstone", ""))
        return false;
    *ret_times = times;
    *ret_last = last;
    return true;
}

/* The journal holds what the file does not any more. */
static bool empty_journal(Store *store, GError **error)
{
    int64_t busy = 0;
    if (!store_number(store, &busy, error, "PRAGMA wal_checkpoint(TRUNCATE)", ""))
        return false;
    if (!busy)
        return true;
    g_set_error(error, INNSIKT_ERROR, INNSIKT_ERROR_STORE,
                "%s: the responses are erased, but another program has the store open, and its "
                "journal still holds them; run the same command again when that is done",
                store->path);
    return false;
}

bool store_forget(Store *store, const char *pseudonym, const char *source, const char *id,
                  int64_t now, int64_t *ret_erased, GError **error)
{
    g_return_val_if_fail(!store->in_page && (pseudonym || (source && id)), false);
    int64_t erased;
    if (!store_begin(store, error))
        return false;
    if (!(pseudonym ? forget_person(store, pseudonym, now, &erased, error)
                    : forget_response(store, source, id, now, &erased, error))) {
        store_rollback(store);
        return false;
    }
    if (!store_commit(store, error) || !empty_journal(store, error))
        return false;
    *ret_erased = erased;
    return true;
}
