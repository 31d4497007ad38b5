/* The life of a response in the store: pulled, edited, missed, found again, read back. */
#include "tests/schemas/store_fixture.h"

#include "schemas/error.h"

static void reads_back_what_was_put(void **state)
{
    World *w = *state;
    world_begin(w, "ansatte", "d1");
    world_page(w);
    g_autoptr(Response) response = fixture_response("7041", "2021-09-24 07:21:11",
                                                    "VALG[SQ001]=A3 FREM=!not_shown "
                                                    "utsagn/tekst#2=tre utsagn/tekst#0=en");
    response->submitted = 1632468071000917;
    response->updated = 1632468072000331;
    response->zone_known = false;
    response->state = STATE_PARTIAL;
    response->language = "nn";
    response->form_version = "v17";
    response->pseudonym = "5ac1e04f";
    Answer unreadable = {"ORG", "Ukjent kode", MISSING_UNREADABLE, INSTANCE_NONE};
    g_array_append_val(response->answers, unreadable);
    PutOutcome outcome;
    assert_ok(store_put(w->store, w->pull, "ansatte", response, &outcome, &w->error), w->error);
    assert_int_equal(outcome, PUT_ADDED);
    world_commit(w, NULL);

    expect_each(w, NULL,
                "ansatte/7041@2021-09-24 07:21:11 VALG[SQ001]=A3 FREM=!not_shown"
                " utsagn/tekst#0=en utsagn/tekst#2=tre ORG=Ukjent kode!unreadable\n");
    fixture_expect(w->path,
                   "SELECT state, submitted, updated, zone_known, language, form_version,"
                   " revision, pseudonym, pull FROM response",
                   "1|1632468071000917|1632468072000331|0|nn|v17|2021-09-24 07:21:11|5ac1e04f|1\n");
    fixture_expect(w->path, "SELECT * FROM answer",
                   "ansatte|7041|VALG[SQ001]|–|A3|–\n"
                   "ansatte|7041|FREM|–|–|not_shown\n"
                   "ansatte|7041|ORG|–|Ukjent kode|unreadable\n"
                   "ansatte|7041|utsagn/tekst|0|en|–\n"
                   "ansatte|7041|utsagn/tekst|2|tre|–\n");
}

static bool keep_fields(const StoredResponse *stored, gpointer data, GError **error)
{
    const Response *r = stored->response;
    (void)error;
    *(char **)data = g_strdup_printf(
        "%s %s %" G_GINT64_FORMAT " %s %s %s %s %" G_GINT64_FORMAT, state_word(r->state),
        r->submitted == TIME_UNKNOWN ? "unknown" : "known", r->updated, r->zone_known ? "z" : "-",
        r->language, r->form_version, r->pseudonym, stored->pull);
    return false;
}

static void reads_every_field_and_stops_when_told(void **state)
{
    World *w = *state;
    g_autofree char *fields = NULL;
    world_begin(w, "ansatte", "d1");
    world_page(w);
    g_autoptr(Response) response = fixture_response("12", NULL, "");
    response->state = STATE_REJECTED;
    response->updated = -86400000917;
    response->pseudonym = "09f2";
    PutOutcome outcome;
    assert_ok(store_put(w->store, w->pull, "ansatte", response, &outcome, &w->error), w->error);
    world_put(w, "ansatte", "13", NULL, "");
    world_commit(w, NULL);
    assert_ok(store_each(w->store, NULL, keep_fields, &fields, &w->error), w->error);
    assert_string_equal(fields, "rejected unknown -86400000917 z (null) (null) 09f2 1");
}

static void orders_ids_by_number_then_text(void **state)
{
    World *w = *state;
    PULL(w, "b", "d1", "10", "r", "Q=1", "9", "r", "Q=1", "uuid:1", "r", "Q=1",
         "99999999999999999999", "r", "Q=1", "99999999999999999998", "r", "Q=1", "uuid:0", "r",
         "Q=1", "", "r", "Q=1", "-4", "r", "Q=1");
    PULL(w, "a", "d1", "2", "r", "Q=1");
    expect_each(w, NULL,
                "a/2@r Q=1\nb/9@r Q=1\nb/10@r Q=1\nb/99999999999999999998@r Q=1\n"
                "b/99999999999999999999@r Q=1\nb/@r Q=1\nb/-4@r Q=1\nb/uuid:0@r Q=1\n"
                "b/uuid:1@r Q=1\n");
    expect_each(w, (const char *const[]){"unheard", "a", NULL}, "a/2@r Q=1\n");
}

static void tells_what_a_put_did(void **state)
{
    World *w = *state;
    world_begin(w, "ansatte", "d1");
    world_page(w);
    assert_int_equal(world_put(w, "ansatte", "17", "r1", "A=3 B=tekst"), PUT_ADDED);
    assert_int_equal(world_put(w, "ansatte", "17", "r1", "A=3 B=tekst"), PUT_SAME);
    assert_int_equal(world_put(w, "ansatte", "17", "r1", "B=tekst A=3"), PUT_SAME);
    assert_int_equal(world_put(w, "ansatte", "17", "r2", "A=3 B=tekst"), PUT_SAME);
    expect_history(w, "ansatte", "17", "");
    assert_int_equal(world_put(w, "ansatte", "17", "r3", "A=4 B=tekst"), PUT_CHANGED);
    assert_int_equal(world_put(w, "ansatte", "17", "r4", "A=4"), PUT_CHANGED);
    assert_int_equal(world_put(w, "ansatte", "17", "r4", "A=4 B=!not_answered"), PUT_CHANGED);
    world_commit(w, NULL);
    expect_each(w, NULL, "ansatte/17@r4 A=4 B=!not_answered\n");
    expect_history(w, "ansatte", "17",
                   "ansatte/17@r4 A=4\nansatte/17@r3 A=4 B=tekst\nansatte/17@r2 A=3 B=tekst\n");
    expect_history(w, "ansatte", "18", "");
    expect_history(w, "unheard", "17", "");
}

static void one_column_makes_a_change(void **state)
{
    World *w = *state;
    world_begin(w, "s", "d1");
    world_page(w);
    g_autoptr(Response) r = fixture_response("1", "r", "A=3");
    PutOutcome outcome;
    struct {
        const char *name;
        const char **text;
    } columns[] = {{"language", &r->language},
                   {"form_version", &r->form_version},
                   {"pseudonym", &r->pseudonym}};
#define PUT_R() assert_ok(store_put(w->store, w->pull, "s", r, &outcome, &w->error), w->error)
    PUT_R();
    for (gsize i = 0; i < G_N_ELEMENTS(columns); i++) {
        *columns[i].text = "x";
        PUT_R();
        assert_int_equal(outcome, PUT_CHANGED);
        PUT_R();
        assert_int_equal(outcome, PUT_SAME);
    }
    r->submitted = 5;
    PUT_R();
    assert_int_equal(outcome, PUT_CHANGED);
    r->state = STATE_PARTIAL;
    PUT_R();
    assert_int_equal(outcome, PUT_CHANGED);
    r->updated = 731;
    PUT_R();
    assert_int_equal(outcome, PUT_SAME);
    world_commit(w, NULL);
    fixture_expect(w->path, "SELECT updated FROM response", "731\n");
}

static void a_bad_response_leaves_the_page_whole(void **state)
{
    static const struct {
        const char *line;
        InnsiktError code;
        const char *message;
    } cases[] = {
        {"A=1 B=2 A=3", INNSIKT_ERROR_DATA, "response 5: a question is answered twice"},
        {"A#0=1 A#0=2", INNSIKT_ERROR_DATA, "response 5: a question is answered twice"},
        {"A=1 A#0=2", INNSIKT_ERROR_DATA, "response 5: a question is answered twice"},
        {"A=\xff\xfe", INNSIKT_ERROR_DATA, "response 5: an answer is not UTF-8"},
        {"A#1000000=1", INNSIKT_ERROR_LIMIT,
         "response 5: more than 100000 questions or 1000000 instances of a repeat"},
    };
    World *w = *state;
    world_begin(w, "s", "d1");
    world_page(w);
    world_put(w, "s", "4", "r", "A=før");
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(Response) response = fixture_response("5", "r", cases[i].line);
        PutOutcome outcome = (PutOutcome)77;
        assert_false(store_put(w->store, w->pull, "s", response, &outcome, &w->error));
        assert_int_equal(outcome, 77);
        assert_true(g_error_matches(w->error, INNSIKT_ERROR, (int)cases[i].code));
        assert_string_equal(w->error->message, cases[i].message);
        g_clear_error(&w->error);
    }
    world_put(w, "s", "6", "r", "A=etter");
    world_commit(w, NULL);
    expect_each(w, NULL, "s/4@r A=før\ns/6@r A=etter\n");
}

static void an_aborted_page_leaves_nothing(void **state)
{
    World *w = *state;
    world_begin(w, "s", "d1");
    world_page(w);
    world_put(w, "s", "1", "r", "A=1");
    world_commit(w, "after 1");
    world_page(w);
    world_put(w, "s", "2", "r", "NY=1 A=2");
    assert_ok(store_seen(w->store, "2", NULL, &w->error), w->error);
    store_page_abort(w->store);
    g_autofree char *cursor = store_cursor(w->store, "s", &w->error);
    assert_string_equal(cursor, "after 1");
    world_page(w);
    world_put(w, "s", "3", "r", "ANNEN=1 A=3"); /* the number NY had is free again */
    world_commit(w, NULL);
    expect_each(w, NULL, "s/1@r A=1\ns/3@r A=3 ANNEN=1\n");
    g_autofree char *still = store_cursor(w->store, "s", &w->error);
    assert_string_equal(still, "after 1");
    assert_null(store_cursor(w->store, "unheard", &w->error));
    assert_null(w->error);
}

static char *wanted(World *w, const char *source, bool everything, const char *after, guint max)
{
    g_autoptr(GPtrArray) ids = store_wanted(w->store, source, everything, after, max, &w->error);
    assert_ok(ids, w->error);
    g_ptr_array_add(ids, NULL);
    char *line = g_strjoinv(" ", (char **)ids->pdata);
    g_ptr_array_set_size(ids, (int)ids->len - 1);
    return line;
}

#define expect_wanted(expected, ...)                                                               \
    do {                                                                                           \
        g_autofree char *line = wanted(__VA_ARGS__);                                               \
        assert_string_equal(line, expected);                                                       \
    } while (0)

static void see(World *w, const char *const *ids)
{
    assert_ok(store_seen_reset(w->store, &w->error), w->error);
    for (; *ids; ids += 2)
        assert_ok(store_seen(w->store, ids[0], ids[1], &w->error), w->error);
}

#define SEE(w, ...) see(w, (const char *const[]){__VA_ARGS__, NULL})

static void wants_what_is_new_or_revised(void **state)
{
    World *w = *state;
    PULL(w, "s", "d1", "8", "r8", "A=1", "9", "r9", "A=1", "10", NULL, "A=1", "x", "rx", "A=1");
    world_begin(w, "s", "d1");
    assert_int_equal(store_seen_count(w->store), 0);
    SEE(w, "8", "r8", "9", "r9b", "10", NULL, "11", NULL, "x", NULL, "y", "ry", "8", "r8");
    assert_int_equal(store_seen_count(w->store), 6);
    int64_t unseen = -1;
    assert_ok(store_unseen_count(w->store, "s", &unseen, &w->error), w->error);
    assert_int_equal(unseen, 0);
    expect_wanted("9 11 y", w, "s", false, NULL, 100);
    expect_wanted("9 11", w, "s", false, NULL, 2);
    expect_wanted("11 y", w, "s", false, "9", 2);
    expect_wanted("y", w, "s", false, "11", 2);
    expect_wanted("", w, "s", false, "y", 2);
    expect_wanted("8 9 10 11 x y", w, "s", true, NULL, 100);
    expect_wanted("8 9 10 11 x y", w, "unheard", false, NULL, 100);
    SEE(w, "10", "now told");
    assert_ok(store_unseen_count(w->store, "s", &unseen, &w->error), w->error);
    assert_int_equal(unseen, 3);
    assert_ok(store_unseen_count(w->store, "unheard", &unseen, &w->error), w->error);
    assert_int_equal(unseen, 0);
    expect_wanted("10", w, "s", false, NULL, 100);
}

static void the_unseen_are_deleted_and_may_return(void **state)
{
    World *w = *state;
    int64_t deleted = -1;
    PULL(w, "annen", "d1", "2", "r", "A=mine");
    PULL(w, "s", "d1", "1", "r", "A=1", "2", "r", "A=2", "3", "r", "A=3");
    world_begin(w, "s", "d1");
    SEE(w, "1", "r", "3", "r");
    assert_ok(store_delete_unseen(w->store, w->pull, "s", 55, &deleted, &w->error), w->error);
    assert_int_equal(deleted, 1);
    assert_ok(store_delete_unseen(w->store, w->pull, "s", 56, &deleted, &w->error), w->error);
    assert_int_equal(deleted, 0);
    world_end(w, PULL_DONE);
    expect_each(w, NULL, "annen/2@r A=mine\ns/1@r A=1\ns/3@r A=3\n");
    expect_history(w, "s", "2", "s/2@r A=2\n");
    fixture_expect(w->path, "SELECT id, updated, answers FROM response WHERE state = 4",
                   "2|55|[]\n");

    world_begin(w, "s", "d1");
    SEE(w, "1", "r", "2", "r", "3", "r");
    expect_wanted("2", w, "s", false, NULL, 100);
    world_page(w);
    assert_int_equal(world_put(w, "s", "2", "r", "A=2"), PUT_RESTORED);
    world_commit(w, NULL);
    world_end(w, PULL_DONE);
    expect_each(w, (const char *const[]){"s", NULL}, "s/1@r A=1\ns/2@r A=2\ns/3@r A=3\n");
    expect_history(w, "s", "2", "s/2@r\ns/2@r A=2\n");
}

/* Rows of an older store, whose numbers ran on over all sources, stand before the new ones. */
static void rows_are_numbered_by_their_source(void **state)
{
    World *w = *state;
    int64_t deleted;
    PULL(w, "s", "d1", "1", "r", "A=1", "2", "r", "A=2");
    PULL(w, "s", "d1", "1", "r2", "A=1b");
    assert_int_equal(sqlite3_exec(w->store->db,
                                  "PRAGMA foreign_keys = OFF;"
                                  "UPDATE response SET number = number & 4294967295;"
                                  "UPDATE history SET number = number & 4294967295,"
                                  " response = response & 4294967295;"
                                  "PRAGMA foreign_keys = ON;",
                                  NULL, NULL, NULL),
                     SQLITE_OK);
    store_sources_forget(w->store);
    PULL(w, "annen", "d1", "1", "r", "A=5", "7", "r", "A=7");
    PULL(w, "s", "d1", "1", "r3", "A=1c", "3", "r", "A=3");
    PULL(w, "annen", "d1", "8", "r", "A=8");
    world_begin(w, "s", "d1");
    SEE(w, "3", "r");
    assert_ok(store_delete_unseen(w->store, w->pull, "s", 55, &deleted, &w->error), w->error);
    assert_int_equal(deleted, 2);
    world_end(w, PULL_DONE);
    fixture_expect(w->path,
                   "SELECT s.name, r.id, r.number >> 32, r.number & 4294967295 FROM response r"
                   " JOIN source s ON s.number = r.source ORDER BY r.number",
                   "s|1|0|1\ns|2|0|2\ns|3|1|1\nannen|1|2|1\nannen|7|2|2\nannen|8|2|3\n");
    fixture_expect(w->path,
                   "SELECT r.id, h.number >> 32, h.number & 4294967295 FROM history h"
                   " JOIN response r ON r.number = h.response ORDER BY h.number",
                   "1|0|1\n1|1|1\n1|1|2\n2|1|3\n");
    expect_history(w, "s", "1", "s/1@r3 A=1c\ns/1@r2 A=1b\ns/1@r A=1\n");
}

static void a_deletion_the_source_tells_is_kept_once(void **state)
{
    World *w = *state;
    PutOutcome outcome;
    g_autoptr(Response) gone = fixture_response("1", "r2", "A=still-sent");
    gone->state = STATE_DELETED;
    PULL(w, "s", "d1", "1", "r", "A=1");
    world_begin(w, "s", "d1");
    world_page(w);
    assert_ok(store_put(w->store, w->pull, "s", gone, &outcome, &w->error), w->error);
    assert_int_equal(outcome, PUT_CHANGED);
    gone->updated = 917;
    assert_ok(store_put(w->store, w->pull, "s", gone, &outcome, &w->error), w->error);
    assert_int_equal(outcome, PUT_SAME);
    world_commit(w, NULL);
    expect_each(w, NULL, "");
    expect_history(w, "s", "1", "s/1@r A=1\n");
    fixture_expect(w->path, "SELECT answers FROM response", "[]\n");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, world_setup, world_teardown)
    const struct CMUnitTest tests[] = {
        TEST(reads_back_what_was_put),
        TEST(reads_every_field_and_stops_when_told),
        TEST(orders_ids_by_number_then_text),
        TEST(tells_what_a_put_did),
        TEST(one_column_makes_a_change),
        TEST(a_bad_response_leaves_the_page_whole),
        TEST(an_aborted_page_leaves_nothing),
        TEST(wants_what_is_new_or_revised),
        TEST(the_unseen_are_deleted_and_may_return),
        TEST(rows_are_numbered_by_their_source),
        TEST(a_deletion_the_source_tells_is_kept_once),
    };
    return cmocka_run_group_tests_name("store", tests, NULL, NULL);
}
