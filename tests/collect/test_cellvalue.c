/* Codes, numbers and times as sheets hold them. */
#include "collect/cellvalue.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
/* cmocka.h needs the three above first. */
#include <cmocka.h>

static void codes(void **state)
{
    (void)state;
    static const char *const cases[][2] = {
        {"4", "4"},     {"4,0", "4"},      {"4.0", "4"},       {" 4,000\u00A0", "4"},
        {"-2,0", "-2"}, {"4,5", "4,5"},    {"4,", "4,"},       {",0", ",0"},
        {"-,0", "-,0"}, {"4,0x", "4,0x"},  {"01", "01"},       {"A1 ", "A1"},
        {"", ""},       {" \t\u202F", ""}, {"1.0.0", "1.0.0"}, {"\u2003Helt enig\n", "Helt enig"},
    };
    g_autoptr(GString) out = g_string_new("left over");
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++)
        assert_string_equal(cell_code(cases[i][0], out), cases[i][1]);
}

static void ruined(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        bool ruined;
    } cases[] = {
        {"4,79E+10", true},  {"4.79e+10", true},     {" 1E+15 ", true}, {"4,79E10", false},
        {"4,79E-10", false}, {"47912345678", false}, {"E+10", false},   {"4,79E+", false},
        {"12,3E+10", false}, {"4,79E+10 kr", false}, {"", false},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++)
        assert_int_equal(cell_is_ruined(cases[i].text), cases[i].ruined);
}

static void numbers(void **state)
{
    (void)state;
    /* A column, its style, and how its cells read; "?" for one that does not. */
    static const struct {
        const char *cells[5];
        NumberStyle style;
        const char *read[5];
    } cases[] = {
        {{"4", "17", "-3", "\u22123"}, NUMBERS_PLAIN, {"4", "17", "-3", "-3"}},
        {{"4,5", "1 250,00", "1.250"}, NUMBERS_NORWEGIAN, {"4.5", "1250.00", "1250"}},
        {{"1\u00A0250", "1\u202F250\u202F000", " 7 "}, NUMBERS_PLAIN, {"1250", "1250000", "7"}},
        {{"4.5", "1,250", "1,250.75"}, NUMBERS_ENGLISH, {"4.5", "1250", "1250.75"}},
        {{"1.234.567", "1.234"}, NUMBERS_NORWEGIAN, {"1234567", "1234"}},
        {{"1,234,567", "1,234"}, NUMBERS_ENGLISH, {"1234567", "1234"}},
        {{"1.234", "2.500", "17"}, NUMBERS_OPEN, {"?", "?", "17"}},
        {{"1,5", "1.5", "2"}, NUMBERS_MIXED, {"?", "?", "2"}},
        {{"12,5", "ca 20", "", "12.5.3"}, NUMBERS_NORWEGIAN, {"12.5", "?", "?", "?"}},
        {{"1 25", "1 2345", "1234 567", "1.234 567"}, NUMBERS_PLAIN, {"?", "?", "?", "?"}},
        {{"5,", ",5", "-", "--1", "1e5"}, NUMBERS_PLAIN, {"?", "?", "?", "?", "?"}},
        {{"45 %", "1/5"}, NUMBERS_PLAIN, {"?", "?"}},
        {{"12345678901234567890123456789012345678901"}, NUMBERS_PLAIN, {"?"}},
    };
    g_autoptr(GString) out = g_string_new(NULL);
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        NumberVotes votes = {0};
        for (size_t c = 0; c < 5 && cases[i].cells[c]; c++)
            number_vote(&votes, cases[i].cells[c]);
        NumberStyle style = number_style(&votes);
        assert_int_equal(style, cases[i].style);
        for (size_t c = 0; c < 5 && cases[i].cells[c]; c++)
            assert_string_equal(number_read(style, cases[i].cells[c], out) ? out->str : "?",
                                cases[i].read[c]);
    }
}

static void times(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        const char *utc; /* NULL: refused */
        bool zone_known;
    } cases[] = {
        {"2026-03-04", "2026-03-03T23:00:00Z", false},
        {"2026-03-04T14:20", "2026-03-04T13:20:00Z", false},
        {"2026-07-04 14:20:31", "2026-07-04T12:20:31Z", false},
        {"2026-03-04T14:20:31.25Z", "2026-03-04T14:20:31.250000Z", true},
        {"2026-03-04T14:20:00+02:00", "2026-03-04T12:20:00Z", true},
        {"2026-03-04T14:20:00-0330", "2026-03-04T17:50:00Z", true},
        {"31.12.2026", "2026-12-30T23:00:00Z", false},
        {" 31.12.2026 14:05 ", "2026-12-31T13:05:00Z", false},
        {"4.3.2026 9:01:59", "2026-03-04T08:01:59Z", false},
        {"4.3.2026, 09.01", "2026-03-04T08:01:00Z", false},
        {"46387,58", "2026-12-31T12:55:12Z", false},
        {"46387.999999", "2026-12-31T23:00:00Z", false},
        {"46387", "2026-12-30T23:00:00Z", false},
        {"03/04/2026", NULL, false},
        {"31/12/2026", NULL, false},
        {"30.02.2026", NULL, false},
        {"2026-13-01", NULL, false},
        {"2026-03-04T25:00", NULL, false},
        {"2026-03-04T14:20:31.", NULL, false},
        {"2026-03-04T14:20 CET", NULL, false},
        {"2026-03-04T14:20+15:00", NULL, false},
        {"04.03.26", NULL, false},
        {"4638", NULL, false},
        {"463870", NULL, false},
        {"", NULL, false},
        {"i går", NULL, false},
    };
    g_autoptr(GTimeZone) oslo = g_time_zone_new_identifier("Europe/Oslo");
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        int64_t instant = 17;
        bool zone_known = false;
        bool read = cell_time(cases[i].text, oslo, &instant, &zone_known);
        assert_int_equal(read, cases[i].utc != NULL);
        if (!read) {
            assert_int_equal(instant, 17);
            continue;
        }
        g_autoptr(GDateTime) expected = g_date_time_new_from_iso8601(cases[i].utc, NULL);
        assert_int_equal(instant, g_date_time_to_unix(expected) * G_USEC_PER_SEC +
                                      g_date_time_get_microsecond(expected));
        assert_int_equal(zone_known, cases[i].zone_known);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(codes),
        cmocka_unit_test(ruined),
        cmocka_unit_test(numbers),
        cmocka_unit_test(times),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
