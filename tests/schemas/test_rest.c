/* What project.yaml says of a paged JSON API: what it means, and every complaint with its place. */
#include "schemas/error.h"
#include "schemas/project.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <glib/gstdio.h>

#include <cmocka.h>

/* Eight lines: what follows begins in line 9. */
#define HEAD                                                                                       \
    "innsikt: 1\ntitle: T\nframework: virksomhet\nprivacy: {key: env:PRUEVE_KEY}\nsources:\n"      \
    "  api:\n    kind: rest\n    url: https://api.example.org/v1/responses?survey=7\n"

static Project *load(const char *text, GError **error)
{
    g_autofree char *folder = g_dir_make_tmp("innsikt-rest-XXXXXX", NULL);
    g_autofree char *path = g_build_filename(folder, "project.yaml", NULL);
    assert_true(g_file_set_contents(path, text, -1, NULL));
    Project *project = project_load(folder, error);
    g_unlink(path);
    g_rmdir(folder);
    return project;
}

static void all_keys_are_read(void **state)
{
    (void)state;
    g_autoptr(GError) error = NULL;
    g_autoptr(Project) project =
        load(HEAD "    auth: header\n    token: env:T\n    token_header: X-API-Key\n"
                  "    paging: {kind: cursor, parameter: c, next: /meta/next, total: /meta/n,\n"
                  "      size_parameter: limit, size: 317}\n"
                  "    records: /data/items\n    id: /id\n    submitted: /a\n    updated: /b\n"
                  "    deleted: /c~1d\n    complete: /e\n"
                  "    answers: {list: /answers, question: /field/ref, value: [/text, /no~0]}\n",
             &error);
    assert_string_equal(error ? error->message : "", "");
    const Source *source = project->sources->pdata[0];
    const RestRules *rest = source->rest;
    assert_int_equal(rest->auth, AUTH_HEADER);
    assert_string_equal(source->token_ref, "env:T");
    assert_string_equal(rest->token_header, "X-API-Key");
    assert_int_equal(rest->paging.kind, PAGING_CURSOR);
    assert_string_equal(rest->paging.parameter, "c");
    assert_string_equal(rest->paging.next, "/meta/next");
    assert_string_equal(rest->paging.total, "/meta/n");
    assert_string_equal(rest->paging.size_parameter, "limit");
    assert_int_equal(rest->paging.size, 317);
    assert_string_equal(rest->records, "/data/items");
    assert_string_equal(rest->deleted, "/c~1d");
    assert_string_equal(rest->answers, "/answers");
    assert_string_equal(rest->answer_question, "/field/ref");
    assert_string_equal(rest->answer_values[1], "/no~0");
    assert_null(rest->answer_values[2]);
    assert_false(rest->lines);
}

static void little_is_enough(void **state)
{
    (void)state;
    g_autoptr(GError) error = NULL;
    g_autoptr(Project) project = load(HEAD "    id: /id\n    paging: header\n", &error);
    assert_string_equal(error ? error->message : "", "");
    const RestRules *rest = ((Source *)project->sources->pdata[0])->rest;
    assert_int_equal(rest->auth, AUTH_NONE);
    assert_int_equal(rest->paging.kind, PAGING_HEADER);
    assert_string_equal(rest->records, "");
    assert_null(rest->answers);
    assert_int_equal(rest->paging.first, 1);
}

static char *digest(const char *text)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(Project) project = load(text, &error);
    assert_string_equal(error ? error->message : "", "");
    return source_mapping_digest(project->sources->pdata[0]);
}

/* Where answers stand decides what is kept; how pages follow does not. */
static void another_place_is_another_digest(void **state)
{
    (void)state;
    g_autofree char *first = digest(HEAD "    id: /id\n    answers: /a\n");
    g_autofree char *second = digest(HEAD "    id: /id\n    answers: /b\n");
    g_autofree char *paged = digest(HEAD "    id: /id\n    answers: /a\n    paging: header\n");
    assert_string_not_equal(first, second);
    assert_string_equal(first, paged);
}

typedef struct {
    const char *name, *text, *complaint;
} Case;

static const Case cases[] = {
    {"no id", "    paging: none\n", "6:3: a source of kind rest has no id; write"},
    {"no pointer", "    id: id\n", "9:9: id \"id\" is no JSON Pointer; write the way"},
    {"bad escape", "    id: /a~2b\n", "9:9: id \"/a~2b\" is no JSON Pointer"},
    {"unknown login", "    id: /id\n    auth: berer\n", "10:11: auth cannot be \"berer\"; did you"},
    {"no token", "    id: /id\n    auth: bearer\n",
     "10:11: auth bearer has no token; add `token:`"},
    {"no address of tokens",
     "    id: /id\n    auth: client-credentials\n    user: u\n    password: env:P\n",
     "10:11: auth client-credentials has no token_url"},
    {"token unused", "    id: /id\n    token: env:T\n", "there is a secret but no login"},
    {"token in the open", "    id: /id\n    auth: bearer\n    token: hunter2\n",
     "11:12: token stands in the open"},
    {"two headers", "    id: /id\n    auth: header\n    token: env:T\n    token_header: 'X: y'\n",
     "12:19: token_header is no name of a header"},
    {"unknown paging", "    id: /id\n    paging: pages\n", "10:13: paging cannot be \"pages\""},
    {"no parameter", "    id: /id\n    paging: {kind: offset}\n",
     "10:13: paging offset has no parameter; name the one"},
    {"no next", "    id: /id\n    paging: {kind: link}\n", "10:13: paging link has no next"},
    {"no cursor", "    id: /id\n    paging: {kind: cursor, parameter: c}\n",
     "10:13: paging cursor has neither next nor last"},
    {"both", "    id: /id\n    paging: {kind: cursor, parameter: c, next: /n, last: /l}\n",
     "10:13: paging cursor takes other keys"},
    {"size alone", "    id: /id\n    paging: {kind: header, size: 10}\n",
     "10:13: size and size_parameter go together"},
    {"key misspelt", "    id: /id\n    paging: {kind: page, paramter: p}\n", "did you mean"},
    {"answers half told", "    id: /id\n    answers: {list: /a, question: /q}\n",
     "10:14: answers has no value; write"},
    {"lines have no list", "    id: /id\n    format: ndjson\n    records: /data\n",
     "10:13: ndjson has a record on each line"},
    {"of another kind", "    id: Nr\n  b:\n    kind: csv\n    path: x.csv\n    records: /data\n",
     "13:14: records goes with kind rest; csv knows by itself"},
};

static void complains(void **state)
{
    const Case *c = *state;
    g_autofree char *text = g_strconcat(HEAD, c->text, NULL);
    g_autoptr(GError) error = NULL;
    assert_null(load(text, &error));
    assert_true(g_error_matches(error, INNSIKT_ERROR, INNSIKT_ERROR_USAGE));
    if (!strstr(error->message, c->complaint))
        fail_msg("«%s» does not say «%s»", error->message, c->complaint);
    assert_null(strstr(error->message, "hunter2"));
}

int main(void)
{
    struct CMUnitTest tests[3 + G_N_ELEMENTS(cases)] = {
        cmocka_unit_test(all_keys_are_read),
        cmocka_unit_test(little_is_enough),
        cmocka_unit_test(another_place_is_another_digest),
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++)
        tests[3 + i] = (struct CMUnitTest){cases[i].name, complains, NULL, NULL, (void *)&cases[i]};
    return cmocka_run_group_tests_name("rest", tests, NULL, NULL);
}
