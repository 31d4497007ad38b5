"""A project folder read a second time: project.yaml, framework and CSV files become people, organisations, ratings and
statements, by the rules for people and organisations that the program follows too."""
import csv
import dataclasses
import glob
import hashlib
import hmac
import io
import pathlib
import re
import struct
import unicodedata

import yaml

ROOT = pathlib.Path(__file__).resolve().parents[3]
LANGUAGES = ("nb", "nn", "en")
MISSING = ("not_shown", "not_answered", "not_in_version", "dont_know", "not_applicable", "unreadable", "unknown")
METHODS = ("survey", "interview", "workshop", "document", "validation")


def nfc(text):
    return unicodedata.normalize("NFC", text)


def fold(text):
    return " ".join(nfc(nfc(text).casefold()).split())


def load_yaml(path):
    """Every scalar as the text that stands there: a code 98 is "98", a word no is "no"."""
    return yaml.load(pathlib.Path(path).read_text(encoding="utf-8"), Loader=yaml.BaseLoader)


def thresholds_declared():
    """Keys and defaults of threshold.def, in order."""
    text = (ROOT / "schemas/threshold.def").read_text(encoding="utf-8")
    rows = re.findall(r'THRESHOLD\((\w+), "([\w-]+)", ([\d.]+),', text)
    return {key: float(default) for _, key, default in rows}


# --- the framework -----------------------------------------------------------------------------------------------

@dataclasses.dataclass
class Term:
    id: str
    label: dict
    brief: dict
    detail: dict
    letter: str
    kind: str
    level: str
    question: str
    patterns: list


def label(value):
    return {} if value is None else {l: nfc(value) for l in LANGUAGES} if isinstance(value, str) else value


def label_in(texts, language):
    return texts.get(language) or next((texts[l] for l in LANGUAGES if l in texts), "")


def as_list(value):
    return [] if not value else [value] if isinstance(value, str) else value


def listed(value):
    """A list that may be left empty: without a value, or null."""
    return value if isinstance(value, list) else []


class Scale:
    def __init__(self, entry, missing):
        self.id = entry["id"]
        self.labels = [label(step["label"]) for step in entry["steps"]]
        self.n = len(self.labels)
        self.map = [int(step["map"]) if "map" in step else None for step in entry["steps"]]
        self.agree = [step.get("agree") == "true" for step in entry["steps"]]
        self.codes = {word: word for word in MISSING}
        self.codes |= missing | (entry.get("missing") or {})
        for k, step in enumerate(entry["steps"], 1):
            self.codes |= {code: k for code in (as_list(step["codes"]) if "codes" in step else [str(k)])}

    def read(self, code):
        """A step 1…n, or the word for why there is none."""
        return self.codes.get(code.strip(), "unreadable") if code.strip() else "not_answered"


class Framework:
    LISTS = ("levels", "questions", "items", "groups", "streams", "categories", "themes", "trends", "areas",
             "focus_areas", "scenarios")

    def __init__(self, path):
        raw = load_yaml(path)
        self.raw, self.id = raw, raw["id"]
        self.scales = {s["id"]: Scale(s, raw.get("missing") or {}) for s in raw["scales"]}
        self.verdict = self.scales[raw["verdict_scale"]]
        self.default_scale = self.scales.get(raw.get("default_scale"))
        self.citizens = raw.get("citizen_group")
        self.lists = {name: [self.term(t) for t in listed(raw.get(name))] for name in self.LISTS}
        level_of = {q.id: q.level for q in self.lists["questions"]}
        for item in self.lists["items"]:
            item.level = item.level or level_of[item.question]
        self.names = {name: self.typed(terms) for name, terms in self.lists.items()}

    @staticmethod
    def term(t):
        return Term(t["id"], label(t["label"]), label(t.get("brief")), label(t.get("detail")), t.get("letter"),
                    t.get("kind"), t.get("level"), t.get("question"), as_list(t.get("patterns")))

    @staticmethod
    def typed(terms):
        """What people may type for a term: ids before labels before letters; what names two names none."""
        ids = {fold(t.id): t.id for t in terms}
        labels, letters = {}, {}
        for t in terms:
            for text in {fold(x) for x in t.label.values()}:
                labels.setdefault(text, set()).add(t.id)
            if t.letter:
                letters.setdefault(fold(t.letter), set()).add(t.id)
        known = {}
        for table in (letters, labels):
            known |= {text: next(iter(who)) if len(who) == 1 else None for text, who in table.items()}
        return known | ids

    def match(self, name, text):
        if text is None:
            return None
        exact = any(t.id == text for t in self.lists[name])
        return text if exact else self.names[name].get(fold(text))

    def ids(self, name):
        return [t.id for t in self.lists[name]]

    def find(self, name, term_id):
        return next(t for t in self.lists[name] if t.id == term_id)


# --- the project -------------------------------------------------------------------------------------------------

class Mapping:
    LEAD = {"attribute": "name", "rating": "item", "statement": "quadrant"}

    def __init__(self, question, entry, framework):
        self.question, self.role = nfc(question), "ignore"
        self.values, self.recode, self.recodes, self.scale = {}, {}, {}, None
        if entry == "ignore":
            return
        self.role = next(r for r in entry if r not in ("values", "scale"))
        body = entry[self.role]
        if isinstance(body, str):
            body = {self.LEAD.get(self.role, self.role): body}
        self.values = {k: v for k, v in body.items() if k not in ("values", "scale")}
        if self.role in ("rating", "goal", "dilemma"):
            name = entry.get("scale") or body.get("scale")
            self.scale = framework.scales[name] if name else framework.default_scale
        recode = entry.get("values") or body.get("values") or {}
        if any(isinstance(v, dict) for v in recode.values()):
            self.recode = recode.get(self.role, {})
            self.recodes = {k: v for k, v in recode.items() if k != self.role}
        else:
            self.recode = recode
            self.recodes = {k[:-5]: recode for k in self.values if k.endswith("_from")}

    def covers(self, question):
        return self.row(question) is not None

    def row(self, question):
        """What the star stands for; "" without one; None: another question."""
        if "[*]" not in self.question:
            return "" if self.question == question else None
        head, tail = self.question.split("[*]")
        found = re.fullmatch(re.escape(head) + r"\[([^\]]+)\]" + re.escape(tail), question)
        return found[1] if found else None


class Source:
    def __init__(self, name, entry, framework):
        self.name, self.entry = name, entry
        self.method = entry.get("method", "survey")
        self.mappings = [Mapping(q, m, framework) for q, m in (entry.get("questions") or {}).items()]
        self.support = {v for m in self.mappings for k, v in m.values.items() if k.endswith("_from")}
        self.group = framework.match("groups", entry.get("group"))

    def mapping(self, question):
        return next((m for m in self.mappings if m.covers(question)), None)

    def wants(self, question):
        mapping = self.mapping(question)
        return mapping.role != "ignore" if mapping else question in self.support


def cell_code(text):
    """Blanks around a code go, and decimals that say nothing: 4,0 is 4."""
    text = nfc(text.strip())
    plain = re.fullmatch(r"(-?\d+)[.,]0+", text)
    return plain[1] if plain else text


def read_table(path, separator=None):
    raw = path.read_bytes()
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = raw.decode("cp1252")
    first = re.split(r"\r?\n", text, maxsplit=1)[0]
    if first.startswith("sep="):
        separator, text = first[4], text[len(first):].lstrip("\r\n")
    bare = re.sub(r'"[^"]*"', "", text.split("\n", 1)[0])
    separator = separator or max(";,\t", key=bare.count)
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=separator))


@dataclasses.dataclass
class Response:
    id: str
    answers: dict  # question → text, or None with a reason in `missing`; in the order of the columns
    missing: dict


def id_order(response):
    """Numbers by size, then the rest by bytes: the order in which the store gives responses back."""
    return (len(response.id) if response.id.isascii() and response.id.isdigit() else 2 ** 31, response.id.encode())


def read_responses(source, folder):
    id_column, seen, responses = nfc(source.entry["id"]), [], []
    tables = [read_table(pathlib.Path(p)) for p in sorted(glob.glob(str(folder / source.entry["path"])))]
    for table in tables:
        seen += [q for q in map(nfc, table[0]) if source.wants(q) and q not in seen]
    for header, *rows in tables:
        columns = [nfc(h) for h in header]
        for row in rows:
            if not any(cell.strip() for cell in row):
                continue
            cells = dict(zip(columns, row))
            response = Response(cell_code(cells[id_column]), {}, {})
            for question in seen:
                cell = cells.get(question)
                blank = cell is None or not cell.strip()
                response.answers[question] = None if blank else cell
                if blank:
                    response.missing[question] = "not_in_version" if cell is None else "not_answered"
            responses.append(response)
    return sorted(responses, key=id_order)


# --- the data set ------------------------------------------------------------------------------------------------

@dataclasses.dataclass
class Unit:
    """An organisation, or what counts as one."""
    name: str = None
    citizen: bool = False

    @property
    def named(self):
        return self.name is not None


@dataclasses.dataclass
class Voice:
    unit: object  # key into units
    group: str


@dataclasses.dataclass
class Record:
    source: Source
    id: str
    person: object
    group: str
    participants: int
    voices: list
    wave: str
    workshop: object
    submitted: str


@dataclasses.dataclass
class Rating:
    record: int
    kind: str  # "items" or "questions"
    index: str
    scale: Scale
    wave: str
    variable: int
    answer: object  # a step, or the word for why there is none


@dataclasses.dataclass
class Statement:
    id: str
    text: str
    record: int
    given: str
    origin: str
    polarity: str
    category: str
    stream: str


QUADRANT = {("internal", "helpful"): "strength", ("internal", "harmful"): "weakness",
            ("external", "helpful"): "opportunity", ("external", "harmful"): "threat"}
WORDS_OF = {word: pair for pair, word in QUADRANT.items()}
LETTERS = {"s": "strength", "w": "weakness", "o": "opportunity", "t": "threat"}


def parse_quadrant(text):
    word = (text or "").lower()
    return LETTERS.get(word) or (word if word in WORDS_OF else None)


class Project:
    def __init__(self, folder, secret):
        self.folder = pathlib.Path(folder)
        raw = load_yaml(self.folder / "project.yaml")
        name = raw["framework"]
        inside = self.folder / name if name.endswith(".yaml") else ROOT / "schemas/frameworks" / f"{name}.yaml"
        self.framework = Framework(inside)
        self.raw, self.title, self.language = raw, raw["title"], raw.get("language", "nb")
        analysis = raw.get("analysis") or {}
        self.weight = analysis.get("weight", "organisation")
        self.smallest_group = int((raw.get("privacy") or {}).get("smallest_group", 5))
        self.targets = {g: float(t) for g, t in (analysis.get("targets") or {}).items()}
        self.earlier = set(as_list(analysis.get("earlier")))
        self.seed = int(analysis.get("seed", 2021))
        self.thresholds = thresholds_declared()
        self.thresholds |= {k: float(v) for k, v in (raw.get("thresholds") or {}).items()}
        self.key = hashlib.sha256(secret.encode()).digest()
        self.sources = [Source(n, s, self.framework) for n, s in (raw.get("sources") or {}).items()]
        self.spellings = {}
        for shown, entry in (raw.get("organisations") or {}).items():
            entry = entry if isinstance(entry, dict) else {}
            known = (shown, self.framework.match("groups", entry.get("group")))
            for spelling in [shown] + as_list(entry.get("aliases")):
                self.spellings[fold(spelling)] = known

    def make_id(self, *parts):
        raw = b"".join(struct.pack("<Q", len(p.encode())) + p.encode() for p in parts)
        return hmac.new(self.key, raw, hashlib.sha256).hexdigest()[:32]


class Dataset:
    def __init__(self, project):
        self.project, self.framework = project, project.framework
        self.units, self.records, self.ratings, self.statements = {}, [], [], []
        self.variables, self.ordinals = {}, {}
        self.home = {}  # person → their first voice for a named organisation
        self.counts = dict.fromkeys(("responses", "unreadable", "unknown-group", "unknown-value"), 0)
        for source in project.sources:
            for response in read_responses(source, project.folder):
                self.counts["responses"] += 1
                self.add(source, response)
        self.settle()

    # who answered

    def attributes(self, source, response):
        found, person = {}, None
        for question, text in response.answers.items():
            mapping = source.mapping(question)
            if text is None or not mapping:
                continue
            if mapping.role == "attribute":
                code = cell_code(text)
                found.setdefault(mapping.values["name"], mapping.recode.get(code, code))
        for mapping in source.mappings:
            if mapping.role == "person" and not person and response.answers.get(mapping.question):
                person = fold(response.answers[mapping.question])
        if "organisation" not in found and "organisations" not in found and source.entry.get("organisation"):
            found["organisation"] = source.entry["organisation"]
        return found, person

    def known(self, name):
        """The name an organisation goes by, and the group project.yaml gives it."""
        return self.project.spellings.get(fold(name), (name, None))

    def named(self, names, group):
        """A voice for each organisation, however often and in whatever spelling it is named."""
        voices = {}
        for shown, declared in map(self.known, names):
            unit = ("named", fold(shown))
            if fold(shown):
                self.units.setdefault(unit, Unit(name=shown))
                voices.setdefault(unit, Voice(unit, declared or group))
        return list(voices.values())

    def add(self, source, response):
        found, person = self.attributes(source, response)
        group = source.group
        if "group" in found:
            group = self.framework.match("groups", found["group"])
            self.counts["unknown-group"] += group is None
        names = found.get("organisations", "").split(";")
        voices = self.named(names, group) or self.named([found.get("organisation", "")], group)
        workshop = table = None
        if source.method == "workshop":
            workshop = (source.name, found["workshop"] if "workshop" in found else found.get("submitted", "")[:10])
            table = ("table", workshop, found.get("table", ""))
            around = self.named(found.get("organisations", found.get("organisation", "")).split(";"), group)
            person = person or (table, frozenset(v.unit for v in around))
        person = person or ("nobody", source.name, response.id)
        if voices:
            self.home.setdefault(person, voices[0])
        elif table:
            self.units.setdefault(table, Unit())
            voices = [Voice(table, group)]
        else:
            voices = [Voice(None, group)]
        record = Record(source, response.id, person, group or voices[0].group,
                        max(1, int(found.get("participants", 1))), voices, source.entry.get("wave"), workshop,
                        found.get("submitted", ""))
        self.records.append(record)
        for question in response.answers:
            mapping = source.mapping(question)
            if mapping and mapping.role == "rating":
                self.add_rating(mapping, question, response)
            if mapping and mapping.role == "statement" and response.answers[question]:
                self.add_statement(mapping, question, response)

    def settle(self):
        """Who named no organisation speaks for the one they named elsewhere, unless they say they are a citizen; else for
        themselves, one over all sources, and without a group as a citizen."""
        citizens = self.framework.citizens
        for record in self.records:
            voice = record.voices[0]
            if voice.unit is not None:
                continue
            home = self.home.get(record.person)
            if home and not (voice.group and voice.group == citizens):
                declared = self.known(self.units[home.unit].name)[1]
                voice.unit, voice.group = home.unit, declared or voice.group or home.group
            else:
                voice.group = voice.group or citizens
                citizen = voice.group is not None and voice.group == citizens
                voice.unit = ("alone", record.person, citizen)
                self.units.setdefault(voice.unit, Unit(citizen=citizen))
            record.group = record.group or voice.group

    # what they said

    def value(self, mapping, key, response):
        if key in mapping.values:
            return mapping.values[key]
        asked = mapping.values.get(key + "_from")
        text = response.answers.get(asked) if asked else None
        if text is None:
            return None
        code = cell_code(text)
        return mapping.recodes.get(key, {}).get(code, code)

    def add_rating(self, mapping, question, response):
        item = self.value(mapping, "item", response)
        if item and item.endswith("*"):
            item = item[:-1] + mapping.row(question)
        beside = [self.value(mapping, key, response) for key in ("criterion", "scenario", "area", "activity")]
        kind, index = "items", self.framework.match("items", item)
        if index is None:
            kind, index = "questions", self.framework.match("questions", item)
        wave = self.value(mapping, "wave", response)
        text = response.answers[question]
        if text is None:
            answer = response.missing[question]
        else:
            code = cell_code(text)
            answer = mapping.scale.read(mapping.recode.get(code, code))
        self.counts["unreadable"] += answer == "unreadable"
        if index is None or any(beside):
            return  # other products
        about = (kind, index, mapping.scale.id, wave)
        variable = self.variables.setdefault(about, len(self.variables))
        self.ratings.append(Rating(len(self.records) - 1, kind, index, mapping.scale,
                                   wave or self.records[-1].wave, variable, answer))

    def add_statement(self, mapping, question, response):
        record, framework = self.records[-1], self.framework
        text = response.answers[question]
        stream = self.value(mapping, "stream", response) or record.source.entry.get("stream")
        quadrant, category = (self.value(mapping, key, response) for key in ("quadrant", "category"))
        origin, polarity = (self.value(mapping, key, response) for key in ("origin", "polarity"))
        same = (record.source.name, record.id, question, fold(text))
        ordinal = self.ordinals[same] = self.ordinals.get(same, -1) + 1
        statement = Statement(
            self.project.make_id("statement", *same, str(ordinal)), text, len(self.records) - 1,
            parse_quadrant(quadrant), origin if origin in ("internal", "external") else None,
            polarity if polarity in ("helpful", "harmful") else None,
            framework.match("categories", category), framework.match("streams", stream))
        for told, known in ((quadrant, statement.given), (category, statement.category), (stream, statement.stream)):
            self.counts["unknown-value"] += told is not None and known is None
        self.statements.append(statement)
