#include "collect/gate.h"

#include "schemas/nfc.h"
#include "schemas/role.h"

#include <string.h>

/* A source has a known handful of questions; a server that invents new names without end may fill
 * this table and no more. */
enum { ROUTES_LIMIT = 65536 };

/* What happens to the answers of one question. */
typedef struct {
    const Mapping *mapping; /* NULL: none, so nothing is kept */
    guint order;            /* of the mapping in the project file */
} Route;

struct Gate {
    const Project *project;
    const Source *source;
    const ProjectKey *key;
    GHashTable *routes; /* question → Route */
    int64_t mended;     /* answers that were not UTF-8 */
};

Gate *gate_new(const Project *project, const Source *source, const ProjectKey *key)
{
    Gate *gate = g_new0(Gate, 1);
    gate->project = project;
    gate->source = source;
    gate->key = key;
    gate->routes = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    return gate;
}

int64_t gate_mended(const Gate *gate)
{
    return gate->mended;
}

void gate_free(Gate *gate)
{
    if (!gate)
        return;
    g_hash_table_unref(gate->routes);
    g_free(gate);
}

static TermKind declared_list(const Mapping *mapping)
{
    const RoleValue *name = mapping->role == ROLE_ATTRIBUTE ? mapping_value(mapping, "name") : NULL;
    return name && name->literal ? attribute_terms(name->literal) : N_TERM_KINDS;
}

static const Route *route_find(Gate *gate, const char *question)
{
    Route *route = g_hash_table_lookup(gate->routes, question);
    if (route)
        return route;
    if (g_hash_table_size(gate->routes) >= ROUTES_LIMIT)
        g_hash_table_remove_all(gate->routes);
    route = g_new0(Route, 1);
    const Mapping *mapping = source_mapping(gate->source, question);
    if (mapping && mapping->role != ROLE_IGNORE) {
        route->mapping = mapping;
        g_ptr_array_find(gate->source->mappings, mapping, &route->order);
    }
    g_hash_table_insert(gate->routes, g_strdup(question), route);
    return route;
}

/* Nothing a reader would see: white space, controls, marks of direction and width, and the letters
 * that are drawn as a blank (Hangul fillers, the empty Braille cell). */
static bool invisible(gunichar c)
{
    return g_unichar_isspace(c) || g_unichar_iscntrl(c) || g_unichar_type(c) == G_UNICODE_FORMAT ||
           c == 0x034F || c == 0x115F || c == 0x1160 || c == 0x2800 || c == 0x3164 || c == 0xFFA0;
}

static const char *skip_invisible(const char *text)
{
    while (*text && invisible(g_utf8_get_char(text)))
        text = g_utf8_next_char(text);
    return text;
}

/* Valid UTF-8 without a byte order mark; the common text comes back as it is. */
static const char *sound(Gate *gate, Response *response, const char *text)
{
    if (!g_utf8_validate(text, -1, NULL)) {
        g_autofree char *valid = g_utf8_make_valid(text, -1);
        text = response_keep(response, valid);
        gate->mended++;
    }
    return g_str_has_prefix(text, "\xEF\xBB\xBF") ? text + 3 : text;
}

/* Codes are compared byte by byte from here on, so they come in one spelling. Below U+0300 (lead
 * byte 0xCC) there is but one, which spares nearly every code the normaliser. */
static const char *composed(Response *response, const char *code)
{
    for (const char *p = code; *p; p++)
        if ((unsigned char)*p >= 0xCC) {
            g_autofree char *nfc = nfc_text(code);
            return response_keep(response, nfc);
        }
    return code;
}

/* Is the answer itself read on the mapping's scale? Where the role's graded key names another
 * question, that one is, and this answer is what people write beside it. */
static bool graded(const Mapping *mapping)
{
    return mapping->scale && !(mapping->role == ROLE_GOAL && mapping_value(mapping, "maturity")) &&
           !(mapping->role == ROLE_STATUS && mapping_value(mapping, "light"));
}

/* Is the answer compared with something, and not only read by people? */
static bool coded(const Mapping *mapping)
{
    return graded(mapping) || mapping->role == ROLE_ATTRIBUTE || mapping->role == ROLE_SUPPORT;
}

/* Several answers to one question, joined by `;`. */
static bool takes_several(const Mapping *mapping)
{
    const RoleValue *name = mapping_value(mapping, "name");
    return name && !g_strcmp0(name->literal, "organisations");
}

static bool all_known(const Mapping *mapping, const char *text)
{
    g_auto(GStrv) parts = g_strsplit(text, ";", -1);
    for (char **part = parts; *part; part++)
        if (*g_strstrip(*part) && !g_hash_table_contains(mapping->recode, *part))
            return false;
    return true;
}

Missing gate_judge(const Project *project, const Mapping *mapping, const char *text)
{
    const TermKind list = declared_list(mapping);
    const char *code = recode_apply(mapping->recode, text);
    Missing missing = MISSING_NONE;
    if (graded(mapping))
        return scale_read(mapping->scale, code, &missing) ? MISSING_NONE : missing;
    if (list != N_TERM_KINDS)
        return framework_match(project->framework, list, code) >= 0 ? MISSING_NONE
                                                                    : MISSING_UNREADABLE;
    bool unknown = mapping->role == ROLE_ATTRIBUTE && mapping->recode &&
                   !(takes_several(mapping) ? all_known(mapping, text)
                                            : g_hash_table_contains(mapping->recode, text));
    return unknown ? MISSING_UNREADABLE : MISSING_NONE;
}

static void answer_pass(Gate *gate, const Route *route, Response *response, Answer *answer)
{
    if (!answer->text)
        return;
    answer->text = sound(gate, response, answer->text);
    if (!*skip_invisible(answer->text)) {
        answer->text = NULL;
        answer->missing = MISSING_NOT_ANSWERED;
        return;
    }
    if (!coded(route->mapping))
        return;
    answer->text = composed(response, answer->text);
    if (answer->missing == MISSING_NONE)
        answer->missing = gate_judge(gate->project, route->mapping, answer->text);
}

/* Blanks around the text go, those between words become one, invisible marks vanish. */
static char *collapse(const char *text)
{
    GString *out = g_string_new(NULL);
    bool gap = false;
    for (const char *p = text; *p; p = g_utf8_next_char(p)) {
        gunichar c = g_utf8_get_char(p);
        if (invisible(c)) {
            gap = gap || g_unichar_isspace(c);
            continue;
        }
        if (gap && out->len)
            g_string_append_c(out, ' ');
        gap = false;
        g_string_append_unichar(out, c);
    }
    return g_string_free(out, FALSE);
}

/* g_utf8_strdown follows the locale, and a pseudonym must not. */
static char *lower(const char *text)
{
    GString *out = g_string_new(NULL);
    for (const char *p = text; *p; p = g_utf8_next_char(p))
        g_string_append_unichar(out, g_unichar_tolower(g_utf8_get_char(p)));
    return g_string_free(out, FALSE);
}

/* One spelling a person, whatever was typed. */
static char *person_normal(const char *text)
{
    g_autofree char *nfc = nfc_text(text);
    g_autofree char *plain = collapse(nfc);
    g_autofree char *folded = strchr(plain, '@') ? lower(plain) : g_utf8_casefold(plain, -1);
    return nfc_text(folded);
}

char *gate_pseudonym(const ProjectKey *key, const char *person)
{
    g_autofree char *normal = person_normal(person);
    return *normal ? project_key_id(key, "person", normal, NULL) : NULL;
}

static void pseudonym_set(const Gate *gate, Response *response, const char *person)
{
    g_autofree char *pseudonym = person ? gate_pseudonym(gate->key, person) : NULL;
    response->pseudonym = response_keep(response, pseudonym);
}

void gate_pass(Gate *gate, Response *response, int64_t *unreadable)
{
    GArray *answers = response->answers;
    const char *person = NULL;
    guint person_order = 0;
    guint kept = 0;
    for (guint i = 0; i < answers->len; i++) {
        Answer answer = g_array_index(answers, Answer, i);
        const Route *route = route_find(gate, answer.question);
        if (!route->mapping)
            continue;
        answer_pass(gate, route, response, &answer);
        if (route->mapping->role == ROLE_PERSON) {
            if (answer.text && (!person || route->order < person_order)) {
                person = answer.text;
                person_order = route->order;
            }
            continue;
        }
        *unreadable += answer.missing == MISSING_UNREADABLE;
        g_array_index(answers, Answer, kept++) = answer;
    }
    g_array_set_size(answers, kept);
    pseudonym_set(gate, response, person);
}
