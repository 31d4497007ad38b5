#include "collect/limesurvey_form.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <string.h>
#include <cmocka.h>

static json_object *read_file(const char *name)
{
    g_autofree char *path = g_strconcat("tests/fixtures/limesurvey/", name, NULL);
    json_object *reply = json_object_from_file(path), *result = NULL;
    if (!json_object_object_get_ex(reply, "result", &result))
        fail_msg("%s cannot be read (run tests from the top folder)", path);
    json_object_get(result);
    json_object_put(reply);
    return result;
}

/* Names, kinds and choices, a line each: «MAL[SQ001] single 1 2 3 4 5 99: text». */
static char *form_text(const Form *form)
{
    GString *text = g_string_new(NULL);
    for (guint i = 0; i < form->questions->len; i++) {
        const FormQuestion *q = g_ptr_array_index(form->questions, i);
        g_string_append_printf(text, "%s %s", q->name, form_kind_word(q->kind));
        for (guint c = 0; c < q->choices->len; c++)
            g_string_append_printf(text, " %s", g_array_index(q->choices, FormChoice, c).code);
        g_string_append_printf(text, ": %s\n", q->text);
    }
    return g_string_free(text, FALSE);
}

static char *built(const char *questions, const char *qid, const char *properties)
{
    json_object *list = json_tokener_parse(questions);
    json_object *options = properties ? json_tokener_parse(properties) : NULL;
    g_autoptr(GHashTable) by_qid = g_hash_table_new(g_str_hash, g_str_equal);
    assert_true(json_object_is_type(list, json_type_array) && (!properties || options));
    if (qid)
        g_hash_table_insert(by_qid, (gpointer)qid, options);
    g_autoptr(Form) form = ls_form_build("99", list, by_qid);
    json_object_put(list);
    json_object_put(options);
    return form_text(form);
}

static void the_recorded_form_is_read(void **state)
{
    (void)state;
    json_object *questions = read_file("list_questions.json");
    json_object *matrix = read_file("get_question_properties-matrix.json");
    g_autoptr(GHashTable) properties = g_hash_table_new(g_str_hash, g_str_equal);
    g_hash_table_insert(properties, (gpointer) "7", matrix);
    g_autoptr(Form) form = ls_form_build("131392", questions, properties);
    g_autofree char *text = form_text(form);
    static const char *const lines[] = {
        "ORG text: Hvilken organisasjon representerer du?\n",
        "GRUPPE single -oth-: Hvilken interessentgruppe hører du til?\n",
        "GRUPPE[other] text: Hvilken interessentgruppe hører du til? [other]\n",
        "ANSATTE number: Hvor mange årsverk har organisasjonen?\n",
        "DATO date: ",
        "KONTAKT[NAVN] text: Kontaktperson – Navn\n",
        "MAL[SQ004] single 1 2 3 4 5 99: I hvilken grad mener du at målene i planen er … – "
        "Relevante for din organisasjon\n",
        "MEDV[SQ003] single: I hvilken grad opplever du at … – prosessen er åpen & etterprøvbar\n",
        "KANAL[WEB] multi Y: ",
        "KANAL[other] text: ",
        "PRIO[comment] text: ",
        "STYRKER text: Hva er de viktigste styrkene ved planen?\n",
        "SITAT single Y N: Kan vi sitere deg uten navn?\n",
    };
    for (size_t i = 0; i < G_N_ELEMENTS(lines); i++)
        if (!strstr(text, lines[i]))
            fail_msg("no line «%s» in\n%s", lines[i], text);
    assert_null(strstr(text, "INTRO"));
    json_object_put(questions);
    json_object_put(matrix);
}

#define ONE(type, more)                                                                            \
    "[{\"qid\":\"5\",\"parent_qid\":\"0\",\"type\":\"" type "\",\"title\":\"Q\",\"question\":"     \
    "\"S\"" more "}]"
#define ROWS(type, more)                                                                           \
    "[{\"qid\":8,\"parent_qid\":5,\"title\":\"B\",\"question\":\"b\",\"question_order\":2,"        \
    "\"scale_id\":0},{\"qid\":5,\"parent_qid\":0,\"type\":\"" type                                 \
    "\",\"title\":\"Q\",\"question\":\"S\"" more "},"                                              \
    "{\"qid\":9,\"parent_qid\":5,\"title\":\"X\",\"question\":\"x\",\"question_order\":1,"         \
    "\"scale_id\":1},{\"qid\":7,\"parent_qid\":5,\"title\":\"A\",\"question\":\"a\","              \
    "\"question_order\":1,\"scale_id\":0}]"
#define OPTIONS                                                                                    \
    "{\"answeroptions\":{\"A2\":{\"answer\":\"to\",\"order\":2},"                                  \
    "\"A1\":{\"answer\":\"én\",\"order\":1}}}"

static void every_type_has_its_columns(void **state)
{
    (void)state;
    static const struct {
        const char *questions, *properties, *text;
    } cases[] = {
        {ONE("L", ""), OPTIONS, "Q single A1 A2: S\n"},
        {ONE("!", ",\"other\":\"Y\""), OPTIONS,
         "Q single A1 A2 -oth-: S\nQ[other] text: S [other]\n"},
        {ONE("O", ""), OPTIONS, "Q single A1 A2: S\nQ[comment] text: S [comment]\n"},
        {ONE("5", ""), NULL, "Q rating 1 2 3 4 5: S\n"},
        {ONE("Y", ""), NULL, "Q single Y N: S\n"},
        {ONE("G", ""), NULL, "Q single M F: S\n"},
        {ONE("N", ""), NULL, "Q number: S\n"},
        {ONE("S", ""), NULL, "Q text: S\n"},
        {ONE("T", ""), NULL, "Q text: S\n"},
        {ONE("U", ""), NULL, "Q text: S\n"},
        {ONE("D", ""), NULL, "Q date: S\n"},
        {ONE("I", ""), NULL, "Q single: S\n"},
        {ONE("*", ""), NULL, "Q computed: S\n"},
        {ONE("X", ""), NULL, ""},
        {ONE("|", ""), NULL, "Q file: S\nQ[filecount] number: S [filecount]\n"},
        {ONE("Æ", ""), NULL, "Q text: S\n"},
        {ONE("R", ""), OPTIONS, "Q[1] ranking A1 A2: S – 1\nQ[2] ranking A1 A2: S – 2\n"},
        {ROWS("M", ",\"other\":\"Y\""), NULL,
         "Q[A] multi Y: S – a\nQ[B] multi Y: S – b\nQ[other] text: S [other]\n"},
        {ROWS("P", ",\"other\":\"Y\""), NULL,
         "Q[A] multi Y: S – a\nQ[Acomment] text: S [Acomment]\nQ[B] multi Y: S – b\n"
         "Q[Bcomment] text: S [Bcomment]\nQ[other] text: S [other]\n"
         "Q[othercomment] text: S [othercomment]\n"},
        {ROWS("A", ""), NULL, "Q[A] rating 1 2 3 4 5: S – a\nQ[B] rating 1 2 3 4 5: S – b\n"},
        {ROWS("B", ""), NULL,
         "Q[A] rating 1 2 3 4 5 6 7 8 9 10: S – a\nQ[B] rating 1 2 3 4 5 6 7 8 9 10: S – b\n"},
        {ROWS("C", ""), NULL, "Q[A] single Y N U: S – a\nQ[B] single Y N U: S – b\n"},
        {ROWS("E", ""), NULL, "Q[A] single I S D: S – a\nQ[B] single I S D: S – b\n"},
        {ROWS("F", ""), OPTIONS, "Q[A] single A1 A2: S – a\nQ[B] single A1 A2: S – b\n"},
        {ROWS("H", ""), OPTIONS, "Q[A] single A1 A2: S – a\nQ[B] single A1 A2: S – b\n"},
        {ROWS("K", ""), NULL, "Q[A] number: S – a\nQ[B] number: S – b\n"},
        {ROWS("Q", ""), NULL, "Q[A] text: S – a\nQ[B] text: S – b\n"},
        {ROWS(":", ""), NULL, "Q[A_X] number: S – a – x\nQ[B_X] number: S – b – x\n"},
        {ROWS(";", ""), NULL, "Q[A_X] text: S – a – x\nQ[B_X] text: S – b – x\n"},
        {ROWS("1", ""),
         "{\"answeroptions\":{\"0\":{\"A1\":{\"answer\":\"én\",\"order\":0}},"
         "\"1\":[{\"answer\":\"null\",\"order\":0},{\"answer\":\"en\",\"order\":1}]}}",
         "Q[A][1] single A1: S – a\nQ[A][2] single 0 1: S – a\nQ[B][1] single A1: S – b\n"
         "Q[B][2] single 0 1: S – b\n"},
        {ROWS("R", ""), "{\"answeroptions\":\"No available answer options\"}",
         "Q[1] ranking: S – 1\nQ[2] ranking: S – 2\n"},
        {ROWS("Æ", ""), NULL, "Q[A] text: S – a\nQ[B] text: S – b\n"},
        /* Codes 0, 1, 2 … make PHP send a list. */
        {ONE("L", ""),
         "{\"answeroptions\":[{\"answer\":\"ingen\",\"order\":2},{\"answer\":\"én\",\"order\":1}]}",
         "Q single 1 0: S\n"},
        {ONE("L", ""), "{\"answeroptions\":\"No available answer options\"}", "Q single: S\n"},
        {"[{\"qid\":5},null,7,[],{\"title\":\"Q\"},{\"qid\":5,\"parent_qid\":0,\"title\":null}]",
         NULL, ""},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *text = built(cases[i].questions, "5", cases[i].properties);
        assert_string_equal(text, cases[i].text);
    }
}

static void only_types_with_options_ask_for_them(void **state)
{
    (void)state;
    static const char with[] = "L!OFHR", without[] = "5YGMPABCE:;KQNSTUDI*X|";
    for (const char *p = with; *p; p++)
        assert_string_equal(ls_form_options_property((const char[]){*p, '\0'}), "answeroptions");
    for (const char *p = without; *p; p++)
        assert_null(ls_form_options_property((const char[]){*p, '\0'}));
    assert_string_equal(ls_form_options_property("1"), "answeroptions_multiscale");
    assert_null(ls_form_options_property(NULL));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_recorded_form_is_read),
        cmocka_unit_test(every_type_has_its_columns),
        cmocka_unit_test(only_types_with_options_ask_for_them),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
