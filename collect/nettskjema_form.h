/* A form of Nettskjema: its elements, what they are called in answers, and how their answers are
 * read (form-systems.md 2.3 and 2.8). A question is named by the codebook, or e502 by its number
 * where there is none; a row of a matrix is enig[ressurser] or e503[s601]. */
#ifndef INNSIKT_COLLECT_NETTSKJEMA_FORM_H
#define INNSIKT_COLLECT_NETTSKJEMA_FORM_H

#include "schemas/form.h"
#include "schemas/project.h"
#include "schemas/response.h"

#include <json-c/json.h>

typedef struct NettskjemaForm NettskjemaForm;

/* `elements`: the reply to /elements. A question that project.yaml maps by its number keeps that
 * name though the codebook has another. The source must outlive the form. PROTOCOL when it is no
 * list of elements. */
NettskjemaForm *nettskjema_form_read(const Source *source, json_object *elements, GError **error);
void nettskjema_form_free(NettskjemaForm *form);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(NettskjemaForm, nettskjema_form_free)

/* The questions, for the caller to keep; NULL the second time. */
Form *nettskjema_form_take(NettskjemaForm *form);
/* The questions that are mapped, of char*, in the order of the form. */
const GPtrArray *nettskjema_form_mapped(const NettskjemaForm *form);

typedef struct {
    const char *question; /* lives as long as the form */
    char *text;           /* NULL: nothing was answered; the caller frees it */
    Missing missing;
} NettskjemaAnswer;

/* One line of answers: numbers with a decimal point and dates as ISO 8601, codes with `;` between.
 * False when it answers nothing that is mapped. */
bool nettskjema_form_answer(NettskjemaForm *form, json_object *line, NettskjemaAnswer *ret);

#endif
