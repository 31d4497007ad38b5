/* Realisation of the plan: how important each focus area is against how far it is followed in
 * practice (methods.md 3.7), the state of the planned activities, and which goals are reached. */
#ifndef INNSIKT_ANALYZE_PLAN_H
#define INNSIKT_ANALYZE_PLAN_H

#include "analyze/gap.h"
#include "analyze/product.h"
#include "analyze/report.h"

/* As project.yaml writes them, least done first; a planned activity that was stopped is not done.
 */
typedef enum {
    ACTIVITY_NOT_STARTED,
    ACTIVITY_STOPPED,
    ACTIVITY_ONGOING,
    ACTIVITY_DONE,
    N_ACTIVITY_STATES
} ActivityState;
const char *activity_state_word(ActivityState state);
int activity_state_parse(const char *word); /* NO_TERM: none of them */

/* Least reached first. */
typedef enum { GOAL_NO, GOAL_PARTLY, GOAL_YES, N_GOAL_REACHES } GoalReach;
const char *goal_reach_word(GoalReach reach);

/* Importance × practice of one thing. Means are over organisations, on the scales 1…K. Where some
 * answered both, all figures are of those alone, so that the row adds up; where nobody did, each
 * side is of its own people and there is no gap, only a difference of means. */
typedef struct {
    bool rated, paired;
    int k;                           /* steps of both scales; 0: they differ */
    Estimate importance, practice;   /* intervals have the project's level */
    Estimate gap;                    /* importance − practice, −(K−1) … K−1 */
    double difference;               /* of the means where nothing is paired */
    Estimate share;                  /* of people with a gap; weighted as the means are */
    double surplus;                  /* of people for whom practice is ahead */
    double dominance;                /* share − surplus */
    GapCorner corner;                /* by the means, at the middle of the scale */
    WilcoxonTest test;               /* of the pairs, as a check */
    size_t people, organisations;    /* behind the figures */
    size_t importance_n, practice_n; /* people who rated each side */
    size_t one_sided;                /* people and organisations they speak for, left out */
    const char *why;                 /* no gap: a reason; NULL: there is one */
    GArray *records;                 /* of uint32_t: all that were read */
} PlanGap;

/* A row of the plan. */
typedef struct {
    TermKind kind; /* TERM_AREA (only where rated), TERM_FOCUS or TERM_ACTIVITY */
    int index;
    char *key; /* "plan/1.1", "plan/area=1", "plan/1.1/activity=1.1.1" */
    PlanGap gap;
    /* An activity: what is reported of it. */
    Reported state;
    GArray *reports; /* of Report */
    int goal;        /* TERM_GOAL it is held against, as reported last; NO_TERM */
} PlanRow;

typedef struct {
    int goal;  /* TERM_GOAL */
    char *key; /* "plan/1.1/goal=1.1.g1" */
    Reported reached;
    GArray *reports;
} PlanGoal;

typedef struct {
    GArray *rows;  /* of PlanRow: areas, each followed by its focus areas, each by its activities */
    GArray *goals; /* of PlanGoal: all of the framework's, declared order */
    bool rated;    /* anything */
    bool reported; /* any activity */
} Plan;

/* NULL: nothing was rated for importance or practice, and no activity reported. */
const Plan *results_plan(const Results *results);

/* How many activities of a focus area (NO_TERM: of all) are in each state, and in none that is
 * known: ret[N_ACTIVITY_STATES] is the last. Returns how many are reported otherwise too. */
size_t plan_count_states(const Plan *plan, const Framework *framework, int focus,
                         size_t ret[N_ACTIVITY_STATES + 1]);
/* The same of goals: ret[N_GOAL_REACHES] is of those that nobody told of. */
size_t plan_count_goals(const Plan *plan, const Framework *framework, int focus,
                        size_t ret[N_GOAL_REACHES + 1]);

/* The reports on an activity's state among `records` that `takes` accepts (NULL: all but those of
 * earlier waves), of Report.
 */
GArray *plan_reports(const Dataset *data, int activity,
                     bool (*takes)(const Dataset *data, const Record *record, gconstpointer user),
                     gconstpointer user);

#endif
