#include "schemas/xlsx_private.h"

enum { BLOCK_BITS = 20, BLOCK = 1 << BLOCK_BITS };

struct XlsxStrings {
    GPtrArray *blocks; /* of char[BLOCK] */
    size_t used;       /* of the last */
    GArray *places;    /* of uint32_t: block and offset */
    XlsxRich rich;     /* while it is read */
};

static void string_keep(XlsxStrings *strings, const char *text, size_t n)
{
    if (!strings->blocks->len || strings->used + n + 1 > BLOCK) {
        g_ptr_array_add(strings->blocks, g_malloc(BLOCK));
        strings->used = 0;
    }
    uint32_t block = strings->blocks->len - 1;
    uint32_t place = block << BLOCK_BITS | (uint32_t)strings->used;
    memcpy((char *)strings->blocks->pdata[block] + strings->used, text, n + 1);
    strings->used += n + 1;
    g_array_append_val(strings->places, place);
}

static void on_start(XlsxPart *part, int depth, const char *name, const char **attributes)
{
    (void)attributes;
    XlsxStrings *strings = xlsx_part_data(part);
    if (depth == 2 && !strcmp(name, "si"))
        g_string_truncate(strings->rich.text, 0);
    else
        xlsx_rich_start(&strings->rich, depth, name);
}

static void on_end(XlsxPart *part, int depth, const char *name)
{
    XlsxStrings *strings = xlsx_part_data(part);
    XlsxRich *rich = &strings->rich;
    if (depth != 2 || strcmp(name, "si")) {
        xlsx_rich_end(rich, name);
        return;
    }
    xlsx_decode(rich->text, 0);
    if (strings->places->len == XLSX_STRINGS_LIMIT)
        xlsx_part_fail(part, INNSIKT_ERROR_LIMIT,
                       "the workbook has more than %d shared strings; split it",
                       XLSX_STRINGS_LIMIT);
    else if (!xlsx_text_fits(rich->text->str, rich->text->len))
        xlsx_part_fail(part, INNSIKT_ERROR_LIMIT,
                       "shared string %u is longer than the %d characters Excel allows in a cell; "
                       "shorten it",
                       strings->places->len, XLSX_TEXT_LIMIT);
    else
        string_keep(strings, rich->text->str, rich->text->len);
}

static void on_text(XlsxPart *part, const char *text, size_t n)
{
    XlsxStrings *strings = xlsx_part_data(part);
    if (strings->rich.open && !xlsx_append(strings->rich.text, 0, text, n))
        xlsx_part_fail(part, INNSIKT_ERROR_LIMIT,
                       "shared string %u is longer than the %d characters Excel allows in a cell; "
                       "shorten it",
                       strings->places->len, XLSX_TEXT_LIMIT);
}

XlsxStrings *xlsx_strings_read(XlsxPackage *package, const char *part, GError **error)
{
    static const XlsxHandler handler = {on_start, on_end, on_text};
    XlsxStrings *strings = g_new0(XlsxStrings, 1);
    strings->blocks = g_ptr_array_new_with_free_func(g_free);
    strings->places = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    strings->rich = (XlsxRich){.text = g_string_new(NULL), .base = 2};
    bool read = !part || xlsx_part_read(package, part, &handler, strings, error);
    g_string_free(g_steal_pointer(&strings->rich.text), TRUE);
    if (read)
        return strings;
    xlsx_strings_free(strings);
    return NULL;
}

void xlsx_strings_free(XlsxStrings *strings)
{
    if (!strings)
        return;
    g_ptr_array_unref(strings->blocks);
    g_array_unref(strings->places);
    g_free(strings);
}

const char *xlsx_string(const XlsxStrings *strings, size_t i)
{
    if (i >= strings->places->len)
        return NULL;
    uint32_t place = g_array_index(strings->places, uint32_t, i);
    return (const char *)strings->blocks->pdata[place >> BLOCK_BITS] + (place & (BLOCK - 1));
}
