#include "analyze/redact.h"

#include <stdbool.h>
#include <string.h>

#include "analyze/identity.h"
#include "analyze/token.h"
#include "schemas/nfc.h"

/* While at work, what has been taken out stands as one of five characters that Unicode keeps out of
 * all texts (noncharacters), so that no later rule can look into a replacement. */
enum { MARK_EMAIL, MARK_IDENTITY, MARK_ELEVEN, MARK_PHONE, MARK_NAME, N_MARKS };
enum { FIRST_MARK = 0xFDD0, REPLACEMENT = 0xFFFD, NO_BREAK_SPACE = 0xA0 };

/* A run of characters, lower case; a space stands for any blanks. */
typedef struct {
    gunichar *c;
    size_t n;
} Name;

struct Redactor {
    char *word[N_MARKS];
    GArray *names; /* of Name, longest first */
};

/* The text being worked on. */
typedef struct {
    gunichar *c;
    size_t n;
    bool changed;
} Work;

/* A rule looks whether something begins at i and says where it ends, 0 when nothing does. It may
 * move *start back, no further than `done`, where the find before it ended. */
typedef size_t (*Rule)(const Work *w, size_t i, size_t done, size_t *start, int *mark);

static void name_clear(gpointer name)
{
    g_free(((Name *)name)->c);
}

static int longest_first(gconstpointer a, gconstpointer b)
{
    const Name *x = a, *y = b;
    if (x->n != y->n)
        return x->n > y->n ? -1 : 1;
    return memcmp(x->c, y->c, x->n * sizeof *x->c);
}

static void add_name(GArray *names, const char *text)
{
    g_autofree char *nfc = nfc_text(text);
    Name name = {g_new(gunichar, strlen(nfc) + 1), 0};
    size_t letters = 0;
    bool blank = false;

    for (const char *p = nfc; *p; p = g_utf8_next_char(p)) {
        gunichar c = g_unichar_tolower(g_utf8_get_char(p));
        if (g_unichar_isspace(c)) {
            blank = name.n > 0;
            continue;
        }
        if (blank)
            name.c[name.n++] = ' ';
        blank = false;
        name.c[name.n++] = c;
        letters += token_is_letter(c);
    }
    if (letters >= 2)
        g_array_append_val(names, name);
    else
        g_free(name.c);
}

Redactor *redactor_new(const char *const *names, const RedactWords *words)
{
    Redactor *r = g_new0(Redactor, 1);

    r->word[MARK_EMAIL] = nfc_text(words->email);
    r->word[MARK_IDENTITY] = nfc_text(words->identity);
    r->word[MARK_ELEVEN] = nfc_text(words->eleven_digits);
    r->word[MARK_PHONE] = nfc_text(words->phone);
    r->word[MARK_NAME] = nfc_text(words->name);
    r->names = g_array_new(FALSE, FALSE, sizeof(Name));
    g_array_set_clear_func(r->names, name_clear);
    for (const char *const *name = names; name && *name; name++)
        add_name(r->names, *name);
    g_array_sort(r->names, longest_first);
    return r;
}

void redactor_free(Redactor *r)
{
    if (!r)
        return;
    for (size_t m = 0; m < N_MARKS; m++)
        g_free(r->word[m]);
    g_array_unref(r->names);
    g_free(r);
}

/* The mark whose word begins here, or -1; the longest when several do. */
static int mark_at(const Redactor *r, const char *p)
{
    int best = -1;
    for (int m = 0; m < N_MARKS; m++)
        if (*r->word[m] && g_str_has_prefix(p, r->word[m]) &&
            (best < 0 || strlen(r->word[m]) > strlen(r->word[best])))
            best = m;
    return best;
}

static Work work_of(const Redactor *r, const char *nfc)
{
    Work w = {g_new(gunichar, strlen(nfc) + 1), 0, false};

    for (const char *p = nfc; *p;) {
        int mark = mark_at(r, p);
        gunichar c = mark >= 0 ? FIRST_MARK + (gunichar)mark : g_utf8_get_char(p);
        bool stray = mark < 0 && c >= FIRST_MARK && c < FIRST_MARK + N_MARKS;
        w.c[w.n++] = stray ? REPLACEMENT : c;
        p = mark >= 0 ? p + strlen(r->word[mark]) : g_utf8_next_char(p);
    }
    return w;
}

static char *text_of(const Redactor *r, const Work *w)
{
    GString *text = g_string_sized_new(w->n);
    for (size_t i = 0; i < w->n; i++) {
        if (w->c[i] >= FIRST_MARK && w->c[i] < FIRST_MARK + N_MARKS)
            g_string_append(text, r->word[w->c[i] - FIRST_MARK]);
        else
            g_string_append_unichar(text, w->c[i]);
    }
    return g_string_free(text, FALSE);
}

static gunichar at(const Work *w, size_t i)
{
    return i < w->n ? w->c[i] : 0;
}

static bool is_digit(gunichar c)
{
    return c >= '0' && c <= '9';
}

static bool is_blank(gunichar c)
{
    return c == ' ' || c == NO_BREAK_SPACE;
}

static bool is_local(gunichar c)
{
    return token_is_letter(c) || is_digit(c) || (c > 0 && c < 0x80 && strchr("._%+-", (int)c));
}

static bool is_domain(gunichar c)
{
    return token_is_letter(c) || is_digit(c) || c == '-';
}

static size_t match_email(const Work *w, size_t i, size_t done, size_t *start, int *mark)
{
    size_t end = i + 1;
    int labels = 0;

    if (w->c[i] != '@')
        return 0;
    while (*start > done && is_local(w->c[*start - 1]))
        --*start;
    for (size_t label = end; is_domain(at(w, label)); label = end + 1) {
        end = label;
        while (is_domain(at(w, end)))
            end++;
        labels++;
        if (at(w, end) != '.')
            break;
    }
    *mark = MARK_EMAIL;
    return *start < i && labels >= 2 ? end : 0;
}

/* Reads n digits at i into `digits`, if so many stand there; returns where they end, or 0. */
static size_t read_digits(const Work *w, size_t i, size_t n, char *digits)
{
    for (size_t d = 0; d < n; d++) {
        if (!is_digit(at(w, i + d)))
            return 0;
        digits[d] = (char)w->c[i + d];
    }
    return i + n;
}

/* Signs people put between date and number. A valid number goes out with any of them; the others,
 * which are not blanks, also stand between figures that are nobody's. */
static bool is_rare_separator(gunichar c)
{
    return c == '-' || c == '.' || c == 0x2009 || c == 0x202F || (c >= 0x2010 && c <= 0x2013);
}

static size_t match_eleven(const Work *w, size_t i, size_t done, size_t *start, int *mark)
{
    (void)done, (void)start;
    char digits[12] = {0};
    bool rare = false;

    if (i > 0 && is_digit(w->c[i - 1]))
        return 0;
    size_t p = read_digits(w, i, 6, digits);
    if (p == 0)
        return 0;
    rare = is_rare_separator(at(w, p));
    p += rare || is_blank(at(w, p));
    p = read_digits(w, p, 5, digits + 6);
    if (p == 0 || is_digit(at(w, p)))
        return 0;
    bool valid = identity_fnr(digits) != IDENTITY_NONE;
    *mark = valid ? MARK_IDENTITY : MARK_ELEVEN;
    return rare && !valid ? 0 : p;
}

/* Where a country code and its blank end; i when there is none. */
static size_t skip_country(const Work *w, size_t i)
{
    char digits[4];
    size_t p = 0;

    if (at(w, i) == '+')
        p = read_digits(w, i + 1, 2, digits + 2);
    else if ((p = read_digits(w, i, 4, digits)) && (digits[0] != '0' || digits[1] != '0'))
        p = 0;
    if (p == 0 || digits[2] != '4' || digits[3] != '7')
        return i;
    return p + is_blank(at(w, p));
}

static size_t match_grouped(const Work *w, size_t i, const char *groups)
{
    char digits[8];
    size_t p = i;

    for (const char *g = groups; *g; g++) {
        if (g > groups && !is_blank(at(w, p)))
            return 0;
        p += g > groups;
        p = read_digits(w, p, (size_t)(*g - '0'), digits);
        if (p == 0)
            return 0;
    }
    return is_digit(at(w, p)) ? 0 : p;
}

static size_t match_phone(const Work *w, size_t i, size_t done, size_t *start, int *mark)
{
    (void)done, (void)start;
    static const char *const groupings[] = {"8", "323", "2222"};

    *mark = MARK_PHONE;
    if (i > 0 && is_digit(w->c[i - 1]))
        return 0;
    for (size_t from = skip_country(w, i);; from = i) {
        if (at(w, from) >= '2' && at(w, from) <= '9')
            for (size_t g = 0; g < G_N_ELEMENTS(groupings); g++) {
                size_t end = match_grouped(w, from, groupings[g]);
                if (end > 0)
                    return end;
            }
        if (from == i)
            return 0;
    }
}

/* Where the name ends if it begins at i, between characters that are not letters, or before a
 * genitive s; 0 when it does not. */
static size_t match_name(const Work *w, size_t i, const Name *name)
{
    size_t p = i;

    if (i > 0 && token_is_letter(w->c[i - 1]))
        return 0;
    for (size_t k = 0; k < name->n; k++, p++) {
        gunichar c = at(w, p);
        if (name->c[k] != ' ') {
            if (g_unichar_tolower(c) != name->c[k])
                return 0;
            continue;
        }
        if (!g_unichar_isspace(c))
            return 0;
        while (g_unichar_isspace(at(w, p + 1)))
            p++;
    }
    bool genitive = g_unichar_tolower(at(w, p)) == 's' && !token_is_letter(at(w, p + 1));
    return genitive || !token_is_letter(at(w, p)) ? p : 0;
}

/* Replaces what a rule finds, from left to right. `out` is the end of what is kept, never past i.
 */
static void apply_rule(Work *w, Rule rule)
{
    GArray *out = g_array_sized_new(FALSE, FALSE, sizeof(gunichar), (guint)w->n + 1);
    size_t done = 0;

    for (size_t i = 0; i < w->n;) {
        size_t start = i;
        int mark = 0;
        size_t end = rule(w, i, done, &start, &mark);
        if (end == 0) {
            g_array_append_val(out, w->c[i]);
            i++;
            continue;
        }
        gunichar c = FIRST_MARK + (gunichar)mark;
        g_array_set_size(out, out->len - (guint)(i - start));
        g_array_append_val(out, c);
        i = done = end;
        w->changed = true;
    }
    w->n = out->len;
    g_free(w->c);
    w->c = (gunichar *)(gpointer)g_array_free(out, FALSE);
}

/* Which characters occur, by their low byte: most names are ruled out without a look at the text.
 */
static void note_characters(const Work *w, bool present[256])
{
    memset(present, 0, 256 * sizeof *present);
    for (size_t i = 0; i < w->n; i++)
        present[g_unichar_tolower(w->c[i]) & 0xFF] = true;
}

static bool may_occur(const Name *name, const bool present[256])
{
    for (size_t k = 0; k < name->n; k++)
        if (name->c[k] != ' ' && !present[name->c[k] & 0xFF])
            return false;
    return true;
}

static void apply_name(Work *w, const Name *name)
{
    size_t kept = 0;

    for (size_t i = 0; i < w->n;) {
        size_t end = g_unichar_tolower(w->c[i]) == name->c[0] ? match_name(w, i, name) : 0;
        w->c[kept++] = end > 0 ? FIRST_MARK + MARK_NAME : w->c[i];
        w->changed = w->changed || end > 0;
        i = end > 0 ? end : i + 1;
    }
    w->n = kept;
}

static void apply_names(Work *w, const GArray *names)
{
    bool present[256];

    note_characters(w, present);
    for (guint n = 0; n < names->len; n++) {
        const Name *name = &g_array_index(names, Name, n);
        if (may_occur(name, present))
            apply_name(w, name);
    }
}

char *redact_text(const Redactor *r, const char *text)
{
    static const Rule rules[] = {match_email, match_eleven, match_phone};
    g_autofree char *nfc = nfc_text(text);
    Work w = work_of(r, nfc);

    /* Until nothing is found: a find may free what it touched. Each round takes out at least one,
     * so it ends; the second round nearly always is the last. */
    do {
        w.changed = false;
        for (size_t i = 0; i < G_N_ELEMENTS(rules); i++)
            apply_rule(&w, rules[i]);
        apply_names(&w, r->names);
    } while (w.changed);

    char *redacted = text_of(r, &w);
    g_free(w.c);
    return redacted;
}

/* The end of a capitalised word at p: an upper-case letter, then letters and inner hyphens, at
 * least two in all. NULL when there is none. */
static const char *capitalised(const char *p)
{
    const char *end = p;
    size_t letters = 0;

    if (!token_is_letter(g_utf8_get_char(p)) || !g_unichar_isupper(g_utf8_get_char(p)))
        return NULL;
    for (; *end; end = g_utf8_next_char(end)) {
        gunichar c = g_utf8_get_char(end);
        if (c != '-' && !token_is_letter(c))
            break;
        letters += c != '-';
    }
    return letters >= 2 ? end : NULL;
}

static bool is_stop(const char *from, const char *to)
{
    g_autofree char *word = g_strndup(from, (gsize)(to - from));
    g_auto(GStrv) tokens = token_split(word);
    return !tokens[0] || token_is_stop(tokens[0]);
}

GArray *redact_suspects(const char *text)
{
    GArray *spans = g_array_new(FALSE, FALSE, sizeof(RedactSpan));
    g_autofree char *valid = g_utf8_make_valid(text, -1);
    const char *p = valid;

    while (*p) {
        const char *end = capitalised(p), *next = end;
        size_t words = 0;
        if (end && !is_stop(p, end))
            for (words = 1; *next == ' ' && (next = capitalised(next + 1)); words++)
                end = next;
        RedactSpan span = {(size_t)(p - valid), (size_t)((end ? end : p) - p)};
        if (words >= 2)
            g_array_append_val(spans, span);
        /* On to after this word or run of letters. */
        p = end ? end : p;
        while (!end && *p && token_is_letter(g_utf8_get_char(p)))
            p = g_utf8_next_char(p);
        if (*p)
            p = g_utf8_next_char(p);
    }
    return spans;
}
