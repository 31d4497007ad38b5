#include "schemas/xlsx_part.h"

#include <expat.h>

/* TOKEN_LIMIT: a tag or comment is handed out when it is whole, and old parsers look at it anew
 * with every chunk; nothing honest is so long. */
enum { CHUNK = 1 << 16, TOKEN_LIMIT = 1 << 18 };

struct XlsxPart {
    XlsxPackage *package;
    char *name;
    zip_file_t *file;
    zip_uint64_t entry;
    uint64_t taken; /* bytes */
    XML_Parser parser;
    const XlsxHandler *handler;
    void *data;
    int depth;
    GError *fault; /* of a handler */
    bool paused, drained, ended;
};

static const char limit_mend[] = "no ordinary workbook is, so it was not read";

bool xlsx_refuse(const XlsxPackage *package, GError **error, InnsiktError code, const char *format,
                 ...)
{
    va_list arguments;
    va_start(arguments, format);
    g_autofree char *text = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    g_set_error(error, INNSIKT_ERROR, (gint)code, "%s: %s", package->name, text);
    return false;
}

static bool refuse_damaged(const XlsxPackage *package, GError **error, const char *where,
                           const char *why)
{
    return xlsx_refuse(package, error, INNSIKT_ERROR_DATA,
                       "the workbook is damaged (%s: %s); fetch it again, or open it in Excel and "
                       "save it anew",
                       where, why);
}

/* --- the package ----------------------------------------------------------------------------- */

static bool name_is_sound(const char *name)
{
    if (!*name || *name == '/' || strchr(name, '\\') || strchr(name, ':'))
        return false;
    g_auto(GStrv) steps = g_strsplit(name, "/", -1);
    for (char **step = steps; *step; step++)
        if (g_str_equal(*step, ".."))
            return false;
    return true;
}

static bool entry_is_sound(const XlsxPackage *package, zip_uint64_t i, GHashTable *seen,
                           GError **error)
{
    zip_stat_t stat;
    if (zip_stat_index(package->zip, i, 0, &stat) || !(stat.valid & ZIP_STAT_NAME))
        return refuse_damaged(package, error, "zip", zip_strerror(package->zip));
    if (!g_utf8_validate(stat.name, -1, NULL) || !name_is_sound(stat.name))
        return xlsx_refuse(package, error, INNSIKT_ERROR_DATA,
                           "a part has a name that leads out of the workbook; it was not read");
    if (stat.encryption_method != ZIP_EM_NONE)
        return xlsx_refuse(package, error, INNSIKT_ERROR_DATA,
                           "the file is an encrypted zip; save the workbook without a password");
    if (!g_hash_table_add(seen, g_ascii_strdown(stat.name, -1)))
        return xlsx_refuse(package, error, INNSIKT_ERROR_DATA,
                           "two parts have the name %s, and programs would read different ones; "
                           "open it in Excel and save it anew",
                           stat.name);
    return true;
}

bool xlsx_package_open(XlsxPackage *package, zip_source_t *source, GError **error)
{
    zip_error_t why;
    zip_error_init(&why);
    package->zip = zip_open_from_source(source, ZIP_RDONLY | ZIP_CHECKCONS, &why);
    if (!package->zip) {
        refuse_damaged(package, error, "zip", zip_error_strerror(&why));
        zip_error_fini(&why);
        zip_source_free(source);
        return false;
    }
    zip_int64_t n = zip_get_num_entries(package->zip, 0);
    if (n > XLSX_ENTRIES_LIMIT)
        return xlsx_refuse(package, error, INNSIKT_ERROR_LIMIT,
                           "the workbook has more than %d parts; %s", XLSX_ENTRIES_LIMIT,
                           limit_mend);
    g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    package->inflated = g_new0(uint64_t, (gsize)n + 1);
    for (zip_int64_t i = 0; i < n; i++)
        if (!entry_is_sound(package, (zip_uint64_t)i, seen, error))
            return false;
    return true;
}

void xlsx_package_close(XlsxPackage *package)
{
    if (package->zip)
        zip_discard(package->zip);
    g_free(package->inflated);
    g_free(package->name);
}

bool xlsx_package_has(const XlsxPackage *package, const char *part)
{
    return zip_name_locate(package->zip, part, ZIP_FL_NOCASE) >= 0;
}

/* --- the parser's calls ---------------------------------------------------------------------- */

static const char *name_local(const char *name)
{
    const char *colon = strchr(name, ':');
    return colon ? colon + 1 : name;
}

static void XMLCALL on_start(void *data, const XML_Char *name, const XML_Char **attributes)
{
    XlsxPart *part = data;
    if (part->fault)
        return;
    if (++part->depth > XLSX_DEPTH_LIMIT) {
        xlsx_part_fail(part, INNSIKT_ERROR_LIMIT, "tags lie deeper than %d in %s; %s",
                       XLSX_DEPTH_LIMIT, part->name, limit_mend);
        return;
    }
    for (size_t i = 1; attributes[i - 1]; i += 2)
        if (strlen(attributes[i]) > XLSX_ATTRIBUTE_LIMIT) {
            xlsx_part_fail(part, INNSIKT_ERROR_LIMIT,
                           "an attribute in %s is longer than %d bytes; %s", part->name,
                           XLSX_ATTRIBUTE_LIMIT, limit_mend);
            return;
        }
    part->handler->start(part, part->depth, name_local(name), attributes);
}

static void XMLCALL on_end(void *data, const XML_Char *name)
{
    XlsxPart *part = data;
    if (!part->fault)
        part->handler->end(part, part->depth--, name_local(name));
}

static void XMLCALL on_text(void *data, const XML_Char *text, int n)
{
    XlsxPart *part = data;
    if (!part->fault)
        part->handler->text(part, text, (size_t)n);
}

static void XMLCALL on_doctype(void *data, const XML_Char *name, const XML_Char *system,
                               const XML_Char *public, int internal)
{
    (void)name, (void)system, (void)public, (void)internal;
    XlsxPart *part = data;
    if (!part->fault)
        xlsx_part_fail(part, INNSIKT_ERROR_DATA,
                       "%s declares a document type, which no workbook does; it was not read",
                       part->name);
}

/* --- for handlers ---------------------------------------------------------------------------- */

void *xlsx_part_data(const XlsxPart *part)
{
    return part->data;
}

void xlsx_part_pause(XlsxPart *part)
{
    part->paused = true;
    XML_StopParser(part->parser, XML_TRUE);
}

void xlsx_part_fail(XlsxPart *part, InnsiktError code, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    g_autofree char *text = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    if (part->fault)
        return;
    xlsx_refuse(part->package, &part->fault, code, "%s", text);
    XML_StopParser(part->parser, XML_FALSE);
}

const char *xlsx_attribute(const char **attributes, const char *name)
{
    for (; *attributes; attributes += 2)
        if (!strcmp(name_local(*attributes), name))
            return attributes[1];
    return NULL;
}

bool xlsx_true(const char *attribute)
{
    return attribute && (!strcmp(attribute, "1") || !strcmp(attribute, "true"));
}

/* --- reading --------------------------------------------------------------------------------- */

XlsxPart *xlsx_part_open(XlsxPackage *package, const char *name, const XlsxHandler *handler,
                         void *data, GError **error)
{
    zip_int64_t entry = zip_name_locate(package->zip, name, ZIP_FL_NOCASE);
    if (entry < 0) {
        refuse_damaged(package, error, name, "it is missing");
        return NULL;
    }
    zip_file_t *file = zip_fopen_index(package->zip, (zip_uint64_t)entry, 0);
    if (!file) {
        refuse_damaged(package, error, name, zip_strerror(package->zip));
        return NULL;
    }
    XlsxPart *part = g_new0(XlsxPart, 1);
    part->package = package;
    part->name = g_strdup(name);
    part->file = file;
    part->entry = (zip_uint64_t)entry;
    part->handler = handler;
    part->data = data;
    part->parser = XML_ParserCreate(NULL);
    XML_SetUserData(part->parser, part);
    XML_SetElementHandler(part->parser, on_start, on_end);
    if (handler->text)
        XML_SetCharacterDataHandler(part->parser, on_text);
    XML_SetStartDoctypeDeclHandler(part->parser, on_doctype);
    return part;
}

void xlsx_part_close(XlsxPart *part)
{
    if (!part)
        return;
    XML_ParserFree(part->parser);
    zip_fclose(part->file);
    g_clear_error(&part->fault);
    g_free(part->name);
    g_free(part);
}

bool xlsx_part_ended(const XlsxPart *part)
{
    return part->ended;
}

static bool count_taken(XlsxPart *part, uint64_t n, GError **error)
{
    XlsxPackage *package = part->package;
    uint64_t *most = &package->inflated[part->entry];
    part->taken += n;
    if (part->taken > XLSX_PART_LIMIT)
        return xlsx_refuse(package, error, INNSIKT_ERROR_LIMIT,
                           "%s is larger than %d MiB when unpacked; delete the empty rows and "
                           "columns around the answers, or split the sheet",
                           part->name, XLSX_PART_LIMIT >> 20);
    if (part->taken > *most) {
        package->total += part->taken - *most;
        *most = part->taken;
    }
    if (package->total > XLSX_ALL_LIMIT)
        return xlsx_refuse(package, error, INNSIKT_ERROR_LIMIT,
                           "the workbook is larger than %d MiB when unpacked; if it is no zip "
                           "bomb, split it",
                           XLSX_ALL_LIMIT >> 20);
    return true;
}

/* One chunk into the parser; *ret_status is the parser's. */
static bool feed(XlsxPart *part, enum XML_Status *ret_status, GError **error)
{
    void *buffer = XML_GetBuffer(part->parser, CHUNK);
    if (!buffer)
        return xlsx_refuse(part->package, error, INNSIKT_ERROR_SYSTEM, "out of memory");
    zip_int64_t n = zip_fread(part->file, buffer, CHUNK);
    if (n < 0)
        return refuse_damaged(part->package, error, part->name, "its bytes do not add up");
    if (!count_taken(part, (uint64_t)n, error))
        return false;
    part->drained = n == 0;
    *ret_status = XML_ParseBuffer(part->parser, (int)n, part->drained);
    return true;
}

static bool token_is_sound(const XlsxPart *part, GError **error)
{
    XML_Index at = XML_GetCurrentByteIndex(part->parser);
    if (part->ended || at < 0 || part->taken - (uint64_t)at <= TOKEN_LIMIT)
        return true;
    return xlsx_refuse(part->package, error, INNSIKT_ERROR_LIMIT,
                       "a tag in %s is longer than %d bytes; %s", part->name, TOKEN_LIMIT,
                       limit_mend);
}

bool xlsx_part_run(XlsxPart *part, GError **error)
{
    while (!part->ended) {
        enum XML_Status status = XML_STATUS_ERROR;
        if (part->paused) {
            part->paused = false;
            status = XML_ResumeParser(part->parser);
        } else if (!feed(part, &status, error))
            return false;
        if (part->fault) {
            g_propagate_error(error, g_steal_pointer(&part->fault));
            return false;
        }
        if (status == XML_STATUS_SUSPENDED)
            return true;
        if (status == XML_STATUS_ERROR)
            return refuse_damaged(part->package, error, part->name,
                                  XML_ErrorString(XML_GetErrorCode(part->parser)));
        part->ended = part->drained;
        if (!token_is_sound(part, error))
            return false;
    }
    return true;
}

bool xlsx_part_read(XlsxPackage *package, const char *name, const XlsxHandler *handler, void *data,
                    GError **error)
{
    XlsxPart *part = xlsx_part_open(package, name, handler, data, error);
    bool read = part && xlsx_part_run(part, error);
    xlsx_part_close(part);
    return read;
}
