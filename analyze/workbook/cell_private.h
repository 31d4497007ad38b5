/* What cell.c and chart.c share; nobody else includes it. */
#ifndef INNSIKT_ANALYZE_WORKBOOK_CELL_PRIVATE_H
#define INNSIKT_ANALYZE_WORKBOOK_CELL_PRIVATE_H

#include "analyze/workbook/cell.h"

#include <xlsxwriter.h>

struct Book {
    lxw_workbook *file;
    char *path, *cut;
    GHashTable *formats; /* Style (by value) → lxw_format* */
    GPtrArray *sheets;   /* of Sheet* */
    GHashTable *names;   /* casefolded sheet and table names */
    GError *error;       /* the first */
};

struct Sheet {
    Book *book;
    lxw_worksheet *file;
    char *name;
    GArray *widths;      /* of double, per column; 0: the default */
    GArray *heights;     /* of double, per row; 0: none measured yet */
    GArray *fixed;       /* of gboolean, per row: height was given */
    GHashTable *headers; /* "row column" → text and look of bold cells */
    GArray *breaks;      /* of lxw_row_t, ended by 0 when set */
    int rows;            /* first row below everything written */
};

/* Notes a library error with the sheet and the cell; the first one stays. */
void book_note(Book *book, const Sheet *sheet, int row, int column, lxw_error code);

#endif
