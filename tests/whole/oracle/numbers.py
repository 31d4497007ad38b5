"""Statistics of methods.md, sections 3.1 to 3.6, 4.2 and 4.6, from the formulae, on numpy and scipy. Undefined is None."""
import collections
import math

import numpy as np
from scipy import stats

EPSILON = 1e-12


def round12(x):
    return round(x, 12)


def z_of(level):
    return stats.norm.ppf(0.5 + level / 2)


def t_of(level, df):
    """scipy's inverse is right to nine digits only (1e-11 of probability); Newton does the rest."""
    p = 0.5 + level / 2
    t = stats.t.ppf(p, df)
    for _ in range(3):
        t -= (stats.t.cdf(t, df) - p) / stats.t.pdf(t, df)
    return t


# --- weights and sizes -------------------------------------------------------------------------------------------

def organisation_weights(orgs):
    """3.1: w = n / (M m_o), one entry a person."""
    size = collections.Counter(orgs)
    return np.array([len(orgs) / (len(size) * size[o]) for o in orgs])


def target_weights(orgs, groups, targets):
    """3.1 with group shares: w = n t_g / (M_g m_o); an organisation in two groups is two; targets of groups that nobody
    answered for go to the others."""
    size = collections.Counter(zip(orgs, groups))
    members = collections.Counter(g for _, g in size)
    present = sum(targets[g] for g in members)
    return np.array([len(orgs) * targets[g] / present / (members[g] * size[o, g]) for o, g in zip(orgs, groups)])


def effective_n(w, orgs, rho):
    """3.2"""
    if not len(w):
        return None
    total = collections.defaultdict(float)
    for weight, org in zip(w, orgs):
        total[org] += weight
    return math.fsum(w) ** 2 / ((1 - rho) * math.fsum(w ** 2) + rho * math.fsum(t * t for t in total.values()))


def shrunken_rho(values, orgs, prior, strength):
    """4.2: ICC(1) of a one-way analysis of variance, drawn to the prior."""
    by_org = collections.defaultdict(list)
    for value, org in zip(values, orgs):
        by_org[org].append(value)
    samples = [np.array(v, float) for v in by_org.values()]
    n, m = len(values), len(samples)
    several = sum(len(s) > 1 for s in samples)
    if m < 2 or not several or np.ptp(values) == 0:
        return prior
    grand = np.mean(values)
    msb = math.fsum(len(s) * (s.mean() - grand) ** 2 for s in samples) / (m - 1)
    msw = math.fsum(((s - s.mean()) ** 2).sum() for s in samples) / (n - m)
    k0 = (n - sum(len(s) ** 2 for s in samples) / n) / (m - 1)
    icc = (msb - msw) / (msb + (k0 - 1) * msw)
    return (several * min(1, max(0, icc)) + strength * prior) / (several + strength)


# --- one distribution --------------------------------------------------------------------------------------------

def median(shares):
    """2.4: type 2, (low, high)."""
    below = np.cumsum(shares)
    low = next(k for k, f in enumerate(below, 1) if f >= 0.5 - EPSILON)
    high = next(k for k, f in enumerate(below, 1) if f > 0.5 + EPSILON and shares[k - 1] > 0)
    return low, high


def interpolated_median(shares):
    low, high = median(shares)
    if high > low:  # exactly half: between the upper edge of one and the lower edge of the next
        return ((low + 0.5) + (high - 0.5)) / 2
    return low - 0.5 + (0.5 - math.fsum(shares[:low - 1])) / shares[low - 1]


def agreement(counts):
    """3.4: van der Eijk's A; None below three steps."""
    k, left, total = len(counts), np.array(counts, float), float(sum(counts))
    if k < 3 or total <= 0:
        return None
    result = 0.0
    while True:
        pattern = left > EPSILON * total
        filled = int(pattern.sum())
        if not filled:
            return result
        least = left[pattern].min()
        result += least * filled / total * _layer(pattern, k, filled)
        left = np.where(pattern, left - least, 0)


def _layer(p, k, filled):
    if filled == 1:
        return 1.0
    if filled == k:
        return 0.0
    triples = collections.Counter((bool(p[a]), bool(p[b]), bool(p[c]))
                                  for a in range(k) for b in range(a + 1, k) for c in range(b + 1, k))
    tdu = triples[True, False, True]
    tu = triples[True, True, False] + triples[False, True, True]
    return ((k - 2) * tu - (k - 1) * tdu) / ((k - 2) * (tu + tdu)) * (1 - (filled - 1) / (k - 1))


def wilson(p, n, level):
    """3.3, n real; exactly 0 and 1 at the ends."""
    z = z_of(level)
    centre, spread = p + z * z / (2 * n), z * math.sqrt(max(0, p * (1 - p)) / n + z * z / (4 * n * n))
    low, high = (centre - spread) / (1 + z * z / n), (centre + spread) / (1 + z * z / n)
    return (0.0 if p <= EPSILON else low, 1.0 if p >= 1 - EPSILON else high)


def net_interval(top, bottom, n_eff, level):
    n = n_eff + 1.5
    t, b = (n_eff * top + 0.5) / n, (n_eff * bottom + 0.5) / n
    half = z_of(level) * math.sqrt((t + b - (t - b) ** 2) / n)
    return max(-1, t - b - half), min(1, t - b + half)


# --- verdict -----------------------------------------------------------------------------------------------------

def posterior(shares, n_eff, prior):
    """3.5: P(median = k)."""
    alpha = prior + n_eff * np.asarray(shares)
    below, total = np.cumsum(alpha), alpha.sum()
    f = [stats.beta.sf(0.5, a, total - a) for a in below[:-1]] + [1.0]
    return np.diff([0.0] + f)


def decide(reasons, divided, pi, firm, span):
    """3.5: (outcome, low, high, probability), in the order of the rules."""
    if reasons:
        return "insufficient", None, None, None
    if divided:
        return "divided", None, None, None
    best = max(range(len(pi)), key=lambda k: (round12(pi[k]), -k))
    if round12(pi[best]) >= firm:
        return "firm", best + 1, best + 1, pi[best]
    pairs = [pi[k] + pi[k + 1] for k in range(len(pi) - 1)]
    pair = max(range(len(pairs)), key=lambda k: (round12(pairs[k]), -k))
    if round12(pairs[pair]) >= span:
        return "range", pair + 1, pair + 2, pairs[pair]
    return "inconclusive", None, None, None


# --- mean --------------------------------------------------------------------------------------------------------

def mean_over_organisations(values, orgs, groups, targets, k, level, rho):
    """3.6: (mean, low, high); groups and targets None for one group of all."""
    by_unit = collections.defaultdict(list)
    for value, org, group in zip(values, orgs, groups):
        by_unit[org, group if targets else None].append(value)
    in_group = collections.defaultdict(list)
    for (_, group), sample in by_unit.items():
        in_group[group].append((np.mean(sample), 1 / len(sample)))
    if not in_group:
        return None, None, None
    present = sum(targets[g] for g in in_group) if targets else 1
    spread, lam = (k * k - 1) / 12, 0.25
    theta = variance = below = units = 0
    for group, rows in in_group.items():
        t, means, m = (targets[group] / present if targets else 1), np.array([r[0] for r in rows]), len(rows)
        floor = spread * (rho + (1 - rho) * np.mean([r[1] for r in rows]))
        v = (((means - means.mean()) ** 2).sum() + lam * floor) / (m - 1 + lam)
        theta += t * means.mean()
        variance += t * t * v / m
        below += (t * t * v / m) ** 2 / max(1, m - 1)
        units += m
    if units < 3:
        return theta, None, None
    half = t_of(level, variance ** 2 / below) * math.sqrt(variance)
    return theta, max(1, theta - half), min(k, theta + half)


def cronbach(rows, items):
    """4.6, complete respondents only: (alpha, why not)."""
    if items < 2 or len(rows) < 2:
        return None, "too_few"
    x = np.array(rows, float)
    whole = x.sum(axis=1).var(ddof=1)
    if round12(whole) <= 0:
        return None, "no_spread"
    return items / (items - 1) * (1 - x.var(axis=0, ddof=1).sum() / whole), None
