#include "schemas/rest.h"

#include "schemas/project_read.h"

#include <string.h>

static const char *const auths[] = {"none", "basic", "bearer", "header", "client-credentials",
                                    NULL};
static const char *const pagings[] = {"none", "link", "header", "page", "offset", "cursor", NULL};
static const char *const formats[] = {"json", "ndjson", NULL};

void rest_rules_free(RestRules *rules)
{
    if (!rules)
        return;
    char *const texts[] = {rules->token_header, rules->paging.parameter,
                           rules->paging.next,  rules->paging.last,
                           rules->paging.total, rules->paging.size_parameter,
                           rules->records,      rules->id,
                           rules->submitted,    rules->updated,
                           rules->deleted,      rules->complete,
                           rules->answers,      rules->answer_question};
    for (size_t i = 0; i < G_N_ELEMENTS(texts); i++)
        g_free(texts[i]);
    g_strfreev(rules->answer_values);
    g_free(rules);
}

/* --- pointers -------------------------------------------------------------------------------- */

static bool pointer_is_sound(const char *text)
{
    for (const char *p = strchr(text, '~'); p; p = strchr(p + 1, '~'))
        if (p[1] != '0' && p[1] != '1')
            return false;
    return *text == '/';
}

static char *pointer_of(YamlFile *file, const YamlNode *node, const char *what)
{
    const char *text = node ? yaml_text(file, node, what) : NULL;
    if (!text)
        return NULL;
    if (pointer_is_sound(text))
        return g_strdup(text);
    g_autofree char *shown = yaml_shown(node);
    yaml_complain(file, node,
                  "%s %s is no JSON Pointer; write the way to it with a / before each name, like "
                  "/meta/next (in a name, ~1 is / and ~0 is ~)",
                  what, shown);
    return NULL;
}

static char *pointer_read(YamlFile *file, const YamlNode *map, const char *key)
{
    return pointer_of(file, yaml_get(map, key), key);
}

/* --- answers --------------------------------------------------------------------------------- */

static void values_read(YamlFile *file, const YamlNode *node, RestRules *rules)
{
    g_autoptr(GPtrArray) values = g_ptr_array_new();
    const bool list = node && node->kind == YAML_LIST;
    for (size_t i = 0; i < (list ? yaml_count(node) : 1); i++) {
        char *value = pointer_of(file, list ? yaml_item(node, i) : node, "value");
        if (value)
            g_ptr_array_add(values, value);
    }
    g_ptr_array_add(values, NULL);
    rules->answer_values = g_memdup2(values->pdata, values->len * sizeof(char *));
}

static void answers_read(YamlFile *file, const YamlNode *node, RestRules *rules)
{
    static const char *const known[] = {"list", "question", "value", NULL};
    if (!node)
        return;
    if (node->kind != YAML_MAP) {
        rules->answers = pointer_of(file, node, "answers");
        return;
    }
    yaml_known(file, node, known);
    for (size_t i = 0; known[i]; i++)
        if (!yaml_get(node, known[i]))
            yaml_complain(file, node,
                          "answers has no %s; write `answers: {list: /answers, question: "
                          "/field/ref, value: /value}`, or the pointer to an object by question",
                          known[i]);
    rules->answers = pointer_read(file, node, "list");
    rules->answer_question = pointer_read(file, node, "question");
    values_read(file, yaml_get(node, "value"), rules);
}

/* --- paging ---------------------------------------------------------------------------------- */

/* What a kind of paging needs and may have. */
typedef struct {
    bool parameter, next, size;
} PagingNeeds;

static const PagingNeeds paging_needs[] = {
    [PAGING_NONE] = {false, false, false},  [PAGING_LINK] = {false, true, true},
    [PAGING_HEADER] = {false, false, true}, [PAGING_PAGE] = {true, false, true},
    [PAGING_OFFSET] = {true, false, true},  [PAGING_CURSOR] = {true, true, true},
};

static void paging_check(YamlFile *file, const YamlNode *node, const Paging *paging)
{
    const PagingNeeds needs = paging_needs[paging->kind];
    const char *kind = pagings[paging->kind];
    const bool next = yaml_get(node, "next"), last = yaml_get(node, "last");
    if (needs.parameter && !yaml_get(node, "parameter"))
        yaml_complain(file, node,
                      "paging %s has no parameter; name the one of the query that holds the %s",
                      kind, kind);
    if (needs.next && !next && !(last && paging->kind == PAGING_CURSOR))
        yaml_complain(file, node,
                      paging->kind == PAGING_CURSOR
                          ? "paging cursor has neither next nor last; write where the page "
                            "(`next: /meta/next`) or its last record (`last: /id`) says the cursor"
                          : "paging link has no next; write where the page says the next address, "
                            "like `next: /links/next`");
    if ((!needs.next && next) || (last && (paging->kind != PAGING_CURSOR || next)) ||
        (!needs.parameter && yaml_get(node, "parameter")) ||
        (paging->kind != PAGING_PAGE && yaml_get(node, "first")))
        yaml_complain(file, node,
                      "paging %s takes other keys; parameter goes with page, offset and cursor, "
                      "next with link and cursor, last with a cursor without next, first with page",
                      kind);
    if (!yaml_get(node, "size") != !yaml_get(node, "size_parameter"))
        yaml_complain(file, node, "size and size_parameter go together; write both or neither");
}

static int integer_read(YamlFile *file, const YamlNode *map, const char *key, uint64_t low,
                        uint64_t high, int standard)
{
    const YamlNode *node = yaml_get(map, key);
    uint64_t value = (uint64_t)standard;
    if (node)
        yaml_integer(file, node, key, low, high, &value);
    return (int)value;
}

static void paging_read(YamlFile *file, const YamlNode *node, Paging *paging)
{
    static const char *const known[] = {"kind",           "parameter", "next",  "last", "total",
                                        "size_parameter", "size",      "first", NULL};
    enum { SIZE_LIMIT = 100000 };
    if (!node)
        return;
    const bool map = node->kind == YAML_MAP;
    const YamlNode *word = map ? yaml_get(node, "kind") : node;
    if (!word) {
        yaml_complain(file, node,
                      "paging has no kind; write one of none, link, header, page, "
                      "offset and cursor");
        return;
    }
    const int kind = yaml_word(file, word, "paging", pagings);
    if (kind < 0)
        return;
    paging->kind = (PagingKind)kind;
    yaml_known(file, node, known);
    paging_check(file, node, paging);
    if (!map)
        return;
    paging->parameter = optional_text(file, node, "parameter");
    paging->size_parameter = optional_text(file, node, "size_parameter");
    paging->next = pointer_read(file, node, "next");
    paging->last = pointer_read(file, node, "last");
    paging->total = pointer_read(file, node, "total");
    paging->size = integer_read(file, node, "size", 1, SIZE_LIMIT, 0);
    paging->first = integer_read(file, node, "first", 0, 1, 1);
}

/* --- the login ------------------------------------------------------------------------------- */

static const struct {
    const char *keys[4];
} auth_needs[] = {
    [AUTH_NONE] = {{NULL}},
    [AUTH_BASIC] = {{"user", "password", NULL}},
    [AUTH_BEARER] = {{"token", NULL}},
    [AUTH_HEADER] = {{"token", "token_header", NULL}},
    [AUTH_CLIENT] = {{"user", "password", "token_url", NULL}},
};

static bool header_is_sound(const char *name)
{
    for (const char *p = name; *p; p++)
        if (!g_ascii_isalnum(*p) && !strchr("-_", *p))
            return false;
    return *name != '\0';
}

static void auth_read(YamlFile *file, const YamlNode *map, RestRules *rules)
{
    const YamlNode *node = yaml_get(map, "auth"), *header = yaml_get(map, "token_header");
    const int auth = node ? yaml_word(file, node, "auth", auths) : AUTH_NONE;
    if (auth < 0)
        return;
    rules->auth = (AuthKind)auth;
    for (const char *const *key = auth_needs[auth].keys; *key; key++)
        if (!yaml_get(map, *key))
            yaml_complain(file, node, "auth %s has no %s; add `%s:`", auths[auth], *key, *key);
    if (auth == AUTH_NONE && (yaml_get(map, "token") || yaml_get(map, "password")))
        yaml_complain(file, node ? node : map,
                      "there is a secret but no login that uses it; add `auth:` basic, bearer, "
                      "header or client-credentials");
    rules->token_header = optional_text(file, map, "token_header");
    if (rules->token_header && !header_is_sound(rules->token_header))
        yaml_complain(file, header, "token_header is no name of a header; write it like X-API-Key");
}

/* --- all ------------------------------------------------------------------------------------- */

const char *const rest_keys[] = {"auth",     "token_header", "format",  "paging",
                                 "records",  "submitted",    "updated", "deleted",
                                 "complete", "answers",      NULL};

RestRules *rest_rules_read(YamlFile *file, const YamlNode *key, const YamlNode *map)
{
    RestRules *rules = g_new0(RestRules, 1);
    const YamlNode *format = yaml_get(map, "format");
    rules->paging.first = 1;
    auth_read(file, map, rules);
    paging_read(file, yaml_get(map, "paging"), &rules->paging);
    rules->lines = format && yaml_word(file, format, "format", formats) == 1;
    rules->records = pointer_read(file, map, "records");
    rules->id = pointer_read(file, map, "id");
    rules->submitted = pointer_read(file, map, "submitted");
    rules->updated = pointer_read(file, map, "updated");
    rules->deleted = pointer_read(file, map, "deleted");
    rules->complete = pointer_read(file, map, "complete");
    answers_read(file, yaml_get(map, "answers"), rules);
    if (!rules->records)
        rules->records = g_strdup("");
    if (!yaml_get(map, "id"))
        yaml_complain(file, key,
                      "a source of kind rest has no id; write where a record says it, like "
                      "`id: /id`: without it edits and deletions cannot be told");
    if (rules->lines && yaml_get(map, "records"))
        yaml_complain(file, format,
                      "ndjson has a record on each line, so `records:` says nothing; "
                      "take one of the two away");
    return rules;
}
