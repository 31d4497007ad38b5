/* Workbooks pulled into a real store: as form systems export them, and as people make them. */
#include "tests/collect/pull_fixture.h"
#include "tests/schemas/zip_fixture.h"

#include <string.h>
#include <xlsxwriter.h>

static const char sources[] = "  skjema:\n"
                              "    kind: xlsx\n"
                              "    path: svar.xlsx\n"
                              "    id: ID\n"
                              "    questions:\n"
                              "      Fullføringstidspunkt: {attribute: submitted}\n"
                              "      Org: {attribute: organisation}\n"
                              "      Antall: {attribute: participants}\n"
                              "      Svar: {rating: voice-neutral, values: {ja: 5, nei: 1}}\n"
                              "      \"Hva er viktigst?\": {statement: strength}\n"
                              "      Epost: {person: true}\n";

static int setup(void **state)
{
    *state = pull_fixture(sources, NULL);
    return 0;
}

static int teardown(void **state)
{
    pull_fixture_free(*state);
    return 0;
}

/* Sheets are written from lines of cells parted by `|`: numbers begin with `#`, dates with `@`,
 * formulas with `=` and their value. */
typedef struct {
    char *path;
    lxw_workbook *book;
    lxw_format *date;
} Book;

static Book book_begin(const PullFixture *f)
{
    Book book = {.path = g_build_filename(f->folder, "svar.xlsx", NULL)};
    book.book = workbook_new(book.path);
    book.date = workbook_add_format(book.book);
    format_set_num_format(book.date, "dd.mm.yyyy hh:mm");
    return book;
}

static void book_end(Book *book)
{
    assert_int_equal(workbook_close(book->book), 0);
    g_free(book->path);
}

static void cell_write(const Book *book, lxw_worksheet *sheet, lxw_row_t row, lxw_col_t column,
                       const char *text)
{
    double number = g_ascii_strtod(*text ? text + 1 : "", NULL);
    if (*text == '#')
        worksheet_write_number(sheet, row, column, number, NULL);
    else if (*text == '@')
        worksheet_write_number(sheet, row, column, number, book->date);
    else if (*text == '=')
        worksheet_write_formula_str(sheet, row, column, text, NULL, text + 1);
    else if (*text)
        worksheet_write_string(sheet, row, column, text, NULL);
}

static void lines_write(const Book *book, lxw_worksheet *sheet, lxw_row_t row, const char *lines)
{
    g_auto(GStrv) split = g_strsplit(lines, "\n", -1);
    for (char **line = split; *line; line++, row++) {
        g_auto(GStrv) cells = g_strsplit(*line, "|", -1);
        for (lxw_col_t c = 0; cells[c]; c++)
            cell_write(book, sheet, row, c, cells[c]);
    }
}

static void expect_stored(PullFixture *f, const char *due, const char *notes)
{
    bool pulled = pull_once(f);
    assert_ok(pulled, f->error);
    g_autofree char *text = stored_text(f, NULL);
    assert_string_equal(text, due);
    assert_string_equal(f->notes->str, notes);
}

static void expect_refused(PullFixture *f, int code, const char *message)
{
    assert_false(pull_once(f));
    assert_error(f->error, code, message);
    g_autofree char *text = stored_text(f, NULL);
    assert_string_equal(text, "");
}

static const char head[] =
    "ID|Starttidspunkt|Fullføringstidspunkt|Epost|Org|Antall|Svar|Hva er\u00A0viktigst?";

static void exports_become_responses(void **state)
{
    PullFixture *f = *state;
    Book book = book_begin(f);
    lxw_worksheet *hidden = workbook_add_worksheet(book.book, "Skjult");
    workbook_add_worksheet(book.book, "Tomt");
    lxw_worksheet *sheet = workbook_add_worksheet(book.book, "Svar");
    worksheet_write_string(hidden, 0, 0, "ikke dette", NULL);
    worksheet_hide(hidden);
    worksheet_activate(sheet);
    lines_write(&book, sheet, 3, head);
    lines_write(&book, sheet, 4,
                "#7|@46085.25|@46085.597222222219|kari@example.no|Solvik|#4.5|#3|Samhandling;\n"
                "\n"
                "#8|@46085|@46086|anonymous|Havgap|#1234.5|ja|=_x0041_b|utenfor\n"
                "#9||2026-03-04 10:00||Fjelldal|#12||");
    worksheet_set_row_opt(sheet, 4, 15, NULL, &(lxw_row_col_options){.hidden = 1});
    book_end(&book);
    expect_stored(
        f,
        "7 complete Fullføringstidspunkt=2026-03-04T14:20:00 Org=Solvik Antall=4.5 Svar=3 "
        "Hva er viktigst?=Samhandling;\n"
        "8 complete Fullføringstidspunkt=2026-03-05 Org=Havgap Antall=1234.5 Svar=ja "
        "Hva er viktigst?=Ab\n"
        "9 complete Fullføringstidspunkt=2026-03-04 10:00 Org=Fjelldal Antall=12 "
        "Svar=!not_answered Hva er viktigst?=!not_answered\n",
        "svar.xlsx: sheet «Svar» is read, and of the other visible ones (1) nothing; `sheet:` "
        "names another\n"
        "svar.xlsx: 1 hidden rows are read like the others\n"
        "svar.xlsx: 1 cells stand in columns to the right of the header and are not read\n"
        "svar.xlsx: 1 formulas are read as the values stored with them\n");
    assert_true(pull_once(f));
    assert_counts(f, 3, 0, 0, 3, 0, 0, 0);
}

/* Numbers that are numbers keep their meaning beside texts written the Norwegian way. */
static void numbers_beside_texts(void **state)
{
    PullFixture *f = *state;
    Book book = book_begin(f);
    lxw_worksheet *sheet = workbook_add_worksheet(book.book, NULL);
    lines_write(&book, sheet, 0,
                "ID|Org|Antall|Svar|Hva er viktigst?|Epost|Fullføringstidspunkt\n"
                "#1|A|4,5\n#2|B|#1.234\n#3|C|1.234\n#4|D|#6");
    book_end(&book);
    bool pulled = pull_once(f);
    assert_ok(pulled, f->error);
    g_autofree char *text = stored_text(f, "Antall");
    assert_string_equal(text, "1 complete Antall=4.5\n2 complete Antall=1.234\n"
                              "3 complete Antall=1234\n4 complete Antall=6\n");
}

static void merged_headers_are_told(void **state)
{
    PullFixture *f = *state;
    Book book = book_begin(f);
    lxw_worksheet *sheet = workbook_add_worksheet(book.book, "Ark1");
    worksheet_merge_range(sheet, 0, 3, 0, 5, "Vurdering", NULL);
    lines_write(&book, sheet, 0, "ID|Org|Antall\n#1|A|#2|#3|#4|#5");
    book_end(&book);
    expect_refused(f, INNSIKT_ERROR_DATA,
                   "svar.xlsx, sheet «Ark1»: the header in row 1 has merged cells (D1:F1)");
}

/* A pull of lines that stand in a sheet «Svar» behind an empty one, with more keys of the source.
 */
static char *pulled_with(const char *keys, const char *lines, int merged, GError **error)
{
    g_autofree char *with = g_strconcat(sources, keys, NULL);
    PullFixture *f = pull_fixture(with, NULL);
    Book book = book_begin(f);
    workbook_add_worksheet(book.book, "Forside");
    lxw_worksheet *sheet = workbook_add_worksheet(book.book, "Svar");
    if (merged) {
        worksheet_merge_range(sheet, 0, 0, 1, 0, "ID", NULL);
        worksheet_merge_range(sheet, 0, 2, 0, 3, "Om dere", NULL);
    }
    lines_write(&book, sheet, 0, lines);
    book_end(&book);
    char *text = pull_once(f) ? stored_text(f, NULL) : NULL;
    if (f->error)
        g_propagate_error(error, g_steal_pointer(&f->error));
    pull_fixture_free(f);
    return text;
}

static void the_row_that_names_the_columns_may_be_given(void **state)
{
    (void)state;
    static const char names[] = "ID|Svar|Org|Antall|Epost|Hva er viktigst?|Fullføringstidspunkt";
    static const struct {
        const char *keys, *above, *below;
        int merged;
        const char *due; /* of what is stored, or of the message */
        bool refused;
    } table[] = {
        {"", "q1|q2|q3|q4|q5|q6|q7\n%s", "\n#7|ja|Solvik|#4||Ro|@46085\n#8|ja|Solvik|#5||Ro|@46085",
         0, "row 2 has texts where the rows below have only numbers or dates", true},
        {"    header: 2\n", "q1|q2|q3|q4|q5|q6|q7\n%s",
         "\n#7|ja|Solvik|#4||Ro|@46085\n#8|ja|Havgap|#5||Ro|@46085", 0,
         "8 complete Svar=ja Org=Havgap", false},
        {"", "%s",
         "\nid|svar|org|antall|e|hva|tid\n#7|ja|Solvik|#4||Ro|@46085\n#8|ja|A|#5||Ro|@46085", 0,
         "write `header: 2` if it names the columns, or `header: 1` if it is an answer", true},
        {"    header: 1\n", "%s",
         "\nid|svar|org|antall|e|hva|tid\n#7|ja|Solvik|#4||Ro|@46085\n#8|ja|A|#5||Ro|@46085", 0,
         "id complete Svar=svar Org=org", false},
        {"    header: 2\n", "|Annet||\n%s", "\n#7|ja|Solvik|#4||Ro|@46085", 1,
         "7 complete Svar=ja Org=Solvik", false},
        {"    header: 3\n", "Tittel\n%s\n", "\n#7|ja|Solvik|#4||Ro|@46085", 0,
         "row 3, which `header:` names, is blank", true},
        {"    header: 9\n", "%s", "\n#7|ja|Solvik|#4||Ro|@46085", 0,
         "row 9, which `header:` names, is blank", true},
        {"    sheet: svar\n", "%s", "\n#7|ja|Solvik|#4||Ro|@46085", 0, "7 complete Svar=ja", false},
        {"    sheet: Forside\n", "%s", "\n#7|ja|Solvik|#4||Ro|@46085", 0, "svar.xlsx is empty",
         true},
        {"    sheet: Svra\n", "%s", "\n#7|ja|Solvik|#4||Ro|@46085", 0,
         "no sheet \"Svra\", which `sheet:` names; did you mean \"Svar\"?", true}};
    for (size_t i = 0; i < G_N_ELEMENTS(table); i++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(GString) lines = g_string_new(table[i].above);
        g_string_replace(lines, "%s", names, 1);
        g_string_append(lines, table[i].below);
        g_autofree char *text = pulled_with(table[i].keys, lines->str, table[i].merged, &error);
        const char *said = table[i].refused ? (error ? error->message : "") : text;
        if (!said || !strstr(said, table[i].due) || (error != NULL) != table[i].refused)
            fail_msg("case %zu: «%s», expected «%s»", i, error ? error->message : text,
                     table[i].due);
    }
}

/* The merge is what is wrong, not the id column that is missed because of it. */
static void titles_and_double_headers_are_told(void **state)
{
    PullFixture *f = *state;
    static const struct {
        const char *lines;
        int merged; /* columns of the first row */
        const char *message;
    } table[] = {
        {"Deltakere 2026\nID|Org|Antall\n#1|A|#2", 6, "has merged cells (A1:F1)"},
        {"Deltakere 2026\n\nID|Org|Antall\n#1|A|#2", 0, "is a title or one of two headers"},
        {"ID|Org|Vurdering\n|||a|b|c\n#1|A||#1|#2|#3", 0,
         "most cells below row 1 stand in columns it gives no name"}};
    for (size_t i = 0; i < G_N_ELEMENTS(table); i++) {
        Book book = book_begin(f);
        lxw_worksheet *sheet = workbook_add_worksheet(book.book, NULL);
        if (table[i].merged)
            worksheet_merge_range(sheet, 0, 0, 0, (lxw_col_t)(table[i].merged - 1), "x", NULL);
        lines_write(&book, sheet, 0, table[i].lines);
        book_end(&book);
        expect_refused(f, INNSIKT_ERROR_DATA, table[i].message);
    }
}

static void no_workbook_is_told(void **state)
{
    PullFixture *f = *state;
    static const struct {
        const char *bytes, *message;
    } table[] = {{"\xD0\xCF\x11\xE0", "svar.xlsx: the file is protected by a password"},
                 {"ID;Org\n1;A\n", "svar.xlsx: the file is text (CSV?)"},
                 {"PK\x03\x04", "svar.xlsx: the workbook is damaged"},
                 {"", "svar.xlsx: the file is empty"}};
    g_autofree char *path = g_build_filename(f->folder, "svar.xlsx", NULL);
    for (size_t i = 0; i < G_N_ELEMENTS(table); i++) {
        assert_true(g_file_set_contents(path, table[i].bytes, -1, NULL));
        expect_refused(f, INNSIKT_ERROR_DATA, table[i].message);
    }
    Book book = book_begin(f);
    workbook_add_worksheet(book.book, NULL);
    book_end(&book);
    expect_refused(f, INNSIKT_ERROR_DATA, "svar.xlsx is empty");
}

/* A million rows of which one says something, and cells that say nothing. */
static void empty_rows_cost_little(void **state)
{
    PullFixture *f = *state;
    static const char *const headers[] = {
        "ID", "Svar", "Org", "Antall", "Epost", "Hva er viktigst?", "Fullføringstidspunkt"};
    g_autoptr(GString) sheet = g_string_new("<worksheet><sheetData><row r=\"1\">");
    for (size_t i = 0; i < G_N_ELEMENTS(headers); i++)
        g_string_append_printf(sheet, "<c t=\"inlineStr\"><is><t>%s</t></is></c>", headers[i]);
    g_string_append(sheet, "</row>");
    for (int i = 2; i < 1 << 20; i++)
        g_string_append_printf(sheet, "<row r=\"%d\" spans=\"1:4\"><c s=\"0\"/></row>", i);
    g_string_append(sheet, "<row r=\"1048576\"><c><v>5</v></c><c t=\"e\"><v>#N/A</v></c>"
                           "</row></sheetData></worksheet>");
    g_autoptr(GBytes) bytes = zip_workbook(sheet->str, NULL, NULL);
    g_autofree char *path = g_build_filename(f->folder, "svar.xlsx", NULL);
    gsize n;
    const char *data = g_bytes_get_data(bytes, &n);
    assert_true(g_file_set_contents(path, data, (gssize)n, NULL));
    bool pulled = pull_once(f);
    assert_ok(pulled, f->error);
    g_autofree char *text = stored_text(f, "Svar");
    assert_string_equal(text, "5 complete Svar=!not_answered\n");
    assert_non_null(strstr(f->notes->str, "svar.xlsx: 1 cells hold error values such as #N/A"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(exports_become_responses, setup, teardown),
        cmocka_unit_test_setup_teardown(numbers_beside_texts, setup, teardown),
        cmocka_unit_test_setup_teardown(merged_headers_are_told, setup, teardown),
        cmocka_unit_test(the_row_that_names_the_columns_may_be_given),
        cmocka_unit_test_setup_teardown(titles_and_double_headers_are_told, setup, teardown),
        cmocka_unit_test_setup_teardown(no_workbook_is_told, setup, teardown),
        cmocka_unit_test_setup_teardown(empty_rows_cost_little, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
