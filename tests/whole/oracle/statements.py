"""What results.json shall say about statements and findings: where they belong (methods.md 3.10), which theme they are of
(3.12), and who stands behind a finding (3.13)."""
import collections
import itertools
import math
import re

from . import numbers, texts
from .ratings import Figures
from .reading import QUADRANT, WORDS_OF, label_in

QUADRANTS = ("strength", "weakness", "opportunity", "threat")
BORDER = re.compile(r"[\s,]")


def halves(text):
    """«X, men Y»: at the first «men» of its own with words on both sides, or None."""
    for found in re.finditer("men", text, re.IGNORECASE):
        before, after = text[:found.start()], text[found.end():]
        if (before and not BORDER.match(before[-1])) or (after and not BORDER.match(after[0])):
            continue
        left, right = (re.sub(r"[\s,.]+$", "", re.sub(r"^[\s,]+", "", part)) for part in (before, after))
        if left and right:
            return left, right
    return None


def place(statement, framework):
    """(quadrant or None, how)."""
    category = framework.find("categories", statement.category).kind if statement.category else None
    given = WORDS_OF.get(statement.given, (None, None))
    origins = [o for o in (given[0], statement.origin, category) if o]
    polarities = [p for p in (given[1], statement.polarity) if p]
    quadrant = statement.given or QUADRANT.get((statement.origin or category, statement.polarity))
    if len(set(origins)) > 1 or len(set(polarities)) > 1:
        return quadrant, "clash"
    if quadrant:
        return quadrant, "given" if statement.given else "derived"
    return None, "double" if halves(statement.text) else "none"


def entropy(counts):
    total = sum(counts)
    return -math.fsum(c / total * math.log(c / total) for c in counts if c)


def dispute(votes):
    """(settlement, axis or "", entropy)"""
    n, most = sum(votes.values()), max(votes.values())
    leaders = [q for q in QUADRANTS if votes[q] == most]
    internal = votes["strength"] + votes["weakness"]
    helpful = votes["strength"] + votes["opportunity"]
    origin, polarity = min(internal, n - internal), min(helpful, n - helpful)
    axis = "" if origin == polarity == 0 else "both" if origin == polarity \
        else "origin" if origin > polarity else "polarity"
    low = numbers.wilson(most / n, n, 0.95)[0]
    if n < 3:
        status = "insufficient"
    elif len(leaders) == 1 and numbers.round12(low) > 0.5:
        status = "settled"
    elif len(leaders) == 1 and numbers.round12(most / n) > 0.5:
        status = "leaning"
    else:
        status = "contested"
    return status, axis, entropy(votes.values()) / math.log(4)


class Statements:
    def __init__(self, data, words):
        self.data, self.framework, self.project = data, data.framework, data.project
        self.limits, self.words, self.figures = data.project.thresholds, words, Figures()
        self.all = data.statements
        self.texts = [s.text for s in self.all]
        self.like = texts.likeness(self.texts)
        self.places = [place(s, self.framework) for s in self.all]
        self.themes()
        self.findings()
        self.tell()

    # --- themes

    def themes(self):
        book = texts.Codebook(self.framework.lists["themes"])
        codes = [book.apply(t) for t in self.texts]
        coded = [i for i, c in enumerate(codes) if c]
        self.themes_of, self.origin, rest = codes, ["codebook"] * len(codes), []
        for i in range(len(codes)):
            if codes[i]:
                continue
            near = texts.nearest(self.like[i], coded, self.limits["theme-maybe"])
            likely = near is not None and numbers.round12(self.like[i, near]) >= self.limits["theme-likely"]
            self.origin[i] = "likely" if likely else "maybe" if near is not None else None
            if not likely:
                rest.append(i)
            else:
                self.themes_of[i] = [codes[near][0]]
        distance = [[1 - self.like[a, b] for b in rest] for a in rest]
        for members in texts.clusters(distance, self.limits["cluster-cut"]):
            members = [rest[m] for m in members]
            for m in members:
                self.themes_of[m] = [self.all[members[0]].id]
                self.origin[m] = self.origin[m] or ("cluster" if len(members) > 1 else "single")

    # --- findings

    def findings(self):
        members = collections.defaultdict(list)
        for i, (quadrant, _) in enumerate(self.places):
            for theme in self.themes_of[i] if quadrant else []:
                members[theme, quadrant].append(i)
        votes = collections.defaultdict(collections.Counter)
        for (theme, quadrant), of in members.items():
            votes[theme][quadrant] = len(of)
        self.taken = set()
        self.found = [self.finding(theme, quadrant, of, dispute(votes[theme]))
                      for (theme, quadrant), of in members.items()]
        self.found.sort(key=lambda f: (QUADRANTS.index(f["quadrant"]), -numbers.round12(f["share-low"] or 0)
                                       if f["share-low"] is not None else 1, -f["streams"], -f["people"], f["id"]))
        rank = collections.Counter()
        for f in self.found:
            rank[f["quadrant"]] += 1
            f["code"] = self.words(f"quadrant.{f['quadrant']}.letter") + str(rank[f["quadrant"]])

    def title(self, theme, quadrant, of):
        coded = next((t for t in self.framework.lists["themes"] if t.id == theme), None)
        if coded and coded.kind in (None, quadrant):
            return label_in(coded.label, self.project.language)
        return "«" + self.texts[texts.medoid(of, self.like)].strip(" \t\n\v\f\r") + "»"

    def new_id(self, quadrant, first):
        """By quadrant and first statement, and by a number when two themes begin with the same one."""
        ids = (self.project.make_id("finding", quadrant, first, str(salt)) for salt in itertools.count())
        found = next(i for i in ids if i not in self.taken)
        self.taken.add(found)
        return found

    def finding(self, theme, quadrant, of, disputed):
        data = self.data
        people, organisations, streams, pairs = set(), set(), set(), set()
        for i in of:
            record, stream = data.records[self.all[i].record], self.all[i].stream
            organisations |= {v.unit for v in record.voices if data.units[v.unit].named}
            streams |= {stream} - {None}
            if record.source.method != "document":
                people.add(record.person)
                pairs |= {(stream, record.person)} if stream else set()
        total = sum(u.named for u in data.units.values())
        categories = collections.Counter(self.all[i].category for i in of if self.all[i].category)
        declared = self.framework.ids("categories")
        by_stream = collections.Counter(stream for stream, _ in pairs)
        return {
            "id": self.new_id(quadrant, self.all[of[0]].id), "quadrant": quadrant,
            "theme": theme, "title": self.title(theme, quadrant, of), "proposed": True,
            "category": max(categories, key=lambda c: (categories[c], -declared.index(c)), default=""),
            "streams-named": " ".join(s for s in self.framework.ids("streams") if s in streams),
            "people": len(people), "organisations": len(organisations), "streams": len(streams), "mentions": len(of),
            "share": len(organisations) / total if total else None,
            "share-low": numbers.wilson(len(organisations) / total, total, 0.95)[0] if total else None,
            "effective-streams": math.exp(entropy(by_stream.values())) if pairs else None,
            "settlement": disputed[0], "axis": disputed[1], "entropy": disputed[2]}

    # --- figures

    def tell(self):
        why = {"share": "no_frame", "share-low": "no_frame", "effective-streams": "no_answers"}
        for f in self.found:
            for statistic, value in f.items():
                if statistic != "id":
                    self.figures.put(f"finding/{f['id']}", statistic, value, why.get(statistic))
        same = texts.same_as(self.texts, self.limits["duplicate"])
        for i, s in enumerate(self.all):
            record, path = self.data.records[s.record], f"statement/{s.id}"
            for statistic, value in (
                    ("quadrant", self.places[i][0] or "unclassified"), ("placement", self.places[i][1]),
                    ("theme", self.themes_of[i][0]), ("theme-origin", self.origin[i]),
                    ("same-as", self.all[same[i]].id), ("source", record.source.name), ("stream", s.stream or ""),
                    ("category", s.category or ""), ("group", record.group or "")):
                self.figures.put(path, statistic, value)
