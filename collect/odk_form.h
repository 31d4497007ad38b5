/* What ODK says of a form, made into questions. */
#ifndef INNSIKT_COLLECT_ODK_FORM_H
#define INNSIKT_COLLECT_ODK_FORM_H

#include "collect/odk_fields.h"
#include "collect/odk_xform.h"

/* One question a field, in the form's order, named group/field. */
Form *odk_form_build(const char *id, const OdkFields *fields, const OdkXForm *xform);

/* Sets what null means in each field, as far as the form tells. OData shows a question that was
 * not put and one that was left blank alike. A field without a condition on it or on a group around
 * it is always put: not answered. One with a condition that must be answered when it is put was not
 * put. Of the others ODK does not tell. */
void odk_form_blanks(OdkFields *fields, const OdkXForm *xform);

#endif
