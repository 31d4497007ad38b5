#!/usr/bin/python3
"""Reads a workbook back with openpyxl and holds it against results.json, as somebody would who has only the two files,
the framework and the labels.

    tests/whole/read_back.py [WORKBOOK RESULTS]     (default: those of make demo)

Ends with 1 and every difference when there is one. What must hold:
  package   every part is well-formed XML; no merged cell, no formula, no cell without the house's font; tables have a
            header without blanks or duplicates; charts have an alternative text; columns for charts are hidden
  numbers   a cell that counts people leads to its row in Grunnlag, whose key is a path in results.json; along it the
            figures of all other sheets are the same as in results.json"""
import json
import math
import pathlib
import re
import sys
import unicodedata
import warnings
import zipfile
from xml.etree import ElementTree

import openpyxl
import yaml

ROOT = pathlib.Path(__file__).resolve().parents[2]
FONT = "Arial"
SPREADSHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing}"
CHART = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
differences = []
compared = 0


def expect(holds, *what):
    global compared
    compared += 1
    if not holds:
        differences.append(" ".join(str(w) for w in what))


# -- the package ----------------------------------------------------------------------------------------------------------
def read_parts(path):
    parts = {}
    with zipfile.ZipFile(path) as package:
        expect(package.testzip() is None, "package: a part is damaged")
        for name in package.namelist():
            data = package.read(name)
            try:
                parts[name] = ElementTree.fromstring(data)
            except ElementTree.ParseError as error:
                expect(False, f"package: {name} is not well-formed: {error}")
    return parts


def check_parts(parts):
    for name, root in parts.items():
        if name.startswith("xl/worksheets/sheet"):
            expect(root.find(SPREADSHEET + "mergeCells") is None, f"{name}: has merged cells")
            for cell in root.iter(SPREADSHEET + "c"):
                expect(cell.find(SPREADSHEET + "f") is None, f"{name}: {cell.get('r')} is a formula")
                expect(cell.get("s"), f"{name}: {cell.get('r')} has no style of its own")
        if name.startswith("xl/drawings/drawing"):
            for anchor in root:
                shows_chart = next(anchor.iter(CHART + "chart"), None) is not None
                said = next(anchor.iter(DRAWING + "cNvPr")).get("descr", "")
                expect(not shows_chart or len(said) > 20, f"{name}: a chart without an alternative text")
        if name.startswith("xl/tables/"):
            heads = [c.get("name", "") for c in root.iter(SPREADSHEET + "tableColumn")]
            expect(len({h.casefold() for h in heads}) == len(heads), f"{name}: two columns have the same name", heads)
            expect(all(h.strip() for h in heads), f"{name}: a column has no name", heads)
            expect(root.get("headerRowCount", "1") == "1", f"{name}: has no header row")


def check_cells(book):
    for sheet in book:
        expect(not sheet.merged_cells.ranges, f"{sheet.title}: has merged cells")
        for row in sheet.iter_rows():
            for cell in row:
                if cell.value is None:
                    continue
                where = f"{sheet.title}!{cell.coordinate}"
                expect(cell.font.name == FONT, f"{where}: is set in {cell.font.name}")
                expect(cell.data_type != "e" and cell.value not in ("nan", "inf", "-nan"), f"{where}: is {cell.value}")
        for table in sheet.tables.values():
            heads = [c.value for c in sheet[table.ref][0]]
            expect(heads == [c.name for c in table.tableColumns],
                   f"{sheet.title}: table {table.name} names its columns otherwise than its cells do")
        expect((sheet.sheet_state == "visible") == (not sheet.title.startswith("_")),
               f"{sheet.title}: is {sheet.sheet_state}")


# -- texts and figures ------------------------------------------------------------------------------------------------------
class Words:
    def __init__(self, language, framework_id):
        self.language = language
        self.labels = yaml.safe_load((ROOT / "schemas/labels.yaml").read_text())
        path = ROOT / "schemas/frameworks" / f"{framework_id}.yaml"
        self.framework = yaml.safe_load(path.read_text())
        self.scales = {s["id"]: [self.text(step["label"]) for step in s["steps"]] for s in self.framework["scales"]}

    def text(self, label):
        return label if isinstance(label, str) else label.get(self.language) or label["nb"]

    def __call__(self, key):
        at = self.labels
        for part in key.split("."):
            at = at[part]
        return self.text(at)

    def terms(self, kind):
        return {t["id"]: self.text(t["label"]) for t in self.framework.get(kind, [])}

    def verdict(self, figures):
        steps, outcome = self.scales[figures["scale"]], figures["verdict"]
        if outcome == "firm":
            return steps[int(figures["step-low"]) - 1]
        if outcome == "range":
            high = steps[int(figures["step-high"]) - 1]
            return self("verdict.range").replace("{low}", steps[int(figures["step-low"]) - 1]).replace(
                "{high}", high[0].lower() + high[1:])
        return self("verdict." + outcome)


def at_path(results, key):
    for part in key.split("/"):
        results = results.get(part) if isinstance(results, dict) else None
    return results


def same(cell, value, what):
    """A number, or the dash that stands for an undefined one."""
    where = f"{cell.parent.title}!{cell.coordinate}: {what}"
    if value is None:
        expect(cell.value == "–", where, "is undefined in the results, here", cell.value)
    else:
        number = isinstance(cell.value, (int, float)) and not isinstance(cell.value, bool)
        expect(number and math.isclose(cell.value, value, rel_tol=1e-14, abs_tol=1e-300), where, "is", cell.value, "not", value)


def same_text(cell, text, what):
    expect(cell.value == text, f"{cell.parent.title}!{cell.coordinate}: {what} is", repr(cell.value), "not", repr(text))


def plain(text):
    """Without what the text gate takes out: controls, and marks that turn the direction of writing."""
    return "".join(c for c in str(text) if unicodedata.category(c) not in ("Cc", "Cf"))


def is_probability(cell, figures, statistic, words, thresholds):
    value = figures.get(statistic)
    if value is None or figures["n-eff"] >= thresholds["verdict-words-below"]:
        return same(cell, value, statistic)
    said = {words.text(label) for label in words.labels["probability"].values()}
    expect(cell.value in said, f"{cell.parent.title}!{cell.coordinate}: a probability of few is written", cell.value)


# -- the sheets ---------------------------------------------------------------------------------------------------------------
class Reader:
    def __init__(self, book, results):
        self.book, self.results = book, results
        self.head = results["innsikt"]
        self.words = Words(self.head["language"], self.head["framework"])
        self.seen = set()  # keys that some cell leads to

    def sheet(self, word):
        title = self.words("sheet." + word)
        return self.book[title] if title in self.book.sheetnames else None

    def rows(self, sheet, table):
        """The table's rows as {header: cell}."""
        grid = sheet[sheet.tables[table].ref]
        heads = [cell.value for cell in grid[0]]
        return [dict(zip(heads, row)) for row in grid[1:]]

    def key_of(self, cell):
        """Where a count leads: the key in that row of Grunnlag."""
        where = f"{cell.parent.title}!{cell.coordinate}"
        link = cell.hyperlink.location if cell.hyperlink else ""
        match = re.fullmatch(r"'?(.+?)'?!\$?A\$?(\d+)", link or "")
        basis = self.sheet("basis")
        if not match or match[1] != basis.title:
            expect(False, f"{where}: leads to {link!r}, not to a row of {basis.title}")
            return None
        key = basis.cell(int(match[2]), 1).value
        self.seen.add(key)
        return key

    def check_basis(self):
        c = lambda word: self.words("column." + word)
        keys = []
        for row in self.rows(self.sheet("basis"), "Grunnlag"):
            key = row[c("key")].value
            keys.append(key)
            figures = at_path(self.results, key)
            expect(isinstance(figures, dict), f"Grunnlag: {key} is no path in results.json")
            if not isinstance(figures, dict):
                continue
            people = figures.get("n", figures.get("people"))
            same(row[c("n")], people, f"n of {key}")
            if "organisations" in figures:
                same(row[c("organisations")], figures["organisations"], f"organisations of {key}")
            same(row[c("seed")], self.head["seed"], "the seed")
            where = f"{key} belongs to a sheet that is not there:"
            expect(row[c("sheet")].value in self.book.sheetnames, where, row[c("sheet")].value)
        expect(len(set(keys)) == len(keys), "Grunnlag: a key stands twice")
        rated = {f"{family}/{subject}" for family in ("robustness", "level", "item", "distribution")
                 for subject in self.results.get(family, {})}
        expect(rated <= set(keys), "Grunnlag: has no row for", sorted(rated - set(keys)))

    def chip(self, figures):
        """A verdict as Robusthet shows it: «not enough to say» with the first of its reasons."""
        reasons = figures["reasons"].split()
        return self.words.verdict(figures) + (": " + self.words("verdict.reason." + reasons[0]) if reasons else "")

    def check_robustness(self):
        sheet = self.sheet("robustness")
        if not sheet:
            return expect(not self.results.get("robustness"), "Robusthet: is not there")
        c = lambda word: self.words("column." + word)
        names = {"robustness": self.words.terms("questions"), "level": self.words.terms("levels")}
        shown = set()
        for row in self.rows(sheet, "Robusthet"):
            key = self.key_of(row[c("answers")])
            figures = at_path(self.results, key or "")
            if not figures:
                continue
            family, subject = key.split("/")
            shown.add(key)
            same_text(row[c("question")], names[family][subject], f"the subject of {key}")
            same_text(row[c("verdict")], self.chip(figures), f"the verdict of {key}")
            is_probability(row[c("probability-of-verdict")], figures, "probability", self.words, self.head["thresholds"])
            runner = figures.get("runner-up")
            steps = self.words.scales[figures["scale"]]
            same_text(row[c("runner-up")], steps[int(runner) - 1] if runner else "–", f"the runner-up of {key}")
            is_probability(row[c("probability")], figures, "runner-up-probability", self.words, self.head["thresholds"])
            same(row[c("interval-low")], figures["mean-low"], f"mean-low of {key}")
            same(row[c("interval-high")], figures["mean-high"], f"mean-high of {key}")
            same_text(row[c("agreement")], self.words("agreement." + figures["agreement-word"]), f"agreement of {key}")
            same(row[c("organisations")], figures["organisations"], f"organisations of {key}")
            same(row[c("answers")], figures["n"], f"n of {key}")
        wanted = {f"{f}/{s}" for f in names for s in self.results.get(f, {})}
        expect(shown == wanted, "Robusthet: shows", sorted(shown), "not", sorted(wanted))
        self.check_groups(sheet)

    def check_groups(self, sheet):
        groups = {label: term for term, label in self.words.terms("groups").items()}
        questions = list(self.words.terms("questions"))
        rows = self.rows(sheet, "RobusthetGruppe")
        for row in rows:
            cells = list(row.values())
            group = groups[cells[1].value]
            most = 0
            for question, cell in zip(questions, cells[2:-1]):
                figures = at_path(self.results, f"robustness/{question}/group={group}")
                same_text(cell, self.chip(figures) if figures else "–", f"{question} of {group}")
                most = max(most, figures["n"] if figures else 0)
            same(cells[-1], most, f"n of {group}")
        wanted = {group for q in self.results.get("robustness", {}).values() for group in q
                  if group.startswith("group=") and q[group]["n"]}
        expect(len(rows) == len(wanted), "Robusthet: shows", len(rows), "groups, not", len(wanted))

    def check_distribution(self):
        sheet = self.sheet("distribution")
        if not sheet:
            return expect(not self.results.get("distribution"), "Fordeling: is not there")
        answers, group_column = self.words("column.answers"), self.words("column.group")
        groups = self.words.terms("groups")
        shown = set()
        for table in sheet.tables:
            if table == "Forskjeller":
                continue
            for row in self.rows(sheet, table):
                key = self.key_of(row[answers])
                figures = at_path(self.results, key or "")
                if not figures:
                    continue
                shown.add(key)
                facet = key.split("/")[2] if key.count("/") == 2 else None
                name = groups[facet.removeprefix("group=")] if facet else self.words("distribution.all")
                same_text(row[group_column], name, f"the group of {key}")
                steps = self.words.scales[figures["scale"]]
                expect(list(row)[2:-3] == steps, f"Fordeling: {key}: the steps are", list(row)[2:-3])
                for k, step in enumerate(steps):
                    same(row[step], figures[f"share-{k + 1}"], f"share-{k + 1} of {key}")
                same(row[self.words("column.agree")], figures["agree"], f"agree of {key}")
                same(row[self.words("column.net")], figures["net"], f"net of {key}")
                same(row[answers], figures["n"], f"n of {key}")
        wanted = {f"distribution/{s}{g}" for s, subject in self.results["distribution"].items() if subject["n"]
                  for g in [""] + ["/" + k for k, v in subject.items() if k.startswith("group=") and v["n"]]}
        expect(shown == wanted, "Fordeling: differs in", sorted(shown ^ wanted))

    def check_scenarios(self):
        sheet = self.sheet("scenarios")
        priorities = self.results.get("scenario", {})
        if not sheet:
            return expect(not priorities, "Scenarioer: is not there")
        c = lambda word: self.words("column." + word)
        classes = ("incomplete", "fragile", "conditional", "robust")
        rows, breaks = self.rows(sheet, "Scenarioer"), self.rows(sheet, "ScenarioerBrudd")
        expect(len(rows) == len(breaks) == len(priorities), "Scenarioer: shows", len(rows), "priorities, not", len(priorities))
        for row, broken, (priority, figures) in zip(rows, breaks, priorities.items()):
            expect(self.key_of(row[c("answers")]) == f"scenario/{priority}", f"Scenarioer: {priority} leads elsewhere")
            cells = list(row.values())
            scenarios = [k for k in figures if k.startswith("scenario=")]
            for cell, scenario in zip(cells[1:], scenarios):
                same(cell, figures[scenario]["distance"], f"{priority} in {scenario}")
            for word, statistic in (("mean", "mean-distance"), ("worst", "worst-distance"), ("largest-regret", "regret"),
                                    ("organisations-short", "organisations"), ("answers", "n")):
                same(row[c(word)], figures[statistic], f"{statistic} of {priority}")
            symbol = dict(zip(classes, "□▼○●"))[figures["class"]]
            same_text(row[c("verdict")], f"{symbol} {self.words('scenario-class.' + figures['class'])}", f"the class of {priority}")
            expect(broken[c("focus")].value == row[c("focus")].value, f"Scenarioer: {priority} is not in the same place twice")
            same(broken[c("rival-weight")], figures["rival-weight"], f"rival-weight of {priority}")
            same(broken[c("among-first")], figures["chance-first"], f"chance-first of {priority}")
            for word in classes[1:]:
                same(broken[self.words("scenario-class." + word)], figures["chance-" + word], f"chance-{word} of {priority}")

    def check_dilemmas(self):
        sheet = self.sheet("dilemmas")
        dilemmas = self.results.get("dilemma", {})
        if not sheet:
            return expect(not dilemmas, "Dilemmaer: is not there")
        c = lambda word: self.words("column." + word)
        rows = self.rows(sheet, "Dilemmaer")
        expect(len(rows) == len(dilemmas), "Dilemmaer: shows", len(rows), "not", len(dilemmas))
        for row, (dilemma, figures) in zip(rows, dilemmas.items()):
            for word, statistic in (("for-a", "for-a"), ("for-b", "for-b"), ("tension", "tension"), ("answers", "n"),
                                    ("organisations-short", "organisations")):
                same(row[c(word)], figures[statistic], f"{statistic} of {dilemma}")
            said = self.words("agreement." + figures["agreement-word"]) if figures["n"] else "–"
            same_text(row[c("agreement")], said, f"the agreement of {dilemma}")

    def differences(self):
        """(question, figures) in the order of results.json: groups, then pairs of methods."""
        for question, figures in self.results.get("difference", {}).items():
            for facet, inner in figures.items():
                if isinstance(inner, dict):
                    yield from ((question, f) for f in ([inner] if "n" in inner else inner.values()))

    def check_differences(self):
        sheet = self.sheet("distribution")
        wanted = list(self.differences())
        if not sheet or "Forskjeller" not in sheet.tables:
            return expect(not wanted or not sheet, "Fordeling: the differences are not there")
        c = lambda word: self.words("column." + word)
        rows = self.rows(sheet, "Forskjeller")
        expect(len(rows) == len(wanted), "Fordeling: shows", len(rows), "differences, not", len(wanted))
        for row, (question, figures) in zip(rows, wanted):
            for word, statistic in (("answers", "n"), ("delta", "delta"), ("delta-low", "delta-low"),
                                    ("delta-high", "delta-high"), ("mean-difference", "mean-difference"),
                                    ("organisations-short", "organisations")):
                same(row[c(word)], figures[statistic], f"{statistic} of a difference on {question}")
            stated = [self.words("difference." + w).split("(")[0] for w in ("higher", "lower")]
            said = row[c("against-others")].value.startswith(tuple(stated))
            expect(said == figures["supported"], f"Fordeling: {question}: {row[c('against-others')].value}, but supported is",
                   figures["supported"])

    def check_rounds(self):
        sheet = self.sheet("rounds")
        wanted = [(f"{family}/{subject}/{before}/{after}", figures)
                  for family in ("change", "change-level") for subject, inner in self.results.get(family, {}).items()
                  for before, inmost in inner.items() for after, figures in inmost.items()]
        if not sheet:
            return expect(not wanted, "Runder: is not there")
        c = lambda word: self.words("column." + word)
        rows = self.rows(sheet, "RunderEndring")
        expect(len(rows) == len(wanted), "Runder: shows", len(rows), "changes, not", len(wanted))
        for row, (key, figures) in zip(rows, wanted):
            expect(self.key_of(row[c("answers")]) == key, f"Runder: {key} leads elsewhere")
            for word in ("change", "change-low", "change-high"):
                same(row[c(word)], figures[word], f"{word} of {key}")
            same(row[c("answers")], figures["n"], f"n of {key}")
            stated = row[c("conclusion")].value in (self.words("change.higher"), self.words("change.lower"))
            expect(stated == figures["supported"], f"Runder: {key}: {row[c('conclusion')].value}")

    def check_findings(self):
        sheet = self.sheet("findings")
        findings = self.results.get("finding", {})
        if not sheet:
            return expect(not findings, "Funn: is not there")
        c = lambda word: self.words("column." + word)
        by_code = {f["code"]: (key, f) for key, f in findings.items()}
        expect(len(by_code) == len(findings), "results.json: a code of a finding stands twice")
        categories = self.words.terms("categories")
        rows = self.rows(sheet, "Funn")
        expect([r[c("id")].value for r in rows] == list(by_code), "Funn: other findings, or in another order")
        for row in rows:
            key, finding = by_code[row[c("id")].value]
            expect(self.key_of(row[c("people")]) == f"finding/{key}", f"Funn: {finding['code']} leads elsewhere")
            same_text(row[c("quadrant")], self.words(f"quadrant.{finding['quadrant']}.one"), "the quadrant")
            same_text(row[c("category")], categories.get(finding.get("category"), "–"), "the category")
            title, called = plain(finding["title"]), plain(row[c("finding")].value)
            expect(called.startswith(title), f"Funn: {finding['code']} is called {called}, not {title}")
            for word, statistic in (("share-of-organisations", "share"), ("organisations", "organisations"),
                                    ("streams", "streams"), ("people", "people"), ("mentions", "mentions")):
                same(row[c(word)], finding[statistic], f"{statistic} of {finding['code']}")
        self.check_swot(by_code)

    def check_swot(self, by_code):
        """Both halves of the page: code, title, organisations."""
        sheet = self.sheet("swot")
        shown = []
        for row in sheet.iter_rows():
            for code, title, number in ((row[0], row[1], row[2]), (row[4], row[5], row[6])):
                if code.value in by_code and isinstance(number.value, (int, float)):
                    finding = by_code[code.value][1]
                    shown.append(code.value)
                    called = plain(title.value)
                    expect(called.startswith(plain(finding["title"])), f"SWOT: {code.value} is called {called}")
                    same(number, finding["organisations"], f"organisations of {code.value}")
        expect(len(set(shown)) == len(shown), "SWOT: a finding stands twice", shown)
        for quadrant in ("strength", "weakness", "opportunity", "threat"):
            codes = [code for code, (_, f) in by_code.items() if f["quadrant"] == quadrant]
            on_page = [code for code in shown if code in codes]
            expect(on_page == codes[:len(on_page)], f"SWOT: {quadrant}: {on_page} are not the first of {codes}")
            expect(bool(on_page) == bool(codes), f"SWOT: no {quadrant} is shown")

    def check_statements(self):
        sheet = self.sheet("statements")
        statements = self.results.get("statement", {})
        if not sheet:
            return expect(not statements, "Utsagn: is not there")
        rows = self.rows(sheet, "Utsagn")
        ids = [row[self.words("column.statement-id")].value for row in rows]
        expect(len(ids) == len(statements) and all(key.startswith(i) for key, i in zip(statements, ids)),
               f"Utsagn: {len(ids)} rows for {len(statements)} statements, or in another order")
        for row, (key, statement) in zip(rows, statements.items()):
            quadrant = self.words.labels["quadrant"].get(statement["quadrant"], {}).get("one")
            if quadrant:
                same_text(row[self.words("column.quadrant")], self.words.text(quadrant), f"the quadrant of {key}")
            same_text(row[self.words("column.source")], statement["source"], f"the source of {key}")

    def check_situation(self, side, helpful, harmful):
        """Intern or Omverden: a table of categories, one of themes within them, and on Omverden one of trends."""
        sheet, c = self.sheet(side), lambda word: self.words("column." + word)
        categories = self.results.get(side, {})
        if not sheet:
            return expect(not categories, f"{side}: has no sheet")
        name = {"internal": "Intern", "external": "Omverden"}[side]
        shown = []
        for row in self.rows(sheet, name + "Kategori"):
            shown.append(self.key_of(row[c("people")]).split("/")[1])
            figures = categories[shown[-1]]
            same(row[c("people")], figures["people"], f"people of {shown[-1]}")
            same(row[c("organisations")], figures["organisations"], f"organisations of {shown[-1]}")
            for quadrant in (helpful, harmful):
                head = next(h for h in row if h.startswith(self.words.text(self.words.labels["quadrant"][quadrant])))
                same(row[head], figures[f"statements-{quadrant}"], f"{quadrant} of {shown[-1]}")
        expect(shown == list(categories), f"{name}: shows {shown}, not {list(categories)}")
        wanted = {f"{side}/{category}/{key}" for category, figures in categories.items() for key in figures if "=" in key}
        lines = self.rows(sheet, name) if wanted else []
        found = {self.check_theme(row, c) for row in lines}
        expect(found == wanted, f"{name}: shows {len(found)} themes, not the {len(wanted)} of results.json")
        trends = self.results.get("trend", {}) if side == "external" else {}
        keys = [self.check_counts(row, c) for row in (self.rows(sheet, "Trender") if trends else [])]
        expect(sorted(keys) == sorted(f"trend/{t}" for t in trends), f"{name}: shows other trends", keys)

    def check_needs(self):
        sheet, c = self.sheet("needs"), lambda word: self.words("column." + word)
        needs, groups = self.results.get("need", {}), self.results.get("need-group", {})
        if not sheet:
            return expect(not needs, "Behov: is not there")
        names, shown = self.words.terms("need_groups"), []
        pair = next(iter(self.results.get("need-overlap", {})), None)
        labels = {names[p]: f"group{i}" for i, p in enumerate(pair[5:].split("+"), 1)} if pair else {}
        labels |= {self.words("needs.shared"): "shared", self.words("needs.weak"): "weak",
                   self.words("verdict.insufficient"): "unclassed"}
        for row in self.rows(sheet, "Behov"):
            key = self.key_of(row[c("people")])
            figures = at_path(self.results, key)
            shown.append(key.split("/")[1])
            same(row[c("people")], figures["people"], f"people of {key}")
            for group in groups:
                head = next(h for h in row if h.startswith(names[group] + " ("))
                same(row[head], figures[f"group={group}"]["share"], f"share of {key} in {group}")
            for word, statistic in (("overlap", "overlap"), ("difference", "difference"),
                                    ("difference-low", "difference-low"), ("difference-high", "difference-high")):
                if pair:
                    same(row[c(word)], figures[pair][statistic], f"{statistic} of {key}")
            if pair:
                expect(labels.get(row[c("need-class")].value) == figures[pair]["class"], f"Behov: the class of {key} is",
                       row[c("need-class")].value, "not", figures[pair]["class"])
        expect(shown == list(needs), "Behov: shows other needs, or in another order")
        if pair:
            values = [row[c("likeness")] for row in self.rows(sheet, "BehovLikhet")]
            for cell, statistic in zip(values, ("ruzicka", "ruzicka-practical", "ruzicka-underlying")):
                same(cell, self.results["need-overlap"][pair][statistic], statistic)

    def check_guidance(self):
        sheet, c = self.sheet("guidance"), lambda word: self.words("column." + word)
        documents, themes = self.results.get("document", {}), self.results.get("guidance", {})
        if not sheet:
            return expect(not documents, "Føringer: is not there")
        terms = {t["id"]: t for t in self.words.framework.get("document_themes", [])}
        heads = {t: self.words.text(terms[t].get("brief") or terms[t]["label"]) for t in terms}
        said = {s: self.words("direction." + s) for s in ("for", "against", "both", "mentions")} | {"none": "–"}
        rows = self.rows(sheet, "Foringer")
        expect(len(rows) == len(documents), f"Føringer: shows {len(rows)} documents of {len(documents)}")
        for row, (key, figures) in zip(rows, documents.items()):
            if figures["title"]:
                same_text(row[c("document")], plain(figures["title"]), f"title of {key}")
            same(row[c("year")], figures["year"], f"year of {key}")
            same(row[c("accord")], figures["with=others"]["agreement"], f"agreement of {key}")
            for theme, head in heads.items():
                same_text(row[head], said[figures[f"theme={theme}"]["direction"]], f"{theme} in {key}")
        for row in self.rows(sheet, "ForingerTema") if themes else []:
            key = self.key_of(row[c("speak-of")])
            figures = themes[key.split("/")[1]]
            same(row[c("speak-of")], figures["n"], f"n of {key}")
            for head, statistic in ((c("coverage-share"), "coverage"), (c("balance"), "balance"), (c("conflict"), "conflict"),
                                    *((said[s], s) for s in ("for", "against", "both"))):
                same(row[head], figures[statistic], f"{statistic} of {key}")

    def check_tows(self):
        sheet, told = self.sheet("tows"), self.results.get("tows", {})
        if not sheet:
            return expect(not told, "TOWS: is not there")
        ids = {figures["code"]: key for key, figures in self.results["finding"].items()}
        linked = any(pair["strength"] is not None for pairs in told.values() for pair in pairs.values())
        for row in self.rows(sheet, "Tows"):
            cells = list(row.items())
            pairs = told.get(ids[cells[0][1].value], {})
            for head, cell in cells[2:]:
                pair = pairs.get("with=" + ids[head.split(" ")[0]], {})
                same(cell, pair.get("strength" if linked else "together"), f"{cells[0][1].value} × {head}")

    def check_counts(self, row, c):
        key = self.key_of(row[c("people")])
        figures = at_path(self.results, key) or {}
        for head, statistic in (("people", "people"), ("organisations", "organisations"), ("mentions", "statements")):
            same(row[c(head)], figures.get(statistic), f"{statistic} of {key}")
        return key

    def check_theme(self, row, c):
        key = self.check_counts(row, c)
        finding = self.results["finding"][key.split("finding=")[1]]
        same_text(row[c("points-to")], self.words(f"quadrant.{finding['quadrant']}.one"), f"where {key} points")
        theme = self.results["theme"][finding["theme"]]
        same(row[c("theme-agreement")], theme[f"share-{finding['quadrant']}"], f"agreement of {key}")
        return key

    def check_status(self):
        sheet, status = self.sheet("status"), self.results.get("status")
        if not sheet:
            return expect(not status, "Status: is not there")
        c = lambda word: self.words("column." + word)
        dots = {"grey": "○○○", "red": "●○○", "yellow": "●●○", "green": "●●●"}
        said = lambda light: f"{dots[light]} " + self.words("progress.grey" if light == "grey" else f"light.{light}")
        rows = {row[c("number")].value: row for row in self.rows(sheet, "Status")}
        expect(list(rows) == list(status), "Status: shows", list(rows), "not", list(status))
        for area, row in rows.items():
            same_text(row[c("progress")], said(status[area]["light"]), f"the light of {area}")
            same_text(row[c("heading")], self.words("progress." + status[area]["direction"]), f"the heading of {area}")
            same(row[c("n")], status[area]["n"], f"n of {area}")
        for row in self.rows(sheet, "StatusGrunnlag"):
            figures = status[row[c("number")].value]
            same(row[c("kpi-ratio")], figures["kpi-ratio"], "a kpi-ratio")
            same(row[c("activity-ratio")], figures["activity-ratio"], "an activity-ratio")
            expect(row[c("judgement")].value.startswith(said(figures["judgement"])), "Status: another judgement")
        kpis = [figures for area in status.values() for key, figures in area.items() if key.startswith("kpi=")]
        lines = self.rows(sheet, "StatusKPI") if kpis else []
        expect(len(lines) == len(kpis), f"Status: {len(lines)} key figures, not {len(kpis)}")
        for row, figures in zip(lines, kpis):
            for head, statistic in (("target", "target"), ("newest-value", "value"), ("change", "change")):
                same(row[c(head)], figures[statistic], f"{statistic} of a key figure")
            same_text(row[c("verdict")], said(figures["light"]), "the light of a key figure")

    def check_goals(self):
        sheet, goals = self.sheet("sustainability"), self.results.get("goal")
        if not sheet:
            return expect(not goals, "Bærekraft: is not there")
        c = lambda word: self.words("column." + word)
        names = self.words.terms("un_goals") | {f"area={key}": name for kind in ("areas", "focus_areas")
                                                for key, name in self.words.terms(kind).items()}
        rows = self.rows(sheet, "Baerekraft")
        expect([row[c("goal")].value for row in rows] == [names[goal] for goal in goals], "Bærekraft: shows other goals")
        for row, (goal, figures) in zip(rows, goals.items()):
            steps, low = len(self.words.scales[figures["scale"]]), int(figures["step-low"] or 0)
            dots = "●" * low + "○" * (steps - low)
            same_text(row[self.words("criterion.maturity")], f"{dots} {self.words.verdict(figures)}", f"maturity of {goal}")
            is_probability(row[c("probability")], figures, "probability", self.words, self.head["thresholds"])
            same_text(row[c("agreement")], self.words("agreement." + figures["agreement-word"]), f"agreement of {goal}")
            same(row[c("organisations")], figures["organisations"], f"organisations of {goal}")
            same(row[c("n")], figures["n"], f"n of {goal}")

    def check_plan(self):
        sheet, plan = self.sheet("plan"), self.results.get("plan")
        if not sheet:
            return expect(not plan, "Plan: is not there")
        c = lambda word: self.words("column." + word)
        shown = {row[c("number")].value: row for row in self.rows(sheet, "Plan")}
        parent = {a["id"]: a["focus_area"] for a in self.words.framework.get("activities", [])}
        columns = [(self.words("criterion.importance"), "importance"), (self.words("criterion.practice"), "practice"),
                   (c("gap"), "gap")]
        for number, row in shown.items():
            figures = plan[parent[number]].get(f"activity={number}", {}) if number in parent else \
                plan.get(number, plan.get(f"area={number}", {}))
            for head, statistic in columns:
                if head in row:
                    same(row[head], figures.get(statistic), f"{statistic} of {number}")
            if "n" in figures:
                same(row[c("answers")], figures["n"], f"n of {number}")
            state = figures.get("part=state", {}).get("state", "unknown")
            if number in parent:
                said = self.words("plan.unknown" if state == "unknown" else f"state.{state}")
                expect(str(row[c("state")].value).startswith(said), f"Plan: {number} is", row[c("state")].value, "not", said)
        rated = {key.removeprefix("area=") for key, figures in plan.items() if "n" in figures}
        expect(rated <= set(shown), "Plan: has no row for", sorted(rated - set(shown)))

    def check_cover(self):
        sheet = self.sheet("cover")
        expect(sheet.cell(1, 1).value == self.head["title"], "Forside: has another title")
        texts = [cell.value for row in sheet.iter_rows() for cell in row if isinstance(cell.value, str)]
        for question, figures in self.results.get("robustness", {}).items():
            expect(self.words.verdict(figures) in texts, f"Forside: does not say {self.words.verdict(figures)} of {question}")
            expect(any(f"{figures['n']} " in t and f"{figures['organisations']} " in t for t in texts),
                   f"Forside: does not say what the answer to {question} rests on")
        size = self.results["involvement"]["all"]
        expect(any(re.search(rf"\b{size['people']}\b.*\b{size['organisations']}\b", t.replace("\xa0", "")) for t in texts),
               "Forside: does not say how many were heard")
        for row in self.rows(sheet, "Innhold"):
            expect(next(iter(row.values())).value in self.book.sheetnames, "Forside: names a sheet that is not there")

    def check(self):
        self.check_basis()
        self.check_cover()
        self.check_robustness()
        self.check_distribution()
        self.check_scenarios()
        self.check_dilemmas()
        self.check_differences()
        self.check_rounds()
        self.check_findings()
        self.check_tows()
        self.check_situation("internal", "strength", "weakness")
        self.check_situation("external", "opportunity", "threat")
        self.check_needs()
        self.check_guidance()
        self.check_statements()
        self.check_status()
        self.check_goals()
        self.check_plan()
        hidden = [s.title for s in self.book if s.sheet_state != "visible"]
        expect(not any(s._charts for s in self.book) or "_diagram" in hidden, "_diagram: is not there, or not hidden")


def main(arguments):
    workbook, results = arguments if len(arguments) == 2 else (ROOT / "build/demo/innsikt.xlsx", ROOT / "build/demo/results.json")
    warnings.simplefilter("ignore")  # openpyxl warns of extensions that it does not keep; nothing is written here
    check_parts(read_parts(workbook))
    book = openpyxl.load_workbook(workbook)
    check_cells(book)
    Reader(book, json.loads(pathlib.Path(results).read_text())).check()
    for difference in differences[:50]:
        print(difference)
    print(f"{workbook}: {compared} things read back, {len(differences)} different")
    return 1 if differences else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
