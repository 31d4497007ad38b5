#include "collect/together.h"

#include "collect/login.h"
#include "collect/progress.h"
#include "collect/pull.h"
#include "collect/reach.h"
#include "schemas/error.h"
#include "schemas/instant.h"

#include <signal.h>

/* Servers are mostly waited for; more than so many at a time would only fill the memory. */
enum { SIDE_BY_SIDE = 8 };

typedef struct Together Together;

/* One source, and what came of it. */
typedef struct {
    Together *all;
    guint row;
    const Source *source;
    Pull *pull; /* begun; NULL when that failed */
    GError *error;
} Part;

struct Together {
    const CollectOrder *order;
    Part *parts;
    guint n;
    gint next; /* of parts that nobody has taken; atomic */
    pthread_mutex_t turn;
    HttpPool *pool;
    LoginBook *logins;
    Progress *progress;
};

/* --- telling --- */

static void trace_line(const HttpTrace *trace, gpointer data)
{
    const Part *part = data;
    g_autofree char *line = reach_trace(part->source, trace);
    progress_warn(part->all->progress, "%s", line);
}

static void show_note(const char *source, const char *text, gpointer data)
{
    const Part *part = data;
    progress_warn(part->all->progress, "%s: note: %s", source, text);
}

static void show_page(const char *source, int64_t done, int64_t expected, gpointer data)
{
    (void)source;
    const Part *part = data;
    progress_show(part->all->progress, part->row, done, expected);
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

static bool store_is_unusable(const GError *error)
{
    return g_error_matches(error, INNSIKT_ERROR, INNSIKT_ERROR_STORE) ||
           g_error_matches(error, INNSIKT_ERROR, INNSIKT_ERROR_NEWER);
}

/* What the end of the command does not say. */
static void tell_failure(const Part *part)
{
    bool stopped = g_error_matches(part->error, INNSIKT_ERROR, INNSIKT_ERROR_CANCELLED);
    if (part->all->n == 1 || store_is_unusable(part->error))
        return;
    progress_warn(part->all->progress, "%s%s%s: %s", stopped ? "" : paint(PAINT_RED),
                  part->source->name, stopped ? "" : paint(PAINT_OFF), part->error->message);
}

/* --- one source --- */

static void part_begin(Part *part, Store *store)
{
    const CollectOrder *order = part->all->order;
    PullJob job = {.project = order->project,
                   .source = part->source,
                   .key = order->key,
                   .store = store,
                   .full = order->full,
                   .now = instant_now,
                   .turn = &part->all->turn,
                   .stop = order->invocation->stop,
                   .progress = show_page,
                   .progress_data = part,
                   .note = show_note,
                   .note_data = part};
    part->pull = pull_begin(&job, &part->error);
}

static void part_pull(Part *part, Store *store)
{
    const CollectOrder *order = part->all->order;
    HttpOptions common = {.pool = part->all->pool,
                          .logins = part->all->logins,
                          .stop = order->invocation->stop,
                          .trace = order->invocation->verbose ? trace_line : NULL,
                          .trace_data = part};
    Transport *transport = NULL;
    PullCounts counts = {0};
    GError *unreached = NULL;
    reach_source(order->project, part->source, &common, &transport, &unreached);
    bool ok = pull_finish(g_steal_pointer(&part->pull), store, transport, unreached, &counts,
                          &part->error);
    transport_free(transport);
    progress_end(part->all->progress, part->row);
    g_autofree char *line = counts_in_words(&counts);
    if (ok || counts.received)
        progress_say(part->all->progress, "%s: %s", part->source->name, line);
}

/* --- side by side --- */

/* Takes one source after the other until none is left. */
static gpointer work(gpointer data)
{
    Together *all = data;
    g_autoptr(Store) store = NULL;
    for (guint i; (i = (guint)g_atomic_int_add(&all->next, 1)) < all->n;) {
        Part *part = &all->parts[i];
        if (part->pull && !store)
            store = store_open(all->order->project->store_path, &part->error);
        if (part->pull && store)
            part_pull(part, store);
        pull_drop(part->pull);
        if (part->error)
            tell_failure(part);
    }
    return NULL;
}

/* Signals stay with this thread, so that no other is torn out of reading. */
static void work_in_threads(Together *all)
{
    GThread *threads[SIDE_BY_SIDE];
    const guint n = MIN(all->n, SIDE_BY_SIDE);
    sigset_t ours, before;
    sigemptyset(&ours);
    sigaddset(&ours, SIGINT);
    sigaddset(&ours, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &ours, &before);
    for (guint i = 0; i < n; i++)
        threads[i] = g_thread_new("collect", work, all);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    for (guint i = 0; i < n; i++)
        g_thread_join(threads[i]);
}

/* Pulls are begun one after the other, so that the log has them in declared order. */
static bool begin_all(Together *all, GError **error)
{
    const CollectOrder *order = all->order;
    g_autofree char *mark = project_key_mark(order->key);
    g_autoptr(Store) store = store_open(order->project->store_path, error);
    if (!store || !store_hold_key(store, mark, error))
        return false;
    for (guint i = 0; i < all->n; i++)
        part_begin(&all->parts[i], store);
    return true;
}

static bool judge(const Together *all, GError **error)
{
    guint failed = 0;
    bool stopped = false;
    for (guint i = 0; i < all->n; i++) {
        const Part *part = &all->parts[i];
        failed += part->error != NULL;
        stopped |= g_error_matches(part->error, INNSIKT_ERROR, INNSIKT_ERROR_CANCELLED);
        if (part->error && (all->n == 1 || store_is_unusable(part->error))) {
            g_propagate_prefixed_error(error, g_error_copy(part->error),
                                       "%s: ", part->source->name);
            return false;
        }
    }
    if (stopped)
        g_set_error_literal(error, INNSIKT_ERROR, INNSIKT_ERROR_CANCELLED,
                            "stopped; what was collected is kept, and the next run goes on from "
                            "there");
    else if (failed)
        g_set_error(error, INNSIKT_ERROR,
                    failed == all->n ? INNSIKT_ERROR_NETWORK : INNSIKT_ERROR_PARTIAL,
                    "%u of %u sources failed; what was pulled is kept, and the next collect goes "
                    "on from there",
                    failed, all->n);
    return failed == 0;
}

static const char **row_names(const GPtrArray *sources)
{
    const char **names = g_new0(const char *, sources->len + 1);
    for (guint i = 0; i < sources->len; i++)
        names[i] = ((const Source *)sources->pdata[i])->name;
    return names;
}

bool collect_together(const CollectOrder *order, const GPtrArray *sources, GError **error)
{
    g_autofree const char **names = row_names(sources);
    g_autofree Part *parts = g_new0(Part, sources->len);
    Together all = {.order = order,
                    .parts = parts,
                    .n = sources->len,
                    .pool = http_pool_new(),
                    .logins = login_book_new(),
                    .progress = progress_new(order->invocation, names)};
    pthread_mutex_init(&all.turn, NULL);
    for (guint i = 0; i < all.n; i++)
        parts[i] = (Part){.all = &all, .row = i, .source = sources->pdata[i]};
    bool ok = begin_all(&all, error);
    if (ok && all.n == 1)
        work(&all);
    else if (ok)
        work_in_threads(&all);
    progress_free(all.progress);
    http_pool_free(all.pool);
    login_book_free(all.logins);
    pthread_mutex_destroy(&all.turn);
    ok = ok && judge(&all, error);
    for (guint i = 0; i < all.n; i++)
        g_clear_error(&parts[i].error);
    return ok;
}
