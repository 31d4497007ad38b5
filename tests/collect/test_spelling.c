/* Names that look like one organisation, and names that only seem to. */
#include "collect/spelling.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void spelling_free(gpointer data)
{
    g_free(((Spelling *)data)->name);
    g_free(data);
}

/* `names` parted by `|`, each with its times behind `*` (1 without), `!` before a listed one. */
static char *groups_of(const char *names)
{
    static const Organisation listed[2];
    size_t n_listed = 0;
    g_autoptr(GPtrArray) spellings = g_ptr_array_new_with_free_func(spelling_free);
    g_auto(GStrv) split = g_strsplit(names, "|", -1);
    for (char **name = split; *name; name++) {
        const bool is_listed = **name == '!';
        g_auto(GStrv) pair = g_strsplit(*name + is_listed, "*", 2);
        Spelling *spelling = g_new0(Spelling, 1);
        spelling->name = g_strdup(pair[0]);
        spelling->times = pair[1] ? g_ascii_strtoll(pair[1], NULL, 10) : 1;
        spelling->listed = is_listed ? &listed[n_listed++] : NULL;
        g_ptr_array_add(spellings, spelling);
    }
    g_autoptr(GPtrArray) groups = spellings_alike(spellings);
    GString *told = g_string_new(NULL);
    for (guint i = 0; i < groups->len; i++) {
        const GPtrArray *group = g_ptr_array_index(groups, i);
        for (guint k = 0; k < group->len; k++)
            g_string_append_printf(told, "%s%s",
                                   k           ? " = "
                                   : told->len ? "; "
                                               : "",
                                   ((Spelling *)group->pdata[k])->name);
    }
    return g_string_free(told, FALSE);
}

static const struct {
    const char *names, *due;
} cases[] = {
    {"Oslo kommune*4|oslo komm.|Oslo kommmune|Oslo komm|Kommune Oslo",
     "Oslo kommune = Oslo kommmune = Kommune Oslo = oslo komm. = Oslo komm"},
    {"Helse Nord HF*2|Helse Nord|Helse Vest|Helse Øst", "Helse Nord HF = Helse Nord"},
    {"Oslo|Oslo kommune|Bergen kommune|Asker kommune|Bergen*9",
     "Bergen = Bergen kommune; Oslo kommune = Oslo"},
    {"Nordreisa|Nord-Reisa", "Nord-Reisa = Nordreisa"},
    {"St. Olavs hospital|St Olavs Hospital HF|Sankt Olavs hospital",
     "St Olavs Hospital HF = St. Olavs hospital"},
    {"Folkehelseinstituttet*3|Folkehelseinstituttett|Folkehelsa", "Folkehelseinstituttet = "
                                                                  "Folkehelseinstituttett"},
    {"!Direktoratet for e-helse|Direktoratet for ehelse*7",
     "Direktoratet for e-helse = Direktoratet for ehelse"},
    /* what must not be joined */
    {"Nes kommune|Nesna kommune|Hol kommune|Hole kommune|Os kommune|Ås kommune", ""},
    {"Avdeling 1|Avdeling 2|Avdeling 12", ""},
    {"Helse Nord|Helse Vest|Helse Sør-Øst|Helse Midt", ""},
    {"!Marker kommune|!Markers kommune", ""},
    {"NAV|NHO|KS|SSB", ""},
    {"…|—|?", ""},
};

static void names_are_grouped(void **state)
{
    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *got = groups_of(cases[i].names);
        if (!g_str_equal(got, cases[i].due))
            fail_msg("«%s»: «%s», expected «%s»", cases[i].names, got, cases[i].due);
    }
}

/* Beyond the limit of all pairs, neighbours in the alphabet are still compared. */
static void many_names_are_grouped_in_time(void **state)
{
    (void)state;
    g_autoptr(GString) names = g_string_new("Aakvik sparebank|Aakvik sparebnak");
    for (unsigned i = 0; i < 4000; i++) {
        const unsigned r = i * 2654435761u;
        g_string_append_printf(names, "|%c%c%c%c%c%c%c%c lag", 'b' + r % 25, 'a' + r / 25 % 25,
                               'a' + r / 625 % 25, 'a' + r / 15625 % 25, 'a' + r / 390625 % 25,
                               'a' + r / 9765625 % 25, 'a' + i % 25, 'a' + i / 25 % 25);
    }
    const gint64 began = g_get_monotonic_time();
    g_autofree char *got = groups_of(names->str);
    assert_true(g_get_monotonic_time() - began < 2 * G_USEC_PER_SEC);
    assert_true(g_str_has_prefix(got, "Aakvik sparebank = Aakvik sparebnak"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_are_grouped),
        cmocka_unit_test(many_names_are_grouped_in_time),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
