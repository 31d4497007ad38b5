/* A disk that fails on purpose: an SQLite VFS that counts every write, truncation, sync and removal
 * of the store and its journals, and at the n-th does one of five things. */
#ifndef INNSIKT_TESTS_STORE_FAULT_H
#define INNSIKT_TESTS_STORE_FAULT_H

#include <fcntl.h>
#include <glib.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

typedef enum {
    FAULT_NONE,
    FAULT_KILL,       /* the process dies before the operation */
    FAULT_TORN,       /* … half-way through it, if it is a write */
    FAULT_POWER,      /* the power goes: nothing that was not synced is on the disk */
    FAULT_POWER_SOME, /* … but some of it is, at random */
    FAULT_FULL,       /* from here on no write succeeds, and the process goes on */
    N_FAULTS
} FaultKind;

/* A write since its file was last synced, and what it wrote over. */
typedef struct {
    const char *path;
    sqlite3_int64 offset, size_before;
    int length;
    GBytes *before;
} FaultWrite;

typedef struct {
    sqlite3_file base;
    const char *path;
    sqlite3_file *real;
} FaultFile;

static struct {
    FaultKind kind;
    int at, count;
    GRand *rand;
    sqlite3_vfs *real;
    GPtrArray *unsynced; /* of FaultWrite*, oldest first */
} fault;

static inline void fault_write_free(gpointer data)
{
    FaultWrite *write = data;
    g_bytes_unref(write->before);
    g_free(write);
}

/* --- losing power --- */

static inline void undo(const FaultWrite *write, bool all)
{
    gsize n;
    const char *before = g_bytes_get_data(write->before, &n);
    int file = open(write->path, O_RDWR);
    if (file < 0)
        return;
    if (n)
        (void)!pwrite(file, before, n, write->offset);
    if (all && write->offset + write->length > write->size_before)
        (void)!ftruncate(file, write->size_before);
    for (sqlite3_int64 at = write->offset + (sqlite3_int64)n;
         !all && at < write->offset + write->length; at++)
        (void)!pwrite(file, "", 1, at);
    close(file);
}

static inline void lose_power(void)
{
    bool all = fault.kind == FAULT_POWER;
    for (guint i = fault.unsynced->len; i-- > 0;)
        if (all || g_rand_boolean(fault.rand))
            undo(fault.unsynced->pdata[i], all);
    kill(getpid(), SIGKILL);
}

/* Counts an operation; false when it must not be done, and then *ret_code says what to answer. */
static inline bool may_do(int *ret_code)
{
    if (++fault.count == fault.at) {
        if (fault.kind == FAULT_KILL)
            kill(getpid(), SIGKILL);
        if (fault.kind == FAULT_POWER || fault.kind == FAULT_POWER_SOME)
            lose_power();
    }
    *ret_code = SQLITE_FULL;
    return fault.kind != FAULT_FULL || fault.count < fault.at;
}

/* --- files --- */

static inline FaultFile *as_fault(sqlite3_file *file)
{
    return (FaultFile *)file;
}

static inline int fault_close(sqlite3_file *file)
{
    sqlite3_file *real = as_fault(file)->real;
    int code = real->pMethods->xClose(real);
    g_free(real);
    return code;
}

static inline int fault_read(sqlite3_file *file, void *to, int n, sqlite3_int64 offset)
{
    sqlite3_file *real = as_fault(file)->real;
    return real->pMethods->xRead(real, to, n, offset);
}

static inline void remember(FaultFile *file, int n, sqlite3_int64 offset)
{
    FaultWrite *write = g_new0(FaultWrite, 1);
    *write = (FaultWrite){.path = file->path, .offset = offset, .length = n};
    file->real->pMethods->xFileSize(file->real, &write->size_before);
    sqlite3_int64 kept = CLAMP(write->size_before - offset, 0, n);
    char *before = g_malloc((gsize)kept + 1);
    if (kept)
        file->real->pMethods->xRead(file->real, before, (int)kept, offset);
    write->before = g_bytes_new_take(before, (gsize)kept);
    g_ptr_array_add(fault.unsynced, write);
}

static inline int fault_write(sqlite3_file *file, const void *from, int n, sqlite3_int64 offset)
{
    int code;
    sqlite3_file *real = as_fault(file)->real;
    if (!may_do(&code))
        return code;
    if (fault.kind == FAULT_TORN && fault.count == fault.at) {
        real->pMethods->xWrite(real, from, n / 2, offset);
        kill(getpid(), SIGKILL);
    }
    remember(as_fault(file), n, offset);
    return real->pMethods->xWrite(real, from, n, offset);
}

static inline int fault_truncate(sqlite3_file *file, sqlite3_int64 size)
{
    int code;
    sqlite3_file *real = as_fault(file)->real;
    return may_do(&code) ? real->pMethods->xTruncate(real, size) : code;
}

/* What is synced is safe. The disk itself is not asked: only an order is being tested. */
static inline int fault_sync(sqlite3_file *file, int flags)
{
    int code;
    (void)flags;
    if (!may_do(&code))
        return code;
    for (guint i = fault.unsynced->len; i-- > 0;) {
        const FaultWrite *write = fault.unsynced->pdata[i];
        if (write->path == as_fault(file)->path)
            g_ptr_array_remove_index(fault.unsynced, i);
    }
    return SQLITE_OK;
}

static inline int fault_file_size(sqlite3_file *file, sqlite3_int64 *ret)
{
    sqlite3_file *real = as_fault(file)->real;
    return real->pMethods->xFileSize(real, ret);
}

static inline int fault_lock(sqlite3_file *file, int lock)
{
    sqlite3_file *real = as_fault(file)->real;
    return real->pMethods->xLock(real, lock);
}

static inline int fault_unlock(sqlite3_file *file, int lock)
{
    sqlite3_file *real = as_fault(file)->real;
    return real->pMethods->xUnlock(real, lock);
}

static inline int fault_check_lock(sqlite3_file *file, int *ret)
{
    sqlite3_file *real = as_fault(file)->real;
    return real->pMethods->xCheckReservedLock(real, ret);
}

static inline int fault_control(sqlite3_file *file, int op, void *arg)
{
    sqlite3_file *real = as_fault(file)->real;
    return real->pMethods->xFileControl(real, op, arg);
}

static inline int fault_sector_size(sqlite3_file *file)
{
    sqlite3_file *real = as_fault(file)->real;
    return real->pMethods->xSectorSize(real);
}

/* No promises about what survives: neither atomic nor in order. */
static inline int fault_traits(sqlite3_file *file)
{
    (void)file;
    return 0;
}

static inline int fault_shm_map(sqlite3_file *file, int page, int size, int extend,
                                void volatile **ret)
{
    sqlite3_file *real = as_fault(file)->real;
    return real->pMethods->xShmMap(real, page, size, extend, ret);
}

static inline int fault_shm_lock(sqlite3_file *file, int offset, int n, int flags)
{
    sqlite3_file *real = as_fault(file)->real;
    return real->pMethods->xShmLock(real, offset, n, flags);
}

static inline void fault_shm_barrier(sqlite3_file *file)
{
    sqlite3_file *real = as_fault(file)->real;
    real->pMethods->xShmBarrier(real);
}

static inline int fault_shm_unmap(sqlite3_file *file, int delete)
{
    sqlite3_file *real = as_fault(file)->real;
    return real->pMethods->xShmUnmap(real, delete);
}

static const sqlite3_io_methods fault_methods = {
    .iVersion = 2,
    .xClose = fault_close,
    .xRead = fault_read,
    .xWrite = fault_write,
    .xTruncate = fault_truncate,
    .xSync = fault_sync,
    .xFileSize = fault_file_size,
    .xLock = fault_lock,
    .xUnlock = fault_unlock,
    .xCheckReservedLock = fault_check_lock,
    .xFileControl = fault_control,
    .xSectorSize = fault_sector_size,
    .xDeviceCharacteristics = fault_traits,
    .xShmMap = fault_shm_map,
    .xShmLock = fault_shm_lock,
    .xShmBarrier = fault_shm_barrier,
    .xShmUnmap = fault_shm_unmap,
};

/* --- the file system --- */

static inline int fault_open(sqlite3_vfs *vfs, sqlite3_filename name, sqlite3_file *file, int flags,
                             int *ret_flags)
{
    (void)vfs;
    if (!(flags & (SQLITE_OPEN_MAIN_DB | SQLITE_OPEN_WAL | SQLITE_OPEN_MAIN_JOURNAL)))
        return fault.real->xOpen(fault.real, name, file, flags, ret_flags);
    FaultFile *self = as_fault(file);
    self->base.pMethods = NULL;
    self->path = g_intern_string(name); /* one file, one address */
    self->real = g_malloc0((gsize)fault.real->szOsFile);
    int code = fault.real->xOpen(fault.real, name, self->real, flags, ret_flags);
    if (code == SQLITE_OK)
        self->base.pMethods = &fault_methods;
    else
        g_free(self->real);
    return code;
}

static inline int fault_delete(sqlite3_vfs *vfs, const char *name, int sync)
{
    int code;
    (void)vfs;
    if (!may_do(&code))
        return code;
    const char *path = g_intern_string(name);
    for (guint i = fault.unsynced->len; i-- > 0;)
        if (((FaultWrite *)fault.unsynced->pdata[i])->path == path)
            g_ptr_array_remove_index(fault.unsynced, i);
    return fault.real->xDelete(fault.real, name, sync);
}

/* From now on every store of this process is on such a disk. */
static inline void fault_install(void)
{
    static sqlite3_vfs vfs;
    fault.real = sqlite3_vfs_find(NULL);
    fault.unsynced = g_ptr_array_new_with_free_func(fault_write_free);
    vfs = *fault.real;
    vfs.zName = "fault";
    vfs.szOsFile = MAX((int)sizeof(FaultFile), fault.real->szOsFile);
    vfs.xOpen = fault_open;
    vfs.xDelete = fault_delete;
    sqlite3_vfs_register(&vfs, 1);
}

static inline void fault_plan(FaultKind kind, int at, guint32 seed)
{
    fault.kind = kind;
    fault.at = at;
    fault.count = 0;
    g_ptr_array_set_size(fault.unsynced, 0);
    if (fault.rand)
        g_rand_set_seed(fault.rand, seed);
    else
        fault.rand = g_rand_new_with_seed(seed);
}

#endif
