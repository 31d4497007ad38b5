/* Rounds, status lights, involvement, saturation, and weights from targets or comparisons. */
#include "tests/analyze/generate.h"

#include <string.h>

#include "analyze/ahp.h"
#include "analyze/consensus.h"
#include "analyze/coverage.h"
#include "analyze/rake.h"
#include "analyze/round.h"
#include "analyze/saturation.h"
#include "analyze/status.h"
#include "schemas/error.h"

typedef struct {
    const char *name;
    RoundVotes group[3];
    size_t objections, round;
    bool stable;
    const char *decision;
    unsigned low;
} AcceptCase;

static const AcceptCase accept_cases[] = {
    {"accept: nobody voted", {{0}}, 0, 1, false, "insufficient", 0},
    {"accept: four votes", {{4, 0}}, 0, 1, true, "insufficient", 0},
    {"accept: five of five", {{5, 0}}, 0, 1, false, "accept", 0},
    {"accept: an objection is open", {{9, 0}, {4, 1}}, 1, 1, false, "revise", 0},
    {"accept: three quarters of eight are too few", {{6, 2}}, 0, 1, false, "revise", 0},
    {"accept: exactly three quarters of forty", {{30, 10}}, 0, 1, false, "accept", 0},
    {"accept: two against do not make a group", {{20, 0}, {0, 2}}, 0, 1, false, "accept", 0},
    {"accept: three against do", {{20, 0}, {0, 3}}, 0, 1, false, "revise", 2},
    {"accept: half of a group is not below half", {{20, 0}, {2, 2}}, 0, 1, false, "accept", 0},
    {"accept: a quarter of forty drops", {{10, 30}}, 0, 1, false, "drop", 1},
    {"accept: a quarter of four drops nothing", {{2, 4}}, 0, 1, false, "revise", 1},
    {"accept: stable without agreement", {{12, 9}}, 0, 2, true, "report_disagreement", 0},
    {"accept: the last round", {{12, 9}}, 0, 3, false, "report_disagreement", 0},
    {"accept: a stable agreement is accepted", {{30, 1}}, 0, 3, true, "accept", 0},
};

static void accepts(void **state)
{
    const AcceptCase *c = *state;
    RoundRules rules = round_rules_default();
    bool low[3];
    unsigned bits = 0;
    RoundAcceptance a = round_accept(c->group, 3, c->objections, c->round, c->stable, &rules, low);

    for (int g = 0; g < 3; g++)
        bits |= low[g] ? 1U << g : 0;
    assert_string_equal(round_decision_key(a.decision), c->decision);
    assert_int_equal(bits, c->low);
    assert_int_equal(is_defined(a.share.value), a.n > 0);
}

static void stability_counts_those_who_came_back(void **state)
{
    const int8_t r1[] = {1, 2, 3, 4, 0, 2, 4, -2}, r2[] = {2, 1, 3, 0, 4, 2, -1, -2};
    RoundStability s = round_stability(r1, r2, 8, 0.15);
    (void)state;

    assert_int_equal(s.n, 4);
    assert_near(s.changed, 0.5, 0);
    assert_near(s.net_change, 0, 0); /* two changed places */
    assert_near(s.attrition, 2.0 / 6, 1e-12);
    assert_false(s.stable);
    RoundStability none = round_stability(r1 + 4, r2 + 4, 1, 0.15);
    assert_undefined(none.changed);
    assert_undefined(none.attrition);
    assert_false(none.stable);
}

static void mcnemar_is_symmetric(void **state)
{
    (void)state;
    assert_near(round_mcnemar_exact(2, 10), round_mcnemar_exact(10, 2), 1e-12);
    assert_near(round_mcnemar_exact(10, 2), 0.0385742188, 1e-10);
    assert_near(round_mcnemar_exact(3, 3), 1, 0);
    assert_near(round_mcnemar_exact(0, 0), 1, 0);
}

typedef struct {
    const char *name;
    StatusKpi kpi[2];
    size_t n_kpi;
    double done;
    StatusLight judgement;
    double elapsed;
    const char *light;
} LightCase;

static const LightCase light_cases[] = {
    {"light: nothing known", {{0, 0, 0}}, 0, NAN, STATUS_GREY, 0.5, "grey"},
    {"light: one part", {{0, 100, 90}}, 1, NAN, STATUS_GREY, 0.5, "grey"},
    {"light: no time has passed", {{0, 100, 90}}, 1, 1, STATUS_GREEN, 0, "grey"},
    {"light: two parts, the lower", {{0, 100, 90}}, 1, 0.35, STATUS_GREY, 0.5, "yellow"},
    {"light: never better than the worst and one", {{0, 100, 90}}, 1, 1, STATUS_RED, 0.5, "yellow"},
    {"light: a target below the baseline", {{20, 10, 14}}, 1, 1, STATUS_GREY, 0.6, "green"},
    {"light: not measured and no way to go",
     {{0, 10, NAN}, {5, 5, 5}},
     2,
     1,
     STATUS_GREEN,
     0.5,
     "green"},
    {"light: the wrong way counts as nothing",
     {{10, 20, 5}, {0, 10, 10}},
     2,
     0.1,
     STATUS_RED,
     0.8,
     "red"},
};

static void lights(void **state)
{
    const LightCase *c = *state;
    StatusRules rules = status_rules_default();
    Status s = status_light(&(StatusInput){.kpi = c->kpi,
                                           .n_kpi = c->n_kpi,
                                           .activity = &(StatusActivity){2, c->done},
                                           .n_activity = 1,
                                           .judgement = c->judgement,
                                           .elapsed = c->elapsed},
                            &rules);

    assert_string_equal(status_light_key(s.light), c->light);
    assert_true(!is_defined(s.kpi_ratio) || (s.kpi_ratio >= 0 && s.kpi_ratio <= 1));
}

static void panels_judge_by_their_lower_median(void **state)
{
    (void)state;
    assert_int_equal(status_judgement((const size_t[]){0, 0, 0}), STATUS_GREY);
    assert_int_equal(status_judgement((const size_t[]){2, 1, 3}), STATUS_YELLOW);
    assert_int_equal(status_judgement((const size_t[]){3, 0, 3}), STATUS_RED);
    assert_int_equal(status_judgement((const size_t[]){1, 0, 2}), STATUS_GREEN);
}

static void small_steps_have_no_direction(void **state)
{
    StatusRules rules = status_rules_default();
    (void)state;

    assert_int_equal(status_direction(50, 54.9, 0, 100, &rules), 0);
    assert_int_equal(status_direction(50, 55, 0, 100, &rules), 1);
    assert_int_equal(status_direction(14, 13, 20, 10, &rules), 1);
    assert_int_equal(status_direction(14, 15, 20, 10, &rules), -1);
    assert_int_equal(status_direction(UNDEFINED, 15, 20, 10, &rules), 0);
    assert_int_equal(status_direction(1, 2, 5, 5, &rules), 0);
}

static void people_count_once(void **state)
{
    const uint32_t person[] = {0, 0, 0, 1, NO_INDEX, 1}, org[] = {4, 4, 2, 4, 0, NO_INDEX};
    const uint32_t part[] = {1, 0, 1, 1, 1, NO_INDEX};
    CoverageCount of[3];
    CoverageCount all = coverage_counts(person, org, part, 6, 2, 5, 3, of);
    (void)state;

    assert_int_equal(all.persons, 2);
    assert_int_equal(all.orgs, 3);
    assert_int_equal(of[0].persons, 1);
    assert_int_equal(of[1].persons, 2);
    assert_int_equal(of[1].orgs, 3);
    assert_int_equal(of[2].persons, 0);
}

static void dissimilarity_is_between_0_and_1(void **state)
{
    const double heard[] = {5, 0}, planned[] = {0, 0.7}, as_planned[] = {3, 7}, plan[] = {0.3, 0.7};
    const double nobody[] = {0, 0};
    (void)state;

    assert_near(coverage_dissimilarity(heard, planned, 2), 1, 1e-12);
    assert_near(coverage_dissimilarity(as_planned, plan, 2), 0, 1e-12);
    assert_undefined(coverage_dissimilarity(nobody, plan, 2));
    assert_undefined(coverage_dissimilarity(heard, nobody, 2));
}

static void response_rates_need_a_frame(void **state)
{
    (void)state;
    Aapor none = coverage_aapor(&(AaporInput){.e = 0.5});
    for (int i = 0; i < 6; i++)
        assert_undefined(none.rr[i]);
    Aapor undeclared = coverage_aapor(&(AaporInput){
        .complete = 18, .partial = 3, .refusal = 4, .unknown_other = 5, .e = UNDEFINED});
    assert_near(undeclared.rr[0], 18 / 30.0, 1e-12);
    assert_undefined(undeclared.rr[2]);
    assert_near(undeclared.rr[5], 21 / 25.0, 1e-12);
}

static void alike_strata_are_representative(void **state)
{
    const CoverageStratum alike[] = {{40, 10}, {80, 20}, {0, 0}};
    double partial[3];
    RIndicator r = coverage_r_indicator(alike, 3, partial);
    (void)state;

    assert_near(r.r, 1, 1e-12);
    assert_undefined(partial[2]);
    assert_int_equal(coverage_r_indicator(alike + 2, 1, NULL).why, UNDEFINED_NO_FRAME);
}

static const uint32_t heard_themes[] = {0, 1, 2, 0, 3, 1, 4, 5, 6, 7, 0, 8, 1, 9, 0, 1, 2, 3};
static const size_t interview[] = {0, 3, 5, 8, 10, 12, 13, 14, 16, 17, 18};

static void saturation_waits_for_the_first_quiet_window(void **state)
{
    const SaturationInput in = {heard_themes, interview, 10, 10};
    SaturationRules rules = saturation_rules_default();
    double ratio[10];
    (void)state;

    Saturation s = saturation_base_run(&in, &rules, ratio);
    assert_int_equal(s.base_themes, 8);
    assert_int_equal(s.windows, 5);
    assert_int_equal(s.reached_at, 7);
    assert_near(ratio[2], 0.125, 0);
    rules.threshold = 0.125;
    assert_int_equal(saturation_base_run(&in, &rules, NULL).reached_at, 4);
}

static void saturation_says_why_not(void **state)
{
    const size_t silent_start[] = {0, 0, 0, 0, 0, 3, 4};
    SaturationRules rules = saturation_rules_default();
    gsl_rng *rng = random_seeded_new(9);
    (void)state;

    SaturationInput few = {heard_themes, interview, 5, 10};
    assert_int_equal(saturation_base_run(&few, &rules, NULL).why, UNDEFINED_TOO_FEW);
    assert_undefined(saturation_shuffled(&few, &rules, rng, 20));
    SaturationInput silent = {heard_themes, silent_start, 6, 10};
    assert_int_equal(saturation_base_run(&silent, &rules, NULL).why, UNDEFINED_NO_SPREAD);
    gsl_rng_free(rng);
}

static void shuffled_saturation_is_a_median_over_orders(void **state)
{
    const SaturationInput in = {heard_themes, interview, 10, 10};
    SaturationRules rules = saturation_rules_default();
    gsl_rng *a = random_seeded_new(9), *b = random_seeded_new(9);
    (void)state;

    double median = saturation_shuffled(&in, &rules, a, 200);
    assert_near(saturation_shuffled(&in, &rules, b, 200), median, 0);
    assert_true(!is_defined(median) || (median >= 4 && median <= 8));
    rules.threshold = 10; /* any window will do */
    assert_near(saturation_shuffled(&in, &rules, a, 20), 4, 0);
    gsl_rng_free(a);
    gsl_rng_free(b);
}

static void silent_groups_are_not_the_weakest(void **state)
{
    const ConsensusVotes votes[] = {{0, 0}, {8, 10}, {3, 4}};
    double p[3];
    Consensus c = consensus_group_informed(votes, 3, p);
    (void)state;

    assert_near(p[0], 0.5, 0);
    assert_near(c.product, 0.25, 1e-12);
    assert_near(c.geometric, cbrt(0.25), 1e-12);
    assert_near(c.weakest, 0.300641843, 1e-9);
    assert_int_equal(c.weakest_group, 2);
    assert_undefined(consensus_group_informed(votes, 1, NULL).weakest);
    assert_undefined(consensus_group_informed(votes, 0, NULL).product);
}

static void raking_refuses_what_it_cannot_meet(void **state)
{
    const uint32_t row[] = {0, 0, 1, 1}, apart[] = {0, 0, 1, 1};
    const double even[] = {0.5, 0.5, 0}, skew[] = {0.3, 0.7, 0}, extra[] = {0.3, 0.3, 0.4};
    double w[] = {-77.125, -77.125, -77.125, -77.125};
    RakeReport report;
    g_autoptr(GError) error = NULL;
    (void)state;

    const RakeMargin unmet[] = {{row, even, 2}, {apart, skew, 2}};
    assert_false(weights_rake(unmet, 4, 5, w, &report, &error));
    assert_true(g_error_matches(error, INNSIKT_ERROR, INNSIKT_ERROR_DATA));
    assert_non_null(strstr(error->message, "cannot both be met"));
    assert_near(w[0], -77.125, 0);
    g_clear_error(&error);
    const RakeMargin silent[] = {{row, even, 2}, {apart, extra, 3}};
    assert_false(weights_rake(silent, 4, 5, w, &report, &error));
    assert_non_null(strstr(error->message, "category 3 has a target of 0.4 and 0 answers"));
}

static void raking_meets_both_margins_and_trims(void **state)
{
    enum { N = 60 };
    uint32_t row[N], col[N];
    const double row_target[] = {0.2, 0.8}, col_target[] = {0.35, 0.65};
    double w[N], by_row = 0, by_col = 0, sum = 0;
    RakeReport report;
    (void)state;

    for (uint32_t i = 0; i < N; i++) {
        row[i] = i % 3 == 0;
        col[i] = i % 10 == 0 || i % 7 == 1;
    }
    const RakeMargin margin[] = {{row, row_target, 2}, {col, col_target, 2}};
    assert_true(weights_rake(margin, N, 0, w, &report, NULL));
    for (int i = 0; i < N; i++) {
        by_row += row[i] == 1 ? w[i] : 0;
        by_col += col[i] == 1 ? w[i] : 0;
    }
    assert_near(by_row, 0.8 * N, 1e-10);
    assert_near(by_col, 0.65 * N, 1e-10);
    assert_int_equal(report.trimmed, 0);
    assert_true(weights_rake(margin, N, 2, w, &report, NULL));
    for (int i = 0; i < N; i++)
        sum += w[i];
    assert_true(report.trimmed > 0);
    assert_near(sum, N, 1e-10);
}

static void ahp_of_a_consistent_matrix(void **state)
{
    const double weight[] = {0.5, 0.31, 0.19}, holed[] = {1, 2, 0.5, NAN};
    double matrix[9], group[9], got[3], two[18];
    (void)state;

    for (int i = 0; i < 9; i++)
        matrix[i] = weight[i / 3] / weight[i % 3];
    AhpPriorities a = ahp_priorities(matrix, 3, got);
    for (int i = 0; i < 3; i++)
        assert_near(got[i], weight[i], 1e-10);
    assert_near(a.cr, 0, 1e-10);
    for (int i = 0; i < 9; i++) {
        two[i] = matrix[i] * 2.385;
        two[9 + i] = matrix[i] / 2.385;
    }
    ahp_group_matrix(two, 2, 3, group);
    for (int i = 0; i < 9; i++)
        assert_near(group[i], matrix[i], 1e-12);
    assert_int_equal(ahp_priorities(holed, 2, got).why, UNDEFINED_INCOMPLETE);
    assert_undefined(got[0]);
    assert_near(ahp_priorities((const double[]){1}, 1, got).cr, 0, 0);
    assert_near(got[0], 1, 0);
    assert_int_equal(ahp_priorities(NULL, 0, got).why, UNDEFINED_NO_ANSWERS);
}

int main(void)
{
    static const struct CMUnitTest fixed[] = {
        cmocka_unit_test(stability_counts_those_who_came_back),
        cmocka_unit_test(mcnemar_is_symmetric),
        cmocka_unit_test(panels_judge_by_their_lower_median),
        cmocka_unit_test(small_steps_have_no_direction),
        cmocka_unit_test(people_count_once),
        cmocka_unit_test(dissimilarity_is_between_0_and_1),
        cmocka_unit_test(response_rates_need_a_frame),
        cmocka_unit_test(alike_strata_are_representative),
        cmocka_unit_test(saturation_waits_for_the_first_quiet_window),
        cmocka_unit_test(saturation_says_why_not),
        cmocka_unit_test(shuffled_saturation_is_a_median_over_orders),
        cmocka_unit_test(silent_groups_are_not_the_weakest),
        cmocka_unit_test(raking_refuses_what_it_cannot_meet),
        cmocka_unit_test(raking_meets_both_margins_and_trims),
        cmocka_unit_test(ahp_of_a_consistent_matrix),
    };
    enum {
        FIXED = G_N_ELEMENTS(fixed),
        ACCEPT = G_N_ELEMENTS(accept_cases),
        LIGHT = G_N_ELEMENTS(light_cases)
    };
    struct CMUnitTest tests[FIXED + ACCEPT + LIGHT];

    memcpy(tests, fixed, sizeof fixed);
    for (size_t i = 0; i < ACCEPT; i++)
        tests[FIXED + i] = (struct CMUnitTest){accept_cases[i].name, accepts, NULL, NULL,
                                               (void *)&accept_cases[i]};
    for (size_t i = 0; i < LIGHT; i++)
        tests[FIXED + ACCEPT + i] =
            (struct CMUnitTest){light_cases[i].name, lights, NULL, NULL, (void *)&light_cases[i]};
    return cmocka_run_group_tests_name("panel", tests, NULL, NULL);
}
