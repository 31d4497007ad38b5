#include "schemas/framework_read.h"
#include "schemas/nearest.h"
#include "schemas/nfc.h"
#include "schemas/project_read.h"
#include "schemas/role.h"

#include <math.h>
#include <string.h>

/* --- asking ---------------------------------------------------------------------------------- */

const RoleValue *mapping_value(const Mapping *mapping, const char *key)
{
    for (size_t i = 0; i < mapping->n_values; i++)
        if (g_str_equal(mapping->values[i].key, key))
            return &mapping->values[i];
    return NULL;
}

/* Free text beside coded rows: CODE[other], CODE[comment], CODE[SQ001comment]. */
static bool row_is_text(const char *row, size_t n)
{
    static const char comment[] = "comment";
    const size_t tail = sizeof comment - 1;
    return (n == 5 && memcmp(row, "other", n) == 0) ||
           (n >= tail && memcmp(row + n - tail, comment, tail) == 0);
}

/* What the star of the pattern stands for in this question: false when it is not covered. A pattern
 * without star covers its own question, with nothing for the star. */
static bool pattern_match(const char *pattern, const char *question, const char **ret_row,
                          size_t *ret_n)
{
    const char *star = strstr(pattern, "[*]");
    const bool fields = !star && g_str_has_suffix(pattern, "/*");
    const size_t head = star ? (size_t)(star - pattern) + 1 : strlen(pattern) - 1;
    if (!star && !fields) {
        *ret_n = 0;
        return g_str_equal(pattern, question);
    }
    if (strncmp(pattern, question, head) != 0)
        return false;
    *ret_row = question + head;
    *ret_n = star ? strcspn(*ret_row, "]") : strlen(*ret_row);
    if (!*ret_n || (star && row_is_text(*ret_row, *ret_n)))
        return false;
    return fields || g_str_equal(*ret_row + *ret_n, star + strlen("[*"));
}

static bool question_has_star(const char *question)
{
    return strstr(question, "[*]") || g_str_has_suffix(question, "/*");
}

bool mapping_covers(const Mapping *mapping, const char *question)
{
    const char *row;
    size_t n;
    return pattern_match(mapping->question, question, &row, &n);
}

char *mapping_item(const Mapping *mapping, const char *question)
{
    const RoleValue *item = mapping_value(mapping, "item");
    const char *row;
    size_t n;
    if (!item || !item->literal)
        return NULL;
    if (!g_str_has_suffix(item->literal, "*") ||
        !pattern_match(mapping->question, question, &row, &n) || !n)
        return g_strdup(item->literal);
    return g_strdup_printf("%.*s%.*s", (int)strlen(item->literal) - 1, item->literal, (int)n, row);
}

const char *recode_apply(GHashTable *recode, const char *code)
{
    const char *renamed = recode ? g_hash_table_lookup(recode, code) : NULL;
    return renamed ? renamed : code;
}

char *recode_apply_each(GHashTable *recode, const char *codes)
{
    g_auto(GStrv) parts = g_strsplit(codes, ";", -1);
    GString *out = g_string_new(NULL);
    for (char **part = parts; *part; part++) {
        const char *code = g_strstrip(*part);
        if (*code)
            g_string_append_printf(out, "%s%s", out->len ? ";" : "", recode_apply(recode, code));
    }
    return g_string_free(out, FALSE);
}

void mapping_free(gpointer data)
{
    Mapping *mapping = data;
    if (!mapping)
        return;
    for (size_t i = 0; i < mapping->n_values; i++) {
        g_free(mapping->values[i].literal);
        g_free(mapping->values[i].from);
        g_clear_pointer(&mapping->values[i].recode, g_hash_table_unref);
    }
    g_free(mapping->values);
    g_free(mapping->question);
    g_clear_pointer(&mapping->recode, g_hash_table_unref);
    g_free(mapping);
}

/* --- values ---------------------------------------------------------------------------------- */

bool role_value_fits(const Framework *framework, const RoleKey *key, const char *text)
{
    char *end;
    switch (key->kind) {
    case VALUE_TEXT:
    case VALUE_NAME:
        return true;
    case VALUE_NUMBER:
        return isfinite(g_ascii_strtod(text, &end)) && end != text && !*end;
    case VALUE_WORD:
        return g_strv_contains(key->words, text);
    case VALUE_TERM:
        for (const TermKind *kind = key->terms; *kind != N_TERM_KINDS; kind++)
            if (framework_match(framework, *kind, text) >= 0)
                return true;
        return false;
    }
    return false;
}

/* The same with a complaint that names the nearest that fits. */
static bool value_expect(ProjectReader *reader, const RoleKey *key, const YamlNode *at,
                         const char *text)
{
    const Framework *framework = reader->project->framework;
    if (key->kind == VALUE_TERM)
        return term_expect(reader->file, framework, key->terms, true, at, key->key, text) >= 0;
    if (role_value_fits(framework, key, text))
        return true;
    if (key->kind == VALUE_WORD)
        yaml_word(reader->file, at, key->key, key->words);
    else {
        g_autofree char *shown = yaml_shown(at);
        yaml_complain(reader->file, at, "%s %s is not a number; write it with a decimal point",
                      key->key, shown);
    }
    return false;
}

/* `maal-*` needs a question with a star and at least one item that begins so. */
static void starred_expect(ProjectReader *reader, const Mapping *mapping, const RoleKey *key,
                           const YamlNode *at, const char *text)
{
    const Framework *framework = reader->project->framework;
    g_autofree char *head = g_strndup(text, strlen(text) - 1);
    if (!question_has_star(mapping->question)) {
        yaml_complain(reader->file, at,
                      "%s \"%s\" takes its end from the row, but question \"%s\" is a single one; "
                      "map \"%s[*]\" or write the whole %s",
                      key->key, text, mapping->question, mapping->question, key->key);
        return;
    }
    for (const TermKind *kind = key->terms; *kind != N_TERM_KINDS; kind++)
        for (size_t i = 0; i < framework->list[*kind].n; i++)
            if (g_str_has_prefix(framework->list[*kind].v[i].id, head))
                return;
    yaml_complain(reader->file, at,
                  "%s \"%s\": framework %s has none that begins with \"%s\"; add them there",
                  key->key, text, framework->id, head);
}

static bool attribute_name_is_sound(const char *name)
{
    if (!g_ascii_islower(*name))
        return false;
    return !name[strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-")];
}

static void literal_read(ProjectReader *reader, Mapping *mapping, RoleValue *value,
                         const YamlNode *node)
{
    const RoleKey *key = role_key(mapping->role, value->key);
    const char *text = yaml_text(reader->file, node, key->key);
    if (!text)
        return;
    if (key->starred && g_str_has_suffix(text, "*"))
        starred_expect(reader, mapping, key, node, text);
    else if (key->kind == VALUE_NAME && !attribute_name_is_sound(text)) {
        g_autofree char *shown = yaml_shown(node);
        yaml_complain(reader->file, node,
                      "attribute %s: a name has small letters a-z, digits and hyphens; rename it",
                      shown);
    } else {
        value_expect(reader, key, node, text);
    }
    value->literal = nfc_text(text);
}

static void from_read(ProjectReader *reader, const Mapping *mapping, RoleValue *value,
                      const YamlNode *node)
{
    const char *text = yaml_text(reader->file, node, value->key);
    if (!text)
        return;
    if (question_has_star(text) || g_str_equal(text, mapping->question))
        yaml_complain(reader->file, node, "%s_from names one other question; write its name",
                      value->key);
    value->from = nfc_text(text);
}

static void keys_known(ProjectReader *reader, const Mapping *mapping, const YamlNode *map)
{
    g_autoptr(GPtrArray) known = g_ptr_array_new_with_free_func(g_free);
    for (const RoleKey *key = role_row(mapping->role)->keys; key && key->key; key++) {
        g_ptr_array_add(known, g_strdup(key->key));
        if (key->kind != VALUE_NAME)
            g_ptr_array_add(known, g_strconcat(key->key, "_from", NULL));
    }
    g_ptr_array_add(known, g_strdup("values"));
    if (role_row(mapping->role)->scale != SCALE_NONE)
        g_ptr_array_add(known, g_strdup("scale"));
    g_ptr_array_add(known, NULL);
    yaml_known(reader->file, map, (const char *const *)known->pdata);
}

static void values_of_map(ProjectReader *reader, Mapping *mapping, const YamlNode *map)
{
    keys_known(reader, mapping, map);
    for (const RoleKey *key = role_row(mapping->role)->keys; key && key->key; key++) {
        g_autofree char *from_key = g_strconcat(key->key, "_from", NULL);
        const YamlNode *given = yaml_get(map, key->key);
        const YamlNode *from = key->kind == VALUE_NAME ? NULL : yaml_get(map, from_key);
        if (given && from)
            yaml_complain(reader->file, from, "%s is given already; leave one of the two out",
                          key->key);
        if (!given && !from)
            continue;
        RoleValue *value = &mapping->values[mapping->n_values++];
        value->key = key->key;
        if (given)
            literal_read(reader, mapping, value, given);
        else
            from_read(reader, mapping, value, from);
    }
}

/* False when the node is of no kind that this role can be written with. */
static bool role_value_read(ProjectReader *reader, Mapping *mapping, const YamlNode *node)
{
    const RoleRow *row = role_row(mapping->role);
    size_t n = 0;
    while (row->keys && row->keys[n].key)
        n++;
    mapping->values = g_new0(RoleValue, n + 1);
    if (mapping->role == ROLE_PERSON) {
        bool is = false;
        if (yaml_bool(reader->file, node, row->word, &is) && !is)
            yaml_complain(reader->file, node, "person is true, or the question has another role");
    } else if (node->kind == YAML_MAP) {
        values_of_map(reader, mapping, node);
    } else if (row->lead && node->kind == YAML_SCALAR) {
        RoleValue *value = &mapping->values[mapping->n_values++];
        value->key = role_key(mapping->role, row->lead)->key;
        literal_read(reader, mapping, value, node);
    } else {
        return yaml_is(reader->file, node, YAML_MAP, row->word);
    }
    return true;
}

/* --- what a role must have ------------------------------------------------------------------- */

static void require_keys(ProjectReader *reader, const Mapping *mapping, const YamlNode *at)
{
    for (const RoleKey *key = role_row(mapping->role)->keys; key && key->key; key++)
        if (key->required && !mapping_value(mapping, key->key))
            yaml_complain(reader->file, at, "this %s has no %s; add `%s: …` or `%s_from: …`",
                          role_word(mapping->role), key->key, key->key, key->key);
}

static void require_rating(ProjectReader *reader, const Mapping *mapping, const YamlNode *at)
{
    if (!mapping_value(mapping, "item") && !mapping_value(mapping, "area") &&
        !mapping_value(mapping, "activity"))
        yaml_complain(reader->file, at, "nothing is rated here; add item, area or activity");
}

static void require_statement(ProjectReader *reader, const Mapping *mapping, const YamlNode *at)
{
    const bool quadrant = mapping_value(mapping, "quadrant");
    const bool origin = mapping_value(mapping, "origin");
    const bool polarity = mapping_value(mapping, "polarity");
    if (quadrant && (origin || polarity))
        yaml_complain(reader->file, at,
                      "a statement has a quadrant, or origin and polarity; leave one of them out");
    else if (polarity && !origin && !mapping_value(mapping, "category"))
        yaml_complain(reader->file, at,
                      "polarity alone is no quadrant; add origin or category (or their _from)");
    else if (!quadrant && !polarity && !mapping_value(mapping, "item"))
        yaml_complain(
            reader->file, at,
            "this statement has no place; add quadrant, polarity or item (or their _from)");
}

static void require_role(ProjectReader *reader, const Mapping *mapping, const YamlNode *at)
{
    require_keys(reader, mapping, at);
    if (mapping->role == ROLE_RATING)
        require_rating(reader, mapping, at);
    if (mapping->role == ROLE_STATEMENT)
        require_statement(reader, mapping, at);
}

static void scale_find(ProjectReader *reader, Mapping *mapping, const YamlNode *at,
                       const YamlNode *scale)
{
    const ScaleRule rule = role_row(mapping->role)->scale;
    const Framework *framework = reader->project->framework;
    if (scale && rule == SCALE_NONE)
        yaml_complain(reader->file, scale, "a question with role %s has no scale; leave it out",
                      role_word(mapping->role));
    else if (scale)
        mapping->scale = scale_expect(reader->file, framework, scale, "scale");
    else if (rule == SCALE_MUST && !(mapping->scale = framework->default_scale))
        yaml_complain(
            reader->file, at,
            "this %s names no scale and framework %s has no default_scale; add `scale: …`",
            role_word(mapping->role), framework->id);
}

/* --- renaming codes -------------------------------------------------------------------------- */

static bool answer_fits(const Mapping *mapping, const Framework *framework, const char *text,
                        bool *ret_asked)
{
    const RoleValue *name = mapping_value(mapping, "name");
    Missing missing;
    *ret_asked = true;
    if (mapping->scale)
        return scale_read(mapping->scale, text, &missing) || missing != MISSING_UNREADABLE;
    const TermKind terms = name && name->literal ? attribute_terms(name->literal) : N_TERM_KINDS;
    if (terms != N_TERM_KINDS)
        return framework_match(framework, terms, text) >= 0;
    *ret_asked = false;
    return true;
}

static void complain_answer(ProjectReader *reader, const Mapping *mapping, const YamlNode *at)
{
    g_autofree char *shown = yaml_shown(at);
    const RoleValue *name = mapping_value(mapping, "name");
    if (mapping->scale) {
        yaml_complain(reader->file, at, "%s is no code of scale %s; rename to one of its codes",
                      shown, mapping->scale->id);
        return;
    }
    const TermKind terms[] = {attribute_terms(name->literal), N_TERM_KINDS};
    term_expect(reader->file, reader->project->framework, terms, true, at, name->literal, at->text);
}

/* code → renamed, from a map of scalars. Codes come from forms in NFC, so they stand here so. */
static GHashTable *recode_new(ProjectReader *reader, const YamlNode *map)
{
    GHashTable *recode = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    for (size_t i = 0; i < yaml_count(map); i++) {
        const char *text = yaml_text(reader->file, yaml_item(map, i), "a new name in values");
        if (text)
            g_hash_table_insert(recode, nfc_text(yaml_key(map, i)), nfc_text(text));
    }
    return recode;
}

/* One map for the answer and for every `…_from`: each new name must mean something to one of those
 * that know their values; free text takes any. */
static void recode_shared(ProjectReader *reader, Mapping *mapping, const YamlNode *map)
{
    const Framework *framework = reader->project->framework;
    g_autoptr(GHashTable) recode = recode_new(reader, map);
    for (size_t i = 0; i < yaml_count(map); i++) {
        const YamlNode *node = yaml_item(map, i);
        if (node->kind != YAML_SCALAR || !*node->text)
            continue;
        bool answer_asked;
        bool fits = answer_fits(mapping, framework, node->text, &answer_asked) && answer_asked;
        const RoleKey *asked = NULL;
        for (size_t v = 0; v < mapping->n_values && !fits; v++) {
            const RoleKey *key = role_key(mapping->role, mapping->values[v].key);
            if (!mapping->values[v].from || key->kind == VALUE_TEXT)
                continue;
            fits = role_value_fits(framework, key, node->text);
            asked = asked ? asked : key;
        }
        if (!fits && answer_asked)
            complain_answer(reader, mapping, node);
        else if (!fits && asked)
            value_expect(reader, asked, node, node->text);
    }
    mapping->recode = g_hash_table_ref(recode);
    for (size_t v = 0; v < mapping->n_values; v++)
        if (mapping->values[v].from)
            mapping->values[v].recode = g_hash_table_ref(recode);
}

static void recode_answer(ProjectReader *reader, Mapping *mapping, const YamlNode *map)
{
    mapping->recode = recode_new(reader, map);
    for (size_t i = 0; i < yaml_count(map); i++) {
        const YamlNode *node = yaml_item(map, i);
        bool asked;
        if (node->kind == YAML_SCALAR && *node->text &&
            !answer_fits(mapping, reader->project->framework, node->text, &asked))
            complain_answer(reader, mapping, node);
    }
}

static void recode_key(ProjectReader *reader, Mapping *mapping, RoleValue *value,
                       const YamlNode *map)
{
    const RoleKey *key = role_key(mapping->role, value->key);
    value->recode = recode_new(reader, map);
    for (size_t i = 0; i < yaml_count(map); i++) {
        const YamlNode *node = yaml_item(map, i);
        if (node->kind == YAML_SCALAR && *node->text)
            value_expect(reader, key, node, node->text);
    }
}

/* A map for each key that is read `_from`, and one under the role's word for the answer itself. */
static void recode_keyed(ProjectReader *reader, Mapping *mapping, const YamlNode *map)
{
    const char *word = role_word(mapping->role);
    g_autoptr(GPtrArray) known = g_ptr_array_new();
    g_ptr_array_add(known, (gpointer)word);
    for (size_t v = 0; v < mapping->n_values; v++)
        if (mapping->values[v].from)
            g_ptr_array_add(known, (gpointer)mapping->values[v].key);
    g_ptr_array_add(known, NULL);
    yaml_known(reader->file, map, (const char *const *)known->pdata);
    for (size_t i = 0; i + 1 < known->len; i++) {
        const YamlNode *part = yaml_get(map, known->pdata[i]);
        if (!part || !yaml_is(reader->file, part, YAML_MAP, "each map in values"))
            continue;
        if (i == 0)
            recode_answer(reader, mapping, part);
        else
            recode_key(reader, mapping, (RoleValue *)mapping_value(mapping, known->pdata[i]), part);
    }
}

static void recode_read(ProjectReader *reader, Mapping *mapping, const YamlNode *map)
{
    if (!map || !yaml_is(reader->file, map, YAML_MAP, "values"))
        return;
    for (size_t i = 0; i < yaml_count(map); i++)
        if (yaml_item(map, i)->kind == YAML_MAP) {
            recode_keyed(reader, mapping, map);
            return;
        }
    recode_shared(reader, mapping, map);
}

/* --- one question ---------------------------------------------------------------------------- */

/* A part that may stand beside the role or inside it. */
static const YamlNode *beside_or_inside(ProjectReader *reader, const YamlNode *map,
                                        const YamlNode *inside, const char *key)
{
    const YamlNode *outer = yaml_get(map, key), *inner = yaml_get(inside, key);
    if (outer && inner)
        yaml_complain(reader->file, inner, "%s is given twice; leave one of the two out", key);
    return outer ? outer : inner;
}

/* The one role among the keys, N_ROLES after a complaint. */
static Role role_find(ProjectReader *reader, const YamlNode *question, const YamlNode *map)
{
    const char *known[N_ROLES + 3];
    size_t n = 0, found = 0;
    Role role = N_ROLES;
    for (const char *const *word = role_words(); *word; word++) {
        known[n++] = *word;
        if (yaml_get(map, *word)) {
            role = role_parse(*word);
            found++;
        }
    }
    known[n++] = "values";
    known[n++] = "scale";
    known[n] = NULL;
    const size_t extra = (yaml_get(map, "values") != NULL) + (yaml_get(map, "scale") != NULL);
    yaml_known(reader->file, map, known);
    if (found == 1)
        return role;
    g_autofree char *shown = yaml_shown(question);
    if (found > 1)
        yaml_complain(reader->file, question, "question %s has %zu roles; give it one", shown,
                      found);
    else if (yaml_count(map) == extra)
        yaml_complain(reader->file, question,
                      "question %s has no role; write `ignore` or `{role: …}`", shown);
    return N_ROLES;
}

static Mapping *mapping_new(const YamlNode *question, Role role)
{
    Mapping *mapping = g_new0(Mapping, 1);
    mapping->question = nfc_text(question->text);
    mapping->role = role;
    mapping->line = question->line;
    mapping->column = question->column;
    return mapping;
}

Mapping *mapping_read(ProjectReader *reader, const YamlNode *question, const YamlNode *value)
{
    g_autofree char *shown = yaml_shown(question);
    if (value->kind == YAML_SCALAR && g_str_equal(value->text, role_word(ROLE_IGNORE)))
        return mapping_new(question, ROLE_IGNORE);
    if (value->kind != YAML_MAP) {
        if (value->kind != YAML_REFUSED)
            yaml_complain(reader->file, value,
                          "question %s has no role; write `ignore` or `{role: …}`", shown);
        return NULL;
    }
    const Role role = role_find(reader, question, value);
    if (role == N_ROLES)
        return NULL;
    Mapping *mapping = mapping_new(question, role);
    const YamlNode *inside = yaml_get(value, role_word(role));
    if (role_value_read(reader, mapping, inside))
        require_role(reader, mapping, inside);
    scale_find(reader, mapping, question, beside_or_inside(reader, value, inside, "scale"));
    recode_read(reader, mapping, beside_or_inside(reader, value, inside, "values"));
    return mapping;
}
