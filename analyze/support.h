/* Who stands behind a theme (methods.md 3.13, theme.support; effective numbers after Hill 1973).
 * Pure functions, safe from any thread. */
#ifndef INNSIKT_ANALYZE_SUPPORT_H
#define INNSIKT_ANALYZE_SUPPORT_H

#include <glib.h>
#include <stdint.h>

#include "analyze/undefined.h"

/* One statement of the theme. Numbers are the caller's indices; NO_INDEX where it has none: a
 * document has an organisation and a stream, but no respondent. */
typedef struct {
    uint32_t respondent, org, stream;
} SupportMention;

typedef struct {
    size_t mentions, respondents, orgs, streams; /* the last three distinct */
    double org_share;      /* of all organisations heard; undefined when org_total < orgs or is 0 */
    double org_share_lo;   /* lower end of its 95 % Wilson interval */
    double stream_entropy; /* −Σ q ln q over distinct (stream, respondent) pairs */
    double effective_streams; /* exp of it; both undefined without any such pair */
} Support;

/* m: n mentions of one theme, in any order. org_total: organisations heard in all. */
Support support_count(const SupportMention *m, size_t n, size_t org_total);

/* Ranks themes within a quadrant: order[0] is the best. Largest lower end of the organisation share
 * (12 decimals; undefined last), then streams, then respondents, then bytes of the id. order has
 * room for n. */
void support_rank(const Support *support, const char *const *ids, size_t n, uint32_t *order);

#endif
