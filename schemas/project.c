#include "schemas/project.h"
#include "schemas/error.h"
#include "schemas/framework_read.h"
#include "schemas/nearest.h"
#include "schemas/nfc.h"
#include "schemas/project_read.h"
#include "schemas/secret.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
    FORMAT_VERSION = 1,
    SMALLEST_GROUP = 5,
    BOOTSTRAP = 10000,
    BOOTSTRAP_MIN = 100,
    BOOTSTRAP_MAX = 1000000,
    SEED = 2021,
};

#define PROJECT_FILE     "project.yaml"
#define STORE_FILE       "innsikt.db"
#define DEFAULT_TIMEZONE "Europe/Oslo"
#define SHARES_TOLERANCE 1e-6

static const char *const languages[] = {"nb", "nn", "en", NULL};
static const char *const quote_rules[] = {"redacted", "none", "verbatim", NULL};
static const char *const weight_rules[] = {"none", "organisation", "group", NULL};
static const char *const stages[] = {"draft", "validation", "final", NULL};

const char *weight_word(WeightRule rule)
{
    return weight_rules[rule];
}

/* --- shared with the readers of sources ------------------------------------------------------ */

char *optional_text(YamlFile *file, const YamlNode *map, const char *key)
{
    const YamlNode *node = yaml_get(map, key);
    const char *text = node ? yaml_text(file, node, key) : NULL;
    return text ? nfc_text(text) : NULL;
}

char *optional_timezone(YamlFile *file, const YamlNode *map)
{
    char *name = optional_text(file, map, "timezone");
    g_autoptr(GTimeZone) zone = name ? g_time_zone_new_identifier(name) : NULL;
    if (name && !zone) {
        const YamlNode *node = yaml_get(map, "timezone");
        g_autofree char *shown = yaml_shown(node);
        yaml_complain(file, node, "timezone %s is not known; write it as " DEFAULT_TIMEZONE, shown);
    }
    return name;
}

int optional_group(ProjectReader *reader, const YamlNode *map)
{
    const YamlNode *node = yaml_get(map, "group");
    const char *text = node ? yaml_text(reader->file, node, "group") : NULL;
    if (!text)
        return -1;
    return term_expect(reader->file, reader->project->framework,
                       (const TermKind[]){TERM_GROUP, N_TERM_KINDS}, true, node, "group", text);
}

/* A part of the file that may be left out: the map, or NULL. Its keys are checked. */
static const YamlNode *section(YamlFile *file, const YamlNode *root, const char *key,
                               const char *const *known)
{
    const YamlNode *map = yaml_get(root, key);
    if (yaml_null(map) || !yaml_is(file, map, YAML_MAP, key))
        return NULL;
    if (known)
        yaml_known(file, map, known);
    return map;
}

static int word_or(YamlFile *file, const YamlNode *map, const char *key, const char *const *words,
                   int standard)
{
    const YamlNode *node = yaml_get(map, key);
    const int word = node ? yaml_word(file, node, key, words) : -1;
    return word >= 0 ? word : standard;
}

static uint64_t integer_or(YamlFile *file, const YamlNode *map, const char *key, uint64_t low,
                           uint64_t high, uint64_t standard)
{
    const YamlNode *node = yaml_get(map, key);
    uint64_t value = standard;
    if (node)
        yaml_integer(file, node, key, low, high, &value);
    return value;
}

/* --- env:NAME -------------------------------------------------------------------------------- */

static void mark_secret(YamlNode *map, const char *key)
{
    YamlNode *node = yaml_get(map, key);
    if (node)
        node->secret = true;
}

/* Where a source is found matters to those who ask it; whoever analyses what was collected long ago
 * need not set it again. */
static void mark_late(YamlNode *map, const char *key)
{
    YamlNode *node = yaml_get(map, key);
    if (node)
        node->late = true;
}

static void mark_references(YamlNode *root)
{
    YamlNode *sources = yaml_get(root, "sources");
    mark_secret(yaml_get(root, "privacy"), "key");
    for (size_t i = 0; sources && sources->kind == YAML_MAP && i < yaml_count(sources); i++) {
        mark_secret(yaml_item(sources, i), "user");
        mark_secret(yaml_item(sources, i), "password");
        mark_secret(yaml_item(sources, i), "token");
        mark_secret(yaml_item(sources, i), "proxy_user");
        mark_secret(yaml_item(sources, i), "proxy_password");
        mark_late(yaml_item(sources, i), "url");
        mark_late(yaml_item(sources, i), "form");
        mark_late(yaml_item(sources, i), "path");
        mark_late(yaml_item(sources, i), "token_url");
        mark_late(yaml_item(sources, i), "ca_file");
        mark_late(yaml_item(sources, i), "pin");
        mark_late(yaml_item(sources, i), "proxy");
    }
}

/* Puts the variable's value in the place of every `env:NAME` that is no secret. */
static void resolve(YamlFile *file, YamlNode *node)
{
    for (size_t i = 0; i < yaml_count(node); i++)
        resolve(file, yaml_item(node, i));
    if (node->kind != YAML_SCALAR || node->secret || !g_str_has_prefix(node->text, "env:"))
        return;
    const char *value = g_getenv(node->text + strlen("env:"));
    if (!value && node->late)
        return;
    if (!value || !*value || !g_utf8_validate(value, -1, NULL)) {
        yaml_complain(file, node, "the environment variable of %s is %s; set it first", node->text,
                      !value   ? "not set"
                      : *value ? "not UTF-8"
                               : "empty");
        node->kind = YAML_REFUSED;
        return;
    }
    g_free(node->text);
    node->text = g_strdup(value);
    node->quoted = true;
}

/* --- sections -------------------------------------------------------------------------------- */

static void head_read(ProjectReader *reader, const YamlNode *root)
{
    YamlFile *file = reader->file;
    Project *project = reader->project;
    const YamlNode *version = yaml_get(root, "innsikt");
    uint64_t number;
    if (!version)
        yaml_complain(file, root, "`innsikt` is missing; begin the file with `innsikt: %d`",
                      FORMAT_VERSION);
    else
        yaml_integer(file, version, "innsikt", FORMAT_VERSION, FORMAT_VERSION, &number);
    if (!yaml_get(root, "title"))
        yaml_complain(file, root, "`title` is missing; add `title: …`, it heads the workbook");
    project->title = optional_text(file, root, "title");
    if (yaml_get(root, "note"))
        label_read(file, yaml_get(root, "note"), "note", &project->note);
    project->language = (Language)word_or(file, root, "language", languages, LANGUAGE_NB);
    project->timezone = optional_timezone(file, root);
    if (!project->timezone)
        project->timezone = g_strdup(DEFAULT_TIMEZONE);
}

static void store_read(ProjectReader *reader, const YamlNode *root)
{
    g_autofree char *store = optional_text(reader->file, root, "store");
    const char *name = store ? store : STORE_FILE;
    if (strstr(name, "://"))
        yaml_complain(reader->file, yaml_get(root, "store"),
                      "the store is an SQLite file; write its path");
    g_autofree char *path = g_path_is_absolute(name)
                                ? g_strdup(name)
                                : g_build_filename(reader->project->folder, name, NULL);
    reader->project->store_path = g_canonicalize_filename(path, NULL);
}

static void privacy_read(ProjectReader *reader, const YamlNode *root)
{
    static const char *const known[] = {"key", "smallest_group", "quotes", NULL};
    Project *project = reader->project;
    const YamlNode *map = section(reader->file, root, "privacy", known);
    const YamlNode *key = yaml_get(map, "key");
    const char *reference = key ? yaml_text(reader->file, key, "key") : NULL;
    if (!key)
        yaml_complain(reader->file, map ? map : root,
                      "`privacy.key` is missing; add `privacy: {key: env:NAME}`, `file:PATH` or "
                      "`command:PROGRAM`");
    else if (reference && !secret_is_reference(reference))
        yaml_complain(reader->file, key,
                      "the key stands in the open; keep it in the environment or in a file of your "
                      "own and write env:NAME, file:PATH or command:PROGRAM");
    else
        project->key_ref = g_strdup(reference);
    project->smallest_group =
        (int)integer_or(reader->file, map, "smallest_group", 1, 1000, SMALLEST_GROUP);
    project->quotes = g_strdup(quote_rules[word_or(reader->file, map, "quotes", quote_rules, 0)]);
}

static void targets_read(ProjectReader *reader, const YamlNode *map)
{
    YamlFile *file = reader->file;
    Project *project = reader->project;
    const TermKind groups[] = {TERM_GROUP, N_TERM_KINDS};
    double sum = 0;
    bool sound = true;
    if (yaml_null(map) || !yaml_is(file, map, YAML_MAP, "targets") || !yaml_count(map))
        return;
    project->targets = g_new0(double, project->framework->list[TERM_GROUP].n + 1);
    for (size_t i = 0; i < yaml_count(map); i++) {
        double share;
        const int group = term_expect(file, project->framework, groups, false,
                                      yaml_key_node(map, i), "group", yaml_key(map, i));
        if (!yaml_number(file, yaml_item(map, i), "a target", 0, 1, &share) || group < 0) {
            sound = false;
            continue;
        }
        project->targets[group] = share;
        sum += share;
    }
    if (sound && fabs(sum - 1) > SHARES_TOLERANCE)
        yaml_complain(file, map, "the targets sum to %.6g; make them sum to 1", sum);
}

static void analysis_read(ProjectReader *reader, const YamlNode *root)
{
    static const char *const known[] = {"weight", "targets", "bootstrap", "seed", "earlier", NULL};
    YamlFile *file = reader->file;
    Project *project = reader->project;
    const YamlNode *map = section(file, root, "analysis", known);
    project->weight = (WeightRule)word_or(file, map, "weight", weight_rules, WEIGHT_ORGANISATION);
    project->bootstrap =
        (int)integer_or(file, map, "bootstrap", BOOTSTRAP_MIN, BOOTSTRAP_MAX, BOOTSTRAP);
    project->seed = integer_or(file, map, "seed", 0, UINT64_MAX, SEED);
    if (yaml_get(map, "earlier"))
        project->earlier = yaml_texts(file, yaml_get(map, "earlier"), "earlier");
    targets_read(reader, yaml_get(map, "targets"));
    if (project->weight == WEIGHT_GROUP && !project->targets)
        yaml_complain(file, yaml_get(map, "weight"),
                      "weight: group needs targets; add `targets: {group: share, …}`");
}

static bool date_is_iso(const char *text)
{
    static const char shape[] = "dddd-dd-dd";
    for (size_t i = 0; i < sizeof shape; i++)
        if (shape[i] == 'd' ? !g_ascii_isdigit(text[i]) : text[i] != shape[i])
            return false;
    return g_date_valid_dmy((GDateDay)strtoul(text + 8, NULL, 10),
                            (GDateMonth)strtoul(text + 5, NULL, 10),
                            (GDateYear)strtoul(text, NULL, 10));
}

static void round_read(ProjectReader *reader, const YamlNode *root)
{
    static const char *const known[] = {"number", "stage", "deadline", "contact", NULL};
    YamlFile *file = reader->file;
    Round *round = &reader->project->round;
    const YamlNode *map = section(file, root, "round", known);
    round->stage = word_or(file, map, "stage", stages, -1);
    round->number = (int)integer_or(file, map, "number", 1, 1000, 0);
    round->deadline = optional_text(file, map, "deadline");
    round->contact = optional_text(file, map, "contact");
    if (map && !yaml_get(map, "number"))
        yaml_complain(file, map, "this round has no number; add `number: 1`");
    if (round->deadline && !date_is_iso(round->deadline)) {
        const YamlNode *node = yaml_get(map, "deadline");
        g_autofree char *shown = yaml_shown(node);
        yaml_complain(file, node, "deadline %s is no date; write it as 2021-09-24", shown);
    }
}

static void thresholds_read(ProjectReader *reader, const YamlNode *root)
{
    static const struct {
        const char *key;
        double standard, low, high;
        size_t offset;
    } rows[] = {
#define THRESHOLD(field, key, standard, low, high, section)                                        \
    {key, standard, low, high, offsetof(Thresholds, field)},
#include "schemas/threshold.def"
#undef THRESHOLD
    };
    const char *known[G_N_ELEMENTS(rows) + 1] = {NULL};
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++)
        known[i] = rows[i].key;
    const YamlNode *map = section(reader->file, root, "thresholds", known);
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        double *field = (double *)((char *)&reader->project->thresholds + rows[i].offset);
        const YamlNode *node = yaml_get(map, rows[i].key);
        *field = rows[i].standard;
        if (node)
            yaml_number(reader->file, node, rows[i].key, rows[i].low, rows[i].high, field);
    }
}

/* --- organisations and recipients ------------------------------------------------------------ */

static void spelling_add(ProjectReader *reader, Organisation *organisation, const YamlNode *at,
                         const char *name)
{
    g_autofree char *folded = label_fold(name);
    const Organisation *known = g_hash_table_lookup(reader->project->spellings, folded);
    if (known)
        yaml_complain(reader->file, at, "\"%s\" already stands for %s; let it stand for one", name,
                      known->name);
    else
        g_hash_table_insert(reader->project->spellings, g_steal_pointer(&folded), organisation);
}

static void organisation_read(ProjectReader *reader, const YamlNode *key, const YamlNode *map)
{
    static const char *const known[] = {"aliases", "group", NULL};
    Organisation *organisation = g_new0(Organisation, 1);
    const YamlNode *aliases = NULL;
    organisation->name = nfc_text(key->text);
    organisation->group = -1;
    g_ptr_array_add(reader->project->organisations, organisation);
    spelling_add(reader, organisation, key, organisation->name);
    if (!yaml_null(map) && yaml_is(reader->file, map, YAML_MAP, "an organisation")) {
        yaml_known(reader->file, map, known);
        organisation->group = optional_group(reader, map);
        aliases = yaml_get(map, "aliases");
    }
    if (aliases)
        organisation->aliases = yaml_texts(reader->file, aliases, "aliases");
    for (size_t i = 0; aliases && organisation->aliases && organisation->aliases[i]; i++)
        spelling_add(reader, organisation,
                     aliases->kind == YAML_LIST ? yaml_item(aliases, i) : aliases,
                     organisation->aliases[i]);
    if (!organisation->aliases)
        organisation->aliases = g_new0(char *, 1);
}

static void organisations_read(ProjectReader *reader, const YamlNode *root)
{
    const YamlNode *map = section(reader->file, root, "organisations", NULL);
    for (size_t i = 0; i < yaml_count(map); i++)
        organisation_read(reader, yaml_key_node(map, i), yaml_item(map, i));
}

static void recipient_read(ProjectReader *reader, const YamlNode *key, const YamlNode *map)
{
    static const char *const known[] = {"name", "groups", NULL};
    const TermKind kinds[] = {TERM_GROUP, N_TERM_KINDS};
    Recipient *recipient = g_new0(Recipient, 1);
    const YamlNode *groups = yaml_get(map, "groups");
    recipient->key = g_strdup(key->text);
    g_ptr_array_add(reader->project->recipients, recipient);
    if (!id_is_sound(key->text))
        yaml_complain(reader->file, key,
                      "a recipient's key has letters a-z, digits, dots and hyphens; rename it");
    if (!yaml_is(reader->file, map, YAML_MAP, "a recipient"))
        return;
    yaml_known(reader->file, map, known);
    if (!yaml_get(map, "name"))
        yaml_complain(reader->file, map, "this recipient has no name; add `name: …`");
    recipient->name = optional_text(reader->file, map, "name");
    g_auto(GStrv) names = groups ? yaml_texts(reader->file, groups, "groups") : NULL;
    recipient->groups = g_new0(int, names ? g_strv_length(names) + 1 : 1);
    for (size_t i = 0; names && names[i]; i++) {
        const YamlNode *at = groups->kind == YAML_LIST ? yaml_item(groups, i) : groups;
        const int group = term_expect(reader->file, reader->project->framework, kinds, true, at,
                                      "group", names[i]);
        if (group >= 0)
            recipient->groups[recipient->n_groups++] = group;
    }
}

static void recipients_read(ProjectReader *reader, const YamlNode *root)
{
    const YamlNode *map = section(reader->file, root, "recipients", NULL);
    for (size_t i = 0; i < yaml_count(map); i++)
        recipient_read(reader, yaml_key_node(map, i), yaml_item(map, i));
}

/* --- the whole ------------------------------------------------------------------------------- */

/* Complaints of a framework file stand for themselves; a framework that cannot be had is a
 * complaint at the line that names it. */
static bool framework_open(ProjectReader *reader, const YamlNode *root, GError **error)
{
    const YamlNode *node = yaml_get(root, "framework");
    const char *name = node ? yaml_text(reader->file, node, "framework") : NULL;
    g_autoptr(GError) failure = NULL;
    if (!node) {
        g_autofree char *known = g_strjoinv(", ", (char **)framework_builtins());
        yaml_complain(reader->file, root,
                      "`framework` is missing; name a built-in one (%s) or a file", known);
    }
    if (!name)
        return yaml_sound(reader->file, error);
    reader->project->framework = framework_load(name, reader->project->folder, &failure);
    if (reader->project->framework)
        return true;
    if (g_error_matches(failure, INNSIKT_ERROR, INNSIKT_ERROR_USAGE)) {
        g_propagate_error(error, g_steal_pointer(&failure));
        return false;
    }
    yaml_complain(reader->file, node, "%s", failure->message);
    return yaml_sound(reader->file, error);
}

/* --- earlier measurements -------------------------------------------------------------------- */

/* The waves that sources and ratings name; false when answers name theirs themselves, so that any
 * word may be one. */
static bool waves_known(const Project *project, GPtrArray *ret)
{
    for (guint i = 0; i < project->sources->len; i++) {
        const Source *source = project->sources->pdata[i];
        if (source->wave)
            g_ptr_array_add(ret, source->wave);
        for (guint m = 0; m < source->mappings->len; m++) {
            const RoleValue *wave = mapping_value(source->mappings->pdata[m], "wave");
            if (wave && wave->from)
                return false;
            if (wave)
                g_ptr_array_add(ret, wave->literal);
        }
    }
    g_ptr_array_add(ret, NULL);
    return true;
}

/* A misspelt wave would count as one of today's. */
static void earlier_check(ProjectReader *reader, const YamlNode *node)
{
    g_autoptr(GPtrArray) waves = g_ptr_array_new();
    if (!reader->project->earlier || !waves_known(reader->project, waves))
        return;
    const char *const *known = (const char *const *)waves->pdata;
    for (char **wave = reader->project->earlier; *wave; wave++) {
        if (g_strv_contains(known, *wave))
            continue;
        g_autofree char *help = nearest_help(*wave, known);
        yaml_complain(reader->file, node, "earlier: no source has wave \"%s\"; %s", *wave, help);
    }
}

static bool project_read(ProjectReader *reader, GError **error)
{
    static const char *const known[] = {
        "innsikt",   "title",    "language", "framework",  "store",         "privacy",
        "analysis",  "timezone", "round",    "thresholds", "organisations", "recipients",
        "scenarios", "note",     "period",   "status",     "sources",       NULL};
    YamlFile *file = reader->file;
    YamlNode *root = yaml_root(file);
    if (!root || !yaml_is(file, root, YAML_MAP, "a project file"))
        return yaml_sound(file, error);
    mark_references(root);
    resolve(file, root);
    yaml_known(file, root, known);
    if (!framework_open(reader, root, error))
        return false;
    framework_read_terms(reader->project->framework, file, TERM_SCENARIO,
                         yaml_get(root, "scenarios"));
    head_read(reader, root);
    store_read(reader, root);
    privacy_read(reader, root);
    analysis_read(reader, root);
    round_read(reader, root);
    reader->project->period = reader->project->framework->period;
    period_read(file, yaml_get(root, "period"), true, &reader->project->period);
    overrides_read(reader, yaml_get(root, "status"));
    thresholds_read(reader, root);
    organisations_read(reader, root);
    recipients_read(reader, root);
    sources_read(reader, yaml_get(root, "sources"));
    earlier_check(reader, yaml_get(yaml_get(root, "analysis"), "earlier"));
    return yaml_sound(file, error);
}

static void organisation_free(gpointer data)
{
    Organisation *organisation = data;
    g_free(organisation->name);
    g_strfreev(organisation->aliases);
    g_free(organisation);
}

static void recipient_free(gpointer data)
{
    Recipient *recipient = data;
    g_free(recipient->key);
    g_free(recipient->name);
    g_free(recipient->groups);
    g_free(recipient);
}

static Project *project_new(const char *folder)
{
    Project *project = g_new0(Project, 1);
    project->folder = g_strdup(folder);
    project->file = g_str_equal(folder, ".") || !*folder
                        ? g_strdup(PROJECT_FILE)
                        : g_build_filename(folder, PROJECT_FILE, NULL);
    project->organisations = g_ptr_array_new_with_free_func(organisation_free);
    project->spellings = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    project->recipients = g_ptr_array_new_with_free_func(recipient_free);
    project->sources = g_ptr_array_new_with_free_func(source_free);
    return project;
}

Project *project_parse(const char *folder, const char *text, size_t n, GError **error)
{
    g_autoptr(Project) project = project_new(folder);
    g_autoptr(YamlFile) file = yaml_parse(project->file, text, n);
    ProjectReader reader = {.file = file, .project = project};
    return project_read(&reader, error) ? g_steal_pointer(&project) : NULL;
}

Project *project_load(const char *folder, GError **error)
{
    g_autoptr(Project) project = project_new(folder);
    g_autoptr(GError) failure = NULL;
    g_autoptr(YamlFile) file = yaml_load(project->file, project->file, &failure);
    if (!file) {
        const bool none = g_error_matches(failure, INNSIKT_ERROR, INNSIKT_ERROR_NOT_FOUND);
        g_set_error(error, INNSIKT_ERROR, none ? INNSIKT_ERROR_USAGE : failure->code, "%s%s",
                    failure->message, none ? "; make a project with `innsikt init`" : "");
        return NULL;
    }
    ProjectReader reader = {.file = file, .project = project};
    return project_read(&reader, error) ? g_steal_pointer(&project) : NULL;
}

void project_free(Project *project)
{
    if (!project)
        return;
    g_hash_table_unref(project->spellings);
    g_ptr_array_unref(project->organisations);
    g_ptr_array_unref(project->recipients);
    g_ptr_array_unref(project->sources);
    framework_free(project->framework);
    char *const texts[] = {project->file,       project->folder,         project->title,
                           project->store_path, project->key_ref,        project->quotes,
                           project->timezone,   project->round.deadline, project->round.contact};
    for (size_t i = 0; i < G_N_ELEMENTS(texts); i++)
        g_free(texts[i]);
    g_strfreev(project->earlier);
    label_clear(&project->note);
    if (project->overrides)
        g_array_unref(project->overrides);
    g_free(project->targets);
    g_free(project);
}

bool project_wave_is_earlier(const Project *project, const char *wave)
{
    return wave && project->earlier && g_strv_contains((const char *const *)project->earlier, wave);
}

const Source *project_source(const Project *project, const char *name)
{
    for (guint i = 0; i < project->sources->len; i++) {
        const Source *source = project->sources->pdata[i];
        if (g_str_equal(source->name, name))
            return source;
    }
    return NULL;
}

const Organisation *project_organisation(const Project *project, const char *name)
{
    g_autofree char *folded = label_fold(name);
    return g_hash_table_lookup(project->spellings, folded);
}

char *organisation_fold(const char *name)
{
    return label_fold(name);
}
