#include "schemas/textfile.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <glib/gstdio.h>
#include <sys/stat.h>

static char *folder;

static int make_folder(void **state)
{
    (void)state;
    folder = g_dir_make_tmp("innsikt-textfile-XXXXXX", NULL);
    return folder ? 0 : -1;
}

static int drop_folder(void **state)
{
    (void)state;
    const int failed = g_rmdir(folder);
    g_free(folder);
    return failed;
}

static void assert_holds(const char *path, const char *text)
{
    g_autofree char *there = NULL;
    assert_true(g_file_get_contents(path, &there, NULL, NULL));
    assert_string_equal(there, text);
}

static void test_what_stands_there_stays(void **state)
{
    (void)state;
    g_autofree char *path = g_build_filename(folder, "ny.yaml", NULL);
    assert_int_equal(textfile_new(path, "tittel: Ørnereir 7\n", 0600), 0);
    assert_int_equal(textfile_new(path, "tittel: noe annet\n", 0600), EEXIST);
    assert_holds(path, "tittel: Ørnereir 7\n");
    assert_int_equal(g_unlink(path), 0);
}

static void test_the_umask_decides_who_reads(void **state)
{
    (void)state;
    struct stat status;
    g_autofree char *path = g_build_filename(folder, "lukket.yaml", NULL);
    const mode_t before = umask(077);
    const int failed = textfile_new(path, "", 0666);
    umask(before);
    assert_int_equal(failed, 0);
    assert_int_equal(stat(path, &status), 0);
    assert_int_equal(status.st_mode & 0777, 0600);
    assert_int_equal(status.st_size, 0);
    assert_int_equal(g_unlink(path), 0);
}

static void test_nothing_is_left_where_it_cannot_be(void **state)
{
    (void)state;
    g_autofree char *path = g_build_filename(folder, "borte", "ny.yaml", NULL);
    assert_int_equal(textfile_new(path, "x", 0600), ENOENT);
    assert_int_equal(textfile_new(folder, "x", 0600), EEXIST);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_stands_there_stays),
        cmocka_unit_test(test_the_umask_decides_who_reads),
        cmocka_unit_test(test_nothing_is_left_where_it_cannot_be),
    };
    return cmocka_run_group_tests(tests, make_folder, drop_folder);
}
