/* The data file of an ODK form: {"system": "odk", "project": N, "xmlFormId": ID, "name": TITLE,
 * "domain": "https://…" (the address Central was told to have; default https://odk.invalid),
 * "form_xml_file": FILE, "fields_file": FILE (the reply to /fields?odata=true), "forms_file": FILE
 * (the reply to the list of forms; may be left out), "submissions": [as OData shows them with
 * $expand=*], "submissions_files": [FILE, … replies with such a list in "value"]}. Files are found
 * beside the data file; a submission that is there twice is kept as it came last.
 *
 * Orders, {"odk": {"form": ID, …}}:
 *   "add": {a submission; what Central adds may be left out}
 *   "edit": {"__id", and the members that change}: a new version, as Central makes it
 *   "delete": ID    "restore": ID, which stamps nothing    "purge": ID, for good
 *   "review": {"__id", "reviewState"}    "forbid": true or false: the user may not read it */
#include "samples/server/odk.h"

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

const char *odk_text(json_object *object, const char *name)
{
    json_object *value = member(object, name);
    return value == NULL ? NULL : json_object_get_string(value);
}

const char *odk_system(json_object *submission, const char *name)
{
    return odk_text(member(submission, "__system"), name);
}

OdkForm *odk_form_find(const Site *site, gint64 project, const char *id)
{
    for (guint i = 0; i < site->odk_forms->len; i++) {
        OdkForm *form = site->odk_forms->pdata[i];
        if (g_strcmp0(form->id, id) == 0 && (project < 0 || form->project == project)) {
            return form;
        }
    }
    return NULL;
}

void odk_form_free(gpointer data)
{
    OdkForm *form = data;
    g_free(form->id);
    g_free(form->name);
    g_free(form->domain);
    g_free(form->xml);
    g_free(form->fields);
    g_free(form->forms);
    g_ptr_array_unref(form->submissions);
    g_free(form);
}

static void put_object(gpointer object)
{
    json_object_put(object);
}

/* --- submissions --- */

static gint newest_first(gconstpointer a, gconstpointer b)
{
    json_object *left = *(json_object *const *)a, *right = *(json_object *const *)b;
    return g_strcmp0(odk_system(right, "submissionDate"), odk_system(left, "submissionDate"));
}

static guint place_of(const OdkForm *form, const char *id)
{
    guint place = 0;
    while (place < form->submissions->len &&
           g_strcmp0(odk_text(form->submissions->pdata[place], "__id"), id) != 0) {
        place++;
    }
    return place;
}

static bool put_submission(OdkForm *form, json_object *submission, GError **error)
{
    const char *id = odk_text(submission, "__id");
    if (id == NULL || member(submission, "__system") == NULL) {
        return invalid(error, "a submission needs \"__id\" and \"__system\"");
    }
    const guint place = place_of(form, id);
    if (place < form->submissions->len) {
        json_object_put(form->submissions->pdata[place]);
        form->submissions->pdata[place] = json_object_get(submission);
    } else {
        g_ptr_array_add(form->submissions, json_object_get(submission));
    }
    return true;
}

static bool put_list(OdkForm *form, json_object *list, GError **error)
{
    for (size_t i = 0; list != NULL && i < json_object_array_length(list); i++) {
        if (!put_submission(form, json_object_array_get_idx(list, i), error)) {
            return false;
        }
    }
    return true;
}

/* --- the data file --- */

static char *beside(const char *path, const char *name)
{
    g_autofree char *folder = g_path_get_dirname(path);
    return g_build_filename(folder, name, NULL);
}

/* The file a member names; a member that is left out gives NULL without an error when it may. */
static bool read_file(const char *path, json_object *source, const char *name, bool needed,
                      char **ret, GError **error)
{
    const char *file = odk_text(source, name);
    if (file == NULL) {
        return !needed || invalid(error, "\"form_xml_file\" and \"fields_file\" are needed");
    }
    g_autofree char *whole = beside(path, file);
    return g_file_get_contents(whole, ret, NULL, error);
}

static bool read_lists(OdkForm *form, const char *path, json_object *files, GError **error)
{
    for (size_t i = 0; files != NULL && i < json_object_array_length(files); i++) {
        g_autofree char *whole =
            beside(path, json_object_get_string(json_object_array_get_idx(files, i)));
        g_autofree char *text = NULL;
        if (!g_file_get_contents(whole, &text, NULL, error)) {
            return false;
        }
        json_object *reply = json_tokener_parse(text);
        const bool done = put_list(form, member(reply, "value"), error);
        json_object_put(reply);
        if (!done) {
            return false;
        }
    }
    return true;
}

/* Sorting keeps equals as they came. */
static void sort_submissions(OdkForm *form)
{
    g_ptr_array_sort(form->submissions, newest_first);
}

bool odk_load(Site *site, const char *path, json_object *source, GError **error)
{
    OdkForm *form = g_new0(OdkForm, 1);
    const char *domain = odk_text(source, "domain");
    form->id = g_strdup(odk_text(source, "xmlFormId"));
    form->name = g_strdup(odk_text(source, "name"));
    form->domain = g_strdup(domain == NULL ? "https://odk.invalid" : domain);
    form->project = json_object_get_int64(member(source, "project"));
    form->submissions = g_ptr_array_new_with_free_func(put_object);
    g_ptr_array_add(site->odk_forms, form);
    if (form->id == NULL || form->project <= 0) {
        return invalid(error, "\"xmlFormId\" and a \"project\" above 0 are needed");
    }
    if (!read_file(path, source, "form_xml_file", true, &form->xml, error) ||
        !read_file(path, source, "fields_file", true, &form->fields, error) ||
        !read_file(path, source, "forms_file", false, &form->forms, error) ||
        !read_lists(form, path, member(source, "submissions_files"), error) ||
        !put_list(form, member(source, "submissions"), error)) {
        return false;
    }
    sort_submissions(form);
    return true;
}

/* --- orders --- */

/* Now, but never before what is stamped already, so that recorded data from any year will do. */
static char *stamp(const Site *site, const OdkForm *form)
{
    static const char *const names[] = {"submissionDate", "updatedAt", "deletedAt"};
    g_autoptr(GDateTime) now = g_date_time_new_from_unix_utc(site_now(site));
    g_autofree char *seconds = g_date_time_format(now, "%Y-%m-%dT%H:%M:%S");
    char *latest =
        g_strdup_printf("%s.%03dZ", seconds, (int)(g_get_real_time() % G_USEC_PER_SEC / 1000));
    for (guint i = 0; i < form->submissions->len; i++) {
        for (size_t n = 0; n < G_N_ELEMENTS(names); n++) {
            const char *other = odk_system(form->submissions->pdata[i], names[n]);
            if (g_strcmp0(other, latest) > 0) {
                g_free(latest);
                latest = g_strdup(other);
            }
        }
    }
    return latest;
}

static void set_system(json_object *submission, const char *name, const char *value)
{
    json_object_object_add(member(submission, "__system"), name,
                           value == NULL ? NULL : json_object_new_string(value));
}

static json_object *submission_meant(const OdkForm *form, const char *id, GError **error)
{
    const guint place = place_of(form, id);
    if (place < form->submissions->len) {
        return form->submissions->pdata[place];
    }
    invalid(error, "no submission has this \"__id\"");
    return NULL;
}

static bool add(Site *site, OdkForm *form, json_object *order, GError **error)
{
    static const char *const nulls[] = {"updatedAt", "status", "reviewState", "deviceId",
                                        "deletedAt"};
    g_autofree char *now = stamp(site, form);
    json_object *system = json_object_new_object();
    json_object_object_add(system, "submissionDate", json_object_new_string(now));
    for (size_t i = 0; i < G_N_ELEMENTS(nulls); i++) {
        json_object_object_add(system, nulls[i], NULL);
    }
    json_object_object_add(system, "edits", json_object_new_int(0));
    json_object_object_add(system, "formVersion", json_object_new_string("1"));
    if (member(order, "__system") == NULL) {
        json_object_object_add(order, "__system", json_object_get(system));
    }
    json_object_put(system);
    const bool done = put_submission(form, order, error);
    sort_submissions(form);
    return done;
}

static bool edit(Site *site, OdkForm *form, json_object *order, GError **error)
{
    json_object *submission = submission_meant(form, odk_text(order, "__id"), error);
    if (submission == NULL) {
        return false;
    }
    g_autofree char *now = stamp(site, form);
    json_object_object_foreach(order, name, value)
    {
        json_object_object_add(submission, name, json_object_get(value));
    }
    g_autofree char *uuid = g_uuid_string_random();
    g_autofree char *instance = g_strconcat("uuid:", uuid, NULL);
    json_object *meta = member(submission, "meta");
    if (meta != NULL) {
        json_object_object_add(meta, "instanceID", json_object_new_string(instance));
    }
    const char *edits = odk_system(submission, "edits");
    const int before = edits == NULL ? 0 : (int)g_ascii_strtoll(edits, NULL, 10);
    json_object_object_add(member(submission, "__system"), "edits",
                           json_object_new_int(before + 1));
    set_system(submission, "updatedAt", now);
    set_system(submission, "reviewState", "edited");
    return true;
}

static bool delete_one(Site *site, OdkForm *form, json_object *order, GError **error)
{
    json_object *submission = submission_meant(form, json_object_get_string(order), error);
    g_autofree char *now = stamp(site, form);
    if (submission != NULL) {
        set_system(submission, "deletedAt", now);
    }
    return submission != NULL;
}

static bool restore(Site *site, OdkForm *form, json_object *order, GError **error)
{
    (void)site;
    json_object *submission = submission_meant(form, json_object_get_string(order), error);
    if (submission != NULL) {
        set_system(submission, "deletedAt", NULL);
    }
    return submission != NULL;
}

static bool purge(Site *site, OdkForm *form, json_object *order, GError **error)
{
    (void)site;
    const guint place = place_of(form, json_object_get_string(order));
    if (place == form->submissions->len) {
        return invalid(error, "no submission has this \"__id\"");
    }
    g_ptr_array_remove_index(form->submissions, place);
    return true;
}

static bool review(Site *site, OdkForm *form, json_object *order, GError **error)
{
    json_object *submission = submission_meant(form, odk_text(order, "__id"), error);
    g_autofree char *now = stamp(site, form);
    if (submission != NULL) {
        set_system(submission, "reviewState", odk_text(order, "reviewState"));
        set_system(submission, "updatedAt", now);
    }
    return submission != NULL;
}

static bool forbid(Site *site, OdkForm *form, json_object *order, GError **error)
{
    (void)site;
    (void)error;
    form->forbidden = json_object_get_boolean(order);
    return true;
}

static const struct {
    const char *name;
    bool (*run)(Site *site, OdkForm *form, json_object *order, GError **error);
} ORDERS[] = {
    {"add", add},     {"edit", edit},     {"delete", delete_one}, {"restore", restore},
    {"purge", purge}, {"review", review}, {"forbid", forbid},
};

bool odk_order(Site *site, json_object *order, GError **error)
{
    OdkForm *form = odk_form_find(site, -1, odk_text(order, "form"));
    if (form == NULL) {
        return invalid(error, "\"form\" names no ODK form that is served");
    }
    for (size_t i = 0; i < G_N_ELEMENTS(ORDERS); i++) {
        json_object *what = member(order, ORDERS[i].name);
        if (what != NULL) {
            return ORDERS[i].run(site, form, what, error);
        }
    }
    return invalid(error, "\"odk\" names nothing to do");
}
