/* The command of the analysts' floor: analyze. */
#include "analyze/results.h"
#include "analyze/workbook/workbook.h"
#include "schemas/command.h"
#include "schemas/error.h"

static char *output, *results_file;

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
    say(invocation,
        "%s: %u findings from %zu statements; %zu people, %zu organisations; %u figures", path,
        results->findings->len, in->statements, in->people, in->organisations,
        results->figures->len);
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
    if (invocation->language)
        language_parse(invocation->language, &project->language);
    if (!store_is_there(project->store_path)) {
        g_set_error(error, INNSIKT_ERROR, INNSIKT_ERROR_NOT_FOUND,
                    "%s: nothing has been collected yet; run innsikt collect first",
                    project->store_path);
        return false;
    }
    g_autoptr(Store) store = store_open(project->store_path, error);
    g_autoptr(Dataset) data = store ? dataset_load(project, key, store, error) : NULL;
    g_autoptr(Results) results = data ? results_compute(data, key, store, error) : NULL;
    return results && write_all(invocation, results, key, error);
}

static bool run_analyze(const Invocation *invocation, char **arguments, GError **error)
{
    if (*arguments) {
        g_set_error(error, INNSIKT_ERROR, INNSIKT_ERROR_USAGE,
                    "innsikt analyze takes no argument \"%s\"; the workbook is named with -o",
                    *arguments);
        return false;
    }
    g_autoptr(Project) project = project_load(invocation->folder, error);
    if (!project)
        return false;
    ProjectKey key;
    if (!project_key_read(project->key_ref, project->folder, &key, error))
        return false;
    bool ok = analyze(invocation, project, &key, error);
    project_key_wipe(&key);
    return ok;
}

const Command analyze_commands[] = {
    {"analyze", "", "compute everything and write the workbook", NULL, analyze_options,
     run_analyze},
    {0},
};
