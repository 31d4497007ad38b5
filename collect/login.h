/* Users and passwords on their way to a form system. */
#ifndef INNSIKT_COLLECT_LOGIN_H
#define INNSIKT_COLLECT_LOGIN_H

#include "collect/transport.h"
#include "schemas/project.h"

/* Reads the source's user and password, just before they are sent. The user's name may stand in
 * project.yaml, the password may not. The caller frees both with secret_free. */
bool login_read(const Source *source, const char *folder, char **ret_user, char **ret_password,
                GError **error);

/* The same for any pair of references. */
bool login_read_pair(const char *user_ref, const char *password_ref, const char *folder,
                     char **ret_user, char **ret_password, GError **error);

/* The header of basic authentication (RFC 7617) with the source's user and password. The caller
 * frees it with secret_free. */
char *login_basic(const Source *source, const char *folder, GError **error);

/* Writes `text` as a JSON string, quotes included, and gives the place behind it: into memory of
 * the final size (at most 6 bytes a byte, and 2), so that growing leaves no copy of a secret. */
char *login_quote(char *to, const char *text);

/* What a run knows of its logins: sources of one server, pulled side by side, send it a wrong
 * password once between them, since servers lock out whoever fails a few times. Any thread may use
 * it. */
LoginBook *login_book_new(void);
void login_book_free(LoginBook *book);

/* Sends a login; fails with AUTH when user or password are refused, else as it likes. */
typedef bool (*LoginSend)(gpointer session, const char *user, const char *password, GError **error);

/* Reads the source's user and password, sends them, and wipes them. While another source of the
 * transport's book sends the same to the same server it waits; what was refused is not sent again.
 */
bool login_send(const Source *source, const char *folder, const Transport *transport,
                const char *server, LoginSend send, gpointer session, GError **error);

#endif
