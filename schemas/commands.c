/* The commands of the ground floor: init, forget and status. */
#include "schemas/command.h"
#include "schemas/error.h"
#include "schemas/instant.h"
#include "schemas/project.h"
#include "schemas/resources.h"
#include "schemas/status.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

/* --- init --- */

static char *kind, *url, *form, *path, *title;

static const GOptionEntry init_options[] = {
    {"kind", 0, 0, G_OPTION_ARG_STRING, &kind, "of the first source: limesurvey or csv", "KIND"},
    {"url", 0, 0, G_OPTION_ARG_STRING, &url, "of its form server", "URL"},
    {"form", 0, 0, G_OPTION_ARG_STRING, &form, "the form's id", "ID"},
    {"path", 0, 0, G_OPTION_ARG_STRING, &path, "its files, for kind csv", "PATH"},
    {"title", 0, 0, G_OPTION_ARG_STRING, &title, "of the project", "TEXT"},
    G_OPTION_ENTRY_NULL,
};

static bool write_new(const char *folder, const char *name, const char *text, mode_t mode,
                      GError **error)
{
    g_autofree char *file = g_build_filename(folder, name, NULL);
    int fd = g_open(file, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, (int)mode);
    size_t n = strlen(text);
    bool ok = fd >= 0 && write(fd, text, n) == (ssize_t)n && fsync(fd) == 0;
    int cause = errno;
    if (fd >= 0)
        close(fd);
    if (!ok) {
        if (fd >= 0)
            g_unlink(file);
        g_set_error(error, INNSIKT_ERROR, INNSIKT_ERROR_SYSTEM,
                    "%s: cannot be made: %s; nothing that stood there was touched", file,
                    g_strerror(cause));
    }
    return ok;
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

/* A YAML scalar in double quotes, so that a title may hold anything. */
static char *quoted(const char *text)
{
    GString *out = g_string_new("\"");
    for (const char *p = text; *p; p++) {
        if (*p == '"' || *p == '\\')
            g_string_append_c(out, '\\');
        if ((unsigned char)*p >= 0x20)
            g_string_append_c(out, *p);
    }
    g_string_append_c(out, '"');
    return g_string_free(out, FALSE);
}

static void fill(GString *text, const char *place, const char *value)
{
    g_string_replace(text, place, value, 1); /* once: a value may look like a place */
}

/* An option that would be passed over in silence is a mistake of the call. */
static bool options_fit(GError **error)
{
    const bool files = g_strcmp0(kind, "csv") == 0;
    const struct {
        const char *name, *value, *wants;
        bool fits;
    } options[] = {{"url", url, "limesurvey", kind && !files},
                   {"form", form, "limesurvey", kind && !files},
                   {"path", path, "csv", files}};
    for (size_t i = 0; i < G_N_ELEMENTS(options); i++)
        if (options[i].value && !options[i].fits) {
            g_set_error(error, INNSIKT_ERROR, INNSIKT_ERROR_USAGE,
                        "--%s tells of a first source of another kind; add --kind %s",
                        options[i].name, options[i].wants);
            return false;
        }
    return true;
}

static char *source_block(GError **error)
{
    if (!options_fit(error))
        return NULL;
    if (!kind)
        return g_strdup("");
    g_autofree char *name = g_strdup_printf("project-template-%s.yaml", kind);
    g_autofree char *block = template_text(name, NULL);
    if (!block) {
        g_set_error(error, INNSIKT_ERROR, INNSIKT_ERROR_USAGE,
                    "--kind %s: there is no template for that kind; use limesurvey or csv", kind);
        return NULL;
    }
    GString *text = g_string_new(block);
    g_autofree char *quoted_url =
        quoted(url ? url : "https://skjema.example.no/index.php/admin/remotecontrol");
    g_autofree char *quoted_form = quoted(form ? form : "131392");
    g_autofree char *quoted_path = quoted(path ? path : "verksted/*.csv");
    fill(text, "{url}", quoted_url);
    fill(text, "{form}", quoted_form);
    fill(text, "{path}", quoted_path);
    return g_string_free(text, FALSE);
}

static char *project_text(const char *folder, GError **error)
{
    g_autofree char *template = template_text("project-template.yaml", error);
    g_autofree char *block = template ? source_block(error) : NULL;
    if (!block)
        return NULL;
    g_autofree char *absolute = g_canonicalize_filename(folder, NULL);
    g_autofree char *name = g_path_get_basename(absolute);
    g_autofree char *quoted_title = quoted(title ? title : name);
    GString *text = g_string_new(template);
    fill(text, "{sources}", block);
    fill(text, "{title}", quoted_title);
    return g_string_free(text, FALSE);
}

static bool run_init(const Invocation *invocation, char **arguments, GError **error)
{
    static const char ignore[] =
        "# Answers, keys and what is made of them stay out of version control.\n"
        "innsikt.db*\ninnsikt.key\n*.xlsx\n*.part\nresults.json\n";
    if (!arguments[0] || arguments[1]) {
        g_set_error(error, INNSIKT_ERROR, INNSIKT_ERROR_USAGE,
                    "innsikt init takes one folder; see innsikt init --help");
        return false;
    }
    const char *folder = arguments[0];
    g_autofree char *text = project_text(folder, error);
    if (!text)
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
    if (!write_new(folder, ".gitignore", ignore, 0644, &kept))
        say(invocation, "%s", kept->message);
    say(invocation,
        "%s/project.yaml: describe the project there, then run innsikt check -C %s\n"
        "%s/innsikt.key: the key of all pseudonyms; whoever loses it loses them, so keep a copy "
        "where the answers are not",
        folder, folder, folder);
    return true;
}

/* --- status --- */

static void print_round(const Round *round)
{
    static const char *const stages[] = {"draft", "validation", "final"};
    if (!round->number)
        return;
    printf("round %d%s%s%s%s\n", round->number, round->stage >= 0 ? ": " : "",
           round->stage >= 0 ? stages[round->stage] : "", round->deadline ? ", deadline " : "",
           round->deadline ? round->deadline : "");
}

static bool print_status(const Project *project, GError **error)
{
    g_autoptr(Store) store = store_open_read(project->store_path, error);
    g_autofree char *report = store ? status_report(project, store, error) : NULL;
    if (!report)
        return false;
    fputs(report, stdout);
    return true;
}

static bool run_status(const Invocation *invocation, char **arguments, GError **error)
{
    if (*arguments) {
        g_set_error(error, INNSIKT_ERROR, INNSIKT_ERROR_USAGE,
                    "innsikt status takes no argument \"%s\"", *arguments);
        return false;
    }
    g_autoptr(Project) project = project_load(invocation->folder, error);
    if (!project)
        return false;
    print_round(&project->round);
    if (!store_is_there(project->store_path)) {
        puts("nothing collected yet: run innsikt collect");
        return true;
    }
    return print_status(project, error);
}

/* --- forget --- */

static char *forget_source, *forget_id;

static const GOptionEntry forget_options[] = {
    {"source", 0, 0, G_OPTION_ARG_STRING, &forget_source, "the source of one response", "NAME"},
    {"id", 0, 0, G_OPTION_ARG_STRING, &forget_id, "its id at the source", "ID"},
    G_OPTION_ENTRY_NULL,
};

static bool forget_is_named(char **arguments, GError **error)
{
    bool person = arguments[0] && !arguments[1] && !forget_source && !forget_id;
    bool response = !arguments[0] && forget_source && forget_id;
    if (!person && !response)
        g_set_error(error, INNSIKT_ERROR, INNSIKT_ERROR_USAGE,
                    "innsikt forget takes a pseudonym, or --source and --id together; see innsikt "
                    "forget --help");
    return person || response;
}

/* The workbook and results.json are made from the store, so they are right again after analyze;
 * what was written or sent before is not in our hands, and is said. */
static bool run_forget(const Invocation *invocation, char **arguments, GError **error)
{
    if (!forget_is_named(arguments, error))
        return false;
    g_autoptr(Project) project = project_load(invocation->folder, error);
    if (!project)
        return false;
    if (forget_source && !project_source(project, forget_source))
        say(invocation, "%s: there is no source \"%s\" in it (any more); looking in the store",
            project->file, forget_source);
    if (!g_file_test(project->store_path, G_FILE_TEST_EXISTS)) {
        g_set_error(error, INNSIKT_ERROR, INNSIKT_ERROR_NOT_FOUND,
                    "%s: there is no store, so nothing is held on anybody", project->store_path);
        return false;
    }
    int64_t erased = 0;
    g_autoptr(Store) store = store_open(project->store_path, error);
    if (!store ||
        !store_forget(store, arguments[0], forget_source, forget_id, instant_now(), &erased, error))
        return false;
    say(invocation,
        "%" G_GINT64_FORMAT " responses erased from the store and its history, and barred from the "
        "next pull; run innsikt analyze to rewrite the workbook. Workbooks, exports and backups "
        "made before are not touched: delete them where they lie.",
        erased);
    return true;
}

const Command ground_commands[] = {
    {"init", "DIR", "a new project folder", "With --kind the project has a first source.",
     init_options, run_init},
    {"forget", "[PSEUDONYM]", "erase a person's responses from the store for good",
     "Names a person by pseudonym (column pseudonym of the store's table response), or one "
     "response "
     "with --source and --id. A tombstone without personal data keeps the next pull from bringing "
     "it back.",
     forget_options, run_forget},
    {"status", "", "what the store holds, and what failed", NULL, NULL, run_status},
    {0},
};
