/* The mapped, pseudonymised data set as files for R, SPSS, Stata and Power BI. What is exported is
 * a table that every format reads row by row; a new format is one file with a writer, and one row
 * in export.c. The same store, project and options give the same bytes. */
#ifndef INNSIKT_ANALYZE_EXPORT_H
#define INNSIKT_ANALYZE_EXPORT_H

#include "analyze/dataset.h"

#include <stdio.h>

typedef enum { EXPORT_RESPONSES, EXPORT_STATEMENTS, N_EXPORT_WHATS } ExportWhat;

typedef struct {
    ExportWhat what;
    Language language;       /* of labels */
    bool organisation_names; /* else each is a number that stays its own: O<n> */
} ExportOptions;

typedef enum { EXPORT_TEXT, EXPORT_STEP, EXPORT_TIME } ExportType;

typedef struct {
    char *name;  /* ASCII, unique in the table: "id", "choices-clear", "voice/area=1.1/scenario=S1";
                  * a second answer to it in one response is "choices-clear.2" */
    char *label; /* what it is, in the language asked for */
    ExportType type;
    const Scale *scale;    /* of a step; else NULL */
    bool repeats_response; /* of a statement: what its response's row says too */
} ExportColumn;

/* One value; which field counts is the column's type. */
typedef struct {
    const char *text; /* NULL: none. Valid until the next row */
    int step;     /* 1…K on the column's own scale; −Missing when there is a reason why there is
                   * none; 0: the response has no such answer */
    int64_t time; /* µs UTC or TIME_UNKNOWN */
} ExportCell;

typedef struct ExportTable ExportTable;

/* One row for each response that counts, or each statement of theirs, in the data set's order. The
 * data set and the key must outlive it. LIMIT: more columns than anything could read. */
ExportTable *export_table_new(const Dataset *data, const ProjectKey *key,
                              const ExportOptions *options, GError **error);
void export_table_free(ExportTable *table);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ExportTable, export_table_free)

size_t export_table_columns(const ExportTable *table);
size_t export_table_rows(const ExportTable *table);
const ExportColumn *export_table_column(const ExportTable *table, size_t column);
/* The next row's cells, one for each column, and the index of the record it is about; NULL at the
 * end. The cells are the table's. */
const ExportCell *export_table_next(ExportTable *table, uint32_t *ret_record);
void export_table_rewind(ExportTable *table);

/* What a writer is given. */
typedef struct {
    const Dataset *data;
    Language language;
    ExportTable *table;
    ExportTable *statements; /* to put inside their responses; NULL when they are the table */
    size_t *cut;             /* texts the format has no room for, cut at its end: counts them */
} ExportJob;

typedef struct {
    size_t rows, columns, cut; /* cut: texts that lost their end */
} ExportCounts;

typedef struct {
    const char *word;    /* on the command line */
    const char *summary; /* one line of help */
    bool needs_file;     /* no text: never to a terminal or pipe */
    bool nests;          /* has room for statements inside their responses */
    /* Writes all; what the stream itself refuses is told by its caller. */
    bool (*write)(const ExportJob *job, FILE *out, GError **error);
} ExportFormat;

const ExportFormat *export_format(const char *word); /* NULL: no such format */
const ExportFormat *export_formats(size_t *ret_n);

/* Writes to `path`, beside it first and then renamed, so that whoever reads it meets the old file
 * or the whole new one; to standard output when path is NULL. SYSTEM when it cannot be written,
 * LIMIT when the format has no room for the data set. */
bool export_write(const Dataset *data, const ProjectKey *key, const ExportOptions *options,
                  const ExportFormat *format, const char *path, ExportCounts *ret, GError **error);

bool export_csv(const ExportJob *job, FILE *out, GError **error);
bool export_csv_excel(const ExportJob *job, FILE *out, GError **error);
bool export_json(const ExportJob *job, FILE *out, GError **error);
bool export_ndjson(const ExportJob *job, FILE *out, GError **error);
bool export_sav(const ExportJob *job, FILE *out, GError **error);

#endif
