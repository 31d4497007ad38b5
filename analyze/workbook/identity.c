#include "analyze/workbook/identity.h"

#include "analyze/workbook/look.h"
#include "schemas/response.h"

#include <string.h>

static const char *const key_words[N_IDENTITY] = {
    [IDENTITY_KEY_SCHEMA] = "skjema",   [IDENTITY_KEY_PROJECT] = "prosjekt",
    [IDENTITY_KEY_BOOK] = "arbeidsbok", [IDENTITY_KEY_EDITION] = "utgave",
    [IDENTITY_KEY_ROUND] = "runde",     [IDENTITY_KEY_LANGUAGE] = "sprak",
    [IDENTITY_KEY_MADE] = "laget",      [IDENTITY_KEY_FINDINGS] = "funn",
    [IDENTITY_KEY_CHECK] = "sjekk",     [IDENTITY_KEY_SEAL] = "segl",
};

const char *identity_word(IdentityKey key)
{
    return key_words[key];
}

static char *made_at(int64_t instant)
{
    if (instant == TIME_UNKNOWN)
        return g_strdup("–");
    g_autoptr(GDateTime) time = g_date_time_new_from_unix_utc(instant / G_USEC_PER_SEC);
    return g_date_time_format_iso8601(time);
}

static gint finding_compare(gconstpointer left, gconstpointer right)
{
    const Finding *a = *(const Finding *const *)left, *b = *(const Finding *const *)right;
    return strcmp(a->id, b->id);
}

/* Each text with the NUL that ends it, so that no two lists of texts give the same bytes. */
static char *check_of(const GArray *findings)
{
    g_autoptr(GPtrArray) sorted = g_ptr_array_new();
    g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);
    for (guint i = 0; i < findings->len; i++)
        g_ptr_array_add(sorted, &g_array_index(findings, Finding, i));
    g_ptr_array_sort(sorted, finding_compare);
    for (guint i = 0; i < sorted->len; i++) {
        const Finding *f = sorted->pdata[i];
        g_checksum_update(sum, (const guchar *)f->id, (gssize)strlen(f->id) + 1);
        g_checksum_update(sum, (const guchar *)f->title, (gssize)strlen(f->title) + 1);
    }
    return g_strdup(g_checksum_get_string(sum));
}

static char *seal_of(const Identity *identity, const ProjectKey *key)
{
    g_autoptr(GString) all = g_string_new(NULL);
    for (int k = 0; k < IDENTITY_KEY_SEAL; k++)
        g_string_append_printf(all, "%s=%s\n", key_words[k], identity->value[k]);
    return project_key_id(key, "workbook-seal", all->str, NULL);
}

void identity_make(const Results *results, const ProjectKey *key, Language language, Identity *ret)
{
    char **value = ret->value;
    value[IDENTITY_KEY_SCHEMA] = g_strdup(IDENTITY_SCHEMA);
    value[IDENTITY_KEY_PROJECT] =
        project_key_id(key, "workbook-project", results->project->framework->id, NULL);
    value[IDENTITY_KEY_EDITION] = g_strdup("team");
    value[IDENTITY_KEY_ROUND] = g_strdup_printf("%d", results->project->round.number);
    value[IDENTITY_KEY_BOOK] =
        project_key_id(key, "workbook", value[IDENTITY_KEY_PROJECT], value[IDENTITY_KEY_EDITION],
                       value[IDENTITY_KEY_ROUND], NULL);
    value[IDENTITY_KEY_LANGUAGE] = g_strdup(language_code(language));
    value[IDENTITY_KEY_MADE] = made_at(results->data->newest_pull);
    value[IDENTITY_KEY_FINDINGS] = g_strdup_printf("%u", results->findings->len);
    value[IDENTITY_KEY_CHECK] = check_of(results->findings);
    value[IDENTITY_KEY_SEAL] = seal_of(ret, key);
}

void identity_clear(Identity *identity)
{
    for (int k = 0; k < N_IDENTITY; k++)
        g_clear_pointer(&identity->value[k], g_free);
}

void identity_write(const Identity *identity, Book *book, Sheet *sheet)
{
    sheet_hide(sheet);
    for (int k = 0; k < N_IDENTITY; k++) {
        g_autofree char *name = g_strconcat("innsikt.", key_words[k], NULL);
        cell_text(sheet, k, 0, &LOOK_TEXT, key_words[k]);
        cell_text(sheet, k, 1, &LOOK_TEXT, identity->value[k]);
        book_property(book, name, identity->value[k]);
    }
}
