#include "schemas/nfc.h"

#include <setjmp.h>
#include <stdarg.h>
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

/* Alternating marks above and below, some of which decompose into two: the worst case of sorting.
 */
static void long_runs_of_marks_are_broken(void **state)
{
    (void)state;
    static const char *const marks[] = {"\xCC\x81", "\xCC\xA7", "\xCD\x84"};
    g_autoptr(GString) text = g_string_new("a");
    for (int i = 0; i < 300000; i++)
        g_string_append(text, marks[i % 3]);

    gint64 start = g_get_monotonic_time();
    g_autofree char *once = nfc_text(text->str);
    /* Quadratic sorting of this text takes minutes; broken runs take a fraction of a second. */
    assert_true(g_get_monotonic_time() - start < 20 * G_USEC_PER_SEC);

    g_autofree char *twice = nfc_text(once);
    assert_string_equal(once, twice);
    assert_non_null(strstr(once, "\xCD\x8F"));
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
    struct CMUnitTest tests[N + 2];
    for (size_t i = 0; i < N; i++)
        tests[i] = (struct CMUnitTest){cases[i].name, normalises, NULL, NULL, (void *)&cases[i]};
    tests[N] = (struct CMUnitTest)cmocka_unit_test(long_runs_of_marks_are_broken);
    tests[N + 1] = (struct CMUnitTest)cmocka_unit_test(random_bytes_become_text);
    return cmocka_run_group_tests_name("nfc", tests, NULL, NULL);
}
