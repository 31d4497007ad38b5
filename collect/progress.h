/* What collecting says while it works: on a terminal one line for each source that is being pulled,
 * written over as it goes; anywhere else nothing but whole lines. Any thread may speak; each line
 * comes out whole. */
#ifndef INNSIKT_COLLECT_PROGRESS_H
#define INNSIKT_COLLECT_PROGRESS_H

#include "schemas/command.h"

#include <stdint.h>

typedef struct Progress Progress;

/* `rows` names the sources in declared order, NULL-terminated; they and the invocation must outlive
 * it. */
Progress *progress_new(const Invocation *invocation, const char *const *rows);
/* Takes away what is still written over. */
void progress_free(Progress *progress);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Progress, progress_free)

/* How far the pull of a row has come; expected 0: nobody knows how far it is. */
void progress_show(Progress *progress, guint row, int64_t done, int64_t expected);
/* The row is done: its line goes. */
void progress_end(Progress *progress, guint row);
/* A line that stays, as say and warn write it. */
void progress_say(Progress *progress, const char *format, ...) G_GNUC_PRINTF(2, 3);
void progress_warn(Progress *progress, const char *format, ...) G_GNUC_PRINTF(2, 3);

#endif
