#include "collect/json_reader.h"

#include "collect/escapes.h"
#include "schemas/response.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <yajl/yajl_parse.h>

/* Paths are known again from record to record; a file that never uses a name twice may fill this
 * table and no more. */
enum { PATHS_LIMIT = 65536, REPEATS_LIMIT = 1000 };

/* Where in an array of records the reader is. */
typedef enum { BEFORE_ARRAY, AT_FIRST, AFTER_RECORD, AFTER_COMMA, AFTER_ARRAY } ArrayPlace;

/* An object or array that is open. */
typedef struct {
    bool is_map;
    size_t path;     /* length of its own path */
    int instance;    /* of the repeat it is part of */
    int64_t serial;  /* of an object */
    guint first;     /* fields before it */
    size_t joined;   /* where the texts of an array begin among those being joined */
    bool has_object; /* an array: so its own text counts only if there is one */
} Frame;

/* A field while the texts may still move. */
typedef struct {
    size_t path, text;
    bool has_text;
    int instance;
} Slot;

struct JsonReader {
    char *name;
    FILE *in;
    bool lines;
    ArrayPlace place;
    int64_t line, number;
    GString *raw; /* the record as it stands in the file */

    yajl_handle parser;
    const char *fault; /* why the parser was stopped; static */
    InnsiktError fault_code;
    Frame frame[JSON_DEPTH_LIMIT + 1];
    int depth;
    int64_t serials;
    GString *path;         /* of what comes next */
    GString *texts;        /* of the record, NUL-terminated one after another */
    GString *joining;      /* of arrays that are open */
    GArray *slots;         /* of Slot */
    GArray *fields;        /* of JsonField */
    GHashTable *keys;      /* path → serial of the object that last had it (int64_t) */
    GHashTable *instances; /* path of an array → objects in it so far */
    int repeats;           /* keys that stood twice in one object */
    bool closed;
};

/* --- a record becomes fields --------------------------------------------------------------------
 */

static int stop(JsonReader *reader, InnsiktError code, const char *fault)
{
    reader->fault = fault;
    reader->fault_code = code;
    return 0;
}

static Frame *inmost(JsonReader *reader)
{
    return reader->depth ? &reader->frame[reader->depth - 1] : NULL;
}

static int field_add(JsonReader *reader, int instance, const char *text, size_t n)
{
    if (reader->slots->len >= JSON_FIELDS_LIMIT)
        return stop(reader, INNSIKT_ERROR_LIMIT, "has more than 65536 values");
    Slot slot = {.path = reader->texts->len, .has_text = text, .instance = instance};
    g_string_append_len(reader->texts, reader->path->str, (gssize)reader->path->len + 1);
    slot.text = reader->texts->len;
    if (text) {
        g_string_append_len(reader->texts, text, (gssize)n);
        g_string_append_c(reader->texts, '\0');
    }
    g_array_append_val(reader->slots, slot);
    return 1;
}

static int value_take(JsonReader *reader, const char *text, size_t n)
{
    Frame *frame = inmost(reader);
    if (!frame)
        return stop(reader, INNSIKT_ERROR_DATA, "is no object");
    if (n > JSON_TEXT_LIMIT)
        return stop(reader, INNSIKT_ERROR_LIMIT, "has a text of more than 1 MiB");
    if (frame->is_map)
        return field_add(reader, frame->instance, text, n);
    if (!text)
        return 1;
    if (reader->joining->len > frame->joined)
        g_string_append_c(reader->joining, ';');
    g_string_append_len(reader->joining, text, (gssize)n);
    return 1;
}

static int on_null(void *data)
{
    return value_take(data, NULL, 0);
}

static int on_boolean(void *data, int value)
{
    const char *text = value ? "true" : "false";
    return value_take(data, text, strlen(text));
}

static int on_number(void *data, const char *text, size_t n)
{
    return value_take(data, text, n);
}

static int on_string(void *data, const unsigned char *text, size_t n)
{
    return value_take(data, (const char *)text, n);
}

/* Takes away what an earlier key of the same name in the same object has said. */
static void fields_forget(JsonReader *reader, guint first)
{
    const char *path = reader->path->str;
    size_t n = reader->path->len;
    for (guint i = reader->slots->len; i-- > first;) {
        const char *other = reader->texts->str + g_array_index(reader->slots, Slot, i).path;
        if (strncmp(other, path, n) == 0 && (!other[n] || other[n] == '/'))
            g_array_remove_index(reader->slots, i);
    }
}

static int on_key(void *data, const unsigned char *key, size_t n)
{
    JsonReader *reader = data;
    Frame *frame = inmost(reader);
    g_string_truncate(reader->path, frame->path);
    if (n + frame->path > JSON_TEXT_LIMIT)
        return stop(reader, INNSIKT_ERROR_LIMIT, "has a key of more than 1 MiB");
    if (frame->path)
        g_string_append_c(reader->path, '/');
    g_string_append_len(reader->path, (const char *)key, (gssize)n);
    if (g_hash_table_size(reader->keys) >= PATHS_LIMIT)
        g_hash_table_remove_all(reader->keys);
    int64_t *last = g_hash_table_lookup(reader->keys, reader->path->str);
    if (!last) {
        last = g_new0(int64_t, 1);
        g_hash_table_insert(reader->keys, g_strdup(reader->path->str), last);
    } else if (*last == frame->serial) {
        if (++reader->repeats > REPEATS_LIMIT)
            return stop(reader, INNSIKT_ERROR_LIMIT, "has more than 1000 keys that stand twice");
        fields_forget(reader, frame->first);
    }
    *last = frame->serial;
    return 1;
}

/* Objects of one array are told apart by their number; those of an array inside a repeat go on
 * counting where the array's last one ended. */
static int instance_next(JsonReader *reader)
{
    int next = GPOINTER_TO_INT(g_hash_table_lookup(reader->instances, reader->path->str));
    g_hash_table_insert(reader->instances, g_strdup(reader->path->str), GINT_TO_POINTER(next + 1));
    return next;
}

static int frame_open(JsonReader *reader, bool is_map)
{
    Frame *outer = inmost(reader);
    if (!outer && (!is_map || reader->closed))
        return stop(reader, INNSIKT_ERROR_DATA,
                    is_map ? "is more than one object" : "is no object");
    if (reader->depth >= JSON_DEPTH_LIMIT)
        return stop(reader, INNSIKT_ERROR_LIMIT, "is nested deeper than 64");
    Frame frame = {.is_map = is_map,
                   .instance = outer ? outer->instance : INSTANCE_NONE,
                   .serial = ++reader->serials,
                   .first = reader->slots->len,
                   .joined = reader->joining->len};
    if (outer && !outer->is_map)
        g_string_truncate(reader->path, outer->path);
    frame.path = reader->path->len;
    if (outer && !outer->is_map && is_map) {
        outer->has_object = true;
        frame.instance = instance_next(reader);
    }
    /* An array in an array says its texts as part of it. */
    if (outer && !outer->is_map && !is_map)
        frame.joined = outer->joined;
    reader->frame[reader->depth++] = frame;
    return 1;
}

static int on_map(void *data)
{
    return frame_open(data, true);
}

static int on_array(void *data)
{
    return frame_open(data, false);
}

static int on_map_end(void *data)
{
    JsonReader *reader = data;
    reader->closed = --reader->depth == 0;
    return 1;
}

static int on_array_end(void *data)
{
    JsonReader *reader = data;
    Frame frame = reader->frame[--reader->depth];
    Frame *outer = inmost(reader);
    if (!outer->is_map) {
        outer->has_object |= frame.has_object;
        return 1;
    }
    size_t n = reader->joining->len - frame.joined;
    g_string_truncate(reader->path, frame.path);
    int taken = 1;
    if (n > JSON_TEXT_LIMIT)
        taken = stop(reader, INNSIKT_ERROR_LIMIT, "has an array of more than 1 MiB of texts");
    else if (n)
        taken = field_add(reader, outer->instance, reader->joining->str + frame.joined, n);
    else if (!frame.has_object)
        taken = field_add(reader, outer->instance, NULL, 0);
    g_string_truncate(reader->joining, frame.joined);
    return taken;
}

static const yajl_callbacks callbacks = {
    .yajl_null = on_null,
    .yajl_boolean = on_boolean,
    .yajl_number = on_number,
    .yajl_string = on_string,
    .yajl_start_map = on_map,
    .yajl_map_key = on_key,
    .yajl_end_map = on_map_end,
    .yajl_start_array = on_array,
    .yajl_end_array = on_array_end,
};

static void record_begin(JsonReader *reader)
{
    g_string_truncate(reader->path, 0);
    g_string_truncate(reader->texts, 0);
    g_string_truncate(reader->joining, 0);
    g_array_set_size(reader->slots, 0);
    g_array_set_size(reader->fields, 0);
    g_hash_table_remove_all(reader->instances);
    reader->depth = 0;
    reader->repeats = 0;
    reader->closed = false;
}

static void fields_show(JsonReader *reader)
{
    for (guint i = 0; i < reader->slots->len; i++) {
        const Slot *slot = &g_array_index(reader->slots, Slot, i);
        JsonField field = {.path = reader->texts->str + slot->path,
                           .text = slot->has_text ? reader->texts->str + slot->text : NULL,
                           .instance = slot->instance};
        g_array_append_val(reader->fields, field);
    }
}

static bool record_parse(JsonReader *reader, int64_t line, GError **error)
{
    record_begin(reader);
    escapes_mend(reader->raw->str, reader->raw->len);
    g_string_append_c(reader->raw, '\n'); /* so that the parser knows the value is over */
    yajl_status status =
        yajl_parse(reader->parser, (const unsigned char *)reader->raw->str, reader->raw->len);
    if (status == yajl_status_ok && reader->closed) {
        fields_show(reader);
        return true;
    }
    g_set_error(error, INNSIKT_ERROR, reader->fault ? (gint)reader->fault_code : INNSIKT_ERROR_DATA,
                "%s:%" PRId64 ": the record that begins here %s; mend it, or fetch the file anew; "
                "nothing was changed",
                reader->name, line,
                reader->fault ? reader->fault : "is broken JSON, or its letters are not UTF-8");
    return false;
}

/* --- the file becomes records -------------------------------------------------------------------
 */

static int byte_next(JsonReader *reader)
{
    int c = getc_unlocked(reader->in);
    reader->line += c == '\n';
    return c;
}

static bool complain(JsonReader *reader, const char *what, GError **error)
{
    if (ferror(reader->in))
        g_set_error(error, INNSIKT_ERROR, INNSIKT_ERROR_SYSTEM, "%s cannot be read: %s",
                    reader->name, g_strerror(errno));
    else
        g_set_error(error, INNSIKT_ERROR, INNSIKT_ERROR_DATA,
                    "%s:%" PRId64 ": %s; nothing was changed", reader->name, reader->line, what);
    return false;
}

static bool raw_add(JsonReader *reader, int c, GError **error)
{
    if (reader->raw->len >= JSON_RECORD_LIMIT) {
        g_set_error(error, INNSIKT_ERROR, INNSIKT_ERROR_LIMIT,
                    "%s:%" PRId64 ": one record is larger than 16 MiB; nothing was changed",
                    reader->name, reader->line);
        return false;
    }
    g_string_append_c(reader->raw, (char)c);
    return true;
}

static bool is_blank(int c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* The rest of an object whose `{` was read: to the brace that closes it. Whether what lies between
 * is JSON is for the parser to say. */
static bool object_read(JsonReader *reader, GError **error)
{
    int64_t began = reader->line;
    bool in_string = false, escaped = false;
    g_string_assign(reader->raw, "{");
    for (int64_t depth = 1; depth;) {
        int c = byte_next(reader);
        if (c == EOF) {
            g_autofree char *what =
                g_strdup_printf("the file ends inside the record that begins at line %" PRId64
                                ", so it was cut off; fetch it anew",
                                began);
            return complain(reader, what, error);
        }
        if (!raw_add(reader, c, error))
            return false;
        if (in_string) {
            in_string = escaped || c != '"';
            escaped = !escaped && c == '\\';
            continue;
        }
        in_string = c == '"';
        depth += (c == '{' || c == '[') - (c == '}' || c == ']');
    }
    return true;
}

/* What may come at a place of the array, and what a file that has something else there is told. */
static bool array_step(JsonReader *reader, int c, bool *ret_object, GError **error)
{
    *ret_object = false;
    switch (reader->place) {
    case BEFORE_ARRAY:
        reader->place = AT_FIRST;
        if (c == '{')
            return complain(reader,
                            "the file begins with an object and not with an array of them; if it "
                            "has one object a line, write `kind: ndjson`",
                            error);
        return c == '[' || complain(reader, "the file is no JSON array of objects", error);
    case AT_FIRST:
    case AFTER_COMMA:
        if (c == ']' && reader->place == AT_FIRST) {
            reader->place = AFTER_ARRAY;
            return true;
        }
        *ret_object = c == '{';
        reader->place = AFTER_RECORD;
        return *ret_object ||
               complain(reader,
                        c == EOF
                            ? "the file ends inside the array, so it was cut off; fetch it anew"
                            : "the array holds something that is no object",
                        error);
    case AFTER_RECORD:
        reader->place = c == ']' ? AFTER_ARRAY : AFTER_COMMA;
        return c == ']' || c == ',' ||
               complain(reader,
                        c == EOF
                            ? "the file ends inside the array, so it was cut off; fetch it anew"
                            : "there is no comma between two records",
                        error);
    case AFTER_ARRAY:
        return c == EOF || complain(reader, "there is something after the end of the array", error);
    }
    return false;
}

/* An empty `raw` at the end of the file. */
static bool array_read(JsonReader *reader, int64_t *ret_line, GError **error)
{
    g_string_truncate(reader->raw, 0);
    for (bool object;;) {
        int c;
        do
            c = byte_next(reader);
        while (is_blank(c));
        *ret_line = reader->line;
        if (!array_step(reader, c, &object, error))
            return false;
        if (object)
            return object_read(reader, error);
        if (c == EOF)
            return !ferror(reader->in) || complain(reader, "", error);
    }
}

static bool line_read(JsonReader *reader, int64_t *ret_line, GError **error)
{
    int c;
    do {
        bool blank = true;
        g_string_truncate(reader->raw, 0);
        *ret_line = reader->line;
        while ((c = byte_next(reader)) != EOF && c != '\n') {
            blank = blank && is_blank(c);
            if (!raw_add(reader, c, error))
                return false;
        }
        if (!blank)
            break;
        g_string_truncate(reader->raw, 0);
    } while (c != EOF);
    return !ferror(reader->in) || complain(reader, "", error);
}

bool json_reader_next(JsonReader *reader, JsonRecord *ret, GError **error)
{
    int64_t line;
    if (!(reader->lines ? line_read : array_read)(reader, &line, error))
        return false;
    if (!reader->raw->len) {
        *ret = (JsonRecord){.ended = true};
        return true;
    }
    if (!record_parse(reader, line, error))
        return false;
    *ret = (JsonRecord){.field = (const JsonField *)(void *)reader->fields->data,
                        .n = reader->fields->len,
                        .number = ++reader->number,
                        .line = line,
                        .repeats = reader->repeats > 0};
    return true;
}

/* --- opening
 * -------------------------------------------------------------------------------------- */

static void mark_skip(FILE *in)
{
    static const unsigned char mark[] = {0xEF, 0xBB, 0xBF};
    for (size_t i = 0; i < sizeof mark; i++)
        if (getc_unlocked(in) != mark[i]) {
            rewind(in);
            return;
        }
}

static JsonReader *reader_new(FILE *in, const char *name, bool lines)
{
    JsonReader *reader = g_new0(JsonReader, 1);
    reader->name = g_strdup(name);
    reader->in = in;
    reader->lines = lines;
    reader->line = 1;
    reader->raw = g_string_new(NULL);
    reader->path = g_string_new(NULL);
    reader->texts = g_string_new(NULL);
    reader->joining = g_string_new(NULL);
    reader->slots = g_array_new(FALSE, FALSE, sizeof(Slot));
    reader->fields = g_array_new(FALSE, FALSE, sizeof(JsonField));
    reader->keys = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    reader->instances = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    reader->parser = yajl_alloc(&callbacks, NULL, reader);
    yajl_config(reader->parser, yajl_allow_multiple_values, 1);
    mark_skip(in);
    return reader;
}

JsonReader *json_reader_open(const char *path, const char *name, bool lines, GError **error)
{
    FILE *in = fopen(path, "re");
    if (in)
        return reader_new(in, name, lines);
    int cause = errno;
    g_set_error(error, INNSIKT_ERROR,
                cause == ENOENT ? INNSIKT_ERROR_NOT_FOUND : INNSIKT_ERROR_SYSTEM,
                "%s cannot be opened: %s", name, g_strerror(cause));
    return NULL;
}

JsonReader *json_reader_bytes(const void *bytes, size_t n, const char *name, bool lines)
{
    FILE *in = n ? fmemopen((void *)bytes, n, "r") : fopen("/dev/null", "r");
    return in ? reader_new(in, name, lines) : NULL;
}

void json_reader_free(JsonReader *reader)
{
    if (!reader)
        return;
    fclose(reader->in);
    yajl_free(reader->parser);
    g_free(reader->name);
    g_string_free(reader->raw, TRUE);
    g_string_free(reader->path, TRUE);
    g_string_free(reader->texts, TRUE);
    g_string_free(reader->joining, TRUE);
    g_array_unref(reader->slots);
    g_array_unref(reader->fields);
    g_hash_table_unref(reader->keys);
    g_hash_table_unref(reader->instances);
    g_free(reader);
}
