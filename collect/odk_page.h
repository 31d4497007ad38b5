/* One page of submissions from OData, read as it arrives: `{"value":[…],"@odata.nextLink":…}`. No
 * more than one submission is held. */
#ifndef INNSIKT_COLLECT_ODK_PAGE_H
#define INNSIKT_COLLECT_ODK_PAGE_H

#include "collect/odk_fields.h"

/* What Central says about a submission. Each may be NULL. */
typedef enum {
    ODK_SUBMITTED,
    ODK_UPDATED,
    ODK_DELETED,
    ODK_STATUS, /* set when the submission is encrypted */
    ODK_REVIEW,
    ODK_VERSION,
    N_ODK_SYSTEM
} OdkSystem;

typedef struct {
    const char *id; /* lasting; NULL: it has none */
    const char *system[N_ODK_SYSTEM];
    const char *instance; /* meta/instanceID, which changes with each edit */
    Response *response;   /* its answers; the rest is for the taker to fill in */
    const char *trouble;  /* why it cannot be read; NULL: it can */
} OdkRow;

/* Takes one submission, valid during the call. */
typedef bool (*OdkTake)(const OdkRow *row, gpointer data, GError **error);

typedef struct OdkPage OdkPage;

/* The fields must outlive the page and may grow. */
OdkPage *odk_page_new(OdkFields *fields, OdkTake take, gpointer data);
void odk_page_free(OdkPage *page);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(OdkPage, odk_page_free)

bool odk_page_feed(OdkPage *page, const char *bytes, size_t n, GError **error);
void odk_page_restart(OdkPage *page); /* the same page comes anew */
/* After the last byte: PROTOCOL when something is missing. */
bool odk_page_end(OdkPage *page, GError **error);

/* True when the page broke off or lost its shape, so that asking again may help. */
bool odk_page_broken(const OdkPage *page);
const char *odk_page_next(const OdkPage *page); /* the link as it came; NULL: this is the last */
int64_t odk_page_count(const OdkPage *page);    /* of all pages; -1: not said */
guint odk_page_rows(const OdkPage *page);       /* submissions on this page */

/* A copy that outlives the page. */
OdkRow *odk_row_copy(const OdkRow *row);
void odk_row_free(gpointer row);

#endif
