/* The project's memory: one SQLite file. A page of responses, the cursor behind it and the pull's
 * log line are one transaction, so a pull killed at any moment resumes with nothing lost and
 * nothing twice.
 *
 * Layout (store.sql): answers are one packed record a response, chosen by measurement (see bench):
 * a JSON array by question number, a text where there is a value, an integer Missing where there is
 * none, {"6":"text"} where a value is kept but does not count, an inner array for the instances of
 * a repeat. The view `answer` shows one row an answer to anybody with sqlite3 on the command line.
 */
#ifndef INNSIKT_SCHEMAS_STORE_H
#define INNSIKT_SCHEMAS_STORE_H

#include "schemas/form.h"
#include "schemas/response.h"

typedef struct Store Store;

/* Opens, or makes, the store at `path`. Older stores are migrated after a backup beside the file;
 * one made by a newer version is refused (NEWER), a file that is no store likewise (STORE). */
Store *store_open(const char *path, GError **error);
/* A file of some length stands at `path`: a disk that was full at the first pull leaves an empty
 * one, in which nothing has been collected. */
bool store_is_there(const char *path);
/* For status: never writes, never makes a file; NOT_FOUND when there is none. */
Store *store_open_read(const char *path, GError **error);
bool store_is_writable(const Store *store); /* not opened with store_open_read */
void store_close(Store *store);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Store, store_close)

/* Holds the store to one key: keeps `mark` the first time, compares it from then on. USAGE when the
 * store was made with another key. */
bool store_hold_key(Store *store, const char *mark, GError **error);

/* --- pulling ------------------------------------------------------------------------------- */

typedef struct {
    int64_t received, added, changed, same, set_aside, deleted, restored, unreadable;
} PullCounts;

typedef enum { PULL_RUNNING, PULL_DONE, PULL_FAILED, PULL_STOPPED } PullOutcome;

typedef struct {
    int64_t id;
    char *source;
    int64_t started, ended; /* µs UTC; ended TIME_UNKNOWN while running or killed */
    PullOutcome outcome;
    char *message; /* one line; NULL when done */
    PullCounts counts;
} PullRecord;
void pull_record_free(PullRecord *record);

/* Starts a pull of one source. If the mapping's digest differs from the one the stored answers were
 * kept under, *ret_everything is set: every response must be read anew. Forgets nothing. */
bool store_pull_begin(Store *store, const char *source, const char *form_id,
                      const char *mapping_digest, int64_t now, int64_t *ret_pull,
                      bool *ret_everything, GError **error);
/* Keeps the form's questions, without choices that were only seen (Form.seen_choices), for labels
 * and for noticing change; *ret_changed: digest differs
 * from the last pull's. */
bool store_put_form(Store *store, const char *source, const Form *form, int64_t now,
                    bool *ret_changed, GError **error);

/* A page: begin, any number of put / set-aside / seen, commit. Rolled back by store_page_abort, and
 * by a commit that fails. From begin to commit nobody else can write to the store, so fetch first.
 * `cursor` NULL leaves the one before. Commit and store_pull_end fail with STORE when another
 * process has begun to pull the same source, which closes this pull. */
bool store_page_begin(Store *store, GError **error);
bool store_page_commit(Store *store, int64_t pull, const char *cursor, const PullCounts *so_far,
                       GError **error);
void store_page_abort(Store *store);

typedef enum { PUT_ADDED, PUT_CHANGED, PUT_SAME, PUT_RESTORED, PUT_FORGOTTEN } PutOutcome;
/* Puts one response or replaces the one with the same id, keeping the replaced one in the history.
 * PUT_FORGOTTEN: a tombstone says this person or id was erased; nothing is kept. A deleted response
 * keeps no answers but in the history. Fails with DATA, or LIMIT, when the answers cannot be kept
 * (one question answered twice, bytes that are not UTF-8): nothing is written, the page may go on,
 * and the record belongs among those set aside. Any other failure spoils the page. */
bool store_put(Store *store, int64_t pull, const char *source, const Response *response,
               PutOutcome *ret, GError **error);
/* A record that could not be read: counted and kept by id and reason, without its content. */
bool store_set_aside(Store *store, int64_t pull, const char *source, const char *id,
                     const char *reason, GError **error);

/* The index of a pull: ids the source says exist, with their revision (may be NULL). Spills to
 * disk, so memory stays the same whatever the number. */
bool store_seen_reset(Store *store, GError **error);
bool store_seen(Store *store, const char *id, const char *revision, GError **error);
/* Many at once; outside a page without locking the store, and kept whatever becomes of the page. */
typedef struct {
    const char *id, *revision;
} StoreSeen;
bool store_seen_many(Store *store, const StoreSeen *seen, guint n, GError **error);
int64_t store_seen_count(Store *store);
/* Seen ids that must be fetched: not stored, marked deleted, or of another revision (all of them
 * when `everything`), but never one that was erased; those after `after` (NULL: from the start), at
 * most `max`. Order: ids of digits only by length, then bytes (9 < 10 < 007); after them all others
 * by bytes. Caller owns the array and its strings. */
GPtrArray *store_wanted(Store *store, const char *source, bool everything, const char *after,
                        guint max, GError **error);
/* How many stored responses of the source are not marked deleted and were not seen (yet). */
bool store_unseen_count(Store *store, const char *source, int64_t *ret, GError **error);
/* Marks as deleted every stored response of the source that was not seen, keeping history. Call
 * only with a complete index obtained without error. */
bool store_delete_unseen(Store *store, int64_t pull, const char *source, int64_t now,
                         int64_t *ret_deleted, GError **error);

bool store_pull_end(Store *store, int64_t pull, PullOutcome outcome, const char *message,
                    int64_t now, const PullCounts *counts, GError **error);

/* What the collector wants back next time (opaque text), or NULL at the first pull. Caller owns. */
char *store_cursor(Store *store, const char *source, GError **error);

/* --- reading ------------------------------------------------------------------------------- */

typedef struct {
    const char *source;
    const Response *response; /* valid during the call */
    int64_t pull;             /* the pull that brought this version */
} StoredResponse;
typedef bool (*StoreVisit)(const StoredResponse *stored, gpointer data, GError **error);

/* Every response that is not deleted, in order of source (as declared by the caller's list, or by
 * name when NULL) and id (as store_wanted). Stops when the visitor returns false, which is a
 * failure only if it set the error. All is read from one state of the store, whoever writes
 * meanwhile. The name of a question is the same pointer in every response of a source. The visitor
 * must not call store_each or store_history on the same Store. */
bool store_each(Store *store, const char *const *sources, StoreVisit visit, gpointer data,
                GError **error);
/* How often a response was replaced; and its history, newest first, for `why` and `status`. */
bool store_history(Store *store, const char *source, const char *id, StoreVisit visit,
                   gpointer data, GError **error);

typedef struct {
    char *source;
    int64_t by_state[N_STATES];
    int64_t set_aside;
    PullRecord *last;      /* the newest pull; NULL: never pulled */
    PullRecord *last_done; /* the newest that ended well; NULL: none */
} SourceStatus;
void source_status_free(SourceStatus *status);
/* One for every source the store has heard of, by name. */
GPtrArray *store_status(Store *store, GError **error);
/* Records that could not be read, by reason, most of them first. */
typedef struct {
    char *reason, *first; /* first: the first id, "" for none */
    int64_t times;
} StoreAside;
GPtrArray *store_asides(Store *store, const char *source, GError **error);
int64_t store_newest_pull(Store *store); /* µs UTC of the newest successful pull; TIME_UNKNOWN */
Form *store_form(Store *store, const char *source,
                 GError **error); /* NULL without error: none kept */
/* The newest pull of a source, in *ret; NULL there: never pulled. */
bool store_last_pull(Store *store, const char *source, PullRecord **ret, GError **error);
bool store_pull_record(Store *store, int64_t pull, PullRecord **ret, GError **error);

/* --- erasing ------------------------------------------------------------------------------- */

/* Erases for good, history and all, every response that is or was of a person (`pseudonym`; source
 * and id NULL) or one response (`source` and `id`; pseudonym NULL), and leaves a tombstone, so that
 * no later pull brings it back. Nothing of it is left in the file or its journal; copies made
 * before, «path».v«N».bak among them, are not touched. *ret_erased: how many responses; also when
 * 0 are there, they are barred from now on. */
bool store_forget(Store *store, const char *pseudonym, const char *source, const char *id,
                  int64_t now, int64_t *ret_erased, GError **error);

/* The log of erasing, which names nobody: how often something was erased, and when the last time
 * (µs UTC; TIME_UNKNOWN: never). */
bool store_erasures(Store *store, int64_t *ret_times, int64_t *ret_last, GError **error);

/* --- findings: ids that outlive regrouping --------------------------------------------------- */

typedef struct {
    char *id, *quadrant, *theme; /* theme: codebook id or a cluster's key */
    GPtrArray *statements;       /* ids (char *) of its statements when last written */
} StoredFinding;
void stored_finding_free(StoredFinding *finding);
GPtrArray *store_findings(Store *store, GError **error);
/* Whether the id was given up by an earlier analysis, so that a finding needs another. */
bool store_finding_retired(Store *store, const char *id, bool *ret, GError **error);
/* Replaces the findings of the last analysis; ids given up are remembered and never used again:
 * DATA when one of them is, STORE when an id is there twice. */
bool store_put_findings(Store *store, GPtrArray *findings, int64_t now, GError **error);

#endif
