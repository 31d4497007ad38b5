#include "collect/login.h"

#include "schemas/error.h"
#include "schemas/secret.h"

#include <pthread.h>
#include <string.h>

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

char *login_basic(const Source *source, const char *folder, GError **error)
{
    char *user, *password;
    if (!login_read(source, folder, &user, &password, error))
        return NULL;
    char *pair = g_strconcat(user, ":", password, NULL);
    char *base64 = g_base64_encode((const guchar *)pair, strlen(pair));
    char *header = g_strconcat("Authorization: Basic ", base64, NULL);
    secret_free(user);
    secret_free(password);
    secret_free(pair);
    secret_free(base64);
    return header;
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

/* --- the book --- */

/* One user and password at one server. */
typedef struct {
    bool busy;     /* somebody is sending them */
    char *refusal; /* what was said to that; NULL: they have not been refused */
} Attempt;

struct LoginBook {
    pthread_mutex_t lock;
    pthread_cond_t done;
    GHashTable *attempts; /* digest of server, user and password → Attempt */
};

static void attempt_free(gpointer data)
{
    Attempt *attempt = data;
    g_free(attempt->refusal);
    g_free(attempt);
}

LoginBook *login_book_new(void)
{
    LoginBook *book = g_new0(LoginBook, 1);
    pthread_mutex_init(&book->lock, NULL);
    pthread_cond_init(&book->done, NULL);
    book->attempts = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, attempt_free);
    return book;
}

void login_book_free(LoginBook *book)
{
    if (!book)
        return;
    g_hash_table_unref(book->attempts);
    pthread_cond_destroy(&book->done);
    pthread_mutex_destroy(&book->lock);
    g_free(book);
}

static char *attempt_key(const char *server, const char *user, const char *password)
{
    const char *const parts[] = {server, user, password};
    g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);
    for (size_t i = 0; i < G_N_ELEMENTS(parts); i++) /* with its NUL, so that none runs on */
        g_checksum_update(sum, (const guchar *)parts[i], (gssize)strlen(parts[i]) + 1);
    return g_strdup(g_checksum_get_string(sum));
}

/* The attempt, which is the caller's alone until book_leave; NULL with an error when it has been
 * refused. */
static Attempt *book_enter(LoginBook *book, const char *key, GError **error)
{
    pthread_mutex_lock(&book->lock);
    Attempt *attempt = g_hash_table_lookup(book->attempts, key);
    if (!attempt) {
        attempt = g_new0(Attempt, 1);
        g_hash_table_insert(book->attempts, g_strdup(key), attempt);
    }
    while (attempt->busy)
        pthread_cond_wait(&book->done, &book->lock);
    if (attempt->refusal)
        g_set_error(error, INNSIKT_ERROR, INNSIKT_ERROR_AUTH, "refused for another source: %s",
                    attempt->refusal);
    else
        attempt->busy = true;
    bool ours = attempt->busy;
    pthread_mutex_unlock(&book->lock);
    return ours ? attempt : NULL;
}

static void book_leave(LoginBook *book, Attempt *attempt, const GError *trouble)
{
    pthread_mutex_lock(&book->lock);
    attempt->busy = false;
    if (g_error_matches(trouble, INNSIKT_ERROR, INNSIKT_ERROR_AUTH))
        attempt->refusal = g_strdup(trouble->message);
    pthread_cond_broadcast(&book->done);
    pthread_mutex_unlock(&book->lock);
}

static bool send_by_book(LoginBook *book, const char *key, LoginSend send, gpointer session,
                         const char *user, const char *password, GError **error)
{
    Attempt *attempt = book_enter(book, key, error);
    if (!attempt)
        return false;
    g_autoptr(GError) trouble = NULL;
    bool ok = send(session, user, password, &trouble);
    book_leave(book, attempt, trouble);
    if (!ok)
        g_propagate_error(error, g_steal_pointer(&trouble));
    return ok;
}

bool login_send(const Source *source, const char *folder, const Transport *transport,
                const char *server, LoginSend send, gpointer session, GError **error)
{
    char *user, *password;
    if (!login_read(source, folder, &user, &password, error))
        return false;
    bool ok;
    if (transport->logins) {
        g_autofree char *key = attempt_key(server, user, password);
        ok = send_by_book(transport->logins, key, send, session, user, password, error);
    } else {
        ok = send(session, user, password, error);
    }
    secret_free(user);
    secret_free(password);
    return ok;
}
