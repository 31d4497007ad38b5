"""What results.json shall say of TOWS where no links were set: how many of the same respondents named an internal and an
external finding, among the first eight of each quadrant (methods.md 4.11)."""
from .ratings import Figures

MOST, CELLS = 8, {"strength": "S", "weakness": "W", "opportunity": "O", "threat": "T"}


class Couplings:
    def __init__(self, statements):
        self.figures = Figures()
        data, members = statements.data, {}
        for i, (quadrant, _) in enumerate(statements.places):
            for theme in statements.themes_of[i] if quadrant else []:
                record = data.records[statements.all[i].record]
                people = members.setdefault((theme, quadrant), set())
                people |= {record.person} if record.source.method != "document" else set()
        first = {q: [f for f in statements.found if f["quadrant"] == q][:MOST] for q in CELLS}
        for a in first["strength"] + first["weakness"]:
            for b in first["opportunity"] + first["threat"]:
                both = members[a["theme"], a["quadrant"]] & members[b["theme"], b["quadrant"]]
                if both:
                    self.tell(f"tows/{a['id']}/with={b['id']}", CELLS[a["quadrant"]] + CELLS[b["quadrant"]], len(both))

    def tell(self, path, cell, together):
        for statistic, value in (("n", together), ("together", together), ("cell", cell)):
            self.figures.put(path, statistic, value)
        for statistic in ("strength", "score"):
            self.figures.put(path, statistic, None, "not_linked")
