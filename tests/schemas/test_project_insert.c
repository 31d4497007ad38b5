/* Lines added to a project file: every byte that stood there stays, and what comes out is YAML that
 * says the old things and the new. */
#include "schemas/error.h"
#include "schemas/project_insert.h"
#include "schemas/yaml.h"
#include "schemas/yaml_text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

typedef struct {
    const char *name, *in, *out;
} Case;

/* What is added everywhere: B with a comment, C, and a last comment. */
static GPtrArray *entries_new(void)
{
    GPtrArray *entries = g_ptr_array_new_with_free_func(project_entry_free);
    static const struct {
        const char *comment, *key, *value;
    } rows[] = {{"ny: #1", "B", "{rating: x-7}"}, {NULL, "\"C[*]\"", "ignore"}};
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        ProjectEntry *entry = project_entry_new();
        if (rows[i].comment)
            g_ptr_array_add(entry->comments, g_strdup(rows[i].comment));
        entry->key = g_strdup(rows[i].key);
        entry->value = g_strdup(rows[i].value);
        g_ptr_array_add(entries, entry);
    }
    return entries;
}

#define NEW6 "      # ny: #1\n      B: {rating: x-7}\n      \"C[*]\": ignore\n"

static const Case cases[] = {
    {"a block", "sources:\n  s:\n    kind: csv\n    questions:\n      A: ignore\n",
     "sources:\n  s:\n    kind: csv\n    questions:\n      A: ignore\n" NEW6},
    {"a block with comments around",
     "# top\nsources:\n  s:   # tail\t x\n    questions:   # q\n      # above\n      A:  ignore   "
     "# "
     "beside\n      # A is all\n\n  # of t\n  t: {kind: odk}\nround: 1\n",
     "# top\nsources:\n  s:   # tail\t x\n    questions:   # q\n      # above\n      A:  ignore   "
     "# "
     "beside\n      # A is all\n" NEW6 "\n  # of t\n  t: {kind: odk}\nround: 1\n"},
    {"a block of its own depth",
     "sources:\n    s:\n        kind: csv\n        questions:\n                A: ignore\n        "
     "path: x\n",
     "sources:\n    s:\n        kind: csv\n        questions:\n                A: ignore\n"
     "                # ny: #1\n                B: {rating: x-7}\n                \"C[*]\": "
     "ignore\n        path: x\n"},
    {"a value of many lines",
     "sources:\n  s:\n    questions:\n      A:\n        statement:\n          {quadrant: "
     "strength,\n"
     "           values: {a: b}}   # there\n    path: p\n",
     "sources:\n  s:\n    questions:\n      A:\n        statement:\n          {quadrant: "
     "strength,\n"
     "           values: {a: b}}   # there\n" NEW6 "    path: p\n"},
    {"a text of many lines",
     "sources:\n  s:\n    questions:\n      A: |\n        # no comment\n        text\n\n    path: "
     "p\n",
     "sources:\n  s:\n    questions:\n      A: |\n        # no comment\n        text\n\n" NEW6
     "    path: p\n"},
    {"no final newline", "sources:\n  s:\n    questions:\n      A: ignore",
     "sources:\n  s:\n    questions:\n      A: ignore\n      # ny: #1\n      B: {rating: x-7}\n"
     "      \"C[*]\": ignore"},
    {"CRLF", "sources:\r\n  s:\r\n    questions:\r\n      A: ignore\r\n    path: p\r\n",
     "sources:\r\n  s:\r\n    questions:\r\n      A: ignore\r\n      # ny: #1\r\n      B: {rating: "
     "x-7}\r\n      \"C[*]\": ignore\r\n    path: p\r\n"},
    {"a byte order mark", "\xEF\xBB\xBFsources:\n  s:\n    questions:\n      Å: ignore\n",
     "\xEF\xBB\xBFsources:\n  s:\n    questions:\n      Å: ignore\n" NEW6},
    {"empty brackets", "sources:\n  s:\n    kind: csv\n    questions: {}\n",
     "sources:\n  s:\n    kind: csv\n    questions:\n" NEW6},
    {"empty brackets and a comment",
     "sources:\n  s:\n    questions: {}   # none yet\n      # nor here\n    path: p\n",
     "sources:\n  s:\n    questions:    # none yet\n      # nor here\n" NEW6 "    path: p\n"},
    {"empty brackets at the end", "sources:\n  s:\n    questions: {}",
     "sources:\n  s:\n    questions:\n      # ny: #1\n      B: {rating: x-7}\n      \"C[*]\": "
     "ignore"},
    {"nothing", "sources:\n  s:\n    questions:\n    path: p\n",
     "sources:\n  s:\n    questions:\n" NEW6 "    path: p\n"},
    {"nothing, said so", "sources:\n  s:\n    questions: ~ # later\n    path: p\n",
     "sources:\n  s:\n    questions:  # later\n" NEW6 "    path: p\n"},
    {"brackets", "sources:\n  s:\n    questions: {A: ignore}  # a\n    path: p\n",
     "sources:\n  s:\n    questions: {A: ignore,\n      # ny: #1\n      B: {rating: x-7},\n      "
     "\"C[*]\": ignore\n      }  # a\n    path: p\n"},
    {"brackets with a comma, over lines",
     "sources:\n  s:\n    questions: {\n      A: ignore,  # a\n      }\n    path: p\n",
     "sources:\n  s:\n    questions: {\n      A: ignore,  # a\n      \n      # ny: #1\n      B: "
     "{rating: x-7},\n      \"C[*]\": ignore\n      }\n    path: p\n"},
    {"brackets with room", "sources:\n  s:\n    questions: {  }\n",
     "sources:\n  s:\n    questions: {  \n      # ny: #1\n      B: {rating: x-7},\n      \"C[*]\": "
     "ignore\n      }\n"},
    {"brackets in brackets", "sources: {s: {kind: csv, questions: {A: ignore}}}\n",
     "sources: {s: {kind: csv, questions: {A: ignore,\n  # ny: #1\n  B: {rating: x-7},\n  "
     "\"C[*]\": ignore\n  }}}\n"},
    {"no key",
     "sources:\n  s:\n    kind: csv\n    path: p  # p\n    # more of s\n  t: {kind: odk}\n",
     "sources:\n  s:\n    kind: csv\n    path: p  # p\n    # more of s\n    questions:\n" NEW6
     "  t: {kind: odk}\n"},
    {"no key, no final newline", "sources:\n s:\n  kind: csv",
     "sources:\n s:\n  kind: csv\n  questions:\n    # ny: #1\n    B: {rating: x-7}\n    \"C[*]\": "
     "ignore"},
    {"no key, in brackets", "sources:\n  s: {kind: csv, path: p}\n",
     "sources:\n  s: {kind: csv, path: p,\n    questions: {\n      # ny: #1\n      B: {rating: "
     "x-7},\n      \"C[*]\": ignore\n      }\n    }\n"},
    {"another source of the same keys",
     "sources:\n  r:\n    questions:\n      A: ignore\n  s:\n    questions:\n      A: ignore\n  "
     "t:\n"
     "    questions:\n      A: ignore\n",
     "sources:\n  r:\n    questions:\n      A: ignore\n  s:\n    questions:\n      A: ignore\n" NEW6
     "  t:\n    questions:\n      A: ignore\n"},
    {"a first key of brackets in quotes", "sources:\n  s:\n    questions:\n      \"{a}\": ignore\n",
     "sources:\n  s:\n    questions:\n      \"{a}\": ignore\n" NEW6},
    {"a key in quotes, explicit",
     "\"sources\":\n  's':\n    \"questions\":\n      ? \"A b\"\n      : ignore\n",
     "\"sources\":\n  's':\n    \"questions\":\n      ? \"A b\"\n      : ignore\n" NEW6},
};

static const YamlNode *questions_of(const YamlFile *file)
{
    return yaml_get(yaml_get(yaml_get(yaml_root(file), "sources"), "s"), "questions");
}

static void adds_and_keeps(void **state)
{
    const Case *c = *state;
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) entries = entries_new();
    g_autofree char *out = project_insert(c->in, strlen(c->in), "s", entries, &error);
    if (!out)
        fail_msg("%s", error->message);
    assert_string_equal(out, c->out);
    g_autoptr(YamlFile) file = yaml_parse("f", out, strlen(out));
    if (!yaml_sound(file, &error))
        fail_msg("%s", error->message);
    const YamlNode *questions = questions_of(file);
    assert_string_equal(yaml_get(yaml_get(questions, "B"), "rating")->text, "x-7");
    const size_t n = yaml_count(questions);
    assert_string_equal(yaml_key(questions, n - 1), "C[*]");
}

static void breaks_long_lines(void **state)
{
    (void)state;
    g_autoptr(GPtrArray) entries = g_ptr_array_new_with_free_func(project_entry_free);
    ProjectEntry *entry = project_entry_new();
    g_autoptr(GString) value = g_string_new("{attribute: o, values: {");
    for (int i = 0; i < 40; i++)
        g_string_append_printf(value, "%sA%d: \"Nr \\\"%d\\\", og, {noe} mer\"", i ? ", " : "", i,
                               i);
    g_string_append(value, "}}");
    entry->key = g_strdup("ORG");
    entry->value = g_strdup(value->str);
    g_ptr_array_add(entries, entry);
    static const char *const in[] = {"sources:\n  s:\n    questions:\n      A: ignore\n",
                                     "sources: {s: {questions: {A: ignore}}}\n"};
    for (size_t i = 0; i < G_N_ELEMENTS(in); i++) {
        g_autoptr(GError) error = NULL;
        g_autofree char *out = project_insert(in[i], strlen(in[i]), "s", entries, &error);
        g_autoptr(YamlFile) file = yaml_parse("f", out, strlen(out));
        if (!yaml_sound(file, &error))
            fail_msg("%s", error->message);
        const YamlNode *values = yaml_get(yaml_get(questions_of(file), "ORG"), "values");
        assert_int_equal(yaml_count(values), 40);
        assert_string_equal(yaml_get(values, "A39")->text, "Nr \"39\", og, {noe} mer");
        g_auto(GStrv) lines = g_strsplit(out, "\n", -1);
        for (char **line = lines; *line; line++)
            assert_true(strlen(*line) <= 125);
    }
}

static void refuses(void **state)
{
    (void)state;
    static const struct {
        const char *in, *message;
    } rows[] = {
        {"sources:\n  t: {kind: csv}\n",
         "project.yaml: there is no source \"s\" to add questions to; add it under `sources:`"},
        {"sources: {s: {kind: csv, questions: }}\n",
         "project.yaml:1:26: nothing stands behind `questions:` of source \"s\"; write `questions: "
         "{}`"},
        {"sources: [\n", NULL},
        {"", NULL},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(GPtrArray) entries = entries_new();
        assert_null(project_insert(rows[i].in, strlen(rows[i].in), "s", entries, &error));
        assert_true(g_error_matches(error, INNSIKT_ERROR, INNSIKT_ERROR_USAGE));
        if (rows[i].message)
            assert_string_equal(error->message, rows[i].message);
    }
}

static void puts_a_value(void **state)
{
    (void)state;
    static const struct {
        const char *in, *out;
    } rows[] = {
        {"framework: ehelse   # what\nx: 1", "framework: mitt.yaml   # what\nx: 1"},
        {"\xEF\xBB\xBF{x: 1, \"framework\": 'e'}", "\xEF\xBB\xBF{x: 1, \"framework\": mitt.yaml}"},
        {"x: 1\n", NULL},
        {"framework:\n", NULL},
        {"framework: [a]\n", NULL},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(GError) error = NULL;
        g_autofree char *out =
            project_put(rows[i].in, strlen(rows[i].in), "framework", "mitt.yaml", &error);
        assert_int_equal(out != NULL, rows[i].out != NULL);
        if (out)
            assert_string_equal(out, rows[i].out);
        else
            assert_true(g_error_matches(error, INNSIKT_ERROR, INNSIKT_ERROR_USAGE));
    }
}

/* --- texts ----------------------------------------------------------------------------------- */

static void scalars_stay_what_they_are(void **state)
{
    (void)state;
    static const struct {
        const char *text, *scalar;
    } rows[] = {
        {"VALG", "VALG"},
        {"likert/sam_arbeid-2.0", "likert/sam_arbeid-2.0"},
        {"Målene er klare", "Målene er klare"},
        {"7", "7"},
        {"007", "\"007\""},
        {"-7", "\"-7\""},
        {"1.5", "\"1.5\""},
        {"", "\"\""},
        {" a", "\" a\""},
        {"a ", "\"a \""},
        {"a  b", "\"a  b\""},
        {"Null", "\"Null\""},
        {"no", "\"no\""},
        {"N", "\"N\""},
        {"a: b", "\"a: b\""},
        {"a #b", "\"a #b\""},
        {"*a", "\"*a\""},
        {"&a", "\"&a\""},
        {"!!binary x", "\"!!binary x\""},
        {"{a}", "\"{a}\""},
        {"X[*]", "\"X[*]\""},
        {"env:HOME", "\"env:HOME\""},
        {"si \"hei\" \\", "\"si \\\"hei\\\" \\\\\""},
        {"a\nb\tc\r\x07", "\"a\\x0Ab\\x09c\\x0D\\x07\""},
        {"a\xC2\x85"
         "b\u2028c\u202Ed\uFEFF",
         "\"a\\x85b\\u2028c\\u202Ed\\uFEFF\""},
        {"\U000E0041", "\"\\U000E0041\""},
        {"\xFF", "\"\uFFFD\""},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autofree char *scalar = yaml_scalar(rows[i].text);
        assert_string_equal(scalar, rows[i].scalar);
        g_autofree char *yaml = g_strdup_printf("%s: [%s, {%s: x}]\n", scalar, scalar, scalar);
        g_autoptr(YamlFile) file = yaml_parse("f", yaml, strlen(yaml));
        g_autoptr(GError) error = NULL;
        if (!yaml_sound(file, &error))
            fail_msg("%s", error->message);
        g_autofree char *valid = g_utf8_make_valid(rows[i].text, -1);
        assert_string_equal(yaml_key(yaml_root(file), 0), valid);
        assert_string_equal(yaml_item(yaml_item(yaml_root(file), 0), 0)->text, valid);
    }
}

static void comments_are_one_line(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        size_t most;
        const char *comment;
    } rows[] = {
        {"  to\n\n  ord\t", 20, "to ord"},
        {"a\u2028b\xC2\x85"
         "c\x1b[31m",
         20, "a b c [31m"},
        {"\u202Eabc\u202C", 20, "abc"},
        {"blåbærsyltetøy", 14, "blåbærsyltetøy"},
        {"blåbærsyltetøy", 13, "blåbærsyltet…"},
        {"ab cd", 4, "ab …"},
        {"", 5, ""},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autofree char *comment = yaml_comment(rows[i].text, rows[i].most);
        assert_string_equal(comment, rows[i].comment);
    }
}

enum { N = G_N_ELEMENTS(cases) };

int main(void)
{
    struct CMUnitTest tests[N];
    for (size_t i = 0; i < N; i++)
        tests[i] =
            (struct CMUnitTest){cases[i].name, adds_and_keeps, NULL, NULL, (void *)&cases[i]};
    const struct CMUnitTest others[] = {
        cmocka_unit_test(breaks_long_lines),     cmocka_unit_test(refuses),
        cmocka_unit_test(puts_a_value),          cmocka_unit_test(scalars_stay_what_they_are),
        cmocka_unit_test(comments_are_one_line),
    };
    return cmocka_run_group_tests_name("project_insert: cases", tests, NULL, NULL) +
           cmocka_run_group_tests_name("project_insert", others, NULL, NULL);
}
