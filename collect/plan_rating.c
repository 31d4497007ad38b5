#include "collect/plan.h"

#include "schemas/yaml_text.h"

#include <string.h>

/* Whose label a row may be, and the mapping that says so. Ratings of items and main questions are
 * told apart from the rest, since rows of them may be joined to one line. */
typedef struct {
    TermKind kind;
    const char *format; /* up to where the scale follows; NULL: `{rating: id` */
    const char *key;    /* of what is rated in several ways, so that the form must say in which */
} Home;

static const Home homes[] = {
    {TERM_ITEM, NULL, NULL},
    {TERM_QUESTION, NULL, NULL},
    {TERM_FOCUS, NULL, "area"},
    {TERM_AREA, NULL, "area"},
    {TERM_ACTIVITY, NULL, "activity"},
    {TERM_SDG, "{goal: %s", NULL},
    {TERM_DILEMMA, "{dilemma: %s", NULL},
};

/* Forms number what they list: «1.1 Modernise …», «4: Quality». */
static const char *unnumbered(const char *folded)
{
    while (g_ascii_isdigit(*folded)) {
        const size_t n = strcspn(folded, " ");
        if (strspn(folded, "0123456789") < n || !folded[n])
            break;
        folded += n + 1;
    }
    return folded;
}

/* The term whose label the row's text is, or nearly is. A framework made from the form has the ids
 * that the form gives. NULL: none. */
static const Home *home_of(const Planning *planning, const Asked *asked, const char **ret_id)
{
    const Framework *framework = planning->project->framework;
    g_autofree char *row = vocabulary_fold(asked->text);
    double most = 0;
    const Home *best = NULL;
    for (size_t k = 0; k < 2; k++)
        if (framework_find(framework, homes[k].kind, asked->id) >= 0) {
            *ret_id = asked->id;
            return &homes[k];
        }
    for (size_t k = 0; k < G_N_ELEMENTS(homes); k++) {
        double like;
        const int index =
            matcher_find(planning->matcher, homes[k].kind, unnumbered(row), LIKE_ITEM, &like);
        if (index < 0 || like <= most)
            continue;
        most = like;
        best = &homes[k];
        *ret_id = framework->list[homes[k].kind].v[index].id;
    }
    return best;
}

static void remark_order(Plan *plan)
{
    const Likert *likert = plan->asked->likert;
    if (likert->numbers)
        plan_remark(plan, "nothing says which end is high: taken as rising from the lowest number");
    else if (likert->falling && !plan->asked->observed)
        plan_remark(plan, "the form lists its answers from high to low");
}

static char *scale_values(const Plan *plan)
{
    const Likert *likert = plan->asked->likert;
    const GArray *choices = plan->asked->question->choices;
    g_autofree char **names = g_new0(char *, choices->len + 1);
    for (guint i = 0; i < choices->len; i++)
        names[i] = (char *)likert_rename(likert, i, g_array_index(choices, FormChoice, i).code);
    return plan_values(plan, names);
}

static void remark_scale(Plan *plan)
{
    const Likert *likert = plan->asked->likert;
    if (likert->exact || likert->numbers)
        return;
    g_autofree char *id = yaml_comment(likert->scale->id, 64);
    plan_remark(plan, "its words are not those of scale %s: matched by their order", id);
}

static void remark_homeless(const Planning *planning, Plan *plan, bool housed)
{
    const Likert *likert = plan->asked->likert;
    const Framework *framework = planning->project->framework;
    if (!likert->scale)
        plan_remark(plan, "rated on %d steps, and framework %s has no such scale; add one there",
                    likert->n_steps, framework->id);
    if (housed)
        return;
    g_autofree char *text = yaml_comment(plan->asked->text, 120);
    g_autofree char *label = yaml_quoted(text);
    plan_remark(plan,
                "rated, and framework %s has no item like it; add one there, such as - {id: %s, "
                "question: …, label: %s}",
                framework->id, plan->asked->id, label);
}

/* What an area or activity is rated for, as the matrix says: a criterion, or a scenario. NULL:
 * nothing. Caller owns. */
static char *facet_of(const Planning *planning, const Asked *asked)
{
    static const char *const criteria[] = {"importance", "practice", "status", "maturity"};
    const Framework *framework = planning->project->framework;
    g_autofree char *code = vocabulary_fold(asked->head);
    g_autofree char *stem = vocabulary_fold(asked->stem);
    for (size_t i = 0; i < framework->list[TERM_SCENARIO].n; i++) {
        const Term *scenario = &framework->list[TERM_SCENARIO].v[i];
        for (int l = 0; l < N_LANGUAGES; l++) {
            const char *text = scenario->label.text[l];
            g_autofree char *label = vocabulary_fold(text ? text : "");
            if (*label && strstr(stem, label)) {
                g_autofree char *id = yaml_scalar(scenario->id);
                return g_strdup_printf("scenario: %s", id);
            }
        }
    }
    for (size_t i = 0; i < G_N_ELEMENTS(criteria); i++)
        if (vocabulary_means(criteria[i], code, stem, NULL))
            return g_strdup_printf("criterion: %s", criteria[i]);
    return NULL;
}

/* The beginning of the mapping, up to the scale; NULL: nothing says what the rating is of. Caller
 * owns. */
static char *head_of(const Planning *planning, const Plan *plan, const Home *home, const char *id)
{
    g_autofree char *scalar = yaml_scalar(id);
    if (home->format)
        return g_strdup_printf(home->format, scalar);
    if (!home->key)
        return g_strdup("");
    g_autofree char *facet = facet_of(planning, plan->asked);
    return facet ? g_strdup_printf("{rating: {%s: %s, %s}", home->key, scalar, facet) : NULL;
}

static void role_make(const Planning *planning, Plan *plan, const Home *home, const char *id)
{
    g_autofree char *head = head_of(planning, plan, home, id);
    if (!head) {
        plan->role = g_strdup("ignore");
        plan_remark(plan,
                    "rates %s %s; say for what: {rating: {%s: %s, criterion: …}}, or "
                    "`scenario:`",
                    home->key, id, home->key, id);
        return;
    }
    g_autofree char *scale = yaml_scalar(plan->asked->likert->scale->id);
    g_autofree char *values = scale_values(plan);
    plan->item = *head ? NULL : g_strdup(id);
    plan->role = g_strdup_printf("%s, scale: %s%s%s}", head, scale, values ? ", values: " : "",
                                 values ? values : "");
    remark_order(plan);
    remark_scale(plan);
}

void plan_rating(const Planning *planning, Plan *plan)
{
    const Likert *likert = plan->asked->likert;
    const char *id = NULL;
    const Home *home = home_of(planning, plan->asked, &id);
    if (!plan->rating && !home)
        return;
    plan->rating = true;
    plan->listed = true;
    if (!home || !likert->scale) {
        remark_homeless(planning, plan, home != NULL);
        plan->homeless = true;
        plan->role = g_strdup("ignore");
        return;
    }
    role_make(planning, plan, home, id);
}
