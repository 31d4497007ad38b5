#!/usr/bin/python3
"""Files on a web server, from `path: http…` to the store: fetched when they changed, told when a page stands in their place."""
import base64
import http.server
import threading

import harness
from harness import PASSWORD

TABLE = "Nr;Org;Utsagn\n1;Solvik;Korte linjer\n2;Havgap;Vi deler data\n"
KEY = "nøkkel-5be2"  # of the address


class Site(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.server.asked.append(self.headers)
        login = base64.b64encode(f"innsikt:{PASSWORD}".encode()).decode()
        status, kind, body = self.server.reply
        if self.headers.get("Authorization") != f"Basic {login}":
            status, kind, body = 401, "text/plain", "no"
        elif status == 200 and self.headers.get("If-None-Match") == f'"{hash(body)}"':
            status, body = 304, ""
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("ETag", f'"{hash(body)}"')
        self.end_headers()
        self.wfile.write(body.encode())

    def log_message(self, *arguments):
        pass


class Web(harness.Case):
    def setUp(self):
        super().setUp()
        self.site = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Site)
        self.site.reply, self.site.asked = (200, "text/csv", TABLE), []
        threading.Thread(target=self.site.serve_forever, daemon=True).start()
        self.addCleanup(self.site.server_close)
        self.addCleanup(self.site.shutdown)
        folder = self.home / "prosjekt"
        folder.mkdir()
        self.place = f"http://127.0.0.1:{self.site.server_address[1]}/delt/svar.csv"
        (folder / "project.yaml").write_text(
            "innsikt: 1\ntitle: Prøve\nlanguage: nb\nframework: virksomhet\nprivacy: {key: env:INNSIKT_SAMPLE_KEY}\nsources:\n"
            f"  ark: {{kind: csv, path: '{self.place}?key={KEY}', id: Nr, user: innsikt, password: env:INNSIKT_SAMPLE_PASSWORD,\n"
            "    questions: {Org: {attribute: organisation}, Utsagn: {statement: strength}}}\n")
        self.project = harness.Project(folder)

    def rows(self):
        return self.project.query("SELECT response, value FROM answer WHERE question = 'Utsagn' ORDER BY 1")

    def test_the_life_of_a_file(self):
        project = self.project
        self.assertIn("ark: reached; the mapping fits the form", self.succeeds(project.run("check")).stderr)
        self.succeeds(project.run("collect"))
        self.assertEqual(self.rows(), [("1", "Korte linjer"), ("2", "Vi deler data")])
        before = project.dump()
        self.assertIn("nothing has changed since the last pull", self.succeeds(project.run("collect")).stderr)
        self.assertEqual(project.dump(), before)
        self.assertIsNotNone(self.site.asked[-1]["If-None-Match"])
        self.site.reply = (200, "text/csv", TABLE.replace("Havgap;Vi deler data", "Havgap;Vi deler mer"))
        self.succeeds(project.run("collect"))
        self.assertEqual(project.last_pull("ark")["changed"], 1)
        # Another mapping reads everything anew, whatever the server says of the file.
        path = project.path("project.yaml")
        path.write_text(path.read_text().replace("Org: {attribute: organisation}, ", ""))
        self.succeeds(project.run("collect"))
        self.assertIsNone(self.site.asked[-1]["If-None-Match"])
        self.assertEqual(project.query("SELECT count(*) FROM answer WHERE question = 'Org'"), [(0,)])
        for file in project.folder.glob("innsikt.db*"):
            for secret in (KEY, PASSWORD):
                self.assertNotIn(secret.encode(), file.read_bytes())

    def test_what_is_no_file(self):
        project = self.project
        self.succeeds(project.run("collect"))
        before = project.dump()
        page = "<!DOCTYPE html><html><head><title>Logg inn hos Skyen</title></head><body>…</body></html>"
        for reply, words in (((200, "text/html", page), ("web page in place of the file", "«Logg inn hos Skyen»", "`user:`")),
                             ((200, "text/csv", page), ("web page in place of the file", "«Logg inn hos Skyen»")),
                             ((403, "text/html", page), ("HTTP 403", "«Logg inn hos Skyen»")),
                             ((404, "text/plain", "borte"), ("HTTP 404", "«borte»")),
                             ((200, "text/csv", ""), ("is empty", self.place))):
            with self.subTest(reply=reply):
                self.site.reply = reply
                for command in ("check", "collect"):
                    call = self.fails(project.run(command, "-v"), 1, "ark: ", *words)
                    for secret in (KEY, PASSWORD, "<html", "<title"):
                        self.assertNotIn(secret, call.stderr)
                self.assertEqual(project.dump(), before)

    def test_a_wrong_password_is_tried_once(self):
        self.project.environment["INNSIKT_SAMPLE_PASSWORD"] = "galt"
        self.fails(self.project.run("collect"), 1, "HTTP 401")
        self.assertEqual(len(self.site.asked), 1)


if __name__ == "__main__":
    harness.main()
