/* Does what is said with «80 %» hold four times in five, and does a 95 % interval cover 95 %?
 * Studies are simulated from a known truth, seeded, under correlations inside organisations from
 * 0.05 to 0.40, and the share of wrong statements is held against the tables of methods.md 3.5
 * and 3.6. */
#include "tests/analyze/generate.h"

#include "analyze/interval.h"
#include "analyze/neff.h"
#include "analyze/verdict.h"
#include "analyze/weights.h"

enum { K = 4, STUDIES = 1500, ANSWERS_MOST = 400 };

typedef struct {
    const char *name;
    size_t orgs, each;     /* answers of every organisation but the first */
    size_t first;          /* answers of the first */
    double wrong_at_most;  /* of firm verdicts: methods.md's table + 3 percentage points */
    double cover_at_least; /* of 95 % intervals */
} Study;

static const Study studies[] = {
    {"5 organisations, 5 answers", 5, 1, 1, 0.15, 0.92},
    {"6 organisations, 18 answers", 6, 3, 3, 0.15, 0.92},
    {"12 organisations, 24 answers", 12, 2, 2, 0.11, 0.93},
    {"21 organisations, 320 answers, 300 of them from one", 21, 1, 300, 0.11, 0.93},
    {"30 organisations, 150 answers", 30, 5, 5, 0.06, 0.93},
};

/* Shares drawn evenly from all there are (Dirichlet with ones). */
static void draw_truth(gsl_rng *rng, double *ret_p)
{
    static const double ones[K] = {1, 1, 1, 1};

    gsl_ran_dirichlet(rng, K, ones, ret_p);
}

static int8_t draw_step(gsl_rng *rng, const double *p)
{
    double u = gsl_rng_uniform(rng), below = 0;

    for (int8_t s = 1; s < K; s++) {
        below += p[s - 1];
        if (u < below)
            return s;
    }
    return K;
}

/* Answers that are each the organisation's own draw with probability sqrt(rho): any two of one
 * organisation then correlate by rho, and every answer has the shares p. */
static size_t draw_answers(gsl_rng *rng, const Study *s, const double *p, double rho, int8_t *ret_x,
                           uint32_t *ret_org)
{
    size_t n = 0;

    for (uint32_t o = 0; o < s->orgs; o++) {
        int8_t common = draw_step(rng, p);
        for (size_t i = 0; i < (o == 0 ? s->first : s->each); i++) {
            int8_t own = draw_step(rng, p);
            ret_x[n] = gsl_rng_uniform(rng) < sqrt(rho) ? common : own;
            ret_org[n++] = o;
        }
    }
    return n;
}

static int true_median(const double *p)
{
    double below = 0;
    int step = 0;

    while (below < 0.5)
        below += p[step++];
    return step;
}

static Verdict verdict_of(const int8_t *x, const uint32_t *org, size_t n, size_t orgs)
{
    VerdictRules rules = verdict_rules_default();
    Icc icc = neff_icc1(x, org, n, orgs);
    double w[ANSWERS_MOST], share[K], rho = neff_icc_shrunk(&icc, rules.rho_weight, rules.rho);
    Tally t;

    weights_equal_org(&(WeightInput){.n = n, .x = x, .org = org, .n_org = orgs}, w, NULL);
    ordinal_tally(x, w, n, K, &t);
    ordinal_shares(&t, share);
    return verdict_decide(&(VerdictInput){.k = K,
                                          .share = share,
                                          .neff = neff_of_weights(w, org, n, orgs, rho).neff,
                                          .n = n,
                                          .n_org = orgs},
                          &rules);
}

static bool interval_covers(const int8_t *x, const uint32_t *org, size_t n, size_t orgs,
                            const double *p)
{
    IntervalRules rules = interval_rules_default();
    double value[ANSWERS_MOST], truth = 0;
    OrgMean unit[ANSWERS_MOST];

    rules.conf = 0.95;
    for (size_t i = 0; i < n; i++)
        value[i] = x[i];
    for (int s = 0; s < K; s++)
        truth += (s + 1) * p[s];
    size_t units = interval_org_means(value, NULL, org, NULL, n, orgs, unit);
    OrgInterval e = interval_mean(
        &(IntervalInput){.unit = unit, .n = units, .k = K, .low = 1, .high = K}, &rules);
    return e.low <= truth && truth <= e.high;
}

static void keeps_its_promise(void **state)
{
    static const double rhos[] = {0.05, 0.20, 0.40};
    const Study *s = *state;
    double firm = 0, wrong = 0, covered = 0, studied = 0;
    gsl_rng *rng = random_stream_new(2021, s->name);

    for (int study = 0; study < STUDIES; study++) {
        double p[K];
        int8_t x[ANSWERS_MOST];
        uint32_t org[ANSWERS_MOST];
        draw_truth(rng, p);
        size_t n = draw_answers(rng, s, p, rhos[study % G_N_ELEMENTS(rhos)], x, org);
        Verdict v = verdict_of(x, org, n, s->orgs);
        firm += v.outcome == VERDICT_FIRM;
        wrong += v.outcome == VERDICT_FIRM && v.low != true_median(p);
        covered += interval_covers(x, org, n, s->orgs, p);
        studied++;
    }
    gsl_rng_free(rng);
    print_message("             firm %.1f %%, wrong of these %.1f %%, covered %.1f %%\n",
                  100 * firm / studied, 100 * wrong / firm, 100 * covered / studied);
    assert_true(firm > 0.15 * studied); /* a verdict that is never given breaks no promise */
    assert_true(wrong / firm <= s->wrong_at_most);
    assert_true(covered / studied >= s->cover_at_least && covered / studied <= 0.98);
}

int main(void)
{
    struct CMUnitTest tests[G_N_ELEMENTS(studies)];

    for (size_t i = 0; i < G_N_ELEMENTS(studies); i++)
        tests[i] = (struct CMUnitTest){studies[i].name, keeps_its_promise, NULL, NULL,
                                       (void *)&studies[i]};
    return cmocka_run_group_tests_name("promise", tests, NULL, NULL);
}
