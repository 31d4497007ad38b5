#include "analyze/rank.h"

#include <glib.h>
#include <gsl/gsl_cdf.h>

#include "analyze/compare.h"

static int by_value(const void *a, const void *b, void *values)
{
    const double *x = values;
    double left = x[*(const size_t *)a], right = x[*(const size_t *)b];

    return (left > right) - (left < right);
}

double rank_midranks(const double *x, size_t n, double *ret_rank)
{
    g_autofree double *value = g_new(double, n + 1);
    g_autofree size_t *order = g_new(size_t, n + 1);
    double ties = 0;

    for (size_t i = 0; i < n; i++) {
        value[i] = compare_round(x[i]);
        order[i] = i;
    }
    g_qsort_with_data(order, (int)n, sizeof *order, by_value, value);
    for (size_t first = 0, next; first < n; first = next) {
        for (next = first + 1; next < n && value[order[next]] == value[order[first]];)
            next++;
        double t = (double)(next - first);
        for (size_t i = first; i < next; i++)
            ret_rank[order[i]] = (double)first + (t + 1) / 2;
        ties += t * t * t - t;
    }
    return ties;
}

typedef struct {
    double x, y;
} Pair;

static int by_x_then_y(const void *a, const void *b, void *unused)
{
    const Pair *p = a, *q = b;

    (void)unused;
    if (p->x != q->x)
        return (p->x > q->x) - (p->x < q->x);
    return (p->y > q->y) - (p->y < q->y);
}

/* Merge sort of y[n]; returns how many pairs stood in the wrong order. */
static double sort_counting_exchanges(double *y, double *room, size_t n)
{
    size_t half = n / 2, left = 0, right = half, out = 0;

    if (n < 2)
        return 0;
    double exchanges =
        sort_counting_exchanges(y, room, half) + sort_counting_exchanges(y + half, room, n - half);
    while (left < half && right < n) {
        if (y[right] < y[left])
            exchanges += (double)(half - left);
        room[out++] = y[right] < y[left] ? y[right++] : y[left++];
    }
    while (left < half)
        room[out++] = y[left++];
    while (right < n)
        room[out++] = y[right++];
    for (size_t i = 0; i < n; i++)
        y[i] = room[i];
    return exchanges;
}

static double pairs_among(double t)
{
    return t * (t - 1) / 2;
}

double rank_tau_b(const double *x, const double *y, size_t n)
{
    g_autofree Pair *pair = g_new(Pair, n + 1);
    g_autofree double *sorted = g_new(double, n + 1);
    g_autofree double *room = g_new(double, n + 1);
    double tied_x = 0, tied_both = 0, tied_y = 0, run_x = 1, run_both = 1, run_y = 1;
    size_t m = 0;

    for (size_t i = 0; i < n; i++)
        if (is_defined(x[i]) && is_defined(y[i]))
            pair[m++] = (Pair){compare_round(x[i]), compare_round(y[i])};
    g_qsort_with_data(pair, (int)m, sizeof *pair, by_x_then_y, NULL);
    for (size_t i = 0; i < m; i++) {
        bool same_x = i > 0 && pair[i].x == pair[i - 1].x;
        bool same_both = same_x && pair[i].y == pair[i - 1].y;
        tied_x += same_x ? run_x : 0; /* a run of t adds 1 + 2 + … + t - 1 pairs */
        tied_both += same_both ? run_both : 0;
        run_x = same_x ? run_x + 1 : 1;
        run_both = same_both ? run_both + 1 : 1;
        sorted[i] = pair[i].y;
    }
    double discordant = sort_counting_exchanges(sorted, room, m);
    for (size_t i = 1; i < m; i++) {
        bool same = sorted[i] == sorted[i - 1];
        tied_y += same ? run_y : 0;
        run_y = same ? run_y + 1 : 1;
    }
    double all = pairs_among((double)m), free_x = all - tied_x, free_y = all - tied_y;
    if (!(free_x > 0 && free_y > 0))
        return UNDEFINED;
    return (all - tied_x - tied_y + tied_both - 2 * discordant) / sqrt(free_x * free_y);
}

/* Copies the items that everybody rated, rater by rater; returns how many. */
static size_t complete_items(const double *rating, size_t raters, size_t items, double *ret)
{
    size_t complete = 0;

    for (size_t j = 0; j < items; j++) {
        bool all = true;
        for (size_t r = 0; r < raters; r++) {
            ret[r * items + complete] = rating[r * items + j];
            all = all && is_defined(rating[r * items + j]);
        }
        complete += all;
    }
    return complete;
}

KendallW rank_kendall_w(const double *rating, size_t raters, size_t items)
{
    g_autofree double *value = g_new(double, raters *items + 1);
    g_autofree double *rank = g_new(double, items + 1);
    g_autofree double *sum = g_new0(double, items + 1);
    KendallW k = {UNDEFINED, UNDEFINED, UNDEFINED, complete_items(rating, raters, items, value),
                  UNDEFINED_TOO_FEW};
    double m = (double)raters, n = (double)k.n_items, ties = 0, squares = 0;

    if (raters < 2 || k.n_items < 2)
        return k;
    for (size_t r = 0; r < raters; r++) {
        ties += rank_midranks(value + r * items, k.n_items, rank);
        for (size_t j = 0; j < k.n_items; j++)
            sum[j] += rank[j];
    }
    for (size_t j = 0; j < k.n_items; j++)
        squares += (sum[j] - m * (n + 1) / 2) * (sum[j] - m * (n + 1) / 2);
    double most = m * m * (n * n * n - n) - m * ties;
    k.why = most > 0 ? UNDEFINED_NOT : UNDEFINED_NO_SPREAD;
    if (k.why != UNDEFINED_NOT)
        return k;
    k.w = 12 * squares / most;
    k.chisq = m * (n - 1) * k.w;
    k.p = gsl_cdf_chisq_Q(k.chisq, n - 1);
    return k;
}
