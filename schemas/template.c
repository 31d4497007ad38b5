#include "schemas/template.h"
#include "schemas/error.h"
#include "schemas/nearest.h"
#include "schemas/resources.h"

#include <stdbool.h>
#include <string.h>

#define TEMPLATE_PATH "/innsikt/project-template.yaml"
#define PART_MARK     "#--- " /* begins a source of the kind that stands behind it */

/* A text in YAML's double quotes, where nothing it holds means anything. */
static void append_quoted(GString *to, const char *text)
{
    g_string_append_c(to, '"');
    for (; *text; text++) {
        if (*text == '"' || *text == '\\')
            g_string_append_c(to, '\\');
        if ((unsigned char)*text < 0x20 || *text == 0x7f)
            g_string_append_printf(to, "\\x%02x", (unsigned char)*text);
        else
            g_string_append_c(to, *text);
    }
    g_string_append_c(to, '"');
}

typedef struct {
    const char *name, *value;
    bool quoted;
} Place;

static void append_filled(GString *to, const char *text, const Place *places, size_t n)
{
    while (*text) {
        size_t i = 0, length = 0;
        for (; i < n; i++) {
            length = strlen(places[i].name);
            if (strncmp(text, places[i].name, length) == 0)
                break;
        }
        if (i == n)
            g_string_append_c(to, *text++);
        else if (places[i].quoted)
            append_quoted(to, places[i].value);
        else
            g_string_append(to, places[i].value);
        text += i == n ? 0 : length;
    }
}

/* A part with every line commented out; its name and places stay examples. */
static char *commented(const char *part)
{
    g_auto(GStrv) lines = g_strsplit(part, "\n", -1);
    GString *out = g_string_new(NULL);
    for (char **line = lines; *line; line++)
        if (**line)
            g_string_append_printf(out, "#%s\n", *line);
    return g_string_free(out, FALSE);
}

static void append_part(GString *out, const TemplateValues *values, const char *kind,
                        const char *part)
{
    const Place places[] = {
        {"{title}", values->title, true},
        {"{language}", language_code(values->language), false},
        {"{framework}", values->framework, true},
        {"{key}", values->key_ref, true},
        {"{source}", values->source ? values->source : kind, true},
        {"{url}",
         values->url ? values->url : "https://forms.example.org/index.php/admin/remotecontrol",
         true},
        {"{form}", values->form ? values->form : "123456", true},
        {"{path}", values->path ? values->path : "workshop/*.csv", true},
    };
    append_filled(out, part, places, G_N_ELEMENTS(places));
}

static bool unknown_kind(char **parts, const char *kind, GError **error)
{
    g_autoptr(GStrvBuilder) builder = g_strv_builder_new();
    for (char **part = parts + 1; *part; part++) {
        g_autofree char *name = g_strndup(*part, strcspn(*part, "\n"));
        g_strv_builder_add(builder, name);
    }
    g_auto(GStrv) known = g_strv_builder_end(builder);
    g_autofree char *help = nearest_help(kind, (const char *const *)known);
    g_set_error(error, INNSIKT_ERROR, INNSIKT_ERROR_USAGE,
                "no source of kind \"%s\" to begin with; %s", kind, help);
    return false;
}

static bool append_sources(GString *out, const TemplateValues *values, char **parts, GError **error)
{
    bool found = !values->kind;
    for (char **part = parts + 1; *part; part++) {
        g_autofree char *kind = g_strndup(*part, strcspn(*part, "\n"));
        const char *text = *part + strlen(kind) + 1;
        g_autofree char *example = values->kind ? NULL : commented(text);
        if (!values->kind || g_str_equal(kind, values->kind)) {
            append_part(out, values, kind, example ? example : text);
            found = true;
        }
    }
    return found || unknown_kind(parts, values->kind, error);
}

char *project_template(const TemplateValues *values, GError **error)
{
    g_autoptr(GBytes) bytes = g_resource_lookup_data(resources_get_resource(), TEMPLATE_PATH,
                                                     G_RESOURCE_LOOKUP_FLAGS_NONE, error);
    if (!bytes)
        return NULL;
    g_autofree char *text = g_strndup(g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes));
    g_auto(GStrv) parts = g_strsplit(text, "\n" PART_MARK, -1);
    g_autoptr(GString) out = g_string_new(NULL);
    append_part(out, values, "", parts[0]);
    g_string_append_c(out, '\n');
    if (!append_sources(out, values, parts, error))
        return NULL;
    if (out->str[out->len - 1] != '\n')
        g_string_append_c(out, '\n');
    return g_string_free(g_steal_pointer(&out), FALSE);
}
