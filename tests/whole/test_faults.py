#!/usr/bin/python3
"""What goes wrong out there: each fault gets a clear message, the right exit status, and a store that is right."""
import shutil
import socket
import sqlite3

import harness
from harness import SECTOR

EXPORT, LOGIN = "export_responses", "get_session_key"


class Refused(harness.Case):
    """Nothing came: exit status 1, and the store holds nothing of that source."""

    def refused(self, project, *words, status=1):
        call = self.fails(project.run("collect", "sektor"), status, *words)
        self.assertNotIn(harness.PASSWORD, call.stdout + call.stderr)
        if project.path("innsikt.db").exists():
            self.assertEqual(project.query("SELECT count(*) FROM response"), [(0,)])
            self.assertEqual(project.query("PRAGMA integrity_check"), [("ok",)])
        return call

    def test_a_wrong_password_is_tried_once(self):
        server = self.serve()
        project = self.project(server=server)
        project.environment["INNSIKT_SAMPLE_PASSWORD"] = "galt"
        self.refused(project, "sektor: ", "wrong user name or password", "not tried again")
        log = server.log()
        self.assertEqual((log["logins"], log["logins_refused"], log["calls"].get(LOGIN)), (1, 1, 1))

    def test_a_wrong_password_is_tried_once_for_two_sources_of_one_server(self):
        """The address is locked after three tries, whichever source they came from."""
        server = self.serve()
        project = self.project(server=server)
        project.environment["INNSIKT_SAMPLE_PASSWORD"] = "galt"
        call = self.fails(project.run("collect", "ansatte", "sektor", "verksted"), 3, "ansatte", "sektor")
        self.assertRegex(call.stderr, r"verksted: \d+ received")
        self.assertEqual(server.log()["logins"], 1)
        self.assertIn("refused for another source: ", call.stderr)

    def test_check_tries_a_wrong_password_once(self):
        server = self.serve()
        project = self.project(server=server)
        project.environment["INNSIKT_SAMPLE_PASSWORD"] = "galt"
        self.assertNotEqual(project.run("check", "ansatte", "sektor").returncode, 0)
        self.assertEqual(server.log()["logins"], 1)

    def test_no_password(self):
        project = self.project(server=self.serve())
        project.environment["INNSIKT_SAMPLE_PASSWORD"] = ""
        self.refused(project, "INNSIKT_SAMPLE_PASSWORD", status=2)

    def test_a_form_that_is_not_there(self):
        project = self.project(server=self.serve(), edit=lambda text: text.replace("form: 284672", "form: 284679"))
        self.refused(project, "sektor: ", "no such survey", "`form:`")

    def test_a_form_that_is_not_active(self):
        server = self.serve()
        server.order(active={"sid": SECTOR, "active": False})
        self.refused(self.project(server=server), "sektor: ")

    def test_a_host_that_does_not_answer(self):
        with socket.socket() as taken:  # bound, not listening: every connection is refused
            taken.bind(("127.0.0.1", 0))
            project = self.project()
            project.environment["INNSIKT_SAMPLE_URL"] = f"http://127.0.0.1:{taken.getsockname()[1]}/"
            self.refused(project, "sektor: ", "127.0.0.1")

    def test_a_host_name_that_does_not_exist(self):
        project = self.project()
        project.environment["INNSIKT_SAMPLE_URL"] = "https://skjema.invalid/index.php/admin/remotecontrol"
        self.refused(project, "sektor: ", "skjema.invalid")

    def test_plain_http_to_another_host(self):
        project = self.project()
        project.environment["INNSIKT_SAMPLE_URL"] = "http://skjema.example.no/index.php/admin/remotecontrol"
        self.refused(project, "https", status=2)

    def test_a_login_page_instead_of_json(self):
        for call in (LOGIN, EXPORT):
            with self.subTest(call):
                server = self.serve()
                server.fault(f"{call}:*:login-page")
                self.refused(self.project(call, server), "sektor: ", "no answer of LimeSurvey", "`url:`")

    def test_an_empty_reply(self):
        server = self.serve()
        server.fault(f"{LOGIN}:*:empty")
        self.refused(self.project(server=server), "sektor: ")

    def test_the_interface_is_locked(self):
        server = self.serve()
        server.fault(f"{LOGIN}:*:status:403")
        self.refused(self.project(server=server), "sektor: ", "403")

    def test_a_redirect_does_not_carry_the_password_away(self):
        server, other = self.serve(), self.serve()
        server.fault(f"*:*:redirect:{other.url}")
        self.refused(self.project(server=server), "sektor: ")
        self.assertEqual(other.log()["requests"], 0)

    def test_a_redirect_does_not_carry_a_token_away(self):
        """Of a list that is read in mid-pull, to the same path on another port."""
        server, other = self.serve(), self.serve()
        server.fault(f"submissions:*:redirect:{other.odk}/forms/interessentintervju.svc/Submissions")
        project = self.project(server=server)
        call = self.fails(project.run("collect", "intervju"), 1, "intervju: ", "credentials are not taken to another server")
        self.assertNotIn(harness.PASSWORD, call.stdout + call.stderr)
        self.assertEqual(other.log()["requests"], 0)
        self.assertEqual(server.log()["sessions_open"], 0)


class Mended(harness.Case):
    """Passing faults leave no trace: the store is as if nothing had happened."""

    def undisturbed(self):
        project = self.project("undisturbed", self.serve())
        self.succeeds(project.run("collect", "sektor"))
        return project.dump()

    def test_passing_faults(self):
        wanted = self.undisturbed()
        faults = (f"{EXPORT}:1:cut-length", f"{EXPORT}:1:cut-chunked", f"{EXPORT}:2:reset-within", f"{EXPORT}:1:status:503,0",
                  f"{EXPORT}:2:status:429,1", f"{EXPORT}:2:session-expired", "get_question_properties:5:session-expired",
                  f"{EXPORT}:*:wrapped", f"{EXPORT}:*:string-ids")
        for number, fault in enumerate(faults):
            with self.subTest(fault):
                server = self.serve("--fault", fault)
                project = self.project(f"faulty{number}", server)
                self.succeeds(project.run("collect", "sektor"))
                self.assertEqual(project.dump(), wanted)
                log = server.log()
                self.assertGreater(sum(log["faults"].values()) if isinstance(log["faults"], dict) else log["faults"], 0)
                self.assertEqual(log["logins_after_refusal"], 0)
                self.assertEqual(log["credentials_elsewhere"], 0)
                self.assertEqual(log["sessions_open"], 0, "a session was not released")

    def test_a_body_cut_short_for_good_and_the_next_pull(self):
        server = self.serve()
        project = self.project(server=server)
        server.fault(f"{EXPORT}:2-:refuse:Internal error")
        self.fails(project.run("collect", "sektor"), 1, "sektor: ")
        self.assertEqual(project.last_pull("sektor")["outcome"], "failed")
        self.assertIn("failed", self.succeeds(project.run("status")).stdout)
        server.order(**{"clear-faults": True})
        self.succeeds(project.run("collect", "sektor"))
        self.assertEqual(project.dump(), self.undisturbed())

    def test_a_session_that_ends_again_and_again(self):
        server = self.serve("--fault", f"{EXPORT}:*:session-expired")
        project = self.project(server=server)
        self.fails(project.run("collect", "sektor"), 1, "sektor: ")
        self.assertLessEqual(server.log()["logins"], 3)


class Spoilt(harness.Case):
    def test_one_answer_that_cannot_be_read(self):
        for kind in ("odd-answer", "latin1"):
            with self.subTest(kind):
                server = self.serve("--fault", f"{EXPORT}:*:{kind}")
                project = self.project(kind, server)
                self.succeeds(project.run("collect", "sektor"))
                pull = project.last_pull("sektor")
                self.assertEqual(pull["received"], 68, pull)

    def test_one_record_that_cannot_be_read_is_set_aside_and_told(self):
        server = self.serve("--fault", f"{EXPORT}:*:odd-row")
        project = self.project(server=server)
        self.succeeds(project.run("collect", "sektor"))
        pull = project.last_pull("sektor")
        self.assertEqual((pull["set_aside"], pull["added"]), (1, 67))
        self.assertIn("set aside: 1", self.succeeds(project.run("status")).stdout)

    def test_bodies_without_end_and_bombs(self):
        for number, fault in enumerate((f"{EXPORT}:*:bomb:600", f"{EXPORT}:*:endless", "list_questions:*:deep")):
            with self.subTest(fault):
                server = self.serve("--gzip", "--fault", fault)
                project = self.project(f"bomb{number}", server)
                self.fails(project.run("collect", "sektor"), 1, "sektor: ")
                self.assertEqual(project.query("SELECT count(*) FROM response"), [(0,)])

    def test_a_source_that_suddenly_shows_nothing_deletes_nothing(self):
        for number, kind in enumerate(("zero-list", "zero-record", "zero-status", "deep-export:1000", "deep-export")):
            with self.subTest(kind):
                server = self.serve()
                project = self.project(f"empty{number}", server)
                self.succeeds(project.run("collect", "sektor"))
                server.fault(f"{EXPORT}:*:{kind}")
                call = project.run("collect", "sektor")
                self.assertIn(call.returncode, (0, 1))
                self.assertIn("sektor: ", call.stderr)
                self.assertEqual(project.query("SELECT count(*) FROM response r JOIN state s ON s.number = r.state"
                                               " WHERE s.word = 'deleted'"), [(0,)])

    def test_what_a_failed_source_leaves_the_others(self):
        server = self.serve()
        project = self.project(server=server, edit=lambda text: text.replace("form: 284672", "form: 284679"))
        call = self.fails(project.run("run"), 3, "sektor", f"1 of {len(harness.SOURCES)} sources failed")
        self.assertRegex(call.stderr, r"ansatte: \d+ received: \d+ new")
        self.assertTrue(project.path("innsikt.xlsx").exists())


class Project(harness.Case):
    """A project or store that is wrong: exit status 2 and the place; a store of a newer version is left as it is."""

    def test_broken_project_files(self):
        changes = (
            ("language: nb ", "langage: nb ", "project.yaml:{line}:1:", "language"),
            ("scale: grad5}", "scale: grad6}", "project.yaml:{line}:", "grad5"),
            ("{rating: clear-direction", "{rating: clear-directoin", "project.yaml:{line}:", "clear-direction"),
            ("timezone: Europe/Oslo", "timezone: Europe/Olso", "project.yaml:{line}:", "Europe/Olso"),
            ("  seed: 2021", "  seed: [2021", "project.yaml:", ""),
            ("store: innsikt.db", "store: &a innsikt.db", "project.yaml:{line}:", ""),
            ("store: innsikt.db", "store: innsikt.db\nstore: annet.db", "project.yaml:", "store"),
            ("title: Evaluering", "title: Eval\xe9ring".encode("latin1"), "project.yaml:{line}:", "UTF-8"),
        )
        for number, (old, new, place, word) in enumerate(changes):
            with self.subTest(new=new):
                project = self.project(f"broken{number}")
                path = project.path("project.yaml")
                text = path.read_bytes()
                line = text[:text.index(old.encode())].count(b"\n") + 1
                path.write_bytes(text.replace(old.encode(), new if isinstance(new, bytes) else new.encode(), 1))
                for command in ("check", "collect", "analyze", "status"):
                    self.fails(project.run(command), 2, place.format(line=line), word)
                self.assertFalse(project.path("innsikt.db").exists())

    def test_a_kind_of_source_that_does_not_exist(self):
        project = self.project(edit=lambda text: text.replace("kind: limesurvey", "kind: limesurvei", 1))
        for command in ("check", "collect"):
            self.fails(project.run(command), 2, "project.yaml:", "limesurvey")
        self.assertFalse(project.path("innsikt.db").exists())

    def test_no_project(self):
        project = self.project()
        project.path("project.yaml").unlink()
        self.fails(project.run("collect"), 2, "project.yaml", "innsikt init")

    def test_analyze_before_collect(self):
        self.fails(self.project().run("analyze"), 1, "innsikt collect")

    def test_wrong_calls(self):
        project = self.project()
        for call, word in ((("colect",), "colect"), (("collect", "sektr"), "sektor"), (("analyze", "--reslts", "x"), "--reslts"),
                           (("analyze", "extra"), "extra"), (("status", "--language", "da"), "da")):
            self.fails(project.run(*call), 2, word)

    def test_a_store_of_a_newer_version(self):
        project = self.project(server=self.serve())
        self.succeeds(project.run("collect", "verksted"))
        store = sqlite3.connect(project.path("innsikt.db"))
        store.execute("PRAGMA user_version = 1000")
        store.commit()
        store.close()
        before = project.path("innsikt.db").read_bytes()
        for command in ("collect", "analyze", "status"):
            self.fails(project.run(command), 1, "innsikt.db", "newer")
        self.assertEqual(project.path("innsikt.db").read_bytes(), before)

    def test_a_store_that_is_something_else(self):
        project = self.project(server=self.serve())
        for content in (b"PK\x03\x04 no database at all" * 100, b"SQLite format 3\0" + b"\xff" * 4080):
            project.path("innsikt.db").write_bytes(content)
            for command in ("collect", "analyze", "status"):
                self.fails(project.run(command), 1, "innsikt.db")
            self.assertEqual(project.path("innsikt.db").read_bytes(), content)

    def test_a_file_source_that_is_not_there(self):
        project = self.project()
        shutil.rmtree(project.path("verksted"))
        self.fails(project.run("collect", "verksted"), 1, "verksted")

    def test_init_makes_a_project_that_check_understands(self):
        project = self.project()
        shutil.rmtree(project.folder)
        self.succeeds(project.run("init", project.folder, "--kind", "csv", "--path", "svar.csv", "--title", 'Et "prøve" \\ prosjekt'))
        self.assertEqual(project.path("innsikt.key").stat().st_mode & 0o777, 0o600)
        self.assertIn("innsikt.key", project.path(".gitignore").read_text())
        text = project.path("project.yaml").read_text()
        call = project.run("status")
        self.succeeds(call)
        self.fails(project.run("init", project.folder), 1, "project.yaml")
        self.assertEqual(project.path("project.yaml").read_text(), text)


harness.main()
