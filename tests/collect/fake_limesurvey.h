/* A LimeSurvey in memory behind the Transport interface: answers calls as a server would, with
 * whatever is to go wrong, and remembers what it was asked. */
#ifndef INNSIKT_TESTS_FAKE_LIMESURVEY_H
#define INNSIKT_TESTS_FAKE_LIMESURVEY_H

#include "collect/transport.h"

#include <json-c/json.h>
#include <string.h>

#define FIXTURES "tests/fixtures/limesurvey/"

typedef struct {
    int64_t id;
    const char *submitdate, *datestamp, *seed;
    const char *org, *text, *secret;
    enum { ROW_GOOD, ROW_EMPTY, ROW_LETTERS, ROW_QUOTE } trouble;
} FakeRow;

typedef struct {
    Transport transport;
    GArray *rows;       /* of FakeRow, by id */
    GHashTable *canned; /* method → whole reply */
    const char *password;
    const char *place; /* how the only address ends where it answers; NULL: everywhere */
    bool wrapped, id_texts, no_fieldmap, stamped, zero_status, list_in_disorder;
    int64_t summary;    /* what get_summary says; -1: the truth */
    int64_t people;     /* participants, whose tids are odd; -1: there is no table of them */
    int64_t people_due; /* what get_summary says of them; -1: the truth */
    int session;        /* number of the session that is alive */
    int dies_after;     /* calls a session survives; 0: all */
    int alive;          /* calls of this session */
    int logins, logouts, exports;
    size_t piece;      /* bytes given to the sink at a time */
    size_t cut;        /* bytes missing at the end of exports longer than this; 0: none */
    GString *asked;    /* «method» of every call, a line each */
    GPtrArray *bodies; /* of every call */
} Fake;

static inline char *fixture_file(const char *name)
{
    g_autofree char *path = g_strconcat(FIXTURES, name, NULL);
    char *text = NULL;
    g_autoptr(GError) error = NULL;
    if (!g_file_get_contents(path, &text, NULL, &error))
        g_error("%s (run tests from the top folder)", error->message);
    return text;
}

static inline char *fake_result(const char *result)
{
    return g_strdup_printf("{\"id\":1,\"result\":%s,\"error\":null}", result);
}

static inline char *fake_status(const char *status)
{
    return g_strdup_printf("{\"id\":1,\"result\":{\"status\":\"%s\"},\"error\":null}", status);
}

static inline void fake_cell(GString *out, const char *name, const char *value)
{
    if (!value) {
        g_string_append_printf(out, ",\"%s\":null", name);
        return;
    }
    json_object *text = json_object_new_string(value);
    g_string_append_printf(out, ",\"%s\":%s", name, json_object_to_json_string(text));
    json_object_put(text);
}

static inline bool fake_asked_for(json_object *fields, const char *name)
{
    if (!json_object_is_type(fields, json_type_array))
        return true;
    for (size_t i = 0; i < json_object_array_length(fields); i++)
        if (g_str_equal(json_object_get_string(json_object_array_get_idx(fields, i)), name))
            return true;
    return false;
}

static inline void fake_row(const Fake *fake, const FakeRow *row, json_object *fields, GString *out)
{
    bool whole = fake_asked_for(fields, "99X1X2");
    if (row->trouble == ROW_EMPTY && whole)
        return;
    if (fake->wrapped)
        g_string_append_printf(out, "{\"%d\":", (int)row->id);
    g_string_append_printf(out, fake->id_texts ? "{\"id\":\"%d\"" : "{\"id\":%d", (int)row->id);
    fake_cell(out, "submitdate", row->submitdate);
    if (fake->stamped && fake_asked_for(fields, "datestamp"))
        fake_cell(out, "datestamp", row->datestamp);
    if (fake_asked_for(fields, "startlanguage"))
        fake_cell(out, "startlanguage", "nb");
    if (fake_asked_for(fields, "seed"))
        fake_cell(out, "seed", row->seed);
    if (fake_asked_for(fields, "99X1X1"))
        fake_cell(out, "ORG", row->org);
    if (whole)
        fake_cell(out, "STYRKER", row->text);
    if (fake_asked_for(fields, "99X1X3"))
        fake_cell(out, "HEMMELIG", row->secret);
    if (row->trouble == ROW_LETTERS && whole)
        g_string_append(out, ",\"x\":\"\xE6\xF8\"");
    if (row->trouble == ROW_QUOTE && whole)
        g_string_append(out, ",\"x\":\"a\"b\"");
    g_string_append(out, fake->wrapped ? "}}" : "}");
}

static inline int64_t fake_number(json_object *params, size_t i, int64_t otherwise)
{
    json_object *value = json_object_array_get_idx(params, i);
    return value ? json_object_get_int64(value) : otherwise;
}

static inline char *fake_export(Fake *fake, json_object *params)
{
    int64_t low = fake_number(params, 7, 0), high = fake_number(params, 8, G_MAXINT64);
    json_object *fields = json_object_array_get_idx(params, 9);
    GString *rows = g_string_new("{\"responses\": [");
    bool first = true;
    fake->exports++;
    for (guint i = 0; i < fake->rows->len; i++) {
        guint at = fake->list_in_disorder ? fake->rows->len - 1 - i : i;
        const FakeRow *row = &g_array_index(fake->rows, FakeRow, at);
        if (row->id < low || row->id > high)
            continue;
        g_string_append(rows, first ? "" : ",");
        fake_row(fake, row, fields, rows);
        first = false;
    }
    g_string_append(rows, "]}");
    g_autofree char *base64 = g_base64_encode((const guchar *)rows->str, rows->len);
    g_string_free(rows, TRUE);
    if (first && fake->zero_status)
        return fake_status("No Data, could not get max id.");
    g_autofree char *quoted = g_strdup_printf("\"%s\"", base64);
    char *reply = fake_result(quoted);
    if (fake->cut && strlen(reply) > fake->cut)
        reply[fake->cut] = '\0';
    return reply;
}

static inline char *fake_login(Fake *fake, json_object *params)
{
    const char *password = json_object_get_string(json_object_array_get_idx(params, 1));
    fake->logins++;
    if (fake->password && !g_str_equal(password, fake->password))
        return fixture_file("session-wrong-password.json");
    fake->session++;
    fake->alive = 0;
    return g_strdup_printf("{\"id\":1,\"result\":\"key%d\",\"error\":null}", fake->session);
}

static const char fake_fieldmap[] =
    "{\"id\":{\"fieldname\":\"id\",\"type\":\"id\",\"title\":\"\",\"aid\":\"\"},"
    "\"submitdate\":{\"title\":\"\",\"aid\":\"\"},%s\"startlanguage\":{\"title\":\"\",\"aid\":\"\"}"
    ","
    "\"seed\":{\"title\":\"\"},"
    "\"99X1X1\":{\"type\":\"S\",\"title\":\"ORG\",\"aid\":\"\"},"
    "\"99X1X2\":{\"type\":\"T\",\"title\":\"STYRKER\",\"aid\":\"\"},"
    "\"99X1X3\":{\"type\":\"T\",\"title\":\"HEMMELIG\",\"aid\":\"\"}}";

static const char fake_questions[] =
    "[{\"qid\":1,\"parent_qid\":\"0\",\"type\":\"S\",\"title\":\"ORG\",\"question\":\"Hvem?\"},"
    "{\"qid\":\"2\",\"parent_qid\":0,\"type\":\"T\",\"title\":\"STYRKER\",\"question\":\"Hva?\"},"
    "{\"qid\":3,\"parent_qid\":0,\"type\":\"T\",\"title\":\"HEMMELIG\",\"question\":\"Ikke?\"}]";

/* Participant n: every third has answered, every fifth is of group B. */
static inline void fake_participant(int64_t n, json_object *columns, GString *out)
{
    g_string_append_printf(out,
                           "%s{\"tid\":\"%d\",\"token\":\"tk%d\",\"participant_info\":{"
                           "\"firstname\":\"Ragnhild\",\"lastname\":\"Åsnes\",\"email\":"
                           "\"ragnhild%d@example.org\"}",
                           out->str[out->len - 1] == '[' ? "" : ",", (int)n * 2 + 1, (int)n,
                           (int)n);
    if (fake_asked_for(columns, "sent"))
        g_string_append(out, ",\"sent\":\"2026-03-01 08:00\"");
    if (fake_asked_for(columns, "completed"))
        g_string_append(out,
                        n % 3 ? ",\"completed\":\"N\"" : ",\"completed\":\"2026-03-02 09:11\"");
    if (fake_asked_for(columns, "attribute_1"))
        g_string_append(out, n % 5 ? ",\"attribute_1\":\"A\"" : ",\"attribute_1\":\" B \"");
    g_string_append_c(out, '}');
}

static inline char *fake_participants(const Fake *fake, json_object *params)
{
    int64_t start = fake_number(params, 2, 0), limit = fake_number(params, 3, 10), shown = 0;
    g_autoptr(GString) page = g_string_new("[");
    if (fake->people < 0)
        return fake_status("Error: No survey participants table");
    for (int64_t n = 0; n < fake->people && shown < limit; n++)
        if (n * 2 + 1 >= start) {
            fake_participant(n, json_object_array_get_idx(params, 5), page);
            shown++;
        }
    g_string_append_c(page, ']');
    return shown ? fake_result(page->str) : fake_status("No survey participants found.");
}

static inline char *fake_live(Fake *fake, const char *method, json_object *params)
{
    if (g_str_equal(method, "export_responses"))
        return fake_export(fake, params);
    if (g_str_equal(method, "list_participants"))
        return fake_participants(fake, params);
    if (g_str_equal(method, "list_questions"))
        return fake_result(fake_questions);
    if (g_str_equal(method, "get_fieldmap") && !fake->no_fieldmap) {
        g_autofree char *map =
            g_strdup_printf(fake_fieldmap, fake->stamped ? "\"datestamp\":{\"title\":\"\"}," : "");
        return fake_result(map);
    }
    if (g_str_equal(method, "get_survey_properties"))
        return fake_result(fake->stamped ? "{\"language\":\"nb\",\"datestamp\":\"Y\"}"
                                         : "{\"language\":\"nb\",\"datestamp\":\"N\"}");
    if (g_str_equal(method, "get_summary")) {
        int64_t n = fake->summary < 0 ? (int64_t)fake->rows->len : fake->summary;
        int64_t people = fake->people_due < 0 ? fake->people : fake->people_due;
        g_autofree char *tokens =
            people < 0 ? g_strdup("") : g_strdup_printf(",\"token_count\":\"%d\"", (int)people);
        g_autofree char *text = g_strdup_printf("{\"full_responses\":\"%d\"%s}", (int)n, tokens);
        return fake_result(text);
    }
    return g_strdup("{\"id\":1,\"result\":null,\"error\":\"unknown method or incorrect "
                    "parameters\"}");
}

static inline char *fake_answer(Fake *fake, const char *body)
{
    json_object *call = json_tokener_parse(body), *method, *params;
    g_assert_true(json_object_object_get_ex(call, "method", &method));
    g_assert_true(json_object_object_get_ex(call, "params", &params));
    const char *name = json_object_get_string(method);
    const char *canned = fake->canned ? g_hash_table_lookup(fake->canned, name) : NULL;
    const char *key = json_object_get_string(json_object_array_get_idx(params, 0));
    g_autofree char *alive = g_strdup_printf("key%d", fake->session);
    g_string_append_printf(fake->asked, "%s\n", name);
    char *reply;
    if (g_str_equal(name, "get_session_key")) {
        reply = canned ? g_strdup(canned) : fake_login(fake, params);
        fake->logins += canned ? 1 : 0;
    } else if (g_str_equal(name, "release_session_key")) {
        fake->logouts++;
        reply = fake_result("\"OK\"");
    } else if (canned) {
        reply = g_strdup(canned);
    } else if (!fake->canned && (!g_str_equal(key, alive) ||
                                 (fake->dies_after && fake->alive++ >= fake->dies_after))) {
        reply = fake_status("Invalid Session key");
    } else {
        reply = fake_live(fake, name, params);
    }
    json_object_put(call);
    return reply;
}

static inline bool fake_send(Transport *self, const HttpRequest *request, HttpSink sink,
                             HttpRestart restart, gpointer data, HttpReply *ret, char **ret_refusal,
                             GError **error)
{
    (void)restart;
    Fake *fake = (Fake *)self;
    g_ptr_array_add(fake->bodies, g_strdup(request->body));
    g_autofree char *reply = fake_answer(fake, request->body);
    if (fake->place && !g_str_has_suffix(request->url, fake->place)) {
        *ret = (HttpReply){.status = 404, .tries = 1};
        *ret_refusal = g_strdup("<html><title>404</title></html>");
        return true;
    }
    size_t n = strlen(reply);
    for (size_t at = 0; at < n; at += fake->piece)
        if (!sink(reply + at, MIN(fake->piece, n - at), data, error))
            return false;
    *ret = (HttpReply){.status = 200, .tries = 1, .body_bytes = (int64_t)n};
    return true;
}

static inline void fake_free(Transport *self)
{
    Fake *fake = (Fake *)self;
    g_array_unref(fake->rows);
    if (fake->canned)
        g_hash_table_unref(fake->canned);
    g_string_free(fake->asked, TRUE);
    g_ptr_array_unref(fake->bodies);
    g_free(fake);
}

static inline Fake *fake_new(void)
{
    Fake *fake = g_new0(Fake, 1);
    fake->transport = (Transport){.send = fake_send, .free = fake_free};
    fake->rows = g_array_new(FALSE, FALSE, sizeof(FakeRow));
    fake->asked = g_string_new(NULL);
    fake->bodies = g_ptr_array_new_with_free_func(g_free);
    fake->summary = -1;
    fake->people = fake->people_due = -1;
    fake->piece = 977;
    fake->stamped = true;
    return fake;
}

static inline void fake_can(Fake *fake, const char *method, char *reply)
{
    if (!fake->canned)
        fake->canned = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, g_free);
    g_hash_table_insert(fake->canned, (gpointer)method, reply);
}

/* n responses from id `first`, all complete and stamped. */
static inline void fake_fill(Fake *fake, int64_t first, int n)
{
    for (int i = 0; i < n; i++) {
        FakeRow row = {.id = first + i,
                       .submitdate = "2026-03-04 10:15:22",
                       .datestamp = "2026-03-04 10:15:22",
                       .seed = "1094417711",
                       .org = "Nordfjord Næringsforum",
                       .text = "Må samordnes med kommunene på Nordmøre 🌊",
                       .secret = "skal aldri ut av huset"};
        g_array_append_val(fake->rows, row);
    }
}

static inline FakeRow *fake_at(Fake *fake, int64_t id)
{
    for (guint i = 0; i < fake->rows->len; i++)
        if (g_array_index(fake->rows, FakeRow, i).id == id)
            return &g_array_index(fake->rows, FakeRow, i);
    return NULL;
}

static inline void fake_drop(Fake *fake, int64_t id)
{
    for (guint i = 0; i < fake->rows->len; i++)
        if (g_array_index(fake->rows, FakeRow, i).id == id)
            g_array_remove_index(fake->rows, i);
}

#endif
