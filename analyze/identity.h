/* Norwegian identity numbers (methods.md 3.20). Only ASCII digits, no blanks. Pure functions, safe
 * from any thread. */
#ifndef INNSIKT_ANALYZE_IDENTITY_H
#define INNSIKT_ANALYZE_IDENTITY_H

#include <stdbool.h>

typedef enum {
    IDENTITY_NONE, /* not a valid number */
    IDENTITY_FNR,  /* born or registered here */
    IDENTITY_DNR,  /* day + 40: a temporary number */
    IDENTITY_HNR,  /* month + 40: a number of help */
    IDENTITY_TNR,  /* month + 80: synthetic, for tests */
    IDENTITY_DNR_HNR,
    IDENTITY_DNR_TNR,
} IdentityKind;

/* Fødselsnummer ddmmyyiiikk and its kin, by the rules in force from 2032, which those before
 * fulfil: the first check sum leaves 0 … 3 modulo 11, the second 0, and the date exists (29
 * February when yy is divisible by 4; the century is not decoded) (id.fnr). */
IdentityKind identity_fnr(const char *number);

const char *identity_kind_key(IdentityKind kind); /* "fnr", "dnr-tnr" …; NULL for none */

/* Whether it is an organisation number: nine digits, modulo 11 (id.orgnr). */
bool identity_orgnr(const char *number);

#endif
