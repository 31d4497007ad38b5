/* results.json: every figure under its key, whose parts are its path. json-c prints doubles with 17
 * digits, enough to read back the same bits in any locale whose LC_NUMERIC is "C". */
#include "analyze/results_json.h"

#include "schemas/error.h"
#include "schemas/instant.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <math.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

json_object *figure_json(const Figure *figure)
{
    switch (figure->kind) {
    case FIGURE_NUMBER:
        return json_object_new_double(figure->number);
    case FIGURE_COUNT:
        return json_object_new_int64((int64_t)figure->number);
    case FIGURE_FLAG:
        return json_object_new_boolean(figure->number > 0);
    case FIGURE_TEXT:
        return json_object_new_string(figure->text);
    case FIGURE_UNDEFINED:
        return NULL;
    }
    g_return_val_if_reached(NULL);
}

static json_object *child_of(json_object *parent, const char *name)
{
    json_object *child = NULL;
    if (!json_object_object_get_ex(parent, name, &child)) {
        child = json_object_new_object();
        json_object_object_add(parent, name, child);
    }
    return child;
}

/* An undefined figure is null, with its reason beside it under «…-undefined». */
static void add_figure(json_object *root, const Figure *figure)
{
    g_auto(GStrv) path = g_strsplit(figure->key, "/", -1);
    json_object *at = root;
    char **part = path;
    for (; part[1]; part++)
        at = child_of(at, *part);
    json_object_object_add(at, *part, figure_json(figure));
    if (figure->kind == FIGURE_UNDEFINED) {
        g_autofree char *why = g_strconcat(*part, "-undefined", NULL);
        json_object_object_add(at, why, json_object_new_string(figure->text));
    }
}

static json_object *head_of(const Results *results)
{
    const Project *project = results->project;
    json_object *head = json_object_new_object();
    json_object_object_add(head, "format", json_object_new_int(1));
    json_object_object_add(head, "title", json_object_new_string(project->title));
    json_object_object_add(head, "language",
                           json_object_new_string(language_code(project->language)));
    json_object_object_add(head, "framework", json_object_new_string(project->framework->id));
    json_object_object_add(head, "seed", json_object_new_uint64(project->seed));
    g_autofree char *pulled = instant_iso(results->data->newest_pull);
    json_object_object_add(head, "pulled", pulled ? json_object_new_string(pulled) : NULL);
    json_object *thresholds = json_object_new_object();
#define THRESHOLD(field, key, standard, low, high, section)                                        \
    json_object_object_add(thresholds, key, json_object_new_double(project->thresholds.field));
#include "schemas/threshold.def"
#undef THRESHOLD
    json_object_object_add(head, "thresholds", thresholds);
    return head;
}

static bool write_whole(int fd, const char *text, size_t n)
{
    while (n) {
        ssize_t written = write(fd, text, n);
        if (written < 0 && errno == EINTR)
            continue;
        if (written <= 0)
            return false;
        text += written;
        n -= (size_t)written;
    }
    return true;
}

/* A pipe, a device or a link such as /dev/stdout is written to, never replaced. */
static bool write_through(const char *path, const char *text, GError **error)
{
    const int fd = g_open(path, O_WRONLY | O_TRUNC | O_CLOEXEC, 0);
    bool ok = fd >= 0 && write_whole(fd, text, strlen(text));
    int cause = errno;
    if (fd >= 0 && close(fd) != 0 && ok) {
        ok = false;
        cause = errno;
    }
    if (!ok)
        g_set_error(error, INNSIKT_ERROR, INNSIKT_ERROR_SYSTEM, "%s: cannot be written: %s", path,
                    g_strerror(cause));
    return ok;
}

/* Beside the target, then renamed: whoever reads it meets the old file or the new one. */
static bool replace_file(const char *path, const char *text, GError **error)
{
    struct stat there;
    if (lstat(path, &there) == 0 && !S_ISREG(there.st_mode))
        return write_through(path, text, error);
    g_autofree char *beside = g_strconcat(path, ".part", NULL);
    int fd = g_open(beside, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    bool ok = fd >= 0 && write_whole(fd, text, strlen(text)) && fsync(fd) == 0;
    int cause = errno;
    if (fd >= 0 && close(fd) != 0 && ok) {
        ok = false;
        cause = errno;
    }
    if (ok && g_rename(beside, path) != 0) {
        ok = false;
        cause = errno;
    }
    if (!ok) {
        g_unlink(beside);
        g_set_error(error, INNSIKT_ERROR, INNSIKT_ERROR_SYSTEM,
                    "%s: cannot be written: %s; what stood there is as it was", path,
                    g_strerror(cause));
    }
    return ok;
}

bool results_write_json(const Results *results, const char *path, GError **error)
{
    json_object *root = json_object_new_object();
    json_object_object_add(root, "innsikt", head_of(results));
    for (guint i = 0; i < results->figures->len; i++)
        add_figure(root, &g_array_index(results->figures, Figure, i));
    const char *text = json_object_to_json_string_ext(root, JSON_C_TO_STRING_PRETTY |
                                                                JSON_C_TO_STRING_NOSLASHESCAPE);
    g_autofree char *lines = g_strconcat(text, "\n", NULL);
    json_object_put(root);
    return replace_file(path, lines, error);
}
