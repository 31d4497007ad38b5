"""The workbook, read by another reader, against results.json and the framework's own labels."""
import functools
import re
import warnings
import zipfile

import openpyxl

from .reading import LANGUAGES, ROOT, label_in, load_yaml


@functools.lru_cache(None)
def labels():
    """The program's words: dotted key → {language: text}."""
    flat = {}

    def walk(node, prefix):
        for key, value in node.items():
            path = f"{prefix}.{key}" if prefix else key
            if isinstance(value, dict):
                walk(value, path)
            else:
                flat.setdefault(prefix, {})[key] = value
    walk(load_yaml(ROOT / "schemas/labels.yaml"), "")
    return flat


def words_in(language):
    return lambda key: labels()[key][language]


def clean(text):
    """As the program's text gate leaves it."""
    return re.sub(r"\r\n?", "\n", text)


class Sheets:
    def __init__(self, path, project, results):
        self.path, self.results, self.framework = path, results, project.framework
        self.language, self.project = project.language, project
        self.words = words_in(project.language)
        self.faults, self.where = [], ""
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of extensions that openpyxl would lose if it wrote
            self.book = openpyxl.load_workbook(path)

    def check(self):
        self.names()
        self.robustness()
        self.cover()
        self.distribution()
        self.findings()
        self.swot()
        self.basis()
        self.strangers()
        return self.faults

    # --- helpers

    def same(self, what, expected, got, tolerance=1e-9):
        if isinstance(expected, (int, float)) and isinstance(got, (int, float)):
            if abs(expected - got) <= tolerance * max(1, abs(expected)):
                return
        elif expected == got:
            return
        self.faults.append(f"{self.where} {what}: expected {expected!r}, got {got!r}")

    def inside(self, what, part, whole):
        if part not in whole:
            self.faults.append(f"{self.where} {what}: {part!r} is not in {whole!r}")

    def has(self, key):
        return key in self.results

    def figure(self, path, statistic):
        return self.results[f"{path}/{statistic}"]

    def rows(self, word):
        """Every row of a sheet as plain values."""
        sheet = self.book[self.words(f"sheet.{word}")]
        self.where = sheet.title
        return [list(row) for row in sheet.iter_rows(values_only=True)]

    def label(self, term):
        return label_in(term.label, self.language)

    def find_row(self, rows, text, start=0):
        for i in range(start, len(rows)):
            if rows[i][0] == text:
                return i
        self.faults.append(f"{self.where}: there is no row that begins with {text!r}")
        return None

    def verdict_words(self, path):
        outcome = self.figure(path, "verdict")
        steps = [label_in(l, self.language) for l in self.framework.verdict.labels]
        if outcome == "firm":
            return steps[self.figure(path, "step-low") - 1]
        if outcome == "range":
            low, high = (steps[self.figure(path, f"step-{end}") - 1] for end in ("low", "high"))
            return self.words("verdict.range").format(low=low, high=high[:1].lower() + high[1:])
        return self.words(f"verdict.{outcome}")

    def verdict_with_reason(self, path):
        """As Robusthet shows it: «not enough to say» with the first of its reasons."""
        reasons = self.figure(path, "reasons").split()
        return self.verdict_words(path) + (f": {self.words('verdict.reason.' + reasons[0])}" if reasons else "")

    def probability(self, what, path, statistic, got):
        p = self.figure(path, statistic)
        if p is not None and self.figure(path, "n-eff") < self.project.thresholds["verdict-words-below"]:
            word = next(w for least, w in ((0.9, "very"), (0.75, "four-of-five"), (0.6, "two-of-three"),
                                           (0.4, "half"), (0, "less")) if p >= least)
            self.same(what, self.words(f"probability.{word}"), got)
        else:
            self.number(what, p, got)

    def number(self, what, value, got):
        self.same(what, "–" if value is None else value, got)

    # --- sheets

    def names(self):
        self.where = "workbook"
        rated = any(k.startswith(("robustness/", "level/", "item/", "distribution/")) for k in self.results)
        found, said = (any(k.startswith(f"{w}/") for k in self.results) for w in ("finding", "statement"))
        shown = ["cover"] + ["robustness"] * rated + \
            ["distribution"] * any(k.startswith("distribution/") for k in self.results) + \
            ["swot", "findings"] * found + \
            [w for w in ("tows", "internal", "external") if any(k.startswith(f"{w}/") for k in self.results)] + \
            ["involvement"] * any(k.startswith(("involvement/all/group=", "involvement/no-group")) for k in self.results) + \
            ["rounds"] * any(k.startswith(("change/", "change-level/")) for k in self.results) + \
            ["statements"] * said + ["basis", "method"]
        names = [s.title for s in self.book.worksheets if s.sheet_state == "visible"]
        self.same("sheets", [self.words(f"sheet.{w}") for w in shown], names)
        self.has_sheet = {w: self.words(f"sheet.{w}") in names for w in shown}

    def robustness(self):
        if not self.has_sheet.get("robustness"):
            return
        rows = self.rows("robustness")
        at = self.find_row(rows, self.words("column.number"))
        expected = [(str(i), q, f"robustness/{q.id}") for i, q in enumerate(self.framework.lists["questions"], 1)]
        expected += [(self.words("robustness.level"), l, f"level/{l.id}") for l in self.framework.lists["levels"]]
        for nr, term, path in expected:
            if not self.has(f"{path}/n"):
                continue
            at += 1
            cells = rows[at]
            self.same(f"{path} Nr", nr, cells[0])
            self.same(f"{path} label", self.label(term), cells[1])
            self.same(f"{path} verdict", self.verdict_with_reason(path), cells[2])
            self.probability(f"{path} probability", path, "probability", cells[3])
            second = self.figure(path, "runner-up")
            steps = self.framework.verdict.labels
            self.same(f"{path} runner-up", label_in(steps[second - 1], self.language) if second else "–", cells[4])
            self.probability(f"{path} runner-up", path, "runner-up-probability", cells[5])
            for column, statistic in ((6, "mean-low"), (7, "mean-high"), (9, "organisations"), (10, "n")):
                self.number(f"{path} {statistic}", self.figure(path, statistic), cells[column])
            self.same(f"{path} agreement", self.words("agreement." + self.figure(path, "agreement-word")), cells[8])
        self.inside("A3", f"{self.project.thresholds['interval-level'] * 100:.0f}\u00a0%", rows[2][0])
        self.groups(rows)

    def groups(self, rows):
        at = self.find_row(rows, self.words("robustness.groups"))
        if at is None:
            return
        at, questions = at + 1, self.framework.ids("questions")
        number = 0
        for group in self.framework.lists["groups"]:
            paths = [f"robustness/{q}/group={group.id}" for q in questions]
            most = max((self.figure(p, "n") for p in paths if self.has(f"{p}/n")), default=0)
            if not most:
                continue
            at, number = at + 1, number + 1
            chips = [self.verdict_with_reason(p) if self.has(f"{p}/n") else "–" for p in paths]
            self.same(f"group {group.id}", [str(number), self.label(group)] + chips + [most],
                      rows[at][:len(chips) + 3])

    def cover(self):
        rows = self.rows("cover")
        self.same("title", clean(self.project.title), rows[0][0])
        at = self.find_row(rows, self.words("cover.answers"))
        for q in self.framework.lists["questions"]:
            path = f"robustness/{q.id}"
            if at is None or not self.has(f"{path}/n"):
                continue
            at += 1
            claim = label_in(q.detail, self.language) or self.label(q)
            self.same(f"{path} chip and claim", [self.verdict_words(path), claim], rows[at][:2])
            n = self.figure(path, "n")
            answers = self.words("count.answer" if n == 1 else "count.answers").format(n=n)
            self.inside(path, answers, rows[at][2])

    def distribution(self):
        if not self.has_sheet.get("distribution"):
            return
        rows, at = self.rows("distribution"), 0
        self.inside("A3", self.words(f"method.weight-{self.project.weight}"), rows[2][0])
        for term in self.framework.lists["items"] + self.framework.lists["questions"]:
            path = f"distribution/{term.id}"
            if not self.has(f"{path}/n") or not self.figure(path, "n"):
                continue
            heading = self.label(term)
            if term in self.framework.lists["questions"]:
                heading = self.words("distribution.direct").format(question=heading)
            at = self.find_row(rows, heading, at)
            if at is None:
                return
            scale = self.framework.scales[self.figure(path, "scale")]
            self.same(f"{path} header", [self.words("column.group"), self.words("column.answers")] +
                      [label_in(l, self.language) for l in scale.labels] +
                      [self.words("column.agree"), self.words("column.net"),
                       self.words("column.organisations-short")], rows[at + 1][:scale.n + 5])
            lines = [(self.words("distribution.all"), path)]
            groups = [(self.label(g), f"{path}/group={g.id}") for g in self.framework.lists["groups"]]
            groups = [g for g in groups if self.has(f"{g[1]}/n") and self.figure(g[1], "n")]
            groups.sort(key=lambda g: -1 if self.figure(g[1], "agree") is None
                        else round(self.figure(g[1], "agree"), 12), reverse=True)
            at += 1
            for name, key in lines + groups:
                at += 1
                self.same(f"{key} name", name, rows[at][0])
                statistics = ["n"] + [f"share-{k}" for k in range(1, scale.n + 1)] + ["agree", "net", "organisations"]
                for column, statistic in enumerate(statistics, 1):
                    self.number(f"{key} {statistic}", self.figure(key, statistic), rows[at][column])

    def found(self):
        """Finding ids in the order of results.json, which is by quadrant and rank."""
        return list(dict.fromkeys(k.split("/")[1] for k in self.results if k.startswith("finding/")))

    def findings(self):
        if not self.has_sheet.get("findings"):
            return
        rows = self.rows("findings")
        at = self.find_row(rows, self.words("column.id"))
        streams = {s.id: s.letter or s.id for s in self.framework.lists["streams"]}
        categories = {c.id: self.label(c) for c in self.framework.lists["categories"]}
        for finding in self.found():
            at += 1
            figure = functools.partial(self.figure, f"finding/{finding}")
            title = clean(figure("title"))
            letters = " ".join(streams[s] for s in figure("streams-named").split()) or "–"
            cells = rows[at]
            self.same(f"{finding} head", [figure("code"), self.words(f"quadrant.{figure('quadrant')}.one"),
                                          categories.get(figure("category"), "–")], cells[:3])
            if not cells[3].startswith(title):
                self.same(f"{finding} title", title, cells[3])
            self.same(f"{finding} letters", letters, cells[4])
            for column, statistic in ((5, "share"), (6, "organisations"), (7, "streams"), (8, "people"),
                                      (9, "mentions")):
                self.number(f"{finding} {statistic}", figure(statistic), cells[column])
            settled, axis = figure("settlement"), figure("axis")
            word = f"settlement.{settled}" + (f"-{axis}" if settled == "contested" and axis else "")
            self.same(f"{finding} settlement", self.words(word), cells[10])
        self.same("rows below the findings", None, rows[at + 1][0] if at + 1 < len(rows) else None)

    def swot(self):
        if not self.has_sheet.get("swot"):
            return
        rows = self.rows("swot")
        shown = {row[c]: (row[c + 1], row[c + 2]) for row in rows[6:] for c in (0, 4) if row[c]}
        most = 8
        for finding in self.found():
            figure = functools.partial(self.figure, f"finding/{finding}")
            if int(re.sub(r"\D", "", figure("code"))) > most:
                continue
            title = clean(figure("title")) + (" ◊" if figure("settlement") == "contested" else "")
            self.same(f"{figure('code')}", (title, figure("organisations")), shown.get(figure("code")))

    def basis(self):
        rows = self.rows("basis")
        at = self.find_row(rows, self.words("column.key"))
        paths = {k.rsplit("/", 1)[0] for k in self.results}
        for row in rows[at + 1:]:
            if row[0] and row[0] not in paths:
                self.faults.append(f"{self.where}: {row[0]!r} is no key of results.json")
            if row[0] and self.has(f"{row[0]}/n"):
                self.same(f"{row[0]} n", self.figure(row[0], "n"), row[4])

    def strangers(self):
        """No name of the built-in frameworks anywhere in the file."""
        own = str(self.framework.raw) + str(labels()) + str(self.project.raw)
        with zipfile.ZipFile(self.path) as package:
            parts = {name: package.read(name).decode("utf-8", "replace") for name in package.namelist()}
        for name in builtin_names():
            if name in own:
                continue
            self.faults += [f"{part} holds {name!r}, a name of a built-in framework"
                            for part, text in parts.items() if name in text]


@functools.lru_cache(None)
def builtin_names():
    """Labels of the built-in frameworks that are long enough to be nobody else's, and ids with a hyphen in them."""
    names = set()

    def walk(node, key):
        if isinstance(node, dict):
            for k, v in node.items():
                walk(v, key if k in LANGUAGES else k)
        elif isinstance(node, list):
            for v in node:
                walk(v, key)
        elif (key in ("label", "brief", "detail", "title") and len(node) >= 8) or (key == "id" and "-" in node):
            names.add(node)
    for path in sorted((ROOT / "schemas/frameworks").glob("*.yaml")):
        walk(load_yaml(path), "")
    return sorted(names)
