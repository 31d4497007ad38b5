#include "samples/server/fault.h"

#include <gio/gio.h>
#include <string.h>

static const char *const NAMES[FAULT_N] = {
#define X(kind, name) [FAULT_##kind] = name,
    FAULT_KINDS(X)
#undef X
};

static void fault_free(gpointer data)
{
    Fault *fault = data;
    g_free(fault->call);
    g_free(fault->value);
    g_free(fault);
}

Faults *faults_new(void)
{
    return g_ptr_array_new_with_free_func(fault_free);
}

const char *fault_name(FaultKind kind)
{
    return NAMES[kind];
}

void fault_replace(const Fault *fault, GString *text)
{
    const char *equals = strchr(fault->value, '=');
    g_autofree char *old = equals == NULL ? NULL : g_strndup(fault->value, equals - fault->value);
    const char *place = old == NULL ? NULL : g_strstr_len(text->str, (gssize)text->len, old);
    if (place != NULL) {
        const gssize at = place - text->str;
        g_string_erase(text, at, (gssize)strlen(old));
        g_string_insert(text, at, equals + 1);
    }
}

gint64 fault_number(const Fault *fault, gint64 otherwise, gint64 most)
{
    return g_ascii_isdigit(fault->value[0]) ? MIN(g_ascii_strtoll(fault->value, NULL, 10), most)
                                            : otherwise;
}

static bool add(Faults *faults, const char *call, gint64 from, gint64 to, const char *name,
                const char *value, GError **error)
{
    int kind = 0;
    while (kind < FAULT_N && g_strcmp0(NAMES[kind], name) != 0) {
        kind++;
    }
    if (kind == FAULT_N) {
        g_set_error(error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, "no fault is called \"%s\"",
                    name == NULL ? "" : name);
        return false;
    }
    if (from < 1 || to < from) {
        g_set_error(error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                    "fault \"%s\": requests are counted from 1, and the last is not before the "
                    "first",
                    name);
        return false;
    }
    Fault *fault = g_new0(Fault, 1);
    *fault = (Fault){.kind = (FaultKind)kind,
                     .call = g_strdup(call),
                     .value = g_strdup(value == NULL ? "" : value),
                     .from = from,
                     .to = to};
    g_ptr_array_add(faults, fault);
    return true;
}

bool faults_add(Faults *faults, const char *order, GError **error)
{
    g_auto(GStrv) parts = g_strsplit(order, ":", 4);
    if (g_strv_length(parts) < 3) {
        g_set_error(error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                    "fault \"%s\" is not CALL:WHEN:KIND[:VALUE]", order);
        return false;
    }
    gint64 from = 1;
    gint64 to = G_MAXINT64;
    if (strcmp(parts[1], "*") != 0) {
        char *end;
        from = g_ascii_strtoll(parts[1], &end, 10);
        to = *end == '\0' ? from : G_MAXINT64;
        if (*end == '-' && end[1] != '\0') {
            to = g_ascii_strtoll(end + 1, NULL, 10);
        }
    }
    return add(faults, parts[0], from, to, parts[2], parts[3], error);
}

bool faults_add_json(Faults *faults, json_object *order, GError **error)
{
    json_object *call = json_object_object_get(order, "call");
    json_object *from = json_object_object_get(order, "from");
    json_object *to = json_object_object_get(order, "to");
    json_object *kind = json_object_object_get(order, "kind");
    json_object *value = json_object_object_get(order, "value");
    const gint64 first = from == NULL ? 1 : json_object_get_int64(from);
    return add(faults, call == NULL ? "*" : json_object_get_string(call), first,
               to == NULL ? first : json_object_get_int64(to),
               kind == NULL ? NULL : json_object_get_string(kind),
               value == NULL ? NULL : json_object_get_string(value), error);
}

FaultSet faults_meet(Faults *faults, const char *call)
{
    FaultSet met = {{NULL}};
    for (guint i = 0; i < faults->len; i++) {
        Fault *fault = faults->pdata[i];
        if (strcmp(fault->call, "*") != 0 && strcmp(fault->call, call) != 0) {
            continue;
        }
        fault->seen++;
        if (fault->seen >= fault->from && fault->seen <= fault->to) {
            met.of[fault->kind] = fault;
        }
    }
    return met;
}
