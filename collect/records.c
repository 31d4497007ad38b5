#include "collect/records.h"

#include "collect/transport.h"

#include <string.h>

enum {
    PATH_LIMIT = 16,
    SHOWN_BYTES = 1024, /* of what is no JSON, for the message */
};

typedef enum {
    PLACE_AROUND, /* in what is no record */
    PLACE_LIST,   /* between records */
    PLACE_RECORD,
    PLACE_AFTER, /* the text is over */
} Place;

/* An open object or array on the way to the list. */
typedef struct {
    bool map, key_fits;
    size_t index; /* of the array's value that is being read */
} Step;

struct Records {
    char *pointer;
    char *path[PATH_LIMIT]; /* names on the way to the list, unescaped */
    int n_path;
    bool by_line; /* as it should come … */
    bool lines;   /* … and as this body does: a list in place of lines is read too */
    RecordTake take;
    RecordsBegin begin;
    gpointer data;

    Place place;
    bool begun, found, broken;
    bool alien; /* no JSON, but a page for people or the like, of which `raw` gets the beginning */
    bool in_string, escaped; /* of the byte that comes next */
    int64_t depth;           /* of what is around */
    int64_t open;            /* objects and arrays in the record */
    int on_path;             /* open objects and arrays that lead to the list, from the outside */
    Step step[PATH_LIMIT + 1];
    bool awaits_key, in_key, awaits_comma, too_large;
    GString *key, *around, *raw;
    json_object *tree; /* of what is around */
    int64_t count, line;
};

Records *records_new(const char *pointer, RecordTake take, RecordsBegin begin, gpointer data)
{
    Records *records = g_new0(Records, 1);
    records->by_line = pointer == NULL;
    records->pointer = g_strdup(pointer ? pointer : "");
    records->take = take;
    records->begin = begin;
    records->data = data;
    records->key = g_string_new(NULL);
    records->around = g_string_new(NULL);
    records->raw = g_string_new(NULL);
    g_auto(GStrv) names = g_strsplit(pointer ? pointer : "", "/", PATH_LIMIT + 1);
    for (char **name = names; *name && name[1]; name++) {
        g_autoptr(GString) plain = g_string_new(name[1]);
        g_string_replace(plain, "~1", "/", 0);
        g_string_replace(plain, "~0", "~", 0);
        records->path[records->n_path++] = g_strdup(plain->str);
    }
    return records;
}

void records_free(Records *records)
{
    if (!records)
        return;
    for (int i = 0; i < records->n_path; i++)
        g_free(records->path[i]);
    g_free(records->pointer);
    g_string_free(records->key, TRUE);
    g_string_free(records->around, TRUE);
    g_string_free(records->raw, TRUE);
    json_object_put(records->tree);
    g_free(records);
}

void records_restart(Records *records)
{
    g_string_truncate(records->key, 0);
    g_string_truncate(records->around, 0);
    g_string_truncate(records->raw, 0);
    g_clear_pointer(&records->tree, json_object_put);
    records->place = PLACE_AROUND;
    records->lines = records->by_line;
    records->begun = records->found = records->broken = records->alien = false;
    records->in_string = records->escaped = records->in_key = false;
    records->awaits_key = records->awaits_comma = records->too_large = false;
    records->depth = records->count = 0;
    records->on_path = 0;
    records->line = 1;
    if (records->begin)
        records->begin(records->data);
}

static bool broken(Records *records, const char *why, GError **error)
{
    records->broken = true;
    g_set_error(error, INNSIKT_ERROR, INNSIKT_ERROR_PROTOCOL, "the reply %s", why);
    return false;
}

/* --- records --------------------------------------------------------------------------------- */

static bool give(Records *records, GError **error)
{
    Record record = {.raw = records->raw->str,
                     .number = records->lines ? records->line : records->count + 1};
    records->count++;
    if (records->too_large)
        record.trouble = "is larger than 16 MiB";
    else
        record.value =
            json_tree(records->raw->str, records->raw->len, &record.repeats, &record.trouble);
    json_object *value = record.value;
    if (value && !json_object_is_type(value, json_type_object)) {
        record.value = NULL;
        record.trouble = "is no object";
    }
    bool taken = records->take(&record, records->data, error);
    json_object_put(value);
    g_string_truncate(records->raw, 0);
    records->too_large = false;
    return taken;
}

static void keep_raw(Records *records, const char *bytes, size_t n)
{
    if (records->raw->len + n > RECORD_LIMIT)
        records->too_large = true;
    else
        g_string_append_len(records->raw, bytes, (gssize)n);
}

/* --- one record a line ----------------------------------------------------------------------- */

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static bool raw_is_blank(const Records *records)
{
    for (size_t i = 0; i < records->raw->len; i++)
        if (!is_blank(records->raw->str[i]))
            return false;
    return !records->too_large;
}

static bool feed_lines(Records *records, const char *bytes, size_t n, GError **error)
{
    while (n > 0) {
        const char *end = memchr(bytes, '\n', n);
        size_t length = end ? (size_t)(end - bytes) : n;
        keep_raw(records, bytes, length);
        if (!end)
            return true;
        if (raw_is_blank(records))
            g_string_truncate(records->raw, 0);
        else if (!give(records, error))
            return false;
        records->line++;
        bytes += length + 1;
        n -= length + 1;
    }
    return true;
}

/* A last line without its end is whole only if it can be read. */
static bool end_lines(Records *records, GError **error)
{
    if (raw_is_blank(records))
        return true;
    json_object *value =
        records->too_large ? NULL : json_tree(records->raw->str, records->raw->len, NULL, NULL);
    json_object_put(value);
    return value ? give(records, error) : broken(records, "ends in the middle of a line", error);
}

/* --- one JSON text --------------------------------------------------------------------------- */

static Step *inmost(Records *records)
{
    bool leads = records->depth > 0 && records->on_path == records->depth;
    return leads ? &records->step[records->on_path - 1] : NULL;
}

/* Whether the value that begins leads to the list, or is it. */
static bool leads_on(Records *records)
{
    if (records->depth == 0)
        return true;
    const Step *in = inmost(records);
    if (!in || records->on_path > records->n_path)
        return false;
    if (in->map)
        return in->key_fits;
    g_autofree char *index = g_strdup_printf("%zu", in->index);
    return g_str_equal(index, records->path[records->on_path - 1]);
}

static void open_value(Records *records, char c)
{
    bool leads = leads_on(records);
    if (leads && records->depth == records->n_path && c == '[') {
        g_string_append_c(records->around, ']');
        records->place = PLACE_LIST;
        records->awaits_comma = false;
        return;
    }
    records->depth++;
    if (leads && records->on_path <= records->n_path) {
        records->step[records->on_path++] = (Step){.map = c == '{'};
        records->awaits_key = c == '{';
    }
}

static void close_value(Records *records)
{
    records->depth--;
    records->on_path = (int)MIN(records->on_path, records->depth);
    records->awaits_key = false;
    if (records->depth <= 0)
        records->place = PLACE_AFTER;
}

static void end_key(Records *records)
{
    Step *in = inmost(records);
    records->in_key = records->awaits_key = false;
    g_string_append_c(records->key, '"');
    json_object *key = json_tree(records->key->str, records->key->len, NULL, NULL);
    in->key_fits = records->on_path <= records->n_path &&
                   g_strcmp0(json_object_get_string(key), records->path[records->on_path - 1]) == 0;
    json_object_put(key);
}

static void around_string(Records *records, char c)
{
    if (records->in_key && (records->escaped || c != '"'))
        g_string_append_c(records->key, c);
    if (records->escaped)
        records->escaped = false;
    else if (c == '\\')
        records->escaped = true;
    else if (c == '"') {
        records->in_string = false;
        if (records->in_key)
            end_key(records);
    }
}

static bool around_byte(Records *records, char c, GError **error)
{
    if (records->around->len >= AROUND_LIMIT) {
        g_set_error_literal(error, INNSIKT_ERROR, INNSIKT_ERROR_LIMIT,
                            "the reply has more than 1 MiB beside its records");
        return false;
    }
    g_string_append_c(records->around, c);
    if (records->in_string) {
        around_string(records, c);
        return true;
    }
    Step *in = inmost(records);
    switch (c) {
    case '"':
        records->in_string = true;
        records->in_key = in && in->map && records->awaits_key;
        g_string_assign(records->key, "\"");
        break;
    case '{':
    case '[':
        open_value(records, c);
        break;
    case '}':
    case ']':
        close_value(records);
        break;
    case ',':
        records->awaits_key = in && in->map;
        if (in)
            in->index++;
        break;
    default:
        break;
    }
    return true;
}

static void end_list(Records *records)
{
    records->found = true;
    records->place = records->depth == 0 ? PLACE_AFTER : PLACE_AROUND;
}

/* True: the byte begins a record, and is still to be read. */
static bool list_byte(Records *records, char c, bool *ret_begins, GError **error)
{
    *ret_begins = false;
    if (is_blank(c))
        return true;
    if (c == ']') {
        end_list(records);
        return true;
    }
    if (records->awaits_comma != (c == ','))
        return broken(records, "is broken JSON between two records", error);
    records->awaits_comma = false;
    *ret_begins = c != ',';
    return true;
}

/* How many bytes of these belong to the record; *ret_over: it ends with them. */
static size_t record_bytes(Records *records, const char *bytes, size_t n, bool *ret_over)
{
    *ret_over = false;
    for (size_t i = 0; i < n; i++) {
        char c = bytes[i];
        if (records->in_string) {
            records->in_string = records->escaped || c != '"';
            records->escaped = !records->escaped && c == '\\';
        } else if (records->open == 0 && (c == ',' || c == ']' || is_blank(c))) {
            *ret_over = true; /* of a number or a word */
            return i;
        } else {
            records->in_string = c == '"';
            records->open += (c == '{' || c == '[') - (c == '}' || c == ']');
        }
        if (records->open == 0 && !records->in_string && (c == '}' || c == ']' || c == '"')) {
            *ret_over = true;
            return i + 1;
        }
    }
    return n;
}

static bool feed_text(Records *records, const char *bytes, size_t n, GError **error)
{
    for (size_t i = 0; i < n;) {
        bool begins = false, over;
        size_t length;
        switch (records->place) {
        case PLACE_AROUND:
            if (!around_byte(records, bytes[i++], error))
                return false;
            break;
        case PLACE_LIST:
            if (!list_byte(records, bytes[i], &begins, error))
                return false;
            i += !begins;
            if (begins) {
                records->place = PLACE_RECORD;
                records->open = 0;
            }
            break;
        case PLACE_RECORD:
            length = record_bytes(records, bytes + i, n - i, &over);
            keep_raw(records, bytes + i, length);
            i += length;
            if (!over)
                break;
            records->place = PLACE_LIST;
            records->awaits_comma = true;
            if (!give(records, error))
                return false;
            break;
        case PLACE_AFTER:
            if (!is_blank(bytes[i++]))
                return broken(records, "goes on after its end", error);
            break;
        }
    }
    return true;
}

static bool end_text(Records *records, GError **error)
{
    if (records->place != PLACE_AFTER)
        return broken(records, records->begun ? "ends in the middle" : "is empty", error);
    const char *why;
    records->tree = json_tree(records->around->str, records->around->len, NULL, &why);
    if (!records->tree)
        return broken(records, why, error);
    /* null is a list of nothing. */
    json_object *list;
    records->found |= json_pointer_get(records->tree, records->pointer, &list) == 0 && !list;
    return true;
}

/* --- the body -------------------------------------------------------------------------------- */

/* Blanks and a byte order mark before the first byte. */
static void begin_body(Records *records, const char **bytes, size_t *n)
{
    while (*n > 0 && (is_blank(**bytes) || memchr("\xEF\xBB\xBF", **bytes, 3))) {
        records->line += **bytes == '\n';
        ++*bytes;
        --*n;
    }
    records->begun = *n > 0;
    records->alien = *n > 0 && **bytes != '{' && **bytes != '[';
    records->lines = records->by_line && (*n == 0 || **bytes != '[');
}

/* A page for people may be shown; anything else may be answers. */
static bool end_alien(Records *records, GError **error)
{
    bool page = *records->raw->str == '<';
    g_autofree char *words = transport_excerpt(page ? records->raw->str : "");
    g_set_error(error, INNSIKT_ERROR, INNSIKT_ERROR_PROTOCOL,
                "the reply is no JSON but %s; check `url:`%s%s%s",
                page ? "a web page" : "something else", *words ? ". The server says: «" : "", words,
                *words ? "»" : "");
    return false;
}

static bool feed_alien(Records *records, const char *bytes, size_t n, GError **error)
{
    keep_raw(records, bytes, MIN(n, SHOWN_BYTES));
    return records->raw->len < SHOWN_BYTES || end_alien(records, error);
}

bool records_feed(Records *records, const char *bytes, size_t n, GError **error)
{
    if (!records->begun)
        begin_body(records, &bytes, &n);
    return records->alien   ? feed_alien(records, bytes, n, error)
           : records->lines ? feed_lines(records, bytes, n, error)
                            : feed_text(records, bytes, n, error);
}

bool records_end(Records *records, GError **error)
{
    return records->alien   ? end_alien(records, error)
           : records->lines ? end_lines(records, error)
                            : end_text(records, error);
}

bool records_broken(const Records *records)
{
    return records->broken;
}

bool records_found(const Records *records)
{
    return records->lines ? records->count > 0 : records->found;
}

int64_t records_count(const Records *records)
{
    return records->count;
}

json_object *records_around(const Records *records)
{
    return records->tree;
}
