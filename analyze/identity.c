#include "analyze/identity.h"

#include <stddef.h>

enum { FNR_DIGITS = 11, ORGNR_DIGITS = 9 };

/* Exactly n ASCII digits, as numbers. */
static bool read_digits(const char *number, int *digit, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (number[i] < '0' || number[i] > '9')
            return false;
        digit[i] = number[i] - '0';
    }
    return number[n] == '\0';
}

static int remainder_of(const int *digit, const int *weight, size_t n)
{
    int sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += digit[i] * weight[i];
    return sum % 11;
}

static bool date_exists(int day, int month, int year)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    if (month < 1 || month > 12 || day < 1)
        return false;
    return day <= days[month - 1] + (month == 2 && year % 4 == 0);
}

/* What is added to the first digit of the month, and the kinds it makes without and with a day
 * + 40. */
static const struct {
    int added;
    IdentityKind plain, temporary;
} months[] = {
    {0, IDENTITY_FNR, IDENTITY_DNR},
    {4, IDENTITY_HNR, IDENTITY_DNR_HNR},
    {8, IDENTITY_TNR, IDENTITY_DNR_TNR},
};

IdentityKind identity_fnr(const char *number)
{
    static const int first[] = {3, 7, 6, 1, 8, 9, 4, 5, 2, 1};
    static const int second[] = {5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1};
    int d[FNR_DIGITS];

    if (!read_digits(number, d, FNR_DIGITS) || remainder_of(d, first, 10) > 3 ||
        remainder_of(d, second, 11) != 0)
        return IDENTITY_NONE;
    bool temporary = d[0] >= 4 && d[0] <= 7;
    int day = 10 * (d[0] - 4 * temporary) + d[1], year = 10 * d[4] + d[5];
    for (size_t m = 0; m < sizeof months / sizeof months[0]; m++)
        if (date_exists(day, 10 * (d[2] - months[m].added) + d[3], year))
            return temporary ? months[m].temporary : months[m].plain;
    return IDENTITY_NONE;
}

const char *identity_kind_key(IdentityKind kind)
{
    static const char *const keys[] = {
        [IDENTITY_NONE] = NULL,         [IDENTITY_FNR] = "fnr", [IDENTITY_DNR] = "dnr",
        [IDENTITY_HNR] = "hnr",         [IDENTITY_TNR] = "tnr", [IDENTITY_DNR_HNR] = "dnr-hnr",
        [IDENTITY_DNR_TNR] = "dnr-tnr",
    };
    return keys[kind];
}

bool identity_orgnr(const char *number)
{
    /* The control digit is 11 − r, or 0 for r = 0: with its own weight 1 the whole sum leaves 0; a
     * control of 10 cannot be written and so never does. */
    static const int weight[] = {3, 2, 7, 6, 5, 4, 3, 2, 1};
    int d[ORGNR_DIGITS];
    return read_digits(number, d, ORGNR_DIGITS) && remainder_of(d, weight, ORGNR_DIGITS) == 0;
}
