/* Starts the sample form server beside this test program and talks to it. */
#ifndef INNSIKT_TESTS_SAMPLES_CLIENT_H
#define INNSIKT_TESTS_SAMPLES_CLIENT_H

#include <curl/curl.h>
#include <glib.h>
#include <json-c/json.h>
#include <stdbool.h>

#define CLIENT_USER     "innsikt"
#define CLIENT_PASSWORD "Vinter-7-pingviner-å"

typedef struct {
    GPid pid;
    int input; /* the server ends when this is closed */
    guint16 port;
    char *base; /* http://127.0.0.1:PORT */
    char *key;  /* a session's */
} Server;

typedef struct {
    CURLcode code;
    long status;
    char *content_type, *retry_after, *location; /* "" when not sent */
    GString *body;
    gint64 wire_bytes; /* of the body, as sent */
} ServerAnswer;

/* Starts the server with these further arguments (NULL-terminated) and, when login, a session.
 * Fails the test when it does not get ready. */
Server *server_start(const char *const *arguments, bool login);

/* Ends it and checks that it ended well: under a sanitizer that also means no complaint. */
void server_stop(Server *server);

/* What the server says on standard error when it refuses to start; *ret_status its exit status. */
char *server_refusal(const char *const *arguments, int *ret_status);

typedef struct {
    const char *path;         /* NULL: LimeSurvey's */
    const char *content_type; /* NULL: application/json */
    const char *body;         /* NULL: GET */
    const char *encoding;     /* Accept-Encoding; NULL: none */
    const char *header;       /* one more header line; NULL: none */
    gsize most;               /* stop reading behind this many bytes; 0: never */
} Ask;

ServerAnswer server_ask(const Server *server, const Ask *ask);
void answer_clear(ServerAnswer *answer);

/* One RemoteControl call; the parameters are a JSON array, printed. `$KEY` in it stands for the
 * session's key. Gives the body of the reply. */
char *server_call(const Server *server, const char *method, const char *format, ...)
    G_GNUC_PRINTF(3, 4);

/* The same, its result as JSON (NULL for null). */
json_object *server_result(const Server *server, const char *method, const char *format, ...)
    G_GNUC_PRINTF(3, 4);

/* The same, the file of an export, decoded; NULL when the result is no text. */
char *server_export(const Server *server, const char *format, ...) G_GNUC_PRINTF(2, 3);

/* An order to the control endpoint, printed; fails the test when it is refused. */
void server_order(const Server *server, const char *format, ...) G_GNUC_PRINTF(2, 3);

/* A number of the log, by its path: "calls/list_groups". 0 when there is none. */
gint64 server_log(const Server *server, const char *path);

/* Fails unless result (which is put) is the status text. */
void assert_refused(json_object *result, const char *text);

/* The ids in an exported file, with blanks between. */
char *export_ids(const char *file);

#endif
