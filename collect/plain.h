/* Question texts come as HTML from most form systems; people read them as plain text. */
#ifndef INNSIKT_COLLECT_PLAIN_H
#define INNSIKT_COLLECT_PLAIN_H

/* The text without tags, comments, scripts and styles, entities decoded (named ones of western
 * texts, decimal, hexadecimal), blanks of all kinds collapsed to one and trimmed. A `<` that begins
 * no tag and an `&` that begins no entity stay. Caller owns; never NULL ("" for NULL). */
char *plain_text(const char *html);

#endif
