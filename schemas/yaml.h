/* YAML with places: every node knows its line and column, so that every complaint can name them.
 * Project files, frameworks and labels are read through this; nothing else knows libfyaml.
 *
 * A file is read whole and then asked for what it should hold. Whatever is wrong is added to the
 * file's complaints and reading goes on, so that the writer hears everything at once. */
#ifndef INNSIKT_SCHEMAS_YAML_H
#define INNSIKT_SCHEMAS_YAML_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

enum { YAML_BYTES_MAX = 4 * 1024 * 1024, YAML_DEPTH_MAX = 32, YAML_COMPLAINTS_MAX = 20 };

typedef enum {
    YAML_SCALAR,
    YAML_LIST,
    YAML_MAP,
    YAML_REFUSED /* complained about already (an alias …): whoever asks finds nothing, silently */
} YamlKind;

typedef struct YamlNode YamlNode;
struct YamlNode {
    YamlKind kind;
    int line, column;  /* from 1; columns count characters */
    size_t begin, end; /* bytes of the file, from its first to behind its last; of what is not
                        * written out (an empty value) both stand behind its key */
    bool quoted;       /* a scalar in quotes or a block: its text is meant as text */
    bool flow;         /* a list or map in brackets */
    bool secret;       /* set by the reader of the file: messages never show the text */
    bool late;         /* likewise: an env:NAME that is not set stands until it is needed */
    char *text;        /* of a scalar, UTF-8; "" when empty */
    GPtrArray *keys;   /* of a map: YamlNode*, scalars; beside items */
    GPtrArray *items;  /* of a list or map: YamlNode* */
};

typedef struct YamlFile YamlFile;

/* Reads UTF-8 text without anchors, aliases, tags or duplicate keys; `name` stands in messages.
 * Always returns a file: yaml_root is NULL when there was nothing to build on, and
 * yaml_sound tells what was wrong. yaml_load fails only when the file cannot be read at all
 * (NOT_FOUND, SYSTEM, LIMIT). */
YamlFile *yaml_parse(const char *name, const char *bytes, size_t n);
YamlFile *yaml_load(const char *path, const char *name, GError **error);
void yaml_free(YamlFile *file);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(YamlFile, yaml_free)

YamlNode *yaml_root(const YamlFile *file);

/* Adds a complaint at a node (NULL: at the file's beginning): «cause; mend». */
void yaml_complain(YamlFile *file, const YamlNode *at, const char *format, ...) G_GNUC_PRINTF(3, 4);
/* True when nobody has complained. Else false with all complaints (the first twenty, in the order
 * of the file) as one USAGE error, a line each: file:line:column: cause; mend. */
bool yaml_sound(const YamlFile *file, GError **error);

/* A scalar's text for a message: in quotes, one line, cut to a length; "…" for a secret. The
 * caller owns it. */
char *yaml_shown(const YamlNode *node);

/* --- asking ---------------------------------------------------------------------------------- */

/* Nothing there: no node, or an empty, `~` or `null` scalar without quotes. */
bool yaml_null(const YamlNode *node);
/* The value of a key, or NULL. */
YamlNode *yaml_get(const YamlNode *map, const char *key);
size_t yaml_count(const YamlNode *node); /* items of a list or map; 0 for anything else */
YamlNode *yaml_item(const YamlNode *node, size_t i);
const char *yaml_key(const YamlNode *map, size_t i);
const YamlNode *yaml_key_node(const YamlNode *map, size_t i);

/* Each of the following complains, naming `what`, when the node is not as wanted. A null node is
 * not wanted by any of them: ask yaml_null first where a value may be left out. */

/* The node is of the kind. */
bool yaml_is(YamlFile *file, const YamlNode *node, YamlKind kind, const char *what);
/* Every key of the map is one of `known` (NULL-terminated); the nearest is named. What is no map
 * has no keys: yaml_is complains of that. */
void yaml_known(YamlFile *file, const YamlNode *map, const char *const *known);
/* The text of a scalar that is not empty; NULL after a complaint. */
const char *yaml_text(YamlFile *file, const YamlNode *node, const char *what);
/* Its position in `words` (NULL-terminated), or -1 after a complaint. */
int yaml_word(YamlFile *file, const YamlNode *node, const char *what, const char *const *words);
bool yaml_bool(YamlFile *file, const YamlNode *node, const char *what, bool *ret);
bool yaml_number(YamlFile *file, const YamlNode *node, const char *what, double low, double high,
                 double *ret);
bool yaml_integer(YamlFile *file, const YamlNode *node, const char *what, uint64_t low,
                  uint64_t high, uint64_t *ret);
/* The texts of a list of scalars (or of one scalar, as a list of one); NULL after a complaint.
 * Caller frees with g_strfreev. */
char **yaml_texts(YamlFile *file, const YamlNode *node, const char *what);

#endif
