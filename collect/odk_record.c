#include "collect/odk_record.h"

#include "schemas/error.h"

#include <expat.h>
#include <string.h>

enum { DEPTH = 64, TEXT_BYTES = 1024 * 1024 };

/* An ambiguous field, with the repeat it lies in. */
typedef struct {
    const OdkNode *node;
    const OdkNode *repeat; /* NULL: none */
    bool told;             /* a value came */
} Apart;

typedef struct {
    XML_Parser parser;
    Response *response;
    GHashTable *apart;     /* group/field → Apart */
    GHashTable *instances; /* group/repeat → how many came (as pointer) */
    GString *path;         /* of the open element, below the form's own */
    gsize length[DEPTH];   /* of the path around each open element */
    int depth;
    bool leaf; /* the innermost element has held no other */
    GString *text;
    const char *trouble;
} Reader;

/* The field's repeat; *ret_deep: there is another around it. */
static const OdkNode *repeat_of(const OdkNode *node, bool *ret_deep)
{
    const OdkNode *found = NULL;
    *ret_deep = false;
    for (node = node->parent; node; node = node->parent) {
        if (node->kind != ODK_REPEAT)
            continue;
        *ret_deep = found != NULL;
        found = node;
    }
    return found;
}

static GHashTable *find_apart(const OdkFields *fields)
{
    GHashTable *apart = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, g_free);
    for (guint i = 0; i < fields->leaves->len; i++) {
        const OdkNode *node = fields->leaves->pdata[i];
        bool deep;
        const OdkNode *repeat = repeat_of(node, &deep);
        if (!node->ambiguous || deep)
            continue;
        Apart *one = g_new0(Apart, 1);
        *one = (Apart){.node = node, .repeat = repeat};
        g_hash_table_insert(apart, node->name, one);
    }
    return apart;
}

static void stop(Reader *reader, const char *why)
{
    reader->trouble = why;
    XML_StopParser(reader->parser, XML_FALSE);
}

/* Expat parts namespace and name by `|`. */
static void on_start(void *data, const char *qualified, const char **attributes)
{
    (void)attributes;
    Reader *reader = data;
    const char *bar = strrchr(qualified, '|');
    if (reader->depth == DEPTH) {
        stop(reader, "it nests more than 64 deep");
        return;
    }
    reader->length[reader->depth++] = reader->path->len;
    reader->leaf = true;
    g_string_truncate(reader->text, 0);
    if (reader->depth == 1)
        return;
    g_string_append_printf(reader->path, "%s%s", reader->path->len ? "/" : "",
                           bar ? bar + 1 : qualified);
    int n = GPOINTER_TO_INT(g_hash_table_lookup(reader->instances, reader->path->str));
    g_hash_table_insert(reader->instances, g_strdup(reader->path->str), GINT_TO_POINTER(n + 1));
}

static void take_value(Reader *reader, Apart *apart)
{
    const char *repeat = apart->repeat ? apart->repeat->name : NULL;
    int instance = repeat ? GPOINTER_TO_INT(g_hash_table_lookup(reader->instances, repeat)) - 1
                          : INSTANCE_NONE;
    const bool blank = reader->text->len == 0;
    response_answer(reader->response, apart->node->name, instance, blank ? NULL : reader->text->str,
                    blank ? apart->node->blank : MISSING_NONE);
    apart->told = true;
}

static void on_end(void *data, const char *qualified)
{
    (void)qualified;
    Reader *reader = data;
    Apart *apart = reader->leaf ? g_hash_table_lookup(reader->apart, reader->path->str) : NULL;
    if (apart && reader->text->len <= TEXT_BYTES)
        take_value(reader, apart);
    reader->leaf = false;
    g_string_truncate(reader->path, reader->length[--reader->depth]);
}

static void on_text(void *data, const char *text, int n)
{
    Reader *reader = data;
    if (reader->leaf && reader->text->len <= TEXT_BYTES)
        g_string_append_len(reader->text, text, n);
}

static void on_doctype(void *data, const char *name, const char *system, const char *public,
                       int internal)
{
    (void)name;
    (void)system;
    (void)public;
    (void)internal;
    stop(data, "it declares a DOCTYPE, which no submission needs");
}

/* What OData said of the fields that the XML tells. */
static void forget(Response *response, GHashTable *apart)
{
    guint kept = 0;
    for (guint i = 0; i < response->answers->len; i++) {
        const Answer answer = g_array_index(response->answers, Answer, i);
        if (!g_hash_table_contains(apart, answer.question))
            g_array_index(response->answers, Answer, kept++) = answer;
    }
    g_array_set_size(response->answers, kept);
}

static void tell_absent(const OdkFields *fields, GHashTable *apart, Response *response)
{
    for (guint i = 0; i < fields->leaves->len; i++) {
        const OdkNode *node = fields->leaves->pdata[i];
        const Apart *one = g_hash_table_lookup(apart, node->name);
        if (one && !one->told && !one->repeat)
            response_answer(response, node->name, INSTANCE_NONE, NULL, node->blank);
    }
}

static bool parse(Reader *reader, const char *xml, size_t n, GError **error)
{
    XML_SetUserData(reader->parser, reader);
    XML_SetElementHandler(reader->parser, on_start, on_end);
    XML_SetCharacterDataHandler(reader->parser, on_text);
    XML_SetStartDoctypeDeclHandler(reader->parser, on_doctype);
    bool ok = n <= G_MAXINT32 && XML_Parse(reader->parser, xml, (int)n, 1) == XML_STATUS_OK;
    if (ok)
        return true;
    g_set_error(
        error, INNSIKT_ERROR, reader->trouble ? INNSIKT_ERROR_LIMIT : INNSIKT_ERROR_PROTOCOL,
        "a submission's XML cannot be read: %s",
        reader->trouble ? reader->trouble : XML_ErrorString(XML_GetErrorCode(reader->parser)));
    return false;
}

bool odk_record_read(const char *xml, size_t n, const OdkFields *fields, Response *response,
                     GError **error)
{
    g_autoptr(GHashTable) apart = find_apart(fields);
    g_autoptr(Response) found = response_new();
    Reader reader = {.parser = XML_ParserCreateNS(NULL, '|'),
                     .response = found,
                     .apart = apart,
                     .instances = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL),
                     .path = g_string_new(NULL),
                     .text = g_string_new(NULL)};
    bool ok = parse(&reader, xml, n, error);
    XML_ParserFree(reader.parser);
    g_hash_table_unref(reader.instances);
    g_string_free(reader.path, TRUE);
    g_string_free(reader.text, TRUE);
    if (!ok)
        return false;
    tell_absent(fields, apart, found);
    forget(response, apart);
    for (guint i = 0; i < found->answers->len; i++) {
        const Answer *a = &g_array_index(found->answers, Answer, i);
        response_answer(response, a->question, a->instance, a->text, a->missing);
    }
    return true;
}
