/* Norwegian text as tokens (methods.md 3.11): NFC, lower case, soft hyphens dropped, U+2010 and
 * U+2011 read as «-». A token is a run of letters a–z, à–ö, ø–ÿ, ā–ž and digits 0–9; single hyphens
 * inside it stay («e-helse»). Everything else is a border: emoji, control characters, bytes that
 * are not UTF-8.
 *
 * Lists are NULL-terminated and owned by the caller (g_auto(GStrv), g_strfreev); a text without
 * tokens gives an empty list, never NULL. Every function is safe from any thread. */
#ifndef INNSIKT_ANALYZE_TOKEN_H
#define INNSIKT_ANALYZE_TOKEN_H

#include <glib.h>
#include <stdbool.h>

#include "analyze/stem.h"

/* The tokens of a text, in order, with repeats. */
char **token_split(const char *text);

/* Whether a token is on the stop word list: Snowball's Norwegian one, Bokmål and Nynorsk, 172
 * words, schemas/stopwords.txt. «ikke» is on it: nothing built on content words sees negation. */
bool token_is_stop(const char *token);

/* The tokens of a text that are not stop words: the content words. */
char **token_content(const char *text);

/* The stems of the content words, in order, with repeats. */
char **token_stems(Stemmer *stemmer, const char *text);

/* Whether a character, in either case, can stand in a token as a letter (digits and hyphens are not
 * letters). */
bool token_is_letter(gunichar c);

#endif
