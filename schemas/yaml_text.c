#include "schemas/yaml_text.h"

#include <stdbool.h>
#include <string.h>

enum { DIGITS_MAX = 9 };

/* Seen as nothing, or as something else than what is there: controls, marks of direction, blanks
 * that break lines, and what has no meaning (yet). */
static bool letter_is_hidden(gunichar letter)
{
    switch (g_unichar_type(letter)) {
    case G_UNICODE_CONTROL:
    case G_UNICODE_FORMAT:
    case G_UNICODE_LINE_SEPARATOR:
    case G_UNICODE_PARAGRAPH_SEPARATOR:
    case G_UNICODE_PRIVATE_USE:
    case G_UNICODE_SURROGATE:
    case G_UNICODE_UNASSIGNED:
        return true;
    default:
        return false;
    }
}

/* Words that some reader of YAML takes for a truth value or for nothing. */
static bool word_is_taken(const char *text)
{
    static const char *const words[] = {"true", "false", "null", "yes", "no",
                                        "on",   "off",   "y",    "n",   NULL};
    g_autofree char *folded = g_utf8_casefold(text, -1);
    return g_strv_contains(words, folded);
}

static bool is_plain_number(const char *text)
{
    const size_t n = strspn(text, "0123456789");
    return n && !text[n] && n <= DIGITS_MAX && (*text != '0' || n == 1);
}

/* Begins with a letter; then letters, digits, single blanks inside and signs without meaning. */
static bool is_plain(const char *text)
{
    if (!g_unichar_isalpha(g_utf8_get_char(text)) || word_is_taken(text))
        return false;
    for (const char *at = text; *at; at = g_utf8_next_char(at)) {
        const gunichar letter = g_utf8_get_char(at);
        const bool blank = letter == ' ' && at[1] && at[1] != ' ';
        if (!blank && !g_unichar_isalnum(letter) && !(letter < 0x80 && strchr("_-./", (int)letter)))
            return false;
    }
    return true;
}

static void append_escaped(GString *out, gunichar letter)
{
    if (letter < 0x100)
        g_string_append_printf(out, "\\x%02X", letter);
    else if (letter < 0x10000)
        g_string_append_printf(out, "\\u%04X", letter);
    else
        g_string_append_printf(out, "\\U%08X", letter);
}

char *yaml_quoted(const char *text)
{
    g_autofree char *valid = g_utf8_make_valid(text, -1);
    GString *out = g_string_new("\"");
    for (const char *at = valid; *at; at = g_utf8_next_char(at)) {
        const gunichar letter = g_utf8_get_char(at);
        if (letter_is_hidden(letter)) {
            append_escaped(out, letter);
            continue;
        }
        if (letter == '"' || letter == '\\')
            g_string_append_c(out, '\\');
        g_string_append_unichar(out, letter);
    }
    g_string_append_c(out, '"');
    return g_string_free(out, FALSE);
}

char *yaml_scalar(const char *text)
{
    const bool plain =
        g_utf8_validate(text, -1, NULL) && *text && (is_plain_number(text) || is_plain(text));
    return plain ? g_strdup(text) : yaml_quoted(text);
}

char *yaml_comment(const char *text, size_t most)
{
    g_autofree char *valid = g_utf8_make_valid(text, -1);
    GString *out = g_string_new(NULL);
    size_t n = 0;
    bool blank = false;
    for (const char *at = valid; *at; at = g_utf8_next_char(at)) {
        const gunichar letter = g_utf8_get_char(at);
        if (g_unichar_isspace(letter) || letter_is_hidden(letter)) {
            blank = blank || (out->len && g_unichar_type(letter) != G_UNICODE_FORMAT);
            continue;
        }
        if (n + blank >= most) {
            g_string_truncate(out, (gsize)(g_utf8_offset_to_pointer(
                                               out->str, (glong)MIN(n, most ? most - 1 : 0)) -
                                           out->str));
            g_string_append(out, "…");
            break;
        }
        if (blank)
            g_string_append_c(out, ' ');
        n += (size_t)blank + 1;
        blank = false;
        g_string_append_unichar(out, letter);
    }
    return g_string_free(out, FALSE);
}
