#include "tests/vectors/vectors.h"

#include <string.h>

#include "analyze/gap.h"
#include "analyze/grouptest.h"
#include "analyze/rank.h"
#include "analyze/robustness.h"
#include "analyze/undefined.h"

static json_object *paired(json_object *input)
{
    size_t n;
    g_autofree double *x = vector_doubles(vector_get(input, "x"), &n);
    g_autofree double *y = vector_doubles(vector_get(input, "y"), NULL);
    GapPaired g = gap_paired(x, y, n);
    json_object *result = json_object_new_object();

    vector_add_int(result, "n", (int64_t)g.n);
    vector_add(result, "mean_diff", g.mean_diff);
    vector_add(result, "share_pos", g.share_pos);
    vector_add(result, "share_neg", g.share_neg);
    vector_add(result, "share_zero", g.share_zero);
    vector_add(result, "dominance", g.dominance);
    vector_add(result, "V", g.test.v);
    vector_add(result, "z", g.test.z);
    vector_add(result, "p", g.test.p);
    vector_add(result, "p_exact", g.test.p_exact);
    return result;
}

static json_object *ipa(json_object *input)
{
    json_object *result = json_object_new_object();

    vector_add_text(result, "quadrant",
                    gap_corner_key(gap_ipa(vector_double(input, "importance"),
                                           vector_double(input, "performance"),
                                           vector_double(input, "midpoint"))));
    return result;
}

static json_object *tau_b(json_object *input)
{
    size_t n;
    g_autofree double *x = vector_doubles(vector_get(input, "x"), &n);
    g_autofree double *y = vector_doubles(vector_get(input, "y"), NULL);
    json_object *result = json_object_new_object();

    vector_add(result, "tau", rank_tau_b(x, y, n));
    return result;
}

static json_object *kendall_w(json_object *input)
{
    size_t raters, items;
    g_autofree double *rating = vector_matrix(vector_get(input, "ratings"), &raters, &items);
    KendallW k = rank_kendall_w(rating, raters, items);
    json_object *result = json_object_new_object();

    vector_add(result, "W", k.w);
    vector_add(result, "chisq", k.chisq);
    vector_add(result, "p", k.p);
    vector_add_int(result, "df", (int64_t)k.n_items - 1);
    vector_add_int(result, "n_items", (int64_t)k.n_items);
    return result;
}

/* One metric of all priorities as a list. */
static void add_metric(json_object *result, const char *key, const RobustnessMetrics *m, size_t n,
                       size_t offset)
{
    json_object *list = json_object_new_array();

    for (size_t i = 0; i < n; i++) {
        double value;
        memcpy(&value, (const char *)&m[i] + offset, sizeof value);
        json_object_array_add(list, vector_number(value));
    }
    json_object_object_add(result, key, list);
}

static json_object *metrics(json_object *input)
{
    static const struct {
        const char *key;
        size_t offset;
    } column[] = {
        {"maximin", offsetof(RobustnessMetrics, maximin)},
        {"maximax", offsetof(RobustnessMetrics, maximax)},
        {"hurwicz", offsetof(RobustnessMetrics, hurwicz)},
        {"laplace", offsetof(RobustnessMetrics, laplace)},
        {"max_regret", offsetof(RobustnessMetrics, max_regret)},
        {"p90_regret", offsetof(RobustnessMetrics, p90_regret)},
        {"starr", offsetof(RobustnessMetrics, starr)},
        {"undesirable_deviation", offsetof(RobustnessMetrics, undesirable_deviation)},
        {"mean_variance", offsetof(RobustnessMetrics, mean_variance)},
    };
    size_t n, scenarios;
    g_autofree double *f = vector_matrix(vector_get(input, "f"), &n, &scenarios);
    g_autofree RobustnessMetrics *m = g_new(RobustnessMetrics, n + 1);
    g_autofree double *regret = g_new(double, n *scenarios + 1);
    json_object *result = json_object_new_object(), *rows = json_object_new_array();

    robustness_metrics(f, n, scenarios, vector_double(input, "threshold"),
                       vector_double_or(input, "alpha", 0.5), m, regret);
    for (size_t c = 0; c < G_N_ELEMENTS(column); c++)
        add_metric(result, column[c].key, m, n, column[c].offset);
    for (size_t i = 0; i < n; i++)
        json_object_array_add(rows, vector_numbers(regret + i * scenarios, scenarios));
    json_object_object_add(result, "regret", rows);
    return result;
}

static json_object *classify(json_object *input)
{
    size_t n, scenarios;
    g_autofree double *f = vector_matrix(vector_get(input, "f"), &n, &scenarios);
    json_object *result = json_object_new_object(), *classes = json_object_new_array();

    for (size_t i = 0; i < n; i++)
        json_object_array_add(classes,
                              json_object_new_string(robustness_class_key(robustness_classify(
                                  f + i * scenarios, scenarios, vector_double(input, "threshold"),
                                  vector_double_or(input, "soft", 2.0 / 3), NULL))));
    json_object_object_add(result, "cls", classes);
    return result;
}

static json_object *break_even(json_object *input)
{
    size_t n, scenarios;
    g_autofree double *f = vector_matrix(vector_get(input, "f"), &n, &scenarios);
    BreakEven e = robustness_break_even(f + (size_t)vector_int(input, "a") * scenarios,
                                        f + (size_t)vector_int(input, "b") * scenarios, scenarios,
                                        (size_t)vector_int(input, "scenario"));
    json_object *result = json_object_new_object();

    vector_add(result, "p", e.p);
    return result;
}

static json_object *percentile_shape(json_object *input)
{
    size_t n, scenarios;
    g_autofree double *f = vector_matrix(vector_get(input, "f"), &n, &scenarios);
    json_object *result = json_object_new_object();
    json_object *skew = json_object_new_array(), *peak = json_object_new_array();

    for (size_t i = 0; i < n; i++) {
        PercentileShape shape = robustness_percentile_shape(f + i * scenarios, scenarios);
        json_object_array_add(skew, vector_number(shape.skew));
        json_object_array_add(peak, vector_number(shape.peak));
    }
    json_object_object_add(result, "skew", skew);
    json_object_object_add(result, "peak", peak);
    return result;
}

static json_object *mann_whitney(json_object *input)
{
    json_object *groups = json_object_new_array(), *result = json_object_new_object();
    size_t k;

    json_object_array_add(groups, json_object_get(vector_get(input, "x")));
    json_object_array_add(groups, json_object_get(vector_get(input, "y")));
    g_autofree size_t *count = vector_level_counts(groups, &k);
    MannWhitney t = grouptest_mann_whitney(count, count + k, k);
    json_object_put(groups);
    vector_add(result, "U", t.u);
    vector_add(result, "z", t.z);
    vector_add(result, "p", t.p);
    vector_add(result, "p_exact", t.p_exact);
    return result;
}

static json_object *kruskal_wallis(json_object *input)
{
    json_object *groups = vector_get(input, "groups"), *result = json_object_new_object();
    size_t k;
    g_autofree size_t *count = vector_level_counts(groups, &k);
    KruskalWallis t = grouptest_kruskal_wallis(count, vector_length(groups), k);

    vector_add(result, "H", t.h);
    vector_add(result, "df", t.df);
    vector_add(result, "p", t.p);
    vector_add(result, "epsilon2", t.epsilon2);
    return result;
}

static json_object *adjust(json_object *input)
{
    const char *method = json_object_get_string(vector_get(input, "method"));
    size_t n;
    g_autofree double *p = vector_doubles(vector_get(input, "p"), &n);
    json_object *result = json_object_new_object();

    grouptest_adjust(p, n, strcmp(method, "holm") == 0 ? GROUPTEST_HOLM : GROUPTEST_BH, p);
    vector_add_numbers(result, "p", p, n);
    return result;
}

const VectorMethod vectors_ranks[] = {
    {"gap.paired", paired},
    {"gap.ipa", ipa},
    {"rank.tau_b", tau_b},
    {"kendall.w", kendall_w},
    {"robustness.metrics", metrics},
    {"robustness.classify", classify},
    {"robustness.break_even", break_even},
    {"robustness.percentile_shape", percentile_shape},
    {"test.mann_whitney", mann_whitney},
    {"test.kruskal_wallis", kruskal_wallis},
    {"p.adjust", adjust},
    {NULL, NULL},
};
