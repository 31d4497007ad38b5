"""Random projects: from a seed a framework with names nobody has thought of, a project file and CSV data for it."""
import csv
import io
import json
import random
import unicodedata

from . import reading

SYLLABLES = ("fjø vå skri løs ær tun gru hav bly kve rå stø ny lem bak dro fæ gjel hus ibs jor krø lun myr nat ost plog "
             "rim sæl trå ut vik yr åk øk elv dal brå nes tjø sko ler mål sund").split()
FILLERS = ("vi har for lite av dette , det er bra at alle får bruke og dele mer i hele landet ikke ennå kan bli bedre når "
           "flere tek del med oss skal trengs mangler økt felles sterk svak ny god").split()
REASONS = ("dont_know", "not_applicable", "not_shown", "unreadable", "unknown", "not_answered")
MARKS = ("=", "+", "-", "@", "\"sitat\" ", "  ", "😀 ", "a\u030a ", "_x0041_ ", "<b>", "&amp; ")
KEY = "alle navn her er laget av terninger"


class Names:
    """Words that do not come twice."""

    def __init__(self, rng):
        self.rng, self.taken = rng, set()

    def word(self, low=2, high=4):
        while True:
            word = "".join(self.rng.choice(SYLLABLES) for _ in range(self.rng.randint(low, high)))
            if word not in self.taken:
                self.taken.add(word)
                return word

    def id(self):
        word = self.word()
        for letter, plain in zip("æøå", ("ae", "oe", "aa")):
            word = word.replace(letter, plain)
        return self.rng.choice((word, word.capitalize(), f"{word}-{self.rng.randint(1, 99)}",
                                f"{self.rng.randint(1, 9)}.{word}"))

    def title(self, words=2):
        return " ".join(self.word() for _ in range(words)).capitalize()

    def label(self):
        if self.rng.random() < 0.3:
            return self.title()
        full = {l: self.title(self.rng.randint(1, 3)) for l in ("nb", "nn", "en")}
        return {l: full[l] for l in full if l == "nb" or self.rng.random() < 0.8}


def some(rng, items, low=0):
    return rng.sample(items, rng.randint(min(low, len(items)), len(items)))


# --- the framework -----------------------------------------------------------------------------------------------

def codes_of(rng, steps):
    if rng.random() < 0.4:
        return None
    codes = []
    for k in range(steps):
        codes.append([f"A{k}", f"{k + 1} – {rng.choice(SYLLABLES)}"][:rng.randint(1, 2)])
    return codes


def make_scale(rng, names, verdict_steps, mapped):
    n = rng.randint(2, 7)
    image = sorted(rng.randint(1, verdict_steps) for _ in range(n))
    first_agreeing = rng.randint(n // 2, n)  # n: none is marked
    codes = codes_of(rng, n)
    steps = []
    for k in range(n):
        step = {"label": names.label()}
        if rng.random() < 0.5:
            step["id"] = names.id()
        if codes:
            step["codes"] = codes[k] if len(codes[k]) > 1 else codes[k][0]
        if mapped:
            step["map"] = image[k]
        if k >= first_agreeing:
            step["agree"] = True
        steps.append(step)
    scale = {"id": names.id(), "steps": steps}
    if rng.random() < 0.4:
        scale["missing"] = {rng.choice(("-", "u", "?")): rng.choice(REASONS), "98": "not_shown"}
    return scale


def make_framework(rng, names):
    verdict = make_scale(rng, names, 2, False)
    scales = [make_scale(rng, names, len(verdict["steps"]), True) for _ in range(rng.randint(1, 3))]
    if rng.random() < 0.4:
        scales.append(make_scale(rng, names, 2, False))  # leads nowhere: distributions only
    scales.append(verdict)
    rng.shuffle(scales)
    levels = [{"id": names.id(), "label": names.label()} for _ in range(rng.randint(1, 4))]
    questions, items = [], []
    for _ in range(rng.randint(1, 5)):
        q = {"id": names.id(), "label": names.label(), "level": rng.choice(levels)["id"]}
        if rng.random() < 0.6:
            q |= {"brief": names.label(), "detail": names.label()}
        questions.append(q)
        stem = names.id() if rng.random() < 0.3 else None
        for row in range(rng.randint(1, 4)):
            item = {"id": f"{stem}.SQ{row}" if stem else names.id(), "label": names.label(), "question": q["id"]}
            if rng.random() < 0.3:
                item["level"] = rng.choice(levels)["id"]
            items.append(item)
    groups = [{"id": names.id(), "label": names.label()} for _ in range(rng.randint(2, 9))]
    framework = {
        "innsikt": 1, "id": names.id(), "title": names.label(), "verdict_scale": verdict["id"],
        "missing": {"98": "not_applicable", "99": "dont_know", "??": "unreadable"},
        "scales": scales, "levels": levels, "questions": questions, "items": items, "groups": groups,
        "streams": [{"id": names.id(), "label": names.label()} | ({"letter": letter} if rng.random() < 0.7 else {})
                    for letter in "ABCÆØ"[:rng.randint(1, 5)]],
        "categories": [{"id": names.id(), "label": names.label(), "kind": rng.choice(("internal", "external"))}
                       for _ in range(rng.randint(2, 6))],
        "themes": [],
    }
    framework["vocabulary"] = [names.word(2, 3) for _ in range(30)]
    for _ in range(rng.randint(0, 4)):
        word = rng.choice(framework["vocabulary"])
        patterns = [rng.choice((word, word[:4] + "*", "*" + word[-4:], "*" + word[2:5] + "*"))]
        if rng.random() < 0.3:
            patterns.append(" ".join(rng.choice(framework["vocabulary"]) for _ in range(2)) + "*")
        theme = {"id": names.id(), "label": names.label(), "patterns": patterns}
        if rng.random() < 0.4:
            theme["kind"] = rng.choice(("strength", "weakness", "opportunity", "threat"))
        framework["themes"].append(theme)
    if rng.random() < 0.6:
        framework["citizen_group"] = rng.choice(groups)["id"]
    if rng.random() < 0.7:
        framework["default_scale"] = rng.choice(scales)["id"]
    if rng.random() < 0.15:
        framework["themes"] = None
    return framework


# --- people ------------------------------------------------------------------------------------------------------

def misspell(rng, name):
    return rng.choice((name, name.upper(), f"  {name} ", name.replace(" ", "  "), unicodedata.normalize("NFD", name)))


def make_people(rng, names, framework, most):
    """Organisations, some of which project.yaml knows, and people who mostly have one."""
    groups = [g["id"] for g in framework["groups"]]
    organisations = []
    for _ in range(rng.randint(3, 14)):
        organisation = {"name": names.title(2), "aliases": [], "group": rng.choice(groups + [None]), "declared": False}
        if rng.random() < 0.5:
            organisation |= {"declared": True, "aliases": [names.title(1) for _ in range(rng.randint(0, 2))]}
        organisations.append(organisation)
    people = []
    for i in range(rng.randint(1, most)):
        organisation = rng.choice(organisations[:rng.randint(1, len(organisations))])
        person = {"email": f"{names.word()}{i}@example.org" if rng.random() < 0.6 else "",
                  "organisation": organisation if rng.random() < 0.85 else None,
                  "group": organisation["group"] if rng.random() < 0.8 else rng.choice(groups + [None]),
                  "leaning": rng.random()}
        people.append(person)
    return organisations, people


def spelt(rng, organisation):
    return misspell(rng, rng.choice([organisation["name"]] + organisation["aliases"]))


# --- what is said ------------------------------------------------------------------------------------------------

class Speech:
    def __init__(self, rng, vocabulary):
        self.rng, self.vocabulary, self.said = rng, vocabulary, []
        self.echo = rng.choice((0.05, 0.15, 0.5))
        self.mood = rng.choice((None, None, "strength", "weakness", "opportunity", "threat"))  # of nearly everybody

    def clause(self):
        words = self.rng.choices(FILLERS, k=self.rng.randint(2, 6)) + \
            self.rng.choices(self.vocabulary, k=self.rng.randint(1, 3))
        self.rng.shuffle(words)
        return " ".join(words).replace(" ,", ",")

    def statement(self):
        rng, roll = self.rng, self.rng.random()
        if roll < self.echo and self.said:
            text = rng.choice(self.said)
        elif roll < self.echo + 0.1 and self.said:
            text = rng.choice(self.said) + rng.choice((".", " nå", "!"))
        elif roll < self.echo + 0.23:
            text = self.clause() + rng.choice((", men ", " men ", " MEN ", " mens ", " men, ")) + self.clause()
        else:
            text = self.clause()
        self.said.append(text)
        if rng.random() < 0.1:
            text = rng.choice(MARKS) + text
        if rng.random() < 0.04:
            text = text + "\n" + self.clause()
        return text


# --- columns -----------------------------------------------------------------------------------------------------

class Column:
    """One column of a source: its header, its mapping under a name of its own or a pattern, and what a respondent writes
    in it."""

    def __init__(self, header, mapping, write, question=None):
        self.header, self.mapping, self.write, self.question = header, mapping, write, question or header


def header_of(names, rng):
    return names.title(rng.randint(1, 4)) + rng.choice(("", "?", ", ja", "; nei", " (x)"))


def rating_column(rng, names, framework, target, scale):
    """Answers lean with the person; some are missing, don't know, or nothing the scale knows."""
    steps = scale["steps"]
    codes = []
    for k, step in enumerate(steps):
        given = step.get("codes", str(k + 1))
        codes.append([given] if isinstance(given, str) else list(given))
    renamed = {}
    if rng.random() < 0.3:
        renamed = {f"svar {c}": codes[c][0] for c in range(len(codes))}
    own_missing = list(scale.get("missing", {}))
    centre, spread = rng.random(), rng.choice((0.05, 0.25, 0.6))
    camps = rng.random() < 0.2
    silent = rng.choice((0.02, 0.1, 0.5)) if rng.random() < 0.5 else 0.05

    def write(person):
        roll = rng.random()
        if roll < silent:
            return rng.choice(["", "", " ", "99", "98", "ukjent kode", "??", "dont_know"] + own_missing)
        at = (person["leaning"] > 0.5) * 0.98 if camps else centre + (person["leaning"] - 0.5) * 2 * spread
        k = min(len(steps) - 1, max(0, int(at * len(steps))))
        code = rng.choice(codes[k])
        if renamed and rng.random() < 0.9:
            return f"svar {k}"
        return code + ",0" if code.isdigit() and rng.random() < 0.05 else code

    rating = {"item": target}
    if rng.random() < 0.06:
        rating["criterion"] = rng.choice(("importance", "practice"))  # another product: not counted here
    if rng.random() < 0.06:
        rating["wave"] = names.title(1) + rng.choice(("", " 2021/1", "=å"))
    mapping = {"rating": target if len(rating) == 1 else rating}
    if scale["id"] != framework.get("default_scale") or rng.random() < 0.5:
        mapping["scale"] = scale["id"]
    if renamed:
        mapping["values"] = renamed
    return Column(header_of(names, rng), mapping, write)


def array_columns(rng, names, framework, stem, rows, scale):
    """A table of items under one mapping: CODE[SQ0], CODE[SQ1] … and "CODE[*]"."""
    code = names.word(2, 2).upper()
    whole = rating_column(rng, names, framework, stem + ".*", scale)
    return [Column(f"{code}[{row}]", whole.mapping, whole.write, f"{code}[*]") for row in rows]


def choice_column(rng, names, values, doubt=0.15):
    return Column(header_of(names, rng), None, lambda person: rng.choice(["", "usikker"]) if rng.random() < doubt
                  else rng.choice(values))


def labelled(term):
    label = term["label"]
    return label if isinstance(label, str) else next(iter(label.values()))


def statement_columns(rng, names, framework, speech):
    """A statement's column and those that say where it belongs."""
    rate = rng.choice((0.1, 0.3, 0.6))
    body, values, beside = {}, {}, []

    def take(key, codes, renamed=None):
        column = choice_column(rng, names, codes)
        body[key + "_from"] = column.header
        beside.append(column)
        if renamed:
            values[key] = renamed

    quadrants = {f"felt {q}": q for q in ("strength", "weakness", "opportunity", "threat")}
    way = rng.random() * (0.5 if speech.mood else 1)
    if way < 0.35:
        body["quadrant"] = speech.mood or rng.choice(list(quadrants.values()))
    elif way < 0.6:
        take("quadrant", list(quadrants) + ["S", "Threat"], quadrants)
    else:
        if rng.random() < 0.5:
            body["origin"] = rng.choice(("internal", "external"))
        else:
            take("origin", ["inne", "ute"], {"inne": "internal", "ute": "external"})
        take("polarity", ["bra", "dårlig", ""], {"bra": "helpful", "dårlig": "harmful"})
    if rng.random() < 0.7:
        category = rng.choice(framework["categories"])
        if rng.random() < 0.4:
            body["category"] = category["id"]
        else:
            take("category", [c["id"] for c in framework["categories"]] + [labelled(category).upper()])
    if rng.random() < 0.5:
        take("stream", [s["id"] for s in framework["streams"]] + [labelled(framework["streams"][0])])
    mapping = {"statement": body}
    if values:
        keyed = rng.random() < 0.4
        mapping["values"] = values if keyed else {code: name for table in values.values() for code, name in table.items()}
    said = Column(header_of(names, rng), mapping, lambda person: speech.statement() if rng.random() < rate else
                  rng.choice(("", "", "  ")))
    return [said] + beside


def who_columns(rng, names, framework, method, organisations):
    """Who answers: e-mail, organisation or the organisations around a table, group."""
    columns = []
    if method != "workshop" and rng.random() < 0.85:
        write = lambda p: rng.choice((p["email"], p["email"].upper(), f" {p['email']}"))
        columns.append(Column(header_of(names, rng), {"person": True}, write))
        if rng.random() < 0.2:  # a second one, for when the first is empty
            columns[0].write = lambda p: write(p) if rng.random() < 0.5 else ""
            columns.append(Column(header_of(names, rng), {"person": True}, write))
    if method == "workshop":
        def around(p):
            if rng.random() < 0.25:
                return ""
            seated = [spelt(rng, o) for o in rng.choices(organisations, k=rng.randint(1, 3))]
            return ";".join(seated) + rng.choice(("", ";"))
        columns += [Column(header_of(names, rng), {"attribute": "organisations"}, around),
                    Column(header_of(names, rng), {"attribute": "table"}, lambda p: f"bord {rng.randint(1, 4)}"),
                    Column(header_of(names, rng), {"attribute": "participants"},
                           lambda p: rng.choice(("", "1", "4", "7")))]
        if rng.random() < 0.3:
            columns.append(Column(header_of(names, rng), {"attribute": "workshop"}, lambda p: rng.choice(("Nord", "Sør"))))
        if rng.random() < 0.5:
            columns.append(Column(header_of(names, rng), {"attribute": "submitted"},
                                  lambda p: f"{rng.randint(1, 3):02}.10.2021 0{rng.randint(0, 9)}:15"))
    elif rng.random() < 0.85:
        columns.append(Column(header_of(names, rng), {"attribute": "organisation"},
                              lambda p: spelt(rng, p["organisation"]) if p["organisation"] else ""))
    if rng.random() < 0.8:
        codes = {f"G{i}": g["id"] for i, g in enumerate(framework["groups"])}
        code_of = {g: c for c, g in codes.items()}
        mapping = {"attribute": "group"}
        if rng.random() < 0.6:
            mapping["values"] = codes
        write = lambda p: "hvem vet" if rng.random() < 0.03 else "" if p["group"] is None else \
            code_of[p["group"]] if "values" in mapping else p["group"]
        columns.append(Column(header_of(names, rng), mapping, write))
    return columns


def rating_columns(rng, names, framework):
    """Items alone or in arrays, and questions as a whole; an item may be asked twice, on two scales."""
    scales = framework["scales"]
    verdict_first = rng.random() < 0.3
    usual = next(s for s in scales if s["id"] == framework["verdict_scale"]) if verdict_first else rng.choice(scales)
    columns, arrays = [], {}
    for item in framework["items"]:
        if ".SQ" in item["id"] and rng.random() < 0.7:
            stem, row = item["id"].split(".SQ")
            arrays.setdefault(stem, []).append(f"SQ{row}")
    for stem, rows in arrays.items():
        columns += array_columns(rng, names, framework, stem, rows, usual)
    for item in some(rng, framework["items"], 1):
        scale = usual if rng.random() < 0.8 else rng.choice(scales)
        columns.append(rating_column(rng, names, framework, item["id"], scale))
    for question in some(rng, framework["questions"]):
        if rng.random() < 0.3:
            columns.append(rating_column(rng, names, framework, question["id"], rng.choice(scales)))
    rng.shuffle(columns)
    return columns


# --- files -------------------------------------------------------------------------------------------------------

def write_table(rng, path, header, rows):
    separator, encoding = rng.choice(";,"), rng.choice(("utf-8-sig", "utf-8", "cp1252"))
    out = io.StringIO(newline="")
    quoting = csv.QUOTE_ALL if separator == "," else csv.QUOTE_MINIMAL  # a text may hold the other separator
    writer = csv.writer(out, delimiter=separator, quoting=quoting, lineterminator=rng.choice(("\r\n", "\n")))
    writer.writerow(header)
    writer.writerows(rows)
    text = out.getvalue()
    if rng.random() < 0.2:
        text = f"sep={separator}\r\n" + text
    try:
        path.write_bytes(text.encode(encoding))
    except UnicodeEncodeError:
        path.write_bytes(text.encode("utf-8-sig"))


def make_source(rng, names, framework, method, people, organisations, speech, folder):
    name = names.id()
    columns = who_columns(rng, names, framework, method, organisations)
    if rng.random() < 0.85:
        columns += rating_columns(rng, names, framework)
    for _ in range(rng.randint(0 if method == "survey" else 1, 3)):
        columns += statement_columns(rng, names, framework, speech)
    rng.shuffle(columns)
    id_header = "Nr"
    source = {"kind": "csv", "path": f"{name}*.csv", "id": id_header, "method": method,
              "questions": {c.question: c.mapping for c in columns if c.mapping}}
    for key, chance, value in (("wave", 0.4, names.title(1)), ("stream", 0.6, rng.choice(framework["streams"])["id"]),
                               ("evidence", 0.5, rng.choice(("voiced", "documented"))),
                               ("group", 0.15, rng.choice(framework["groups"])["id"]),
                               ("organisation", 0.1, rng.choice(organisations)["name"])):
        if rng.random() < chance:
            source[key] = value
    respondents = some(rng, people, max(2, len(people) // 3)) if method == "survey" else some(rng, people, 2)[:15]
    rows = [{c.header: c.write(p) for c in columns} | {id_header: str(i)} for i, p in enumerate(respondents, 1)]
    if rng.random() < 0.3:
        for row in rows:
            row[id_header] = f"r-{int(row[id_header]) * 7 % 1009}"
    parts = [rows[::2], rows[1::2]] if len(rows) > 6 and rng.random() < 0.3 else [rows]
    optional = [c.header for c in columns if c.mapping and "rating" in c.mapping and c.question == c.header]
    for number, part in enumerate(parts, 1):
        header = [id_header] + [c.header for c in columns] + ["Ikke kartlagt"]
        if number == 2 and optional:
            header.remove(rng.choice(optional))  # this file did not ask
        rng.shuffle(header)
        table = [[row.get(h, "bare tull") for h in header] for row in part]
        write_table(rng, folder / f"{name}-{number}.csv", header, table)
    return name, source


def make_targets(rng, groups):
    chosen = some(rng, groups, 1)
    parts = [rng.randint(1, 9) for _ in chosen]
    shares = [round(p / sum(parts), 4) for p in parts]
    shares[-1] = round(1 - sum(shares[:-1]), 4)
    return dict(zip(chosen, shares))


THRESHOLDS = {"verdict-n": (2, 8), "verdict-organisations": (1, 5), "verdict-n-eff": (1.0, 6.0),
              "verdict-missing": (0.1, 0.9), "verdict-firm": (0.55, 0.95), "verdict-range": (0.55, 0.95),
              "verdict-prior": (0.1, 1.5), "verdict-words-below": (0.0, 12.0), "rho-default": (0.0, 0.9),
              "rho-prior-organisations": (0.0, 30.0), "interval-level": (0.5, 0.99), "agreement-strong": (0.3, 0.8),
              "agreement-partial": (0.05, 0.3), "duplicate": (0.5, 1.0), "theme-likely": (0.25, 0.5),
              "theme-maybe": (0.05, 0.25), "cluster-cut": (0.4, 0.9), "alpha-warning": (0.2, 0.8)}


def make_thresholds(rng):
    chosen = some(rng, list(THRESHOLDS)) if rng.random() < 0.4 else []
    return {key: rng.randint(*THRESHOLDS[key]) if isinstance(THRESHOLDS[key][0], int)
            else round(rng.uniform(*THRESHOLDS[key]), 2) for key in chosen}


def write_project(seed, folder):
    rng = random.Random(f"innsikt {seed}")
    names = Names(rng)
    framework = make_framework(rng, names)
    organisations, people = make_people(rng, names, framework, rng.choice((3, 20, 60, 60)))
    speech = Speech(rng, framework.pop("vocabulary"))
    weight = rng.choice(("organisation", "organisation", "group", "none"))
    analysis = {"weight": weight, "seed": rng.randint(0, 2 ** 40)}
    if weight == "group" or rng.random() < 0.2:
        analysis["targets"] = make_targets(rng, [g["id"] for g in framework["groups"]])
    methods = ["survey"] + some(rng, ["survey", "interview", "workshop", "workshop", "document"], 1)
    sources = dict(make_source(rng, names, framework, m, people, organisations, speech, folder) for m in methods)
    project = {
        "innsikt": 1, "title": names.title(3), "language": rng.choice(("nb", "nn", "en")),
        "framework": "ramme.yaml", "privacy": {"key": "env:INNSIKT_TEST_KEY"}, "timezone": "Europe/Oslo",
        "analysis": analysis, "thresholds": make_thresholds(rng),
        "organisations": {o["name"]: {k: o[k] for k in ("aliases", "group") if o[k]} for o in organisations
                          if o["declared"]},
        "sources": sources,
    }
    if rng.random() < 0.5:
        project["round"] = {"number": rng.randint(1, 9), "stage": rng.choice(("draft", "validation", "final"))}
    for name, content in (("ramme.yaml", framework), ("project.yaml", project)):
        (folder / name).write_text(json.dumps(content, ensure_ascii=False, indent=1), encoding="utf-8")


def shuffle_rows(seed, folder):
    """The rows of every CSV file in another order, and the file saved in another way."""
    rng = random.Random(f"shuffle {seed}")
    for path in sorted(folder.glob("*.csv")):
        header, *rows = reading.read_table(path)
        rng.shuffle(rows)
        write_table(rng, path, header, rows)
