/* The commands of the collectors' floor: collect and check. */
#include "collect/check.h"
#include "collect/http.h"
#include "collect/pull.h"
#include "schemas/command.h"
#include "schemas/error.h"
#include "schemas/instant.h"
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

/* --- telling --- */

static void trace_line(const HttpTrace *trace, gpointer data)
{
    (void)data;
    warn("%s %s (%s): %d, %" G_GINT64_FORMAT " bytes, %" G_GINT64_FORMAT " ms%s%s%s", trace->method,
         trace->url, trace->what ? trace->what : "–", trace->status, trace->bytes, trace->ms,
         trace->attempt > 1 ? ", sent again" : "", trace->trouble ? ": " : "",
         trace->trouble ? trace->trouble : "");
}

static void show_note(const char *source, const char *text, gpointer data)
{
    (void)data;
    warn("%s: note: %s", source, text);
}

/* One line that is written over, on a terminal only. */
static void show_progress(const char *source, int64_t done, int64_t expected, gpointer data)
{
    const Invocation *invocation = data;
    if (invocation->quiet || !on_terminal())
        return;
    if (expected > 0)
        fprintf(stderr, "\r\033[K%s: %" G_GINT64_FORMAT " of %" G_GINT64_FORMAT, source, done,
                expected);
    else
        fprintf(stderr, "\r\033[K%s: %" G_GINT64_FORMAT, source, done);
}

static void clear_progress(const Invocation *invocation)
{
    if (!invocation->quiet && on_terminal())
        fputs("\r\033[K", stderr);
}

static void append_count(GString *line, int64_t n, const char *what)
{
    if (n)
        g_string_append_printf(line, ", %" G_GINT64_FORMAT " %s", n, what);
}

static char *counts_in_words(const PullCounts *counts)
{
    GString *line = g_string_new(NULL);
    g_string_append_printf(line, "%" G_GINT64_FORMAT " received: %" G_GINT64_FORMAT " new",
                           counts->received, counts->added);
    append_count(line, counts->changed, "changed");
    append_count(line, counts->restored, "restored");
    append_count(line, counts->same, "as before");
    append_count(line, counts->set_aside, "set aside (see innsikt status)");
    append_count(line, counts->deleted, "deleted at the source");
    append_count(line, counts->unreadable,
                 counts->unreadable == 1 ? "unreadable answer" : "unreadable answers");
    return g_string_free(line, FALSE);
}

/* --- collect --- */

typedef struct {
    const Invocation *invocation;
    const Project *project;
    const ProjectKey *key;
    Store *store;
} Collection;

static Transport *transport_for(const Invocation *invocation, const Source *source)
{
    const Collector *collector = collector_find(source->kind);
    if (!collector || (collector->reads_files && !source_is_web(source)))
        return NULL;
    HttpOptions options = {.insecure = source->insecure,
                           .stop = invocation->stop,
                           .trace = invocation->verbose ? trace_line : NULL};
    return http_transport_new(&options);
}

static bool collect_source(const Collection *c, const Source *source, GError **error)
{
    g_autoptr(Transport) transport = transport_for(c->invocation, source);
    PullCounts counts = {0};
    PullJob job = {.project = c->project,
                   .source = source,
                   .key = c->key,
                   .store = c->store,
                   .transport = transport,
                   .full = full,
                   .now = instant_now,
                   .stop = c->invocation->stop,
                   .progress = show_progress,
                   .progress_data = (gpointer)c->invocation,
                   .note = show_note};
    bool ok = pull_run(&job, &counts, error);
    g_autofree char *line = counts_in_words(&counts);
    clear_progress(c->invocation);
    if (ok || counts.received)
        say(c->invocation, "%s: %s", source->name, line);
    return ok;
}

static bool store_is_unusable(const GError *error)
{
    return g_error_matches(error, INNSIKT_ERROR, INNSIKT_ERROR_STORE) ||
           g_error_matches(error, INNSIKT_ERROR, INNSIKT_ERROR_NEWER) ||
           g_error_matches(error, INNSIKT_ERROR, INNSIKT_ERROR_CANCELLED);
}

/* Every source has its turn, whatever became of the one before; only a store that cannot be
 * written, or the user, stops the row. */
static bool collect_all(const Collection *c, const GPtrArray *sources, GError **error)
{
    guint failed = 0;
    for (guint i = 0; i < sources->len; i++) {
        const Source *source = sources->pdata[i];
        g_autoptr(GError) why = NULL;
        if (collect_source(c, source, &why))
            continue;
        if (store_is_unusable(why) || sources->len == 1) {
            g_propagate_prefixed_error(error, g_steal_pointer(&why), "%s: ", source->name);
            return false;
        }
        warn("%s%s%s: %s", paint(PAINT_RED), source->name, paint(PAINT_OFF), why->message);
        failed++;
    }
    if (!failed)
        return true;
    g_set_error(error, INNSIKT_ERROR,
                failed == sources->len ? INNSIKT_ERROR_NETWORK : INNSIKT_ERROR_PARTIAL,
                "%u of %u sources failed; what was pulled is kept, and the next collect goes on "
                "from there",
                failed, sources->len);
    return false;
}

static bool run_collect(const Invocation *invocation, char **arguments, GError **error)
{
    g_autoptr(Project) project = project_load(invocation->folder, error);
    g_autoptr(GPtrArray) sources = project ? chosen_sources(project, arguments, error) : NULL;
    if (!sources)
        return false;
    ProjectKey key;
    if (!project_key_read(project->key_ref, project->folder, &key, error))
        return false;
    g_autofree char *mark = project_key_mark(&key);
    g_autoptr(Store) store = store_open(project->store_path, error);
    Collection collection = {
        .invocation = invocation, .project = project, .key = &key, .store = store};
    bool ok =
        store && store_hold_key(store, mark, error) && collect_all(&collection, sources, error);
    project_key_wipe(&key);
    return ok;
}

/* --- check --- */

static bool check_source(const Invocation *invocation, const Project *project, const Source *source,
                         guint *errors)
{
    g_autoptr(Transport) transport = transport_for(invocation, source);
    g_autoptr(GPtrArray) remarks = g_ptr_array_new_with_free_func(remark_free);
    g_autoptr(GError) why = NULL;
    if (!check_mapping(project, source, transport, remarks, &why)) {
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
