#include "schemas/command.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

bool on_terminal(void)
{
    return isatty(STDERR_FILENO);
}

const char *paint(const char *escape)
{
    return on_terminal() && !g_getenv("NO_COLOR") ? escape : "";
}

static size_t paint_length(const char *at)
{
    static const char *const known[] = {PAINT_RED, PAINT_OFF};
    for (size_t i = 0; i < G_N_ELEMENTS(known); i++)
        if (*paint(known[i]) && g_str_has_prefix(at, known[i]))
            return strlen(known[i]);
    return 0;
}

char *terminal_text(const char *text)
{
    GString *out = g_string_new(NULL);
    g_autofree char *valid = g_utf8_make_valid(text, -1);
    for (const char *at = valid; *at; at = g_utf8_next_char(at)) {
        const size_t paint_bytes = paint_length(at);
        const gunichar letter = g_utf8_get_char(at);
        g_string_append_len(out, at, (gssize)paint_bytes);
        at += paint_bytes ? paint_bytes - 1 : 0;
        if (!paint_bytes)
            g_string_append_unichar(out,
                                    g_unichar_iscntrl(letter) && letter != '\n' ? 0xFFFD : letter);
    }
    return g_string_free(out, FALSE);
}

/* Names of columns, and what a server says, come from strangers. */
static void put_line(const char *format, va_list arguments)
{
    g_autofree char *line = g_strdup_vprintf(format, arguments);
    g_autofree char *shown = terminal_text(line);
    fprintf(stderr, "%s\n", shown);
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
