/* An XForm, the only place where ODK keeps the questions' texts and choices. */
#ifndef INNSIKT_COLLECT_ODK_XFORM_H
#define INNSIKT_COLLECT_ODK_XFORM_H

#include "schemas/form.h"

/* What the model binds to a field. */
typedef struct {
    bool relevant, required, computed; /* computed: by the form or the device, asked of nobody */
} OdkBind;

typedef struct {
    char *control;   /* "input", "select1", "select", "rank", "upload", "range" … */
    char *label;     /* plain text; "" when there is none */
    char *above;     /* the label of the group it stands in, when its appearance makes the group a
                        grid with one row a question; else NULL */
    GArray *choices; /* of FormChoice */
} OdkControl;

typedef struct {
    char *title, *version, *language; /* language as the form writes it; each may be NULL */
    GHashTable *binds;                /* group/field → OdkBind */
    GHashTable *controls;             /* group/field → OdkControl */
} OdkXForm;

/* Reads form.xml; texts in the form's default language. PROTOCOL when it is no XForm, LIMIT when it
 * nests too deeply or declares a DOCTYPE, whose entities could grow without end. */
OdkXForm *odk_xform_read(const char *xml, size_t n, GError **error);
void odk_xform_free(OdkXForm *xform);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(OdkXForm, odk_xform_free)

#endif
