/* SWOT: quadrants, doubles, disputes (methods.md 3.10; Andrews 1971, Weihrich 1982). Pure
 * functions, safe from any thread. */
#ifndef INNSIKT_ANALYZE_SWOT_H
#define INNSIKT_ANALYZE_SWOT_H

#include <glib.h>
#include <stdbool.h>

typedef enum {
    SWOT_STRENGTH,
    SWOT_WEAKNESS,
    SWOT_OPPORTUNITY,
    SWOT_THREAT,
    SWOT_UNCLASSIFIED,
    SWOT_QUADRANTS = SWOT_UNCLASSIFIED, /* how many there are */
} SwotQuadrant;

typedef enum { SWOT_ORIGIN_UNKNOWN, SWOT_INTERNAL, SWOT_EXTERNAL } SwotOrigin;
typedef enum { SWOT_POLARITY_UNKNOWN, SWOT_HELPFUL, SWOT_HARMFUL } SwotPolarity;

/* "strength" … "threat", "unclassified"; static. */
const char *swot_key(SwotQuadrant quadrant);
/* 'S' 'W' 'O' 'T', '-' for unclassified. */
char swot_letter(SwotQuadrant quadrant);
/* From a key or a letter, either case; SWOT_UNCLASSIFIED for anything else and for NULL. */
SwotQuadrant swot_parse(const char *key);

SwotOrigin swot_origin(SwotQuadrant quadrant);     /* unknown for unclassified */
SwotPolarity swot_polarity(SwotQuadrant quadrant); /* unknown for unclassified */

/* internal × helpful S, internal × harmful W, external × helpful O, external × harmful T, else
 * unclassified (swot.quadrant). */
SwotQuadrant swot_quadrant(SwotOrigin origin, SwotPolarity polarity);

/* What is known of one statement. */
typedef struct {
    SwotQuadrant given;    /* by the respondent; unclassified: not given */
    SwotOrigin origin;     /* by the respondent */
    SwotPolarity polarity; /* by the respondent */
    SwotOrigin
        category_origin; /* what its category implies: PESTEL external, internal ones internal */
} SwotEvidence;

/* Where a statement belongs. A given quadrant stands; else origin × polarity, with the category's
 * origin where the respondent gave none. *ret_clash, if not NULL: two of these contradict each
 * other, which is a dispute to show, never a correction. */
SwotQuadrant swot_place(SwotEvidence evidence, bool *ret_clash);

/* «X, men Y» as two halves, X helpful and Y harmful (text.split_men): at the first «men» that is a
 * word of its own, in any case, between blanks or commas, with text on both sides. Parts are
 * trimmed of blanks and of full stops at their end. One part when there is no such word. A
 * proposal: never split without a person's yes. NULL-terminated, freed with g_strfreev. */
char **swot_split(const char *text);

typedef enum { SWOT_INSUFFICIENT, SWOT_SETTLED, SWOT_LEANING, SWOT_CONTESTED } SwotStatus;
typedef enum { SWOT_AXIS_NONE, SWOT_AXIS_ORIGIN, SWOT_AXIS_POLARITY, SWOT_AXIS_BOTH } SwotAxis;

/* How far a finding's quadrant is settled. All shares are undefined when n is 0. */
typedef struct {
    size_t n;
    size_t counts[SWOT_QUADRANTS];
    SwotQuadrant leading; /* unclassified when several lead */
    double share;         /* of the largest count */
    double wilson_lo;     /* lower end of its 95 % interval */
    double entropy;       /* −Σ p ln p / ln 4: 0 all alike, 1 evenly over four */
    double internal_share, helpful_share;
    SwotAxis axis; /* the one with the larger minority; none when nobody dissents */
    SwotStatus status;
} SwotDispute;

/* From votes of coders or respondents (swot.contested). insufficient: n < 3; settled: one leader
 * and a lower end above ½; leaning: one leader with more than ½; else contested. */
SwotDispute swot_dispute(const size_t votes[SWOT_QUADRANTS]);

const char *swot_status_key(SwotStatus status); /* "insufficient", "settled", … */
const char *swot_axis_key(SwotAxis axis);       /* "origin", "polarity", "both"; NULL for none */

#endif
