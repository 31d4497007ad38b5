#!/usr/bin/python3
"""What must not be found anywhere: secrets in what the program says or keeps; answers that nobody gave a role, e-mail
addresses and tokens in the bytes of the store; respondents' text as a formula."""
import json
import os
import re
import zipfile

import harness
from harness import SECTOR

UNMAPPED = ("KOMMENTAR", "SITAT", "LEDER", "GRUPPE[other]", "KONTAKT[")


def answers_of(form, wanted):
    """Every answer in a form file whose heading is wanted."""
    return {text for response in form["responses"] for heading, text in response["answers"].items() if text and wanted(heading)}


class Privacy(harness.Case):
    @classmethod
    def setUpClass(cls):
        cls.forms = [json.loads((harness.SAMPLE / f"forms/{name}.json").read_text()) for name in ("ansatte", "sektor")]

    def store_bytes(self, project):
        return b"".join(path.read_bytes() for path in sorted(project.folder.glob("innsikt.db*")))

    def hidden(self):
        """Texts that no role lets through, long enough not to stand there by chance."""
        kept = set()
        hidden = set()
        for form in self.forms:
            is_unmapped = lambda heading: heading.startswith(UNMAPPED)
            hidden |= answers_of(form, lambda heading: is_unmapped(heading) or heading == "EPOST")
            kept |= answers_of(form, lambda heading: not is_unmapped(heading) and heading != "EPOST")
        return sorted(text for text in hidden if len(text) > 5 and not any(text in other for other in kept))

    def test_unmapped_answers_and_addresses_never_reach_the_disk(self):
        hidden = self.hidden()
        self.assertGreater(len(hidden), 50)
        self.assertGreater(sum("@" in text for text in hidden), 20)
        server = self.serve()
        project = self.project(server=server)
        self.succeeds(project.run("run", "-v"))
        server.order(edit={"sid": SECTOR, "id": 1, "answers": {"KOMMENTAR": "skjult-b1946ac9", "EPOST": "skjult-b1946ac9@example.org"}})
        self.succeeds(project.run("run", "-v"))
        kept = self.store_bytes(project)
        for text in hidden + ["skjult-b1946ac9"]:
            for spelling in (text, json.dumps(text)[1:-1]):
                self.assertNotIn(spelling.encode(), kept, "an answer without a role is in the store")
        made = workbook_text(project.path("innsikt.xlsx"))
        for text in hidden:
            if "@" in text:
                self.assertNotIn(text, made)

    def test_answers_that_lose_their_role_leave_the_disk(self):
        project = self.project(server=self.serve())
        self.succeeds(project.run("collect", "sektor"))
        texts = [v for v, in project.query("SELECT value FROM answer WHERE question = 'STYRKER' AND value IS NOT NULL")]
        texts = [t for t in texts if len(t) > 12 and project.query("SELECT count(DISTINCT question) FROM answer WHERE value = ?", t) == [(1,)]]
        self.assertGreater(len(texts), 5)
        path = project.path("project.yaml")
        text = path.read_text()
        head, tail = text[:text.index("  sektor:")], text[text.index("  sektor:"):]
        tail = re.sub(r"      STYRKER:\n        statement: .*\n", "      STYRKER:        ignore\n", tail, count=1)
        path.write_text(head + tail)
        self.succeeds(project.run("collect", "sektor"))
        kept = self.store_bytes(project)
        for said in texts:
            self.assertNotIn(json.dumps(said, ensure_ascii=False)[1:-1].encode(), kept)

    def test_secrets_are_never_said_nor_kept(self):
        server = self.serve()
        project = self.project(server=server)
        said = ""
        for command in (("check", "-v"), ("run", "-v"), ("status", "-v")):
            call = self.succeeds(project.run(*command))
            said += call.stdout + call.stderr
        project.environment["INNSIKT_SAMPLE_PASSWORD"] = wrong = "feil-4c2d88"
        call = self.fails(project.run("collect", "-v", "sektor"), 1)
        said += call.stdout + call.stderr
        server.fault("export_responses:*:refuse:Failure")
        project.environment["INNSIKT_SAMPLE_PASSWORD"] = harness.PASSWORD
        said += project.run("collect", "-v", "sektor").stderr
        answers = {a for form in self.forms for a in answers_of(form, lambda heading: True) if len(a) > 12}
        for secret in {harness.PASSWORD, harness.KEY, wrong} | answers:
            self.assertNotIn(secret, said)
        files = [p for p in project.folder.rglob("*") if p.is_file() and "forms" not in p.parts]
        for path in files:
            data = path.read_bytes()
            for secret in (harness.PASSWORD, harness.KEY, wrong):
                self.assertNotIn(secret.encode(), data, path)

    def test_secrets_are_not_on_a_command_line(self):
        """Nor in what the environment of another user can see: only names of variables stand in the project."""
        project = self.project(server=self.serve())
        text = project.path("project.yaml").read_text()
        path = project.path("project.yaml")
        path.write_text(text.replace("password: env:INNSIKT_SAMPLE_PASSWORD", "password: hemmelig-91c3", 1))
        call = self.fails(project.run("check"), 2, "project.yaml:", "env:")
        self.assertNotIn("hemmelig-91c3", call.stderr)

    def test_a_secret_file_that_others_can_read_is_refused(self):
        project = self.project(server=self.serve(), edit=lambda text: text.replace(
            "password: env:INNSIKT_SAMPLE_PASSWORD", "password: file:passord.txt"))
        project.path("passord.txt").write_text(harness.PASSWORD + "\n")
        os.chmod(project.path("passord.txt"), 0o644)
        self.fails(project.run("collect", "sektor"), 2, "passord.txt")
        os.chmod(project.path("passord.txt"), 0o600)
        self.succeeds(project.run("collect", "sektor"))

    def test_pseudonyms_hang_on_the_key(self):
        server = self.serve()
        named = {}
        for name, key in (("one", "nøkkel 1"), ("two", "nøkkel 2"), ("three", "nøkkel 1")):
            project = self.project(name, server)
            project.environment["INNSIKT_SAMPLE_KEY"] = key
            self.succeeds(project.run("collect", "sektor"))
            named[name] = [p for p, in project.query("SELECT pseudonym FROM response WHERE pseudonym IS NOT NULL ORDER BY id")]
        self.assertEqual(named["one"], named["three"])
        self.assertFalse(set(named["one"]) & set(named["two"]))

    def test_the_store_is_its_owner_s(self):
        project = self.project(server=self.serve())
        self.succeeds(project.run("collect", "sektor"))
        self.assertEqual(project.path("innsikt.db").stat().st_mode & 0o077, 0)

    def test_text_is_never_a_formula(self):
        project = self.project(server=self.serve())
        self.succeeds(project.run("run"))
        with zipfile.ZipFile(project.path("innsikt.xlsx")) as package:
            for name in package.namelist():
                if name.startswith("xl/worksheets/"):
                    self.assertNotRegex(package.read(name).decode(), r"<f[ >]", name)
        self.assertIn("=", workbook_text(project.path("innsikt.xlsx")))


def workbook_text(path):
    """Every text of every part."""
    with zipfile.ZipFile(path) as package:
        return "\n".join(package.read(name).decode() for name in package.namelist() if name.endswith(".xml"))


harness.main()
