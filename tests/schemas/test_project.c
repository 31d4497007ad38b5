/* project.yaml: what it means when it is right. */
#include "tests/schemas/project_text.h"

/* --- what is right --------------------------------------------------------------------------- */

static const char example[] =
    "innsikt: 1\n"
    "title: Evaluering av nasjonal e-helsestrategi\n"
    "language: nn\n"
    "framework: ehelse\n"
    "store: data/svar.db\n"
    "privacy:\n"
    "  key: env:INNSIKT_TEST_UNSET\n"
    "  smallest_group: 7\n"
    "  quotes: none\n"
    "analysis:\n"
    "  weight: group\n"
    "  targets: {kommune: 0.45, helseforetak: 0.3, naeringsliv: 0.25}\n"
    "  bootstrap: 3170\n"
    "  seed: 18446744073709551557\n"
    "timezone: Atlantic/Reykjavik\n"
    "round: {number: 2, stage: validation, deadline: 2021-09-24, contact: strategi@example.org}\n"
    "thresholds: {verdict-firm: 0.83, duplicate: 0.77}\n"
    "organisations:\n"
    "  Oslo kommune: {aliases: [Oslo komm., OSLO], group: kommune}\n"
    "  Havørn: {}\n"
    "  Ørnes bo:\n"
    "recipients:\n"
    "  ks: {name: KS, groups: [kommune, Helseforetak]}\n"
    "scenarios:\n"
    "  - {id: S1, label: {nb: Sterk stat, nn: Sterk stat, en: Strong state}}\n"
    "sources:\n"
    "  ansatte:\n"
    "    kind: limesurvey\n"
    "    url: https://skjema.example.no/index.php/admin/remotecontrol\n"
    "    form: env:INNSIKT_TEST_FORM\n"
    "    user: env:LS_USER\n"
    "    password: env:LS_PASSWORD\n"
    "    method: survey\n"
    "    stream: lessons\n"
    "    wave: 2021-vaar\n"
    "    include: all\n"
    "    organisation: Havørn\n"
    "    group: forvaltning\n"
    "    insecure: true\n"
    "    ca_file: tls/ca.pem\n"
    "    pin: sha256//47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=;"
    "sha256//lbMOwOB3v6cqzS/L7kmBO8Cv9YHAsM0dTdZlTyClrbQ=\n"
    "    proxy: http://mellom.example.no:3128\n"
    "    proxy_user: kari\n"
    "    proxy_password: command:pass show mellom\n"
    "    timezone: UTC\n"
    "    questions:\n"
    "      ORG:            {attribute: organisation}\n"
    "      GRUPPE:         {attribute: group, values: {A1: kommune, A2: Helseforetak}}\n"
    "      \"VALG[SQ001]\":  {rating: choices-clear, scale: grad5}\n"
    "      \"FREM[SQ011]\":  {rating: {area: \"1.1\", scenario: S1}, scale: scenario5}\n"
    "      \"PLAN[SQ011]\":  {rating: {area: \"1.1\", criterion: practice}}\n"
    "      STYRKER:        {statement: {quadrant: strength, category: organisation}}\n"
    "      UTSAGN:         {statement: {polarity_from: POLARITET, category_from: KATEGORI}}\n"
    "      BEHOV:          {need: {group: citizen, kind: practical}}\n"
    "      KPI1:           {kpi: {area: \"3\", indicator: Andel, target: 80}}\n"
    "      EPOST:          {person: true}\n"
    "      KOMMENTAR:      ignore\n"
    "  verksted:\n"
    "    kind: csv\n"
    "    path: verksted/*.csv\n"
    "    id: Nr\n"
    "    method: workshop\n"
    "    evidence: voiced\n"
    "    separator: ';'\n"
    "    encoding: windows-1252\n"
    "    questions:\n"
    "      Org:            {attribute: organisation}\n"
    "      Utsagn:\n"
    "        statement: {quadrant_from: Felt, category_from: Kategori, stream_from: Kilde, "
    "implication_from: Betyr}\n"
    "        values:\n"
    "          quadrant: {Styrke: strength, Svakhet: weakness}\n"
    "          category: {Folk: actors}\n";

static void reads_the_head(void **state)
{
    (void)state;
    g_autoptr(Project) p = load_sound(example);
    g_autofree char *here = g_get_current_dir();
    g_autofree char *store = g_build_filename(here, "data/svar.db", NULL);
    assert_string_equal(p->file, "project.yaml");
    assert_string_equal(p->title, "Evaluering av nasjonal e-helsestrategi");
    assert_int_equal(p->language, LANGUAGE_NN);
    assert_string_equal(p->store_path, store);
    assert_string_equal(p->key_ref, "env:INNSIKT_TEST_UNSET");
    assert_int_equal(p->smallest_group, 7);
    assert_string_equal(p->quotes, "none");
    assert_int_equal(p->weight, WEIGHT_GROUP);
    assert_true(p->targets[framework_find(p->framework, TERM_GROUP, "helseforetak")] == 0.3);
    assert_true(p->targets[framework_find(p->framework, TERM_GROUP, "innbygger")] == 0);
    assert_int_equal(p->bootstrap, 3170);
    assert_true(p->seed == 18446744073709551557u);
    assert_string_equal(p->timezone, "Atlantic/Reykjavik");
    assert_int_equal(p->round.number, 2);
    assert_int_equal(p->round.stage, 1);
    assert_string_equal(p->round.deadline, "2021-09-24");
    assert_string_equal(p->round.contact, "strategi@example.org");
    assert_true(p->thresholds.verdict_firm == 0.83 && p->thresholds.duplicate == 0.77);
    assert_true(p->thresholds.verdict_n == 5 && p->thresholds.cluster_cut == 0.75);
    assert_int_equal(framework_find(p->framework, TERM_SCENARIO, "S1"), 0);
    assert_int_equal(framework_match(p->framework, TERM_SCENARIO, "strong STATE"), 0);
    const Recipient *ks = p->recipients->pdata[0];
    assert_string_equal(ks->key, "ks");
    assert_int_equal(ks->n_groups, 2);
    assert_int_equal(ks->groups[1], framework_find(p->framework, TERM_GROUP, "helseforetak"));
}

static void what_is_not_given_has_its_default(void **state)
{
    (void)state;
    g_autoptr(Project) p = load_sound(HEAD "sources:\n");
    g_autofree char *name = g_path_get_basename(p->store_path);
    assert_string_equal(name, "innsikt.db");
    assert_int_equal(p->language, LANGUAGE_NB);
    assert_int_equal(p->smallest_group, 5);
    assert_string_equal(p->quotes, "redacted");
    assert_int_equal(p->weight, WEIGHT_ORGANISATION);
    assert_null(p->targets);
    assert_int_equal(p->bootstrap, 10000);
    assert_true(p->seed == 2021);
    assert_string_equal(p->timezone, "Europe/Oslo");
    assert_int_equal(p->round.number, 0);
    assert_int_equal(p->round.stage, -1);
    assert_int_equal(p->sources->len, 0);
#define THRESHOLD(field, key, standard, low, high, section)                                        \
    assert_true(p->thresholds.field == standard);
#include "schemas/threshold.def"
#undef THRESHOLD
}

static void reads_sources(void **state)
{
    (void)state;
    g_autoptr(Project) p = load_sound(example);
    const Source *s = project_source(p, "ansatte"), *csv = project_source(p, "verksted");
    assert_ptr_equal(p->sources->pdata[0], s);
    assert_null(project_source(p, "ansatt"));
    assert_string_equal(s->kind, "limesurvey");
    assert_string_equal(s->form, "284671");
    assert_string_equal(s->user_ref, "env:LS_USER");
    assert_string_equal(s->password_ref, "env:LS_PASSWORD");
    assert_int_equal(s->method, METHOD_SURVEY);
    assert_int_equal(s->include, INCLUDE_ALL);
    assert_true(s->insecure);
    assert_true(g_path_is_absolute(s->ca_file) && g_str_has_suffix(s->ca_file, "/tls/ca.pem"));
    assert_true(g_str_has_suffix(s->pin, ";sha256//lbMOwOB3v6cqzS/L7kmBO8Cv9YHAsM0dTdZlTyClrbQ="));
    assert_string_equal(s->proxy, "http://mellom.example.no:3128");
    assert_string_equal(s->proxy_user_ref, "kari");
    assert_string_equal(s->proxy_password_ref, "command:pass show mellom");
    assert_null(csv->ca_file);
    assert_null(csv->pin);
    assert_null(csv->proxy);
    assert_string_equal(s->stream, "lessons");
    assert_string_equal(s->wave, "2021-vaar");
    assert_string_equal(s->organisation, "Havørn");
    assert_int_equal(s->group, framework_find(p->framework, TERM_GROUP, "forvaltning"));
    assert_string_equal(s->timezone, "UTC");
    assert_int_equal(s->line, 27);
    assert_int_equal(s->column, 3);
    assert_string_equal(csv->path, "verksted/*.csv");
    assert_string_equal(csv->id_column, "Nr");
    assert_string_equal(csv->evidence, "voiced");
    assert_string_equal(csv->separator, ";");
    assert_string_equal(csv->encoding, "windows-1252");
    assert_int_equal(csv->method, METHOD_WORKSHOP);
    assert_int_equal(csv->include, INCLUDE_COMPLETE);
    assert_int_equal(csv->group, -1);
    assert_false(csv->insecure);
    assert_string_equal(method_word(csv->method), "workshop");
}

static void reads_mappings(void **state)
{
    (void)state;
    g_autoptr(Project) p = load_sound(example);
    const Source *s = project_source(p, "ansatte"), *csv = project_source(p, "verksted");
    const Mapping *group = source_mapping(s, "GRUPPE");
    assert_int_equal(group->role, ROLE_ATTRIBUTE);
    assert_string_equal(mapping_value(group, "name")->literal, "group");
    assert_string_equal(recode_apply(group->recode, "A2"), "Helseforetak");
    assert_string_equal(recode_apply(group->recode, "A3"), "A3");
    assert_string_equal(recode_apply(NULL, "A3"), "A3");
    assert_int_equal(group->line, 48);
    assert_int_equal(group->column, 7);
    const Mapping *rating = source_mapping(s, "VALG[SQ001]");
    assert_int_equal(rating->role, ROLE_RATING);
    assert_string_equal(mapping_value(rating, "item")->literal, "choices-clear");
    assert_string_equal(rating->scale->id, "grad5");
    const Mapping *plan = source_mapping(s, "PLAN[SQ011]");
    assert_string_equal(plan->scale->id, "grad5"); /* the framework's default */
    assert_string_equal(mapping_value(plan, "criterion")->literal, "practice");
    assert_null(mapping_value(plan, "item"));
    const Mapping *said = source_mapping(s, "UTSAGN");
    assert_string_equal(mapping_value(said, "polarity")->from, "POLARITET");
    assert_null(mapping_value(said, "polarity")->literal);
    assert_int_equal(source_mapping(s, "POLARITET")->role, ROLE_SUPPORT);
    assert_int_equal(source_mapping(s, "KATEGORI")->role, ROLE_SUPPORT);
    assert_int_equal(source_mapping(s, "EPOST")->role, ROLE_PERSON);
    assert_int_equal(source_mapping(s, "KOMMENTAR")->role, ROLE_IGNORE);
    assert_null(source_mapping(s, "ANNET"));
    assert_true(source_wants(s, "POLARITET") && source_wants(s, "EPOST"));
    assert_false(source_wants(s, "KOMMENTAR") || source_wants(s, "ANNET"));
    const Mapping *keyed = source_mapping(csv, "Utsagn");
    assert_null(keyed->recode);
    assert_string_equal(recode_apply(mapping_value(keyed, "quadrant")->recode, "Svakhet"),
                        "weakness");
    assert_string_equal(recode_apply(mapping_value(keyed, "category")->recode, "Folk"), "actors");
    assert_null(mapping_value(keyed, "stream")->recode);
    assert_true(source_wants(csv, "Betyr"));
}

static void one_map_of_values_serves_all(void **state)
{
    (void)state;
    g_autoptr(Project) p = load_sound(ASK("U: {statement: {quadrant_from: F, category_from: K, "
                                          "values: {Styrke: strength, Folk: actors}}}\n"
                                          "      R: {rating: {item_from: I}, values: {A1: 1, A6: "
                                          "dont_know, X: plan-used}, scale: enig5}"));
    const Source *s = project_source(p, "s");
    const Mapping *said = source_mapping(s, "U"), *rating = source_mapping(s, "R");
    assert_string_equal(recode_apply(mapping_value(said, "quadrant")->recode, "Styrke"),
                        "strength");
    assert_string_equal(recode_apply(mapping_value(said, "category")->recode, "Folk"), "actors");
    assert_string_equal(recode_apply(said->recode, "Folk"), "actors");
    assert_string_equal(recode_apply(rating->recode, "A6"), "dont_know");
    assert_string_equal(recode_apply(mapping_value(rating, "item")->recode, "X"), "plan-used");
}

/* A question that is read and has a role of its own keeps it. */
static void a_read_question_keeps_its_role(void **state)
{
    (void)state;
    g_autoptr(Project) p =
        load_sound(ASK("U: {statement: {quadrant_from: F, item_from: \"V[SQ1]\"}}\n"
                       "      \"V[*]\": {rating: choices-clear}\n      F: {attribute: felt}"));
    const Source *s = project_source(p, "s");
    assert_int_equal(source_mapping(s, "F")->role, ROLE_ATTRIBUTE);
    assert_int_equal(source_mapping(s, "V[SQ1]")->role, ROLE_RATING);
    assert_int_equal(s->mappings->len, 3);
}

static void knows_organisations_by_any_spelling(void **state)
{
    (void)state;
    static const struct {
        const char *typed, *name;
    } spellings[] = {{"Oslo kommune", "Oslo kommune"},
                     {"  OSLO  KOMMUNE ", "Oslo kommune"},
                     {"oslo\u00a0komm.", "Oslo kommune"},
                     {"oslo", "Oslo kommune"},
                     {"HAVØRN", "Havørn"},
                     {"Ørnes bo", "Ørnes bo"},
                     {"Oslo k.", NULL},
                     {"", NULL}};
    g_autoptr(Project) p = load_sound(example);
    for (size_t i = 0; i < G_N_ELEMENTS(spellings); i++) {
        const Organisation *found = project_organisation(p, spellings[i].typed);
        if (g_strcmp0(found ? found->name : NULL, spellings[i].name) != 0)
            fail_msg("«%s»", spellings[i].typed);
    }
    const Organisation *oslo = p->organisations->pdata[0];
    assert_int_equal(oslo->group, framework_find(p->framework, TERM_GROUP, "kommune"));
    assert_string_equal(oslo->aliases[1], "OSLO");
    assert_int_equal(((Organisation *)p->organisations->pdata[1])->group, -1);
    g_autofree char *folded = organisation_fold(" A\u030asane\u00a0 BO ");
    assert_string_equal(folded, "åsane bo");
}

static void a_framework_file_lies_beside_the_project(void **state)
{
    (void)state;
    g_autoptr(GError) error = NULL;
    assert_true(g_file_set_contents("rammeverk.yaml",
                                    "innsikt: 1\nid: egen\ntitle: E\nverdict_scale: v\n"
                                    "scales: [{id: v, steps: [{label: A}, {label: B}]}]\n"
                                    "questions: [{id: q, label: Q}]\n",
                                    -1, NULL));
    g_autoptr(Project) p = load_sound("innsikt: 1\ntitle: T\nframework: ./rammeverk.yaml\n"
                                      "privacy: {key: file:k}\n");
    assert_string_equal(p->framework->id, "egen");
    assert_true(g_file_set_contents("rammeverk.yaml", "id: egen\n", -1, NULL));
    assert_null(load_text(
        "innsikt: 1\ntitle: T\nframework: rammeverk.yaml\nprivacy: {key: file:k}\n", &error));
    assert_true(g_str_has_prefix(error->message, "rammeverk.yaml:1:1: `innsikt` is missing"));
}

/* --- the digest ------------------------------------------------------------------------------ */

static char *digest_of(const char *text)
{
    g_autoptr(Project) p = load_sound(text);
    return source_mapping_digest(project_source(p, "s"));
}

/* Whoever analyses what was collected long ago need not know where it came from. */
static void a_place_in_the_environment_may_wait(void **state)
{
    (void)state;
    g_unsetenv("INNSIKT_TEST_UNSET");
    g_autoptr(GError) error = NULL;
    g_autoptr(Project) project =
        load_sound(HEAD "sources:\n  a: {kind: limesurvey, url: 'env:INNSIKT_TEST_UNSET', form: 1, "
                        "user: x, password: 'env:P', method: survey, questions: {}}\n");
    const Source *source = project_source(project, "a");
    assert_false(source_is_placed(project, source, &error));
    assert_non_null(strstr(error->message, "env:INNSIKT_TEST_UNSET is not set; set it first"));
}

static void digest_changes_with_what_is_kept(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        bool same; /* as the first */
    } cases[] = {
        {ASK("A: {rating: plan-used, values: {x: 1, y: 2}}\n      B: {statement: {quadrant_from: "
             "F}}"),
         true},
        {"# said otherwise\n" ASK(
             "A: {rating: {item: plan-used}, scale: grad5, values: {\"y\": 2, \"x\": 1}}\n"
             "      B: {statement: {quadrant_from: F}}"),
         true},
        {ASK("A: {rating: follow-up, values: {x: 1, y: 2}}\n      B: {statement: {quadrant_from: "
             "F, category: actors}}"),
         true},
        {ASK("A: {rating: plan-used, values: {x: 1, y: 3}}\n      B: {statement: {quadrant_from: "
             "F}}"),
         false},
        {ASK("A: {rating: plan-used, values: {x: 1, z: 2}}\n      B: {statement: {quadrant_from: "
             "F}}"),
         false},
        {ASK("A: {rating: plan-used, values: {x: 1}}\n      B: {statement: {quadrant_from: F}}"),
         false},
        {ASK("A: {rating: plan-used, scale: enig3, values: {x: 1, y: 2}}\n      B: {statement: "
             "{quadrant_from: F}}"),
         false},
        {ASK("A: {rating: plan-used, values: {x: 1, y: 2}}\n      B: {statement: {quadrant_from: "
             "G}}"),
         false},
        {ASK("A: {rating: plan-used, values: {x: 1, y: 2}}\n      B: {person: true}\n      F: "
             "{attribute: f}"),
         false},
        {ASK("A: {rating: plan-used, values: {x: 1, y: 2}}\n      B: {statement: {quadrant_from: "
             "F}}\n      C: ignore"),
         false},
        {ASK("A2: {rating: plan-used, values: {x: 1, y: 2}}\n      B: {statement: {quadrant_from: "
             "F}}"),
         false},
    };
    g_autofree char *first = digest_of(cases[0].text);
    assert_int_equal(strlen(first), 64);
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *digest = digest_of(cases[i].text);
        if (g_str_equal(first, digest) != cases[i].same)
            fail_msg("case %zu", i);
    }
}

static void names_the_path_it_was_given(void **state)
{
    (void)state;
    g_autoptr(GError) error = NULL;
    assert_null(project_load("borte", &error));
    assert_true(g_error_matches(error, INNSIKT_ERROR, INNSIKT_ERROR_USAGE));
    assert_string_equal(error->message,
                        "borte/project.yaml: cannot be read: No such file or directory; "
                        "make a project with `innsikt init`");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_the_head),
        cmocka_unit_test(what_is_not_given_has_its_default),
        cmocka_unit_test(reads_sources),
        cmocka_unit_test(reads_mappings),
        cmocka_unit_test(one_map_of_values_serves_all),
        cmocka_unit_test(a_read_question_keeps_its_role),
        cmocka_unit_test(knows_organisations_by_any_spelling),
        cmocka_unit_test(a_framework_file_lies_beside_the_project),
        cmocka_unit_test(a_place_in_the_environment_may_wait),
        cmocka_unit_test(digest_changes_with_what_is_kept),
        cmocka_unit_test(names_the_path_it_was_given),
    };
    return cmocka_run_group_tests_name("project", tests, enter_folder, leave_folder);
}
