/* What became of a form between two pulls: its questions added, taken away, worded anew; their
 * choices likewise. */
#ifndef INNSIKT_SCHEMAS_FORM_CHANGE_H
#define INNSIKT_SCHEMAS_FORM_CHANGE_H

#include "schemas/form.h"

/* One sentence a change, in the order of the form as it is now, what is gone last; empty when the
 * form asks what it asked. Another form than before is one change. A question or choice that came
 * as another with the same text went is told as renamed. Choices are left out where the form only
 * tells those that were answered (Form.seen_choices). Caller unrefs. */
GPtrArray *form_changes(const Form *before, const Form *now);

#endif
