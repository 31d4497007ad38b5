/* Older stores are brought up to date after a copy. There is no older layout yet, so these tests
 * make one up: version 0 lacked `language` and called the table of questions `field`. */
#include "tests/schemas/store_fixture.h"

#include "schemas/error.h"

#include <sys/stat.h>

static const char to_version_0[] = "DROP VIEW answer;"
                                   "ALTER TABLE response DROP COLUMN language;"
                                   "ALTER TABLE question RENAME TO field;"
                                   "PRAGMA user_version = 0";

/* A step that fails after having changed something. */
static const char broken_sql[] = "ALTER TABLE response ADD COLUMN language TEXT;"
                                 "INSERT INTO nowhere VALUES (1)";
static const char dangling_sql[] = "ALTER TABLE response ADD COLUMN language TEXT;"
                                   "UPDATE response SET pull = 4711";

static const StoreStep steps[] = {
    {0, "ALTER TABLE response ADD COLUMN language TEXT;"
        "ALTER TABLE field RENAME TO question;"
        "UPDATE response SET language = 'nb'"},
    {1, "CREATE TABLE later (id INTEGER PRIMARY KEY) STRICT"},
    {2, NULL},
};
static const StoreStep broken[] = {{0, broken_sql}, {1, NULL}};
static const StoreStep dangling[] = {{0, dangling_sql}, {1, NULL}};
static const StoreStep too_young[] = {{1, NULL}};

static const char responses[] = "SELECT id, answers FROM response ORDER BY id";

static void make_old(World *w)
{
    PULL(w, "s", "d1", "1", "r", "A=1", "2", "r", "A=hemmelig B=2");
    assert_true(store_script(w->store, to_version_0, NULL));
    store_close(g_steal_pointer(&w->store));
    assert_int_equal(g_chmod(w->path, 0640), 0);
}

static bool open_with(World *w, const StoreStep *with, int version)
{
    StoreLayout layout = {version, with, 50};
    w->store = store_open_layout(w->path, &layout, &w->error);
    return w->store != NULL;
}

static char *copy_of(World *w)
{
    return g_strconcat(w->path, ".v0.bak", NULL);
}

static void an_old_store_is_brought_up_to_date(void **state)
{
    World *w = *state;
    make_old(w);
    assert_ok(open_with(w, steps, 2), w->error);
    fixture_expect(w->path, "SELECT id, language FROM response ORDER BY id", "1|nb\n2|nb\n");
    fixture_expect(w->path, "PRAGMA user_version", "2\n");
    fixture_expect(w->path, "SELECT count(*) FROM later", "0\n");
    int64_t on = 0;
    assert_true(store_number(w->store, &on, NULL, "PRAGMA foreign_keys", ""));
    assert_int_equal(on, 1);
    expect_each(w, NULL, "s/1@r A=1\ns/2@r A=hemmelig B=2\n");

    g_autofree char *copy = copy_of(w);
    fixture_expect(copy, responses, "1|[\"1\"]\n2|[\"hemmelig\",\"2\"]\n");
    fixture_expect(copy, "PRAGMA user_version", "0\n");
    fixture_expect(copy, "SELECT count(*) FROM field", "2\n");
    fixture_expect(copy, "PRAGMA integrity_check", "ok\n");
    struct stat file;
    assert_int_equal(stat(copy, &file), 0);
    assert_int_equal(file.st_mode & 0777, 0600);

    store_close(g_steal_pointer(&w->store));
    g_remove(copy);
    assert_ok(open_with(w, steps, 2), w->error);
    assert_false(g_file_test(copy, G_FILE_TEST_EXISTS)); /* done once */
}

static void a_failed_step_leaves_the_store_as_it_was(void **state)
{
    World *w = *state;
    make_old(w);
    g_autofree char *message = g_strdup_printf("%s: SQLite says: no such table: nowhere", w->path);
    assert_false(open_with(w, broken, 1));
    assert_string_equal(w->error->message, message);
    g_clear_error(&w->error);
    assert_false(open_with(w, dangling, 1));
    assert_non_null(strstr(w->error->message, "some of its lines refer to nothing"));
    g_clear_error(&w->error);
    assert_false(open_with(w, too_young, 1));
    assert_non_null(strstr(w->error->message, "layout 0 is too old for this innsikt"));
    g_clear_error(&w->error);
    fixture_expect(w->path, "SELECT sum(pull), count(*) FROM response", "2|2\n");
    fixture_expect(w->path,
                   "SELECT count(*) FROM pragma_table_info('response')"
                   " WHERE name = 'language'",
                   "0\n");
    assert_ok(open_with(w, steps, 2), w->error); /* and the copy is made again */
}

static void no_copy_no_migration(void **state)
{
    World *w = *state;
    make_old(w);
    g_autofree char *copy = copy_of(w), *part = g_strconcat(copy, ".part", NULL);
    g_autofree char *blocker = g_build_filename(part, "x", NULL);
    assert_int_equal(g_mkdir(part, 0700), 0);
    assert_int_equal(g_mkdir(blocker, 0700), 0);
    assert_false(open_with(w, steps, 2));
    assert_true(g_error_matches(w->error, INNSIKT_ERROR, INNSIKT_ERROR_SYSTEM));
    assert_non_null(strstr(w->error->message, "the store is as it was"));
    fixture_expect(w->path, "PRAGMA user_version", "0\n");
    g_rmdir(blocker);
}

static void an_old_store_is_not_read_but_for_the_latest(void **state)
{
    World *w = *state;
    make_old(w);
    assert_null(store_open_read(w->path, &w->error));
    g_autofree char *message =
        g_strdup_printf("%s: it was made by an older innsikt (layout 0); run innsikt collect once, "
                        "which brings it up to date",
                        w->path);
    assert_string_equal(w->error->message, message);
}

static void another_process_may_have_done_it(void **state)
{
    World *w = *state;
    make_old(w);
    StoreLayout layout = {2, steps, 50};
    g_autoptr(Store) first = store_open_layout(w->path, &layout, &w->error);
    assert_ok(first, w->error);
    /* a second that had read the old version before it waited for the lock */
    assert_ok(store_migrate(first, &layout, &w->error), w->error);
    fixture_expect(w->path, "PRAGMA user_version", "2\n");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, world_setup, world_teardown)
    const struct CMUnitTest tests[] = {
        TEST(an_old_store_is_brought_up_to_date),
        TEST(a_failed_step_leaves_the_store_as_it_was),
        TEST(no_copy_no_migration),
        TEST(an_old_store_is_not_read_but_for_the_latest),
        TEST(another_process_may_have_done_it),
    };
    return cmocka_run_group_tests_name("store_migrate", tests, NULL, NULL);
}
