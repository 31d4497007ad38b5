#!/usr/bin/python3
"""Sources pulled side by side, as a person sees it: a line for each, on a terminal one that is written over; Ctrl-C and a
kill in the middle of all; and no more connections than sources."""
import json
import os
import pty
import re
import signal

import harness

FIRST = 310001
SIZES = {"apen": 9000, "borger": 3100, "ansatt": 4300}
TEXTS = {"ORG": ["Nordhav kommune", "Ås bygdekvinnelag"]}
HEAD = """\
innsikt: 1
title: Prøve
language: nb
framework: virksomhet
timezone: Europe/Oslo
privacy: {key: env:INNSIKT_SAMPLE_KEY}
sources:
"""
SOURCE = """\
  %s:
    kind: limesurvey
    url: env:INNSIKT_SAMPLE_URL
    form: %d
    user: env:INNSIKT_SAMPLE_USER
    password: env:INNSIKT_SAMPLE_PASSWORD
    method: survey
    stream: staff
    questions:
      ORG: {attribute: organisation}
      SVAR: {statement: {quadrant: strength}}
"""


class Screen:
    """What a terminal shows of what was written to it: enough of one for lines that are written over."""

    def __init__(self, text):
        self.lines, self.row, self.column = [""], 0, 0
        for part in re.findall(r"\x1b\[[0-9;]*[A-Za-z]|\r|\n|[^\x1b\r\n]+", text):
            self.take(part)

    def take(self, part):
        line = self.lines[self.row]
        if part == "\r":
            self.column = 0
        elif part == "\n":
            self.row, self.column = self.row + 1, 0
            self.lines += [""] * (self.row + 1 - len(self.lines))
        elif part == "\x1b[A":
            self.row = max(self.row - 1, 0)
        elif part == "\x1b[K":
            self.lines[self.row] = line[:self.column]
        elif not part.startswith("\x1b"):
            self.lines[self.row] = line[:self.column].ljust(self.column) + part + line[self.column + len(part):]
            self.column += len(part)

    def text(self):
        return [line.rstrip() for line in self.lines if line.strip()]


class Together(harness.Case):
    def setUp(self):
        super().setUp()
        forms = []
        for sid, (name, responses) in enumerate(SIZES.items(), FIRST):
            form = {"system": "limesurvey", "sid": sid, "title": name, "language": "nb", "additional_languages": "",
                    "active": True, "anonymized": "N", "datestamp": "Y", "responses": [],
                    "groups": [{"gid": 1, "name": "Alt", "description": ""}],
                    "questions": [{"qid": n, "gid": 1, "code": code, "type": "T", "text": "Hva?", "other": "N"}
                                  for n, code in enumerate(("ORG", "SVAR"), 1)],
                    "generate": {"responses": responses, "seed": sid, "from": 1, "values": TEXTS}}
            path = self.home / f"{name}.json"
            path.write_text(json.dumps(form))
            forms.append(path)
        self.server = self.serve(forms=forms)

    def fresh(self, name):
        folder = self.home / name
        folder.mkdir()
        (folder / "project.yaml").write_text(HEAD + "".join(SOURCE % (n, sid) for sid, n in enumerate(SIZES, FIRST)))
        return harness.Project(folder, self.server)

    def everything(self, project):
        """With the numbers of the rows, in which pages of several sources might have been mixed."""
        return project.dump() | {"numbers": project.query("SELECT source, number, id FROM response ORDER BY number")}

    def stored(self, project):
        """{source: responses} as of now; nothing before there is a store."""
        if not project.path("innsikt.db").exists():
            return {}
        try:
            return dict(project.query("SELECT s.name, count(*) FROM response r JOIN source s ON s.number = r.source GROUP BY 1"))
        except Exception as trouble:  # its tables are being made
            self.assertIn("table", str(trouble))
            return {}

    def test_lines_where_there_is_no_terminal(self):
        project = self.fresh("plain")
        call = self.succeeds(project.run("collect"))
        self.assertNotRegex(call.stderr, "[\r\x1b]")
        self.assertEqual(sorted(call.stderr.splitlines()),
                         sorted(f"{name}: {n} received: {n} new" for name, n in SIZES.items()))
        self.assertEqual(self.succeeds(project.run("collect", "-q", "--full")).stderr, "")

    def test_a_line_for_each_on_a_terminal(self):
        project = self.fresh("terminal")
        ours, theirs = pty.openpty()
        pid = os.fork()
        if pid == 0:
            os.dup2(theirs, 2)
            os.execve(harness.PROGRAM, ["innsikt", "collect", "-C", str(project.folder)], os.environ | project.environment)
        os.close(theirs)
        written = b""
        try:
            while part := os.read(ours, 65536):
                written += part
        except OSError:  # the other end is closed
            pass
        self.assertEqual(os.waitpid(pid, 0)[1], 0)
        os.close(ours)
        text = written.decode()
        for name, n in SIZES.items():
            self.assertRegex(text, rf"{name}: \d+ of {n}\r")
        for moment in re.finditer(r"\x1b\[A", text):  # whenever it is written over: at most a line for each
            rows = [line for line in Screen(text[:moment.start()]).text() if " of " in line]
            self.assertLessEqual(len(rows), len(SIZES))
            self.assertEqual(len({row.split(":")[0] for row in rows}), len(rows), rows)
        self.assertEqual(sorted(Screen(text).text()), sorted(f"{name}: {n} received: {n} new" for name, n in SIZES.items()))

    def test_a_connection_for_each(self):
        call = self.succeeds(self.fresh("traced").run("collect", "-v"))
        self.assertLessEqual(call.stderr.count("over a new connection"), len(SIZES))
        self.assertGreater(call.stderr.count(" ms, HTTP/1.1"), 30)
        for name in SIZES:
            self.assertIn(f"{name}: POST http://127.0.0.1:", call.stderr)
        self.assertNotIn(harness.PASSWORD, call.stderr)
        self.assertNotIn(TEXTS["ORG"][0], call.stderr)

    def begun(self, name):
        """A collect of which every source has brought something, and none is done."""
        project = self.fresh(name)
        process = project.start("collect")
        harness.wait_for(lambda: len(self.stored(project)) == len(SIZES), "a page of each")
        return project, process

    def test_ctrl_c_stops_all_and_says_where(self):
        undisturbed = self.fresh("undisturbed")
        self.succeeds(undisturbed.run("collect"))
        project, process = self.begun("stopped")
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=harness.SECONDS)
        self.assertEqual(process.returncode, 1, said)
        stopped = re.findall(r"^(\w+): stopped after (\d+) responses; what was collected is kept", said, re.M)
        self.assertTrue(stopped, said)
        kept = self.stored(project)
        for name, n in stopped:
            self.assertEqual(kept[name], int(n), said)
            self.assertEqual(project.last_pull(name)["outcome"], "stopped")
        self.assertEqual(self.server.log()["sessions_open"], 0)
        self.succeeds(project.run("collect"))
        self.assertTrue(self.everything(project) == self.everything(undisturbed), "the store differs from an undisturbed one")

    def test_killed_and_resumed(self):
        undisturbed = self.fresh("undisturbed")
        self.succeeds(undisturbed.run("collect"))
        project, process = self.begun("killed")
        process.kill()
        process.communicate()
        self.succeeds(project.run("collect"))
        self.assertTrue(self.everything(project) == self.everything(undisturbed), "the store differs from an undisturbed one")


harness.main()
