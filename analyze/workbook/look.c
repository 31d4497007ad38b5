#include "analyze/workbook/look.h"

const Style LOOK_TITLE = {.size = 20, .bold = true, .colour = NAVY, .v = V_MIDDLE};
const Style LOOK_SENTENCE = {.size = 12, .v = V_MIDDLE};
const Style LOOK_RESTS_ON = {.size = 10, .colour = MUTED, .v = V_MIDDLE};
const Style LOOK_LINK = {.size = 10, .colour = LINK, .underline = true, .v = V_MIDDLE};
const Style LOOK_HEADING = {.size = 13, .bold = true, .colour = NAVY, .v = V_BOTTOM};
const Style LOOK_HEADER = {
    .size = 10, .bold = true, .wrap = true, .colour = WHITE, .fill = NAVY, .v = V_MIDDLE};
const Style LOOK_HEADER_NUMBER = {.size = 10,
                                  .bold = true,
                                  .wrap = true,
                                  .colour = WHITE,
                                  .fill = NAVY,
                                  .h = H_RIGHT,
                                  .v = V_MIDDLE};
const Style LOOK_TEXT = {.size = 10, .wrap = true, .v = V_MIDDLE, .bottom = HAIRLINE};
const Style LOOK_TEXT_BOLD = {
    .size = 10, .bold = true, .wrap = true, .v = V_MIDDLE, .bottom = HAIRLINE};
const Style LOOK_INT = {
    .size = 10, .h = H_RIGHT, .v = V_MIDDLE, .bottom = HAIRLINE, .number = "#,##0"};
const Style LOOK_INT_LINK = {.size = 10,
                             .colour = LINK,
                             .underline = true,
                             .h = H_RIGHT,
                             .v = V_MIDDLE,
                             .bottom = HAIRLINE,
                             .number = "#,##0"};
const Style LOOK_PERCENT = {
    .size = 10, .h = H_RIGHT, .v = V_MIDDLE, .bottom = HAIRLINE, .number = "0 %"};
const Style LOOK_PERCENT_BOLD = {
    .size = 10, .bold = true, .h = H_RIGHT, .v = V_MIDDLE, .bottom = HAIRLINE, .number = "0 %"};
const Style LOOK_D1 = {
    .size = 10, .h = H_RIGHT, .v = V_MIDDLE, .bottom = HAIRLINE, .number = "0.0"};
const Style LOOK_D2 = {
    .size = 10, .h = H_RIGHT, .v = V_MIDDLE, .bottom = HAIRLINE, .number = "0.00"};
const Style LOOK_SIGNED_PERCENT = {
    .size = 10, .h = H_RIGHT, .v = V_MIDDLE, .bottom = HAIRLINE, .number = "+0 %;−0 %;0 %"};
const Style LOOK_SMALL = {.size = 9, .colour = MUTED, .v = V_MIDDLE};
const Style LOOK_CENTRE = {.size = 10, .h = H_CENTRE, .v = V_MIDDLE, .bottom = HAIRLINE};
const Style LOOK_DATE = {
    .size = 10, .h = H_RIGHT, .v = V_MIDDLE, .bottom = HAIRLINE, .number = "yyyy-mm-dd"};
const Style LOOK_CELL_LINK = {
    .size = 10, .bold = true, .colour = LINK, .underline = true, .v = V_MIDDLE, .bottom = HAIRLINE};

/* --- steps --- */

typedef struct {
    uint32_t fill, text;
} StepLook;

/* Five anchors of the blue–orange scale. Fewer steps leave out the middle ones; with six and seven
 * the neighbours of the ends get a shade of their own between two anchors. */
static const StepLook anchors[] = {
    {0x8C3B00, WHITE}, {0xD5823F, INK}, {0xE8A86B, INK},   {0xDDE3E7, INK},
    {0x8FBBD9, INK},   {0x5299C4, INK}, {0x0B5C8A, WHITE},
};

static const signed char chosen[STEPS_LIMIT + 1][STEPS_LIMIT] = {
    [2] = {0, 6},          [3] = {0, 3, 6},          [4] = {0, 2, 4, 6},
    [5] = {0, 2, 3, 4, 6}, [6] = {0, 1, 2, 4, 5, 6}, [7] = {0, 1, 2, 3, 4, 5, 6},
};

static StepLook step_look(int step, int steps)
{
    g_return_val_if_fail(steps >= 2 && steps <= STEPS_LIMIT && step >= 1 && step <= steps,
                         anchors[3]);
    return anchors[(int)chosen[steps][step - 1]];
}

uint32_t look_step_fill(int step, int steps)
{
    return step_look(step, steps).fill;
}

uint32_t look_step_text(int step, int steps)
{
    return step_look(step, steps).text;
}

/* --- verdicts --- */

Style look_chip(const Verdict *verdict, int steps)
{
    Style chip = {.size = 10, .bold = true, .wrap = true, .h = H_CENTRE, .v = V_MIDDLE};
    switch (verdict->outcome) {
    case VERDICT_FIRM:
    case VERDICT_RANGE:
        chip.fill = look_step_fill(verdict->low, steps);
        chip.colour = look_step_text(verdict->low, steps);
        if (verdict->outcome == VERDICT_RANGE)
            chip.left = look_step_fill(verdict->high, steps);
        break;
    case VERDICT_DIVIDED:
    case VERDICT_INCONCLUSIVE:
        chip.fill = WHITE;
        chip.box = INK;
        break;
    case VERDICT_INSUFFICIENT:
        chip.fill = PALE;
        chip.colour = MUTED;
        chip.box = MUTED;
        chip.bold = false;
        break;
    }
    return chip;
}

static char *lower_first(const char *text)
{
    g_autofree char *first = g_utf8_substring(text, 0, *text ? 1 : 0);
    g_autofree char *lower = g_utf8_strdown(first, -1);
    return g_strconcat(lower, *text ? g_utf8_next_char(text) : "", NULL);
}

char *look_verdict_words(const Verdict *verdict, const Scale *scale, Language language)
{
    if (verdict->outcome == VERDICT_FIRM)
        return g_strdup(label_get(&scale->step[verdict->low - 1].label, language));
    if (verdict->outcome == VERDICT_RANGE) {
        g_autofree char *high =
            lower_first(label_get(&scale->step[verdict->high - 1].label, language));
        return words_fill(language, "verdict.range", "low",
                          label_get(&scale->step[verdict->low - 1].label, language), "high", high,
                          NULL);
    }
    g_autofree char *key = g_strconcat("verdict.", verdict_outcome_key(verdict->outcome), NULL);
    return g_strdup(words(language, key));
}

/* --- quadrants --- */

QuadrantLook look_quadrant(SwotQuadrant quadrant)
{
    static const QuadrantLook looks[] = {
        [SWOT_STRENGTH] = {0x03744D, 0xE6F4EC},    [SWOT_WEAKNESS] = {0x7A3201, 0xFAF0E6},
        [SWOT_OPPORTUNITY] = {0x063C88, 0xE8EEF8}, [SWOT_THREAT] = {0x8D527F, 0xF7EEF4},
        [SWOT_UNCLASSIFIED] = {MUTED, PALE},
    };
    return looks[quadrant];
}
