/* A codebook: codes, each with patterns (methods.md 3.12, codebook.apply; as the dictionaries of KH
 * Coder and quanteda). Patterns meet tokens, not stems:
 *
 *     abc*   a token that begins so        abc    the whole token
 *     *abc   that ends so                  a b*   consecutive tokens
 *     *abc*  that holds it
 *
 * Letters, case and hyphens are read as token_split reads them. Filled first, then only read: any
 * number of threads may apply it. */
#ifndef INNSIKT_ANALYZE_CODEBOOK_H
#define INNSIKT_ANALYZE_CODEBOOK_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

typedef struct Codebook Codebook;

Codebook *codebook_new(void);
void codebook_free(Codebook *book); /* accepts NULL */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Codebook, codebook_free)

/* Adds a pattern to a code (by its position in the caller's list of codes). Fails with
 * INNSIKT_ERROR_USAGE on a pattern without a letter or digit, or with a star inside a word. */
bool codebook_add(Codebook *book, uint32_t code, const char *pattern, GError **error);

/* The codes a text earns, each once, ascending: uint32_t, freed with g_array_unref. */
GArray *codebook_apply(const Codebook *book, const char *text);
GArray *codebook_apply_tokens(const Codebook *book, char *const *tokens); /* of token_split */

#endif
