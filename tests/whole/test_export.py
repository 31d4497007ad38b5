#!/usr/bin/python3
"""The data set as files: every format says what the store holds, and no more than that."""
import csv
import io
import json
import shutil

import harness
from harness import ROOT

RATINGS = 12


class Exports(harness.Case):
    def setUp(self):
        super().setUp()
        folder = self.home / "virksomhet"
        shutil.copytree(ROOT / "samples/virksomhet", folder)
        self.sample = harness.Project(folder)
        self.succeeds(self.sample.run("collect"))

    def export(self, *arguments):
        return self.succeeds(self.sample.run("export", *arguments)).stdout

    def rows(self, *arguments):
        path = self.home / "rows.csv"
        self.export("--format", "csv", "-o", path, *arguments)
        return list(csv.DictReader(io.StringIO(path.read_bytes().decode("utf-8"), newline="")))

    def test_the_steps_are_what_was_answered(self):
        given = self.sample.query("SELECT response, question, value, missing FROM answer WHERE source = 'svar'")
        asked = {"Rådene våre er faglige og uavhengige": "voice-neutral", "Vi samarbeider godt på tvers": "work-across"}
        rows = {row["id"]: row for row in self.rows()}
        self.assertEqual(len(rows), 40)
        compared = 0
        for response, question, value, missing in given:
            if question in asked:
                self.assertEqual(rows[response][asked[question]], "" if missing else value, (response, question))
                compared += 1
        self.assertEqual(compared, 80)
        self.assertEqual(len({tuple(row) for row in rows.values()}), 1)
        self.assertEqual(len(next(iter(rows.values()))), 9 + RATINGS)

    def test_people_are_pseudonyms_and_organisations_numbers(self):
        names = {value for value, in self.sample.query("SELECT value FROM answer WHERE question = 'Virksomhet'")}
        numbered, named = self.rows(), self.rows("--organisations", "names")
        self.assertEqual({row["organisation"] for row in named}, {name.strip() for name in names if name})
        apart = {(a["organisation"], b["organisation"]) for a, b in zip(numbered, named)}
        self.assertEqual(len(apart), len({number for number, _ in apart}), "a number for each, and one each")
        for row in numbered:
            self.assertRegex(row["organisation"], r"^O\d{12}$")
            self.assertRegex(row["pseudonym"], r"^([0-9a-f]{32})?$")
        for kind in ("csv", "csv-excel", "json", "ndjson"):
            self.assertNotIn("@", self.export("--format", kind), "an e-mail address")

    def test_formats_agree(self):
        rows = self.rows()
        array = json.loads(self.export("--format", "json"))
        lines = [json.loads(line) for line in self.export("--format", "ndjson").splitlines()]
        self.assertEqual(array, lines)
        for row, entry in zip(rows, array, strict=True):
            self.assertEqual(row, {k: "" if v is None else str(v) for k, v in entry.items() if k != "statements"})
        path = self.home / "excel.csv"
        self.export("--format", "csv-excel", "-o", path)
        text = path.read_bytes()
        self.assertEqual(text[:3], b"\xef\xbb\xbf")
        self.assertEqual(list(csv.DictReader(io.StringIO(text[3:].decode(), newline=""), delimiter=";")), rows)
        statements = self.rows("--what", "statements")
        self.assertEqual([s["statement"] for s in statements], [s["statement"] for e in array for s in e["statements"]])
        self.assertTrue(any(s["text"].startswith("'=") for s in statements), "a formula")
        self.assertFalse(any(s["text"].startswith("=") for s in statements))

    def test_sav_is_a_file_and_the_same_again(self):
        self.fails(self.sample.run("export", "--format", "sav"), 2, "-o FILE")
        files = self.home / "a.sav", self.home / "b.sav"
        for path, zone in zip(files, ("nb_NO.UTF-8", "C")):
            self.succeeds(self.sample.run("export", "--format", "sav", "-o", path, LC_ALL=zone))
        self.assertEqual(files[0].read_bytes(), files[1].read_bytes())
        self.assertEqual(files[0].read_bytes()[:4], b"$FL2")
        self.assertIn("Rådene våre er faglige og uavhengige".encode(), files[0].read_bytes())

    def test_what_cannot_be(self):
        self.fails(self.sample.run("export"), 2, "--format", "ndjson")
        self.fails(self.sample.run("export", "--format", "cvs"), 2, 'did you mean "csv"')
        self.fails(self.sample.run("export", "--format", "csv", "--what", "people"), 2, "--what")
        (self.home / "taken").mkdir()
        self.fails(self.sample.run("export", "--format", "json", "-o", self.home / "taken"), 1, "taken", "nothing was changed")
        self.assertEqual([p.name for p in self.home.glob("taken*")], ["taken"])
        self.sample.path("innsikt.db").unlink()
        self.fails(self.sample.run("export", "--format", "csv"), 1)


if __name__ == "__main__":
    harness.main()
