#include "analyze/saturation.h"

#include <glib.h>
#include <gsl/gsl_randist.h>
#include <gsl/gsl_sort.h>
#include <gsl/gsl_statistics_double.h>

#include "analyze/compare.h"

SaturationRules saturation_rules_default(void)
{
    return (SaturationRules){.base = 4, .run = 2, .threshold = 0.05};
}

/* Themes first met at each interview, in the given order of interviews (NULL: as they stand). */
static void count_new(const SaturationInput *in, const size_t *order, size_t *ret_new)
{
    g_autofree bool *met = g_new0(bool, in->n_theme + 1);

    for (size_t i = 0; i < in->n; i++) {
        size_t interview = order ? order[i] : i;
        ret_new[i] = 0;
        for (size_t t = in->start[interview]; t < in->start[interview + 1]; t++) {
            ret_new[i] += !met[in->theme[t]];
            met[in->theme[t]] = true;
        }
    }
}

static Saturation saturation_in(const SaturationInput *in, const SaturationRules *rules,
                                const size_t *order, double *ret_ratio)
{
    g_autofree size_t *fresh = g_new(size_t, in->n + 1);
    Saturation s = {.why = UNDEFINED_TOO_FEW};

    if (rules->base == 0 || rules->run == 0 || in->n < rules->base + rules->run)
        return s;
    count_new(in, order, fresh);
    for (size_t i = 0; i < rules->base; i++)
        s.base_themes += fresh[i];
    s.why = s.base_themes > 0 ? UNDEFINED_NOT : UNDEFINED_NO_SPREAD;
    if (s.why != UNDEFINED_NOT)
        return s;
    s.windows = in->n - rules->base - rules->run + 1;
    for (size_t w = 0; w < s.windows; w++) {
        double themes = 0;
        for (size_t i = 0; i < rules->run; i++)
            themes += (double)fresh[rules->base + w + i];
        double ratio = themes / (double)s.base_themes;
        if (ret_ratio)
            ret_ratio[w] = ratio;
        if (!s.reached_at && compare_round(ratio) <= rules->threshold)
            s.reached_at = rules->base + w;
    }
    return s;
}

Saturation saturation_base_run(const SaturationInput *in, const SaturationRules *rules,
                               double *ret_ratio)
{
    return saturation_in(in, rules, NULL, ret_ratio);
}

double saturation_shuffled(const SaturationInput *in, const SaturationRules *rules, gsl_rng *rng,
                           size_t shuffles)
{
    g_autofree size_t *order = g_new(size_t, in->n + 1);
    g_autofree double *reached = g_new(double, shuffles + 1);
    size_t defined = 0;

    for (size_t i = 0; i < in->n; i++)
        order[i] = i;
    for (size_t r = 0; r < shuffles; r++) {
        if (in->n) /* GSL counts down from n - 1 */
            gsl_ran_shuffle(rng, order, in->n, sizeof *order);
        Saturation s = saturation_in(in, rules, order, NULL);
        if (s.why == UNDEFINED_NOT)
            reached[defined++] = s.reached_at ? (double)s.reached_at : INFINITY;
    }
    if (defined == 0)
        return UNDEFINED;
    gsl_sort(reached, 1, defined);
    double median = gsl_stats_median_from_sorted_data(reached, 1, defined);
    return isfinite(median) ? median : UNDEFINED;
}
