/* KoboToolbox over its API v2 (form-systems.md 4).
 *
 * Nothing at the server tells what was edited: a submission that is edited keeps its time and gets
 * another `_uuid`. So every pull lists all ids with their `_uuid`, a thousand a request, and then
 * asks for those that are new or differ. The first pull, and --full, read everything at once. What
 * is not on the list is gone. Rejected in the review there: kept, and never counted.
 *
 * Traps, each a story in tests/collect/replay/kobo-…
 *   limit         servers cut a page silently to what they like: pages follow by the last id and
 *                 not by an offset, so that neither this nor rows that come and go matter, and the
 *                 number of rows is held against the `count` of the first page
 *   left out      what was not answered is not there, and neither is what another version of the
 *                 form did not ask
 *   widgets       rankings, scores and matrices answer under names that the form does not show */
#include "collect/collector.h"

#include "collect/api.h"
#include "collect/columns.h"
#include "collect/flatten.h"
#include "collect/kobo_form.h"

#include <inttypes.h>
#include <string.h>

enum {
    PAGE_ROWS = 1000,
    BATCH_ROWS = 100,   /* asked for by id: some thousand bytes of address */
    FIELDS_BYTES = 2000 /* of the names of answers that are asked for; with more, all come */
};

typedef enum { PHASE_INDEX, PHASE_WANTED, PHASE_WHOLE, PHASE_DONE } Phase;

typedef struct {
    CollectContext context;
    Api *api;
    Records *records;
    Response *response;
    KoboForm *form;
    char *version; /* the one that is deployed */
    char *asset, *fields;
    Phase phase;
    PageSink *sink;       /* of the step that runs */
    int64_t floor;        /* the page holds ids above this one */
    int64_t before, top;  /* the last id on this page, and the highest that was told */
    int64_t rows, listed; /* of this page; of the whole list */
    int64_t count;        /* submissions as the first page counted them; -1: not yet known */
    bool again;           /* the page was stale, and is asked for once more */
    bool unknown_id;
    GHashTable *there; /* questions of the response that is read */
    GHashTable *aside; /* hashes of submissions without a readable id */
} Kobo;

static bool take_record(const Record *record, gpointer data, GError **error);
static void begin_page(gpointer data);

/* --- opening --------------------------------------------------------------------------------- */

static const ApiMeaning meanings[] = {
    {401, INNSIKT_ERROR_AUTH,
     "KoboToolbox refuses the token, or the user and password; check `token:` (accounts with a "
     "second factor need one)"},
    {403, INNSIKT_ERROR_PERMISSION,
     "this account may not read the form's submissions; share the project with it, with «View "
     "submissions»"},
    {404, INNSIKT_ERROR_NOT_FOUND,
     "there is no such form, or this account cannot see it; check `url:` and `form:`, and that the "
     "project is shared with the account"},
    {0, 0, NULL},
};

/* `https://HOST/api/v2/assets/UID` from the server's address, that of its API, or the one that a
 * browser shows. */
static char *asset_address(const Source *source)
{
    const char *url = source->url;
    const char *scheme = strstr(url, "://");
    const char *path = strchr(scheme ? scheme + 3 : url, '/');
    g_autofree char *host = path ? g_strndup(url, (gsize)(path - url)) : g_strdup(url);
    g_autofree char *below = path ? g_strdup(path) : g_strdup("");
    static const char *const ends[] = {"#", "?", "/api/", "/accounts/"};
    for (size_t i = 0; i < G_N_ELEMENTS(ends); i++) {
        char *end = strstr(below, ends[i]);
        if (end)
            *end = '\0';
    }
    while (g_str_has_suffix(below, "/"))
        below[strlen(below) - 1] = '\0';
    g_autofree char *form = g_uri_escape_string(source->form, NULL, FALSE);
    return g_strconcat(host, below, "/api/v2/assets/", form, NULL);
}

static void kobo_close(void *data)
{
    Kobo *self = data;
    api_close(self->api);
    records_free(self->records);
    response_free(self->response);
    kobo_form_free(self->form);
    g_hash_table_unref(self->there);
    g_hash_table_unref(self->aside);
    g_free(self->version);
    g_free(self->asset);
    g_free(self->fields);
    g_free(self);
}

static void *kobo_open(const CollectContext *context, GError **error)
{
    const Source *source = context->source;
    if (!source->url || !source->form) {
        g_set_error(error, INNSIKT_ERROR, INNSIKT_ERROR_USAGE,
                    "a KoboToolbox source has the server's address under `url:` and the form's id "
                    "under `form:`; add `%s:`",
                    source->url ? "form" : "url");
        return NULL;
    }
    Kobo *self = g_new0(Kobo, 1);
    self->context = *context;
    self->asset = asset_address(source);
    self->records = records_new("/results", take_record, begin_page, self);
    self->response = response_new();
    self->there = g_hash_table_new(g_str_hash, g_str_equal);
    self->aside = g_hash_table_new(NULL, NULL);
    self->phase = context->everything || !context->cursor ? PHASE_WHOLE : PHASE_INDEX;
    self->floor = self->top = self->count = -1;
    self->api = api_open(
        context,
        &(ApiRules){.auth = source->token_ref || !source->password_ref ? AUTH_HEADER : AUTH_BASIC,
                    .token_header = "Authorization: Token ",
                    .meanings = meanings},
        error);
    if (self->api)
        return self;
    kobo_close(self);
    return NULL;
}

/* --- the form -------------------------------------------------------------------------------- */

/* Not deployed: nobody can have answered, and the list would be an error. */
static bool is_deployed(json_object *asset, GError **error)
{
    json_object *deployed = NULL;
    if (json_object_object_get_ex(asset, "has_deployment", &deployed) &&
        !json_object_get_boolean(deployed)) {
        g_set_error_literal(error, INNSIKT_ERROR, INNSIKT_ERROR_DISABLED,
                            "the form is a draft that was never deployed; deploy it first");
        return false;
    }
    return true;
}

static bool read_form(Kobo *self, GError **error)
{
    g_autofree char *url = g_strconcat(self->asset, "/?format=json", NULL);
    json_object *asset = api_json(self->api, url, "the form", error);
    KoboForm *form = asset && is_deployed(asset, error) ? kobo_form_read(asset, error) : NULL;
    json_object_put(asset);
    if (!form)
        return false;
    kobo_form_free(self->form);
    self->form = form;
    g_free(self->version);
    self->version = g_strdup(form->form->version);
    return true;
}

/* The names that a question's answers come under: of a repeat, the repeat's. */
static void add_name(const Kobo *self, json_object *names, GHashTable *taken, const char *question)
{
    const KoboField *field = kobo_form_field(self->form, question);
    const char *name = field && field->repeat ? field->repeat : question;
    if (g_hash_table_add(taken, g_strdup(name)))
        json_object_array_add(names, json_object_new_string(name));
}

/* What is not mapped is not asked for, as long as the address has room for what is. */
static void find_fields(Kobo *self)
{
    static const char *const always[] = {"_id", "_uuid", "_validation_status", "__version__",
                                         "_submission_time"};
    const GPtrArray *mappings = self->context.source->mappings;
    const GPtrArray *questions = self->form->form->questions;
    json_object *names = json_object_new_array();
    g_autoptr(GHashTable) taken = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    for (size_t i = 0; i < G_N_ELEMENTS(always); i++)
        add_name(self, names, taken, always[i]);
    for (guint i = 0; i < mappings->len; i++) {
        const Mapping *mapping = mappings->pdata[i];
        if (mapping->role != ROLE_IGNORE && !strchr(mapping->question, '*'))
            add_name(self, names, taken, mapping->question);
    }
    for (guint i = 0; i < questions->len; i++) {
        const char *question = ((const FormQuestion *)questions->pdata[i])->name;
        if (source_wants(self->context.source, question))
            add_name(self, names, taken, question);
    }
    const char *text = json_object_to_json_string_ext(names, JSON_C_TO_STRING_PLAIN |
                                                                 JSON_C_TO_STRING_NOSLASHESCAPE);
    g_free(self->fields);
    self->fields = strlen(text) <= FIELDS_BYTES ? g_strdup(text) : NULL;
    json_object_put(names);
}

static Form *kobo_questions(void *data, GError **error)
{
    Kobo *self = data;
    if (!read_form(self, error))
        return NULL;
    find_fields(self);
    return g_steal_pointer(&self->form->form);
}

/* --- answers --------------------------------------------------------------------------------- */

static void take_answer(const char *path, int instance, const char *text, gpointer data)
{
    Kobo *self = data;
    /* An inner repeat without instances is no answer. */
    bool repeat = !text && !kobo_form_field(self->form, path);
    if (repeat || !source_wants(self->context.source, path))
        return;
    bool blank = !text || !*text;
    response_answer(self->response, path, instance, blank ? NULL : text,
                    blank ? MISSING_NOT_ANSWERED : MISSING_NONE);
    const Answer *last =
        &g_array_index(self->response->answers, Answer, self->response->answers->len - 1);
    g_hash_table_add(self->there, (gpointer)last->question);
}

static gint by_name(gconstpointer a, gconstpointer b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* What the form asks and the submission lacks was left blank, unless it was not shown or not asked
 * by the version that was answered. */
static void take_absent(Kobo *self)
{
    bool current = g_strcmp0(self->response->form_version, self->version) == 0;
    GHashTableIter each;
    gpointer name, value;
    g_autoptr(GPtrArray) absent = g_ptr_array_new();
    g_hash_table_iter_init(&each, self->form->fields);
    while (g_hash_table_iter_next(&each, &name, &value))
        if (!((const KoboField *)value)->repeat && !g_hash_table_contains(self->there, name) &&
            source_wants(self->context.source, name))
            g_ptr_array_add(absent, name);
    g_ptr_array_sort(absent, by_name);
    for (guint i = 0; i < absent->len; i++) {
        const KoboField *field = kobo_form_field(self->form, absent->pdata[i]);
        response_answer(self->response, absent->pdata[i], INSTANCE_NONE, NULL,
                        current ? field->blank : MISSING_UNKNOWN);
    }
}

/* UTC without saying so. */
static int64_t read_time(const char *text)
{
    g_autoptr(GTimeZone) utc = g_time_zone_new_utc();
    g_autoptr(GDateTime) when = text ? g_date_time_new_from_iso8601(text, utc) : NULL;
    return when ? g_date_time_to_unix(when) * G_USEC_PER_SEC + g_date_time_get_microsecond(when)
                : TIME_UNKNOWN;
}

static const char *review_of(json_object *record)
{
    const char *uid = json_text(json_at(record, "/_validation_status/uid"));
    return uid ? uid : "";
}

static const char *revision_of(Kobo *self, json_object *record)
{
    const char *uuid = json_member_text(record, "_uuid");
    g_autofree char *revision = g_strconcat(uuid ? uuid : "", "/", review_of(record), NULL);
    return response_keep(self->response, revision);
}

static void read_submission(Kobo *self, json_object *record, const char *id)
{
    const Flatten flatten = {.joint = " ", .whole_keys = true, .take = take_answer, .data = self};
    Response *response = self->response;
    response->id = response_keep(response, id);
    response->revision = revision_of(self, record);
    response->form_version = response_keep(response, json_member_text(record, "__version__"));
    response->state = g_str_equal(review_of(record), "validation_status_not_approved")
                          ? STATE_REJECTED
                          : STATE_COMPLETE;
    response->submitted = read_time(json_member_text(record, "_submission_time"));
    response->updated = response->submitted;
    response->zone_known = true;
    g_hash_table_remove_all(self->there);
    json_flatten(&flatten, "", record);
    take_absent(self);
}

/* --- records --------------------------------------------------------------------------------- */

static bool tell(Kobo *self, json_object *record, const char *id, GError **error)
{
    PageSink *sink = self->sink;
    response_reset(self->response);
    if (self->phase != PHASE_WANTED && !sink->seen(sink, id, revision_of(self, record), error))
        return false;
    if (self->phase == PHASE_INDEX)
        return true;
    read_submission(self, record, id);
    return sink->response(sink, self->response, error);
}

static bool unsorted(GError **error)
{
    g_set_error_literal(error, INNSIKT_ERROR, INNSIKT_ERROR_PROTOCOL,
                        "submissions do not come in the order of their ids, so this server does "
                        "not know `sort`, and some might be missed");
    return false;
}

/* A page may come twice, and what has no id is known again by all that it says. */
static bool set_aside(Kobo *self, const Record *record, GError **error)
{
    g_autofree char *reason =
        g_strconcat("it ", record->value ? "has no id" : record->trouble, NULL);
    self->unknown_id = true;
    return !g_hash_table_add(self->aside, GSIZE_TO_POINTER(columns_hash(record->raw))) ||
           self->sink->set_aside(self->sink, NULL, reason, error);
}

static bool take_record(const Record *record, gpointer data, GError **error)
{
    Kobo *self = data;
    const char *text = record->value ? json_member_text(record->value, "_id") : NULL;
    size_t digits = text ? strspn(text, "0123456789") : 0;
    self->rows++;
    if (!record->value || !digits || text[digits] || digits > 18)
        return set_aside(self, record, error);
    int64_t id = g_ascii_strtoll(text, NULL, 10);
    if (id <= self->floor)
        return true; /* of a page that was read */
    if (id <= self->before)
        return unsorted(error);
    self->before = id;
    if (id <= self->top)
        return true; /* told, before the reply broke off */
    self->top = id;
    self->listed++;
    return tell(self, record->value, text, error);
}

static void begin_page(gpointer data)
{
    Kobo *self = data;
    self->rows = 0;
    self->before = self->floor;
}

/* --- pages ----------------------------------------------------------------------------------- */

static char *list_address(const Kobo *self, const char *query)
{
    g_autofree char *limit = g_strdup_printf("%d", PAGE_ROWS);
    g_autofree char *list = g_strconcat(self->asset, "/data.json", NULL);
    g_autofree char *sized = api_address(list, "limit", limit);
    g_autofree char *sorted = api_address(sized, "sort", "{\"_id\":1}");
    const char *fields =
        self->phase == PHASE_INDEX ? "[\"_id\",\"_uuid\",\"_validation_status\"]" : self->fields;
    g_autofree char *fielded = fields ? api_address(sorted, "fields", fields) : g_strdup(sorted);
    return query ? api_address(fielded, "query", query) : g_steal_pointer(&fielded);
}

/* How many the server has for this query; -1 when it does not say. */
static int64_t count_of(const Kobo *self)
{
    const char *text = json_member_text(records_around(self->records), "count");
    return text ? g_ascii_strtoll(text, NULL, 10) : -1;
}

static bool read_list(Kobo *self, const char *query, const char *what, GError **error)
{
    g_autofree char *url = list_address(self, query);
    if (!api_records(self->api, url, what, self->records, NULL, error))
        return false;
    if (records_found(self->records))
        return true;
    g_set_error(error, INNSIKT_ERROR, INNSIKT_ERROR_PROTOCOL,
                "%s: KoboToolbox answers with something that is no list of submissions", what);
    return false;
}

static bool is_doubtful(const Kobo *self, char **ret_why)
{
    if (self->unknown_id)
        *ret_why = g_strdup("a submission without a readable id came from the server");
    else if (self->listed < self->count)
        *ret_why = g_strdup_printf("the server says it has %" PRId64 " submissions but lists "
                                   "%" PRId64,
                                   self->count, self->listed);
    return *ret_why;
}

static Step end_list(Kobo *self)
{
    g_autofree char *why = NULL;
    if (is_doubtful(self, &why))
        self->sink->doubt(self->sink, why);
    self->floor = self->top = -1;
    if (self->phase == PHASE_INDEX) {
        self->phase = PHASE_WANTED;
        return STEP_MORE;
    }
    self->phase = PHASE_DONE;
    return STEP_DONE;
}

/* A page behind the last id; the last one is empty, or holds all that the server has left. */
static Step next_page(Kobo *self, GError **error)
{
    g_autofree char *query =
        self->floor < 0 ? NULL : g_strdup_printf("{\"_id\":{\"$gt\":%" PRId64 "}}", self->floor);
    const char *what = self->phase == PHASE_INDEX ? "the list of submissions" : "submissions";
    if (!read_list(self, query, what, error))
        return STEP_FAILED;
    int64_t left = count_of(self);
    if (self->floor < 0)
        self->count = left;
    self->sink->expect(self->sink, MAX(self->listed, self->count));
    bool stale = self->rows > 0 && self->top <= self->floor && !self->unknown_id;
    if (stale && self->again) {
        g_set_error(error, INNSIKT_ERROR, INNSIKT_ERROR_PROTOCOL,
                    "%s: the server gives a page that was read before and does not go on", what);
        return STEP_FAILED;
    }
    self->again = stale;
    if (stale)
        return STEP_MORE;
    bool over = self->rows == 0 || self->top <= self->floor || (left >= 0 && left <= self->rows);
    self->floor = self->top;
    return over ? end_list(self) : STEP_MORE;
}

/* Those that are new or differ, by id. One that is gone meanwhile does not come. */
static Step next_batch(Kobo *self, GError **error)
{
    PageSink *sink = self->sink;
    g_autofree char *after = self->floor < 0 ? NULL : g_strdup_printf("%" PRId64, self->floor);
    g_autoptr(GPtrArray) ids = sink->wanted(sink, false, after, BATCH_ROWS, error);
    if (!ids)
        return STEP_FAILED;
    if (ids->len == 0) {
        self->phase = PHASE_DONE;
        return STEP_DONE;
    }
    g_ptr_array_add(ids, NULL);
    g_autofree char *list = g_strjoinv(",", (char **)ids->pdata);
    g_autofree char *query = g_strconcat("{\"_id\":{\"$in\":[", list, "]}}", NULL);
    if (!read_list(self, query, "changed submissions", error))
        return STEP_FAILED;
    /* A server that cuts pages shorter than this gives the lowest first. */
    bool cut = count_of(self) > self->rows && self->top > self->floor;
    self->floor = cut ? self->top : g_ascii_strtoll(ids->pdata[ids->len - 2], NULL, 10);
    return STEP_MORE;
}

static Step kobo_next(void *data, PageSink *sink, GError **error)
{
    Kobo *self = data;
    self->sink = sink;
    if (self->phase == PHASE_DONE)
        return STEP_DONE;
    return self->phase == PHASE_WANTED ? next_batch(self, error) : next_page(self, error);
}

/* Only says that a pull has ended: from then on ids are compared. */
static char *kobo_cursor(void *data)
{
    const Kobo *self = data;
    return self->phase == PHASE_DONE ? g_strdup("1") : g_strdup(self->context.cursor);
}

static bool kobo_readable(void *data, GError **error)
{
    Kobo *self = data;
    g_autofree char *list = g_strconcat(self->asset, "/data.json?limit=1", NULL);
    g_autofree char *url = api_address(list, "fields", "[\"_id\"]");
    json_object *reply = api_json(self->api, url, "submissions", error);
    json_object_put(reply);
    return reply != NULL;
}

const Collector collector_kobo = {
    .kind = "kobo",
    .summary = "KoboToolbox, over its API v2",
    .written_against = "KoboToolbox kpi of August 2026, by its source",
    .reads_files = false,
    .whole_index = true,
    .open = kobo_open,
    .questions = kobo_questions,
    .next = kobo_next,
    .cursor = kobo_cursor,
    .close = kobo_close,
    .readable = kobo_readable,
};
