/* A proposal becomes part of the project: project.yaml gets the lines, and where the project has no
 * framework of its own that fits what the form rates, it gets one made from the form. */
#ifndef INNSIKT_COLLECT_ADOPT_H
#define INNSIKT_COLLECT_ADOPT_H

#include "collect/proposal.h"

#define FRAMEWORK_FILE "framework.yaml"

typedef struct {
    guint questions; /* that nobody had mapped: they are now */
    guint used;      /* of them those with a role */
    guint homeless;  /* rated, and left out since the framework has no place for them */
    bool framework;  /* FRAMEWORK_FILE was written, and the project uses it */
    bool other;      /* the project uses another built-in framework, which fits better */
    char *note;      /* why it does neither, although it was wanted; NULL: it was not wanted */
} Adopted;

/* Whether a framework made from the form would serve better than the project's: the project's is
 * built in, and has no place for most of what the form rates. */
bool adopt_wants_framework(const Project *project, const Proposal *proposal);

/* Writes beside and renames; the mode stays. What is written is read again first: on any complaint
 * nothing is changed. A second time there is nothing to add. ret->note is the caller's. */
bool adopt_proposal(const char *folder, const char *source, const Form *form, bool files,
                    Adopted *ret, GError **error);

#endif
