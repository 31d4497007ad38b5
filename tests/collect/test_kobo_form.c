#include "collect/kobo_form.h"

#include "collect/json_tree.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

static KoboForm *read_rows(const char *rows, GError **error)
{
    g_autofree char *text =
        g_strdup_printf("{\"uid\": \"aQ7\", \"content\": {\"survey\": [%s]}}", rows);
    json_object *asset = json_tree(text, strlen(text), NULL, NULL);
    KoboForm *form = kobo_form_read(asset, error);
    json_object_put(asset);
    return form;
}

/* Rows that no form system should send are passed over, and those beside them are read. */
static void test_rows_without_a_type(void **state)
{
    (void)state;
    static const char *const rows[] = {
        "{\"name\": \"tom\", \"type\": \"\"}",
        "{\"name\": \"tom\", \"type\": null}",
        "{\"name\": \"tom\"}",
        "{\"type\": \"text\"}",
        "{\"name\": \"\", \"type\": \"text\"}",
        "null",
        "[]",
    };
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autofree char *all =
            g_strconcat(rows[i], ", {\"name\": \"ulv\", \"type\": \"integer\"}", NULL);
        KoboForm *form = read_rows(all, NULL);
        assert_non_null(form);
        assert_null(form_find(form->form, "tom"));
        assert_int_equal(form_find(form->form, "ulv")->kind, FORM_NUMBER);
        kobo_form_free(form);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_rows_without_a_type)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
