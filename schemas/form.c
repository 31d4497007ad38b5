#include "schemas/form.h"

#include <stdint.h>
#include <string.h>

const char *form_kind_word(FormKind kind)
{
    static const char *const words[N_FORM_KINDS] = {
        "single", "multi", "rating", "ranking", "number", "text", "date", "file", "computed"};
    return words[kind];
}

static void choice_clear(gpointer data)
{
    FormChoice *choice = data;
    g_free(choice->code);
    g_free(choice->text);
}

static void question_free(gpointer data)
{
    FormQuestion *question = data;
    g_free(question->name);
    g_free(question->type);
    g_free(question->text);
    g_array_unref(question->choices);
    g_free(question);
}

Form *form_new(const char *id)
{
    Form *form = g_new0(Form, 1);
    form->id = g_strdup(id);
    form->questions = g_ptr_array_new_with_free_func(question_free);
    form->by_name = g_hash_table_new(g_str_hash, g_str_equal);
    return form;
}

void form_free(Form *form)
{
    if (!form)
        return;
    g_hash_table_unref(form->by_name);
    g_ptr_array_unref(form->questions);
    g_free(form->id);
    g_free(form->title);
    g_free(form->language);
    g_free(form->version);
    g_free(form);
}

FormQuestion *form_add(Form *form, const char *name, FormKind kind, const char *type,
                       const char *text)
{
    FormQuestion *question = g_new0(FormQuestion, 1);
    question->name = g_strdup(name);
    question->type = g_strdup(type);
    question->text = g_strdup(text);
    question->kind = kind;
    question->choices = g_array_new(FALSE, FALSE, sizeof(FormChoice));
    g_array_set_clear_func(question->choices, choice_clear);
    g_ptr_array_add(form->questions, question);
    if (!g_hash_table_contains(form->by_name, name))
        g_hash_table_insert(form->by_name, question->name, question);
    return question;
}

void form_choice(FormQuestion *question, const char *code, const char *text)
{
    FormChoice choice = {g_strdup(code), g_strdup(text)};
    g_array_append_val(question->choices, choice);
}

bool form_same_choices(const FormQuestion *one, const FormQuestion *other)
{
    bool same = one->choices->len == other->choices->len;
    for (guint i = 0; same && i < one->choices->len; i++) {
        const FormChoice *a = &g_array_index(one->choices, FormChoice, i);
        const FormChoice *b = &g_array_index(other->choices, FormChoice, i);
        same = g_strcmp0(a->code, b->code) == 0 && g_strcmp0(a->text, b->text) == 0;
    }
    return same;
}

const FormQuestion *form_find(const Form *form, const char *name)
{
    return g_hash_table_lookup(form->by_name, name);
}

/* Each text goes in behind its length, so that no two forms give the same bytes. */
static void digest_text(GChecksum *sum, const char *text)
{
    const uint64_t n = GUINT64_TO_LE(text ? strlen(text) : UINT64_MAX);
    g_checksum_update(sum, (const guchar *)&n, sizeof n);
    if (text)
        g_checksum_update(sum, (const guchar *)text, (gssize)strlen(text));
}

static void digest_number(GChecksum *sum, uint64_t number)
{
    number = GUINT64_TO_LE(number);
    g_checksum_update(sum, (const guchar *)&number, sizeof number);
}

static void digest_question(GChecksum *sum, const FormQuestion *question, bool choices)
{
    digest_text(sum, question->name);
    digest_text(sum, question->type);
    digest_text(sum, question->text);
    digest_text(sum, form_kind_word(question->kind));
    digest_number(sum, choices ? question->choices->len : 0);
    for (guint i = 0; choices && i < question->choices->len; i++) {
        const FormChoice *choice = &g_array_index(question->choices, FormChoice, i);
        digest_text(sum, choice->code);
        digest_text(sum, choice->text);
    }
}

char *form_digest(const Form *form)
{
    g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);
    digest_text(sum, form->id);
    digest_text(sum, form->title);
    digest_text(sum, form->language);
    digest_text(sum, form->version);
    digest_number(sum, form->questions->len);
    for (guint i = 0; i < form->questions->len; i++)
        digest_question(sum, form->questions->pdata[i], !form->seen_choices);
    return g_strdup(g_checksum_get_string(sum));
}
