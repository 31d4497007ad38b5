/* Does the mapping fit the form, and may the responses be read? Asks the source for its questions;
 * writes nothing. */
#ifndef INNSIKT_COLLECT_CHECK_H
#define INNSIKT_COLLECT_CHECK_H

#include "collect/collector.h"
#include "schemas/store.h"

typedef struct {
    bool wrong; /* must be mended before a pull says what it should; else worth knowing */
    char *text; /* one line: place, cause, mend */
} Remark;

void remark_free(gpointer remark);
/* Takes the text. */
void remark_add(GPtrArray *remarks, bool wrong, char *text);

typedef struct {
    const Project *project;
    const Source *source;
    Transport *transport; /* NULL for files on disk */
    Store *store;         /* what the form was at the last pull; NULL: nothing collected yet */
} CheckJob;

/* Appends Remarks: what changed in the form since the last pull, mapped questions that it has not
 * got, codes of it that neither `values:` nor the scale knows, scales that run the other way than
 * the answers' texts, questions nobody mapped, a right that is missing to read responses. False
 * when the source cannot be asked. */
bool check_source(const CheckJob *job, GPtrArray *remarks, GError **error);

/* Appends a Remark for every group of names that look like one organisation, from what is stored of
 * the sources (of Source*), and the entries of `organisations:` that would join them, as YAML to
 * paste, to `yaml`. */
bool check_organisations(const Project *project, const GPtrArray *sources, Store *store,
                         GPtrArray *remarks, GString *yaml, GError **error);

#endif
