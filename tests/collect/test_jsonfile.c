/* JSON files as a form system: records become responses, and faults are told before any does. */
#include "collect/collector.h"
#include "collect/json_reader.h"

#include "tests/collect/notebook.h"

static const char questions[] = "    id: nr\n"
                                "    questions:\n"
                                "      org/navn: {attribute: organisation}\n"
                                "      sendt: {attribute: submitted}\n"
                                "      vurdering: {rating: ledd-SQ1}\n"
                                "      utsagn/tekst: {statement: {quadrant_from: utsagn/felt}}\n"
                                "      tagger: {attribute: tagger}\n"
                                "      epost: {person: true}\n";

static void project_set(World *w, const char *kind, const char *path, const char *mapping)
{
    g_autofree char *yaml =
        g_strdup_printf("  verksted:\n    kind: %s\n    path: \"%s\"\n%s", kind, path, mapping);
    g_clear_pointer(&w->project, project_free);
    w->project = fixture_project(w->folder, yaml);
}

static const Collector *begin(World *w, void **ret)
{
    g_autoptr(GTimeZone) oslo = g_time_zone_new_identifier("Europe/Oslo");
    const Source *source = project_source(w->project, "verksted");
    const CollectContext context = {.project = w->project, .source = source, .zone = oslo};
    const Collector *collector = collector_find(source->kind);
    g_string_truncate(w->book.told, 0);
    g_string_truncate(w->book.notes, 0);
    g_clear_error(&w->error);
    w->book.responses = 0;
    *ret = collector->open(&context, &w->error);
    return collector;
}

static Step pull(World *w)
{
    void *self;
    const Collector *collector = begin(w, &self);
    if (!self)
        return STEP_FAILED;
    Step step;
    do
        step = collector->next(self, &w->book.sink, &w->error);
    while (step == STEP_MORE);
    assert_null(collector->cursor(self));
    collector->close(self);
    return step;
}

static void expect(World *w, const char *told, const char *notes)
{
    Step step = pull(w);
    assert_string_equal(w->error ? w->error->message : "", "");
    assert_int_equal(step, STEP_DONE);
    assert_string_equal(w->book.told->str, told);
    assert_string_equal(w->book.notes->str, notes);
}

/* The message must hold `words`, and nothing may have been given out. */
static void refuse(World *w, InnsiktError code, const char *words)
{
    assert_int_equal(pull(w), STEP_FAILED);
    if (!strstr(w->error->message, words))
        fail_msg("«%s» is not in «%s»", words, w->error->message);
    assert_int_equal(w->error->code, code);
    assert_int_equal(w->book.responses, 0);
}

static const char first_record[] =
    "{\"nr\": 9007199254740993117, \"org\": {\"navn\": \"Fj\\u00f8l\", \"hemmelig\": 1},\n"
    " \"sendt\": \"2026-03-04T13:20:00Z\", \"vurdering\": 3.0, \"kladd\": [{\"x\": [1]}],"
    " \"utsagn\": [{\"tekst\": \"Én\", \"felt\": \"S\"}, {\"tekst\": \"To\", \"felt\": null}],"
    " \"tagger\": [\"a\", 2.50, true, null, [\"b\"]], \"epost\": \"kari@example.no\"}";
static const char first_told[] =
    "9007199254740993117@2026-03-04T13:20Z org/navn=Fjøl sendt=2026-03-04T13:20:00Z vurdering=3 "
    "utsagn/tekst#0=Én utsagn/felt#0=S utsagn/tekst#1=To utsagn/felt#1=(not_answered) "
    "tagger=a;2.50;true;b epost=kari@example.no\n";
static const char second_told[] = "x-8 tagger=(not_answered) org/navn=(unknown) sendt=(unknown) "
                                  "vurdering=(unknown) epost=(unknown)\n";

static void records_become_responses(void **state)
{
    World *w = *state;
    g_autofree char *told = g_strconcat(first_told, second_told, NULL);
    g_autofree char *array =
        g_strconcat("\xEF\xBB\xBF\r\n [ ", first_record,
                    " ,\n{\"nr\":\" x-8 \",\"tagger\":[],\"utsagn\":[]}\n]\n", NULL);
    fixture_write(w->folder, "inn/a.json", array, -1);
    fixture_write(w->folder, "inn/b.txt", "ikke les", -1);
    project_set(w, "json", "inn", questions);
    expect(w, told, "");
    assert_int_equal(w->book.expected, 2);

    /* One object a line; the last line need not end. */
    g_autofree char *one = g_strdup(first_record);
    g_strdelimit(one, "\n", ' ');
    g_autofree char *lines = g_strconcat("\xEF\xBB\xBF\n", one, "\r\n\n \t\r\n",
                                         "{\"nr\":\"x-8\",\"tagger\":[],\"utsagn\":[]}", NULL);
    fixture_write(w->folder, "inn/a.ndjson", lines, -1);
    project_set(w, "ndjson", "inn/*.ndjson", questions);
    expect(w, told, "");
}

static void a_key_twice_is_told_and_the_last_counts(void **state)
{
    World *w = *state;
    fixture_write(w->folder, "a.json",
                  "[{\"nr\":1,\"vurdering\":1,\"org\":{\"navn\":\"A\"},\"vurdering\":2},\n"
                  "{\"nr\":2,\"vurdering\":3,\"org\":{\"navn\":\"A\"},\"org\":{\"navn\":\"B\"}}]",
                  -1);
    project_set(w, "json", "a.json",
                "    id: nr\n    questions:\n      vurdering: {rating: ledd-SQ1}\n"
                "      org/navn: {attribute: organisation}\n");
    expect(w, "1 org/navn=A vurdering=2\n2 vurdering=3 org/navn=B\n",
           "2 records have a key twice in one object (the first at a.json:1); the last one "
           "counts\n");
}

static void escapes_that_are_no_characters(void **state)
{
    World *w = *state;
    fixture_write(w->folder, "a.json",
                  "[{\"nr\":1,\"t\":\"a\\ud800b\\u0000c\\ud83d\\ude00\",\"A\\u030A\":\"5\"}]", -1);
    project_set(w, "json", "a.json",
                "    id: nr\n    questions:\n      t: {attribute: a}\n"
                "      Å: {attribute: b}\n");
    expect(w, "1 t=a\uFFFDb\uFFFDc😀 Å=5\n", "");
}

static void repeats_within_repeats_keep_counting(void **state)
{
    World *w = *state;
    fixture_write(w->folder, "a.json",
                  "[{\"r\":[{\"q\":[{\"t\":\"a\"},{\"t\":\"b\"}]},{\"q\":[{\"t\":\"c\"}]}]}]", -1);
    project_set(w, "json", "a.json",
                "    questions:\n      r/q/t: {statement: {quadrant: strength}}\n");
    expect(w, "a.json:1 r/q/t#0=a r/q/t#1=b r/q/t#2=c\n",
           "the source names no `id:` key, so a record is known by its file and number; records "
           "put in above others will look like changes\n");
}

static void ids_are_held_to_what_they_are_for(void **state)
{
    World *w = *state;
    static const char mapped[] = "    id: nr\n    questions: {t: {attribute: a}}\n";
    project_set(w, "ndjson", "a.ndjson", mapped);
    fixture_write(w->folder, "a.ndjson",
                  "{\"nr\":5,\"t\":\"x\"}\n{\"nr\":\"5\",\"t\":\"x\"}\n{\"nr\":null,\"t\":\"y\"}\n",
                  -1);
    expect(w, "5 t=x\nset aside a.ndjson:3: its id is empty or left out\n",
           "1 records are copies of others with the same id and are read once\n");
    fixture_write(w->folder, "a.ndjson", "{\"nr\":5,\"t\":\"x\"}\n\n{\"nr\":5,\"t\":\"z\"}\n", -1);
    refuse(w, INNSIKT_ERROR_DATA, "a.ndjson:1 and a.ndjson:3 have the same id in \"nr\"");
    fixture_write(w->folder, "a.ndjson", "{\"nr\":\"kari@example.no\",\"t\":\"x\"}\n", -1);
    refuse(w, INNSIKT_ERROR_USAGE, "a.ndjson:1: \"nr\" holds e-mail addresses");
    fixture_write(w->folder, "a.ndjson", "{\"Nr\":1,\"t\":\"x\"}\n", -1);
    refuse(w, INNSIKT_ERROR_USAGE, "did you mean \"Nr\"");
    fixture_write(w->folder, "a.ndjson", "{\"nr\":1,\"u\":\"x\"}\n", -1);
    expect(w, "1\n",
           "no record has \"t\", so nobody answered it or it is spelt otherwise; known here: nr, "
           "u\n");
}

static void broken_files_are_refused_by_place(void **state)
{
    World *w = *state;
    static const struct {
        const char *kind, *text, *words;
        InnsiktError code;
    } cases[] = {
        {"json", "", "the file is no JSON array", INNSIKT_ERROR_DATA},
        {"json", "[]", "holds no records", INNSIKT_ERROR_DATA},
        {"json", "<!DOCTYPE html><html>", "a:1: the file is no JSON array", INNSIKT_ERROR_DATA},
        {"json", "{\"value\":[]}", "write `kind: ndjson`", INNSIKT_ERROR_DATA},
        {"json", "[{\"nr\":1}\n{\"nr\":2}]", "a:2: there is no comma", INNSIKT_ERROR_DATA},
        {"json", "[{\"nr\":1},\n]", "a:2: the array holds something", INNSIKT_ERROR_DATA},
        {"json", "[{\"nr\":1},\n3]", "a:2: the array holds something", INNSIKT_ERROR_DATA},
        {"json", "[{\"nr\":1}]\n\n[", "a:3: there is something after", INNSIKT_ERROR_DATA},
        {"json", "[{\"nr\":1},\n{\"nr\":\"]}", "begins at line 2, so it was cut off",
         INNSIKT_ERROR_DATA},
        {"json", "[{\"nr\":1}", "inside the array, so it was cut off", INNSIKT_ERROR_DATA},
        {"json", "[{\"nr\":1},\n{\"nr\":[1}]}]", "a:2: the record that begins here is broken",
         INNSIKT_ERROR_DATA},
        {"json", "[{\"nr\":\"\xE6\"}]", "or its letters are not UTF-8", INNSIKT_ERROR_DATA},
        {"ndjson", "{\"nr\":1}\n{\"nr\":2\n{\"nr\":3}\n", "a:2: the record that begins here",
         INNSIKT_ERROR_DATA},
        {"ndjson", "{\"nr\":1}\n{\"nr\":2} {\"nr\":3}\n",
         "a:2: the record that begins here is more "
         "than one object",
         INNSIKT_ERROR_DATA},
        {"ndjson", "{\"nr\":1}\n17\n", "a:2: the record that begins here is no object",
         INNSIKT_ERROR_DATA},
        {"ndjson", "[{\"nr\":1}]\n", "a:1: the record that begins here is no object",
         INNSIKT_ERROR_DATA},
        {"ndjson", "{\"nr\":1}\n{\"nr\":2", "a:2: the record that begins here is broken",
         INNSIKT_ERROR_DATA},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        fixture_write(w->folder, "a", cases[i].text, -1);
        project_set(w, cases[i].kind, "a", "    id: nr\n    questions: {t: {attribute: a}}\n");
        refuse(w, cases[i].code, cases[i].words);
    }
}

/* One past each limit. */
static void limits_hold(void **state)
{
    (void)state;
    static const struct {
        const char *before, *part, *after, *words;
        int fits, beyond;
    } cases[] = {
        {"{\"a\":", "[", "", "deeper than 64", 0, 64},
        {"{\"a\":\"", "x", "\"}", "more than 1 MiB", JSON_TEXT_LIMIT, JSON_TEXT_LIMIT + 1},
        {"{\"a\":[1", ",10", "]}", "more than 1 MiB", 1000, 400000},
        {"{\"a\":[{}", ",{\"b\":1}", "]}", "65536 values", 65536, 65537},
        {"{\"a\":0", ",\"a\":1", "}", "keys that stand twice", 1000, 1001},
        {"{\"a\":0", " ", "}", "larger than 16 MiB", 1000, JSON_RECORD_LIMIT},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++)
        for (int over = 0; over < 2; over++) {
            int n = over ? cases[i].beyond : cases[i].fits;
            if (!n)
                continue;
            g_autoptr(GError) error = NULL;
            g_autoptr(GString) text = g_string_new(cases[i].before);
            for (int k = 0; k < n; k++)
                g_string_append(text, cases[i].part);
            g_string_append(text, cases[i].after);
            g_autoptr(JsonReader) reader = json_reader_bytes(text->str, text->len, "a", true);
            JsonRecord record;
            assert_int_equal(json_reader_next(reader, &record, &error), !over);
            if (over)
                assert_non_null(strstr(error->message, cases[i].words));
            if (over)
                assert_int_equal(error->code, INNSIKT_ERROR_LIMIT);
        }
}

static void questions_are_the_paths(void **state)
{
    World *w = *state;
    g_autofree char *array = g_strconcat("[", first_record, "]", NULL);
    fixture_write(w->folder, "a.json", array, -1);
    project_set(w, "json", "a.json", questions);
    void *self;
    const Collector *collector = begin(w, &self);
    assert_non_null(self);
    g_autoptr(Form) form = collector->questions(self, &w->error);
    assert_non_null(form);
    assert_non_null(form_find(form, "kladd/x"));
    const FormQuestion *rating = form_find(form, "vurdering");
    assert_int_equal(rating->kind, FORM_SINGLE);
    assert_int_equal(rating->choices->len, 1);
    assert_string_equal(g_array_index(rating->choices, FormChoice, 0).code, "3");
    assert_int_equal(form_find(form, "org/hemmelig")->choices->len, 0);
    collector->close(self);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
        TEST(records_become_responses),
        TEST(a_key_twice_is_told_and_the_last_counts),
        TEST(escapes_that_are_no_characters),
        TEST(repeats_within_repeats_keep_counting),
        TEST(ids_are_held_to_what_they_are_for),
        TEST(broken_files_are_refused_by_place),
        TEST(limits_hold),
        TEST(questions_are_the_paths),
#undef TEST
    };
    return cmocka_run_group_tests_name("jsonfile", tests, NULL, NULL);
}
