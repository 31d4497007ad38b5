/* One response of a LimeSurvey export: a JSON object of texts, numbers and nulls, flat (5.x and
 * later) or wrapped under its id (3.x), read with yajl into the cells that were asked for.
 *
 * yajl and not json-c, by measurement: 50,000 responses of 40 questions (97 MB) take 0.36 s here
 * and 0.80 s as json-c objects, which is a fourth of all that collecting them takes. */
#ifndef INNSIKT_COLLECT_LIMESURVEY_ROW_H
#define INNSIKT_COLLECT_LIMESURVEY_ROW_H

#include <glib.h>
#include <stdbool.h>

typedef enum {
    CELL_ABSENT, /* the response has no such column */
    CELL_NULL,
    CELL_TEXT,
    CELL_ODD, /* a list or an object where a text is due */
} LsCellKind;

typedef struct {
    LsCellKind kind;
    const char *text; /* UTF-8, NUL-terminated, no NUL within; only for CELL_TEXT */
} LsCell;

typedef struct LsRow LsRow;

/* `headings` (NULL-terminated) must outlive the parser. */
LsRow *ls_row_new(const char *const *headings);
void ls_row_free(LsRow *row);

/* Parses one object. *ret_cells: one for each heading, valid until the next call, and as far as it
 * got when the object is unreadable: then false, with *ret_reason (static). Of a key that comes
 * twice the last counts; half a surrogate pair and NUL become U+FFFD. Changes `text`. */
bool ls_row_parse(LsRow *row, GString *text, const LsCell **ret_cells, const char **ret_reason);

#endif
