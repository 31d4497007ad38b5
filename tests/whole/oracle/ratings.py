"""What results.json shall say about ratings: every question, level, item and distribution, as a whole and in every group,
method and wave."""
import collections
import math
import urllib.parse

import numpy as np

from . import numbers
from .reading import METHODS, MISSING

NOT_ASKED = ("not_shown", "not_in_version")


class Figures(dict):
    """key → value; an undefined one is None, with the reason under «…-undefined»."""

    def put(self, path, statistic, value, why=None):
        self[f"{path}/{statistic}"] = None if value is None else value
        if value is None:
            self[f"{path}/{statistic}-undefined"] = why


class Ballot:
    """One organisation's hearing of one answer, on the scale of the summary."""

    def __init__(self, rating, voice, record, step):
        self.item, self.step, self.wave = (rating.kind, rating.index), step, rating.wave
        self.voice, self.record, self.speaker = voice, record, (record.person, voice.unit)


Answered = collections.namedtuple("Answered", "mean group around")


def on_scale(rating, scale):
    if rating.scale is scale or isinstance(rating.answer, str):
        return rating.answer
    return rating.scale.map[rating.answer - 1]


class Ratings:
    def __init__(self, data):
        self.data, self.project, self.framework = data, data.project, data.framework
        self.limits = data.project.thresholds
        self.figures = Figures()
        self.panels = {}    # path → {speaker: Answered}: who answered, for oracle/differences.py
        self.asked_in = {}  # path of a question or level → its ballots
        verdict, lists = self.framework.verdict, self.framework.lists
        to_verdict = [r for r in data.ratings if r.scale is verdict or r.scale.map[0] is not None]
        question_of = {i.id: i.question for i in lists["items"]}
        level_of = {("items", i.id): i.level for i in lists["items"]}
        level_of |= {("questions", q.id): q.level for q in lists["questions"]}

        for q in self.framework.ids("questions"):
            self.subject(f"robustness/{q}", verdict,
                         [r for r in to_verdict if q == (question_of[r.index] if r.kind == "items" else r.index)])
        for level in self.framework.ids("levels"):
            self.subject(f"level/{level}", verdict, [r for r in to_verdict if level_of[r.kind, r.index] == level])
        for kind in ("questions", "items"):
            for index in self.framework.ids(kind):
                self.subject(f"item/{index}", verdict, [r for r in to_verdict if (r.kind, r.index) == (kind, index)])
        for kind in ("questions", "items"):
            for index in self.framework.ids(kind):
                asked = [r for r in data.ratings if (r.kind, r.index) == (kind, index)]
                if asked:
                    scale = min(asked, key=lambda r: r.variable).scale
                    self.subject(f"distribution/{index}", scale, [r for r in asked if r.scale is scale])

    # --- subjects and facets

    def subject(self, path, scale, ratings):
        ballots = []
        for r in sorted(ratings, key=lambda r: r.variable):
            record = self.data.records[r.record]
            ballots += [Ballot(r, v, record, on_scale(r, scale)) for v in record.voices]
        if path.startswith(("robustness/", "level/")):
            self.asked_in[path] = ballots
        groups = [f"{path}/group={g}" for g in self.framework.ids("groups")]
        methods = [f"{path}/method={m}" for m in METHODS]
        self.facet(path, scale, ballots, None)
        for key, group in zip(groups, self.framework.ids("groups")):
            self.facet(key, scale, [b for b in ballots if b.voice.group == group], group)
        for key, method in zip(methods, METHODS):
            self.facet(key, scale, [b for b in ballots if b.record.source.method == method], None)
        for wave in sorted({b.wave for b in ballots if b.wave}):
            named = urllib.parse.quote(wave, safe="-._~")
            self.facet(f"{path}/wave={named}", scale, [b for b in ballots if b.wave == wave], None, wave)
        if f"{path}/verdict" in self.figures:
            self.compare(path, "groups", groups)
            self.compare(path, "methods", methods)

    def compare(self, path, what, keys):
        """3.5: verdicts of one or two steps, and whether two of them share none."""
        ends = [[self.figures.get(f"{key}/step-{end}") for end in ("low", "high")] for key in keys]
        said = [(low, high) for low, high in ends if low]
        self.figures.put(path, f"{what}-compared", len(said))
        self.figures.put(path, f"{what}-disagree", any(a[1] < b[0] for a in said for b in said))

    def counts(self, ballot, group):
        """Whether a voice counts here: citizens in their own column, or through targets; with targets only groups that
        have one, since a weight of nothing is as if absent (2.1)."""
        targets = self.project.targets if self.project.weight == "group" and group is None else None
        unit = self.data.units[ballot.voice.unit]
        if unit.citizen and group is None and not (targets and targets.get(self.framework.citizens, 0) > 0):
            return False
        if unit.citizen and group is not None and group != self.framework.citizens:
            return False
        return targets is None or targets.get(ballot.voice.group, 0) > 0

    def facet(self, path, scale, ballots, group, wave=None):
        """Earlier waves count in facets of their own only."""
        ballots = [b for b in ballots if self.counts(b, group) and (wave or b.wave not in self.project.earlier)]
        missing = collections.Counter(b.step for b in ballots if isinstance(b.step, str))
        asked = [b for b in ballots if b.step not in NOT_ASKED]
        if asked:
            self.summary(path, scale, asked, missing, group)

    # --- one summary

    def summary(self, path, scale, asked, missing, group):
        put = lambda statistic, value, why=None: self.figures.put(path, statistic, value, why)
        limits, k = self.limits, scale.n
        speakers = {}
        for b in asked:
            speakers.setdefault(b.speaker, []).append(b)
        answered = {s: [b for b in bs if isinstance(b.step, int)] for s, bs in speakers.items()}
        answered = {s: bs for s, bs in answered.items() if bs}
        n = len(answered)
        orgs = [unit for _, unit in answered]
        groups = [speakers[s][0].voice.group for s in answered]
        targets = self.project.targets if self.project.weight == "group" and group is None else None
        means = [np.mean([b.step for b in bs]) for bs in answered.values()]
        self.panels[path] = {s: Answered(mean, g, max(b.record.participants for b in speakers[s]))
                             for s, mean, g in zip(answered, means, groups)}

        heard = collections.defaultdict(int)
        for (person, unit) in answered:
            told = max(b.record.participants for b in speakers[person, unit])
            heard[person] = max(heard[person], told)
        organisations = len({o for o in orgs if self.data.units[o].named})
        put("n", n)
        put("answers", sum(map(len, answered.values())))
        put("asked", len(speakers))
        put("people", sum(heard.values()))
        put("organisations", organisations)
        put("units", len(set(orgs)))
        for reason in MISSING:
            put("missing-" + reason.replace("_", "-"), missing[reason])
        put("missing", sum(missing.values()))

        raw = collections.Counter(b.step for bs in answered.values() for b in bs)
        for step in range(1, k + 1):
            put(f"count-{step}", raw[step])
        w = np.ones(n)
        if n and self.project.weight != "none":
            w = numbers.target_weights(orgs, groups, targets) if targets else numbers.organisation_weights(orgs)
        shares = [math.fsum(weight * sum(b.step == step for b in bs) / len(bs)
                            for weight, bs in zip(w, answered.values())) / math.fsum(w) for step in range(1, k + 1)] \
            if n else [None] * k
        for step in range(1, k + 1):
            put(f"share-{step}", shares[step - 1], "no_answers")
            put(f"share-unweighted-{step}", raw[step] / sum(raw.values()) if n else None, "no_answers")

        rho = numbers.shrunken_rho(means, orgs, limits["rho-default"], limits["rho-prior-organisations"])
        n_eff = numbers.effective_n(w, orgs, rho)
        put("rho", rho)
        put("n-eff", n_eff, "no_answers")
        put("n-eff-kish", numbers.effective_n(w, orgs, 0), "no_answers")
        put("n-eff-organisations", numbers.effective_n(w, orgs, 1), "no_answers")

        low, high = numbers.median(shares) if n else (None, None)
        put("median-low", low, "no_answers")
        put("median-high", high, "no_answers")
        put("median", (low + high) / 2 if n else None, "no_answers")
        put("median-interpolated", numbers.interpolated_median(shares) if n else None, "no_answers")
        a = numbers.agreement(shares) if n else None
        put("agreement", a, "few_steps" if n else "no_answers")
        divided = a is not None and a < -1e-9
        put("agreement-word", "undefined" if a is None else "divided" if divided
            else "strong" if numbers.round12(a) >= limits["agreement-strong"]
            else "partial" if numbers.round12(a) >= limits["agreement-partial"] else "spread")
        mean, mean_low, mean_high = numbers.mean_over_organisations(
            means, orgs, groups, targets, k, limits["interval-level"], limits["rho-default"])
        put("mean", mean, "no_answers")
        put("mean-low", mean_low, "few_organisations" if n else "no_answers")
        put("mean-high", mean_high, "few_organisations" if n else "no_answers")
        self.shares(put, scale, shares, n, n_eff)
        self.alpha(put, asked, answered)
        put("scale", scale.id)
        if targets and path.count("/") == 1:
            absent = [g for g in self.framework.ids("groups") if targets.get(g, 0) > 0 and g not in groups]
            put("targets-absent", " ".join(absent))
        if path.startswith("distribution/"):
            return

        unanswered = len(speakers) - n
        alone = group is not None and group == self.framework.citizens
        reasons = [word for word, holds in (
            ("n", n < limits["verdict-n"]),
            ("org", (len(set(orgs)) if alone else organisations) < limits["verdict-organisations"]),
            ("neff", not n or numbers.round12(n_eff) < limits["verdict-n-eff"]),
            ("missing", unanswered > numbers.round12(limits["verdict-missing"] * len(speakers)))) if holds]
        pi = list(numbers.posterior(shares, n_eff, limits["verdict-prior"])) if n else [None] * k
        outcome, low, high, probability = numbers.decide(reasons, divided, pi, limits["verdict-firm"],
                                                         limits["verdict-range"])
        order = sorted(range(k), key=lambda s: (-numbers.round12(pi[s]), s)) if n else []
        put("verdict", outcome)
        put("reasons", " ".join(reasons))
        put("step-low", low, outcome)
        put("step-high", high, outcome)
        put("probability", probability, outcome)
        put("likeliest", order[0] + 1 if n else None, outcome)
        put("runner-up", order[1] + 1 if n else None, outcome)
        put("runner-up-probability", pi[order[1]] if n else None, "no_answers")
        for step in range(1, k + 1):
            put(f"posterior-{step}", pi[step - 1], "no_answers")

    def shares(self, put, scale, shares, n, n_eff):
        """Agree is what the framework marks, disagree its mirror image that is not marked."""
        agree = [k for k in range(scale.n) if scale.agree[k]]
        disagree = [k for k in range(scale.n) if scale.agree[scale.n - 1 - k] and not scale.agree[k]]
        why = "no_answers" if not n else "not_declared"
        values = dict.fromkeys(("agree", "agree-low", "agree-high", "net", "net-low", "net-high"))
        if n and agree:
            level = self.limits["interval-level"]
            top, bottom = (math.fsum(shares[k] for k in steps) for steps in (agree, disagree))
            values["agree"], values["net"] = top, top - bottom
            values["agree-low"], values["agree-high"] = numbers.wilson(top, n_eff, level)
            values["net-low"], values["net-high"] = numbers.net_interval(top, bottom, n_eff, level)
        for statistic, value in values.items():
            put(statistic, value, why)

    def alpha(self, put, asked, answered):
        """Over the items that were asked here; a person's several answers to one item are their mean."""
        items = sorted({b.item for b in asked if b.item[0] == "items"})
        rows = []
        for ballots in answered.values():
            of_item = [[b.step for b in ballots if b.item == item] for item in items]
            if all(of_item):
                rows.append([np.mean(x) for x in of_item])
        alpha, why = numbers.cronbach(rows, len(items))
        put("alpha", alpha, why if answered else "no_answers")
