/* The time that a strategy spans: years or days, declared by a framework, and by a project that
 * knows better. Days are Julian day numbers as GDate counts them; 0 is no day. */
#ifndef INNSIKT_SCHEMAS_PERIOD_H
#define INNSIKT_SCHEMAS_PERIOD_H

#include "schemas/yaml.h"

#include <stdint.h>

typedef struct {
    uint32_t from, to; /* first and last day; both 0: not declared */
    uint32_t at;       /* the day as of which progress is judged; 0: the data tell */
} Period;

/* A year or an ISO date: the day, or of a year its first or last one. 0 for anything else. */
uint32_t period_day(const char *text, bool last);
/* The day an instant (µs UTC) falls on; 0 for TIME_UNKNOWN. */
uint32_t period_day_of(int64_t instant);

/* Reads {from: 2017, to: 2022}, and with `has_at` an `at`, into ret; a project's `at` may stand
 * alone. Complaints go to the file. */
void period_read(YamlFile *file, const YamlNode *map, bool has_at, Period *ret);

/* The share of the period, 0…1, that has passed on the morning of a day; NaN when none is declared
 * or the day is not known. */
double period_elapsed(const Period *period, uint32_t day);

#endif
