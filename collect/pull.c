#include "collect/pull.h"

#include "collect/gate.h"
#include "schemas/form_change.h"

typedef struct {
    PageSink sink; /* first, so that the sink is the run */
    const PullJob *job;
    const Collector *collector;
    const char *source;
    Gate *gate;
    void *self; /* the collector's; NULL until it is open */
    int64_t pull;
    bool recorded, in_page, doubted;
    char *doubt;
    int64_t expected;
    PullCounts counts;    /* with the page that is open */
    PullCounts committed; /* without */
    int64_t forgotten, forgotten_committed;
} Run;

static int64_t now(const PullJob *job)
{
    return job->now ? job->now() : g_get_real_time();
}

static void tell(const Run *run, const char *text)
{
    if (run->job->note)
        run->job->note(run->source, text, run->job->note_data);
}

/* The page is begun when there is something to write: the store is not locked while the network is
 * waited for. */
static bool page_begin(Run *run, GError **error)
{
    if (!run->in_page)
        run->in_page = store_page_begin(run->job->store, error);
    return run->in_page;
}

/* --- the sink --- */

static bool on_set_aside(PageSink *sink, const char *id, const char *reason, GError **error)
{
    Run *run = (Run *)sink;
    run->counts.received++;
    run->counts.set_aside++;
    return page_begin(run, error) &&
           store_set_aside(run->job->store, run->pull, run->source, id, reason, error);
}

/* What cannot be kept is one record less, not a failed pull. */
static bool on_response(PageSink *sink, Response *response, GError **error)
{
    Run *run = (Run *)sink;
    PutOutcome outcome;
    g_autoptr(GError) trouble = NULL;
    int64_t unreadable = 0;
    gate_pass(run->gate, response, &unreadable);
    if (!page_begin(run, error))
        return false;
    if (!store_put(run->job->store, run->pull, run->source, response, &outcome, &trouble)) {
        if (g_error_matches(trouble, INNSIKT_ERROR, INNSIKT_ERROR_DATA) ||
            g_error_matches(trouble, INNSIKT_ERROR, INNSIKT_ERROR_LIMIT))
            return on_set_aside(sink, response->id, trouble->message, error);
        g_propagate_error(error, g_steal_pointer(&trouble));
        return false;
    }
    if (response->state == STATE_DELETED) {
        run->counts.deleted += outcome == PUT_CHANGED;
        return true;
    }
    run->counts.received++;
    run->counts.unreadable += unreadable;
    switch (outcome) {
    case PUT_ADDED:
        run->counts.added++;
        break;
    case PUT_CHANGED:
        run->counts.changed++;
        break;
    case PUT_SAME:
        run->counts.same++;
        break;
    case PUT_RESTORED:
        run->counts.restored++;
        break;
    case PUT_FORGOTTEN:
        run->forgotten++;
        break;
    }
    return true;
}

static bool on_seen(PageSink *sink, const char *id, const char *revision, GError **error)
{
    Run *run = (Run *)sink;
    return page_begin(run, error) && store_seen(run->job->store, id, revision, error);
}

static GPtrArray *on_wanted(PageSink *sink, bool everything, const char *after, guint max,
                            GError **error)
{
    Run *run = (Run *)sink;
    return store_wanted(run->job->store, run->source, everything, after, max, error);
}

static bool on_unseen(PageSink *sink, int64_t *ret, GError **error)
{
    Run *run = (Run *)sink;
    return store_unseen_count(run->job->store, run->source, ret, error);
}

static void on_expect(PageSink *sink, int64_t total)
{
    ((Run *)sink)->expected = total;
}

static void on_note(PageSink *sink, const char *text)
{
    tell((Run *)sink, text);
}

static void on_doubt(PageSink *sink, const char *why)
{
    Run *run = (Run *)sink;
    run->doubted = true;
    g_free(run->doubt);
    run->doubt = g_strdup(why);
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

static bool page_commit(Run *run, GError **error)
{
    g_autofree char *cursor = run->collector->cursor(run->self);
    if (!page_begin(run, error) ||
        !store_page_commit(run->job->store, run->pull, cursor, &run->counts, error))
        return false;
    run->in_page = false;
    run->committed = run->counts;
    run->forgotten_committed = run->forgotten;
    return true;
}

static bool stop_asked(const PullJob *job)
{
    return job->stop && *job->stop;
}

static bool set_stopped(const Run *run, GError **error)
{
    g_set_error(error, INNSIKT_ERROR, INNSIKT_ERROR_CANCELLED,
                "stopped after %" G_GINT64_FORMAT " responses; what was collected is kept, and the "
                "next run goes on from there",
                run->committed.received);
    return false;
}

static bool pull_pages(Run *run, GError **error)
{
    for (;;) {
        Step step = run->collector->next(run->self, &run->sink, error);
        if (step == STEP_FAILED || !page_commit(run, error))
            return false;
        if (run->job->progress)
            run->job->progress(run->source, run->committed.received, run->expected,
                               run->job->progress_data);
        if (step == STEP_DONE)
            return true;
        if (stop_asked(run->job))
            return set_stopped(run, error);
    }
}

/* --- what is gone --- */

/* Responses of the source that are stored and not marked deleted. */
static bool count_living(const Run *run, int64_t *ret, GError **error)
{
    g_autoptr(GPtrArray) all = store_status(run->job->store, error);
    if (!all)
        return false;
    *ret = 0;
    for (guint i = 0; i < all->len; i++) {
        const SourceStatus *status = g_ptr_array_index(all, i);
        for (int s = 0; g_str_equal(status->source, run->source) && s < N_STATES; s++)
            if (s != STATE_DELETED)
                *ret += status->by_state[s];
    }
    return true;
}

/* An index that shows nothing, or not all, proves nothing: what is stored stays. */
static bool keep_all(const Run *run, GError **error)
{
    int64_t living;
    if (run->doubted && !run->doubt)
        return true;
    if (!count_living(run, &living, error))
        return false;
    g_autofree char *text =
        g_strdup_printf("%s; nothing that was collected before is marked deleted this time",
                        run->doubt ? run->doubt : "the source shows no responses");
    if (living > 0)
        tell(run, text);
    return true;
}

static bool mark_deleted(Run *run, GError **error)
{
    const PullJob *job = run->job;
    if (!run->collector->whole_index)
        return true;
    if (run->doubted || store_seen_count(job->store) == 0)
        return keep_all(run, error);
    return page_begin(run, error) &&
           store_delete_unseen(job->store, run->pull, run->source, now(job), &run->counts.deleted,
                               error) &&
           page_commit(run, error);
}

static bool counts_add_up(const Run *run, GError **error)
{
    const PullCounts *c = &run->committed;
    int64_t sum =
        c->added + c->changed + c->same + c->restored + c->set_aside + run->forgotten_committed;
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

static void tell_changes(const Run *run, const Form *before, const Form *now)
{
    enum { SHOWN = 8 };
    g_autoptr(GPtrArray) changes = form_changes(before, now);
    for (guint i = 0; i < MIN(changes->len, SHOWN); i++) {
        g_autofree char *text = g_strconcat(
            "the form has changed since the last pull: ", g_ptr_array_index(changes, i), NULL);
        tell(run, text);
    }
    if (changes->len <= SHOWN)
        return;
    g_autofree char *rest = g_strdup_printf("the form has changed in %u more places; run innsikt "
                                            "check to see whether the mapping still fits",
                                            changes->len - SHOWN);
    tell(run, rest);
}

static bool keep_form(Run *run, GError **error)
{
    g_autoptr(Form) form = run->collector->questions(run->self, error);
    g_autoptr(GError) lost = NULL; /* a kept form that cannot be read is no reason to stop */
    g_autoptr(Form) before = form ? store_form(run->job->store, run->source, &lost) : NULL;
    bool changed;
    if (!form ||
        !store_put_form(run->job->store, run->source, form, now(run->job), &changed, error))
        return false;
    if (before && changed)
        tell_changes(run, before, form);
    return true;
}

static bool pull_all(Run *run, GError **error)
{
    if (run->collector->unchanged && run->collector->unchanged(run->self)) {
        tell(run, "the source says that nothing has changed since the last pull");
        return true;
    }
    return keep_form(run, error) && pull_pages(run, error) && mark_deleted(run, error) &&
           counts_add_up(run, error);
}

static bool pull_open(Run *run, CollectContext *context, GError **error)
{
    run->self = run->collector->open(context, error);
    if (!run->self)
        return false;
    bool ok = pull_all(run, error);
    if (run->in_page)
        store_page_abort(run->job->store);
    run->in_page = false;
    run->collector->close(run->self);
    return ok;
}

/* Whether the pull before this one ended well. */
static bool find_finished(const Run *run, bool *ret, GError **error)
{
    PullRecord *last = NULL;
    if (!store_last_pull(run->job->store, run->source, &last, error))
        return false;
    *ret = last && last->outcome == PULL_DONE;
    pull_record_free(last);
    return true;
}

static bool pull_work(Run *run, GError **error)
{
    const PullJob *job = run->job;
    g_autofree char *digest = source_mapping_digest(job->source);
    bool everything, finished;
    g_autoptr(GTimeZone) zone = find_zone(job, error);
    g_autofree char *place = source_place(job->source);
    const char *form = run->collector->reads_files ? place : job->source->form;
    if (!zone || !source_is_placed(job->project, job->source, error) ||
        !find_finished(run, &finished, error) ||
        !store_pull_begin(job->store, run->source, form ? form : "", digest, now(job), &run->pull,
                          &everything, error))
        return false;
    run->recorded = true;
    g_autoptr(GError) trouble = NULL;
    g_autofree char *cursor = store_cursor(job->store, run->source, &trouble);
    if (trouble) {
        g_propagate_error(error, g_steal_pointer(&trouble));
        return false;
    }
    CollectContext context = {.project = job->project,
                              .source = job->source,
                              .transport = job->transport,
                              .cursor = cursor,
                              .everything = everything || job->full,
                              .zone = zone,
                              .finished = finished};
    return store_seen_reset(job->store, error) && pull_open(run, &context, error);
}

/* Writes the outcome into the pull's record; a failure to do so does not hide an earlier one. */
static bool pull_record(Run *run, const GError *trouble, GError **error)
{
    bool stopped = g_error_matches(trouble, INNSIKT_ERROR, INNSIKT_ERROR_CANCELLED);
    PullOutcome outcome = !trouble ? PULL_DONE : stopped ? PULL_STOPPED : PULL_FAILED;
    return store_pull_end(run->job->store, run->pull, outcome, trouble ? trouble->message : NULL,
                          now(run->job), &run->committed, error);
}

bool pull_run(const PullJob *job, PullCounts *ret_counts, GError **error)
{
    Run run = {.sink = sink_table, .job = job, .source = job->source->name};
    g_autoptr(GError) trouble = NULL;
    run.collector = job->collector ? job->collector : collector_find(job->source->kind);
    run.gate = gate_new(job->project, job->source, job->key);
    bool ok = false;
    if (!run.collector)
        collector_unknown(job->source, &trouble);
    else
        ok = pull_work(&run, &trouble);
    if (run.recorded && !pull_record(&run, trouble, trouble ? NULL : &trouble))
        ok = false;
    gate_free(run.gate);
    g_free(run.doubt);
    *ret_counts = run.committed;
    if (!ok)
        g_propagate_error(error, g_steal_pointer(&trouble));
    return ok;
}
