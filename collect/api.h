/* An HTTP API that answers in JSON, logged in to: what collectors of such systems share. A token
 * got by client credentials is renewed before it ends, and once when the server has forgotten it;
 * a password or token that was given to us is never tried again. */
#ifndef INNSIKT_COLLECT_API_H
#define INNSIKT_COLLECT_API_H

#include "collect/collector.h"
#include "collect/records.h"

/* What a status means with this system, where it says more than HTTP. */
typedef struct {
    int status; /* 0: the last row */
    InnsiktError code;
    const char *meaning; /* cause and mend */
} ApiMeaning;

/* Static, or to outlive the Api. */
typedef struct {
    AuthKind auth;
    const char *token_header;   /* AUTH_HEADER: all before the token, «Authorization: Token » */
    const char *token_url;      /* AUTH_CLIENT */
    const char *accept;         /* of records; NULL: application/json */
    const ApiMeaning *meanings; /* may be NULL */
} ApiRules;

typedef struct Api Api;

/* Reads the secrets that the rules need from the context's source and logs in where a login is a
 * request of its own. The context's source, project and transport must outlive the result. */
Api *api_open(const CollectContext *context, const ApiRules *rules, GError **error);
void api_close(Api *api); /* accepts NULL; wipes what was secret */

/* GETs the address and feeds its records to `records`, which begin anew when the reply does, or
 * when it broke off: that is asked for once more. *ret_reply may be NULL. */
bool api_records(Api *api, const char *url, const char *what, Records *records,
                 HttpReply *ret_reply, GError **error);
/* GETs one JSON text of at most 16 MiB. The caller puts it. */
json_object *api_json(Api *api, const char *url, const char *what, GError **error);

/* The status that the last request was answered with; 0: it was not. */
int api_status(const Api *api);

/* `url` with `name=value` added to its query, both escaped. Caller owns. */
char *api_address(const char *url, const char *name, const char *value);

#endif
