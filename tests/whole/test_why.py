#!/usr/bin/python3
"""innsikt why: every number on a sheet is explained, recomputed from the store alone, and equal to the last bit; and one
changed answer changes those figures only whose explanation names its response and question."""
import collections
import copy
import csv
import json
import random

import openpyxl
import yaml

import harness
from oracle import roles

# Numbers that are no results: what Grunnlag says of its own figures, limits and defaults, dates.
NO_RESULTS = {"Grunnlag", "_diagram", "_innsikt", "_lister"}
BATCH = 3000


def number_cells(path):
    """(sheet!cell, value) of every number that is a result."""
    book = openpyxl.load_workbook(path)
    for sheet in book.worksheets:
        limits = [(table.ref, table.name) for table in sheet.tables.values() if table.name == "Terskler"]
        skip = {cell.coordinate for ref, _ in limits for row in sheet[ref] for cell in row}
        for row in sheet.iter_rows() if sheet.title not in NO_RESULTS else ():
            for cell in row:
                number = isinstance(cell.value, (int, float)) and not isinstance(cell.value, bool)
                if number and cell.coordinate not in skip:
                    yield f"{sheet.title}!{cell.coordinate}", cell.value


def flatten(node, path=""):
    for name, value in node.items():
        here = f"{path}/{name}" if path else name
        if isinstance(value, dict):
            yield from flatten(value, here)
        elif isinstance(value, (int, float)) and not isinstance(value, bool):
            yield here, value


def figures(results):
    return {key: value for key, value in flatten({k: v for k, v in results.items() if k != "innsikt"})}


class Told(harness.Case):
    def explain(self, project, whats):
        told = []
        for at in range(0, len(whats), BATCH):
            done = project.run("why", "--json", *whats[at:at + BATCH])
            self.assertEqual((done.returncode, done.stderr), (0, ""))
            told += [json.loads(line) for line in done.stdout.splitlines()]
        self.assertEqual(len(told), len(whats))
        return dict(zip(whats, told))

    def holds(self, project):
        """Every number cell and every numeric figure of a project that has been run."""
        cells = dict(number_cells(project.path("innsikt.xlsx")))
        results = figures(project.results())
        for name in ("results.json", "innsikt.xlsx"):  # why may not lean on them
            project.path(name).rename(project.path(name + ".away"))
        told = self.explain(project, list(cells) + list(results))
        for cell, value in cells.items():
            self.assertEqual(told[cell]["value"], value, cell)
            self.assertIn(cell, told[cell]["cells"])
        for key, value in results.items():
            self.assertEqual(told[key]["value"], value, key)
            if not key.startswith("statement/"):
                self.assertIsNotNone(told[key]["method"], key)
                self.assertTrue(told[key]["method"]["formula"], key)
        return told


class Why(Told):
    def test_every_number_of_the_sample(self):
        project = self.project(server=self.serve())
        self.succeeds(project.run("run"))
        project.results()
        told = self.holds(project)
        mean = told["robustness/choices-clear/mean"]
        self.assertEqual(set(mean["questions"]), {"ansatte", "sektor", "intervju"})  # not the measurement of 2019
        self.assertIn("VALG[SQ001]", mean["questions"]["sektor"])
        self.assertNotIn("STYRKER", mean["questions"]["sektor"])
        self.assertEqual(mean["parameters"]["interval-level"], 0.9)
        self.assertGreaterEqual(len(mean["responses"]), mean["n"])
        self.assertTrue(all(r["pull"] and str(r["pull"]) in mean["pulls"] for r in mean["responses"]))

    def test_for_people(self):
        project = self.project(server=self.serve())
        self.succeeds(project.run("run"))
        done = self.succeeds(project.run("why", "robusthet!$g$7"))
        for words in ("robustness/choices-clear/mean-low = ", "Robusthet!G7", "Satterthwaite 1946", "interval-level 0.9",
                      "sektor: VALG[SQ001]", "responses"):
            self.assertIn(words, done.stdout)
        for what, words in (("Robusthet!A7", "in its row these do"), ("Finnes ikke!B2", "no cell of the workbook"),
                            ("robustness/choises-clear", 'did you mean "robustness/choices-clear"')):
            done = project.run("why", what)
            self.assertEqual(done.returncode, 2)
            self.assertIn(words, done.stderr)
        family = self.succeeds(project.run("why", "robustness/choices-clear"))
        self.assertIn("median-interpolated = ", family.stdout)


class OneAnswer(harness.Case):
    """A small project of files, in which one answer is changed at a time."""

    def make(self, folder, seed):
        draw = random.Random(seed)
        folder.mkdir(exist_ok=True)
        groups, steps = ("kommune", "helseforetak", "naeringsliv"), range(1, 5)
        rows = [{"Id": str(i), "Org": f"Org {draw.randrange(12)}", "Gruppe": draw.choice(groups),
                 "A": str(draw.choice(steps)), "B": str(draw.choice(steps)), "C": str(draw.choice(steps)),
                 "Styrke": draw.choice(("God kultur for deling", "Felles retning i sektoren", "Sterke fagmiljøer", "")),
                 "Trussel": draw.choice(("Trangere økonomi", "Cyberangrep mot sykehus", ""))} for i in range(60)]
        (folder / "innsikt.key").write_text("nøkkel-9b1d77c4\n")
        (folder / "innsikt.key").chmod(0o600)
        (folder / "project.yaml").write_text(yaml.safe_dump({
            "innsikt": 1, "title": "Ett svar", "language": "nb", "framework": "ehelse", "privacy": {"key": "file:innsikt.key"},
            "analysis": {"bootstrap": 200},
            "sources": {"svar": {"kind": "csv", "path": "svar.csv", "id": "Id", "method": "survey", "questions": {
                "Org": {"attribute": "organisation"}, "Gruppe": {"attribute": "group"},
                "A": {"rating": "choices-clear", "scale": "extent"}, "B": {"rating": "choices-clear", "scale": "extent"},
                "C": {"rating": "priorities-robust", "scale": "extent"},
                "Styrke": {"statement": {"quadrant": "strength"}}, "Trussel": {"statement": {"quadrant": "threat"}}}}}},
            allow_unicode=True, sort_keys=False))
        return rows

    def compute(self, folder, rows):
        with open(folder / "svar.csv", "w", newline="") as file:
            writer = csv.DictWriter(file, rows[0])
            writer.writeheader()
            writer.writerows(rows)
        project = harness.Project(folder, None)
        self.succeeds(project.run("run"))
        return project, figures(project.results())

    def families(self, before, after):
        """The families with a figure that differs."""
        keys = {key for key in before.keys() | after.keys() if before.get(key) != after.get(key)}
        return {key.rsplit("/", 1)[0] for key in keys}

    def test_changes_what_lists_it_and_nothing_else(self):
        folder = self.home / "svar"
        rows = self.make(folder, 7)
        project, before = self.compute(folder, rows)
        paths = sorted({key.rsplit("/", 1)[0] for key in before})
        done = self.succeeds(project.run("why", "--json", *paths))
        told = dict(zip(paths, (json.loads(line) for line in done.stdout.splitlines())))
        draw = random.Random(21)
        for question in ("A", "B", "C", "A", "C"):
            row = draw.randrange(len(rows))
            changed = [dict(r) for r in rows]
            changed[row][question] = str(1 + int(rows[row][question]) % 4)
            _, after = self.compute(folder, changed)
            listing = {path for path, why in told.items()
                       if any(r["id"] == str(row) for r in why["responses"]) and question in why["questions"].get("svar", ())}
            self.assertEqual(self.families(before, after), listing, (row, question))

    def test_a_statement_touches_only_what_statements_feed(self):
        folder = self.home / "svar"
        rows = self.make(folder, 8)
        project, before = self.compute(folder, rows)
        row = next(i for i, r in enumerate(rows) if r["Styrke"])
        changed = [dict(r) for r in rows]
        changed[row]["Styrke"] = "Helt nye og uventede ord om kompetanse"
        _, after = self.compute(folder, changed)
        for path in self.families(before, after):
            self.assertRegex(path, r"^(finding|statement|theme|internal|external|trend|tows|involvement|dataset)/")
        self.assertTrue(any(path.startswith("finding/") for path in self.families(before, after)))


class EveryRole(Told):
    """A project in which every role has answers, and one answer of each changed."""

    def compute(self, name, tables):
        """(project, its figures, what why tells of every family)."""
        roles.write(self.home / name, tables, 4)
        project = harness.Project(self.home / name)
        self.succeeds(project.run("run"))
        before = figures(project.results())
        return project, before, self.explain(project, sorted({key.rsplit("/", 1)[0] for key in before}))

    def test_every_number(self):
        project, before, _ = self.compute("alle", roles.rows(21, 40, 4))
        self.assertGreater(len({key.split("/")[0] for key in before}), 25)
        self.holds(project)

    def changes(self, tables):
        """(file, row, column, new value) for an answer of each role."""
        people = tables["folk.csv"]
        rated = ("Klart", "b", "V1.1", "P1.1", "s2-1.2", "fn-3", "D-makt")
        mine = next(i for i, r in enumerate(people) if r["Org"] and r["Behov"] == "ro" and "99" not in [r[c] for c in rated])
        for column in rated:
            yield "folk.csv", mine, column, str(1 + int(people[mine][column]) % 4)
        votes = collections.Counter(r["Org"] for r in people if r["Org"])
        alone = next(i for i, r in enumerate(people) if votes[r["Org"]] == 1)  # an organisation has one light
        yield "folk.csv", alone, "L1", "red" if people[alone]["L1"] == "green" else "green"
        yield "folk.csv", mine, "Behov", "tid"
        yield "folk.csv", mine, "Virkning", "slit" if people[mine]["Virkning"] != "slit" else "fart"
        yield "folk.csv", mine, "Trussel", "Helt nye ord om kompetanse"
        yield "foer.csv", 0, "Klart", str(1 + int(tables["foer.csv"][0]["Klart"]) % 4)
        for file, column, new, other in (("dokumenter.csv", "deling", "for", "against"), ("plan.csv", "Tilstand", "done", "stopped"),
                                         ("plan.csv", "Naadd", "yes", "no"), ("tall.csv", "Verdi", "55", "56"),
                                         ("inviterte.csv", "Antall", "41", "42")):
            row = 2 if file == "dokumenter.csv" else 0
            yield file, row, column, other if tables[file][row][column] == new else new

    def test_a_change_reaches_those_that_list_it(self):
        """Before the change or after it: who no longer names something was part of it."""
        tables = roles.rows(27, 40, 4)
        source_of = {s["path"]: name for name, s in roles.project()["sources"].items()}
        _, before, told = self.compute("alle", tables)
        for turn, (file, row, column, value) in enumerate(self.changes(tables)):
            other = copy.deepcopy(tables)
            other[file][row][column] = value
            _, after, then = self.compute(f"endret-{turn}", other)
            families = {k.rsplit("/", 1)[0] for k in before.keys() | after.keys() if before.get(k) != after.get(k)}
            source, mine = source_of[file], tables[file][row]["Nr"]
            listing = {path for known in (told, then) for path, why in known.items()
                       if column in why["questions"].get(source, ()) and
                       (why["against"] or any((r["source"], r["id"]) == (source, mine) for r in why["responses"]))}
            listing |= {path for known in (told, then) for path, why in known.items()  # Holm's family, everybody heard
                        if why["against"] and source in why["questions"]}
            what = (file, column, tables[file][row][column], value)
            self.assertTrue(families, what)
            self.assertLessEqual(families, listing | {p for p in families if p.startswith("statement/")}, what)


if __name__ == "__main__":
    harness.main()
