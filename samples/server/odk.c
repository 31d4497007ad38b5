/* ODK Central, as far as form-systems.md 3 describes it and tests/fixtures/odk recorded it:
 * sessions, the list of forms, a form's XML and fields, and submissions over OData with $top,
 * $skiptoken, $count, $expand=* and $filter. Not played: ETags and 304, $select, $orderby, $skip,
 * $wkt, repeats as tables of their own, drafts, CSV. Addresses:
 * http://127.0.0.1:PORT/v1/projects/N. Calls, for faults and the log: login, logout, forms, xml,
 * fields, submissions, other. */
#include "samples/server/odk.h"

#include "samples/server/journal.h"

#include <string.h>

/* --- refusals --- */

/* Takes over details, which may be NULL. */
static void refuse(Reply *reply, unsigned status, const char *code, const char *message,
                   json_object *details)
{
    json_object *problem = json_object_new_object();
    json_object_object_add(problem, "message", json_object_new_string(message));
    json_object_object_add(problem, "code",
                           json_object_new_double_s(g_ascii_strtod(code, NULL), code));
    if (details != NULL) {
        json_object_object_add(problem, "details", details);
    }
    reply->status = status;
    reply->content_type = "application/json; charset=utf-8";
    g_string_assign(reply->body,
                    json_object_to_json_string_ext(problem, JSON_C_TO_STRING_PLAIN |
                                                                JSON_C_TO_STRING_NOSLASHESCAPE));
    json_object_put(problem);
}

static void refuse_credentials(Reply *reply)
{
    refuse(reply, 401, "401.2", "Could not authenticate with the provided credentials.", NULL);
}

static void refuse_path(Reply *reply)
{
    refuse(reply, 404, "404.1", "Could not find the resource you were looking for.", NULL);
}

/* --- sessions --- */

/* A token has 64 characters, a key of the site 32. It is not the key itself, which the log takes
 * for a leak wherever it meets it. */
static char *token_of(const char *key)
{
    g_autofree char *half = g_strreverse(g_strdup(key));
    return g_strconcat(half, half, NULL);
}

static const char *header_line(const Request *request, const char *prefix, size_t *ret_length)
{
    const char *line = request->headers;
    while (line != NULL && !g_str_has_prefix(line, prefix)) {
        line = strchr(line, '\n');
        line = line == NULL || line[1] == '\0' ? NULL : line + 1;
    }
    if (line != NULL) {
        line += strlen(prefix);
        *ret_length = strcspn(line, "\n");
    }
    return line;
}

static char *bearer_key(const Request *request)
{
    size_t length = 0;
    const char *token = header_line(request, "Bearer ", &length);
    return token == NULL || length != 64 ? NULL : g_strreverse(g_strndup(token, 32));
}

static char *time_text(gint64 seconds)
{
    g_autoptr(GDateTime) when = g_date_time_new_from_unix_utc(seconds);
    return g_date_time_format(when, "%Y-%m-%dT%H:%M:%S.000Z");
}

static void open_session(Site *site, Reply *reply)
{
    const gint64 now = site_now(site);
    g_autofree char *token = token_of(site_session_open(site));
    g_autofree char *ends = time_text(now + site->session_seconds);
    g_autofree char *begins = time_text(now);
    journal_session(site->journal, true);
    g_string_printf(reply->body,
                    "{\"token\":\"%s\",\"csrf\":\"%.63s$\",\"expiresAt\":\"%s\",\"createdAt\":"
                    "\"%s\"}",
                    token, token, ends, begins);
}

static void refuse_parameters(Reply *reply, const char *email)
{
    g_autofree char *message = g_strdup_printf(
        "Required parameters missing. Expected (email, password), got (email: '%s', password: "
        "undefined).",
        email);
    json_object *expected = json_object_new_array(), *got = json_object_new_object();
    json_object *details = json_object_new_object();
    json_object_array_add(expected, json_object_new_string("email"));
    json_object_array_add(expected, json_object_new_string("password"));
    json_object_object_add(got, "email", json_object_new_string(email));
    json_object_object_add(details, "expected", expected);
    json_object_object_add(details, "got", got);
    refuse(reply, 400, "400.3", message, details);
}

static void log_in(Site *site, const Request *request, Reply *reply)
{
    json_object *body = json_tokener_parse(request->body);
    const char *email = odk_text(body, "email"), *password = odk_text(body, "password");
    if (email == NULL || password == NULL) {
        refuse_parameters(reply, email == NULL ? "undefined" : email);
    } else if (strcmp(email, site->user) == 0 && strcmp(password, site->password) == 0) {
        journal_login(site->journal, LOGIN_ACCEPTED);
        open_session(site, reply);
    } else {
        journal_login(site->journal, LOGIN_REFUSED);
        refuse_credentials(reply);
    }
    json_object_put(body);
}

static void log_out(Site *site, const Request *request, Reply *reply)
{
    g_autofree char *key = bearer_key(request);
    site_session_close(site, key);
    journal_session(site->journal, false);
    g_string_assign(reply->body, "{\"success\":true}");
}

/* Refused errors are XML where the resource is. */
static bool authenticated(Site *site, const Request *request, Reply *reply)
{
    size_t length;
    g_autofree char *key = bearer_key(request);
    if (key != NULL && site_session_alive(site, key)) {
        return true;
    }
    if (header_line(request, "Basic ", &length) != NULL) {
        refuse(reply, 401, "401.3", "This authentication method is only available over HTTPS",
               NULL);
        return false;
    }
    refuse_credentials(reply);
    if (g_str_has_suffix(request->path, "$metadata")) {
        reply->content_type = "text/xml; charset=utf-8";
        g_string_assign(reply->body,
                        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<error code=\"401.2\">\n"
                        "  <message>Could not authenticate with the provided "
                        "credentials.</message>\n  <details></details>\n</error>");
    }
    return false;
}

/* --- filters --- */

/* A parameter of the query, which comes decoded; NULL: not given. */
static char *parameter(const Request *request, const char *name)
{
    g_auto(GStrv) parts = g_strsplit(request->query == NULL ? "" : request->query, "&", -1);
    for (char **part = parts; *part != NULL; part++) {
        if (g_str_has_prefix(*part, name) && (*part)[strlen(name)] == '=') {
            return g_strdup(*part + strlen(name) + 1);
        }
    }
    return NULL;
}

typedef struct {
    char *field, *literal; /* literal NULL: null */
    char op[3];
    bool negated;
} Term;

static void term_free(gpointer data)
{
    Term *term = data;
    g_free(term->field);
    g_free(term->literal);
    g_free(term);
}

static void refuse_filter(Reply *reply, size_t at)
{
    g_autofree char *reason = g_strdup_printf("Unexpected character at %zu", at);
    g_autofree char *message =
        g_strconcat("The OData filter expression you provided could not be parsed: ", reason, NULL);
    json_object *details = json_object_new_object();
    json_object_object_add(details, "reason", json_object_new_string(reason));
    refuse(reply, 400, "400.18", message, details);
}

static void refuse_field(Reply *reply, const char *field, size_t at)
{
    g_autofree char *message =
        g_strdup_printf("The given OData filter expression references fields not supported by this "
                        "server: %s at %zu",
                        field, at);
    json_object *details = json_object_new_object();
    json_object_object_add(details, "at", json_object_new_int64((gint64)at));
    json_object_object_add(details, "text", json_object_new_string(field));
    refuse(reply, 501, "501.5", message, details);
}

/* The bytes of a time in UTC or with an offset, a text in quotes, or null; 0: none of them. */
static size_t literal_length(const char *text)
{
    if (g_str_has_prefix(text, "null")) {
        return 4;
    }
    if (text[0] == '\'') {
        const char *end = strchr(text + 1, '\'');
        return end == NULL ? 0 : (size_t)(end - text + 1);
    }
    const size_t length = strcspn(text, " ");
    g_autofree char *literal = g_strndup(text, length);
    g_autoptr(GDateTime) when = g_date_time_new_from_iso8601(literal, NULL);
    return when == NULL ? 0 : length;
}

/* One comparison from *at on, which is moved behind it. */
static Term *read_term(const char *filter, size_t *at, Reply *reply)
{
    static const char *const fields[] = {"__id",
                                         "__system/submitterId",
                                         "__system/submissionDate",
                                         "__system/updatedAt",
                                         "__system/reviewState",
                                         "__system/deletedAt",
                                         NULL};
    Term *term = g_new0(Term, 1);
    term->negated = g_str_has_prefix(filter + *at, "not ");
    *at += term->negated ? 4 : 0;
    const size_t field = strcspn(filter + *at, " ");
    term->field = g_strndup(filter + *at, field);
    if (!g_strv_contains(fields, term->field)) {
        refuse_field(reply, term->field, *at);
        term_free(term);
        return NULL;
    }
    *at += field;
    const char *op = filter + *at;
    if (strlen(op) < 4 || op[0] != ' ' || op[3] != ' ') {
        refuse_filter(reply, *at);
        term_free(term);
        return NULL;
    }
    memcpy(term->op, op + 1, 2);
    *at += 4;
    const char *literal = filter + *at;
    const size_t length = literal_length(literal);
    if (length == 0) {
        refuse_filter(reply, *at + strspn(literal, "0123456789"));
        term_free(term);
        return NULL;
    }
    if (!g_str_has_prefix(literal, "null")) {
        const size_t quote = literal[0] == '\'';
        term->literal = g_strndup(literal + quote, length - 2 * quote);
    }
    *at += length;
    return term;
}

/* Comparisons joined by `or`, which is all that this server reads; NULL when it cannot. */
static GPtrArray *read_filter(const char *filter, Reply *reply)
{
    g_autoptr(GPtrArray) terms = g_ptr_array_new_with_free_func(term_free);
    for (size_t at = 0; filter[at] != '\0';) {
        Term *term = read_term(filter, &at, reply);
        if (term == NULL) {
            return NULL;
        }
        g_ptr_array_add(terms, term);
        if (g_str_has_prefix(filter + at, " or ")) {
            at += 4;
        } else if (filter[at] != '\0') {
            refuse_filter(reply, at);
            return NULL;
        }
    }
    return g_steal_pointer(&terms);
}

/* As SQL compares: with null, nothing but `eq null` and `ne null` holds. */
static bool holds(const Term *term, json_object *submission)
{
    const char *value = g_str_has_prefix(term->field, "__system/")
                            ? odk_system(submission, term->field + strlen("__system/"))
                            : odk_text(submission, term->field);
    const bool equal = g_strcmp0(value, term->literal) == 0;
    bool held = false;
    if (strcmp(term->op, "eq") == 0) {
        held = equal;
    } else if (strcmp(term->op, "ne") == 0) {
        held = !equal;
    } else if (value != NULL && term->literal != NULL) {
        const int order = strcmp(value, term->literal);
        held = term->op[0] == 'g' ? order > 0 : order < 0;
        held = held || (term->op[1] == 'e' && order == 0);
    }
    return held != term->negated;
}

/* The deleted show only when the filter speaks of them. */
static bool shows(const GPtrArray *terms, json_object *submission)
{
    bool any = terms->len == 0, asks_deleted = false;
    for (guint i = 0; i < terms->len; i++) {
        const Term *term = terms->pdata[i];
        any = any || holds(term, submission);
        asks_deleted = asks_deleted || strcmp(term->field, "__system/deletedAt") == 0;
    }
    return any && (asks_deleted || odk_system(submission, "deletedAt") == NULL);
}

/* --- submissions --- */

static void append_json(GString *out, json_object *value)
{
    g_string_append(out, json_object_to_json_string_ext(value, JSON_C_TO_STRING_PLAIN |
                                                                   JSON_C_TO_STRING_NOSLASHESCAPE));
}

/* Without $expand the rows of repeats stay away, and only the link to them is shown. */
static void append_submission(GString *out, json_object *submission, bool expand)
{
    json_object *shown = json_object_new_object();
    json_object_object_foreach(submission, name, value)
    {
        if (expand || !json_object_is_type(value, json_type_array)) {
            json_object_object_add(shown, name, json_object_get(value));
        }
    }
    append_json(out, shown);
    json_object_put(shown);
}

/* "01" and the Base64 of {"instanceId":ID}: the page goes on behind that one. */
static char *token_after(json_object *submission)
{
    json_object *place = json_object_new_object();
    json_object_object_add(place, "instanceId",
                           json_object_new_string(odk_text(submission, "__id")));
    const char *text = json_object_to_json_string_ext(place, JSON_C_TO_STRING_PLAIN |
                                                                 JSON_C_TO_STRING_NOSLASHESCAPE);
    g_autofree char *base64 = g_base64_encode((const guchar *)text, strlen(text));
    json_object_put(place);
    return g_strconcat("01", base64, NULL);
}

/* The first place behind the token's; false when that submission is not on the list. */
static bool place_after(GPtrArray *list, const char *token, guint *ret)
{
    for (*ret = 1; *ret <= list->len; (*ret)++) {
        g_autofree char *other = token_after(list->pdata[*ret - 1]);
        if (strcmp(other, token) == 0) {
            return true;
        }
    }
    return false;
}

static void append_next_link(GString *out, const OdkForm *form, const Request *request,
                             json_object *last)
{
    static const char *const names[] = {"$top", "$count", "$expand", "$filter"};
    g_autofree char *id = g_uri_escape_string(form->id, NULL, FALSE);
    g_autofree char *token = token_after(last);
    g_autofree char *escaped = g_uri_escape_string(token, NULL, FALSE);
    g_string_append_printf(
        out, ",\"@odata.nextLink\":\"%s/v1/projects/%" G_GINT64_FORMAT "/forms/%s.svc/Submissions?",
        form->domain, form->project, id);
    for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
        g_autofree char *value = parameter(request, names[i]);
        g_autofree char *shown = value == NULL ? NULL : g_uri_escape_string(value, "*", FALSE);
        if (shown != NULL) {
            g_string_append_printf(out, "%%24%s=%s&", names[i] + 1, shown);
        }
    }
    g_string_append_printf(out, "%%24skiptoken=%s\"", escaped);
}

static void append_page(GString *out, const OdkForm *form, const Request *request, GPtrArray *list,
                        guint from)
{
    g_autofree char *top = parameter(request, "$top");
    g_autofree char *count = parameter(request, "$count");
    g_autofree char *expand = parameter(request, "$expand");
    g_autofree char *id = g_uri_escape_string(form->id, NULL, FALSE);
    const guint most = top == NULL ? G_MAXUINT : (guint)g_ascii_strtoull(top, NULL, 10);
    const guint end = from + MIN(most, list->len - from);
    g_string_append(out, "{\"value\":[");
    for (guint i = from; i < end; i++) {
        g_string_append(out, i == from ? "" : ",");
        append_submission(out, list->pdata[i], expand != NULL);
    }
    g_string_append_printf(out,
                           "],\"@odata.context\":\"%s/v1/projects/%" G_GINT64_FORMAT
                           "/forms/%s.svc/$metadata#Submissions\"",
                           form->domain, form->project, id);
    if (end < list->len && end > from) {
        append_next_link(out, form, request, list->pdata[end - 1]);
    }
    if (g_strcmp0(count, "true") == 0) {
        g_string_append_printf(out, ",\"@odata.count\":%u", list->len);
    }
    g_string_append_c(out, '}');
}

static void refuse_expand(Reply *reply, const char *expand)
{
    g_autofree char *message =
        g_strdup_printf("The given OData expand expression is not supported by this server: "
                        "\"%s\". Currently, only \"$expand=*\" is supported.",
                        expand);
    json_object *details = json_object_new_object();
    json_object_object_add(details, "text", json_object_new_string(expand));
    refuse(reply, 501, "501.6", message, details);
}

static void answer_submissions(Site *site, const OdkForm *form, const Request *request,
                               Reply *reply)
{
    g_autofree char *expand = parameter(request, "$expand");
    g_autofree char *filter = parameter(request, "$filter");
    g_autofree char *token = parameter(request, "$skiptoken");
    if (expand != NULL && strcmp(expand, "*") != 0) {
        refuse_expand(reply, expand);
        return;
    }
    g_autoptr(GPtrArray) terms = read_filter(filter == NULL ? "" : filter, reply);
    if (terms == NULL) {
        return;
    }
    g_autoptr(GPtrArray) list = g_ptr_array_new();
    for (guint i = 0; i < form->submissions->len; i++) {
        if (shows(terms, form->submissions->pdata[i])) {
            g_ptr_array_add(list, form->submissions->pdata[i]);
        }
    }
    guint from = 0;
    if (token != NULL && !place_after(list, token, &from)) {
        /* not supported by a recorded reply: form-systems.md 3.7 gives the code only. */
        refuse(reply, 400, "400.34", "The $skiptoken is no longer valid.", NULL);
        return;
    }
    append_page(reply->body, form, request, list, from);
    journal_export(site->journal, from, 0, list->len - from);
}

/* --- addresses --- */

/* /v1/projects/N/forms/ID: N, ID and what follows it. */
typedef struct {
    gint64 project; /* -1: it is no project's */
    char *form;     /* NULL: it is no form's */
    const char *rest;
} Address;

static Address address_of(const char *path)
{
    static const char *const rests[] = {".xml", "/fields", ".svc/Submissions", ".svc/$metadata"};
    Address address = {.project = -1, .rest = ""};
    if (!g_str_has_prefix(path, "/v1/projects/")) {
        return address;
    }
    char *end;
    address.project = g_ascii_strtoll(path + strlen("/v1/projects/"), &end, 10);
    address.rest = end;
    if (!g_str_has_prefix(end, "/forms/")) {
        return address;
    }
    end += strlen("/forms/");
    address.rest = "";
    for (size_t i = 0; i < G_N_ELEMENTS(rests); i++) {
        if (g_str_has_suffix(end, rests[i])) {
            address.rest = end + strlen(end) - strlen(rests[i]);
        }
    }
    address.form =
        *address.rest == '\0' ? g_strdup(end) : g_strndup(end, (gsize)(address.rest - end));
    return address;
}

static void answer_form(Site *site, const Request *request, const Address *address, Reply *reply)
{
    const OdkForm *form = odk_form_find(site, address->project, address->form);
    if (form == NULL) {
        refuse_path(reply);
    } else if (strcmp(address->rest, ".xml") == 0) {
        reply->content_type = "application/xml; charset=utf-8";
        g_string_assign(reply->body, form->xml);
    } else if (strcmp(address->rest, "/fields") == 0) {
        g_string_assign(reply->body, form->fields);
    } else if (strcmp(address->rest, ".svc/Submissions") == 0) {
        answer_submissions(site, form, request, reply);
    } else {
        refuse_path(reply);
    }
}

static const OdkForm *form_of_project(const Site *site, gint64 project)
{
    for (guint i = 0; i < site->odk_forms->len; i++) {
        const OdkForm *form = site->odk_forms->pdata[i];
        if (form->project == project) {
            return form;
        }
    }
    return NULL;
}

static void answer_project(Site *site, const Request *request, Reply *reply)
{
    Address address = address_of(request->path);
    const OdkForm *any = form_of_project(site, address.project);
    if (any == NULL) {
        refuse_path(reply);
    } else if (any->forbidden) {
        refuse(reply, 403, "403.1",
               "The authentication you provided does not have rights to perform that action.",
               NULL);
    } else if (address.form != NULL) {
        answer_form(site, request, &address, reply);
    } else if (strcmp(address.rest, "/forms") == 0 && any->forms != NULL) {
        g_string_assign(reply->body, any->forms);
    } else {
        refuse_path(reply);
    }
    g_free(address.form);
}

static void answer(Site *site, const Request *request, Reply *reply)
{
    reply->content_type = "application/json; charset=utf-8";
    if (request->faults.of[FAULT_SESSION_EXPIRED] != NULL) {
        g_hash_table_remove_all(site->sessions);
    }
    if (strcmp(request->path, "/v1/sessions") == 0 && strcmp(request->method, "POST") == 0) {
        log_in(site, request, reply);
    } else if (!authenticated(site, request, reply)) {
        return;
    } else if (strcmp(request->method, "DELETE") == 0 &&
               strcmp(request->path, "/v1/sessions/current") == 0) {
        log_out(site, request, reply);
    } else if (strcmp(request->method, "GET") == 0) {
        answer_project(site, request, reply);
    } else {
        refuse_path(reply);
    }
}

static char *name_call(const Request *request)
{
    static const struct {
        const char *end, *name;
    } calls[] = {
        {"/sessions", "login"}, {"/sessions/current", "logout"},     {"/forms", "forms"},
        {".xml", "xml"},        {".svc/Submissions", "submissions"}, {"/fields", "fields"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(calls); i++) {
        if (g_str_has_suffix(request->path, calls[i].end)) {
            return g_strdup(calls[i].name);
        }
    }
    return g_strdup("other");
}

static bool owns(const char *path)
{
    return g_str_has_prefix(path, "/v1/");
}

const System ODK = {
    .name = "odk",
    .owns = owns,
    .call = name_call,
    .answer = answer,
    .load = odk_load,
    .login = "login",
};
