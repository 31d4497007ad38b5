#include "collect/odk_xform.h"

#include "collect/plain.h"
#include "schemas/error.h"

#include <expat.h>
#include <string.h>

enum {
    DEPTH = 64,
    CHOICES_LIMIT = 20000, /* of one question; lists of places may be long */
};

/* A control, group or repeat of the body that is open. */
typedef struct {
    char *path; /* group/field; NULL: it names none */
    OdkControl *control;
    char *appearance;
    char *list, *value, *label; /* of its itemset: instance, and the names of an item's members */
} Open;

typedef struct {
    XML_Parser parser;
    GError *error;
    OdkXForm *form;
    int depth;
    GString *text; /* of the element that is captured */
    int capture;   /* its depth; 0: none */
    bool body, root;

    int itext; /* depth of it; 0: not inside */
    bool by_default;
    GHashTable *texts;   /* of the language in use: id → text */
    GHashTable *reading; /* of the translation that is read; NULL: it is not wanted */
    char *text_id;

    int instance; /* depth of the one that is open; 0: none */
    bool primary; /* it is the first: the form itself */
    bool primary_seen;
    GHashTable *instances; /* id → GPtrArray of items, each a hash of member → text */
    GPtrArray *items;      /* of the one that is open */
    char *member;

    GPtrArray *open; /* of Open */
    int item;        /* depth of the inline item that is open; 0: none */
    char *item_label, *item_value;
} Reader;

/* --- memory --- */

static void choice_clear(gpointer data)
{
    FormChoice *choice = data;
    g_free(choice->code);
    g_free(choice->text);
}

static OdkControl *control_new(const char *name)
{
    OdkControl *control = g_new0(OdkControl, 1);
    control->control = g_strdup(name);
    control->label = g_strdup("");
    control->choices = g_array_new(FALSE, FALSE, sizeof(FormChoice));
    g_array_set_clear_func(control->choices, choice_clear);
    return control;
}

static void control_free(gpointer data)
{
    OdkControl *control = data;
    if (!control)
        return;
    g_free(control->control);
    g_free(control->label);
    g_free(control->above);
    g_array_unref(control->choices);
    g_free(control);
}

static void open_free(gpointer data)
{
    Open *open = data;
    g_free(open->path);
    control_free(open->control);
    g_free(open->appearance);
    g_free(open->list);
    g_free(open->value);
    g_free(open->label);
    g_free(open);
}

void odk_xform_free(OdkXForm *xform)
{
    if (!xform)
        return;
    g_free(xform->title);
    g_free(xform->version);
    g_free(xform->language);
    g_hash_table_unref(xform->binds);
    g_hash_table_unref(xform->controls);
    g_free(xform);
}

/* --- small things --- */

static const char *local_name(const char *name)
{
    const char *bar = strrchr(name, '|');
    return bar ? bar + 1 : name;
}

static const char *attribute(const char **attributes, const char *name)
{
    for (; *attributes; attributes += 2)
        if (g_str_equal(local_name(*attributes), name))
            return attributes[1];
    return NULL;
}

static void stop(Reader *reader, InnsiktError code, const char *why)
{
    if (!reader->error)
        g_set_error(&reader->error, INNSIKT_ERROR, code, "the form's XML cannot be read: %s", why);
    XML_StopParser(reader->parser, XML_FALSE);
}

/* «/data/likert/samarbeid» is likert/samarbeid: the first name is the form's own. */
static char *relative_path(const char *path)
{
    const char *field = path && path[0] == '/' ? strchr(path + 1, '/') : NULL;
    return field && field[1] ? g_strdup(field + 1) : NULL;
}

/* What stands between the quotes of `jr:itext('id')` or `instance('id')/…`; NULL: no quotes. */
static char *quoted(const char *text)
{
    const char *from = text ? strpbrk(text, "'\"") : NULL;
    const char *to = from ? strchr(from + 1, *from) : NULL;
    return to ? g_strndup(from + 1, (gsize)(to - from - 1)) : NULL;
}

static void capture_begin(Reader *reader)
{
    reader->capture = reader->depth;
    g_string_truncate(reader->text, 0);
}

/* --- translations --- */

/* The default translation, else the first. */
static void translation_begin(Reader *reader, const char **attributes)
{
    const char *language = attribute(attributes, "lang");
    bool by_default = attribute(attributes, "default") != NULL;
    reader->reading = NULL;
    if (reader->form->language && (!by_default || reader->by_default))
        return;
    reader->by_default = by_default;
    g_free(reader->form->language);
    reader->form->language = g_strdup(language ? language : "");
    g_hash_table_remove_all(reader->texts);
    reader->reading = reader->texts;
}

static void itext_begin(Reader *reader, const char *name, const char **attributes)
{
    if (g_str_equal(name, "translation")) {
        translation_begin(reader, attributes);
    } else if (g_str_equal(name, "text")) {
        g_free(reader->text_id);
        reader->text_id = g_strdup(attribute(attributes, "id"));
    } else if (g_str_equal(name, "value") && !attribute(attributes, "form") && !reader->capture) {
        /* With a form it is a picture, a sound, or a short spelling. */
        capture_begin(reader);
    } else if (g_str_equal(name, "output") && reader->capture) {
        g_string_append(reader->text, "…");
    }
}

static void itext_end(Reader *reader, const char *name)
{
    if (g_str_equal(name, "value") && reader->capture && reader->reading && reader->text_id)
        g_hash_table_insert(reader->reading, g_strdup(reader->text_id),
                            plain_text(reader->text->str));
}

/* --- instances: the form's own fields, and lists of choices --- */

static void unref_hash(gpointer data)
{
    g_hash_table_unref(data);
}

static void unref_array(gpointer data)
{
    g_ptr_array_unref(data);
}

static void instance_begin(Reader *reader, const char **attributes)
{
    const char *id = attribute(attributes, "id");
    reader->instance = reader->depth;
    reader->primary = !reader->primary_seen;
    reader->primary_seen = true;
    reader->items = NULL;
    if (reader->primary || !id)
        return;
    reader->items = g_ptr_array_new_with_free_func(unref_hash);
    g_hash_table_insert(reader->instances, g_strdup(id), reader->items);
}

/* <root><item><name>bruker</name>… */
static void instance_inner(Reader *reader, const char *name, const char **attributes)
{
    int level = reader->depth - reader->instance;
    if (reader->primary) {
        if (level == 1) {
            g_free(reader->form->version);
            reader->form->version = g_strdup(attribute(attributes, "version"));
        }
        return;
    }
    if (!reader->items)
        return;
    if (level == 2) {
        g_ptr_array_add(reader->items,
                        g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free));
    } else if (level == 3) {
        g_free(reader->member);
        reader->member = g_strdup(name);
        capture_begin(reader);
    }
}

static void instance_end(Reader *reader)
{
    bool member = reader->capture == reader->depth && reader->items && reader->items->len;
    if (member)
        g_hash_table_insert(reader->items->pdata[reader->items->len - 1], g_strdup(reader->member),
                            g_strstrip(g_strdup(reader->text->str)));
    if (reader->depth == reader->instance)
        reader->instance = 0;
}

/* --- binds --- */

static void bind_read(Reader *reader, const char **attributes)
{
    const char *nodeset = attribute(attributes, "nodeset");
    char *path = relative_path(nodeset);
    if (!path)
        return;
    const char *relevant = attribute(attributes, "relevant");
    const char *required = attribute(attributes, "required");
    OdkBind *bind = g_new0(OdkBind, 1);
    bind->relevant = relevant && !g_str_equal(relevant, "true()");
    bind->required = required && g_str_equal(required, "true()");
    bind->computed = attribute(attributes, "calculate") || attribute(attributes, "preload");
    g_hash_table_insert(reader->form->binds, path, bind);
}

/* --- the body --- */

static Open *innermost(const Reader *reader)
{
    return reader->open->len ? reader->open->pdata[reader->open->len - 1] : NULL;
}

static bool is_control(const char *name)
{
    static const char *const names[] = {"input",  "select1", "select",  "rank",  "upload",
                                        "secret", "range",   "trigger", "group", "repeat"};
    for (size_t i = 0; i < G_N_ELEMENTS(names); i++)
        if (g_str_equal(names[i], name))
            return true;
    return false;
}

static void control_begin(Reader *reader, const char *name, const char **attributes)
{
    const char *ref = attribute(attributes, "ref");
    Open *open = g_new0(Open, 1);
    open->path = relative_path(ref ? ref : attribute(attributes, "nodeset"));
    open->control = control_new(name);
    open->appearance = g_strdup(attribute(attributes, "appearance"));
    Open *around = innermost(reader);
    bool row = open->appearance && strstr(open->appearance, "list-nolabel");
    if (around && *around->control->label &&
        (row || (around->appearance && strstr(around->appearance, "table-list"))))
        open->control->above = g_strdup(around->control->label);
    g_ptr_array_add(reader->open, open);
}

static void add_choice(OdkControl *control, const char *code, const char *text)
{
    FormChoice choice = {g_strdup(code), g_strdup(text ? text : code)};
    if (control->choices->len < CHOICES_LIMIT)
        g_array_append_val(control->choices, choice);
    else
        choice_clear(&choice);
}

/* A label of an itemset is a member of the item, or the id of a text that a member names. */
static const char *item_text(const Reader *reader, const Open *open, GHashTable *item)
{
    bool translated = open->label && strstr(open->label, "itext(");
    g_autofree char *name = translated ? g_strndup(strchr(open->label, '(') + 1,
                                                   strcspn(strchr(open->label, '(') + 1, ") "))
                                       : g_strdup(open->label ? open->label : "label");
    const char *text = g_hash_table_lookup(item, name);
    return translated && text ? g_hash_table_lookup(reader->texts, text) : text;
}

static void fill_choices(const Reader *reader, const Open *open)
{
    GPtrArray *items = open->list ? g_hash_table_lookup(reader->instances, open->list) : NULL;
    for (guint i = 0; items && i < items->len; i++) {
        GHashTable *item = items->pdata[i];
        const char *code = g_hash_table_lookup(item, open->value ? open->value : "name");
        g_autofree char *text = plain_text(item_text(reader, open, item));
        if (code)
            add_choice(open->control, code, *text ? text : NULL);
    }
}

/* The label is a reference, or stands inside and is captured. */
static void label_begin(Reader *reader, Open *open, const char **attributes)
{
    const char *ref = attribute(attributes, "ref");
    g_autofree char *id = ref && strstr(ref, "itext(") ? quoted(ref) : NULL;
    const char *text = id ? g_hash_table_lookup(reader->texts, id) : NULL;
    char **to = reader->item ? &reader->item_label : &open->control->label;
    if (text) {
        g_free(*to);
        *to = g_strdup(text);
    } else if (!ref) {
        capture_begin(reader);
    }
}

static void body_begin(Reader *reader, const char *name, const char **attributes)
{
    Open *open = innermost(reader);
    if (is_control(name)) {
        control_begin(reader, name, attributes);
    } else if (!open) {
        return;
    } else if (g_str_equal(name, "itemset")) {
        g_free(open->list);
        open->list = quoted(attribute(attributes, "nodeset"));
    } else if (g_str_equal(name, "item")) {
        reader->item = reader->depth;
    } else if (g_str_equal(name, "label") && open->list) {
        g_free(open->label);
        open->label = g_strdup(attribute(attributes, "ref"));
    } else if (g_str_equal(name, "value") && open->list) {
        g_free(open->value);
        open->value = g_strdup(attribute(attributes, "ref"));
    } else if (g_str_equal(name, "label") && !reader->capture) {
        label_begin(reader, open, attributes);
    } else if (g_str_equal(name, "value") && reader->item) {
        capture_begin(reader);
    } else if (g_str_equal(name, "output") && reader->capture) {
        g_string_append(reader->text, "…");
    }
}

static void control_end(Reader *reader)
{
    Open *open = innermost(reader);
    GHashTable *controls = reader->form->controls;
    const char *name = open->control->control;
    bool asks = !g_str_equal(name, "group") && !g_str_equal(name, "repeat");
    fill_choices(reader, open);
    if (asks && open->path && !g_hash_table_contains(controls, open->path))
        g_hash_table_insert(controls, g_strdup(open->path), g_steal_pointer(&open->control));
    g_ptr_array_set_size(reader->open, (gint)reader->open->len - 1);
}

static void item_end(Reader *reader, const Open *open)
{
    if (reader->item_value && *reader->item_value)
        add_choice(open->control, reader->item_value, reader->item_label);
    g_clear_pointer(&reader->item_value, g_free);
    g_clear_pointer(&reader->item_label, g_free);
    reader->item = 0;
}

static void body_end(Reader *reader, const char *name)
{
    Open *open = innermost(reader);
    bool captured = reader->capture == reader->depth;
    if (!open)
        return;
    if (is_control(name)) {
        control_end(reader);
    } else if (g_str_equal(name, "item") && reader->item == reader->depth) {
        item_end(reader, open);
    } else if (g_str_equal(name, "label") && captured) {
        char **to = reader->item ? &reader->item_label : &open->control->label;
        g_free(*to);
        *to = plain_text(reader->text->str);
    } else if (g_str_equal(name, "value") && captured) {
        g_free(reader->item_value);
        reader->item_value = g_strstrip(g_strdup(reader->text->str));
    }
}

/* --- elements --- */

static void on_start(void *data, const char *qualified, const char **attributes)
{
    Reader *reader = data;
    const char *name = local_name(qualified);
    if (++reader->depth > DEPTH) {
        stop(reader, INNSIKT_ERROR_LIMIT, "it nests more than 64 deep");
        return;
    }
    if (reader->depth == 1)
        reader->root = g_str_equal(name, "html");
    if (reader->body)
        body_begin(reader, name, attributes);
    else if (reader->itext)
        itext_begin(reader, name, attributes);
    else if (reader->instance)
        instance_inner(reader, name, attributes);
    else if (g_str_equal(name, "itext"))
        reader->itext = reader->depth;
    else if (g_str_equal(name, "instance"))
        instance_begin(reader, attributes);
    else if (g_str_equal(name, "bind"))
        bind_read(reader, attributes);
    else if (g_str_equal(name, "title"))
        capture_begin(reader);
    else if (g_str_equal(name, "body") && reader->depth == 2)
        reader->body = true;
}

static void on_end(void *data, const char *qualified)
{
    Reader *reader = data;
    const char *name = local_name(qualified);
    if (reader->body) {
        body_end(reader, name);
    } else if (reader->itext) {
        itext_end(reader, name);
        if (reader->itext == reader->depth)
            reader->itext = 0;
    } else if (reader->instance) {
        instance_end(reader);
    } else if (g_str_equal(name, "title") && reader->capture) {
        g_free(reader->form->title);
        reader->form->title = plain_text(reader->text->str);
    }
    if (reader->capture == reader->depth)
        reader->capture = 0;
    reader->depth--;
}

static void on_text(void *data, const char *text, int n)
{
    Reader *reader = data;
    if (reader->capture)
        g_string_append_len(reader->text, text, n);
}

static void on_doctype(void *data, const char *name, const char *system, const char *public,
                       int internal)
{
    (void)name;
    (void)system;
    (void)public;
    (void)internal;
    stop(data, INNSIKT_ERROR_LIMIT, "it declares a DOCTYPE, which no form needs");
}

static bool parse(Reader *reader, const char *xml, size_t n)
{
    XML_SetUserData(reader->parser, reader);
    XML_SetElementHandler(reader->parser, on_start, on_end);
    XML_SetCharacterDataHandler(reader->parser, on_text);
    XML_SetStartDoctypeDeclHandler(reader->parser, on_doctype);
    if (n > G_MAXINT32)
        stop(reader, INNSIKT_ERROR_LIMIT, "it is longer than 2 GiB");
    else if (XML_Parse(reader->parser, xml, (int)n, 1) != XML_STATUS_OK)
        stop(reader, INNSIKT_ERROR_PROTOCOL, XML_ErrorString(XML_GetErrorCode(reader->parser)));
    else if (!reader->root || !reader->primary_seen)
        stop(reader, INNSIKT_ERROR_PROTOCOL, "it is no XForm");
    return !reader->error;
}

OdkXForm *odk_xform_read(const char *xml, size_t n, GError **error)
{
    OdkXForm *form = g_new0(OdkXForm, 1);
    form->binds = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    form->controls = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, control_free);
    Reader reader = {.parser = XML_ParserCreateNS(NULL, '|'),
                     .form = form,
                     .text = g_string_new(NULL),
                     .texts = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free),
                     .instances =
                         g_hash_table_new_full(g_str_hash, g_str_equal, g_free, unref_array),
                     .open = g_ptr_array_new_with_free_func(open_free)};
    bool ok = parse(&reader, xml, n);
    XML_ParserFree(reader.parser);
    g_string_free(reader.text, TRUE);
    g_hash_table_unref(reader.texts);
    g_hash_table_unref(reader.instances);
    g_ptr_array_unref(reader.open);
    g_free(reader.text_id);
    g_free(reader.member);
    g_free(reader.item_label);
    g_free(reader.item_value);
    if (ok)
        return form;
    odk_xform_free(form);
    g_propagate_error(error, reader.error);
    return NULL;
}
