#!/usr/bin/python3
"""Plan, Status and Bærekraft, computed a second time from the files: made-up panels whose organisations are of uneven size,
with missing answers, citizens, reports that contradict each other and key figures out of order (methods.md 3.7, 3.18, 3.5)."""
import collections
import csv
import datetime
import math
import random

import numpy as np
import openpyxl
from scipy import stats

import harness
from oracle import numbers

AREAS, FOCUS = "123456", ("1.1", "1.2", "3.1", "5.2", "6.3")
ACTIVITIES = ("1.1.1", "1.1.2", "1.2.1", "3.1.1", "5.2.1", "6.3.1", "6.3.2")
GOALS = ("un-03", "un-05", "un-09")
STATES = ("not-started", "stopped", "ongoing", "done")
LIGHTS = ("red", "yellow", "green")
LEVEL = 0.9
PROJECT = """
innsikt: 1
title: Prøve
framework: ehelse
timezone: Europe/Oslo
privacy: {key: env:INNSIKT_SAMPLE_KEY}
period: {from: 2018, to: 2021-06-30, at: 2020-03-01}
sources:
  folk:
    kind: csv
    path: folk.csv
    id: Nr
    method: survey
    questions:
      Org: {attribute: organisation}
      Gruppe: {attribute: group}
%s
  plan: {kind: csv, path: plan.csv, id: Nr, method: document, questions: {Org: {attribute: organisation},
         Sendt: {attribute: submitted}, Tilstand: {activity: {id_from: Id}}}}
  tall: {kind: csv, path: tall.csv, id: Nr, method: document, questions: {
         Verdi: {kpi: {area_from: Omr, indicator_from: Ind, period_from: Per, target_from: Maal, baseline_from: Null}}}}
"""


def questions():
    for focus in FOCUS:
        yield f'"V{focus}": {{rating: {{area: "{focus}", criterion: importance}}, scale: viktig5}}'
        yield f'"P{focus}": {{rating: {{area: "{focus}", criterion: practice}}, scale: praksis5}}'
    yield from (f'"L{area}": {{status: {{area: "{area}"}}}}' for area in AREAS)
    yield from (f'"{goal}": {{goal: {goal}, scale: modenhet5}}' for goal in GOALS)


def interval(values, orgs, k, low, high, rho=0.2):
    """3.6 with one group, clipped to low … high."""
    samples = collections.defaultdict(list)
    for value, org in zip(values, orgs):
        samples[org].append(value)
    means, m = np.array([np.mean(s) for s in samples.values()]), len(samples)
    if not m:
        return None, None, None
    floor = (k * k - 1) / 12 * (rho + (1 - rho) * np.mean([1 / len(s) for s in samples.values()]))
    v = (((means - means.mean()) ** 2).sum() + 0.25 * floor) / (m - 1 + 0.25)
    if m < 3:
        return means.mean(), None, None
    half = numbers.t_of(LEVEL, m - 1) * math.sqrt(v / m)
    return means.mean(), max(low, means.mean() - half), min(high, means.mean() + half)


def lower_median(votes):
    return sorted(votes)[(len(votes) - 1) // 2] if votes else None


class Panel(harness.Case):
    def near(self, got, expected, what):
        if expected is None:
            self.assertIsNone(got, what)
        else:
            self.assertIsNotNone(got, what)
            self.assertAlmostEqual(got, expected, 9, what)

    def panel(self, seed, n):
        """(results, people, reports, key figures) of a made-up project."""
        draw = random.Random(seed)
        folder = self.home / f"p{seed}"
        folder.mkdir()
        (folder / "project.yaml").write_text(PROJECT % "".join(f"      {q}\n" for q in questions()))
        heads = [q.split('"')[1] for q in questions()]

        def answer(head):
            if draw.random() < 0.25:
                return draw.choice(("", "99"))
            return draw.choice(LIGHTS) if head.startswith("L") else str(draw.randint(1, 5))

        people = []
        for nr in range(n):
            org = f"Org {int(draw.triangular(0, 9, 0))}" if draw.random() < 0.9 else ""
            people.append({"Nr": nr, "Org": org, "Gruppe": "" if org else "innbygger"} | {h: answer(h) for h in heads})
        reports = [{"Nr": nr, "Org": f"Org {draw.randint(0, 3)}", "Id": draw.choice(ACTIVITIES), "Tilstand": draw.choice(STATES),
                    "Sendt": draw.choice(["", f"2019-0{draw.randint(1, 9)}-11 10:00:00"])} for nr in range(24)]
        figures = []
        for area, indicator in ((a, f"Tall {i}") for a in AREAS[:4] for i in range(2)):
            target, null = draw.randint(40, 90), draw.choice([100, 0, 20])
            years = draw.sample(range(2015, 2022), draw.randint(1, 5))
            figures += [{"Omr": area, "Ind": indicator, "Per": year, "Verdi": f"{draw.randint(0, 999) / 10}".replace(".", ","),
                         "Maal": target, "Null": null} for year in years]
        for nr, row in enumerate(figures):
            row["Nr"] = nr
        for name, rows in (("folk", people), ("plan", reports), ("tall", figures)):
            with open(folder / f"{name}.csv", "w", newline="") as file:
                table = csv.DictWriter(file, list(rows[0]), delimiter=";")
                table.writeheader()
                table.writerows(rows)
        project = harness.Project(folder)
        self.succeeds(project.run("collect"))
        return project.results(), [p for p in people if p["Org"]], reports, figures

    def check_gap(self, figures, people, focus):
        told = lambda p, side: int(p[side + focus]) if p[side + focus] in "12345" and p[side + focus] else None
        pairs = [(told(p, "V"), told(p, "P"), p["Org"]) for p in people]
        both = [(v, p, org) for v, p, org in pairs if v and p]
        self.assertEqual(figures["n"], len(both), focus)
        self.assertEqual(figures["organisations"], len({org for *_, org in both}))
        self.assertEqual(figures["one-sided"], sum((v is None) != (p is None) for v, p, _ in pairs))
        orgs, d = [org for *_, org in both], [v - p for v, p, _ in both]
        for name, values, low, high in (("importance", [v for v, *_ in both], 1, 5), ("practice", [p for _, p, _ in both], 1, 5),
                                        ("gap", d, -4, 4)):
            for suffix, expected in zip(("", "-low", "-high"), interval(values, orgs, 5, low, high)):
                self.near(figures[name + suffix], expected, f"{name}{suffix} of {focus}")
        yes = [float(x > 0) for x in d]
        w = numbers.organisation_weights(orgs)
        share = float(np.average(yes, weights=w))
        n_eff = numbers.effective_n(w, orgs, numbers.shrunken_rho(yes, orgs, 0.2, 10))
        self.near(figures["gap-share"], share, "gap-share")
        self.near(figures["gap-share-low"], numbers.wilson(share, n_eff, LEVEL)[0], "gap-share-low")
        self.near(figures["surplus-share"], float(np.average([float(x < 0) for x in d], weights=w)), "surplus-share")
        if any(d):
            test = stats.wilcoxon(d, zero_method="wilcox", correction=True, method="approx")
            self.near(figures["wilcoxon-p"], test.pvalue, "wilcoxon-p")
        high, done = (figures[side] >= 3 for side in ("importance", "practice"))
        self.assertEqual(figures["corner"], {(1, 0): "concentrate", (1, 1): "keep_up", (0, 0): "low_priority",
                                             (0, 1): "overkill"}[high, done])

    @staticmethod
    def states_of(reports):
        """activity → what stands: newest of each organisation, then the commonest, the last told, the least done."""
        stands = {}
        for activity in {r["Id"] for r in reports}:
            of = [r for r in reports if r["Id"] == activity]
            newest = {o: max((r["Sendt"] for r in of if r["Org"] == o), default="") for o in {r["Org"] for r in of}}
            left = [r for r in of if not r["Sendt"] or r["Sendt"] == newest[r["Org"]]]
            votes = collections.Counter(r["Tilstand"] for r in left)
            stands[activity] = max(votes, key=lambda s: (votes[s], max(r["Sendt"] for r in left if r["Tilstand"] == s),
                                                         -STATES.index(s)))
        return stands

    def check_area(self, figures, people, states, rows, area):
        elapsed = (datetime.date(2020, 3, 1) - datetime.date(2018, 1, 1)).days / \
            (datetime.date(2021, 7, 1) - datetime.date(2018, 1, 1)).days
        said = collections.defaultdict(list)
        for p in people:
            if p["L" + area] in LIGHTS:
                said[p["Org"]].append(LIGHTS.index(p["L" + area]) + 1)
        panel = lower_median([lower_median(votes) for votes in said.values()])
        attained, before = [], []
        for indicator in sorted({r["Ind"] for r in rows if r["Omr"] == area}):
            series = sorted((r for r in rows if (r["Omr"], r["Ind"]) == (area, indicator)), key=lambda r: r["Per"])
            way = [(float(r["Verdi"].replace(",", ".")) - r["Null"]) / (r["Maal"] - r["Null"]) for r in series]
            attained.append(way[-1])
            if len(way) > 1:
                before.append((way[-2], way[-1]))
        done = [{"done": 1, "ongoing": 0.5}.get(state, 0) for a, state in states.items() if a.startswith(area + ".")]
        ratio = lambda parts: np.mean(parts) / elapsed if parts else None
        light = lambda r: 3 if numbers.round12(r) >= 0.9 else 2 if numbers.round12(r) >= 0.6 else 1
        kpi, activity = ratio([min(1, max(0, a)) for a in attained]), ratio(done)
        self.near(figures["elapsed"], elapsed, "elapsed")
        self.near(figures["kpi-ratio"], None if kpi is None else min(1, kpi), "kpi-ratio")
        self.near(figures["activity-ratio"], None if activity is None else min(1, activity), "activity-ratio")
        parts = [light(r) for r in (kpi, activity) if r is not None] + ([panel] if panel else [])
        joint = min(lower_median(parts), min(parts) + 1) if len(parts) > 1 else 0
        self.assertEqual(figures["light"], ("grey", *LIGHTS)[joint], f"area {area}")
        self.assertEqual(figures["judgement"], ("grey", *LIGHTS)[panel or 0])
        self.assertEqual(figures["n"], sum(map(len, said.values())))
        step = np.mean([b - a for a, b in before]) if before else None
        self.near(figures["step"], step, "step")
        word = "unknown" if step is None else "unchanged" if abs(step) < 0.05 else "up" if step > 0 else "down"
        self.assertEqual(figures["direction"], word)

    def check_goal(self, figures, people, goal):
        answers = [(int(p[goal]), p["Org"]) for p in people if p[goal] and p[goal] in "12345"]
        orgs, w = [o for _, o in answers], numbers.organisation_weights([o for _, o in answers])
        rho = numbers.shrunken_rho([float(x) for x, _ in answers], orgs, 0.2, 10)
        shares = [float(sum(w[i] for i, (x, _) in enumerate(answers) if x == k + 1) / sum(w)) for k in range(5)]
        n_eff = numbers.effective_n(w, orgs, rho)
        for k, share in enumerate(shares):
            self.near(figures[f"share-{k + 1}"], share, "share")
        self.near(figures["n-eff"], n_eff, "n-eff")
        pi = numbers.posterior(shares, n_eff, 0.5)
        reasons = len(answers) < 5 or len(set(orgs)) < 3 or n_eff < 4
        divided = numbers.agreement(shares) < -1e-9
        outcome, low, _, probability = numbers.decide(reasons, divided, pi, 0.8, 0.8)
        self.assertEqual((figures["verdict"], figures["step-low"]), (outcome, low), goal)
        self.near(figures["probability"], probability, goal)

    def test_computed_twice(self):
        for seed, n in ((1, 12), (2, 40), (3, 90), (4, 200)):
            results, people, reports, rows = self.panel(seed, n)
            states = self.states_of(reports)
            for focus in FOCUS:
                self.check_gap(results["plan"][focus], people, focus)
            for activity, state in states.items():
                told = results["plan"][activity.rpartition(".")[0]][f"activity={activity}"]["part=state"]
                self.assertEqual(told["state"], state, (seed, activity))
            for area in AREAS:
                self.check_area(results["status"][area], people, states, rows, area)
            for goal in GOALS:
                self.check_goal(results["goal"][goal], people, goal)

    def test_a_reason_beside_a_grade_is_no_unreadable_code(self):
        folder = self.home / "p"
        folder.mkdir()
        mapping = "{goal: {id: un-03, maturity_from: M}, scale: modenhet5}"
        status = '{status: {area: "1", light_from: L}, scale: fremdrift4}'
        head = PROJECT[:PROJECT.index("  plan:")] % f"      M why: {mapping}\n      L why: {status}\n"
        (folder / "project.yaml").write_text(head)
        (folder / "folk.csv").write_text("Nr;Org;Gruppe;M;M why;L;L why\n1;X;;2;Vi har begynt;3;Det går\n2;Y;;4;;x;\n")
        project = harness.Project(folder)
        call = self.succeeds(project.run("collect"))
        self.assertNotIn("unreadable", call.stdout + call.stderr)
        results = project.results()
        self.assertEqual(results["goal"]["un-03"]["n"], 2)
        self.assertEqual((results["status"]["1"]["n"], results["status"]["1"]["judgement"]), (1, "green"))
        book = openpyxl.load_workbook(project.path("innsikt.xlsx"))
        for sheet, text in (("Bærekraft", "Vi har begynt"), ("Status", "Det går")):
            self.assertIn(text, [cell.value for row in book[sheet].iter_rows() for cell in row], sheet)
        self.assertNotIn("Robusthet", book.sheetnames)


if __name__ == "__main__":
    harness.main()
