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
    ThemeBalance b = documents_theme_balance(c->stands, c->n);
    assert_value(b.coverage, c->coverage);
    assert_value(b.balance, c->balance);
    assert_value(b.conflict, c->conflict);
    assert_int_equal(b.pull_apart, c->pull_apart);
    assert_int_equal(b.mentioned, b.plus + b.minus + b.neutral);
    assert_int_equal(b.n, c->n);
}

int main(void)
{
    struct CMUnitTest tests[N];
    for (size_t i = 0; i < N; i++)
        tests[i] = (struct CMUnitTest){cases[i].name, balances, NULL, NULL, (void *)&cases[i]};
    return cmocka_run_group_tests_name("documents", tests, NULL, NULL);
}
