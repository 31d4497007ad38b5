#include "collect/reach.h"

#include "collect/collector.h"
#include "collect/login.h"
#include "schemas/command.h"
#include "schemas/secret.h"

static bool needs_server(const Source *source)
{
    const Collector *collector = collector_find(source->kind);
    return collector && (!collector->reads_files || source_is_web(source));
}

bool reach_source(const Project *project, const Source *source, const HttpOptions *common,
                  Transport **ret, GError **error)
{
    *ret = NULL;
    if (!needs_server(source))
        return true;
    char *user = NULL, *password = NULL;
    if (source->proxy_user_ref &&
        !login_read_pair(source->proxy_user_ref, source->proxy_password_ref, project->folder, &user,
                         &password, error))
        return false;
    HttpOptions options = *common;
    options.insecure = source->insecure;
    options.ca_file = source->ca_file;
    options.pin = source->pin;
    options.proxy = source->proxy;
    options.proxy_user = user;
    options.proxy_password = password;
    *ret = http_transport_new(&options);
    secret_free(user);
    secret_free(password);
    return true;
}

char *reach_trace(const Source *source, const HttpTrace *trace)
{
    enum { CLOCKS_APART = 60 }; /* seconds worth telling */
    GString *line = g_string_new(NULL);
    g_string_append_printf(
        line, "%s: %s %s (%s): %d, %" G_GINT64_FORMAT " bytes, %" G_GINT64_FORMAT " ms",
        source->name, trace->method, trace->url, trace->what ? trace->what : "–", trace->status,
        trace->bytes, trace->ms);
    if (trace->version)
        g_string_append_printf(line, ", %s%s", trace->version,
                               trace->fresh ? " over a new connection" : "");
    if (trace->attempt > 1)
        g_string_append_printf(line, ", sent again (%d)", trace->attempt);
    if (ABS(trace->ahead) > CLOCKS_APART)
        g_string_append_printf(line, ", its clock is %" G_GINT64_FORMAT " s %s", ABS(trace->ahead),
                               trace->ahead > 0 ? "ahead" : "behind");
    if (trace->trouble)
        g_string_append_printf(line, ": %s", trace->trouble);
    return g_string_free(line, FALSE);
}

void reach_warn(const HttpTrace *trace, gpointer source)
{
    g_autofree char *line = reach_trace(source, trace);
    warn("%s", line);
}
