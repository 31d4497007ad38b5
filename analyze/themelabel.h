/* A name to start from for a theme (methods.md 4.9): its words, and the statement that stands for
 * it. Proposals; a person names the theme. Pure functions, safe from any thread. */
#ifndef INNSIKT_ANALYZE_THEMELABEL_H
#define INNSIKT_ANALYZE_THEMELABEL_H

#include <glib.h>
#include <stdint.h>

typedef struct {
    char *term; /* owned */
    double score;
} ThemeTerm;

/* What sets each theme apart (class-based TF-IDF, Grootendorst 2022; with the real mean A where
 * BERTopic truncates it):
 *
 *     score of t in c = tf_tc / Σ_t tf_tc · ln(1 + A / f_t)
 *
 * A the mean number of terms a theme, f_t how often t occurs in all of them.
 *
 * themes  n NULL-terminated lists of terms, read only. Returns n lists (GArray of ThemeTerm, empty
 * for a theme without terms), best first, byte order on ties (12 decimals); freed with
 * g_ptr_array_unref. */
GPtrArray *theme_ctfidf(char *const *const *themes, size_t n);

/* For each of n themes its at most k best stems by theme_ctfidf, each in its commonest form among
 * the theme's statements (lower case; byte order on ties): NULL-terminated lists (char **), freed
 * with g_ptr_array_unref.
 *
 * members[c] lists the statements of theme c (uint32_t, into texts); one may be in several. */
GPtrArray *theme_words(const char *const *texts, const GArray *const *members, size_t n, size_t k);

/* The item with the smallest summed distance to the others, the first on ties (12 decimals).
 * distance: n × n, row by row, n ≥ 1. */
size_t theme_medoid(const double *distance, size_t n);

/* The summed distance of item i to all. */
double theme_distance_sum(const double *distance, size_t n, size_t i);

#endif
