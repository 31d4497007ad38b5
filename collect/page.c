#include "collect/page.h"

#include "schemas/error.h"

#include <string.h>

enum { SEEN_AT_ONCE = 1000 };

/* A response, or a record that was set aside. The texts lie in the page's arena. */
typedef struct {
    Response response; /* its answers: from `first` on */
    guint first, n;
    int64_t unreadable;
    const char *reason; /* NULL: a response */
} Entry;

struct Page {
    Store *store;
    const char *source;
    int64_t pull;
    pthread_mutex_t *turn;
    bool open; /* in the store */
    GArray *entries, *answers;
    GStringChunk *texts;
    size_t bytes;
    GArray *seen; /* of StoreSeen */
    GStringChunk *seen_texts;
    Response *scratch;
    PullCounts counts, committed; /* with the page that is open, and without */
    int64_t forgotten, forgotten_committed;
};

Page *page_new(Store *store, const char *source, int64_t pull, pthread_mutex_t *turn)
{
    enum { BLOCK = 64 * 1024 };
    Page *page = g_new0(Page, 1);
    *page = (Page){.store = store, .source = source, .pull = pull, .turn = turn};
    page->entries = g_array_new(FALSE, FALSE, sizeof(Entry));
    page->answers = g_array_new(FALSE, FALSE, sizeof(Answer));
    page->texts = g_string_chunk_new(BLOCK);
    page->seen = g_array_new(FALSE, FALSE, sizeof(StoreSeen));
    page->seen_texts = g_string_chunk_new(BLOCK);
    page->scratch = response_new();
    return page;
}

void page_free(Page *page)
{
    if (!page)
        return;
    page_abort(page);
    g_array_unref(page->entries);
    g_array_unref(page->answers);
    g_string_chunk_free(page->texts);
    g_array_unref(page->seen);
    g_string_chunk_free(page->seen_texts);
    response_free(page->scratch);
    g_free(page);
}

/* --- keeping --- */

static const char *keep(Page *page, const char *text)
{
    if (!text)
        return NULL;
    const size_t n = strlen(text);
    page->bytes += n + 1;
    return g_string_chunk_insert_len(page->texts, text, (gssize)n);
}

/* Responses answer the same questions in the same order: the name that an answer at this place had
 * in the response before is mostly its own. */
static const char *keep_question(Page *page, const char *question, guint i)
{
    if (page->entries->len) {
        const Entry *before = &g_array_index(page->entries, Entry, page->entries->len - 1);
        const char *known =
            i < before->n ? g_array_index(page->answers, Answer, before->first + i).question : NULL;
        if (known && g_str_equal(known, question))
            return known;
    }
    return keep(page, question);
}

static void forget(Page *page)
{
    g_array_set_size(page->entries, 0);
    g_array_set_size(page->answers, 0);
    g_string_chunk_clear(page->texts);
    page->bytes = 0;
}

static bool keep_entry(Page *page, const Entry *entry, GError **error)
{
    g_array_append_val(page->entries, *entry);
    page->bytes += sizeof *entry + entry->n * sizeof(Answer);
    return page->bytes < PAGE_BYTES || page_flush(page, error);
}

bool page_response(Page *page, const Response *response, int64_t unreadable, GError **error)
{
    Entry entry = {.response = *response,
                   .first = page->answers->len,
                   .n = response->answers->len,
                   .unreadable = unreadable};
    entry.response.id = keep(page, response->id);
    entry.response.revision = keep(page, response->revision);
    entry.response.form_version = keep(page, response->form_version);
    entry.response.language = keep(page, response->language);
    entry.response.pseudonym = keep(page, response->pseudonym);
    for (guint i = 0; i < entry.n; i++) {
        Answer answer = g_array_index(response->answers, Answer, i);
        answer.question = keep_question(page, answer.question, i);
        answer.text = keep(page, answer.text);
        g_array_append_val(page->answers, answer);
    }
    return keep_entry(page, &entry, error);
}

bool page_set_aside(Page *page, const char *id, const char *reason, GError **error)
{
    Entry entry = {.response.id = keep(page, id), .reason = keep(page, reason)};
    return keep_entry(page, &entry, error);
}

static bool write_seen(Page *page, GError **error)
{
    bool ok = store_seen_many(page->store, (const StoreSeen *)(void *)page->seen->data,
                              page->seen->len, error);
    g_array_set_size(page->seen, 0);
    g_string_chunk_clear(page->seen_texts);
    return ok;
}

bool page_seen(Page *page, const char *id, const char *revision, GError **error)
{
    StoreSeen seen = {g_string_chunk_insert(page->seen_texts, id),
                      revision ? g_string_chunk_insert(page->seen_texts, revision) : NULL};
    g_array_append_val(page->seen, seen);
    return page->seen->len < SEEN_AT_ONCE || write_seen(page, error);
}

/* --- writing --- */

static bool page_open(Page *page, GError **error)
{
    if (page->open)
        return true;
    if (page->turn)
        pthread_mutex_lock(page->turn);
    page->open = store_page_begin(page->store, error);
    if (!page->open && page->turn)
        pthread_mutex_unlock(page->turn);
    return page->open;
}

/* The page in the store is over, one way or the other. */
static void page_closed(Page *page)
{
    page->open = false;
    if (page->turn)
        pthread_mutex_unlock(page->turn);
}

static bool write_aside(Page *page, const char *id, const char *reason, GError **error)
{
    page->counts.received++;
    page->counts.set_aside++;
    return store_set_aside(page->store, page->pull, page->source, id, reason, error);
}

static void count(Page *page, const Entry *entry, PutOutcome outcome)
{
    PullCounts *counts = &page->counts;
    if (entry->response.state == STATE_DELETED) {
        counts->deleted += outcome == PUT_CHANGED;
        return;
    }
    counts->received++;
    counts->unreadable += entry->unreadable;
    counts->added += outcome == PUT_ADDED;
    counts->changed += outcome == PUT_CHANGED;
    counts->same += outcome == PUT_SAME;
    counts->restored += outcome == PUT_RESTORED;
    page->forgotten += outcome == PUT_FORGOTTEN;
}

/* What cannot be kept is one record less, not a failed pull. */
static bool write_response(Page *page, const Entry *entry, GError **error)
{
    Response response = entry->response;
    PutOutcome outcome;
    g_autoptr(GError) trouble = NULL;
    response.answers = page->scratch->answers;
    g_array_set_size(response.answers, 0);
    if (entry->n)
        g_array_append_vals(response.answers, &g_array_index(page->answers, Answer, entry->first),
                            entry->n);
    if (store_put(page->store, page->pull, page->source, &response, &outcome, &trouble)) {
        count(page, entry, outcome);
        return true;
    }
    if (g_error_matches(trouble, INNSIKT_ERROR, INNSIKT_ERROR_DATA) ||
        g_error_matches(trouble, INNSIKT_ERROR, INNSIKT_ERROR_LIMIT))
        return write_aside(page, response.id, trouble->message, error);
    g_propagate_error(error, g_steal_pointer(&trouble));
    return false;
}

bool page_flush(Page *page, GError **error)
{
    if (page->seen->len && !write_seen(page, error))
        return false;
    if (!page->entries->len)
        return true;
    bool ok = page_open(page, error);
    for (guint i = 0; ok && i < page->entries->len; i++) {
        const Entry *entry = &g_array_index(page->entries, Entry, i);
        ok = entry->reason ? write_aside(page, entry->response.id, entry->reason, error)
                           : write_response(page, entry, error);
    }
    forget(page);
    return ok;
}

bool page_commit(Page *page, const char *cursor, GError **error)
{
    if (!page_flush(page, error) || !page_open(page, error))
        return false;
    bool ok = store_page_commit(page->store, page->pull, cursor, &page->counts, error);
    page_closed(page);
    if (ok) {
        page->committed = page->counts;
        page->forgotten_committed = page->forgotten;
    }
    return ok;
}

bool page_delete_unseen(Page *page, const char *cursor, int64_t now, GError **error)
{
    int64_t deleted;
    if (!page_flush(page, error) || !page_open(page, error) ||
        !store_delete_unseen(page->store, page->pull, page->source, now, &deleted, error))
        return false;
    page->counts.deleted += deleted; /* beside those that the source told */
    return page_commit(page, cursor, error);
}

void page_abort(Page *page)
{
    forget(page);
    if (!page->open)
        return;
    store_page_abort(page->store);
    page_closed(page);
    page->counts = page->committed;
    page->forgotten = page->forgotten_committed;
}

const PullCounts *page_counts(const Page *page)
{
    return &page->committed;
}

int64_t page_forgotten(const Page *page)
{
    return page->forgotten_committed;
}
