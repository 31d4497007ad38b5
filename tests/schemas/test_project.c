/* project.yaml: what it means when it is right, and every complaint when it is not. */
#include "schemas/error.h"
#include "schemas/project.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include <glib/gstdio.h>

#include <cmocka.h>

static char *folder, *before;

static int enter_folder(void **state)
{
    (void)state;
    before = g_get_current_dir();
    folder = g_dir_make_tmp("innsikt-XXXXXX", NULL);
    g_setenv("INNSIKT_TEST_FORM", "284671", TRUE);
    g_setenv("INNSIKT_TEST_EMPTY", "", TRUE);
    g_setenv("INNSIKT_TEST_LATIN", "\xE5", TRUE);
    g_unsetenv("INNSIKT_TEST_UNSET");
    return folder && chdir(folder) == 0 ? 0 : -1;
}

static int leave_folder(void **state)
{
    (void)state;
    g_unlink("project.yaml");
    g_unlink("rammeverk.yaml");
    if (chdir(before) != 0)
        return -1;
    g_rmdir(folder);
    g_free(folder);
    g_free(before);
    return 0;
}

static Project *load_text(const char *text, GError **error)
{
    assert_true(g_file_set_contents("project.yaml", text, -1, NULL));
    return project_load(".", error);
}

static Project *load_sound(const char *text)
{
    g_autoptr(GError) error = NULL;
    Project *project = load_text(text, &error);
    if (!project)
        fail_msg("%s", error->message);
    return project;
}

/* Four lines: what follows begins in line 5. */
#define HEAD "innsikt: 1\ntitle: T\nframework: ehelse\nprivacy: {key: env:INNSIKT_TEST_UNSET}\n"
/* Eleven lines: questions begin in line 12, indented by six. */
#define SOURCE                                                                                     \
    HEAD "sources:\n  s:\n    kind: csv\n    path: s.csv\n    method: workshop\n    id: Nr\n    "  \
         "questions:\n"
#define ASK(question) SOURCE "      " question "\n"

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

/* --- what is wrong --------------------------------------------------------------------------- */

typedef struct {
    const char *name, *text, *message;
} Broken;

#define P "project.yaml:"

static const Broken broken[] = {
    {"empty map", "{}\n",
     P "1:1: `framework` is missing; name a built-in one (ehelse, virksomhet) or a file"},
    {"a list", "- 1\n", P "1:1: a project file must be a map (`key: value`)"},
    {"only a framework", "framework: ehelse\n",
     P "1:1: `innsikt` is missing; begin the file with `innsikt: 1`\n" P
       "1:1: `title` is missing; add `title: …`, it heads the workbook\n" P
       "1:1: `privacy.key` is missing; add `privacy: {key: env:NAME}`, `file:PATH` or "
       "`command:PROGRAM`"},
    {"no such framework", "framework: ehlese\n",
     P "1:12: no built-in framework \"ehlese\"; did you mean \"ehelse\"? (a file's name ends in "
       ".yaml)"},
    {"no such framework file", "\nframework: rammer/e.yaml\n",
     P "2:12: rammer/e.yaml: cannot be read: No such file or directory"},
    {"nearest key", HEAD "langauge: nb\nround: {numbre: 1, number: 1}\nfoo: 1\n",
     P "5:1: unknown key \"langauge\"; did you mean \"language\"?\n" P
       "6:9: unknown key \"numbre\"; did you mean \"number\"?\n" P
       "7:1: unknown key \"foo\"; known here: innsikt, title, language, framework, store, privacy, "
       "analysis, timezone, round, thresholds, organisations, recipients and 2 more"},
    {"no such language", HEAD "language: no\n",
     P "5:11: language cannot be \"no\"; did you mean \"nb\"?"},
    {"no such zone", HEAD "timezone: Europe/Olso\n",
     P "5:11: timezone \"Europe/Olso\" is not known; write it as Europe/Oslo"},
    {"a server as store", HEAD "store: postgresql://db/x\n",
     P "5:8: the store is an SQLite file; write its path"},
    {"a key in the open", "innsikt: 1\ntitle: T\nframework: ehelse\nprivacy: {key: hunter2}\n",
     P "4:16: the key stands in the open; keep it in the environment or in a file of your own and "
       "write env:NAME, file:PATH or command:PROGRAM"},
    {"smallest group",
     "innsikt: 1\ntitle: T\nframework: ehelse\nprivacy: {key: env:K, smallest_group: 0, quotes: "
     "all}\n",
     P "4:39: smallest_group is \"0\"; it must be a whole number from 1 to 1000\n" P
       "4:50: quotes cannot be \"all\"; known here: redacted, none, verbatim"},
    {"targets", HEAD "analysis:\n  targets: {kommune: 0.4, naeringsliv: 0.5}\n",
     P "6:12: the targets sum to 0.9; make them sum to 1"},
    {"targets of no group",
     HEAD "analysis:\n  targets: {kommuner: 0.4, naeringsliv: -0.5, fastlege: x}\n",
     P "6:13: group \"kommuner\" is not in framework ehelse; did you mean \"kommune\"?\n" P
       "6:41: a target is \"-0.5\"; it must be a number from 0 to 1\n" P
       "6:57: a target is \"x\"; it must be a number from 0 to 1"},
    {"weight without targets", HEAD "analysis: {weight: group, bootstrap: 10, seed: -1}\n",
     P "5:20: weight: group needs targets; add `targets: {group: share, …}`\n" P
       "5:38: bootstrap is \"10\"; it must be a whole number from 100 to 1000000\n" P
       "5:48: seed is \"-1\"; it must be a whole number from 0 to 18446744073709551615"},
    {"round", HEAD "round: {stage: valid, deadline: 2021-02-29}\n",
     P "5:8: this round has no number; add `number: 1`\n" P
       "5:16: stage cannot be \"valid\"; did you mean \"validation\"?\n" P
       "5:33: deadline \"2021-02-29\" is no date; write it as 2021-09-24"},
    {"a date of another shape", HEAD "round: {number: 1, deadline: \"2021- 9-24\"}\n",
     P "5:30: deadline \"2021- 9-24\" is no date; write it as 2021-09-24"},
    {"thresholds", HEAD "thresholds: {verdict-frim: 0.9, verdict-n: 0, duplicate: 0,9}\n",
     P "5:14: unknown key \"verdict-frim\"; did you mean \"verdict-firm\"?\n" P
       "5:44: verdict-n is \"0\"; it must be a number from 1 to 1000\n" P
       "5:60: unknown key \"9\"; known here: verdict-n, verdict-organisations, verdict-n-eff, "
       "verdict-missing, verdict-firm, verdict-range, verdict-prior, verdict-words-below, "
       "rho-default, "
       "rho-prior-organisations, interval-level, agreement-strong and 6 more"},
    {"an organisation twice",
     HEAD
     "organisations:\n  Oslo kommune: {aliases: [oslo  KOMMUNE, Oslo]}\n  OSLO: {group: komune}\n",
     P "6:28: \"oslo  KOMMUNE\" already stands for Oslo kommune; let it stand for one\n" P
       "7:3: \"OSLO\" already stands for Oslo kommune; let it stand for one\n" P
       "7:17: group \"komune\" is not in framework ehelse; did you mean \"kommune\"?"},
    {"recipients", HEAD "recipients:\n  k s: {groups: [kommun]}\n",
     P "6:3: a recipient's key has letters a-z, digits, dots and hyphens; rename it\n" P
       "6:8: this recipient has no name; add `name: …`\n" P
       "6:18: group \"kommun\" is not in framework ehelse; did you mean \"kommune\"?"},
    {"scenarios", HEAD "scenarios:\n  - {id: S1}\n  - {id: S1, label: A}\n",
     P "6:5: this scenario has no label; add `label: {nb: …, nn: …, en: …}`\n" P
       "7:10: scenario \"S1\" is there already; give every scenario its own id"},
    {"env",
     HEAD "timezone: env:INNSIKT_TEST_UNSET\nstore: env:INNSIKT_TEST_EMPTY\nlanguage: "
          "env:INNSIKT_TEST_LATIN\n",
     P "5:11: the environment variable of env:INNSIKT_TEST_UNSET is not set; set it first\n" P
       "6:8: the environment variable of env:INNSIKT_TEST_EMPTY is empty; set it first\n" P
       "7:11: the environment variable of env:INNSIKT_TEST_LATIN is not UTF-8; set it first"},
};

static const Broken sources[] = {
    {"nothing said", HEAD "sources:\n  sør: {}\n",
     P
     "6:3: source \"sør\": a source's name has letters a-z, digits, dots and hyphens; rename it\n" P
     "6:3: source \"sør\" has no kind; add `kind: limesurvey`, `csv` …\n" P
     "6:3: source \"sør\" names no place; add `url:` for a form system or `path:` for files"},
    {"an address of a file",
     HEAD "sources:\n  s: {kind: csv, path: \"https://kari:hunter2@a.no/x.csv\"}\n"
          "  t: {kind: csv, path: \"ftp://a.no/x.csv\"}\n",
     P "6:24: path holds a user or password; write them under user: and password:\n" P
       "7:24: path is no web address; write it as https://…"},
    {"keys of other kinds",
     HEAD "sources:\n  s: {kind: csv, path: a.csv, sheet: Svar, header: 0}\n"
          "  t: {kind: json, path: a.json, header: 2}\n",
     P "6:38: sheet: is for kind xlsx; remove it\n" P
       "6:52: header is \"0\"; it must be a whole number from 1 to 100\n" P
       "7:41: header: is for kind csv and xlsx; remove it"},
    {"a password in the open",
     HEAD "sources:\n  s: {kind: limesurvey, url: https://a.no/x, user: kari, password: hunter2}\n",
     P "6:68: password stands in the open; keep it in the environment or in a file of your own and "
       "write env:NAME, file:PATH or command:PROGRAM"},
    {"pins that are none",
     HEAD "sources:\n  s: {kind: limesurvey, url: https://a.no/x, pin: sha256//kort}\n"
          "  t: {kind: limesurvey, url: https://a.no/x, pin: "
          "sha256//47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=;}\n",
     P
     "6:51: pin is no SHA-256 of a public key; write sha256// and its 44 signs of Base64, several "
     "with `;` between\n" P "7:51: pin is no SHA-256 of a public key; write sha256// and its 44 "
     "signs of Base64, several with `;` between"},
    {"a proxy with a password",
     HEAD "sources:\n  s: {kind: limesurvey, url: https://a.no/x, proxy: http://k:hunter2@p:1}\n",
     P "6:53: proxy holds a user or password; write them under proxy_user: and proxy_password:"},
    {"proxies that are none",
     HEAD "sources:\n  s: {kind: limesurvey, url: https://a.no/x, proxy: ftp://p:1}\n"
          "  t: {kind: limesurvey, url: https://a.no/x, proxy_password: env:P}\n",
     P
     "6:53: proxy is no address; write http://HOST:PORT (or https, socks5, socks5h), or `none` for "
     "no proxy whatever the environment says\n" P "7:62: proxy_user and proxy_password belong "
     "together; add the other, or leave both out"},
    {"a proxy's password in the open",
     HEAD "sources:\n  s: {kind: limesurvey, url: https://a.no/x, proxy_user: k, proxy_password: "
          "hunter2}\n",
     P
     "6:77: proxy_password stands in the open; keep it in the environment or in a file of your own "
     "and write env:NAME, file:PATH or command:PROGRAM"},
    {"a password in the address",
     HEAD "sources:\n  s: {kind: limesurvey, url: \"https://kari:hunter2@a.no/x\"}\n",
     P "6:30: url holds a user or password; write them under user: and password:"},
    {"no address",
     HEAD "sources:\n  s: {kind: limesurvey, url: a.no/x}\n  t: {kind: limesurvey, url: "
          "file:///etc/passwd}\n",
     P "6:30: url is no web address; write it as https://…\n" P
       "7:30: url is no web address; write it as https://…"},
    {"words",
     HEAD "sources:\n  s: {kind: csv, path: x, method: wrokshop, include: partial, evidence: said, "
          "insecure: yes}\n",
     P "6:35: method cannot be \"wrokshop\"; did you mean \"workshop\"?\n" P
       "6:54: include cannot be \"partial\"; known here: complete, all\n" P
       "6:73: evidence cannot be \"said\"; known here: documented, voiced\n" P
       "6:89: insecure cannot be \"yes\"; known here: false, true"},
    {"terms",
     HEAD
     "sources:\n  s: {kind: csv, path: x, stream: lesons, group: komune, timezone: Mars/Olympus}\n",
     P "6:35: stream \"lesons\" is not in framework ehelse; did you mean \"lessons\"?\n" P
       "6:50: group \"komune\" is not in framework ehelse; did you mean \"kommune\"?\n" P
       "6:68: timezone \"Mars/Olympus\" is not known; write it as Europe/Oslo"},
    {"same source twice", HEAD "sources:\n  s: {kind: csv, path: x}\n  s: {kind: csv, path: x}\n",
     P "7:3: key \"s\" stands twice; the first is in line 6"},
};

/* Line 12, column 7 is where the question's name begins. */
static const Broken questions[] = {
    {"no role", ASK("A: ignored"),
     P "12:10: question \"A\" has no role; write `ignore` or `{role: …}`"},
    {"no role at all", ASK("A:"),
     P "12:7: question \"A\" has no role; write `ignore` or `{role: …}`"},
    {"values alone", ASK("A: {values: {x: y}}"),
     P "12:7: question \"A\" has no role; write `ignore` or `{role: …}`"},
    {"near a role", ASK("A: {atribute: group}"),
     P "12:11: unknown key \"atribute\"; did you mean \"attribute\"?"},
    {"two roles", ASK("A: {attribute: group, rating: plan-used}"),
     P "12:7: question \"A\" has 2 roles; give it one"},
    {"not a person", ASK("A: {person: false}"),
     P "12:19: person is true, or the question has another role"},
    {"attribute's name", ASK("A: {attribute: Gruppe}"),
     P "12:22: attribute \"Gruppe\": a name has small letters a-z, digits and hyphens; rename it"},
    {"attribute from elsewhere", ASK("A: {attribute: {name_from: B}}"),
     P "12:22: this attribute has no name; add `name: …` or `name_from: …`\n" P
       "12:23: unknown key \"name_from\"; did you mean \"name\"?"},
    {"a scale for text", ASK("A: {attribute: group, scale: grad5}"),
     P "12:36: a question with role attribute has no scale; leave it out"},
    {"no such group", ASK("A: {attribute: group, values: {A1: komune, A2: Helseforetak}}"),
     P "12:42: group \"komune\" is not in framework ehelse; did you mean \"kommune\"?"},
    {"no such item", ASK("A: {rating: plan-usd}"),
     P "12:19: item \"plan-usd\" is not in framework ehelse; did you mean \"plan-used\"?"},
    {"no such area", ASK("A: {rating: {area: \"7.1\"}}"),
     P "12:26: area \"7.1\" is not in framework ehelse; did you mean \"1.1\"?"},
    {"no scenarios", ASK("A: {rating: {area: \"1.1\", scenario: S1}}"),
     P "12:43: scenario \"S1\": framework ehelse has no scenarios; declare them under `scenarios:` "
       "here or there"},
    {"nothing rated", ASK("A: {rating: {criterion: practise}}"),
     P "12:19: nothing is rated here; add item, area or activity\n" P
       "12:31: criterion cannot be \"practise\"; did you mean \"practice\"?"},
    {"no such scale", ASK("A: {rating: plan-used, scale: grad6}"),
     P "12:37: scale \"grad6\" is not in framework ehelse; did you mean \"grad5\"?"},
    {"scale twice", ASK("A: {rating: {item: plan-used, scale: grad4}, scale: grad5}"),
     P "12:44: scale is given twice; leave one of the two out"},
    {"codes of no step",
     ASK("A: {rating: plan-used, scale: enig3, values: {A1: 1, A4: 4, A9: dont_know}}"),
     P "12:64: \"4\" is no code of scale enig3; rename to one of its codes"},
    {"star without rows", ASK("A: {rating: \"plan-*\"}"),
     P "12:19: item \"plan-*\" takes its end from the row, but question \"A\" is a single one; map "
       "\"A[*]\" "
       "or write the whole item"},
    {"star without items", ASK("\"A[*]\": {rating: \"plna-*\"}"),
     P "12:24: item \"plna-*\": framework ehelse has none that begins with \"plna-\"; add them "
       "there"},
    {"no such quadrant", ASK("A: {statement: {quadrant: strenght}}"),
     P "12:33: quadrant cannot be \"strenght\"; did you mean \"strength\"?"},
    {"quadrant and origin", ASK("A: {statement: {quadrant: strength, origin_from: B}}"),
     P "12:22: a statement has a quadrant, or origin and polarity; leave one of them out"},
    {"polarity alone", ASK("A: {statement: {polarity_from: B}}"),
     P "12:22: polarity alone is no quadrant; add origin or category (or their _from)"},
    {"statement without place", ASK("A: {statement: {category: actors}}"),
     P "12:22: this statement has no place; add quadrant, polarity or item (or their _from)"},
    {"given and read", ASK("A: {statement: {quadrant: threat, quadrant_from: B}}"),
     P "12:56: quadrant is given already; leave one of the two out"},
    {"key of another role", ASK("A: {statement: {quadrant: threat, scenario: s}}"),
     P "12:41: unknown key \"scenario\"; known here: quadrant, quadrant_from, origin, origin_from, "
       "polarity, "
       "polarity_from, category, category_from, stream, stream_from, area, area_from and 9 more"},
    {"near a from", ASK("A: {statement: {quadrant_form: B}}"),
     P "12:22: this statement has no place; add quadrant, polarity or item (or their _from)\n" P
       "12:23: unknown key \"quadrant_form\"; did you mean \"quadrant_from\"?"},
    {"reads many", ASK("A: {statement: {quadrant_from: \"B[*]\"}}"),
     P "12:38: quadrant_from names one other question; write its name"},
    {"reads itself", ASK("A: {statement: {quadrant_from: A}}"),
     P "12:38: quadrant_from names one other question; write its name"},
    {"reads what is ignored", ASK("A: {statement: {quadrant_from: B}}\n      B: ignore"),
     P "12:7: quadrant_from reads \"B\", of which nothing is kept (ignore in line 13); give it "
       "another role "
       "or leave it unmapped"},
    {"reads a person",
     ASK("A: {invited: {group: kommune, number_from: B}}\n      \"B\": {person: true}"),
     P "12:7: number_from reads \"B\", of which nothing is kept (person in line 13); give it "
       "another role or "
       "leave it unmapped"},
    {"values of a read key",
     ASK("A: {statement: {quadrant_from: F}, values: {Styrke: strength, Trussel: treat}}"),
     P "12:78: quadrant cannot be \"treat\"; did you mean \"threat\"?"},
    {"values by key",
     ASK("A: {statement: {quadrant_from: F}, values: {quadrant: {S: strenght}, category: {x: y}}}"),
     P "12:65: quadrant cannot be \"strenght\"; did you mean \"strength\"?\n" P
       "12:76: unknown key \"category\"; known here: statement, quadrant"},
    {"values mixed",
     ASK("A: {statement: {quadrant_from: F}, values: {quadrant: {S: strength}, statement: x}}"),
     P "12:87: each map in values must be a map (`key: value`)"},
    {"no such need", ASK("A: {need: {group: citicens, kind: practcal}}"),
     P "12:25: group \"citicens\" is not in framework ehelse; did you mean \"citizen\"?\n" P
       "12:41: kind cannot be \"practcal\"; did you mean \"practical\"?"},
    {"a figure of nothing", ASK("A: {kpi: {area: \"3\", target: 80 %}}"),
     P "12:16: this kpi has no indicator; add `indicator: …` or `indicator_from: …`\n" P
       "12:36: target \"80 %\" is not a number; write it with a decimal point"},
    {"no short form", ASK("A: {kpi: \"3\"}"), P "12:16: kpi must be a map (`key: value`)"},
    {"no such activity", ASK("A: {activity: {id: 1.1.9, state: onging}}"),
     P "12:26: id \"1.1.9\" is not in framework ehelse; did you mean \"1.1.1\"?\n" P
       "12:40: state cannot be \"onging\"; did you mean \"ongoing\"?"},
    {"same question twice", ASK("A: ignore\n      A: ignore"),
     P "13:7: key \"A\" stands twice; the first is in line 12"},
    {"role of nothing", ASK("A: {rating: }"),
     P "12:11: item is empty; write a value or leave it out"},
};

static void complains(void **state)
{
    const Broken *c = *state;
    g_autoptr(GError) error = NULL;
    assert_null(load_text(c->text, &error));
    assert_true(g_error_matches(error, INNSIKT_ERROR, INNSIKT_ERROR_USAGE));
    assert_null(strstr(error->message, "hunter2"));
    assert_string_equal(error->message, c->message);
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

static int run_table(const char *name, const Broken *rows, size_t n)
{
    struct CMUnitTest tests[64];
    assert_true(n <= G_N_ELEMENTS(tests));
    for (size_t i = 0; i < n; i++)
        tests[i] = (struct CMUnitTest){rows[i].name, complains, NULL, NULL, (void *)&rows[i]};
    return _cmocka_run_group_tests(name, tests, n, enter_folder, leave_folder);
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
    return cmocka_run_group_tests_name("project", tests, enter_folder, leave_folder) +
           run_table("project: complaints", broken, G_N_ELEMENTS(broken)) +
           run_table("project: sources", sources, G_N_ELEMENTS(sources)) +
           run_table("project: questions", questions, G_N_ELEMENTS(questions));
}
