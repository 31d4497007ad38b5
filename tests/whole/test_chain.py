#!/usr/bin/python3
"""From form to workbook: pulls are incremental and repeatable, what changes at the source changes here, the same store
gives the same bytes, and an independent reader finds the same numbers in the workbook as in results.json."""
import copy
import json
import shutil
import subprocess

import jsonschema

import harness
from harness import EMPLOYEES, ROOT, SAMPLE, SECTOR, SOURCES

READER = ROOT / "tests/whole/read_back.py"


class Pulls(harness.Case):
    def test_a_second_pull_brings_nothing(self):
        project = self.project(server=self.serve())
        self.succeeds(project.run("collect"))
        first = {s: project.last_pull(s) for s in SOURCES}
        for name in ("ansatte", "sektor"):
            asked = json.loads((SAMPLE / f"forms/{name}.json").read_text())["responses"]
            self.assertEqual(first[name]["added"], len(asked))
        self.assertEqual((first["dokumenter"]["added"], first["statuspanel"]["added"]), (52, 7))
        self.assertEqual([(s, first[s]["set_aside"]) for s in SOURCES if first[s]["set_aside"]], [])
        before = project.dump()
        self.succeeds(project.run("collect"))
        for source in SOURCES:
            pull = project.last_pull(source)
            self.assertEqual((pull["outcome"], pull["added"], pull["changed"], pull["deleted"]), ("done", 0, 0, 0), source)
        self.assertEqual(project.dump(), before)

    def test_edited_deleted_and_added_at_the_source(self):
        server = self.serve()
        project = self.project(server=server)
        self.succeeds(project.run("collect"))
        before = project.dump()
        kept = [r[1] for r in before["responses"] if r[0] == "sektor"]
        server.order(edit={"sid": SECTOR, "id": int(kept[3]), "datestamp": "2021-06-29 10:00:00",
                           "answers": {"STYRKER": "Rettet til noe annet, 7f3a"}})
        server.order(delete={"sid": SECTOR, "id": int(kept[5])})
        server.order(add={"sid": SECTOR, "id": 9001, "submitdate": "2021-06-29 11:00:00", "startlanguage": "nb",
                          "startdate": "2021-06-29 10:50:00", "datestamp": "2021-06-29 11:00:00",
                          "answers": {"STYRKER": "Helt nytt svar, c81e", "ORG": "Tjernmo kommune", "GRUPPE": "KOMM"}})
        self.succeeds(project.run("collect"))
        pull = project.last_pull("sektor")
        self.assertEqual((pull["added"], pull["changed"], pull["deleted"]), (1, 1, 1))
        said = dict(project.query("SELECT response, value FROM answer WHERE source = 'sektor' AND question = 'STYRKER'"))
        self.assertEqual(said[kept[3]], "Rettet til noe annet, 7f3a")
        self.assertEqual(said["9001"], "Helt nytt svar, c81e")
        state = dict(project.query("SELECT id, w.word FROM response r JOIN source s ON s.number = r.source"
                                   " JOIN state w ON w.number = r.state WHERE s.name = 'sektor'"))
        self.assertEqual(state[kept[5]], "deleted")
        self.assertEqual([r for r in project.dump()["responses"] if r[0] == "ansatte"],
                         [r for r in before["responses"] if r[0] == "ansatte"])

    def test_a_deleted_response_leaves_the_analysis(self):
        server = self.serve()
        project = self.project(server=server)
        self.succeeds(project.run("collect", "sektor"))
        before = project.results()["robustness"]["choices-clear"]["n"]
        ids = [i for i, in project.query("SELECT id FROM response ORDER BY number")]
        for i in ids[:20]:
            server.order(delete={"sid": SECTOR, "id": int(i)})
        self.succeeds(project.run("collect", "sektor"))
        self.assertLess(project.results()["robustness"]["choices-clear"]["n"], before - 10)

    def test_collecting_in_two_steps_is_collecting_at_once(self):
        server = self.serve()
        whole = self.project("whole", server)
        self.succeeds(whole.run("collect"))
        parts = self.project("parts", server)
        for source in reversed(SOURCES):
            self.succeeds(parts.run("collect", source))
        self.assertEqual(parts.dump(), whole.dump())

    def test_collect_full_reads_all_anew_and_changes_nothing(self):
        project = self.project(server=self.serve())
        self.succeeds(project.run("collect"))
        before = project.dump()
        self.succeeds(project.run("collect", "--full", "ansatte"))
        self.assertEqual(project.last_pull("ansatte")["received"], project.last_pull("ansatte")["same"])
        self.assertGreaterEqual(project.last_pull("ansatte")["same"], 70)
        self.assertEqual(project.dump(), before)

    def test_run_is_collect_and_analyze(self):
        project = self.project(server=self.serve())
        self.succeeds(project.run("run"))
        self.assertGreater(project.path("innsikt.xlsx").stat().st_size, 10000)
        status = self.succeeds(project.run("status"))
        for source in SOURCES:
            self.assertIn(source, status.stdout)

    def test_check_changes_nothing(self):
        project = self.project(server=self.serve())
        before = sorted(project.folder.rglob("*"))
        self.succeeds(project.run("check"))
        self.assertEqual(sorted(project.folder.rglob("*")), before)


class SameBytes(harness.Case):
    def made(self, project, **environment):
        """The bytes of workbook and results."""
        project.path("innsikt.xlsx").unlink(missing_ok=True)
        self.succeeds(project.run("analyze", "--results", project.path("results.json"), **environment))
        return project.path("innsikt.xlsx").read_bytes(), project.path("results.json").read_bytes()

    def test_same_store_same_bytes(self):
        project = self.project(server=self.serve())
        self.succeeds(project.run("collect"))
        first = self.made(project)
        self.assertTrue(self.made(project) == first, "a second run gives other bytes")
        for locale in ({"LC_ALL": "C"}, {"LC_ALL": "C.UTF-8", "LANGUAGE": "nn:en"}, norwegian(self.home)):
            again = self.made(project, TZ="Asia/Kathmandu", **locale)
            self.assertTrue(again == first, f"other bytes under {locale}")

    def test_another_store_of_the_same_answers_gives_the_same_bytes(self):
        server = self.serve()
        made = []
        for name in ("one", "two"):
            project = self.project(name, server)
            self.succeeds(project.run("collect"))
            made.append(self.made(project))
        self.assertTrue(made[0] == made[1], "another store gives other bytes")

    def test_another_order_of_pulling_gives_the_same_figures(self):
        server = self.serve()
        results = []
        for name, order in (("one", SOURCES), ("two", SOURCES[::-1])):
            project = self.project(name, server)
            for source in order:
                self.succeeds(project.run("collect", source))
            results.append(project.results())
        self.assertTrue(results[0] == results[1], "another order of pulling gives other figures")


def norwegian(folder):
    """A Norwegian locale, whose decimal point is a comma, made for this test alone."""
    subprocess.run(["localedef", "-i", "nb_NO", "-f", "UTF-8", folder / "nb_NO.UTF-8"], check=True)
    return {"LC_ALL": "nb_NO.UTF-8", "LOCPATH": str(folder)}


def second_sample(case):
    project = case.project()
    shutil.rmtree(project.folder)
    shutil.copytree(ROOT / "samples/virksomhet", project.folder)
    case.succeeds(project.run("check"))
    case.succeeds(project.run("collect"))
    return project


class Published(harness.Case):
    """results.json against its schema, with an independent validator."""

    @classmethod
    def setUpClass(cls):
        schema = json.loads((ROOT / "schemas/results.schema.json").read_text())
        jsonschema.Draft202012Validator.check_schema(schema)
        cls.validator = jsonschema.Draft202012Validator(schema)

    def complaints(self, results):
        return [f"{'/'.join(map(str, e.absolute_path))}: {e.message[:200]}" for e in self.validator.iter_errors(results)]

    def test_both_samples(self):
        project = self.project("first", self.serve())
        self.succeeds(project.run("collect"))
        for results in (project.results(), second_sample(self).results()):
            self.assertEqual(self.complaints(results)[:5], [])

    def test_an_empty_store(self):
        server = self.serve()
        server.order(clear={"sid": SECTOR})
        project = self.project(server=server)
        self.succeeds(project.run("collect", "sektor"))
        self.assertEqual(self.complaints(project.results())[:5], [])

    def test_what_is_wrong_is_seen(self):
        right = second_sample(self).results()
        question = next(iter(right["robustness"]))
        finding = next(iter(right["finding"]))
        group = next(k for k in right["robustness"][question] if k.startswith("group="))
        wrong = [(("innsikt", "format"), 2), (("robustness", question, "n"), -1), (("robustness", question, "share-1"), 1.5),
                 (("robustness", question, "share-9"), 0.5), (("robustness", question, "verdict"), "sure"),
                 (("robustness", question, group, "probability"), "high"), (("robustness", question, "agreement"), None),
                 (("robustness", question, group, "surprise"), 1), (("finding", finding, "people"), 1.5),
                 (("finding", finding, "quadrant"), "weak"), (("finding", "91d5"), {}), (("surprise",), {})]
        for path, value in wrong:
            with self.subTest(path=path):
                results = copy.deepcopy(right)
                at = results
                for part in path[:-1]:
                    at = at[part]
                at[path[-1]] = value
                self.assertTrue(self.complaints(results))


class ReadBack(harness.Case):
    def read(self, workbook, results):
        return subprocess.run([READER, workbook, results], capture_output=True, text=True)

    def test_workbook_and_results_agree_in_all_languages(self):
        project = self.project(server=self.serve())
        self.succeeds(project.run("collect"))
        for language in ("nb", "nn", "en"):
            results = project.results("--language", language)
            self.assertEqual(results["innsikt"]["language"], language)
            read = self.read(project.path("innsikt.xlsx"), project.path("results.json"))
            self.assertEqual(read.returncode, 0, language + "\n" + read.stdout + read.stderr)

    def test_the_second_sample(self):
        project = second_sample(self)
        project.results()
        read = self.read(project.path("innsikt.xlsx"), project.path("results.json"))
        self.assertEqual(read.returncode, 0, read.stdout + read.stderr)

    def test_the_reader_sees_a_difference(self):
        """A reader that finds nothing to complain about in a wrong file would prove nothing."""
        project = self.project(server=self.serve())
        self.succeeds(project.run("collect"))
        results = project.results()
        question, level = results["robustness"]["priorities-robust"], results["level"]["vision"]
        finding = next(iter(results["finding"].values()))
        item = next(iter(results["distribution"].values()))
        changes = [(question, "probability", 1e-9), (question, "n", 1), (question["group=kommune"], "organisations", 1),
                   (level, "mean-low", 1e-9), (finding, "share", 1e-9), (finding, "organisations", 1), (item, "share-2", 1e-9)]
        for figures, statistic, by in changes:
            kept = figures[statistic]
            figures[statistic] = kept + by
            wrong = project.path("wrong.json")
            wrong.write_text(json.dumps(results))
            figures[statistic] = kept
            read = self.read(project.path("innsikt.xlsx"), wrong)
            self.assertEqual(read.returncode, 1, f"{statistic} {kept} + {by} was not seen")


harness.main()
