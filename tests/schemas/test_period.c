/* The time a strategy spans: what counts as a day, and how much of it has passed; and lights that
 * people set. */
#include "schemas/period.h"

#include "schemas/project.h"
#include "schemas/response.h"
#include "tests/schemas/store_fixture.h"

#include <math.h>

static void years_and_days_are_days(void **state)
{
    static const struct {
        const char *text;
        bool last;
        int64_t instant; /* within that day; TIME_UNKNOWN: it is none */
    } rows[] = {
        {"2017", false, INT64_C(1483228800000000)},
        {"2022", true, INT64_C(1672487999999999)},
        {"2020-02-29", true, INT64_C(1582934400000000)},
        {"1969-12-31", false, -1},
        {"2021-02-29", false, TIME_UNKNOWN},
        {"2021-13-01", false, TIME_UNKNOWN},
        {"2021-6-1", false, TIME_UNKNOWN},
        {"21", false, TIME_UNKNOWN},
        {"", false, TIME_UNKNOWN},
    };
    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        const uint32_t day = period_day(rows[i].text, rows[i].last);
        if (day != period_day_of(rows[i].instant))
            fail_msg("«%s» is day %u", rows[i].text, day);
    }
}

static void passed_share_is_of_all_days(void **state)
{
    const Period period = {period_day("2020-01-01", false), period_day("2020-01-10", true), 0};
    const Period none = {0, 0, 0};
    (void)state;
    assert_true(fabs(period_elapsed(&period, period_day("2020-01-04", false)) - 0.3) < 1e-15);
    assert_true(period_elapsed(&period, period_day("2019-12-01", false)) == 0);
    assert_true(period_elapsed(&period, period_day("2020-01-11", false)) == 1);
    assert_true(period_elapsed(&period, period_day("2031", false)) == 1);
    assert_true(isnan(period_elapsed(&period, 0)));
    assert_true(isnan(period_elapsed(&none, period.from)));
}

/* The project's head with a `period:`; NULL when it is refused, with what was said. */
static Project *load_with(const char *period, char **ret_said)
{
    char *folder = fixture_folder();
    GError *error = NULL;
    g_autofree char *file = g_build_filename(folder, "project.yaml", NULL);
    g_autofree char *text = g_strdup_printf("innsikt: 1\ntitle: Prøve\nframework: ehelse\n"
                                            "privacy: {key: 'env:INNSIKT_TEST_KEY'}\n%s\n",
                                            period);
    assert_true(g_file_set_contents(file, text, -1, NULL));
    Project *project = project_load(folder, &error);
    *ret_said = error ? g_strdup(error->message) : NULL;
    g_clear_error(&error);
    fixture_remove(folder);
    return project;
}

static void project_knows_better_than_its_framework(void **state)
{
    static const struct {
        const char *text, *from, *to, *at;
    } rows[] = {
        {"", "2017", "2022", NULL},
        {"period: {from: 2023, to: 2030-06-30}", "2023", "2030-06-30", NULL},
        {"period: {at: 2021-06-30}", "2017", "2022", "2021-06-30"},
        {"period: {from: 2019, to: 2020, at: 2020}", "2019", "2020", "2020-12-31"},
    };
    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autofree char *said = NULL;
        g_autoptr(Project) project = load_with(rows[i].text, &said);
        if (!project)
            fail_msg("%s: %s", rows[i].text, said);
        assert_int_equal(project->period.from, period_day(rows[i].from, false));
        assert_int_equal(project->period.to, period_day(rows[i].to, true));
        assert_int_equal(project->period.at, rows[i].at ? period_day(rows[i].at, true) : 0);
    }
}

static void wrong_periods_and_lights_are_refused_where_they_stand(void **state)
{
    static const char *const rows[][2] = {
        {"period: {from: 2023}", "`from` and a `to`"},
        {"period: {to: 2023}", "`from` and a `to`"},
        {"period: {from: 2023, to: 2022}", "ends before it begins"},
        {"period: {from: 2017, to: snart}", "to: \"snart\" is no year and no day"},
        {"period: {from: 2017-02-30, to: 2022}", "is no year and no day"},
        {"period: {from: 2017, too: 2022}", "too"},
        {"period: 2017-2022", "period"},
        {"status: {'3': {light: yellow}}", "needs a written reason"},
        {"status: {'3': {reason: Derfor}}", "has no light"},
        {"status: {'3': {light: blue, reason: Derfor}}", "blue"},
        {"status: {'9': {light: red, reason: Derfor}}", "9"},
        {"status: {'3': {light: red, reason: Derfor, why: x}}", "why"},
        {"status: red", "status"},
    };
    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autofree char *said = NULL;
        g_autoptr(Project) project = load_with(rows[i][0], &said);
        if (project)
            fail_msg("%s was taken", rows[i][0]);
        if (!strstr(said, rows[i][1]) || !strstr(said, "project.yaml:5:"))
            fail_msg("%s: %s", rows[i][0], said);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(years_and_days_are_days),
        cmocka_unit_test(passed_share_is_of_all_days),
        cmocka_unit_test(project_knows_better_than_its_framework),
        cmocka_unit_test(wrong_periods_and_lights_are_refused_where_they_stand),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
