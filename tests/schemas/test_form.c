/* A form's description and its digest. */
#include "schemas/form.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static Form *sample(void)
{
    Form *form = form_new("284671");
    form->title = g_strdup("Ansatte 2021");
    form->language = g_strdup("nb");
    FormQuestion *group = form_add(form, "GRUPPE", FORM_SINGLE, "L", "Hvor jobber du?");
    form_choice(group, "A1", "Kommune");
    form_choice(group, "A2", "Helseforetak");
    form_add(form, "VALG[SQ001]", FORM_RATING, "F", "I hvilken grad – Satsingsområdene");
    return form;
}

static void finds_questions(void **state)
{
    (void)state;
    g_autoptr(Form) form = sample();
    const FormQuestion *first = form_add(form, "DOBBEL", FORM_TEXT, "T", "én");
    form_add(form, "DOBBEL", FORM_NUMBER, "N", "to");
    assert_int_equal(form->questions->len, 4);
    assert_ptr_equal(form_find(form, "DOBBEL"), first);
    assert_ptr_equal(form_find(form, "GRUPPE"), form->questions->pdata[0]);
    assert_string_equal(g_array_index(form_find(form, "GRUPPE")->choices, FormChoice, 1).text,
                        "Helseforetak");
    assert_null(form_find(form, "gruppe"));
    assert_null(form_find(form, ""));
    form_free(NULL);
}

static void set_title(Form *form)
{
    g_free(form->title);
    form->title = g_strdup("Ansatte 2022");
}
static void drop_title(Form *form)
{
    g_clear_pointer(&form->title, g_free);
}
static void empty_title(Form *form)
{
    drop_title(form);
    form->title = g_strdup("");
}
static void set_version(Form *form)
{
    form->version = g_strdup("2");
}
static void add_question(Form *form)
{
    form_add(form, "X", FORM_TEXT, "T", "");
}
static void add_choice(Form *form)
{
    form_choice(form->questions->pdata[1], "A1", "Kommune");
}
static void move_choice(Form *form) /* from the first question's end to the second's beginning */
{
    FormQuestion *first = form->questions->pdata[0];
    g_array_set_size(first->choices, 1);
    form_choice(form->questions->pdata[1], "A2", "Helseforetak");
}
static void rename_choice(Form *form)
{
    FormQuestion *first = form->questions->pdata[0];
    FormChoice *choice = &g_array_index(first->choices, FormChoice, 0);
    g_free(choice->text);
    choice->text = g_strdup("Kommuner");
}
static void set_kind(Form *form)
{
    ((FormQuestion *)form->questions->pdata[1])->kind = FORM_NUMBER;
}
static void swap_questions(Form *form)
{
    gpointer first = form->questions->pdata[0];
    form->questions->pdata[0] = form->questions->pdata[1];
    form->questions->pdata[1] = first;
}

static void digest_changes_with_everything(void **state)
{
    (void)state;
    void (*const changes[])(Form *) = {set_title,    drop_title,    empty_title, set_version,
                                       add_question, add_choice,    move_choice, rename_choice,
                                       set_kind,     swap_questions};
    g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_autoptr(Form) plain = sample(), again = sample();
    g_autofree char *same = form_digest(again);
    g_hash_table_add(seen, form_digest(plain));
    assert_true(g_hash_table_contains(seen, same));
    assert_int_equal(strlen(same), 64);
    for (size_t i = 0; i < G_N_ELEMENTS(changes); i++) {
        g_autoptr(Form) changed = sample();
        changes[i](changed);
        assert_true(g_hash_table_add(seen, form_digest(changed)));
    }
}

static void every_kind_has_its_word(void **state)
{
    (void)state;
    g_autoptr(GHashTable) words = g_hash_table_new(g_str_hash, g_str_equal);
    for (int kind = 0; kind < N_FORM_KINDS; kind++)
        assert_true(g_hash_table_add(words, (gpointer)form_kind_word((FormKind)kind)));
    assert_string_equal(form_kind_word(FORM_COMPUTED), "computed");
    assert_string_equal(form_kind_word(FORM_SINGLE), "single");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_questions),
        cmocka_unit_test(digest_changes_with_everything),
        cmocka_unit_test(every_kind_has_its_word),
    };
    return cmocka_run_group_tests_name("form", tests, NULL, NULL);
}
