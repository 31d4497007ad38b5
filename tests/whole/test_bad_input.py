#!/usr/bin/python3
"""What people send in (issue 3, «Bad input»): each has a clear word, and the store stays right."""
import datetime
import json
import zipfile

import openpyxl

import harness
from harness import SAMPLE, SECTOR

HEAD = "innsikt: 1\ntitle: Prøve\nlanguage: nb\nframework: virksomhet\ntimezone: Europe/Oslo\nprivacy: {key: env:INNSIKT_SAMPLE_KEY}\n"
QUESTIONS = ("Org: {attribute: organisation}, Sendt: {attribute: submitted}, Grad: {rating: voice-neutral, scale: enig5},"
             " Utsagn: {statement: strength}")
NAMES = ["Nr", "Org", "Sendt", "Grad", "Utsagn"]
ROWS = [[1, "Solvik kommune", "01.03.2021 09:30", 4, "Korte linjer"], [2, "Havgap AS", "2021-03-02T10:00", 5, "Vi deler data"]]
STORED = [("1", "Grad", "4"), ("1", "Utsagn", "Korte linjer"), ("2", "Grad", "5"), ("2", "Utsagn", "Vi deler data")]


class Workbooks(harness.Case):
    def project_of(self, more=""):
        folder = self.home / "prosjekt"
        folder.mkdir(exist_ok=True)
        (folder / "project.yaml").write_text(f"{HEAD}sources:\n  ark: {{kind: xlsx, path: svar.xlsx, id: Nr, {more}"
                                             f" questions: {{{QUESTIONS}}}}}\n")
        return harness.Project(folder)

    def book(self, project, rows, edit=None):
        book = openpyxl.Workbook()
        for row in rows:
            book.active.append(row)
        if edit:
            edit(book)
        book.save(project.path("svar.xlsx"))

    def stored(self, project):
        return project.query("SELECT response, question, value FROM answer WHERE question IN ('Grad', 'Utsagn') ORDER BY 1, 2")

    def collected(self, project, *words):
        call = self.succeeds(project.run("collect"))
        for word in words:
            self.assertIn(word, call.stderr)
        self.assertEqual(self.stored(project), STORED)
        return call

    def refused_after_a_good_one(self, rows, *words, edit=None, spoil=None, status=1):
        """The file was read before; the bad one is told by check and collect, and nothing of what is stored moves."""
        project = self.project_of()
        self.book(project, [NAMES, *ROWS])
        self.collected(project)
        before = project.dump()
        if rows:
            self.book(project, rows, edit)
        else:
            spoil(project.path("svar.xlsx"))
        for command in ("check", "collect"):
            self.fails(project.run(command), status, "ark: ", "svar.xlsx", *words)
        self.assertEqual(project.dump(), before)
        return project

    def test_merged_headers(self):
        project = self.refused_after_a_good_one(
            [["Nr", "Om dere", None, "Svar", None], NAMES, *ROWS], "row 1 has merged cells (B1:C1)", "write its number as `header:`",
            edit=lambda book: (book.active.merge_cells("B1:C1"), book.active.merge_cells("D1:E1")))
        self.collected(self.project_of("header: 2,"))
        self.assertEqual(project.last_pull("ark")["same"], 2)

    def test_two_header_rows(self):
        self.refused_after_a_good_one([[f"q{i}" for i in range(1, 6)], NAMES, *ROWS],
                                      "row 2 has texts where the rows below have only numbers", "write `header: 2`")
        self.collected(self.project_of("header: 2,"))

    def test_a_title_above_the_header(self):
        self.refused_after_a_good_one([["Spørreundersøkelse 2021"], [], NAMES, *ROWS], "is a title or one of two headers", "`header: 3`")
        self.collected(self.project_of("header: 3,"))

    def test_dates_as_text_and_as_dates_in_both_systems(self):
        for epoch in ("1900", "1904"):
            with self.subTest(epoch):
                project = self.project_of()
                rows = [[1, "A", "01.03.2021 09:30", 4, "x"], [2, "B", datetime.datetime(2021, 3, 2, 10, 0), 4, "x"],
                        [3, "C", "2021-03-03", 4, "x"], [4, "D", "i går", 4, "x"], [5, "E", "03/04/2021", 4, "x"]]

                def old_mac(book):
                    if epoch == "1904":
                        book.epoch = openpyxl.utils.datetime.MAC_EPOCH

                self.book(project, [NAMES, *rows], old_mac)
                call = self.succeeds(project.run("collect", "--full"))
                self.assertIn('column "Sendt": 2 times are not read; write them as 2026-12-31 14:05', call.stderr)
                times = [t and datetime.datetime.fromtimestamp(t / 1e6, datetime.timezone.utc).strftime("%Y-%m-%d %H:%M")
                         for t, in project.query("SELECT submitted FROM response ORDER BY id")]
                self.assertEqual(times, ["2021-03-01 08:30", "2021-03-02 09:00", "2021-03-02 23:00", None, None])

    def test_a_million_empty_rows(self):
        project = self.project_of()
        self.book(project, [NAMES, *ROWS])
        path = project.path("svar.xlsx")
        with zipfile.ZipFile(path) as package:
            parts = {name: package.read(name) for name in package.namelist()}
        empty = "".join(f'<row r="{r}"><c r="A{r}" s="0"/></row>' for r in range(4, 1 << 20)).encode()
        sheet = "xl/worksheets/sheet1.xml"
        parts[sheet] = parts[sheet].replace(b"</sheetData>", empty + b"</sheetData>")
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
            for name, data in parts.items():
                package.writestr(name, data)
        call = self.collected(project)
        self.assertNotIn("not read", call.stderr)
        # As many with ten formatted cells each are more than a part may hold: told, with the mend.
        wide = "".join(f'<row r="{r}">' + '<c s="0"/>' * 10 + "</row>" for r in range(4, 1 << 20)).encode()
        parts[sheet] = parts[sheet].replace(empty, wide)
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
            for name, data in parts.items():
                package.writestr(name, data)
        before = project.dump()
        self.fails(project.run("collect"), 1, "svar.xlsx", "delete the empty rows and columns around the answers")
        self.assertEqual(project.dump(), before)

    def test_a_password(self):
        # Excel keeps an encrypted workbook in an OLE container.
        container = b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1" + bytes(504) + "EncryptedPackage".encode("utf-16-le") + bytes(4000)
        self.refused_after_a_good_one(None, "protected by a password or in the old .xls format", "save it without one",
                                      spoil=lambda path: path.write_bytes(container))

    def test_a_macro_is_neither_run_nor_read(self):
        project = self.project_of()
        self.book(project, [NAMES, *ROWS])
        with zipfile.ZipFile(project.path("svar.xlsx"), "a") as package:
            package.writestr("xl/vbaProject.bin", b"Sub Auto_Open()")
        self.collected(project, "svar.xlsx holds macros; they are neither run nor read")

    def test_a_folder_of_all_kinds(self):
        """A workbook with macros is one of them; what is in a format that is not read is not left out in silence."""
        project = self.project_of()
        project.path("project.yaml").write_text(project.path("project.yaml").read_text().replace("path: svar.xlsx", "path: verksted"))
        project.path("verksted").mkdir()
        for name, row in zip(("a.xlsx", "b.XLSM"), ROWS):
            self.book(project, [NAMES, row])
            project.path("svar.xlsx").rename(project.path("verksted") / name)
        for name in ("c.xls", "d.ods", "~$a.xlsx", "notat.docx"):
            (project.path("verksted") / name).write_bytes(b"x")
        call = self.collected(project, "ark: note: c.xls lies in the folder and is not read", "d.ods lies in the folder")
        self.assertNotIn("notat", call.stderr)
        self.assertNotIn("~$", call.stderr)

    def test_error_values_formulas_and_truth(self):
        project = self.project_of()
        self.book(project, [NAMES, [1, "A", None, "#N/A", True], [2, "B", None, "=1+3", "x"]])
        call = self.succeeds(project.run("collect"))
        self.assertIn("1 formulas have no value stored and are taken as not answered; open the file in Excel and save it", call.stderr)
        self.assertEqual(self.stored(project), [("1", "Grad", None), ("1", "Utsagn", "true"), ("2", "Grad", None), ("2", "Utsagn", "x")])

    def test_a_page_to_log_in_by_under_a_workbook_s_name(self):
        self.refused_after_a_good_one(None, "a web page or XML under a workbook's name",
                                      spoil=lambda path: path.write_text("<!DOCTYPE html><title>Logg inn</title>"))

    def test_a_file_that_is_gone_takes_nothing_with_it(self):
        self.refused_after_a_good_one(None, "there is no file svar.xlsx", "nothing was changed", spoil=lambda path: path.unlink())

    def test_choices_of_microsoft_forms(self):
        project = self.project_of()
        self.book(project, [NAMES, [1, "A", None, "4;", "x"], [2, "B", None, "4;5;", "x"]])
        call = self.succeeds(project.run("collect"))
        self.assertIn('column "Grad": 1 cells hold several answers joined by `;`', call.stderr)
        self.assertIn("1 unreadable answer", call.stderr)


class Forms(harness.Case):
    def form(self, change=None):
        form = json.loads((SAMPLE / "forms/sektor.json").read_text())
        if change:
            change(form, {q["code"]: q for q in form["questions"]})
        path = self.home / f"sektor-{bool(change)}.json"
        path.write_text(json.dumps(form))
        return self.serve(forms=[path, *(p for p in sorted((SAMPLE / "forms").glob("*.json")) if p.name != "sektor.json")])

    def test_choices_renamed_in_mid_collection(self):
        """The answers given under the old codes stay; those under the new ones are counted as unreadable and told, until
        `values:` knows them: then every answer is read anew, and right."""
        codes = {}

        def change(form, questions):
            for answer in questions["GRUPPE"]["answers"]:
                codes[answer["code"]] = "N" + answer["code"]
                answer["code"] = codes[answer["code"]]
            for response in form["responses"]:
                if response["answers"].get("GRUPPE") in codes:
                    response["answers"]["GRUPPE"] = codes[response["answers"]["GRUPPE"]]

        project = self.project(server=self.form())
        self.succeeds(project.run("collect", "sektor"))
        unreadable = project.last_pull("sektor")["unreadable"]
        groups = sorted(project.query("SELECT value FROM answer WHERE source = 'sektor' AND question = 'GRUPPE' AND missing IS NULL"))
        project.environment["INNSIKT_SAMPLE_URL"] = self.form(change).url
        said = project.run("check", "sektor").stderr
        for old, new in codes.items():
            self.assertIn(f"now has the code {new}; it had {old}", said)
        self.assertIn("so they count as unreadable; rename them under `values:`", said)
        said = self.succeeds(project.run("collect", "sektor")).stderr
        self.assertIn("the form has changed since the last pull", said)
        self.assertEqual(project.last_pull("sektor")["received"], 68)
        self.assertEqual(project.last_pull("sektor")["unreadable"], unreadable + len(groups))
        path = project.path("project.yaml")
        text = path.read_text()
        for old, new in codes.items():
            text = text.replace(f"{old}: ", f"{new}: ")
        path.write_text(text)
        self.succeeds(project.run("collect", "sektor"))
        self.assertEqual(project.last_pull("sektor")["unreadable"], unreadable)
        now = project.query("SELECT value FROM answer WHERE source = 'sektor' AND question = 'GRUPPE' AND missing IS NULL")
        self.assertEqual(sorted((codes[g],) for g, in groups), sorted(now))

    def test_a_first_pull_that_brings_nothing_of_all_there_is(self):
        server = self.form()
        server.fault("export_responses:*:refuse:No Data, could not get max id.")
        project = self.project(server=server)
        self.fails(project.run("collect", "sektor"), 1, "the server says it has 68 responses but lists 0",
                   "none of them could be read; nothing was collected")
        self.assertIn("last pull: failed", self.succeeds(project.run("status")).stdout)
        server.order(**{"clear-faults": True})
        self.succeeds(project.run("collect", "sektor"))
        self.assertEqual(project.last_pull("sektor")["added"], 68)

    def test_a_submission_that_is_deleted_and_restored(self):
        server = self.form()
        project = self.project(server=server)
        self.succeeds(project.run("collect", "sektor"))
        whole = project.dump()
        one = next(r for r in json.loads((SAMPLE / "forms/sektor.json").read_text())["responses"] if r["id"] == 7)
        server.order(delete={"sid": SECTOR, "id": 7})
        self.succeeds(project.run("collect", "sektor"))
        self.assertEqual(project.last_pull("sektor")["deleted"], 1)
        self.assertIn("1 deleted at the source", self.succeeds(project.run("status")).stdout)
        server.order(add={"sid": SECTOR} | one)
        self.succeeds(project.run("collect", "sektor"))
        self.assertEqual(project.last_pull("sektor")["restored"], 1)
        now = project.dump()
        self.assertEqual((now["responses"], now["answers"]), (whole["responses"], whole["answers"]))


class People(harness.Case):
    ADDRESS = "Kari.Nordmann@example.org"

    def project_of(self):
        """Kari in a survey, a workshop's sheet and a file of interviews, spelt three ways; Ola beside her."""
        folder = self.home / "prosjekt"
        folder.mkdir()
        (folder / "a.csv").write_text("Nr;Epost;Org;Utsagn\n1;kari.nordmann@example.org;Solvik;Hemmelig 7c1a\n2;ola@example.org;Havgap;Åpent 1\n")
        book = openpyxl.Workbook()
        for row in (["Nr", "Epost", "Utsagn"], ["x1", " KARI.NORDMANN@example.org ", "Hemmelig 7c1a to"], ["x2", "per@example.org", "Åpent 2"]):
            book.active.append(row)
        book.save(folder / "b.xlsx")
        (folder / "c.json").write_text(json.dumps([{"Nr": "i1", "Epost": self.ADDRESS, "Utsagn": "Hemmelig 7c1a tre"},
                                                   {"Nr": "i2", "Utsagn": "Åpent 3"}]))
        questions = "{Epost: {person: true}, Org: {attribute: organisation}, Utsagn: {statement: strength}}"
        (folder / "project.yaml").write_text(
            HEAD + "sources:\n" + f"  a: {{kind: csv, path: a.csv, id: Nr, questions: {questions}}}\n"
            f"  b: {{kind: xlsx, path: b.xlsx, id: Nr, questions: {questions.replace('Org: {attribute: organisation}, ', '')}}}\n"
            f"  c: {{kind: json, path: c.json, id: Nr, questions: {questions}}}\n")
        return harness.Project(folder)

    def test_the_same_person_in_three_sources(self):
        project = self.project_of()
        self.succeeds(project.run("collect"))
        kari = project.query("SELECT pseudonym, count(*) FROM response GROUP BY 1 HAVING count(*) > 1 AND pseudonym IS NOT NULL")
        self.assertEqual([n for _, n in kari], [3])
        self.assertEqual(project.results()["involvement"]["all"]["people"], 4)

    def test_forgetting_them_leaves_no_byte(self):
        project = self.project_of()
        self.succeeds(project.run("collect"))
        (pseudonym, _), = project.query("SELECT pseudonym, count(*) FROM response WHERE pseudonym IS NOT NULL GROUP BY 1 HAVING count(*) > 1")
        # An edit puts what was said before into the history.
        path = project.path("a.csv")
        path.write_text(path.read_text().replace("Hemmelig 7c1a\n", "Hemmelig 7c1a endret\n"))
        self.succeeds(project.run("collect"))
        self.assertEqual(project.query("SELECT count(*) FROM history"), [(1,)])
        call = self.succeeds(project.run("forget", pseudonym))
        self.assertIn("3 responses erased", call.stderr)
        for said in (call.stdout, call.stderr):
            for word in (pseudonym, "Hemmelig", "kari", "i1", "x1"):
                self.assertNotIn(word, said)
        self.gone(project, pseudonym)
        self.assertIn("erased on request: 1 times, last 2021-06-30 14:00\n", self.succeeds(project.run("status")).stdout)
        # They are not brought back, whatever they are called then, and the others are untouched.
        self.succeeds(project.run("collect", "--full"))
        path.write_text(path.read_text().replace("endret", "endret igjen").replace("\n1;", "\n17;"))
        self.succeeds(project.run("collect"))
        self.gone(project, pseudonym)
        self.assertEqual(project.query("SELECT id FROM response WHERE state = 0 ORDER BY 1"), [("2",), ("i2",), ("x2",)])

    def gone(self, project, pseudonym):
        self.assertEqual(project.query("PRAGMA integrity_check"), [("ok",)])
        for file in sorted(project.folder.glob("innsikt.db*")):
            data = file.read_bytes()
            for word in ("Hemmelig", "7c1a", "nordmann", "NORDMANN", "Solvik", pseudonym):
                self.assertNotIn(word.encode(), data, file)

    def test_forgetting_somebody_while_a_pull_is_broken_off(self):
        """A pull that was killed on its way left its record open; forget goes through, and so does the next pull."""
        project = self.project_of()
        self.succeeds(project.run("collect"))
        (pseudonym, _), = project.query("SELECT pseudonym, count(*) FROM response WHERE pseudonym IS NOT NULL GROUP BY 1 HAVING count(*) > 1")
        process = project.start("collect", "--full")
        process.kill()
        process.communicate()
        self.assertIn("3 responses erased", self.succeeds(project.run("forget", pseudonym)).stderr)
        self.gone(project, pseudonym)
        self.succeeds(project.run("collect"))
        self.gone(project, pseudonym)
        self.assertIn("nothing erased", self.succeeds(project.run("forget", pseudonym)).stderr)

    def test_one_response_by_its_id(self):
        project = self.project_of()
        self.succeeds(project.run("collect"))
        self.assertIn("1 response erased", self.succeeds(project.run("forget", "--source", "c", "--id", "i1")).stderr)
        self.assertNotIn(b"7c1a tre", project.path("innsikt.db").read_bytes())
        self.succeeds(project.run("collect", "--full"))
        self.assertEqual(project.query("SELECT count(*) FROM response"), [(5,)])


if __name__ == "__main__":
    harness.main()
