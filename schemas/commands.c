/* The commands of the ground floor: forget and status. */
#include "schemas/command.h"
#include "schemas/error.h"
#include "schemas/instant.h"
#include "schemas/project.h"
#include "schemas/status.h"

#include <stdio.h>

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

/* Whoever mistypes a pseudonym, or takes the workbook's short one, must not think it is done. */
static void say_nothing_erased(const Invocation *invocation, const char *pseudonym)
{
    if (pseudonym)
        say(invocation,
            "nothing erased: no response in the store has the pseudonym \"%s\"; innsikt why names "
            "those behind a figure in full (the P1, P2 … of the workbook are not pseudonyms of the "
            "store). Should it ever come, the next pulls keep it out.",
            pseudonym);
    else
        say(invocation,
            "nothing erased: source \"%s\" has no response \"%s\" in the store. Should it ever "
            "come, "
            "the next pulls keep it out.",
            forget_source, forget_id);
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
    if (erased)
        say(invocation,
            "%" G_GINT64_FORMAT " %s erased from the store and its history, and barred from the "
            "next pull; run innsikt analyze to rewrite the workbook. Workbooks, exports and "
            "backups made before are not touched: delete them where they lie.",
            erased, erased == 1 ? "response" : "responses");
    else
        say_nothing_erased(invocation, arguments[0]);
    return true;
}

const Command ground_commands[] = {
    {"forget", "[PSEUDONYM]", "erase a person's responses from the store for good",
     "Names a person by pseudonym (column pseudonym of the store's table response), or one "
     "response "
     "with --source and --id. A tombstone without personal data keeps the next pull from bringing "
     "it back.",
     forget_options, run_forget},
    {"status", "", "what the store holds, and what failed", NULL, NULL, run_status},
    {0},
};
