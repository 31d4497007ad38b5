/* Instants: microseconds since 1970 in UTC, as the store keeps them. */
#ifndef INNSIKT_SCHEMAS_INSTANT_H
#define INNSIKT_SCHEMAS_INSTANT_H

#include <glib.h>
#include <stdint.h>

/* The clock of the program. With INNSIKT_NOW set (ISO 8601, for tests and reproducible samples) it
 * stands still there. */
int64_t instant_now(void);

/* "2021-06-04T11:09:00Z", with microseconds when there are any; NULL for TIME_UNKNOWN. */
char *instant_iso(int64_t instant);

/* "4. juni 2021" and the like is a matter of language; this is the day as "2021-06-04" in a zone.
 */
char *instant_day(int64_t instant, GTimeZone *zone);

#endif
