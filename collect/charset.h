/* Bytes of a text file to UTF-8, a block at a time. Which charset a file is in is found out by its
 * reader: byte order mark, else UTF-8 if the whole file is, else Windows-1252, since the Norwegian
 * letters of that charset cannot stand alone in UTF-8. */
#ifndef INNSIKT_COLLECT_CHARSET_H
#define INNSIKT_COLLECT_CHARSET_H

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef enum {
    CHARSET_UTF8,
    CHARSET_UTF16LE,
    CHARSET_UTF16BE,
    CHARSET_WINDOWS_1252,
    CHARSET_MAC_ROMAN, /* cannot be told from Windows-1252: on request only */
} Charset;

/* "utf-8", "windows-1252" … as `encoding:` may say it; false for anything else. */
bool charset_parse(const char *word, Charset *ret);
const char *charset_word(Charset charset);

/* The byte order mark at the start of a file, if there is one, and its length. */
bool charset_mark(const unsigned char *bytes, size_t n, Charset *ret, size_t *ret_length);

/* Is it UTF-8? Fed block by block from {0}; false at the first byte that cannot be. NUL passes: it
 * tells nothing of the charset. At the end of the file n_pending must be 0. */
typedef struct {
    unsigned char pending[4];
    unsigned n_pending; /* bytes of a character that began in the last block */
} Utf8Scan;
bool utf8_scan(Utf8Scan *scan, const unsigned char *bytes, size_t n);

typedef struct {
    Charset charset;
    unsigned char pending[4];
    unsigned n_pending;
    int64_t replaced; /* bytes or units that are no character, NUL among them: now U+FFFD */
} Decoder;

/* Room the output of n bytes may need. */
#define CHARSET_ROOM(n) (3 * ((n) + 4))

/* Writes the block as UTF-8 and returns how many bytes that is; what it writes is always valid and
 * never holds a NUL. `last`: no block follows, so an unfinished character is a broken one. */
size_t charset_decode(Decoder *decoder, const unsigned char *bytes, size_t n, bool last, char *out);

#endif
