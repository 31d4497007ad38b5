#include "analyze/documents.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "analyze/undefined.h"
#include "tests/analyze/near.h"

enum { F = DOCUMENT_FOR, A = DOCUMENT_AGAINST, M = DOCUMENT_MENTIONS, S = DOCUMENT_SILENT };

typedef struct {
    const char *name;
    DocumentStand stands[6];
    size_t n;
    double coverage, balance, conflict; /* -9: undefined */
    bool pull_apart;
} Case;

static const Case cases[] = {
    {"three against one",
     {{F, 0}, {F, 0}, {A, 0}, {M, 0}, {S, 0}, {F, 0}},
     6,
     5.0 / 6,
     0.4,
     0.5,
     false},
    {"three against a national one",
     {{F, 0}, {F, 0}, {A, 1}, {M, 1}, {S, 0}, {F, 0}},
     6,
     5.0 / 6,
     0.4,
     0.5,
     true},
    {"two against two", {{F, 0}, {A, 0}, {F, 0}, {A, 0}}, 4, 1, 0, 1, true},
    {"national on both sides", {{F, 1}, {A, 1}}, 2, 1, 0, 1, true},
    {"national on one side only", {{F, 1}, {A, 0}}, 2, 1, 0, 1, false},
    {"one way", {{F, 1}, {F, 1}, {S, 0}}, 3, 2.0 / 3, 1, 0, false},
    {"little conflict",
     {{F, 1}, {F, 1}, {F, 1}, {F, 0}, {F, 0}, {A, 1}},
     6,
     1,
     4.0 / 6,
     1.0 / 3,
     false},
    {"only mentioned", {{M, 1}, {S, 1}}, 2, 0.5, 0, -9, false},
    {"all silent", {{S, 1}, {S, 0}}, 2, 0, -9, -9, false},
    {"no documents", {{0, 0}}, 0, -9, -9, -9, false},
};
enum { N = sizeof cases / sizeof cases[0] };

static void assert_value(double got, double want)
{
    if (want > -9)
        assert_near(got, want, 1e-12);
    else
        assert_false(is_defined(got));
}

static void balances(void **state)
{
    const Case *c = *state;
    ThemeBalance b = documents_theme_balance(c->stands, c->n, 0.5, 2);
    assert_value(b.coverage, c->coverage);
    assert_value(b.balance, c->balance);
    assert_value(b.conflict, c->conflict);
    assert_int_equal(b.pull_apart, c->pull_apart);
    assert_int_equal(b.mentioned, b.plus + b.minus + b.neutral);
    assert_int_equal(b.n, c->n);
}

/* Three documents on three themes; the first agrees with the second on one theme of two, half with
 * the third, which takes no side, on another. */
static void agreement_with_the_others(void **state)
{
    (void)state;
    enum { THEMES = 3, DOCUMENTS = 3 };
    static const int8_t said[DOCUMENTS][THEMES] = {{F, A, S}, {F, F, S}, {M, S, S}};
    static const double agreement[] = {(1 + 0.5 + 0) / 3, (1 + 0.5 + 0) / 3, (0.5 + 0.5) / 2};
    static const size_t pairs[] = {3, 3, 2};
    ThemeBalance themes[THEMES];
    for (size_t t = 0; t < THEMES; t++) {
        DocumentStand column[DOCUMENTS];
        for (size_t d = 0; d < DOCUMENTS; d++)
            column[d] = (DocumentStand){said[d][t], false};
        themes[t] = documents_theme_balance(column, DOCUMENTS, 0.5, 2);
    }
    for (size_t d = 0; d < DOCUMENTS; d++) {
        DocumentStand row[THEMES];
        for (size_t t = 0; t < THEMES; t++)
            row[t] = (DocumentStand){said[d][t], true};
        DocumentAgreement a = documents_agreement(themes, row, THEMES);
        assert_int_equal(a.pairs, pairs[d]);
        assert_near(a.agreement, agreement[d], 1e-12);
    }
    const DocumentStand silent[THEMES] = {{S, 0}, {S, 0}, {S, 0}};
    assert_false(is_defined(documents_agreement(themes, silent, THEMES).agreement));
    assert_false(is_defined(documents_agreement(themes, silent, 0).agreement));
}

static void limits_are_the_projects(void **state)
{
    (void)state;
    const DocumentStand stands[] = {{F, 0}, {F, 0}, {F, 0}, {A, 0}};
    assert_false(documents_theme_balance(stands, 4, 0.5, 2).pull_apart);
    assert_true(documents_theme_balance(stands, 4, 0.5, 1).pull_apart);
    assert_false(documents_theme_balance(stands, 4, 0.6, 1).pull_apart);
}

int main(void)
{
    struct CMUnitTest tests[N + 2] = {
        [N] = cmocka_unit_test(agreement_with_the_others),
        [N + 1] = cmocka_unit_test(limits_are_the_projects),
    };
    for (size_t i = 0; i < N; i++)
        tests[i] = (struct CMUnitTest){cases[i].name, balances, NULL, NULL, (void *)&cases[i]};
    return cmocka_run_group_tests_name("documents", tests, NULL, NULL);
}
