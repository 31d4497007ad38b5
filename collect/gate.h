/* The privacy gate: every response passes it on its way from a collector to the store, and what is
 * not mapped ends here. `person` answers leave only an HMAC. */
#ifndef INNSIKT_COLLECT_GATE_H
#define INNSIKT_COLLECT_GATE_H

#include "schemas/project.h"
#include "schemas/secret.h"

typedef struct Gate Gate;

/* project, source and key must outlive the gate. */
Gate *gate_new(const Project *project, const Source *source, const ProjectKey *key);
void gate_free(Gate *gate);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Gate, gate_free)

/* Turns what came in into what may be kept, in place: answers without a role go, blanks become
 * not_answered, codes that neither `values:` nor the scale knows are marked unreadable (the text
 * stays, since it was mapped), `person` answers become the pseudonym (e-mail: trimmed, lower case;
 * the first that is not empty) and go. Adds the number of unreadable answers to *unreadable. */
void gate_pass(Gate *gate, Response *response, int64_t *unreadable);

#endif
