#include "collect/limesurvey_form.h"

#include "collect/limesurvey_session.h"
#include "collect/plain.h"

#include <string.h>

/* How a type's columns are named. */
typedef enum {
    SHAPE_NONE,         /* shows a text, asks nothing */
    SHAPE_ONE,          /* CODE, and CODE[other] where the question allows it */
    SHAPE_ONE_COMMENT,  /* CODE, CODE[comment] */
    SHAPE_FILE,         /* CODE, CODE[filecount] */
    SHAPE_ROWS,         /* CODE[SUB], and CODE[other] */
    SHAPE_ROWS_COMMENT, /* CODE[SUB], CODE[SUBcomment], CODE[other], CODE[othercomment] */
    SHAPE_DUAL,         /* CODE[SUB][1], CODE[SUB][2] */
    SHAPE_GRID,         /* CODE[ROW_COL] */
    SHAPE_RANKS,        /* CODE[1], CODE[2] … */
} Shape;

typedef struct {
    char letter;
    Shape shape;
    FormKind kind;
    bool options;      /* has answer options of its own */
    const char *fixed; /* codes that go without saying, parted by blanks */
} Type;

static const Type types[] = {
    {'L', SHAPE_ONE, FORM_SINGLE, true, NULL},
    {'!', SHAPE_ONE, FORM_SINGLE, true, NULL},
    {'O', SHAPE_ONE_COMMENT, FORM_SINGLE, true, NULL},
    {'5', SHAPE_ONE, FORM_RATING, false, "1 2 3 4 5"},
    {'Y', SHAPE_ONE, FORM_SINGLE, false, "Y N"},
    {'G', SHAPE_ONE, FORM_SINGLE, false, "M F"},
    {'M', SHAPE_ROWS, FORM_MULTI, false, "Y"},
    {'P', SHAPE_ROWS_COMMENT, FORM_MULTI, false, "Y"},
    {'A', SHAPE_ROWS, FORM_RATING, false, "1 2 3 4 5"},
    {'B', SHAPE_ROWS, FORM_RATING, false, "1 2 3 4 5 6 7 8 9 10"},
    {'C', SHAPE_ROWS, FORM_SINGLE, false, "Y N U"},
    {'E', SHAPE_ROWS, FORM_SINGLE, false, "I S D"},
    {'F', SHAPE_ROWS, FORM_SINGLE, true, NULL},
    {'H', SHAPE_ROWS, FORM_SINGLE, true, NULL},
    {'1', SHAPE_DUAL, FORM_SINGLE, true, NULL},
    {':', SHAPE_GRID, FORM_NUMBER, false, NULL},
    {';', SHAPE_GRID, FORM_TEXT, false, NULL},
    {'K', SHAPE_ROWS, FORM_NUMBER, false, NULL},
    {'Q', SHAPE_ROWS, FORM_TEXT, false, NULL},
    {'N', SHAPE_ONE, FORM_NUMBER, false, NULL},
    {'S', SHAPE_ONE, FORM_TEXT, false, NULL},
    {'T', SHAPE_ONE, FORM_TEXT, false, NULL},
    {'U', SHAPE_ONE, FORM_TEXT, false, NULL},
    {'D', SHAPE_ONE, FORM_DATE, false, NULL},
    {'R', SHAPE_RANKS, FORM_RANKING, true, NULL},
    {'I', SHAPE_ONE, FORM_SINGLE, false, NULL},
    {'*', SHAPE_ONE, FORM_COMPUTED, false, NULL},
    {'X', SHAPE_NONE, FORM_TEXT, false, NULL},
    {'|', SHAPE_FILE, FORM_FILE, false, NULL},
};

/* A type that came after this was written: taken as text, by rows when it has any. */
static const Type unknown_type = {'?', SHAPE_ROWS, FORM_TEXT, false, NULL};

static const Type *find_type(const char *letter)
{
    for (size_t i = 0; letter && i < G_N_ELEMENTS(types); i++)
        if (types[i].letter == letter[0] && letter[1] == '\0')
            return &types[i];
    return &unknown_type;
}

const char *ls_form_options_property(const char *type)
{
    const Type *known = find_type(type);
    if (!known->options)
        return NULL;
    return known->shape == SHAPE_DUAL ? "answeroptions_multiscale" : "answeroptions";
}

/* One answer option, to be sorted into the order people see. */
typedef struct {
    char *code, *text;
    gint64 order;
    guint nth; /* as it came, for equal orders */
} Option;

static void option_clear(gpointer data)
{
    Option *option = data;
    g_free(option->code);
    g_free(option->text);
}

static gint by_order(gconstpointer a, gconstpointer b)
{
    const Option *x = a, *y = b;
    if (x->order != y->order)
        return x->order < y->order ? -1 : 1;
    return x->nth < y->nth ? -1 : 1;
}

static void add_option(GArray *options, const char *code, json_object *value)
{
    const char *text = ls_member(value, "answer"), *order = ls_member(value, "order");
    if (!json_object_is_type(value, json_type_object))
        return;
    Option option = {.code = g_strdup(code),
                     .text = plain_text(text),
                     .order = order ? g_ascii_strtoll(order, NULL, 10) : 0,
                     .nth = options->len};
    g_array_append_val(options, option);
}

/* Options are an object by code; PHP makes a list of it when the codes happen to be 0, 1, 2 …; and
 * a sentence when there are none. */
static GArray *read_options(json_object *from)
{
    GArray *options = g_array_new(FALSE, FALSE, sizeof(Option));
    g_array_set_clear_func(options, option_clear);
    if (json_object_is_type(from, json_type_array)) {
        for (size_t i = 0; i < json_object_array_length(from); i++) {
            g_autofree char *code = g_strdup_printf("%zu", i);
            add_option(options, code, json_object_array_get_idx(from, i));
        }
    } else if (json_object_is_type(from, json_type_object)) {
        json_object_object_foreach(from, code, value)
        {
            add_option(options, code, value);
        }
    }
    g_array_sort(options, by_order);
    return options;
}

/* The options of one scale of a dual question: an object, or a list, by scale. */
static json_object *scale_options(json_object *all, int scale)
{
    if (json_object_is_type(all, json_type_array))
        return json_object_array_get_idx(all, (size_t)scale);
    g_autofree char *key = g_strdup_printf("%d", scale);
    json_object *found = NULL;
    if (json_object_is_type(all, json_type_object))
        json_object_object_get_ex(all, key, &found);
    return found;
}

/* One question while its columns are added. */
typedef struct {
    Form *form;
    const Type *type;
    const char *letter, *code;
    char *text;
    json_object *options; /* as it came; may be NULL */
    GPtrArray *rows;      /* json_object *: its subquestions in order; of scale 0 */
    GPtrArray *columns;   /* of scale 1 */
    bool other;
} Question;

static void add_choices(FormQuestion *to, const Question *q, json_object *options)
{
    if (q->type->fixed) {
        g_auto(GStrv) codes = g_strsplit(q->type->fixed, " ", -1);
        for (size_t i = 0; codes[i]; i++)
            form_choice(to, codes[i], codes[i]);
        return;
    }
    g_autoptr(GArray) sorted = read_options(options);
    for (guint i = 0; i < sorted->len; i++) {
        const Option *option = &g_array_index(sorted, Option, i);
        form_choice(to, option->code, option->text);
    }
}

/* A column that takes the question's codes. */
static void add_coded(const Question *q, const char *name, const char *row, json_object *options)
{
    g_autofree char *text = row ? g_strdup_printf("%s – %s", q->text, row) : g_strdup(q->text);
    FormQuestion *added = form_add(q->form, name, q->type->kind, q->letter, text);
    add_choices(added, q, options);
}

/* A column that takes free text beside the codes: CODE[other], CODE[SUBcomment] … */
static void add_free(const Question *q, const char *suffix, FormKind kind)
{
    g_autofree char *name = g_strdup_printf("%s[%s]", q->code, suffix);
    g_autofree char *text = g_strdup_printf("%s [%s]", q->text, suffix);
    form_add(q->form, name, kind, q->letter, text);
}

static void add_one(const Question *q)
{
    add_coded(q, q->code, NULL, q->options);
    if (q->other) {
        FormQuestion *added = g_ptr_array_index(q->form->questions, q->form->questions->len - 1);
        form_choice(added, "-oth-", "[other]");
        add_free(q, "other", FORM_TEXT);
    }
}

static void add_rows(const Question *q, bool comments)
{
    for (guint i = 0; i < q->rows->len; i++) {
        json_object *row = g_ptr_array_index(q->rows, i);
        const char *sub = ls_member(row, "title");
        g_autofree char *name = g_strdup_printf("%s[%s]", q->code, sub);
        g_autofree char *text = plain_text(ls_member(row, "question"));
        g_autofree char *comment = g_strdup_printf("%scomment", sub);
        add_coded(q, name, text, q->options);
        if (comments)
            add_free(q, comment, FORM_TEXT);
    }
    if (q->other)
        add_free(q, "other", FORM_TEXT);
    if (q->other && comments)
        add_free(q, "othercomment", FORM_TEXT);
}

static void add_dual(const Question *q)
{
    for (guint i = 0; i < q->rows->len; i++) {
        json_object *row = g_ptr_array_index(q->rows, i);
        g_autofree char *text = plain_text(ls_member(row, "question"));
        for (int scale = 0; scale < 2; scale++) {
            g_autofree char *name =
                g_strdup_printf("%s[%s][%d]", q->code, ls_member(row, "title"), scale + 1);
            add_coded(q, name, text, scale_options(q->options, scale));
        }
    }
}

static void add_grid(const Question *q)
{
    for (guint i = 0; i < q->rows->len; i++)
        for (guint j = 0; j < q->columns->len; j++) {
            json_object *row = g_ptr_array_index(q->rows, i);
            json_object *column = g_ptr_array_index(q->columns, j);
            g_autofree char *name = g_strdup_printf("%s[%s_%s]", q->code, ls_member(row, "title"),
                                                    ls_member(column, "title"));
            g_autofree char *left = plain_text(ls_member(row, "question"));
            g_autofree char *top = plain_text(ls_member(column, "question"));
            g_autofree char *cell = g_strdup_printf("%s – %s", left, top);
            add_coded(q, name, cell, NULL);
        }
}

/* As many places as there are things to rank: options, or subquestions in newer versions. */
static void add_ranks(const Question *q)
{
    g_autoptr(GArray) options = read_options(q->options);
    guint places = options->len > 0 ? options->len : q->rows->len;
    for (guint i = 1; i <= places; i++) {
        g_autofree char *name = g_strdup_printf("%s[%u]", q->code, i);
        g_autofree char *place = g_strdup_printf("%u", i);
        add_coded(q, name, place, q->options);
    }
}

static void add_question(const Question *q)
{
    switch (q->type == &unknown_type && q->rows->len == 0 ? SHAPE_ONE : q->type->shape) {
    case SHAPE_NONE:
        break;
    case SHAPE_ONE:
        add_one(q);
        break;
    case SHAPE_ONE_COMMENT:
        add_coded(q, q->code, NULL, q->options);
        add_free(q, "comment", FORM_TEXT);
        break;
    case SHAPE_FILE:
        add_coded(q, q->code, NULL, NULL);
        add_free(q, "filecount", FORM_NUMBER);
        break;
    case SHAPE_ROWS:
        add_rows(q, false);
        break;
    case SHAPE_ROWS_COMMENT:
        add_rows(q, true);
        break;
    case SHAPE_DUAL:
        add_dual(q);
        break;
    case SHAPE_GRID:
        add_grid(q);
        break;
    case SHAPE_RANKS:
        add_ranks(q);
        break;
    }
}

/* --- the list of questions --- */

typedef struct {
    json_object *object;
    gint64 order;
    guint nth;
} Listed;

static gint64 number(json_object *object, const char *name)
{
    const char *text = ls_member(object, name);
    return text ? g_ascii_strtoll(text, NULL, 10) : 0;
}

static gint by_place(gconstpointer a, gconstpointer b)
{
    const Listed *x = a, *y = b;
    if (x->order != y->order)
        return x->order < y->order ? -1 : 1;
    return x->nth < y->nth ? -1 : 1;
}

/* Subquestions by the qid of their parent: qid → GArray of Listed, as they came. */
static GHashTable *by_parent(json_object *list)
{
    GHashTable *parents =
        g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)g_array_unref);
    for (size_t i = 0; i < json_object_array_length(list); i++) {
        json_object *object = json_object_array_get_idx(list, i);
        const char *parent = ls_member(object, "parent_qid");
        if (!parent || !ls_member(object, "title"))
            continue;
        GArray *rows = g_hash_table_lookup(parents, parent);
        if (!rows) {
            rows = g_array_new(FALSE, FALSE, sizeof(Listed));
            g_hash_table_insert(parents, g_strdup(parent), rows);
        }
        Listed listed = {object, number(object, "question_order"), (guint)i};
        g_array_append_val(rows, listed);
    }
    return parents;
}

/* Questions come in the order of their groups already; within its parent a subquestion's place is
 * its question_order. */
static GPtrArray *subquestions(GHashTable *parents, const char *qid, gint64 scale)
{
    GPtrArray *sorted = g_ptr_array_new();
    GArray *rows = g_hash_table_lookup(parents, qid);
    if (rows)
        g_array_sort(rows, by_place);
    for (guint i = 0; rows && i < rows->len; i++) {
        json_object *object = g_array_index(rows, Listed, i).object;
        if (number(object, "scale_id") == scale)
            g_ptr_array_add(sorted, object);
    }
    return sorted;
}

static json_object *options_of(json_object *properties)
{
    json_object *options = NULL;
    if (json_object_is_type(properties, json_type_object))
        json_object_object_get_ex(properties, "answeroptions", &options);
    return options;
}

static void add_listed(Form *form, GHashTable *parents, json_object *object,
                       json_object *properties)
{
    const char *letter = ls_member(object, "type"), *qid = ls_member(object, "qid");
    const char *code = ls_member(object, "title");
    if (!code || !qid)
        return;
    g_autoptr(GPtrArray) rows = subquestions(parents, qid, 0);
    g_autoptr(GPtrArray) columns = subquestions(parents, qid, 1);
    g_autofree char *text = plain_text(ls_member(object, "question"));
    Question question = {
        .form = form,
        .type = find_type(letter),
        .letter = letter ? letter : "?",
        .code = code,
        .text = text,
        .options = options_of(properties),
        .rows = rows,
        .columns = columns,
        .other = g_strcmp0(ls_member(object, "other"), "Y") == 0,
    };
    add_question(&question);
}

Form *ls_form_build(const char *id, json_object *questions, GHashTable *properties)
{
    Form *form = form_new(id);
    if (!json_object_is_type(questions, json_type_array))
        return form;
    g_autoptr(GHashTable) parents = by_parent(questions);
    for (size_t i = 0; i < json_object_array_length(questions); i++) {
        json_object *object = json_object_array_get_idx(questions, i);
        const char *parent = ls_member(object, "parent_qid"), *qid = ls_member(object, "qid");
        if ((!parent || g_str_equal(parent, "0")) && qid)
            add_listed(form, parents, object, g_hash_table_lookup(properties, qid));
    }
    return form;
}
