/* The roles of a question (decisions.md): which keys each has and what a key's value must be. */
#ifndef INNSIKT_SCHEMAS_ROLE_H
#define INNSIKT_SCHEMAS_ROLE_H

#include "schemas/project.h"

typedef enum {
    VALUE_TEXT,   /* anything */
    VALUE_NAME,   /* an attribute: a known one or a name of one's own */
    VALUE_NUMBER, /* a finite number */
    VALUE_WORD,   /* one of `words` */
    VALUE_TERM,   /* a term of one of `terms` */
} ValueKind;

typedef struct {
    const char *key;
    ValueKind kind;
    bool required;
    bool starred; /* may end in a star, for the row's code */
    const char *const *words;
    const TermKind *terms; /* ended by N_TERM_KINDS */
} RoleKey;

typedef enum { SCALE_NONE, SCALE_MAY, SCALE_MUST } ScaleRule;

typedef struct {
    const char *word;    /* in project.yaml; NULL for a role that nobody writes there */
    const char *lead;    /* the key that a role written with a scalar means; NULL: needs a map */
    const RoleKey *keys; /* ended by a key of NULL; NULL: the role has none */
    ScaleRule scale;
} RoleRow;

const RoleRow *role_row(Role role);
const RoleKey *role_key(Role role, const char *key); /* NULL: the role has no such key */
/* Can a value of this text stand under the key? */
bool role_value_fits(const Framework *framework, const RoleKey *key, const char *text);
/* The role of a word, or N_ROLES. `ignore` is one, the implicit `support` is not. */
Role role_parse(const char *word);
/* The words of all roles that can be written as {role: …}, NULL-terminated. */
const char *const *role_words(void);
/* Where an attribute's values are declared: TERM_GROUP for "group" …; N_TERM_KINDS: nowhere. */
TermKind attribute_terms(const char *name);

#endif
