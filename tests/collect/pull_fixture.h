/* What the tests of collecting share: a project in a temporary folder, its store, and one pull with
 * all that it says. */
#ifndef INNSIKT_TESTS_PULL_FIXTURE_H
#define INNSIKT_TESTS_PULL_FIXTURE_H

#include "collect/pull.h"

#include <glib/gstdio.h>
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#define assert_ok(condition, error)                                                                \
    do {                                                                                           \
        bool holds = (condition);                                                                  \
        if ((error))                                                                               \
            fail_msg("%s: %s", #condition, (error)->message);                                      \
        assert_true(holds);                                                                        \
    } while (0)

/* Fails unless the error is of this kind and says this; clears it. */
#define assert_error(error, kind, part) assert_error_is(&(error), (int)(kind), part)

static inline void assert_error_is(GError **error, int kind, const char *part)
{
    if (!*error)
        fail_msg("no error, expected «%s»", part);
    if (!g_error_matches(*error, INNSIKT_ERROR, kind) || !strstr((*error)->message, part))
        fail_msg("error %d «%s», expected %d «%s»", (*error)->code, (*error)->message, kind, part);
    g_clear_error(error);
}

typedef struct {
    char *folder;
    Project *project;
    const Source *source;
    ProjectKey key;
    Store *store;
    Transport *transport;
    PullCounts counts;
    GString *notes; /* of the last pull, one a line */
    GError *error;  /* of the last pull */
    volatile int stop;
    bool full;
    guint pages, stop_after; /* stop_after: pages until the stop is asked for; 0: never */
} PullFixture;

static inline void fixture_note(const char *source, const char *text, gpointer data)
{
    (void)source;
    PullFixture *f = data;
    g_string_append_printf(f->notes, "%s\n", text);
}

static inline void fixture_page(const char *source, int64_t done, int64_t expected, gpointer data)
{
    (void)source;
    (void)done;
    (void)expected;
    PullFixture *f = data;
    if (++f->pages == f->stop_after)
        f->stop = 1;
}

static inline int64_t fixture_now(void)
{
    return INT64_C(1800000000) * G_USEC_PER_SEC;
}

/* `sources`: the text under `sources:`, with its two blanks of indent. */
static inline PullFixture *pull_fixture(const char *sources, Transport *transport)
{
    static const char head[] = "innsikt: 1\ntitle: Prøve\nlanguage: nb\nframework: virksomhet\n"
                               "timezone: Europe/Oslo\nprivacy: {key: env:PRUEVE_KEY}\nsources:\n";
    PullFixture *f = g_new0(PullFixture, 1);
    g_setenv("PRUEVE_KEY", "q7XkP2mRw9", TRUE);
    g_setenv("PRUEVE_USER", "strategi", TRUE);
    g_setenv("PRUEVE_PASSWORD", "høst\"2026\\", TRUE);
    f->folder = g_dir_make_tmp("innsikt-pull-XXXXXX", &f->error);
    assert_ok(f->folder, f->error);
    g_autofree char *path = g_build_filename(f->folder, "project.yaml", NULL);
    g_autofree char *text = g_strconcat(head, sources, NULL);
    assert_ok(g_file_set_contents(path, text, -1, &f->error), f->error);
    f->project = project_load(f->folder, &f->error);
    assert_ok(f->project, f->error);
    f->source = g_ptr_array_index(f->project->sources, 0);
    assert_ok(project_key_read(f->project->key_ref, f->folder, &f->key, &f->error), f->error);
    f->store = store_open(f->project->store_path, &f->error);
    assert_ok(f->store, f->error);
    f->transport = transport;
    f->notes = g_string_new(NULL);
    return f;
}

static inline bool pull_once(PullFixture *f)
{
    PullJob job = {.project = f->project,
                   .source = f->source,
                   .key = &f->key,
                   .store = f->store,
                   .transport = f->transport,
                   .full = f->full,
                   .now = fixture_now,
                   .stop = &f->stop,
                   .progress = fixture_page,
                   .progress_data = f,
                   .note = fixture_note,
                   .note_data = f};
    g_clear_error(&f->error);
    g_string_truncate(f->notes, 0);
    f->stop = 0;
    f->pages = 0;
    return pull_run(&job, &f->counts, &f->error);
}

static inline void assert_counts(const PullFixture *f, int64_t received, int64_t added,
                                 int64_t changed, int64_t same, int64_t aside, int64_t deleted,
                                 int64_t restored)
{
    g_autofree char *got = g_strdup_printf(
        "received %d added %d changed %d same %d aside %d deleted %d restored %d",
        (int)f->counts.received, (int)f->counts.added, (int)f->counts.changed, (int)f->counts.same,
        (int)f->counts.set_aside, (int)f->counts.deleted, (int)f->counts.restored);
    g_autofree char *due = g_strdup_printf(
        "received %d added %d changed %d same %d aside %d deleted %d restored %d", (int)received,
        (int)added, (int)changed, (int)same, (int)aside, (int)deleted, (int)restored);
    assert_string_equal(got, due);
}

typedef struct {
    GString *text;
    const char *question; /* NULL: all */
} Dump;

static inline bool dump_response(const StoredResponse *stored, gpointer data, GError **error)
{
    (void)error;
    Dump *dump = data;
    const Response *r = stored->response;
    g_string_append_printf(dump->text, "%s %s", r->id, state_word(r->state));
    for (guint i = 0; i < r->answers->len; i++) {
        const Answer *a = &g_array_index(r->answers, Answer, i);
        if (!dump->question || g_str_equal(dump->question, a->question))
            g_string_append_printf(dump->text, " %s=%s%s", a->question, a->text ? a->text : "!",
                                   a->text ? "" : missing_word(a->missing));
    }
    g_string_append_c(dump->text, '\n');
    return true;
}

/* What the store holds, a line a response: «17 complete STYRKER=…». Caller owns. */
static inline char *stored_text(PullFixture *f, const char *question)
{
    Dump dump = {g_string_new(NULL), question};
    g_autoptr(GError) error = NULL;
    assert_ok(store_each(f->store, NULL, dump_response, &dump, &error), error);
    return g_string_free(dump.text, FALSE);
}

static inline void pull_fixture_free(PullFixture *f)
{
    store_close(f->store);
    g_autoptr(GDir) dir = g_dir_open(f->folder, 0, NULL);
    const char *name;
    while ((name = g_dir_read_name(dir))) {
        g_autofree char *path = g_build_filename(f->folder, name, NULL);
        g_remove(path);
    }
    g_rmdir(f->folder);
    g_free(f->folder);
    project_free(f->project);
    project_key_wipe(&f->key);
    g_string_free(f->notes, TRUE);
    g_clear_error(&f->error);
    g_free(f);
}

#endif
