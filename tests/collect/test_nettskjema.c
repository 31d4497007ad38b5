/* A stream of answers that is larger than what is gathered: submissions are told before it ends,
 * and one whose lines come late is asked for by itself. */
#include "tests/collect/pull_fixture.h"

#include <string.h>

enum { SUBMISSIONS = 30, TEXT_BYTES = 1000 * 1000 };

typedef struct {
    Transport transport;
    char *text;     /* of every answer */
    GString *asked; /* ids of single submissions */
} Fake;

static const char source[] = "  s:\n    kind: nettskjema\n    url: https://nettskjema.no/api/v3\n"
                             "    form: 7\n    user: env:PRUEVE_USER\n"
                             "    password: env:PRUEVE_PASSWORD\n    questions:\n"
                             "      fri: {statement: {quadrant: strength}}\n"
                             "      valg: {attribute: valg}\n";

static bool say(HttpSink sink, gpointer data, GError **error, const char *format, ...)
    G_GNUC_PRINTF(4, 5);
static bool say(HttpSink sink, gpointer data, GError **error, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    g_autofree char *text = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    return sink(text, strlen(text), data, error);
}

static bool say_answers(const Fake *fake, HttpSink sink, gpointer data, GError **error)
{
    for (int i = 1; i <= SUBMISSIONS; i++)
        if (!say(sink, data, error,
                 "{\"submissionId\":%d,\"elementId\":1,\"elementType\":\"QUESTION\",\"textAnswer\":"
                 "\"%d %s\"}\n",
                 i, i, fake->text))
            return false;
    return say(sink, data, error,
               "{\"submissionId\":3,\"elementId\":2,\"elementType\":\"RADIO\","
               "\"answerOptionIds\":[5]}\n"
               "{\"submissionId\":%d,\"elementId\":2,\"elementType\":\"RADIO\"}\n",
               SUBMISSIONS);
}

static bool fake_send(Transport *self, const HttpRequest *request, HttpSink sink,
                      HttpRestart restart, gpointer data, HttpReply *ret, char **ret_refusal,
                      GError **error)
{
    (void)restart;
    (void)ret_refusal;
    Fake *fake = (Fake *)self;
    const char *last = strrchr(request->url, '/') + 1;
    *ret = (HttpReply){.status = 200, .tries = 1};
    if (g_str_equal(last, "token"))
        return say(sink, data, error, "{\"access_token\":\"t\"}");
    if (g_str_equal(last, "info"))
        return say(sink, data, error, "{\"numberOfPostponedSubmissions\":0}");
    if (g_str_equal(last, "elements"))
        return say(sink, data, error,
                   "[{\"elementId\":1,\"elementType\":\"QUESTION\",\"externalElementId\":\"fri\"},"
                   "{\"elementId\":2,\"elementType\":\"RADIO\",\"externalElementId\":\"valg\"}]");
    if (g_str_equal(last, "answers"))
        return say_answers(fake, sink, data, error);
    for (int i = 1; g_str_equal(last, "submission-metadata") && i <= SUBMISSIONS; i++)
        if (!say(sink, data, error,
                 "{\"submissionId\":%d,\"modifiedDate\":\"2026-03-04T10:00:00\"}\n", i))
            return false;
    if (!strstr(request->url, "/form/submission/"))
        return true;
    g_string_append_printf(fake->asked, "%s ", last);
    return say(sink, data, error,
               "{\"answers\":[{\"elementId\":1,\"elementType\":\"QUESTION\",\"textAnswer\":\"%s\"},"
               "{\"elementId\":2,\"elementType\":\"RADIO\",\"answerOptionIds\":[5]}]}",
               last);
}

static void more_than_is_gathered(void **state)
{
    (void)state;
    Fake fake = {.transport = {.send = fake_send},
                 .text = g_strnfill(TEXT_BYTES, 'x'),
                 .asked = g_string_new(NULL)};
    PullFixture *f = pull_fixture(source, &fake.transport);
    assert_ok(pull_once(f), f->error);
    /* 3 was told before its last line came, and is told again; whoever comes last is asked for. */
    assert_counts(f, SUBMISSIONS + 1, SUBMISSIONS, 1, 0, 0, 0, 0);
    assert_string_equal(fake.asked->str, "3 30 ");
    g_autofree char *stored = stored_text(f, NULL);
    assert_non_null(strstr(stored, "\n2 complete fri=2 xxx"));
    assert_non_null(strstr(stored, "\n3 complete fri=3 valg=o5\n"));
    assert_non_null(strstr(stored, "\n29 complete fri=29 xxx"));
    assert_ok(pull_once(f), f->error);
    assert_counts(f, 0, 0, 0, 0, 0, 0, 0);
    pull_fixture_free(f);
    g_string_free(fake.asked, TRUE);
    g_free(fake.text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(more_than_is_gathered)};
    return cmocka_run_group_tests_name("nettskjema", tests, NULL, NULL);
}
