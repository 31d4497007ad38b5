/* What is told of a form that changed between two pulls. */
#include "schemas/form_change.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* A form from lines: `NAME|text` begins a question, ` code=text` is a choice of the one above. */
static Form *form_of(const char *lines)
{
    Form *form = form_new("284671");
    FormQuestion *question = NULL;
    g_auto(GStrv) split = g_strsplit(lines, "\n", -1);
    for (char **line = split; *line; line++) {
        const bool choice = **line == ' ';
        g_auto(GStrv) pair = g_strsplit(*line + choice, choice ? "=" : "|", 2);
        if (choice)
            form_choice(question, pair[0], pair[1]);
        else
            question = form_add(form, pair[0], FORM_SINGLE, "L", pair[1]);
    }
    return form;
}

static const struct {
    const char *name, *before, *now, *due;
} cases[] = {
    {"nothing", "A|Hva?\n 1=ja\n 2=nei", "A|Hva?\n 1=ja\n 2=nei", ""},
    {"order alone is no change", "A|Hva?\nB|Hvem?", "B|Hvem?\nA|Hva?", ""},
    {"added and gone", "A|Hva?\nB|Hvem?", "A|Hva?\nC|Hvor lenge?",
     "question \"C\" («Hvor lenge?») is new\nquestion \"B\" («Hvem?») is gone\n"},
    {"renamed", "A|Hva?\nB|Hvem?", "A|Hva?\nB2|Hvem?",
     "question \"B2\" («Hvem?») was called \"B\"\n"},
    {"two alike are not called renamed", "A1|Annet\nA2|Annet", "B1|Annet\nB2|Annet",
     "question \"B1\" («Annet») is new\nquestion \"B2\" («Annet») is new\n"
     "question \"A1\" («Annet») is gone\nquestion \"A2\" («Annet») is gone\n"},
    {"reworded", "A|Hvor robust er den?", "A|Hvor robust er strategien?",
     "question \"A\" now says «Hvor robust er strategien?»; it said «Hvor robust er den?»\n"},
    {"choices", "G|Gruppe\n A1=Kommune\n A2=Helseforetak\n A3=Næringsliv",
     "G|Gruppe\n A1=Kommunen\n A4=Helseforetak\n A5=Innbygger",
     "question \"G\": choice A1 now says «Kommunen»; it said «Kommune»\n"
     "question \"G\": choice «Helseforetak» now has the code A4; it had A2\n"
     "question \"G\": choice A5 («Innbygger») is new\n"
     "question \"G\": choice A3 («Næringsliv») is gone\n"},
    {"columns are called by their names once", "Org|Org\nNr|Nr", "Nr|Nr\nHvem|Hvem",
     "question \"Hvem\" is new\nquestion \"Org\" is gone\n"},
    {"what differs is shown of a long text",
     "A|Tenk tilbake på de siste tolv månedene, og på alt som er gjort i dem: er det nok nå?",
     "A|Tenk tilbake på de siste tolv månedene, og på alt som er gjort i dem: er det mye nå?",
     "question \"A\" now says «… tolv månedene, og på alt som er gjort i dem: er det mye nå?»; "
     "it said «… tolv månedene, og på alt som er gjort i dem: er det nok nå?»\n"},
};

static void changes_are_told(void **state)
{
    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(Form) before = form_of(cases[i].before);
        g_autoptr(Form) now = form_of(cases[i].now);
        g_autoptr(GPtrArray) changes = form_changes(before, now);
        g_autoptr(GString) told = g_string_new(NULL);
        for (guint c = 0; c < changes->len; c++)
            g_string_append_printf(told, "%s\n", (char *)g_ptr_array_index(changes, c));
        print_message("%s\n", cases[i].name);
        assert_string_equal(told->str, cases[i].due);
    }
}

static void what_is_only_seen_is_not_compared(void **state)
{
    (void)state;
    g_autoptr(Form) before = form_of("G|G\n a=a");
    g_autoptr(Form) now = form_of("G|G\n b=b");
    now->seen_choices = true;
    g_autoptr(GPtrArray) changes = form_changes(before, now);
    assert_int_equal(changes->len, 0);
}

static void another_form_is_one_change(void **state)
{
    (void)state;
    g_autoptr(Form) before = form_of("G|G\nH|H");
    g_autoptr(Form) now = form_new("9");
    g_autoptr(GPtrArray) changes = form_changes(before, now);
    assert_int_equal(changes->len, 1);
    assert_string_equal(g_ptr_array_index(changes, 0), "it is 9 now; it was 284671");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(changes_are_told),
        cmocka_unit_test(what_is_only_seen_is_not_compared),
        cmocka_unit_test(another_form_is_one_change),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
