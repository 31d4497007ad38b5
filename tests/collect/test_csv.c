/* CSV files as a form system: rows become responses, and faults are told before any does. */
#include "collect/collector.h"

#include "tests/collect/notebook.h"

extern const Collector collector_csv;

static const char questions[] = "    questions:\n"
                                "      Org: {attribute: organisation}\n"
                                "      Antall: {attribute: participants}\n"
                                "      Sendt: {attribute: submitted}\n"
                                "      Vurdering: {rating: ledd-SQ1}\n"
                                "      Utsagn: {statement: {quadrant_from: Felt}}\n"
                                "      Epost: {person: true}\n"
                                "      Kladd: ignore\n";
static const char head[] = "Nr;Org;Antall;Sendt;Vurdering;Felt;Utsagn;Epost;Kladd;Navn\n";

static void project_set(World *w, const char *keys, const char *mapping)
{
    g_autofree char *yaml = g_strconcat("  verksted:\n    kind: csv\n", keys, mapping, NULL);
    g_clear_pointer(&w->project, project_free);
    w->project = fixture_project(w->folder, yaml);
}

static void *csv_begin(World *w)
{
    g_autoptr(GTimeZone) oslo = g_time_zone_new_identifier("Europe/Oslo");
    const CollectContext context = {
        .project = w->project, .source = project_source(w->project, "verksted"), .zone = oslo};
    g_string_truncate(w->book.told, 0);
    g_string_truncate(w->book.notes, 0);
    g_clear_error(&w->error);
    w->book.responses = 0;
    return collector_csv.open(&context, &w->error);
}

static Step pull(World *w)
{
    void *csv = csv_begin(w);
    if (!csv)
        return STEP_FAILED;
    Step step;
    do {
        step = collector_csv.next(csv, &w->book.sink, &w->error);
        assert_null(collector_csv.cursor(csv));
    } while (step == STEP_MORE);
    collector_csv.close(csv);
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

static void refuse(World *w, InnsiktError code, const char *message)
{
    assert_int_equal(pull(w), STEP_FAILED);
    assert_string_equal(w->error->message, message);
    assert_int_equal(w->error->code, code);
    assert_int_equal(w->book.responses, 0);
}

static void file(World *w, const char *name, const char *header, const char *rows)
{
    g_autofree char *text = g_strconcat(header, rows, NULL);
    fixture_write(w->folder, name, text, -1);
}

static const char by_number[] = "    path: verksted/*.csv\n    id: Nr\n";

static void rows_become_responses(void **state)
{
    World *w = *state;
    project_set(w, by_number, questions);
    file(w, "verksted/b.csv", head,
         "7,0; Fjelldal ;1 250,00;04.03.2026 14:20;3,0;S;\" "
         "Æ\n\"\"x\"\"\";kari@example.no;hemmelig;Kari\n"
         ";;;;;;;;;\n"
         "8;;4,5;46387,58; 99 ;;;;;\n");
    file(w, "verksted/a.csv",
         "\xEF\xBB\xBF"
         "Utsagn\tNr\tOrg\n",
         "En\t12\tSolvik\n\tA\u030A1\t\n");
    expect(w,
           "12 Utsagn=En Org=Solvik Antall=(not_in_version) Sendt=(not_in_version) "
           "Vurdering=(not_in_version) Epost=(not_in_version) Felt=(not_in_version)\n"
           "A\u030A1 Utsagn=(not_answered) Org=(not_answered) Antall=(not_in_version) "
           "Sendt=(not_in_version) Vurdering=(not_in_version) Epost=(not_in_version) "
           "Felt=(not_in_version)\n"
           "7@2026-03-04T13:20Z Org=Fjelldal Antall=1250.00 Sendt=04.03.2026 14:20 Vurdering=3 "
           "Felt=S Utsagn= Æ\n\"x\" Epost=kari@example.no\n"
           "8@2026-12-31T12:55Z Org=(not_answered) Antall=4.5 Sendt=46387,58 Vurdering=99 "
           "Felt=(not_answered) Utsagn=(not_answered) Epost=(not_answered)\n",
           "verksted/a.csv has no column \"Antall\"; its rows were not asked\n"
           "verksted/a.csv has no column \"Sendt\"; its rows were not asked\n"
           "verksted/a.csv has no column \"Vurdering\"; its rows were not asked\n"
           "verksted/a.csv has no column \"Epost\"; its rows were not asked\n"
           "verksted/a.csv has no column \"Felt\"; its rows were not asked\n");
    assert_int_equal(w->book.expected, 4);
}

static void what_a_pattern_covers_may_be_missing_in_a_file(void **state)
{
    World *w = *state;
    project_set(w, by_number, "    questions: {\"ledd[*]\": {rating: {item: ledd-*}}}\n");
    file(w, "verksted/a.csv", "Nr;ledd[SQ1]\n", "1;3\n");
    file(w, "verksted/b.csv", "Nr;ledd[SQ2];ledd[SQ1]\n", "2;3;\n");
    expect(w,
           "1 ledd[SQ1]=3 ledd[SQ2]=(not_in_version)\n"
           "2 ledd[SQ2]=3 ledd[SQ1]=(not_answered)\n",
           "verksted/a.csv has no column \"ledd[SQ2]\"; its rows were not asked\n");
}

/* Microsoft Forms ends every answer to a question of several choices in a semicolon. */
static void joined_choices_are_taken_apart(void **state)
{
    World *w = *state;
    project_set(w, by_number,
                "    questions:\n      Org: {attribute: organisations}\n"
                "      Gruppe: {attribute: group}\n      Vurdering: {rating: ledd-SQ1}\n"
                "      Utsagn: {statement: {quadrant_from: Felt}}\n");
    file(w, "verksted/a.csv", "Nr,Org,Gruppe,Vurdering,Felt,Utsagn\n",
         "1,Solvik;Havgap;,kommune;,3; ,Styrke;,Kort;\n"
         "2,Solvik;,kommune;sykehus;,3,Styrke;Svakhet;,Langt\n");
    expect(
        w,
        "1 Org=Solvik;Havgap; Gruppe=kommune Vurdering=3 Felt=Styrke Utsagn=Kort;\n"
        "2 Org=Solvik Gruppe=kommune;sykehus; Vurdering=3 Felt=Styrke;Svakhet; Utsagn=Langt\n",
        "verksted/a.csv: column \"Gruppe\": 1 cells hold several answers joined by `;`, of which "
        "the role takes one; where one is looked for among codes they count as unreadable\n"
        "verksted/a.csv: column \"Felt\": 1 cells hold several answers joined by `;`, of which "
        "the role takes one; where one is looked for among codes they count as unreadable\n");
}

static void headers_are_matched_kindly(void **state)
{
    World *w = *state;
    project_set(w, "    path: a.csv\n    id: \"Svar  nr\"\n",
                "    questions:\n"
                "      \"Hva er viktigst for Ålesund?\": {attribute: a}\n"
                "      X: {attribute: b}\n"
                "      X.2: {attribute: c}\n"
                "      X.3: {attribute: d}\n"
                "      \"M[*]\": {rating: ledd-*}\n");
    file(w, "a.csv",
         "Svar\u00A0nr;\"Hva  er\nviktigst for A\u030Alesund? \";X;X.2;X;M[SQ1];M[SQ2];;\n",
         "1;a;b;c;d;2;3;;\n");
    expect(w, "1 Hva er viktigst for Ålesund?=a X=b X.2=c X.3=d M[SQ1]=2 M[SQ2]=3\n",
           "a.csv: a header that occurs again is read as column \"X.3\"\n");
}

static void rows_without_an_id_are_known_by_place(void **state)
{
    World *w = *state;
    project_set(w, "    path: verksted\n", "    questions: {Utsagn: {statement: strength}}\n");
    file(w, "verksted/b.CSV", "sep=,\nUtsagn,x\n", "En,\n\nTo,\n");
    file(w, "verksted/a.csv", "Utsagn;x\n", "Tre;1\n");
    file(w, "verksted/.hidden.csv", "Utsagn\n", "Nei\n");
    file(w, "verksted/~$a.csv", "Utsagn\n", "Nei\n");
    file(w, "verksted/notat.txt", "Utsagn\n", "Nei\n");
    file(w, "verksted/mappe.csv/c.csv", "Utsagn\n", "Nei\n");
    expect(w,
           "verksted/a.csv:2 Utsagn=Tre\nverksted/b.CSV:2 Utsagn=En\nverksted/b.CSV:4 Utsagn=To\n",
           "the source names no `id:` column, so a row is known by its file and number; rows put "
           "in above others will look like changes\n");
}

static void cells_that_say_nothing_are_told(void **state)
{
    World *w = *state;
    project_set(w, by_number, questions);
    file(w, "verksted/a.csv", head,
         "1;O;1.234;03/04/2026;2;S;u;4,79E+10;;\n"
         "2;O;2.500;2026-02-30;2;S;u\n"
         "3;O;mange;04.03.2026;2;S;u;;;\n");
    expect(w,
           "1 Org=O Antall=1.234(unreadable) Sendt=03/04/2026(unreadable) Vurdering=2 Felt=S "
           "Utsagn=u Epost=(unreadable)\n"
           "2 Org=O Antall=2.500(unreadable) Sendt=2026-02-30(unreadable) Vurdering=2 Felt=S "
           "Utsagn=u Epost=(not_answered)\n"
           "3@2026-03-03T23:00Z Org=O Antall=mange(unreadable) Sendt=04.03.2026 Vurdering=2 "
           "Felt=S Utsagn=u Epost=(not_answered)\n",
           "verksted/a.csv: column \"Antall\" has only numbers like 1.234, which may be a thousand "
           "or a fraction; write them without the sign that groups digits; until then they are "
           "not read\n"
           "verksted/a.csv: column \"Antall\": 1 cells are no numbers and are not read\n"
           "verksted/a.csv: column \"Sendt\": 2 times are not read; write them as 2026-12-31 14:05 "
           "or 31.12.2026 14:05\n"
           "verksted/a.csv: column \"Epost\": 1 long numbers were ruined by a spreadsheet (written "
           "like 1,23E+10); format the column as text and save it anew\n"
           "verksted/a.csv: 1 rows have fewer cells than the header (first line 3); what is "
           "missing is taken as not answered\n");
}

static void one_id_is_one_row(void **state)
{
    World *w = *state;
    static const char mapping[] =
        "    questions: {Utsagn: {statement: strength}, Epost: {person: true}}\n";
    project_set(w, by_number, mapping);
    file(w, "verksted/a.csv", "Nr;Utsagn;Epost;x\n", "1;En;;9\n;uten;;\n2;To;k@example.no;\n");
    file(w, "verksted/b.csv", "Epost;Nr;Utsagn\n", "k@example.no;2,0;To\n;3;Tre\n;1;En\n");
    expect(w,
           "1 Utsagn=En Epost=(not_answered)\n"
           "set aside verksted/a.csv:3: its id column is empty\n"
           "2 Utsagn=To Epost=k@example.no\n"
           "3 Epost=(not_answered) Utsagn=Tre\n",
           "2 rows are copies of others with the same id and are read once\n");
    assert_int_equal(w->book.expected, 4);
    file(w, "verksted/b.csv", "Epost;Nr;Utsagn\n", "annen@example.no;2;To\n");
    refuse(w, INNSIKT_ERROR_DATA,
           "verksted/a.csv:4 and verksted/b.csv:2 have the same id in column \"Nr\" but say "
           "different things; give each row its own id");
    file(w, "verksted/b.csv", "Epost;Nr;Utsagn\n", ";ola@example.no;To\n");
    refuse(w, INNSIKT_ERROR_USAGE,
           "verksted/b.csv:2: column \"Nr\" holds e-mail addresses, and ids are stored as they "
           "are; name another column under `id:` or leave it out");
    project_set(w, "    path: verksted/a.csv\n    id: Epost\n", mapping);
    refuse(w, INNSIKT_ERROR_USAGE,
           "verksted/a.csv: column \"Epost\" identifies a person, and ids are stored as they are; "
           "name another column under `id:` or leave it out");
}

static void faults_are_told_first(void **state)
{
    World *w = *state;
    static const char mapping[] = "    questions: {Utsagn: {statement: strength}}\n";
    static const struct {
        const char *keys, *bytes;
        InnsiktError code;
        const char *message;
    } cases[] = {
        {"    path: borte.csv\n", NULL, INNSIKT_ERROR_NOT_FOUND,
         "there is no file borte.csv; nothing was changed"},
        {"    path: borte/*.csv\n", NULL, INNSIKT_ERROR_NOT_FOUND,
         "there is no file borte/*.csv; nothing was changed"},
        {"    path: tom\n", NULL, INNSIKT_ERROR_NOT_FOUND,
         "folder tom holds no .csv file; nothing was changed"},
        {"    path: a.csv\n", "", INNSIKT_ERROR_DATA,
         "a.csv is empty; restore it or remove it; nothing was changed"},
        {"    path: a.csv\n", "\xEF\xBB\xBF\r\n\r\n", INNSIKT_ERROR_DATA,
         "a.csv is empty; restore it or remove it; nothing was changed"},
        {"    path: a.csv\n", "Utsagn;x\n", INNSIKT_ERROR_DATA,
         "a.csv has a header and no rows below it; nothing was changed"},
        {"    path: a.csv\n", "Utsagn", INNSIKT_ERROR_DATA,
         "a.csv has a header and no rows below it; nothing was changed"},
        {"    path: a.csv\n", ";;\n;;\n", INNSIKT_ERROR_DATA,
         "a.csv has no header: its first row is blank; put the names of the columns there"},
        {"    path: a.csv\n", "Utsang;x\n1;2\n", INNSIKT_ERROR_USAGE,
         "there is no column \"Utsagn\" in a.csv; did you mean \"Utsang\"?"},
        {"    path: a.csv\n    id: Nummer\n", "Utsagn;Nr\n1;2\n", INNSIKT_ERROR_USAGE,
         "a.csv: there is no column \"Nummer\", which `id:` names; known here: Utsagn, Nr"},
        {"    path: a.csv\n", "Utsagn;x\n1;2;;\n3;4;;5\n1;2\n1;2\n", INNSIKT_ERROR_DATA,
         "a.csv:3: the row has 4 cells and the header 2; put quotes around the cell that holds a "
         "separator, or name the column"},
        {"    path: a.csv\n", "Utsagn;x\n1;\"2\n", INNSIKT_ERROR_DATA,
         "a.csv:2: the quote that opens here is never closed; close it, or double it if it is "
         "part of the text"},
        {"    path: a.csv\n", "PK\x03\x04 xl/workbook.xml", INNSIKT_ERROR_DATA,
         "a.csv is not CSV but an Excel workbook (or another zip file); in Excel, save it as «CSV "
         "UTF-8»"},
    };
    g_autofree char *empty = g_build_filename(w->folder, "tom", NULL);
    assert_int_equal(g_mkdir(empty, 0700), 0);
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        project_set(w, cases[i].keys, mapping);
        if (cases[i].bytes)
            fixture_write(w->folder, "a.csv", cases[i].bytes, -1);
        refuse(w, cases[i].code, cases[i].message);
    }
}

static void charset_and_folder_are_no_obstacle(void **state)
{
    World *w = *state;
    g_autofree char *outer = w->folder;
    w->folder = g_build_filename(outer, "år [2021]*", NULL);
    assert_int_equal(g_mkdir(w->folder, 0700), 0);
    project_set(w, "    path: \"verksted/*[ab].csv\"\n",
                "    questions: {Utsagn: {statement: strength}}\n");
    static const char utf16[] = "\xFF\xFEU\0t\0s\0a\0g\0n\0\t\0x\0\r\0\n\0\xE6\0\t\0\x31\0";
    fixture_write(w->folder, "verksted/a.csv", utf16, sizeof utf16 - 1);
    fixture_write(w->folder, "verksted/b.csv", "Utsagn;x\n\xF8\x81;\n", -1);
    expect(w, "verksted/a.csv:2 Utsagn=æ\nverksted/b.csv:2 Utsagn=ø\uFFFD\n",
           "the source names no `id:` column, so a row is known by its file and number; rows put "
           "in above others will look like changes\n"
           "verksted/b.csv: 1 bytes are no characters of windows-1252 and were read as \uFFFD\n");
    fixture_remove(w->folder);
    g_free(w->folder);
    w->folder = g_steal_pointer(&outer);
}

/* The revision moves with what is stored, and with nothing else: not with what is not mapped, and
 * not with who answered, which it would otherwise let one guess. */
static bool keep_revision(PageSink *sink, Response *response, GError **error)
{
    (void)error;
    g_string_append_printf(((Notebook *)sink)->told, "%s ", response->revision);
    return true;
}

static void revisions_follow_content(void **state)
{
    World *w = *state;
    project_set(w, "    path: a.csv\n    id: Nr\n", questions);
    w->book.sink.response = keep_revision;
    file(w, "a.csv", head,
         "1;O;4;;2;S;u;a@example.no;k;n\n"
         "2;O;4;;2,0;S;u;b@example.no;l;m\n"
         "3;O;4;;2;u;S;;;\n"
         "4;O;5;;2;S;u;;;\n");
    assert_int_equal(pull(w), STEP_DONE);
    g_auto(GStrv) revision = g_strsplit(w->book.told->str, " ", -1);
    assert_string_equal(revision[0], revision[1]);
    assert_string_not_equal(revision[0], revision[2]);
    assert_string_not_equal(revision[0], revision[3]);
}

static void pages_and_changes_in_between(void **state)
{
    World *w = *state;
    project_set(w, "    path: a.csv\n    id: Nr\n",
                "    questions: {Utsagn: {statement: strength}}\n");
    g_autoptr(GString) rows = g_string_new("Nr;Utsagn\n");
    for (int i = 0; i < 1201; i++)
        g_string_append_printf(rows, "%d;u%d\n", i, i * 7919);
    fixture_write(w->folder, "a.csv", rows->str, -1);
    void *csv = csv_begin(w);
    static const int after[] = {500, 1000, 1201};
    for (int page = 0; page < 3; page++) {
        assert_int_equal(collector_csv.next(csv, &w->book.sink, &w->error),
                         page < 2 ? STEP_MORE : STEP_DONE);
        assert_int_equal(w->book.responses, after[page]);
    }
    collector_csv.close(csv);
    csv = csv_begin(w);
    fixture_write(w->folder, "a.csv", "Nr;Utsagn\n1;u\n", -1);
    assert_int_equal(collector_csv.next(csv, &w->book.sink, &w->error), STEP_FAILED);
    assert_string_equal(w->error->message, "a.csv was changed while it was read; run it again");
    collector_csv.close(csv);
}

static void questions_are_the_headers(void **state)
{
    World *w = *state;
    project_set(w, by_number, questions);
    g_autoptr(GString) rows = g_string_new(NULL);
    for (int i = 0; i < 21; i++)
        g_string_append_printf(rows, "%d;Org %d;3;;%d,0;S;tekst %d;k%d@example.no;k;Kari\n", i, i,
                               i % 3 + 1, i, i);
    file(w, "verksted/a.csv", head, rows->str);
    file(w, "verksted/b.csv", "Nr;Felt;Nytt felt\n", "99;T;x\n");
    void *csv = csv_begin(w);
    g_autoptr(Form) form = collector_csv.questions(csv, &w->error);
    collector_csv.close(csv);
    assert_non_null(form);
    g_autoptr(GString) out = g_string_new(NULL);
    for (guint i = 0; i < form->questions->len; i++) {
        const FormQuestion *question = g_ptr_array_index(form->questions, i);
        assert_string_equal(question->type, "column");
        g_string_append_printf(out, "%s:%s", question->name, form_kind_word(question->kind));
        for (guint c = 0; c < question->choices->len; c++)
            g_string_append_printf(out, ",%s",
                                   g_array_index(question->choices, FormChoice, c).code);
        g_string_append_c(out, ' ');
    }
    assert_string_equal(out->str, "Nr:text Org:single Antall:number Sendt:date "
                                  "Vurdering:single,1,2,3 Felt:single,S,T Utsagn:text Epost:text "
                                  "Kladd:text Navn:text Nytt felt:text ");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(rows_become_responses),
        TEST(what_a_pattern_covers_may_be_missing_in_a_file),
        TEST(joined_choices_are_taken_apart),
        TEST(headers_are_matched_kindly),
        TEST(rows_without_an_id_are_known_by_place),
        TEST(cells_that_say_nothing_are_told),
        TEST(one_id_is_one_row),
        TEST(faults_are_told_first),
        TEST(charset_and_folder_are_no_obstacle),
        TEST(revisions_follow_content),
        TEST(pages_and_changes_in_between),
        TEST(questions_are_the_headers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
