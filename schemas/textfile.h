/* Text files that are written once. */
#ifndef INNSIKT_SCHEMAS_TEXTFILE_H
#define INNSIKT_SCHEMAS_TEXTFILE_H

#include <glib.h>
#include <sys/types.h>

/* Makes a file that was not there, with the mode that the umask leaves of this one, and the text in
 * it safely on disk. 0, or the errno that says why not: EEXIST when something stands there, which
 * is left as it is; after any other failure nothing stands there. */
int textfile_new(const char *path, const char *text, mode_t mode);

#endif
