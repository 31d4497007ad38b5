#!/usr/bin/python3
"""Broken off at any moment: killed, interrupted, or out of disk. What was committed stays, and the next pull ends with the
same store as one that nobody disturbed. INNSIKT_SOAK=N tries N moments (default: a few)."""
import os
import random
import signal
import subprocess

import harness

PAGES = 12
RESPONSES = 500 * PAGES
MOMENTS = int(os.environ.get("INNSIKT_SOAK", 4))


class Broken(harness.Case):
    def setUp(self):
        super().setUp()
        self.form = harness.generated_form(self.home / "form.json", RESPONSES)

    def undisturbed(self):
        project = self.project("undisturbed", self.serve(forms=[self.form]))
        self.succeeds(project.run("collect", "ansatte"))
        dump = project.dump()
        self.assertGreater(len(dump["responses"]), RESPONSES)
        return dump

    def started(self, name, server, rows):
        """A collect that is somewhere behind the request that brought the rows-th row."""
        project = self.project(name, server)
        already = server.log()["rows_exported"]
        process = project.start("collect", "ansatte")
        harness.wait_for(lambda: process.poll() is not None or server.log()["rows_exported"] - already >= rows, f"{rows} rows")
        return project, process

    def test_killed_and_resumed(self):
        wanted = self.undisturbed()
        server = self.serve(forms=[self.form])
        draw = random.Random(20210604)
        killed = 0
        for number in range(MOMENTS):
            rows = draw.randrange(1, 2 * RESPONSES)
            with self.subTest(rows=rows):
                project, process = self.started(f"killed{number}", server, rows)
                process.send_signal(signal.SIGKILL)
                process.communicate()
                killed += process.returncode == -signal.SIGKILL
                if project.path("innsikt.db").exists():
                    self.assertEqual(project.query("PRAGMA integrity_check"), [("ok",)])
                self.succeeds(project.run("collect", "ansatte"))
                self.assertTrue(project.dump() == wanted, "the store differs from an undisturbed one")
        self.assertGreater(killed, 0, "every pull ended before it could be killed")

    def test_killed_again_and_again(self):
        wanted = self.undisturbed()
        server = self.serve(forms=[self.form])
        project = self.project("again", server)
        for rows in (RESPONSES + 600, RESPONSES + 1700, RESPONSES + 2900):
            already = server.log()["rows_exported"]
            process = project.start("collect", "ansatte")
            harness.wait_for(lambda: process.poll() is not None or server.log()["rows_exported"] - already >= rows, "rows")
            process.kill()
            process.communicate()
        self.succeeds(project.run("collect", "ansatte"))
        self.assertTrue(project.dump() == wanted, "the store differs from an undisturbed one")

    def test_ctrl_c_keeps_the_page_and_releases_the_session(self):
        wanted = self.undisturbed()
        server = self.serve(forms=[self.form])
        project, process = self.started("interrupted", server, RESPONSES + 1500)
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=harness.SECONDS)
        self.assertEqual(process.returncode, 1, said)
        self.assertIn("ansatte", said)
        kept = project.query("SELECT count(*) FROM response")[0][0]
        self.assertGreaterEqual(kept, 1000)
        self.assertLess(kept, RESPONSES)
        self.assertEqual(project.last_pull("ansatte")["outcome"], "stopped")
        self.assertEqual(server.log()["sessions_open"], 0)
        self.succeeds(project.run("collect", "ansatte"))
        self.assertTrue(project.dump() == wanted, "the store differs from an undisturbed one")

    def test_ctrl_c_twice_breaks_off_a_server_that_is_silent(self):
        server = self.serve("--fault", "export_responses:*:silence", forms=[self.form])
        project = self.project("silent", server)
        process = project.start("collect", "ansatte")
        harness.wait_for(lambda: server.log()["calls"].get("export_responses"), "the export")
        for _ in range(2):
            process.send_signal(signal.SIGINT)
            harness.wait_for(lambda: not pending(process.pid, signal.SIGINT), "the signal to be taken")
        _, said = process.communicate(timeout=harness.SECONDS)
        self.assertEqual(process.returncode, 1, said)


class Full(harness.Case):
    """A file may not grow beyond a limit: what a full disk looks like to the program."""

    def test_collecting_on_a_full_disk(self):
        form = harness.generated_form(self.home / "form.json", 6000)
        server = self.serve(forms=[form])
        undisturbed = self.project("undisturbed", server)
        self.succeeds(undisturbed.run("collect", "ansatte"))
        for limit in (20_000, 300_000, 900_000):
            with self.subTest(limit=limit):
                project = self.project(f"full{limit}", server)
                call = project.run("collect", "ansatte", limit=limit)
                self.fails(call, 1, "innsikt.db", "full")
                if project.path("innsikt.db").exists() and project.path("innsikt.db").stat().st_size:
                    self.assertEqual(project.query("PRAGMA integrity_check"), [("ok",)])
                self.succeeds(project.run("collect", "ansatte"))
                self.assertTrue(project.dump() == undisturbed.dump(), "the store differs from an undisturbed one")

    def test_a_disk_that_is_full_and_then_larger(self):
        disk = self.home / "disk"
        disk.mkdir()
        if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=600k", "innsikt-test", disk], capture_output=True).returncode:
            self.skipTest("only root can mount a small disk")
        self.addCleanup(subprocess.run, ["umount", disk], check=True)
        form = harness.generated_form(self.home / "form.json", 6000)
        server = self.serve(forms=[form])
        undisturbed = self.project("undisturbed", server)
        self.succeeds(undisturbed.run("collect", "ansatte"))
        project = self.project("disk/project", server)
        self.fails(project.run("collect", "ansatte"), 1, "innsikt.db", "full")
        self.fails(project.run("collect", "ansatte"), 1, "innsikt.db", "full")
        subprocess.run(["mount", "-o", "remount,size=60m", disk], check=True)
        self.succeeds(project.run("collect", "ansatte"))
        self.assertTrue(project.dump() == undisturbed.dump(), "the store differs from an undisturbed one")

    def names(self, project):
        """SQLite's own files beside the store are its business: the next opening takes them in."""
        return sorted(p.name for p in project.folder.iterdir() if not p.name.startswith("innsikt.db-"))

    def test_writing_the_workbook_on_a_full_disk(self):
        project = self.project(server=self.serve())
        self.succeeds(project.run("collect"))
        project.results()
        workbook, results = project.path("innsikt.xlsx").read_bytes(), project.path("results.json").read_bytes()
        names = self.names(project)
        for limit in (0, 10_000, 100_000, 270_000, 500_000):
            with self.subTest(limit=limit):
                call = project.run("analyze", "--results", project.path("results.json"), limit=limit)
                self.fails(call, 1)
                self.assertTrue(project.path("innsikt.xlsx").read_bytes() == workbook, "the old workbook is damaged")
                self.assertTrue(project.path("results.json").read_bytes() == results, "the old results are damaged")
                self.assertEqual(self.names(project), names, "something half-written is left")

    def test_a_folder_that_cannot_be_written(self):
        project = self.project(server=self.serve())
        self.succeeds(project.run("collect"))
        self.fails(project.run("analyze", "-o", project.path("nowhere/innsikt.xlsx")), 2, "nowhere/innsikt.xlsx")


class Together(harness.Case):
    def test_two_collects_at_once(self):
        """One waits or gives way; the store is as after one."""
        form = harness.generated_form(self.home / "form.json", 3000)
        server = self.serve(forms=[form])
        alone = self.project("alone", server)
        self.succeeds(alone.run("collect", "ansatte"))
        project = self.project("together", server)
        both = [project.start("collect", "ansatte") for _ in range(2)]
        said = [process.communicate(timeout=harness.SECONDS)[1] for process in both]
        self.assertIn(0, [process.returncode for process in both], said)
        self.succeeds(project.run("collect", "ansatte"))
        self.assertTrue(project.dump()["responses"] == alone.dump()["responses"], said)
        self.assertTrue(project.dump()["answers"] == alone.dump()["answers"], said)


def pending(pid, number):
    """Whether the signal waits to be delivered."""
    try:
        with open(f"/proc/{pid}/status") as status:
            fields = dict(line.split(":", 1) for line in status)
    except OSError:
        return False
    return (int(fields["SigPnd"], 16) | int(fields["ShdPnd"], 16)) >> (number - 1) & 1


harness.main()
