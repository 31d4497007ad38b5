#include "collect/limesurvey_export.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <string.h>
#include <cmocka.h>

static const char *const headings[] = {"id", "STYRKER", "KANAL[WEB]", NULL};

static bool on_row(const LsCell *cells, gpointer data, GError **error)
{
    GString *told = data;
    for (size_t i = 0; headings[i]; i++) {
        static const char *const kinds[] = {"absent", "null", NULL, "odd"};
        g_string_append_printf(told, "%s%s", i > 0 ? "|" : "",
                               cells[i].kind == CELL_TEXT ? cells[i].text : kinds[cells[i].kind]);
    }
    g_string_append_c(told, '\n');
    if (!strstr(told->str, "stopp"))
        return true;
    g_set_error_literal(error, INNSIKT_ERROR, INNSIKT_ERROR_STORE, "full disk");
    return false;
}

static bool on_hole(const char *id, const char *reason, gpointer data, GError **error)
{
    (void)error;
    g_string_append_printf(data, "hole %s: %s\n", id ? id : "?", reason);
    return true;
}

static const LsExportVisit visit = {on_row, on_hole, NULL};

/* Feeds a reply in pieces; the rows told and how it ended, as text. */
static char *read_reply(const char *reply, size_t n, size_t piece)
{
    GString *told = g_string_new(NULL);
    g_autoptr(LsExport) reader = ls_export_new(headings, &visit, told);
    g_autoptr(GError) error = NULL;
    bool ok = true, rows = false;
    for (size_t at = 0; ok && at < n; at += piece)
        ok = ls_export_feed(reader, reply + at, MIN(piece, n - at), &error);
    ok = ok && ls_export_end(reader, &rows, &error);
    if (!ok)
        g_string_append_printf(told, "%s%d: %s", ls_export_broken(reader) ? "broken " : "",
                               error->code, error->message);
    else
        g_string_append(told, rows ? "rows" : "message");
    return g_string_free(told, FALSE);
}

/* Wraps a list's text as the server does. */
static char *wrapped(const char *list, size_t n)
{
    g_autofree char *base64 = g_base64_encode((const guchar *)list, n);
    return g_strdup_printf("{\"id\":1, \"result\":\"%s\",\"error\":null}", base64);
}

static const struct {
    const char *list, *told;
} lists[] = {
    {"{\"responses\": []}", "rows"},
    {" { \"responses\" : [ ] } ", "rows"},
    {"\xEF\xBB\xBF{\"responses\":[]}", "rows"},
    {"{\"responses\": [{\"id\":\"7\",\"STYRKER\":\"\\u00e6\\u00f8\\u00e5 "
     "\\ud83c\\udf0a\",\"x\":1}]}",
     "7|æøå 🌊|absent\nrows"},
    {"{\"responses\": "
     "[{\"id\":7,\"STYRKER\":null,\"KANAL[WEB]\":\"\"},\n{\"KANAL[WEB]\":true,\"id\":8}]}",
     "7|null|\n8|absent|true\nrows"},
    {"{\"responses\": "
     "[{\"1501\":{\"id\":\"1501\",\"STYRKER\":\"a\"}},{\"1502\":{\"id\":\"1502\"}}]}",
     "1501|a|absent\n1502|absent|absent\nrows"},
    {"{\"responses\": [{\"id\":\"\",\"STYRKER\":\"\"}]}", "rows"},
    {"{\"responses\": [{\"id\":null,\"STYRKER\":null}]}", "rows"},
    {"{\"responses\": [{\"id\":1},,{\"id\":3}]}",
     "1|absent|absent\nhole ?: the server left its place empty\n3|absent|absent\nrows"},
    {"{\"responses\": [,{\"id\":3},]}", "hole ?: the server left its place empty\n3|absent|absent\n"
                                        "hole ?: the server left its place empty\nrows"},
    {"{\"responses\": [{\"id\":1},false,\"[{]\",{\"id\":3}]}",
     "1|absent|absent\nhole ?: it is no record\nhole ?: it is no record\n3|absent|absent\nrows"},
    {"{\"responses\": [{\"id\":1,\"STYRKER\":\"a}],{\\\"\\\\\"},{\"id\":2}]}",
     "1|a}],{\"\\|absent\n2|absent|absent\nrows"},
    {"{\"responses\": [{\"id\":1,\"STYRKER\":\"gal \xE6\"},{\"id\":2}]}",
     "hole 1: its JSON is broken or its letters are not UTF-8\n2|absent|absent\nrows"},
    {"{\"responses\": [{\"STYRKER\":\"a\"\"b\",\"id\":1},{\"id\":2}]}",
     "hole ?: its JSON is broken or its letters are not UTF-8\n2|absent|absent\nrows"},
    {"{\"responses\": [{\"id\":1,\"STYRKER\":\"a\",\"STYRKER\":\"b\"}]}", "1|b|absent\nrows"},
    {"{\"responses\": [{\"id\":1,\"STYRKER\":[1,{\"id\":9}],\"KANAL[WEB]\":{\"a\":\"b\"}}]}",
     "1|odd|odd\nrows"},
    {"{\"responses\": [{\"id\":90071992547409931234,\"STYRKER\":-1.50e+3}]}",
     "90071992547409931234|-1.50e+3|absent\nrows"},
    {"{\"responses\": [{\"id\":1,\"STYRKER\":\"a\\ud83cb\\udf0a\\u0000c\\ud83c\\u00e5\"}]}",
     "1|a\xEF\xBF\xBD"
     "b\xEF\xBF\xBD\xEF\xBF\xBD"
     "c\xEF\xBF\xBD"
     "å|absent\nrows"},
    {"{\"responses\": [{\"id\":1,\"STYRKER\":\"\\\\ud83c \\\\u0000\"}]}",
     "1|\\ud83c \\u0000|absent\nrows"},
    {"{\"responses\": [{\"id\":1}",
     "1|absent|absent\nbroken 8: the export cannot be read: it ends in "
     "the middle"},
    {"{\"responses\": [{\"id\":1},{\"id\":2,\"STYRKER\":\"ab",
     "1|absent|absent\nbroken 8: the export cannot be read: it ends in the middle"},
    {"{\"responses\": [{\"id\":1} {\"id\":2}]}",
     "1|absent|absent\nbroken 8: the export cannot be read: responses do not follow each other as "
     "they should"},
    {"{\"responses\": [{\"id\":1}]} og mer",
     "1|absent|absent\nbroken 8: the export cannot be read: something follows the list of "
     "responses"},
    {"[{\"id\":1}]", "broken 8: the export cannot be read: it does not begin with a list of "
                     "responses"},
    {"{\"responses\": [{\"id\":1},{\"id\":2,\"STYRKER\":\"stopp\"},{\"id\":3}]}",
     "1|absent|absent\n2|stopp|absent\n10: full disk"},
};

/* However the reply is cut into pieces. */
static void lists_are_read(void **state)
{
    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(lists); i++) {
        g_autofree char *reply = wrapped(lists[i].list, strlen(lists[i].list));
        for (size_t piece = 1; piece <= strlen(reply); piece++) {
            g_autofree char *told = read_reply(reply, strlen(reply), piece);
            assert_string_equal(told, lists[i].told);
        }
    }
}

static void escaped_slashes_are_undone(void **state)
{
    (void)state;
    static const char list[] = "{\"responses\": [{\"id\":1,\"STYRKER\":\"?>?>~~?>?>?>\"}]}";
    g_autofree char *reply = wrapped(list, strlen(list));
    g_auto(GStrv) parts = g_strsplit(reply, "/", -1);
    assert_true(g_strv_length(parts) > 1);
    g_autofree char *escaped = g_strjoinv("\\/", parts);
    for (size_t piece = 1; piece < 9; piece++) {
        g_autofree char *told = read_reply(escaped, strlen(escaped), piece);
        assert_string_equal(told, "1|?>?>~~?>?>?>|absent\nrows");
    }
}

/* What is there when the reply ends at any byte: rows already told stand, and it is said. */
static void a_cut_at_any_byte_is_noticed(void **state)
{
    (void)state;
    static const char list[] = "{\"responses\": [{\"id\":1},{\"id\":2}]}";
    g_autofree char *reply = wrapped(list, strlen(list));
    size_t quote = (size_t)(strstr(reply, "\",\"error\"") - reply);
    for (size_t n = 0; n <= quote; n++) {
        g_autofree char *told = read_reply(reply, n, 7);
        assert_false(g_str_has_suffix(told, "rows"));
    }
}

/* Ceilings hold without a large machine: one answer, one response, the depth. */
static void ceilings_hold(void **state)
{
    (void)state;
    GString *list = g_string_new("{\"responses\": [{\"id\":1,\"STYRKER\":\"");
    for (int i = 0; i < (1 << 20) + 1; i++)
        g_string_append_c(list, 'a');
    g_string_append(list, "\"},{\"id\":2,\"STYRKER\":");
    for (int i = 0; i < 100000; i++)
        g_string_append_c(list, '[');
    for (int i = 0; i < 100000; i++)
        g_string_append_c(list, ']');
    g_string_append(list, "},{\"id\":3,\"x\":[0");
    while (list->len < 20 << 20)
        g_string_append(list, ",12345678901234567890");
    g_string_append(list, "]},{\"id\":4}]}");
    g_autofree char *reply = wrapped(list->str, list->len);
    g_string_free(list, TRUE);
    g_autofree char *told = read_reply(reply, strlen(reply), 16384);
    assert_string_equal(told, "hole 1: an answer is longer than 1 MiB\n"
                              "hole 2: it is nested too deeply\n"
                              "hole ?: it is longer than 16 MiB\n4|absent|absent\nrows");
}

static void what_is_no_list_says_what_it_is(void **state)
{
    (void)state;
    static const struct {
        const char *reply, *told;
    } cases[] = {
        {"{\"id\":1,\"result\":{\"status\":\"No permission\"},\"error\":null}", "message"},
        {"{\"id\":1,\"result\":{\"result\":\"eyJ\"},\"error\":null}", "message"},
        {"\xEF\xBB\xBF {\"a\":[{\"result\":\"x\"}]}", "message"},
        {"", "4: RemoteControl is switched off"},
        {" \r\n", "4: RemoteControl is switched off"},
        {"At least one column must be selected for export.",
         "8: this is no answer of LimeSurvey's RemoteControl"},
        {"<html>", "8: this is no answer of LimeSurvey's RemoteControl"},
        {"[]", "8: this is no answer of LimeSurvey's RemoteControl"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++)
        for (size_t piece = 1; piece < 60; piece += 13) {
            g_autofree char *told = read_reply(cases[i].reply, strlen(cases[i].reply), piece);
            assert_true(g_str_has_prefix(told, cases[i].told));
        }
    GString *endless = g_string_new("{\"id\":1,\"result\":[");
    while (endless->len < 200000)
        g_string_append(endless, "[],");
    g_autofree char *told = read_reply(endless->str, endless->len, 1000);
    assert_string_equal(told, "broken 8: the export cannot be read: the reply is no list of "
                              "responses");
    g_string_free(endless, TRUE);
}

/* A request that is sent again begins anew. */
static void a_restart_forgets(void **state)
{
    (void)state;
    GString *told = g_string_new(NULL);
    g_autoptr(LsExport) reader = ls_export_new(headings, &visit, told);
    static const char list[] = "{\"responses\": [{\"id\":1},{\"id\":2}]}";
    g_autofree char *reply = wrapped(list, strlen(list));
    bool rows;
    for (size_t n = 0; n < strlen(reply); n++) {
        assert_true(ls_export_feed(reader, reply, n, NULL));
        ls_export_restart(reader);
        g_string_truncate(told, 0);
        assert_true(ls_export_feed(reader, reply, strlen(reply), NULL));
        assert_true(ls_export_end(reader, &rows, NULL) && rows);
        assert_string_equal(told->str, "1|absent|absent\n2|absent|absent\n");
        ls_export_restart(reader);
    }
    g_string_free(told, TRUE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lists_are_read),
        cmocka_unit_test(escaped_slashes_are_undone),
        cmocka_unit_test(a_cut_at_any_byte_is_noticed),
        cmocka_unit_test(ceilings_hold),
        cmocka_unit_test(what_is_no_list_says_what_it_is),
        cmocka_unit_test(a_restart_forgets),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
