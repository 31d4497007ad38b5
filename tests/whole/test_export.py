#!/usr/bin/python3
"""The data set as files: every format says what the store holds, and no more than that."""
import csv
import io
import json
import shutil
import subprocess
import unittest

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

    @unittest.skipUnless(shutil.which("pspp"), "PSPP is not installed (make check installs it); test_export.c reads with ReadStat")
    def test_another_program_reads_the_sav_file(self):
        """PSPP shares no line with ReadStat, which wrote it: labels, values and what counts as missing are all there."""
        self.succeeds(self.sample.run("export", "--format", "sav", "-o", self.home / "a.sav"))
        (self.home / "a.sps").write_text("SET LOCALE='UTF-8'.\nGET FILE='a.sav'.\nDISPLAY DICTIONARY.\n"
                                         "SAVE TRANSLATE /OUTFILE='a.csv' /TYPE=CSV /REPLACE /FIELDNAMES /CELLS=VALUES.\n")
        call = subprocess.run(["pspp", "-b", "-O", "format=csv", "a.sps"], cwd=self.home, capture_output=True, text=True, timeout=60)
        self.assertEqual((call.returncode, call.stderr), (0, ""), call.stdout[:500])
        tables = {}
        for row in csv.reader(io.StringIO(call.stdout)):
            if row and row[0].startswith("Table: "):
                table = tables.setdefault(row[0][7:], [])
            elif row:
                table.append(row)
        variables = {row[0]: dict(zip(tables["Variables"][0], row)) for row in tables["Variables"][1:]}
        asked = variables["voice_neutral"]
        self.assertEqual((asked["Label"], asked["Measurement Level"], asked["Missing Values"]),
                         ("Rådene våre er faglige og uavhengige", "Ordinal", "-7 THRU -1"))
        labels = tables["Value Labels"][1:]
        first = next(i for i, row in enumerate(labels) if row[0] == asked["Label"])
        self.assertEqual([(row[1].removesuffix("[a]"), row[2]) for row in labels[first:first + 12]],
                         [("-7", "Ukjent"), ("-6", "Uleselig"), ("-5", "Ikke aktuelt"), ("-4", "Vet ikke"),
                          ("-3", "Ikke i denne utgaven av skjemaet"), ("-2", "Ikke besvart"), ("-1", "Ikke vist"),
                          ("1", "Helt uenig"), ("2", "Uenig"), ("3", "Verken eller"), ("4", "Enig"), ("5", "Helt enig")])
        with open(self.home / "a.csv", encoding="utf-8", newline="") as file:
            read = list(csv.DictReader(file))
        for ours, theirs in zip(self.rows(), read, strict=True):
            self.assertEqual(ours["id"], theirs["id"])
            for name in (n for n in ours if "-" in n):
                value = theirs[name.replace("-", "_")]
                self.assertEqual(ours[name], "" if value.startswith("-") else value, name)

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
