#include "samples/server/control.h"

#include "samples/server/api_form.h"
#include "samples/server/journal.h"
#include "samples/server/odk.h"

#include <gio/gio.h>
#include <string.h>

static bool refuse(GError **error, const char *message)
{
    g_set_error_literal(error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, message);
    return false;
}

/* The form that the order's "sid" names. */
static Form *form_meant(const Site *site, json_object *order, GError **error)
{
    json_object *sid = NULL;
    if (json_object_is_type(order, json_type_object)) {
        json_object_object_get_ex(order, "sid", &sid);
    }
    for (guint i = 0; sid != NULL && i < site->forms->len; i++) {
        Form *form = site->forms->pdata[i];
        if (form->sid == json_object_get_int64(sid)) {
            return form;
        }
    }
    refuse(error, "\"sid\" names no form that is served");
    return NULL;
}

static bool edit(Site *site, json_object *order, GError **error)
{
    Form *form = form_meant(site, order, error);
    return form != NULL && form_edit(form, order, error);
}

static bool add(Site *site, json_object *order, GError **error)
{
    Form *form = form_meant(site, order, error);
    return form != NULL && form_add(form, order, error);
}

static bool delete_one(Site *site, json_object *order, GError **error)
{
    Form *form = form_meant(site, order, error);
    if (form == NULL) {
        return false;
    }
    return form_delete(form, json_object_get_int64(json_object_object_get(order, "id"))) ||
           refuse(error, "\"id\" names no response");
}

static bool clear(Site *site, json_object *order, GError **error)
{
    Form *form = form_meant(site, order, error);
    if (form != NULL) {
        form_clear(form);
    }
    return form != NULL;
}

static bool activate(Site *site, json_object *order, GError **error)
{
    Form *form = form_meant(site, order, error);
    if (form != NULL) {
        form->active = json_object_get_boolean(json_object_object_get(order, "active"));
    }
    return form != NULL;
}

static bool expire_sessions(Site *site, json_object *order, GError **error)
{
    (void)order;
    (void)error;
    g_hash_table_remove_all(site->sessions);
    return true;
}

static bool move_clock(Site *site, json_object *order, GError **error)
{
    const gint64 seconds = json_object_get_int64(order);
    if (!json_object_is_type(order, json_type_int) || ABS(seconds) > G_MAXINT32) {
        return refuse(error, "\"clock\" takes a number of seconds to move, at most 2^31");
    }
    site->clock_ahead += seconds;
    return true;
}

static bool order_fault(Site *site, json_object *order, GError **error)
{
    if (json_object_is_type(order, json_type_string)) {
        return faults_add(site->faults, json_object_get_string(order), error);
    }
    if (!json_object_is_type(order, json_type_object)) {
        return refuse(error, "\"fault\" takes an object, or a text as --fault does");
    }
    return faults_add_json(site->faults, order, error);
}

static bool clear_faults(Site *site, json_object *order, GError **error)
{
    (void)order;
    (void)error;
    g_ptr_array_set_size(site->faults, 0);
    return true;
}

static bool clear_log(Site *site, json_object *order, GError **error)
{
    (void)order;
    (void)error;
    journal_clear(site->journal);
    return true;
}

static const struct {
    const char *name;
    bool (*run)(Site *site, json_object *order, GError **error);
} ORDERS[] = {
    {"edit", edit},           {"add", add},           {"delete", delete_one},
    {"clear", clear},         {"active", activate},   {"expire-sessions", expire_sessions},
    {"clock", move_clock},    {"fault", order_fault}, {"clear-faults", clear_faults},
    {"clear-log", clear_log}, {"odk", odk_order},     {"api", api_form_order},
};

static bool run_order(Site *site, const char *name, json_object *order, GError **error)
{
    for (size_t i = 0; i < G_N_ELEMENTS(ORDERS); i++) {
        if (strcmp(ORDERS[i].name, name) == 0) {
            return ORDERS[i].run(site, order, error);
        }
    }
    g_set_error(error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, "no order is called \"%s\"", name);
    return false;
}

static bool run_orders(Site *site, const char *text, GError **error)
{
    json_object *orders = json_tokener_parse(text);
    bool done = json_object_is_type(orders, json_type_object) || refuse(error, "not a JSON object");
    if (done) {
        json_object_object_foreach(orders, name, order)
        {
            done = done && run_order(site, name, order, error);
        }
    }
    json_object_put(orders);
    return done;
}

static void put_json(Reply *reply, json_object *value)
{
    reply->content_type = "application/json";
    g_string_assign(reply->body,
                    json_object_to_json_string_ext(value, JSON_C_TO_STRING_PLAIN |
                                                              JSON_C_TO_STRING_NOSLASHESCAPE));
    json_object_put(value);
}

void control_carry_out(Site *site, const char *orders)
{
    g_autoptr(GError) error = NULL;
    if (!run_orders(site, orders, &error)) {
        g_printerr("formserver: an order that a fault gave: %s\n", error->message);
    }
}

bool control_owns(const char *path)
{
    return strcmp(path, "/_control") == 0 || g_str_has_prefix(path, "/_control/");
}

void control_answer(Site *site, const Request *request, Reply *reply)
{
    if (strcmp(request->path, "/_control/log") == 0) {
        put_json(reply, journal_json(site->journal, site));
        return;
    }
    g_autoptr(GError) error = NULL;
    json_object *outcome = json_object_new_object();
    if (run_orders(site, request->body, &error)) {
        json_object_object_add(outcome, "ok", json_object_new_boolean(true));
    } else {
        reply->status = 400;
        json_object_object_add(outcome, "error", json_object_new_string(error->message));
    }
    put_json(reply, outcome);
}
