#ifndef INNSIKT_SAMPLES_SERVER_ODK_H
#define INNSIKT_SAMPLES_SERVER_ODK_H

#include "samples/server/site.h"

/* One form of an ODK Central. Submissions are kept as OData shows them with $expand=*. */
typedef struct {
    gint64 project;
    char *id, *name, *domain;   /* domain: what Central was told is its address */
    char *xml, *fields, *forms; /* replies to .xml, /fields and the list of forms, as they are */
    GPtrArray *submissions;     /* of json_object, newest first */
    bool forbidden;             /* the user has no role in the project */
} OdkForm;

/* Reads a data file that odk_data.c describes, and adds its form to the site. */
bool odk_load(Site *site, const char *path, json_object *source, GError **error);
void odk_form_free(gpointer form);
/* Carries out an order to POST /_control: {"form": ID, and one thing to do}. */
bool odk_order(Site *site, json_object *order, GError **error);

OdkForm *odk_form_find(const Site *site, gint64 project, const char *id); /* NULL: none */
/* A member of a submission's __system as text; NULL for null. */
const char *odk_system(json_object *submission, const char *name);
const char *odk_text(json_object *object, const char *name);

#endif
