/* Opening and closing the store, and making a new one. */
#include "schemas/store_private.h"

#include "schemas/error.h"
#include "schemas/resources.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>

/* Layout 1 is the first. A change of store.sql raises the version and adds a step from the one
 * before, {1, "ALTER TABLE …"}: the script runs in a transaction with foreign keys unenforced. */
enum { STORE_VERSION = 1 };
static const StoreStep steps[] = {{STORE_VERSION, NULL}};
const StoreLayout store_layout = {STORE_VERSION, steps, 60000};

/* What each connection must be told anew. In WAL mode EXTRA syncs at every commit, so that a page
 * survives a loss of power, not only a kill; where WAL is not to be had (some network disks) it
 * syncs the folder too. Temporary tables go to disk: the index of a pull may hold millions. */
static const char connection_settings[] = "PRAGMA synchronous = EXTRA;"
                                          "PRAGMA foreign_keys = ON;"
                                          "PRAGMA secure_delete = ON;"
                                          "PRAGMA temp_store = FILE;"
                                          "PRAGMA temp.cache_size = -512;"
                                          "PRAGMA temp.journal_mode = MEMORY;"
                                          "PRAGMA trusted_schema = OFF;"
                                          "PRAGMA cell_size_check = ON;";

/* --- the handle --- */

static void source_free(gpointer data)
{
    StoreSource *source = data;
    g_ptr_array_unref(source->names);
    g_array_unref(source->mappings);
    g_hash_table_unref(source->numbers);
    g_free(source);
}

static void statement_free(gpointer data)
{
    sqlite3_finalize(data);
}

static Store *store_new(const char *path)
{
    Store *store = g_new0(Store, 1);
    store->path = g_strdup(path);
    store->statements = g_hash_table_new_full(NULL, NULL, NULL, statement_free);
    store->sources = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, source_free);
    store->names = g_string_chunk_new(1024);
    store->packed = g_string_new(NULL);
    store->slots = g_array_new(FALSE, FALSE, sizeof(RecordSlot));
    return store;
}

int64_t store_changed(const Store *store)
{
    GStatBuf file;
    return g_stat(store->path, &file) == 0
               ? (int64_t)file.st_mtim.tv_sec * 1000000000 + file.st_mtim.tv_nsec
               : 0;
}

void store_close(Store *store)
{
    if (!store)
        return;
    if (store->in_page)
        store_page_abort(store);
    g_hash_table_unref(store->statements);
    sqlite3_close(store->db);
    g_hash_table_unref(store->sources);
    g_string_chunk_free(store->names);
    g_string_free(store->packed, TRUE);
    g_array_unref(store->slots);
    g_free(store->path);
    g_free(store);
}

/* --- opening --- */

typedef struct {
    int64_t application, version, tables;
} Header;

/* In one statement, since another process may be making the store meanwhile. */
static bool read_header(Store *store, Header *ret, GError **error)
{
    sqlite3_stmt *row = store_query(store, error,
                                    "SELECT application_id, user_version,"
                                    " (SELECT count(*) FROM sqlite_schema)"
                                    " FROM pragma_application_id, pragma_user_version",
                                    "");
    bool is;
    if (!row || !store_row(store, row, &is, error))
        return false;
    *ret = (Header){sqlite3_column_int64(row, 0), sqlite3_column_int64(row, 1),
                    sqlite3_column_int64(row, 2)};
    sqlite3_reset(row);
    return true;
}

static bool is_blank(const Header *header)
{
    return !header->application && !header->version && !header->tables;
}

static bool header_suits(const Store *store, const Header *header, const StoreLayout *layout,
                         GError **error)
{
    if (header->application != STORE_APPLICATION_ID) {
        g_set_error(error, INNSIKT_ERROR, INNSIKT_ERROR_STORE,
                    "%s: it is an SQLite file of another program; give another file under store: "
                    "in project.yaml",
                    store->path);
        return false;
    }
    if (header->version > layout->version) {
        g_set_error(error, INNSIKT_ERROR, INNSIKT_ERROR_NEWER,
                    "%s: it was made by a newer innsikt (layout %d, this one knows %d); update "
                    "innsikt",
                    store->path, (int)header->version, layout->version);
        return false;
    }
    return true;
}

static bool connect(Store *store, const char *name, int flags, const StoreLayout *layout,
                    GError **error)
{
    bool ok = sqlite3_open_v2(name, &store->db, flags | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE,
                              NULL) == SQLITE_OK;
    return (ok && sqlite3_busy_timeout(store->db, layout->patience) == SQLITE_OK) ||
           store_fail(store, error);
}

static bool fill_blank(Store *store, const StoreLayout *layout, GError **error)
{
    g_autoptr(GBytes) script =
        g_resource_lookup_data(resources_get_resource(), "/innsikt/store.sql", 0, error);
    if (!script)
        return false;
    gsize n;
    const char *text = g_bytes_get_data(script, &n);
    g_autofree char *sql = g_strdup_printf("%.*s\nPRAGMA application_id = %d;"
                                           "PRAGMA user_version = %d;",
                                           (int)n, text, STORE_APPLICATION_ID, layout->version);
    return store_script(store, sql, error);
}

/* Makes the tables of a new store in one transaction, so that a kill leaves nothing or all. Another
 * process may be doing the same: whoever comes second finds them made. */
static bool make(Store *store, const StoreLayout *layout, Header *header, GError **error)
{
    if (!store_script(store, "PRAGMA page_size = 8192; PRAGMA secure_delete = ON", error) ||
        !store_begin(store, error))
        return false;
    if (!read_header(store, header, error) ||
        (is_blank(header) &&
         (!fill_blank(store, layout, error) || !read_header(store, header, error)))) {
        store_rollback(store);
        return false;
    }
    return store_commit(store, error);
}

/* SQLite gives up at once here when two processes open a new store together and each waits for the
 * other: its own patience is not asked. Kept in the file, so that it is done once. */
static bool use_wal(Store *store, const StoreLayout *layout, GError **error)
{
    enum { PAUSE = 5 };
    for (int waited = 0;; waited += PAUSE) {
        int status = sqlite3_exec(store->db, "PRAGMA journal_mode = WAL", NULL, NULL, NULL);
        if (status == SQLITE_OK)
            return true;
        if ((status & 0xff) != SQLITE_BUSY || waited >= layout->patience)
            return store_fail(store, error);
        g_usleep(PAUSE * 1000);
    }
}

static bool set_up(Store *store, const StoreLayout *layout, GError **error)
{
    Header header = {0};
    /* SQLite opens a file without the right to write all the same. */
    if (sqlite3_db_readonly(store->db, "main"))
        return store_fail_as(store, SQLITE_READONLY, error);
    if (!read_header(store, &header, error) ||
        (is_blank(&header) && !make(store, layout, &header, error)) ||
        !header_suits(store, &header, layout, error) || !use_wal(store, layout, error) ||
        !store_script(store, connection_settings, error))
        return false;
    return header.version == layout->version || store_migrate(store, layout, error);
}

static bool refuse_folder(const char *path, GError **error)
{
    if (!g_file_test(path, G_FILE_TEST_IS_DIR))
        return true;
    g_set_error(error, INNSIKT_ERROR, INNSIKT_ERROR_USAGE,
                "%s: it is a folder; store: in project.yaml names a file", path);
    return false;
}

static bool refuse_missing_folder(const char *path, GError **error)
{
    g_autofree char *folder = g_path_get_dirname(path);
    if (g_file_test(folder, G_FILE_TEST_IS_DIR))
        return true;
    g_set_error(error, INNSIKT_ERROR, INNSIKT_ERROR_NOT_FOUND,
                "%s: there is no folder %s to put the store in; make it, or mend store: in "
                "project.yaml",
                path, folder);
    return false;
}

Store *store_open_layout(const char *path, const StoreLayout *layout, GError **error)
{
    if (!refuse_folder(path, error) || !refuse_missing_folder(path, error))
        return NULL;
    g_autoptr(Store) store = store_new(path);
    bool is_new = !g_file_test(path, G_FILE_TEST_EXISTS);
    if (!connect(store, path, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, layout, error))
        return NULL;
    /* It holds what people said in confidence. By name: closing a second descriptor of the file
     * would drop the locks SQLite holds on it. */
    if (is_new && g_chmod(path, 0600) != 0) {
        g_set_error(error, INNSIKT_ERROR, INNSIKT_ERROR_SYSTEM, "%s: its rights cannot be set: %s",
                    path, g_strerror(errno));
        return NULL;
    }
    return set_up(store, layout, error) ? g_steal_pointer(&store) : NULL;
}

Store *store_open(const char *path, GError **error)
{
    return store_open_layout(path, &store_layout, error);
}

/* --- opening to read --- */

static bool set_up_reading(Store *store, const StoreLayout *layout, GError **error)
{
    Header header = {0};
    if (!read_header(store, &header, error) || !header_suits(store, &header, layout, error))
        return false;
    if (header.version == layout->version)
        return store_script(store, connection_settings, error);
    g_set_error(error, INNSIKT_ERROR, INNSIKT_ERROR_STORE,
                "%s: it was made by an older innsikt (layout %d); run innsikt collect once, which "
                "brings it up to date",
                store->path, (int)header.version);
    return false;
}

/* Whether the store must be read as it lies: SQLite's usual reading makes files beside it, which
 * whoever may not write cannot do, or could not take away again. A journal means that somebody
 * writes now, or was killed; then the files are there. */
static bool lies_still(const char *path)
{
    g_autofree char *folder = g_path_get_dirname(path);
    g_autofree char *journal = g_strconcat(path, "-wal", NULL);
    return (g_access(path, W_OK) != 0 || g_access(folder, W_OK) != 0) &&
           !g_file_test(journal, G_FILE_TEST_EXISTS);
}

static bool connect_still(Store *store, GError **error)
{
    g_autofree char *escaped = g_uri_escape_string(store->path, "/", TRUE);
    g_autofree char *uri = g_strdup_printf("file:%s?immutable=1", escaped);
    store->still = true;
    store->still_since = store_changed(store);
    return connect(store, uri, SQLITE_OPEN_READONLY | SQLITE_OPEN_URI, &store_layout, error);
}

bool store_is_writable(const Store *store)
{
    return !store->reading;
}

bool store_is_there(const char *path)
{
    struct stat info;
    return stat(path, &info) == 0 && (!S_ISREG(info.st_mode) || info.st_size > 0);
}

Store *store_open_read(const char *path, GError **error)
{
    if (!store_is_there(path)) {
        g_set_error(error, INNSIKT_ERROR, INNSIKT_ERROR_NOT_FOUND,
                    "%s: there is no store yet; run innsikt collect first", path);
        return NULL;
    }
    if (!refuse_folder(path, error))
        return NULL;
    g_autoptr(Store) store = store_new(path);
    store->reading = true;
    /* With the right to write, SQLite takes its files away again when the last reader closes. */
    bool ok = lies_still(path)
                  ? connect_still(store, error)
                  : connect(store, path, SQLITE_OPEN_READWRITE, &store_layout, error) &&
                        store_script(store, "PRAGMA query_only = ON", error);
    return ok && set_up_reading(store, &store_layout, error) ? g_steal_pointer(&store) : NULL;
}
