/* A folder of CSV files pulled into a real store, again and again as people edit the files. */
#include "tests/collect/pull_fixture.h"

#include <string.h>

static const char sources[] = "  verksted:\n"
                              "    kind: csv\n"
                              "    path: \"*.csv\"\n"
                              "    id: Nr\n"
                              "    questions:\n"
                              "      Org: {attribute: organisation}\n"
                              "      Svar: {rating: voice-neutral, values: {ja: 5, nei: 1}}\n"
                              "      Utsagn: {statement: strength}\n"
                              "      Epost: {person: true}\n";
static const char head[] = "Nr;Org;Svar;Utsagn;Epost;Notat\n";

static void write_file(PullFixture *f, const char *name, const char *rows)
{
    g_autofree char *path = g_build_filename(f->folder, name, NULL);
    g_autofree char *text = g_strconcat(*rows ? head : "", rows, NULL);
    assert_true(g_file_set_contents(path, text, -1, NULL));
}

static void remove_file(PullFixture *f, const char *name)
{
    g_autofree char *path = g_build_filename(f->folder, name, NULL);
    assert_int_equal(g_remove(path), 0);
}

static int setup(void **state)
{
    PullFixture *f = pull_fixture(sources, NULL);
    write_file(f, "a.csv",
               "1;Fjelldal;5,0;\"Linje én\nlinje to\";kari.unik.81@example.no;hemmelig notat 4417\n"
               "2;Solvik;ja;Ord;ola@example.no;\n");
    write_file(f, "b.csv", "30;Havgap;tja;;;\n");
    *state = f;
    return 0;
}

static int teardown(void **state)
{
    pull_fixture_free(*state);
    return 0;
}

static void assert_pull(PullFixture *f)
{
    bool pulled = pull_once(f);
    assert_ok(pulled, f->error);
}

static void edits_and_deletions_are_followed(void **state)
{
    PullFixture *f = *state;
    assert_pull(f);
    assert_counts(f, 3, 3, 0, 0, 0, 0, 0);
    assert_int_equal(f->counts.unreadable, 1);
    g_autofree char *first = stored_text(f, NULL);
    assert_string_equal(first, "1 complete Org=Fjelldal Svar=5 Utsagn=Linje én\nlinje to\n"
                               "2 complete Org=Solvik Svar=ja Utsagn=Ord\n"
                               "30 complete Org=Havgap Svar=tja Utsagn=!not_answered\n");
    assert_pull(f);
    assert_counts(f, 3, 0, 0, 3, 0, 0, 0);

    write_file(f, "a.csv", "2;Solvik;ja;Ord;ola.ny@example.no;\n4;Ny;1;;;\n");
    assert_pull(f);
    assert_counts(f, 3, 1, 1, 1, 0, 1, 0);
    remove_file(f, "b.csv");
    write_file(f, "c.csv", "1;Fjelldal;5;x;;\n");
    assert_pull(f);
    assert_counts(f, 3, 0, 0, 2, 0, 1, 1);
    /* another file, another order: the rows are who they were */
    write_file(f, "a.csv", "4;Ny;1;;;\n2;Solvik;ja;Ord;ola.ny@example.no;\n1;Fjelldal;5;x;;\n");
    assert_pull(f);
    assert_counts(f, 3, 0, 0, 3, 0, 0, 0);
}

static void nothing_empties_the_store(void **state)
{
    PullFixture *f = *state;
    static const struct {
        const char *rows;
        InnsiktError code;
        const char *part;
    } cases[] = {
        {"", INNSIKT_ERROR_DATA, "a.csv is empty"},
        {"9;O;1;\"x\n", INNSIKT_ERROR_DATA, "a.csv:2: the quote"},
        {"9;O;1;x;;;z\n", INNSIKT_ERROR_DATA, "a.csv:2: the row has 7 cells"},
        {"30;annen;1;x;;\n", INNSIKT_ERROR_DATA, "a.csv:2 and b.csv:2 have the same id"},
    };
    assert_pull(f);
    g_autofree char *before = stored_text(f, NULL);
    for (size_t i = 0; i <= G_N_ELEMENTS(cases); i++) {
        if (i == G_N_ELEMENTS(cases)) {
            remove_file(f, "a.csv");
            remove_file(f, "b.csv");
        } else {
            write_file(f, "a.csv", cases[i].rows);
        }
        assert_false(pull_once(f));
        if (i < G_N_ELEMENTS(cases))
            assert_error(f->error, cases[i].code, cases[i].part);
        else
            assert_error(f->error, INNSIKT_ERROR_NOT_FOUND, "there is no file *.csv");
        assert_counts(f, 0, 0, 0, 0, 0, 0, 0);
        g_autofree char *after = stored_text(f, NULL);
        assert_string_equal(after, before);
    }
}

/* Whoever opens the store's files with a hex editor finds nobody. */
static void what_is_not_mapped_never_reaches_the_disk(void **state)
{
    PullFixture *f = *state;
    static const char *const secrets[] = {"kari.unik.81", "ola@example", "hemmelig notat", "4417"};
    assert_pull(f);
    assert_pull(f);
    g_autoptr(GDir) dir = g_dir_open(f->folder, 0, NULL);
    int files = 0;
    for (const char *name; (name = g_dir_read_name(dir));) {
        if (!g_str_has_prefix(name, "innsikt.db"))
            continue;
        g_autofree char *path = g_build_filename(f->folder, name, NULL);
        g_autofree char *bytes = NULL;
        gsize n;
        assert_true(g_file_get_contents(path, &bytes, &n, NULL));
        g_autoptr(GString) text = g_string_new_len(bytes, (gssize)n);
        for (char *p = text->str; p < text->str + n; p++)
            *p = *p ? *p : ' ';
        for (size_t i = 0; i < G_N_ELEMENTS(secrets); i++)
            assert_null(strstr(text->str, secrets[i]));
        files += strstr(text->str, "linje to") != NULL;
    }
    assert_true(files > 0);
}

static void a_pull_that_is_stopped_goes_on(void **state)
{
    PullFixture *f = *state;
    g_autoptr(GString) rows = g_string_new(NULL);
    for (int i = 100; i < 1400; i++)
        g_string_append_printf(rows, "%d;O%d;%d;;;\n", i, i % 17, i % 5 + 1);
    write_file(f, "c.csv", rows->str);
    f->stop_after = 2;
    assert_false(pull_once(f));
    assert_error(f->error, INNSIKT_ERROR_CANCELLED, "stopped after 1000 responses");
    f->stop_after = 0;
    assert_pull(f);
    assert_counts(f, 1303, 303, 0, 1000, 0, 0, 0);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(edits_and_deletions_are_followed),
        TEST(nothing_empties_the_store),
        TEST(what_is_not_mapped_never_reaches_the_disk),
        TEST(a_pull_that_is_stopped_goes_on),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
