#!/usr/bin/python3
"""What the front door says to one who gets something wrong: each message names the cause and the mend, and no stranger's
text commands the terminal."""
import json
import os
import re
import stat
import subprocess
import unicodedata

import harness

CSV = """sources:
  verksted:
    kind: csv
    path: verksted/*.csv
    id: Løpenr
    method: workshop
    questions:
      Utsagn: {statement: {quadrant: strength}}
"""


def innsikt(*arguments, **environment):
    return subprocess.run([harness.PROGRAM, *map(str, arguments)], capture_output=True, text=True, stdin=subprocess.DEVNULL,
                          timeout=harness.SECONDS, env=os.environ | environment)


class Door(harness.Case):
    def workshop(self, csv):
        """A project of one CSV file, whose key init made."""
        folder = self.home / "p"
        self.succeeds(innsikt("init", folder))
        project = folder / "project.yaml"
        text = project.read_text()
        project.write_text(text[:text.index("\nsources:") + 1] + CSV)
        (folder / "verksted").mkdir()
        (folder / "verksted/bord.csv").write_text(csv)
        return folder

    def test_help_stands_in_columns(self):
        lines = [line for line in innsikt("--help").stdout.splitlines() if line.startswith("  ") and " SOURCE" not in line]
        commands = {line.split()[0]: line for line in lines}
        columns = {commands["init"].index("a new"), commands["collect"].index("pull what"), commands["status"].index("what the")}
        self.assertEqual(len(columns), 1, commands)

    def test_init_passes_over_no_option(self):
        for options, mend in ((["--url", "https://a.no"], "--kind limesurvey"), (["--form", "7"], "--kind limesurvey"),
                              (["--path", "x.csv"], "--kind csv"), (["--kind", "csv", "--form", "7"], "--kind limesurvey"),
                              (["--kind", "limesurvey", "--path", "x.csv"], "--kind csv")):
            with self.subTest(options):
                self.fails(innsikt("init", self.home / "new", *options), 2, options[-2], mend)
                self.assertFalse((self.home / "new").exists())

    def test_init_says_a_command_that_works(self):
        said = self.succeeds(innsikt("init", self.home / "new")).stderr
        self.assertIn(f"innsikt check -C {self.home}/new", said)

    def test_check_knows_whether_the_key_can_be_read(self):
        folder = self.workshop("Løpenr;Utsagn\n1;Vi kan mye\n")
        self.succeeds(innsikt("check", "-C", folder))
        (folder / "innsikt.key").chmod(0o644)
        self.fails(innsikt("check", "-C", folder), 2, "chmod 600")
        (folder / "innsikt.key").unlink()
        self.fails(innsikt("check", "-C", folder), 2, "innsikt.key", "No such file")

    def test_the_column_of_ids_is_in_use(self):
        folder = self.workshop("Løpenr;Utsagn;Merknad\n1;Vi kan mye;x\n")
        said = self.succeeds(innsikt("check", "-C", folder)).stderr
        self.assertIn("not stored: Merknad;", said)

    def test_a_strangers_text_commands_no_terminal(self):
        folder = self.workshop("Løpenr;Utsagn;\x1b[31mROT\x1b]0;tittel\x07;\x9b2J;\u202e\n1;Vi kan mye\n")
        said = self.succeeds(innsikt("check", "-C", folder)).stderr
        self.assertIn("ROT", said)
        self.assertEqual([c for c in said if unicodedata.category(c) == "Cc" and c != "\n"], [])

    def test_an_unknown_kind_names_the_nearest(self):
        folder = self.workshop("Løpenr;Utsagn\n1;Vi kan mye\n")
        project = folder / "project.yaml"
        project.write_text(project.read_text().replace("kind: csv", "kind: cvs"))
        for command in ("check", "collect"):
            self.fails(innsikt(command, "-C", folder), 2, '"cvs"', 'did you mean "csv"')

    def test_a_missing_user_or_password_is_named(self):
        server = self.serve()
        for key in ("user", "password"):
            project = self.project(key, server, lambda text: "".join(
                line for line in text.splitlines(True) if not line.lstrip().startswith(key + ":")))
            self.fails(project.run("check", "ansatte"), 2, f"`{key}:` is missing")
        self.assertEqual(server.log()["logins_refused"], 0)

    def test_check_knows_the_codes_of_a_group(self):
        server = self.serve()
        project = self.project(server=server)
        said = self.succeeds(project.run("check")).stderr
        self.assertNotIn("which `values:` renames", said)
        text = project.path("project.yaml").read_text()
        renamed = re.search(r"\{(KOMM): kommune", text)
        code = renamed[1]
        project.path("project.yaml").write_text(text[:renamed.start(1)] + code + "x" + text[renamed.end(1):])
        said = self.succeeds(project.run("check")).stderr
        self.assertIn(f'nothing says what the codes {code}, -oth- of question "GRUPPE" mean', said)
        self.assertIn(f'question "GRUPPE" has no code "{code}x", which `values:` renames; did you mean "{code}"?', said)

    def test_what_is_no_ordinary_file_is_never_replaced(self):
        folder = self.workshop("Løpenr;Utsagn\n1;Vi kan mye\n")
        self.succeeds(innsikt("collect", "-C", folder))
        pipe, link = self.home / "pipe", self.home / "link"
        os.mkfifo(pipe)
        self.fails(innsikt("analyze", "-C", folder, "-o", pipe), 2, "a device or a pipe")
        self.assertTrue(stat.S_ISFIFO(pipe.lstat().st_mode))
        link.symlink_to("/dev/stdout")
        said = self.succeeds(innsikt("analyze", "-C", folder, "--results", link)).stdout
        self.assertTrue(link.is_symlink())
        self.assertIn("involvement", json.loads(said))

    def test_a_workbook_that_cannot_be_written_says_why(self):
        folder = self.workshop("Løpenr;Utsagn\n1;Vi kan mye\n")
        self.succeeds(innsikt("collect", "-C", folder))
        self.fails(innsikt("analyze", "-C", folder, "-o", self.home / "none/x.xlsx"), 2,
                   "none/x.xlsx: there is no folder", "/none; make it first, or name another file with -o")

    def test_an_empty_store_is_no_store(self):
        folder = self.workshop("Løpenr;Utsagn\n1;Vi kan mye\n")
        (folder / "innsikt.db").touch()
        (folder / "innsikt.xlsx").write_text("yesterday's")
        self.fails(innsikt("analyze", "-C", folder), 1, "nothing has been collected yet")
        self.assertEqual((folder / "innsikt.xlsx").read_text(), "yesterday's")
        self.assertIn("nothing collected yet", self.succeeds(innsikt("status", "-C", folder)).stdout)


if __name__ == "__main__":
    harness.main()
