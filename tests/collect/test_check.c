/* What check says beside the mapping: clocks apart, rights that are missing; and how the words of a
 * server are shown. */
#include "collect/check.h"

#include "tests/collect/project_fixture.h"

/* A server with one CSV file, whose clock is wrong. */
typedef struct {
    Transport transport;
    int64_t ahead;
    int status;
} Clock;

static bool clock_send(Transport *self, const HttpRequest *request, HttpSink sink,
                       HttpRestart restart, gpointer data, HttpReply *ret, char **ret_refusal,
                       GError **error)
{
    static const char body[] = "Nr;Org\n1;Solvik\n";
    const Clock *clock = (const Clock *)self;
    (void)request;
    (void)restart;
    *ret = (HttpReply){.status = clock->status, .tries = 1, .ahead = clock->ahead};
    if (clock->status == 200)
        return sink(body, sizeof body - 1, data, error);
    *ret_refusal = g_strdup("<html><title>Stengt</title><body>nei</body></html>");
    return true;
}

static void clock_free(Transport *self)
{
    (void)self;
}

/* All remarks, a line each; an error as the last. */
static char *remarks_of(int64_t ahead, int status)
{
    g_autofree char *folder = fixture_folder();
    g_autoptr(Project) project = fixture_project(
        folder, "  ark: {kind: csv, path: 'https://filer.example.no/a.csv', id: Nr,\n"
                "    questions: {Org: {attribute: organisation}}}\n");
    fixture_remove(folder);
    Clock clock = {{.send = clock_send, .free = clock_free}, ahead, status};
    const CheckJob job = {
        .project = project, .source = project->sources->pdata[0], .transport = &clock.transport};
    g_autoptr(GPtrArray) remarks = g_ptr_array_new_with_free_func(remark_free);
    g_autoptr(GError) error = NULL;
    GString *told = g_string_new(NULL);
    check_source(&job, remarks, &error);
    for (guint i = 0; i < remarks->len; i++) {
        const Remark *remark = remarks->pdata[i];
        assert_false(remark->wrong);
        g_string_append_printf(told, "%s\n", remark->text);
    }
    if (error)
        g_string_append(told, error->message);
    return g_string_free(told, FALSE);
}

static void clocks_apart_are_told(void **state)
{
    (void)state;
    static const struct {
        int64_t ahead;
        const char *due; /* NULL: nothing */
    } cases[] = {{0, NULL},
                 {119, NULL},
                 {-120, NULL},
                 {121, "ark: the server's clock is 2 minutes ahead of this machine's"},
                 {-3599, "ark: the server's clock is 60 minutes behind this machine's"}};
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *told = remarks_of(cases[i].ahead, 200);
        if (cases[i].due)
            assert_non_null(strstr(told, cases[i].due));
        else
            assert_string_equal(told, "");
    }
    /* A wrong clock may be why the server refuses. */
    g_autofree char *told = remarks_of(7200, 401);
    assert_non_null(strstr(told, "120 minutes ahead"));
    assert_non_null(strstr(told, "HTTP 401"));
    assert_non_null(strstr(told, "«Stengt»"));
}

static void words_of_servers_are_shown_plain(void **state)
{
    (void)state;
    static const struct {
        const char *said, *shown;
    } cases[] = {
        {"  Too   many\n requests ", "Too many requests"},
        {"{\"message\":\"nei\"}", "{\"message\":\"nei\"}"},
        {"\n<!DOCTYPE html><HTML><Title lang=nb>Logg&nbsp;inn &ndash; Skyen</Title><p>x",
         "Logg inn – Skyen"},
        {"<html><head><title> </title><style>p{}</style></head><body><p>Stengt</p> for natten",
         "Stengt for natten"},
        {"<html><body><h1>502</h1><script>x()</script>Bad &amp; gone", "502 Bad & gone"},
        {"a < b and <c>", "a < b and <c>"},
        {"<html", "<html"},
        {"", ""},
        {"\xFFrat\x1B[31m", "\uFFFDrat [31m"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *shown = transport_excerpt(cases[i].said);
        assert_string_equal(shown, cases[i].shown);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(clocks_apart_are_told),
        cmocka_unit_test(words_of_servers_are_shown_plain),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
