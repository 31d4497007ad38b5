#include "analyze/swot.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "analyze/undefined.h"
#include "tests/analyze/near.h"

static void quadrants(void **state)
{
    (void)state;
    static const char letters[] = "SWOT-";
    static const char *const keys[] = {"strength", "weakness", "opportunity", "threat",
                                       "unclassified"};
    for (SwotQuadrant q = 0; q <= SWOT_UNCLASSIFIED; q++) {
        char letter[] = {(char)g_ascii_tolower(letters[q]), '\0'};
        assert_int_equal(swot_letter(q), letters[q]);
        assert_string_equal(swot_key(q), keys[q]);
        assert_int_equal(swot_parse(keys[q]), q);
        assert_int_equal(swot_parse(letter), q);
        assert_int_equal(swot_quadrant(swot_origin(q), swot_polarity(q)), q);
    }
    assert_int_equal(swot_parse(NULL), SWOT_UNCLASSIFIED);
    assert_int_equal(swot_parse(""), SWOT_UNCLASSIFIED);
    assert_int_equal(swot_parse("styrke"), SWOT_UNCLASSIFIED);
    assert_int_equal(swot_quadrant(SWOT_INTERNAL, SWOT_POLARITY_UNKNOWN), SWOT_UNCLASSIFIED);
    assert_int_equal(swot_quadrant(SWOT_ORIGIN_UNKNOWN, SWOT_HELPFUL), SWOT_UNCLASSIFIED);
}

typedef struct {
    const char *name;
    SwotEvidence in;
    SwotQuadrant want;
    bool clash;
} Place;

static const Place places[] = {
    {"given stands", {SWOT_THREAT, 0, 0, 0}, SWOT_THREAT, false},
    {"given stands against its category",
     {SWOT_STRENGTH, 0, 0, SWOT_EXTERNAL},
     SWOT_STRENGTH,
     true},
    {"given stands against its polarity", {SWOT_STRENGTH, 0, SWOT_HARMFUL, 0}, SWOT_STRENGTH, true},
    {"derived", {SWOT_UNCLASSIFIED, SWOT_EXTERNAL, SWOT_HELPFUL, 0}, SWOT_OPPORTUNITY, false},
    {"category gives the origin",
     {SWOT_UNCLASSIFIED, 0, SWOT_HARMFUL, SWOT_EXTERNAL},
     SWOT_THREAT,
     false},
    {"the respondent's origin goes before",
     {SWOT_UNCLASSIFIED, SWOT_INTERNAL, SWOT_HARMFUL, SWOT_EXTERNAL},
     SWOT_WEAKNESS,
     true},
    {"polarity missing",
     {SWOT_UNCLASSIFIED, SWOT_INTERNAL, 0, SWOT_INTERNAL},
     SWOT_UNCLASSIFIED,
     false},
};
enum { N_PLACES = sizeof places / sizeof places[0] };

static void is_placed(void **state)
{
    const Place *p = *state;
    bool clash = !p->clash;
    assert_int_equal(swot_place(p->in, &clash), p->want);
    assert_int_equal(clash, p->clash);
    assert_int_equal(swot_place(p->in, NULL), p->want);
}

typedef struct {
    const char *name, *text, *left, *right; /* right NULL: one part */
} Split;

static const Split splits[] = {
    {"headline", "Mye helsedata men lav tilgjengelighet og bruk", "Mye helsedata",
     "lav tilgjengelighet og bruk"},
    {"none", "Begrenset leverandørmarked", "Begrenset leverandørmarked", NULL},
    {"comma and full stop", "Høy digitalisering, men tung legacy.", "Høy digitalisering",
     "tung legacy"},
    {"two sentences", " Mye er bra. Men det tar tid ...", "Mye er bra", "det tar tid"},
    {"capitals", "BRA MEN DYRT", "BRA", "DYRT"},
    {"inside words", "Mennesket mener at dokumentene er omfattende",
     "Mennesket mener at dokumentene er omfattende", NULL},
    {"hyphenated", "et men-ikke-svar", "et men-ikke-svar", NULL},
    {"at the start", "Men det er dyrt", "Men det er dyrt", NULL},
    {"at the start and later", "Men det er bra men dyrt", "Men det er bra", "dyrt"},
    {"at the end", "Det er bra, men", "Det er bra, men", NULL},
    {"first of two", "Bra men dyrt men viktig", "Bra", "dyrt men viktig"},
    {"comma after", "Bra, men, som kjent, dyrt", "Bra", "som kjent, dyrt"},
    {"line break and no-break space",
     "Bra\nmen\xC2\xA0"
     "dyrt",
     "Bra", "dyrt"},
    {"only men", "men men", "men men", NULL},
    {"nothing", "", "", NULL},
    {"nothing but marks", " ... ", "", NULL},
    {"invalid bytes", "Bra \xFF men dyrt", "Bra \xEF\xBF\xBD", "dyrt"},
};
enum { N_SPLITS = sizeof splits / sizeof splits[0] };

static void is_split(void **state)
{
    const Split *s = *state;
    g_auto(GStrv) parts = swot_split(s->text);
    assert_string_equal(parts[0], s->left);
    if (!s->right) {
        assert_null(parts[1]);
        return;
    }
    assert_string_equal(parts[1], s->right);
    assert_null(parts[2]);
}

static void a_megabyte_of_men(void **state)
{
    (void)state;
    g_autoptr(GString) text = g_string_new(". ");
    while (text->len < 1 << 20)
        g_string_append(text, ", men .");
    g_auto(GStrv) parts = swot_split(text->str);
    assert_non_null(parts[0]);
}

typedef struct {
    const char *name;
    size_t votes[4];
    SwotQuadrant leading;
    SwotAxis axis;
    SwotStatus status;
    double wilson_lo, entropy;
} Vote;

static const Vote votes[] = {
    {"nobody", {0, 0, 0, 0}, SWOT_UNCLASSIFIED, SWOT_AXIS_NONE, SWOT_INSUFFICIENT, -1, -1},
    {"two of two",
     {2, 0, 0, 0},
     SWOT_STRENGTH,
     SWOT_AXIS_NONE,
     SWOT_INSUFFICIENT,
     0.34238022750665303,
     0},
    {"five of six",
     {5, 1, 0, 0},
     SWOT_STRENGTH,
     SWOT_AXIS_POLARITY,
     SWOT_LEANING,
     0.43649717781352987,
     0.32501121082417705},
    {"seven of eight",
     {7, 1, 0, 0},
     SWOT_STRENGTH,
     SWOT_AXIS_POLARITY,
     SWOT_SETTLED,
     0.5291118177871464,
     0.2717822215997982},
    {"split on polarity",
     {0, 0, 3, 3},
     SWOT_UNCLASSIFIED,
     SWOT_AXIS_POLARITY,
     SWOT_CONTESTED,
     0.1876163064826506,
     0.5},
    {"split on origin",
     {0, 2, 0, 1},
     SWOT_WEAKNESS,
     SWOT_AXIS_ORIGIN,
     SWOT_LEANING,
     0.2076596008020477,
     0.4591479170272447},
    {"both axes",
     {3, 0, 0, 1},
     SWOT_STRENGTH,
     SWOT_AXIS_BOTH,
     SWOT_LEANING,
     0.3006418425824019,
     0.4056390622295664},
    {"one leader without half",
     {2, 1, 1, 0},
     SWOT_STRENGTH,
     SWOT_AXIS_BOTH,
     SWOT_CONTESTED,
     0.15003898915214947,
     0.75},
    {"three tie",
     {0, 4, 4, 4},
     SWOT_UNCLASSIFIED,
     SWOT_AXIS_BOTH,
     SWOT_CONTESTED,
     0.13812009109121315,
     0.7924812503605781},
};
enum { N_VOTES = sizeof votes / sizeof votes[0] };

static void is_settled(void **state)
{
    const Vote *v = *state;
    SwotDispute d = swot_dispute(v->votes);
    assert_int_equal(d.leading, v->leading);
    assert_int_equal(d.axis, v->axis);
    assert_int_equal(d.status, v->status);
    assert_int_equal(is_defined(d.share), d.n > 0);
    assert_int_equal(is_defined(d.wilson_lo), d.n > 0);
    if (d.n > 0) {
        assert_near(d.entropy, v->entropy, 1e-9);
        assert_near(d.wilson_lo, v->wilson_lo, 1e-9);
    }
}

enum { N_TESTS = N_PLACES + N_SPLITS + N_VOTES + 2 };

int main(void)
{
    struct CMUnitTest tests[N_TESTS];
    size_t n = 0;
    for (size_t i = 0; i < N_PLACES; i++)
        tests[n++] = (struct CMUnitTest){places[i].name, is_placed, NULL, NULL, (void *)&places[i]};
    for (size_t i = 0; i < N_SPLITS; i++)
        tests[n++] = (struct CMUnitTest){splits[i].name, is_split, NULL, NULL, (void *)&splits[i]};
    for (size_t i = 0; i < N_VOTES; i++)
        tests[n++] = (struct CMUnitTest){votes[i].name, is_settled, NULL, NULL, (void *)&votes[i]};
    tests[n++] = (struct CMUnitTest)cmocka_unit_test(quadrants);
    tests[n++] = (struct CMUnitTest)cmocka_unit_test(a_megabyte_of_men);
    return cmocka_run_group_tests_name("swot", tests, NULL, NULL);
}
