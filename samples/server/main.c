/* formserver: plays form systems on the loopback address, for the sample, tests and measurements.
 *
 *   formserver [--port N] [--user NAME] [--password-env VAR] [--session-seconds N] [--gzip]
 *              [--fault CALL:WHEN:KIND[:VALUE]]… [--until-eof] FORMFILE…
 *
 * It listens on 127.0.0.1 only, takes a free port unless told one, and prints `ready PORT` when it
 * can be asked. The password is read from the environment (INNSIKT_SAMPLE_PASSWORD), the user is
 * `innsikt`. It ends on SIGTERM, on SIGINT and, with --until-eof, when its standard input closes.
 *
 * Addresses: LimeSurvey at http://127.0.0.1:PORT/index.php/admin/remotecontrol, ODK Central at
 * http://127.0.0.1:PORT/v1/projects/N (odk_data.c describes its form files and orders); nettskjema,
 * kobo and rest as their files tell (api_form.h describes their form files and orders).
 *
 * A LimeSurvey form file holds one form as JSON: system, sid, title, language,
 * additional_languages, active, anonymized, datestamp; groups of {gid, name, description};
 * questions of {qid, gid, code, type, text, help, other, mandatory, preg, subquestions of {qid,
 * code, text, scale_id}, answers of {code, text, order, assessment_value, scale_id}}; responses of
 * {id, submitdate, lastpage, startlanguage, startdate, datestamp, seed, token, answers {HEADING:
 * text or null}}; participants, as list_participants gives them. An answer that is left out is
 * null. `"generate": {"responses": N, "seed": S, "from": ID, "values": {HEADING: [texts]}}` makes
 * up N more responses on demand. Where two files carry the same group or question ids, the later
 * gets new ones.
 *
 * POST /_control takes a JSON object of orders, carried out in turn; the reply is {"ok":true}, or
 * status 400 and {"error":…}:
 *   "edit": {"sid", "id", and what changes, as in a form file}    "add": {"sid", a response}
 *   "delete": {"sid", "id"}    "clear": {"sid"}    "active": {"sid", "active": true or false}
 *   "expire-sessions": true    "clock": seconds to move the clock, back when negative
 *   "fault": "CALL:WHEN:KIND[:VALUE]", or {"call", "from", "to", "kind", "value"}
 *   "clear-faults": true       "clear-log": true
 * GET /_control/log tells what was seen: requests, calls, sequence, exports, faults, logins,
 * logins_refused, logins_locked, logins_after_refusal, credentials_elsewhere, sessions_opened,
 * sessions_released, sessions_open, rows_exported, clock_ahead,
 * connections.
 *
 * A fault is met by the requests for CALL (a RemoteControl method, or *) that WHEN counts from when
 * the order was given: K, K-L, K- or *. fault.h lists the kinds. Example:
 * export_responses:2:status:503
 *
 * Another form system is a file with a System and a row in SYSTEMS below. */
#include "samples/server/journal.h"
#include "samples/server/listener.h"

#include <glib-unix.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

static const System *const SYSTEMS[] = {
    &LIMESURVEY, &ODK, &NETTSKJEMA, &KOBO, &REST_API, NULL,
};

typedef struct {
    gint port, session_seconds;
    char *user, *password_env;
    char **faults, **files;
    gboolean gzip, until_eof;
} Options;

static void options_clear(Options *options)
{
    g_free(options->user);
    g_free(options->password_env);
    g_strfreev(options->faults);
    g_strfreev(options->files);
}

static bool read_options(int argc, char **argv, Options *options, GError **error)
{
    const GOptionEntry entries[] = {
        {"port", 0, 0, G_OPTION_ARG_INT, &options->port, "listen on port N (0: any free one)", "N"},
        {"user", 0, 0, G_OPTION_ARG_STRING, &options->user, "the only user", "NAME"},
        {"password-env", 0, 0, G_OPTION_ARG_STRING, &options->password_env,
         "environment variable that holds the password", "VAR"},
        {"session-seconds", 0, 0, G_OPTION_ARG_INT, &options->session_seconds,
         "how long a session lives (7200)", "N"},
        {"fault", 0, 0, G_OPTION_ARG_STRING_ARRAY, &options->faults, "go wrong on purpose",
         "CALL:WHEN:KIND[:VALUE]"},
        {"gzip", 0, 0, G_OPTION_ARG_NONE, &options->gzip, "compress replies where accepted", NULL},
        {"until-eof", 0, 0, G_OPTION_ARG_NONE, &options->until_eof,
         "end when standard input closes", NULL},
        {G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &options->files, NULL, "FORMFILE…"},
        {NULL, 0, 0, G_OPTION_ARG_NONE, NULL, NULL, NULL},
    };
    g_autoptr(GOptionContext) context = g_option_context_new(NULL);
    g_option_context_set_summary(context, "Plays form systems on 127.0.0.1.");
    g_option_context_add_main_entries(context, entries, NULL);
    if (!g_option_context_parse(context, &argc, &argv, error)) {
        return false;
    }
    if (options->files == NULL || options->port < 0 || options->port > 65535) {
        g_set_error(error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                    "give at least one form file, and a port between 0 and 65535");
        return false;
    }
    return true;
}

static const System *find_system(const char *name)
{
    for (const System *const *system = SYSTEMS; *system != NULL; system++) {
        if (g_strcmp0((*system)->name, name) == 0) {
            return *system;
        }
    }
    return NULL;
}

/* Loads the file by the system it names, if that has a way of its own. */
static bool load_own(Site *site, const char *path, bool *ret_own, GError **error)
{
    g_autofree char *text = NULL;
    *ret_own = false;
    if (!g_file_get_contents(path, &text, NULL, error)) {
        return false;
    }
    json_object *source = json_tokener_parse(text), *name = NULL;
    if (json_object_is_type(source, json_type_object)) {
        json_object_object_get_ex(source, "system", &name);
    }
    const System *system = find_system(json_object_get_string(name));
    *ret_own = system != NULL && system->load != NULL;
    const bool loaded = *ret_own && system->load(site, path, source, error);
    json_object_put(source);
    if (*ret_own && !loaded) {
        g_prefix_error(error, "%s: ", path);
    }
    return loaded || !*ret_own;
}

static bool load_form(Site *site, const char *path, GError **error)
{
    bool own;
    if (!load_own(site, path, &own, error)) {
        return false;
    }
    if (own) {
        return true;
    }
    g_autoptr(Form) form = form_read(path, error);
    if (form == NULL) {
        return false;
    }
    if (find_system(form->system) == NULL) {
        g_set_error(error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                    "%s: \"system\": \"%s\" is not played here", path, form->system);
        return false;
    }
    if (site_form(site, form->system, form->sid) != NULL) {
        g_set_error(error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                    "%s: \"sid\": %" G_GINT64_FORMAT " is served from another file already", path,
                    form->sid);
        return false;
    }
    site_add_form(site, g_steal_pointer(&form));
    return true;
}

static bool fill_site(Site *site, const Options *options, GError **error)
{
    const char *variable =
        options->password_env == NULL ? "INNSIKT_SAMPLE_PASSWORD" : options->password_env;
    site->user = g_strdup(options->user == NULL ? "innsikt" : options->user);
    site->password = g_strdup(g_getenv(variable));
    site->session_seconds = options->session_seconds;
    if (site->password == NULL || *site->password == '\0') {
        g_set_error(error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                    "the environment variable %s holds no password: set it", variable);
        return false;
    }
    for (char **file = options->files; *file != NULL; file++) {
        if (!load_form(site, *file, error)) {
            return false;
        }
    }
    for (char **order = options->faults; order != NULL && *order != NULL; order++) {
        if (!faults_add(site->faults, *order, error)) {
            return false;
        }
    }
    return true;
}

static gboolean on_signal(gpointer loop)
{
    g_main_loop_quit(loop);
    return G_SOURCE_CONTINUE;
}

static gboolean on_input(gint fd, GIOCondition condition, gpointer loop)
{
    (void)condition;
    char ignored[256];
    if (read(fd, ignored, sizeof ignored) > 0) {
        return G_SOURCE_CONTINUE;
    }
    g_main_loop_quit(loop);
    return G_SOURCE_REMOVE;
}

static int serve(Site *site, const Options *options)
{
    Listener *listener = listener_start(site, SYSTEMS, (guint16)options->port, options->gzip);
    if (listener == NULL) {
        fprintf(stderr, "formserver: cannot listen on 127.0.0.1 port %d: is it taken?\n",
                options->port);
        return 1;
    }
    g_autoptr(GMainLoop) loop = g_main_loop_new(NULL, FALSE);
    g_unix_signal_add(SIGTERM, on_signal, loop);
    g_unix_signal_add(SIGINT, on_signal, loop);
    if (options->until_eof) {
        g_unix_fd_add(STDIN_FILENO, G_IO_IN | G_IO_HUP | G_IO_ERR, on_input, loop);
    }
    printf("ready %u\n", listener_port(listener));
    fflush(stdout);
    g_main_loop_run(loop);
    listener_stop(listener);
    return 0;
}

int main(int argc, char **argv)
{
    signal(SIGPIPE, SIG_IGN);
    Options options = {.session_seconds = 7200};
    g_autoptr(Site) site = site_new();
    g_autoptr(GError) error = NULL;
    int status = 2;
    if (read_options(argc, argv, &options, &error) && fill_site(site, &options, &error)) {
        status = serve(site, &options);
    } else {
        fprintf(stderr, "formserver: %s\n", error->message);
    }
    options_clear(&options);
    return status;
}
