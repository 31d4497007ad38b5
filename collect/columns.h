/* A sheet with a header row, as responses: what CSV files and workbooks have in common. Which
 * column answers which question, what its cells mean, and what a row becomes. */
#ifndef INNSIKT_COLLECT_COLUMNS_H
#define INNSIKT_COLLECT_COLUMNS_H

#include "collect/cellvalue.h"
#include "schemas/project.h"

typedef enum {
    COLUMN_UNUSED, /* not mapped: read over */
    COLUMN_TEXT,
    COLUMN_CODE,   /* trimmed, whole numbers without decimals */
    COLUMN_NUMBER, /* in the style of the column */
    COLUMN_TIME,   /* when the response was sent in */
} ColumnUse;

typedef struct {
    char *header;         /* no blanks around or in excess, NFC, unique: `X`, `X.2`, `X.3` */
    char *shown;          /* the header cut to a length for messages */
    const char *question; /* as project.yaml spells it; NULL: not mapped */
    ColumnUse use;
    bool person; /* never in revisions: an HMAC is all that may be left */
    NumberVotes numbers;
    int64_t ruined, undated; /* cells that say nothing, counted by columns_survey */
    int64_t joined;          /* cells with several answers, where the role takes one */
    bool several;            /* the role takes several */
    uint64_t salt;           /* tells equal cells of different columns apart */
} Column;

typedef struct {
    Column *column;
    size_t n;
    int id;             /* the column of `id:`, or -1 */
    GPtrArray *absent;  /* questions (borrowed) that are mapped and have no column here */
    GPtrArray *renamed; /* headers (borrowed, as shown) made unique */
    GString *scratch;
} Columns;

/* Reads the header row. `name` is the sheet's, for messages. Errors: DATA when no header has a
 * text; USAGE when the id column is not there or is one that identifies a person. The source must
 * outlive the result. */
Columns *columns_new(const Source *source, const char *name, const char *const *headers, size_t n,
                     GError **error);
void columns_free(Columns *columns);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Columns, columns_free)

bool row_is_blank(const char *const *cells, size_t n);

/* Looks at one row beforehand, so that every column knows its style before the first is read. */
void columns_survey(Columns *columns, const char *const *cells, size_t n, GTimeZone *zone);

/* The code a cell holds in a column of codes: as cell_code, and of a question that takes several
 * answers (`a;b;`, as Microsoft Forms joins them) the only one that was given. Valid until the next
 * call. */
const char *columns_code(Columns *columns, const char *cell);

/* The id in a row, "" when there is none; valid until the next call. */
const char *columns_id(Columns *columns, const char *const *cells, size_t n);

/* A number for a text; equal texts have equal ones. */
uint64_t columns_hash(const char *text);

/* A number over all used cells of a row: equal rows have the same, whatever the order of columns.
 */
uint64_t columns_content(const Columns *columns, const char *const *cells, size_t n);

/* Fills in state, submitted time, answers and revision (over what may be kept; no person's answer
 * is in it). Short rows are padded. The id is the caller's. */
void columns_respond(Columns *columns, const char *const *cells, size_t n, GTimeZone *zone,
                     Response *response);

/* What a column called so is, for formats without rows of headers. The question in the spelling of
 * project.yaml, or NULL when nothing there reads it; patterns are matched against `header` as it is
 * folded. */
const char *columns_question(const Source *source, const char *header);
ColumnUse columns_use(const Source *source, const char *question);
bool columns_is_person(const Source *source, const char *question);

/* The mend when there is no such column: the nearest header, else what headers there are. Caller
 * owns. */
char *columns_help(const Columns *columns, const char *wanted);

/* What the user should know after the survey: one sentence each, without a cell's content. Caller
 * unrefs. */
GPtrArray *columns_notes(const Columns *columns, const char *name);

/* Text as headers are compared: NFC, all blanks as one space, none around. Caller owns. */
char *header_fold(const char *text);

#endif
