#include "collect/login.h"

#include "schemas/error.h"
#include "schemas/secret.h"

static char *read_user(const char *reference, const char *folder, GError **error)
{
    return secret_is_reference(reference) ? secret_read(reference, folder, error)
                                          : g_strdup(reference);
}

bool login_read_pair(const char *user_ref, const char *password_ref, const char *folder,
                     char **ret_user, char **ret_password, GError **error)
{
    char *user = read_user(user_ref, folder, error);
    char *password = user ? secret_read(password_ref, folder, error) : NULL;
    if (!password) {
        secret_free(user);
        return false;
    }
    *ret_user = user;
    *ret_password = password;
    return true;
}

bool login_read(const Source *source, const char *folder, char **ret_user, char **ret_password,
                GError **error)
{
    if (!source->user_ref || !source->password_ref) {
        const char *missing = source->user_ref ? "password" : "user";
        g_set_error(error, INNSIKT_ERROR, INNSIKT_ERROR_USAGE,
                    "`%s:` is missing, and the form server asks for it; add `%s: env:NAME`",
                    missing, missing);
        return false;
    }
    return login_read_pair(source->user_ref, source->password_ref, folder, ret_user, ret_password,
                           error);
}

char *login_quote(char *to, const char *text)
{
    *to++ = '"';
    for (const unsigned char *p = (const unsigned char *)text; *p; p++) {
        if (*p == '"' || *p == '\\') {
            *to++ = '\\';
            *to++ = (char)*p;
        } else if (*p < 0x20) {
            to += g_snprintf(to, 7, "\\u%04x", (unsigned)*p);
        } else {
            *to++ = (char)*p;
        }
    }
    *to++ = '"';
    return to;
}
