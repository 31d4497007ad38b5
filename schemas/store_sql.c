/* Statements, transactions and what SQLite's failures mean to the person at the keyboard. */
#include "schemas/store_private.h"

#include "schemas/error.h"

#include <stdarg.h>

/* --- errors --- */

typedef struct {
    int code; /* SQLite's, primary or extended; the first that fits counts */
    InnsiktError kind;
    const char *cause_and_mend;
} Failure;

static const Failure failures[] = {
    {SQLITE_FULL, INNSIKT_ERROR_STORE,
     "the disk is full; make room and run the same command again (nothing is half-written)"},
    {SQLITE_BUSY, INNSIKT_ERROR_STORE,
     "another program is writing to it; run the same command again when that is done"},
    {SQLITE_LOCKED, INNSIKT_ERROR_STORE,
     "another program is writing to it; run the same command again when that is done"},
    {SQLITE_NOTADB, INNSIKT_ERROR_STORE,
     "it is not a store of innsikt; give another file under store: in project.yaml"},
    {SQLITE_CORRUPT, INNSIKT_ERROR_STORE,
     "it is damaged; put a copy back, or move it away and collect again"},
    {SQLITE_READONLY_DIRECTORY, INNSIKT_ERROR_SYSTEM,
     "the folder may not be written in, and the store needs a file beside it; change its rights or "
     "move the project"},
    {SQLITE_READONLY, INNSIKT_ERROR_SYSTEM, "it may not be written to; change its rights"},
    {SQLITE_PERM, INNSIKT_ERROR_SYSTEM, "it may not be written to; change its rights"},
    {SQLITE_CANTOPEN, INNSIKT_ERROR_SYSTEM,
     "it or a file beside it cannot be opened; see that the folder is there and may be written in"},
    {SQLITE_IOERR, INNSIKT_ERROR_STORE, /* what a full disk answers at some moments */
     "reading or writing it failed; see that the disk is well and has room"},
    {SQLITE_NOMEM, INNSIKT_ERROR_SYSTEM, "there is not enough memory"},
    {SQLITE_TOOBIG, INNSIKT_ERROR_LIMIT, "a response is larger than a store can hold (1 GB)"},
};

bool store_fail(Store *store, GError **error)
{
    return store_fail_as(store, sqlite3_extended_errcode(store->db), error);
}

bool store_fail_as(Store *store, int extended, GError **error)
{
    store->spoilt = true;
    for (gsize i = 0; i < G_N_ELEMENTS(failures); i++)
        if (failures[i].code == extended || failures[i].code == (extended & 0xff)) {
            g_set_error(error, INNSIKT_ERROR, failures[i].kind, "%s: %s", store->path,
                        failures[i].cause_and_mend);
            return false;
        }
    g_set_error(error, INNSIKT_ERROR, INNSIKT_ERROR_STORE, "%s: SQLite says: %s", store->path,
                sqlite3_errmsg(store->db));
    return false;
}

/* --- statements --- */

static sqlite3_stmt *prepared(Store *store, const char *sql, GError **error)
{
    sqlite3_stmt *statement = g_hash_table_lookup(store->statements, sql);
    if (statement) {
        sqlite3_reset(statement);
        return statement;
    }
    if (sqlite3_prepare_v3(store->db, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, NULL) !=
        SQLITE_OK) {
        store_fail(store, error);
        return NULL;
    }
    g_hash_table_insert(store->statements, (gpointer)sql, statement);
    return statement;
}

static int bind_text(sqlite3_stmt *statement, int at, const char *text)
{
    return text ? sqlite3_bind_text(statement, at, text, -1, SQLITE_STATIC)
                : sqlite3_bind_null(statement, at);
}

static int bind_time(sqlite3_stmt *statement, int at, int64_t time)
{
    return time != TIME_UNKNOWN ? sqlite3_bind_int64(statement, at, time)
                                : sqlite3_bind_null(statement, at);
}

static sqlite3_stmt *query_va(Store *store, GError **error, const char *sql, const char *types,
                              va_list values)
{
    sqlite3_stmt *statement = prepared(store, sql, error);
    int status = SQLITE_OK;
    if (!statement)
        return NULL;
    for (int at = 1; types[at - 1] && status == SQLITE_OK; at++)
        switch (types[at - 1]) {
        case 't':
            status = bind_text(statement, at, va_arg(values, const char *));
            break;
        case 'x':
            status = bind_time(statement, at, va_arg(values, int64_t));
            break;
        default:
            status = sqlite3_bind_int64(statement, at, va_arg(values, int64_t));
        }
    if (status == SQLITE_OK)
        return statement;
    store_fail(store, error);
    return NULL;
}

sqlite3_stmt *store_query(Store *store, GError **error, const char *sql, const char *types, ...)
{
    va_list values;
    va_start(values, types);
    sqlite3_stmt *statement = query_va(store, error, sql, types, values);
    va_end(values);
    return statement;
}

bool store_row(Store *store, sqlite3_stmt *statement, bool *ret_row, GError **error)
{
    int status = sqlite3_step(statement);
    if (status == SQLITE_ROW) {
        *ret_row = true;
        return true;
    }
    bool ok = status == SQLITE_DONE || store_fail(store, error);
    sqlite3_reset(statement);
    if (ok)
        *ret_row = false;
    return ok;
}

bool store_run(Store *store, GError **error, const char *sql, const char *types, ...)
{
    va_list values;
    va_start(values, types);
    sqlite3_stmt *statement = query_va(store, error, sql, types, values);
    va_end(values);
    bool row = true;
    while (statement && row)
        if (!store_row(store, statement, &row, error))
            return false;
    return statement != NULL;
}

bool store_number(Store *store, int64_t *ret, GError **error, const char *sql, const char *types,
                  ...)
{
    va_list values;
    va_start(values, types);
    sqlite3_stmt *statement = query_va(store, error, sql, types, values);
    va_end(values);
    bool row;
    if (!statement || !store_row(store, statement, &row, error))
        return false;
    if (row && sqlite3_column_type(statement, 0) != SQLITE_NULL)
        *ret = sqlite3_column_int64(statement, 0);
    sqlite3_reset(statement);
    return true;
}

bool store_script(Store *store, const char *sql, GError **error)
{
    return sqlite3_exec(store->db, sql, NULL, NULL, NULL) == SQLITE_OK || store_fail(store, error);
}

int64_t column_time(sqlite3_stmt *statement, int column)
{
    return sqlite3_column_type(statement, column) == SQLITE_NULL
               ? TIME_UNKNOWN
               : sqlite3_column_int64(statement, column);
}

/* --- transactions --- */

bool store_begin(Store *store, GError **error)
{
    if (store->in_page)
        return true;
    if (!store_run(store, error, "BEGIN IMMEDIATE", ""))
        return false;
    int64_t version = 0;
    if (!store_number(store, &version, error, "PRAGMA data_version", "")) {
        store_rollback(store);
        return false;
    }
    if (version != store->data_version)
        store_sources_forget(store);
    store->data_version = version;
    return true;
}

bool store_commit(Store *store, GError **error)
{
    if (store->in_page || store_run(store, error, "COMMIT", ""))
        return true;
    store_rollback(store);
    return false;
}

void store_rollback(Store *store)
{
    if (store->in_page) {
        store->spoilt = true;
        return;
    }
    /* SQLite has already rolled back by itself after some failures, a full disk for one. */
    if (!sqlite3_get_autocommit(store->db))
        sqlite3_exec(store->db, "ROLLBACK", NULL, NULL, NULL);
    store->has_seen = false;
    store_sources_forget(store);
}
