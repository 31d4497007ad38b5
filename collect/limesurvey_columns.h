/* Which columns of a LimeSurvey survey are asked for: the system's own that are needed to follow a
 * response, and those that the project maps. What nobody mapped does not even leave the server. */
#ifndef INNSIKT_COLLECT_LIMESURVEY_COLUMNS_H
#define INNSIKT_COLLECT_LIMESURVEY_COLUMNS_H

#include "schemas/form.h"
#include "schemas/project.h"

#include <json-c/json.h>

/* Places of the system's columns among the cells of a response. */
enum {
    COLUMN_ID,
    COLUMN_SUBMITDATE,
    COLUMN_DATESTAMP,
    COLUMN_LANGUAGE,
    COLUMN_STARTDATE,
    COLUMN_SEED,
    N_SYSTEM_COLUMNS
};

typedef struct {
    const char *heading; /* the question's name */
    guint cell;          /* which cell holds its answer */
    bool tick;           /* an option of a multiple choice: "" means not ticked */
} LsColumn;

typedef struct {
    GPtrArray *headings; /* char *, NULL-terminated: of the cells */
    GArray *columns;     /* of LsColumn: those that become answers */
    /* The export's list of fields; NULL: it cannot be told, so all are asked for. */
    json_object *fields;
    json_object *index_fields; /* for id and dates only; never NULL */
    json_object
        *witness_fields; /* for what tells two people with one id apart; NULL: nothing does */
    char *repeated;      /* a heading that two columns share, or NULL */
} LsColumns;

/* `fieldmap`: get_fieldmap's result, or NULL when the server has none; `stamped`: whether the
 * survey is known to keep a datestamp, for when there is no field map. */
LsColumns *ls_columns_new(const Source *source, const Form *form, json_object *fieldmap,
                          bool stamped);
void ls_columns_free(LsColumns *columns);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(LsColumns, ls_columns_free)

#endif
