#include "collect/spelling.h"

#include "schemas/nearest.h"

#include <string.h>

enum {
    RESPONSES_LIMIT = 50000, /* read in a tenth of a second, so that check answers at once */
    ALL_PAIRS_LIMIT = 1500,  /* more names are compared with those beside them in the alphabet */
    NEIGHBOURS = 60,
    SHORT_WORD = 3,    /* letters of a last word that says little: AS, HF, IKS */
    CUT_SHORT = 4,     /* letters that must be left of a word without a point */
    ONE_SLIP = 5,      /* letters of a word in which one slip is likelier than another word … */
    TWO_SLIPS = 9,     /* … and in which two are */
    COMMON_ENDING = 3, /* names that end in a word which may be left out */
};

static void spelling_free(gpointer data)
{
    Spelling *spelling = data;
    g_free(spelling->name);
    g_free(spelling);
}

/* --- from the store -------------------------------------------------------------------------- */

/* What a question of the source at hand tells of organisations. */
typedef struct {
    const Mapping *mapping; /* NULL: nothing */
    bool several;
} Asked;

typedef struct {
    GHashTable *counts; /* folded name → (spelling → times) */
    const Source *source;
    GHashTable *asked; /* question, by pointer → Asked */
    int64_t responses, most;
} Census;

static void name_count(Census *census, const char *name)
{
    g_autofree char *shown = g_strstrip(g_strdup(name));
    char *folded = organisation_fold(shown);
    GHashTable *spelt = g_hash_table_lookup(census->counts, folded);
    if (!*folded) {
        g_free(folded);
        return;
    }
    if (!spelt) {
        spelt = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
        g_hash_table_insert(census->counts, folded, spelt);
    } else {
        g_free(folded);
    }
    const gsize times = GPOINTER_TO_SIZE(g_hash_table_lookup(spelt, shown)) + 1;
    g_hash_table_insert(spelt, g_steal_pointer(&shown), GSIZE_TO_POINTER(times));
}

static Asked asks(const Mapping *mapping)
{
    const RoleValue *name =
        mapping && mapping->role == ROLE_ATTRIBUTE ? mapping_value(mapping, "name") : NULL;
    const bool one = name && !g_strcmp0(name->literal, "organisation");
    const bool several = name && !g_strcmp0(name->literal, "organisations");
    return (Asked){one || several ? mapping : NULL, several};
}

/* Looked up once a question: its name is the same pointer in every response of a source. */
static const Asked *asked_of(Census *census, const char *question)
{
    Asked *asked = g_hash_table_lookup(census->asked, question);
    if (asked)
        return asked;
    asked = g_new(Asked, 1);
    *asked = asks(source_mapping(census->source, question));
    g_hash_table_insert(census->asked, (gpointer)question, asked);
    return asked;
}

static void answer_count(Census *census, const Answer *answer)
{
    const Asked *asked = asked_of(census, answer->question);
    if (!asked->mapping || !answer->text)
        return;
    if (!asked->several) {
        name_count(census, recode_apply(asked->mapping->recode, answer->text));
        return;
    }
    g_autofree char *each = recode_apply_each(asked->mapping->recode, answer->text);
    g_auto(GStrv) several = g_strsplit(each, ";", -1);
    for (char **one = several; *one; one++)
        name_count(census, *one);
}

static bool on_response(const StoredResponse *stored, gpointer data, GError **error)
{
    (void)error;
    Census *census = data;
    for (guint i = 0; i < stored->response->answers->len; i++)
        answer_count(census, &g_array_index(stored->response->answers, Answer, i));
    return ++census->responses < census->most;
}

static bool asks_for_organisations(const Source *source)
{
    for (guint i = 0; i < source->mappings->len; i++)
        if (asks(source->mappings->pdata[i]).mapping)
            return true;
    return false;
}

static bool source_count(Census *census, Store *store, const Source *source, GError **error)
{
    g_autoptr(GHashTable) asked = g_hash_table_new_full(NULL, NULL, NULL, g_free);
    g_autoptr(GError) trouble = NULL;
    const char *const only[] = {source->name, NULL};
    census->source = source;
    census->asked = asked;
    census->responses = 0;
    if (!store_each(store, only, on_response, census, &trouble) && trouble) {
        g_propagate_error(error, g_steal_pointer(&trouble));
        return false;
    }
    return true;
}

static Spelling *spelling_of(const Project *project, GHashTable *spelt)
{
    Spelling *ret = g_new0(Spelling, 1);
    GHashTableIter iter;
    gpointer name, times;
    gsize most = 0;
    const char *best = NULL;
    g_hash_table_iter_init(&iter, spelt);
    while (g_hash_table_iter_next(&iter, &name, &times)) {
        const gsize n = GPOINTER_TO_SIZE(times);
        ret->times += (int64_t)n;
        if (!best || n > most || (n == most && strcmp(name, best) < 0)) {
            most = n;
            best = name;
        }
    }
    ret->name = g_strdup(best);
    ret->listed = project_organisation(project, best);
    return ret;
}

static gint by_text(gconstpointer a, gconstpointer b)
{
    return strcmp(a, b);
}

GPtrArray *spellings_stored(const Project *project, const GPtrArray *sources, Store *store,
                            GError **error)
{
    g_autoptr(GPtrArray) asking = g_ptr_array_new();
    for (guint i = 0; i < sources->len; i++)
        if (asks_for_organisations(sources->pdata[i]))
            g_ptr_array_add(asking, sources->pdata[i]);
    g_autoptr(GHashTable) counts =
        g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)g_hash_table_unref);
    Census census = {.counts = counts, .most = RESPONSES_LIMIT / MAX(asking->len, 1)};
    for (guint i = 0; i < asking->len; i++)
        if (!source_count(&census, store, asking->pdata[i], error))
            return NULL;
    GPtrArray *ret = g_ptr_array_new_with_free_func(spelling_free);
    g_autoptr(GList) folded = g_list_sort(g_hash_table_get_keys(counts), by_text);
    for (const GList *name = folded; name; name = name->next)
        g_ptr_array_add(ret, spelling_of(project, g_hash_table_lookup(counts, name->data)));
    return ret;
}

/* --- comparing ------------------------------------------------------------------------------- */

typedef struct {
    char *text; /* letters and digits */
    bool cut;   /* a point stands behind it */
    glong letters;
} Word;

typedef struct {
    const Spelling *spelling;
    char *squeezed; /* all words without blanks */
    GArray *words;  /* of Word */
    guint group;    /* the first that it looks like, by place; see root_of */
} Name;

static void word_clear(gpointer data)
{
    g_free(((Word *)data)->text);
}

static void name_clear(gpointer data)
{
    Name *name = data;
    g_free(name->squeezed);
    g_array_unref(name->words);
}

static void word_add(GArray *words, GString *letters, bool cut)
{
    if (letters->len) {
        const Word word = {g_strdup(letters->str), cut, g_utf8_strlen(letters->str, -1)};
        g_array_append_val(words, word);
    }
    g_string_truncate(letters, 0);
}

/* Hyphens and apostrophes join, any other mark parts. */
static Name name_read(const Spelling *spelling)
{
    Name name = {.spelling = spelling, .words = g_array_new(FALSE, FALSE, sizeof(Word))};
    g_array_set_clear_func(name.words, word_clear);
    g_autofree char *folded = organisation_fold(spelling->name);
    g_autoptr(GString) letters = g_string_new(NULL);
    g_autoptr(GString) squeezed = g_string_new(NULL);
    for (const char *p = folded; *p; p = g_utf8_next_char(p)) {
        const gunichar c = g_utf8_get_char(p);
        if (g_unichar_isalnum(c)) {
            g_string_append_unichar(letters, c);
            g_string_append_unichar(squeezed, c);
        } else if (c != '-' && c != '\'' && c != 0x2019) {
            word_add(name.words, letters, c == '.');
        }
    }
    word_add(name.words, letters, false);
    name.squeezed = g_string_free(g_steal_pointer(&squeezed), FALSE);
    return name;
}

static const Word *word_at(const Name *name, guint i)
{
    return &g_array_index(name->words, Word, i);
}

static bool is_cut_of(const Word *cut, const Word *whole, bool first)
{
    return g_str_has_prefix(whole->text, cut->text) && cut->letters >= 2 &&
           (cut->cut || (!first && cut->letters >= CUT_SHORT));
}

/* Departments 1 and 2 differ by a digit, and not by a slip. */
static bool is_slip_of(const Word *a, const Word *b)
{
    const glong letters = MIN(a->letters, b->letters);
    const int allowed = letters >= TWO_SLIPS ? 2 : letters >= ONE_SLIP ? 1 : 0;
    if (!allowed || strpbrk(a->text, "0123456789") || strpbrk(b->text, "0123456789") ||
        labs(a->letters - b->letters) > allowed)
        return false;
    return nearest_distance(a->text, b->text) <= allowed;
}

/* Word by word, with one that differs. */
static bool words_near(const Name *a, const Name *b)
{
    guint near = 0;
    for (guint i = 0; i < a->words->len; i++) {
        const Word *x = word_at(a, i), *y = word_at(b, i);
        if (g_str_equal(x->text, y->text))
            continue;
        if (++near > 1 ||
            (!is_cut_of(x, y, i == 0) && !is_cut_of(y, x, i == 0) && !is_slip_of(x, y)))
            return false;
    }
    return true;
}

static bool has_word(const Name *name, const char *text)
{
    for (guint i = 0; i < name->words->len; i++)
        if (g_str_equal(word_at(name, i)->text, text))
            return true;
    return false;
}

static bool words_same(const Name *a, const Name *b)
{
    for (guint i = 0; i < a->words->len; i++)
        if (!has_word(b, word_at(a, i)->text) || !has_word(a, word_at(b, i)->text))
            return false;
    return true;
}

/* One word more at the end. `endings`: last words and how many names have them. */
static bool is_longer_by_one(const Name *more, const Name *less, GHashTable *endings)
{
    for (guint i = 0; i < less->words->len; i++)
        if (!g_str_equal(word_at(more, i)->text, word_at(less, i)->text))
            return false;
    const Word *last = word_at(more, less->words->len);
    return last->letters <= SHORT_WORD ||
           GPOINTER_TO_INT(g_hash_table_lookup(endings, last->text)) >= COMMON_ENDING;
}

static bool names_alike(const Name *a, const Name *b, GHashTable *endings)
{
    const guint m = a->words->len, n = b->words->len;
    if (!m || !n)
        return false;
    if (g_str_equal(a->squeezed, b->squeezed))
        return true;
    if (m == n)
        return words_near(a, b) || words_same(a, b);
    return m == n + 1 ? is_longer_by_one(a, b, endings)
                      : n == m + 1 && is_longer_by_one(b, a, endings);
}

/* --- grouping -------------------------------------------------------------------------------- */

static Name *name_at(GArray *names, guint i)
{
    return &g_array_index(names, Name, i);
}

static guint root_of(GArray *names, guint i)
{
    while (name_at(names, i)->group != i)
        i = name_at(names, i)->group;
    return i;
}

/* The listed organisation of a group, kept at its root. */
static void groups_join(GArray *names, const Organisation **listed, guint a, guint b)
{
    const guint x = root_of(names, a), y = root_of(names, b);
    const guint low = MIN(x, y), high = MAX(x, y);
    if (low == high || (listed[low] && listed[high] && listed[low] != listed[high]))
        return;
    name_at(names, high)->group = low;
    if (!listed[low])
        listed[low] = listed[high];
}

static GHashTable *endings_count(GArray *names)
{
    GHashTable *endings = g_hash_table_new(g_str_hash, g_str_equal);
    for (guint i = 0; i < names->len; i++) {
        const Name *name = name_at(names, i);
        if (name->words->len < 2)
            continue;
        char *last = word_at(name, name->words->len - 1)->text;
        g_hash_table_insert(
            endings, last,
            GINT_TO_POINTER(GPOINTER_TO_INT(g_hash_table_lookup(endings, last)) + 1));
    }
    return endings;
}

/* The name to keep: the listed one, else the one written most often, the longer, the first. */
static gint by_standing(gconstpointer left, gconstpointer right)
{
    const Spelling *a = *(const Spelling *const *)left, *b = *(const Spelling *const *)right;
    if (!a->listed != !b->listed)
        return a->listed ? -1 : 1;
    if (a->times != b->times)
        return a->times > b->times ? -1 : 1;
    const size_t m = strlen(a->name), n = strlen(b->name);
    return m != n ? (m > n ? -1 : 1) : strcmp(a->name, b->name);
}

static gint by_first(gconstpointer left, gconstpointer right)
{
    const GPtrArray *a = *(GPtrArray *const *)left, *b = *(GPtrArray *const *)right;
    return strcmp(((const Spelling *)a->pdata[0])->name, ((const Spelling *)b->pdata[0])->name);
}

/* Groups in which there is something to join: two names, of which one is not listed. */
static GPtrArray *groups_collect(GArray *names)
{
    GPtrArray *ret = g_ptr_array_new_with_free_func((GDestroyNotify)g_ptr_array_unref);
    g_autoptr(GHashTable) groups = g_hash_table_new_full(NULL, NULL, NULL, NULL);
    for (guint i = 0; i < names->len; i++) {
        gpointer root = GUINT_TO_POINTER(root_of(names, i));
        GPtrArray *group = g_hash_table_lookup(groups, root);
        if (!group) {
            group = g_ptr_array_new();
            g_hash_table_insert(groups, root, group);
            g_ptr_array_add(ret, group);
        }
        g_ptr_array_add(group, (gpointer)name_at(names, i)->spelling);
    }
    for (guint i = ret->len; i-- > 0;) {
        GPtrArray *group = ret->pdata[i];
        g_ptr_array_sort(group, by_standing);
        const Spelling *last = group->pdata[group->len - 1];
        if (group->len < 2 || last->listed)
            g_ptr_array_remove_index(ret, i);
    }
    g_ptr_array_sort(ret, by_first);
    return ret;
}

GPtrArray *spellings_alike(const GPtrArray *spellings)
{
    g_autoptr(GArray) names = g_array_new(FALSE, FALSE, sizeof(Name));
    g_array_set_clear_func(names, name_clear);
    g_autofree const Organisation **listed = g_new0(const Organisation *, spellings->len + 1);
    for (guint i = 0; i < spellings->len; i++) {
        Name name = name_read(spellings->pdata[i]);
        name.group = i;
        listed[i] = name.spelling->listed;
        g_array_append_val(names, name);
    }
    g_autoptr(GHashTable) endings = endings_count(names);
    const guint reach = names->len <= ALL_PAIRS_LIMIT ? names->len : NEIGHBOURS;
    for (guint i = 0; i < names->len; i++)
        for (guint j = i + 1; j < names->len && j - i <= reach; j++)
            if (names_alike(name_at(names, i), name_at(names, j), endings))
                groups_join(names, listed, i, j);
    return groups_collect(names);
}
