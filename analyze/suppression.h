/* Two-way tables of counts that are shared with their totals (methods.md 3.19, 4.15). What a reader
 * can work out is a graph: rows, columns, the column of row totals and the row of column totals are
 * nodes, every hidden figure joins its row to its column, and
 *
 *     a hidden figure follows from the shown ones if and only if its edge is a bridge
 *
 * (Cox 1980; bridges in linear time, Tarjan 1974). That counts cannot be negative can tell more:
 * suppression_intervals. Pure functions on the caller's table, safe from any thread. */
#ifndef INNSIKT_ANALYZE_SUPPRESSION_H
#define INNSIKT_ANALYZE_SUPPRESSION_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

/* A table with its totals. Row `rows` holds the column totals, column `columns` the row totals. */
typedef struct {
    size_t rows, columns;
    uint64_t *count; /* (rows + 1) × (columns + 1), row by row */
    bool *hidden;    /* same shape */
} SuppressionTable;

/* The table of rows × columns counts, totals added, with the figures of `hidden` (same shape, NULL
 * for none) hidden and all totals shown. */
SuppressionTable *suppression_new(const uint32_t *count, const bool *hidden, size_t rows,
                                  size_t columns);
void suppression_free(SuppressionTable *t); /* accepts NULL */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SuppressionTable, suppression_free)

static inline size_t suppression_at(const SuppressionTable *t, size_t row, size_t column)
{
    return row * (t->columns + 1) + column;
}

typedef struct {
    uint32_t row, column;
} SuppressionCell;

/* The hidden figures that follow exactly from the shown ones, row by row: SuppressionCell, freed
 * with g_array_unref (sdc.recoverable). */
GArray *suppression_recoverable(const SuppressionTable *t);

/* Hides further figures until none follows from the others (sdc.secondary): for each that does, the
 * fewest others that close a ring through it, of those the ones with fewest people; totals only
 * where figures cannot, zeros (they narrow what they hide) only where totals cannot. Then shows
 * again what turned out not to be needed, dearest first. What was hidden stays hidden. Returns how
 * many were added. Afterwards suppression_recoverable finds nothing. */
size_t suppression_protect(SuppressionTable *t);

typedef struct {
    uint32_t row, column;
    uint64_t low, high; /* the smallest and largest count that fits what is shown */
} SuppressionInterval;

/* What a reader can narrow each hidden figure down to, row by row: SuppressionInterval, freed with
 * g_array_unref (sdc.intervals). high is UINT64_MAX when nothing shown bounds it. By augmenting
 * paths (Edmonds & Karp 1972), two flows a hidden figure; warn when high − low is below the
 * smallest group. */
GArray *suppression_intervals(const SuppressionTable *t);

#endif
