/* TOWS by hand: what the same people named, and links that the team has set. */
#include "analyze/coupling.h"

#include "tests/analyze/world.h"

static const char framework[] =
    "innsikt: 1\nid: liten\ntitle: Liten\nverdict_scale: to\n"
    "scales:\n  - id: to\n    steps: [{label: Nei}, {label: Ja, agree: true}]\n"
    "  - id: fire\n    steps: [{label: Ingen}, {label: Svak}, {label: Noe}, {label: Sterk}]\n"
    "questions: [{id: sp, label: Spørsmålet}]\n"
    "themes:\n"
    "  - {id: ku, label: Kua, patterns: [ku]}\n"
    "  - {id: sau, label: Sauen, patterns: [sau]}\n"
    "  - {id: ulv, label: {nb: Ulven, en: The wolf}, patterns: [ulv]}\n"
    "  - {id: beite, label: Beitet, patterns: [beite]}\n";

static const char sources[] =
    "  s:\n    {kind: csv, path: x.csv, id: Nr, method: survey, questions: {\n"
    "    Org: {attribute: organisation}, Hvem: {person: true},\n"
    "    Styrke: {statement: {quadrant: strength}}, Svakhet: {statement: {quadrant: weakness}},\n"
    "    Mulighet: {statement: {quadrant: opportunity}},\n"
    "    Trussel: {statement: {quadrant: threat}}}}\n"
    "  d:\n    {kind: csv, path: x.csv, id: Nr, method: document, questions: {\n"
    "    Styrke: {statement: {quadrant: strength}}, Trussel: {statement: {quadrant: threat}}}}\n"
    "  p:\n    {kind: csv, path: x.csv, id: Nr, method: workshop, questions: {\n"
    "    Styrken: {pair: {left_from: Fra, right_from: Til}},\n"
    "    Trinn: {pair: {left_from: Fra, right_from: Til}, scale: fire}}}\n";

/* Ku is a strength of two organisations, ulv a threat of both; beite an opportunity of one. */
static void people(World *w)
{
    world_put(w, "s", "Org", "Elv", "Hvem", "a", "Styrke", "ku i fjøs", "Trussel", "ulv i skogen",
              NULL);
    world_put(w, "s", "Org", "Fjord", "Hvem", "b", "Styrke", "ku på setra", NULL);
    world_put(w, "s", "Org", "Fjord", "Hvem", "b", "Trussel", "ulv i natten", "Mulighet",
              "beite på fjellet", NULL);
    world_put(w, "s", "Org", "Dal", "Hvem", "c", "Svakhet", "sau på veien", NULL);
    world_put(w, "d", "Styrke", "ku i boka", "Trussel", "ulv i boka", NULL);
}

static const Coupling *coupling_by(const Results *r, const char *left, const char *right)
{
    const Couplings *all = results_couplings(r);
    for (guint i = 0; all && i < all->couplings->len; i++) {
        const Coupling *c = &g_array_index(all->couplings, Coupling, i);
        const Finding *internal = &g_array_index(r->findings, Finding, c->internal);
        const Finding *external = &g_array_index(r->findings, Finding, c->external);
        if (g_str_equal(g_array_index(r->themes, Theme, internal->theme).key, left) &&
            g_str_equal(g_array_index(r->themes, Theme, external->theme).key, right))
            return c;
    }
    return NULL;
}

static void assert_pair(const Results *r, const Coupling *c, const char *statistic, double expected)
{
    assert_non_null(c);
    g_autofree char *key = g_strconcat(c->key, "/", statistic, NULL);
    assert_figure(r, key, expected);
}

static void what_the_same_people_named(void **state)
{
    (void)state;
    World *w = world_new(framework, sources);
    people(w);
    const Results *r = world_results(w);
    const Couplings *all = results_couplings(r);
    assert_false(all->linked);
    assert_int_equal(all->couplings->len, 2);
    const Coupling *first = &g_array_index(all->couplings, Coupling, 0);
    assert_ptr_equal(first, coupling_by(r, "ku", "ulv")); /* a and b; the document has nobody */
    assert_pair(r, first, "together", 2);
    assert_string_equal(first->cell, "ST");
    assert_pair(r, coupling_by(r, "ku", "beite"), "together", 1);
    assert_null(coupling_by(r, "sau", "ulv"));
    g_autofree char *strength = g_strconcat(first->key, "/strength", NULL);
    assert_undefined(r, strength, "not_linked");
    assert_int_equal(all->internal->len, 2);
    assert_int_equal(all->external->len, 2);
    assert_null(coupling_of(all, first->external, first->internal));
    world_free(w);
}

/* Ids, labels in any language, titles and either order; steps of a scale; rubbish is counted. */
static void links_take_over(void **state)
{
    (void)state;
    World *w = world_new(framework, sources);
    people(w);
    world_put(w, "p", "Fra", "ku", "Til", "ulv", "Styrken", "2,5", NULL);
    world_put(w, "p", "Fra", "the WOLF", "Til", "Kua", "Styrken", "1,5", NULL);
    world_put(w, "p", "Fra", "Sauen", "Til", "beite", "Trinn", "3", NULL); /* of four: 2 */
    world_put(w, "p", "Fra", "sau", "Til", "ulv", "Styrken", "0", NULL);
    world_put(w, "p", "Fra", "ku", "Til", "sau", "Styrken", "2", NULL);   /* both internal */
    world_put(w, "p", "Fra", "hest", "Til", "ulv", "Styrken", "2", NULL); /* nobody knows it */
    world_put(w, "p", "Fra", "ku", "Til", "ulv", "Styrken", "2 av 3", NULL);
    world_put(w, "p", "Fra", "ku", "Til", "ulv", "Styrken", "4", NULL); /* too strong */
    const Results *r = world_results(w);
    const Couplings *all = results_couplings(r);
    assert_true(all->linked);
    assert_int_equal(all->unknown, 4);
    assert_int_equal(all->couplings->len, 2); /* strength 0 is none */
    const Coupling *wolf = coupling_by(r, "ku", "ulv"), *grass = coupling_by(r, "sau", "beite");
    assert_pair(r, wolf, "strength", 2);
    assert_pair(r, wolf, "n", 2);
    assert_pair(r, wolf, "together", 2);
    const size_t heard = r->involvement.organisations;
    assert_pair(r, wolf, "score", 2.0 / 3 * (2.0 / (double)heard));
    assert_pair(r, grass, "strength", 2);
    assert_pair(r, grass, "score", 2.0 / 3 * (1.0 / (double)heard));
    assert_pair(r, grass, "together", 0);
    assert_ptr_equal(&g_array_index(all->couplings, Coupling, 0), wolf);
    assert_int_equal(world_rests_on(r, wolf->key), 2);
    world_free(w);
}

static void nothing_goes_together(void **state)
{
    (void)state;
    World *w = world_new(framework, sources);
    world_put(w, "s", "Hvem", "a", "Styrke", "ku i fjøs", NULL);
    world_put(w, "s", "Hvem", "b", "Trussel", "ulv i skogen", NULL);
    assert_null(results_couplings(world_results(w)));
    world_free(w);
    w = world_new(framework, sources);
    assert_null(results_couplings(world_results(w)));
    world_free(w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_the_same_people_named),
        cmocka_unit_test(links_take_over),
        cmocka_unit_test(nothing_goes_together),
    };
    return cmocka_run_group_tests_name("coupling", tests, NULL, NULL);
}
