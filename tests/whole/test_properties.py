#!/usr/bin/python3
"""What must hold whatever people answer: the order of respondents does not matter, nor how many threads there are; one
higher rating never lowers a mean, nor a verdict to wholly below what it was; the same answers under other codes or names of groups give the same."""
import copy
import json
import os
import random
import re
import shutil

import yaml

import harness
from oracle import roles

STEPS, SEEDS = 4, (11, 12, 13)
OF_STEPS = re.compile(r"(share|share-unweighted|count|posterior)-(\d+)$")


def flatten(node, path=""):
    flat = {}
    for name, value in node.items():
        here = f"{path}/{name}" if path else name
        flat.update(flatten(value, here) if isinstance(value, dict) else {here: value})
    return flat


def of_people(column):
    """Whether the column holds a rating of the people's file."""
    return bool(set(roles.questions().get(column, {})) & {"rating", "goal", "dilemma"})


class Properties(harness.Case):
    def compute(self, name, tables, edit=None, **environment):
        """(bytes of results.json, bytes of the workbook) of a project; edit(project, framework) changes them first."""
        folder = self.home / name
        roles.write(folder, tables, STEPS)
        if edit:
            paths = [folder / n for n in ("project.yaml", "alle.yaml")]
            both = [yaml.safe_load(p.read_text()) for p in paths]
            edit(*both)
            for path, content in zip(paths, both):
                path.write_text(yaml.safe_dump(content, allow_unicode=True, sort_keys=False))
        project = harness.Project(folder, **environment)
        self.succeeds(project.run("collect"))
        self.succeeds(project.run("analyze", "--results", folder / "ut.json", "-o", folder / "ut.xlsx"))
        return (folder / "ut.json").read_bytes(), (folder / "ut.xlsx").read_bytes()

    def results(self, *arguments, **more):
        return json.loads(self.compute(*arguments, **more)[0])

    def test_order_of_respondents(self):
        for seed in SEEDS:
            tables = roles.rows(seed, 50, STEPS)
            first = self.compute(f"rad-{seed}", tables)
            draw = random.Random(seed)
            mixed = {name: draw.sample(rows, len(rows)) for name, rows in tables.items()}
            self.assertEqual(self.compute(f"stokk-{seed}", mixed), first, "rows in another order")

    def test_other_numbers_for_the_same_people(self):
        """Rows under other ids come in another order into the store; no number moves more than sums in floating point do."""
        for seed in SEEDS:
            tables = roles.rows(seed, 50, STEPS)
            first = self.results(f"id-{seed}", tables)
            turned = tables | {name: [row | {"Nr": str(900 - int(row["Nr"]))} for row in tables[name]]
                               for name in ("folk.csv", "foer.csv")}
            second = self.results(f"snudd-{seed}", turned)
            for family in ("robustness", "level", "item", "distribution", "goal", "plan", "scenario", "difference", "change", "status"):
                a, b = (flatten(r[family], family) for r in (first, second))
                self.assertEqual(a.keys(), b.keys())
                for key, value in a.items():
                    if "chance" in key or key.endswith(("/kept", "-low", "-high")) and family == "scenario":
                        continue  # drawn by lot among organisations in the order of appearance
                    if isinstance(value, float):
                        self.assertAlmostEqual(b[key], value, delta=1e-9, msg=key)
                    else:
                        self.assertEqual(b[key], value, key)

    def test_a_higher_rating_lowers_nothing(self):
        """Mean, median and the shares at or below a step. A verdict never comes to stand wholly below what it was; it may
        widen downwards, since the answers are less alike: one 3 made a 4 can turn a firm 3 into a range of 2 to 3."""
        draw = random.Random(5)
        for seed in SEEDS:
            tables = roles.rows(seed, 30, STEPS)
            before = self.results(f"lav-{seed}", tables)
            for turn in range(6):
                higher = copy.deepcopy(tables)
                column = draw.choice(("Klart", "a", "Samlet"))
                row = draw.choice([r for r in higher["folk.csv"] if r["Org"] and r[column] in "123"])
                row[column] = str(draw.randint(int(row[column]) + 1, STEPS))
                after = self.results(f"hoy-{seed}-{turn}", higher)
                for question in before["robustness"]:
                    a, b = (r["robustness"][question] for r in (before, after))
                    what = (seed, turn, column, question)
                    self.assertGreaterEqual(b["mean"], a["mean"] - 1e-12, what)
                    self.assertGreaterEqual(b["median"], a["median"] - 1e-12, what)
                    below = [[sum(q[f"share-{k}"] for k in range(1, s + 1)) for s in range(1, STEPS)] for q in (a, b)]
                    self.assertTrue(all(y <= x + 1e-12 for x, y in zip(*below)), what)
                    if a["step-low"] and b["step-low"]:
                        self.assertGreaterEqual(b["step-high"], a["step-low"], what)

    def test_recoded_scale(self):
        """The same steps under other codes: nothing changes. The scale turned round: agreement stays, shares are mirrored."""
        tables = roles.rows(14, 40, STEPS)
        first = self.results("koder", tables)
        codes = {str(k): f"A{17 * k}" for k in range(1, STEPS + 1)}

        def recoded(to):
            return tables | {name: [{c: to.get(v, v) if of_people(c) else v for c, v in row.items()} for row in tables[name]]
                             for name in ("folk.csv", "foer.csv")}

        def declare(project, framework):
            for k, step in enumerate(framework["scales"][0]["steps"], 1):
                step["codes"] = [codes[str(k)]]

        self.assertEqual(self.results("nye-koder", recoded(codes), edit=declare), first)
        turned = self.results("snudd", recoded({str(k): str(STEPS + 1 - k) for k in range(1, STEPS + 1)}))
        for question in first["robustness"]:
            a, b = (flatten(r["robustness"][question]) for r in (first, turned))
            for key, value in a.items():
                if value is None or key not in b:
                    continue
                if key.endswith(("agreement", "rho", "n-eff")):
                    self.assertAlmostEqual(b[key], value, delta=1e-9, msg=key)
                elif key.endswith("/mean") or key == "mean":
                    self.assertAlmostEqual(STEPS + 1 - b[key], value, delta=1e-9, msg=key)
                elif OF_STEPS.search(key):
                    mirror = OF_STEPS.sub(lambda m: f"{m[1]}-{STEPS + 1 - int(m[2])}", key)
                    self.assertAlmostEqual(b[mirror], value, delta=1e-9, msg=key)

    def test_relabelled_groups(self):
        tables = roles.rows(15, 60, STEPS)
        other = {"kommune": "zeta", "foretak": "alfa"}
        first = self.results("grupper", tables)

        def renamed(project, framework):
            for group in framework["groups"]:
                group["id"] = other.get(group["id"], group["id"])
            targets = project["analysis"]["targets"]
            project["analysis"]["targets"] = {other[g]: t for g, t in targets.items()}

        changed = tables | {name: [row | {"Gruppe": other.get(row["Gruppe"], row["Gruppe"])} for row in tables[name]]
                            for name in ("folk.csv", "foer.csv", "inviterte.csv")}
        second = self.results("andre-grupper", changed, edit=renamed)
        back = {new: old for old, new in other.items()}
        for family in ("robustness", "difference", "change"):
            a, b = (flatten(r[family]) for r in (first, second))
            b = {re.sub(r"group=(\w+)", lambda m: f"group={back.get(m[1], m[1])}", key): value for key, value in b.items()}
            self.assertEqual(b, a)

    def test_as_many_threads_as_there_are(self):
        tables = roles.rows(16, 80, STEPS)
        first = self.compute("mange", tables)
        again = self.home / "mange"
        shutil.copytree(again, self.home / "en")
        cores = os.sched_getaffinity(0)
        os.sched_setaffinity(0, {min(cores)})
        try:
            project = harness.Project(self.home / "en")
            self.succeeds(project.run("analyze", "--results", self.home / "en.json", "-o", self.home / "en.xlsx"))
        finally:
            os.sched_setaffinity(0, cores)
        self.assertEqual(((self.home / "en.json").read_bytes(), (self.home / "en.xlsx").read_bytes()), first)


if __name__ == "__main__":
    harness.main()
