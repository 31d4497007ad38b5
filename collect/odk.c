/* ODK Central over OData (form-systems.md 3).
 *
 * A pull is three things. First the list of what is deleted, which Central keeps for 30 days. Then
 * either what changed since the last pull, or everything. Everything is read at the first pull, on
 * --full, when the last pull is so old that a deletion may have been purged unseen, when the server
 * is too old to tell deletions, and when a submission left the list of the deleted: restoring one
 * stamps nothing. Only when everything was read is what did not come known to be gone.
 *
 * Submissions come newest first, so the cursor moves only when the last page has been read. */
#include "collect/collector.h"
#include "collect/odk_form.h"
#include "collect/odk_page.h"
#include "collect/odk_record.h"
#include "collect/odk_session.h"
#include "collect/odk_versions.h"
#include "schemas/instant.h"

#include <json-c/json.h>

#include <string.h>

enum {
    PAGE_ROWS = 250,
    FORM_BYTES = 16 * 1024 * 1024,
    LINK_BYTES = 4096,
    DELETED_KEPT = 1000, /* ids in the cursor; with more, every pull reads everything */
    RECORD_BYTES = 32 * 1024 * 1024,
    RESTARTS = 3,          /* of a list that changed while it was read */
    OVERLAP_SECONDS = 600, /* submissions may be seen later than they are stamped */
    DELETED_DAYS = 21,     /* well below the 30 after which the deleted are purged */
    SLACK_ROWS = 10000,    /* that may arrive while a list is read */
};

#define DAY (INT64_C(86400) * G_USEC_PER_SEC)

typedef enum { PHASE_DELETED, PHASE_SUBMISSIONS, PHASE_DONE } Phase;

typedef struct {
    CollectContext context;
    OdkSession *session;
    OdkFields *fields;
    OdkXForm *xform;
    OdkVersions *versions;
    Phase phase;
    bool whole;     /* everything is read */
    bool unpaged;   /* some submissions gave no id, or a list began anew: no proof of absence */
    int64_t since;  /* of the last good pull: the newest stamp, µs; TIME_UNKNOWN */
    int64_t pulled; /* when it was, by our clock */
    GHashTable *deleted_before; /* ids; NULL: not known */
    GHashTable *deleted;        /* as of this pull */
    int64_t newest;
    char *tag; /* of the submissions, as the server gave it before they were read; may be NULL */
    char *tag_before;  /* of the last good pull */
    int64_t encrypted; /* submissions that came without answers */
    char *place;       /* in the list: "skiptoken=…", as it came; NULL: from the start */
    int restarts;
    int64_t told;         /* submissions of this list */
    GHashTable *page_ids; /* told on this page, which may come twice */
    bool apart;           /* a mapped field can only be read from each submission's XML */
    GPtrArray *held;      /* of OdkRow*: of this page, until their XML has been asked for */
    PageSink *sink;       /* of the step that runs */
} Odk;

/* --- times --- */

/* RFC 3339 with a zone, as µs since 1970 UTC; TIME_UNKNOWN for what is none. The fraction is read
 * here, since GLib reads it through a double. */
static int64_t read_time(const char *text)
{
    if (!text)
        return TIME_UNKNOWN;
    size_t whole = strcspn(text, "."), digits = 0;
    int64_t fraction = 0, unit = 100000;
    if (text[whole] == '.') {
        digits = strspn(text + whole + 1, "0123456789");
        for (size_t i = 0; i < digits; i++, unit /= 10)
            fraction += (text[whole + 1 + i] - '0') * unit;
        digits++;
    }
    g_autofree char *plain = g_strdup_printf("%.*s%s", (int)whole, text, text + whole + digits);
    g_autoptr(GDateTime) when = g_date_time_new_from_iso8601(plain, NULL);
    return when ? g_date_time_to_unix(when) * G_USEC_PER_SEC + fraction : TIME_UNKNOWN;
}

/* As Central compares it: in UTC, to the millisecond. */
static char *filter_time(int64_t when)
{
    g_autoptr(GDateTime) utc = g_date_time_new_from_unix_utc(when / G_USEC_PER_SEC);
    g_autofree char *seconds = g_date_time_format(utc, "%Y-%m-%dT%H:%M:%S");
    return g_strdup_printf("%s.%03dZ", seconds, (int)(when % G_USEC_PER_SEC / 1000));
}

static const char *or_empty(const char *text)
{
    return text ? text : "";
}

/* --- the cursor: `1 NEWEST PULLED [=TAG] ID…`, tag and ids escaped; `*` for too many ids; a tag of
 * nothing when the server is known to have them --- */

static GHashTable *new_set(void)
{
    return g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
}

static void read_cursor(Odk *self, const char *cursor)
{
    g_auto(GStrv) words = g_strsplit(cursor ? cursor : "", " ", -1);
    self->since = TIME_UNKNOWN;
    if (g_strv_length(words) < 3 || !g_str_equal(words[0], "1"))
        return;
    self->since = read_time(words[1]);
    self->pulled = read_time(words[2]);
    char **ids = words + 3;
    if (*ids && **ids == '=')
        self->tag_before = g_uri_unescape_string(*ids++ + 1, NULL);
    if (g_strcmp0(*ids, "*") == 0)
        return;
    self->deleted_before = new_set();
    for (char **id = ids; *id; id++)
        g_hash_table_add(self->deleted_before, g_uri_unescape_string(*id, NULL));
}

static gint by_bytes(gconstpointer a, gconstpointer b)
{
    return strcmp(a, b);
}

static char *odk_cursor(void *data)
{
    Odk *self = data;
    if (self->phase != PHASE_DONE || self->newest == TIME_UNKNOWN)
        return NULL;
    g_autofree char *newest = filter_time(self->newest);
    g_autofree char *pulled = filter_time(instant_now());
    GString *cursor = g_string_new(NULL);
    g_string_printf(cursor, "1 %s %s", newest, pulled);
    if (self->tag || odk_session_tagged(self->session)) {
        g_string_append(cursor, " =");
        g_string_append_uri_escaped(cursor, or_empty(self->tag), NULL, FALSE);
    }
    if (g_hash_table_size(self->deleted) > DELETED_KEPT) {
        g_string_append(cursor, " *");
        return g_string_free(cursor, FALSE);
    }
    GList *ids = g_list_sort(g_hash_table_get_keys(self->deleted), by_bytes);
    for (GList *id = ids; id; id = id->next) {
        g_string_append_c(cursor, ' ');
        g_string_append_uri_escaped(cursor, id->data, NULL, FALSE);
    }
    g_list_free(ids);
    return g_string_free(cursor, FALSE);
}

/* --- opening --- */

static void odk_close(void *data)
{
    Odk *self = data;
    if (self->session)
        odk_session_close(self->session);
    odk_fields_free(self->fields);
    odk_xform_free(self->xform);
    odk_versions_free(self->versions);
    g_free(self->tag);
    g_free(self->tag_before);
    g_clear_pointer(&self->deleted_before, g_hash_table_unref);
    g_hash_table_unref(self->deleted);
    g_hash_table_unref(self->page_ids);
    g_ptr_array_unref(self->held);
    g_free(self->place);
    g_free(self);
}

static void *odk_open(const CollectContext *context, GError **error)
{
    Odk *self = g_new0(Odk, 1);
    self->context = *context;
    self->held = g_ptr_array_new_with_free_func(odk_row_free);
    self->deleted = new_set();
    self->page_ids = new_set();
    read_cursor(self, context->cursor);
    self->newest = self->since;
    self->session =
        odk_session_open(context->source, context->project->folder, context->transport, error);
    if (self->session)
        return self;
    odk_close(self);
    return NULL;
}

/* --- the form --- */

/* A form that nobody published has no fields, and the server says that it is not found. */
static void judge_missing(Odk *self, GError **trouble)
{
    if (!g_error_matches(*trouble, INNSIKT_ERROR, INNSIKT_ERROR_NOT_FOUND))
        return;
    g_autoptr(GBytes) body = odk_session_fetch(self->session, "", "the form", FORM_BYTES, NULL);
    json_object *form = body ? json_tokener_parse(g_bytes_get_data(body, NULL)) : NULL, *published;
    if (json_object_is_type(form, json_type_object) &&
        json_object_object_get_ex(form, "publishedAt", &published) && !published) {
        g_clear_error(trouble);
        g_set_error(trouble, INNSIKT_ERROR, INNSIKT_ERROR_NOT_FOUND,
                    "the form %s is a draft; publish it in ODK Central, since answers to a draft "
                    "are tests and are not collected",
                    self->context.source->form);
    }
    json_object_put(form);
}

static bool read_fields(Odk *self, GError **error)
{
    GError *trouble = NULL;
    g_autoptr(GBytes) odata = odk_session_fetch(self->session, "/fields?odata=true",
                                                "the form's fields", FORM_BYTES, &trouble);
    if (!odata) {
        judge_missing(self, &trouble);
        g_propagate_error(error, trouble);
        return false;
    }
    g_autoptr(GBytes) original =
        odk_session_fetch(self->session, "/fields", "the form's fields", FORM_BYTES, error);
    if (original)
        self->fields =
            odk_fields_read(g_bytes_get_data(odata, NULL), g_bytes_get_data(original, NULL), error);
    return self->fields != NULL;
}

static bool read_form(Odk *self, GError **error)
{
    if (self->xform)
        return true;
    if (!self->fields && !read_fields(self, error))
        return false;
    g_autoptr(GBytes) xml = odk_session_fetch(self->session, ".xml", "the form", FORM_BYTES, error);
    if (!xml)
        return false;
    gsize n;
    const char *text = g_bytes_get_data(xml, &n);
    self->xform = odk_xform_read(text, n, error);
    if (self->xform)
        odk_form_blanks(self->fields, self->xform);
    return self->xform != NULL;
}

static bool read_versions(Odk *self, GError **error)
{
    if (!self->versions)
        self->versions = odk_versions_read(self->session, self->xform->version, error);
    return self->versions != NULL;
}

static Form *odk_questions(void *data, GError **error)
{
    Odk *self = data;
    return read_form(self, error)
               ? odk_form_build(self->context.source->form, self->fields, self->xform)
               : NULL;
}

/* Fields that OData gives one name are read from every submission's XML, when one is mapped. */
static void find_ambiguous(Odk *self, PageSink *sink)
{
    for (guint i = 0; i < self->fields->leaves->len; i++) {
        const OdkNode *node = self->fields->leaves->pdata[i];
        if (!node->ambiguous || !source_wants(self->context.source, node->name))
            continue;
        g_autofree char *note = g_strdup_printf(
            "field %s and another one have the same name in OData, so every submission is asked "
            "for by itself, which takes long; give fields names of the letters a–z, digits and _",
            node->name);
        if (!self->apart)
            sink->note(sink, note);
        self->apart = true;
    }
}

/* --- submissions --- */

static ResponseState state_of(const OdkRow *row)
{
    if (row->system[ODK_DELETED])
        return STATE_DELETED;
    return g_strcmp0(row->system[ODK_REVIEW], "rejected") == 0 ? STATE_REJECTED : STATE_COMPLETE;
}

/* Edits change the instance, and both edits and reviews the time; restoring changes neither. */
static void fill_in(const OdkRow *row)
{
    Response *response = row->response;
    g_autofree char *revision =
        g_strdup_printf("%s/%s/%s", or_empty(row->system[ODK_UPDATED]), or_empty(row->instance),
                        or_empty(row->system[ODK_REVIEW]));
    response->id = row->id;
    response->revision = response_keep(response, revision);
    response->form_version = row->system[ODK_VERSION];
    response->state = state_of(row);
    response->submitted = read_time(row->system[ODK_SUBMITTED]);
    response->updated = read_time(row->system[ODK_UPDATED]);
    if (response->updated == TIME_UNKNOWN)
        response->updated = response->submitted;
    response->zone_known = response->submitted != TIME_UNKNOWN;
}

static bool is_encrypted(const OdkRow *row)
{
    return !row->trouble && row->system[ODK_STATUS];
}

static void keep_newest(Odk *self, const OdkRow *row)
{
    static const OdkSystem stamps[] = {ODK_SUBMITTED, ODK_UPDATED, ODK_DELETED};
    for (size_t i = 0; i < G_N_ELEMENTS(stamps); i++)
        self->newest = MAX(self->newest, read_time(row->system[stamps[i]]));
}

static const char *trouble_of(const OdkRow *row)
{
    if (row->trouble)
        return row->trouble;
    const char *status = row->system[ODK_STATUS];
    if (!status)
        return NULL;
    return g_str_equal(status, "missingEncryptedFormData")
               ? "it is encrypted, and its upload is not complete"
               : "it is encrypted, so ODK Central shows no answers";
}

static bool tell_submission(Odk *self, const OdkRow *row, GError **error)
{
    PageSink *sink = self->sink;
    const char *trouble = trouble_of(row);
    keep_newest(self, row);
    fill_in(row);
    odk_versions_judge(self->versions, row->response);
    bool deleted = row->response->state == STATE_DELETED;
    if (deleted)
        g_hash_table_add(self->deleted, g_strdup(row->id));
    if (self->whole && !deleted && !sink->seen(sink, row->id, row->response->revision, error))
        return false;
    self->encrypted += !deleted && is_encrypted(row);
    if (trouble && !deleted)
        return sink->set_aside(sink, row->id, trouble, error);
    return sink->response(sink, row->response, error);
}

static bool on_submission(const OdkRow *row, gpointer data, GError **error)
{
    Odk *self = data;
    if (!row->id || !g_utf8_validate(row->id, -1, NULL)) {
        self->unpaged = true;
        return self->phase == PHASE_DELETED ||
               self->sink->set_aside(self->sink, NULL, "it has no id", error);
    }
    /* The page may come a second time when the first broke off. */
    if (!g_hash_table_add(self->page_ids, g_strdup(row->id)))
        return true;
    self->told++;
    if (self->phase == PHASE_SUBMISSIONS && self->apart && !row->system[ODK_DELETED] &&
        !trouble_of(row)) {
        g_ptr_array_add(self->held, odk_row_copy(row));
        return true;
    }
    if (self->phase == PHASE_SUBMISSIONS)
        return tell_submission(self, row, error);
    g_hash_table_add(self->deleted, g_strdup(row->id));
    return true;
}

/* What cannot be read of one submission's XML costs that one. */
static bool tell_held_row(Odk *self, const OdkRow *row, GError **error)
{
    g_autofree char *id = g_uri_escape_string(row->id, NULL, FALSE);
    g_autofree char *address = g_strdup_printf("/submissions/%s.xml", id);
    g_autoptr(GError) trouble = NULL;
    g_autoptr(GBytes) xml =
        odk_session_fetch(self->session, address, "a submission", RECORD_BYTES, &trouble);
    gsize n = 0;
    const char *text = xml ? g_bytes_get_data(xml, &n) : NULL;
    if (text && odk_record_read(text, n, self->fields, row->response, &trouble))
        return tell_submission(self, row, error);
    if (!g_error_matches(trouble, INNSIKT_ERROR, INNSIKT_ERROR_PROTOCOL) &&
        !g_error_matches(trouble, INNSIKT_ERROR, INNSIKT_ERROR_LIMIT) &&
        !g_error_matches(trouble, INNSIKT_ERROR, INNSIKT_ERROR_NOT_FOUND)) {
        g_propagate_error(error, g_steal_pointer(&trouble));
        return false;
    }
    return (!self->whole || self->sink->seen(self->sink, row->id, NULL, error)) &&
           self->sink->set_aside(self->sink, row->id, trouble->message, error);
}

static bool tell_held(Odk *self, GError **error)
{
    for (guint i = 0; i < self->held->len; i++)
        if (!tell_held_row(self, self->held->pdata[i], error))
            return false;
    g_ptr_array_set_size(self->held, 0);
    return true;
}

/* --- pages --- */

/* The place that a link to the next page names. The link is made of the address that Central was
 * told to have, which need not be the one it is reached by, and anybody's in a forged reply: only
 * the place is taken from it, so that nothing is ever asked elsewhere. */
static char *place_of(const char *link)
{
    static const char *const names[] = {"skiptoken=", "skip="};
    const char *query = strchr(link, '?');
    g_auto(GStrv) parts = g_strsplit(query ? query + 1 : "", "&", 64);
    for (char **part = parts; strlen(link) < LINK_BYTES && *part; part++)
        for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
            const char *name = g_str_has_prefix(*part, "%24") ? *part + 3
                               : **part == '$'                ? *part + 1
                                                              : "";
            if (!g_str_has_prefix(name, names[i]))
                continue;
            g_autofree char *value = g_uri_unescape_string(name + strlen(names[i]), NULL);
            g_autofree char *escaped =
                value && *value ? g_uri_escape_string(value, NULL, FALSE) : NULL;
            return escaped ? g_strconcat("%24", names[i], escaped, NULL) : NULL;
        }
    return NULL;
}

static char *list_address(const Odk *self)
{
    g_autofree char *filter = NULL;
    if (self->phase == PHASE_DELETED) {
        filter = g_strdup("not __system/deletedAt eq null");
    } else if (!self->whole) {
        g_autofree char *since =
            filter_time(self->since - (int64_t)OVERLAP_SECONDS * G_USEC_PER_SEC);
        filter = g_strdup_printf("__system/submissionDate ge %s or __system/updatedAt ge %s or "
                                 "__system/deletedAt ge %s",
                                 since, since, since);
    }
    g_autofree char *escaped = filter ? g_uri_escape_string(filter, "/", FALSE) : NULL;
    return g_strdup_printf(".svc/Submissions?%%24top=%d&%%24count=true&%%24expand=*%s%s%s%s",
                           PAGE_ROWS, escaped ? "&%24filter=" : "", or_empty(escaped),
                           self->place ? "&" : "", or_empty(self->place));
}

static bool page_sink(const char *bytes, size_t n, gpointer data, GError **error)
{
    return odk_page_feed(data, bytes, n, error);
}

static void page_restart(gpointer data)
{
    odk_page_restart(data);
}

/* Central sends a list as it reads it from its database, and breaks it off with status 200 when
 * that fails: worth a second try. */
static bool read_page(Odk *self, OdkPage *page, GError **error)
{
    const char *what =
        self->phase == PHASE_DELETED ? "the list of deleted submissions" : "submissions";
    g_autofree char *address = list_address(self);
    g_hash_table_remove_all(self->page_ids);
    g_ptr_array_set_size(self->held, 0);
    for (int again = 1;; again--) {
        g_autoptr(GError) trouble = NULL;
        odk_page_restart(page);
        if (odk_session_stream(self->session, address, what, page_sink, page_restart, page,
                               &trouble) &&
            odk_page_end(page, &trouble))
            return true;
        if (again > 0 && odk_page_broken(page))
            continue;
        g_propagate_error(error, g_steal_pointer(&trouble));
        return false;
    }
}

static void list_begin(Odk *self)
{
    g_clear_pointer(&self->place, g_free);
    self->told = 0;
}

/* The next place, or NULL at the end: when the server goes in circles, that is a failure. */
static bool turn_page(Odk *self, const OdkPage *page, bool *ret_more, GError **error)
{
    const char *link = odk_page_next(page);
    *ret_more = link != NULL;
    if (!link)
        return true;
    char *place = place_of(link);
    int64_t count = odk_page_count(page);
    const char *why = !place                               ? "names no place in the list"
                      : g_strcmp0(place, self->place) == 0 ? "leads to the same page"
                      : odk_page_rows(page) == 0           ? "follows an empty page"
                      : count >= 0 && self->told > count * 2 + SLACK_ROWS ? "leads on without end"
                                                                          : NULL;
    if (why) {
        g_free(place);
        g_set_error(error, INNSIKT_ERROR, INNSIKT_ERROR_PROTOCOL,
                    "ODK Central's link to the next page %s", why);
        return false;
    }
    g_free(self->place);
    self->place = place;
    return true;
}

/* --- the list of what is deleted --- */

static bool is_restored(const Odk *self)
{
    GHashTableIter iter;
    gpointer id;
    g_hash_table_iter_init(&iter, self->deleted_before);
    while (g_hash_table_iter_next(&iter, &id, NULL))
        if (!g_hash_table_contains(self->deleted, id))
            return true;
    return false;
}

static void begin_submissions(Odk *self, bool deletions_told)
{
    int64_t age = instant_now() - self->pulled;
    bool recent = self->since != TIME_UNKNOWN && age >= 0 && age < DELETED_DAYS * DAY;
    self->whole = self->context.everything || !deletions_told || !recent || !self->deleted_before ||
                  is_restored(self);
    self->phase = PHASE_SUBMISSIONS;
    list_begin(self);
}

/* A server that knows no filter on deletions says so: 501.4, 501.5, 400.18. */
static bool cannot_filter(const Odk *self)
{
    int problem = odk_session_problem(self->session);
    return problem / 100 == 501 || problem == 40018;
}

/* --- steps --- */

static bool begins_anew(Odk *self)
{
    int problem = odk_session_problem(self->session);
    bool stale = problem == ODK_TOKEN_STALE || problem == ODK_TOKEN_INVALID;
    if (!stale || !self->place || self->restarts++ >= RESTARTS)
        return false;
    list_begin(self);
    return true;
}

static Step after_trouble(Odk *self, GError *trouble, GError **error)
{
    if (begins_anew(self)) {
        g_error_free(trouble);
        return STEP_MORE;
    }
    if (self->phase == PHASE_DELETED && cannot_filter(self)) {
        g_error_free(trouble);
        begin_submissions(self, false);
        return STEP_MORE;
    }
    g_propagate_error(error, trouble);
    return STEP_FAILED;
}

/* A list that is shorter than its own count proves nothing about what is not on it. */
static void weigh(const Odk *self, PageSink *sink, int64_t count)
{
    g_autofree char *why = NULL;
    if (!self->whole) {
        sink->doubt(sink, NULL);
        return;
    }
    if (self->unpaged)
        why = g_strdup("a submission without id came from the server");
    else if (self->told < count)
        why = g_strdup_printf("the server says it has %" G_GINT64_FORMAT
                              " submissions but lists %" G_GINT64_FORMAT,
                              count, self->told);
    if (why)
        sink->doubt(sink, why);
}

static void note_encrypted(const Odk *self, PageSink *sink)
{
    if (!self->encrypted)
        return;
    g_autofree char *note = g_strdup_printf(
        "%" G_GINT64_FORMAT
        " submissions are encrypted, so ODK Central shows no answers of them; take encryption off "
        "the form or the project, or download them with the passphrase as CSV and collect that",
        self->encrypted);
    sink->note(sink, note);
}

static Step take_page(Odk *self, PageSink *sink, OdkPage *page, GError **error)
{
    bool more;
    if (self->phase == PHASE_SUBMISSIONS)
        sink->expect(sink, MAX(self->told, odk_page_count(page)));
    if (!turn_page(self, page, &more, error))
        return STEP_FAILED;
    if (more)
        return STEP_MORE;
    if (self->phase == PHASE_DELETED) {
        begin_submissions(self, true);
        return STEP_MORE;
    }
    weigh(self, sink, odk_page_count(page));
    note_encrypted(self, sink);
    self->phase = PHASE_DONE;
    return STEP_DONE;
}

static Step odk_next(void *data, PageSink *sink, GError **error)
{
    Odk *self = data;
    if (self->phase == PHASE_DONE)
        return STEP_DONE;
    if (!read_form(self, error) || !read_versions(self, error))
        return STEP_FAILED;
    if (self->phase == PHASE_DELETED && !self->place)
        find_ambiguous(self, sink);
    self->sink = sink;
    g_autoptr(OdkPage) page = odk_page_new(self->fields, on_submission, self);
    GError *trouble = NULL;
    if (!read_page(self, page, &trouble))
        return after_trouble(self, trouble, error);
    return tell_held(self, error) ? take_page(self, sink, page, error) : STEP_FAILED;
}

static const char count_address[] = ".svc/Submissions?%24top=0&%24count=true";

/* From 2026.1 the list of submissions has a tag that changes with whatever happens to any of them.
 * It is asked for before anything is read, so that what happens meanwhile shows next time; and only
 * of a server that has shown such tags. */
static bool odk_unchanged(void *data)
{
    Odk *self = data;
    int64_t age = instant_now() - self->pulled;
    bool comparable = self->since != TIME_UNKNOWN && self->context.finished &&
                      !self->context.everything && age >= 0 && age < DELETED_DAYS * DAY;
    const char *known =
        comparable && self->tag_before && *self->tag_before ? self->tag_before : NULL;
    return self->tag_before && odk_session_same(self->session, count_address, known, &self->tag);
}

/* Asks how many submissions there are, and for none of them. */
static bool odk_readable(void *data, GError **error)
{
    Odk *self = data;
    g_autoptr(GBytes) count = odk_session_fetch(self->session, count_address,
                                                "the number of submissions", FORM_BYTES, error);
    return count != NULL;
}

const Collector collector_odk = {
    .kind = "odk",
    .summary = "ODK Central, over OData",
    .written_against = "ODK Central 2026.2.2; 2022.3 and newer by their documentation",
    .reads_files = false,
    .whole_index = true,
    .open = odk_open,
    .questions = odk_questions,
    .next = odk_next,
    .cursor = odk_cursor,
    .close = odk_close,
    .readable = odk_readable,
    .unchanged = odk_unchanged,
};
