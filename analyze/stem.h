/* Norwegian stems (Snowball, Porter). The only user of libstemmer. */
#ifndef INNSIKT_ANALYZE_STEM_H
#define INNSIKT_ANALYZE_STEM_H

#include <glib.h>

/* A stemmer holds the library's working buffer: use one per thread. */
typedef struct Stemmer Stemmer;

/* Never NULL (ends the program when there is no memory, as GLib does). */
Stemmer *stemmer_new(void);
void stemmer_free(Stemmer *stemmer); /* accepts NULL */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Stemmer, stemmer_free)

/* The stem of one token of token_split: lower case, NFC. A stem is for comparing and counting, it
 * is not a word to show. New string, freed with g_free. */
char *stemmer_stem(Stemmer *stemmer, const char *token);

/* Which rules the library follows: it names no version of its own, so this is told from a word the
 * known releases stem differently («tvers»). "2" up to 2.2.0, "3" from 3.0; static. */
const char *stemmer_generation(void);

#endif
