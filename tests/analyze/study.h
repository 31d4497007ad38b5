/* A small study for tests of products: a framework and a project of the test's own, answers put
 * into a store, the data set and the results computed from them. */
#ifndef INNSIKT_TESTS_STUDY_H
#define INNSIKT_TESTS_STUDY_H

#include "analyze/results.h"
#include "tests/analyze/near.h"
#include "tests/schemas/store_fixture.h"

#define STUDY_SOURCE "svar"

typedef struct {
    World *store;
    Project *project;
    Dataset *data;
    Results *results;
    ProjectKey key;
    GError *error;
} Study;

/* `project` ends with the questions of source «svar», of kind csv; its framework is study.yaml. */
static inline Study *study_new(const char *framework, const char *project)
{
    Study *s = g_new0(Study, 1);
    void *world = NULL;
    world_setup(&world);
    s->store = world;
    g_autofree char *file = g_build_filename(s->store->folder, "study.yaml", NULL);
    g_autofree char *whole = g_build_filename(s->store->folder, "project.yaml", NULL);
    assert_true(g_file_set_contents(file, framework, -1, NULL));
    assert_true(g_file_set_contents(whole, project, -1, NULL));
    g_setenv("INNSIKT_TEST_KEY", "b1f0-8e1c-nothing-secret", TRUE);
    s->project = project_load(s->store->folder, &s->error);
    assert_ok(s->project, s->error);
    assert_ok(project_key_read(s->project->key_ref, s->project->folder, &s->key, &s->error),
              s->error);
    g_autofree char *digest = source_mapping_digest(s->project->sources->pdata[0]);
    world_begin(s->store, STUDY_SOURCE, digest);
    world_page(s->store);
    return s;
}

/* One response: «ORG=Etat 1;GROUP=a;Q1=3»; pseudonym may be NULL. */
static inline void study_put(Study *s, const char *id, const char *pseudonym, const char *answers)
{
    World *w = s->store;
    g_autoptr(Response) response = fixture_response(id, "1", "");
    g_auto(GStrv) pairs = g_strsplit(answers, ";", -1);
    PutOutcome outcome;
    response->pseudonym = pseudonym ? response_keep(response, pseudonym) : NULL;
    for (int i = 0; pairs[i]; i++) {
        char *equals = strchr(pairs[i], '=');
        if (!equals)
            continue;
        *equals = 0;
        response_answer(response, pairs[i], INSTANCE_NONE, equals + 1, MISSING_NONE);
    }
    assert_ok(store_put(w->store, w->pull, STUDY_SOURCE, response, &outcome, &w->error), w->error);
}

static inline const Results *study_compute(Study *s)
{
    world_commit(s->store, NULL);
    world_end(s->store, PULL_DONE);
    s->data = dataset_load(s->project, &s->key, s->store->store, &s->error);
    assert_ok(s->data, s->error);
    s->results = results_compute(s->data, &s->key, s->store->store, &s->error);
    assert_ok(s->results, s->error);
    return s->results;
}

static inline void study_free(Study *s)
{
    void *world = s->store;
    results_free(s->results);
    dataset_free(s->data);
    project_free(s->project);
    world_teardown(&world);
    g_free(s);
}

/* --- what came out --- */

static inline const Figure *study_figure(const Study *s, const char *key)
{
    const Figure *figure = results_figure(s->results, key);
    if (!figure)
        fail_msg("no figure %s", key);
    return figure;
}

static inline void study_number(const Study *s, const char *key, double expected)
{
    const Figure *figure = study_figure(s, key);
    if (figure->kind == FIGURE_UNDEFINED || figure->kind == FIGURE_TEXT)
        fail_msg("%s is \"%s\", not %.12g", key, figure->text, expected);
    if (!(fabs(figure->number - expected) <= 1e-9))
        fail_msg("%s is %.12g, not %.12g", key, figure->number, expected);
}

/* A text, or why a number is undefined. */
static inline void study_text(const Study *s, const char *key, const char *expected)
{
    const Figure *figure = study_figure(s, key);
    if (figure->kind != FIGURE_TEXT && figure->kind != FIGURE_UNDEFINED)
        fail_msg("%s is %.12g, not \"%s\"", key, figure->number, expected);
    assert_string_equal(figure->text, expected);
}

#endif
