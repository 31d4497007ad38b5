#include "collect/check.h"

#include "collect/ask.h"
#include "collect/gate.h"
#include "collect/scale_order.h"
#include "collect/spelling.h"
#include "schemas/form_change.h"
#include "schemas/nearest.h"
#include "schemas/role.h"
#include "schemas/yaml_text.h"

#include <string.h>

enum { NAMES_SHOWN = 8 };

void remark_free(gpointer pointer)
{
    Remark *remark = pointer;
    g_free(remark->text);
    g_free(remark);
}

void remark_add(GPtrArray *remarks, bool wrong, char *text)
{
    Remark *remark = g_new(Remark, 1);
    *remark = (Remark){.wrong = wrong, .text = text};
    g_ptr_array_add(remarks, remark);
}

/* --- since the last pull --- */

static bool check_changed(const CheckJob *job, const Form *form, GPtrArray *remarks, GError **error)
{
    g_autoptr(GError) trouble = NULL;
    g_autoptr(Form) before =
        job->store ? store_form(job->store, job->source->name, &trouble) : NULL;
    if (trouble) {
        g_propagate_error(error, g_steal_pointer(&trouble));
        return false;
    }
    g_autoptr(GPtrArray) changes = before ? form_changes(before, form) : g_ptr_array_new();
    for (guint i = 0; i < changes->len; i++)
        remark_add(remarks, false,
                   g_strdup_printf("%s: the form has changed since the last pull: %s",
                                   job->source->name, (char *)g_ptr_array_index(changes, i)));
    return true;
}

/* --- questions that do not exist --- */

static GPtrArray *names_of(const Form *form)
{
    GPtrArray *names = g_ptr_array_new();
    for (guint i = 0; i < form->questions->len; i++)
        g_ptr_array_add(names, ((FormQuestion *)form->questions->pdata[i])->name);
    g_ptr_array_add(names, NULL);
    return names;
}

static bool covers_any(const Mapping *mapping, const Form *form)
{
    for (guint i = 0; i < form->questions->len; i++)
        if (mapping_covers(mapping, ((FormQuestion *)form->questions->pdata[i])->name))
            return true;
    return false;
}

static void check_exists(const Project *project, const Mapping *mapping, const Form *form,
                         const char *question, GPtrArray *remarks)
{
    g_autoptr(GPtrArray) names = names_of(form);
    g_autofree char *help = nearest_help(question, (const char *const *)names->pdata);
    remark_add(remarks, true,
               g_strdup_printf("%s:%d:%d: question \"%s\" is not in form %s; %s", project->file,
                               mapping->line, mapping->column, question, form->id, help));
}

static void check_mapped(const Project *project, const Source *source, const Form *form,
                         GPtrArray *remarks)
{
    for (guint i = 0; i < source->mappings->len; i++) {
        const Mapping *mapping = source->mappings->pdata[i];
        if (mapping->role != ROLE_IGNORE && !covers_any(mapping, form))
            check_exists(project, mapping, form, mapping->question, remarks);
        for (size_t v = 0; v < mapping->n_values; v++)
            if (mapping->values[v].from && !form_find(form, mapping->values[v].from))
                check_exists(project, mapping, form, mapping->values[v].from, remarks);
    }
}

/* --- questions nobody mapped --- */

static void check_unmapped(const Source *source, const Form *form, GPtrArray *remarks)
{
    GString *names = g_string_new(NULL);
    guint n = 0;
    for (guint i = 0; i < form->questions->len; i++) {
        const FormQuestion *question = form->questions->pdata[i];
        if (source_mapping(source, question->name) || source_wants(source, question->name) ||
            g_strcmp0(source->id_column, question->name) == 0)
            continue;
        if (n++ < NAMES_SHOWN)
            g_string_append_printf(names, "%s%s", names->len ? ", " : "", question->name);
    }
    if (n > NAMES_SHOWN)
        g_string_append_printf(names, " and %u more", n - NAMES_SHOWN);
    if (n)
        remark_add(
            remarks, false,
            g_strdup_printf("%s: not mapped, so not stored: %s; give them a role, or `ignore`",
                            source->name, names->str));
    g_string_free(names, TRUE);
}

/* --- codes nobody knows --- */

static void check_codes(const Project *project, const Mapping *mapping,
                        const FormQuestion *question, GPtrArray *remarks)
{
    GString *unknown = g_string_new(NULL);
    for (guint i = 0; i < question->choices->len; i++) {
        const char *code = g_array_index(question->choices, FormChoice, i).code;
        if (gate_judge(project, mapping, code) == MISSING_UNREADABLE)
            g_string_append_printf(unknown, "%s%s", unknown->len ? ", " : "", code);
    }
    g_autofree char *place =
        g_strdup_printf("%s:%d:%d", project->file, mapping->line, mapping->column);
    if (unknown->len && mapping->scale)
        remark_add(
            remarks, true,
            g_strdup_printf("%s: scale %s does not know the codes %s of question \"%s\"; add them "
                            "to the scale or rename them under `values:`",
                            place, mapping->scale->id, unknown->str, question->name));
    else if (unknown->len)
        remark_add(
            remarks, false,
            g_strdup_printf("%s: nothing says what the codes %s of question \"%s\" mean, so they "
                            "count as unreadable; rename them under `values:`",
                            place, unknown->str, question->name));
    g_string_free(unknown, TRUE);
}

/* What another question tells of this one must be a word of the key or a term of the framework. */
static void check_read(const Project *project, const Mapping *mapping, const RoleValue *value,
                       const Form *form, GPtrArray *remarks)
{
    const RoleKey *key = role_key(mapping->role, value->key);
    const FormQuestion *question = form_find(form, value->from);
    const bool listed = key && (key->kind == VALUE_WORD || key->kind == VALUE_TERM);
    g_autoptr(GString) unknown = g_string_new(NULL);
    for (guint i = 0; listed && question && i < question->choices->len; i++) {
        const char *code = g_array_index(question->choices, FormChoice, i).code;
        if (!role_value_fits(project->framework, key, recode_apply(value->recode, code)))
            g_string_append_printf(unknown, "%s%s", unknown->len ? ", " : "", code);
    }
    if (unknown->len)
        remark_add(remarks, false,
                   g_strdup_printf("%s:%d:%d: %s_from reads \"%s\", whose codes %s say nothing "
                                   "there; rename them under `values:` unless that is meant",
                                   project->file, mapping->line, mapping->column, value->key,
                                   value->from, unknown->str));
}

static void check_all_read(const Project *project, const Source *source, const Form *form,
                           GPtrArray *remarks)
{
    for (guint i = 0; i < source->mappings->len; i++) {
        const Mapping *mapping = source->mappings->pdata[i];
        for (size_t v = 0; v < mapping->n_values; v++)
            if (mapping->values[v].from)
                check_read(project, mapping, &mapping->values[v], form, remarks);
    }
}

static void check_all_codes(const Project *project, const Source *source, const Form *form,
                            GPtrArray *remarks)
{
    for (guint i = 0; i < form->questions->len; i++) {
        const FormQuestion *question = form->questions->pdata[i];
        const Mapping *mapping = source_mapping(source, question->name);
        if (mapping &&
            ((mapping->role == ROLE_RATING && mapping->scale) || mapping->role == ROLE_ATTRIBUTE))
            check_codes(project, mapping, question, remarks);
    }
}

/* Rows of one matrix, whose choices are the same. */
static bool same_matrix(const FormQuestion *a, const FormQuestion *b)
{
    const size_t m = strcspn(a->name, "["), n = strcspn(b->name, "[");
    return m == n && a->name[m] && strncmp(a->name, b->name, m) == 0;
}

/* One word for all the rows of a matrix. */
static void check_order(const Project *project, const Source *source, const Form *form,
                        GPtrArray *remarks)
{
    const FormQuestion *told = NULL;
    for (guint i = 0; i < form->questions->len; i++) {
        const FormQuestion *question = form->questions->pdata[i];
        const Mapping *mapping = source_mapping(source, question->name);
        bool certain;
        g_autofree char *doubt = mapping && mapping->scale && !(told && same_matrix(told, question))
                                     ? scale_order_doubt(project->framework, mapping, question,
                                                         form->seen_choices, &certain)
                                     : NULL;
        if (!doubt)
            continue;
        told = question;
        remark_add(remarks, certain,
                   g_strdup_printf("%s:%d:%d: question \"%s\" %s", project->file, mapping->line,
                                   mapping->column, question->name, doubt));
    }
}

/* A code under an attribute's `values:` that the form has not got: a typing error, or an option
 * that was taken out of the form. */
static void check_renamed(const Source *source, const Form *form, GPtrArray *remarks)
{
    for (guint i = 0; i < form->questions->len; i++) {
        const FormQuestion *question = form->questions->pdata[i];
        const Mapping *mapping = source_mapping(source, question->name);
        if (!mapping || mapping->role != ROLE_ATTRIBUTE || !mapping->recode ||
            !question->choices->len)
            continue;
        g_autoptr(GPtrArray) known = g_ptr_array_new();
        for (guint c = 0; c < question->choices->len; c++)
            g_ptr_array_add(known, g_array_index(question->choices, FormChoice, c).code);
        g_ptr_array_add(known, NULL);
        g_autoptr(GList) codes = g_hash_table_get_keys(mapping->recode);
        codes = g_list_sort(codes, (GCompareFunc)strcmp);
        for (const GList *code = codes; code; code = code->next) {
            if (g_strv_contains((const char *const *)known->pdata, code->data))
                continue;
            g_autofree char *help = nearest_help(code->data, (const char *const *)known->pdata);
            remark_add(
                remarks, false,
                g_strdup_printf("%s: question \"%s\" has no code \"%s\", which `values:` renames; "
                                "%s",
                                source->name, question->name, (const char *)code->data, help));
        }
    }
}

/* What is new since the last pull is asked for by the server's clock, so a wrong one is worth a
 * word. */
static void check_clock(const Source *source, int64_t ahead, GPtrArray *remarks)
{
    enum { TOLERATED = 120, MINUTE = 60 };
    const int64_t apart = ahead < 0 ? -ahead : ahead;
    if (apart > TOLERATED)
        remark_add(remarks, false,
                   g_strdup_printf("%s: the server's clock is %" G_GINT64_FORMAT
                                   " minutes %s this machine's; one of them is wrong, and the "
                                   "times of answers with it",
                                   source->name, (apart + MINUTE / 2) / MINUTE,
                                   ahead > 0 ? "ahead of" : "behind"));
}

bool check_source(const CheckJob *job, GPtrArray *remarks, GError **error)
{
    const Project *project = job->project;
    const Source *source = job->source;
    g_autofree char *unreadable = NULL;
    int64_t ahead = 0;
    g_autoptr(Transport) watch = job->transport ? transport_watch(job->transport, &ahead) : NULL;
    g_autoptr(Form) form = ask_form(project, source, watch, &unreadable, error);
    check_clock(source, ahead, remarks);
    if (!form || !check_changed(job, form, remarks, error))
        return false;
    check_mapped(project, source, form, remarks);
    check_all_codes(project, source, form, remarks);
    check_all_read(project, source, form, remarks);
    check_order(project, source, form, remarks);
    check_renamed(source, form, remarks);
    check_unmapped(source, form, remarks);
    if (unreadable)
        remark_add(remarks, true,
                   g_strdup_printf("%s: the questions can be read, but not the responses: %s",
                                   source->name, unreadable));
    return true;
}

/* --- organisations --- */

static void append_scalar(GString *yaml, const char *text)
{
    g_autofree char *scalar = yaml_scalar(text);
    g_string_append(yaml, scalar);
}

static void propose(const GPtrArray *group, GString *yaml)
{
    const Spelling *keep = g_ptr_array_index(group, 0);
    g_string_append(yaml, yaml->len ? "  " : "organisations:\n  ");
    append_scalar(yaml, keep->listed ? keep->listed->name : keep->name);
    g_string_append(yaml, ": {aliases: [");
    guint n = 0;
    for (char **alias = keep->listed ? keep->listed->aliases : NULL; alias && *alias; alias++) {
        g_string_append(yaml, n++ ? ", " : "");
        append_scalar(yaml, *alias);
    }
    for (guint i = 1; i < group->len; i++) {
        const Spelling *other = g_ptr_array_index(group, i);
        if (other->listed)
            continue;
        g_string_append(yaml, n++ ? ", " : "");
        append_scalar(yaml, other->name);
    }
    g_string_append(yaml, "]}\n");
}

static char *group_in_words(const GPtrArray *group)
{
    GString *words = g_string_new(NULL);
    for (guint i = 0; i < group->len; i++) {
        const Spelling *spelling = g_ptr_array_index(group, i);
        g_string_append_printf(words, "%s«%s» (%" G_GINT64_FORMAT ")", i ? ", " : "",
                               spelling->name, spelling->times);
    }
    return g_string_free(words, FALSE);
}

bool check_organisations(const Project *project, const GPtrArray *sources, Store *store,
                         GPtrArray *remarks, GString *yaml, GError **error)
{
    g_autoptr(GPtrArray) spellings = spellings_stored(project, sources, store, error);
    if (!spellings)
        return false;
    g_autoptr(GPtrArray) groups = spellings_alike(spellings);
    for (guint i = 0; i < groups->len; i++) {
        const GPtrArray *group = g_ptr_array_index(groups, i);
        g_autofree char *words = group_in_words(group);
        remark_add(remarks, false,
                   g_strdup_printf("these look like one organisation: %s; if they are, list them "
                                   "under `organisations:` in %s",
                                   words, project->file));
        propose(group, yaml);
    }
    return true;
}
