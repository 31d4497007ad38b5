/* Mappings proposed for forms: what each kind of question becomes, what stays out, and that no text
 * of a form, however hostile, becomes anything but a text. */
#include "collect/adopt.h"
#include "collect/framework_draft.h"
#include "schemas/error.h"
#include "tests/collect/project_fixture.h"

#include <sys/stat.h>

static const char project_head[] = "innsikt: 1\n"
                                   "title: Prøve 7f3a\n"
                                   "language: nb\n"
                                   "framework: ehelse   # at first\n"
                                   "timezone: Europe/Oslo\n"
                                   "privacy: {key: env:NOKKEL}\n"
                                   "sources:\n";
static const char project_form[] = "  s:\n"
                                   "    kind: limesurvey\n"
                                   "    url: https://a.example.org\n"
                                   "    form: 1\n"
                                   "    questions: {}   # none\n";
static const char project_other[] = "  annen: {kind: csv, path: x.csv, questions: {Y: ignore}}\n";

/* One question: name, kind, text, choices «code=label|…». */
typedef struct {
    const char *name;
    FormKind kind;
    const char *text, *choices;
} Q;

static void form_fill(Form *form, const Q *questions, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        FormQuestion *question =
            form_add(form, questions[i].name, questions[i].kind, "T", questions[i].text);
        g_auto(GStrv) parts =
            questions[i].choices ? g_strsplit(questions[i].choices, "|", -1) : NULL;
        for (size_t c = 0; parts && parts[c]; c++) {
            char *is = strchr(parts[c], '=');
            if (is)
                *is = '\0';
            form_choice(question, parts[c], is ? is + 1 : parts[c]);
        }
    }
}

static Project *project_of(const char *folder, const char *sources, GError **error)
{
    g_autofree char *text = g_strconcat(project_head, sources, NULL);
    return project_parse(folder, text, strlen(text), error);
}

/* "key: value" of every entry, a line each; no comments. */
static char *lines_of(const Proposal *proposal)
{
    GString *lines = g_string_new(NULL);
    for (guint i = 0; i < proposal->entries->len; i++) {
        const ProjectEntry *entry = proposal->entries->pdata[i];
        g_string_append_printf(lines, "%s: %s\n", entry->key, entry->value);
    }
    return g_string_free(lines, FALSE);
}

#define ENIG  "1=Helt uenig|2=Uenig|3=Verken eller|4=Enig|5=Helt enig|99=Vet ikke"
#define GRAD  "1=I svært liten grad|2=I liten grad|3=I begrenset grad|4=I noen grad|5=I stor grad"
#define KAT   "O=Organisering og styring|A=Aktører og samhandling|R=Ressurser"
#define FELT  "S=Styrke|V=Svakhet|M=Mulighet|T=Trussel|U=Usikker"
#define IDAG  "Satsingsområdene er like aktuelle i dag"
#define SPISS "Prioriteringene er spisse nok"

typedef struct {
    const char *name;
    bool files;
    Q questions[8];
    const char *lines;
} Case;

static const Case cases[] = {
    {"people",
     false,
     {{"EPOST", FORM_TEXT, "E-postadresse (valgfritt)", NULL},
      {"K[NAVN]", FORM_TEXT, "Kontaktperson – Navn", NULL},
      {"K[TLF]", FORM_TEXT, "Kontaktperson – Telefon", NULL},
      {"FNR", FORM_NUMBER, "Fødselsnummer", NULL},
      {"NAVN", FORM_TEXT, "Hva heter du?", NULL}},
     "EPOST: {person: true}\n\"K[*]\": ignore\nFNR: ignore\nNAVN: ignore\n"},
    {"who answers",
     false,
     {{"ORG", FORM_TEXT, "Hvilken organisasjon svarer du for?", NULL},
      {"GRP", FORM_SINGLE, "Hvilken gruppe hører dere til?",
       "A=Kommune|B=Helseforetak|C=Sirkus|-oth-=[other]"},
      {"GRP[other]", FORM_TEXT, "Hvilken gruppe hører dere til? [other]", NULL},
      {"FYLKE", FORM_SINGLE, "Fylke", "1=Nordland|2=Troms|3=Vet ikke|4=env:HOME"},
      {"ANT", FORM_NUMBER, "Hvor mange deltok?", NULL},
      {"ALDER", FORM_NUMBER, "Hvor gammel er du?", NULL}},
     "ORG: {attribute: organisation}\n"
     "GRP: {attribute: group, values: {A: kommune, B: helseforetak}}\n"
     "\"GRP[other]\": ignore\n"
     "FYLKE: {attribute: region, values: {1: Nordland, 2: Troms, 3: dont_know}}\n"
     "ANT: {attribute: participants}\nALDER: ignore\n"},
    {"ratings that the framework has",
     false,
     {{"P[a]", FORM_SINGLE, "I hvilken grad – " IDAG, GRAD},
      {"P[b]", FORM_SINGLE, "I hvilken grad – " SPISS, GRAD},
      {"P[c]", FORM_SINGLE, "I hvilken grad – Noe helt annet 8c1d", GRAD},
      {"Q", FORM_SINGLE, SPISS,
       "5=I svært liten grad|4=I liten grad|3=I begrenset grad|2=I noen "
       "grad|1=I stor grad"}},
     "\"P[a]\": {rating: still-relevant, scale: grad5}\n"
     "\"P[b]\": {rating: sharp-enough, scale: grad5}\n"
     "\"P[c]\": ignore\n"
     "Q: {rating: sharp-enough, scale: grad5, values: {5: 1, 4: 2, 2: 4, 1: 5}}\n"},
    {"areas, by what they are rated for",
     false,
     {{"V[1]", FORM_SINGLE, "Hvor viktig er det? – 4.2 Stimulere til innovasjon",
       "1=Ikke viktig|2=Litt viktig|3=Viktig|4=Svært viktig|5=Avgjørende"},
      {"X[1]", FORM_SINGLE, "Hva nå? – 4.2 Stimulere til innovasjon", GRAD}},
     "\"V[1]\": {rating: {area: \"4.2\", criterion: importance}, scale: viktig5}\n"
     "\"X[1]\": ignore\n"},
    {"yes and no are mostly plain",
     false,
     {{"LEDER", FORM_SINGLE, "Har du personalansvar?", "Y|N"},
      {"SITAT", FORM_SINGLE, "Kan vi sitere deg?", "1=Ja|2=Nei"}},
     "LEDER: ignore\nSITAT: ignore\n"},
    {"statements by their words",
     false,
     {{"S1", FORM_TEXT, "Hva er de viktigste styrkene?", NULL},
      {"S2", FORM_TEXT, "Kva er vi ikkje gode på?", NULL},
      {"S3", FORM_TEXT, "Which opportunities do you see?", NULL},
      {"TRUSLER", FORM_TEXT, "Og ellers?", NULL},
      {"S5", FORM_TEXT, "Hvilke styrker og svakheter ser du?", NULL},
      {"S6", FORM_TEXT, "Hvordan kan vi styrke samarbeidet mellom oss?", NULL}},
     "S1: {statement: {quadrant: strength}}\nS2: {statement: {quadrant: weakness}}\n"
     "S3: {statement: {quadrant: opportunity}}\nTRUSLER: {statement: {quadrant: threat}}\n"
     "S5: ignore\nS6: ignore\n"},
    {"statements and the selects behind them",
     false,
     {{"STYRKER", FORM_TEXT, "Styrker?", NULL},
      {"SK", FORM_SINGLE, "Hva handler det om?", KAT},
      {"LAER", FORM_TEXT, "Hva har vi lært?", NULL},
      {"LP", FORM_SINGLE, "Er det bra?", "1=Positivt|2=Negativt|3=Begge deler"},
      {"LK", FORM_SINGLE, "Hva handler det om?", KAT},
      {"LAST", FORM_SINGLE, "Farge?", "r=Rød|b=Blå"},
      {"FRITT", FORM_TEXT, "Noe mer?", NULL}},
     "STYRKER: {statement: {quadrant: strength, category_from: SK}, values: {category: {O: "
     "organisation, A: actors, R: resources}}}\n"
     "LAER: {statement: {polarity_from: LP, category_from: LK}, values: {polarity: {1: helpful, 2: "
     "harmful}, category: {O: organisation, A: actors, R: resources}}}\n"
     "LAST: ignore\nFRITT: ignore\n"},
    {"a repeat of fields",
     false,
     {{"org", FORM_TEXT, "Organisasjon", NULL},
      {"lapp/tekst", FORM_TEXT, "Hva ble sagt, ordrett, og av hvem?", NULL},
      {"lapp/felt", FORM_SINGLE, "Felt", FELT},
      {"lapp/pol", FORM_SINGLE, "Polaritet", "p=Positiv|n=Negativ"},
      {"lapp/kat", FORM_SINGLE, "Kategori", KAT},
      {"meta/id", FORM_COMPUTED, "meta/id", NULL},
      {"bilde", FORM_FILE, "Bilde", NULL}},
     "org: {attribute: organisation}\n"
     "lapp/tekst: {statement: {quadrant_from: lapp/felt, category_from: lapp/kat}, values: "
     "{quadrant: {S: strength, V: weakness, M: opportunity, T: threat}, category: {O: "
     "organisation, "
     "A: actors, R: resources}}}\n"
     "lapp/pol: ignore\nmeta/id: ignore\nbilde: ignore\n"},
    {"polarity alone is no place",
     false,
     {{"u/tekst", FORM_TEXT, "Utsagn", NULL}, {"u/pol", FORM_SINGLE, "Pol", "p=Positiv|n=Negativ"}},
     "u/tekst: ignore\nu/pol: ignore\n"},
    {"columns of a workshop",
     true,
     {{"Nr", FORM_TEXT, "Nr", NULL},
      {"Org", FORM_TEXT, "Org", NULL},
      {"Antall", FORM_TEXT, "Antall", "3|5|6"},
      {"Felt", FORM_TEXT, "Felt", "Styrke|Svakhet|Trussel"},
      {"Kategori", FORM_TEXT, "Kategori", "Organisering og styring|Ressurser"},
      {"Utsagn", FORM_TEXT, "Utsagn", NULL},
      {"Sendt", FORM_TEXT, "Sendt", NULL},
      {"Merknad", FORM_TEXT, "Merknad", NULL}},
     "Nr: ignore\nOrg: {attribute: organisation}\nAntall: {attribute: participants}\n"
     "Utsagn: {statement: {quadrant_from: Felt, category_from: Kategori}, values: {quadrant: "
     "{Styrke: strength, Svakhet: weakness, Trussel: threat}, category: {Organisering og styring: "
     "organisation, Ressurser: resources}}}\n"
     "Sendt: {attribute: submitted}\nMerknad: ignore\n"},
    {"columns that begin alike",
     true,
     {{"Enig? Prioriteringene er spisse nok", FORM_TEXT, "Enig? Prioriteringene er spisse nok",
       "I stor grad|I liten grad"},
      {"Enig? Satsingsområdene er like aktuelle i dag", FORM_TEXT,
       "Enig? Satsingsområdene er like aktuelle i dag", "I noen grad|I liten grad"},
      {"Hvor viktig er det? Stimulere til innovasjon", FORM_TEXT,
       "Hvor viktig er det? Stimulere til innovasjon", "Viktig|Svært viktig"},
      {"Hvor viktig er det? Helsehjelp på avstand", FORM_TEXT,
       "Hvor viktig er det? Helsehjelp på avstand", "Viktig|Litt viktig"},
      {"Stille", FORM_TEXT, "Stille", "a|b"}},
     "\"Enig? Prioriteringene er spisse nok\": {rating: sharp-enough, scale: grad5, values: {I "
     "stor "
     "grad: 5, I liten grad: 2}}\n"
     "\"Enig? Satsingsområdene er like aktuelle i dag\": {rating: still-relevant, scale: grad5, "
     "values: {I noen grad: 4, I liten grad: 2}}\n"
     "\"Hvor viktig er det? Stimulere til innovasjon\": {rating: {area: \"4.2\", criterion: "
     "importance}, scale: viktig5, values: {Viktig: 3, Svært viktig: 4}}\n"
     "\"Hvor viktig er det? Helsehjelp på avstand\": {rating: {area: \"4.3\", criterion: "
     "importance}, scale: viktig5, values: {Viktig: 3, Litt viktig: 2}}\n"
     "Stille: ignore\n"},
    {"choices of many kinds",
     false,
     {{"M[a]", FORM_MULTI, "Hvilke? – E-post", "Y"},
      {"M[b]", FORM_MULTI, "Hvilke? – Telefon", "Y"},
      {"M[other]", FORM_TEXT, "Hvilke? [other]", NULL},
      {"R[1]", FORM_RANKING, "1", "a=A|b=B"},
      {"R[2]", FORM_RANKING, "2", "a=A|b=B"}},
     "\"M[*]\": ignore\n\"M[other]\": ignore\n\"R[*]\": ignore\n"},
};

static guint n_questions(const Case *c)
{
    guint n = 0;
    while (n < G_N_ELEMENTS(c->questions) && c->questions[n].name)
        n++;
    return n;
}

static void proposes(void **state)
{
    const Case *c = *state;
    g_autoptr(GError) error = NULL;
    g_autoptr(Form) form = form_new("1");
    form_fill(form, c->questions, n_questions(c));
    g_autoptr(Project) project = project_of(".", project_form, &error);
    if (!project)
        fail_msg("%s", error->message);
    g_autoptr(Outline) outline = outline_new(form, project->framework, c->files);
    g_autoptr(Proposal) proposal = proposal_new(outline, project, project_source(project, "s"));
    g_autofree char *lines = lines_of(proposal);
    assert_string_equal(lines, c->lines);
    assert_int_equal(proposal->questions, n_questions(c));
    g_autofree char *block = project_entries_text(proposal->entries, 6, "\n");
    g_autofree char *sources = g_strconcat(
        "  s:\n    kind: limesurvey\n    url: https://a.example.org\n    form: 1\n    questions:\n",
        block, project_other, NULL);
    g_autoptr(Project) pasted = project_of(".", sources, &error);
    if (!pasted)
        fail_msg("%s\n%s", error->message, block);
}

/* --- what is mapped already ------------------------------------------------------------------ */

static void leaves_what_is_mapped(void **state)
{
    (void)state;
    static const Q questions[] = {
        {"P[a]", FORM_SINGLE, "Grad – " IDAG, GRAD},
        {"P[b]", FORM_SINGLE, "Grad – " SPISS, GRAD},
        {"U", FORM_TEXT, "Utsagn", NULL},
        {"F", FORM_SINGLE, "Felt", FELT},
        {"P[a]", FORM_SINGLE, "En gang til", GRAD},
        {"P[*]", FORM_TEXT, "Et mønster", NULL},
        {"u/*", FORM_TEXT, "Et mønster til", NULL},
        {"", FORM_TEXT, "Uten navn", NULL},
        {"A\u030A", FORM_TEXT, "Å", NULL},
        {"\u00C5", FORM_TEXT, "Å igjen", NULL},
    };
    static const char sources[] =
        "  s:\n    kind: limesurvey\n    url: https://a.example.org\n    form: 1\n    questions:\n"
        "      P[a]: {attribute: mitt}\n"
        "      U: {statement: {quadrant_from: F}}\n";
    g_autoptr(Form) form = form_new("1");
    form_fill(form, questions, G_N_ELEMENTS(questions));
    g_autoptr(Project) project = project_of(".", sources, NULL);
    g_autoptr(Outline) outline = outline_new(form, project->framework, false);
    g_autoptr(Proposal) proposal = proposal_new(outline, project, project_source(project, "s"));
    g_autofree char *lines = lines_of(proposal);
    assert_string_equal(lines, "\"P[b]\": {rating: sharp-enough, scale: grad5}\nÅ: ignore\n");
}

/* --- a framework from the form --------------------------------------------------------------- */

static const Q town[] = {
    {"GRUPPE", FORM_SINGLE, "Hvem svarer du for?", "K=Kommune|F=Fylke|I=Innbygger|-oth-=[other]"},
    {"MAL[SQ1]", FORM_SINGLE, "Målene er … – Tydelige", ENIG},
    {"MAL[SQ2]", FORM_SINGLE, "Målene er … – Realistiske", ENIG},
    {"MED[SQ1]", FORM_SINGLE, "Målene er … – Tydelige",
     "A5=Helt enig|A4=Enig|A3=Verken eller|A2=Uenig|A1=Helt uenig|A9=Vet ikke"},
    {"ALT", FORM_SINGLE, "Alt i alt?", "1=Uenig|2=Enig"},
    {"TILF", FORM_SINGLE, "Fornøyd?", "1=Misfornøyd|2=Verken eller|3=Fornøyd"},
    {"OFTE", FORM_SINGLE, "Hvor ofte?", "1=Aldri|2=Av og til|3=Alltid"},
    {"STYRKER", FORM_TEXT, "Styrker", NULL},
};

static char *folder_with(const char *sources)
{
    char *folder = fixture_folder();
    g_autofree char *text = g_strconcat(project_head, sources, project_other, NULL);
    fixture_write(folder, "project.yaml", text, -1);
    return folder;
}

static char *read_in(const char *folder, const char *name)
{
    g_autofree char *path = g_build_filename(folder, name, NULL);
    char *text = NULL;
    g_file_get_contents(path, &text, NULL, NULL);
    return text;
}

static void makes_a_framework(void **state)
{
    (void)state;
    g_autoptr(GError) error = NULL;
    g_autoptr(Form) form = form_new("1");
    form_fill(form, town, G_N_ELEMENTS(town));
    form->title = g_strdup("Byen: \"2030\" # plan");
    g_autofree char *folder = folder_with(project_form);
    g_autofree char *path = g_build_filename(folder, "project.yaml", NULL);
    assert_int_equal(g_chmod(path, 0640), 0);
    Adopted adopted;
    if (!adopt_proposal(folder, "s", form, false, &adopted, &error))
        fail_msg("%s", error->message);
    assert_true(adopted.framework);
    assert_int_equal(adopted.questions, 8);
    assert_int_equal(adopted.homeless, 0);
    g_autoptr(Project) project = project_load(folder, &error);
    if (!project)
        fail_msg("%s", error->message);
    const Framework *framework = project->framework;
    assert_string_equal(label_get(&framework->title, LANGUAGE_NB), "Byen: \"2030\" # plan");
    assert_string_equal(framework->verdict_scale->id, "enig5");
    assert_int_equal(framework->verdict_scale->n_steps, 5);
    assert_true(framework_scale(framework, "enig2")->mapped);
    assert_int_equal(framework_scale(framework, "enig2")->step[1].map, 5);
    assert_int_equal(framework_scale(framework, "tilfreds3")->step[1].map, 3);
    assert_false(framework_scale(framework, "ofte3")->mapped);
    Missing missing;
    assert_int_equal(scale_read(framework->verdict_scale, "A5", &missing), 5);
    assert_int_equal(scale_read(framework->verdict_scale, "A9", &missing), 0);
    assert_int_equal(missing, MISSING_DONT_KNOW);
    assert_int_equal(framework->list[TERM_QUESTION].n, 5);
    assert_int_equal(framework->list[TERM_ITEM].n, 3);
    assert_int_equal(framework->list[TERM_GROUP].n, 3);
    assert_int_equal(framework->citizen_group, 2);
    const Source *source = project_source(project, "s");
    const Mapping *mapping = source_mapping(source, "MAL[SQ2]");
    g_autofree char *item = mapping_item(mapping, "MAL[SQ2]");
    assert_string_equal(mapping->question, "MAL[*]");
    assert_string_equal(item, "mal-SQ2");
    g_autofree char *text = read_in(folder, "project.yaml");
    assert_non_null(strstr(text, "framework: framework.yaml   # at first\n"));
    assert_true(g_str_has_suffix(text, project_other));
    struct stat status;
    assert_int_equal(stat(path, &status), 0);
    assert_int_equal(status.st_mode & 07777, 0640);

    assert_true(adopt_proposal(folder, "s", form, false, &adopted, &error));
    g_autofree char *again = read_in(folder, "project.yaml");
    assert_int_equal(adopted.questions, 0);
    assert_string_equal(again, text);
    fixture_remove(folder);
}

/* Another source stands on the built-in framework: it stays, and the reason is told. */
static void keeps_a_framework_that_is_needed(void **state)
{
    (void)state;
    static const char sources[] =
        "  t: {kind: csv, path: y.csv, questions: {X: {rating: sharp-enough, scale: grad5}}}\n"
        "  s:\n    kind: limesurvey\n    url: https://a.example.org\n    form: 1\n";
    g_autoptr(GError) error = NULL;
    g_autoptr(Form) form = form_new("1");
    form_fill(form, town, G_N_ELEMENTS(town));
    g_autofree char *folder = folder_with(sources);
    Adopted adopted;
    if (!adopt_proposal(folder, "s", form, false, &adopted, &error))
        fail_msg("%s", error->message);
    assert_false(adopted.framework);
    assert_non_null(adopted.note);
    assert_true(adopted.homeless > 0);
    g_autofree char *framework = read_in(folder, "framework.yaml");
    assert_null(framework);
    g_free(adopted.note);
    fixture_remove(folder);
}

static void changes_nothing_that_is_unsound(void **state)
{
    (void)state;
    g_autoptr(GError) error = NULL;
    g_autoptr(Form) form = form_new("1");
    form_fill(form, town, G_N_ELEMENTS(town));
    g_autofree char *folder = folder_with("  s: {kind: csv, path: 1, questions: {A: {x: y}}}\n");
    g_autofree char *before = read_in(folder, "project.yaml");
    Adopted adopted;
    assert_false(adopt_proposal(folder, "s", form, false, &adopted, &error));
    assert_true(g_error_matches(error, INNSIKT_ERROR, INNSIKT_ERROR_USAGE));
    g_autofree char *after = read_in(folder, "project.yaml");
    g_autofree char *framework = read_in(folder, "framework.yaml");
    assert_string_equal(before, after);
    assert_null(framework);
    fixture_remove(folder);
}

/* --- hostile texts --------------------------------------------------------------------------- */

static const char *const nasty[] = {
    "a: b",
    "x #y",
    "\"",
    "'",
    "\\",
    "*a",
    "&a",
    "!!binary x",
    "{a: b}",
    "]}",
    "- a",
    "? a",
    "%TAG",
    "---",
    "...",
    "|\n  x",
    "a\nprivacy: {key: env:X}\nb",
    "\r\n  annen: {}\r\n",
    "\t",
    " ",
    "",
    "\x1b[31m",
    "\x01\x7f",
    "\u202Eevil\u202C",
    "\u2028sources:\u2029",
    "\xC2\x85x: y",
    "\uFEFFx",
    "env:HOME",
    "null",
    "~",
    "true",
    "-oth-",
    "[*]",
    "A[*]",
    "a/*",
    "A[b]",
    "A[b][1]",
    "a/b/c",
    "99",
    "1",
    "Helt enig",
    "Uenig",
    "Styrke",
    "Svakhet",
    "e-post",
    "\xF0\x9F\x98\x80",
    "\xFF\xFE",
    "A\u030A",
    "{title}",
    "%s%n",
    "`",
    "@x",
    "<<",
    "=",
};

static char *nasty_text(GRand *random)
{
    GString *text = g_string_new(NULL);
    const int n = g_rand_int_range(random, 1, 4);
    for (int i = 0; i < n; i++)
        g_string_append(text, nasty[g_rand_int_range(random, 0, G_N_ELEMENTS(nasty))]);
    if (g_rand_int_range(random, 0, 40) == 0)
        while (text->len < 10000)
            g_string_append(text, "ærlig # : \"talt\" ");
    char *valid = g_utf8_make_valid(text->str, -1);
    g_string_free(text, TRUE);
    return valid;
}

static Form *nasty_form(GRand *random)
{
    Form *form = form_new("1");
    const int n = g_rand_int_range(random, 1, 12);
    for (int i = 0; i < n; i++) {
        g_autofree char *name = nasty_text(random), *text = nasty_text(random);
        FormQuestion *question =
            form_add(form, name, (FormKind)g_rand_int_range(random, 0, N_FORM_KINDS), text, text);
        const int choices = g_rand_int_range(random, -3, 6);
        for (int c = 0; c < choices; c++) {
            g_autofree char *code = nasty_text(random), *label = nasty_text(random);
            form_choice(question, code, label);
        }
    }
    static const Q rated[] = {{"G[1]", FORM_SINGLE, "Hva? – Ja\n: #", ENIG},
                              {"G[2]", FORM_SINGLE, "Hva? – *Nei*", ENIG},
                              {"gruppe", FORM_SINGLE, "Gruppe", "a=\"x\": #|b=*|c=\nroot: x"}};
    form_fill(form, rated, (size_t)g_rand_int_range(random, 0, 4));
    g_autofree char *title = nasty_text(random);
    form->title = g_steal_pointer(&title);
    return form;
}

static void is_harmed_by_no_text(void **state)
{
    (void)state;
    GRand *random = g_rand_new_with_seed(20211122);
    for (int round = 0; round < 300; round++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(Form) form = nasty_form(random);
        g_autofree char *folder = folder_with(project_form);
        const bool files = g_rand_boolean(random);
        Adopted adopted;
        if (!adopt_proposal(folder, "s", form, files, &adopted, &error))
            fail_msg("%d: %s", round, error->message);
        if (adopted.note)
            fail_msg("%d: %s", round, adopted.note);
        g_autofree char *text = read_in(folder, "project.yaml");
        assert_true(g_str_has_suffix(text, project_other));
        g_autoptr(Project) project = project_load(folder, &error);
        if (!project)
            fail_msg("%d: %s", round, error->message);
        assert_string_equal(project->key_ref, "env:NOKKEL");
        assert_int_equal(project->sources->len, 2);
        if (!adopt_proposal(folder, "s", form, files, &adopted, &error))
            fail_msg("%d: %s", round, error->message);
        g_autofree char *again = read_in(folder, "project.yaml");
        assert_string_equal(again, text);
        assert_int_equal(adopted.questions, 0);
        fixture_remove(folder);
    }
    g_rand_free(random);
}

enum { N = G_N_ELEMENTS(cases) };

int main(void)
{
    struct CMUnitTest tests[N];
    for (size_t i = 0; i < N; i++)
        tests[i] = (struct CMUnitTest){cases[i].name, proposes, NULL, NULL, (void *)&cases[i]};
    const struct CMUnitTest others[] = {
        cmocka_unit_test(leaves_what_is_mapped),
        cmocka_unit_test(makes_a_framework),
        cmocka_unit_test(keeps_a_framework_that_is_needed),
        cmocka_unit_test(changes_nothing_that_is_unsound),
        cmocka_unit_test(is_harmed_by_no_text),
    };
    return cmocka_run_group_tests_name("proposal: questions", tests, NULL, NULL) +
           cmocka_run_group_tests_name("proposal", others, NULL, NULL);
}
