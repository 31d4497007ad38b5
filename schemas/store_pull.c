/* A pull from its first line in the log to its last, and the pages between. */
#include "schemas/store_private.h"

#include "schemas/error.h"

/* --- beginning --- */

typedef struct {
    int64_t number, mapping; /* mapping 0: its answers were kept under several */
    bool has_responses;
} SourceState;

static bool read_source(Store *store, const char *name, SourceState *ret, GError **error)
{
    int64_t has = 0;
    if (!store_run(store, error, "INSERT OR IGNORE INTO source (name) VALUES (?)", "t", name) ||
        !store_number(store, &ret->number, error, "SELECT number FROM source WHERE name = ?", "t",
                      name) ||
        !store_number(store, &ret->mapping, error, "SELECT mapping FROM source WHERE number = ?",
                      "i", ret->number) ||
        !store_number(store, &has, error, "SELECT 1 FROM response WHERE source = ? LIMIT 1", "i",
                      ret->number))
        return false;
    ret->has_responses = has;
    return true;
}

static bool read_mapping(Store *store, int64_t source, const char *digest, int64_t *ret,
                         GError **error)
{
    return store_run(store, error, "INSERT OR IGNORE INTO mapping (source, digest) VALUES (?, ?)",
                     "it", source, digest) &&
           store_number(store, ret, error,
                        "SELECT number FROM mapping WHERE source = ? AND digest = ?", "it", source,
                        digest);
}

/* Another form under the name of an old source: neither its cursor nor what is stored says anything
 * of the new one. */
static bool notice_other_form(Store *store, int64_t source, const char *form_id, bool *ret_other,
                              GError **error)
{
    int64_t same = 1;
    if (!store_number(store, &same, error, "SELECT form_id = ? FROM source WHERE number = ?", "ti",
                      form_id, source))
        return false;
    *ret_other = !same;
    return store_run(store, error,
                     "UPDATE source SET form_id = ?1,"
                     " cursor = CASE WHEN form_id = ?1 THEN cursor END WHERE number = ?2",
                     "ti", form_id, source);
}

/* From here on until a pull has ended well the answers are of more than one mapping, and every pull
 * reads everything. A source without responses has none of any. */
static bool set_mapping(Store *store, const SourceState *source, int64_t mapping, GError **error)
{
    if (source->has_responses)
        return store_run(store, error, "UPDATE source SET mapping = NULL WHERE number = ?", "i",
                         source->number);
    return store_run(store, error, "UPDATE source SET mapping = ? WHERE number = ?", "ii", mapping,
                     source->number);
}

/* A pull that was killed never wrote its last line. */
static bool close_killed(Store *store, int64_t source, GError **error)
{
    return store_run(store, error,
                     "UPDATE pull SET outcome = ?, message = 'killed before it ended'"
                     " WHERE source = ? AND outcome = ?",
                     "iii", (int64_t)PULL_STOPPED, source, (int64_t)PULL_RUNNING);
}

static bool begin(Store *store, const char *name, const char *form_id, const char *digest,
                  int64_t now, int64_t *ret_pull, bool *ret_everything, GError **error)
{
    SourceState source = {0};
    int64_t mapping = 0;
    bool other_form;
    if (!read_source(store, name, &source, error) ||
        !read_mapping(store, source.number, digest, &mapping, error) ||
        !notice_other_form(store, source.number, form_id, &other_form, error) ||
        !close_killed(store, source.number, error))
        return false;
    bool changed = other_form || source.mapping != mapping;
    if ((changed && !set_mapping(store, &source, mapping, error)) ||
        !store_run(store, error,
                   "INSERT INTO pull (source, mapping, form_id, started, outcome)"
                   " VALUES (?, ?, ?, ?, ?)",
                   "iitii", source.number, mapping, form_id, now, (int64_t)PULL_RUNNING))
        return false;
    *ret_pull = sqlite3_last_insert_rowid(store->db);
    *ret_everything = changed && source.has_responses;
    return true;
}

bool store_pull_begin(Store *store, const char *source, const char *form_id,
                      const char *mapping_digest, int64_t now, int64_t *ret_pull,
                      bool *ret_everything, GError **error)
{
    g_return_val_if_fail(!store->in_page, false);
    int64_t pull;
    bool everything;
    if (!store_begin(store, error))
        return false;
    if (!begin(store, source, form_id, mapping_digest, now, &pull, &everything, error)) {
        store_rollback(store);
        return false;
    }
    if (!store_commit(store, error))
        return false;
    *ret_pull = pull;
    *ret_everything = everything;
    return true;
}

/* --- pages --- */

bool store_page_begin(Store *store, GError **error)
{
    g_return_val_if_fail(!store->in_page, false);
    int64_t aside = 0;
    if (!store_begin(store, error))
        return false;
    if (!store_number(store, &aside, error, "SELECT 1 FROM set_aside LIMIT 1", "") ||
        !store_tombstones(store, error)) {
        store_rollback(store);
        return false;
    }
    store->any_aside = aside;
    store->in_page = true;
    store->spoilt = false;
    return true;
}

void store_page_abort(Store *store)
{
    if (!store->in_page)
        return;
    store->in_page = false;
    store_rollback(store);
}

/* Brings the log line up to date; a pull that a later one has taken over has none any more. */
static bool log_counts(Store *store, int64_t pull, int64_t pages, const PullCounts *n,
                       GError **error)
{
    if (!store_run(store, error,
                   "UPDATE pull SET pages = pages + ?, received = ?, added = ?, changed = ?,"
                   " same = ?, set_aside = ?, deleted = ?, restored = ?, unreadable = ?"
                   " WHERE id = ? AND outcome = ?",
                   "iiiiiiiiiii", pages, n->received, n->added, n->changed, n->same, n->set_aside,
                   n->deleted, n->restored, n->unreadable, pull, (int64_t)PULL_RUNNING))
        return false;
    if (sqlite3_changes(store->db) == 1)
        return true;
    g_set_error(error, INNSIKT_ERROR, INNSIKT_ERROR_STORE,
                "%s: another innsikt has begun to collect the same source; this pull ends here",
                store->path);
    return false;
}

static bool finish_page(Store *store, int64_t pull, const char *cursor, const PullCounts *so_far,
                        GError **error)
{
    if (store->spoilt) {
        g_set_error(error, INNSIKT_ERROR, INNSIKT_ERROR_STORE,
                    "%s: a page that failed cannot be kept", store->path);
        return false;
    }
    return log_counts(store, pull, 1, so_far, error) &&
           (!cursor || store_run(store, error,
                                 "UPDATE source SET cursor = ? WHERE number ="
                                 " (SELECT source FROM pull WHERE id = ?)",
                                 "ti", cursor, pull));
}

bool store_page_commit(Store *store, int64_t pull, const char *cursor, const PullCounts *so_far,
                       GError **error)
{
    g_return_val_if_fail(store->in_page, false);
    if (!finish_page(store, pull, cursor, so_far, error)) {
        store_page_abort(store);
        return false;
    }
    store->in_page = false;
    return store_commit(store, error);
}

/* --- ending --- */

/* Takes the answers to questions that `mapping` does not let through out of every version that was
 * kept under another. */
static bool drop_unmapped(Store *store, int64_t source, int64_t mapping, GError **error)
{
    sqlite3_stmt *gone =
        store_query(store, error,
                    "SELECT '$[' || number || ']' FROM question WHERE source = ? AND mapping <> ?",
                    "ii", source, mapping);
    bool row = gone != NULL;
    while (row) {
        if (!store_row(store, gone, &row, error))
            return false;
        if (row && (!store_run(store, error,
                               "UPDATE response SET answers = json_replace(answers, ?, NULL)"
                               " WHERE source = ? AND mapping <> ?",
                               "tii", column_text(gone, 0), source, mapping) ||
                    !store_run(store, error,
                               "UPDATE history SET answers = json_replace(answers, ?, NULL)"
                               " WHERE mapping <> ? AND response IN"
                               " (SELECT number FROM response WHERE source = ?)",
                               "tii", column_text(gone, 0), mapping, source))) {
            sqlite3_reset(gone);
            return false;
        }
    }
    return gone != NULL;
}

/* Every answer is now of this pull's mapping, unless the pull brought nothing though there are
 * responses: that says nothing of the mapping, so the next pull reads everything again. */
static bool settle_mapping(Store *store, int64_t pull, GError **error)
{
    int64_t source = 0, mapping = 0, settled = 0, proof = 0;
    if (!store_number(store, &source, error, "SELECT source FROM pull WHERE id = ?", "i", pull) ||
        !store_number(store, &mapping, error, "SELECT mapping FROM pull WHERE id = ?", "i", pull) ||
        !store_number(store, &settled, error, "SELECT mapping FROM source WHERE number = ?", "i",
                      source))
        return false;
    if (settled == mapping)
        return true;
    if (!store_number(store, &proof, error,
                      "SELECT EXISTS (SELECT 1 FROM question WHERE source = ?1 AND mapping = ?2)"
                      " OR NOT EXISTS (SELECT 1 FROM response WHERE source = ?1 AND state <> ?3)",
                      "iii", source, mapping, (int64_t)STATE_DELETED))
        return false;
    return !proof || (drop_unmapped(store, source, mapping, error) &&
                      store_run(store, error, "UPDATE source SET mapping = ? WHERE number = ?",
                                "ii", mapping, source));
}

static bool end(Store *store, int64_t pull, PullOutcome outcome, const char *message, int64_t now,
                const PullCounts *counts, GError **error)
{
    return log_counts(store, pull, 0, counts, error) &&
           store_run(store, error,
                     "UPDATE pull SET ended = ?, outcome = ?, message = ?"
                     " WHERE id = ?",
                     "iiti", now, (int64_t)outcome, message, pull) &&
           (outcome != PULL_DONE || settle_mapping(store, pull, error));
}

bool store_pull_end(Store *store, int64_t pull, PullOutcome outcome, const char *message,
                    int64_t now, const PullCounts *counts, GError **error)
{
    g_return_val_if_fail(!store->in_page, false);
    if (!store_begin(store, error))
        return false;
    if (!end(store, pull, outcome, message, now, counts, error)) {
        store_rollback(store);
        return false;
    }
    return store_commit(store, error);
}

bool store_hold_key(Store *store, const char *mark, GError **error)
{
    int64_t same = 0, any = 0;
    if (!store_number(store, &same, error, "SELECT 1 FROM project_key WHERE mark = ?", "t", mark) ||
        !store_number(store, &any, error, "SELECT 1 FROM project_key", ""))
        return false;
    if (same)
        return true;
    if (!any)
        return store_run(store, error, "INSERT INTO project_key VALUES (?)", "t", mark);
    g_set_error_literal(
        error, INNSIKT_ERROR, INNSIKT_ERROR_USAGE,
        "privacy.key is not the key this store was made with, so people would get a second "
        "pseudonym; put the old key back, or name a new `store:`");
    return false;
}

char *store_cursor(Store *store, const char *source, GError **error)
{
    sqlite3_stmt *row =
        store_query(store, error, "SELECT cursor FROM source WHERE name = ?", "t", source);
    bool is;
    if (!row || !store_row(store, row, &is, error))
        return NULL;
    char *cursor = is ? g_strdup(column_text(row, 0)) : NULL;
    sqlite3_reset(row);
    return cursor;
}
