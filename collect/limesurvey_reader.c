#include "collect/limesurvey_reader.h"

#include <string.h>

enum {
    GAP_IDS = 100,            /* unwanted ids that are cheaper to read than a second request */
    SPAN_IDS = 1000,          /* of one request */
    UNREADABLE_IN_A_ROW = 20, /* then it is not the responses that are broken */
};

bool ls_digits(const char *text)
{
    return text && *text && strspn(text, "0123456789") == strlen(text) && strlen(text) <= 18;
}

typedef struct {
    int64_t low, high;
} Span;

/* One export: ids and dates for the index, or answers of those that are wanted. */
typedef struct {
    LsReader *reader;
    PageSink *sink;
    GHashTable *wanted; /* ids still to come (int64_t *); NULL: this is the index */
    Span span;          /* asked for; high G_MAXINT64: to the end */
    int64_t last;       /* the last id that was told */
    int64_t told;       /* ids told */
    GArray *gaps;       /* of Span: somewhere in each is a response that cannot be read */
    bool gap;           /* after `last`, one that gave no id */
    const char *reason; /* why */
} Range;

static bool tell_unreadable(Range *range, int64_t id, const char *reason, GError **error)
{
    LsReader *reader = range->reader;
    g_autofree char *key = ls_epoch_key(reader->epoch, id);
    if (!range->wanted)
        return range->sink->seen(range->sink, key, NULL, error);
    if (!g_hash_table_remove(range->wanted, &id))
        return true;
    if (++reader->unreadable_row > UNREADABLE_IN_A_ROW) {
        g_set_error(error, INNSIKT_ERROR, INNSIKT_ERROR_PROTOCOL,
                    "more than %d responses in a row cannot be read: %s", UNREADABLE_IN_A_ROW,
                    reason);
        return false;
    }
    return range->sink->set_aside(range->sink, key, reason, error);
}

static void close_gap(Range *range, int64_t before)
{
    Span gap = {range->last + 1, before - 1};
    range->gap = false;
    /* Not in order: then it may be anywhere. */
    if (gap.low > gap.high)
        gap = range->span;
    g_array_append_val(range->gaps, gap);
}

static const char *cell_text(const LsCell *cell)
{
    return cell->kind == CELL_TEXT ? cell->text : "";
}

static void set_revision(LsReader *reader, const LsCell *cells)
{
    g_string_printf(reader->revision, "%s/%s", cell_text(&cells[COLUMN_SUBMITDATE]),
                    cell_text(&cells[COLUMN_DATESTAMP]));
}

static bool index_row(Range *range, int64_t id, const LsCell *cells, GError **error)
{
    LsReader *reader = range->reader;
    g_autofree char *key = ls_epoch_key(reader->epoch, id);
    if (*cell_text(&cells[COLUMN_DATESTAMP]))
        reader->stamped = true;
    ls_epoch_listed(reader->epoch, id);
    set_revision(reader, cells);
    return range->sink->seen(range->sink, key, reader->revision->str, error);
}

static int two_digits(const char *p)
{
    return (p[0] - '0') * 10 + (p[1] - '0');
}

/* `YYYY-MM-DD HH:MM:SS` in the source's zone. The constant that stands for «not stamped», and what
 * is no time, is unknown. */
static int64_t local_time(const LsReader *reader, const LsCell *cell)
{
    static const char pattern[] = "dddd-dd-dd dd:dd:dd";
    const char *t = cell_text(cell);
    if (g_str_has_prefix(t, "1980-01-01 00:00:00"))
        return TIME_UNKNOWN;
    for (size_t i = 0; i < sizeof pattern - 1; i++)
        if (pattern[i] == 'd' ? !g_ascii_isdigit(t[i]) : t[i] != pattern[i])
            return TIME_UNKNOWN;
    g_autoptr(GDateTime) when = g_date_time_new(
        reader->zone, two_digits(t) * 100 + two_digits(t + 2), two_digits(t + 5), two_digits(t + 8),
        two_digits(t + 11), two_digits(t + 14), two_digits(t + 17));
    return when ? g_date_time_to_unix(when) * G_USEC_PER_SEC : TIME_UNKNOWN;
}

static void add_answer(Response *response, const LsColumn *column, const LsCell *cell)
{
    const char *text = NULL;
    Missing missing = MISSING_NONE;
    switch (cell->kind) {
    case CELL_ABSENT:
        missing = MISSING_NOT_IN_VERSION;
        break;
    case CELL_NULL:
        missing = MISSING_NOT_SHOWN;
        break;
    case CELL_ODD:
        missing = MISSING_UNREADABLE;
        break;
    case CELL_TEXT:
        if (*cell->text || column->tick)
            text = cell->text;
        else
            missing = MISSING_NOT_ANSWERED;
        break;
    }
    response_answer(response, column->heading, INSTANCE_NONE, text, missing);
}

static bool wanted_row(Range *range, int64_t id, const LsCell *cells, GError **error)
{
    LsReader *reader = range->reader;
    if (!g_hash_table_remove(range->wanted, &id))
        return true;
    Response *response = reader->response;
    response_reset(response);
    g_autofree char *key = ls_epoch_key(reader->epoch, id);
    set_revision(reader, cells);
    response->id = response_keep(response, key);
    response->revision = response_keep(response, reader->revision->str);
    const char *language = cell_text(&cells[COLUMN_LANGUAGE]);
    response->language = *language ? response_keep(response, language) : NULL;
    response->state = *cell_text(&cells[COLUMN_SUBMITDATE]) ? STATE_COMPLETE : STATE_PARTIAL;
    response->submitted = local_time(reader, &cells[COLUMN_SUBMITDATE]);
    response->updated = local_time(reader, &cells[COLUMN_DATESTAMP]);
    if (response->updated == TIME_UNKNOWN)
        response->updated = response->submitted;
    for (guint i = 0; i < reader->columns->columns->len; i++) {
        const LsColumn *column = &g_array_index(reader->columns->columns, LsColumn, i);
        add_answer(response, column, &cells[column->cell]);
    }
    reader->unreadable_row = 0;
    return range->sink->response(range->sink, response, error);
}

static bool on_row(const LsCell *cells, gpointer data, GError **error)
{
    Range *range = data;
    const char *text = cells[COLUMN_ID].text;
    if (!ls_digits(text)) {
        range->gap = true;
        range->reason = "its id is no number";
        return true;
    }
    int64_t id = g_ascii_strtoll(text, NULL, 10);
    if (id < range->span.low || id > range->span.high)
        return true; /* not asked for */
    if (range->gap)
        close_gap(range, id);
    range->last = id;
    range->told++;
    return range->wanted ? wanted_row(range, id, cells, error) : index_row(range, id, cells, error);
}

static bool on_hole(const char *id, const char *reason, gpointer data, GError **error)
{
    Range *range = data;
    range->reason = reason;
    if (!ls_digits(id)) {
        range->gap = true;
        return true;
    }
    range->last = g_ascii_strtoll(id, NULL, 10);
    return tell_unreadable(range, range->last, reason, error);
}

static void on_begin(gpointer data)
{
    Range *range = data;
    range->last = range->span.low - 1;
    range->told = 0;
    range->gap = false;
    g_array_set_size(range->gaps, 0);
}

static const LsExportVisit visit = {on_row, on_hole, on_begin};

static json_object *export_params(const LsReader *reader, Span span, json_object *fields)
{
    static const char *const fixed[] = {"json", NULL, "all", "code", "short"};
    json_object *params = ls_session_params(reader->session);
    for (size_t i = 0; i < G_N_ELEMENTS(fixed); i++)
        json_object_array_add(params, fixed[i] ? json_object_new_string(fixed[i]) : NULL);
    bool open = span.high == G_MAXINT64;
    json_object_array_add(params, open ? NULL : json_object_new_int64(span.low));
    json_object_array_add(params, open ? NULL : json_object_new_int64(span.high));
    json_object_array_add(params, json_object_get(fields));
    return params;
}

/* Whether the list can be mended by asking for shorter ones. */
static bool mendable(const LsExport *list, const GError *error)
{
    return ls_export_broken(list) || g_error_matches(error, INNSIKT_ERROR, INNSIKT_ERROR_LIMIT);
}

static bool send_range(Range *range, json_object *fields, GError **error)
{
    LsReader *reader = range->reader;
    g_autoptr(GError) trouble = NULL;
    g_autofree char *what =
        range->span.high == G_MAXINT64
            ? g_strdup("the list of responses")
            : g_strdup_printf("responses %" G_GINT64_FORMAT "–%" G_GINT64_FORMAT, range->span.low,
                              range->span.high);
    LsExport *list =
        ls_export_new((const char *const *)reader->columns->headings->pdata, &visit, range);
    json_object *params = export_params(reader, range->span, fields);
    bool found, ok = ls_session_export(reader->session, params, what, list, &found, &trouble);
    json_object_put(params);
    reader->bytes += ls_export_bytes(list);
    bool mend = !ok && range->span.high != G_MAXINT64 && mendable(list, trouble);
    ls_export_free(list);
    if (mend) {
        range->gap = true;
        range->reason = "the server's list breaks off or loses its shape at this response";
    } else if (!ok) {
        g_propagate_error(error, g_steal_pointer(&trouble));
        return false;
    }
    if (range->gap && range->span.high != G_MAXINT64)
        close_gap(range, range->span.high + 1);
    return true;
}

static bool any_wanted(const Range *range, Span gap)
{
    if (!range->wanted)
        return true;
    GHashTableIter iter;
    gpointer id;
    g_hash_table_iter_init(&iter, range->wanted);
    while (g_hash_table_iter_next(&iter, &id, NULL))
        if (*(int64_t *)id >= gap.low && *(int64_t *)id <= gap.high)
            return true;
    return false;
}

static bool read_span(LsReader *reader, PageSink *sink, GHashTable *wanted, Span span,
                      int64_t *ret_listed, bool *ret_whole, GError **error);

/* Finds the response in the gap that cannot be read, by asking for parts of it. */
static bool search_gap(const Range *range, Span gap, const char *reason, GError **error)
{
    LsReader *reader = range->reader;
    bool whole = gap.low == range->span.low && gap.high == range->span.high;
    if (!any_wanted(range, gap))
        return true;
    if (gap.low == gap.high) {
        Range one = *range;
        return tell_unreadable(&one, gap.low, reason, error);
    }
    if (!whole)
        return read_span(reader, range->sink, range->wanted, gap, NULL, NULL, error);
    int64_t middle = gap.low + (gap.high - gap.low) / 2;
    Span lower = {gap.low, middle}, upper = {middle + 1, gap.high};
    return (!any_wanted(range, lower) ||
            read_span(reader, range->sink, range->wanted, lower, NULL, NULL, error)) &&
           (!any_wanted(range, upper) ||
            read_span(reader, range->sink, range->wanted, upper, NULL, NULL, error));
}

/* Reads the responses of a span of ids. One that cannot be read is searched for and told; the
 * others come through. Of an open span *ret_listed is how
 * many there are, *ret_whole whether every id is known; else both are NULL. */
static bool read_span(LsReader *reader, PageSink *sink, GHashTable *wanted, Span span,
                      int64_t *ret_listed, bool *ret_whole, GError **error)
{
    Range range = {.reader = reader, .sink = sink, .wanted = wanted, .span = span};
    range.gaps = g_array_new(FALSE, FALSE, sizeof(Span));
    json_object *fields = wanted ? reader->columns->fields : reader->columns->index_fields;
    bool ok = send_range(&range, fields, error);
    for (guint i = 0; ok && i < range.gaps->len; i++)
        ok = search_gap(&range, g_array_index(range.gaps, Span, i), range.reason, error);
    if (ok && ret_listed) {
        *ret_listed = range.told;
        *ret_whole = !range.gap;
    }
    g_array_unref(range.gaps);
    return ok;
}

static bool witness_row(const LsCell *cells, gpointer data, GError **error)
{
    (void)error;
    if (ls_digits(cells[COLUMN_ID].text))
        ls_epoch_hear(data, g_ascii_strtoll(cells[COLUMN_ID].text, NULL, 10),
                      cell_text(&cells[COLUMN_STARTDATE]), cell_text(&cells[COLUMN_SEED]));
    return true;
}

static bool witness_hole(const char *id, const char *reason, gpointer data, GError **error)
{
    (void)id;
    (void)reason;
    (void)data;
    (void)error;
    return true;
}

static void witness_begin(gpointer data)
{
    ls_epoch_hear_begin(data);
}

bool ls_reader_witnesses(LsReader *reader, bool *ret_began, GError **error)
{
    static const LsExportVisit witnesses = {witness_row, witness_hole, witness_begin};
    Span span;
    *ret_began = false;
    if (!reader->columns->witness_fields || !ls_epoch_span(reader->epoch, &span.low, &span.high))
        return true;
    LsExport *list = ls_export_new((const char *const *)reader->columns->headings->pdata,
                                   &witnesses, reader->epoch);
    json_object *params = export_params(reader, span, reader->columns->witness_fields);
    bool found,
        ok = ls_session_export(reader->session, params, "the first responses", list, &found, error);
    json_object_put(params);
    ls_export_free(list);
    if (ok)
        *ret_began = ls_epoch_hear_end(reader->epoch);
    return ok;
}

bool ls_reader_index(LsReader *reader, PageSink *sink, int64_t *ret_listed, bool *ret_whole,
                     GError **error)
{
    Span all = {1, G_MAXINT64};
    if (!read_span(reader, sink, NULL, all, ret_listed, ret_whole, error))
        return false;
    return *ret_whole ||
           sink->set_aside(sink, NULL, "it stands last in the server's list and has no id", error);
}

static bool read_wanted(LsReader *reader, PageSink *sink, const GArray *ids, GHashTable *wanted,
                        GError **error)
{
    for (guint i = 0; i < ids->len;) {
        Span span = {g_array_index(ids, int64_t, i), g_array_index(ids, int64_t, i)};
        for (i++; i < ids->len; i++) {
            int64_t next = g_array_index(ids, int64_t, i);
            if (next - span.high > GAP_IDS || next - span.low >= SPAN_IDS)
                break;
            span.high = next;
        }
        if (!read_span(reader, sink, wanted, span, NULL, NULL, error))
            return false;
    }
    return true;
}

static gint by_id(gconstpointer a, gconstpointer b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

static GArray *sorted_ids(GHashTable *ids)
{
    GArray *sorted = g_array_new(FALSE, FALSE, sizeof(int64_t));
    GHashTableIter iter;
    gpointer id;
    g_hash_table_iter_init(&iter, ids);
    while (g_hash_table_iter_next(&iter, &id, NULL))
        g_array_append_val(sorted, *(int64_t *)id);
    g_array_sort(sorted, by_id);
    return sorted;
}

bool ls_reader_responses(LsReader *reader, PageSink *sink, GHashTable *wanted, GError **error)
{
    /* A server that sends the wrong page, or an empty one, is asked once more for what is missing:
     * the index said that it is there. */
    for (int attempt = 0; attempt < 2 && g_hash_table_size(wanted) > 0; attempt++) {
        g_autoptr(GArray) ids = sorted_ids(wanted);
        if (!read_wanted(reader, sink, ids, wanted, error))
            return false;
    }
    guint missing = g_hash_table_size(wanted);
    if (missing > 0) {
        g_autofree char *note =
            g_strdup_printf("%u responses that the server listed were not there when they were "
                            "asked for; the next run asks again",
                            missing);
        sink->note(sink, note);
    }
    return true;
}
