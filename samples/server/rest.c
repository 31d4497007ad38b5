/* A JSON API of nobody's, to be described in project.yaml. Its data file's "id" is the last part of
 * its address, http://127.0.0.1:PORT/rest/ID; it also has "auth": none, bearer or header
 * (X-API-Key), with the token of api_form.h, or client-credentials (tokens from …/oauth2/token);
 * "paging": none, link, header, page, offset or cursor; "size", of a page; and "lines": true for
 * one row a line. A page is {"data": [rows], "meta": {"total", "next"}}; parameters are page,
 * offset and cursor. Calls, for faults and the log: rest. */
#include "samples/server/api_form.h"

#include "samples/server/journal.h"

#include <string.h>

#define REST "/rest/"

static bool let_in(Site *site, const ApiForm *form, const Request *request)
{
    const char *auth = api_text(form->source, "auth");
    g_autofree char *token = api_token(site);
    if (g_strcmp0(auth, "bearer") == 0) {
        return api_carries(request, "Bearer ", token);
    }
    if (g_strcmp0(auth, "header") == 0) {
        return api_carries(request, "", token);
    }
    return g_strcmp0(auth, "client-credentials") != 0 || api_bearer_alive(site, request);
}

static guint parameter_number(const Request *request, const char *name, guint otherwise)
{
    g_autofree char *text = api_parameter(request, name);
    return text == NULL ? otherwise : (guint)g_ascii_strtoull(text, NULL, 10);
}

/* The first row of the page that is asked for. A cursor is the key of the row before it. */
static guint first_row(const ApiForm *form, const Request *request, guint size)
{
    g_autofree char *cursor = api_parameter(request, "cursor");
    guint from = 0;
    while (cursor != NULL && from < form->rows->len &&
           strcmp(api_text(form->rows->pdata[from], form->key), cursor) != 0) {
        from++;
    }
    from += cursor != NULL;
    from += (parameter_number(request, "page", 1) - 1) * size;
    return MIN(from + parameter_number(request, "offset", 0), form->rows->len);
}

static void append_json(GString *out, json_object *value)
{
    g_string_append(out, json_object_to_json_string_ext(value, JSON_C_TO_STRING_PLAIN |
                                                                   JSON_C_TO_STRING_NOSLASHESCAPE));
}

static void answer_lines(const ApiForm *form, Reply *reply)
{
    reply->content_type = "application/x-ndjson";
    for (guint i = 0; i < form->rows->len; i++) {
        append_json(reply->body, form->rows->pdata[i]);
        g_string_append_c(reply->body, '\n');
    }
}

static void answer_page(Site *site, ApiForm *form, const Request *request, Reply *reply)
{
    const char *paging = api_text(form->source, "paging");
    const gint64 asked = json_object_get_int64(json_object_object_get(form->source, "size"));
    const guint size = asked > 0 ? (guint)asked : G_MAXUINT;
    const guint from = first_row(form, request, size);
    const guint end = from + MIN(size, form->rows->len - from);
    const bool more = end < form->rows->len;
    const char *last = end > from ? api_text(form->rows->pdata[end - 1], form->key) : "";
    reply->content_type = "application/json";
    g_string_append(reply->body, "{\"data\":[");
    for (guint i = from; i < end; i++) {
        g_string_append(reply->body, i == from ? "" : ",");
        append_json(reply->body, form->rows->pdata[i]);
    }
    g_string_append_printf(reply->body, "],\"meta\":{\"total\":%u,\"next\":", form->rows->len);
    if (more && g_strcmp0(paging, "cursor") == 0) {
        g_string_append_printf(reply->body, "\"%s\"", last);
    } else if (more && g_strcmp0(paging, "link") == 0) {
        g_string_append_printf(reply->body, "\"?offset=%u\"", end);
    } else {
        g_string_append(reply->body, "null");
    }
    g_string_append(reply->body, "}}");
    if (more && g_strcmp0(paging, "header") == 0) {
        reply->link = g_strdup_printf("<?offset=%u>; rel=\"next\"", end);
    }
    journal_export(site->journal, from, end, end - from);
    api_page(form, request, reply);
}

static void answer(Site *site, const Request *request, Reply *reply)
{
    ApiForm *form = api_form_find(site, "rest", request->path + strlen(REST));
    if (form == NULL) {
        api_refuse(reply, 404, "detail", "Not found.");
    } else if (!let_in(site, form, request)) {
        api_refuse(reply, 401, "detail", "Invalid token.");
    } else if (json_object_get_boolean(json_object_object_get(form->source, "lines"))) {
        answer_lines(form, reply);
    } else {
        answer_page(site, form, request, reply);
    }
}

static char *name_call(const Request *request)
{
    (void)request;
    return g_strdup("rest");
}

static bool owns(const char *path)
{
    return g_str_has_prefix(path, REST);
}

const System REST_API = {
    .name = "rest",
    .owns = owns,
    .call = name_call,
    .answer = answer,
    .load = api_form_load,
    .login = "",
};
