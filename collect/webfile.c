#define _GNU_SOURCE /* memfd_create */
#include "collect/webfile.h"

#include "collect/login.h"
#include "schemas/secret.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum { HEAD_BYTES = 4096 };

typedef struct {
    int fd;
    const char *what;
    char head[HEAD_BYTES + 1]; /* of the body, to tell a page from a file */
    size_t n_head;
} Download;

void webfile_clear(WebFile *file)
{
    if (file->fd >= 0)
        close(file->fd);
    g_free(file->path);
    g_free(file->cursor);
    *file = (WebFile){.fd = -1};
}

/* --- the body --- */

static bool on_bytes(const char *bytes, size_t n, gpointer data, GError **error)
{
    Download *download = data;
    size_t room = MIN(n, HEAD_BYTES - download->n_head);
    memcpy(download->head + download->n_head, bytes, room);
    download->n_head += room;
    while (n > 0) {
        ssize_t written = write(download->fd, bytes, n);
        if (written < 0 && errno == EINTR)
            continue;
        if (written <= 0) {
            g_set_error(error, INNSIKT_ERROR, INNSIKT_ERROR_SYSTEM, "%s: no room in memory: %s",
                        download->what, g_strerror(errno));
            return false;
        }
        bytes += written;
        n -= (size_t)written;
    }
    return true;
}

static void on_restart(gpointer data)
{
    Download *download = data;
    download->n_head = 0;
    if (ftruncate(download->fd, 0) != 0 || lseek(download->fd, 0, SEEK_SET) != 0)
        g_error("memory cannot be emptied: %s", g_strerror(errno));
}

/* --- what to ask, and what to ask next time --- */

/* The address itself may hold a key of access, and the cursor is stored. */
static char *address_digest(const Source *source)
{
    return g_compute_checksum_for_string(G_CHECKSUM_SHA256, source->path, -1);
}

static char *cursor_write(const Source *source, const HttpReply *reply)
{
    if (!*reply->etag && !*reply->last_modified)
        return g_strdup("");
    g_autofree char *digest = address_digest(source);
    return g_strjoin("\n", digest, reply->etag, reply->last_modified, NULL);
}

/* The header that asks for the file only if it has changed; NULL: ask for it anyway. */
static char *condition(const CollectContext *context)
{
    if (!context->cursor || !context->finished || context->everything)
        return NULL;
    g_auto(GStrv) parts = g_strsplit(context->cursor, "\n", 3);
    g_autofree char *digest = address_digest(context->source);
    if (g_strv_length(parts) != 3 || !g_str_equal(parts[0], digest))
        return NULL;
    return *parts[1] ? g_strconcat("If-None-Match: ", parts[1], NULL)
                     : g_strconcat("If-Modified-Since: ", parts[2], NULL);
}

/* "" without user and password; NULL with an error. Freed with secret_free. */
static char *authorization(const CollectContext *context, GError **error)
{
    const Source *source = context->source;
    return source->user_ref || source->password_ref
               ? login_basic(source, context->project->folder, error)
               : g_strdup("");
}

/* --- a page in place of a file --- */

static bool is_no_page(const Source *source, const Download *download, const HttpReply *reply,
                       GError **error)
{
    if (g_ascii_strncasecmp(reply->content_type, "text/html", 9) != 0 &&
        !transport_is_page(download->head))
        return true;
    g_autofree char *place = source_place(source);
    g_autofree char *words = transport_excerpt(download->head);
    g_set_error(error, INNSIKT_ERROR, INNSIKT_ERROR_PROTOCOL,
                "%s is answered with a web page in place of the file, perhaps one to log in by "
                "(«%s»); name an address that gives the file itself, with `user:` and `password:` "
                "if it asks for them, or download it and name the file",
                place, words);
    return false;
}

/* --- fetching --- */

static bool send(const CollectContext *context, const char *const *headers, Download *download,
                 HttpReply *reply, GError **error)
{
    g_autofree char *refusal = NULL;
    const HttpRequest request = {.method = "GET",
                                 .url = context->source->path,
                                 .headers = headers,
                                 .repeatable = true,
                                 .what = download->what};
    Transport *transport = context->transport;
    if (!transport->send(transport, &request, on_bytes, on_restart, download, reply, &refusal,
                         error))
        return false;
    download->head[download->n_head] = '\0';
    if (reply->status == 304 && headers[1])
        return true;
    if (reply->status == 200)
        return is_no_page(context->source, download, reply, error);
    transport_refused(&request, reply, refusal, error);
    return false;
}

static bool fetch(const CollectContext *context, WebFile *file, GError **error)
{
    Download download = {.fd = file->fd, .what = "the file"};
    HttpReply reply = {0};
    g_autofree char *if_changed = condition(context);
    char *login = authorization(context, error);
    if (!login)
        return false;
    /* The condition stands second, so that `send` sees whether there is one. */
    const char *const headers[] = {*login ? login : "Accept: */*", if_changed, NULL};
    bool ok = send(context, headers, &download, &reply, error);
    secret_free(login);
    if (!ok)
        return false;
    file->unchanged = reply.status == 304;
    file->cursor =
        file->unchanged ? g_strdup(context->cursor) : cursor_write(context->source, &reply);
    return true;
}

bool webfile_fetch(const CollectContext *context, WebFile *ret, GError **error)
{
    g_auto(WebFile) file = {.fd = memfd_create("innsikt", MFD_CLOEXEC)};
    if (file.fd < 0) {
        g_set_error(error, INNSIKT_ERROR, INNSIKT_ERROR_SYSTEM, "no memory for a file: %s",
                    g_strerror(errno));
        return false;
    }
    if (!fetch(context, &file, error))
        return false;
    file.path = g_strdup_printf("/proc/self/fd/%d", file.fd);
    *ret = file;
    file = (WebFile){.fd = -1};
    return true;
}
