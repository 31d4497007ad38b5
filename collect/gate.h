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
 * not_answered, `person` answers become the pseudonym (of the mapping that comes first in the
 * project file and has an answer) and go.
 *
 * An answer whose code is dont_know or not_applicable on its scale, or that neither `values:`, the
 * scale nor the framework's list (groups, segments) knows, is marked so in `missing`; its text
 * stays, since it was mapped and a mended mapping may read it. Codes leave in NFC, free text as it
 * was written, both as valid UTF-8 without a byte order mark. Adds the number of unreadable answers
 * to *unreadable, those included that a collector marked. */
void gate_pass(Gate *gate, Response *response, int64_t *unreadable);

/* How many answers that are kept held bytes which are not UTF-8 (now U+FFFD). */
int64_t gate_mended(const Gate *gate);

/* Why an answer's code says nothing under the mapping: dont_know, not_applicable or, where neither
 * `values:`, the scale nor the framework's list knows it, unreadable; MISSING_NONE when it does. */
Missing gate_judge(const Project *project, const Mapping *mapping, const char *code);

/* The pseudonym of a person by e-mail, name or number: NFC, blanks around it cut and inner ones
 * made one, case ignored in every locale alike. NULL when the text is blank. Caller owns. */
char *gate_pseudonym(const ProjectKey *key, const char *person);

#endif
