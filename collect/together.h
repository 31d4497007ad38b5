/* Sources pulled side by side: what `innsikt collect` does with those it was asked for. */
#ifndef INNSIKT_COLLECT_TOGETHER_H
#define INNSIKT_COLLECT_TOGETHER_H

#include "schemas/command.h"
#include "schemas/project.h"
#include "schemas/secret.h"

typedef struct {
    const Invocation *invocation;
    const Project *project;
    const ProjectKey *key;
    bool full; /* read everything anew */
} CollectOrder;

/* Pulls `sources` (of Source, in declared order) into the project's store, several at a time, and
 * says of each what came of it. What the store holds afterwards does not depend on which of them
 * was faster. True when all went well. PARTIAL when some failed, NETWORK when all did; when it is
 * one source, when the store cannot be used or when the user stops it, that error. */
bool collect_together(const CollectOrder *order, const GPtrArray *sources, GError **error);

#endif
