/* Metode: sources, terms, thresholds and notes: what a reader needs to defend or doubt a figure. */
#include "analyze/workbook/differences.h"
#include "analyze/workbook/sheets.h"

/* Those of the columns `first_number` to `last_number` stand over numbers. */
static void head_row_of(Page *page, Sheet *sheet, int row, const char *const *keys, int n,
                        int first_number, int last_number)
{
    for (int c = 0; c < n; c++)
        cell_text(sheet, row, c,
                  c >= first_number && c <= last_number ? &LOOK_HEADER_NUMBER : &LOOK_HEADER,
                  W(keys[c]));
}

static void head_row(Page *page, Sheet *sheet, int row, const char *const *keys, int n)
{
    head_row_of(page, sheet, row, keys, n, n, n);
}

/* What the project says of its own data. */
static int write_about(Page *page, Sheet *sheet, int row)
{
    const char *note = label_get(&page->project->note, page->language);
    if (!*note)
        return row;
    cell_text(sheet, row, 0, &LOOK_TEXT_BOLD, W("method.about"));
    cell_text(sheet, row, 1, &LOOK_TEXT, note);
    return row + 2;
}

/* --- sources --- */

static void count_source(const Dataset *data, const Source *source, size_t *ret_responses,
                         size_t *ret_statements)
{
    *ret_responses = *ret_statements = 0;
    for (guint i = 0; i < data->records->len; i++)
        *ret_responses += dataset_record(data, i)->source == source;
    for (guint i = 0; i < data->statements->len; i++) {
        const Statement *statement = dataset_statement(data, i);
        *ret_statements += dataset_record(data, statement->record)->source == source;
    }
}

static int write_sources(Page *page, Sheet *sheet, int row)
{
    static const char *const keys[] = {"column.source", "column.source-method",
                                       "column.source-extent"};
    row = page_heading(page, sheet, row, "method.sources");
    const int header = row;
    head_row(page, sheet, row++, keys, 3);
    for (guint i = 0; i < page->project->sources->len; i++) {
        const Source *source = page->project->sources->pdata[i];
        size_t responses, statements;
        count_source(page->results->data, source, &responses, &statements);
        g_autofree char *method = g_strconcat("method.", method_word(source->method), NULL);
        g_autofree char *n = language_number(page->language, (double)responses, 0);
        g_autofree char *said = language_number(page->language, (double)statements, 0);
        g_autofree char *extent =
            words_fill(page->language, "method.extent", "responses", n, "statements", said, NULL);
        cell_text(sheet, row, 0, &LOOK_TEXT, source->name);
        const char *note = label_get(&source->note, page->language);
        g_autofree char *heard = g_strconcat(W(method), *note ? ". " : "", note, NULL);
        cell_text(sheet, row, 1, &LOOK_TEXT, heard);
        cell_text(sheet, row++, 2, &LOOK_TEXT, extent);
    }
    sheet_table(sheet, "Kilder", header, 0, 3, row - header - 1, false);
    return row;
}

static int write_streams(Page *page, Sheet *sheet, int row)
{
    static const char *const keys[] = {"column.letter", "column.stream", "column.stream-id"};
    const TermList *streams = &page->framework->list[TERM_STREAM];
    if (!streams->n)
        return row;
    row = page_heading(page, sheet, row, "method.streams");
    const int header = row;
    head_row(page, sheet, row++, keys, 3);
    for (size_t i = 0; i < streams->n; i++) {
        cell_text(sheet, row, 0, &LOOK_TEXT, streams->v[i].letter ? streams->v[i].letter : "–");
        cell_text(sheet, row, 1, &LOOK_TEXT, term_label(&streams->v[i], page->language));
        cell_text(sheet, row++, 2, &LOOK_TEXT, streams->v[i].id);
    }
    sheet_table(sheet, "Strommer", header, 0, 3, row - header - 1, false);
    return row;
}

/* --- what was left out --- */

static int write_left_out(Page *page, Sheet *sheet, int row)
{
    static const char *const keys[] = {"column.left-out", "column.count", "column.why"};
    const struct {
        const char *label, *why, *statistic;
    } lines[] = {
        {"left-out.partial", "left-out.partial-why", "left-out-partial"},
        {"left-out.screened", "left-out.screened-why", "left-out-screened-out"},
        {"left-out.rejected", "left-out.rejected-why", "left-out-rejected"},
        {"left-out.unreadable", "left-out.unreadable-why", "unreadable"},
        {"left-out.group", "left-out.group-why", "unknown-group"},
        {"left-out.value", "left-out.value-why", "unknown-value"},
        {"left-out.blank", "left-out.blank-why", "blank-statements"},
    };
    row = page_heading(page, sheet, row, "method.left-out");
    const int header = row;
    head_row_of(page, sheet, row++, keys, 3, 1, 1);
    for (size_t i = 0; i < G_N_ELEMENTS(lines); i++) {
        cell_text(sheet, row, 0, &LOOK_TEXT, W(lines[i].label));
        page_figure(page, sheet, row, 1, &LOOK_INT, "dataset/all", lines[i].statistic);
        cell_text(sheet, row++, 2, &LOOK_TEXT, W(lines[i].why));
    }
    sheet_table(sheet, "Utelatt", header, 0, 3, row - header - 1, false);
    return row;
}

/* --- terms, thresholds, notes --- */

static int write_terms(Page *page, Sheet *sheet, int row)
{
    static const char *const terms[] = {"verdict",   "probability", "agreement", "interval",
                                        "n-eff",     "agree",       "net",       "finding",
                                        "contested", "proposed"};
    static const char *const keys[] = {"column.term", "column.meaning"};
    row = page_heading(page, sheet, row, "method.terms");
    const int header = row;
    head_row(page, sheet, row++, keys, 2);
    for (size_t i = 0; i < G_N_ELEMENTS(terms); i++) {
        g_autofree char *name = g_strconcat("term.", terms[i], NULL);
        g_autofree char *meaning = g_strconcat("meaning.", terms[i], NULL);
        cell_text(sheet, row, 0, &LOOK_TEXT_BOLD, W(name));
        cell_text(sheet, row++, 1, &LOOK_TEXT, W(meaning));
    }
    sheet_table(sheet, "Begreper", header, 0, 2, row - header - 1, false);
    return row;
}

static int write_thresholds(Page *page, Sheet *sheet, int row)
{
    const Thresholds *t = &page->project->thresholds;
    const struct {
        const char *key;
        double value, standard;
    } lines[] = {
#define THRESHOLD(field, key, standard, low, high, section) {key, t->field, standard},
#include "schemas/threshold.def"
#undef THRESHOLD
    };
    static const char *const keys[] = {"column.threshold", "column.meaning", "column.value",
                                       "column.standard"};
    Style number = LOOK_D2;
    number.number = "0.###";
    row = page_heading(page, sheet, row, "method.thresholds");
    const int header = row;
    head_row_of(page, sheet, row++, keys, 4, 2, 3);
    for (size_t i = 0; i < G_N_ELEMENTS(lines); i++) {
        g_autofree char *meaning = g_strconcat("threshold.", lines[i].key, NULL);
        cell_text(sheet, row, 0, &LOOK_TEXT, lines[i].key);
        cell_text(sheet, row, 1, &LOOK_TEXT, W(meaning));
        cell_number(sheet, row, 2, &number, lines[i].value);
        cell_number(sheet, row++, 3, &number, lines[i].standard);
    }
    sheet_table(sheet, "Terskler", header, 0, 4, row - header - 1, false);
    return row;
}

static int write_notes(Page *page, Sheet *sheet, int row)
{
    static const char *const notes[] = {"1", "2", "3", "4", "5", "6", "7"};
    static const char *const places[] = {"sheet.robustness", "sheet.distribution", "sheet.findings",
                                         "sheet.statements", "sheet.robustness",   "sheet.plan",
                                         "sheet.status"};
    static const char *const keys[] = {"column.remark", "column.meaning", "column.sheet"};
    row = page_heading(page, sheet, row, "method.notes");
    const int header = row;
    head_row(page, sheet, row++, keys, 3);
    for (size_t i = 0; i < G_N_ELEMENTS(notes); i++) {
        g_autofree char *name = g_strdup_printf("[note %s]", notes[i]);
        g_autofree char *text = g_strconcat("note.", notes[i], NULL);
        cell_text(sheet, row, 0, &LOOK_TEXT_BOLD, name);
        cell_text(sheet, row, 1, &LOOK_TEXT, W(text));
        cell_text(sheet, row++, 2, &LOOK_TEXT, W(places[i]));
    }
    sheet_table(sheet, "Merknader", header, 0, 3, row - header - 1, false);
    return row;
}

void method_write(Page *page, Sheet *sheet)
{
    static const double widths[] = {34, 84, 40, 14};
    for (int c = 0; c < (int)G_N_ELEMENTS(widths); c++)
        sheet_column(sheet, c, widths[c]);
    page_head(page, sheet, W("method.title"), page_weights(page), W("method.rests-on"));
    int row = write_sources(page, sheet, write_about(page, sheet, ROW_SPACE + 1));
    row = write_streams(page, sheet, row + 1);
    row = write_left_out(page, sheet, row + 1);
    row = write_terms(page, sheet, row + 1);
    row = write_notes(page, sheet, row + 1);
    row = coders_write(page, sheet, row + 1);
    row = differences_tests_write(page, sheet, row);
    write_thresholds(page, sheet, row);
    page_print(page, sheet, SHEET_LANDSCAPE_WIDE, -1);
}
