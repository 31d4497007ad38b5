/* A JSON text as a tree of json-c, for texts that come from a server: numbers keep the text they
 * came with, whatever their size; bytes that are not UTF-8, NUL and halves of surrogate pairs
 * become U+FFFD; depth and number of values are limited. */
#ifndef INNSIKT_COLLECT_JSON_TREE_H
#define INNSIKT_COLLECT_JSON_TREE_H

#include <json-c/json.h>
#include <stdbool.h>
#include <stddef.h>

enum {
    JSON_TREE_DEPTH = 64,
    JSON_TREE_VALUES = 65536,
};

/* The value, or NULL with *ret_why: "is broken JSON" and the like, static. *ret_repeats: a key
 * stands twice in one object, and the last one counts. Put it with json_object_put. */
json_object *json_tree(const char *bytes, size_t n, bool *ret_repeats, const char **ret_why);
/* The same of a text that may be larger, as a form may be: at most `values` values. */
json_object *json_tree_large(const char *bytes, size_t n, size_t values, const char **ret_why);

/* What a pointer (RFC 6901) leads to; NULL when there is nothing, and for null. Borrowed. */
json_object *json_at(json_object *value, const char *pointer);
/* The text of a member that is a text or a number; NULL for anything else. Borrowed. */
const char *json_member_text(json_object *object, const char *name);
/* The text of a value likewise. */
const char *json_text(json_object *value);

#endif
