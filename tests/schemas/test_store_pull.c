/* Pulls: what the log says of them, what a killed one leaves, and what a changed mapping does to
 * that which was stored under the old one. */
#include "tests/schemas/store_fixture.h"

#include "schemas/error.h"

static PullRecord *record(World *w, int64_t pull)
{
    PullRecord *ret = NULL;
    assert_ok(store_pull_record(w->store, pull, &ret, &w->error), w->error);
    return ret;
}

static void reopen(World *w)
{
    store_close(w->store);
    w->store = store_open(w->path, &w->error);
    assert_ok(w->store, w->error);
}

/* --- the log --- */

static void the_log_follows_the_pages(void **state)
{
    World *w = *state;
    assert_false(world_begin(w, "ansatte", "d1"));
    PullRecord *r = record(w, w->pull);
    assert_string_equal(r->source, "ansatte");
    assert_int_equal(r->started, 1632468071000917);
    assert_true(r->ended == TIME_UNKNOWN && r->outcome == PULL_RUNNING && !r->message);
    pull_record_free(r);

    w->counts = (PullCounts){71, 29, 17, 11, 5, 3, 2, 13};
    world_page(w);
    world_commit(w, NULL);
    r = record(w, w->pull);
    assert_memory_equal(&r->counts, &w->counts, sizeof w->counts);
    assert_int_equal(r->outcome, PULL_RUNNING);
    pull_record_free(r);

    w->counts.deleted = 4;
    world_end(w, PULL_FAILED);
    r = record(w, w->pull);
    assert_memory_equal(&r->counts, &w->counts, sizeof w->counts);
    assert_int_equal(r->ended, 1632468093000421);
    assert_int_equal(r->outcome, PULL_FAILED);
    assert_string_equal(r->message, "stopped");
    pull_record_free(r);
    fixture_expect(w->path, "SELECT pages FROM pull", "1\n");
}

static void an_unknown_pull_is_an_error(void **state)
{
    World *w = *state;
    PullRecord *untouched = (PullRecord *)w, *r = untouched;
    PutOutcome outcome;
    g_autoptr(Response) response = fixture_response("1", NULL, "A=1");
    assert_false(store_pull_record(w->store, 4, &r, &w->error));
    assert_true(g_error_matches(w->error, INNSIKT_ERROR, INNSIKT_ERROR_NOT_FOUND));
    assert_ptr_equal(r, untouched);
    g_clear_error(&w->error);

    world_begin(w, "a", "d1");
    int64_t of_a = w->pull;
    world_begin(w, "b", "d1");
    world_page(w);
    for (int round = 0; round < 2; round++) { /* not looked up yet, looked up as another's */
        assert_false(store_put(w->store, of_a, "b", response, &outcome, &w->error));
        assert_true(g_error_matches(w->error, INNSIKT_ERROR, INNSIKT_ERROR_STORE));
        g_clear_error(&w->error);
        assert_ok(store_put(w->store, of_a, "a", response, &outcome, &w->error), w->error);
    }
    assert_false(store_set_aside(w->store, w->pull, "unheard", "1", "why", &w->error));
}

static void a_killed_pull_is_closed_by_the_next(void **state)
{
    World *w = *state;
    world_begin(w, "s", "d1");
    world_page(w);
    world_put(w, "s", "1", "r", "A=1");
    world_commit(w, "page 1");
    world_page(w);
    world_put(w, "s", "2", "r", "A=2");
    reopen(w); /* as after a kill: the page is gone, the pull never ended */

    expect_each(w, NULL, "s/1@r A=1\n");
    int64_t killed = w->pull;
    world_begin(w, "annen", "d1");
    assert_false(world_begin(w, "s", "d1"));
    PullRecord *r = record(w, killed);
    assert_true(r->outcome == PULL_STOPPED && r->ended == TIME_UNKNOWN);
    assert_string_equal(r->message, "killed before it ended");
    pull_record_free(r);
    g_autofree char *cursor = store_cursor(w->store, "s", &w->error);
    assert_string_equal(cursor, "page 1");
    fixture_expect(w->path, "SELECT source, outcome FROM pull ORDER BY id", "1|3\n2|0\n1|0\n");
}

static void a_pull_that_was_taken_over_ends(void **state)
{
    static const char *const message =
        "another innsikt has begun to collect the same source; this pull ends here";
    World *w = *state;
    world_begin(w, "s", "d1");
    int64_t first = w->pull;
    g_autoptr(Store) other = store_open(w->path, &w->error);
    int64_t second;
    bool everything;
    assert_ok(store_pull_begin(other, "s", "131392", "d1", 1, &second, &everything, &w->error),
              w->error);

    world_page(w);
    world_put(w, "s", "1", "r", "A=1");
    assert_false(store_page_commit(w->store, first, "x", &w->counts, &w->error));
    assert_true(g_error_matches(w->error, INNSIKT_ERROR, INNSIKT_ERROR_STORE));
    assert_non_null(strstr(w->error->message, message));
    g_clear_error(&w->error);
    assert_false(store_pull_end(w->store, first, PULL_DONE, NULL, 2, &w->counts, &w->error));
    assert_non_null(strstr(w->error->message, message));
    g_clear_error(&w->error);
    expect_each(w, NULL, "");
    assert_null(store_cursor(w->store, "s", NULL));
}

/* Two processes take turns: each must notice what the other gave numbers to. */
static void questions_of_another_process_are_known(void **state)
{
    World *w = *state;
    PULL(w, "s", "d1", "1", "r", "A=1");
    Store *mine = w->store, *other = store_open(w->path, &w->error);
    assert_ok(other, w->error);
    w->store = other;
    PULL(w, "s", "d1", "2", "r", "B=2 A=1");
    w->store = mine;
    expect_each(w, NULL, "s/1@r A=1\ns/2@r A=1 B=2\n");
    w->store = other;
    PULL(w, "s", "d1", "3", "r", "C=3");
    w->store = mine;
    PULL(w, "s", "d1", "4", "r", "D=4 C=3 B=2");
    store_close(other);
    expect_each(w, NULL, "s/1@r A=1\ns/2@r A=1 B=2\ns/3@r C=3\ns/4@r B=2 C=3 D=4\n");
}

/* --- side by side --- */

typedef struct {
    const char *path, *source;
    bool ok;
} Puller;

enum { SIDE_PAGES = 15, SIDE_PER_PAGE = 9 };

static gpointer pull_alone(gpointer data)
{
    Puller *p = data;
    int64_t pull;
    bool everything;
    PullCounts counts = {0};
    PutOutcome outcome;
    g_autoptr(Store) store = store_open(p->path, NULL);
    p->ok = store && store_pull_begin(store, p->source, "1", "d", 1, &pull, &everything, NULL);
    for (int page = 0; p->ok && page < SIDE_PAGES; page++) {
        p->ok = store_page_begin(store, NULL);
        for (int i = 0; p->ok && i < SIDE_PER_PAGE; i++) {
            g_autofree char *id = g_strdup_printf("%d", page * SIDE_PER_PAGE + i);
            g_autoptr(Response) response = fixture_response(id, "r", "A=1 B=2");
            p->ok = store_put(store, pull, p->source, response, &outcome, NULL);
        }
        p->ok = p->ok && store_page_commit(store, pull, "c", &counts, NULL);
    }
    p->ok = p->ok && store_pull_end(store, pull, PULL_DONE, NULL, 2, &counts, NULL);
    return NULL;
}

static void sources_are_pulled_side_by_side(void **state)
{
    World *w = *state;
    Puller pullers[] = {{w->path, "a", false}, {w->path, "b", false}, {w->path, "c", false}};
    GThread *threads[G_N_ELEMENTS(pullers)];
    for (gsize i = 0; i < G_N_ELEMENTS(pullers); i++)
        threads[i] = g_thread_new("pull", pull_alone, &pullers[i]);
    for (gsize i = 0; i < G_N_ELEMENTS(pullers); i++) {
        g_thread_join(threads[i]);
        assert_true(pullers[i].ok);
    }
    fixture_expect(w->path, "SELECT source, count(*) FROM response GROUP BY source",
                   "1|135\n2|135\n3|135\n");
    fixture_expect(w->path, "SELECT count(*), sum(pages) FROM pull WHERE outcome = 1", "3|45\n");
}

/* --- the mapping --- */

static void a_changed_mapping_reads_everything_until_a_pull_ended_well(void **state)
{
    World *w = *state;
    assert_false(world_begin(w, "s", "d1"));
    world_page(w);
    world_put(w, "s", "1", "r", "A=1");
    world_commit(w, NULL);
    assert_false(world_begin(w, "s", "d1")); /* resumed: what there is, is of this mapping */
    world_end(w, PULL_DONE);
    assert_false(world_begin(w, "s", "d1"));
    world_end(w, PULL_DONE);

    assert_true(world_begin(w, "s", "d2"));
    world_page(w);
    assert_int_equal(world_put(w, "s", "1", "r", "B=1"), PUT_CHANGED);
    world_commit(w, NULL);
    world_end(w, PULL_STOPPED);
    assert_true(world_begin(w, "s", "d1")); /* back again, but some of it is of d2 now */
    world_end(w, PULL_FAILED);
    assert_true(world_begin(w, "s", "d2"));
    world_page(w);
    assert_int_equal(world_put(w, "s", "1", "r", "B=1"), PUT_SAME);
    world_commit(w, NULL);
    world_end(w, PULL_DONE);
    assert_false(world_begin(w, "s", "d2"));
}

static void what_is_not_mapped_any_more_leaves_the_history(void **state)
{
    World *w = *state;
    PULL(w, "annen", "d1", "1", "r", "HEMMELIG=hos-andre");
    PULL(w, "s", "d1", "1", "r1", "A=1 HEMMELIG=x B=to", "2", "r1", "A=5 HEMMELIG#1=y", "3", "r1",
         "B=6 HEMMELIG=z");
    PULL(w, "s", "d1", "1", "r2", "A=2 HEMMELIG=x2 B=to");
    world_begin(w, "s", "d2");
    world_page(w);
    world_put(w, "s", "1", "r2", "A=2 B=to");
    world_put(w, "s", "2", "r1", "A=5 C=9");
    world_commit(w, NULL);
    expect_history(w, "s", "1", "s/1@r2 A=2 HEMMELIG=x2 B=to\ns/1@r1 A=1 HEMMELIG=x B=to\n");
    world_end(w, PULL_DONE);

    expect_history(w, "s", "1", "s/1@r2 A=2 B=to\ns/1@r1 A=1 B=to\n");
    expect_history(w, "s", "2", "s/2@r1 A=5\n");
    /* 3 was not handed out again, and is no less private */
    expect_each(w, (const char *const[]){"s", NULL},
                "s/1@r2 A=2 B=to\ns/2@r1 A=5 C=9\ns/3@r1 B=6\n");
    expect_each(w, (const char *const[]){"annen", NULL}, "annen/1@r HEMMELIG=hos-andre\n");
}

static void no_answer_is_left_in_the_file(void **state)
{
    World *w = *state;
    PULL(w, "s", "d1", "1", "r1", "A=1 B=hemmelig-7304");
    PULL(w, "s", "d2", "1", "r1", "A=1");
    store_close(g_steal_pointer(&w->store)); /* the journal goes with the last to close */
    g_autofree char *bytes = NULL;
    gsize n;
    assert_true(g_file_get_contents(w->path, &bytes, &n, NULL));
    for (gsize i = 0; i + 8 < n; i++)
        assert_memory_not_equal(bytes + i, "hemmelig", 8);
    g_autofree char *journal = g_strconcat(w->path, "-wal", NULL);
    assert_false(g_file_test(journal, G_FILE_TEST_EXISTS));
}

static void a_pull_that_brought_nothing_settles_no_mapping(void **state)
{
    World *w = *state;
    PULL(w, "s", "d1", "1", "r1", "A=1 B=2");
    assert_true(world_begin(w, "s", "d2"));
    world_end(w, PULL_DONE);
    expect_each(w, NULL, "s/1@r1 A=1 B=2\n");
    assert_true(world_begin(w, "s", "d2"));

    int64_t deleted;
    assert_ok(store_seen_reset(w->store, &w->error), w->error);
    assert_ok(store_delete_unseen(w->store, w->pull, "s", 7, &deleted, &w->error), w->error);
    world_end(w, PULL_DONE); /* all are gone: what they said under d1 is nobody's any more */
    expect_history(w, "s", "1", "s/1@r1\n");
    assert_false(world_begin(w, "s", "d2"));
}

static void another_form_starts_over(void **state)
{
    World *w = *state;
    int64_t pull;
    bool everything;
    world_begin(w, "s", "d1");
    world_page(w);
    world_put(w, "s", "1", "r", "A=1");
    world_commit(w, "page 1");
    world_end(w, PULL_DONE);
    assert_ok(store_pull_begin(w->store, "s", "908172", "d1", 1, &pull, &everything, &w->error),
              w->error);
    assert_true(everything);
    assert_null(store_cursor(w->store, "s", NULL));
    assert_ok(store_pull_begin(w->store, "s", "908172", "d1", 1, &pull, &everything, &w->error),
              w->error);
    assert_true(everything);
}

/* --- set aside --- */

static void set_aside(World *w, const char *id, const char *reason)
{
    assert_ok(store_set_aside(w->store, w->pull, "s", id, reason, &w->error), w->error);
}

static void what_is_set_aside_is_kept_until_mended(void **state)
{
    static const char *const all = "SELECT id, reason FROM set_aside ORDER BY id, reason";
    World *w = *state;
    int64_t deleted;
    world_begin(w, "s", "d1");
    world_page(w);
    set_aside(w, "4", "no submission time");
    set_aside(w, "4", "no id in it");
    set_aside(w, "5", "cut short");
    set_aside(w, "a6", "cut short");
    set_aside(w, NULL, "line 17");
    set_aside(w, NULL, "line 17");
    set_aside(w, NULL, "line 19");
    world_commit(w, NULL);
    fixture_expect(w->path, all, "|line 17\n|line 19\n4|no id in it\n5|cut short\na6|cut short\n");

    world_begin(w, "s", "d1");
    world_page(w);
    world_put(w, "s", "4", "r", "A=1");
    set_aside(w, NULL, "line 17");
    world_commit(w, NULL);
    fixture_expect(w->path, all, "|line 17\n|line 19\n5|cut short\na6|cut short\n");

    assert_ok(store_seen_reset(w->store, &w->error), w->error);
    assert_ok(store_seen(w->store, "a6", NULL, &w->error), w->error);
    assert_ok(store_seen(w->store, "4", NULL, &w->error), w->error);
    assert_ok(store_delete_unseen(w->store, w->pull, "s", 7, &deleted, &w->error), w->error);
    assert_int_equal(deleted, 0);
    fixture_expect(w->path, all, "|line 17\na6|cut short\n");
}

/* --- status --- */

static void put_in_state(World *w, const char *id, ResponseState response_state)
{
    PutOutcome outcome;
    g_autoptr(Response) response = fixture_response(id, NULL, "A=1");
    response->state = response_state;
    assert_ok(store_put(w->store, w->pull, "s", response, &outcome, &w->error), w->error);
}

static void status_tells_of_every_source(void **state)
{
    World *w = *state;
    assert_true(store_newest_pull(w->store) == TIME_UNKNOWN);
    world_begin(w, "s", "d1");
    world_page(w);
    static const ResponseState states[] = {STATE_COMPLETE,     STATE_COMPLETE, STATE_COMPLETE,
                                           STATE_SCREENED_OUT, STATE_PARTIAL,  STATE_PARTIAL,
                                           STATE_DELETED};
    for (gsize i = 0; i < G_N_ELEMENTS(states); i++) {
        g_autofree char *id = g_strdup_printf("%" G_GSIZE_FORMAT, i);
        put_in_state(w, id, states[i]);
    }
    set_aside(w, "77", "cut short");
    world_commit(w, NULL);
    world_end(w, PULL_DONE);
    int64_t done = w->pull;
    world_begin(w, "s", "d1");
    world_end(w, PULL_FAILED);
    world_begin(w, "a-new-one", "d1");

    g_autoptr(GPtrArray) all = store_status(w->store, &w->error);
    assert_ok(all, w->error);
    assert_int_equal(all->len, 2);
    const SourceStatus *new_one = all->pdata[0], *s = all->pdata[1];
    assert_string_equal(new_one->source, "a-new-one");
    assert_int_equal(new_one->last->outcome, PULL_RUNNING);
    assert_null(new_one->last_done);
    static const int64_t expected[N_STATES] = {3, 2, 1, 0, 1};
    assert_memory_equal(s->by_state, expected, sizeof expected);
    assert_int_equal(s->set_aside, 1);
    assert_int_equal(s->last->outcome, PULL_FAILED);
    assert_int_equal(s->last_done->id, done);
    assert_true(store_newest_pull(w->store) == 1632468093000421);
}

static void an_empty_store_has_no_sources(void **state)
{
    World *w = *state;
    g_autoptr(GPtrArray) all = store_status(w->store, &w->error);
    assert_ok(all, w->error);
    assert_int_equal(all->len, 0);
    expect_each(w, NULL, "");
}

/* --- words --- */

/* The tables that give numbers their words must say what the code says. */
static void words_are_those_of_the_code(void **state)
{
    World *w = *state;
    g_autoptr(GString) missing = g_string_new(NULL), states = g_string_new(NULL);
    for (int i = MISSING_NOT_SHOWN; i < N_MISSING; i++)
        g_string_append_printf(missing, "%d|%s\n", i, missing_word((Missing)i));
    for (int i = 0; i < N_STATES; i++)
        g_string_append_printf(states, "%d|%s\n", i, state_word((ResponseState)i));
    fixture_expect(w->path, "SELECT * FROM missing ORDER BY number", missing->str);
    fixture_expect(w->path, "SELECT * FROM state ORDER BY number", states->str);
    fixture_expect(w->path, "SELECT * FROM outcome ORDER BY number",
                   "0|running\n1|done\n2|failed\n3|stopped\n");
    assert_true(PULL_RUNNING == 0 && PULL_DONE == 1 && PULL_FAILED == 2 && PULL_STOPPED == 3);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, world_setup, world_teardown)
    const struct CMUnitTest tests[] = {
        TEST(the_log_follows_the_pages),
        TEST(an_unknown_pull_is_an_error),
        TEST(a_killed_pull_is_closed_by_the_next),
        TEST(a_pull_that_was_taken_over_ends),
        TEST(questions_of_another_process_are_known),
        TEST(sources_are_pulled_side_by_side),
        TEST(a_changed_mapping_reads_everything_until_a_pull_ended_well),
        TEST(what_is_not_mapped_any_more_leaves_the_history),
        TEST(no_answer_is_left_in_the_file),
        TEST(a_pull_that_brought_nothing_settles_no_mapping),
        TEST(another_form_starts_over),
        TEST(what_is_set_aside_is_kept_until_mended),
        TEST(status_tells_of_every_source),
        TEST(an_empty_store_has_no_sources),
        TEST(words_are_those_of_the_code),
    };
    return cmocka_run_group_tests_name("store_pull", tests, NULL, NULL);
}
