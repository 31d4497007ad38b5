/* The scales of a framework that is made from a form. Private to framework_draft. */
#ifndef INNSIKT_COLLECT_DRAFT_SCALE_H
#define INNSIKT_COLLECT_DRAFT_SCALE_H

#include "collect/outline.h"

typedef struct {
    int rank;         /* in the family; else the step, or the number and one */
    Label label;      /* owned; one text stands under all that are set */
    GPtrArray *codes; /* of char* */
    bool agree;
} DraftStep;

typedef struct {
    char *id;
    char *key;                  /* what questions on one scale share */
    const AnswerFamily *family; /* NULL: numbers, or a scale of the base framework */
    bool numbers, observed;
    GArray *steps;      /* of DraftStep, lowest first */
    GPtrArray *missing; /* of char*: code, word, code, word … */
    guint rows;         /* questions on it */
} DraftScale;

void draft_scale_free(gpointer scale);

/* Takes the answers of one rated question into its scale, a new one if need be; false when it has
 * none that a framework can hold. */
bool draft_scales_take(GPtrArray *scales, const Asked *asked);
/* Completes scales of which files show only a part, and gives each its id. */
void draft_scales_finish(GPtrArray *scales, const Framework *base);
/* The scale of the verdicts: of those that say how well a thing stands, the one most questions are
 * on; of all, where none does. */
const DraftScale *draft_scales_verdict(const GPtrArray *scales);
void draft_scales_append(const GPtrArray *scales, GString *out);

#endif
