/* How failure is told. One GError domain for the whole program; the code says who has to act, and
 * the door turns it into an exit status. The message is one line (or one line a complaint) that
 * names the place, the cause and the mend, and never holds a secret or an answer. */
#ifndef INNSIKT_SCHEMAS_ERROR_H
#define INNSIKT_SCHEMAS_ERROR_H

#include <glib.h>
#include <stdbool.h>

#define INNSIKT_ERROR innsikt_error_quark()
GQuark innsikt_error_quark(void);

typedef enum {
    INNSIKT_ERROR_USAGE, /* the command line, project or framework is wrong: its writer mends it */
    INNSIKT_ERROR_AUTH,  /* the form server refused user or password; never tried again */
    INNSIKT_ERROR_PERMISSION, /* known to the server, but may not read this form */
    INNSIKT_ERROR_NOT_FOUND,  /* no such form, file or host */
    INNSIKT_ERROR_DISABLED,   /* the interface is switched off, or the form is not active */
    INNSIKT_ERROR_RATE,       /* the server asks for a longer wait than we grant */
    INNSIKT_ERROR_NETWORK,    /* no connection, time-out, 5xx after all retries: try later */
    INNSIKT_ERROR_SESSION,    /* the session ended; the collector renews it once */
    INNSIKT_ERROR_PROTOCOL,   /* bytes that are not what the contract promises */
    INNSIKT_ERROR_LIMIT,      /* a ceiling of ours was reached; the message names it */
    INNSIKT_ERROR_STORE,      /* the store: locked, full, damaged */
    INNSIKT_ERROR_NEWER,      /* the store was made by a newer version */
    INNSIKT_ERROR_DATA,       /* well formed, yet not enough for what was asked */
    INNSIKT_ERROR_SYSTEM,     /* disk, memory, permissions */
    INNSIKT_ERROR_CANCELLED,  /* Ctrl-C */
    INNSIKT_ERROR_PARTIAL,    /* some sources failed; what was pulled is kept */
} InnsiktError;

/* The exit status the door answers with: 2 for USAGE, 3 for PARTIAL, else 1. NULL is 0. */
int innsikt_error_status(const GError *error);

#endif
