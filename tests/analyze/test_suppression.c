#include "analyze/suppression.h"

#include <gsl/gsl_errno.h>
#include <gsl/gsl_linalg.h>
#include <gsl/gsl_matrix.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "analyze/disclosure.h"

static const uint32_t three[9] = {12, 2, 9, 8, 7, 11, 10, 6, 14};

static void expect_cells(const GArray *cells, const uint32_t (*want)[2], size_t n)
{
    assert_int_equal(cells->len, n);
    for (guint i = 0; i < n; i++) {
        assert_int_equal(g_array_index(cells, SuppressionCell, i).row, want[i][0]);
        assert_int_equal(g_array_index(cells, SuppressionCell, i).column, want[i][1]);
    }
}

static void bridges(void **state)
{
    (void)state;
    static const bool alone[9] = {[1] = true},
                      ring[9] = {[1] = true, [2] = true, [7] = true, [8] = true};
    /* Two rectangles joined by one more cell: two in every line, and still the joining one is
     * known. */
    bool joined[36] = {false};
    static const int on[] = {0, 1, 6, 7, 28, 29, 34, 35, 10};
    for (size_t i = 0; i < G_N_ELEMENTS(on); i++)
        joined[on[i]] = true;
    static const uint32_t six[36] = {0}, lone_cell[][2] = {{0, 1}}, joining[][2] = {{1, 4}};

    g_autoptr(SuppressionTable) a = suppression_new(three, alone, 3, 3);
    g_autoptr(SuppressionTable) b = suppression_new(three, ring, 3, 3);
    g_autoptr(SuppressionTable) c = suppression_new(six, joined, 6, 6);
    g_autoptr(SuppressionTable) none = suppression_new(three, NULL, 3, 3);
    g_autoptr(GArray) ra = suppression_recoverable(a), rb = suppression_recoverable(b);
    g_autoptr(GArray) rc = suppression_recoverable(c), rn = suppression_recoverable(none);
    expect_cells(ra, lone_cell, 1);
    expect_cells(rb, NULL, 0);
    expect_cells(rc, joining, 1);
    expect_cells(rn, NULL, 0);

    /* With its row's and its column's total hidden too, and the grand total, it is safe. */
    a->hidden[suppression_at(a, 0, 3)] = a->hidden[suppression_at(a, 3, 1)] = true;
    g_autoptr(GArray) still = suppression_recoverable(a);
    assert_int_equal(still->len, 3);
    a->hidden[suppression_at(a, 3, 3)] = true;
    g_autoptr(GArray) safe = suppression_recoverable(a);
    assert_int_equal(safe->len, 0);
}

static void totals_are_sums(void **state)
{
    (void)state;
    g_autoptr(SuppressionTable) t = suppression_new(three, NULL, 3, 3);
    assert_int_equal(t->count[suppression_at(t, 0, 3)], 23);
    assert_int_equal(t->count[suppression_at(t, 3, 1)], 15);
    assert_int_equal(t->count[suppression_at(t, 3, 3)], 79);
}

/* SciPy's HiGHS and enumeration give the same bounds. */
static void bounds(void **state)
{
    (void)state;
    static const bool ring[9] = {[1] = true, [2] = true, [7] = true, [8] = true};
    static const SuppressionInterval want[] = {
        {0, 1, 0, 8}, {0, 2, 3, 11}, {2, 1, 0, 8}, {2, 2, 12, 20}};
    g_autoptr(SuppressionTable) t = suppression_new(three, ring, 3, 3);
    g_autoptr(GArray) got = suppression_intervals(t);
    assert_int_equal(got->len, 4);
    for (guint i = 0; i < 4; i++) {
        SuppressionInterval s = g_array_index(got, SuppressionInterval, i);
        assert_int_equal(s.row, want[i].row);
        assert_int_equal(s.column, want[i].column);
        assert_int_equal(s.low, want[i].low);
        assert_int_equal(s.high, want[i].high);
    }
}

/* A figure whose totals are all hidden may be as large as it likes. */
static void no_bound(void **state)
{
    (void)state;
    static const uint32_t one[1] = {4};
    static const bool hidden[1] = {true};
    g_autoptr(SuppressionTable) t = suppression_new(one, hidden, 1, 1);
    for (size_t f = 0; f < 4; f++)
        t->hidden[f] = true;
    g_autoptr(GArray) got = suppression_intervals(t);
    for (guint i = 0; i < got->len; i++) {
        assert_true(g_array_index(got, SuppressionInterval, i).low == 0);
        assert_true(g_array_index(got, SuppressionInterval, i).high == UINT64_MAX);
    }
}

/* Every filling of the hidden cells of a small table that fits its totals, by trying all. */
static void enumerate(const SuppressionTable *t, const uint32_t *cell, size_t n, size_t at,
                      uint64_t *value, uint64_t *low, uint64_t *high)
{
    if (at == n) {
        for (size_t r = 0; r < t->rows; r++) {
            uint64_t sum = 0;
            for (size_t c = 0; c < t->columns; c++)
                sum += value[suppression_at(t, r, c)];
            if (sum != t->count[suppression_at(t, r, t->columns)])
                return;
        }
        for (size_t c = 0; c < t->columns; c++) {
            uint64_t sum = 0;
            for (size_t r = 0; r < t->rows; r++)
                sum += value[suppression_at(t, r, c)];
            if (sum != t->count[suppression_at(t, t->rows, c)])
                return;
        }
        for (size_t i = 0; i < n; i++) {
            low[i] = MIN(low[i], value[cell[i]]);
            high[i] = MAX(high[i], value[cell[i]]);
        }
        return;
    }
    uint64_t most = t->count[suppression_at(t, cell[at] / (t->columns + 1), t->columns)];
    for (value[cell[at]] = 0; value[cell[at]] <= most; value[cell[at]]++)
        enumerate(t, cell, n, at + 1, value, low, high);
}

static void bounds_are_those_of_all_fillings(void **state)
{
    (void)state;
    GRand *rand = g_rand_new_with_seed(2024);
    for (int round = 0; round < 300; round++) {
        uint32_t count[9], cell[9];
        bool hidden[9];
        size_t n = 0;
        for (size_t i = 0; i < 9; i++) {
            count[i] = (uint32_t)g_rand_int_range(rand, 0, 4);
            hidden[i] = n < 6 && g_rand_int_range(rand, 0, 3) > 0;
            n += hidden[i];
        }
        g_autoptr(SuppressionTable) t = suppression_new(count, hidden, 3, 3);
        g_autoptr(GArray) got = suppression_intervals(t);
        uint64_t value[16], low[9], high[9] = {0};
        memcpy(value, t->count, sizeof value);
        memset(low, 0xFF, sizeof low);
        n = 0;
        for (uint32_t f = 0; f < 16; f++)
            if (t->hidden[f])
                cell[n++] = f;
        enumerate(t, cell, n, 0, value, low, high);
        assert_int_equal(got->len, n);
        for (guint i = 0; i < n; i++) {
            assert_int_equal(g_array_index(got, SuppressionInterval, i).low, low[i]);
            assert_int_equal(g_array_index(got, SuppressionInterval, i).high, high[i]);
        }
    }
    g_rand_free(rand);
}

/* Which hidden figures the sums determine, by linear algebra: those on which every vector of the
 * null space is zero. */
static void determined_by_sums(const SuppressionTable *t, bool *determined)
{
    size_t unknowns = 0, lines = t->rows + t->columns + 2;
    uint32_t where[64];
    for (uint32_t f = 0; f < (t->rows + 1) * (t->columns + 1); f++)
        if (t->hidden[f])
            where[unknowns++] = f;
    for (size_t u = 0; u < unknowns; u++)
        determined[u] = true;
    if (unknowns == 0)
        return;

    size_t m = MAX(lines, unknowns);
    gsl_matrix *a = gsl_matrix_calloc(m, unknowns), *v = gsl_matrix_alloc(unknowns, unknowns);
    gsl_vector *s = gsl_vector_alloc(unknowns), *work = gsl_vector_alloc(unknowns);
    for (size_t u = 0; u < unknowns; u++) {
        size_t row = where[u] / (t->columns + 1), column = where[u] % (t->columns + 1);
        gsl_matrix_set(a, row, u, column == t->columns ? -1 : 1);
        gsl_matrix_set(a, t->rows + 1 + column, u, row == t->rows ? -1 : 1);
    }
    gsl_linalg_SV_decomp(a, v, s, work);
    for (size_t k = 0; k < unknowns; k++)
        for (size_t u = 0; u < unknowns; u++)
            if (gsl_vector_get(s, k) < 1e-9 && fabs(gsl_matrix_get(v, u, k)) > 1e-9)
                determined[u] = false;
    gsl_matrix_free(a);
    gsl_matrix_free(v);
    gsl_vector_free(s);
    gsl_vector_free(work);
}

static SuppressionTable *random_table(GRand *rand, double share_hidden)
{
    uint32_t count[49];
    bool hidden[49];
    size_t rows = (size_t)g_rand_int_range(rand, 1, 8),
           columns = (size_t)g_rand_int_range(rand, 1, 8);
    for (size_t i = 0; i < rows * columns; i++) {
        double u = g_rand_double(rand);
        count[i] = (uint32_t)(u * u * 30);
        hidden[i] = g_rand_double(rand) < share_hidden;
    }
    SuppressionTable *t = suppression_new(count, hidden, rows, columns);
    for (size_t f = 0; f < (rows + 1) * (columns + 1); f++) /* a total now and then */
        t->hidden[f] = t->hidden[f] || g_rand_double(rand) < share_hidden / 8;
    return t;
}

static void recoverable_is_what_algebra_says(void **state)
{
    (void)state;
    GRand *rand = g_rand_new_with_seed(31337);
    gsl_set_error_handler_off();
    for (int round = 0; round < 2000; round++) {
        g_autoptr(SuppressionTable) t = random_table(rand, (round % 9 + 1) / 10.0);
        g_autoptr(GArray) cells = suppression_recoverable(t);
        bool determined[64];
        determined_by_sums(t, determined);
        guint at = 0, unknown = 0;
        for (uint32_t r = 0; r <= t->rows; r++)
            for (uint32_t c = 0; c <= t->columns; c++) {
                if (!t->hidden[suppression_at(t, r, c)])
                    continue;
                SuppressionCell next = at < cells->len ? g_array_index(cells, SuppressionCell, at)
                                                       : (SuppressionCell){99, 99};
                bool told = next.row == r && next.column == c;
                assert_int_equal(told, determined[unknown++]);
                at += told;
            }
        assert_int_equal(at, cells->len);
    }
    g_rand_free(rand);
}

static size_t count_hidden(const SuppressionTable *t)
{
    size_t n = 0;
    for (size_t f = 0; f < (t->rows + 1) * (t->columns + 1); f++)
        n += t->hidden[f];
    return n;
}

static void three_more_are_enough(void **state)
{
    (void)state;
    bool hidden[9];
    disclosure_primary(three, 9, 3, hidden);
    g_autoptr(SuppressionTable) t = suppression_new(three, hidden, 3, 3);
    assert_int_equal(suppression_protect(t), 3);
    assert_int_equal(count_hidden(t), 4);
    assert_true(t->hidden[suppression_at(t, 0, 1)]);
    uint64_t people = 0;
    for (size_t f = 0; f < 16; f++)
        people += t->hidden[f] ? t->count[f] : 0;
    assert_int_equal(people, 2 + 27); /* two of the four rectangles have the fewest, 27 */
    assert_int_equal(suppression_protect(t), 0);
}

/* Primary cells of random tables: after protection nothing follows, nothing was shown again, no
 * zero was taken where anything else would do, and leaving out any added figure would tell
 * something. */
static void protected_tables_hold(void **state)
{
    (void)state;
    GRand *rand = g_rand_new_with_seed(1789);
    for (int round = 0; round < 1500; round++) {
        g_autoptr(SuppressionTable) t = random_table(rand, 0);
        size_t n = (t->rows + 1) * (t->columns + 1);
        g_autofree bool *first = g_new0(bool, n);
        for (size_t r = 0; r < t->rows; r++)
            for (size_t c = 0; c < t->columns; c++) {
                size_t f = suppression_at(t, r, c);
                first[f] = t->hidden[f] = t->count[f] > 0 && t->count[f] < 3;
            }
        size_t before = count_hidden(t), added = suppression_protect(t);
        assert_int_equal(count_hidden(t), before + added);
        g_autoptr(GArray) told = suppression_recoverable(t);
        assert_int_equal(told->len, 0);

        g_autoptr(GArray) bounds_now = suppression_intervals(t);
        for (guint i = 0; i < bounds_now->len; i++) /* nor does «not below 0» tell any exactly */
            assert_true(g_array_index(bounds_now, SuppressionInterval, i).high >
                        g_array_index(bounds_now, SuppressionInterval, i).low);
        for (size_t f = 0; f < n; f++) {
            bool figure = f / (t->columns + 1) < t->rows && f % (t->columns + 1) < t->columns;
            assert_true(t->hidden[f] || !first[f]);
            assert_false(t->hidden[f] && figure && t->count[f] == 0);
            if (!t->hidden[f] || first[f])
                continue;
            t->hidden[f] = false;
            g_autoptr(GArray) without = suppression_recoverable(t);
            assert_true(without->len > 0);
            t->hidden[f] = true;
        }
    }
    g_rand_free(rand);
}

/* Any hiding at all, zeros and totals among it, can be made safe. */
static void anything_can_be_protected(void **state)
{
    (void)state;
    GRand *rand = g_rand_new_with_seed(404);
    for (int round = 0; round < 1500; round++) {
        g_autoptr(SuppressionTable) t = random_table(rand, (round % 9 + 1) / 10.0);
        suppression_protect(t);
        g_autoptr(GArray) told = suppression_recoverable(t);
        assert_int_equal(told->len, 0);
    }
    g_rand_free(rand);
}

static void empty_tables(void **state)
{
    (void)state;
    static const uint32_t zeros[4] = {0};
    g_autoptr(SuppressionTable) none = suppression_new(NULL, NULL, 0, 0);
    g_autoptr(SuppressionTable) nobody = suppression_new(zeros, NULL, 2, 2);
    assert_int_equal(suppression_protect(none) + suppression_protect(nobody), 0);
    g_autoptr(GArray) a = suppression_recoverable(none), b = suppression_intervals(nobody);
    assert_int_equal(a->len + b->len, 0);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(bridges),
        cmocka_unit_test(totals_are_sums),
        cmocka_unit_test(bounds),
        cmocka_unit_test(no_bound),
        cmocka_unit_test(bounds_are_those_of_all_fillings),
        cmocka_unit_test(recoverable_is_what_algebra_says),
        cmocka_unit_test(three_more_are_enough),
        cmocka_unit_test(protected_tables_hold),
        cmocka_unit_test(anything_can_be_protected),
        cmocka_unit_test(empty_tables),
    };
    return cmocka_run_group_tests_name("suppression", tests, NULL, NULL);
}
