/* SWOT: the situation on one page, 2×2 on A4. The page has no table object; Funn is it. */
#include "analyze/workbook/sheets.h"

#include "analyze/undefined.h"

enum { LEFT = 0, RIGHT = 4, MOST = 8, BAND_ROW = 5 };

bool swot_sheet_has_data(const Page *page)
{
    return page->results->findings->len > 0;
}

static const Finding *finding_at(const Page *page, int i)
{
    return &g_array_index(page->results->findings, Finding, i);
}

/* Findings are kept by quadrant and rank: the run of one quadrant. */
static int first_of(const Page *page, SwotQuadrant quadrant, int *ret_n)
{
    int first = -1, n = 0;
    for (guint i = 0; i < page->results->findings->len; i++)
        if (finding_at(page, (int)i)->quadrant == quadrant) {
            first = first < 0 ? (int)i : first;
            n++;
        }
    *ret_n = n;
    return first;
}

static void write_head(Page *page, Sheet *sheet, int row, int column, SwotQuadrant quadrant)
{
    const QuadrantLook look = look_quadrant(quadrant);
    g_autofree char *name = g_strconcat("quadrant.", swot_key(quadrant), NULL);
    g_autofree char *letter = g_strconcat(name, ".letter", NULL);
    g_autofree char *action = g_strconcat(name, ".action", NULL);
    Style head = {.size = 13, .bold = true, .colour = WHITE, .fill = look.head, .v = V_MIDDLE};
    Style right = head;
    right.size = 10;
    right.h = H_RIGHT;
    g_autofree char *title = g_strdup_printf("%s  ", W(name));
    Run runs[] = {{.text = title, .size = 13, .bold = true, .colour = WHITE},
                  {.text = W(action), .size = 10, .colour = WHITE}};
    cell_text(sheet, row, column, &head, W(letter));
    cell_rich(sheet, row, column + 1, &head, runs, 2);
    cell_text(sheet, row, column + 2, &right, W("column.organisations-short"));
}

static void write_finding(Page *page, Sheet *sheet, int row, int column, int index)
{
    const Finding *f = finding_at(page, index);
    const QuadrantLook look = look_quadrant(f->quadrant);
    Style code = {.size = 10,
                  .bold = true,
                  .colour = look.head,
                  .fill = look.tint,
                  .bottom = HAIRLINE,
                  .underline = true};
    Style text = {.size = 10, .wrap = true, .fill = look.tint, .bottom = HAIRLINE};
    Style count = {
        .size = 10, .h = H_RIGHT, .fill = look.tint, .bottom = HAIRLINE, .number = "#,##0"};
    g_autofree char *line =
        g_strdup_printf("%s%s", f->title, f->dispute.status == SWOT_CONTESTED ? " ◊" : "");
    g_autofree char *path = g_strconcat("finding/", f->id, NULL);
    cell_link(sheet, row, column, &code, f->code, page->sheet[SHEET_FINDINGS], findings_row(index),
              0);
    cell_text(sheet, row, column + 1, &text, line);
    page_figure(page, sheet, row, column + 2, &count, path, "organisations");
}

static void write_empty(Sheet *sheet, int row, int column, SwotQuadrant quadrant, const char *text)
{
    Style style = {.size = 10,
                   .wrap = true,
                   .colour = MUTED,
                   .fill = look_quadrant(quadrant).tint,
                   .bottom = HAIRLINE};
    cell_text(sheet, row, column, &style, "");
    cell_text(sheet, row, column + 1, &style, text);
    cell_text(sheet, row, column + 2, &style, "");
}

/* Row `at` of a quadrant: a finding, «og 4 til, se Funn», or an empty tinted line. */
static void write_side(Page *page, Sheet *sheet, int row, int column, SwotQuadrant quadrant, int at)
{
    int n = 0;
    int first = first_of(page, quadrant, &n);
    if (at < MIN(n, MOST)) {
        write_finding(page, sheet, row, column, first + at);
        return;
    }
    g_autofree char *text = NULL;
    if (at == 0)
        text = g_strdup(W("swot.empty"));
    else if (at == MOST && n > MOST) {
        g_autofree char *more = g_strdup_printf("%d", n - MOST);
        text = words_fill(page->language, "swot.more", "n", more, NULL);
    }
    write_empty(sheet, row, column, quadrant, text ? text : "");
}

static int lines_of(const Page *page, SwotQuadrant quadrant)
{
    int n = 0;
    first_of(page, quadrant, &n);
    return n > MOST ? MOST + 1 : MAX(n, 1);
}

static int write_pair(Page *page, Sheet *sheet, int row, const char *band, SwotQuadrant left,
                      SwotQuadrant right)
{
    Style look = {.size = 10, .bold = true, .colour = NAVY, .fill = BAND, .v = V_MIDDLE};
    for (int c = LEFT; c <= RIGHT + 2; c++)
        cell_text(sheet, row, c, &look, c == LEFT ? band : "");
    row++;
    write_head(page, sheet, row, LEFT, left);
    write_head(page, sheet, row, RIGHT, right);
    sheet_height(sheet, row++, 24);
    const int lines = MAX(lines_of(page, left), lines_of(page, right));
    for (int i = 0; i < lines; i++, row++) {
        write_side(page, sheet, row, LEFT, left, i);
        write_side(page, sheet, row, RIGHT, right, i);
    }
    return row;
}

static char *sentence_of(const Page *page)
{
    int n[SWOT_QUADRANTS];
    for (int q = 0; q < SWOT_QUADRANTS; q++)
        first_of(page, (SwotQuadrant)q, &n[q]);
    char number[SWOT_QUADRANTS][12];
    for (int q = 0; q < SWOT_QUADRANTS; q++)
        g_snprintf(number[q], sizeof number[q], "%d", n[q]);
    return words_fill(page->language, "swot.sentence", "s", number[SWOT_STRENGTH], "w",
                      number[SWOT_WEAKNESS], "o", number[SWOT_OPPORTUNITY], "t",
                      number[SWOT_THREAT], NULL);
}

/* Whether a finding among those shown carries the mark that the line below explains. */
static bool shows_contested(const Page *page)
{
    for (int q = 0; q < SWOT_QUADRANTS; q++) {
        int n = 0, first = first_of(page, (SwotQuadrant)q, &n);
        for (int i = 0; i < MIN(n, MOST); i++)
            if (finding_at(page, first + i)->dispute.status == SWOT_CONTESTED)
                return true;
    }
    return false;
}

void swot_sheet_write(Page *page, Sheet *sheet)
{
    static const double widths[] = {5, 66, 9, 1.6, 5, 66, 9};
    for (int c = 0; c < (int)G_N_ELEMENTS(widths); c++)
        sheet_column(sheet, c, widths[c]);
    g_autofree char *sentence = sentence_of(page);
    page_head(page, sheet, W("swot.title"), sentence, W("swot.rests-on"));
    int row =
        write_pair(page, sheet, BAND_ROW, W("swot.band.internal"), SWOT_STRENGTH, SWOT_WEAKNESS);
    row = write_pair(page, sheet, row, W("swot.band.external"), SWOT_OPPORTUNITY, SWOT_THREAT);
    if (shows_contested(page))
        cell_text(sheet, row, 0, &LOOK_SMALL, W("swot.contested-mark"));
    g_autofree char *footer = page_footer(page);
    PrintSetup setup = {.fit = SHEET_LANDSCAPE_PAGE,
                        .repeat_row = -1,
                        .footer_left = footer,
                        .footer_page = W("print.page"),
                        .margin = {0.35, 0.35, 0.35, 0.5},
                        .centred = true};
    sheet_print(sheet, &setup);
}
