/* The commands of the collectors' floor: collect and check. */
#include "collect/check.h"
#include "collect/collector.h"
#include "collect/reach.h"
#include "collect/together.h"
#include "schemas/command.h"
#include "schemas/error.h"
#include "schemas/nearest.h"

static gboolean full;

static const GOptionEntry collect_options[] = {
    {"full", 0, 0, G_OPTION_ARG_NONE, &full, "read every response anew, not only what is new",
     NULL},
    G_OPTION_ENTRY_NULL,
};

/* --- which sources -------------------------------------------------------------------------------
 */

static void unknown_source(const Project *project, const char *name, GError **error)
{
    g_autoptr(GPtrArray) names = g_ptr_array_new();
    for (guint i = 0; i < project->sources->len; i++)
        g_ptr_array_add(names, ((Source *)project->sources->pdata[i])->name);
    g_ptr_array_add(names, NULL);
    g_autofree char *help = nearest_help(name, (const char *const *)names->pdata);
    g_set_error(error, INNSIKT_ERROR, INNSIKT_ERROR_USAGE, "%s: there is no source \"%s\"; %s",
                project->file, name, help);
}

static bool kind_is_known(const Project *project, const Source *source, GError **error)
{
    if (collector_find(source->kind))
        return true;
    g_autoptr(GPtrArray) kinds = g_ptr_array_new();
    for (const Collector *const *collector = collectors_all(); *collector; collector++)
        g_ptr_array_add(kinds, (gpointer)(*collector)->kind);
    g_ptr_array_add(kinds, NULL);
    g_autofree char *help = nearest_help(source->kind, (const char *const *)kinds->pdata);
    g_set_error(error, INNSIKT_ERROR, INNSIKT_ERROR_USAGE,
                "%s:%d:%d: source %s: there is no kind of source \"%s\"; %s", project->file,
                source->line, source->column, source->name, source->kind, help);
    return false;
}

/* The sources named, or all; in the file's order. NULL with an error. Borrowed sources. */
static GPtrArray *chosen_sources(const Project *project, char **names, GError **error)
{
    for (char **name = names; *name; name++)
        if (!project_source(project, *name)) {
            unknown_source(project, *name, error);
            return NULL;
        }
    g_autoptr(GPtrArray) chosen = g_ptr_array_new();
    for (guint i = 0; i < project->sources->len; i++) {
        Source *source = project->sources->pdata[i];
        if (*names && !g_strv_contains((const char *const *)names, source->name))
            continue;
        if (!kind_is_known(project, source, error))
            return NULL;
        g_ptr_array_add(chosen, source);
    }
    return g_steal_pointer(&chosen);
}

/* --- collect --- */

static bool run_collect(const Invocation *invocation, char **arguments, GError **error)
{
    g_autoptr(Project) project = project_load(invocation->folder, error);
    g_autoptr(GPtrArray) sources = project ? chosen_sources(project, arguments, error) : NULL;
    if (!sources)
        return false;
    ProjectKey key;
    if (!project_key_read(project->key_ref, project->folder, &key, error))
        return false;
    CollectOrder order = {.invocation = invocation, .project = project, .key = &key, .full = full};
    bool ok = collect_together(&order, sources, error);
    project_key_wipe(&key);
    return ok;
}

/* --- check --- */

static void trace_line(const HttpTrace *trace, gpointer source)
{
    g_autofree char *line = reach_trace(source, trace);
    warn("%s", line);
}

static Transport *transport_for(const Invocation *invocation, const Project *project,
                                const Source *source, GError **error)
{
    HttpOptions common = {.stop = invocation->stop,
                          .trace = invocation->verbose ? trace_line : NULL,
                          .trace_data = (gpointer)source};
    Transport *transport = NULL;
    reach_source(project, source, &common, &transport, error);
    return transport;
}

static bool check_source(const Invocation *invocation, const Project *project, const Source *source,
                         guint *errors)
{
    g_autoptr(GError) why = NULL;
    g_autoptr(Transport) transport = transport_for(invocation, project, source, &why);
    g_autoptr(GPtrArray) remarks = g_ptr_array_new_with_free_func(remark_free);
    if (why || !check_mapping(project, source, transport, remarks, &why)) {
        warn("%s: %s", source->name, why->message);
        ++*errors;
        return false;
    }
    guint wrong = 0;
    for (guint i = 0; i < remarks->len; i++) {
        const Remark *remark = remarks->pdata[i];
        wrong += remark->wrong;
        if (remark->wrong)
            warn("%s", remark->text);
        else
            say(invocation, "%s", remark->text);
    }
    if (!wrong)
        say(invocation, "%s: reached; the mapping fits the form", source->name);
    *errors += wrong;
    return wrong == 0;
}

static bool run_check(const Invocation *invocation, char **arguments, GError **error)
{
    g_autoptr(Project) project = project_load(invocation->folder, error);
    g_autoptr(GPtrArray) sources = project ? chosen_sources(project, arguments, error) : NULL;
    if (!sources)
        return false;
    ProjectKey key;
    if (!project_key_read(project->key_ref, project->folder, &key, error))
        return false;
    project_key_wipe(&key);
    guint errors = 0, failed = 0;
    for (guint i = 0; i < sources->len; i++)
        failed += !check_source(invocation, project, sources->pdata[i], &errors);
    if (errors)
        g_set_error(error, INNSIKT_ERROR,
                    failed == sources->len ? INNSIKT_ERROR_USAGE : INNSIKT_ERROR_PARTIAL,
                    "%u of %u sources need attention; nothing was changed", failed, sources->len);
    return errors == 0;
}

const Command collect_commands[] = {
    {"check", "[SOURCE…]", "is the project sound? asks every source, changes nothing", NULL, NULL,
     run_check},
    {"collect", "[SOURCE…]", "pull what is new or changed since last time, into the store",
     "Ctrl-C finishes the page and keeps it; the next collect goes on from there.", collect_options,
     run_collect},
    {0},
};
