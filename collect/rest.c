/* Any paged JSON API that project.yaml describes: where its pages, records and answers are.
 *
 * Every pull reads the whole list, since nothing is known of what the API could leave out. What
 * changed is told by what a record says (its `updated:` and its answers), and what is gone by what
 * the list lacks; but a list that is read page by page while records come and go may show one twice
 * and another not at all. So the list is read a second time before anything counts as deleted, and
 * what the first time missed is collected then. */
#include "collect/collector.h"

#include "collect/api.h"
#include "collect/columns.h"
#include "collect/flatten.h"
#include "collect/pages.h"

#include <inttypes.h>
#include <string.h>

enum {
    REVISION_LENGTH = 32,
    ASKED_RECORDS = 200, /* that the questions are found in */
    NAMES_LIMIT = 16384,
    MEMBERS_SHOWN = 8,
    ROUNDS = 2, /* that the list is read at most */
};

/* A name of an answer, as the API writes it. */
typedef struct {
    char *question; /* as project.yaml spells it; NULL: not mapped */
    ColumnUse use;
    bool person, in_repeat;
    int64_t last; /* the record that last held it */
} Name;

/* Where a record was told: the round and the page. */
typedef struct {
    unsigned round, page;
} Told;

typedef struct {
    CollectContext context;
    const RestRules *rules;
    char *token_head; /* of AUTH_HEADER: all before the token */
    Api *api;
    Pages *pages;
    Records *records;
    Response *response;
    GHashTable *names; /* → Name */
    GHashTable *told;  /* hash of the id, or of an unreadable record → Told, packed */
    GString *scratch, *last;
    PageSink *sink; /* of the step that runs */
    GChecksum *sum; /* over the answers of the record that is read */
    Form *form;     /* while questions are looked for, else NULL */
    unsigned round, page;
    int64_t passed;           /* records that were read */
    int64_t listed;           /* records of this round, each once */
    int64_t rows, fresh;      /* of this page: records, and those not met before in this round */
    bool moved;               /* a record came on two pages of one round */
    bool unknown_id;          /* a record showed no id: the list proves nothing */
    int64_t ids, answered;    /* for the questions: records that have what project.yaml names */
    char *members;            /* … and those of the first, in words; NULL: none came */
    bool enough, again;       /* enough records for the questions; this page is asked for again */
    int64_t undated, repeats; /* times that are not read; records with a key twice */
} Rest;

/* --- opening --------------------------------------------------------------------------------- */

static bool take_record(const Record *record, gpointer data, GError **error);
static void begin_page(gpointer data);

static void name_free(gpointer data)
{
    Name *name = data;
    g_free(name->question);
    g_free(name);
}

static void rest_close(void *data)
{
    Rest *self = data;
    api_close(self->api);
    pages_free(self->pages);
    records_free(self->records);
    response_free(self->response);
    g_hash_table_unref(self->names);
    g_hash_table_unref(self->told);
    g_string_free(self->scratch, TRUE);
    g_string_free(self->last, TRUE);
    g_free(self->token_head);
    g_free(self->members);
    g_free(self);
}

static void *rest_open(const CollectContext *context, GError **error)
{
    const Source *source = context->source;
    const RestRules *rules = source->rest;
    if (!source->url) {
        g_set_error_literal(error, INNSIKT_ERROR, INNSIKT_ERROR_USAGE,
                            "a source of kind rest has its address under `url:`; add it");
        return NULL;
    }
    Rest *self = g_new0(Rest, 1);
    self->context = *context;
    self->rules = rules;
    self->pages = pages_new(&rules->paging, source->url);
    self->records =
        records_new(rules->lines ? NULL : rules->records, take_record, begin_page, self);
    self->response = response_new();
    self->names = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, name_free);
    self->told = g_hash_table_new(NULL, NULL);
    self->scratch = g_string_new(NULL);
    self->last = g_string_new(NULL);
    self->round = 1;
    self->token_head = g_strconcat(rules->token_header ? rules->token_header : "", ": ", NULL);
    self->api = api_open(context,
                         &(ApiRules){.auth = rules->auth,
                                     .token_header = self->token_head,
                                     .token_url = source->token_url,
                                     .accept = rules->lines ? "application/x-ndjson" : NULL},
                         error);
    if (self->api)
        return self;
    rest_close(self);
    return NULL;
}

/* --- answers --------------------------------------------------------------------------------- */

/* An API may invent names without end; those beyond the limit are read where they are mapped. */
static Name *name_of(Rest *self, const char *text)
{
    Name *name = g_hash_table_lookup(self->names, text);
    if (name)
        return name;
    const Source *source = self->context.source;
    g_autofree char *folded = header_fold(text);
    const char *question = *folded ? columns_question(source, folded) : NULL;
    if (g_hash_table_size(self->names) >= NAMES_LIMIT && !question)
        return NULL;
    name = g_new0(Name, 1);
    if (question) {
        name->question = g_strdup(question);
        name->use = columns_use(source, question);
        name->person = columns_is_person(source, question);
    }
    g_hash_table_insert(self->names, g_strdup(text), name);
    return name;
}

static int64_t read_time(Rest *self, json_object *value, bool *ret_zone_known)
{
    const char *text = json_text(value);
    int64_t time = TIME_UNKNOWN;
    size_t digits = text ? strspn(text, "0123456789") : 0;
    if (!text || !*text)
        return TIME_UNKNOWN;
    /* Seconds since 1970 have ten digits until the year 2286, milliseconds thirteen. */
    if (!text[digits] && (digits == 10 || digits == 13)) {
        *ret_zone_known = true;
        return g_ascii_strtoll(text, NULL, 10) * (digits == 10 ? G_USEC_PER_SEC : 1000);
    }
    if (cell_time(text, self->context.zone, &time, ret_zone_known))
        return time;
    self->undated++;
    return TIME_UNKNOWN;
}

static void digest(GChecksum *sum, const char *text)
{
    g_checksum_update(sum, (const guchar *)text, (gssize)strlen(text) + 1);
}

static void take_answer(const char *path, int instance, const char *text, gpointer data)
{
    Rest *self = data;
    Response *response = self->response;
    Name *name = name_of(self, path);
    if (self->form && !form_find(self->form, path))
        form_add(self->form, path, FORM_TEXT, "unknown", path);
    if (!name || !name->question || name->use == COLUMN_UNUSED)
        return;
    bool blank = !text || !text[strspn(text, " \t\r\n")];
    const char *kept = blank                      ? NULL
                       : name->use == COLUMN_CODE ? cell_code(text, self->scratch)
                                                  : text;
    if (name->use == COLUMN_TIME && kept && response->submitted == TIME_UNKNOWN &&
        !cell_time(kept, self->context.zone, &response->submitted, &response->zone_known))
        self->undated++;
    response_answer(response, name->question, instance, kept,
                    kept ? MISSING_NONE : MISSING_NOT_ANSWERED);
    name->last = self->passed;
    name->in_repeat |= instance != INSTANCE_NONE;
    if (!kept || name->person)
        return;
    g_autofree char *number = g_strdup_printf("%d", instance);
    digest(self->sum, name->question);
    digest(self->sum, number);
    digest(self->sum, kept);
}

/* The first of the places where an answer's value may be. */
static json_object *value_of(const RestRules *rules, json_object *entry)
{
    for (char **pointer = rules->answer_values; *pointer; pointer++) {
        json_object *value = json_at(entry, *pointer);
        if (value)
            return value;
    }
    return NULL;
}

static void take_list(Rest *self, const Flatten *flatten, json_object *list)
{
    size_t n = json_object_is_type(list, json_type_array) ? json_object_array_length(list) : 0;
    for (size_t i = 0; i < n; i++) {
        json_object *entry = json_object_array_get_idx(list, i);
        const char *question = json_text(json_at(entry, self->rules->answer_question));
        if (question && *question)
            json_flatten(flatten, question, value_of(self->rules, entry));
    }
}

/* A name that this record leaves out: asked or not, the API does not tell. */
static void take_absent(Rest *self)
{
    const GPtrArray *mappings = self->context.source->mappings;
    GHashTableIter each;
    gpointer value;
    g_autoptr(GHashTable) there = g_hash_table_new(g_str_hash, g_str_equal);
    g_hash_table_iter_init(&each, self->names);
    while (g_hash_table_iter_next(&each, NULL, &value)) {
        const Name *name = value;
        if (name->question && (name->last == self->passed || name->in_repeat))
            g_hash_table_add(there, name->question);
    }
    for (guint i = 0; i < mappings->len; i++) {
        const Mapping *mapping = mappings->pdata[i];
        bool pattern =
            strstr(mapping->question, "[*]") || g_str_has_suffix(mapping->question, "/*");
        if (!pattern && mapping->role != ROLE_IGNORE &&
            !g_hash_table_contains(there, mapping->question))
            response_answer(self->response, mapping->question, INSTANCE_NONE, NULL,
                            MISSING_UNKNOWN);
    }
}

static void take_answers(Rest *self, json_object *record)
{
    const RestRules *rules = self->rules;
    const Flatten flatten = {.joint = ";", .take = take_answer, .data = self};
    json_object *answers = rules->answers ? json_at(record, rules->answers) : record;
    if (rules->answer_question)
        take_list(self, &flatten, answers);
    else if (json_object_is_type(answers, json_type_object))
        json_flatten(&flatten, "", answers);
}

/* --- records --------------------------------------------------------------------------------- */

/* The names of an object, for messages. */
static char *members_of(json_object *around)
{
    GString *names = g_string_new(NULL);
    guint n = 0;
    json_object_iter each;
    if (json_object_is_type(around, json_type_object))
        json_object_object_foreachC(around, each)
        {
            if (n++ < MEMBERS_SHOWN)
                g_string_append_printf(names, "%s/%s", names->len ? ", " : "", each.key);
        }
    g_autofree char *shown = transport_excerpt(names->str);
    g_string_free(names, TRUE);
    return *shown ? g_strconcat("it has ", shown, NULL) : g_strdup("it has no members");
}

/* There, and not null, false or empty. */
static bool says_yes(json_object *record, const char *pointer)
{
    json_object *value = json_at(record, pointer);
    if (json_object_is_type(value, json_type_boolean))
        return json_object_get_boolean(value);
    const char *text = json_text(value);
    return value && (!text || *text);
}

static ResponseState state_of(const RestRules *rules, json_object *record)
{
    if (rules->deleted && says_yes(record, rules->deleted))
        return STATE_DELETED;
    if (rules->complete && !says_yes(record, rules->complete))
        return STATE_PARTIAL;
    return STATE_COMPLETE;
}

static void read_record(Rest *self, json_object *record, const char *id)
{
    const RestRules *rules = self->rules;
    Response *response = self->response;
    bool zoned = true;
    response_reset(response);
    self->sum = g_checksum_new(G_CHECKSUM_SHA256);
    self->passed++;
    response->id = response_keep(response, id);
    response->state = state_of(rules, record);
    if (rules->submitted)
        response->submitted = read_time(self, json_at(record, rules->submitted), &zoned);
    if (rules->updated) {
        response->updated = read_time(self, json_at(record, rules->updated), &zoned);
        const char *text = json_text(json_at(record, rules->updated));
        digest(self->sum, text ? text : "");
    }
    response->zone_known = zoned;
    digest(self->sum, state_word(response->state));
    take_answers(self, record);
    take_absent(self);
    g_autofree char *revision = g_strndup(g_checksum_get_string(self->sum), REVISION_LENGTH);
    response->revision = response_keep(response, revision);
    g_clear_pointer(&self->sum, g_checksum_free);
}

/* Whether the record is to be told: not when it was, on this page (which may have come a second
 * time) or on another one. */
static bool is_news(Rest *self, const char *key)
{
    gpointer hash = GSIZE_TO_POINTER((gsize)columns_hash(key));
    gpointer value = g_hash_table_lookup(self->told, hash);
    Told told = {(unsigned)(GPOINTER_TO_SIZE(value) >> 32), (unsigned)GPOINTER_TO_SIZE(value)};
    bool this_round = value && told.round == self->round;
    self->fresh += !this_round || told.page == self->page;
    self->moved |= this_round && told.page != self->page;
    self->listed += !this_round;
    if (!this_round)
        g_hash_table_insert(self->told, hash,
                            GSIZE_TO_POINTER((gsize)self->round << 32 | self->page));
    return !value;
}

static bool set_aside(Rest *self, const char *raw, const char *reason, GError **error)
{
    g_autofree char *text = g_strconcat("it ", reason, NULL);
    self->unknown_id = true;
    return !is_news(self, raw) || self->sink->set_aside(self->sink, NULL, text, error);
}

/* An id is stored as it stands, so it must not be what `person` would have hidden. */
static bool id_is_fit(const Rest *self, const char *id, GError **error)
{
    if (!strchr(id, '@'))
        return true;
    g_set_error(error, INNSIKT_ERROR, INNSIKT_ERROR_USAGE,
                "`id: %s` leads to e-mail addresses, and ids are stored as they are; name another "
                "member",
                self->rules->id);
    return false;
}

static bool tell_record(Rest *self, json_object *record, const char *id, GError **error)
{
    PageSink *sink = self->sink;
    read_record(self, record, id);
    bool deleted = self->response->state == STATE_DELETED;
    return (deleted || sink->seen(sink, id, self->response->revision, error)) &&
           sink->response(sink, self->response, error);
}

/* For the questions: the names of the first records' answers, and whether what project.yaml says
 * leads to anything. */
static bool look_at(Rest *self, json_object *record, GError **error)
{
    const RestRules *rules = self->rules;
    if (record) {
        const char *id = json_text(json_at(record, rules->id));
        self->ids += id && *id;
        self->answered += json_at(record, rules->answers ? rules->answers : "") != NULL;
        if (!self->members)
            self->members = members_of(record);
        read_record(self, record, "");
    }
    self->enough = self->passed >= ASKED_RECORDS;
    if (self->enough)
        g_set_error_literal(error, INNSIKT_ERROR, INNSIKT_ERROR_CANCELLED, "enough is known");
    return !self->enough;
}

static bool take_record(const Record *record, gpointer data, GError **error)
{
    Rest *self = data;
    if (self->form)
        return look_at(self, record->value, error);
    self->rows++;
    self->repeats += record->repeats;
    if (!record->value)
        return set_aside(self, record->raw, record->trouble, error);
    const char *id = json_text(json_at(record->value, self->rules->id));
    const char *last = self->rules->paging.last
                           ? json_text(json_at(record->value, self->rules->paging.last))
                           : NULL;
    g_string_assign(self->last, last ? last : "");
    if (!id || !*id)
        return set_aside(self, record->raw, "has no id", error);
    return id_is_fit(self, id, error) &&
           (!is_news(self, id) || tell_record(self, record->value, id, error));
}

static void begin_page(gpointer data)
{
    Rest *self = data;
    self->rows = self->fresh = 0;
    g_string_truncate(self->last, 0);
}

/* --- pages ----------------------------------------------------------------------------------- */

/* On the first page there must be a list; the last one may lack it when it is empty. */
static bool list_is_there(const Rest *self, GError **error)
{
    if (self->rules->lines || records_found(self->records) || pages_number(self->pages) > 1)
        return true;
    json_object *around = records_around(self->records);
    g_autofree char *members = members_of(around);
    const char *pointer = self->rules->records;
    g_set_error(error, INNSIKT_ERROR, INNSIKT_ERROR_PROTOCOL,
                "the reply has no list of records %s%s; %s; mend `records:`",
                *pointer ? "at " : "by itself", pointer, members);
    return false;
}

/* Some servers answer the page behind the last one with 404. */
static bool is_behind_last(const Rest *self)
{
    return self->rules->paging.kind == PAGING_PAGE && pages_number(self->pages) > 1 &&
           api_status(self->api) == 404;
}

static bool read_page(Rest *self, PageShown *ret_shown, HttpReply *reply, GError **error)
{
    g_autofree char *what = g_strdup_printf("page %d", pages_number(self->pages));
    g_autoptr(GError) trouble = NULL;
    self->page++;
    bool read =
        api_records(self->api, pages_address(self->pages), what, self->records, reply, &trouble);
    if (!read && !is_behind_last(self)) {
        g_propagate_error(error, g_steal_pointer(&trouble));
        return false;
    }
    *ret_shown = (PageShown){.around = read ? records_around(self->records) : NULL,
                             .links = read ? reply->link : "",
                             .last = self->last->len ? self->last->str : NULL,
                             .rows = read ? self->rows : 0};
    return !read || list_is_there(self, error);
}

static bool complain_of_known(const Rest *self, GError **error)
{
    g_set_error(error, INNSIKT_ERROR, INNSIKT_ERROR_PROTOCOL,
                "page %d holds nothing but records of pages before it, so the list has no end; "
                "check `paging:`, and give `total:` if the server says how many there are",
                pages_number(self->pages));
    return false;
}

/* --- rounds ---------------------------------------------------------------------------------- */

static int64_t missing_of_total(const Rest *self)
{
    int64_t total = pages_total(self->pages);
    return total > self->listed ? total - self->listed : 0;
}

/* Whether the list is read once more. One that came in one piece is as it is. */
static bool wants_round(Rest *self, bool *ret, GError **error)
{
    int64_t unseen = 0;
    *ret = false;
    if (self->round == ROUNDS || pages_number(self->pages) <= 2)
        return true;
    if (!self->sink->unseen(self->sink, &unseen, error))
        return false;
    *ret = unseen > 0 || self->moved || missing_of_total(self) > 0;
    return true;
}

static void begin_round(Rest *self)
{
    self->round++;
    self->listed = 0;
    self->moved = false;
    pages_begin(self->pages);
}

static void note_counts(const Rest *self)
{
    PageSink *sink = self->sink;
    g_autofree char *undated = g_strdup_printf(
        "%" PRId64 " times are not read; they should be like 2026-12-31T14:05:00Z", self->undated);
    g_autofree char *repeats = g_strdup_printf(
        "%" PRId64 " records have a key twice in one object; the last one counts", self->repeats);
    if (self->undated)
        sink->note(sink, undated);
    if (self->repeats)
        sink->note(sink, repeats);
}

/* A list that is shorter than the server says proves nothing about what is not on it. */
static void weigh(const Rest *self)
{
    g_autofree char *why = NULL;
    if (self->unknown_id)
        why = g_strdup("a record without a readable id came from the server");
    else if (missing_of_total(self) > 0)
        why = g_strdup_printf("the server says it has %" PRId64 " records but lists %" PRId64,
                              pages_total(self->pages), self->listed);
    if (why)
        self->sink->doubt(self->sink, why);
}

static Step end_list(Rest *self, GError **error)
{
    bool once_more;
    if (!wants_round(self, &once_more, error))
        return STEP_FAILED;
    if (once_more) {
        begin_round(self);
        return STEP_MORE;
    }
    weigh(self);
    note_counts(self);
    return STEP_DONE;
}

static Step rest_next(void *data, PageSink *sink, GError **error)
{
    Rest *self = data;
    PageShown shown;
    HttpReply reply;
    self->sink = sink;
    if (!read_page(self, &shown, &reply, error))
        return STEP_FAILED;
    bool known = shown.rows > 0 && self->fresh == 0;
    if (known && self->again)
        return complain_of_known(self, error) ? STEP_MORE : STEP_FAILED;
    self->again = known;
    if (known)
        return STEP_MORE;
    if (!pages_turn(self->pages, &shown, error))
        return STEP_FAILED;
    sink->expect(sink, MAX(self->listed, pages_total(self->pages)));
    return pages_address(self->pages) ? STEP_MORE : end_list(self, error);
}

/* Lists are read whole each time. */
static char *rest_cursor(void *data)
{
    (void)data;
    return NULL;
}

/* --- questions ------------------------------------------------------------------------------- */

static char *place_of(const Source *source)
{
    return source->form ? g_strdup(source->form)
                        : g_strndup(source->url, strcspn(source->url, "?#"));
}

static bool leads_nowhere(const Rest *self, const char *key, const char *pointer, GError **error)
{
    g_set_error(error, INNSIKT_ERROR, INNSIKT_ERROR_USAGE,
                "no record has anything at %s, where `%s:` looks; the first one %s", pointer, key,
                self->members + strlen("it "));
    return false;
}

/* A pointer that leads nowhere would set every record aside, or leave every answer out. */
static bool leads_somewhere(const Rest *self, GError **error)
{
    const RestRules *rules = self->rules;
    if (!self->members)
        return true;
    if (!self->ids)
        return leads_nowhere(self, "id", rules->id, error);
    if (!self->answered)
        return leads_nowhere(self, "answers", rules->answers, error);
    if (rules->answer_question && self->form->questions->len == 0) {
        g_set_error(error, INNSIKT_ERROR, INNSIKT_ERROR_USAGE,
                    "no entry of %s has a name at %s, where `question:` looks", rules->answers,
                    rules->answer_question);
        return false;
    }
    return true;
}

/* No record has shown a name, so nothing is known to be missing. */
static void add_mapped(const Source *source, Form *form)
{
    for (guint i = 0; i < source->mappings->len; i++) {
        const char *question = ((const Mapping *)source->mappings->pdata[i])->question;
        form_add(form, question, FORM_TEXT, "unknown", question);
    }
}

/* Nothing is known of the form but what the answers are called, so all are texts. */
static Form *rest_questions(void *data, GError **error)
{
    Rest *self = data;
    g_autofree char *id = place_of(self->context.source);
    g_autoptr(GError) trouble = NULL;
    self->form = form_new(id);
    self->form->title = g_strdup(id);
    bool read = api_records(self->api, pages_address(self->pages), "the first page", self->records,
                            NULL, &trouble);
    if (self->enough)
        g_clear_error(&trouble);
    bool ok = (self->enough || (read && list_is_there(self, &trouble))) &&
              leads_somewhere(self, &trouble);
    g_autoptr(Form) form = g_steal_pointer(&self->form);
    if (self->passed == 0)
        add_mapped(self->context.source, form);
    self->passed = self->undated = 0;
    if (ok)
        return g_steal_pointer(&form);
    g_propagate_error(error, g_steal_pointer(&trouble));
    return NULL;
}

const Collector collector_rest = {
    .kind = "rest",
    .summary = "any paged JSON API, as project.yaml describes it",
    .written_against = "RFC 8259, RFC 6901, RFC 8288 and RFC 6749",
    .reads_files = false,
    .whole_index = true,
    .open = rest_open,
    .questions = rest_questions,
    .next = rest_next,
    .cursor = rest_cursor,
    .close = rest_close,
};
