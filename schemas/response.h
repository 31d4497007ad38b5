/* The canonical response: what every form system's answers become, and what the store keeps. */
#ifndef INNSIKT_SCHEMAS_RESPONSE_H
#define INNSIKT_SCHEMAS_RESPONSE_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

/* Why there is no value: enum name, number in the store, word in results and messages. */
#define MISSING_REASONS(X)                                                                         \
    X(NONE, 0, "")                         /* there is a value */                                  \
    X(NOT_SHOWN, 1, "not_shown")           /* routed past: the question was never put */           \
    X(NOT_ANSWERED, 2, "not_answered")     /* put, left blank */                                   \
    X(NOT_IN_VERSION, 3, "not_in_version") /* the form answered did not have it */                 \
    X(DONT_KNOW, 4, "dont_know")           /* an answer, but not a measurement */                  \
    X(NOT_APPLICABLE, 5, "not_applicable")                                                         \
    X(UNREADABLE, 6, "unreadable") /* came in, but no declared code knows it */                    \
    X(UNKNOWN, 7, "unknown")       /* the source does not tell */

typedef enum {
#define X(name, number, word) MISSING_##name = number,
    MISSING_REASONS(X)
#undef X
        N_MISSING
} Missing;

const char *missing_word(Missing missing);
bool missing_parse(const char *word, Missing *ret);

typedef enum {
    STATE_COMPLETE,
    STATE_PARTIAL,
    STATE_SCREENED_OUT,
    STATE_REJECTED, /* reviewed at the source and turned down: kept, never counted */
    STATE_DELETED,
    N_STATES
} ResponseState;

const char *state_word(ResponseState state);

enum { INSTANCE_NONE = -1 };
#define TIME_UNKNOWN G_MININT64

/* One answer. `text` is the value as the source gave it (code, number or free text, UTF-8); NULL
 * when there is none, and then `missing` says why. */
typedef struct {
    const char *question; /* as the form system names it: CODE, CODE[SUB], group/field, column */
    const char *text;
    Missing missing;
    int instance; /* which instance of a repeat, from 0; INSTANCE_NONE outside repeats */
} Answer;

/* One response. Strings live in the response's own arena (a GStringChunk) and die with it. A
 * collector fills it, the privacy gate takes away what is not mapped, the store keeps the rest. */
typedef struct {
    const char *id;           /* stable through edits */
    const char *revision;     /* changes on edit, as far as the source tells; may be NULL */
    const char *form_version; /* may be NULL */
    const char *language;     /* may be NULL */
    const char *pseudonym;    /* set by the gate; NULL: nobody could be told apart */
    ResponseState state;
    int64_t submitted, updated; /* µs since 1970 UTC; TIME_UNKNOWN */
    bool zone_known; /* false: the source gave local time and the project's zone was used */
    GArray *answers; /* of Answer */
    GStringChunk *arena;
} Response;

Response *response_new(void);
void response_reset(Response *response); /* empties it for the next one, keeps its memory */
void response_free(Response *response);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Response, response_free)

/* Copies text into the response's arena. NULL stays NULL. */
const char *response_keep(Response *response, const char *text);
/* Adds an answer, copying its strings; text NULL needs a reason other than MISSING_NONE. */
void response_answer(Response *response, const char *question, int instance, const char *text,
                     Missing missing);

#endif
