/* LimeSurvey RemoteControl 2: logging in and out, calls, and what their answers mean. Failures come
 * with HTTP 200 and a `status` text; the table in the .c file says what each means for us. */
#ifndef INNSIKT_COLLECT_LIMESURVEY_SESSION_H
#define INNSIKT_COLLECT_LIMESURVEY_SESSION_H

#include "collect/limesurvey_export.h"
#include "collect/transport.h"
#include "schemas/project.h"

#include <json-c/json.h>

typedef struct LsSession LsSession;

/* Finds RemoteControl at `source->url` (its own address, or the site's: then the usual places are
 * tried) and logs in, once. User and password are read just before and wiped just after. AUTH when
 * they are refused, DISABLED when RemoteControl is off. All three must outlive the session. */
LsSession *ls_session_open(const Source *source, const char *folder, Transport *transport,
                           GError **error);
void ls_session_close(LsSession *session); /* releases the key at the server too */

/* An array of parameters for a call: room for the key, then the survey's number. */
json_object *ls_session_params(const LsSession *session);

/* Calls a method (borrows params, puts the key in front). *ret (caller puts) is NULL when the
 * server says that there is nothing. A session that worked and ended is renewed once and the call
 * repeated. `what` names the matter in messages. */
bool ls_session_call(LsSession *session, const char *method, json_object *params, const char *what,
                     json_object **ret, GError **error);
/* The same for what not every version and user may ask: *ret is NULL and *ret_why (caller owns)
 * says why when the server will not tell; fails only when nothing more can be asked. */
bool ls_session_ask(LsSession *session, const char *method, json_object *params, const char *what,
                    json_object **ret, char **ret_why, GError **error);

/* Calls export_responses and feeds the reader. *ret_found: false when the server says that there
 * are no responses. On failure ls_export_broken(reader) tells whether part of the list can be used.
 */
bool ls_session_export(LsSession *session, json_object *params, const char *what, LsExport *reader,
                       bool *ret_found, GError **error);

/* Members of what came back, which are numbers or texts as the version likes; NULL when absent or
 * of another kind. Borrowed. */
const char *ls_member(json_object *object, const char *name);
json_object *ls_object(json_object *object, const char *name); /* NULL unless an object */

#endif
