#!/usr/bin/python3
"""No framework is built in, and the numbers are right. From each seed a framework with random names, scales, groups and
questions is written, with a project and CSV data for it; innsikt collects and analyses; then

  1. every figure of results.json is computed a second time from the files (tests/whole/oracle) and compared, key by key;
  2. the workbook, read with openpyxl, shows those figures under that framework's labels, and no other's;
  3. a second run gives the same bytes, and rows in another order the same figures.

    test_generated.py [--seeds A-B] [--keep DIR] [--jobs N]     seeds 1-12 when none are given

The program: INNSIKT, else INNSIKT_BUILD/innsikt, else build/release/innsikt."""
import argparse
import collections
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import time

from oracle import reading, sheets, writing
from oracle.ratings import Figures, Ratings
from oracle.statements import Statements

PROGRAM = os.environ.get("INNSIKT") or os.path.join(
    os.environ.get("INNSIKT_BUILD", reading.ROOT / "build/release"), "innsikt")
TOLERANCE, SHOWN, SECONDS = 1e-9, 12, 120
STANDARD = (1, 12)
STATES = ("partial", "screened-out", "rejected", "deleted")


class Fault(Exception):
    pass


def innsikt(folder, *arguments):
    command = [str(PROGRAM), *arguments, "-C", str(folder), "-q"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=SECONDS,
                          env=os.environ | {"INNSIKT_TEST_KEY": writing.KEY, "TZ": "UTC"})
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
    for statistic in [f"left-out-{s}" for s in STATES] + ["blank-statements"]:
        figures.put("dataset/all", statistic, 0)
    for statistic, value in (("format", 1), ("title", project.title), ("language", project.language),
                             ("framework", project.framework.id), ("seed", project.seed)):
        figures[f"innsikt/{statistic}"] = value
    for key, value in project.thresholds.items():
        figures[f"innsikt/thresholds/{key}"] = value
    figures.update(Ratings(data).figures)
    figures.update(Statements(data, sheets.words_in(project.language)).figures)
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
    faults += [f"{key}: {got[key]!r} is there, but nothing is expected" for key in got if key not in expected]
    return faults


def load_results(path):
    figures = flatten(json.loads(path.read_text(encoding="utf-8")))
    pulled = figures.pop("innsikt/pulled", None)
    if not re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z", pulled or ""):
        raise Fault(f"innsikt/pulled is no time: {pulled!r}")
    return figures


def run_project(folder, out):
    innsikt(folder, "collect")
    innsikt(folder, "analyze", "-o", str(out) + ".xlsx", "--results", str(out) + ".json")
    return load_results(pathlib.Path(str(out) + ".json"))


def check_twice(folder, out):
    """The same store, analysed again: the same bytes."""
    again = folder / "igjen"
    innsikt(folder, "analyze", "-o", f"{again}.xlsx", "--results", f"{again}.json")
    return [f"a second analyze gives another {kind}" for kind in ("xlsx", "json")
            if pathlib.Path(f"{out}.{kind}").read_bytes() != pathlib.Path(f"{again}.{kind}").read_bytes()]


def check_shuffled(seed, folder, figures):
    writing.shuffle_rows(seed, folder)
    (folder / "innsikt.db").unlink()
    return [f"with rows in another order, {fault}" for fault in compare(figures, run_project(folder, folder / "stokket"))]


def check_project(folder, secret=writing.KEY):
    """(faults, figures) of any project whose sources are CSV files."""
    out = folder / "ut"
    figures = run_project(folder, out)
    project = reading.Project(folder, secret)
    faults = compare(expected_figures(project), figures)
    faults += sheets.Sheets(f"{out}.xlsx", project, figures).check()
    return faults + check_twice(folder, out), figures


def check_seed(seed, keep):
    with tempfile.TemporaryDirectory(prefix=f"innsikt-{seed}-") as made:
        folder = pathlib.Path(made) if keep is None else pathlib.Path(keep) / str(seed)
        folder.mkdir(parents=True, exist_ok=True)
        try:
            writing.write_project(seed, folder)
            faults, figures = check_project(folder)
            faults += check_shuffled(seed, folder, figures)
        except (Fault, subprocess.TimeoutExpired) as failure:
            return [str(failure)], {}
    return faults, figures


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--seeds", metavar="A-B")
    arguments.add_argument("--keep", metavar="DIR", help="leave the projects there")
    options = arguments.parse_args()
    first, last = STANDARD
    if options.seeds:
        first, last = (int(s) for s in (options.seeds.split("-") * 2)[:2])
    failed, met, started = [], collections.Counter(), time.monotonic()
    for seed in range(first, last + 1):
        faults, figures = check_seed(seed, options.keep)
        met.update(f"{k.rsplit('/', 1)[1]} {v}" for k, v in figures.items()
                   if k.endswith(("/verdict", "/placement", "/settlement", "/theme-origin")))
        if faults:
            failed.append(seed)
            print(f"seed {seed}: {len(faults)} faults")
            for fault in faults[:SHOWN]:
                print(f"  seed {seed}: {fault}")
        sys.stdout.flush()
    print(f"{last - first + 1 - len(failed)} of {last - first + 1} seeds, {sum(met.values())} words met, "
          f"{time.monotonic() - started:.1f} s")
    for word, times in sorted(met.items()):
        print(f"  {word}: {times}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
