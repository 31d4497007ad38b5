/* Workbooks part by part, for what no honest program writes. */
#ifndef INNSIKT_TESTS_SCHEMAS_ZIP_FIXTURE_H
#define INNSIKT_TESTS_SCHEMAS_ZIP_FIXTURE_H

#include <glib.h>
#include <string.h>
#include <zip.h>

typedef struct {
    const char *name, *text; /* NULL name: the end */
} ZipPart;

static const char zip_types[] =
    "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"/>";
static const char zip_root[] =
    "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">"
    "<Relationship Id=\"a\" Type=\"http://purl.oclc.org/ooxml/officeDocument/relationships/"
    "officeDocument\" Target=\"/bok/arbeid.xml\"/></Relationships>";
static const char zip_book[] =
    "<x:workbook xmlns:x=\"http://purl.oclc.org/ooxml/spreadsheetml/main\" "
    "xmlns:rel=\"http://purl.oclc.org/ooxml/officeDocument/relationships\"><x:sheets>"
    "<x:sheet name=\"Gjømt\" sheetId=\"9\" rel:id=\"r9\" state=\"veryHidden\"/>"
    "<x:sheet name=\"Svar &amp; tall\" sheetId=\"4\" rel:id=\"r4\"/></x:sheets></x:workbook>";
static const char zip_relations[] =
    "<Relationships><Relationship Id=\"r9\" Type=\"x/worksheet\" Target=\"../ark/en.xml\"/>"
    "<Relationship Id=\"r4\" Type=\"x/worksheet\" Target=\"/ark/to.xml\"/>"
    "<Relationship Id=\"s\" Type=\"x/sharedStrings\" Target=\"ord.xml\"/>"
    "<Relationship Id=\"f\" Type=\"x/styles\" Target=\"./form.xml\"/>"
    "<Relationship Id=\"u\" Type=\"x/styles\" TargetMode=\"External\" Target=\"file:///x\"/>"
    "</Relationships>";
static const char zip_strings[] = "<sst><si><t>én</t></si><si><t/></si></sst>";
static const char zip_styles[] = "<styleSheet><cellXfs><xf numFmtId=\"0\"/></cellXfs></styleSheet>";
static const char zip_empty_sheet[] = "<worksheet><sheetData/></worksheet>";

/* The parts as a zip in memory; `password` may be NULL. Caller frees. */
static inline GBytes *zip_bytes_locked(const ZipPart *parts, int method, const char *password)
{
    zip_source_t *source = zip_source_buffer_create(NULL, 0, 0, NULL);
    zip_source_keep(source);
    zip_t *zip = zip_open_from_source(source, ZIP_CREATE | ZIP_TRUNCATE, NULL);
    for (; parts->name; parts++) {
        zip_source_t *text = zip_source_buffer(zip, parts->text, strlen(parts->text), 0);
        zip_int64_t at = zip_file_add(zip, parts->name, text, 0);
        g_assert_true(at >= 0 && !zip_set_file_compression(zip, (zip_uint64_t)at, method, 0));
        if (password)
            g_assert_true(
                !zip_file_set_encryption(zip, (zip_uint64_t)at, ZIP_EM_AES_256, password));
    }
    g_assert_true(zip_close(zip) == 0);
    zip_stat_t stat;
    g_assert_true(zip_source_stat(source, &stat) == 0 && zip_source_open(source) == 0);
    char *bytes = g_malloc(stat.size + 1);
    g_assert_true(zip_source_read(source, bytes, stat.size) == (zip_int64_t)stat.size);
    zip_source_close(source);
    zip_source_free(source);
    return g_bytes_new_take(bytes, stat.size);
}

static inline GBytes *zip_bytes(const ZipPart *parts, int method)
{
    return zip_bytes_locked(parts, method, NULL);
}

/* A workbook whose sheet «Svar & tall» and, unless NULL, strings and styles are these. */
static inline GBytes *zip_workbook(const char *sheet, const char *strings, const char *styles)
{
    const ZipPart parts[] = {{"[Content_Types].xml", zip_types},
                             {"_rels/.rels", zip_root},
                             {"bok/arbeid.xml", zip_book},
                             {"bok/_rels/arbeid.xml.rels", zip_relations},
                             {"ark/en.xml", zip_empty_sheet},
                             {"ark/to.xml", sheet},
                             {"bok/ord.xml", strings ? strings : zip_strings},
                             {"bok/form.xml", styles ? styles : zip_styles},
                             {0}};
    return zip_bytes(parts, ZIP_CM_DEFLATE);
}

#endif
