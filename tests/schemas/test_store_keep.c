/* What the store keeps beside responses, and what it must not keep: findings and their ids, forms,
 * and the marks of those who were erased. */
#include "tests/schemas/store_fixture.h"

#include "schemas/error.h"

/* --- findings --- */

static void finding_free(gpointer finding)
{
    stored_finding_free(finding);
}

/* "id quadrant theme statement statement …" for each line. */
static GPtrArray *findings(const char *const *lines)
{
    GPtrArray *ret = g_ptr_array_new_with_free_func(finding_free);
    for (; *lines; lines++) {
        g_auto(GStrv) words = g_strsplit(*lines, " ", -1);
        StoredFinding *finding = g_new0(StoredFinding, 1);
        finding->id = g_strdup(words[0]);
        finding->quadrant = g_strdup(words[1]);
        finding->theme = g_strdup(words[2]);
        finding->statements = g_ptr_array_new_with_free_func(g_free);
        for (char **word = words + 3; *word; word++)
            g_ptr_array_add(finding->statements, g_strdup(*word));
        g_ptr_array_add(ret, finding);
    }
    return ret;
}

static bool put_findings(World *w, int64_t now, const char *const *lines)
{
    g_autoptr(GPtrArray) all = findings(lines);
    return store_put_findings(w->store, all, now, &w->error);
}

static void expect_findings(World *w, const char *expected)
{
    g_autoptr(GString) out = g_string_new(NULL);
    g_autoptr(GPtrArray) all = store_findings(w->store, &w->error);
    assert_ok(all, w->error);
    for (guint i = 0; i < all->len; i++) {
        const StoredFinding *finding = all->pdata[i];
        g_string_append_printf(out, "%s %s %s", finding->id, finding->quadrant, finding->theme);
        for (guint j = 0; j < finding->statements->len; j++)
            g_string_append_printf(out, " %s", (char *)finding->statements->pdata[j]);
        g_string_append_c(out, '\n');
    }
    assert_string_equal(out->str, expected);
}

static bool is_retired(World *w, const char *id)
{
    bool ret = false;
    assert_ok(store_finding_retired(w->store, id, &ret, &w->error), w->error);
    return ret;
}

static void findings_keep_their_order_and_statements(void **state)
{
    World *w = *state;
    static const char *const empty[] = {NULL};
    expect_findings(w, "");
    assert_ok(put_findings(w, 5,
                           (const char *const[]){"f9 strength samarbeid s3 s1 s\"2\\",
                                                 "f1 threat økonomi", NULL}),
              w->error);
    expect_findings(w, "f9 strength samarbeid s3 s1 s\"2\\\nf1 threat økonomi\n");
    fixture_expect(w->path, "SELECT id, statements, written FROM finding",
                   "f9|[\"s3\",\"s1\",\"s\\\"2\\\\\"]|5\nf1|[]|5\n");
    assert_ok(put_findings(w, 6, empty), w->error);
    expect_findings(w, "");
}

static void an_id_given_up_is_never_used_again(void **state)
{
    World *w = *state;
    assert_ok(put_findings(w, 5, (const char *const[]){"f1 strength a s1", "f2 threat b s2", NULL}),
              w->error);
    assert_ok(
        put_findings(w, 6, (const char *const[]){"f3 strength c s3", "f1 strength a s1", NULL}),
        w->error);
    assert_true(is_retired(w, "f2"));
    assert_false(is_retired(w, "f1") || is_retired(w, "f3") || is_retired(w, "f4"));
    assert_false(put_findings(w, 7, (const char *const[]){"f4 threat d", "f2 threat b s2", NULL}));
    assert_true(g_error_matches(w->error, INNSIKT_ERROR, INNSIKT_ERROR_DATA));
    assert_non_null(strstr(w->error->message, "the id f2 was given up"));
    g_clear_error(&w->error);
    assert_false(put_findings(w, 7, (const char *const[]){"f5 threat d", "f5 threat e", NULL}));
    assert_true(g_error_matches(w->error, INNSIKT_ERROR, INNSIKT_ERROR_STORE));
    g_clear_error(&w->error);
    expect_findings(w, "f3 strength c s3\nf1 strength a s1\n"); /* as they were */
    assert_false(is_retired(w, "f3"));
    fixture_expect(w->path, "SELECT * FROM finding_retired", "f2|6\n");
}

/* --- forms --- */

static Form *form(void)
{
    Form *ret = form_new("131392");
    ret->title = g_strdup("Evaluering – «ansatte»");
    ret->language = g_strdup("nb");
    FormQuestion *question =
        form_add(ret, "VALG[SQ001]", FORM_RATING, "F", "Er valgene tydelige? – I vår \"enhet\"");
    form_choice(question, "A1", "Svært lite");
    form_choice(question, "A5", "Svært mye");
    form_add(ret, "UTSAGN", FORM_TEXT, "T", "Si det\nmed egne ord");
    return ret;
}

static bool put_form(World *w, const Form *of)
{
    bool changed;
    assert_ok(store_put_form(w->store, "s", of, 17, &changed, &w->error), w->error);
    return changed;
}

static void a_form_comes_back_as_it_was(void **state)
{
    World *w = *state;
    g_autoptr(Form) first = form();
    assert_null(store_form(w->store, "s", &w->error));
    assert_null(w->error);
    world_begin(w, "s", "d1");
    assert_false(put_form(w, first));
    g_autoptr(Form) back = store_form(w->store, "s", &w->error);
    assert_ok(back, w->error);
    g_autofree char *digest = form_digest(first), *again = form_digest(back);
    assert_string_equal(again, digest);
    assert_string_equal(back->title, first->title);
    assert_string_equal(((FormQuestion *)back->questions->pdata[1])->text, "Si det\nmed egne ord");
    assert_null(store_form(w->store, "annen", &w->error));
}

static void a_changed_form_is_noticed(void **state)
{
    World *w = *state;
    g_autoptr(Form) first = form(), second = form();
    form_add(second, "NY", FORM_NUMBER, "N", "Hvor mange?");
    world_begin(w, "s", "d1");
    put_form(w, first);
    assert_false(put_form(w, first));
    assert_true(put_form(w, second));
    assert_false(put_form(w, second));
    assert_true(put_form(w, first)); /* back again is a change too */
    fixture_expect(w->path, "SELECT count(*) FROM form", "3\n");
    g_autoptr(Form) back = store_form(w->store, "s", &w->error);
    assert_int_equal(back->questions->len, 2);
}

static void a_form_needs_a_pull(void **state)
{
    World *w = *state;
    g_autoptr(Form) first = form();
    bool changed = true;
    assert_false(store_put_form(w->store, "s", first, 1, &changed, &w->error));
    assert_non_null(strstr(w->error->message, "no pull of s has begun"));
    assert_true(changed);
}

static void a_damaged_form_is_an_error(void **state)
{
    static const char *const damages[] = {"[{\"name\":", "{}", "[7]", "[{\"type\":\"T\"}]", ""};
    World *w = *state;
    g_autoptr(Form) first = form();
    world_begin(w, "s", "d1");
    put_form(w, first);
    for (gsize i = 0; i < G_N_ELEMENTS(damages); i++) {
        g_autofree char *sql = g_strdup_printf("UPDATE form SET questions = '%s'", damages[i]);
        assert_true(store_script(w->store, sql, NULL));
        assert_null(store_form(w->store, "s", &w->error));
        assert_true(g_error_matches(w->error, INNSIKT_ERROR, INNSIKT_ERROR_STORE));
        assert_non_null(strstr(w->error->message, "the form kept for s is damaged"));
        g_clear_error(&w->error);
    }
}

/* --- erasing --- */

static PutOutcome put_person(World *w, const char *source, const char *id, const char *pseudonym,
                             const char *line)
{
    PutOutcome outcome = (PutOutcome)-1;
    g_autoptr(Response) response = fixture_response(id, "r", line);
    response->pseudonym = pseudonym;
    assert_ok(store_put(w->store, w->pull, source, response, &outcome, &w->error), w->error);
    return outcome;
}

static int64_t forget(World *w, const char *pseudonym, const char *source, const char *id)
{
    int64_t erased = -1;
    assert_ok(store_forget(w->store, pseudonym, source, id, 99, &erased, &w->error), w->error);
    return erased;
}

static void two_pulls(World *w)
{
    world_begin(w, "a", "d1");
    world_page(w);
    put_person(w, "a", "1", "p1", "Q=hemmelig-1");
    put_person(w, "a", "2", "p2", "Q=beholdt-2");
    put_person(w, "a", "3", "p1", "Q=hemmelig-3");
    put_person(w, "a", "3", "p3", "Q=hemmelig-3b"); /* p1 under another address */
    assert_ok(store_set_aside(w->store, w->pull, "a", "1", "cut short", &w->error), w->error);
    world_commit(w, NULL);
    world_begin(w, "b", "d1");
    world_page(w);
    put_person(w, "b", "1", "p2", "Q=beholdt");
    put_person(w, "b", "2", "p1", "Q=hemmelig");
    world_commit(w, NULL);
}

static void a_person_is_erased_for_good(void **state)
{
    World *w = *state;
    two_pulls(w);
    assert_int_equal(forget(w, "p1", NULL, NULL), 3);
    expect_each(w, NULL, "a/2@r Q=beholdt-2\nb/1@r Q=beholdt\n");
    fixture_expect(w->path, "SELECT count(*) FROM history", "0\n");
    fixture_expect(w->path, "SELECT count(*) FROM set_aside", "0\n");
    fixture_expect(w->path, "SELECT count(*) FROM tombstone", "4\n");

    world_begin(w, "a", "d1");
    world_page(w);
    assert_int_equal(put_person(w, "a", "1", NULL, "Q=x"), PUT_FORGOTTEN);  /* by its id */
    assert_int_equal(put_person(w, "a", "71", "p1", "Q=x"), PUT_FORGOTTEN); /* by the person */
    assert_int_equal(put_person(w, "a", "2", "p2", "Q=ny"), PUT_CHANGED);
    world_commit(w, NULL);
    expect_each(w, (const char *const[]){"a", NULL}, "a/2@r Q=ny\n");
    fixture_expect(w->path, "SELECT * FROM answer WHERE value LIKE '%hemmelig%'", "");
}

static void assert_not_in_file(World *w, const char *end, const char *text)
{
    g_autofree char *path = g_strconcat(w->path, end, NULL);
    g_autofree char *bytes = NULL;
    gsize n = 0, length = strlen(text);
    if (!g_file_get_contents(path, &bytes, &n, NULL))
        return;
    for (gsize i = 0; i + length < n; i++)
        assert_memory_not_equal(bytes + i, text, length);
}

static void no_byte_of_the_erased_is_left(void **state)
{
    World *w = *state;
    two_pulls(w);
    forget(w, "p1", NULL, NULL);
    forget(w, NULL, "b", "1");
    assert_not_in_file(w, "", "hemmelig");
    assert_not_in_file(w, "-wal", "hemmelig");
    assert_not_in_file(w, "-wal", "beholdt");
    assert_not_in_file(w, "", "p1");
}

static void a_journal_that_must_wait_is_told(void **state)
{
    World *w = *state;
    two_pulls(w);
    sqlite3 *other = NULL;
    assert_int_equal(sqlite3_open(w->path, &other), SQLITE_OK);
    assert_int_equal(sqlite3_exec(other, "BEGIN; SELECT count(*) FROM response", NULL, NULL, NULL),
                     SQLITE_OK);
    int64_t erased = -1;
    sqlite3_busy_timeout(w->store->db, 1);
    assert_false(store_forget(w->store, "p1", NULL, NULL, 99, &erased, &w->error));
    assert_non_null(strstr(w->error->message, "its journal still holds them"));
    assert_int_equal(erased, -1);
    g_clear_error(&w->error);
    sqlite3_close(other);
    assert_int_equal(forget(w, "p1", NULL, NULL), 0);
    assert_not_in_file(w, "", "hemmelig");
    assert_not_in_file(w, "-wal", "hemmelig");
}

static void one_response_is_erased(void **state)
{
    World *w = *state;
    two_pulls(w);
    assert_int_equal(forget(w, NULL, "b", "1"), 1);
    assert_int_equal(forget(w, NULL, "b", "1"), 0);
    assert_int_equal(forget(w, NULL, "b", "never-seen"), 0);
    world_begin(w, "b", "d1");
    world_page(w);
    assert_int_equal(put_person(w, "b", "1", "p2", "Q=x"), PUT_FORGOTTEN);
    assert_int_equal(put_person(w, "b", "never-seen", NULL, "Q=x"), PUT_FORGOTTEN);
    world_commit(w, NULL);
    expect_each(w, (const char *const[]){"b", NULL}, "b/2@r Q=hemmelig\n");
}

static void the_erased_are_not_even_fetched(void **state)
{
    World *w = *state;
    two_pulls(w);
    forget(w, "p1", NULL, NULL);
    assert_ok(store_seen_reset(w->store, &w->error), w->error);
    for (const char *id = "1\0002\0003\0004\0"; *id; id += 2)
        assert_ok(store_seen(w->store, id, "r", &w->error), w->error);
    g_autoptr(GPtrArray) wanted = store_wanted(w->store, "a", true, NULL, 10, &w->error);
    assert_ok(wanted, w->error);
    assert_int_equal(wanted->len, 2);
    assert_string_equal(wanted->pdata[0], "2");
    assert_string_equal(wanted->pdata[1], "4");
}

/* --- the key --- */

static void a_store_is_held_to_one_key(void **state)
{
    World *w = *state;
    assert_true(store_hold_key(w->store, "3f9a", &w->error));
    assert_true(store_hold_key(w->store, "3f9a", &w->error));
    assert_false(store_hold_key(w->store, "77c1", &w->error));
    assert_true(g_error_matches(w->error, INNSIKT_ERROR, INNSIKT_ERROR_USAGE));
    g_clear_error(&w->error);
    assert_true(store_hold_key(w->store, "3f9a", &w->error));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, world_setup, world_teardown)
    const struct CMUnitTest tests[] = {
        TEST(findings_keep_their_order_and_statements),
        TEST(an_id_given_up_is_never_used_again),
        TEST(a_form_comes_back_as_it_was),
        TEST(a_changed_form_is_noticed),
        TEST(a_form_needs_a_pull),
        TEST(a_damaged_form_is_an_error),
        TEST(a_person_is_erased_for_good),
        TEST(no_byte_of_the_erased_is_left),
        TEST(a_journal_that_must_wait_is_told),
        TEST(one_response_is_erased),
        TEST(the_erased_are_not_even_fetched),
        TEST(a_store_is_held_to_one_key),
    };
    return cmocka_run_group_tests_name("store_keep", tests, NULL, NULL);
}
