#include "analyze/change.h"

#include "analyze/compare.h"
#include "analyze/figure.h"
#include "analyze/gap.h"
#include "analyze/rating.h"

#include <string.h>

const char *change_way_word(ChangeWay way)
{
    static const char *const words_of[] = {"people", "organisations", "unpaired"};
    return words_of[way];
}

const RatingSummary *change_summary(const Results *r, Family family, int subject, const char *wave)
{
    for (guint i = 0; i < r->ratings->len; i++) {
        const RatingSummary *s = r->ratings->pdata[i];
        if (s->family == family && s->subject == subject && s->facet == FACET_WAVE &&
            g_str_equal(s->wave, wave))
            return s;
    }
    return NULL;
}

/* --- both waves of one subject ---------------------------------------------------------------- */

typedef struct {
    Speakers *from, *to;
    double *d;    /* per row of `to`: to − from of the same speaker; undefined where not both */
    OrgMean *org; /* per organisation in both: to − from */
    size_t n_org, named; /* of them; named ones */
    size_t named_from, named_to;
} Pair;

static void pair_clear(Pair *pair)
{
    speakers_free(pair->from);
    speakers_free(pair->to);
    g_free(pair->d);
    g_free(pair->org);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Pair, pair_clear)

typedef struct {
    double sum;
    size_t n;
} Sum;

static Sum *sums_of(const Dataset *data, const Speakers *s)
{
    Sum *sum = g_new0(Sum, data->units->len + 1);
    for (size_t i = 0; i < s->n; i++)
        if (is_defined(s->mean[i])) {
            sum[s->org[i]].sum += s->mean[i];
            sum[s->org[i]].n++;
        }
    return sum;
}

/* Organisations in order of first appearance in the later wave. */
static void pair_organisations(Pair *pair, const Dataset *data)
{
    g_autofree Sum *from = sums_of(data, pair->from), *to = sums_of(data, pair->to);
    g_autofree bool *met = g_new0(bool, data->units->len + 1);
    pair->org = g_new(OrgMean, pair->to->n + 1);
    for (size_t i = 0; i < pair->to->n; i++) {
        const uint32_t o = pair->to->org[i];
        if (met[o] || !from[o].n || !to[o].n)
            continue;
        met[o] = true;
        const double a = (double)from[o].n, b = (double)to[o].n;
        pair->org[pair->n_org++] = (OrgMean){.mean = to[o].sum / b - from[o].sum / a,
                                             .m = 1 / (1 / a + 1 / b),
                                             .group = pair->to->group[i]};
        pair->named += dataset_unit(data, o)->named;
    }
}

static size_t pair_people(Pair *pair)
{
    size_t pairs = 0;
    pair->d = g_new(double, pair->to->n + 1);
    for (size_t i = 0; i < pair->to->n; i++) {
        pair->d[i] = pair->to->mean[i] - speakers_mean_of(pair->from, pair->to->speaker[i]);
        pairs += is_defined(pair->d[i]);
    }
    return pairs;
}

static double wilcoxon_of(const Pair *pair)
{
    g_autofree double *d = g_new(double, pair->to->n + 1);
    size_t n = 0;
    for (size_t i = 0; i < pair->to->n; i++)
        if (is_defined(pair->d[i]))
            d[n++] = compare_round(pair->d[i]);
    return gap_wilcoxon(d, n).p;
}

static Estimate over_organisations(const Pair *pair, const Dataset *data, double end)
{
    const Project *project = data->project;
    const double *targets = project->weight == WEIGHT_GROUP ? project->targets : NULL;
    g_autofree OrgMean *units = g_new(OrgMean, pair->n_org + 1);
    size_t n = 0;
    for (size_t i = 0; i < pair->n_org; i++)
        if (!targets || pair->org[i].group != NO_INDEX) {
            units[n] = pair->org[i];
            units[n++].group = targets ? pair->org[i].group : 0;
        }
    const IntervalInput in = {.unit = units,
                              .n = n,
                              .target = targets,
                              .n_group = project->framework->list[TERM_GROUP].n,
                              .k = pair->to->scale->n_steps,
                              .low = -end,
                              .high = end};
    IntervalRules rules = interval_rules_default();
    rules.conf = project->thresholds.interval_level;
    rules.rho = project->thresholds.rho_default;
    const OrgInterval interval = interval_mean(&in, &rules);
    return (Estimate){interval.theta, interval.low, interval.high};
}

static Estimate unpaired(const Pair *pair, const Dataset *data, double end)
{
    const OrgInterval from = speakers_org_interval(data, pair->from, NULL, 1, end + 1, true);
    const OrgInterval to = speakers_org_interval(data, pair->to, NULL, 1, end + 1, true);
    return interval_difference(&to, &from, data->project->thresholds.interval_level, -end, end);
}

static ChangeWay way_of(const Change *c, const Pair *pair, const Thresholds *t)
{
    const size_t people = MIN(pair->from->answered, pair->to->answered);
    const size_t organisations = MIN(pair->from->organisations, pair->to->organisations);
    if ((double)c->pairs >= t->wave_pairs && 2 * c->pairs >= people)
        return CHANGE_PEOPLE;
    return (double)c->both >= t->verdict_organisations && 2 * c->both >= organisations
               ? CHANGE_ORGANISATIONS
               : CHANGE_UNPAIRED;
}

/* Half the sum of the differences between the waves' shares of organisations by group. */
static double dissimilarity_of(const Pair *pair, const Dataset *data)
{
    const size_t groups = data->project->framework->list[TERM_GROUP].n;
    g_autofree double *share = g_new0(double, 2 * groups + 1);
    double n[2] = {0, 0}, apart = 0;
    for (int side = 0; side < 2; side++) {
        const Speakers *s = side ? pair->to : pair->from;
        g_autofree bool *met = g_new0(bool, data->units->len + 1);
        for (size_t i = 0; i < s->n; i++) {
            if (!is_defined(s->mean[i]) || met[s->org[i]] || s->group[i] == NO_INDEX)
                continue;
            met[s->org[i]] = true;
            share[(size_t)side * groups + s->group[i]]++;
            n[side]++;
        }
    }
    if (!(n[0] > 0 && n[1] > 0))
        return UNDEFINED;
    for (size_t g = 0; g < groups; g++)
        apart += fabs(share[g] / n[0] - share[groups + g] / n[1]) / 2;
    return apart;
}

static void measure(Change *c, const Dataset *data)
{
    const Thresholds *t = &data->project->thresholds;
    const double end = c->to->n_steps - 1;
    g_auto(Pair)
        pair = {.from = rating_speakers(data, c->from), .to = rating_speakers(data, c->to)};
    c->pairs = pair_people(&pair);
    pair_organisations(&pair, data);
    c->both = pair.named;
    c->way = way_of(c, &pair, t);
    c->p = UNDEFINED;
    c->dissimilarity = dissimilarity_of(&pair, data);
    if (c->way == CHANGE_PEOPLE) {
        c->change = speakers_interval(data, pair.to, pair.d, -end, end, true);
        c->p = wilcoxon_of(&pair);
    } else if (c->way == CHANGE_ORGANISATIONS) {
        c->change = over_organisations(&pair, data, end);
    } else {
        c->change = unpaired(&pair, data, end);
    }
    c->why = !is_defined(c->change.value) ? UNDEFINED_NO_ANSWERS
             : !is_defined(c->change.low) ? UNDEFINED_FEW_ORGS
                                          : UNDEFINED_NOT;
    const bool alike = c->way != CHANGE_UNPAIRED || !is_defined(c->dissimilarity) ||
                       compare_round(c->dissimilarity) <= t->wave_dissimilarity;
    c->supported =
        c->why == UNDEFINED_NOT && alike &&
        (compare_round(c->change.low) > 0 || compare_round(c->change.high) < 0) &&
        (double)MIN(c->from->organisations, c->to->organisations) >= t->verdict_organisations;
}

/* --- the whole -------------------------------------------------------------------------------- */

typedef struct {
    const char *wave;
    int64_t first; /* earliest response */
} Start;

static int by_start(gconstpointer a, gconstpointer b)
{
    const Start *x = a, *y = b;
    return x->first != y->first ? (x->first > y->first) - (x->first < y->first)
                                : strcmp(x->wave, y->wave);
}

/* The earliest response that a summary is made of; the latest time there is when none tells. */
static int64_t first_of(const Results *r, const RatingSummary *s)
{
    g_autoptr(GArray) records = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    int64_t first = INT64_MAX;
    rating_records(r->data, s, records);
    for (guint i = 0; i < records->len; i++) {
        const Record *record = dataset_record(r->data, g_array_index(records, uint32_t, i));
        if (record->submitted != TIME_UNKNOWN)
            first = MIN(first, record->submitted);
    }
    return first;
}

static Start *start_of(GArray *starts, const char *wave)
{
    const Start fresh = {wave, INT64_MAX};
    for (guint i = 0; i < starts->len; i++)
        if (g_str_equal(g_array_index(starts, Start, i).wave, wave))
            return &g_array_index(starts, Start, i);
    g_array_append_val(starts, fresh);
    return &g_array_index(starts, Start, starts->len - 1);
}

static GPtrArray *waves_of(const Results *r)
{
    GPtrArray *waves = g_ptr_array_new();
    g_autoptr(GArray) starts = g_array_new(FALSE, FALSE, sizeof(Start));
    for (guint i = 0; i < r->ratings->len; i++) {
        const RatingSummary *s = r->ratings->pdata[i];
        if (s->facet != FACET_WAVE || (s->family != FAMILY_ROBUSTNESS && s->family != FAMILY_LEVEL))
            continue;
        Start *start = start_of(starts, s->wave);
        start->first = MIN(start->first, first_of(r, s));
    }
    g_array_sort(starts, by_start);
    for (guint i = 0; i < starts->len; i++)
        g_ptr_array_add(waves, (gpointer)g_array_index(starts, Start, i).wave);
    return waves;
}

static char *key_of(const Results *r, const Change *c)
{
    const RatingSummary *s = c->to;
    g_autofree char *from = figure_part(c->from->wave), *to = figure_part(s->wave);
    return g_strdup_printf("%s/%s/from=%s/to=%s",
                           s->family == FAMILY_LEVEL ? "change-level" : "change",
                           r->project->framework->list[s->subject_kind].v[s->subject].id, from, to);
}

/* Each wave that asked the subject against the one before it. */
static void add_subject(Changes *all, const Results *r, Family family, int subject)
{
    const RatingSummary *before = NULL;
    for (guint w = 0; w < all->waves->len; w++) {
        const RatingSummary *s = change_summary(r, family, subject, all->waves->pdata[w]);
        if (!s || !s->n)
            continue;
        if (before) {
            Change c = {.from = before, .to = s};
            c.key = key_of(r, &c);
            measure(&c, r->data);
            g_array_append_val(all->changes, c);
        }
        before = s;
    }
}

static void change_clear(gpointer change)
{
    g_free(((Change *)change)->key);
}

static void changes_free(gpointer product)
{
    Changes *all = product;
    g_ptr_array_unref(all->waves);
    g_array_unref(all->changes);
    g_free(all);
}

static gpointer compute(const Results *r)
{
    const Framework *framework = r->project->framework;
    Changes *all = g_new(Changes, 1);
    all->waves = waves_of(r);
    all->changes = g_array_new(FALSE, FALSE, sizeof(Change));
    g_array_set_clear_func(all->changes, change_clear);
    for (int q = 0; q < (int)framework->list[TERM_QUESTION].n; q++)
        add_subject(all, r, FAMILY_ROBUSTNESS, q);
    for (int l = 0; l < (int)framework->list[TERM_LEVEL].n; l++)
        add_subject(all, r, FAMILY_LEVEL, l);
    if (!all->changes->len)
        g_clear_pointer(&all, changes_free);
    return all;
}

static const Change *change_at(const Results *r, int subject)
{
    return &g_array_index(results_changes(r)->changes, Change, subject);
}

static void made_of(const Results *r, int subject, GArray *records)
{
    rating_records(r->data, change_at(r, subject)->from, records);
    rating_records(r->data, change_at(r, subject)->to, records);
}

static bool reads(const Results *r, int subject, const Variable *column)
{
    return rating_summary_reads(r->data, change_at(r, subject)->to, column);
}

static void publish_one(Results *r, const Change *c, int subject)
{
    const RatingSummary *s = c->to;
    const Term *term = &r->project->framework->list[s->subject_kind].v[s->subject];
    g_autofree char *name = g_strdup_printf("%s · %s → %s", term_label(term, r->project->language),
                                            c->from->wave, s->wave);
    g_autoptr(GHashTable) sources = g_hash_table_new(NULL, NULL);
    GHashTableIter iter;
    gpointer source;
    for (int side = 0; side < 2; side++) {
        g_hash_table_iter_init(&iter, side ? s->sources : c->from->sources);
        while (g_hash_table_iter_next(&iter, &source, NULL))
            g_hash_table_add(sources, source);
    }
    Basis *basis = basis_open(r, &(BasisRow){.path = c->key,
                                             .sheet = "rounds",
                                             .figure = name,
                                             .method = "mean.org_interval",
                                             .n = s->n,
                                             .made_of = made_of,
                                             .reads = reads,
                                             .subject = subject});
    basis->organisations = s->organisations;
    basis->sources = basis_sources(r, sources);
    figure_count(r, c->key, "n", s->n);
    figure_count(r, c->key, "n-before", c->from->n);
    figure_count(r, c->key, "organisations", s->organisations);
    figure_count(r, c->key, "organisations-before", c->from->organisations);
    figure_count(r, c->key, "pairs", c->pairs);
    figure_count(r, c->key, "organisations-both", c->both);
    figure_text(r, c->key, "way", change_way_word(c->way));
    figure_number(r, c->key, "change", c->change.value, undefined_key(c->why));
    figure_number(r, c->key, "change-low", c->change.low, undefined_key(c->why));
    figure_number(r, c->key, "change-high", c->change.high, undefined_key(c->why));
    figure_number(r, c->key, "dissimilarity", c->dissimilarity, undefined_key(UNDEFINED_NO_FRAME));
    figure_number(r, c->key, "p", c->p,
                  undefined_key(c->way == CHANGE_PEOPLE ? UNDEFINED_NO_SPREAD : UNDEFINED_TOO_FEW));
    figure_flag(r, c->key, "supported", c->supported);
}

static void publish(Results *r, gconstpointer product)
{
    const Changes *all = product;
    for (guint i = 0; i < all->changes->len; i++)
        publish_one(r, &g_array_index(all->changes, Change, i), (int)i);
}

const Product product_change = {compute, publish, changes_free};

const Changes *results_changes(const Results *results)
{
    return results->product[PRODUCT_CHANGE];
}
