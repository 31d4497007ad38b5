/* Does what is said with «80 %» hold four times in five, and does a 95 % interval cover 95 %?
 * Studies are simulated from a known truth, seeded, under correlations inside organisations from
 * 0.05 to 0.40, and the share of wrong statements is held against the tables of methods.md 3.5
 * and 3.6. The program tests/calibration does the same for more panels, and prints it. */
#include "tests/analyze/generate.h"
#include "tests/analyze/simulate.h"

enum { STUDIES = 1500 };

typedef struct {
    Shape shape;
    double wrong_at_most;  /* of firm verdicts: methods.md's table + 3 percentage points */
    double cover_at_least; /* of 95 % intervals */
} Study;

static const Study studies[] = {
    {{"5 organisations, 5 answers", 5, 1, 1}, 0.15, 0.92},
    {{"6 organisations, 18 answers", 6, 3, 3}, 0.15, 0.92},
    {{"12 organisations, 24 answers", 12, 2, 2}, 0.11, 0.93},
    {{"21 organisations, 320 answers, 300 of them from one", 21, 1, 300}, 0.11, 0.93},
    {{"30 organisations, 150 answers", 30, 5, 5}, 0.06, 0.93},
};

static void keeps_its_promise(void **state)
{
    static const double rhos[] = {0.05, 0.20, 0.40};
    const Study *s = *state;
    double firm = 0, wrong = 0, covered = 0, studied = 0;
    gsl_rng *rng = random_stream_new(2021, s->shape.name);

    for (int study = 0; study < STUDIES; study++) {
        Sample sample;
        draw_sample(rng, &s->shape, rhos[study % G_N_ELEMENTS(rhos)], &sample);
        Verdict v = say_of(&sample).verdict;
        firm += v.outcome == VERDICT_FIRM;
        wrong += v.outcome == VERDICT_FIRM && v.low != true_median(sample.p);
        covered += mean_is_covered(&sample);
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
        tests[i] = (struct CMUnitTest){studies[i].shape.name, keeps_its_promise, NULL, NULL,
                                       (void *)&studies[i]};
    return cmocka_run_group_tests_name("promise", tests, NULL, NULL);
}
