/* What the tests of project.yaml share: a folder of their own and four lines of a project. */
#ifndef INNSIKT_TESTS_SCHEMAS_PROJECT_TEXT_H
#define INNSIKT_TESTS_SCHEMAS_PROJECT_TEXT_H

#include "schemas/error.h"
#include "schemas/project.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include <glib/gstdio.h>

#include <cmocka.h>

static char *folder, *before;

static inline int enter_folder(void **state)
{
    (void)state;
    before = g_get_current_dir();
    folder = g_dir_make_tmp("innsikt-XXXXXX", NULL);
    g_setenv("INNSIKT_TEST_FORM", "284671", TRUE);
    g_setenv("INNSIKT_TEST_EMPTY", "", TRUE);
    g_setenv("INNSIKT_TEST_LATIN", "\xE5", TRUE);
    g_unsetenv("INNSIKT_TEST_UNSET");
    return folder && chdir(folder) == 0 ? 0 : -1;
}

static inline int leave_folder(void **state)
{
    (void)state;
    g_unlink("project.yaml");
    g_unlink("rammeverk.yaml");
    if (chdir(before) != 0)
        return -1;
    g_rmdir(folder);
    g_free(folder);
    g_free(before);
    return 0;
}

static inline Project *load_text(const char *text, GError **error)
{
    assert_true(g_file_set_contents("project.yaml", text, -1, NULL));
    return project_load(".", error);
}

static inline Project *load_sound(const char *text)
{
    g_autoptr(GError) error = NULL;
    Project *project = load_text(text, &error);
    if (!project)
        fail_msg("%s", error->message);
    return project;
}

/* Four lines: what follows begins in line 5. */
#define HEAD "innsikt: 1\ntitle: T\nframework: ehelse\nprivacy: {key: env:INNSIKT_TEST_UNSET}\n"
/* Eleven lines: questions begin in line 12, indented by six. */
#define SOURCE                                                                                     \
    HEAD "sources:\n  s:\n    kind: csv\n    path: s.csv\n    method: workshop\n    id: Nr\n    "  \
         "questions:\n"
#define ASK(question) SOURCE "      " question "\n"

#endif
