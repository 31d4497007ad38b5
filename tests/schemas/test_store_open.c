/* Opening: what is made, what is refused and in which words, and the failures of a store that is
 * open: full, locked, damaged, not to be written to. */
#include "tests/schemas/store_fixture.h"

#include "schemas/error.h"

#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

/* The message must be that of a store at `path`, as a user reads it. */
static void expect_error(World *w, InnsiktError code, const char *message)
{
    g_autofree char *whole = g_strdup_printf("%s: %s", w->path, message);
    assert_non_null(w->error);
    assert_string_equal(w->error->message, whole);
    assert_true(g_error_matches(w->error, INNSIKT_ERROR, (int)code));
    g_clear_error(&w->error);
}

static void expect_refused(World *w, InnsiktError code, const char *message)
{
    assert_null(store_open(w->path, &w->error));
    expect_error(w, code, message);
}

static void expect_refused_to_read(World *w, InnsiktError code, const char *message)
{
    assert_null(store_open_read(w->path, &w->error));
    expect_error(w, code, message);
}

static void reopen(World *w)
{
    store_close(w->store);
    w->store = store_open(w->path, &w->error);
    assert_ok(w->store, w->error);
}

static void close_store(World *w)
{
    store_close(g_steal_pointer(&w->store));
}

/* Runs SQL on the file as another program would. */
static sqlite3 *as_another(World *w, const char *sql)
{
    sqlite3 *db = NULL;
    assert_int_equal(sqlite3_open(w->path, &db), SQLITE_OK);
    if (sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK)
        fail_msg("%s: %s", sql, sqlite3_errmsg(db));
    return db;
}

static void as_another_once(World *w, const char *sql)
{
    sqlite3_close(as_another(w, sql));
}

static int64_t pragma(Store *store, const char *sql)
{
    int64_t value = -1;
    assert_true(store_number(store, &value, NULL, sql, ""));
    return value;
}

/* --- what is made --- */

static void a_new_store_is_private_and_durable(void **state)
{
    World *w = *state;
    struct stat file;
    assert_int_equal(stat(w->path, &file), 0);
    assert_int_equal(file.st_mode & 0777, 0600);
    assert_int_equal(pragma(w->store, "PRAGMA synchronous"), 3);
    assert_int_equal(pragma(w->store, "PRAGMA foreign_keys"), 1);
    assert_int_equal(pragma(w->store, "PRAGMA secure_delete"), 1);
    assert_int_equal(pragma(w->store, "PRAGMA temp_store"), 1);
    fixture_expect(w->path, "PRAGMA journal_mode", "wal\n");
    fixture_expect(w->path, "PRAGMA user_version", "1\n");
    fixture_expect(w->path, "PRAGMA application_id", "1229869899\n");
    fixture_expect(w->path, "SELECT count(*) FROM sqlite_schema WHERE name = 'answer'", "1\n");
}

static void an_empty_file_becomes_a_store(void **state)
{
    World *w = *state;
    g_autofree char *path = g_build_filename(w->folder, "tom.db", NULL);
    assert_true(g_file_set_contents(path, "", 0, NULL));
    assert_int_equal(g_chmod(path, 0640), 0);
    g_autoptr(Store) store = store_open(path, &w->error);
    assert_ok(store, w->error);
    struct stat file;
    assert_int_equal(stat(path, &file), 0);
    assert_int_equal(file.st_mode & 0777, 0640); /* as its owner made it */
}

static void names_that_mean_something_to_sqlite_are_names(void **state)
{
    World *w = *state;
    static const char *const names[] = {"file:a?mode=memory", ":memory:", "æ ø%20å#.db"};
    for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
        g_autofree char *path = g_build_filename(w->folder, names[i], NULL);
        g_autoptr(Store) store = store_open(path, &w->error);
        assert_ok(store, w->error);
        assert_true(g_file_test(path, G_FILE_TEST_IS_REGULAR));
        g_autoptr(Store) reading = store_open_read(path, &w->error);
        assert_ok(reading, w->error);
    }
}

/* Runs `work` in a child of its own; it ends the child with what it has to say. */
static int in_child(void (*work)(World *), World *w)
{
    int status = -1;
    pid_t child = fork();
    if (child == 0) {
        work(w);
        _exit(0);
    }
    assert_true(child > 0 && waitpid(child, &status, 0) == child);
    return status;
}

static void make_and_pull(World *w)
{
    g_autoptr(Store) store = store_open(w->path, &w->error);
    int64_t pull;
    bool everything;
    for (int i = 0; i < 20; i++)
        if (!store || !store_pull_begin(store, "s", "1", "d", 1, &pull, &everything, &w->error)) {
            fprintf(stderr, "%s\n", w->error->message);
            _exit(1);
        }
}

static void many_may_make_the_same_store(void **state)
{
    World *w = *state;
    for (int round = 0; round < 5; round++) {
        g_free(w->path);
        w->path = g_strdup_printf("%s/%d.db", w->folder, round);
        enum { MANY = 6 };
        pid_t children[MANY];
        for (int i = 0; i < MANY; i++)
            if ((children[i] = fork()) == 0) {
                make_and_pull(w);
                _exit(0);
            }
        for (int i = 0; i < MANY; i++) {
            int status;
            waitpid(children[i], &status, 0);
            assert_int_equal(status, 0);
        }
        fixture_expect(w->path, "SELECT count(*), max(id) FROM pull", "120|120\n");
    }
}

/* --- what is refused --- */

static void refuses_what_is_no_store(void **state)
{
    World *w = *state;
    close_store(w);
    static const char text[] = "id;svar\n1;ja, for mye styring\n";
    assert_true(g_file_set_contents(w->path, text, -1, NULL));
    static const char *const no_store = "it is not a store of innsikt; give another file under "
                                        "store: in project.yaml";
    expect_refused(w, INNSIKT_ERROR_STORE, no_store);
    expect_refused_to_read(w, INNSIKT_ERROR_STORE, no_store);
    g_autofree char *untouched = NULL;
    assert_true(g_file_get_contents(w->path, &untouched, NULL, NULL));
    assert_string_equal(untouched, text);
}

static void refuses_the_file_of_another_program(void **state)
{
    static const char *const foreign = "it is an SQLite file of another program; give another file "
                                       "under store: in project.yaml";
    World *w = *state;
    static const char *const files[] = {"CREATE TABLE bilder (id)", "PRAGMA user_version = 7",
                                        "PRAGMA application_id = 252006"};
    for (gsize i = 0; i < G_N_ELEMENTS(files); i++) {
        close_store(w);
        g_free(w->path);
        w->path = g_strdup_printf("%s/other-%" G_GSIZE_FORMAT ".db", w->folder, i);
        as_another_once(w, files[i]);
        expect_refused(w, INNSIKT_ERROR_STORE, foreign);
        expect_refused_to_read(w, INNSIKT_ERROR_STORE, foreign);
        fixture_expect(w->path, "PRAGMA journal_mode", "delete\n");
    }
}

static void refuses_a_newer_store(void **state)
{
    static const char *const newer =
        "it was made by a newer innsikt (layout 2, this one knows 1); update innsikt";
    World *w = *state;
    close_store(w);
    as_another_once(w, "PRAGMA user_version = 2");
    expect_refused(w, INNSIKT_ERROR_NEWER, newer);
    expect_refused_to_read(w, INNSIKT_ERROR_NEWER, newer);
}

static void refuses_folders_and_missing_ones(void **state)
{
    World *w = *state;
    close_store(w);
    g_autofree char *made = g_steal_pointer(&w->path);
    w->path = g_strdup(w->folder);
    static const char *const folder = "it is a folder; store: in project.yaml names a file";
    expect_refused(w, INNSIKT_ERROR_USAGE, folder);
    expect_refused_to_read(w, INNSIKT_ERROR_USAGE, folder);

    g_free(w->path);
    w->path = g_build_filename(w->folder, "borte", "innsikt.db", NULL);
    g_autofree char *message = g_strdup_printf("there is no folder %s/borte to put the store in; "
                                               "make it, or mend store: in project.yaml",
                                               w->folder);
    expect_refused(w, INNSIKT_ERROR_NOT_FOUND, message);
}

static void reading_makes_no_store(void **state)
{
    World *w = *state;
    close_store(w);
    g_remove(w->path);
    expect_refused_to_read(w, INNSIKT_ERROR_NOT_FOUND,
                           "there is no store yet; run innsikt collect first");
    assert_false(g_file_test(w->path, G_FILE_TEST_EXISTS));
}

/* --- damage --- */

static bool look(const StoredResponse *stored, gpointer data, GError **error)
{
    (void)error;
    *(guint *)data += stored->response->answers->len;
    return true;
}

static void a_damaged_answer_is_an_error(void **state)
{
    World *w = *state;
    guint n = 0;
    PULL(w, "s", "d1", "1", "r", "A=1", "7041", "r", "A=1");
    as_another_once(w, "UPDATE response SET answers = '[\"1\"' WHERE id = '7041'");
    assert_false(store_each(w->store, NULL, look, &n, &w->error));
    expect_error(w, INNSIKT_ERROR_STORE,
                 "response 7041 of s: its answers are damaged at byte 4; put a copy of the store "
                 "back, or move it away and collect again");
    as_another_once(w, "UPDATE response SET answers = '[\"1\",\"2\"]'");
    assert_false(store_each(w->store, NULL, look, &n, &w->error));
    expect_error(w, INNSIKT_ERROR_STORE,
                 "response 1 of s: it answers a question the store does not know; put a copy of "
                 "the store back, or move it away and collect again");
    assert_int_equal(n, 1);
}

/* Everything a command may do to a store, whatever comes of it. */
static void use(World *w)
{
    guint n = 0;
    int64_t pull, deleted;
    bool everything;
    PullCounts counts = {0};
    PutOutcome outcome;
    g_autoptr(Store) reading = store_open_read(w->path, NULL);
    if (reading)
        store_each(reading, NULL, look, &n, NULL);
    g_autoptr(Store) store = store_open(w->path, NULL);
    if (!store || !store_pull_begin(store, "s", "131392", "d2", 1, &pull, &everything, NULL))
        return;
    g_autoptr(GPtrArray) status = store_status(store, NULL);
    g_autoptr(GPtrArray) findings = store_findings(store, NULL);
    g_autoptr(GPtrArray) missing = store_wanted(store, "s", false, NULL, 10, NULL);
    g_autoptr(Response) response = fixture_response("3", "r2", "A=3 C=4");
    if (store_page_begin(store, NULL)) {
        store_put(store, pull, "s", response, &outcome, NULL);
        store_page_commit(store, pull, "x", &counts, NULL);
    }
    store_history(store, "s", "3", look, &n, NULL);
    store_delete_unseen(store, pull, "s", 5, &deleted, NULL);
    store_pull_end(store, pull, PULL_DONE, NULL, 2, &counts, NULL);
}

static void fill(World *w, int n)
{
    world_begin(w, "s", "d1");
    world_page(w);
    for (int i = 0; i < n; i++) {
        g_autofree char *id = g_strdup_printf("%d", i);
        world_put(w, "s", id, "r", "A=1 B=2");
    }
    world_commit(w, NULL);
    world_end(w, PULL_DONE);
}

static void a_damaged_file_is_survived(void **state)
{
    World *w = *state;
    g_autofree char *whole = NULL;
    gsize n;
    fill(w, 300);
    fill(w, 1);
    close_store(w);
    assert_true(g_file_get_contents(w->path, &whole, &n, NULL));
    GRand *rand = g_rand_new_with_seed(6117);
    for (int round = 0; round < 150; round++) {
        g_autofree char *bytes = g_memdup2(whole, n);
        for (int hits = g_rand_int_range(rand, 1, 40); hits > 0; hits--)
            bytes[g_rand_int_range(rand, round % 3 ? 100 : 0, (gint32)n)] =
                (char)g_rand_int_range(rand, 0, 256);
        gsize kept = round % 5 ? n : (gsize)g_rand_int_range(rand, 0, (gint32)n);
        assert_true(g_file_set_contents(w->path, bytes, (gssize)kept, NULL));
        use(w);
    }
    g_rand_free(rand);
}

static void a_cut_file_is_called_damaged(void **state)
{
    World *w = *state;
    guint n = 0;
    fill(w, 3000);
    close_store(w);
    assert_int_equal(truncate(w->path, 20 * 8192), 0);
    w->store = store_open_read(w->path, &w->error);
    bool ok = w->store && store_each(w->store, NULL, look, &n, &w->error);
    assert_false(ok);
    expect_error(w, INNSIKT_ERROR_STORE,
                 "it is damaged; put a copy back, or move it away and collect again");
}

/* --- locks --- */

static const StoreStep no_steps[] = {{1, NULL}};
static const StoreLayout impatient = {1, no_steps, 1};
static const char locked[] =
    "another program is writing to it; run the same command again when that is done";

static void a_locked_store_is_said_to_be(void **state)
{
    World *w = *state;
    close_store(w);
    w->store = store_open_layout(w->path, &impatient, &w->error);
    assert_ok(w->store, w->error);
    sqlite3 *other = as_another(w, "BEGIN IMMEDIATE");
    int64_t pull = 77;
    bool everything;
    assert_false(store_page_begin(w->store, &w->error));
    expect_error(w, INNSIKT_ERROR_STORE, locked);
    assert_false(store_pull_begin(w->store, "s", "1", "d", 1, &pull, &everything, &w->error));
    expect_error(w, INNSIKT_ERROR_STORE, locked);
    assert_int_equal(pull, 77);
    sqlite3_exec(other, "COMMIT", NULL, NULL, NULL);
    world_page(w);
    store_page_abort(w->store);

    close_store(w);
    sqlite3_close(other);
    other = as_another(w, "PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE");
    assert_null(store_open_layout(w->path, &impatient, &w->error));
    expect_error(w, INNSIKT_ERROR_STORE, locked);
    sqlite3_close(other);
}

static bool pull_meanwhile(const StoredResponse *stored, gpointer data, GError **error)
{
    World *w = data;
    (void)stored;
    (void)error;
    fill(w, 9);
    return true;
}

static void reading_sees_one_state_while_others_write(void **state)
{
    World *w = *state;
    fill(w, 3);
    g_autoptr(Store) reading = store_open_read(w->path, &w->error);
    assert_ok(reading, w->error);
    assert_ok(store_each(reading, NULL, pull_meanwhile, w, &w->error), w->error);
    fixture_expect(w->path, "SELECT count(*) FROM pull",
                   "4\n"); /* once a response that was there */
    guint n = 0;
    assert_ok(store_each(reading, NULL, look, &n, &w->error), w->error);
    assert_int_equal(n, 18);
    int64_t pull;
    bool everything;
    assert_false(store_pull_begin(reading, "s", "1", "d", 1, &pull, &everything, &w->error));
    expect_error(w, INNSIKT_ERROR_SYSTEM, "it may not be written to; change its rights");
}

static void reading_leaves_nothing_behind(void **state)
{
    World *w = *state;
    guint n = 0;
    fill(w, 3);
    close_store(w);
    w->store = store_open_read(w->path, &w->error);
    assert_ok(w->store && store_each(w->store, NULL, look, &n, &w->error), w->error);
    close_store(w);
    const char *name;
    GDir *folder = g_dir_open(w->folder, 0, NULL);
    while ((name = g_dir_read_name(folder)))
        assert_string_equal(name, "innsikt.db");
    g_dir_close(folder);
}

/* Read without locks, a store that changes meanwhile may show what never was. */
static void a_store_read_still_must_stay_so(void **state)
{
    World *w = *state;
    guint n = 0;
    fill(w, 3);
    close_store(w);
    w->store = store_open_read(w->path, &w->error);
    assert_ok(w->store, w->error);
    w->store->still = true;
    w->store->still_since = store_changed(w->store);
    assert_ok(store_each(w->store, NULL, look, &n, &w->error), w->error);
    w->store->still_since--;
    assert_false(store_each(w->store, NULL, look, &n, &w->error));
    expect_error(w, INNSIKT_ERROR_STORE, locked);
}

/* --- no room --- */

static void fill_until_it_fails(World *w)
{
    PutOutcome outcome;
    g_autoptr(GString) line = g_string_new("A=");
    while (line->len < 5000)
        g_string_append_c(line, 'x');
    for (int i = 0; i < 5000; i++) {
        g_autofree char *id = g_strdup_printf("b%d", i);
        g_autoptr(Response) response = fixture_response(id, NULL, line->str);
        if (!store_put(w->store, w->pull, "s", response, &outcome, &w->error))
            return;
    }
}

/* max_page_count is how SQLite lets a test fill the disk. */
static void a_full_disk_keeps_the_pages_before(void **state)
{
    World *w = *state;
    world_begin(w, "s", "d1");
    world_page(w);
    world_put(w, "s", "1", "r", "A=1");
    world_commit(w, "page 1");
    int64_t pages = pragma(w->store, "PRAGMA page_count");
    g_autofree char *limit =
        g_strdup_printf("PRAGMA max_page_count = %" G_GINT64_FORMAT, pages + 20);
    assert_true(store_script(w->store, limit, NULL));

    world_page(w);
    fill_until_it_fails(w);
    expect_error(w, INNSIKT_ERROR_STORE,
                 "the disk is full; make room and run the same command again (nothing is "
                 "half-written)");
    assert_false(store_page_commit(w->store, w->pull, "page 2", &w->counts, &w->error));
    expect_error(w, INNSIKT_ERROR_STORE, "a page that failed cannot be kept");
    expect_each(w, NULL, "s/1@r A=1\n");
    g_autofree char *cursor = store_cursor(w->store, "s", NULL);
    assert_string_equal(cursor, "page 1");

    assert_true(store_script(w->store, "PRAGMA max_page_count = 1000000", NULL));
    world_page(w);
    world_put(w, "s", "2", "r", "A=2");
    world_commit(w, "page 2");
    world_end(w, PULL_STOPPED);
    expect_each(w, NULL, "s/1@r A=1\ns/2@r A=2\n");
}

/* A limit on the size of files stands in for a disk that takes no more. */
static void pull_with_small_files(World *w)
{
    struct rlimit limit = {300000, 300000};
    signal(SIGXFSZ, SIG_IGN);
    setrlimit(RLIMIT_FSIZE, &limit);
    world_page(w);
    fill_until_it_fails(w);
    if (!w->error)
        store_page_commit(w->store, w->pull, "page 2", &w->counts, &w->error);
    bool said = w->error && g_str_has_suffix(w->error->message,
                                             "reading or writing it failed; see that the disk is "
                                             "well and has room");
    store_page_abort(w->store);
    _exit(said ? 0 : 1);
}

static void a_disk_that_takes_no_more_keeps_the_pages_before(void **state)
{
    World *w = *state;
    world_begin(w, "s", "d1");
    world_page(w);
    world_put(w, "s", "1", "r", "A=1");
    world_commit(w, "page 1");
    close_store(w);
    reopen(w);
    assert_int_equal(in_child(pull_with_small_files, w), 0);
    reopen(w);
    expect_each(w, NULL, "s/1@r A=1\n");
    fixture_expect(w->path, "PRAGMA integrity_check", "ok\n");
}

/* --- no rights --- */

enum { NOBODY = 65534 };

/* Root may do anything, so the child becomes somebody else. */
static void drop_rights(void)
{
    if (geteuid() == 0 && (setgid(NOBODY) != 0 || setuid(NOBODY) != 0))
        _exit(2);
}

static void expect_in_child(World *w, bool ok, const char *message)
{
    g_autofree char *whole = g_strdup_printf("%s: %s", w->path, message);
    if (ok || !w->error || strcmp(w->error->message, whole) != 0) {
        fprintf(stderr, "not %s but %s\n", whole, w->error ? w->error->message : "no error");
        _exit(1);
    }
    g_clear_error(&w->error);
}

static const char cannot_open[] = "it or a file beside it cannot be opened; see that the folder is "
                                  "there and may be written in";

static void write_a_closed_file(World *w)
{
    drop_rights();
    expect_in_child(w, store_open(w->path, &w->error) != NULL,
                    "it may not be written to; change its rights");
}

static void write_in_a_closed_folder(World *w)
{
    drop_rights();
    expect_in_child(w, store_open(w->path, &w->error) != NULL,
                    "the folder may not be written in, and the store needs a file beside it; "
                    "change its rights or move the project");
}

static void make_in_a_closed_folder(World *w)
{
    drop_rights();
    expect_in_child(w, store_open(w->path, &w->error) != NULL, cannot_open);
}

static void read_in_a_closed_folder(World *w)
{
    drop_rights();
    guint n = 0;
    g_autoptr(Store) store = store_open_read(w->path, &w->error);
    if (!store || !store_each(store, NULL, look, &n, &w->error) || n != 6) {
        fprintf(stderr, "%s\n", w->error ? w->error->message : "read something else");
        _exit(1);
    }
}

static void read_a_closed_file(World *w)
{
    drop_rights();
    expect_in_child(w, store_open_read(w->path, &w->error) != NULL, cannot_open);
}

static void what_may_not_be_written_can_be_read(void **state)
{
    static const struct {
        mode_t folder, file;
        void (*work)(World *);
    } cases[] = {
        {0777, 0444, read_in_a_closed_folder}, {0777, 0444, write_a_closed_file},
        {0555, 0666, read_in_a_closed_folder}, {0555, 0666, write_in_a_closed_folder},
        {0555, 0444, read_in_a_closed_folder}, {0555, 0444, write_a_closed_file},
        {0777, 0000, read_a_closed_file},
    };
    World *w = *state;
    fill(w, 3);
    close_store(w);
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        assert_int_equal(g_chmod(w->path, cases[i].file), 0);
        assert_int_equal(g_chmod(w->folder, cases[i].folder), 0);
        assert_int_equal(in_child(cases[i].work, w), 0);
    }
    assert_int_equal(g_chmod(w->folder, 0555), 0);
    g_free(w->path);
    w->path = g_build_filename(w->folder, "ny.db", NULL);
    assert_int_equal(in_child(make_in_a_closed_folder, w), 0);
    assert_int_equal(g_chmod(w->folder, 0700), 0);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, world_setup, world_teardown)
    const struct CMUnitTest tests[] = {
        TEST(a_new_store_is_private_and_durable),
        TEST(an_empty_file_becomes_a_store),
        TEST(names_that_mean_something_to_sqlite_are_names),
        TEST(many_may_make_the_same_store),
        TEST(refuses_what_is_no_store),
        TEST(refuses_the_file_of_another_program),
        TEST(refuses_a_newer_store),
        TEST(refuses_folders_and_missing_ones),
        TEST(reading_makes_no_store),
        TEST(a_damaged_answer_is_an_error),
        TEST(a_damaged_file_is_survived),
        TEST(a_cut_file_is_called_damaged),
        TEST(a_locked_store_is_said_to_be),
        TEST(reading_sees_one_state_while_others_write),
        TEST(reading_leaves_nothing_behind),
        TEST(a_store_read_still_must_stay_so),
        TEST(a_full_disk_keeps_the_pages_before),
        TEST(a_disk_that_takes_no_more_keeps_the_pages_before),
        TEST(what_may_not_be_written_can_be_read),
    };
    return cmocka_run_group_tests_name("store_open", tests, NULL, NULL);
}
