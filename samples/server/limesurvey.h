#ifndef INNSIKT_SAMPLES_SERVER_LIMESURVEY_H
#define INNSIKT_SAMPLES_SERVER_LIMESURVEY_H

#include "samples/server/site.h"

/* One RemoteControl call under way, for the methods in limesurvey.c (sessions, the table of
 * methods), limesurvey_form.c (what is asked), limesurvey_columns.c (its columns) and
 * limesurvey_export.c (what was answered). */
typedef struct {
    Site *site;
    const FaultSet *faults;
    json_object *params; /* an array */
    GString *file;       /* an exported file in base64, in place of a result */
    const char *thrown;  /* a PHP exception's message: the envelope's `error` */
    const char *died;    /* one line of plain text, in place of the envelope */
} LimeCall;

/* A result that tells a failure: {"status": text}, from version 7 with its error_code. */
json_object *lime_status(const LimeCall *call, const char *text);

/* Positional parameters. Absent and null: the text is NULL, the number is otherwise. */
const char *lime_text(const LimeCall *call, size_t place);
gint64 lime_number(const LimeCall *call, size_t place, gint64 otherwise);

/* The survey that parameter 1 names, or NULL with *ret_status set to the failure. */
Form *lime_survey(const LimeCall *call, json_object **ret_status);

/* Whether language is one that the survey has. */
bool lime_speaks(const Form *form, const char *language);

/* What a PHP array with these keys becomes in JSON: a list when the keys are 0, 1, 2, … in order
 * (so also when there are none). Takes over map. */
json_object *lime_php_array(json_object *map);

/* The columns that are no question's. */
typedef enum {
    LIME_ID,
    LIME_SUBMITDATE,
    LIME_LASTPAGE,
    LIME_LANGUAGE,
    LIME_SEED,
    LIME_TOKEN,
    LIME_STARTDATE,
    LIME_DATESTAMP,
    LIME_N,
} LimeSystemColumn;

/* One column of a survey's table. */
typedef struct {
    LimeSystemColumn system; /* LIME_N: a question's cell */
    guint cell;              /* its place in the form */
    char *field;             /* the name in the database, as in the field map */
    char *heading;           /* the name in the export */
} LimeColumn;

/* All columns of a survey, of LimeColumn, in the order of its table; their headings in a style of
 * export_responses: "code", "full" or "abbreviated". */
GPtrArray *lime_columns(const LimeCall *call, const Form *form, const char *style);

/* For copies: takes over field and heading. */
LimeColumn *lime_column_new(LimeSystemColumn system, guint cell, char *field, char *heading);
void lime_column_free(gpointer column);

/* Appends nested empty arrays, as many as the fault tells. */
void lime_append_nested(GString *out, const Fault *deep);

/* The methods: each gives the result, or sets file, thrown or died of the call and gives NULL. */
json_object *lime_list_surveys(LimeCall *call);
json_object *lime_list_groups(LimeCall *call);
json_object *lime_list_questions(LimeCall *call);
json_object *lime_get_question_properties(LimeCall *call);
json_object *lime_get_survey_properties(LimeCall *call);
json_object *lime_get_language_properties(LimeCall *call);
json_object *lime_list_participants(LimeCall *call);
json_object *lime_get_fieldmap(LimeCall *call);
json_object *lime_get_summary(LimeCall *call);
json_object *lime_get_response_ids(LimeCall *call);
json_object *lime_export_responses(LimeCall *call);

#endif
