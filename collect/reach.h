/* The way to a source's server, as project.yaml describes it. */
#ifndef INNSIKT_COLLECT_REACH_H
#define INNSIKT_COLLECT_REACH_H

#include "collect/http.h"
#include "schemas/project.h"

/* *ret is the transport for the source, NULL for one that reads files on disk. `common` says what
 * is no matter of the source's: pool, stop, trace, clock. Reads the proxy's user and password where
 * the source names them; fails when they cannot be read. Source and what `common` points to must
 * outlive the transport. */
bool reach_source(const Project *project, const Source *source, const HttpOptions *common,
                  Transport **ret, GError **error);

/* What -v says of one exchange with the source's server: one line, never a header, a body, a query
 * or a secret. Caller owns. */
char *reach_trace(const Source *source, const HttpTrace *trace);

/* An HttpOptions.trace that prints it; `source` is a Source. */
void reach_warn(const HttpTrace *trace, gpointer source);

#endif
