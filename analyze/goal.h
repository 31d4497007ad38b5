/* What people write beside a UN goal's maturity: why they place it where they do. The maturity
 * itself is a summary of ratings (FAMILY_GOAL). */
#ifndef INNSIKT_ANALYZE_GOAL_H
#define INNSIKT_ANALYZE_GOAL_H

#include "analyze/dataset.h"

/* The distinct texts on one UN goal, most organisations first, then in data order: the answers of
 * role `goal` whose maturity another question holds. Of const char *, borrowed from the data set;
 * caller owns the array. */
GPtrArray *goal_reasons(const Dataset *data, int goal);

#endif
