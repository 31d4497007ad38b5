/* Findings: their ids outlive regrouping, and an id that was given up is never given again. */
#include "schemas/store_private.h"

#include "schemas/error.h"

#include <string.h>

void stored_finding_free(StoredFinding *finding)
{
    if (!finding)
        return;
    g_free(finding->id);
    g_free(finding->quadrant);
    g_free(finding->theme);
    g_clear_pointer(&finding->statements, g_ptr_array_unref);
    g_free(finding);
}

/* --- reading --- */

/* The ids stand in a packed record, one in each place. */
static GPtrArray *read_statements(const char *packed, GError **error)
{
    g_autofree char *bytes = g_strdup(packed);
    g_autoptr(GArray) slots = g_array_new(FALSE, FALSE, sizeof(RecordSlot));
    if (!record_unpack(bytes, strlen(bytes), slots, error))
        return NULL;
    GPtrArray *ret = g_ptr_array_new_with_free_func(g_free);
    for (guint i = 0; i < slots->len; i++)
        g_ptr_array_add(ret, g_strdup(g_array_index(slots, RecordSlot, i).text));
    return ret;
}

static bool read_finding(Store *store, sqlite3_stmt *row, GPtrArray *ret, GError **error)
{
    StoredFinding *finding = g_new0(StoredFinding, 1);
    g_ptr_array_add(ret, finding);
    finding->id = g_strdup(column_text(row, 0));
    finding->quadrant = g_strdup(column_text(row, 1));
    finding->theme = g_strdup(column_text(row, 2));
    finding->statements = read_statements(column_text(row, 3), error);
    if (finding->statements)
        return true;
    g_prefix_error(error, "%s: finding %s: ", store->path, finding->id);
    return false;
}

static void finding_free(gpointer finding)
{
    stored_finding_free(finding);
}

GPtrArray *store_findings(Store *store, GError **error)
{
    g_autoptr(GPtrArray) ret = g_ptr_array_new_with_free_func(finding_free);
    sqlite3_stmt *rows = store_query(
        store, error, "SELECT id, quadrant, theme, statements FROM finding ORDER BY number", "");
    bool row = rows != NULL;
    while (row) {
        if (!store_row(store, rows, &row, error))
            return NULL;
        if (row && !read_finding(store, rows, ret, error)) {
            sqlite3_reset(rows);
            return NULL;
        }
    }
    return rows ? g_steal_pointer(&ret) : NULL;
}

bool store_finding_retired(Store *store, const char *id, bool *ret, GError **error)
{
    int64_t is = 0;
    if (!store_number(store, &is, error, "SELECT 1 FROM finding_retired WHERE id = ?", "t", id))
        return false;
    *ret = is;
    return true;
}

/* --- writing --- */

static bool put_finding(Store *store, const StoredFinding *finding, int64_t now, GError **error)
{
    bool retired;
    if (!store_finding_retired(store, finding->id, &retired, error))
        return false;
    if (retired) {
        g_set_error(error, INNSIKT_ERROR, INNSIKT_ERROR_DATA,
                    "%s: the id %s was given up by an earlier analysis and is never used again",
                    store->path, finding->id);
        return false;
    }
    g_array_set_size(store->slots, 0);
    for (guint i = 0; i < finding->statements->len; i++) {
        RecordSlot slot = {i, INSTANCE_NONE, MISSING_NONE, finding->statements->pdata[i]};
        g_array_append_val(store->slots, slot);
    }
    return record_pack(store->slots, store->packed, error) &&
           store_run(store, error,
                     "INSERT INTO finding (id, quadrant, theme, statements, written)"
                     " VALUES (?, ?, ?, ?, ?)",
                     "tttti", finding->id, finding->quadrant, finding->theme, store->packed->str,
                     now);
}

/* All of the last analysis retire, and those that are still there come back. */
static bool replace_findings(Store *store, GPtrArray *findings, int64_t now, GError **error)
{
    if (!store_run(store, error,
                   "CREATE TEMP TABLE IF NOT EXISTS finding_before (id TEXT PRIMARY KEY)", "") ||
        !store_run(store, error, "DELETE FROM temp.finding_before", "") ||
        !store_run(store, error, "INSERT INTO temp.finding_before SELECT id FROM finding", "") ||
        !store_run(store, error, "DELETE FROM finding", ""))
        return false;
    for (guint i = 0; i < findings->len; i++)
        if (!put_finding(store, findings->pdata[i], now, error))
            return false;
    return store_run(store, error,
                     "INSERT INTO finding_retired SELECT id, ? FROM temp.finding_before"
                     " WHERE id NOT IN (SELECT id FROM finding)",
                     "i", now);
}

bool store_put_findings(Store *store, GPtrArray *findings, int64_t now, GError **error)
{
    if (!store_begin(store, error))
        return false;
    if (!replace_findings(store, findings, now, error)) {
        store_rollback(store);
        return false;
    }
    return store_commit(store, error);
}
