/* The three languages of the workbook, labels that come in all of them, and the program's own
 * texts. */
#ifndef INNSIKT_SCHEMAS_LANGUAGE_H
#define INNSIKT_SCHEMAS_LANGUAGE_H

#include <glib.h>
#include <stdbool.h>

typedef enum { LANGUAGE_NB, LANGUAGE_NN, LANGUAGE_EN, N_LANGUAGES } Language;

/* "nb", "nn", "en" and back; false for anything else. */
bool language_parse(const char *code, Language *ret);
const char *language_code(Language language);

/* One text in three languages; a missing one falls back on nb, then on any that is there. */
typedef struct {
    char *text[N_LANGUAGES];
} Label;

const char *label_get(const Label *label,
                      Language language); /* never NULL; "" when all are missing */
void label_clear(Label *label);
/* What spellings of one name share: NFC, casefolded, blanks of any kind collapsed to one and taken
 * off the ends. Caller owns. */
char *label_fold(const char *text);

/* The program's own words for users (headers, verdict names, sentences), from schemas/labels.yaml.
 * A key that is not there is a defect of the program: it is told on stderr and the key returned,
 * and a test holds every key used in the source against the file. Thread-safe; borrowed for good.
 */
const char *words(Language language, const char *key);

/* The same with named places: "{n} svar fra {o} organisasjoner". Arguments are name, value pairs of
 * strings, ended by NULL. Caller owns the result. */
char *words_fill(Language language, const char *key, ...) G_GNUC_NULL_TERMINATED;

/* Numbers inside sentences: no-break spaces, minus sign, decimal comma in nb and nn. Caller owns.
 */
char *language_number(Language language, double value, int decimals);
char *language_percent(Language language, double share); /* whole per cent: "87 %" */

#endif
