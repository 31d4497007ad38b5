/* Fordeling: who agrees, who does not? One block per rated item: a table whose header cells carry
 * the scale's colours and so are the legend of the diverging bars below it (workbook.md 2.4). */
#include "analyze/workbook/differences.h"
#include "analyze/workbook/sheets.h"

#include "analyze/compare.h"
#include "analyze/undefined.h"

/* After the steps: share agreeing, net, organisations. */
enum { COL_GROUP, COL_N, COL_FIRST_STEP };
enum { AFTER_AGREE, AFTER_NET, AFTER_ORGANISATIONS, N_AFTER };

bool distribution_has_data(const Page *page)
{
    for (guint i = 0; i < page->results->ratings->len; i++) {
        const RatingSummary *s = page->results->ratings->pdata[i];
        if (s->family == FAMILY_DISTRIBUTION && s->n)
            return true;
    }
    return false;
}

typedef struct {
    const char *name;
    const RatingSummary *summary;
    int order;
} Line;

/* By share of agreement, highest first; those without one last; declared order on ties. */
static int by_agreement(gconstpointer left, gconstpointer right)
{
    const Line *a = left, *b = right;
    double x = is_defined(a->summary->agree) ? compare_round(a->summary->agree) : -1;
    double y = is_defined(b->summary->agree) ? compare_round(b->summary->agree) : -1;
    if (x != y)
        return x > y ? -1 : 1;
    return a->order - b->order;
}

static GArray *lines_of(const Page *page, const RatingSummary *all)
{
    GArray *lines = g_array_new(FALSE, FALSE, sizeof(Line));
    for (size_t g = 0; g < page->framework->list[TERM_GROUP].n; g++) {
        Line line = {
            .name = page_term(page, TERM_GROUP, (int)g),
            .summary = results_rating_of(page->results, FAMILY_DISTRIBUTION, all->subject_kind,
                                         all->subject, FACET_GROUP, (int)g),
            .order = (int)g,
        };
        if (line.summary && line.summary->n)
            g_array_append_val(lines, line);
    }
    g_array_sort(lines, by_agreement);
    Line whole = {.name = W("distribution.all"), .summary = all};
    g_array_prepend_val(lines, whole);
    return lines;
}

static void write_header(Page *page, Sheet *sheet, int row, const Scale *scale)
{
    cell_text(sheet, row, COL_GROUP, &LOOK_HEADER, W("column.group"));
    cell_text(sheet, row, COL_N, &LOOK_HEADER_NUMBER, W("column.answers"));
    for (int k = 0; k < scale->n_steps; k++) {
        Style head = LOOK_HEADER;
        head.h = H_CENTRE;
        head.fill = look_step_fill(k + 1, scale->n_steps);
        head.colour = look_step_text(k + 1, scale->n_steps);
        cell_text(sheet, row, COL_FIRST_STEP + k, &head,
                  label_get(&scale->step[k].label, page->language));
    }
    static const char *const after[N_AFTER] = {"column.agree", "column.net",
                                               "column.organisations-short"};
    for (int c = 0; c < N_AFTER; c++)
        cell_text(sheet, row, COL_FIRST_STEP + scale->n_steps + c, &LOOK_HEADER_NUMBER,
                  W(after[c]));
}

static void write_line(Page *page, Sheet *sheet, int row, const Line *line)
{
    const RatingSummary *s = line->summary;
    cell_text(sheet, row, COL_GROUP,
              line->order || s->facet == FACET_GROUP ? &LOOK_TEXT : &LOOK_TEXT_BOLD, line->name);
    page_count(page, sheet, row, COL_N, s->key, "n");
    for (int k = 0; k < s->n_steps; k++) {
        g_autofree char *share = g_strdup_printf("share-%d", k + 1);
        page_figure(page, sheet, row, COL_FIRST_STEP + k, &LOOK_PERCENT, s->key, share);
    }
    const int after = COL_FIRST_STEP + s->n_steps;
    page_figure(page, sheet, row, after + AFTER_AGREE, &LOOK_PERCENT_BOLD, s->key, "agree");
    page_figure(page, sheet, row, after + AFTER_NET, &LOOK_SIGNED_PERCENT, s->key, "net");
    page_figure(page, sheet, row, after + AFTER_ORGANISATIONS, &LOOK_INT, s->key, "organisations");
}

/* --- chart --- */

/* What stands left of the midline: the steps below the middle, and half the middle step when there
 * is one. With an even number the midline lies between the halves. */
static double left_of_middle(const RatingSummary *s)
{
    double left = 0;
    for (int k = 0; k < s->n_steps / 2; k++)
        left += s->share[k];
    if (s->n_steps % 2)
        left += s->share[s->n_steps / 2] / 2;
    return left;
}

static double widest_side(const GArray *lines)
{
    double widest = 0;
    for (guint i = 0; i < lines->len; i++) {
        const RatingSummary *s = g_array_index(lines, Line, i).summary;
        double left = left_of_middle(s);
        if (is_defined(left))
            widest = MAX(widest, MAX(left, 1 - left));
    }
    return widest;
}

static int write_chart_data(Page *page, const GArray *lines, int column, double middle)
{
    int row = 0;
    const int steps = g_array_index(lines, Line, 0).summary->n_steps;
    cell_text(page->diagram, 0, column, &LOOK_HEADER, W("column.group"));
    for (int k = 0; k <= steps; k++) {
        g_autofree char *head = g_strdup_printf("%d", k);
        cell_text(page->diagram, 0, column + 1 + k, &LOOK_HEADER, head);
    }
    for (guint i = 0; i < lines->len; i++) {
        const Line *line = &g_array_index(lines, Line, i);
        if (!is_defined(line->summary->share[0]))
            continue;
        row++;
        cell_text(page->diagram, row, column, &LOOK_TEXT, line->name);
        cell_number(page->diagram, row, column + 1, &LOOK_PERCENT,
                    middle - left_of_middle(line->summary));
        for (int k = 0; k < steps; k++)
            cell_number(page->diagram, row, column + 2 + k, &LOOK_PERCENT, line->summary->share[k]);
    }
    return row;
}

static char *alt_text(const Page *page, const char *subject, const GArray *lines)
{
    const Line *first = NULL, *last = NULL;
    for (guint i = 1; i < lines->len; i++) {
        const Line *line = &g_array_index(lines, Line, i);
        if (!is_defined(line->summary->agree))
            continue;
        first = first ? first : line;
        last = line;
    }
    g_autofree char *head = words_fill(page->language, "distribution.alt", "item", subject, NULL);
    if (!first)
        return g_strdup_printf("%s %s", head, W("chart.see-table"));
    g_autofree char *most = language_percent(page->language, first->summary->agree);
    g_autofree char *least = language_percent(page->language, last->summary->agree);
    g_autofree char *range =
        words_fill(page->language, "distribution.alt-range", "first", first->name, "most", most,
                   "last", last->name, "least", least, NULL);
    return g_strdup_printf("%s %s %s", head, range, W("chart.see-table"));
}

/* Points of height that one printed page holds when the sheet is fitted to its width: A4 landscape
 * less the margins, at the scale that the columns ask for. */
static double page_points(const Sheet *sheet, int steps)
{
    const double paper_width = (11.69 - 0.9) * 96, paper_height = (8.27 - 1.1) * 72;
    const double width = sheet_pixels(sheet, 0, COL_FIRST_STEP + steps + N_AFTER - 1);
    return paper_height * MAX(1, width / paper_width) * 0.97;
}

/* As high as reads well, or as fits below the table on the same page. */
static int bar_height(const Sheet *sheet, int top, int row, int steps, int bars)
{
    enum { HIGH = 30, LOW = 17, FRAME = 40 };
    const double room = (page_points(sheet, steps) - sheet_points(sheet, top, row)) / 0.75;
    return CLAMP((int)(room - FRAME - 30) / bars, LOW, HIGH);
}

static int write_chart(Page *page, Sheet *sheet, int row, int top, const char *subject,
                       const GArray *lines)
{
    const RatingSummary *all = g_array_index(lines, Line, 0).summary;
    const Scale *scale = all->scale;
    const double middle = ceil(widest_side(lines) * 10) / 10;
    const int column = page->diagram_column;
    const int bars = write_chart_data(page, lines, column, middle);
    page->diagram_column += scale->n_steps + 3;
    if (!bars)
        return row;
    Series series[STEPS_LIMIT + 1] = {{.name = " ", .column = column + 1}};
    for (int k = 0; k < scale->n_steps; k++)
        series[k + 1] = (Series){.name = label_get(&scale->step[k].label, page->language),
                                 .fill = look_step_fill(k + 1, scale->n_steps),
                                 .label = look_step_text(k + 1, scale->n_steps),
                                 .column = column + 2 + k};
    g_autofree char *alt = alt_text(page, subject, lines);
    BarChart chart = {.data = page->diagram,
                      .first_row = 1,
                      .last_row = bars,
                      .category_column = column,
                      .series = series,
                      .n_series = (size_t)scale->n_steps + 1,
                      .axis_max = 2 * middle,
                      .crosses = middle,
                      .width =
                          sheet_pixels(sheet, 0, COL_FIRST_STEP + scale->n_steps + N_AFTER - 1),
                      .height = 40 + bars * bar_height(sheet, top, row, scale->n_steps, bars),
                      .alt_text = alt};
    sheet_bar_chart(sheet, row, 0, &chart);
    return row + (chart.height + 19) / 20 + 1;
}

/* --- blocks --- */

/* `top` is the first row of the page that the block is made to fit: its own, or that of the sheet's
 * head. */
static int write_block(Page *page, Sheet *sheet, int row, int top, int number,
                       const RatingSummary *all)
{
    const Term *term = &page->framework->list[all->subject_kind].v[all->subject];
    g_autoptr(GArray) lines = lines_of(page, all);
    /* A question rated as a whole is not what Robusthet's verdict rests on, which pools its items.
     */
    g_autofree char *heading = all->subject_kind == TERM_QUESTION
                                   ? words_fill(page->language, "distribution.direct", "question",
                                                term_label(term, page->language), NULL)
                                   : g_strdup(term_label(term, page->language));
    cell_text(sheet, row, 0, &LOOK_HEADING, heading);
    sheet_height(sheet, row++, 26);
    const int header = row;
    write_header(page, sheet, row++, all->scale);
    for (guint i = 0; i < lines->len; i++)
        write_line(page, sheet, row++, &g_array_index(lines, Line, i));
    g_autofree char *name = g_strdup_printf("Fordeling%d", number);
    sheet_table(sheet, name, header, 0, COL_FIRST_STEP + all->n_steps + N_AFTER, (int)lines->len,
                false);
    return write_chart(page, sheet, row + 1, top, term_label(term, page->language), lines);
}

/* The items with most and least agreement, when their intervals do not meet. */
static char *sentence_of(const Page *page)
{
    const RatingSummary *most = NULL, *least = NULL;
    for (guint i = 0; i < page->results->ratings->len; i++) {
        const RatingSummary *s = page->results->ratings->pdata[i];
        if (s->family != FAMILY_DISTRIBUTION || s->subject_kind != TERM_ITEM ||
            s->facet != FACET_ALL || !is_defined(s->agree))
            continue;
        most = !most || s->agree > most->agree ? s : most;
        least = !least || s->agree < least->agree ? s : least;
    }
    if (!most || most == least || !(most->agree_low > least->agree_high))
        return g_strdup(W("distribution.sentence.none"));
    g_autofree char *high = language_percent(page->language, most->agree);
    g_autofree char *low = language_percent(page->language, least->agree);
    return words_fill(page->language, "distribution.sentence.range", "most",
                      page_term(page, most->subject_kind, most->subject), "high", high, "least",
                      page_term(page, least->subject_kind, least->subject), "low", low, NULL);
}

void distribution_write(Page *page, Sheet *sheet)
{
    size_t answers = 0, organisations = 0;
    int steps = 0;
    for (guint i = 0; i < page->results->ratings->len; i++) {
        const RatingSummary *s = page->results->ratings->pdata[i];
        if (s->family != FAMILY_DISTRIBUTION || s->facet != FACET_ALL)
            continue;
        answers = MAX(answers, s->n);
        organisations = MAX(organisations, s->organisations);
        steps = MAX(steps, s->n_steps);
    }
    sheet_column(sheet, COL_GROUP, 38);
    sheet_column(sheet, COL_N, 11);
    for (int k = 0; k < steps; k++)
        sheet_column(sheet, COL_FIRST_STEP + k, 14.5);
    sheet_column(sheet, COL_FIRST_STEP + steps, 13);
    sheet_column(sheet, COL_FIRST_STEP + steps + AFTER_NET, 11);
    sheet_column(sheet, COL_FIRST_STEP + steps + AFTER_ORGANISATIONS, 8);
    g_autofree char *sentence = sentence_of(page);
    g_autofree char *rests = page_rests_on(page, answers, organisations);
    g_autofree char *weighed =
        words_fill(page->language, "distribution.rests-on", "weight", page_weights(page), NULL);
    g_autofree char *noted = g_strdup_printf("%s · %s [note 2]", rests, weighed);
    page_head(page, sheet, W("distribution.title"), sentence, noted);
    int row = ROW_SPACE + 1, number = 0, page_top = 0;
    for (guint i = 0; i < page->results->ratings->len; i++) {
        const RatingSummary *s = page->results->ratings->pdata[i];
        if (s->family != FAMILY_DISTRIBUTION || s->facet != FACET_ALL || !s->n)
            continue;
        const int top = row;
        row = write_block(page, sheet, row, number ? top : 0, number + 1, s);
        number++;
        if (top > page_top && sheet_points(sheet, page_top, row) > page_points(sheet, steps)) {
            sheet_break(sheet, top);
            page_top = top;
        }
    }
    if (results_differences(page->results)) {
        sheet_break(sheet, row);
        differences_write(page, sheet, row);
    }
    page_print(page, sheet, SHEET_LANDSCAPE_WIDE, -1);
}
