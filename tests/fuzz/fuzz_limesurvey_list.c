/* Any bytes as the responses inside an export: behind Base64, where the other fuzzer seldom gets.
 * What is read does not hang on where the network cut them. */
#include "collect/limesurvey_export.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define MUST(condition)                                                                            \
    do                                                                                             \
        if (!(condition))                                                                          \
            abort();                                                                               \
    while (0)

static const char *const headings[] = {"id", "a", "b", NULL};

static bool on_row(const LsCell *cells, gpointer data, GError **error)
{
    (void)error;
    MUST(cells[0].kind == CELL_TEXT && *cells[0].text);
    for (size_t i = 0; headings[i]; i++) {
        MUST((cells[i].kind == CELL_TEXT) == (cells[i].text != NULL));
        MUST(!cells[i].text || g_utf8_validate(cells[i].text, -1, NULL));
        g_string_append_printf(data, "%d%s|", (int)cells[i].kind,
                               cells[i].text ? cells[i].text : "");
    }
    return true;
}

static bool on_hole(const char *id, const char *reason, gpointer data, GError **error)
{
    (void)error;
    g_string_append_printf(data, "hole %s %s|", id ? id : "", reason);
    return true;
}

/* What was told of the reply, as text. */
static char *read_in_pieces(const char *reply, size_t piece)
{
    static const LsExportVisit visit = {.row = on_row, .hole = on_hole};
    GString *told = g_string_new(NULL);
    g_autoptr(GError) error = NULL;
    g_autoptr(LsExport) reader = ls_export_new(headings, &visit, told);
    bool ok = true, rows;
    size_t n = strlen(reply);
    for (size_t at = 0; ok && at < n; at += piece)
        ok = ls_export_feed(reader, reply + at, MIN(piece, n - at), &error);
    ok = ok && ls_export_end(reader, &rows, &error);
    MUST(ok == !error);
    g_string_append(told, ok ? "whole" : error->message);
    return g_string_free(told, FALSE);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    GString *list = g_string_new("{\"responses\": [{\"id\":1,\"a\":\"x\"},");
    g_string_append_len(list, (const char *)data, (gssize)size);
    g_string_append(list, "]}");
    g_autofree char *base64 = g_base64_encode((const guchar *)list->str, list->len);
    g_string_free(list, TRUE);
    g_autofree char *reply = g_strdup_printf("{\"id\":1,\"result\":\"%s\",\"error\":null}", base64);
    g_autofree char *at_once = read_in_pieces(reply, strlen(reply));
    g_autofree char *by_byte = read_in_pieces(reply, 1);
    g_autofree char *by_chunk = read_in_pieces(reply, 37);
    MUST(g_str_equal(at_once, by_byte) && g_str_equal(at_once, by_chunk));
    return 0;
}
