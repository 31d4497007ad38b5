/* A small project with a store of its own, for tests of products: responses are put as they would
 * come from a form, and results computed as `analyze` does. */
#ifndef INNSIKT_TESTS_ANALYZE_WORLD_H
#define INNSIKT_TESTS_ANALYZE_WORLD_H

#include "analyze/figure.h"

#include <glib/gstdio.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#define assert_ok(condition, error)                                                                \
    do {                                                                                           \
        bool holds = (condition);                                                                  \
        if ((error))                                                                               \
            fail_msg("%s: %s", #condition, (error)->message);                                      \
        assert_true(holds);                                                                        \
    } while (0)

typedef struct {
    char *folder;
    Project *project;
    ProjectKey key;
    Store *store;
    Dataset *data;
    Results *results;
    int n; /* responses put */
    GError *error;
} World;

/* `sources` is what stands under `sources:` in project.yaml, `framework` a whole framework file. */
static inline World *world_new(const char *framework, const char *sources)
{
    World *w = g_new0(World, 1);
    g_setenv("PRUEVE_KEY", "q7XkP2mRw9", TRUE);
    w->folder = g_dir_make_tmp("innsikt-world-XXXXXX", &w->error);
    g_autofree char *frame = g_build_filename(w->folder, "ramme.yaml", NULL);
    g_autofree char *path = g_build_filename(w->folder, "project.yaml", NULL);
    g_autofree char *text =
        g_strconcat("innsikt: 1\ntitle: Prøve\nlanguage: nb\nframework: ramme.yaml\n"
                    "privacy: {key: env:PRUEVE_KEY}\nsources:\n",
                    sources, NULL);
    assert_ok(g_file_set_contents(frame, framework, -1, &w->error), w->error);
    assert_ok(g_file_set_contents(path, text, -1, &w->error), w->error);
    w->project = project_load(w->folder, &w->error);
    assert_ok(w->project, w->error);
    assert_ok(project_key_read(w->project->key_ref, w->folder, &w->key, &w->error), w->error);
    w->store = store_open(w->project->store_path, &w->error);
    assert_ok(w->store, w->error);
    return w;
}

/* One response of a source: pairs of question and answer, ended by NULL; an empty answer is none.
 * Ids are numbered, so the order stays. «Hvem» is who it was, as the privacy gate leaves it. */
static inline void world_put(World *w, const char *source, ...)
{
    int64_t pull;
    bool everything;
    PullCounts counts = {0};
    PutOutcome outcome;
    g_autofree char *id = g_strdup_printf("%d", ++w->n);
    g_autoptr(Response) response = response_new();
    response->id = response_keep(response, id);
    va_list pairs;
    va_start(pairs, source);
    for (const char *question; (question = va_arg(pairs, const char *));) {
        const char *answer = va_arg(pairs, const char *);
        if (g_str_equal(question, "Hvem")) {
            response->pseudonym = *answer ? response_keep(response, answer) : NULL;
            continue;
        }
        response_answer(response, question, INSTANCE_NONE, *answer ? answer : NULL,
                        *answer ? MISSING_NONE : MISSING_NOT_ANSWERED);
    }
    va_end(pairs);
    assert_ok(store_pull_begin(w->store, source, "x.csv", "d", 1, &pull, &everything, &w->error) &&
                  store_page_begin(w->store, &w->error) &&
                  store_put(w->store, pull, source, response, &outcome, &w->error) &&
                  store_page_commit(w->store, pull, NULL, &counts, &w->error) &&
                  store_pull_end(w->store, pull, PULL_DONE, NULL, 3, &counts, &w->error),
              w->error);
}

static inline const Results *world_results(World *w)
{
    w->data = dataset_load(w->project, &w->key, w->store, &w->error);
    assert_ok(w->data, w->error);
    w->results = results_compute(w->data, &w->key, w->store, &w->error);
    assert_ok(w->results, w->error);
    return w->results;
}

static inline void world_free(World *w)
{
    static const char *const files[] = {"ramme.yaml", "project.yaml"};
    results_free(w->results);
    dataset_free(w->data);
    store_close(w->store);
    for (size_t i = 0; i < G_N_ELEMENTS(files); i++) {
        g_autofree char *path = g_build_filename(w->folder, files[i], NULL);
        g_remove(path);
    }
    g_remove(w->project->store_path);
    assert_int_equal(g_rmdir(w->folder), 0);
    g_free(w->folder);
    project_free(w->project);
    project_key_wipe(&w->key);
    g_free(w);
}

/* --- figures --- */

static inline const Figure *world_figure(const Results *r, const char *key)
{
    const Figure *figure = results_figure(r, key);
    if (!figure)
        fail_msg("there is no figure %s", key);
    return figure;
}

static inline void assert_figure(const Results *r, const char *key, double expected)
{
    const Figure *figure = world_figure(r, key);
    if (figure->kind == FIGURE_TEXT || figure->kind == FIGURE_UNDEFINED)
        fail_msg("%s is \"%s\", not %.12g", key, figure->text, expected);
    if (!(figure->number - expected <= 1e-9 && expected - figure->number <= 1e-9))
        fail_msg("%s is %.12g, not %.12g", key, figure->number, expected);
}

static inline void assert_word(const Results *r, const char *key, const char *expected)
{
    const Figure *figure = world_figure(r, key);
    assert_int_equal(figure->kind, FIGURE_TEXT);
    assert_string_equal(figure->text, expected);
}

static inline void assert_undefined(const Results *r, const char *key, const char *why)
{
    const Figure *figure = world_figure(r, key);
    if (figure->kind != FIGURE_UNDEFINED)
        fail_msg("%s is defined", key);
    assert_string_equal(figure->text, why);
}

/* How many responses the figures under a path rest on. */
static inline guint world_rests_on(const Results *r, const char *path)
{
    for (guint i = 0; i < r->bases->len; i++) {
        const Basis *basis = &g_array_index(r->bases, Basis, i);
        if (g_str_equal(basis->key, path)) {
            g_autoptr(GArray) records = basis_records(r, basis);
            return records->len;
        }
    }
    fail_msg("nothing rests under %s", path);
    return 0;
}

#endif
