/* Who answers otherwise: the last block of Fordeling, and the tests beside it on Metode. */
#include "analyze/workbook/differences.h"

#include "analyze/coder.h"
#include "analyze/workbook/sheets.h"

/* «Kommuner», or «Spørreundersøkelse / Intervju». Caller owns. */
static char *side_of(const Page *page, const Difference *d)
{
    if (d->facet == FACET_GROUP)
        return g_strdup(page_term(page, TERM_GROUP, d->index));
    g_autofree char *one = g_strconcat("method.", method_word((SourceMethod)d->index), NULL);
    g_autofree char *other = g_strconcat("method.", method_word((SourceMethod)d->other), NULL);
    return words_fill(page->language, "difference.methods", "one", W(one), "other", W(other), NULL);
}

static char *question_of(const Page *page, int question)
{
    const Term *term = &page->framework->list[TERM_QUESTION].v[question];
    return g_strdup_printf("%d %s", question + 1, term_brief(term, page->language));
}

static char *name_of(const Page *page, const Difference *d)
{
    g_autofree char *question = question_of(page, d->question);
    g_autofree char *side = side_of(page, d);
    return g_strdup_printf("%s · %s", question, side);
}

static char *size_of(const Page *page, const Difference *d)
{
    g_autofree char *key = g_strconcat(
        "effect-size.", effect_word_key(difference_word(d, &page->project->thresholds)), NULL);
    return g_strdup(W(key));
}

/* What may be said of it: higher or lower and how much, or why nothing. Caller owns. */
static char *said_of(const Page *page, const Difference *d)
{
    const double fewest = page->project->thresholds.verdict_organisations;
    if (!is_defined(d->delta.delta))
        return g_strdup(W("difference.few"));
    if ((double)MIN(d->organisations, d->organisations_other) < fewest)
        return g_strdup(W("difference.few-organisations"));
    if (!d->supported)
        return g_strdup(W("difference.within"));
    g_autofree char *size = size_of(page, d);
    return words_fill(page->language, d->delta.delta > 0 ? "difference.higher" : "difference.lower",
                      "size", size, NULL);
}

char *differences_remark(const Page *page, int question, Facet facet)
{
    const Differences *all = results_differences(page->results);
    GString *text = g_string_new(NULL);
    for (guint i = 0; all && i < all->differences->len; i++) {
        const Difference *d = &g_array_index(all->differences, Difference, i);
        if (d->question != question || d->facet != facet || !d->supported)
            continue;
        g_autofree char *side = side_of(page, d);
        g_autofree char *said = said_of(page, d);
        g_autofree char *folded = g_utf8_strdown(said, -1);
        g_string_append_printf(text, "%s%s: %s", text->len ? "; " : "", side, folded);
    }
    if (text->len)
        g_string_append_c(text, '.');
    return g_string_free(text, text->len == 0);
}

/* --- on Fordeling ----------------------------------------------------------------------------- */

enum {
    COL_NAME,
    COL_N,
    COL_SAID,
    COL_DELTA,
    COL_LOW,
    COL_HIGH,
    COL_MEAN,
    COL_ORGANISATIONS,
    N_COLS
};

static void write_row(Page *page, Sheet *sheet, int row, const Difference *d)
{
    Style said = d->supported ? LOOK_TEXT_BOLD : LOOK_TEXT, delta = LOOK_D2;
    g_autofree char *name = name_of(page, d);
    g_autofree char *words_said = said_of(page, d);
    said.v = V_MIDDLE;
    delta.number = "+0.00;−0.00;0.00";
    cell_text(sheet, row, COL_NAME, &LOOK_TEXT, name);
    page_figure(page, sheet, row, COL_N, &LOOK_INT, d->key, "n");
    cell_text(sheet, row, COL_SAID, &said, words_said);
    page_origin(page, sheet, row, COL_SAID, d->key, "supported");
    page_figure(page, sheet, row, COL_DELTA, &delta, d->key, "delta");
    page_figure(page, sheet, row, COL_LOW, &delta, d->key, "delta-low");
    page_figure(page, sheet, row, COL_HIGH, &delta, d->key, "delta-high");
    page_figure(page, sheet, row, COL_MEAN, &delta, d->key, "mean-difference");
    page_figure(page, sheet, row, COL_ORGANISATIONS, &LOOK_INT, d->key, "organisations");
}

int differences_write(Page *page, Sheet *sheet, int row)
{
    static const ColumnHead heads[N_COLS] = {
        [COL_NAME] = {"column.question-and-side", 0, false},
        [COL_N] = {"column.answers", 0, true},
        [COL_SAID] = {"column.against-others", 0, false},
        [COL_DELTA] = {"column.delta", 0, true},
        [COL_LOW] = {"column.delta-low", 0, true},
        [COL_HIGH] = {"column.delta-high", 0, true},
        [COL_MEAN] = {"column.mean-difference", 0, true},
        [COL_ORGANISATIONS] = {"column.organisations-short", 0, true},
    };
    const Differences *all = results_differences(page->results);
    if (!all)
        return row;
    row = page_heading(page, sheet, row, "difference.title");
    const int header = row;
    page_columns(page, sheet, row++, heads, N_COLS);
    for (guint i = 0; i < all->differences->len; i++)
        write_row(page, sheet, row++, &g_array_index(all->differences, Difference, i));
    sheet_table(sheet, "Forskjeller", header, 0, N_COLS, row - header - 1, false);
    cell_text(sheet, row++, 0, &LOOK_SMALL, W("difference.rule"));
    cell_text(sheet, row++, 0, &LOOK_SMALL, W("difference.rule-supported"));
    return row;
}

/* --- on Metode ----------------------------------------------------------------------------------
 */

static void write_test(Page *page, Sheet *sheet, int row, const char *name, const char *test,
                       const char *key, const char *p, const char *holm)
{
    Style three = LOOK_D2;
    g_autofree char *format = g_strdup_printf("[<0.001]\"%s\";0.000", W("difference.p-under"));
    three.number = g_intern_string(format);
    cell_text(sheet, row, 0, &LOOK_TEXT, name);
    cell_text(sheet, row, 1, &LOOK_TEXT, test);
    page_figure(page, sheet, row, 2, &three, key, p);
    page_figure(page, sheet, row, 3, &three, key, holm);
}

static int write_group_tests(Page *page, Sheet *sheet, int row)
{
    const Differences *all = results_differences(page->results);
    for (guint i = 0; all && i < all->tests->len; i++) {
        const DifferenceTest *t = &g_array_index(all->tests, DifferenceTest, i);
        g_autofree char *name = question_of(page, t->question);
        g_autofree char *n = language_number(page->language, (double)t->groups, 0);
        g_autofree char *test =
            words_fill(page->language, "difference.kruskal-wallis", "n", n, NULL);
        write_test(page, sheet, row++, name, test, t->key, "kruskal-p", "kruskal-p-holm");
    }
    for (guint i = 0; all && i < all->differences->len; i++) {
        const Difference *d = &g_array_index(all->differences, Difference, i);
        g_autofree char *name = name_of(page, d);
        if (is_defined(d->p))
            write_test(page, sheet, row++, name,
                       W(d->facet == FACET_GROUP ? "difference.mann-whitney"
                                                 : "difference.mann-whitney-methods"),
                       d->key, "p", "p-holm");
    }
    return row;
}

int differences_tests_write(Page *page, Sheet *sheet, int row)
{
    static const ColumnHead heads[] = {{"column.question-and-side", 0, false},
                                       {"column.test", 0, false},
                                       {"column.p", 0, true},
                                       {"column.p-holm", 0, true}};
    if (!results_differences(page->results))
        return row;
    row = page_heading(page, sheet, row, "difference.tests");
    const int header = row;
    page_columns(page, sheet, row++, heads, G_N_ELEMENTS(heads));
    row = write_group_tests(page, sheet, row);
    sheet_table(sheet, "Tester", header, 0, G_N_ELEMENTS(heads), row - header - 1, false);
    cell_text(sheet, row++, 0, &LOOK_SMALL, W("difference.tests-rule"));
    return row + 1;
}

int coders_write(Page *page, Sheet *sheet, int row)
{
    static const ColumnHead heads[] = {{"column.question", 0, false},
                                       {"column.coders-agree", 0, false},
                                       {"column.alpha", 0, true},
                                       {"column.units", 0, true}};
    const CoderAgreements *all = results_coders(page->results);
    if (!all)
        return row;
    row = page_heading(page, sheet, row, "coder.title");
    const int header = row;
    page_columns(page, sheet, row++, heads, G_N_ELEMENTS(heads));
    for (guint i = 0; i < all->questions->len; i++, row++) {
        const CoderAgreement *a = &g_array_index(all->questions, CoderAgreement, i);
        g_autofree char *name = question_of(page, a->question);
        g_autofree char *key = g_strconcat("coder.", a->word, NULL);
        cell_text(sheet, row, 0, &LOOK_TEXT, name);
        cell_text(sheet, row, 1, &LOOK_TEXT, W(key));
        page_origin(page, sheet, row, 1, a->key, "word");
        page_figure(page, sheet, row, 2, &LOOK_D2, a->key, "alpha");
        page_count(page, sheet, row, 3, a->key, "n");
    }
    sheet_table(sheet, "Kodere", header, 0, G_N_ELEMENTS(heads), row - header - 1, false);
    cell_text(sheet, row++, 0, &LOOK_SMALL, W("coder.rule"));
    return row + 1;
}
