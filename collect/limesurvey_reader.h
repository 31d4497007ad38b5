/* Reads responses of a LimeSurvey survey by ranges of ids: the index, and the answers of those that
 * are wanted. One response that cannot be read is searched for by asking for ever shorter ranges,
 * and told; the others come through. */
#ifndef INNSIKT_COLLECT_LIMESURVEY_READER_H
#define INNSIKT_COLLECT_LIMESURVEY_READER_H

#include "collect/collector.h"
#include "collect/limesurvey_columns.h"
#include "collect/limesurvey_epoch.h"
#include "collect/limesurvey_session.h"

typedef struct {
    LsSession *session;
    const LsColumns *columns;
    LsEpoch *epoch;
    GTimeZone *zone;      /* of the server's times */
    Response *response;   /* reused for every one */
    GString *revision;    /* likewise */
    bool stamped;         /* the index showed that changes are stamped */
    int64_t bytes;        /* of replies; the caller sets it back */
    guint unreadable_row; /* unreadable responses since the last good one */
} LsReader;

/* Tells every id with its revision. *ret_listed: how many; *ret_whole: none can be missing. */
bool ls_reader_index(LsReader *reader, PageSink *sink, int64_t *ret_listed, bool *ret_whole,
                     GError **error);
/* Brings the responses whose ids are the keys of `wanted` (int64_t *), in as few requests as the
 * gaps between them allow, and takes out what came. What stays is gone by now, and noted. */
bool ls_reader_responses(LsReader *reader, PageSink *sink, GHashTable *wanted, GError **error);
/* Asks the survey's first responses who they are. *ret_began: others than those we knew. */
bool ls_reader_witnesses(LsReader *reader, bool *ret_began, GError **error);

/* A number of at most 18 digits. */
bool ls_digits(const char *text);

#endif
