#include "collect/pull.h"

#include "collect/gate.h"
#include "collect/page.h"
#include "schemas/form_change.h"

struct Pull {
    PageSink sink; /* first, so that the sink is the pull */
    PullJob job;
    const Collector *collector;
    const char *source;
    Gate *gate;
    Page *page;
    GTimeZone *zone;
    void *self; /* the collector's; NULL until it is open */
    int64_t id;
    bool everything, finished; /* as the collector is told */
    bool doubted;
    char *doubt;
    int64_t expected;
};

static int64_t now(const PullJob *job)
{
    return job->now ? job->now() : g_get_real_time();
}

static void tell(const Pull *pull, const char *text)
{
    if (pull->job.note)
        pull->job.note(pull->source, text, pull->job.note_data);
}

/* What writes to the store without a page. */
static void turn_take(const PullJob *job)
{
    if (job->turn)
        pthread_mutex_lock(job->turn);
}

static void turn_give(const PullJob *job)
{
    if (job->turn)
        pthread_mutex_unlock(job->turn);
}

/* --- the sink --- */

static bool on_set_aside(PageSink *sink, const char *id, const char *reason, GError **error)
{
    return page_set_aside(((Pull *)sink)->page, id, reason, error);
}

static bool on_response(PageSink *sink, Response *response, GError **error)
{
    Pull *pull = (Pull *)sink;
    int64_t unreadable = 0;
    gate_pass(pull->gate, response, &unreadable);
    return page_response(pull->page, response, unreadable, error);
}

static bool on_seen(PageSink *sink, const char *id, const char *revision, GError **error)
{
    Pull *pull = (Pull *)sink;
    return page_seen(pull->page, id, revision, error);
}

static GPtrArray *on_wanted(PageSink *sink, bool everything, const char *after, guint max,
                            GError **error)
{
    Pull *pull = (Pull *)sink;
    return page_flush(pull->page, error)
               ? store_wanted(pull->job.store, pull->source, everything, after, max, error)
               : NULL;
}

static bool on_unseen(PageSink *sink, int64_t *ret, GError **error)
{
    Pull *pull = (Pull *)sink;
    return page_flush(pull->page, error) &&
           store_unseen_count(pull->job.store, pull->source, ret, error);
}

static void on_expect(PageSink *sink, int64_t total)
{
    ((Pull *)sink)->expected = total;
}

static void on_note(PageSink *sink, const char *text)
{
    tell((Pull *)sink, text);
}

static void on_doubt(PageSink *sink, const char *why)
{
    Pull *pull = (Pull *)sink;
    pull->doubted = true;
    g_free(pull->doubt);
    pull->doubt = g_strdup(why);
}

static const PageSink sink_table = {.response = on_response,
                                    .set_aside = on_set_aside,
                                    .seen = on_seen,
                                    .wanted = on_wanted,
                                    .unseen = on_unseen,
                                    .expect = on_expect,
                                    .note = on_note,
                                    .doubt = on_doubt};

/* --- pages --- */

static bool commit_page(Pull *pull, GError **error)
{
    g_autofree char *cursor = pull->collector->cursor(pull->self);
    return page_commit(pull->page, cursor, error);
}

static bool stop_asked(const PullJob *job)
{
    return job->stop && g_atomic_int_get(job->stop);
}

static bool set_stopped(const Pull *pull, GError **error)
{
    g_set_error(error, INNSIKT_ERROR, INNSIKT_ERROR_CANCELLED,
                "stopped after %" G_GINT64_FORMAT " responses; what was collected is kept, and the "
                "next run goes on from there",
                page_counts(pull->page)->received);
    return false;
}

static bool pull_pages(Pull *pull, GError **error)
{
    for (;;) {
        Step step = pull->collector->next(pull->self, &pull->sink, error);
        if (step == STEP_FAILED || !commit_page(pull, error))
            return false;
        if (pull->job.progress)
            pull->job.progress(pull->source, page_counts(pull->page)->received, pull->expected,
                               pull->job.progress_data);
        if (step == STEP_DONE)
            return true;
        if (stop_asked(&pull->job))
            return set_stopped(pull, error);
    }
}

/* --- what is gone --- */

/* Responses of the source that are stored and not marked deleted. */
static bool count_living(const Pull *pull, int64_t *ret, GError **error)
{
    g_autoptr(GPtrArray) all = store_status(pull->job.store, error);
    if (!all)
        return false;
    *ret = 0;
    for (guint i = 0; i < all->len; i++) {
        const SourceStatus *status = g_ptr_array_index(all, i);
        for (int s = 0; g_str_equal(status->source, pull->source) && s < N_STATES; s++)
            if (s != STATE_DELETED)
                *ret += status->by_state[s];
    }
    return true;
}

/* An index that shows nothing, or not all, proves nothing: what is stored stays. */
static bool keep_all(const Pull *pull, GError **error)
{
    int64_t living;
    if (pull->doubted && !pull->doubt)
        return true;
    if (!count_living(pull, &living, error))
        return false;
    if (living == 0 && pull->doubt && pull->expected > 0 &&
        page_counts(pull->page)->received == 0) {
        g_set_error(error, INNSIKT_ERROR, INNSIKT_ERROR_PROTOCOL,
                    "%s, and none of them could be read; nothing was collected", pull->doubt);
        return false;
    }
    if (living == 0 && pull->doubt)
        tell(pull, pull->doubt);
    g_autofree char *text =
        g_strdup_printf("%s; nothing that was collected before is marked deleted this time",
                        pull->doubt ? pull->doubt : "the source shows no responses");
    if (living > 0)
        tell(pull, text);
    return true;
}

static bool mark_deleted(Pull *pull, GError **error)
{
    if (!pull->collector->whole_index)
        return true;
    if (!page_flush(pull->page, error))
        return false;
    if (pull->doubted || store_seen_count(pull->job.store) == 0)
        return keep_all(pull, error);
    g_autofree char *cursor = pull->collector->cursor(pull->self);
    return page_delete_unseen(pull->page, cursor, now(&pull->job), error);
}

static bool counts_add_up(const Pull *pull, GError **error)
{
    const PullCounts *c = page_counts(pull->page);
    int64_t sum =
        c->added + c->changed + c->same + c->restored + c->set_aside + page_forgotten(pull->page);
    if (sum == c->received)
        return true;
    g_set_error(error, INNSIKT_ERROR, INNSIKT_ERROR_STORE,
                "%" G_GINT64_FORMAT " responses were received but %" G_GINT64_FORMAT
                " are accounted for; this is a defect of innsikt, please report it",
                c->received, sum);
    return false;
}

/* --- the run --- */

static GTimeZone *find_zone(const PullJob *job, GError **error)
{
    const char *name = job->source->timezone ? job->source->timezone : job->project->timezone;
    if (!name)
        return g_time_zone_new_utc();
    GTimeZone *zone = g_time_zone_new_identifier(name);
    if (!zone)
        g_set_error(error, INNSIKT_ERROR, INNSIKT_ERROR_USAGE,
                    "there is no time zone %s; write one like Europe/Oslo in `timezone:`", name);
    return zone;
}

static void tell_changes(const Pull *pull, const Form *before, const Form *now)
{
    enum { SHOWN = 8 };
    g_autoptr(GPtrArray) changes = form_changes(before, now);
    for (guint i = 0; i < MIN(changes->len, SHOWN); i++) {
        g_autofree char *text = g_strconcat(
            "the form has changed since the last pull: ", g_ptr_array_index(changes, i), NULL);
        tell(pull, text);
    }
    if (changes->len <= SHOWN)
        return;
    g_autofree char *rest = g_strdup_printf("the form has changed in %u more places; run innsikt "
                                            "check to see whether the mapping still fits",
                                            changes->len - SHOWN);
    tell(pull, rest);
}

static bool keep_form(Pull *pull, GError **error)
{
    g_autoptr(Form) form = pull->collector->questions(pull->self, error);
    g_autoptr(GError) lost = NULL; /* a kept form that cannot be read is no reason to stop */
    g_autoptr(Form) before = form ? store_form(pull->job.store, pull->source, &lost) : NULL;
    bool changed;
    if (!form)
        return false;
    turn_take(&pull->job);
    bool ok = store_put_form(pull->job.store, pull->source, form, now(&pull->job), &changed, error);
    turn_give(&pull->job);
    if (ok && before && changed)
        tell_changes(pull, before, form);
    return ok;
}

static void tell_mended(const Pull *pull)
{
    const int64_t n = gate_mended(pull->gate);
    if (!n)
        return;
    g_autofree char *text = g_strdup_printf(
        "%" G_GINT64_FORMAT " answer%s held bytes that are not UTF-8, which read as "
        "\xEF\xBF\xBD now; check the character set of the source, then collect "
        "with --full",
        n, n == 1 ? "" : "s");
    tell(pull, text);
}

static bool pull_all(Pull *pull, GError **error)
{
    if (pull->collector->unchanged && pull->collector->unchanged(pull->self)) {
        tell(pull, "the source says that nothing has changed since the last pull");
        return true;
    }
    return keep_form(pull, error) && pull_pages(pull, error) && mark_deleted(pull, error) &&
           counts_add_up(pull, error);
}

static bool pull_work(Pull *pull, GError **error)
{
    const PullJob *job = &pull->job;
    g_autoptr(GError) trouble = NULL;
    g_autofree char *cursor = store_cursor(job->store, pull->source, &trouble);
    if (trouble) {
        g_propagate_error(error, g_steal_pointer(&trouble));
        return false;
    }
    CollectContext context = {.project = job->project,
                              .source = job->source,
                              .transport = job->transport,
                              .cursor = cursor,
                              .everything = pull->everything || job->full,
                              .zone = pull->zone,
                              .finished = pull->finished};
    if (!store_seen_reset(job->store, error))
        return false;
    pull->self = pull->collector->open(&context, error);
    if (!pull->self)
        return false;
    bool ok = pull_all(pull, error);
    tell_mended(pull);
    page_abort(pull->page);
    pull->collector->close(pull->self);
    return ok;
}

/* Whether the pull before this one ended well. */
static bool find_finished(Pull *pull, GError **error)
{
    PullRecord *last = NULL;
    if (!store_last_pull(pull->job.store, pull->source, &last, error))
        return false;
    pull->finished = last && last->outcome == PULL_DONE;
    pull_record_free(last);
    return true;
}

static bool pull_enter(Pull *pull, GError **error)
{
    const PullJob *job = &pull->job;
    g_autofree char *digest = source_mapping_digest(job->source);
    g_autofree char *place = source_place(job->source);
    const char *form = pull->collector->reads_files ? place : job->source->form;
    pull->zone = find_zone(job, error);
    if (!pull->zone || !source_is_placed(job->project, job->source, error) ||
        !find_finished(pull, error))
        return false;
    turn_take(job);
    bool ok = store_pull_begin(job->store, pull->source, form ? form : "", digest, now(job),
                               &pull->id, &pull->everything, error);
    turn_give(job);
    return ok;
}

void pull_drop(Pull *pull)
{
    if (!pull)
        return;
    page_free(pull->page);
    gate_free(pull->gate);
    if (pull->zone)
        g_time_zone_unref(pull->zone);
    g_free(pull->doubt);
    g_free(pull);
}

Pull *pull_begin(const PullJob *job, GError **error)
{
    Pull *pull = g_new0(Pull, 1);
    *pull = (Pull){.sink = sink_table, .job = *job, .source = job->source->name};
    pull->collector = job->collector ? job->collector : collector_find(job->source->kind);
    if (!pull->collector)
        collector_unknown(job->source, error);
    if (!pull->collector || !pull_enter(pull, error)) {
        pull_drop(pull);
        return NULL;
    }
    pull->gate = gate_new(job->project, job->source, job->key);
    return pull;
}

/* Writes the outcome into the pull's record; a failure to do so does not hide an earlier one. */
static bool pull_record(Pull *pull, const GError *trouble, GError **error)
{
    bool stopped = g_error_matches(trouble, INNSIKT_ERROR, INNSIKT_ERROR_CANCELLED);
    PullOutcome outcome = !trouble ? PULL_DONE : stopped ? PULL_STOPPED : PULL_FAILED;
    turn_take(&pull->job);
    bool ok = store_pull_end(pull->job.store, pull->id, outcome, trouble ? trouble->message : NULL,
                             now(&pull->job), page_counts(pull->page), error);
    turn_give(&pull->job);
    return ok;
}

bool pull_finish(Pull *pull, Store *store, Transport *transport, GError *unreached,
                 PullCounts *ret_counts, GError **error)
{
    g_autoptr(GError) trouble = unreached;
    pull->job.store = store;
    pull->job.transport = transport;
    pull->page = page_new(store, pull->source, pull->id, pull->job.turn);
    bool ok = !trouble &&
              (stop_asked(&pull->job) ? set_stopped(pull, &trouble) : pull_work(pull, &trouble));
    if (!pull_record(pull, trouble, trouble ? NULL : &trouble))
        ok = false;
    *ret_counts = *page_counts(pull->page);
    pull_drop(pull);
    if (!ok)
        g_propagate_error(error, g_steal_pointer(&trouble));
    return ok;
}

bool pull_run(const PullJob *job, PullCounts *ret_counts, GError **error)
{
    *ret_counts = (PullCounts){0};
    Pull *pull = pull_begin(job, error);
    return pull && pull_finish(pull, job->store, job->transport, NULL, ret_counts, error);
}
