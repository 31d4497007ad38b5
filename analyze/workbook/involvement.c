/* Involvering: who was heard, how, and against who was meant to be. */
#include "analyze/involvement.h"
#include "analyze/workbook/sheets.h"

/* A column between group and coverage: a figure of the group. One that no group has is left out. */
typedef struct {
    ColumnHead head;
    const char *statistic;
    const Style *style;
} FigureColumn;

static const FigureColumn figures[] = {
    {{"column.organisations", 15, true}, "organisations", &LOOK_INT},
    {{"column.interviewed", 13, true}, "interviews", &LOOK_INT},
    {{"column.workshop-people", 20, true}, "workshop", &LOOK_INT},
    {{"column.survey-people", 19, true}, "survey", &LOOK_INT},
    {{"column.documents", 13, true}, "documents", &LOOK_INT},
    {{"column.persons", 12, true}, "people", &LOOK_INT},
    {{"column.invited", 11, true}, "invited", &LOOK_INT},
    {{"column.invited-share", 13, true}, "invited-share", &LOOK_PERCENT},
    {{"column.observed-share", 13, true}, "observed", &LOOK_PERCENT},
    {{"column.target-share", 12, true}, "target", &LOOK_PERCENT},
};

enum { ACTORS_ON_ONE_PAGE = 12 };

bool involvement_has_data(const Page *page)
{
    const InvolvementDetail *detail = results_involvement(page->results);
    return detail && detail->groups->len > 0;
}

static const char *name_of(const Page *page, const GroupHeard *heard)
{
    return heard->group == NO_TERM ? W("involvement.no-group")
                                   : page_term(page, TERM_GROUP, heard->group);
}

/* --- the table --- */

static bool is_shown(const Page *page, const InvolvementDetail *detail, const FigureColumn *column)
{
    for (guint i = 0; i < detail->groups->len; i++) {
        g_autofree char *key = g_strconcat(g_array_index(detail->groups, GroupHeard, i).key, "/",
                                           column->statistic, NULL);
        if (results_figure(page->results, key)->kind != FIGURE_UNDEFINED)
            return true;
    }
    return false;
}

static void write_group(Page *page, Sheet *sheet, int row, const GroupHeard *heard,
                        const GPtrArray *shown)
{
    g_autofree char *coverage = g_strconcat("coverage.", coverage_level_key(heard->level), NULL);
    cell_text(sheet, row, 0, &LOOK_TEXT, name_of(page, heard));
    for (guint c = 0; c < shown->len; c++) {
        const FigureColumn *column = shown->pdata[c];
        if (g_str_equal(column->statistic, "people"))
            page_count(page, sheet, row, 1 + (int)c, heard->key, column->statistic);
        else
            page_figure(page, sheet, row, 1 + (int)c, column->style, heard->key, column->statistic);
    }
    cell_text(sheet, row, 1 + (int)shown->len, &LOOK_CENTRE, W(coverage));
    page_origin(page, sheet, row, 1 + (int)shown->len, heard->key, "ratio");
}

/* Returns the row below, and how many columns there are. */
static int write_groups(Page *page, Sheet *sheet, const InvolvementDetail *detail, int *ret_columns)
{
    g_autoptr(GPtrArray) shown = g_ptr_array_new();
    ColumnHead heads[G_N_ELEMENTS(figures) + 2] = {{"column.group", 36, false}};
    int columns = 1, row = ROW_HEADER + 1;
    for (size_t c = 0; c < G_N_ELEMENTS(figures); c++)
        if (is_shown(page, detail, &figures[c])) {
            g_ptr_array_add(shown, (gpointer)&figures[c]);
            heads[columns++] = figures[c].head;
        }
    heads[columns++] = (ColumnHead){"column.coverage", 16, false};
    page_columns(page, sheet, ROW_HEADER, heads, columns);
    Style centred = LOOK_HEADER;
    centred.h = H_CENTRE;
    cell_text(sheet, ROW_HEADER, columns - 1, &centred, W("column.coverage"));
    for (guint i = 0; i < detail->groups->len; i++)
        write_group(page, sheet, row++, &g_array_index(detail->groups, GroupHeard, i), shown);
    sheet_table(sheet, "Involvering", ROW_HEADER, 0, columns, (int)detail->groups->len, false);
    *ret_columns = columns;
    return row;
}

/* --- the sentence --- */

static char *groups_at(const Page *page, const InvolvementDetail *detail, CoverageLevel level)
{
    GString *names = g_string_new(NULL);
    for (guint i = 0; i < detail->groups->len; i++) {
        const GroupHeard *heard = &g_array_index(detail->groups, GroupHeard, i);
        if (heard->level == level)
            g_string_append_printf(names, "%s%s", names->len ? ", " : "", name_of(page, heard));
    }
    return g_string_free(names, names->len == 0);
}

/* How many were heard, and in plain words who was not. */
static char *sentence_of(const Page *page, const InvolvementDetail *detail)
{
    const Involvement *in = &page->results->involvement;
    g_autofree char *people = language_number(page->language, (double)in->people, 0);
    g_autofree char *organisations = language_number(page->language, (double)in->organisations, 0);
    g_autofree char *size =
        words_fill(page->language, "involvement.sentence", "people", people, "people-word",
                   in->people == 1 ? W("size.person") : W("size.people"), "organisations",
                   organisations, "organisations-word",
                   in->organisations == 1 ? W("size.organisation") : W("size.organisations"), NULL);
    g_autofree char *nobody = groups_at(page, detail, COVERAGE_NONE);
    g_autofree char *weak = groups_at(page, detail, COVERAGE_WEAK);
    GString *text = g_string_new(size);
    if (nobody) {
        g_autofree char *part =
            words_fill(page->language, "involvement.nobody", "groups", nobody, NULL);
        g_string_append_printf(text, " %s", part);
    }
    if (weak) {
        g_autofree char *part =
            words_fill(page->language, "involvement.weak", "groups", weak, NULL);
        g_string_append_printf(text, " %s", part);
    }
    return g_string_free(text, FALSE);
}

/* --- what the table cannot say --- */

static int write_line(Sheet *sheet, int row, const char *text)
{
    cell_text(sheet, row, 0, &LOOK_SMALL, text);
    return row + 1;
}

static int write_distance(Page *page, Sheet *sheet, int row, const InvolvementDetail *detail)
{
    if (!is_defined(detail->dissimilarity))
        return row;
    g_autofree char *d = language_number(page->language, detail->dissimilarity, 2);
    g_autofree char *line = words_fill(page->language, "involvement.distance", "d", d, NULL);
    page_origin(page, sheet, row, 0, "involvement/panel", "dissimilarity");
    return write_line(sheet, row, line);
}

static int write_rates(Page *page, Sheet *sheet, int row, const InvolvementDetail *detail)
{
    if (!is_defined(detail->invited_share))
        return write_line(sheet, row, W("involvement.open"));
    g_autofree char *share = language_percent(page->language, detail->invited_share);
    g_autofree char *invited = language_number(page->language, detail->invited, 0);
    g_autofree char *line =
        words_fill(page->language, "involvement.rate", "share", share, "invited", invited, NULL);
    page_origin(page, sheet, row, 0, "involvement/panel", "invited-share");
    return write_line(sheet, row, line);
}

static int write_saturation(Page *page, Sheet *sheet, int row, const InvolvementDetail *detail)
{
    const Saturation *s = &detail->saturation;
    if (!detail->interview_records->len)
        return row;
    if (s->why)
        return write_line(sheet, row, W("involvement.saturation-few"));
    if (!s->reached_at)
        return write_line(sheet, row, W("involvement.saturation-not"));
    g_autofree char *at = language_number(page->language, (double)s->reached_at, 0);
    g_autofree char *line = words_fill(page->language, "involvement.saturated", "n", at, NULL);
    page_origin(page, sheet, row, 0, "involvement/saturation", "reached-at");
    return write_line(sheet, row, line);
}

/* --- chart --- */

static const struct {
    const char *label;
    uint32_t fill, text;
    size_t offset;
} ways[] = {
    {"column.interviewed", 0x8D527F, WHITE, offsetof(GroupHeard, interviews)},
    {"column.workshop-people", 0x0B5C8A, WHITE, offsetof(GroupHeard, workshop)},
    {"column.survey-people", 0x8FBBD9, INK, offsetof(GroupHeard, survey)},
};

static size_t heard_by(const GroupHeard *heard, size_t way)
{
    return *(const size_t *)(const void *)((const char *)heard + ways[way].offset);
}

static char *alt_text(const Page *page, const InvolvementDetail *detail)
{
    const GroupHeard *most = &g_array_index(detail->groups, GroupHeard, 0), *least = most;
    for (guint i = 1; i < detail->groups->len; i++) {
        const GroupHeard *heard = &g_array_index(detail->groups, GroupHeard, i);
        most = heard->people > most->people ? heard : most;
        least = heard->people < least->people ? heard : least;
    }
    g_autofree char *high = language_number(page->language, (double)most->people, 0);
    g_autofree char *low = language_number(page->language, (double)least->people, 0);
    g_autofree char *extremes =
        words_fill(page->language, "involvement.alt", "most", name_of(page, most), "high", high,
                   "least", name_of(page, least), "low", low, NULL);
    return g_strdup_printf("%s %s", extremes, W("chart.see-table"));
}

/* Hidden columns for the chart; returns the longest bar. */
static double write_chart_data(Page *page, const InvolvementDetail *detail, int column)
{
    size_t longest = 0;
    cell_text(page->diagram, 0, column, &LOOK_HEADER, W("column.group"));
    for (size_t w = 0; w < G_N_ELEMENTS(ways); w++)
        cell_text(page->diagram, 0, column + 1 + (int)w, &LOOK_HEADER, W(ways[w].label));
    for (guint i = 0; i < detail->groups->len; i++) {
        const GroupHeard *heard = &g_array_index(detail->groups, GroupHeard, i);
        size_t sum = 0;
        cell_text(page->diagram, 1 + (int)i, column, &LOOK_TEXT, name_of(page, heard));
        for (size_t w = 0; w < G_N_ELEMENTS(ways); w++) {
            cell_number(page->diagram, 1 + (int)i, column + 1 + (int)w, &LOOK_INT,
                        (double)heard_by(heard, w));
            sum += heard_by(heard, w);
        }
        longest = MAX(longest, sum);
    }
    return (double)longest;
}

/* Returns the row below it. */
static int write_chart(Page *page, Sheet *sheet, int row, const InvolvementDetail *detail,
                       int columns)
{
    const int column = page->diagram_column;
    const double longest = write_chart_data(page, detail, column);
    page->diagram_column += (int)G_N_ELEMENTS(ways) + 2;
    if (longest < 1)
        return row;
    Series series[G_N_ELEMENTS(ways)];
    for (size_t w = 0; w < G_N_ELEMENTS(ways); w++)
        series[w] = (Series){W(ways[w].label), ways[w].fill, ways[w].text, column + 1 + (int)w};
    g_autofree char *alt = alt_text(page, detail);
    /* A label that would not fit its piece is left out; the table has it. */
    g_autofree char *labels = g_strdup_printf("[>=%.0f]#,##0;;", MAX(1, longest / 30));
    BarChart chart = {.data = page->diagram,
                      .first_row = 1,
                      .last_row = (int)detail->groups->len,
                      .category_column = column,
                      .series = series,
                      .n_series = G_N_ELEMENTS(ways),
                      .axis_max = longest,
                      .legend = true,
                      .label_format = labels,
                      .width = sheet_pixels(sheet, 0, columns - 1),
                      .height = 60 + 30 * (int)detail->groups->len,
                      .alt_text = alt};
    cell_text(sheet, row, 0, &LOOK_HEADING, W("involvement.chart"));
    sheet_height(sheet, row, 24);
    sheet_bar_chart(sheet, row + 1, 0, &chart);
    return row + 2 + (chart.height + 19) / 20;
}

/* --- actors --- */

static void write_actors(Page *page, Sheet *sheet, int row, const InvolvementDetail *detail)
{
    if (!detail->actors->len) {
        write_line(sheet, row, W("involvement.no-consent"));
        return;
    }
    cell_text(sheet, row, 0, &LOOK_HEADING, W("involvement.actors"));
    sheet_height(sheet, row++, 24);
    const int header = row;
    cell_text(sheet, row++, 0, &LOOK_HEADER, W("column.organisation-pseudonym"));
    for (guint i = 0; i < detail->actors->len; i++)
        cell_text(sheet, row++, 0, &LOOK_TEXT, g_array_index(detail->actors, Actor, i).name);
    sheet_table(sheet, "Aktorer", header, 0, 1, row - header - 1, false);
}

void involvement_write(Page *page, Sheet *sheet)
{
    const InvolvementDetail *detail = results_involvement(page->results);
    g_autofree char *sentence = sentence_of(page, detail);
    int columns;
    page_head(page, sheet, W("involvement.title"), sentence, W("involvement.rests-on"));
    int row = write_groups(page, sheet, detail, &columns);
    row = write_rates(page, sheet, row, detail);
    row = write_distance(page, sheet, row, detail);
    row = write_saturation(page, sheet, row, detail);
    row = write_chart(page, sheet, row + 1, detail, columns);
    write_actors(page, sheet, row, detail);
    page_print(
        page, sheet,
        detail->actors->len > ACTORS_ON_ONE_PAGE ? SHEET_LANDSCAPE_WIDE : SHEET_LANDSCAPE_PAGE, -1);
}
