#include "collect/plan.h"

#include "schemas/yaml_text.h"

#include <string.h>

static const char *const quadrants[] = {"strength", "weakness", "opportunity", "threat"};

enum { N_QUADRANTS = G_N_ELEMENTS(quadrants), PLACINGS_MOST = 6 };

static bool lies_within(const Span *one, const Span *other)
{
    return one->begin >= other->begin && one->end <= other->end &&
           one->end - one->begin < other->end - other->begin;
}

/* The one quadrant that the question asks for, by its code or else by its text; NULL when there is
 * none, or several. «Ikke gode på» is no «gode på». */
static const char *quadrant_of(const Plan *plan)
{
    Span span[N_QUADRANTS];
    bool by_code[N_QUADRANTS], said[N_QUADRANTS];
    const char *code = NULL, *text = NULL;
    guint codes = 0, texts = 0;
    for (size_t q = 0; q < N_QUADRANTS; q++) {
        by_code[q] = vocabulary_means(quadrants[q], plan->asked->code, "", NULL);
        said[q] = vocabulary_means(quadrants[q], "", plan->asked->folded, &span[q]);
        codes += by_code[q];
        code = by_code[q] ? quadrants[q] : code;
    }
    for (size_t q = 0; q < N_QUADRANTS; q++) {
        bool within = false;
        for (size_t o = 0; o < N_QUADRANTS; o++)
            within = within || (said[q] && said[o] && lies_within(&span[q], &span[o]));
        texts += said[q] && !within;
        text = said[q] && !within ? quadrants[q] : text;
    }
    if (codes == 1)
        return code;
    return codes == 0 && texts == 1 ? text : NULL;
}

static bool is_free_text(const Planning *planning, const Plan *plan)
{
    return !plan->covered && !plan->role && !plan->rating && !plan->asked->aside &&
           plan->asked->question->kind == FORM_TEXT && !plan_is_personal(planning, plan);
}

/* --- the selects beside it ------------------------------------------------------------------- */

typedef struct {
    Plan *plan;
    Placing *placing;
} Beside;

typedef struct {
    Beside v[PLACINGS_MOST];
    guint n;
} Besides;

static void besides_clear(Besides *besides)
{
    for (guint i = 0; i < besides->n; i++)
        placing_free(besides->v[i].placing);
}

static const Beside *beside_with(const Besides *besides, const char *key)
{
    for (guint i = 0; i < besides->n; i++)
        if (g_str_equal(besides->v[i].placing->key, key))
            return &besides->v[i];
    return NULL;
}

/* False when this is no select that places a statement. */
static bool beside_add(const Planning *planning, Plan *plan, Besides *besides)
{
    if (plan->covered || plan->rating || besides->n == PLACINGS_MOST ||
        plan_has_rule(planning, plan))
        return false;
    g_autoptr(Placing) placing =
        placing_read(planning->matcher, planning->project->framework, plan->asked);
    if (!placing)
        return false;
    if (!beside_with(besides, placing->key))
        besides->v[besides->n++] = (Beside){plan, g_steal_pointer(&placing)};
    return true;
}

static bool in_fields(const Asked *asked)
{
    return g_str_has_suffix(asked->head, "/");
}

/* In a group of fields: all of the group. In a file: all columns. Else the selects that follow. */
static void besides_find(const Planning *planning, guint at, Besides *besides)
{
    const Asked *asked = ((const Plan *)planning->plans->pdata[at])->asked;
    const bool fields = in_fields(asked);
    *besides = (Besides){.n = 0};
    for (guint i = planning->outline->files || fields ? 0 : at + 1; i < planning->plans->len; i++) {
        Plan *plan = planning->plans->pdata[i];
        if (i == at || plan->reader || (fields && !asked_are_kin(asked, plan->asked)))
            continue;
        if (!beside_add(planning, plan, besides) && !planning->outline->files && !fields)
            break;
    }
}

/* --- the statement --------------------------------------------------------------------------- */

/* The only free text among the columns, or in its group of fields. */
static bool is_alone(const Planning *planning, guint at)
{
    const Plan *mine = planning->plans->pdata[at];
    const bool fields = in_fields(mine->asked);
    for (guint i = 0; i < planning->plans->len; i++) {
        const Plan *plan = planning->plans->pdata[i];
        if (i == at || (fields && !asked_are_kin(mine->asked, plan->asked)))
            continue;
        if (is_free_text(planning, plan) && !plan->asked->question->choices->len)
            return false;
    }
    return true;
}

/* Selects say where it belongs: is it they that speak of this text? */
static bool is_spoken_of(const Planning *planning, guint at)
{
    const Plan *plan = planning->plans->pdata[at];
    if (plan_means(plan, "statement", NULL))
        return true;
    if (!planning->outline->files && !in_fields(plan->asked))
        return true;
    return is_alone(planning, at);
}

/* Which keys are used: a quadrant leaves no room for origin and polarity, and polarity alone is
 * none. */
static bool key_is_used(const Besides *besides, const char *quadrant, const char *key)
{
    const bool placed = quadrant || beside_with(besides, "quadrant");
    const bool whole = beside_with(besides, "origin") || beside_with(besides, "category");
    if (g_str_equal(key, "quadrant"))
        return !quadrant;
    if (g_str_equal(key, "polarity"))
        return !placed && whole;
    if (g_str_equal(key, "origin"))
        return !placed && beside_with(besides, "polarity");
    return true;
}

static void remark_placing(Plan *plan, const Beside *beside)
{
    g_autofree char *name = yaml_comment(beside->plan->asked->name, 80);
    g_autofree char *text = yaml_comment(beside->plan->asked->text, 80);
    plan_remark(plan, "%s from %s: %s", beside->placing->key, name, text);
    const GArray *choices = beside->plan->asked->question->choices;
    for (guint i = 0; i < beside->placing->n; i++) {
        if (beside->placing->to[i])
            continue;
        const FormChoice *choice = &g_array_index(choices, FormChoice, i);
        g_autofree char *label = yaml_comment(choice->text ? choice->text : choice->code, 60);
        plan_remark(plan, "no %s is known for its answer: %s", beside->placing->key, label);
    }
}

static void statement_make(Plan *plan, const char *quadrant, const Besides *besides)
{
    g_autoptr(GString) keys = g_string_new(NULL);
    g_autoptr(GString) values = g_string_new(NULL);
    guint n = 0;
    if (quadrant)
        g_string_append_printf(keys, "quadrant: %s", quadrant);
    for (guint i = 0; i < besides->n; i++) {
        const Beside *beside = &besides->v[i];
        if (!key_is_used(besides, quadrant, beside->placing->key))
            continue;
        g_autofree char *name = yaml_scalar(beside->plan->asked->name);
        g_autofree char *renamed = plan_values(beside->plan, beside->placing->to);
        g_string_append_printf(keys, "%s%s_from: %s", keys->len ? ", " : "", beside->placing->key,
                               name);
        if (renamed)
            g_string_append_printf(values, "%s%s: %s", n++ ? ", " : "", beside->placing->key,
                                   renamed);
        beside->plan->reader = g_strdup(plan->asked->name);
        remark_placing(plan, beside);
    }
    plan->role =
        g_strdup_printf("{statement: {%s}%s%s%s}", keys->str, values->len ? ", values: {" : "",
                        values->str, values->len ? "}" : "");
}

static bool has_place(const Besides *besides, const char *quadrant)
{
    return quadrant || beside_with(besides, "quadrant") ||
           (beside_with(besides, "polarity") &&
            (beside_with(besides, "origin") || beside_with(besides, "category")));
}

void plan_statements(const Planning *planning)
{
    for (guint i = 0; i < planning->plans->len; i++) {
        Plan *plan = planning->plans->pdata[i];
        Besides besides;
        if (!is_free_text(planning, plan))
            continue;
        const char *quadrant = quadrant_of(plan);
        besides_find(planning, i, &besides);
        if (has_place(&besides, quadrant) && (quadrant || is_spoken_of(planning, i)))
            statement_make(plan, quadrant, &besides);
        besides_clear(&besides);
    }
}
