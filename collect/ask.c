#include "collect/ask.h"

Form *ask_form(const Project *project, const Source *source, Transport *transport,
               char **ret_unreadable, GError **error)
{
    const Collector *collector = collector_find(source->kind);
    if (ret_unreadable)
        *ret_unreadable = NULL;
    if (!collector) {
        collector_unknown(source, error);
        return NULL;
    }
    if (!source_is_placed(project, source, error))
        return NULL;
    g_autoptr(GTimeZone) zone =
        g_time_zone_new_identifier(source->timezone ? source->timezone : project->timezone);
    CollectContext context = {
        .project = project, .source = source, .transport = transport, .zone = zone};
    void *self = collector->open(&context, error);
    if (!self)
        return NULL;
    Form *form = collector->questions(self, error);
    g_autoptr(GError) why = NULL;
    if (form && ret_unreadable && collector->readable && !collector->readable(self, &why))
        *ret_unreadable = g_strdup(why->message);
    collector->close(self);
    return form;
}

/* A source that reads every column as codes, so that its files are asked for their answers. */
static Source probe_of(const Source *source, const Form *form)
{
    static const char any[] = "answer";
    Source probe = *source;
    probe.mappings = g_ptr_array_new();
    for (guint i = 0; i < form->questions->len; i++) {
        const FormQuestion *question = form->questions->pdata[i];
        Mapping *mapping = g_new0(Mapping, 1);
        mapping->question = g_strdup(question->name);
        mapping->role = ROLE_ATTRIBUTE;
        mapping->values = g_new0(RoleValue, 1);
        mapping->n_values = 1;
        mapping->values[0] = (RoleValue){.key = "name", .literal = g_strdup(any)};
        g_ptr_array_add(probe.mappings, mapping);
    }
    return probe;
}

static void probe_clear(Source *probe)
{
    for (guint i = 0; i < probe->mappings->len; i++) {
        Mapping *mapping = probe->mappings->pdata[i];
        g_free(mapping->values[0].literal);
        g_free(mapping->values);
        g_free(mapping->question);
        g_free(mapping);
    }
    g_ptr_array_unref(probe->mappings);
}

/* The kinds of `form` with the choices of `close`. */
static void choices_take(Form *form, const Form *close)
{
    for (guint i = 0; i < form->questions->len; i++) {
        FormQuestion *question = form->questions->pdata[i];
        const FormQuestion *seen = question->choices->len ? NULL : form_find(close, question->name);
        for (guint c = 0; seen && c < seen->choices->len; c++) {
            const FormChoice *choice = &g_array_index(seen->choices, FormChoice, c);
            form_choice(question, choice->code, choice->text);
        }
    }
}

Form *ask_form_closely(const Project *project, const Source *source, Transport *transport,
                       GError **error)
{
    const Collector *collector = collector_find(source->kind);
    g_autoptr(Form) form = ask_form(project, source, transport, NULL, error);
    if (!form || !collector->reads_files)
        return g_steal_pointer(&form);
    Source probe = probe_of(source, form);
    g_autoptr(Form) close = ask_form(project, &probe, transport, NULL, error);
    probe_clear(&probe);
    if (!close)
        return NULL;
    choices_take(form, close);
    return g_steal_pointer(&form);
}
