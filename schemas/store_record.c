/* The packed record: a response's answers as one JSON array (store.sql says how it looks). Written
 * by hand since the store writes and reads hundreds of millions of answers, and since reading can
 * then be done in place; json_each reads it too, which is what the view `answer` stands on. */
#include "schemas/store_private.h"

#include "schemas/error.h"

#include <string.h>

G_STATIC_ASSERT(N_MISSING <= 10); /* a reason is one digit */

static const char hex[] = "0123456789abcdef";

/* --- packing --- */

static inline bool must_escape(guchar c)
{
    return c < 0x20 || c == '"' || c == '\\';
}

/* The letter after the backslash; 'u' for control characters without one of their own. */
static char escape_letter(guchar c)
{
    switch (c) {
    case '\b':
        return 'b';
    case '\f':
        return 'f';
    case '\n':
        return 'n';
    case '\r':
        return 'r';
    case '\t':
        return 't';
    case '"':
    case '\\':
        return (char)c;
    default:
        return 'u';
    }
}

static char *write_escaped(char *at, const guchar *text)
{
    for (; *text; text++) {
        if (!must_escape(*text)) {
            *at++ = (char)*text;
            continue;
        }
        *at++ = '\\';
        *at++ = escape_letter(*text);
        if (at[-1] == 'u') {
            *at++ = '0';
            *at++ = '0';
            *at++ = hex[*text >> 4];
            *at++ = hex[*text & 15];
        }
    }
    return at;
}

static bool append_text(GString *out, const char *text, GError **error)
{
    gsize length = 0, extra = 0;
    guchar high = 0;
    for (const guchar *c = (const guchar *)text; *c; c++, length++) {
        high |= *c;
        if (must_escape(*c))
            extra += escape_letter(*c) == 'u' ? 5 : 1;
    }
    if (high & 0x80 && !g_utf8_validate_len(text, length, NULL)) {
        g_set_error(error, INNSIKT_ERROR, INNSIKT_ERROR_DATA, "an answer is not UTF-8");
        return false;
    }

    gsize start = out->len;
    g_string_set_size(out, start + length + extra + 2);
    char *at = out->str + start;
    *at++ = '"';
    if (extra)
        at = write_escaped(at, (const guchar *)text);
    else
        at = (char *)memcpy(at, text, length) + length;
    *at = '"';
    return true;
}

static bool append_value(GString *out, const RecordSlot *slot, GError **error)
{
    if (slot->missing < MISSING_NONE || slot->missing >= N_MISSING ||
        (!slot->text && slot->missing == MISSING_NONE)) {
        g_set_error(error, INNSIKT_ERROR, INNSIKT_ERROR_DATA,
                    "an answer has neither a value nor a reason why there is none");
        return false;
    }
    char digit = (char)('0' + slot->missing);
    if (!slot->text) {
        g_string_append_c(out, digit);
        return true;
    }
    if (slot->missing == MISSING_NONE)
        return append_text(out, slot->text, error);
    const char opening[] = {'{', '"', digit, '"', ':'};
    g_string_append_len(out, opening, sizeof opening);
    if (!append_text(out, slot->text, error))
        return false;
    g_string_append_c(out, '}');
    return true;
}

static void append_nulls(GString *out, guint n)
{
    while (n--)
        g_string_append_len(out, "null,", 5);
}

static bool within_limits(const RecordSlot *slot, GError **error)
{
    if (slot->number < RECORD_QUESTIONS_MAX && slot->instance >= INSTANCE_NONE &&
        slot->instance < RECORD_INSTANCES_MAX)
        return true;
    g_set_error(error, INNSIKT_ERROR, INNSIKT_ERROR_LIMIT,
                "more than %d questions or %d instances of a repeat", RECORD_QUESTIONS_MAX,
                RECORD_INSTANCES_MAX);
    return false;
}

static gint by_place(gconstpointer left, gconstpointer right)
{
    const RecordSlot *a = left, *b = right;
    if (a->number != b->number)
        return a->number < b->number ? -1 : 1;
    return (a->instance > b->instance) - (a->instance < b->instance);
}

/* Answers mostly come in the order of the form, and then there is nothing to sort. */
static void sort_slots(GArray *slots)
{
    for (guint i = 1; i < slots->len; i++)
        if (by_place(&g_array_index(slots, RecordSlot, i - 1),
                     &g_array_index(slots, RecordSlot, i)) > 0) {
            g_array_sort(slots, by_place);
            return;
        }
}

static bool answered_twice(GError **error)
{
    g_set_error(error, INNSIKT_ERROR, INNSIKT_ERROR_DATA, "a question is answered twice");
    return false;
}

/* The instances of one question, from slot `i`; *ret_next is the first slot after them. */
static bool append_instances(GString *out, const GArray *slots, guint i, guint *ret_next,
                             GError **error)
{
    const RecordSlot *first = &g_array_index(slots, RecordSlot, i);
    int next = 0;
    g_string_append_c(out, '[');
    for (; i < slots->len; i++) {
        const RecordSlot *slot = &g_array_index(slots, RecordSlot, i);
        if (slot->number != first->number)
            break;
        if (slot->instance < next)
            return answered_twice(error);
        if (!within_limits(slot, error))
            return false;
        append_nulls(out, (guint)(slot->instance - next));
        if (!append_value(out, slot, error))
            return false;
        g_string_append_c(out, ',');
        next = slot->instance + 1;
    }
    out->str[out->len - 1] = ']';
    *ret_next = i;
    return true;
}

bool record_pack(GArray *slots, GString *ret, GError **error)
{
    sort_slots(slots);
    g_string_assign(ret, "[");
    guint next = 0;
    for (guint i = 0; i < slots->len;) {
        const RecordSlot *slot = &g_array_index(slots, RecordSlot, i);
        if (!within_limits(slot, error))
            return false;
        if (slot->number < next)
            return answered_twice(error);
        append_nulls(ret, slot->number - next);
        next = slot->number + 1;
        if (slot->instance == INSTANCE_NONE) {
            if (!append_value(ret, slot, error))
                return false;
            i++;
        } else if (!append_instances(ret, slots, i, &i, error)) {
            return false;
        }
        g_string_append_c(ret, ',');
    }
    if (ret->len > 1)
        ret->str[ret->len - 1] = ']';
    else
        g_string_append_c(ret, ']');
    return true;
}

/* --- unpacking: the bytes end in a NUL, which no record holds, so reading stops there --- */

static int hex_digit(char c)
{
    const char *found = c ? strchr(hex, c) : NULL;
    return found ? (int)(found - hex) : -1;
}

/* Reads the escape at *at, which is behind the backslash. Only what packing writes is accepted; 0
 * is anything else. */
static char read_escape(const char **at)
{
    char letter = *(*at)++;
    switch (letter) {
    case '"':
    case '\\':
        return letter;
    case 'b':
        return '\b';
    case 'f':
        return '\f';
    case 'n':
        return '\n';
    case 'r':
        return '\r';
    case 't':
        return '\t';
    case 'u': {
        const char *code = *at;
        if (code[0] != '0' || code[1] != '0' || (code[2] != '0' && code[2] != '1') ||
            hex_digit(code[3]) < 0)
            return 0;
        *at += 4;
        return (char)((code[2] - '0') * 16 + hex_digit(code[3]));
    }
    default:
        return 0;
    }
}

/* Unescapes the string whose first character is at *at, in place; *at ends behind its quote. */
static const char *read_text(char **at)
{
    char *start = *at, *end = start;
    while (!must_escape((guchar)*end))
        end++;
    const char *from = end;
    while (*from != '"') {
        char c = *from++;
        if ((guchar)c < 0x20)
            return NULL;
        if (c == '\\') {
            c = read_escape(&from);
            if (!c)
                return NULL;
        }
        *end++ = c;
    }
    *end = '\0';
    *at = start + (from - start) + 1;
    return start;
}

static bool read_reason(char **at, Missing *ret)
{
    int reason = **at - '0';
    if (reason <= MISSING_NONE || reason >= N_MISSING)
        return false;
    (*at)++;
    *ret = (Missing)reason;
    return true;
}

static bool take(char **at, const char *expected)
{
    gsize n = strlen(expected);
    if (strncmp(*at, expected, n) != 0)
        return false;
    *at += n;
    return true;
}

/* One value; *ret_is is false for null. */
static bool read_value(char **at, RecordSlot *slot, bool *ret_is)
{
    slot->text = NULL;
    slot->missing = MISSING_NONE;
    *ret_is = true;
    switch (**at) {
    case '"':
        ++*at;
        return (slot->text = read_text(at)) != NULL;
    case '{':
        return take(at, "{\"") && read_reason(at, &slot->missing) && take(at, "\":\"") &&
               (slot->text = read_text(at)) != NULL && take(at, "}");
    case 'n':
        *ret_is = false;
        return take(at, "null");
    default:
        return read_reason(at, &slot->missing);
    }
}

static bool read_instances(char **at, RecordSlot *slot, GArray *ret)
{
    slot->instance = 0;
    do {
        bool is;
        ++*at; /* the bracket, then the commas */
        if (slot->instance >= RECORD_INSTANCES_MAX || !read_value(at, slot, &is))
            return false;
        if (is)
            g_array_append_val(ret, *slot);
        slot->instance++;
    } while (**at == ',');
    return take(at, "]");
}

static bool read_slots(char **at, GArray *ret)
{
    RecordSlot slot = {0};
    if (**at != '[')
        return false;
    if ((*at)[1] == ']') {
        *at += 2;
        return true;
    }
    do {
        ++*at;
        slot.instance = INSTANCE_NONE;
        if (slot.number >= RECORD_QUESTIONS_MAX)
            return false;
        if (**at == '[') {
            if (!read_instances(at, &slot, ret))
                return false;
        } else {
            bool is;
            if (!read_value(at, &slot, &is))
                return false;
            if (is)
                g_array_append_val(ret, slot);
        }
        slot.number++;
    } while (**at == ',');
    return take(at, "]");
}

bool record_unpack(char *bytes, gsize n, GArray *ret, GError **error)
{
    char *at = bytes;
    g_array_set_size(ret, 0);
    if (g_utf8_validate_len(bytes, n, NULL) && read_slots(&at, ret) && at == bytes + n)
        return true;
    g_array_set_size(ret, 0);
    g_set_error(error, INNSIKT_ERROR, INNSIKT_ERROR_STORE,
                "its answers are damaged at byte %" G_GSIZE_FORMAT, (gsize)(at - bytes));
    return false;
}
