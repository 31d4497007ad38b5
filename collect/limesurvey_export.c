#include "collect/limesurvey_export.h"

#include "collect/transport.h"

#include <string.h>

enum {
    ENVELOPE_BYTES = 64 * 1024,   /* without the payload it is some hundred */
    ALIEN_BYTES = 1024,           /* of a reply that is no JSON, before it is given up */
    PREAMBLE_BYTES = 1024,        /* before the first row */
    ROW_BYTES = 16 * 1024 * 1024, /* one response */
    DECODE_BYTES = 32 * 1024,
};

typedef enum { AT_START, IN_ENVELOPE, IN_PAYLOAD } EnvelopeState;
typedef enum { IN_PREAMBLE, IN_LIST, IN_ROW, IN_ODD, IN_TAIL } RowsState;

struct LsExport {
    LsExportVisit visit;
    gpointer data;
    LsRow *parser;
    int64_t bytes;
    GError *error; /* the visitor's */
    const char *broken;

    EnvelopeState where;
    GString *envelope;
    int depth;
    size_t string_at; /* where its last string began */
    bool in_string, escaped;
    bool is_result;  /* the last string was "result" */
    bool value_next; /* and its colon too */
    bool payload;    /* there was one */
    gint base64_state;
    guint base64_save;

    RowsState rows;
    bool due; /* an element must come: after `[` or `,` */
    bool any; /* the list is not empty */
    GString *row;
    int row_depth;
    bool row_string, row_escaped;
};

static const char NO_LIST[] = "it does not begin with a list of responses";

static bool tell_hole(LsExport *reader, const char *id, const char *reason)
{
    return reader->visit.hole(id, reason, reader->data, &reader->error);
}

static bool tell_row(LsExport *reader)
{
    const LsCell *cells;
    const char *reason;
    bool readable = ls_row_parse(reader->parser, reader->row, &cells, &reason);
    const char *id = cells[0].kind == CELL_TEXT && *cells[0].text ? cells[0].text : NULL;
    if (!readable)
        return tell_hole(reader, id, reason);
    /* Some versions say «no rows» with one record of empty fields. */
    return !id || reader->visit.row(cells, reader->data, &reader->error);
}

/* --- the list --- */

static bool blank(char c)
{
    return c == ' ' || c == '\n' || c == '\r' || c == '\t';
}

/* Takes bytes up to and with the list's `[`. */
static size_t scan_preamble(LsExport *reader, const char *bytes, size_t n)
{
    const char *open = memchr(bytes, '[', n);
    size_t taken = open ? (size_t)(open - bytes) + 1 : n;
    g_string_append_len(reader->row, bytes, (gssize)taken);
    if (!open) {
        if (reader->row->len > PREAMBLE_BYTES)
            reader->broken = NO_LIST;
        return taken;
    }
    g_autoptr(GString) tight = g_string_new(NULL);
    const char *from = g_str_has_prefix(reader->row->str, "\xEF\xBB\xBF") ? reader->row->str + 3
                                                                          : reader->row->str;
    for (const char *p = from; *p; p++)
        if (!blank(*p))
            g_string_append_c(tight, *p);
    if (!g_str_equal(tight->str, "{\"responses\":["))
        reader->broken = NO_LIST;
    g_string_truncate(reader->row, 0);
    reader->rows = IN_LIST;
    reader->due = true;
    return taken;
}

/* Between two elements: one byte. An element that is due and does not come is a hole. */
static bool scan_list(LsExport *reader, char c)
{
    bool ok = true;
    if (blank(c))
        return true;
    if (c == ',' || c == ']') {
        if (reader->due && (c == ',' || reader->any))
            ok = tell_hole(reader, NULL, "the server left its place empty");
        reader->due = c == ',';
        reader->any = true;
        if (c == ']')
            reader->rows = IN_TAIL;
        return ok;
    }
    if (!reader->due) {
        reader->broken = "responses do not follow each other as they should";
        return true;
    }
    reader->any = true;
    reader->due = false;
    reader->rows = c == '{' ? IN_ROW : IN_ODD;
    reader->row_depth = 0;
    reader->row_string = reader->row_escaped = false;
    g_string_truncate(reader->row, 0);
    return true;
}

/* The byte behind the rest of a string that is open, or n. */
static size_t scan_row_string(LsExport *reader, const char *bytes, size_t i, size_t n)
{
    if (reader->row_escaped && i < n) {
        reader->row_escaped = false;
        i++;
    }
    while (i < n) {
        const char c = bytes[i++];
        if (c == '"') {
            reader->row_string = false;
            return i;
        }
        if (c != '\\')
            continue;
        if (i == n)
            reader->row_escaped = true;
        i++;
    }
    return n;
}

/* How many of the bytes belong to the element that is open; *ret_over when it ends with them. */
static size_t scan_element(LsExport *reader, const char *bytes, size_t n, bool *ret_over)
{
    *ret_over = false;
    for (size_t i = reader->row_string ? scan_row_string(reader, bytes, 0, n) : 0; i < n;) {
        char c = bytes[i++];
        if (c == '"') {
            reader->row_string = true;
            i = scan_row_string(reader, bytes, i, n);
        } else if (c == '{' || c == '[') {
            reader->row_depth++;
        } else if (reader->row_depth == 0 && (c == ',' || c == ']' || c == '}')) {
            *ret_over = true; /* an odd element; this byte is the list's */
            return i - 1;
        } else if ((c == '}' || c == ']') && --reader->row_depth == 0 && reader->rows == IN_ROW) {
            *ret_over = true;
            return i;
        }
    }
    return n;
}

static bool end_element(LsExport *reader)
{
    bool row = reader->rows == IN_ROW;
    reader->rows = IN_LIST;
    if (!row)
        return tell_hole(reader, NULL, "it is no record");
    if (reader->row->len > ROW_BYTES)
        return tell_hole(reader, NULL, "it is longer than 16 MiB");
    return tell_row(reader);
}

static bool feed_rows(LsExport *reader, const char *bytes, size_t n)
{
    while (n > 0 && !reader->broken) {
        size_t taken = 1;
        bool over = false, ok = true;
        switch (reader->rows) {
        case IN_PREAMBLE:
            taken = scan_preamble(reader, bytes, n);
            break;
        case IN_LIST:
            ok = scan_list(reader, *bytes);
            if (reader->rows == IN_ROW || reader->rows == IN_ODD)
                taken = 0; /* the element's own first byte */
            break;
        case IN_ROW:
        case IN_ODD:
            taken = scan_element(reader, bytes, n, &over);
            if (reader->row->len <= ROW_BYTES)
                g_string_append_len(reader->row, bytes, (gssize)taken);
            if (over)
                ok = end_element(reader);
            break;
        case IN_TAIL:
            if (!blank(*bytes) && *bytes != '}')
                reader->broken = "something follows the list of responses";
            break;
        }
        if (!ok)
            return false;
        bytes += taken;
        n -= taken;
    }
    return true;
}

/* --- envelope and Base64 --- */

static bool decode(LsExport *reader, const char *bytes, size_t n)
{
    guchar out[DECODE_BYTES / 4 * 3 + 3];
    while (n > 0 && !reader->broken) {
        size_t part = MIN(n, (size_t)DECODE_BYTES);
        gsize got =
            g_base64_decode_step(bytes, part, out, &reader->base64_state, &reader->base64_save);
        if (!feed_rows(reader, (const char *)out, got))
            return false;
        bytes += part;
        n -= part;
    }
    return true;
}

/* How many bytes come before the payload's closing quote or an escape. */
static size_t plain_payload(const char *bytes, size_t n)
{
    const char *quote = memchr(bytes, '"', n);
    size_t until = quote ? (size_t)(quote - bytes) : n;
    const char *escape = memchr(bytes, '\\', until);
    return escape ? (size_t)(escape - bytes) : until;
}

/* Takes payload bytes up to its closing quote. Returns how many. What is no Base64 is passed over
 * by the decoder, and then the list has not the shape of one. */
static size_t scan_payload(LsExport *reader, const char *bytes, size_t n, bool *ret_ok)
{
    if (reader->escaped) {
        reader->escaped = false;
        *ret_ok = *bytes != '/' || decode(reader, "/", 1); /* `\/` is `/`; others are line ends */
        return 1;
    }
    size_t plain = plain_payload(bytes, n);
    *ret_ok = decode(reader, bytes, plain);
    if (plain == n)
        return n;
    reader->escaped = bytes[plain] == '\\';
    if (!reader->escaped) {
        reader->where = IN_ENVELOPE;
        g_string_append_c(reader->envelope, '"');
    }
    return plain + 1;
}

static void scan_string(LsExport *reader, char c)
{
    if (reader->escaped) {
        reader->escaped = false;
    } else if (c == '\\') {
        reader->escaped = true;
    } else if (c == '"') {
        reader->in_string = false;
        const char *name = reader->envelope->str + reader->string_at;
        reader->is_result = g_str_equal(name, "result\"");
    }
}

static void scan_envelope(LsExport *reader, char c)
{
    if (reader->envelope->len == ENVELOPE_BYTES) {
        reader->broken =
            reader->payload ? "it goes on after its end" : "the reply is no list of responses";
        return;
    }
    g_string_append_c(reader->envelope, c);
    if (reader->in_string) {
        scan_string(reader, c);
        return;
    }
    if (blank(c))
        return;
    bool value = reader->value_next;
    reader->value_next = c == ':' && reader->depth == 1 && reader->is_result;
    if (c == '"' && value && !reader->payload) {
        reader->where = IN_PAYLOAD;
        reader->payload = true;
    } else if (c == '"') {
        reader->in_string = true;
        reader->string_at = reader->envelope->len;
    } else if (c == '{' || c == '[') {
        reader->depth++;
    } else if (c == '}' || c == ']') {
        reader->depth--;
    }
}

/* The first byte that is not blank decides whether the reply can be RemoteControl's. What comes
 * instead of it is kept for the message. */
static bool scan_start(LsExport *reader, char c, GError **error)
{
    GString *start = reader->envelope;
    bool first = start->len == 0 || g_str_equal(start->str, "\xEF\xBB\xBF");
    if (first && c == '{') {
        g_string_truncate(start, 0);
        reader->where = IN_ENVELOPE;
        scan_envelope(reader, c);
        return true;
    }
    if (!first || !blank(c))
        g_string_append_c(start, c);
    if (start->len < ALIEN_BYTES)
        return true;
    ls_reply_alien(start->str, error);
    return false;
}

static bool feed_part(LsExport *reader, const char *bytes, size_t n, size_t *ret_taken,
                      GError **error)
{
    bool ok = true;
    *ret_taken = 1;
    switch (reader->where) {
    case AT_START:
        return scan_start(reader, *bytes, error);
    case IN_ENVELOPE:
        scan_envelope(reader, *bytes);
        break;
    case IN_PAYLOAD:
        *ret_taken = scan_payload(reader, bytes, n, &ok);
        break;
    }
    if (!ok)
        g_propagate_error(error, g_steal_pointer(&reader->error));
    return ok;
}

bool ls_export_feed(LsExport *reader, const char *bytes, size_t n, GError **error)
{
    reader->bytes += (int64_t)n;
    for (size_t taken; n > 0; bytes += taken, n -= taken) {
        if (!feed_part(reader, bytes, n, &taken, error))
            return false;
        if (reader->broken) {
            g_set_error(error, INNSIKT_ERROR, INNSIKT_ERROR_PROTOCOL,
                        "the export cannot be read: %s", reader->broken);
            return false;
        }
    }
    return true;
}

static bool end_payload(LsExport *reader, GError **error)
{
    if (reader->where == IN_ENVELOPE && reader->base64_state == 0 && reader->rows == IN_TAIL)
        return true;
    reader->broken = "it ends in the middle";
    g_set_error_literal(error, INNSIKT_ERROR, INNSIKT_ERROR_PROTOCOL,
                        "the export cannot be read: it ends in the middle");
    return false;
}

bool ls_export_end(LsExport *reader, bool *ret_rows, GError **error)
{
    if (reader->where == AT_START) {
        if (reader->envelope->len == 0)
            ls_reply_empty(error);
        else
            ls_reply_alien(reader->envelope->str, error);
        return false;
    }
    if (reader->payload && !end_payload(reader, error))
        return false;
    *ret_rows = reader->payload;
    return true;
}

const char *ls_export_envelope(const LsExport *reader)
{
    return reader->envelope->str;
}

const char *ls_export_broken(const LsExport *reader)
{
    return reader->broken;
}

int64_t ls_export_bytes(const LsExport *reader)
{
    return reader->bytes;
}

LsExport *ls_export_new(const char *const *headings, const LsExportVisit *visit, gpointer data)
{
    LsExport *reader = g_new0(LsExport, 1);
    reader->visit = *visit;
    reader->data = data;
    reader->parser = ls_row_new(headings);
    reader->envelope = g_string_new(NULL);
    reader->row = g_string_new(NULL);
    return reader;
}

void ls_export_restart(LsExport *reader)
{
    g_clear_error(&reader->error);
    g_string_truncate(reader->envelope, 0);
    g_string_truncate(reader->row, 0);
    *reader = (LsExport){.visit = reader->visit,
                         .data = reader->data,
                         .parser = reader->parser,
                         .envelope = reader->envelope,
                         .row = reader->row};
    if (reader->visit.begin)
        reader->visit.begin(reader->data);
}

void ls_export_free(LsExport *reader)
{
    if (!reader)
        return;
    g_clear_error(&reader->error);
    ls_row_free(reader->parser);
    g_string_free(reader->envelope, TRUE);
    g_string_free(reader->row, TRUE);
    g_free(reader);
}

void ls_reply_empty(GError **error)
{
    g_set_error_literal(error, INNSIKT_ERROR, INNSIKT_ERROR_DISABLED,
                        "RemoteControl is switched off on this server (Global settings → "
                        "Interfaces → RPC interface = JSON-RPC)");
}

void ls_reply_alien(const char *text, GError **error)
{
    g_autofree char *words = transport_excerpt(text);
    g_set_error(error, INNSIKT_ERROR, INNSIKT_ERROR_PROTOCOL,
                "this is no answer of LimeSurvey's RemoteControl; check `url:`. The server says: "
                "«%s»",
                words);
}
