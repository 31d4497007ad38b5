/* A sink that writes down what a collector of files tells it, for test_csv and test_jsonfile. */
#ifndef INNSIKT_TESTS_COLLECT_NOTEBOOK_H
#define INNSIKT_TESTS_COLLECT_NOTEBOOK_H

#include "collect/collector.h"
#include "tests/collect/project_fixture.h"

/* A sink that writes down what it is given. */
typedef struct {
    PageSink sink;
    GString *told, *notes;
    int64_t expected;
    int responses;
} Notebook;

static bool on_response(PageSink *sink, Response *response, GError **error)
{
    (void)error;
    Notebook *n = (Notebook *)sink;
    n->responses++;
    assert_int_equal(response->state, STATE_COMPLETE);
    g_string_append_printf(n->told, "%s", response->id);
    if (response->submitted != TIME_UNKNOWN) {
        g_autoptr(GDateTime) then =
            g_date_time_new_from_unix_utc(response->submitted / G_USEC_PER_SEC);
        g_autofree char *text = g_date_time_format(then, "%FT%H:%MZ");
        g_string_append_printf(n->told, "@%s", text);
    }
    for (guint i = 0; i < response->answers->len; i++) {
        const Answer *answer = &g_array_index(response->answers, Answer, i);
        g_string_append_printf(n->told, " %s", answer->question);
        if (answer->instance != INSTANCE_NONE)
            g_string_append_printf(n->told, "#%d", answer->instance);
        g_string_append_printf(n->told, "=%s", answer->text ? answer->text : "");
        if (answer->missing)
            g_string_append_printf(n->told, "(%s)", missing_word(answer->missing));
    }
    g_string_append_c(n->told, '\n');
    return true;
}

static bool on_set_aside(PageSink *sink, const char *id, const char *reason, GError **error)
{
    (void)error;
    g_string_append_printf(((Notebook *)sink)->told, "set aside %s: %s\n", id, reason);
    return true;
}

static bool on_seen(PageSink *sink, const char *id, const char *revision, GError **error)
{
    (void)error;
    (void)sink;
    assert_true(*id);
    assert_int_equal(strlen(revision), 32);
    return true;
}

static void on_expect(PageSink *sink, int64_t total)
{
    ((Notebook *)sink)->expected = total;
}

static void on_note(PageSink *sink, const char *text)
{
    g_string_append_printf(((Notebook *)sink)->notes, "%s\n", text);
}

typedef struct {
    char *folder;
    Project *project;
    Notebook book;
    GError *error;
} World;

static inline int setup(void **state)
{
    World *w = g_new0(World, 1);
    w->folder = fixture_folder();
    w->book.sink = (PageSink){.response = on_response,
                              .set_aside = on_set_aside,
                              .seen = on_seen,
                              .expect = on_expect,
                              .note = on_note};
    w->book.told = g_string_new(NULL);
    w->book.notes = g_string_new(NULL);
    *state = w;
    return 0;
}

static inline int teardown(void **state)
{
    World *w = *state;
    project_free(w->project);
    g_string_free(w->book.told, TRUE);
    g_string_free(w->book.notes, TRUE);
    g_clear_error(&w->error);
    fixture_remove(w->folder);
    g_free(w->folder);
    g_free(w);
    return 0;
}

#endif
