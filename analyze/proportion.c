#include "analyze/proportion.h"

#include <gsl/gsl_cdf.h>

#include "analyze/compare.h"

Estimate proportion_wilson(double x, double n, double conf)
{
    if (!(n > 0))
        return ESTIMATE_UNDEFINED;
    double z = gsl_cdf_ugaussian_Pinv(0.5 + conf / 2), z2 = z * z, p = x / n;
    double centre = p + z2 / (2 * n), spread = z * sqrt(p * (1 - p) / n + z2 / (4 * n * n));
    Estimate e = {p, (centre - spread) / (1 + z2 / n), (centre + spread) / (1 + z2 / n)};

    if (p <= COMPARE_EPSILON)
        e.low = 0;
    if (p >= 1 - COMPARE_EPSILON)
        e.high = 1;
    return e;
}

Estimate proportion_newcombe_diff(double x1, double n1, double x2, double n2, double conf)
{
    Estimate a = proportion_wilson(x1, n1, conf), b = proportion_wilson(x2, n2, conf);
    double d = a.value - b.value;

    return (Estimate){d, d - hypot(a.value - a.low, b.high - b.value),
                      d + hypot(a.high - a.value, b.value - b.low)};
}
