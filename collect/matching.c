#include "collect/matching.h"

#include "collect/vocabulary.h"

#include <math.h>
#include <string.h>

enum { STEM_LETTERS = 5 };

#define LEAD       0.08 /* by which the most like must be ahead of the next */
#define AS_GOOD_AS 0.999

typedef struct {
    int index;
    char *folded;
} Name;

struct Matcher {
    const Framework *framework;
    GArray *names[N_TERM_KINDS]; /* of Name; NULL: not folded yet */
};

/* --- likeness -------------------------------------------------------------------------------- */

static bool words_agree(const char *one, const char *other)
{
    if (g_str_equal(one, other))
        return true;
    const char *end = one, *same = other;
    for (int n = 0; n < STEM_LETTERS; n++) {
        if (!*end || !*same || g_utf8_get_char(end) != g_utf8_get_char(same))
            return false;
        end = g_utf8_next_char(end);
        same = g_utf8_next_char(same);
    }
    return true;
}

static double weight(char *const *words)
{
    double sum = 0;
    for (; *words; words++)
        sum += (double)g_utf8_strlen(*words, -1);
    return sum;
}

/* Each word of one is spent by at most one word of the other. */
double text_likeness(const char *folded, const char *other)
{
    g_auto(GStrv) mine = g_strsplit(folded, " ", -1), theirs = g_strsplit(other, " ", -1);
    const double all = weight(mine) + weight(theirs);
    double shared = 0;
    for (char **word = mine; *word; word++)
        for (char **match = theirs; *match; match++)
            if (**match && words_agree(*word, *match)) {
                shared += (double)(g_utf8_strlen(*word, -1) + g_utf8_strlen(*match, -1));
                **match = '\0';
                break;
            }
    return all > 0 ? shared / all : 0;
}

/* --- terms ----------------------------------------------------------------------------------- */

Matcher *matcher_new(const Framework *framework)
{
    Matcher *matcher = g_new0(Matcher, 1);
    matcher->framework = framework;
    return matcher;
}

void matcher_free(Matcher *matcher)
{
    if (!matcher)
        return;
    for (int kind = 0; kind < N_TERM_KINDS; kind++)
        if (matcher->names[kind])
            g_array_unref(matcher->names[kind]);
    g_free(matcher);
}

static void name_clear(gpointer data)
{
    g_free(((Name *)data)->folded);
}

static void names_add(GArray *names, int index, const Label *label)
{
    for (int l = 0; l < N_LANGUAGES; l++) {
        if (!label->text[l])
            continue;
        Name name = {index, vocabulary_fold(label->text[l])};
        g_array_append_val(names, name);
    }
}

/* A dilemma as a form asks for it: the question and both poles. */
static void names_add_poles(GArray *names, int index, const Term *term)
{
    for (int l = 0; l < N_LANGUAGES; l++) {
        const char *const parts[] = {term->detail.text[l], term->pole_a.text[l],
                                     term->pole_b.text[l]};
        if (!parts[0] || !parts[1] || !parts[2])
            continue;
        g_autofree char *whole = g_strjoin(" ", parts[0], parts[1], parts[2], NULL);
        Name name = {index, vocabulary_fold(whole)};
        g_array_append_val(names, name);
    }
}

static const GArray *names_of(Matcher *matcher, TermKind kind)
{
    if (matcher->names[kind])
        return matcher->names[kind];
    const TermList *list = &matcher->framework->list[kind];
    GArray *names = g_array_new(FALSE, FALSE, sizeof(Name));
    g_array_set_clear_func(names, name_clear);
    for (size_t i = 0; i < list->n; i++) {
        names_add(names, (int)i, &list->v[i].label);
        names_add(names, (int)i, &list->v[i].brief);
        if (kind == TERM_QUESTION || kind == TERM_DILEMMA)
            names_add(names, (int)i, &list->v[i].detail);
        if (kind == TERM_DILEMMA)
            names_add_poles(names, (int)i, &list->v[i]);
    }
    matcher->names[kind] = names;
    return names;
}

int matcher_find(Matcher *matcher, TermKind kind, const char *folded, double least,
                 double *ret_like)
{
    const GArray *names = names_of(matcher, kind);
    int best = -1;
    double most = 0, next = 0;
    for (guint i = 0; *folded && i < names->len; i++) {
        const Name *name = &g_array_index(names, Name, i);
        const double like =
            g_str_equal(folded, name->folded) ? 1 : text_likeness(folded, name->folded);
        if (like > most) {
            next = name->index == best ? next : most;
            most = like;
            best = name->index;
        } else if (name->index != best) {
            next = fmax(next, like);
        }
    }
    if (ret_like)
        *ret_like = most;
    return most >= least && (most - next >= LEAD || most >= AS_GOOD_AS) ? best : -1;
}
