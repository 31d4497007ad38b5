#include "schemas/nfc.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

typedef struct {
    const char *name, *in, *want;
} Case;

static const Case cases[] = {
    {"ascii is left alone", "Norsk e-helse 2019\n", "Norsk e-helse 2019\n"},
    {"empty", "", ""},
    {"ring joins its letter", "a\xCC\x8Apenhet", "\xC3\xA5penhet"},
    {"composed stays", "\xC3\xA5penhet", "\xC3\xA5penhet"},
    {"marks are put in order", "q\xCC\x87\xCC\xA3", "q\xCC\xA3\xCC\x87"},
    {"angstrom sign is the letter", "\xE2\x84\xAB", "\xC3\x85"},
    {"emoji and controls stay", "\x01\xF0\x9F\x98\x80", "\x01\xF0\x9F\x98\x80"},
    {"windows-1252 in the middle", "bl\xE5 b\xC3\xA6r", "bl\xEF\xBF\xBD b\xC3\xA6r"},
    {"cut off in a letter", "sm\xC3", "sm\xEF\xBF\xBD"},
    {"overlong slash", "\xC0\xAF", "\xEF\xBF\xBD\xEF\xBF\xBD"},
};
enum { N = sizeof cases / sizeof cases[0] };

static void normalises(void **state)
{
    const Case *c = *state;
    g_autofree char *once = nfc_text(c->in);
    g_autofree char *twice = nfc_text(once);
    assert_string_equal(once, c->want);
    assert_string_equal(twice, c->want);
}

/* A megabyte of each of these takes g_utf8_normalize minutes: marks above and below to be sorted,
 * letters and Indic vowels to be joined, each moving all that follow. */
static void hostile_megabytes(void **state)
{
    (void)state;
    static const struct {
        const char *first, *unit;
        bool broken;
    } texts[] = {
        {"a", "\xCC\x81\xCC\xA7\xCD\x84", true},
        {"", "a\xCC\x8A", false},
        {"", "\xC3\xA5", false},
        {"", "\xE0\xA7\x87\xE0\xA6\xBE", true},
        {"", "\xE1\x84\x80\xE1\x85\xA1\xE1\x86\xA8", false},
        {"\xE1\x84\x80", "\xE1\x85\xA1", false},
    };
    for (size_t t = 0; t < G_N_ELEMENTS(texts); t++) {
        g_autoptr(GString) text = g_string_new(texts[t].first);
        while (text->len < 1 << 20)
            g_string_append(text, texts[t].unit);
        gint64 start = g_get_monotonic_time();
        g_autofree char *once = nfc_text(text->str);
        assert_true(g_get_monotonic_time() - start < 10 * G_USEC_PER_SEC);
        g_autofree char *twice = nfc_text(once);
        assert_string_equal(once, twice);
        assert_int_equal(strstr(once, "\xCD\x8F") != NULL, texts[t].broken);
    }
}

/* Cutting into pieces changes nothing: characters that join, sort and shift, in random order. */
static void pieces_are_as_the_whole(void **state)
{
    (void)state;
    static const gunichar alphabet[] = {'a',   'A',    ' ',     0xE5,   0x30A,  0x301,  0x323,
                                        0x327, 0x344,  0x1100,  0x1161, 0x11A8, 0xAC00, 0x9C7,
                                        0x9BE, 0x212B, 0x1F600, 0x3B1,  0x345,  0xFB1D, 0x1EAD};
    GRand *rand = g_rand_new_with_seed(1717);
    for (int round = 0; round < 200; round++) {
        g_autoptr(GString) text = g_string_new(NULL);
        for (int marks = 0; text->len < 3000;) {
            gunichar c = alphabet[g_rand_int_range(rand, 0, G_N_ELEMENTS(alphabet))];
            marks = g_unichar_ismark(c) ? marks + 1 : 0;
            if (marks < 8) /* never long enough to be broken */
                g_string_append_unichar(text, c);
        }
        g_autofree char *got = nfc_text(text->str);
        g_autofree char *want = g_utf8_normalize(text->str, -1, G_NORMALIZE_NFC);
        assert_string_equal(got, want);
    }
    g_rand_free(rand);
}

static void random_bytes_become_text(void **state)
{
    (void)state;
    GRand *rand = g_rand_new_with_seed(20210604);
    for (int round = 0; round < 2000; round++) {
        char bytes[64];
        for (size_t i = 0; i < sizeof bytes - 1; i++)
            bytes[i] = (char)g_rand_int_range(rand, 1, 256);
        bytes[sizeof bytes - 1] = '\0';
        g_autofree char *once = nfc_text(bytes);
        g_autofree char *twice = nfc_text(once);
        assert_true(g_utf8_validate(once, -1, NULL));
        assert_string_equal(once, twice);
    }
    g_rand_free(rand);
}

int main(void)
{
    struct CMUnitTest tests[N + 3];
    for (size_t i = 0; i < N; i++)
        tests[i] = (struct CMUnitTest){cases[i].name, normalises, NULL, NULL, (void *)&cases[i]};
    tests[N] = (struct CMUnitTest)cmocka_unit_test(hostile_megabytes);
    tests[N + 1] = (struct CMUnitTest)cmocka_unit_test(random_bytes_become_text);
    tests[N + 2] = (struct CMUnitTest)cmocka_unit_test(pieces_are_as_the_whole);
    return cmocka_run_group_tests_name("nfc", tests, NULL, NULL);
}
