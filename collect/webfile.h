/* A file on a web server, for the file kinds: fetched whole into memory that has no name on disk,
 * since it may hold what is not mapped, and then read like any other. */
#ifndef INNSIKT_COLLECT_WEBFILE_H
#define INNSIKT_COLLECT_WEBFILE_H

#include "collect/collector.h"

typedef struct {
    int fd;         /* of what was fetched; -1 when unchanged. Closed by whoever takes it over */
    char *path;     /* to open it by, as often as one likes, while fd is open */
    char *cursor;   /* for the next pull; "" when the server tells nothing to ask by */
    bool unchanged; /* since the pull that left context->cursor */
} WebFile;

void webfile_clear(WebFile *file);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(WebFile, webfile_clear)

/* GETs `path:` of the source, with `user:` and `password:` (HTTP Basic) when it has them; only if
 * it changed when the last pull ended well and not everything is wanted. Errors: those of the
 * transport; PROTOCOL when a web page, such as a login, comes in place of the file. */
bool webfile_fetch(const CollectContext *context, WebFile *ret, GError **error);

#endif
