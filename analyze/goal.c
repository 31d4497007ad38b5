#include "analyze/goal.h"

#include "analyze/mention.h"

static bool is_reason(const Dataset *data, const Entry *entry, gconstpointer user)
{
    const char *id = entry_value(entry, "id");
    return id && entry_value(entry, "maturity") &&
           framework_match(data->project->framework, TERM_SDG, id) == *(const int *)user;
}

static int by_organisations(gconstpointer a, gconstpointer b)
{
    const Mention *x = *(const Mention *const *)a, *y = *(const Mention *const *)b;
    if (x->organisations != y->organisations)
        return x->organisations > y->organisations ? -1 : 1;
    const Entry *first = x->entries->pdata[0], *second = y->entries->pdata[0];
    return first->record < second->record ? -1 : first->record > second->record;
}

GPtrArray *goal_reasons(const Dataset *data, int goal)
{
    g_autoptr(GArray) mentions = mentions_of(data, ROLE_GOAL, TERM_SDG, is_reason, &goal);
    g_autoptr(GPtrArray) order = g_ptr_array_new();
    GPtrArray *texts = g_ptr_array_new();
    for (guint i = 0; i < mentions->len; i++)
        g_ptr_array_add(order, &g_array_index(mentions, Mention, i));
    g_ptr_array_sort(order, by_organisations);
    for (guint i = 0; i < order->len; i++) {
        const Mention *mention = order->pdata[i];
        g_ptr_array_add(texts, (gpointer)entry_value(mention->entries->pdata[0], "answer"));
    }
    return texts;
}
