/* What the tests of products share: results of a project whose store holds a handful of responses,
 * and figures asked for by their keys. */
#ifndef INNSIKT_TESTS_PRODUCT_FIXTURE_H
#define INNSIKT_TESTS_PRODUCT_FIXTURE_H

#include "analyze/results.h"
#include "tests/analyze/near.h"
#include "tests/schemas/store_fixture.h"

#define PRODUCT_HEAD                                                                               \
    "innsikt: 1\n"                                                                                 \
    "title: Prøve\n"                                                                              \
    "language: nb\n"                                                                               \
    "framework: ehelse\n"                                                                          \
    "timezone: Europe/Oslo\n"                                                                      \
    "privacy: {key: 'env:INNSIKT_TEST_KEY'}\n"

typedef struct {
    World *world;
    Project *project;
    Dataset *data;
    Results *results;
    ProjectKey key;
} Answers;

/* One response: source, when it was submitted (seconds since 1970; 0: unknown), and its answers as
 * fixture_answers reads them. */
typedef struct {
    const char *source;
    int64_t submitted;
    const char *line;
} Said;

static inline void answers_pull(Answers *a, const Source *source, const Said *said)
{
    World *w = a->world;
    g_autofree char *digest = source_mapping_digest(source);
    world_begin(w, source->name, digest);
    world_page(w);
    for (int i = 0; said[i].source; i++) {
        if (!g_str_equal(said[i].source, source->name))
            continue;
        g_autofree char *id = g_strdup_printf("%d", i + 1);
        g_autoptr(Response) response = fixture_response(id, "1", said[i].line);
        PutOutcome outcome;
        response->submitted = said[i].submitted ? said[i].submitted * G_USEC_PER_SEC : TIME_UNKNOWN;
        assert_ok(store_put(w->store, w->pull, source->name, response, &outcome, &w->error),
                  w->error);
    }
    world_commit(w, NULL);
    world_end(w, PULL_DONE);
}

/* `said` ends with a row of NULL. */
static inline Answers *answers_new(const char *project_text, const Said *said)
{
    Answers *a = g_new0(Answers, 1);
    void *world = NULL;
    world_setup(&world);
    a->world = world;
    g_autofree char *file = g_build_filename(a->world->folder, "project.yaml", NULL);
    GError **error = &a->world->error;
    assert_true(g_file_set_contents(file, project_text, -1, NULL));
    g_setenv("INNSIKT_TEST_KEY", "3f61-b7aa-nothing-secret", TRUE);
    a->project = project_load(a->world->folder, error);
    assert_ok(a->project, *error);
    assert_ok(project_key_read(a->project->key_ref, a->project->folder, &a->key, error), *error);
    for (guint i = 0; i < a->project->sources->len; i++)
        answers_pull(a, a->project->sources->pdata[i], said);
    a->data = dataset_load(a->project, &a->key, a->world->store, error);
    assert_ok(a->data, *error);
    a->results = results_compute(a->data, &a->key, a->world->store, error);
    assert_ok(a->results, *error);
    return a;
}

static inline void answers_free(Answers *a)
{
    void *world = a->world;
    results_free(a->results);
    dataset_free(a->data);
    project_free(a->project);
    world_teardown(&world);
    g_free(a);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Answers, answers_free)

static inline const Figure *answers_figure(const Answers *a, const char *key)
{
    const Figure *figure = results_figure(a->results, key);
    if (!figure)
        fail_msg("%s was not published", key);
    return figure;
}

static inline void expect_number(const Answers *a, const char *key, double want)
{
    const Figure *figure = answers_figure(a, key);
    if (figure->kind == FIGURE_UNDEFINED || figure->kind == FIGURE_TEXT)
        fail_msg("%s is %s, want %.17g", key, figure->text, want);
    if (!(fabs(figure->number - want) <= 1e-12 * fmax(1, fabs(want))))
        fail_msg("%s is %.17g, want %.17g", key, figure->number, want);
}

/* A text, or why a number is undefined. */
static inline void expect_text(const Answers *a, const char *key, const char *want)
{
    const Figure *figure = answers_figure(a, key);
    if (!figure->text || !g_str_equal(figure->text, want))
        fail_msg("%s is %s (%.17g), want %s", key, figure->text, figure->number, want);
}

#endif
