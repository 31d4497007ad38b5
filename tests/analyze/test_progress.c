/* Status of the areas: how key figures are read and ordered, which way they point, and how panel,
 * key figures and activities make a light, in numbers worked out by hand. */
#include "analyze/progress.h"

#include "tests/analyze/product_fixture.h"

#define PERIOD                                                                                     \
    "period: {from: 2020-01-01, to: 2020-01-10, at: 2020-01-06}\n" /* half has passed              \
                                                                    */

#define SOURCES                                                                                    \
    "sources:\n"                                                                                   \
    "  panel:\n"                                                                                   \
    "    kind: csv\n"                                                                              \
    "    path: panel.csv\n"                                                                        \
    "    method: survey\n"                                                                         \
    "    questions:\n"                                                                             \
    "      ORG: {attribute: organisation}\n"                                                       \
    "      GRUPPE: {attribute: group}\n"                                                           \
    "      LYS1: {status: {area: '1', comment_from: HVORFOR, event_from: HENDT, initiative_from: " \
    "GJORT}}\n"                                                                                    \
    "      LYS2: {status: {area: '2.1'}, scale: fremdrift4}\n"                                     \
    "      ORD3: {status: {area: '3', light_from: LYS3}}\n"                                        \
    "      RATE4: {rating: {area: '4', criterion: status}, scale: grad5}\n"                        \
    "  tall:\n"                                                                                    \
    "    kind: csv\n"                                                                              \
    "    path: tall.csv\n"                                                                         \
    "    method: document\n"                                                                       \
    "    questions:\n"                                                                             \
    "      V: {kpi: {area_from: A, indicator_from: I, period_from: P, target_from: T, "            \
    "baseline_from: B}}\n"                                                                         \
    "  plan:\n"                                                                                    \
    "    kind: csv\n"                                                                              \
    "    path: plan.csv\n"                                                                         \
    "    method: document\n"                                                                       \
    "    questions:\n"                                                                             \
    "      S: {activity: {id_from: ID}}\n"

static const Said everybody[] = {
    /* Alm sends three, who count as one: red. Bjørk yellow, Gran yellow, Hegg green. */
    {"panel", 0, "ORG=Alm LYS1=red HVORFOR=Tregt LYS2=1 ORD3=Ja LYS3=yellow RATE4=1"},
    {"panel", 0, "ORG=Alm LYS1=red HVORFOR=tregt HENDT=Start LYS2=!dont_know"},
    {"panel", 0, "ORG=Alm LYS1=green"},
    {"panel", 0, "ORG=Bjørk LYS1=yellow HVORFOR=Ujevnt LYS2=2 LYS3=yellow RATE4=3"},
    {"panel", 0, "ORG=Gran LYS1=yellow HVORFOR=Bra HENDT=start GJORT=Pilot LYS2=3 RATE4=5"},
    {"panel", 0, "ORG=Hegg LYS1=green LYS2=4"},
    {"panel", 0, "ORG=Lind LYS1=gult"},
    {"panel", 0, "GRUPPE=innbygger LYS1=green LYS2=4"},
    /* Towards 100 from 0, out of order, once told twice; falling from 20 to 10; no baseline. */
    {"tall", 0, "A=1 I=Dekning V=30 P=2019 T=100 B=0"},
    {"tall", 0, "A=1 I=Dekning V=20 P=2018 T=90 B=0"},
    {"tall", 0, "A=1.1 I=dekning V=35,5 P=31.12.2020 T=100 B=0"},
    {"tall", 0, "A=1 I=Dekning V=40 P=31.12.2020 T=100 B=0"},
    {"tall", 0, "A=1 I=Ventetid V=14 P=2020 T=10 B=20"},
    {"tall", 0, "A=1 I=Ventetid V=18 P=2019 T=10 B=20"},
    {"tall", 0, "A=1 I=Antall V=7 P=2020 T=10"},
    {"tall", 0, "A=2 I=Flat V=5 P=2020 T=3 B=3"},
    {"tall", 0, "A=2 I=Rot V=mange P=2020 T=3 B=0"},
    {"tall", 0, "A=5 I=Ned V=50 P=2020 T=100 B=0"},
    {"tall", 0, "A=5 I=Ned V=60 P=2019 T=100 B=0"},
    {"plan", 0, "ID=1.1.1 S=done"},
    {"plan", 0, "ID=1.1.2 S=ongoing"},
    {"plan", 0, "ID=1.2.1 S=stopped"},
    {"plan", 0, "ID=5.1.1 S=done"},
    {NULL, 0, NULL},
};

static int setup(void **state)
{
    *state = answers_new(PRODUCT_HEAD PERIOD SOURCES, everybody);
    return 0;
}

static int teardown(void **state)
{
    answers_free(*state);
    return 0;
}

static void numbers_are_read_as_people_write_them(void **state)
{
    static const struct {
        const char *text;
        double number;
    } rows[] = {
        {"19,5", 19.5},  {"1 234", 1234}, {"1\u00a0234,5", 1234.5}, {"47 %", 47},
        {"\u22123", -3}, {"0", 0},        {"+0,25", 0.25},          {"1e3", 1000},
        {"", NAN},       {"mange", NAN},  {"1,2,3", NAN},           {"nan", NAN},
        {"inf", NAN},    {"0x10", NAN},   {"12 av 20", NAN},        {"%", NAN},
    };
    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++)
        assert_near(kpi_number(rows[i].text), rows[i].number, 0);
    assert_undefined(kpi_number(NULL));
}

static void periods_order_by_what_they_say(void **state)
{
    static const char *const rows[] = {"2017",       "2018", "3.2019",  "12.2019", "01.02.2020",
                                       "31.12.2020", "2021", "2021-06", "2021-H2", "Q3 2022"};
    (void)state;
    for (size_t i = 1; i < G_N_ELEMENTS(rows); i++) {
        g_autofree char *before = kpi_period_order(rows[i - 1]);
        g_autofree char *after = kpi_period_order(rows[i]);
        if (strcmp(before, after) >= 0)
            fail_msg("%s (%s) does not come before %s (%s)", rows[i - 1], before, rows[i], after);
    }
    assert_int_equal(kpi_year("Q3 2022"), 2022);
    assert_int_equal(kpi_year("31.12.2020"), 2020);
    assert_int_equal(kpi_year("12345 i fjor"), 0);
    assert_int_equal(kpi_year(NULL), 0);
}

static void key_figures_are_series(void **state)
{
    const Answers *a = *state;
    expect_number(a, "status/1/kpi=Dekning/n", 3);
    expect_number(a, "status/1/kpi=Dekning/value", 40);
    expect_text(a, "status/1/kpi=Dekning/period", "31.12.2020");
    expect_number(a, "status/1/kpi=Dekning/target", 100);
    expect_number(a, "status/1/kpi=Dekning/change", 10);
    expect_number(a, "status/1/kpi=Dekning/attainment", 0.4);
    expect_number(a, "status/1/kpi=Dekning/ratio", 0.8);
    expect_text(a, "status/1/kpi=Dekning/light", "yellow");
    expect_text(a, "status/1/kpi=Dekning/direction", "up");
    expect_number(a, "status/1/kpi=Ventetid/change", -4);
    expect_number(a, "status/1/kpi=Ventetid/attainment", 0.6);
    expect_number(a, "status/1/kpi=Ventetid/ratio", 1);
    expect_text(a, "status/1/kpi=Ventetid/direction", "up");
    expect_number(a, "status/1/kpi=Ventetid/period=2019/attainment", 0.2);
    expect_text(a, "status/1/kpi=Antall/attainment", "not_declared");
    expect_text(a, "status/1/kpi=Antall/light", "grey");
    expect_text(a, "status/1/kpi=Antall/change", "too_few");
    expect_text(a, "status/2/kpi=Flat/ratio", "no_frame");
    expect_text(a, "status/2/kpi=Rot/value", "no_answers");
    expect_text(a, "status/5/kpi=Ned/direction", "down");
}

/* Area 1: (0.4 + 0.6)/2 of key figures by half of the time is 1, green; activities (1 + 0.5 + 0)/3
 * by half is 1, green; the panel red, yellow, yellow, green: lower median yellow. */
static void a_light_is_made_of_its_parts(void **state)
{
    const Answers *a = *state;
    expect_number(a, "status/1/elapsed", 0.5);
    expect_number(a, "status/1/kpi-ratio", 1);
    expect_number(a, "status/1/kpis", 2);
    expect_number(a, "status/1/activity-ratio", 1);
    expect_number(a, "status/1/activities", 3);
    expect_number(a, "status/1/votes-red", 1);
    expect_number(a, "status/1/votes-yellow", 2);
    expect_number(a, "status/1/votes-green", 1);
    expect_number(a, "status/1/n", 6); /* not the citizen, not «gult» */
    expect_number(a, "status/1/organisations", 4);
    expect_text(a, "status/1/judgement", "yellow");
    expect_text(a, "status/1/light", "green"); /* median of green, green and yellow */
    expect_number(a, "status/1/step", 0.25);
    expect_text(a, "status/1/direction", "up");
}

static void a_light_needs_two_parts(void **state)
{
    const Answers *a = *state;
    expect_text(a, "status/2/light", "grey"); /* a panel alone */
    expect_text(a, "status/2/judgement", "yellow");
    expect_number(a, "status/2/votes-red", 1);
    expect_number(a, "status/2/votes-yellow", 1);
    expect_number(a, "status/2/votes-green", 2);
    expect_text(a, "status/2/kpi-ratio", "no_answers");
    expect_text(a, "status/2/direction", "unknown");
    expect_text(a, "status/2/step", "too_few");
    expect_text(a, "status/4/judgement", "yellow"); /* 1, 3 and 5 of five, 4 and 5 agreeing */
    expect_text(a, "status/5/light", "green");      /* 50 % by half, one done: never above both */
    expect_text(a, "status/5/judgement", "grey");
    expect_text(a, "status/5/direction", "down");
    expect_number(a, "status/6/n", 0);
    expect_text(a, "status/6/light", "grey");
}

/* The light is told apart: then the answer is the comment; «gult» is no light and so one too. */
static void an_answer_is_the_light_or_the_comment(void **state)
{
    const Answers *a = *state;
    const Progress *progress = results_progress(a->results);
    const AreaStatus *first = &g_array_index(progress->areas, AreaStatus, 0);
    const AreaStatus *third = &g_array_index(progress->areas, AreaStatus, 2);
    assert_int_equal(first->reasons->len, 4);
    const AreaNote *note = (const AreaNote *)(const void *)first->reasons->data;
    assert_string_equal(note[0].text, "Ujevnt"); /* of the judged light first */
    assert_string_equal(note[1].text, "Bra");
    assert_string_equal(note[2].text, "Tregt");
    assert_int_equal(note[2].organisations, 1);
    assert_string_equal(note[3].text, "gult");
    assert_int_equal(first->events->len, 1);
    assert_int_equal(g_array_index(first->events, AreaNote, 0).organisations, 2);
    assert_int_equal(first->initiatives->len, 1);
    assert_string_equal(g_array_index(third->reasons, AreaNote, 0).text, "Ja");
    expect_text(a, "status/3/judgement", "yellow");
}

static void steps_become_lights_as_the_framework_says(void **state)
{
    static const struct {
        const char *scale, *lights; /* of step 1, 2 … */
    } rows[] = {
        {"fremdrift4", "rygg"}, {"grad5", "rrygg"}, {"enig3", "ryg"}, {"grad4", "rygg"},
        {"extent", "rygg"},     {"pol5", "rryyg"}, /* nothing agrees: by thirds */
    };
    const Answers *a = *state;
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        const Scale *scale = framework_scale(a->project->framework, rows[i].scale);
        for (int step = 1; step <= scale->n_steps; step++)
            assert_int_equal(status_light_key(progress_light_of(scale, step))[0],
                             rows[i].lights[step - 1]);
    }
    assert_int_equal(progress_light_of(framework_scale(a->project->framework, "grad5"), 0),
                     STATUS_GREY);
}

#define WAVE(name, year)                                                                           \
    "  " name ":\n"                                                                                \
    "    kind: csv\n"                                                                              \
    "    path: " name ".csv\n"                                                                     \
    "    method: survey\n"                                                                         \
    "    wave: " year "\n"                                                                         \
    "    questions:\n"                                                                             \
    "      ORG: {attribute: organisation}\n"                                                       \
    "      L: {status: {area: '1'}}\n"

static void the_last_wave_is_now(void **state)
{
    static const char project_text[] = PRODUCT_HEAD "sources:\n" WAVE("sist", "ny") WAVE(
        "for",
        "gammel") "  tall:\n"
                  "    kind: csv\n"
                  "    path: tall.csv\n"
                  "    method: document\n"
                  "    questions:\n"
                  "      V: {kpi: {area: '1', indicator: Dekning, period_from: P, target: 100, "
                  "baseline: 0}}\n";
    static const Said said[] = {
        {"sist", 1609459200, "ORG=Alm L=green"}, /* 2021-01-01 */
        {"for", 1514764800, "ORG=Alm L=red"},    /* 2018-01-01 */
        {"for", 1514764800, "ORG=Gran L=red"},
        {"tall", 0, "V=10 P=2018"},
        {"tall", 0, "V=90 P=2020"},
        {NULL, 0, NULL},
    };
    g_autofree char *earlier =
        g_strconcat(project_text, "analysis: {earlier: [ny, gammel]}\n", NULL);
    g_autoptr(Answers) past = answers_new(earlier, said);
    g_autoptr(Answers) a = answers_new(project_text, said);
    (void)state;
    expect_number(past, "status/1/n", 0); /* all of it is history */
    expect_text(past, "status/1/judgement", "grey");
    expect_text(past, "status/1/wave=ny/judgement", "green");
    assert_string_equal(results_progress(a->results)->waves->pdata[0], "gammel");
    expect_text(a, "status/1/judgement", "green");
    expect_text(a, "status/1/light", "green");
    expect_number(a, "status/1/n", 1);
    expect_number(a, "status/1/elapsed", 1461.0 / 2191);
    expect_text(a, "status/1/wave=gammel/judgement", "red");
    expect_text(a, "status/1/wave=gammel/light", "red");
    expect_number(a, "status/1/wave=gammel/n", 2);
    expect_number(a, "status/1/wave=gammel/kpi-ratio", 0.1 / (365.0 / 2191));
    expect_text(a, "status/1/wave=ny/light", "green");
    expect_number(a, "status/1/wave=ny/kpi-ratio", 1);
}

static void people_may_set_a_light_and_say_why(void **state)
{
    g_autoptr(Answers) a = answers_new(
        PRODUCT_HEAD PERIOD "status: {'1': {light: red, reason: Pengene er borte}}\n" SOURCES,
        everybody);
    (void)state;
    const Progress *progress = results_progress(a->results);
    expect_text(a, "status/1/light", "red");
    expect_text(a, "status/1/computed-light", "green");
    expect_number(a, "status/1/overridden", 1);
    expect_number(a, "status/2/overridden", 0);
    expect_text(a, "status/2/computed-light", "grey");
    assert_string_equal(g_array_index(progress->areas, AreaStatus, 0).override, "Pengene er borte");
}

static void without_a_period_nothing_is_held_against_time(void **state)
{
    static const Said said[] = {{"panel", 0, "ORG=Alm LYS1=green"},
                                {"tall", 0, "A=1 I=D V=9 P=2020 T=10 B=0"},
                                {NULL, 0, NULL}};
    static const Said nothing[] = {{"panel", 0, "ORG=Alm"}, {NULL, 0, NULL}};
    g_autoptr(Answers) a =
        answers_new(PRODUCT_HEAD "period: {from: 2020, to: 2021, at: 2019}\n" SOURCES, said);
    g_autoptr(Answers) none = answers_new(PRODUCT_HEAD SOURCES, nothing);
    (void)state;
    expect_number(a, "status/1/elapsed", 0);
    expect_text(a, "status/1/kpi-ratio", "no_frame");
    expect_text(a, "status/1/light", "grey");
    expect_number(a, "status/1/kpi=D/attainment", 0.9);
    expect_text(a, "status/1/kpi=D/ratio", "no_frame");
    assert_null(results_progress(none->results));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_are_read_as_people_write_them),
        cmocka_unit_test(periods_order_by_what_they_say),
        cmocka_unit_test_setup_teardown(key_figures_are_series, setup, teardown),
        cmocka_unit_test_setup_teardown(a_light_is_made_of_its_parts, setup, teardown),
        cmocka_unit_test_setup_teardown(a_light_needs_two_parts, setup, teardown),
        cmocka_unit_test_setup_teardown(an_answer_is_the_light_or_the_comment, setup, teardown),
        cmocka_unit_test_setup_teardown(steps_become_lights_as_the_framework_says, setup, teardown),
        cmocka_unit_test(the_last_wave_is_now),
        cmocka_unit_test(people_may_set_a_light_and_say_why),
        cmocka_unit_test(without_a_period_nothing_is_held_against_time),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
