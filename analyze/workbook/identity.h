/* What tells a workbook from every other: whose project, which round, which findings, and a seal
 * that only the project's key can make (workbook.md 3.3). It is written twice, on a very hidden
 * sheet and as custom properties, because each place is lost somewhere. */
#ifndef INNSIKT_ANALYZE_WORKBOOK_IDENTITY_H
#define INNSIKT_ANALYZE_WORKBOOK_IDENTITY_H

#include "analyze/results.h"
#include "analyze/workbook/cell.h"

#define IDENTITY_SHEET  "_innsikt"
#define IDENTITY_SCHEMA "innsikt-arbeidsbok/1"

typedef enum {
    IDENTITY_KEY_SCHEMA,
    IDENTITY_KEY_PROJECT, /* of the key and the framework: outlives a new title */
    IDENTITY_KEY_BOOK,    /* of project, edition and round */
    IDENTITY_KEY_EDITION,
    IDENTITY_KEY_ROUND, /* 0: none declared */
    IDENTITY_KEY_LANGUAGE,
    IDENTITY_KEY_MADE,     /* newest pull, ISO 8601 in UTC; "–" when nothing was pulled */
    IDENTITY_KEY_FINDINGS, /* how many */
    IDENTITY_KEY_CHECK,    /* SHA-256 over ids and texts of the findings, whatever their order */
    IDENTITY_KEY_SEAL,     /* HMAC under the project's key over all the others */
    N_IDENTITY
} IdentityKey;

/* The words that stand in column A of the sheet and after `innsikt.` in the properties. */
const char *identity_word(IdentityKey key);

typedef struct {
    char *value[N_IDENTITY]; /* never empty */
} Identity;

/* The identity of the team edition. The same results, key and language give the same. Free with
 * identity_clear. */
void identity_make(const Results *results, const ProjectKey *key, Language language, Identity *ret);
void identity_clear(Identity *identity);

/* Sets the properties and fills the sheet, which the caller has made as IDENTITY_SHEET; it is only
 * hidden until package_finish hides it for good. */
void identity_write(const Identity *identity, Book *book, Sheet *sheet);

#endif
