/* What the readers of project.yaml share. Private to this floor. */
#ifndef INNSIKT_SCHEMAS_PROJECT_READ_H
#define INNSIKT_SCHEMAS_PROJECT_READ_H

#include "schemas/project.h"
#include "schemas/yaml.h"

typedef struct {
    YamlFile *file;
    Project *project; /* its framework stands before sources are read */
} ProjectReader;

/* `sources:` into project->sources. */
void sources_read(ProjectReader *reader, const YamlNode *map);
void source_free(gpointer source);
/* How the source's server is reached: ca_file, pin, proxy and its user and password. */
void source_network_clear(Source *source);
void source_network_read(ProjectReader *reader, Source *source, const YamlNode *map);
/* The reference under `key`, or NULL. Unless plain_allowed, a secret in the open is refused. */
char *secret_ref_read(ProjectReader *reader, const YamlNode *map, const char *key,
                      bool plain_allowed);

/* `status:` into project->overrides, which it makes. */
void overrides_read(ProjectReader *reader, const YamlNode *map);

/* One question of a source; NULL after a complaint that leaves nothing to build on. */
Mapping *mapping_read(ProjectReader *reader, const YamlNode *question, const YamlNode *value);
void mapping_free(gpointer mapping);

/* What a source of kind rest says of its API, and the keys that no other kind has. `key` is where
 * the source begins. */
RestRules *rest_rules_read(YamlFile *file, const YamlNode *key, const YamlNode *map);
extern const char *const rest_keys[];

/* Letters, digits, dots and hyphens, at most 64; begins with a letter or digit. */
bool id_is_sound(const char *id);
/* An optional text: a copy of map[key], or NULL when it is not there or not sound. */
char *optional_text(YamlFile *file, const YamlNode *map, const char *key);
/* An optional IANA time zone, known to this machine. */
char *optional_timezone(YamlFile *file, const YamlNode *map);
/* An optional TERM_GROUP, -1 for none. */
int optional_group(ProjectReader *reader, const YamlNode *map);

#endif
