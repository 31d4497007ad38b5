#include "samples/server/form.h"

#include <gio/gio.h>
#include <string.h>

static const gint64 MOST_ID = (G_GINT64_CONSTANT(1) << 53) - 1; /* what any JSON reader keeps */

static bool invalid(GError **error, const char *format, ...) G_GNUC_PRINTF(2, 3);
static bool invalid(GError **error, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    g_autofree char *message = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    g_set_error_literal(error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, message);
    return false;
}

static json_object *member(json_object *object, const char *key)
{
    json_object *value = NULL;
    json_object_object_get_ex(object, key, &value);
    return value;
}

/* A copy of a text member; null and absent give a copy of otherwise, which may be NULL. */
static char *text_member(json_object *object, const char *key, const char *otherwise)
{
    json_object *value = member(object, key);
    return g_strdup(value == NULL ? otherwise : json_object_get_string(value));
}

static gint64 number_member(json_object *object, const char *key, gint64 otherwise)
{
    json_object *value = member(object, key);
    return value == NULL ? otherwise : json_object_get_int64(value);
}

/* "Y", true and 1 are yes. */
static bool flag_member(json_object *object, const char *key, bool otherwise)
{
    json_object *value = member(object, key);
    if (value == NULL) {
        return otherwise;
    }
    return json_object_is_type(value, json_type_string)
               ? strcmp(json_object_get_string(value), "Y") == 0
               : json_object_get_boolean(value);
}

static void group_free(gpointer data)
{
    FormGroup *group = data;
    g_free(group->name);
    g_free(group->description);
    g_free(group);
}

static void row_free(gpointer data)
{
    FormSubquestion *row = data;
    g_free(row->code);
    g_free(row->text);
    g_free(row);
}

static void option_free(gpointer data)
{
    FormOption *option = data;
    g_free(option->code);
    g_free(option->text);
    g_free(option);
}

static void question_free(gpointer data)
{
    FormQuestion *question = data;
    g_free(question->code);
    g_free(question->text);
    g_free(question->help);
    g_free(question->preg);
    g_free(question->mandatory);
    g_ptr_array_unref(question->rows);
    g_ptr_array_unref(question->options);
    g_free(question);
}

static void cell_free(gpointer data)
{
    FormCell *cell = data;
    g_free(cell->heading);
    g_free(cell->field);
    g_clear_pointer(&cell->pool, g_ptr_array_unref);
    g_free(cell);
}

/* An array member's elements through `read`; absent is empty. */
static bool read_each(json_object *object, const char *key, gpointer into,
                      bool (*read)(gpointer into, json_object *element, GError **error),
                      GError **error)
{
    json_object *array = member(object, key);
    if (array == NULL) {
        return true;
    }
    if (!json_object_is_type(array, json_type_array)) {
        return invalid(error, "\"%s\" is not an array", key);
    }
    for (size_t i = 0; i < json_object_array_length(array); i++) {
        json_object *element = json_object_array_get_idx(array, i);
        if (!json_object_is_type(element, json_type_object)) {
            return invalid(error, "\"%s\"[%zu] is not an object", key, i);
        }
        if (!read(into, element, error)) {
            g_prefix_error(error, "\"%s\"[%zu]: ", key, i);
            return false;
        }
    }
    return true;
}

static bool read_group(gpointer into, json_object *element, GError **error)
{
    (void)error;
    FormGroup *group = g_new0(FormGroup, 1);
    group->gid = number_member(element, "gid", 0);
    group->name = text_member(element, "name", "");
    group->description = text_member(element, "description", "");
    g_ptr_array_add(into, group);
    return true;
}

static bool read_row(gpointer into, json_object *element, GError **error)
{
    if (member(element, "code") == NULL) {
        return invalid(error, "a subquestion without \"code\"");
    }
    FormSubquestion *row = g_new0(FormSubquestion, 1);
    row->qid = number_member(element, "qid", 0);
    row->code = text_member(element, "code", "");
    row->text = text_member(element, "text", "");
    row->scale = (int)number_member(element, "scale_id", 0);
    g_ptr_array_add(into, row);
    return true;
}

static bool read_option(gpointer into, json_object *element, GError **error)
{
    if (member(element, "code") == NULL) {
        return invalid(error, "an answer option without \"code\"");
    }
    GPtrArray *options = into;
    FormOption *option = g_new0(FormOption, 1);
    option->code = text_member(element, "code", "");
    option->text = text_member(element, "text", "");
    option->order = (int)number_member(element, "order", options->len + 1);
    option->assessment = (int)number_member(element, "assessment_value", 0);
    option->scale = (int)number_member(element, "scale_id", 0);
    g_ptr_array_add(options, option);
    return true;
}

static bool read_question(gpointer into, json_object *element, GError **error)
{
    Form *form = into;
    FormQuestion *question = g_new0(FormQuestion, 1);
    question->qid = number_member(element, "qid", 0);
    question->gid = number_member(element, "gid", 0);
    question->code = text_member(element, "code", "");
    question->text = text_member(element, "text", "");
    question->help = text_member(element, "help", "");
    question->preg = text_member(element, "preg", "");
    question->mandatory = text_member(element, "mandatory", "N");
    g_autofree char *type = text_member(element, "type", "");
    question->type = type[0];
    question->other = flag_member(element, "other", false);
    question->rows = g_ptr_array_new_with_free_func(row_free);
    question->options = g_ptr_array_new_with_free_func(option_free);
    g_ptr_array_add(form->questions, question);
    if (question->code[0] == '\0' || question->qid <= 0) {
        return invalid(error, "a question needs \"code\" and a \"qid\" above 0");
    }
    if (strlen(type) != 1 || strchr("L!O5YGMPABCEFH1:;KNQSTUDRI*X|", type[0]) == NULL) {
        return invalid(error, "question %s: no type \"%s\"", question->code, type);
    }
    return read_each(element, "subquestions", question->rows, read_row, error) &&
           read_each(element, "answers", question->options, read_option, error);
}

static guint group_place(const Form *form, gint64 gid)
{
    guint place = 0;
    while (place < form->groups->len && ((FormGroup *)form->groups->pdata[place])->gid != gid) {
        place++;
    }
    return place;
}

/* The questions group by group; within a group the file's order stands. */
static bool order_questions(Form *form, GError **error)
{
    GPtrArray *ordered = g_ptr_array_new_with_free_func(question_free);
    for (guint place = 0; place <= form->groups->len; place++) {
        for (guint i = 0; i < form->questions->len; i++) {
            FormQuestion *question = form->questions->pdata[i];
            if (group_place(form, question->gid) == place) {
                g_ptr_array_add(ordered, question);
                form_add_cells(form, question);
            }
        }
    }
    g_ptr_array_set_free_func(form->questions, NULL);
    g_ptr_array_unref(form->questions);
    form->questions = ordered;
    const FormQuestion *last =
        ordered->len == 0 ? NULL : (const FormQuestion *)ordered->pdata[ordered->len - 1];
    if (last != NULL && group_place(form, last->gid) == form->groups->len) {
        return invalid(error, "question %s is in group %" G_GINT64_FORMAT ", which is not listed",
                       last->code, last->gid);
    }
    return true;
}

static FormCell *find_cell(const Form *form, const char *heading, guint *ret_place)
{
    for (guint i = 0; i < form->cells->len; i++) {
        FormCell *cell = form->cells->pdata[i];
        if (strcmp(cell->heading, heading) == 0) {
            *ret_place = i;
            return cell;
        }
    }
    return NULL;
}

static void response_clear(gpointer data)
{
    FormResponse *response = data;
    g_free(response->submitdate);
    g_free(response->startdate);
    g_free(response->datestamp);
    g_free(response->startlanguage);
    g_free(response->seed);
    g_free(response->token);
    for (guint i = 0; i < response->n_cells; i++) {
        g_free(response->cells[i]);
    }
    g_free(response->cells);
}

FormResponse *form_response_new(gint64 id, guint n_cells)
{
    FormResponse *response = g_rc_box_new0(FormResponse);
    response->id = id;
    response->lastpage = -1;
    response->cells = g_new0(char *, n_cells);
    response->n_cells = n_cells;
    return response;
}

void form_response_unref(FormResponse *response)
{
    g_rc_box_release_full(response, response_clear);
}

static void replace_text(json_object *source, const char *key, char **text)
{
    if (json_object_object_get_ex(source, key, NULL)) {
        g_free(*text);
        *text = text_member(source, key, NULL);
    }
}

static bool set_answers(const Form *form, FormResponse *response, json_object *answers,
                        GError **error)
{
    if (answers == NULL) {
        return true;
    }
    if (!json_object_is_type(answers, json_type_object)) {
        return invalid(error, "\"answers\" is not an object");
    }
    json_object_object_foreach(answers, heading, value)
    {
        guint place;
        if (find_cell(form, heading, &place) == NULL) {
            return invalid(error, "\"answers\" names %s, which form %" G_GINT64_FORMAT " has not",
                           heading, form->sid);
        }
        g_free(response->cells[place]);
        response->cells[place] = g_strdup(value == NULL ? NULL : json_object_get_string(value));
    }
    return true;
}

static bool set_response(const Form *form, FormResponse *response, json_object *source,
                         GError **error)
{
    response->lastpage = number_member(source, "lastpage", response->lastpage);
    replace_text(source, "submitdate", &response->submitdate);
    replace_text(source, "startdate", &response->startdate);
    replace_text(source, "datestamp", &response->datestamp);
    replace_text(source, "startlanguage", &response->startlanguage);
    replace_text(source, "seed", &response->seed);
    replace_text(source, "token", &response->token);
    return set_answers(form, response, member(source, "answers"), error);
}

static void put_response(Form *form, FormResponse *response)
{
    gint64 *key = g_memdup2(&response->id, sizeof response->id);
    g_tree_replace(form->responses, key, response);
}

bool form_add(Form *form, json_object *response, GError **error)
{
    const gint64 id = number_member(response, "id", 0);
    if (id <= 0 || id > MOST_ID) {
        return invalid(error, "a response needs an \"id\" above 0 and below 2^53");
    }
    g_autoptr(FormResponse) added = form_response_new(id, form->cells->len);
    if (!set_response(form, added, response, error)) {
        g_prefix_error(error, "response %" G_GINT64_FORMAT ": ", id);
        return false;
    }
    put_response(form, g_steal_pointer(&added));
    return true;
}

static FormResponse *copy_response(const FormResponse *source)
{
    FormResponse *copy = form_response_new(source->id, source->n_cells);
    copy->lastpage = source->lastpage;
    copy->submitdate = g_strdup(source->submitdate);
    copy->startdate = g_strdup(source->startdate);
    copy->datestamp = g_strdup(source->datestamp);
    copy->startlanguage = g_strdup(source->startlanguage);
    copy->seed = g_strdup(source->seed);
    copy->token = g_strdup(source->token);
    for (guint i = 0; i < source->n_cells; i++) {
        copy->cells[i] = g_strdup(source->cells[i]);
    }
    return copy;
}

bool form_edit(Form *form, json_object *change, GError **error)
{
    const gint64 id = number_member(change, "id", 0);
    g_autoptr(FormResponse) before = form_next(form, id, id);
    if (before == NULL) {
        return invalid(error, "form %" G_GINT64_FORMAT " has no response %" G_GINT64_FORMAT,
                       form->sid, id);
    }
    g_autoptr(FormResponse) after = copy_response(before);
    if (!set_response(form, after, change, error)) {
        return false;
    }
    put_response(form, g_steal_pointer(&after));
    return true;
}

bool form_delete(Form *form, gint64 id)
{
    g_autoptr(FormResponse) before = form_next(form, id, id);
    if (before != NULL) {
        FormResponse *mark = form_response_new(id, 0);
        mark->deleted = true;
        put_response(form, mark);
    }
    return before != NULL;
}

void form_clear(Form *form)
{
    g_tree_remove_all(form->responses);
    form->generated = 0;
}

const FormQuestion *form_question(const Form *form, gint64 qid)
{
    for (guint i = 0; i < form->questions->len; i++) {
        const FormQuestion *question = form->questions->pdata[i];
        if (question->qid == qid) {
            return question;
        }
    }
    return NULL;
}

/* The first id from `from` on that is made up on demand, G_MAXINT64 when there is none. */
static gint64 next_generated(const Form *form, gint64 from)
{
    const gint64 id = MAX(from, form->generated_from);
    return id - form->generated_from < form->generated ? id : G_MAXINT64;
}

FormResponse *form_next(const Form *form, gint64 from, gint64 to)
{
    GTreeNode *node = g_tree_lower_bound(form->responses, &from);
    for (;;) {
        const gint64 kept = node == NULL ? G_MAXINT64 : *(const gint64 *)g_tree_node_key(node);
        const gint64 made = next_generated(form, from);
        const gint64 id = MIN(kept, made);
        if (id > to || id == G_MAXINT64) {
            return NULL;
        }
        if (made < kept) {
            return form_generate(form, made);
        }
        FormResponse *response = g_tree_node_value(node);
        if (!response->deleted) {
            return g_rc_box_acquire(response);
        }
        from = id + 1;
        node = g_tree_node_next(node);
    }
}

void form_shift_ids(Form *form, gint64 groups_by, gint64 questions_by)
{
    for (guint i = 0; i < form->groups->len; i++) {
        ((FormGroup *)form->groups->pdata[i])->gid += groups_by;
    }
    for (guint i = 0; i < form->questions->len; i++) {
        FormQuestion *question = form->questions->pdata[i];
        question->gid += groups_by;
        question->qid += questions_by;
        for (guint j = 0; j < question->rows->len; j++) {
            ((FormSubquestion *)question->rows->pdata[j])->qid += questions_by;
        }
    }
}

typedef struct {
    const Form *form;
    gint64 complete, incomplete;
} Count;

/* Adds what the tree holds and takes off what it hides of the generated ones. */
static gboolean count_kept(gpointer key, gpointer value, gpointer data)
{
    Count *count = data;
    const FormResponse *response = value;
    const gint64 id = *(const gint64 *)key;
    if (next_generated(count->form, id) == id) {
        *(form_generates_complete(count->form, id) ? &count->complete : &count->incomplete) -= 1;
    }
    if (!response->deleted) {
        *(response->submitdate != NULL ? &count->complete : &count->incomplete) += 1;
    }
    return FALSE;
}

void form_count(const Form *form, gint64 *ret_complete, gint64 *ret_incomplete)
{
    Count count = {.form = form};
    for (gint64 i = 0; i < form->generated; i++) {
        count.complete += form_generates_complete(form, form->generated_from + i);
    }
    count.incomplete = form->generated - count.complete;
    g_tree_foreach(form->responses, count_kept, &count);
    *ret_complete = count.complete;
    *ret_incomplete = count.incomplete;
}

static bool read_response(gpointer into, json_object *element, GError **error)
{
    return form_add(into, element, error);
}

/* "values": {"ORG": ["…", …]} says what the generated answers of a cell are drawn from. */
static bool read_pools(Form *form, json_object *values, GError **error)
{
    if (values == NULL) {
        return true;
    }
    if (!json_object_is_type(values, json_type_object)) {
        return invalid(error, "\"generate\": \"values\" is not an object");
    }
    json_object_object_foreach(values, heading, pool)
    {
        guint place;
        FormCell *cell = find_cell(form, heading, &place);
        if (cell == NULL || !json_object_is_type(pool, json_type_array) ||
            json_object_array_length(pool) == 0) {
            return invalid(error,
                           "\"generate\": \"values\" of %s: no such cell, or no array of texts",
                           heading);
        }
        g_clear_pointer(&cell->pool, g_ptr_array_unref);
        cell->pool = g_ptr_array_new_with_free_func(g_free);
        for (size_t i = 0; i < json_object_array_length(pool); i++) {
            const char *text = json_object_get_string(json_object_array_get_idx(pool, i));
            g_ptr_array_add(cell->pool, g_strdup(text));
        }
    }
    return true;
}

static bool read_generate(Form *form, json_object *generate, GError **error)
{
    if (generate == NULL) {
        return true;
    }
    GTreeNode *last = g_tree_node_last(form->responses);
    const gint64 after = last == NULL ? 0 : *(const gint64 *)g_tree_node_key(last);
    form->generated = number_member(generate, "responses", 0);
    form->generated_from = number_member(generate, "from", after + 1);
    form->seed = (guint64)number_member(generate, "seed", 0);
    if (form->generated < 0 || form->generated > G_MAXINT32 || form->generated_from < 1 ||
        form->generated_from > MOST_ID) {
        return invalid(error, "\"generate\": \"responses\" and \"from\" are counts up to 2^31");
    }
    return read_pools(form, member(generate, "values"), error);
}

static gint compare_ids(gconstpointer a, gconstpointer b, gpointer unused)
{
    (void)unused;
    const gint64 left = *(const gint64 *)a;
    const gint64 right = *(const gint64 *)b;
    return (left > right) - (left < right);
}

static void release_response(gpointer response)
{
    form_response_unref(response);
}

static Form *form_new(json_object *source)
{
    Form *form = g_new0(Form, 1);
    form->system = text_member(source, "system", "");
    form->sid = number_member(source, "sid", 0);
    form->title = text_member(source, "title", "");
    form->language = text_member(source, "language", "");
    form->additional_languages = text_member(source, "additional_languages", "");
    form->active = flag_member(source, "active", true);
    form->anonymized = flag_member(source, "anonymized", false);
    form->datestamp = flag_member(source, "datestamp", false);
    form->participants = json_object_get(member(source, "participants"));
    form->groups = g_ptr_array_new_with_free_func(group_free);
    form->questions = g_ptr_array_new_with_free_func(question_free);
    form->cells = g_ptr_array_new_with_free_func(cell_free);
    form->responses = g_tree_new_full(compare_ids, NULL, g_free, release_response);
    form->generated_from = 1;
    return form;
}

void form_free(Form *form)
{
    if (form == NULL) {
        return;
    }
    g_free(form->system);
    g_free(form->title);
    g_free(form->language);
    g_free(form->additional_languages);
    json_object_put(form->participants);
    g_tree_unref(form->responses);
    g_ptr_array_unref(form->cells);
    g_ptr_array_unref(form->questions);
    g_ptr_array_unref(form->groups);
    g_free(form);
}

static json_object *read_json(const char *path, GError **error)
{
    g_autofree char *text = NULL;
    gsize length;
    if (!g_file_get_contents(path, &text, &length, error)) {
        return NULL;
    }
    if (length > G_MAXINT32 || !g_utf8_validate(text, (gssize)length, NULL)) {
        invalid(error, "not a JSON file in UTF-8");
        return NULL;
    }
    struct json_tokener *parser = json_tokener_new();
    json_object *value = json_tokener_parse_ex(parser, text, (int)length + 1);
    if (!json_object_is_type(value, json_type_object)) {
        invalid(error, "not a JSON object: %s at byte %zu",
                json_tokener_error_desc(json_tokener_get_error(parser)),
                json_tokener_get_parse_end(parser));
        json_object_put(value);
        value = NULL;
    }
    json_tokener_free(parser);
    return value;
}

static bool accept_participant(gpointer into, json_object *element, GError **error)
{
    (void)into;
    return member(element, "tid") != NULL || invalid(error, "a participant without \"tid\"");
}

static bool read_form(Form *form, json_object *source, GError **error)
{
    return read_each(source, "participants", form, accept_participant, error) &&
           read_each(source, "groups", form->groups, read_group, error) &&
           read_each(source, "questions", form, read_question, error) &&
           order_questions(form, error) &&
           read_each(source, "responses", form, read_response, error) &&
           read_generate(form, member(source, "generate"), error);
}

Form *form_read(const char *path, GError **error)
{
    json_object *source = read_json(path, error);
    g_autoptr(Form) form = source == NULL ? NULL : form_new(source);
    if (form == NULL || !read_form(form, source, error)) {
        g_prefix_error(error, "%s: ", path);
        g_clear_pointer(&form, form_free);
    }
    json_object_put(source);
    return g_steal_pointer(&form);
}
