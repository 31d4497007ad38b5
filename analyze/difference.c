#include "analyze/difference.h"

#include "analyze/compare.h"
#include "analyze/figure.h"
#include "analyze/rating.h"

#include <gsl/gsl_sort.h>
#include <string.h>

/* --- values as levels ------------------------------------------------------------------------- */

/* A side's values, and what it rests on. */
typedef struct {
    Speakers *speakers; /* owned */
    bool *in;           /* per row; NULL: all */
} Side;

static bool side_has(const Side *side, size_t row)
{
    return is_defined(side->speakers->mean[row]) && (!side->in || side->in[row]);
}

static double value_of(const Side *side, size_t row)
{
    return compare_round(side->speakers->mean[row]);
}

/* Every value of the sides, rising, each once; methods over counts take them for the scale. */
static double *levels_of(const Side *sides, size_t n_sides, size_t *ret_n)
{
    size_t n = 0, kept = 0;
    for (size_t k = 0; k < n_sides; k++)
        n += sides[k].speakers->n;
    double *level = g_new(double, n + 1);
    n = 0;
    for (size_t k = 0; k < n_sides; k++)
        for (size_t row = 0; row < sides[k].speakers->n; row++)
            if (side_has(&sides[k], row))
                level[n++] = value_of(&sides[k], row);
    gsl_sort(level, 1, n);
    for (size_t i = 0; i < n; i++)
        if (!kept || level[i] > level[kept - 1])
            level[kept++] = level[i];
    *ret_n = kept;
    return level;
}

static size_t place_of(const double *level, size_t n, double value)
{
    size_t low = 0, high = n;
    while (high - low > 1) {
        const size_t middle = low + (high - low) / 2;
        if (level[middle] <= value)
            low = middle;
        else
            high = middle;
    }
    return low;
}

static void count_levels(const Side *side, const double *level, size_t n, size_t *ret_count)
{
    memset(ret_count, 0, n * sizeof *ret_count);
    for (size_t row = 0; row < side->speakers->n; row++)
        if (side_has(side, row))
            ret_count[place_of(level, n, value_of(side, row))]++;
}

/* --- one comparison ----------------------------------------------------------------------------
 */

static OrgInterval mean_of(const Dataset *data, const Side *side)
{
    g_autofree double *x = g_new(double, side->speakers->n + 1);
    for (size_t row = 0; row < side->speakers->n; row++)
        x[row] = side_has(side, row) ? side->speakers->mean[row] : UNDEFINED;
    return speakers_org_interval(data, side->speakers, x, 1, side->speakers->scale->n_steps, false);
}

/* People who answered, and organisations: of citizens, who name none, each counts as one. */
static void count_side(const Dataset *data, const Side *side, bool citizens, size_t *ret_n,
                       size_t *ret_people, size_t *ret_organisations)
{
    g_autofree double *x = g_new(double, side->speakers->n + 1);
    g_autofree bool *met = g_new0(bool, data->units->len + 1);
    size_t units = 0;
    *ret_n = 0;
    for (size_t row = 0; row < side->speakers->n; row++) {
        const bool has = side_has(side, row);
        x[row] = has ? 1 : UNDEFINED;
        *ret_n += has;
        units += has && !met[side->speakers->org[row]];
        met[side->speakers->org[row]] |= has;
    }
    speakers_count(data, side->speakers, x, ret_people, ret_organisations);
    if (citizens)
        *ret_organisations = units;
}

static bool beyond_zero(double low, double high)
{
    return is_defined(low) && is_defined(high) &&
           (compare_round(low) > 0 || compare_round(high) < 0);
}

static bool is_supported(const Difference *d, const Thresholds *t)
{
    const bool apart = is_defined(d->delta.delta) && (compare_round(fabs(d->delta.delta)) == 1 ||
                                                      beyond_zero(d->delta.low, d->delta.high));
    return apart && beyond_zero(d->mean.low, d->mean.high) &&
           (d->delta.delta > 0) == (d->mean.value > 0) &&
           (double)MIN(d->organisations, d->organisations_other) >= t->verdict_organisations;
}

static void compare(Difference *d, const Dataset *data, const Side *x, const Side *y, bool citizens)
{
    const Project *project = data->project;
    const Side sides[] = {*x, *y};
    size_t people, people_other, levels;
    count_side(data, x, citizens, &d->n, &people, &d->organisations);
    count_side(data, y, false, &d->n_other, &people_other, &d->organisations_other);
    d->delta = (CliffDelta){UNDEFINED, UNDEFINED, UNDEFINED, UNDEFINED};
    d->mean = ESTIMATE_UNDEFINED;
    d->p = d->p_holm = UNDEFINED;
    d->why = d->p_why = d->n && d->n_other ? UNDEFINED_NOT : UNDEFINED_NO_ANSWERS;
    if (d->why == UNDEFINED_NOT && MIN(people, people_other) < (size_t)project->smallest_group)
        d->why = d->p_why = UNDEFINED_TOO_FEW;
    if (d->why != UNDEFINED_NOT)
        return;
    const double level = project->thresholds.interval_level, end = x->speakers->scale->n_steps - 1;
    g_autofree double *scale = levels_of(sides, 2, &levels);
    g_autofree size_t *count = g_new(size_t, 2 * levels + 1);
    count_levels(x, scale, levels, count);
    count_levels(y, scale, levels, count + levels);
    const MannWhitney test = grouptest_mann_whitney(count, count + levels, levels);
    const OrgInterval one = mean_of(data, x), other = mean_of(data, y);
    d->delta = effect_cliff_delta(count, count + levels, levels, level);
    d->mean = interval_difference(&one, &other, level, -end, end);
    d->p = test.p;
    d->p_why = test.why;
    d->supported = is_supported(d, &project->thresholds);
}

/* --- which sides ------------------------------------------------------------------------------ */

static const RatingSummary *summary_of(const Results *r, int question, Facet facet, int index)
{
    return results_rating(r, FAMILY_ROBUSTNESS, question, facet, index);
}

static void add_group(Differences *all, const Results *r, const Speakers *whole, int question,
                      int group)
{
    const Framework *framework = r->project->framework;
    const RatingSummary *own = summary_of(r, question, FACET_GROUP, group);
    if (!own)
        return;
    g_autoptr(Speakers) members = rating_speakers(r->data, own);
    g_autofree bool *rest = g_new0(bool, whole->n + 1);
    for (size_t row = 0; row < whole->n; row++)
        rest[row] = whole->group[row] != (uint32_t)group;
    Difference d = {.key = g_strdup_printf("difference/%s/group=%s",
                                           framework->list[TERM_QUESTION].v[question].id,
                                           framework->list[TERM_GROUP].v[group].id),
                    .question = question,
                    .facet = FACET_GROUP,
                    .index = group,
                    .other = NO_TERM};
    compare(&d, r->data, &(Side){members, NULL}, &(Side){(Speakers *)whole, rest},
            group == framework->citizen_group);
    g_array_append_val(all->differences, d);
}

static void add_methods(Differences *all, const Results *r, int question, int one, int other)
{
    const RatingSummary *a = summary_of(r, question, FACET_METHOD, one);
    const RatingSummary *b = summary_of(r, question, FACET_METHOD, other);
    if (!a || !b)
        return;
    g_autoptr(Speakers) x = rating_speakers(r->data, a), y = rating_speakers(r->data, b);
    Difference d = {
        .key = g_strdup_printf("difference/%s/method=%s/other=%s",
                               r->project->framework->list[TERM_QUESTION].v[question].id,
                               method_word((SourceMethod)one), method_word((SourceMethod)other)),
        .question = question,
        .facet = FACET_METHOD,
        .index = one,
        .other = other};
    compare(&d, r->data, &(Side){x, NULL}, &(Side){y, NULL}, false);
    g_array_append_val(all->differences, d);
}

/* Kruskal-Wallis over the groups that have answers. */
static void add_test(Differences *all, const Results *r, const RatingSummary *whole, int question)
{
    const TermList *groups = &r->project->framework->list[TERM_GROUP];
    g_autofree Side *sides = g_new0(Side, groups->n + 1);
    DifferenceTest t = {.question = question, .n = whole->n, .organisations = whole->organisations};
    t.key =
        g_strconcat("difference/", r->project->framework->list[TERM_QUESTION].v[question].id, NULL);
    size_t n = 0, levels;
    for (size_t g = 0; g < groups->n; g++) {
        const RatingSummary *own = summary_of(r, question, FACET_GROUP, (int)g);
        if (own && own->n)
            sides[n++].speakers = rating_speakers(r->data, own);
    }
    g_autofree double *scale = levels_of(sides, n, &levels);
    g_autofree size_t *count = g_new0(size_t, n * levels + 1);
    for (size_t k = 0; k < n; k++)
        count_levels(&sides[k], scale, levels, count + k * levels);
    t.groups = n;
    t.test = grouptest_kruskal_wallis(count, n, levels);
    for (size_t k = 0; k < n; k++)
        speakers_free(sides[k].speakers);
    g_array_append_val(all->tests, t);
}

/* Holm over a planned family: all groups on all questions; all pairs of methods; all tests. */
static void adjust(Differences *all, Facet facet)
{
    g_autofree double *p = g_new(double, all->differences->len + 1);
    size_t n = 0;
    for (guint i = 0; i < all->differences->len; i++) {
        const Difference *d = &g_array_index(all->differences, Difference, i);
        if (d->facet == facet)
            p[n++] = d->p;
    }
    grouptest_adjust(p, n, GROUPTEST_HOLM, p);
    n = 0;
    for (guint i = 0; i < all->differences->len; i++) {
        Difference *d = &g_array_index(all->differences, Difference, i);
        if (d->facet == facet)
            d->p_holm = p[n++];
    }
}

static void adjust_tests(Differences *all)
{
    g_autofree double *p = g_new(double, all->tests->len + 1);
    for (guint i = 0; i < all->tests->len; i++)
        p[i] = g_array_index(all->tests, DifferenceTest, i).test.p;
    grouptest_adjust(p, all->tests->len, GROUPTEST_HOLM, p);
    for (guint i = 0; i < all->tests->len; i++)
        g_array_index(all->tests, DifferenceTest, i).p_holm = p[i];
}

static void difference_clear(gpointer difference)
{
    g_free(((Difference *)difference)->key);
}

static void test_clear(gpointer test)
{
    g_free(((DifferenceTest *)test)->key);
}

static void differences_free(gpointer product)
{
    Differences *all = product;
    g_array_unref(all->differences);
    g_array_unref(all->tests);
    g_free(all);
}

static gpointer compute(const Results *r)
{
    const Framework *framework = r->project->framework;
    Differences *all = g_new(Differences, 1);
    all->differences = g_array_new(FALSE, FALSE, sizeof(Difference));
    all->tests = g_array_new(FALSE, FALSE, sizeof(DifferenceTest));
    g_array_set_clear_func(all->differences, difference_clear);
    g_array_set_clear_func(all->tests, test_clear);
    for (int q = 0; q < (int)framework->list[TERM_QUESTION].n; q++) {
        const RatingSummary *whole = summary_of(r, q, FACET_ALL, NO_TERM);
        const guint before = all->differences->len;
        if (!whole)
            continue;
        g_autoptr(Speakers) everybody = rating_speakers(r->data, whole);
        for (int g = 0; g < (int)framework->list[TERM_GROUP].n; g++)
            add_group(all, r, everybody, q, g);
        for (int one = 0; one < N_METHODS; one++)
            for (int other = one + 1; other < N_METHODS; other++)
                add_methods(all, r, q, one, other);
        if (all->differences->len > before)
            add_test(all, r, whole, q);
    }
    if (!all->differences->len) {
        differences_free(all);
        return NULL;
    }
    adjust(all, FACET_GROUP);
    adjust(all, FACET_METHOD);
    adjust_tests(all);
    return all;
}

EffectWord difference_word(const Difference *d, const Thresholds *t)
{
    const EffectRules rules = {t->delta_small, t->delta_medium, t->delta_large};
    return effect_word(d->delta.delta, &rules);
}

/* --- figures ---------------------------------------------------------------------------------- */

/* The whole question and every group of it: citizens answer in their own column only. */
static void made_of(const Results *r, int question, GArray *records)
{
    for (guint i = 0; i < r->ratings->len; i++) {
        const RatingSummary *s = r->ratings->pdata[i];
        if (s->family == FAMILY_ROBUSTNESS && s->subject == question &&
            (s->facet == FACET_ALL || s->facet == FACET_GROUP))
            rating_records(r->data, s, records);
    }
}

/* Holm's correction takes the tests of every question together. */
static void made_of_all(const Results *r, G_GNUC_UNUSED int question, GArray *records)
{
    for (int q = 0; q < (int)r->project->framework->list[TERM_QUESTION].n; q++)
        made_of(r, q, records);
}

static bool reads(const Results *r, int question, const Variable *column)
{
    const RatingSummary *whole = summary_of(r, question, FACET_ALL, NO_TERM);
    return whole && rating_summary_reads(r->data, whole, column);
}

static void publish_difference(Results *r, const Difference *d)
{
    const char *why = undefined_key(d->why);
    const bool apart = is_defined(d->delta.delta) && compare_round(fabs(d->delta.delta)) == 1;
    const char *no_interval = d->why != UNDEFINED_NOT
                                  ? why
                                  : undefined_key(apart ? UNDEFINED_NO_SPREAD : UNDEFINED_TOO_FEW);
    const char *no_mean = d->why != UNDEFINED_NOT ? why : undefined_key(UNDEFINED_FEW_ORGS);
    figure_count(r, d->key, "n", d->n);
    figure_count(r, d->key, "n-others", d->n_other);
    figure_count(r, d->key, "organisations", d->organisations);
    figure_count(r, d->key, "organisations-others", d->organisations_other);
    figure_number(r, d->key, "delta", d->delta.delta, why);
    figure_number(r, d->key, "delta-low", d->delta.low, no_interval);
    figure_number(r, d->key, "delta-high", d->delta.high, no_interval);
    figure_text(r, d->key, "size", effect_word_key(difference_word(d, &r->project->thresholds)));
    figure_number(r, d->key, "mean-difference", d->mean.value, why);
    figure_number(r, d->key, "mean-difference-low", d->mean.low, no_mean);
    figure_number(r, d->key, "mean-difference-high", d->mean.high, no_mean);
    figure_number(r, d->key, "p", d->p, undefined_key(d->p_why));
    figure_number(r, d->key, "p-holm", d->p_holm, undefined_key(d->p_why));
    figure_flag(r, d->key, "supported", d->supported);
}

static void publish_test(Results *r, const DifferenceTest *t)
{
    const char *why = undefined_key(t->test.why);
    const Term *question = &r->project->framework->list[TERM_QUESTION].v[t->question];
    Basis *basis = basis_open(r, &(BasisRow){.path = t->key,
                                             .sheet = "robustness",
                                             .figure = term_label(question, r->project->language),
                                             .method = "effect.cliff_delta",
                                             .n = t->n,
                                             .made_of = made_of,
                                             .against = made_of_all,
                                             .reads = reads,
                                             .subject = t->question});
    const RatingSummary *whole = summary_of(r, t->question, FACET_ALL, NO_TERM);
    basis->organisations = t->organisations;
    basis->sources = basis_sources(r, whole->sources);
    figure_count(r, t->key, "n", t->n);
    figure_count(r, t->key, "organisations", t->organisations);
    figure_count(r, t->key, "groups", t->groups);
    figure_number(r, t->key, "kruskal-h", t->test.h, why);
    figure_number(r, t->key, "kruskal-df", t->test.df, why);
    figure_number(r, t->key, "kruskal-p", t->test.p, why);
    figure_number(r, t->key, "kruskal-p-holm", t->p_holm, why);
    figure_number(r, t->key, "epsilon2", t->test.epsilon2, why);
}

static void publish(Results *r, gconstpointer product)
{
    const Differences *all = product;
    for (guint i = 0; i < all->tests->len; i++) {
        const DifferenceTest *t = &g_array_index(all->tests, DifferenceTest, i);
        publish_test(r, t);
        for (guint k = 0; k < all->differences->len; k++) {
            const Difference *d = &g_array_index(all->differences, Difference, k);
            if (d->question == t->question)
                publish_difference(r, d);
        }
    }
}

const Product product_difference = {compute, publish, differences_free};

const Differences *results_differences(const Results *results)
{
    return results->product[PRODUCT_DIFFERENCE];
}
