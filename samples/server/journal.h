#ifndef INNSIKT_SAMPLES_SERVER_JOURNAL_H
#define INNSIKT_SAMPLES_SERVER_JOURNAL_H

#include "samples/server/site.h"

/* What the server has seen, for tests that judge a client by its behaviour. Holds no secret and no
 * answer: names of calls and counts. */
typedef struct Journal Journal;

Journal *journal_new(void);
void journal_free(Journal *journal);
void journal_clear(Journal *journal);

/* Notes a request and the faults it meets. in_login: credentials are expected in its body. */
void journal_note(Journal *journal, const Site *site, const char *call, const Request *request,
                  const char *headers, bool in_login);

/* Notes the outcome of a login. */
void journal_login(Journal *journal, Login outcome);
void journal_session(Journal *journal, bool opened);

/* Notes one exported page: the ids asked for (as given, 0 for none) and how many came. */
void journal_export(Journal *journal, gint64 from, gint64 to, gint64 rows);

/* The log as an object; the caller puts it. See control.h for its members. */
json_object *journal_json(const Journal *journal, const Site *site);

#endif
