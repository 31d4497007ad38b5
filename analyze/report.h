/* What several people report of the state of one thing: a planned activity, a goal. A report is no
 * opinion to be averaged: a newer one of the same organisation replaces its older ones, and of what
 * is left the commonest word stands, with those who say otherwise counted beside it. */
#ifndef INNSIKT_ANALYZE_REPORT_H
#define INNSIKT_ANALYZE_REPORT_H

#include "analyze/dataset.h"

typedef struct {
    uint32_t record;
    int word; /* 0 … 7, in declared order; NO_TERM: not to be read, and not counted */
} Report;

typedef struct {
    int word;          /* what stands; NO_TERM: nobody reported */
    size_t counted;    /* reports that were not replaced */
    size_t otherwise;  /* of them, those with another word */
    size_t superseded; /* replaced by a newer one of the same organisation */
} Reported;

/* reports: of Report, about one thing. A report is replaced by one of the same organisation that
 * was submitted later; where either time is unknown, both count. Ties go to the word reported last,
 * then to the first declared. O(n). */
Reported report_settle(const Dataset *data, const GArray *reports);

#endif
