#include "schemas/xlsx_private.h"

#include <gio/gio.h>

/* --- what is it? ----------------------------------------------------------------------------- */

/* Files that get the name of a workbook, by their first bytes; "" is any. */
static const struct {
    const char *head;
    size_t n;
    const char *why;
} strangers[] = {
    {"\xD0\xCF\x11\xE0", 4,
     "the file is protected by a password or in the old .xls format; save it without one as Excel "
     "Workbook (.xlsx)"},
    {"{\\rtf", 5, "the file is a document of text; save its table as Excel Workbook (.xlsx)"},
    {"%PDF", 4, "the file is a PDF; ask for the workbook it was made from"},
    {"<", 1,
     "the file is a web page or XML under a workbook's name; open it in Excel and save it as Excel "
     "Workbook (.xlsx)"},
    {"\xEF\xBB\xBF<", 4,
     "the file is a web page or XML under a workbook's name; open it in Excel and save it as Excel "
     "Workbook (.xlsx)"},
};

static bool bytes_are_text(const guint8 *head, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (head[i] < ' ' && !strchr("\t\r\n", head[i]))
            return false;
    return true;
}

static bool head_is_zip(const XlsxPackage *package, const guint8 *head, size_t n, GError **error)
{
    const char *why = "the file is no workbook; save it as Excel Workbook (.xlsx)";
    if (n >= 4 && !memcmp(head, "PK", 2))
        return true;
    if (bytes_are_text(head, n))
        why = "the file is text (CSV?) under a workbook's name; read it as CSV, or save it as "
              "Excel Workbook (.xlsx)";
    for (size_t i = 0; i < G_N_ELEMENTS(strangers); i++)
        if (n >= strangers[i].n && !memcmp(head, strangers[i].head, strangers[i].n))
            why = strangers[i].why;
    if (!n)
        why = "the file is empty; restore it or remove it";
    return xlsx_refuse(package, error, INNSIKT_ERROR_DATA, "%s", why);
}

/* --- opening --------------------------------------------------------------------------------- */

static bool size_is_sound(const XlsxPackage *package, uint64_t n, GError **error)
{
    return n <= XLSX_FILE_LIMIT ||
           xlsx_refuse(package, error, INNSIKT_ERROR_LIMIT,
                       "the file is larger than %d MiB; remove pictures, or split it",
                       XLSX_FILE_LIMIT >> 20);
}

static Xlsx *book_new(const char *name)
{
    Xlsx *xlsx = g_new0(Xlsx, 1);
    xlsx->package.name = g_strdup(name);
    xlsx->places = g_array_new(FALSE, TRUE, sizeof(XlsxPlace));
    xlsx->formats = g_byte_array_new();
    return xlsx;
}

static bool book_open(Xlsx *xlsx, zip_source_t *source, GError **error)
{
    if (!source)
        return xlsx_refuse(&xlsx->package, error, INNSIKT_ERROR_SYSTEM, "cannot be read");
    return xlsx_package_open(&xlsx->package, source, error) && xlsx_book_read(xlsx, error);
}

/* Size and first bytes, from the file that is then opened by its path; what changes in between is
 * caught by the zip's own checks. */
static bool file_is_sound(const XlsxPackage *package, const char *path, GError **error)
{
    g_autoptr(GFile) file = g_file_new_for_path(path);
    g_autoptr(GError) why = NULL;
    g_autoptr(GFileInfo) info =
        g_file_query_info(file, "standard::*", G_FILE_QUERY_INFO_NONE, NULL, &why);
    if (info && g_file_info_get_file_type(info) != G_FILE_TYPE_REGULAR)
        return xlsx_refuse(package, error, INNSIKT_ERROR_DATA, "is no file");
    if (info && !size_is_sound(package, (uint64_t)g_file_info_get_size(info), error))
        return false;
    guint8 head[64];
    gsize n = 0;
    g_autoptr(GFileInputStream) stream = info ? g_file_read(file, NULL, &why) : NULL;
    if (!stream ||
        !g_input_stream_read_all(G_INPUT_STREAM(stream), head, sizeof head, &n, NULL, &why)) {
        if (g_error_matches(why, G_IO_ERROR, G_IO_ERROR_NOT_FOUND))
            return xlsx_refuse(package, error, INNSIKT_ERROR_NOT_FOUND, "there is no such file");
        return xlsx_refuse(package, error, INNSIKT_ERROR_SYSTEM, "cannot be read: %s",
                           why->message);
    }
    return head_is_zip(package, head, n, error);
}

Xlsx *xlsx_open(const char *path, const char *name, GError **error)
{
    g_autoptr(Xlsx) xlsx = book_new(name);
    if (!file_is_sound(&xlsx->package, path, error) ||
        !book_open(xlsx, zip_source_file_create(path, 0, -1, NULL), error))
        return NULL;
    return g_steal_pointer(&xlsx);
}

Xlsx *xlsx_open_bytes(const void *bytes, size_t n, const char *name, GError **error)
{
    g_autoptr(Xlsx) xlsx = book_new(name);
    if (!size_is_sound(&xlsx->package, n, error) ||
        !head_is_zip(&xlsx->package, bytes, MIN(n, 64), error) ||
        !book_open(xlsx, zip_source_buffer_create(bytes, n, 0, NULL), error))
        return NULL;
    return g_steal_pointer(&xlsx);
}

void xlsx_free(Xlsx *xlsx)
{
    if (!xlsx)
        return;
    xlsx_strings_free(xlsx->strings);
    for (guint i = 0; i < xlsx->places->len; i++) {
        XlsxPlace *place = &g_array_index(xlsx->places, XlsxPlace, i);
        g_free(place->name);
        g_free(place->part);
    }
    g_array_unref(xlsx->places);
    g_byte_array_unref(xlsx->formats);
    g_free(xlsx->strings_part);
    xlsx_package_close(&xlsx->package);
    g_free(xlsx);
}

/* --- asking ---------------------------------------------------------------------------------- */

size_t xlsx_n_sheets(const Xlsx *xlsx)
{
    return xlsx->places->len;
}

XlsxSheet xlsx_sheet(const Xlsx *xlsx, size_t sheet)
{
    const XlsxPlace *place = &g_array_index(xlsx->places, XlsxPlace, sheet);
    return (XlsxSheet){.name = place->name, .hidden = place->hidden};
}

unsigned xlsx_extras(const Xlsx *xlsx)
{
    return xlsx->extras;
}
