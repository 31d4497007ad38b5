#include "collect/csv_reader.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    BLOCK = 1 << 16,
    SEPARATOR_RECORDS = 20, /* the separator is found out over this many */
    MARK_QUOTED = 1,
    MARK_UNEVEN = 2, /* doubled quotes inside, or text after the closing one … */
    MARK_TORN = 4,   /* … and it is the latter */
};

struct CsvReader {
    char *name;
    int fd; /* -1: bytes */
    const unsigned char *bytes;
    size_t n_bytes, offset; /* of bytes */
    Decoder decoder;
    size_t mark_length;   /* byte order mark */
    size_t preamble;      /* decoded length of the `sep=` line */
    char separator;       /* NUL: none */
    bool stop[256];       /* what ends an unquoted field */
    char *window;         /* decoded text; window[end] is a line end nobody wrote */
    size_t begin, end;    /* what is not yet given out */
    size_t room;          /* without the byte for the sentinel */
    bool ended;           /* the input has no more */
    int64_t number, line; /* of the next record */
    CsvField *fields;
    size_t n_fields, fields_room;
    unsigned char block[BLOCK];
};

/* --- input ---------------------------------------------------------------------------------- */

static bool input_read(CsvReader *reader, size_t *ret, GError **error)
{
    if (reader->fd < 0) {
        *ret = MIN(BLOCK, reader->n_bytes - reader->offset);
        if (*ret)
            memcpy(reader->block, reader->bytes + reader->offset, *ret);
        reader->offset += *ret;
        return true;
    }
    ssize_t n;
    do
        n = read(reader->fd, reader->block, BLOCK);
    while (n < 0 && errno == EINTR);
    if (n < 0) {
        g_set_error(error, INNSIKT_ERROR, INNSIKT_ERROR_SYSTEM, "%s cannot be read: %s",
                    reader->name, g_strerror(errno));
        return false;
    }
    *ret = (size_t)n;
    return true;
}

static bool input_seek(CsvReader *reader, size_t to, GError **error)
{
    reader->offset = to;
    if (reader->fd < 0 || lseek(reader->fd, (off_t)to, SEEK_SET) >= 0)
        return true;
    g_set_error(error, INNSIKT_ERROR, INNSIKT_ERROR_SYSTEM, "%s cannot be read: %s", reader->name,
                g_strerror(errno));
    return false;
}

/* Moves what is left to the front and decodes one block behind it. */
static bool window_fill(CsvReader *reader, GError **error)
{
    size_t n;
    if (!input_read(reader, &n, error))
        return false;
    size_t left = reader->end - reader->begin;
    if (reader->begin)
        memmove(reader->window, reader->window + reader->begin, left);
    reader->begin = 0;
    if (left + CHARSET_ROOM(BLOCK) > reader->room) {
        reader->room = 2 * left + CHARSET_ROOM(BLOCK);
        reader->window = g_realloc(reader->window, reader->room + 1);
    }
    reader->ended = n == 0;
    reader->end = left + charset_decode(&reader->decoder, reader->block, n, reader->ended,
                                        reader->window + left);
    reader->window[reader->end] = '\n';
    return true;
}

/* --- one record ------------------------------------------------------------------------------ */

typedef enum { PARSE_RECORD, PARSE_MORE, PARSE_COLUMNS } Parse;

typedef struct {
    const char *next;    /* behind the record */
    int64_t lines;       /* line ends inside its quotes */
    const char *field;   /* where the field that was read last begins … */
    int64_t field_lines; /* … and the line ends before it */
} Extent;

static CsvField *field_add(CsvReader *reader)
{
    if (reader->n_fields == CSV_COLUMNS_LIMIT)
        return NULL;
    if (reader->n_fields == reader->fields_room) {
        reader->fields_room = MAX(64, 2 * reader->fields_room);
        reader->fields = g_renew(CsvField, reader->fields, reader->fields_room);
    }
    return &reader->fields[reader->n_fields++];
}

/* From behind the opening quote to behind the closing one; NULL when there is none yet. */
static const char *quoted_end(const char *p, const char *end, unsigned *marks, int64_t *lines)
{
    static const bool halt[256] = {['"'] = true, ['\n'] = true, ['\r'] = true};
    for (;; p++) {
        while (!halt[(unsigned char)*p])
            p++;
        if (p == end)
            return NULL;
        if (*p == '\n' || (*p == '\r' && p[1] != '\n'))
            ++*lines;
        if (*p != '"')
            continue;
        if (p[1] != '"')
            return p + 1;
        *marks |= MARK_UNEVEN;
        p++;
    }
}

/* Finds the fields of the record at `p` without changing a byte, so that it can be tried again with
 * more input. The sentinel at `end` spares the loops a second test. */
static Parse record_parse(CsvReader *reader, const char *p, const char *end, Extent *ret)
{
    reader->n_fields = 0;
    ret->lines = 0;
    for (;; p++) {
        CsvField *field = field_add(reader);
        if (!field)
            return PARSE_COLUMNS;
        *field = (CsvField){.text = p};
        ret->field = p;
        ret->field_lines = ret->lines;
        if (*p == '"') {
            field->marks = MARK_QUOTED;
            const char *closed = quoted_end(p + 1, end, &field->marks, &ret->lines);
            if (!closed)
                return PARSE_MORE;
            p = closed;
            if (!reader->stop[(unsigned char)*p])
                field->marks |= MARK_UNEVEN | MARK_TORN;
        }
        while (!reader->stop[(unsigned char)*p])
            p++;
        field->length = (size_t)(p - field->text);
        if (p == end || *p != reader->separator)
            break;
    }
    ret->next = p;
    if (p == end)
        return reader->ended ? PARSE_RECORD : PARSE_MORE;
    if (*p == '\r' && p + 1 == end && !reader->ended)
        return PARSE_MORE;
    ret->next = p + 1 + (p + 1 < end && p[0] == '\r' && p[1] == '\n');
    return PARSE_RECORD;
}

/* Doubled quotes become one; behind the closing one everything is text as it stands. */
static void field_unquote(CsvField *field, char *text)
{
    const char *end = text + field->length;
    bool inside = true;
    char *out = text;
    for (const char *p = text + 1; p < end; p++) {
        bool quote = inside && *p == '"';
        bool doubled = quote && p + 1 < end && p[1] == '"';
        inside = inside && quote == doubled;
        if (quote && !doubled)
            continue;
        *out++ = *p;
        p += doubled;
    }
    field->length = (size_t)(out - text);
}

/* Takes the quotes away and ends every text with a NUL, over the separator that ended it. */
static void record_finish(CsvReader *reader)
{
    for (size_t i = 0; i < reader->n_fields; i++) {
        CsvField *field = &reader->fields[i];
        char *text = reader->window + (field->text - reader->window);
        if (field->marks & MARK_UNEVEN) {
            field_unquote(field, text);
        } else if (field->marks) {
            field->text = ++text;
            field->length -= 2;
        }
        text[field->length] = '\0';
    }
}

static bool refuse_columns(const CsvReader *reader, GError **error)
{
    g_set_error(error, INNSIKT_ERROR, INNSIKT_ERROR_LIMIT,
                "%s:%" PRId64 ": more than %d columns; is the separator right?", reader->name,
                reader->line, CSV_COLUMNS_LIMIT);
    return false;
}

static bool refuse_size(const CsvReader *reader, const char *what, int limit, int64_t line,
                        GError **error)
{
    g_set_error(error, INNSIKT_ERROR, INNSIKT_ERROR_LIMIT,
                "%s:%" PRId64 ": the %s that begins here is longer than %d MiB; is a closing "
                "quote missing?",
                reader->name, line, what, limit >> 20);
    return false;
}

/* The limits, over a record that is not whole yet. */
static bool part_within(const CsvReader *reader, const Extent *extent, const char *end,
                        GError **error)
{
    if (end - extent->field > CSV_FIELD_LIMIT + 2)
        return refuse_size(reader, "cell", CSV_FIELD_LIMIT, reader->line + extent->field_lines,
                           error);
    if (end - (reader->window + reader->begin) > CSV_RECORD_LIMIT)
        return refuse_size(reader, "row", CSV_RECORD_LIMIT, reader->line, error);
    return true;
}

/* The same over a whole one. */
static bool record_within(const CsvReader *reader, ptrdiff_t length, GError **error)
{
    if (length <= CSV_FIELD_LIMIT)
        return true;
    if (length > CSV_RECORD_LIMIT)
        return refuse_size(reader, "row", CSV_RECORD_LIMIT, reader->line, error);
    for (size_t i = 0; i < reader->n_fields; i++)
        if (reader->fields[i].length > CSV_FIELD_LIMIT + 2)
            return refuse_size(reader, "row with a cell", CSV_FIELD_LIMIT, reader->line, error);
    return true;
}

/* Brings in at least as much again as is there, so that a long record costs linear time. */
static bool record_extend(CsvReader *reader, GError **error)
{
    size_t wanted = 2 * (reader->end - reader->begin);
    do
        if (!window_fill(reader, error))
            return false;
    while (!reader->ended && reader->end - reader->begin < wanted);
    return true;
}

/* Finds the record at the start of the window, filling it as needed. */
static bool record_find(CsvReader *reader, Extent *extent, GError **error)
{
    for (;;) {
        const char *begin = reader->window + reader->begin;
        const char *end = reader->window + reader->end;
        switch (record_parse(reader, begin, end, extent)) {
        case PARSE_RECORD:
            return record_within(reader, extent->next - begin, error);
        case PARSE_COLUMNS:
            return refuse_columns(reader, error);
        case PARSE_MORE:
            break;
        }
        if (!part_within(reader, extent, end, error))
            return false;
        if (reader->ended) {
            g_set_error(error, INNSIKT_ERROR, INNSIKT_ERROR_DATA,
                        "%s:%" PRId64 ": the quote that opens here is never closed; close it, or "
                        "double it if it is part of the text",
                        reader->name, reader->line + extent->field_lines);
            return false;
        }
        if (!record_extend(reader, error))
            return false;
    }
}

bool csv_reader_next(CsvReader *reader, CsvRecord *ret, GError **error)
{
    for (;;) {
        if (reader->begin == reader->end && !reader->ended && !window_fill(reader, error))
            return false;
        if (reader->begin == reader->end && reader->ended) {
            *ret = (CsvRecord){.number = reader->number, .line = reader->line};
            return true;
        }
        Extent extent;
        if (!record_find(reader, &extent, error))
            return false;
        *ret = (CsvRecord){reader->fields, reader->n_fields, reader->number, reader->line};
        reader->begin = (size_t)(extent.next - reader->window);
        reader->line += extent.lines + 1;
        reader->number++;
        if (reader->n_fields > 1 || reader->fields[0].length) {
            record_finish(reader);
            ret->field = reader->fields;
            return true;
        }
    }
}

/* --- what the file is ------------------------------------------------------------------------- */

/* Files that are not text but are often given a name as if they were. */
static const struct {
    const char *bytes;
    size_t n;
    const char *what;
} strangers[] = {
    {"PK\x03\x04", 4, "an Excel workbook (or another zip file); in Excel, save it as «CSV UTF-8»"},
    {"\xD0\xCF\x11\xE0", 4, "an old Excel workbook; in Excel, save it as «CSV UTF-8»"},
    {"\x1F\x8B", 2, "compressed (gzip); unpack it first"},
    {"%PDF-", 5, "a PDF document; export the answers as CSV instead"},
    {"{\\rtf", 5, "a rich text document; save it as plain text"},
    {"SQLite format 3", 15, "an SQLite database; export the table as CSV instead"},
    {"<!doctype html", 14, "a web page, perhaps a login page; download the file anew"},
    {"<html", 5, "a web page, perhaps a login page; download the file anew"},
};

/* So many that no text has, be it ever so short. */
enum { CONTROLS_MOST = 8 };

static bool refuse_stranger(const CsvReader *reader, size_t n, GError **error)
{
    const char *what = NULL;
    for (size_t i = 0; !what && i < G_N_ELEMENTS(strangers); i++)
        if (n >= strangers[i].n &&
            !g_ascii_strncasecmp((const char *)reader->block, strangers[i].bytes, strangers[i].n))
            what = strangers[i].what;
    size_t zeros[2] = {0}, controls = 0;
    for (size_t i = 0; i < n; i++) {
        const unsigned char c = (unsigned char)reader->block[i];
        zeros[i % 2] += !c;
        controls += c < ' ' && !g_ascii_isspace((char)c);
    }
    if (!what && 3 * (zeros[0] + zeros[1]) > n)
        what = zeros[1] > 8 * zeros[0]
                   ? "UTF-16 without a byte order mark; say `encoding: utf-16le` for this source"
               : zeros[0] > 8 * zeros[1]
                   ? "UTF-16 without a byte order mark; say `encoding: utf-16be` for this source"
                   : "no text; export the answers as CSV";
    else if (!what && controls > CONTROLS_MOST && 20 * controls > n)
        what = "no text; export the answers as CSV";
    if (!what)
        return true;
    g_set_error(error, INNSIKT_ERROR, INNSIKT_ERROR_DATA, "%s is not CSV but %s", reader->name,
                what);
    return false;
}

/* Reads on to the end: one byte that cannot be UTF-8 makes the file Windows-1252. */
static bool charset_scan(CsvReader *reader, size_t n, GError **error)
{
    Utf8Scan scan = {0};
    bool sound = true;
    while (sound && n) {
        sound = utf8_scan(&scan, reader->block, n);
        if (!input_read(reader, &n, error))
            return false;
    }
    reader->decoder.charset = sound && !scan.n_pending ? CHARSET_UTF8 : CHARSET_WINDOWS_1252;
    return true;
}

static bool charset_find(CsvReader *reader, const char *encoding, GError **error)
{
    Charset charset = CHARSET_UTF8;
    if (encoding && !charset_parse(encoding, &charset)) {
        g_set_error(error, INNSIKT_ERROR, INNSIKT_ERROR_USAGE,
                    "%s: unknown encoding \"%s\"; say utf-8, windows-1252, mac-roman, utf-16le or "
                    "utf-16be",
                    reader->name, encoding);
        return false;
    }
    size_t n;
    if (!input_read(reader, &n, error))
        return false;
    Charset marked;
    bool has_mark = charset_mark(reader->block, n, &marked, &reader->mark_length);
    reader->decoder.charset = has_mark ? marked : charset;
    if (has_mark || charset == CHARSET_UTF16LE || charset == CHARSET_UTF16BE)
        return true;
    return refuse_stranger(reader, n, error) && (encoding || charset_scan(reader, n, error));
}

/* --- the separator -----------------------------------------------------------------------------
 */

static void separator_set(CsvReader *reader, char separator)
{
    memset(reader->stop, 0, sizeof reader->stop);
    reader->separator = separator;
    reader->stop[(unsigned char)separator] = true;
    reader->stop['\n'] = reader->stop['\r'] = true;
}

typedef struct {
    int records;
    int equal; /* with as many separators as the first */
    int near;  /* with at least one; of commas, which prose is full of, no more than the first */
    bool torn; /* a field ends behind its closing quote: that quote stood for another separator */
    size_t first;
} Regularity;

static Regularity separator_try(CsvReader *reader, char separator)
{
    Regularity r = {0};
    separator_set(reader, separator);
    const char *end = reader->window + reader->end;
    Extent extent = {.next = reader->window + reader->begin};
    while (extent.next < end && r.records < SEPARATOR_RECORDS &&
           record_parse(reader, extent.next, end, &extent) == PARSE_RECORD) {
        size_t count = reader->n_fields - 1;
        for (size_t i = 0; i <= count; i++)
            r.torn |= (reader->fields[i].marks & MARK_TORN) != 0;
        if (!count && !reader->fields[0].length)
            continue;
        size_t used = count;
        while (used && !reader->fields[used].length)
            used--;
        if (!r.records++)
            r.first = count;
        r.equal += count == r.first;
        r.near += count && (separator != ',' || used <= r.first);
    }
    return r;
}

/* The character that cuts the first records most evenly. Norwegian Excel writes `;`, since the
 * comma is its decimal sign, so that wins a tie. */
static char separator_find(CsvReader *reader)
{
    static const char candidates[] = {';', ',', '\t', '|'};
    char best = '\0';
    Regularity top = {0};
    bool top_even = false;
    for (size_t i = 0; i < sizeof candidates; i++) {
        Regularity r = separator_try(reader, candidates[i]);
        bool even = r.first && r.equal == r.records && !r.torn;
        if (!even && (!r.first || 2 * r.near <= r.records))
            continue;
        if (best == ';' && top_even)
            break;
        if (!best || (even && !top_even) || (even == top_even && r.first > top.first)) {
            best = candidates[i];
            top = r;
            top_even = even;
        }
    }
    return best;
}

/* `sep=X`, plain or in quotes, alone on the first line. Returns X, or NUL. */
static char separator_line(CsvReader *reader)
{
    const char *text = reader->window + reader->begin;
    const char *end = reader->window + reader->end;
    const char *p = text + (*text == '"');
    if (end - p < 5 || g_ascii_strncasecmp(p, "sep=", 4))
        return '\0';
    char separator = p[4];
    p += 5;
    if (*text == '"' && *p++ != '"')
        return '\0';
    if (strchr("\r\n\"", separator) || (*p != '\r' && *p != '\n'))
        return '\0';
    p += p < end && p[0] == '\r' && p[1] == '\n';
    reader->preamble = (size_t)(MIN(p + 1, end) - text);
    return separator;
}

static bool separator_decide(CsvReader *reader, const char *declared, GError **error)
{
    char line = separator_line(reader);
    reader->begin += reader->preamble;
    if (!declared) {
        separator_set(reader, line ? line : separator_find(reader));
        return true;
    }
    bool tab = g_str_equal(declared, "tab") || g_str_equal(declared, "\\t");
    if (!tab && (strlen(declared) != 1 || strchr("\"\r\n", *declared))) {
        g_set_error(error, INNSIKT_ERROR, INNSIKT_ERROR_USAGE,
                    "%s: separator \"%s\" is not one character; say \";\", \",\", \"|\" or tab",
                    reader->name, declared);
        return false;
    }
    separator_set(reader, tab ? '\t' : *declared);
    return true;
}

/* --- life --------------------------------------------------------------------------------------
 */

static bool reader_start(CsvReader *reader, GError **error)
{
    reader->begin = reader->end = 0;
    reader->number = reader->line = 1;
    reader->ended = false;
    reader->decoder = (Decoder){.charset = reader->decoder.charset};
    return input_seek(reader, reader->mark_length, error) && window_fill(reader, error);
}

static CsvReader *reader_prepare(CsvReader *fresh, const CsvOptions *options, GError **error)
{
    g_autoptr(CsvReader) reader = fresh;
    if (!charset_find(reader, options ? options->encoding : NULL, error) ||
        !reader_start(reader, error) || !(reader->ended || window_fill(reader, error)) ||
        !separator_decide(reader, options ? options->separator : NULL, error))
        return NULL;
    reader->line += reader->preamble > 0;
    return g_steal_pointer(&reader);
}

bool csv_reader_rewind(CsvReader *reader, GError **error)
{
    if (!reader_start(reader, error))
        return false;
    reader->begin = MIN(reader->preamble, reader->end);
    reader->line += reader->preamble > 0;
    return true;
}

static bool file_open(CsvReader *reader, const char *path, GError **error)
{
    struct stat about;
    /* O_NONBLOCK: opening a pipe must not wait for its writer. */
    reader->fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (reader->fd < 0 || fstat(reader->fd, &about) < 0) {
        g_set_error(error, INNSIKT_ERROR,
                    errno == ENOENT ? INNSIKT_ERROR_NOT_FOUND : INNSIKT_ERROR_SYSTEM,
                    "%s cannot be opened: %s", reader->name, g_strerror(errno));
        return false;
    }
    if (!S_ISREG(about.st_mode)) {
        g_set_error(error, INNSIKT_ERROR, INNSIKT_ERROR_SYSTEM, "%s is not a file", reader->name);
        return false;
    }
    if (about.st_size > CSV_FILE_LIMIT) {
        g_set_error(error, INNSIKT_ERROR, INNSIKT_ERROR_LIMIT,
                    "%s is larger than %d GiB; split it into several files", reader->name,
                    (int)(CSV_FILE_LIMIT >> 30));
        return false;
    }
    return true;
}

CsvReader *csv_reader_open(const char *path, const char *name, const CsvOptions *options,
                           GError **error)
{
    g_autoptr(CsvReader) reader = g_new0(CsvReader, 1);
    reader->name = g_strdup(name);
    if (!file_open(reader, path, error))
        return NULL;
    return reader_prepare(g_steal_pointer(&reader), options, error);
}

CsvReader *csv_reader_bytes(const void *bytes, size_t n, const char *name,
                            const CsvOptions *options, GError **error)
{
    CsvReader *reader = g_new0(CsvReader, 1);
    reader->name = g_strdup(name);
    reader->fd = -1;
    reader->bytes = bytes;
    reader->n_bytes = n;
    return reader_prepare(reader, options, error);
}

void csv_reader_free(CsvReader *reader)
{
    if (!reader)
        return;
    if (reader->fd >= 0)
        close(reader->fd);
    g_free(reader->name);
    g_free(reader->window);
    g_free(reader->fields);
    g_free(reader);
}

Charset csv_reader_charset(const CsvReader *reader)
{
    return reader->decoder.charset;
}

char csv_reader_separator(const CsvReader *reader)
{
    return reader->separator;
}

int64_t csv_reader_replaced(const CsvReader *reader)
{
    return reader->decoder.replaced;
}
