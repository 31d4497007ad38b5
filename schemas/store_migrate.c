/* Bringing an older store up to date: a copy beside it, then the steps in one transaction. */
#include "schemas/store_private.h"

#include "schemas/error.h"

#include <errno.h>
#include <glib/gstdio.h>

static bool backup_failed(const char *path, const char *cause, GError **error)
{
    g_set_error(error, INNSIKT_ERROR, INNSIKT_ERROR_SYSTEM,
                "%s: the copy that is made before a store is brought up to date cannot be written "
                "(%s); the store is as it was",
                path, cause);
    return false;
}

static bool copy_all(sqlite3 *from, sqlite3 *to)
{
    sqlite3_backup *copy = sqlite3_backup_init(to, "main", from, "main");
    if (!copy)
        return false;
    sqlite3_backup_step(copy, -1);
    return sqlite3_backup_finish(copy) == SQLITE_OK;
}

/* SQLite does not copy out of a connection that is writing, so this reads through one of its own.
 * The copy appears under its name only when it is whole. */
static bool write_copy(const char *path, const char *part, GError **error)
{
    sqlite3 *from = NULL, *to = NULL;
    g_unlink(part);
    bool ok = sqlite3_open_v2(path, &from, SQLITE_OPEN_READONLY, NULL) == SQLITE_OK &&
              sqlite3_open(part, &to) == SQLITE_OK && g_chmod(part, 0600) == 0 &&
              copy_all(from, to);
    if (!ok)
        backup_failed(part, sqlite3_errmsg(to ? to : from), error);
    sqlite3_close(from);
    sqlite3_close(to);
    return ok;
}

static bool back_up(const Store *store, int version, GError **error)
{
    g_autofree char *name = g_strdup_printf("%s.v%d.bak", store->path, version);
    g_autofree char *part = g_strconcat(name, ".part", NULL);
    if (write_copy(store->path, part, error) &&
        (g_rename(part, name) == 0 || backup_failed(name, g_strerror(errno), error)))
        return true;
    g_unlink(part);
    return false;
}

static bool run_steps(Store *store, const StoreLayout *layout, int version, GError **error)
{
    for (const StoreStep *step = layout->steps; step->sql; step++)
        if (step->from == version) {
            if (!store_script(store, step->sql, error))
                return false;
            version++;
        }
    if (version != layout->version) {
        g_set_error(error, INNSIKT_ERROR, INNSIKT_ERROR_STORE,
                    "%s: layout %d is too old for this innsikt; open it with an older one first",
                    store->path, version);
        return false;
    }
    int64_t broken = 0;
    if (!store_number(store, &broken, error, "SELECT count(*) FROM pragma_foreign_key_check", ""))
        return false;
    if (broken) {
        g_set_error(error, INNSIKT_ERROR, INNSIKT_ERROR_STORE,
                    "%s: it could not be brought up to date, since some of its lines refer to "
                    "nothing; put a copy back, or move it away and collect again",
                    store->path);
        return false;
    }
    g_autofree char *sql = g_strdup_printf("PRAGMA user_version = %d", version);
    return store_script(store, sql, error);
}

static bool migrate_locked(Store *store, const StoreLayout *layout, GError **error)
{
    int64_t version = 0; /* another process may have done it while this one waited */
    if (!store_number(store, &version, error, "PRAGMA user_version", ""))
        return false;
    return version == layout->version ||
           (back_up(store, (int)version, error) && run_steps(store, layout, (int)version, error));
}

bool store_migrate(Store *store, const StoreLayout *layout, GError **error)
{
    /* A step may rebuild a table that others refer to; they are checked before it counts. */
    if (!store_script(store, "PRAGMA foreign_keys = OFF", error) || !store_begin(store, error))
        return false;
    if (!migrate_locked(store, layout, error)) {
        store_rollback(store);
        return false;
    }
    return store_commit(store, error) && store_script(store, "PRAGMA foreign_keys = ON", error);
}
