#include "schemas/secret_command.h"

#include "schemas/error.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { OUT_BYTES = 64 * 1024, SLICE_MS = 20 };

/* What a child prints; only the secret's own place is ever copied from. */
typedef struct {
    char *bytes; /* of `room` + 1, zeroed, so that it always ends in a NUL */
    size_t n, room;
    int fd;    /* -1: closed */
    bool over; /* it printed more than there is room for */
} Said;

typedef struct {
    char **argv;
    GPid pid;
    Said out;
    int status; /* as waitpid gives it */
} Child;

static bool fail(GError **error, const Child *child, const char *format, ...) G_GNUC_PRINTF(3, 4);

static bool fail(GError **error, const Child *child, const char *format, ...)
{
    va_list values;
    va_start(values, format);
    g_autofree char *why = g_strdup_vprintf(format, values);
    va_end(values);
    g_set_error(error, INNSIKT_ERROR, INNSIKT_ERROR_USAGE, "secret command:%s: %s",
                child->argv ? child->argv[0] : "", why);
    return false;
}

static void said_init(Said *said, size_t room)
{
    *said = (Said){.bytes = g_malloc0(room + 1), .room = room, .fd = -1};
}

static void said_clear(Said *said)
{
    explicit_bzero(said->bytes, said->room);
    g_free(said->bytes);
    if (said->fd >= 0)
        close(said->fd);
}

/* Takes what is there now. */
static void said_take(Said *said)
{
    char rest[512];
    while (said->fd >= 0) {
        size_t room = said->room - said->n;
        ssize_t got =
            read(said->fd, room ? said->bytes + said->n : rest, room ? room : sizeof rest);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0 && errno == EAGAIN)
            return;
        if (got <= 0) {
            close(said->fd);
            said->fd = -1;
        } else if (room) {
            said->n += (size_t)got;
        } else {
            said->over = true;
            explicit_bzero(rest, sizeof rest);
        }
    }
}

/* --- running --- */

static bool child_start(Child *child, const char *reference, const char *folder, GError **error)
{
    g_autoptr(GError) cause = NULL;
    if (!g_shell_parse_argv(reference + strlen("command:"), NULL, &child->argv, NULL))
        return fail(error, child,
                    "there is no program, or a quote is not closed; write command:PROGRAM "
                    "ARGUMENT …");
    if (!g_spawn_async_with_pipes(folder, child->argv, NULL,
                                  G_SPAWN_SEARCH_PATH | G_SPAWN_DO_NOT_REAP_CHILD |
                                      G_SPAWN_STDERR_TO_DEV_NULL,
                                  NULL, NULL, &child->pid, NULL, &child->out.fd, NULL, &cause))
        return fail(error, child, "the program cannot be started; check its name and its rights");
    fcntl(child->out.fd, F_SETFL, O_NONBLOCK);
    return true;
}

/* Until it ends: what it leaves running may hold the pipes open for ever. Where SIGCHLD is ignored
 * its status is nobody's to know. */
static bool child_wait(Child *child, int ms)
{
    const int64_t until = g_get_monotonic_time() + (int64_t)ms * 1000;
    for (;;) {
        struct pollfd out = {.fd = child->out.fd, .events = POLLIN};
        poll(&out, 1, SLICE_MS);
        said_take(&child->out);
        const pid_t ended = waitpid(child->pid, &child->status, WNOHANG);
        if (ended == child->pid || (ended < 0 && errno == ECHILD)) {
            said_take(&child->out);
            return true;
        }
        if (g_get_monotonic_time() >= until) {
            kill(child->pid, SIGKILL);
            waitpid(child->pid, &child->status, 0);
            return false;
        }
    }
}

/* --- what came of it --- */

/* What it said on its standard error is not shown: it may be the secret. */
static bool child_judge(const Child *child, GError **error)
{
    if (WIFSIGNALED(child->status))
        return fail(error, child, "it was ended by signal %d; run it by hand to see why",
                    WTERMSIG(child->status));
    if (WEXITSTATUS(child->status) != 0)
        return fail(error, child, "it failed with status %d; run it by hand to see why",
                    WEXITSTATUS(child->status));
    if (child->out.over)
        return fail(error, child, "it printed more than 64 KiB; is it the right one?");
    if (strlen(child->out.bytes) != child->out.n)
        return fail(error, child, "it printed a NUL byte; a secret is text");
    if (strcspn(child->out.bytes, "\r\n") == 0)
        return fail(error, child, "the first line it printed is empty; the secret goes there");
    return true;
}

char *secret_command_read(const char *reference, const char *folder, int ms, GError **error)
{
    Child child = {0};
    char *secret = NULL;
    said_init(&child.out, OUT_BYTES);
    if (child_start(&child, reference, folder, error)) {
        if (!child_wait(&child, ms))
            fail(error, &child, "it was not done after %d seconds, and was ended", ms / 1000);
        else if (child_judge(&child, error))
            secret = g_strndup(child.out.bytes, strcspn(child.out.bytes, "\r\n"));
        g_spawn_close_pid(child.pid);
    }
    said_clear(&child.out);
    g_strfreev(child.argv);
    return secret;
}
