/* A page on its way to the store. What comes is kept in memory until the page is whole and then
 * written in one go, so that the store is locked for as long as writing takes and no longer,
 * however slowly the server sends. A page of more than PAGE_BYTES is written as it comes from there
 * on. */
#ifndef INNSIKT_COLLECT_PAGE_H
#define INNSIKT_COLLECT_PAGE_H

#include "schemas/response.h"
#include "schemas/store.h"

#include <pthread.h>

enum { PAGE_BYTES = 4 * 1024 * 1024 };

typedef struct Page Page;

/* One for a whole pull. `turn` is held while writing, by whoever shares the store; NULL: nobody.
 * All must outlive the page. */
Page *page_new(Store *store, const char *source, int64_t pull, pthread_mutex_t *turn);
/* What was not committed is gone. */
void page_free(Page *page);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Page, page_free)

/* A response as the gate let it through, copied. What the store cannot keep is set aside. */
bool page_response(Page *page, const Response *response, int64_t unreadable, GError **error);
bool page_set_aside(Page *page, const char *id, const char *reason, GError **error);
/* Not part of the page: what was seen stays seen. */
bool page_seen(Page *page, const char *id, const char *revision, GError **error);

/* Writes what is kept, so that the store can be asked about it; does not commit. */
bool page_flush(Page *page, GError **error);
/* Writes and commits, with the cursor. */
bool page_commit(Page *page, const char *cursor, GError **error);
/* Marks as deleted what was not seen, and commits. */
bool page_delete_unseen(Page *page, const char *cursor, int64_t now, GError **error);
/* Drops what is kept and not committed. */
void page_abort(Page *page);

/* What the committed pages came to. */
const PullCounts *page_counts(const Page *page);
/* Received, and known to be erased for good. */
int64_t page_forgotten(const Page *page);

#endif
