/* Means over organisations, differences between groups and random streams. */
#include "tests/analyze/generate.h"

#include "analyze/effect.h"
#include "analyze/interval.h"

enum { SEEDS = 60 };

static const double target[GROUPS] = {0.37, 0.41, 0.22};

static OrgInterval interval_of(const People *p, bool targets)
{
    IntervalRules rules = interval_rules_default();
    double x[PEOPLE_MAX * 2];
    OrgMean unit[PEOPLE_MAX * 2];

    for (size_t i = 0; i < p->n; i++)
        x[i] = p->x[i] ? p->x[i] : UNDEFINED;
    size_t n = interval_org_means(x, NULL, p->org, targets ? p->group : NULL, p->n, p->n_org, unit);
    return interval_mean(&(IntervalInput){.unit = unit,
                                          .n = n,
                                          .target = targets ? target : NULL,
                                          .n_group = GROUPS,
                                          .k = p->k,
                                          .low = 1,
                                          .high = p->k},
                         &rules);
}

static void interval_keeps_its_properties(void **state)
{
    (void)state;
    for (uint32_t seed = 1; seed <= SEEDS; seed++) {
        bool targets = seed % 2;
        People p = people_make(seed), q = people_shuffled(&p, seed + 70);
        People r = people_reversed(&p), d = people_doubled(&p);
        OrgInterval a = interval_of(&p, targets), b = interval_of(&q, targets);
        OrgInterval m = interval_of(&r, targets), two = interval_of(&d, targets);
        assert_near(b.theta, a.theta, 1e-12);
        assert_near(b.low, a.low, 1e-10);
        assert_near(b.df, a.df, 1e-9);
        assert_near(m.theta, p.k + 1 - a.theta, 1e-12);
        assert_near(m.low, p.k + 1 - a.high, 1e-10);
        assert_near(two.theta, a.theta, 1e-12);
        assert_int_equal(two.n_org, 2 * a.n_org);
        if (a.why == UNDEFINED_NOT)
            assert_true(two.se < a.se);
    }
}

static OrgInterval of_units(const OrgMean *unit, size_t n, const double *targets, size_t groups)
{
    IntervalRules rules = interval_rules_default();

    return interval_mean(&(IntervalInput){.unit = unit,
                                          .n = n,
                                          .target = targets,
                                          .n_group = groups,
                                          .k = 4,
                                          .low = 1,
                                          .high = 4},
                         &rules);
}

static void too_few_organisations_give_no_interval(void **state)
{
    const OrgMean unit[] = {{2.5, 4, 0}, {3.25, 1, 0}, {1.75, 2, 0}};
    (void)state;

    OrgInterval none = of_units(unit, 0, NULL, 0);
    assert_undefined(none.theta);
    assert_int_equal(none.why, UNDEFINED_NO_ANSWERS);
    OrgInterval one = of_units(unit, 1, NULL, 0), two = of_units(unit, 2, NULL, 0);
    assert_near(one.theta, 2.5, 0);
    assert_undefined(one.se);
    assert_int_equal(two.why, UNDEFINED_FEW_ORGS);
    assert_near(two.theta, 2.875, 1e-12);
    assert_undefined(two.low);
    OrgInterval three = of_units(unit, 3, NULL, 0);
    assert_int_equal(three.why, UNDEFINED_NOT);
    assert_near(three.df, 2, 1e-12);
    assert_true(three.low >= 1 && three.high <= 4);
}

static void groups_without_answers_leave_their_share_to_the_others(void **state)
{
    const OrgMean unit[] = {{2, 1, 0}, {3, 1, 0}, {4, 1, 1}, {1, 5, 3}};
    const double declared[] = {3, 1, 6, 0};
    OrgInterval e = of_units(unit, 4, declared, 4);
    (void)state;

    assert_near(e.theta, 0.75 * 2.5 + 0.25 * 4, 1e-12);
    assert_int_equal(e.n_org, 3); /* the fourth has no share */
    const double only_silent[] = {0, 0, 1, 0};
    assert_undefined(of_units(unit, 4, only_silent, 4).theta);
}

static void quoted_interval(void **state)
{
    const double x[] = {1, 2, 2, 3, 4, 3, 2, 2, NAN, 3};
    const uint32_t org[] = {0, 0, 1, 1, 2, 3, 3, 4, 4, 5};
    IntervalRules rules = interval_rules_default();
    OrgMean unit[10];
    (void)state;

    rules.conf = 0.95;
    size_t n = interval_org_means(x, NULL, org, NULL, 10, 6, unit);
    OrgInterval e =
        interval_mean(&(IntervalInput){.unit = unit, .n = n, .k = 4, .low = 1, .high = 4}, &rules);
    assert_near(e.theta, 2.58333333, 1e-8);
    assert_near(e.se, 0.354487483, 1e-9);
    assert_near(e.low, 1.67209425, 1e-8);
    assert_near(e.high, 3.49457242, 1e-8);
}

static void person_with_two_answers_is_one_person(void **state)
{
    const double x[] = {1, 3, 4};
    const double share[] = {0.5, 0.5, 1};
    const uint32_t org[] = {0, 0, 0};
    OrgMean unit[3];
    (void)state;

    assert_int_equal(interval_org_means(x, share, org, NULL, 3, 1, unit), 1);
    assert_near(unit[0].m, 2, 0);
    assert_near(unit[0].mean, 3, 1e-12);
}

static void counts_of(const People *p, uint32_t org_parity, bool reversed, size_t *ret)
{
    for (int s = 0; s < p->k; s++)
        ret[s] = 0;
    for (size_t i = 0; i < p->n; i++)
        if (p->x[i] && p->org[i] % 2 == org_parity)
            ret[reversed ? p->k - p->x[i] : p->x[i] - 1]++;
}

static void delta_changes_sign_with_its_sides_and_with_the_scale(void **state)
{
    size_t x[STEPS_MAX], y[STEPS_MAX];
    (void)state;

    for (uint32_t seed = 1; seed <= SEEDS; seed++) {
        People p = people_make(seed);
        counts_of(&p, 0, false, x);
        counts_of(&p, 1, false, y);
        CliffDelta a = effect_cliff_delta(x, y, (size_t)p.k, 0.95);
        CliffDelta b = effect_cliff_delta(y, x, (size_t)p.k, 0.95);
        counts_of(&p, 0, true, x);
        counts_of(&p, 1, true, y);
        CliffDelta c = effect_cliff_delta(x, y, (size_t)p.k, 0.95);
        assert_near(b.delta, -a.delta, 1e-12);
        assert_near(b.low, -a.high, 1e-10);
        assert_near(b.var, a.var, 1e-10);
        assert_near(c.delta, -a.delta, 1e-12);
        assert_near(c.high, -a.low, 1e-10);
        assert_true(!is_defined(a.delta) || fabs(a.delta) <= 1);
    }
}

static void delta_without_enough_people(void **state)
{
    const size_t none[] = {0, 0, 0}, one[] = {0, 1, 0}, low[] = {4, 0, 0}, high[] = {0, 2, 3};
    (void)state;

    assert_undefined(effect_cliff_delta(none, one, 3, 0.95).delta);
    assert_undefined(effect_cliff_delta(one, none, 3, 0.95).delta);
    CliffDelta single = effect_cliff_delta(one, high, 3, 0.95);
    assert_near(single.delta, -0.6, 1e-12);
    assert_undefined(single.low);
    CliffDelta apart = effect_cliff_delta(low, high, 3, 0.95);
    assert_near(apart.delta, -1, 0);
    assert_undefined(apart.high);
    CliffDelta same = effect_cliff_delta(low, low, 3, 0.95);
    assert_near(same.delta, 0, 0);
    assert_true(same.var > 0); /* the floor keeps the interval open */
    assert_near(same.low, -same.high, 1e-12);
}

static void words_of_romano(void **state)
{
    EffectRules rules = effect_rules_default();
    (void)state;

    assert_string_equal(effect_word_key(effect_word(-0.1469, &rules)), "negligible");
    assert_string_equal(effect_word_key(effect_word(0.147, &rules)), "small");
    assert_string_equal(effect_word_key(effect_word(-0.33, &rules)), "medium");
    assert_string_equal(effect_word_key(effect_word(0.474, &rules)), "large");
    assert_string_equal(effect_word_key(effect_word(UNDEFINED, &rules)), "");
}

/* Ours, one at a time and many at once over the ends of blocks, beside GSL's own generator. */
static void numbers_are_those_of_gsl(void **state)
{
    static const size_t below[] = {1,    2,     3,     7,           10,        624,
                                   5000, 65536, 99991, 3000000019U, UINT32_MAX};
    static const uint32_t seeds[] = {0, 1, 2326783097U, UINT32_MAX};
    enum { MANY = 1999 };
    uint32_t drawn[MANY];
    (void)state;

    for (size_t s = 0; s < G_N_ELEMENTS(seeds); s++) {
        gsl_rng *ours = random_seeded_new(seeds[s]), *theirs = gsl_rng_alloc(gsl_rng_mt19937);
        gsl_rng_set(theirs, seeds[s]);
        for (size_t b = 0; b < G_N_ELEMENTS(below); b++) {
            random_below(ours, below[b], MANY, drawn);
            for (int i = 0; i < MANY; i++)
                assert_int_equal(drawn[i], gsl_rng_uniform_int(theirs, below[b]));
            assert_int_equal(gsl_rng_get(ours), gsl_rng_get(theirs));
            assert_true(gsl_rng_uniform(ours) == gsl_rng_uniform(theirs));
        }
        random_below(theirs, 613, MANY, drawn); /* a generator that is not ours */
        for (int i = 0; i < MANY; i++)
            assert_int_equal(drawn[i], gsl_rng_uniform_int(ours, 613));
        gsl_rng_free(ours);
        gsl_rng_free(theirs);
    }
}

static void streams_differ_by_seed_and_label(void **state)
{
    gsl_rng *a = random_stream_new(2021, "verdict/Q1/kommune");
    gsl_rng *b = random_stream_new(2021, "verdict/Q1/kommune");
    gsl_rng *c = random_stream_new(2021, "verdict/Q2/kommune");
    (void)state;

    assert_int_equal(random_stream_seed(2021, "verdict/Q1/kommune"), 2326783097U);
    assert_int_not_equal(random_stream_seed(2022, "verdict/Q1/kommune"), 2326783097U);
    bool differs = false;
    for (int i = 0; i < 100; i++) {
        unsigned long x = gsl_rng_get(a);
        assert_int_equal(x, gsl_rng_get(b));
        differs = differs || x != gsl_rng_get(c);
    }
    assert_true(differs);
    gsl_rng_free(a);
    gsl_rng_free(b);
    gsl_rng_free(c);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(interval_keeps_its_properties),
        cmocka_unit_test(too_few_organisations_give_no_interval),
        cmocka_unit_test(groups_without_answers_leave_their_share_to_the_others),
        cmocka_unit_test(quoted_interval),
        cmocka_unit_test(person_with_two_answers_is_one_person),
        cmocka_unit_test(delta_changes_sign_with_its_sides_and_with_the_scale),
        cmocka_unit_test(delta_without_enough_people),
        cmocka_unit_test(words_of_romano),
        cmocka_unit_test(numbers_are_those_of_gsl),
        cmocka_unit_test(streams_differ_by_seed_and_label),
    };

    return cmocka_run_group_tests_name("interval", tests, NULL, NULL);
}
