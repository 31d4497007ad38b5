/* Strangers' texts on their way into a YAML file: whatever they hold, they stay what they are. */
#ifndef INNSIKT_SCHEMAS_YAML_TEXT_H
#define INNSIKT_SCHEMAS_YAML_TEXT_H

#include <glib.h>

/* The text as one scalar on one line: plain where nobody could take it for anything else, in double
 * quotes elsewhere, with controls, line ends and marks of direction written out as escapes. It can
 * stand as a key or a value, in a block or in brackets. Caller owns. */
char *yaml_scalar(const char *text);

/* The same, always in quotes. */
char *yaml_quoted(const char *text);

/* The text as part of a comment: one line, controls and marks of direction taken out, blanks
 * collapsed, at most `most` characters (the last of them «…» when it was longer). Caller owns. */
char *yaml_comment(const char *text, size_t most);

#endif
