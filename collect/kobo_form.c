#include "collect/kobo_form.h"

#include "collect/json_tree.h"
#include "collect/plain.h"
#include "schemas/error.h"

#include <string.h>

enum { DEPTH = 32, FIELDS_LIMIT = 65536 };

/* What a group of rows is. */
typedef enum { GROUP_PLAIN, GROUP_REPEAT, GROUP_SCORE, GROUP_RANK, GROUP_MATRIX } GroupKind;

typedef struct {
    GroupKind kind;
    char *name, *path, *label;
    const char *list; /* of choices: of a score or rank, or of the rows of a matrix */
    bool conditional; /* shown to some only */
} Group;

typedef struct {
    KoboForm *to;
    json_object *choices;
    int language; /* place in labels */
    Group group[DEPTH];
    int depth;
    int beyond; /* groups that are open deeper than is read */
} Reader;

/* --- words of the asset ---------------------------------------------------------------------- */

static const char *own_name(json_object *row, const char *automatic)
{
    const char *name = json_member_text(row, "name");
    return name && *name ? name : json_member_text(row, automatic);
}

/* Labels stand beside each other, one a language; some are null, and old ones are plain texts. */
static char *label_of(const Reader *reader, json_object *row)
{
    json_object *label = NULL;
    const char *text = NULL;
    json_object_object_get_ex(row, "label", &label);
    if (json_object_is_type(label, json_type_array)) {
        size_t n = json_object_array_length(label);
        text = json_text(json_object_array_get_idx(label, (size_t)reader->language));
        for (size_t i = 0; !text && i < n; i++)
            text = json_text(json_object_array_get_idx(label, i));
    } else {
        text = json_text(label);
    }
    return plain_text(text);
}

static int default_language(json_object *content)
{
    json_object *all = json_at(content, "/translations");
    const char *language = json_text(json_at(content, "/settings/default_language"));
    size_t n = json_object_is_type(all, json_type_array) ? json_object_array_length(all) : 0;
    for (size_t i = 0; i < n; i++)
        if (g_strcmp0(json_text(json_object_array_get_idx(all, i)), language) == 0)
            return (int)i;
    return 0;
}

static const char *in_this_path(const Reader *reader)
{
    return reader->depth ? reader->group[reader->depth - 1].path : "";
}

static char *path_below(const char *path, const char *name)
{
    return *path ? g_strconcat(path, "/", name, NULL) : g_strdup(name);
}

/* --- fields ---------------------------------------------------------------------------------- */

static void field_free(gpointer data)
{
    KoboField *field = data;
    g_free(field->repeat);
    g_free(field);
}

static void add_field(Reader *reader, const char *name, bool conditional)
{
    KoboField *field = g_new0(KoboField, 1);
    for (int i = 0; i < reader->depth; i++) {
        const Group *group = &reader->group[i];
        conditional |= group->conditional;
        if (group->kind == GROUP_REPEAT && !field->repeat)
            field->repeat = g_strdup(group->path);
    }
    field->blank = conditional ? MISSING_UNKNOWN : MISSING_NOT_ANSWERED;
    g_hash_table_replace(reader->to->fields, g_strdup(name), field);
}

static void add_choices(const Reader *reader, FormQuestion *question, const char *list)
{
    size_t n = json_object_is_type(reader->choices, json_type_array)
                   ? json_object_array_length(reader->choices)
                   : 0;
    for (size_t i = 0; list && i < n; i++) {
        json_object *choice = json_object_array_get_idx(reader->choices, i);
        const char *code = own_name(choice, "$autovalue");
        if (!code || g_strcmp0(json_member_text(choice, "list_name"), list) != 0)
            continue;
        g_autofree char *label = label_of(reader, choice);
        form_choice(question, code, label);
    }
}

/* NULL when there are too many, or one of that name is there. */
static FormQuestion *add_question(Reader *reader, const char *name, FormKind kind, const char *type,
                                  const char *text, bool conditional)
{
    Form *form = reader->to->form;
    if (form->questions->len >= FIELDS_LIMIT || form_find(form, name))
        return NULL;
    add_field(reader, name, conditional);
    return form_add(form, name, kind, type, text);
}

/* --- types ----------------------------------------------------------------------------------- */

static const struct {
    const char *type;
    FormKind kind;
} types[] = {
    {"select_one", FORM_SINGLE},
    {"select_one_from_file", FORM_SINGLE},
    {"select_multiple", FORM_MULTI},
    {"select_multiple_from_file", FORM_MULTI},
    {"acknowledge", FORM_SINGLE},
    {"rank", FORM_RANKING},
    {"range", FORM_RATING},
    {"integer", FORM_NUMBER},
    {"decimal", FORM_NUMBER},
    {"date", FORM_DATE},
    {"time", FORM_DATE},
    {"datetime", FORM_DATE},
    {"dateTime", FORM_DATE},
    {"start", FORM_DATE},
    {"end", FORM_DATE},
    {"today", FORM_DATE},
    {"calculate", FORM_COMPUTED},
    {"image", FORM_FILE},
    {"audio", FORM_FILE},
    {"video", FORM_FILE},
    {"file", FORM_FILE},
    {"background-audio", FORM_FILE},
    {"audit", FORM_FILE},
};

static FormKind kind_of(const char *type)
{
    for (size_t i = 0; i < G_N_ELEMENTS(types); i++)
        if (g_str_equal(types[i].type, type))
            return types[i].kind;
    return FORM_TEXT;
}

static bool is_conditional(json_object *row)
{
    const char *relevant = json_member_text(row, "relevant");
    return relevant && *relevant;
}

static char *joined_label(const char *outer, const char *inner)
{
    return *outer && *inner ? g_strconcat(outer, " – ", inner, NULL)
                            : g_strdup(*inner ? inner : outer);
}

/* --- rows ------------------------------------------------------------------------------------ */

/* A cell of every row of a matrix: `<matrix>_<row>/<matrix>_<row>_<column>`. */
static void add_cells(Reader *reader, json_object *row, const char *column, const char *type,
                      const char *list)
{
    const Group *matrix = &reader->group[reader->depth - 1];
    const char *above = reader->depth > 1 ? reader->group[reader->depth - 2].path : "";
    size_t n = json_object_is_type(reader->choices, json_type_array)
                   ? json_object_array_length(reader->choices)
                   : 0;
    for (size_t i = 0; i < n; i++) {
        json_object *item = json_object_array_get_idx(reader->choices, i);
        const char *code = own_name(item, "$autovalue");
        if (!code || g_strcmp0(json_member_text(item, "list_name"), matrix->list) != 0)
            continue;
        g_autofree char *line = g_strconcat(matrix->name, "_", code, NULL);
        g_autofree char *path = path_below(above, line);
        g_autofree char *cell = g_strconcat(path, "/", line, "_", column, NULL);
        g_autofree char *item_label = label_of(reader, item);
        g_autofree char *column_label = label_of(reader, row);
        g_autofree char *outer = joined_label(matrix->label, item_label);
        g_autofree char *label = joined_label(outer, column_label);
        FormQuestion *question =
            add_question(reader, cell, kind_of(type), type, label, is_conditional(row));
        if (question)
            add_choices(reader, question, list);
    }
}

/* One place of a ranking, or one row of a score: a choice of one from the widget's list. */
static void add_level(Reader *reader, json_object *row, const char *name, const char *type)
{
    const Group *widget = &reader->group[reader->depth - 1];
    g_autofree char *path = path_below(widget->path, name);
    g_autofree char *own = label_of(reader, row);
    g_autofree char *label = joined_label(widget->label, own);
    FormQuestion *question =
        add_question(reader, path, widget->kind == GROUP_SCORE ? FORM_RATING : FORM_SINGLE, type,
                     label, is_conditional(row));
    if (question)
        add_choices(reader, question, widget->list);
}

static void add_other(Reader *reader, const char *path, const char *label)
{
    g_autofree char *other = g_strconcat(path, "_other", NULL);
    add_question(reader, other, FORM_TEXT, "text", label, true);
}

static void add_plain(Reader *reader, json_object *row, const char *name, const char *type,
                      const char *list, bool or_other)
{
    const char *xpath = json_member_text(row, "$xpath");
    g_autofree char *path =
        xpath && *xpath ? g_strdup(xpath) : path_below(in_this_path(reader), name);
    g_autofree char *label = label_of(reader, row);
    FormQuestion *question =
        add_question(reader, path, kind_of(type), type, label, is_conditional(row));
    if (!question)
        return;
    add_choices(reader, question, list);
    if (g_str_equal(type, "acknowledge"))
        form_choice(question, "OK", "OK");
    if (or_other) {
        form_choice(question, "other", "other");
        add_other(reader, path, label);
    }
}

static void read_question(Reader *reader, json_object *row, const char *whole_type)
{
    /* In raw forms the list stands beside the type: `select_one roller or_other`. */
    g_auto(GStrv) words = g_strsplit(whole_type, " ", -1);
    const char *type = words[0], *name = own_name(row, "$autoname");
    const char *list = json_member_text(row, "select_from_list_name");
    json_object *flag = json_at(row, "/_or_other");
    bool or_other =
        g_str_has_suffix(whole_type, " or_other") || (flag && json_object_get_boolean(flag));
    GroupKind in = reader->depth ? reader->group[reader->depth - 1].kind : GROUP_PLAIN;
    if (!name || !*name || g_str_equal(type, "note"))
        return;
    if (!list && words[1])
        list = words[1];
    if (in == GROUP_MATRIX)
        add_cells(reader, row, name, type, list);
    else if (g_str_equal(type, "score__row") || g_str_equal(type, "rank__level"))
        add_level(reader, row, name, type);
    else
        add_plain(reader, row, name, type, list, or_other);
}

/* --- groups ---------------------------------------------------------------------------------- */

static const struct {
    const char *type;
    GroupKind kind;
    const char *list; /* the member that names its list of choices */
} group_types[] = {
    {"group", GROUP_PLAIN, NULL},
    {"repeat", GROUP_REPEAT, NULL},
    {"score", GROUP_SCORE, "kobo--score-choices"},
    {"rank", GROUP_RANK, "kobo--rank-items"},
    {"kobomatrix", GROUP_MATRIX, "kobo--matrix_list"},
};

/* `begin_group` and, in raw forms, `begin group`. */
static const char *behind(const char *type, const char *word)
{
    size_t n = strlen(word);
    return strncmp(type, word, n) == 0 && (type[n] == '_' || type[n] == ' ') ? type + n + 1 : NULL;
}

static void open_group(Reader *reader, json_object *row, const char *type)
{
    const char *name = own_name(row, "$autoname");
    if (reader->depth == DEPTH || reader->beyond) {
        reader->beyond++;
        return;
    }
    Group group = {.conditional = is_conditional(row)};
    for (size_t i = 0; i < G_N_ELEMENTS(group_types); i++)
        if (g_str_equal(type, group_types[i].type)) {
            group.kind = group_types[i].kind;
            group.list = group_types[i].list ? json_member_text(row, group_types[i].list) : NULL;
        }
    group.name = g_strdup(name ? name : "");
    group.path = path_below(in_this_path(reader), group.name);
    group.label = label_of(reader, row);
    reader->group[reader->depth++] = group;
}

static void close_group(Reader *reader)
{
    if (reader->beyond) {
        reader->beyond--;
    } else if (reader->depth) {
        Group *group = &reader->group[--reader->depth];
        g_free(group->name);
        g_free(group->path);
        g_free(group->label);
    }
}

static void read_rows(Reader *reader, json_object *rows)
{
    for (size_t i = 0; i < json_object_array_length(rows); i++) {
        json_object *row = json_object_array_get_idx(rows, i);
        const char *type = json_member_text(row, "type");
        const char *begins = type ? behind(type, "begin") : NULL;
        if (!type || !*type)
            continue;
        if (begins)
            open_group(reader, row, begins);
        else if (behind(type, "end"))
            close_group(reader);
        else if (!reader->beyond)
            read_question(reader, row, type);
    }
    while (reader->depth || reader->beyond)
        close_group(reader);
}

/* --- the form -------------------------------------------------------------------------------- */

KoboForm *kobo_form_read(json_object *asset, GError **error)
{
    json_object *content = json_at(asset, "/content");
    json_object *rows = json_at(content, "/survey");
    const char *uid = json_member_text(asset, "uid");
    if (!json_object_is_type(rows, json_type_array) || !uid) {
        g_set_error_literal(error, INNSIKT_ERROR, INNSIKT_ERROR_PROTOCOL,
                            "KoboToolbox answers the call for the form with something else; check "
                            "that `form:` is the id of a form");
        return NULL;
    }
    KoboForm *to = g_new0(KoboForm, 1);
    to->form = form_new(uid);
    to->form->title = g_strdup(json_member_text(asset, "name"));
    to->form->version = g_strdup(json_member_text(asset, "deployed_version_id"));
    to->form->language = g_strdup(json_text(json_at(content, "/settings/default_language")));
    to->fields = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, field_free);
    Reader reader = {
        .to = to, .choices = json_at(content, "/choices"), .language = default_language(content)};
    read_rows(&reader, rows);
    return to;
}

void kobo_form_free(KoboForm *form)
{
    if (!form)
        return;
    g_clear_pointer(&form->form, form_free);
    g_hash_table_unref(form->fields);
    g_free(form);
}

const KoboField *kobo_form_field(const KoboForm *form, const char *name)
{
    return g_hash_table_lookup(form->fields, name);
}
