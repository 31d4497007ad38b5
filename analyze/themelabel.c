#include "analyze/themelabel.h"

#include <math.h>
#include <string.h>

#include "analyze/compare.h"
#include "analyze/token.h"

static void term_clear(gpointer term)
{
    g_free(((ThemeTerm *)term)->term);
}

static void array_unref(gpointer array)
{
    g_array_unref(array);
}

/* Counts of strings; the table borrows them. */
static void count_all(GHashTable *counts, char *const *strings)
{
    for (char *const *s = strings; *s; s++) {
        guint n = GPOINTER_TO_UINT(g_hash_table_lookup(counts, *s));
        g_hash_table_insert(counts, *s, GUINT_TO_POINTER(n + 1));
    }
}

static int best_first(gconstpointer a, gconstpointer b)
{
    const ThemeTerm *x = a, *y = b;
    double sx = compare_round(x->score), sy = compare_round(y->score);
    if (sx != sy)
        return sx > sy ? -1 : 1;
    return strcmp(x->term, y->term);
}

static GArray *score_theme(char *const *terms, GHashTable *overall, double mean_length)
{
    g_autoptr(GHashTable) counts = g_hash_table_new(g_str_hash, g_str_equal);
    GArray *scores = g_array_new(FALSE, FALSE, sizeof(ThemeTerm));
    double length = g_strv_length((char **)terms);
    GHashTableIter iter;
    gpointer term, count;

    g_array_set_clear_func(scores, term_clear);
    count_all(counts, terms);
    g_hash_table_iter_init(&iter, counts);
    while (g_hash_table_iter_next(&iter, &term, &count)) {
        double everywhere = GPOINTER_TO_UINT(g_hash_table_lookup(overall, term));
        ThemeTerm t = {g_strdup(term),
                       GPOINTER_TO_UINT(count) / length * log(1 + mean_length / everywhere)};
        g_array_append_val(scores, t);
    }
    g_array_sort(scores, best_first);
    return scores;
}

GPtrArray *theme_ctfidf(char *const *const *themes, size_t n)
{
    g_autoptr(GHashTable) overall = g_hash_table_new(g_str_hash, g_str_equal);
    GPtrArray *lists = g_ptr_array_new_with_free_func(array_unref);
    double length = 0;

    for (size_t c = 0; c < n; c++) {
        count_all(overall, themes[c]);
        length += g_strv_length((char **)themes[c]);
    }
    for (size_t c = 0; c < n; c++)
        g_ptr_array_add(lists, score_theme(themes[c], overall, length / (double)n));
    return lists;
}

static void strv_free(gpointer strings)
{
    g_strfreev(strings);
}

/* The content words of a theme's statements, in order, with repeats. */
static char **words_of(const char *const *texts, const GArray *members)
{
    GPtrArray *words = g_ptr_array_new();
    for (guint m = 0; m < members->len; m++) {
        g_autofree char **list = token_content(texts[g_array_index(members, uint32_t, m)]);
        for (char **w = list; *w; w++)
            g_ptr_array_add(words, *w);
    }
    g_ptr_array_add(words, NULL);
    return (char **)g_ptr_array_free(words, FALSE);
}

static char **stems_of(char *const *words, Stemmer *stemmer)
{
    char **stems = g_new0(char *, g_strv_length((char **)words) + 1);
    for (size_t w = 0; words[w]; w++)
        stems[w] = stemmer_stem(stemmer, words[w]);
    return stems;
}

/* The commonest of the words whose stem (beside them) is `stem`; borrowed from words. */
static char *commonest_form(const char *stem, char *const *words, char *const *stems)
{
    g_autoptr(GHashTable) counts = g_hash_table_new(g_str_hash, g_str_equal);
    char *best = NULL;
    guint most = 0;

    for (size_t w = 0; words[w]; w++) {
        if (strcmp(stems[w], stem) != 0)
            continue;
        guint n = GPOINTER_TO_UINT(g_hash_table_lookup(counts, words[w])) + 1;
        g_hash_table_insert(counts, words[w], GUINT_TO_POINTER(n));
        if (n > most || (n == most && strcmp(words[w], best) < 0)) {
            best = words[w];
            most = n;
        }
    }
    return best;
}

static char **best_words(const GArray *scores, size_t k, char *const *words, char *const *stems)
{
    size_t n = MIN(k, scores->len);
    char **best = g_new0(char *, n + 1);
    for (size_t i = 0; i < n; i++) {
        const char *stem = g_array_index(scores, ThemeTerm, i).term;
        best[i] = g_strdup(commonest_form(stem, words, stems));
    }
    return best;
}

GPtrArray *theme_words(const char *const *texts, const GArray *const *members, size_t n, size_t k)
{
    g_autoptr(Stemmer) stemmer = stemmer_new();
    g_autoptr(GPtrArray) words = g_ptr_array_new_with_free_func(strv_free);
    g_autoptr(GPtrArray) stems = g_ptr_array_new_with_free_func(strv_free);
    GPtrArray *best = g_ptr_array_new_with_free_func(strv_free);

    for (size_t c = 0; c < n; c++) {
        g_ptr_array_add(words, words_of(texts, members[c]));
        g_ptr_array_add(stems, stems_of(words->pdata[c], stemmer));
    }
    g_autoptr(GPtrArray) scores = theme_ctfidf((char *const *const *)stems->pdata, n);
    for (size_t c = 0; c < n; c++)
        g_ptr_array_add(best, best_words(scores->pdata[c], k, words->pdata[c], stems->pdata[c]));
    return best;
}

double theme_distance_sum(const double *distance, size_t n, size_t i)
{
    double sum = 0;
    for (size_t j = 0; j < n; j++)
        sum += distance[i * n + j];
    return sum;
}

size_t theme_medoid(const double *distance, size_t n)
{
    size_t best = 0;
    double least = INFINITY;

    for (size_t i = 0; i < n; i++) {
        double sum = compare_round(theme_distance_sum(distance, n, i));
        if (sum < least) {
            least = sum;
            best = i;
        }
    }
    return best;
}
