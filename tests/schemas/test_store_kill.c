/* Killed at any moment, on a disk that fails in every way there is: the store opens, holds whole
 * pages and all that were committed, and the next pull ends as if nothing had happened. */
#include "tests/schemas/store_fault.h"
#include "tests/schemas/store_fixture.h"

#include "schemas/error.h"

#include <sys/wait.h>

enum { PAGES = 7, PER_PAGE = 23, STAGES = PAGES + 3 };

/* What must be equal, however many pulls it took. */
static const char *const content[] = {
    "SELECT s.name, r.id, r.state, r.submitted, r.revision, r.pseudonym, r.answers"
    " FROM response r JOIN source s ON s.number = r.source ORDER BY r.source, r.width, r.id",
    "SELECT r.id, h.state, h.revision, h.answers FROM history h"
    " JOIN response r ON r.number = h.response ORDER BY r.width, r.id, h.number",
    "SELECT * FROM question",
    "SELECT name, form_id, mapping, cursor FROM source",
    "SELECT id, reason FROM set_aside ORDER BY id",
    "SELECT EXISTS (SELECT 1 FROM pull WHERE outcome = 1)",
    NULL,
};

/* --- the pull --- */

/* Tells a stage to whoever watches. */
static void reached(int watcher)
{
    if (watcher >= 0 && write(watcher, "+", 1) != 1)
        _exit(4);
}

static bool put_one(Store *store, int64_t pull, int id, int edition, GError **error)
{
    PutOutcome outcome;
    g_autofree char *name = g_strdup_printf("%d", id);
    g_autofree char *revision = g_strdup_printf("e%d", edition);
    g_autofree char *line =
        g_strdup_printf("A=%d B=%s-%d C%d=x", id * 7 % 5, "tekst", edition, id % 40);
    g_autoptr(Response) response = fixture_response(name, revision, line);
    response->submitted = 1632468071000000 + id;
    return store_put(store, pull, "s", response, &outcome, error);
}

/* New responses, edits of the page before, and one that cannot be read. */
static bool put_page(Store *store, int64_t pull, int page, GError **error)
{
    g_autofree char *bad = g_strdup_printf("bad-%d", page);
    for (int i = 0; i < PER_PAGE; i++)
        if (!put_one(store, pull, page * PER_PAGE + i, 0, error) ||
            (page && i % 4 == 0 && !put_one(store, pull, (page - 1) * PER_PAGE + i, 1, error)))
            return false;
    return store_set_aside(store, pull, "s", bad, "cut short", error);
}

static bool pull_page(Store *store, int64_t pull, int page, GError **error)
{
    PullCounts counts = {.received = page};
    g_autofree char *cursor = g_strdup_printf("%d", page + 1);
    if (!store_page_begin(store, error))
        return false;
    if (put_page(store, pull, page, error))
        return store_page_commit(store, pull, cursor, &counts, error);
    store_page_abort(store);
    return false;
}

/* Every fifth response is gone when the index is read. */
static bool read_index(Store *store, int64_t pull, GError **error)
{
    int64_t deleted;
    if (!store_seen_reset(store, error))
        return false;
    for (int id = 0; id < PAGES * PER_PAGE; id++) {
        g_autofree char *name = g_strdup_printf("%d", id);
        if (id % 5 && !store_seen(store, name, NULL, error))
            return false;
    }
    return store_delete_unseen(store, pull, "s", 1632468093000421, &deleted, error);
}

/* As the runner does it: from where the last pull stopped, to the end. */
static bool pull_rest(Store *store, int watcher, GError **error)
{
    int64_t pull;
    bool everything;
    PullCounts counts = {0};
    if (!store_pull_begin(store, "s", "131392", "d1", 1, &pull, &everything, error))
        return false;
    reached(watcher);
    g_autofree char *cursor = store_cursor(store, "s", NULL);
    for (int page = cursor ? atoi(cursor) : 0; page < PAGES; page++) {
        if (!pull_page(store, pull, page, error))
            return false;
        reached(watcher);
    }
    if (!read_index(store, pull, error))
        return false;
    reached(watcher);
    if (!store_pull_end(store, pull, PULL_DONE, NULL, 2, &counts, error))
        return false;
    reached(watcher);
    return true;
}

static bool open_and_pull(const char *path, int watcher, GError **error)
{
    g_autoptr(Store) store = store_open(path, error);
    return store && pull_rest(store, watcher, error);
}

/* --- undisturbed --- */

typedef struct {
    char *folder, *path;
    char *stages[STAGES + 1]; /* the content after each; [0] is that of a new store */
    int operations;           /* of an undisturbed pull, with opening and closing */
} Undisturbed;

/* Runs in a child that stops after each stage until the parent has looked. */
static void record_stages(Undisturbed *u)
{
    GError *error = NULL;
    g_autoptr(Store) store = store_open(u->path, &error);
    assert_ok(store, error);
    int64_t pull, stage = 0;
    bool everything;
    PullCounts counts = {0};
    u->stages[stage++] = fixture_dump(u->path, content);
    assert_ok(store_pull_begin(store, "s", "131392", "d1", 1, &pull, &everything, &error), error);
    u->stages[stage++] = fixture_dump(u->path, content);
    for (int page = 0; page < PAGES; page++) {
        assert_ok(pull_page(store, pull, page, &error), error);
        u->stages[stage++] = fixture_dump(u->path, content);
    }
    assert_ok(read_index(store, pull, &error), error);
    u->stages[stage++] = fixture_dump(u->path, content);
    assert_ok(store_pull_end(store, pull, PULL_DONE, NULL, 2, &counts, &error), error);
    u->stages[stage++] = fixture_dump(u->path, content);
    assert_int_equal(stage, STAGES + 1);
}

static void remove_store(const char *path)
{
    static const char *const ends[] = {"", "-wal", "-shm", "-journal"};
    for (gsize i = 0; i < G_N_ELEMENTS(ends); i++) {
        g_autofree char *name = g_strconcat(path, ends[i], NULL);
        g_remove(name);
    }
}

static int setup(void **state)
{
    Undisturbed *u = g_new0(Undisturbed, 1);
    GError *error = NULL;
    u->folder = fixture_folder();
    u->path = g_build_filename(u->folder, "innsikt.db", NULL);
    fault_install();
    record_stages(u);
    remove_store(u->path);
    fault_plan(FAULT_NONE, 0, 1);
    assert_ok(open_and_pull(u->path, -1, &error), error);
    u->operations = fault.count;
    remove_store(u->path);
    *state = u;
    return 0;
}

static int teardown(void **state)
{
    Undisturbed *u = *state;
    for (int i = 0; i <= STAGES; i++)
        g_free(u->stages[i]);
    g_free(u->path);
    fixture_remove(u->folder);
    g_free(u);
    return 0;
}

/* --- disturbed --- */

/* A pull in a process of its own that may not live to its end; how many stages it told of.
 * `patience`: after so many it is killed from outside, -1 for never. */
static int disturbed_pull(const char *path, FaultKind kind, int at, int patience)
{
    int ends[2], told = 0;
    char one;
    assert_int_equal(pipe(ends), 0);
    pid_t child = fork();
    if (child == 0) {
        close(ends[0]);
        fault_plan(kind, at, (guint32)at * 2654435761U);
        _exit(open_and_pull(path, ends[1], NULL) ? 0 : 3);
    }
    close(ends[1]);
    while (told != patience && read(ends[0], &one, 1) == 1)
        told++;
    if (told == patience)
        kill(child, SIGKILL);
    while (read(ends[0], &one, 1) == 1)
        told++;
    close(ends[0]);
    assert_int_equal(waitpid(child, NULL, 0), child);
    return told;
}

/* After power comes back there is no shared memory of processes that are gone. */
static void start_again(const char *path)
{
    g_autofree char *shared = g_strconcat(path, "-shm", NULL);
    g_remove(shared);
    fault_plan(FAULT_NONE, 0, 1);
}

/* Says where two contents part: cmocka cuts long texts. */
static void assert_content(const char *found, const char *expected)
{
    if (g_str_equal(found, expected))
        return;
    g_auto(GStrv) left = g_strsplit(found, "\n", -1), right = g_strsplit(expected, "\n", -1);
    guint i = 0;
    while (left[i] && right[i] && g_str_equal(left[i], right[i]))
        i++;
    fail_msg("line %u: %s\ninstead of: %s", i, left[i], right[i]);
}

static void assert_whole(const Undisturbed *u, FaultKind kind, int at, int told)
{
    GError *error = NULL;
    Store *store = store_open(u->path, &error);
    if (!store)
        fail_msg("fault %d at %d: %s", kind, at, error->message);
    store_close(store);
    fixture_expect(u->path, "PRAGMA integrity_check", "ok\n");
    fixture_expect(u->path, "PRAGMA foreign_key_check", "");
    g_autofree char *found = fixture_dump(u->path, content);
    for (int stage = told; stage <= MIN(told + 1, STAGES); stage++)
        if (g_str_equal(found, u->stages[stage]))
            return;
    print_error("fault %d at %d: after %d stages the store holds something else\n", kind, at, told);
    assert_content(found, u->stages[told]);
}

static void disturb(const Undisturbed *u, FaultKind kind, int at, int patience)
{
    GError *error = NULL;
    remove_store(u->path);
    int told = disturbed_pull(u->path, kind, at, patience);
    start_again(u->path);
    assert_whole(u, kind, at, told);
    if (told < STAGES) {
        assert_ok(open_and_pull(u->path, -1, &error), error);
        g_autofree char *found = fixture_dump(u->path, content);
        assert_content(found, u->stages[STAGES]);
    }
}

/* INNSIKT_SOAK=1 takes every operation, not one in a few. */
static void faults_at_many_operations(void **state, FaultKind kind)
{
    const Undisturbed *u = *state;
    int step = g_getenv("INNSIKT_SOAK") ? 1 : 1 + u->operations / 40;
    assert_true(u->operations > 40);
    for (int at = 1 + (int)kind % step; at <= u->operations; at += step)
        disturb(u, kind, at, -1);
}

static void killed_before_an_operation(void **state)
{
    faults_at_many_operations(state, FAULT_KILL);
}

static void killed_half_way_through_a_write(void **state)
{
    faults_at_many_operations(state, FAULT_TORN);
}

static void power_lost(void **state)
{
    faults_at_many_operations(state, FAULT_POWER);
}

static void power_lost_with_some_of_it_written(void **state)
{
    faults_at_many_operations(state, FAULT_POWER_SOME);
}

static void the_disk_fills_up(void **state)
{
    faults_at_many_operations(state, FAULT_FULL);
}

static void killed_from_outside(void **state)
{
    GRand *rand = g_rand_new_with_seed(20210924);
    for (int round = 0; round < 25; round++)
        disturb(*state, FAULT_NONE, 0, g_rand_int_range(rand, 0, STAGES));
    g_rand_free(rand);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(killed_before_an_operation),
        cmocka_unit_test(killed_half_way_through_a_write),
        cmocka_unit_test(power_lost),
        cmocka_unit_test(power_lost_with_some_of_it_written),
        cmocka_unit_test(the_disk_fills_up),
        cmocka_unit_test(killed_from_outside),
    };
    return cmocka_run_group_tests_name("store_kill", tests, setup, teardown);
}
