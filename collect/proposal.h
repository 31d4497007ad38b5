/* A mapping for the questions of a form that nobody has mapped yet: what a careful reader of the
 * form would write, on the terms of the project's framework. What is not recognised is left out,
 * and what would identify a person never becomes more than a pseudonym. */
#ifndef INNSIKT_COLLECT_PROPOSAL_H
#define INNSIKT_COLLECT_PROPOSAL_H

#include "collect/outline.h"
#include "schemas/project.h"
#include "schemas/project_insert.h"

typedef struct {
    GPtrArray *entries; /* of ProjectEntry*, in the order of the form; empty: all is mapped */
    guint questions;    /* that nobody had mapped */
    guint used;         /* of them those with a role */
    guint ratings;      /* of them those rated on a scale … */
    guint homeless; /* … and of those the ones for which the framework has no item or no scale */
} Proposal;

/* `outline` was made with the project's framework. */
Proposal *proposal_new(const Outline *outline, const Project *project, const Source *source);
/* The name of the first column after `after` (NULL: of all) that seems to name rows for good; NULL:
 * there is none. Borrowed. */
const char *proposal_row_id(const Form *form, const char *after);
void proposal_free(Proposal *proposal);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Proposal, proposal_free)

#endif
