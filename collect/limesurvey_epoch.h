/* LimeSurvey numbers responses anew when a survey is deactivated and activated again
 * (form-systems.md 1.9), so that response 9 may be another person's than response 9 of last week.
 * The first responses of the survey stand witness: each keeps its start time and seed for good.
 * When most of those that we know have others, a new epoch has begun and its responses get keys of
 * their own. */
#ifndef INNSIKT_COLLECT_LIMESURVEY_EPOCH_H
#define INNSIKT_COLLECT_LIMESURVEY_EPOCH_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

typedef struct LsEpoch LsEpoch;

/* From the cursor of the last pull; NULL or one that cannot be read: nothing is known yet. */
LsEpoch *ls_epoch_new(const char *cursor);
void ls_epoch_free(LsEpoch *epoch);
/* For the next pull, which is told when all was read last too (µs UTC or TIME_UNKNOWN). Caller
 * owns.
 */
char *ls_epoch_cursor(const LsEpoch *epoch, int64_t swept);

/* The key under which a response is kept: its id, in the first epoch; later `e1:` and the id at
 * full width, so that keys sort as ids do. Caller owns. And back: -1 when it is of another epoch.
 */
char *ls_epoch_key(const LsEpoch *epoch, int64_t id);
int64_t ls_epoch_id(const LsEpoch *epoch, const char *key);

/* Told of every id in the index: the lowest may become witnesses. */
void ls_epoch_listed(LsEpoch *epoch, int64_t id);
bool ls_epoch_known(const LsEpoch *epoch); /* there are witnesses */
/* Where the witnesses, or those who may become so, are to be found; false: nowhere. */
bool ls_epoch_span(const LsEpoch *epoch, int64_t *ret_low, int64_t *ret_high);

/* A hearing: begin, a call for each response of the span, end. Compares with the witnesses, or
 * makes them when there are none. True from end: a new epoch has begun. */
void ls_epoch_hear_begin(LsEpoch *epoch);
void ls_epoch_hear(LsEpoch *epoch, int64_t id, const char *startdate, const char *seed);
bool ls_epoch_hear_end(LsEpoch *epoch);

#endif
