/* Whether the answers of a question run the same way in their texts as on the scale their codes are
 * read on: «Helt enig» with code 1 on a scale that begins with the least turns a survey round. */
#ifndef INNSIKT_COLLECT_SCALE_ORDER_H
#define INNSIKT_COLLECT_SCALE_ORDER_H

#include "schemas/form.h"
#include "schemas/project.h"

/* What is doubtful, as the end of a sentence that begins with the question; NULL when nothing is:
 * the texts are on no known scale, too few codes are read, or both run alike. `observed`: the
 * choices are answers that were found, and their texts the codes. *ret_certain: the texts are the
 * scale's own labels the other way round, and no `values:` says that this is meant. Caller owns. */
char *scale_order_doubt(const Framework *framework, const Mapping *mapping,
                        const FormQuestion *question, bool observed, bool *ret_certain);

#endif
