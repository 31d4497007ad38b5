/* One submission as the form wrote it, in XML: the only place where fields whose names OData makes
 * alike (`å` and `ø` both become `_`) can be told apart. */
#ifndef INNSIKT_COLLECT_ODK_RECORD_H
#define INNSIKT_COLLECT_ODK_RECORD_H

#include "collect/odk_fields.h"

#include <stddef.h>

/* Puts the values of the ambiguous fields into the response, in place of what OData said of them. A
 * field in a repeat within a repeat stays unknown. PROTOCOL when it is no submission, LIMIT when it
 * nests too deeply or declares a DOCTYPE. */
bool odk_record_read(const char *xml, size_t n, const OdkFields *fields, Response *response,
                     GError **error);

#endif
