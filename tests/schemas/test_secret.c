/* Secrets are read from where only their owner can, never shown, and keys tell all parts apart. */
#include "schemas/error.h"
#include "schemas/secret.h"
#include "schemas/secret_command.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <glib/gstdio.h>

#include <cmocka.h>

static char *folder;

static int make_folder(void **state)
{
    (void)state;
    folder = g_dir_make_tmp("innsikt-XXXXXX", NULL);
    g_setenv("INNSIKT_TEST_SECRET", "kråke-91\n", TRUE);
    g_setenv("INNSIKT_TEST_EMPTY", "", TRUE);
    g_unsetenv("INNSIKT_TEST_UNSET");
    return folder ? 0 : -1;
}

static int drop_folder(void **state)
{
    (void)state;
    g_autofree char *path = g_build_filename(folder, "k", NULL);
    g_unlink(path);
    g_rmdir(folder);
    g_free(folder);
    return 0;
}

static void write_secret(const char *bytes, gssize n, int mode)
{
    g_autofree char *path = g_build_filename(folder, "k", NULL);
    assert_true(g_file_set_contents(path, bytes, n, NULL));
    assert_int_equal(chmod(path, (mode_t)mode), 0);
}

static void reads_environment(void **state)
{
    (void)state;
    char *secret = secret_read("env:INNSIKT_TEST_SECRET", ".", NULL);
    assert_string_equal(secret, "kråke-91\n");
    secret_free(secret);
    secret_free(NULL);
}

static void reads_file_without_its_last_line_end(void **state)
{
    (void)state;
    static const struct {
        const char *in, *want;
    } files[] = {{"a b", "a b"},
                 {"a b\n", "a b"},
                 {"a b\r\n", "a b"},
                 {"a b\n\n", "a b\n"},
                 {" a\nb ", " a\nb "}};
    for (size_t i = 0; i < G_N_ELEMENTS(files); i++) {
        write_secret(files[i].in, -1, 0600);
        char *secret = secret_read("file:k", folder, NULL);
        assert_string_equal(secret, files[i].want);
        secret_free(secret);
    }
    write_secret("x", 1, 0400);
    g_autofree char *absolute = g_strdup_printf("file:%s/k", folder);
    char *secret = secret_read(absolute, "/nowhere", NULL);
    assert_string_equal(secret, "x");
    secret_free(secret);
}

typedef struct {
    const char *name, *reference, *bytes;
    gssize n;
    int mode;
    const char *message;
} Refusal;

static const Refusal refusals[] = {
    {"unset", "env:INNSIKT_TEST_UNSET", NULL, 0, 0,
     "secret env:INNSIKT_TEST_UNSET: the environment variable is not set; set it first"},
    {"empty", "env:INNSIKT_TEST_EMPTY", NULL, 0, 0,
     "secret env:INNSIKT_TEST_EMPTY: the environment variable is empty; set it first"},
    {"no name", "env:", NULL, 0, 0,
     "secret env:: the environment variable is not set; set it first"},
    {"in the open", "hunter2", NULL, 0, 0,
     "a secret stands in the open; keep it elsewhere and write env:NAME, file:PATH or "
     "command:PROGRAM"},
    {"no file", "file:borte", NULL, 0, 0, "secret file:borte: No such file or directory"},
    {"group can read", "file:k", "hunter2", -1, 0640,
     "secret file:k: others can read the file (mode 640); run: chmod 600 k"},
    {"others can read", "file:k", "hunter2", -1, 0604,
     "secret file:k: others can read the file (mode 604); run: chmod 600 k"},
    {"others can write", "file:k", "hunter2", -1, 0602,
     "secret file:k: others can read the file (mode 602); run: chmod 600 k"},
    {"empty file", "file:k", "", 0, 0600,
     "secret file:k: the file is empty; write the secret into it"},
    {"line end only", "file:k", "\r\n", 2, 0600,
     "secret file:k: the file is empty; write the secret into it"},
    {"NUL", "file:k", "hun\0ter2", 8, 0600,
     "secret file:k: the file holds a NUL byte; write the secret as text"},
    {"a folder", "file:.", NULL, 0, 0,
     "secret file:.: is no ordinary file; name the file that holds the secret"},
};

static void refuses(void **state)
{
    const Refusal *c = *state;
    g_autoptr(GError) error = NULL;
    if (c->bytes)
        write_secret(c->bytes, c->n, c->mode);
    assert_null(secret_read(c->reference, folder, &error));
    assert_true(g_error_matches(error, INNSIKT_ERROR, INNSIKT_ERROR_USAGE));
    assert_string_equal(error->message, c->message);
    assert_null(strstr(error->message, "hunter2"));
}

/* What a program prints: its first line, and nothing of it in a message when it fails. */
static const struct {
    const char *reference, *secret, *message;
} commands[] = {
    {"command:printf 'kråke-91\\nnot this'", "kråke-91", NULL},
    {"command:printf ' a b \\r\\n'", " a b ", NULL},
    {"command:echo $INNSIKT_TEST_SECRET; `id`", "$INNSIKT_TEST_SECRET; `id`", NULL},
    {"command:cat k", "hunter2", NULL},
    {"command:", NULL,
     "secret command:: there is no program, or a quote is not closed; write "
     "command:PROGRAM ARGUMENT …"},
    {"command:echo 'hunter2", NULL,
     "secret command:: there is no program, or a quote is not "
     "closed; write command:PROGRAM ARGUMENT …"},
    {"command:innsikt-no-such hunter2", NULL,
     "secret command:innsikt-no-such: the program cannot "
     "be started; check its name and its rights"},
    {"command:true", NULL,
     "secret command:true: the first line it printed is empty; the secret "
     "goes there"},
    {"command:printf '\\nhunter2'", NULL,
     "secret command:printf: the first line it printed is "
     "empty; the secret goes there"},
    {"command:printf 'hunter2\\0'", NULL,
     "secret command:printf: it printed a NUL byte; a secret "
     "is text"},
    {"command:sh -c 'echo hunter2; echo not hunter2 but locked >&2; exit 3'", NULL,
     "secret command:sh: it failed with status 3; run it by hand to see why"},
    {"command:false", NULL,
     "secret command:false: it failed with status 1; run it by hand to see why"},
    {"command:head -c 70000 /dev/zero", NULL,
     "secret command:head: it printed more than 64 KiB; "
     "is it the right one?"},
    {"command:sh -c 'kill -9 $$'", NULL,
     "secret command:sh: it was ended by signal 9; run it by hand to see why"},
    {"command:cat", NULL,
     "secret command:cat: the first line it printed is empty; the secret goes "
     "there"},
};

static void reads_what_a_program_prints(void **state)
{
    (void)state;
    write_secret("hunter2", -1, 0600);
    for (size_t i = 0; i < G_N_ELEMENTS(commands); i++) {
        g_autoptr(GError) error = NULL;
        char *secret = secret_read(commands[i].reference, folder, &error);
        if (commands[i].secret) {
            assert_null(error);
            assert_string_equal(secret, commands[i].secret);
        } else {
            assert_null(secret);
            assert_string_equal(error->message, commands[i].message);
            assert_int_equal(error->code, INNSIKT_ERROR_USAGE);
        }
        secret_free(secret);
    }
}

/* Also when what it started holds on to the line. */
static void a_program_has_its_time(void **state)
{
    (void)state;
    g_autoptr(GError) error = NULL;
    assert_null(secret_command_read("command:sleep 100", folder, 50, &error));
    assert_string_equal(error->message,
                        "secret command:sleep: it was not done after 0 seconds, and was ended");
    char *secret = secret_command_read("command:sh -c 'sleep 60 & echo $!'", folder, 1500, NULL);
    assert_non_null(secret);
    const pid_t started = (pid_t)g_ascii_strtoll(secret, NULL, 10);
    secret_free(secret);
    assert_true(started > 1);
    assert_int_equal(kill(started, SIGKILL), 0); /* it is still there, and was not waited for */
}

static void a_long_file_is_no_secret(void **state)
{
    (void)state;
    g_autofree char *bytes = g_malloc(70000);
    memset(bytes, 'x', 70000);
    write_secret(bytes, 70000, 0600);
    g_autoptr(GError) error = NULL;
    assert_null(secret_read("file:k", folder, &error));
    assert_string_equal(error->message,
                        "secret file:k: the file is longer than 64 KiB; is it the right one?");
}

/* SHA-256 of «kråke-91\n», and HMACs under it, as Python's hashlib and hmac compute them. */
static void derives_key_and_ids(void **state)
{
    (void)state;
    static const unsigned char want[4] = {0x6d, 0xc6, 0x1c, 0x12};
    ProjectKey key;
    assert_true(project_key_read("env:INNSIKT_TEST_SECRET", ".", &key, NULL));
    assert_memory_equal(key.bytes, want, sizeof want);
    g_autofree char *id = project_key_id(&key, "person", "ola@example.org", NULL);
    assert_string_equal(id, "0109cc854b013d77bb6b95c64c2f4b80");
    g_autofree char *none = project_key_id(&key, "person", NULL);
    assert_string_equal(none, "f53053c1ef8d5eaba0d007dfe2a76ccb");
    project_key_wipe(&key);
    for (size_t i = 0; i < KEY_BYTES; i++)
        assert_int_equal(key.bytes[i], 0);
}

static void tells_all_parts_apart(void **state)
{
    (void)state;
    ProjectKey key;
    assert_true(project_key_read("env:INNSIKT_TEST_SECRET", ".", &key, NULL));
    g_autoptr(GHashTable) ids = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_hash_table_add(ids, project_key_id(&key, "a", "b", "c", NULL));
    g_hash_table_add(ids, project_key_id(&key, "a", "bc", NULL));
    g_hash_table_add(ids, project_key_id(&key, "ab", "c", NULL));
    g_hash_table_add(ids, project_key_id(&key, "a", "b", "c", "", NULL));
    g_hash_table_add(ids, project_key_id(&key, "a", "", "b", "c", NULL));
    g_hash_table_add(ids, project_key_id(&key, "b", "a", "c", NULL));
    key.bytes[31] ^= 1;
    g_hash_table_add(ids, project_key_id(&key, "a", "b", "c", NULL));
    assert_int_equal(g_hash_table_size(ids), 7);
}

static void a_key_that_cannot_be_read_leaves_the_output(void **state)
{
    (void)state;
    ProjectKey key;
    memset(&key, 0x5a, sizeof key);
    assert_false(project_key_read("env:INNSIKT_TEST_UNSET", ".", &key, NULL));
    for (size_t i = 0; i < KEY_BYTES; i++)
        assert_int_equal(key.bytes[i], 0x5a);
    assert_true(secret_is_reference("env:X") && secret_is_reference("file:x"));
    assert_false(secret_is_reference("ENV:X") || secret_is_reference(" env:X") ||
                 secret_is_reference("x"));
}

enum { N = G_N_ELEMENTS(refusals) };

int main(void)
{
    struct CMUnitTest tests[N];
    for (size_t i = 0; i < N; i++)
        tests[i] = (struct CMUnitTest){refusals[i].name, refuses, NULL, NULL, (void *)&refusals[i]};
    const struct CMUnitTest others[] = {
        cmocka_unit_test(reads_environment),
        cmocka_unit_test(reads_file_without_its_last_line_end),
        cmocka_unit_test(reads_what_a_program_prints),
        cmocka_unit_test(a_program_has_its_time),
        cmocka_unit_test(a_long_file_is_no_secret),
        cmocka_unit_test(derives_key_and_ids),
        cmocka_unit_test(tells_all_parts_apart),
        cmocka_unit_test(a_key_that_cannot_be_read_leaves_the_output),
    };
    return cmocka_run_group_tests_name("secret: refusals", tests, make_folder, drop_folder) +
           cmocka_run_group_tests_name("secret", others, make_folder, drop_folder);
}
