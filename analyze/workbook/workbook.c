#include "analyze/workbook/workbook.h"

#include "analyze/workbook/identity.h"
#include "analyze/workbook/package.h"
#include "analyze/workbook/sheets.h"
#include "schemas/error.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

const SheetDef sheet_defs[N_SHEETS] = {
#define SHEET(id, word, has, write) [SHEET_##id] = {word, has, write},
#include "analyze/workbook/sheets.def"
#undef SHEET
};

static const char *const tags[N_LANGUAGES] = {"nb-NO", "nn-NO", "en-GB"};

/* --- pages --- */

static void index_bases(Page *page)
{
    for (guint i = 0; i < page->results->bases->len; i++) {
        const Basis *basis = &g_array_index(page->results->bases, Basis, i);
        g_hash_table_insert(page->basis_row, basis->key,
                            GUINT_TO_POINTER(basis_sheet_row((int)i) + 1));
    }
}

/* All sheets are made before any is written, since they link to each other. */
static void make_sheets(Page *page)
{
    for (int id = 0; id < N_SHEETS; id++) {
        if (sheet_defs[id].has_data && !sheet_defs[id].has_data(page))
            continue;
        g_autofree char *key = g_strconcat("sheet.", sheet_defs[id].word, NULL);
        page->sheet[id] = book_sheet(page->book, W(key));
    }
    page->diagram = book_sheet(page->book, "_diagram");
    sheet_hide(page->diagram);
    page->identity = book_sheet(page->book, IDENTITY_SHEET);
}

static void write_identity(Page *page, const ProjectKey *key)
{
    Identity identity;
    identity_make(page->results, key, page->language, &identity);
    identity_write(&identity, page->book, page->identity);
    identity_clear(&identity);
}

static void count_rows(GArray *rows, const Sheet *sheet)
{
    int n = sheet_rows_written(sheet);
    g_array_append_val(rows, n);
}

/* Rows every sheet was given, in the order of the file's sheets. */
static GArray *write_sheets(Page *page, const ProjectKey *key)
{
    GArray *rows = g_array_new(FALSE, FALSE, sizeof(int));
    for (int id = 0; id < N_SHEETS; id++)
        if (page->sheet[id])
            sheet_defs[id].write(page, page->sheet[id]);
    write_identity(page, key);
    for (int id = 0; id < N_SHEETS; id++)
        if (page->sheet[id])
            count_rows(rows, page->sheet[id]);
    count_rows(rows, page->diagram);
    count_rows(rows, page->identity);
    return rows;
}

static void origin_clear(gpointer origin)
{
    g_free(((Origin *)origin)->key);
}

static GArray *origins_new(void)
{
    GArray *origins = g_array_new(FALSE, FALSE, sizeof(Origin));
    g_array_set_clear_func(origins, origin_clear);
    return origins;
}

/* A page to be written into a new book at `path`. */
static void page_open(Page *page, const Results *results, const WorkbookOptions *options,
                      const char *path)
{
    BookInfo info = {
        .title = results->project->title,
        .subject = words(options->language, "cover.subtitle"),
        .language = tags[options->language],
        .program = options->program,
        .created = results->data->newest_pull,
        .cut = words(options->language, "text.cut"),
    };
    *page = (Page){
        .results = results,
        .project = results->project,
        .framework = results->project->framework,
        .language = options->language,
        .program = options->program,
        .zone = g_time_zone_new_identifier(results->project->timezone),
        .book = book_new(path, &info),
        .basis_row = g_hash_table_new(g_str_hash, g_str_equal),
        .origins = origins_new(),
    };
    index_bases(page);
    make_sheets(page);
}

/* Frees what the page made for itself; the book goes its own way. */
static void page_close(Page *page)
{
    g_hash_table_unref(page->basis_row);
    g_array_unref(page->origins);
    g_time_zone_unref(page->zone);
}

static bool build(const Results *results, const WorkbookOptions *options, const char *path,
                  GError **error)
{
    Page page;
    page_open(&page, results, options, path);
    g_autoptr(GArray) rows = write_sheets(&page, options->key);
    page_close(&page);
    return book_close(page.book, error) &&
           package_finish(path, tags[options->language], IDENTITY_SHEET, error) &&
           package_verify(path, (const int *)(const void *)rows->data, rows->len, error);
}

/* --- from cells to figures --- */

/* «Robusthet!AB12» of a row and column from 0. */
static char *cell_name(const Sheet *sheet, int row, int column)
{
    GString *name = g_string_new(NULL);
    for (int c = column + 1; c > 0; c = (c - 1) / 26)
        g_string_prepend_c(name, (char)('A' + (c - 1) % 26));
    g_string_prepend_c(name, '!');
    g_string_prepend(name, sheet_name(sheet));
    g_string_append_printf(name, "%d", row + 1);
    return g_string_free(name, FALSE);
}

static void cell_key_free(gpointer pointer)
{
    CellKey *at = pointer;
    g_free(at->cell);
    g_free(at->key);
    g_free(at);
}

GPtrArray *workbook_cells(const Results *results, const WorkbookOptions *options)
{
    Page page;
    GPtrArray *cells = g_ptr_array_new_with_free_func(cell_key_free);
    page_open(&page, results, options, "");
    g_array_unref(write_sheets(&page, options->key));
    for (guint i = 0; i < page.origins->len; i++) {
        const Origin *origin = &g_array_index(page.origins, Origin, i);
        CellKey *at = g_new(CellKey, 1);
        *at =
            (CellKey){cell_name(origin->sheet, origin->row, origin->column), g_strdup(origin->key)};
        g_ptr_array_add(cells, at);
    }
    page_close(&page);
    book_abandon(page.book);
    return cells;
}

/* --- replacing --- */

/* A file's bytes, or the names a folder holds, are on the disk when this returns true. Some network
 * file systems have nothing to flush of a folder and answer EINVAL. */
static bool flush_to_disk(const char *path)
{
    int fd = g_open(path, O_RDONLY | O_CLOEXEC, 0);
    bool ok = fd >= 0 && (fsync(fd) == 0 || errno == EINVAL);
    int why = errno;
    if (fd >= 0)
        close(fd);
    errno = why;
    return ok;
}

/* Excel and LibreOffice lay a lock file beside a workbook that is open. */
static bool is_open_elsewhere(const char *path)
{
    g_autofree char *folder = g_path_get_dirname(path);
    g_autofree char *name = g_path_get_basename(path);
    g_autofree char *excel_name = g_strconcat("~$", name, NULL);
    g_autofree char *office_name = g_strconcat(".~lock.", name, "#", NULL);
    g_autofree char *excel = g_build_filename(folder, excel_name, NULL);
    g_autofree char *office = g_build_filename(folder, office_name, NULL);
    return g_file_test(excel, G_FILE_TEST_EXISTS) || g_file_test(office, G_FILE_TEST_EXISTS);
}

static char *numbered_name(const char *path, int number)
{
    const char *dot = strrchr(path, '.');
    const char *slash = strrchr(path, '/');
    size_t stem = dot && dot > (slash ? slash : path) ? (size_t)(dot - path) : strlen(path);
    return g_strdup_printf("%.*s (%d)%s", (int)stem, path, number, path + stem);
}

/* The first name from `number` on that is not open elsewhere; 1 is the name itself. */
static char *free_name(const char *path, int number)
{
    for (;; number++) {
        g_autofree char *name = number > 1 ? numbered_name(path, number) : g_strdup(path);
        if (!is_open_elsewhere(name))
            return g_steal_pointer(&name);
    }
}

/* Takes the place of `path`, or of the next name beside it. */
static char *put_in_place(const char *part, const char *path, GError **error)
{
    g_autofree char *target = free_name(path, 1);
    int why = 0;
    if (!flush_to_disk(part)) {
        why = errno;
    } else if (g_rename(part, target) != 0) {
        why = errno;
        g_free(target);
        target = free_name(path, 2);
        why = g_rename(part, target) == 0 ? 0 : why;
    }
    if (why) {
        g_set_error(error, INNSIKT_ERROR, INNSIKT_ERROR_SYSTEM,
                    "%s: cannot be replaced: %s; close it where it is open, or name another file "
                    "with -o",
                    path, g_strerror(why));
        return NULL;
    }
    g_autofree char *folder = g_path_get_dirname(target);
    if (!flush_to_disk(folder)) {
        g_set_error(error, INNSIKT_ERROR, INNSIKT_ERROR_SYSTEM,
                    "%s: was written, but the disk did not confirm it: %s; run again", target,
                    g_strerror(errno));
        return NULL;
    }
    return g_steal_pointer(&target);
}

bool workbook_write(const Results *results, const WorkbookOptions *options, const char *path,
                    char **ret_path, GError **error)
{
    if (g_file_test(path, G_FILE_TEST_IS_DIR)) {
        g_set_error(error, INNSIKT_ERROR, INNSIKT_ERROR_USAGE,
                    "%s: is a folder; name a file with -o", path);
        return false;
    }
    if (g_file_test(path, G_FILE_TEST_EXISTS) && !g_file_test(path, G_FILE_TEST_IS_REGULAR)) {
        g_set_error(error, INNSIKT_ERROR, INNSIKT_ERROR_USAGE,
                    "%s: is a device or a pipe, and a workbook takes the place of what was there; "
                    "name a file with -o",
                    path);
        return false;
    }
    g_autofree char *folder = g_path_get_dirname(path);
    if (!g_file_test(folder, G_FILE_TEST_IS_DIR)) {
        g_set_error(error, INNSIKT_ERROR, INNSIKT_ERROR_USAGE,
                    "%s: there is no folder %s; make it first, or name another file with -o", path,
                    folder);
        return false;
    }
    g_autofree char *part = g_strconcat(path, ".part", NULL);
    g_autofree char *target =
        build(results, options, part, error) ? put_in_place(part, path, error) : NULL;
    if (!target) {
        g_unlink(part);
        return false;
    }
    if (ret_path)
        *ret_path = g_steal_pointer(&target);
    return true;
}
