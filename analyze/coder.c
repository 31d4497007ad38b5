#include "analyze/coder.h"

#include "analyze/compare.h"
#include "analyze/figure.h"
#include "analyze/random.h"
#include "analyze/rating.h"

enum { REPLICATES = 2000 };
static const double CONFIDENCE = 0.95;

/* What one coder put one unit on. */
typedef struct {
    uint32_t coder, unit, record;
    int8_t step;
} Mark;

typedef struct {
    const Scale *scale; /* of the first column met: steps of another one are not comparable */
    GHashTable *coders, *units; /* what → index + 1 */
    GArray *marks;
} Marks;

static void marks_clear(Marks *marks)
{
    g_clear_pointer(&marks->coders, g_hash_table_unref);
    g_clear_pointer(&marks->units, g_hash_table_unref);
    g_clear_pointer(&marks->marks, g_array_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Marks, marks_clear)

static uint32_t number_of(GHashTable *known, gpointer what)
{
    guint at = GPOINTER_TO_UINT(g_hash_table_lookup(known, what));
    if (!at) {
        at = g_hash_table_size(known) + 1;
        g_hash_table_insert(known, what, GUINT_TO_POINTER(at));
    }
    return at - 1;
}

/* Units are numbered by column and person: a gint64 each, owned by the table. */
static uint32_t unit_of(GHashTable *units, guint column, uint32_t person)
{
    const gint64 what = (gint64)column << 32 | person;
    guint at = GPOINTER_TO_UINT(g_hash_table_lookup(units, &what));
    if (!at) {
        at = g_hash_table_size(units) + 1;
        g_hash_table_insert(units, g_memdup2(&what, sizeof what), GUINT_TO_POINTER(at));
    }
    return at - 1;
}

static void read_marks(Marks *marks, const Dataset *data, int question)
{
    marks->coders = g_hash_table_new(g_str_hash, g_str_equal);
    marks->units = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
    marks->marks = g_array_new(FALSE, FALSE, sizeof(Mark));
    for (guint v = 0; v < data->variables->len; v++) {
        const Variable *column = data->variables->pdata[v];
        if (rating_question_of(data->project->framework, column) != question)
            continue;
        for (guint i = 0; i < column->record->len; i++) {
            const uint32_t at = g_array_index(column->record, uint32_t, i);
            const Record *record = dataset_record(data, at);
            const int8_t step = g_array_index(column->step, int8_t, i);
            if (!record->coder || step <= 0)
                continue;
            marks->scale = marks->scale ? marks->scale : column->scale;
            if (column->scale != marks->scale)
                continue;
            const Mark mark = {number_of(marks->coders, (gpointer)record->coder),
                               unit_of(marks->units, v, record->person), at, step};
            g_array_append_val(marks->marks, mark);
        }
    }
}

/* Coders × units that two of them rated, row by row; of a coder's several marks the first. */
static double *table_of(const Marks *marks, CoderAgreement *a)
{
    const guint coders = g_hash_table_size(marks->coders), all = g_hash_table_size(marks->units);
    g_autofree double *table = g_new(double, (size_t)coders *all + 1);
    g_autofree uint32_t *values = g_new0(uint32_t, all + 1);
    g_autofree bool *codes = g_new0(bool, coders + 1);
    for (size_t cell = 0; cell < (size_t)coders * all; cell++)
        table[cell] = UNDEFINED;
    for (guint i = 0; i < marks->marks->len; i++) {
        const Mark *mark = &g_array_index(marks->marks, Mark, i);
        double *cell = &table[(size_t)mark->coder * all + mark->unit];
        if (is_defined(*cell))
            continue;
        *cell = mark->step;
        values[mark->unit]++;
    }
    for (guint i = 0; i < marks->marks->len; i++) {
        const Mark *mark = &g_array_index(marks->marks, Mark, i);
        if (values[mark->unit] < 2)
            continue;
        g_array_append_val(a->records, mark->record);
        a->coders += !codes[mark->coder];
        codes[mark->coder] = true;
    }
    for (guint u = 0; u < all; u++)
        a->units += values[u] > 1;
    double *kept = g_new(double, (size_t)coders * a->units + 1);
    size_t column = 0;
    for (guint u = 0; u < all; u++) {
        if (values[u] < 2)
            continue;
        a->values += values[u];
        for (guint c = 0; c < coders; c++)
            kept[(size_t)c * a->units + column] = table[(size_t)c * all + u];
        column++;
    }
    return kept;
}

static const char *word_of(const CoderAgreement *a, const Thresholds *t)
{
    const double bound = is_defined(a->interval.low) ? a->interval.low : a->alpha.alpha;
    return !is_defined(bound)                           ? "undefined"
           : compare_round(bound) >= t->coder_rely      ? "rely"
           : compare_round(bound) >= t->coder_tentative ? "tentative"
                                                        : "discuss";
}

/* False: nothing was rated by two coders. */
static bool measure(CoderAgreement *a, const Results *r)
{
    const Project *project = r->project;
    g_auto(Marks) marks = {0};
    read_marks(&marks, r->data, a->question);
    g_autofree double *table = table_of(&marks, a);
    const size_t coders = g_hash_table_size(marks.coders);
    if (!a->units)
        return false;
    gsl_rng *rng = random_stream_new(project->seed, a->key);
    a->alpha = krippendorff_alpha(table, coders, a->units, KRIPPENDORFF_ORDINAL);
    a->interval =
        krippendorff_bootstrap_units(table, coders, a->units, KRIPPENDORFF_ORDINAL, rng,
                                     (size_t)MIN(project->bootstrap, REPLICATES), CONFIDENCE,
                                     (size_t)ceil(project->thresholds.coder_units));
    gsl_rng_free(rng);
    a->word = word_of(a, &project->thresholds);
    return true;
}

static void agreement_clear(gpointer pointer)
{
    CoderAgreement *a = pointer;
    g_free(a->key);
    g_array_unref(a->records);
}

static void agreements_free(gpointer product)
{
    CoderAgreements *all = product;
    g_array_unref(all->questions);
    g_free(all);
}

static gpointer compute(const Results *r)
{
    const TermList *questions = &r->project->framework->list[TERM_QUESTION];
    CoderAgreements *all = g_new(CoderAgreements, 1);
    all->questions = g_array_new(FALSE, FALSE, sizeof(CoderAgreement));
    g_array_set_clear_func(all->questions, agreement_clear);
    for (size_t q = 0; q < questions->n; q++) {
        CoderAgreement a = {.key = g_strconcat("coder/", questions->v[q].id, NULL),
                            .question = (int)q,
                            .records = g_array_new(FALSE, FALSE, sizeof(uint32_t))};
        if (measure(&a, r))
            g_array_append_val(all->questions, a);
        else
            agreement_clear(&a);
    }
    if (!all->questions->len)
        g_clear_pointer(&all, agreements_free);
    return all;
}

static bool reads(const Results *r, int question, const Variable *column)
{
    return rating_question_of(r->project->framework, column) == question;
}

static void publish(Results *r, gconstpointer product)
{
    const CoderAgreements *all = product;
    for (guint i = 0; i < all->questions->len; i++) {
        const CoderAgreement *a = &g_array_index(all->questions, CoderAgreement, i);
        const Term *term = &r->project->framework->list[TERM_QUESTION].v[a->question];
        basis_open(r, &(BasisRow){.path = a->key,
                                  .sheet = "method",
                                  .figure = term_label(term, r->project->language),
                                  .method = "krippendorff.alpha",
                                  .n = a->units,
                                  .records = a->records,
                                  .reads = reads,
                                  .subject = a->question});
        figure_count(r, a->key, "n", a->units);
        figure_count(r, a->key, "coders", a->coders);
        figure_count(r, a->key, "values", a->values);
        figure_number(r, a->key, "alpha", a->alpha.alpha, undefined_key(a->alpha.why));
        figure_number(r, a->key, "alpha-low", a->interval.low, undefined_key(a->interval.why));
        figure_number(r, a->key, "alpha-high", a->interval.high, undefined_key(a->interval.why));
        figure_text(r, a->key, "word", a->word);
    }
}

const Product product_coder = {compute, publish, agreements_free};

const CoderAgreements *results_coders(const Results *results)
{
    return results->product[PRODUCT_CODER];
}
