#!/usr/bin/python3
"""Who was asked, from LimeSurvey's table of participants to the response rates of sheet Involvering, and never a name."""
import json

import harness

FORM = {
    "system": "limesurvey", "sid": 771204, "title": "Pulsmåling", "language": "nb",
    "groups": [{"gid": 1, "name": "G", "description": ""}],
    "questions": [{"qid": 1, "gid": 1, "code": "GR", "type": "S", "text": "Gruppe?", "help": "", "other": "N", "mandatory": "N"}],
}
PROJECT = """\
innsikt: 1
title: Prøve
framework: virksomhet
privacy: {key: env:INNSIKT_SAMPLE_KEY}
sources:
  puls:
    kind: limesurvey
    url: env:INNSIKT_SAMPLE_URL
    form: 771204
    user: env:INNSIKT_SAMPLE_USER
    password: env:INNSIKT_SAMPLE_PASSWORD
    method: survey
    questions:
      GR: {attribute: group}
  inviterte:
    kind: limesurvey
    participants: true
    url: env:INNSIKT_SAMPLE_URL
    form: 771204
    user: env:INNSIKT_SAMPLE_USER
    password: env:INNSIKT_SAMPLE_PASSWORD
    questions:
      invited: {invited: {group_from: attribute_1, values: {group: {A: ansatt, L: leder}}}}
"""


def participant(n):
    return {"tid": 7 * n + 1, "token": f"tok{n}q", "sent": "2026-03-01 08:00", "completed": "N", "attribute_1": "AL"[n % 4 == 0],
            "attribute_2": "hemmelig", "participant_info": {"firstname": "Ragnhild", "lastname": "Åsnes", "email": f"r{n}@example.org"}}


class Participants(harness.Case):
    def serve_form(self, n):
        answers = [{"id": i, "submitdate": "2026-03-04 10:15:22", "lastpage": 1, "startlanguage": "nb", "seed": str(i),
                    "answers": {"GR": group}} for i, group in enumerate(["ansatt"] * 12 + ["leder"] * 3, 1)]
        form = FORM | {"responses": answers}
        if n is not None:
            form |= {"participants": [participant(i) for i in range(n)]}
        path = self.home / "form.json"
        path.write_text(json.dumps(form))
        folder = self.home / "p"
        folder.mkdir()
        (folder / "project.yaml").write_text(PROJECT)
        return harness.Project(folder, self.serve(forms=[path]))

    def test_rates_stand_on_the_table_of_participants(self):
        project = self.serve_form(2100)
        self.succeeds(project.run("check"))
        self.succeeds(project.run("run"))
        heard = project.results()["involvement"]["all"]
        self.assertEqual((heard["group=ansatt"]["invited"], heard["group=ansatt"]["people"]), (1575, 12))
        self.assertEqual((heard["group=leder"]["invited"], heard["group=leder"]["people"]), (525, 3))
        self.assertAlmostEqual(heard["group=leder"]["invited-share"], 3 / 525)
        store = (project.folder / "innsikt.db").read_bytes()
        for secret in (b"Ragnhild", b"example.org", b"tok17q", b"hemmelig"):
            self.assertNotIn(secret, store)

    def test_a_survey_without_participants_is_noted(self):
        project = self.serve_form(None)
        said = self.succeeds(project.run("collect"))
        self.assertIn("no participants are counted", said.stderr)


if __name__ == "__main__":
    harness.main()
