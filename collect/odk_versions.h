/* The versions of an ODK form that were published before the newest. OData shows a field that a
 * submission's version did not have as it shows one that was left blank: null. */
#ifndef INNSIKT_COLLECT_ODK_VERSIONS_H
#define INNSIKT_COLLECT_ODK_VERSIONS_H

#include "collect/odk_session.h"
#include "schemas/response.h"

typedef struct OdkVersions OdkVersions;

/* Asks for the list of versions, and for the fields of every one but `current` (NULL: nobody says
 * which it is). A server that tells of none leaves them unknown; other failures are told. */
OdkVersions *odk_versions_read(OdkSession *session, const char *current, GError **error);
void odk_versions_free(OdkVersions *versions); /* accepts NULL */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(OdkVersions, odk_versions_free)

/* Blanks of a response become not_in_version where its version had no such question, and unknown
 * where nobody told what its version had. */
void odk_versions_judge(const OdkVersions *versions, Response *response);

#endif
