/* What the files of the workbook reader share. */
#ifndef INNSIKT_SCHEMAS_XLSX_PRIVATE_H
#define INNSIKT_SCHEMAS_XLSX_PRIVATE_H

#include "schemas/xlsx_value.h"

typedef struct {
    char *name, *part;
    bool hidden;
} XlsxPlace;

typedef struct XlsxStrings XlsxStrings;

struct Xlsx {
    XlsxPackage package;
    GArray *places;       /* of XlsxPlace */
    GByteArray *formats;  /* of XlsxFormat, by the style of a cell */
    char *strings_part;   /* NULL: none */
    XlsxStrings *strings; /* once a sheet is read */
    bool from_1904;
    unsigned extras;
};

/* The shared strings in their order: blocks of texts that never move, and four bytes each. */
XlsxStrings *xlsx_strings_read(XlsxPackage *package, const char *part, GError **error);
void xlsx_strings_free(XlsxStrings *strings);
const char *xlsx_string(const XlsxStrings *strings, size_t i); /* NULL: no such */

/* Fills in places, formats, extras and the rest from the package. */
bool xlsx_book_read(Xlsx *xlsx, GError **error);

#endif
