/* KoboToolbox, as far as form-systems.md 4 describes it: an asset, and its submissions with limit,
 * start, sort by _id, fields, and queries {"_id": {"$gt": N}} and {"_id": {"$in": [N, …]}}. An edit
 * gives another _uuid. Not played: lists of assets, exports, attachments. Its data file also has
 * "asset", the reply to the call for the form, and "most", the longest page (1000). Addresses:
 * http://127.0.0.1:PORT, with the token of api_form.h. Calls, for faults and the log: asset, data,
 * other. */
#include "samples/server/api_form.h"

#include "samples/server/journal.h"

#include <string.h>

#define ASSETS "/api/v2/assets/"

static bool is_asked(json_object *query, json_object *row)
{
    json_object *rule = json_object_object_get(query, "_id"), *bound = NULL;
    const gint64 id = json_object_get_int64(json_object_object_get(row, "_id"));
    if (rule == NULL) {
        return true;
    }
    if (json_object_object_get_ex(rule, "$gt", &bound)) {
        return id > json_object_get_int64(bound);
    }
    bool found = false;
    json_object_object_get_ex(rule, "$in", &bound);
    for (size_t i = 0; bound != NULL && i < json_object_array_length(bound); i++) {
        found = found || json_object_get_int64(json_object_array_get_idx(bound, i)) == id;
    }
    return found;
}

/* The row with only the members that are asked for; with all when none is named. */
static json_object *shown(json_object *row, json_object *fields)
{
    if (fields == NULL) {
        return json_object_get(row);
    }
    json_object *part = json_object_new_object();
    for (size_t i = 0; i < json_object_array_length(fields); i++) {
        const char *name = json_object_get_string(json_object_array_get_idx(fields, i));
        json_object *value = NULL;
        if (json_object_object_get_ex(row, name, &value)) {
            json_object_object_add(part, name, json_object_get(value));
        }
    }
    return part;
}

static gint64 number(const Request *request, const char *name, gint64 otherwise)
{
    g_autofree char *text = api_parameter(request, name);
    return text == NULL ? otherwise : g_ascii_strtoll(text, NULL, 10);
}

static json_object *json_parameter(const Request *request, const char *name)
{
    g_autofree char *text = api_parameter(request, name);
    return text == NULL ? NULL : json_tokener_parse(text);
}

static void answer_data(Site *site, ApiForm *form, const Request *request, Reply *reply)
{
    enum { USUAL = 100, MOST = 1000 };
    json_object *query = json_parameter(request, "query"),
                *fields = json_parameter(request, "fields");
    json_object *most = json_object_object_get(form->source, "most");
    const gint64 limit =
        MIN(number(request, "limit", USUAL), most == NULL ? MOST : json_object_get_int64(most));
    const gint64 start = number(request, "start", 0);
    json_object *page = json_object_new_object(), *rows = json_object_new_array();
    gint64 count = 0;
    for (guint i = 0; i < form->rows->len; i++) {
        json_object *row = form->rows->pdata[i];
        if (query != NULL && !is_asked(query, row)) {
            continue;
        }
        if (count >= start && count < start + limit) {
            json_object_array_add(rows, shown(row, fields));
        }
        count++;
    }
    journal_export(site->journal, start, 0, (gint64)json_object_array_length(rows));
    json_object_object_add(page, "count", json_object_new_int64(count));
    json_object_object_add(page, "next", NULL);
    json_object_object_add(page, "previous", NULL);
    json_object_object_add(page, "results", rows);
    api_reply(reply, 200, page);
    api_page(form, request, reply);
    json_object_put(query);
    json_object_put(fields);
}

static void answer(Site *site, const Request *request, Reply *reply)
{
    g_autofree char *token = api_token(site);
    g_auto(GStrv) parts = g_strsplit(request->path + strlen(ASSETS), "/", 3);
    ApiForm *form = parts[0] == NULL ? NULL : api_form_find(site, "kobo", parts[0]);
    if (!api_carries(request, "Token ", token)) {
        api_refuse(reply, 401, "detail", "Invalid token.");
    } else if (form == NULL) {
        api_refuse(reply, 404, "detail", "Not found.");
    } else if (g_strcmp0(parts[1], "data.json") == 0) {
        answer_data(site, form, request, reply);
    } else {
        api_reply(reply, 200, json_object_get(json_object_object_get(form->source, "asset")));
    }
}

static char *name_call(const Request *request)
{
    if (g_str_has_suffix(request->path, "/data.json")) {
        return g_strdup("data");
    }
    return g_strdup(g_str_has_suffix(request->path, "/") ? "asset" : "other");
}

static bool owns(const char *path)
{
    return g_str_has_prefix(path, ASSETS);
}

const System KOBO = {
    .name = "kobo",
    .owns = owns,
    .call = name_call,
    .answer = answer,
    .load = api_form_load,
    .login = "",
};
