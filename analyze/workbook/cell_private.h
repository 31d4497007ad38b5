/* What cell.c, chart.c and table.c share; nobody else includes it. */
#ifndef INNSIKT_ANALYZE_WORKBOOK_CELL_PRIVATE_H
#define INNSIKT_ANALYZE_WORKBOOK_CELL_PRIVATE_H

#include "analyze/workbook/cell.h"

#include <xlsxwriter.h>

enum { NAME_UNITS = 31 }; /* of a sheet or a table */

struct Book {
    lxw_workbook *file;
    char *path, *cut;
    GHashTable *formats; /* Style (by value) → lxw_format* */
    GPtrArray *sheets;   /* of Sheet* */
    GHashTable *names;   /* casefolded sheet and table names */
    GError *error;       /* the first */
};

typedef struct {
    char *text; /* as it came, before the gate */
    lxw_format *format;
} Header;

typedef struct {
    int first_row, last_row, first_column, last_column;
} Area;

struct Sheet {
    Book *book;
    lxw_worksheet *file;
    char *name;
    GArray *widths;      /* of double, per column; 0: the default */
    GArray *heights;     /* of double, per row; 0: none measured yet */
    GArray *fixed;       /* of gboolean, per row: height was given */
    GHashTable *headers; /* "row column" → Header*, of bold cells */
    GArray *breaks;      /* of lxw_row_t, ended by 0 when set */
    GArray *tables;      /* of Area: none may overlap */
    int rows;            /* first row below everything written */
    int drawn;           /* last row that a chart covers, or 0 */
};

/* Whether calls still do something: no error has been met and the sheet exists. */
bool sheet_ready(const Sheet *sheet);
/* Claims a name; the second claim is an error. `kind` ("sheet ", "table ") stands in the message.
 */
bool book_name_is_new(Book *book, const char *kind, const char *name);
/* Notes a library error with the sheet and the cell; the first one stays. */
void book_note(Book *book, const Sheet *sheet, int row, int column, lxw_error code);

#endif
