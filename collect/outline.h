/* A form seen as its makers saw it: rows that belong to one matrix, the part of a text that is the
 * row's own, and an id for each question that a framework made from the form would give it. */
#ifndef INNSIKT_COLLECT_OUTLINE_H
#define INNSIKT_COLLECT_OUTLINE_H

#include "collect/likert.h"

typedef struct {
    const FormQuestion *question;
    char *name; /* the question's, in NFC: as the project file keeps it */
    char *head; /* what the rows of a matrix share: CODE of CODE[SUB], group of group/field; or the
                 * beginning of a column's header; "" when it stands alone */
    char *row;  /* SUB, field; "" when it stands alone */
    char *tail; /* behind the row: "[1]" of a dual scale, else "" */
    char *stem; /* the matrix's text; "" when it has none */
    char *text; /* the row's own text, else the question's; cleaned of line ends */
    char *code; /* folded: the words of its code */
    char *folded;       /* folded text, the matrix's too */
    bool aside;         /* the free text beside coded rows: CODE[other], CODE[comment] */
    bool observed;      /* its choices are answers found in a file */
    bool twice;         /* an earlier question has the same name */
    Likert *likert;     /* on the scales of the framework; NULL: no scale */
    char *main_id, *id; /* of the main question, and of its item (the same when it stands alone) */
} Asked;

typedef struct {
    const Form *form;
    GPtrArray *asked; /* of Asked*, in the order of the form */
    bool files;       /* columns of files, not a form */
} Outline;

/* `form` and `framework` must outlive it. `files`: the source is of files, so choices are observed.
 */
Outline *outline_new(const Form *form, const Framework *framework, bool files);
void outline_free(Outline *outline);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Outline, outline_free)

/* Whether two questions are rows of one matrix. */
bool asked_are_kin(const Asked *one, const Asked *other);

/* Whether people rate something here: answers on a scale, and not the yes or no, or the small
 * number, that a plain question has too. */
bool outline_is_rating(const Outline *outline, guint i);

/* Small ASCII letters, digits and hyphens, at most `most`; "" when nothing is left. Caller owns. */
char *outline_slug(const char *text, size_t most);
/* The id, or the id with the first number that nobody has taken; case does not part two. Caller
 * owns; `taken` (of owned texts) gets it too. */
char *outline_id(GHashTable *taken, const char *wanted);

#endif
