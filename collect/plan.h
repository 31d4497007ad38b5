/* What one question is proposed to be, while the whole form is looked at. Private to the proposal.
 */
#ifndef INNSIKT_COLLECT_PLAN_H
#define INNSIKT_COLLECT_PLAN_H

#include "collect/placing.h"
#include "schemas/project.h"

typedef struct {
    const Asked *asked;
    bool covered;  /* mapped already, or cannot be: nothing is proposed */
    bool rating;   /* people rate something here */
    bool homeless; /* the framework has no item or no scale for that */
    bool listed;   /* its choices are shown in the comment */
    char *role;   /* the proposed value but for the item: "ignore", "{person: true}" …; NULL: none
                   * yet */
    char *item;   /* of a rating that has a home: stands between `{rating: ` and role */
    char *reader; /* of a question that another one reads: that one's name */
    GPtrArray *remarks; /* of char* */
} Plan;

typedef struct {
    const Outline *outline;
    const Project *project;
    const Source *source;
    Matcher *matcher;
    GPtrArray *plans; /* of Plan*, beside outline->asked */
} Planning;

void plan_remark(Plan *plan, const char *format, ...) G_GNUC_PRINTF(2, 3);
/* `{code: name, …}` for the choices whose name (borrowed, by choice; NULL: leave it) is not their
 * code; NULL when there is nothing to rename. Caller owns. */
char *plan_values(const Plan *plan, char *const *names);
/* Whether its text asks for this. */
bool plan_means(const Plan *plan, const char *meaning, Span *ret);

/* Gives ratings their item and scale. */
void plan_rating(const Planning *planning, Plan *plan);
/* Gives the texts that are statements their role, and takes the selects that place them. */
void plan_statements(const Planning *planning);
/* Gives every other question its role. */
void plan_role(const Planning *planning, Plan *plan);
/* Whether what it asks for is known, and is no statement's place. */
bool plan_has_rule(const Planning *planning, const Plan *plan);
/* Whether the question would identify a person, or a response. */
bool plan_is_personal(const Planning *planning, const Plan *plan);

#endif
