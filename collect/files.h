/* Which files a source of a file kind stands for. */
#ifndef INNSIKT_COLLECT_FILES_H
#define INNSIKT_COLLECT_FILES_H

#include "collect/collector.h"

typedef struct {
    char *path; /* to open it by */
    char *name; /* relative to the project folder where it lies inside, else the path or address
                 * (source_place); UTF-8, NFC: for messages, and part of the ids of rows without an
                 * id of their own */
    int fd;     /* holds what was fetched from the web, for as long as this lives; else -1 */
} SourceFile;

typedef struct {
    GPtrArray *file;      /* of SourceFile*; never empty unless unchanged */
    char *cursor;         /* of a file from the web, for the next pull; else NULL */
    bool unchanged;       /* the web server says that the file is as the last pull left it */
    GPtrArray *strangers; /* of char*: spreadsheets in a folder whose format is not read, by name */
} SourceFiles;

void source_files_free(SourceFiles *files);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SourceFiles, source_files_free)

/* The files of `path:`, in byte order of their names: the file itself; of a folder, those directly
 * inside whose name ends in one of `suffixes` (".xlsx .xlsm", any case); those a pattern of glob(3)
 * matches; or the one at a web address, fetched (webfile.h). Hidden files and the lock files of
 * office programs are passed over. NOT_FOUND when there is no such file, SYSTEM when a folder
 * cannot be read (its files have not gone, they are out of sight), USAGE when the path is missing.
 */
SourceFiles *files_find(const CollectContext *context, const char *suffixes, GError **error);

#endif
