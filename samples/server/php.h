#ifndef INNSIKT_SAMPLES_SERVER_PHP_H
#define INNSIKT_SAMPLES_SERVER_PHP_H

#include <glib.h>
#include <json-c/json.h>
#include <stdbool.h>

/* JSON as PHP's json_encode() prints it, which is what LimeSurvey's replies are made of: no blanks,
 * `/` as `\/`, everything outside ASCII as lower-case \uXXXX with surrogate pairs. json-c's own
 * printer differs in all three, and the recorded replies are compared byte for byte. */

/* Appends text (NUL-terminated; NULL is printed as null). Returns false and appends nothing when
 * text is not valid UTF-8: json_encode() then yields nothing at all for the value. */
bool php_append_text(GString *out, const char *text);

/* Appends any JSON value, members in the order they were added. Returns false, with out cut back to
 * its earlier length, when a text in it is not valid UTF-8. */
bool php_append_json(GString *out, json_object *value);

#endif
