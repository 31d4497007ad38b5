/* A response the store cannot keep is one record set aside: the rest of the pull goes on, and so
 * does one whose person was erased. */
#include "tests/collect/pull_fixture.h"

#include "schemas/error.h"

static const char *const ids[] = {"1", "2", "3", "4"};

static void *sketch_open(const CollectContext *context, GError **error)
{
    (void)context;
    (void)error;
    return (void *)ids;
}

static Form *sketch_questions(void *self, GError **error)
{
    (void)self;
    (void)error;
    return form_new("1");
}

/* The second answers one question twice. */
static Step sketch_next(void *self, PageSink *sink, GError **error)
{
    const char *const *all = self;
    for (gsize i = 0; i < G_N_ELEMENTS(ids); i++) {
        g_autoptr(Response) response = response_new();
        response->id = response_keep(response, all[i]);
        response_answer(response, "Hva", INSTANCE_NONE, "for lite samarbeid", MISSING_NONE);
        if (i == 1)
            response_answer(response, "Hva", INSTANCE_NONE, "for mye hemmelig", MISSING_NONE);
        if (!sink->seen(sink, all[i], NULL, error) || !sink->response(sink, response, error))
            return STEP_FAILED;
    }
    return STEP_DONE;
}

static char *sketch_cursor(void *self)
{
    (void)self;
    return NULL;
}

static void sketch_close(void *self)
{
    (void)self;
}

static const Collector sketch = {.kind = "sketch",
                                 .whole_index = true,
                                 .open = sketch_open,
                                 .questions = sketch_questions,
                                 .next = sketch_next,
                                 .cursor = sketch_cursor,
                                 .close = sketch_close};

static void an_unkeepable_response_is_set_aside(void **state)
{
    (void)state;
    static const char sources[] = "  svar:\n    kind: csv\n    path: x.csv\n    method: survey\n"
                                  "    questions:\n      Hva: {statement: {quadrant: weakness}}\n";
    PullFixture *f = pull_fixture(sources, NULL);
    int64_t erased;
    assert_ok(store_forget(f->store, NULL, "svar", "4", 1, &erased, &f->error), f->error);
    PullJob job = {.project = f->project,
                   .source = f->source,
                   .collector = &sketch,
                   .key = &f->key,
                   .store = f->store,
                   .now = fixture_now};
    for (int round = 0; round < 2; round++) {
        assert_ok(pull_run(&job, &f->counts, &f->error), f->error);
        assert_counts(f, 4, round ? 0 : 2, 0, round ? 2 : 0, 1, 0, 0);
    }
    g_autofree char *stored = stored_text(f, NULL);
    assert_string_equal(stored, "1 complete Hva=for lite samarbeid\n"
                                "3 complete Hva=for lite samarbeid\n");
    g_autoptr(GPtrArray) status = store_status(f->store, &f->error);
    assert_ok(status, f->error);
    assert_int_equal(((SourceStatus *)status->pdata[0])->set_aside, 1);
    pull_fixture_free(f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(an_unkeepable_response_is_set_aside)};
    return cmocka_run_group_tests_name("pull_unkeepable", tests, NULL, NULL);
}
