/* Asks a source what its form asks. Nothing is stored. */
#ifndef INNSIKT_COLLECT_ASK_H
#define INNSIKT_COLLECT_ASK_H

#include "collect/collector.h"

/* The form as its collector describes it. Caller frees. *ret_unreadable (may be NULL: not asked):
 * why the responses may not be read, although the questions may; NULL when they may. Caller owns.
 */
Form *ask_form(const Project *project, const Source *source, Transport *transport,
               char **ret_unreadable, GError **error);

/* The same with the answers found in files as choices of their columns, mapped or not, where they
 * are few enough to be choices. */
Form *ask_form_closely(const Project *project, const Source *source, Transport *transport,
                       GError **error);

#endif
