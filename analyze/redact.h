/* Taking what identifies people out of free text (methods.md 3.20, redact.text). In this order:
 *
 *   e-mail addresses; runs of eleven digits, as identity numbers when they are valid ones;
 * telephone numbers; names from the project's own register, longest first, in any case, whole words
 * with an optional genitive s, which is kept.
 *
 * Years, amounts and numbers of focus areas stay. What comes out is for a person to read before it
 * is shared: redact_suspects points at what may be a name. */
#ifndef INNSIKT_ANALYZE_REDACT_H
#define INNSIKT_ANALYZE_REDACT_H

#include <glib.h>

/* What stands instead, in the reader's language, each in square brackets and all different:
 * "[e-post]". Where they stand already they are left alone. */
typedef struct {
    const char *email, *identity, *eleven_digits, *phone, *name;
} RedactWords;

/* Immutable once made: any number of threads may use one. */
typedef struct Redactor Redactor;

/* names: NULL-terminated register, or NULL for none; names of fewer than two letters are not looked
 * for. Both arguments are copied. */
Redactor *redactor_new(const char *const *names, const RedactWords *words);
void redactor_free(Redactor *r); /* accepts NULL */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Redactor, redactor_free)

/* The text in NFC with the above taken out; freed with g_free. Redacting twice gives the same bytes
 * as once. */
char *redact_text(const Redactor *r, const char *text);

/* Where a name may stand that the register does not know: two or more capitalised words on end, of
 * which the first is no stop word. */
typedef struct {
    size_t start, length; /* bytes of the text */
} RedactSpan;

/* The suspects in a redacted text (valid UTF-8), in order: RedactSpan, freed with g_array_unref. */
GArray *redact_suspects(const char *text);

#endif
