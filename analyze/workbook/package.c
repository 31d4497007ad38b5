#include "analyze/workbook/package.h"

#include "schemas/error.h"

#include <expat.h>
#include <stdlib.h>
#include <string.h>
#include <zip.h>

enum { CHUNK = 1 << 16, DOS_1980_DATE = 0x21 };

static bool fail(GError **error, const char *path, const char *part, const char *why)
{
    g_set_error(error, INNSIKT_ERROR, INNSIKT_ERROR_SYSTEM,
                "%s: the workbook did not come out whole (%s: %s); is the disk full? The earlier "
                "file was not touched",
                path, part, why);
    return false;
}

static zip_t *open_zip(const char *path, int flags, GError **error)
{
    int code = 0;
    zip_t *zip = zip_open(path, flags, &code);
    if (!zip) {
        zip_error_t why;
        zip_error_init_with_code(&why, code);
        fail(error, path, "zip", zip_error_strerror(&why));
        zip_error_fini(&why);
    }
    return zip;
}

/* --- the last touches ---------------------------------------------------------------------------
 */

static char *read_part(zip_t *zip, const char *name)
{
    zip_stat_t stat;
    if (zip_stat(zip, name, 0, &stat) != 0 || !(stat.valid & ZIP_STAT_SIZE) || stat.size > 1 << 20)
        return NULL;
    zip_file_t *file = zip_fopen(zip, name, 0);
    if (!file)
        return NULL;
    g_autofree char *text = g_malloc0(stat.size + 1);
    zip_int64_t got = zip_fread(file, text, stat.size);
    zip_fclose(file);
    return got == (zip_int64_t)stat.size ? g_steal_pointer(&text) : NULL;
}

static bool replace_part(zip_t *zip, const char *name, const char *text)
{
    zip_int64_t at = zip_name_locate(zip, name, 0);
    zip_source_t *source = zip_source_buffer(zip, text, strlen(text), 0);
    if (at < 0 || !source)
        return false;
    if (zip_file_replace(zip, (zip_uint64_t)at, source, ZIP_FL_OVERWRITE) != 0) {
        zip_source_free(source);
        return false;
    }
    return zip_file_set_dostime(zip, (zip_uint64_t)at, 0, DOS_1980_DATE, 0) == 0;
}

bool package_finish(const char *path, const char *language, GError **error)
{
    static const char part[] = "docProps/core.xml", end[] = "</cp:coreProperties>";
    zip_t *zip = open_zip(path, 0, error);
    if (!zip)
        return false;
    g_autofree char *core = read_part(zip, part);
    char *close = core ? strstr(core, end) : NULL;
    if (!close) {
        zip_discard(zip);
        return fail(error, path, part, "not as written");
    }
    *close = '\0';
    g_autofree char *with =
        g_strdup_printf("%s<dc:language>%s</dc:language>%s", core, language, end);
    if (!replace_part(zip, part, with)) {
        zip_discard(zip);
        return fail(error, path, part, "cannot be replaced");
    }
    /* libzip reads the buffer when it closes, so `with` must outlive that. */
    if (zip_close(zip) != 0) {
        fail(error, path, part, zip_strerror(zip));
        zip_discard(zip);
        return false;
    }
    return true;
}

/* --- the proof
 * ------------------------------------------------------------------------------------- */

typedef struct {
    int rows;
} RowCount;

static void XMLCALL count_row(void *data, const XML_Char *name, const XML_Char **attributes)
{
    (void)attributes;
    if (strcmp(name, "row") == 0)
        ((RowCount *)data)->rows++;
}

/* Reads one part to its end, which checks its CRC, and parses it when it is XML. */
static bool read_whole(zip_t *zip, zip_uint64_t index, bool xml, int *ret_rows,
                       const char **ret_why)
{
    zip_file_t *file = zip_fopen_index(zip, index, 0);
    if (!file) {
        *ret_why = "cannot be opened";
        return false;
    }
    RowCount count = {0};
    XML_Parser parser = xml ? XML_ParserCreate("UTF-8") : NULL;
    if (parser) {
        XML_SetUserData(parser, &count);
        XML_SetStartElementHandler(parser, count_row);
    }
    g_autofree char *buffer = g_malloc(CHUNK);
    zip_int64_t n;
    *ret_why = NULL;
    while ((n = zip_fread(file, buffer, CHUNK)) > 0 && !*ret_why)
        if (parser && XML_Parse(parser, buffer, (int)n, XML_FALSE) != XML_STATUS_OK)
            *ret_why = "is not well-formed";
    if (n < 0)
        *ret_why = "is damaged";
    if (parser && !*ret_why && XML_Parse(parser, "", 0, XML_TRUE) != XML_STATUS_OK)
        *ret_why = "is cut short";
    if (parser)
        XML_ParserFree(parser);
    zip_fclose(file);
    *ret_rows = count.rows;
    return !*ret_why;
}

static bool verify_parts(zip_t *zip, const char *path, const int *rows, size_t n_sheets,
                         GError **error)
{
    size_t sheets = 0;
    zip_int64_t entries = zip_get_num_entries(zip, 0);
    for (zip_int64_t i = 0; i < entries; i++) {
        const char *name = zip_get_name(zip, (zip_uint64_t)i, 0);
        const char *why = NULL;
        int got = 0;
        bool xml = g_str_has_suffix(name, ".xml") || g_str_has_suffix(name, ".rels");
        if (!read_whole(zip, (zip_uint64_t)i, xml, &got, &why))
            return fail(error, path, name, why);
        if (!g_str_has_prefix(name, "xl/worksheets/sheet"))
            continue;
        long number = strtol(name + strlen("xl/worksheets/sheet"), NULL, 10);
        if (number < 1 || (size_t)number > n_sheets || got < rows[number - 1])
            return fail(error, path, name, "rows are missing");
        sheets++;
    }
    return sheets == n_sheets || fail(error, path, "xl/worksheets", "sheets are missing");
}

bool package_verify(const char *path, const int *rows, size_t n_sheets, GError **error)
{
    zip_t *zip = open_zip(path, ZIP_RDONLY | ZIP_CHECKCONS, error);
    if (!zip)
        return false;
    bool ok = verify_parts(zip, path, rows, n_sheets, error);
    zip_discard(zip);
    return ok;
}
