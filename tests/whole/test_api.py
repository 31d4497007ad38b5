#!/usr/bin/python3
"""Forms in Nettskjema, in KoboToolbox and behind an API of nobody's, from the server to the store: what is edited, deleted, added
and restored there is so here; whatever goes wrong on the way, the next pull leaves the store that one without trouble leaves."""
import hashlib
import json
import signal

import harness

TOKEN = hashlib.sha256(harness.PASSWORD.encode()).hexdigest()[:40]
HEAD = """\
innsikt: 1
title: Prøve
language: nb
framework: virksomhet
timezone: Europe/Oslo
privacy: {key: env:INNSIKT_SAMPLE_KEY}
sources:
  skjema:
"""
KARI = "kari.æøå@eksempel.no"


class System:
    """What all have to do. A row is a response as the server keeps it."""
    PAGE, OTHERS = None, ()  # the call that brings rows; and those that come before
    PASSING, MOMENTS = (), ()  # faults that a pull survives; calls in which it is killed
    REFUSED = "401"
    COMMON = ()


    def setUp(self):
        super().setUp()
        self.file = self.home / "form.json"
        self.file.write_text(json.dumps(self.form()))
        self.server = self.serve(forms=[self.file])
        self.server.order(**{"clear-log": True})

    def api(self, **what):
        self.server.order(api={"form": self.form()["id"]} | what)

    def project(self, name="prosjekt"):
        folder = self.home / name
        folder.mkdir()
        (folder / "project.yaml").write_text(HEAD + self.source())
        return harness.Project(folder, self.server, INNSIKT_SAMPLE_URL=f"http://127.0.0.1:{self.server.port}{self.PATH}",
                               INNSIKT_SAMPLE_TOKEN=TOKEN,
                               INNSIKT_SAMPLE_TOKEN_URL=f"http://127.0.0.1:{self.server.port}/oauth2/token")

    def pull(self, project, *arguments, **counts):
        self.succeeds(project.run("collect", *arguments))
        last = project.last_pull("skjema")
        due = dict.fromkeys(("added", "changed", "set_aside", "deleted", "restored"), 0) | counts
        self.assertEqual({name: last[name] for name in due}, due)

    def said(self, project, row, question="fri"):
        return [v for v, in project.query("SELECT value FROM answer WHERE response = ? AND question = ?", str(row), question)]

    def test_the_life_of_a_response(self):
        project = self.project()
        self.pull(project, added=12)
        self.assertEqual(self.said(project, 3), ["Sagt 3 på Værøy"])
        self.pull(project)
        self.api(edit=self.row(3, "Rettet 3"))
        self.api(delete="5")
        self.api(add=self.row(40, "Ny"))
        self.pull(project, added=1, changed=1, deleted=1)
        self.assertEqual((self.said(project, 3), self.said(project, 5), self.said(project, 40)), (["Rettet 3"], [], ["Ny"]))
        self.api(add=self.row(5, "Sagt 5 på Værøy"))
        self.pull(project, restored=1)
        whole = project.dump()["answers"]
        self.pull(project, "--full")
        self.assertEqual(project.dump()["answers"], whole)
        self.pull(project)

        # What is not mapped, who said it, and what opens the door is nowhere.
        self.assertEqual(project.query("SELECT count(DISTINCT pseudonym) FROM response WHERE pseudonym IS NOT NULL"), [(1,)])
        held = b"".join(path.read_bytes() for path in project.folder.glob("innsikt.db*"))
        for text in ("aldri lagret", KARI, TOKEN, harness.PASSWORD):
            self.assertNotIn(text.encode(), held)
        self.assertEqual(self.server.log()["credentials_elsewhere"], 0)

    def test_an_empty_list_empties_nothing(self):
        project = self.project()
        self.pull(project, added=12)
        before = project.dump()["responses"]
        for row in range(1, 13):
            self.api(delete=str(row))
        call = self.succeeds(project.run("collect"))
        self.assertIn("nothing that was collected before is marked deleted", call.stderr)
        self.assertEqual(project.dump()["responses"], before)

    def test_faults_that_pass(self):
        wanted = self.undisturbed()
        for number, fault in enumerate(self.COMMON + self.PASSING):
            with self.subTest(fault=fault):
                self.fault(fault)
                project = self.project(f"p{number}")
                self.pull(project, added=12)
                self.assertEqual(project.dump(), wanted)

    def test_faults_that_stay(self):
        project = self.project()
        self.pull(project, added=12)
        wanted = project.dump()
        for call in (self.PAGE, *self.OTHERS):
            for fault in ("login-page", "status:404", "status:500,0", "body:[1", "redirect:http://127.0.0.1:9/x"):
                with self.subTest(call=call, fault=fault):
                    self.fault(f"{call}:*:{fault}")
                    said = self.fails(project.run("collect", "--full"), 1, "skjema: ")
                    self.assertNotIn(TOKEN, said.stderr)
        self.fault(None)
        self.assertEqual(project.dump(), wanted)
        self.pull(project, "--full")

    def test_killed_and_resumed(self):
        wanted = self.undisturbed()
        for number, (call, k) in enumerate(self.MOMENTS):
            with self.subTest(call=call, k=k):
                self.fault(f"{call}:{k}:silence")
                project = self.project(f"k{number}")
                process = project.start("collect")
                harness.wait_for(lambda: "silence" in self.server.log()["faults"], f"{call} {k}")
                process.send_signal(signal.SIGKILL)
                process.communicate()
                self.fault(None)
                self.succeeds(project.run("collect"))
                self.assertEqual(project.dump(), wanted)

    def test_refused(self):
        project = self.project()
        project.environment |= {"INNSIKT_SAMPLE_TOKEN": "galt-token", "INNSIKT_SAMPLE_USER": "galt"}
        call = self.fails(project.run("collect"), 1, "skjema: ", self.REFUSED)
        self.assertNotIn("galt-token", call.stderr)
        self.assertEqual(self.server.log()["requests"], 1)

    def test_check(self):
        project = self.project()
        call = project.run("check")
        self.assertNotIn("is not in form", call.stdout + call.stderr)
        path = project.path("project.yaml")
        path.write_text(path.read_text().replace("fri:", "frii:"))
        self.assertIn('question "frii" is not in form', project.run("check").stderr)
        self.succeeds(project.run("questions", "skjema"))

    def fault(self, order):
        self.server.order(**{"clear-faults": True, "clear-log": True})
        if order:
            self.server.fault(order)

    def undisturbed(self):
        project = self.project("uforstyrret")
        self.pull(project, added=12)
        return project.dump()


def broken(page):
    return (f"{page}:1:cut-length:300", f"{page}:1:cut-chunked:300", f"{page}:1:reset-within:200", "*:1-3:status:503,0",
            "*:3-5:status:429,0", "*:2:status:502,0")


class Nettskjema(System, harness.Case):
    COMMON = broken("answers")
    PATH, PAGE, OTHERS = "/api/v3", "answers", ("info", "elements", "submission-metadata")
    PASSING = ("elements:1:session-expired", "answers:1:session-expired", "submission:1:session-expired", "token:1:status:503,0")
    MOMENTS = [("submission-metadata", 1), ("answers", 1), ("submission", 1), ("token", 1)]
    REFUSED = "refuses the client"

    def source(self):
        return """\
    kind: nettskjema
    url: env:INNSIKT_SAMPLE_URL
    form: 4711
    token_url: env:INNSIKT_SAMPLE_TOKEN_URL
    user: env:INNSIKT_SAMPLE_USER
    password: env:INNSIKT_SAMPLE_PASSWORD
    questions:
      fri: {statement: {quadrant: strength}}
      "enig[*]": {rating: voice-neutral, scale: enig5}
      epost: {person: true}
"""

    def form(self):
        elements = [{"elementId": 1, "elementType": "QUESTION", "text": "Hva er bra?", "externalElementId": "fri"},
                    {"elementId": 2, "elementType": "MATRIX_RADIO", "text": "Enig?", "externalElementId": "enig", "answerOptions":
                     [{"answerOptionId": 10 + n, "text": str(n), "externalAnswerOptionId": str(n)} for n in range(1, 6)],
                     "subElements": [{"subElementId": 21, "text": "Én", "externalElementId": "a"}, {"subElementId": 22, "text": "To", "externalElementId": "b"}]},
                    {"elementId": 3, "elementType": "QUESTION", "text": "Hemmelig", "externalElementId": "hemmelig"},
                    {"elementId": 4, "elementType": "EMAIL", "text": "E-post", "externalElementId": "epost"}]
        return {"system": "nettskjema", "id": "4711", "key": "submissionId", "elements": elements,
                "info": {"title": "Prøve", "canEditForm": True, "isCodebookValid": True, "deliveryDestination": "DATABASE"},
                "rows": [self.row(n, f"Sagt {n} på Værøy") for n in range(1, 13)]}

    def row(self, number, text):
        time = f"2026-03-04T14:20:{number:02d}"
        changed = "2026-05-01T09:00:00" if "Rettet" in text else time
        line = {"elementId": 1, "elementType": "QUESTION", "textAnswer": text}
        return {"submissionId": number, "createdDate": time, "modifiedDate": changed, "answers": [
            line, {"elementId": 2, "subElementId": 21, "elementType": "MATRIX_RADIO", "answerOptionIds": [10 + number % 5 + 1]},
            {"elementId": 3, "elementType": "QUESTION", "textAnswer": "aldri lagret"}, {"elementId": 4, "elementType": "EMAIL", "textAnswer": KARI}]}

    def test_saved_and_delivered(self):
        project = self.project()
        self.api(add=self.row(30, "Ikke levert") | {"postponed": True})
        self.pull(project, added=13)
        self.assertEqual(project.query("SELECT w.word FROM response r JOIN state w ON w.number = r.state WHERE r.id = '30'"), [("partial",)])
        self.api(edit=self.row(30, "Levert") | {"postponed": False})
        self.pull(project, changed=1)
        self.assertEqual(self.said(project, 30), ["Levert"])


class Kobo(System, harness.Case):
    COMMON = broken("data")
    PATH, PAGE, OTHERS = "", "data", ("asset",)
    PASSING = ("data:2:duplicate",)
    MOMENTS = [("asset", 1), ("data", 1), ("data", 2), ("data", 3)]

    def source(self):
        return """\
    kind: kobo
    url: env:INNSIKT_SAMPLE_URL
    form: aXYZ22
    token: env:INNSIKT_SAMPLE_TOKEN
    questions:
      fri: {statement: {quadrant: strength}}
      gruppe/enig: {rating: voice-neutral, scale: enig5}
      "utsagn/*": {attribute: utsagn}
      epost: {person: true}
"""

    def form(self):
        survey = [{"type": "text", "name": "fri", "label": ["Hva er bra?"]}, {"type": "begin_group", "name": "gruppe"}, {"type": "select_one", "name": "enig", "select_from_list_name": "enig"},
                  {"type": "end_group"}, {"type": "begin_repeat", "name": "utsagn"}, {"type": "text", "name": "tekst"}, {"type": "end_repeat"}, {"type": "text", "name": "hemmelig"}, {"type": "text", "name": "epost"}]
        choices = [{"list_name": "enig", "name": str(n), "label": [str(n)]} for n in range(1, 6)]
        return {"system": "kobo", "id": "aXYZ22", "key": "_id", "most": 5, "rows": [self.row(n, f"Sagt {n} på Værøy") for n in range(1, 13)],
                "asset": {"uid": "aXYZ22", "name": "Prøve", "asset_type": "survey", "has_deployment": True, "deployed_version_id": "v1", "content": {"survey": survey, "choices": choices}}}

    def row(self, number, text):
        return {"_id": number, "_uuid": f"{hashlib.md5(text.encode()).hexdigest()}", "__version__": "v1", "_submission_time": f"2026-03-04T13:20:{number:02d}", "_validation_status": {},
                "fri": text, "gruppe/enig": str(number % 5 + 1), "utsagn": [{"utsagn/tekst": "Én"}, {"utsagn/tekst": "To"}], "hemmelig": "aldri lagret", "epost": KARI}

    def test_repeats(self):
        project = self.project()
        self.pull(project, added=12)
        self.assertEqual(self.said(project, 7, "utsagn/tekst"), ["Én", "To"])

    def test_rejected(self):
        project = self.project()
        self.pull(project, added=12)
        self.api(edit={"_id": 4, "_validation_status": {"uid": "validation_status_not_approved"}})
        self.pull(project, changed=1)
        self.assertEqual(project.query("SELECT w.word FROM response r JOIN state w ON w.number = r.state WHERE r.id = '4'"), [("rejected",)])


class Rest(System, harness.Case):
    COMMON = broken("rest")
    PATH, PAGE, OTHERS = "/rest/svar", "rest", ()
    PASSING = ("rest:3:duplicate", "rest:4:duplicate")
    MOMENTS = [("rest", 1), ("rest", 2), ("rest", 3), ("rest", 4)]
    AUTH, LOGIN = "bearer", "auth: bearer\n    token: env:INNSIKT_SAMPLE_TOKEN"
    PAGING, RULE = "cursor", "{kind: cursor, parameter: cursor, next: /meta/next, total: /meta/total}"

    def source(self):
        return f"""\
    kind: rest
    url: env:INNSIKT_SAMPLE_URL
    {self.LOGIN}
    paging: {self.RULE}
    records: /data
    id: /id
    submitted: /at
    answers: /answers
    questions:
      fri: {{statement: {{quadrant: strength}}}}
      gruppe/enig: {{rating: voice-neutral, scale: enig5}}
      epost: {{person: true}}
"""

    def form(self):
        return {"system": "rest", "id": "svar", "key": "id", "auth": self.AUTH, "paging": self.PAGING, "size": 5,
                "rows": [self.row(n, f"Sagt {n} på Værøy") for n in range(1, 13)]}

    def row(self, number, text):
        return {"id": number, "at": f"2026-03-04T13:20:{number:02d}Z", "answers": {"fri": text, "gruppe": {"enig": number % 5 + 1}, "hemmelig": "aldri lagret", "epost": KARI}}

    def test_rows_move_while_they_are_read(self):
        project = self.project()
        self.pull(project, added=12)
        self.fault("rest:2:vanish:1")  # behind the first page of the list: where pages are counted, 6 moves to it
        self.pull(project)
        self.fault(None)
        self.pull(project, deleted=1)
        self.assertEqual([row for row in range(1, 13) if not self.said(project, row)], [1])


class Paged:
    """The other ways to log in and to page: what hangs on neither is not tried again."""
    COMMON = ()
    test_faults_that_stay = test_killed_and_resumed = test_check = test_an_empty_list_empties_nothing = None


class RestByPage(Paged, Rest):
    AUTH, LOGIN = "header", "auth: header\n    token: env:INNSIKT_SAMPLE_TOKEN\n    token_header: X-API-Key"
    PAGING, RULE, PASSING = "page", "{kind: page, parameter: page}", ("rest:4:duplicate",)


class RestByOffset(Paged, Rest):
    AUTH, LOGIN = "client-credentials", ("auth: client-credentials\n    user: env:INNSIKT_SAMPLE_USER\n    password: env:INNSIKT_SAMPLE_PASSWORD\n"
                                         "    token_url: env:INNSIKT_SAMPLE_TOKEN_URL")
    PAGING, RULE, REFUSED = "offset", "{kind: offset, parameter: offset}", "refuses the client"
    PASSING = ("rest:3:duplicate", "rest:1:session-expired", "rest:3:session-expired")


class RestByLink(Paged, Rest):
    PAGING, RULE, PASSING = "link", "{kind: link, next: /meta/next}", ("rest:3:status:503,0",)


class RestByHeader(Paged, Rest):
    PAGING, RULE, PASSING = "header", "header", ("rest:4:status:429,0",)


if __name__ == "__main__":
    harness.main()
