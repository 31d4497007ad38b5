/* What `innsikt init` writes is a project that loads, whatever its title. */
#include "schemas/command.h"
#include "schemas/error.h"
#include "schemas/project.h"
#include "schemas/secret.h"

#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <glib/gstdio.h>

#include <cmocka.h>

static char *folder;

static int make_folder(void **state)
{
    (void)state;
    folder = g_dir_make_tmp("innsikt-XXXXXX", NULL);
    return folder ? 0 : -1;
}

static int drop_folder(void **state)
{
    (void)state;
    static const char *const files[] = {"project.yaml", "innsikt.key", ".gitignore"};
    for (size_t i = 0; i < G_N_ELEMENTS(files); i++) {
        g_autofree char *path = g_build_filename(folder, files[i], NULL);
        g_unlink(path);
    }
    g_rmdir(folder);
    g_clear_pointer(&folder, g_free);
    return 0;
}

static bool run_init(const char *options, const char *in, GError **error)
{
    const Command *init = setup_commands;
    g_auto(GStrv) argv = NULL;
    g_autofree char *line = g_strconcat("init ", options, NULL);
    const Invocation invocation = {.folder = ".", .quiet = true};
    char *arguments[] = {(char *)in, NULL};
    assert_string_equal(init->name, "init");
    for (const GOptionEntry *option = init->options; option->long_name; option++)
        *(char **)option->arg_data = NULL;
    assert_true(g_shell_parse_argv(line, NULL, &argv, NULL));
    g_autoptr(GOptionContext) context = g_option_context_new(NULL);
    g_option_context_add_main_entries(context, init->options, NULL);
    assert_true(g_option_context_parse_strv(context, &argv, NULL));
    const bool done = init->run(&invocation, arguments, error);
    for (const GOptionEntry *option = init->options; option->long_name; option++)
        g_clear_pointer((char **)option->arg_data, g_free);
    return done;
}

typedef struct {
    const char *name, *options, *title;
    const char *kind, *place; /* of the first source; NULL: there is none */
} Case;

static const Case cases[] = {
    {"nothing told", "", NULL, NULL, NULL},
    {"a title", "--title Prøve", "Prøve", NULL, NULL},
    {"a title like YAML", "--title '\"a\\b\": {sources} # [x] \xF0\x9F\x98\x80'",
     "\"a\\b\": {sources} # [x] \xF0\x9F\x98\x80", NULL, NULL},
    {"limesurvey", "--kind limesurvey --url https://a.no/rpc --form 007", NULL, "limesurvey",
     "https://a.no/rpc"},
    {"limesurvey by example", "--kind limesurvey", NULL, "limesurvey",
     "https://skjema.example.no/index.php/admin/remotecontrol"},
    {"odk", "--kind odk --url https://a.no/v1/projects/7 --form 'Møte 1'", NULL, "odk",
     "https://a.no/v1/projects/7"},
    {"places in places", "--kind odk --url 'https://a.no/{form}' --form '{url}{prefix}'", NULL,
     "odk", "https://a.no/{form}"},
    {"nettskjema", "--kind nettskjema --form 4711", NULL, "nettskjema",
     "https://nettskjema.no/api/v3"},
    {"kobo", "--kind kobo --url https://k.no --form aX", NULL, "kobo", "https://k.no"},
    {"rest", "--kind rest --url https://a.no/v1/x?s=7", NULL, "rest", "https://a.no/v1/x?s=7"},
    {"xlsx", "--kind xlsx --path 'nei \"x\".xlsx'", NULL, "xlsx", "nei \"x\".xlsx"},
    {"json", "--kind json", NULL, "json", "svar/*.json"},
    {"csv", "--kind csv --path 'svar: mai/*.csv'", NULL, "csv", "svar: mai/*.csv"},
};

static void writes_a_project_that_loads(void **state)
{
    const Case *c = *state;
    g_autoptr(GError) error = NULL;
    if (!run_init(c->options, folder, &error))
        fail_msg("%s", error->message);
    g_autoptr(Project) project = project_load(folder, &error);
    if (!project)
        fail_msg("%s", error->message);
    g_autofree char *base = g_path_get_basename(folder);
    assert_string_equal(project->title, c->title ? c->title : base);
    assert_int_equal(project->sources->len, c->kind ? 1 : 0);
    if (c->kind) {
        const Source *source = project->sources->pdata[0];
        assert_string_equal(source->kind, c->kind);
        assert_string_equal(source->url ? source->url : source->path, c->place);
        assert_int_equal(source->mappings->len, 0);
    }
    ProjectKey key;
    assert_true(project_key_read(project->key_ref, folder, &key, &error));
    project_key_wipe(&key);
}

static void touches_nothing_that_stands(void **state)
{
    (void)state;
    g_autofree char *path = g_build_filename(folder, "project.yaml", NULL);
    g_autofree char *key = g_build_filename(folder, "innsikt.key", NULL);
    g_autofree char *text = NULL;
    g_autoptr(GError) error = NULL;
    assert_true(g_file_set_contents(path, "mine", -1, NULL));
    assert_false(run_init("", folder, &error));
    assert_true(g_file_get_contents(path, &text, NULL, NULL));
    assert_string_equal(text, "mine");
    assert_false(g_file_test(key, G_FILE_TEST_EXISTS));
}

static void knows_its_kinds(void **state)
{
    (void)state;
    g_autoptr(GError) error = NULL;
    assert_false(run_init("--kind spørreskjema", folder, &error));
    assert_true(g_error_matches(error, INNSIKT_ERROR, INNSIKT_ERROR_USAGE));
    g_autofree char *path = g_build_filename(folder, "project.yaml", NULL);
    assert_false(g_file_test(path, G_FILE_TEST_EXISTS));
}

enum { N = G_N_ELEMENTS(cases) };

int main(void)
{
    struct CMUnitTest tests[N];
    setlocale(LC_CTYPE, "C.UTF-8"); /* GLib takes arguments for text of the locale */
    for (size_t i = 0; i < N; i++)
        tests[i] = (struct CMUnitTest){cases[i].name, writes_a_project_that_loads, make_folder,
                                       drop_folder, (void *)&cases[i]};
    const struct CMUnitTest others[] = {
        cmocka_unit_test_setup_teardown(touches_nothing_that_stands, make_folder, drop_folder),
        cmocka_unit_test_setup_teardown(knows_its_kinds, make_folder, drop_folder),
    };
    return cmocka_run_group_tests_name("init: projects", tests, NULL, NULL) +
           cmocka_run_group_tests_name("init", others, NULL, NULL);
}
