#!/usr/bin/python3
"""Reads the sample projects on its own and checks that they are whole: every code in a response stands in its question,
every question is mapped, the workshop files parse, every finding of the draft SWOT has support in its quadrant.

    tests/samples/check_sample.py [ROOT]

Prints what the sample holds; ends with 1 and the complaints when something is wrong."""
import collections
import csv
import datetime
import io
import json
import pathlib
import re
import sys
import unicodedata
from xml.etree import ElementTree

import openpyxl
import yaml

ROOT = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else pathlib.Path(__file__).resolve().parents[2])
SAMPLE = ROOT / "samples/evaluering"
SECOND = ROOT / "samples/virksomhet"
SPREAD = {"S": "strength", "W": "weakness", "O": "opportunity", "T": "threat"}
# The 29 findings: quadrant and themes.
FINDINGS = [("S", "good-care trust spending platforms registries tools-skills pandemic-change"),
            ("W", "decisions funding-models rules suppliers innovation-partners benefits data-sharing usability legacy direction"),
            ("O", "demography active-citizen new-technology big-data cross-border life-events"),
            ("T", "demography inequality misinformation pandemics global-actors cybercrime")]
complaints = []


def expect(holds, *what):
    if not holds:
        complaints.append(" ".join(str(w) for w in what))


# -- the codebook, by the rule of methods.md 3.12 ------------------------------------------------------------------------
TOKEN = re.compile("[a-zà-öø-ÿā-ž0-9]+(?:-[a-zà-öø-ÿā-ž0-9]+)*")


def tokens(text):
    text = unicodedata.normalize("NFC", text).lower().replace("\u00ad", "")
    return TOKEN.findall(text.replace("\u2010", "-").replace("\u2011", "-"))


def meets(pattern, token):
    bare = pattern.strip("*")
    if pattern.startswith("*"):
        return bare in token if pattern.endswith("*") else token.endswith(bare)
    return token.startswith(bare) if pattern.endswith("*") else token == bare


def codes(themes, text):
    have = tokens(text)
    found = set()
    for theme in themes:
        for pattern in theme["patterns"]:
            parts = pattern.split()
            if any(all(meets(p, have[at + i]) for i, p in enumerate(parts)) for at in range(len(have) - len(parts) + 1)):
                found.add(theme["id"])
    return found


def codebook():
    return yaml.safe_load((ROOT / "schemas/frameworks/ehelse.yaml").read_text("utf-8"))["themes"]


# -- forms ---------------------------------------------------------------------------------------------------------------
def columns(question):
    names = [f"{question['code']}[{s['code']}]" for s in question["subquestions"]] or [question["code"]]
    return names + ([question["code"] + "[other]"] if question["other"] == "Y" else [])


def form_read(name):
    form = json.loads((SAMPLE / "forms" / (name + ".json")).read_text("utf-8"))
    expect("note" in form, name, "does not say that it is invented")
    known = {}
    qids = [q["qid"] for q in form["questions"]] + [s["qid"] for q in form["questions"] for s in q["subquestions"]]
    expect(len(qids) == len(set(qids)), name, "uses a qid twice")
    expect({q["gid"] for q in form["questions"]} == {g["gid"] for g in form["groups"]}, name, "groups")
    for q in form["questions"]:
        expect(re.fullmatch("[A-Za-z][A-Za-z0-9]{0,19}", q["code"]), name, "code", q["code"])
        allowed = {a["code"] for a in q["answers"]} | ({"-oth-"} if q["other"] == "Y" else set())
        expect(all(len(c) <= 5 for c in allowed), name, q["code"], "has a code of more than five characters")
        for column in columns(q):
            known[column] = {"Y", "N"} if q["type"] == "Y" else allowed if allowed and not column.endswith("[other]") else None
    ids = [r["id"] for r in form["responses"]]
    expect(ids == sorted(set(ids)) and ids[-1] > len(ids), name, "ids are to rise, with gaps")
    for r in form["responses"]:
        expect(list(r["answers"]) == list(known), name, r["id"], "has other columns than the form")
        for column, value in r["answers"].items():
            if value and known[column] is not None:
                expect(value in known[column], name, r["id"], column, "has the unknown code", value)
            for address in re.findall(r"\S+@\S+", value or ""):
                expect(re.search(r"@example\.(org|com)\W*$", address), name, r["id"], "has a real address?", address)
        stamps = [r[k] and datetime.datetime.strptime(r[k], "%Y-%m-%d %H:%M:%S") for k in ("startdate", "submitdate", "datestamp")]
        expect(stamps[0] <= (stamps[1] or stamps[2]) <= stamps[2], name, r["id"], "has times out of order")
    return form


def mapping_of(source, column):
    return next((m for q, m in source["questions"].items() if q == column or q.replace("[*]", "[") == column[:len(q) - 2]
                 and q.endswith("[*]")), None)


def support_of(source):
    """Questions that another's `…_from` reads."""
    return {v for m in source["questions"].values() if isinstance(m, dict) for role in m.values() if isinstance(role, dict)
            for k, v in role.items() if k.endswith("_from")}


def quadrant_of(role, read):
    renamed = role.get("values", {})

    def value(key):
        code = read(role[key + "_from"]) if key + "_from" in role else role.get(key)
        return renamed.get(code, code) or None
    if value("quadrant"):
        return value("quadrant")
    return {("internal", "helpful"): "strength", ("internal", "harmful"): "weakness", ("external", "helpful"): "opportunity",
            ("external", "harmful"): "threat"}.get((value("origin"), value("polarity")))


def statements_of(name, source, read_rows):
    """(source, who, organisations, quadrant, stream, text) for everything that counts."""
    out = []
    for who, organisations, read in read_rows:
        for question, mapping in source["questions"].items():
            role = mapping.get("statement") if isinstance(mapping, dict) else None
            text = role and read(question)
            if text and text.strip():
                stream = read(role["stream_from"]) if "stream_from" in role else role.get("stream", source.get("stream"))
                out.append((name, who, organisations, quadrant_of(role, read), stream, text))
    return out


def survey(project, name):
    source = project["sources"][name]
    form = form_read(name)
    used = support_of(source)
    for q in form["questions"]:
        for column in columns(q):
            expect(mapping_of(source, column) is not None or column in used, name, column, "is not mapped")
    asked = {c for q in form["questions"] for c in columns(q)}
    for question in set(source["questions"]) | used:
        expect(question in asked or question.endswith("[*]"), name, "maps", question, "which the form has not")
    rows = []
    for r in form["responses"]:
        if r["submitdate"]:
            organisation = source.get("organisation") or r["answers"].get("ORG", "").strip()
            rows.append((r["id"], [organisation] if organisation else [], r["answers"].get))
    print(f"{name}: {len(form['responses'])} responses, {len(rows)} complete")
    return statements_of(name, source, rows)


# -- interviews ------------------------------------------------------------------------------------------------------------
def interviews(project):
    source = project["sources"]["intervju"]
    form = json.loads((SAMPLE / "forms/intervju.json").read_text("utf-8"))
    expect("note" in form, "intervju does not say that it is invented")
    model = ElementTree.fromstring((SAMPLE / "forms" / form["form_xml_file"]).read_text("utf-8"))
    tag = "{http://www.w3.org/2002/xforms}"
    choices = {s.get("ref").removeprefix("/data/"): {v.text for v in s.iter(tag + "value")} for s in model.iter(tag + "select1")}
    fields = {f["path"][1:] for f in json.loads((SAMPLE / "forms" / form["fields_file"]).read_text("utf-8"))
              if f["type"] not in ("structure", "repeat")}
    mapped = set(source["questions"]) | support_of(source)
    expect(fields == {q for q in mapped if q in fields} | {f for f in fields if f.startswith("meta/")}, "intervju: unmapped",
           fields - mapped)
    expect(all(q in fields or q == "meta/*" for q in mapped), "intervju maps what the form has not", mapped - fields)
    counted, rows = 0, []
    for submission in form["submissions"]:
        system = submission["__system"]
        expect(re.search(r"@example\.(org|com)$", system["submitterName"]), "intervju: a real address?")
        expect(not submission["epost"] or re.search(r"@([a-z-]+\.)?example\.(org|com)$", submission["epost"]), submission["epost"])
        outside = {k: v for k, v in submission.items() if isinstance(v, str) or v is None}
        outside |= {f"vurdering/{k}": v for k, v in submission["vurdering"].items()}
        instances = [(name, row) for name in ("utsagn", "behov", "pandemi", "dilemmaer") for row in submission[name]]
        for name, row in [("", outside)] + instances:
            for field, value in row.items():
                path = f"{name}/{field}" if name else field
                if value is not None and path in choices:
                    expect(value in choices[path], "intervju:", path, "has the unknown code", value)
        if system["reviewState"] == "rejected":
            continue
        counted += 1
        for name, row in instances:
            read = {**outside, **{f"{name}/{k}": v for k, v in row.items()}}.get
            rows.append((f"{submission['__id']} {row['__id']}", [submission["organisasjon"]], read))
    print(f"intervju: {len(form['submissions'])} interviews, {counted} that count")
    expect(counted == 20, "interviews:", counted)
    return statements_of("intervju", source, rows)


# -- registers, needs ---------------------------------------------------------------------------------------------------------
def registers(project, framework):
    ids = lambda kind: [t["id"] for t in framework[kind]]
    plan = csv_read(SAMPLE / project["sources"]["plan"]["path"])
    expect({r["Aktivitet"] for r in plan} == set(ids("activities")) and len(ids("activities")) == 49, "plan: not the 49 activities")
    expect(sorted(r["Mål"] for r in plan if r["Mål"]) == sorted(ids("goals")) and len(ids("goals")) == 35, "plan: not the 35 goals")
    expect(all(bool(r["Mål"]) == bool(r["Nådd"]) for r in plan), "plan: a goal without an answer")
    states = {}
    for r in plan:
        expect(states.setdefault(r["Aktivitet"], r["Tilstand"]) == r["Tilstand"], "plan:", r["Aktivitet"], "has two states")
    documents = csv_read(SAMPLE / project["sources"]["dokumenter"]["path"])
    expect(len({r["Dokument"] for r in documents}) == len(documents) == 52, "dokumenter: not 52")
    expect(all(r["Hva er oppdiktet"] and (r["Hva er oppdiktet"] != "oppdiktet" or "(eksempel)" in r["Dokument"]) for r in documents),
           "dokumenter: does not say what is invented")
    themes = {t["label"]["nb"] for t in framework["document_themes"]}
    expect(themes <= set(documents[0]) and all(r[t] in ("", "for", "mot", "delt", "nei") for r in documents for t in themes),
           "dokumenter: another theme or direction")
    periods = collections.Counter((r["Område"], r["Indikator"]) for r in csv_read(SAMPLE / project["sources"]["nokkeltall"]["path"]))
    expect({a for a, _ in periods} == set(ids("areas")) and sum(n >= 3 for n in periods.values()) >= 6, "nokkeltall: too few periods")
    groups = {t["label"]["nb"]: t["id"] for t in framework["groups"]}
    invited = [groups.get(r["Gruppe"]) for r in csv_read(SAMPLE / project["sources"]["inviterte"]["path"])]
    expect(None not in invited and len(set(invited)) == len(invited), "inviterte: an unknown group, or one twice")
    print(f"registers: {len(plan)} lines of the plan, {len(periods)} key figures, {len(documents)} documents, {len(invited)} groups asked")


def needs(project, framework):
    rows = openpyxl.load_workbook(SAMPLE / project["sources"]["behov"]["path"]).worksheets[0].iter_rows(values_only=True)
    head = next(rows)
    expect(set(head) == set(project["sources"]["behov"]["questions"]) | {"ID", "Hvem er du?", "Hvor møter du helsetjenesten?"},
           "behov: other columns", head)
    known = {t["label"]["nb"]: t for t in framework["needs"]}
    groups = {t["label"]["nb"]: t["id"] for t in framework["need_groups"]}
    segments = {t["label"]["nb"]: t["group"] for t in framework["segments"]}
    people = collections.Counter()
    for row in rows:
        said = [n for n in row[8:] if n]
        group = groups[row[5]]
        people[group] += 1
        expect(segments[row[6]] == group and said and len(set(said)) == len(said), "behov:", row[0])
        expect(all(known[n].get("group", group) == group for n in said), "behov:", row[0], "names the other group's need")
    print("behov:", dict(people))


# -- workshops -------------------------------------------------------------------------------------------------------------
def csv_read(path):
    raw = path.read_bytes()
    text = raw.decode("utf-8-sig" if raw.startswith(b"\xef\xbb\xbf") else "cp1252")
    expect(b"\r\n" in raw and raw.endswith(b"\r\n"), path.name, "has no CRLF")
    if text.startswith("sep=;"):
        text = text.split("\r\n", 1)[1]
    rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=";", strict=True))
    for row in rows:
        expect(len(row) == len(rows[0]), path.name, "has a ragged row", row[:2])
    return [dict(zip(rows[0], row)) for row in rows[1:]]


def xlsx_read(path):
    """The first sheet as a CSV would have it."""
    def text(value):
        if isinstance(value, datetime.datetime):
            return value.strftime("%d.%m.%Y %H:%M")
        return "" if value is None else str(value).replace(".", ",") if isinstance(value, float) else str(value)
    rows = [[text(v) for v in row] for row in openpyxl.load_workbook(path).worksheets[0].iter_rows(values_only=True)]
    return [dict(zip(rows[0], row)) for row in rows[1:]]


def workshops(project, name, read_rows):
    source = project["sources"][name]
    rows = []
    for path in sorted(SAMPLE.glob(source["path"])):
        records = read_rows(path)
        print(f"{path.name}: {len(records)} rows")
        for r in records:
            expect(set(r) <= set(source["questions"]) | support_of(source) | {source["id"]}, path.name, "has an unmapped column")
            expect(re.fullmatch(r"(\d(,\d)?)?", r["Enighet"]), path.name, r["Nr"], "Enighet", r["Enighet"])
            names = [n.strip() for n in r["Org"].split(";") if n.strip()]
            expect(all(n in project["organisations"] or n == "Nordhav HF" for n in names), path.name, "unknown", names)
            rows.append((r["Nr"], names, r.get))
    expect(len({who for who, _, _ in rows}) == len(rows), "workshops: Nr is not unique")
    return statements_of(name, source, rows)


def main():
    project = yaml.safe_load((SAMPLE / "project.yaml").read_text("utf-8"))
    alias = {a.casefold(): n for n, o in project["organisations"].items() for a in [n, *o.get("aliases", [])]}
    said = survey(project, "ansatte") + survey(project, "sektor") + workshops(project, "verksted", csv_read)
    said += workshops(project, "verksted-excel", xlsx_read) + interviews(project)
    framework = yaml.safe_load((ROOT / "schemas/frameworks/ehelse.yaml").read_text("utf-8"))
    registers(project, framework)
    needs(project, framework)
    themes = codebook()
    expect(len(themes) == len({t["id"] for t in themes}), "a theme stands twice")
    behind, uncoded = collections.defaultdict(set), 0
    for source, who, organisations, quadrant, _, text in said:
        found = codes(themes, text)
        uncoded += not found
        for theme in found:
            behind[quadrant, theme] |= {alias.get(o.casefold(), o) for o in organisations} or {f"{source} {who}"}
    for letter, names in FINDINGS:
        for theme in names.split():
            expect(len(behind[SPREAD[letter], theme]) >= 3, "finding", letter, theme, "has support from",
                   len(behind[SPREAD[letter], theme]))
    distinct = {text for *_, text in said}
    doubles = {text for *_, quadrant, _, text in said if quadrant is None and re.search(r"\bmen\b", text, re.I)}
    expect(len(doubles) >= 12, "double statements:", len(doubles))
    expect(200 <= len(distinct) <= 320, "distinct statements:", len(distinct))
    both = sorted({t for q, t in behind if q in ("strength", "opportunity")} & {t for q, t in behind if q in ("weakness", "threat")})
    named = {alias.get(o.casefold(), o) for _, _, organisations, *_ in said for o in organisations}
    print(f"{len(said)} statements, {len(distinct)} distinct, {uncoded} without a theme, {len(named)} organisations behind them")
    print("quadrants:", dict(collections.Counter(str(q) for _, _, _, q, _, _ in said)))
    print("streams:", dict(collections.Counter(s for *_, s, _ in said)))
    print("themes on both sides:", ", ".join(both))
    second = yaml.safe_load((SECOND / "project.yaml").read_text("utf-8"))["sources"]["svar"]
    answers = csv_read(SECOND / second["path"])
    expect(all(set(r) == set(second["questions"]) | {second["id"]} for r in answers), "virksomhet has an unmapped column")
    expect(all(r[q] in "1 2 3 4 5 98 99".split() + [""] for r in answers for q, m in second["questions"].items() if "rating" in m),
           "virksomhet has an unknown code")
    print(f"virksomhet: {len(answers)} answers, {len({r['Virksomhet'] for r in answers})} organisations")
    for complaint in complaints:
        print(complaint, file=sys.stderr)
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main())
