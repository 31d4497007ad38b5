/* Files with a header row as a form system: every row a response, every column a question. What CSV
 * files and workbooks have in common; a format says how rows are read.
 *
 * Opening reads all files once: faults are told before anything is stored, columns learn how their
 * numbers are written, and rows that claim the same id are found. Pages then read them again. */
#ifndef INNSIKT_COLLECT_TABLE_H
#define INNSIKT_COLLECT_TABLE_H

#include "collect/collector.h"
#include "collect/files.h"

/* Valid until the next is read. */
typedef struct {
    const char *const *cell; /* valid UTF-8, never NULL */
    const bool *exact;       /* by cell: a number with a decimal point that means just that; NULL:
                              * all are texts */
    size_t n;                /* 0: the file has ended */
    int64_t number;          /* as Excel numbers it: part of the ids of rows that have none */
    int64_t line;            /* for messages */
} TableRow;

typedef struct {
    const char *suffixes; /* of the files in a folder: ".xlsx .xlsm" */
    /* `encoding`: as the project says, or as found the first time; NULL: find out. */
    void *(*open)(const Source *source, const SourceFile *place, const char *encoding,
                  GError **error);
    bool (*next)(void *reader, TableRow *ret, GError **error); /* the first is the header */
    const char *(*encoding)(const void *reader);               /* NULL: there is none to find out */
    /* Whether the header says what it seems to: called once, after the last row that was wanted,
     * so it may read on. NULL: it does. */
    bool (*header_is_sound)(void *reader, GError **error);
    /* Adds what the user should know when the file has been read: one sentence each, to be freed,
     * without a cell's content. */
    void (*notes)(const void *reader, GPtrArray *notes);
    void (*close)(void *reader);
} TableFormat;

/* The collector's own functions; see collector.h. */
void *table_open(const CollectContext *context, const TableFormat *format, GError **error);
Form *table_questions(void *self, GError **error);
Step table_next(void *self, PageSink *sink, GError **error);
char *table_cursor(void *self);
bool table_unchanged(void *self);
void table_close(void *self);

#endif
