#!/usr/bin/python3
"""Who counts, and how often: small projects whose figures can be worked out by hand (methods.md 2.1 and 3.1)."""
import textwrap

import harness

FRAMEWORK = """
    innsikt: 1
    id: liten
    title: Liten
    verdict_scale: fire
    scales:
      - id: fire
        steps: [{label: Ikke}, {label: Lite}, {label: Noe, agree: true}, {label: Mye, agree: true}]
      - id: omtrent          # other codes, the same four steps
        steps:
          - {label: Nei, codes: n, map: 1}
          - {label: Tja, codes: t, map: 2}
          - {label: Jo, codes: j, map: 3, agree: true}
          - {label: Ja, codes: a, map: 4, agree: true}
      - id: fem              # unmarked, leads nowhere
        steps: [{label: Aa}, {label: Bb}, {label: Cc}, {label: Dd}, {label: Ee}]
      - id: to
        steps: [{label: Av}, {label: På, agree: true}]
    questions: [{id: sp, label: Spørsmålet}]
    items:
      - {id: en, label: Den ene, question: sp}
      - {id: ny, label: Den nye, question: sp}
      - {id: tre, label: Den tredje, question: sp}
    groups: [{id: by, label: Byer}, {id: land, label: Bygder}, {id: folk, label: Folk}]
    citizen_group: folk
    streams: [{id: strom, label: Strømmen}]
    """

COLUMNS = {"Org": "{attribute: organisation}", "Gruppe": "{attribute: group}", "E-post": "{person: true}",
           "Rundt": "{attribute: organisations}", "Bord": "{attribute: table}", "Antall": "{attribute: participants}",
           "Dag": "{attribute: submitted}", "En": "{rating: en, scale: fire}", "Ny": "{rating: ny, scale: fire}",
           "Tre": "{rating: tre, scale: fire}", "En omtrent": "{rating: en, scale: omtrent}",
           "Ny omtrent": "{rating: ny, scale: omtrent}", "Tre omtrent": "{rating: tre, scale: omtrent}",
           "En før": "{rating: {item: en, wave: 2019-host}, scale: fire}",
           "Fem": "{rating: en, scale: fem}", "To": "{rating: en, scale: to}", "Sagt": "{statement: {quadrant: strength}}"}
ALPHA = [(1, 2, 2), (2, 2, 3), (3, 3, 4), (4, 3, 4), (2, 1, 2), (3, 4, 3), (1, 1, 2), (4, 4, 4)]  # of vectors.json


class People(harness.Case):
    def analysed(self, tables, more="", source=""):
        """results.json of a project: tables {source: CSV text}; a source whose name begins with «verksted» is a workshop."""
        folder = self.home / "prosjekt"
        folder.mkdir()
        sources = []
        for name, table in tables.items():
            (folder / f"{name}.csv").write_text(textwrap.dedent(table).strip() + "\n", encoding="utf-8")
            header = textwrap.dedent(table).strip().split("\n", 1)[0].split(";")
            method = "workshop" if name.startswith("verksted") else "survey"
            sources.append(f"  {name}:\n    {{kind: csv, path: {name}.csv, id: Nr, method: {method}, {source}\n     questions: {{"
                           + ", ".join(f'"{h}": {COLUMNS[h]}' for h in header if h != "Nr") + "}}")
        (folder / "ramme.yaml").write_text(textwrap.dedent(FRAMEWORK), encoding="utf-8")
        (folder / "project.yaml").write_text(
            "innsikt: 1\ntitle: Prøve\nframework: ramme.yaml\nprivacy: {key: env:INNSIKT_SAMPLE_KEY}\n" +
            textwrap.dedent(more) + "\nsources:\n" + "\n".join(sources) + "\n", encoding="utf-8")
        project = harness.Project(folder)
        self.succeeds(project.run("collect"))
        return project.results()

    def holds(self, figures, **expected):
        for name, value in expected.items():
            statistic = name.replace("_", "-")
            if isinstance(value, float):
                self.assertAlmostEqual(figures[statistic], value, 9, statistic)
            else:
                self.assertEqual(figures[statistic], value, statistic)

    def test_somebody_without_organisation_is_one_over_all_sources(self):
        r = self.analysed({"a": "Nr;Gruppe;E-post;En\n1;by;kari@example.org;2\n2;by;ola@example.org;3",
                           "b": "Nr;Gruppe;E-post;En\n1;by; KARI@example.org;4"})
        self.holds(r["robustness"]["sp"], n=2, units=2, asked=2, people=2, organisations=0, answers=3,
                   share_2=0.25, share_3=0.5, share_4=0.25)

    def test_a_citizen_is_one_over_all_sources(self):
        r = self.analysed({"a": "Nr;E-post;En\n1;kari@example.org;2", "b": "Nr;E-post;En\n1;kari@example.org;4"})
        self.holds(r["involvement"]["all"], citizens=1, people=1)
        self.holds(r["robustness"]["sp"]["group=folk"], n=1, units=1, answers=2)
        self.assertNotIn("n", r["robustness"]["sp"])  # citizens are in their own column only

    def test_whoever_names_no_organisation_speaks_for_the_one_they_named_elsewhere(self):
        r = self.analysed({"a": "Nr;E-post;Gruppe;En\n1;kari@example.org;;2",
                           "b": "Nr;E-post;Org;En\n1;kari@example.org;Byen;4\n2;ola@example.org;Bygda;4"})
        self.holds(r["robustness"]["sp"], n=2, units=2, organisations=2, share_2=0.25, share_4=0.75)
        self.holds(r["involvement"]["all"], citizens=0, organisations=2)

    def test_whoever_says_they_are_a_citizen_stays_one(self):
        r = self.analysed({"a": "Nr;E-post;Gruppe;En\n1;kari@example.org;folk;2",
                           "b": "Nr;E-post;Org;En\n1;kari@example.org;Byen;4"})
        self.holds(r["robustness"]["sp"], n=1, share_4=1.0)
        self.holds(r["robustness"]["sp"]["group=folk"], n=1, share_2=1.0)

    def test_a_table_speaks_once_for_an_organisation_it_names_twice(self):
        r = self.analysed({"verksted": 'Nr;Rundt;En\n1;"Byen; byen ;Storbyen;Bygda";2'},
                          more="organisations: {Byen: {aliases: [Storbyen]}}")
        self.holds(r["robustness"]["sp"], n=2, answers=2, organisations=2, count_2=2)

    def test_those_around_a_table_are_counted_once_however_many_organisations_and_rows(self):
        r = self.analysed({"verksted": 'Nr;Bord;Rundt;Antall;En;Ny\n1;B1;"Byen;Bygda";4;2;\n2;B1;"BYGDA; Byen";3;;3'})
        self.holds(r["robustness"]["sp"], n=2, people=4, organisations=2, answers=4)
        self.holds(r["involvement"]["all"], people=4)

    def test_tables_of_one_name_at_two_workshops_are_two(self):
        r = self.analysed({"verksted": "Nr;Bord;Dag;Antall;En\n1;Bord 1;01.03.2021;3;1\n2;Bord 1;15.03.2021;5;4"})
        self.holds(r["robustness"]["sp"], n=2, units=2, people=8)
        self.holds(r["involvement"]["all"], workshops=2, people=8)

    def test_a_group_without_target_is_as_if_absent(self):
        rows = [f"{i};Org {i};by;2" for i in range(1, 6)] + [f"{i};Org {i};land;{'4' if i % 2 else ''}" for i in range(6, 20)]
        r = self.analysed({"a": "Nr;Org;Gruppe;En\n" + "\n".join(rows)},
                          more="analysis: {weight: group, targets: {by: 0.5, folk: 0.5}}")
        self.holds(r["robustness"]["sp"], n=5, asked=5, missing=0, organisations=5, share_2=1.0, verdict="firm", step_low=2,
                   targets_absent="folk", rho=0.2)
        self.holds(r["robustness"]["sp"]["group=land"], n=7, asked=14, missing=7)

    def test_alpha_is_over_items_on_whatever_scale_they_were_asked(self):
        fire = [f"{i};Org {i};" + ";".join(map(str, row)) for i, row in enumerate(ALPHA[:4], 1)]
        omtrent = [f"{i};Org {i + 4};" + ";".join("ntja"[x - 1] for x in row) for i, row in enumerate(ALPHA[4:], 1)]
        r = self.analysed({"a": "Nr;Org;En;Ny;Tre\n" + "\n".join(fire),
                           "b": "Nr;Org;En omtrent;Ny omtrent;Tre omtrent\n" + "\n".join(omtrent)})
        self.holds(r["robustness"]["sp"], n=8, answers=24, alpha=0.9264705882352942)
        self.assertEqual(r["item"]["en"]["alpha-undefined"], "too_few")

    def test_several_answers_to_one_item_are_their_mean_in_alpha(self):
        said = [row if row != (2, 1, 2) else (1, 1, 2) for row in ALPHA]  # and 3 the second time: 2
        rows = [f"{i};{i}@example.org;Org {i};" + ";".join(map(str, row)) for i, row in enumerate(said, 1)]
        r = self.analysed({"a": "Nr;E-post;Org;En;Ny;Tre\n" + "\n".join(rows),
                           "b": "Nr;E-post;Org;En\n1;5@example.org;Org 5;3"})
        self.holds(r["robustness"]["sp"], n=8, answers=25, alpha=0.9264705882352942)

    def test_a_wave_is_escaped_in_keys(self):
        r = self.analysed({"a": "Nr;Org;En\n1;Byen;2"}, source="wave: Vår 2021/1,")
        self.holds(r["robustness"]["sp"]["wave=V%C3%A5r%202021%2F1"], n=1)

    def test_an_earlier_measurement_is_compared_with_and_counts_for_nothing_today(self):
        r = self.analysed({"a": "Nr;Org;En;En før\n1;Byen;2;4\n2;Bygda;3;4\n3;Tettstedet;3;"}, more="analysis: {earlier: 2019-host}")
        self.holds(r["robustness"]["sp"], n=3, answers=3, share_2=1 / 3, share_3=2 / 3, share_4=0.0)
        self.holds(r["robustness"]["sp"]["wave=2019-host"], n=2, share_4=1.0)
        self.holds(r["distribution"]["en"], n=3, share_4=0.0)

    def test_those_of_an_earlier_measurement_were_not_heard_this_time(self):
        r = self.analysed({"a": "Nr;Org;E-post;En\n1;Byen;kari@example.org;2\n2;Bygda;ola@example.org;3"},
                          more="analysis: {earlier: før}", source="wave: før,")
        self.holds(r["involvement"]["all"], people=0, organisations=0)
        self.holds(r["robustness"]["sp"]["wave=f%C3%B8r"], n=2)

    def test_an_undefined_figure_says_why(self):
        r = self.analysed({"a": "Nr;Org;Fem\n1;Byen;3\n2;Bygda;3"})
        fem = r["distribution"]["en"]
        self.holds(fem, n=2, agree=None, agree_undefined="not_declared", net_high=None, net_high_undefined="not_declared",
                   mean=3.0, mean_low=None, mean_low_undefined="few_organisations", agreement=1.0)

    def test_two_steps_have_no_agreement(self):
        r = self.analysed({"a": "Nr;Org;To\n1;Byen;1\n2;Bygda;2"})
        self.holds(r["distribution"]["en"], agreement=None, agreement_undefined="few_steps", agreement_word="undefined")

    def test_no_spread_is_no_alpha(self):
        r = self.analysed({"a": "Nr;Org;En;Ny\n1;Byen;2;2\n2;Bygda;2;2"})
        self.holds(r["robustness"]["sp"], alpha=None, alpha_undefined="no_spread")

    def test_agreement_at_the_limit_reaches_it(self):
        steps = [2, 3, 4, 4, 5, 5, 5]  # A is one half; summed in doubles 0.49999999999999994
        r = self.analysed({"a": "Nr;Org;Fem\n" + "\n".join(f"{i};Org {i};{x}" for i, x in enumerate(steps, 1))})
        self.holds(r["distribution"]["en"], agreement=0.5, agreement_word="strong")

    def test_as_many_without_an_answer_as_the_limit_are_not_too_many(self):
        rows = [f"{i};Org {i};{'' if i <= 29 else 2}" for i in range(1, 101)]  # 0.29 · 100 is 28.999999999999996 in doubles
        r = self.analysed({"a": "Nr;Org;En\n" + "\n".join(rows)}, more="thresholds: {verdict-missing: 0.29}")
        self.holds(r["robustness"]["sp"], n=71, asked=100, verdict="firm", reasons="")

    def test_a_limit_between_two_numbers_is_the_higher(self):
        r = self.analysed({"a": "Nr;Org;En\n" + "\n".join(f"{i};Org {i};2" for i in range(1, 7))},
                          more="thresholds: {verdict-n: 6.5, verdict-organisations: 6.5}")
        self.holds(r["robustness"]["sp"], n=6, verdict="insufficient", reasons="n org")

    def test_a_person_mentions_a_finding_once_for_the_organisation_they_named_elsewhere(self):
        r = self.analysed({"a": "Nr;E-post;Sagt\n1;kari@example.org;Vi deler mye data",
                           "b": "Nr;E-post;Org;En\n1;kari@example.org;Byen;4"})
        (finding,) = r["finding"].values()
        self.holds(finding, people=1, organisations=1, mentions=1, share=1.0)


if __name__ == "__main__":
    harness.main()
