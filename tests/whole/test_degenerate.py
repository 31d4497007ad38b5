#!/usr/bin/python3
"""Panels with next to nothing in them, through the whole program with every role mapped: each run succeeds, every number
is a number, an undefined one says why in words, and nothing is claimed."""
import json
import re
import zipfile

import openpyxl

import harness
from oracle import roles

CLAIMS = ("firm", "range", "divided")
ODD = re.compile(r"(?i)(^|[^\w.])(nan|inf|-inf|infinity|-0([.,]0+)?|#num!|#div/0!|#value!|#n/a|\(null\)|null)($|[^\w.,])")
PERSONAL = ("Nr", "Org", "Gruppe", "Epost", "Behovsgruppe")


def no_constant(word):
    raise ValueError(f"{word} is no number")


def no_minus_zero(parse):
    def read(text):
        if float(text) == 0 and text.startswith("-"):
            raise ValueError(f"{text} stands in results.json")
        return parse(text)
    return read


def figures(node, path=""):
    for name, value in node.items():
        here = f"{path}/{name}" if path else name
        if isinstance(value, dict):
            yield from figures(value, here)
        else:
            yield here, value


def with_people(tables, change):
    """The tables with every person's row, now and before, made anew: change(row, nr) → row, or None for nobody."""
    def made(rows):
        return [r for r in (change(dict(row), nr) for nr, row in enumerate(rows)) if r]
    return tables | {name: made(tables[name]) for name in ("folk.csv", "foer.csv")}


def answers(row, value):
    """The row with a rating `value` for each answer of steps, and nothing for the rest."""
    def one(column, told):
        if column in PERSONAL:
            return told
        mapping = roles.questions().get(column, {})
        return value if set(mapping) & {"rating", "goal", "dilemma"} else "" if value in ("", "99") else told
    return {c: one(c, told) for c, told in row.items()}


def alike(row, step):
    """What everybody says."""
    same = {"Styrke": "God kultur for deling", "Svakhet": "Uklare ansvarsforhold", "Mulighet": "", "Trussel": "",
            "L1": "green", "L2": "green", "Behov": "ro", "Virkning": "fart"}
    return {c: same.get(c, told) for c, told in answers(row, step).items()}


class Degenerate(harness.Case):
    def go(self, name, tables, steps=4, claims=False):
        """Runs it all and looks at every number; returns results.json."""
        folder = self.home / name
        roles.write(folder, tables, steps)
        project = harness.Project(folder)
        for command in ("check", "collect"):
            self.succeeds(project.run(command))
        self.succeeds(project.run("analyze", "--results", folder / "results.json"))
        text = (folder / "results.json").read_text()
        results = json.loads(text, parse_constant=no_constant, parse_float=no_minus_zero(float), parse_int=no_minus_zero(int))
        told = dict(figures({k: v for k, v in results.items() if k != "innsikt"}))
        for key, value in told.items():
            if value is None:
                self.assertRegex(told.get(key + "-undefined") or "", r"^[a-z_-]+$", key)
            if key.endswith("/verdict") and not claims:
                self.assertNotIn(value, CLAIMS, key)
            if key.endswith("/supported"):
                self.assertFalse(value and not claims, key)
        self.look(folder / "innsikt.xlsx")
        keys = [k for k, v in told.items() if isinstance(v, (int, float))][:400]
        if keys:
            self.succeeds(project.run("why", *keys))
        return results

    def look(self, path):
        with zipfile.ZipFile(path) as book:
            for name in book.namelist():
                if name.startswith(("xl/worksheets/", "xl/charts/")) and name.endswith(".xml"):
                    xml = book.read(name).decode()
                    found = re.search(r"<(?:c:)?v>(-0(?:\.0+)?|-?nan|-?inf|[^<]*#NUM[^<]*)</(?:c:)?v>", xml, re.IGNORECASE)
                    self.assertIsNone(found, f"{path.parent.name} {name}: {found}")
        for sheet in openpyxl.load_workbook(path).worksheets:
            for row in sheet.iter_rows():
                for cell in row:
                    self.assertNotEqual(cell.data_type, "e", f"{path.parent.name} {sheet.title}!{cell.coordinate}")
                    if isinstance(cell.value, str):
                        self.assertIsNone(ODD.search(cell.value), f"{path.parent.name} {sheet.title}!{cell.coordinate}: {cell.value}")

    def test_nobody(self):
        tables = roles.rows(3, 30, 4)
        self.go("ingen", {name: [] for name in tables})
        self.go("bare-registre", with_people(tables, lambda row, nr: None))
        self.go("bare-folk", {name: rows if name in ("folk.csv", "foer.csv") else [] for name, rows in tables.items()}, claims=True)

    def test_one(self):
        tables = roles.rows(4, 30, 4)
        for name, group in (("kommune", "kommune"), ("innbygger", "innbygger")):
            nr = next(i for i, r in enumerate(tables["folk.csv"]) if r["Gruppe"] == group)
            one = with_people(tables, lambda row, at, nr=nr: row if row["Nr"] == str(nr) else None)
            results = self.go(f"en-{name}", {file: rows[:1] for file, rows in one.items()})
            for question in results["robustness"].values():
                column = question["group=innbygger"] if group == "innbygger" else question  # citizens have their own only
                self.assertEqual((column["verdict"], column["n"]), ("insufficient", 1))
                self.assertIsNone(column["mean-low"])

    def test_nobody_answers(self):
        tables = roles.rows(5, 24, 4)
        for name, value in (("tomt", ""), ("vet-ikke", "99")):
            silent = with_people(tables, lambda row, nr, value=value: answers(row, value))
            results = self.go(name, silent)
            for question in results["robustness"].values():
                self.assertEqual((question["n"], question["mean"], question["verdict"]), (0, None, "insufficient"))
                self.assertEqual(question["reasons"], "n org neff missing")

    def test_everybody_says_the_same(self):
        for steps in (2, 4, 7):
            for step in (1, steps):
                tables = with_people(roles.rows(6, 24, steps), lambda row, nr, step=step: alike(row, str(step)))
                results = self.go(f"like-{steps}-{step}", tables, steps, claims=True)
                for question in results["robustness"].values():
                    self.assertEqual((question["verdict"], question["step-low"], question["mean"]), ("firm", step, step))
                    self.assertGreater(question["mean-high"] - question["mean-low"], 0)
                for question in results["difference"].values():
                    self.assertEqual((question["kruskal-h"], question["kruskal-h-undefined"]), (None, "no_spread"))
                for area in results["plan"].values():
                    if "gap" in area and area["gap"] is not None:
                        self.assertEqual((area["gap"], area["gap-share"]), (0, 0))

    def test_one_organisation(self):
        tables = with_people(roles.rows(7, 40, 4), lambda row, nr: row | {"Org": "Etaten", "Gruppe": "kommune"})
        results = self.go("en-etat", tables)
        for question in results["robustness"].values():
            self.assertEqual(question["verdict"], "insufficient")
            self.assertIn("org", question["reasons"].split())
        for priority in results["scenario"].values():
            self.assertEqual(priority["class"], "incomplete")

    def test_only_citizens(self):
        tables = with_people(roles.rows(8, 40, 4), lambda row, nr: row | {"Org": "", "Gruppe": "innbygger"})
        results = self.go("bare-innbyggere", tables, claims=True)
        self.assertTrue(all("group=innbygger" in q for q in results["robustness"].values()))

    def test_scales_of_two_and_seven(self):
        for steps in (2, 3, 7):
            results = self.go(f"trinn-{steps}", roles.rows(9, 60, steps), steps, claims=True)
            for question in results["robustness"].values():
                self.assertEqual(len([k for k in question if re.fullmatch(r"posterior-\d+", k)]), steps)
                self.assertAlmostEqual(sum(question[f"posterior-{k}"] for k in range(1, steps + 1)), 1, 12)
                self.assertEqual(question["agreement"] is None, steps < 3)

    def test_registers_that_say_nothing(self):
        tables = roles.rows(10, 30, 4)
        tables["tall.csv"] = [row | {"Maal": row["Null"]} for row in tables["tall.csv"]]
        tables["inviterte.csv"] = [row | {"Antall": "0"} for row in tables["inviterte.csv"]]
        tables["dokumenter.csv"] = [row | {"deling": "none", "sikring": ""} for row in tables["dokumenter.csv"]]
        tables["plan.csv"] = [row | {"Tilstand": "stopped", "Naadd": "no"} for row in tables["plan.csv"]]
        self.go("stumme-registre", tables, claims=True)


if __name__ == "__main__":
    harness.main()
