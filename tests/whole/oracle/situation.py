"""What results.json shall say of the situation by category: Intern, Omverden, and which way each theme points (methods.md 3.10
and 3.13)."""
import collections

from .ratings import Figures
from .statements import QUADRANTS, dispute

OF = {"internal": ("strength", "weakness"), "external": ("opportunity", "threat")}


class Situation:
    def __init__(self, statements):
        self.s, self.data, self.framework = statements, statements.data, statements.framework
        self.figures = Figures()
        self.kind = {c.id: c.kind or "internal" for c in self.framework.lists["categories"]}
        self.members = collections.defaultdict(list)  # (theme, quadrant) → statements
        for i, (quadrant, _) in enumerate(self.s.places):
            for theme in self.s.themes_of[i] if quadrant else []:
                self.members[theme, quadrant].append(i)
        for side in OF:
            self.tell_side(side)
        self.tell_themes()

    def behind(self, path, of):
        """People and named organisations behind statements."""
        people, organisations = set(), set()
        for i in of:
            record = self.data.records[self.s.all[i].record]
            organisations |= {v.unit for v in record.voices if self.data.units[v.unit].named}
            people |= {record.person} if record.source.method != "document" else set()
        self.figures.put(path, "statements", len(of))
        self.figures.put(path, "people", len(people))
        self.figures.put(path, "organisations", len(organisations))
        return len(organisations)

    def category_on(self, i, side):
        category = self.s.all[i].category
        return category if category and self.kind[category] == side else None

    def tell_side(self, side):
        categories = [c for c in self.kind if self.kind[c] == side] + [None]
        of = {c: [] for c in categories}
        for i, (quadrant, _) in enumerate(self.s.places):
            category = self.category_on(i, side)
            if quadrant in OF[side] or (quadrant is None and category):
                of[category].append(i)
        if any(of.values()):
            for category in categories:
                if category or of[None]:
                    self.tell_category(side, category, of[category])

    def tell_category(self, side, category, of):
        path = f"{side}/{category or '-'}"
        self.behind(path, of)
        votes = collections.Counter({q: 0 for q in QUADRANTS})
        votes.update(self.s.places[i][0] for i in of if self.s.places[i][0])
        self.figures.put(path, "unplaced", len(of) - sum(votes.values()))
        findings = collections.Counter()
        for f in self.s.found:
            inside = [i for i in self.members[f["theme"], f["quadrant"]] if self.category_on(i, side) == category]
            if f["quadrant"] not in OF[side] or not inside:
                continue
            findings[f["quadrant"]] += 1
            self.behind(f"{path}/finding={f['id']}", inside)
            self.figures.put(f"{path}/finding={f['id']}", "points-to", f["quadrant"])
        for quadrant in OF[side]:
            here = [i for i in of if self.s.places[i][0] == quadrant]
            self.figures.put(path, f"statements-{quadrant}", len(here))
            self.figures.put(path, f"findings-{quadrant}", findings[quadrant])
            units = {v.unit for i in here for v in self.data.records[self.s.all[i].record].voices}
            self.figures.put(path, f"organisations-{quadrant}", sum(self.data.units[u].named for u in units))
        most, n = max(votes.values()), sum(votes.values())
        leaders = [q for q in QUADRANTS if votes[q] == most]
        settlement = dispute(votes)[0] if n else "insufficient"
        self.figures.put(path, "points-to", leaders[0] if n and len(leaders) == 1 else "")
        self.figures.put(path, "settlement", settlement)
        self.figures.put(path, "agreement", None if n < 3 else most / n, "too_few")

    def tell_themes(self):
        themes = collections.defaultdict(collections.Counter)
        of = collections.defaultdict(list)
        for (theme, quadrant), inside in self.members.items():
            themes[theme][quadrant] = len(inside)
            of[theme] += inside
        for theme, votes in themes.items():
            path, n = f"theme/{theme}", sum(votes.values())
            self.behind(path, of[theme])
            for quadrant in QUADRANTS:
                self.figures.put(path, f"share-{quadrant}", None if n < 3 else votes[quadrant] / n, "too_few")
