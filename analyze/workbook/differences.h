/* Blocks about differences between groups and methods, and about coders, on sheets that are about
 * more. Each writes from `row` on and returns the row behind it; nothing without data. */
#ifndef INNSIKT_ANALYZE_WORKBOOK_DIFFERENCES_H
#define INNSIKT_ANALYZE_WORKBOOK_DIFFERENCES_H

#include "analyze/difference.h"
#include "analyze/workbook/page.h"

/* What is supported about one main question, for a remark; NULL: nothing is. Caller owns. */
char *differences_remark(const Page *page, int question, Facet facet);

int differences_write(Page *page, Sheet *sheet, int row);       /* Fordeling */
int differences_tests_write(Page *page, Sheet *sheet, int row); /* Metode */
int coders_write(Page *page, Sheet *sheet, int row);            /* Metode */

#endif
