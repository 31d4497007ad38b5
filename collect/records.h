/* The records of a JSON body, one at a time as it arrives: no more than one is held, whatever the
 * size of the body. A body is one JSON text with a list of records somewhere in it, or one record a
 * line. What is wrong with one record is that record's trouble; only a body that is cut off, or is
 * no JSON at all, fails. */
#ifndef INNSIKT_COLLECT_RECORDS_H
#define INNSIKT_COLLECT_RECORDS_H

#include "collect/json_tree.h"
#include "schemas/error.h"

#include <stdint.h>

enum {
    RECORD_LIMIT = 16 << 20, /* bytes of one record */
    AROUND_LIMIT = 1 << 20,  /* bytes of a body beside its records */
};

/* Valid during the call. */
typedef struct {
    json_object *value;  /* an object; NULL: it cannot be read */
    const char *trouble; /* why: "is broken JSON", "is nested deeper than 64" …; static */
    const char *raw;     /* as it came, NUL-terminated; cut when it is too large */
    int64_t number;      /* in the body, from 1; of lines, the line */
    bool repeats;        /* a key stands twice in it: the last one counts */
} Record;

typedef bool (*RecordTake)(const Record *record, gpointer data, GError **error);
/* Called before a body begins, and again when it comes anew. */
typedef void (*RecordsBegin)(gpointer data);

typedef struct Records Records;

/* `pointer` leads to the list in one JSON text; NULL: one record a line, or a list of them. `begin`
 * may be NULL. */
Records *records_new(const char *pointer, RecordTake take, RecordsBegin begin, gpointer data);
void records_free(Records *records);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Records, records_free)

void records_restart(Records *records); /* also before the first */
bool records_feed(Records *records, const char *bytes, size_t n, GError **error);
/* After the last byte: PROTOCOL when something is missing. */
bool records_end(Records *records, GError **error);

/* True when the body broke off or is no JSON any further, so that asking again may help. */
bool records_broken(const Records *records);
/* The list was there; false for lines of which none came. */
bool records_found(const Records *records);
int64_t records_count(const Records *records); /* of this body, unreadable ones too */
/* What stands around the list, which is empty in it; NULL for lines. After records_end. */
json_object *records_around(const Records *records);

#endif
