/* calibration [STUDIES]: is the uncertainty honest? Simulates panels of 5 to 60 organisations and 8
 * to 500 answers from a known truth, drawn evenly from all there are, with correlations inside
 * organisations from 0.05 to 0.40, and prints as a Markdown table how often 95 % intervals hold the
 * truth and how often verdicts are right. Ends with 1 when a promise is broken: intervals must
 * cover 92–98 % (93–97 % from twelve organisations), verdicts be right at least four times in five.
 * Seeded; the same table every time. */
#include "tests/analyze/simulate.h"

#include <stdio.h>
#include <stdlib.h>

static const Shape shapes[] = {
    {"5 × 2", 5, 2, 2},   {"8 × 1", 8, 1, 1},      {"8 × 5", 8, 5, 5},
    {"12 × 1", 12, 1, 1}, {"12 × 4", 12, 4, 4},    {"11 × 1 and one × 60", 12, 1, 60},
    {"20 × 3", 20, 3, 3}, {"20 × 25", 20, 25, 25}, {"20 × 1 and one × 300", 21, 1, 300},
    {"30 × 1", 30, 1, 1}, {"30 × 5", 30, 5, 5},    {"60 × 2", 60, 2, 2},
    {"60 × 8", 60, 8, 8},
};

/* Counts of one row. */
typedef struct {
    double studies, mean, share;
    double firm, firm_right, stated; /* stated: sum of the probabilities of the firm verdicts */
    double range, range_right;
} Counts;

static void count_verdict(Counts *c, const Sample *sample, const Verdict *v)
{
    const int truth = true_median(sample->p);
    if (v->outcome == VERDICT_FIRM) {
        c->firm++;
        c->firm_right += v->low == truth;
        c->stated += v->probability;
    } else if (v->outcome == VERDICT_RANGE) {
        c->range++;
        c->range_right += v->low <= truth && truth <= v->high;
    }
}

static Counts simulate(const Shape *shape, int studies)
{
    static const double rhos[] = {0.05, 0.20, 0.40};
    gsl_rng *rng = random_stream_new(2021, shape->name);
    Counts c = {0};
    for (int study = 0; study < studies; study++) {
        Sample sample;
        draw_sample(rng, shape, rhos[study % 3], &sample);
        const Saying said = say_of(&sample);
        c.studies++;
        c.mean += mean_is_covered(&sample);
        c.share += share_is_covered(&sample, &said);
        count_verdict(&c, &sample, &said.verdict);
    }
    gsl_rng_free(rng);
    return c;
}

static bool keeps(const Shape *shape, const Counts *c)
{
    const double low = shape->orgs >= 12 ? 0.93 : 0.92, high = shape->orgs >= 12 ? 0.97 : 0.98;
    const double mean = c->mean / c->studies, share = c->share / c->studies;
    return mean >= low && mean <= high && share >= low && share <= high &&
           c->firm_right >= 0.8 * c->firm && c->range_right >= 0.8 * c->range;
}

static void print_row(const Shape *shape, const Counts *c)
{
    printf("| %s | %zu | %.1f | %.1f | %.0f | %.0f | %.0f | %.0f | %.0f |\n", shape->name,
           shape->first + (shape->orgs - 1) * shape->each, 100 * c->mean / c->studies,
           100 * c->share / c->studies, 100 * c->firm / c->studies, 100 * c->stated / c->firm,
           100 * c->firm_right / c->firm, 100 * c->range / c->studies,
           100 * c->range_right / c->range);
}

int main(int argc, char **argv)
{
    const int studies = argc > 1 ? atoi(argv[1]) : 6000;
    int broken = 0;
    printf("| organisations × answers each | answers | mean: covered %% | share: covered %% | one "
           "step "
           "said %% | probability stated %% | right %% | two steps said %% | right %% |\n");
    printf("|---|---:|---:|---:|---:|---:|---:|---:|---:|\n");
    for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++) {
        const Counts c = simulate(&shapes[i], studies);
        print_row(&shapes[i], &c);
        broken += !keeps(&shapes[i], &c);
    }
    if (broken)
        fprintf(stderr, "%d of the rows break a promise\n", broken);
    return broken > 0;
}
