/* Workbooks row by row: what honest programs write, and what hostile ones do. */
#include "schemas/xlsx.h"

#include "tests/schemas/zip_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
/* cmocka.h needs the four above first. */
#include <cmocka.h>

#include <glib/gstdio.h>
#include <unistd.h>
#include <xlsxwriter.h>

static const char marks[] = {'t', 'n', 'd', 'b', 'e', '-'};

/* «3h:A=t«text» C=n«4»=» a row: h hidden, = a formula. */
static char *rows_text(XlsxRows *rows, GError **error)
{
    g_autoptr(GString) out = g_string_new(NULL);
    XlsxRow row;
    for (;;) {
        if (!xlsx_rows_next(rows, &row, error))
            return NULL;
        if (!row.n)
            return g_string_free(g_steal_pointer(&out), FALSE);
        g_string_append_printf(out, "%d%s:", (int)row.number, row.hidden ? "h" : "");
        for (size_t i = 0; i < row.n; i++)
            g_string_append_printf(out, " %u%c«%s»%s", row.cell[i].column, marks[row.cell[i].kind],
                                   row.cell[i].text, row.cell[i].formula ? "=" : "");
        g_string_append_c(out, '\n');
    }
}

static char *sheet_text(GBytes *bytes, size_t sheet, GError **error)
{
    gsize n;
    const void *data = g_bytes_get_data(bytes, &n);
    g_autoptr(Xlsx) xlsx = xlsx_open_bytes(data, n, "svar.xlsx", error);
    g_autoptr(XlsxRows) rows = xlsx ? xlsx_rows(xlsx, sheet, error) : NULL;
    return rows ? rows_text(rows, error) : NULL;
}

static void expect_workbook(GBytes *bytes, const char *due)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *text = sheet_text(bytes, 1, &error);
    assert_string_equal(error ? error->message : "", "");
    assert_string_equal(text, due);
}

static void expect_sheet(const char *data, const char *strings, const char *styles, const char *due)
{
    g_autofree char *sheet =
        g_strdup_printf("<worksheet><sheetData>%s</sheetData></worksheet>", data);
    g_autoptr(GBytes) bytes = zip_workbook(sheet, strings, styles);
    expect_workbook(bytes, due);
}

static void expect_refused(GBytes *bytes, int code, const char *message)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *text = sheet_text(bytes, 1, &error);
    assert_null(text);
    assert_non_null(error);
    if (!strstr(error->message, message))
        fail_msg("«%s», expected «%s»", error->message, message);
    assert_true(g_str_has_prefix(error->message, "svar.xlsx: "));
    assert_int_equal(error->code, code);
}

/* --- what a cell says ------------------------------------------------------------------------ */

static void cells_of_every_type_are_read(void **state)
{
    (void)state;
    expect_sheet("<row r=\"2\" hidden=\"1\"><c r=\"B2\" t=\"s\"><v>0</v></c>"
                 "<c r=\"D2\" t=\"inlineStr\"><is><r><t>a</t></r><rPh><t>x</t></rPh>"
                 "<r><rPr><b/></rPr><t xml:space=\"preserve\"> b</t></r></is></c></row>"
                 "<row><c t=\"b\"><v>1</v></c><c/><c t=\"b\"><v>0</v></c><c t=\"e\"><v>#N/A</v></c>"
                 "<c t=\"str\"><f>A1</f><v>_x0041_&amp;_x005F_x0042_</v></c>"
                 "<c><f>1+1</f></c><c t=\"str\"><f>\"\"</f><v></v></c>"
                 "<c t=\"d\"><v>2026-03-04</v></c></row>"
                 "<row r=\"1048576\"><c r=\"XFD1048576\"><v>7</v></c></row>",
                 NULL, NULL,
                 "2h: 1t«én» 3t«a b»\n"
                 "3: 0b«true» 2b«false» 3e«#N/A» 4t«A&_x0042_»= 5-«»= 7d«2026-03-04»\n"
                 "1048576: 16383n«7»\n");
}

static void escapes_are_decoded(void **state)
{
    (void)state;
    expect_sheet("<row><c t=\"s\"><v>0</v></c><c t=\"s\"><v>1</v></c><c t=\"s\"><v>3</v></c>"
                 "<c t=\"s\"><v>2</v></c></row>",
                 "<sst><si><t>_xD83D__xDE00_ _x0000_ _xDE00_ _xD83Dx _x00e5_</t></si>"
                 "<si><r><t>rik</t></r><rPh sb=\"0\" eb=\"1\"><t>ikke</t></rPh><r><t>dom</t></r>"
                 "<phoneticPr/></si><si><t/></si><si><t>\n _x</t></si></sst>",
                 NULL, "1: 0t«😀 \uFFFD \uFFFD _xD83Dx å» 1t«rikdom» 2t«\n _x»\n");
}

static void numbers_are_written_as_people_do(void **state)
{
    (void)state;
    static const struct {
        const char *raw, *due;
    } table[] = {{"4", "4"},
                 {"4.0", "4"},
                 {"007", "7"},
                 {"-0", "0"},
                 {"0.1", "0.1"},
                 {"0.30000000000000004", "0.3"},
                 {"1.1000000000000001", "1.1"},
                 {"-4.79E+10", "-47900000000"},
                 {"9.1234E-7", "0.00000091234"},
                 {"12345678901234567890", "12345678901234567168"},
                 {"1E+300", "1e+300"},
                 {"1250.5", "1250.5"}};
    for (size_t i = 0; i < G_N_ELEMENTS(table); i++) {
        g_autofree char *data = g_strdup_printf("<row><c><v>%s</v></c></row>", table[i].raw);
        g_autofree char *due = g_strdup_printf("1: 0n«%s»\n", table[i].due);
        expect_sheet(data, NULL, NULL, due);
    }
}

static void formats_alone_make_dates(void **state)
{
    (void)state;
    static const struct {
        const char *format, *raw, *due;
    } table[] = {{"yyyy-mm-dd", "46085", "d«2026-03-04»"},
                 {"dd.mm.yyyy hh:mm", "46085.597222222219", "d«2026-03-04T14:20:00»"},
                 {"[$-414]d. mmmm yyyy;@", "46085", "d«2026-03-04»"},
                 {"mmm", "46085", "d«2026-03-04»"},
                 {"hh:mm", "0.58680555555555558", "d«14:05:00»"},
                 {"hh:mm", "46085.5", "d«2026-03-04T12:00:00»"},
                 {"[h]:mm", "1.5", "d«36:00:00»"},
                 {"mm:ss", "0.5", "d«12:00:00»"},
                 {"yyyy", "0.99999999", "d«1899-12-31»"},
                 {"d", "2958465", "d«9999-12-31»"},
                 {"d", "2958466", "n«2958466»"},
                 {"d", "-3", "n«-3»"},
                 {"0.00E+00", "46085", "n«46085»"},
                 {"General", "46085", "n«46085»"},
                 {"#,##0 \"dager\"", "46085", "n«46085»"},
                 {"0\\d", "46085", "n«46085»"},
                 {"[Red]0;yyyy", "46085", "n«46085»"},
                 {"0_d*y", "46085", "n«46085»"}};
    for (size_t i = 0; i < G_N_ELEMENTS(table); i++) {
        g_autofree char *code = g_markup_escape_text(table[i].format, -1);
        g_autofree char *styles = g_strdup_printf(
            "<styleSheet><numFmts><numFmt numFmtId=\"171\" formatCode=\"%s\"/></numFmts>"
            "<cellStyleXfs><xf numFmtId=\"14\"/></cellStyleXfs><cellXfs><xf numFmtId=\"0\"/>"
            "<xf numFmtId=\"171\"/></cellXfs></styleSheet>",
            code);
        g_autofree char *data =
            g_strdup_printf("<row><c s=\"1\"><v>%s</v></c></row>", table[i].raw);
        g_autofree char *due = g_strdup_printf("1: 0%s\n", table[i].due);
        expect_sheet(data, NULL, styles, due);
    }
    expect_sheet("<row><c s=\"0\"><v>46085</v></c><c s=\"1\"><v>46085.5</v></c>"
                 "<c s=\"2\"><v>46085.5</v></c><c s=\"3\"><v>46085.5</v></c></row>",
                 NULL,
                 "<styleSheet><cellXfs><xf numFmtId=\"14\"/><xf numFmtId=\"22\"/>"
                 "<xf numFmtId=\"49\"/></cellXfs></styleSheet>",
                 "1: 0d«2026-03-04» 1d«2026-03-04T12:00:00» 2n«46085.5» 3n«46085.5»\n");
}

static void old_macs_count_from_1904(void **state)
{
    (void)state;
    g_autofree char *book = g_strdup("<workbook xmlns:r=\"r\"><workbookPr date1904=\"true\"/>"
                                     "<sheets><sheet name=\"x\" r:id=\"r4\"/>"
                                     "<sheet name=\"y\" r:id=\"r4\"/></sheets></workbook>");
    const ZipPart parts[] = {{"[Content_Types].xml", zip_types},
                             {"_rels/.rels", zip_root},
                             {"BOK/Arbeid.xml", book},
                             {"bok/_rels/arbeid.xml.rels", zip_relations},
                             {"ark/to.xml", "<worksheet><sheetData><row><c><v>44623.25</v></c>"
                                            "</row></sheetData></worksheet>"},
                             {"bok/form.xml", "<styleSheet><cellXfs><xf numFmtId=\"22\"/></cellXfs>"
                                              "</styleSheet>"},
                             {"bok/ord.xml", zip_strings},
                             {0}};
    g_autoptr(GBytes) bytes = zip_bytes(parts, ZIP_CM_STORE);
    expect_workbook(bytes, "1: 0d«2026-03-04T06:00:00»\n");
}

/* --- honest programs ------------------------------------------------------------------------- */

static void written_by_a_library(void **state)
{
    (void)state;
    g_autofree char *folder = g_dir_make_tmp("innsikt-xlsx-XXXXXX", NULL);
    g_autofree char *path = g_build_filename(folder, "bok.xlsx", NULL);
    lxw_workbook *book = workbook_new(path);
    lxw_worksheet *first = workbook_add_worksheet(book, "Dekke");
    lxw_worksheet *sheet = workbook_add_worksheet(book, "Årsak");
    lxw_format *date = workbook_add_format(book);
    format_set_num_format(date, "dd.mm.yyyy hh:mm");
    worksheet_hide(first);
    worksheet_activate(sheet);
    worksheet_merge_range(sheet, 0, 1, 0, 3, "Gruppe", NULL);
    worksheet_write_string(sheet, 1, 0, "Åse", NULL);
    worksheet_write_number(sheet, 1, 1, 0.1 + 0.2, NULL);
    worksheet_write_boolean(sheet, 1, 2, 1, NULL);
    worksheet_write_formula_num(sheet, 1, 3, "=6*7", NULL, 42);
    lxw_datetime when = {2026, 3, 4, 14, 20, 0};
    worksheet_write_datetime(sheet, 1, 4, &when, date);
    assert_int_equal(workbook_close(book), 0);
    g_autoptr(GError) error = NULL;
    g_autoptr(Xlsx) xlsx = xlsx_open(path, "bok.xlsx", &error);
    assert_null(error);
    assert_int_equal(xlsx_n_sheets(xlsx), 2);
    assert_string_equal(xlsx_sheet(xlsx, 1).name, "Årsak");
    assert_true(xlsx_sheet(xlsx, 0).hidden && !xlsx_sheet(xlsx, 1).hidden);
    assert_int_equal(xlsx_extras(xlsx), 0);
    g_autoptr(XlsxRows) rows = xlsx_rows(xlsx, 1, &error);
    xlsx_rows_watch(rows, 1);
    g_autofree char *text = rows_text(rows, &error);
    assert_string_equal(text, "1: 1t«Gruppe»\n"
                              "2: 0t«Åse» 1n«0.3» 2b«true» 3n«42»= 4d«2026-03-04T14:20:00»\n");
    assert_string_equal(xlsx_rows_merged(rows), "B1:D1");
    assert_null(xlsx_open(folder, "mappe", &error));
    assert_int_equal(error->code, INNSIKT_ERROR_DATA);
    g_clear_error(&error);
    g_remove(path);
    assert_null(xlsx_open(path, "bok.xlsx", &error));
    assert_int_equal(error->code, INNSIKT_ERROR_NOT_FOUND);
    g_rmdir(folder);
}

/* --- what is refused ------------------------------------------------------------------------- */

static void strangers_are_known(void **state)
{
    (void)state;
    static const struct {
        const char *bytes;
        const char *message;
    } table[] = {{"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1 more", "protected by a password or in the old"},
                 {"Nr;Org\n1;Solvik\n", "text (CSV?)"},
                 {"<html><table>", "a web page"},
                 {"%PDF-1.7", "a PDF"},
                 {"", "empty"},
                 {"\x01\x02\x03", "no workbook"},
                 {"PK\x03\x04 cut", "damaged"}};
    for (size_t i = 0; i < G_N_ELEMENTS(table); i++) {
        g_autoptr(GBytes) bytes = g_bytes_new(table[i].bytes, strlen(table[i].bytes));
        expect_refused(bytes, INNSIKT_ERROR_DATA, table[i].message);
    }
    const ZipPart ods[] = {{"mimetype", "application/vnd.oasis.opendocument.spreadsheet"}, {0}};
    g_autoptr(GBytes) opendocument = zip_bytes(ods, ZIP_CM_STORE);
    expect_refused(opendocument, INNSIKT_ERROR_DATA, "OpenDocument");
    const ZipPart other[] = {{"notat.txt", "x"}, {0}};
    g_autoptr(GBytes) zip = zip_bytes(other, ZIP_CM_STORE);
    expect_refused(zip, INNSIKT_ERROR_DATA, "no Excel workbook");
}

static void bad_sheets_are_refused(void **state)
{
    (void)state;
    static const struct {
        const char *data, *message;
    } table[] = {{"<row r=\"3\"/><row r=\"3\"/>", "not in order"},
                 {"<row r=\"1048577\"/>", "not in order"},
                 {"<row><c r=\"B1\"/><c r=\"A1\"/></row>", "not in order"},
                 {"<row><c r=\"XFE1\"/></row>", "stands elsewhere"},
                 {"<row><c r=\"B2\"/></row>", "stands elsewhere"},
                 {"<row><c r=\"7\"/></row>", "stands elsewhere"},
                 {"<row><c t=\"s\"><v>2</v></c></row>", "text that is not there"},
                 {"<row><c t=\"s\"><v>-1</v></c></row>", "text that is not there"},
                 {"<row><c><v>nan</v></c></row>", "holds none"},
                 {"<row><c><v>0x1F</v></c></row>", "holds none"},
                 {"<row><c><v>1e999</v></c></row>", "holds none"},
                 {"<row><c></row>", "mismatched tag"}};
    for (size_t i = 0; i < G_N_ELEMENTS(table); i++) {
        g_autofree char *sheet =
            g_strdup_printf("<worksheet><sheetData>%s</sheetData></worksheet>", table[i].data);
        g_autoptr(GBytes) bytes = zip_workbook(sheet, NULL, NULL);
        expect_refused(bytes, INNSIKT_ERROR_DATA, table[i].message);
    }
}

static void document_types_stop_the_parser(void **state)
{
    (void)state;
    static const char head[] = "<!DOCTYPE x [<!ENTITY a \"lol\"><!ENTITY b \"&a;&a;\">]>";
    g_autofree char *sheet = g_strconcat(head, zip_empty_sheet, NULL);
    g_autofree char *strings = g_strconcat(head, zip_strings, NULL);
    g_autofree char *styles = g_strconcat(head, zip_styles, NULL);
    g_autoptr(GBytes) a = zip_workbook(sheet, NULL, NULL);
    g_autoptr(GBytes) b = zip_workbook(zip_empty_sheet, strings, NULL);
    g_autoptr(GBytes) c = zip_workbook(zip_empty_sheet, NULL, styles);
    expect_refused(a, INNSIKT_ERROR_DATA, "ark/to.xml declares a document type");
    expect_refused(b, INNSIKT_ERROR_DATA, "bok/ord.xml declares a document type");
    expect_refused(c, INNSIKT_ERROR_DATA, "bok/form.xml declares a document type");
}

static char *repeat(const char *head, const char *piece, size_t n, const char *tail)
{
    GString *out = g_string_new(head);
    for (size_t i = 0; i < n; i++)
        g_string_append(out, piece);
    g_string_append(out, tail);
    return g_string_free(out, FALSE);
}

static void ceilings_hold(void **state)
{
    (void)state;
    static const char head[] = "<worksheet><sheetData><row><c t=\"inlineStr\"><is><t>";
    static const char tail[] = "</t></is></c></row></sheetData></worksheet>";
    const struct {
        const char *head, *piece;
        size_t n;
        const char *tail, *message;
    } table[] = {{head, "å", 32768, tail, "longer than the 32767 characters"},
                 {head, "😀", 16384, tail, "longer than the 32767 characters"},
                 {head, "x", 300000, tail, "longer than the 32767 characters"},
                 {"<worksheet>", "<a>", 64, "", "deeper than 64"},
                 {"<worksheet a=\"", "x", 8193, "\"/>", "longer than 8192 bytes"},
                 {"<worksheet a=\"", "x", 700000, "\"/>", "is longer than"},
                 {"<worksheet><!--", "x", 700000, "--></worksheet>", "longer than 262144 bytes"},
                 {"<worksheet>", "                ", (XLSX_PART_LIMIT / 16) + 1, "</worksheet>",
                  "larger than 64 MiB"},
                 {"<worksheet><sheetData><row/>",
                  "<row><c/><c/><c/><c/><c/><c/><c/><c/><c/><c/></row>", 500001,
                  "</sheetData></worksheet>", "more than 5000000 cells"}};
    for (size_t i = 0; i < G_N_ELEMENTS(table); i++) {
        g_autofree char *sheet = repeat(table[i].head, table[i].piece, table[i].n, table[i].tail);
        g_autoptr(GBytes) bytes = zip_workbook(sheet, NULL, NULL);
        expect_refused(bytes, INNSIKT_ERROR_LIMIT, table[i].message);
    }
    g_autofree char *longest = repeat(head, "å", 32767, tail);
    g_autofree char *due = repeat("1: 0t«", "å", 32767, "»\n");
    g_autoptr(GBytes) bytes = zip_workbook(longest, NULL, NULL);
    expect_workbook(bytes, due);
    g_autofree char *strings = repeat("<sst>", "<si/>", XLSX_STRINGS_LIMIT + 1, "</sst>");
    g_autoptr(GBytes) many = zip_workbook(zip_empty_sheet, strings, NULL);
    expect_refused(many, INNSIKT_ERROR_LIMIT, "more than 2000000 shared strings");
    g_autoptr(GBytes) large = g_bytes_new_take(g_malloc0(XLSX_FILE_LIMIT + 1), XLSX_FILE_LIMIT + 1);
    expect_refused(large, INNSIKT_ERROR_LIMIT, "larger than 20 MiB");
}

static void many_entries_are_refused(void **state)
{
    (void)state;
    ZipPart parts[XLSX_ENTRIES_LIMIT + 2] = {{0}};
    char names[XLSX_ENTRIES_LIMIT + 1][8];
    for (int i = 0; i <= XLSX_ENTRIES_LIMIT; i++) {
        g_snprintf(names[i], sizeof names[i], "%d", i);
        parts[i] = (ZipPart){names[i], ""};
    }
    g_autoptr(GBytes) bytes = zip_bytes(parts, ZIP_CM_STORE);
    expect_refused(bytes, INNSIKT_ERROR_LIMIT, "more than 2000 parts");
}

/* Writes over every `from` in the zip, names and all; both have one length. */
static GBytes *rename_part(const char *from, const char *to)
{
    const ZipPart parts[] = {{"[Content_Types].xml", zip_types}, {"bcdefg.xml", ""}, {0}};
    g_autoptr(GBytes) bytes = zip_bytes(parts, ZIP_CM_STORE);
    gsize n;
    char *data = g_bytes_unref_to_data(g_steal_pointer(&bytes), &n);
    for (gsize i = 0; i + strlen(from) <= n; i++)
        if (!memcmp(data + i, from, strlen(from)))
            memcpy(data + i, to, strlen(to));
    return g_bytes_new_take(data, n);
}

static void names_are_judged(void **state)
{
    (void)state;
    static const char *const bad[] = {"/cdefg.xml", "a/../g.xml", "..\\efg.xml", "C:defg.xml"};
    for (size_t i = 0; i < G_N_ELEMENTS(bad); i++) {
        g_autoptr(GBytes) bytes = rename_part("bcdefg.xml", bad[i]);
        expect_refused(bytes, INNSIKT_ERROR_DATA, "leads out of the workbook");
    }
    const ZipPart twice[] = {{"xl/a.xml", ""}, {"XL/A.xml", ""}, {0}};
    g_autoptr(GBytes) bytes = zip_bytes(twice, ZIP_CM_STORE);
    expect_refused(bytes, INNSIKT_ERROR_DATA, "two parts have the name");
    const ZipPart secret[] = {{"[Content_Types].xml", zip_types}, {0}};
    g_autoptr(GBytes) locked = zip_bytes_locked(secret, ZIP_CM_STORE, "vinter-41");
    expect_refused(locked, INNSIKT_ERROR_DATA, "an encrypted zip");
}

static void every_cut_and_flip_is_told(void **state)
{
    (void)state;
    g_autoptr(GBytes) whole = zip_workbook("<worksheet><sheetData><row><c t=\"s\"><v>0</v></c>"
                                           "</row></sheetData></worksheet>",
                                           NULL, NULL);
    gsize n;
    const char *data = g_bytes_get_data(whole, &n);
    for (gsize i = 0; i < n; i++) {
        g_autoptr(GBytes) cut = g_bytes_new(data, i);
        g_autoptr(GError) error = NULL;
        assert_null(sheet_text(cut, 1, &error));
        assert_non_null(error);
        g_autofree char *flipped = g_memdup2(data, n);
        flipped[i] = (char)(flipped[i] ^ 0x15);
        g_autoptr(GBytes) bytes = g_bytes_new(flipped, n);
        g_autoptr(GError) other = NULL;
        g_autofree char *text = sheet_text(bytes, 0, &other);
        assert_true(!text == !!other);
    }
}

static void extras_are_mentioned(void **state)
{
    (void)state;
    const ZipPart parts[] = {
        {"[Content_Types].xml", zip_types}, {"_rels/.rels", zip_root},
        {"bok/arbeid.xml", zip_book},       {"bok/_rels/arbeid.xml.rels", zip_relations},
        {"bok/form.xml", zip_styles},       {"xl/vbaProject.bin", "Sub Auto_Open()"},
        {"xl/embeddings/ole.bin", "x"},     {0}};
    g_autoptr(GBytes) bytes = zip_bytes(parts, ZIP_CM_STORE);
    g_autoptr(GError) error = NULL;
    gsize n;
    const void *data = g_bytes_get_data(bytes, &n);
    g_autoptr(Xlsx) xlsx = xlsx_open_bytes(data, n, "svar.xlsm", &error);
    assert_null(error);
    assert_int_equal(xlsx_extras(xlsx), XLSX_MACROS | XLSX_EMBEDDED);
    assert_null(xlsx_rows(xlsx, 0, &error));
    assert_non_null(strstr(error->message, "it is missing"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cells_of_every_type_are_read),
        cmocka_unit_test(escapes_are_decoded),
        cmocka_unit_test(numbers_are_written_as_people_do),
        cmocka_unit_test(formats_alone_make_dates),
        cmocka_unit_test(old_macs_count_from_1904),
        cmocka_unit_test(written_by_a_library),
        cmocka_unit_test(strangers_are_known),
        cmocka_unit_test(bad_sheets_are_refused),
        cmocka_unit_test(document_types_stop_the_parser),
        cmocka_unit_test(ceilings_hold),
        cmocka_unit_test(many_entries_are_refused),
        cmocka_unit_test(names_are_judged),
        cmocka_unit_test(every_cut_and_flip_is_told),
        cmocka_unit_test(extras_are_mentioned),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
