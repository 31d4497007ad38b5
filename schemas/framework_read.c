#include "schemas/framework_read.h"
#include "schemas/nearest.h"
#include "schemas/nfc.h"
#include "schemas/project_read.h"

#include <string.h>

enum { ID_MAX = 64, FORMAT_VERSION = 1 };

/* What a term of a list may say beside id, label, brief and detail. */
enum {
    HAS_LETTER = 1 << 0,
    HAS_LEVEL = 1 << 1,
    HAS_POLES = 1 << 2,
    HAS_PATTERNS = 1 << 3,
};

typedef enum { PARENT_NONE, PARENT_MAY, PARENT_IF_ANY, PARENT_MUST } ParentRule;

typedef struct {
    const char *list, *one; /* key in the file; one of them, for messages */
    unsigned has;
    const char *parent_key;
    TermKind parent;
    ParentRule rule;
    const char *const *kinds; /* words of `kind:`; NULL: it has none */
    bool kind_may;            /* `kind:` may be left out */
    const TermKind *related;  /* what `related:` may name, ended by N_TERM_KINDS; NULL: nothing */
    size_t most;              /* of them; 0: any number. Sets of them are kept as bits */
} TermRow;

static const char *const category_kinds[] = {"internal", "external", NULL};
static const char *const theme_kinds[] = {"strength", "weakness", "opportunity", "threat", NULL};
static const char *const need_kinds[] = {"practical", "underlying", NULL};
static const char *const effect_kinds[] = {"development", "start", "challenge", NULL};
static const TermKind trend_related[] = {TERM_CATEGORY, N_TERM_KINDS};
static const TermKind dilemma_related[] = {TERM_ITEM, TERM_THEME, N_TERM_KINDS};

/* One row a list: a new one is a row here, a TermKind and a line in framework.schema.json. They are
 * read in the order of TermKind, parents before children. */
#define LIST(list_, one_)         .list = list_, .one = one_
#define BELOW(rule_, key_, kind_) .parent_key = key_, .parent = kind_, .rule = rule_
static const TermRow rows[N_TERM_KINDS] = {
    [TERM_LEVEL] = {LIST("levels", "level")},
    [TERM_QUESTION] = {LIST("questions", "question"), BELOW(PARENT_IF_ANY, "level", TERM_LEVEL)},
    [TERM_ITEM] = {LIST("items", "item"), BELOW(PARENT_MUST, "question", TERM_QUESTION),
                   .has = HAS_LEVEL},
    [TERM_GROUP] = {LIST("groups", "group"), .most = 64},
    [TERM_STREAM] = {LIST("streams", "stream"), .has = HAS_LETTER, .most = 32},
    [TERM_CATEGORY] = {LIST("categories", "category"), .has = HAS_LETTER, .kinds = category_kinds},
    [TERM_THEME] = {LIST("themes", "theme"), .has = HAS_PATTERNS, .kinds = theme_kinds,
                    .kind_may = true},
    [TERM_TREND] = {LIST("trends", "trend"), .related = trend_related},
    [TERM_AREA] = {LIST("areas", "area")},
    [TERM_FOCUS] = {LIST("focus_areas", "focus area"), BELOW(PARENT_MUST, "area", TERM_AREA)},
    [TERM_GOAL] = {LIST("goals", "goal"), BELOW(PARENT_MUST, "focus_area", TERM_FOCUS)},
    [TERM_ACTIVITY] = {LIST("activities", "activity"),
                       BELOW(PARENT_MUST, "focus_area", TERM_FOCUS)},
    [TERM_SCENARIO] = {LIST("scenarios", "scenario")},
    [TERM_NEED_GROUP] = {LIST("need_groups", "need group")},
    [TERM_SEGMENT] = {LIST("segments", "segment"), BELOW(PARENT_MUST, "group", TERM_NEED_GROUP)},
    [TERM_NEED] = {LIST("needs", "need"), BELOW(PARENT_MAY, "group", TERM_NEED_GROUP),
                   .kinds = need_kinds},
    [TERM_EFFECT] = {LIST("effects", "effect"), .kinds = effect_kinds},
    [TERM_DOCUMENT_THEME] = {LIST("document_themes", "document theme")},
    [TERM_SDG] = {LIST("un_goals", "UN goal")},
    [TERM_DILEMMA] = {LIST("dilemmas", "dilemma"), BELOW(PARENT_IF_ANY, "level", TERM_LEVEL),
                      .has = HAS_POLES, .related = dilemma_related},
};
#undef LIST
#undef BELOW

/* --- parts ----------------------------------------------------------------------------------- */

bool label_read(YamlFile *file, const YamlNode *node, const char *what, Label *ret)
{
    static const char *const languages[] = {"nb", "nn", "en", NULL};
    if (node && node->kind == YAML_SCALAR) {
        const char *text = yaml_text(file, node, what);
        for (int i = 0; text && i < N_LANGUAGES; i++)
            ret->text[i] = nfc_text(text);
        return text;
    }
    if (!yaml_is(file, node, YAML_MAP, what))
        return false;
    yaml_known(file, node, languages);
    bool any = false;
    for (int i = 0; i < N_LANGUAGES; i++) {
        const YamlNode *value = yaml_get(node, languages[i]);
        const char *text = value ? yaml_text(file, value, what) : NULL;
        ret->text[i] = text ? nfc_text(text) : NULL;
        any = any || text;
    }
    if (!any)
        yaml_complain(file, node, "%s has no text; write nb:, nn: and en:", what);
    return any;
}

/* Letters, digits, dots and hyphens; begins with a letter or digit. */
bool id_is_sound(const char *id)
{
    const size_t n = strlen(id);
    if (!n || n > ID_MAX || !g_ascii_isalnum(*id))
        return false;
    for (const char *c = id; *c; c++)
        if (!g_ascii_isalnum(*c) && *c != '.' && *c != '-')
            return false;
    return true;
}

static char *id_read(YamlFile *file, const YamlNode *node, const char *one)
{
    const char *text = yaml_text(file, node, "id");
    if (!text)
        return NULL;
    if (!id_is_sound(text)) {
        g_autofree char *shown = yaml_shown(node);
        yaml_complain(file, node,
                      "id %s of a %s; use letters a-z, digits, dots and hyphens (at most %d)",
                      shown, one, ID_MAX);
        return NULL;
    }
    return g_strdup(text);
}

static const char *const *ids_of(const Framework *framework, const TermKind *kinds)
{
    GPtrArray *ids = g_ptr_array_new();
    for (; *kinds != N_TERM_KINDS; kinds++)
        for (size_t i = 0; i < framework->list[*kinds].n; i++)
            g_ptr_array_add(ids, framework->list[*kinds].v[i].id);
    g_ptr_array_add(ids, NULL);
    return (const char *const *)g_ptr_array_free(ids, FALSE);
}

int term_expect(YamlFile *file, const Framework *framework, const TermKind *kinds, bool loose,
                const YamlNode *at, const char *what, const char *text)
{
    for (const TermKind *kind = kinds; *kind != N_TERM_KINDS; kind++) {
        const int index = loose ? framework_match(framework, *kind, text)
                                : framework_find(framework, *kind, text);
        if (index >= 0)
            return index;
    }
    g_autofree const char *const *ids = ids_of(framework, kinds);
    g_autofree char *shown = yaml_shown(at);
    if (ids[0]) {
        g_autofree char *help = nearest_help(text, ids);
        yaml_complain(file, at, "%s %s is not in framework %s; %s", what, shown, framework->id,
                      help);
    } else {
        yaml_complain(file, at, "%s %s: framework %s has no %s; declare them %s", what, shown,
                      framework->id, rows[kinds[0]].list,
                      kinds[0] == TERM_SCENARIO ? "under `scenarios:` here or there" : "there");
    }
    return -1;
}

const Scale *scale_expect(YamlFile *file, const Framework *framework, const YamlNode *at,
                          const char *what)
{
    const char *id = yaml_text(file, at, what);
    const Scale *scale = id ? framework_scale(framework, id) : NULL;
    if (!id || scale)
        return scale;
    g_autoptr(GPtrArray) ids = g_ptr_array_new();
    for (size_t i = 0; i < framework->n_scales; i++)
        g_ptr_array_add(ids, framework->scales[i]->id);
    g_ptr_array_add(ids, NULL);
    g_autofree char *shown = yaml_shown(at);
    g_autofree char *help = nearest_help(id, (const char *const *)ids->pdata);
    yaml_complain(file, at, "%s %s is not in framework %s; %s", what, shown, framework->id, help);
    return NULL;
}

/* --- terms ----------------------------------------------------------------------------------- */

void framework_name_add(GHashTable *names, const char *name, guint index)
{
    gpointer known;
    if (!g_hash_table_lookup_extended(names, name, NULL, &known))
        g_hash_table_insert(names, g_strdup(name), GUINT_TO_POINTER(index + 1));
    else if (GPOINTER_TO_UINT(known) != index + 1)
        g_hash_table_insert(names, g_strdup(name), NULL);
}

/* What people may type for a term. Ids come before all labels and letters, whoever's they are. */
static void names_fill(Framework *framework, TermKind kind)
{
    const TermList *list = &framework->list[kind];
    g_autoptr(GHashTable) typed = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    GHashTableIter each;
    gpointer name, index;
    for (guint i = 0; i < list->n; i++)
        for (int l = 0; l < N_LANGUAGES; l++)
            if (list->v[i].label.text[l]) {
                g_autofree char *folded = label_fold(list->v[i].label.text[l]);
                framework_name_add(typed, folded, i);
            }
    for (guint i = 0; i < list->n; i++)
        if (list->v[i].letter) {
            g_autofree char *folded = label_fold(list->v[i].letter);
            if (!g_hash_table_contains(typed, folded))
                framework_name_add(typed, folded, i);
        }
    g_hash_table_iter_init(&each, typed);
    while (g_hash_table_iter_next(&each, &name, &index))
        if (!g_hash_table_contains(framework->names[kind], name))
            g_hash_table_insert(framework->names[kind], g_strdup(name), index);
}

static char *letter_read(YamlFile *file, const YamlNode *node, const TermList *earlier)
{
    const char *letter = yaml_text(file, node, "letter");
    if (!letter)
        return NULL;
    if (g_utf8_strlen(letter, -1) != 1) {
        yaml_complain(file, node, "a letter is one character; shorten it");
        return NULL;
    }
    for (size_t i = 0; i < earlier->n; i++)
        if (earlier->v[i].letter && g_str_equal(earlier->v[i].letter, letter))
            yaml_complain(file, node, "letter \"%s\" is taken by \"%s\"; choose another", letter,
                          earlier->v[i].id);
    return nfc_text(letter);
}

static int parent_read(Framework *framework, YamlFile *file, TermKind kind, const YamlNode *map)
{
    const YamlNode *node = yaml_get(map, rows[kind].parent_key);
    const TermKind parent = rows[kind].parent;
    const bool wanted = rows[kind].rule == PARENT_MUST ||
                        (rows[kind].rule == PARENT_IF_ANY && framework->list[parent].n);
    if (node) {
        const char *id = yaml_text(file, node, rows[kind].parent_key);
        return id ? term_expect(file, framework, (const TermKind[]){parent, N_TERM_KINDS}, false,
                                node, rows[kind].parent_key, id)
                  : -1;
    }
    if (wanted)
        yaml_complain(file, map, "this %s names no %s; add `%s: …`", rows[kind].one,
                      rows[parent].one, rows[kind].parent_key);
    return -1;
}

static char **related_read(Framework *framework, YamlFile *file, TermKind kind,
                           const YamlNode *node)
{
    char **related = yaml_texts(file, node, "related");
    for (size_t i = 0; related && i < yaml_count(node); i++)
        term_expect(file, framework, rows[kind].related, false, yaml_item(node, i), "related",
                    related[i]);
    return related;
}

static void known_keys(YamlFile *file, TermKind kind, const YamlNode *map)
{
    const struct {
        bool may;
        const char *key;
    } optional[] = {
        {rows[kind].parent_key, rows[kind].parent_key},
        {rows[kind].has & HAS_LETTER, "letter"},
        {rows[kind].has & HAS_LEVEL, "level"},
        {rows[kind].has & HAS_POLES, "pole_a"},
        {rows[kind].has & HAS_POLES, "pole_b"},
        {rows[kind].has & HAS_PATTERNS, "patterns"},
        {rows[kind].kinds, "kind"},
        {rows[kind].related, "related"},
    };
    const char *known[G_N_ELEMENTS(optional) + 5] = {"id", "label", "brief", "detail"};
    size_t n = 4;
    for (size_t i = 0; i < G_N_ELEMENTS(optional); i++)
        if (optional[i].may)
            known[n++] = optional[i].key;
    yaml_known(file, map, known);
}

static void labels_read(YamlFile *file, TermKind kind, const YamlNode *map, Term *term)
{
    const struct {
        const char *key;
        Label *label;
        bool must;
    } labels[] = {
        {"label", &term->label, true},
        {"brief", &term->brief, false},
        {"detail", &term->detail, false},
        {"pole_a", &term->pole_a, rows[kind].has & HAS_POLES},
        {"pole_b", &term->pole_b, rows[kind].has & HAS_POLES},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(labels); i++) {
        const YamlNode *node = yaml_get(map, labels[i].key);
        if (node)
            label_read(file, node, labels[i].key, labels[i].label);
        else if (labels[i].must)
            yaml_complain(file, map, "this %s has no %s; add `%s: {nb: …, nn: …, en: …}`",
                          rows[kind].one, labels[i].key, labels[i].key);
    }
}

static void level_read(Framework *framework, YamlFile *file, TermKind kind, const YamlNode *map,
                       Term *term)
{
    const YamlNode *level = yaml_get(map, "level");
    if (rows[kind].parent == TERM_LEVEL)
        term->level = term->parent;
    else if (rows[kind].parent == TERM_QUESTION && term->parent >= 0)
        term->level = framework->list[TERM_QUESTION].v[term->parent].level;
    if ((rows[kind].has & HAS_LEVEL) && level) {
        const char *id = yaml_text(file, level, "level");
        if (id)
            term->level = term_expect(file, framework, (const TermKind[]){TERM_LEVEL, N_TERM_KINDS},
                                      false, level, "level", id);
    }
}

static void kind_read(YamlFile *file, TermKind kind, const YamlNode *map, Term *term)
{
    const YamlNode *node = yaml_get(map, "kind");
    if (!node && rows[kind].kind_may)
        return;
    if (!node) {
        g_autofree char *words = g_strjoinv(" or ", (char **)rows[kind].kinds);
        yaml_complain(file, map, "this %s has no kind; add `kind: %s`", rows[kind].one, words);
        return;
    }
    const int word = yaml_word(file, node, "kind", rows[kind].kinds);
    term->kind = word >= 0 ? g_strdup(rows[kind].kinds[word]) : NULL;
}

/* True when no earlier term has this id, in any case. Items and questions are rated side by side,
 * and their figures stand under one kind of key, so neither may have the other's. */
static bool id_is_new(YamlFile *file, const Framework *framework, TermKind kind, const YamlNode *at,
                      const char *id)
{
    g_autofree char *folded = label_fold(id);
    const bool taken = g_hash_table_contains(framework->names[kind], folded);
    const bool of_question = kind == TERM_ITEM && framework_find(framework, TERM_QUESTION, id) >= 0;
    if (taken)
        yaml_complain(file, at, "%s \"%s\" is there already; give every %s its own id",
                      rows[kind].one, id, rows[kind].one);
    else if (of_question)
        yaml_complain(file, at, "\"%s\" is the id of a question; give the item its own", id);
    return !taken && !of_question;
}

static void term_read(Framework *framework, YamlFile *file, TermKind kind, const YamlNode *map)
{
    if (!yaml_is(file, map, YAML_MAP, rows[kind].one))
        return;
    known_keys(file, kind, map);
    const YamlNode *id_node = yaml_get(map, "id");
    if (!id_node)
        yaml_complain(file, map, "this %s has no id; add `id: …`", rows[kind].one);
    g_autofree char *id = id_node ? id_read(file, id_node, rows[kind].one) : NULL;
    if (!id || !id_is_new(file, framework, kind, id_node, id))
        return;

    TermList *list = &framework->list[kind];
    Term term = {.id = g_steal_pointer(&id), .parent = -1, .level = -1};
    labels_read(file, kind, map, &term);
    if (rows[kind].parent_key)
        term.parent = parent_read(framework, file, kind, map);
    level_read(framework, file, kind, map, &term);
    if (rows[kind].kinds)
        kind_read(file, kind, map, &term);
    const YamlNode *node;
    if ((rows[kind].has & HAS_LETTER) && (node = yaml_get(map, "letter")))
        term.letter = letter_read(file, node, list);
    if ((rows[kind].has & HAS_PATTERNS) && (node = yaml_get(map, "patterns")))
        term.patterns = yaml_texts(file, node, "patterns");
    if (rows[kind].related && (node = yaml_get(map, "related")))
        term.related = related_read(framework, file, kind, node);

    const guint index = (guint)list->n;
    list->v = g_renew(Term, list->v, list->n + 1);
    list->v[list->n++] = term;
    g_hash_table_insert(framework->index[kind], term.id, GUINT_TO_POINTER(index + 1));
    g_hash_table_insert(framework->names[kind], label_fold(term.id), GUINT_TO_POINTER(index + 1));
}

void framework_read_terms(Framework *framework, YamlFile *file, TermKind kind, const YamlNode *list)
{
    if (yaml_null(list) || !yaml_is(file, list, YAML_LIST, rows[kind].list))
        return;
    for (size_t i = 0; i < yaml_count(list); i++)
        term_read(framework, file, kind, yaml_item(list, i));
    const size_t n = framework->list[kind].n, most = rows[kind].most;
    if (most && n > most)
        yaml_complain(file, list, "%s: a framework has at most %zu, this one %zu; join some",
                      rows[kind].list, most, n);
    names_fill(framework, kind);
}

/* --- scales ---------------------------------------------------------------------------------- */

/* Codes that stand for the lack of a value, under the word of the reason. A later map wins, and a
 * step's own code wins over all. */
static void missing_read(YamlFile *file, const YamlNode *map, GHashTable *codes)
{
    if (yaml_null(map) || !yaml_is(file, map, YAML_MAP, "missing"))
        return;
    const char *words[N_MISSING] = {NULL};
    for (int m = MISSING_NOT_SHOWN; m < N_MISSING; m++)
        words[m - 1] = missing_word((Missing)m);
    for (size_t i = 0; i < yaml_count(map); i++) {
        const int word = yaml_word(file, yaml_item(map, i), "missing", words);
        if (word >= 0)
            g_hash_table_insert(codes, g_strdup(yaml_key(map, i)), GINT_TO_POINTER(-(word + 1)));
    }
}

static void codes_read(YamlFile *file, const YamlNode *map, Scale *scale, int step)
{
    const YamlNode *node = yaml_get(map, "codes");
    char **codes = node ? yaml_texts(file, node, "codes") : NULL;
    if (!node) {
        codes = g_new0(char *, 2);
        codes[0] = g_strdup_printf("%d", step + 1);
    }
    scale->step[step].codes = codes;
    for (size_t i = 0; codes && codes[i]; i++) {
        const int known = GPOINTER_TO_INT(g_hash_table_lookup(scale->codes, codes[i]));
        if (known > 0)
            yaml_complain(file, node ? node : map,
                          "code \"%s\" stands for step %d already; give each step its own codes",
                          codes[i], known);
        else
            g_hash_table_insert(scale->codes, g_strdup(codes[i]), GINT_TO_POINTER(step + 1));
    }
}

static void step_read(YamlFile *file, const YamlNode *map, Scale *scale, int i)
{
    static const char *const known[] = {"id", "label", "codes", "map", "agree", NULL};
    ScaleStep *step = &scale->step[i];
    const YamlNode *node;
    if (!yaml_is(file, map, YAML_MAP, "step"))
        return;
    yaml_known(file, map, known);
    step->id = (node = yaml_get(map, "id")) ? id_read(file, node, "step") : NULL;
    if (!step->id)
        step->id = g_strdup("");
    label_read(file, (node = yaml_get(map, "label")) ? node : map, "label", &step->label);
    if ((node = yaml_get(map, "agree")))
        yaml_bool(file, node, "agree", &step->agree);
    codes_read(file, map, scale, i);
}

static Scale *scale_new(void)
{
    Scale *scale = g_new0(Scale, 1);
    scale->codes = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    for (int m = MISSING_NOT_SHOWN; m < N_MISSING; m++)
        g_hash_table_insert(scale->codes, g_strdup(missing_word((Missing)m)), GINT_TO_POINTER(-m));
    return scale;
}

static void scale_read_steps(YamlFile *file, const YamlNode *map, Scale *scale)
{
    const YamlNode *steps = yaml_get(map, "steps");
    if (!yaml_is(file, steps ? steps : map, YAML_LIST, "steps"))
        return;
    const size_t n = yaml_count(steps);
    if (n < STEPS_FLOOR || n > STEPS_LIMIT)
        yaml_complain(file, steps, "a scale has %d to %d steps, this one %zu; add or join steps",
                      STEPS_FLOOR, STEPS_LIMIT, n);
    scale->n_steps = (int)MIN(n, STEPS_LIMIT);
    for (int i = 0; i < scale->n_steps; i++)
        step_read(file, yaml_item(steps, (size_t)i), scale, i);
}

static void scale_add(Framework *framework, YamlFile *file, const YamlNode *map,
                      const YamlNode *missing)
{
    static const char *const known[] = {"id", "steps", "missing", NULL};
    Scale *scale = scale_new();
    const YamlNode *id = yaml_get(map, "id");
    framework->scales = g_renew(Scale *, framework->scales, framework->n_scales + 1);
    if (!yaml_is(file, map, YAML_MAP, "scale"))
        id = NULL;
    else if (!id)
        yaml_complain(file, map, "this scale has no id; add `id: …`");
    yaml_known(file, map, known);
    scale->id = id ? id_read(file, id, "scale") : NULL;
    if (scale->id && framework_scale(framework, scale->id))
        yaml_complain(file, id, "scale \"%s\" is there already; give every scale its own id",
                      scale->id);
    if (!scale->id)
        scale->id = g_strdup("");
    framework->scales[framework->n_scales++] = scale;

    missing_read(file, missing, scale->codes);
    missing_read(file, yaml_get(map, "missing"), scale->codes);
    if (id)
        scale_read_steps(file, map, scale);
}

/* The map of one scale to the verdict scale: every step has one, none is below the one before. */
static void scale_map(Framework *framework, YamlFile *file, Scale *scale, const YamlNode *steps)
{
    const Scale *verdict = framework->verdict_scale;
    const int n = (int)MIN((size_t)scale->n_steps, yaml_count(steps));
    int given = 0;
    for (int i = 0; i < n; i++) {
        const YamlNode *node = yaml_get(yaml_item(steps, (size_t)i), "map");
        uint64_t to;
        if (scale == verdict) {
            if (node)
                yaml_complain(file, node, "the verdict scale is its own map; leave `map` out");
            scale->step[i].map = i + 1;
        } else if (node && yaml_integer(file, node, "map", 1, (uint64_t)verdict->n_steps, &to)) {
            scale->step[i].map = (int)to;
            given++;
            if (i && scale->step[i].map < scale->step[i - 1].map)
                yaml_complain(file, node, "map goes back from %d to %d; it must never fall",
                              scale->step[i - 1].map, scale->step[i].map);
        }
    }
    if (given && given < n)
        yaml_complain(file, steps, "only %d of %d steps have a `map`; give all of them one or none",
                      given, n);
    scale->mapped = scale == verdict || (given && given == n);
}

static void scales_read(Framework *framework, YamlFile *file, const YamlNode *root)
{
    const YamlNode *list = yaml_get(root, "scales"), *verdict = yaml_get(root, "verdict_scale");
    if (!list || !yaml_is(file, list, YAML_LIST, "scales")) {
        if (!list)
            yaml_complain(file, root, "`scales` is missing; a framework needs its verdict scale");
        return;
    }
    for (size_t i = 0; i < yaml_count(list); i++)
        scale_add(framework, file, yaml_item(list, i), yaml_get(root, "missing"));
    if (!verdict)
        yaml_complain(file, root, "`verdict_scale` is missing; name the scale of the verdicts");
    else
        framework->verdict_scale = scale_expect(file, framework, verdict, "verdict_scale");
    const bool verdict_stands = framework->verdict_scale && framework->verdict_scale->n_steps;
    for (size_t i = 0; verdict_stands && i < framework->n_scales; i++)
        scale_map(framework, file, framework->scales[i], yaml_get(yaml_item(list, i), "steps"));

    const YamlNode *standard = yaml_get(root, "default_scale");
    if (standard)
        framework->default_scale = scale_expect(file, framework, standard, "default_scale");
}

/* --- the file -------------------------------------------------------------------------------- */

static void head_read(Framework *framework, YamlFile *file, const YamlNode *root)
{
    const YamlNode *version = yaml_get(root, "innsikt"), *id = yaml_get(root, "id");
    const YamlNode *title = yaml_get(root, "title");
    uint64_t number;
    if (!version)
        yaml_complain(file, root, "`innsikt` is missing; begin the file with `innsikt: %d`",
                      FORMAT_VERSION);
    else
        yaml_integer(file, version, "innsikt", FORMAT_VERSION, FORMAT_VERSION, &number);
    if (!id)
        yaml_complain(file, root, "`id` is missing; give the framework a short name");
    framework->id = id ? id_read(file, id, "framework") : NULL;
    if (!framework->id)
        framework->id = g_strdup("");
    if (!title)
        yaml_complain(file, root, "`title` is missing; add `title: {nb: …, nn: …, en: …}`");
    else
        label_read(file, title, "title", &framework->title);
}

static void known_lists(YamlFile *file, const YamlNode *root)
{
    const char *known[N_TERM_KINDS + 10] = {
        "innsikt",       "id",      "title",  "verdict_scale", "default_scale",
        "citizen_group", "missing", "scales", "period"};
    for (int kind = 0; kind < N_TERM_KINDS; kind++)
        known[9 + kind] = rows[kind].list;
    yaml_known(file, root, known);
}

static void citizens_read(Framework *framework, YamlFile *file, const YamlNode *root)
{
    const YamlNode *node = yaml_get(root, "citizen_group");
    const char *id = node ? yaml_text(file, node, "citizen_group") : NULL;
    framework->citizen_group =
        id ? term_expect(file, framework, (const TermKind[]){TERM_GROUP, N_TERM_KINDS}, false, node,
                         "citizen_group", id)
           : -1;
}

Framework *framework_read(YamlFile *file)
{
    const YamlNode *root = yaml_root(file);
    if (!root || !yaml_is(file, root, YAML_MAP, "a framework file"))
        return NULL;
    Framework *framework = g_new0(Framework, 1);
    for (int kind = 0; kind < N_TERM_KINDS; kind++) {
        framework->index[kind] = g_hash_table_new(g_str_hash, g_str_equal);
        framework->names[kind] = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    }
    known_lists(file, root);
    head_read(framework, file, root);
    period_read(file, yaml_get(root, "period"), false, &framework->period);
    scales_read(framework, file, root);
    for (int kind = 0; kind < N_TERM_KINDS; kind++)
        framework_read_terms(framework, file, (TermKind)kind, yaml_get(root, rows[kind].list));
    citizens_read(framework, file, root);
    if (!framework->list[TERM_QUESTION].n)
        yaml_complain(file, yaml_get(root, "questions"),
                      "no main question; a framework needs at least one under `questions`");
    return framework;
}
