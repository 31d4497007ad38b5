/* What all transports of a run share: connections, names looked up, TLS sessions, and what is known
 * of each server. GLib's locks are unknown to the thread sanitizer, POSIX's are not. */
#include "collect/http_private.h"

#include <pthread.h>

enum {
    IDLE_HANDLES = 16,
    FAILURES = 5, /* in a row that open a circuit, as many as a request has tries */
};
static const int64_t CLOSED_AGAIN_AFTER = INT64_C(60) * G_USEC_PER_SEC;

typedef struct {
    char *key;
    CURL *handle;
} Idle;

typedef struct {
    guint failures;     /* tries in a row that did not find the server there */
    int64_t open_until; /* 0: closed */
    bool asked;         /* the server itself asked to be left alone */
    bool probed;        /* one request is out to see whether it is back */
} Circuit;

struct HttpPool {
    pthread_mutex_t lock;
    CURLSH *share;
    pthread_mutex_t shared[CURL_LOCK_DATA_LAST];
    GPtrArray *idle;      /* of Idle, the longest unused first */
    GHashTable *circuits; /* origin → Circuit */
};

/* --- the pool --- */

static void idle_free(gpointer data)
{
    Idle *idle = data;
    curl_easy_cleanup(idle->handle);
    g_free(idle->key);
    g_free(idle);
}

static void share_lock(CURL *handle, curl_lock_data data, curl_lock_access access, void *pool)
{
    (void)handle;
    (void)access;
    pthread_mutex_lock(&((HttpPool *)pool)->shared[data]);
}

static void share_unlock(CURL *handle, curl_lock_data data, void *pool)
{
    (void)handle;
    pthread_mutex_unlock(&((HttpPool *)pool)->shared[data]);
}

HttpPool *http_pool_new(void)
{
    static gsize ready = 0;
    if (g_once_init_enter(&ready)) {
        curl_global_init(CURL_GLOBAL_DEFAULT);
        g_once_init_leave(&ready, 1);
    }
    HttpPool *pool = g_new0(HttpPool, 1);
    pthread_mutex_init(&pool->lock, NULL);
    for (size_t i = 0; i < G_N_ELEMENTS(pool->shared); i++)
        pthread_mutex_init(&pool->shared[i], NULL);
    pool->idle = g_ptr_array_new_with_free_func(idle_free);
    pool->circuits = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    pool->share = curl_share_init();
    if (!pool->share)
        g_error("libcurl cannot start");
    curl_share_setopt(pool->share, CURLSHOPT_LOCKFUNC, share_lock);
    curl_share_setopt(pool->share, CURLSHOPT_UNLOCKFUNC, share_unlock);
    curl_share_setopt(pool->share, CURLSHOPT_USERDATA, pool);
    /* Connections are not shared this way: libcurl cannot do it between threads. They stay with
     * the handle, which is lent to one request at a time. */
    curl_share_setopt(pool->share, CURLSHOPT_SHARE, CURL_LOCK_DATA_DNS);
    curl_share_setopt(pool->share, CURLSHOPT_SHARE, CURL_LOCK_DATA_SSL_SESSION);
    return pool;
}

void http_pool_free(HttpPool *pool)
{
    if (!pool)
        return;
    g_ptr_array_unref(pool->idle);
    curl_share_cleanup(pool->share);
    g_hash_table_unref(pool->circuits);
    for (size_t i = 0; i < G_N_ELEMENTS(pool->shared); i++)
        pthread_mutex_destroy(&pool->shared[i]);
    pthread_mutex_destroy(&pool->lock);
    g_free(pool);
}

static CURL *find_idle(HttpPool *pool, const char *key)
{
    for (guint i = pool->idle->len; i-- > 0;) {
        Idle *idle = g_ptr_array_index(pool->idle, i);
        if (!g_str_equal(idle->key, key))
            continue;
        CURL *handle = g_steal_pointer(&idle->handle);
        g_ptr_array_remove_index(pool->idle, i);
        return handle;
    }
    return NULL;
}

CURL *http_pool_take(HttpPool *pool, const char *key, bool *ret_new)
{
    pthread_mutex_lock(&pool->lock);
    CURL *handle = find_idle(pool, key);
    pthread_mutex_unlock(&pool->lock);
    *ret_new = !handle;
    if (handle)
        return handle;
    handle = curl_easy_init();
    if (!handle)
        g_error("libcurl cannot start");
    curl_easy_setopt(handle, CURLOPT_SHARE, pool->share);
    return handle;
}

void http_pool_give(HttpPool *pool, const char *key, CURL *handle)
{
    Idle *idle = g_new(Idle, 1);
    *idle = (Idle){g_strdup(key), handle};
    Idle *oldest = NULL;
    pthread_mutex_lock(&pool->lock);
    g_ptr_array_add(pool->idle, idle);
    if (pool->idle->len > IDLE_HANDLES)
        oldest = g_ptr_array_steal_index(pool->idle, 0);
    pthread_mutex_unlock(&pool->lock);
    if (oldest) /* says goodbye to its servers, without keeping the others waiting */
        idle_free(oldest);
}

/* --- the circuit --- */

static Circuit *circuit_of(HttpPool *pool, const HttpAddress *address)
{
    Circuit *circuit = g_hash_table_lookup(pool->circuits, address->origin);
    if (!circuit) {
        circuit = g_new0(Circuit, 1);
        g_hash_table_insert(pool->circuits, g_strdup(address->origin), circuit);
    }
    return circuit;
}

static void set_open(const Circuit *circuit, const HttpAddress *address, const char *what,
                     int64_t now, GError **error)
{
    int64_t seconds = MAX((circuit->open_until - now + G_USEC_PER_SEC - 1) / G_USEC_PER_SEC, 1);
    if (circuit->asked)
        g_set_error(error, INNSIKT_ERROR, INNSIKT_ERROR_RATE,
                    "%s: %s: the server has asked to be left alone for another %" G_GINT64_FORMAT
                    " seconds; run this again then",
                    what, address->shown, seconds);
    else
        g_set_error(error, INNSIKT_ERROR, INNSIKT_ERROR_NETWORK,
                    "%s: %s: the server did not answer the last %u times, so it is not asked again "
                    "for another %" G_GINT64_FORMAT " seconds; run this again when it is up",
                    what, address->shown, circuit->failures, seconds);
}

bool http_circuit_enter(HttpPool *pool, const HttpAddress *address, const char *what, int64_t now,
                        GError **error)
{
    pthread_mutex_lock(&pool->lock);
    Circuit *circuit = circuit_of(pool, address);
    bool open = circuit->open_until && (now < circuit->open_until || circuit->probed);
    if (open)
        set_open(circuit, address, what, now, error);
    else
        circuit->probed = circuit->open_until != 0;
    pthread_mutex_unlock(&pool->lock);
    return !open;
}

void http_circuit_note(HttpPool *pool, const HttpAddress *address, bool there)
{
    pthread_mutex_lock(&pool->lock);
    Circuit *circuit = circuit_of(pool, address);
    circuit->failures = there ? 0 : circuit->failures + 1;
    if (there)
        circuit->open_until = 0;
    pthread_mutex_unlock(&pool->lock);
}

void http_circuit_leave(HttpPool *pool, const HttpAddress *address, int64_t now, int64_t wait)
{
    pthread_mutex_lock(&pool->lock);
    Circuit *circuit = circuit_of(pool, address);
    circuit->probed = false;
    if (wait > 0 || circuit->failures >= FAILURES) {
        circuit->asked = wait > 0;
        circuit->open_until = now + MAX(wait, CLOSED_AGAIN_AFTER);
    }
    pthread_mutex_unlock(&pool->lock);
}
