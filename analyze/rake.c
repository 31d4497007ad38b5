#include "analyze/rake.h"

#include "schemas/error.h"

enum { ROUNDS_MOST = 10000 };
#define CLOSE 1e-12 /* of n */

static double target_sum(const RakeMargin *m)
{
    double sum = 0;

    for (size_t c = 0; c < m->n_category; c++)
        sum += m->target[c];
    return sum;
}

static bool margin_is_sound(const RakeMargin *m, size_t n, GError **error)
{
    g_autofree size_t *answers = g_new0(size_t, m->n_category + 1);

    for (size_t i = 0; i < n; i++)
        answers[m->category[i]]++;
    for (size_t c = 0; c < m->n_category; c++)
        if ((answers[c] > 0) != (m->target[c] > 0)) {
            g_set_error(error, INNSIKT_ERROR, INNSIKT_ERROR_DATA,
                        "category %zu has a target of %g and %zu answers: merge it with a category "
                        "that has both",
                        c + 1, m->target[c], answers[c]);
            return false;
        }
    return true;
}

/* Scales the weights to one margin; returns how far the furthest category was from it. */
static double scale_to(const RakeMargin *m, size_t n, double *w)
{
    g_autofree double *sum = g_new0(double, m->n_category + 1);
    double all = target_sum(m), furthest = 0;

    for (size_t i = 0; i < n; i++)
        sum[m->category[i]] += w[i];
    for (size_t c = 0; c < m->n_category; c++)
        furthest = fmax(furthest, fabs(sum[c] - (double)n * m->target[c] / all));
    for (size_t i = 0; i < n; i++) {
        size_t c = m->category[i];
        w[i] *= (double)n * m->target[c] / all / sum[c];
    }
    return furthest;
}

/* Cuts large weights, then brings the sum back to n. */
static size_t trim_weights(double *w, size_t n, double most)
{
    size_t trimmed = 0;
    double sum = 0;

    for (size_t i = 0; i < n; i++) {
        trimmed += w[i] > most;
        w[i] = fmin(w[i], most);
        sum += w[i];
    }
    for (size_t i = 0; trimmed > 0 && i < n; i++)
        w[i] *= (double)n / sum;
    return trimmed;
}

bool weights_rake(const RakeMargin margin[2], size_t n, double trim, double *ret_w,
                  RakeReport *ret_report, GError **error)
{
    g_autofree double *w = g_new(double, n + 1);
    RakeReport report = {0};
    double off = INFINITY;

    if (!margin_is_sound(&margin[0], n, error) || !margin_is_sound(&margin[1], n, error))
        return false;
    for (size_t i = 0; i < n; i++)
        w[i] = 1;
    while (off > CLOSE * (double)n && report.rounds < ROUNDS_MOST) {
        off = scale_to(&margin[0], n, w);
        off = fmax(off, scale_to(&margin[1], n, w));
        report.rounds++;
    }
    if (off > CLOSE * (double)n) {
        g_set_error(error, INNSIKT_ERROR, INNSIKT_ERROR_DATA,
                    "the two targets cannot both be met by these %zu answers: merge categories", n);
        return false;
    }
    if (trim > 0)
        report.trimmed = trim_weights(w, n, trim);
    for (size_t i = 0; i < n; i++)
        ret_w[i] = w[i];
    *ret_report = report;
    return true;
}
