#include "analyze/search.h"

#include <glib.h>
#include <math.h>

/* How often each term of the query stands in a document; returns the document's length. */
static size_t count_terms(char *const *document, GHashTable *places, size_t terms, double *tf)
{
    size_t length = 0;

    for (size_t t = 0; t < terms; t++)
        tf[t] = 0;
    for (char *const *term = document; *term; term++, length++) {
        guint place = GPOINTER_TO_UINT(g_hash_table_lookup(places, *term));
        if (place > 0)
            tf[place - 1] += 1;
    }
    return length;
}

void search_bm25(char *const *const *documents, size_t n, char *const *query, double *scores)
{
    g_autoptr(GHashTable) places = g_hash_table_new(g_str_hash, g_str_equal); /* from 1 */
    size_t terms = g_strv_length((char **)query), total = 0;
    g_autofree double *tf = g_new(double, terms), *df = g_new0(double, terms);

    for (size_t t = 0; t < terms; t++)
        if (!g_hash_table_contains(places, query[t]))
            g_hash_table_insert(places, query[t], GUINT_TO_POINTER(t + 1));
    for (size_t i = 0; i < n; i++) {
        total += count_terms(documents[i], places, terms, tf);
        for (size_t t = 0; t < terms; t++)
            df[t] += tf[t] > 0;
    }

    double mean = n > 0 ? (double)total / (double)n : 0;
    for (size_t i = 0; i < n; i++) {
        double length = (double)count_terms(documents[i], places, terms, tf);
        scores[i] = 0;
        for (size_t t = 0; t < terms; t++) {
            size_t place = GPOINTER_TO_UINT(g_hash_table_lookup(places, query[t])) - 1;
            if (tf[place] <= 0)
                continue;
            double idf = log(1 + ((double)n - df[place] + 0.5) / (df[place] + 0.5));
            double damped = SEARCH_K1 * (1 - SEARCH_B + SEARCH_B * length / mean);
            scores[i] += idf * tf[place] * (SEARCH_K1 + 1) / (tf[place] + damped);
        }
    }
}
