/* The answers in a JSON value: {"a":{"b":1}} is a/b = 1. Objects in an array are instances of a
 * repeat, numbered over all that lies in one outermost repeat, inner ones among them: what stands
 * beside each other has the same number, and nothing else has. Anything else in an array is one
 * text. true and false are texts, null is none. */
#ifndef INNSIKT_COLLECT_FLATTEN_H
#define INNSIKT_COLLECT_FLATTEN_H

#include <glib.h>
#include <json-c/json.h>
#include <stdbool.h>

typedef struct {
    const char *joint; /* between the texts of an array */
    bool whole_keys;   /* a key in a group may say its whole path already: {"a":{"a/b":1}} */
    /* text: NULL for null and for an array of nothing; instance: INSTANCE_NONE outside repeats */
    void (*take)(const char *path, int instance, const char *text, gpointer data);
    gpointer data;
} Flatten;

/* `path`: of the value itself; "" for a record. */
void json_flatten(const Flatten *flatten, const char *path, json_object *value);

#endif
