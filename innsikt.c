/* innsikt: the front door. Options that all commands share, the tables of commands, exit codes. */
#include "schemas/command.h"
#include "schemas/error.h"
#include "schemas/nearest.h"

#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static volatile gint interrupts; /* atomic: sources are pulled in threads */

/* The first Ctrl-C lets the page be finished, the second breaks off, the third is the system's. */
static void on_interrupt(int number)
{
    if (g_atomic_int_add(&interrupts, 1) >= 2) {
        signal(number, SIG_DFL);
        raise(number);
    }
}

static void catch_interrupts(void)
{
    struct sigaction action = {.sa_handler = on_interrupt};
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    /* A reader that goes away (innsikt … | head) is a write error, not a death. */
    action.sa_handler = SIG_IGN;
    sigaction(SIGPIPE, &action, NULL);
}

/* --- run: collect, then analyze ------------------------------------------------------------------
 */

static const Command *find_in(const Command *table, const char *name)
{
    for (; table->name; table++)
        if (strcmp(table->name, name) == 0)
            return table;
    return NULL;
}

/* What was pulled is analysed even if some sources failed; then the failure is told at the end. */
static bool run_both(const Invocation *invocation, char **arguments, GError **error)
{
    char *none[] = {NULL};
    GError *partial = NULL;
    if (!find_in(collect_commands, "collect")->run(invocation, arguments, &partial) &&
        !g_error_matches(partial, INNSIKT_ERROR, INNSIKT_ERROR_PARTIAL)) {
        g_propagate_error(error, partial);
        return false;
    }
    if (!find_in(analyze_commands, "analyze")->run(invocation, none, error)) {
        g_clear_error(&partial);
        return false;
    }
    if (partial)
        g_propagate_error(error, partial);
    return partial == NULL;
}

static const Command door_commands[] = {
    {"run", "[SOURCE…]", "collect, then analyze",
     "Takes the options of neither; use the two commands for those.", NULL, run_both},
    {0},
};

static const Command *const tables[] = {setup_commands, collect_commands, analyze_commands,
                                        door_commands, ground_commands};

/* --- help --- */

static const Command *find_command(const char *name)
{
    for (size_t t = 0; t < G_N_ELEMENTS(tables); t++) {
        const Command *command = find_in(tables[t], name);
        if (command)
            return command;
    }
    return NULL;
}

static void print_help(FILE *out)
{
    fputs("innsikt: from survey, interview and workshop answers to a workbook\n\n"
          "Usage: innsikt COMMAND [OPTIONS] [ARGUMENTS]\n\nCommands:\n",
          out);
    for (size_t t = 0; t < G_N_ELEMENTS(tables); t++)
        for (const Command *c = tables[t]; c->name; c++)
            fprintf(out, "  %-9s %s%*s %s\n", c->name, c->arguments,
                    MAX(0, 15 - (int)g_utf8_strlen(c->arguments, -1)), "", c->summary);
    fputs("\nEvery command takes:\n"
          "  -C DIR               the project folder (default: .)\n"
          "  -q, --quiet          say nothing but failures\n"
          "  -v, --verbose        say every request and step (never secrets or answers)\n"
          "  --language nb|nn|en  of the workbook, instead of the project's\n"
          "  --help               what the command does, and its options\n"
          "\ninnsikt --version says which one this is.\n"
          "\nExit codes: 0 all done; 1 something failed; 2 the call or the project file is wrong;\n"
          "3 done in part: some sources failed, everything that was pulled is kept.\n",
          out);
}

static int unknown_command(const char *word)
{
    g_autoptr(GPtrArray) names = g_ptr_array_new();
    for (size_t t = 0; t < G_N_ELEMENTS(tables); t++)
        for (const Command *c = tables[t]; c->name; c++)
            g_ptr_array_add(names, (gpointer)c->name);
    g_ptr_array_add(names, NULL);
    g_autofree char *help = nearest_help(word, (const char *const *)names->pdata);
    fprintf(stderr, "innsikt: there is no command \"%s\"; %s\n", word, help);
    return 2;
}

/* --- one call --- */

static char *folder;
static char *language;
static gboolean quiet, verbose;

static const GOptionEntry shared_options[] = {
    {"directory", 'C', 0, G_OPTION_ARG_FILENAME, &folder, "the project folder (default: .)", "DIR"},
    {"quiet", 'q', 0, G_OPTION_ARG_NONE, &quiet, "say nothing but failures", NULL},
    {"verbose", 'v', 0, G_OPTION_ARG_NONE, &verbose, "say every request and step", NULL},
    {"language", 0, 0, G_OPTION_ARG_STRING, &language, "of the workbook: nb, nn or en", "CODE"},
    G_OPTION_ENTRY_NULL,
};

static GOptionContext *options_of(const Command *command)
{
    g_autofree char *synopsis = g_strdup_printf("%s", command->arguments);
    GOptionContext *context = g_option_context_new(synopsis);
    g_autofree char *summary = g_strdup_printf("innsikt %s: %s", command->name, command->summary);
    g_option_context_set_summary(context, summary);
    if (command->description)
        g_option_context_set_description(context, command->description);
    if (command->options)
        g_option_context_add_main_entries(context, command->options, NULL);
    g_option_context_add_main_entries(context, shared_options, NULL);
    return context;
}

static bool language_is_known(void)
{
    Language parsed;
    return !language || language_parse(language, &parsed);
}

static int run_command(const Command *command, int argc, char **argv)
{
    g_autoptr(GOptionContext) context = options_of(command);
    g_autoptr(GError) error = NULL;
    g_autofree char *program = g_strdup_printf("innsikt %s", command->name);
    g_set_prgname(program);
    argv[0] = program;
    g_auto(GStrv) arguments = g_strdupv(argv);
    argv[0] = NULL;
    (void)argc;
    if (!g_option_context_parse_strv(context, &arguments, &error)) {
        fprintf(stderr, "%s: %s; see innsikt %s --help\n", program, error->message, command->name);
        return 2;
    }
    if (!language_is_known()) {
        fprintf(stderr, "%s: --language %s: must be nb, nn or en\n", program, language);
        return 2;
    }
    Invocation invocation = {.folder = folder ? folder : ".",
                             .quiet = quiet,
                             .verbose = verbose,
                             .language = language,
                             .stop = &interrupts};
    if (command->run(&invocation, arguments + 1, &error))
        return 0;
    if (error)
        warn("%s", error->message);
    return error ? innsikt_error_status(error) : 1;
}

int main(int argc, char **argv)
{
    setlocale(LC_ALL, "");
    setlocale(LC_NUMERIC, "C");
    setlocale(LC_COLLATE, "C");
    catch_interrupts();
    if (argc < 2) {
        print_help(stderr);
        return 2;
    }
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0 ||
        strcmp(argv[1], "help") == 0) {
        print_help(stdout);
        return 0;
    }
    if (strcmp(argv[1], "--version") == 0) {
        puts(PROGRAM_NAME " " PROGRAM_VERSION);
        return 0;
    }
    const Command *command = find_command(argv[1]);
    if (!command)
        return unknown_command(argv[1]);
    return run_command(command, argc - 1, argv + 1);
}
