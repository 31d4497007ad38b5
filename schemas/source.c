#include "schemas/framework_read.h"
#include "schemas/nfc.h"
#include "schemas/project_read.h"

#include "schemas/error.h"
#include "schemas/secret.h"

#include <string.h>

static const char *const methods[N_METHODS + 1] = {"survey",   "interview",  "workshop",
                                                   "document", "validation", NULL};
static const char *const includes[] = {"complete", "all", NULL};
static const char *const evidences[] = {"documented", "voiced", NULL};

const char *method_word(SourceMethod method)
{
    return methods[method];
}

/* --- asking ---------------------------------------------------------------------------------- */

const Mapping *source_mapping(const Source *source, const char *question)
{
    for (guint i = 0; i < source->mappings->len; i++)
        if (mapping_covers(source->mappings->pdata[i], question))
            return source->mappings->pdata[i];
    return NULL;
}

bool source_wants(const Source *source, const char *question)
{
    const Mapping *mapping = source_mapping(source, question);
    return mapping && mapping->role != ROLE_IGNORE;
}

bool source_is_web(const Source *source)
{
    return source->path && (g_ascii_strncasecmp(source->path, "https://", 8) == 0 ||
                            g_ascii_strncasecmp(source->path, "http://", 7) == 0);
}

char *source_place(const Source *source)
{
    return source_is_web(source) ? g_strndup(source->path, strcspn(source->path, "?#"))
                                 : g_strdup(source->path);
}

/* A register of documents is told from the team's other registers by what it says of themes. */
bool source_holds_documents(const Source *source)
{
    if (source->method != METHOD_DOCUMENT)
        return false;
    bool tells = false;
    for (guint i = 0; i < source->mappings->len; i++) {
        const Role role = ((const Mapping *)source->mappings->pdata[i])->role;
        tells |= role == ROLE_DOCUMENT || role == ROLE_STATEMENT;
    }
    return tells;
}

/* --- the digest ------------------------------------------------------------------------------ */

/* Each text goes in behind its length, so that no two mappings give the same bytes. */
static void digest_text(GChecksum *sum, const char *text)
{
    const uint64_t n = GUINT64_TO_LE(text ? strlen(text) : UINT64_MAX);
    g_checksum_update(sum, (const guchar *)&n, sizeof n);
    if (text)
        g_checksum_update(sum, (const guchar *)text, (gssize)strlen(text));
}

static void digest_number(GChecksum *sum, int64_t number)
{
    number = GINT64_TO_LE(number);
    g_checksum_update(sum, (const guchar *)&number, sizeof number);
}

static gint key_order(gconstpointer a, gconstpointer b)
{
    return strcmp(a, b);
}

/* A table in the order of its keys; `scaled`: the values are steps, else texts. */
static void digest_table(GChecksum *sum, GHashTable *table, bool scaled)
{
    digest_number(sum, table ? (int64_t)g_hash_table_size(table) : -1);
    g_autoptr(GList) keys = table ? g_list_sort(g_hash_table_get_keys(table), key_order) : NULL;
    for (const GList *key = keys; key; key = key->next) {
        gconstpointer value = g_hash_table_lookup(table, key->data);
        digest_text(sum, key->data);
        if (scaled)
            digest_number(sum, GPOINTER_TO_INT(value));
        else
            digest_text(sum, value);
    }
}

/* What is kept of an answer hangs on its role, on what reads it and on which codes are known; what
 * it then means (a category, an item) may change without a new pull. */
static void digest_mapping(GChecksum *sum, const Mapping *mapping)
{
    const RoleValue *name = mapping_value(mapping, "name");
    digest_text(sum, mapping->question);
    digest_text(sum, role_word(mapping->role));
    digest_text(sum, name ? name->literal : NULL);
    digest_table(sum, mapping->recode, false);
    digest_table(sum, mapping->scale ? mapping->scale->codes : NULL, true);
    for (size_t i = 0; i < mapping->n_values; i++) {
        if (!mapping->values[i].from)
            continue;
        digest_text(sum, mapping->values[i].key);
        digest_text(sum, mapping->values[i].from);
        digest_table(sum, mapping->values[i].recode, false);
    }
}

/* Where answers stand and what they are called. */
static void digest_rest(GChecksum *sum, const RestRules *rest)
{
    const char *const pointers[] = {
        rest->records, rest->id,       rest->submitted, rest->updated,
        rest->deleted, rest->complete, rest->answers,   rest->answer_question};
    for (size_t i = 0; i < G_N_ELEMENTS(pointers); i++)
        digest_text(sum, pointers[i]);
    for (char **value = rest->answer_values; value && *value; value++)
        digest_text(sum, *value);
}

char *source_mapping_digest(const Source *source)
{
    g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);
    digest_text(sum, source->id_column);
    digest_text(sum, source->encoding);
    digest_text(sum, source->separator);
    digest_text(sum, source->timezone);
    /* Digests of before there were these keys stay as they were. */
    if (source->sheet || source->header) {
        digest_text(sum, source->sheet);
        digest_number(sum, source->header);
    }
    if (source->participants)
        digest_text(sum, "participants");
    if (source->rest)
        digest_rest(sum, source->rest);
    for (guint i = 0; i < source->mappings->len; i++)
        digest_mapping(sum, source->mappings->pdata[i]);
    return g_strdup(g_checksum_get_string(sum));
}

/* --- reading --------------------------------------------------------------------------------- */

void source_free(gpointer data)
{
    Source *source = data;
    if (!source)
        return;
    char *const texts[] = {
        source->name,      source->kind,      source->url,          source->form,
        source->path,      source->id_column, source->user_ref,     source->password_ref,
        source->stream,    source->wave,      source->organisation, source->evidence,
        source->timezone,  source->encoding,  source->separator,    source->sheet,
        source->token_ref, source->token_url, source->scope};
    for (size_t i = 0; i < G_N_ELEMENTS(texts); i++)
        g_free(texts[i]);
    source_network_clear(source);
    label_clear(&source->note);
    g_ptr_array_unref(source->mappings);
    rest_rules_free(source->rest);
    g_free(source);
}

bool source_is_placed(const Project *project, const Source *source, GError **error)
{
    const char *const places[] = {source->url,     source->form, source->path, source->token_url,
                                  source->ca_file, source->pin,  source->proxy};
    for (size_t i = 0; i < G_N_ELEMENTS(places); i++)
        if (places[i] && g_str_has_prefix(places[i], "env:")) {
            g_set_error(error, INNSIKT_ERROR, INNSIKT_ERROR_USAGE,
                        "%s:%d:%d: the environment variable of %s is not set; set it first",
                        project->file, source->line, source->column, places[i]);
            return false;
        }
    return true;
}

/* User and password in an address would reach logs and the store. */
static char *url_read(ProjectReader *reader, const YamlNode *map, const char *key)
{
    const YamlNode *node = yaml_get(map, key);
    g_autofree char *url = optional_text(reader->file, map, key);
    if (!url || g_str_has_prefix(url, "env:"))
        return g_steal_pointer(&url);
    g_autoptr(GError) error = NULL;
    g_autoptr(GUri) parsed = g_uri_parse(url, G_URI_FLAGS_HAS_PASSWORD, &error);
    const char *scheme = parsed ? g_uri_get_scheme(parsed) : NULL;
    if (!parsed || !g_uri_get_host(parsed) || !*g_uri_get_host(parsed) ||
        (!g_str_equal(scheme, "https") && !g_str_equal(scheme, "http"))) {
        yaml_complain(reader->file, node, "%s is no web address; write it as https://…", key);
        return NULL;
    }
    if (g_uri_get_userinfo(parsed)) {
        yaml_complain(reader->file, node,
                      "%s holds a user or password; write them under user: and password:", key);
        return NULL;
    }
    return g_steal_pointer(&url);
}

/* File, folder or pattern as it stands; anything with `://` must be an address of the web. */
static char *path_read(ProjectReader *reader, const YamlNode *map)
{
    const YamlNode *node = yaml_get(map, "path");
    const bool web = node && node->kind == YAML_SCALAR && strstr(node->text, "://");
    return web ? url_read(reader, map, "path") : optional_text(reader->file, map, "path");
}

/* The number of the row that names the columns; 0 when none is given. */
static int header_read(YamlFile *file, const YamlNode *node)
{
    enum { HEADER_LIMIT = 100 };
    uint64_t header = 0;
    if (node)
        yaml_integer(file, node, "header", 1, HEADER_LIMIT, &header);
    return (int)header;
}

char *secret_ref_read(ProjectReader *reader, const YamlNode *map, const char *key,
                      bool plain_allowed)
{
    const YamlNode *node = yaml_get(map, key);
    const char *text = node ? yaml_text(reader->file, node, key) : NULL;
    if (!text)
        return NULL;
    if (!plain_allowed && !secret_is_reference(text)) {
        yaml_complain(reader->file, node,
                      "%s stands in the open; keep it in the environment or in a file of your own "
                      "and write env:NAME, file:PATH or command:PROGRAM",
                      key);
        return NULL;
    }
    return g_strdup(text);
}

static int optional_word(YamlFile *file, const YamlNode *map, const char *key,
                         const char *const *known, int standard)
{
    const YamlNode *node = yaml_get(map, key);
    const int word = node ? yaml_word(file, node, key, known) : -1;
    return word >= 0 ? word : standard;
}

static char *stream_read(ProjectReader *reader, const YamlNode *map)
{
    char *stream = optional_text(reader->file, map, "stream");
    if (stream)
        term_expect(reader->file, reader->project->framework,
                    (const TermKind[]){TERM_STREAM, N_TERM_KINDS}, true, yaml_get(map, "stream"),
                    "stream", stream);
    return stream;
}

/* A question that only a `…_from` reads needs no line of its own: it is kept for that one's sake.
 */
static void support_add(ProjectReader *reader, Source *source, const Mapping *asking,
                        const RoleValue *value)
{
    const Mapping *read = source_mapping(source, value->from);
    const YamlNode place = {.line = asking->line, .column = asking->column};
    if (read && (read->role == ROLE_IGNORE || read->role == ROLE_PERSON)) {
        yaml_complain(reader->file, &place,
                      "%s_from reads \"%s\", of which nothing is kept (%s in line %d); "
                      "give it another role or leave it unmapped",
                      value->key, value->from, role_word(read->role), read->line);
        return;
    }
    if (read)
        return;
    Mapping *support = g_new0(Mapping, 1);
    support->question = g_strdup(value->from);
    support->role = ROLE_SUPPORT;
    support->line = asking->line;
    support->column = asking->column;
    g_ptr_array_add(source->mappings, support);
}

static void questions_read(ProjectReader *reader, Source *source, const YamlNode *map)
{
    if (yaml_null(map) || !yaml_is(reader->file, map, YAML_MAP, "questions"))
        return;
    for (size_t i = 0; i < yaml_count(map); i++) {
        Mapping *mapping = mapping_read(reader, yaml_key_node(map, i), yaml_item(map, i));
        if (mapping)
            g_ptr_array_add(source->mappings, mapping);
    }
    const guint written = source->mappings->len;
    for (guint i = 0; i < written; i++) {
        const Mapping *mapping = source->mappings->pdata[i];
        for (size_t v = 0; v < mapping->n_values; v++)
            if (mapping->values[v].from)
                support_add(reader, source, mapping, &mapping->values[v]);
    }
}

static void source_texts(ProjectReader *reader, Source *source, const YamlNode *map)
{
    YamlFile *file = reader->file;
    source->kind = optional_text(file, map, "kind");
    source->url = url_read(reader, map, "url");
    source->form = optional_text(file, map, "form");
    source->path = path_read(reader, map);
    source->id_column = optional_text(file, map, "id");
    source->user_ref = secret_ref_read(reader, map, "user", true);
    source->password_ref = secret_ref_read(reader, map, "password", false);
    source->token_ref = secret_ref_read(reader, map, "token", false);
    source->token_url = url_read(reader, map, "token_url");
    source->scope = optional_text(file, map, "scope");
    source->stream = stream_read(reader, map);
    source->wave = optional_text(file, map, "wave");
    source->organisation = optional_text(file, map, "organisation");
    source->group = optional_group(reader, map);
    source->timezone = optional_timezone(file, map);
    if (yaml_get(map, "note"))
        label_read(file, yaml_get(map, "note"), "note", &source->note);
    source->encoding = optional_text(file, map, "encoding");
    source->separator = optional_text(file, map, "separator");
    source->sheet = optional_text(file, map, "sheet");
    source->header = header_read(file, yaml_get(map, "header"));
}

static void rest_read(YamlFile *file, Source *source, const YamlNode *key, const YamlNode *map)
{
    if (g_strcmp0(source->kind, "rest") == 0) {
        source->rest = rest_rules_read(file, key, map);
        return;
    }
    for (size_t i = 0; source->kind && rest_keys[i]; i++)
        if (yaml_get(map, rest_keys[i]))
            yaml_complain(
                file, yaml_get(map, rest_keys[i]),
                "%s goes with kind rest; %s knows by itself how its answers are asked for",
                rest_keys[i], source->kind);
}

/* A key that would be passed over in silence is a mistake. */
static void keys_fit(YamlFile *file, const YamlNode *map, const Source *source)
{
    static const struct {
        const char *key;
        const char *const kinds[3];
    } only[] = {{"sheet", {"xlsx"}}, {"header", {"csv", "xlsx"}}, {"participants", {"limesurvey"}}};
    for (size_t i = 0; source->kind && i < G_N_ELEMENTS(only); i++) {
        const YamlNode *node = yaml_get(map, only[i].key);
        if (node && !g_strv_contains(only[i].kinds, source->kind))
            yaml_complain(file, node, "%s: is for kind %s%s%s; remove it", only[i].key,
                          only[i].kinds[0], only[i].kinds[1] ? " and " : "",
                          only[i].kinds[1] ? only[i].kinds[1] : "");
    }
}

/* Nobody answers in a list of those who were asked: what it tells counts nowhere as heard. */
static void participants_read(YamlFile *file, Source *source, const YamlNode *map)
{
    const YamlNode *node = yaml_get(map, "participants"), *method = yaml_get(map, "method");
    if (!node)
        return;
    yaml_bool(file, node, "participants", &source->participants);
    if (!source->participants)
        return;
    if (method && source->method != METHOD_DOCUMENT)
        yaml_complain(file, method,
                      "nobody answers in a list of participants; remove `method:` here, and "
                      "collect the answers in a source of their own");
    source->method = METHOD_DOCUMENT;
}

static Source *source_read(ProjectReader *reader, const YamlNode *key, const YamlNode *map)
{
    static const char *const known[] = {
        "kind", "url", "form", "path", "id", "user", "password", "method", "stream", "wave",
        "organisation", "group", "evidence", "timezone", "encoding", "separator", "sheet", "header",
        "include", "insecure", "note", "questions", "ca_file", "pin", "proxy", "proxy_user",
        "proxy_password", "token", "token_url", "scope", "participants",
        /* of kind rest */
        "auth", "token_header", "format", "paging", "records", "submitted", "updated", "deleted",
        "complete", "answers", NULL};
    YamlFile *file = reader->file;
    const YamlNode *insecure = yaml_get(map, "insecure");
    Source *source = g_new0(Source, 1);
    source->name = g_strdup(key->text);
    source->line = key->line;
    source->column = key->column;
    source->mappings = g_ptr_array_new_with_free_func(mapping_free);
    source->group = -1;
    yaml_known(file, map, known);
    source_texts(reader, source, map);
    source->method = (SourceMethod)optional_word(file, map, "method", methods, METHOD_SURVEY);
    source->include = (Include)optional_word(file, map, "include", includes, INCLUDE_COMPLETE);
    const int evidence = optional_word(file, map, "evidence", evidences, -1);
    source->evidence = evidence >= 0 ? g_strdup(evidences[evidence]) : NULL;
    if (insecure)
        yaml_bool(file, insecure, "insecure", &source->insecure);
    participants_read(file, source, map);
    if (!yaml_get(map, "kind"))
        yaml_complain(file, key, "source \"%s\" has no kind; add `kind: limesurvey`, `csv` …",
                      source->name);
    if (!yaml_get(map, "url") && !yaml_get(map, "path"))
        yaml_complain(file, key,
                      "source \"%s\" names no place; add `url:` for a form system or `path:` for "
                      "files",
                      source->name);
    source_network_read(reader, source, map);
    rest_read(file, source, key, map);
    keys_fit(file, map, source);
    questions_read(reader, source, yaml_get(map, "questions"));
    return source;
}

void sources_read(ProjectReader *reader, const YamlNode *map)
{
    if (yaml_null(map) || !yaml_is(reader->file, map, YAML_MAP, "sources"))
        return;
    for (size_t i = 0; i < yaml_count(map); i++) {
        const YamlNode *key = yaml_key_node(map, i);
        g_autofree char *shown = yaml_shown(key);
        if (!id_is_sound(key->text))
            yaml_complain(reader->file, key,
                          "source %s: a source's name has letters a-z, digits, dots and hyphens; "
                          "rename it",
                          shown);
        if (yaml_is(reader->file, yaml_item(map, i), YAML_MAP, "a source"))
            g_ptr_array_add(reader->project->sources, source_read(reader, key, yaml_item(map, i)));
    }
}
