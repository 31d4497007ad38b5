#include "analyze/identity.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

typedef struct {
    const char *name, *number, *kind; /* NULL: not valid */
} Case;

/* The first is the example of the rules for 2032; all others are synthetic (month + 80) or invalid.
 */
static const Case cases[] = {
    {"rules of 2032", "02013299997", "fnr"},
    {"synthetic", "17858512387", "tnr"},
    {"synthetic and temporary", "43917030090", "dnr-tnr"},
    {"last digit wrong", "17858512388", NULL},
    {"impossible date", "31138512387", NULL},
    {"too short", "1785851238", NULL},
    {"too long", "178585123870", NULL},
    {"with a blank", "178585 12387", NULL},
    {"letters", "1785851238x", NULL},
    {"nothing", "", NULL},
    {"zeros", "00000000000", NULL},
    {"full-width digits", "１７８５８５１２３８７", NULL},
};
enum { N = sizeof cases / sizeof cases[0] };

static void is_known(void **state)
{
    const Case *c = *state;
    const char *kind = identity_kind_key(identity_fnr(c->number));
    if (c->kind)
        assert_string_equal(kind, c->kind);
    else
        assert_null(kind);
}

/* Gives a synthetic number with this day and month field its check digits; false when it has none.
 */
static bool complete(unsigned day, unsigned month, unsigned year, unsigned serial, int remainder,
                     char *number)
{
    static const int first[] = {3, 7, 6, 1, 8, 9, 4, 5, 2},
                     second[] = {5, 4, 3, 2, 7, 6, 5, 4, 3, 2};
    int sum = 0;
    snprintf(number, 12, "%02u%02u%02u%03u", day % 100, month % 100, year % 100, serial % 1000);
    for (size_t i = 0; i < 9; i++)
        sum += first[i] * (number[i] - '0');
    int k1 = (remainder - sum % 11 + 11) % 11;
    if (k1 > 9)
        return false;
    number[9] = (char)('0' + k1);
    sum = 0;
    for (size_t i = 0; i < 10; i++)
        sum += second[i] * (number[i] - '0');
    int k2 = (11 - sum % 11) % 11;
    if (k2 > 9)
        return false;
    number[10] = (char)('0' + k2);
    number[11] = '\0';
    return true;
}

/* Every day field 00…99 and month field 80…99 in a leap year and another, every remainder. */
static void dates_and_remainders(void **state)
{
    (void)state;
    static const unsigned days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    char number[12];
    for (unsigned year = 83; year <= 84; year++)
        for (unsigned day = 0; day < 100; day++)
            for (unsigned month = 80; month < 100; month++)
                for (int remainder = 0; remainder < 11; remainder++) {
                    unsigned serial = 137, m = month - 80;
                    unsigned d = day >= 40 && day < 80 ? day - 40 : day;
                    while (!complete(day, month, year, serial, remainder, number))
                        serial++;
                    unsigned last = m >= 1 && m <= 12 ? days[m - 1] + (m == 2 && year == 84) : 0;
                    bool valid = remainder <= 3 && d >= 1 && d <= last;
                    IdentityKind want = !valid                  ? IDENTITY_NONE
                                        : day >= 40 && day < 80 ? IDENTITY_DNR_TNR
                                                                : IDENTITY_TNR;
                    assert_int_equal(identity_fnr(number), want);
                }
}

/* One wrong digit is always found in a number of the old rules (remainder 0). */
static void one_wrong_digit(void **state)
{
    (void)state;
    char number[12];
    assert_true(complete(17, 85, 85, 123, 0, number));
    for (size_t i = 0; i < 11; i++)
        for (char c = '0'; c <= '9'; c++) {
            char wrong[12];
            strcpy(wrong, number);
            wrong[i] = c;
            /* The first check takes four remainders since 2032, so one in ten slips past it; the
             * second never lets one pass. */
            assert_int_equal(identity_fnr(wrong) != IDENTITY_NONE, c == number[i]);
        }
}

static void organisations(void **state)
{
    (void)state;
    static const char *const right[] = {"974760673"};
    static const char *const wrong[] = {"974760674",   "97476067", "9747606730",
                                        "974 760 673", "",         "97476067x"};
    for (size_t i = 0; i < sizeof right / sizeof right[0]; i++)
        assert_true(identity_orgnr(right[i]));
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        assert_false(identity_orgnr(wrong[i]));

    /* Of ten last digits at most one is right; of none when the control would be 10. */
    for (int head = 81234500; head < 81234600; head++) {
        int valid = 0;
        for (int last = 0; last < 10; last++) {
            char number[32];
            snprintf(number, sizeof number, "%d%d", head, last);
            valid += identity_orgnr(number);
        }
        assert_in_range(valid, 0, 1);
    }
}

int main(void)
{
    static const struct CMUnitTest others[] = {
        cmocka_unit_test(dates_and_remainders),
        cmocka_unit_test(one_wrong_digit),
        cmocka_unit_test(organisations),
    };
    struct CMUnitTest tests[N + sizeof others / sizeof others[0]];
    for (size_t i = 0; i < N; i++)
        tests[i] = (struct CMUnitTest){cases[i].name, is_known, NULL, NULL, (void *)&cases[i]};
    memcpy(tests + N, others, sizeof others);
    return cmocka_run_group_tests_name("identity", tests, NULL, NULL);
}
