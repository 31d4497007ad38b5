#include "collect/vocabulary.h"

#include "schemas/language.h"
#include "schemas/resources.h"
#include "schemas/yaml.h"

#include <string.h>

#define VOCABULARY_PATH "/innsikt/vocabulary.yaml"

enum { SHORT_WORDS = 4 }; /* words of a text of which one may say what it asks for */

typedef struct {
    GPtrArray *codes, *phrases, *words; /* of char*, folded; a trailing star stays */
} Meaning;

typedef struct {
    GPtrArray *families;
    GHashTable *missing;  /* folded → GINT_TO_POINTER(Missing) */
    GHashTable *answers;  /* "key\nfolded" → word */
    GHashTable *citizens; /* a set */
    GHashTable *meanings; /* id → Meaning* */
} Vocabulary;

/* --- folding --------------------------------------------------------------------------------- */

static bool stands_inside_a_word(gunichar letter)
{
    return letter == '-' || letter == '\'' || letter == 0x2019 || letter == 0x2010 ||
           letter == 0x2011 || letter == 0xAD;
}

char *vocabulary_fold(const char *text)
{
    g_autofree char *folded = label_fold(text);
    GString *out = g_string_new(NULL);
    bool blank = false;
    for (const char *at = folded; *at; at = g_utf8_next_char(at)) {
        const gunichar letter = g_utf8_get_char(at);
        const char *next = g_utf8_next_char(at);
        if (g_unichar_isalnum(letter) || g_unichar_ismark(letter)) {
            if (blank && out->len)
                g_string_append_c(out, ' ');
            blank = false;
            g_string_append_unichar(out, letter);
        } else if (blank || !out->len || !stands_inside_a_word(letter) ||
                   !g_unichar_isalnum(g_utf8_get_char(next))) {
            blank = true;
        }
    }
    return g_string_free(out, FALSE);
}

/* --- reading --------------------------------------------------------------------------------- */

/* Every word of a list, or of a list of lists, goes to `take`. */
static void each_word(const YamlNode *node, void (*take)(const char *word, gpointer data),
                      gpointer data)
{
    if (node && node->kind == YAML_SCALAR)
        take(node->text, data);
    for (size_t i = 0; i < yaml_count(node); i++)
        each_word(yaml_item(node, i), take, data);
}

typedef struct {
    GHashTable *table;
    const char *before; /* the key; "" for none */
    gpointer value;
} Taking;

static void take_into_table(const char *word, gpointer data)
{
    const Taking *taking = data;
    g_autofree char *folded = vocabulary_fold(word);
    g_hash_table_insert(taking->table, g_strconcat(taking->before, folded, NULL), taking->value);
}

static void take_into_list(const char *word, gpointer data)
{
    g_autofree char *folded = vocabulary_fold(word);
    g_ptr_array_add(data, g_strconcat(folded, g_str_has_suffix(word, "*") ? "*" : NULL, NULL));
}

static int number_of(const YamlNode *node)
{
    return node ? (int)g_ascii_strtoull(node->text, NULL, 10) : 0;
}

static AnswerFamily *family_read(const YamlNode *map)
{
    AnswerFamily *family = g_new0(AnswerFamily, 1);
    const YamlNode *steps = yaml_get(map, "steps");
    family->id = g_strdup(yaml_get(map, "id")->text);
    family->agree = number_of(yaml_get(map, "agree"));
    family->weak = yaml_get(map, "weak") != NULL;
    family->judges = yaml_get(map, "judges") != NULL;
    family->n_steps = (int)yaml_count(steps);
    family->steps = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    for (int i = 0; i < family->n_steps; i++) {
        Taking taking = {family->steps, "", GINT_TO_POINTER(i + 1)};
        each_word(yaml_item(steps, (size_t)i), take_into_table, &taking);
    }
    return family;
}

static void missing_read(Vocabulary *v, const YamlNode *map)
{
    for (size_t i = 0; i < yaml_count(map); i++) {
        Missing missing;
        if (!missing_parse(yaml_key(map, i), &missing))
            continue;
        Taking taking = {v->missing, "", GINT_TO_POINTER((int)missing)};
        each_word(yaml_item(map, i), take_into_table, &taking);
    }
}

static void answers_read(Vocabulary *v, const YamlNode *map)
{
    for (size_t k = 0; k < yaml_count(map); k++) {
        const YamlNode *words = yaml_item(map, k);
        g_autofree char *before = g_strconcat(yaml_key(map, k), "\n", NULL);
        for (size_t i = 0; i < yaml_count(words); i++) {
            Taking taking = {v->answers, before, g_strdup(yaml_key(words, i))};
            each_word(yaml_item(words, i), take_into_table, &taking);
        }
    }
}

static GPtrArray *list_read(const YamlNode *list)
{
    GPtrArray *words = g_ptr_array_new();
    each_word(list, take_into_list, words);
    return words;
}

static void meanings_read(Vocabulary *v, const YamlNode *map)
{
    for (size_t i = 0; i < yaml_count(map); i++) {
        const YamlNode *node = yaml_item(map, i);
        Meaning *meaning = g_new0(Meaning, 1);
        meaning->codes = list_read(yaml_get(node, "codes"));
        meaning->phrases = list_read(yaml_get(node, "phrases"));
        meaning->words = list_read(yaml_get(node, "words"));
        g_hash_table_insert(v->meanings, g_strdup(yaml_key(map, i)), meaning);
    }
}

static gpointer vocabulary_load(void)
{
    Vocabulary *v = g_new0(Vocabulary, 1);
    v->families = g_ptr_array_new();
    v->missing = g_hash_table_new(g_str_hash, g_str_equal);
    v->answers = g_hash_table_new(g_str_hash, g_str_equal);
    v->citizens = g_hash_table_new(g_str_hash, g_str_equal);
    v->meanings = g_hash_table_new(g_str_hash, g_str_equal);
    g_autoptr(GError) error = NULL;
    g_autoptr(GBytes) bytes = g_resource_lookup_data(resources_get_resource(), VOCABULARY_PATH,
                                                     G_RESOURCE_LOOKUP_FLAGS_NONE, &error);
    size_t n = 0;
    const char *text = bytes ? g_bytes_get_data(bytes, &n) : "";
    g_autoptr(YamlFile) file = yaml_parse("vocabulary.yaml", text, n);
    if (error || !yaml_sound(file, &error)) {
        g_printerr("innsikt: %s\n", error->message);
        return v;
    }
    const YamlNode *root = yaml_root(file), *scales = yaml_get(root, "scales");
    for (size_t i = 0; i < yaml_count(scales); i++)
        g_ptr_array_add(v->families, family_read(yaml_item(scales, i)));
    missing_read(v, yaml_get(root, "missing"));
    answers_read(v, yaml_get(root, "answers"));
    Taking citizens = {v->citizens, "", GINT_TO_POINTER(1)};
    each_word(yaml_get(root, "citizens"), take_into_table, &citizens);
    meanings_read(v, yaml_get(root, "meanings"));
    return v;
}

static const Vocabulary *vocabulary(void)
{
    static gsize loaded;
    if (g_once_init_enter(&loaded))
        g_once_init_leave(&loaded, (gsize)vocabulary_load());
    return (const Vocabulary *)loaded;
}

/* --- asking ---------------------------------------------------------------------------------- */

const GPtrArray *vocabulary_families(void)
{
    return vocabulary()->families;
}

Missing vocabulary_missing(const char *folded)
{
    return (Missing)GPOINTER_TO_INT(g_hash_table_lookup(vocabulary()->missing, folded));
}

const char *vocabulary_answer(const char *key, const char *folded)
{
    g_autofree char *at = g_strconcat(key, "\n", folded, NULL);
    return g_hash_table_lookup(vocabulary()->answers, at);
}

bool vocabulary_is_citizen(const char *folded)
{
    return g_hash_table_contains(vocabulary()->citizens, folded);
}

/* Finds the phrase in whole words of the text, the last of which may go on behind a star. */
static bool phrase_find(const char *text, const char *phrase, Span *ret)
{
    const bool open = g_str_has_suffix(phrase, "*");
    const size_t n = strlen(phrase) - open;
    for (const char *at = text; *at; at++) {
        if ((at > text && at[-1] != ' ') || strncmp(at, phrase, n) != 0)
            continue;
        const size_t rest = strcspn(at + n, " ");
        if (rest && !open)
            continue;
        *ret = (Span){(size_t)(at - text), (size_t)(at - text) + n + rest};
        return n > 0;
    }
    return false;
}

static bool any_found(const GPtrArray *phrases, const char *text, Span *ret)
{
    bool found = false;
    for (guint i = 0; i < phrases->len; i++) {
        Span span;
        if (!phrase_find(text, phrases->pdata[i], &span))
            continue;
        if (!found || span.end - span.begin > ret->end - ret->begin)
            *ret = span;
        found = true;
    }
    return found;
}

static int words_in(const char *folded)
{
    int n = *folded != '\0';
    for (; *folded; folded++)
        n += *folded == ' ';
    return n;
}

bool vocabulary_means(const char *meaning, const char *code, const char *text, Span *ret)
{
    const Meaning *known = g_hash_table_lookup(vocabulary()->meanings, meaning);
    Span span = {0, 0}, ignored;
    if (!known)
        return false;
    const bool said = any_found(known->phrases, text, &span) ||
                      (words_in(text) <= SHORT_WORDS && any_found(known->words, text, &span));
    if (ret)
        *ret = span;
    return said || any_found(known->codes, code, &ignored);
}
