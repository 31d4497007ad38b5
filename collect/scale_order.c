#include "collect/scale_order.h"

#include "collect/likert.h"

/* The step a choice is read as under the mapping; 0: none. */
static int step_read(const Mapping *mapping, const char *code)
{
    Missing missing;
    return scale_read(mapping->scale, recode_apply(mapping->recode, code), &missing);
}

typedef struct {
    int alike, opposite; /* pairs of choices whose texts and codes rise the same way, or not */
    guint lowest, highest;
} Order;

static Order order_compare(const Likert *likert, const Mapping *mapping,
                           const FormQuestion *question)
{
    Order order = {0};
    int least = STEPS_LIMIT + 1, most = 0;
    for (guint i = 0; i < likert->n_choices; i++) {
        const int text = likert->choice[i].step;
        const int step = step_read(mapping, g_array_index(question->choices, FormChoice, i).code);
        if (!text || !step)
            continue;
        if (text < least) {
            least = text;
            order.lowest = i;
        }
        if (text > most) {
            most = text;
            order.highest = i;
        }
        for (guint k = 0; k < i; k++) {
            const int other_text = likert->choice[k].step;
            const int other =
                step_read(mapping, g_array_index(question->choices, FormChoice, k).code);
            if (!other_text || !other || other_text == text || other == step)
                continue;
            order.alike += (other_text < text) == (other < step);
            order.opposite += (other_text < text) != (other < step);
        }
    }
    return order;
}

static const char *label_of(const FormChoice *choice)
{
    return choice->text ? choice->text : choice->code;
}

char *scale_order_doubt(const Framework *framework, const Mapping *mapping,
                        const FormQuestion *question, bool observed, bool *ret_certain)
{
    *ret_certain = false;
    Likert *likert = mapping->scale ? likert_read(framework, question->choices, observed) : NULL;
    if (!likert)
        return NULL;
    const Order order = order_compare(likert, mapping, question);
    char *doubt = NULL;
    if (!likert->numbers && order.opposite > 0) {
        const FormChoice *low = &g_array_index(question->choices, FormChoice, order.lowest);
        const FormChoice *high = &g_array_index(question->choices, FormChoice, order.highest);
        /* Who writes `values:` may have turned a question round that asks the other way. */
        *ret_certain = !mapping->recode && likert->exact && likert->scale == mapping->scale &&
                       order.opposite > order.alike;
        doubt = g_strdup_printf(
            "%s on scale %s: «%s» (code %s) is read as step %d and «%s» (code %s) as step %d; turn "
            "the codes with `values:` if that is not meant",
            order.opposite > order.alike ? "runs the other way" : "does not run in order",
            mapping->scale->id, label_of(low), low->code, step_read(mapping, low->code),
            label_of(high), high->code, step_read(mapping, high->code));
    }
    likert_free(likert);
    return doubt;
}
