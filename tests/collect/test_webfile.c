/* Files on a web server, over loopback: fetched into a real store, asked for again only when they
 * changed, and never mistaken for the page that stands before them. */
#include "collect/http.h"
#include "tests/collect/loopback.h"
#include "tests/collect/pull_fixture.h"

#include <xlsxwriter.h>

#define CSV_BODY                                                                                   \
    "Nr;Org;Utsagn\n1;Vikna kommune;Tydelige roller\n2;Helseforetak Øst;For mange krav\n"
#define REPLY(headers, body) "HTTP/1.1 200 OK\r\nConnection: close\r\n" headers "\r\n" body

typedef struct {
    Loopback *server;
    PullFixture *f;
    char *secret; /* of the address */
} Site;

static int64_t stopped_clock(gpointer data)
{
    (void)data;
    return fixture_now();
}

static void no_sleep(int64_t us, gpointer data)
{
    (void)us;
    (void)data;
}

static const HttpOptions options = {.clock = {stopped_clock, no_sleep, NULL}};

static Site site_begin(const Scripted *replies, size_t n, const char *kind, const char *more)
{
    Site site = {.server = loopback_start(replies, n), .secret = g_strdup("nøkkel-7Hq2")};
    g_autofree char *sources = g_strdup_printf(
        "  ark:\n    kind: %s\n    path: http://127.0.0.1:%d/del/svar?key=%s\n    id: Nr\n%s"
        "    questions:\n      Org: {attribute: organisation}\n"
        "      Utsagn: {statement: strength}\n",
        kind, site.server->port, site.secret, more);
    site.f = pull_fixture(sources, http_transport_new(&options));
    return site;
}

/* Ends it; `requests` is how many must have come. */
static void site_end(Site *site, guint requests)
{
    assert_int_equal(loopback_end(site->server), requests);
    transport_free(site->f->transport);
    pull_fixture_free(site->f);
    loopback_free(site->server);
    g_free(site->secret);
}

static const char *request(const Site *site, guint i)
{
    return g_ptr_array_index(site->server->requests, i);
}

static void assert_stored(const Site *site)
{
    g_autofree char *stored = stored_text(site->f, "Utsagn");
    assert_string_equal(stored,
                        "1 complete Utsagn=Tydelige roller\n2 complete Utsagn=For mange krav\n");
}

/* strategi:høst"2026\ as the fixture sets them. */
static const char login_lines[] = "    user: env:PRUEVE_USER\n    password: env:PRUEVE_PASSWORD\n";

static void a_file_is_asked_for_again_only_when_it_changed(void **state)
{
    (void)state;
    static const Scripted replies[] = {
        {.bytes = REPLY("ETag: \"a-1\"\r\nContent-Type: text/csv\r\n", CSV_BODY)},
        {.bytes = "HTTP/1.1 304 Not Modified\r\nConnection: close\r\n\r\n"},
        {.bytes = REPLY("ETag: \"a-2\"\r\n", CSV_BODY "3;;Korte linjer\n")},
        {.bytes = REPLY("ETag: \"a-2\"\r\n", CSV_BODY "3;;Korte linjer\n")},
    };
    Site site = site_begin(replies, G_N_ELEMENTS(replies), "csv", login_lines);
    PullFixture *f = site.f;
    assert_ok(pull_once(f), f->error);
    assert_counts(f, 2, 2, 0, 0, 0, 0, 0);
    assert_stored(&site);
    assert_ok(pull_once(f), f->error);
    assert_counts(f, 0, 0, 0, 0, 0, 0, 0);
    assert_non_null(strstr(f->notes->str, "nothing has changed"));
    assert_stored(&site);
    assert_ok(pull_once(f), f->error);
    assert_counts(f, 3, 1, 0, 2, 0, 0, 0);
    f->full = true;
    assert_ok(pull_once(f), f->error);
    assert_counts(f, 3, 0, 0, 3, 0, 0, 0);
    assert_non_null(strstr(request(&site, 0), "Authorization: Basic c3RyYXRlZ2k6aMO4c3QiMjAyNlw="));
    assert_null(strstr(request(&site, 0), "If-None-Match"));
    assert_non_null(strstr(request(&site, 1), "If-None-Match: \"a-1\"\r\n"));
    assert_non_null(strstr(request(&site, 2), "If-None-Match: \"a-1\"\r\n"));
    assert_null(strstr(request(&site, 3), "If-None-Match"));
    site_end(&site, 4);
}

static void after_a_pull_that_failed_everything_is_fetched(void **state)
{
    (void)state;
    static const Scripted replies[] = {
        {.bytes = REPLY("Last-Modified: Mon, 07 Jun 2021 10:00:00 GMT\r\n", CSV_BODY)},
        {.bytes = REPLY("", "Nr;Utsagn\n")},
        {.bytes = REPLY("Last-Modified: Mon, 07 Jun 2021 10:00:00 GMT\r\n", CSV_BODY)},
        {.bytes = "HTTP/1.1 304 Not Modified\r\nConnection: close\r\n\r\n"},
    };
    Site site = site_begin(replies, G_N_ELEMENTS(replies), "csv", "");
    PullFixture *f = site.f;
    assert_ok(pull_once(f), f->error);
    assert_false(pull_once(f));
    assert_null(strstr(f->error->message, site.secret));
    assert_stored(&site);
    assert_ok(pull_once(f), f->error);
    assert_ok(pull_once(f), f->error);
    assert_null(strstr(request(&site, 0), "Authorization"));
    assert_non_null(strstr(request(&site, 1), "If-Modified-Since: Mon, 07 Jun 2021 10:00:00 GMT"));
    assert_null(strstr(request(&site, 2), "If-Modified-Since"));
    assert_non_null(strstr(request(&site, 3), "If-Modified-Since"));
    site_end(&site, 4);
}

static void a_page_in_place_of_a_file_is_told(void **state)
{
    (void)state;
    static const Scripted replies[] = {
        {.bytes = REPLY("", CSV_BODY)},
        {.bytes = REPLY("Content-Type: text/html; charset=utf-8\r\n", "Logg inn")},
        {.bytes = REPLY(
             "Content-Type: text/csv\r\n",
             "\xEF\xBB\xBF\n  <!DOCTYPE html><html><head><title>Logg inn</title></head></html>")},
        {.bytes = "HTTP/1.1 401 Unauthorized\r\nConnection: close\r\n\r\n"},
        {.bytes = "HTTP/1.1 304 Not Modified\r\nConnection: close\r\n\r\n"},
    };
    static const struct {
        int kind;
        const char *part;
    } due[] = {{INNSIKT_ERROR_PROTOCOL, "with a web page in place of the file"},
               {INNSIKT_ERROR_PROTOCOL, "with a web page in place of the file"},
               {INNSIKT_ERROR_AUTH, "HTTP 401"},
               {INNSIKT_ERROR_PROTOCOL, "HTTP 304"}};
    Site site = site_begin(replies, G_N_ELEMENTS(replies), "csv", "");
    assert_ok(pull_once(site.f), site.f->error);
    for (size_t i = 0; i < G_N_ELEMENTS(due); i++) {
        assert_false(pull_once(site.f));
        assert_null(strstr(site.f->error->message, site.secret));
        assert_error(site.f->error, due[i].kind, due[i].part);
        assert_stored(&site);
    }
    site_end(&site, G_N_ELEMENTS(replies));
}

static void a_body_that_is_cut_is_fetched_again_from_its_start(void **state)
{
    (void)state;
    static const Scripted replies[] = {
        {.bytes = REPLY("Content-Length: 4000\r\n", "Nr;Org;Utsagn\n9;;Halvt")},
        {.bytes = REPLY("", CSV_BODY)}};
    Site site = site_begin(replies, 2, "csv", "");
    assert_ok(pull_once(site.f), site.f->error);
    assert_stored(&site);
    site_end(&site, 2);
}

static void every_kind_of_file_comes_from_the_web(void **state)
{
    (void)state;
    g_autofree char *path = g_strdup("/tmp/innsikt-webfile-XXXXXX");
    close(g_mkstemp(path));
    lxw_workbook *book = workbook_new(path);
    lxw_worksheet *sheet = workbook_add_worksheet(book, NULL);
    static const char *const cells[3][3] = {{"Nr", "Org", "Utsagn"},
                                            {"1", "Vikna kommune", "Tydelige roller"},
                                            {"2", "Helseforetak Øst", "For mange krav"}};
    for (lxw_row_t r = 0; r < 3; r++)
        for (lxw_col_t c = 0; c < 3; c++)
            worksheet_write_string(sheet, r, c, cells[r][c], NULL);
    assert_int_equal(workbook_close(book), 0);
    g_autofree char *bytes = NULL;
    gsize n = 0;
    assert_true(g_file_get_contents(path, &bytes, &n, NULL));
    g_remove(path);
    g_autoptr(GString) whole = g_string_new(REPLY("", ""));
    g_string_append_len(whole, bytes, (gssize)n);
    const struct {
        const char *kind;
        Scripted reply;
    } kinds[] = {
        {"xlsx", {.bytes = whole->str, .n = whole->len}},
        {"json",
         {.bytes = REPLY("", "[{\"Nr\":1,\"Org\":\"V\",\"Utsagn\":\"Tydelige roller\"},"
                             "{\"Nr\":2,\"Utsagn\":\"For mange krav\"}]")}},
        {"ndjson",
         {.bytes = REPLY("", "{\"Nr\":1,\"Org\":\"V\",\"Utsagn\":\"Tydelige roller\"}\n"
                             "{\"Nr\":2,\"Utsagn\":\"For mange krav\"}\n")}},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(kinds); i++) {
        Site site = site_begin(&kinds[i].reply, 1, kinds[i].kind, "");
        assert_ok(pull_once(site.f), site.f->error);
        assert_stored(&site);
        site_end(&site, 1);
    }
}

static void plain_http_is_for_this_machine_alone(void **state)
{
    (void)state;
    PullFixture *f = pull_fixture("  ark:\n    kind: csv\n    path: http://filer.invalid/svar.csv\n"
                                  "    questions: {Org: {attribute: organisation}}\n",
                                  http_transport_new(&options));
    assert_false(pull_once(f));
    assert_error(f->error, INNSIKT_ERROR_USAGE, "plain http");
    transport_free(f->transport);
    pull_fixture_free(f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_file_is_asked_for_again_only_when_it_changed),
        cmocka_unit_test(after_a_pull_that_failed_everything_is_fetched),
        cmocka_unit_test(a_page_in_place_of_a_file_is_told),
        cmocka_unit_test(a_body_that_is_cut_is_fetched_again_from_its_start),
        cmocka_unit_test(every_kind_of_file_comes_from_the_web),
        cmocka_unit_test(plain_http_is_for_this_machine_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
