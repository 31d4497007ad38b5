/* What a figure is made of: the responses behind it, where and when they were pulled, how it was
 * computed and with which limits, and what was left out. */
#ifndef INNSIKT_ANALYZE_WHY_H
#define INNSIKT_ANALYZE_WHY_H

#include "analyze/methods.h"
#include "analyze/results.h"
#include "analyze/workbook/workbook.h"

typedef struct {
    const Results *results;
    const Figure *figure;
    const Basis *basis;   /* NULL: of a statement */
    const Method *method; /* NULL: nothing was computed, or the table does not know it */
    GPtrArray *cells;     /* of char *: where the workbook shows it */
    GArray *records;      /* of uint32_t, ascending: what it is made of */
    GArray *against;      /* of uint32_t, ascending: what it was weighed against besides */
    GArray *questions;    /* of QuestionRef, declared order of sources */
    bool family;          /* the family was asked for, not a single figure */
} Why;

/* Finds what `what` names: a figure's key, a family of figures, or a cell «Robusthet!G7» of the
 * workbook in its language. `cells`: workbook_cells of the results. USAGE when there is none, with
 * what is near. Caller frees. */
Why *why_new(const Results *results, const GPtrArray *cells, const char *what, GError **error);
void why_free(Why *why);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Why, why_free)

/* For people, and for programs: one JSON object on one line. Caller owns. Pulls are looked up in
 * the store; NULL when it cannot be read. */
char *why_text(const Why *why, Store *store, GError **error);
char *why_json(const Why *why, Store *store, GError **error);

#endif
