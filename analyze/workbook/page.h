/* What a sheet needs to be written, and the pieces that sheets share. A sheet is one file and one
 * row in sheets.def; it reads results and computes nothing. */
#ifndef INNSIKT_ANALYZE_WORKBOOK_PAGE_H
#define INNSIKT_ANALYZE_WORKBOOK_PAGE_H

#include "analyze/results.h"
#include "analyze/workbook/cell.h"
#include "analyze/workbook/look.h"
#include "analyze/workbook/workbook.h"

typedef enum {
#define SHEET(id, word, has, write) SHEET_##id,
#include "analyze/workbook/sheets.def"
#undef SHEET
    N_SHEETS
} SheetId;

typedef struct {
    const Results *results;
    const Project *project;
    const Framework *framework;
    Language language;
    const char *program;
    GTimeZone *zone;
    Book *book;
    Sheet *sheet[N_SHEETS]; /* NULL: left out, there are no data for it */
    Sheet *identity;        /* very hidden */
    Sheet *diagram;         /* hidden columns for charts */
    int diagram_column;     /* next free one */
    GHashTable *basis_row;  /* key → row in Grunnlag + 1 */
    GArray *origins;        /* of Origin: which figure each cell shows */
} Page;

/* A cell that shows a figure: how `why` finds from the one to the other. */
typedef struct {
    const Sheet *sheet;
    int row, column;
    char *key;
} Origin;

typedef struct {
    const char *word;                   /* suffix of words(sheet.…) and (purpose.…) */
    bool (*has_data)(const Page *page); /* NULL: always */
    void (*write)(Page *page, Sheet *sheet);
} SheetDef;
extern const SheetDef sheet_defs[N_SHEETS];

#define W(key) words(page->language, (key))

/* Rows 1–4: title as a question, the finding in one sentence, what it rests on, link to the cover.
 */
enum { ROW_TITLE, ROW_SENTENCE, ROW_RESTS_ON, ROW_BACK, ROW_SPACE, ROW_HEADER };
void page_head(Page *page, Sheet *sheet, const char *title, const char *sentence,
               const char *rests_on);

/* The heading of a part, by its label key; returns the row below it. */
int page_heading(Page *page, Sheet *sheet, int row, const char *key);

/* One column of a table: label key, width, style of its header. */
typedef struct {
    const char *label;
    double width;
    bool number;
} ColumnHead;
void page_columns(Page *page, Sheet *sheet, int row, const ColumnHead *columns, int n);

/* Headers that come from a framework, whose names may be alike, whatever the case; those of a table
 * must differ. page_header gives the text, with the id behind it when the text stands there
 * already; page_header_take tells of a header that the table has anyway. */
GHashTable *page_headers_new(void);
void page_header_take(GHashTable *taken, const char *text);
char *page_header(GHashTable *taken, const char *text, const char *id); /* caller owns */

/* «title – stage», for footers; caller owns. */
char *page_footer(const Page *page);
/* Print set-up with the house's footer. */
void page_print(Page *page, Sheet *sheet, PrintFit fit, int repeat_row);

/* The figure `path`/`statistic` in a cell: its number, «–» where it is undefined or was never
 * published. Every number that is a result is written here, so that the cell, results.json and
 * `why` cannot come apart. */
void page_figure(Page *page, Sheet *sheet, int row, int column, const Style *style,
                 const char *path, const char *statistic);
/* The same for a count that leads to its row in Grunnlag. */
void page_count(Page *page, Sheet *sheet, int row, int column, const char *path,
                const char *statistic);
/* Says of a cell written otherwise (a word made from a number) which figure it shows. */
void page_origin(Page *page, const Sheet *sheet, int row, int column, const char *path,
                 const char *statistic);

/* The probability of a verdict: a number up to «over 95 %», or a word where few stand behind it. */
void page_probability(Page *page, Sheet *sheet, int row, int column, bool bold, const char *path,
                      const char *statistic, double n_eff);
/* The same for a sentence; caller owns. */
char *page_probability_words(const Page *page, double probability, double n_eff);

/* «412 svar fra 34 organisasjoner», with the right number of each; caller owns. */
char *page_rests_on(const Page *page, size_t answers, size_t organisations);
const char *page_weights(const Page *page); /* what counts how much, one sentence */

const char *page_term(const Page *page, TermKind kind, int index); /* label; "–" for NO_TERM */

#endif
