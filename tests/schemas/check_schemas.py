#!/usr/bin/python3
"""Holds the YAML files of the house against their JSON Schemas with an independent reader and validator: the built-in
frameworks, what `innsikt init` writes, every project.yaml of samples/ and some that use every key must pass; files that
are wrong in one place each must not. Run in the repository's root. Ends with 1 when something is not as it should be."""
import copy
import json
import pathlib
import sys

import jsonschema
import yaml

SCHEMAS = pathlib.Path("schemas")


class Loader(yaml.SafeLoader):
    """Dates stay texts, as the program reads them."""


Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in rules if tag != "tag:yaml.org,2002:timestamp"]
    for first, rules in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def as_json(value):
    """JSON has only texts for keys."""
    if isinstance(value, dict):
        return {str(key): as_json(item) for key, item in value.items()}
    return [as_json(item) for item in value] if isinstance(value, list) else value


def read(text):
    return as_json(yaml.load(text, Loader))


def validator(name):
    schema = json.loads((SCHEMAS / name).read_text())
    jsonschema.Draft7Validator.check_schema(schema)
    return jsonschema.Draft7Validator(schema)


def templates():
    """The new project without a source, and with one of each kind."""
    base = (SCHEMAS / "project-template.yaml").read_text()
    blocks = {path.stem: path.read_text() for path in sorted(SCHEMAS.glob("project-template-*.yaml"))}
    for name, block in [("project-template", ""), *blocks.items()]:
        text = base.replace("{sources}", block)
        for place, value in (("{title}", "Prøve"), ("{url}", "https://a.example.org/rpc"), ("{form}", "131392"),
                             ("{path}", "a/*.csv"), ("{kind}", "csv"), ("{method}", "survey")):
            text = text.replace(place, json.dumps(value))
        text = text.replace("{prefix}", "LS").replace("{id}", "id: Nr")
        yield name, read(text)


WHOLE = """
innsikt: 1
title: Evaluering av nasjonal e-helsestrategi
language: nb
framework: ehelse
store: innsikt.db
privacy: {key: "env:INNSIKT_KEY", smallest_group: 5, quotes: redacted}
analysis: {weight: organisation, targets: {kommune: 0.4, helseforetak: 0.3, naeringsliv: 0.3}, bootstrap: 10000, seed: 2021, earlier: [2019-host]}
note: {nb: Alt er oppdiktet, en: All of it is invented}
timezone: Europe/Oslo
round: {number: 2, stage: validation, deadline: 2021-09-24, contact: strategi@example.org}
thresholds: {verdict-firm: 0.85, duplicate: env:DUPLICATE}
organisations: {Oslo kommune: {aliases: [oslo komm.], group: kommune}, Havørn: }
recipients: {ks: {name: KS, groups: [kommune]}}
scenarios: [{id: S1, label: {nb: Sterk stat, nn: Sterk stat, en: Strong state}}]
sources:
  ansatte:
    kind: limesurvey
    url: https://skjema.example.no/index.php/admin/remotecontrol
    form: 131392
    user: env:LS_USER
    password: env:LS_PASSWORD
    method: survey
    stream: lessons
    wave: 2021-vaar
    organisation: Havørn
    group: kommune
    include: complete
    insecure: false
    ca_file: tls/ca.pem
    pin: "sha256//47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=;sha256//lbMOwOB3v6cqzS/L7kmBO8Cv9YHAsM0dTdZlTyClrbQ="
    proxy: http://mellom.example.no:3128
    proxy_user: env:PROXY_USER
    proxy_password: command:pass show mellom
    timezone: Europe/Oslo
    questions:
      ORG: {attribute: organisation}
      GRUPPE: {attribute: group, values: {A1: kommune, A2: helseforetak}}
      ROLLE: {attribute: {name: role}}
      "VALG[SQ001]": {rating: choices-clear, scale: grad5}
      "VALG[*]": {rating: {item: "clear-*", wave: v1, values: {1: 5}}}
      "FREM[SQ011]": {rating: {area: "1.1", scenario: S1}, scale: grad5}
      "PLAN[SQ011]": {rating: {activity_from: NR, criterion: practice}}
      STYRKER: {statement: {quadrant: strength, category: organisation}}
      VET: {statement: threat}
      UTSAGN: {statement: {polarity_from: POL, category_from: KAT}, values: {polarity: {p: helpful}, category: {k: actors}}}
      BEHOV: {need: {group: citizen, kind: practical, segment_from: SEG}}
      EFFEKT: {effect: {kind: start, direction: opp}}
      DOK: {document: {theme: ai, direction_from: RETN, force: guiding, title: NHSP, year: 2019, sender: HOD}}
      AKT: {activity: {id: 1.1.1, state_from: TILST, goal: 1.1.g1, reached: partly}}
      LYS: {status: {area: 1, light: green, comment_from: KOM}}
      KPI1: {kpi: {area: "3", indicator: "Andel virksomheter med dokumentdeling", target: 80}}
      FN: {goal: un-03, scale: modenhet5}
      DIL: {dilemma: {id: role, pole_from: POL2}, scale: pol5}
      PAR: {pair: {left: s01, right_from: H}, scale: kobling4}
      INV: {invited: {group: kommune, number: 12}}
      STEMME: {vote: {finding_from: FUNN}, scale: enig3}
      VIKT: {importance: {finding_from: FUNN}, scale: viktig5}
      MERK: {comment: {finding_from: FUNN}}
      EPOST: {person: true}
      KOMMENTAR: ignore
  verksted: {kind: csv, path: verksted/*.csv, id: Nr, method: workshop, evidence: voiced, encoding: utf-8, separator: ";"}
  skjema: {kind: xlsx, path: https://sky.example.no/svar.xlsx, id: ID, sheet: Svar, header: 2, user: u, password: env:P}
  api:
    kind: rest
    url: https://api.example.org/v1/responses?survey=7
    auth: client-credentials
    user: env:CLIENT
    password: env:SECRET
    token_url: https://login.example.org/oauth2/token
    scope: responses.read
    paging: {kind: cursor, parameter: cursor, next: /meta/next, total: /meta/total, size_parameter: limit, size: 100}
    records: /data
    id: /id
    submitted: /createdAt
    updated: /updatedAt
    deleted: /deletedAt
    complete: /finished
    answers: {list: /answers, question: /field/ref, value: [/text, /choice/label]}
    questions: {rolle: {attribute: role}}
  flatt: {kind: rest, url: https://api.example.org/x, auth: header, token: env:T, token_header: X-API-Key, format: ndjson, id: /a~1b}
  kobo: {kind: kobo, url: https://eu.kobotoolbox.org, form: aXYZ, token: env:KOBO}
"""

# (where, what to put there): one fault each. A value of DROP takes the member away.
DROP = object()
WRONG_PROJECTS = [
    (["innsikt"], 2),
    (["innsikt"], DROP),
    (["title"], DROP),
    (["title"], ""),
    (["titel"], "x"),
    (["language"], "no"),
    (["framework"], DROP),
    (["privacy"], DROP),
    (["privacy", "key"], "hunter2"),
    (["privacy", "smallest_group"], 0),
    (["privacy", "quotes"], "all"),
    (["analysis", "weight"], "organization"),
    (["analysis", "targets", "kommune"], 1.5),
    (["analysis", "bootstrap"], 10),
    (["analysis", "earlier"], {"2019-host": True}),
    (["round", "stage"], "valid"),
    (["round", "number"], DROP),
    (["round", "deadline"], "24.09.2021"),
    (["thresholds", "verdict-firm"], 1.2),
    (["thresholds", "verdict-frim"], 0.8),
    (["organisations", "Oslo kommune", "alias"], ["x"]),
    (["recipients", "ks", "name"], DROP),
    (["scenarios", 0, "label"], DROP),
    (["sources", "verk sted"], {"kind": "csv", "path": "x"}),
    (["sources", "api", "token_url"], "login.example.org"),
    (["sources", "api", "paging"], "cursor"),
    (["sources", "api", "paging", "size"], DROP),
    (["sources", "api", "paging", "next"], "meta/next"),
    (["sources", "api", "answers", "question"], DROP),
    (["sources", "api", "id_"], "/id"),
    (["sources", "flatt", "token_header"], "X-API-Key: x"),
    (["sources", "flatt", "token"], "hunter2"),
    (["sources", "verksted", "kind"], DROP),
    (["sources", "verksted", "path"], DROP),
    (["sources", "verksted", "method"], "wrokshop"),
    (["sources", "ansatte", "url"], "https://kari:hunter2@a.no/x"),
    (["sources", "ansatte", "url"], "a.no"),
    (["sources", "ansatte", "password"], "hunter2"),
    (["sources", "ansatte", "questions", "A"], "ignored"),
    (["sources", "ansatte", "questions", "A"], {"atribute": "group"}),
    (["sources", "ansatte", "questions", "A"], {"attribute": "Gruppe"}),
    (["sources", "ansatte", "questions", "A"], {"attribute": "group", "rating": "x"}),
    (["sources", "ansatte", "questions", "A"], {"attribute": "group", "scale": "grad5"}),
    (["sources", "ansatte", "questions", "A"], {"person": False}),
    (["sources", "ansatte", "questions", "A"], {"rating": {"criterion": "practice"}}),
    (["sources", "ansatte", "questions", "A"], {"rating": {"item": "x", "criterion": "practise"}}),
    (["sources", "ansatte", "questions", "A"], {"statement": {"quadrant": "strenght"}}),
    (["sources", "ansatte", "questions", "A"], {"statement": {"quadrant_form": "B"}}),
    (["sources", "ansatte", "questions", "A"], {"statement": {"quadrant_from": "B[*]"}}),
    (["sources", "ansatte", "questions", "A"], {"kpi": "3"}),
    (["sources", "ansatte", "questions", "A"], {"kpi": {"area": "3"}}),
    (["sources", "ansatte", "questions", "A"], {"activity": {"id": "1.1.1", "state": "going"}}),
    (["sources", "ansatte", "questions", "A"], {"values": {"a": "b"}}),
]
WRONG_FRAMEWORKS = [
    (["innsikt"], DROP),
    (["id"], "prøve"),
    (["title"], {"no": "x"}),
    (["title"], {}),
    (["verdict_scale"], DROP),
    (["missing", "97"], "dont-know"),
    (["scales", 0, "steps", 0, "label"], DROP),
    (["scales", 0, "steps"], [{"label": "A"}]),
    (["scales", 0, "steps"], [{"label": str(i)} for i in range(8)]),
    (["scales", 1, "steps", 0, "map"], 0),
    (["scales", 0, "steps", 0, "agree"], "ja"),
    (["questions"], []),
    (["grups"], []),
    (["items", 0, "question"], DROP),
    (["items", 0, "labell"], "x"),
    (["streams", 0, "letter"], "ab"),
    (["categories", 0, "kind"], "externl"),
    (["categories", 0, "kind"], DROP),
    (["groups", 0, "letter"], "x"),
    (["dilemmas", 0, "pole_b"], DROP),
    (["effects", 0, "kind"], "end"),
    (["needs", 0, "kind"], DROP),
    (["activities", 0, "focus_area"], DROP),
]


def changed(document, where, value):
    document = copy.deepcopy(document)
    at = document
    for step in where[:-1]:
        at = at[step]
    if value is DROP:
        del at[where[-1]]
    else:
        at[where[-1]] = value
    return document


def place(error):
    return "/".join(map(str, error.absolute_path)) or "the whole"


def main():
    faults = []
    project, framework = validator("project.schema.json"), validator("framework.schema.json")

    def expect_valid(name, schema, document):
        for error in schema.iter_errors(document):
            faults.append(f"{name}: {place(error)}: {error.message[:200]}")

    def expect_invalid(name, schema, document, cases):
        for where, value in cases:
            if schema.is_valid(changed(document, where, value)):
                faults.append(f"{name}: passes with {'/'.join(map(str, where))} = {value!r:.60}")

    frameworks = {path.name: read(path.read_text()) for path in sorted((SCHEMAS / "frameworks").glob("*.yaml"))}
    for name, document in frameworks.items():
        expect_valid(name, framework, document)
    expect_invalid("ehelse.yaml", framework, frameworks["ehelse.yaml"], WRONG_FRAMEWORKS)

    whole = read(WHOLE)
    expect_valid("the whole project", project, whole)
    expect_invalid("the whole project", project, whole, WRONG_PROJECTS)
    found = list(templates()) + [(str(path), read(path.read_text())) for path in sorted(pathlib.Path("samples").glob("*/project.yaml"))]
    for name, document in found:
        expect_valid(name, project, document)

    checked = len(frameworks) + 1 + len(found)
    for fault in faults:
        print(fault)
    print(f"{checked} files, {len(WRONG_PROJECTS) + len(WRONG_FRAMEWORKS)} broken ones: {len(faults)} faults")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
