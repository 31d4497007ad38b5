#!/usr/bin/python3
"""The same answers in a JSON file, one object a line, and in a CSV file are the same answers in the store."""
import csv
import json
import shutil

import harness
from harness import ROOT


class Files(harness.Case):
    def sample(self, name, write=None):
        """The small sample, its answers rewritten by write(rows) → (kind, file name, text)."""
        folder = self.home / name
        shutil.copytree(ROOT / "samples/virksomhet", folder)
        if write:
            with open(folder / "svar.csv", encoding="utf-8-sig", newline="") as file:
                rows = list(csv.DictReader(file, delimiter=";"))
            kind, file_name, text = write(rows)
            (folder / file_name).write_text(text, encoding="utf-8")
            path = folder / "project.yaml"
            path.write_text(path.read_text().replace("kind: csv", f"kind: {kind}").replace("svar.csv", file_name, 1)
                            .replace("path: svar.csv", f"path: {file_name}"))
        return harness.Project(folder)

    def answers(self, project):
        self.succeeds(project.run("check"))
        self.succeeds(project.run("collect"))
        return project.query("SELECT response, question, value, missing FROM answer ORDER BY 1, 2")

    def test_three_kinds_say_the_same(self):
        as_csv = self.answers(self.sample("csv"))
        as_json = self.answers(self.sample("json", lambda rows: ("json", "svar.json", json.dumps(rows, indent=2))))
        as_lines = self.answers(self.sample("ndjson", lambda rows: (
            "ndjson", "svar.ndjson", "".join(json.dumps(row, ensure_ascii=False) + "\r\n" for row in rows))))
        self.assertEqual(len({response for response, *_ in as_csv}), 40)
        self.assertEqual(as_json, as_csv)
        self.assertEqual(as_lines, as_csv)

    def test_a_record_that_leaves_is_deleted_and_a_broken_file_changes_nothing(self):
        project = self.sample("a", lambda rows: ("ndjson", "svar.ndjson", "".join(json.dumps(row) + "\n" for row in rows)))
        path = project.path("svar.ndjson")
        self.succeeds(project.run("collect"))
        whole = path.read_text()
        lines = whole.splitlines(keepends=True)
        before = project.dump()["responses"]
        path.write_text("".join(lines[:20] + ["{oops\n"] + lines[20:]))
        self.fails(project.run("collect"), 1, "svar.ndjson:21:", "nothing was changed")
        path.write_text(whole[:-9])
        self.fails(project.run("collect"), 1, "svar.ndjson:40:")
        self.assertEqual(project.dump()["responses"], before)
        path.write_text("".join(lines[:7] + lines[8:]))
        self.succeeds(project.run("collect"))
        self.assertEqual(project.last_pull("svar")["deleted"], 1)

    def test_what_was_exported_can_be_read(self):
        project = self.sample("b")
        self.succeeds(project.run("collect"))
        self.succeeds(project.run("export", "--format", "json", "-o", self.home / "out.json"))
        path = project.path("project.yaml")
        head = path.read_text().split("sources:")[0]
        path.write_text(head + f"""sources:
  igjen:
    kind: json
    path: {self.home}/out.json
    id: id
    method: survey
    questions:
      voice-neutral: {{rating: voice-neutral, scale: enig5}}
      "statements/text": {{statement: {{quadrant_from: statements/quadrant}}}}
""")
        self.succeeds(project.run("collect"))
        exported = json.loads((self.home / "out.json").read_text())
        said = project.query("SELECT count(*) FROM answer WHERE source = 'igjen' AND question = 'statements/text'")[0][0]
        self.assertEqual(said, sum(len(entry["statements"]) for entry in exported))
        self.assertGreater(said, 10)


if __name__ == "__main__":
    harness.main()
