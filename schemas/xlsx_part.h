/* One part of a workbook's package, streamed out of the zip and through the XML parser, and
 * everything that is counted on the way. Private to schemas/xlsx*.c. */
#ifndef INNSIKT_SCHEMAS_XLSX_PART_H
#define INNSIKT_SCHEMAS_XLSX_PART_H

#include "schemas/xlsx.h"

#include <string.h>
#include <zip.h>

/* The zip and what was taken out of it. */
typedef struct {
    char *name; /* of the file, for messages */
    zip_t *zip;
    uint64_t *inflated; /* by entry: the most bytes taken of it */
    uint64_t total;     /* their sum */
} XlsxPackage;

typedef struct XlsxPart XlsxPart;

/* Names come without their prefix. `depth` counts from 1 for the root. */
typedef struct {
    void (*start)(XlsxPart *part, int depth, const char *name, const char **attributes);
    void (*end)(XlsxPart *part, int depth, const char *name);
    void (*text)(XlsxPart *part, const char *text, size_t n); /* may be NULL */
} XlsxHandler;

/* Opens the zip and judges every entry's name before any is read. */
bool xlsx_package_open(XlsxPackage *package, zip_source_t *source, GError **error);
void xlsx_package_close(XlsxPackage *package);
bool xlsx_package_has(const XlsxPackage *package, const char *part);

/* `package->name: …`; returns false. */
bool xlsx_refuse(const XlsxPackage *package, GError **error, InnsiktError code, const char *format,
                 ...) G_GNUC_PRINTF(4, 5);

/* Errors: DATA when there is no such part. `data` is the handlers'; the package outlives it. */
XlsxPart *xlsx_part_open(XlsxPackage *package, const char *name, const XlsxHandler *handler,
                         void *data, GError **error);
void xlsx_part_close(XlsxPart *part);

/* Parses until a handler pauses or the part ends. */
bool xlsx_part_run(XlsxPart *part, GError **error);
bool xlsx_part_ended(const XlsxPart *part);

/* The three above in one. */
bool xlsx_part_read(XlsxPackage *package, const char *name, const XlsxHandler *handler, void *data,
                    GError **error);

/* For handlers. After `fail` no handler is called again. */
void *xlsx_part_data(const XlsxPart *part);
void xlsx_part_pause(XlsxPart *part);
void xlsx_part_fail(XlsxPart *part, InnsiktError code, const char *format, ...) G_GNUC_PRINTF(3, 4);

/* An attribute whatever its prefix, or NULL. */
const char *xlsx_attribute(const char **attributes, const char *name);
bool xlsx_true(const char *attribute); /* false for NULL */

#endif
