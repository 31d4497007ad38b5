/* The border to libxlsxwriter: whatever text comes, wherever it stands, what comes out is a
 * workbook that opens; and what cannot become one is an error and no file. */
#include "analyze/workbook/cell.h"

#include "analyze/workbook/look.h"
#include "analyze/workbook/package.h"
#include "analyze/workbook/textgate.h"
#include "tests/analyze/xlsx.h"

#include <glib/gstdio.h>
#include <locale.h>
#include <math.h>
#include <signal.h>
#include <sys/resource.h>

typedef struct {
    char *folder, *path;
} World;

static int setup(void **state)
{
    World *w = g_new0(World, 1);
    w->folder = g_dir_make_tmp("innsikt-cell-XXXXXX", NULL);
    assert_non_null(w->folder);
    w->path = g_build_filename(w->folder, "bok.xlsx", NULL);
    *state = w;
    return 0;
}

static int teardown(void **state)
{
    World *w = *state;
    g_unlink(w->path);
    assert_int_equal(g_rmdir(w->folder), 0);
    g_free(w->folder);
    g_free(w->path);
    g_free(w);
    return 0;
}

static const BookInfo plain_info = {.title = "Bok",
                                    .subject = "Prøve",
                                    .language = "nb-NO",
                                    .program = "innsikt 0.1",
                                    .created = 1632468093000421,
                                    .cut = "… (forkortet)"};

/* --- hostile text, everywhere ---------------------------------------------------------------- */

static const Style wrapped = {.size = 10, .wrap = true}, bold = {.size = 10, .bold = true};

enum { HEADER_ROW = 2, DATA_ROW = 10 };

static void put_cells(Sheet *sheet, Sheet *other, const char *text)
{
    cell_text(sheet, 0, 0, &wrapped, text);
    cell_text(sheet, 0, 1, &LOOK_CENTRE, text);
    cell_link(sheet, 0, 2, &LOOK_LINK, text, other, 4, 2);
    cell_number_link(sheet, 0, 3, &LOOK_INT_LINK, 412, other, 0, 0);
    const Run runs[] = {{.text = "foran ", .size = 16, .bold = true},
                        {.text = text, .size = 10, .colour = MUTED},
                        {.text = text, .size = 9.5}};
    cell_rich(sheet, 1, 0, &wrapped, runs, 3);
    cell_rich(sheet, 1, 1, &wrapped, runs + 1, 1);
    cell_rich(sheet, 1, 2, &wrapped, runs + 1, 2);
}

static void put_table(Sheet *sheet, const char *text)
{
    g_autofree char *first = g_strconcat("a", text, NULL);
    g_autofree char *second = g_strconcat("b", text, NULL);
    cell_text(sheet, HEADER_ROW, 0, &LOOK_HEADER, first);
    cell_text(sheet, HEADER_ROW, 1, &bold, second);
    for (int row = 1; row <= 3; row++) {
        cell_text(sheet, HEADER_ROW + row, 0, &wrapped, text);
        cell_number(sheet, HEADER_ROW + row, 1, &LOOK_PERCENT, row / 4.0);
    }
    sheet_table(sheet, "Tabell", HEADER_ROW, 0, 2, 3, true);
    sheet_bar(sheet, HEADER_ROW + 1, HEADER_ROW + 3, 1, BAR);
    sheet_heat(sheet, HEADER_ROW + 1, HEADER_ROW + 3, 1, -1.5, 2.5, WHITE, HEAT_ORANGE);
}

static void put_chart(Sheet *sheet, Sheet *data, const char *text)
{
    for (int row = 0; row < 2; row++) {
        cell_text(data, DATA_ROW + row, 0, &LOOK_TEXT, text);
        cell_number(data, DATA_ROW + row, 1, &LOOK_PERCENT, 0.125);
        cell_number(data, DATA_ROW + row, 2, &LOOK_PERCENT, 0.375 + row / 2.0);
    }
    const Series series[] = {{.name = " ", .column = 1},
                             {.name = text, .fill = LINK, .label = WHITE, .column = 2}};
    const BarChart chart = {.data = data,
                            .first_row = DATA_ROW,
                            .last_row = DATA_ROW + 1,
                            .category_column = 0,
                            .series = series,
                            .n_series = 2,
                            .axis_max = 1.5,
                            .crosses = 0.75,
                            .legend = true,
                            .width = 777,
                            .height = 131,
                            .alt_text = text};
    sheet_bar_chart(sheet, DATA_ROW, 0, &chart);
}

static void put_page(Sheet *sheet, const char *text)
{
    const PrintSetup setup = {.fit = SHEET_LANDSCAPE_WIDE,
                              .repeat_row = HEADER_ROW,
                              .footer_left = text,
                              .footer_page = "side &P av &N",
                              .margin = {0.35, 0.35, 0.35, 0.5}};
    sheet_column(sheet, 0, 13.285);
    sheet_break(sheet, 9);
    sheet_freeze(sheet, HEADER_ROW + 1, 1);
    sheet_protect(sheet);
    sheet_print(sheet, &setup);
    sheet_activate(sheet);
}

/* One text in every place that takes one. */
static bool write_book(const char *path, const char *text, GError **error)
{
    BookInfo info = plain_info;
    info.title = info.subject = text;
    Book *book = book_new(path, &info);
    Sheet *sheet = book_sheet(book, "Årsak"), *data = book_sheet(book, "_diagram");
    sheet_hide(data);
    put_cells(sheet, data, text);
    put_table(sheet, text);
    put_chart(sheet, data, text);
    put_page(sheet, text);
    book_property(book, "innsikt.tekst", text);
    const int rows[] = {sheet_rows_written(sheet), sheet_rows_written(data)};
    return book_close(book, error) && package_finish(path, "nb-NO", "_diagram", error) &&
           package_verify(path, rows, 2, error);
}

static char *many(const char *text, int times)
{
    GString *out = g_string_new(NULL);
    while (times-- > 0)
        g_string_append(out, text);
    return g_string_free(out, FALSE);
}

static void assert_cell(const char *path, const char *cell, const char *text, TextPlace place)
{
    g_autofree char *got = xlsx_cell(path, 1, cell);
    g_autofree char *want = text_gate(text, place, plain_info.cut);
    if (g_strcmp0(got ? got : "", want) != 0)
        fail_msg("%s holds «%.80s», want «%.80s»", cell, got, want);
}

static void assert_survives(const char *path, const char *name, const char *text)
{
    GError *error = NULL;
    if (!write_book(path, text, &error))
        fail_msg("%s: %s", name, error->message);
    assert_in_range(xlsx_assert_whole(path), 14, 20);
    g_autofree char *workbook = xlsx_part(path, "xl/workbook.xml");
    g_autoptr(GPtrArray) states = xlsx_all(workbook, "sheet", "state");
    assert_int_equal(states->len, 1);
    assert_string_equal(states->pdata[0], "veryHidden");
    assert_cell(path, "A1", text, PLACE_CELL);
    assert_cell(path, "B1", text, PLACE_LINE);
    assert_cell(path, "C1", text, PLACE_LINE);
    g_autofree char *number = xlsx_cell(path, 1, "D1");
    assert_string_equal(number, "412");
    g_autofree char *sheet = xlsx_part(path, "xl/worksheets/sheet1.xml");
    assert_null(strstr(sheet, "<f>"));
    g_autofree char *chart = xlsx_part(path, "xl/charts/chart1.xml");
    g_autoptr(GPtrArray) formulas = xlsx_all(chart, "c:f", NULL);
    for (guint i = 0; i < formulas->len; i++)
        assert_non_null(strstr(formulas->pdata[i], "_diagram"));
    g_autofree char *table = xlsx_part(path, "xl/tables/table1.xml");
    g_autoptr(GPtrArray) headers = xlsx_all(table, "tableColumn", "name");
    g_autofree char *first = xlsx_cell(path, 1, "A3");
    assert_int_equal(headers->len, 2);
    assert_string_equal(headers->pdata[0], first);
    g_autoptr(GPtrArray) footers = xlsx_all(sheet, "oddFooter", NULL);
    assert_int_equal(footers->len, 1);
    assert_true(g_utf8_strlen(footers->pdata[0], -1) <= 255);
    assert_non_null(strstr(footers->pdata[0], "side &P av &N"));
}

static void hostile_text(void **state)
{
    World *w = *state;
    g_autofree char *full = many("å", 40000), *emoji = many("\U0001F600", 20000),
                    *marks = many("e\u0301", 20000), *lines = many("linje\r\n", 300),
                    *dashes = many("–", 2000), *ands = many("&", 500), *quotes = many("\"", 3000);
    const struct {
        const char *name, *text;
    } cases[] = {
        {"plain", "Blåbær «på» tur"},
        {"empty", ""},
        {"blank", " "},
        {"invalid UTF-8", "bl\xE5\xC3"},
        {"lone surrogate", "x\xED\xA0\xBDy"},
        {"noncharacters", "a\xEF\xBF\xBE\xEF\xBF\xBF"},
        {"control characters", "\x01\x02"
                               "a\x0B\x1F\x7F"},
        {"only control characters", "\x01\x08\x1B"},
        {"CR LF and tab", "a\r\nb\rc\td"},
        {"an escape", "_x0041_ og _x000D_"},
        {"too long", full},
        {"emoji over the border", emoji},
        {"marks over the border", marks},
        {"line feeds", lines},
        {"bytes of an attribute", dashes},
        {"&", ands},
        {"quotes", quotes},
        {"bidi", "a\u202Eb\u2066c"},
        {"formula", "=cmd|'/c calc'!A0"},
        {"formula of a sheet", "='_diagram'!$A$1"},
        {"other signs", "+-@x"},
        {"markup", "</t></si><x a=\"'&amp;]]>"},
        {"a picture in the footer", "F&G &[Picture] &&G"},
        {"a size in the footer", "2030-strategien & veien dit"},
        {"a link", "internal:Sheet1!A1"},
        {"a URL", "http://example.org/\"?a=1&b=2#c"},
        {"an apostrophe", "'"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++)
        assert_survives(w->path, cases[i].name, cases[i].text);
}

/* A title that begins with a year is a title, not a size; its & is shown. */
static void footer(void **state)
{
    World *w = *state;
    assert_true(write_book(w->path, "2030 & veien", NULL));
    g_autofree char *sheet = xlsx_part(w->path, "xl/worksheets/sheet1.xml");
    g_autoptr(GPtrArray) footers = xlsx_all(sheet, "oddFooter", NULL);
    assert_string_equal(footers->pdata[0], "&L&\"Arial,Regular\"&8 2030 && veien"
                                           "&R&\"Arial,Regular\"&8 Årsak · side &P av &N");
}

/* --- numbers -----------------------------------------------------------------------------------
 */

static void undefined_numbers(void **state)
{
    World *w = *state;
    static const double values[] = {NAN, -NAN, INFINITY, -INFINITY, -0.0, 1e308};
    static const char *const want[] = {"–", "–", "–", "–", "0", "1E+308"};
    Book *book = book_new(w->path, &plain_info);
    Sheet *sheet = book_sheet(book, "Tall");
    for (int i = 0; i < (int)G_N_ELEMENTS(values); i++) {
        cell_number(sheet, i, 0, &LOOK_D2, values[i]);
        cell_number_link(sheet, i, 1, &LOOK_INT_LINK, values[i], sheet, 0, 0);
    }
    g_autoptr(GTimeZone) zone = g_time_zone_new_utc();
    cell_date(sheet, 9, 0, &LOOK_DATE, G_MININT64, zone);
    cell_date(sheet, 9, 1, &LOOK_DATE, 1632468093000421, zone);
    assert_true(book_close(book, NULL));
    xlsx_assert_whole(w->path);
    for (int i = 0; i < (int)G_N_ELEMENTS(values); i++)
        for (char column = 'A'; column <= 'B'; column++) {
            g_autofree char *cell = g_strdup_printf("%c%d", column, i + 1);
            g_autofree char *got = xlsx_cell(w->path, 1, cell);
            assert_string_equal(got, want[i]);
        }
    g_autofree char *unknown = xlsx_cell(w->path, 1, "A10");
    assert_string_equal(unknown, "–");
    g_autofree char *day = xlsx_cell(w->path, 1, "B10");
    assert_string_equal(day, "44463");
}

/* --- errors ------------------------------------------------------------------------------------
 */

static void head(Sheet *sheet, int row, int column, const char *text)
{
    cell_text(sheet, row, column, &LOOK_HEADER, text);
}

static void sheet_twice(Book *book, Sheet *sheet)
{
    (void)sheet;
    book_sheet(book, "ÅRSAK");
}

static void sheet_history(Book *book, Sheet *sheet)
{
    (void)sheet;
    book_sheet(book, "History");
}

static void sheet_long(Book *book, Sheet *sheet)
{
    (void)sheet;
    g_autofree char *name = many("\U0001F600", 16);
    book_sheet(book, name);
}

static void sheet_signs(Book *book, Sheet *sheet)
{
    (void)sheet;
    book_sheet(book, "a/b");
}

static void sheet_nameless(Book *book, Sheet *sheet)
{
    (void)sheet;
    book_sheet(book, "");
}

static void table_twice(Book *book, Sheet *sheet)
{
    (void)book;
    head(sheet, 0, 0, "A");
    head(sheet, 9, 0, "A");
    sheet_table(sheet, "Funn", 0, 0, 1, 2, false);
    sheet_table(sheet, "FUNN", 9, 0, 1, 2, false);
}

static void table_overlaps(Book *book, Sheet *sheet)
{
    (void)book;
    head(sheet, 0, 0, "A");
    head(sheet, 2, 0, "A");
    sheet_table(sheet, "Funn", 0, 0, 1, 2, false);
    sheet_table(sheet, "Plan", 2, 0, 1, 2, false);
}

static void table_is_cell(Book *book, Sheet *sheet)
{
    (void)book;
    head(sheet, 0, 0, "A");
    sheet_table(sheet, "R1C1", 0, 0, 1, 2, false);
}

static void table_not_ascii(Book *book, Sheet *sheet)
{
    (void)book;
    head(sheet, 0, 0, "A");
    sheet_table(sheet, "Føringer", 0, 0, 1, 2, false);
}

static void header_missing(Book *book, Sheet *sheet)
{
    (void)book;
    head(sheet, 0, 0, "A");
    sheet_table(sheet, "Funn", 0, 0, 2, 2, false);
}

static void header_empty(Book *book, Sheet *sheet)
{
    (void)book;
    head(sheet, 0, 0, "\x01");
    sheet_table(sheet, "Funn", 0, 0, 1, 2, false);
}

static void header_twice(Book *book, Sheet *sheet)
{
    (void)book;
    head(sheet, 0, 0, "Åpne svar");
    head(sheet, 0, 1, "åpne SVAR");
    sheet_table(sheet, "Funn", 0, 0, 2, 2, false);
}

/* Two headers that differ only beyond what a header holds. */
static void header_cut_twice(Book *book, Sheet *sheet)
{
    (void)book;
    g_autofree char *long_one = many("x", 300);
    g_autofree char *longer = g_strconcat(long_one, "y", NULL);
    head(sheet, 0, 0, long_one);
    head(sheet, 0, 1, longer);
    sheet_table(sheet, "Funn", 0, 0, 2, 2, false);
}

static void row_outside(Book *book, Sheet *sheet)
{
    (void)book;
    cell_number(sheet, 0, 16384, &LOOK_INT, 1);
}

static const struct {
    const char *name;
    void (*make)(Book *book, Sheet *sheet);
    const char *message; /* part of it */
} faults[] = {
    {"sheet twice", sheet_twice, "is used twice"},
    {"History", sheet_history, "History"},
    {"too long in UTF-16", sheet_long, "was refused"},
    {"a sign in a name", sheet_signs, "a/b"},
    {"no name", sheet_nameless, "was refused"},
    {"table twice", table_twice, "table FUNN is used twice"},
    {"tables overlap", table_overlaps, "table Plan"},
    {"a table named as a cell", table_is_cell, "table R1C1"},
    {"a table's name beyond ASCII", table_not_ascii, "table Føringer"},
    {"header missing", header_missing, "column 2 has no header of its own"},
    {"header empty", header_empty, "column 1 has no header of its own"},
    {"header twice", header_twice, "column 2 has no header of its own"},
    {"header twice when cut", header_cut_twice, "column 2 has no header of its own"},
    {"outside the sheet", row_outside, "sheet Årsak, row 1, column 16385"},
};

static void use_everything(Book *book, Sheet *sheet)
{
    Sheet *late = book_sheet(book, "Sent");
    assert_non_null(late);
    assert_string_equal(sheet_name(late), "Sent");
    put_cells(sheet, late, "tekst");
    put_cells(late, sheet, "tekst");
    put_table(late, "tekst");
    put_chart(sheet, late, "tekst");
    put_chart(late, sheet, "tekst");
    put_page(late, "tekst");
    sheet_height(late, 3, 44);
    sheet_hide(late);
    book_property(book, "innsikt.tekst", "tekst");
    assert_int_equal(sheet_rows_written(late), 0);
}

/* Each fault alone: told in the end, no file; and after it every call does nothing. */
static void each_fault(void **state)
{
    World *w = *state;
    for (size_t i = 0; i < 2 * G_N_ELEMENTS(faults); i++) {
        const size_t f = i / 2;
        GError *error = NULL;
        Book *book = book_new(w->path, &plain_info);
        Sheet *sheet = book_sheet(book, "Årsak");
        faults[f].make(book, sheet);
        const int rows = sheet_rows_written(sheet);
        if (i % 2)
            use_everything(book, sheet);
        assert_int_equal(sheet_rows_written(sheet), rows);
        if (book_close(book, &error))
            fail_msg("%s: passed", faults[f].name);
        if (!strstr(error->message, faults[f].message))
            fail_msg("%s: %s", faults[f].name, error->message);
        assert_non_null(strstr(error->message, "bok.xlsx"));
        g_clear_error(&error);
        g_autofree char *left = folder_listing(w->folder);
        assert_string_equal(left, "");
    }
}

static void abandoned(void **state)
{
    World *w = *state;
    Book *book = book_new(w->path, &plain_info);
    Sheet *sheet = book_sheet(book, "Årsak");
    put_cells(sheet, sheet, "tekst");
    book_abandon(book);
    g_autofree char *left = folder_listing(w->folder);
    assert_string_equal(left, "");
}

static void no_folder(void **state)
{
    World *w = *state;
    g_autofree char *path = g_build_filename(w->folder, "finnes", "ikke", "bok.xlsx", NULL);
    GError *error = NULL;
    assert_false(write_book(path, "tekst", &error));
    assert_non_null(strstr(error->message, path));
    g_clear_error(&error);
}

/* However early the disk fills up, what was written is refused; and nothing else is left behind. */
static void disk_full(void **state)
{
    World *w = *state;
    struct rlimit before;
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
    void (*handler)(int) = signal(SIGXFSZ, SIG_IGN);
    assert_true(write_book(w->path, "tekst", NULL));
    g_autofree char *whole = NULL;
    gsize size = 0;
    assert_true(g_file_get_contents(w->path, &whole, &size, NULL));
    int refused = 0;
    for (rlim_t limit = 0; limit < size; limit += 512) {
        struct rlimit small = {.rlim_cur = limit, .rlim_max = before.rlim_max};
        g_autoptr(GError) error = NULL;
        assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
        const bool ok = write_book(w->path, "tekst", &error);
        assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
        if (ok)
            fail_msg("%zu bytes passed for %zu", (size_t)limit, (size_t)size);
        refused += error != NULL;
        g_autofree char *left = folder_listing(w->folder);
        if (*left && strcmp(left, "bok.xlsx") != 0)
            fail_msg("left behind at %zu bytes: %s", (size_t)limit, left);
    }
    signal(SIGXFSZ, handler);
    assert_true(refused > 10);
}

/* --- the same bytes --------------------------------------------------------------------------- */

static char *bytes_of(const World *w, gsize *n)
{
    char *bytes = NULL;
    assert_true(write_book(w->path, "Blåbær & 1,5", NULL));
    assert_true(g_file_get_contents(w->path, &bytes, n, NULL));
    return bytes;
}

static void same_bytes(void **state)
{
    gsize n, m;
    g_autofree char *one = bytes_of(*state, &n), *two = bytes_of(*state, &m);
    assert_int_equal(n, m);
    assert_memory_equal(one, two, n);
}

/* A locale with a comma, made for the test: none need be installed. */
static bool norwegian_numbers(const char *folder)
{
    g_autofree char *made = g_build_filename(folder, "nb_NO.UTF-8", NULL);
    char *command[] = {(char *)"localedef",
                       (char *)"-i",
                       (char *)"nb_NO",
                       (char *)"-f",
                       (char *)"UTF-8",
                       made,
                       NULL};
    g_autofree char *said = NULL, *complained = NULL;
    int status = 0;
    if (!g_spawn_sync(NULL, command, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, &said, &complained,
                      &status, NULL))
        return false;
    g_setenv("LOCPATH", folder, TRUE);
    return setlocale(LC_NUMERIC, "nb_NO.UTF-8") && *localeconv()->decimal_point == ',';
}

static void remove_tree(const char *folder)
{
    GDir *dir = g_dir_open(folder, 0, NULL);
    for (const char *name; dir && (name = g_dir_read_name(dir));) {
        g_autofree char *path = g_build_filename(folder, name, NULL);
        remove_tree(path);
    }
    if (dir)
        g_dir_close(dir);
    g_remove(folder);
}

static void norwegian_locale(void **state)
{
    gsize n, m;
    g_autofree char *one = bytes_of(*state, &n), *two = NULL;
    g_autofree char *folder = g_dir_make_tmp("innsikt-locale-XXXXXX", NULL);
    const bool ready = norwegian_numbers(folder);
    if (ready) {
        two = bytes_of(*state, &m);
        assert_int_equal(*localeconv()->decimal_point, ',');
    }
    setlocale(LC_NUMERIC, "C");
    g_unsetenv("LOCPATH");
    remove_tree(folder);
    if (!ready) {
        print_message("SKIPPED: no Norwegian locale could be made (localedef, package locales)\n");
        skip();
    }
    assert_int_equal(n, m);
    assert_memory_equal(one, two, n);
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
    static const struct CMUnitTest tests[] = {
        TEST(hostile_text), TEST(footer),     TEST(undefined_numbers),
        TEST(each_fault),   TEST(abandoned),  TEST(no_folder),
        TEST(disk_full),    TEST(same_bytes), TEST(norwegian_locale),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
