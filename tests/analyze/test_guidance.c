/* Guiding documents by hand: registers with a column a theme, and with a row a theme. */
#include "analyze/guidance.h"

#include "tests/analyze/world.h"

static const char framework[] =
    "innsikt: 1\nid: liten\ntitle: Liten\nverdict_scale: to\n"
    "scales:\n  - id: to\n    steps: [{label: Nei}, {label: Ja, agree: true}]\n"
    "questions: [{id: sp, label: Spørsmålet}]\n"
    "document_themes:\n  - {id: jord, label: Jorda}\n  - {id: luft, label: Lufta}\n"
    "  - {id: hav, label: Havet}\n";

static const char sources[] =
    "  bred:\n    {kind: csv, path: x.csv, id: Nr, method: document, questions: {\n"
    "    Jord: {document: {theme: jord, title_from: Navn, year_from: Tid, sender_from: Fra,"
    " force_from: Kraft}},\n"
    "    Luft: {document: {theme: luft, title_from: Navn, force_from: Kraft}}}}\n"
    "  smal:\n    {kind: csv, path: x.csv, id: Nr, method: document, questions: {\n"
    "    Navn: {document: {theme_from: Tema, direction_from: Retning, force_from: Kraft}}}}\n"
    "  tema:\n    {kind: csv, path: x.csv, id: Nr, method: document, questions: {\n"
    "    Tema: {document: {title_from: Navn}}}}\n";

static const GuidingDocument *document_of(const Results *r, const char *title)
{
    const GArray *documents = results_guidance(r)->documents;
    for (guint d = 0; d < documents->len; d++) {
        const GuidingDocument *document = &g_array_index(documents, GuidingDocument, d);
        if (g_strcmp0(document->title, title) == 0)
            return document;
    }
    fail_msg("no document %s", title ? title : "without a title");
    return NULL;
}

static void assert_stands(const Results *r, const char *title, Stand jord, Stand luft, Stand hav)
{
    const GuidingDocument *document = document_of(r, title);
    assert_int_equal(document->stands[0], jord);
    assert_int_equal(document->stands[1], luft);
    assert_int_equal(document->stands[2], hav);
}

static void wide(World *w, const char *name, const char *force, const char *jord, const char *luft)
{
    world_put(w, "bred", "Navn", name, "Tid", "2019", "Fra", "Etaten", "Kraft", force, "Jord", jord,
              "Luft", luft, NULL);
}

/* Two for, one normative against, one both ways; one says nothing at all. */
static void a_column_a_theme(void **state)
{
    (void)state;
    World *w = world_new(framework, sources);
    wide(w, "Planen", "guiding", "for", "for");
    wide(w, "Loven", "normative", "against", "none");
    wide(w, "Boka", "", "For", "");
    wide(w, "Brevet", "guiding", "both", "against");
    wide(w, "Tausheten", "guiding", "", "");
    const Results *r = world_results(w);
    const Guidance *g = results_guidance(r);

    assert_int_equal(g->documents->len, 5);
    assert_stands(r, "Planen", STAND_FOR, STAND_FOR, STAND_SILENT);
    assert_stands(r, "Loven", STAND_AGAINST, STAND_SILENT, STAND_SILENT);
    assert_stands(r, "Brevet", STAND_BOTH, STAND_AGAINST, STAND_SILENT);
    assert_stands(r, NULL, STAND_SILENT, STAND_SILENT, STAND_SILENT);
    assert_string_equal(g_array_index(g->documents, GuidingDocument, 0).title, "Loven");

    assert_figure(r, "guidance/jord/n", 4);
    assert_figure(r, "guidance/jord/of", 5);
    assert_figure(r, "guidance/jord/coverage", 0.8);
    assert_figure(r, "guidance/jord/balance", 0.25);
    assert_figure(r, "guidance/jord/conflict", 2.0 / 3);
    assert_figure(r, "guidance/jord/pull-apart", 1); /* two for; the one against binds */
    assert_figure(r, "guidance/luft/conflict", 1);
    assert_figure(r, "guidance/luft/pull-apart", 0);
    assert_undefined(r, "guidance/hav/balance", "no_answers");
    assert_undefined(r, "guidance/hav/conflict", "no_answers");
    assert_figure(r, "guidance/hav/coverage", 0);
    assert_int_equal(world_rests_on(r, "guidance/jord"), 4);

    /* Planen: on jord with Loven 0, Boka 1, Brevet ½; on luft with Brevet 0. */
    const GuidingDocument *plan = document_of(r, "Planen");
    assert_int_equal(plan->agreement.pairs, 4);
    g_autofree char *agreement = g_strconcat(plan->key, "/with=others/agreement", NULL);
    g_autofree char *year = g_strconcat(plan->key, "/year", NULL);
    assert_figure(r, agreement, 1.5 / 4);
    assert_figure(r, year, 2019);
    const GuidingDocument *silent = document_of(r, NULL);
    g_autofree char *none = g_strconcat(silent->key, "/with=others/agreement", NULL);
    g_autofree char *told = g_strconcat(silent->key, "/year", NULL);
    g_autofree char *title = guidance_title(r, silent);
    assert_undefined(r, none, "too_few");
    assert_undefined(r, told, "not_told");
    assert_non_null(strstr(title, "bred 5"));
    world_free(w);
}

/* Rows of one title, however it is spelt, are one document; what they say is put together. */
static void a_row_a_theme(void **state)
{
    (void)state;
    World *w = world_new(framework, sources);
    world_put(w, "smal", "Navn", "Stor plan", "Tema", "jord", "Retning", "for", NULL);
    world_put(w, "smal", "Navn", " stor  PLAN ", "Tema", "Jorda", "Retning", "against", "Kraft",
              "Normative", NULL);
    world_put(w, "smal", "Navn", "Stor plan", "Tema", "luft", "Retning", "none", NULL);
    world_put(w, "smal", "Navn", "Stor plan", "Tema", "luft", "Retning", "", NULL);
    world_put(w, "smal", "Navn", "Liten plan", "Tema", "", "Retning", "", NULL);
    world_put(w, "smal", "Navn", "Liten plan", "Tema", "ild", "Retning", "for", NULL);
    world_put(w, "smal", "Navn", "Tredje plan", "Tema", "hav", "Retning", "kanskje", NULL);
    world_put(w, "tema", "Navn", "Fjerde plan", "Tema", "Havet", NULL);
    world_put(w, "tema", "Navn", "Fjerde plan", "Tema", "", NULL);
    const Results *r = world_results(w);
    const Guidance *g = results_guidance(r);

    assert_int_equal(g->documents->len, 4);
    assert_stands(r, "Stor plan", STAND_BOTH, STAND_MENTIONS, STAND_SILENT);
    assert_stands(r, "Liten plan", STAND_SILENT, STAND_SILENT, STAND_SILENT);
    assert_stands(r, "Tredje plan", STAND_SILENT, STAND_SILENT, STAND_SILENT);
    assert_stands(r, "Fjerde plan", STAND_SILENT, STAND_SILENT, STAND_MENTIONS);
    assert_string_equal(document_of(r, "Stor plan")->force, "normative");
    assert_int_equal(document_of(r, "Stor plan")->records->len, 4);
    assert_int_equal(g->unreadable, 2); /* ild, kanskje */
    assert_figure(r, "guidance/jord/both", 1);
    assert_figure(r, "guidance/jord/balance", 0);
    assert_undefined(r, "guidance/jord/conflict", "no_answers");
    world_free(w);
}

static void rubbish_is_left_out(void **state)
{
    (void)state;
    World *w = world_new(framework, sources);
    world_put(w, "bred", "Navn", "Planen", "Tid", "i fjor", "Kraft", "sterk", "Jord", "ja", NULL);
    const Results *r = world_results(w);
    const GuidingDocument *document = document_of(r, "Planen");
    g_autofree char *year = g_strconcat(document->key, "/year", NULL);
    assert_undefined(r, year, "not_told");
    assert_null(document->force);
    assert_int_equal(results_guidance(r)->unreadable, 1);
    assert_int_equal(document->themes, 0);
    world_free(w);

    w = world_new(framework, sources);
    assert_null(results_guidance(world_results(w)));
    world_free(w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_column_a_theme),
        cmocka_unit_test(a_row_a_theme),
        cmocka_unit_test(rubbish_is_left_out),
    };
    return cmocka_run_group_tests_name("guidance", tests, NULL, NULL);
}
