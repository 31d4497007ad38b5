/* LimeSurvey over RemoteControl 2 (form-systems.md 1).
 *
 * A pull is an index and then pages. The index is one export of nothing but ids and dates: it says
 * what exists, so that the runner knows what is new, changed and gone. The pages are exports by
 * ranges of ids that cover what is wanted. LimeSurvey stamps edits only when the survey is set to,
 * and never those of an administrator in every version, so a survey that does not stamp, or is
 * small, is read whole every time, and every other one once a week.
 *
 * An option of a multiple choice that was seen and not ticked comes as ""; it is kept as that text,
 * an answer, and not as a missing one. */
#include "collect/collector.h"
#include "collect/limesurvey_form.h"
#include "collect/limesurvey_people.h"
#include "collect/limesurvey_reader.h"
#include "collect/plain.h"
#include "schemas/instant.h"

#include <string.h>

enum {
    PAGE_IDS = 500,
    PAGE_BYTES = 8 * 1024 * 1024, /* a page that is larger makes the next one shorter */
    SMALL_SURVEY = 2000,          /* up to so many responses, all are read every time */
    SWEEP_DAYS = 7,               /* of any other survey, all are read so often */
};

#define DAY (INT64_C(86400) * G_USEC_PER_SEC)

typedef enum { PHASE_INDEX, PHASE_PAGES, PHASE_DONE } Phase;

typedef struct {
    CollectContext context;
    LsSession *session;
    json_object *questions; /* as they came; NULL: not asked for yet */
    GHashTable *options;    /* qid → properties */
    char *title, *language;
    bool stamps; /* the survey says that it stamps changes */
    LsColumns *columns;
    LsEpoch *epoch;
    LsPeople *people; /* with `participants: true`; else NULL */
    LsReader reader;
    Phase phase;
    bool everything; /* all responses are wanted */
    int64_t swept;   /* when all were read last, µs UTC; TIME_UNKNOWN: by no pull that ended */
    char *after;     /* the last id of the pages so far */
    guint page_ids;  /* of the next page */
} LimeSurvey;

static void limesurvey_close(void *data)
{
    LimeSurvey *self = data;
    ls_people_free(self->people);
    if (self->session)
        ls_session_close(self->session);
    json_object_put(self->questions);
    if (self->options)
        g_hash_table_unref(self->options);
    g_free(self->title);
    g_free(self->language);
    ls_columns_free(self->columns);
    ls_epoch_free(self->epoch);
    response_free(self->reader.response);
    g_string_free(self->reader.revision, TRUE);
    g_free(self->after);
    g_free(self);
}

/* When the pulls so far have read everything last: kept in the cursor, beside the epoch. */
static int64_t read_swept(const char *cursor)
{
    json_object *root = cursor ? json_tokener_parse(cursor) : NULL, *value = NULL;
    int64_t swept = TIME_UNKNOWN;
    if (json_object_is_type(root, json_type_object) &&
        json_object_object_get_ex(root, "swept", &value) &&
        json_object_is_type(value, json_type_int))
        swept = json_object_get_int64(value);
    json_object_put(root);
    return swept;
}

static void *limesurvey_open(const CollectContext *context, GError **error)
{
    if (!ls_digits(context->source->form)) {
        g_set_error_literal(
            error, INNSIKT_ERROR, INNSIKT_ERROR_USAGE,
            "a LimeSurvey form is named by its number; write `form: 131392` or what "
            "number the survey has");
        return NULL;
    }
    LimeSurvey *self = g_new0(LimeSurvey, 1);
    self->context = *context;
    self->epoch = ls_epoch_new(context->cursor);
    self->swept = read_swept(context->cursor);
    self->reader.response = response_new();
    self->reader.revision = g_string_new(NULL);
    self->page_ids = PAGE_IDS;
    self->session =
        ls_session_open(context->source, context->project->folder, context->transport, error);
    if (self->session) {
        if (context->source->participants)
            self->people = ls_people_new(self->session, context->source);
        return self;
    }
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
    self->stamps = g_strcmp0(ls_member(result, "datestamp"), "Y") == 0;
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
    if (self->people)
        return ls_people_form(self->people, error);
    if (!read_structure(self, error))
        return NULL;
    Form *form = ls_form_build(self->context.source->form, self->questions, self->options);
    form->title = g_strdup(self->title);
    form->language = g_strdup(self->language);
    return form;
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
        ls_columns_new(self->context.source, form, known ? fieldmap : NULL, self->stamps);
    json_object_put(fieldmap);
    self->reader.session = self->session;
    self->reader.columns = self->columns;
    self->reader.epoch = self->epoch;
    self->reader.zone = self->context.zone;
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

/* How many responses the server says there are; -1: it does not say. */
static bool count_responses(LimeSurvey *self, int64_t *ret, GError **error)
{
    json_object *extra = json_object_new_array(), *result = NULL;
    json_object_array_add(extra, json_object_new_string("all"));
    if (!ask(self, "get_summary", "the number of responses", extra, &result, NULL, error))
        return false;
    const char *text = ls_member(result, "full_responses");
    *ret = ls_digits(text) ? g_ascii_strtoll(text, NULL, 10) : -1;
    json_object_put(result);
    return true;
}

static void weigh_index(PageSink *sink, int64_t expected, int64_t listed, bool whole)
{
    g_autofree char *why = NULL;
    if (!whole && listed)
        why = g_strdup("a response without readable id stands last in the server's list");
    else if (listed < expected)
        why = g_strdup_printf("the server says it has %" G_GINT64_FORMAT
                              " responses but lists %" G_GINT64_FORMAT,
                              expected, listed);
    else if (listed == 0)
        why = g_strdup("the server shows no responses");
    if (why)
        sink->doubt(sink, why);
}

/* Clocks may go backwards: then it is due as well. */
static bool sweep_due(const LimeSurvey *self)
{
    int64_t age = instant_now() - self->swept;
    return self->swept != TIME_UNKNOWN && (age < 0 || age >= SWEEP_DAYS * DAY);
}

static Step read_index(LimeSurvey *self, PageSink *sink, GError **error)
{
    int64_t expected = -1, listed = 0;
    bool whole = false, began;
    if (!prepare(self, sink, error) || !ls_reader_witnesses(&self->reader, &began, error) ||
        !count_responses(self, &expected, error))
        return STEP_FAILED;
    if (began)
        sink->note(sink, "the survey was deactivated and activated again: its responses are "
                         "numbered anew, and those of before are no longer in it");
    if (!ls_reader_index(&self->reader, sink, &listed, &whole, error))
        return STEP_FAILED;
    weigh_index(sink, expected, listed, whole);
    sink->expect(sink, MAX(listed, expected));
    if (!ls_epoch_known(self->epoch) && !ls_reader_witnesses(&self->reader, &began, error))
        return STEP_FAILED;
    self->everything = self->context.everything || !self->reader.stamped ||
                       listed <= SMALL_SURVEY || sweep_due(self);
    self->reader.bytes = 0;
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

/* Large answers make the next page shorter, small ones let it grow again. */
static void adapt_page(LimeSurvey *self)
{
    int64_t bytes = MAX(self->reader.bytes, 1);
    int64_t fitting = self->page_ids * PAGE_BYTES / bytes;
    fitting = MIN(fitting, (int64_t)self->page_ids * 2);
    self->page_ids = (guint)CLAMP(fitting, 1, PAGE_IDS);
    self->reader.bytes = 0;
}

static Step read_page(LimeSurvey *self, PageSink *sink, GError **error)
{
    g_autoptr(GPtrArray) keys =
        sink->wanted(sink, self->everything, self->after, self->page_ids, error);
    if (!keys)
        return STEP_FAILED;
    g_autoptr(GHashTable) ids = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
    for (guint i = 0; i < keys->len; i++) {
        int64_t id = ls_epoch_id(self->epoch, g_ptr_array_index(keys, i));
        if (id >= 0)
            g_hash_table_add(ids, copy_id(id));
    }
    if (!ls_reader_responses(&self->reader, sink, ids, error))
        return STEP_FAILED;
    if (keys->len < self->page_ids) {
        self->phase = PHASE_DONE;
        if (self->everything || self->swept == TIME_UNKNOWN)
            self->swept = instant_now();
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
    if (self->people)
        return ls_people_next(self->people, sink, error);
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
    return ls_epoch_cursor(self->epoch, self->swept);
}

/* Asks for one response's id, which needs the right to all of them. */
static bool limesurvey_readable(void *data, GError **error)
{
    LimeSurvey *self = data;
    if (self->people)
        return ls_people_readable(self->people, error);
    static const char *const fixed[] = {"json", NULL, "all", "code", "short"};
    static const char *const fields[] = {"id", NULL};
    json_object *params = ls_session_params(self->session), *result = NULL;
    for (size_t i = 0; i < G_N_ELEMENTS(fixed); i++)
        json_object_array_add(params, fixed[i] ? json_object_new_string(fixed[i]) : NULL);
    json_object_array_add(params, json_object_new_int64(1));
    json_object_array_add(params, json_object_new_int64(1));
    json_object_array_add(params, list_of(fields));
    bool ok =
        ls_session_call(self->session, "export_responses", params, "the responses", &result, error);
    json_object_put(params);
    json_object_put(result);
    return ok;
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
    .readable = limesurvey_readable,
};
