/* The packed record: what goes in comes out, and bytes that nobody packed are refused. */
#include "tests/schemas/store_fixture.h"

#include "schemas/error.h"

#include <stdlib.h>
#include <string.h>

/* --- packing, byte by byte --- */

typedef struct {
    const char *name;
    const char *packed;
    RecordSlot slots[4];
    int n;
} Packing;

#define PLAIN INSTANCE_NONE, MISSING_NONE
static const Packing packings[] = {
    {"nothing", "[]", {{0}}, 0},
    {"a text", "[\"A3\"]", {{0, PLAIN, "A3"}}, 1},
    {"an empty text is a value", "[\"\"]", {{0, PLAIN, ""}}, 1},
    {"a gap", "[null,null,\"x\"]", {{2, PLAIN, "x"}}, 1},
    {"a reason", "[1,7]", {{0, INSTANCE_NONE, 1, NULL}, {1, INSTANCE_NONE, 7, NULL}}, 2},
    {"a value that does not count", "[{\"6\":\"Ja?\"}]", {{0, INSTANCE_NONE, 6, "Ja?"}}, 1},
    {"sorted", "[\"a\",\"b\"]", {{1, PLAIN, "b"}, {0, PLAIN, "a"}}, 2},
    {"a repeat",
     "[[\"a\",null,2],\"b\"]",
     {{0, 2, 2, NULL}, {1, PLAIN, "b"}, {0, 0, MISSING_NONE, "a"}},
     3},
    {"one late instance", "[[null,{\"5\":\"–\"}]]", {{0, 1, 5, "–"}}, 1},
    {"quote and backslash", "[\"\\\"\\\\\"]", {{0, PLAIN, "\"\\"}}, 1},
    {"white space", "[\"a\\nb\\tc\\rd\"]", {{0, PLAIN, "a\nb\tc\rd"}}, 1},
    {"control characters", "[\"\\u0001\\b\\f\\u001f\x7f\"]", {{0, PLAIN, "\x01\b\f\x1f\x7f"}}, 1},
    {"other scripts",
     "[\"🏥 sjúkrahús \xe2\x80\xa8\"]",
     {{0, PLAIN, "🏥 sjúkrahús \xe2\x80\xa8"}},
     1},
};

static GArray *slots_new(void)
{
    return g_array_new(FALSE, FALSE, sizeof(RecordSlot));
}

static void assert_same(const RecordSlot *a, const RecordSlot *b)
{
    assert_int_equal(a->number, b->number);
    assert_int_equal(a->instance, b->instance);
    assert_int_equal(a->missing, b->missing);
    assert_int_equal(!a->text, !b->text);
    if (a->text)
        assert_string_equal(a->text, b->text);
}

static void packs_and_unpacks(void **state)
{
    const Packing *c = *state;
    g_autoptr(GArray) slots = slots_new(), back = slots_new();
    g_autoptr(GString) packed = g_string_new("what was here before");
    GError *error = NULL;
    g_array_append_vals(slots, c->slots, (guint)c->n);
    assert_ok(record_pack(slots, packed, &error), error);
    assert_string_equal(packed->str, c->packed);
    assert_int_equal(packed->len, strlen(c->packed));
    assert_ok(record_unpack(packed->str, packed->len, back, &error), error);
    assert_int_equal(back->len, c->n);
    for (guint i = 0; i < back->len; i++)
        assert_same(&g_array_index(back, RecordSlot, i), &g_array_index(slots, RecordSlot, i));
}

/* --- what may not be packed --- */

typedef struct {
    const char *name;
    InnsiktError code;
    RecordSlot slots[2];
    int n;
} Refusal;

static const Refusal refusals[] = {
    {"twice", INNSIKT_ERROR_DATA, {{3, PLAIN, "a"}, {3, PLAIN, "a"}}, 2},
    {"in and outside a repeat",
     INNSIKT_ERROR_DATA,
     {{3, PLAIN, "a"}, {3, 0, MISSING_NONE, "a"}},
     2},
    {"one instance twice",
     INNSIKT_ERROR_DATA,
     {{3, 5, MISSING_NONE, "a"}, {3, 5, MISSING_NONE, "a"}},
     2},
    {"neither value nor reason", INNSIKT_ERROR_DATA, {{0, PLAIN, NULL}}, 1},
    {"a reason that is none", INNSIKT_ERROR_DATA, {{0, INSTANCE_NONE, N_MISSING, NULL}}, 1},
    {"latin-1", INNSIKT_ERROR_DATA, {{0, PLAIN, "bl\xe5"}}, 1},
    {"a lone surrogate", INNSIKT_ERROR_DATA, {{0, PLAIN, "\xed\xa0\xbd"}}, 1},
    {"a cut character", INNSIKT_ERROR_DATA, {{0, PLAIN, "\xf0\x9f\x8f"}}, 1},
    {"question 100000", INNSIKT_ERROR_LIMIT, {{RECORD_QUESTIONS_MAX, PLAIN, "a"}}, 1},
    {"instance 1000000", INNSIKT_ERROR_LIMIT, {{0, RECORD_INSTANCES_MAX, MISSING_NONE, "a"}}, 1},
    {"instance -2", INNSIKT_ERROR_LIMIT, {{0, -2, MISSING_NONE, "a"}}, 1},
};

static void refuses_to_pack(void **state)
{
    const Refusal *c = *state;
    g_autoptr(GArray) slots = slots_new();
    g_autoptr(GString) packed = g_string_new(NULL);
    g_autoptr(GError) error = NULL;
    g_array_append_vals(slots, c->slots, (guint)c->n);
    assert_false(record_pack(slots, packed, &error));
    assert_true(g_error_matches(error, INNSIKT_ERROR, (int)c->code));
}

/* --- bytes that are no record --- */

static const char *const strangers[] = {
    "",
    "[",
    "]",
    "[,]",
    "[\"a\",]",
    "[\"a\"",
    "[\"a",
    "[\"a\"]]",
    "[\"a\"] ",
    " [\"a\"]",
    "[ \"a\"]",
    "[0]",
    "[8]",
    "[12]",
    "[-1]",
    "[nul]",
    "[true]",
    "[[]]",
    "[[[1]]]",
    "[[1,]]",
    "[[1]",
    "[{}]",
    "[{\"6\":1}]",
    "[{\"0\":\"a\"}]",
    "[{\"6\"}]",
    "[{\"66\":\"a\"}]",
    "[\"\\u0041\"]",
    "[\"\\u00\"]",
    "[\"\\/\"]",
    "[\"\\",
    "[\"\t\"]",
    "[\"\\u002",
    "[\"\xe5\"]",
    "{\"a\":1}",
    "null",
    "[\"\\u0000\"]",
    "[{\"6\":\"a\"",
};

static void refuses_strangers(void **state)
{
    (void)state;
    g_autoptr(GArray) slots = slots_new();
    for (gsize i = 0; i < G_N_ELEMENTS(strangers); i++) {
        g_autoptr(GError) error = NULL;
        g_autofree char *bytes = g_strdup(strangers[i]);
        if (record_unpack(bytes, strlen(bytes), slots, &error))
            fail_msg("accepted: %s", strangers[i]);
        assert_true(g_error_matches(error, INNSIKT_ERROR, INNSIKT_ERROR_STORE));
        assert_int_equal(slots->len, 0);
    }
}

static void refuses_a_nul_inside(void **state)
{
    (void)state;
    g_autoptr(GArray) slots = slots_new();
    char bytes[] = "[\"a\0b\"]";
    assert_false(record_unpack(bytes, sizeof bytes - 1, slots, NULL));
}

/* --- at random, from a seed --- */

static const char *const scraps[] = {"ø",    "🏥", "\"", "\\", "\n",   "\x01", "\xe2\x80\xa8", "a",
                                     "=1+1", "é", "]",  ",",  "null", "\x7f", "{\"6\":",      "  "};

static char *random_text(GRand *rand, int longest)
{
    GString *text = g_string_new(NULL);
    for (int n = g_rand_int_range(rand, 0, longest); n > 0; n--)
        g_string_append(text, scraps[g_rand_int_range(rand, 0, G_N_ELEMENTS(scraps))]);
    return g_string_free(text, FALSE);
}

/* A random set of answers; the texts are kept in `texts`. */
static void random_slots(GRand *rand, GArray *slots, GPtrArray *texts)
{
    for (guint number = 0; number < 30; number++) {
        bool repeat = g_rand_int_range(rand, 0, 5) == 0;
        for (int i = 0; i < (repeat ? 4 : 1); i++) {
            if (g_rand_boolean(rand))
                continue;
            int reason = g_rand_int_range(rand, -12, N_MISSING);
            RecordSlot slot = {number, repeat ? i : INSTANCE_NONE, (Missing)MAX(reason, 0), NULL};
            if (!slot.missing || g_rand_boolean(rand)) {
                slot.text = random_text(rand, 12);
                g_ptr_array_add(texts, (gpointer)slot.text);
            }
            g_array_append_val(slots, slot);
        }
    }
}

static void shuffle(GRand *rand, GArray *slots)
{
    for (guint i = slots->len; i > 1; i--) {
        guint j = (guint)g_rand_int_range(rand, 0, (gint32)i);
        RecordSlot kept = g_array_index(slots, RecordSlot, i - 1);
        g_array_index(slots, RecordSlot, i - 1) = g_array_index(slots, RecordSlot, j);
        g_array_index(slots, RecordSlot, j) = kept;
    }
}

static void any_answers_come_back(void **state)
{
    (void)state;
    GRand *rand = g_rand_new_with_seed(20210924);
    for (int round = 0; round < 2000; round++) {
        g_autoptr(GArray) slots = slots_new(), back = slots_new();
        g_autoptr(GPtrArray) texts = g_ptr_array_new_with_free_func(g_free);
        g_autoptr(GString) packed = g_string_new(NULL), again = g_string_new(NULL);
        GError *error = NULL;
        random_slots(rand, slots, texts);
        shuffle(rand, slots);
        assert_ok(record_pack(slots, packed, &error), error);
        shuffle(rand, slots);
        assert_ok(record_pack(slots, again, &error), error);
        assert_string_equal(packed->str, again->str);
        assert_ok(record_unpack(packed->str, packed->len, back, &error), error);
        assert_int_equal(back->len, slots->len);
        for (guint i = 0; i < back->len; i++)
            assert_same(&g_array_index(back, RecordSlot, i), &g_array_index(slots, RecordSlot, i));
    }
    g_rand_free(rand);
}

/* Whatever is accepted is what packing would have written, but for nulls at the end. */
static void assert_canonical(const char *bytes, GArray *slots)
{
    g_autoptr(GString) packed = g_string_new(NULL);
    GError *error = NULL;
    assert_ok(record_pack(slots, packed, &error), error);
    g_string_truncate(packed, packed->len - 1);
    if (packed->len > 1 && !g_str_has_prefix(bytes, packed->str) && !strstr(bytes, "null"))
        fail_msg("%s read as %s", bytes, packed->str);
}

static void broken_records_are_survived(void **state)
{
    (void)state;
    GRand *rand = g_rand_new_with_seed(1632468071);
    for (int round = 0; round < 20000; round++) {
        g_autoptr(GArray) slots = slots_new();
        g_autoptr(GString) bytes =
            g_string_new("[\"A3\",6,null,[\"f\xc3\xb8r\",null,2],{\"6\":\"x\\u001f\"},\"\\\"\"]");
        for (int n = g_rand_int_range(rand, 0, 4); n > 0; n--)
            bytes->str[g_rand_int_range(rand, 0, (gint32)bytes->len)] =
                "[]{}\",:\\nul0167\xc3 x"[g_rand_int_range(rand, 0, 18)];
        if (g_rand_boolean(rand))
            g_string_truncate(bytes, (gsize)g_rand_int_range(rand, 0, (gint32)bytes->len + 1));
        g_autofree char *copy = g_strdup(bytes->str);
        if (record_unpack(bytes->str, strlen(bytes->str), slots, NULL))
            assert_canonical(copy, slots);
    }
    g_rand_free(rand);
}

static void long_texts_come_back(void **state)
{
    (void)state;
    for (gsize i = 0; i < G_N_ELEMENTS(scraps); i++) {
        g_autoptr(GArray) slots = slots_new(), back = slots_new();
        g_autoptr(GString) text = g_string_new(NULL), packed = g_string_new(NULL);
        GError *error = NULL;
        while (text->len < 1 << 20)
            g_string_append(text, scraps[i]);
        RecordSlot slot = {17, INSTANCE_NONE, MISSING_NONE, text->str};
        g_array_append_val(slots, slot);
        assert_ok(record_pack(slots, packed, &error), error);
        assert_ok(record_unpack(packed->str, packed->len, back, &error), error);
        assert_string_equal(g_array_index(back, RecordSlot, 0).text, text->str);
    }
}

int main(void)
{
    enum { PACKINGS = G_N_ELEMENTS(packings), REFUSALS = G_N_ELEMENTS(refusals) };
    const struct CMUnitTest others[] = {
        cmocka_unit_test(refuses_strangers),     cmocka_unit_test(refuses_a_nul_inside),
        cmocka_unit_test(any_answers_come_back), cmocka_unit_test(broken_records_are_survived),
        cmocka_unit_test(long_texts_come_back),
    };
    struct CMUnitTest tests[PACKINGS + REFUSALS + G_N_ELEMENTS(others)];
    for (gsize i = 0; i < PACKINGS; i++)
        tests[i] = (struct CMUnitTest){packings[i].name, packs_and_unpacks, NULL, NULL,
                                       (void *)&packings[i]};
    for (gsize i = 0; i < REFUSALS; i++)
        tests[PACKINGS + i] = (struct CMUnitTest){refusals[i].name, refuses_to_pack, NULL, NULL,
                                                  (void *)&refusals[i]};
    memcpy(tests + PACKINGS + REFUSALS, others, sizeof others);
    return cmocka_run_group_tests_name("store_record", tests, NULL, NULL);
}
