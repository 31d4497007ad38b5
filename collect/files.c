#include "collect/files.h"

#include "collect/webfile.h"
#include "schemas/error.h"
#include "schemas/nfc.h"

#include <errno.h>
#include <glob.h>
#include <string.h>
#include <unistd.h>

static void file_free(gpointer data)
{
    SourceFile *file = data;
    if (file->fd >= 0)
        close(file->fd);
    g_free(file->path);
    g_free(file->name);
    g_free(file);
}

static gint by_name(gconstpointer left, gconstpointer right)
{
    const SourceFile *a = *(SourceFile *const *)left, *b = *(SourceFile *const *)right;
    return strcmp(a->name, b->name);
}

static void file_add(GPtrArray *files, const char *folder, const char *path)
{
    g_autofree char *inside = g_build_filename(folder, "/", NULL);
    SourceFile *file = g_new0(SourceFile, 1);
    file->fd = -1;
    file->path = g_canonicalize_filename(path, folder);
    bool below = g_str_has_prefix(file->path, inside);
    file->name = nfc_text(file->path + (below ? strlen(inside) : 0));
    g_ptr_array_add(files, file);
}

/* Excel's `~$x.csv` and LibreOffice's `.~lock.x.csv#` lie beside a file that is open. */
static bool is_passed_over(const char *name)
{
    return *name == '.' || g_str_has_prefix(name, "~$");
}

/* Whether a name ends in one of these, parted by blanks. */
static bool has_suffix(const char *name, const char *suffixes)
{
    g_auto(GStrv) each = g_strsplit(suffixes, " ", -1);
    const size_t n = strlen(name);
    for (char **suffix = each; *suffix; suffix++) {
        const size_t tail = strlen(*suffix);
        if (n > tail && !g_ascii_strcasecmp(name + n - tail, *suffix))
            return true;
    }
    return false;
}

static gint by_text(gconstpointer left, gconstpointer right)
{
    return strcmp(*(const char *const *)left, *(const char *const *)right);
}

/* A workshop that was saved in another format must not be left out in silence. */
static bool folder_list(SourceFiles *files, const char *folder, const char *path,
                        const char *suffixes, GError **error)
{
    static const char unread[] = ".xls .xlsb .ods .numbers";
    g_autoptr(GError) cause = NULL;
    g_autoptr(GDir) dir = g_dir_open(path, 0, &cause);
    if (!dir) {
        g_set_error(error, INNSIKT_ERROR, INNSIKT_ERROR_SYSTEM, "%s", cause->message);
        return false;
    }
    for (const char *name; (name = g_dir_read_name(dir));) {
        g_autofree char *inside = g_build_filename(path, name, NULL);
        if (is_passed_over(name) || g_file_test(inside, G_FILE_TEST_IS_DIR))
            continue;
        if (has_suffix(name, suffixes))
            file_add(files->file, folder, inside);
        else if (has_suffix(name, unread))
            g_ptr_array_add(files->strangers, nfc_text(name));
    }
    g_ptr_array_sort(files->strangers, by_text);
    return true;
}

/* The project folder may itself hold signs of a pattern, which mean nothing there. */
static char *pattern_whole(const char *folder, const char *pattern)
{
    if (g_path_is_absolute(pattern))
        return g_strdup(pattern);
    g_autoptr(GString) out = g_string_new(NULL);
    for (const char *p = folder; *p; p++) {
        if (strchr("*?[]\\", *p))
            g_string_append_c(out, '\\');
        g_string_append_c(out, *p);
    }
    g_string_append_printf(out, "/%s", pattern);
    return g_string_free(g_steal_pointer(&out), FALSE);
}

/* A folder that is not there matches nothing; one that cannot be read might. */
static int folder_trouble(const char *path, int trouble)
{
    (void)path;
    return trouble != ENOENT && trouble != ENOTDIR;
}

static bool pattern_list(GPtrArray *files, const char *folder, const char *pattern, GError **error)
{
    g_autofree char *whole = pattern_whole(folder, pattern);
    glob_t found;
    int status = glob(whole, GLOB_NOSORT, folder_trouble, &found);
    const int cause = errno;
    for (size_t i = 0; !status && i < found.gl_pathc; i++) {
        g_autofree char *name = g_path_get_basename(found.gl_pathv[i]);
        if (!is_passed_over(name) && !g_file_test(found.gl_pathv[i], G_FILE_TEST_IS_DIR))
            file_add(files, folder, found.gl_pathv[i]);
    }
    globfree(&found);
    if (!status || status == GLOB_NOMATCH)
        return true;
    g_set_error(error, INNSIKT_ERROR, INNSIKT_ERROR_SYSTEM,
                "path %s: a folder on the way cannot be read: %s", pattern, g_strerror(cause));
    return false;
}

static void refuse_none(const char *path, bool is_folder, const char *suffixes, GError **error)
{
    if (is_folder)
        g_set_error(error, INNSIKT_ERROR, INNSIKT_ERROR_NOT_FOUND,
                    "folder %s holds no %s file; nothing was changed", path, suffixes);
    else
        g_set_error(error, INNSIKT_ERROR, INNSIKT_ERROR_NOT_FOUND,
                    "there is no file %s; nothing was changed", path);
}

/* Files on disk, unsorted. */
static bool disk_list(SourceFiles *found, const CollectContext *context, const char *suffixes,
                      GError **error)
{
    GPtrArray *files = found->file;
    const char *wanted = context->source->path;
    g_autofree char *folder = g_canonicalize_filename(context->project->folder, NULL);
    g_autofree char *path = g_canonicalize_filename(wanted, folder);
    bool is_folder = g_file_test(path, G_FILE_TEST_IS_DIR);
    bool listed = true;
    if (is_folder)
        listed = folder_list(found, folder, path, suffixes, error);
    else if (g_file_test(path, G_FILE_TEST_EXISTS))
        file_add(files, folder, path);
    else if (strpbrk(wanted, "*?["))
        listed = pattern_list(files, folder, wanted, error);
    if (listed && !files->len)
        refuse_none(wanted, is_folder, suffixes, error);
    return listed && files->len;
}

static bool web_list(SourceFiles *files, const CollectContext *context, GError **error)
{
    WebFile fetched;
    if (!webfile_fetch(context, &fetched, error))
        return false;
    files->unchanged = fetched.unchanged;
    files->cursor = g_steal_pointer(&fetched.cursor);
    if (!files->unchanged) {
        SourceFile *file = g_new0(SourceFile, 1);
        g_autofree char *place = source_place(context->source);
        file->path = g_steal_pointer(&fetched.path);
        file->name = nfc_text(place);
        file->fd = fetched.fd;
        fetched.fd = -1;
        g_ptr_array_add(files->file, file);
    }
    webfile_clear(&fetched);
    return true;
}

void source_files_free(SourceFiles *files)
{
    if (!files)
        return;
    g_ptr_array_unref(files->file);
    g_ptr_array_unref(files->strangers);
    g_free(files->cursor);
    g_free(files);
}

SourceFiles *files_find(const CollectContext *context, const char *suffixes, GError **error)
{
    const Source *source = context->source;
    if (!source->path || !*source->path) {
        g_set_error(error, INNSIKT_ERROR, INNSIKT_ERROR_USAGE,
                    "`path:` is missing; write a file, a folder, a pattern or a web address");
        return NULL;
    }
    g_autoptr(SourceFiles) files = g_new0(SourceFiles, 1);
    files->file = g_ptr_array_new_with_free_func(file_free);
    files->strangers = g_ptr_array_new_with_free_func(g_free);
    if (!(source_is_web(source) ? web_list(files, context, error)
                                : disk_list(files, context, suffixes, error)))
        return NULL;
    g_ptr_array_sort(files->file, by_name);
    return g_steal_pointer(&files);
}
