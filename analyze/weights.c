#include "analyze/weights.h"

#include "analyze/units.h"
#include "schemas/error.h"

/* What one unit of group g weighs, in units of «all answers / units»: 1 without targets, 0 for a
 * group that does not count. Returns false when no group counts. */
static bool group_scale(const WeightInput *in, const Unit *unit, size_t units, double *scale,
                        bool *ret_absent)
{
    size_t groups = in->target ? in->n_group : 1;
    g_autofree size_t *members = g_new0(size_t, groups + 1);
    double present = 0;

    for (size_t u = 0; u < units; u++)
        members[unit[u].group]++;
    for (size_t g = 0; g < groups; g++) {
        double target = in->target ? in->target[g] : 1;
        scale[g] = members[g] > 0 && target > 0 ? target : 0;
        present += scale[g];
        if (ret_absent)
            ret_absent[g] = members[g] == 0 && target > 0;
    }
    for (size_t g = 0; g < groups; g++)
        scale[g] = scale[g] > 0 ? scale[g] / present / (double)members[g] : 0;
    return present > 0;
}

/* 0 for an answer that does not count: missing, or of a group without a target. */
static double answer_share(const WeightInput *in, size_t i)
{
    if (in->x && in->x[i] <= 0)
        return 0;
    if (in->target && (!in->group || in->group[i] == NO_INDEX || !(in->target[in->group[i]] > 0)))
        return 0;
    return in->share ? in->share[i] : 1;
}

bool weights_equal_org(const WeightInput *in, double *ret_w, bool *ret_absent)
{
    g_autofree uint32_t *unit_of = g_new(uint32_t, in->n + 1);
    g_autofree Unit *unit = g_new(Unit, in->n + 1);
    g_autofree double *scale = g_new(double, (in->target ? in->n_group : 1) + 1);
    double n = 0;

    for (size_t i = 0; i < in->n; i++) {
        ret_w[i] = answer_share(in, i);
        n += ret_w[i];
    }
    size_t units = units_number(in->org, in->target ? in->group : NULL, ret_w, in->n, in->n_org,
                                unit_of, unit);
    bool any = group_scale(in, unit, units, scale, ret_absent);
    for (size_t i = 0; any && i < in->n; i++) {
        const Unit *u = unit_of[i] == NO_INDEX ? NULL : &unit[unit_of[i]];
        ret_w[i] = u ? n * scale[u->group] * ret_w[i] / u->persons : 0;
    }
    return any;
}

bool weights_poststrat(const uint32_t *cell, size_t n, const double *population, size_t n_cell,
                       double *ret_w, GError **error)
{
    g_autofree double *answers = g_new0(double, n_cell + 1);
    double all = 0, members = 0;

    for (size_t i = 0; i < n; i++) {
        if (cell[i] == NO_INDEX)
            continue;
        answers[cell[i]]++;
        all++;
    }
    for (size_t h = 0; h < n_cell; h++) {
        members += population[h];
        if ((answers[h] > 0) != (population[h] > 0)) {
            g_set_error(error, INNSIKT_ERROR, INNSIKT_ERROR_DATA,
                        "population cell %zu has %.0f members and %.0f answers: merge it with a "
                        "cell that has both",
                        h + 1, population[h], answers[h]);
            return false;
        }
    }
    if (!(all > 0)) {
        g_set_error_literal(error, INNSIKT_ERROR, INNSIKT_ERROR_DATA,
                            "no answers to weight to the population");
        return false;
    }
    for (size_t i = 0; i < n; i++)
        ret_w[i] =
            cell[i] == NO_INDEX ? 0 : population[cell[i]] / members * (all / answers[cell[i]]);
    return true;
}
