#ifndef INNSIKT_SAMPLES_SERVER_CONTROL_H
#define INNSIKT_SAMPLES_SERVER_CONTROL_H

#include "samples/server/site.h"

/* The endpoint for tests and demonstrations, under /_control. main.c describes what it takes. */
bool control_owns(const char *path);
/* Carries out the orders that a fault gives; tells on standard error what cannot be done. */
void control_carry_out(Site *site, const char *orders);
void control_answer(Site *site, const Request *request, Reply *reply);

#endif
