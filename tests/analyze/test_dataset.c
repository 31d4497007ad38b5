/* Columns of ratings: whose answers they hold, in whatever pattern people were asked. */
#include "tests/analyze/world.h"

enum { COLUMNS = 4, PEOPLE = 9 };

static const char framework[] =
    "innsikt: 1\nid: prove\ntitle: {nb: Prøve, nn: Prøve, en: Test}\n"
    "verdict_scale: fem\ndefault_scale: fem\nmissing: {'99': dont_know}\n"
    "scales: [{id: fem, steps: [{id: s1, label: {nb: A, nn: A, en: A}, codes: ['1']},\n"
    "  {id: s2, label: {nb: B, nn: B, en: B}, codes: ['2']},\n"
    "  {id: s3, label: {nb: C, nn: C, en: C}, codes: ['3'], agree: true}]}]\n"
    "levels: [{id: niva, label: {nb: N, nn: N, en: N}}]\n"
    "questions: [{id: q, level: niva, label: {nb: Q, nn: Q, en: Q}}]\n"
    "items: [{id: a, question: q, label: {nb: a, nn: a, en: a}},\n"
    "  {id: b, question: q, label: {nb: b, nn: b, en: b}},\n"
    "  {id: c, question: q, label: {nb: c, nn: c, en: c}},\n"
    "  {id: d, question: q, label: {nb: d, nn: d, en: d}}]\n";
static const char sources[] =
    "  svar:\n    kind: csv\n    path: x.csv\n    method: survey\n    questions:\n"
    "      A: {rating: a, scale: fem}\n      B: {rating: b, scale: fem}\n"
    "      C: {rating: c, scale: fem}\n      D: {rating: d, scale: fem}\n";
static const char *const names[COLUMNS] = {"A", "B", "C", "D"};

/* Per person, what they answer in each column; '.': never asked, '9': does not know. */
typedef char Pattern[PEOPLE][COLUMNS + 1];

static void put(World *w, const char *answers)
{
    const char *said[2 * COLUMNS + 1] = {NULL};
    char text[COLUMNS][3] = {0};
    int n = 0;
    for (int c = 0; c < COLUMNS; c++) {
        if (answers[c] == '.')
            continue;
        g_snprintf(text[c], sizeof text[c], answers[c] == '9' ? "99" : "%c", answers[c]);
        said[n++] = names[c];
        said[n++] = text[c];
    }
    world_put(w, "svar", said[0], said[1], said[2], said[3], said[4], said[5], said[6], said[7],
              NULL);
}

static void check_column(const Variable *variable, const Pattern *pattern)
{
    const int c = variable->index;
    guint row = 0;
    for (uint32_t person = 0; person < PEOPLE; person++) {
        const char answer = (*pattern)[person][c];
        if (answer == '.')
            continue;
        assert_true(row < variable->record->len && row < variable->step->len);
        assert_int_equal(g_array_index(variable->record, uint32_t, row), person);
        assert_int_equal(g_array_index(variable->step, int8_t, row),
                         answer == '9' ? -MISSING_DONT_KNOW : answer - '0');
        row++;
    }
    assert_int_equal(variable->record->len, row);
    assert_int_equal(variable->step->len, row);
}

static void columns_hold_those_who_were_asked(void **state)
{
    static const Pattern patterns[] = {
        /* everybody everything; all beside one; routed apart at the first, in the middle, at the
         * last; one after the other; the first column last */
        {"1231", "2313", "3122", "9213", "1111", "2222", "3333", "1232", "3211"},
        {"1231", "2313", "3122", "921.", "1111", "2222", "3333", "1232", "3211"},
        {"1...", ".313", "3122", "9213", "11.1", "2222", ".333", "1232", "3.1."},
        {"1231", "2313", "3122", "9213", "1111", "2222", "33..", "1.3.", ".2.1"},
        {"1...", "2...", ".1..", ".2..", "..3.", "..1.", "...2", "...3", "1..."},
        {"...1", "..23", ".122", "9213", "1111", "222.", "33..", "1...", "3211"},
    };
    (void)state;
    for (size_t p = 0; p < G_N_ELEMENTS(patterns); p++) {
        World *w = world_new(framework, sources);
        for (int person = 0; person < PEOPLE; person++)
            put(w, patterns[p][person]);
        w->data = dataset_load(w->project, &w->key, w->store, &w->error);
        assert_ok(w->data, w->error);
        assert_int_equal(w->data->records->len, PEOPLE);
        assert_int_equal(w->data->variables->len, COLUMNS);
        for (guint v = 0; v < COLUMNS; v++)
            check_column(w->data->variables->pdata[v], &patterns[p]);
        world_free(w);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(columns_hold_those_who_were_asked),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
