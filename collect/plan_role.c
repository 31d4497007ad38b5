#include "collect/plan.h"

#include "schemas/yaml_text.h"

#include <string.h>

enum {
    SINGLE = 1 << FORM_SINGLE,
    NUMBER = 1 << FORM_NUMBER,
    TEXT = 1 << FORM_TEXT,
    DATE = 1 << FORM_DATE,
    ANY = -1,
    VALUES_MOST = 500, /* choices that are renamed one by one */
};

enum {
    FILES = 1,    /* in files only: a form system tells it by itself */
    PERSONAL = 2, /* nothing of it may be kept as it is */
    LABELS = 4,   /* its codes are renamed to their labels */
    SEVERAL = 8,  /* a file may name several in one cell: another attribute, in the plural */
};

typedef struct {
    const char *meaning; /* in the vocabulary */
    int kinds;
    unsigned is;
    const char *role;   /* NULL: left out */
    TermKind terms;     /* its choices are terms of the framework; else N_TERM_KINDS */
    const char *remark; /* may be NULL */
} Rule;

/* The first whose meaning the question has. */
static const Rule rules[] = {
    {"birth", ANY, PERSONAL, NULL, N_TERM_KINDS,
     "a number or date of birth identifies a person: it stays out"},
    {"phone", TEXT | NUMBER, PERSONAL, NULL, N_TERM_KINDS,
     "a telephone number identifies a person: it stays out"},
    {"email", TEXT, PERSONAL, "{person: true}", N_TERM_KINDS, "only a keyed hash of it is kept"},
    {"address", TEXT | NUMBER, PERSONAL, NULL, N_TERM_KINDS,
     "an address identifies a person: it stays out"},
    {"row", ANY, FILES | PERSONAL, NULL, N_TERM_KINDS,
     "if it names a row for good, write it as `id:` of the source"},
    {"group", SINGLE, 0, "group", TERM_GROUP, NULL},
    {"contact", TEXT, PERSONAL, NULL, N_TERM_KINDS, "a contact identifies a person: it stays out"},
    {"organisation", TEXT | SINGLE, LABELS | SEVERAL, "organisation", N_TERM_KINDS, NULL},
    {"name", TEXT, PERSONAL, NULL, N_TERM_KINDS, "a name identifies a person: it stays out"},
    {"segment", SINGLE, 0, "segment", TERM_SEGMENT, NULL},
    {"region", TEXT | SINGLE, LABELS, "region", N_TERM_KINDS, NULL},
    {"role", TEXT | SINGLE, LABELS, "role", N_TERM_KINDS, NULL},
    {"participants", TEXT | NUMBER, 0, "participants", N_TERM_KINDS, NULL},
    {"started", TEXT | DATE, FILES, NULL, N_TERM_KINDS,
     "when it was begun; when it was sent in is what counts"},
    {"submitted", TEXT | DATE, FILES, "submitted", N_TERM_KINDS, NULL},
};

/* Remarks on what is left out, by kind. */
static const char *const left_out[N_FORM_KINDS] = {
    [FORM_TEXT] = "free text: to use it, give it a place, as {statement: {quadrant: …}}",
    [FORM_FILE] = "files are not read",
    [FORM_COMPUTED] = "computed by the form",
};

bool plan_means(const Plan *plan, const char *meaning, Span *ret)
{
    return vocabulary_means(meaning, plan->asked->code, plan->asked->folded, ret);
}

static bool kind_fits(const Rule *rule, const Plan *plan)
{
    const FormKind kind = plan->asked->question->kind;
    const bool seen = plan->asked->observed && plan->asked->question->choices->len;
    return rule->kinds == ANY || (rule->kinds & (1 << kind)) || (seen && (rule->kinds & SINGLE));
}

static const Rule *rule_for(const Planning *planning, const Plan *plan)
{
    for (size_t i = 0; i < G_N_ELEMENTS(rules); i++)
        if ((!(rules[i].is & FILES) || planning->outline->files) && kind_fits(&rules[i], plan) &&
            plan_means(plan, rules[i].meaning, NULL))
            return &rules[i];
    return NULL;
}

bool plan_has_rule(const Planning *planning, const Plan *plan)
{
    return rule_for(planning, plan) != NULL;
}

bool plan_is_personal(const Planning *planning, const Plan *plan)
{
    const Rule *rule = rule_for(planning, plan);
    return rule && (rule->is & PERSONAL) != 0;
}

/* --- choices --------------------------------------------------------------------------------- */

/* Of «other» there is no name; a text that the project file takes for a variable is none either. */
static bool names_something(const FormChoice *choice)
{
    return choice->text && *choice->text && !g_str_has_prefix(choice->text, "env:") &&
           !g_str_has_prefix(choice->code, "-oth");
}

static char **labels_of(const Plan *plan)
{
    const GArray *choices = plan->asked->question->choices;
    char **names = g_new0(char *, choices->len + 1);
    for (guint i = 0; i < choices->len; i++) {
        const FormChoice *choice = &g_array_index(choices, FormChoice, i);
        g_autofree char *folded = vocabulary_fold(choice->text ? choice->text : "");
        const Missing missing = vocabulary_missing(folded);
        names[i] = g_strdup(missing                   ? missing_word(missing)
                            : names_something(choice) ? choice->text
                                                      : NULL);
    }
    return names;
}

static char **terms_of(const Planning *planning, Plan *plan, TermKind kind)
{
    const Framework *framework = planning->project->framework;
    const GArray *choices = plan->asked->question->choices;
    char **names = g_new0(char *, choices->len + 1);
    for (guint i = 0; i < choices->len; i++) {
        const FormChoice *choice = &g_array_index(choices, FormChoice, i);
        const char *text = choice->text ? choice->text : choice->code;
        g_autofree char *folded = vocabulary_fold(text);
        int index = framework_match(framework, kind, text);
        if (index < 0)
            index = matcher_find(planning->matcher, kind, folded, LIKE_GROUP, NULL);
        if (index < 0)
            index = framework_match(framework, kind, choice->code);
        if (index >= 0)
            names[i] = g_strdup(framework->list[kind].v[index].id);
        else if (names_something(choice) && !vocabulary_missing(folded)) {
            g_autofree char *label = yaml_comment(text, 60);
            plan_remark(plan, "belongs to none that framework %s has: %s", framework->id, label);
        }
    }
    return names;
}

/* «Fjord kommune; Dal kommune»: a table that answers for both. */
static bool holds_several(const Plan *plan)
{
    const GArray *choices = plan->asked->question->choices;
    bool several = false;
    for (guint i = 0; plan->asked->observed && i < choices->len; i++)
        several = several || strchr(g_array_index(choices, FormChoice, i).code, ';');
    return several;
}

static void attribute_make(const Planning *planning, Plan *plan, const Rule *rule)
{
    const GArray *choices = plan->asked->question->choices;
    char **names = NULL;
    if (choices->len && choices->len <= VALUES_MOST && rule->terms != N_TERM_KINDS)
        names = terms_of(planning, plan, rule->terms);
    else if (choices->len && choices->len <= VALUES_MOST && (rule->is & LABELS) &&
             !plan->asked->observed)
        names = labels_of(plan);
    g_autofree char *values = names ? plan_values(plan, names) : NULL;
    for (guint i = 0; names && i < choices->len; i++)
        g_free(names[i]);
    g_free(names);
    plan->listed = rule->terms != N_TERM_KINDS;
    plan->role = g_strdup_printf("{attribute: %s%s%s%s}", rule->role,
                                 (rule->is & SEVERAL) && holds_several(plan) ? "s" : "",
                                 values ? ", values: " : "", values ? values : "");
}

void plan_role(const Planning *planning, Plan *plan)
{
    const FormKind kind = plan->asked->question->kind;
    const bool closed = kind == FORM_FILE || kind == FORM_COMPUTED || plan->asked->aside;
    const Rule *rule = closed ? NULL : rule_for(planning, plan);
    plan->listed = !plan->asked->observed;
    if (!rule || !rule->role) {
        plan->role = g_strdup("ignore");
        plan->listed = plan->listed && !rule;
    } else if (*rule->role == '{') {
        plan->role = g_strdup(rule->role);
    } else {
        attribute_make(planning, plan, rule);
    }
    if (rule && rule->remark)
        plan_remark(plan, "%s", rule->remark);
    else if (!rule && !plan->asked->aside && left_out[kind] &&
             !(plan->asked->observed && plan->asked->question->choices->len))
        plan_remark(plan, "%s", left_out[kind]);
}
