/* What a cell of a sheet says: codes, numbers and times as people and Excel write them in Norway
 * and elsewhere (form-systems.md 8.1). Pure functions on valid UTF-8. */
#ifndef INNSIKT_COLLECT_CELLVALUE_H
#define INNSIKT_COLLECT_CELLVALUE_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

/* The blanks around a text, the no-break ones too; the length without those at the end. */
const char *cell_trim(const char *text, size_t *ret_length);

/* The code a cell holds: trimmed, and a whole number without the decimals a spreadsheet gave it,
 * so that `4,0`, `4.0` and `4` are one. Written over `out`, whose text it returns. */
const char *cell_code(const char *text, GString *out);

/* A number ruined on its way through a spreadsheet: `4,79E+10` was a telephone number. */
bool cell_is_ruined(const char *text);

/* How the numbers of one column are written; decided over the column, never for one cell. */
typedef enum {
    NUMBERS_PLAIN,     /* no cell needs a decision */
    NUMBERS_NORWEGIAN, /* 1 250,5 or 1.250,5 */
    NUMBERS_ENGLISH,   /* 1,250.5 */
    NUMBERS_OPEN,      /* only 1.234: a thousand or a fraction, nobody can tell */
    NUMBERS_MIXED,     /* some cells can only be Norwegian and others only English */
} NumberStyle;

typedef struct {
    int64_t norwegian, english; /* cells that can only be read so */
    int64_t open;               /* cells that read both ways, to different numbers */
    int64_t other;              /* no numbers; blank ones are not counted */
} NumberVotes;

void number_vote(NumberVotes *votes, const char *text);
NumberStyle number_style(const NumberVotes *votes);

/* Reads a cell: digits with a decimal point and a hyphen for minus, written over `out`. False, and
 * `out` undefined, when it is no number or the style does not decide which. */
bool number_read(NumberStyle style, const char *text, GString *out);

/* Reads an instant: ISO 8601, `31.12.2026[ 14:05[:30]]`, or Excel's serial day `46387,58`. A time
 * without zone is local in `zone`. Dates with slashes are refused: 03/04 may be March or April. */
bool cell_time(const char *text, GTimeZone *zone, int64_t *ret, bool *ret_zone_known);

#endif
