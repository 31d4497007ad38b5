#include "schemas/secret.h"

#include "schemas/error.h"
#include "schemas/secret_command.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { SECRET_BYTES_MAX = 64 * 1024, ID_BYTES = 16 };

bool secret_is_reference(const char *text)
{
    return g_str_has_prefix(text, "env:") || g_str_has_prefix(text, "file:") ||
           g_str_has_prefix(text, "command:");
}

void secret_free(char *secret)
{
    if (!secret)
        return;
    explicit_bzero(secret, strlen(secret));
    g_free(secret);
}

static char *fail(GError **error, const char *reference, const char *why)
{
    g_set_error(error, INNSIKT_ERROR, INNSIKT_ERROR_USAGE, "secret %s: %s", reference, why);
    return NULL;
}

static char *read_environment(const char *reference, GError **error)
{
    const char *name = reference + strlen("env:");
    const char *value = *name ? g_getenv(name) : NULL;
    if (!value || !*value) {
        g_autofree char *why = g_strdup_printf("the environment variable is %s; set it first",
                                               value ? "empty" : "not set");
        return fail(error, reference, why);
    }
    return g_strdup(value);
}

/* Only its owner may read it: the mode is asked of the open file, so that it cannot be exchanged.
 */
static bool file_is_private(int fd, const char *reference, GError **error)
{
    struct stat info;
    if (fstat(fd, &info) != 0) {
        fail(error, reference, g_strerror(errno));
        return false;
    }
    if (!S_ISREG(info.st_mode)) {
        fail(error, reference, "is no ordinary file; name the file that holds the secret");
        return false;
    }
    if (info.st_mode & 077) {
        g_autofree char *why =
            g_strdup_printf("others can read the file (mode %03o); run: chmod 600 %s",
                            (unsigned)info.st_mode & 0777, reference + strlen("file:"));
        fail(error, reference, why);
        return false;
    }
    return true;
}

static bool read_whole(int fd, char *bytes, size_t room, size_t *ret)
{
    size_t n = 0;
    while (n < room) {
        const ssize_t got = read(fd, bytes + n, room - n);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return false;
        if (got == 0)
            break;
        n += (size_t)got;
    }
    *ret = n;
    return true;
}

/* The secret in `n` bytes of `room`, without one trailing line end. */
static char *trim_secret(char *bytes, size_t n, const char *reference, GError **error)
{
    if (n && bytes[n - 1] == '\n')
        n--;
    if (n && bytes[n - 1] == '\r')
        n--;
    bytes[n] = '\0';
    if (!n)
        return fail(error, reference, "the file is empty; write the secret into it");
    if (strlen(bytes) != n)
        return fail(error, reference, "the file holds a NUL byte; write the secret as text");
    return g_strdup(bytes);
}

static char *read_file(const char *reference, const char *folder, GError **error)
{
    const char *named = reference + strlen("file:");
    g_autofree char *path =
        g_path_is_absolute(named) ? g_strdup(named) : g_build_filename(folder, named, NULL);
    const int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0)
        return fail(error, reference, g_strerror(errno));
    char *secret = NULL;
    if (file_is_private(fd, reference, error)) {
        char *bytes = g_malloc0(SECRET_BYTES_MAX + 1);
        size_t n;
        if (!read_whole(fd, bytes, SECRET_BYTES_MAX, &n))
            fail(error, reference, g_strerror(errno));
        else if (n == SECRET_BYTES_MAX)
            fail(error, reference, "the file is longer than 64 KiB; is it the right one?");
        else
            secret = trim_secret(bytes, n, reference, error);
        explicit_bzero(bytes, SECRET_BYTES_MAX);
        g_free(bytes);
    }
    close(fd);
    return secret;
}

char *secret_read(const char *reference, const char *folder, GError **error)
{
    if (g_str_has_prefix(reference, "env:"))
        return read_environment(reference, error);
    if (g_str_has_prefix(reference, "file:"))
        return read_file(reference, folder, error);
    if (g_str_has_prefix(reference, "command:"))
        return secret_command_read(reference, folder, SECRET_COMMAND_MS, error);
    g_set_error(error, INNSIKT_ERROR, INNSIKT_ERROR_USAGE,
                "a secret stands in the open; keep it elsewhere and write env:NAME, file:PATH or "
                "command:PROGRAM");
    return NULL;
}

bool project_key_read(const char *reference, const char *folder, ProjectKey *ret, GError **error)
{
    char *secret = secret_read(reference, folder, error);
    if (!secret)
        return false;
    g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);
    gsize n = KEY_BYTES;
    g_checksum_update(sum, (const guchar *)secret, (gssize)strlen(secret));
    g_checksum_get_digest(sum, ret->bytes, &n);
    secret_free(secret);
    return true;
}

void project_key_wipe(ProjectKey *key)
{
    explicit_bzero(key->bytes, sizeof key->bytes);
}

static void hmac_part(GHmac *hmac, const char *part)
{
    const uint64_t n = GUINT64_TO_LE(strlen(part));
    g_hmac_update(hmac, (const guchar *)&n, sizeof n);
    g_hmac_update(hmac, (const guchar *)part, (gssize)strlen(part));
}

char *project_key_id(const ProjectKey *key, const char *purpose, ...)
{
    g_autoptr(GHmac) hmac = g_hmac_new(G_CHECKSUM_SHA256, key->bytes, KEY_BYTES);
    hmac_part(hmac, purpose);
    va_list args;
    va_start(args, purpose);
    for (const char *part; (part = va_arg(args, const char *));)
        hmac_part(hmac, part);
    va_end(args);

    char *id = g_strdup(g_hmac_get_string(hmac));
    id[2 * ID_BYTES] = '\0';
    return id;
}

char *project_key_mark(const ProjectKey *key)
{
    return project_key_id(key, "mark of the key", NULL);
}
