/* The ids of findings, from one analysis to the next. */
#include "analyze/results.h"

#include <glib/gstdio.h>
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <string.h>

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
    GError *error;
} World;

static const char project_text[] =
    "innsikt: 1\ntitle: Prøve\nlanguage: nb\nframework: virksomhet\ntimezone: Europe/Oslo\n"
    "privacy: {key: env:PRUEVE_KEY}\nsources:\n  s:\n    kind: csv\n    path: x.csv\n"
    "    method: survey\n    questions:\n      Org: {attribute: organisation}\n"
    "      Hva: {statement: {quadrant: weakness}}\n";

static int setup(void **state)
{
    World *w = g_new0(World, 1);
    g_setenv("PRUEVE_KEY", "q7XkP2mRw9", TRUE);
    w->folder = g_dir_make_tmp("innsikt-finding-XXXXXX", &w->error);
    g_autofree char *path = g_build_filename(w->folder, "project.yaml", NULL);
    assert_ok(g_file_set_contents(path, project_text, -1, &w->error), w->error);
    w->project = project_load(w->folder, &w->error);
    assert_ok(w->project, w->error);
    assert_ok(project_key_read(w->project->key_ref, w->folder, &w->key, &w->error), w->error);
    w->store = store_open(w->project->store_path, &w->error);
    assert_ok(w->store, w->error);
    *state = w;
    return 0;
}

static int teardown(void **state)
{
    World *w = *state;
    g_autofree char *path = g_build_filename(w->folder, "project.yaml", NULL);
    store_close(w->store);
    g_remove(path);
    g_remove(w->project->store_path);
    g_rmdir(w->folder);
    g_free(w->folder);
    project_free(w->project);
    project_key_wipe(&w->key);
    g_free(w);
    return 0;
}

/* A whole pull of responses 1, 2 … that say these; NULL says nothing and is not there. */
static void pull(World *w, const char *const *said, guint n)
{
    int64_t id, deleted;
    bool everything;
    PullCounts counts = {0};
    assert_ok(store_pull_begin(w->store, "s", "x.csv", "d", 1, &id, &everything, &w->error) &&
                  store_seen_reset(w->store, &w->error) && store_page_begin(w->store, &w->error),
              w->error);
    for (guint i = 0; i < n; i++) {
        PutOutcome outcome;
        g_autofree char *name = g_strdup_printf("%u", i + 1);
        g_autofree char *org = g_strdup_printf("Etat %u", i + 1);
        g_autoptr(Response) response = response_new();
        if (!said[i])
            continue;
        response->id = response_keep(response, name);
        response_answer(response, "Org", INSTANCE_NONE, org, MISSING_NONE);
        response_answer(response, "Hva", INSTANCE_NONE, said[i], MISSING_NONE);
        assert_ok(store_seen(w->store, name, NULL, &w->error) &&
                      store_put(w->store, id, "s", response, &outcome, &w->error),
                  w->error);
    }
    assert_ok(store_delete_unseen(w->store, id, "s", 2, &deleted, &w->error) &&
                  store_page_commit(w->store, id, NULL, &counts, &w->error) &&
                  store_pull_end(w->store, id, PULL_DONE, NULL, 3, &counts, &w->error),
              w->error);
}

/* The id of the finding that holds statement `text`; NULL when there is none. Caller owns. */
static char *finding_id(World *w, const char *text)
{
    g_autoptr(Dataset) data = dataset_load(w->project, &w->key, w->store, &w->error);
    assert_ok(data, w->error);
    g_autoptr(Results) results = results_compute(data, &w->key, w->store, &w->error);
    assert_ok(results, w->error);
    for (guint i = 0; i < results->findings->len; i++) {
        const Finding *finding = &g_array_index(results->findings, Finding, i);
        for (guint k = 0; k < finding->statements->len; k++) {
            uint32_t at = g_array_index(finding->statements, uint32_t, k);
            if (g_str_equal(dataset_statement(data, at)->text, text))
                return g_strdup(finding->id);
        }
    }
    return NULL;
}

static void an_id_given_up_is_not_given_again(void **state)
{
    World *w = *state;
    static const char *const all[] = {"For lite samarbeid mellom etatene", "Gamle fagsystemer"};
    static const char *const one[] = {"For lite samarbeid mellom etatene", NULL};
    pull(w, all, 2);
    g_autofree char *first = finding_id(w, all[0]), *gone = finding_id(w, all[1]);
    assert_non_null(first);
    assert_string_not_equal(first, gone);
    pull(w, one, 2);
    assert_null(finding_id(w, all[1]));
    pull(w, all, 2);
    g_autofree char *still = finding_id(w, all[0]), *back = finding_id(w, all[1]);
    assert_string_equal(still, first);
    assert_string_not_equal(back, gone);
    g_autofree char *again = finding_id(w, all[1]);
    assert_string_equal(again, back);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(an_id_given_up_is_not_given_again, setup, teardown)};
    return cmocka_run_group_tests_name("finding", tests, NULL, NULL);
}
