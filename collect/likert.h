/* A question's choices read as a scale: which are steps and in which order, whatever way their
 * codes run; which are no step; and which scale of the framework they stand on. */
#ifndef INNSIKT_COLLECT_LIKERT_H
#define INNSIKT_COLLECT_LIKERT_H

#include "collect/vocabulary.h"
#include "schemas/form.h"
#include "schemas/framework.h"

typedef struct {
    char *label;     /* folded, without numbers around it; "" when it is only a number */
    int number;      /* before or behind the label; -1: none */
    Missing missing; /* why it is no step, or MISSING_NONE */
    int rank;        /* among all steps of the family, or the number; 0: no step */
    int step;        /* 1 … n_steps of this question, lowest first; 0: no step */
    int on_scale;    /* step of `scale`; 0: none */
} LikertChoice;

typedef struct {
    LikertChoice *choice; /* n_choices, in the order of the form */
    guint n_choices;
    int n_steps; /* that differ, 2 … STEPS_LIMIT */
    const AnswerFamily
        *family;        /* NULL: the answers are numbers, or only the framework knows them */
    const Scale *scale; /* of the framework; NULL: none fits */
    bool exact;         /* the scale's labels are those of the form */
    bool numbers;       /* nothing but the numbers says which end is high */
    bool falling;       /* the choices are listed from high to low */
} Likert;

/* NULL when the choices are no scale. `observed`: the choices are answers found in a file, so some
 * steps may not be among them. */
Likert *likert_read(const Framework *framework, const GArray *choices, bool observed);
/* The same again, for another question with these choices; NULL of NULL. */
Likert *likert_copy(const Likert *likert);
void likert_free(Likert *likert);

/* What keeps the code of a choice from being read right on the scale: the name that `values:` must
 * give it instead, or NULL when it is read right as it stands. Borrowed. */
const char *likert_rename(const Likert *likert, guint choice, const char *code);

/* The step of a family on which a step of a scale stands, by its label; 0: none. */
int likert_family_step(const AnswerFamily *family, const ScaleStep *step);
/* Whether all steps of a scale are of the family, in its order. */
bool likert_scale_is_of(const Scale *scale, const AnswerFamily *family);

#endif
