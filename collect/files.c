#include "collect/files.h"

#include "schemas/error.h"
#include "schemas/nfc.h"

#include <errno.h>
#include <glob.h>
#include <string.h>

static void file_free(gpointer data)
{
    SourceFile *file = data;
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

static bool has_suffix(const char *name, const char *suffix)
{
    size_t n = strlen(name), tail = strlen(suffix);
    return n > tail && !g_ascii_strcasecmp(name + n - tail, suffix);
}

static bool folder_list(GPtrArray *files, const char *folder, const char *path, const char *suffix,
                        GError **error)
{
    g_autoptr(GError) cause = NULL;
    g_autoptr(GDir) dir = g_dir_open(path, 0, &cause);
    if (!dir) {
        g_set_error(error, INNSIKT_ERROR, INNSIKT_ERROR_SYSTEM, "%s", cause->message);
        return false;
    }
    for (const char *name; (name = g_dir_read_name(dir));) {
        g_autofree char *inside = g_build_filename(path, name, NULL);
        if (!is_passed_over(name) && has_suffix(name, suffix) &&
            !g_file_test(inside, G_FILE_TEST_IS_DIR))
            file_add(files, folder, inside);
    }
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
    for (size_t i = 0; !status && i < found.gl_pathc; i++) {
        g_autofree char *name = g_path_get_basename(found.gl_pathv[i]);
        if (!is_passed_over(name) && !g_file_test(found.gl_pathv[i], G_FILE_TEST_IS_DIR))
            file_add(files, folder, found.gl_pathv[i]);
    }
    globfree(&found);
    if (!status || status == GLOB_NOMATCH)
        return true;
    g_set_error(error, INNSIKT_ERROR, INNSIKT_ERROR_SYSTEM,
                "path %s: a folder on the way cannot be read: %s", pattern, g_strerror(errno));
    return false;
}

static bool path_is_sound(const char *path, GError **error)
{
    if (!path || !*path)
        g_set_error(error, INNSIKT_ERROR, INNSIKT_ERROR_USAGE,
                    "`path:` is missing; write a file, a folder or a pattern");
    else if (strstr(path, "://"))
        g_set_error(error, INNSIKT_ERROR, INNSIKT_ERROR_USAGE,
                    "path %s is a web address, and files are read from disk only; download it and "
                    "name the file",
                    path);
    else
        return true;
    return false;
}

static void refuse_none(const char *path, bool is_folder, const char *suffix, GError **error)
{
    if (is_folder)
        g_set_error(error, INNSIKT_ERROR, INNSIKT_ERROR_NOT_FOUND,
                    "folder %s holds no %s file; nothing was changed", path, suffix);
    else
        g_set_error(error, INNSIKT_ERROR, INNSIKT_ERROR_NOT_FOUND,
                    "there is no file %s; nothing was changed", path);
}

GPtrArray *files_find(const Project *project, const Source *source, const char *suffix,
                      GError **error)
{
    if (!path_is_sound(source->path, error))
        return NULL;
    g_autofree char *folder = g_canonicalize_filename(project->folder, NULL);
    g_autofree char *path = g_canonicalize_filename(source->path, folder);
    g_autoptr(GPtrArray) files = g_ptr_array_new_with_free_func(file_free);
    bool is_folder = g_file_test(path, G_FILE_TEST_IS_DIR);
    bool listed = true;
    if (is_folder)
        listed = folder_list(files, folder, path, suffix, error);
    else if (g_file_test(path, G_FILE_TEST_EXISTS))
        file_add(files, folder, path);
    else if (strpbrk(source->path, "*?["))
        listed = pattern_list(files, folder, source->path, error);
    if (!listed)
        return NULL;
    if (!files->len) {
        refuse_none(source->path, is_folder, suffix, error);
        return NULL;
    }
    g_ptr_array_sort(files, by_name);
    return g_steal_pointer(&files);
}
