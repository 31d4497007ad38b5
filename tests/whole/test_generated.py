#!/usr/bin/python3
"""No framework is built in, and the numbers are right. From each seed a framework with random names, scales, groups and
questions is written, with a project and CSV data for it; innsikt collects and analyses; then

  1. every figure of results.json is computed a second time from the files (tests/whole/oracle) and compared, key by key;
  2. the workbook, read with openpyxl, shows those figures under that framework's labels, and no other's;
  3. a second run gives the same bytes, and so do rows in another order, in files saved in another way.

The standard seeds must between them meet every kind of verdict and placement. The small built-in sample goes through 1
and 2 as well, and no name of a built-in framework may stand in the program's own texts.

    test_generated.py [--seeds A-B] [--keep DIR]     seeds 1-12, and all the rest, when none are given

The program: INNSIKT, else INNSIKT_BUILD/innsikt, else build/release/innsikt."""
import argparse
import collections
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import time

from oracle import reading, sheets, writing
from oracle.coupling import Couplings
from oracle.differences import Differences
from oracle.ratings import Figures, Ratings
from oracle.situation import Situation
from oracle.statements import Statements

PROGRAM = os.environ.get("INNSIKT") or os.path.join(
    os.environ.get("INNSIKT_BUILD", reading.ROOT / "build/release"), "innsikt")
SLOW = 4 if "/asan/" in str(PROGRAM) or "/tsan/" in str(PROGRAM) else 1
TOLERANCE, SHOWN, SECONDS = 1e-9, 12, 60 * SLOW
STANDARD = (1, 12)
ENVIRONMENT = {"INNSIKT_TEST_KEY": writing.KEY, "INNSIKT_SAMPLE_KEY": writing.KEY, "INNSIKT_NOW": "2021-10-04T08:12:00Z"}
MET = {"verdict": ("firm", "range", "divided", "inconclusive", "insufficient"),
       "placement": ("given", "derived", "clash", "double", "none"),
       "settlement": ("settled", "leaning", "contested", "insufficient"),
       "theme-origin": ("codebook", "likely", "maybe", "cluster", "single")}
# Computed again by a test of its own: tests/whole/test_involvement.py.
ELSEWHERE = re.compile(r"involvement/(all/group=|no-group/|panel/|saturation/)")
STATES = ("partial", "screened-out", "rejected", "deleted")


class Fault(Exception):
    pass


def innsikt(folder, *arguments):
    command = [str(PROGRAM), *arguments, "-C", str(folder), "-q"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=SECONDS, env=os.environ | ENVIRONMENT)
    if done.returncode:
        raise Fault(f"innsikt {arguments[0]} ended with {done.returncode}: {done.stderr.strip()[-2000:]}")


def flatten(node, path=""):
    flat = {}
    for name, value in node.items():
        here = f"{path}/{name}" if path else name
        flat.update(flatten(value, here) if isinstance(value, dict) else {here: value})
    return flat


def expected_figures(project):
    data = reading.Dataset(project)
    figures = Figures()
    heard = {}
    for record in data.records:
        if record.source.method != "document":
            heard[record.person] = max(heard.get(record.person, 0), record.participants)
    methods = collections.Counter(r.source.method for r in data.records)
    for statistic, value in (
            ("people", sum(heard.values())), ("organisations", sum(u.named for u in data.units.values())),
            ("citizens", sum(u.citizen for u in data.units.values())), ("interviews", methods["interview"]),
            ("workshops", len({r.workshop for r in data.records} - {None})), ("survey-answers", methods["survey"]),
            ("documents", methods["document"]), ("statements", len(data.statements))):
        figures.put("involvement/all", statistic, value)
    for statistic, value in data.counts.items():
        figures.put("dataset/all", statistic, value)
    figures.put("dataset/all", "people", sum(heard.values()))
    for statistic in [f"left-out-{s}" for s in STATES] + ["blank-statements"]:
        figures.put("dataset/all", statistic, 0)
    for statistic, value in (("format", 1), ("title", project.title), ("language", project.language),
                             ("framework", project.framework.id), ("seed", project.seed)):
        figures[f"innsikt/{statistic}"] = value
    figures["innsikt/pulled"] = ENVIRONMENT["INNSIKT_NOW"]
    for key, value in project.thresholds.items():
        figures[f"innsikt/thresholds/{key}"] = value
    ratings = Ratings(data)
    figures.update(ratings.figures)
    figures.update(Differences(ratings).figures)
    statements = Statements(data, sheets.words_in(project.language))
    figures.update(statements.figures)
    figures.update(Situation(statements).figures)
    figures.update(Couplings(statements).figures)
    return figures


def differ(expected, got):
    if isinstance(expected, (int, float)) and isinstance(got, (int, float)) and \
            isinstance(expected, bool) == isinstance(got, bool):
        return abs(expected - got) > TOLERANCE * max(1, abs(expected))
    return expected != got


def compare(expected, got):
    faults = [f"{key}: expected {expected[key]!r}, got {got[key]!r}"
              for key in expected if key in got and differ(expected[key], got[key])]
    faults += [f"{key}: expected {expected[key]!r}, but it is not there" for key in expected if key not in got]
    faults += [f"{key}: {got[key]!r} is there, but nothing is expected"
               for key in got if key not in expected and not ELSEWHERE.match(key)]
    return faults


def analyze(folder, out):
    """The bytes of the workbook and of results.json."""
    innsikt(folder, "analyze", "-o", f"{out}.xlsx", "--results", f"{out}.json")
    return {kind: pathlib.Path(f"{out}.{kind}").read_bytes() for kind in ("xlsx", "json")}


def check_same(how, before, after):
    """Files that shall be the same bytes; where figures differ, which."""
    faults = [f"{how}, {kind} is not the same" for kind in before if before[kind] != after[kind]]
    return faults + [f"{how}, {f}" for f in compare(*(flatten(json.loads(x["json"])) for x in (before, after)))]


def check_project(folder):
    """(faults, figures, files) of any project whose sources are CSV files."""
    innsikt(folder, "collect")
    files = analyze(folder, folder / "ut")
    figures = flatten(json.loads(files["json"]))
    project = reading.Project(folder, writing.KEY)
    faults = compare(expected_figures(project), figures)
    faults += sheets.Sheets(folder / "ut.xlsx", project, figures).check()
    return faults + check_same("in a second analysis", files, analyze(folder, folder / "igjen")), figures, files


def check_shuffled(seed, folder, files):
    writing.shuffle_rows(seed, folder)
    (folder / "innsikt.db").unlink()
    innsikt(folder, "collect")
    return check_same("with rows in another order", files, analyze(folder, folder / "stokket"))


def check_seed(seed, keep):
    with tempfile.TemporaryDirectory(prefix=f"innsikt-{seed}-") as made:
        folder = pathlib.Path(made) if keep is None else pathlib.Path(keep) / str(seed)
        folder.mkdir(parents=True, exist_ok=True)
        try:
            writing.write_project(seed, folder)
            faults, figures, files = check_project(folder)
            return faults + check_shuffled(seed, folder, files), figures
        except (Fault, subprocess.TimeoutExpired) as failure:
            return [str(failure)], {}


def check_sample():
    """A framework that is built in is read like any other."""
    with tempfile.TemporaryDirectory(prefix="innsikt-virksomhet-") as made:
        folder = pathlib.Path(made) / "virksomhet"
        shutil.copytree(reading.ROOT / "samples/virksomhet", folder)
        try:
            return check_project(folder)[0]
        except (Fault, subprocess.TimeoutExpired) as failure:
            return [str(failure)]


def check_sources():
    """No name of a built-in framework in any text of the program; comments may have examples."""
    names = set(sheets.builtin_names())
    own = [reading.ROOT / "innsikt.c"] + [p for d in ("schemas", "collect", "analyze")
                                          for p in sorted((reading.ROOT / d).rglob("*.[ch]"))]
    return [f"{path.relative_to(reading.ROOT)} holds {text!r}, a name of a built-in framework"
            for path in own
            for text in re.findall(r'"((?:[^"\\\n]|\\.)*)"', re.sub(r"(?s)/\*.*?\*/", "", path.read_text(encoding="utf-8")))
            if text in names]


def tell(what, faults):
    if faults:
        print(f"{what}: {len(faults)} faults")
        for fault in faults[:SHOWN]:
            print(f"  {what}: {fault}")
    sys.stdout.flush()
    return bool(faults)


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--seeds", metavar="A-B")
    arguments.add_argument("--keep", metavar="DIR", help="leave the projects there")
    options = arguments.parse_args()
    first, last = STANDARD
    if options.seeds:
        first, last = (int(s) for s in (options.seeds.split("-") * 2)[:2])
    failed, met, started = 0, collections.Counter(), time.monotonic()
    for seed in range(first, last + 1):
        faults, figures = check_seed(seed, options.keep)
        met.update((k.rsplit("/", 1)[1], v) for k, v in figures.items() if k.rsplit("/", 1)[1] in MET)
        failed += tell(f"seed {seed}", faults)
    if not options.seeds:
        failed += tell("samples/virksomhet", check_sample())
        failed += tell("sources", check_sources())
        failed += tell("seeds", [f"no {word} {value!r} was met; take other seeds"
                                 for word in MET for value in MET[word] if not met[word, value]])
    print(f"{last - first + 1} seeds, {failed} failed, {time.monotonic() - started:.1f} s; met:")
    for word in MET:
        print(f"  {word}: " + ", ".join(f"{value} {met[word, value]}" for value in MET[word]))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
