#include "analyze/neff.h"

#include <glib.h>

Neff neff_of_weights(const double *w, const uint32_t *org, size_t n, size_t n_org, double rho)
{
    g_autofree double *org_w = g_new0(double, n_org + 1);
    double sum = 0, squares = 0, org_squares = 0;

    for (size_t i = 0; i < n; i++) {
        if (!(w[i] > 0))
            continue;
        sum += w[i];
        squares += w[i] * w[i];
        org_w[org[i]] += w[i];
    }
    for (size_t o = 0; o < n_org; o++)
        org_squares += org_w[o] * org_w[o];
    if (!(sum > 0))
        return (Neff){UNDEFINED, UNDEFINED, UNDEFINED};
    return (Neff){.neff = sum * sum / ((1 - rho) * squares + rho * org_squares),
                  .kish = sum * sum / squares,
                  .orgs = sum * sum / org_squares};
}

typedef struct {
    double n, sum, squares;
} Moments;

static Undefined icc_why(const Icc *icc, double within, double between)
{
    if (icc->n_org == 0)
        return UNDEFINED_NO_ANSWERS;
    if (icc->n_org == 1)
        return UNDEFINED_FEW_ORGS;
    if (icc->n_org_several == 0)
        return UNDEFINED_SINGLE_ORGS;
    return within > 0 || between > 0 ? UNDEFINED_NOT : UNDEFINED_NO_SPREAD;
}

/* From the moments of each organisation. Sums of steps are whole numbers well below 2^53, so in
 * doubles too they are exact and the order of answers is nothing. */
static Icc icc_of_moments(const Moments *of, size_t n_org)
{
    Moments all = {0};
    double within = 0, org_means = 0, size_squares = 0;
    Icc icc = {UNDEFINED, UNDEFINED, UNDEFINED, UNDEFINED, 0, 0, UNDEFINED_NOT};

    for (size_t o = 0; o < n_org; o++) {
        double m = of[o].n;
        if (!(m > 0))
            continue;
        icc.n_org++;
        icc.n_org_several += m > 1;
        all.n += m;
        all.sum += of[o].sum;
        size_squares += m * m;
        within += fmax(0, (m * of[o].squares - of[o].sum * of[o].sum) / m);
        org_means += of[o].sum * of[o].sum / m;
    }
    double orgs = (double)icc.n_org;
    double between = all.n > 0 ? org_means - all.sum * all.sum / all.n : 0;
    between = between > 1e-12 * org_means ? between : 0;
    if (icc.n_org > 1) {
        icc.msb = between / (orgs - 1);
        icc.k0 = (all.n - size_squares / all.n) / (orgs - 1);
    }
    if (all.n > orgs)
        icc.msw = within / (all.n - orgs);
    icc.why = icc_why(&icc, within, between);
    if (icc.why == UNDEFINED_NOT)
        icc.icc = (icc.msb - icc.msw) / (icc.msb + (icc.k0 - 1) * icc.msw);
    return icc;
}

static void moments_add(Moments *o, double x)
{
    o->n++;
    o->sum += x;
    o->squares += x * x;
}

Icc neff_icc1(const int8_t *x, const uint32_t *org, size_t n, size_t n_org)
{
    g_autofree Moments *of = g_new0(Moments, n_org + 1);
    for (size_t i = 0; i < n; i++)
        if (x[i] != 0)
            moments_add(&of[org[i]], x[i]);
    return icc_of_moments(of, n_org);
}

Icc neff_icc1_means(const double *x, const uint32_t *org, size_t n, size_t n_org)
{
    g_autofree Moments *of = g_new0(Moments, n_org + 1);
    for (size_t i = 0; i < n; i++)
        if (is_defined(x[i]))
            moments_add(&of[org[i]], x[i]);
    return icc_of_moments(of, n_org);
}

double neff_icc_shrunk(const Icc *icc, double prior_weight, double prior_rho)
{
    double m2 = (double)icc->n_org_several;

    if (!is_defined(icc->icc))
        return prior_rho;
    return (m2 * CLAMP(icc->icc, 0.0, 1.0) + prior_weight * prior_rho) / (m2 + prior_weight);
}
