/* One form system. A new one is a new file that defines `const Collector collector_<kind>` and one
 * line in collectors.def; options, help, check and the replay tests follow from there.
 *
 * - open checks the source and logs in where the system wants that. On failure nothing is left
 *   behind and close is not called.
 * - questions gives the form's questions, types and choices; NULL with an error.
 * - next brings one page: calls the sink for what it found and returns. The runner commits the
 * page, with the cursor, before it asks for the next.
 * - cursor is what to give to open as context->cursor next time; caller owns; may be NULL.
 * - close logs out, also after failure; accepts what open made, never NULL. */
#ifndef INNSIKT_COLLECT_COLLECTOR_H
#define INNSIKT_COLLECT_COLLECTOR_H

#include "collect/transport.h"
#include "schemas/form.h"
#include "schemas/project.h"
#include "schemas/response.h"

typedef enum { STEP_MORE, STEP_DONE, STEP_FAILED } Step;

/* Where a page goes. The response given to `response` may be reused after the call. */
typedef struct PageSink PageSink;
struct PageSink {
    bool (*response)(PageSink *sink, Response *response, GError **error);
    /* One record that could not be read; `id` may be NULL. Never a failed pull. */
    bool (*set_aside)(PageSink *sink, const char *id, const char *reason, GError **error);
    /* Positive evidence that a response exists at the source, with its revision (may be NULL). */
    bool (*seen)(PageSink *sink, const char *id, const char *revision, GError **error);
    /* Seen ids that the store has not got in this revision, after `after`, at most `max`. */
    GPtrArray *(*wanted)(PageSink *sink, bool everything, const char *after, guint max,
                         GError **error);
    /* How many responses that were collected before have not been seen by this pull, so far: worth
     * a second look before they count as deleted. */
    bool (*unseen)(PageSink *sink, int64_t *ret, GError **error);
    /* For progress: how many responses the source has in all; called when known. */
    void (*expect)(PageSink *sink, int64_t total);
    /* One sentence for the user that stops nothing: padded rows, replaced characters, no id
     * column. Names places, never an answer. */
    void (*note)(PageSink *sink, const char *text);
    /* The index is no evidence that what it lacks is gone (it was empty, or shorter than the source
     * says): nothing is marked deleted by this pull. `why` is noted; NULL says nothing, for a pull
     * that asks only for what changed, and tells deletions as responses of STATE_DELETED. */
    void (*doubt)(PageSink *sink, const char *why);
};

typedef struct {
    const Project *project;
    const Source *source;
    Transport *transport;
    const char *cursor; /* of the last good pull, or NULL */
    bool everything;    /* read every response anew: --full, or the mapping has changed */
    GTimeZone *zone;    /* for times without one */
    bool finished;      /* the last pull ended well: what is stored is what the cursor stands for */
} CollectContext;

typedef struct Collector {
    const char *kind;            /* the word in project.yaml */
    const char *summary;         /* one line of help */
    const char *written_against; /* product and version the recorded replies came from */
    bool reads_files;            /* needs `path`, not `url` and `form` */
    bool whole_index; /* a pull that ends well has seen every id: the unseen are deleted */
    void *(*open)(const CollectContext *context, GError **error);
    Form *(*questions)(void *self, GError **error);
    Step (*next)(void *self, PageSink *sink, GError **error);
    char *(*cursor)(void *self);
    void (*close)(void *self);
    /* Whether responses may be read, by the least that can be asked: PERMISSION names the missing
     * right. For check, which reads none. NULL: asking for the questions shows it. */
    bool (*readable)(void *self, GError **error);
    /* Whether the source says that it is as the last pull left it: then neither questions nor pages
     * are asked for. Called after open. NULL: it cannot tell. */
    bool (*unchanged)(void *self);
} Collector;

const Collector *collector_find(const char *kind); /* NULL: no such kind */
/* The USAGE error for a source whose kind nobody plays, with the nearest one that somebody does. */
void collector_unknown(const Source *source, GError **error);
const Collector *const *collectors_all(void); /* NULL-terminated, by registry order */

#endif
