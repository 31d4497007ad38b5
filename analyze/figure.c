#include "analyze/figure.h"

#include "analyze/undefined.h"

void figure_clear(gpointer pointer)
{
    Figure *figure = pointer;
    g_free(figure->key);
    g_free(figure->text);
}

void basis_clear(gpointer pointer)
{
    Basis *basis = pointer;
    g_free(basis->key);
    g_free(basis->figure);
    g_free(basis->left_out);
    g_free(basis->sources);
    if (basis->records)
        g_array_unref(basis->records);
}

/* --- what it rests on ---------------------------------------------------------------------------
 */

static int by_index(gconstpointer a, gconstpointer b)
{
    const uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

static GArray *distinct(const GArray *records)
{
    GArray *all = g_array_sized_new(FALSE, FALSE, sizeof(uint32_t), records->len);
    if (records->len)
        g_array_append_vals(all, records->data, records->len);
    g_array_sort(all, by_index);
    guint kept = 0;
    for (guint i = 0; i < all->len; i++) {
        const uint32_t at = g_array_index(all, uint32_t, i);
        if (!kept || g_array_index(all, uint32_t, kept - 1) != at)
            g_array_index(all, uint32_t, kept++) = at;
    }
    return g_array_set_size(all, kept);
}

static GArray *told_by(const Results *results, MadeOf tells, int subject)
{
    g_autoptr(GArray) found = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    if (tells)
        tells(results, subject, found);
    return distinct(found);
}

GArray *basis_records(const Results *results, const Basis *basis)
{
    return basis->records ? g_array_ref(basis->records)
                          : told_by(results, basis->made_of, basis->subject);
}

GArray *basis_against(const Results *results, const Basis *basis)
{
    return told_by(results, basis->against, basis->subject);
}

bool basis_reads_none(const Results *results, int subject, const Variable *column)
{
    (void)results, (void)subject, (void)column;
    return false;
}

void basis_everybody(const Results *results, int subject, GArray *records)
{
    (void)subject;
    for (uint32_t i = 0; i < results->data->records->len; i++)
        g_array_append_val(records, i);
}

static size_t organisations_of(const Results *r, const GArray *records)
{
    g_autofree bool *met = g_new0(bool, r->data->units->len + 1);
    size_t organisations = 0;
    for (guint i = 0; i < records->len; i++) {
        const Record *record = dataset_record(r->data, g_array_index(records, uint32_t, i));
        for (uint32_t v = 0; v < record->n_voices; v++) {
            const uint32_t unit = dataset_voice(r->data, record->first_voice + v)->unit;
            organisations += !met[unit] && dataset_unit(r->data, unit)->named;
            met[unit] = true;
        }
    }
    return organisations;
}

char *basis_sources(const Results *r, GHashTable *set)
{
    g_autoptr(GPtrArray) names = g_ptr_array_new();
    for (guint i = 0; i < r->project->sources->len; i++) {
        const Source *source = r->project->sources->pdata[i];
        if (g_hash_table_contains(set, source))
            g_ptr_array_add(names, source->name);
    }
    g_ptr_array_add(names, NULL);
    return g_strjoinv(", ", (char **)names->pdata);
}

static char *sources_of(const Results *r, const GArray *records)
{
    g_autoptr(GHashTable) set = g_hash_table_new(NULL, NULL);
    for (guint i = 0; i < records->len; i++)
        g_hash_table_add(
            set, (gpointer)dataset_record(r->data, g_array_index(records, uint32_t, i))->source);
    return basis_sources(r, set);
}

Basis *basis_open(Results *r, const BasisRow *row)
{
    Basis basis = {
        .key = g_strdup(row->path),
        .sheet = row->sheet,
        .figure = g_strdup(row->figure),
        .method = row->method,
        .n = row->n,
        .left_out = g_strdup(row->left_out ? row->left_out : "–"),
        .pulled = r->data->newest_pull,
        .records = row->records ? distinct(row->records) : NULL,
        .made_of = row->made_of,
        .against = row->against,
        .reads = row->reads,
        .subject = row->subject,
    };
    if (basis.records) {
        basis.organisations = organisations_of(r, basis.records);
        basis.sources = sources_of(r, basis.records);
    }
    g_array_append_val(r->bases, basis);
    r->open_basis = (int)r->bases->len - 1;
    return &g_array_index(r->bases, Basis, r->bases->len - 1);
}

void basis_shut(Results *r)
{
    r->open_basis = NO_TERM;
}

/* --- single figures -----------------------------------------------------------------------------
 */

static void add(Results *r, const char *path, const char *statistic, Figure figure)
{
    figure.key = g_strconcat(path, "/", statistic, NULL);
    figure.basis = r->open_basis;
    g_array_append_val(r->figures, figure);
}

void figure_count(Results *r, const char *path, const char *statistic, size_t n)
{
    add(r, path, statistic, (Figure){.kind = FIGURE_COUNT, .number = (double)n});
}

void figure_text(Results *r, const char *path, const char *statistic, const char *text)
{
    add(r, path, statistic, (Figure){.kind = FIGURE_TEXT, .text = g_strdup(text)});
}

void figure_flag(Results *r, const char *path, const char *statistic, bool flag)
{
    add(r, path, statistic, (Figure){.kind = FIGURE_FLAG, .number = flag});
}

/* To the 16 digits that libxlsxwriter writes of a number, so that a cell, results.json and `why`
 * hold the same bits: what is read back from those digits is written as those digits again. */
static double as_written(double x)
{
    char digits[G_ASCII_DTOSTR_BUF_SIZE];
    return g_ascii_strtod(g_ascii_formatd(digits, sizeof digits, "%.16g", x == 0 ? 0 : x), NULL);
}

void figure_number(Results *r, const char *path, const char *statistic, double x, const char *why)
{
    if (is_defined(x))
        add(r, path, statistic, (Figure){.kind = FIGURE_NUMBER, .number = as_written(x)});
    else
        add(r, path, statistic, (Figure){.kind = FIGURE_UNDEFINED, .text = g_strdup(why)});
}

char *figure_part(const char *text)
{
    return g_uri_escape_string(text, NULL, FALSE);
}

char *figure_digest(const char *folded)
{
    enum { DIGITS = 32 };
    g_autofree char *digest = g_compute_checksum_for_string(G_CHECKSUM_SHA256, folded, -1);
    return g_strndup(digest, DIGITS);
}
