/* CSV as it arrives: what the reader makes of bytes, and what it says of bytes it refuses. */
#include "collect/csv_reader.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
/* cmocka.h needs the four above first. */
#include <cmocka.h>

/* All records as text: cells in brackets, `number:line` before each record, or the message. */
static char *dump(CsvReader *reader, GError **error)
{
    g_autoptr(GString) out = g_string_new(NULL);
    for (;;) {
        CsvRecord record;
        if (!csv_reader_next(reader, &record, error))
            return NULL;
        if (!record.n)
            return g_string_free(g_steal_pointer(&out), FALSE);
        g_string_append_printf(out, "%d:%d", (int)record.number, (int)record.line);
        for (size_t i = 0; i < record.n; i++) {
            assert_int_equal(strlen(record.field[i].text), record.field[i].length);
            assert_true(g_utf8_validate(record.field[i].text, -1, NULL));
            g_string_append_printf(out, "[%s]", record.field[i].text);
        }
        g_string_append_c(out, ' ');
    }
}

static char *read_all(const void *bytes, size_t n, const CsvOptions *options)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(CsvReader) reader = csv_reader_bytes(bytes, n, "in.csv", options, &error);
    char *out = reader ? dump(reader, &error) : NULL;
    assert_true(!out == !!error);
    return out ? out : g_strdup(error->message);
}

typedef struct {
    const char *in;
    const char *expected;
} Case;

static void check(const Case *cases, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        g_autofree char *out = read_all(cases[i].in, strlen(cases[i].in), NULL);
        assert_string_equal(out, cases[i].expected);
    }
}

static void records(void **state)
{
    (void)state;
    static const Case cases[] = {
        {"", ""},
        {"a;b\r\n1;2\r\n", "1:1[a][b] 2:2[1][2] "},
        {"a;b\n1;2", "1:1[a][b] 2:2[1][2] "},
        {"a;b\r1;2\r", "1:1[a][b] 2:2[1][2] "},
        {"a;b\r\n\r\n1;\r\n", "1:1[a][b] 3:3[1][] "},
        {"a;b\n;\n", "1:1[a][b] 2:2[][] "},
        {"a;b\n 1 ;\t\n", "1:1[a][b] 2:2[ 1 ][\t] "},
        {"a;b\n1;2;3\n4\n5;6\n7;8\n", "1:1[a][b] 2:2[1][2][3] 3:3[4] 4:4[5][6] 5:5[7][8] "},
        {"\"a\";\"b;c\"\n\"x \"\"y\"\" z\";\"\"\n", "1:1[a][b;c] 2:2[x \"y\" z][] "},
        {"a;b\n\"1\n2\r\n3\r4\";5\n6;7\n", "1:1[a][b] 2:2[1\n2\r\n3\r4][5] 3:6[6][7] "},
        {"a;b\n\"1\"\"\";\"\"\"2\"\n", "1:1[a][b] 2:2[1\"][\"2] "},
        {"a;b\n\"\"\"\";\"\"\"\"\"\"", "1:1[a][b] 2:2[\"][\"\"] "},
        /* quotes where none belong are text, as Excel reads them */
        {"a;b\n5\" disk;x\"y\"\n", "1:1[a][b] 2:2[5\" disk][x\"y\"] "},
        {"a;b\n\"x\"y\"z\";\"k\" \n", "1:1[a][b] 2:2[xy\"z\"][k ] "},
        {"a\n\"\"\n\nb\n", "1:1[a] 2:2[] 4:4[b] "},
        {"a;b\n1;\"open\n2;3\n", "in.csv:2: the quote that opens here is never closed; close it, "
                                 "or double it if it is part of the text"},
        {"a;b\n1;\"x\ny\";\n2;\"open\n\n2;3\n",
         "in.csv:4: the quote that opens here is never closed; close it, or double it if it is "
         "part of the text"},
        {"a;b\n\"", "in.csv:2: the quote that opens here is never closed; close it, or double it "
                    "if it is part of the text"},
        {"a;b\n\"x\"\"", "in.csv:2: the quote that opens here is never closed; close it, or double "
                         "it if it is part of the text"},
        {"\xEF\xBB\xBF"
         "sep=;\r\nID;Rolle;\"Hva er viktigst, og hvorfor?\";Poengsum;Levert\r\n"
         "1;Kommuneoverlege;\"Samhandling;Øvelser;\";4,5;04.03.2026 14:20\r\n"
         "2;Rådgiver;\"Linje én\r\nlinje to med \"\"sitat\"\"\";1 250,00;05.03.2026 09:01\r\n",
         "1:2[ID][Rolle][Hva er viktigst, og hvorfor?][Poengsum][Levert] "
         "2:3[1][Kommuneoverlege][Samhandling;Øvelser;][4,5][04.03.2026 14:20] "
         "3:4[2][Rådgiver][Linje én\r\nlinje to med \"sitat\"][1 250,00][05.03.2026 09:01] "},
    };
    check(cases, G_N_ELEMENTS(cases));
}

static void separators(void **state)
{
    (void)state;
    static const Case cases[] = {
        {"a,b\n1,2\n", "1:1[a][b] 2:2[1][2] "},
        {"a\tb\n1\t2,5\n", "1:1[a][b] 2:2[1][2,5] "},
        {"a|b\n1|2;3\n", "1:1[a][b] 2:2[1][2;3] "},
        {"a;b,c\n1;2,3\n", "1:1[a][b,c] 2:2[1][2,3] "},
        {"a;b;c\n1,5;2,5;3,5\n\"x,y,z\";;\n", "1:1[a][b][c] 2:2[1,5][2,5][3,5] 3:3[x,y,z][][] "},
        {"a,b,c\n1,2,3\n4,5\n6,7\n", "1:1[a][b][c] 2:2[1][2][3] 3:3[4][5] 4:4[6][7] "},
        {"Hva mener du, egentlig?\nIngenting.\nJo, alt, altså.\n",
         "1:1[Hva mener du, egentlig?] 2:2[Ingenting.] 3:3[Jo, alt, altså.] "},
        {"a;b\n1;2;3\n", "1:1[a][b] 2:2[1][2][3] "},
        {"Mening, kort\nJa, ja, ja\n", "1:1[Mening, kort] 2:2[Ja, ja, ja] "},
        {"\"a\",\"b;x\"\n\"1\",\"2;3\"\n", "1:1[a][b;x] 2:2[1][2;3] "},
        {"\"a\" x;b\n1;2\n", "1:1[a x][b] 2:2[1][2] "},
        {"Mening\n\"a;b\"\nc\n", "1:1[Mening] 2:2[a;b] 3:3[c] "},
        {"sep=,\na;x,b;y\n1;1,2;2\n", "1:2[a;x][b;y] 2:3[1;1][2;2] "},
        {"\"sep=|\"\r\na|b\r\n", "1:2[a][b] "},
        {"sep=\t\na\tb\n", "1:2[a][b] "},
        {"sep=;", ""},
    };
    check(cases, G_N_ELEMENTS(cases));
}

static void declared_wins(void **state)
{
    (void)state;
    static const struct {
        const char *in;
        CsvOptions options;
        const char *expected;
    } cases[] = {
        {"a;b,c\n", {.separator = ","}, "1:1[a;b][c] "},
        {"sep=;\na;b,c\n", {.separator = ","}, "1:2[a;b][c] "},
        {"a,b\tc\n", {.separator = "tab"}, "1:1[a,b][c] "},
        {"a~b\n", {.separator = "~"}, "1:1[a][b] "},
        {"a;b\n",
         {.separator = ";;"},
         "in.csv: separator \";;\" is not one character; say \";\", \",\", \"|\" or tab"},
        {"\xBE\xBF\x8C;x\n", {.encoding = "macroman"}, "1:1[æøå][x] "},
        {"\xE6\xF8\xE5;x\n", {.encoding = "Latin1"}, "1:1[æøå][x] "},
        {"\xE6;x\n", {.encoding = "utf-8"}, "1:1[\xEF\xBF\xBD][x] "},
        {"a;b\n",
         {.encoding = "ebcdic"},
         "in.csv: unknown encoding \"ebcdic\"; say utf-8, windows-1252, mac-roman, utf-16le or "
         "utf-16be"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *out = read_all(cases[i].in, strlen(cases[i].in), &cases[i].options);
        assert_string_equal(out, cases[i].expected);
    }
}

static void charsets(void **state)
{
    (void)state;
    static const struct {
        const char *in;
        size_t n;
        Charset charset;
        int replaced;
        const char *expected;
    } cases[] = {
#define BYTES(text) text, sizeof(text) - 1
        {BYTES("\xEF\xBB\xBF\xC3\xA6;b\n"), CHARSET_UTF8, 0, "1:1[æ][b] "},
        {BYTES("\xC3\xA6;\xE2\x82\xAC;\xF0\x9F\x98\x80\n"), CHARSET_UTF8, 0, "1:1[æ][€][😀] "},
        {BYTES("\xE6;\x80;\x96\n"), CHARSET_WINDOWS_1252, 0, "1:1[æ][€][–] "},
        {BYTES("\xE6;\x81\x8D\x8F;\x90\x9D\n"), CHARSET_WINDOWS_1252, 5,
         "1:1[æ][\uFFFD\uFFFD\uFFFD][\uFFFD\uFFFD] "},
        {BYTES("a;\xC3"), CHARSET_WINDOWS_1252, 0, "1:1[a][Ã] "},
        {BYTES("a;\xED\xA0\x80\n"), CHARSET_WINDOWS_1252, 0, "1:1[a][í\u00A0€] "},
        {BYTES("a;\xF8\x88\x80\x80\x80\n"), CHARSET_WINDOWS_1252, 0, "1:1[a][øˆ€€€] "},
        {BYTES("\xFF\xFE\xE6\0\t\0b\0\r\0\n\0\x3D\xD8\x00\xDE\t\0"), CHARSET_UTF16LE, 0,
         "1:1[æ][b] 2:2[😀][] "},
        {BYTES("\xFE\xFF\0\xE6\0;\0b\0\n"), CHARSET_UTF16BE, 0, "1:1[æ][b] "},
        {BYTES("\xFF\xFE\x3D\xD8;\0\x00\xDE\n\0;\0a"), CHARSET_UTF16LE, 3,
         "1:1[\uFFFD][\uFFFD] 2:2[][\uFFFD] "},
        {BYTES("a;\xE2\x82\0 and as many bytes again as would fill a small buffer;c\n"),
         CHARSET_WINDOWS_1252, 1,
         "1:1[a][â‚\uFFFD and as many bytes again as would fill a small buffer][c] "},
        {BYTES("abcdef;b\n1;x\0y\n"), CHARSET_UTF8, 1, "1:1[abcdef][b] 2:2[1][x\uFFFDy] "},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(CsvReader) reader =
            csv_reader_bytes(cases[i].in, cases[i].n, "in.csv", NULL, &error);
        assert_null(error);
        g_autofree char *out = dump(reader, &error);
        assert_string_equal(out, cases[i].expected);
        assert_int_equal(csv_reader_charset(reader), cases[i].charset);
        assert_int_equal(csv_reader_replaced(reader), cases[i].replaced);
        assert_true(csv_reader_rewind(reader, &error));
        g_autofree char *again = dump(reader, &error);
        assert_string_equal(again, out);
    }
}

static void strangers(void **state)
{
    (void)state;
    static const struct {
        const char *in;
        size_t n;
        const char *word;
    } cases[] = {
        {BYTES("PK\x03\x04\x14\0\x06\0"), "Excel"},
        {BYTES("\xD0\xCF\x11\xE0\xA1\xB1"), "old Excel"},
        {BYTES("<!DOCTYPE html><title>Login"), "web page"},
        {BYTES("a\0;\0b\0\n\0c\0;\0d\0"), "encoding: utf-16le"},
        {BYTES("\0a\0;\0b\0\n\0c\0;\0d"), "encoding: utf-16be"},
        {BYTES("\x7F\0\0\0\x01\x02\0\0\0"), "no text"},
        {BYTES("i\x83\x19\xC3\x1DN\x16;\x19\n\x9C\xD1\x17 S\x17um\x01\x02\xE5\x0E;\x1B\x06"),
         "no text"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *out = read_all(cases[i].in, cases[i].n, NULL);
        assert_true(g_str_has_prefix(out, "in.csv is not CSV but "));
        assert_non_null(strstr(out, cases[i].word));
    }
}

static GString *repeat(const char *head, const char *unit, size_t n, const char *tail)
{
    GString *s = g_string_new(head);
    for (size_t i = 0; i < n; i++)
        g_string_append(s, unit);
    return g_string_append(s, tail);
}

static void limits(void **state)
{
    (void)state;
    const struct {
        GString *in;
        const char *expected; /* NULL: reads */
    } cases[] = {
        {repeat("a;b\n1;\"", "x", CSV_FIELD_LIMIT, "\"\n"), NULL},
        {repeat("a;b\n1;\"", "\n", CSV_FIELD_LIMIT + 1, "\"\n"),
         "in.csv:2: the row with a cell that begins here is longer than 1 MiB; is a closing quote "
         "missing?"},
        {repeat("a;b\n1;\"", "xyz;\n", CSV_FIELD_LIMIT, ""),
         "in.csv:2: the cell that begins here is longer than 1 MiB; is a closing quote missing?"},
        {repeat("a\n", ";", CSV_COLUMNS_LIMIT - 1, "\n"), NULL},
        {repeat("a;b\n", ";", CSV_COLUMNS_LIMIT, "\n"),
         "in.csv:2: more than 16384 columns; is the separator right?"},
        {repeat("a;b\n", "abcdefghijklmnop;", CSV_COLUMNS_LIMIT - 1, "\n"), NULL},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *out = read_all(cases[i].in->str, cases[i].in->len, NULL);
        if (cases[i].expected)
            assert_string_equal(out, cases[i].expected);
        else
            assert_true(g_str_has_prefix(out, "1:1[a]"));
        g_string_free(cases[i].in, TRUE);
    }
}

/* Records, quotes and characters that fall on the borders of blocks and windows must come out as if
 * there were none: the same table is read with one more byte before it each time. */
static void borders(void **state)
{
    (void)state;
    static const char *const ends[] = {"\n", "\r\n", "\r"};
    for (size_t shift = 0; shift < 64; shift++) {
        g_autoptr(GString) in = g_string_new("k;");
        g_autoptr(GString) expected = g_string_new("1:1[k][");
        for (size_t i = 0; i < shift; i++) {
            g_string_append_c(in, 'h');
            g_string_append_c(expected, 'h');
        }
        const char *end = ends[shift % 3];
        g_string_append(in, end);
        g_string_append(expected, "] ");
        for (int row = 2; row < 9000; row++) {
            g_string_append_printf(in, "%d;\"æ😀\"\"%d\"\"\"%s", row * 7919, row, end);
            g_string_append_printf(expected, "%d:%d[%d][æ😀\"%d\"] ", row, row, row * 7919, row);
        }
        g_autofree char *out = read_all(in->str, in->len, NULL);
        assert_true(g_str_equal(out, expected->str));
    }
}

static void files(void **state)
{
    (void)state;
    g_autoptr(GError) error = NULL;
    g_autofree char *folder = g_dir_make_tmp("innsikt-csv-XXXXXX", NULL);
    g_autofree char *path = g_build_filename(folder, "tall.csv", NULL);
    assert_null(csv_reader_open(path, "tall.csv", NULL, &error));
    assert_true(g_error_matches(error, INNSIKT_ERROR, INNSIKT_ERROR_NOT_FOUND));
    g_clear_error(&error);
    assert_null(csv_reader_open(folder, "mappe.csv", NULL, &error));
    assert_string_equal(error->message, "mappe.csv is not a file");
    g_clear_error(&error);

    g_assert_true(g_file_set_contents(path, "a;b\n1;\xE6\n", -1, NULL));
    g_autoptr(CsvReader) reader = csv_reader_open(path, "tall.csv", NULL, &error);
    assert_non_null(reader);
    for (int i = 0; i < 2; i++) {
        g_autofree char *out = dump(reader, &error);
        assert_string_equal(out, "1:1[a][b] 2:2[1][æ] ");
        assert_true(csv_reader_rewind(reader, &error));
    }
    remove(path);
    remove(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(records),  cmocka_unit_test(separators), cmocka_unit_test(declared_wins),
        cmocka_unit_test(charsets), cmocka_unit_test(strangers),  cmocka_unit_test(limits),
        cmocka_unit_test(borders),  cmocka_unit_test(files),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
