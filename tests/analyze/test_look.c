/* The palette: every text can be read on its fill, and what lies side by side can be told apart. */
#include "analyze/workbook/look.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define LEAST_CONTRAST 4.5 /* WCAG 2.1, 1.4.3, level AA */
#define LEAST_DISTANCE 15.0

static double channel(uint32_t colour, int shift)
{
    const double c = (colour >> shift & 0xFF) / 255.0;
    return c <= 0.04045 ? c / 12.92 : pow((c + 0.055) / 1.055, 2.4);
}

/* WCAG 2.1: (L1 + 0.05) / (L2 + 0.05) of the relative luminances. */
static double luminance(uint32_t colour)
{
    return 0.2126 * channel(colour, 16) + 0.7152 * channel(colour, 8) + 0.0722 * channel(colour, 0);
}

static double contrast(uint32_t a, uint32_t b)
{
    const double la = luminance(a), lb = luminance(b);
    return (MAX(la, lb) + 0.05) / (MIN(la, lb) + 0.05);
}

static double lab_f(double t)
{
    return t > 216.0 / 24389 ? cbrt(t) : (24389.0 / 27 * t + 16) / 116;
}

/* CIE 1976: the distance in L*a*b*, of sRGB under D65. */
static double distance(uint32_t a, uint32_t b)
{
    double lab[2][3];
    const uint32_t colour[2] = {a, b};
    for (int i = 0; i < 2; i++) {
        const double red = channel(colour[i], 16), green = channel(colour[i], 8),
                     blue = channel(colour[i], 0);
        const double x = lab_f((0.4124 * red + 0.3576 * green + 0.1805 * blue) / 0.95047);
        const double y = lab_f(0.2126 * red + 0.7152 * green + 0.0722 * blue);
        const double z = lab_f((0.0193 * red + 0.1192 * green + 0.9505 * blue) / 1.08883);
        lab[i][0] = 116 * y - 16;
        lab[i][1] = 500 * (x - y);
        lab[i][2] = 200 * (y - z);
    }
    double sum = 0;
    for (int k = 0; k < 3; k++)
        sum += (lab[0][k] - lab[1][k]) * (lab[0][k] - lab[1][k]);
    return sqrt(sum);
}

/* The measures themselves, against known pairs. */
static void measures(void **state)
{
    (void)state;
    assert_true(fabs(contrast(0x000000, 0xFFFFFF) - 21) < 1e-9);
    assert_true(fabs(contrast(0x767676, 0xFFFFFF) - 4.54) < 0.005);
    assert_true(fabs(contrast(INK, WHITE) - 14.6) < 0.05);
    assert_true(fabs(distance(0x000000, 0xFFFFFF) - 100) < 0.1);
    assert_true(fabs(distance(0xFF0000, 0x00FF00) - 170.6) < 0.2);
}

static void assert_readable(const char *name, uint32_t text, uint32_t fill)
{
    const double ratio = contrast(text, fill);
    if (ratio < LEAST_CONTRAST)
        fail_msg("%s: %06X on %06X has contrast %.2f", name, text, fill, ratio);
}

static void pairs(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        uint32_t text, fill;
    } used[] = {
        {"text", INK, WHITE},
        {"small print", MUTED, WHITE},
        {"title", NAVY, WHITE},
        {"header", WHITE, NAVY},
        {"link", LINK, WHITE},
        {"link on small print's fill", LINK, PALE},
        {"band", NAVY, BAND},
        {"text on band", INK, BAND},
        {"future step", MUTED, PALE},
        {"input", INK, INPUT_FILL},
        {"small print on input", MUTED, INPUT_FILL},
        {"contested", CONTESTED, WHITE},
        {"data bar", INK, BAR},
        {"heat", INK, HEAT_ORANGE},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(used); i++)
        assert_readable(used[i].name, used[i].text, used[i].fill);
}

static void styles(void **state)
{
    (void)state;
#define STYLE(name)                                                                                \
    {                                                                                              \
#name, &LOOK_##name                                                                        \
    }
    static const struct {
        const char *name;
        const Style *style;
    } shared[] = {
        STYLE(TITLE),
        STYLE(SENTENCE),
        STYLE(RESTS_ON),
        STYLE(LINK),
        STYLE(HEADING),
        STYLE(HEADER),
        STYLE(HEADER_NUMBER),
        STYLE(TEXT),
        STYLE(TEXT_BOLD),
        STYLE(INT),
        STYLE(INT_LINK),
        STYLE(PERCENT),
        STYLE(PERCENT_BOLD),
        STYLE(D1),
        STYLE(D2),
        STYLE(SIGNED_PERCENT),
        STYLE(SMALL),
        STYLE(CENTRE),
        STYLE(DATE),
        STYLE(CELL_LINK),
    };
#undef STYLE
    for (size_t i = 0; i < G_N_ELEMENTS(shared); i++) {
        const Style *s = shared[i].style;
        assert_readable(shared[i].name, s->colour ? s->colour : INK, s->fill ? s->fill : WHITE);
        if (s->size < 9)
            fail_msg("%s is smaller than 9 pt", shared[i].name);
    }
}

static void steps(void **state)
{
    (void)state;
    for (int n = 2; n <= STEPS_LIMIT; n++)
        for (int step = 1; step <= n; step++) {
            g_autofree char *name = g_strdup_printf("step %d of %d", step, n);
            assert_readable(name, look_step_text(step, n), look_step_fill(step, n));
            for (int other = 1; other < step; other++) {
                const double d = distance(look_step_fill(step, n), look_step_fill(other, n));
                if (d < LEAST_DISTANCE)
                    fail_msg("%s is only %.1f from step %d", name, d, other);
            }
        }
}

static void chips(void **state)
{
    (void)state;
    for (int n = 2; n <= STEPS_LIMIT; n++)
        for (VerdictOutcome outcome = VERDICT_INSUFFICIENT; outcome <= VERDICT_INCONCLUSIVE;
             outcome++)
            for (int low = 1; low <= n; low++) {
                const bool said = outcome == VERDICT_FIRM || outcome == VERDICT_RANGE;
                const Verdict verdict = {.outcome = outcome,
                                         .low = said ? low : 0,
                                         .high = !said                      ? 0
                                                 : outcome == VERDICT_RANGE ? MIN(low + 1, n)
                                                                            : low};
                const Style chip = look_chip(&verdict, n);
                assert_readable("chip", chip.colour ? chip.colour : INK, chip.fill);
                assert_true(outcome == VERDICT_RANGE ? chip.left != 0 : chip.left == 0);
                assert_true(said ? chip.box == 0 : chip.box != 0);
            }
}

static void quadrants(void **state)
{
    (void)state;
    for (SwotQuadrant q = SWOT_STRENGTH; q <= SWOT_UNCLASSIFIED; q++) {
        const QuadrantLook look = look_quadrant(q);
        assert_readable("white on a quadrant's head", WHITE, look.head);
        assert_readable("a code on its tint", look.head, look.tint);
        assert_readable("ink on a tint", INK, look.tint);
        assert_readable("small print on a tint", MUTED, look.tint);
        for (SwotQuadrant other = SWOT_STRENGTH; other < q; other++)
            assert_true(distance(look.head, look_quadrant(other).head) >= LEAST_DISTANCE);
    }
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(measures), cmocka_unit_test(pairs), cmocka_unit_test(styles),
        cmocka_unit_test(steps),    cmocka_unit_test(chips), cmocka_unit_test(quadrants),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
