#!/usr/bin/python3
"""Priorities under scenarios, computed a second time from the answers: every metric, class and break-even weight to 1e-9,
the chances of the classes to what another generator of random numbers allows; and panels too small to say anything."""
import csv
import json
import random
import warnings

import harness
from oracle import priorities as oracle

STEPS = 5
FRAMEWORK = """\
innsikt: 1
id: fremtid
title: Fremtid
verdict_scale: fem
default_scale: fem
missing: {99: dont_know}
scales: [{id: fem, steps: [{label: a}, {label: b}, {label: c}, {label: d, agree: true}, {label: e, agree: true}]}]
levels: [{id: niva, label: Nivå}]
questions: [{id: hva, level: niva, label: Hva, detail: Det}]
groups: [{id: by, label: By}, {id: bygd, label: Bygd}]
streams: [{id: strom, letter: S, label: Strøm}]
areas: [{id: '1', label: Område}]
"""
PROJECT = """\
innsikt: 1
title: Fremtid
language: nb
framework: fremtid.yaml
timezone: Europe/Oslo
privacy: {{key: 'env:INNSIKT_SAMPLE_KEY', smallest_group: 5, quotes: redacted}}
analysis: {{weight: organisation, bootstrap: 4000, seed: 11}}
sources:
  svar:
    kind: csv
    path: svar.csv
    id: Nr
    method: survey
    questions:
      Org: {{attribute: organisation}}
{columns}"""


class Priorities(harness.Case):
    def write(self, name, seed, organisations, priorities, scenarios, asked=0.9):
        """A project of random answers; returns (project, answers, priorities, scenarios)."""
        rng = random.Random(seed)
        folder = self.home / name
        folder.mkdir()
        p, s = [f"f{i}" for i in range(priorities)], [f"S{j}" for j in range(scenarios)]
        lists = "focus_areas:\n" + "".join(f"  - {{id: {i}, area: '1', label: Innsats {i}}}\n" for i in p)
        lists += "scenarios:\n" + "".join(f"  - {{id: {j}, label: Fremtid {j}}}\n" for j in s)
        (folder / "fremtid.yaml").write_text(FRAMEWORK + lists)
        columns = "".join(f"      {i}-{j}: {{rating: {{area: {i}, scenario: {j}}}}}\n" for i in p for j in s)
        (folder / "project.yaml").write_text(PROJECT.format(columns=columns))
        level = {cell: rng.uniform(1, STEPS) for cell in [(i, j) for i in p for j in s]}
        answers = {}
        for o in range(organisations):
            for person in range(rng.choice((1, 1, 2, 4))):
                answers[f"Etat {o}", person] = {cell: min(STEPS, max(1, round(rng.gauss(middle, 1))))
                                                for cell, middle in level.items() if rng.random() < asked}
        with open(folder / "svar.csv", "w", newline="") as file:
            writer = csv.writer(file, delimiter=";")
            writer.writerow(["Nr", "Org"] + [f"{i}-{j}" for i in p for j in s])
            for nr, ((org, _), steps) in enumerate(answers.items(), 1):
                writer.writerow([nr, org] + [steps.get((i, j), 99) for i in p for j in s])
        return harness.Project(folder), answers, p, s

    def results(self, project):
        self.succeeds(project.run("collect"))
        self.succeeds(project.run("analyze", "--results", project.folder / "ut.json"))
        return json.loads((project.folder / "ut.json").read_text())

    def at(self, results, key):
        for part in key.split("/"):
            results = results[part]
        return results

    def test_every_figure_is_the_same_computed_elsewhere(self):
        for seed, organisations, rows, columns in ((1, 12, 6, 4), (2, 25, 14, 3), (3, 5, 4, 2), (4, 9, 3, 5), (5, 3, 2, 1)):
            with self.subTest(seed=seed):
                project, answers, p, s = self.write(f"p{seed}", seed, organisations, rows, columns)
                results = self.results(project)
                for key, value in oracle.figures_of(answers, p, s, STEPS).items():
                    got = self.at(results, key)
                    if isinstance(value, float) and got is not None:
                        self.assertAlmostEqual(got, value, delta=1e-9, msg=key)
                    else:
                        self.assertEqual(got, value, key)

    def test_chances_are_those_of_resampled_organisations(self):
        project, answers, p, s = self.write("sjanse", 6, 14, 5, 4)
        results = self.results(project)
        for (priority, kind), share in oracle.chances_of(answers, p, s, STEPS, 4000, 1).items():
            got = results["scenario"][priority][f"chance-{kind}"]
            self.assertAlmostEqual(got, share, delta=0.035, msg=f"{priority} {kind}")

    def test_too_few_organisations_say_nothing(self):
        project, _, p, _ = self.write("to", 7, 2, 3, 3)
        results = self.results(project)
        for priority in p:
            figures = results["scenario"][priority]
            self.assertEqual((figures["class"], figures["mean"], figures["mean-undefined"]),
                             ("incomplete", None, "incomplete"))
            self.assertEqual(figures["chance-robust-undefined"], "few_organisations")

    def test_a_second_run_gives_the_same_bytes(self):
        project, *_ = self.write("igjen", 8, 10, 4, 4)
        first = self.results(project)
        self.succeeds(project.run("analyze", "--results", project.folder / "ut2.json"))
        self.assertEqual(first, json.loads((project.folder / "ut2.json").read_text()))


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    harness.main()
