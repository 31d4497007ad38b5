#include "samples/server/php.h"

#include <inttypes.h>
#include <string.h>

/* What json_encode() writes after a backslash for this byte; 0 where it has no short form. */
static char short_escape(unsigned char byte)
{
    switch (byte) {
    case '"':
    case '\\':
    case '/':
        return (char)byte;
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
    default:
        return 0;
    }
}

static void append_unit(GString *out, unsigned unit)
{
    static const char digits[] = "0123456789abcdef";
    const char escape[] = {'\\',
                           'u',
                           digits[unit >> 12 & 15],
                           digits[unit >> 8 & 15],
                           digits[unit >> 4 & 15],
                           digits[unit & 15]};
    g_string_append_len(out, escape, sizeof escape);
}

static void append_character(GString *out, gunichar c)
{
    if (c >= 0x10000) {
        append_unit(out, 0xd800 + ((c - 0x10000) >> 10));
        append_unit(out, 0xdc00 + ((c - 0x10000) & 0x3ff));
    } else {
        append_unit(out, c);
    }
}

bool php_append_text(GString *out, const char *text)
{
    if (text == NULL) {
        g_string_append(out, "null");
        return true;
    }
    if (!g_utf8_validate(text, -1, NULL)) {
        return false;
    }
    g_string_append_c(out, '"');
    const char *plain = text;
    for (const char *p = text; *p != '\0';) {
        const unsigned char byte = (unsigned char)*p;
        const char escape = short_escape(byte);
        if (escape == 0 && byte >= 0x20 && byte < 0x80) {
            p++;
            continue;
        }
        g_string_append_len(out, plain, p - plain);
        if (escape != 0) {
            g_string_append_c(out, '\\');
            g_string_append_c(out, escape);
        } else {
            append_character(out, g_utf8_get_char(p));
        }
        p = g_utf8_next_char(p);
        plain = p;
    }
    g_string_append(out, plain);
    g_string_append_c(out, '"');
    return true;
}

static bool append_array(GString *out, json_object *array)
{
    g_string_append_c(out, '[');
    for (size_t i = 0; i < json_object_array_length(array); i++) {
        if (i > 0) {
            g_string_append_c(out, ',');
        }
        if (!php_append_json(out, json_object_array_get_idx(array, i))) {
            return false;
        }
    }
    g_string_append_c(out, ']');
    return true;
}

static bool append_object(GString *out, json_object *object)
{
    bool first = true;
    g_string_append_c(out, '{');
    json_object_object_foreach(object, key, member)
    {
        if (!first) {
            g_string_append_c(out, ',');
        }
        first = false;
        if (!php_append_text(out, key)) {
            return false;
        }
        g_string_append_c(out, ':');
        if (!php_append_json(out, member)) {
            return false;
        }
    }
    g_string_append_c(out, '}');
    return true;
}

bool php_append_json(GString *out, json_object *value)
{
    const gsize start = out->len;
    bool valid = true;
    switch (json_object_get_type(value)) {
    case json_type_object:
        valid = append_object(out, value);
        break;
    case json_type_array:
        valid = append_array(out, value);
        break;
    case json_type_string:
        valid = php_append_text(out, json_object_get_string(value));
        break;
    default: /* null, true, false and numbers look the same in both */
        g_string_append(out, value == NULL ? "null" : json_object_to_json_string(value));
        break;
    }
    if (!valid) {
        g_string_truncate(out, start);
    }
    return valid;
}
