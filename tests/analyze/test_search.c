#include "analyze/search.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "tests/analyze/near.h"

static char *words[] = {(char *)"helsedata", (char *)"deling",     (char *)"regelverk",
                        (char *)"data",      (char *)"kompetanse", (char *)"digital"};

/* Values from an independent reference calculation, recomputed in R. */
static void three_documents(void **state)
{
    (void)state;
    char *a[] = {words[0], words[1], words[2], NULL};
    char *b[] = {words[2], words[1], words[3], words[2], NULL};
    char *c[] = {words[4], words[5], NULL};
    char *const *documents[] = {a, b, c};
    char *query[] = {words[2], words[3], NULL},
         *doubled[] = {words[3], words[2], words[3], words[2], NULL};
    double scores[3], twice[3];
    search_bm25(documents, 3, query, scores);
    assert_near(scores[0], 0.47000362924573563, 1e-12);
    assert_near(scores[1], 1.4539914479878155, 1e-12);
    assert_near(scores[2], 0, 0);
    search_bm25(documents, 3, doubled, twice);
    for (size_t i = 0; i < 3; i++)
        assert_near(twice[i], 2 * scores[i], 1e-12);
}

static void nothing_to_find(void **state)
{
    (void)state;
    char *empty[] = {NULL}, *query[] = {words[0], NULL};
    char *const *documents[] = {empty, empty};
    double scores[2] = {7, 7};
    search_bm25(documents, 2, query, scores);
    assert_near(scores[0] + scores[1], 0, 0);
    char *full[] = {words[0], words[1], NULL};
    char *const *some[] = {full, empty};
    search_bm25(some, 2, empty, scores);
    assert_near(scores[0] + scores[1], 0, 0);
    search_bm25(some, 2, query, scores);
    assert_true(scores[0] > 0);
    assert_near(scores[1], 0, 0);
    search_bm25(NULL, 0, query, NULL);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(three_documents),
        cmocka_unit_test(nothing_to_find),
    };
    return cmocka_run_group_tests_name("search", tests, NULL, NULL);
}
