#include "analyze/why.h"

#include "analyze/figure.h"
#include "schemas/error.h"
#include "schemas/nearest.h"

#include <string.h>

void why_free(Why *why)
{
    if (!why)
        return;
    g_ptr_array_unref(why->cells);
    g_array_unref(why->records);
    g_array_unref(why->against);
    g_array_unref(why->questions);
    g_free(why);
}

/* --- which figure --- */

/* «Robusthet!$G$7» and «'Nye funn'!a1» are written as Excel writes them; here both are plain. */
static char *plain_cell(const char *what)
{
    const char *mark = strrchr(what, '!');
    g_autofree char *sheet = g_strndup(what, (gsize)(mark - what));
    g_autofree char *place = g_ascii_strup(mark + 1, -1);
    const size_t n = strlen(sheet);
    GString *cell = g_string_new(NULL);
    if (n > 1 && sheet[0] == '\'' && sheet[n - 1] == '\'')
        g_string_append_len(cell, sheet + 1, (gssize)n - 2);
    else
        g_string_append(cell, sheet);
    g_string_append_c(cell, '!');
    for (const char *at = place; *at; at++)
        if (*at != '$')
            g_string_append_c(cell, *at);
    return g_string_free(cell, FALSE);
}

static bool same_cell(const char *a, const char *b)
{
    g_autofree char *x = label_fold(a), *y = label_fold(b);
    return g_str_equal(x, y);
}

/* The figures of the row the cell stands in: «Robusthet!G7, Robusthet!H7». */
static char *cells_of_row(const GPtrArray *cells, const char *cell)
{
    GString *near = g_string_new(NULL);
    const size_t sheet = (size_t)(strchr(cell, '!') - cell) + 1;
    const char *row = cell + sheet + strspn(cell + sheet, "ABCDEFGHIJKLMNOPQRSTUVWXYZ");
    for (guint i = 0; i < cells->len; i++) {
        const char *other = ((const CellKey *)cells->pdata[i])->cell;
        const char *digits = strchr(other, '!') + 1;
        digits += strspn(digits, "ABCDEFGHIJKLMNOPQRSTUVWXYZ");
        if (strncmp(other, cell, sheet) == 0 && g_str_equal(digits, row))
            g_string_append_printf(near, "%s%s", near->len ? ", " : "", other);
    }
    return g_string_free(near, near->len == 0);
}

static const Figure *figure_at_cell(const Results *results, const GPtrArray *cells,
                                    const char *what, GError **error)
{
    g_autofree char *cell = plain_cell(what);
    for (guint i = 0; i < cells->len; i++) {
        const CellKey *at = cells->pdata[i];
        if (same_cell(at->cell, cell))
            return results_figure(results, at->key);
    }
    g_autofree char *near = cells_of_row(cells, cell);
    if (near)
        g_set_error(error, INNSIKT_ERROR, INNSIKT_ERROR_USAGE,
                    "%s: this cell shows no figure; in its row these do: %s", cell, near);
    else
        g_set_error(error, INNSIKT_ERROR, INNSIKT_ERROR_USAGE,
                    "%s: no cell of the workbook shows a figure there; name a sheet as the "
                    "workbook does and a cell with a number, or a key of sheet %s",
                    cell, words(results->project->language, "sheet.basis"));
    return NULL;
}

/* The key itself, or the first figure of the family it names. */
static const Figure *figure_of_key(const Results *results, const char *key)
{
    const Figure *figure = results_figure(results, key);
    g_autofree char *family = g_strconcat(key, "/", NULL);
    for (guint i = 0; !figure && i < results->figures->len; i++) {
        const Figure *other = &g_array_index(results->figures, Figure, i);
        if (g_str_has_prefix(other->key, family))
            figure = other;
    }
    return figure;
}

static void complain_of_key(const Results *results, const char *key, GError **error)
{
    g_autoptr(GHashTable) known = g_hash_table_new(g_str_hash, g_str_equal);
    g_autoptr(GPtrArray) families = g_ptr_array_new();
    const char *slash = strchr(key, '/');
    g_autofree char *family = g_strndup(key, slash ? (gsize)(slash - key) + 1 : strlen(key));
    for (guint i = 0; i < results->bases->len; i++) {
        char *path = g_array_index(results->bases, Basis, i).key;
        if ((!slash || g_str_has_prefix(path, family)) && g_hash_table_add(known, path))
            g_ptr_array_add(families, path);
    }
    g_ptr_array_add(families, NULL);
    g_autofree char *help = families->len > 1
                                ? nearest_help(key, (const char *const *)families->pdata)
                                : g_strdup("keys are listed on the workbook's sheet of bases");
    g_set_error(error, INNSIKT_ERROR, INNSIKT_ERROR_USAGE, "\"%s\" is no figure; %s", key, help);
}

/* --- what it is made of --- */

/* The records of the statement whose figure this is. */
static GArray *statement_record(const Results *results, const char *key)
{
    GArray *records = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    const char *slash = strchr(key, '/');
    for (guint i = 0; slash && i < results->data->statements->len; i++) {
        const Statement *statement = dataset_statement(results->data, i);
        if (g_str_has_prefix(slash + 1, statement->id))
            g_array_append_val(records, statement->record);
    }
    return records;
}

static GHashTable *sources_met(const Results *results, const GArray *records)
{
    GHashTable *met = g_hash_table_new(NULL, NULL);
    for (guint i = 0; i < records->len; i++)
        g_hash_table_add(
            met,
            (gpointer)dataset_record(results->data, g_array_index(records, uint32_t, i))->source);
    return met;
}

/* Questions as rated columns know them: the rows of a matrix one by one. */
static void add_rated_questions(Why *why, const Source *source)
{
    for (guint i = 0; i < why->results->data->variables->len; i++) {
        const Variable *v = why->results->data->variables->pdata[i];
        if (why->basis->reads && !why->basis->reads(why->results, why->basis->subject, v))
            continue;
        for (guint k = 0; k < v->questions->len; k++) {
            QuestionRef ref = g_array_index(v->questions, QuestionRef, k);
            if (ref.source == source)
                g_array_append_val(why->questions, ref);
        }
    }
}

static void add_question(Why *why, const Source *source, const char *question)
{
    QuestionRef ref = {source, question};
    for (guint i = why->questions->len; i-- > 0;) {
        const QuestionRef *old = &g_array_index(why->questions, QuestionRef, i);
        if (old->source == source && g_str_equal(old->question, question))
            return;
    }
    g_array_append_val(why->questions, ref);
}

/* Questions as the project maps them, and those that their `…_from` read beside them. */
static void add_mapped_questions(Why *why, const Source *source)
{
    for (guint i = 0; i < source->mappings->len; i++) {
        const Mapping *mapping = source->mappings->pdata[i];
        if (mapping->role == ROLE_RATING || !method_family_reads(why->figure->key, mapping->role))
            continue;
        add_question(why, source, mapping->question);
        for (size_t k = 0; k < mapping->n_values; k++)
            if (mapping->values[k].from)
                add_question(why, source, mapping->values[k].from);
    }
}

static void find_questions(Why *why)
{
    g_autoptr(GHashTable) met = sources_met(why->results, why->records);
    for (guint i = 0; i < why->results->project->sources->len; i++) {
        const Source *source = why->results->project->sources->pdata[i];
        if (!g_hash_table_contains(met, source))
            continue;
        if (why->basis && method_family_reads(why->figure->key, ROLE_RATING))
            add_rated_questions(why, source);
        add_mapped_questions(why, source);
    }
}

static void find_cells(Why *why, const GPtrArray *cells)
{
    for (guint i = 0; i < cells->len; i++) {
        const CellKey *at = cells->pdata[i];
        if (g_str_equal(at->key, why->figure->key))
            g_ptr_array_add(why->cells, g_strdup(at->cell));
    }
}

Why *why_new(const Results *results, const GPtrArray *cells, const char *what, GError **error)
{
    const bool is_cell = strchr(what, '!') != NULL;
    const Figure *figure =
        is_cell ? figure_at_cell(results, cells, what, error) : figure_of_key(results, what);
    if (!figure) {
        if (!is_cell)
            complain_of_key(results, what, error);
        return NULL;
    }
    Why *why = g_new0(Why, 1);
    why->results = results;
    why->figure = figure;
    why->family = !is_cell && !g_str_equal(figure->key, what);
    why->basis =
        figure->basis == NO_TERM ? NULL : &g_array_index(results->bases, Basis, figure->basis);
    why->method = method_of_figure(figure->key, why->basis ? why->basis->method : NULL);
    why->cells = g_ptr_array_new_with_free_func(g_free);
    why->records =
        why->basis ? basis_records(results, why->basis) : statement_record(results, figure->key);
    why->against = why->basis ? basis_against(results, why->basis)
                              : g_array_new(FALSE, FALSE, sizeof(uint32_t));
    why->questions = g_array_new(FALSE, FALSE, sizeof(QuestionRef));
    find_questions(why);
    find_cells(why, cells);
    return why;
}
