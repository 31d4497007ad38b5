#ifndef INNSIKT_SAMPLES_SERVER_API_FORM_H
#define INNSIKT_SAMPLES_SERVER_API_FORM_H

#include "samples/server/site.h"

/* One form of the systems that speak plain JSON: kobo, nettskjema and rest. Its data file is
 * {"system": NAME, "id": ID, "key": the member that tells rows apart, "rows": [objects], and what
 * the system's own file says}. Rows stand in the order of their ids.
 *
 * Orders, {"api": {"form": ID, …}}:
 *   "add": {a row}    "edit": {the key, and the members that change}    "delete": KEY */
typedef struct {
    char *system, *id, *key;
    json_object *source; /* the data file */
    GPtrArray *rows;     /* of json_object */
    char *last_page;     /* the page sent before, for the fault that repeats it; NULL: none */
} ApiForm;

bool api_form_load(Site *site, const char *path, json_object *source, GError **error);
void api_form_free(gpointer form);
bool api_form_order(Site *site, json_object *order, GError **error);
ApiForm *api_form_find(const Site *site, const char *system, const char *id); /* NULL: none */
bool api_form_delete(ApiForm *form, const char *key); /* false: no row has it */

/* A member as text; NULL for null and when it is not there. */
const char *api_text(json_object *object, const char *name);
/* Replies with the value, which it puts. */
void api_reply(Reply *reply, unsigned status, json_object *value);
/* Replies with {NAME: message}. */
void api_refuse(Reply *reply, unsigned status, const char *name, const char *message);
/* Remembers the page that is the reply, or replaces it by the one before when a fault says so. */
void api_page(ApiForm *form, const Request *request, Reply *reply);

/* A parameter of the query, decoded; NULL: not given. */
char *api_parameter(const Request *request, const char *name);
/* Whether a header is «PREFIX token». */
bool api_carries(const Request *request, const char *prefix, const char *token);
/* The token that kobo and rest take: forty digits made of the password. */
char *api_token(const Site *site);
/* Answers a request for a token by client credentials, with the site's user and password. */
void api_give_token(Site *site, const Request *request, Reply *reply);
/* Whether a header holds a bearer token that was given and has not ended. */
bool api_bearer_alive(Site *site, const Request *request);

#endif
