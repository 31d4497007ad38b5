/* A new project folder: project.yaml with comments, the key of the pseudonyms, and a .gitignore
 * that keeps data out of version control. */
#ifndef INNSIKT_SCHEMAS_PROJECT_CREATE_H
#define INNSIKT_SCHEMAS_PROJECT_CREATE_H

#include "schemas/project.h"

/* The name of the first source. */
#define FIRST_SOURCE "survey"

/* What the project begins with; anything may be NULL unless said otherwise. */
typedef struct {
    const char *title; /* NULL: the folder's name */
    const char *kind;  /* of its first source; NULL: it has none, and the rest is not read */
    const char *path;  /* of a source of files; NULL: it is a form on a server, and has the rest */
    const char *id;    /* the column that names a row for good; NULL: none is known */
    const char *url, *form, *method; /* of a form; not NULL */
    const char *prefix; /* of the environment variables for its user and password; not NULL */
} ProjectSeed;

/* The project as it would be, without a file written: one can ask its source already. */
Project *project_seeded(const char *folder, const ProjectSeed *seed, GError **error);

/* Makes the folder if need be and writes the three files. Where a project.yaml stands already,
 * nothing is touched (SYSTEM). *ret_note (may be NULL) says what was left as it stood, or is NULL;
 * caller owns. */
bool project_create(const char *folder, const ProjectSeed *seed, char **ret_note, GError **error);

#endif
