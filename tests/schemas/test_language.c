/* Languages, labels in them, and numbers in sentences. */
#include "schemas/language.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define SP    "\u00a0"
#define MINUS "\u2212"

static void parses_codes(void **state)
{
    (void)state;
    Language language = LANGUAGE_EN;
    assert_true(language_parse("nn", &language));
    assert_int_equal(language, LANGUAGE_NN);
    assert_false(language_parse("no", &language));
    assert_false(language_parse("NB", &language));
    assert_int_equal(language, LANGUAGE_NN);
    for (int l = 0; l < N_LANGUAGES; l++)
        assert_true(language_parse(language_code((Language)l), &language) &&
                    language == (Language)l);
}

static void labels_fall_back(void **state)
{
    (void)state;
    char b[] = "b", n[] = "n", e[] = "e";
    const Label all = {{b, n, e}}, two = {{b, NULL, e}}, one = {{NULL, NULL, e}}, none = {{NULL}};
    assert_string_equal(label_get(&all, LANGUAGE_NN), "n");
    assert_string_equal(label_get(&two, LANGUAGE_NN), "b");
    assert_string_equal(label_get(&one, LANGUAGE_NB), "e");
    assert_string_equal(label_get(&none, LANGUAGE_EN), "");
}

static const struct {
    Language language;
    double value;
    int decimals;
    const char *want;
} numbers[] = {
    {LANGUAGE_NB, 1.784, 2, "1,78"},
    {LANGUAGE_NN, 1.784, 2, "1,78"},
    {LANGUAGE_EN, 1.784, 2, "1.78"},
    {LANGUAGE_NB, 0, 0, "0"},
    {LANGUAGE_NB, 9999, 0, "9999"},
    {LANGUAGE_NB, 10000, 0, "10" SP "000"},
    {LANGUAGE_EN, 1234567.89, 1, "1" SP "234" SP "567.9"},
    {LANGUAGE_NB, 9999.96, 1, "10" SP "000,0"},
    {LANGUAGE_NB, -12345.5, 1, MINUS "12" SP "345,5"},
    {LANGUAGE_NB, -0.04, 1, "0,0"},
    {LANGUAGE_NB, -0.05001, 1, MINUS "0,1"},
    {LANGUAGE_NB, -0.0, 0, "0"},
    {LANGUAGE_EN, NAN, 1, "–"},
    {LANGUAGE_EN, INFINITY, 1, "–"},
};

static void writes_numbers(void **state)
{
    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(numbers); i++) {
        g_autofree char *got =
            language_number(numbers[i].language, numbers[i].value, numbers[i].decimals);
        assert_string_equal(got, numbers[i].want);
    }
    g_autofree char *largest = language_number(LANGUAGE_NB, -1.7976931348623157e308, 17);
    assert_true(g_str_has_suffix(largest, ",00000000000000000"));
}

static void writes_percent(void **state)
{
    (void)state;
    static const struct {
        double share;
        const char *want;
    } shares[] = {{0.874, "87" SP "%"}, {0.125, "13" SP "%"},       {0.004, "0" SP "%"},
                  {1, "100" SP "%"},    {-0.26, MINUS "26" SP "%"}, {-0.001, "0" SP "%"}};
    for (size_t i = 0; i < G_N_ELEMENTS(shares); i++) {
        g_autofree char *got = language_percent(LANGUAGE_NB, shares[i].share);
        assert_string_equal(got, shares[i].want);
    }
}

static void finds_words(void **state)
{
    (void)state;
    assert_string_equal(words(LANGUAGE_NB, "quadrant.weakness"), "Svakheter");
    assert_string_equal(words(LANGUAGE_NN, "quadrant.weakness"), "Veikskapar");
    assert_string_equal(words(LANGUAGE_EN, "quadrant.weakness.letter"), "W");
    assert_ptr_equal(words(LANGUAGE_EN, "sheet.swot"), words(LANGUAGE_EN, "sheet.swot"));
}

static void fills_places(void **state)
{
    (void)state;
    g_autofree char *range =
        words_fill(LANGUAGE_NB, "verdict.range", "high", "i noen grad", "low", "I {high} %s", NULL);
    assert_string_equal(range, "I {high} %s til i noen grad");
    g_autofree char *open = words_fill(LANGUAGE_EN, "verdict.range", "lo", "x", NULL);
    assert_string_equal(open, "{low} – {high}");
}

static void folds_spellings(void **state)
{
    (void)state;
    static const struct {
        const char *in, *want;
    } cases[] = {{"  Oslo \t KOMMUNE\n", "oslo kommune"},
                 {"A\u030aS", "ås"},
                 {"ÆØÅ\u00a0\u202f\u2009é", "æøå é"},
                 {"Straße", "strasse"},
                 {"", ""},
                 {" \u00a0 ", ""}};
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *got = label_fold(cases[i].in);
        assert_string_equal(got, cases[i].want);
        g_autofree char *again = label_fold(got);
        assert_string_equal(again, got);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(parses_codes),    cmocka_unit_test(labels_fall_back),
        cmocka_unit_test(writes_numbers),  cmocka_unit_test(writes_percent),
        cmocka_unit_test(finds_words),     cmocka_unit_test(fills_places),
        cmocka_unit_test(folds_spellings),
    };
    return cmocka_run_group_tests_name("language", tests, NULL, NULL);
}
