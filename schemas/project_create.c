#include "schemas/project_create.h"

#include "schemas/error.h"
#include "schemas/resources.h"
#include "schemas/textfile.h"
#include "schemas/yaml_text.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/random.h>

static bool write_new(const char *folder, const char *name, const char *text, mode_t mode,
                      GError **error)
{
    g_autofree char *file = g_build_filename(folder, name, NULL);
    const int cause = textfile_new(file, text, mode);
    if (cause)
        g_set_error(error, INNSIKT_ERROR, INNSIKT_ERROR_SYSTEM,
                    "%s: cannot be made: %s; nothing that stood there was touched", file,
                    g_strerror(cause));
    return !cause;
}

/* 32 random bytes as hex: the key under which people become pseudonyms. */
static bool write_key(const char *folder, GError **error)
{
    unsigned char bytes[32];
    char text[2 * sizeof bytes + 2];
    if (getrandom(bytes, sizeof bytes, 0) != (ssize_t)sizeof bytes) {
        g_set_error(error, INNSIKT_ERROR, INNSIKT_ERROR_SYSTEM,
                    "no random bytes for the project's key: %s", g_strerror(errno));
        return false;
    }
    for (size_t i = 0; i < sizeof bytes; i++)
        g_snprintf(text + 2 * i, 3, "%02x", bytes[i]);
    g_strlcat(text, "\n", sizeof text);
    bool ok = write_new(folder, "innsikt.key", text, 0600, error);
    explicit_bzero(bytes, sizeof bytes);
    explicit_bzero(text, sizeof text);
    return ok;
}

static char *template_text(const char *name, GError **error)
{
    g_autofree char *at = g_strdup_printf("/innsikt/%s", name);
    g_autoptr(GBytes) bytes =
        g_resource_lookup_data(resources_get_resource(), at, G_RESOURCE_LOOKUP_FLAGS_NONE, error);
    return bytes ? g_strndup(g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes)) : NULL;
}

/* Once: a value may look like a place. */
static void fill(GString *text, const char *place, const char *value)
{
    g_string_replace(text, place, value, 1);
}

static void fill_quoted(GString *text, const char *place, const char *value)
{
    g_autofree char *quoted = yaml_quoted(value);
    fill(text, place, quoted);
}

static char *source_block(const ProjectSeed *seed, GError **error)
{
    if (!seed->kind)
        return g_strdup("");
    g_autofree char *own = g_strdup_printf("project-template-%s.yaml", seed->kind);
    g_autofree char *block = template_text(own, NULL); /* for kinds that are told otherwise */
    const char *name = seed->path ? "project-template-files.yaml" : "project-template-form.yaml";
    if (!block)
        block = template_text(name, error);
    if (!block)
        return NULL;
    GString *text = g_string_new(block);
    fill(text, "{kind}", seed->kind);
    if (seed->path) {
        g_autofree char *quoted = seed->id ? yaml_quoted(seed->id) : NULL;
        g_autofree char *id = quoted ? g_strconcat("id: ", quoted, NULL) : g_strdup("# id: Nr");
        fill(text, "{id}", id);
        fill_quoted(text, "{path}", seed->path);
        return g_string_free(text, FALSE);
    }
    fill(text, "{method}", seed->method);
    for (int i = 0; i < 2; i++)
        fill(text, "{prefix}", seed->prefix);
    fill_quoted(text, "{form}", seed->form); /* from the end: what is filled in is not seen again */
    fill_quoted(text, "{url}", seed->url);
    return g_string_free(text, FALSE);
}

static char *project_text(const char *folder, const ProjectSeed *seed, GError **error)
{
    g_autofree char *template = template_text("project-template.yaml", error);
    g_autofree char *block = template ? source_block(seed, error) : NULL;
    if (!block)
        return NULL;
    g_autofree char *absolute = g_canonicalize_filename(folder, NULL);
    g_autofree char *name = g_path_get_basename(absolute);
    GString *text = g_string_new(template);
    fill(text, "{sources}", block);
    fill_quoted(text, "{title}", seed->title ? seed->title : name);
    return g_string_free(text, FALSE);
}

Project *project_seeded(const char *folder, const ProjectSeed *seed, GError **error)
{
    g_autofree char *text = project_text(folder, seed, error);
    return text ? project_parse(folder, text, strlen(text), error) : NULL;
}

bool project_create(const char *folder, const ProjectSeed *seed, char **ret_note, GError **error)
{
    static const char ignore[] =
        "# Answers, keys and what is made of them stay out of version control.\n"
        "innsikt.db*\ninnsikt.key\n*.xlsx\n*.part\nresults.json\n";
    g_autofree char *text = project_text(folder, seed, error);
    g_autoptr(Project) sound = text ? project_parse(folder, text, strlen(text), error) : NULL;
    if (!sound)
        return false;
    if (g_mkdir_with_parents(folder, 0755) != 0) {
        g_set_error(error, INNSIKT_ERROR, INNSIKT_ERROR_SYSTEM, "%s: cannot be made: %s", folder,
                    g_strerror(errno));
        return false;
    }
    /* project.yaml first: where one stands already, nothing else is touched. */
    if (!write_new(folder, "project.yaml", text, 0644, error) || !write_key(folder, error))
        return false;
    g_autoptr(GError) kept = NULL;
    write_new(folder, ".gitignore", ignore, 0644, &kept);
    if (ret_note)
        *ret_note = kept ? g_strdup(kept->message) : NULL;
    return true;
}
