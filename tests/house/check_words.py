#!/usr/bin/python3
"""No question, item, group, area, level or scale of a framework stands in the program: neither its id nor its label, in any
language, in any text of a .c or .h file. Run in the repository's root. Ends with 1 and every text that does."""
import pathlib
import re
import sys

import yaml

LISTS = ("scales", "levels", "questions", "items", "groups", "trends", "themes", "areas", "focus_areas", "goals", "activities",
         "scenarios", "need_groups", "segments", "needs", "effects", "document_themes", "un_goals", "dilemmas")
# Words of the program itself (keys of the project file, names of columns) that happen to be ids or labels too.
ALSO_OURS = {"choices", "direction", "privacy", "role", "sustainability", "value"}
SENTENCE = 16  # letters of a label from which on it may not even stand inside a text
TEXT = re.compile(r'"((?:[^"\\\n]|\\.)*)"')
COMMENT = re.compile(rf"({TEXT.pattern})|/\*.*?\*/|//[^\n]*", re.S)


def texts_of(value):
    """Every text at any depth of a term: labels, briefs, details, in all languages; and labels of steps."""
    if isinstance(value, dict):
        for key, inner in value.items():
            if key not in ("id", "codes", "map", "level", "question", "kind", "agree", "letter", "area", "patterns"):
                yield from texts_of(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from texts_of(inner)
    elif isinstance(value, str):
        yield value


def words():
    ids, labels = set(), set()
    for path in sorted(pathlib.Path("schemas/frameworks").glob("*.yaml")):
        framework = yaml.safe_load(path.read_text())
        ids.add(framework["id"])
        labels |= set(texts_of(framework["title"]))
        for terms in (framework.get(name) or [] for name in LISTS):
            ids |= {str(term["id"]) for term in terms if "id" in term}
            labels |= {text for term in terms for text in texts_of(term)}
    return {i for i in ids if len(i) > 2} - ALSO_OURS, {label for label in labels if len(label) > 2} - ALSO_OURS


def program_texts():
    """(place, text) of every string of the program; adjacent strings are read as one."""
    for folder in ("schemas", "collect", "analyze"):
        yield from (s for path in sorted(pathlib.Path(folder).rglob("*.[ch]")) for s in strings(path))
    yield from strings(pathlib.Path("innsikt.c"))


def strings(path):
    source = COMMENT.sub(lambda m: m[1] or "\n" * m[0].count("\n"), path.read_text())
    source = re.sub(r"^#include.*", "", source, flags=re.M)
    for match in re.finditer(rf"(?:{TEXT.pattern}\s*)+", source):
        yield f"{path}:{source.count(chr(10), 0, match.start()) + 1}", "".join(TEXT.findall(match[0]))


ids, labels = words()
sentences = [label.casefold() for label in labels if len(label) >= SENTENCE]
complaints = []
n = 0
for place, text in program_texts():
    n += 1
    if text in ids:
        complaints.append(f"{place}: \"{text}\" is the id of a framework's term")
    if text in labels:
        complaints.append(f"{place}: \"{text}\" is a framework's label")
    folded = text.casefold()
    complaints += [f"{place}: \"{text}\" holds a framework's «{label}»" for label in sentences if label in folded]
for complaint in complaints:
    print(complaint)
print(f"{n} texts of the program against {len(ids)} ids and {len(labels)} labels, {len(complaints)} complaints")
sys.exit(1 if complaints or n < 500 or len(labels) < 200 else 0)
