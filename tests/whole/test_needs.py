#!/usr/bin/python3
"""Behov, computed a second time from the files: projects with two, three and one need group whose people name declared needs
and needs of their own, in several sources, some of them twice (methods.md 3.16)."""
import csv
import hashlib
import random

import openpyxl

import harness
from oracle import numbers

FRAMEWORK = """
innsikt: 1
id: liten
title: Liten
verdict_scale: to
scales: [{id: to, steps: [{label: Nei}, {label: Ja, agree: true}]}]
questions: [{id: sp, label: Spørsmålet}]
need_groups: [%s]
segments: [{id: unge, group: g1, label: Unge}, {id: gamle, group: g2, label: Gamle}]
needs:
  - {id: n1, kind: practical, label: Tak over hodet}
  - {id: n2, kind: practical, label: Mat på bordet}
  - {id: n3, kind: underlying, label: Ro i sjelen}
  - {id: n4, kind: underlying, label: Håp i hverdagen, group: g2}
"""
PROJECT = """
innsikt: 1
title: Prøve
framework: ramme.yaml
privacy: {key: env:INNSIKT_SAMPLE_KEY}
sources:
  a: {kind: csv, path: a.csv, id: Nr, method: survey, questions: {E-post: {person: true},
      Behov 1: {need: {group_from: Gruppe}}, Behov 2: {need: {group_from: Gruppe}}}}
  b: {kind: csv, path: b.csv, id: Nr, method: interview, questions: {E-post: {person: true},
      Behov 1: {need: {segment_from: Segment, kind: underlying}}}}
"""
LABELS = {"n1": "Tak over hodet", "n2": "Mat på bordet", "n3": "Ro i sjelen", "n4": "Håp i hverdagen"}
KINDS = {"n1": "practical", "n2": "practical", "n3": "underlying", "n4": "underlying"}
SEGMENTS = {"unge": "g1", "gamle": "g2"}
OWN = ("Kjøre båt", "Sove lenge")


def newcombe(x1, n1, x2, n2):
    p1, p2 = x1 / n1, x2 / n2
    (l1, u1), (l2, u2) = numbers.wilson(p1, n1, 0.95), numbers.wilson(p2, n2, 0.95)
    d = p1 - p2
    return d - ((p1 - l1) ** 2 + (u2 - p2) ** 2) ** 0.5, d + ((u1 - p1) ** 2 + (p2 - l2) ** 2) ** 0.5


class Needs(harness.Case):
    def project_of(self, seed, groups):
        """(results, {(group or None, need) → people}, {need → votes for underlying})"""
        draw = random.Random(seed)
        folder = self.home / f"p{seed}"
        folder.mkdir()
        declared = ", ".join(f"{{id: {g}, label: Gruppe {g}}}" for g in ("g1", "g2", "g3"))
        (folder / "ramme.yaml").write_text(FRAMEWORK % declared)
        (folder / "project.yaml").write_text(PROJECT)
        named = {}

        def name(who, group, text):
            need = next((n for n in LABELS if text in (n, LABELS[n])), None)
            group = group or ("g2" if need == "n4" else None)
            named.setdefault((group, need or text.casefold()), set()).add(who)

        people = [f"p{i}@example.org" for i in range(40)]
        with open(folder / "a.csv", "w", newline="") as file:
            table = csv.writer(file, delimiter=";")
            table.writerow(["Nr", "E-post", "Gruppe", "Behov 1", "Behov 2"])
            for nr in range(60):
                who, group = draw.choice(people), draw.choice(groups)
                needs = [draw.choice([*LABELS, *LABELS.values(), *OWN, OWN[0].upper(), ""]) for _ in range(2)]
                table.writerow([nr, who, draw.choice((group, f"Gruppe {group}")), *needs])
                for text in filter(None, needs):
                    name(who, group, text)
        with open(folder / "b.csv", "w", newline="") as file:
            table = csv.writer(file, delimiter=";")
            table.writerow(["Nr", "E-post", "Segment", "Behov 1"])
            for nr in range(25):
                who, segment = draw.choice(people), draw.choice([s for s in SEGMENTS if SEGMENTS[s] in groups] + [""])
                text = draw.choice([*LABELS.values(), *OWN])
                table.writerow([nr, who, segment, text])
                name(who, SEGMENTS.get(segment), text)
        project = harness.Project(folder)
        self.succeeds(project.run("collect"))
        return project.results(), named

    def near(self, got, expected, what):
        if expected is None:
            self.assertIsNone(got, what)
        else:
            self.assertAlmostEqual(got, expected, 9, what)

    def check(self, seed, groups):
        results, named = self.project_of(seed, groups)
        size = {g: len(set().union(*(who for (of, _), who in named.items() if of == g), set())) for g in ("g1", "g2", "g3")}
        self.assertEqual({g: f["people"] for g, f in results["need-group"].items()}, {g: n for g, n in size.items() if n})
        needs = {need for _, need in named}
        self.assertEqual(len(results["need"]), len(needs))
        pairs = [[g for g in size if size[g] >= least][:2] for least in (5, 1)]
        compared = next((pair for pair in pairs if len(pair) == 2), None)
        own = {hashlib.sha256(need.encode()).hexdigest()[:32]: need for need in needs}
        shares, ranks = {}, {}
        for key, figures in results["need"].items():
            need = key if key in LABELS else own[key]
            self.assertEqual(figures["people"], len(self.everybody(named, need)), need)
            if need in KINDS:
                self.assertEqual(figures["kind"], KINDS[need])
            x = {g: len(named.get((g, need), ())) for g in size}
            shares[need] = {g: x[g] / size[g] for g in size if size[g]}
            for g, p in shares[need].items():
                told = figures[f"group={g}"]
                self.assertEqual((told["people"], told["of"]), (x[g], size[g]), (need, g))
                self.near(told["share"], p, need)
                self.near(told["share-low"], numbers.wilson(p, size[g], 0.95)[0], need)
            if compared:
                ranks[need] = self.check_pair(figures, compared, shares[need], x, size)
        shared = sorted((n for n in ranks if ranks[n]), key=lambda n: ranks[n])
        overlaps = [numbers.round12(min(shares[n][g] for g in compared)) for n in shared]
        self.assertEqual(overlaps, sorted(overlaps, reverse=True))
        self.assertEqual([ranks[n] for n in shared], list(range(1, len(shared) + 1)))
        if compared:
            self.check_ruzicka(results, compared, shares)
        return compared

    @staticmethod
    def everybody(named, need):
        return set().union(*(who for (_, of), who in named.items() if of == need))

    def check_pair(self, figures, compared, share, x, size):
        told = figures["pair=" + "+".join(compared)]
        a, b = compared
        self.near(told["overlap"], min(share[a], share[b]), "overlap")
        low, high = newcombe(x[a], size[a], x[b], size[b])
        self.near(told["difference"], share[a] - share[b], "difference")
        self.near(told["difference-low"], low, "low")
        self.near(told["difference-high"], high, "high")
        first, second = (numbers.round12(share[g]) >= 0.3 for g in compared)
        word = "shared" if first and second else "group1" if first else "group2" if second else "weak"
        self.assertEqual(told["class"], word if min(size[a], size[b]) >= 5 else "unclassed")
        return told["rank"]

    def check_ruzicka(self, results, compared, shares):
        told = results["need-overlap"]["pair=" + "+".join(compared)]
        # Only the interviews tell a kind, and only of people's own words it counts.
        kinds = {need: KINDS.get(need, "underlying") for need in shares}
        for kind in (None, "practical", "underlying"):
            of = [s for n, s in shares.items() if kind is None or kinds[n] == kind]
            low, high = (sum(f(s[g] for g in compared) for s in of) for f in (min, max))
            self.near(told["ruzicka" + (f"-{kind}" if kind else "")], low / high if high else None, kind)

    def test_names_that_are_alike(self):
        """Groups, segments and themes of one label, or called as a column of ours: each has a header of its own."""
        folder = self.home / "like"
        folder.mkdir()
        (folder / "ramme.yaml").write_text(
            (FRAMEWORK % "{id: g1, label: Folk}, {id: g2, label: folk}").replace("Gamle", "UNGE") +
            "document_themes: [{id: d1, label: År}, {id: d2, label: Samsvar}, {id: d3, label: år}]\n")
        (folder / "project.yaml").write_text(PROJECT + "  d: {kind: csv, path: d.csv, id: Nr, method: document, questions: "
                                             "{Tittel: {document: {theme_from: Tema, direction_from: Retning}}}}\n")
        (folder / "a.csv").write_text("Nr;E-post;Gruppe;Behov 1;Behov 2\n1;k@example.org;g1;n1;\n2;o@example.org;g2;n1;\n")
        (folder / "b.csv").write_text("Nr;E-post;Segment;Behov 1\n1;k@example.org;unge;n1\n2;o@example.org;gamle;n1\n")
        (folder / "d.csv").write_text("Nr;Tittel;Tema;Retning\n1;Planen;d1;for\n2;Planen;d3;against\n")
        project = harness.Project(folder)
        self.succeeds(project.run("run"))
        book = openpyxl.load_workbook(project.path("innsikt.xlsx"))
        heads = {t.name: [c.name for c in t.tableColumns] for sheet in book for t in sheet.tables.values()}
        self.assertEqual(heads["Behov"][2:4], ["Folk (av 1)", "folk (av 1) [g2]"])
        self.assertEqual(heads["BehovSegment"], ["Behov", "Unge (av 1)", "UNGE (av 1) [gamle]"])
        self.assertEqual(heads["Foringer"][4:], ["År [d1]", "Samsvar [d2]", "år [d3]", "Samsvar"])

    def test_computed_twice(self):
        met = [self.check(seed, groups) for seed, groups in
               ((1, ["g1", "g2"]), (2, ["g1", "g2", "g3"]), (3, ["g2", "g3"]), (4, ["g3"]), (5, ["g1", "g3"]))]
        self.assertIn(["g1", "g2"], met)
        self.assertIn(["g2", "g3"], met)


if __name__ == "__main__":
    harness.main()
