#include "collect/progress.h"

#include <pthread.h>
#include <stdio.h>

enum { COLUMNS = 78 }; /* a line that is broken by the terminal could not be written over */

typedef struct {
    const char *name;
    int64_t done, expected;
    bool shown;
} Row;

struct Progress {
    pthread_mutex_t lock;
    const Invocation *invocation;
    bool live; /* on a terminal that may be written over */
    GArray *rows;
    guint drawn; /* lines on the terminal that are to be written over */
};

Progress *progress_new(const Invocation *invocation, const char *const *rows)
{
    Progress *progress = g_new0(Progress, 1);
    pthread_mutex_init(&progress->lock, NULL);
    progress->invocation = invocation;
    progress->live = !invocation->quiet && on_terminal();
    progress->rows = g_array_new(FALSE, FALSE, sizeof(Row));
    for (; *rows; rows++) {
        Row row = {.name = *rows};
        g_array_append_val(progress->rows, row);
    }
    return progress;
}

static void erase(Progress *progress)
{
    for (; progress->drawn; progress->drawn--)
        fputs("\033[A\r\033[K", stderr);
}

static void draw(Progress *progress)
{
    for (guint i = 0; progress->live && i < progress->rows->len; i++) {
        const Row *row = &g_array_index(progress->rows, Row, i);
        if (!row->shown)
            continue;
        g_autofree char *total =
            row->expected > 0 ? g_strdup_printf(" of %" G_GINT64_FORMAT, row->expected) : NULL;
        g_autofree char *line =
            g_strdup_printf("%s: %" G_GINT64_FORMAT "%s", row->name, row->done, total ? total : "");
        fprintf(stderr, "%.*s\n", COLUMNS, line);
        progress->drawn++;
    }
}

void progress_free(Progress *progress)
{
    if (!progress)
        return;
    erase(progress);
    pthread_mutex_destroy(&progress->lock);
    g_array_unref(progress->rows);
    g_free(progress);
}

void progress_show(Progress *progress, guint row, int64_t done, int64_t expected)
{
    pthread_mutex_lock(&progress->lock);
    Row *changed = &g_array_index(progress->rows, Row, row);
    *changed = (Row){changed->name, done, expected, true};
    erase(progress);
    draw(progress);
    pthread_mutex_unlock(&progress->lock);
}

void progress_end(Progress *progress, guint row)
{
    pthread_mutex_lock(&progress->lock);
    g_array_index(progress->rows, Row, row).shown = false;
    erase(progress);
    draw(progress);
    pthread_mutex_unlock(&progress->lock);
}

static void put_above(Progress *progress, const char *line)
{
    pthread_mutex_lock(&progress->lock);
    erase(progress);
    warn("%s", line);
    draw(progress);
    pthread_mutex_unlock(&progress->lock);
}

void progress_say(Progress *progress, const char *format, ...)
{
    if (progress->invocation->quiet)
        return;
    va_list arguments;
    va_start(arguments, format);
    g_autofree char *line = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    put_above(progress, line);
}

void progress_warn(Progress *progress, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    g_autofree char *line = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    put_above(progress, line);
}
