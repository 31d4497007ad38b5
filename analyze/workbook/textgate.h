/* The one gate that all text passes before it reaches the workbook's library, which does not guard
 * itself (workbook.md 4.1): invalid UTF-8, control characters, bidi overrides, escapes that Excel
 * would read, and Excel's own limits. */
#ifndef INNSIKT_ANALYZE_WORKBOOK_TEXTGATE_H
#define INNSIKT_ANALYZE_WORKBOOK_TEXTGATE_H

#include <glib.h>

/* A footer holds 255 units; this leaves room for a second text and the codes around both. */
enum { FOOTER_UNITS = 100 };

/* Where a text goes decides its limit and what white space it may hold. */
typedef enum {
    PLACE_CELL,     /* 32,767 UTF-16 units, 253 line feeds */
    PLACE_LINE,     /* a cell that must stay one line: headers, names */
    PLACE_HEADER,   /* a table's header: 255 units, one line */
    PLACE_ALT_TEXT, /* 900 units, 2,079 bytes */
    PLACE_FOOTER,   /* FOOTER_UNITS units; & doubled */
    PLACE_PROPERTY, /* 255 units */
} TextPlace;

/* Caller owns. Never fails: what cannot stand is replaced, removed or cut at a grapheme with `cut`
 * (a phrase such as «… (forkortet)», shorter than the place) at its end. The result is for the
 * library, which writes it as it is: passed through the gate again its escapes would be escaped. */
char *text_gate(const char *text, TextPlace place, const char *cut);

#endif
