/* The exported data set: what each format says of the same responses, and that it says it again. */
#include "analyze/export.h"

#include "schemas/error.h"

#include <glib/gstdio.h>
#include <json-c/json.h>
#include <readstat.h>
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <string.h>

#define assert_ok(condition, error)                                                                \
    do {                                                                                           \
        bool holds = (condition);                                                                  \
        if ((error))                                                                               \
            fail_msg("%s: %s", #condition, (error)->message);                                      \
        assert_true(holds);                                                                        \
    } while (0)

typedef struct {
    char *folder, *path;
    Project *project;
    ProjectKey key;
    Store *store;
    GError *error;
    int64_t pull;
} World;

static const char project_text[] =
    "innsikt: 1\ntitle: Prøve\nlanguage: nb\nframework: virksomhet\ntimezone: Europe/Oslo\n"
    "privacy: {key: env:PRUEVE_KEY}\nsources:\n  s1:\n    kind: csv\n    path: x.csv\n"
    "    method: survey\n    wave: 2021-vaar\n    questions:\n"
    "      Org: {attribute: organisation}\n"
    "      Orgs: {attribute: organisations}\n"
    "      Rolle: {attribute: group}\n"
    "      R1: {rating: voice-neutral, scale: enig5}\n"
    "      R2: {rating: {item: voice-neutral, criterion: importance}, scale: enig5}\n"
    "      Hva: {statement: {quadrant: weakness}}\n";

static int setup(void **state)
{
    World *w = g_new0(World, 1);
    PullCounts counts = {0};
    bool everything;
    g_setenv("PRUEVE_KEY", "q7XkP2mRw9", TRUE);
    w->folder = g_dir_make_tmp("innsikt-export-XXXXXX", &w->error);
    w->path = g_build_filename(w->folder, "out", NULL);
    g_autofree char *path = g_build_filename(w->folder, "project.yaml", NULL);
    assert_ok(g_file_set_contents(path, project_text, -1, &w->error), w->error);
    w->project = project_load(w->folder, &w->error);
    assert_ok(w->project, w->error);
    assert_ok(project_key_read(w->project->key_ref, w->folder, &w->key, &w->error), w->error);
    w->store = store_open(w->project->store_path, &w->error);
    assert_ok(w->store, w->error);
    assert_ok(store_pull_begin(w->store, "s1", "x.csv", "d", 1, &w->pull, &everything, &w->error) &&
                  store_pull_end(w->store, w->pull, PULL_DONE, NULL, 1623456789000000, &counts,
                                 &w->error),
              w->error);
    *state = w;
    return 0;
}

static int teardown(void **state)
{
    World *w = *state;
    g_autofree char *path = g_build_filename(w->folder, "project.yaml", NULL);
    store_close(w->store);
    g_remove(path);
    g_remove(w->path);
    g_remove(w->project->store_path);
    assert_int_equal(g_rmdir(w->folder), 0); /* nothing half-written is left */
    g_free(w->folder);
    g_free(w->path);
    project_free(w->project);
    project_key_wipe(&w->key);
    g_clear_error(&w->error);
    g_free(w);
    return 0;
}

typedef struct {
    const char *question, *text;
    int instance;
    Missing missing;
} Said;

static void put(World *w, const char *id, const char *pseudonym, int64_t submitted,
                const Said *said)
{
    PutOutcome outcome;
    PullCounts counts = {0};
    g_autoptr(Response) response = response_new();
    response->id = response_keep(response, id);
    response->pseudonym = response_keep(response, pseudonym);
    response->submitted = submitted;
    for (; said->question; said++) {
        response_answer(response, said->question, said->instance, said->text, said->missing);
        g_array_index(response->answers, Answer, response->answers->len - 1).missing =
            said->missing;
    }
    assert_ok(store_pull_begin(w->store, "s1", "x.csv", "d", 1, &w->pull, &(bool){0}, &w->error) &&
                  store_page_begin(w->store, &w->error) &&
                  store_put(w->store, w->pull, "s1", response, &outcome, &w->error) &&
                  store_page_commit(w->store, w->pull, NULL, &counts, &w->error) &&
                  store_pull_end(w->store, w->pull, PULL_DONE, NULL, 1623456789000000, &counts,
                                 &w->error),
              w->error);
}

static const char pseudonym[] = "4bc0f39896df96a730cfa74dfae10f7d";

/* Two responses: one with all there is, one with nearly nothing. */
static void put_both(World *w)
{
    const Said first[] = {{"Org", "Fjelldal; \"AS\"", INSTANCE_NONE, MISSING_NONE},
                          {"Rolle", "leder", INSTANCE_NONE, MISSING_NONE},
                          {"R1", "4", 0, MISSING_NONE},
                          {"R1", "2", 1, MISSING_NONE},
                          {"R2", NULL, INSTANCE_NONE, MISSING_NOT_SHOWN},
                          {"Hva", "=HYPERLINK(\"x7Qp\")", 0, MISSING_NONE},
                          {"Hva", "Én linje\nto, «3»", 1, MISSING_NONE},
                          {NULL, NULL, 0, MISSING_NONE}};
    const Said second[] = {{"Orgs", "Solvik;Fjelldal; \"AS\"", INSTANCE_NONE, MISSING_NONE},
                           {"R2", "5", INSTANCE_NONE, MISSING_NONE},
                           {NULL, NULL, 0, MISSING_NONE}};
    put(w, "-71", pseudonym, 1623399999000000, first);
    put(w, "8", NULL, TIME_UNKNOWN, second);
}

/* What a format makes of the store. Caller owns. */
static char *export_as(World *w, const char *format, ExportOptions options, size_t *ret_length)
{
    ExportCounts counts;
    char *text = NULL;
    g_autoptr(Dataset) data = dataset_load(w->project, &w->key, w->store, &w->error);
    assert_ok(data, w->error);
    assert_ok(
        export_write(data, &w->key, &options, export_format(format), w->path, &counts, &w->error),
        w->error);
    assert_true(g_file_get_contents(w->path, &text, ret_length, NULL));
    return text;
}

static const ExportOptions by_name = {.organisation_names = true};

static void csv_is_rfc_4180(void **state)
{
    World *w = *state;
    put_both(w);
    g_autofree char *text = export_as(w, "csv", by_name, NULL);
    assert_string_equal(
        text,
        "source,id,pseudonym,group,organisation,method,wave,state,submitted,voice-neutral,"
        "voice-neutral.2,voice-neutral/criterion=importance\r\n"
        "s1,8,,,\"Solvik;Fjelldal; \"\"AS\"\"\",survey,2021-vaar,complete,,,,5\r\n"
        "s1,'-71,4bc0f39896df96a730cfa74dfae10f7d,leder,\"Fjelldal; \"\"AS\"\"\",survey,2021-vaar,"
        "complete,2021-06-11T08:26:39Z,4,2,\r\n");
}

static void csv_excel_is_norwegian(void **state)
{
    World *w = *state;
    put_both(w);
    g_autofree char *text =
        export_as(w, "csv-excel", (ExportOptions){.what = EXPORT_STATEMENTS}, NULL);
    g_auto(GStrv) lines = g_strsplit(text, "\r\n", -1);
    assert_string_equal(lines[0], "\xEF\xBB\xBFsource;id;pseudonym;group;organisation;method;wave;"
                                  "state;submitted;statement;question;text;quadrant;category;"
                                  "stream;area;item;trend;evidence;implication");
    assert_true(strstr(lines[1], ";Hva;\"'=HYPERLINK(\"\"x7Qp\"\")\";weakness;;;;;;;"));
    assert_true(strstr(lines[2], ";Hva;\"Én linje\nto, «3»\";weakness;"));
    assert_string_equal(lines[3], "");
    assert_null(lines[4]);
}

/* A cell that a spreadsheet would compute, by its first character. */
static void no_text_becomes_a_formula(void **state)
{
    World *w = *state;
    static const char *const starts[] = {"=", "+", "-", "@", "\t", "\r"};
    for (size_t i = 0; i < G_N_ELEMENTS(starts); i++) {
        g_autofree char *text = g_strconcat(starts[i], "k3W", NULL);
        const Said said[] = {{"Hva", text, INSTANCE_NONE, MISSING_NONE},
                             {NULL, NULL, 0, MISSING_NONE}};
        put(w, "1", NULL, TIME_UNKNOWN, said);
        for (int excel = 0; excel < 2; excel++) {
            g_autofree char *csv = export_as(w, excel ? "csv-excel" : "csv",
                                             (ExportOptions){.what = EXPORT_STATEMENTS}, NULL);
            g_autofree char *guarded = g_strconcat("'", text, NULL);
            assert_non_null(strstr(csv, guarded));
        }
    }
}

static const char *member(json_object *row, const char *key)
{
    json_object *value;
    assert_true(json_object_object_get_ex(row, key, &value));
    return value ? json_object_get_string(value) : NULL;
}

static void json_holds_statements_within_responses(void **state)
{
    World *w = *state;
    put_both(w);
    g_autofree char *text = export_as(w, "json", by_name, NULL);
    json_object *all = json_tokener_parse(text), *inner;
    assert_int_equal(json_object_array_length(all), 2);
    json_object *row = json_object_array_get_idx(all, 1);
    assert_string_equal(member(row, "id"), "-71");
    assert_string_equal(member(row, "voice-neutral.2"), "2");
    assert_null(member(row, "voice-neutral/criterion=importance"));
    assert_true(json_object_object_get_ex(row, "statements", &inner));
    assert_int_equal(json_object_array_length(inner), 2);
    assert_string_equal(member(json_object_array_get_idx(inner, 0), "text"),
                        "=HYPERLINK(\"x7Qp\")");
    assert_false(json_object_object_get_ex(json_object_array_get_idx(inner, 0), "id", NULL));
    assert_string_equal(member(json_object_array_get_idx(all, 0), "statements"), "[ ]");
    json_object_put(all);

    g_autofree char *lines = export_as(w, "ndjson", by_name, NULL);
    g_auto(GStrv) line = g_strsplit(lines, "\n", -1);
    assert_int_equal(g_strv_length(line), 3);
    assert_string_equal(line[2], "");
    assert_true(g_str_has_prefix(line[1], "{\"source\":\"s1\",\"id\":\"-71\","));
}

/* --- SPSS: read back with ReadStat -------------------------------------------------------------
 */

static int on_variable(int index, readstat_variable_t *variable, const char *labels, void *told)
{
    (void)index;
    const char *label = readstat_variable_get_label(variable);
    int ranges = readstat_variable_get_missing_ranges_count(variable);
    g_string_append_printf(told, "%s|%s|%s", readstat_variable_get_name(variable),
                           label ? label : "", labels ? "labelled" : "");
    if (ranges)
        g_string_append_printf(
            told, " missing %g…%g",
            readstat_double_value(readstat_variable_get_missing_range_lo(variable, 0)),
            readstat_double_value(readstat_variable_get_missing_range_hi(variable, 0)));
    g_string_append_c(told, '\n');
    return READSTAT_HANDLER_OK;
}

static int on_value(int row, readstat_variable_t *variable, readstat_value_t value, void *told)
{
    const char *name = readstat_variable_get_name(variable);
    if (readstat_value_is_system_missing(value))
        return READSTAT_HANDLER_OK;
    if (readstat_value_type_class(value) == READSTAT_TYPE_CLASS_STRING) {
        const char *text = readstat_string_value(value);
        if (text && *text)
            g_string_append_printf(told, "%d %s=%s\n", row, name, text);
    } else
        g_string_append_printf(told, "%d %s=%.0f%s\n", row, name, readstat_double_value(value),
                               readstat_value_is_defined_missing(value, variable) ? " missing"
                                                                                  : "");
    return READSTAT_HANDLER_OK;
}

static int on_value_label(const char *set, readstat_value_t value, const char *label, void *told)
{
    (void)set;
    g_string_append_printf(told, "%g: %s\n", readstat_double_value(value), label);
    return READSTAT_HANDLER_OK;
}

/* Variables, value labels and values of the file, a line each. */
static GString *sav_tell(const char *path)
{
    GString *told = g_string_new(NULL);
    readstat_parser_t *parser = readstat_parser_init();
    readstat_set_variable_handler(parser, on_variable);
    readstat_set_value_handler(parser, on_value);
    readstat_set_value_label_handler(parser, on_value_label);
    assert_int_equal(readstat_parse_sav(parser, path, told), READSTAT_OK);
    readstat_parser_free(parser);
    return told;
}

static void sav_keeps_labels_and_reasons(void **state)
{
    World *w = *state;
    put_both(w);
    g_free(export_as(w, "sav", by_name, NULL));
    GString *told = sav_tell(w->path);
    static const char *const expected[] = {
        "\nvoice_neutral|",
        "|labelled missing -7…-1\nvoice_neutral_2|",
        "\nvoice_neutral_criterion_importance|",
        "\n1 voice_neutral=4\n1 voice_neutral_2=2\n1 voice_neutral_criterion_importance=-1 "
        "missing\n",
        "\n0 voice_neutral_criterion_importance=5\n",
        "\n1 submitted=13842779199\n1 ",
        "\n1 organisation=Fjelldal; \"AS\"\n",
        "\n-1: Ikke vist\n",
        "\n-4: Vet ikke\n",
        "\n5: Helt enig\n",
        " · Viktighet|labelled",
        "group|Gruppe|\n",
    };
    for (size_t i = 0; i < G_N_ELEMENTS(expected); i++)
        if (!strstr(told->str, expected[i]))
            fail_msg("the file does not say «%s» but:\n%s", expected[i], told->str);
    assert_null(strstr(told->str, "0 submitted"));
    g_string_free(told, TRUE);
}

/* A text of every length up to where SPSS ends, with a letter of two bytes over the edge. */
static void sav_holds_long_texts(void **state)
{
    World *w = *state;
    static const size_t lengths[] = {1, 8, 254, 255, 256, 2000, 32766, 32767, 40000};
    for (size_t i = 0; i < G_N_ELEMENTS(lengths); i++) {
        g_autoptr(GString) text = g_string_new(NULL);
        while (text->len + 2 <= lengths[i])
            g_string_append(text, "ø");
        g_string_append(text, text->len < lengths[i] ? "x" : "");
        const Said said[] = {{"Hva", text->str, INSTANCE_NONE, MISSING_NONE},
                             {NULL, NULL, 0, MISSING_NONE}};
        put(w, "1", NULL, TIME_UNKNOWN, said);
        g_free(export_as(w, "sav", (ExportOptions){.what = EXPORT_STATEMENTS}, NULL));
        if (text->len > 32766)
            g_string_truncate(text, 32766);
        GString *told = sav_tell(w->path);
        g_autofree char *expected = g_strdup_printf("0 text=%s\n", text->str);
        assert_non_null(strstr(told->str, expected));
        g_string_free(told, TRUE);
    }
}

/* --- all formats ------------------------------------------------------------------------------ */

static void the_same_again(void **state)
{
    World *w = *state;
    size_t n, first, second;
    const ExportFormat *formats = export_formats(&n);
    put_both(w);
    for (size_t i = 0; i < n; i++) {
        g_autofree char *once = export_as(w, formats[i].word, (ExportOptions){0}, &first);
        g_autofree char *again = export_as(w, formats[i].word, (ExportOptions){0}, &second);
        assert_int_equal(first, second);
        assert_memory_equal(once, again, first);
    }
}

static char *organisation_of(World *w, const char *id)
{
    g_autofree char *csv = export_as(w, "csv", (ExportOptions){0}, NULL);
    g_autofree char *start = g_strdup_printf("\r\ns1,%s,", id);
    const char *row = strstr(csv, start);
    assert_non_null(row);
    g_auto(GStrv) cells = g_strsplit(row + 2, ",", 6);
    return g_strdup(cells[4]);
}

static void an_organisation_keeps_its_number(void **state)
{
    World *w = *state;
    const Said early[] = {{"Org", "Åsgård Øst", INSTANCE_NONE, MISSING_NONE},
                          {NULL, NULL, 0, MISSING_NONE}};
    const Said late[] = {{"Org", " åsgård  øst", INSTANCE_NONE, MISSING_NONE},
                         {NULL, NULL, 0, MISSING_NONE}};
    const Said other[] = {{"Org", "Annen", INSTANCE_NONE, MISSING_NONE},
                          {NULL, NULL, 0, MISSING_NONE}};
    put(w, "20", NULL, TIME_UNKNOWN, early);
    g_autofree char *before = organisation_of(w, "20");
    put(w, "3", NULL, TIME_UNKNOWN, other);
    put(w, "4", NULL, TIME_UNKNOWN, late);
    g_autofree char *after = organisation_of(w, "20"), *same = organisation_of(w, "4"),
                    *apart = organisation_of(w, "3");
    assert_string_equal(before, after);
    assert_string_equal(before, same);
    assert_string_not_equal(before, apart);
    assert_int_equal(strlen(before), 13);
    assert_int_equal(*before, 'O');
}

static void nothing_is_a_file_too(void **state)
{
    World *w = *state;
    g_autofree char *csv = export_as(w, "csv", by_name, NULL);
    assert_string_equal(csv,
                        "source,id,pseudonym,group,organisation,method,wave,state,submitted\r\n");
    g_autofree char *ndjson = export_as(w, "ndjson", by_name, NULL);
    assert_string_equal(ndjson, "");
    g_autofree char *json = export_as(w, "json", by_name, NULL);
    assert_string_equal(json, "[\n\n]\n");
    g_free(export_as(w, "sav", by_name, NULL));
    GString *told = sav_tell(w->path);
    assert_true(g_str_has_prefix(told->str, "source|Kilde|\nid|"));
    g_string_free(told, TRUE);
}

static void a_file_that_cannot_be_written_is_told(void **state)
{
    World *w = *state;
    ExportCounts counts;
    g_autofree char *nowhere = g_build_filename(w->folder, "no", "out.csv", NULL);
    g_autoptr(Dataset) data = dataset_load(w->project, &w->key, w->store, &w->error);
    assert_ok(data, w->error);
    assert_false(
        export_write(data, &w->key, &by_name, export_format("csv"), nowhere, &counts, &w->error));
    assert_true(g_error_matches(w->error, INNSIKT_ERROR, INNSIKT_ERROR_SYSTEM));
    assert_non_null(strstr(w->error->message, "nothing was changed"));
    assert_null(export_format("cvs"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
        TEST(csv_is_rfc_4180),
        TEST(csv_excel_is_norwegian),
        TEST(no_text_becomes_a_formula),
        TEST(json_holds_statements_within_responses),
        TEST(sav_keeps_labels_and_reasons),
        TEST(sav_holds_long_texts),
        TEST(the_same_again),
        TEST(an_organisation_keeps_its_number),
        TEST(nothing_is_a_file_too),
        TEST(a_file_that_cannot_be_written_is_told),
#undef TEST
    };
    return cmocka_run_group_tests_name("export", tests, NULL, NULL);
}
