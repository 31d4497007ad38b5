#include "analyze/stem.h"

#include <libstemmer.h>
#include <string.h>

struct Stemmer {
    struct sb_stemmer *snowball;
};

Stemmer *stemmer_new(void)
{
    struct sb_stemmer *snowball = sb_stemmer_new("norwegian", "UTF_8");
    if (!snowball)
        g_error("libstemmer has no Norwegian rules, or there is no memory left");

    Stemmer *stemmer = g_new(Stemmer, 1);
    stemmer->snowball = snowball;
    return stemmer;
}

void stemmer_free(Stemmer *stemmer)
{
    if (!stemmer)
        return;
    sb_stemmer_delete(stemmer->snowball);
    g_free(stemmer);
}

char *stemmer_stem(Stemmer *stemmer, const char *token)
{
    size_t n = strlen(token);
    if (n > G_MAXINT) /* the library counts in int; no word is two gigabytes */
        return g_strdup(token);

    const sb_symbol *stem = sb_stemmer_stem(stemmer->snowball, (const sb_symbol *)token, (int)n);
    if (!stem)
        g_error("no memory left to stem %zu bytes", n);
    return g_strndup((const char *)stem, (size_t)sb_stemmer_length(stemmer->snowball));
}

const char *stemmer_generation(void)
{
    g_autoptr(Stemmer) stemmer = stemmer_new();
    g_autofree char *stem = stemmer_stem(stemmer, "tvers");
    return strcmp(stem, "tver") == 0 ? "2" : "3";
}
