/* A form as its system describes it: the questions, their types and choices. What `check` compares
 * the mapping with, and what the store remembers so that a changed form is noticed. */
#ifndef INNSIKT_SCHEMAS_FORM_H
#define INNSIKT_SCHEMAS_FORM_H

#include <glib.h>
#include <stdbool.h>

/* Kinds of questions, as form-systems.md 0.1 names them. */
typedef enum {
    FORM_SINGLE,
    FORM_MULTI,
    FORM_RATING,
    FORM_RANKING,
    FORM_NUMBER,
    FORM_TEXT,
    FORM_DATE,
    FORM_FILE,
    FORM_COMPUTED,
    N_FORM_KINDS
} FormKind;

const char *form_kind_word(FormKind kind);

typedef struct {
    char *code;
    char *text;
} FormChoice;

/* One answerable column, named as in project.yaml: a matrix gives one FormQuestion a row. */
typedef struct {
    char *name; /* CODE, CODE[SUB], group/field */
    char *type; /* the system's own word for the type */
    char *text; /* plain text: no HTML; for a matrix row «question – row» */
    FormKind kind;
    GArray *choices; /* of FormChoice; empty when answers are free */
} FormQuestion;

typedef struct {
    char *id, *title, *language, *version;
    GPtrArray *questions; /* of FormQuestion*, form order */
    bool seen_choices;    /* choices are answers, not what the form offers: never kept */
    GHashTable *by_name;  /* name → FormQuestion*: the first of that name; form_find's */
} Form;

Form *form_new(const char *id);
void form_free(Form *form);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Form, form_free)

FormQuestion *form_add(Form *form, const char *name, FormKind kind, const char *type,
                       const char *text);
void form_choice(FormQuestion *question, const char *code, const char *text);
/* Whether two questions offer the same choices, in the same order. */
bool form_same_choices(const FormQuestion *one, const FormQuestion *other);
const FormQuestion *form_find(const Form *form, const char *name); /* NULL: not in the form */
/* SHA-256 over everything above, as hex, but for choices that were only seen: equal when nothing a
 * mapping depends on has changed. */
char *form_digest(const Form *form);

#endif
