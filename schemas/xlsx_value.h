/* What the bytes of a cell say: escaped texts, rich texts, numbers and the formats that make dates
 * of them. Pure; private to schemas/xlsx*.c. */
#ifndef INNSIKT_SCHEMAS_XLSX_VALUE_H
#define INNSIKT_SCHEMAS_XLSX_VALUE_H

#include "schemas/xlsx_part.h"

/* --- texts --- */

/* A shared string or an inline one: the texts of its runs in a row; how it is spoken (rPh) is not
 * part of it. */
typedef struct {
    GString *text;
    int base; /* depth of <si> or <is> */
    bool run, open;
} XlsxRich;

void xlsx_rich_start(XlsxRich *rich, int depth, const char *name);
void xlsx_rich_end(XlsxRich *rich, const char *name);

/* `_xHHHH_` is how Excel writes what XML cannot hold; decoded in place from `from` on. NUL and lone
 * surrogates become U+FFFD. */
void xlsx_decode(GString *text, size_t from);

/* Appends unless the text would pass the limit whatever its characters; false then. */
bool xlsx_append(GString *text, size_t from, const char *more, size_t n);
bool xlsx_text_fits(const char *text, size_t n);

/* --- numbers --- */

typedef enum {
    FORMAT_NUMBER,
    FORMAT_DATE, /* days, perhaps with a time of day */
    FORMAT_TIME, /* a time of day */
    FORMAT_SPAN, /* [h]:mm: hours may pass 24 */
} XlsxFormat;

/* The format of one of Excel's own ids, and of a format code (ECMA-376 18.8.30–31). */
XlsxFormat xlsx_format_builtin(unsigned id);
XlsxFormat xlsx_format_code(const char *code);

/* Appends the number, or the date it stands for; false when it is no finite number. */
bool xlsx_number_text(const char *text, XlsxFormat format, bool from_1904, GString *out,
                      XlsxKind *ret_kind);

/* `AB12`: column from 0 and row from 1, 0 when it has none; the length read, 0 when it is no such
 * reference or lies outside of Excel's sheet. */
size_t xlsx_reference(const char *text, uint32_t *ret_column, int64_t *ret_row);

#endif
