#!/usr/bin/python3
"""Involvement, by hand: who counts in which group and way, against targets and invitations, and who may be named."""
import json

import openpyxl

import harness

SURVEY = """Id,Org,Gruppe,Epost,Navngi,Svar
1,Fjelldal kommune,kommune,a@example.org,ja,3
2,fjelldal  Kommune,kommune,b@example.org,,2
3,Sundøy kommune,kommune,c@example.org,ja,2
4,Sundøy kommune,kommune,d@example.org,nei,4
5,Nordhav HF,helseforetak,e@example.org,ja,1
6,,innbygger,f@example.org,,1
"""
INTERVIEWS = """Id,Org,Gruppe,Epost,Sagt
1,Nordhav HF,helseforetak,e@example.org,Journalen er gammel
2,Vidda legesenter,fastlege,g@example.org,Vi får for lite informasjon
"""
WORKSHOP = """Id,Bord,Org,Gruppe,Antall,Sagt
1,A,Fjelldal kommune;Nordhav HF,,5,Samarbeidet er godt
2,A,Fjelldal kommune;Nordhav HF,,7,Kulturen er åpen
3,B,Sundøy kommune,kommune,4,Vi mangler folk
4,C,Fjelldal kommune;Sundøy kommune,kommune,3,Vi låner av hverandre
"""
INVITED = "Gruppe,Antall\nkommune,20\nhelseforetak,4\nforskning,6\n"


class Involvement(harness.Case):
    def make(self, analysis=None, invited=True):
        folder = self.home / "p"
        folder.mkdir()
        for name, text in (("svar", SURVEY), ("intervju", INTERVIEWS), ("bord", WORKSHOP), ("inviterte", INVITED)):
            (folder / f"{name}.csv").write_text(text)
        (folder / "innsikt.key").write_text("nøkkel-51d0e2\n")
        (folder / "innsikt.key").chmod(0o600)
        attributes = {"Org": {"attribute": "organisation"}, "Gruppe": {"attribute": "group"}, "Epost": {"person": True}}
        sources = {
            "svar": {"kind": "csv", "path": "svar.csv", "id": "Id", "method": "survey", "questions": attributes | {
                "Navngi": {"attribute": "consent"}, "Svar": {"rating": "choices-clear", "scale": "extent"}}},
            "intervju": {"kind": "csv", "path": "intervju.csv", "id": "Id", "method": "interview", "questions": attributes | {
                "Sagt": {"statement": {"quadrant": "weakness"}}}},
            "bord": {"kind": "csv", "path": "bord.csv", "id": "Id", "method": "workshop", "questions": {
                "Bord": {"attribute": "table"}, "Org": {"attribute": "organisations"}, "Gruppe": {"attribute": "group"},
                "Antall": {"attribute": "participants"}, "Sagt": {"statement": {"quadrant": "strength"}}}},
        }
        organisations = {"Fjelldal kommune": {"group": "kommune"}, "Nordhav HF": {"group": "helseforetak"}}
        if invited:
            sources["inviterte"] = {"kind": "csv", "path": "inviterte.csv", "id": "Gruppe", "method": "document",
                                    "questions": {"Antall": {"invited": {"group_from": "Gruppe"}}}}
        (folder / "project.yaml").write_text(json.dumps({
            "innsikt": 1, "title": "Involvering", "framework": "ehelse", "privacy": {"key": "file:innsikt.key"},
            "analysis": analysis or {}, "organisations": organisations, "sources": sources}, ensure_ascii=False))
        project = harness.Project(folder)
        self.succeeds(project.run("run"))
        return project, project.results()["involvement"]

    def holds(self, heard, **figures):
        self.assertEqual({name: heard[name.replace("_", "-")] for name in figures}, figures)

    def test_groups_and_ways(self):
        project, in_all = self.make()
        # Table A: seven people for two organisations, so four and three; table C: all three are kommune. The survey's «fjelldal  Kommune» is the same house.
        self.holds(in_all["all"]["group=kommune"], people=4 + 4 + 4 + 3, organisations=2, interviews=0, workshop=11, survey=4,
                   documents=0, invited=20)
        # Somebody at Nordhav both answered and was interviewed: one person, and three around the table.
        self.holds(in_all["all"]["group=helseforetak"], people=1 + 3, organisations=1, interviews=1, workshop=3, survey=1)
        self.holds(in_all["all"]["group=fastlege"], people=1, organisations=1, interviews=1, survey=0, invited=None)
        self.holds(in_all["all"]["group=innbygger"], people=1, organisations=0, survey=1)
        self.assertNotIn("no-group", in_all)
        self.assertEqual(in_all["all"]["people"], sum(in_all["all"][g]["people"] for g in in_all["all"] if g.startswith("group=")))
        self.assertEqual(in_all["all"]["documents"], 0)  # a list of invitations is no document

        self.assertAlmostEqual(in_all["all"]["group=kommune"]["invited-share"], 15 / 20, 15)
        self.assertEqual(in_all["all"]["group=kommune"]["coverage"], "fair")
        self.assertEqual(in_all["all"]["group=helseforetak"]["coverage"], "good")
        self.holds(in_all["all"]["group=forskning"], people=0, coverage="none", invited_share=0)
        self.holds(in_all["panel"], invited=30, dissimilarity=None)
        self.assertAlmostEqual(in_all["panel"]["invited-share"], 19 / 30, 15)

        sheet = openpyxl.load_workbook(project.path("innsikt.xlsx"))["Involvering"]
        self.assertIn("Forskning", sheet["A2"].value)  # nobody from there, in plain words
        texts = [cell.value for cell in sheet["A"] if isinstance(cell.value, str)]
        actors = texts[texts.index("Organisasjon") + 1:]
        self.assertEqual(actors, ["Fjelldal kommune", "Nordhav HF"])  # of Sundøy one agreed and one did not
        self.assertNotIn("Andel i målet", [cell.value for cell in sheet[6]])

    def test_against_targets(self):
        targets = {"kommune": 0.5, "helseforetak": 0.25, "naeringsliv": 0.25}
        project, in_all = self.make({"weight": "group", "targets": targets}, invited=False)
        heard = in_all["all"]
        self.assertAlmostEqual(heard["group=kommune"]["observed"], 15 / 19, 15)
        self.assertAlmostEqual(heard["group=helseforetak"]["ratio"], (4 / 19) / 0.25, 15)
        self.holds(heard["group=naeringsliv"], people=0, coverage="none", target=0.25, observed=0)
        self.assertAlmostEqual(in_all["panel"]["dissimilarity"], 15 / 19 - 0.5, 15)
        self.holds(in_all["panel"], invited=None, invited_share=None)
        texts = [c.value for c in openpyxl.load_workbook(project.path("innsikt.xlsx"))["Involvering"]["A"] if c.value]
        self.assertTrue(any(isinstance(t, str) and t.startswith("Undersøkelsen var åpen") for t in texts))

    def test_few_interviews_say_nothing_of_saturation(self):
        _, in_all = self.make()
        self.holds(in_all["saturation"], n=2, reached_at=None)
        self.assertEqual(in_all["saturation"]["reached-at-undefined"], "too_few")


if __name__ == "__main__":
    harness.main()
