#include "analyze/swot.h"

#include <math.h>
#include <string.h>

#include "analyze/compare.h"
#include "analyze/proportion.h"
#include "analyze/undefined.h"

enum { VOTES_NEEDED = 3 };

static const struct {
    const char *key;
    char letter;
    SwotOrigin origin;
    SwotPolarity polarity;
} quadrants[SWOT_QUADRANTS + 1] = {
    [SWOT_STRENGTH] = {"strength", 'S', SWOT_INTERNAL, SWOT_HELPFUL},
    [SWOT_WEAKNESS] = {"weakness", 'W', SWOT_INTERNAL, SWOT_HARMFUL},
    [SWOT_OPPORTUNITY] = {"opportunity", 'O', SWOT_EXTERNAL, SWOT_HELPFUL},
    [SWOT_THREAT] = {"threat", 'T', SWOT_EXTERNAL, SWOT_HARMFUL},
    [SWOT_UNCLASSIFIED] = {"unclassified", '-', SWOT_ORIGIN_UNKNOWN, SWOT_POLARITY_UNKNOWN},
};

const char *swot_key(SwotQuadrant quadrant)
{
    return quadrants[quadrant].key;
}

char swot_letter(SwotQuadrant quadrant)
{
    return quadrants[quadrant].letter;
}

SwotQuadrant swot_parse(const char *key)
{
    if (!key)
        return SWOT_UNCLASSIFIED;
    for (SwotQuadrant q = 0; q < SWOT_QUADRANTS; q++) {
        bool is_letter = g_ascii_toupper(key[0]) == quadrants[q].letter && key[1] == '\0';
        if (is_letter || g_ascii_strcasecmp(key, quadrants[q].key) == 0)
            return q;
    }
    return SWOT_UNCLASSIFIED;
}

SwotOrigin swot_origin(SwotQuadrant quadrant)
{
    return quadrants[quadrant].origin;
}

SwotPolarity swot_polarity(SwotQuadrant quadrant)
{
    return quadrants[quadrant].polarity;
}

SwotQuadrant swot_quadrant(SwotOrigin origin, SwotPolarity polarity)
{
    SwotQuadrant q = 0;
    while (q < SWOT_QUADRANTS &&
           (quadrants[q].origin != origin || quadrants[q].polarity != polarity))
        q++;
    return q;
}

/* Two known values that differ; 0 is «unknown» in both enums. */
static bool differ(int a, int b)
{
    return a != 0 && b != 0 && a != b;
}

SwotQuadrant swot_place(SwotEvidence e, bool *ret_clash)
{
    SwotOrigin given = swot_origin(e.given);
    SwotOrigin origin = e.origin != SWOT_ORIGIN_UNKNOWN ? e.origin : e.category_origin;

    if (ret_clash)
        *ret_clash = differ(given, e.origin) || differ(given, e.category_origin) ||
                     differ(e.origin, e.category_origin) ||
                     differ(swot_polarity(e.given), e.polarity);
    return e.given != SWOT_UNCLASSIFIED ? e.given : swot_quadrant(origin, e.polarity);
}

static bool is_border(gunichar c)
{
    return c == ',' || g_unichar_isspace(c);
}

/* from … to without blanks and commas around it, and without full stops at its end. */
static char *trimmed(const char *from, const char *to)
{
    while (from < to && is_border(g_utf8_get_char(from)))
        from = g_utf8_next_char(from);
    while (from < to) {
        const char *last = g_utf8_find_prev_char(from, to);
        gunichar c = g_utf8_get_char(last);
        if (c != '.' && !is_border(c))
            break;
        to = last;
    }
    return g_strndup(from, (gsize)(to - from));
}

/* The next «men» of its own at or after `from`; NULL when there is none. */
static const char *find_men(const char *text, const char *from)
{
    for (const char *p = from; *p; p++) {
        if (g_ascii_strncasecmp(p, "men", 3) != 0)
            continue;
        bool starts = p == text || is_border(g_utf8_get_char(g_utf8_find_prev_char(text, p)));
        if (starts && (p[3] == '\0' || is_border(g_utf8_get_char(p + 3))))
            return p;
    }
    return NULL;
}

char **swot_split(const char *text)
{
    g_autofree char *valid = g_utf8_make_valid(text, -1);
    const char *end = valid + strlen(valid);
    char **parts = g_new0(char *, 3);

    for (const char *men = find_men(valid, valid); men; men = find_men(valid, men + 3)) {
        g_autofree char *left = trimmed(valid, men), *right = trimmed(men + 3, end);
        if (*left && *right) {
            parts[0] = g_steal_pointer(&left);
            parts[1] = g_steal_pointer(&right);
            return parts;
        }
    }
    parts[0] = trimmed(valid, end);
    return parts;
}

static double entropy(const size_t *votes, double n)
{
    double sum = 0;
    for (SwotQuadrant q = 0; q < SWOT_QUADRANTS; q++)
        if (votes[q] > 0)
            sum -= (double)votes[q] / n * log((double)votes[q] / n);
    return sum / log(SWOT_QUADRANTS);
}

static SwotAxis axis_in_dispute(const size_t *v, size_t n)
{
    size_t internal = v[SWOT_STRENGTH] + v[SWOT_WEAKNESS];
    size_t helpful = v[SWOT_STRENGTH] + v[SWOT_OPPORTUNITY];
    size_t origin = MIN(internal, n - internal), polarity = MIN(helpful, n - helpful);

    if (origin == polarity)
        return origin == 0 ? SWOT_AXIS_NONE : SWOT_AXIS_BOTH;
    return origin > polarity ? SWOT_AXIS_ORIGIN : SWOT_AXIS_POLARITY;
}

static SwotStatus settle(const SwotDispute *d)
{
    if (d->n < VOTES_NEEDED)
        return SWOT_INSUFFICIENT;
    if (d->leading == SWOT_UNCLASSIFIED)
        return SWOT_CONTESTED;
    if (compare_round(d->wilson_lo) > 0.5)
        return SWOT_SETTLED;
    return compare_round(d->share) > 0.5 ? SWOT_LEANING : SWOT_CONTESTED;
}

SwotDispute swot_dispute(const size_t votes[SWOT_QUADRANTS])
{
    SwotDispute d = {0,         {0},       SWOT_UNCLASSIFIED, UNDEFINED,      UNDEFINED,
                     UNDEFINED, UNDEFINED, UNDEFINED,         SWOT_AXIS_NONE, SWOT_INSUFFICIENT};
    size_t most = 0;

    for (SwotQuadrant q = 0; q < SWOT_QUADRANTS; q++) {
        d.counts[q] = votes[q];
        d.n += votes[q];
        if (votes[q] >= MAX(most, 1)) {
            d.leading = votes[q] > most ? q : SWOT_UNCLASSIFIED;
            most = votes[q];
        }
    }
    if (d.n == 0)
        return d;

    double n = (double)d.n;
    Estimate share = proportion_wilson((double)most, n, 0.95);
    d.share = share.value;
    d.wilson_lo = share.low;
    d.entropy = entropy(votes, n);
    d.internal_share = (double)(votes[SWOT_STRENGTH] + votes[SWOT_WEAKNESS]) / n;
    d.helpful_share = (double)(votes[SWOT_STRENGTH] + votes[SWOT_OPPORTUNITY]) / n;
    d.axis = axis_in_dispute(votes, d.n);
    d.status = settle(&d);
    return d;
}

const char *swot_status_key(SwotStatus status)
{
    static const char *const keys[] = {
        [SWOT_INSUFFICIENT] = "insufficient",
        [SWOT_SETTLED] = "settled",
        [SWOT_LEANING] = "leaning",
        [SWOT_CONTESTED] = "contested",
    };
    return keys[status];
}

const char *swot_axis_key(SwotAxis axis)
{
    static const char *const keys[] = {
        [SWOT_AXIS_NONE] = NULL,
        [SWOT_AXIS_ORIGIN] = "origin",
        [SWOT_AXIS_POLARITY] = "polarity",
        [SWOT_AXIS_BOTH] = "both",
    };
    return keys[axis];
}
