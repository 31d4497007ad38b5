/* The commands of the analysts' floor: analyze and export. */
#include "analyze/export.h"
#include "analyze/results.h"
#include "analyze/why.h"
#include "schemas/command.h"
#include "schemas/error.h"
#include "schemas/nearest.h"

static char *output, *results_file;
static char *format_word, *what_word, *organisations_word;

static const GOptionEntry analyze_options[] = {
    {"output", 'o', 0, G_OPTION_ARG_FILENAME, &output,
     "the workbook (default: innsikt.xlsx in the project folder)", "FILE"},
    {"results", 0, 0, G_OPTION_ARG_FILENAME, &results_file, "write the same numbers as JSON",
     "FILE"},
    G_OPTION_ENTRY_NULL,
};

static void tell(const Invocation *invocation, const Results *results, const char *path)
{
    const Involvement *in = &results->involvement;
    say(invocation, "%s: %u finding%s from %zu statement%s; %zu %s, %zu organisation%s", path,
        results->findings->len, results->findings->len == 1 ? "" : "s", in->statements,
        in->statements == 1 ? "" : "s", in->people, in->people == 1 ? "person" : "people",
        in->organisations, in->organisations == 1 ? "" : "s");
}

static bool write_all(const Invocation *invocation, const Results *results, const ProjectKey *key,
                      GError **error)
{
    g_autofree char *standard =
        g_build_filename(results->project->folder, PROGRAM_NAME ".xlsx", NULL);
    g_autofree char *written = NULL;
    WorkbookOptions options = {.program = PROGRAM_NAME " " PROGRAM_VERSION,
                               .language = results->project->language,
                               .key = key};
    const char *path = output ? output : standard;
    if (!workbook_write(results, &options, path, &written, error))
        return false;
    if (results_file && !results_write_json(results, results_file, error))
        return false;
    tell(invocation, results, written);
    if (g_str_equal(written, path))
        return true;
    g_set_error(error, INNSIKT_ERROR, INNSIKT_ERROR_PARTIAL,
                "%s: is open elsewhere, so the new workbook is %s; close the old one and run again",
                path, written);
    return false;
}

static bool analyze(const Invocation *invocation, Project *project, const ProjectKey *key,
                    GError **error)
{
    if (!store_is_there(project->store_path)) {
        g_set_error(error, INNSIKT_ERROR, INNSIKT_ERROR_NOT_FOUND,
                    "%s: nothing has been collected yet; run innsikt collect first",
                    project->store_path);
        return false;
    }
    g_autofree char *mark = project_key_mark(key);
    g_autoptr(Store) store = store_open(project->store_path, error);
    g_autoptr(Dataset) data = store && store_hold_key(store, mark, error)
                                  ? dataset_load(project, key, store, error)
                                  : NULL;
    g_autoptr(Results) results = data ? results_compute(data, key, store, error) : NULL;
    return results && write_all(invocation, results, key, error);
}

/* --- what both do first -------------------------------------------------------------------------
 */

typedef bool (*ProjectWork)(const Invocation *invocation, Project *project, const ProjectKey *key,
                            GError **error);

static bool takes_none(const char *command, char **arguments, GError **error)
{
    if (*arguments)
        g_set_error(error, INNSIKT_ERROR, INNSIKT_ERROR_USAGE,
                    "innsikt %s takes no argument \"%s\"; the file to write is named with -o",
                    command, *arguments);
    return !*arguments;
}

static bool run_with_project(const Invocation *invocation, ProjectWork work, GError **error)
{
    g_autoptr(Project) project = project_load(invocation->folder, error);
    if (!project)
        return false;
    if (invocation->language)
        language_parse(invocation->language, &project->language);
    ProjectKey key;
    if (!project_key_read(project->key_ref, project->folder, &key, error))
        return false;
    bool ok = work(invocation, project, &key, error);
    project_key_wipe(&key);
    return ok;
}

static bool run_analyze(const Invocation *invocation, char **arguments, GError **error)
{
    return takes_none("analyze", arguments, error) && run_with_project(invocation, analyze, error);
}

/* --- export --------------------------------------------------------------------------------- */

static const GOptionEntry export_options[] = {
    {"format", 0, 0, G_OPTION_ARG_STRING, &format_word, "csv, csv-excel, json, ndjson or sav",
     "FORMAT"},
    {"output", 'o', 0, G_OPTION_ARG_FILENAME, &output, "the file (default: standard output)",
     "FILE"},
    {"what", 0, 0, G_OPTION_ARG_STRING, &what_word,
     "a row for each: responses (default) or statements", "WHAT"},
    {"organisations", 0, 0, G_OPTION_ARG_STRING, &organisations_word,
     "numbers (default; each keeps its own) or names", "AS"},
    G_OPTION_ENTRY_NULL,
};

/* One of the words, by its place in the list; without a word the first. */
static bool choice_read(const char *option, const char *word, const char *const *choices,
                        size_t *ret, GError **error)
{
    for (size_t i = 0; choices[i]; i++)
        if (!g_strcmp0(word ? word : choices[0], choices[i])) {
            *ret = i;
            return true;
        }
    g_autofree char *help = nearest_help(word, choices);
    g_set_error(error, INNSIKT_ERROR, INNSIKT_ERROR_USAGE, "%s does not take \"%s\"; %s", option,
                word, help);
    return false;
}

static const ExportFormat *format_chosen(GError **error)
{
    size_t n, chosen;
    const ExportFormat *formats = export_formats(&n);
    g_autoptr(GPtrArray) known = g_ptr_array_new();
    for (size_t i = 0; i < n; i++)
        g_ptr_array_add(known, (gpointer)formats[i].word);
    g_ptr_array_add(known, NULL);
    if (!format_word)
        g_set_error(error, INNSIKT_ERROR, INNSIKT_ERROR_USAGE,
                    "innsikt export needs --format: csv, csv-excel, json, ndjson or sav");
    else if (choice_read("--format", format_word, (const char *const *)known->pdata, &chosen,
                         error)) {
        if (output || !formats[chosen].needs_file)
            return &formats[chosen];
        g_set_error(error, INNSIKT_ERROR, INNSIKT_ERROR_USAGE,
                    "--format %s is no text; name its file with -o FILE", format_word);
    }
    return NULL;
}

static bool export_choices(ExportOptions *ret, GError **error)
{
    static const char *const whats[] = {"responses", "statements", NULL};
    static const char *const shown_as[] = {"numbers", "names", NULL};
    size_t what, names;
    if (!choice_read("--what", what_word, whats, &what, error) ||
        !choice_read("--organisations", organisations_word, shown_as, &names, error))
        return false;
    ret->what = (ExportWhat)what;
    ret->organisation_names = names == 1;
    return true;
}

static bool export(const Invocation *invocation, Project *project, const ProjectKey *key,
                   GError **error)
{
    ExportOptions options = {.language = project->language};
    const ExportFormat *format = format_chosen(error);
    if (!format || !export_choices(&options, error))
        return false;
    g_autoptr(Store) store = store_open_read(project->store_path, error);
    g_autoptr(Dataset) data = store ? dataset_load(project, key, store, error) : NULL;
    ExportCounts counts;
    if (!data || !export_write(data, key, &options, format, output, &counts, error))
        return false;
    say(invocation, "%s: %zu rows, %zu columns", output ? output : "standard output", counts.rows,
        counts.columns);
    if (counts.cut)
        warn("%zu texts were too long for %s and lost their end; csv and json hold them whole",
             counts.cut, format->word);
    return true;
}

static bool run_export(const Invocation *invocation, char **arguments, GError **error)
{
    return takes_none("export", arguments, error) && run_with_project(invocation, export, error);
}

/* --- why ------------------------------------------------------------------------------------ */

static char **asked_for; /* the keys and cells of this call */
static gboolean as_json;

static const GOptionEntry why_options[] = {
    {"json", 0, 0, G_OPTION_ARG_NONE, &as_json, "one JSON object a line, for programs", NULL},
    G_OPTION_ENTRY_NULL,
};

static bool answer(const Results *results, const GPtrArray *cells, const char *what, Store *store,
                   GError **error)
{
    g_autoptr(Why) why = why_new(results, cells, what, error);
    g_autofree char *text = !why      ? NULL
                            : as_json ? why_json(why, store, error)
                                      : why_text(why, store, error);
    if (!text)
        return false;
    g_autofree char *shown = as_json ? g_strdup(text) : terminal_text(text);
    fputs(shown, stdout);
    return true;
}

static bool why(const Invocation *invocation, Project *project, const ProjectKey *key,
                GError **error)
{
    (void)invocation;
    WorkbookOptions options = {
        .program = PROGRAM_NAME " " PROGRAM_VERSION, .language = project->language, .key = key};
    g_autofree char *mark = project_key_mark(key);
    g_autoptr(Store) store = store_open_read(project->store_path, error);
    g_autoptr(Dataset) data = store && store_hold_key(store, mark, error)
                                  ? dataset_load(project, key, store, error)
                                  : NULL;
    g_autoptr(Results) results = data ? results_compute(data, key, store, error) : NULL;
    if (!results)
        return false;
    g_autoptr(GPtrArray) cells = workbook_cells(results, &options);
    for (char **what = asked_for; *what; what++)
        if (!answer(results, cells, *what, store, error))
            return false;
    return true;
}

static bool run_why(const Invocation *invocation, char **arguments, GError **error)
{
    if (!*arguments) {
        g_set_error(error, INNSIKT_ERROR, INNSIKT_ERROR_USAGE,
                    "innsikt why takes a key or a cell, such as 'Robusthet!G7'; keys stand on the "
                    "workbook's sheet of bases");
        return false;
    }
    asked_for = arguments;
    return run_with_project(invocation, why, error);
}

const Command analyze_commands[] = {
    {"analyze", "", "compute everything and write the workbook", NULL, analyze_options,
     run_analyze},
    {"export", "", "write the mapped, pseudonymised data set: csv, csv-excel, json, ndjson or sav",
     "Free text stands as it was said: read it before it leaves the team. In csv a text that a "
     "spreadsheet would take for a formula begins with an apostrophe.",
     export_options, run_export},
    {"why", "KEY|SHEET!CELL…",
     "what a figure is made of: responses, questions, pulls, method, limits; recomputed on the "
     "spot",
     "Reads the store, never the workbook or results.json. In a shell put a cell in quotes: "
     "'Robusthet!G7'.",
     why_options, run_why},
    {0},
};
