/* One pull of one source, from open to the log line: what `innsikt collect` does per source. */
#ifndef INNSIKT_COLLECT_PULL_H
#define INNSIKT_COLLECT_PULL_H

#include "collect/collector.h"
#include "schemas/secret.h"
#include "schemas/store.h"

/* Told after every page; may be NULL. */
typedef void (*PullProgress)(const char *source, int64_t done, int64_t expected, gpointer data);

typedef struct {
    const Project *project;
    const Source *source;
    const Collector *collector; /* NULL: the registry's for the source's kind */
    const ProjectKey *key;
    Store *store;
    Transport *transport; /* NULL for files on disk */
    bool full;            /* read everything anew */
    int64_t (*now)(void); /* µs UTC; replaceable in tests */
    const volatile int
        *stop; /* set by Ctrl-C: the page is finished, then the pull stops; may be NULL */
    PullProgress progress;
    gpointer progress_data;
    /* One sentence for the user that fails nothing; may be NULL. */
    void (*note)(const char *source, const char *text, gpointer data);
    gpointer note_data;
} PullJob;

/* Runs the pull. What was committed before a failure stays. *ret_counts is always written; received
 * = added + changed + same + restored + set aside + forgotten, and a mismatch fails the pull. */
bool pull_run(const PullJob *job, PullCounts *ret_counts, GError **error);

#endif
