/* The index of a pull: what the source says exists, what must be fetched, what is gone. It lives in
 * a temporary table with a small cache, so a million ids take the memory of ten thousand. */
#include "schemas/store_private.h"

#include "schemas/error.h"

static bool has_table(Store *store, GError **error)
{
    if (!store->has_seen &&
        !store_run(store, error,
                   "CREATE TEMP TABLE IF NOT EXISTS seen (width INTEGER NOT NULL,"
                   " id TEXT NOT NULL, revision TEXT, PRIMARY KEY (width, id)) WITHOUT ROWID",
                   ""))
        return false;
    store->has_seen = true;
    return true;
}

bool store_seen_reset(Store *store, GError **error)
{
    return has_table(store, error) && store_run(store, error, "DELETE FROM temp.seen", "");
}

bool store_seen(Store *store, const char *id, const char *revision, GError **error)
{
    return has_table(store, error) &&
           store_run(store, error, "INSERT OR REPLACE INTO temp.seen VALUES (?, ?, ?)", "itt",
                     store_width(id), id, revision);
}

bool store_seen_many(Store *store, const StoreSeen *seen, guint n, GError **error)
{
    /* Deferred, so that only the temporary table is touched: the store itself is not locked. */
    if (!has_table(store, error) || (!store->in_page && !store_run(store, error, "BEGIN", "")))
        return false;
    bool ok = true;
    for (guint i = 0; ok && i < n; i++)
        ok = store_seen(store, seen[i].id, seen[i].revision, error);
    if (store->in_page)
        return ok;
    if (!ok)
        store_rollback(store);
    return ok && store_commit(store, error);
}

int64_t store_seen_count(Store *store)
{
    int64_t n = 0;
    return has_table(store, NULL) &&
                   store_number(store, &n, NULL, "SELECT count(*) FROM temp.seen", "")
               ? n
               : 0;
}

/* A revision the source does not tell cannot have moved. */
static const char wanted_sql[] =
    "SELECT s.id FROM temp.seen s"
    " LEFT JOIN response r ON r.source = ?1 AND r.width = s.width AND r.id = s.id"
    " WHERE (s.width, s.id) > (?2, ?3) AND (?4 OR r.number IS NULL OR r.state = ?5"
    "  OR (s.revision IS NOT NULL AND s.revision IS NOT r.revision))"
    " ORDER BY s.width, s.id";

static bool collect_wanted(Store *store, const char *name, sqlite3_stmt *rows, guint max,
                           GPtrArray *ret, GError **error)
{
    bool row = true, forgotten;
    while (row && ret->len < max) {
        if (!store_row(store, rows, &row, error))
            return false;
        if (!row)
            break;
        const char *id = column_text(rows, 0);
        if (!store_forgotten(store, name, id, NULL, &forgotten, error))
            return false;
        if (!forgotten)
            g_ptr_array_add(ret, g_strdup(id));
    }
    return true;
}

GPtrArray *store_wanted(Store *store, const char *source_name, bool everything, const char *after,
                        guint max, GError **error)
{
    g_autoptr(GPtrArray) ret = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GError) cause = NULL;
    StoreSource *source = store_source(store, source_name, &cause);
    sqlite3_stmt *rows = NULL;
    if (!cause && has_table(store, &cause) && store_tombstones(store, &cause))
        rows = store_query(store, &cause, wanted_sql, "iitii", source ? source->number : 0,
                           after ? store_width(after) : (int64_t)0, after ? after : "",
                           (int64_t)everything, (int64_t)STATE_DELETED);
    bool ok = rows && collect_wanted(store, source_name, rows, max, ret, &cause);
    if (rows)
        sqlite3_reset(rows);
    if (ok)
        return g_steal_pointer(&ret);
    g_propagate_error(error, g_steal_pointer(&cause));
    return NULL;
}

/* The condition that a response of source ?1 is there no more. */
#define UNSEEN(table)                                                                              \
    table ".source = ?1 AND NOT EXISTS (SELECT 1 FROM temp.seen s WHERE s.width = " table          \
          ".width AND s.id = " table ".id)"

bool store_unseen_count(Store *store, const char *source_name, int64_t *ret, GError **error)
{
    g_autoptr(GError) cause = NULL;
    StoreSource *source = store_source(store, source_name, &cause);
    int64_t n = 0;
    bool ok = !cause && has_table(store, &cause) &&
              (!source ||
               store_number(store, &n, &cause,
                            "SELECT count(*) FROM response r WHERE r.state <> ?2 AND " UNSEEN("r"),
                            "ii", source->number, (int64_t)STATE_DELETED));
    if (!ok) {
        g_propagate_error(error, g_steal_pointer(&cause));
        return false;
    }
    *ret = n;
    return true;
}

/* A mended or withdrawn record leaves no line behind; one without an id was told again if it is
 * still there. */
static bool clear_aside(Store *store, int64_t source, int64_t pull, GError **error)
{
    return store_run(store, error,
                     "DELETE FROM set_aside WHERE source = ?1 AND CASE id WHEN '' THEN pull <> ?2"
                     " ELSE NOT EXISTS (SELECT 1 FROM temp.seen s WHERE s.id = set_aside.id"
                     " AND s.width IN (length(set_aside.id), ?3)) END",
                     "iii", source, pull, (int64_t)G_MAXINT32);
}

static bool mark_unseen(Store *store, StoreSource *known, int64_t pull, int64_t now,
                        int64_t *ret_deleted, GError **error)
{
    const int64_t source = known->number;
    int64_t row;
    known->next_history = 0;
    if (!store_next_row(store, source,
                        "SELECT max(number) FROM history WHERE number BETWEEN ? AND ?", &row,
                        error) ||
        !store_run(store, error,
                   "INSERT INTO history (number, response, replaced_by, state, submitted, updated,"
                   " zone_known, language, form_version, revision, pseudonym, pull, mapping,"
                   " answers) SELECT ?4 - 1 + row_number() OVER (ORDER BY width, id), number, ?2,"
                   " state, submitted, updated, zone_known, language, form_version, revision,"
                   " pseudonym, pull, mapping, answers FROM response r"
                   " WHERE r.state <> ?3 AND " UNSEEN("r"),
                   "iiii", source, pull, (int64_t)STATE_DELETED, row) ||
        !store_run(store, error,
                   "UPDATE response SET state = ?3, pull = ?2, updated = ?4, answers = '[]'"
                   " WHERE state <> ?3 AND " UNSEEN("response"),
                   "iiii", source, pull, (int64_t)STATE_DELETED, now))
        return false;
    *ret_deleted = sqlite3_changes64(store->db);
    return clear_aside(store, source, pull, error);
}

bool store_delete_unseen(Store *store, int64_t pull, const char *source_name, int64_t now,
                         int64_t *ret_deleted, GError **error)
{
    g_autoptr(GError) cause = NULL;
    int64_t deleted = 0;
    if (!has_table(store, error) || !store_begin(store, error))
        return false;
    StoreSource *source = store_source(store, source_name, &cause);
    if (cause || (source && !mark_unseen(store, source, pull, now, &deleted, &cause))) {
        store_rollback(store);
        g_propagate_error(error, g_steal_pointer(&cause));
        return false;
    }
    if (!store_commit(store, error))
        return false;
    *ret_deleted = deleted;
    return true;
}
