#include "samples/server/api_form.h"

#include "samples/server/journal.h"

#include <gio/gio.h>
#include <string.h>

static bool invalid(GError **error, const char *message)
{
    g_set_error_literal(error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, message);
    return false;
}

static json_object *member(json_object *object, const char *name)
{
    json_object *value = NULL;
    if (json_object_is_type(object, json_type_object)) {
        json_object_object_get_ex(object, name, &value);
    }
    return value;
}

const char *api_text(json_object *object, const char *name)
{
    json_object *value = member(object, name);
    return value == NULL ? NULL : json_object_get_string(value);
}

/* --- rows --- */

static void put_row(gpointer row)
{
    json_object_put(row);
}

ApiForm *api_form_find(const Site *site, const char *system, const char *id)
{
    for (guint i = 0; i < site->api_forms->len; i++) {
        ApiForm *form = site->api_forms->pdata[i];
        if (strcmp(form->id, id) == 0 && (system == NULL || strcmp(form->system, system) == 0)) {
            return form;
        }
    }
    return NULL;
}

void api_form_free(gpointer data)
{
    ApiForm *form = data;
    g_free(form->system);
    g_free(form->id);
    g_free(form->key);
    g_free(form->last_page);
    json_object_put(form->source);
    g_ptr_array_unref(form->rows);
    g_free(form);
}

/* Numbers by size, other texts behind them by bytes. */
static gint by_key(gconstpointer a, gconstpointer b, gpointer key)
{
    const char *left = api_text(*(json_object *const *)a, key);
    const char *right = api_text(*(json_object *const *)b, key);
    const gint64 x = g_ascii_strtoll(left, NULL, 10), y = g_ascii_strtoll(right, NULL, 10);
    return x != y ? (x < y ? -1 : 1) : strcmp(left, right);
}

static bool add_row(ApiForm *form, json_object *row, GError **error)
{
    if (api_text(row, form->key) == NULL) {
        return invalid(error, "a row has no such key");
    }
    g_ptr_array_add(form->rows, json_object_get(row));
    g_ptr_array_sort_with_data(form->rows, by_key, form->key);
    return true;
}

bool api_form_load(Site *site, const char *path, json_object *source, GError **error)
{
    (void)path;
    ApiForm *form = g_new0(ApiForm, 1);
    json_object *rows = member(source, "rows");
    form->system = g_strdup(api_text(source, "system"));
    form->id = g_strdup(api_text(source, "id"));
    form->key = g_strdup(api_text(source, "key"));
    form->source = json_object_get(source);
    form->rows = g_ptr_array_new_with_free_func(put_row);
    g_ptr_array_add(site->api_forms, form);
    if (form->id == NULL || form->key == NULL || !json_object_is_type(rows, json_type_array)) {
        return invalid(error, "\"id\", \"key\" and \"rows\" are needed");
    }
    for (size_t i = 0; i < json_object_array_length(rows); i++) {
        if (!add_row(form, json_object_array_get_idx(rows, i), error)) {
            return false;
        }
    }
    return true;
}

static guint place_of(const ApiForm *form, const char *key)
{
    guint place = 0;
    while (place < form->rows->len &&
           g_strcmp0(api_text(form->rows->pdata[place], form->key), key) != 0) {
        place++;
    }
    return place;
}

bool api_form_delete(ApiForm *form, const char *key)
{
    const guint place = place_of(form, key);
    if (place == form->rows->len) {
        return false;
    }
    g_ptr_array_remove_index(form->rows, place);
    return true;
}

static bool edit_row(ApiForm *form, json_object *change, GError **error)
{
    const guint place = place_of(form, api_text(change, form->key));
    if (place == form->rows->len) {
        return invalid(error, "no row has this key");
    }
    json_object_object_foreach(change, name, value)
    {
        json_object_object_add(form->rows->pdata[place], name, json_object_get(value));
    }
    return true;
}

bool api_form_order(Site *site, json_object *order, GError **error)
{
    const char *id = api_text(order, "form");
    ApiForm *form = id == NULL ? NULL : api_form_find(site, NULL, id);
    if (form == NULL) {
        return invalid(error, "\"form\" names no form that is served");
    }
    json_object *added = member(order, "add"), *changed = member(order, "edit");
    const char *deleted = api_text(order, "delete");
    return (added == NULL || add_row(form, added, error)) &&
           (changed == NULL || edit_row(form, changed, error)) &&
           (deleted == NULL || api_form_delete(form, deleted) ||
            invalid(error, "no row has this key"));
}

/* --- replies --- */

void api_reply(Reply *reply, unsigned status, json_object *value)
{
    reply->status = status;
    reply->content_type = "application/json";
    g_string_assign(reply->body,
                    json_object_to_json_string_ext(value, JSON_C_TO_STRING_PLAIN |
                                                              JSON_C_TO_STRING_NOSLASHESCAPE));
    json_object_put(value);
}

void api_refuse(Reply *reply, unsigned status, const char *name, const char *message)
{
    json_object *value = json_object_new_object();
    json_object_object_add(value, name, json_object_new_string(message));
    api_reply(reply, status, value);
}

void api_page(ApiForm *form, const Request *request, Reply *reply)
{
    g_autofree char *page = g_strdup(reply->body->str);
    const Fault *vanish = request->faults.of[FAULT_VANISH];
    if (request->faults.of[FAULT_DUPLICATE] != NULL && form->last_page != NULL) {
        g_string_assign(reply->body, form->last_page);
    }
    if (vanish != NULL) {
        api_form_delete(form, vanish->value);
    }
    g_free(form->last_page);
    form->last_page = g_steal_pointer(&page);
}

/* --- requests --- */

char *api_parameter(const Request *request, const char *name)
{
    g_auto(GStrv) parts = g_strsplit(request->query == NULL ? "" : request->query, "&", -1);
    for (char **part = parts; *part != NULL; part++) {
        if (g_str_has_prefix(*part, name) && (*part)[strlen(name)] == '=') {
            return g_strdup(*part + strlen(name) + 1);
        }
    }
    return NULL;
}

bool api_carries(const Request *request, const char *prefix, const char *token)
{
    g_autofree char *line = g_strconcat(prefix, token, NULL);
    g_auto(GStrv) lines = g_strsplit(request->headers, "\n", -1);
    return g_strv_contains((const char *const *)lines, line);
}

char *api_token(const Site *site)
{
    enum { DIGITS = 40 };
    g_autofree char *sum = g_compute_checksum_for_string(G_CHECKSUM_SHA256, site->password, -1);
    return g_strndup(sum, DIGITS);
}

/* Not the session's key itself, which the log takes for a leak wherever it meets it. */
static char *bearer_of(const char *key)
{
    return g_strreverse(g_strdup(key));
}

void api_give_token(Site *site, const Request *request, Reply *reply)
{
    g_autofree char *id = g_uri_escape_string(site->user, NULL, FALSE);
    g_autofree char *secret = g_uri_escape_string(site->password, NULL, FALSE);
    g_autofree char *pair = g_strconcat(id, ":", secret, NULL);
    g_autofree char *base64 = g_base64_encode((const guchar *)pair, strlen(pair));
    const bool known = api_carries(request, "Basic ", base64);
    const bool grant = strstr(request->body, "grant_type=client_credentials") != NULL;
    journal_login(site->journal, known ? LOGIN_ACCEPTED : LOGIN_REFUSED);
    if (!known || !grant) {
        api_refuse(reply, known ? 400 : 401, "error",
                   known ? "unsupported_grant_type" : "invalid_client");
        return;
    }
    json_object *value = json_object_new_object();
    g_autofree char *token = bearer_of(site_session_open(site));
    json_object_object_add(value, "access_token", json_object_new_string(token));
    json_object_object_add(value, "token_type", json_object_new_string("Bearer"));
    json_object_object_add(value, "expires_in", json_object_new_int64(site->session_seconds));
    api_reply(reply, 200, value);
}

bool api_bearer_alive(Site *site, const Request *request)
{
    GHashTableIter each;
    gpointer key;
    if (request->faults.of[FAULT_SESSION_EXPIRED] != NULL) {
        g_hash_table_remove_all(site->sessions);
    }
    g_hash_table_iter_init(&each, site->sessions);
    while (g_hash_table_iter_next(&each, &key, NULL)) {
        g_autofree char *token = bearer_of(key);
        if (api_carries(request, "Bearer ", token)) {
            return site_session_alive(site, key);
        }
    }
    return false;
}
