/* One spelling for every text: valid UTF-8 in Unicode normal form C (NFC), so that «å» typed as one
 * character and as a + ring compare equal. Pure functions, safe from any thread. */
#ifndef INNSIKT_SCHEMAS_NFC_H
#define INNSIKT_SCHEMAS_NFC_H

#include <glib.h>

/* The text in NFC; the caller frees it with g_free.
 *
 * Bytes that are not UTF-8 become U+FFFD. Linear in the text, also for hostile ones, for which
 * g_utf8_normalize alone is not (a megabyte takes minutes): long texts are normalised in pieces,
 * and runs of combining marks are broken by U+034F after 30 (UAX #15, stream-safe text). Applying
 * it twice gives the same bytes as applying it once. */
char *nfc_text(const char *text);

#endif
