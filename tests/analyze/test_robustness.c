/* Robustness under scenarios, and the chances of its classes. */
#include "tests/analyze/generate.h"

#include <string.h>

#include "analyze/rank.h"
#include "analyze/robustness.h"
#include "analyze/robustness_chance.h"

enum { PRIORITIES = 4, SCENARIOS = 4, CELLS = PRIORITIES * SCENARIOS };

/* The four priorities of methods.md 3.9. */
static const double quoted[CELLS] = {3.2, 2.8, 3.0, 2.6, 3.8, 1.6, 3.4, 2.0,
                                     2.9, 2.9, 2.9, 2.9, 2.1, 3.6, 2.2, 3.5};

static void quoted_metrics_name_their_scenarios(void **state)
{
    RobustnessMetrics m[PRIORITIES];
    (void)state;

    robustness_metrics(quoted, PRIORITIES, SCENARIOS, 2.5, 0.5, m, NULL);
    const double worst[] = {2.6, 1.6, 2.9, 2.1}, regret[] = {0.9, 2.0, 0.9, 1.7};
    const double passed[] = {1, 0.5, 1, 0.5};
    const uint32_t where[] = {3, 1, 0, 0}, regretted[] = {3, 1, 0, 0};
    for (int i = 0; i < PRIORITIES; i++) {
        assert_near(m[i].maximin, worst[i], 1e-12);
        assert_near(m[i].max_regret, regret[i], 1e-12);
        assert_near(m[i].starr, passed[i], 0);
        assert_int_equal(m[i].worst, where[i]); /* ties name the first */
        assert_int_equal(m[i].regretted, regretted[i]);
    }
}

static void incomplete_priority_has_no_metric_but_still_sets_the_best(void **state)
{
    const double f[] = {3.1, 2.7, 1.9, 3.75, NAN, 2.2};
    RobustnessMetrics m[2];
    double regret[6];
    (void)state;

    robustness_metrics(f, 2, 3, 2.5, 0.5, m, regret);
    assert_undefined(m[1].maximin);
    assert_undefined(m[1].mean_variance);
    assert_int_equal(m[1].worst, NO_INDEX);
    assert_near(m[0].max_regret, 0.65, 1e-12);
    assert_int_equal(m[0].regretted, 0);
    assert_undefined(regret[4]);
}

static void one_priority_regrets_nothing(void **state)
{
    const double f[] = {1.2, 3.4, 2.25};
    RobustnessMetrics m;
    (void)state;

    robustness_metrics(f, 1, 3, 2.5, 0.5, &m, NULL);
    assert_near(m.max_regret, 0, 0);
    assert_near(m.p90_regret, 0, 0);
}

static void one_scenario_has_no_variance(void **state)
{
    const double f[] = {2.4};
    RobustnessMetrics m;
    (void)state;

    robustness_metrics(f, 1, 1, 2.5, 0.5, &m, NULL);
    assert_undefined(m.mean_variance);
    assert_near(m.undesirable_deviation, 0, 0);
    assert_near(m.laplace, 2.4, 0);
}

static void order_of_scenarios_does_not_matter(void **state)
{
    double turned[CELLS];
    RobustnessMetrics a[PRIORITIES], b[PRIORITIES];
    (void)state;

    for (int c = 0; c < CELLS; c++)
        turned[c / SCENARIOS * SCENARIOS + (c + 1) % SCENARIOS] = quoted[c];
    robustness_metrics(quoted, PRIORITIES, SCENARIOS, 2.5, 0.3, a, NULL);
    robustness_metrics(turned, PRIORITIES, SCENARIOS, 2.5, 0.3, b, NULL);
    for (int i = 0; i < PRIORITIES; i++) {
        assert_near(b[i].hurwicz, a[i].hurwicz, 1e-12);
        assert_near(b[i].undesirable_deviation, a[i].undesirable_deviation, 1e-12);
        assert_near(b[i].p90_regret, a[i].p90_regret, 1e-12);
        assert_near(b[i].mean_variance, a[i].mean_variance, 1e-12);
    }
}

typedef struct {
    const char *name;
    double cell[6];
    size_t scenarios;
    const char *key;
    unsigned failing;
} ClassCase;

static const ClassCase class_cases[] = {
    {"class: exactly at the threshold passes", {2.5, 2.5, 2.5}, 3, "robust", 0},
    {"class: a rounding error below passes", {2.4999999999999996, 3, 4}, 3, "robust", 0},
    {"class: two of three is two thirds", {2.4, 3, 4}, 3, "conditional", 1},
    {"class: four of six is two thirds", {3, 1, 3, 3, 1, 3}, 6, "conditional", 022},
    {"class: half", {1, 3, 4, 2}, 4, "fragile", 011},
    {"class: a cell is missing", {3, NAN, 1}, 3, "incomplete", 4},
    {"class: no scenario", {0}, 0, "incomplete", 0},
};

static void classifies(void **state)
{
    const ClassCase *c = *state;
    bool failing[6] = {false};
    unsigned bits = 0;

    assert_string_equal(
        robustness_class_key(robustness_classify(c->cell, c->scenarios, 2.5, 2.0 / 3, failing)),
        c->key);
    for (size_t s = 0; s < c->scenarios; s++)
        bits |= failing[s] ? 1U << s : 0;
    assert_int_equal(bits, c->failing);
}

static double lead(const double *a, const double *b, double p)
{
    return p * (a[1] - b[1]) + (1 - p) * (a[0] - b[0] + a[2] - b[2] + a[3] - b[3]) / 3;
}

static void break_even_is_where_the_leader_changes(void **state)
{
    const double *a = quoted;
    (void)state;

    for (int j = 1; j < PRIORITIES; j++) {
        const double *b = quoted + j * SCENARIOS;
        BreakEven e = robustness_break_even(a, b, SCENARIOS, 1);
        BreakEven back = robustness_break_even(b, a, SCENARIOS, 1);
        assert_near(back.p, e.p, 1e-12);
        if (e.why != UNDEFINED_NOT)
            continue;
        assert_near(lead(a, b, e.p), 0, 1e-12);
        assert_true((lead(a, b, e.p + 0.01) < 0) == e.b_above);
        assert_true(back.b_above != e.b_above);
    }
    BreakEven e = robustness_break_even(a, quoted + 3 * SCENARIOS, SCENARIOS, 1);
    assert_near(e.p, 0.294117647, 1e-9);
    assert_true(e.b_above);
}

static void break_even_says_why_there_is_none(void **state)
{
    const double high[] = {3, 3, 3}, low[] = {2, 2, 2}, gap[] = {2, NAN, 3};
    (void)state;

    assert_int_equal(robustness_break_even(high, low, 3, 1).why, UNDEFINED_OUTSIDE);
    assert_int_equal(robustness_break_even(high, high, 3, 1).why, UNDEFINED_OUTSIDE);
    assert_int_equal(robustness_break_even(high, gap, 3, 0).why, UNDEFINED_INCOMPLETE);
    assert_int_equal(robustness_break_even(high, low, 1, 0).why, UNDEFINED_TOO_FEW);
}

static void shape_without_spread_is_undefined(void **state)
{
    const double flat[] = {2, 2, 2, 2}, gap[] = {1, NAN, 2, 4};
    const double middle[] = {1, 2, 2, 2, 2, 2, 2, 2, 2, 2, 4};
    (void)state;

    assert_undefined(robustness_percentile_shape(flat, 4).skew);
    assert_undefined(robustness_percentile_shape(flat, 4).peak);
    assert_undefined(robustness_percentile_shape(gap, 4).skew);
    assert_undefined(robustness_percentile_shape(middle, 11).peak); /* the quartiles agree */
}

static void metrics_that_agree_rank_alike(void **state)
{
    const double mean[] = {2.9, NAN, 3.4, 2.9000000001}, regret[] = {0.7, 0.2, 0.1, 0.7};
    double by_mean[4], by_regret[4];
    (void)state;

    robustness_ranks(mean, 4, false, by_mean);
    robustness_ranks(regret, 4, true, by_regret);
    assert_near(by_mean[2], 1, 0);
    assert_near(by_mean[0], 2.5, 0); /* equal to 9 decimals */
    assert_undefined(by_mean[1]);
    assert_near(by_regret[1], 2, 0);
    assert_near(rank_tau_b(by_mean, by_regret, 4), 1, 1e-12);
}

enum { ORGS = 12 };

/* Every organisation rates around the quoted cells, each a little off its own way. */
static void make_answers(double *mean)
{
    for (int o = 0; o < ORGS; o++)
        for (int c = 0; c < CELLS; c++)
            mean[o * CELLS + c] = quoted[c] + 0.37 * ((o * 5 + c * 3) % 7 - 3) / 3.0;
}

static RobustnessRules quick_rules(void)
{
    RobustnessRules rules = robustness_rules_default(4);

    rules.replicates = 400;
    return rules;
}

static void chances_sum_to_one_and_repeat(void **state)
{
    double mean[ORGS * CELLS], f[CELLS];
    RobustnessChance a[PRIORITIES], b[PRIORITIES];
    RobustnessRules rules = quick_rules();
    RobustnessAnswers in = {
        .mean = mean, .n_org = ORGS, .priorities = PRIORITIES, .scenarios = SCENARIOS};
    (void)state;

    make_answers(mean);
    gsl_rng *rng = random_stream_new(2021, "robustness");
    robustness_chances(&in, &rules, rng, a);
    gsl_rng_free(rng);
    rng = random_stream_new(2021, "robustness");
    robustness_chances(&in, &rules, rng, b);
    gsl_rng_free(rng);
    robustness_cells(&in, rules.min_cell, f);
    for (int i = 0; i < PRIORITIES; i++) {
        assert_int_equal(a[i].why, UNDEFINED_NOT);
        assert_near(a[i].robust + a[i].conditional + a[i].fragile, 1, 1e-12);
        assert_true(a[i].robust == b[i].robust && a[i].fragile == b[i].fragile);
        assert_true(a[i].among_first == b[i].among_first);
        assert_true(a[i].among_first >= 0 && a[i].among_first <= 1);
    }
    assert_near(a[2].robust, 1, 0); /* 2.9 everywhere */
    assert_near(a[1].robust, 0, 0);
    assert_near(f[4], quoted[4], 0.2);
}

static void few_organisations_have_no_chances(void **state)
{
    double mean[ORGS * CELLS], f[CELLS];
    RobustnessChance chance[PRIORITIES];
    RobustnessRules rules = quick_rules();
    RobustnessAnswers in = {
        .mean = mean, .n_org = 7, .priorities = PRIORITIES, .scenarios = SCENARIOS};
    gsl_rng *rng = random_seeded_new(3);
    (void)state;

    make_answers(mean);
    robustness_chances(&in, &rules, rng, chance);
    assert_int_equal(chance[0].why, UNDEFINED_FEW_ORGS);
    assert_undefined(chance[0].robust);
    in.n_org = ORGS;
    for (int o = 2; o < ORGS; o++)
        mean[o * CELLS + 5] = NAN; /* two organisations are left in this cell */
    robustness_chances(&in, &rules, rng, chance);
    assert_int_equal(chance[1].why, UNDEFINED_INCOMPLETE);
    assert_int_equal(chance[0].why, UNDEFINED_NOT);
    robustness_cells(&in, rules.min_cell, f);
    assert_undefined(f[5]);
    gsl_rng_free(rng);
}

static void cells_follow_declared_targets(void **state)
{
    const double mean[] = {1, 2, 3, 4, 4, 1};
    const uint32_t group[] = {0, 0, 1, 1, 1, NO_INDEX};
    const double target[] = {0.3, 0.3, 0.4}; /* nobody of the third group answered */
    double f;
    (void)state;

    robustness_cells(&(RobustnessAnswers){.mean = mean,
                                          .n_org = 6,
                                          .priorities = 1,
                                          .scenarios = 1,
                                          .group = group,
                                          .target = target,
                                          .n_group = 3},
                     3, &f);
    assert_near(f, 0.5 * 1.5 + 0.5 * 11 / 3, 1e-12);
}

int main(void)
{
    static const struct CMUnitTest fixed[] = {
        cmocka_unit_test(quoted_metrics_name_their_scenarios),
        cmocka_unit_test(incomplete_priority_has_no_metric_but_still_sets_the_best),
        cmocka_unit_test(one_priority_regrets_nothing),
        cmocka_unit_test(one_scenario_has_no_variance),
        cmocka_unit_test(order_of_scenarios_does_not_matter),
        cmocka_unit_test(break_even_is_where_the_leader_changes),
        cmocka_unit_test(break_even_says_why_there_is_none),
        cmocka_unit_test(shape_without_spread_is_undefined),
        cmocka_unit_test(metrics_that_agree_rank_alike),
        cmocka_unit_test(chances_sum_to_one_and_repeat),
        cmocka_unit_test(few_organisations_have_no_chances),
        cmocka_unit_test(cells_follow_declared_targets),
    };
    enum { FIXED = G_N_ELEMENTS(fixed), CLASSES = G_N_ELEMENTS(class_cases) };
    struct CMUnitTest tests[FIXED + CLASSES];

    memcpy(tests, fixed, sizeof fixed);
    for (size_t i = 0; i < CLASSES; i++)
        tests[FIXED + i] = (struct CMUnitTest){class_cases[i].name, classifies, NULL, NULL,
                                               (void *)&class_cases[i]};
    return cmocka_run_group_tests_name("robustness", tests, NULL, NULL);
}
