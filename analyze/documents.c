#include "analyze/documents.h"

#include <glib.h>

#include "analyze/undefined.h"

static double share(size_t part, size_t whole)
{
    return whole > 0 ? (double)part / (double)whole : UNDEFINED;
}

ThemeBalance documents_theme_balance(const DocumentStand *stands, size_t n)
{
    ThemeBalance b = {.n = n};
    bool national_plus = false, national_minus = false;

    for (size_t i = 0; i < n; i++) {
        bool plus = stands[i].direction == DOCUMENT_FOR;
        bool minus = stands[i].direction == DOCUMENT_AGAINST;
        b.plus += plus;
        b.minus += minus;
        b.neutral += stands[i].direction == DOCUMENT_MENTIONS;
        national_plus = national_plus || (plus && stands[i].national);
        national_minus = national_minus || (minus && stands[i].national);
    }
    b.mentioned = b.plus + b.minus + b.neutral;
    b.coverage = share(b.mentioned, n);
    b.balance =
        b.mentioned > 0 ? ((double)b.plus - (double)b.minus) / (double)b.mentioned : UNDEFINED;
    b.conflict = share(2 * MIN(b.plus, b.minus), b.plus + b.minus);
    b.pull_apart =
        b.conflict >= 0.5 && (b.plus >= 2 || national_plus) && (b.minus >= 2 || national_minus);
    return b;
}
