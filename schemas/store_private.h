/* What the files of the store share. Only schemas/store*.c and their tests include this: it is the
 * border to SQLite. */
#ifndef INNSIKT_SCHEMAS_STORE_PRIVATE_H
#define INNSIKT_SCHEMAS_STORE_PRIVATE_H

#include "schemas/store.h"

#include <sqlite3.h>

/* --- the handle (store.c) --- */

/* A source's questions as the store numbers them, so that no answer needs a query. */
typedef struct {
    int64_t number;
    GPtrArray *names;    /* of char*, by number; the strings live as long as the Store */
    GArray *mappings;    /* of int64_t, by number: the mapping that last let it through */
    GHashTable *numbers; /* name → number */
    int64_t next_response, next_history; /* row numbers of its own; 0: not looked up yet */
} StoreSource;

struct Store {
    sqlite3 *db;
    char *path;
    GHashTable *statements; /* SQL literal, by address → sqlite3_stmt, kept for life */
    GHashTable *sources;    /* name → StoreSource */
    GStringChunk *names;    /* of questions; grows with the forms, not with the responses */
    int64_t data_version;   /* moves when another process has written */
    int64_t pull, pull_source, mapping; /* of the pull that was looked up last */
    bool in_page, spoilt; /* spoilt: SQLite failed inside the page, so it may not be committed */
    bool any_aside, any_tombstone; /* looked up where a page begins */
    bool has_seen;                 /* the temporary table is there */
    bool reading;                  /* opened for reading only */
    bool still;                    /* read without locks, since it may not be written to */
    int64_t still_since;           /* when the file had changed last at that time */
    GString *packed;               /* scratch of store_put */
    GArray *slots;
};

/* One step of a migration: what turns a store of this version into one of the next. */
typedef struct {
    int from;
    const char *sql;
} StoreStep;

/* What store_open opens. Tests bring their own, with steps from versions that never were. */
typedef struct {
    int version;
    const StoreStep *steps; /* in order, one for each version before this one; ends with sql NULL */
    int patience;           /* ms to wait for another process that is writing */
} StoreLayout;

enum { STORE_APPLICATION_ID = 0x494e534b }; /* "INSK", in the file's header */

extern const StoreLayout store_layout;
Store *store_open_layout(const char *path, const StoreLayout *layout, GError **error);

int64_t store_changed(const Store *store); /* ns, only to compare; 0 when it cannot be told */

/* Brings an open store of an older version up to the layout, in one transaction, after copying it
 * to «path».v«version».bak (store_migrate.c). */
bool store_migrate(Store *store, const StoreLayout *layout, GError **error);

/* --- statements (store_sql.c) ---
 * `sql` is a literal: its address is the key under which the prepared statement is kept. `types`
 * has a letter for each parameter: i int64_t, x int64_t or NULL when TIME_UNKNOWN, t const char *
 * (NULL is NULL) that outlives the statement's run. */

/* Sets the error that SQLite's last failure on this store means; returns false. */
bool store_fail(Store *store, GError **error);
/* The same for a code of SQLite's, primary or extended. */
bool store_fail_as(Store *store, int code, GError **error);
bool store_run(Store *store, GError **error, const char *sql, const char *types, ...);
/* Ready to step; NULL with an error. */
sqlite3_stmt *store_query(Store *store, GError **error, const char *sql, const char *types, ...);
/* Next row: *ret_row tells whether there is one. Resets the statement after the last and on
 * failure; a caller that stops before calls sqlite3_reset. */
bool store_row(Store *store, sqlite3_stmt *statement, bool *ret_row, GError **error);
/* One number from a query; *ret is left as it was when there is no row or it is NULL. */
bool store_number(Store *store, int64_t *ret, GError **error, const char *sql, const char *types,
                  ...);
/* Runs a script of several statements. */
bool store_script(Store *store, const char *sql, GError **error);

static inline const char *column_text(sqlite3_stmt *statement, int column)
{
    return (const char *)sqlite3_column_text(statement, column);
}
int64_t column_time(sqlite3_stmt *statement, int column); /* NULL: TIME_UNKNOWN */

/* A write transaction, taken at once so that two writers never deadlock. Inside a page it is the
 * page's: begin and commit do nothing, rollback spoils the page. */
bool store_begin(Store *store, GError **error);
bool store_commit(Store *store, GError **error);
void store_rollback(Store *store);

/* --- what the themes lend each other --- */

/* NULL with an error; NULL without one when the store has never heard of it. Borrowed. */
StoreSource *store_source(Store *store, const char *name, GError **error);
void store_sources_forget(Store *store); /* read them anew: another process, or a rollback */
/* A source's rows of a table have numbers of its own, STORE_ROWS_A_SOURCE of them, in the order in
 * which they came: what is pulled side by side gets the same numbers whoever comes first. The first
 * free one of the query that asks for the highest between ?1 and ?2. */
#define STORE_ROWS_A_SOURCE (INT64_C(1) << 32)
bool store_next_row(Store *store, int64_t source, const char *highest_sql, int64_t *ret,
                    GError **error);
/* Where an id sorts: its length when it is digits only, else after all of those. */
int64_t store_width(const char *id);
/* Looks up whether anything was erased at all. */
bool store_tombstones(Store *store, GError **error);
/* Whether response `id` of `source`, or the person behind it, was erased. */
bool store_forgotten(Store *store, const char *source, const char *id, const char *pseudonym,
                     bool *ret, GError **error);

/* --- the packed record (store_record.c): pure functions --- */

/* One answer by the number of its question. */
typedef struct {
    guint number;
    int instance;
    Missing missing;
    const char *text;
} RecordSlot;

enum { RECORD_QUESTIONS_MAX = 100000, RECORD_INSTANCES_MAX = 1000000 };

/* Writes the record of `slots` (of RecordSlot, sorted in place) over `ret`. Equal sets of answers
 * give equal bytes. Fails with DATA when one question is answered twice, both in and outside a
 * repeat, with neither text nor reason, or with bytes that are not UTF-8; LIMIT beyond the limits
 * above. */
bool record_pack(GArray *slots, GString *ret, GError **error);
/* Reads a record of n bytes, which end in a NUL beyond them, into `ret` (of RecordSlot, emptied
 * first) in order of number and instance. Works in place: texts are views into `bytes`. Fails with
 * STORE when these are not the bytes of a record. */
bool record_unpack(char *bytes, gsize n, GArray *ret, GError **error);

#endif
