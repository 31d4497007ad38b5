#include "collect/nettskjema_form.h"

#include "collect/cellvalue.h"
#include "collect/json_tree.h"
#include "collect/plain.h"
#include "schemas/error.h"

#include <string.h>

enum {
    SCALE_LIMIT = 100,     /* of a linear scale */
    UNKNOWN_LIMIT = 16384, /* elements that answers name and the form has not */
};

struct NettskjemaForm {
    const Source *source;
    Form *form;
    GHashTable *fields;  /* "502", "503/601" → Field */
    GHashTable *options; /* number → code */
    GHashTable *names;   /* that are taken */
    GPtrArray *mapped;   /* of char*, borrowed */
};

/* How an answer is read. */
typedef enum { VALUE_TEXT, VALUE_CODES, VALUE_NUMBER, VALUE_DATE, VALUE_FILE } ValueKind;

typedef struct {
    char *name; /* as a question */
    ValueKind value;
    bool wanted;
} Field;

typedef struct {
    const char *type;
    FormKind kind;
    ValueKind value;
    bool dropped; /* nothing is asked */
} Type;

/* QUESTION is free text, and TEXT is none: it only shows one. */
static const Type types[] = {
    {"RADIO", FORM_SINGLE, VALUE_CODES, false},
    {"SELECT", FORM_SINGLE, VALUE_CODES, false},
    {"CHECKBOX", FORM_MULTI, VALUE_CODES, false},
    {"MATRIX_RADIO", FORM_SINGLE, VALUE_CODES, false},
    {"MATRIX_CHECKBOX", FORM_MULTI, VALUE_CODES, false},
    {"LINEAR_SCALE", FORM_RATING, VALUE_NUMBER, false},
    {"NUMBER", FORM_NUMBER, VALUE_NUMBER, false},
    {"QUESTION", FORM_TEXT, VALUE_TEXT, false},
    {"DATE", FORM_DATE, VALUE_DATE, false},
    {"ATTACHMENT", FORM_FILE, VALUE_FILE, false},
    {"HEADING", FORM_TEXT, VALUE_TEXT, true},
    {"TEXT", FORM_TEXT, VALUE_TEXT, true},
    {"IMAGE", FORM_TEXT, VALUE_TEXT, true},
    {"PAGE_BREAK", FORM_TEXT, VALUE_TEXT, true},
};

/* A type that is not known is read as text. */
static Type type_of(const char *word)
{
    for (size_t i = 0; i < G_N_ELEMENTS(types); i++)
        if (g_strcmp0(types[i].type, word) == 0)
            return types[i];
    return (Type){word, FORM_TEXT, VALUE_TEXT, false};
}

/* --- names ----------------------------------------------------------------------------------- */

static void field_free(gpointer data)
{
    Field *field = data;
    g_free(field->name);
    g_free(field);
}

static const char *codebook(json_object *object, const char *member)
{
    const char *name = json_member_text(object, member);
    return name && *name ? name : NULL;
}

static char *numbered(const char *letter, json_object *object, const char *member)
{
    const char *number = json_member_text(object, member);
    return g_strconcat(letter, number ? number : "", NULL);
}

static char *with_row(const char *name, const char *row)
{
    return row ? g_strdup_printf("%s[%s]", name, row) : g_strdup(name);
}

/* The codebook's name, unless project.yaml speaks of the number, or another element has that name
 * already. `from` is the element, or a line of answers; `row` the row of a matrix in it, or NULL.
 */
static char *choose_name(const NettskjemaForm *form, json_object *from, json_object *row,
                         const char *row_member)
{
    const char *external = codebook(from, "externalElementId");
    const char *external_row = row ? codebook(row, row_member) : NULL;
    g_autofree char *number = numbered("e", from, "elementId");
    g_autofree char *row_number = row ? numbered("s", row, "subElementId") : NULL;
    g_autofree char *plain = with_row(number, row_number);
    g_autofree char *named =
        with_row(external ? external : number, external_row ? external_row : row_number);
    const Mapping *by_number = source_mapping(form->source, plain);
    bool plainly = (by_number && !source_mapping(form->source, named)) ||
                   g_hash_table_contains(form->names, named);
    return plainly ? g_steal_pointer(&plain) : g_steal_pointer(&named);
}

static char *key_of(json_object *from, json_object *row)
{
    const char *element = json_member_text(from, "elementId");
    const char *sub = row ? json_member_text(row, "subElementId") : NULL;
    return g_strconcat(element ? element : "", sub ? "/" : "", sub, NULL);
}

/* Of a key that is not there yet. Takes the name. */
static Field *add_field(NettskjemaForm *form, json_object *from, json_object *row, char *name,
                        ValueKind value)
{
    Field *field = g_new0(Field, 1);
    *field = (Field){.name = name, .value = value, .wanted = source_wants(form->source, name)};
    g_hash_table_add(form->names, name);
    g_hash_table_insert(form->fields, key_of(from, row), field);
    return field;
}

/* --- elements -------------------------------------------------------------------------------- */

static size_t count(json_object *list)
{
    return json_object_is_type(list, json_type_array) ? json_object_array_length(list) : 0;
}

static char *option_code(json_object *option)
{
    const char *code = codebook(option, "externalAnswerOptionId");
    return code ? g_strdup(code) : numbered("o", option, "answerOptionId");
}

static void add_options(NettskjemaForm *form, json_object *element)
{
    json_object *options = json_at(element, "/answerOptions");
    for (size_t i = 0; i < count(options); i++) {
        json_object *option = json_object_array_get_idx(options, i);
        const char *number = json_member_text(option, "answerOptionId");
        if (number)
            g_hash_table_replace(form->options, g_strdup(number), option_code(option));
    }
}

static void show_options(FormQuestion *question, json_object *element)
{
    json_object *options = json_at(element, "/answerOptions");
    for (size_t i = 0; i < count(options); i++) {
        json_object *option = json_object_array_get_idx(options, i);
        const char *text = json_member_text(option, "text");
        g_autofree char *code = option_code(option);
        g_autofree char *plain =
            plain_text(text ? text : json_member_text(option, "textOrAltText"));
        form_choice(question, code, plain);
    }
}

/* The steps of a linear scale; the ends, and perhaps the middle, have words. */
static void show_steps(FormQuestion *question, json_object *element)
{
    const char *low = json_member_text(element, "minimumValue");
    const char *high = json_member_text(element, "maximumValue");
    int64_t from = low ? CLAMP(g_ascii_strtoll(low, NULL, 10), G_MININT32, G_MAXINT32) : 0;
    int64_t to = high ? CLAMP(g_ascii_strtoll(high, NULL, 10), G_MININT32, G_MAXINT32) : -1;
    for (int64_t step = from; step <= to && step - from < SCALE_LIMIT; step++) {
        const char *word = step == from            ? json_member_text(element, "minimumValueText")
                           : step == to            ? json_member_text(element, "maximumValueText")
                           : 2 * step == from + to ? json_member_text(element, "midValueText")
                                                   : NULL;
        g_autofree char *code = g_strdup_printf("%" G_GINT64_FORMAT, step);
        form_choice(question, code, word && *word ? word : code);
    }
}

static void add_question(NettskjemaForm *form, json_object *element, json_object *row,
                         const Type *type)
{
    g_autofree char *text = plain_text(json_member_text(element, "text"));
    g_autofree char *row_text = row ? plain_text(json_member_text(row, "text")) : NULL;
    g_autofree char *label = row ? g_strconcat(text, " – ", row_text, NULL) : g_strdup(text);
    g_autofree char *key = key_of(element, row);
    if (g_hash_table_contains(form->fields, key))
        return;
    char *name = choose_name(form, element, row, "externalElementId");
    const Field *field = add_field(form, element, row, name, type->value);
    FormQuestion *question = form_add(form->form, name, type->kind, type->type, label);
    if (type->kind == FORM_RATING)
        show_steps(question, element);
    else
        show_options(question, element);
    if (field->wanted)
        g_ptr_array_add(form->mapped, name);
}

static void add_element(NettskjemaForm *form, json_object *element)
{
    const Type type = type_of(json_member_text(element, "elementType"));
    json_object *rows = json_at(element, "/subElements");
    if (!type.type || type.dropped || !json_member_text(element, "elementId"))
        return;
    add_options(form, element);
    for (size_t i = 0; i < count(rows); i++)
        add_question(form, element, json_object_array_get_idx(rows, i), &type);
    if (count(rows) == 0)
        add_question(form, element, NULL, &type);
}

NettskjemaForm *nettskjema_form_read(const Source *source, json_object *elements, GError **error)
{
    if (!json_object_is_type(elements, json_type_array)) {
        g_set_error_literal(error, INNSIKT_ERROR, INNSIKT_ERROR_PROTOCOL,
                            "Nettskjema answers the call for the form with something else; check "
                            "`url:`");
        return NULL;
    }
    NettskjemaForm *form = g_new0(NettskjemaForm, 1);
    form->source = source;
    form->form = form_new(source->form);
    form->fields = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, field_free);
    form->options = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    form->names = g_hash_table_new(g_str_hash, g_str_equal);
    form->mapped = g_ptr_array_new();
    for (size_t i = 0; i < count(elements); i++)
        add_element(form, json_object_array_get_idx(elements, i));
    return form;
}

void nettskjema_form_free(NettskjemaForm *form)
{
    if (!form)
        return;
    g_clear_pointer(&form->form, form_free);
    g_hash_table_unref(form->names);
    g_hash_table_unref(form->fields);
    g_hash_table_unref(form->options);
    g_ptr_array_unref(form->mapped);
    g_free(form);
}

Form *nettskjema_form_take(NettskjemaForm *form)
{
    return g_steal_pointer(&form->form);
}

const GPtrArray *nettskjema_form_mapped(const NettskjemaForm *form)
{
    return form->mapped;
}

/* --- answers --------------------------------------------------------------------------------- */

/* The field that a line answers; one that the form has no more is read by what the line says. */
static const Field *field_of(NettskjemaForm *form, json_object *line)
{
    json_object *row = json_member_text(line, "subElementId") ? line : NULL;
    g_autofree char *key = key_of(line, row);
    const Field *field = g_hash_table_lookup(form->fields, key);
    if (field || g_hash_table_size(form->fields) > UNKNOWN_LIMIT)
        return field;
    const Type type = type_of(json_member_text(line, "elementType"));
    char *name = choose_name(form, line, row, "externalSubElementId");
    return add_field(form, line, row, name, type.value);
}

/* The codes of the options, those of today where the form has them still. */
static char *read_codes(const NettskjemaForm *form, json_object *line)
{
    json_object *numbers = json_at(line, "/answerOptionIds");
    json_object *externals = json_at(line, "/externalAnswerOptionIds");
    GString *codes = g_string_new(NULL);
    for (size_t i = 0; i < MAX(count(numbers), count(externals)); i++) {
        const char *number =
            i < count(numbers) ? json_text(json_object_array_get_idx(numbers, i)) : NULL;
        const char *external =
            i < count(externals) ? json_text(json_object_array_get_idx(externals, i)) : NULL;
        const char *code = number ? g_hash_table_lookup(form->options, number) : NULL;
        if (!code && external && *external)
            code = external;
        if (code || number)
            g_string_append_printf(codes, "%s%s%s", codes->len ? ";" : "", code ? "" : "o",
                                   code ? code : number);
    }
    return g_string_free(codes, FALSE);
}

static char *read_number(const char *text)
{
    g_autoptr(GString) number = g_string_new(NULL);
    return number_read(NUMBERS_NORWEGIAN, text, number) ? g_strdup(number->str) : NULL;
}

static bool clock_is_sound(const char *text)
{
    return strlen(text) == 5 && text[2] == ':' && strspn(text, "0123456789:") == 5 &&
           g_ascii_strtoll(text, NULL, 10) < 24 && g_ascii_strtoll(text + 3, NULL, 10) < 60;
}

/* `01.06.2026`, `12.06.2026 13:33` and `12:00`, as ISO 8601 without a zone. */
static char *read_date(const char *text)
{
    if (clock_is_sound(text))
        return g_strdup(text);
    g_auto(GStrv) words = g_strsplit(text, " ", 3);
    guint n = g_strv_length(words);
    g_auto(GStrv) parts = g_strsplit(n ? words[0] : "", ".", 4);
    if (n < 1 || n > 2 || g_strv_length(parts) != 3 || (n == 2 && !clock_is_sound(words[1])))
        return NULL;
    int64_t day = g_ascii_strtoll(parts[0], NULL, 10), month = g_ascii_strtoll(parts[1], NULL, 10);
    int64_t year = g_ascii_strtoll(parts[2], NULL, 10);
    for (size_t i = 0; i < 3; i++)
        if (!*parts[i] || strspn(parts[i], "0123456789") != strlen(parts[i]))
            return NULL;
    if (day > 31 || month > 12 || month < 1 || year < 1000 || year > 9999 ||
        !g_date_valid_dmy((GDateDay)day, (GDateMonth)month, (GDateYear)year))
        return NULL;
    return g_strdup_printf("%04d-%02d-%02d%s%s", (int)year, (int)month, (int)day, n == 2 ? "T" : "",
                           n == 2 ? words[1] : "");
}

/* What the text says; NULL when it is not what its type promises. */
static char *read_text(ValueKind value, const char *text)
{
    switch (value) {
    case VALUE_NUMBER:
        return read_number(text);
    case VALUE_DATE:
        return read_date(text);
    case VALUE_TEXT:
    case VALUE_CODES:
    case VALUE_FILE:
        return g_strdup(text);
    }
    g_return_val_if_reached(NULL);
}

bool nettskjema_form_answer(NettskjemaForm *form, json_object *line, NettskjemaAnswer *ret)
{
    const Field *field = field_of(form, line);
    if (!field || !field->wanted)
        return false;
    const char *name = json_member_text(line, "filename");
    const char *given = json_member_text(line, "textAnswer");
    g_autofree char *codes = field->value == VALUE_CODES ? read_codes(form, line) : NULL;
    const char *text = codes ? codes : field->value == VALUE_FILE && name ? name : given;
    *ret = (NettskjemaAnswer){.question = field->name};
    if (!text || !*text) {
        ret->missing = MISSING_NOT_ANSWERED;
        return true;
    }
    ret->text = read_text(field->value, text);
    if (!ret->text) {
        ret->text = g_strdup(text);
        ret->missing = MISSING_UNREADABLE;
    }
    return true;
}
