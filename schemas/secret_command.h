/* Secrets that a program prints: a password manager's, a vault's. */
#ifndef INNSIKT_SCHEMAS_SECRET_COMMAND_H
#define INNSIKT_SCHEMAS_SECRET_COMMAND_H

#include <glib.h>

enum { SECRET_COMMAND_MS = 60000 }; /* time enough for a person to unlock a password manager */

/* The first line that the program of `reference` (command:PROGRAM ARGUMENT …) prints. It is run
 * without a shell, in `folder`, with nothing to read; its arguments are split at blanks, quotes as
 * a shell knows them. The caller frees with secret_free. USAGE error when there is no such program,
 * when it fails, prints nothing or is not done after `ms` milliseconds, and then it is killed. The
 * message names the program alone: what it says on its standard error may be the secret, and goes
 * nowhere. */
char *secret_command_read(const char *reference, const char *folder, int ms, GError **error);

#endif
