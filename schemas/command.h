/* The form of a command. Each floor offers its own in a table; the front door joins the tables, so
 * that help is complete by construction and a new command is one row. */
#ifndef INNSIKT_SCHEMAS_COMMAND_H
#define INNSIKT_SCHEMAS_COMMAND_H

#include "schemas/language.h"

#define PROGRAM_NAME    "innsikt"
#define PROGRAM_VERSION "0.1"

/* What every command is told. */
typedef struct {
    const char *folder; /* -C, default "." */
    bool quiet, verbose;
    const char *language;     /* --language; NULL: the project's */
    const volatile int *stop; /* counts the interrupts; read atomically */
} Invocation;

typedef struct {
    const char *name;
    const char *arguments;       /* "[SOURCE…]"; "" for none */
    const char *summary;         /* one line of help */
    const char *description;     /* the rest of it; may be NULL */
    const GOptionEntry *options; /* of its own; NULL for none */
    /* arguments: NULL-terminated, without the command's name. False with an error decides the exit
     * status (innsikt_error_status). */
    bool (*run)(const Invocation *invocation, char **arguments, GError **error);
} Command;

/* What a person reads: one line on standard error, unless -q. */
void say(const Invocation *invocation, const char *format, ...) G_GNUC_PRINTF(2, 3);
/* The same with -q too: a warning or a failure. */
void warn(const char *format, ...) G_GNUC_PRINTF(1, 2);

/* A text as a terminal may be given it: control characters, with which a stranger's text could
 * command the terminal, become U+FFFD; line ends, and our own colours where there are any, stay.
 * Caller owns. */
char *terminal_text(const char *text);

#define PAINT_RED "\033[31m"
#define PAINT_OFF "\033[0m"
/* Colour on a terminal and without NO_COLOR; "" otherwise. */
const char *paint(const char *escape);
bool on_terminal(void); /* standard error is one */

extern const Command setup_commands[], collect_commands[], analyze_commands[],
    ground_commands[]; /* end: name NULL */

#endif
