/* Which term of a framework a text of a form speaks of: by id, by label in any language, or by a
 * label whose words are nearly the same. */
#ifndef INNSIKT_COLLECT_MATCHING_H
#define INNSIKT_COLLECT_MATCHING_H

#include "schemas/framework.h"

/* Shares of likeness (0…1) from which a text is taken for a label. */
#define LIKE_ITEM  0.7
#define LIKE_GROUP 0.55

typedef struct Matcher Matcher;

/* `framework` must outlive it. */
Matcher *matcher_new(const Framework *framework);
void matcher_free(Matcher *matcher);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Matcher, matcher_free)

/* Index of the term that is most like the folded text (vocabulary_fold), or -1: none is at least
 * `least` like it, or two are about as much. ret_like (may be NULL): how much. */
int matcher_find(Matcher *matcher, TermKind kind, const char *folded, double least,
                 double *ret_like);

/* Dice's coefficient (Dice 1945) over words, 2·shared / (one + other), each word weighing its
 * letters; words that begin with the same five letters are one word, since they are mostly forms of
 * one. 0 for two texts without words. */
double text_likeness(const char *folded, const char *other);

#endif
