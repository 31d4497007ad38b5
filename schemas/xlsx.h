/* Excel workbooks (.xlsx, .xlsm) as they come back from people and form systems, row by row.
 *
 * A workbook is a stranger's file: every part is found through relationships, inflated in a stream
 * and counted against a ceiling while it is, and never unpacked to disk. A DOCTYPE stops the
 * parser. Nothing is evaluated: of a formula the stored value is read. Memory is one window and the
 * shared strings, whatever the number of rows.
 *
 * Messages begin with the name the file was opened under. Errors: NOT_FOUND, SYSTEM (cannot be
 * read), LIMIT (a ceiling below, which the message names), DATA (no workbook, protected by a
 * password, damaged: the message says which, and what to do). */
#ifndef INNSIKT_SCHEMAS_XLSX_H
#define INNSIKT_SCHEMAS_XLSX_H

#include "schemas/error.h"

#include <stddef.h>
#include <stdint.h>

enum {
    XLSX_FILE_LIMIT = 20 << 20, /* bytes */
    XLSX_ENTRIES_LIMIT = 2000,
    XLSX_PART_LIMIT = 64 << 20, /* bytes, inflated */
    XLSX_ALL_LIMIT = 256 << 20, /* of all parts that are read */
    XLSX_SHEETS_LIMIT = 200,
    XLSX_STRINGS_LIMIT = 2000000,
    XLSX_CELLS_LIMIT = 5000000, /* of one sheet */
    XLSX_DEPTH_LIMIT = 64,
    XLSX_ATTRIBUTE_LIMIT = 8 << 10,
    XLSX_TEXT_LIMIT = 32767, /* UTF-16 units, as Excel counts a cell */
    XLSX_ROWS_LIMIT = 1 << 20,
    XLSX_COLUMNS_LIMIT = 1 << 14,
};

typedef struct Xlsx Xlsx;
typedef struct XlsxRows XlsxRows;

typedef struct {
    const char *name; /* as on its tab */
    bool hidden;      /* or very hidden */
} XlsxSheet;

/* What a workbook holds that is never read; worth a word to the user. */
typedef enum {
    XLSX_MACROS = 1,
    XLSX_LINKS = 2,    /* to other workbooks */
    XLSX_EMBEDDED = 4, /* files inside it */
} XlsxExtras;

typedef enum {
    XLSX_TEXT,
    XLSX_NUMBER,  /* `4` or `4.5`: a decimal point, at most 15 digits, no `.0` */
    XLSX_DATE,    /* `2026-03-04`, `2026-03-04T14:05:00`, or `14:05:00` for a time of day or a span;
                   * told from numbers by the number format alone */
    XLSX_BOOL,    /* `true` or `false`: Excel's own words follow the reader's language */
    XLSX_FAULT,   /* `#DIV/0!` and its kin: no value */
    XLSX_NOTHING, /* a formula without a stored value; the text is "" */
} XlsxKind;

typedef struct {
    const char *text; /* valid UTF-8, never NULL */
    uint32_t column;  /* from 0 */
    XlsxKind kind;
    bool formula;
} XlsxCell;

/* Cells by rising column; empty ones are left out. Valid until the next call. */
typedef struct {
    const XlsxCell *cell;
    size_t n;       /* 0: the sheet has ended */
    int64_t number; /* from 1, as Excel numbers it */
    bool hidden;    /* by a filter or by hand; it counts like any other */
} XlsxRow;

/* Opens a file, or bytes that must outlive the result, and reads what it says of its sheets.
 * `name` is what messages call it. */
Xlsx *xlsx_open(const char *path, const char *name, GError **error);
Xlsx *xlsx_open_bytes(const void *bytes, size_t n, const char *name, GError **error);
void xlsx_free(Xlsx *xlsx);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Xlsx, xlsx_free)

/* Sheets of cells in the order of their tabs; those of one chart are left out. */
size_t xlsx_n_sheets(const Xlsx *xlsx);
XlsxSheet xlsx_sheet(const Xlsx *xlsx, size_t sheet);
unsigned xlsx_extras(const Xlsx *xlsx); /* of XlsxExtras */

/* Begins to read a sheet; the workbook must outlive the result. Several may be read at a time. */
XlsxRows *xlsx_rows(Xlsx *xlsx, size_t sheet, GError **error);
void xlsx_rows_free(XlsxRows *rows);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(XlsxRows, xlsx_rows_free)

/* The next row with a cell in it; rows without any are passed over. */
bool xlsx_rows_next(XlsxRows *rows, XlsxRow *ret, GError **error);

/* Merged cells stand behind all rows in the file: name the row of interest when it has been read,
 * and ask when the sheet has ended. The first range that touches it, like `B1:D1`, or NULL. */
void xlsx_rows_watch(XlsxRows *rows, int64_t number);
const char *xlsx_rows_merged(const XlsxRows *rows);

#endif
