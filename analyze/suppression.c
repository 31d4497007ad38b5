#include "analyze/suppression.h"

#include <stdlib.h>

static const uint32_t NONE = UINT32_MAX;

/* The graph of the hidden figures. Rows are nodes 0 … rows, columns the nodes after them. */
typedef struct {
    size_t n_nodes, n_edges;
    uint32_t *edge;  /* per edge: its place in the table, row by row */
    uint32_t *start; /* per node: where its edges begin in `touch` */
    uint32_t *touch; /* edges by node */
} Graph;

SuppressionTable *suppression_new(const uint32_t *count, const bool *hidden, size_t rows,
                                  size_t columns)
{
    SuppressionTable *t = g_new(SuppressionTable, 1);
    *t = (SuppressionTable){rows, columns, g_new0(uint64_t, (rows + 1) * (columns + 1)),
                            g_new0(bool, (rows + 1) * (columns + 1))};

    for (size_t r = 0; r < rows; r++)
        for (size_t c = 0; c < columns; c++) {
            uint64_t n = count[r * columns + c];
            t->count[suppression_at(t, r, c)] = n;
            t->count[suppression_at(t, r, columns)] += n;
            t->count[suppression_at(t, rows, c)] += n;
            t->count[suppression_at(t, rows, columns)] += n;
            t->hidden[suppression_at(t, r, c)] = hidden && hidden[r * columns + c];
        }
    return t;
}

void suppression_free(SuppressionTable *t)
{
    if (!t)
        return;
    g_free(t->count);
    g_free(t->hidden);
    g_free(t);
}

static size_t figures(const SuppressionTable *t)
{
    return (t->rows + 1) * (t->columns + 1);
}

static uint32_t row_of(const SuppressionTable *t, size_t figure)
{
    return (uint32_t)(figure / (t->columns + 1));
}

static uint32_t column_of(const SuppressionTable *t, size_t figure)
{
    return (uint32_t)(figure % (t->columns + 1));
}

/* The other end of a figure's edge, seen from one of its ends. */
static uint32_t other_end(const SuppressionTable *t, size_t figure, uint32_t node)
{
    uint32_t row = row_of(t, figure);
    return node == row ? (uint32_t)t->rows + 1 + column_of(t, figure) : row;
}

static Graph graph_of(const SuppressionTable *t)
{
    Graph g = {t->rows + t->columns + 2, 0, g_new(uint32_t, figures(t)), NULL, NULL};

    g.start = g_new0(uint32_t, g.n_nodes + 2);
    for (size_t f = 0; f < figures(t); f++) {
        if (!t->hidden[f])
            continue;
        g.edge[g.n_edges++] = (uint32_t)f;
        g.start[row_of(t, f) + 2]++;
        g.start[other_end(t, f, row_of(t, f)) + 2]++;
    }
    for (size_t node = 2; node < g.n_nodes + 2; node++)
        g.start[node] += g.start[node - 1];
    g.touch = g_new(uint32_t, 2 * g.n_edges);
    for (uint32_t e = 0; e < g.n_edges;
         e++) { /* start[node + 1] walks on to the next node's start */
        uint32_t row = row_of(t, g.edge[e]);
        g.touch[g.start[row + 1]++] = e;
        g.touch[g.start[other_end(t, g.edge[e], row) + 1]++] = e;
    }
    return g;
}

static void graph_clear(Graph *g)
{
    g_free(g->edge);
    g_free(g->start);
    g_free(g->touch);
}

/* Depth-first search for bridges, without recursion. */
typedef struct {
    uint32_t *order,
        *low;       /* per node: when it was met (0: not yet), earliest node reached from it */
    uint32_t *by;   /* per node: the edge it was met by */
    uint32_t *next; /* per node: the next of its edges to look at */
    uint32_t *path;
} Search;

/* Goes through everything connected to `root`; bridge[e] is set for the bridges among the edges. */
static void find_bridges_from(const SuppressionTable *t, const Graph *g, Search *s, uint32_t root,
                              uint32_t *met, bool *bridge)
{
    size_t depth = 0;

    s->path[depth++] = root;
    s->by[root] = NONE;
    s->order[root] = s->low[root] = ++*met;
    while (depth > 0) {
        uint32_t node = s->path[depth - 1];
        if (s->next[node] < g->start[node + 1]) {
            uint32_t e = g->touch[s->next[node]++];
            uint32_t to = other_end(t, g->edge[e], node);
            if (e == s->by[node])
                continue;
            if (s->order[to] == 0) {
                s->by[to] = e;
                s->order[to] = s->low[to] = ++*met;
                s->path[depth++] = to;
            } else {
                s->low[node] = MIN(s->low[node], s->order[to]);
            }
        } else if (--depth > 0) {
            uint32_t from = s->path[depth - 1];
            s->low[from] = MIN(s->low[from], s->low[node]);
            bridge[s->by[node]] = s->low[node] > s->order[from];
        }
    }
}

/* Which edges are bridges; returns how many. */
static size_t find_bridges(const SuppressionTable *t, const Graph *g, bool *bridge)
{
    g_autofree uint32_t *memory = g_new0(uint32_t, 5 * g->n_nodes);
    Search s = {memory, memory + g->n_nodes, memory + 2 * g->n_nodes, memory + 3 * g->n_nodes,
                memory + 4 * g->n_nodes};
    uint32_t met = 0;
    size_t n = 0;

    for (size_t e = 0; e < g->n_edges; e++)
        bridge[e] = false;
    for (uint32_t node = 0; node < g->n_nodes; node++)
        s.next[node] = g->start[node];
    for (uint32_t node = 0; node < g->n_nodes; node++)
        if (s.order[node] == 0)
            find_bridges_from(t, g, &s, node, &met, bridge);
    for (size_t e = 0; e < g->n_edges; e++)
        n += bridge[e];
    return n;
}

GArray *suppression_recoverable(const SuppressionTable *t)
{
    GArray *cells = g_array_new(FALSE, FALSE, sizeof(SuppressionCell));
    Graph g = graph_of(t);
    g_autofree bool *bridge = g_new(bool, g.n_edges);

    find_bridges(t, &g, bridge);
    for (size_t e = 0; e < g.n_edges; e++) {
        SuppressionCell cell = {row_of(t, g.edge[e]), column_of(t, g.edge[e])};
        if (bridge[e])
            g_array_append_val(cells, cell);
    }
    graph_clear(&g);
    return cells;
}

/* The first hidden figure that follows from the shown ones, or figures(t). */
static size_t first_bridge(const SuppressionTable *t)
{
    g_autoptr(GArray) cells = suppression_recoverable(t);
    if (cells->len == 0)
        return figures(t);
    SuppressionCell cell = g_array_index(cells, SuppressionCell, 0);
    return suppression_at(t, cell.row, cell.column);
}

static bool is_total(const SuppressionTable *t, size_t figure)
{
    return row_of(t, figure) == t->rows || column_of(t, figure) == t->columns;
}

/* What hiding more figures costs: zeros weigh most, since they narrow what they hide, then totals,
 * then how many figures, then the people in them. */
typedef struct {
    uint32_t zeros, totals, figures;
    uint64_t people;
} Cost;

static const Cost NOTHING = {0, 0, 0, 0}, NEVER = {UINT32_MAX, 0, 0, 0};

static bool cheaper(Cost a, Cost b)
{
    if (a.zeros != b.zeros)
        return a.zeros < b.zeros;
    if (a.totals != b.totals)
        return a.totals < b.totals;
    return a.figures != b.figures ? a.figures < b.figures : a.people < b.people;
}

static Cost cost_after(const SuppressionTable *t, Cost so_far, size_t figure)
{
    if (t->hidden[figure])
        return so_far;
    bool total = is_total(t, figure), zero = !total && t->count[figure] == 0;
    return (Cost){so_far.zeros + zero, so_far.totals + total, so_far.figures + 1,
                  so_far.people + t->count[figure]};
}

/* The figure whose edge joins two nodes; figures(t) when they are both rows or both columns. */
static size_t figure_between(const SuppressionTable *t, uint32_t a, uint32_t b)
{
    uint32_t low = MIN(a, b), high = MAX(a, b);
    bool apart = low <= t->rows && high > t->rows;
    return apart ? suppression_at(t, low, high - t->rows - 1) : figures(t);
}

/* Hides the cheapest way round a bridge (Dijkstra 1959): what closes a ring through it. Adds the
 * figures to `added`. */
static void close_ring(SuppressionTable *t, size_t bridge, GArray *added)
{
    uint32_t n = (uint32_t)(t->rows + t->columns + 2), from = row_of(t, bridge);
    uint32_t to = other_end(t, bridge, from), node = from;
    g_autofree Cost *cost = g_new(Cost, n);
    g_autofree uint32_t *came = g_new0(uint32_t, n);
    g_autofree bool *done = g_new0(bool, n);

    for (uint32_t i = 0; i < n; i++)
        cost[i] = NEVER;
    cost[from] = NOTHING;
    while (node != to) {
        done[node] = true;
        for (uint32_t next = 0; next < n; next++) {
            size_t figure = figure_between(t, node, next);
            if (done[next] || figure == figures(t) || figure == bridge)
                continue;
            Cost c = cost_after(t, cost[node], figure);
            if (cheaper(c, cost[next])) {
                cost[next] = c;
                came[next] = node;
            }
        }
        node = to;
        for (uint32_t i = 0; i < n; i++)
            if (!done[i] && cheaper(cost[i], cost[node]))
                node = i;
    }
    for (; node != from; node = came[node]) {
        size_t figure = figure_between(t, node, came[node]);
        if (!t->hidden[figure])
            g_array_append_val(added, figure);
        t->hidden[figure] = true;
    }
}

static int dearest_first(gconstpointer a, gconstpointer b, gpointer table)
{
    size_t x = *(const size_t *)a, y = *(const size_t *)b;
    const SuppressionTable *t = table;
    Cost cx = cost_after(t, NOTHING, x), cy = cost_after(t, NOTHING, y);

    if (cheaper(cx, cy) || cheaper(cy, cx))
        return cheaper(cy, cx) ? -1 : 1;
    return x > y ? -1 : x < y;
}

size_t suppression_protect(SuppressionTable *t)
{
    g_autoptr(GArray) added = g_array_new(FALSE, FALSE, sizeof(size_t));
    size_t kept = 0;

    if (t->rows == 0 || t->columns == 0)
        return 0;
    for (size_t b = first_bridge(t); b < figures(t); b = first_bridge(t))
        close_ring(t, b, added);
    g_array_sort_with_data(added, dearest_first, t);
    for (guint i = 0; i < added->len; i++) {
        size_t figure = g_array_index(added, size_t, i);
        t->hidden[figure] = false;
        if (first_bridge(t) < figures(t)) {
            t->hidden[figure] = true;
            kept++;
        }
    }
    return kept;
}

/* Counts as a flow that goes round: rows → columns through the figures, columns → the row of column
 * totals → the grand total → the column of row totals → rows through the totals. Whether a figure's
 * flow runs from its row to its column. */
static bool runs_to_column(const SuppressionTable *t, size_t figure)
{
    return (row_of(t, figure) == t->rows) == (column_of(t, figure) == t->columns);
}

/* One shortest path from `from` to `to` that does not use edge `without`, in the graph of possible
 * changes: with the flow always, against it while there is some. came[node] is the edge it was
 * reached by. */
static bool find_path(const SuppressionTable *t, const Graph *g, const uint64_t *flow,
                      uint32_t from, uint32_t to, uint32_t without, uint32_t *came, uint32_t *queue)
{
    size_t head = 0, tail = 0;

    for (size_t node = 0; node < g->n_nodes; node++)
        came[node] = NONE;
    queue[tail++] = from;
    while (head < tail && (to == from || came[to] == NONE)) {
        uint32_t node = queue[head++];
        for (uint32_t i = g->start[node]; i < g->start[node + 1]; i++) {
            uint32_t e = g->touch[i], next = other_end(t, g->edge[e], node);
            bool with = (node == row_of(t, g->edge[e])) == runs_to_column(t, g->edge[e]);
            if (e == without || next == from || came[next] != NONE || (!with && flow[e] == 0))
                continue;
            came[next] = e;
            queue[tail++] = next;
        }
    }
    return came[to] != NONE;
}

/* The narrowest place of a path, UINT64_MAX when every edge may grow. */
static uint64_t width_of(const SuppressionTable *t, const Graph *g, const uint64_t *flow,
                         uint32_t from, uint32_t to, const uint32_t *came)
{
    uint64_t width = UINT64_MAX;
    for (uint32_t node = to; node != from;) {
        uint32_t e = came[node], before = other_end(t, g->edge[e], node);
        bool with = (before == row_of(t, g->edge[e])) == runs_to_column(t, g->edge[e]);
        if (!with)
            width = MIN(width, flow[e]);
        node = before;
    }
    return width;
}

static void push(const SuppressionTable *t, const Graph *g, uint64_t *flow, uint32_t from,
                 uint32_t to, const uint32_t *came, uint64_t amount)
{
    for (uint32_t node = to; node != from;) {
        uint32_t e = came[node], before = other_end(t, g->edge[e], node);
        bool with = (before == row_of(t, g->edge[e])) == runs_to_column(t, g->edge[e]);
        flow[e] = with ? flow[e] + amount : flow[e] - amount;
        node = before;
    }
}

/* How much can be moved from `from` to `to` past edge `without`, at most `limit`. */
static uint64_t move_most(const SuppressionTable *t, const Graph *g, uint32_t from, uint32_t to,
                          uint32_t without, uint64_t limit)
{
    g_autofree uint64_t *flow = g_new(uint64_t, g->n_edges);
    g_autofree uint32_t *came = g_new(uint32_t, g->n_nodes), *queue = g_new(uint32_t, g->n_nodes);
    uint64_t moved = 0;

    for (size_t e = 0; e < g->n_edges; e++)
        flow[e] = t->count[g->edge[e]];
    while (moved < limit && find_path(t, g, flow, from, to, without, came, queue)) {
        uint64_t width = width_of(t, g, flow, from, to, came);
        if (width == UINT64_MAX && limit == UINT64_MAX)
            return UINT64_MAX;
        width = MIN(width, limit - moved);
        push(t, g, flow, from, to, came, width);
        moved += width;
    }
    return moved;
}

GArray *suppression_intervals(const SuppressionTable *t)
{
    GArray *intervals = g_array_new(FALSE, FALSE, sizeof(SuppressionInterval));
    Graph g = graph_of(t);

    for (uint32_t e = 0; e < g.n_edges; e++) {
        uint32_t row = row_of(t, g.edge[e]), column = other_end(t, g.edge[e], row);
        bool forward = runs_to_column(t, g.edge[e]);
        uint32_t tail = forward ? row : column, head = forward ? column : row;
        uint64_t count = t->count[g.edge[e]];
        uint64_t less = move_most(t, &g, tail, head, e, count);
        uint64_t more = move_most(t, &g, head, tail, e, UINT64_MAX);
        SuppressionInterval interval = {row, column_of(t, g.edge[e]), count - less,
                                        more == UINT64_MAX ? more : count + more};
        g_array_append_val(intervals, interval);
    }
    graph_clear(&g);
    return intervals;
}
