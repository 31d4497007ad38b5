/* ODK Central: logging in and out, requests below one form, and what refusals mean. Failures come
 * as a problem, `{"message":…,"code":401.2}` or the same as XML, with an HTTP status to match. */
#ifndef INNSIKT_COLLECT_ODK_SESSION_H
#define INNSIKT_COLLECT_ODK_SESSION_H

#include "collect/transport.h"
#include "schemas/project.h"

typedef struct OdkSession OdkSession;

/* Problem codes that collectors act upon, as HTTP status and two digits. */
enum {
    ODK_TOKEN_STALE = 40034, /* the place in the list is no longer there: begin anew */
    ODK_TOKEN_INVALID = 40035,
};

/* Takes the project's address from `source->url` (`…/v1/projects/1`; the address in the browser
 * does as well) and logs in, once. User and password are read just before and wiped just after.
 * AUTH when they are refused, DISABLED when the server takes no passwords, USAGE when the url names
 * no project. All three must outlive the session. */
OdkSession *odk_session_open(const Source *source, const char *folder, Transport *transport,
                             GError **error);
void odk_session_close(OdkSession *session); /* ends it at the server too */

/* GETs what stands at `…/forms/FORM` + suffix (given escaped: ".xml", "/fields?odata=true",
 * ".svc/Submissions?…"). A session that worked and ended is renewed once. Arguments as in
 * transport.h; `what` names the matter in messages. */
bool odk_session_stream(OdkSession *session, const char *suffix, const char *what, HttpSink sink,
                        HttpRestart restart, gpointer data, GError **error);
/* The same with the whole body, at most `limit` bytes, NUL-terminated. */
GBytes *odk_session_fetch(OdkSession *session, const char *suffix, const char *what, size_t limit,
                          GError **error);

/* GETs the same to learn whether it is as it was under the tag `known` (NULL: under none). True: it
 * is. Else *ret_tag (caller owns) is its tag of now, NULL when it has none that stands for all that
 * happened to the submissions, or when the request failed, which the next one will tell. */
bool odk_session_same(OdkSession *session, const char *suffix, const char *known, char **ret_tag);
/* Whether the server has shown such a tag. */
bool odk_session_tagged(const OdkSession *session);

/* The problem code of the last request, 0 when it was not refused with one. */
int odk_session_problem(const OdkSession *session);

/* The error for a body that is none of Central's, such as a proxy's page. */
void odk_session_alien(const char *what, const char *text, GError **error);

#endif
