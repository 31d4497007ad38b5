#include "analyze/workbook/workbook.h"

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

/* --- pages
 * ----------------------------------------------------------------------------------------- */

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
}

/* Rows every sheet was given, in the order of the file's sheets. */
static GArray *write_sheets(Page *page)
{
    GArray *rows = g_array_new(FALSE, FALSE, sizeof(int));
    for (int id = 0; id < N_SHEETS; id++)
        if (page->sheet[id])
            sheet_defs[id].write(page, page->sheet[id]);
    for (int id = 0; id < N_SHEETS; id++)
        if (page->sheet[id]) {
            int n = sheet_rows_written(page->sheet[id]);
            g_array_append_val(rows, n);
        }
    int n = sheet_rows_written(page->diagram);
    g_array_append_val(rows, n);
    return rows;
}

static bool build(const Results *results, const WorkbookOptions *options, const char *path,
                  GError **error)
{
    static const char *const tags[N_LANGUAGES] = {"nb-NO", "nn-NO", "en-GB"};
    BookInfo info = {
        .title = results->project->title,
        .subject = words(options->language, "cover.subtitle"),
        .language = tags[options->language],
        .program = options->program,
        .created = results->data->newest_pull,
        .cut = words(options->language, "text.cut"),
    };
    g_autoptr(GTimeZone) zone = g_time_zone_new_identifier(results->project->timezone);
    Page page = {
        .results = results,
        .project = results->project,
        .framework = results->project->framework,
        .language = options->language,
        .program = options->program,
        .zone = zone,
        .book = book_new(path, &info),
        .basis_row = g_hash_table_new(g_str_hash, g_str_equal),
    };
    index_bases(&page);
    make_sheets(&page);
    g_autoptr(GArray) rows = write_sheets(&page);
    g_hash_table_unref(page.basis_row);
    return book_close(page.book, error) && package_finish(path, info.language, error) &&
           package_verify(path, (const int *)(const void *)rows->data, rows->len, error);
}

/* --- replacing
 * ---------------------------------------------------------------------------------------- */

static bool flush_to_disk(const char *path)
{
    int fd = g_open(path, O_RDONLY | O_CLOEXEC, 0);
    bool ok = fd >= 0 && fsync(fd) == 0;
    if (fd >= 0)
        close(fd);
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

static char *second_name(const char *path)
{
    const char *dot = strrchr(path, '.');
    const char *slash = strrchr(path, '/');
    size_t stem = dot && dot > (slash ? slash : path) ? (size_t)(dot - path) : strlen(path);
    return g_strdup_printf("%.*s (2)%s", (int)stem, path, path + stem);
}

bool workbook_write(const Results *results, const WorkbookOptions *options, const char *path,
                    char **ret_path, GError **error)
{
    g_autofree char *target = is_open_elsewhere(path) ? second_name(path) : g_strdup(path);
    g_autofree char *beside = g_strconcat(target, ".part", NULL);
    if (!build(results, options, beside, error)) {
        g_unlink(beside);
        return false;
    }
    if (!flush_to_disk(beside) || g_rename(beside, target) != 0) {
        g_set_error(error, INNSIKT_ERROR, INNSIKT_ERROR_SYSTEM,
                    "%s: cannot be replaced: %s; close it where it is open, or name another file "
                    "with -o",
                    target, g_strerror(errno));
        g_unlink(beside);
        return false;
    }
    if (ret_path)
        *ret_path = g_steal_pointer(&target);
    return true;
}
