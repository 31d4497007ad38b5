#include "analyze/publish.h"

#include "analyze/agreement.h"
#include "analyze/compare.h"
#include "analyze/figure.h"
#include "analyze/product.h"
#include "analyze/rating.h"
#include "analyze/undefined.h"

#include <stddef.h>
#include <string.h>

/* How one member of a summary is published. */
typedef enum { AS_NUMBER, AS_SIZE, AS_STEPS, AS_COUNTS, AS_MISSING } Publication;

typedef struct {
    const char *statistic;
    size_t offset;
    Publication as;
    Undefined why; /* it may be undefined although there are answers; alpha says itself */
} Column;

/* One row a statistic: its name in keys, where it stands, and why it may be missing. */
static const Column rating_columns[] = {
    {"n", offsetof(RatingSummary, n), AS_SIZE, UNDEFINED_NOT},
    {"answers", offsetof(RatingSummary, answers), AS_SIZE, UNDEFINED_NOT},
    {"asked", offsetof(RatingSummary, asked), AS_SIZE, UNDEFINED_NOT},
    {"people", offsetof(RatingSummary, people_heard), AS_SIZE, UNDEFINED_NOT},
    {"organisations", offsetof(RatingSummary, organisations), AS_SIZE, UNDEFINED_NOT},
    {"units", offsetof(RatingSummary, units), AS_SIZE, UNDEFINED_NOT},
    {"missing", offsetof(RatingSummary, missing), AS_MISSING, UNDEFINED_NOT},
    {"count", offsetof(RatingSummary, count), AS_COUNTS, UNDEFINED_NOT},
    {"share", offsetof(RatingSummary, share), AS_STEPS, UNDEFINED_NOT},
    {"share-unweighted", offsetof(RatingSummary, share_unweighted), AS_STEPS, UNDEFINED_NOT},
    {"rho", offsetof(RatingSummary, rho), AS_NUMBER, UNDEFINED_NOT},
    {"n-eff", offsetof(RatingSummary, n_eff), AS_NUMBER, UNDEFINED_NOT},
    {"n-eff-kish", offsetof(RatingSummary, n_eff_kish), AS_NUMBER, UNDEFINED_NOT},
    {"n-eff-organisations", offsetof(RatingSummary, n_eff_organisations), AS_NUMBER, UNDEFINED_NOT},
    {"median-low", offsetof(RatingSummary, median_low), AS_NUMBER, UNDEFINED_NOT},
    {"median-high", offsetof(RatingSummary, median_high), AS_NUMBER, UNDEFINED_NOT},
    {"median", offsetof(RatingSummary, median), AS_NUMBER, UNDEFINED_NOT},
    {"median-interpolated", offsetof(RatingSummary, interpolated_median), AS_NUMBER, UNDEFINED_NOT},
    {"agreement", offsetof(RatingSummary, agreement), AS_NUMBER, UNDEFINED_FEW_STEPS},
    {"mean", offsetof(RatingSummary, mean), AS_NUMBER, UNDEFINED_NOT},
    {"mean-low", offsetof(RatingSummary, mean_low), AS_NUMBER, UNDEFINED_FEW_ORGS},
    {"mean-high", offsetof(RatingSummary, mean_high), AS_NUMBER, UNDEFINED_FEW_ORGS},
    {"agree", offsetof(RatingSummary, agree), AS_NUMBER, UNDEFINED_NOT_DECLARED},
    {"agree-low", offsetof(RatingSummary, agree_low), AS_NUMBER, UNDEFINED_NOT_DECLARED},
    {"agree-high", offsetof(RatingSummary, agree_high), AS_NUMBER, UNDEFINED_NOT_DECLARED},
    {"net", offsetof(RatingSummary, net), AS_NUMBER, UNDEFINED_NOT_DECLARED},
    {"net-low", offsetof(RatingSummary, net_low), AS_NUMBER, UNDEFINED_NOT_DECLARED},
    {"net-high", offsetof(RatingSummary, net_high), AS_NUMBER, UNDEFINED_NOT_DECLARED},
    {"alpha", offsetof(RatingSummary, alpha), AS_NUMBER, UNDEFINED_NOT},
};

/* --- ratings --- */

static void add_steps(Results *r, const RatingSummary *s, const char *statistic,
                      const double *value)
{
    for (int k = 0; k < s->n_steps; k++) {
        g_autofree char *name = g_strdup_printf("%s-%d", statistic, k + 1);
        figure_number(r, s->key, name, value[k], undefined_key(UNDEFINED_NO_ANSWERS));
    }
}

static void add_counts(Results *r, const RatingSummary *s, const char *statistic,
                       const size_t *count)
{
    for (int k = 0; k < s->n_steps; k++) {
        g_autofree char *name = g_strdup_printf("%s-%d", statistic, k + 1);
        figure_count(r, s->key, name, count[k]);
    }
}

static void add_missing(Results *r, const RatingSummary *s, const size_t *missing)
{
    size_t sum = 0;
    for (int m = MISSING_NOT_SHOWN; m < N_MISSING; m++) {
        g_autofree char *name = g_strconcat("missing-", missing_word((Missing)m), NULL);
        figure_count(r, s->key, g_strdelimit(name, "_", '-'), missing[m]);
        sum += missing[m];
    }
    figure_count(r, s->key, "missing", sum);
}

static const char *why_undefined(const RatingSummary *s, const Column *column)
{
    const bool is_alpha = column->offset == offsetof(RatingSummary, alpha);
    return undefined_key(s->n == 0 ? UNDEFINED_NO_ANSWERS : is_alpha ? s->alpha_why : column->why);
}

static void add_column(Results *r, const RatingSummary *s, const Column *column)
{
    const char *at = (const char *)s + column->offset;
    switch (column->as) {
    case AS_NUMBER:
        figure_number(r, s->key, column->statistic, *(const double *)(const void *)at,
                      why_undefined(s, column));
        break;
    case AS_SIZE:
        figure_count(r, s->key, column->statistic, *(const size_t *)(const void *)at);
        break;
    case AS_STEPS:
        add_steps(r, s, column->statistic, (const double *)(const void *)at);
        break;
    case AS_COUNTS:
        add_counts(r, s, column->statistic, (const size_t *)(const void *)at);
        break;
    case AS_MISSING:
        add_missing(r, s, (const size_t *)(const void *)at);
        break;
    }
}

static void add_step_number(Results *r, const RatingSummary *s, const char *statistic, int step)
{
    if (step)
        figure_count(r, s->key, statistic, (size_t)step);
    else
        figure_number(r, s->key, statistic, UNDEFINED, verdict_outcome_key(s->verdict.outcome));
}

static void add_verdict(Results *r, const RatingSummary *s)
{
    const Verdict *v = &s->verdict;
    GString *reasons = g_string_new(NULL);
    for (unsigned bit = VERDICT_FEW_ANSWERS; bit <= VERDICT_MANY_MISSING; bit <<= 1)
        if (v->reasons & bit)
            g_string_append_printf(reasons, "%s%s", reasons->len ? " " : "",
                                   verdict_reason_key(bit));
    figure_text(r, s->key, "verdict", verdict_outcome_key(v->outcome));
    figure_text(r, s->key, "reasons", reasons->str);
    add_step_number(r, s, "step-low", v->low);
    add_step_number(r, s, "step-high", v->high);
    figure_number(r, s->key, "probability", v->probability, verdict_outcome_key(v->outcome));
    add_step_number(r, s, "likeliest", v->likeliest);
    add_step_number(r, s, "runner-up", v->runner_up);
    figure_number(r, s->key, "runner-up-probability", v->runner_up_probability,
                  undefined_key(UNDEFINED_NO_ANSWERS));
    add_steps(r, s, "posterior", v->pi);
    g_string_free(reasons, TRUE);
}

const char *agreement_word(double agreement, const Thresholds *thresholds)
{
    if (!is_defined(agreement))
        return "undefined";
    if (agreement_is_split(agreement))
        return "divided";
    const double a = compare_round(agreement);
    return a >= thresholds->agreement_strong    ? "strong"
           : a >= thresholds->agreement_partial ? "partial"
                                                : "spread";
}

/* Groups that have a target but did not answer: their share was given to the others. */
static void add_absent(Results *r, const RatingSummary *s)
{
    const TermList *groups = &r->project->framework->list[TERM_GROUP];
    GString *ids = g_string_new(NULL);
    for (size_t g = 0; g < MIN(groups->n, 64); g++)
        if (s->targets_absent & UINT64_C(1) << g)
            g_string_append_printf(ids, "%s%s", ids->len ? " " : "", groups->v[g].id);
    figure_text(r, s->key, "targets-absent", ids->str);
    g_string_free(ids, TRUE);
}

/* «12 vet ikke · 3 ikke vist», or «–». */
static char *left_out(const Results *r, const RatingSummary *s)
{
    const Language language = r->project->language;
    GString *text = g_string_new(NULL);
    for (int m = MISSING_NOT_SHOWN; m < N_MISSING; m++) {
        if (!s->missing[m])
            continue;
        g_autofree char *key = g_strconcat("missing.", missing_word((Missing)m), NULL);
        g_autofree char *n = language_number(language, (double)s->missing[m], 0);
        g_string_append_printf(text, "%s%s %s", text->len ? " · " : "", n, words(language, key));
    }
    if (!text->len)
        g_string_append(text, "–");
    return g_string_free(text, FALSE);
}

static char *rating_title(const Results *r, const RatingSummary *s)
{
    const Framework *framework = r->project->framework;
    const Language language = r->project->language;
    const char *subject = term_label(&framework->list[s->subject_kind].v[s->subject], language);
    g_autofree char *method =
        s->facet == FACET_METHOD
            ? g_strconcat("method.", method_word((SourceMethod)s->facet_index), NULL)
            : NULL;
    switch (s->facet) {
    case FACET_GROUP:
        return g_strdup_printf(
            "%s · %s", subject,
            term_label(&framework->list[TERM_GROUP].v[s->facet_index], language));
    case FACET_METHOD:
        return g_strdup_printf("%s · %s", subject, words(language, method));
    case FACET_WAVE:
        return g_strdup_printf("%s · %s", subject, s->wave);
    case FACET_ALL:
    case N_FACETS:
        break;
    }
    return g_strdup(subject);
}

static void rating_made_of(const Results *r, int index, GArray *records)
{
    rating_records(r->data, r->ratings->pdata[index], records);
}

static bool rating_reads(const Results *r, int index, const Variable *column)
{
    return rating_summary_reads(r->data, r->ratings->pdata[index], column);
}

/* Citizens answer in a column of their own, whose verdict is compared with the other groups'. */
static const RatingSummary *citizens_beside(const Results *r, const RatingSummary *s)
{
    const int citizens = r->project->framework->citizen_group;
    return s->family == FAMILY_DISTRIBUTION || s->facet != FACET_ALL || citizens == NO_TERM
               ? NULL
               : results_rating(r, s->family, s->subject, FACET_GROUP, citizens);
}

static void rating_against(const Results *r, int index, GArray *records)
{
    const RatingSummary *s = r->ratings->pdata[index];
    rating_records(r->data, s, records);
    rating_records(r->data, citizens_beside(r, s), records);
}

static void publish_rating(Results *r, int index)
{
    const RatingSummary *s = r->ratings->pdata[index];
    static const char *const sheets[N_FAMILIES] = {
        [FAMILY_ROBUSTNESS] = "robustness", [FAMILY_LEVEL] = "robustness",
        [FAMILY_ITEM] = "robustness",       [FAMILY_DISTRIBUTION] = "distribution",
        [FAMILY_GOAL] = "sustainability",
    };
    const bool distribution = s->family == FAMILY_DISTRIBUTION;
    g_autofree char *title = rating_title(r, s);
    g_autofree char *out = left_out(r, s);
    Basis *basis =
        basis_open(r, &(BasisRow){.path = s->key,
                                  .sheet = sheets[s->family],
                                  .figure = title,
                                  .method = distribution ? "ordinal.summary" : "verdict.decide",
                                  .n = s->n,
                                  .made_of = rating_made_of,
                                  .against = citizens_beside(r, s) ? rating_against : NULL,
                                  .reads = rating_reads,
                                  .subject = index,
                                  .left_out = out});
    basis->organisations = s->organisations;
    basis->sources = basis_sources(r, s->sources);
    for (size_t i = 0; i < G_N_ELEMENTS(rating_columns); i++)
        add_column(r, s, &rating_columns[i]);
    figure_text(r, s->key, "agreement-word", agreement_word(s->agreement, &r->project->thresholds));
    figure_text(r, s->key, "scale", s->scale->id);
    if (!distribution)
        add_verdict(r, s);
    if (s->facet == FACET_ALL && r->project->weight == WEIGHT_GROUP)
        add_absent(r, s);
    if (!distribution && s->facet == FACET_ALL) {
        figure_count(r, s->key, "groups-compared", s->groups_compared);
        figure_flag(r, s->key, "groups-disagree", s->groups_disagree);
        figure_count(r, s->key, "methods-compared", s->methods_compared);
        figure_flag(r, s->key, "methods-disagree", s->methods_disagree);
    }
}

/* --- findings and statements --- */

static char *streams_of(const Results *r, uint32_t mask)
{
    const TermList *streams = &r->project->framework->list[TERM_STREAM];
    GString *ids = g_string_new(NULL);
    for (size_t i = 0; i < streams->n; i++)
        if (mask & 1u << i)
            g_string_append_printf(ids, "%s%s", ids->len ? " " : "", streams->v[i].id);
    return g_string_free(ids, FALSE);
}

static const char *term_id(const Results *r, TermKind kind, int index)
{
    return index == NO_TERM ? "" : r->project->framework->list[kind].v[index].id;
}

static GArray *finding_records(const Results *r, const Finding *f)
{
    GArray *records = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    for (guint i = 0; i < f->statements->len; i++) {
        const uint32_t at = g_array_index(f->statements, uint32_t, i);
        g_array_append_val(records, dataset_statement(r->data, at)->record);
    }
    return records;
}

static void publish_finding(Results *r, const Finding *f)
{
    const Theme *theme = &g_array_index(r->themes, Theme, f->theme);
    g_autofree char *path = g_strconcat("finding/", f->id, NULL);
    g_autofree char *streams = streams_of(r, f->stream_mask);
    g_autofree char *name = g_strdup_printf("%s %s", f->code, f->title);
    g_autoptr(GArray) records = finding_records(r, f);
    basis_open(r, &(BasisRow){.path = path,
                              .sheet = "findings",
                              .figure = name,
                              .method = "theme.support",
                              .n = f->people,
                              .records = records,
                              .against = basis_everybody});
    figure_text(r, path, "code", f->code);
    figure_text(r, path, "quadrant", swot_key(f->quadrant));
    figure_text(r, path, "theme", theme->key);
    figure_text(r, path, "title", f->title);
    figure_text(r, path, "category", term_id(r, TERM_CATEGORY, f->category));
    figure_text(r, path, "streams-named", streams);
    figure_flag(r, path, "proposed", f->proposed);
    figure_count(r, path, "people", f->people);
    figure_count(r, path, "organisations", f->organisations);
    figure_count(r, path, "streams", f->streams);
    figure_count(r, path, "mentions", f->mentions);
    figure_number(r, path, "share", f->share, "no_frame");
    figure_number(r, path, "share-low", f->share_low, "no_frame");
    figure_number(r, path, "effective-streams", f->effective_streams, "no_answers");
    figure_text(r, path, "settlement", swot_status_key(f->dispute.status));
    figure_text(r, path, "axis",
                f->dispute.axis == SWOT_AXIS_NONE ? "" : swot_axis_key(f->dispute.axis));
    figure_number(r, path, "entropy", f->dispute.entropy, "no_answers");
}

static const char *placement_word(Placement placement)
{
    static const char *const words_of[] = {"given", "derived", "double", "clash", "none"};
    return words_of[placement];
}

static const char *theme_origin_word(ThemeOrigin origin)
{
    static const char *const words_of[] = {"codebook", "likely", "maybe", "cluster", "single"};
    return words_of[origin];
}

static void publish_statement(Results *r, guint i)
{
    const Statement *statement = dataset_statement(r->data, i);
    const StatementResult *result = &g_array_index(r->statements, StatementResult, i);
    const Record *record = dataset_record(r->data, statement->record);
    const Theme *theme =
        &g_array_index(r->themes, Theme, g_array_index(result->themes, uint32_t, 0));
    g_autofree char *path = g_strconcat("statement/", statement->id, NULL);
    figure_text(r, path, "quadrant", swot_key(result->quadrant));
    figure_text(r, path, "placement", placement_word(result->placement));
    figure_text(r, path, "theme", theme->key);
    figure_text(r, path, "theme-origin", theme_origin_word(result->theme_origin));
    figure_text(r, path, "same-as", dataset_statement(r->data, result->duplicate_of)->id);
    figure_text(r, path, "source", record->source->name);
    figure_text(r, path, "stream", term_id(r, TERM_STREAM, statement->stream));
    figure_text(r, path, "category", term_id(r, TERM_CATEGORY, statement->category));
    figure_text(r, path, "group", term_id(r, TERM_GROUP, record->group));
}

/* --- the whole --- */

/* What all responses are counted in. */
static void open_whole(Results *r, const char *path, const char *method)
{
    g_autoptr(GHashTable) sources = g_hash_table_new(NULL, NULL);
    for (guint i = 0; i < r->data->records->len; i++)
        g_hash_table_add(sources, (gpointer)dataset_record(r->data, i)->source);
    Basis *basis =
        basis_open(r, &(BasisRow){.path = path,
                                  .sheet = "cover",
                                  .figure = words(r->project->language, "sheet.involvement"),
                                  .method = method,
                                  .n = r->involvement.people,
                                  .made_of = basis_everybody});
    basis->organisations = r->involvement.organisations;
    basis->sources = basis_sources(r, sources);
}

static void publish_involvement(Results *r)
{
    const Involvement *in = &r->involvement;
    const struct {
        const char *statistic;
        size_t n;
    } counts[] = {
        {"people", in->people},       {"organisations", in->organisations},
        {"citizens", in->citizens},   {"interviews", in->interviews},
        {"workshops", in->workshops}, {"survey-answers", in->survey_answers},
        {"documents", in->documents}, {"statements", in->statements},
    };
    open_whole(r, "involvement/all", "coverage.counts");
    for (size_t i = 0; i < G_N_ELEMENTS(counts); i++)
        figure_count(r, "involvement/all", counts[i].statistic, counts[i].n);
}

static void publish_left_out(Results *r)
{
    const DatasetCounts *c = &r->data->counts;
    open_whole(r, "dataset/all", "coverage.counts");
    figure_count(r, "dataset/all", "people", r->involvement.people);
    figure_count(r, "dataset/all", "responses", (size_t)c->responses);
    for (int s = 0; s < N_STATES; s++)
        if (s != STATE_COMPLETE) {
            g_autofree char *name = g_strconcat("left-out-", state_word((ResponseState)s), NULL);
            figure_count(r, "dataset/all", g_strdelimit(name, "_", '-'), (size_t)c->not_counted[s]);
        }
    figure_count(r, "dataset/all", "unreadable", (size_t)c->unreadable);
    figure_count(r, "dataset/all", "unknown-group", (size_t)c->unknown_group);
    figure_count(r, "dataset/all", "unknown-value", (size_t)c->unknown_value);
    figure_count(r, "dataset/all", "blank-statements", (size_t)c->blank_statements);
}

void publish(Results *r)
{
    publish_involvement(r);
    publish_left_out(r);
    for (guint i = 0; i < r->ratings->len; i++)
        publish_rating(r, (int)i);
    for (guint i = 0; i < r->findings->len; i++)
        publish_finding(r, &g_array_index(r->findings, Finding, i));
    basis_shut(r);
    for (guint i = 0; i < r->statements->len; i++)
        publish_statement(r, i);
    for (int p = 0; p < N_PRODUCTS; p++)
        if (r->product[p])
            products[p]->publish(r, r->product[p]);
}
