/* YAML with places: what is read, what is refused, and that each complaint names its place. */
#include "schemas/error.h"
#include "schemas/nearest.h"
#include "schemas/yaml.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include <glib/gstdio.h>

#include <cmocka.h>

typedef struct {
    const char *name, *in;
    size_t n; /* 0: strlen */
    const char *message;
} Refusal;

static const Refusal refusals[] = {
    {"empty", "", 0, "f.yaml:1:1: the file is empty; write what it should say"},
    {"comments only", "# nothing\n\n# here\n", 0,
     "f.yaml:1:1: the file is empty; write what it should say"},
    {"Latin-1",
     "title: M\xF8"
     "te\n",
     0, "f.yaml:1:9: byte 0xF8 is not UTF-8; save the file as UTF-8"},
    {"UTF-8 cut off", "a: b\næ: \xE2\x82", 0,
     "f.yaml:2:4: byte 0xE2 is not UTF-8; save the file as UTF-8"},
    {"overlong", "a: \xC0\xAF\n", 0, "f.yaml:1:4: byte 0xC0 is not UTF-8; save the file as UTF-8"},
    {"surrogate", "a: \xED\xA0\x80\n", 0,
     "f.yaml:1:4: byte 0xED is not UTF-8; save the file as UTF-8"},
    {"NUL", "a: b\nc: d\0e\n", 12, "f.yaml:2:5: control character U+0000; take it out"},
    {"bell", "a: b\nø: \x07\n", 0, "f.yaml:2:4: control character U+0007; take it out"},
    {"UTF-16",
     "\xFF\xFE"
     "a\0:\0",
     6, "f.yaml:1:1: byte 0xFF is not UTF-8; save the file as UTF-8"},
    {"alias", "a: 1\nb: *x\n", 0,
     "f.yaml:2:5: aliases (*name) are not allowed; write the value itself"},
    {"anchor and alias", "a: &x [1]\nb: *x\n", 0,
     "f.yaml:1:7: anchors (&name) are not allowed; write the value itself\n"
     "f.yaml:2:5: aliases (*name) are not allowed; write the value itself"},
    {"merge key", "a: &m {b: 1}\nc:\n  <<: *m\n", 0,
     "f.yaml:1:7: anchors (&name) are not allowed; write the value itself\n"
     "f.yaml:3:8: aliases (*name) are not allowed; write the value itself"},
    {"tag", "a: !!binary aGk=\n", 0,
     "f.yaml:1:13: tags (!name) are not allowed; leave the tag out"},
    {"same key twice", "a: 1\nb: 2\n\"a\": 3\n", 0,
     "f.yaml:3:1: key \"a\" stands twice; the first is in line 1"},
    {"same key twice, deep", "a:\n  - {ø: 1, b: 2, ø: 3}\n", 0,
     "f.yaml:2:18: key \"ø\" stands twice; the first is in line 2"},
    {"list as key", "a: 1\n? [b]\n: 2\n", 0,
     "f.yaml:2:3: a key must be a plain text; write `name: value`"},
    {"two documents", "a: 1\n---\nb: 2\n", 0,
     "f.yaml:2:1: a second document; keep to one in a file"},
};

static void refuses(void **state)
{
    const Refusal *c = *state;
    g_autoptr(YamlFile) file = yaml_parse("f.yaml", c->in, c->n ? c->n : strlen(c->in));
    g_autoptr(GError) error = NULL;
    assert_false(yaml_sound(file, &error));
    assert_true(g_error_matches(error, INNSIKT_ERROR, INNSIKT_ERROR_USAGE));
    assert_string_equal(error->message, c->message);
}

/* libfyaml words these; only the place and that they are refused is ours to promise. */
static const struct {
    const char *in, *place;
} broken[] = {
    {"a: 1\n\tb: 2\n", "f.yaml:"}, {"a: b: c\n", "f.yaml:1:"},     {"a: [1, 2\n", "f.yaml:"},
    {"a: \"x\n", "f.yaml:1:"},     {"a: 'x\n\nb: 1\n", "f.yaml:"}, {"- a\nb: 1\n", "f.yaml:"},
    {"{a: 1}}\n", "f.yaml:1:"},    {"a: %\n  - @\n", "f.yaml:"},
};

static void refuses_bad_syntax(void **state)
{
    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(broken); i++) {
        g_autoptr(YamlFile) file = yaml_parse("f.yaml", broken[i].in, strlen(broken[i].in));
        g_autoptr(GError) error = NULL;
        assert_null(yaml_root(file));
        assert_false(yaml_sound(file, &error));
        assert_true(g_str_has_prefix(error->message, broken[i].place));
    }
}

static void keeps_places(void **state)
{
    (void)state;
    const char *text =
        "\xEF\xBB\xBF# comment\r\nærlig: {b: [1, \"to\"]}\r\ntom:\r\nlang: |\r\n  én\r\n  to\r\n";
    g_autoptr(YamlFile) file = yaml_parse("f.yaml", text, strlen(text));
    assert_true(yaml_sound(file, NULL));
    const YamlNode *root = yaml_root(file), *list = yaml_get(yaml_get(root, "ærlig"), "b");
    assert_int_equal(yaml_count(root), 3);
    assert_string_equal(yaml_key(root, 2), "lang");
    assert_int_equal(list->line, 2);
    assert_int_equal(list->column, 12);
    assert_int_equal(yaml_item(list, 1)->column, 16);
    assert_true(yaml_item(list, 1)->quoted);
    assert_string_equal(yaml_item(list, 1)->text, "to");
    assert_true(yaml_null(yaml_get(root, "tom")));
    assert_int_equal(yaml_get(root, "tom")->line, 3);
    assert_string_equal(yaml_get(root, "lang")->text, "én\nto\n");
    assert_null(yaml_get(root, "lan"));
    assert_null(yaml_get(list, "b"));
}

static void reads_nested_to_the_limit_only(void **state)
{
    (void)state;
    for (int depth = YAML_DEPTH_MAX - 1; depth <= YAML_DEPTH_MAX + 1; depth++) {
        g_autoptr(GString) text = g_string_new(NULL);
        for (int i = 0; i < depth; i++)
            g_string_append_c(text, '[');
        g_string_append_c(text, '7');
        for (int i = 0; i < depth; i++)
            g_string_append_c(text, ']');
        g_autoptr(YamlFile) file = yaml_parse("f.yaml", text->str, text->len);
        g_autoptr(GError) error = NULL;
        assert_int_equal(yaml_sound(file, &error), depth <= YAML_DEPTH_MAX);
        if (error)
            assert_string_equal(error->message,
                                "f.yaml:1:33: nested more than 32 deep; make it flatter");
    }
}

/* A hundred thousand brackets must neither take the stack nor the day. */
static void survives_hostile_files(void **state)
{
    (void)state;
    const char *const seeds[] = {"[",    "{a: ", "- ",    "? ", "&a [*a, ", "\"",
                                 "!!x ", "|\n ", "a:\n ", "{",  "%",        "@"};
    for (size_t i = 0; i < G_N_ELEMENTS(seeds); i++) {
        g_autoptr(GString) text = g_string_new(NULL);
        for (int n = 0; n < 20000; n++)
            g_string_append(text, seeds[i]);
        g_autoptr(YamlFile) file = yaml_parse("f.yaml", text->str, text->len);
        g_autoptr(GError) error = NULL;
        if (!yaml_sound(file, &error))
            assert_true(strlen(error->message) < 8192);
    }
}

/* Every cut and every single changed byte of a small file: an answer, never a crash. */
static void survives_mutation(void **state)
{
    (void)state;
    static const char text[] = "a: {b: [1, 'x', \"y\"], c: |\n  z\n}\n- d\n? e\n: &f !g *h\n";
    for (size_t n = 0; n < sizeof text; n++) {
        g_autoptr(YamlFile) cut = yaml_parse("f.yaml", text, n);
        yaml_sound(cut, NULL);
        for (int byte = 1; byte < 256; byte += 3) {
            char changed[sizeof text];
            memcpy(changed, text, sizeof text);
            changed[n] = (char)byte;
            g_autoptr(YamlFile) file = yaml_parse("f.yaml", changed, sizeof text);
            yaml_sound(file, NULL);
        }
    }
}

static void billion_laughs_stay_small(void **state)
{
    (void)state;
    g_autoptr(GString) text = g_string_new("a0: &a0 [lol]\n");
    for (int i = 1; i < 20; i++)
        g_string_append_printf(text, "a%d: &a%d [*a%d, *a%d, *a%d]\n", i, i, i - 1, i - 1, i - 1);
    g_autoptr(YamlFile) file = yaml_parse("f.yaml", text->str, text->len);
    g_autoptr(GError) error = NULL;
    assert_false(yaml_sound(file, &error));
    g_auto(GStrv) lines = g_strsplit(error->message, "\n", -1);
    assert_int_equal(g_strv_length(lines), YAML_COMPLAINTS_MAX + 1);
    assert_string_equal(lines[YAML_COMPLAINTS_MAX], "f.yaml: and 57 more of the kind");
}

static void too_large_a_file_is_refused(void **state)
{
    (void)state;
    g_autofree char *path = g_build_filename(g_get_tmp_dir(), "innsikt-large-XXXXXX", NULL);
    const int fd = g_mkstemp(path);
    assert_true(fd >= 0);
    g_autofree char *block = g_malloc(YAML_BYTES_MAX + 1);
    memset(block, '#', YAML_BYTES_MAX + 1);
    assert_true(g_file_set_contents(path, block, YAML_BYTES_MAX + 1, NULL));
    g_autoptr(GError) error = NULL;
    assert_null(yaml_load(path, "stor.yaml", &error));
    assert_true(g_error_matches(error, INNSIKT_ERROR, INNSIKT_ERROR_LIMIT));
    assert_string_equal(
        error->message,
        "stor.yaml: larger than 4 MiB, which no project needs; is it the right file?");
    g_unlink(path);
    close(fd);
    g_clear_error(&error);
    assert_null(yaml_load(path, "borte.yaml", &error));
    assert_true(g_error_matches(error, INNSIKT_ERROR, INNSIKT_ERROR_NOT_FOUND));
}

/* --- asking ---------------------------------------------------------------------------------- */

static const struct {
    const char *value; /* of key v, at column 4 */
    bool ok;
    double want;
    const char *message;
} numbers[] = {
    {"2.385", true, 2.385, NULL},
    {"-4.75e-1", true, -0.475, NULL},
    {"0,4", false, 0, "f.yaml:1:4: x is \"0,4\"; write 0.4"},
    {"12 kg", false, 0, "f.yaml:1:4: x is \"12 kg\"; it must be a number from -1 to 40"},
    {"40.001", false, 0, "f.yaml:1:4: x is \"40.001\"; it must be a number from -1 to 40"},
    {".nan", false, 0, "f.yaml:1:4: x is \".nan\"; it must be a number from -1 to 40"},
    {"nan", false, 0, "f.yaml:1:4: x is \"nan\"; it must be a number from -1 to 40"},
    {"", false, 0, "f.yaml:1:1: x is empty; write a value or leave it out"},
    {"[1]", false, 0, "f.yaml:1:4: x must be a single value"},
};

static void reads_numbers(void **state)
{
    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(numbers); i++) {
        g_autofree char *text = g_strdup_printf("v: %s\n", numbers[i].value);
        g_autoptr(YamlFile) file = yaml_parse("f.yaml", text, strlen(text));
        g_autoptr(GError) error = NULL;
        double got = -77.125;
        assert_int_equal(yaml_number(file, yaml_get(yaml_root(file), "v"), "x", -1, 40, &got),
                         numbers[i].ok);
        assert_true(got == (numbers[i].ok ? numbers[i].want : -77.125));
        assert_int_equal(yaml_sound(file, &error), numbers[i].ok);
        if (error)
            assert_string_equal(error->message, numbers[i].message);
    }
}

static void reads_whole_numbers_and_words(void **state)
{
    (void)state;
    static const char *const words[] = {"none", "organisation", "group", NULL};
    const char *text =
        "a: 18446744073709551615\nb: 3.0\nc: -1\nd: organization\ne: True\nf: 'true'\n";
    g_autoptr(YamlFile) file = yaml_parse("f.yaml", text, strlen(text));
    const YamlNode *root = yaml_root(file);
    g_autoptr(GError) error = NULL;
    uint64_t number = 0;
    bool flag = false;
    assert_true(yaml_integer(file, yaml_get(root, "a"), "a", 0, UINT64_MAX, &number));
    assert_true(number == UINT64_MAX);
    assert_true(yaml_bool(file, yaml_get(root, "f"), "f", &flag) && flag);
    assert_true(yaml_sound(file, NULL));
    assert_false(yaml_integer(file, yaml_get(root, "b"), "b", 0, 9, &number));
    assert_false(yaml_integer(file, yaml_get(root, "c"), "c", 0, 9, &number));
    assert_int_equal(yaml_word(file, yaml_get(root, "d"), "weight", words), -1);
    assert_false(yaml_bool(file, yaml_get(root, "e"), "e", &flag));
    assert_false(yaml_sound(file, &error));
    assert_string_equal(
        error->message,
        "f.yaml:2:4: b is \"3.0\"; it must be a whole number from 0 to 9\n"
        "f.yaml:3:4: c is \"-1\"; it must be a whole number from 0 to 9\n"
        "f.yaml:4:4: weight cannot be \"organization\"; did you mean \"organisation\"?\n"
        "f.yaml:5:4: e cannot be \"True\"; did you mean \"true\"?");
}

static void never_shows_a_secret(void **state)
{
    (void)state;
    const char *text = "password: hunter2hunter2\n";
    g_autoptr(YamlFile) file = yaml_parse("f.yaml", text, strlen(text));
    YamlNode *node = yaml_get(yaml_root(file), "password");
    g_autoptr(GError) error = NULL;
    double number;
    node->secret = true;
    yaml_number(file, node, "password", 0, 1, &number);
    yaml_word(file, node, "password", (const char *const[]){"a", NULL});
    assert_false(yaml_sound(file, &error));
    assert_null(strstr(error->message, "hunter2"));
}

static void shows_a_hostile_text_on_one_line(void **state)
{
    (void)state;
    const char *text = "a: \"x\\ny\\e[31mz "
                       "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\"\n";
    g_autoptr(YamlFile) file = yaml_parse("f.yaml", text, strlen(text));
    g_autofree char *shown = yaml_shown(yaml_get(yaml_root(file), "a"));
    assert_null(strchr(shown, '\n'));
    assert_null(strchr(shown, '\033'));
    assert_true(g_str_has_suffix(shown, "…\""));
    assert_int_equal(g_utf8_strlen(shown, -1), 63);
}

/* --- the nearest name ------------------------------------------------------------------------ */

static void finds_the_nearest_name(void **state)
{
    (void)state;
    static const char *const known[] = {"language", "thresholds", "store", "rør", "nb", "nn", NULL};
    static const struct {
        const char *wanted, *near;
    } cases[] = {
        {"langauge", "language"},
        {"Language", "language"},
        {"langage", "language"},
        {"treshold", "thresholds"},
        {"stor", "store"},
        {"stroe", "store"},
        {"thresh", "thresholds"},
        {"rør ", "rør"},
        {"ror", "rør"},
        {"nm", "nb"},
        {"x", NULL},
        {"sources", NULL},
        {"", NULL},
        {"languages-of-it", "language"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        const char *near = nearest_name(cases[i].wanted, known);
        if (g_strcmp0(near, cases[i].near) != 0)
            fail_msg("%s: %s", cases[i].wanted, near);
    }
    g_autofree char *help = nearest_help("sources", known);
    assert_string_equal(help, "known here: language, thresholds, store, rør, nb, nn");
    const char *many[41] = {NULL};
    for (int i = 0; i < 40; i++)
        many[i] = "abcdefgh";
    g_autofree char *cut = nearest_help("zzzzz", many);
    assert_true(g_str_has_suffix(cut, ", abcdefgh and 28 more"));
}

enum { N = G_N_ELEMENTS(refusals) };

int main(void)
{
    struct CMUnitTest tests[N];
    for (size_t i = 0; i < N; i++)
        tests[i] = (struct CMUnitTest){refusals[i].name, refuses, NULL, NULL, (void *)&refusals[i]};
    const struct CMUnitTest others[] = {
        cmocka_unit_test(refuses_bad_syntax),
        cmocka_unit_test(keeps_places),
        cmocka_unit_test(reads_nested_to_the_limit_only),
        cmocka_unit_test(survives_hostile_files),
        cmocka_unit_test(survives_mutation),
        cmocka_unit_test(billion_laughs_stay_small),
        cmocka_unit_test(too_large_a_file_is_refused),
        cmocka_unit_test(reads_numbers),
        cmocka_unit_test(reads_whole_numbers_and_words),
        cmocka_unit_test(never_shows_a_secret),
        cmocka_unit_test(shows_a_hostile_text_on_one_line),
        cmocka_unit_test(finds_the_nearest_name),
    };
    return cmocka_run_group_tests_name("yaml: refusals", tests, NULL, NULL) +
           cmocka_run_group_tests_name("yaml", others, NULL, NULL);
}
