/* Which rows or records claim an id that another has claimed before: a copy is read once, anything
 * else is for people to sort out. Remembers numbers and not texts, since there may be millions. */
#ifndef INNSIKT_COLLECT_COPIES_H
#define INNSIKT_COLLECT_COPIES_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

typedef struct Copies Copies;

typedef struct {
    uint64_t id, content; /* digests: equal for equal ones */
    uint32_t file;        /* by number … */
    int64_t number;       /* … and its place in it, which rises */
    int64_t line;         /* for messages */
} CopyKey;

Copies *copies_new(void);
void copies_free(Copies *copies);

/* Add those with an id, then find once. False when two have one id but say different things: the
 * first such pair, by digest of the id. What was added is forgotten then. */
void copies_add(Copies *copies, const CopyKey *key);
bool copies_find(Copies *copies, CopyKey *ret_first, CopyKey *ret_second);

/* Whether this one says what one before it has said; and how many do. */
bool copies_has(const Copies *copies, uint32_t file, int64_t number);
guint copies_count(const Copies *copies);

#endif
