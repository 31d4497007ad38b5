#include "schemas/command.h"

#include <stdio.h>
#include <unistd.h>

bool on_terminal(void)
{
    return isatty(STDERR_FILENO);
}

const char *paint(const char *escape)
{
    return on_terminal() && !g_getenv("NO_COLOR") ? escape : "";
}

/* GLib's g_vfprintf and the terminal agree on UTF-8: LC_ALL is the user's, but texts are ours. */
static void put_line(const char *format, va_list arguments)
{
    g_autofree char *line = g_strdup_vprintf(format, arguments);
    fprintf(stderr, "%s\n", line);
}

void say(const Invocation *invocation, const char *format, ...)
{
    if (invocation->quiet)
        return;
    va_list arguments;
    va_start(arguments, format);
    put_line(format, arguments);
    va_end(arguments);
}

void warn(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    put_line(format, arguments);
    va_end(arguments);
}
