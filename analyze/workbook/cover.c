/* Forside: the answer on one page: how robust, how sure, resting on what, and where to go next. */
#include "analyze/workbook/sheets.h"

#include "schemas/instant.h"

enum { COL_A, COL_B, COL_C, N_COLS };
enum { ROW_COVER_TITLE, ROW_SUBTITLE, ROW_DEADLINE, ROW_GAP, ROW_STEPS, ROW_GAP2, ROW_ANSWER };

static void write_steps(Page *page, Sheet *sheet)
{
    static const char *const stages[] = {"stage.draft", "stage.validation", "stage.final"};
    const int now = page->project->round.stage;
    for (int s = 0; s < N_COLS; s++) {
        Style look = {.size = 11, .h = H_CENTRE, .v = V_MIDDLE, .fill = PALE, .colour = MUTED};
        const char *pattern = "%d  %s";
        g_autofree char *text = NULL;
        if (s == now) {
            look.fill = NAVY;
            look.colour = WHITE;
            look.bold = true;
            text = g_strdup_printf("► %d  %s – %s", s + 1, W(stages[s]), W("cover.here"));
        } else if (now >= 0 && s < now) {
            look.fill = BAND;
            look.colour = NAVY;
            text = g_strdup_printf("%d  %s (%s)", s + 1, W(stages[s]), W("cover.done"));
        } else {
            text = g_strdup_printf(pattern, s + 1, W(stages[s]));
        }
        cell_text(sheet, ROW_STEPS, s, &look, text);
    }
    sheet_height(sheet, ROW_STEPS, 24);
}

static char *subtitle_of(const Page *page)
{
    static const char *const stages[] = {"stage.draft", "stage.validation", "stage.final"};
    const Round *round = &page->project->round;
    if (round->stage < 0)
        return g_strdup(W("cover.subtitle"));
    g_autofree char *number = g_strdup_printf("%d", round->number);
    return words_fill(page->language, "cover.subtitle-round", "n", number, "stage",
                      W(stages[round->stage]), NULL);
}

static char *deadline_of(const Page *page)
{
    const Round *round = &page->project->round;
    GString *text = g_string_new(NULL);
    if (round->deadline) {
        g_autofree char *line =
            words_fill(page->language, "cover.deadline", "date", round->deadline, NULL);
        g_string_append(text, line);
    }
    if (round->contact) {
        g_autofree char *line =
            words_fill(page->language, "cover.contact", "contact", round->contact, NULL);
        g_string_append_printf(text, "%s%s", text->len ? " " : "", line);
    }
    if (!text->len)
        g_string_append(text, W("cover.panel"));
    return g_string_free(text, FALSE);
}

/* One line an answer: the chip, the question as a claim, and how sure. */
static int write_answers(Page *page, Sheet *sheet, int row)
{
    const TermList *questions = &page->framework->list[TERM_QUESTION];
    cell_text(sheet, row, COL_A, &LOOK_HEADING, W("cover.answers"));
    sheet_height(sheet, row++, 24);
    const int first = row;
    for (size_t q = 0; q < questions->n; q++) {
        const RatingSummary *s =
            results_rating(page->results, FAMILY_ROBUSTNESS, (int)q, FACET_ALL, NO_TERM);
        if (!s)
            continue;
        const char *claim = label_get(&questions->v[q].detail, page->language);
        Style chip = look_chip(&s->verdict, s->n_steps);
        Style text = {.size = 11, .wrap = true, .v = V_MIDDLE, .bottom = HAIRLINE};
        Style sure = {.size = 10,
                      .wrap = true,
                      .colour = MUTED,
                      .h = H_RIGHT,
                      .v = V_MIDDLE,
                      .bottom = HAIRLINE};
        g_autofree char *verdict = look_verdict_words(&s->verdict, s->scale, page->language);
        g_autofree char *p = page_probability_words(page, s->verdict.probability, s->n_eff);
        g_autofree char *rests = page_rests_on(page, s->n, s->organisations);
        g_autofree char *how = s->verdict.low ? words_fill(page->language, "cover.sure",
                                                           "probability", p, "rests", rests, NULL)
                                              : g_strdup(rests);
        cell_text(sheet, row, COL_A, &chip, verdict);
        cell_text(sheet, row, COL_B, &text,
                  *claim ? claim : term_label(&questions->v[q], page->language));
        cell_text(sheet, row, COL_C, &sure, how);
        sheet_height(sheet, row, MAX(22, text_height(how, 44, 10, false)));
        row++;
    }
    if (row == first)
        cell_text(sheet, row++, COL_A, &LOOK_SENTENCE, W("cover.no-ratings"));
    return row;
}

/* The size of it all in one cell, since it is one sentence. */
static void write_size(Page *page, Sheet *sheet, int row)
{
    const Involvement *in = &page->results->involvement;
    const struct {
        size_t n;
        const char *one, *many;
    } parts[] = {
        {in->people, "size.person", "size.people"},
        {in->organisations, "size.organisation", "size.organisations"},
        {in->interviews, "size.interview", "size.interviews"},
        {in->workshops, "size.workshop", "size.workshops"},
        {in->survey_answers, "size.survey-answer", "size.survey-answers"},
        {in->documents, "size.document", "size.documents"},
        {in->statements, "size.statement", "size.statements"},
    };
    Run runs[2 * G_N_ELEMENTS(parts)];
    g_autoptr(GPtrArray) texts = g_ptr_array_new_with_free_func(g_free);
    size_t n = 0;
    for (size_t i = 0; i < G_N_ELEMENTS(parts); i++) {
        if (!parts[i].n)
            continue;
        char *number = language_number(page->language, (double)parts[i].n, 0);
        char *word = g_strdup_printf(" %s     ", W(parts[i].n == 1 ? parts[i].one : parts[i].many));
        g_ptr_array_add(texts, number);
        g_ptr_array_add(texts, word);
        runs[n++] = (Run){.text = number, .size = 16, .bold = true, .colour = LINK};
        runs[n++] = (Run){.text = word, .size = 10, .colour = MUTED};
    }
    Style look = {.size = 10, .v = V_MIDDLE};
    if (n)
        cell_rich(sheet, row, COL_A, &look, runs, n);
    sheet_height(sheet, row, 30);
}

static int write_contents(Page *page, Sheet *sheet, int row)
{
    static const ColumnHead heads[N_COLS] = {
        {"column.sheet", 0, false}, {"column.shows", 0, false}, {"column.use", 0, false}};
    const int header = row;
    page_columns(page, sheet, row++, heads, N_COLS);
    for (int id = SHEET_COVER + 1; id < N_SHEETS; id++) {
        if (!page->sheet[id])
            continue;
        Style link = LOOK_CELL_LINK;
        link.bold = false;
        g_autofree char *purpose = g_strconcat("purpose.", sheet_defs[id].word, NULL);
        cell_link(sheet, row, COL_A, &link, sheet_name(page->sheet[id]), page->sheet[id], 0, 0);
        cell_text(sheet, row, COL_B, &LOOK_TEXT, W(purpose));
        cell_text(sheet, row++, COL_C, &LOOK_TEXT, W(id == SHEET_SWOT ? "use.print" : "use.read"));
    }
    sheet_table(sheet, "Innhold", header, 0, N_COLS, row - header - 1, false);
    return row;
}

/* What was left out, in one line: sheets without data. */
static char *left_out(const Page *page)
{
    GString *names = g_string_new(NULL);
    for (int id = 0; id < N_SHEETS; id++) {
        if (page->sheet[id])
            continue;
        g_autofree char *key = g_strconcat("sheet.", sheet_defs[id].word, NULL);
        g_string_append_printf(names, "%s%s", names->len ? ", " : "", W(key));
    }
    if (!names->len) {
        g_string_free(names, TRUE);
        return g_strdup(W("cover.nothing-left-out"));
    }
    char *text = words_fill(page->language, "cover.left-out", "sheets", names->str, NULL);
    g_string_free(names, TRUE);
    return text;
}

static void write_about(Page *page, Sheet *sheet, int row)
{
    g_autofree char *day = instant_day(page->results->data->newest_pull, page->zone);
    g_autofree char *made = words_fill(page->language, "cover.made", "date", day ? day : "–",
                                       "program", page->program, NULL);
    g_autofree char *without = left_out(page);
    const struct {
        const char *label, *text;
    } lines[] = {
        {"about.edition", W("about.team")},
        {"about.made", made},
        {"about.protection", W("about.team-protection")},
        {"about.left-out", without},
    };
    cell_text(sheet, row, COL_A, &LOOK_HEADING, W("cover.about"));
    sheet_height(sheet, row++, 24);
    for (size_t i = 0; i < G_N_ELEMENTS(lines); i++, row++) {
        cell_text(sheet, row, COL_A, &LOOK_TEXT_BOLD, W(lines[i].label));
        cell_text(sheet, row, COL_B, &LOOK_TEXT, lines[i].text);
    }
}

void cover_write(Page *page, Sheet *sheet)
{
    static const double widths[N_COLS] = {34, 84, 44};
    for (int c = 0; c < N_COLS; c++)
        sheet_column(sheet, c, widths[c]);
    Style title = LOOK_TITLE;
    title.size = 24;
    g_autofree char *subtitle = subtitle_of(page);
    g_autofree char *deadline = deadline_of(page);
    cell_text(sheet, ROW_COVER_TITLE, COL_A, &title, page->project->title);
    cell_text(sheet, ROW_SUBTITLE, COL_A, &LOOK_SENTENCE, subtitle);
    cell_text(sheet, ROW_DEADLINE, COL_A, &LOOK_RESTS_ON, deadline);
    sheet_height(sheet, ROW_GAP, 8);
    write_steps(page, sheet);
    sheet_height(sheet, ROW_GAP2, 8);
    int row = write_answers(page, sheet, ROW_ANSWER);
    write_size(page, sheet, row++);
    row = write_contents(page, sheet, row);
    write_about(page, sheet, row);
    page_print(page, sheet, SHEET_LANDSCAPE_PAGE, -1);
    sheet_activate(sheet);
}
