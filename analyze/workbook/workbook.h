/* The workbook, made from results and nothing else. */
#ifndef INNSIKT_ANALYZE_WORKBOOK_WORKBOOK_H
#define INNSIKT_ANALYZE_WORKBOOK_WORKBOOK_H

#include "analyze/results.h"

typedef struct {
    const char *program; /* "innsikt 0.1" */
    Language language;
    const ProjectKey *key; /* makes the workbook's ids and seal */
} WorkbookOptions;

/* Builds the workbook under a temporary name beside `path`, reopens and checks it, and only then
 * renames it over `path`. If the target is open elsewhere or cannot be replaced, it is written
 * beside it as «name (2).xlsx» (or 3, 4 …) and *ret_path says so (caller owns; may be NULL). On
 * failure nothing half-written is left and an earlier workbook is as it was. */
bool workbook_write(const Results *results, const WorkbookOptions *options, const char *path,
                    char **ret_path, GError **error);

/* A cell that shows a figure: «Robusthet!G7», and the figure's key. */
typedef struct {
    char *cell, *key;
} CellKey;

/* Every cell of the workbook that shows a figure, sheet by sheet, without writing a file. Caller
 * owns; of CellKey*. */
GPtrArray *workbook_cells(const Results *results, const WorkbookOptions *options);

#endif
