/* Key figures of the strategic areas: what was measured, period by period, against target and
 * baseline (methods.md 3.18). */
#ifndef INNSIKT_ANALYZE_KPI_H
#define INNSIKT_ANALYZE_KPI_H

#include "analyze/results.h"

typedef struct {
    const char *period; /* as it was written; "" when nobody did */
    double value;
    double
        attainment; /* (value − baseline) / (target − baseline), not clipped; undefined without */
    uint32_t record;
} KpiPoint;

/* One indicator of one area. */
typedef struct {
    int area;                /* TERM_AREA */
    const char *indicator;   /* as it was first written */
    char *key;               /* "status/3/kpi=Registre" */
    double target, baseline; /* as told with the newest period; undefined: nobody did */
    const char *why;         /* no attainment: a reason; NULL: there is one */
    GArray *points;          /* of KpiPoint: oldest first, one a period */
    GArray *records;         /* of uint32_t: all answers read, also the unreadable */
} Kpi;

/* By area in declared order, then by first mention. An area's focus areas are the area. Periods
 * order by what they say: a year comes before what else is written (2021, 2021-06, Q3 2021), dates
 * by year, month and day (31.12.2020). Of two values of one period the one submitted last stands,
 * of equals the one that comes last. Never NULL; of Kpi. */
GArray *kpis_of(const Dataset *data);

/* The area that an answer's `area` names: itself, or the one that a focus area belongs to. */
int kpi_area(const Framework *framework, const char *named);

/* A number as people write it: «19,5», «1 234», «47 %», «−3». Undefined for anything else. */
double kpi_number(const char *text);

/* What periods order by. Caller owns. */
char *kpi_period_order(const char *period);
/* The year a period names first, or 0. */
int kpi_year(const char *period);

/* The newest point no later than a year (0: the newest of all), or NULL; and the one before it. */
const KpiPoint *kpi_point(const Kpi *kpi, int year);
const KpiPoint *kpi_point_before(const Kpi *kpi, const KpiPoint *point);

#endif
