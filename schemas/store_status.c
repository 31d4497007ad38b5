/* What the store can say of itself: the log of pulls, and what each source holds. */
#include "schemas/store_private.h"

#include "schemas/error.h"

void pull_record_free(PullRecord *record)
{
    if (!record)
        return;
    g_free(record->source);
    g_free(record->message);
    g_free(record);
}

void source_status_free(SourceStatus *status)
{
    if (!status)
        return;
    g_free(status->source);
    pull_record_free(status->last);
    pull_record_free(status->last_done);
    g_free(status);
}

/* --- the log --- */

#define RECORD                                                                                     \
    "SELECT p.id, s.name, p.started, p.ended, p.outcome, p.message, p.received, p.added,"          \
    " p.changed, p.same, p.set_aside, p.deleted, p.restored, p.unreadable"                         \
    " FROM pull p JOIN source s ON s.number = p.source "

static PullRecord *record_new(sqlite3_stmt *row)
{
    PullRecord *record = g_new(PullRecord, 1);
    int at = 0;
    record->id = sqlite3_column_int64(row, at++);
    record->source = g_strdup(column_text(row, at++));
    record->started = sqlite3_column_int64(row, at++);
    record->ended = column_time(row, at++);
    record->outcome = (PullOutcome)sqlite3_column_int64(row, at++);
    record->message = g_strdup(column_text(row, at++));
    int64_t *const counts[] = {&record->counts.received,  &record->counts.added,
                               &record->counts.changed,   &record->counts.same,
                               &record->counts.set_aside, &record->counts.deleted,
                               &record->counts.restored,  &record->counts.unreadable};
    for (gsize i = 0; i < G_N_ELEMENTS(counts); i++)
        *counts[i] = sqlite3_column_int64(row, at++);
    return record;
}

/* NULL in *ret when there is none. */
static bool first_record(Store *store, sqlite3_stmt *row, PullRecord **ret, GError **error)
{
    bool is;
    if (!row || !store_row(store, row, &is, error))
        return false;
    *ret = is ? record_new(row) : NULL;
    sqlite3_reset(row);
    return true;
}

bool store_pull_record(Store *store, int64_t pull, PullRecord **ret, GError **error)
{
    PullRecord *record = NULL;
    if (!first_record(store, store_query(store, error, RECORD "WHERE p.id = ?", "i", pull), &record,
                      error))
        return false;
    if (!record) {
        g_set_error(error, INNSIKT_ERROR, INNSIKT_ERROR_NOT_FOUND,
                    "%s: there is no pull %" G_GINT64_FORMAT, store->path, pull);
        return false;
    }
    *ret = record;
    return true;
}

int64_t store_newest_pull(Store *store)
{
    int64_t ended = TIME_UNKNOWN;
    store_number(store, &ended, NULL, "SELECT max(ended) FROM pull WHERE outcome = ?", "i",
                 (int64_t)PULL_DONE);
    return ended;
}

/* --- the sources --- */

bool store_last_pull(Store *store, const char *source, PullRecord **ret, GError **error)
{
    return first_record(store,
                        store_query(store, error,
                                    RECORD "WHERE s.name = ? ORDER BY p.id DESC LIMIT 1", "t",
                                    source),
                        ret, error);
}

static bool add_pulls(Store *store, SourceStatus *status, GError **error)
{
    return store_last_pull(store, status->source, &status->last, error) &&
           first_record(store,
                        store_query(store, error,
                                    RECORD "WHERE s.name = ? AND p.outcome = ?"
                                           " ORDER BY p.id DESC LIMIT 1",
                                    "ti", status->source, (int64_t)PULL_DONE),
                        &status->last_done, error);
}

static bool add_sources(Store *store, GPtrArray *ret, GError **error)
{
    sqlite3_stmt *rows = store_query(store, error,
                                     "SELECT name, (SELECT count(*) FROM set_aside"
                                     " WHERE source = number) FROM source ORDER BY name",
                                     "");
    bool row = rows != NULL;
    while (row) {
        if (!store_row(store, rows, &row, error))
            return false;
        if (!row)
            break;
        SourceStatus *status = g_new0(SourceStatus, 1);
        g_ptr_array_add(ret, status);
        status->source = g_strdup(column_text(rows, 0));
        status->set_aside = sqlite3_column_int64(rows, 1);
        if (!add_pulls(store, status, error)) {
            sqlite3_reset(rows);
            return false;
        }
    }
    return rows != NULL;
}

static void add_count(GPtrArray *sources, const char *name, int64_t state, int64_t n)
{
    for (guint i = 0; i < sources->len; i++) {
        SourceStatus *status = sources->pdata[i];
        if (g_str_equal(status->source, name) && state >= 0 && state < N_STATES)
            status->by_state[state] = n;
    }
}

static bool add_counts(Store *store, GPtrArray *sources, GError **error)
{
    sqlite3_stmt *rows = store_query(store, error,
                                     "SELECT s.name, n.state, n.n FROM (SELECT source, state,"
                                     " count(*) AS n FROM response GROUP BY source, state) n"
                                     " JOIN source s ON s.number = n.source",
                                     "");
    bool row = rows != NULL;
    while (row) {
        if (!store_row(store, rows, &row, error))
            return false;
        if (row)
            add_count(sources, column_text(rows, 0), sqlite3_column_int64(rows, 1),
                      sqlite3_column_int64(rows, 2));
    }
    return rows != NULL;
}

static void aside_free(gpointer data)
{
    StoreAside *aside = data;
    g_free(aside->reason);
    g_free(aside->first);
    g_free(aside);
}

GPtrArray *store_asides(Store *store, const char *source, GError **error)
{
    g_autoptr(GPtrArray) ret = g_ptr_array_new_with_free_func(aside_free);
    sqlite3_stmt *rows = store_query(store, error,
                                     "SELECT a.reason, min(a.id), count(*) FROM set_aside a"
                                     " JOIN source s ON s.number = a.source WHERE s.name = ?"
                                     " GROUP BY a.reason ORDER BY count(*) DESC, a.reason",
                                     "t", source);
    bool row = rows != NULL;
    while (row) {
        if (!store_row(store, rows, &row, error))
            return NULL;
        if (!row)
            break;
        StoreAside *aside = g_new(StoreAside, 1);
        *aside = (StoreAside){.reason = g_strdup(column_text(rows, 0)),
                              .first = g_strdup(column_text(rows, 1)),
                              .times = sqlite3_column_int64(rows, 2)};
        g_ptr_array_add(ret, aside);
    }
    return rows ? g_steal_pointer(&ret) : NULL;
}

static void status_free(gpointer status)
{
    source_status_free(status);
}

GPtrArray *store_status(Store *store, GError **error)
{
    g_autoptr(GPtrArray) ret = g_ptr_array_new_with_free_func(status_free);
    if (add_sources(store, ret, error) && add_counts(store, ret, error))
        return g_steal_pointer(&ret);
    return NULL;
}
