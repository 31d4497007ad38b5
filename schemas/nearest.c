#include "schemas/nearest.h"

enum { WORD_MAX = 64, TYPOS_MAX = 2, PREFIX_MIN = 3, NAMES_SHOWN = 12 };

/* Lower-case code points of the word, at most WORD_MAX; returns how many. */
static int word_letters(const char *word, gunichar letters[WORD_MAX])
{
    int n = 0;
    for (; *word && n < WORD_MAX; word = g_utf8_next_char(word))
        letters[n++] = g_unichar_tolower(g_utf8_get_char(word));
    return n;
}

/* Damerau 1964, Levenshtein 1966, as optimal string alignment: no part is edited twice. */
static int word_distance(const gunichar *a, int na, const gunichar *b, int nb)
{
    int d[3][WORD_MAX + 1];
    for (int j = 0; j <= nb; j++)
        d[0][j] = j;
    for (int i = 1; i <= na; i++) {
        int *row = d[i % 3], *above = d[(i + 2) % 3], *above2 = d[(i + 1) % 3];
        row[0] = i;
        for (int j = 1; j <= nb; j++) {
            row[j] = MIN(MIN(above[j], row[j - 1]) + 1, above[j - 1] + (a[i - 1] != b[j - 1]));
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                row[j] = MIN(row[j], above2[j - 2] + 1);
        }
    }
    return d[na % 3][nb];
}

int nearest_distance(const char *a, const char *b)
{
    gunichar x[WORD_MAX], y[WORD_MAX];
    const int n = word_letters(a, x);
    return word_distance(x, n, y, word_letters(b, y));
}

const char *nearest_name(const char *wanted, const char *const *known)
{
    gunichar a[WORD_MAX], b[WORD_MAX];
    const int na = word_letters(wanted, a);
    const char *best = NULL;
    int best_distance = MIN(TYPOS_MAX, na - 1) + 1;
    for (size_t i = 0; known[i]; i++) {
        const int distance = word_distance(a, na, b, word_letters(known[i], b));
        if (distance < best_distance) {
            best = known[i];
            best_distance = distance;
        }
    }
    if (best || na < PREFIX_MIN)
        return best;
    for (size_t i = 0; known[i]; i++)
        if (word_letters(known[i], b) >= PREFIX_MIN &&
            (g_str_has_prefix(known[i], wanted) || g_str_has_prefix(wanted, known[i])))
            return known[i];
    return NULL;
}

char *nearest_help(const char *wanted, const char *const *known)
{
    const char *name = nearest_name(wanted, known);
    if (name)
        return g_strdup_printf("did you mean \"%s\"?", name);
    if (!known[0])
        return g_strdup("none is known here");
    GString *help = g_string_new("known here: ");
    size_t n = 0;
    for (; n < NAMES_SHOWN && known[n]; n++)
        g_string_append_printf(help, "%s%s", n ? ", " : "", known[n]);
    size_t rest = g_strv_length((char **)known) - n;
    if (rest)
        g_string_append_printf(help, " and %zu more", rest);
    return g_string_free(help, FALSE);
}
