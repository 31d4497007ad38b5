#include "analyze/status.h"

#include <glib.h>

#include "analyze/compare.h"

StatusRules status_rules_default(void)
{
    return (StatusRules){.green = 0.9, .yellow = 0.6, .direction = 0.05};
}

const char *status_light_key(StatusLight light)
{
    static const char *const key[] = {"grey", "red", "yellow", "green"};

    return key[light];
}

/* Mean attainment of the KPIs that can be read; works for targets below the baseline. */
static double kpi_attainment(const StatusInput *in)
{
    double sum = 0, read = 0;

    for (size_t i = 0; i < in->n_kpi; i++) {
        double way = in->kpi[i].target - in->kpi[i].baseline;
        double done = in->kpi[i].value - in->kpi[i].baseline;
        if (!is_defined(way) || !is_defined(done) || way == 0)
            continue;
        sum += CLAMP(done / way, 0.0, 1.0);
        read++;
    }
    return read > 0 ? sum / read : UNDEFINED;
}

static double activities_done(const StatusInput *in)
{
    double sum = 0, weight = 0;

    for (size_t i = 0; i < in->n_activity; i++) {
        if (!is_defined(in->activity[i].done))
            continue;
        sum += in->activity[i].weight * in->activity[i].done;
        weight += in->activity[i].weight;
    }
    return weight > 0 ? sum / weight : UNDEFINED;
}

static StatusLight light_of(double ratio, const StatusRules *rules)
{
    if (!is_defined(ratio))
        return STATUS_GREY;
    ratio = compare_round(ratio);
    if (ratio >= rules->green)
        return STATUS_GREEN;
    return ratio >= rules->yellow ? STATUS_YELLOW : STATUS_RED;
}

StatusLight status_judgement(const size_t votes[3])
{
    size_t all = votes[0] + votes[1] + votes[2], below = 0;

    for (int l = STATUS_RED; l <= STATUS_GREEN; l++) {
        below += votes[l - STATUS_RED];
        if (all > 0 && 2 * below >= all)
            return (StatusLight)l;
    }
    return STATUS_GREY;
}

static StatusLight join(const StatusLight *part, size_t parts)
{
    size_t votes[3] = {0}, there = 0;
    StatusLight worst = STATUS_GREEN;

    for (size_t i = 0; i < parts; i++) {
        if (part[i] == STATUS_GREY)
            continue;
        there++;
        votes[part[i] - STATUS_RED]++;
        worst = MIN(worst, part[i]);
    }
    return there < 2 ? STATUS_GREY : MIN(status_judgement(votes), worst + 1);
}

Status status_light(const StatusInput *in, const StatusRules *rules)
{
    double time = in->elapsed > 0 ? in->elapsed : UNDEFINED;
    double kpi = kpi_attainment(in) / time, activity = activities_done(in) / time;
    Status s = {.kpi = light_of(kpi, rules), .activity = light_of(activity, rules)};
    const StatusLight part[] = {s.kpi, s.activity, in->judgement};

    s.kpi_ratio = is_defined(kpi) ? fmin(1, kpi) : UNDEFINED;
    s.activity_ratio = is_defined(activity) ? fmin(1, activity) : UNDEFINED;
    s.light = join(part, G_N_ELEMENTS(part));
    return s;
}

int status_direction(double previous, double latest, double baseline, double target,
                     const StatusRules *rules)
{
    double step = compare_round((latest - previous) / (target - baseline));

    if (!isfinite(step) || fabs(step) < rules->direction)
        return 0;
    return step > 0 ? 1 : -1;
}
