#include "analyze/codebook.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "schemas/error.h"

typedef struct {
    const char *name, *pattern, *text;
    bool meets;
} Case;

static const Case cases[] = {
    {"prefix", "regelverk*", "Regelverket er uklart", true},
    {"prefix is the word too", "regelverk*", "nytt regelverk", true},
    {"prefix is not inside", "verk*", "regelverk", false},
    {"suffix", "*data", "Mye helsedata", true},
    {"suffix is not prefix", "*data", "datadeling", false},
    {"inside", "*led*", "sykehusledelse", true},
    {"inside is the word too", "*led*", "led", true},
    {"whole", "data", "Data!", true},
    {"whole is not part", "data", "helsedata", false},
    {"phrase", "tilgang til data*", "få tilgang til dataene", true},
    {"phrase with words between", "tilgang til data*", "tilgang til mange data", false},
    {"phrase in the wrong order", "tilgang til", "til tilgang", false},
    {"phrase restarts", "a a b", "a a a b", true},
    {"phrase past the end", "til data", "tilgang til", false},
    {"blanks in a phrase", "  tilgang   til ", "tilgang til", true},
    {"star in mid phrase", "dele* av", "delene av det", true},
    {"stop words count", "ikke godt", "Det er ikke godt", true},
    {"any case", "EØS*", "eøs-avtalen", true},
    {"any spelling", "\xC3\xA5pen*", "A\xCC\x8Apenhet", true},
    {"hyphen beside a star", "e-*", "e-helse", true},
    {"hyphen beside a star is kept", "e-*", "endring", false},
    {"hyphen before", "*-helse", "folkehelse", false},
    {"slash makes two words", "EU/EØS*", "innenfor EU/EØS-området", true},
    {"slash makes two words in order", "EU/EØS*", "EØS og EU", false},
    {"nothing said", "*a*", "", false},
};
enum { N = sizeof cases / sizeof cases[0] };

static void meets(void **state)
{
    const Case *c = *state;
    g_autoptr(GError) error = NULL;
    g_autoptr(Codebook) book = codebook_new();
    assert_true(codebook_add(book, 0, c->pattern, &error));
    assert_null(error);
    g_autoptr(GArray) codes = codebook_apply(book, c->text);
    assert_int_equal(codes->len, c->meets);
}

static void refuses_patterns(void **state)
{
    (void)state;
    static const char *const bad[] = {"",  "  ", "*", "**", "a*b", "*a*b*", "data * deling",
                                      "…", "-*"};
    g_autoptr(Codebook) book = codebook_new();
    for (size_t i = 0; i < G_N_ELEMENTS(bad); i++) {
        g_autoptr(GError) error = NULL;
        assert_false(codebook_add(book, 7, bad[i], &error));
        assert_true(g_error_matches(error, INNSIKT_ERROR, INNSIKT_ERROR_USAGE));
    }
    g_autoptr(GArray) codes = codebook_apply(book, "a b data deling");
    assert_int_equal(codes->len, 0);
}

static void several_codes_in_order(void **state)
{
    (void)state;
    static const struct {
        uint32_t code;
        const char *pattern;
    } rows[] = {{11, "*data"}, {2, "regelverk*"}, {11, "datadeling"}, {5, "finans*"}};
    g_autoptr(Codebook) book = codebook_new();
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++)
        assert_true(codebook_add(book, rows[i].code, rows[i].pattern, NULL));

    g_autoptr(GArray) codes = codebook_apply(book, "Datadeling av helsedata: regelverket");
    assert_int_equal(codes->len, 2);
    assert_int_equal(g_array_index(codes, uint32_t, 0), 2);
    assert_int_equal(g_array_index(codes, uint32_t, 1), 11);
}

static void empty_book_and_long_text(void **state)
{
    (void)state;
    g_autoptr(Codebook) book = codebook_new();
    g_autoptr(GArray) none = codebook_apply(book, "data");
    assert_int_equal(none->len, 0);

    g_autoptr(GString) text = g_string_new(NULL);
    while (text->len < 1 << 20)
        g_string_append(text, "a ");
    g_string_append(text, "helsedata");
    assert_true(codebook_add(book, 0, "a a a *data", NULL));
    g_autoptr(GArray) codes = codebook_apply(book, text->str);
    assert_int_equal(codes->len, 1);
}

int main(void)
{
    static const struct CMUnitTest others[] = {
        cmocka_unit_test(refuses_patterns),
        cmocka_unit_test(several_codes_in_order),
        cmocka_unit_test(empty_book_and_long_text),
    };
    struct CMUnitTest tests[N + G_N_ELEMENTS(others)];
    for (size_t i = 0; i < N; i++)
        tests[i] = (struct CMUnitTest){cases[i].name, meets, NULL, NULL, (void *)&cases[i]};
    memcpy(tests + N, others, sizeof others);
    return cmocka_run_group_tests_name("codebook", tests, NULL, NULL);
}
