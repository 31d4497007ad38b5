/* The records of a JSON body, in pieces of every size; the texts of a tree; the answers in it; the
 * next page in a header. */
#include "collect/flatten.h"
#include "collect/pages.h"
#include "collect/records.h"

#include "schemas/response.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

/* --- records --------------------------------------------------------------------------------- */

typedef struct {
    const char *name, *pointer, *body;
    const char *told;  /* a record's JSON or its trouble, behind its number, one a line */
    const char *error; /* NULL: it ends well */
} Case;

static const Case cases[] = {
    {"the page is the list", "", "[{\"a\":1},{\"b\":\"]\"}]", "1 {\"a\":1}\n2 {\"b\":\"]\"}\n",
     NULL},
    {"an empty list", "", " [ ] ", "", NULL},
    {"a byte order mark", "/d", "\xEF\xBB\xBF\n{\"d\":[{}]}", "1 {}\n", NULL},
    {"deep inside", "/a/b", "{\"b\":[1],\"a\":{\"c\":{\"b\":[2]},\"b\":[{}],\"d\":3}}", "1 {}\n",
     NULL},
    {"through lists", "/0/1/x", "[[{\"x\":[1]},{\"y\":[2],\"x\":[{}]}],[{\"x\":[3]}]]", "1 {}\n",
     NULL},
    {"an escaped key", "/\xC3\xA5~1~0", "{\"\\u00e5\\/~\":[{}]}", "1 {}\n", NULL},
    {"a key in a value", "/d", "{\"x\":\"d\",\"y\":{\"d\":[1]},\"d\":[{}]}", "1 {}\n", NULL},
    {"a key with a quote", "/d", "{\"\\\"d\":[1],\"d\\\\\":[1],\"d\":[{}]}", "1 {}\n", NULL},
    {"no objects", "", "[1,\"a,]b\",null,true,[2,[3]],{}]",
     "1 is no object\n2 is no object\n3 is empty\n4 is no object\n5 is no object\n6 {}\n", NULL},
    {"braces in texts", "", "[{\"a\":\"}{][\\\"\"}]", "1 {\"a\":\"}{][\\\"\"}\n", NULL},
    {"one broken record", "", "[{\"a\" 1},{\"a\":01},{\"a\":1}]",
     "1 is broken JSON\n2 is broken JSON\n3 {\"a\":1}\n", NULL},
    {"numbers keep their text", "",
     "[{\"a\":12345678901234567890123,\"b\":1.50,\"c\":-0,\"d\":1e400}]",
     "1 {\"a\":12345678901234567890123,\"b\":1.50,\"c\":-0,\"d\":1e400}\n", NULL},
    {"letters that are none", "", "[{\"a\":\"\\ud800x\\u0000\xE5\"}]",
     "1 {\"a\":\"\xEF\xBF\xBDx\xEF\xBF\xBD\xEF\xBF\xBD\"}\n", NULL},
    {"a key twice", "", "[{\"a\":1,\"a\":2}]", "1 twice {\"a\":2}\n", NULL},
    {"no list there", "/d", "{\"x\":[{}]}", "none\n", NULL},
    {"null is an empty list", "/d", "{\"d\":null}", "", NULL},
    {"no list but an object", "/d", "{\"d\":{\"0\":{}}}", "none\n", NULL},
    {"cut in a record", "/d", "{\"d\":[{\"a\":1},{\"a\"", "1 {\"a\":1}\n", "ends in the middle"},
    {"cut behind the list", "/d", "{\"d\":[{}]", "1 {}\n", "ends in the middle"},
    {"empty", "/d", " \n", "", "is empty"},
    {"more behind it", "", "[{}]]", "1 {}\n", "goes on after its end"},
    {"no comma", "", "[{} {}]", "1 {}\n", "broken JSON between"},
    {"broken around", "/d", "{\"d\":[{}],}", "1 {}\n", "is broken JSON"},
    {"a page for people", "/d", "<html>", "", "is no JSON but a web page; check `url:`"},
    {"somebody's answers", "/d", "id;navn\\n1;Kari\\n", "",
     "no JSON but something else; check `url:`"},
    {"lines", NULL, "{\"a\":1}\n\r\n {\"b\":2}\r\n{}", "1 {\"a\":1}\n3 {\"b\":2}\n4 {}\n", NULL},
    {"a list in place of lines", NULL, "[{\"a\":1},\n{}]\n", "1 {\"a\":1}\n2 {}\n", NULL},
    {"no lines", NULL, "\n \n", "none\n", NULL},
    {"a broken line", NULL, "{\"a\":1}\n{\"a\"\n{}\n", "1 {\"a\":1}\n2 is broken JSON\n3 {}\n",
     NULL},
    {"a line cut off", NULL, "{\"a\":1}\n{\"a\":", "1 {\"a\":1}\n", "ends in the middle of a line"},
};

typedef struct {
    GString *told;
    int begun;
} Heard;

static bool hear(const Record *record, gpointer data, GError **error)
{
    (void)error;
    Heard *heard = data;
    const char *text =
        record->value ? json_object_to_json_string_ext(
                            record->value, JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE)
                      : record->trouble;
    g_string_append_printf(heard->told, "%d %s%s\n", (int)record->number,
                           record->repeats ? "twice " : "", text);
    return true;
}

static void begin(gpointer data)
{
    Heard *heard = data;
    g_string_truncate(heard->told, 0);
    heard->begun++;
}

static void reads_records(void **state)
{
    const Case *c = *state;
    const size_t n = strlen(c->body);
    for (size_t piece = 1; piece <= n + 1; piece++) {
        Heard heard = {g_string_new(NULL), 0};
        g_autoptr(GError) error = NULL;
        g_autoptr(Records) records = records_new(c->pointer, hear, begin, &heard);
        records_restart(records);
        /* Once in vain, as when a connection breaks. */
        records_feed(records, c->body, n / 2, NULL);
        records_restart(records);
        bool ok = true;
        for (size_t at = 0; ok && at < n; at += piece)
            ok = records_feed(records, c->body + at, MIN(piece, n - at), &error);
        ok = ok && records_end(records, &error);
        if (ok && !records_found(records))
            g_string_append(heard.told, "none\n");
        assert_string_equal(heard.told->str, c->told);
        assert_int_equal(heard.begun, 2);
        assert_int_equal(ok, !c->error);
        if (c->error && !strstr(error->message, c->error))
            fail_msg("«%s» does not say «%s»", error->message, c->error);
        g_string_free(heard.told, TRUE);
    }
}

static void what_is_too_much_is_one_record(void **state)
{
    (void)state;
    Heard heard = {g_string_new(NULL), 0};
    g_autoptr(GError) error = NULL;
    g_autoptr(Records) records = records_new("", hear, begin, &heard);
    g_autoptr(GString) deep = g_string_new("[{\"a\":");
    for (int i = 0; i < 100000; i++)
        g_string_append_c(deep, '[');
    for (int i = 0; i < 100000; i++)
        g_string_append_c(deep, ']');
    g_string_append(deep, "},{\"a\":\"");
    records_restart(records);
    assert_true(records_feed(records, deep->str, deep->len, &error));
    g_autofree char *much = g_strnfill(1 << 20, 'x');
    for (int i = 0; i < 17; i++)
        assert_true(records_feed(records, much, 1 << 20, &error));
    assert_true(records_feed(records, "\"},{}]", 6, &error));
    assert_true(records_end(records, &error));
    assert_string_equal(heard.told->str,
                        "1 is nested deeper than 64\n2 is larger than 16 MiB\n3 {}\n");
    g_string_free(heard.told, TRUE);
}

static void what_stands_around_is_told(void **state)
{
    (void)state;
    Heard heard = {g_string_new(NULL), 0};
    g_autoptr(GError) error = NULL;
    g_autoptr(Records) records = records_new("/d", hear, begin, &heard);
    static const char body[] = "{\"meta\":{\"next\":\"a\"},\"d\":[{},{}],\"n\":7}";
    records_restart(records);
    assert_true(records_feed(records, body, strlen(body), &error));
    assert_true(records_end(records, &error));
    json_object *around = records_around(records);
    assert_string_equal(json_text(json_at(around, "/meta/next")), "a");
    assert_string_equal(json_member_text(around, "n"), "7");
    assert_int_equal(json_object_array_length(json_at(around, "/d")), 0);
    assert_int_equal(records_count(records), 2);
    g_string_free(heard.told, TRUE);
}

/* --- answers --------------------------------------------------------------------------------- */

static void tell_answer(const char *path, int instance, const char *text, gpointer data)
{
    GString *out = data;
    g_string_append_printf(out, "%s", path);
    if (instance != INSTANCE_NONE)
        g_string_append_printf(out, "#%d", instance);
    g_string_append_printf(out, "=%s\n", text ? text : "(none)");
}

static void flattens(void **state)
{
    (void)state;
    static const char text[] =
        "{\"a\":1.0,\"g\":{\"g/b\":true,\"c\":null},\"m\":[\"x\",2,[\"y\"]],\"e\":[],"
        "\"r\":[{\"t\":\"1\",\"s\":[{\"u\":\"2\"},{\"u\":\"3\"}]},{\"t\":\"4\"},5]}";
    g_autoptr(GString) whole = g_string_new(NULL);
    g_autoptr(GString) plain = g_string_new(NULL);
    json_object *value = json_tree(text, strlen(text), NULL, NULL);
    json_flatten(&(Flatten){"; ", true, tell_answer, whole}, "", value);
    json_flatten(&(Flatten){";", false, tell_answer, plain}, "q", value);
    json_object_put(value);
    assert_string_equal(whole->str, "a=1.0\ng/b=true\ng/c=(none)\nm=x; 2; y\ne=(none)\n"
                                    "r/t#0=1\nr/s/u#1=2\nr/s/u#2=3\nr/t#3=4\nr=5\n");
    assert_true(g_str_has_prefix(plain->str, "q/a=1.0\nq/g/g/b=true\nq/g/c=(none)\nq/m=x;2;y\n"));
}

/* --- links ----------------------------------------------------------------------------------- */

static const struct {
    const char *links, *target;
} links[] = {
    {"", NULL},
    {"<https://a.no/?p=2>; rel=\"next\"", "https://a.no/?p=2"},
    {"<?p=1>; rel=prev, <?p=3,4>;REL = Next", "?p=3,4"},
    {"<?p=2>; rel=\"last NEXT first\"", "?p=2"},
    {"<?p=2>; title=\"a; rel=next, <x>\"; rel=last", NULL},
    {"<?p=2>; rel=last; rel=next", NULL},
    {"<?p=2>; rel=\"next\\\"\"", NULL},
    {"<?p=2>; rel=nextish", NULL},
    {"<?p=2", NULL},
    {"<a>;;;x,<b>; rel = next ; y", "b"},
    {"rel=next", NULL},
};

static void finds_links(void **state)
{
    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(links); i++) {
        g_autofree char *target = link_target(links[i].links, "next");
        if (g_strcmp0(target, links[i].target) != 0)
            fail_msg("%s: %s, expected %s", links[i].links, target, links[i].target);
    }
}

int main(void)
{
    enum { N = G_N_ELEMENTS(cases), OTHERS = 4 };
    struct CMUnitTest tests[OTHERS + N] = {
        cmocka_unit_test(what_is_too_much_is_one_record),
        cmocka_unit_test(what_stands_around_is_told),
        cmocka_unit_test(flattens),
        cmocka_unit_test(finds_links),
    };
    for (size_t i = 0; i < N; i++)
        tests[OTHERS + i] =
            (struct CMUnitTest){cases[i].name, reads_records, NULL, NULL, (void *)&cases[i]};
    return cmocka_run_group_tests_name("records", tests, NULL, NULL);
}
