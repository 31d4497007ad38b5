#ifndef INNSIKT_SAMPLES_SERVER_LISTENER_H
#define INNSIKT_SAMPLES_SERVER_LISTENER_H

#include "samples/server/site.h"

/* The HTTP side: takes requests on 127.0.0.1, finds the system whose path it is, applies the faults
 * ordered and keeps the log. Runs in GLib's default main context, on the caller's thread. */
typedef struct Listener Listener;

/* systems is NULL-terminated; it and site must outlive the listener. port 0 takes a free one.
 * gzip: replies are compressed for clients that accept it. NULL when the port cannot be had. */
Listener *listener_start(Site *site, const System *const *systems, guint16 port, bool gzip);
guint16 listener_port(const Listener *listener);
void listener_stop(Listener *listener);

#endif
