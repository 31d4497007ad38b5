#include "collect/proposal.h"

#include "collect/plan.h"
#include "schemas/yaml_text.h"

#include <string.h>

enum { TEXT_SHOWN = 200, LABEL_SHOWN = 60, NAME_SHOWN = 80, CHOICES_SHOWN = 16, ROWS_SHOWN = 60 };

/* --- plans ----------------------------------------------------------------------------------- */

static void plan_free(gpointer data)
{
    Plan *plan = data;
    g_free(plan->role);
    g_free(plan->item);
    g_free(plan->reader);
    g_ptr_array_unref(plan->remarks);
    g_free(plan);
}

void plan_remark(Plan *plan, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    g_ptr_array_add(plan->remarks, g_strdup_vprintf(format, arguments));
    va_end(arguments);
}

char *plan_values(const Plan *plan, char *const *names)
{
    const GArray *choices = plan->asked->question->choices;
    g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
    g_autoptr(GString) out = g_string_new(NULL);
    for (guint i = 0; i < choices->len; i++) {
        const char *code = g_array_index(choices, FormChoice, i).code;
        if (!*code || !names[i] || !*names[i] || !g_hash_table_add(seen, (gpointer)code) ||
            g_str_equal(names[i], code))
            continue;
        g_autofree char *from = yaml_scalar(code), *to = yaml_scalar(names[i]);
        g_string_append_printf(out, "%s%s: %s", out->len ? ", " : "{", from, to);
    }
    return out->len ? g_strdup_printf("%s}", out->str) : NULL;
}

/* A name that the project file would read as a pattern cannot be mapped by it. */
static bool name_is_pattern(const char *name)
{
    return strstr(name, "[*]") || g_str_has_suffix(name, "/*");
}

static Plan *plan_new(const Outline *outline, guint i, const Source *source)
{
    Plan *plan = g_new0(Plan, 1);
    const Asked *asked = outline->asked->pdata[i];
    const char *name = asked->name;
    plan->asked = asked;
    plan->remarks = g_ptr_array_new_with_free_func(g_free);
    plan->covered = !*name || asked->twice || name_is_pattern(name) ||
                    source_mapping(source, name) || g_strcmp0(source->id_column, name) == 0;
    plan->rating = !plan->covered && outline_is_rating(outline, i);
    return plan;
}

static void plans_make(Planning *planning)
{
    for (guint i = 0; i < planning->outline->asked->len; i++)
        g_ptr_array_add(planning->plans, plan_new(planning->outline, i, planning->source));
    for (guint i = 0; i < planning->plans->len; i++) {
        Plan *plan = planning->plans->pdata[i];
        if (!plan->covered && plan->asked->likert && !plan->asked->aside)
            plan_rating(planning, plan);
    }
    plan_statements(planning);
    for (guint i = 0; i < planning->plans->len; i++) {
        Plan *plan = planning->plans->pdata[i];
        if (!plan->covered && !plan->role && !plan->reader)
            plan_role(planning, plan);
    }
}

/* --- patterns -------------------------------------------------------------------------------- */

/* `valg-*` where every item is `valg-` and its row; NULL when they are not so. Caller owns. */
static char *starred_item(const GPtrArray *plans, guint first, guint n)
{
    const Plan *plan = plans->pdata[first];
    if (!plan->item || !g_str_has_suffix(plan->item, plan->asked->row))
        return NULL;
    g_autofree char *head = g_strndup(plan->item, strlen(plan->item) - strlen(plan->asked->row));
    for (guint i = first; *head && i < first + n; i++) {
        const Plan *other = plans->pdata[i];
        g_autofree char *due = g_strconcat(head, other->asked->row, NULL);
        if (g_strcmp0(other->item, due) != 0)
            return NULL;
    }
    return *head ? g_strconcat(head, "*", NULL) : NULL;
}

/* How many plans from `first` on are the rows of one matrix CODE[…], all of them, free texts apart,
 * and can be said in one line; 1 when they cannot. */
static guint rows_alike(const GPtrArray *plans, guint first)
{
    const Plan *plan = plans->pdata[first];
    const Asked *asked = plan->asked;
    guint n = 0;
    if (!*asked->head || g_str_has_suffix(asked->head, "/") || asked->aside ||
        !strchr(asked->name, '['))
        return 1;
    for (guint i = 0; i < plans->len; i++) {
        const Plan *other = plans->pdata[i];
        if (!asked_are_kin(asked, other->asked) || other->asked->aside)
            continue;
        if (i != first + n || other->covered || other->reader ||
            g_strcmp0(other->role, plan->role) != 0 || !other->item != !plan->item)
            return 1;
        n++;
    }
    if (n < 2 || !plan->item)
        return MAX(n, 1);
    g_autofree char *item = starred_item(plans, first, n);
    return item ? n : 1;
}

/* --- entries --------------------------------------------------------------------------------- */

static void comment(ProjectEntry *entry, const char *format, ...) G_GNUC_PRINTF(2, 3);

static void comment(ProjectEntry *entry, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    g_ptr_array_add(entry->comments, g_strdup_vprintf(format, arguments));
    va_end(arguments);
}

static void comment_choices(ProjectEntry *entry, const Plan *plan)
{
    const GArray *choices = plan->asked->question->choices;
    g_autoptr(GString) line = g_string_new(NULL);
    for (guint i = 0; i < MIN(choices->len, CHOICES_SHOWN); i++) {
        const FormChoice *choice = &g_array_index(choices, FormChoice, i);
        g_autofree char *code = yaml_comment(choice->code, LABEL_SHOWN);
        g_autofree char *label = yaml_comment(choice->text ? choice->text : "", LABEL_SHOWN);
        const bool same = g_str_equal(code, label);
        g_string_append_printf(line, "%s%s%s%s", i ? "; " : "", code, same ? "" : " = ",
                               same ? "" : label);
    }
    if (choices->len > CHOICES_SHOWN)
        g_string_append_printf(line, "; and %u more", choices->len - CHOICES_SHOWN);
    if (choices->len)
        comment(entry, "  %s", line->str);
}

/* Of n plans, each remark once. */
static void comment_remarks(ProjectEntry *entry, const GPtrArray *plans, guint first, guint n)
{
    g_autoptr(GHashTable) said = g_hash_table_new(g_str_hash, g_str_equal);
    for (guint i = first; i < first + n; i++) {
        const Plan *plan = plans->pdata[i];
        for (guint r = 0; r < plan->remarks->len; r++)
            if (g_hash_table_add(said, plan->remarks->pdata[r]))
                comment(entry, "  -> %s", (const char *)plan->remarks->pdata[r]);
    }
}

/* What it is: text, kind, the system's own type. */
static void comment_question(ProjectEntry *entry, const Plan *plan, const char *text)
{
    const FormQuestion *question = plan->asked->question;
    g_autofree char *shown = yaml_comment(text, TEXT_SHOWN);
    g_autofree char *type = yaml_comment(question->type ? question->type : "", NAME_SHOWN);
    comment(entry, "%s [%s, %s]", shown, form_kind_word(question->kind), type);
}

static char *value_of(const Plan *plan, const char *item)
{
    if (!plan->item)
        return g_strdup(plan->role);
    g_autofree char *scalar = yaml_scalar(item);
    return g_strdup_printf("{rating: %s%s", scalar, plan->role);
}

static ProjectEntry *entry_single(const GPtrArray *plans, guint i)
{
    const Plan *plan = plans->pdata[i], *before = i ? plans->pdata[i - 1] : NULL;
    const Asked *asked = plan->asked;
    ProjectEntry *entry = project_entry_new();
    const bool inside = before && !before->covered && asked_are_kin(asked, before->asked) &&
                        form_same_choices(asked->question, before->asked->question);
    if (*asked->stem && !inside && !asked->aside)
        comment_question(entry, plan, asked->stem);
    if (*asked->stem) {
        g_autofree char *row = yaml_comment(asked->text, TEXT_SHOWN);
        comment(entry, "  %s", row);
    } else {
        comment_question(entry, plan, asked->text);
    }
    if (plan->listed && !inside)
        comment_choices(entry, plan);
    comment_remarks(entry, plans, i, 1);
    entry->key = yaml_scalar(asked->name);
    entry->value = value_of(plan, plan->item);
    return entry;
}

static ProjectEntry *entry_rows(const GPtrArray *plans, guint first, guint n)
{
    const Plan *plan = plans->pdata[first];
    const Asked *asked = plan->asked;
    ProjectEntry *entry = project_entry_new();
    comment_question(entry, plan, *asked->stem ? asked->stem : asked->head);
    for (guint i = first; i < first + MIN(n, ROWS_SHOWN); i++) {
        const Asked *other = ((const Plan *)plans->pdata[i])->asked;
        g_autofree char *row = yaml_comment(other->row, NAME_SHOWN);
        g_autofree char *text = yaml_comment(other->text, TEXT_SHOWN);
        comment(entry, "  [%s] %s", row, text);
    }
    if (n > ROWS_SHOWN)
        comment(entry, "  and %u rows more", n - ROWS_SHOWN);
    if (plan->listed)
        comment_choices(entry, plan);
    comment_remarks(entry, plans, first, n);
    g_autofree char *item = starred_item(plans, first, n);
    g_autofree char *name = g_strconcat(asked->head, "[*]", asked->tail, NULL);
    entry->key = yaml_scalar(name);
    entry->value = value_of(plan, item);
    return entry;
}

static void count(Proposal *proposal, const Plan *plan)
{
    if (plan->covered)
        return;
    proposal->questions++;
    proposal->used += plan->reader || !g_str_equal(plan->role, "ignore");
    proposal->ratings += plan->rating;
    proposal->homeless += plan->homeless;
}

/* A statement in one group of fields may not be read by questions of another; lines that only read
 * need none of their own. */
static void entries_add(Proposal *proposal, const GPtrArray *plans)
{
    for (guint i = 0, n; i < plans->len; i += n) {
        const Plan *plan = plans->pdata[i];
        n = 1;
        if (plan->covered || plan->reader)
            continue;
        n = rows_alike(plans, i);
        g_ptr_array_add(proposal->entries,
                        n > 1 ? entry_rows(plans, i, n) : entry_single(plans, i));
    }
}

Proposal *proposal_new(const Outline *outline, const Project *project, const Source *source)
{
    g_autoptr(Matcher) matcher = matcher_new(project->framework);
    g_autoptr(GPtrArray) plans = g_ptr_array_new_with_free_func(plan_free);
    Planning planning = {outline, project, source, matcher, plans};
    plans_make(&planning);
    Proposal *proposal = g_new0(Proposal, 1);
    proposal->entries = g_ptr_array_new_with_free_func(project_entry_free);
    for (guint i = 0; i < plans->len; i++)
        count(proposal, plans->pdata[i]);
    entries_add(proposal, plans);
    return proposal;
}

const char *proposal_row_id(const Form *form, const char *after)
{
    bool passed = !after;
    for (guint i = 0; i < form->questions->len; i++) {
        const char *name = ((const FormQuestion *)form->questions->pdata[i])->name;
        g_autofree char *folded = vocabulary_fold(name);
        if (passed && vocabulary_means("row", folded, folded, NULL))
            return name;
        passed = passed || g_str_equal(name, after);
    }
    return NULL;
}

void proposal_free(Proposal *proposal)
{
    if (!proposal)
        return;
    g_ptr_array_unref(proposal->entries);
    g_free(proposal);
}
