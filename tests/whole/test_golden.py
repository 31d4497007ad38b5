#!/usr/bin/python3
"""Golden values: the sample's headline figures computed a second time from its raw files, by numpy and scipy after the
formulae of methods.md (oracle/), some of them by R as well, and compared with results.json to 1e-9."""
import collections
import csv
import datetime
import io
import json
import re
import shutil
import subprocess
import unittest

import numpy as np
import openpyxl
import yaml
from scipy import stats

import harness
from harness import SAMPLE
from oracle import differences, numbers, priorities, ratings, sample
from test_generated import compare, flatten

LEVEL = 0.9
LIGHTS = ("rød", "gul", "grønn")
WORDS = ("grey", "red", "yellow", "green")
RATED = re.compile(r"(robustness|level|item|distribution|difference|change|change-level)/")
R_CODE = r"""
d <- read.csv(file("stdin"), stringsAsFactors = FALSE)
say <- function(...) cat(paste0(..., collapse = ""), "\n")
number <- function(x) formatC(x, digits = 17, format = "g")
kp <- c(); pp <- c(); keys <- c()
for (q in unique(d$question)) {
  every <- d[d$question == q, ]
  every$value <- round(every$value, 12)
  x <- every[every$whole == 1, ]
  sizes <- table(x$org)
  by <- tapply(x$value, x$org, mean)
  m <- length(by); n <- nrow(x)
  fit <- anova(lm(value ~ factor(org), x))
  k0 <- (n - sum(sizes^2) / n) / (m - 1)
  icc <- (fit[1, 3] - fit[2, 3]) / (fit[1, 3] + (k0 - 1) * fit[2, 3])
  several <- sum(sizes > 1)
  rho <- (several * min(1, max(0, icc)) + 10 * 0.2) / (several + 10)
  w <- n / (m * sizes[x$org])
  total <- tapply(w, x$org, sum)
  say("robustness/", q, "/rho ", number(rho))
  say("robustness/", q, "/n-eff ", number(sum(w)^2 / ((1 - rho) * sum(w^2) + rho * sum(total^2))))
  v <- (sum((by - mean(by))^2) + 0.25 * (4^2 - 1) / 12 * (0.2 + 0.8 * mean(1 / sizes))) / (m - 1 + 0.25)
  half <- qt(0.95, m - 1) * sqrt(v / m)
  say("robustness/", q, "/mean ", number(mean(by)))
  say("robustness/", q, "/mean-low ", number(max(1, mean(by) - half)))
  say("robustness/", q, "/mean-high ", number(min(4, mean(by) + half)))
  k <- kruskal.test(value ~ factor(group), every[every$group != "", ])
  say("difference/", q, "/kruskal-h ", number(k$statistic))
  say("difference/", q, "/kruskal-p ", number(k$p.value))
  kp[q] <- k$p.value
  for (g in setdiff(unique(x$group), "")) {
    a <- x$value[x$group == g]; b <- x$value[x$group != g]
    if (length(a) < 5) next
    t <- suppressWarnings(wilcox.test(a, b, exact = FALSE, correct = TRUE))
    key <- paste0("difference/", q, "/group=", g)
    say(key, "/delta ", number(2 * t$statistic / (length(a) * length(b)) - 1))
    say(key, "/p ", number(t$p.value))
    keys <- c(keys, key); pp <- c(pp, t$p.value)
  }
}
for (q in names(kp)) say("difference/", q, "/kruskal-p-holm ", number(p.adjust(kp, "holm")[q]))
"""
R_POSTERIOR = r"""
d <- read.csv(file("stdin"), stringsAsFactors = FALSE)
for (i in seq_len(nrow(d))) {
  share <- unlist(d[i, c("s1", "s2", "s3", "s4")])
  alpha <- 0.5 + d$neff[i] * share
  below <- cumsum(alpha)
  p <- c(pbeta(0.5, below[1:3], sum(alpha) - below[1:3], lower.tail = FALSE), 1)
  for (k in 1:4) cat(paste0(d$path[i], "/posterior-", k), formatC(p[k] - c(0, p)[k], digits = 17, format = "g"), "\n")
}
"""


def register(name):
    text = (SAMPLE / f"registre/{name}.csv").read_bytes().decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline=""), delimiter=";"))


def lower_median(votes):
    return sorted(votes)[(len(votes) - 1) // 2]


def light(ratio):
    return 3 if numbers.round12(ratio) >= 0.9 else 2 if numbers.round12(ratio) >= 0.6 else 1


def from_r(code, rows):
    """{key: value} of what R says of a table of rows."""
    table = io.StringIO()
    writer = csv.DictWriter(table, rows[0])
    writer.writeheader()
    writer.writerows(rows)
    done = subprocess.run(["Rscript", "--vanilla", "-e", code], input=table.getvalue(), capture_output=True, text=True,
                          timeout=harness.SECONDS, check=False)
    assert done.returncode == 0, done.stderr
    return {key: float(value) for key, value in (line.split() for line in done.stdout.splitlines())}


class Golden(harness.Case):
    @classmethod
    def setUpClass(cls):
        cls.data = sample.Dataset(SAMPLE, harness.KEY)
        cls.ratings = ratings.Ratings(cls.data)
        cls.told = cls.data.speakers()

    def setUp(self):
        super().setUp()
        project = self.project(server=self.serve())
        self.succeeds(project.run("collect"))
        self.results = project.results()
        self.flat = flatten(self.results)

    def near(self, key, expected):
        got = self.flat[key]
        if expected is None or got is None:
            self.assertEqual(got, expected, key)
        else:
            self.assertAlmostEqual(got, expected, delta=1e-9 * max(1, abs(expected)), msg=key)

    def near_all(self, path, expected):
        for statistic, value in expected.items():
            self.near(f"{path}/{statistic}", value)

    def test_ratings_differences_and_waves(self):
        due = dict(self.ratings.figures)
        due.update(differences.Differences(self.ratings).figures)
        got = {key: value for key, value in self.flat.items() if RATED.match(key)}
        self.assertEqual(compare(due, got)[:10], [])
        self.assertGreater(len(due), 30000)

    @unittest.skipUnless(shutil.which("Rscript"), "R is not installed")
    def test_in_r(self):
        rows = []
        for q in self.results["robustness"]:
            row = lambda speaker, a, whole: {"question": q, "value": repr(float(a.mean)), "org": str(speaker[1]),
                                             "group": a.group or "", "whole": whole}
            rows += [row(s, a, 1) for s, a in self.ratings.panels[f"robustness/{q}"].items()]
            citizens = self.ratings.panels.get(f"robustness/{q}/group={self.data.framework.citizens}", {})
            rows += [row(s, a, 0) for s, a in citizens.items()]  # in their own column only
        due = from_r(R_CODE, rows)
        self.assertGreater(len(due), 30)
        for key, value in due.items():
            if key.endswith(("/delta", "/p")) and self.flat[key] is None:
                self.assertEqual(self.flat[key + "-undefined"], "too_few", key)
                continue
            self.near(key, value)
        paths = [k.removesuffix("/n-eff") for k, v in self.flat.items()
                 if k.startswith("robustness/") and k.endswith("/n-eff") and v is not None]
        rows = [{"path": p, "neff": repr(self.flat[f"{p}/n-eff"])} |
                {f"s{k}": repr(self.flat[f"{p}/share-{k}"]) for k in range(1, 5)} for p in paths]
        for key, value in from_r(R_POSTERIOR, rows).items():
            self.near(key, value)

    def of_area(self, area, **beside):
        about = sample.About(area, beside.get("scenario"), beside.get("criterion"), None, None)
        return self.told[about]

    def test_plan(self):
        for area, got in self.results["plan"].items():
            if got.get("gap") is None:
                continue
            important, done = (self.of_area(area, criterion=c) for c in ("importance", "practice"))
            both = [s for s in important if s in done]
            d = {s: important[s] - done[s] for s in both}
            gap = sample.mean_of(d, 5, LEVEL, -4, 4)
            due = dict(zip(("gap", "gap-low", "gap-high"), gap))
            for name, side in (("importance", important), ("practice", done)):
                due |= dict(zip((name, f"{name}-low", f"{name}-high"),
                                sample.mean_of({s: side[s] for s in both}, 5, LEVEL)))
            orgs = [org for _, org in both]
            above, below = ([float(sign * x > 1e-12) for x in d.values()] for sign in (1, -1))
            w = numbers.organisation_weights(orgs)
            share = float(np.average(above, weights=w))
            n_eff = numbers.effective_n(w, orgs, numbers.shrunken_rho(above, orgs, 0.2, 10))
            low, high = numbers.wilson(share, n_eff, LEVEL)
            surplus = float(np.average(below, weights=w))
            test = stats.wilcoxon(list(d.values()), zero_method="wilcox", correction=True, method="approx")
            due |= {"n": len(both), "organisations": len(set(orgs)), "gap-share": share, "gap-share-low": low,
                    "gap-share-high": high, "surplus-share": surplus, "dominance": share - surplus,
                    "wilcoxon-p": test.pvalue, "importance-n": len(important), "practice-n": len(done)}
            self.near_all(f"plan/{area}", due)
            corner = (gap[0] is not None, due["importance"] >= 3, due["practice"] >= 3)
            self.assertEqual(got["corner"], {(1, 0): "concentrate", (1, 1): "keep_up", (0, 0): "low_priority",
                                             (0, 1): "overkill"}[corner[1:]], area)

    def test_scenarios(self):
        answers = collections.defaultdict(dict)
        scenarios = [s["id"] for s in yaml.safe_load((SAMPLE / "project.yaml").read_text())["scenarios"]]
        areas = list(self.results["scenario"])
        for area in areas:
            for scenario in scenarios:
                for (person, org), value in self.of_area(area, scenario=scenario).items():
                    answers[org, person][area, scenario] = value
                due = sample.mean_of(self.of_area(area, scenario=scenario), 5, LEVEL)
                self.near_all(f"scenario/{area}/scenario={scenario}", dict(zip(("mean", "mean-low", "mean-high"), due)))
        due = priorities.figures_of(answers, areas, scenarios, 5)
        got = {key: self.flat[key] for key in due}
        self.assertEqual(compare(due, got), [])
        for (area, kind), share in priorities.chances_of(answers, areas, scenarios, 5, 2000, 1).items():
            self.assertAlmostEqual(self.results["scenario"][area][f"chance-{kind}"], share, delta=0.04, msg=area)

    def test_goals(self):
        for goal in self.results["goal"]:
            speakers = self.told[sample.About(None, None, None, goal, None)]
            orgs, values = [org for _, org in speakers], list(speakers.values())
            w = numbers.organisation_weights(orgs)
            shares = [float(np.average([v == k for v in values], weights=w)) for k in range(1, 6)]
            rho = numbers.shrunken_rho(values, orgs, 0.2, 10)
            n_eff = numbers.effective_n(w, orgs, rho)
            due = {"n": len(values), "rho": rho, "n-eff": n_eff, "agreement": numbers.agreement(shares)}
            due |= {f"share-{k}": share for k, share in enumerate(shares, 1)}
            due |= {f"posterior-{k}": float(p) for k, p in enumerate(numbers.posterior(shares, n_eff, 0.5), 1)}
            due |= dict(zip(("mean", "mean-low", "mean-high"), sample.mean_of(speakers, 5, LEVEL)))
            self.near_all(f"goal/{goal}", due)

    def test_status(self):
        begin, end = datetime.date(2017, 1, 1), datetime.date(2023, 1, 1)
        at = max(datetime.datetime.strptime(r["Sendt"], "%d.%m.%Y %H:%M").date() for r in register("statuspanel"))
        elapsed = (at - begin).days / (end - begin).days
        done = {"Ferdig": 1, "I gang": 0.5}
        for area, got in self.results["status"].items():
            votes = collections.defaultdict(list)
            for row in register("statuspanel"):
                if row[f"{area} Lys"] in LIGHTS:
                    votes[row["Organisasjon"]].append(LIGHTS.index(row[f"{area} Lys"]) + 1)
            panel = lower_median([lower_median(v) for v in votes.values()])
            latest = {}
            for row in sorted(register("nokkeltall"), key=lambda r: r["Periode"]):
                if row["Område"] == area and row["Verdi"]:
                    value, target, base = (float(row[c].replace(",", ".")) for c in ("Verdi", "Mål", "Utgangspunkt"))
                    latest[row["Indikator"]] = min(1, max(0, (value - base) / (target - base)))
            states = {r["Aktivitet"]: r["Tilstand"] for r in register("plan") if r["Aktivitet"].startswith(area + ".")}
            kpi = min(1, np.mean(list(latest.values())) / elapsed) if latest else None
            activity = min(1, np.mean([done.get(s, 0) for s in states.values()]) / elapsed)
            self.near_all(f"status/{area}", {"elapsed": elapsed, "kpi-ratio": kpi, "activity-ratio": activity})
            parts = [panel, light(activity)] + ([light(kpi)] if latest else [])
            joint = min(lower_median(parts), min(parts) + 1)
            self.assertEqual((got["computed-light"], got["judgement"]), (WORDS[joint], WORDS[panel]), area)

    def test_needs(self):
        framework = yaml.safe_load((harness.ROOT / "schemas/frameworks/ehelse.yaml").read_text())
        need_of = {n["label"]["nb"]: n["id"] for n in framework["needs"]}
        kind_of = {n["id"]: n["kind"] for n in framework["needs"]}
        group_of = {g["label"]["nb"]: g["id"] for g in framework["need_groups"]}
        named = collections.defaultdict(set)  # (group, source) → needs
        rows = openpyxl.load_workbook(SAMPLE / "behov/behovskartlegging.xlsx").worksheets[0].iter_rows(values_only=True)
        head = next(rows)
        for row in rows:
            cells = dict(zip(head, row))
            for cell in (cells[c] for c in head if "iktigst" in c):
                if cell:
                    named[group_of[cells["Hvem er du?"]], cells["ID"]].add(need_of[cell])
        interviews = json.loads((SAMPLE / "forms/intervju.json").read_text())["submissions"]
        for s in interviews:
            for row in s["behov"] if s["__system"]["reviewState"] != "rejected" else ():
                named[row["hvem"], s["__id"]].add(row["hva"])
        people = [[needs for (g, _), needs in named.items() if g == group] for group in ("citizen", "personnel")]
        shares = {}
        for need in self.results["need"]:
            n1, n2 = map(len, people)
            p1, p2 = (sum(need in needs for needs in side) / len(side) for side in people)
            shares[need] = (p1, p2)
            (l1, u1), (l2, u2) = numbers.wilson(p1, n1, 0.95), numbers.wilson(p2, n2, 0.95)
            self.near_all(f"need/{need}/pair=citizen+personnel", {
                "overlap": min(p1, p2), "difference": p1 - p2,
                "difference-low": p1 - p2 - ((p1 - l1) ** 2 + (u2 - p2) ** 2) ** 0.5,
                "difference-high": p1 - p2 + ((u1 - p1) ** 2 + (p2 - l2) ** 2) ** 0.5})
            shared = min(p1, p2) >= 0.3
            self.assertEqual(self.results["need"][need]["pair=citizen+personnel"]["class"] == "shared", shared, need)
        for key, kinds in (("ruzicka", ("practical", "underlying")), ("ruzicka-practical", ("practical",)),
                           ("ruzicka-underlying", ("underlying",))):
            of = [pair for need, pair in shares.items() if kind_of[need] in kinds]
            self.near(f"need-overlap/pair=citizen+personnel/{key}", sum(map(min, of)) / sum(map(max, of)))


if __name__ == "__main__":
    harness.main()
