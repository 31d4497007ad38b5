/* How the workbook looks: the palette and the styles of workbook.md 2.1–2.2, once. Contrast ratios
 * are held by tests/analyze/test_look.c. */
#ifndef INNSIKT_ANALYZE_WORKBOOK_LOOK_H
#define INNSIKT_ANALYZE_WORKBOOK_LOOK_H

#include "analyze/results.h"
#include "analyze/workbook/cell.h"

enum {
    INK = 0x1B2A38,
    MUTED = 0x4A5B68,
    NAVY = 0x0F3D5E,
    LINK = 0x0B5C8A,
    BAND = 0xDCE6ED,
    PALE = 0xF1F5F8,
    INPUT_FILL = 0xFFF6D6,
    HAIRLINE = 0xC5D0D8,
    CONTESTED = 0x8C3B00,
    WHITE = 0xFFFFFF,
    BAR = 0x9CC3DE,
    BAR_SECOND = 0xE3C9A8,
    HEAT_ORANGE = 0xDB8A45,
    HEAT_BLUE = 0x5FA3CC,
};

/* Styles that many sheets share. */
extern const Style LOOK_TITLE, LOOK_SENTENCE, LOOK_RESTS_ON, LOOK_LINK, LOOK_HEADING, LOOK_HEADER,
    LOOK_HEADER_NUMBER, LOOK_TEXT, LOOK_TEXT_BOLD, LOOK_INT, LOOK_INT_LINK, LOOK_PERCENT,
    LOOK_PERCENT_BOLD, LOOK_D1, LOOK_D2, LOOK_SIGNED_PERCENT, LOOK_SMALL, LOOK_CENTRE, LOOK_DATE,
    LOOK_CELL_LINK;

/* Fill and text colour of a step: blue–orange for any number of steps from 2 to 7. */
uint32_t look_step_fill(int step, int steps);
uint32_t look_step_text(int step, int steps);

/* A verdict's chip: step fill; a range has the lower step's fill and the higher one's left border;
 * divided and inconclusive are white with an ink border; insufficient is pale. */
Style look_chip(const Verdict *verdict, int steps);
/* The words on the chip. Caller owns. */
char *look_verdict_words(const Verdict *verdict, const Scale *scale, Language language);

typedef struct {
    uint32_t head, tint;
} QuadrantLook;
QuadrantLook look_quadrant(SwotQuadrant quadrant);

#endif
