/* The commands by which a project gets its questions: init and questions. */
#include "collect/adopt.h"
#include "collect/ask.h"
#include "collect/framework_draft.h"
#include "collect/reach.h"
#include "schemas/command.h"
#include "schemas/error.h"
#include "schemas/nearest.h"
#include "schemas/project_create.h"
#include "schemas/yaml_text.h"

#include <stdio.h>
#include <string.h>

enum { INDENT = 6 }; /* of a question in the file that init writes */

/* --- asking ---------------------------------------------------------------------------------- */

static bool source_is_files(const Source *source)
{
    const Collector *collector = collector_find(source->kind);
    return collector && collector->reads_files;
}

static Form *ask_source(const Invocation *invocation, const Project *project, const Source *source,
                        GError **error)
{
    const HttpOptions common = {.stop = invocation->stop,
                                .trace = invocation->verbose ? reach_warn : NULL,
                                .trace_data = (gpointer)source};
    g_autoptr(Transport) transport = NULL;
    Form *form = reach_source(project, source, &common, &transport, error)
                     ? ask_form_closely(project, source, transport, error)
                     : NULL;
    if (!form && error)
        g_prefix_error(error, "%s: ", source->name);
    return form;
}

/* --- questions ------------------------------------------------------------------------------- */

static gboolean write_lines, print_framework;

static const GOptionEntry questions_options[] = {
    {"write", 0, 0, G_OPTION_ARG_NONE, &write_lines,
     "add the lines to project.yaml, leaving what stands there as it is", NULL},
    {"framework", 0, 0, G_OPTION_ARG_NONE, &print_framework,
     "print a framework made from the form instead", NULL},
    G_OPTION_ENTRY_NULL,
};

static const Source *named_source(const Project *project, char **arguments, GError **error)
{
    if (!arguments[0] || arguments[1] || (write_lines && print_framework)) {
        g_set_error(error, INNSIKT_ERROR, INNSIKT_ERROR_USAGE,
                    "innsikt questions takes one source, and --write or --framework; see innsikt "
                    "questions --help");
        return NULL;
    }
    const Source *source = project_source(project, arguments[0]);
    if (source)
        return source;
    g_autoptr(GPtrArray) names = g_ptr_array_new();
    for (guint i = 0; i < project->sources->len; i++)
        g_ptr_array_add(names, ((Source *)project->sources->pdata[i])->name);
    g_ptr_array_add(names, NULL);
    g_autofree char *help = nearest_help(arguments[0], (const char *const *)names->pdata);
    g_set_error(error, INNSIKT_ERROR, INNSIKT_ERROR_USAGE, "%s: there is no source \"%s\"; %s",
                project->file, arguments[0], help);
    return NULL;
}

static void say_left_out(const Invocation *invocation, const Project *project, guint homeless)
{
    if (homeless)
        say(invocation,
            "%u rated questions are left out: framework %s has no item or no scale for them; the "
            "comments say what to add",
            homeless, project->framework->id);
}

static void print_proposal(const Invocation *invocation, const Project *project,
                           const Source *source, const Form *form)
{
    g_autoptr(Outline) outline = outline_new(form, project->framework, source_is_files(source));
    g_autoptr(Proposal) proposal = proposal_new(outline, project, source);
    g_autofree char *lines = project_entries_text(proposal->entries, INDENT, "\n");
    fputs(lines, stdout);
    if (!proposal->questions)
        say(invocation, "%s: every question is mapped already", source->name);
    else
        say(invocation, "%s: %u questions are not mapped yet; a role is proposed for %u of them",
            source->name, proposal->questions, proposal->used);
    if (adopt_wants_framework(project, proposal))
        say(invocation,
            "framework %s has no place for %u of the %u questions that are rated: --write takes "
            "one "
            "that has, or makes it from the form, which --framework prints",
            project->framework->id, proposal->homeless, proposal->ratings);
    else
        say_left_out(invocation, project, proposal->homeless);
}

static bool print_draft(const Project *project, const Source *source, const Form *form,
                        GError **error)
{
    g_autoptr(Outline) outline = outline_new(form, project->framework, source_is_files(source));
    g_autofree char *draft = framework_draft(outline, project->framework, project->title);
    if (!draft) {
        g_set_error(error, INNSIKT_ERROR, INNSIKT_ERROR_DATA,
                    "%s: nothing is rated on a scale there, so no framework can be made from it",
                    source->name);
        return false;
    }
    fputs(draft, stdout);
    return true;
}

/* Adds the questions and says what came of it. */
static bool adopt_and_say(const Invocation *invocation, const char *folder, const Source *source,
                          const Form *form, GError **error)
{
    Adopted adopted;
    if (!adopt_proposal(folder, source->name, form, source_is_files(source), &adopted, error))
        return false;
    g_autofree char *note = adopted.note;
    g_autoptr(Project) project = project_load(folder, error);
    if (!project)
        return false;
    if (!adopted.questions)
        say(invocation, "%s: every question is mapped; nothing was added", source->name);
    else
        say(invocation,
            "%s: %u questions of source %s added, %u of them with a role; read them "
            "through, then run innsikt check -C %s",
            project->file, adopted.questions, source->name, adopted.used, folder);
    if (adopted.framework)
        say(invocation,
            "%s/" FRAMEWORK_FILE ": made from the form: scales, main questions, items, groups; "
            "name them as you like",
            folder);
    if (adopted.other)
        say(invocation, "%s: framework %s, which is built in, has a place for what the form rates",
            project->file, project->framework->id);
    if (note)
        say(invocation, "no framework was made from the form: %s", note);
    say_left_out(invocation, project, adopted.homeless);
    return true;
}

static bool run_questions(const Invocation *invocation, char **arguments, GError **error)
{
    g_autoptr(Project) project = project_load(invocation->folder, error);
    const Source *source = project ? named_source(project, arguments, error) : NULL;
    g_autoptr(Form) form = source ? ask_source(invocation, project, source, error) : NULL;
    if (!form)
        return false;
    if (print_framework)
        return print_draft(project, source, form, error);
    if (write_lines)
        return adopt_and_say(invocation, invocation->folder, source, form, error);
    print_proposal(invocation, project, source, form);
    return true;
}

/* --- init ------------------------------------------------------------------------------------ */

static char *kind, *url, *form_id, *path, *title;

static const GOptionEntry init_options[] = {
    {"kind", 0, 0, G_OPTION_ARG_STRING, &kind,
     "of the first source: limesurvey, nettskjema, odk, kobo, rest, csv, xlsx …", "KIND"},
    {"url", 0, 0, G_OPTION_ARG_STRING, &url, "of its form server", "URL"},
    {"form", 0, 0, G_OPTION_ARG_STRING, &form_id, "the form's id", "ID"},
    {"path", 0, 0, G_OPTION_ARG_STRING, &path, "its files, for kinds that read files", "PATH"},
    {"title", 0, 0, G_OPTION_ARG_STRING, &title, "of the project", "TEXT"},
    G_OPTION_ENTRY_NULL,
};

/* What a form system's source looks like when nobody says; the last row is everybody else's. */
static const struct {
    const char *kind, *prefix, *url, *form, *method;
    bool token; /* logs in with PREFIX_TOKEN in place of PREFIX_USER and PREFIX_PASSWORD */
} systems[] = {
    {"limesurvey", "LS", "https://skjema.example.no/index.php/admin/remotecontrol", "131392",
     "survey", false},
    {"nettskjema", "NETTSKJEMA", "https://nettskjema.no/api/v3", "4711", "survey", false},
    {"odk", "ODK", "https://odk.example.no/v1/projects/1", "interview", "interview", false},
    {"kobo", "KOBO", "https://eu.kobotoolbox.org", "aBcDeFgHiJkLmNoPqRsTuV", "interview", true},
    {"rest", "API", "https://api.example.org/v1/responses", "", "survey", true},
    {NULL, "FORM", "https://forms.example.org", "1", "survey", false},
};

static size_t system_of(const char *word)
{
    size_t i = 0;
    while (systems[i].kind && g_strcmp0(systems[i].kind, word) != 0)
        i++;
    return i;
}

/* The environment variables that log in. Caller frees with g_strfreev. */
static char **login_variables(const ProjectSeed *seed)
{
    static const char *const words[] = {"USER", "PASSWORD", "TOKEN"};
    const bool token = systems[system_of(seed->kind)].token;
    char **names = g_new0(char *, G_N_ELEMENTS(words));
    for (size_t i = token ? 2 : 0, n = 0; i < (token ? 3u : 2u); i++)
        names[n++] = g_strconcat(seed->prefix, "_", words[i], NULL);
    return names;
}

static const Collector *kind_of_source(GError **error)
{
    const Collector *collector = collector_find(kind);
    if (collector)
        return collector;
    g_autoptr(GPtrArray) kinds = g_ptr_array_new();
    for (const Collector *const *known = collectors_all(); *known; known++)
        g_ptr_array_add(kinds, (gpointer)(*known)->kind);
    g_ptr_array_add(kinds, NULL);
    g_autofree char *help = nearest_help(kind, (const char *const *)kinds->pdata);
    g_set_error(error, INNSIKT_ERROR, INNSIKT_ERROR_USAGE,
                "--kind %s: there is no such kind of source; %s", kind, help);
    return NULL;
}

/* An option that would be passed over in silence is a mistake of the call. */
static bool options_fit(const Collector *collector, GError **error)
{
    const bool files = collector && collector->reads_files;
    const struct {
        const char *name, *value, *wants;
        bool fits;
    } options[] = {{"url", url, "limesurvey", collector && !files},
                   {"form", form_id, "limesurvey", collector && !files},
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

/* Paths in project.yaml begin at its folder; one typed where the shell stands is made whole. Caller
 * owns. */
static char *path_from(const char *folder)
{
    if (!path)
        return g_strdup_printf("svar/*.%s", kind ? kind : "csv");
    g_autofree char *there = g_build_filename(folder, path, NULL);
    if (g_path_is_absolute(path) || strstr(path, "://") || g_str_has_prefix(path, "env:") ||
        g_file_test(there, G_FILE_TEST_EXISTS) || !g_file_test(path, G_FILE_TEST_EXISTS))
        return g_strdup(path);
    return g_canonicalize_filename(path, NULL);
}

static void seed_fill(ProjectSeed *seed, const Collector *collector, const char *files)
{
    const size_t i = system_of(kind);
    *seed = (ProjectSeed){.title = title,
                          .kind = kind,
                          .path = collector && collector->reads_files ? files : NULL,
                          .url = url ? url : systems[i].url,
                          .form = form_id ? form_id : systems[i].form,
                          .method = systems[i].method,
                          .prefix = systems[i].prefix};
}

static void say_next(const Invocation *invocation, const char *folder, const ProjectSeed *seed,
                     const char *what)
{
    g_auto(GStrv) login = login_variables(seed);
    g_autofree char *names = g_strjoinv(" and ", login);
    g_autofree char *set = seed->path ? g_strdup("") : g_strconcat("set ", names, ", then ", NULL);
    say(invocation,
        "%s; %srun\n  innsikt questions " FIRST_SOURCE " --write -C %s\nwhich maps the form's "
        "questions",
        what, set, folder);
}

static bool can_log_in(const ProjectSeed *seed)
{
    g_auto(GStrv) names = login_variables(seed);
    for (char **name = names; *name; name++)
        if (!g_getenv(*name))
            return false;
    return true;
}

/* Whoever said where the form is wants its questions too. */
static bool first_source(const Invocation *invocation, const char *folder, const ProjectSeed *seed,
                         GError **error)
{
    if (seed->path ? !path : !url || !form_id) {
        say_next(invocation, folder, seed,
                 seed->path ? "write in it where the files are" : "write in it where the form is");
        return true;
    }
    if (!seed->path && !can_log_in(seed)) {
        say_next(invocation, folder, seed, "the form was not asked for its questions");
        return true;
    }
    g_autoptr(GError) why = NULL;
    g_autoptr(Project) project = project_load(folder, error);
    const Source *source = project ? project_source(project, FIRST_SOURCE) : NULL;
    g_autoptr(Form) form = source ? ask_source(invocation, project, source, &why) : NULL;
    if (form && adopt_and_say(invocation, folder, source, form, &why))
        return true;
    if (!project)
        return false;
    if (seed->path && g_error_matches(why, INNSIKT_ERROR, INNSIKT_ERROR_NOT_FOUND)) {
        say(invocation, "%s", why->message);
        say_next(invocation, folder, seed, "put the files there");
        return true;
    }
    g_set_error(error, INNSIKT_ERROR, INNSIKT_ERROR_PARTIAL,
                "%s; the project stands, without the form's questions: mend it, then run innsikt "
                "questions " FIRST_SOURCE " --write -C %s",
                why->message, folder);
    return false;
}

/* The column by which rows of the files are known for good: a pull would refuse one whose rows
 * share an id. NULL: none, or the files are not there yet. Caller owns. */
static char *id_column(const Invocation *invocation, const char *folder, const ProjectSeed *seed)
{
    g_autoptr(Project) project = seed->path && path ? project_seeded(folder, seed, NULL) : NULL;
    const Source *source = project ? project_source(project, FIRST_SOURCE) : NULL;
    g_autoptr(Form) form = source ? ask_source(invocation, project, source, NULL) : NULL;
    const char *name = NULL;
    while (form && (name = proposal_row_id(form, name))) {
        Source probe = *source;
        probe.id_column = (char *)name;
        g_autoptr(Form) known = ask_source(invocation, project, &probe, NULL);
        if (known)
            return g_strdup(name);
    }
    return NULL;
}

static bool run_init(const Invocation *invocation, char **arguments, GError **error)
{
    if (!arguments[0] || arguments[1]) {
        g_set_error(error, INNSIKT_ERROR, INNSIKT_ERROR_USAGE,
                    "innsikt init takes one folder; see innsikt init --help");
        return false;
    }
    const char *folder = arguments[0];
    const Collector *collector = kind ? kind_of_source(error) : NULL;
    if ((kind && !collector) || !options_fit(collector, error))
        return false;
    g_autofree char *files = path_from(folder), *note = NULL;
    ProjectSeed seed;
    seed_fill(&seed, collector, files);
    g_autofree char *id = id_column(invocation, folder, &seed);
    seed.id = id;
    if (!project_create(folder, &seed, &note, error))
        return false;
    if (note)
        say(invocation, "%s", note);
    say(invocation,
        "%s/project.yaml: describe the project there, then run innsikt check -C %s\n"
        "%s/innsikt.key: the key of all pseudonyms; whoever loses it loses them, so keep a copy "
        "where the answers are not",
        folder, folder, folder);
    return !kind || first_source(invocation, folder, &seed, error);
}

const Command setup_commands[] = {
    {"init", "DIR", "a new project folder",
     "With --kind the project has a first source, named " FIRST_SOURCE
     ". When it says where the form or the files are, and for a form its user and password are set "
     "in the environment (LS_USER and LS_PASSWORD for limesurvey, NETTSKJEMA_… for nettskjema, "
     "ODK_… for odk, KOBO_TOKEN for kobo), its questions are asked for and mapped, as innsikt "
     "questions --write does.",
     init_options, run_init},
    {"questions", "SOURCE", "the questions of a form, with a proposed mapping",
     "Prints YAML to paste under `questions:` of the source: every question that is not mapped "
     "yet, with its type, text and choices as a comment. What is not recognised is `ignore`; "
     "what names a person is left out, or kept as a pseudonym only. With --write, a project whose "
     "built-in framework has no place for most of what the form rates gets another built-in one "
     "that "
     "has, or a framework.yaml made from the form.",
     questions_options, run_questions},
    {0},
};
