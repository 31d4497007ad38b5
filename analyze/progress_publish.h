/* The figures of the strategic areas' status. Private to progress.c. */
#ifndef INNSIKT_ANALYZE_PROGRESS_PUBLISH_H
#define INNSIKT_ANALYZE_PROGRESS_PUBLISH_H

#include "analyze/progress.h"

StatusRules progress_rules(const Project *project);
void progress_publish(Results *results, gconstpointer product);

#endif
