#include "collect/plain.h"

#include <glib.h>
#include <stdbool.h>
#include <string.h>

enum { ENTITY_BYTES = 12 }; /* the longest between & and ; */

/* By byte order of the name. */
static const struct {
    const char *name;
    gunichar character;
} entities[] = {
    {"AElig", 0xC6},    {"Aacute", 0xC1},   {"Agrave", 0xC0},  {"Aring", 0xC5},
    {"Auml", 0xC4},     {"Ccedil", 0xC7},   {"ETH", 0xD0},     {"Eacute", 0xC9},
    {"Egrave", 0xC8},   {"Iacute", 0xCD},   {"Ntilde", 0xD1},  {"Oacute", 0xD3},
    {"Oslash", 0xD8},   {"Ouml", 0xD6},     {"THORN", 0xDE},   {"Uacute", 0xDA},
    {"Uuml", 0xDC},     {"Yacute", 0xDD},   {"aacute", 0xE1},  {"acirc", 0xE2},
    {"acute", 0xB4},    {"aelig", 0xE6},    {"agrave", 0xE0},  {"amp", '&'},
    {"apos", '\''},     {"aring", 0xE5},    {"atilde", 0xE3},  {"auml", 0xE4},
    {"bdquo", 0x201E},  {"bull", 0x2022},   {"ccedil", 0xE7},  {"cent", 0xA2},
    {"copy", 0xA9},     {"dagger", 0x2020}, {"deg", 0xB0},     {"divide", 0xF7},
    {"eacute", 0xE9},   {"ecirc", 0xEA},    {"egrave", 0xE8},  {"emsp", 0x2003},
    {"ensp", 0x2002},   {"eth", 0xF0},      {"euml", 0xEB},    {"euro", 0x20AC},
    {"frac12", 0xBD},   {"frac14", 0xBC},   {"frac34", 0xBE},  {"ge", 0x2265},
    {"gt", '>'},        {"hellip", 0x2026}, {"iacute", 0xED},  {"icirc", 0xEE},
    {"iuml", 0xEF},     {"laquo", 0xAB},    {"larr", 0x2190},  {"ldquo", 0x201C},
    {"le", 0x2264},     {"lsaquo", 0x2039}, {"lsquo", 0x2018}, {"lt", '<'},
    {"mdash", 0x2014},  {"micro", 0xB5},    {"middot", 0xB7},  {"minus", 0x2212},
    {"nbsp", 0xA0},     {"ndash", 0x2013},  {"ne", 0x2260},    {"ntilde", 0xF1},
    {"oacute", 0xF3},   {"ocirc", 0xF4},    {"oelig", 0x153},  {"ograve", 0xF2},
    {"oslash", 0xF8},   {"otilde", 0xF5},   {"ouml", 0xF6},    {"para", 0xB6},
    {"permil", 0x2030}, {"plusmn", 0xB1},   {"pound", 0xA3},   {"quot", '"'},
    {"raquo", 0xBB},    {"rarr", 0x2192},   {"rdquo", 0x201D}, {"reg", 0xAE},
    {"rsaquo", 0x203A}, {"rsquo", 0x2019},  {"sbquo", 0x201A}, {"sect", 0xA7},
    {"shy", 0xAD},      {"sup2", 0xB2},     {"sup3", 0xB3},    {"szlig", 0xDF},
    {"thinsp", 0x2009}, {"thorn", 0xFE},    {"times", 0xD7},   {"trade", 0x2122},
    {"uacute", 0xFA},   {"ucirc", 0xFB},    {"ugrave", 0xF9},  {"uuml", 0xFC},
    {"yacute", 0xFD},   {"yuml", 0xFF},     {"zwj", 0x200D},   {"zwnj", 0x200C},
};

/* Tags that part words; others (em, strong, span …) stand inside them. */
static const char *const parting[] = {
    "address", "article", "blockquote", "br",     "dd", "div", "dl",      "dt",    "figure",
    "footer",  "form",    "h1",         "h2",     "h3", "h4",  "h5",      "h6",    "header",
    "hr",      "li",      "ol",         "option", "p",  "pre", "section", "table", "tbody",
    "td",      "tfoot",   "th",         "thead",  "tr", "ul",  NULL};
/* Elements whose content is no text. */
static const char *const silent[] = {"script", "style", NULL};

/* Appends one character; any run of blanks becomes one, soft hyphens vanish. */
static void put(GString *out, gunichar c)
{
    if (c == 0xAD || c == 0xFEFF)
        return;
    bool blank = g_unichar_isspace(c) || g_unichar_iscntrl(c);
    if (!blank)
        g_string_append_unichar(out, c);
    else if (out->len > 0 && out->str[out->len - 1] != ' ')
        g_string_append_c(out, ' ');
}

static gunichar named_entity(const char *name)
{
    size_t low = 0, high = G_N_ELEMENTS(entities);
    while (low < high) {
        size_t middle = (low + high) / 2;
        int order = strcmp(name, entities[middle].name);
        if (order == 0)
            return entities[middle].character;
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return 0;
}

static gunichar numbered_entity(const char *digits)
{
    bool hex = *digits == 'x' || *digits == 'X';
    const char *from = digits + (hex ? 1 : 0);
    char *end;
    if (!(hex ? g_ascii_isxdigit(*from) : g_ascii_isdigit(*from)))
        return 0;
    guint64 value = g_ascii_strtoull(from, &end, hex ? 16 : 10);
    bool good =
        *end == '\0' && value > 0 && value <= 0x10FFFF && g_unichar_validate((gunichar)value);
    return good ? (gunichar)value : 0;
}

/* Decodes the entity at `p` (which is `&`) and returns what follows it, or NULL when it is none. */
static const char *put_entity(GString *out, const char *p)
{
    char name[ENTITY_BYTES + 1];
    size_t n = strcspn(p + 1, ";& <");
    if (n == 0 || n > ENTITY_BYTES || p[1 + n] != ';')
        return NULL;
    memcpy(name, p + 1, n);
    name[n] = '\0';
    gunichar c = name[0] == '#' ? numbered_entity(name + 1) : named_entity(name);
    if (c == 0)
        return NULL;
    put(out, c);
    return p + n + 2;
}

/* The end of the tag that begins at `p`: a `>` may stand in quotes too. NULL: another one begins,
 * or the text ends, before it does. */
static const char *tag_end(const char *p)
{
    char quote = '\0';
    for (; *p; p++) {
        if (quote)
            quote = *p == quote ? '\0' : quote;
        else if (*p == '"' || *p == '\'')
            quote = *p;
        else if (*p == '<')
            return NULL;
        else if (*p == '>')
            return p + 1;
    }
    return NULL;
}

static const char *skip_silent(const char *after, const char *name)
{
    size_t n = strlen(name);
    for (const char *p = after; (p = strstr(p, "</")); p += 2)
        if (g_ascii_strncasecmp(p + 2, name, n) == 0) {
            const char *end = tag_end(p + 2);
            return end ? end : p + strlen(p);
        }
    return after + strlen(after);
}

/* Skips the tag or comment at `p` (which is `<`); NULL when it is neither. */
static const char *skip_tag(GString *out, const char *p)
{
    if (g_str_has_prefix(p, "<!--")) {
        const char *end = strstr(p + 4, "-->");
        return end ? end + 3 : p + strlen(p);
    }
    const char *from = p[1] == '/' ? p + 2 : p + 1;
    if (!g_ascii_isalpha(*from) && *from != '!' && *from != '?')
        return NULL;
    const char *end = tag_end(from);
    if (!end)
        return NULL;
    size_t n = 0;
    while (g_ascii_isalnum(from[n]))
        n++;
    g_autofree char *lower = g_ascii_strdown(from, (gssize)n);
    if (g_strv_contains(parting, lower))
        put(out, ' ');
    return p[1] != '/' && g_strv_contains(silent, lower) ? skip_silent(end, lower) : end;
}

char *plain_text(const char *html)
{
    GString *out = g_string_new(NULL);
    g_autofree char *valid = g_utf8_make_valid(html ? html : "", -1);
    for (const char *p = valid; *p;) {
        const char *next = NULL;
        if (*p == '<')
            next = skip_tag(out, p);
        else if (*p == '&')
            next = put_entity(out, p);
        if (!next) {
            put(out, g_utf8_get_char(p));
            next = g_utf8_next_char(p);
        }
        p = next;
    }
    return g_strchomp(g_string_free(out, FALSE));
}
