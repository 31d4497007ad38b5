/* The border to libxlsxwriter: a book, its sheets, cells with a style, tables and print set-up. All
 * text passes the text gate here, every written cell has a style, and every row gets the height its
 * text needs (workbook.md 2.1), so that no sheet has to think of either.
 *
 * The first error is kept in the book and told by book_close; after it, calls do nothing. */
#ifndef INNSIKT_ANALYZE_WORKBOOK_CELL_H
#define INNSIKT_ANALYZE_WORKBOOK_CELL_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

typedef struct Book Book;
typedef struct Sheet Sheet;

typedef enum { H_LEFT, H_CENTRE, H_RIGHT } HAlign;
typedef enum { V_TOP, V_MIDDLE, V_BOTTOM } VAlign;

/* How a cell looks. Zero means none: no fill, no border, General format. Colours are 0xRRGGBB. */
typedef struct {
    double size;
    bool bold, underline, wrap, unlocked;
    HAlign h;
    VAlign v;
    uint32_t colour, fill;
    uint32_t bottom; /* hairline under the cell */
    uint32_t box;    /* border all round, 1 pt */
    uint32_t left;   /* thick left border: the upper step of a range */
    int rotation;
    const char *number; /* written the en-US way: "0 %", "#,##0" */
} Style;

typedef struct {
    const char *title, *subject, *language; /* language: "nb-NO" */
    const char *program;                    /* "innsikt 0.1" */
    int64_t created;                        /* µs UTC: the data's own time, not now */
    const char *cut;                        /* what stands where a text was cut */
} BookInfo;

/* A new workbook that will be written to `path` by book_close. */
Book *book_new(const char *path, const BookInfo *info);
/* Writes the file. False with the first error met since book_new, and then there is no file. Frees.
 */
bool book_close(Book *book, GError **error);
void book_abandon(Book *book); /* frees without writing */

/* A custom property of the document. An empty text is left out: the library takes none. */
void book_property(Book *book, const char *name, const char *text);

/* A sheet; names are fixed words that Excel takes, unique without regard to case. Never NULL. */
Sheet *book_sheet(Book *book, const char *name);
const char *sheet_name(const Sheet *sheet);

typedef enum {
    SHEET_LANDSCAPE_PAGE,
    SHEET_LANDSCAPE_WIDE
} PrintFit; /* 1×1, or 1 wide × any tall */
typedef struct {
    PrintFit fit;
    int repeat_row;                        /* header row repeated on every page, or -1 */
    const char *footer_left, *footer_page; /* page text holds &P and &N */
    double margin[4];                      /* left right top bottom, inches; zeros: the house's */
    bool centred;
    int zoom; /* 0: 100 */
} PrintSetup;
void sheet_print(Sheet *sheet, const PrintSetup *setup);
/* A new printed page begins above this row. Call before sheet_print; at most a thousand. */
void sheet_break(Sheet *sheet, int row);
void sheet_freeze(Sheet *sheet, int row, int column);
void sheet_protect(Sheet *sheet); /* without password: against slips, not people */
void sheet_hide(Sheet *sheet);
void sheet_activate(Sheet *sheet);
void sheet_column(Sheet *sheet, int column, double width); /* Excel's units */
void sheet_height(Sheet *sheet, int row, double points);   /* overrules the measured height */

/* Cells. Undefined numbers are written as «–». */
void cell_text(Sheet *sheet, int row, int column, const Style *style, const char *text);
void cell_number(Sheet *sheet, int row, int column, const Style *style, double number);
/* An instant as a date cell, local in `zone`; «–» for TIME_UNKNOWN. */
void cell_date(Sheet *sheet, int row, int column, const Style *style, int64_t instant,
               GTimeZone *zone);
/* Text that leads to a cell of another sheet. */
void cell_link(Sheet *sheet, int row, int column, const Style *style, const char *text,
               const Sheet *target, int target_row, int target_column);
/* The same for a number: the number stays a number. */
void cell_number_link(Sheet *sheet, int row, int column, const Style *style, double number,
                      const Sheet *target, int target_row, int target_column);

/* A run of text with its own look inside one cell. */
typedef struct {
    const char *text;
    double size;
    bool bold;
    uint32_t colour;
} Run;
void cell_rich(Sheet *sheet, int row, int column, const Style *style, const Run *runs, size_t n);

/* A marked-up table over cells that stand already: `rows` body rows under a header row; none when
 * there are no rows. Names are ASCII, unique, not to be read as a cell; headers are what was
 * written bold in the header row, at most 255 units, unique without regard to case; tables do not
 * overlap. Anything else is an error. */
void sheet_table(Sheet *sheet, const char *name, int header_row, int first_column, int columns,
                 int rows, bool filter);

/* Data bar 0…1 and two-colour heat, fixed ends. */
void sheet_bar(Sheet *sheet, int first_row, int last_row, int column, uint32_t colour);
void sheet_heat(Sheet *sheet, int first_row, int last_row, int column, double low, double high,
                uint32_t low_colour, uint32_t high_colour);

/* Three-colour heat around a middle, fixed ends: low colour, white, high colour. */
void sheet_heat_around(Sheet *sheet, int first_row, int last_row, int column, double low,
                       double middle, double high, uint32_t low_colour, uint32_t high_colour);

/* --- charts -------------------------------------------------------------------------------------
 */

typedef struct {
    const char *name;
    uint32_t fill;  /* 0: invisible, the offset of a diverging bar */
    uint32_t label; /* colour of the data labels; 0: none */
    int column;     /* values */
} Series;

typedef struct {
    const Sheet *data; /* where categories and values stand */
    int first_row, last_row, category_column;
    const Series *series;
    size_t n_series;
    double axis_max;          /* value axis 0…axis_max */
    double crosses;           /* where the category axis stands; 0: at the left */
    bool legend;              /* on top; entries of invisible series are left out */
    int width, height;        /* pixels */
    const char *label_format; /* of the data labels; NULL: whole per cent, none below 5.5 % */
    const char *alt_text;
} BarChart;

/* Stacked horizontal bars, first row on top. */
void sheet_bar_chart(Sheet *sheet, int row, int column, const BarChart *chart);

/* Clustered upright columns, the first row at the left; axis_max is where the value axis ends (0:
 * where the values do) and `crosses` is not read. An empty cell leaves a gap. */
void sheet_column_chart(Sheet *sheet, int row, int column, const BarChart *chart);

/* Points between two axes of one scale that cross in the middle, each with a text beside it. */
typedef struct {
    const Sheet *data;
    int first_row, last_row;
    int x_column, y_column;
    const char *const *labels;   /* of the points, by row */
    const char *x_name, *y_name; /* of the axes */
    double low, high;            /* of both axes */
    double crosses;              /* where both cross */
    uint32_t fill;               /* of the points */
    int width, height;           /* pixels */
    const char *alt_text;
} ScatterChart;

void sheet_scatter_chart(Sheet *sheet, int row, int column, const ScatterChart *chart);

/* Pixel width of columns first … last as set by sheet_column. */
int sheet_pixels(const Sheet *sheet, int first, int last);
/* Height in points of the rows first … last as they stand now. */
double sheet_points(const Sheet *sheet, int first, int last);
/* How many rows hold something: what the finished file must hold too. */
int sheet_rows_written(const Sheet *sheet);

/* Height in points that a text needs in a width of Excel units: the measure behind every row. */
double text_height(const char *text, double width, double size, bool bold);

#endif
