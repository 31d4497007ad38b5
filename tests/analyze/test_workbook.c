/* The whole workbook from results: its identity, and that an earlier one is replaced whole or not
 * at all. */
#include "analyze/workbook/workbook.h"

#include "analyze/workbook/identity.h"
#include "tests/analyze/xlsx.h"
#include "tests/schemas/store_fixture.h"

#include <glib/gstdio.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#define SOURCE "svar"

static const char project_text[] =
    "innsikt: 1\n"
    "title: 2030 & veien dit\n"
    "language: nb\n"
    "framework: virksomhet\n"
    "timezone: Europe/Oslo\n"
    "privacy: {key: 'env:INNSIKT_TEST_KEY', smallest_group: 5, quotes: redacted}\n"
    "analysis: {weight: organisation, bootstrap: 200, seed: 20210924}\n"
    "round: {number: 2, stage: validation}\n"
    "sources:\n"
    "  svar:\n"
    "    kind: csv\n"
    "    path: svar.csv\n"
    "    id: ID\n"
    "    method: survey\n"
    "    evidence: voiced\n"
    "    stream: staff\n"
    "    questions:\n"
    "      ORG: {attribute: organisation}\n"
    "      VOICE: {rating: voice-neutral, scale: enig5}\n"
    "      GOOD: {statement: {quadrant: strength}}\n";

typedef struct {
    World *store;
    Project *project;
    Dataset *data;
    Results *results;
    ProjectKey key;
    char *folder, *path; /* a folder of its own for workbooks */
    GError *error;
} Bench;

static void keep_answers(Bench *b)
{
    static const char *const said[] = {"Rådene er uavhengige", "=cmd|'/c calc'!A0",
                                       "a\x0B_x0041_\u202Eb"};
    World *w = b->store;
    g_autofree char *digest = source_mapping_digest(b->project->sources->pdata[0]);
    world_begin(w, SOURCE, digest);
    world_page(w);
    for (int i = 0; i < 24; i++) {
        g_autofree char *id = g_strdup_printf("%d", i + 1);
        g_autofree char *organisation = g_strdup_printf("Etat %d", i % 6);
        g_autofree char *rating = g_strdup_printf("%d", 2 + i % 4);
        g_autoptr(Response) response = fixture_response(id, "1", "");
        PutOutcome outcome;
        response_answer(response, "ORG", INSTANCE_NONE, organisation, MISSING_NONE);
        response_answer(response, "VOICE", INSTANCE_NONE, rating, MISSING_NONE);
        response_answer(response, "GOOD", INSTANCE_NONE, said[i % 3], MISSING_NONE);
        assert_ok(store_put(w->store, w->pull, SOURCE, response, &outcome, &w->error), w->error);
    }
    world_commit(w, NULL);
    world_end(w, PULL_DONE);
}

static int setup(void **state)
{
    Bench *b = g_new0(Bench, 1);
    void *world = NULL;
    world_setup(&world);
    b->store = world;
    g_autofree char *file = g_build_filename(b->store->folder, "project.yaml", NULL);
    assert_true(g_file_set_contents(file, project_text, -1, NULL));
    g_setenv("INNSIKT_TEST_KEY", "b1f0-8e1c-nothing-secret", TRUE);
    b->project = project_load(b->store->folder, &b->error);
    assert_ok(b->project, b->error);
    assert_ok(project_key_read(b->project->key_ref, b->project->folder, &b->key, &b->error),
              b->error);
    keep_answers(b);
    b->data = dataset_load(b->project, &b->key, b->store->store, &b->error);
    assert_ok(b->data, b->error);
    b->results = results_compute(b->data, &b->key, b->store->store, &b->error);
    assert_ok(b->results, b->error);
    b->folder = g_dir_make_tmp("innsikt-bok-XXXXXX", NULL);
    b->path = g_build_filename(b->folder, "bok.xlsx", NULL);
    *state = b;
    return 0;
}

static int teardown(void **state)
{
    Bench *b = *state;
    void *world = b->store;
    results_free(b->results);
    dataset_free(b->data);
    project_free(b->project);
    world_teardown(&world);
    fixture_remove(b->folder);
    g_free(b->path);
    g_free(b);
    return 0;
}

static bool write_book(Bench *b, const char *path, char **ret_path)
{
    const WorkbookOptions options = {
        .program = "innsikt 0.1", .language = b->project->language, .key = &b->key};
    g_clear_error(&b->error);
    return workbook_write(b->results, &options, path, ret_path, &b->error);
}

static char *contents(const char *path, gsize *n)
{
    char *bytes = NULL;
    assert_true(g_file_get_contents(path, &bytes, n, NULL));
    return bytes;
}

static void assert_holds(const Bench *b, const char *names)
{
    g_autofree char *listing = folder_listing(b->folder);
    assert_string_equal(listing, names);
}

/* --- identity ----------------------------------------------------------------------------------
 */

static void identity_on_sheet(void **state)
{
    Bench *b = *state;
    assert_ok(write_book(b, b->path, NULL), b->error);
    xlsx_assert_whole(b->path);
    g_autofree char *workbook = xlsx_part(b->path, "xl/workbook.xml");
    assert_true(g_regex_match_simple("name=\"_innsikt\" sheetId=\"[0-9]+\" state=\"veryHidden\"",
                                     workbook, 0, 0));
    g_autoptr(GPtrArray) sheets = xlsx_all(workbook, "sheet", "name");
    assert_string_equal(sheets->pdata[sheets->len - 1], IDENTITY_SHEET);
    g_autofree char *custom = xlsx_part(b->path, "docProps/custom.xml");
    g_autoptr(GPtrArray) names = xlsx_all(custom, "property", "name");
    g_autoptr(GPtrArray) values = xlsx_all(custom, "vt:lpwstr", NULL);
    Identity identity;
    identity_make(b->results, &b->key, LANGUAGE_NB, &identity);
    assert_int_equal(names->len, N_IDENTITY);
    for (int k = 0; k < N_IDENTITY; k++) {
        g_autofree char *name = g_strconcat("innsikt.", identity_word((IdentityKey)k), NULL);
        g_autofree char *left = g_strdup_printf("A%d", k + 1),
                        *right = g_strdup_printf("B%d", k + 1);
        g_autofree char *word = xlsx_cell(b->path, (int)sheets->len, left);
        g_autofree char *value = xlsx_cell(b->path, (int)sheets->len, right);
        assert_string_equal(names->pdata[k], name);
        assert_string_equal(values->pdata[k], identity.value[k]);
        assert_string_equal(word, identity_word((IdentityKey)k));
        assert_string_equal(value, identity.value[k]);
    }
    assert_string_equal(identity.value[IDENTITY_KEY_ROUND], "2");
    assert_string_equal(identity.value[IDENTITY_KEY_EDITION], "team");
    assert_string_equal(identity.value[IDENTITY_KEY_MADE], "2021-09-24T07:21:33Z");
    assert_string_not_equal(identity.value[IDENTITY_KEY_FINDINGS], "0");
    identity_clear(&identity);
}

/* What else changes, by what changed. */
static void identity_tells_apart(void **state)
{
    Bench *b = *state;
    Identity one, other;
    identity_make(b->results, &b->key, LANGUAGE_NB, &one);

    identity_make(b->results, &b->key, LANGUAGE_NB, &other);
    for (int k = 0; k < N_IDENTITY; k++)
        assert_string_equal(one.value[k], other.value[k]);
    identity_clear(&other);

    identity_make(b->results, &b->key, LANGUAGE_EN, &other);
    assert_string_equal(one.value[IDENTITY_KEY_BOOK], other.value[IDENTITY_KEY_BOOK]);
    assert_string_not_equal(one.value[IDENTITY_KEY_SEAL], other.value[IDENTITY_KEY_SEAL]);
    identity_clear(&other);

    b->key.bytes[7] ^= 1;
    identity_make(b->results, &b->key, LANGUAGE_NB, &other);
    static const IdentityKey keyed[] = {IDENTITY_KEY_PROJECT, IDENTITY_KEY_BOOK, IDENTITY_KEY_SEAL};
    for (size_t i = 0; i < G_N_ELEMENTS(keyed); i++)
        assert_string_not_equal(one.value[keyed[i]], other.value[keyed[i]]);
    assert_string_equal(one.value[IDENTITY_KEY_CHECK], other.value[IDENTITY_KEY_CHECK]);
    identity_clear(&other);
    b->key.bytes[7] ^= 1;

    Finding *finding = &g_array_index(b->results->findings, Finding, 0);
    g_autofree char *title = finding->title;
    finding->title = g_strdup("et annet ord");
    identity_make(b->results, &b->key, LANGUAGE_NB, &other);
    assert_string_equal(one.value[IDENTITY_KEY_BOOK], other.value[IDENTITY_KEY_BOOK]);
    assert_string_not_equal(one.value[IDENTITY_KEY_CHECK], other.value[IDENTITY_KEY_CHECK]);
    assert_string_not_equal(one.value[IDENTITY_KEY_SEAL], other.value[IDENTITY_KEY_SEAL]);
    identity_clear(&other);
    identity_clear(&one);
}

static void same_bytes(void **state)
{
    Bench *b = *state;
    gsize n, m;
    assert_ok(write_book(b, b->path, NULL), b->error);
    g_autofree char *one = contents(b->path, &n);
    assert_ok(write_book(b, b->path, NULL), b->error);
    g_autofree char *two = contents(b->path, &m);
    assert_int_equal(n, m);
    assert_memory_equal(one, two, n);
    assert_holds(b, "bok.xlsx");
}

/* --- replacing ---------------------------------------------------------------------------------
 */

static void touch(const Bench *b, const char *name)
{
    g_autofree char *path = g_build_filename(b->folder, name, NULL);
    assert_true(g_file_set_contents(path, "earlier", -1, NULL));
}

static void assert_untouched(const Bench *b, const char *name)
{
    g_autofree char *path = g_build_filename(b->folder, name, NULL);
    g_autofree char *bytes = contents(path, NULL);
    assert_string_equal(bytes, "earlier");
}

/* Excel's lock and LibreOffice's; and the second name taken as well. */
static void open_elsewhere(void **state)
{
    Bench *b = *state;
    g_autofree char *written = NULL, *third = NULL;
    touch(b, "bok.xlsx");
    touch(b, "~$bok.xlsx");
    assert_ok(write_book(b, b->path, &written), b->error);
    assert_true(g_str_has_suffix(written, "/bok (2).xlsx"));
    assert_untouched(b, "bok.xlsx");
    xlsx_assert_whole(written);
    touch(b, ".~lock.bok (2).xlsx#");
    touch(b, "bok (2).xlsx");
    assert_ok(write_book(b, b->path, &third), b->error);
    assert_true(g_str_has_suffix(third, "/bok (3).xlsx"));
    assert_untouched(b, "bok (2).xlsx");
    assert_holds(b, ".~lock.bok (2).xlsx# bok (2).xlsx bok (3).xlsx bok.xlsx ~$bok.xlsx");
}

static void unwritable(void **state)
{
    Bench *b = *state;
    touch(b, "fil");
    const char *const folders[] = {"fil", "finnes ikke"};
    for (size_t i = 0; i < G_N_ELEMENTS(folders); i++) {
        g_autofree char *path = g_build_filename(b->folder, folders[i], "bok.xlsx", NULL);
        assert_false(write_book(b, path, NULL));
        assert_non_null(strstr(b->error->message, path));
    }
    assert_false(write_book(b, b->folder, NULL));
    assert_non_null(strstr(b->error->message, "is a folder; name a file with -o"));
    if (geteuid() != 0) { /* root may write anywhere */
        assert_int_equal(g_chmod(b->folder, 0555), 0);
        assert_false(write_book(b, b->path, NULL));
        assert_int_equal(g_chmod(b->folder, 0755), 0);
    }
    assert_holds(b, "fil");
    g_clear_error(&b->error);
}

/* A disk that is full after 0, 2 KiB … bytes of any one file. */
static void disk_full(void **state)
{
    Bench *b = *state;
    struct rlimit before;
    gsize size = 0;
    assert_ok(write_book(b, b->path, NULL), b->error);
    g_autofree char *whole = contents(b->path, &size);
    touch(b, "bok.xlsx");
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
    void (*handler)(int) = signal(SIGXFSZ, SIG_IGN);
    for (rlim_t limit = 0; limit < size; limit += limit ? size / 9 : 2048) {
        const struct rlimit small = {.rlim_cur = limit, .rlim_max = before.rlim_max};
        assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
        const bool ok = write_book(b, b->path, NULL);
        assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
        assert_false(ok);
        assert_non_null(b->error);
        assert_holds(b, "bok.xlsx");
        assert_untouched(b, "bok.xlsx");
    }
    signal(SIGXFSZ, handler);
    assert_ok(write_book(b, b->path, NULL), b->error);
    gsize n = 0;
    g_autofree char *again = contents(b->path, &n);
    assert_int_equal(n, size);
    assert_memory_equal(again, whole, n);
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
    static const struct CMUnitTest tests[] = {
        TEST(identity_on_sheet), TEST(identity_tells_apart), TEST(same_bytes),
        TEST(open_elsewhere),    TEST(unwritable),           TEST(disk_full),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
