/* Statements that say the same in nearly the same words (methods.md 3.11, text.jaccard_shingles):
 * the resemblance of Broder 1997, |A ∩ B| / |A ∪ B| over the sets of character k-grams of the
 * tokens joined by one space (a shorter text is its own gram). Groups are proposals: nothing is
 * merged, and twenty identical answers stay twenty voices. Safe from any thread. */
#ifndef INNSIKT_ANALYZE_DUPLICATE_H
#define INNSIKT_ANALYZE_DUPLICATE_H

#include <glib.h>
#include <stdint.h>

#define DUPLICATE_GRAM     5   /* characters a gram */
#define DUPLICATE_LIKE     0.8 /* from here up: proposed as the same statement */
#define DUPLICATE_REWORDED 0.5 /* from here up: the same finding, reworded (3.15) */

/* The resemblance of two texts on grams of k ≥ 1 characters, 0 to 1; undefined when neither has a
 * token. */
double duplicate_jaccard(const char *a, const char *b, size_t k);

/* first[i]  the lowest index with exactly the same tokens as i
 * group[i]  the lowest index in i's group: those joined by a chain of resemblances ≥ least
 * Both are i itself for a statement that stands alone, and for one without tokens. */
typedef struct {
    size_t n;
    uint32_t *first, *group;
} Duplicates;

/* The duplicates among n texts; freed with duplicates_free. 0 < least ≤ 1. Exact ones are collapsed
 * first; then only pairs that share one of their rarest grams are compared, which loses none. */
Duplicates *duplicates_find(const char *const *texts, size_t n, double least);
void duplicates_free(Duplicates *d); /* accepts NULL */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Duplicates, duplicates_free)

#endif
