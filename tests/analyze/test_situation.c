/* Intern and Omverden by hand: a few statements whose categories, themes and trends are known. */
#include "analyze/situation.h"

#include "tests/analyze/world.h"

static const char framework[] =
    "innsikt: 1\nid: liten\ntitle: Liten\nverdict_scale: to\n"
    "scales:\n  - id: to\n    steps: [{label: Nei}, {label: Ja, agree: true}]\n"
    "questions: [{id: sp, label: Spørsmålet}]\ncitizen_group: folk\ngroups: [{id: by, label: "
    "Byer}, {id: folk, label: Folk}]\n"
    "categories:\n"
    "  - {id: orden, kind: internal, label: Orden}\n"
    "  - {id: folkene, kind: internal, label: Folkene}\n"
    "  - {id: penger, kind: external, label: Penger}\n"
    "  - {id: lover, kind: external, label: Lover}\n"
    "trends:\n"
    "  - {id: tempo, label: Tempo, related: [lover]}\n"
    "  - {id: ro, label: Ro}\n"
    "themes:\n"
    "  - {id: ku, label: Kua, patterns: [ku]}\n"
    "  - {id: sau, label: Sauen, patterns: [sau]}\n"
    "  - {id: geit, label: Geita, patterns: [geit]}\n";

static const char sources[] =
    "  s:\n    {kind: csv, path: x.csv, id: Nr, method: survey, questions: {\n"
    "    Org: {attribute: organisation}, Hvem: {person: true},\n"
    "    Sagt: {statement: {quadrant_from: Felt, category_from: Kategori, trend_from: Trend,"
    " implication_from: Betyr}}}}\n"
    "  d:\n    {kind: csv, path: x.csv, id: Nr, method: document, questions: {\n"
    "    Org: {attribute: organisation},\n"
    "    Sagt: {statement: {quadrant_from: Felt, category_from: Kategori}}}}\n";

static void say(World *w, const char *org, const char *who, const char *text, const char *quadrant,
                const char *category, const char *trend, const char *meaning)
{
    world_put(w, "s", "Org", org, "Hvem", who, "Sagt", text, "Felt", quadrant, "Kategori", category,
              "Trend", trend, "Betyr", meaning, NULL);
}

/* The key of the row of a category that holds the theme in the quadrant. */
static const char *row_key(const Results *r, Side side, const char *category, const char *theme,
                           SwotQuadrant quadrant)
{
    const GArray *rows = results_situation(r)->side[side].rows;
    g_autofree char *start = g_strdup_printf("%s/%s/", side_word(side), category);
    for (guint i = 0; i < rows->len; i++) {
        const SituationRow *row = &g_array_index(rows, SituationRow, i);
        const Finding *finding = &g_array_index(r->findings, Finding, row->finding);
        if (g_str_has_prefix(row->key, start) && finding->quadrant == quadrant &&
            g_str_equal(g_array_index(r->themes, Theme, finding->theme).key, theme))
            return row->key;
    }
    return NULL;
}

static void assert_row(const Results *r, const char *key, double statements, double people,
                       double organisations)
{
    const struct {
        const char *statistic;
        double expected;
    } lines[] = {{"statements", statements}, {"people", people}, {"organisations", organisations}};
    assert_non_null(key);
    for (size_t i = 0; i < G_N_ELEMENTS(lines); i++) {
        g_autofree char *path = g_strconcat(key, "/", lines[i].statistic, NULL);
        assert_figure(r, path, lines[i].expected);
    }
}

static void counts_by_category_and_theme(void **state)
{
    (void)state;
    World *w = world_new(framework, sources);
    say(w, "Elv", "a", "ku og gress", "weakness", "orden", "", "Kjøp gress.");
    say(w, "Elv", "b", "ku og høy", "weakness", "orden", "", " kjøp GRESS");
    say(w, "Fjord", "c", "ku med bjelle", "strength", "orden", "", "Selg bjeller");
    say(w, "Fjord", "c", "ku i fjøs", "weakness", "orden", "", "Bygg fjøs");
    say(w, "Fjell", "d", "ku på setra", "weakness", "orden", "", "");
    say(w, "", "e", "sau i regn", "weakness", "folkene", "", "");
    say(w, "Dal", "f", "geit i lia", "strength", "penger", "", ""); /* a clash: internal, told so */
    say(w, "Dal", "f", "geit på taket", "", "orden", "", "");       /* not placed */
    world_put(w, "d", "Org", "Vik", "Sagt", "ku i boka", "Felt", "weakness", "Kategori", "orden",
              NULL);
    const Results *r = world_results(w);

    assert_row(r, "internal/orden", 7, 5, 5);
    assert_figure(r, "internal/orden/unplaced", 1);
    assert_figure(r, "internal/orden/statements-strength", 1);
    assert_figure(r, "internal/orden/statements-weakness", 5);
    assert_figure(r, "internal/orden/findings-weakness", 1);
    assert_figure(r, "internal/orden/organisations-weakness", 4);
    assert_figure(r, "internal/orden/organisations-strength", 1);
    assert_figure(r, "internal/orden/agreement", 5.0 / 6);
    assert_word(r, "internal/orden/points-to", "weakness");
    assert_word(r, "internal/orden/settlement", "leaning"); /* Wilson's lower end: 0.4365 */
    assert_row(r, "internal/folkene", 1, 1, 0);
    assert_word(r, "internal/folkene/settlement", "insufficient");
    assert_undefined(r, "internal/folkene/agreement", "too_few");
    assert_row(r, "internal/-", 1, 1, 1);
    assert_int_equal(world_rests_on(r, "internal/orden"), 7);

    assert_row(r, row_key(r, SIDE_INTERNAL, "orden", "ku", SWOT_WEAKNESS), 5, 4, 4);
    assert_row(r, row_key(r, SIDE_INTERNAL, "orden", "ku", SWOT_STRENGTH), 1, 1, 1);
    assert_row(r, row_key(r, SIDE_INTERNAL, "-", "geit", SWOT_STRENGTH), 1, 1, 1);
    assert_figure(r, "theme/ku/share-weakness", 5.0 / 6);
    assert_figure(r, "theme/ku/share-threat", 0);
    assert_undefined(r, "theme/geit/share-strength", "too_few");

    const SituationSide *internal = &results_situation(r)->side[SIDE_INTERNAL];
    const SituationRow *first = &g_array_index(internal->rows, SituationRow, 0);
    assert_string_equal(first->meaning, "Kjøp gress · Bygg fjøs");
    assert_int_equal(internal->categories->len, 3);
    assert_false(results_situation(r)->side[SIDE_EXTERNAL].spoken);
    assert_null(results_figure(r, "external/penger/statements"));
    world_free(w);
}

static void trends_cut_across(void **state)
{
    (void)state;
    World *w = world_new(framework, sources);
    say(w, "Elv", "a", "sau og ulv", "threat", "penger", "tempo", "Gjerde");
    say(w, "Elv", "a", "sau og bjørn", "threat", "penger", "Tempo", "");
    say(w, "Fjord", "b", "sau og gaupe", "threat", "lover", "tempo", "");
    say(w, "Fjell", "c", "sau på fjellet", "opportunity", "penger", "tempo", "Beite");
    say(w, "Dal", "d", "sau i stua", "weakness", "orden", "tempo", "");
    const Results *r = world_results(w);

    assert_row(r, "trend/tempo", 5, 4, 4);
    assert_figure(r, "trend/tempo/agreement", 0.75); /* of what comes from outside */
    assert_word(r, "trend/tempo/points-to", "threat");
    assert_int_equal(world_rests_on(r, "trend/tempo"), 5);
    assert_int_equal(results_situation(r)->trends->len, 1);
    const SituationTrend *trend = &g_array_index(results_situation(r)->trends, SituationTrend, 0);
    assert_string_equal(trend->meaning, "Gjerde · Beite");
    assert_false(trend->touches[0]); /* of the sector: not what a trend comes from */
    assert_false(trend->touches[1]);
    assert_true(trend->touches[2]);
    assert_true(trend->touches[3]);
    /* One theme in three quadrants: three rows over the two sheets. */
    assert_figure(r, "theme/sau/share-threat", 0.6);
    assert_figure(r, "theme/sau/share-opportunity", 0.2);
    assert_figure(r, "external/penger/organisations", 2);
    assert_figure(r, "external/lover/statements", 1);
    world_free(w);
}

static void nothing_said_is_no_product(void **state)
{
    (void)state;
    World *w = world_new(framework, sources);
    assert_null(results_situation(world_results(w)));
    world_free(w);
    w = world_new(framework, sources);
    say(w, "Elv", "a", "noe helt annet", "", "", "", "");
    const Results *r = world_results(w);
    assert_int_equal(r->statements->len, 1);
    assert_null(results_situation(r));
    world_free(w);
}

/* A trend alone, or a category without a quadrant, is something to show. */
static void unplaced_is_shown(void **state)
{
    (void)state;
    World *w = world_new(framework, sources);
    say(w, "Elv", "a", "noe om trender", "", "", "ro", "");
    const Results *r = world_results(w);
    assert_row(r, "trend/ro", 1, 1, 1);
    assert_word(r, "trend/ro/points-to", "");
    assert_figure(r, "external/lover/statements", 0);
    assert_false(results_situation(r)->side[SIDE_INTERNAL].spoken);
    world_free(w);
    w = world_new(framework, sources);
    say(w, "Elv", "a", "noe om lover", "", "lover", "", "");
    r = world_results(w);
    assert_figure(r, "external/lover/unplaced", 1);
    assert_figure(r, "external/penger/people", 0);
    world_free(w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(counts_by_category_and_theme),
        cmocka_unit_test(trends_cut_across),
        cmocka_unit_test(nothing_said_is_no_product),
        cmocka_unit_test(unplaced_is_shown),
    };
    return cmocka_run_group_tests_name("situation", tests, NULL, NULL);
}
