/* Figures as JSON values, shared by results.json and `why`. */
#ifndef INNSIKT_ANALYZE_RESULTS_JSON_H
#define INNSIKT_ANALYZE_RESULTS_JSON_H

#include "analyze/results.h"

#include <json-c/json.h>

/* The value; NULL (JSON's null) where it is undefined. Doubles have 17 digits, enough to read back
 * the same bits. Caller owns. */
json_object *figure_json(const Figure *figure);

#endif
