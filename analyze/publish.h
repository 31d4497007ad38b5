/* Makes typed summaries into figures under their keys, and says of each family what it rests on. */
#ifndef INNSIKT_ANALYZE_PUBLISH_H
#define INNSIKT_ANALYZE_PUBLISH_H

#include "analyze/results.h"

/* Fills results->figures and results->bases from everything else in results. */
void publish(Results *results);

#endif
