/* Runder: what has changed since last time. As long as no round has come back, that is what the
 * measurements (waves) say. */
#include "analyze/change.h"
#include "analyze/workbook/sheets.h"

enum { COL_NR, COL_QUESTION, COL_FIRST_WAVE };

bool rounds_has_data(const Page *page)
{
    return results_changes(page->results) != NULL;
}

/* --- verdicts by wave ------------------------------------------------------------------------- */

/* Verdict columns first, then how many answered: texts and numbers stand apart. */
static int write_heads(Page *page, Sheet *sheet, const Changes *all, int row)
{
    const int waves = (int)all->waves->len;
    g_autoptr(GHashTable) taken = page_headers_new();
    page_header_take(taken, W("column.number"));
    page_header_take(taken, W("column.question"));
    sheet_column(sheet, COL_NR, 8);
    sheet_column(sheet, COL_QUESTION, 52);
    cell_text(sheet, row, COL_NR, &LOOK_HEADER, W("column.number"));
    cell_text(sheet, row, COL_QUESTION, &LOOK_HEADER, W("column.question"));
    for (int w = 0; w < waves; w++) {
        g_autofree char *number = g_strdup_printf("%d", w + 1);
        g_autofree char *wave = page_header(taken, all->waves->pdata[w], number);
        g_autofree char *many = g_strdup_printf("%s %s", W("column.answers"), wave);
        g_autofree char *answers = page_header(taken, many, number);
        sheet_column(sheet, COL_FIRST_WAVE + w, 22);
        sheet_column(sheet, COL_FIRST_WAVE + waves + w, 12);
        cell_text(sheet, row, COL_FIRST_WAVE + w, &LOOK_HEADER, wave);
        cell_text(sheet, row, COL_FIRST_WAVE + waves + w, &LOOK_HEADER_NUMBER, answers);
    }
    return COL_FIRST_WAVE + 2 * waves;
}

static void write_subject(Page *page, Sheet *sheet, const Changes *all, int row, Family family,
                          int subject)
{
    const TermKind kind = family == FAMILY_LEVEL ? TERM_LEVEL : TERM_QUESTION;
    const int waves = (int)all->waves->len;
    g_autofree char *nr = family == FAMILY_LEVEL ? g_strdup(W("robustness.level"))
                                                 : g_strdup_printf("%d", subject + 1);
    cell_text(sheet, row, COL_NR, &LOOK_TEXT, nr);
    cell_text(sheet, row, COL_QUESTION, &LOOK_TEXT, page_term(page, kind, subject));
    for (int w = 0; w < waves; w++) {
        const RatingSummary *s =
            change_summary(page->results, family, subject, all->waves->pdata[w]);
        if (!s) {
            cell_text(sheet, row, COL_FIRST_WAVE + w, &LOOK_CENTRE, "–");
            cell_text(sheet, row, COL_FIRST_WAVE + waves + w, &LOOK_CENTRE, "–");
            continue;
        }
        g_autofree char *verdict = look_verdict_words(&s->verdict, s->scale, page->language);
        const Style chip = look_chip(&s->verdict, s->n_steps);
        cell_text(sheet, row, COL_FIRST_WAVE + w, &chip, verdict);
        page_origin(page, sheet, row, COL_FIRST_WAVE + w, s->key, "verdict");
        page_count(page, sheet, row, COL_FIRST_WAVE + waves + w, s->key, "n");
    }
}

static bool asked_in_a_wave(const Page *page, const Changes *all, Family family, int subject)
{
    for (guint w = 0; w < all->waves->len; w++)
        if (change_summary(page->results, family, subject, all->waves->pdata[w]))
            return true;
    return false;
}

static int write_verdicts(Page *page, Sheet *sheet, const Changes *all, int row)
{
    static const Family families[] = {FAMILY_ROBUSTNESS, FAMILY_LEVEL};
    const int header = row, columns = write_heads(page, sheet, all, row++);
    for (size_t f = 0; f < G_N_ELEMENTS(families); f++) {
        const TermKind kind = families[f] == FAMILY_LEVEL ? TERM_LEVEL : TERM_QUESTION;
        for (int i = 0; i < (int)page->framework->list[kind].n; i++)
            if (asked_in_a_wave(page, all, families[f], i))
                write_subject(page, sheet, all, row++, families[f], i);
    }
    sheet_table(sheet, "Runder", header, 0, columns, row - header - 1, false);
    return row;
}

/* --- changes ------------------------------------------------------------------------------------
 */

enum {
    CHANGE_NR,
    CHANGE_QUESTION,
    CHANGE_WAVES,
    CHANGE_SAID,
    CHANGE_VALUE,
    CHANGE_LOW,
    CHANGE_HIGH,
    CHANGE_COMPARED,
    CHANGE_N,
    N_CHANGE
};

static bool is_unlike(const Page *page, const Change *c)
{
    return c->way == CHANGE_UNPAIRED && is_defined(c->dissimilarity) &&
           c->dissimilarity > page->project->thresholds.wave_dissimilarity;
}

/* What may be said: higher, lower, nothing that the uncertainty supports, or why not. */
static const char *said_of(const Page *page, const Change *c)
{
    return is_unlike(page, c)        ? W("change.unlike")
           : c->why != UNDEFINED_NOT ? W("change.few")
           : !c->supported           ? W("change.within")
           : c->change.value > 0     ? W("change.higher")
                                     : W("change.lower");
}

static char *compared_of(const Page *page, const Change *c)
{
    g_autofree char *key = g_strconcat("change.", change_way_word(c->way), NULL);
    g_autofree char *n =
        language_number(page->language, (double)(c->way == CHANGE_PEOPLE ? c->pairs : c->both), 0);
    return words_fill(page->language, key, "n", n, NULL);
}

static void write_change(Page *page, Sheet *sheet, int row, const Change *c)
{
    const RatingSummary *s = c->to;
    Style said = c->supported ? LOOK_TEXT_BOLD : LOOK_TEXT, signed_number = LOOK_D2;
    g_autofree char *nr = s->family == FAMILY_LEVEL ? g_strdup(W("robustness.level"))
                                                    : g_strdup_printf("%d", s->subject + 1);
    g_autofree char *waves = g_strdup_printf("%s – %s", c->from->wave, s->wave);
    g_autofree char *compared = compared_of(page, c);
    signed_number.number = "+0.00;−0.00;0.00";
    said.wrap = true;
    cell_text(sheet, row, CHANGE_NR, &LOOK_TEXT, nr);
    cell_text(sheet, row, CHANGE_QUESTION, &LOOK_TEXT,
              page_term(page, s->subject_kind, s->subject));
    cell_text(sheet, row, CHANGE_WAVES, &LOOK_TEXT, waves);
    cell_text(sheet, row, CHANGE_SAID, &said, said_of(page, c));
    page_origin(page, sheet, row, CHANGE_SAID, c->key, "supported");
    page_figure(page, sheet, row, CHANGE_VALUE, &signed_number, c->key, "change");
    page_figure(page, sheet, row, CHANGE_LOW, &signed_number, c->key, "change-low");
    page_figure(page, sheet, row, CHANGE_HIGH, &signed_number, c->key, "change-high");
    cell_text(sheet, row, CHANGE_COMPARED, &LOOK_TEXT, compared);
    page_origin(page, sheet, row, CHANGE_COMPARED, c->key,
                c->way == CHANGE_PEOPLE ? "pairs" : "organisations-both");
    page_count(page, sheet, row, CHANGE_N, c->key, "n");
}

static int write_changes(Page *page, Sheet *sheet, const Changes *all, int row)
{
    static const ColumnHead heads[N_CHANGE] = {
        [CHANGE_NR] = {"column.number", 0, false},
        [CHANGE_QUESTION] = {"column.question", 0, false},
        [CHANGE_WAVES] = {"column.waves", 22, false},
        [CHANGE_SAID] = {"column.conclusion", 22, false},
        [CHANGE_VALUE] = {"column.change", 0, true},
        [CHANGE_LOW] = {"column.change-low", 0, true},
        [CHANGE_HIGH] = {"column.change-high", 0, true},
        [CHANGE_COMPARED] = {"column.compared", 24, false},
        [CHANGE_N] = {"column.answers", 0, true},
    };
    cell_text(sheet, row, 0, &LOOK_HEADING, W("change.changes"));
    sheet_height(sheet, row++, 24);
    const int header = row;
    for (int c = COL_FIRST_WAVE + 2 * (int)all->waves->len; c < N_CHANGE; c++)
        sheet_column(sheet, c, 12);
    page_columns(page, sheet, row++, heads, N_CHANGE);
    for (guint i = 0; i < all->changes->len; i++)
        write_change(page, sheet, row++, &g_array_index(all->changes, Change, i));
    sheet_table(sheet, "RunderEndring", header, 0, N_CHANGE, row - header - 1, false);
    return row;
}

/* Main questions that have changed since the wave before the last. */
static char *sentence_of(const Page *page, const Changes *all)
{
    const char *last = all->waves->pdata[all->waves->len - 1];
    GString *names = g_string_new(NULL);
    for (guint i = 0; i < all->changes->len; i++) {
        const Change *c = &g_array_index(all->changes, Change, i);
        if (!c->supported || c->to->family != FAMILY_ROBUSTNESS || !g_str_equal(c->to->wave, last))
            continue;
        const Term *term = &page->framework->list[TERM_QUESTION].v[c->to->subject];
        g_autofree char *said = g_utf8_strdown(said_of(page, c), -1);
        g_autofree char *name = words_fill(page->language, "name.quoted", "text",
                                           term_brief(term, page->language), NULL);
        g_string_append_printf(names, "%s%s (%s)", names->len ? ", " : "", name, said);
    }
    char *sentence =
        names->len ? words_fill(page->language, "change.sentence", "questions", names->str, NULL)
                   : g_strdup(W("change.sentence-none"));
    g_string_free(names, TRUE);
    return sentence;
}

void rounds_write(Page *page, Sheet *sheet)
{
    const Changes *all = results_changes(page->results);
    g_autofree char *sentence = sentence_of(page, all);
    g_autofree char *level =
        language_percent(page->language, page->project->thresholds.interval_level);
    g_autofree char *rests = words_fill(page->language, "change.rests-on", "level", level, NULL);
    page_head(page, sheet, W("change.title"), sentence, rests);
    const int row = write_verdicts(page, sheet, all, ROW_HEADER);
    write_changes(page, sheet, all, row + 1);
    page_print(page, sheet, SHEET_LANDSCAPE_WIDE, -1);
}
