#include "collect/cellvalue.h"

#include <string.h>

/* --- codes ----------------------------------------------------------------------------------- */

const char *cell_trim(const char *text, size_t *ret_length)
{
    while (*text && g_unichar_isspace(g_utf8_get_char(text)))
        text = g_utf8_next_char(text);
    const char *end = text + strlen(text);
    while (end > text) {
        const char *last = g_utf8_prev_char(end);
        if (!g_unichar_isspace(g_utf8_get_char(last)))
            break;
        end = last;
    }
    *ret_length = (size_t)(end - text);
    return text;
}

const char *cell_code(const char *text, GString *out)
{
    size_t n;
    text = cell_trim(text, &n);
    size_t sign = n && *text == '-';
    size_t whole = sign + strspn(text + sign, "0123456789");
    size_t zeros = whole < n ? strspn(text + whole + 1, "0") : 0;
    if (whole > sign && zeros && strchr(".,", text[whole]) && whole + 1 + zeros == n)
        n = whole;
    g_string_truncate(out, 0);
    g_string_append_len(out, text, (gssize)n);
    return out->str;
}

/* --- numbers --------------------------------------------------------------------------------- */

enum { NUMBER_LENGTH = 40 };

typedef struct {
    char decimal, group; /* beside the blanks, which group digits in both */
} Form;
static const Form norwegian = {',', '.'};
static const Form english = {'.', ','};

/* Length of the sign that groups digits at `p`: the form's own or a blank, no-break or narrow. */
static size_t group_length(const Form *form, const char *p)
{
    if (*p == form->group || *p == ' ')
        return 1;
    if (g_str_has_prefix(p, "\u00A0"))
        return strlen("\u00A0");
    return g_str_has_prefix(p, "\u202F") ? strlen("\u202F") : 0;
}

static size_t digits_take(const char **p, GString *out)
{
    size_t n = strspn(*p, "0123456789");
    g_string_append_len(out, *p, (gssize)n);
    *p += n;
    return n;
}

/* The groups of three behind the first digits; all are parted by the same sign. */
static bool groups_take(const Form *form, const char **p, size_t first, GString *out)
{
    size_t length = group_length(form, *p);
    const char *sign = *p;
    if (length && first > 3)
        return false;
    while (length && group_length(form, *p) == length && !memcmp(*p, sign, length)) {
        *p += length;
        if (digits_take(p, out) != 3)
            return false;
    }
    return true;
}

static bool form_read(const Form *form, const char *text, GString *out)
{
    size_t n;
    const char *p = cell_trim(text, &n);
    const char *end = p + n;
    g_string_truncate(out, 0);
    size_t minus = *p == '-' ? 1 : g_str_has_prefix(p, "\u2212") ? strlen("\u2212") : 0;
    if (n > NUMBER_LENGTH)
        return false;
    if (minus)
        g_string_append_c(out, '-');
    p += minus;
    size_t first = digits_take(&p, out);
    if (!first || (p < end && !groups_take(form, &p, first, out)))
        return false;
    if (p < end && *p == form->decimal) {
        p++;
        g_string_append_c(out, '.');
        if (!digits_take(&p, out))
            return false;
    }
    return p == end;
}

void number_vote(NumberVotes *votes, const char *text)
{
    size_t n;
    cell_trim(text, &n);
    if (!n)
        return;
    g_autoptr(GString) as_norwegian = g_string_sized_new(NUMBER_LENGTH);
    g_autoptr(GString) as_english = g_string_sized_new(NUMBER_LENGTH);
    bool is_norwegian = form_read(&norwegian, text, as_norwegian);
    bool is_english = form_read(&english, text, as_english);
    if (is_norwegian && is_english)
        votes->open += !g_string_equal(as_norwegian, as_english);
    votes->norwegian += is_norwegian && !is_english;
    votes->english += is_english && !is_norwegian;
    votes->other += !is_norwegian && !is_english;
}

NumberStyle number_style(const NumberVotes *votes)
{
    if (votes->norwegian && votes->english)
        return NUMBERS_MIXED;
    if (votes->norwegian)
        return NUMBERS_NORWEGIAN;
    if (votes->english)
        return NUMBERS_ENGLISH;
    return votes->open ? NUMBERS_OPEN : NUMBERS_PLAIN;
}

bool number_read(NumberStyle style, const char *text, GString *out)
{
    if (style == NUMBERS_NORWEGIAN)
        return form_read(&norwegian, text, out);
    if (style == NUMBERS_ENGLISH)
        return form_read(&english, text, out);
    g_autoptr(GString) other = g_string_sized_new(NUMBER_LENGTH);
    return form_read(&norwegian, text, other) && form_read(&english, text, out) &&
           g_string_equal(other, out);
}

bool cell_is_ruined(const char *text)
{
    size_t n;
    const char *p = cell_trim(text, &n);
    const char *end = p + n;
    size_t whole = strspn(p, "0123456789");
    if (whole != 1)
        return false;
    p += whole;
    if (*p == ',' || *p == '.')
        p += 1 + strspn(p + 1, "0123456789");
    if ((*p != 'E' && *p != 'e') || p[1] != '+')
        return false;
    p += 2;
    size_t exponent = strspn(p, "0123456789");
    return exponent && p + exponent == end;
}

/* --- times ----------------------------------------------------------------------------------- */

typedef struct {
    int year, month, day, hour, minute;
    double second;
    bool zoned;
    int offset; /* seconds east of Greenwich, when zoned */
} Clock;

static bool take_int(const char **p, int least, int most, int *ret)
{
    int n = 0;
    for (int value = 0; n < most && g_ascii_isdigit(**p); n++, (*p)++) {
        value = 10 * value + (**p - '0');
        *ret = value;
    }
    return n >= least;
}

static bool take(const char **p, char c)
{
    if (**p != c)
        return false;
    ++*p;
    return true;
}

static bool take_zone(const char **p, Clock *clock)
{
    int hours = 0, minutes = 0;
    if (take(p, 'Z')) {
        clock->zoned = true;
        return true;
    }
    int sign = **p == '-' ? -1 : 1;
    if (!take(p, '+') && !take(p, '-'))
        return true;
    clock->zoned = true;
    if (!take_int(p, 2, 2, &hours))
        return false;
    take(p, ':');
    if (g_ascii_isdigit(**p) && !take_int(p, 2, 2, &minutes))
        return false;
    clock->offset = sign * 60 * (60 * hours + minutes);
    return hours <= 14 && minutes < 60;
}

/* HH:MM[:SS[.fraction]] */
static bool take_clock(const char **p, Clock *clock)
{
    int second = 0;
    if (!take_int(p, 1, 2, &clock->hour) || (!take(p, ':') && !take(p, '.')) ||
        !take_int(p, 2, 2, &clock->minute))
        return false;
    if (!take(p, ':'))
        return true;
    if (!take_int(p, 2, 2, &second))
        return false;
    clock->second = second;
    if (!take(p, '.') && !take(p, ','))
        return true;
    double unit = 1;
    if (!g_ascii_isdigit(**p))
        return false;
    for (; g_ascii_isdigit(**p); ++*p)
        clock->second += (**p - '0') * (unit /= 10);
    return true;
}

static bool iso_read(const char *p, Clock *clock)
{
    if (!take_int(&p, 4, 4, &clock->year) || !take(&p, '-') || !take_int(&p, 2, 2, &clock->month) ||
        !take(&p, '-') || !take_int(&p, 2, 2, &clock->day))
        return false;
    if (!*p)
        return true;
    return (take(&p, 'T') || take(&p, ' ')) && take_clock(&p, clock) && take_zone(&p, clock) && !*p;
}

static bool norwegian_read(const char *p, Clock *clock)
{
    if (!take_int(&p, 1, 2, &clock->day) || !take(&p, '.') || !take_int(&p, 1, 2, &clock->month) ||
        !take(&p, '.') || !take_int(&p, 4, 4, &clock->year))
        return false;
    if (!*p)
        return true;
    take(&p, ',');
    return take(&p, ' ') && take_clock(&p, clock) && !*p;
}

/* Days since 30 December 1899, in five figures: 1927 to 2173. Whole seconds, since Excel's sixteen
 * digits do not hold more. */
static bool serial_read(const char *p, Clock *clock)
{
    int days;
    double part = 0, unit = 1;
    if (!take_int(&p, 5, 5, &days) || days < 10000)
        return false;
    if (take(&p, ',') || take(&p, '.'))
        for (; g_ascii_isdigit(*p); p++)
            part += (*p - '0') * (unit /= 10);
    if (*p)
        return false;
    int seconds = (int)(part * 86400 + 0.5);
    g_autoptr(GDateTime) start = g_date_time_new_utc(1899, 12, 30, 0, 0, 0);
    g_autoptr(GDateTime) day = g_date_time_add_days(start, days);
    g_autoptr(GDateTime) then = g_date_time_add_seconds(day, seconds);
    g_date_time_get_ymd(then, &clock->year, &clock->month, &clock->day);
    clock->hour = g_date_time_get_hour(then);
    clock->minute = g_date_time_get_minute(then);
    clock->second = g_date_time_get_second(then);
    return true;
}

bool cell_time(const char *text, GTimeZone *zone, int64_t *ret, bool *ret_zone_known)
{
    size_t n;
    text = cell_trim(text, &n);
    g_autofree char *plain = g_strndup(text, n);
    static bool (*const readers[])(const char *, Clock *) = {iso_read, norwegian_read, serial_read};
    Clock clock;
    bool read = false;
    for (size_t i = 0; !read && i < G_N_ELEMENTS(readers); i++) {
        clock = (Clock){0};
        read = readers[i](plain, &clock);
    }
    if (!read)
        return false;
    g_autoptr(GTimeZone) offset = g_time_zone_new_offset(clock.offset);
    g_autoptr(GDateTime) then =
        g_date_time_new(clock.zoned ? offset : zone, clock.year, clock.month, clock.day, clock.hour,
                        clock.minute, clock.second);
    if (!then)
        return false;
    *ret = g_date_time_to_unix(then) * G_USEC_PER_SEC + g_date_time_get_microsecond(then);
    *ret_zone_known = clock.zoned;
    return true;
}
