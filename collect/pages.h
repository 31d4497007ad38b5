/* From one page of a list to the next, by the rules of project.yaml. A next address is followed
 * only on the same scheme, host and port, and never to a page that was read before. */
#ifndef INNSIKT_COLLECT_PAGES_H
#define INNSIKT_COLLECT_PAGES_H

#include "schemas/error.h"
#include "schemas/rest.h"

#include <json-c/json.h>
#include <stdint.h>

/* What a page has shown. */
typedef struct {
    json_object *around; /* what stands around its records; NULL: nothing */
    const char *links;   /* its Link headers; "" for none */
    const char *last;    /* the cursor that its last record says; NULL: none */
    int64_t rows;
} PageShown;

typedef struct Pages Pages;

/* Both must outlive the result. Begins with the first page. */
Pages *pages_new(const Paging *paging, const char *url);
void pages_free(Pages *pages);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Pages, pages_free)

void pages_begin(Pages *pages);                /* with the first page again */
const char *pages_address(const Pages *pages); /* to ask for; NULL: there are no more pages */
int pages_number(const Pages *pages);          /* of that page, from 1 */
/* Goes on behind a page. PROTOCOL when the server leads elsewhere, or in circles. */
bool pages_turn(Pages *pages, const PageShown *shown, GError **error);
/* How many records the list has in all, as the last page said; -1: it did not. */
int64_t pages_total(const Pages *pages);

/* The target of the link with this relation in the values of Link headers (RFC 8288); NULL: there
 * is none. Caller owns. */
char *link_target(const char *links, const char *relation);

#endif
