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

/* The properties with their language; NULL when they are not as the library writes them. */
static char *with_language(const char *core, const char *language)
{
    static const char end[] = "</cp:coreProperties>";
    const char *close = strstr(core, end);
    return close ? g_strdup_printf("%.*s<dc:language>%s</dc:language>%s", (int)(close - core), core,
                                   language, end)
                 : NULL;
}

/* The list of sheets with `sheet`, a name that needs no escape, very hidden instead of hidden. */
static char *with_very_hidden(const char *book, const char *sheet)
{
    static const char state[] = "state=\"";
    g_autofree char *element = g_strdup_printf("<sheet name=\"%s\"", sheet);
    const char *from = strstr(book, element);
    const char *end = from ? strchr(from, '>') : NULL;
    const char *at = end ? g_strstr_len(from, end - from, "state=\"hidden\"") : NULL;
    if (!at)
        return NULL;
    at += strlen(state);
    return g_strdup_printf("%.*sveryHidden%s", (int)(at - book), book, at + strlen("hidden"));
}

typedef char *(*PartChange)(const char *text, const char *with);

static char *change_part(zip_t *zip, const char *path, const char *part, PartChange change,
                         const char *with, GError **error)
{
    g_autofree char *text = read_part(zip, part);
    g_autofree char *changed = text ? change(text, with) : NULL;
    if (!changed || !replace_part(zip, part, changed)) {
        fail(error, path, part, "not as written");
        return NULL;
    }
    return g_steal_pointer(&changed);
}

bool package_finish(const char *path, const char *language, const char *very_hidden, GError **error)
{
    zip_t *zip = open_zip(path, 0, error);
    if (!zip)
        return false;
    /* libzip reads the buffers when it closes, so both must outlive that. */
    g_autofree char *core =
        change_part(zip, path, "docProps/core.xml", with_language, language, error);
    g_autofree char *book = core && very_hidden ? change_part(zip, path, "xl/workbook.xml",
                                                              with_very_hidden, very_hidden, error)
                                                : NULL;
    if (!core || (very_hidden && !book)) {
        zip_discard(zip);
        return false;
    }
    if (zip_close(zip) != 0) {
        fail(error, path, "zip", zip_strerror(zip));
        zip_discard(zip);
        return false;
    }
    return true;
}

/* --- the proof --- */

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
