"""The sample project read a second time, from the files that its form server serves and the registers beside them."""
import collections
import datetime
import json

import numpy as np

from . import numbers, reading

SENT = "sent"  # no question is called so
About = collections.namedtuple("About", "area scenario criterion goal dilemma")


def limesurvey(source, form):
    """Answers that were sent in; a question that the form hid is null."""
    for row in form["responses"]:
        if not row["submitdate"]:
            continue
        told = {q: v for q, v in row["answers"].items() if source.wants(q)}
        yield reading.Response(str(row["id"]), {q: v or None for q, v in told.items()} | {SENT: row["submitdate"]},
                               {q: "not_shown" if v is None else "not_answered" for q, v in told.items() if not v})


def odk(source, form):
    """Submissions that a review did not reject; what repeats is left out, no rating does."""
    for row in form["submissions"]:
        if row["__system"]["reviewState"] == "rejected":
            continue
        flat = dict(row) | {f"{outer}/{q}": v for outer in ("vurdering",) for q, v in row[outer].items()}
        told = {q: v for q, v in flat.items() if source.wants(q) and not isinstance(v, (list, dict))}
        sent = {SENT: row["__system"]["submissionDate"]}
        yield reading.Response(row["__id"], {q: v or None for q, v in told.items()} | sent,
                               {q: "not_answered" for q, v in told.items() if not v})


class Dataset(reading.Dataset):
    """Ratings of focus areas, goals and dilemmas are kept as well: (record, About, scale, answer)."""

    def __init__(self, folder, secret):
        self.others = []
        self.forms = folder / "forms"
        real, reading.read_responses = reading.read_responses, self.read
        self.read_csv = real
        try:
            super().__init__(reading.Project(folder, secret))
        finally:
            reading.read_responses = real

    def read(self, source, folder):
        kind = source.entry["kind"]
        if kind == "csv":
            return self.read_csv(source, folder)
        if kind == "xlsx":  # no ratings, and nobody who has answered elsewhere
            return []
        form = json.loads((self.forms / f"{source.name}.json").read_text())
        return sorted((limesurvey if kind == "limesurvey" else odk)(source, form), key=reading.id_order)

    def add(self, source, response):
        super().add(source, response)
        record = self.records[-1]
        record.submitted = response.answers.get(SENT) or record.submitted
        if "." in record.submitted[:3]:
            record.submitted = datetime.datetime.strptime(record.submitted, "%d.%m.%Y %H:%M").isoformat()
        for question, text in response.answers.items():
            mapping = source.mapping(question)
            if not mapping or mapping.role not in ("rating", "goal", "dilemma"):
                continue
            names = [self.value(mapping, key, response) for key in ("area", "scenario", "criterion", "goal", "dilemma")]
            if any(names):
                answer = mapping.scale.read(reading.cell_code(text)) if text else response.missing[question]
                self.others.append((len(self.records) - 1, About(*names), mapping.scale, answer))

    def add_statement(self, mapping, question, response):
        """Texts are computed again elsewhere."""

    def speakers(self):
        """{About: {(person, organisation): [steps]}}, of named organisations: citizens have a column of their own."""
        told = collections.defaultdict(lambda: collections.defaultdict(list))
        for at, about, _, answer in self.others:
            record = self.records[at]
            if not isinstance(answer, int) or record.wave in self.project.earlier:
                continue
            for voice in record.voices:
                if not self.units[voice.unit].citizen:
                    told[about][record.person, voice.unit].append(answer)
        return {about: {s: float(np.mean(x)) for s, x in speakers.items()} for about, speakers in told.items()}


def mean_of(speakers, k, level, low=1, high=None):
    """3.6 of {(person, organisation): value}: (mean, low, high)."""
    orgs = [org for _, org in speakers]
    values = list(speakers.values())
    samples = collections.defaultdict(list)
    for value, org in zip(values, orgs):
        samples[org].append(value)
    means, m = np.array([np.mean(s) for s in samples.values()]), len(samples)
    if m < 3:
        return (means.mean() if m else None), None, None
    floor = (k * k - 1) / 12 * (0.2 + 0.8 * np.mean([1 / len(s) for s in samples.values()]))
    v = (((means - means.mean()) ** 2).sum() + 0.25 * floor) / (m - 1 + 0.25)
    half = numbers.t_of(level, m - 1) * np.sqrt(v / m)
    return means.mean(), max(low, means.mean() - half), min(k if high is None else high, means.mean() + half)
