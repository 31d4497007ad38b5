/* Pandemi: what it changed, what it made easier and what harder, and how many say so. */
#include "analyze/pandemic.h"
#include "analyze/workbook/sheets.h"

enum { COL_EFFECT, COL_KIND, COL_DIRECTION, COL_MENTIONS, COL_ORGANISATIONS, COL_PEOPLE, N_COLS };

static const ColumnHead heads[N_COLS] = {
    [COL_EFFECT] = {"column.effect", 72, false},
    [COL_KIND] = {"column.effect-kind", 24, false},
    [COL_DIRECTION] = {"column.direction", 24, false},
    [COL_MENTIONS] = {"column.mentions", 11, true},
    [COL_ORGANISATIONS] = {"column.organisations", 15, true},
    [COL_PEOPLE] = {"column.people", 11, true},
};

bool pandemic_has_data(const Page *page)
{
    return results_pandemic(page->results) != NULL;
}

static const char *name_of(const Page *page, const PandemicEffect *effect)
{
    return effect->mention->term == NO_TERM ? effect->mention->text
                                            : page_term(page, TERM_EFFECT, effect->mention->term);
}

/* better, worse and both have labels; other words stand as they were said. */
static const char *direction_words(const Page *page, const char *direction)
{
    static const char *const known[][2] = {{"better", "effect-direction.better"},
                                           {"worse", "effect-direction.worse"},
                                           {"both", "effect-direction.both"}};
    for (size_t i = 0; direction && i < G_N_ELEMENTS(known); i++)
        if (g_str_equal(direction, known[i][0]))
            return W(known[i][1]);
    return direction ? direction : "–";
}

static void write_row(Page *page, Sheet *sheet, int row, const PandemicEffect *effect)
{
    g_autofree char *kind = g_strconcat("effect.", effect_kind_word(effect->kind), NULL);
    cell_text(sheet, row, COL_EFFECT, &LOOK_TEXT, name_of(page, effect));
    cell_text(sheet, row, COL_KIND, &LOOK_TEXT, W(kind));
    cell_text(sheet, row, COL_DIRECTION, &LOOK_TEXT, direction_words(page, effect->direction));
    page_figure(page, sheet, row, COL_MENTIONS, &LOOK_INT, effect->key, "mentions");
    page_figure(page, sheet, row, COL_ORGANISATIONS, &LOOK_INT, effect->key, "organisations");
    page_count(page, sheet, row, COL_PEOPLE, effect->key, "people");
}

/* The effect that most people named; of equals the first. */
static char *sentence_of(const Page *page, const GArray *effects)
{
    const PandemicEffect *most = &g_array_index(effects, PandemicEffect, 0);
    for (guint i = 1; i < effects->len; i++) {
        const PandemicEffect *effect = &g_array_index(effects, PandemicEffect, i);
        if (effect->mention->people > most->mention->people)
            most = effect;
    }
    g_autofree char *n = language_number(page->language, (double)most->mention->people, 0);
    return words_fill(page->language,
                      most->mention->people == 1 ? "pandemic.sentence-one" : "pandemic.sentence",
                      "effect", name_of(page, most), "n", n, NULL);
}

void pandemic_write(Page *page, Sheet *sheet)
{
    const GArray *effects = results_pandemic(page->results)->effects;
    g_autofree char *sentence = sentence_of(page, effects);
    page_head(page, sheet, W("pandemic.title"), sentence, W("pandemic.rests-on"));
    page_columns(page, sheet, ROW_HEADER, heads, N_COLS);
    for (guint i = 0; i < effects->len; i++)
        write_row(page, sheet, ROW_HEADER + 1 + (int)i, &g_array_index(effects, PandemicEffect, i));
    sheet_table(sheet, "Pandemi", ROW_HEADER, 0, N_COLS, (int)effects->len, false);
    page_print(page, sheet, SHEET_LANDSCAPE_WIDE, ROW_HEADER);
}
