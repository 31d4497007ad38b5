/* Robustness of the priorities: each focus area rated under each scenario («how well does it stand
 * in this future?»), summed up by metrics that do not ask how probable a scenario is (methods.md
 * 3.9; McPhail et al. 2018). A cell is the mean over organisations (3.6); one with too few of them
 * is missing, and a priority with a missing cell is incomplete and has no metric.
 *
 * What breaks a priority: of all priorities that stand lower on average, and all scenarios, the one
 * that catches up at the smallest weight on that scenario above an even share, the rest shared
 * evenly (robustness.break_even). */
#ifndef INNSIKT_ANALYZE_SCENARIO_H
#define INNSIKT_ANALYZE_SCENARIO_H

#include "analyze/product.h"
#include "analyze/robustness_chance.h"
#include "analyze/speakers.h"

/* One priority under one scenario. */
typedef struct {
    char *key;       /* "scenario/1.1/scenario=S1" */
    Estimate mean;   /* on the scale 1…K; undefined: too few organisations */
    double distance; /* from the middle of the scale, to one decimal: what the sheet shows */
    double regret;   /* undefined without mean */
    size_t n, organisations;
    GArray *records;
} ScenarioCell;

typedef struct {
    char *key; /* "scenario/1.1" */
    TermKind kind;
    int term;
    RobustnessMetrics metrics;
    RobustnessClass class;
    RobustnessChance chance;
    double worst_distance, mean_distance; /* as ScenarioCell.distance */
    int rival;                            /* index of the priority that catches up first, or -1 */
    int rival_scenario;                   /* column, or -1 */
    double rival_weight;                  /* on that scenario; undefined: nobody does */
    size_t n, organisations;
} ScenarioPriority;

/* The ranking by regret and the classes, made in another way and held against the real ones. */
typedef struct {
    char *key;      /* "scenarios/all/weight=none" */
    int group;      /* the group left out, or NO_TERM */
    double tau;     /* between the two rankings; undefined: one of them does not vary */
    size_t changed; /* priorities of another class */
    int first;      /* priority with the smallest regret, or -1 */
} ScenarioCheck;

typedef enum { METRIC_WORST, METRIC_MEAN, METRIC_REGRET, METRIC_PASSED, N_METRICS } ScenarioMetric;
const char *scenario_metric_word(ScenarioMetric metric); /* "worst", "mean", "regret", "passed" */

typedef struct {
    const Scale *scale;
    double middle;    /* (K + 1) / 2 */
    double threshold; /* what a cell must reach to pass */
    size_t n_priorities, n_scenarios;
    ScenarioPriority *priority;
    int *scenario;      /* TERM_SCENARIO of each column */
    ScenarioCell *cell; /* priorities × scenarios, row by row */
    size_t of_class[ROBUSTNESS_ROBUST + 1];
    double metric_tau[N_METRICS][N_METRICS]; /* between rankings; [a][b] for a < b */
    int first[N_METRICS];                    /* priority that the metric ranks first, or -1 */
    GArray *checks;                          /* of ScenarioCheck: weights, then groups left out */
    size_t n_weights;                        /* how many of them are of weights */
    double kept; /* mean chance of the class over complete priorities; undefined: see chances */
    Undefined chances; /* FEW_ORGS: too few organisations for chances */
    size_t n, organisations, elsewhere;
    GArray *records; /* of everything: a regret depends on all cells of its scenario */
} Scenarios;

#define scenario_cell(s, i, j) (&(s)->cell[(i) * (s)->n_scenarios + (j)])

/* Whether priority i was rated below the threshold in the scenario of column j. */
bool scenario_fails(const Scenarios *s, size_t i, size_t j);

/* NULL: no priority was rated under a scenario. */
const Scenarios *results_scenarios(const Results *results);

/* --- between scenario.c, scenario_stability.c and scenario_publish.c ------------------------- */

/* Whether the table is made from this column. */
bool scenario_reads(const Scenarios *s, const Variable *column);
void scenario_publish(Results *results, gconstpointer scenarios);
/* Fills metric_tau, first and checks. speakers: those of each cell. */
void scenario_stability(Scenarios *s, const Dataset *data, Speakers *const *speakers);
/* Each organisation's mean in each cell, row by row, and its group; an organisation in two groups
 * is two when `by_group`. Speakers of the group `without` are left out. Free both with g_free. */
RobustnessAnswers scenario_answers(const Dataset *data, Speakers *const *speakers,
                                   size_t priorities, size_t scenarios, bool by_group, int without,
                                   double **ret_mean, uint32_t **ret_group);
/* Metrics and classes of a table of cells. `ret_rank` (may be NULL): by regret, 1 the best. */
void scenario_classify(const Scenarios *s, const Thresholds *t, const double *f,
                       RobustnessMetrics *ret_metrics, RobustnessClass *ret_class,
                       double *ret_rank);

#endif
