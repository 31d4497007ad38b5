#!/usr/bin/python3
"""Interviews in ODK Central, from the server to results.json: repeat rows become statements, and what is edited, deleted,
restored, reviewed and added there is so here, by asking only for what changed."""
import collections
import json

import harness
from harness import ROOT

FORM = ROOT / "tests/samples/intervju.json"
ID = "interessentintervju"
PROJECT = """\
innsikt: 1
title: Prøve
language: nb
framework: virksomhet
timezone: Europe/Oslo
privacy: {key: env:INNSIKT_SAMPLE_KEY}
sources:
  intervju:
    kind: odk
    url: env:INNSIKT_SAMPLE_URL
    form: interessentintervju
    user: env:INNSIKT_SAMPLE_USER
    password: env:INNSIKT_SAMPLE_PASSWORD
    method: interview
    questions:
      organisasjon: {attribute: organisation}
      dato: {attribute: dato}
      swot/styrker: {statement: {quadrant: strength}}
      utsagn/tekst:
        statement: {origin: external, polarity_from: utsagn/polaritet, values: {positiv: helpful, negativ: harmful}}
"""


class Odk(harness.Case):
    def interviews(self, *faults):
        self.server = self.serve(*faults, forms=[FORM])
        self.server.url = f"http://127.0.0.1:{self.server.port}/v1/projects/1"
        folder = self.home / "intervju"
        folder.mkdir()
        (folder / "project.yaml").write_text(PROJECT)
        return harness.Project(folder, self.server)

    def odk(self, **what):
        self.server.order(odk={"form": ID} | what)

    def rows(self, project, question):
        return project.query("SELECT instance, value FROM answer WHERE response = 'intervju-47-uten-uuid' AND question = ?"
                             " ORDER BY instance", question)

    def pull(self, project, *arguments, **counts):
        self.succeeds(project.run("collect", *arguments))
        last = project.last_pull("intervju")
        due = dict.fromkeys(("added", "changed", "same", "set_aside", "deleted", "restored"), 0) | counts
        self.assertEqual({name: last[name] for name in due}, due)

    def test_the_life_of_a_submission(self):
        project = self.interviews()
        self.pull(project, added=50)
        self.assertEqual([v for _, v in self.rows(project, "utsagn/tekst")],
                         ["Utsagn 1 fra Sør-Varanger bedriftsforum", "Utsagn 2 fra Sør-Varanger bedriftsforum"])
        self.assertEqual([v for _, v in self.rows(project, "utsagn/polaritet")], ["positiv", "noytral"])

        # One statement goes; what stands beside the other goes with it.
        self.odk(edit={"__id": "intervju-47-uten-uuid",
                       "utsagn": [{"tekst": "Utsagn 2 fra Sør-Varanger bedriftsforum", "polaritet": "negativ",
                                   "kategori": "styrke", "__id": "x"}]})
        self.succeeds(project.run("collect"))
        self.assertEqual(project.last_pull("intervju")["changed"], 1)
        self.assertEqual([v for _, v in self.rows(project, "utsagn/tekst")], ["Utsagn 2 fra Sør-Varanger bedriftsforum"])
        self.assertEqual([v for _, v in self.rows(project, "utsagn/polaritet")], ["negativ"])

        self.odk(delete="intervju-47-uten-uuid")
        self.succeeds(project.run("collect"))
        self.assertEqual(project.last_pull("intervju")["deleted"], 1)
        self.assertEqual(self.rows(project, "utsagn/tekst"), [])
        self.odk(restore="intervju-47-uten-uuid")
        self.succeeds(project.run("collect"))
        self.assertEqual(project.last_pull("intervju")["restored"], 1)
        self.assertEqual(len(self.rows(project, "utsagn/tekst")), 1)

        self.odk(review={"__id": "intervju-47-uten-uuid", "reviewState": "rejected"})
        self.odk(add={"__id": "uuid:ny", "organisasjon": "Tjernmo kommune", "meta": {"instanceID": "uuid:ny"},
                      "utsagn": [{"tekst": "Helt nytt, c81e", "polaritet": "positiv"}]})
        self.succeeds(project.run("collect"))
        last = project.last_pull("intervju")
        self.assertEqual((last["added"], last["changed"], last["deleted"]), (1, 1, 0))
        self.assertEqual(self.server.log()["credentials_elsewhere"], 0)
        self.assertEqual(self.server.log()["sessions_open"], 0)

        # Everything, read anew, is what it was; purged, it is gone.
        before = project.dump()["answers"]
        self.pull(project, "--full", same=51)
        self.assertEqual(project.dump()["answers"], before)
        self.odk(purge="uuid:ny")
        self.pull(project, "--full", same=50, deleted=1)

    def test_statements_reach_the_results(self):
        project = self.interviews()
        self.succeeds(project.run("collect"))
        self.assertEqual(project.query("SELECT count(*) FROM answer WHERE question = 'utsagn/tekst'"), [(140,)])
        due = collections.Counter()
        for name in ("submissions-page1.json", "submissions-page2.json"):
            for row in json.loads((ROOT / "tests/fixtures/odk" / name).read_text())["value"]:
                if row["__system"]["reviewState"] == "rejected":
                    continue
                due["strength"] += bool((row["swot"]["styrker"] or "").strip())
                for said in row.get("utsagn", []):
                    due[{"positiv": "opportunity", "negativ": "threat"}.get(said["polaritet"])] += bool(said["tekst"])
        got = collections.Counter(s.get("quadrant") for s in project.results()["statement"].values())
        self.assertEqual({q: got[q] for q in due if q}, {q: due[q] for q in due if q})
        check = project.run("check")
        self.assertNotIn("is not in form", check.stdout + check.stderr)

    def test_faults_change_nothing(self):
        project = self.interviews()
        self.pull(project, added=50)
        whole = project.dump()["answers"]
        for fault in ("submissions:2:cut-length:9000", "submissions:2:cut-chunked:9000", "submissions:2:reset-within:5000", "submissions:2:session-expired",
                      "submissions:1:session-expired"):
            self.server.fault(fault)
            self.pull(project, "--full", same=50)
            self.server.order(**{"clear-faults": True})
        for fault in ("submissions:*:login-page", "submissions:*:empty", "xml:*:empty", "fields:*:login-page",
                      "fields:*:status:403"):
            self.server.fault(fault)
            self.fails(project.run("collect", "--full"), 1)
            self.server.order(**{"clear-faults": True})
        self.assertEqual(project.dump()["answers"], whole)

    def test_a_right_that_is_missing_is_found_without_reading_a_submission(self):
        project = self.interviews()
        self.succeeds(project.run("check"))
        self.server.fault("submissions:*:status:403")
        self.fails(project.run("check"), 2, "intervju: the questions can be read, but not the responses", "403")

    def test_a_refused_password_is_not_tried_again(self):
        project = self.interviews()
        project.environment["INNSIKT_SAMPLE_PASSWORD"] = "feil"
        self.fails(project.run("collect"), 1, "refuses the user or the password")
        self.assertEqual(self.server.log()["logins"], 1)


if __name__ == "__main__":
    harness.main()
