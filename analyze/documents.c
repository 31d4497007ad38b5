#include "analyze/documents.h"

#include <glib.h>

#include "analyze/compare.h"
#include "analyze/undefined.h"

static double share(size_t part, size_t whole)
{
    return whole > 0 ? (double)part / (double)whole : UNDEFINED;
}

ThemeBalance documents_theme_balance(const DocumentStand *stands, size_t n, double conflict,
                                     double side)
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
    b.pull_apart = is_defined(b.conflict) && compare_round(b.conflict) >= conflict &&
                   ((double)b.plus >= side || national_plus) &&
                   ((double)b.minus >= side || national_minus);
    return b;
}

DocumentAgreement documents_agreement(const ThemeBalance *themes, const DocumentStand *stands,
                                      size_t n_themes)
{
    DocumentAgreement a = {0, UNDEFINED};
    double agree = 0;

    for (size_t t = 0; t < n_themes; t++) {
        const ThemeBalance *b = &themes[t];
        if (stands[t].direction == DOCUMENT_SILENT)
            continue;
        const bool plus = stands[t].direction == DOCUMENT_FOR;
        const bool minus = stands[t].direction == DOCUMENT_AGAINST;
        const size_t same = plus ? b->plus : minus ? b->minus : b->neutral;
        const size_t half = plus || minus ? b->neutral : b->plus + b->minus;
        a.pairs += b->mentioned - 1;
        agree += (double)(same - 1) + 0.5 * (double)half;
    }
    if (a.pairs > 0)
        a.agreement = agree / (double)a.pairs;
    return a;
}
