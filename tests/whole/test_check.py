#!/usr/bin/python3
"""`innsikt check` and `innsikt status`: what became of a form, rights that are missing, names that look alike, what lacks."""
import json

import harness
from harness import EMPLOYEES, SAMPLE, SECTOR


class Check(harness.Case):
    def changed_form(self, change):
        """A server with the employees' form as `change` makes it, beside the sector's as it is."""
        form = json.loads((SAMPLE / "forms/ansatte.json").read_text())
        change(form, {q["code"]: q for q in form["questions"]})
        for response in form["responses"]:
            response["answers"] = {name: answer for name, answer in response["answers"].items() if self.asks(form, name)}
        path = self.home / "ansatte.json"
        path.write_text(json.dumps(form))
        others = [p for p in sorted((SAMPLE / "forms").glob("*.json")) if p.name != "ansatte.json"]
        return self.serve(forms=[path, *others])

    def asks(self, form, name):
        code, _, sub = name.rstrip("]").partition("[")
        return any(q["code"] == code and (not q["subquestions"] or sub in [s["code"] for s in q["subquestions"]])
                   for q in form["questions"])

    def moved_to(self, project, server):
        project.environment["INNSIKT_SAMPLE_URL"] = server.url
        return project

    def test_a_form_that_has_not_changed_is_not_spoken_of(self):
        project = self.project(server=self.serve())
        self.succeeds(project.run("collect", "ansatte"))
        call = self.succeeds(project.run("check", "ansatte"))
        self.assertNotIn("changed", call.stderr)
        self.assertIn("ansatte: reached; the mapping fits the form", call.stderr)

    def test_changes_of_a_form_are_named(self):
        def change(form, questions):
            questions["DIVISJON"]["text"] = "Hvilken avdeling arbeider du i?"
            questions["DIVISJON"]["answers"][0]["code"] = "STRATEGI"
            questions["DIVISJON"]["answers"][1]["text"] = "Styring"
            del questions["DIVISJON"]["answers"][3]
            form["questions"] = [q for q in form["questions"] if q["code"] != "LEDER"]
            form["questions"].append({"qid": 901, "gid": 1, "code": "FARTSTID", "type": "S", "text": "Hvor lenge?", "help": "",
                                      "other": "N", "mandatory": "N", "subquestions": [], "answers": []})

        due = ["question \"DIVISJON\" now says «Hvilken avdeling arbeider du i?»; it said «Hvilken divisjon arbeider du i?»",
               "question \"DIVISJON\": choice «Strategi» now has the code STRATEGI; it had STRAT",
               "question \"DIVISJON\": choice STYR now says «Styring»; it said «Styring og standardisering»",
               "question \"DIVISJON\": choice INNF («Innføring og produksjon») is gone",
               "question \"FARTSTID\" («Hvor lenge?») is new", "question \"LEDER\" («Har du personalansvar?») is gone"]
        project = self.project(server=self.serve())
        self.succeeds(project.run("collect", "ansatte"))
        before = project.dump()
        self.moved_to(project, self.changed_form(change))
        call = project.run("check", "ansatte")
        for line in due:
            self.assertIn(f"ansatte: the form has changed since the last pull: {line}\n", call.stderr)
        self.assertEqual(call.stderr.count("has changed"), len(due))
        self.assertEqual(project.dump(), before)
        # A pull says so too, once, and keeps what was answered before.
        said = self.succeeds(project.run("collect", "ansatte")).stderr
        for line in due:
            self.assertIn(line, said)
        self.assertEqual(project.query("PRAGMA integrity_check"), [("ok",)])
        self.assertEqual(project.last_pull("ansatte")["received"], 70)
        self.assertNotIn("has changed", self.succeeds(project.run("collect", "ansatte")).stderr)

    def test_a_mapped_question_that_leaves_the_form(self):
        def change(form, questions):
            questions["VALG"]["subquestions"][1]["code"] = "SQ009"

        project = self.project(server=self.serve(), edit=lambda text: text.replace('"VALG[*]":', '"VALG[SQ002]":', 1))
        self.succeeds(project.run("collect", "ansatte"))
        self.moved_to(project, self.changed_form(change))
        call = self.fails(project.run("check", "ansatte"), 2, "question \"VALG[SQ002]\" is not in form 284671")
        self.assertIn("was called \"VALG[SQ002]\"", call.stderr)
        self.assertIn("nothing was changed", call.stderr)

    def test_codes_that_run_the_other_way(self):
        def change(form, questions):
            labels = [a["text"] for a in questions["VALG"]["answers"][:5]]
            for answer, text in zip(questions["VALG"]["answers"], reversed(labels)):
                answer["text"] = text

        project = self.project(server=self.changed_form(change))
        call = project.run("check", "ansatte")
        self.assertIn("runs the other way on scale", call.stderr)
        self.assertIn("«I svært liten grad» (code 5) is read as step 5", call.stderr)
        self.assertEqual(call.stderr.count("runs the other way"), 1)

    def test_codes_that_say_nothing_of_another_question(self):
        folder = self.home / "prosjekt"
        folder.mkdir()
        (folder / "svar.csv").write_text("Nr;Utsagn;Felt;Kilde\n1;Ja;S;ansatte\n2;Nei;threat;tull\n3;Tja;Sterk;\n")
        (folder / "project.yaml").write_text(
            "innsikt: 1\ntitle: Prøve\nlanguage: nb\nframework: virksomhet\nprivacy: {key: env:INNSIKT_SAMPLE_KEY}\nsources:\n"
            "  svar: {kind: csv, path: svar.csv, id: Nr, questions: {Utsagn: {statement: {quadrant_from: Felt, stream_from: Kilde},"
            " values: {quadrant: {S: strength}, stream: {ansatte: staff}}}}}\n")
        said = self.succeeds(harness.Project(folder).run("check")).stderr
        self.assertIn("quadrant_from reads \"Felt\", whose codes Sterk say nothing there; rename them under `values:`", said)
        self.assertIn("stream_from reads \"Kilde\", whose codes tull say nothing there", said)

    def test_a_right_that_is_missing(self):
        server = self.serve()
        project = self.project(server=server)
        server.fault("export_responses:*:refuse:No permission")
        call = self.fails(project.run("check"), 3, "ansatte: the questions can be read, but not the responses",
                          "«responses: export»", "2 of ")
        self.assertIn("verksted: reached", call.stderr)
        self.fails(project.run("check", "ansatte"), 2, "«responses: export»")
        server.order(**{"clear-faults": True})
        server.fault("list_questions:*:refuse:No permission")
        self.fails(project.run("check", "ansatte"), 1, "«survey: read»")
        self.assertFalse(project.path("innsikt.db").exists())

    def test_a_source_that_cannot_be_reached_is_no_fault_of_the_project(self):
        project = self.project(server=self.serve("--fault", "*:*:status:404"))
        self.fails(project.run("check", "ansatte", "sektor"), 1, "2 of 2 sources need attention", "HTTP 404")
        self.fails(project.run("check", "ansatte", "verksted"), 3, "1 of 2 sources need attention")

    def test_an_answer_is_asked_for_without_reading_any(self):
        server = self.serve()
        project = self.project(server=server)
        self.succeeds(project.run("check", "ansatte", "sektor"))
        self.assertEqual(server.log()["calls"]["export_responses"], 2)
        self.assertEqual(server.log()["sessions_open"], 0)


class Names(harness.Case):
    def project_of(self, names, more=""):
        folder = self.home / "prosjekt"
        folder.mkdir()
        (folder / "svar.csv").write_text("Nr;Org;Grad\n" + "".join(f"{i};{n};{1 + i % 5}\n" for i, n in enumerate(names, 1)))
        (folder / "project.yaml").write_text(
            "innsikt: 1\ntitle: Prøve\nlanguage: nb\nframework: virksomhet\nprivacy: {key: env:INNSIKT_SAMPLE_KEY}\n" + more +
            "sources:\n  svar:\n    {kind: csv, path: svar.csv, id: Nr, questions: {Org: {attribute: organisation},"
            " Grad: {rating: voice-neutral, scale: enig5}}}\n")
        return harness.Project(folder)

    def test_one_organisation_spelt_five_ways(self):
        ways = ["Oslo kommune", "oslo komm.", "OSLO  KOMMUNE ", "Oslo kommmune", "Kommune, Oslo", "Oslo kommune"]
        others = ["Bergen kommune", "Helse Nord", "Helse Vest", "Nes kommune", "Nesna kommune"]
        project = self.project_of(ways + others)
        self.assertEqual(self.succeeds(project.run("check")).stdout, "")  # nothing is stored yet
        self.succeeds(project.run("collect"))
        self.assertEqual(project.results()["involvement"]["all"]["organisations"], 9)
        before = project.path("innsikt.db").read_bytes()
        call = self.succeeds(project.run("check"))
        self.assertIn("these look like one organisation: «Oslo kommune» (3), ", call.stderr)
        self.assertEqual(call.stdout, "organisations:\n"
                         "  Oslo kommune: {aliases: [\"Kommune, Oslo\", Oslo kommmune, oslo komm.]}\n")
        self.assertEqual(project.path("innsikt.db").read_bytes(), before)
        # Pasted as it is, it joins them, and there is no more to propose.
        path = project.path("project.yaml")
        path.write_text(path.read_text().replace("sources:", call.stdout + "sources:"))
        self.assertEqual(self.succeeds(project.run("check")).stdout, "")
        self.assertEqual(project.results()["involvement"]["all"]["organisations"], 6)

    def test_an_alias_more_for_one_that_is_listed(self):
        project = self.project_of(["Direktoratet for e-helse", "Direktoratet for ehelse", "E'helsa", "E'helsaa"],
                                  "organisations: {Direktoratet for e-helse: {aliases: [Direktoratet]}}\n")
        self.succeeds(project.run("collect"))
        self.assertEqual(self.succeeds(project.run("check")).stdout, "organisations:\n"
                         "  Direktoratet for e-helse: {aliases: [Direktoratet, Direktoratet for ehelse]}\n"
                         "  \"E'helsaa\": {aliases: [\"E'helsa\"]}\n")


class Status(harness.Case):
    def test_what_is_held_and_what_is_missing(self):
        server = self.serve("--fault", "export_responses:*:odd-row")
        project = self.project(server=server)
        self.assertIn("nothing collected yet", self.succeeds(project.run("status")).stdout)
        self.succeeds(project.run("collect", "sektor"))
        said = self.succeeds(project.run("status")).stdout
        self.assertIn("sektor\n  responses: 63 complete, 4 partial, 0 deleted at the source\n", said)
        self.assertIn("  set aside: 1 records that could not be read\n    1 × ", said)
        self.assertIn("  unreadable answers: 1: GRUPPE 1\n", said)
        self.assertIn("  last good pull: 2021-06-30 14:00\n", said)
        self.assertIn("ansatte\n  never pulled: run innsikt collect ansatte\n", said)
        project.environment["INNSIKT_SAMPLE_PASSWORD"] = "galt"
        self.fails(project.run("collect", "ansatte"), 1)
        said = self.succeeds(project.run("status")).stdout
        self.assertRegex(said, r"ansatte\n  responses: 0 complete, .*\n  last good pull: –\n  last pull: failed \(2021-06-30 14:00\): ")

    def test_a_main_question_nobody_rated_and_a_group_nobody_is_of(self):
        folder = self.home / "prosjekt"
        folder.mkdir()
        (folder / "svar.csv").write_text("Nr;Gruppe;Grad\n1;kommune;\n2;tull;7\n")
        (folder / "project.yaml").write_text(
            "innsikt: 1\ntitle: Prøve\nlanguage: nb\nframework: ehelse\nprivacy: {key: env:INNSIKT_SAMPLE_KEY}\n"
            "analysis: {weight: group, targets: {kommune: 0.5, helseforetak: 0.5}}\nsources:\n  svar:\n    {kind: csv,"
            " path: svar.csv, id: Nr, questions: {Gruppe: {attribute: group}, Grad: {rating: choices-clear}}}\n")
        project = harness.Project(folder)
        self.succeeds(project.run("collect"))
        said = self.succeeds(project.run("status")).stdout
        self.assertIn("  unreadable answers: 2: Grad 1, Gruppe 1\n", said)
        self.assertIn("  mapped, and answered by nobody: Grad\n", said)
        self.assertIn("missing\n  nobody of group helseforetak, which `targets:` gives a share of 0.5\n  no rating of main question ", said)
        self.assertNotIn("nobody of group kommune", said)


if __name__ == "__main__":
    harness.main()
