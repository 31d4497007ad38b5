/* The words by which a form is understood (schemas/vocabulary.yaml): answers on scales, answers
 * that are none, and what a question asks for. Read once, borrowed for good, safe from any thread.
 */
#ifndef INNSIKT_COLLECT_VOCABULARY_H
#define INNSIKT_COLLECT_VOCABULARY_H

#include "schemas/response.h"

#include <stddef.h>

/* A family of answers: its words and the step each stands on. */
typedef struct {
    char *id;
    int n_steps;       /* of the whole family; a form uses some of them */
    int agree;         /* the step from which on people agree */
    bool weak;         /* plain questions have such answers too */
    bool judges;       /* says how well a thing stands: counts in verdicts with others that do */
    GHashTable *steps; /* folded word → GINT_TO_POINTER(step 1…) */
} AnswerFamily;

/* What spellings of one text share: letters and digits in lower case, words parted by one blank,
 * hyphens and apostrophes inside words left out. Caller owns. */
char *vocabulary_fold(const char *text);

const GPtrArray *vocabulary_families(void); /* of AnswerFamily* */
/* Why a folded answer is no step; MISSING_NONE when it may be one. */
Missing vocabulary_missing(const char *folded);
/* The word of `key` («quadrant», «polarity» …) that a folded answer means, or NULL. */
const char *vocabulary_answer(const char *key, const char *folded);
bool vocabulary_is_citizen(const char *folded);

/* Where in a folded text a meaning was found. */
typedef struct {
    size_t begin, end;
} Span;

/* Whether a question asks for `meaning`: a word of its code says so, or its text (both folded).
 * ret (may be NULL): the longest piece of the text that does; empty when only the code does. */
bool vocabulary_means(const char *meaning, const char *code, const char *text, Span *ret);

#endif
