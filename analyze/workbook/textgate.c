#include "analyze/workbook/textgate.h"

#include <stdbool.h>
#include <string.h>

enum { FEEDS_LIMIT = 253, ZERO_WIDTH_SPACE = 0x200B, ZERO_WIDTH_JOINER = 0x200D };

/* UTF-16 units as Excel counts them; bytes as far as the library copies an attribute, less its
 * ending NUL: beyond that it cuts through the middle of a letter. */
static const struct {
    gsize units, bytes;
} limits[] = {
    [PLACE_CELL] = {32767, G_MAXSIZE},
    [PLACE_LINE] = {32767, G_MAXSIZE},
    [PLACE_HEADER] = {255, 2079},
    [PLACE_ALT_TEXT] = {900, 2079},
    [PLACE_FOOTER] = {FOOTER_UNITS, G_MAXSIZE},
    [PLACE_PROPERTY] = {255, G_MAXSIZE},
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

/* The text as people shall read it: what cannot stand is gone, nothing is escaped yet. In a footer
 * the library takes &G and &[ for a picture even after a doubled &, and then frees the text twice:
 * a space of no width parts them. */
static GString *clean(const char *text, TextPlace place)
{
    g_autofree char *valid = g_utf8_make_valid(text, -1);
    GString *out = g_string_sized_new(strlen(valid));
    int feeds = 0;
    for (const char *p = valid; *p; p = g_utf8_next_char(p)) {
        gunichar c = g_utf8_get_char(p);
        if (c == '\r' && p[1] == '\n')
            continue;
        if (c == '\r')
            c = '\n';
        if (is_control(c) || is_bidi_override(c))
            continue;
        if (is_noncharacter(c))
            c = 0xFFFD;
        if (c == '\t' && place != PLACE_CELL)
            c = ' ';
        if (c == '\n' && (place != PLACE_CELL || ++feeds > FEEDS_LIMIT))
            c = ' ';
        if (place == PLACE_FOOTER && (c == 'G' || c == '[') && g_str_has_suffix(out->str, "&"))
            g_string_append_unichar(out, ZERO_WIDTH_SPACE);
        g_string_append_unichar(out, c);
    }
    return out;
}

/* --- cutting -----------------------------------------------------------------------------------
 */

/* What stands before the character to make it mean itself; NULL: nothing. */
static const char *escape_of(const char *at, TextPlace place)
{
    if (is_excel_escape(at))
        return "_x005F";
    return *at == '&' && place == PLACE_FOOTER ? "&" : NULL;
}

/* A character that belongs to the one before it: an accent, the next link of a joined emoji, a skin
 * tone, a flag's second half. `flag` holds whether a flag's first half came last. */
static bool is_joined(gunichar before, gunichar c, bool *flag)
{
    const bool regional = c >= 0x1F1E6 && c <= 0x1F1FF;
    const bool second = regional && *flag;
    *flag = regional && !second;
    return second || g_unichar_ismark(c) || c == ZERO_WIDTH_JOINER || before == ZERO_WIDTH_JOINER ||
           (c >= 0x1F3FB && c <= 0x1F3FF) || (c >= 0xE0020 && c <= 0xE007F);
}

/* Bytes of the clean text that fit, once escaped, without parting a letter from its marks. */
static gsize fitting(const char *text, TextPlace place, gsize units, gsize bytes)
{
    gsize used_units = 0, used_bytes = 0;
    const char *grapheme = text;
    gunichar before = 0;
    bool flag = false;
    for (const char *p = text; *p; p = g_utf8_next_char(p)) {
        const gunichar c = g_utf8_get_char(p);
        const char *escape = escape_of(p, place);
        const gsize more = escape ? strlen(escape) : 0;
        if (!is_joined(before, c, &flag))
            grapheme = p;
        used_units += more + (c > 0xFFFF ? 2 : 1);
        used_bytes += more + (gsize)(g_utf8_next_char(p) - p);
        if (used_units > units || used_bytes > bytes)
            return (gsize)(grapheme - text);
        before = c;
    }
    return strlen(text);
}

static void cut_to_fit(GString *text, TextPlace place, const char *cut)
{
    const gsize units = limits[place].units, bytes = limits[place].bytes;
    if (fitting(text->str, place, units, bytes) == text->len)
        return;
    glong tail_units = 0;
    g_autofree gunichar2 *utf16 = g_utf8_to_utf16(cut, -1, NULL, &tail_units, NULL);
    g_assert(utf16 && (gsize)tail_units < units && strlen(cut) < bytes);
    g_string_truncate(text,
                      fitting(text->str, place, units - (gsize)tail_units, bytes - strlen(cut)));
    g_string_append(text, cut);
}

char *text_gate(const char *text, TextPlace place, const char *cut)
{
    GString *plain = clean(text, place);
    cut_to_fit(plain, place, cut);
    GString *out = g_string_sized_new(plain->len);
    for (const char *p = plain->str; *p; p = g_utf8_next_char(p)) {
        const char *escape = escape_of(p, place);
        if (escape)
            g_string_append(out, escape);
        g_string_append_unichar(out, g_utf8_get_char(p));
    }
    g_string_free(plain, TRUE);
    return g_string_free(out, FALSE);
}
