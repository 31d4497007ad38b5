/* Needs by hand: groups of known size, needs that each names. */
#include "analyze/needmap.h"

#include "tests/analyze/world.h"

#define FRAMEWORK(groups, segments)                                                                \
    "innsikt: 1\nid: liten\ntitle: Liten\nverdict_scale: to\n"                                     \
    "scales:\n  - id: to\n    steps: [{label: Nei}, {label: Ja, agree: true}]\n"                   \
    "questions: [{id: sp, label: Spørsmålet}]\n"                                                 \
    "need_groups: [" groups "]\n" segments "needs:\n  - {id: ro, kind: underlying, label: Ro}\n"   \
    "  - {id: mat, kind: practical, label: Mat}\n"                                                 \
    "  - {id: hus, kind: practical, label: Hus, group: kyr}\n"

static const char two_groups[] = FRAMEWORK(
    "{id: kyr, label: Kyr}, {id: sauer, label: Sauer}",
    "segments: [{id: unge, group: kyr, label: Unge}, {id: gamle, group: sauer, label: Gamle}]\n");
static const char four_groups[] =
    FRAMEWORK("{id: kyr, label: Kyr}, {id: sauer, label: Sauer}, {id: geiter, label: Geiter},"
              " {id: griser, label: Griser}",
              "");

static const char sources[] =
    "  s:\n    {kind: csv, path: x.csv, id: Nr, method: survey, questions: {\n"
    "    Org: {attribute: organisation}, Hvem: {person: true},\n"
    "    En: {need: {group_from: Gruppe, segment_from: Segment, kind_from: Slag}},\n"
    "    To: {need: {group_from: Gruppe, segment_from: Segment}}}}\n"
    "  v:\n    {kind: csv, path: x.csv, id: Nr, method: workshop, questions: {\n"
    "    Bord: {attribute: table}, Rundt: {attribute: participants},\n"
    "    En: {need: {group: kyr}}}}\n";

static void name(World *w, const char *who, const char *group, const char *one, const char *two)
{
    world_put(w, "s", "Hvem", who, "Gruppe", group, "En", one, "To", two, NULL);
}

/* n people of a group who name both needs. */
static void crowd(World *w, int n, const char *group, const char *one, const char *two)
{
    for (int i = 0; i < n; i++) {
        g_autofree char *who = g_strdup_printf("%s%d%s%s", group, i, one, two);
        name(w, who, group, one, two);
    }
}

static const NeedRow *row_of(const Results *r, const char *key)
{
    const GArray *rows = results_needs(r)->rows;
    for (guint i = 0; i < rows->len; i++)
        if (g_str_equal(g_array_index(rows, NeedRow, i).key, key))
            return &g_array_index(rows, NeedRow, i);
    fail_msg("no row %s", key);
    return NULL;
}

/* 14 of 20 and 9 of 15: the vector of methods.md 3.16. */
static void two_groups_meet(void **state)
{
    (void)state;
    World *w = world_new(two_groups, sources);
    crowd(w, 14, "kyr", "ro", "");
    crowd(w, 6, "kyr", "mat", "");
    crowd(w, 9, "Sauer", "RO", "");
    crowd(w, 2, "sauer", "mat", "");
    crowd(w, 4, "sauer", "Stillhet om natten", "stillhet  om NATTEN");
    const Results *r = world_results(w);

    assert_figure(r, "need-group/kyr/people", 20);
    assert_figure(r, "need-group/sauer/people", 15);
    assert_figure(r, "need/ro/people", 23);
    assert_figure(r, "need/ro/group=kyr/people", 14);
    assert_figure(r, "need/ro/group=kyr/of", 20);
    assert_figure(r, "need/ro/group=kyr/share", 0.7);
    assert_figure(r, "need/ro/group=sauer/share", 0.6);
    assert_figure(r, "need/ro/pair=kyr+sauer/overlap", 0.6);
    assert_figure(r, "need/ro/pair=kyr+sauer/difference", 0.1);
    assert_figure(r, "need/ro/pair=kyr+sauer/difference-low", -0.19774853613873444);
    assert_figure(r, "need/ro/pair=kyr+sauer/difference-high", 0.3875741761241619);
    assert_word(r, "need/ro/pair=kyr+sauer/class", "shared");
    assert_figure(r, "need/ro/pair=kyr+sauer/rank", 1);
    assert_word(r, "need/mat/pair=kyr+sauer/class", "group1"); /* 6 of 20, 2 of 15 */
    assert_undefined(r, "need/mat/pair=kyr+sauer/rank", "not_shared");
    assert_word(r, "need/ro/kind", "underlying");

    const NeedMap *map = results_needs(r);
    assert_int_equal(map->rows->len, 3); /* own words are one need however they are spelt */
    assert_string_equal(g_array_index(map->rows, NeedRow, 0).key, "need/ro");
    const NeedRow *own = &g_array_index(map->rows, NeedRow, 2);
    assert_int_equal(own->mention->term, NO_TERM);
    assert_int_equal(own->sources, 4); /* named twice by each, once counted */
    assert_int_equal(own->kind, NO_TERM);
    const double low = 0.6 + 2.0 / 15 + 0, high = 0.7 + 0.3 + 4.0 / 15;
    assert_figure(r, "need-overlap/pair=kyr+sauer/ruzicka", low / high);
    assert_figure(r, "need-overlap/pair=kyr+sauer/ruzicka-practical", (2.0 / 15) / 0.3);
    assert_figure(r, "need-overlap/pair=kyr+sauer/ruzicka-underlying", 0.6 / 0.7);
    assert_figure(r, "need-overlap/pair=kyr+sauer/shared", 1);
    assert_int_equal(world_rests_on(r, "need/ro/group=kyr"), 14);
    assert_int_equal(world_rests_on(r, "need-overlap/pair=kyr+sauer"), 35);
    world_free(w);
}

/* Who is told by the segment, by the need itself, or not at all; a table counts once. */
static void groups_segments_and_tables(void **state)
{
    (void)state;
    World *w = world_new(two_groups, sources);
    world_put(w, "s", "Hvem", "a", "Segment", "unge", "En", "ro", "To", "mat", NULL);
    world_put(w, "s", "Hvem", "a", "Segment", "Unge", "En", "ro", NULL);
    world_put(w, "s", "Hvem", "b", "Segment", "gamle", "En", "ro", NULL);
    world_put(w, "s", "Hvem", "c", "En", "hus", NULL); /* only cows have it */
    world_put(w, "s", "Hvem", "d", "En", "mat", NULL); /* of nobody knows whom */
    world_put(w, "s", "Hvem", "e", "Gruppe", "ingen", "En", "Fred", "Slag", "underlying", NULL);
    world_put(w, "v", "Bord", "1", "Rundt", "8", "En", "mat", NULL);
    const Results *r = world_results(w);
    const NeedMap *map = results_needs(r);

    assert_figure(r, "need-group/kyr/people", 3); /* a, c and the table */
    assert_figure(r, "need-group/sauer/people", 1);
    assert_figure(r, "need/ro/people", 2);
    assert_figure(r, "need/ro/mentions", 3);
    assert_figure(r, "need/ro/segment=unge/people", 1);
    assert_figure(r, "need/mat/segment=gamle/people", 0);
    assert_figure(r, "need/mat/people", 3);
    assert_figure(r, "need/mat/group=kyr/share", 2.0 / 3);
    assert_figure(r, "need/hus/group=sauer/share", 0);
    assert_int_equal(map->ungrouped, 2);
    assert_word(r, "need/ro/pair=kyr+sauer/class", "unclassed"); /* too few in both */
    assert_figure(r, "need/ro/pair=kyr+sauer/overlap", 1.0 / 3);
    assert_int_equal(map->n_shared, 0);
    assert_int_equal(row_of(r, "need/hus")->kind, NEED_PRACTICAL);
    for (guint i = 0; i < map->rows->len; i++)
        if (g_array_index(map->rows, NeedRow, i).mention->term == NO_TERM)
            assert_int_equal(g_array_index(map->rows, NeedRow, i).kind, NEED_UNDERLYING);
    world_free(w);
}

/* Of more than two groups those are compared that are first and large enough; of fewer, none. */
static void other_numbers_of_groups(void **state)
{
    (void)state;
    World *w = world_new(four_groups, sources);
    crowd(w, 2, "kyr", "ro", "");
    crowd(w, 6, "geiter", "ro", "mat");
    crowd(w, 5, "griser", "ro", "");
    const Results *r = world_results(w);
    assert_word(r, "need/ro/pair=geiter+griser/class", "shared");
    assert_figure(r, "need/ro/group=kyr/share", 1);
    assert_null(results_figure(r, "need/ro/group=sauer/share"));
    world_free(w);

    w = world_new(four_groups, sources);
    crowd(w, 2, "sauer", "ro", "");
    crowd(w, 9, "griser", "ro", "");
    r = world_results(w);
    assert_word(r, "need/ro/pair=sauer+griser/class", "unclassed");
    world_free(w);

    w = world_new(four_groups, sources);
    crowd(w, 9, "griser", "ro", "mat");
    r = world_results(w);
    assert_figure(r, "need/mat/group=griser/share", 1);
    assert_int_equal(results_needs(r)->second, NO_TERM);
    assert_null(results_figure(r, "need-overlap/pair=griser+kyr/ruzicka"));
    world_free(w);

    w = world_new(four_groups, sources);
    crowd(w, 3, "", "ro", "");
    r = world_results(w);
    assert_int_equal(results_needs(r)->first, NO_TERM);
    assert_figure(r, "need/ro/people", 3);
    world_free(w);
}

static void nobody_needs_anything(void **state)
{
    (void)state;
    World *w = world_new(two_groups, sources);
    name(w, "a", "kyr", "", "");
    assert_null(results_needs(world_results(w)));
    world_free(w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(two_groups_meet),
        cmocka_unit_test(groups_segments_and_tables),
        cmocka_unit_test(other_numbers_of_groups),
        cmocka_unit_test(nobody_needs_anything),
    };
    return cmocka_run_group_tests_name("needmap", tests, NULL, NULL);
}
