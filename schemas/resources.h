/* What travels inside the binary: frameworks, labels, SQL, schemas, word lists (the files listed in
 * schemas/resources.gresource.xml, under "/innsikt/"). */
#ifndef INNSIKT_SCHEMAS_RESOURCES_H
#define INNSIKT_SCHEMAS_RESOURCES_H

#include <gio/gio.h>

/* Written by glib-compile-resources. Look data up through it, with g_resource_lookup_data: the
 * linker takes an object out of libschemas.a only if its name is used, so a g_resources_lookup_data
 * on its own finds nothing. Borrowed, lives as long as the process, safe from any thread. */
GResource *resources_get_resource(void);

#endif
