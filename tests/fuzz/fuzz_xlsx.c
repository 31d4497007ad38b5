/* Any bytes as a workbook. Read as they are they rarely pass the zip; the first byte may instead
 * make them one part of a sound workbook, so that what lies behind the zip is tried too. Whatever
 * comes out is valid text in order, and comes out again the same. */
#include "schemas/xlsx.h"

#include "tests/schemas/zip_fixture.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define MUST(condition)                                                                            \
    do                                                                                             \
        if (!(condition))                                                                          \
            abort();                                                                               \
    while (0)

static guint row_try(const XlsxRow *row, guint sum)
{
    for (size_t i = 0; i < row->n; i++) {
        const XlsxCell *cell = &row->cell[i];
        MUST(cell->column < XLSX_COLUMNS_LIMIT && (!i || cell->column > cell[-1].column));
        MUST(g_utf8_validate(cell->text, -1, NULL));
        MUST(*cell->text || cell->kind == XLSX_NOTHING || cell->kind == XLSX_TEXT);
        sum = 31 * sum + g_str_hash(cell->text) + cell->column;
    }
    return sum;
}

/* Reads to the end or the first fault; a number over all that was read. */
static guint sheet_try(Xlsx *xlsx, size_t sheet)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(XlsxRows) rows = xlsx_rows(xlsx, sheet, &error);
    MUST(!rows == !!error);
    guint sum = 0;
    int64_t number = 0;
    for (XlsxRow row; rows;) {
        bool read = xlsx_rows_next(rows, &row, &error);
        MUST(read == !error);
        if (!read || !row.n)
            break;
        MUST(row.number > number && row.number <= XLSX_ROWS_LIMIT);
        number = row.number;
        xlsx_rows_watch(rows, number);
        sum = row_try(&row, sum);
    }
    return sum;
}

static void book_try(GBytes *bytes)
{
    gsize n;
    const void *data = g_bytes_get_data(bytes, &n);
    g_autoptr(GError) error = NULL;
    g_autoptr(Xlsx) xlsx = xlsx_open_bytes(data, n, "fuzz.xlsx", &error);
    MUST(!xlsx == !!error);
    for (size_t i = 0; xlsx && i < xlsx_n_sheets(xlsx); i++)
        MUST(sheet_try(xlsx, i) == sheet_try(xlsx, i));
}

enum { SHEET, STRINGS, STYLES, BOOK, ROOT, N_PARTS };

static GBytes *book_around(unsigned part, const char *text)
{
    static const char sheet[] = "<worksheet><sheetData><row><c t=\"s\" s=\"1\"><v>0</v></c>"
                                "<c s=\"0\"><v>46085.5</v></c></row></sheetData></worksheet>";
    const ZipPart parts[] = {{"[Content_Types].xml", zip_types},
                             {"_rels/.rels", part == ROOT ? text : zip_root},
                             {"bok/arbeid.xml", part == BOOK ? text : zip_book},
                             {"bok/_rels/arbeid.xml.rels", zip_relations},
                             {"ark/en.xml", zip_empty_sheet},
                             {"ark/to.xml", part == SHEET ? text : sheet},
                             {"bok/ord.xml", part == STRINGS ? text : zip_strings},
                             {"bok/form.xml", part == STYLES ? text : zip_styles},
                             {0}};
    return zip_bytes(parts, ZIP_CM_STORE);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (!size)
        return 0;
    const unsigned part = *data % (N_PARTS + 1);
    g_autofree char *text = g_strndup((const char *)data + 1, size - 1);
    g_autoptr(GBytes) bytes =
        part == N_PARTS ? g_bytes_new(data + 1, size - 1) : book_around(part, text);
    book_try(bytes);
    return 0;
}
