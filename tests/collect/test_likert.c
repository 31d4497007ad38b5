/* Choices read as scales: words of many kinds in three languages, codes that run any way, answers
 * that are no step, and lists that are no scale. */
#include "collect/likert.h"

#include "collect/matching.h"
#include "collect/outline.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

/* "code=label|…"; a label alone is its own code. */
static FormQuestion *question_of(Form *form, const char *name, const char *choices)
{
    FormQuestion *question = form_add(form, name, FORM_SINGLE, "L", "x");
    g_auto(GStrv) parts = g_strsplit(choices, "|", -1);
    for (size_t i = 0; parts[i]; i++) {
        char *is = strchr(parts[i], '=');
        if (is)
            *is = '\0';
        form_choice(question, parts[i], is ? is + 1 : parts[i]);
    }
    return question;
}

typedef struct {
    const char *name, *choices;
    const char *family;  /* NULL: no family; "" with steps NULL: no scale at all */
    const char *steps;   /* by choice: its step, or - and the word of why it is none */
    const char *scale;   /* of framework virksomhet or ehelse, which `on` says; NULL: none */
    const char *renames; /* "code=new" by choice that needs one, in order */
    unsigned is;
} Case;

enum { EXACT = 1, NUMBERS = 2, FALLING = 4, OBSERVED = 8 };

#define EHELSE "ehelse"

static const Case cases[] = {
    {"enig5", "1=Helt uenig|2=Uenig|3=Verken eller|4=Enig|5=Helt enig", "enig", "1 2 3 4 5",
     "enig5", "", EXACT},
    {"nynorsk, other codes", "A1=Heilt ueinig|A2=Ueinig|A3=Verken eller|A4=Einig|A5=Heilt einig",
     "enig", "1 2 3 4 5", "enig5", "A1=1 A2=2 A3=3 A4=4 A5=5", EXACT},
    {"English, falling",
     "1=Strongly agree|2=Agree|3=Neither|4=Disagree|5=Strongly disagree|9=Don't know", "enig",
     "5 4 3 2 1 -dont_know", "enig5", "1=5 2=4 4=2 5=1 9=dont_know", EXACT | FALLING},
    {"codes fall, labels rise", "5=Helt uenig|4=Uenig|3=Verken eller|2=Enig|1=Helt enig", "enig",
     "1 2 3 4 5", "enig5", "5=1 4=2 2=4 1=5", EXACT},
    {"numbers before labels",
     "1=1 – Helt uenig|2=2 – Litt uenig|3=3 – Verken eller|4=4 – Litt enig|5=5 – Helt enig|v=Vet "
     "ikke",
     "enig", "1 2 3 4 5 -dont_know", "enig5", "v=dont_know", 0},
    {"numbers behind labels", "Helt uenig (1)|Uenig (2)|Verken eller (3)|Enig (4)|Helt enig (5)",
     "enig", "1 2 3 4 5", "enig5",
     "Helt uenig (1)=1 Uenig (2)=2 Verken eller (3)=3 Enig (4)=4 Helt enig (5)=5", EXACT},
    {"grad4 before grad5", "1=I liten grad|2=I begrenset grad|3=I noen grad|4=I stor grad", "grad",
     "1 2 3 4", "grad4", "", EXACT},
    {"a degree that the framework words otherwise",
     "1=I svært liten grad|2=I liten grad|3=I noen grad|4=I stor grad|5=I svært stor grad|99=Vet "
     "ikke",
     "grad", "1 2 3 4 5 -dont_know", "grad5", "", 0},
    {"degree, English and blanks", "a= To a very small  extent |b=to a LARGE extent.", "grad",
     "1 2", NULL, "", 0},
    {"importance",
     "1=Ikke viktig|2=Litt viktig|3=Viktig|4=Svært viktig|5=Avgjørende|98=Ikke aktuelt", "viktig",
     "1 2 3 4 5 -not_applicable", "viktig5", "", EXACT},
    {"importance nn", "1=Uviktig|2=Mindre viktig|3=Ganske viktig|4=Veldig viktig", "viktig",
     "1 2 3 4", NULL, "", 0},
    {"satisfaction",
     "1=Svært misfornøyd|2=Misfornøyd|3=Verken fornøyd eller misfornøyd|4=Fornøyd|5=Svært fornøyd",
     "tilfreds", "1 2 3 4 5", NULL, "", 0},
    {"satisfaction nn", "1=Svært misnøgd|2=Misnøgd|3=Nøgd|4=Svært nøgd|0=Veit ikkje", "tilfreds",
     "1 2 3 4 -dont_know", NULL, "", 0},
    {"satisfaction en, falling", "1=Very satisfied|2=Satisfied|3=Dissatisfied|4=Very dissatisfied",
     "tilfreds", "4 3 2 1", NULL, "", FALLING},
    {"quality", "Svært dårlig|Dårlig|Middels|God|Svært god", "kvalitet", "1 2 3 4 5", NULL, "", 0},
    {"frequency", "1=Aldri|2=Sjelden|3=Av og til|4=Ofte|5=Alltid", "ofte", "1 2 3 4 5", NULL, "",
     0},
    {"likelihood", "1=Very unlikely|2=Unlikely|3=Likely|4=Very likely", "sannsynlig", "1 2 3 4",
     NULL, "", 0},
    {"fits", "1=Stemmer ikke|2=Stemmer delvis|3=Stemmer helt", "stemmer", "1 2 3", NULL, "", 0},
    {"LimeSurvey's increase, same, decrease", "I|S|D", "endring", "3 2 1", NULL, "", FALLING},
    {"LimeSurvey's yes, no, uncertain", "Y|N|U", "ja", "2 1 -dont_know", NULL, "", FALLING},
    {"ja og nei", "1=Ja|2=Delvis|3=Nei|4=Ikke relevant", "ja", "3 2 1 -not_applicable", NULL, "",
     FALLING},
    {"seven steps",
     "1=Helt uenig|2=Uenig|3=Litt uenig|4=Nøytral|5=Litt enig|6=Enig|7=Helt enig|8=Ønsker ikke å "
     "svare",
     "enig", "1 2 3 4 5 6 7 -not_answered", NULL, "", 0},
    {"two steps", "u=Uenig|e=Enig", "enig", "1 2", NULL, "", 0},
    {"three steps that the framework has", "1=Uenig|2=Delvis enig|3=Enig", "enig", "1 2 3", "enig3",
     "", EXACT},
    {"only the framework knows",
     "1=Ikke i bruk|2=Prøves ut|3=Delvis i bruk|4=I bruk de fleste steder|5=I full bruk", NULL,
     "1 2 3 4 5", "praksis5", "", EXACT},
    {"words at the ends only", "1=1 – Svært dårlig|2=2|3=3|4=4|5=5 – Svært god", "kvalitet",
     "1 2 3 4 5", NULL, "", 0},
    {"words at the ends, falling", "1=1 Helt enig|2=2|3=3|4=4|5=5 Helt uenig", "enig", "5 4 3 2 1",
     "enig5", "1=5 2=4 4=2 5=1", FALLING},
    {"numbers", "1|2|3|4|5", NULL, "1 2 3 4 5", "grad5", "", NUMBERS},
    {"numbers and a code for nothing", "1|2|3|4|99", NULL, "1 2 3 4 -dont_know", "extent", "",
     NUMBERS},
    {"numbers from nought", "0|1|2|3", NULL, "1 2 3 4", "kobling4", "", NUMBERS},
    {"the same answer in two spellings", "Enig|enig|Uenig", "enig", "2 2 1", NULL, "", FALLING},
    {"a part of the steps, in a file", "Enig|Helt enig|Uenig", "enig", "2 3 1", "enig5",
     "Enig=4 Helt enig=5 Uenig=2", EXACT | OBSERVED},
    {"eleven steps", "0|1|2|3|4|5|6|7|8|9|10", "", NULL, NULL, "", 0},
    {"places", "N=Nord|M=Midt|V=Vest", "", NULL, NULL, "", 0},
    {"an answer of another kind", "1=Helt uenig|2=Enig|3=Blå", "", NULL, NULL, "", 0},
    {"two words for one step", "1=Verken eller|2=Nøytral|3=Enig", "", NULL, NULL, "", 0},
    {"one step", "1=Enig|2=Vet ikke", "", NULL, NULL, "", 0},
    {"numbered places", "1=1 Oslo|2=2 Bergen", "", NULL, NULL, "", 0},
    {"-oth- is no step", "1=Enig|2=Uenig|-oth-=[other]", "", NULL, NULL, "", 0},
    {"empty labels", "a=|b=", "", NULL, NULL, "", 0},
};

static Framework *framework;

static char *steps_of(const Likert *likert)
{
    GString *steps = g_string_new(NULL);
    for (guint i = 0; i < likert->n_choices; i++) {
        const LikertChoice *choice = &likert->choice[i];
        g_string_append(steps, i ? " " : "");
        if (choice->missing)
            g_string_append_printf(steps, "-%s", missing_word(choice->missing));
        else
            g_string_append_printf(steps, "%d", choice->step);
    }
    return g_string_free(steps, FALSE);
}

static char *renames_of(const Likert *likert, const GArray *choices)
{
    GString *renames = g_string_new(NULL);
    for (guint i = 0; likert->scale && i < likert->n_choices; i++) {
        const char *code = g_array_index(choices, FormChoice, i).code;
        const char *renamed = likert_rename(likert, i, code);
        if (renamed)
            g_string_append_printf(renames, "%s%s=%s", renames->len ? " " : "", code, renamed);
    }
    return g_string_free(renames, FALSE);
}

static void reads(void **state)
{
    const Case *c = *state;
    g_autoptr(Form) form = form_new("f");
    const FormQuestion *question = question_of(form, "Q", c->choices);
    Likert *likert = likert_read(framework, question->choices, c->is & OBSERVED);
    if (!c->steps) {
        assert_null(likert);
        return;
    }
    assert_non_null(likert);
    g_autofree char *steps = steps_of(likert);
    g_autofree char *renames = renames_of(likert, question->choices);
    assert_string_equal(steps, c->steps);
    assert_string_equal(likert->family ? likert->family->id : "-", c->family ? c->family : "-");
    assert_string_equal(likert->scale ? likert->scale->id : "-", c->scale ? c->scale : "-");
    assert_string_equal(renames, c->renames);
    assert_int_equal(likert->exact, (c->is & EXACT) != 0);
    assert_int_equal(likert->numbers, (c->is & NUMBERS) != 0);
    assert_int_equal(likert->falling, (c->is & FALLING) != 0);
    likert_free(likert);
}

/* Without a framework too: what a framework is made from. */
static void reads_alone(void **state)
{
    (void)state;
    g_autoptr(Form) form = form_new("f");
    const FormQuestion *question = question_of(form, "Q", cases[2].choices);
    Likert *likert = likert_read(NULL, question->choices, false);
    g_autofree char *steps = steps_of(likert);
    assert_string_equal(steps, cases[2].steps);
    assert_null(likert->scale);
    likert_free(likert);
}

/* --- words ----------------------------------------------------------------------------------- */

static void folds(void **state)
{
    (void)state;
    static const struct {
        const char *text, *folded;
    } rows[] = {
        {"E-post:", "epost"},
        {"  Verken/eller ", "verken eller"},
        {"Pasient- og BRUKER-organisasjon", "pasient og brukerorganisasjon"},
        {"Don\u2019t know!", "dont know"},
        {"«Å» – æ", "å æ"},
        {"", ""},
        {"-", ""},
        {"A\u030A", "å"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autofree char *folded = vocabulary_fold(rows[i].text);
        assert_string_equal(folded, rows[i].folded);
    }
}

static void means(void **state)
{
    (void)state;
    static const struct {
        const char *meaning, *code, *text;
        bool is;
    } rows[] = {
        {"email", "epost", "", true},
        {"email", "q1", "epostadresse valgfritt", true},
        {"email", "q1", "hva synes du om bruken av epost hos oss", false},
        {"name", "q1", "navn", true},
        {"name", "q1", "hva er navnet på tiltaket du mener virker best", false},
        {"organisation", "q1", "hva er organisasjonens største utfordring", false},
        {"organisation", "q1", "hvilken virksomhet arbeider du i", true},
        {"group", "q1", "hva slags virksomhet er dere", true},
        {"birth", "q1", "fødselsnummer 11 siffer", true},
        {"phone", "tlf", "", true},
        {"strength", "styrker", "", true},
        {"strength", "q1", "hvordan kan vi styrke samarbeidet mellom oss", false},
        {"weakness", "q1", "kva er vi ikkje gode på", true},
        {"threat", "q1", "which threats do you see", true},
        {"nothing at all", "epost", "epost", false},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++)
        if (vocabulary_means(rows[i].meaning, rows[i].code, rows[i].text, NULL) != rows[i].is)
            fail_msg("%s: %s %s", rows[i].meaning, rows[i].code, rows[i].text);
}

static void likens(void **state)
{
    (void)state;
    static const struct {
        const char *one, *other;
        double least, most;
    } rows[] = {
        {"kommune", "kommuner", 1, 1},
        {"pasient eller interesseorganisasjon", "pasient og interesseorganisasjoner", 0.8, 1},
        {"stat", "statlig helseforvaltning", 0, 0},
        {"nord", "sør", 0, 0},
        {"", "", 0, 0},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        const double like = text_likeness(rows[i].one, rows[i].other);
        assert_true(like >= rows[i].least && like <= rows[i].most);
        assert_true(like == text_likeness(rows[i].other, rows[i].one));
    }
}

static void slugs(void **state)
{
    (void)state;
    static const struct {
        const char *text, *slug;
    } rows[] = {
        {"Målene er klare, ikke sant?", "malene-er-klare-ikke-sant"},
        {"ÆØÅ ü ß", "aeoa-u-ss"},
        {"日本", ""},
        {"--a--b--", "a-b"},
        {"en svært lang tekst som ikke får plass", "en-svaert-lang-tekst-som-ikke"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autofree char *slug = outline_slug(rows[i].text, 30);
        assert_string_equal(slug, rows[i].slug);
    }
}

enum { N = G_N_ELEMENTS(cases) };

int main(void)
{
    struct CMUnitTest tests[N];
    framework = framework_load(EHELSE, ".", NULL);
    for (size_t i = 0; i < N; i++)
        tests[i] = (struct CMUnitTest){cases[i].name, reads, NULL, NULL, (void *)&cases[i]};
    const struct CMUnitTest others[] = {
        cmocka_unit_test(reads_alone), cmocka_unit_test(folds), cmocka_unit_test(means),
        cmocka_unit_test(likens),      cmocka_unit_test(slugs),
    };
    const int failed = cmocka_run_group_tests_name("likert: scales", tests, NULL, NULL) +
                       cmocka_run_group_tests_name("likert: words", others, NULL, NULL);
    framework_free(framework);
    return failed;
}
