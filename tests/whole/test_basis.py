#!/usr/bin/python3
"""Sheet Grunnlag names the sources that a figure rests on, and no other."""
import openpyxl

import harness


class Basis(harness.Case):
    def test_a_figure_names_the_sources_it_rests_on(self):
        project = self.project(server=self.serve())
        self.succeeds(project.run("run"))
        sheet = openpyxl.load_workbook(project.path("innsikt.xlsx"))["Grunnlag"]
        rows = list(sheet.iter_rows(values_only=True))
        head = next(i for i, row in enumerate(rows) if row[0] == "Nøkkel")
        key, sources = 0, rows[head].index("Kilder")
        named = {row[key]: row[sources] for row in rows[head + 1:] if row[key]}
        self.assertEqual(named["involvement/all"], ", ".join(harness.SOURCES))
        self.assertEqual(named["robustness/choices-clear"], "ansatte, sektor, intervju")
        # The employees have a survey of their own; municipalities answer the other and are interviewed.
        self.assertEqual(named["robustness/choices-clear/group=direktoratet"], "ansatte")
        self.assertEqual(named["robustness/choices-clear/group=kommune"], "sektor, intervju")
        self.assertEqual(named["robustness/choices-clear/wave=2021-sommer"], "sektor")
        self.assertEqual(named["distribution/choices-clear"], "ansatte, intervju")

        answers = project.results()
        told = {tuple(sorted({s.strip() for s in named[k].split(",")})) for k in named if k.startswith("finding/")}
        self.assertGreater(len(told), 2)  # some from one source, some from several
        self.assertEqual(len([k for k in named if k.startswith("finding/")]), len(answers["finding"]))


if __name__ == "__main__":
    harness.main()
