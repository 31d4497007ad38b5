#include "collect/matching.h"

#include "collect/vocabulary.h"

#include <math.h>
#include <string.h>

enum { STEM_LETTERS = 5, WORDS_MOST = 48 };

#define LEAD       0.08 /* by which the most like must be ahead of the next */
#define AS_GOOD_AS 0.999

/* A folded text in words; those beyond the limit are not looked at. */
typedef struct {
    char **word;
    int letters[WORDS_MOST];
    int n, sum; /* words, and letters of them all */
} Words;

typedef struct {
    int index;
    char *folded;
    Words words;
} Name;

struct Matcher {
    const Framework *framework;
    GArray *names[N_TERM_KINDS]; /* of Name; NULL: not folded yet */
};

/* --- likeness -------------------------------------------------------------------------------- */

static Words words_new(const char *folded)
{
    Words words = {.word = g_strsplit(folded, " ", WORDS_MOST + 1)};
    for (; words.n < WORDS_MOST && words.word[words.n]; words.n++) {
        words.letters[words.n] = (int)g_utf8_strlen(words.word[words.n], -1);
        words.sum += words.letters[words.n];
    }
    return words;
}

static bool words_agree(const char *one, const char *other)
{
    const char *end = one, *same = other;
    if (*one != *other)
        return false;
    for (int n = 0; n < STEM_LETTERS; n++) {
        if (!*end || !*same || g_utf8_get_char(end) != g_utf8_get_char(same))
            return !*end && !*same;
        end = g_utf8_next_char(end);
        same = g_utf8_next_char(same);
    }
    return true;
}

/* Each word of one is spent by at most one word of the other. */
static double likeness(const Words *mine, const Words *theirs)
{
    bool spent[WORDS_MOST] = {false};
    int shared = 0;
    for (int i = 0; i < mine->n; i++)
        for (int k = 0; k < theirs->n; k++)
            if (!spent[k] && words_agree(mine->word[i], theirs->word[k])) {
                shared += mine->letters[i] + theirs->letters[k];
                spent[k] = true;
                break;
            }
    return mine->sum + theirs->sum ? (double)shared / (mine->sum + theirs->sum) : 0;
}

double text_likeness(const char *folded, const char *other)
{
    const Words mine = words_new(folded), theirs = words_new(other);
    const double like = likeness(&mine, &theirs);
    g_strfreev(mine.word);
    g_strfreev(theirs.word);
    return like;
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
    Name *name = data;
    g_strfreev(name->words.word);
    g_free(name->folded);
}

static void name_add(GArray *names, int index, const char *text)
{
    Name name = {.index = index, .folded = vocabulary_fold(text)};
    name.words = words_new(name.folded);
    g_array_append_val(names, name);
}

static void names_add(GArray *names, int index, const Label *label)
{
    for (int l = 0; l < N_LANGUAGES; l++) {
        if (label->text[l])
            name_add(names, index, label->text[l]);
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
        name_add(names, index, whole);
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
    const Words words = words_new(folded);
    int best = -1;
    double most = 0, next = 0;
    for (guint i = 0; *folded && i < names->len; i++) {
        const Name *name = &g_array_index(names, Name, i);
        const double like = g_str_equal(folded, name->folded) ? 1 : likeness(&words, &name->words);
        if (like > most) {
            next = name->index == best ? next : most;
            most = like;
            best = name->index;
        } else if (name->index != best) {
            next = fmax(next, like);
        }
    }
    g_strfreev(words.word);
    if (ret_like)
        *ret_like = most;
    return most >= least && (most - next >= LEAD || most >= AS_GOOD_AS) ? best : -1;
}
