/* Which questions a pattern covers, and what its star stands for. */
#include "schemas/project.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

typedef struct {
    const char *pattern, *question;
    bool covers;
    const char *item; /* of `maal-*` under the pattern; NULL: not asked */
} Case;

static const Case cases[] = {
    {"STYRKER", "STYRKER", true, "maal-*"},
    {"STYRKER", "STYRKER2", false, NULL},
    {"STYRKER", "STYRKE", false, NULL},
    {"VALG[SQ001]", "VALG[SQ001]", true, "maal-*"},
    {"VALG[SQ001]", "VALG[SQ002]", false, NULL},
    {"VALG[*]", "VALG[SQ001]", true, "maal-SQ001"},
    {"VALG[*]", "VALG[1.2]", true, "maal-1.2"},
    {"VALG[*]", "VALG", false, NULL},
    {"VALG[*]", "VALG[]", false, NULL},
    {"VALG[*]", "VALG[SQ001", false, NULL},
    {"VALG[*]", "VALG2[SQ001]", false, NULL},
    {"VALG[*]", "IVALG[SQ001]", false, NULL},
    {"VALG[*]", "VALG[SQ001][1]", false, NULL},
    {"VALG[*]", "VALG[other]", false, NULL},
    {"VALG[*]", "VALG[comment]", false, NULL},
    {"VALG[*]", "VALG[SQ001comment]", false, NULL},
    {"VALG[*]", "VALG[othercomment]", false, NULL},
    {"VALG[*]", "VALG[another]", true, "maal-another"},
    {"VALG[other]", "VALG[other]", true, NULL},
    {"VALG[*][1]", "VALG[SQ001][1]", true, "maal-SQ001"},
    {"VALG[*][1]", "VALG[SQ001][2]", false, NULL},
    {"VALG[*][1]", "VALG[SQ001]", false, NULL},
    {"utsagn/*", "utsagn/polaritet", true, "maal-polaritet"},
    {"utsagn/*", "utsagn/sted/by", true, "maal-sted/by"},
    {"utsagn/*", "utsagn/", false, NULL},
    {"utsagn/*", "utsagn", false, NULL},
    {"utsagn/*", "utsagn2/felt", false, NULL},
    {"utsagn/felt", "utsagn/felt", true, NULL},
    {"", "", true, NULL},
    {"", "A", false, NULL},
    {"/*", "/a", true, NULL},
    {"[*]", "[a]", true, "maal-a"},
};

static void covers(void **state)
{
    const Case *c = *state;
    RoleValue item = {.key = "item", .literal = (char *)"maal-*"};
    const Mapping mapping = {
        .question = (char *)c->pattern, .role = ROLE_RATING, .values = &item, .n_values = 1};
    assert_int_equal(mapping_covers(&mapping, c->question), c->covers);
    g_autofree char *got = mapping_item(&mapping, c->question);
    if (c->item)
        assert_string_equal(got, c->item);
}

static void an_item_without_star_is_the_same_for_all_rows(void **state)
{
    (void)state;
    RoleValue item = {.key = "item", .literal = (char *)"plan-used"};
    Mapping mapping = {.question = (char *)"A[*]", .values = &item, .n_values = 1};
    g_autofree char *got = mapping_item(&mapping, "A[SQ2]");
    assert_string_equal(got, "plan-used");
    item = (RoleValue){.key = "item", .from = (char *)"B"};
    assert_null(mapping_item(&mapping, "A[SQ2]"));
    mapping.n_values = 0;
    assert_null(mapping_item(&mapping, "A[SQ2]"));
    assert_null(mapping_value(&mapping, "item"));
}

/* The first that covers wins, so that one row may be taken out of a wildcard. */
static void the_first_that_covers_wins(void **state)
{
    (void)state;
    Mapping one = {.question = (char *)"A[SQ3]", .role = ROLE_IGNORE};
    Mapping rest = {.question = (char *)"A[*]", .role = ROLE_COMMENT};
    g_autoptr(GPtrArray) mappings = g_ptr_array_new();
    g_ptr_array_add(mappings, &one);
    g_ptr_array_add(mappings, &rest);
    const Source source = {.mappings = mappings};
    assert_ptr_equal(source_mapping(&source, "A[SQ3]"), &one);
    assert_ptr_equal(source_mapping(&source, "A[SQ4]"), &rest);
    assert_false(source_wants(&source, "A[SQ3]"));
    assert_true(source_wants(&source, "A[SQ4]"));
    assert_false(source_wants(&source, "A"));
}

static void joined_codes_are_renamed_one_by_one(void **state)
{
    (void)state;
    g_autoptr(GHashTable) recode = g_hash_table_new(g_str_hash, g_str_equal);
    g_hash_table_insert(recode, (gpointer) "A1", (gpointer) "Solvik kommune");
    const struct {
        const char *codes, *due;
    } joined[] = {{"A1", "Solvik kommune"},
                  {" A1 ; Havgap;", "Solvik kommune;Havgap"},
                  {";;A1;;A1", "Solvik kommune;Solvik kommune"},
                  {" ; ", ""}};
    for (size_t i = 0; i < G_N_ELEMENTS(joined); i++) {
        g_autofree char *each = recode_apply_each(recode, joined[i].codes);
        assert_string_equal(each, joined[i].due);
    }
    g_autofree char *kept = recode_apply_each(NULL, "A1;B");
    assert_string_equal(kept, "A1;B");
}

enum { N = G_N_ELEMENTS(cases) };

int main(void)
{
    struct CMUnitTest tests[N];
    char *names[N];
    for (size_t i = 0; i < N; i++) {
        names[i] = g_strdup_printf("%s and %s", cases[i].pattern, cases[i].question);
        tests[i] = (struct CMUnitTest){names[i], covers, NULL, NULL, (void *)&cases[i]};
    }
    const struct CMUnitTest others[] = {
        cmocka_unit_test(an_item_without_star_is_the_same_for_all_rows),
        cmocka_unit_test(the_first_that_covers_wins),
        cmocka_unit_test(joined_codes_are_renamed_one_by_one),
    };
    const int failed = cmocka_run_group_tests_name("mapping: patterns", tests, NULL, NULL) +
                       cmocka_run_group_tests_name("mapping", others, NULL, NULL);
    for (size_t i = 0; i < N; i++)
        g_free(names[i]);
    return failed;
}
