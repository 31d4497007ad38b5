/* Who was asked to answer a LimeSurvey survey, counted. The table of participants holds names,
 * e-mail addresses and tokens; of it nothing is kept but numbers for each value of the attributes
 * that the project maps (`participants: true`), so that response rates have something to stand on.
 */
#ifndef INNSIKT_COLLECT_LIMESURVEY_PEOPLE_H
#define INNSIKT_COLLECT_LIMESURVEY_PEOPLE_H

#include "collect/collector.h"
#include "collect/limesurvey_session.h"

typedef struct LsPeople LsPeople;

/* Both must outlive the result. */
LsPeople *ls_people_new(LsSession *session, const Source *source);
void ls_people_free(LsPeople *people); /* accepts NULL */

/* What may be mapped: `invited`, `sent`, `answered` (numbers), `language`, and the attributes that
 * the survey gives its participants. NULL with an error. */
Form *ls_people_form(LsPeople *people, GError **error);

/* Whether the table may be read, by asking for none of it; see Collector. */
bool ls_people_readable(LsPeople *people, GError **error);

/* One page of the table at a time; at the end a response for each value of the mapped attributes
 * (for each combination of several). A survey without such a table, or one whose table the user may
 * not read, is noted and keeps what was counted before. PROTOCOL when the table is shorter than the
 * server says: too small a number would pass for a high rate. */
Step ls_people_next(LsPeople *people, PageSink *sink, GError **error);

#endif
