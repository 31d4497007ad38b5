#include "analyze/workbook/textgate.h"

#include <stdbool.h>
#include <string.h>

enum { FEEDS_LIMIT = 253 };

static const gsize unit_limits[] = {
    [PLACE_CELL] = 32767, [PLACE_LINE] = 32767,   [PLACE_ALT_TEXT] = 900,
    [PLACE_FOOTER] = 200, [PLACE_PROPERTY] = 255,
};

static bool is_bidi_override(gunichar c)
{
    return (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069);
}

static bool is_noncharacter(gunichar c)
{
    return (c & 0xFFFE) == 0xFFFE || (c >= 0xFDD0 && c <= 0xFDEF);
}

static bool is_control(gunichar c)
{
    return (c < 0x20 && c != '\n' && c != '\t') || (c >= 0x7F && c <= 0x9F);
}

/* `_x0041_` typed by somebody would be read as «A»: its first underscore is escaped. */
static bool is_excel_escape(const char *at)
{
    if (at[0] != '_' || at[1] != 'x')
        return false;
    for (int i = 2; i < 6; i++)
        if (!g_ascii_isxdigit(at[i]))
            return false;
    return at[6] == '_';
}

static void put(GString *out, gunichar c, TextPlace place, int *feeds)
{
    if (is_control(c) || is_bidi_override(c))
        return;
    if (is_noncharacter(c))
        c = 0xFFFD;
    if (c == '\t' && place != PLACE_CELL)
        c = ' ';
    if (c == '\n' && (place != PLACE_CELL || ++*feeds > FEEDS_LIMIT))
        c = ' ';
    if (c == '&' && place == PLACE_FOOTER)
        g_string_append_c(out, '&');
    g_string_append_unichar(out, c);
}

static GString *clean(const char *text, TextPlace place)
{
    g_autofree char *valid = g_utf8_make_valid(text, -1);
    GString *out = g_string_sized_new(strlen(valid));
    int feeds = 0;
    for (const char *p = valid; *p; p = g_utf8_next_char(p)) {
        gunichar c = g_utf8_get_char(p);
        if (c == '\r') {
            if (p[1] != '\n')
                put(out, '\n', place, &feeds);
            continue;
        }
        if (is_excel_escape(p))
            g_string_append(out, "_x005F");
        put(out, c, place, &feeds);
    }
    return out;
}

static gsize utf16_units(gunichar c)
{
    return c > 0xFFFF ? 2 : 1;
}

/* Bytes of the text that fit in `limit` UTF-16 units without parting a letter from its marks. */
static gsize fitting(const char *text, gsize limit)
{
    gsize units = 0;
    const char *grapheme = text;
    for (const char *p = text; *p; p = g_utf8_next_char(p)) {
        gunichar c = g_utf8_get_char(p);
        if (!g_unichar_ismark(c) && c != 0x200D)
            grapheme = p;
        units += utf16_units(c);
        if (units > limit)
            return (gsize)(grapheme - text);
    }
    return strlen(text);
}

char *text_gate(const char *text, TextPlace place, const char *cut)
{
    GString *out = clean(text, place);
    const gsize limit = unit_limits[place];
    if (fitting(out->str, limit) < out->len) {
        gsize tail = 0;
        for (const char *p = cut; *p; p = g_utf8_next_char(p))
            tail += utf16_units(g_utf8_get_char(p));
        g_string_truncate(out, fitting(out->str, limit - tail));
        g_string_append(out, cut);
    }
    return g_string_free(out, FALSE);
}
