/* Nettskjema over its API v3 (form-systems.md 2).
 *
 * Every pull lists what was delivered, a line a submission, with the time it was last changed. The
 * few that are new or differ are asked for one by one; many, and everything at the first pull and
 * on --full, come as the stream of all answers, a line an answer. What is not on the list is gone.
 * What somebody saved and has not delivered is on a list of its own, and partial.
 *
 * Traps, each a story in tests/collect/replay/nettskjema-…
 *   lines apart   nothing promises that the lines of a submission follow each other: they are
 *                 gathered until the stream ends, or until there are too many; what then comes late
 *                 is asked for by itself
 *   no lines      who answered nothing has none, and neither has who stands behind the place where
 *                 a stream was cut: they, and whoever comes last, are asked for by themselves
 *   times         are Norwegian wall-clock times without saying so
 *   decimal comma numbers and dates are written as in Norway
 *   codebook      names come and go with it: elements are known by number */
#include "collect/collector.h"

#include "collect/api.h"
#include "collect/cellvalue.h"
#include "collect/nettskjema_form.h"

#include <inttypes.h>
#include <string.h>

enum {
    SINGLES = 50,      /* changes up to which submissions are asked for one by one */
    STEP_ROWS = 500,   /* submissions told in a step */
    STEP_SINGLES = 20, /* submissions asked for in a step */
    GATHERED_BYTES = 12 * 1024 * 1024, /* of mapped answers, while the stream goes on */
    OVERHEAD_BYTES = 32,               /* of memory for each */
    LINELESS = 100, /* submissions that may have no line, and a tenth: with more it was cut */
};

typedef enum {
    PHASE_LIST,
    PHASE_POSTPONED,
    PHASE_CHOOSE,
    PHASE_STREAM,
    PHASE_GATHERED,
    PHASE_SINGLES,
    PHASE_DONE
} Phase;

/* A submission on the list. */
typedef struct {
    int64_t id, created, modified; /* times in µs; TIME_UNKNOWN */
    char *revision;                /* NULL: the list tells no time */
    bool postponed, given;
    bool lined;          /* has a line in the stream */
    bool late;           /* a line came after it was given */
    const char *trouble; /* of one of its lines; static */
    GArray *gathered;    /* of NettskjemaAnswer; NULL: none */
} Submission;

typedef struct {
    CollectContext context;
    Api *api;
    char *root, *token_url; /* …/api/v3 */
    NettskjemaForm *form;
    GTimeZone *zone;
    Records *list, *answers;
    Response *response;
    GHashTable *submissions; /* of the list: id → Submission */
    GPtrArray *order;        /* of the same, by id */
    GArray *singles;         /* of int64_t: to be asked for one by one */
    Phase phase;
    Submission *last;       /* in the stream */
    guint at;               /* in the order, or in the singles */
    size_t gathered;        /* bytes */
    int64_t counted;        /* submissions by the form's own count; -1: not told */
    int64_t postponed;      /* likewise of those */
    bool listing_postponed; /* which list is being read */
    bool undated;           /* a submission has no time: its edits show only in its answers */
    bool codebook;          /* there are names */
    bool unknown_id;
    PageSink *sink; /* of the step that runs */
} Nettskjema;

static bool take_listed(const Record *record, gpointer data, GError **error);
static bool take_answer(const Record *record, gpointer data, GError **error);
static void begin_answers(gpointer data);

/* --- opening --------------------------------------------------------------------------------- */

static const ApiMeaning meanings[] = {
    {401, INNSIKT_ERROR_AUTH,
     "Nettskjema refuses the token of this client; check `user:` and `password:`, and whether the "
     "client has expired (it lasts a year)"},
    {403, INNSIKT_ERROR_PERMISSION,
     "there is no such form, or this client may not read it; in the form, under Settings and "
     "Permissions, give editing permission to CLIENT-ID@apiclient"},
    {404, INNSIKT_ERROR_NOT_FOUND,
     "there is no such form, or this client may not read it; check `form:`, and in the form, under "
     "Settings and Permissions, give editing permission to CLIENT-ID@apiclient"},
    {0, 0, NULL},
};

static void submission_free(gpointer data)
{
    Submission *submission = data;
    if (submission->gathered)
        g_array_unref(submission->gathered);
    g_free(submission->revision);
    g_free(submission);
}

static void gathered_clear(gpointer data)
{
    g_free(((NettskjemaAnswer *)data)->text);
}

/* From the API's address, or any other on the server. */
static char *root_address(const char *url)
{
    const char *scheme = strstr(url, "://");
    const char *path = strchr(scheme ? scheme + 3 : url, '/');
    g_autofree char *host = path ? g_strndup(url, (gsize)(path - url)) : g_strdup(url);
    const char *version = path ? strstr(path, "/v3") : NULL;
    if (version)
        return g_strndup(url, (gsize)(version + 3 - url));
    return g_strconcat(host, strstr(host, "://api.") ? "/v3" : "/api/v3", NULL);
}

/* Nettskjema's own tokens come from one place; another server's has to be told. */
static char *token_address(const Source *source, GError **error)
{
    if (source->token_url)
        return g_strdup(source->token_url);
    g_autoptr(GUri) url = g_uri_parse(source->url, G_URI_FLAGS_NONE, NULL);
    const char *host = url ? g_uri_get_host(url) : NULL;
    if (host && (g_str_equal(host, "nettskjema.no") || g_str_has_suffix(host, ".nettskjema.no")))
        return g_strdup("https://authorization.nettskjema.no/oauth2/token");
    g_set_error(error, INNSIKT_ERROR, INNSIKT_ERROR_USAGE,
                "%s is not nettskjema.no, so it must be told where it gives tokens; add "
                "`token_url:`",
                host ? host : "the address");
    return NULL;
}

static void nettskjema_close(void *data)
{
    Nettskjema *self = data;
    api_close(self->api);
    nettskjema_form_free(self->form);
    records_free(self->list);
    records_free(self->answers);
    response_free(self->response);
    g_hash_table_unref(self->submissions);
    g_ptr_array_unref(self->order);
    g_array_unref(self->singles);
    g_time_zone_unref(self->zone);
    g_free(self->root);
    g_free(self->token_url);
    g_free(self);
}

static GTimeZone *zone_of(const CollectContext *context)
{
    GTimeZone *oslo = context->source->timezone && context->zone
                          ? g_time_zone_ref(context->zone)
                          : g_time_zone_new_identifier("Europe/Oslo");
    return oslo ? oslo : g_time_zone_new_utc();
}

static Nettskjema *nettskjema_new(const CollectContext *context)
{
    Nettskjema *self = g_new0(Nettskjema, 1);
    self->context = *context;
    self->zone = zone_of(context);
    self->root = root_address(context->source->url);
    self->list = records_new(NULL, take_listed, NULL, self);
    self->answers = records_new(NULL, take_answer, begin_answers, self);
    self->response = response_new();
    self->submissions = g_hash_table_new_full(g_int64_hash, g_int64_equal, NULL, submission_free);
    self->order = g_ptr_array_new();
    self->singles = g_array_new(FALSE, FALSE, sizeof(int64_t));
    self->counted = self->postponed = -1;
    return self;
}

static void *nettskjema_open(const CollectContext *context, GError **error)
{
    const Source *source = context->source;
    if (!source->url || !source->form) {
        g_set_error(error, INNSIKT_ERROR, INNSIKT_ERROR_USAGE,
                    "a Nettskjema source has `url: https://nettskjema.no/api/v3` and the form's "
                    "number under `form:`; add `%s:`",
                    source->url ? "form" : "url");
        return NULL;
    }
    Nettskjema *self = nettskjema_new(context);
    self->token_url = token_address(source, error);
    if (self->token_url)
        self->api = api_open(context,
                             &(ApiRules){.auth = AUTH_CLIENT,
                                         .token_url = self->token_url,
                                         .accept = "application/x-ndjson",
                                         .meanings = meanings},
                             error);
    if (self->api)
        return self;
    nettskjema_close(self);
    return NULL;
}

/* --- the form -------------------------------------------------------------------------------- */

static char *form_address(const Nettskjema *self, const char *what)
{
    g_autofree char *form = g_uri_escape_string(self->context.source->form, NULL, FALSE);
    return g_strconcat(self->root, "/form/", form, what, NULL);
}

static int64_t number_at(json_object *object, const char *member)
{
    const char *text = json_member_text(object, member);
    return text ? g_ascii_strtoll(text, NULL, 10) : -1;
}

/* Answers delivered to the platform for sensitive data stay there. */
static bool is_delivered_here(json_object *info, GError **error)
{
    const char *place = json_member_text(info, "deliveryDestination");
    if (!place || g_str_equal(place, "DATABASE"))
        return true;
    g_set_error(error, INNSIKT_ERROR, INNSIKT_ERROR_DISABLED,
                "the form's answers are delivered to %s and not kept in Nettskjema; fetch them "
                "there and collect the file",
                place);
    return false;
}

static json_object *read_info(Nettskjema *self, GError **error)
{
    g_autofree char *url = form_address(self, "/info");
    json_object *info = api_json(self->api, url, "the form", error);
    json_object *valid = NULL;
    if (!info)
        return NULL;
    if (!is_delivered_here(info, error)) {
        json_object_put(info);
        return NULL;
    }
    self->counted = number_at(info, "numberOfSubmissions");
    self->postponed = number_at(info, "numberOfPostponedSubmissions");
    self->codebook = !json_object_object_get_ex(info, "isCodebookValid", &valid) ||
                     json_object_get_boolean(valid);
    return info;
}

static Form *nettskjema_questions(void *data, GError **error)
{
    Nettskjema *self = data;
    json_object *info = read_info(self, error);
    if (!info)
        return NULL;
    g_autofree char *url = form_address(self, "/elements");
    json_object *elements = api_json(self->api, url, "the form's elements", error);
    nettskjema_form_free(self->form);
    self->form = elements ? nettskjema_form_read(self->context.source, elements, error) : NULL;
    Form *form = self->form ? nettskjema_form_take(self->form) : NULL;
    if (form)
        form->title = g_strdup(json_member_text(info, "title"));
    json_object_put(elements);
    json_object_put(info);
    return form;
}

/* Who may edit a form may read its answers, and nobody else. */
static bool nettskjema_readable(void *data, GError **error)
{
    Nettskjema *self = data;
    json_object *info = read_info(self, error), *editor = NULL;
    if (!info)
        return false;
    bool may =
        !json_object_object_get_ex(info, "canEditForm", &editor) || json_object_get_boolean(editor);
    json_object_put(info);
    if (!may)
        g_set_error(error, INNSIKT_ERROR, INNSIKT_ERROR_PERMISSION, "%s", meanings[1].meaning);
    return may;
}

/* --- the list -------------------------------------------------------------------------------- */

static bool read_id(json_object *object, const char *member, int64_t *ret)
{
    const char *text = json_member_text(object, member);
    size_t digits = text ? strspn(text, "0123456789") : 0;
    if (!digits || digits > 18 || text[digits])
        return false;
    *ret = g_ascii_strtoll(text, NULL, 10);
    return true;
}

static int64_t read_time(const Nettskjema *self, const char *text)
{
    int64_t time;
    bool zone_known;
    return text && cell_time(text, self->zone, &time, &zone_known) ? time : TIME_UNKNOWN;
}

static char *id_text(const Submission *submission)
{
    return g_strdup_printf("%" PRId64, submission->id);
}

static bool list_submission(Nettskjema *self, json_object *line, int64_t id, GError **error)
{
    const char *modified = json_member_text(line, "modifiedDate");
    Submission *submission = g_new0(Submission, 1);
    *submission = (Submission){.id = id,
                               .created = read_time(self, json_member_text(line, "createdDate")),
                               .modified = read_time(self, modified),
                               .postponed = self->listing_postponed};
    submission->revision =
        modified ? g_strconcat(submission->postponed ? "postponed " : "", modified, NULL) : NULL;
    self->undated |= !modified;
    g_hash_table_insert(self->submissions, &submission->id, submission);
    g_ptr_array_add(self->order, submission);
    g_autofree char *text = id_text(submission);
    return self->sink->seen(self->sink, text, submission->revision, error);
}

static bool take_listed(const Record *record, gpointer data, GError **error)
{
    Nettskjema *self = data;
    int64_t id;
    if (record->value && read_id(record->value, "submissionId", &id))
        return g_hash_table_contains(self->submissions, &id) ||
               list_submission(self, record->value, id, error);
    self->unknown_id = true;
    return true;
}

static gint by_id(gconstpointer a, gconstpointer b)
{
    const Submission *left = *(Submission *const *)a, *right = *(Submission *const *)b;
    return left->id < right->id ? -1 : left->id > right->id;
}

static Step read_list(Nettskjema *self, GError **error)
{
    g_autofree char *url = form_address(self, "/submission-metadata");
    if (!api_records(self->api, url, "the list of submissions", self->list, NULL, error))
        return STEP_FAILED;
    if (!self->codebook)
        self->sink->note(self->sink,
                         "the form's codebook is off or not complete, so questions may be named by "
                         "their number, like e502; those names change when it is switched on");
    if (self->unknown_id)
        self->sink->doubt(self->sink, "a submission without a readable id came from the server");
    else if ((int64_t)self->order->len < self->counted) {
        g_autofree char *why =
            g_strdup_printf("the server says it has %" PRId64 " submissions but lists %u",
                            self->counted, self->order->len);
        self->sink->doubt(self->sink, why);
    }
    self->phase = self->postponed == 0 ? PHASE_CHOOSE : PHASE_POSTPONED;
    return STEP_MORE;
}

static Step read_postponed(Nettskjema *self, GError **error)
{
    g_autofree char *url = form_address(self, "/submission-metadata-postponed");
    g_autoptr(GError) trouble = NULL;
    self->listing_postponed = true;
    self->phase = PHASE_CHOOSE;
    if (api_records(self->api, url, "the list of what is not delivered", self->list, NULL,
                    &trouble))
        return STEP_MORE;
    /* Forms that nobody can save without delivering may have no such list. */
    int status = api_status(self->api);
    if (status == 403 || status == 404) {
        if (self->postponed > 0)
            self->sink->doubt(self->sink, "the list of what is not delivered was refused");
        return STEP_MORE;
    }
    g_propagate_error(error, g_steal_pointer(&trouble));
    return STEP_FAILED;
}

/* --- what to ask for ------------------------------------------------------------------------- */

static void add_single(Nettskjema *self, const Submission *submission)
{
    g_array_append_val(self->singles, submission->id);
}

/* Adds to the singles what the store has not got: all of it, or only what is not delivered. */
static bool add_wanted(Nettskjema *self, bool postponed_only, GError **error)
{
    g_autofree char *after = NULL;
    for (;;) {
        g_autoptr(GPtrArray) ids =
            self->sink->wanted(self->sink, self->context.everything, after, STEP_ROWS, error);
        if (!ids)
            return false;
        for (guint i = 0; i < ids->len; i++) {
            int64_t id = g_ascii_strtoll(ids->pdata[i], NULL, 10);
            const Submission *submission = g_hash_table_lookup(self->submissions, &id);
            if (submission && (submission->postponed || !postponed_only))
                add_single(self, submission);
        }
        if (ids->len < STEP_ROWS)
            return true;
        g_free(after);
        after = g_strdup(ids->pdata[ids->len - 1]);
    }
}

static Step choose(Nettskjema *self, GError **error)
{
    g_autoptr(GPtrArray) some =
        self->sink->wanted(self->sink, self->context.everything, NULL, SINGLES + 1, error);
    if (!some)
        return STEP_FAILED;
    bool stream = self->context.everything || self->undated || some->len > SINGLES ||
                  some->len * 2 > self->order->len;
    g_ptr_array_sort(self->order, by_id);
    self->sink->expect(self->sink, self->order->len);
    if (!add_wanted(self, stream, error))
        return STEP_FAILED;
    self->phase = stream && self->order->len ? PHASE_STREAM : PHASE_SINGLES;
    return STEP_MORE;
}

/* --- telling --------------------------------------------------------------------------------- */

static void add_answer(Response *response, const NettskjemaAnswer *answer)
{
    response_answer(response, answer->question, INSTANCE_NONE, answer->text,
                    answer->missing == MISSING_NONE || answer->text ? MISSING_NONE
                                                                    : answer->missing);
    g_array_index(response->answers, Answer, response->answers->len - 1).missing = answer->missing;
}

/* Neither what was left blank nor what was not shown has a line. */
static void add_absent(Nettskjema *self)
{
    const GPtrArray *mapped = nettskjema_form_mapped(self->form);
    Response *response = self->response;
    guint there = response->answers->len;
    for (guint i = 0; i < mapped->len; i++) {
        bool found = false;
        for (guint a = 0; a < there && !found; a++)
            found =
                g_str_equal(g_array_index(response->answers, Answer, a).question, mapped->pdata[i]);
        if (!found)
            response_answer(response, mapped->pdata[i], INSTANCE_NONE, NULL, MISSING_UNKNOWN);
    }
}

static bool tell(Nettskjema *self, Submission *submission, GError **error)
{
    Response *response = self->response;
    g_autofree char *id = id_text(submission);
    submission->given = true;
    if (submission->trouble) {
        g_clear_pointer(&submission->gathered, g_array_unref);
        return self->sink->set_aside(self->sink, id, submission->trouble, error);
    }
    response_reset(response);
    response->id = response_keep(response, id);
    response->revision = response_keep(response, submission->revision);
    response->state = submission->postponed ? STATE_PARTIAL : STATE_COMPLETE;
    response->submitted = submission->created;
    response->updated = submission->modified;
    response->zone_known = false;
    for (guint i = 0; submission->gathered && i < submission->gathered->len; i++)
        add_answer(response, &g_array_index(submission->gathered, NettskjemaAnswer, i));
    add_absent(self);
    g_clear_pointer(&submission->gathered, g_array_unref);
    return self->sink->response(self->sink, response, error);
}

/* --- answers --------------------------------------------------------------------------------- */

/* The same question answered again, by a line that came twice, replaces what it said. */
static void gather(Nettskjema *self, Submission *submission, json_object *line)
{
    NettskjemaAnswer answer;
    if (!nettskjema_form_answer(self->form, line, &answer))
        return;
    if (!submission->gathered) {
        submission->gathered = g_array_new(FALSE, FALSE, sizeof(NettskjemaAnswer));
        g_array_set_clear_func(submission->gathered, gathered_clear);
    }
    self->gathered += sizeof answer + OVERHEAD_BYTES + (answer.text ? strlen(answer.text) : 0);
    for (guint i = 0; i < submission->gathered->len; i++) {
        NettskjemaAnswer *other = &g_array_index(submission->gathered, NettskjemaAnswer, i);
        if (other->question == answer.question) {
            g_free(other->text);
            *other = answer;
            return;
        }
    }
    g_array_append_val(submission->gathered, answer);
}

/* There are too many to keep: all are told but the one that is being read. */
static bool give_way(Nettskjema *self, const Submission *current, GError **error)
{
    for (guint i = 0; i < self->order->len; i++) {
        Submission *submission = self->order->pdata[i];
        if (submission->gathered && submission != current && !tell(self, submission, error))
            return false;
    }
    self->gathered = 0;
    return true;
}

/* The id in a line that is broken elsewhere. */
static bool find_id(const char *raw, int64_t *ret)
{
    static const char member[] = "\"submissionId\":";
    const char *at = strstr(raw, member);
    if (!at)
        return false;
    at += sizeof member - 1;
    at += strspn(at, " \"");
    size_t digits = strspn(at, "0123456789");
    *ret = g_ascii_strtoll(at, NULL, 10);
    return digits > 0 && digits <= 18;
}

static bool take_answer(const Record *record, gpointer data, GError **error)
{
    Nettskjema *self = data;
    int64_t id;
    bool known =
        record->value ? read_id(record->value, "submissionId", &id) : find_id(record->raw, &id);
    if (!known) {
        g_set_error(error, INNSIKT_ERROR, INNSIKT_ERROR_PROTOCOL,
                    "line %" PRId64 " of the answers %s and names no submission; nothing is "
                    "changed, so that no answer is lost",
                    record->number, record->trouble ? record->trouble : "is none");
        return false;
    }
    Submission *submission = g_hash_table_lookup(self->submissions, &id);
    /* One that was delivered after the list was read is the next pull's. */
    if (!submission || submission->postponed)
        return true;
    self->last = submission;
    submission->lined = true;
    if (submission->given) {
        submission->late = true;
        return true;
    }
    if (record->value)
        gather(self, submission, record->value);
    else
        submission->trouble = "one of its answers cannot be read";
    return self->gathered < GATHERED_BYTES || give_way(self, submission, error);
}

/* What came before the stream broke off comes again. */
static void begin_answers(gpointer data)
{
    Nettskjema *self = data;
    for (guint i = 0; i < self->order->len; i++) {
        Submission *submission = self->order->pdata[i];
        g_clear_pointer(&submission->gathered, g_array_unref);
        submission->trouble = submission->given ? submission->trouble : NULL;
        submission->lined = submission->given;
    }
    self->gathered = 0;
}

static bool is_whole(const Nettskjema *self, GError **error)
{
    guint lineless = 0, listed = 0;
    for (guint i = 0; i < self->order->len; i++) {
        const Submission *submission = self->order->pdata[i];
        listed += !submission->postponed;
        lineless += !submission->postponed && !submission->lined;
    }
    if (lineless <= MAX(LINELESS, listed / 10))
        return true;
    g_set_error(error, INNSIKT_ERROR, INNSIKT_ERROR_PROTOCOL,
                "the answers: %u of the %u submissions on the list have none, so the reply was cut "
                "off; nothing is changed, run this again",
                lineless, listed);
    return false;
}

static Step read_answers(Nettskjema *self, GError **error)
{
    g_autofree char *url = form_address(self, "/answers");
    if (!api_records(self->api, url, "the answers", self->answers, NULL, error) ||
        !is_whole(self, error))
        return STEP_FAILED;
    self->phase = PHASE_GATHERED;
    return STEP_MORE;
}

static Step tell_gathered(Nettskjema *self, GError **error)
{
    for (int rows = 0; self->at < self->order->len && rows < STEP_ROWS; self->at++, rows++) {
        Submission *submission = self->order->pdata[self->at];
        if (submission->postponed)
            continue;
        if (submission->late || !submission->lined || submission == self->last)
            add_single(self, submission);
        else if (!submission->given && !tell(self, submission, error))
            return STEP_FAILED;
    }
    if (self->at == self->order->len) {
        self->phase = PHASE_SINGLES;
        self->at = 0;
    }
    return STEP_MORE;
}

/* --- one by one ------------------------------------------------------------------------------ */

static bool tell_single(Nettskjema *self, Submission *submission, GError **error)
{
    g_autofree char *url =
        g_strdup_printf("%s/form/submission/%" PRId64, self->root, submission->id);
    g_autoptr(GError) trouble = NULL;
    json_object *reply = api_json(self->api, url, "a submission", &trouble);
    if (!reply) {
        bool refused = api_status(self->api) == 403 || api_status(self->api) == 404;
        /* Gone since the list was read; of what is not delivered, answers may not be shown. */
        if (refused)
            return !submission->postponed || tell(self, submission, error);
        g_propagate_error(error, g_steal_pointer(&trouble));
        return false;
    }
    json_object *answers = json_at(reply, "/answers");
    bool list = json_object_is_type(answers, json_type_array);
    g_clear_pointer(&submission->gathered, g_array_unref);
    submission->trouble = list ? NULL : "it comes without a list of answers";
    for (size_t i = 0; list && i < json_object_array_length(answers); i++)
        gather(self, submission, json_object_array_get_idx(answers, i));
    json_object_put(reply);
    return tell(self, submission, error);
}

static Step tell_singles(Nettskjema *self, GError **error)
{
    for (int i = 0; self->at < self->singles->len && i < STEP_SINGLES; self->at++, i++) {
        int64_t id = g_array_index(self->singles, int64_t, self->at);
        if (!tell_single(self, g_hash_table_lookup(self->submissions, &id), error))
            return STEP_FAILED;
    }
    if (self->at < self->singles->len)
        return STEP_MORE;
    self->phase = PHASE_DONE;
    return STEP_DONE;
}

/* --- steps ----------------------------------------------------------------------------------- */

static Step nettskjema_next(void *data, PageSink *sink, GError **error)
{
    static Step (*const steps[])(Nettskjema *, GError **) = {
        [PHASE_LIST] = read_list,         [PHASE_POSTPONED] = read_postponed,
        [PHASE_CHOOSE] = choose,          [PHASE_STREAM] = read_answers,
        [PHASE_GATHERED] = tell_gathered, [PHASE_SINGLES] = tell_singles,
    };
    Nettskjema *self = data;
    self->sink = sink;
    return self->phase == PHASE_DONE ? STEP_DONE : steps[self->phase](self, error);
}

/* The list is read whole each time. */
static char *nettskjema_cursor(void *data)
{
    (void)data;
    return NULL;
}

const Collector collector_nettskjema = {
    .kind = "nettskjema",
    .summary = "Nettskjema, over its API v3",
    .written_against = "Nettskjema API v3 as recorded June to August 2025",
    .reads_files = false,
    .whole_index = true,
    .open = nettskjema_open,
    .questions = nettskjema_questions,
    .next = nettskjema_next,
    .cursor = nettskjema_cursor,
    .close = nettskjema_close,
    .readable = nettskjema_readable,
};
