#include "analyze/ordinal.h"

#include <glib.h>
#include <gsl/gsl_cdf.h>

#include "analyze/compare.h"

void ordinal_tally(const int8_t *x, const double *w, size_t n, int k, Tally *ret)
{
    g_assert(k >= 1 && k <= STEPS_MAX);
    *ret = (Tally){.k = k};
    for (size_t i = 0; i < n; i++) {
        double weight = w ? w[i] : 1;
        g_assert(x[i] <= k);
        if (x[i] <= 0) {
            ret->n_missing++;
        } else if (weight > 0) {
            ret->n++;
            ret->raw[x[i] - 1]++;
            ret->count[x[i] - 1] += weight;
            ret->sum_w2 += weight * weight;
        }
    }
    for (int s = 0; s < k; s++)
        ret->sum_w += ret->count[s];
}

bool ordinal_shares(const Tally *t, double *ret_share)
{
    if (!(t->sum_w > 0))
        return false;
    for (int s = 0; s < t->k; s++)
        ret_share[s] = t->count[s] / t->sum_w;
    return true;
}

double ordinal_quantile(const double *share, int k, double p, int *ret_low, int *ret_high)
{
    int low = 0, high = 0, last = 0;
    double below = 0;

    for (int s = 0; s < k; s++) {
        below += share[s];
        if (!(share[s] > 0))
            continue;
        last = s + 1;
        if (!low && below >= p - COMPARE_EPSILON)
            low = s + 1;
        if (!high && below > p + COMPARE_EPSILON)
            high = s + 1;
    }
    low = low ? low : last;
    high = high ? high : last;
    if (ret_low)
        *ret_low = low;
    if (ret_high)
        *ret_high = high;
    return (low + high) / 2.0;
}

/* When exactly half lies at or below `low`, the middle of the gap up to `high`; when not, so far
 * into the step as its answers are needed to reach one half. */
static double interpolated_median(const double *share, int low, int high)
{
    double below = 0;

    if (high > low)
        return (low + high) / 2.0;
    for (int s = 0; s < low - 1; s++)
        below += share[s];
    return low - 0.5 + (0.5 - below) / share[low - 1];
}

static void mean_and_sd(const Tally *t, double *ret_mean, double *ret_sd)
{
    double sum = 0, squares = 0;

    for (int s = 0; s < t->k; s++)
        sum += (s + 1) * t->count[s];
    *ret_mean = sum / t->sum_w;
    for (int s = 0; s < t->k; s++)
        squares += t->count[s] * (s + 1 - *ret_mean) * (s + 1 - *ret_mean);
    *ret_sd = t->n < 2 ? UNDEFINED : sqrt(t->sum_w / (t->sum_w * t->sum_w - t->sum_w2) * squares);
}

OrdinalSummary ordinal_summary(const Tally *t)
{
    OrdinalSummary s = {.median = UNDEFINED,
                        .interpolated = UNDEFINED,
                        .q1 = UNDEFINED,
                        .q3 = UNDEFINED,
                        .iqr = UNDEFINED,
                        .mean = UNDEFINED,
                        .sd = UNDEFINED};
    double most = 0;

    for (int i = 0; i < STEPS_MAX; i++)
        s.share[i] = UNDEFINED;
    if (!ordinal_shares(t, s.share))
        return s;
    s.median = ordinal_quantile(s.share, t->k, 0.5, &s.median_low, &s.median_high);
    s.interpolated = interpolated_median(s.share, s.median_low, s.median_high);
    s.q1 = ordinal_quantile(s.share, t->k, 0.25, NULL, NULL);
    s.q3 = ordinal_quantile(s.share, t->k, 0.75, NULL, NULL);
    s.iqr = s.q3 - s.q1;
    mean_and_sd(t, &s.mean, &s.sd);
    for (int i = 0; i < t->k; i++)
        most = fmax(most, s.share[i]);
    for (int i = 0; i < t->k; i++)
        s.mode[i] = s.share[i] >= most - COMPARE_EPSILON;
    return s;
}

static double share_of(const double *share, int k, unsigned steps)
{
    double sum = 0;

    for (int s = 0; s < k; s++)
        sum += steps & (1U << s) ? share[s] : 0;
    return sum;
}

double ordinal_share_of(const Tally *t, unsigned steps)
{
    double share[STEPS_MAX];

    return ordinal_shares(t, share) ? share_of(share, t->k, steps) : UNDEFINED;
}

OrdinalNet ordinal_net(const double *share, int k, unsigned top, unsigned bottom, double neff,
                       double conf)
{
    if (!(neff > 0))
        return (OrdinalNet){UNDEFINED, UNDEFINED, UNDEFINED, UNDEFINED};
    double t = share_of(share, k, top), b = share_of(share, k, bottom), n = neff + 1.5;
    double t1 = (neff * t + 0.5) / n, b1 = (neff * b + 0.5) / n;
    double z = gsl_cdf_ugaussian_Pinv(0.5 + conf / 2);
    double se = sqrt((t1 + b1 - (t1 - b1) * (t1 - b1)) / n);
    return (OrdinalNet){.net = t - b,
                        .se = se,
                        .low = fmax(-1, t1 - b1 - z * se),
                        .high = fmin(1, t1 - b1 + z * se)};
}
