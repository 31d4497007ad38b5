#include "collect/escapes.h"

#include <glib.h>
#include <stdbool.h>
#include <string.h>

static bool hex4(const char *p, unsigned *ret)
{
    unsigned value = 0;
    for (int i = 0; i < 4; i++) {
        if (!g_ascii_isxdigit(p[i]))
            return false;
        value = value << 4 | (unsigned)g_ascii_xdigit_value(p[i]);
    }
    *ret = value;
    return true;
}

void escapes_mend(char *text, size_t n)
{
    char *end = text + n, *p = text;
    while ((p = memchr(p, '\\', (size_t)(end - p)))) {
        unsigned unit, low;
        if (end - p < 6 || p[1] != 'u' || !hex4(p + 2, &unit)) {
            p += MIN(2, end - p);
            continue;
        }
        bool high = unit >= 0xD800 && unit < 0xDC00;
        bool paired = high && end - p >= 12 && p[6] == '\\' && p[7] == 'u' && hex4(p + 8, &low) &&
                      low >= 0xDC00 && low < 0xE000;
        if (paired) {
            p += 12;
            continue;
        }
        if (unit == 0 || (unit >= 0xD800 && unit < 0xE000))
            memcpy(p + 2, "fffd", 4);
        p += 6;
    }
}
