#include "collect/odk_versions.h"

#include <json-c/json.h>
#include <string.h>

enum {
    FIELDS_BYTES = 16 * 1024 * 1024,
    VERSIONS_READ = 30, /* the newest; answers to older ones are rare */
    DEPTH = 64,
};

struct OdkVersions {
    char *current;
    GHashTable *fields; /* version → set of group/field */
};

static void unref_hash(gpointer data)
{
    g_hash_table_unref(data);
}

void odk_versions_free(OdkVersions *versions)
{
    if (!versions)
        return;
    g_free(versions->current);
    g_hash_table_unref(versions->fields);
    g_free(versions);
}

/* What a server that is older, or a user with fewer rights, is not told. */
static bool untold(const GError *error)
{
    return g_error_matches(error, INNSIKT_ERROR, INNSIKT_ERROR_NOT_FOUND) ||
           g_error_matches(error, INNSIKT_ERROR, INNSIKT_ERROR_PERMISSION) ||
           g_error_matches(error, INNSIKT_ERROR, INNSIKT_ERROR_PROTOCOL);
}

/* *ret (caller puts): the list, or NULL when it is not told. */
static bool fetch_list(OdkSession *session, const char *suffix, json_object **ret, GError **error)
{
    g_autoptr(GError) trouble = NULL;
    g_autoptr(GBytes) body =
        odk_session_fetch(session, suffix, "the form's versions", FIELDS_BYTES, &trouble);
    *ret = NULL;
    if (!body && !untold(trouble)) {
        g_propagate_error(error, g_steal_pointer(&trouble));
        return false;
    }
    if (!body)
        return true;
    gsize n;
    const char *text = g_bytes_get_data(body, &n);
    json_tokener *tokener = json_tokener_new_ex(DEPTH);
    json_object *list = json_tokener_parse_ex(tokener, text, (int)n);
    json_tokener_free(tokener);
    if (json_object_is_type(list, json_type_array))
        *ret = list;
    else
        json_object_put(list);
    return true;
}

static const char *text_of(json_object *object, const char *name)
{
    json_object *value = NULL;
    return json_object_is_type(object, json_type_object) &&
                   json_object_object_get_ex(object, name, &value)
               ? json_object_get_string(value)
               : NULL;
}

/* A version without name has the address ___. */
static bool read_version(OdkVersions *versions, OdkSession *session, const char *version,
                         GError **error)
{
    g_autofree char *escaped =
        *version ? g_uri_escape_string(version, NULL, FALSE) : g_strdup("___");
    g_autofree char *suffix = g_strdup_printf("/versions/%s/fields", escaped);
    json_object *list = NULL;
    if (!fetch_list(session, suffix, &list, error))
        return false;
    if (!list)
        return true;
    GHashTable *fields = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    for (size_t i = 0; i < json_object_array_length(list); i++) {
        const char *path = text_of(json_object_array_get_idx(list, i), "path");
        if (path)
            g_hash_table_add(fields, g_strdup(*path == '/' ? path + 1 : path));
    }
    g_hash_table_insert(versions->fields, g_strdup(version), fields);
    json_object_put(list);
    return true;
}

OdkVersions *odk_versions_read(OdkSession *session, const char *current, GError **error)
{
    g_autoptr(OdkVersions) versions = g_new0(OdkVersions, 1);
    versions->current = g_strdup(current);
    versions->fields = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, unref_hash);
    json_object *list = NULL;
    if (!fetch_list(session, "/versions", &list, error))
        return NULL;
    const size_t n = list ? json_object_array_length(list) : 0;
    bool ok = true;
    for (size_t i = 0; ok && i < MIN(n, VERSIONS_READ); i++) {
        const char *version = text_of(json_object_array_get_idx(list, i), "version");
        if (version && g_strcmp0(version, current) != 0)
            ok = read_version(versions, session, version, error);
    }
    json_object_put(list);
    return ok ? g_steal_pointer(&versions) : NULL;
}

void odk_versions_judge(const OdkVersions *versions, Response *response)
{
    const char *version = response->form_version;
    if (!version || !versions->current || g_str_equal(version, versions->current))
        return;
    GHashTable *fields = g_hash_table_lookup(versions->fields, version);
    for (guint i = 0; i < response->answers->len; i++) {
        Answer *answer = &g_array_index(response->answers, Answer, i);
        if (answer->text || answer->missing == MISSING_UNREADABLE)
            continue;
        if (!fields)
            answer->missing = MISSING_UNKNOWN;
        else if (!g_hash_table_contains(fields, answer->question))
            answer->missing = MISSING_NOT_IN_VERSION;
    }
}
