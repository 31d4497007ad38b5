/* A framework made from a form, for a project that has none of its own: its scales are those the
 * form answers on, its main questions the matrices and single ratings, its groups the choices of
 * the question that asks for one. */
#ifndef INNSIKT_COLLECT_FRAMEWORK_DRAFT_H
#define INNSIKT_COLLECT_FRAMEWORK_DRAFT_H

#include "collect/outline.h"

/* The framework as YAML, with comments; NULL when the form rates nothing. `outline` was made with
 * `base`, from which come the labels of scales that are the same there, and lists that selects of
 * the form choose from. `title`: for a form without one. Caller owns. */
char *framework_draft(const Outline *outline, const Framework *base, const char *title);

#endif
