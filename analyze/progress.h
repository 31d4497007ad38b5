/* Status of the strategic areas (methods.md 3.18): each area's light from its key figures, its
 * activities and the panel's judgement; where it is heading; key events and initiatives; and how
 * the light stood at earlier waves. */
#ifndef INNSIKT_ANALYZE_PROGRESS_H
#define INNSIKT_ANALYZE_PROGRESS_H

#include "analyze/kpi.h"
#include "analyze/product.h"
#include "analyze/status.h"

/* Where an area is heading, by the last step of its key figures. */
typedef enum { HEADING_UNKNOWN, HEADING_DOWN, HEADING_UNCHANGED, HEADING_UP } Heading;
const char *heading_word(Heading heading); /* "unknown", "down", "unchanged", "up" */

/* One area at one time. Votes are of organisations: the lower median of what their people say. */
typedef struct {
    char *key;        /* "status/3", "status/3/wave=2019" */
    const char *wave; /* NULL: as it stands now */
    uint32_t day;     /* as of which it is judged; 0: not known */
    double elapsed;   /* share of the period; undefined when none is declared */
    StatusLight judgement;
    size_t votes[3]; /* organisations that say red, yellow, green */
    size_t people, organisations;
    size_t kpis, activities; /* that could be read */
    Status status;
    GArray *records; /* of uint32_t: all answers behind it */
} AreaLight;

/* Something told of an area, once, however often it was said. */
typedef struct {
    const char *text;
    char *key;            /* "status/3/event=…": 32 hex digits made from the folded text */
    GArray *records;      /* of uint32_t: where it is told */
    size_t organisations; /* named ones that say so */
    StatusLight light;    /* that the first to say it voted; GREY: none */
} AreaNote;

typedef struct {
    int area;             /* TERM_AREA */
    AreaLight now;        /* its light is the override's where the project has one */
    StatusLight computed; /* what it would be without */
    const char *override; /* the written reason; NULL: none */
    GArray
        *earlier; /* of AreaLight: every wave there is, oldest first; empty with fewer than two */
    double step;  /* last step of its key figures, as a share of the way; undefined: none */
    Heading heading;
    GArray *reasons, *events, *initiatives; /* of AreaNote; reasons: of the judged light first */
} AreaStatus;

typedef struct {
    GArray *areas;    /* of AreaStatus: all of the framework's */
    GArray *kpis;     /* of Kpi */
    GPtrArray *waves; /* of const char *, oldest first */
    uint32_t day;
} Progress;

/* NULL: nobody told a status, and there are no key figures. */
const Progress *results_progress(const Results *results);

/* A step of a scale as a light: steps that agree are green; of those below, the lower half (of an
 * odd number the larger one) is red, the rest yellow. Without steps that agree: by thirds. */
StatusLight progress_light_of(const Scale *scale, int step);

/* The light of one key figure alone at its newest value: GREY when it cannot be read. */
StatusLight progress_kpi_light(const Results *results, const Kpi *kpi);

#endif
