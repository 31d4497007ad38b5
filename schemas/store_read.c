/* Reading responses back: one Response is filled again and again, and its strings are views into
 * SQLite's row and into one buffer, so a response costs no allocation. */
#include "schemas/store_private.h"

#include "schemas/error.h"

#define COLUMNS                                                                                    \
    "state, submitted, updated, zone_known, language, form_version, revision, pseudonym, pull,"    \
    " answers"
enum {
    COLUMN_STATE,
    COLUMN_SUBMITTED,
    COLUMN_UPDATED,
    COLUMN_ZONE_KNOWN,
    COLUMN_LANGUAGE,
    COLUMN_FORM_VERSION,
    COLUMN_REVISION,
    COLUMN_PSEUDONYM,
    COLUMN_PULL,
    COLUMN_ANSWERS,
    COLUMN_ID
};

typedef struct {
    Store *store;
    const char *name;
    StoreSource *source;
    Response *response;
    GString *bytes;
    GArray *slots;
    StoreVisit visit;
    gpointer data;
    bool stopped;
} Reader;

static void reader_init(Reader *reader, Store *store, StoreVisit visit, gpointer data)
{
    *reader = (Reader){
        .store = store,
        .response = response_new(),
        .bytes = g_string_new(NULL),
        .slots = g_array_new(FALSE, FALSE, sizeof(RecordSlot)),
        .visit = visit,
        .data = data,
    };
}

static void reader_clear(Reader *reader)
{
    response_free(reader->response);
    g_string_free(reader->bytes, TRUE);
    g_array_unref(reader->slots);
}

static bool damaged(const Reader *reader, const char *what, GError **error)
{
    g_set_error(error, INNSIKT_ERROR, INNSIKT_ERROR_STORE,
                "%s: response %s of %s: %s; put a copy of the store back, or move it away and "
                "collect again",
                reader->store->path, reader->response->id, reader->name, what);
    return false;
}

static bool read_answers(Reader *reader, sqlite3_stmt *row, GError **error)
{
    g_autoptr(GError) cause = NULL;
    const char *packed = column_text(row, COLUMN_ANSWERS);
    g_string_truncate(reader->bytes, 0);
    g_string_append_len(reader->bytes, packed, sqlite3_column_bytes(row, COLUMN_ANSWERS));
    if (!record_unpack(reader->bytes->str, reader->bytes->len, reader->slots, &cause))
        return damaged(reader, cause->message, error);

    GArray *answers = reader->response->answers;
    const GPtrArray *names = reader->source->names;
    g_array_set_size(answers, reader->slots->len);
    for (guint i = 0; i < reader->slots->len; i++) {
        const RecordSlot *slot = &g_array_index(reader->slots, RecordSlot, i);
        if (slot->number >= names->len)
            return damaged(reader, "it answers a question the store does not know", error);
        g_array_index(answers, Answer, i) =
            (Answer){names->pdata[slot->number], slot->text, slot->missing, slot->instance};
    }
    return true;
}

static bool visit_row(Reader *reader, sqlite3_stmt *row, const char *id, GError **error)
{
    Response *response = reader->response;
    int64_t state = sqlite3_column_int64(row, COLUMN_STATE);
    response->id = id;
    if (state < 0 || state >= N_STATES)
        return damaged(reader, "its state is none there is", error);
    response->state = (ResponseState)state;
    response->submitted = column_time(row, COLUMN_SUBMITTED);
    response->updated = column_time(row, COLUMN_UPDATED);
    response->zone_known = sqlite3_column_int(row, COLUMN_ZONE_KNOWN);
    response->language = column_text(row, COLUMN_LANGUAGE);
    response->form_version = column_text(row, COLUMN_FORM_VERSION);
    response->revision = column_text(row, COLUMN_REVISION);
    response->pseudonym = column_text(row, COLUMN_PSEUDONYM);
    if (!read_answers(reader, row, error))
        return false;
    StoredResponse stored = {reader->name, response, sqlite3_column_int64(row, COLUMN_PULL)};
    g_autoptr(GError) cause = NULL;
    reader->stopped = !reader->visit(&stored, reader->data, &cause);
    if (!cause)
        return true;
    g_propagate_error(error, g_steal_pointer(&cause));
    return false;
}

/* `id` NULL: each row has its own. */
static bool visit_rows(Reader *reader, sqlite3_stmt *rows, const char *id, GError **error)
{
    bool row = true;
    while (row && !reader->stopped) {
        if (!store_row(reader->store, rows, &row, error))
            return false;
        if (row && !visit_row(reader, rows, id ? id : column_text(rows, COLUMN_ID), error)) {
            sqlite3_reset(rows);
            return false;
        }
    }
    sqlite3_reset(rows);
    return true;
}

/* A source that was never pulled has nothing to visit, and is NULL. */
static bool find_source(Reader *reader, const char *name, GError **error)
{
    g_autoptr(GError) cause = NULL;
    reader->name = name;
    reader->source = store_source(reader->store, name, &cause);
    if (!cause)
        return true;
    g_propagate_error(error, g_steal_pointer(&cause));
    return false;
}

static bool each_of(Reader *reader, const char *name, GError **error)
{
    if (!find_source(reader, name, error))
        return false;
    if (!reader->source)
        return true;
    sqlite3_stmt *rows = store_query(reader->store, error,
                                     "SELECT " COLUMNS ", id FROM response"
                                     " WHERE source = ? AND state <> ? ORDER BY width, id",
                                     "ii", reader->source->number, (int64_t)STATE_DELETED);
    return rows && visit_rows(reader, rows, NULL, error);
}

static char **source_names(Store *store, GError **error)
{
    g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
    sqlite3_stmt *rows = store_query(store, error, "SELECT name FROM source ORDER BY name", "");
    bool row = rows != NULL;
    while (row) {
        if (!store_row(store, rows, &row, error))
            return NULL;
        if (row)
            g_ptr_array_add(names, g_strdup(column_text(rows, 0)));
    }
    if (!rows)
        return NULL;
    g_ptr_array_add(names, NULL);
    g_ptr_array_set_free_func(names, NULL);
    return (char **)g_ptr_array_free(g_steal_pointer(&names), FALSE);
}

/* One view of the store for all that is read, whatever others write meanwhile. */
static bool begin_reading(Store *store, bool *ret_own, GError **error)
{
    *ret_own = sqlite3_get_autocommit(store->db);
    if (!*ret_own)
        return true;
    int64_t version = 0;
    if (!store_run(store, error, "BEGIN", ""))
        return false;
    if (!store_number(store, &version, error, "PRAGMA data_version", "")) {
        store_rollback(store);
        return false;
    }
    if (version != store->data_version)
        store_sources_forget(store);
    store->data_version = version;
    return true;
}

/* Ends it, keeping the first failure. */
static bool end_reading(Store *store, bool own, bool ok, GError **error)
{
    if (own && !store_run(store, ok ? error : NULL, "COMMIT", ""))
        return false;
    if (ok && store->still && store_changed(store) != store->still_since)
        return store_fail_as(store, SQLITE_BUSY, error);
    return ok;
}

bool store_each(Store *store, const char *const *sources, StoreVisit visit, gpointer data,
                GError **error)
{
    bool own, ok = false;
    if (!begin_reading(store, &own, error))
        return false;
    Reader reader;
    reader_init(&reader, store, visit, data);
    g_auto(GStrv) all = sources ? NULL : source_names(store, error);
    if (sources || all) {
        ok = true;
        for (const char *const *name = sources ? sources : (const char *const *)all;
             ok && *name && !reader.stopped; name++)
            ok = each_of(&reader, *name, error);
    }
    reader_clear(&reader);
    return end_reading(store, own, ok, error);
}

static bool history_of(Reader *reader, const char *id, GError **error)
{
    sqlite3_stmt *rows =
        store_query(reader->store, error,
                    "SELECT " COLUMNS " FROM history WHERE response = (SELECT number FROM response"
                    " WHERE source = ? AND width = ? AND id = ?) ORDER BY number DESC",
                    "iit", reader->source->number, store_width(id), id);
    return rows && visit_rows(reader, rows, id, error);
}

bool store_history(Store *store, const char *source, const char *id, StoreVisit visit,
                   gpointer data, GError **error)
{
    bool own;
    if (!begin_reading(store, &own, error))
        return false;
    Reader reader;
    reader_init(&reader, store, visit, data);
    bool ok =
        find_source(&reader, source, error) && (!reader.source || history_of(&reader, id, error));
    reader_clear(&reader);
    return end_reading(store, own, ok, error);
}
