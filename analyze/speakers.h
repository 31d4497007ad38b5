/* What each speaker said on a chosen set of rating columns (the importance of a focus area, a
 * priority under a scenario …): one number a speaker. Methods over organisations (interval_mean,
 * gap_paired, robustness_cells) take it from there. Ratings of main questions, levels and items are
 * summarised by rating.h instead. */
#ifndef INNSIKT_ANALYZE_SPEAKERS_H
#define INNSIKT_ANALYZE_SPEAKERS_H

#include "analyze/dataset.h"
#include "analyze/interval.h"
#include "analyze/undefined.h"

/* Does the column belong? `user` is what speakers_new was given. */
typedef bool (*SpeakersTake)(const Variable *variable, gconstpointer user);

/* A speaker is a person speaking for one organisation (Voice.speaker). Rows are in order of first
 * appearance; `speaker` joins two sets of one data set. */
typedef struct {
    const Scale *scale; /* of the first column taken; NULL: no column. Others are left out */
    size_t n;           /* speakers who were asked: not those whose every answer was not shown, or
                           not in their version of the form */
    uint32_t *speaker;
    uint32_t *person;
    uint32_t *org;        /* index in Dataset.units */
    uint32_t *group;      /* TERM_GROUP; NO_INDEX where none */
    double *mean;         /* of their answers, 1…K; UNDEFINED when all are missing */
    int *around;          /* most participants that an answered response of theirs tells of */
    size_t answered;      /* speakers with a mean */
    size_t people;        /* distinct, with those around a table, among the answered */
    size_t organisations; /* named ones among the answered */
    size_t elsewhere;     /* answers left out because they stand on another scale */
    GArray *records;      /* of uint32_t: every record read, for basis_open */
    uint32_t *row;        /* speaker → row + 1; 0: not among them */
    size_t n_speakers;    /* of `row` */
} Speakers;

/* The columns that `take` accepts, of everybody who counts in the headline: all but citizens,
 * unless the project's targets give their group a share (decisions.md), and nobody of a wave that
 * the project calls earlier. `group`: only that TERM_GROUP, citizens too where it is theirs;
 * NO_TERM: all. Never NULL. O(answers). */
Speakers *speakers_new(const Dataset *data, SpeakersTake take, gconstpointer user, int group);
void speakers_free(Speakers *speakers);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Speakers, speakers_free)

/* The mean of one speaker (Voice.speaker), UNDEFINED for one who is not among them. O(1). */
double speakers_mean_of(const Speakers *speakers, uint32_t speaker);

/* Mean over organisations with its interval, each organisation once or by targets as the project
 * says (interval_mean; methods.md 3.1, 3.6). x: one value a row, UNDEFINED where missing; NULL: the
 * means. The interval is clipped to low … high and has the project's level. `by_group`: targets are
 * used where the project has them; false inside one group. */
OrgInterval speakers_org_interval(const Dataset *data, const Speakers *speakers, const double *x,
                                  double low, double high, bool by_group);
Estimate speakers_interval(const Dataset *data, const Speakers *speakers, const double *x,
                           double low, double high, bool by_group);

/* Weighted share of the speakers who say yes, with Wilson's interval on the effective n (methods.md
 * 3.2, 3.3). yes: 0 or 1 a row, UNDEFINED where missing. Undefined when nobody counts. */
Estimate speakers_share(const Dataset *data, const Speakers *speakers, const double *yes,
                        bool by_group);

/* Who stands behind the rows whose x is defined (NULL: the means): distinct people, with those
 * around a table, and named organisations. */
void speakers_count(const Dataset *data, const Speakers *speakers, const double *x,
                    size_t *ret_people, size_t *ret_organisations);

/* Whether a voice counts: in the headline, or in a group. What speakers_new asks of every answer.
 */
bool speakers_voice_counts(const Dataset *data, const Voice *voice, int group);

#endif
