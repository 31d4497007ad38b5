/* The commented project.yaml that `innsikt init` writes, from schemas/project-template.yaml. */
#ifndef INNSIKT_SCHEMAS_TEMPLATE_H
#define INNSIKT_SCHEMAS_TEMPLATE_H

#include "schemas/language.h"

typedef struct {
    const char *title;
    Language language;
    const char *framework; /* name or path */
    const char *key_ref;   /* reference of the key for pseudonyms, as "file:innsikt.key" */
    const char *kind;      /* of the first source; NULL: an example of each, commented out */
    const char *source;    /* its name; NULL: its kind */
    const char *url, *form, *path; /* NULL: an example */
} TemplateValues;

/* The file's text, which project_load accepts (once a form's address is real, `check` does too).
 * Fails (USAGE) when the template has no source of that kind. Caller owns. */
char *project_template(const TemplateValues *values, GError **error);

#endif
