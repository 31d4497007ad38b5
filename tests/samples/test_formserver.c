/* What the sample form server answers, against the recorded replies of LimeSurvey 6.14 and what
 * form-systems.md says of the rest: envelope, failures, id ranges, columns, values, properties. */
#include "tests/samples/client.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#define RECORDED "tests/fixtures/limesurvey"
#define FORM     "tests/samples/elvebakken.json"
#define EMPTY    "tests/samples/empty.json"
#define TYPES    "tests/samples/types.json"

static const char *const FILES[] = {FORM, EMPTY, TYPES, NULL};

static int start(void **state)
{
    *state = server_start(FILES, true);
    return 0;
}

static int stop(void **state)
{
    server_stop(*state);
    return 0;
}

/* Each recorded file and the request that it answers. */
static const struct {
    const char *file, *method, *parameters;
} RECORDINGS[] = {
    {"session-wrong-password.json", "get_session_key", "[\"admin\",\"feil\"]"},
    {"invalid-session.json", "list_questions", "[\"AAAAAAAAAAAAAAAA\",131392]"},
    {"no-data.json", "export_responses",
     "[\"$KEY\",682336,\"json\",\"nb\",\"all\",\"code\",\"short\"]"},
    {"list_groups.json", "list_groups", "[\"$KEY\",131392]"},
    {"list_questions.json", "list_questions", "[\"$KEY\",131392]"},
    {"get_question_properties-matrix.json", "get_question_properties", "[\"$KEY\",7]"},
    {"export_responses-json-code-short.json", "export_responses",
     "[\"$KEY\",131392,\"json\",\"nb\",\"all\",\"code\",\"short\",9,20]"},
};

static char *recorded(const char *file)
{
    g_autofree char *path = g_build_filename(RECORDED, file, NULL);
    char *text = NULL;
    assert_true(g_file_get_contents(path, &text, NULL, NULL));
    return text;
}

/* Fails at the first member in which the two differ, and names it. */
static void assert_same_fields(json_object *mine, json_object *theirs, const char *path)
{
    if (json_object_get_type(mine) != json_object_get_type(theirs)) {
        fail_msg("%s: a %s, recorded a %s", path, json_type_to_name(json_object_get_type(mine)),
                 json_type_to_name(json_object_get_type(theirs)));
    }
    if (json_object_is_type(mine, json_type_object)) {
        assert_int_equal(json_object_object_length(mine), json_object_object_length(theirs));
        json_object_object_foreach(theirs, key, value)
        {
            g_autofree char *below = g_strconcat(path, "/", key, NULL);
            json_object *same = NULL;
            if (!json_object_object_get_ex(mine, key, &same)) {
                fail_msg("%s is missing", below);
            }
            assert_same_fields(same, value, below);
        }
    } else if (json_object_is_type(mine, json_type_array)) {
        assert_int_equal(json_object_array_length(mine), json_object_array_length(theirs));
        for (size_t i = 0; i < json_object_array_length(mine); i++) {
            g_autofree char *below = g_strdup_printf("%s/%zu", path, i);
            assert_same_fields(json_object_array_get_idx(mine, i),
                               json_object_array_get_idx(theirs, i), below);
        }
    } else if (!json_object_equal(mine, theirs)) {
        fail_msg("%s: %s, recorded %s", path, json_object_to_json_string(mine),
                 json_object_to_json_string(theirs));
    }
}

/* The exported file inside a reply, or NULL. */
static json_object *file_inside(json_object *reply)
{
    json_object *result = json_object_object_get(reply, "result");
    if (!json_object_is_type(result, json_type_string)) {
        return NULL;
    }
    gsize length;
    g_autofree guchar *bytes = g_base64_decode(json_object_get_string(result), &length);
    g_autofree char *text = g_strndup((const char *)bytes, length);
    return json_tokener_parse(text);
}

static void test_recorded_replies(void **state)
{
    for (size_t i = 0; i < G_N_ELEMENTS(RECORDINGS); i++) {
        g_autofree char *theirs = recorded(RECORDINGS[i].file);
        g_autofree char *mine =
            server_call(*state, RECORDINGS[i].method, "%s", RECORDINGS[i].parameters);
        json_object *my_reply = json_tokener_parse(mine);
        json_object *their_reply = json_tokener_parse(theirs);
        json_object *my_file = file_inside(my_reply);
        json_object *their_file = file_inside(their_reply);
        assert_same_fields(my_file, their_file, RECORDINGS[i].file);
        assert_same_fields(my_reply, their_reply, RECORDINGS[i].file);
        assert_string_equal(mine, theirs);
        json_object_put(my_file);
        json_object_put(their_file);
        json_object_put(my_reply);
        json_object_put(their_reply);
    }
}

/* A session's key is random, so only its form can agree. */
static void test_recorded_session(void **state)
{
    g_autofree char *theirs = recorded("session-ok.json");
    g_autofree char *mine =
        server_call(*state, "get_session_key", "[\"%s\",\"%s\"]", CLIENT_USER, CLIENT_PASSWORD);
    assert_int_equal(strlen(mine), strlen(theirs));
    const size_t start_of_key = strlen("{\"id\":1,\"result\":\"");
    assert_memory_equal(mine, theirs, start_of_key);
    assert_string_equal(mine + start_of_key + 32, theirs + start_of_key + 32);
    assert_memory_not_equal(mine + start_of_key, theirs + start_of_key, 32);
    for (const char *p = mine + start_of_key; *p != '"'; p++) {
        assert_true(g_ascii_isalnum(*p) || *p == '_' || *p == '~');
    }
}

static void test_every_recording_is_compared(void **state)
{
    (void)state;
    GDir *folder = g_dir_open(RECORDED, 0, NULL);
    assert_non_null(folder);
    size_t compared = 0;
    const char *name;
    while ((name = g_dir_read_name(folder)) != NULL) {
        bool known = strcmp(name, "README.md") == 0 || strcmp(name, "session-ok.json") == 0;
        for (size_t i = 0; i < G_N_ELEMENTS(RECORDINGS); i++) {
            known = known || strcmp(RECORDINGS[i].file, name) == 0;
        }
        if (!known) {
            fail_msg("%s is compared with nothing", name);
        }
        compared++;
    }
    g_dir_close(folder);
    assert_int_equal(compared, G_N_ELEMENTS(RECORDINGS) + 2);
}

static void test_envelope(void **state)
{
    static const struct {
        const char *body, *content_type;
        long status;
        const char *reply; /* NULL: an HTML page */
    } CASES[] = {
        {"{\"method\":\"release_session_key\",\"params\":[\"x\"],\"id\":\"b-7\"}",
         "application/json; charset=utf-8", 200,
         "{\"id\":\"b-7\",\"result\":\"OK\",\"error\":null}"},
        {"{\"method\":\"release_session_key\",\"params\":[\"x\"],\"id\":0}", NULL, 200, ""},
        {"{\"method\":\"release_session_key\",\"params\":[\"x\"],\"id\":\"\"}", NULL, 200, ""},
        {"{\"method\":\"release_session_key\",\"params\":[\"x\"]}", NULL, 200, ""},
        {"{\"method\":", NULL, 200,
         "{\"id\":null,\"result\":null,\"error\":\"unable to decode malformed json\"}"},
        {"{\"method\":\"release_session_key\",\"params\":[\"x\"],\"id\":1}", "text/plain", 200, ""},
        {"{\"method\":\"drop_everything\",\"params\":[],\"id\":1}", NULL, 500, NULL},
        {"{\"method\":\"list_groups\",\"params\":[\"x\"],\"id\":1}", NULL, 500, NULL},
        {"{\"method\":\"list_groups\",\"params\":{\"sSessionKey\":\"x\"},\"id\":1}", NULL, 500,
         NULL},
        {NULL, NULL, 200, ""},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(CASES); i++) {
        const Ask ask = {.body = CASES[i].body, .content_type = CASES[i].content_type};
        ServerAnswer answer = server_ask(*state, &ask);
        assert_int_equal(answer.status, CASES[i].status);
        if (CASES[i].reply == NULL) {
            assert_true(g_str_has_prefix(answer.body->str, "<!DOCTYPE html>"));
        } else {
            assert_string_equal(answer.body->str, CASES[i].reply);
        }
        answer_clear(&answer);
    }
    const Ask elsewhere = {.path = "/index.php", .body = "{}"};
    ServerAnswer answer = server_ask(*state, &elsewhere);
    assert_int_equal(answer.status, 404);
    answer_clear(&answer);
}

static void test_statuses(void **state)
{
    static const struct {
        const char *method, *parameters, *status;
    } CASES[] = {
        {"list_groups", "[\"$KEY\",131393]", "Error: Invalid survey ID"},
        {"list_questions", "[\"$KEY\",131392,77]", "Error: group not found"},
        {"list_questions", "[\"$KEY\",131392,33]", "Error: Mismatch in surveyid and groupid"},
        {"list_questions", "[\"$KEY\",131392,null,\"fi\"]", "Error: Invalid language"},
        {"get_question_properties", "[\"$KEY\",7777]", "Error: Invalid questionid"},
        {"get_question_properties", "[\"$KEY\",7,[\"shoe_size\"]]", "No valid Data"},
        {"get_survey_properties", "[\"$KEY\",131392,[\"shoe_size\"]]", "No valid Data"},
        {"get_summary", "[\"$KEY\",131393,\"all\"]", "Invalid surveyid"},
        {"get_summary", "[\"$KEY\",131392,\"shoe_size\"]", "Invalid summary key"},
        {"get_summary", "[\"$KEY\",131392,\"token_count\"]", "No available data"},
        {"list_participants", "[\"$KEY\",131392]", "Error: No survey participants table"},
        {"list_participants", "[\"$KEY\",284671,9]", "No survey participants found."},
        {"get_response_ids", "[\"$KEY\",284671,\"none\"]", "No Response found for Token"},
        {"export_responses", "[\"$KEY\",131392,\"json\",\"fi\"]",
         "Language code not found for this survey."},
        {"export_responses", "[\"$KEY\",131393,\"json\"]", "Error: Invalid survey ID"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(CASES); i++) {
        assert_refused(server_result(*state, CASES[i].method, "%s", CASES[i].parameters),
                       CASES[i].status);
    }
    server_order(*state, "{\"active\":{\"sid\":131392,\"active\":false}}");
    assert_refused(server_result(*state, "export_responses", "[\"$KEY\",131392,\"json\"]"),
                   "No Data, survey table does not exist.");
    json_object *nothing = server_result(*state, "get_summary", "[\"$KEY\",131392,\"all\"]");
    assert_string_equal(json_object_to_json_string(nothing), "[ ]");
    json_object_put(nothing);
}

static void test_export_failures_outside_the_envelope(void **state)
{
    g_autofree char *none = server_call(*state, "export_responses",
                                        "[\"$KEY\",131392,\"json\",null,\"all\",\"code\",\"short\","
                                        "null,null,[\"no_such\"]]");
    assert_string_equal(none, "At least one column must be selected for export.");
    g_autofree char *odd = server_call(*state, "export_responses", "[\"$KEY\",131392,\"papyrus\"]");
    assert_true(g_str_has_prefix(odd, "{\"id\":1,\"result\":null,\"error\":\""));
}

static void test_ranges(void **state)
{
    static const struct {
        const char *completion, *from, *to, *ids;
    } CASES[] = {
        {"all", "9", "11", "9 10 11"},
        {"all", "\"18\"", "\"19\"", "18 19"},
        {"all", "null", "10", "9 10"},
        {"all", "0", "9", "9"},
        {"all", "19", "null", "19 20"},
        {"all", "21", "500", ""},
        {"all", "12", "11", ""},
        {"complete", "16", "99", "16 20"},
        {"incomplete", "null", "null", "17 18 19"},
        {"whatever", "17", "17", "17"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(CASES); i++) {
        g_autofree char *file =
            server_export(*state, "[\"$KEY\",131392,\"json\",null,\"%s\",\"code\",\"short\",%s,%s]",
                          CASES[i].completion, CASES[i].from, CASES[i].to);
        g_autofree char *ids = export_ids(file);
        assert_string_equal(ids, CASES[i].ids);
    }
    g_autofree char *empty =
        server_export(*state, "[\"$KEY\",131392,\"json\",null,\"all\",\"code\",\"short\",21,22]");
    assert_string_equal(empty, "{\"responses\": []}");
}

static void test_fields(void **state)
{
    g_autofree char *file = server_export(
        *state, "[\"$KEY\",131392,\"json\",null,\"all\",\"code\",\"short\",15,15,"
                "[\"131392X1X2other\",\"id\",\"submitdate\",\"131392X2X12\",\"131392X2X123\"]]");
    assert_string_equal(file, "{\"responses\": [{\"GRUPPE[other]\":\"Utenlandsk investor "
                              "(\\u00d8stersj\\u00f8en)\",\"id\":15,\"submitdate\":\"2026-11-06 "
                              "17:09:00\",\"RANG[3]\":\"R3\"}]}");
}

static void test_csv(void **state)
{
    server_order(*state, "{\"edit\":{\"sid\":131392,\"id\":10,\"answers\":{\"ORG\":"
                         "\"a\\\"b;c\\r\\nd\\re\"}}}");
    g_autofree char *file =
        server_export(*state, "[\"$KEY\",131392,\"csv\",null,\"all\",\"code\",\"short\",10,11,"
                              "[\"id\",\"131392X1X1\",\"131392X1X2other\"]]");
    assert_string_equal(file, "\xef\xbb\xbf\"id\";\"ORG\";\"GRUPPE[other]\"\r\n"
                              "\"10\";\"a\"\"b;c\nd\ne\";\"\"\r\n"
                              "\"11\";\"Nordfjord Næringsforum\";\"\"\r\n\r\n");
    g_autofree char *empty =
        server_export(*state, "[\"$KEY\",131392,\"csv\",null,\"all\",\"code\",\"short\",21,22]");
    assert_string_equal(empty, "\xef\xbb\xbf\r\n");
}

/* Field map name and heading of every column of a form with all types (form-systems.md 1.7). */
static const char *const COLUMNS[][2] = {
    {"id", "id"},
    {"submitdate", "submitdate"},
    {"lastpage", "lastpage"},
    {"startlanguage", "startlanguage"},
    {"seed", "seed"},
    {"token", "token"},
    {"284671X33X900", "rolle"},
    {"284671X33X900other", "rolle[other]"},
    {"284671X33X903", "valg"},
    {"284671X33X903comment", "valg[comment]"},
    {"284671X33X904SQ001", "tiltak[SQ001]"},
    {"284671X33X904other", "tiltak[other]"},
    {"284671X33X905SQ001", "grunn[SQ001]"},
    {"284671X33X905SQ001comment", "grunn[SQ001comment]"},
    {"284671X33X905other", "grunn[other]"},
    {"284671X33X905othercomment", "grunn[othercomment]"},
    {"284671X33X906SQ001#0", "dobbel[SQ001][1]"},
    {"284671X33X906SQ001#1", "dobbel[SQ001][2]"},
    {"284671X33X907SQ001_SQ002", "rutenett[SQ001_SQ002]"},
    {"284671X33X907SQ001_SQ003", "rutenett[SQ001_SQ003]"},
    {"284671X33X9070R1_K1", "tall[R1_K1]"},
    {"284671X33X9081", "rang[1]"},
    {"284671X33X9082", "rang[2]"},
    {"284671X33X909", "vedlegg"},
    {"284671X33X909_filecount", "vedlegg[filecount]"},
    {"284671X33X911", "fem"},
    {"284671X33X912", "janei"},
    {"284671X33X913", "kjonn"},
    {"284671X33X914SQ001", "a5[SQ001]"},
    {"284671X33X915SQ001", "b10[SQ001]"},
    {"284671X33X916SQ001", "c3[SQ001]"},
    {"284671X33X917SQ001", "e3[SQ001]"},
    {"284671X33X918SQ001", "modenhet[SQ001]"},
    {"284671X33X919SQ001", "kolonner[SQ001]"},
    {"284671X33X920SQ001", "belop[SQ001]"},
    {"284671X33X921", "antall"},
    {"284671X33X922", "kort"},
    {"284671X33X923", "lang"},
    {"284671X33X924SQ001", "flere[SQ001]"},
    {"284671X33X925", "naar"},
    {"284671X33X926", "spraak"},
    {"284671X33X927", "sum"},
    {"284671X33X928", "tekst"},
    {"284671X33X929", "hake"},
    {"284671X34X950", "fritekst"},
};

static void test_columns_of_all_types(void **state)
{
    json_object *map = server_result(*state, "get_fieldmap", "[\"$KEY\",284671]");
    g_autofree char *file = server_export(
        *state, "[\"$KEY\",284671,\"json\",null,\"all\",\"code\",\"short\",4711,4711]");
    json_object *export = json_tokener_parse(file);
    json_object *row = json_object_array_get_idx(json_object_object_get(export, "responses"), 0);
    assert_int_equal(json_object_object_length(map), G_N_ELEMENTS(COLUMNS));
    assert_int_equal(json_object_object_length(row), G_N_ELEMENTS(COLUMNS));
    struct json_object_iterator field = json_object_iter_begin(map);
    struct json_object_iterator cell = json_object_iter_begin(row);
    for (size_t i = 0; i < G_N_ELEMENTS(COLUMNS); i++) {
        assert_string_equal(json_object_iter_peek_name(&field), COLUMNS[i][0]);
        assert_string_equal(json_object_iter_peek_name(&cell), COLUMNS[i][1]);
        json_object_iter_next(&field);
        json_object_iter_next(&cell);
    }
    json_object *seventh = json_object_object_get(map, "284671X33X918SQ001");
    assert_string_equal(
        json_object_to_json_string_ext(seventh, JSON_C_TO_STRING_PLAIN),
        "{\"fieldname\":\"284671X33X918SQ001\",\"type\":\"F\",\"sid\":284671,\"gid\":\"33\","
        "\"qid\":\"918\",\"aid\":\"SQ001\",\"title\":\"modenhet\",\"question\":\"Hvor moden?\","
        "\"subquestion\":\"Journal på tvers\",\"group_name\":\"Status i dag\",\"scale_id\":\"0\","
        "\"mandatory\":\"N\",\"relevance\":\"1\"}");
    json_object_put(map);
    json_object_put(export);
}

/* Without stamped dates a sent response says so by a constant, and the answers stand by code. */
static void test_undated_values(void **state)
{
    static const struct {
        const char *field, *reply;
    } CASES[] = {
        {"submitdate", "{\"responses\": [{\"submitdate\":\"1980-01-01 00:00:00\"},"
                       "{\"submitdate\":null}]}"},
        {"lastpage", "{\"responses\": [{\"lastpage\":2},{\"lastpage\":null}]}"},
        {"seed", "{\"responses\": [{\"seed\":\"1094417711\"},{\"seed\":null}]}"},
        {"token", "{\"responses\": [{\"token\":\"kR7pQ2x\"},{\"token\":null}]}"},
        {"284671X33X900", "{\"responses\": [{\"rolle\":\"-oth-\"},{\"rolle\":\"0\"}]}"},
        {"284671X33X906SQ001#1",
         "{\"responses\": [{\"dobbel[SQ001][2]\":\"U1\"},{\"dobbel[SQ001][2]\":null}]}"},
        {"284671X33X929", "{\"responses\": [{\"hake\":\"01\"},{\"hake\":null}]}"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(CASES); i++) {
        g_autofree char *file = server_export(
            *state,
            "[\"$KEY\",284671,\"json\",\"nn\",\"all\",\"code\",\"short\",4711,4714,[\"%s\"]]",
            CASES[i].field);
        assert_string_equal(file, CASES[i].reply);
    }
    g_autofree char *labels = server_export(
        *state, "[\"$KEY\",284671,\"json\",null,\"all\",\"code\",\"long\",4711,4714,"
                "[\"284671X33X900\",\"284671X33X906SQ001#1\",\"284671X33X905SQ001comment\"]]");
    assert_string_equal(labels, "{\"responses\": [{\"rolle\":\"Annet\",\"dobbel[SQ001][2]\":\"Utf"
                                "\\u00f8rt\",\"grunn[SQ001comment]\":\"Alltid\"},"
                                "{\"rolle\":\"Ingen\",\"dobbel[SQ001][2]\":null,"
                                "\"grunn[SQ001comment]\":null}]}");
}

static void test_question_properties(void **state)
{
    static const struct {
        int qid;
        const char *settings, *result;
    } CASES[] = {
        {906, "[\"answeroptions_multiscale\",\"type\"]",
         "{\"type\":\"1\",\"answeroptions\":[{\"V1\":{\"answer\":\"Viktig\",\"assessment_value\":0,"
         "\"scale_id\":0,\"order\":1}},{\"U1\":{\"answer\":\"Utført\",\"assessment_value\":0,"
         "\"scale_id\":1,\"order\":1}}]}"},
        /* PHP prints an array whose keys are 0 and 1 as a list. */
        {900, "[\"answeroptions\"]",
         "{\"answeroptions\":[{\"answer\":\"Ingen\",\"assessment_value\":0,\"scale_id\":0,"
         "\"order\":1},{\"answer\":\"Leder\",\"assessment_value\":7,\"scale_id\":0,\"order\":2}]}"},
        {950, "[\"title\",\"subquestions\",\"answeroptions\",\"other\"]",
         "{\"title\":\"fritekst\",\"subquestions\":\"No available answers\",\"answeroptions\":\"No "
         "available answer options\",\"other\":\"N\"}"},
        {907, "[\"subquestions\"]",
         "{\"subquestions\":{\"9071\":{\"title\":\"SQ001\",\"question\":\"Rad\",\"scale_id\":0},"
         "\"9072\":{\"title\":\"SQ002\",\"question\":\"Kolonne\",\"scale_id\":1},\"9073\":{"
         "\"title\":\"SQ003\",\"question\":\"Kolonne to\",\"scale_id\":1}}}"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(CASES); i++) {
        json_object *result = server_result(*state, "get_question_properties", "[\"$KEY\",%d,%s]",
                                            CASES[i].qid, CASES[i].settings);
        assert_string_equal(json_object_to_json_string_ext(result, JSON_C_TO_STRING_PLAIN),
                            CASES[i].result);
        json_object_put(result);
    }
}

static void test_other_lists(void **state)
{
    static const struct {
        const char *method, *parameters, *result;
    } CASES[] = {
        {"list_surveys", "[\"$KEY\"]",
         "[{\"sid\":131392,\"surveyls_title\":\"Innspill til samfunnsplanen 2030 – Elvebakken\","
         "\"startdate\":null,\"expires\":null,\"active\":\"Y\"},{\"sid\":682336,"
         "\"surveyls_title\":\"Skjema uten svar\",\"startdate\":null,\"expires\":null,\"active\":"
         "\"Y\"},{\"sid\":284671,\"surveyls_title\":\"Alle spørsmålstyper\",\"startdate\":null,"
         "\"expires\":null,\"active\":\"Y\"}]"},
        {"get_survey_properties",
         "[\"$KEY\",284671,[\"language\",\"additional_languages\",\"datestamp\"]]",
         "{\"language\":\"nb\",\"additional_languages\":\"nn se\",\"datestamp\":\"N\"}"},
        {"get_language_properties", "[\"$KEY\",284671,[\"surveyls_title\"],\"se\"]",
         "{\"surveyls_title\":\"Alle spørsmålstyper\"}"},
        {"get_summary", "[\"$KEY\",131392,\"all\"]",
         "{\"completed_responses\":9,\"incomplete_responses\":3,\"full_responses\":12}"},
        {"get_summary", "[\"$KEY\",131392,\"incomplete_responses\"]", "3"},
        {"get_summary", "[\"$KEY\",284671,\"token_count\"]", "2"},
        {"get_response_ids", "[\"$KEY\",284671,\"kR7pQ2x\"]", "[4711]"},
        {"list_participants", "[\"$KEY\",284671,4,10]",
         "[{\"tid\":8,\"token\":\"bM4wZ9t\",\"participant_info\":{\"firstname\":\"Ole\","
         "\"lastname\":\"Brandsæter\",\"email\":\"ole@example.org\"}}]"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(CASES); i++) {
        json_object *result = server_result(*state, CASES[i].method, "%s", CASES[i].parameters);
        assert_string_equal(json_object_to_json_string_ext(
                                result, JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE),
                            CASES[i].result);
        json_object_put(result);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_recorded_replies, start, stop),
        cmocka_unit_test_setup_teardown(test_recorded_session, start, stop),
        cmocka_unit_test(test_every_recording_is_compared),
        cmocka_unit_test_setup_teardown(test_envelope, start, stop),
        cmocka_unit_test_setup_teardown(test_statuses, start, stop),
        cmocka_unit_test_setup_teardown(test_export_failures_outside_the_envelope, start, stop),
        cmocka_unit_test_setup_teardown(test_ranges, start, stop),
        cmocka_unit_test_setup_teardown(test_fields, start, stop),
        cmocka_unit_test_setup_teardown(test_csv, start, stop),
        cmocka_unit_test_setup_teardown(test_columns_of_all_types, start, stop),
        cmocka_unit_test_setup_teardown(test_undated_values, start, stop),
        cmocka_unit_test_setup_teardown(test_question_properties, start, stop),
        cmocka_unit_test_setup_teardown(test_other_lists, start, stop),
    };
    curl_global_init(CURL_GLOBAL_DEFAULT);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
