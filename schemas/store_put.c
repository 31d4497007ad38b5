/* What a page is made of: responses put, replaced or found to be the same, and records set aside.
 */
#include "schemas/store_private.h"

#include "schemas/error.h"

#include <string.h>

/* --- sources and their questions --- */

void store_sources_forget(Store *store)
{
    g_hash_table_remove_all(store->sources);
    store->pull = 0;
}

static void question_known(Store *store, StoreSource *source, const char *name, int64_t mapping)
{
    char *kept = g_string_chunk_insert_const(store->names, name);
    g_hash_table_insert(source->numbers, kept, GUINT_TO_POINTER(source->names->len));
    g_ptr_array_add(source->names, kept);
    g_array_append_val(source->mappings, mapping);
}

static bool load_questions(Store *store, StoreSource *source, GError **error)
{
    sqlite3_stmt *rows = store_query(
        store, error, "SELECT name, mapping FROM question WHERE source = ? ORDER BY number", "i",
        source->number);
    bool row = rows != NULL;
    while (row) {
        if (!store_row(store, rows, &row, error))
            return false;
        if (row)
            question_known(store, source, column_text(rows, 0), sqlite3_column_int64(rows, 1));
    }
    return rows != NULL;
}

StoreSource *store_source(Store *store, const char *name, GError **error)
{
    StoreSource *source = g_hash_table_lookup(store->sources, name);
    if (source)
        return source;
    int64_t number = 0;
    if (!store_number(store, &number, error, "SELECT number FROM source WHERE name = ?", "t",
                      name) ||
        !number)
        return NULL;
    source = g_new0(StoreSource, 1);
    source->number = number;
    source->names = g_ptr_array_new();
    source->mappings = g_array_new(FALSE, FALSE, sizeof(int64_t));
    source->numbers = g_hash_table_new(g_str_hash, g_str_equal);
    g_hash_table_insert(store->sources, g_string_chunk_insert_const(store->names, name), source);
    if (load_questions(store, source, error))
        return source;
    store_sources_forget(store);
    return NULL;
}

bool store_next_row(Store *store, int64_t source, const char *highest_sql, int64_t *ret,
                    GError **error)
{
    const int64_t low = source * STORE_ROWS_A_SOURCE;
    int64_t highest = low;
    if (!store_number(store, &highest, error, highest_sql, "ii", low,
                      low + STORE_ROWS_A_SOURCE - 1))
        return false;
    *ret = highest + 1;
    return true;
}

/* The numbers that the next rows of the source get. */
static bool find_rows(Store *store, StoreSource *source, GError **error)
{
    return (source->next_response ||
            store_next_row(store, source->number,
                           "SELECT max(number) FROM response WHERE number BETWEEN ? AND ?",
                           &source->next_response, error)) &&
           (source->next_history ||
            store_next_row(store, source->number,
                           "SELECT max(number) FROM history WHERE number BETWEEN ? AND ?",
                           &source->next_history, error));
}

int64_t store_width(const char *id)
{
    gsize digits = strspn(id, "0123456789");
    return digits && !id[digits] ? (int64_t)digits : G_MAXINT32;
}

/* The number of a question, given one if it is new. `guess` is where it stands if the answers come
 * in the same order as those of the response before. */
static bool question_number(Store *store, StoreSource *source, const char *name, guint guess,
                            guint *ret, GError **error)
{
    gpointer found;
    if (guess < source->names->len && g_str_equal(source->names->pdata[guess], name)) {
        *ret = guess;
    } else if (g_hash_table_lookup_extended(source->numbers, name, NULL, &found)) {
        *ret = GPOINTER_TO_UINT(found);
    } else {
        if (!store_run(store, error, "INSERT INTO question VALUES (?, ?, ?, ?)", "iiti",
                       source->number, (int64_t)source->names->len, name, store->mapping))
            return false;
        *ret = source->names->len;
        question_known(store, source, name, store->mapping);
    }
    int64_t *mapping = &g_array_index(source->mappings, int64_t, *ret);
    if (*mapping == store->mapping)
        return true;
    *mapping = store->mapping;
    return store_run(store, error,
                     "UPDATE question SET mapping = ? WHERE source = ? AND number = ?", "iii",
                     store->mapping, source->number, (int64_t)*ret);
}

static bool pack(Store *store, StoreSource *source, const Response *response, GError **error)
{
    guint number = G_MAXUINT;
    g_array_set_size(store->slots, 0);
    /* What a deleted response said is for the history alone. */
    guint n = response->state == STATE_DELETED ? 0 : response->answers->len;
    for (guint i = 0; i < n; i++) {
        const Answer *answer = &g_array_index(response->answers, Answer, i);
        if (!question_number(store, source, answer->question, number + 1, &number, error))
            return false;
        RecordSlot slot = {number, answer->instance, answer->missing, answer->text};
        g_array_append_val(store->slots, slot);
    }
    return record_pack(store->slots, store->packed, error);
}

/* --- one response --- */

/* The columns of store_put's look-up. */
enum {
    OLD_NUMBER,
    OLD_STATE,
    OLD_SUBMITTED,
    OLD_UPDATED,
    OLD_ZONE_KNOWN,
    OLD_LANGUAGE,
    OLD_FORM_VERSION,
    OLD_REVISION,
    OLD_PSEUDONYM,
    OLD_MAPPING,
    OLD_ANSWERS
};
static const char find_sql[] =
    "SELECT number, state, submitted, updated, zone_known, language, form_version, revision,"
    " pseudonym, mapping, answers FROM response WHERE source = ? AND width = ? AND id = ?";

static bool insert(Store *store, StoreSource *source, const Response *r, GError **error)
{
    return find_rows(store, source, error) &&
           store_run(store, error,
                     "INSERT INTO response (number, source, width, id, state, submitted, updated,"
                     " zone_known, language, form_version, revision, pseudonym, pull, mapping,"
                     " answers) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                     "iiitixxittttiit", source->next_response++, source->number, store_width(r->id),
                     r->id, (int64_t)r->state, r->submitted, r->updated, (int64_t)r->zone_known,
                     r->language, r->form_version, r->revision, r->pseudonym, store->pull,
                     store->mapping, store->packed->str);
}

static bool replace(Store *store, StoreSource *source, int64_t number, const Response *r,
                    GError **error)
{
    return find_rows(store, source, error) &&
           store_run(store, error,
                     "INSERT INTO history (number, response, replaced_by, state, submitted,"
                     " updated, zone_known, language, form_version, revision, pseudonym, pull,"
                     " mapping, answers) SELECT ?, number, ?, state, submitted, updated,"
                     " zone_known, language, form_version, revision, pseudonym, pull, mapping,"
                     " answers FROM response WHERE number = ?",
                     "iii", source->next_history++, store->pull, number) &&
           store_run(store, error,
                     "UPDATE response SET state = ?, submitted = ?, updated = ?, zone_known = ?,"
                     " language = ?, form_version = ?, revision = ?, pseudonym = ?, pull = ?,"
                     " mapping = ?, answers = ? WHERE number = ?",
                     "ixxittttiiti", (int64_t)r->state, r->submitted, r->updated,
                     (int64_t)r->zone_known, r->language, r->form_version, r->revision,
                     r->pseudonym, store->pull, store->mapping, store->packed->str, number);
}

/* The same answers: what the source says of their age may still have moved. */
static bool refresh(Store *store, sqlite3_stmt *old, const Response *r, GError **error)
{
    if (g_strcmp0(column_text(old, OLD_REVISION), r->revision) == 0 &&
        column_time(old, OLD_UPDATED) == r->updated &&
        sqlite3_column_int64(old, OLD_MAPPING) == store->mapping)
        return true;
    return store_run(store, error,
                     "UPDATE response SET revision = ?, updated = ?, mapping = ? WHERE number = ?",
                     "txii", r->revision, r->updated, store->mapping,
                     (int64_t)sqlite3_column_int64(old, OLD_NUMBER));
}

static bool is_same(sqlite3_stmt *old, const Response *r, const GString *packed)
{
    return sqlite3_column_int64(old, OLD_STATE) == (int64_t)r->state &&
           column_time(old, OLD_SUBMITTED) == r->submitted &&
           sqlite3_column_int64(old, OLD_ZONE_KNOWN) == (int64_t)r->zone_known &&
           g_strcmp0(column_text(old, OLD_LANGUAGE), r->language) == 0 &&
           g_strcmp0(column_text(old, OLD_FORM_VERSION), r->form_version) == 0 &&
           g_strcmp0(column_text(old, OLD_PSEUDONYM), r->pseudonym) == 0 &&
           g_strcmp0(column_text(old, OLD_ANSWERS), packed->str) == 0;
}

static bool put_over(Store *store, StoreSource *source, sqlite3_stmt *old, const Response *r,
                     PutOutcome *ret, GError **error)
{
    bool was_deleted = sqlite3_column_int64(old, OLD_STATE) == STATE_DELETED;
    /* When a deletion was noticed is no matter of the source's: told again, it is the same. */
    if ((was_deleted && r->state == STATE_DELETED) || is_same(old, r, store->packed)) {
        if (!was_deleted && !refresh(store, old, r, error))
            return false;
        *ret = PUT_SAME;
        return true;
    }
    if (!replace(store, source, sqlite3_column_int64(old, OLD_NUMBER), r, error))
        return false;
    *ret = was_deleted ? PUT_RESTORED : PUT_CHANGED;
    return true;
}

static bool put_packed(Store *store, StoreSource *source, const Response *r, PutOutcome *ret,
                       GError **error)
{
    sqlite3_stmt *old =
        store_query(store, error, find_sql, "iit", source->number, store_width(r->id), r->id);
    bool row, ok;
    if (!old || !store_row(store, old, &row, error))
        return false;
    if (row) {
        ok = put_over(store, source, old, r, ret, error);
    } else {
        ok = insert(store, source, r, error);
        *ret = ok ? PUT_ADDED : *ret;
    }
    sqlite3_reset(old);
    return ok;
}

/* Finds the source, and the mapping of the pull, which stays the same for a whole pull. */
static StoreSource *page_source(Store *store, int64_t pull, const char *name, GError **error)
{
    StoreSource *source = store_source(store, name, error);
    if (source && store->pull == pull && store->pull_source == source->number)
        return source;
    int64_t mapping = 0;
    if ((source && !store_number(store, &mapping, error,
                                 "SELECT mapping FROM pull WHERE id = ? AND source = ?", "ii", pull,
                                 source->number)) ||
        (!source && error && *error))
        return NULL;
    if (!mapping) {
        g_set_error(error, INNSIKT_ERROR, INNSIKT_ERROR_STORE,
                    "%s: there is no pull %" G_GINT64_FORMAT " of %s", store->path, pull, name);
        return NULL;
    }
    store->pull = pull;
    store->pull_source = source->number;
    store->mapping = mapping;
    return source;
}

static bool put_known(Store *store, StoreSource *source, const Response *response, PutOutcome *ret,
                      GError **error)
{
    if (!pack(store, source, response, error)) {
        g_prefix_error(error, "response %s: ", response->id);
        return false;
    }
    if (store->any_aside &&
        !store_run(store, error, "DELETE FROM set_aside WHERE source = ? AND id = ?", "it",
                   source->number, response->id))
        return false;
    return put_packed(store, source, response, ret, error);
}

bool store_put(Store *store, int64_t pull, const char *source_name, const Response *response,
               PutOutcome *ret, GError **error)
{
    g_return_val_if_fail(store->in_page && response->id, false);
    g_autoptr(GError) cause = NULL;
    StoreSource *source = page_source(store, pull, source_name, &cause);
    bool forgotten = false;
    bool ok = source && store_forgotten(store, source_name, response->id, response->pseudonym,
                                        &forgotten, &cause);
    if (ok && forgotten)
        *ret = PUT_FORGOTTEN;
    else
        ok = ok && put_known(store, source, response, ret, &cause);
    if (!ok)
        g_propagate_error(error, g_steal_pointer(&cause));
    return ok;
}

bool store_set_aside(Store *store, int64_t pull, const char *source_name, const char *id,
                     const char *reason, GError **error)
{
    g_return_val_if_fail(store->in_page, false);
    g_autoptr(GError) cause = NULL;
    StoreSource *source = page_source(store, pull, source_name, &cause);
    store->any_aside = true;
    bool ok = source &&
              (!id || store_run(store, &cause, "DELETE FROM set_aside WHERE source = ? AND id = ?",
                                "it", source->number, id)) &&
              store_run(store, &cause, "INSERT OR REPLACE INTO set_aside VALUES (?, ?, ?, ?)",
                        "itti", source->number, id ? id : "", reason, pull);
    if (!ok)
        g_propagate_error(error, g_steal_pointer(&cause));
    return ok;
}
