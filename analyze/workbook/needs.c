/* Behov: where citizens and health personnel, or whichever groups the framework has, need the
 * same. Shared needs stand first and bold; then who they are by segment, and how alike the groups
 * are as a whole. */
#include "analyze/compare.h"
#include "analyze/needmap.h"
#include "analyze/undefined.h"
#include "analyze/workbook/sheets.h"

enum { COL_NEED, COL_KIND, COL_FIRST_GROUP };
static const double WIDTH_NEED = 58, WIDTH_KIND = 21, WIDTH_GROUP = 21;

/* After the groups; the first five only where two groups are compared. */
enum { AFTER_OVERLAP, AFTER_DIFFERENCE, AFTER_LOW, AFTER_HIGH, AFTER_CLASS, N_AFTER };
static const ColumnHead after_heads[N_AFTER] = {
    [AFTER_OVERLAP] = {"column.overlap", 11, true},
    [AFTER_DIFFERENCE] = {"column.difference", 12, true},
    [AFTER_LOW] = {"column.difference-low", 12, true},
    [AFTER_HIGH] = {"column.difference-high", 12, true},
    [AFTER_CLASS] = {"column.need-class", 21, false},
};

bool needs_has_data(const Page *page)
{
    return results_needs(page->results) != NULL;
}

/* --- words --- */

static const char *group_name(const Page *page, int group)
{
    return page_term(page, TERM_NEED_GROUP, group);
}

/* A group's name inside a sentence: names of groups are common nouns. Caller owns. */
static char *lower_first(const char *text)
{
    g_autofree char *first = g_utf8_substring(text, 0, *text ? 1 : 0);
    g_autofree char *lower = g_utf8_strdown(first, -1);
    return g_strconcat(lower, *text ? g_utf8_next_char(text) : "", NULL);
}

static const char *name_of(const Page *page, const NeedRow *row)
{
    return row->mention->term == NO_TERM ? row->mention->text
                                         : page_term(page, TERM_NEED, row->mention->term);
}

static const char *class_words(const Page *page, const NeedMap *map, const NeedRow *row)
{
    switch (row->pair.cls) {
    case NEED_SHARED:
        return W("needs.shared");
    case NEED_FIRST:
        return group_name(page, map->first);
    case NEED_SECOND:
        return group_name(page, map->second);
    case NEED_WEAK:
        return W("needs.weak");
    case NEED_UNCLASSED:
        break;
    }
    return W("verdict.insufficient");
}

static char *pair_key(const Page *page, const NeedMap *map, const char *path)
{
    const Term *groups = page->framework->list[TERM_NEED_GROUP].v;
    return g_strdup_printf("%s/pair=%s+%s", path, groups[map->first].id, groups[map->second].id);
}

/* --- the table of needs --- */

/* The groups with data, in declared order: which column of the table each has. */
static int *group_columns(const NeedMap *map, int *ret_after)
{
    int *column = g_new(int, map->n_groups + 1);
    int next = COL_FIRST_GROUP;
    for (size_t g = 0; g < map->n_groups; g++)
        column[g] = map->sources[g] ? next++ : -1;
    *ret_after = next;
    return column;
}

static void write_header(Page *page, Sheet *sheet, int row, const NeedMap *map, const int *column,
                         int after)
{
    g_autoptr(GHashTable) taken = page_headers_new();
    const bool compared = map->second != NO_TERM;
    const ColumnHead first[] = {{"column.need", WIDTH_NEED, false},
                                {"column.need-kind", WIDTH_KIND, false}};
    page_columns(page, sheet, row, first, G_N_ELEMENTS(first));
    for (size_t g = 0; g < map->n_groups; g++) {
        if (column[g] < 0)
            continue;
        g_autofree char *n = language_number(page->language, (double)map->sources[g], 0);
        g_autofree char *share = words_fill(page->language, "needs.share-of", "group",
                                            group_name(page, (int)g), "n", n, NULL);
        g_autofree char *head =
            page_header(taken, share, page->framework->list[TERM_NEED_GROUP].v[g].id);
        sheet_column(sheet, column[g], WIDTH_GROUP);
        cell_text(sheet, row, column[g], &LOOK_HEADER_NUMBER, head);
    }
    for (int c = 0; compared && c < N_AFTER; c++, after++) {
        sheet_column(sheet, after, after_heads[c].width);
        Style style = after_heads[c].number ? LOOK_HEADER_NUMBER : LOOK_HEADER;
        style.h = c == AFTER_CLASS ? H_CENTRE : style.h;
        cell_text(sheet, row, after, &style, W(after_heads[c].label));
    }
    sheet_column(sheet, after, 14);
    cell_text(sheet, row, after, &LOOK_HEADER_NUMBER, W("column.people"));
    sheet_column(sheet, after + 1, 15);
    cell_text(sheet, row, after + 1, &LOOK_HEADER_NUMBER, W("column.organisations"));
}

static void write_pair(Page *page, Sheet *sheet, int row, int after, const NeedMap *map,
                       const NeedRow *need)
{
    g_autofree char *key = pair_key(page, map, need->key);
    const bool shared = need->pair.cls == NEED_SHARED;
    page_figure(page, sheet, row, after + AFTER_OVERLAP,
                shared ? &LOOK_PERCENT_BOLD : &LOOK_PERCENT, key, "overlap");
    page_figure(page, sheet, row, after + AFTER_DIFFERENCE, &LOOK_SIGNED_PERCENT, key,
                "difference");
    page_figure(page, sheet, row, after + AFTER_LOW, &LOOK_SIGNED_PERCENT, key, "difference-low");
    page_figure(page, sheet, row, after + AFTER_HIGH, &LOOK_SIGNED_PERCENT, key, "difference-high");
    Style style = shared ? LOOK_TEXT_BOLD : LOOK_TEXT;
    style.h = H_CENTRE;
    cell_text(sheet, row, after + AFTER_CLASS, &style, class_words(page, map, need));
    page_origin(page, sheet, row, after + AFTER_CLASS, key, "class");
}

static void write_need(Page *page, Sheet *sheet, int row, const NeedMap *map, const int *column,
                       int after, const NeedRow *need)
{
    const bool shared = need->pair.cls == NEED_SHARED;
    g_autofree char *kind = need->kind == NO_TERM
                                ? NULL
                                : g_strconcat("need.", need_kind_word((NeedKind)need->kind), NULL);
    cell_text(sheet, row, COL_NEED, shared ? &LOOK_TEXT_BOLD : &LOOK_TEXT, name_of(page, need));
    cell_text(sheet, row, COL_KIND, &LOOK_TEXT, kind ? W(kind) : "–");
    for (size_t g = 0; g < map->n_groups; g++) {
        if (column[g] < 0)
            continue;
        g_autofree char *key = g_strdup_printf("%s/group=%s", need->key,
                                               page->framework->list[TERM_NEED_GROUP].v[g].id);
        page_figure(page, sheet, row, column[g], shared ? &LOOK_PERCENT_BOLD : &LOOK_PERCENT, key,
                    "share");
    }
    if (map->second != NO_TERM) {
        write_pair(page, sheet, row, after, map, need);
        after += N_AFTER;
    }
    page_count(page, sheet, row, after, need->key, "people");
    page_figure(page, sheet, row, after + 1, &LOOK_INT, need->key, "organisations");
}

static int write_needs(Page *page, Sheet *sheet, int row, const NeedMap *map)
{
    int after;
    g_autofree int *column = group_columns(map, &after);
    const int header = row, columns = after + (map->second == NO_TERM ? 0 : N_AFTER) + 2;
    write_header(page, sheet, row++, map, column, after);
    for (guint i = 0; i < map->rows->len; i++)
        write_need(page, sheet, row++, map, column, after, &g_array_index(map->rows, NeedRow, i));
    for (size_t g = 0; g < map->n_groups; g++)
        if (column[g] >= 0)
            sheet_bar(sheet, header + 1, row - 1, column[g],
                      (column[g] - COL_FIRST_GROUP) % 2 ? BAR_SECOND : BAR);
    sheet_table(sheet, "Behov", header, 0, columns, row - header - 1, true);
    return row;
}

/* --- how alike, and by segment --- */

static int write_likeness(Page *page, Sheet *sheet, int row, const NeedMap *map)
{
    static const char *const lines[][2] = {{"needs.all-kinds", "ruzicka"},
                                           {"need.practical", "ruzicka-practical"},
                                           {"need.underlying", "ruzicka-underlying"}};
    g_autofree char *key = pair_key(page, map, "need-overlap");
    row = page_heading(page, sheet, row, "needs.likeness");
    const int header = row;
    cell_text(sheet, row, 0, &LOOK_HEADER, W("column.need-kind"));
    cell_text(sheet, row++, 1, &LOOK_HEADER_NUMBER, W("column.likeness"));
    for (size_t i = 0; i < G_N_ELEMENTS(lines); i++, row++) {
        cell_text(sheet, row, 0, &LOOK_TEXT, W(lines[i][0]));
        page_figure(page, sheet, row, 1, &LOOK_D2, key, lines[i][1]);
    }
    sheet_table(sheet, "BehovLikhet", header, 0, 2, (int)G_N_ELEMENTS(lines), false);
    return row + 1;
}

static void write_segments(Page *page, Sheet *sheet, int row, const NeedMap *map)
{
    g_autoptr(GHashTable) taken = page_headers_new();
    int columns = 1;
    row = page_heading(page, sheet, row, "needs.segments");
    const int header = row;
    cell_text(sheet, row, 0, &LOOK_HEADER, W("column.need"));
    for (size_t s = 0; s < map->n_segments; s++) {
        if (!map->in_segment[s])
            continue;
        const Term *segment = &page->framework->list[TERM_SEGMENT].v[s];
        g_autofree char *n = language_number(page->language, (double)map->in_segment[s], 0);
        g_autofree char *of = words_fill(page->language, "needs.share-of", "group",
                                         term_label(segment, page->language), "n", n, NULL);
        g_autofree char *head = page_header(taken, of, segment->id);
        cell_text(sheet, row, columns, &LOOK_HEADER_NUMBER, head);
        for (guint i = 0; i < map->rows->len; i++) {
            const NeedRow *need = &g_array_index(map->rows, NeedRow, i);
            g_autofree char *key = g_strdup_printf("%s/segment=%s", need->key, segment->id);
            page_figure(page, sheet, header + 1 + (int)i, columns, &LOOK_INT, key, "people");
        }
        sheet_heat(sheet, header + 1, header + (int)map->rows->len, columns++, 0,
                   (double)map->in_segment[s], WHITE, HEAT_BLUE);
    }
    for (guint i = 0; i < map->rows->len; i++)
        cell_text(sheet, header + 1 + (int)i, 0, &LOOK_TEXT,
                  name_of(page, &g_array_index(map->rows, NeedRow, i)));
    sheet_table(sheet, "BehovSegment", header, 0, columns, (int)map->rows->len, false);
}

static bool tells_segments(const NeedMap *map)
{
    for (size_t s = 0; s < map->n_segments; s++)
        if (map->in_segment[s])
            return true;
    return false;
}

/* --- the whole --- */

/* The need with the largest overlap; of equals the first shown. */
static const NeedRow *nearest_to_shared(const NeedMap *map)
{
    const NeedRow *best = &g_array_index(map->rows, NeedRow, 0);
    for (guint i = 1; i < map->rows->len; i++) {
        const NeedRow *row = &g_array_index(map->rows, NeedRow, i);
        if (compare_round(row->pair.overlap) > compare_round(best->pair.overlap))
            best = row;
    }
    return best;
}

static char *sentence_of_pair(const Page *page, const NeedMap *map)
{
    const NeedRow *best = &g_array_index(map->rows, NeedRow, 0);
    g_autofree char *first = lower_first(group_name(page, map->first));
    g_autofree char *second = lower_first(group_name(page, map->second));
    g_autofree char *shared = language_number(page->language, (double)map->n_shared, 0);
    g_autofree char *all = language_number(page->language, map->rows->len, 0);
    g_autofree char *limit =
        language_percent(page->language, page->project->thresholds.need_shared);
    g_autofree char *n1 = language_number(page->language, (double)map->sources[map->first], 0);
    g_autofree char *n2 = language_number(page->language, (double)map->sources[map->second], 0);
    if (best->pair.cls == NEED_UNCLASSED)
        return words_fill(page->language, "needs.sentence-few", "first", first, "n1", n1, "second",
                          second, "n2", n2, NULL);
    if (!map->n_shared)
        best = nearest_to_shared(map);
    g_autofree char *p1 = language_percent(page->language, best->pair.p1);
    g_autofree char *p2 = language_percent(page->language, best->pair.p2);
    if (!map->n_shared)
        return words_fill(page->language, "needs.sentence-none", "limit", limit, "first", first,
                          "second", second, "need", name_of(page, best), "p1", p1, "p2", p2, NULL);
    return words_fill(page->language, "needs.sentence", "shared", shared, "all", all, "first",
                      first, "second", second, "need", name_of(page, best), "p1", p1, "p2", p2,
                      NULL);
}

static char *sentence_of(const Page *page, const NeedMap *map)
{
    if (map->second != NO_TERM)
        return sentence_of_pair(page, map);
    const NeedRow *most = &g_array_index(map->rows, NeedRow, 0);
    g_autofree char *n = language_number(page->language, (double)most->sources, 0);
    return words_fill(page->language, "needs.sentence-most", "need", name_of(page, most), "n", n,
                      NULL);
}

static char *rests_on(const Page *page, const NeedMap *map)
{
    const Thresholds *limits = &page->project->thresholds;
    GString *text = g_string_new(W("needs.rests-on"));
    g_autofree char *limit = language_percent(page->language, limits->need_shared);
    g_autofree char *people = language_number(page->language, limits->need_people, 0);
    g_autofree char *ungrouped = language_number(page->language, (double)map->ungrouped, 0);
    if (map->second != NO_TERM) {
        g_autofree char *first = lower_first(group_name(page, map->first));
        g_autofree char *second = lower_first(group_name(page, map->second));
        g_autofree char *rule = words_fill(page->language, "needs.rule", "limit", limit, "people",
                                           people, "first", first, "second", second, NULL);
        g_string_append_printf(text, " %s", rule);
    }
    if (map->ungrouped) {
        g_autofree char *rest = words_fill(page->language, "needs.ungrouped", "n", ungrouped, NULL);
        g_string_append_printf(text, " %s", rest);
    }
    return g_string_free(text, FALSE);
}

void needs_write(Page *page, Sheet *sheet)
{
    enum { ROWS_BESIDE = 12 }; /* as many fit on one printed page with the tables below */
    const NeedMap *map = results_needs(page->results);
    g_autofree char *sentence = sentence_of(page, map);
    g_autofree char *rests = rests_on(page, map);
    page_head(page, sheet, W("needs.title"), sentence, rests);
    int row = write_needs(page, sheet, ROW_HEADER, map) + 1;
    if (map->second != NO_TERM)
        row = write_likeness(page, sheet, row, map);
    if (tells_segments(map) && map->rows->len > ROWS_BESIDE)
        sheet_break(sheet, row);
    if (tells_segments(map))
        write_segments(page, sheet, row, map);
    page_print(page, sheet, SHEET_LANDSCAPE_WIDE, -1);
}
