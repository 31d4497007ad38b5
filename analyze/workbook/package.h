/* The finished file as a zip package: the last touches that libxlsxwriter cannot make, and the
 * proof that what stands on the disk is a whole workbook (workbook.md 4.3). */
#ifndef INNSIKT_ANALYZE_WORKBOOK_PACKAGE_H
#define INNSIKT_ANALYZE_WORKBOOK_PACKAGE_H

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>

/* Sets dc:language in the document's properties, and makes the hidden sheet `very_hidden` (NULL:
 * none) one that a reader's program does not offer to show. All entries keep the time 1980-01-01,
 * so that the same input gives the same bytes. */
bool package_finish(const char *path, const char *language, const char *very_hidden,
                    GError **error);

/* Reopens the file and reads every part to its end: checksums right, every XML part well-formed, as
 * many sheets as intended and each with at least the rows intended. */
bool package_verify(const char *path, const int *rows, size_t n_sheets, GError **error);

#endif
