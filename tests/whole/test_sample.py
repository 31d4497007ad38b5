#!/usr/bin/python3
"""The sample project as its users meet it: what its files hold is what the results count, worked out here from the files
alone; and the story that it was made to tell is the one that comes out."""
import collections
import csv
import io
import json

import openpyxl
import yaml

import harness
from harness import SAMPLE

INTERVIEWS = json.loads((SAMPLE / "forms/intervju.json").read_text())["submissions"]


def register(name):
    text = (SAMPLE / f"registre/{name}.csv").read_bytes().decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline=""), delimiter=";"))


def complete(name):
    """Answers that were sent in, of one of the surveys."""
    return [r["answers"] for r in json.loads((SAMPLE / f"forms/{name}.json").read_text())["responses"] if r["submitdate"]]


def interviewed(repeat, field):
    return [row[field] for s in INTERVIEWS if s["__system"]["reviewState"] != "rejected" for row in s[repeat]]


class Sample(harness.Case):
    def setUp(self):
        super().setUp()
        project = self.project(server=self.serve())
        self.succeeds(project.run("check"))
        self.succeeds(project.run("run"))
        self.results = project.results()
        framework = yaml.safe_load((harness.ROOT / "schemas/frameworks/ehelse.yaml").read_text())
        self.terms = {kind: {t["label"]["nb"]: t["id"] for t in framework[kind]} for kind in ("needs", "effects")}

    def test_what_was_counted(self):
        heard = self.results["involvement"]["all"]
        sheet = openpyxl.load_workbook(SAMPLE / "behov/behovskartlegging.xlsx").worksheets[0]
        answers = len(complete("ansatte")) + len(complete("sektor")) + sheet.max_row - 1 + len(register("statuspanel"))
        due = {"interviews": 20, "workshops": 3, "documents": 52, "survey-answers": answers,
               "statements": len(self.results["statement"])}
        self.assertEqual({k: heard[k] for k in due}, due)
        self.assertGreaterEqual(heard["organisations"], 30)
        for row in register("inviterte"):
            self.assertIn(float(row["Antall"]), [g.get("invited") for g in heard.values() if isinstance(g, dict)], row["Gruppe"])

    def test_the_plan(self):
        states = {r["Aktivitet"]: r["Tilstand"] for r in register("plan")}
        words = {"Ikke startet": "not-started", "I gang": "ongoing", "Ferdig": "done", "Stoppet": "stopped"}
        whole = self.results["plan"]["all"]
        due = collections.Counter(words[s] for s in states.values())
        self.assertEqual({w: whole["part=activities"][w] for w in words.values()}, dict(due))
        reached = collections.Counter(r["Nådd"] for r in register("plan") if r["Mål"])
        self.assertEqual([whole["part=goals"][w] for w in ("yes", "partly", "no")], [reached[w] for w in ("ja", "delvis", "nei")])
        gaps = {f: v["gap"] for f, v in self.results["plan"].items() if v.get("gap") is not None}
        self.assertEqual(max(gaps, key=gaps.get), "6.2")  # what everybody asks for and nobody does
        self.assertEqual(min(gaps, key=gaps.get), "5.2")  # well done, and few ask for it

    def test_effects_of_the_pandemic(self):
        due = collections.Counter(interviewed("pandemi", "effekt"))
        mapped = yaml.safe_load((SAMPLE / "project.yaml").read_text())["sources"]["sektor"]["questions"]
        for question, mapping in mapped.items():
            if "effect" in mapping:
                due[mapping["values"]["Y"]] += sum(a[question] == "Y" for a in complete("sektor"))
        self.assertEqual({e: v["mentions"] for e, v in self.results["effect"].items()}, dict(due))
        self.assertEqual(set(due), set(self.terms["effects"].values()))

    def test_needs(self):
        sheet = openpyxl.load_workbook(SAMPLE / "behov/behovskartlegging.xlsx").worksheets[0]
        due = collections.Counter(interviewed("behov", "hva"))
        due.update(self.terms["needs"][cell] for row in sheet.iter_rows(min_row=2, min_col=9, values_only=True) for cell in row if cell)
        self.assertEqual({n: v["mentions"] for n, v in self.results["need"].items()}, dict(due))
        classes = {n: v["pair=citizen+personnel"]["class"] for n, v in self.results["need"].items()}
        self.assertEqual({n for n, c in classes.items() if c == "shared"}, {"whole-flow", "simple-solutions", "correct-information"})

    def test_the_story(self):
        verdicts = self.results["robustness"]
        said = {q: (v["verdict"], v["step-low"], v["step-high"]) for q, v in verdicts.items()}
        self.assertEqual(said, {"choices-clear": ("firm", 2, 2), "choices-coherent": ("firm", 1, 1), "priorities-robust": ("firm", 3, 3)})
        self.assertEqual(verdicts["priorities-robust"]["group=naeringsliv"]["verdict"], "divided")
        for few in ("fastlege", "departement", "direktoratet"):
            self.assertEqual(verdicts["choices-clear"][f"group={few}"]["verdict"], "insufficient")
        self.assertGreater(verdicts["choices-clear"]["wave=2019-host"]["mean"], verdicts["choices-clear"]["mean-high"])
        broken = collections.Counter(s for v in self.results["scenario"].values() for s in v["failing"].split())
        self.assertEqual(broken.most_common(1)[0][0], "S3")
        self.assertEqual((self.results["scenario"]["4.3"]["class"], self.results["scenario"]["3.2"]["class"]), ("robust", "fragile"))
        divided = [d for d, v in self.results["dilemma"].items() if v["agreement-word"] == "divided"]
        self.assertEqual(divided, ["capacity"])
        demography = {f["quadrant"] for f in self.results["finding"].values() if f.get("theme") == "demography"}
        self.assertLessEqual({"opportunity", "threat"}, demography)  # one theme, two findings


if __name__ == "__main__":
    harness.main()
