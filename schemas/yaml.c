#include "schemas/yaml.h"
#include "schemas/error.h"
#include "schemas/nearest.h"

#include <errno.h>
#include <libfyaml.h>
#include <math.h>
#include <string.h>

enum { SHOWN_MAX = 60 };

typedef struct {
    int line, column;
    char *text;
} Complaint;

struct YamlFile {
    char *name;
    YamlNode *root;
    GArray *complaints; /* of Complaint, at most YAML_COMPLAINTS_MAX */
    unsigned unsaid;    /* those beyond */
};

/* --- complaints ------------------------------------------------------------------------------ */

static void complaint_clear(gpointer complaint)
{
    g_free(((Complaint *)complaint)->text);
}

static void complain_at(YamlFile *file, int line, int column, char *text)
{
    if (file->complaints->len == YAML_COMPLAINTS_MAX) {
        file->unsaid++;
        g_free(text);
        return;
    }
    Complaint complaint = {line, column, text};
    g_array_append_val(file->complaints, complaint);
}

void yaml_complain(YamlFile *file, const YamlNode *at, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    complain_at(file, at ? at->line : 1, at ? at->column : 1, g_strdup_vprintf(format, args));
    va_end(args);
}

static int complaint_order(const void *a, const void *b)
{
    const Complaint *x = a, *y = b;
    return x->line != y->line ? x->line - y->line : x->column - y->column;
}

bool yaml_sound(const YamlFile *file, GError **error)
{
    if (!file->complaints->len)
        return true;
    g_autoptr(GString) all = g_string_new(NULL);
    g_array_sort(file->complaints, complaint_order); /* GLib's sort is stable */
    for (guint i = 0; i < file->complaints->len; i++) {
        const Complaint *c = &g_array_index(file->complaints, Complaint, i);
        g_string_append_printf(all, "%s%s:%d:%d: %s", i ? "\n" : "", file->name, c->line, c->column,
                               c->text);
    }
    if (file->unsaid)
        g_string_append_printf(all, "\n%s: and %u more of the kind", file->name, file->unsaid);
    g_set_error_literal(error, INNSIKT_ERROR, INNSIKT_ERROR_USAGE, all->str);
    return false;
}

char *yaml_shown(const YamlNode *node)
{
    if (node->secret)
        return g_strdup("\"…\"");
    GString *shown = g_string_new("\"");
    const char *text = node->text ? node->text : "";
    int n = 0;
    for (; *text && n < SHOWN_MAX; text = g_utf8_next_char(text), n++) {
        gunichar c = g_utf8_get_char(text);
        g_string_append_unichar(shown, g_unichar_iscntrl(c) ? ' ' : c);
    }
    g_string_append(shown, *text ? "…\"" : "\"");
    return g_string_free(shown, FALSE);
}

/* --- building -------------------------------------------------------------------------------- */

static void node_free(gpointer data)
{
    YamlNode *node = data;
    if (!node)
        return;
    g_free(node->text);
    g_clear_pointer(&node->keys, g_ptr_array_unref);
    g_clear_pointer(&node->items, g_ptr_array_unref);
    g_free(node);
}

static YamlNode *node_new(YamlKind kind, const YamlNode *place)
{
    YamlNode *node = g_new0(YamlNode, 1);
    node->kind = kind;
    node->line = place ? place->line : 1;
    node->column = place ? place->column : 1;
    if (kind == YAML_LIST || kind == YAML_MAP)
        node->items = g_ptr_array_new_with_free_func(node_free);
    if (kind == YAML_MAP)
        node->keys = g_ptr_array_new_with_free_func(node_free);
    return node;
}

/* A collection that is not closed yet. */
typedef struct {
    YamlNode *node;
    YamlNode *key;    /* of a map: read, waiting for its value; owned by node */
    GHashTable *seen; /* of a map: text → key node */
} Level;

typedef struct {
    YamlFile *file;
    Level level[YAML_DEPTH_MAX];
    int depth;
    bool broken; /* nothing can be built on what comes now */
    const char *bytes;
    size_t n, skipped; /* skipped: a byte order mark before the bytes */
} Builder;

static void level_key(Builder *b, Level *level, YamlNode *key)
{
    if (key->kind == YAML_SCALAR) {
        const YamlNode *first = g_hash_table_lookup(level->seen, key->text);
        if (first) {
            g_autofree char *shown = yaml_shown(key);
            yaml_complain(b->file, key, "key %s stands twice; the first is in line %d", shown,
                          first->line);
        } else {
            g_hash_table_insert(level->seen, key->text, key);
        }
    }
    g_ptr_array_add(level->node->keys, key);
    level->key = key;
}

/* Puts a node where it belongs. */
static void builder_add(Builder *b, YamlNode *node)
{
    if (!b->depth) {
        node_free(b->file->root);
        b->file->root = node;
        return;
    }
    Level *level = &b->level[b->depth - 1];
    if (level->node->kind == YAML_MAP && !level->key) {
        level_key(b, level, node);
        return;
    }
    g_ptr_array_add(level->node->items, node);
    level->key = NULL;
}

static bool builder_in_key(const Builder *b)
{
    return b->depth && b->level[b->depth - 1].node->kind == YAML_MAP && !b->level[b->depth - 1].key;
}

static void builder_open(Builder *b, YamlNode *node)
{
    if (builder_in_key(b) || b->depth == YAML_DEPTH_MAX) {
        if (b->depth == YAML_DEPTH_MAX)
            yaml_complain(b->file, node, "nested more than %d deep; make it flatter",
                          YAML_DEPTH_MAX);
        else
            yaml_complain(b->file, node, "a key must be a plain text; write `name: value`");
        b->broken = true;
        node_free(node);
        return;
    }
    builder_add(b, node);
    b->level[b->depth++] = (Level){
        .node = node,
        .seen = node->kind == YAML_MAP ? g_hash_table_new(g_str_hash, g_str_equal) : NULL,
    };
}

/* libfyaml says where brackets close; a block ends with the last thing in it. */
static void builder_close(Builder *b, struct fy_event *event)
{
    Level *level = &b->level[--b->depth];
    YamlNode *node = level->node;
    const struct fy_mark *mark = event && node->flow ? fy_event_end_mark(event) : NULL;
    const size_t n = yaml_count(node);
    if (mark)
        node->end = mark->input_pos + b->skipped;
    else if (n)
        node->end = MAX(yaml_item(node, n - 1)->end, node->begin);
    g_clear_pointer(&level->seen, g_hash_table_unref);
}

/* libfyaml gives an empty value no mark: then it stands where its key stands. */
static YamlNode *builder_node(Builder *b, YamlKind kind, struct fy_event *event)
{
    const Level *level = b->depth ? &b->level[b->depth - 1] : NULL;
    const YamlNode *before = level ? (level->key ? level->key : level->node) : NULL;
    YamlNode *node = node_new(kind, before);
    const struct fy_mark *mark = fy_event_start_mark(event);
    node->begin = node->end = before ? before->end : 0;
    if (mark) {
        node->line = mark->line + 1;
        node->column = mark->column + 1;
        node->begin = node->end = mark->input_pos + b->skipped;
    }
    return node;
}

/* libfyaml marks what stands inside the quotes, and ends a text of many lines behind the blanks
 * before what follows it. */
static void builder_span(Builder *b, YamlNode *node, struct fy_event *event,
                         enum fy_scalar_style style)
{
    const struct fy_mark *mark = fy_event_end_mark(event);
    if (mark)
        node->end = mark->input_pos + b->skipped;
    if (style == FYSS_LITERAL || style == FYSS_FOLDED)
        while (node->end > node->begin && b->bytes[node->end - b->skipped - 1] == ' ')
            node->end--;
    if (style != FYSS_SINGLE_QUOTED && style != FYSS_DOUBLE_QUOTED)
        return;
    node->column -= node->column > 1;
    node->begin -= node->begin > b->skipped;
    node->end += node->end - b->skipped < b->n;
}

static YamlNode *builder_scalar(Builder *b, struct fy_event *event)
{
    YamlNode *node = builder_node(b, YAML_SCALAR, event);
    struct fy_token *token = event->scalar.value;
    size_t n = 0;
    const char *text = token ? fy_token_get_text(token, &n) : NULL;
    const enum fy_scalar_style style = token ? fy_token_scalar_style(token) : FYSS_PLAIN;
    node->text = text ? g_strndup(text, n) : g_strdup("");
    node->quoted = style != FYSS_PLAIN;
    builder_span(b, node, event, style);
    return node;
}

static void builder_refuse_marks(Builder *b, struct fy_event *event, const YamlNode *node)
{
    if (fy_event_get_anchor_token(event))
        yaml_complain(b->file, node, "anchors (&name) are not allowed; write the value itself");
    if (fy_event_get_tag_token(event))
        yaml_complain(b->file, node, "tags (!name) are not allowed; leave the tag out");
}

static void builder_take(Builder *b, struct fy_event *event)
{
    switch (event->type) {
    case FYET_DOCUMENT_START:
        if (b->file->root) {
            YamlNode *place = builder_node(b, YAML_REFUSED, event);
            yaml_complain(b->file, place, "a second document; keep to one in a file");
            node_free(place);
            b->broken = true;
        }
        break;
    case FYET_MAPPING_START:
    case FYET_SEQUENCE_START: {
        YamlNode *node =
            builder_node(b, event->type == FYET_MAPPING_START ? YAML_MAP : YAML_LIST, event);
        node->flow = fy_event_get_node_style(event) == FYNS_FLOW;
        builder_refuse_marks(b, event, node);
        builder_open(b, node);
        break;
    }
    case FYET_MAPPING_END:
    case FYET_SEQUENCE_END:
        builder_close(b, event);
        break;
    case FYET_SCALAR: {
        YamlNode *node = builder_scalar(b, event);
        builder_refuse_marks(b, event, node);
        builder_add(b, node);
        break;
    }
    case FYET_ALIAS: {
        YamlNode *node = builder_node(b, YAML_REFUSED, event);
        yaml_complain(b->file, node, "aliases (*name) are not allowed; write the value itself");
        node->text = g_strdup("");
        builder_add(b, node);
        break;
    }
    default:
        break;
    }
}

/* --- reading --------------------------------------------------------------------------------- */

/* libfyaml keeps its errors with their places; it must print nothing itself. */
static void diag_silent(struct fy_diag *diag G_GNUC_UNUSED, void *user G_GNUC_UNUSED,
                        const char *text G_GNUC_UNUSED, size_t n G_GNUC_UNUSED)
{
}

static struct fy_diag *diag_new(void)
{
    struct fy_diag_cfg config;
    fy_diag_cfg_default(&config);
    config.fp = NULL;
    config.output_fn = diag_silent;
    config.level = FYET_ERROR;
    struct fy_diag *diag = fy_diag_create(&config);
    fy_diag_set_collect_errors(diag, true);
    return diag;
}

static void complain_syntax(YamlFile *file, struct fy_diag *diag)
{
    void *at = NULL;
    const struct fy_diag_error *first = fy_diag_errors_iterate(diag, &at);
    if (!first) {
        complain_at(file, 1, 1, g_strdup("cannot be read as YAML; check its syntax"));
        return;
    }
    complain_at(file, MAX(first->line, 1), MAX(first->column, 1),
                g_strdup_printf("%s; check indentation, quotes and brackets here", first->msg));
}

static void parse_events(YamlFile *file, const char *bytes, size_t n, size_t skipped)
{
    struct fy_diag *diag = diag_new();
    struct fy_parse_cfg config = {.flags = FYPCF_QUIET, .diag = diag};
    struct fy_parser *parser = fy_parser_create(&config);
    Builder b = {.file = file, .bytes = bytes, .n = n, .skipped = skipped};
    struct fy_event *event;
    fy_parser_set_string(parser, bytes, n);
    while (!b.broken && (event = fy_parser_parse(parser))) {
        builder_take(&b, event);
        fy_parser_event_free(parser, event);
    }
    if (!b.broken && fy_parser_get_stream_error(parser)) {
        complain_syntax(file, diag);
        b.broken = true;
    }
    while (b.depth)
        builder_close(&b, NULL);
    if (b.broken)
        g_clear_pointer(&file->root, node_free);
    fy_parser_destroy(parser);
    fy_diag_destroy(diag);
}

static bool allowed_byte(unsigned char c)
{
    return c >= 0x20 ? c != 0x7f : c == '\t' || c == '\n' || c == '\r';
}

/* UTF-8 without control characters. libfyaml is not asked about anything else. */
static bool check_bytes(YamlFile *file, const char *bytes, size_t n)
{
    const char *bad = bytes, *end;
    g_utf8_validate_len(bytes, n, &end);
    while (bad < end && allowed_byte((unsigned char)*bad))
        bad++;
    if (bad == bytes + n)
        return true;
    int line = 1, column = 1;
    for (const char *at = bytes; at < bad; at = g_utf8_next_char(at)) {
        column = *at == '\n' ? 1 : column + 1;
        line += *at == '\n';
    }
    const unsigned byte = (unsigned char)*bad;
    complain_at(file, line, column,
                bad < end || byte < 0x80
                    ? g_strdup_printf("control character U+%04X; take it out", byte)
                    : g_strdup_printf("byte 0x%02X is not UTF-8; save the file as UTF-8", byte));
    return false;
}

YamlFile *yaml_parse(const char *name, const char *bytes, size_t n)
{
    YamlFile *file = g_new0(YamlFile, 1);
    file->name = g_strdup(name);
    file->complaints = g_array_new(FALSE, FALSE, sizeof(Complaint));
    g_array_set_clear_func(file->complaints, complaint_clear);
    const size_t mark = n >= 3 && memcmp(bytes, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;
    bytes += mark;
    n -= mark;
    if (!check_bytes(file, bytes, n))
        return file;
    parse_events(file, bytes, n, mark);
    if (!file->root && !file->complaints->len)
        yaml_complain(file, NULL, "the file is empty; write what it should say");
    return file;
}

static bool read_error(GError **error, const char *name, int number)
{
    const bool missing = number == ENOENT || number == ENOTDIR;
    g_set_error(error, INNSIKT_ERROR, missing ? INNSIKT_ERROR_NOT_FOUND : INNSIKT_ERROR_SYSTEM,
                "%s: cannot be read: %s", name, g_strerror(number));
    return false;
}

/* Reads at most one byte more than allowed, whatever the file claims its size to be. */
static bool read_bytes(const char *path, const char *name, GString *bytes, GError **error)
{
    FILE *in = fopen(path, "rbe");
    if (!in)
        return read_error(error, name, errno);
    char block[8192];
    size_t n;
    while (bytes->len <= YAML_BYTES_MAX && (n = fread(block, 1, sizeof block, in)) > 0)
        g_string_append_len(bytes, block, (gssize)n);
    const int number = ferror(in) ? errno : 0;
    fclose(in);
    return number ? read_error(error, name, number) : true;
}

YamlFile *yaml_load(const char *path, const char *name, GError **error)
{
    g_autoptr(GString) bytes = g_string_new(NULL);
    if (!read_bytes(path, name, bytes, error))
        return NULL;
    if (bytes->len > YAML_BYTES_MAX) {
        g_set_error(error, INNSIKT_ERROR, INNSIKT_ERROR_LIMIT,
                    "%s: larger than %d MiB, which no project needs; is it the right file?", name,
                    YAML_BYTES_MAX / 1024 / 1024);
        return NULL;
    }
    return yaml_parse(name, bytes->str, bytes->len);
}

void yaml_free(YamlFile *file)
{
    if (!file)
        return;
    node_free(file->root);
    g_array_unref(file->complaints);
    g_free(file->name);
    g_free(file);
}

YamlNode *yaml_root(const YamlFile *file)
{
    return file->root;
}

/* --- asking ---------------------------------------------------------------------------------- */

bool yaml_null(const YamlNode *node)
{
    return !node || node->kind == YAML_REFUSED ||
           (node->kind == YAML_SCALAR && !node->quoted &&
            (!*node->text || g_str_equal(node->text, "~") || g_str_equal(node->text, "null")));
}

size_t yaml_count(const YamlNode *node)
{
    return node && node->items ? node->items->len : 0;
}

YamlNode *yaml_item(const YamlNode *node, size_t i)
{
    return g_ptr_array_index(node->items, i);
}

const YamlNode *yaml_key_node(const YamlNode *map, size_t i)
{
    return g_ptr_array_index(map->keys, i);
}

const char *yaml_key(const YamlNode *map, size_t i)
{
    return yaml_key_node(map, i)->text;
}

YamlNode *yaml_get(const YamlNode *map, const char *key)
{
    if (!map || map->kind != YAML_MAP)
        return NULL;
    for (size_t i = 0; i < yaml_count(map); i++)
        if (g_str_equal(yaml_key(map, i), key))
            return yaml_item(map, i);
    return NULL;
}

bool yaml_is(YamlFile *file, const YamlNode *node, YamlKind kind, const char *what)
{
    static const char *const names[] = {"a single value", "a list (`- …` or `[…]`)",
                                        "a map (`key: value`)"};
    if (node && node->kind == kind)
        return true;
    if (!node || node->kind != YAML_REFUSED)
        yaml_complain(file, node, "%s must be %s", what, names[kind]);
    return false;
}

void yaml_known(YamlFile *file, const YamlNode *map, const char *const *known)
{
    for (size_t i = 0; map && map->kind == YAML_MAP && i < yaml_count(map); i++) {
        const YamlNode *key = yaml_key_node(map, i);
        if (key->kind != YAML_SCALAR || g_strv_contains(known, key->text))
            continue;
        g_autofree char *shown = yaml_shown(key);
        g_autofree char *help = nearest_help(key->text, known);
        yaml_complain(file, key, "unknown key %s; %s", shown, help);
    }
}

const char *yaml_text(YamlFile *file, const YamlNode *node, const char *what)
{
    if (yaml_null(node) || (node->kind == YAML_SCALAR && !*node->text)) {
        if (!node || node->kind != YAML_REFUSED)
            yaml_complain(file, node, "%s is empty; write a value or leave it out", what);
        return NULL;
    }
    return yaml_is(file, node, YAML_SCALAR, what) ? node->text : NULL;
}

int yaml_word(YamlFile *file, const YamlNode *node, const char *what, const char *const *words)
{
    const char *text = yaml_text(file, node, what);
    for (int i = 0; text && words[i]; i++)
        if (g_str_equal(words[i], text))
            return i;
    if (text) {
        g_autofree char *shown = yaml_shown(node);
        g_autofree char *help = nearest_help(text, words);
        yaml_complain(file, node, "%s cannot be %s; %s", what, shown, help);
    }
    return -1;
}

bool yaml_bool(YamlFile *file, const YamlNode *node, const char *what, bool *ret)
{
    static const char *const words[] = {"false", "true", NULL};
    const int word = yaml_word(file, node, what, words);
    if (word >= 0)
        *ret = word;
    return word >= 0;
}

/* A number with a decimal comma, as a Norwegian writes it, or NULL. Caller owns. */
static char *comma_mended(const char *text)
{
    char *mended = g_strdelimit(g_strdup(text), ",", '.');
    char *end;
    g_ascii_strtod(mended, &end);
    if (strchr(text, ',') && end != mended && !*end)
        return mended;
    g_free(mended);
    return NULL;
}

static void complain_number(YamlFile *file, const YamlNode *node, const char *what, double low,
                            double high)
{
    g_autofree char *shown = yaml_shown(node);
    g_autofree char *mended = comma_mended(node->text);
    if (mended && !node->secret)
        yaml_complain(file, node, "%s is %s; write %s", what, shown, mended);
    else
        yaml_complain(file, node, "%s is %s; it must be a number from %.15g to %.15g", what, shown,
                      low, high);
}

bool yaml_number(YamlFile *file, const YamlNode *node, const char *what, double low, double high,
                 double *ret)
{
    const char *text = yaml_text(file, node, what);
    if (!text)
        return false;
    char *end;
    const double value = g_ascii_strtod(text, &end);
    if (g_ascii_isspace(*text) || *end || !isfinite(value) || value < low || value > high) {
        complain_number(file, node, what, low, high);
        return false;
    }
    *ret = value;
    return true;
}

bool yaml_integer(YamlFile *file, const YamlNode *node, const char *what, uint64_t low,
                  uint64_t high, uint64_t *ret)
{
    const char *text = yaml_text(file, node, what);
    guint64 value;
    if (!text)
        return false;
    if (!g_ascii_string_to_unsigned(text, 10, low, high, &value, NULL)) {
        g_autofree char *shown = yaml_shown(node);
        if (low == high)
            yaml_complain(file, node, "%s is %s; it must be %" G_GUINT64_FORMAT, what, shown, low);
        else
            yaml_complain(file, node,
                          "%s is %s; it must be a whole number from %" G_GUINT64_FORMAT
                          " to %" G_GUINT64_FORMAT,
                          what, shown, low, high);
        return false;
    }
    *ret = value;
    return true;
}

char **yaml_texts(YamlFile *file, const YamlNode *node, const char *what)
{
    g_autoptr(GStrvBuilder) texts = g_strv_builder_new();
    if (node && node->kind == YAML_SCALAR) {
        const char *text = yaml_text(file, node, what);
        if (!text)
            return NULL;
        g_strv_builder_add(texts, text);
        return g_strv_builder_end(texts);
    }
    if (!yaml_is(file, node, YAML_LIST, what))
        return NULL;
    bool sound = true;
    for (size_t i = 0; i < yaml_count(node); i++) {
        const char *text = yaml_text(file, yaml_item(node, i), what);
        sound = sound && text;
        if (text)
            g_strv_builder_add(texts, text);
    }
    char **all = g_strv_builder_end(texts);
    if (!sound)
        g_clear_pointer(&all, g_strfreev);
    return all;
}
