/* The commands of the collectors' floor: collect and check. */
#include "collect/check.h"
#include "collect/collector.h"
#include "collect/login.h"
#include "collect/reach.h"
#include "collect/together.h"
#include "schemas/command.h"
#include "schemas/error.h"
#include "schemas/nearest.h"

#include <stdio.h>

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

typedef struct {
    const Invocation *invocation;
    const Project *project;
    Store *store; /* NULL: nothing collected yet */
    HttpPool *pool;
    LoginBook *logins;
    guint failed, unanswered; /* sources: that need attention; of those, that could not be asked */
    GError *first;            /* why the first of those */
} Checking;

static Transport *transport_for(const Checking *c, const Source *source, GError **error)
{
    HttpOptions common = {.pool = c->pool,
                          .logins = c->logins,
                          .stop = c->invocation->stop,
                          .trace = c->invocation->verbose ? reach_warn : NULL,
                          .trace_data = (gpointer)source};
    Transport *transport = NULL;
    reach_source(c->project, source, &common, &transport, error);
    return transport;
}

static guint remarks_show(const Invocation *invocation, const GPtrArray *remarks)
{
    guint wrong = 0;
    for (guint i = 0; i < remarks->len; i++) {
        const Remark *remark = remarks->pdata[i];
        wrong += remark->wrong;
        if (remark->wrong)
            warn("%s", remark->text);
        else
            say(invocation, "%s", remark->text);
    }
    return wrong;
}

static void check_one(Checking *c, const Source *source)
{
    g_autoptr(GError) why = NULL;
    g_autoptr(Transport) transport = transport_for(c, source, &why);
    g_autoptr(GPtrArray) remarks = g_ptr_array_new_with_free_func(remark_free);
    CheckJob job = {
        .project = c->project, .source = source, .transport = transport, .store = c->store};
    const bool answered = !why && check_source(&job, remarks, &why);
    const guint wrong = remarks_show(c->invocation, remarks);
    if (!answered) {
        warn("%s: %s", source->name, why->message);
        c->unanswered++;
        if (!c->first)
            c->first = g_steal_pointer(&why);
    } else if (!wrong) {
        say(c->invocation, "%s: reached; the mapping fits the form", source->name);
    }
    c->failed += !answered || wrong;
}

/* What looks like one organisation is told, and how to join it goes to standard output. */
static bool check_names(const Checking *c, const GPtrArray *sources, GError **error)
{
    g_autoptr(GPtrArray) remarks = g_ptr_array_new_with_free_func(remark_free);
    g_autoptr(GString) yaml = g_string_new(NULL);
    if (!check_organisations(c->project, sources, c->store, remarks, yaml, error))
        return false;
    remarks_show(c->invocation, remarks);
    fputs(yaml->str, stdout);
    return true;
}

/* Mappings that do not fit are the project's fault; when no source could even be asked, it is as
 * with any other command that did not succeed. */
static void check_conclude(const Checking *c, guint n, GError **error)
{
    int code = c->failed < n ? INNSIKT_ERROR_PARTIAL : INNSIKT_ERROR_USAGE;
    if (c->unanswered == n)
        code = c->first->code;
    g_set_error(error, INNSIKT_ERROR, code, "%u of %u sources need attention; nothing was changed",
                c->failed, n);
}

static bool check_all(Checking *c, const GPtrArray *sources, GError **error)
{
    for (guint i = 0; i < sources->len; i++)
        check_one(c, sources->pdata[i]);
    if (c->store && !check_names(c, sources, error))
        return false;
    if (c->failed)
        check_conclude(c, sources->len, error);
    return c->failed == 0;
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
    g_autoptr(Store) store = NULL;
    if (store_is_there(project->store_path)) {
        store = store_open_read(project->store_path, error);
        if (!store)
            return false;
    }
    Checking checking = {.invocation = invocation,
                         .project = project,
                         .store = store,
                         .pool = http_pool_new(),
                         .logins = login_book_new()};
    const bool sound = check_all(&checking, sources, error);
    http_pool_free(checking.pool);
    login_book_free(checking.logins);
    g_clear_error(&checking.first);
    return sound;
}

const Command collect_commands[] = {
    {"check", "[SOURCE…]", "is the project sound? asks every source, changes nothing",
     "Names what does not fit, what changed in the forms since the last pull, rights that are "
     "missing, and organisations that look alike; how to join those is written to standard "
     "output, to paste into project.yaml.",
     NULL, run_check},
    {"collect", "[SOURCE…]", "pull what is new or changed since last time, into the store",
     "Sources are pulled side by side. Ctrl-C finishes the pages in work and keeps them; the next "
     "collect goes on from there.",
     collect_options, run_collect},
    {0},
};
