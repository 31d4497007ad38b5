#ifndef INNSIKT_SAMPLES_SERVER_SITE_H
#define INNSIKT_SAMPLES_SERVER_SITE_H

#include "samples/server/fault.h"
#include "samples/server/form.h"

/* What one run of the server holds. One thread uses it. */
typedef struct {
    GPtrArray *forms;     /* of Form */
    GPtrArray *odk_forms; /* of OdkForm */
    GPtrArray *api_forms; /* of ApiForm */
    char *user, *password;
    gint64 session_seconds;
    gint64 clock_ahead; /* seconds that POST /_control has moved the clock */
    gint64 connections; /* that were opened to the server */

    GHashTable *sessions; /* key -> gint64 when it ends */
    int logins_failed;    /* in a row */
    gint64 login_failed_at;

    char *last_export; /* base64 of the last file sent, for the fault that repeats it; NULL: none */
    Faults *faults;
    struct Journal *journal;
} Site;

/* One request, as a system sees it. */
typedef struct {
    const char *method, *path, *query; /* query: what follows the `?`, undecoded; NULL: none */
    const char *content_type;          /* NULL: not sent */
    const char *headers;               /* the values of all headers, one a line */
    const char *body;                  /* NUL-terminated for convenience */
    gsize body_length;
    FaultSet faults;
} Request;

/* What goes back. body belongs to the reply. Handlers are given status 200 and an empty body. */
typedef struct {
    unsigned status;
    const char *content_type; /* static; NULL: none */
    char *location;           /* redirects; NULL: none */
    char *link;               /* the Link header; NULL: none */
    char *retry_after;        /* NULL: none */
    GString *body;
} Reply;

/* One form system that the server plays: a file of its own and a row of SYSTEMS in main.c. */
typedef struct {
    const char *name; /* what "system" says in a form's data file */
    /* Whether a request to this path is for the system. */
    bool (*owns)(const char *path);
    /* Names the call, for faults and the log: short, without ids or secrets. Newly allocated. */
    char *(*call)(const Request *request);
    void (*answer)(Site *site, const Request *request, Reply *reply);
    /* Takes over what a data file of this system holds; NULL: it is a Form's. */
    bool (*load)(Site *site, const char *path, json_object *source, GError **error);
    /* The call in which credentials are expected; anywhere else the log counts them. */
    const char *login;
} System;

extern const System LIMESURVEY;
extern const System ODK;
extern const System NETTSKJEMA;
extern const System KOBO;
extern const System REST_API;

Site *site_new(void);
void site_free(Site *site);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Site, site_free)

/* Seconds since 1970, moved forward by what the control endpoint was told. */
gint64 site_now(const Site *site);

/* Takes over a form. Where its groups or questions carry ids that another form of its system has
 * already, they get new ones, as in an import to LimeSurvey: ids are unique on a server. */
void site_add_form(Site *site, Form *form);

/* The form of this system with this id, or NULL. */
Form *site_form(const Site *site, const char *system, gint64 sid);

/* Sessions live session_seconds from when they were opened; use does not prolong them. The key is
 * 32 characters and belongs to the site. */
const char *site_session_open(Site *site);
bool site_session_alive(Site *site, const char *key);
void site_session_close(Site *site, const char *key);

/* Three refused logins in a row lock the login for ten minutes. */
typedef enum { LOGIN_ACCEPTED, LOGIN_REFUSED, LOGIN_LOCKED } Login;
Login site_login(Site *site, const char *user, const char *password);
enum { LOGIN_ATTEMPTS = 3, LOGIN_LOCK_SECONDS = 600 };

#endif
