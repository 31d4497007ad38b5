#include "analyze/results.h"

#include "analyze/figure.h"
#include "analyze/finding.h"
#include "analyze/involvement.h"
#include "analyze/product.h"
#include "analyze/publish.h"
#include "analyze/rating.h"
#include "analyze/theme.h"

#include <gsl/gsl_errno.h>
#include <string.h>

static GArray *array_of(guint size, GDestroyNotify clear)
{
    GArray *array = g_array_new(FALSE, TRUE, size);
    g_array_set_clear_func(array, clear);
    return array;
}

static Results *results_new(const Dataset *data)
{
    Results *r = g_new0(Results, 1);
    r->project = data->project;
    r->data = data;
    r->open_basis = NO_TERM;
    r->ratings = g_ptr_array_new();
    r->statements = array_of(sizeof(StatementResult), statement_result_clear);
    r->themes = array_of(sizeof(Theme), theme_clear);
    r->findings = array_of(sizeof(Finding), finding_clear);
    r->figures = array_of(sizeof(Figure), figure_clear);
    r->bases = array_of(sizeof(Basis), basis_clear);
    return r;
}

void results_free(Results *results)
{
    if (!results)
        return;
    g_ptr_array_unref(results->ratings);
    g_array_unref(results->statements);
    g_array_unref(results->themes);
    g_array_unref(results->findings);
    g_array_unref(results->figures);
    g_array_unref(results->bases);
    if (results->by_key)
        g_hash_table_unref(results->by_key);
    for (int p = 0; p < N_PRODUCTS; p++)
        if (results->product[p])
            products[p]->free(results->product[p]);
    g_free(results);
}

/* Whoever was asked in an earlier measurement was not heard this time. */
static bool is_earlier(const Dataset *data, const Record *record)
{
    return project_wave_is_earlier(data->project, record->wave);
}

/* Named organisations and citizens, each once. */
static void count_units(const Dataset *data, Involvement *ret)
{
    g_autofree bool *met = g_new0(bool, data->units->len + 1);
    for (guint i = 0; i < data->voices->len; i++) {
        const Voice *voice = dataset_voice(data, i);
        const DataUnit *unit = dataset_unit(data, voice->unit);
        if (met[voice->unit] || is_earlier(data, dataset_record(data, voice->record)))
            continue;
        met[voice->unit] = true;
        ret->organisations += unit->named;
        ret->citizens += unit->citizen;
    }
}

/* Distinct people: a table counts the participants it tells of, a person once over all sources. */
static size_t count_people(const Dataset *data)
{
    g_autofree int *at = g_new0(int, data->n_persons + 1);
    size_t people = 0;
    for (guint i = 0; i < data->records->len; i++) {
        const Record *record = dataset_record(data, i);
        if (record->source->method != METHOD_DOCUMENT && !is_earlier(data, record))
            at[record->person] = MAX(at[record->person], record->participants);
    }
    for (uint32_t p = 0; p < data->n_persons; p++)
        people += (size_t)at[p];
    return people;
}

static Involvement count_involvement(const Dataset *data)
{
    Involvement in = {.people = count_people(data), .statements = data->statements->len};
    count_units(data, &in);
    g_autoptr(GHashTable) workshops = g_hash_table_new(g_str_hash, g_str_equal);
    for (guint i = 0; i < data->records->len; i++) {
        const Record *record = dataset_record(data, i);
        if (is_earlier(data, record))
            continue;
        in.interviews += record->source->method == METHOD_INTERVIEW;
        in.survey_answers += record->source->method == METHOD_SURVEY;
        in.documents += source_holds_documents(record->source);
        if (record->workshop)
            g_hash_table_add(workshops, (gpointer)record->workshop);
    }
    in.workshops = g_hash_table_size(workshops);
    return in;
}

static void index_figures(Results *r)
{
    r->by_key = g_hash_table_new(g_str_hash, g_str_equal);
    for (guint i = 0; i < r->figures->len; i++) {
        Figure *figure = &g_array_index(r->figures, Figure, i);
        g_hash_table_insert(r->by_key, figure->key, GUINT_TO_POINTER(i + 1));
    }
}

static bool is_said(const RatingSummary *s)
{
    return s->verdict.outcome == VERDICT_FIRM || s->verdict.outcome == VERDICT_RANGE;
}

/* Whether two verdicts of one subject within a facet share no step (methods.md 3.5). */
static void compare_within(const Results *r, const RatingSummary *all, Facet facet,
                           size_t *ret_compared, bool *ret_disagree)
{
    g_autoptr(GPtrArray) said = g_ptr_array_new();
    for (guint i = 0; i < r->ratings->len; i++) {
        RatingSummary *s = r->ratings->pdata[i];
        if (s->family != all->family || s->subject_kind != all->subject_kind ||
            s->subject != all->subject || s->facet != facet || !is_said(s))
            continue;
        for (guint k = 0; k < said->len; k++)
            *ret_disagree |=
                verdict_disagree(&s->verdict, &((RatingSummary *)said->pdata[k])->verdict);
        g_ptr_array_add(said, s);
    }
    *ret_compared = said->len;
}

static void compare_facets(Results *r)
{
    for (guint i = 0; i < r->ratings->len; i++) {
        RatingSummary *s = r->ratings->pdata[i];
        if (s->facet != FACET_ALL || s->family == FAMILY_DISTRIBUTION)
            continue;
        compare_within(r, s, FACET_GROUP, &s->groups_compared, &s->groups_disagree);
        compare_within(r, s, FACET_METHOD, &s->methods_compared, &s->methods_disagree);
    }
}

static Similarity *index_statements(const Dataset *data)
{
    const guint n = data->statements->len;
    g_autofree const char **texts = g_new(const char *, n + 1);
    for (guint i = 0; i < n; i++)
        texts[i] = dataset_statement(data, i)->text;
    return similarity_new(texts, n);
}

Results *results_compute(const Dataset *data, const ProjectKey *key, Store *store, GError **error)
{
    /* GSL's own handler aborts; our methods guard their arguments and ask for results instead. */
    gsl_set_error_handler_off();
    g_autoptr(Results) r = results_new(data);
    g_ptr_array_unref(r->ratings);
    r->ratings = rating_summaries(data);
    compare_facets(r);
    r->involvement = count_involvement(data);
    g_autoptr(Similarity) index = index_statements(data);
    if (!theme_compute(r, index, error) || !finding_compute(r, index, key, store, error))
        return NULL;
    for (int p = 0; p < N_PRODUCTS; p++)
        r->product[p] = products[p]->compute(r);
    publish(r);
    index_figures(r);
    return g_steal_pointer(&r);
}

const RatingSummary *results_rating(const Results *results, Family family, int subject, Facet facet,
                                    int facet_index)
{
    const TermKind kind = family == FAMILY_ROBUSTNESS ? TERM_QUESTION
                          : family == FAMILY_LEVEL    ? TERM_LEVEL
                          : family == FAMILY_GOAL     ? TERM_SDG
                                                      : TERM_ITEM;
    return results_rating_of(results, family, kind, subject, facet, facet_index);
}

const RatingSummary *results_rating_of(const Results *results, Family family, TermKind kind,
                                       int subject, Facet facet, int facet_index)
{
    for (guint i = 0; i < results->ratings->len; i++) {
        const RatingSummary *s = results->ratings->pdata[i];
        if (s->family == family && s->subject_kind == kind && s->subject == subject &&
            s->facet == facet && s->facet_index == facet_index)
            return s;
    }
    return NULL;
}

const Figure *results_figure(const Results *results, const char *key)
{
    guint at = GPOINTER_TO_UINT(g_hash_table_lookup(results->by_key, key));
    return at ? &g_array_index(results->figures, Figure, at - 1) : NULL;
}
