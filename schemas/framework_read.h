/* From YAML to a framework: what framework.c and the project's own `scenarios:` share. Private to
 * this floor. */
#ifndef INNSIKT_SCHEMAS_FRAMEWORK_READ_H
#define INNSIKT_SCHEMAS_FRAMEWORK_READ_H

#include "schemas/framework.h"
#include "schemas/yaml.h"

/* Reads a whole framework file; complaints stay with the file. NULL when it has no root. */
Framework *framework_read(YamlFile *file);
/* Reads one list of terms and appends them to what the framework has. */
void framework_read_terms(Framework *framework, YamlFile *file, TermKind kind,
                          const YamlNode *list);

/* A label: one text for all languages, or a map of nb, nn and en. */
bool label_read(YamlFile *file, const YamlNode *node, const char *what, Label *ret);
/* Complains, with the nearest one that there is, unless `text` names a term of one of `kinds`
 * (ended by N_TERM_KINDS). Labels and letters count when `loose`. Returns its index, -1 for none.
 */
int term_expect(YamlFile *file, const Framework *framework, const TermKind *kinds, bool loose,
                const YamlNode *at, const char *what, const char *text);
/* A scale by id; complains with the nearest when there is none. */
const Scale *scale_expect(YamlFile *file, const Framework *framework, const YamlNode *at,
                          const char *what);

/* An index that answers -1 is kept under names that fit two terms. */
void framework_name_add(GHashTable *names, const char *name, guint index);

#endif
