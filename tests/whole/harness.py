"""What the tests of the whole program share: the program itself, the sample form server and the sample project, each test
in a folder of its own. A file of tests ends with `harness.main()`."""
import contextlib
import json
import os
import pathlib
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
import unittest
import urllib.request

import yaml

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILD = pathlib.Path(os.environ.get("INNSIKT_BUILD", ROOT / "build/release"))
PROGRAM = BUILD / "innsikt"
SAMPLE = ROOT / "samples/evaluering"
EMPLOYEES, SECTOR = 284671, 284672  # the sample's two surveys
SOURCES = tuple(yaml.safe_load((SAMPLE / "project.yaml").read_text())["sources"])  # in declared order
PASSWORD = "h7Qz-ukjent-Ø9"
KEY = "nøkkel-4f1c9a"
NOW = "2021-06-30T12:00:00Z"
SLOW = BUILD.name in ("asan", "tsan")
SECONDS = 60 * (4 if SLOW else 1)  # for one call of the program


class Server:
    """The sample form server on a free port. It ends when its standard input closes, so it never outlives a test."""

    def __init__(self, *arguments, forms=None):
        forms = forms or sorted((SAMPLE / "forms").glob("*.json"))
        self.process = subprocess.Popen([BUILD / "samples/server/formserver", "--until-eof", *arguments, *map(str, forms)],
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
                                        env=os.environ | {"INNSIKT_SAMPLE_PASSWORD": PASSWORD})
        self.port = int(self.process.stdout.readline().split()[1])
        self.url = f"http://127.0.0.1:{self.port}/index.php/admin/remotecontrol"
        self.odk = f"http://127.0.0.1:{self.port}/v1/projects/1"

    def order(self, **orders):
        body = json.dumps(orders).encode()
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}/_control", body, {"Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=SECONDS) as reply:
            assert json.load(reply) == {"ok": True}

    def fault(self, order):
        self.order(fault=order)

    def log(self):
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/_control/log", timeout=SECONDS) as reply:
            return json.load(reply)

    def close(self):
        self.process.stdin.close()
        self.process.wait(SECONDS)
        self.process.stdout.close()


class Case(unittest.TestCase):
    maxDiff = 4000

    def setUp(self):
        self.home = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory(prefix="innsikt-")))

    def serve(self, *arguments, forms=None):
        server = Server(*arguments, forms=forms)
        self.addCleanup(server.close)
        return server

    def project(self, name="project", server=None, edit=None):
        """A copy of the sample project; edit: what to make of the text of its project.yaml."""
        folder = self.home / name
        shutil.copytree(SAMPLE, folder, ignore=shutil.ignore_patterns("forms"))  # those are the server's
        if edit:
            path = folder / "project.yaml"
            path.write_text(edit(path.read_text()))
        return Project(folder, server)

    def succeeds(self, call, status=0):
        self.assertEqual(call.returncode, status, f"{call.args}\n{call.stdout}{call.stderr}")
        return call

    def fails(self, call, status, *words):
        """It ended with the status, and said each of the words on standard error, in a line that is not too long."""
        self.assertEqual(call.returncode, status, f"{call.args}\n{call.stdout}{call.stderr}")
        for word in words:
            self.assertIn(word, call.stderr)
        self.assertLess(max(map(len, call.stderr.splitlines())), 400)
        return call


class Project:
    def __init__(self, folder, server=None, **environment):
        self.folder = folder
        self.environment = {"INNSIKT_SAMPLE_USER": "innsikt", "INNSIKT_SAMPLE_PASSWORD": PASSWORD,
                            "INNSIKT_SAMPLE_KEY": KEY, "INNSIKT_NOW": NOW,
                            "INNSIKT_SAMPLE_URL": server.url if server else "http://127.0.0.1:9/",
                            "INNSIKT_SAMPLE_ODK": server.odk if server else "http://127.0.0.1:9/"} | environment

    def start(self, *arguments, limit=None, **environment):
        """The program, started. limit: bytes that a file may have at most, as on a disk that is full."""
        import resource

        def limit_file():
            if limit is not None:
                resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
                signal.signal(signal.SIGXFSZ, signal.SIG_IGN)

        command, *rest = arguments
        return subprocess.Popen([PROGRAM, command, "-C", self.folder, *map(str, rest)], stdin=subprocess.DEVNULL,
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, preexec_fn=limit_file,
                                env=os.environ | self.environment | environment)

    def run(self, *arguments, **options):
        process = self.start(*arguments, **options)
        try:
            out, err = process.communicate(timeout=SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            raise
        return subprocess.CompletedProcess(arguments, process.returncode, out, err)

    def path(self, name):
        return self.folder / name

    def results(self, *arguments):
        """What analyze makes of the store as it is."""
        call = self.run("analyze", "--results", self.path("results.json"), *arguments)
        assert call.returncode == 0, call.stderr
        return json.loads(self.path("results.json").read_text())

    def query(self, sql, *values):
        with contextlib.closing(sqlite3.connect(f"file:{self.path('innsikt.db')}?mode=ro", uri=True)) as store:
            return store.execute(sql, values).fetchall()

    def dump(self):
        """Everything the store holds of the answers, whenever and in however many pulls it came."""
        return {
            "responses": self.query(
                "SELECT s.name, r.id, r.state, r.submitted, r.updated, r.zone_known, r.language, r.form_version, r.revision,"
                " r.pseudonym FROM response r JOIN source s ON s.number = r.source ORDER BY s.name, r.width, r.id"),
            "answers": self.query("SELECT * FROM answer ORDER BY 1, 2, 3, 4"),
            "set aside": self.query("SELECT s.name, a.id, a.reason FROM set_aside a JOIN source s ON s.number = a.source"
                                    " ORDER BY 1, 2, 3"),
            "history": self.query("SELECT count(*) FROM history"),
            "cursors": self.query("SELECT name, cursor FROM source ORDER BY name"),
            "sound": self.query("PRAGMA integrity_check"),
        }

    def last_pull(self, source):
        """The last line of the log of a source, as {column: value}."""
        names = ("outcome", "received", "added", "changed", "same", "set_aside", "deleted", "restored", "unreadable")
        sql = f"SELECT o.word, {', '.join('p.' + n for n in names[1:])} FROM pull p JOIN outcome o ON o.number = p.outcome" \
              " JOIN source s ON s.number = p.source WHERE s.name = ? ORDER BY p.id DESC LIMIT 1"
        return dict(zip(names, self.query(sql, source)[0]))


def wait_for(condition, what, seconds=SECONDS):
    """Looks again and again until it is so; not being so in time is a failure."""
    until = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > until:
            raise AssertionError(f"never came: {what}")
        time.sleep(0.002)


def generated_form(path, responses):
    """The employees' form with made-up responses, so many that a pull takes many pages."""
    form = json.loads((SAMPLE / "forms/ansatte.json").read_text())
    form["generate"] = {"responses": responses, "seed": 20210604, "from": 1000}
    path.write_text(json.dumps(form))
    return path


def main():
    unittest.main(argv=sys.argv, verbosity=2)
