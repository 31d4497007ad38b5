#ifndef INNSIKT_SAMPLES_SERVER_CONTROL_H
#define INNSIKT_SAMPLES_SERVER_CONTROL_H

#include "samples/server/site.h"

/* The endpoint for tests and demonstrations, under /_control. main.c describes what it takes. */
bool control_owns(const char *path);
void control_answer(Site *site, const Request *request, Reply *reply);

#endif
