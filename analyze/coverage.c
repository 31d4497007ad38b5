#include "analyze/coverage.h"

#include <glib.h>

/* Contributions sorted by part, in order within it; those of no part last. */
static uint32_t *by_part(const uint32_t *part, size_t n, size_t parts, size_t *ret_end)
{
    uint32_t *order = g_new(uint32_t, n + 1);
    g_autofree size_t *next = g_new0(size_t, parts + 2);

    for (size_t i = 0; i < n; i++)
        next[MIN(part[i], parts) + 1]++;
    for (size_t p = 0; p <= parts; p++)
        next[p + 1] += next[p];
    for (size_t p = 0; p < parts; p++)
        ret_end[p] = next[p + 1];
    for (uint32_t i = 0; i < n; i++)
        order[next[MIN(part[i], parts)]++] = i;
    return order;
}

/* 1 the first time an index is met under this stamp. */
static size_t first_time(uint32_t *seen, uint32_t index, uint32_t stamp)
{
    if (index == NO_INDEX || seen[index] == stamp)
        return 0;
    seen[index] = stamp;
    return 1;
}

static CoverageCount count_run(const uint32_t *person, const uint32_t *org, const uint32_t *order,
                               size_t n, uint32_t stamp, uint32_t *seen_person, uint32_t *seen_org)
{
    CoverageCount c = {0};

    for (size_t i = 0; i < n; i++) {
        c.persons += first_time(seen_person, person[order[i]], stamp);
        c.orgs += first_time(seen_org, org[order[i]], stamp);
    }
    return c;
}

CoverageCount coverage_counts(const uint32_t *person, const uint32_t *org, const uint32_t *part,
                              size_t n, size_t persons, size_t orgs, size_t parts,
                              CoverageCount *ret)
{
    g_autofree uint32_t *seen_person = g_new0(uint32_t, persons + 1);
    g_autofree uint32_t *seen_org = g_new0(uint32_t, orgs + 1);
    g_autofree size_t *end = g_new0(size_t, parts + 1);
    g_autofree uint32_t *order = by_part(part, n, parts, end);

    for (uint32_t p = 0; p < parts; p++) {
        size_t start = p ? end[p - 1] : 0;
        ret[p] =
            count_run(person, org, order + start, end[p] - start, p + 1, seen_person, seen_org);
    }
    return count_run(person, org, order, n, (uint32_t)parts + 1, seen_person, seen_org);
}

double coverage_dissimilarity(const double *observed, const double *target, size_t n)
{
    double heard = 0, planned = 0, d = 0;

    for (size_t g = 0; g < n; g++) {
        heard += observed[g];
        planned += target[g];
    }
    if (!(heard > 0 && planned > 0))
        return UNDEFINED;
    for (size_t g = 0; g < n; g++)
        d += fabs(observed[g] / heard - target[g] / planned) / 2;
    return d;
}

static double ratio(double part, double whole)
{
    return whole > 0 ? part / whole : UNDEFINED;
}

Aapor coverage_aapor(const AaporInput *in)
{
    double all = in->complete + in->partial, unknown = in->unknown_household + in->unknown_other;
    double known = all + in->refusal + in->no_contact + in->other;
    /* Nothing unknown: no share of it needs declaring. */
    double guessed = unknown > 0 ? known + in->e * unknown : known;

    return (Aapor){{ratio(in->complete, known + unknown), ratio(all, known + unknown),
                    ratio(in->complete, guessed), ratio(all, guessed), ratio(in->complete, known),
                    ratio(all, known)}};
}

RIndicator coverage_r_indicator(const CoverageStratum *stratum, size_t n, double *ret_partial)
{
    RIndicator r = {UNDEFINED, UNDEFINED, UNDEFINED, UNDEFINED_NO_FRAME};
    double members = 0, answers = 0, squares = 0;

    for (size_t h = 0; h < n; h++) {
        members += stratum[h].n_members;
        answers += stratum[h].n_answers;
    }
    r.rate = ratio(answers, members);
    for (size_t h = 0; h < n; h++) {
        double rate = ratio(stratum[h].n_answers, stratum[h].n_members);
        double partial = sqrt(stratum[h].n_members / members) * (rate - r.rate);
        squares += is_defined(partial) ? partial * partial * members : 0;
        if (ret_partial)
            ret_partial[h] = partial;
    }
    if (!(members > 1))
        return r;
    r.why = UNDEFINED_NOT;
    r.s = sqrt(squares / (members - 1));
    r.r = 1 - 2 * r.s;
    return r;
}
