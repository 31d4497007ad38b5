/* Reads a LimeSurvey export while it arrives. The reply is JSON within Base64 within JSON; it is
 * taken apart byte by byte, so that memory holds one response and never the whole:
 *
 *   envelope  {"id":1,"result":"…","error":null}, kept without its payload
 *   Base64    the payload, decoded in steps (`\/` undone)
 *   rows      {"responses":[{…},{…}]} cut into its elements
 *   row       yajl's streaming parser; flat (5.x and later) or wrapped under its id (3.x)
 *
 * One element that cannot be read is told as such and the rest is still read. */
#ifndef INNSIKT_COLLECT_LIMESURVEY_EXPORT_H
#define INNSIKT_COLLECT_LIMESURVEY_EXPORT_H

#include "collect/limesurvey_row.h"
#include "schemas/error.h"

#include <stddef.h>
#include <stdint.h>

typedef struct {
    /* One readable response: a cell for every heading, valid during the call. */
    bool (*row)(const LsCell *cells, gpointer data, GError **error);
    /* One that could not be read. `id` when it came before the trouble, else NULL. */
    bool (*hole)(const char *id, const char *reason, gpointer data, GError **error);
    /* The list begins (again): what was told before may come once more. May be NULL. */
    void (*begin)(gpointer data);
} LsExportVisit;

typedef struct LsExport LsExport;

/* `headings` (NULL-terminated, the first is "id") must outlive the reader. */
LsExport *ls_export_new(const char *const *headings, const LsExportVisit *visit, gpointer data);
void ls_export_free(LsExport *reader);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(LsExport, ls_export_free)

/* Takes bytes as they come. False, which ends the transfer: the visitor's error; PROTOCOL when the
 * bytes are no reply of RemoteControl (with the first printable ones), or when the list has lost
 * its shape: then ls_export_broken says so too, and the rows told before stand. */
bool ls_export_feed(LsExport *reader, const char *bytes, size_t n, GError **error);
/* Forgets what was read; the request is sent again. */
void ls_export_restart(LsExport *reader);
/* The reply is over. True: it is one of RemoteControl, and *ret_rows tells whether it was a list of
 * responses or a message, to be found in the envelope. False: DISABLED for an empty reply, else
 * PROTOCOL as above. */
bool ls_export_end(LsExport *reader, bool *ret_rows, GError **error);

const char *ls_export_envelope(const LsExport *reader); /* the reply without its payload */
const char *ls_export_broken(const LsExport *reader);   /* why rows may be missing, or NULL */
int64_t ls_export_bytes(const LsExport *reader);

/* The errors of a reply that is empty or no JSON, for all calls. */
void ls_reply_empty(GError **error);
void ls_reply_alien(const char *text, GError **error);

#endif
