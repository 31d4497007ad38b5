/* Sources pulled side by side: whoever comes first, the store is the same to the last row number as
 * when each is pulled after the other; what one does to the server or to the store is no matter of
 * the others'. */
#include "collect/together.h"
#include "schemas/error.h"
#include "tests/samples/client.h"

#include <glib/gstdio.h>
#include <setjmp.h>
#include <sqlite3.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

enum { FORMS = 5, FIRST = 284671 };
static const int sizes[FORMS] = {330, 7, 720, 41, 1};

static char *folder; /* of forms and projects */
static Server *server;

static char *in_folder(const char *name)
{
    return g_build_filename(folder, name, NULL);
}

static char *write_file(const char *name, const char *text)
{
    char *path = in_folder(name);
    assert_true(g_file_set_contents(path, text, -1, NULL));
    return path;
}

static char *form_file(int i)
{
    g_autofree char *name = g_strdup_printf("form-%d.json", i);
    g_autofree char *text = g_strdup_printf(
        "{\"system\":\"limesurvey\",\"sid\":%d,\"title\":\"Prøve\",\"language\":\"nb\","
        "\"additional_languages\":\"\",\"active\":true,\"anonymized\":\"N\",\"datestamp\":\"Y\","
        "\"groups\":[{\"gid\":1,\"name\":\"Alt\",\"description\":\"\"}],\"questions\":["
        "{\"qid\":1,\"gid\":1,\"code\":\"ORG\",\"type\":\"S\",\"text\":\"Hvem?\",\"other\":\"N\"},"
        "{\"qid\":2,\"gid\":1,\"code\":\"SVAR\",\"type\":\"T\",\"text\":\"Hva?\",\"other\":\"N\"}],"
        "\"responses\":[],\"generate\":{\"responses\":%d,\"seed\":%d,\"from\":1,\"values\":"
        "{\"ORG\":[\"Nordhav kommune\",\"Ås bygdekvinnelag\"]}}}",
        FIRST + i, sizes[i], 77 + i);
    return write_file(name, text);
}

static int start(void **state)
{
    (void)state;
    folder = g_dir_make_tmp("innsikt-together-XXXXXX", NULL);
    g_setenv("INNSIKT_NOW", "2026-03-04T12:00:00Z", TRUE);
    g_setenv("PRUEVE_KEY", "q7XkP2mRw9", TRUE);
    GPtrArray *files = g_ptr_array_new_with_free_func(g_free);
    for (int i = 0; i < FORMS; i++)
        g_ptr_array_add(files, form_file(i));
    g_ptr_array_add(files, g_strdup("tests/samples/intervju.json"));
    g_ptr_array_add(files, NULL);
    server = server_start((const char *const *)files->pdata, false);
    g_ptr_array_unref(files);
    g_free(write_file("bord.csv", "Nr;Org;Utsagn\n1;Ås;Godt å vite\n2;Nordhav;Ikke så verst\n"));
    return 0;
}

static void remove_tree(const char *path)
{
    g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);
    const char *name;
    while (dir && (name = g_dir_read_name(dir))) {
        g_autofree char *inside = g_build_filename(path, name, NULL);
        remove_tree(inside);
    }
    g_remove(path);
}

static int stop(void **state)
{
    (void)state;
    server_stop(server);
    remove_tree(folder);
    g_free(folder);
    return 0;
}

/* --- projects --- */

static void append_form(GString *text, const char *name, int i, const char *more)
{
    g_string_append_printf(text,
                           "  %s:\n    kind: limesurvey\n"
                           "    url: %s/index.php/admin/remotecontrol\n    form: %d\n"
                           "    user: %s\n    password: env:INNSIKT_SAMPLE_PASSWORD\n"
                           "    method: survey\n    stream: staff\n%s"
                           "    questions:\n      ORG: {attribute: organisation}\n"
                           "      SVAR: {statement: {quadrant: strength}}\n",
                           name, server->base, FIRST + i, CLIENT_USER, more);
}

static void append_table(GString *text, const char *name)
{
    g_string_append_printf(text,
                           "  %s:\n    kind: csv\n    path: ../bord.csv\n    id: Nr\n"
                           "    method: workshop\n    stream: staff\n    questions:\n"
                           "      Org: {attribute: organisation}\n"
                           "      Utsagn: {statement: {quadrant: weakness}}\n",
                           name);
}

static void append_interviews(GString *text)
{
    g_string_append_printf(text,
                           "  intervju:\n    kind: odk\n    url: %s/v1/projects/1\n"
                           "    form: interessentintervju\n    user: %s\n"
                           "    password: env:INNSIKT_SAMPLE_PASSWORD\n    method: interview\n"
                           "    stream: staff\n    questions:\n"
                           "      organisasjon: {attribute: organisation}\n"
                           "      utsagn/tekst: {statement: {quadrant: strength}}\n",
                           server->base, CLIENT_USER);
}

/* Five forms, one of them under two names, interviews, and one table twice. */
static Project *project_new(const char *name, const char *more)
{
    g_autofree char *path = in_folder(name);
    assert_int_equal(g_mkdir(path, 0700), 0);
    GString *text =
        g_string_new("innsikt: 1\ntitle: Prøve\nlanguage: nb\nframework: virksomhet\n"
                     "timezone: Europe/Oslo\nprivacy: {key: env:PRUEVE_KEY}\nsources:\n");
    append_table(text, "bord");
    for (int i = 0; i < FORMS; i++) {
        g_autofree char *source = g_strdup_printf("form%d", i);
        append_form(text, source, i, i == 2 ? more : "");
    }
    append_form(text, "igjen", 0, "");
    append_interviews(text);
    append_table(text, "bord2");
    g_autofree char *file = g_build_filename(name, "project.yaml", NULL);
    g_free(write_file(file, text->str));
    g_string_free(text, TRUE);
    g_autoptr(GError) error = NULL;
    Project *project = project_load(path, &error);
    if (!project)
        fail_msg("%s", error->message);
    return project;
}

typedef struct {
    volatile gint stop;
    GError *error;
} Outcome;

static bool collect(const Project *project, const GPtrArray *sources, Outcome *outcome)
{
    ProjectKey key;
    assert_true(project_key_read(project->key_ref, project->folder, &key, NULL));
    Invocation invocation = {.folder = project->folder, .quiet = true, .stop = &outcome->stop};
    CollectOrder order = {.invocation = &invocation, .project = project, .key = &key};
    g_clear_error(&outcome->error);
    bool ok = collect_together(&order, sources, &outcome->error);
    project_key_wipe(&key);
    assert_true(ok == !outcome->error);
    return ok;
}

static void collect_all(const Project *project)
{
    Outcome outcome = {0};
    if (!collect(project, project->sources, &outcome))
        fail_msg("%s", outcome.error->message);
}

static void collect_in_turn(const Project *project)
{
    for (guint i = 0; i < project->sources->len; i++) {
        g_autoptr(GPtrArray) one = g_ptr_array_new();
        g_ptr_array_add(one, project->sources->pdata[i]);
        Outcome outcome = {0};
        if (!collect(project, one, &outcome))
            fail_msg("%s", outcome.error->message);
    }
}

/* --- what the store holds --- */

static int append_row(void *text, int n, char **values, char **names)
{
    (void)names;
    for (int i = 0; i < n; i++)
        g_string_append_printf(text, "%s|", values[i] ? values[i] : "NULL");
    g_string_append_c(text, '\n');
    return 0;
}

static char *query(const Project *project, const char *sql)
{
    sqlite3 *db;
    GString *text = g_string_new(NULL);
    assert_int_equal(sqlite3_open(project->store_path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, sql, append_row, text, NULL), SQLITE_OK);
    sqlite3_close(db);
    return g_string_free(text, FALSE);
}

/* Every row of every table, with its number. */
static char *dump(const Project *project)
{
    static const char *const tables[] = {"source",   "mapping", "question", "pull",
                                         "response", "history", "form",     "set_aside"};
    GString *text = g_string_new(NULL);
    for (size_t i = 0; i < G_N_ELEMENTS(tables); i++) {
        g_autofree char *sql = g_strdup_printf("SELECT * FROM %s ORDER BY 1, 2, 3", tables[i]);
        g_autofree char *rows = query(project, sql);
        g_string_append_printf(text, "== %s\n%s", tables[i], rows);
    }
    return g_string_free(text, FALSE);
}

/* --- tests --- */

static void change_forms(void)
{
    for (int i = 0; i < 3; i++) {
        server_order(server, "{\"edit\":{\"sid\":%d,\"id\":%d,\"answers\":{\"SVAR\":\"rettet\"}}}",
                     FIRST + i, 3);
        server_order(server, "{\"delete\":{\"sid\":%d,\"id\":%d}}", FIRST + i, 5);
    }
}

/* Byte for byte the rows of one after the other, however the threads run; also when rows are
 * replaced, go and come. */
static void the_store_does_not_depend_on_who_is_faster(void **state)
{
    (void)state;
    enum { ROUNDS = 4 };
    g_autoptr(Project) in_turn = project_new("in-turn", "");
    Project *together[ROUNDS];
    collect_in_turn(in_turn);
    g_autofree char *due = dump(in_turn);
    assert_non_null(strstr(due, "Nordhav kommune"));
    for (int i = 0; i < ROUNDS; i++) {
        g_autofree char *name = g_strdup_printf("together-%d", i);
        together[i] = project_new(name, "");
        collect_all(together[i]);
        g_autofree char *got = dump(together[i]);
        assert_string_equal(got, due);
    }
    change_forms();
    collect_in_turn(in_turn);
    g_autofree char *later = dump(in_turn);
    assert_string_not_equal(later, due);
    for (int i = 0; i < ROUNDS; i++) {
        collect_all(together[i]);
        g_autofree char *got = dump(together[i]);
        assert_string_equal(got, later);
        project_free(together[i]);
    }
}

/* What came of each source is told, and the others are whole. */
static void one_that_fails_leaves_the_others(void **state)
{
    (void)state;
    g_autoptr(Project) project = project_new("failing", "    ca_file: env:INNSIKT_TEST_UNSET\n");
    Outcome outcome = {0};
    assert_false(collect(project, project->sources, &outcome));
    assert_int_equal(outcome.error->code, INNSIKT_ERROR_PARTIAL);
    assert_non_null(strstr(outcome.error->message, "1 of 9 sources failed"));
    g_autofree char *rows =
        query(project, "SELECT name, count(*) FROM response r JOIN source s ON s.number = r.source"
                       " GROUP BY 1 ORDER BY 1");
    assert_string_equal(rows, "bord|2|\nbord2|2|\nform0|329|\nform1|6|\nform3|41|\nform4|1|\n"
                              "igjen|329|\nintervju|50|\n");
    g_clear_error(&outcome.error);
}

/* Everyone stops, and the log says so of each. */
static void a_stop_reaches_all(void **state)
{
    (void)state;
    g_autoptr(Project) project = project_new("stopped", "");
    Outcome outcome = {.stop = 1};
    assert_false(collect(project, project->sources, &outcome));
    assert_int_equal(outcome.error->code, INNSIKT_ERROR_CANCELLED);
    g_autofree char *pulls = query(project, "SELECT s.name, o.word FROM pull p JOIN source s ON"
                                            " s.number = p.source JOIN outcome o ON"
                                            " o.number = p.outcome ORDER BY p.id");
    assert_string_equal(
        pulls,
        "bord|stopped|\nform0|stopped|\nform1|stopped|\nform2|stopped|\n"
        "form3|stopped|\nform4|stopped|\nigjen|stopped|\nintervju|stopped|\nbord2|stopped|\n");
    g_clear_error(&outcome.error);
    collect_all(project);
}

/* A wrong password is refused once, not once for each source: three would lock the address. */
static void a_refused_login_is_tried_for_one_source(void **state)
{
    (void)state;
    g_autoptr(Project) project = project_new("refused", "");
    server_order(server, "{\"clear-log\":true}");
    g_setenv("INNSIKT_SAMPLE_PASSWORD", "feil-91", TRUE);
    Outcome outcome = {0};
    assert_false(collect(project, project->sources, &outcome));
    assert_int_equal(outcome.error->code, INNSIKT_ERROR_PARTIAL);
    assert_non_null(strstr(outcome.error->message, "7 of 9 sources failed"));
    assert_int_equal(server_log(server, "calls/get_session_key"), 1);
    assert_int_equal(server_log(server, "logins"), 2); /* two systems */
    g_clear_error(&outcome.error);
    g_setenv("INNSIKT_SAMPLE_PASSWORD", CLIENT_PASSWORD, TRUE);
    collect_all(project);
    assert_int_equal(server_log(server, "sessions_open"), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_store_does_not_depend_on_who_is_faster),
        cmocka_unit_test(one_that_fails_leaves_the_others),
        cmocka_unit_test(a_stop_reaches_all),
        cmocka_unit_test(a_refused_login_is_tried_for_one_source),
    };
    return cmocka_run_group_tests(tests, start, stop);
}
