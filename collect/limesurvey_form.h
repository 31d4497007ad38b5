/* What LimeSurvey's questions are made of: one question type gives one answerable column or many,
 * named as the export's heading `code` names them (form-systems.md 1.7 and 1.8). */
#ifndef INNSIKT_COLLECT_LIMESURVEY_FORM_H
#define INNSIKT_COLLECT_LIMESURVEY_FORM_H

#include "schemas/form.h"

#include <json-c/json.h>
#include <stdbool.h>

/* Whether a question of this type has answer options of its own, and how their property is called;
 * NULL when what list_questions tells is enough. */
const char *ls_form_options_property(const char *type);

/* Builds the form from list_questions' result and, for the questions that have options, from the
 * results of get_question_properties by qid (char * → json_object *, borrowed). */
Form *ls_form_build(const char *id, json_object *questions, GHashTable *properties);

#endif
