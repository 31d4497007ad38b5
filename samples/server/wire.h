#ifndef INNSIKT_SAMPLES_SERVER_WIRE_H
#define INNSIKT_SAMPLES_SERVER_WIRE_H

#include "samples/server/site.h"

#include <microhttpd.h>

/* How a reply gets onto the wire, whole or broken as a fault orders. */

/* Connections that wait for something: a timer, or the end of the server. */
typedef struct {
    GHashTable *waiting;          /* of struct MHD_Connection */
    void (*woken)(gpointer data); /* called after one was resumed, so that the daemon runs */
    gpointer data;
} Wire;

void wire_open(Wire *wire, void (*woken)(gpointer data), gpointer data);

/* Resumes all that waits; call it before the daemon is stopped. */
void wire_close(Wire *wire);

/* Sends reply on the connection, obeying the wire faults. Takes over what reply holds. gzip: the
 * client accepts it and the server offers it. The result is for the daemon's access handler. */
enum MHD_Result wire_send(Wire *wire, struct MHD_Connection *connection, Reply *reply,
                          const FaultSet *faults, bool gzip);

#endif
