/* The text gate against every row of workbook.md 4.1, and its promise on any bytes at all. */
#include "analyze/workbook/textgate.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define CUT "… (forkortet)"

typedef struct {
    const char *name;
    TextPlace place;
    const char *in, *want;
} Case;

static const Case cases[] = {
    {"plain", PLACE_CELL, "Blåbærsyltetøy «på» 100 %", "Blåbærsyltetøy «på» 100 %"},
    {"empty", PLACE_CELL, "", ""},

    {"a lone byte of UTF-8", PLACE_CELL, "bl\xE5 himmel", "bl\uFFFD himmel"},
    {"a letter cut in two", PLACE_CELL, "bl\xC3", "bl\uFFFD"},
    {"too long a form", PLACE_CELL,
     "a\xC0\xAF"
     "b",
     "a\uFFFD\uFFFDb"},
    {"beyond Unicode", PLACE_CELL, "\xF4\x90\x80\x80", "\uFFFD\uFFFD\uFFFD\uFFFD"},
    {"a lone high surrogate", PLACE_CELL, "x\xED\xA0\xBDy", "x\uFFFD\uFFFD\uFFFDy"},
    {"a lone low surrogate", PLACE_ALT_TEXT, "x\xED\xB2\xA9y", "x\uFFFD\uFFFD\uFFFDy"},
    {"U+FFFE and U+FFFF", PLACE_CELL,
     "a\xEF\xBF\xBE"
     "b\xEF\xBF\xBF",
     "a\uFFFDb\uFFFD"},
    {"noncharacters of other planes", PLACE_CELL, "\xF0\x9F\xBF\xBE\xEF\xB7\x90", "\uFFFD\uFFFD"},

    {"control characters", PLACE_CELL,
     "\x01"
     "a\x08\x0B\x0C\x0E\x1F\x7F"
     "b",
     "ab"},
    {"C1 control characters", PLACE_LINE,
     "a\xC2\x80\xC2\x85\xC2\x9F"
     "b",
     "ab"},
    {"control characters in alt text", PLACE_ALT_TEXT,
     "a\x02"
     "b",
     "ab"},
    {"control characters in a footer", PLACE_FOOTER,
     "a\x03"
     "b",
     "ab"},
    {"control characters in a property", PLACE_PROPERTY,
     "a\x04"
     "b",
     "ab"},
    {"control characters in a header", PLACE_HEADER,
     "a\x05"
     "b",
     "ab"},

    {"CR LF", PLACE_CELL, "a\r\nb", "a\nb"},
    {"CR alone", PLACE_CELL, "a\rb\r", "a\nb\n"},
    {"CR CR LF", PLACE_CELL, "a\r\r\nb", "a\n\nb"},
    {"line feed in a line", PLACE_LINE, "a\r\nb\nc\rd", "a b c d"},
    {"line feed in a header", PLACE_HEADER, "a\nb", "a b"},
    {"line feed in alt text", PLACE_ALT_TEXT, "a\nb", "a b"},
    {"line feed in a footer", PLACE_FOOTER, "a\nb", "a b"},
    {"line feed in a property", PLACE_PROPERTY, "a\nb", "a b"},
    {"tab in a cell", PLACE_CELL, "\ta\tb", "\ta\tb"},
    {"tab in a line", PLACE_LINE, "a\tb", "a b"},
    {"tab in alt text", PLACE_ALT_TEXT, "a\tb", "a b"},

    {"an escape typed by somebody", PLACE_CELL, "_x0041_", "_x005F_x0041_"},
    {"in small and capital digits", PLACE_CELL, "a_xaBcF_b", "a_x005F_xaBcF_b"},
    {"escapes that share an underscore", PLACE_CELL, "_x0041_x0042_", "_x005F_x0041_x005F_x0042_"},
    {"an escape of an escape", PLACE_CELL, "_x005F_x0041_", "_x005F_x005F_x005F_x0041_"},
    {"an escape that a removed character hid", PLACE_CELL,
     "_x00\x01"
     "41_",
     "_x005F_x0041_"},
    {"an escape that a bidi override hid", PLACE_CELL, "_\u202Ex0041_", "_x005F_x0041_"},
    {"no escape: a capital X", PLACE_CELL, "_X0041_", "_X0041_"},
    {"no escape: three digits", PLACE_CELL, "_x041_ _x0041", "_x041_ _x0041"},

    {"formula signs stay text", PLACE_CELL, "=1+1", "=1+1"},
    {"the other signs too", PLACE_CELL, "+-@|cmd", "+-@|cmd"},
    {"a URL stays text", PLACE_CELL, "http://example.org/?a=1&b=2", "http://example.org/?a=1&b=2"},
    {"markup stays text", PLACE_CELL, "</t><a b=\"'&amp;]]>", "</t><a b=\"'&amp;]]>"},

    {"bidi overrides and isolates", PLACE_CELL,
     "a\u202A\u202B\u202C\u202D\u202E\u2066\u2067\u2068\u2069"
     "b",
     "ab"},
    {"marks of direction stay", PLACE_CELL, "a\u200E\u200Fb", "a\u200E\u200Fb"},

    {"& in a footer", PLACE_FOOTER, "Forskning & utvikling &P &&",
     "Forskning && utvikling &&P &&&&"},
    {"no picture in a footer", PLACE_FOOTER, "F&G, &[Picture], &\x01G",
     "F&&\u200BG, &&\u200B[Picture], &&\u200BG"},
    {"& elsewhere", PLACE_PROPERTY, "Forskning & utvikling", "Forskning & utvikling"},
};

static void each_row(void **state)
{
    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *got = text_gate(cases[i].in, cases[i].place, CUT);
        if (strcmp(got, cases[i].want) != 0)
            fail_msg("%s: «%s», want «%s»", cases[i].name, got, cases[i].want);
    }
}

/* --- limits ------------------------------------------------------------------------------------
 */

static size_t units(const char *text)
{
    glong n = 0;
    g_autofree gunichar2 *utf16 = g_utf8_to_utf16(text, -1, NULL, &n, NULL);
    assert_non_null(utf16);
    return (size_t)n;
}

static char *repeated(const char *text, size_t times)
{
    GString *out = g_string_new(NULL);
    while (times--)
        g_string_append(out, text);
    return g_string_free(out, FALSE);
}

typedef struct {
    const char *name;
    TextPlace place;
    const char *unit;
    size_t times;
    const char *after; /* at the end of the long text */
    size_t want;       /* UTF-16 units that come out */
    size_t kept;       /* whole units of the text before the cut phrase; 0: nothing is cut */
} Limit;

#define FAMILY "\U0001F468\u200D\U0001F469\u200D\U0001F467" /* 8 units, joined */
#define TAIL   13                                           /* units of CUT */

static const Limit limit_cases[] = {
    {"exactly full", PLACE_CELL, "å", 32767, "", 32767, 0},
    {"one too many", PLACE_CELL, "å", 32767, "x", 32767, 32767 - TAIL},
    {"Excel's units, not characters", PLACE_CELL, "\U0001F600", 16383, "x", 32767, 0},
    {"an emoji over the border", PLACE_CELL, "\U0001F600", 16384, "", 32767, 16377},
    {"an emoji that would be halved", PLACE_CELL, "\U0001F600", 20000, "", 32767, 16377},
    {"a letter keeps its mark", PLACE_CELL, "e\u0301", 20000, "", 32767, 16377},
    {"a letter keeps all its marks", PLACE_CELL, "e\u0301\u0323", 20000, "", 32767, 10918},
    {"a joined emoji is whole or gone", PLACE_CELL, FAMILY, 5000, "", 32765, 4094},
    {"a skin tone stays", PLACE_CELL, "\U0001F44D\U0001F3FD", 9000, "", 32765, 8188},
    {"a flag stays", PLACE_CELL, "\U0001F1F3\U0001F1F4", 9000, "", 32765, 8188},
    {"an escape counts as written", PLACE_CELL, "_x0041_abc", 4000, "", 32765, 2047},
    {"header", PLACE_HEADER, "å", 256, "", 255, 255 - TAIL},
    {"alt text", PLACE_ALT_TEXT, "å", 901, "", 900, 900 - TAIL},
    {"alt text holds its bytes", PLACE_ALT_TEXT, "–", 900, "", 688 + TAIL, 688},
    {"footer", PLACE_FOOTER, "x", FOOTER_UNITS + 1, "", FOOTER_UNITS, FOOTER_UNITS - TAIL},
    {"a footer's & is never halved", PLACE_FOOTER, "&", FOOTER_UNITS, "", FOOTER_UNITS - 1,
     (FOOTER_UNITS - TAIL) / 2},
    {"property", PLACE_PROPERTY, "ø", 255, "", 255, 0},
    {"property, one too many", PLACE_PROPERTY, "ø", 256, "", 255, 255 - TAIL},
};

static void each_limit(void **state)
{
    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(limit_cases); i++) {
        const Limit *c = &limit_cases[i];
        g_autofree char *body = repeated(c->unit, c->times);
        g_autofree char *in = g_strconcat(body, c->after, NULL);
        g_autofree char *got = text_gate(in, c->place, CUT);
        if (units(got) != c->want)
            fail_msg("%s: %zu units, want %zu", c->name, units(got), c->want);
        g_autofree char *first = text_gate(c->unit, c->place, CUT);
        g_autofree char *kept = repeated(first, c->kept ? c->kept : c->times);
        g_autofree char *want = g_strconcat(kept, c->kept ? CUT : c->after, NULL);
        if (strcmp(got, want) != 0)
            fail_msg("%s: not cut where it should be", c->name);
    }
}

static size_t count(const char *text, char c)
{
    size_t n = 0;
    for (; *text; text++)
        n += *text == c;
    return n;
}

static void line_feeds(void **state)
{
    (void)state;
    g_autofree char *full = repeated("a\n", 253);
    g_autofree char *same = text_gate(full, PLACE_CELL, CUT);
    assert_string_equal(same, full);
    g_autofree char *more = repeated("a\r\n", 300);
    g_autofree char *joined = text_gate(more, PLACE_CELL, CUT);
    assert_int_equal(count(joined, '\n'), 253);
    assert_int_equal(count(joined, ' '), 47);
    assert_int_equal(count(joined, 'a'), 300);
    assert_true(g_str_has_suffix(joined, "a a "));
}

/* A letter under more marks than a cell holds has no border to cut at: only the phrase is left. */
static void endless_marks(void **state)
{
    (void)state;
    g_autofree char *marks = repeated("\u0301", 40000);
    g_autofree char *in = g_strconcat("e", marks, NULL);
    g_autofree char *got = text_gate(in, PLACE_CELL, CUT);
    assert_string_equal(got, CUT);
}

/* --- any bytes at all ---------------------------------------------------------------------------
 */

static bool is_xml_char(gunichar c)
{
    return c == '\t' || c == '\n' || (c >= 0x20 && c <= 0xD7FF) || (c >= 0xE000 && c <= 0xFFFD) ||
           (c >= 0x10000 && c <= 0x10FFFF);
}

static const size_t most[] = {
    [PLACE_CELL] = 32767,   [PLACE_LINE] = 32767,          [PLACE_HEADER] = 255,
    [PLACE_ALT_TEXT] = 900, [PLACE_FOOTER] = FOOTER_UNITS, [PLACE_PROPERTY] = 255,
};

static void assert_promise(const char *text, TextPlace place)
{
    g_autofree char *got = text_gate(text, place, CUT);
    assert_true(g_utf8_validate(got, -1, NULL));
    assert_in_range(units(got), 0, most[place]);
    assert_true(count(got, '\n') <= (place == PLACE_CELL ? 253 : 0));
    if (place == PLACE_HEADER || place == PLACE_ALT_TEXT)
        assert_true(strlen(got) <= 2079);
    for (const char *p = got; *p; p = g_utf8_next_char(p)) {
        const gunichar c = g_utf8_get_char(p);
        assert_true(is_xml_char(c));
        assert_false(c == '\t' && place != PLACE_CELL);
        assert_false((c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069));
        if (place == PLACE_FOOTER && c == '&')
            assert_true(*++p == '&' && p[1] != 'G' && p[1] != '[');
    }
}

/* Pieces that mean something, and bytes that mean nothing. */
static char *random_text(GRand *random, size_t pieces)
{
    static const char *const known[] = {
        "_x0041_",      "_x",     "&",       "\r",     "\n",         "\r\n",
        "\t",           "\u202E", "e\u0301", "\u200D", "\U0001F44D", FAMILY,
        "\xED\xA0\x80", "\xC3",   "\u2069",  "–",      "G",          "[",
    };
    GString *out = g_string_new(NULL);
    while (pieces--)
        if (g_rand_boolean(random))
            g_string_append(out, known[g_rand_int_range(random, 0, G_N_ELEMENTS(known))]);
        else
            g_string_append_c(out, (char)g_rand_int_range(random, 1, 256));
    return g_string_free(out, FALSE);
}

static void random_bytes(void **state)
{
    (void)state;
    static const size_t lengths[] = {1, 7, 90, 300, 1200, 12000};
    GRand *random = g_rand_new_with_seed(20210924);
    for (int round = 0; round < 120; round++) {
        g_autofree char *text = random_text(random, lengths[round % G_N_ELEMENTS(lengths)]);
        for (TextPlace place = PLACE_CELL; place <= PLACE_PROPERTY; place++)
            assert_promise(text, place);
    }
    g_rand_free(random);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_row),     cmocka_unit_test(each_limit),
        cmocka_unit_test(line_feeds),   cmocka_unit_test(endless_marks),
        cmocka_unit_test(random_bytes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
