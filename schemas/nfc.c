#include "schemas/nfc.h"

#include <stdbool.h>
#include <string.h>

enum {
    RUN_LIMIT = 30,        /* UAX #15, section 13 */
    DECOMPOSED_LIMIT = 18, /* characters one character can become */
    PIECE = 256,           /* bytes normalised at a time, and what is left to the next border */
    JOINER = 0x034F,       /* combining grapheme joiner: takes no part in any composition */
    JAMO_FIRST = 0x1160,   /* Hangul vowels and final consonants join what stands before them */
    JAMO_LAST = 0x11FF,
};

static bool is_mark(gunichar c)
{
    switch (g_unichar_type(c)) {
    case G_UNICODE_NON_SPACING_MARK:
    case G_UNICODE_SPACING_MARK:
    case G_UNICODE_ENCLOSING_MARK:
        return c != JOINER;
    default:
        return false;
    }
}

/* The text with a joiner put in wherever a run of marks grows too long; NULL when none does.
 * Counted on decomposed characters: those are what normalisation sorts. */
static char *break_runs(const char *text)
{
    GString *out = NULL;
    size_t run = 0;

    for (const char *p = text; *p; p = g_utf8_next_char(p)) {
        gunichar parts[DECOMPOSED_LIMIT], c = g_utf8_get_char(p);
        size_t n = g_unichar_fully_decompose(c, FALSE, parts, DECOMPOSED_LIMIT);
        size_t marks = 0;
        while (marks < n && is_mark(parts[n - 1 - marks]))
            marks++;
        if (marks < n) {
            run = marks;
        } else if ((run += n) > RUN_LIMIT) {
            if (!out)
                out = g_string_new_len(text, p - text);
            g_string_append_unichar(out, JOINER);
            run = n;
        }
        if (out)
            g_string_append_unichar(out, c);
    }
    return out ? g_string_free(out, FALSE) : NULL;
}

/* Whether the text may be cut before this character: it neither joins nor moves before another. */
static bool is_border(gunichar c)
{
    return c < 0x80 || !(is_mark(c) || (c >= JAMO_FIRST && c <= JAMO_LAST));
}

char *nfc_text(const char *text)
{
    if (g_str_is_ascii(text))
        return g_strdup(text);

    g_autofree char *valid = g_utf8_validate(text, -1, NULL) ? NULL : g_utf8_make_valid(text, -1);
    g_autofree char *broken = break_runs(valid ? valid : text);
    const char *p = broken ? broken : valid ? valid : text;
    GString *out = g_string_sized_new(strlen(p));

    while (*p) {
        const char *end = p;
        while (*end && (end - p < PIECE || !is_border(g_utf8_get_char(end))))
            end = g_utf8_next_char(end);
        g_autofree char *piece = g_utf8_normalize(p, end - p, G_NORMALIZE_NFC);
        g_string_append(out, piece);
        p = end;
    }
    return g_string_free(out, FALSE);
}
