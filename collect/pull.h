/* One pull of one source, from open to the log line: what `innsikt collect` does per source.
 * Sources may be pulled side by side, each in a thread and with a Store of its own. */
#ifndef INNSIKT_COLLECT_PULL_H
#define INNSIKT_COLLECT_PULL_H

#include "collect/collector.h"
#include "schemas/secret.h"
#include "schemas/store.h"

#include <pthread.h>

/* Told after every page; may be NULL. */
typedef void (*PullProgress)(const char *source, int64_t done, int64_t expected, gpointer data);

typedef struct {
    const Project *project;
    const Source *source;
    const Collector *collector; /* NULL: the registry's for the source's kind */
    const ProjectKey *key;
    Store *store;
    Transport *transport;     /* NULL for files on disk */
    bool full;                /* read everything anew */
    int64_t (*now)(void);     /* µs UTC; replaceable in tests */
    pthread_mutex_t *turn;    /* held while writing to the store, by all who do; NULL: alone */
    const volatile int *stop; /* set by Ctrl-C: the page is finished, then the pull stops; read
                                 atomically; may be NULL */
    PullProgress progress;
    gpointer progress_data;
    /* One sentence for the user that fails nothing; may be NULL. */
    void (*note)(const char *source, const char *text, gpointer data);
    gpointer note_data;
} PullJob;

/* Begins a pull: its line is in the log from then on, so that pulls have the order in which they
 * were begun, whoever comes first. NULL when it cannot begin: nothing is left behind. Copies the
 * job. */
typedef struct Pull Pull;
Pull *pull_begin(const PullJob *job, GError **error);
/* Does it over `transport` into `store`, in whatever thread, writes how it ended, and frees it.
 * With `unreached` (taken) there is no transport to be had, and the pull fails with that. What was
 * committed before a failure stays. *ret_counts is always written; received = added + changed +
 * same
 * + restored + set aside + forgotten, and a mismatch fails the pull. */
bool pull_finish(Pull *pull, Store *store, Transport *transport, GError *unreached,
                 PullCounts *ret_counts, GError **error);
/* Frees one that was never done; the next pull of the source closes its line. Accepts NULL. */
void pull_drop(Pull *pull);

/* Both at once, over the job's transport. */
bool pull_run(const PullJob *job, PullCounts *ret_counts, GError **error);

#endif
