#include "schemas/nfc.h"

enum { RUN_LIMIT = 30 }; /* UAX #15, section 13 */

/* Full decompositions have at most 18 characters in Unicode (U+FDFA), 4 in canonical ones. */
enum { DECOMPOSED_LIMIT = 18 };

/* The text with U+034F, itself no mark, put in wherever a run of marks grows too long; NULL when
 * none does. Counted on decomposed characters: those are what normalisation sorts. */
static char *break_runs(const char *text)
{
    GString *out = NULL;
    size_t run = 0;

    for (const char *p = text; *p; p = g_utf8_next_char(p)) {
        gunichar parts[DECOMPOSED_LIMIT];
        gunichar c = g_utf8_get_char(p);
        size_t n = g_unichar_fully_decompose(c, FALSE, parts, DECOMPOSED_LIMIT);
        size_t marks = 0;
        while (marks < n && g_unichar_combining_class(parts[n - 1 - marks]) != 0)
            marks++;
        if (marks < n) {
            run = marks;
        } else if ((run += n) > RUN_LIMIT) {
            if (!out)
                out = g_string_new_len(text, p - text);
            g_string_append_unichar(out, 0x034F);
            run = n;
        }
        if (out)
            g_string_append_unichar(out, c);
    }
    return out ? g_string_free(out, FALSE) : NULL;
}

char *nfc_text(const char *text)
{
    if (g_str_is_ascii(text))
        return g_strdup(text);

    g_autofree char *valid = g_utf8_validate(text, -1, NULL) ? NULL : g_utf8_make_valid(text, -1);
    const char *source = valid ? valid : text;
    g_autofree char *broken = break_runs(source);
    return g_utf8_normalize(broken ? broken : source, -1, G_NORMALIZE_NFC);
}
