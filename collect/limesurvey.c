/* LimeSurvey over RemoteControl 2 (form-systems.md 1).
 *
 * A pull is an index and then pages. The index is one export of nothing but ids and dates: it says
 * what exists, so that the runner knows what is new, changed and gone. The pages are exports by
 * ranges of ids that cover what is wanted. LimeSurvey stamps edits only when the survey is set to,
 * and never those of an administrator in every version, so a survey that does not stamp, or is
 * small, is read whole every time.
 *
 * An option of a multiple choice that was seen and not ticked comes as ""; it is kept as that text,
 * an answer, and not as a missing one. */
#include "collect/collector.h"
#include "collect/limesurvey_columns.h"
#include "collect/limesurvey_epoch.h"
#include "collect/limesurvey_form.h"
#include "collect/limesurvey_session.h"
#include "collect/plain.h"

#include <string.h>

enum {
    PAGE_IDS = 500,
    PAGE_BYTES = 8 * 1024 * 1024, /* a page that is larger makes the next one shorter */
    GAP_IDS = 100,                /* unwanted ids that are cheaper to read than a second request */
    SPAN_IDS = 1000,              /* of one request */
    SMALL_SURVEY = 2000,          /* up to so many responses, all are read every time */
    UNREADABLE_IN_A_ROW = 20,     /* then it is not the responses that are broken */
};

typedef enum { PHASE_INDEX, PHASE_PAGES, PHASE_DONE } Phase;

typedef struct {
    CollectContext context;
    LsSession *session;
    json_object *questions; /* as they came; NULL: not asked for yet */
    GHashTable *options;    /* qid → properties */
    char *title, *language;
    LsColumns *columns;
    LsEpoch *epoch;
    Response *response;
    GString *revision;
    Phase phase;
    bool stamped;         /* the survey keeps the time of every change */
    int64_t listed;       /* responses in the index */
    bool everything;      /* all of them are wanted */
    char *after;          /* the last id of the pages so far */
    guint page_ids;       /* of the next page */
    int64_t page_bytes;   /* of this one */
    guint unreadable_row; /* unreadable responses since the last good one */
} LimeSurvey;

static bool all_digits(const char *text)
{
    return text && *text && strspn(text, "0123456789") == strlen(text) && strlen(text) <= 18;
}

static void limesurvey_close(void *data)
{
    LimeSurvey *self = data;
    if (self->session)
        ls_session_close(self->session);
    json_object_put(self->questions);
    if (self->options)
        g_hash_table_unref(self->options);
    g_free(self->title);
    g_free(self->language);
    ls_columns_free(self->columns);
    ls_epoch_free(self->epoch);
    response_free(self->response);
    g_string_free(self->revision, TRUE);
    g_free(self->after);
    g_free(self);
}

static void *limesurvey_open(const CollectContext *context, GError **error)
{
    if (!all_digits(context->source->form)) {
        g_set_error_literal(
            error, INNSIKT_ERROR, INNSIKT_ERROR_USAGE,
            "a LimeSurvey form is named by its number; write `form: 131392` or what "
            "number the survey has");
        return NULL;
    }
    LimeSurvey *self = g_new0(LimeSurvey, 1);
    self->context = *context;
    self->epoch = ls_epoch_new(context->cursor);
    self->response = response_new();
    self->revision = g_string_new(NULL);
    self->page_ids = PAGE_IDS;
    self->session =
        ls_session_open(context->source, context->project->folder, context->transport, error);
    if (self->session)
        return self;
    limesurvey_close(self);
    return NULL;
}

/* --- the form --- */

/* Calls a method with the survey's number and `extra` (takes them, NULL-terminated) behind it. */
static bool ask(LimeSurvey *self, const char *method, const char *what, json_object *extra,
                json_object **ret, char **ret_why, GError **error)
{
    json_object *params = ls_session_params(self->session);
    for (size_t i = 0; i < json_object_array_length(extra); i++)
        json_object_array_add(params, json_object_get(json_object_array_get_idx(extra, i)));
    json_object_put(extra);
    bool ok = ls_session_ask(self->session, method, params, what, ret, ret_why, error);
    json_object_put(params);
    return ok;
}

static json_object *list_of(const char *const *words)
{
    json_object *list = json_object_new_array();
    for (size_t i = 0; words[i]; i++)
        json_object_array_add(list, json_object_new_string(words[i]));
    return list;
}

/* Language, title, and whether changes are stamped: good to know, but not needed. */
static bool read_survey(LimeSurvey *self, GError **error)
{
    static const char *const survey[] = {"language", "datestamp", NULL};
    static const char *const titles[] = {"surveyls_title", NULL};
    json_object *extra = json_object_new_array(), *result = NULL;
    json_object_array_add(extra, list_of(survey));
    if (!ask(self, "get_survey_properties", "the survey", extra, &result, NULL, error))
        return false;
    self->language = g_strdup(ls_member(result, "language"));
    self->stamped = g_strcmp0(ls_member(result, "datestamp"), "Y") == 0;
    json_object_put(result);
    extra = json_object_new_array();
    json_object_array_add(extra, list_of(titles));
    if (!ask(self, "get_language_properties", "the survey's title", extra, &result, NULL, error))
        return false;
    const char *title = ls_member(result, "surveyls_title");
    self->title = title ? plain_text(title) : NULL;
    json_object_put(result);
    return true;
}

static bool read_properties(LimeSurvey *self, const char *qid, const char *property,
                            json_object **ret, GError **error)
{
    const char *const settings[] = {property, NULL};
    json_object *params = json_object_new_array();
    json_object_array_add(params, NULL);
    json_object_array_add(params, json_object_new_int64(g_ascii_strtoll(qid, NULL, 10)));
    json_object_array_add(params, list_of(settings));
    bool ok = ls_session_call(self->session, "get_question_properties", params,
                              "the questions' options", ret, error);
    json_object_put(params);
    return ok;
}

static void put_object(gpointer object)
{
    json_object_put(object);
}

static GHashTable *read_options(LimeSurvey *self, json_object *questions, GError **error)
{
    g_autoptr(GHashTable) found =
        g_hash_table_new_full(g_str_hash, g_str_equal, g_free, put_object);
    for (size_t i = 0; i < json_object_array_length(questions); i++) {
        json_object *question = json_object_array_get_idx(questions, i), *properties = NULL;
        const char *parent = ls_member(question, "parent_qid"), *qid = ls_member(question, "qid");
        const char *property = ls_form_options_property(ls_member(question, "type"));
        if (!qid || !property || (parent && !g_str_equal(parent, "0")))
            continue;
        if (!read_properties(self, qid, property, &properties, error))
            return NULL;
        g_hash_table_insert(found, g_strdup(qid), properties);
    }
    return g_steal_pointer(&found);
}

static json_object *read_questions(LimeSurvey *self, GError **error)
{
    json_object *params = ls_session_params(self->session), *questions = NULL;
    bool ok = ls_session_call(self->session, "list_questions", params, "the questions", &questions,
                              error);
    json_object_put(params);
    if (ok && !questions)
        return json_object_new_array();
    if (!ok || json_object_is_type(questions, json_type_array))
        return questions;
    json_object_put(questions);
    g_set_error_literal(error, INNSIKT_ERROR, INNSIKT_ERROR_PROTOCOL,
                        "the server answers the call for questions with something else");
    return NULL;
}

static bool read_structure(LimeSurvey *self, GError **error)
{
    if (self->options)
        return true;
    if (!self->questions)
        self->questions = read_questions(self, error);
    if (!self->questions || !read_survey(self, error))
        return false;
    self->options = read_options(self, self->questions, error);
    return self->options != NULL;
}

static Form *limesurvey_questions(void *data, GError **error)
{
    LimeSurvey *self = data;
    if (!read_structure(self, error))
        return NULL;
    Form *form = ls_form_build(self->context.source->form, self->questions, self->options);
    form->title = g_strdup(self->title);
    form->language = g_strdup(self->language);
    return form;
}

/* --- reading a range of ids --- */

typedef struct {
    int64_t low, high;
} Span;

/* One export: ids and dates for the index, or answers of those that are wanted. */
typedef struct {
    LimeSurvey *self;
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
    LimeSurvey *self = range->self;
    g_autofree char *key = ls_epoch_key(self->epoch, id);
    if (!range->wanted)
        return range->sink->seen(range->sink, key, NULL, error);
    if (!g_hash_table_remove(range->wanted, &id))
        return true;
    if (++self->unreadable_row > UNREADABLE_IN_A_ROW) {
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

static void set_revision(LimeSurvey *self, const LsCell *cells)
{
    g_string_printf(self->revision, "%s/%s", cell_text(&cells[COLUMN_SUBMITDATE]),
                    cell_text(&cells[COLUMN_DATESTAMP]));
}

static bool index_row(Range *range, int64_t id, const LsCell *cells, GError **error)
{
    LimeSurvey *self = range->self;
    g_autofree char *key = ls_epoch_key(self->epoch, id);
    if (cells[COLUMN_DATESTAMP].kind == CELL_TEXT)
        self->stamped = true;
    ls_epoch_listed(self->epoch, id);
    set_revision(self, cells);
    return range->sink->seen(range->sink, key, self->revision->str, error);
}

static int two_digits(const char *p)
{
    return (p[0] - '0') * 10 + (p[1] - '0');
}

/* `YYYY-MM-DD HH:MM:SS` in the source's zone. The constant that stands for «not stamped», and what
 * is no time, is unknown. */
static int64_t local_time(const LimeSurvey *self, const LsCell *cell)
{
    static const char pattern[] = "dddd-dd-dd dd:dd:dd";
    const char *t = cell_text(cell);
    if (g_str_has_prefix(t, "1980-01-01 00:00:00"))
        return TIME_UNKNOWN;
    for (size_t i = 0; i < sizeof pattern - 1; i++)
        if (pattern[i] == 'd' ? !g_ascii_isdigit(t[i]) : t[i] != pattern[i])
            return TIME_UNKNOWN;
    g_autoptr(GDateTime) when = g_date_time_new(
        self->context.zone, two_digits(t) * 100 + two_digits(t + 2), two_digits(t + 5),
        two_digits(t + 8), two_digits(t + 11), two_digits(t + 14), two_digits(t + 17));
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
    LimeSurvey *self = range->self;
    if (!g_hash_table_remove(range->wanted, &id))
        return true;
    Response *response = self->response;
    response_reset(response);
    g_autofree char *key = ls_epoch_key(self->epoch, id);
    set_revision(self, cells);
    response->id = response_keep(response, key);
    response->revision = response_keep(response, self->revision->str);
    const char *language = cell_text(&cells[COLUMN_LANGUAGE]);
    response->language = *language ? response_keep(response, language) : NULL;
    response->state = *cell_text(&cells[COLUMN_SUBMITDATE]) ? STATE_COMPLETE : STATE_PARTIAL;
    response->submitted = local_time(self, &cells[COLUMN_SUBMITDATE]);
    response->updated = local_time(self, &cells[COLUMN_DATESTAMP]);
    if (response->updated == TIME_UNKNOWN)
        response->updated = response->submitted;
    for (guint i = 0; i < self->columns->columns->len; i++) {
        const LsColumn *column = &g_array_index(self->columns->columns, LsColumn, i);
        add_answer(response, column, &cells[column->cell]);
    }
    self->unreadable_row = 0;
    return range->sink->response(range->sink, response, error);
}

static bool on_row(const LsCell *cells, gpointer data, GError **error)
{
    Range *range = data;
    const char *text = cells[COLUMN_ID].text;
    if (!all_digits(text)) {
        range->gap = true;
        range->reason = "its id is no number";
        return true;
    }
    int64_t id = g_ascii_strtoll(text, NULL, 10);
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
    if (!all_digits(id)) {
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

static json_object *export_params(const LimeSurvey *self, Span span, json_object *fields)
{
    static const char *const fixed[] = {"json", NULL, "all", "code", "short"};
    json_object *params = ls_session_params(self->session);
    for (size_t i = 0; i < G_N_ELEMENTS(fixed); i++)
        json_object_array_add(params, fixed[i] ? json_object_new_string(fixed[i]) : NULL);
    bool open = span.high == G_MAXINT64;
    json_object_array_add(params, open ? NULL : json_object_new_int64(span.low));
    json_object_array_add(params, open ? NULL : json_object_new_int64(span.high));
    json_object_array_add(params, json_object_get(fields));
    return params;
}

/* Whether the list can be mended by asking for shorter ones. */
static bool mendable(const LsExport *reader, const GError *error)
{
    return ls_export_broken(reader) || g_error_matches(error, INNSIKT_ERROR, INNSIKT_ERROR_LIMIT);
}

static bool send_range(Range *range, json_object *fields, GError **error)
{
    LimeSurvey *self = range->self;
    g_autoptr(GError) trouble = NULL;
    g_autofree char *what =
        range->span.high == G_MAXINT64
            ? g_strdup("the list of responses")
            : g_strdup_printf("responses %" G_GINT64_FORMAT "–%" G_GINT64_FORMAT, range->span.low,
                              range->span.high);
    LsExport *reader =
        ls_export_new((const char *const *)self->columns->headings->pdata, &visit, range);
    json_object *params = export_params(self, range->span, fields);
    bool found, ok = ls_session_export(self->session, params, what, reader, &found, &trouble);
    json_object_put(params);
    self->page_bytes += ls_export_bytes(reader);
    bool mend = !ok && range->span.high != G_MAXINT64 && mendable(reader, trouble);
    ls_export_free(reader);
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

static bool read_span(LimeSurvey *self, PageSink *sink, GHashTable *wanted, Span span,
                      bool *ret_whole, GError **error);

/* Finds the response in the gap that cannot be read, by asking for parts of it. */
static bool search_gap(const Range *range, Span gap, const char *reason, GError **error)
{
    LimeSurvey *self = range->self;
    bool whole = gap.low == range->span.low && gap.high == range->span.high;
    if (!any_wanted(range, gap))
        return true;
    if (gap.low == gap.high) {
        Range one = *range;
        return tell_unreadable(&one, gap.low, reason, error);
    }
    if (!whole)
        return read_span(self, range->sink, range->wanted, gap, NULL, error);
    int64_t middle = gap.low + (gap.high - gap.low) / 2;
    Span lower = {gap.low, middle}, upper = {middle + 1, gap.high};
    return (!any_wanted(range, lower) ||
            read_span(self, range->sink, range->wanted, lower, NULL, error)) &&
           (!any_wanted(range, upper) ||
            read_span(self, range->sink, range->wanted, upper, NULL, error));
}

/* Reads the responses of a span of ids. One that cannot be read is searched for and told; the
 * others come through. *ret_whole (may be NULL): every id of an open span is known. */
static bool read_span(LimeSurvey *self, PageSink *sink, GHashTable *wanted, Span span,
                      bool *ret_whole, GError **error)
{
    Range range = {.self = self, .sink = sink, .wanted = wanted, .span = span};
    range.gaps = g_array_new(FALSE, FALSE, sizeof(Span));
    json_object *fields = wanted ? self->columns->fields : self->columns->index_fields;
    bool ok = send_range(&range, fields, error);
    for (guint i = 0; ok && i < range.gaps->len; i++)
        ok = search_gap(&range, g_array_index(range.gaps, Span, i), range.reason, error);
    if (ok && ret_whole) {
        *ret_whole = !range.gap;
        self->listed = range.told;
    }
    g_array_unref(range.gaps);
    return ok;
}

/* --- the index --- */

/* What the form and the field map say about columns. */
static bool prepare(LimeSurvey *self, PageSink *sink, GError **error)
{
    g_autoptr(Form) form = limesurvey_questions(self, error);
    json_object *fieldmap = NULL;
    if (!form ||
        !ask(self, "get_fieldmap", "the columns", json_object_new_array(), &fieldmap, NULL, error))
        return false;
    bool known = json_object_is_type(fieldmap, json_type_object);
    self->columns =
        ls_columns_new(self->context.source, form, known ? fieldmap : NULL, self->stamped);
    json_object_put(fieldmap);
    self->stamped = false; /* until the index shows it */
    if (!known)
        sink->note(sink, "the server does not tell its columns (get_fieldmap), so whole responses "
                         "are fetched and what is not mapped is dropped here");
    if (self->columns->repeated) {
        g_autofree char *note = g_strdup_printf(
            "two columns of the survey are called %s; only the last one can be read",
            self->columns->repeated);
        sink->note(sink, note);
    }
    return true;
}

static bool witness_row(const LsCell *cells, gpointer data, GError **error)
{
    (void)error;
    if (all_digits(cells[COLUMN_ID].text))
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

/* Asks the survey's first responses who they are. *ret_began: others than those we know. */
static bool hear_witnesses(LimeSurvey *self, bool *ret_began, GError **error)
{
    static const LsExportVisit witnesses = {witness_row, witness_hole, witness_begin};
    Span span;
    *ret_began = false;
    if (!self->columns->witness_fields || !ls_epoch_span(self->epoch, &span.low, &span.high))
        return true;
    LsExport *reader =
        ls_export_new((const char *const *)self->columns->headings->pdata, &witnesses, self->epoch);
    json_object *params = export_params(self, span, self->columns->witness_fields);
    bool found,
        ok = ls_session_export(self->session, params, "the first responses", reader, &found, error);
    json_object_put(params);
    ls_export_free(reader);
    if (ok)
        *ret_began = ls_epoch_hear_end(self->epoch);
    return ok;
}

/* How many responses the server says there are; -1: it does not say. */
static bool count_responses(LimeSurvey *self, int64_t *ret, GError **error)
{
    json_object *extra = json_object_new_array(), *result = NULL;
    json_object_array_add(extra, json_object_new_string("all"));
    if (!ask(self, "get_summary", "the number of responses", extra, &result, NULL, error))
        return false;
    const char *text = ls_member(result, "full_responses");
    *ret = all_digits(text) ? g_ascii_strtoll(text, NULL, 10) : -1;
    json_object_put(result);
    return true;
}

static void weigh_index(const LimeSurvey *self, PageSink *sink, int64_t expected, bool whole)
{
    g_autofree char *why = NULL;
    if (self->listed == 0)
        why = g_strdup("the server shows no responses");
    else if (!whole)
        why = g_strdup("a response without readable id stands last in the server's list");
    else if (self->listed < expected)
        why = g_strdup_printf("the server says it has %" G_GINT64_FORMAT
                              " responses but lists %" G_GINT64_FORMAT,
                              expected, self->listed);
    if (why)
        sink->doubt(sink, why);
}

static Step read_index(LimeSurvey *self, PageSink *sink, GError **error)
{
    int64_t expected = -1;
    bool whole = false, began;
    if (!prepare(self, sink, error) || !hear_witnesses(self, &began, error) ||
        !count_responses(self, &expected, error))
        return STEP_FAILED;
    if (began)
        sink->note(sink, "the survey was deactivated and activated again: its responses are "
                         "numbered anew, and those of before are no longer in it");
    Span all = {1, G_MAXINT64};
    if (!read_span(self, sink, NULL, all, &whole, error))
        return STEP_FAILED;
    weigh_index(self, sink, expected, whole);
    sink->expect(sink, MAX(self->listed, expected));
    if (!ls_epoch_known(self->epoch) && !hear_witnesses(self, &began, error))
        return STEP_FAILED;
    self->everything = self->context.everything || !self->stamped || self->listed <= SMALL_SURVEY;
    self->phase = PHASE_PAGES;
    return STEP_MORE;
}

/* --- the pages --- */

static int64_t *copy_id(int64_t id)
{
    int64_t *copy = g_new(int64_t, 1);
    *copy = id;
    return copy;
}

/* Reads the wanted ids (ascending) in as few requests as their gaps allow. */
static bool read_wanted(LimeSurvey *self, PageSink *sink, const GArray *ids, GError **error)
{
    g_autoptr(GHashTable) wanted = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
    for (guint i = 0; i < ids->len; i++)
        g_hash_table_add(wanted, copy_id(g_array_index(ids, int64_t, i)));
    for (guint i = 0; i < ids->len;) {
        Span span = {g_array_index(ids, int64_t, i), g_array_index(ids, int64_t, i)};
        for (i++; i < ids->len; i++) {
            int64_t next = g_array_index(ids, int64_t, i);
            if (next - span.high > GAP_IDS || next - span.low >= SPAN_IDS)
                break;
            span.high = next;
        }
        if (!read_span(self, sink, wanted, span, NULL, error))
            return false;
    }
    return true;
}

static gint by_id(gconstpointer a, gconstpointer b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

/* Large answers make the next page shorter, small ones let it grow again. */
static void adapt_page(LimeSurvey *self)
{
    int64_t fitting = self->page_bytes > 0 ? self->page_ids * PAGE_BYTES / self->page_bytes : 0;
    fitting = MIN(fitting, (int64_t)self->page_ids * 2);
    self->page_ids = (guint)CLAMP(fitting, 1, PAGE_IDS);
    self->page_bytes = 0;
}

static Step read_page(LimeSurvey *self, PageSink *sink, GError **error)
{
    g_autoptr(GPtrArray) keys =
        sink->wanted(sink, self->everything, self->after, self->page_ids, error);
    if (!keys)
        return STEP_FAILED;
    g_autoptr(GArray) ids = g_array_new(FALSE, FALSE, sizeof(int64_t));
    for (guint i = 0; i < keys->len; i++) {
        int64_t id = ls_epoch_id(self->epoch, g_ptr_array_index(keys, i));
        if (id >= 0)
            g_array_append_val(ids, id);
    }
    g_array_sort(ids, by_id);
    if (!read_wanted(self, sink, ids, error))
        return STEP_FAILED;
    if (keys->len < self->page_ids) {
        self->phase = PHASE_DONE;
        return STEP_DONE;
    }
    g_free(self->after);
    self->after = g_strdup(g_ptr_array_index(keys, keys->len - 1));
    adapt_page(self);
    return STEP_MORE;
}

static Step limesurvey_next(void *data, PageSink *sink, GError **error)
{
    LimeSurvey *self = data;
    switch (self->phase) {
    case PHASE_INDEX:
        return read_index(self, sink, error);
    case PHASE_PAGES:
        return read_page(self, sink, error);
    case PHASE_DONE:
        break;
    }
    return STEP_DONE;
}

static char *limesurvey_cursor(void *data)
{
    LimeSurvey *self = data;
    return ls_epoch_cursor(self->epoch);
}

const Collector collector_limesurvey = {
    .kind = "limesurvey",
    .summary = "LimeSurvey, over RemoteControl 2 (JSON-RPC)",
    .written_against = "LimeSurvey 6.14.0; 3.14 to 7 by their source",
    .reads_files = false,
    .whole_index = true,
    .open = limesurvey_open,
    .questions = limesurvey_questions,
    .next = limesurvey_next,
    .cursor = limesurvey_cursor,
    .close = limesurvey_close,
};
