/* A page in memory: the store is free while it fills, whole or nothing when it is written, and
 * large pages go on as they come. */
#include "collect/page.h"
#include "schemas/error.h"
#include "tests/schemas/store_fixture.h"

static bool put(Page *page, const char *id, const char *line, GError **error)
{
    g_autoptr(Response) response = fixture_response(id, "r", line);
    return page_response(page, response, 0, error);
}

static void the_store_is_free_while_a_page_fills(void **state)
{
    World *w = *state;
    world_begin(w, "langsom", "d1");
    g_autoptr(Page) page = page_new(w->store, "langsom", w->pull, NULL);
    assert_ok(put(page, "17", "A=3", &w->error), w->error);
    assert_ok(page_set_aside(page, "18", "bare tull", &w->error), w->error);
    assert_ok(page_seen(page, "17", "r", &w->error), w->error);

    World other = {.path = w->path, .store = store_open(w->path, &w->error)};
    assert_ok(other.store, w->error);
    PULL(&other, "rask", "d1", "4", "r", "A=1");
    store_close(other.store);

    fixture_expect(w->path, "SELECT count(*) FROM response", "1\n");
    assert_ok(page_commit(page, "kake", &w->error), w->error);
    expect_each(w, NULL, "langsom/17@r A=3\nrask/4@r A=1\n");
    assert_int_equal(page_counts(page)->received, 2);
    assert_int_equal(page_counts(page)->added, 1);
    assert_int_equal(page_counts(page)->set_aside, 1);
    assert_int_equal(store_seen_count(w->store), 1);
}

static void what_is_aborted_is_gone(void **state)
{
    World *w = *state;
    world_begin(w, "s", "d1");
    g_autoptr(Page) page = page_new(w->store, "s", w->pull, NULL);
    assert_ok(put(page, "1", "A=1", &w->error), w->error);
    assert_ok(page_commit(page, "en", &w->error), w->error);
    assert_ok(put(page, "2", "A=2", &w->error), w->error);
    assert_ok(page_flush(page, &w->error), w->error); /* in the store, not committed */
    assert_ok(put(page, "3", "A=3", &w->error), w->error);
    page_abort(page);
    assert_int_equal(page_counts(page)->received, 1);
    assert_ok(put(page, "4", "A=4", &w->error), w->error);
    assert_ok(page_commit(page, "to", &w->error), w->error);
    expect_each(w, NULL, "s/1@r A=1\ns/4@r A=4\n");
    assert_int_equal(page_counts(page)->received, 2);
}

static void what_cannot_be_kept_is_set_aside(void **state)
{
    World *w = *state;
    world_begin(w, "s", "d1");
    g_autoptr(Page) page = page_new(w->store, "s", w->pull, NULL);
    assert_ok(put(page, "1", "A=1 A=2", &w->error), w->error);
    assert_ok(put(page, "2", "A=2", &w->error), w->error);
    assert_ok(page_commit(page, NULL, &w->error), w->error);
    expect_each(w, NULL, "s/2@r A=2\n");
    assert_int_equal(page_counts(page)->received, 2);
    assert_int_equal(page_counts(page)->set_aside, 1);
    fixture_expect(w->path, "SELECT id FROM set_aside", "1\n");
}

/* More than a page's share of memory: written as it comes, and still all or nothing. */
static void a_large_page_is_written_as_it_comes(void **state)
{
    World *w = *state;
    enum { ROWS = 50, BYTES = 200000 };
    g_autofree char *text = g_malloc0(BYTES + 3);
    memcpy(text, "A=", 2);
    memset(text + 2, 'x', BYTES);
    assert_true(ROWS * BYTES > 2 * PAGE_BYTES);
    world_begin(w, "s", "d1");
    g_autoptr(Page) page = page_new(w->store, "s", w->pull, NULL);
    for (int keep = 0; keep < 2; keep++) {
        for (int i = 0; i < ROWS; i++) {
            g_autofree char *id = g_strdup_printf("%d", i);
            assert_ok(put(page, id, text, &w->error), w->error);
        }
        assert_true(w->store->in_page);
        if (keep)
            assert_ok(page_commit(page, NULL, &w->error), w->error);
        else
            page_abort(page);
        assert_int_equal(page_counts(page)->received, keep ? ROWS : 0);
        fixture_expect(w->path, "SELECT count(*) FROM response", keep ? "50\n" : "0\n");
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, world_setup, world_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_store_is_free_while_a_page_fills),
        TEST(what_is_aborted_is_gone),
        TEST(what_cannot_be_kept_is_set_aside),
        TEST(a_large_page_is_written_as_it_comes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
