#include "schemas/framework.h"
#include "schemas/error.h"
#include "schemas/framework_read.h"
#include "schemas/nearest.h"
#include "schemas/resources.h"

#include <string.h>

#define BUILTIN_FOLDER "/innsikt/frameworks/"

/* --- loading --------------------------------------------------------------------------------- */

static gint name_order(gconstpointer a, gconstpointer b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static gpointer builtins_list(void)
{
    g_auto(GStrv) files = g_resource_enumerate_children(resources_get_resource(), BUILTIN_FOLDER,
                                                        G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);
    GPtrArray *names = g_ptr_array_new();
    for (size_t i = 0; files && files[i]; i++)
        g_ptr_array_add(names, g_strndup(files[i], strcspn(files[i], ".")));
    g_ptr_array_sort(names, name_order);
    g_ptr_array_add(names, NULL);
    return g_ptr_array_free(names, FALSE);
}

const char *const *framework_builtins(void)
{
    static gsize list;
    if (g_once_init_enter(&list))
        g_once_init_leave(&list, (gsize)builtins_list());
    return (const char *const *)list;
}

/* The file of a built-in framework, NULL when there is none of that name. */
static YamlFile *builtin_open(const char *name, const char *origin)
{
    g_autofree char *path = g_strconcat(BUILTIN_FOLDER, name, ".yaml", NULL);
    g_autoptr(GBytes) bytes =
        g_resource_lookup_data(resources_get_resource(), path, G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);
    if (!bytes)
        return NULL;
    size_t n;
    const char *text = g_bytes_get_data(bytes, &n);
    return yaml_parse(origin, text, n);
}

static bool name_is_path(const char *name)
{
    return strchr(name, '/') || g_str_has_suffix(name, ".yaml") || g_str_has_suffix(name, ".yml");
}

static YamlFile *framework_open(const char *name_or_path, const char *folder, const char *origin,
                                GError **error)
{
    if (name_is_path(name_or_path)) {
        g_autofree char *path = g_path_is_absolute(name_or_path)
                                    ? g_strdup(name_or_path)
                                    : g_build_filename(folder, name_or_path, NULL);
        return yaml_load(path, name_or_path, error);
    }
    YamlFile *file = builtin_open(name_or_path, origin);
    if (!file) {
        g_autofree char *help = nearest_help(name_or_path, framework_builtins());
        g_set_error(error, INNSIKT_ERROR, INNSIKT_ERROR_NOT_FOUND,
                    "no built-in framework \"%s\"; %s (a file's name ends in .yaml)", name_or_path,
                    help);
    }
    return file;
}

static Framework *framework_of(YamlFile *file, const char *origin, GError **error)
{
    g_autoptr(Framework) framework = framework_read(file);
    if (!yaml_sound(file, error))
        return NULL;
    framework->origin = g_strdup(origin);
    return g_steal_pointer(&framework);
}

Framework *framework_parse(const char *name, const char *text, size_t n, GError **error)
{
    g_autoptr(YamlFile) file = yaml_parse(name, text, n);
    return framework_of(file, name, error);
}

Framework *framework_load(const char *name_or_path, const char *folder, GError **error)
{
    g_autofree char *origin = name_is_path(name_or_path)
                                  ? g_strdup(name_or_path)
                                  : g_strconcat("built-in:", name_or_path, NULL);
    g_autoptr(YamlFile) file = framework_open(name_or_path, folder, origin, error);
    return file ? framework_of(file, origin, error) : NULL;
}

/* --- the end --------------------------------------------------------------------------------- */

static void term_clear(Term *term)
{
    g_free(term->id);
    label_clear(&term->label);
    label_clear(&term->brief);
    label_clear(&term->detail);
    label_clear(&term->pole_a);
    label_clear(&term->pole_b);
    g_free(term->letter);
    g_free(term->kind);
    g_strfreev(term->patterns);
    g_strfreev(term->related);
}

static void scale_free(Scale *scale)
{
    for (int i = 0; i < scale->n_steps; i++) {
        g_free(scale->step[i].id);
        label_clear(&scale->step[i].label);
        g_strfreev(scale->step[i].codes);
    }
    g_hash_table_unref(scale->codes);
    g_free(scale->id);
    g_free(scale);
}

void framework_free(Framework *framework)
{
    if (!framework)
        return;
    for (int kind = 0; kind < N_TERM_KINDS; kind++) {
        g_hash_table_unref(framework->index[kind]);
        g_hash_table_unref(framework->names[kind]);
        for (size_t i = 0; i < framework->list[kind].n; i++)
            term_clear(&framework->list[kind].v[i]);
        g_free(framework->list[kind].v);
    }
    for (size_t i = 0; i < framework->n_scales; i++)
        scale_free(framework->scales[i]);
    g_free(framework->scales);
    label_clear(&framework->title);
    g_free(framework->id);
    g_free(framework->origin);
    g_free(framework);
}

/* --- asking ---------------------------------------------------------------------------------- */

int framework_find(const Framework *framework, TermKind kind, const char *id)
{
    return GPOINTER_TO_INT(g_hash_table_lookup(framework->index[kind], id)) - 1;
}

int framework_match(const Framework *framework, TermKind kind, const char *text)
{
    const int index = framework_find(framework, kind, text);
    if (index >= 0)
        return index;
    g_autofree char *folded = label_fold(text);
    return GPOINTER_TO_INT(g_hash_table_lookup(framework->names[kind], folded)) - 1;
}

const Scale *framework_scale(const Framework *framework, const char *id)
{
    for (size_t i = 0; i < framework->n_scales; i++)
        if (g_str_equal(framework->scales[i]->id, id))
            return framework->scales[i];
    return NULL;
}

/* A code without the blanks around it and, when `whole`, without decimals that say nothing: form
 * systems write the answer 4 also as 4.0 or 4.0000000000. Caller owns. */
static char *code_trimmed(const char *code, bool whole)
{
    char *trimmed = g_strstrip(g_strdup(code));
    const size_t digits = strspn(trimmed, "0123456789");
    if (whole && digits && (trimmed[digits] == '.' || trimmed[digits] == ',') &&
        trimmed[digits + 1] && !trimmed[digits + 1 + strspn(trimmed + digits + 1, "0")])
        trimmed[digits] = '\0';
    return trimmed;
}

int scale_read(const Scale *scale, const char *code, Missing *ret_missing)
{
    gpointer known;
    if (!g_hash_table_lookup_extended(scale->codes, code, NULL, &known)) {
        g_autofree char *trimmed = code_trimmed(code, false);
        g_autofree char *whole = code_trimmed(code, true);
        if (!*trimmed) {
            *ret_missing = MISSING_NOT_ANSWERED;
            return 0;
        }
        if (!g_hash_table_lookup_extended(scale->codes, trimmed, NULL, &known) &&
            !g_hash_table_lookup_extended(scale->codes, whole, NULL, &known)) {
            *ret_missing = MISSING_UNREADABLE;
            return 0;
        }
    }
    const int step = GPOINTER_TO_INT(known);
    if (step > 0)
        return step;
    *ret_missing = (Missing)-step;
    return 0;
}

unsigned scale_agree_steps(const Scale *scale)
{
    unsigned steps = 0;
    for (int k = 0; k < scale->n_steps; k++)
        steps |= scale->step[k].agree ? 1u << k : 0;
    return steps;
}

const char *term_label(const Term *term, Language language)
{
    return label_get(&term->label, language);
}

const char *term_brief(const Term *term, Language language)
{
    const char *brief = label_get(&term->brief, language);
    return *brief ? brief : term_label(term, language);
}
