/* Users and passwords on their way to a form system. */
#ifndef INNSIKT_COLLECT_LOGIN_H
#define INNSIKT_COLLECT_LOGIN_H

#include "schemas/project.h"

/* Reads the source's user and password, just before they are sent. The user's name may stand in
 * project.yaml, the password may not. The caller frees both with secret_free. */
bool login_read(const Source *source, const char *folder, char **ret_user, char **ret_password,
                GError **error);

/* The same for any pair of references. */
bool login_read_pair(const char *user_ref, const char *password_ref, const char *folder,
                     char **ret_user, char **ret_password, GError **error);

/* Writes `text` as a JSON string, quotes included, and gives the place behind it: into memory of
 * the final size (at most 6 bytes a byte, and 2), so that growing leaves no copy of a secret. */
char *login_quote(char *to, const char *text);

#endif
