#include "schemas/xlsx_value.h"

#include <math.h>
#include <stdlib.h>

/* --- texts ----------------------------------------------------------------------------------- */

void xlsx_rich_start(XlsxRich *rich, int depth, const char *name)
{
    int level = depth - rich->base;
    bool is_text = !strcmp(name, "t");
    if (level == 1)
        rich->run = !strcmp(name, "r");
    if (is_text && (level == 1 || (level == 2 && rich->run)))
        rich->open = true;
}

void xlsx_rich_end(XlsxRich *rich, const char *name)
{
    if (!strcmp(name, "t"))
        rich->open = false;
}

enum { ESCAPE_LENGTH = 7 };

/* The unit of `_xHHHH_` at `p`, or -1. */
static int escape_unit(const char *p, const char *end)
{
    if (end - p < ESCAPE_LENGTH || p[0] != '_' || p[1] != 'x' || p[6] != '_')
        return -1;
    int unit = 0;
    for (int i = 2; i < 6; i++) {
        int digit = g_ascii_xdigit_value(p[i]);
        if (digit < 0)
            return -1;
        unit = unit << 4 | digit;
    }
    return unit;
}

/* The character that begins with `unit`; *p is moved past what it took beyond that. */
static gunichar escape_character(int unit, const char **p, const char *end)
{
    if (unit >= 0xD800 && unit < 0xDC00) {
        int low = escape_unit(*p, end);
        if (low >= 0xDC00 && low < 0xE000) {
            *p += ESCAPE_LENGTH;
            return 0x10000U + (gunichar)((unit - 0xD800) << 10 | (low - 0xDC00));
        }
    }
    return unit && g_unichar_validate((gunichar)unit) ? (gunichar)unit : 0xFFFD;
}

void xlsx_decode(GString *text, size_t from)
{
    char *out = strstr(text->str + from, "_x");
    if (!out)
        return;
    const char *end = text->str + text->len;
    for (const char *p = out; p < end;) {
        int unit = *p == '_' ? escape_unit(p, end) : -1;
        if (unit < 0) {
            *out++ = *p++;
            continue;
        }
        p += ESCAPE_LENGTH;
        out += g_unichar_to_utf8(escape_character(unit, &p, end), out);
    }
    g_string_truncate(text, (gsize)(out - text->str));
}

/* One UTF-16 unit is never more than seven bytes before decoding. */
bool xlsx_append(GString *text, size_t from, const char *more, size_t n)
{
    if (text->len - from + n > (size_t)ESCAPE_LENGTH * XLSX_TEXT_LIMIT)
        return false;
    g_string_append_len(text, more, (gssize)n);
    return true;
}

bool xlsx_text_fits(const char *text, size_t n)
{
    if (n <= XLSX_TEXT_LIMIT)
        return true;
    size_t units = 0;
    for (const char *p = text; *p; p = g_utf8_next_char(p))
        units += (unsigned char)*p >= 0xF0 ? 2 : 1;
    return units <= XLSX_TEXT_LIMIT;
}

/* --- formats --------------------------------------------------------------------------------- */

XlsxFormat xlsx_format_builtin(unsigned id)
{
    static const struct {
        unsigned first, last;
        XlsxFormat format;
    } known[] = {{14, 17, FORMAT_DATE}, {18, 21, FORMAT_TIME}, {22, 22, FORMAT_DATE},
                 {27, 31, FORMAT_DATE}, {32, 35, FORMAT_TIME}, {36, 36, FORMAT_DATE},
                 {45, 45, FORMAT_TIME}, {46, 46, FORMAT_SPAN}, {47, 47, FORMAT_TIME},
                 {50, 54, FORMAT_DATE}, {55, 56, FORMAT_TIME}, {57, 58, FORMAT_DATE}};
    for (size_t i = 0; i < G_N_ELEMENTS(known); i++)
        if (id >= known[i].first && id <= known[i].last)
            return known[i].format;
    return FORMAT_NUMBER;
}

/* Past a quoted text, an escaped character or a bracket; NULL when nothing of the kind begins here.
 * *ret_span: the bracket was a span of hours, minutes or seconds. */
static const char *format_skip(const char *p, bool *ret_span)
{
    if (*p == '\\' || *p == '_' || *p == '*')
        return p[1] ? g_utf8_next_char(p + 1) : p + 1;
    if (*p != '"' && *p != '[')
        return NULL;
    const char *close = strchr(p + 1, *p == '"' ? '"' : ']');
    if (*p == '[' && strchr("hHmMsS", p[1]) && strspn(p + 1, "hHmMsS") == strcspn(p + 1, "]"))
        *ret_span = true;
    return close ? close + 1 : p + strlen(p);
}

/* Only the first section counts, since it is for positive numbers. */
XlsxFormat xlsx_format_code(const char *code)
{
    bool day = false, clock = false, month = false, span = false;
    if (!g_ascii_strncasecmp(code, "General", strlen("General")))
        return FORMAT_NUMBER;
    for (const char *p = code; *p && *p != ';';) {
        const char *past = format_skip(p, &span);
        if (past) {
            p = past;
            continue;
        }
        char c = g_ascii_tolower(*p++);
        day |= c == 'd' || c == 'y';
        clock |= c == 'h' || c == 's';
        month |= c == 'm';
    }
    if (span)
        return FORMAT_SPAN;
    if (day || (month && !clock))
        return FORMAT_DATE;
    return clock ? FORMAT_TIME : FORMAT_NUMBER;
}

/* --- numbers --------------------------------------------------------------------------------- */

enum { DAY_SECONDS = 86400, UNIX_DAY = 25569, DAYS_1904 = 1462 };
static const double last_day = 2958466; /* the year 10000 */

/* Days since 1970 as a date (Howard Hinnant, chrono-compatible low-level date algorithms). */
static void append_date(int64_t day, GString *out)
{
    int64_t z = day + 719468, era = (z >= 0 ? z : z - 146096) / 146097;
    int64_t doe = z - era * 146097;
    int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
    int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100), mp = (5 * doy + 2) / 153;
    int64_t month = mp < 10 ? mp + 3 : mp - 9;
    g_string_append_printf(out, "%04d-%02d-%02d", (int)(yoe + era * 400 + (month <= 2)), (int)month,
                           (int)(doy - (153 * mp + 2) / 5 + 1));
}

static void append_clock(int64_t seconds, GString *out)
{
    g_string_append_printf(out, "%02d:%02d:%02d", (int)(seconds / 3600), (int)(seconds / 60 % 60),
                           (int)(seconds % 60));
}

/* Whole seconds: Excel's sixteen digits hold little more. */
static void append_time(double serial, XlsxFormat format, bool from_1904, GString *out)
{
    int64_t seconds = llround(serial * DAY_SECONDS);
    if (format == FORMAT_SPAN || (format == FORMAT_TIME && seconds < DAY_SECONDS)) {
        append_clock(seconds, out);
        return;
    }
    int64_t day = seconds / DAY_SECONDS;
    append_date(day - UNIX_DAY + (from_1904 ? DAYS_1904 : 0), out);
    if (seconds % DAY_SECONDS) {
        g_string_append_c(out, 'T');
        append_clock(seconds % DAY_SECONDS, out);
    }
}

/* Without an exponent where people would write none. */
static void append_number(double number, GString *out)
{
    char buffer[64];
    double size = fabs(number);
    if (size == floor(size) && size < 1e15)
        g_ascii_formatd(buffer, sizeof buffer, "%.0f", number == 0 ? 0 : number);
    else
        g_ascii_formatd(buffer, sizeof buffer, "%.15g", number);
    if (strchr(buffer, 'e') && size >= 1e-9 && size < 1e21) {
        int decimals = size < 1 ? 14 - (int)floor(log10(size)) : 0;
        char format[16];
        g_snprintf(format, sizeof format, "%%.%df", decimals);
        g_ascii_formatd(buffer, sizeof buffer, format, number);
        size_t n = strlen(buffer);
        while (decimals && n && buffer[n - 1] == '0')
            buffer[--n] = '\0';
    }
    g_string_append(out, buffer);
}

bool xlsx_number_text(const char *text, XlsxFormat format, bool from_1904, GString *out,
                      XlsxKind *ret_kind)
{
    size_t digits = strspn(text, "0123456789");
    *ret_kind = XLSX_NUMBER;
    if (format == FORMAT_NUMBER && !text[digits] && digits && digits < 15 &&
        (*text != '0' || digits == 1)) {
        g_string_append_len(out, text, (gssize)digits);
        return true;
    }
    char *end;
    double number = g_ascii_strtod(text, &end);
    if (strspn(text, "+-.0123456789eE") != strlen(text) || end == text || *end || !isfinite(number))
        return false;
    if (format != FORMAT_NUMBER && number >= 0 && number < last_day) {
        *ret_kind = XLSX_DATE;
        append_time(number, format, from_1904, out);
    } else
        append_number(number, out);
    return true;
}

size_t xlsx_reference(const char *text, uint32_t *ret_column, int64_t *ret_row)
{
    uint32_t column = 0;
    int64_t row = 0;
    const char *p = text;
    for (; g_ascii_isupper(*p) && column <= XLSX_COLUMNS_LIMIT; p++)
        column = 26 * column + (uint32_t)(*p - 'A' + 1);
    if (!column || column > XLSX_COLUMNS_LIMIT)
        return 0;
    for (; g_ascii_isdigit(*p) && row <= XLSX_ROWS_LIMIT; p++)
        row = 10 * row + (*p - '0');
    if (row > XLSX_ROWS_LIMIT)
        return 0;
    *ret_column = column - 1;
    *ret_row = row;
    return (size_t)(p - text);
}
