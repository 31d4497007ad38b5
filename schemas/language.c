#include "schemas/language.h"
#include "schemas/nfc.h"
#include "schemas/resources.h"
#include "schemas/yaml.h"

#include <math.h>
#include <string.h>

#define NO_BREAK_SPACE "\u00a0"
#define MINUS          "\u2212"
#define LABELS_PATH    "/innsikt/labels.yaml"

static const char *const codes[N_LANGUAGES + 1] = {"nb", "nn", "en", NULL};

bool language_parse(const char *code, Language *ret)
{
    for (int i = 0; i < N_LANGUAGES; i++)
        if (g_str_equal(code, codes[i])) {
            *ret = (Language)i;
            return true;
        }
    return false;
}

const char *language_code(Language language)
{
    return codes[language];
}

const char *label_get(const Label *label, Language language)
{
    if (label->text[language])
        return label->text[language];
    for (int i = LANGUAGE_NB; i < N_LANGUAGES; i++)
        if (label->text[i])
            return label->text[i];
    return "";
}

void label_clear(Label *label)
{
    for (int i = 0; i < N_LANGUAGES; i++)
        g_clear_pointer(&label->text[i], g_free);
}

char *label_fold(const char *text)
{
    g_autofree char *composed = nfc_text(text);
    g_autofree char *folded = g_utf8_casefold(composed, -1);
    g_autofree char *again = nfc_text(folded);
    GString *tight = g_string_sized_new(strlen(again));
    bool blank = false;
    for (const char *at = again; *at; at = g_utf8_next_char(at)) {
        const gunichar c = g_utf8_get_char(at);
        if (g_unichar_isspace(c)) {
            blank = tight->len > 0;
            continue;
        }
        if (blank)
            g_string_append_c(tight, ' ');
        blank = false;
        g_string_append_unichar(tight, c);
    }
    return g_string_free(tight, FALSE);
}

/* --- the program's own words ----------------------------------------------------------------- */

/* Three texts at most, under keys joined with dots. A map may hold both its own three languages and
 * further keys: quadrant.strength and quadrant.strength.letter. */
static void words_take(GHashTable *table, const YamlNode *map, const char *prefix)
{
    for (size_t i = 0; i < yaml_count(map); i++) {
        const char *key = yaml_key(map, i);
        const YamlNode *value = yaml_item(map, i);
        Language language;
        if (value->kind == YAML_SCALAR && language_parse(key, &language)) {
            Label *label = g_hash_table_lookup(table, prefix);
            if (!label) {
                label = g_new0(Label, 1);
                g_hash_table_insert(table, g_strdup(prefix), label);
            }
            label->text[language] = g_strdup(value->text);
        } else if (value->kind == YAML_MAP) {
            g_autofree char *path = *prefix ? g_strdup_printf("%s.%s", prefix, key) : g_strdup(key);
            words_take(table, value, path);
        }
    }
}

static GHashTable *words_load(void)
{
    GHashTable *table = g_hash_table_new(g_str_hash, g_str_equal);
    g_autoptr(GError) error = NULL;
    g_autoptr(GBytes) bytes = g_resource_lookup_data(resources_get_resource(), LABELS_PATH,
                                                     G_RESOURCE_LOOKUP_FLAGS_NONE, &error);
    if (!bytes) {
        g_printerr("innsikt: %s\n", error->message);
        return table;
    }
    size_t n;
    const char *text = g_bytes_get_data(bytes, &n);
    g_autoptr(YamlFile) file = yaml_parse("labels.yaml", text, n);
    if (!yaml_sound(file, &error))
        g_printerr("innsikt: %s\n", error->message);
    words_take(table, yaml_root(file), "");
    return table;
}

static GHashTable *words_table(void)
{
    static gsize table;
    if (g_once_init_enter(&table))
        g_once_init_leave(&table, (gsize)words_load());
    return (GHashTable *)table;
}

const char *words(Language language, const char *key)
{
    const Label *label = g_hash_table_lookup(words_table(), key);
    if (label)
        return label_get(label, language);
    g_printerr("innsikt: labels.yaml has no text \"%s\"\n", key);
    return g_intern_string(key);
}

static const char *argument_of(GPtrArray *arguments, const char *name, size_t n)
{
    for (guint i = 0; i < arguments->len; i += 2) {
        const char *known = arguments->pdata[i];
        if (strlen(known) == n && memcmp(known, name, n) == 0)
            return arguments->pdata[i + 1];
    }
    return NULL;
}

/* A place nobody gave a value for stays as it is, so that it is seen. */
static char *places_fill(const char *text, GPtrArray *arguments)
{
    GString *filled = g_string_new(NULL);
    while (*text) {
        const char *end = *text == '{' ? strchr(text, '}') : NULL;
        const char *value = end ? argument_of(arguments, text + 1, (size_t)(end - text) - 1) : NULL;
        if (value) {
            g_string_append(filled, value);
            text = end + 1;
        } else {
            g_string_append_c(filled, *text++);
        }
    }
    return g_string_free(filled, FALSE);
}

char *words_fill(Language language, const char *key, ...)
{
    g_autoptr(GPtrArray) arguments = g_ptr_array_new();
    va_list args;
    va_start(args, key);
    for (const char *name; (name = va_arg(args, const char *));) {
        g_ptr_array_add(arguments, (gpointer)name);
        g_ptr_array_add(arguments, (gpointer)va_arg(args, const char *));
    }
    va_end(args);
    return places_fill(words(language, key), arguments);
}

/* --- numbers in sentences -------------------------------------------------------------------- */

/* Digits in groups of three from five digits up, as Norwegian and SI have it. */
static void append_grouped(GString *to, const char *digits, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (n > 4 && i && (n - i) % 3 == 0)
            g_string_append(to, NO_BREAK_SPACE);
        g_string_append_c(to, digits[i]);
    }
}

char *language_number(Language language, double value, int decimals)
{
    if (!isfinite(value))
        return g_strdup("–");
    g_autofree char *format = g_strdup_printf("%%.%df", decimals);
    char plain[400]; /* the largest double has 309 digits */
    g_ascii_formatd(plain, sizeof plain, format, fabs(value));
    const size_t whole = strcspn(plain, ".");
    GString *number = g_string_new(NULL);
    if (value < 0 && strspn(plain, "0.") < strlen(plain))
        g_string_append(number, MINUS);
    append_grouped(number, plain, whole);
    if (plain[whole])
        g_string_append_printf(number, "%s%s", language == LANGUAGE_EN ? "." : ",",
                               plain + whole + 1);
    return g_string_free(number, FALSE);
}

char *language_percent(Language language, double share)
{
    g_autofree char *number = language_number(language, round(share * 100), 0);
    return g_strconcat(number, NO_BREAK_SPACE "%", NULL);
}
