#include "analyze/codebook.h"

#include <string.h>

#include "analyze/token.h"
#include "schemas/error.h"

/* One word of a pattern: `core` with more allowed before or after it. */
typedef struct {
    char *core;
    bool before, after;
} Word;

typedef struct {
    uint32_t code;
    GArray *words; /* of Word, to meet consecutive tokens */
} Pattern;

struct Codebook {
    GArray *patterns; /* of Pattern */
    uint32_t codes;   /* one more than the highest code */
};

static void word_clear(gpointer word)
{
    g_free(((Word *)word)->core);
}

static void pattern_clear(gpointer pattern)
{
    g_array_unref(((Pattern *)pattern)->words);
}

Codebook *codebook_new(void)
{
    Codebook *book = g_new0(Codebook, 1);
    book->patterns = g_array_new(FALSE, FALSE, sizeof(Pattern));
    g_array_set_clear_func(book->patterns, pattern_clear);
    return book;
}

void codebook_free(Codebook *book)
{
    if (!book)
        return;
    g_array_unref(book->patterns);
    g_free(book);
}

/* A piece between blanks. Its stars go to its first and last token («EU/EØS*» has two), and a
 * hyphen beside a star counts: «e-*» must not become «e*». False when it holds no token, or a star
 * inside. */
static bool append_words(GArray *words, char *piece)
{
    size_t n = strlen(piece), lead = strspn(piece, "*");
    bool before = lead > 0, after = false;

    for (; n > lead && piece[n - 1] == '*'; n--)
        after = true;
    piece[n] = '\0';
    piece += lead;
    g_auto(GStrv) tokens = token_split(piece);
    guint count = g_strv_length(tokens);
    if (count == 0 || strchr(piece, '*'))
        return false;

    bool head = before && g_str_has_prefix(piece, "-"),
         tail = after && g_str_has_suffix(piece, "-");
    for (guint t = 0; t < count; t++) {
        bool first = t == 0, last = t == count - 1;
        char *core =
            g_strconcat(first && head ? "-" : "", tokens[t], last && tail ? "-" : "", NULL);
        Word word = {core, first && before, last && after};
        g_array_append_val(words, word);
    }
    return true;
}

bool codebook_add(Codebook *book, uint32_t code, const char *pattern, GError **error)
{
    g_autoptr(GArray) words = g_array_new(FALSE, FALSE, sizeof(Word));
    g_auto(GStrv) pieces = g_strsplit_set(pattern, " \t\r\n", -1);

    g_array_set_clear_func(words, word_clear);
    for (char **piece = pieces; *piece; piece++) {
        if (**piece && !append_words(words, *piece)) {
            g_set_error(
                error, INNSIKT_ERROR, INNSIKT_ERROR_USAGE,
                "the pattern \"%s\" has no word in \"%s\" to look for; write abc, abc*, *abc "
                "or *abc*, with stars only at the ends of a word",
                pattern, *piece);
            return false;
        }
    }
    if (words->len == 0) {
        g_set_error(error, INNSIKT_ERROR, INNSIKT_ERROR_USAGE,
                    "a pattern is empty; write a word, or take it away");
        return false;
    }
    Pattern p = {code, g_steal_pointer(&words)};
    g_array_append_val(book->patterns, p);
    book->codes = MAX(book->codes, code + 1);
    return true;
}

static bool word_meets(const Word *word, const char *token)
{
    if (word->before && word->after)
        return strstr(token, word->core) != NULL;
    if (word->before)
        return g_str_has_suffix(token, word->core);
    if (word->after)
        return g_str_has_prefix(token, word->core);
    return strcmp(token, word->core) == 0;
}

static bool pattern_meets(const Pattern *pattern, char *const *tokens)
{
    for (char *const *start = tokens; *start; start++) {
        guint w = 0;
        while (w < pattern->words->len && start[w] &&
               word_meets(&g_array_index(pattern->words, Word, w), start[w]))
            w++;
        if (w == pattern->words->len)
            return true;
    }
    return false;
}

GArray *codebook_apply_tokens(const Codebook *book, char *const *tokens)
{
    g_autofree bool *earned = g_new0(bool, book->codes);
    GArray *codes = g_array_new(FALSE, FALSE, sizeof(uint32_t));

    for (guint p = 0; p < book->patterns->len; p++) {
        const Pattern *pattern = &g_array_index(book->patterns, Pattern, p);
        if (!earned[pattern->code])
            earned[pattern->code] = pattern_meets(pattern, tokens);
    }
    for (uint32_t code = 0; code < book->codes; code++)
        if (earned[code])
            g_array_append_val(codes, code);
    return codes;
}

GArray *codebook_apply(const Codebook *book, const char *text)
{
    g_auto(GStrv) tokens = token_split(text);
    return codebook_apply_tokens(book, tokens);
}
