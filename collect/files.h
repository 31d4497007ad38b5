/* Which files a source of a file kind stands for. */
#ifndef INNSIKT_COLLECT_FILES_H
#define INNSIKT_COLLECT_FILES_H

#include "schemas/project.h"

typedef struct {
    char *path; /* to open it by */
    char *name; /* relative to the project folder where it lies inside, else the path; UTF-8, NFC:
                 * for messages, and part of the ids of rows without an id of their own */
} SourceFile;

/* The files of `path:`, in byte order of their names: the file itself; of a folder, those directly
 * inside whose name ends in `suffix` (".csv", any case); or those a pattern of glob(3) matches.
 * Hidden files and the lock files of office programs are passed over. Never empty: NOT_FOUND when
 * there is no such file, SYSTEM when a folder cannot be read (its files have not gone, they are out
 * of sight), USAGE when the path is missing or a web address. Caller unrefs. */
GPtrArray *files_find(const Project *project, const Source *source, const char *suffix,
                      GError **error);

#endif
