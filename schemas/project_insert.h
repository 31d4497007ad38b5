/* Additions to a project file that leave every byte of it that stands there: comments, order,
 * blanks, line ends. Texts in, texts out; what comes out is to be read again before it is kept. */
#ifndef INNSIKT_SCHEMAS_PROJECT_INSERT_H
#define INNSIKT_SCHEMAS_PROJECT_INSERT_H

#include <glib.h>
#include <stdbool.h>

/* One line under `questions:`, with the comments above it. */
typedef struct {
    GPtrArray *comments; /* of char*: a line each, without the sign; may be empty */
    char *key, *value;   /* as YAML, each on one line; a key of NULL: comments only. Long values are
                          * broken when they are written */
} ProjectEntry;

ProjectEntry *project_entry_new(void);
void project_entry_free(gpointer entry);

/* The entries as a block, each line behind `indent` blanks and ended by `newline`. Caller owns. */
char *project_entries_text(const GPtrArray *entries, size_t indent, const char *newline);

/* The text of project.yaml with the entries behind the questions of one source, in the style that
 * is found there: a block, brackets, `questions: {}`, nothing behind the key, or no such key yet.
 * NULL with an error (USAGE) when the file cannot be read as YAML or has no such source; the caller
 * owns the text. */
char *project_insert(const char *text, size_t n, const char *source, const GPtrArray *entries,
                     GError **error);

/* The text with another value under a key of the root; the key must be there (USAGE). */
char *project_put(const char *text, size_t n, const char *key, const char *value, GError **error);

#endif
