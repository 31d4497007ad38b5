/* Secrets: read from where they are kept, used, wiped. They never reach a message, a log, the store
 * or a command line; only their references are ever printed, of a command the program alone. */
#ifndef INNSIKT_SCHEMAS_SECRET_H
#define INNSIKT_SCHEMAS_SECRET_H

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>

/* Reads the secret `reference` names: env:NAME, file:PATH (relative to folder; refused when others
 * than its owner can read it; one trailing line end is not part of it), or command:PROGRAM ARGUMENT
 * … (secret_command.h: the first line it prints). The caller frees with secret_free, which wipes.
 * USAGE error when the reference is of no known kind, unset or empty. */
char *secret_read(const char *reference, const char *folder, GError **error);
void secret_free(char *secret);
bool secret_is_reference(const char *text); /* begins with env:, file: or command: */

/* The project's key for pseudonyms and ids: 32 bytes derived (SHA-256) from the secret's bytes. */
enum { KEY_BYTES = 32 };
typedef struct {
    unsigned char bytes[KEY_BYTES];
} ProjectKey;

bool project_key_read(const char *reference, const char *folder, ProjectKey *ret, GError **error);
void project_key_wipe(ProjectKey *key);

/* What tells one key from another without giving it away; caller owns. */
char *project_key_mark(const ProjectKey *key);

/* HMAC-SHA-256 under the key over the parts, each with its length before it so that no two lists
 * of parts give the same bytes; the first 16 bytes as 32 hex digits. Caller owns. */
char *project_key_id(const ProjectKey *key, const char *purpose, ...) G_GNUC_NULL_TERMINATED;

#endif
