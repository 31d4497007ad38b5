#include "schemas/textfile.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

static int write_all(int fd, const char *text)
{
    for (size_t left = strlen(text); left;) {
        const ssize_t n = write(fd, text, left);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return n ? errno : EIO;
        text += n;
        left -= (size_t)n;
    }
    return 0;
}

int textfile_new(const char *path, const char *text, mode_t mode)
{
    const int fd = g_open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, (int)mode);
    if (fd < 0)
        return errno;
    int cause = write_all(fd, text);
    if (!cause && fsync(fd) != 0)
        cause = errno;
    if (close(fd) != 0 && !cause)
        cause = errno;
    if (cause)
        g_unlink(path);
    return cause;
}
