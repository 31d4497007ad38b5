"""What results.json shall say about priorities under scenarios, from a table of answers: {(organisation, person):
{(priority, scenario): step}}, every organisation named and counting once."""
import itertools
import math

import numpy as np
from scipy import stats

from . import numbers


def cells_of(answers, priorities, scenarios, fewest=3):
    """3.9: means over organisations; None where fewer than three answered."""
    table = {}
    for cell in itertools.product(priorities, scenarios):
        by_org = {}
        for (org, _), steps in answers.items():
            if cell in steps:
                by_org.setdefault(org, []).append(steps[cell])
        table[cell] = np.mean([np.mean(v) for v in by_org.values()]) if len(by_org) >= fewest else None
    return table


def class_of(row, threshold):
    if None in row:
        return "incomplete"
    passed = sum(numbers.round12(x) >= threshold for x in row)
    return "robust" if passed == len(row) else "conditional" if passed / len(row) >= 2 / 3 - 1e-12 else "fragile"


def overtaken(a, b, s):
    """The weight on scenario s from which b is ahead of a, found by asking who is ahead at each end."""
    def lead(p):
        weights = [p if i == s else (1 - p) / (len(a) - 1) for i in range(len(a))]
        return sum(w * (x - y) for w, x, y in zip(weights, a, b))
    start, end = lead(0), lead(1)
    return None if len(a) < 2 or numbers.round12(end) > 0 or numbers.round12(start) < 0 or start <= end \
        else start / (start - end)


def figures_of(answers, priorities, scenarios, steps):
    table = cells_of(answers, priorities, scenarios)
    middle = (steps + 1) / 2
    rows = {p: [table[p, s] for s in scenarios] for p in priorities}
    complete = {p: r for p, r in rows.items() if None not in r}
    best = [max((rows[p][j] for p in priorities if rows[p][j] is not None), default=None) for j in range(len(scenarios))]
    figures, metrics = {}, {}
    for p, row in rows.items():
        path = f"scenario/{p}"
        figures[f"{path}/class"] = class_of(row, middle)
        figures[f"{path}/failing"] = " ".join(s for s, x in zip(scenarios, row)
                                              if x is not None and numbers.round12(x) < middle)
        for s, x in zip(scenarios, row):
            figures[f"{path}/scenario={s}/mean"] = x
            far = None if x is None else math.floor(abs(numbers.round12(10 * (x - middle))) + 0.5) / 10
            figures[f"{path}/scenario={s}/distance"] = far if far is None or x >= middle else -far
        regrets = [b - x for b, x in zip(best, row)] if p in complete else None
        values = (min(row), np.mean(row), max(regrets), np.mean([numbers.round12(x) >= middle for x in row])) \
            if p in complete else (None,) * 4
        metrics[p] = values
        for statistic, value in zip(("worst", "mean", "regret", "passed"), values):
            figures[f"{path}/{statistic}"] = value
        lower = [q for q in complete if p in complete and
                 numbers.round12(np.mean(rows[q])) < numbers.round12(np.mean(row))]
        points = [overtaken(row, rows[q], j) for q in lower for j in range(len(scenarios))]
        figures[f"{path}/rival-weight"] = min((x for x in points if x is not None), default=None)
    names = ("worst", "mean", "regret", "passed")
    for a, b in itertools.combinations(range(4), 2):
        ranks = [[round(metrics[p][m] * (-1 if m == 2 else 1), 9) for p in complete] for m in (a, b)]
        tau = stats.kendalltau(*ranks).statistic if len(complete) > 1 else math.nan
        figures[f"scenarios/all/tau-{names[a]}-{names[b]}"] = None if math.isnan(tau) else tau
    return figures


def chances_of(answers, priorities, scenarios, steps, replicates, seed):
    """{(priority, class): share of resampled panels}; another generator than the program's, so near is enough."""
    rng = np.random.default_rng(seed)
    orgs = list(dict.fromkeys(org for org, _ in answers))
    cells = list(itertools.product(priorities, scenarios))
    mean = np.full((len(orgs), len(cells)), np.nan)
    for i, org in enumerate(orgs):
        for c, cell in enumerate(cells):
            told = [a[cell] for (o, _), a in answers.items() if o == org and cell in a]
            mean[i, c] = np.mean(told) if told else np.nan
    counts = {}
    for _ in range(replicates):
        drawn = mean[rng.integers(0, len(orgs), len(orgs))]
        f = np.where((~np.isnan(drawn)).sum(axis=0) >= 3, np.nanmean(drawn, axis=0), np.nan).reshape(len(priorities), -1)
        for p, row in zip(priorities, f):
            kind = class_of([None if np.isnan(x) else x for x in row], (steps + 1) / 2)
            counts[p, kind] = counts.get((p, kind), 0) + (kind != "incomplete")
    total = {p: sum(n for (q, _), n in counts.items() if q == p) for p in priorities}
    return {(p, kind): n / total[p] for (p, kind), n in counts.items() if total[p] and kind != "incomplete"}
