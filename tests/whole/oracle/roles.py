"""A project of files in which every role has answers: a framework of its own, on scales of as many steps as asked for."""
import csv
import random

import yaml

KEY = "nøkkel-9b1d77c4"
AREAS, FOCUS, SCENARIOS = ("1", "2"), ("1.1", "1.2", "2.1"), ("s1", "s2", "s3")
GROUPS, CITIZENS = ("kommune", "foretak", "innbygger"), "innbygger"
DIRECTIONS = ("for", "against", "both", "none")
STATES = ("not-started", "stopped", "ongoing", "done")
SAID = {"Styrke": ("God kultur for deling", "Felles retning i sektoren", "Sterke fagmiljøer"),
        "Svakhet": ("Uklare ansvarsforhold", "For mange kontaktpunkter", "Lite gjenbruk av data"),
        "Mulighet": ("Ny teknologi modnes fort", "Innbyggerne vil delta mer"),
        "Trussel": ("Trangere økonomi", "Cyberangrep mot sykehus")}
QUADRANTS = dict(zip(SAID, ("strength", "weakness", "opportunity", "threat")))


def named(prefix, ids, **more):
    return [{"id": i, "label": f"{prefix} {i}"} | more for i in ids]


def framework(steps):
    scale = [{"label": f"Trinn {k} av {steps}"} | ({"agree": True} if 2 * k > steps + 1 else {}) for k in range(1, steps + 1)]
    return {
        "innsikt": 1, "id": "alle", "title": "Alle roller", "verdict_scale": "trinn", "default_scale": "trinn",
        "citizen_group": CITIZENS, "period": {"from": 2018, "to": 2021}, "missing": {"99": "dont_know"},
        "scales": [{"id": "trinn", "steps": scale}],
        "levels": [{"id": "retning", "label": "Retning"}],
        "questions": [{"id": "klart", "level": "retning", "label": "Er det klart?", "detail": "Det er klart"},
                      {"id": "samlet", "level": "retning", "label": "Er det samlet?", "detail": "Det er samlet"}],
        "items": [{"id": i, "question": "klart", "label": f"Ledd {i}"} for i in ("a", "b", "c")],
        "groups": named("Gruppe", GROUPS), "streams": [{"id": "indre", "letter": "I", "label": "Indre"}],
        "categories": [{"id": "folk", "kind": "internal", "label": "Folk"}, {"id": "penger", "kind": "external", "label": "Penger"}],
        "areas": named("Område", AREAS), "focus_areas": [{"id": f, "area": f[0], "label": f"Innsats {f}"} for f in FOCUS],
        "goals": [{"id": f"{f}.g", "focus_area": f, "label": f"Mål {f}"} for f in FOCUS],
        "activities": [{"id": f"{f}.{i}", "focus_area": f, "label": f"Tiltak {f}.{i}"} for f in FOCUS for i in (1, 2)],
        "need_groups": named("Behovsgruppe", ("folk", "ansatte")),
        "segments": [{"id": "ung", "group": "folk", "label": "Ung"}, {"id": "sykehus", "group": "ansatte", "label": "Sykehus"}],
        "needs": [{"id": i, "kind": k, "label": f"Behov {i}"} for i, k in (("ro", "underlying"), ("oversikt", "practical"), ("tid", "practical"))],
        "effects": [{"id": i, "kind": k, "label": f"Virkning {i}"} for i, k in (("fart", "development"), ("start", "start"), ("slit", "challenge"))],
        "document_themes": named("Tema", ("deling", "sikring")), "un_goals": named("Mål", ("fn-3", "fn-9")),
        "dilemmas": [{"id": i, "level": "retning", "label": f"Dilemma {i}", "detail": "Hva veier mest?", "pole_a": "Fart", "pole_b": "Trygghet"}
                     for i in ("fart", "makt")]}


def questions():
    """Of the people's file: column → mapping."""
    people = {"Org": {"attribute": "organisation"}, "Gruppe": {"attribute": "group"}, "Epost": {"person": True},
              "Klart": {"rating": "klart"}, "Samlet": {"rating": "samlet"}} | {i: {"rating": i} for i in "abc"}
    for f in FOCUS:
        people |= {f"V{f}": {"rating": {"area": f, "criterion": "importance"}}, f"P{f}": {"rating": {"area": f, "criterion": "practice"}}}
        people |= {f"{s}-{f}": {"rating": {"area": f, "scenario": s}} for s in SCENARIOS}
    people |= {word: {"statement": {"quadrant": quadrant, "stream": "indre"}} for word, quadrant in QUADRANTS.items()}
    people |= {f"L{a}": {"status": {"area": a}} for a in AREAS}
    people |= {g: {"goal": g, "scale": "trinn"} for g in ("fn-3", "fn-9")}
    people |= {f"D-{d}": {"dilemma": d, "scale": "trinn"} for d in ("fart", "makt")}
    people |= {"Behov": {"need": {"group_from": "Behovsgruppe"}}, "Virkning": {"effect": {}}}
    return people


def project():
    source = {"kind": "csv", "id": "Nr", "method": "survey", "path": "folk.csv", "wave": "2021", "questions": questions()}
    register = {"kind": "csv", "id": "Nr", "method": "document", "organisation": "Etaten"}
    return {
        "innsikt": 1, "title": "Alle roller", "language": "nb", "framework": "alle.yaml", "privacy": {"key": "file:innsikt.key"},
        "period": {"at": "2020-03-01"}, "analysis": {"bootstrap": 200, "targets": {"kommune": 0.6, "foretak": 0.4}},
        "scenarios": [{"id": s, "label": f"Fremtid {s}"} for s in SCENARIOS],
        "sources": {
            "folk": source,
            "dokumenter": register | {"path": "dokumenter.csv", "questions": {
                t: {"document": {"theme": t, "title_from": "Tittel", "force_from": "Kraft"}} for t in ("deling", "sikring")}},
            "plan": register | {"path": "plan.csv", "questions": {
                "Tilstand": {"activity": {"id_from": "Tiltak", "goal_from": "Maal", "reached_from": "Naadd"}}}},
            "tall": register | {"path": "tall.csv", "questions": {
                "Verdi": {"kpi": {"area_from": "Omr", "indicator_from": "Ind", "period_from": "Per", "target_from": "Maal",
                                  "baseline_from": "Null"}}}},
            "inviterte": register | {"path": "inviterte.csv", "questions": {"Antall": {"invited": {"group_from": "Gruppe"}}}},
            "maaling": dict(source) | {"path": "foer.csv", "wave": "2019", "questions": {
                c: m for c, m in questions().items() if c in ("Org", "Gruppe", "Epost", "Klart", "Samlet", "a", "b", "c")}}}}


def rows(seed, people, steps):
    """{file: rows}. Of the registers there are a few rows however many people there are."""
    draw = random.Random(seed)

    def answer(column, mapping):
        role = next(r for r in mapping if r != "scale")
        if role in ("rating", "goal", "dilemma"):
            return str(draw.randint(1, steps)) if draw.random() < 0.9 else "99"
        if role == "status":
            return draw.choice(("red", "yellow", "green"))
        if role == "statement":
            return draw.choice(SAID[column] + ("",))
        if role == "need":
            return draw.choice(("ro", "oversikt", "tid", "Noe helt eget", ""))
        return draw.choice(("fart", "start", "slit", ""))

    table = []
    for nr in range(people):
        group = draw.choice(GROUPS)
        row = {"Nr": str(nr), "Org": "" if group == CITIZENS else f"Org {group[0]}{draw.randrange(5)}", "Gruppe": group,
               "Epost": f"p{nr}@example.org", "Behovsgruppe": draw.choice(("folk", "ansatte"))}
        table.append(row | {c: answer(c, m) for c, m in questions().items() if c not in row})
    before = [{c: r[c] for c in ("Nr", "Org", "Gruppe", "Epost")} |
              {c: str(draw.randint(1, steps)) for c in ("Klart", "Samlet", "a", "b", "c")} for r in table[::2]]
    goals = [f"{f}.g" for f in FOCUS]
    return {
        "folk.csv": table, "foer.csv": before,
        "dokumenter.csv": [{"Nr": str(i), "Tittel": f"Plan {i}", "Kraft": draw.choice(("normative", "guiding")),
                            "deling": draw.choice(DIRECTIONS), "sikring": draw.choice(DIRECTIONS + ("",))} for i in range(7)],
        "plan.csv": [{"Nr": str(i), "Tiltak": f"{f}.{k}", "Tilstand": draw.choice(STATES), "Maal": goals[FOCUS.index(f)] if k == 1 else "",
                      "Naadd": draw.choice(("yes", "partly", "no")) if k == 1 else ""}
                     for i, (f, k) in enumerate((f, k) for f in FOCUS for k in (1, 2))],
        "tall.csv": [{"Nr": str(2 * i + y), "Omr": a, "Ind": f"Andel {a}", "Per": str(2019 + y), "Verdi": str(draw.randint(10, 90)),
                      "Maal": "100", "Null": "5"} for i, a in enumerate(AREAS) for y in (0, 1)],
        "inviterte.csv": [{"Nr": str(i), "Gruppe": g, "Antall": str(draw.randint(40, 90))} for i, g in enumerate(GROUPS)]}


def content_of(tables):
    whole = project()
    return whole | {"sources": {n: s for n, s in whole["sources"].items() if tables.get(s["path"])}}


def write(folder, tables, steps):
    """The project without the sources of which there are no rows: a file without any is refused."""
    folder.mkdir(exist_ok=True)
    key = folder / "innsikt.key"
    key.write_text(KEY + "\n")
    key.chmod(0o600)
    for name, content in (("project.yaml", content_of(tables)), ("alle.yaml", framework(steps))):
        (folder / name).write_text(yaml.safe_dump(content, allow_unicode=True, sort_keys=False))
    heads = {name: list(table[0]) for name, table in rows(0, 4, steps).items()}
    for name, table in tables.items():
        with open(folder / name, "w", newline="") as file:
            writer = csv.DictWriter(file, heads[name], delimiter=";")
            writer.writeheader()
            writer.writerows(table)
