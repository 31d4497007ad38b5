"""What results.json shall say about differences between groups and methods, and about changes from wave to wave."""
import collections
import math
import urllib.parse

import numpy as np
from scipy import stats

from . import numbers
from .ratings import Figures
from .reading import METHODS

NOBODY = {}


def org_interval(values, orgs, groups, targets, k, rho):
    """3.6: (theta, se, df); se and df None below three units."""
    by_unit = collections.defaultdict(list)
    for value, org, group in zip(values, orgs, groups):
        by_unit[org, group if targets else None].append(value)
    rows = [(np.mean(sample), 1 / len(sample), group) for (_, group), sample in by_unit.items()]
    return units_interval(rows, targets, k, rho)


def units_interval(rows, targets, k, rho):
    in_group = collections.defaultdict(list)
    for mean, inverse, group in rows:
        in_group[group if targets else None].append((mean, inverse))
    in_group = {g: r for g, r in in_group.items() if not targets or targets.get(g, 0) > 0}
    if not in_group:
        return None, None, None
    present = sum(targets[g] for g in in_group) if targets else 1
    theta = variance = below = units = 0
    for group, sample in in_group.items():
        t, means, m = (targets[group] / present if targets else 1), np.array([r[0] for r in sample]), len(sample)
        floor = (k * k - 1) / 12 * (rho + (1 - rho) * np.mean([r[1] for r in sample]))
        v = (((means - means.mean()) ** 2).sum() + 0.25 * floor) / (m - 1 + 0.25)
        theta += t * means.mean()
        variance += t * t * v / m
        below += (t * t * v / m) ** 2 / max(1, m - 1)
        units += m
    return (theta, None, None) if units < 3 else (theta, math.sqrt(variance), variance ** 2 / below)


def interval(theta, se, df, level, end):
    if se is None:
        return theta, None, None
    half = numbers.t_of(level, df) * se
    return theta, max(-end, theta - half), min(end, theta + half)


def difference_of(a, b, level, end):
    if a[1] is None or b[1] is None:
        return a[0] - b[0], None, None
    va, vb = a[1] ** 2, b[1] ** 2
    return interval(a[0] - b[0], math.sqrt(va + vb), (va + vb) ** 2 / (va ** 2 / a[2] + vb ** 2 / b[2]), level, end)


def cliff(x, y, level):
    d = np.sign(np.subtract.outer(np.array(x), np.array(y)))
    m, n = d.shape
    delta = d.mean()
    if m < 2 or n < 2 or 1 - delta ** 2 < 1e-12:
        return delta, None, None
    s2 = (n * n * ((d.mean(axis=1) - delta) ** 2).sum() + m * m * ((d.mean(axis=0) - delta) ** 2).sum()
          - ((d - delta) ** 2).sum()) / (m * n * (m - 1) * (n - 1))
    s2 = max(s2, (1 - delta ** 2) / (m * n - 1))
    z = numbers.z_of(level)
    half = z * math.sqrt(s2) * math.sqrt((1 - delta ** 2) ** 2 + z * z * s2)
    bottom = 1 - delta ** 2 + z * z * s2
    return delta, (delta - delta ** 3 - half) / bottom, (delta - delta ** 3 + half) / bottom


def holm(ps):
    order = sorted((p, i) for i, p in enumerate(ps) if p is not None)
    adjusted, most = [None] * len(ps), 0
    for rank, (p, i) in enumerate(order):
        most = max(most, min(1, (len(order) - rank) * p))
        adjusted[i] = most
    return adjusted


def beyond(low, high):
    return low is not None and (numbers.round12(low) > 0 or numbers.round12(high) < 0)


class Differences:
    def __init__(self, ratings):
        self.ratings, self.data, self.project = ratings, ratings.data, ratings.project
        self.framework, self.limits = ratings.framework, ratings.limits
        self.level, self.rho = self.limits["interval-level"], self.limits["rho-default"]
        self.k = self.framework.verdict.n
        self.figures = Figures()
        self.pending = collections.defaultdict(list)
        for question in self.framework.ids("questions"):
            self.question(question)
        for paths in self.pending.values():
            for (path, statistic, _, why), p in zip(paths, holm([p for _, _, p, _ in paths])):
                self.figures.put(path, statistic, p, why)
        for family, kind, name in (("robustness", "questions", "change"), ("level", "levels", "change-level")):
            for subject in self.framework.ids(kind):
                self.changes(family, subject, name)

    def panel(self, path):
        return self.ratings.panels.get(path, NOBODY)

    def named(self, panel, citizens=False):
        return len({org for (_, org) in panel if citizens or self.data.units[org].named})

    def people(self, panel):
        told = collections.defaultdict(int)
        for (person, _), answer in panel.items():
            told[person] = max(told[person], answer.around)
        return sum(told.values())

    # --- groups and methods

    def question(self, question):
        whole, path = f"robustness/{question}", f"difference/{question}"
        if whole not in self.ratings.panels:
            return
        groups = [g for g in self.framework.ids("groups") if f"{whole}/group={g}" in self.ratings.panels]
        methods = [m for m in METHODS if f"{whole}/method={m}" in self.ratings.panels]
        pairs = [(a, b) for i, a in enumerate(methods) for b in methods[i + 1:]]
        if not groups and not pairs:
            return
        for group in groups:
            rest = {s: a for s, a in self.panel(whole).items() if a.group != group}
            self.compare("group", f"{path}/group={group}", self.panel(f"{whole}/group={group}"), rest,
                         group == self.framework.citizens)
        for a, b in pairs:
            self.compare("method", f"{path}/method={a}/other={b}", self.panel(f"{whole}/method={a}"),
                         self.panel(f"{whole}/method={b}"), False)
        self.figures.put(path, "n", len(self.panel(whole)))
        self.figures.put(path, "organisations", self.named(self.panel(whole)))
        samples = [[numbers.round12(a.mean) for a in self.panel(f"{whole}/group={g}").values()] for g in groups]
        samples = [s for s in samples if s]
        values = sum(samples, [])
        why = "too_few" if len(samples) < 2 else "no_spread"
        test = stats.kruskal(*samples) if len(samples) > 1 and len(set(values)) > 1 else (None, None)
        self.figures.put(path, "groups", len(samples))
        self.figures.put(path, "kruskal-h", test[0], why)
        self.figures.put(path, "kruskal-df", None if test[0] is None else len(samples) - 1, why)
        self.figures.put(path, "kruskal-p", test[1], why)
        self.pending["test"].append((path, "kruskal-p-holm", test[1], why))
        self.figures.put(path, "epsilon2", None if test[0] is None else
                         test[0] * (len(values) + 1) / (len(values) ** 2 - 1), why)

    def compare(self, facet, path, x, y, citizens):
        put = lambda statistic, value, why=None: self.figures.put(path, statistic, value, why)
        organisations, others = self.named(x, citizens), self.named(y)
        put("n", len(x))
        put("n-others", len(y))
        put("organisations", organisations)
        put("organisations-others", others)
        few = "no_answers" if not x or not y else "too_few" \
            if min(self.people(x), self.people(y)) < self.project.smallest_group else None
        delta = mean = (None, None, None)
        p = None
        if not few:
            a, b = ([numbers.round12(v.mean) for v in side.values()] for side in (x, y))
            delta = cliff(a, b, self.level)
            mean = difference_of(*(self.means(side) for side in (x, y)), self.level, self.k - 1)
            if len(set(a + b)) > 1:
                p = stats.mannwhitneyu(a, b, method="asymptotic").pvalue
        apart = delta[0] is not None and numbers.round12(abs(delta[0])) == 1
        size = "" if delta[0] is None else next(
            (w for w in ("large", "medium", "small") if numbers.round12(abs(delta[0])) >= self.limits[f"delta-{w}"]),
            "negligible")
        put("delta", delta[0], few)
        put("delta-low", delta[1], few or ("no_spread" if apart else "too_few"))
        put("delta-high", delta[2], few or ("no_spread" if apart else "too_few"))
        put("size", size)
        put("mean-difference", mean[0], few)
        put("mean-difference-low", mean[1], few or "few_organisations")
        put("mean-difference-high", mean[2], few or "few_organisations")
        put("p", p, few or "no_spread")
        self.pending[facet].append((path, "p-holm", p, few or "no_spread"))
        put("supported", bool((apart or beyond(delta[1], delta[2])) and beyond(mean[1], mean[2])
                              and (delta[0] > 0) == (mean[0] > 0)
                              and min(organisations, others) >= self.limits["verdict-organisations"]))

    def means(self, panel, targets=None):
        return org_interval([a.mean for a in panel.values()], [org for _, org in panel],
                            [a.group for a in panel.values()], targets, self.k, self.rho)

    # --- waves

    def first(self, subject, wave):
        times = [b.record.submitted for b in self.ratings.asked_in[subject] if b.wave == wave and b.record.submitted
                 and self.ratings.counts(b, None)]
        return min(times, default="~")

    def changes(self, family, subject, name):
        waves = {}
        for path in self.ratings.asked_in:
            for b in self.ratings.asked_in[path]:
                if b.wave and f"{path}/wave={quoted(b.wave)}" in self.ratings.panels:
                    waves[b.wave] = min(waves.get(b.wave, "~"), self.first(path, b.wave))
        before = None
        for wave in sorted(waves, key=lambda w: (waves[w], w.encode())):
            panel = self.panel(f"{family}/{subject}/wave={quoted(wave)}")
            if panel and before:
                self.change(f"{name}/{subject}/from={quoted(before[0])}/to={quoted(wave)}", before[1], panel)
            before = (wave, panel) if panel else before

    def change(self, path, old, new):
        put = lambda statistic, value, why=None: self.figures.put(path, statistic, value, why)
        targets = self.project.targets if self.project.weight == "group" else None
        end = self.k - 1
        pairs = [s for s in new if s in old]
        orgs = list(dict.fromkeys(org for _, org in new if any(o == org for _, o in old)))
        both = sum(self.data.units[o].named for o in orgs)
        named = min(self.named(old), self.named(new))
        people = len(pairs) >= self.limits["wave-pairs"] and 2 * len(pairs) >= min(len(old), len(new))
        over = not people and both >= self.limits["verdict-organisations"] and 2 * both >= named
        p = None
        if people:
            d = [new[s].mean - old[s].mean for s in pairs]
            change = interval(*org_interval(d, [o for _, o in pairs], [new[s].group for s in pairs], targets, self.k,
                                            self.rho), self.level, end)
            changed = [numbers.round12(x) for x in d if numbers.round12(x) != 0]
            if changed:
                p = stats.wilcoxon(changed, correction=True, mode="approx").pvalue
        elif over:
            rows = []
            for org in orgs:
                a, b = ([v.mean for (_, o), v in side.items() if o == org] for side in (old, new))
                group = next(v.group for (_, o), v in new.items() if o == org)
                if not targets or group is not None:
                    rows.append((np.mean(b) - np.mean(a), 1 / len(a) + 1 / len(b), group))
            change = interval(*units_interval(rows, targets, self.k, self.rho), self.level, end)
        else:
            change = difference_of(self.means(new, targets), self.means(old, targets), self.level, end)
        unlike = self.dissimilarity(old, new)
        put("n", len(new))
        put("n-before", len(old))
        put("organisations", self.named(new))
        put("organisations-before", self.named(old))
        put("pairs", len(pairs))
        put("organisations-both", both)
        put("way", "people" if people else "organisations" if over else "unpaired")
        put("dissimilarity", unlike, "no_frame")
        put("change", change[0], "few_organisations")
        put("change-low", change[1], "few_organisations")
        put("change-high", change[2], "few_organisations")
        put("p", p, "no_spread" if people else "too_few")
        alike = people or over or unlike is None or numbers.round12(unlike) <= self.limits["wave-dissimilarity"]
        put("supported", bool(alike and beyond(change[1], change[2]) and
                              named >= self.limits["verdict-organisations"]))

    def dissimilarity(self, old, new):
        shares = []
        for side in (old, new):
            group_of = {}
            for (_, org), answer in side.items():
                if answer.group is not None:
                    group_of.setdefault(org, answer.group)
            if not group_of:
                return None
            counts = collections.Counter(group_of.values())
            shares.append({g: n / len(group_of) for g, n in counts.items()})
        return sum(abs(shares[0].get(g, 0) - shares[1].get(g, 0)) for g in self.framework.ids("groups")) / 2


def quoted(wave):
    return urllib.parse.quote(wave, safe="-._~")
