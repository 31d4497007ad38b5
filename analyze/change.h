/* What has changed from one measurement (wave) to the next: per main question and level of the
 * cascade, the difference of the means over organisations with its interval (methods.md 3.5, 3.6).
 * Paired over people when enough of them, and at least half of the smaller wave, answered both;
 * else over the organisations that are in both; else the two panels are taken for independent,
 * which is on the safe side. «Changed» is said only when the interval lies on one side of zero, and
 * of independent panels only when they are made up of much the same groups: else the difference may
 * be one of who was asked.
 * Wilcoxon's signed-rank test is a check for sheet Metode (4.4). */
#ifndef INNSIKT_ANALYZE_CHANGE_H
#define INNSIKT_ANALYZE_CHANGE_H

#include "analyze/product.h"

typedef enum { CHANGE_PEOPLE, CHANGE_ORGANISATIONS, CHANGE_UNPAIRED } ChangeWay;
const char *change_way_word(ChangeWay way); /* "people", "organisations", "unpaired" */

typedef struct {
    char *key; /* "change/choices-clear/from=2020/to=2021" */
    const RatingSummary *from, *to;
    ChangeWay way;
    size_t pairs;         /* speakers who answered both */
    size_t both;          /* named organisations in both */
    double dissimilarity; /* of the groups that the organisations of the two waves are of, 0…1
                             (Duncan & Duncan 1955); undefined: nobody told their group */
    Estimate change;
    double p;      /* Wilcoxon on the people's differences; undefined unless paired over people */
    Undefined why; /* of the interval */
    bool supported;
} Change;

typedef struct {
    GPtrArray *waves; /* of const char *: by their earliest response, then bytes; at least two */
    GArray *changes;  /* of Change: questions, then levels; each wave against the one before */
} Changes;

/* NULL: no main question or level was asked in two waves. */
const Changes *results_changes(const Results *results);
/* The summary of a question or level in one wave; NULL: it was not asked there. */
const RatingSummary *change_summary(const Results *results, Family family, int subject,
                                    const char *wave);

#endif
