/* What the workbook's tests share: a package opened again with libzip and expat, beside the
 * program's own eyes. */
#ifndef INNSIKT_TESTS_XLSX_H
#define INNSIKT_TESTS_XLSX_H

#include <expat.h>
#include <glib.h>
#include <setjmp.h>
#include <stdbool.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zip.h>

#include <cmocka.h>

static inline char *xlsx_read(zip_t *zip, zip_uint64_t index)
{
    zip_stat_t stat;
    assert_int_equal(zip_stat_index(zip, index, 0, &stat), 0);
    zip_file_t *file = zip_fopen_index(zip, index, 0);
    assert_non_null(file);
    char *text = g_malloc0(stat.size + 1);
    assert_int_equal(zip_fread(file, text, stat.size), stat.size);
    assert_int_equal(zip_fclose(file), 0);
    return text;
}

static inline zip_t *xlsx_open(const char *path)
{
    int code = 0;
    zip_t *zip = zip_open(path, ZIP_RDONLY | ZIP_CHECKCONS, &code);
    if (!zip)
        fail_msg("%s is no whole package: %d", path, code);
    return zip;
}

/* The text of a part; NULL: there is none of that name. Caller owns. */
static inline char *xlsx_part(const char *path, const char *name)
{
    zip_t *zip = xlsx_open(path);
    zip_int64_t at = zip_name_locate(zip, name, 0);
    char *text = at < 0 ? NULL : xlsx_read(zip, (zip_uint64_t)at);
    zip_discard(zip);
    return text;
}

typedef struct {
    const char *element, *attribute; /* attribute NULL: the element's text */
    GPtrArray *found;
    GString *text; /* of the element that is open; NULL outside */
} XlsxWanted;

static void XMLCALL xlsx_start(void *data, const XML_Char *name, const XML_Char **attributes)
{
    XlsxWanted *wanted = data;
    if (strcmp(name, wanted->element) != 0)
        return;
    if (!wanted->attribute)
        wanted->text = g_string_new(NULL);
    for (; wanted->attribute && *attributes; attributes += 2)
        if (strcmp(attributes[0], wanted->attribute) == 0)
            g_ptr_array_add(wanted->found, g_strdup(attributes[1]));
}

static void XMLCALL xlsx_end(void *data, const XML_Char *name)
{
    XlsxWanted *wanted = data;
    if (!wanted->text || strcmp(name, wanted->element) != 0)
        return;
    g_ptr_array_add(wanted->found, g_string_free(wanted->text, FALSE));
    wanted->text = NULL;
}

static void XMLCALL xlsx_text(void *data, const XML_Char *text, int n)
{
    XlsxWanted *wanted = data;
    if (wanted->text)
        g_string_append_len(wanted->text, text, n);
}

/* Every `element`'s text, or its attribute, in order. Fails when the XML is not well-formed. */
static inline GPtrArray *xlsx_all(const char *xml, const char *element, const char *attribute)
{
    XlsxWanted wanted = {element, attribute, g_ptr_array_new_with_free_func(g_free), NULL};
    XML_Parser parser = XML_ParserCreate("UTF-8");
    XML_SetUserData(parser, &wanted);
    XML_SetElementHandler(parser, xlsx_start, xlsx_end);
    XML_SetCharacterDataHandler(parser, xlsx_text);
    if (XML_Parse(parser, xml, (int)strlen(xml), XML_TRUE) != XML_STATUS_OK)
        fail_msg("not well-formed: %s in line %lu, column %lu",
                 XML_ErrorString(XML_GetErrorCode(parser)), XML_GetCurrentLineNumber(parser),
                 XML_GetCurrentColumnNumber(parser));
    XML_ParserFree(parser);
    return wanted.found;
}

/* Every XML part is well-formed; returns how many parts there are. */
static inline size_t xlsx_assert_whole(const char *path)
{
    zip_t *zip = xlsx_open(path);
    const zip_int64_t n = zip_get_num_entries(zip, 0);
    for (zip_int64_t i = 0; i < n; i++) {
        g_autofree char *text = xlsx_read(zip, (zip_uint64_t)i);
        g_autoptr(GPtrArray) none = xlsx_all(text, "nothing", NULL);
        assert_int_equal(none->len, 0);
    }
    zip_discard(zip);
    return (size_t)n;
}

/* What Excel shows of `_x0041_` in a stored text. Caller owns. */
static inline char *xlsx_decode(const char *stored)
{
    GString *out = g_string_new(NULL);
    for (const char *p = stored; *p;) {
        unsigned code;
        if (g_regex_match_simple("^_x[0-9A-Fa-f]{4}_", p, 0, 0) && sscanf(p + 2, "%4x", &code)) {
            g_string_append_unichar(out, code);
            p += 7;
        } else {
            g_string_append_unichar(out, g_utf8_get_char(p));
            p = g_utf8_next_char(p);
        }
    }
    return g_string_free(out, FALSE);
}

typedef struct {
    const char *cell;
    char *type, *value;
    GString *text;
    bool inside;
} XlsxCell;

static void XMLCALL xlsx_cell_start(void *data, const XML_Char *name, const XML_Char **attributes)
{
    XlsxCell *wanted = data;
    if (strcmp(name, "v") == 0 && wanted->inside)
        wanted->text = g_string_new(NULL);
    if (strcmp(name, "c") != 0)
        return;
    const char *type = "n";
    wanted->inside = false;
    for (; *attributes; attributes += 2)
        if (strcmp(attributes[0], "r") == 0)
            wanted->inside = strcmp(attributes[1], wanted->cell) == 0;
        else if (strcmp(attributes[0], "t") == 0)
            type = attributes[1];
    if (wanted->inside)
        wanted->type = g_strdup(type);
}

static void XMLCALL xlsx_cell_end(void *data, const XML_Char *name)
{
    XlsxCell *wanted = data;
    if (wanted->text && strcmp(name, "v") == 0) {
        wanted->value = g_string_free(wanted->text, FALSE);
        wanted->text = NULL;
    }
}

static void XMLCALL xlsx_cell_text(void *data, const XML_Char *text, int n)
{
    XlsxCell *wanted = data;
    if (wanted->text)
        g_string_append_len(wanted->text, text, n);
}

/* What stands in a cell of the n-th sheet, as stored; NULL when it is empty. Caller owns. */
static inline char *xlsx_cell(const char *path, int sheet, const char *cell)
{
    g_autofree char *name = g_strdup_printf("xl/worksheets/sheet%d.xml", sheet);
    g_autofree char *xml = xlsx_part(path, name);
    assert_non_null(xml);
    XlsxCell wanted = {.cell = cell};
    XML_Parser parser = XML_ParserCreate("UTF-8");
    XML_SetUserData(parser, &wanted);
    XML_SetElementHandler(parser, xlsx_cell_start, xlsx_cell_end);
    XML_SetCharacterDataHandler(parser, xlsx_cell_text);
    assert_int_equal(XML_Parse(parser, xml, (int)strlen(xml), XML_TRUE), XML_STATUS_OK);
    XML_ParserFree(parser);
    if (wanted.value && g_strcmp0(wanted.type, "s") == 0) {
        g_autofree char *shared = xlsx_part(path, "xl/sharedStrings.xml");
        g_autoptr(GPtrArray) texts = xlsx_all(shared, "si", NULL);
        const int at = atoi(wanted.value);
        assert_in_range(at, 0, texts->len - 1);
        g_free(wanted.value);
        wanted.value = g_strdup(texts->pdata[at]);
    }
    g_free(wanted.type);
    return wanted.value;
}

static inline gint names_compare(gconstpointer a, gconstpointer b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Names of what a folder holds, sorted and joined by blanks. Caller owns. */
static inline char *folder_listing(const char *folder)
{
    g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
    GDir *dir = g_dir_open(folder, 0, NULL);
    assert_non_null(dir);
    for (const char *name; (name = g_dir_read_name(dir));)
        g_ptr_array_add(names, g_strdup(name));
    g_dir_close(dir);
    g_ptr_array_sort(names, names_compare);
    GString *out = g_string_new(NULL);
    for (guint i = 0; i < names->len; i++)
        g_string_append_printf(out, "%s%s", i ? " " : "", (char *)names->pdata[i]);
    return g_string_free(out, FALSE);
}

#endif
