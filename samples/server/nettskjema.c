/* Nettskjema's API v3, as far as form-systems.md 2 describes it: tokens by client credentials, a
 * form's info and elements, the lists of submissions, the stream of answers and single submissions.
 * Its data file also has "info" and "elements", the replies to those calls; a row is {submissionId,
 * createdDate, modifiedDate, answers: [lines], postponed: true when it is not delivered}.
 * Addresses: http://127.0.0.1:PORT/api/v3 and …/oauth2/token. Calls, for faults and the log: token,
 * info, elements, submission-metadata, submission-metadata-postponed, answers, submission, other.
 */
#include "samples/server/api_form.h"

#include "samples/server/journal.h"

#include <string.h>

#define FORM       "/api/v3/form/"
#define SUBMISSION FORM "submission/"

static bool is_postponed(json_object *row)
{
    return json_object_get_boolean(json_object_object_get(row, "postponed"));
}

static void append_line(GString *body, json_object *line)
{
    g_string_append(body, json_object_to_json_string_ext(line, JSON_C_TO_STRING_PLAIN));
    g_string_append_c(body, '\n');
}

static json_object *metadata_of(json_object *row)
{
    static const char *const names[] = {"submissionId", "createdDate", "modifiedDate"};
    json_object *line = json_object_new_object();
    for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
        json_object *value = NULL;
        if (json_object_object_get_ex(row, names[i], &value)) {
            json_object_object_add(line, names[i], json_object_get(value));
        }
    }
    return line;
}

static void answer_list(const ApiForm *form, bool postponed, Reply *reply)
{
    reply->content_type = "application/x-ndjson";
    for (guint i = 0; i < form->rows->len; i++) {
        if (is_postponed(form->rows->pdata[i]) == postponed) {
            json_object *line = metadata_of(form->rows->pdata[i]);
            append_line(reply->body, line);
            json_object_put(line);
        }
    }
}

static json_object *answers_of(json_object *row)
{
    json_object *answers = NULL;
    json_object_object_get_ex(row, "answers", &answers);
    for (size_t i = 0; answers != NULL && i < json_object_array_length(answers); i++) {
        json_object_object_add(json_object_array_get_idx(answers, i), "submissionId",
                               json_object_get(json_object_object_get(row, "submissionId")));
    }
    return answers;
}

static void answer_answers(Site *site, const ApiForm *form, Reply *reply)
{
    gint64 rows = 0;
    reply->content_type = "application/x-ndjson";
    for (guint i = 0; i < form->rows->len; i++) {
        json_object *row = form->rows->pdata[i];
        json_object *answers = is_postponed(row) ? NULL : answers_of(row);
        for (size_t a = 0; answers != NULL && a < json_object_array_length(answers); a++) {
            append_line(reply->body, json_object_array_get_idx(answers, a));
            rows++;
        }
    }
    journal_export(site->journal, 0, 0, rows);
}

static void answer_single(const Site *site, const char *id, Reply *reply)
{
    for (guint f = 0; f < site->api_forms->len; f++) {
        const ApiForm *form = site->api_forms->pdata[f];
        for (guint i = 0; strcmp(form->system, "nettskjema") == 0 && i < form->rows->len; i++) {
            json_object *row = form->rows->pdata[i];
            if (g_strcmp0(api_text(row, "submissionId"), id) == 0) {
                json_object *value = json_object_new_object(), *answers = answers_of(row);
                json_object_object_add(value, "submissionMetadata", metadata_of(row));
                json_object_object_add(value, "answers",
                                       answers == NULL ? json_object_new_array()
                                                       : json_object_get(answers));
                api_reply(reply, 200, value);
                return;
            }
        }
    }
    api_refuse(reply, 404, "message", "Innsendingen finnes ikke");
}

static json_object *info_of(const ApiForm *form)
{
    json_object *info = NULL;
    json_object_deep_copy(json_object_object_get(form->source, "info"), &info, NULL);
    gint64 postponed = 0;
    for (guint i = 0; i < form->rows->len; i++) {
        postponed += is_postponed(form->rows->pdata[i]);
    }
    json_object_object_add(info, "numberOfSubmissions",
                           json_object_new_int64((gint64)form->rows->len - postponed));
    json_object_object_add(info, "numberOfPostponedSubmissions", json_object_new_int64(postponed));
    return info;
}

static void answer_form(Site *site, const Request *request, Reply *reply)
{
    g_auto(GStrv) parts = g_strsplit(request->path + strlen(FORM), "/", 2);
    const ApiForm *form = api_form_find(site, "nettskjema", parts[0] == NULL ? "" : parts[0]);
    const char *what = parts[0] == NULL || parts[1] == NULL ? "" : parts[1];
    if (form == NULL) {
        api_refuse(reply, 404, "message", "Skjemaet finnes ikke");
    } else if (strcmp(what, "info") == 0) {
        api_reply(reply, 200, info_of(form));
    } else if (strcmp(what, "elements") == 0) {
        api_reply(reply, 200, json_object_get(json_object_object_get(form->source, "elements")));
    } else if (strcmp(what, "answers") == 0) {
        answer_answers(site, form, reply);
    } else if (g_str_has_prefix(what, "submission-metadata")) {
        answer_list(form, g_str_has_suffix(what, "-postponed"), reply);
    } else {
        api_refuse(reply, 404, "message", "Ikke funnet");
    }
}

static void answer(Site *site, const Request *request, Reply *reply)
{
    if (strcmp(request->path, "/oauth2/token") == 0) {
        api_give_token(site, request, reply);
    } else if (!api_bearer_alive(site, request)) {
        api_refuse(reply, 401, "message", "Ugyldig token");
    } else if (g_str_has_prefix(request->path, SUBMISSION)) {
        answer_single(site, request->path + strlen(SUBMISSION), reply);
    } else {
        answer_form(site, request, reply);
    }
}

static char *name_call(const Request *request)
{
    static const char *const calls[] = {"token",
                                        "info",
                                        "elements",
                                        "answers",
                                        "submission-metadata",
                                        "submission-metadata-postponed"};
    const char *last = strrchr(request->path, '/') + 1;
    for (size_t i = 0; i < G_N_ELEMENTS(calls); i++) {
        if (strcmp(last, calls[i]) == 0) {
            return g_strdup(calls[i]);
        }
    }
    return g_strdup(g_str_has_prefix(request->path, SUBMISSION) ? "submission" : "other");
}

static bool owns(const char *path)
{
    return g_str_has_prefix(path, FORM) || strcmp(path, "/oauth2/token") == 0;
}

const System NETTSKJEMA = {
    .name = "nettskjema",
    .owns = owns,
    .call = name_call,
    .answer = answer,
    .load = api_form_load,
    .login = "token",
};
