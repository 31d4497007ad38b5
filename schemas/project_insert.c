#include "schemas/project_insert.h"

#include "schemas/error.h"
#include "schemas/yaml.h"
#include "schemas/yaml_text.h"

#include <string.h>

enum {
    STEP = 2,        /* blanks a deeper block stands in by, where the file shows no other way */
    DEEPER = 4,      /* of a value that goes on */
    LINE_MOST = 120, /* bytes of a line that can be broken */
};

#define NAME "project.yaml"

/* --- entries --------------------------------------------------------------------------------- */

ProjectEntry *project_entry_new(void)
{
    ProjectEntry *entry = g_new0(ProjectEntry, 1);
    entry->comments = g_ptr_array_new_with_free_func(g_free);
    return entry;
}

void project_entry_free(gpointer data)
{
    ProjectEntry *entry = data;
    if (!entry)
        return;
    g_ptr_array_unref(entry->comments);
    g_free(entry->key);
    g_free(entry->value);
    g_free(entry);
}

static void append_line(GString *out, size_t indent, const char *newline, const char *format, ...)
    G_GNUC_PRINTF(4, 5);

static void append_line(GString *out, size_t indent, const char *newline, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    g_string_append_printf(out, "%*s", (int)indent, "");
    g_string_append_vprintf(out, format, arguments);
    g_string_append(out, newline);
    va_end(arguments);
}

/* Where the value may go on in another line: the byte behind the last comma outside quotes within
 * `room` bytes, or behind the first there is; 0: nowhere. */
static size_t break_in(const char *value, size_t room)
{
    size_t at = 0;
    bool quoted = false;
    for (size_t i = 0; value[i] && (i < room || !at); i++) {
        if (value[i] == '\\' && quoted && value[i + 1])
            i++;
        else if (value[i] == '"')
            quoted = !quoted;
        else if (value[i] == ',' && value[i + 1] == ' ' && !quoted)
            at = i + 1;
    }
    return at;
}

/* `key: value`, in several lines where it is long: all values stand in brackets. */
static void append_entry(GString *out, size_t indent, const char *newline,
                         const ProjectEntry *entry, const char *between)
{
    const char *value = entry->value;
    size_t used = indent + strlen(entry->key) + strlen(": "), at;
    g_string_append_printf(out, "%*s%s: ", (int)indent, "", entry->key);
    while (used + strlen(value) > LINE_MOST &&
           (at = break_in(value, used < LINE_MOST ? LINE_MOST - used : 1))) {
        g_string_append_len(out, value, (gssize)at);
        value += at + 1;
        used = indent + DEEPER;
        g_string_append_printf(out, "%s%*s", newline, (int)used, "");
    }
    g_string_append_printf(out, "%s%s%s", value, between, newline);
}

/* `between`: what parts two entries: nothing in a block, a comma in brackets. */
static char *entries_text(const GPtrArray *entries, size_t indent, const char *newline,
                          const char *between)
{
    GString *out = g_string_new(NULL);
    guint last = 0;
    for (guint i = 0; i < entries->len; i++)
        if (((const ProjectEntry *)entries->pdata[i])->key)
            last = i;
    for (guint i = 0; i < entries->len; i++) {
        const ProjectEntry *entry = entries->pdata[i];
        for (guint c = 0; c < entry->comments->len; c++)
            append_line(out, indent, newline, "# %s", (const char *)entry->comments->pdata[c]);
        if (entry->key)
            append_entry(out, indent, newline, entry, i < last ? between : "");
    }
    return g_string_free(out, FALSE);
}

char *project_entries_text(const GPtrArray *entries, size_t indent, const char *newline)
{
    return entries_text(entries, indent, newline, "");
}

/* --- the text -------------------------------------------------------------------------------- */

typedef struct {
    const char *text;
    size_t n;
    const char *newline;
    const GPtrArray *entries;
} Insertion;

static const char *newline_of(const char *text, size_t n)
{
    const char *first = memchr(text, '\n', n);
    return first && first > text && first[-1] == '\r' ? "\r\n" : "\n";
}

/* The first byte of the line behind the one that holds `at`; where a block text ends a line, that
 * one. */
static size_t line_behind(const Insertion *in, size_t at)
{
    if (at && in->text[at - 1] == '\n')
        return at;
    const char *end = memchr(in->text + at, '\n', in->n - at);
    return end ? (size_t)(end - in->text) + 1 : in->n;
}

static size_t line_indent(const Insertion *in, size_t at)
{
    while (at && in->text[at - 1] != '\n')
        at--;
    size_t blanks = 0;
    while (at + blanks < in->n && in->text[at + blanks] == ' ')
        blanks++;
    return blanks;
}

/* Behind the comments that go on with a block of this indent. */
static size_t comments_behind(const Insertion *in, size_t at, size_t indent)
{
    while (at < in->n) {
        const size_t blanks = line_indent(in, at);
        if (blanks < indent || at + blanks >= in->n || in->text[at + blanks] != '#')
            return at;
        at = line_behind(in, at + blanks);
    }
    return at;
}

/* The text with [from, to) replaced. */
static char *spliced(const Insertion *in, size_t from, size_t to, const char *with)
{
    GString *out = g_string_sized_new(in->n + strlen(with));
    g_string_append_len(out, in->text, (gssize)from);
    g_string_append(out, with);
    g_string_append_len(out, in->text + to, (gssize)(in->n - to));
    return g_string_free(out, FALSE);
}

/* Whole lines at the beginning of a line, or behind a last line that does not end. */
static char *lines_put(const Insertion *in, size_t at, const char *lines)
{
    if (!at || in->text[at - 1] == '\n')
        return spliced(in, at, at, lines);
    g_autofree char *open = g_strndup(lines, strlen(lines) - strlen(in->newline));
    g_autofree char *behind = g_strconcat(in->newline, open, NULL);
    return spliced(in, at, at, behind);
}

static size_t column_of(const YamlNode *node)
{
    return (size_t)node->column - 1;
}

/* Where the keys of a block stand: `? key` begins before its key, and quotes before their text. */
static size_t block_indent(const YamlNode *map)
{
    return MIN(column_of(map), column_of(yaml_key_node(map, 0)));
}

/* Entries behind the last one of a block. */
static char *into_block(const Insertion *in, const YamlNode *map)
{
    const size_t indent = block_indent(map);
    const size_t at = comments_behind(in, line_behind(in, map->end), indent);
    g_autofree char *lines = entries_text(in->entries, indent, in->newline, "");
    return lines_put(in, at, lines);
}

/* Before the bracket that closes. A comma may stand there already: then the first try is no YAML.
 */
static char *into_brackets(const Insertion *in, const YamlNode *map, const char *lines,
                           size_t indent)
{
    for (int comma = yaml_count(map) != 0; comma >= 0; comma--) {
        g_autofree char *with =
            g_strdup_printf("%s%s%s%*s", comma ? "," : "", in->newline, lines, (int)indent, "");
        g_autofree char *out = spliced(in, map->end - 1, map->end - 1, with);
        g_autoptr(YamlFile) file = yaml_parse(NAME, out, strlen(out));
        if (yaml_sound(file, NULL) || !comma)
            return g_steal_pointer(&out);
    }
    g_return_val_if_reached(NULL);
}

static char *entries_into_brackets(const Insertion *in, const YamlNode *map)
{
    const size_t indent = line_indent(in, map->begin) + STEP;
    g_autofree char *lines = entries_text(in->entries, indent, in->newline, ",");
    return into_brackets(in, map, lines, indent);
}

/* `questions:` with nothing behind it, or with `{}` or `~`, which goes: a block below the key. */
static char *below_key(const Insertion *in, const YamlNode *key, const YamlNode *value, size_t step)
{
    const size_t indent = column_of(key) + step;
    size_t from = value->begin;
    const bool alone = value->end >= in->n || strchr("\r\n", in->text[value->end]);
    while (alone && from > key->end + 1 && strchr(" \t", in->text[from - 1]))
        from--;
    g_autofree char *bare =
        value->end > value->begin ? spliced(in, from, value->end, "") : g_strndup(in->text, in->n);
    const Insertion rest = {bare, strlen(bare), in->newline, in->entries};
    g_autofree char *lines = entries_text(in->entries, indent, in->newline, "");
    const size_t at = comments_behind(&rest, line_behind(&rest, key->end), indent);
    return lines_put(&rest, at, lines);
}

/* A source that has no such key yet. */
static char *with_key(const Insertion *in, const YamlNode *source)
{
    if (source->flow) {
        const size_t indent = line_indent(in, source->begin) + STEP;
        g_autofree char *lines = entries_text(in->entries, indent + STEP, in->newline, ",");
        g_autofree char *map =
            g_strdup_printf("%*squestions: {%s%s%*s}%s", (int)indent, "", in->newline, lines,
                            (int)(indent + STEP), "", in->newline);
        return into_brackets(in, source, map, indent);
    }
    const size_t indent = block_indent(source);
    const size_t at = comments_behind(in, line_behind(in, source->end), indent);
    g_autofree char *lines = entries_text(in->entries, indent + STEP, in->newline, "");
    g_autofree char *map =
        g_strdup_printf("%*squestions:%s%s", (int)indent, "", in->newline, lines);
    return lines_put(in, at, map);
}

static const YamlNode *key_node(const YamlNode *map, const char *key)
{
    for (size_t i = 0; i < yaml_count(map); i++)
        if (g_str_equal(yaml_key(map, i), key))
            return yaml_key_node(map, i);
    return NULL;
}

char *project_insert(const char *text, size_t n, const char *source, const GPtrArray *entries,
                     GError **error)
{
    const Insertion in = {text, n, newline_of(text, n), entries};
    g_autoptr(YamlFile) file = yaml_parse(NAME, text, n);
    if (!yaml_sound(file, error))
        return NULL;
    const YamlNode *sources = yaml_get(yaml_root(file), "sources");
    const YamlNode *map = yaml_get(sources, source);
    if (!map || map->kind != YAML_MAP || !yaml_count(map)) {
        g_set_error(error, INNSIKT_ERROR, INNSIKT_ERROR_USAGE,
                    NAME ": there is no source \"%s\" to add questions to; add it under `sources:`",
                    source);
        return NULL;
    }
    const YamlNode *key = key_node(map, "questions"), *questions = yaml_get(map, "questions");
    if (!key)
        return with_key(&in, map);
    if (questions->kind == YAML_MAP && !questions->flow)
        return into_block(&in, questions);
    const bool bare = questions->kind != YAML_MAP ||
                      (!yaml_count(questions) && questions->end - questions->begin == strlen("{}"));
    if (map->flow && questions->kind != YAML_MAP) {
        g_set_error(error, INNSIKT_ERROR, INNSIKT_ERROR_USAGE,
                    NAME ":%d:%d: nothing stands behind `questions:` of source \"%s\"; write "
                         "`questions: {}`",
                    key->line, key->column, source);
        return NULL;
    }
    if (!bare || map->flow)
        return entries_into_brackets(&in, questions);
    const YamlNode *name = key_node(sources, source);
    const size_t step =
        column_of(key) > column_of(name) ? column_of(key) - column_of(name) : (size_t)STEP;
    return below_key(&in, key, questions, step);
}

char *project_put(const char *text, size_t n, const char *key, const char *value, GError **error)
{
    const Insertion in = {text, n, newline_of(text, n), NULL};
    g_autoptr(YamlFile) file = yaml_parse(NAME, text, n);
    if (!yaml_sound(file, error))
        return NULL;
    const YamlNode *node = yaml_get(yaml_root(file), key);
    if (!node || node->kind != YAML_SCALAR || node->end == node->begin) {
        g_set_error(error, INNSIKT_ERROR, INNSIKT_ERROR_USAGE,
                    NAME ": there is no `%s:` to be changed; add it", key);
        return NULL;
    }
    g_autofree char *scalar = yaml_scalar(value);
    return spliced(&in, node->begin, node->end, scalar);
}
