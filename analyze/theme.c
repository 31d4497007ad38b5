#include "analyze/theme.h"

#include "analyze/cluster.h"
#include "analyze/codebook.h"
#include "analyze/compare.h"
#include "analyze/duplicate.h"
#include "analyze/similarity.h"
#include "analyze/themelabel.h"
#include "analyze/undefined.h"

#include <string.h>

enum { NEAREST = 3 }; /* coded statements that may propose their theme (methods.md 3.12) */

typedef struct {
    Results *results;
    const char **texts;
    size_t n;
    GHashTable *by_term; /* TERM_THEME index + 1 → index in results->themes + 1 */
} Themes;

static StatementResult *result_of(const Themes *t, size_t i)
{
    return &g_array_index(t->results->statements, StatementResult, i);
}

void statement_result_clear(gpointer pointer)
{
    StatementResult *result = pointer;
    g_free(result->half[0]);
    g_free(result->half[1]);
    g_array_unref(result->themes);
    g_array_unref(result->findings);
}

void theme_clear(gpointer pointer)
{
    Theme *theme = pointer;
    g_free(theme->key);
    label_clear(&theme->title);
}

/* --- where a statement belongs --- */

/* What the respondent said stands. «X, men Y» without a quadrant is double and waits for a person;
 * a clash keeps what was said and is shown as a dispute. */
static void statement_place(const Statement *statement, StatementResult *result)
{
    bool clash = false;
    result->quadrant = swot_place(statement->place, &clash);
    g_auto(GStrv) halves = swot_split(statement->text);
    if (g_strv_length(halves) == 2) {
        result->half[0] = g_strdup(halves[0]);
        result->half[1] = g_strdup(halves[1]);
    }
    if (clash)
        result->placement = PLACED_CLASH;
    else if (statement->place.given != SWOT_UNCLASSIFIED)
        result->placement = PLACED_GIVEN;
    else if (result->quadrant != SWOT_UNCLASSIFIED)
        result->placement = PLACED_DERIVED;
    else
        result->placement = result->half[0] ? PLACED_DOUBLE : PLACED_NOT;
}

static void place_all(Themes *t)
{
    const Dataset *data = t->results->data;
    const double like = data->project->thresholds.duplicate;
    Duplicates *duplicates = duplicates_find(t->texts, t->n, like);
    for (size_t i = 0; i < t->n; i++) {
        StatementResult result = {
            .duplicate_of = duplicates->group[i],
            .themes = g_array_new(FALSE, FALSE, sizeof(uint32_t)),
            .findings = g_array_new(FALSE, FALSE, sizeof(uint32_t)),
            .suggested = NO_TERM,
            .similarity = UNDEFINED,
        };
        statement_place(dataset_statement(data, i), &result);
        g_array_append_val(t->results->statements, result);
    }
    duplicates_free(duplicates);
}

/* --- themes of the codebook --- */

static Label label_copy(const Label *label)
{
    Label copy = {0};
    for (int l = 0; l < N_LANGUAGES; l++)
        copy.text[l] = g_strdup(label->text[l]);
    return copy;
}

static uint32_t theme_of_term(Themes *t, uint32_t term)
{
    gpointer key = GUINT_TO_POINTER(term + 1);
    guint known = GPOINTER_TO_UINT(g_hash_table_lookup(t->by_term, key));
    if (known)
        return known - 1;
    const Term *coded = &t->results->project->framework->list[TERM_THEME].v[term];
    Theme theme = {.key = g_strdup(coded->id),
                   .term = (int)term,
                   .title = label_copy(&coded->label),
                   .origin = THEME_CODEBOOK};
    g_array_append_val(t->results->themes, theme);
    g_hash_table_insert(t->by_term, key, GUINT_TO_POINTER(t->results->themes->len));
    return t->results->themes->len - 1;
}

static Codebook *codebook_of(const Framework *framework, GError **error)
{
    g_autoptr(Codebook) book = codebook_new();
    const TermList *themes = &framework->list[TERM_THEME];
    for (size_t i = 0; i < themes->n; i++)
        for (char **p = themes->v[i].patterns; p && *p; p++)
            if (!codebook_add(book, (uint32_t)i, *p, error)) {
                g_prefix_error(error, "%s: theme \"%s\": ", framework->origin, themes->v[i].id);
                return NULL;
            }
    return g_steal_pointer(&book);
}

/* Marks in coded[i] the statements that the codebook knows. */
static bool code_all(Themes *t, bool *coded, GError **error)
{
    g_autoptr(Codebook) book = codebook_of(t->results->project->framework, error);
    if (!book)
        return false;
    for (size_t i = 0; i < t->n; i++) {
        g_autoptr(GArray) codes = codebook_apply(book, t->texts[i]);
        coded[i] = codes->len > 0;
        for (guint c = 0; c < codes->len; c++) {
            uint32_t theme = theme_of_term(t, g_array_index(codes, uint32_t, c));
            g_array_append_val(result_of(t, i)->themes, theme);
        }
        result_of(t, i)->theme_origin = THEME_CODEBOOK;
    }
    return true;
}

/* --- themes proposed by likeness --- */

/* The most alike coded statement proposes its main theme. «Trolig» is taken as a proposal that the
 * sheets mark; «kanskje» is only mentioned, since it is right too seldom. */
static void suggest_all(Themes *t, const Similarity *index, const bool *coded)
{
    const Thresholds *limits = &t->results->project->thresholds;
    SimilarityNeighbour nearest[NEAREST];
    for (size_t i = 0; i < t->n; i++) {
        StatementResult *result = result_of(t, i);
        if (coded[i] || !similarity_nearest(index, i, coded, NEAREST, limits->theme_maybe, nearest))
            continue;
        uint32_t theme = g_array_index(result_of(t, nearest[0].id)->themes, uint32_t, 0);
        result->suggested = (int)theme;
        result->similarity = nearest[0].value;
        result->theme_origin = THEME_MAYBE;
        if (compare_round(nearest[0].value) >= limits->theme_likely) {
            result->theme_origin = THEME_LIKELY;
            g_array_append_val(result->themes, theme);
        }
    }
}

size_t theme_central(const Similarity *index, const uint32_t *members, size_t n)
{
    g_autofree double *distance = g_new(double, n *n);
    for (size_t a = 0; a < n; a++)
        for (size_t b = 0; b < n; b++)
            distance[a * n + b] = a == b ? 0 : 1 - similarity_of(index, members[a], members[b]);
    return theme_medoid(distance, n);
}

/* One theme of statements that stand beside no coded one: its title is the statement nearest to all
 * the others. */
static void theme_of_cluster(Themes *t, const Similarity *index, const GArray *members)
{
    const size_t n = members->len;
    const uint32_t *member = &g_array_index(members, uint32_t, 0);
    const uint32_t medoid = member[theme_central(index, member, n)];
    Theme theme = {
        .key = g_strdup(dataset_statement(t->results->data, member[0])->id),
        .term = NO_TERM,
        .title = {.text = {[LANGUAGE_NB] = g_strdup(t->texts[medoid])}},
        .origin = n > 1 ? THEME_CLUSTER : THEME_SINGLE,
    };
    g_array_append_val(t->results->themes, theme);
    const uint32_t number = t->results->themes->len - 1;
    for (size_t a = 0; a < n; a++) {
        StatementResult *result = result_of(t, member[a]);
        g_array_append_val(result->themes, number);
        if (result->theme_origin != THEME_MAYBE)
            result->theme_origin = theme.origin;
    }
}

static void cluster_rest(Themes *t, const Similarity *index)
{
    g_autoptr(GArray) rest = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    for (uint32_t i = 0; i < t->n; i++)
        if (!result_of(t, i)->themes->len)
            g_array_append_val(rest, i);
    if (!rest->len)
        return;
    const size_t n = rest->len;
    g_autofree uint32_t *label = cluster_similar(index, &g_array_index(rest, uint32_t, 0), n,
                                                 t->results->project->thresholds.cluster_cut);
    uint32_t clusters = 0;
    for (size_t i = 0; i < n; i++)
        clusters = MAX(clusters, label[i]);
    for (uint32_t c = 1; c <= clusters; c++) {
        g_autoptr(GArray) members = g_array_new(FALSE, FALSE, sizeof(uint32_t));
        for (guint i = 0; i < n; i++)
            if (label[i] == c)
                g_array_append_val(members, g_array_index(rest, uint32_t, i));
        theme_of_cluster(t, index, members);
    }
}

bool theme_compute(Results *results, const Similarity *index, GError **error)
{
    const size_t n = results->data->statements->len;
    g_autofree const char **texts = g_new(const char *, n + 1);
    for (size_t i = 0; i < n; i++)
        texts[i] = dataset_statement(results->data, i)->text;
    Themes t = {
        .results = results, .texts = texts, .n = n, .by_term = g_hash_table_new(NULL, NULL)};
    place_all(&t);
    g_autofree bool *coded = g_new0(bool, n + 1);
    bool ok = code_all(&t, coded, error);
    if (ok) {
        suggest_all(&t, index, coded);
        cluster_rest(&t, index);
    }
    g_hash_table_unref(t.by_term);
    return ok;
}
