/* The light of a strategic area: KPIs, activities and the panel's judgement, each on 1 (red) to 3
 * (green). */
#ifndef INNSIKT_ANALYZE_STATUS_H
#define INNSIKT_ANALYZE_STATUS_H

#include <stddef.h>

#include "analyze/undefined.h"

typedef enum { STATUS_GREY, STATUS_RED, STATUS_YELLOW, STATUS_GREEN } StatusLight;

const char *status_light_key(StatusLight light); /* "grey", "red", "yellow", "green" */

typedef struct {
    double green, yellow; /* ratio of attainment to time passed, from which it holds: 0.9, 0.6 */
    double direction;     /* part of target - baseline that counts as a step: 0.05 */
} StatusRules;

StatusRules status_rules_default(void);

typedef struct {
    double baseline, target, value; /* value undefined: not measured, left out */
} StatusKpi;

typedef struct {
    double weight, done; /* done 0..1; undefined: left out */
} StatusActivity;

typedef struct {
    const StatusKpi *kpi;
    size_t n_kpi;
    const StatusActivity *activity;
    size_t n_activity;
    StatusLight judgement; /* of the panel (status_judgement); GREY: none */
    double elapsed;        /* share of the period, 0..1 */
} StatusInput;

typedef struct {
    double kpi_ratio, activity_ratio; /* clipped to 1; undefined without parts or at elapsed 0 */
    StatusLight kpi, activity;        /* GREY: not available */
    StatusLight light;
} Status;

/* status.light: attainment (value - baseline)/(target - baseline) clipped to 0..1, mean over KPIs,
 * and the weighted mean of done, each divided by elapsed. The light is the lower median of the
 * parts there are, never better than the worst + 1; grey with fewer than two parts. */
Status status_light(const StatusInput *in, const StatusRules *rules);

/* Lower median of the panel's votes: votes[0] red, [1] yellow, [2] green. GREY without votes. */
StatusLight status_judgement(const size_t votes[3]);

/* Direction from the last step of a KPI: 1 towards the target, -1 away from it, 0 when the step is
 * smaller than rules->direction of target - baseline, or not known. */
int status_direction(double previous, double latest, double baseline, double target,
                     const StatusRules *rules);

#endif
