#!/usr/bin/python3
"""Føringer of the sample, computed a second time from its register (methods.md 4.14; Lijphart 1963 for the agreement)."""
import csv
import itertools

import yaml

import harness

DIRECTIONS = {"for": "for", "mot": "against", "delt": "both", "nei": "none", "": "none"}
SIDE = {"for": 1, "against": -1, "both": 0}


class Guidance(harness.Case):
    def test_the_register_of_the_sample(self):
        project = self.project()
        self.succeeds(project.run("collect", "dokumenter"))
        results = project.results()
        mapping = yaml.safe_load(project.path("project.yaml").read_text())["sources"]["dokumenter"]["questions"]
        themes = {column: m["document"]["theme"] for column, m in mapping.items() if "document" in m}
        with open(project.path("registre/dokumenter.csv"), newline="", encoding="utf-8-sig") as file:
            rows = list(csv.DictReader(file, delimiter=";"))
        said = [{t: DIRECTIONS[row[column].strip()] for column, t in themes.items()} for row in rows]
        binding = [row["Kraft"].strip() == "normerende" for row in rows]
        self.check_themes(results["guidance"], themes.values(), said, binding)
        self.check_documents(results["document"], rows, said)

    def check_themes(self, told, themes, said, binding):
        for theme in themes:
            sides = [(SIDE[s[theme]], b) for s, b in zip(said, binding) if s[theme] != "none"]
            plus, minus = ([b for side, b in sides if side == sign] for sign in (1, -1))
            figures = told[theme]
            self.assertEqual([figures[w] for w in ("n", "of", "for", "against", "both")],
                             [len(sides), len(said), len(plus), len(minus), len(sides) - len(plus) - len(minus)], theme)
            self.assertAlmostEqual(figures["coverage"], len(sides) / len(said), 12)
            self.assertAlmostEqual(figures["balance"], (len(plus) - len(minus)) / len(sides), 12)
            conflict = 2 * min(len(plus), len(minus)) / (len(plus) + len(minus))
            self.assertAlmostEqual(figures["conflict"], conflict, 12)
            apart = conflict >= 0.5 and all(len(side) >= 2 or any(side) for side in (plus, minus))
            self.assertEqual(figures["pull-apart"], apart, theme)

    def check_documents(self, told, rows, said):
        self.assertEqual(len(told), len(rows))
        titled = {figures["title"]: figures for figures in told.values()}
        for row, stands in zip(rows, said):
            if all(row[c].strip() == "" for c in row if c not in ("Nr", "Dokument", "År", "Avsender", "Kraft",
                                                                  "Hva er oppdiktet")):
                continue  # its title is read with its answers, and it has none: it is counted, without a title
            figures = titled[row["Dokument"].strip()]
            self.assertEqual({t: figures[f"theme={t}"]["direction"] for t in stands}, stands, row["Dokument"])
            self.assertEqual(figures["year"], float(row["År"]) if row["År"].strip() else None)
            agree = []
            for other, theme in itertools.product(said, stands):
                if other is not stands and "none" not in (stands[theme], other[theme]):
                    a, b = SIDE[stands[theme]], SIDE[other[theme]]
                    agree.append(1 - abs(a - b) / 2)
            self.assertEqual(figures["with=others"]["n"], len(agree), row["Dokument"])
            if agree:
                self.assertAlmostEqual(figures["with=others"]["agreement"], sum(agree) / len(agree), 12)
            else:
                self.assertIsNone(figures["with=others"]["agreement"])


if __name__ == "__main__":
    harness.main()
