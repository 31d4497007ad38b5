#include "analyze/token.h"

#include <string.h>

#include "schemas/nfc.h"
#include "schemas/resources.h"

enum { SOFT_HYPHEN = 0x00AD, HYPHEN = 0x2010, HARD_HYPHEN = 0x2011 };

static bool is_lower_letter(gunichar c)
{
    return (c >= 'a' && c <= 'z') || (c >= 0xE0 && c <= 0xFF && c != 0xF7) ||
           (c >= 0x101 && c <= 0x17E);
}

bool token_is_letter(gunichar c)
{
    return is_lower_letter(g_unichar_tolower(c));
}

static void flush(GPtrArray *tokens, GString *word)
{
    if (word->len > 0)
        g_ptr_array_add(tokens, g_strndup(word->str, word->len));
    g_string_truncate(word, 0);
}

char **token_split(const char *text)
{
    g_autofree char *nfc = nfc_text(text);
    g_autoptr(GString) word = g_string_new(NULL);
    GPtrArray *tokens = g_ptr_array_new();
    bool hyphen = false; /* one is waiting for a letter or digit to join */

    for (const char *p = nfc; *p; p = g_utf8_next_char(p)) {
        /* Character by character: g_utf8_strdown would follow the user's locale. */
        gunichar c = g_unichar_tolower(g_utf8_get_char(p));
        if (c == SOFT_HYPHEN)
            continue;
        if (is_lower_letter(c) || (c >= '0' && c <= '9')) {
            if (hyphen)
                g_string_append_c(word, '-');
            g_string_append_unichar(word, c);
            hyphen = false;
        } else if ((c == '-' || c == HYPHEN || c == HARD_HYPHEN) && word->len > 0 && !hyphen) {
            hyphen = true;
        } else {
            flush(tokens, word);
            hyphen = false;
        }
    }
    flush(tokens, word);
    g_ptr_array_add(tokens, NULL);
    return (char **)g_ptr_array_free(tokens, FALSE);
}

/* The set of stop words: built once, by whichever thread comes first, and kept. */
static gpointer load_stop_words(gpointer unused G_GNUC_UNUSED)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GBytes) data = g_resource_lookup_data(
        resources_get_resource(), "/innsikt/stopwords.txt", G_RESOURCE_LOOKUP_FLAGS_NONE, &error);
    if (!data)
        g_error("the program was built without its stop words: %s", error->message);

    size_t size;
    const char *bytes = g_bytes_get_data(data, &size);
    g_autofree char *text = g_strndup(bytes, size);
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    GHashTable *words = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    for (char **line = lines; *line; line++)
        if (**line && **line != '#')
            g_hash_table_add(words, g_strdup(g_strstrip(*line)));
    return words;
}

bool token_is_stop(const char *token)
{
    static GOnce once = G_ONCE_INIT;
    return g_hash_table_contains(g_once(&once, load_stop_words, NULL), token);
}

char **token_content(const char *text)
{
    char **tokens = token_split(text), **kept = tokens;
    for (char **t = tokens; *t; t++) {
        if (token_is_stop(*t))
            g_free(*t);
        else
            *kept++ = *t;
    }
    *kept = NULL;
    return tokens;
}

char **token_stems(Stemmer *stemmer, const char *text)
{
    char **words = token_content(text);
    for (char **w = words; *w; w++) {
        char *stem = stemmer_stem(stemmer, *w);
        g_free(*w);
        *w = stem;
    }
    return words;
}
