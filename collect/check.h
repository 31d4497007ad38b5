/* Does the mapping fit the form? Asks the source for its questions; writes nothing. */
#ifndef INNSIKT_COLLECT_CHECK_H
#define INNSIKT_COLLECT_CHECK_H

#include "collect/collector.h"

typedef struct {
    bool wrong; /* must be mended before a pull says what it should; else worth knowing */
    char *text; /* one line: place, cause, mend */
} Remark;

void remark_free(gpointer remark);

/* Appends Remarks: mapped questions that the form has not got, questions nobody mapped, codes of
 * the form that neither `values:` nor the scale knows. False when the source cannot be asked. */
bool check_mapping(const Project *project, const Source *source, Transport *transport,
                   GPtrArray *remarks, GError **error);

#endif
