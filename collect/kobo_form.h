/* A form of KoboToolbox, as an asset's content tells it: rows in the order of the form, choices in
 * lists, labels in several languages (form-systems.md 4.2). Rankings, scores and matrices are
 * widgets of Kobo's own, which answers name as what they unfold to. */
#ifndef INNSIKT_COLLECT_KOBO_FORM_H
#define INNSIKT_COLLECT_KOBO_FORM_H

#include "schemas/form.h"
#include "schemas/response.h"

#include <json-c/json.h>

typedef struct {
    char *repeat;  /* the outermost repeat it lies in; NULL: none */
    Missing blank; /* what it means that it is not there */
} KoboField;

typedef struct {
    Form *form;
    GHashTable *fields; /* name → KoboField */
} KoboForm;

/* PROTOCOL when the asset is no form. */
KoboForm *kobo_form_read(json_object *asset, GError **error);
void kobo_form_free(KoboForm *form);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KoboForm, kobo_form_free)

const KoboField *kobo_form_field(const KoboForm *form, const char *name); /* NULL: unknown */

#endif
