/* The verdict: the numbers methods.md 3.5 quotes, each outcome and each reason at its border, and
 * what must hold for any answers. */
#include "tests/analyze/generate.h"

#include <string.h>

#include "analyze/neff.h"
#include "analyze/verdict.h"
#include "analyze/weights.h"
#include "schemas/error.h"

enum { SEEDS = 60 };

static Verdict verdict_of(const People *p, double factor)
{
    VerdictRules rules = verdict_rules_default();
    double w[PEOPLE_MAX * 2], share[STEPS_MAX];
    bool heard[ORGS_MAX * 2] = {false};
    size_t orgs = 0;
    Tally t;

    weights_equal_org(&(WeightInput){.n = p->n, .x = p->x, .org = p->org, .n_org = p->n_org}, w,
                      NULL);
    for (size_t i = 0; i < p->n; i++) {
        w[i] *= factor;
        orgs += p->x[i] && !heard[p->org[i]];
        heard[p->org[i]] = heard[p->org[i]] || p->x[i];
    }
    ordinal_tally(p->x, w, p->n, p->k, &t);
    ordinal_shares(&t, share);
    return verdict_decide(
        &(VerdictInput){.k = p->k,
                        .share = share,
                        .neff = neff_of_weights(w, p->org, p->n, p->n_org, rules.rho).neff,
                        .n = t.n,
                        .n_org = orgs,
                        .n_missing = t.n_missing},
        &rules);
}

static void assert_same_verdict(const Verdict *a, const Verdict *b, int k)
{
    assert_int_equal(a->outcome, b->outcome);
    assert_int_equal(a->reasons, b->reasons);
    assert_int_equal(a->low, b->low);
    assert_int_equal(a->high, b->high);
    assert_int_equal(a->runner_up, b->runner_up);
    assert_near(a->probability, b->probability, 1e-9);
    for (int s = 0; s < k; s++)
        assert_near(a->pi[s], b->pi[s], 1e-9);
}

static void order_and_unit_of_weight_do_not_matter(void **state)
{
    (void)state;
    for (uint32_t seed = 1; seed <= SEEDS; seed++) {
        People p = people_make(seed), q = people_shuffled(&p, seed + 500);
        Verdict a = verdict_of(&p, 1), b = verdict_of(&q, 1), c = verdict_of(&p, 1000);
        double sum = 0;
        for (int s = 0; s < p.k; s++)
            sum += a.pi[s];
        assert_near(sum, 1, 1e-12);
        assert_same_verdict(&a, &b, p.k);
        assert_same_verdict(&a, &c, p.k);
    }
}

static void reversed_scale_mirrors_the_verdict(void **state)
{
    (void)state;
    for (uint32_t seed = 1; seed <= SEEDS; seed++) {
        People p = people_make(seed), q = people_reversed(&p);
        Verdict a = verdict_of(&p, 1), b = verdict_of(&q, 1);
        for (int s = 0; s < p.k; s++)
            assert_near(b.pi[s], a.pi[p.k - 1 - s], 1e-9);
        assert_near(b.agreement, a.agreement, 1e-12);
        assert_int_equal(a.outcome, b.outcome);
        if (a.outcome == VERDICT_FIRM) {
            assert_int_equal(b.low, p.k + 1 - a.high);
            assert_near(b.probability, a.probability, 1e-9);
        }
    }
}

static void doubled_organisations_make_the_verdict_surer(void **state)
{
    (void)state;
    for (uint32_t seed = 1; seed <= SEEDS; seed++) {
        People p = people_make(seed), q = people_doubled(&p);
        Verdict a = verdict_of(&p, 1), b = verdict_of(&q, 1);
        if (a.outcome == VERDICT_FIRM && a.likeliest == b.likeliest)
            assert_true(b.probability > a.probability);
    }
}

typedef struct {
    const char *name;
    int k;
    double share[STEPS_MAX], neff;
    size_t n, n_org, n_missing;
    VerdictOutcome outcome;
    unsigned reasons;
    int low, high;
} DecideCase;

static const DecideCase decide_cases[] = {
    {"nobody was asked",
     4,
     {0},
     NAN,
     0,
     0,
     0,
     VERDICT_INSUFFICIENT,
     VERDICT_FEW_ANSWERS | VERDICT_FEW_ORGS | VERDICT_LOW_NEFF,
     0,
     0},
    {"nobody who was asked answered",
     4,
     {0},
     NAN,
     0,
     0,
     7,
     VERDICT_INSUFFICIENT,
     VERDICT_FEW_ANSWERS | VERDICT_FEW_ORGS | VERDICT_LOW_NEFF | VERDICT_MANY_MISSING,
     0,
     0},
    {"one answer",
     4,
     {0, 1, 0, 0},
     1,
     1,
     1,
     0,
     VERDICT_INSUFFICIENT,
     VERDICT_FEW_ANSWERS | VERDICT_FEW_ORGS | VERDICT_LOW_NEFF,
     0,
     0},
    {"five answers of three organisations are enough",
     4,
     {0, 1, 0, 0},
     4,
     5,
     3,
     5,
     VERDICT_FIRM,
     0,
     2,
     2},
    {"an effective n just short",
     4,
     {0, 1, 0, 0},
     3.999,
     5,
     3,
     5,
     VERDICT_INSUFFICIENT,
     VERDICT_LOW_NEFF,
     0,
     0},
    {"more than half missing",
     4,
     {0, 1, 0, 0},
     5,
     5,
     3,
     6,
     VERDICT_INSUFFICIENT,
     VERDICT_MANY_MISSING,
     0,
     0},
    {"two organisations",
     4,
     {0, 1, 0, 0},
     5,
     5,
     2,
     0,
     VERDICT_INSUFFICIENT,
     VERDICT_FEW_ORGS,
     0,
     0},
    {"not enough goes before divided",
     4,
     {0.5, 0, 0, 0.5},
     5,
     5,
     2,
     0,
     VERDICT_INSUFFICIENT,
     VERDICT_FEW_ORGS,
     0,
     0},
    {"a few at the far end are no camp",
     5,
     {0.1, 0, 0, 0, 0.9},
     40,
     50,
     20,
     0,
     VERDICT_FIRM,
     0,
     5,
     5},
    {"two camps", 5, {0.45, 0.05, 0, 0.05, 0.45}, 40, 50, 20, 0, VERDICT_DIVIDED, 0, 0, 0},
    {"an even spread is no camp",
     7,
     {1 / 7., 1 / 7., 1 / 7., 1 / 7., 1 / 7., 1 / 7., 1 / 7.},
     5,
     6,
     6,
     0,
     VERDICT_INCONCLUSIVE,
     0,
     0,
     0},
    {"a tie goes to the lower pair", 3, {0, 1, 0}, 4, 5, 5, 0, VERDICT_FIRM, 0, 2, 2},
    {"between two steps", 4, {0.02, 0.5, 0.46, 0.02}, 9, 12, 12, 0, VERDICT_RANGE, 0, 2, 3},
    {"two steps have no A", 2, {0.1, 0.9}, 12, 12, 12, 0, VERDICT_FIRM, 0, 2, 2},
};

static void decides(void **state)
{
    const DecideCase *c = *state;
    VerdictRules rules = verdict_rules_default();
    Verdict v = verdict_decide(&(VerdictInput){.k = c->k,
                                               .share = c->share,
                                               .neff = c->neff,
                                               .n = c->n,
                                               .n_org = c->n_org,
                                               .n_missing = c->n_missing},
                               &rules);

    assert_string_equal(verdict_outcome_key(v.outcome), verdict_outcome_key(c->outcome));
    assert_int_equal(v.reasons, c->reasons);
    assert_int_equal(v.low, c->low);
    assert_int_equal(v.high, c->high);
    assert_int_equal(is_defined(v.probability), c->low > 0);
    assert_int_equal(is_defined(v.pi[0]), c->n > 0);
    assert_int_equal(v.runner_up > 0, c->n > 0);
}

static void quoted_posterior(void **state)
{
    const double share[] = {0.1, 0.5, 0.3, 0.1};
    const double want[] = {0.000857746386, 0.745408920, 0.252875587, 0.000857746386};
    double pi[4];
    (void)state;

    verdict_posterior(share, 4, 12, 0.5, NULL, NULL, pi);
    for (int s = 0; s < 4; s++)
        assert_near(pi[s], want[s], 1e-9);
}

static void empty_steps_without_prior_have_no_chance(void **state)
{
    const double share[] = {0, 0.5, 0.5, 0};
    double pi[4], below[4];
    (void)state;

    verdict_posterior(share, 4, 8, 0, NULL, below, pi); /* GSL answers NaN for Beta(0, 8) */
    assert_near(pi[0], 0, 0);
    assert_near(pi[1], 0.5, 1e-12);
    assert_near(below[2], 1, 0);
    assert_near(pi[3], 0, 0);
}

static void thresholds_are_the_callers(void **state)
{
    const double share[] = {0.05, 0.55, 0.35, 0.05};
    VerdictInput in = {.k = 4, .share = share, .neff = 9, .n = 9, .n_org = 9};
    VerdictRules rules = verdict_rules_default();
    (void)state;

    Verdict v = verdict_decide(&in, &rules);
    assert_int_equal(v.outcome, VERDICT_RANGE);
    assert_int_equal(v.likeliest, 2);
    assert_int_equal(v.runner_up, 3);
    assert_near(v.runner_up_probability, v.pi[2], 0);
    rules.p_firm = 0.6;
    assert_int_equal(verdict_decide(&in, &rules).outcome, VERDICT_FIRM);
    rules.p_firm = 0.95;
    rules.p_range = 0.9999;
    assert_int_equal(verdict_decide(&in, &rules).outcome, VERDICT_INCONCLUSIVE);
    rules.min_org = 10;
    assert_int_equal(verdict_decide(&in, &rules).reasons, VERDICT_FEW_ORGS);
}

static void a_tie_goes_to_the_lower_step(void **state)
{
    const double share[] = {0.5, 0.5};
    VerdictInput in = {.k = 2, .share = share, .neff = 6, .n = 6, .n_org = 6};
    VerdictRules rules = verdict_rules_default();
    (void)state;

    rules.p_firm = 0.5;
    Verdict v = verdict_decide(&in, &rules);
    assert_int_equal(v.low, 1);
    assert_int_equal(v.runner_up, 2);
}

static void only_verdicts_with_words_disagree(void **state)
{
    const Verdict low = {.low = 1, .high = 2}, high = {.low = 3, .high = 3};
    const Verdict over = {.low = 2, .high = 3}, none = {.low = 0, .high = 0};
    (void)state;

    assert_true(verdict_disagree(&low, &high) && verdict_disagree(&high, &low));
    assert_false(verdict_disagree(&low, &over) || verdict_disagree(&over, &high));
    assert_false(verdict_disagree(&low, &none) || verdict_disagree(&none, &high));
}

static void reasons_have_the_keys_of_methods_md(void **state)
{
    (void)state;
    assert_string_equal(verdict_reason_key(VERDICT_FEW_ANSWERS), "n");
    assert_string_equal(verdict_reason_key(VERDICT_FEW_ORGS), "org");
    assert_string_equal(verdict_reason_key(VERDICT_LOW_NEFF), "neff");
    assert_string_equal(verdict_reason_key(VERDICT_MANY_MISSING), "missing");
}

typedef struct {
    const char *name;
    ScaleEntry entry[5];
    size_t entries;
    const char *message; /* NULL: a sound map */
} MapCase;

static const MapCase map_cases[] = {
    {"map: many to one", {{10, 1}, {20, 1}, {35, 2}, {97, 0}}, 4, NULL},
    {"map: from the top down", {{10, 4}, {97, 0}, {20, 2}, {35, 1}}, 4, NULL},
    {"map: turns", {{10, 1}, {20, 3}, {35, 2}, {97, 0}}, 4, "code 35 breaks the order"},
    {"map: one to many", {{10, 1}, {20, 2}, {35, 2}, {10, 3}}, 4, "code 10 is declared twice"},
    {"map: code not declared", {{10, 1}, {20, 2}, {97, 0}}, 3, "answer 3 has code 35"},
};

static void maps(void **state)
{
    const MapCase *c = *state;
    const int code[] = {10, 20, 35, 97, VERDICT_NO_CODE};
    int8_t step[] = {-9, -9, -9, -9, -9};
    g_autoptr(GError) error = NULL;

    assert_int_equal(verdict_map_scale(c->entry, c->entries, code, 5, step, &error), !c->message);
    if (c->message) {
        assert_non_null(strstr(error->message, c->message));
        assert_int_equal(step[0], -9);
    } else {
        assert_int_equal(step[0], c->entry[0].step);
        assert_int_equal(step[3], 0);
        assert_int_equal(step[4], 0);
    }
}

static void pooled_items_count_people_not_answers(void **state)
{
    /* The same person saying the same twice is one voice, as if said once. */
    const int8_t twice[] = {2, 2, 3, 3, 1, 1}, once[] = {2, 3, 1};
    const uint32_t who[] = {0, 0, 1, 1, 2, 2}, each[] = {0, 1, 2}, org[] = {0, 0, 1};
    Pool a = verdict_pool_items(&(PoolInput){.k = 4,
                                             .x = twice,
                                             .who = who,
                                             .n_answers = 6,
                                             .org = org,
                                             .n_who = 3,
                                             .n_org = 2,
                                             .rho = 0.2});
    Pool b = verdict_pool_items(&(PoolInput){.k = 4,
                                             .x = once,
                                             .who = each,
                                             .n_answers = 3,
                                             .org = org,
                                             .n_who = 3,
                                             .n_org = 2,
                                             .rho = 0.2});
    (void)state;

    assert_near(a.size.neff, b.size.neff, 1e-12);
    assert_int_equal(a.tally.n, 3);
    assert_int_equal(a.n_answers, 6);
    for (int s = 0; s < 4; s++)
        assert_near(a.tally.count[s], b.tally.count[s], 1e-12);
    assert_near(ordinal_summary(&a.tally).sd, ordinal_summary(&b.tally).sd, 1e-12);
}

static void pool_of_nothing_is_undefined(void **state)
{
    const int8_t x[] = {0, -2};
    const uint32_t who[] = {0, 1}, org[] = {0, 0};
    Pool p = verdict_pool_items(&(PoolInput){.k = 4,
                                             .x = x,
                                             .who = who,
                                             .n_answers = 2,
                                             .org = org,
                                             .n_who = 3,
                                             .n_org = 1,
                                             .rho = 0.2});
    (void)state;

    assert_undefined(p.size.neff);
    assert_int_equal(p.tally.n, 0);
    assert_int_equal(p.tally.n_missing, 2); /* the third was not asked */
}

int main(void)
{
    static const struct CMUnitTest fixed[] = {
        cmocka_unit_test(order_and_unit_of_weight_do_not_matter),
        cmocka_unit_test(reversed_scale_mirrors_the_verdict),
        cmocka_unit_test(doubled_organisations_make_the_verdict_surer),
        cmocka_unit_test(quoted_posterior),
        cmocka_unit_test(empty_steps_without_prior_have_no_chance),
        cmocka_unit_test(thresholds_are_the_callers),
        cmocka_unit_test(a_tie_goes_to_the_lower_step),
        cmocka_unit_test(only_verdicts_with_words_disagree),
        cmocka_unit_test(reasons_have_the_keys_of_methods_md),
        cmocka_unit_test(pooled_items_count_people_not_answers),
        cmocka_unit_test(pool_of_nothing_is_undefined),
    };
    enum {
        FIXED = G_N_ELEMENTS(fixed),
        DECIDE = G_N_ELEMENTS(decide_cases),
        MAP = G_N_ELEMENTS(map_cases)
    };
    struct CMUnitTest tests[FIXED + DECIDE + MAP];

    memcpy(tests, fixed, sizeof fixed);
    for (size_t i = 0; i < DECIDE; i++)
        tests[FIXED + i] = (struct CMUnitTest){decide_cases[i].name, decides, NULL, NULL,
                                               (void *)&decide_cases[i]};
    for (size_t i = 0; i < MAP; i++)
        tests[FIXED + DECIDE + i] =
            (struct CMUnitTest){map_cases[i].name, maps, NULL, NULL, (void *)&map_cases[i]};
    return cmocka_run_group_tests_name("verdict", tests, NULL, NULL);
}
