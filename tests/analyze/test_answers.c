/* Weights, effective n, counts, shares and agreement: what must hold for any answers, and what they
 * answer when there is next to nothing to answer from. */
#include "tests/analyze/generate.h"

#include <string.h>

#include "analyze/agreement.h"
#include "analyze/neff.h"
#include "analyze/proportion.h"
#include "analyze/weights.h"
#include "schemas/error.h"

enum { SEEDS = 40 };

static const double target[GROUPS] = {0.37, 0.41, 0.22};

typedef struct {
    double w[PEOPLE_MAX * 2];
    Tally tally;
    OrdinalSummary summary;
    Neff neff;
    double a, cns;
} Reading;

static Reading read_people(const People *p, bool targets, double factor)
{
    Reading r;

    weights_equal_org(&(WeightInput){.n = p->n,
                                     .x = p->x,
                                     .org = p->org,
                                     .n_org = p->n_org,
                                     .group = p->group,
                                     .n_group = GROUPS,
                                     .target = targets ? target : NULL},
                      r.w, NULL);
    for (size_t i = 0; i < p->n; i++)
        r.w[i] *= factor;
    ordinal_tally(p->x, r.w, p->n, p->k, &r.tally);
    r.summary = ordinal_summary(&r.tally);
    r.neff = neff_of_weights(r.w, p->org, p->n, p->n_org, 0.17);
    r.a = agreement_vdeijk_a(r.tally.count, p->k);
    r.cns = agreement_cns(r.tally.count, p->k);
    return r;
}

static void assert_same_reading(const Reading *a, const Reading *b, int k)
{
    for (int s = 0; s < k; s++) {
        assert_near(a->summary.share[s], b->summary.share[s], 1e-12);
        assert_int_equal(a->summary.mode[s], b->summary.mode[s]);
    }
    assert_near(a->summary.median, b->summary.median, 0);
    assert_near(a->summary.interpolated, b->summary.interpolated, 1e-12);
    assert_near(a->summary.iqr, b->summary.iqr, 0);
    assert_near(a->summary.sd, b->summary.sd, 1e-12);
    assert_near(a->neff.neff, b->neff.neff, 1e-12);
    assert_near(a->a, b->a, 1e-10);
    assert_near(a->cns, b->cns, 1e-12);
}

static void order_and_unit_of_weight_do_not_matter(void **state)
{
    (void)state;
    for (uint32_t seed = 1; seed <= SEEDS; seed++) {
        People p = people_make(seed), q = people_shuffled(&p, seed + 1000);
        bool targets = seed % 2;
        Reading a = read_people(&p, targets, 1), b = read_people(&q, targets, 1);
        Reading c = read_people(&p, targets, 1000);
        assert_same_reading(&a, &b, p.k);
        assert_same_reading(&a, &c, p.k);
        Icc i = neff_icc1(p.x, p.org, p.n, p.n_org), j = neff_icc1(q.x, q.org, q.n, q.n_org);
        assert_near(i.icc, j.icc, 1e-12);
    }
}

static void reversed_scale_mirrors_the_reading(void **state)
{
    (void)state;
    for (uint32_t seed = 1; seed <= SEEDS; seed++) {
        People p = people_make(seed), q = people_reversed(&p);
        Reading a = read_people(&p, true, 1), b = read_people(&q, true, 1);
        assert_near(b.a, a.a, 1e-12);
        assert_near(b.summary.median, p.k + 1 - a.summary.median, 1e-12);
        assert_near(b.summary.interpolated, p.k + 1 - a.summary.interpolated, 1e-9);
        assert_near(b.summary.mean, p.k + 1 - a.summary.mean, 1e-12);
        OrdinalNet up = ordinal_net(a.summary.share, p.k, 1U << (p.k - 1), 1, a.neff.neff, 0.9);
        OrdinalNet down = ordinal_net(b.summary.share, p.k, 1U << (p.k - 1), 1, b.neff.neff, 0.9);
        assert_near(down.net, -up.net, 1e-12);
        assert_near(down.low, -up.high, 1e-12);
    }
}

static void weights_give_each_organisation_its_share(void **state)
{
    (void)state;
    for (uint32_t seed = 1; seed <= SEEDS; seed++) {
        People p = people_make(seed);
        Reading r = read_people(&p, true, 1);
        double sum = 0, group[GROUPS] = {0};
        bool heard[GROUPS] = {false};
        for (size_t i = 0; i < p.n; i++) {
            sum += r.w[i];
            group[p.group[i]] += r.w[i];
            heard[p.group[i]] = heard[p.group[i]] || p.x[i];
        }
        double present = 0;
        for (int g = 0; g < GROUPS; g++)
            present += heard[g] ? target[g] : 0;
        assert_near(sum, (double)r.tally.n, 1e-12);
        for (int g = 0; g < GROUPS; g++)
            assert_near(group[g] / sum, heard[g] ? target[g] / present : 0, 1e-12);
        assert_true(r.neff.orgs <= r.neff.neff + 1e-9 && r.neff.neff <= r.neff.kish + 1e-9);
        assert_true(r.neff.kish <= (double)r.tally.n + 1e-9);
        assert_true(!is_defined(r.a) || (r.a >= -1 - 1e-12 && r.a <= 1 + 1e-12));
    }
}

static void silent_group_is_reported_and_its_share_given_to_the_others(void **state)
{
    const uint32_t org[] = {0, 0, 1, 2}, group[] = {0, 0, 1, NO_INDEX};
    const double declared[] = {0.3, 0.5, 0.2};
    bool absent[3];
    double w[4];
    (void)state;

    assert_true(weights_equal_org(
        &(WeightInput){
            .n = 4, .org = org, .n_org = 3, .group = group, .n_group = 3, .target = declared},
        w, absent));
    assert_false(absent[0] || absent[1]);
    assert_true(absent[2]);
    assert_near(w[0] + w[1], 3 * 0.3 / 0.8, 1e-12);
    assert_near(w[2], 3 * 0.5 / 0.8, 1e-12);
    assert_near(w[3], 0, 0); /* no group, so no declared share */
}

static void answers_of_one_person_share_that_persons_weight(void **state)
{
    const int8_t x[] = {3, 4, 2, 0, 1};
    const uint32_t org[] = {0, 0, 0, 1, 2};
    const double share[] = {0.5, 0.5, 1, 1, 1};
    double w[5];
    (void)state;

    /* Three people answered: two of organisation 0, one of 2. */
    assert_true(weights_equal_org(
        &(WeightInput){.n = 5, .x = x, .share = share, .org = org, .n_org = 3}, w, NULL));
    assert_near(w[0], 3.0 / (2 * 2) / 2, 1e-12);
    assert_near(w[2], 3.0 / (2 * 2), 1e-12);
    assert_near(w[3], 0, 0);
    assert_near(w[4], 3.0 / 2, 1e-12);
}

static void nobody_gives_no_numbers(void **state)
{
    const int8_t x[] = {0, 0, -3};
    const uint32_t org[] = {0, 1, 1};
    double w[] = {9.25, 9.25, 9.25};
    Tally t;
    (void)state;

    assert_false(
        weights_equal_org(&(WeightInput){.n = 3, .x = x, .org = org, .n_org = 2}, w, NULL));
    for (int i = 0; i < 3; i++)
        assert_near(w[i], 0, 0);
    assert_undefined(neff_of_weights(w, org, 3, 2, 0.2).neff);
    ordinal_tally(x, w, 3, 4, &t);
    assert_int_equal(t.n, 0);
    assert_int_equal(t.n_missing, 3);
    OrdinalSummary s = ordinal_summary(&t);
    assert_undefined(s.median);
    assert_undefined(s.share[0]);
    assert_int_equal(s.median_low, 0);
    assert_false(s.mode[0]);
    assert_undefined(ordinal_share_of(&t, 0xf));
    assert_undefined(ordinal_net(s.share, 4, 8, 1, 0, 0.95).net);
    assert_undefined(agreement_vdeijk_a(t.count, 4));
    assert_undefined(agreement_cns(t.count, 4));
    assert_undefined(agreement_rwg(x, 3, 4).rwg);
    assert_undefined(proportion_wilson(0, 0, 0.95).low);
    assert_undefined(proportion_newcombe_diff(1, 4, 0, 0, 0.95).value);
}

typedef struct {
    const char *name;
    int8_t x[6];
    uint32_t org[6];
    size_t n;
    Undefined why;
} IccCase;

static const IccCase icc_cases[] = {
    {"icc: nobody", {0, 0}, {0, 1}, 2, UNDEFINED_NO_ANSWERS},
    {"icc: one organisation", {1, 3, 4}, {2, 2, 2}, 3, UNDEFINED_FEW_ORGS},
    {"icc: one answer each", {1, 3, 4}, {0, 1, 2}, 3, UNDEFINED_SINGLE_ORGS},
    {"icc: all equal", {3, 3, 3, 3}, {0, 0, 1, 1}, 4, UNDEFINED_NO_SPREAD},
    {"icc: defined", {1, 2, 4, 4}, {0, 0, 1, 1}, 4, UNDEFINED_NOT},
};

static void icc_says_why(void **state)
{
    const IccCase *c = *state;
    Icc i = neff_icc1(c->x, c->org, c->n, 3);

    assert_int_equal(i.why, c->why);
    assert_int_equal(is_defined(i.icc), c->why == UNDEFINED_NOT);
    if (c->why != UNDEFINED_NOT)
        assert_near(neff_icc_shrunk(&i, 10, 0.2), 0.2, 0);
}

static void negative_icc_is_drawn_from_zero(void **state)
{
    const int8_t x[] = {1, 4, 1, 4, 1, 4};
    const uint32_t org[] = {0, 0, 1, 1, 2, 2};
    Icc i = neff_icc1(x, org, 6, 3);
    (void)state;

    assert_near(i.icc, -1, 1e-12);
    assert_near(neff_icc_shrunk(&i, 10, 0.2), 2.0 / 13, 1e-12);
}

static void neff_of_one_house_tends_to_one_over_rho(void **state)
{
    double w[3000];
    static uint32_t org[3000];
    (void)state;

    for (size_t i = 0; i < G_N_ELEMENTS(w); i++)
        w[i] = 2.385;
    assert_near(neff_of_weights(w, org, G_N_ELEMENTS(w), 1, 0.2).neff, 5, 2e-3);
    assert_near(neff_of_weights(w, org, G_N_ELEMENTS(w), 1, 0.2).orgs, 1, 1e-12);
}

static void wilson_is_exact_at_its_ends_and_mirrors(void **state)
{
    (void)state;
    for (double n = 0.7; n < 40; n *= 1.37)
        for (double p = 0; p <= 1; p += 0.0625) {
            Estimate e = proportion_wilson(p * n, n, 0.9), m = proportion_wilson(n - p * n, n, 0.9);
            assert_near(m.low, 1 - e.high, 1e-12);
            assert_true(e.low >= 0 && e.low <= e.value && e.value <= e.high && e.high <= 1);
        }
    assert_true(proportion_wilson(0, 7.3, 0.95).low == 0);
    assert_true(proportion_wilson(7.3, 7.3, 0.95).high == 1);
}

static void newcombe_changes_sign_with_its_sides(void **state)
{
    Estimate a = proportion_newcombe_diff(14, 20, 9, 15, 0.95);
    Estimate b = proportion_newcombe_diff(9, 15, 14, 20, 0.95);
    (void)state;

    assert_near(a.value, 0.1, 1e-12);
    assert_near(a.low, -0.197748536, 1e-8); /* methods.md 3.16 */
    assert_near(a.high, 0.387574176, 1e-8);
    assert_near(b.low, -a.high, 1e-12);
    assert_near(b.high, -a.low, 1e-12);
}

static void poststrat_refuses_cells_that_cannot_be_weighted(void **state)
{
    const uint32_t cell[] = {0, 0, 2, NO_INDEX};
    const double silent[] = {300, 120, 80}, unknown[] = {300, 0, 0}, good[] = {300, 0, 100};
    double w[] = {-77.125, -77.125, -77.125, -77.125};
    g_autoptr(GError) error = NULL;
    (void)state;

    assert_false(weights_poststrat(cell, 4, silent, 3, w, &error));
    assert_true(g_error_matches(error, INNSIKT_ERROR, INNSIKT_ERROR_DATA));
    assert_non_null(strstr(error->message, "cell 2 has 120 members and 0 answers"));
    assert_near(w[0], -77.125, 0); /* outputs keep off on failure */
    g_clear_error(&error);
    assert_false(weights_poststrat(cell, 4, unknown, 3, w, &error));
    assert_non_null(strstr(error->message, "cell 3 has 0 members and 1 answers"));
    g_clear_error(&error);
    assert_false(weights_poststrat(cell + 3, 1, NULL, 0, w, &error));
    g_clear_error(&error);
    assert_true(weights_poststrat(cell, 4, good, 3, w, &error));
    assert_near(w[0], 0.75 * 1.5, 1e-12);
    assert_near(w[2], 0.25 * 3, 1e-12);
    assert_near(w[3], 0, 0);
}

static void quantiles_are_steps_or_halves(void **state)
{
    const double even[] = {0.25, 0.25, 0.25, 0.25}, gap[] = {0.5, 0, 0, 0.5};
    int low, high;
    (void)state;

    assert_near(ordinal_quantile(even, 4, 0.25, &low, &high), 1.5, 0);
    assert_int_equal(low, 1);
    assert_int_equal(high, 2);
    assert_near(ordinal_quantile(gap, 4, 0.5, NULL, NULL), 2.5, 0);
    assert_near(ordinal_quantile(gap, 4, 0.75, NULL, NULL), 4, 0);
}

static void agreement_words_out_two_camps_only(void **state)
{
    const double camps[] = {4, 0, 0, 4}, even[] = {7, 7, 7, 7, 7, 7, 7};
    const double two_steps[] = {3, 5};
    (void)state;

    assert_true(agreement_is_split(agreement_vdeijk_a(camps, 4)));
    assert_false(agreement_is_split(agreement_vdeijk_a(even, 7)));
    assert_false(agreement_is_split(agreement_vdeijk_a(two_steps, 2)));
    assert_near(agreement_cns(even, 4), 0.368, 5e-4); /* methods.md 4.7 */
}

static void every_cause_has_a_key_of_its_own(void **state)
{
    (void)state;
    assert_string_equal(undefined_key(UNDEFINED_NOT), "");
    for (int a = 1; a < UNDEFINED_COUNT; a++) {
        assert_non_null(undefined_key((Undefined)a));
        for (int b = 0; b < a; b++)
            assert_string_not_equal(undefined_key((Undefined)a), undefined_key((Undefined)b));
    }
}

int main(void)
{
    static const struct CMUnitTest fixed[] = {
        cmocka_unit_test(order_and_unit_of_weight_do_not_matter),
        cmocka_unit_test(reversed_scale_mirrors_the_reading),
        cmocka_unit_test(weights_give_each_organisation_its_share),
        cmocka_unit_test(silent_group_is_reported_and_its_share_given_to_the_others),
        cmocka_unit_test(answers_of_one_person_share_that_persons_weight),
        cmocka_unit_test(nobody_gives_no_numbers),
        cmocka_unit_test(negative_icc_is_drawn_from_zero),
        cmocka_unit_test(neff_of_one_house_tends_to_one_over_rho),
        cmocka_unit_test(wilson_is_exact_at_its_ends_and_mirrors),
        cmocka_unit_test(newcombe_changes_sign_with_its_sides),
        cmocka_unit_test(poststrat_refuses_cells_that_cannot_be_weighted),
        cmocka_unit_test(quantiles_are_steps_or_halves),
        cmocka_unit_test(agreement_words_out_two_camps_only),
        cmocka_unit_test(every_cause_has_a_key_of_its_own),
    };
    enum { FIXED = G_N_ELEMENTS(fixed), ICC = G_N_ELEMENTS(icc_cases) };
    struct CMUnitTest tests[FIXED + ICC];

    memcpy(tests, fixed, sizeof fixed);
    for (size_t i = 0; i < ICC; i++)
        tests[FIXED + i] =
            (struct CMUnitTest){icc_cases[i].name, icc_says_why, NULL, NULL, (void *)&icc_cases[i]};
    return cmocka_run_group_tests_name("answers", tests, NULL, NULL);
}
