#include "collect/charset.h"

#include <string.h>

/* What the upper half of a one-byte charset means; the lower half is ASCII in all of them.
 * Generated from the Unicode Consortium's mapping files (CP1252.TXT, ROMAN.TXT). */
static const uint16_t windows_1252[128] = {
    0x20AC, 0xFFFD, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160, 0x2039,
    0x0152, 0xFFFD, 0x017D, 0xFFFD, 0xFFFD, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014,
    0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0xFFFD, 0x017E, 0x0178, 0x00A0, 0x00A1, 0x00A2, 0x00A3,
    0x00A4, 0x00A5, 0x00A6, 0x00A7, 0x00A8, 0x00A9, 0x00AA, 0x00AB, 0x00AC, 0x00AD, 0x00AE, 0x00AF,
    0x00B0, 0x00B1, 0x00B2, 0x00B3, 0x00B4, 0x00B5, 0x00B6, 0x00B7, 0x00B8, 0x00B9, 0x00BA, 0x00BB,
    0x00BC, 0x00BD, 0x00BE, 0x00BF, 0x00C0, 0x00C1, 0x00C2, 0x00C3, 0x00C4, 0x00C5, 0x00C6, 0x00C7,
    0x00C8, 0x00C9, 0x00CA, 0x00CB, 0x00CC, 0x00CD, 0x00CE, 0x00CF, 0x00D0, 0x00D1, 0x00D2, 0x00D3,
    0x00D4, 0x00D5, 0x00D6, 0x00D7, 0x00D8, 0x00D9, 0x00DA, 0x00DB, 0x00DC, 0x00DD, 0x00DE, 0x00DF,
    0x00E0, 0x00E1, 0x00E2, 0x00E3, 0x00E4, 0x00E5, 0x00E6, 0x00E7, 0x00E8, 0x00E9, 0x00EA, 0x00EB,
    0x00EC, 0x00ED, 0x00EE, 0x00EF, 0x00F0, 0x00F1, 0x00F2, 0x00F3, 0x00F4, 0x00F5, 0x00F6, 0x00F7,
    0x00F8, 0x00F9, 0x00FA, 0x00FB, 0x00FC, 0x00FD, 0x00FE, 0x00FF,
};

static const uint16_t mac_roman[128] = {
    0x00C4, 0x00C5, 0x00C7, 0x00C9, 0x00D1, 0x00D6, 0x00DC, 0x00E1, 0x00E0, 0x00E2, 0x00E4, 0x00E3,
    0x00E5, 0x00E7, 0x00E9, 0x00E8, 0x00EA, 0x00EB, 0x00ED, 0x00EC, 0x00EE, 0x00EF, 0x00F1, 0x00F3,
    0x00F2, 0x00F4, 0x00F6, 0x00F5, 0x00FA, 0x00F9, 0x00FB, 0x00FC, 0x2020, 0x00B0, 0x00A2, 0x00A3,
    0x00A7, 0x2022, 0x00B6, 0x00DF, 0x00AE, 0x00A9, 0x2122, 0x00B4, 0x00A8, 0x2260, 0x00C6, 0x00D8,
    0x221E, 0x00B1, 0x2264, 0x2265, 0x00A5, 0x00B5, 0x2202, 0x2211, 0x220F, 0x03C0, 0x222B, 0x00AA,
    0x00BA, 0x03A9, 0x00E6, 0x00F8, 0x00BF, 0x00A1, 0x00AC, 0x221A, 0x0192, 0x2248, 0x2206, 0x00AB,
    0x00BB, 0x2026, 0x00A0, 0x00C0, 0x00C3, 0x00D5, 0x0152, 0x0153, 0x2013, 0x2014, 0x201C, 0x201D,
    0x2018, 0x2019, 0x00F7, 0x25CA, 0x00FF, 0x0178, 0x2044, 0x20AC, 0x2039, 0x203A, 0xFB01, 0xFB02,
    0x2021, 0x00B7, 0x201A, 0x201E, 0x2030, 0x00C2, 0x00CA, 0x00C1, 0x00CB, 0x00C8, 0x00CD, 0x00CE,
    0x00CF, 0x00CC, 0x00D3, 0x00D4, 0xF8FF, 0x00D2, 0x00DA, 0x00DB, 0x00D9, 0x0131, 0x02C6, 0x02DC,
    0x00AF, 0x02D8, 0x02D9, 0x02DA, 0x00B8, 0x02DD, 0x02DB, 0x02C7,
};

enum { REPLACEMENT = 0xFFFD, REPLACEMENT_BYTES = 3 };

static const struct {
    const char *word;
    Charset charset;
} words[] = {
    {"utf-8", CHARSET_UTF8},
    {"utf-16le", CHARSET_UTF16LE},
    {"utf-16be", CHARSET_UTF16BE},
    {"windows-1252", CHARSET_WINDOWS_1252},
    {"mac-roman", CHARSET_MAC_ROMAN},
    /* Other words people use; the first of a charset is the one we print. */
    {"utf8", CHARSET_UTF8},
    {"utf-16", CHARSET_UTF16LE},
    {"cp1252", CHARSET_WINDOWS_1252},
    {"iso-8859-1", CHARSET_WINDOWS_1252},
    {"latin1", CHARSET_WINDOWS_1252},
    {"macroman", CHARSET_MAC_ROMAN},
    {"macintosh", CHARSET_MAC_ROMAN},
};

bool charset_parse(const char *word, Charset *ret)
{
    for (size_t i = 0; i < G_N_ELEMENTS(words); i++)
        if (!g_ascii_strcasecmp(word, words[i].word)) {
            *ret = words[i].charset;
            return true;
        }
    return false;
}

const char *charset_word(Charset charset)
{
    for (size_t i = 0; i < G_N_ELEMENTS(words); i++)
        if (words[i].charset == charset)
            return words[i].word;
    g_return_val_if_reached("unknown");
}

bool charset_mark(const unsigned char *bytes, size_t n, Charset *ret, size_t *ret_length)
{
    static const struct {
        unsigned char bytes[3];
        size_t length;
        Charset charset;
    } marks[] = {
        {{0xEF, 0xBB, 0xBF}, 3, CHARSET_UTF8},
        {{0xFF, 0xFE}, 2, CHARSET_UTF16LE},
        {{0xFE, 0xFF}, 2, CHARSET_UTF16BE},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(marks); i++)
        if (n >= marks[i].length && !memcmp(bytes, marks[i].bytes, marks[i].length)) {
            *ret = marks[i].charset;
            *ret_length = marks[i].length;
            return true;
        }
    return false;
}

/* Length of the run of ASCII at the start, NUL excluded. Eight bytes at a time: a byte above 0x7F
 * has its top bit set, and subtracting one sets it for a NUL. */
static size_t ascii_run(const unsigned char *p, size_t n)
{
    size_t i = 0;
    for (uint64_t eight; i + sizeof eight <= n; i += sizeof eight) {
        memcpy(&eight, p + i, sizeof eight);
        if ((eight | (eight - 0x0101010101010101U)) & 0x8080808080808080U)
            break;
    }
    while (i < n && p[i] && p[i] < 0x80)
        i++;
    return i;
}

/* Length of the sound UTF-8 at the start; *ret_cut: what follows is the beginning of a character
 * whose end may still come. */
static size_t utf8_run(const unsigned char *p, size_t n, bool *ret_cut)
{
    *ret_cut = false;
    for (size_t i = 0;;) {
        i += ascii_run(p + i, n - i);
        if (i == n || !p[i] || p[i] > 0xF4) /* GLib waits for the tails of 5 and 6 byte forms */
            return i;
        gunichar c = g_utf8_get_char_validated((const char *)p + i, (gssize)(n - i));
        /* GLib calls a character cut by a NUL unfinished, too. */
        *ret_cut = c == (gunichar)-2 && n - i < (size_t)g_utf8_skip[p[i]];
        if (c >= (gunichar)-2)
            return i;
        i += (size_t)g_utf8_skip[p[i]];
    }
}

bool utf8_scan(Utf8Scan *scan, const unsigned char *bytes, size_t n)
{
    unsigned char joint[8];
    size_t taken = 0;
    bool cut;
    while (scan->n_pending && taken < n) {
        memcpy(joint, scan->pending, scan->n_pending);
        joint[scan->n_pending] = bytes[taken++];
        if (utf8_run(joint, scan->n_pending + 1, &cut) == scan->n_pending + 1)
            scan->n_pending = 0;
        else if (cut)
            scan->pending[scan->n_pending] = joint[scan->n_pending], scan->n_pending++;
        else
            return false;
    }
    for (size_t i = taken; i < n; i++) {
        i += utf8_run(bytes + i, n - i, &cut);
        if (i < n && cut) {
            scan->n_pending = (unsigned)(n - i);
            memcpy(scan->pending, bytes + i, n - i);
            return true;
        }
        if (i < n && bytes[i])
            return false;
    }
    return true;
}

static char *put(Decoder *decoder, gunichar c, char *out)
{
    if (!c || c > 0x10FFFF || (c & 0xFFFFF800U) == 0xD800) {
        decoder->replaced++;
        c = REPLACEMENT;
    }
    return out + g_unichar_to_utf8(c, out);
}

/* Each takes what it can of the bytes and says how much that was; the rest is the beginning of a
 * character. */
static size_t decode_utf8(Decoder *decoder, const unsigned char *p, size_t n, bool last, char **out)
{
    size_t i = 0;
    while (i < n) {
        bool cut;
        size_t run = utf8_run(p + i, n - i, &cut);
        memcpy(*out, p + i, run);
        *out += run;
        i += run;
        if (i < n && cut && !last)
            return i;
        if (i < n) {
            *out = put(decoder, 0, *out);
            i++;
        }
    }
    return n;
}

static size_t decode_utf16(Decoder *decoder, const unsigned char *p, size_t n, bool last,
                           char **out)
{
    const unsigned high = decoder->charset == CHARSET_UTF16BE ? 0 : 1;
    size_t i = 0;
    while (i + 2 <= n) {
        gunichar c = (gunichar)(p[i + high] << 8 | p[i + 1 - high]);
        bool pair = (c & 0xFC00U) == 0xD800;
        if (pair && i + 4 > n && !last)
            return i;
        gunichar d = pair && i + 4 <= n ? (gunichar)(p[i + 2 + high] << 8 | p[i + 3 - high]) : 0;
        pair = pair && (d & 0xFC00U) == 0xDC00;
        *out = put(decoder, pair ? 0x10000 + ((c & 0x3FF) << 10) + (d & 0x3FF) : c, *out);
        i += pair ? 4 : 2;
    }
    if (i < n && last) {
        *out = put(decoder, 0, *out);
        i = n;
    }
    return i;
}

static size_t decode_bytes(Decoder *decoder, const unsigned char *p, size_t n, char **out)
{
    const uint16_t *upper = decoder->charset == CHARSET_MAC_ROMAN ? mac_roman : windows_1252;
    for (size_t i = 0; i < n; i++) {
        size_t run = ascii_run(p + i, n - i);
        memcpy(*out, p + i, run);
        *out += run;
        i += run;
        if (i == n)
            break;
        gunichar c = p[i] < 0x80 ? p[i] : upper[p[i] - 0x80];
        *out = put(decoder, c == REPLACEMENT ? 0 : c, *out);
    }
    return n;
}

static size_t decode_some(Decoder *decoder, const unsigned char *p, size_t n, bool last, char **out)
{
    switch (decoder->charset) {
    case CHARSET_UTF8:
        return decode_utf8(decoder, p, n, last, out);
    case CHARSET_UTF16LE:
    case CHARSET_UTF16BE:
        return decode_utf16(decoder, p, n, last, out);
    case CHARSET_WINDOWS_1252:
    case CHARSET_MAC_ROMAN:
        break;
    }
    return decode_bytes(decoder, p, n, out);
}

size_t charset_decode(Decoder *decoder, const unsigned char *bytes, size_t n, bool last, char *out)
{
    char *end = out;
    while (decoder->n_pending && n) {
        unsigned char joint[4];
        memcpy(joint, decoder->pending, decoder->n_pending);
        joint[decoder->n_pending++] = *bytes++;
        n--;
        size_t taken = decode_some(decoder, joint, decoder->n_pending, last && !n, &end);
        decoder->n_pending -= (unsigned)taken;
        memcpy(decoder->pending, joint + taken, decoder->n_pending);
    }
    size_t taken = n ? decode_some(decoder, bytes, n, last, &end) : 0;
    if (n) {
        decoder->n_pending = (unsigned)(n - taken);
        memcpy(decoder->pending, bytes + taken, n - taken);
    } else if (last && decoder->n_pending) {
        decode_some(decoder, decoder->pending, decoder->n_pending, true, &end);
        decoder->n_pending = 0;
    }
    return (size_t)(end - out);
}
