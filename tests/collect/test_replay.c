/* Pulls from form systems as they are recorded, or made up, in tests/collect/replay: one folder a
 * trap, named for it. source.yaml stands under `sources:` of the project; pulls.http holds what is
 * asked and answered; expected.txt what every pull said and left in the store, and the form.
 *
 * pulls.http: lines before the first pull say what the trap is. `=== pull [full]` begins a pull,
 * `--- METHOD URL` a request, which must come just so and in this order. Below it: `> Name: value`,
 * a header that must come with it; `< text`, the body that must; `! break N`, the connection breaks
 * after N bytes and the reply comes anew; `! times N`, it is asked so often in a row; the status
 * (0: no connection); headers of the reply; an empty line; the body, without the line end before
 * the next mark. `! export`: the body is a file of LimeSurvey's, which comes as Base64 in a reply.
 *
 * With INNSIKT_REPLAY_WRITE set, expected.txt is written: read it before it is kept. */
#include "schemas/instant.h"
#include "tests/collect/pull_fixture.h"

#include <stdlib.h>
#include <string.h>

#define FOLDER "tests/collect/replay"

/* --- recorded exchanges --- */

typedef struct {
    char *line; /* «METHOD URL» */
    GPtrArray *headers;
    char *asked; /* the body of the request; NULL: any */
    size_t break_off;
    int times, status;
    char *link, *etag;
    bool export;
    char *body;
} Exchange;

typedef struct {
    bool full;
    GPtrArray *exchanges;
} Recorded;

static void exchange_free(gpointer data)
{
    Exchange *x = data;
    g_free(x->line);
    g_ptr_array_unref(x->headers);
    g_free(x->asked);
    g_free(x->link);
    g_free(x->etag);
    g_free(x->body);
    g_free(x);
}

static void pull_free(gpointer data)
{
    Recorded *pull = data;
    g_ptr_array_unref(pull->exchanges);
    g_free(pull);
}

static void exported(Exchange *x)
{
    g_autofree char *file = x->body;
    g_autofree char *base64 = g_base64_encode((const guchar *)file, strlen(file));
    x->body = g_strdup_printf("{\"id\":1,\"result\":\"%s\",\"error\":null}", base64);
}

static Exchange *exchange_read(const char *text)
{
    Exchange *x = g_new0(Exchange, 1);
    const char *blank = strstr(text, "\n\n");
    g_autofree char *head = blank ? g_strndup(text, (gsize)(blank - text)) : g_strdup(text);
    g_auto(GStrv) lines = g_strsplit(head, "\n", -1);
    x->line = g_strdup(lines[0]);
    x->headers = g_ptr_array_new_with_free_func(g_free);
    x->status = -1;
    x->times = 1;
    for (char **line = lines + 1; *line; line++) {
        if (g_str_has_prefix(*line, "> "))
            g_ptr_array_add(x->headers, g_strdup(*line + 2));
        else if (g_str_has_prefix(*line, "< "))
            x->asked = g_strdup(*line + 2);
        else if (g_str_has_prefix(*line, "! break "))
            x->break_off = (size_t)atoi(*line + 8);
        else if (g_str_has_prefix(*line, "! times "))
            x->times = atoi(*line + 8);
        else if (g_str_equal(*line, "! export"))
            x->export = true;
        else if (g_str_has_prefix(*line, "Link: "))
            x->link = g_strdup(*line + 6);
        else if (g_str_has_prefix(*line, "ETag: "))
            x->etag = g_strdup(*line + 6);
        else if (x->status < 0)
            x->status = atoi(*line);
    }
    x->body = g_strdup(blank ? blank + 2 : "");
    size_t n = strlen(x->body);
    if (n && x->body[n - 1] == '\n')
        x->body[n - 1] = '\0';
    if (x->export)
        exported(x);
    return x;
}

/* Of Recorded. */
static GPtrArray *story_read(const char *text)
{
    GPtrArray *pulls = g_ptr_array_new_with_free_func(pull_free);
    g_auto(GStrv) parts = g_strsplit(text, "\n=== pull", -1);
    for (char **part = parts + 1; *part; part++) {
        Recorded *pull = g_new0(Recorded, 1);
        g_auto(GStrv) exchanges = g_strsplit(*part, "\n--- ", -1);
        pull->full = strstr(exchanges[0], "full");
        pull->exchanges = g_ptr_array_new_with_free_func(exchange_free);
        for (char **one = exchanges + 1; *one; one++) {
            g_autofree char *whole = g_strconcat(*one, one[1] ? "\n" : "", NULL);
            g_ptr_array_add(pull->exchanges, exchange_read(whole));
        }
        g_ptr_array_add(pulls, pull);
    }
    return pulls;
}

/* --- the transport --- */

typedef struct {
    Transport transport;
    const Recorded *pull;
    guint next;
    int asked; /* times that the next one was */
    size_t piece;
    GString *wrong; /* what came otherwise than recorded */
} Replay;

static void expect_request(Replay *replay, const HttpRequest *request, const Exchange *x)
{
    for (guint i = 0; i < x->headers->len; i++) {
        bool found = false;
        for (size_t h = 0; request->headers && request->headers[h]; h++)
            found |= g_str_equal(request->headers[h], x->headers->pdata[i]);
        if (!found)
            g_string_append_printf(replay->wrong, "%s came without %s\n", x->line,
                                   (char *)x->headers->pdata[i]);
    }
    if (x->asked && (strlen(x->asked) != request->body_length ||
                     memcmp(x->asked, request->body, request->body_length) != 0))
        g_string_append_printf(replay->wrong, "%s came with another body\n", x->line);
}

static bool give(const Replay *replay, const Exchange *x, HttpSink sink, HttpRestart restart,
                 gpointer data, GError **error)
{
    size_t n = strlen(x->body);
    if (x->break_off && !sink(x->body, MIN(n, x->break_off), data, error))
        return false;
    if (x->break_off)
        restart(data);
    for (size_t at = 0; at < n; at += replay->piece)
        if (!sink(x->body + at, MIN(replay->piece, n - at), data, error))
            return false;
    return true;
}

static bool replay_send(Transport *self, const HttpRequest *request, HttpSink sink,
                        HttpRestart restart, gpointer data, HttpReply *ret, char **ret_refusal,
                        GError **error)
{
    Replay *replay = (Replay *)self;
    g_autofree char *line = g_strdup_printf("%s %s", request->method, request->url);
    const Exchange *x = replay->next < replay->pull->exchanges->len
                            ? replay->pull->exchanges->pdata[replay->next]
                            : NULL;
    if (x && ++replay->asked >= x->times) {
        replay->next++;
        replay->asked = 0;
    }
    if (!x || !g_str_equal(x->line, line)) {
        g_string_append_printf(replay->wrong, "asked: %s\nrecorded: %s\n", line,
                               x ? x->line : "nothing more");
        g_set_error(error, INNSIKT_ERROR, INNSIKT_ERROR_NETWORK, "not recorded: %s", line);
        return false;
    }
    expect_request(replay, request, x);
    if (x->status == 0) {
        g_set_error(error, INNSIKT_ERROR, INNSIKT_ERROR_NETWORK, "%s: no connection",
                    request->what);
        return false;
    }
    *ret = (HttpReply){.status = x->status, .tries = 1};
    g_strlcpy(ret->link, x->link ? x->link : "", sizeof ret->link);
    g_strlcpy(ret->etag, x->etag ? x->etag : "", sizeof ret->etag);
    if (x->status >= 200 && x->status <= 299)
        return give(replay, x, sink, restart, data, error);
    *ret_refusal = g_strdup(x->body);
    return true;
}

static void replay_free(Transport *self)
{
    (void)self;
}

/* --- telling --- */

static void tell_counts(GString *out, const PullFixture *f)
{
    const PullCounts *c = &f->counts;
    g_string_append_printf(out,
                           "received %d: added %d, changed %d, same %d, set aside %d, restored %d; "
                           "deleted %d, unreadable %d\n",
                           (int)c->received, (int)c->added, (int)c->changed, (int)c->same,
                           (int)c->set_aside, (int)c->restored, (int)c->deleted,
                           (int)c->unreadable);
}

static bool tell_response(const StoredResponse *stored, gpointer data, GError **error)
{
    (void)error;
    GString *out = data;
    const Response *r = stored->response;
    g_autofree char *submitted = instant_iso(r->submitted), *updated = instant_iso(r->updated);
    g_string_append_printf(out, "  %s %s submitted %s updated %s%s%s%s\n", r->id,
                           state_word(r->state), submitted ? submitted : "-",
                           r->state == STATE_DELETED ? "-"
                           : updated                 ? updated
                                                     : "-",
                           r->zone_known ? "" : " local", r->form_version ? " version " : "",
                           r->form_version ? r->form_version : "");
    for (guint i = 0; i < r->answers->len; i++) {
        const Answer *a = &g_array_index(r->answers, Answer, i);
        g_string_append_printf(out, "    %s", a->question);
        if (a->instance != INSTANCE_NONE)
            g_string_append_printf(out, " #%d", a->instance);
        if (a->text)
            g_string_append_printf(out, " = %s", a->text);
        if (a->missing != MISSING_NONE)
            g_string_append_printf(out, " (%s)", missing_word(a->missing));
        g_string_append_c(out, '\n');
    }
    return true;
}

/* The form that the store keeps; nothing before it has one. */
static char *form_text(PullFixture *f)
{
    GString *out = g_string_new(NULL);
    g_autoptr(GError) error = NULL;
    g_autoptr(Form) form = store_form(f->store, f->source->name, &error);
    assert_ok(true, error);
    if (form)
        g_string_append_printf(out, "  form %s «%s»%s%s\n", form->id,
                               form->title ? form->title : "", form->language ? " in " : "",
                               form->language ? form->language : "");
    for (guint i = 0; form && i < form->questions->len; i++) {
        const FormQuestion *question = form->questions->pdata[i];
        g_string_append_printf(out, "    %s: %s, %s, «%s»", question->name,
                               form_kind_word(question->kind), question->type, question->text);
        for (guint c = 0; c < question->choices->len; c++) {
            const FormChoice *choice = &g_array_index(question->choices, FormChoice, c);
            g_string_append_printf(out, "; %s %s", choice->code, choice->text);
        }
        g_string_append_c(out, '\n');
    }
    return g_string_free(out, FALSE);
}

static char *run_story(const char *source, GPtrArray *pulls, size_t piece)
{
    GString *out = g_string_new(NULL);
    Replay replay = {.transport = {.send = replay_send, .free = replay_free},
                     .piece = piece,
                     .wrong = g_string_new(NULL)};
    PullFixture *f = pull_fixture(source, &replay.transport);
    GString *before = NULL;
    char *form_before = g_strdup("");
    for (guint i = 0; i < pulls->len; i++) {
        g_autoptr(GError) error = NULL;
        replay.pull = pulls->pdata[i];
        replay.next = 0;
        replay.asked = 0;
        f->full = replay.pull->full;
        bool ok = pull_once(f);
        g_string_append_printf(out, "pull %u%s\n", i + 1, replay.pull->full ? " full" : "");
        if (!ok)
            g_string_append_printf(out, "error %d: %s\n", f->error->code, f->error->message);
        tell_counts(out, f);
        g_string_append(out, f->notes->str);
        g_autoptr(GString) stored = g_string_new(NULL);
        assert_ok(store_each(f->store, NULL, tell_response, stored, &error), error);
        bool same = before && g_string_equal(before, stored);
        g_string_append(out, same ? "  the store is as before\n" : stored->str);
        if (before)
            g_string_free(before, TRUE);
        before = g_steal_pointer(&stored);
        char *form = form_text(f);
        if (g_strcmp0(form, form_before) != 0)
            g_string_append(out, form);
        g_free(form_before);
        form_before = form;
        if (replay.next < replay.pull->exchanges->len)
            g_string_append_printf(replay.wrong, "not asked: %s\n",
                                   ((Exchange *)replay.pull->exchanges->pdata[replay.next])->line);
    }
    pull_fixture_free(f);
    g_string_free(before, TRUE);
    g_free(form_before);
    g_string_append(out, replay.wrong->str);
    g_string_free(replay.wrong, TRUE);
    return g_string_free(out, FALSE);
}

static char *file_text(const char *folder, const char *name)
{
    g_autofree char *path = g_build_filename(FOLDER, folder, name, NULL);
    char *text = NULL;
    if (!g_file_get_contents(path, &text, NULL, NULL))
        fail_msg("%s is not there (run tests from the top folder)", path);
    return text;
}

static void as_expected(void **state)
{
    const char *folder = *state;
    g_autofree char *source = file_text(folder, "source.yaml");
    g_autofree char *story = file_text(folder, "pulls.http");
    g_autoptr(GPtrArray) pulls = story_read(story);
    g_setenv("PRUEVE_TOKEN", "tk-93vQ", TRUE);
    g_setenv("INNSIKT_NOW", "2026-11-22T17:00:00Z", TRUE);
    g_autofree char *told = run_story(source, pulls, 977);
    g_autofree char *path = g_build_filename(FOLDER, folder, "expected.txt", NULL);
    if (g_getenv("INNSIKT_REPLAY_WRITE"))
        assert_true(g_file_set_contents(path, told, -1, NULL));
    g_autofree char *due = file_text(folder, "expected.txt");
    assert_string_equal(told, due);
    for (size_t piece = 1; piece < 20; piece += 12) {
        g_autofree char *other = run_story(source, pulls, piece);
        assert_string_equal(other, due);
    }
}

static gint by_name(gconstpointer a, gconstpointer b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

int main(void)
{
    g_autoptr(GDir) dir = g_dir_open(FOLDER, 0, NULL);
    g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
    for (const char *name; dir && (name = g_dir_read_name(dir));)
        g_ptr_array_add(names, g_strdup(name));
    g_ptr_array_sort(names, by_name);
    g_autofree struct CMUnitTest *tests = g_new0(struct CMUnitTest, names->len + 1);
    for (guint i = 0; i < names->len; i++)
        tests[i] = (struct CMUnitTest){names->pdata[i], as_expected, NULL, NULL, names->pdata[i]};
    return _cmocka_run_group_tests("replay", tests, names->len, NULL, NULL);
}
