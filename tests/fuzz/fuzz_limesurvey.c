/* Any bytes as a reply of LimeSurvey's export. What is read does not hang on where the network cut
 * them. */
#include "collect/limesurvey_export.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define MUST(condition)                                                                            \
    do                                                                                             \
        if (!(condition))                                                                          \
            abort();                                                                               \
    while (0)

typedef struct {
    bool whole;
    int rows, holes;
    guint sum;
} Outcome;

static const char *const headings[] = {"id", "submitdate", "G01Q01", "G01Q02[SQ001]", NULL};

static bool on_row(const LsCell *cells, gpointer data, GError **error)
{
    (void)error;
    Outcome *outcome = data;
    outcome->rows++;
    for (size_t i = 0; headings[i]; i++)
        if (cells[i].text) {
            MUST(g_utf8_validate(cells[i].text, -1, NULL));
            outcome->sum = 31 * outcome->sum + g_str_hash(cells[i].text);
        }
    return true;
}

static bool on_hole(const char *id, const char *reason, gpointer data, GError **error)
{
    (void)error;
    Outcome *outcome = data;
    outcome->holes++;
    MUST(reason && *reason);
    MUST(!id || g_utf8_validate(id, -1, NULL));
    return true;
}

static Outcome read_in_pieces(const uint8_t *data, size_t size, size_t piece)
{
    static const LsExportVisit visit = {.row = on_row, .hole = on_hole};
    Outcome outcome = {.whole = true};
    g_autoptr(GError) error = NULL;
    g_autoptr(LsExport) reader = ls_export_new(headings, &visit, &outcome);
    for (size_t at = 0; outcome.whole && at < size; at += piece)
        outcome.whole =
            ls_export_feed(reader, (const char *)data + at, MIN(piece, size - at), &error);
    bool rows;
    outcome.whole = outcome.whole && ls_export_end(reader, &rows, &error);
    MUST(outcome.whole == !error);
    return outcome;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (!size)
        return 0;
    Outcome whole = read_in_pieces(data + 1, size - 1, size);
    Outcome cut = read_in_pieces(data + 1, size - 1, 1 + *data % 61);
    MUST(whole.whole == cut.whole && whole.rows == cut.rows && whole.holes == cut.holes &&
         whole.sum == cut.sum);
    return 0;
}
