#include "collect/placing.h"

typedef struct {
    const char *key;
    TermKind terms; /* N_TERM_KINDS: words of the vocabulary */
    double least;   /* likeness to a label */
} Row;

/* The first that fits is taken. */
static const Row rows[] = {
    {"quadrant", N_TERM_KINDS, 0},
    {"polarity", N_TERM_KINDS, 0},
    {"origin", N_TERM_KINDS, 0},
    {"evidence", N_TERM_KINDS, 0},
    {"category", TERM_CATEGORY, LIKE_ITEM},
    {"stream", TERM_STREAM, LIKE_ITEM},
    {"trend", TERM_TREND, LIKE_ITEM},
    {"area", TERM_FOCUS, LIKE_ITEM},
    {"area", TERM_AREA, LIKE_ITEM},
    {"item", TERM_ITEM, LIKE_ITEM},
};

enum { CHOICES_MOST = 60 };

void placing_free(Placing *placing)
{
    if (!placing)
        return;
    for (guint i = 0; i < placing->n; i++)
        g_free(placing->to[i]);
    g_free(placing->to);
    g_free(placing);
}

/* By its label, else by its code, which whoever made the form may have named as the framework does.
 * Caller owns. */
static char *name_for(Matcher *matcher, const Framework *framework, const Row *row,
                      const FormChoice *choice)
{
    g_autofree char *folded = vocabulary_fold(choice->text ? choice->text : choice->code);
    g_autofree char *code = vocabulary_fold(choice->code);
    if (row->terms == N_TERM_KINDS) {
        const char *word = vocabulary_answer(row->key, folded);
        return g_strdup(word ? word : vocabulary_answer(row->key, code));
    }
    if (!folded[strspn(folded, "0123456789 ")])
        return NULL; /* a number is no name, though some terms have such ids */
    int index = framework_match(framework, row->terms, choice->text ? choice->text : choice->code);
    if (index < 0)
        index = matcher_find(matcher, row->terms, folded, row->least, NULL);
    if (index < 0 && code[strspn(code, "0123456789 ")])
        index = framework_match(framework, row->terms, choice->code);
    return index < 0 ? NULL : g_strdup(framework->list[row->terms].v[index].id);
}

/* At least two of them differ, and most are known. */
static bool names_place(const Placing *placing)
{
    const char *first = NULL;
    bool differ = false;
    for (guint i = 0; i < placing->n; i++) {
        differ = differ || (first && placing->to[i] && !g_str_equal(first, placing->to[i]));
        first = first ? first : placing->to[i];
    }
    return differ && placing->unknown * 2 < placing->n;
}

Placing *placing_read(Matcher *matcher, const Framework *framework, const Asked *asked)
{
    const GArray *choices = asked->question->choices;
    if (choices->len < 2 || choices->len > CHOICES_MOST || asked->question->kind == FORM_MULTI ||
        asked->aside)
        return NULL;
    for (size_t r = 0; r < G_N_ELEMENTS(rows); r++) {
        g_autoptr(Placing) placing = g_new0(Placing, 1);
        placing->key = rows[r].key;
        placing->n = choices->len;
        placing->to = g_new0(char *, choices->len);
        for (guint i = 0; i < choices->len; i++) {
            placing->to[i] =
                name_for(matcher, framework, &rows[r], &g_array_index(choices, FormChoice, i));
            placing->unknown += !placing->to[i];
        }
        if (names_place(placing))
            return g_steal_pointer(&placing);
    }
    return NULL;
}
