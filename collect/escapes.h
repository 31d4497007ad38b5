/* Escapes of JSON that are no characters. */
#ifndef INNSIKT_COLLECT_ESCAPES_H
#define INNSIKT_COLLECT_ESCAPES_H

#include <stddef.h>

/* Half a surrogate pair and NUL become U+FFFD in place (the escape is as long), before a parser
 * makes something else of them. */
void escapes_mend(char *text, size_t n);

#endif
