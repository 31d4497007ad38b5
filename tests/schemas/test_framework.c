/* Framework files: the two built-in ones whole, and what is wrong with others, told at its place.
 */
#include "schemas/error.h"
#include "schemas/framework.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include <glib/gstdio.h>

#include <cmocka.h>

static char *folder;

static int make_folder(void **state)
{
    (void)state;
    folder = g_dir_make_tmp("innsikt-XXXXXX", NULL);
    return folder ? 0 : -1;
}

static int drop_folder(void **state)
{
    (void)state;
    g_autofree char *path = g_build_filename(folder, "r.yaml", NULL);
    g_unlink(path);
    g_rmdir(folder);
    g_free(folder);
    return 0;
}

static Framework *load_text(const char *text, GError **error)
{
    g_autofree char *path = g_build_filename(folder, "r.yaml", NULL);
    assert_true(g_file_set_contents(path, text, -1, NULL));
    return framework_load("r.yaml", folder, error);
}

static Framework *load(const char *name)
{
    g_autoptr(GError) error = NULL;
    Framework *framework = framework_load(name, ".", &error);
    if (!framework)
        fail_msg("%s", error->message);
    return framework;
}

/* --- the built-in ones ----------------------------------------------------------------------- */

static const struct {
    const char *name;
    size_t n[N_TERM_KINDS];
    size_t scales;
} whole[] = {
    {"ehelse", {3, 3, 15, 11, 6, 9, 28, 7, 6, 14, 35, 49, 0, 2, 6, 30, 20, 9, 7, 6}, 12},
    {"virksomhet", {2, 4, 12, 3, 2}, 2},
};

static void built_in_ones_are_whole(void **state)
{
    (void)state;
    const char *const *names = framework_builtins();
    assert_int_equal(g_strv_length((char **)names), G_N_ELEMENTS(whole));
    for (size_t i = 0; i < G_N_ELEMENTS(whole); i++) {
        assert_string_equal(names[i], whole[i].name);
        g_autoptr(Framework) framework = load(whole[i].name);
        g_autofree char *origin = g_strconcat("built-in:", whole[i].name, NULL);
        assert_string_equal(framework->id, whole[i].name);
        assert_string_equal(framework->origin, origin);
        assert_int_equal(framework->n_scales, whole[i].scales);
        for (int kind = 0; kind < N_TERM_KINDS; kind++)
            if (framework->list[kind].n != whole[i].n[kind])
                fail_msg("%s: list %d has %zu", whole[i].name, kind, framework->list[kind].n);
    }
}

/* Every text that people see stands in all three languages, in NFC and on one line. */
static void expect_label(const Term *term, const char *what, const Label *label)
{
    for (int l = 0; l < N_LANGUAGES; l++)
        if (!label->text[l] || !*label->text[l] || strchr(label->text[l], '\n') ||
            !g_utf8_validate(label->text[l], -1, NULL))
            fail_msg("%s: %s in %s", term->id, what, language_code((Language)l));
}

static void expect_languages(const Term *term)
{
    const Label *const optional[] = {&term->brief, &term->detail, &term->pole_a, &term->pole_b};
    expect_label(term, "label", &term->label);
    for (size_t i = 0; i < G_N_ELEMENTS(optional); i++)
        if (optional[i]->text[LANGUAGE_NB] || optional[i]->text[LANGUAGE_EN])
            expect_label(term, "text", optional[i]);
}

static void built_in_ones_speak_three_languages(void **state)
{
    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(whole); i++) {
        g_autoptr(Framework) framework = load(whole[i].name);
        for (int kind = 0; kind < N_TERM_KINDS; kind++)
            for (size_t t = 0; t < framework->list[kind].n; t++)
                expect_languages(&framework->list[kind].v[t]);
        for (size_t s = 0; s < framework->n_scales; s++)
            for (int step = 0; step < framework->scales[s]->n_steps; step++) {
                const Term named = {.id = framework->scales[s]->id};
                expect_label(&named, "step", &framework->scales[s]->step[step].label);
            }
    }
}

static size_t children(const Framework *framework, TermKind kind, const char *parent)
{
    size_t n = 0;
    const int index = framework_find(framework, TERM_FOCUS, parent);
    for (size_t i = 0; i < framework->list[kind].n; i++)
        n += framework->list[kind].v[i].parent == index;
    return n;
}

/* The table of ehelse.md, part 4. */
static void ehelse_has_its_plan(void **state)
{
    (void)state;
    static const struct {
        const char *focus;
        size_t goals, activities;
    } plan[] = {{"1.1", 3, 3}, {"1.2", 1, 3}, {"2.1", 3, 3}, {"2.2", 3, 4}, {"3.1", 1, 2},
                {"3.2", 3, 1}, {"4.1", 3, 4}, {"4.2", 3, 5}, {"4.3", 1, 3}, {"5.1", 1, 5},
                {"5.2", 1, 4}, {"6.1", 4, 4}, {"6.2", 4, 4}, {"6.3", 4, 4}};
    g_autoptr(Framework) framework = load("ehelse");
    for (size_t i = 0; i < G_N_ELEMENTS(plan); i++) {
        const Term *focus =
            &framework->list[TERM_FOCUS].v[framework_find(framework, TERM_FOCUS, plan[i].focus)];
        assert_string_equal(focus->id, plan[i].focus);
        assert_int_equal(focus->parent + 1, focus->id[0] - '0');
        assert_int_equal(children(framework, TERM_GOAL, plan[i].focus), plan[i].goals);
        assert_int_equal(children(framework, TERM_ACTIVITY, plan[i].focus), plan[i].activities);
    }
}

static void ehelse_places_its_items(void **state)
{
    (void)state;
    static const struct {
        const char *item, *question, *level;
    } items[] = {{"clear-direction", "choices-clear", "choices"},
                 {"plan-used", "choices-clear", "governance"},
                 {"fits-guidance", "choices-coherent", "vision"},
                 {"ambition-clear", "priorities-robust", "vision"},
                 {"adaptable", "priorities-robust", "governance"}};
    g_autoptr(Framework) f = load("ehelse");
    for (size_t i = 0; i < G_N_ELEMENTS(items); i++) {
        const Term *item = &f->list[TERM_ITEM].v[framework_find(f, TERM_ITEM, items[i].item)];
        assert_string_equal(f->list[TERM_QUESTION].v[item->parent].id, items[i].question);
        assert_string_equal(f->list[TERM_LEVEL].v[item->level].id, items[i].level);
    }
    const Term *question = &f->list[TERM_QUESTION].v[0];
    assert_int_equal(question->parent, framework_find(f, TERM_LEVEL, "choices"));
    assert_string_equal(term_brief(question, LANGUAGE_NN), "Tydelege val i bruk");
    assert_string_equal(label_get(&question->detail, LANGUAGE_EN),
                        "The strategic choices are clear and are used");
    assert_string_equal(term_brief(&f->list[TERM_ITEM].v[0], LANGUAGE_NB),
                        "Satsingsområdene viser tydelig vei");
    assert_string_equal(f->list[TERM_GROUP].v[f->citizen_group].id, "innbygger");
    assert_string_equal(f->list[TERM_TREND].v[0].related[0], "sociocultural");
    assert_string_equal(f->list[TERM_CATEGORY].v[7].letter, "N");
    assert_string_equal(f->list[TERM_CATEGORY].v[7].kind, "external");
    assert_int_equal(f->list[TERM_NEED].v[framework_find(f, TERM_NEED, "safety")].parent, -1);
    assert_int_equal(f->list[TERM_NEED].v[framework_find(f, TERM_NEED, "productivity")].parent, 1);
}

static void virksomhet_is_another_shape(void **state)
{
    (void)state;
    g_autoptr(Framework) f = load("virksomhet");
    const Scale *verdict = f->verdict_scale;
    assert_string_equal(verdict->id, "place3");
    assert_int_equal(verdict->n_steps, 3);
    assert_int_equal(f->citizen_group, -1);
    const Scale *answers = framework_scale(f, "enig5");
    const int want[] = {1, 1, 2, 3, 3};
    assert_ptr_equal(f->default_scale, answers);
    for (int i = 0; i < answers->n_steps; i++)
        assert_int_equal(answers->step[i].map, want[i]);
}

/* --- asking ---------------------------------------------------------------------------------- */

static void matches_what_people_type(void **state)
{
    (void)state;
    static const struct {
        TermKind kind;
        const char *text, *id;
    } typed[] = {
        {TERM_GROUP, "kommune", "kommune"},
        {TERM_GROUP, "KOMMUNER", "kommune"},
        {TERM_GROUP, " Municipalities\t", "kommune"},
        {TERM_GROUP, "næringsliv\u00a0og  leverandører", "naeringsliv"},
        {TERM_GROUP, "na\u0308ringsliv", NULL},
        {TERM_GROUP, "FAGMILJO\u0338ER OG PROFESJONER", NULL},
        {TERM_GROUP, "Helsefo\u0301retak", NULL},
        {TERM_GROUP, "Helseføretak", "helseforetak"},
        {TERM_FOCUS, "Bedre bruk av helsedata til sekunda\u0308rforma\u030al", NULL},
        {TERM_FOCUS, "bedre bruk av helsedata til sekundærforma\u030al", "3.2"},
        {TERM_FOCUS, "3.2", "3.2"},
        {TERM_CATEGORY, "Økonomiske forhold", "economic"},
        {TERM_CATEGORY, "ØKONOMISKE FORHOLD", "economic"},
        {TERM_CATEGORY, "n", "environmental"},
        {TERM_CATEGORY, "Organisering", NULL},
        {TERM_STREAM, "F", "goals"},
        {TERM_STREAM, "un sustainability goals", "goals"},
        {TERM_STREAM, "Goals", "goals"},
        {TERM_GROUP, "", NULL},
        {TERM_SCENARIO, "S1", NULL},
    };
    g_autoptr(Framework) f = load("ehelse");
    for (size_t i = 0; i < G_N_ELEMENTS(typed); i++) {
        const int index = framework_match(f, typed[i].kind, typed[i].text);
        const char *id = index < 0 ? NULL : f->list[typed[i].kind].v[index].id;
        if (g_strcmp0(id, typed[i].id) != 0)
            fail_msg("«%s»: %s", typed[i].text, id);
    }
    assert_int_equal(framework_find(f, TERM_GROUP, "KOMMUNE"), -1);
}

static void reads_codes(void **state)
{
    (void)state;
    static const struct {
        const char *scale, *code;
        int step;
        Missing missing;
    } codes[] = {
        {"grad5", "1", 1, MISSING_NONE},
        {"grad5", "5", 5, MISSING_NONE},
        {"grad5", " 4 ", 4, MISSING_NONE},
        {"grad5", "3.0000000000", 3, MISSING_NONE},
        {"grad5", "3,0", 3, MISSING_NONE},
        {"grad5", "3.5", 0, MISSING_UNREADABLE},
        {"grad5", "03", 0, MISSING_UNREADABLE},
        {"grad5", "6", 0, MISSING_UNREADABLE},
        {"grad5", "98", 0, MISSING_NOT_APPLICABLE},
        {"grad5", "98.0", 0, MISSING_NOT_APPLICABLE},
        {"grad5", "-oth-na", 0, MISSING_NOT_APPLICABLE},
        {"grad5", "99", 0, MISSING_DONT_KNOW},
        {"grad5", "dont_know", 0, MISSING_DONT_KNOW},
        {"grad5", "", 0, MISSING_NOT_ANSWERED},
        {"grad5", " \t", 0, MISSING_NOT_ANSWERED},
        {"grad5", "I stor grad", 0, MISSING_UNREADABLE},
        {"kobling4", "0", 1, MISSING_NONE},
        {"kobling4", "3", 4, MISSING_NONE},
        {"kobling4", "4", 0, MISSING_UNREADABLE},
    };
    g_autoptr(Framework) f = load("ehelse");
    for (size_t i = 0; i < G_N_ELEMENTS(codes); i++) {
        Missing missing = MISSING_NONE;
        const int step = scale_read(framework_scale(f, codes[i].scale), codes[i].code, &missing);
        if (step != codes[i].step || missing != codes[i].missing)
            fail_msg("%s «%s»: %d, %s", codes[i].scale, codes[i].code, step, missing_word(missing));
    }
    assert_null(framework_scale(f, "grad6"));
    assert_true(f->verdict_scale->mapped);
    assert_true(framework_scale(f, "grad5")->mapped);
    assert_false(framework_scale(f, "enig5")->mapped);
    assert_false(framework_scale(f, "pol5")->step[4].agree);
    assert_true(framework_scale(f, "kobling4")->step[2].agree);
    assert_false(framework_scale(f, "kobling4")->step[1].agree);
}

/* --- files of one's own ---------------------------------------------------------------------- */

#define HEAD                                                                                       \
    "innsikt: 1\nid: prøve-1\ntitle: Prøve\nverdict_scale: v\n"                                  \
    "scales: [{id: v, steps: [{label: A}, {label: B}]}]\n"
#define GOOD_HEAD                                                                                  \
    "innsikt: 1\nid: p1\ntitle: Prøve\nverdict_scale: v\n"                                        \
    "scales: [{id: v, steps: [{label: A}, {label: B}]}]\n"

static void a_small_one_is_enough(void **state)
{
    (void)state;
    g_autoptr(GError) error = NULL;
    g_autoptr(Framework) f = load_text(
        GOOD_HEAD "questions: [{id: Q.1, label: {en: Why?}, brief: {nn: Kvifor}}]\n", &error);
    assert_non_null(f);
    assert_string_equal(f->origin, "r.yaml");
    const Term *question = &f->list[TERM_QUESTION].v[0];
    assert_string_equal(term_label(question, LANGUAGE_NB), "Why?");
    assert_string_equal(term_brief(question, LANGUAGE_NB), "Kvifor");
    assert_int_equal(question->parent, -1);
    assert_int_equal(question->level, -1);
    assert_null(f->default_scale);
    assert_string_equal(label_get(&f->title, LANGUAGE_EN), "Prøve");
    assert_int_equal(f->verdict_scale->step[1].map, 2);
}

/* Two terms of one label: neither is meant. An id always means its own term. */
static void an_ambiguous_label_matches_nothing(void **state)
{
    (void)state;
    g_autoptr(Framework) f =
        load_text(GOOD_HEAD "questions: [{id: q, label: Q}]\n"
                            "groups: [{id: a, label: Felles}, {id: b, label: felles},\n"
                            " {id: c, label: A}, {id: d, label: {nb: D, nn: E}}]\n",
                  NULL);
    assert_int_equal(framework_match(f, TERM_GROUP, "Felles"), -1);
    assert_int_equal(framework_match(f, TERM_GROUP, "A"), 0);
    assert_int_equal(framework_match(f, TERM_GROUP, "e"), 3);
}

typedef struct {
    const char *name, *text, *message;
} Broken;

#define Q "questions: [{id: q, label: Q}]\n"

static const Broken broken[] = {
    {"nothing but a list", "- a\n", "r.yaml:1:1: a framework file must be a map (`key: value`)"},
    {"empty map", "{}\n",
     "r.yaml:1:1: `innsikt` is missing; begin the file with `innsikt: 1`\n"
     "r.yaml:1:1: `id` is missing; give the framework a short name\n"
     "r.yaml:1:1: `title` is missing; add `title: {nb: …, nn: …, en: …}`\n"
     "r.yaml:1:1: `scales` is missing; a framework needs its verdict scale\n"
     "r.yaml:1:1: no main question; a framework needs at least one under `questions`"},
    {"a newer format",
     "innsikt: 2\nid: x\ntitle: T\nverdict_scale: v\nscales: [{id: v, steps: [{label: A}, {label: "
     "B}]}]\n" Q,
     "r.yaml:1:10: innsikt is \"2\"; it must be 1"},
    {"id with an ø", HEAD Q,
     "r.yaml:2:5: id \"prøve-1\" of a framework; use letters a-z, digits, dots and hyphens (at "
     "most 64)"},
    {"unknown list", GOOD_HEAD Q "grups: []\n",
     "r.yaml:7:1: unknown key \"grups\"; did you mean \"groups\"?"},
    {"unknown key of a term", GOOD_HEAD Q "streams: [{id: s, labell: S, lettr: S}]\n",
     "r.yaml:7:11: this stream has no label; add `label: {nb: …, nn: …, en: …}`\n"
     "r.yaml:7:19: unknown key \"labell\"; did you mean \"label\"?\n"
     "r.yaml:7:30: unknown key \"lettr\"; did you mean \"letter\"?"},
    {"a key that this list has not", GOOD_HEAD Q "groups: [{id: s, label: S, letter: S}]\n",
     "r.yaml:7:28: unknown key \"letter\"; known here: id, label, brief, detail"},
    {"unknown language", GOOD_HEAD Q "groups: [{id: s, label: {nb: S, no: S}}]\n",
     "r.yaml:7:33: unknown key \"no\"; did you mean \"nb\"?"},
    {"no text", GOOD_HEAD Q "groups: [{id: s, label: {}}]\n",
     "r.yaml:7:25: label has no text; write nb:, nn: and en:"},
    {"same id", GOOD_HEAD Q "groups:\n - {id: s, label: S}\n - {id: S, label: T}\n",
     "r.yaml:9:9: group \"S\" is there already; give every group its own id"},
    {"an item with a question's id", GOOD_HEAD Q "items: [{id: q, label: I, question: q}]\n",
     "r.yaml:7:14: \"q\" is the id of a question; give the item its own"},
    {"same letter",
     GOOD_HEAD Q "streams:\n - {id: s, label: S, letter: Æ}\n - {id: t, label: T, letter: Æ}\n",
     "r.yaml:9:30: letter \"Æ\" is taken by \"s\"; choose another"},
    {"two letters", GOOD_HEAD Q "streams:\n - {id: s, label: S, letter: ab}\n",
     "r.yaml:8:30: a letter is one character; shorten it"},
    {"no parent", GOOD_HEAD Q "items: [{id: i, label: I}]\n",
     "r.yaml:7:9: this item names no question; add `question: …`"},
    {"no such parent",
     GOOD_HEAD "questions: [{id: clear, label: Q}]\nitems: [{id: i, label: I, question: claer}]\n",
     "r.yaml:7:37: question \"claer\" is not in framework p1; did you mean \"clear\"?"},
    {"no level where there are levels", GOOD_HEAD "levels: [{id: l, label: L}]\n" Q,
     "r.yaml:7:13: this question names no level; add `level: …`"},
    {"no such kind",
     GOOD_HEAD Q "categories: [{id: c, label: C, kind: externl}, {id: d, label: D}]\n",
     "r.yaml:7:38: kind cannot be \"externl\"; did you mean \"external\"?\n"
     "r.yaml:7:48: this category has no kind; add `kind: internal or external`"},
    {"related to nothing", GOOD_HEAD Q "trends: [{id: t, label: T, related: [political]}]\n",
     "r.yaml:7:38: related \"political\": framework p1 has no categories; declare them there"},
    {"no poles", GOOD_HEAD Q "dilemmas: [{id: t, label: T}]\n",
     "r.yaml:7:12: this dilemma has no pole_a; add `pole_a: {nb: …, nn: …, en: …}`\n"
     "r.yaml:7:12: this dilemma has no pole_b; add `pole_b: {nb: …, nn: …, en: …}`"},
    {"no such citizens", GOOD_HEAD Q "groups: [{id: folk, label: F}]\ncitizen_group: flok\n",
     "r.yaml:8:16: citizen_group \"flok\" is not in framework p1; did you mean \"folk\"?"},
};

#define SCALES(scales) "innsikt: 1\nid: p1\ntitle: T\nverdict_scale: v\n" Q "scales:\n" scales
#define V              " - {id: v, steps: [{label: A}, {label: B}]}\n"

static const Broken scales[] = {
    {"no verdict scale", "innsikt: 1\nid: p1\ntitle: T\nverdict_scale: w\n" Q "scales:\n" V,
     "r.yaml:4:16: verdict_scale \"w\" is not in framework p1; known here: v"},
    {"a verdict scale without steps",
     SCALES(" - {id: v, steps: []}\n - {id: a, steps: [{label: A, map: 1}, {label: B, map: 1}]}\n"),
     "r.yaml:7:19: a scale has 2 to 7 steps, this one 0; add or join steps"},
    {"lists in the place of maps", SCALES(V " - [a, b]\n - {id: s, steps: [[x], {label: B}]}\n"),
     "r.yaml:8:4: scale must be a map (`key: value`)\n"
     "r.yaml:9:20: step must be a map (`key: value`)"},
    {"one step", SCALES(V " - {id: a, steps: [{label: A}]}\n"),
     "r.yaml:8:19: a scale has 2 to 7 steps, this one 1; add or join steps"},
    {"eight steps",
     SCALES(V " - {id: a, steps: [{label: A}, {label: B}, {label: C}, {label: D}, {label: E}, "
              "{label: F}, {label: G}, {label: H}]}\n"),
     "r.yaml:8:19: a scale has 2 to 7 steps, this one 8; add or join steps"},
    {"same scale", SCALES(V V),
     "r.yaml:8:9: scale \"v\" is there already; give every scale its own id"},
    {"same code",
     SCALES(" - {id: v, steps: [{label: A, codes: [x, y]}, {label: B, codes: [z, x]}]}\n"),
     "r.yaml:7:65: code \"x\" stands for step 1 already; give each step its own codes"},
    {"a step of no number",
     SCALES(V " - {id: a, steps: [{label: A, map: 0}, {label: B, map: 3}]}\n"),
     "r.yaml:8:36: map is \"0\"; it must be a whole number from 1 to 2\n"
     "r.yaml:8:56: map is \"3\"; it must be a whole number from 1 to 2"},
    {"a map that falls", SCALES(V " - {id: a, steps: [{label: A, map: 2}, {label: B, map: 1}]}\n"),
     "r.yaml:8:56: map goes back from 2 to 1; it must never fall"},
    {"half a map", SCALES(V " - {id: a, steps: [{label: A, map: 2}, {label: B}]}\n"),
     "r.yaml:8:19: only 1 of 2 steps have a `map`; give all of them one or none"},
    {"a map of the verdict scale", SCALES(" - {id: v, steps: [{label: A, map: 1}, {label: B}]}\n"),
     "r.yaml:7:36: the verdict scale is its own map; leave `map` out"},
    {"no such reason", SCALES(V) "missing: {99: dont-know}\n",
     "r.yaml:8:15: missing cannot be \"dont-know\"; did you mean \"dont_know\"?"},
    {"agree is no word", SCALES(" - {id: v, steps: [{label: A, agree: ja}, {label: B}]}\n"),
     "r.yaml:7:38: agree cannot be \"ja\"; known here: false, true"},
};

static void complains(void **state)
{
    const Broken *c = *state;
    g_autoptr(GError) error = NULL;
    assert_null(load_text(c->text, &error));
    assert_true(g_error_matches(error, INNSIKT_ERROR, INNSIKT_ERROR_USAGE));
    assert_string_equal(error->message, c->message);
}

static void own_missing_codes_go_before_general_ones(void **state)
{
    (void)state;
    g_autoptr(GError) error = NULL;
    g_autoptr(Framework) f = load_text("innsikt: 1\nid: p\ntitle: T\nverdict_scale: v\n" Q
                                       "missing: {0: dont_know, 9: dont_know}\n"
                                       "scales: [{id: v, steps: [{label: A}, {label: B}]},\n"
                                       " {id: w, missing: {9: not_applicable, x: not_shown}, "
                                       "steps: [{label: A, codes: [0, -1]}, {label: B}]}]\n",
                                       &error);
    assert_non_null(f);
    Missing missing = MISSING_NONE;
    assert_int_equal(scale_read(f->scales[0], "0", &missing), 0);
    assert_int_equal(missing, MISSING_DONT_KNOW);
    assert_int_equal(scale_read(f->scales[1], "0", &missing), 1);
    assert_int_equal(scale_read(f->scales[1], "-1", &missing), 1);
    assert_int_equal(scale_read(f->scales[1], "2", &missing), 2);
    assert_int_equal(scale_read(f->scales[1], "9", &missing), 0);
    assert_int_equal(missing, MISSING_NOT_APPLICABLE);
    assert_int_equal(scale_read(f->scales[1], "x", &missing), 0);
    assert_int_equal(missing, MISSING_NOT_SHOWN);
}

/* Sets of groups and of streams are kept as bits of one number. */
static void has_as_many_as_a_set_can_hold(void **state)
{
    static const struct {
        const char *list;
        int most;
    } lists[] = {{"groups", 64}, {"streams", 32}};
    (void)state;
    for (size_t l = 0; l < G_N_ELEMENTS(lists); l++) {
        g_autoptr(GString) text = g_string_new(GOOD_HEAD Q);
        g_string_append_printf(text, "%s:\n", lists[l].list);
        for (int i = 0; i < lists[l].most; i++)
            g_string_append_printf(text, " - {id: t%d, label: Term %d}\n", i, i);
        g_autoptr(GError) error = NULL;
        g_autoptr(Framework) full = load_text(text->str, &error);
        assert_non_null(full);
        g_string_append(text, " - {id: t, label: Term}\n");
        assert_null(load_text(text->str, &error));
        g_autofree char *said =
            g_strdup_printf("r.yaml:8:2: %s: a framework has at most %d, this one %d; join some",
                            lists[l].list, lists[l].most, lists[l].most + 1);
        assert_string_equal(error->message, said);
    }
}

static void tells_of_a_framework_that_is_not_there(void **state)
{
    (void)state;
    g_autoptr(GError) error = NULL;
    assert_null(framework_load("ehlese", ".", &error));
    assert_true(g_error_matches(error, INNSIKT_ERROR, INNSIKT_ERROR_NOT_FOUND));
    assert_string_equal(error->message,
                        "no built-in framework \"ehlese\"; did you mean \"ehelse\"? "
                        "(a file's name ends in .yaml)");
    g_clear_error(&error);
    assert_null(framework_load("borte.yaml", folder, &error));
    assert_true(g_error_matches(error, INNSIKT_ERROR, INNSIKT_ERROR_NOT_FOUND));
    assert_true(g_str_has_prefix(error->message, "borte.yaml: cannot be read: "));
}

enum { N_BROKEN = G_N_ELEMENTS(broken), N_SCALES = G_N_ELEMENTS(scales) };

int main(void)
{
    struct CMUnitTest files[N_BROKEN + N_SCALES];
    for (size_t i = 0; i < N_BROKEN + N_SCALES; i++) {
        const Broken *c = i < N_BROKEN ? &broken[i] : &scales[i - N_BROKEN];
        files[i] = (struct CMUnitTest){c->name, complains, NULL, NULL, (void *)c};
    }
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(built_in_ones_are_whole),
        cmocka_unit_test(built_in_ones_speak_three_languages),
        cmocka_unit_test(ehelse_has_its_plan),
        cmocka_unit_test(ehelse_places_its_items),
        cmocka_unit_test(virksomhet_is_another_shape),
        cmocka_unit_test(matches_what_people_type),
        cmocka_unit_test(reads_codes),
        cmocka_unit_test(has_as_many_as_a_set_can_hold),
        cmocka_unit_test(a_small_one_is_enough),
        cmocka_unit_test(an_ambiguous_label_matches_nothing),
        cmocka_unit_test(own_missing_codes_go_before_general_ones),
        cmocka_unit_test(tells_of_a_framework_that_is_not_there),
    };
    return cmocka_run_group_tests_name("framework: complaints", files, make_folder, drop_folder) +
           cmocka_run_group_tests_name("framework", tests, make_folder, drop_folder);
}
