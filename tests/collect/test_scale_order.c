/* Scales that run the other way than the answers' texts. */
#include "collect/scale_order.h"

#include "tests/collect/project_fixture.h"

static const char head[] =
    "innsikt: 1\ntitle: Prøve\nlanguage: nb\nframework: virksomhet\n"
    "privacy: {key: env:INNSIKT_TEST_KEY}\nsources:\n"
    "  s: {kind: csv, path: a.csv, questions: {Q: {rating: voice-neutral, scale: enig5%s}}}\n";

/* `choices`: «code=text» parted by `|`; `more`: further keys of the mapping. */
static char *doubt_of(const char *choices, const char *more, bool *ret_certain)
{
    g_autofree char *folder = fixture_folder();
    g_autofree char *yaml = g_strdup_printf(head, more);
    fixture_write(folder, "project.yaml", yaml, -1);
    g_autoptr(GError) error = NULL;
    g_autoptr(Project) project = project_load(folder, &error);
    assert_string_equal(error ? error->message : "", "");
    fixture_remove(folder);
    g_autoptr(Form) form = form_new("7");
    FormQuestion *question = form_add(form, "Q", FORM_SINGLE, "L", "Er vi nøytrale?");
    g_auto(GStrv) split = g_strsplit(choices, "|", -1);
    for (char **choice = split; *choice; choice++) {
        g_auto(GStrv) pair = g_strsplit(*choice, "=", 2);
        form_choice(question, pair[0], pair[1]);
    }
    const Mapping *mapping = source_mapping(project->sources->pdata[0], "Q");
    return scale_order_doubt(project->framework, mapping, question, false, ret_certain);
}

static const struct {
    const char *choices, *more;
    const char *due; /* NULL: no doubt */
    bool certain;
} cases[] = {
    {"1=Helt uenig|2=Uenig|3=Verken eller|4=Enig|5=Helt enig", "", NULL, false},
    {"5=Helt enig|4=Enig|3=Verken eller|2=Uenig|1=Helt uenig", "", NULL, false},
    {"1=Helt enig|2=Enig|3=Verken eller|4=Uenig|5=Helt uenig|99=Vet ikke", "",
     "runs the other way on scale enig5: «Helt uenig» (code 5) is read as step 5 and «Helt enig» "
     "(code 1) as step 1; turn the codes",
     true},
    /* turned on purpose, for a question that asks the other way */
    {"1=Helt enig|2=Enig|3=Verken eller|4=Uenig|5=Helt uenig", ", values: {9: 1}",
     "runs the other way", false},
    {"1=Helt enig|2=Enig|3=Verken eller|4=Uenig|5=Helt uenig", ", values: {1: 5, 2: 4, 4: 2, 5: 1}",
     NULL, false},
    /* other words than the scale's */
    {"1=I svært stor grad|2=I stor grad|3=I noen grad|4=I liten grad|5=I svært liten grad", "",
     "runs the other way", false},
    {"1=Helt uenig|2=Uenig|4=Verken eller|3=Enig|5=Helt enig", "", "does not run in order", false},
    {"1=1|2=2|3=3|4=4|5=5", "", NULL, false},
    {"1=Rødt|2=Blått|3=Grønt", "", NULL, false},
    {"", "", NULL, false},
};

static void doubts_are_told(void **state)
{
    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        bool certain = false;
        g_autofree char *doubt = doubt_of(cases[i].choices, cases[i].more, &certain);
        const bool right = cases[i].due ? doubt && strstr(doubt, cases[i].due) : doubt == NULL;
        if (!right || certain != cases[i].certain)
            fail_msg("case %zu: «%s» (certain: %d), expected «%s»", i, doubt ? doubt : "none",
                     certain, cases[i].due ? cases[i].due : "none");
    }
}

int main(void)
{
    g_setenv("INNSIKT_TEST_KEY", "q7XkP2mRw9", TRUE);
    const struct CMUnitTest tests[] = {cmocka_unit_test(doubts_are_told)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
