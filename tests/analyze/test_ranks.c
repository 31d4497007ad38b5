/* Ranks, gaps on the same person, tests between groups, and coders. */
#include "tests/analyze/generate.h"

#include "analyze/bootstrap.h"
#include "analyze/gap.h"
#include "analyze/grouptest.h"
#include "analyze/krippendorff.h"
#include "analyze/rank.h"
#include "analyze/reliability.h"

enum { SEEDS = 40 };

static void midranks_share_ties(void **state)
{
    const double x[] = {2.5, -1, 2.5, 7, 2.5, 7.0000000000000009};
    double rank[6];
    (void)state;

    assert_near(rank_midranks(x, 6, rank), (27 - 3) + (8 - 2), 0);
    const double want[] = {3, 1, 3, 5.5, 3, 5.5};
    for (int i = 0; i < 6; i++)
        assert_near(rank[i], want[i], 0);
}

static double tau_by_pairs(const double *x, const double *y, size_t n)
{
    double up = 0, free_x = 0, free_y = 0;

    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < i; j++) {
            double a = (x[i] > x[j]) - (x[i] < x[j]), b = (y[i] > y[j]) - (y[i] < y[j]);
            up += a * b;
            free_x += a * a;
            free_y += b * b;
        }
    return up / sqrt(free_x * free_y);
}

static void tau_by_sorting_is_tau_by_pairs(void **state)
{
    double x[PEOPLE_MAX], y[PEOPLE_MAX], shifted[PEOPLE_MAX];
    (void)state;

    for (uint32_t seed = 1; seed <= SEEDS; seed++) {
        People p = people_make(seed), q = people_make(seed + 300);
        size_t n = MIN(p.n, q.n);
        for (size_t i = 0; i < n; i++) {
            x[i] = p.x[i];
            y[i] = q.x[i] + (seed % 2) * p.x[i];
            shifted[i] = -3 * y[i] + 0.7;
        }
        double tau = rank_tau_b(x, y, n);
        assert_near(tau, tau_by_pairs(x, y, n), 1e-12);
        assert_near(rank_tau_b(y, x, n), tau, 1e-12);
        assert_near(rank_tau_b(x, shifted, n), -tau, 1e-12);
    }
}

static void tau_needs_variation(void **state)
{
    const double x[] = {1, 2, 3, 1}, flat[] = {4, 4, 4, 4}, late[] = {NAN, 2, NAN, NAN};
    (void)state;

    assert_undefined(rank_tau_b(x, flat, 4));
    assert_undefined(rank_tau_b(x, late, 4));
    assert_undefined(rank_tau_b(x, x, 0));
}

static void kendall_w_without_agreement_to_measure(void **state)
{
    const double one[] = {1, 2, 3}, flat[] = {2, 2, 3, 3}, same[] = {1, 2, 3, 1, 2, 3};
    (void)state;

    assert_int_equal(rank_kendall_w(one, 1, 3).why, UNDEFINED_TOO_FEW);
    assert_int_equal(rank_kendall_w(flat, 2, 2).why, UNDEFINED_NO_SPREAD);
    assert_near(rank_kendall_w(same, 2, 3).w, 1, 1e-12);
}

static void gap_changes_sign_with_its_sides(void **state)
{
    const double x[] = {3, 4, 3, 3, 4, 2, 3, 4, NAN}, y[] = {2, 2, 3, 1, 3, 2, 2, NAN, 1};
    GapPaired a = gap_paired(x, y, 9), b = gap_paired(y, x, 9);
    (void)state;

    assert_int_equal(a.n, 7);
    assert_near(b.mean_diff, -a.mean_diff, 1e-12);
    assert_near(b.dominance, -a.dominance, 1e-12);
    assert_near(b.test.p_exact, a.test.p_exact, 1e-12);
    assert_near(a.test.v + b.test.v, 5 * 6 / 2, 1e-12);
}

static void gap_of_nothing(void **state)
{
    const double x[] = {NAN, 2}, y[] = {1, NAN};
    double many[19];
    (void)state;

    GapPaired none = gap_paired(x, y, 2);
    assert_int_equal(none.n, 0);
    assert_undefined(none.mean_diff);
    assert_undefined(none.share_zero);
    assert_undefined(none.test.p);
    for (int i = 0; i < 19; i++)
        many[i] = i - 3.5;
    assert_undefined(gap_wilcoxon(many, 19).p_exact); /* too many to enumerate */
    assert_true(is_defined(gap_wilcoxon(many, 18).p_exact));
    assert_near(gap_wilcoxon((const double[]){2.5}, 1).p_exact, 1, 0);
}

static void corners_meet_at_the_middle(void **state)
{
    (void)state;
    assert_string_equal(gap_corner_key(gap_ipa(2.5, 2.4999, 2.5)), "concentrate");
    assert_string_equal(gap_corner_key(gap_ipa(2.4999, 2.5, 2.5)), "overkill");
    assert_string_equal(gap_corner_key(gap_ipa(1, 1, 2.5)), "low_priority");
    assert_string_equal(gap_corner_key(gap_ipa(UNDEFINED, 1, 2.5)), "");
}

static void group_tests_do_not_care_for_sides_or_spacing(void **state)
{
    (void)state;
    for (uint32_t seed = 1; seed <= SEEDS; seed++) {
        People p = people_make(seed);
        size_t count[3 * STEPS_MAX] = {0}, k = (size_t)p.k;
        for (size_t i = 0; i < p.n; i++)
            if (p.x[i])
                count[(p.org[i] % 2) * k + (size_t)p.x[i] - 1]++;
        MannWhitney a = grouptest_mann_whitney(count, count + k, k);
        MannWhitney b = grouptest_mann_whitney(count + k, count, k);
        KruskalWallis h = grouptest_kruskal_wallis(count, 2, k);
        KruskalWallis with_empty = grouptest_kruskal_wallis(count, 3, k);
        assert_near(b.z, -a.z, 1e-9);
        assert_near(b.p, a.p, 1e-9);
        assert_near(with_empty.h, h.h, 1e-12);
        assert_near(with_empty.df, 1, 0);
    }
}

static void exact_p_of_one_against_many(void **state)
{
    enum { LEVELS = 400 };
    static size_t x[LEVELS], y[LEVELS];
    (void)state;

    for (int l = 0; l < LEVELS; l++)
        y[l] = l > 0 ? 3 : 0;
    x[0] = 1; /* the lowest of 1,198: as far out as the one highest value, which three share */
    MannWhitney t = grouptest_mann_whitney(x, y, LEVELS);
    assert_near(t.u, 0, 0);
    assert_near(t.p_exact, 1 / 1198.0, 1e-12);
}

static void group_tests_say_why(void **state)
{
    const size_t none[] = {0, 0, 0}, same[] = {0, 4, 0}, some[] = {1, 2, 0};
    const size_t rows[] = {0, 4, 0, 0, 3, 0, 0, 0, 0};
    (void)state;

    assert_int_equal(grouptest_mann_whitney(none, some, 3).why, UNDEFINED_NO_ANSWERS);
    assert_int_equal(grouptest_mann_whitney(same, same, 3).why, UNDEFINED_NO_SPREAD);
    assert_int_equal(grouptest_kruskal_wallis(rows, 3, 3).why, UNDEFINED_NO_SPREAD);
    assert_int_equal(grouptest_kruskal_wallis(rows, 1, 3).why, UNDEFINED_TOO_FEW);
}

static void adjusted_p_keeps_order_and_gaps(void **state)
{
    double p[] = {0.9, NAN, 0.9, 0.04}, none[] = {NAN};
    (void)state;

    grouptest_adjust(p, 4, GROUPTEST_HOLM, p); /* in place */
    assert_near(p[3], 0.12, 1e-12);
    assert_near(p[0], 1, 0);
    assert_undefined(p[1]);
    grouptest_adjust(none, 1, GROUPTEST_BH, none);
    assert_undefined(none[0]);
}

enum { CODERS = 4, UNITS = 12 };

/* Krippendorff's four coders. */
static const double four_coders[CODERS * UNITS] = {
    1,   2, 3, 3, 2, 1, 4, 1, 2, NAN, NAN, NAN, 1, 2, 3, 3, 2, 2, 4, 1, 2, 5, NAN, NAN,
    NAN, 3, 3, 3, 2, 3, 4, 2, 2, 5,   1,   3,   1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1,   NAN};

static void alpha_does_not_know_coders_or_unit_order(void **state)
{
    static const KrippendorffLevel level[] = {KRIPPENDORFF_NOMINAL, KRIPPENDORFF_ORDINAL,
                                              KRIPPENDORFF_INTERVAL};
    static const double want[] = {0.743421053, 0.815387504, 0.849107143};
    double turned[CODERS * UNITS], reversed[CODERS * UNITS];
    (void)state;

    for (int i = 0; i < CODERS * UNITS; i++) {
        turned[(CODERS - 1 - i / UNITS) * UNITS + (i + 5) % UNITS] = four_coders[i];
        reversed[i] = 6 - four_coders[i];
    }
    for (int l = 0; l < 3; l++) {
        double a = krippendorff_alpha(four_coders, CODERS, UNITS, level[l]).alpha;
        assert_near(a, want[l], 1e-9);
        assert_near(krippendorff_alpha(reversed, CODERS, UNITS, level[l]).alpha, a, 1e-12);
        assert_near(krippendorff_alpha(turned, CODERS, UNITS, level[l]).alpha, a, 1e-12);
    }
}

static void alpha_without_pairs_or_variation(void **state)
{
    const double alone[] = {1, NAN, NAN, 2}, same[] = {3, 3, 3, 3};
    (void)state;

    Krippendorff none = krippendorff_alpha(alone, 2, 2, KRIPPENDORFF_ORDINAL);
    assert_int_equal(none.why, UNDEFINED_TOO_FEW);
    assert_undefined(none.observed);
    Krippendorff flat = krippendorff_alpha(same, 2, 2, KRIPPENDORFF_ORDINAL);
    assert_int_equal(flat.why, UNDEFINED_NO_SPREAD);
    assert_undefined(flat.alpha);
    assert_near(flat.expected, 0, 0);
    assert_int_equal(krippendorff_alpha(same, 0, 0, KRIPPENDORFF_NOMINAL).why, UNDEFINED_TOO_FEW);
}

static void alpha_interval_needs_units(void **state)
{
    gsl_rng *rng = random_seeded_new(17);
    KrippendorffInterval few = krippendorff_bootstrap_units(
        four_coders, CODERS, UNITS, KRIPPENDORFF_ORDINAL, rng, 50, 0.95, 12);
    KrippendorffInterval enough = krippendorff_bootstrap_units(
        four_coders, CODERS, UNITS, KRIPPENDORFF_ORDINAL, rng, 50, 0.95, 11);
    (void)state;

    assert_int_equal(few.why, UNDEFINED_TOO_FEW); /* 11 of the 12 units have two codings */
    assert_undefined(few.low);
    assert_int_equal(enough.why, UNDEFINED_NOT);
    assert_int_equal(enough.used + enough.undefined, 50);
    gsl_rng_free(rng);
}

static void cronbach_says_why(void **state)
{
    const double flat[] = {1, 3, 2, 2, 3, 1}, reversed[] = {1, 4, 2, 2, 4, 1, 1, 3};
    (void)state;

    assert_int_equal(reliability_cronbach_alpha(flat, 3, 2, 0.95).why, UNDEFINED_NO_SPREAD);
    assert_int_equal(reliability_cronbach_alpha(flat, 6, 1, 0.95).why, UNDEFINED_TOO_FEW);
    assert_int_equal(reliability_cronbach_alpha(flat, 1, 6, 0.95).why, UNDEFINED_TOO_FEW);
    assert_true(reliability_cronbach_alpha(reversed, 4, 2, 0.95).alpha < 0); /* it stands */
    assert_undefined(reliability_omega((const double[]){0}, (const double[]){0}, 1));
}

static void draws_stay_inside_groups(void **state)
{
    const uint32_t group[] = {1, 0, 1, NO_INDEX, 1, 0};
    uint32_t draw[6];
    gsl_rng *rng = random_seeded_new(5);
    (void)state;

    for (int r = 0; r < 50; r++) {
        assert_int_equal(bootstrap_draw(rng, group, 6, 2, draw), 5);
        for (int i = 0; i < 5; i++)
            assert_int_equal(group[draw[i]], i < 2 ? 0 : 1);
    }
    assert_int_equal(bootstrap_draw(rng, NULL, 0, 0, draw), 0);
    gsl_rng_free(rng);
}

static void bootstrap_without_variation(void **state)
{
    const double same[] = {2, 2, 2}, replicate[] = {2, 2, 2, 2}, spread[] = {1, 2, 3, 4};
    const double none[] = {NAN, NAN, 1};
    gsl_rng *rng = random_seeded_new(5);
    (void)state;

    Bootstrap flat = bootstrap_mean(same, 3, rng, 100, 0.95, NULL);
    assert_near(flat.low, 2, 0);
    assert_near(flat.se, 0, 0);
    assert_int_equal(bootstrap_mean(same, 1, rng, 100, 0.95, NULL).why, UNDEFINED_TOO_FEW);
    Bootstrap nobody = bootstrap_mean(same, 0, rng, 100, 0.95, NULL);
    assert_undefined(nobody.theta);
    Bootstrap left = bootstrap_percentile(1, none, 3, 0.9);
    assert_int_equal(left.undefined, 2);
    assert_int_equal(left.why, UNDEFINED_TOO_FEW);
    assert_int_equal(bootstrap_bca(2, replicate, 4, spread, 4, 0.9).why, UNDEFINED_NO_SPREAD);
    assert_int_equal(bootstrap_bca(2.5, spread, 4, same, 3, 0.9).why, UNDEFINED_NO_SPREAD);
    assert_int_equal(bootstrap_bca(2.5, spread, 4, spread, 4, 0.9).why, UNDEFINED_NOT);
    gsl_rng_free(rng);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(midranks_share_ties),
        cmocka_unit_test(tau_by_sorting_is_tau_by_pairs),
        cmocka_unit_test(tau_needs_variation),
        cmocka_unit_test(kendall_w_without_agreement_to_measure),
        cmocka_unit_test(gap_changes_sign_with_its_sides),
        cmocka_unit_test(gap_of_nothing),
        cmocka_unit_test(corners_meet_at_the_middle),
        cmocka_unit_test(group_tests_do_not_care_for_sides_or_spacing),
        cmocka_unit_test(exact_p_of_one_against_many),
        cmocka_unit_test(group_tests_say_why),
        cmocka_unit_test(adjusted_p_keeps_order_and_gaps),
        cmocka_unit_test(alpha_does_not_know_coders_or_unit_order),
        cmocka_unit_test(alpha_without_pairs_or_variation),
        cmocka_unit_test(alpha_interval_needs_units),
        cmocka_unit_test(cronbach_says_why),
        cmocka_unit_test(draws_stay_inside_groups),
        cmocka_unit_test(bootstrap_without_variation),
    };

    return cmocka_run_group_tests_name("ranks", tests, NULL, NULL);
}
