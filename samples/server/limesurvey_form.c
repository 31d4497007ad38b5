#include "samples/server/limesurvey.h"

#include <string.h>

/* What is asked: surveys, groups, questions and their properties. Members stand in the order of the
 * recorded replies. */

static void put_text(json_object *object, const char *key, const char *text)
{
    json_object_object_add(object, key, text == NULL ? NULL : json_object_new_string(text));
}

static void put_number(json_object *object, const char *key, gint64 number)
{
    json_object_object_add(object, key, json_object_new_int64(number));
}

json_object *lime_list_surveys(LimeCall *call)
{
    json_object *surveys = json_object_new_array();
    for (guint i = 0; i < call->site->forms->len; i++) {
        const Form *form = call->site->forms->pdata[i];
        if (strcmp(form->system, LIMESURVEY.name) != 0) {
            continue;
        }
        json_object *survey = json_object_new_object();
        put_number(survey, "sid", form->sid);
        put_text(survey, "surveyls_title", form->title);
        put_text(survey, "startdate", NULL);
        put_text(survey, "expires", NULL);
        put_text(survey, "active", form->active ? "Y" : "N");
        json_object_array_add(surveys, survey);
    }
    if (json_object_array_length(surveys) == 0) {
        json_object_put(surveys);
        return lime_status(call, "No surveys found");
    }
    return surveys;
}

/* The language that a parameter asks for, the survey's own when it is absent; NULL when the survey
 * does not have it. */
static const char *language_of(const LimeCall *call, const Form *form, size_t place)
{
    const char *language = lime_text(call, place);
    if (language == NULL || *language == '\0') {
        return form->language;
    }
    return lime_speaks(form, language) ? language : NULL;
}

json_object *lime_list_groups(LimeCall *call)
{
    json_object *status = NULL;
    const Form *form = lime_survey(call, &status);
    if (form == NULL) {
        return status;
    }
    const char *language = language_of(call, form, 2);
    if (language == NULL) {
        return lime_status(call, "Error: Invalid language");
    }
    if (form->groups->len == 0) {
        return lime_status(call, "No groups found");
    }
    json_object *groups = json_object_new_array();
    for (guint i = 0; i < form->groups->len; i++) {
        const FormGroup *group = form->groups->pdata[i];
        json_object *entry = json_object_new_object();
        put_number(entry, "id", group->gid);
        put_number(entry, "gid", group->gid);
        put_number(entry, "sid", form->sid);
        put_number(entry, "group_order", i + 1);
        put_text(entry, "randomization_group", "");
        put_text(entry, "grelevance", "1");
        put_text(entry, "group_name", group->name);
        put_text(entry, "description", group->description);
        put_text(entry, "language", language);
        json_object_array_add(groups, entry);
    }
    return groups;
}

/* What LimeSurvey calls the look of a type. */
static const char *theme(char type)
{
    static const struct {
        char type;
        const char *name;
    } THEMES[] = {
        {'S', "shortfreetext"},
        {'L', "listradio"},
        {'N', "numerical"},
        {'D', "date"},
        {'Q', "multipleshorttext"},
        {'F', "arrays/array"},
        {'M', "multiplechoice"},
        {'O', "list_with_comment"},
        {'R', "ranking"},
        {'X', "boilerplate"},
        {'T', "longfreetext"},
        {'U', "hugefreetext"},
        {'Y', "yesno"},
        /* not supported by a recorded reply: */
        {'!', "list_dropdown"},
        {'5', "5pointchoice"},
        {'A', "arrays/5point"},
        {'B', "arrays/10point"},
        {'C', "arrays/yesnouncertain"},
        {'E', "arrays/increasesamedecrease"},
        {'H', "arrays/column"},
        {'1', "arrays/dualscale"},
        {':', "arrays/multiflexi"},
        {';', "arrays/texts"},
        {'G', "gender"},
        {'I', "language"},
        {'K', "multiplenumeric"},
        {'P', "multiplechoice_with_comments"},
        {'*', "equation"},
        {'|', "file_upload"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(THEMES); i++) {
        if (THEMES[i].type == type) {
            return THEMES[i].name;
        }
    }
    return NULL;
}

/* One row of list_questions; row is NULL for the question itself. */
static json_object *question_entry(const Form *form, const FormQuestion *question,
                                   const FormSubquestion *row, gint64 order, const char *language)
{
    const gint64 qid = row == NULL ? question->qid : row->qid;
    const char letter[] = {question->type, '\0'};
    json_object *entry = json_object_new_object();
    put_number(entry, "id", qid);
    put_text(entry, "question", row == NULL ? question->text : row->text);
    put_text(entry, "help", row == NULL ? question->help : "");
    put_text(entry, "language", language);
    put_number(entry, "qid", qid);
    put_number(entry, "parent_qid", row == NULL ? 0 : question->qid);
    put_number(entry, "sid", form->sid);
    put_text(entry, "type", letter);
    put_text(entry, "title", row == NULL ? question->code : row->code);
    put_text(entry, "preg", row == NULL ? question->preg : "");
    put_text(entry, "other", row == NULL && question->other ? "Y" : "N");
    put_text(entry, "mandatory", row == NULL ? question->mandatory : "N");
    put_text(entry, "encrypted", "N");
    put_number(entry, "question_order", order);
    put_number(entry, "scale_id", row == NULL ? 0 : row->scale);
    put_number(entry, "same_default", 0);
    put_text(entry, "question_theme_name", row == NULL ? theme(question->type) : NULL);
    put_text(entry, "modulename", NULL);
    put_number(entry, "gid", question->gid);
    put_text(entry, "relevance", "1");
    put_number(entry, "same_script", 0);
    return entry;
}

/* The place of a question among its group's questions and subquestions, counted through. */
static gint64 question_order(const Form *form, const FormQuestion *sought)
{
    gint64 order = 0;
    for (guint i = 0; form->questions->pdata[i] != sought; i++) {
        const FormQuestion *question = form->questions->pdata[i];
        order += question->gid == sought->gid ? 1 + question->rows->len : 0;
    }
    return order;
}

static json_object *check_group(const LimeCall *call, const Form *form, gint64 gid)
{
    bool elsewhere = false;
    for (guint i = 0; i < call->site->forms->len; i++) {
        const Form *other = call->site->forms->pdata[i];
        for (guint j = 0; j < other->groups->len; j++) {
            if (((const FormGroup *)other->groups->pdata[j])->gid == gid) {
                if (other == form) {
                    return NULL;
                }
                elsewhere = true;
            }
        }
    }
    return lime_status(call, elsewhere ? "Error: Mismatch in surveyid and groupid"
                                       : "Error: group not found");
}

json_object *lime_list_questions(LimeCall *call)
{
    json_object *status = NULL;
    const Form *form = lime_survey(call, &status);
    if (form == NULL) {
        return status;
    }
    const char *language = language_of(call, form, 3);
    if (language == NULL) {
        return lime_status(call, "Error: Invalid language");
    }
    const gint64 gid = lime_number(call, 2, 0);
    if (gid != 0 && (status = check_group(call, form, gid)) != NULL) {
        return status;
    }
    json_object *list = json_object_new_array();
    for (guint i = 0; i < form->questions->len; i++) {
        const FormQuestion *question = form->questions->pdata[i];
        if (gid != 0 && question->gid != gid) {
            continue;
        }
        gint64 order = question_order(form, question);
        json_object_array_add(list, question_entry(form, question, NULL, order, language));
        for (guint j = 0; j < question->rows->len; j++) {
            const FormSubquestion *row = question->rows->pdata[j];
            json_object_array_add(list, question_entry(form, question, row, ++order, language));
        }
    }
    if (json_object_array_length(list) == 0) {
        json_object_put(list);
        return lime_status(call, "No questions found");
    }
    return list;
}

static json_object *available_answers(const FormQuestion *question)
{
    json_object *answers = json_object_new_object();
    for (guint i = 0; i < question->rows->len; i++) {
        const FormSubquestion *row = question->rows->pdata[i];
        put_text(answers, row->code, row->text);
    }
    return lime_php_array(answers);
}

static json_object *subquestions(const FormQuestion *question)
{
    json_object *rows = json_object_new_object();
    for (guint i = 0; i < question->rows->len; i++) {
        const FormSubquestion *row = question->rows->pdata[i];
        json_object *entry = json_object_new_object();
        put_text(entry, "title", row->code);
        put_text(entry, "question", row->text);
        put_number(entry, "scale_id", row->scale);
        char qid[24];
        g_snprintf(qid, sizeof qid, "%" G_GINT64_FORMAT, row->qid);
        json_object_object_add(rows, qid, entry);
    }
    return rows;
}

/* The options of one scale, or of all (-1), by code. */
static json_object *answer_options(const FormQuestion *question, int scale)
{
    json_object *options = json_object_new_object();
    for (guint i = 0; i < question->options->len; i++) {
        const FormOption *option = question->options->pdata[i];
        if (scale >= 0 && option->scale != scale) {
            continue;
        }
        json_object *entry = json_object_new_object();
        put_text(entry, "answer", option->text);
        put_number(entry, "assessment_value", option->assessment);
        put_number(entry, "scale_id", option->scale);
        put_number(entry, "order", option->order);
        json_object_object_add(options, option->code, entry);
    }
    return lime_php_array(options);
}

/* not supported by a recorded reply: that the two scales come as a list follows from how PHP prints
 * an array with the keys 0 and 1; form-systems.md 1.5 says «scale id, then code». */
static json_object *options_by_scale(const FormQuestion *question)
{
    json_object *scales = json_object_new_object();
    json_object_object_add(scales, "0", answer_options(question, 0));
    json_object_object_add(scales, "1", answer_options(question, 1));
    return lime_php_array(scales);
}

/* Recorded for type F. not supported by a recorded reply: which of them the other types have. */
static json_object *attributes(void)
{
    static const struct {
        const char *name, *value;
    } ATTRIBUTES[] = {
        {"answer_width", ""},          {"array_filter", ""},  {"array_filter_exclude", ""},
        {"array_filter_style", "0"},   {"cssclass", ""},      {"em_validation_q", ""},
        {"exclude_all_others", ""},    {"hidden", "0"},       {"hide_tip", "0"},
        {"max_answers", ""},           {"min_answers", ""},   {"page_break", "0"},
        {"public_statistics", "0"},    {"random_group", ""},  {"random_order", "0"},
        {"repeat_headings", NULL},     {"scale_export", "0"}, {"statistics_graphtype", "0"},
        {"statistics_showgraph", "1"}, {"use_dropdown", "0"},
    };
    json_object *object = json_object_new_object();
    for (size_t i = 0; i < G_N_ELEMENTS(ATTRIBUTES); i++) {
        put_text(object, ATTRIBUTES[i].name, ATTRIBUTES[i].value);
    }
    return object;
}

static json_object *texts_of(const FormQuestion *question, const char *language)
{
    json_object *texts = json_object_new_object();
    put_number(texts, "id", question->qid);
    put_number(texts, "qid", question->qid);
    put_text(texts, "question", question->text);
    put_text(texts, "help", question->help);
    put_text(texts, "script", NULL);
    put_text(texts, "language", language);
    return texts;
}

/* The columns of the questions table. */
static json_object *question_columns(const Form *form, const FormQuestion *question)
{
    const char letter[] = {question->type, '\0'};
    json_object *object = json_object_new_object();
    put_number(object, "qid", question->qid);
    put_number(object, "parent_qid", 0);
    put_number(object, "sid", form->sid);
    put_number(object, "gid", question->gid);
    put_text(object, "type", letter);
    put_text(object, "title", question->code);
    put_text(object, "preg", question->preg);
    put_text(object, "other", question->other ? "Y" : "N");
    put_text(object, "mandatory", question->mandatory);
    put_text(object, "encrypted", "N");
    put_number(object, "question_order", question_order(form, question));
    put_number(object, "scale_id", 0);
    put_number(object, "same_default", 0);
    put_text(object, "relevance", "1");
    put_text(object, "question_theme_name", theme(question->type));
    put_text(object, "modulename", NULL);
    put_number(object, "same_script", 0);
    return object;
}

static json_object *all_properties(const Form *form, const FormQuestion *question,
                                   const char *language)
{
    json_object *object = question_columns(form, question);
    put_text(object, "question", question->text);
    put_text(object, "help", question->help);
    put_text(object, "script", NULL);
    json_object_object_add(object, "questionl10ns", texts_of(question, language));
    const bool rows = question->rows->len > 0;
    json_object_object_add(object, "available_answers",
                           rows ? available_answers(question)
                                : json_object_new_string("No available answers"));
    json_object_object_add(object, "subquestions",
                           rows ? subquestions(question)
                                : json_object_new_string("No available answers"));
    json_object_object_add(object, "attributes", attributes());
    json_object *by_language = json_object_new_object();
    put_text(by_language, "em_validation_q_tip", "");
    put_text(by_language, "printable_help", NULL);
    json_object_object_add(object, "attributes_lang", by_language);
    json_object_object_add(object, "answeroptions",
                           question->options->len > 0
                               ? answer_options(question, -1)
                               : json_object_new_string("No available answer options"));
    put_text(object, "defaultvalue", NULL);
    return object;
}

/* Only the members that settings (an array of names) asks for, in its order; NULL for none. Takes
 * over all. */
static json_object *select_members(json_object *all, json_object *settings)
{
    if (!json_object_is_type(settings, json_type_array) ||
        json_object_array_length(settings) == 0) {
        return all;
    }
    json_object *some = json_object_new_object();
    for (size_t i = 0; i < json_object_array_length(settings); i++) {
        const char *name = json_object_get_string(json_object_array_get_idx(settings, i));
        json_object *value = NULL;
        if (name != NULL && json_object_object_get_ex(all, name, &value)) {
            json_object_object_add(some, name, json_object_get(value));
        }
    }
    json_object_put(all);
    if (json_object_object_length(some) == 0) {
        json_object_put(some);
        return NULL;
    }
    return some;
}

static bool asks_for(json_object *settings, const char *name)
{
    for (size_t i = 0;
         json_object_is_type(settings, json_type_array) && i < json_object_array_length(settings);
         i++) {
        if (g_strcmp0(json_object_get_string(json_object_array_get_idx(settings, i)), name) == 0) {
            return true;
        }
    }
    return false;
}

static const Form *form_of_question(const LimeCall *call, gint64 qid)
{
    for (guint i = 0; i < call->site->forms->len; i++) {
        const Form *form = call->site->forms->pdata[i];
        if (strcmp(form->system, LIMESURVEY.name) == 0 && form_question(form, qid) != NULL) {
            return form;
        }
    }
    return NULL;
}

json_object *lime_get_question_properties(LimeCall *call)
{
    const gint64 qid = lime_number(call, 1, 0);
    const Form *form = form_of_question(call, qid);
    if (form == NULL) {
        return lime_status(call, "Error: Invalid questionid");
    }
    const char *language = language_of(call, form, 3);
    if (language == NULL) {
        return lime_status(call, "Error: Invalid language");
    }
    const FormQuestion *question = form_question(form, qid);
    json_object *settings = json_object_array_length(call->params) > 2
                                ? json_object_array_get_idx(call->params, 2)
                                : NULL;
    json_object *all = all_properties(form, question, language);
    const bool by_scale = asks_for(settings, "answeroptions_multiscale");
    json_object *some = select_members(all, settings);
    if (by_scale) {
        some = some == NULL ? json_object_new_object() : some;
        json_object_object_add(some, "answeroptions", options_by_scale(question));
    }
    return some == NULL ? lime_status(call, "No valid Data") : some;
}

json_object *lime_get_survey_properties(LimeCall *call)
{
    json_object *status = NULL;
    const Form *form = lime_survey(call, &status);
    if (form == NULL) {
        return status;
    }
    json_object *all = json_object_new_object();
    put_number(all, "sid", form->sid);
    put_text(all, "active", form->active ? "Y" : "N");
    put_text(all, "expires", NULL);
    put_text(all, "startdate", NULL);
    put_text(all, "anonymized", form->anonymized ? "Y" : "N");
    put_text(all, "format", "G");
    put_text(all, "savetimings", "N");
    put_text(all, "language", form->language);
    put_text(all, "additional_languages", form->additional_languages);
    put_text(all, "datestamp", form->datestamp ? "Y" : "N");
    put_text(all, "alloweditaftercompletion", "N");
    json_object *some = select_members(all, json_object_array_length(call->params) > 2
                                                ? json_object_array_get_idx(call->params, 2)
                                                : NULL);
    return some == NULL ? lime_status(call, "No valid Data") : some;
}

json_object *lime_get_language_properties(LimeCall *call)
{
    json_object *status = NULL;
    const Form *form = lime_survey(call, &status);
    if (form == NULL) {
        return status;
    }
    const char *language = language_of(call, form, 3);
    if (language == NULL) {
        return lime_status(call, "Error: Invalid language");
    }
    json_object *all = json_object_new_object();
    put_number(all, "surveyls_survey_id", form->sid);
    put_text(all, "surveyls_language", language);
    put_text(all, "surveyls_title", form->title);
    put_text(all, "surveyls_description", "");
    put_text(all, "surveyls_welcometext", "");
    put_number(all, "surveyls_dateformat", 1);
    put_number(all, "surveyls_numberformat", 1);
    put_text(all, "surveyls_attributecaptions", NULL);
    json_object *some = select_members(all, json_object_array_length(call->params) > 2
                                                ? json_object_array_get_idx(call->params, 2)
                                                : NULL);
    return some == NULL ? lime_status(call, "No valid Data") : some;
}

/* not supported by a recorded reply: what every answer tells of a participant, and the columns that
 * were asked for. */
static json_object *participant_shown(const LimeCall *call, json_object *participant)
{
    static const char *const ALWAYS[] = {"tid", "token", "participant_info"};
    json_object *shown = json_object_new_object();
    json_object *columns = json_object_array_get_idx(call->params, 5);
    for (size_t i = 0; i < G_N_ELEMENTS(ALWAYS); i++) {
        json_object *value = json_object_object_get(participant, ALWAYS[i]);
        json_object_object_add(shown, ALWAYS[i], json_object_get(value));
    }
    for (size_t i = 0;
         json_object_is_type(columns, json_type_array) && i < json_object_array_length(columns);
         i++) {
        const char *name = json_object_get_string(json_object_array_get_idx(columns, i));
        json_object *value = name == NULL ? NULL : json_object_object_get(participant, name);
        const bool date = g_strcmp0(name, "sent") == 0 || g_strcmp0(name, "completed") == 0;
        if (name != NULL) {
            json_object_object_add(shown, name,
                                   value == NULL && date ? json_object_new_string("N")
                                                         : json_object_get(value));
        }
    }
    return shown;
}

json_object *lime_list_participants(LimeCall *call)
{
    json_object *status = NULL;
    const Form *form = lime_survey(call, &status);
    if (form == NULL) {
        return status;
    }
    if (form->participants == NULL) {
        return lime_status(call, "Error: No survey participants table");
    }
    const gint64 start = lime_number(call, 2, 0);
    const size_t limit = (size_t)MAX(lime_number(call, 3, 10), 0);
    json_object *page = json_object_new_array();
    for (size_t i = 0; i < json_object_array_length(form->participants); i++) {
        json_object *participant = json_object_array_get_idx(form->participants, i);
        const gint64 tid = json_object_get_int64(json_object_object_get(participant, "tid"));
        if (tid >= start && json_object_array_length(page) < limit) {
            json_object_array_add(page, participant_shown(call, participant));
        }
    }
    if (json_object_array_length(page) == 0) {
        json_object_put(page);
        return lime_status(call, "No survey participants found.");
    }
    return page;
}
