#include "collect/outline.h"

#include "schemas/nfc.h"

#include <string.h>

enum { SLUG_MAIN = 36, SLUG_ROW = 20, STEM_SHORTEST = 8 };

#define DASH " – " /* between a matrix's text and a row's, as the collectors write it */

static void asked_free(gpointer data)
{
    Asked *asked = data;
    char *const texts[] = {asked->head, asked->row,    asked->tail,    asked->stem, asked->text,
                           asked->code, asked->folded, asked->main_id, asked->id,   asked->name};
    for (size_t i = 0; i < G_N_ELEMENTS(texts); i++)
        g_free(texts[i]);
    likert_free(asked->likert);
    g_free(asked);
}

void outline_free(Outline *outline)
{
    if (!outline)
        return;
    g_ptr_array_unref(outline->asked);
    g_free(outline);
}

bool asked_are_kin(const Asked *one, const Asked *other)
{
    return *one->head && g_str_equal(one->head, other->head) && g_str_equal(one->tail, other->tail);
}

/* --- names ----------------------------------------------------------------------------------- */

char *outline_slug(const char *text, size_t most)
{
    static const struct {
        gunichar letter;
        const char *ascii;
    } norse[] = {{0xE6, "ae"}, {0xF8, "o"}, {0xE5, "a"}};
    g_autofree char *folded = label_fold(text);
    GString *plain = g_string_new(NULL);
    for (const char *at = folded; *at; at = g_utf8_next_char(at)) {
        const gunichar letter = g_utf8_get_char(at);
        size_t i = 0;
        while (i < G_N_ELEMENTS(norse) && norse[i].letter != letter)
            i++;
        if (i < G_N_ELEMENTS(norse))
            g_string_append(plain, norse[i].ascii);
        else
            g_string_append_unichar(plain, letter);
    }
    g_autofree char *ascii = g_str_to_ascii(plain->str, "C");
    g_string_truncate(plain, 0);
    for (const char *at = ascii; *at && plain->len < most; at++) {
        if (g_ascii_isalnum(*at))
            g_string_append_c(plain, g_ascii_tolower(*at));
        else if (plain->len && plain->str[plain->len - 1] != '-')
            g_string_append_c(plain, '-');
    }
    while (plain->len && plain->str[plain->len - 1] == '-')
        g_string_truncate(plain, plain->len - 1);
    return g_string_free(plain, FALSE);
}

/* CODE[SUB], CODE[SUB][1], group/field. */
static void name_part(Asked *asked)
{
    const char *name = asked->name;
    const char *open = strchr(name, '['), *close = open ? strchr(open, ']') : NULL;
    const char *slash = strrchr(name, '/');
    if (open && open > name && close && close > open + 1) {
        asked->head = g_strndup(name, (size_t)(open - name));
        asked->row = g_strndup(open + 1, (size_t)(close - open - 1));
        asked->tail = g_strdup(close + 1);
        asked->aside = g_str_equal(asked->row, "other") ||
                       (g_str_has_suffix(asked->row, "comment") && !*asked->tail);
    } else if (slash && slash > name && slash[1]) {
        asked->head = g_strndup(name, (size_t)(slash - name) + 1);
        asked->row = g_strdup(slash + 1);
    }
    asked->head = asked->head ? asked->head : g_strdup("");
    asked->row = asked->row ? asked->row : g_strdup("");
    asked->tail = asked->tail ? asked->tail : g_strdup("");
}

/* The words of the last part of its name, without the numbers that tell several apart. */
static char *code_words(const Asked *asked)
{
    g_autofree char *parted =
        g_strdelimit(g_strdup(*asked->row ? asked->row : asked->name), "_-.", ' ');
    g_autofree char *folded = vocabulary_fold(parted);
    GString *words = g_string_new(NULL);
    for (const char *at = folded; *at; at++)
        if (!g_ascii_isdigit(*at) || (at[1] && at[1] != ' ' && !g_ascii_isdigit(at[1])))
            g_string_append_c(words, *at);
    return g_string_free(words, FALSE);
}

/* --- texts ----------------------------------------------------------------------------------- */

static char *text_cleaned(const char *text)
{
    g_autofree char *valid = g_utf8_make_valid(text ? text : "", -1);
    GString *out = g_string_new(NULL);
    for (const char *at = valid; *at; at = g_utf8_next_char(at)) {
        const gunichar letter = g_utf8_get_char(at);
        if (!g_unichar_isspace(letter) && !g_unichar_iscntrl(letter))
            g_string_append_unichar(out, letter);
        else if (out->len && out->str[out->len - 1] != ' ')
            g_string_append_c(out, ' ');
    }
    return g_strchomp(g_string_free(out, FALSE));
}

/* Bytes that all texts from `first` on share up to the last `between`; 0: none. */
static size_t shared_head(const GPtrArray *asked, guint first, guint n, const char *between)
{
    const char *text = ((const Asked *)asked->pdata[first])->text;
    size_t shared = strlen(text);
    for (guint i = first + 1; i < first + n; i++) {
        const char *other = ((const Asked *)asked->pdata[i])->text;
        size_t same = 0;
        while (same < shared && text[same] == other[same])
            same++;
        shared = same;
    }
    g_autofree char *head = g_strndup(text, shared);
    const char *at = g_strrstr(head, between);
    return at && at > head ? (size_t)(at - head) + strlen(between) : 0;
}

static void stem_split(Asked *asked, size_t head, size_t between)
{
    if (strlen(asked->text) <= head)
        return;
    g_free(asked->stem);
    asked->stem = g_strndup(asked->text, head - between);
    char *row = g_strdup(asked->text + head);
    g_free(asked->text);
    asked->text = row;
}

/* The matrix's text apart from the rows': rows of CODE[…] follow each other, with free texts
 * between or behind them. */
static void stems_part(GPtrArray *all)
{
    for (guint i = 0, n; i < all->len; i += n) {
        const Asked *first = all->pdata[i];
        g_autoptr(GPtrArray) rows = g_ptr_array_new();
        for (n = 0; i + n < all->len && (!n || asked_are_kin(first, all->pdata[i + n])); n++)
            if (!((Asked *)all->pdata[i + n])->aside)
                g_ptr_array_add(rows, all->pdata[i + n]);
        const size_t head = *first->head && rows->len ? shared_head(rows, 0, rows->len, DASH) : 0;
        for (guint k = 0; head && k < rows->len; k++)
            stem_split(rows->pdata[k], head, strlen(DASH));
    }
}

/* How many columns from `first` on are answered on a scale and begin alike up to the mark. */
static guint columns_alike(const GPtrArray *all, guint first, const char *mark)
{
    guint n = 1;
    while (first + n < all->len && ((const Asked *)all->pdata[first + n])->likert &&
           shared_head(all, first, n + 1, mark) >= STEM_SHORTEST)
        n++;
    return n;
}

/* Headers of columns that begin alike, «Hvor enig er du? – Målene er klare»: a matrix, if answered
 * on a scale. */
static void columns_join(GPtrArray *all)
{
    static const char *const marks[] = {DASH, " - ", ": ", " | ", "? ", ". "};
    for (guint i = 0, n = 1; i < all->len; i += n) {
        const Asked *first = all->pdata[i];
        size_t mark = 0;
        n = 1;
        while (!*first->head && first->likert && mark < G_N_ELEMENTS(marks) &&
               (n = columns_alike(all, i, marks[mark])) == 1)
            mark++;
        if (n == 1)
            continue;
        const size_t head = shared_head(all, i, n, marks[mark]);
        for (guint k = i; k < i + n; k++) {
            Asked *asked = all->pdata[k];
            stem_split(asked, head, strlen(marks[mark]));
            g_free(asked->head);
            asked->head = g_strdup(asked->stem);
        }
    }
}

/* --- ids ------------------------------------------------------------------------------------- */

char *outline_id(GHashTable *taken, const char *wanted)
{
    g_autofree char *id = g_strdup(*wanted ? wanted : "q");
    for (int n = 2;; n++) {
        char *lower = g_ascii_strdown(id, -1);
        if (g_hash_table_add(taken, lower))
            return g_steal_pointer(&id);
        g_free(id);
        id = g_strdup_printf("%s-%d", *wanted ? wanted : "q", n);
    }
}

static bool row_is_sound(const char *row)
{
    return *row && strlen(row) <= SLUG_ROW &&
           !row[strspn(row, "abcdefghijklmnopqrstuvwxyz"
                            "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                            "0123456789.-")];
}

/* Alone in its group of fields, a question is no row. */
static bool is_row(const GPtrArray *all, guint i)
{
    const Asked *asked = all->pdata[i];
    if (!*asked->head)
        return false;
    if (!g_str_has_suffix(asked->head, "/"))
        return true;
    for (guint k = 0; k < all->len; k++) {
        const Asked *other = all->pdata[k];
        if (k != i && asked->likert && other->likert && asked_are_kin(asked, other))
            return true;
    }
    return false;
}

static void ids_give(Outline *outline)
{
    g_autoptr(GHashTable) taken = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_autoptr(GHashTable) mains = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    for (guint i = 0; i < outline->asked->len; i++) {
        Asked *asked = outline->asked->pdata[i];
        if (!is_row(outline->asked, i)) {
            g_autofree char *slug = outline_slug(asked->name, SLUG_MAIN);
            asked->main_id = outline_id(taken, slug);
            asked->id = g_strdup(asked->main_id);
            continue;
        }
        g_autofree char *key = g_strconcat(asked->head, "\n", asked->tail, NULL);
        const char *main_id = g_hash_table_lookup(mains, key);
        if (!main_id) {
            g_autofree char *whole = g_strconcat(asked->head, asked->tail, NULL);
            g_autofree char *slug = outline_slug(whole, SLUG_MAIN);
            char *fresh = outline_id(taken, slug);
            g_hash_table_insert(mains, g_steal_pointer(&key), fresh);
            main_id = fresh;
        }
        g_autofree char *slug = outline_slug(*asked->row ? asked->row : asked->text, SLUG_ROW);
        g_autofree char *wanted =
            g_strconcat(main_id, "-", row_is_sound(asked->row) ? asked->row : slug, NULL);
        asked->main_id = g_strdup(main_id);
        asked->id = outline_id(taken, wanted);
    }
}

/* --- ratings --------------------------------------------------------------------------------- */

static const Asked *neighbour(const Outline *outline, guint i, int by)
{
    const gint64 at = (gint64)i + by;
    return at >= 0 && at < outline->asked->len ? outline->asked->pdata[at] : NULL;
}

static bool beside_its_like(const Outline *outline, guint i)
{
    const Asked *asked = outline->asked->pdata[i];
    for (int by = -1; by <= 1; by += 2) {
        const Asked *other = neighbour(outline, i, by);
        if (!other || !other->likert || other->likert->family != asked->likert->family)
            continue;
        if (asked_are_kin(asked, other) || (outline->files && asked->likert->numbers))
            return true;
    }
    return false;
}

/* A small number may be how many took part, or which row it is. */
static bool is_plain_number(const Asked *asked)
{
    static const char *const meanings[] = {"participants", "row", "birth", "phone"};
    for (size_t i = 0; asked->likert->numbers && i < G_N_ELEMENTS(meanings); i++)
        if (vocabulary_means(meanings[i], asked->code, asked->folded, NULL))
            return true;
    return false;
}

bool outline_is_rating(const Outline *outline, guint i)
{
    const Asked *asked = outline->asked->pdata[i];
    const Likert *likert = asked->likert;
    if (!likert || asked->aside)
        return false;
    const bool doubtful =
        (likert->family && likert->family->weak) || (outline->files && likert->numbers);
    return !doubtful || (beside_its_like(outline, i) && !is_plain_number(asked));
}

/* --- the whole ------------------------------------------------------------------------------- */

static bool may_rate(const FormQuestion *question, bool files)
{
    return question->kind == FORM_SINGLE || question->kind == FORM_RATING || files;
}

/* Rows of a matrix have the same choices, which are read once. `before`: the question before it, or
 * NULL. */
static Likert *likert_of(const FormQuestion *question, const Asked *before,
                         const Framework *framework, bool files)
{
    if (!may_rate(question, files))
        return NULL;
    if (before && may_rate(before->question, files) &&
        form_same_choices(question, before->question))
        return likert_copy(before->likert);
    return likert_read(framework, question->choices, files);
}

/* `names`: of all questions before it. */
static Asked *asked_new(GHashTable *names, const FormQuestion *question, const Asked *before,
                        const Framework *framework, bool files)
{
    Asked *asked = g_new0(Asked, 1);
    asked->question = question;
    asked->observed = files;
    asked->name = nfc_text(question->name);
    asked->twice = !g_hash_table_add(names, asked->name);
    asked->text = text_cleaned(question->text ? question->text : question->name);
    asked->stem = g_strdup("");
    asked->folded = vocabulary_fold(asked->text);
    name_part(asked);
    asked->code = code_words(asked);
    asked->likert = likert_of(question, before, framework, files);
    return asked;
}

Outline *outline_new(const Form *form, const Framework *framework, bool files)
{
    Outline *outline = g_new0(Outline, 1);
    outline->form = form;
    outline->files = files;
    outline->asked = g_ptr_array_new_with_free_func(asked_free);
    g_autoptr(GHashTable) names = g_hash_table_new(g_str_hash, g_str_equal);
    for (guint i = 0; i < form->questions->len; i++) {
        const Asked *before = i ? outline->asked->pdata[i - 1] : NULL;
        g_ptr_array_add(outline->asked,
                        asked_new(names, form->questions->pdata[i], before, framework, files));
    }
    stems_part(outline->asked);
    if (files)
        columns_join(outline->asked);
    ids_give(outline);
    return outline;
}
