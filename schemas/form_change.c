#include "schemas/form_change.h"

#include <string.h>

enum { SHOWN_CHARS = 60 };

static void say(GPtrArray *changes, const char *format, ...) G_GNUC_PRINTF(2, 3);
static void say(GPtrArray *changes, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    g_ptr_array_add(changes, g_strdup_vprintf(format, arguments));
    va_end(arguments);
}

/* A question's text may be a page long; what differs must be seen, so the cut comes after it. */
static char *cut_from(const char *text, glong from)
{
    const glong n = g_utf8_strlen(text, -1);
    const glong begin = MAX(0, MIN(from - SHOWN_CHARS / 2, n - SHOWN_CHARS));
    g_autofree char *part = g_utf8_substring(text, begin, MIN(n, begin + SHOWN_CHARS));
    return g_strconcat(begin > 0 ? "…" : "", part, begin + SHOWN_CHARS < n ? "…" : "", NULL);
}

static void say_reworded(GPtrArray *changes, const char *what, const char *before, const char *now)
{
    const char *a = before, *b = now;
    glong same = 0;
    for (; *a && *b && g_utf8_get_char(a) == g_utf8_get_char(b); same++) {
        a = g_utf8_next_char(a);
        b = g_utf8_next_char(b);
    }
    g_autofree char *old = cut_from(before, same);
    g_autofree char *new = cut_from(now, same);
    say(changes, "%s now says «%s»; it said «%s»", what, new, old);
}

static bool texts_equal(const char *a, const char *b)
{
    return g_str_equal(a ? a : "", b ? b : "");
}

/* --- choices --- */

static const FormChoice *choice_at(const FormQuestion *question, guint i)
{
    return &g_array_index(question->choices, FormChoice, i);
}

static const FormChoice *choice_find(const FormQuestion *question, const char *code)
{
    for (guint i = 0; i < question->choices->len; i++)
        if (g_str_equal(choice_at(question, i)->code, code))
            return choice_at(question, i);
    return NULL;
}

/* The choice with this text that `other` has not got by its code: it was given another code. */
static const FormChoice *choice_moved(const FormQuestion *question, const FormQuestion *other,
                                      const char *text)
{
    for (guint i = 0; text && *text && i < question->choices->len; i++) {
        const FormChoice *choice = choice_at(question, i);
        if (texts_equal(choice->text, text) && !choice_find(other, choice->code))
            return choice;
    }
    return NULL;
}

static void choice_compare(const FormQuestion *before, const FormQuestion *now,
                           const FormChoice *choice, GPtrArray *changes)
{
    const FormChoice *old = choice_find(before, choice->code);
    g_autofree char *what = g_strdup_printf("question \"%s\": choice %s", now->name, choice->code);
    if (old) {
        if (!texts_equal(old->text, choice->text))
            say_reworded(changes, what, old->text ? old->text : "",
                         choice->text ? choice->text : "");
        return;
    }
    const FormChoice *moved = choice_moved(before, now, choice->text);
    g_autofree char *text = cut_from(choice->text ? choice->text : "", 0);
    if (moved)
        say(changes, "question \"%s\": choice «%s» now has the code %s; it had %s", now->name, text,
            choice->code, moved->code);
    else
        say(changes, "%s («%s») is new", what, text);
}

static void choices_compare(const FormQuestion *before, const FormQuestion *now, GPtrArray *changes)
{
    for (guint i = 0; i < now->choices->len; i++)
        choice_compare(before, now, choice_at(now, i), changes);
    for (guint i = 0; i < before->choices->len; i++) {
        const FormChoice *choice = choice_at(before, i);
        if (choice_find(now, choice->code) || choice_moved(now, before, choice->text))
            continue;
        g_autofree char *text = cut_from(choice->text ? choice->text : "", 0);
        say(changes, "question \"%s\": choice %s («%s») is gone", now->name, choice->code, text);
    }
}

/* --- questions --- */

/* «"ORG" («Hvor jobber du?»)»; a column's text is its name. */
static char *question_shown(const FormQuestion *question)
{
    if (!question->text || !*question->text || g_str_equal(question->text, question->name))
        return g_strdup_printf("question \"%s\"", question->name);
    g_autofree char *text = cut_from(question->text, 0);
    return g_strdup_printf("question \"%s\" («%s»)", question->name, text);
}

static const FormQuestion *question_at(const Form *form, guint i)
{
    return g_ptr_array_index(form->questions, i);
}

/* The question with this text that `other` has not got by its name: it was given another name.
 * Texts that several questions share tell nothing. */
static const FormQuestion *question_moved(const Form *form, const Form *other,
                                          const FormQuestion *wanted)
{
    const FormQuestion *found = NULL;
    for (guint i = 0; wanted->text && *wanted->text && i < form->questions->len; i++) {
        const FormQuestion *question = question_at(form, i);
        if (!texts_equal(question->text, wanted->text) || form_find(other, question->name))
            continue;
        if (found)
            return NULL;
        found = question;
    }
    return found;
}

static void question_compare(const Form *before, const Form *now, const FormQuestion *question,
                             GPtrArray *changes)
{
    const FormQuestion *old = form_find(before, question->name);
    g_autofree char *what = g_strdup_printf("question \"%s\"", question->name);
    if (!old) {
        const FormQuestion *moved = question_moved(before, now, question);
        g_autofree char *shown = question_shown(question);
        if (moved)
            say(changes, "%s was called \"%s\"", shown, moved->name);
        else
            say(changes, "%s is new", shown);
        return;
    }
    if (!texts_equal(old->text, question->text))
        say_reworded(changes, what, old->text ? old->text : "",
                     question->text ? question->text : "");
    if (old->kind != question->kind && !now->seen_choices)
        say(changes, "%s is now of kind %s; it was %s", what, form_kind_word(question->kind),
            form_kind_word(old->kind));
    if (!now->seen_choices)
        choices_compare(old, question, changes);
}

GPtrArray *form_changes(const Form *before, const Form *now)
{
    GPtrArray *changes = g_ptr_array_new_with_free_func(g_free);
    if (!g_str_equal(before->id, now->id)) {
        say(changes, "it is %s now; it was %s", now->id, before->id);
        return changes;
    }
    for (guint i = 0; i < now->questions->len; i++)
        question_compare(before, now, question_at(now, i), changes);
    for (guint i = 0; i < before->questions->len; i++) {
        const FormQuestion *old = question_at(before, i);
        if (form_find(now, old->name) || question_moved(now, before, old))
            continue;
        g_autofree char *shown = question_shown(old);
        say(changes, "%s is gone", shown);
    }
    return changes;
}
