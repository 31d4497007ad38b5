/* JSON files as records (form-systems.md 8.2): an array of objects, or one object a line. A record
 * is read at a time, so memory is one record whatever the file's size; numbers keep their text.
 *
 * A record is flattened to fields. {"a":{"b":1}} is a/b = 1. The objects of an array are instances
 * of a repeat, numbered from 0 over the whole record; everything else in an array is one text with
 * `;` between. true and false are texts, null is none. */
#ifndef INNSIKT_COLLECT_JSON_READER_H
#define INNSIKT_COLLECT_JSON_READER_H

#include "schemas/error.h"

#include <stdint.h>

enum {
    JSON_DEPTH_LIMIT = 64,
    JSON_FIELDS_LIMIT = 65536,    /* of a record */
    JSON_TEXT_LIMIT = 1 << 20,    /* bytes of one value or key */
    JSON_RECORD_LIMIT = 16 << 20, /* bytes of a record */
};

typedef struct {
    const char *path; /* a/b */
    const char *text; /* valid UTF-8; NULL: null, or an array of nothing */
    int instance;     /* INSTANCE_NONE (−1) outside repeats */
} JsonField;

/* Valid until the next call. */
typedef struct {
    const JsonField *field;
    size_t n;
    bool ended;     /* the file has no more records */
    int64_t number; /* of the record in the file, from 1 */
    int64_t line;   /* where it begins, from 1 */
    bool repeats;   /* a key stood twice in one object: the last one counts */
} JsonRecord;

typedef struct JsonReader JsonReader;

/* Opens a file. `name` is what messages call it; lines: one object a line, else one array. Errors:
 * NOT_FOUND, SYSTEM. */
JsonReader *json_reader_open(const char *path, const char *name, bool lines, GError **error);
/* The same of bytes, which must outlive the reader. */
JsonReader *json_reader_bytes(const void *bytes, size_t n, const char *name, bool lines);
void json_reader_free(JsonReader *reader);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(JsonReader, json_reader_free)

/* The next record. DATA: not such a file, or a record is broken, and the message names its line;
 * LIMIT: a record is too large or too deep; SYSTEM. After a failure nothing more can be read. */
bool json_reader_next(JsonReader *reader, JsonRecord *ret, GError **error);

#endif
