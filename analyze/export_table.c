#include "analyze/export.h"

#include "schemas/error.h"

#include <string.h>

enum { COLUMNS_LIMIT = 20000, ORGANISATION_DIGITS = 12 };

/* Where a step column has got to in its variable's answers, which are in the order of records. */
typedef struct {
    const Variable *variable;
    guint at;      /* the first answer of the record being read, or of a later one */
    guint ordinal; /* which of the record's answers: from 0 */
} StepCursor;

typedef void (*CellRead)(const ExportTable *table, const Record *record, const Statement *statement,
                         ExportCell *ret);

struct ExportTable {
    const Dataset *data;
    bool of_statements;
    GArray *columns; /* of ExportColumn */
    CellRead *read;  /* one for each column that is no step */
    size_t n_read;
    GArray *cursors; /* of StepCursor: the columns after those */
    ExportCell *cells;
    GHashTable *names;    /* taken, as they are without case */
    char **organisations; /* one a unit, NULL: unnamed */
    GString *scratch;
    size_t row;
};

/* --- columns that every table of its kind has ------------------------------------------------- */

static void read_source(const ExportTable *table, const Record *record, const Statement *statement,
                        ExportCell *ret)
{
    (void)table, (void)statement;
    ret->text = record->source->name;
}

static void read_id(const ExportTable *table, const Record *record, const Statement *statement,
                    ExportCell *ret)
{
    (void)table, (void)statement;
    ret->text = record->id;
}

static void read_pseudonym(const ExportTable *table, const Record *record,
                           const Statement *statement, ExportCell *ret)
{
    (void)table, (void)statement;
    ret->text = record->pseudonym;
}

static const char *term_id(const ExportTable *table, TermKind kind, int index)
{
    return index == NO_TERM ? NULL : table->data->project->framework->list[kind].v[index].id;
}

static void read_group(const ExportTable *table, const Record *record, const Statement *statement,
                       ExportCell *ret)
{
    (void)statement;
    ret->text = term_id(table, TERM_GROUP, record->group);
}

/* All that a table names, with `;` between them. */
static void read_organisation(const ExportTable *table, const Record *record,
                              const Statement *statement, ExportCell *ret)
{
    (void)statement;
    g_string_truncate(table->scratch, 0);
    for (uint32_t i = 0; i < record->n_voices; i++) {
        const Voice *voice = dataset_voice(table->data, record->first_voice + i);
        const char *organisation = table->organisations[voice->unit];
        if (organisation)
            g_string_append_printf(table->scratch, "%s%s", table->scratch->len ? ";" : "",
                                   organisation);
    }
    ret->text = table->scratch->len ? table->scratch->str : NULL;
}

static void read_method(const ExportTable *table, const Record *record, const Statement *statement,
                        ExportCell *ret)
{
    (void)table, (void)statement;
    ret->text = method_word(record->source->method);
}

static void read_wave(const ExportTable *table, const Record *record, const Statement *statement,
                      ExportCell *ret)
{
    (void)table, (void)statement;
    ret->text = record->wave;
}

static void read_state(const ExportTable *table, const Record *record, const Statement *statement,
                       ExportCell *ret)
{
    (void)table, (void)statement;
    ret->text = state_word((ResponseState)record->state);
}

static void read_submitted(const ExportTable *table, const Record *record,
                           const Statement *statement, ExportCell *ret)
{
    (void)table, (void)statement;
    ret->time = record->submitted;
}

static void read_statement(const ExportTable *table, const Record *record,
                           const Statement *statement, ExportCell *ret)
{
    (void)table, (void)record;
    ret->text = statement->id;
}

static void read_question(const ExportTable *table, const Record *record,
                          const Statement *statement, ExportCell *ret)
{
    (void)table, (void)record;
    ret->text = statement->question;
}

static void read_text(const ExportTable *table, const Record *record, const Statement *statement,
                      ExportCell *ret)
{
    (void)table, (void)record;
    ret->text = statement->text;
}

static void read_quadrant(const ExportTable *table, const Record *record,
                          const Statement *statement, ExportCell *ret)
{
    (void)table, (void)record;
    SwotQuadrant quadrant = swot_place(statement->place, NULL);
    ret->text = quadrant == SWOT_UNCLASSIFIED ? NULL : swot_key(quadrant);
}

static void read_category(const ExportTable *table, const Record *record,
                          const Statement *statement, ExportCell *ret)
{
    (void)record;
    ret->text = term_id(table, TERM_CATEGORY, statement->category);
}

static void read_stream(const ExportTable *table, const Record *record, const Statement *statement,
                        ExportCell *ret)
{
    (void)record;
    ret->text = term_id(table, TERM_STREAM, statement->stream);
}

static void read_area(const ExportTable *table, const Record *record, const Statement *statement,
                      ExportCell *ret)
{
    (void)record;
    ret->text = term_id(table, TERM_AREA, statement->area);
}

static void read_item(const ExportTable *table, const Record *record, const Statement *statement,
                      ExportCell *ret)
{
    (void)record;
    ret->text = term_id(table, TERM_ITEM, statement->item);
}

static void read_trend(const ExportTable *table, const Record *record, const Statement *statement,
                       ExportCell *ret)
{
    (void)record;
    ret->text = term_id(table, TERM_TREND, statement->trend);
}

static void read_evidence(const ExportTable *table, const Record *record,
                          const Statement *statement, ExportCell *ret)
{
    (void)table, (void)record;
    ret->text = statement->evidence;
}

static void read_implication(const ExportTable *table, const Record *record,
                             const Statement *statement, ExportCell *ret)
{
    (void)table, (void)record;
    ret->text = statement->implication;
}

/* The name is the key of the label too: export.<name>. */
static const struct {
    const char *name;
    ExportType type;
    CellRead read;
    bool of_response, of_statement; /* which table has it */
} standing[] = {
    {"source", EXPORT_TEXT, read_source, true, true},
    {"id", EXPORT_TEXT, read_id, true, true},
    {"pseudonym", EXPORT_TEXT, read_pseudonym, true, true},
    {"group", EXPORT_TEXT, read_group, true, true},
    {"organisation", EXPORT_TEXT, read_organisation, true, true},
    {"method", EXPORT_TEXT, read_method, true, true},
    {"wave", EXPORT_TEXT, read_wave, true, true},
    {"state", EXPORT_TEXT, read_state, true, true},
    {"submitted", EXPORT_TIME, read_submitted, true, true},
    {"statement", EXPORT_TEXT, read_statement, false, true},
    {"question", EXPORT_TEXT, read_question, false, true},
    {"text", EXPORT_TEXT, read_text, false, true},
    {"quadrant", EXPORT_TEXT, read_quadrant, false, true},
    {"category", EXPORT_TEXT, read_category, false, true},
    {"stream", EXPORT_TEXT, read_stream, false, true},
    {"area", EXPORT_TEXT, read_area, false, true},
    {"item", EXPORT_TEXT, read_item, false, true},
    {"trend", EXPORT_TEXT, read_trend, false, true},
    {"evidence", EXPORT_TEXT, read_evidence, false, true},
    {"implication", EXPORT_TEXT, read_implication, false, true},
};

static bool name_take(ExportTable *table, const char *name)
{
    return g_hash_table_add(table->names, g_ascii_strdown(name, -1));
}

static void standing_add(ExportTable *table, Language language)
{
    table->read = g_new(CellRead, G_N_ELEMENTS(standing));
    for (size_t i = 0; i < G_N_ELEMENTS(standing); i++) {
        if (table->of_statements ? !standing[i].of_statement : !standing[i].of_response)
            continue;
        g_autofree char *key = g_strconcat("export.", standing[i].name, NULL);
        ExportColumn column = {.name = g_strdup(standing[i].name),
                               .label = g_strdup(words(language, key)),
                               .type = standing[i].type,
                               .repeats_response = table->of_statements && standing[i].of_response};
        name_take(table, column.name);
        g_array_append_val(table->columns, column);
        table->read[table->n_read++] = standing[i].read;
    }
}

/* --- a column for each variable --------------------------------------------------------------- */

static const char *const criterion_words[N_CRITERIA] = {
    [CRITERION_IMPORTANCE] = "importance",
    [CRITERION_PRACTICE] = "practice",
    [CRITERION_STATUS] = "status",
    [CRITERION_MATURITY] = "maturity",
};

static const Term *variable_term(const Framework *framework, TermKind kind, int index)
{
    return index == NO_TERM ? NULL : &framework->list[kind].v[index];
}

static void facet_add(GString *name, const char *facet, const char *value)
{
    if (value)
        g_string_append_printf(name, "%s%s=%s", name->len ? "/" : "", facet, value);
}

static const char *id_or_null(const Term *term)
{
    return term ? term->id : NULL;
}

static const Term *variable_area(const Framework *framework, const Variable *v)
{
    const Term *focus = variable_term(framework, TERM_FOCUS, v->focus);
    return focus ? focus : variable_term(framework, TERM_AREA, v->area);
}

static const Term *variable_subject(const Framework *framework, const Variable *v)
{
    return v->target == N_TERM_KINDS ? NULL : variable_term(framework, v->target, v->index);
}

/* Facets in alphabetical order, as in the keys of results. */
static char *variable_name(const Framework *framework, const Variable *v, bool with_scale)
{
    const Term *subject = variable_subject(framework, v);
    GString *name = g_string_new(subject ? subject->id : "");
    facet_add(name, "activity", id_or_null(variable_term(framework, TERM_ACTIVITY, v->activity)));
    facet_add(name, "area", id_or_null(variable_area(framework, v)));
    facet_add(name, "criterion", criterion_words[v->criterion]);
    facet_add(name, "scale", with_scale ? v->scale->id : NULL);
    facet_add(name, "scenario", id_or_null(variable_term(framework, TERM_SCENARIO, v->scenario)));
    facet_add(name, "wave", v->wave);
    return g_string_free(name, FALSE);
}

static void label_add(GString *label, const char *text)
{
    if (text && *text)
        g_string_append_printf(label, "%s%s", label->len ? " · " : "", text);
}

static void term_add(GString *label, const Term *term, Language language)
{
    if (term)
        label_add(label, term_label(term, language));
}

static char *variable_label(const Framework *framework, const Variable *v, Language language)
{
    GString *label = g_string_new(NULL);
    term_add(label, variable_subject(framework, v), language);
    term_add(label, variable_term(framework, TERM_ACTIVITY, v->activity), language);
    term_add(label, variable_area(framework, v), language);
    if (v->criterion != CRITERION_NONE) {
        g_autofree char *key = g_strconcat("criterion.", criterion_words[v->criterion], NULL);
        label_add(label, words(language, key));
    }
    term_add(label, variable_term(framework, TERM_SCENARIO, v->scenario), language);
    label_add(label, v->wave);
    return g_string_free(label, FALSE);
}

/* A name nobody has: as it is, with its scale, or numbered. */
static char *name_unique(ExportTable *table, const Variable *v, guint ordinal)
{
    const Framework *framework = table->data->project->framework;
    for (int with_scale = 0; with_scale < 2 && ordinal == 0; with_scale++) {
        g_autofree char *name = variable_name(framework, v, with_scale);
        if (name_take(table, name))
            return g_steal_pointer(&name);
    }
    g_autofree char *name = variable_name(framework, v, false);
    for (guint number = ordinal + 1;; number++) {
        g_autofree char *numbered = g_strdup_printf("%s.%u", name, MAX(number, 2));
        if (name_take(table, numbered))
            return g_steal_pointer(&numbered);
    }
}

/* The most answers that one response gives to a variable. */
static guint variable_width(const Variable *v)
{
    guint widest = 1, run = 0;
    for (guint i = 0; i < v->record->len; i++) {
        run =
            i && g_array_index(v->record, uint32_t, i) == g_array_index(v->record, uint32_t, i - 1)
                ? run + 1
                : 1;
        widest = MAX(widest, run);
    }
    return widest;
}

static void variable_add(ExportTable *table, const Variable *v, Language language)
{
    guint width = variable_width(v);
    for (guint ordinal = 0; ordinal < width && table->columns->len <= COLUMNS_LIMIT; ordinal++) {
        ExportColumn column = {.name = name_unique(table, v, ordinal),
                               .label =
                                   variable_label(table->data->project->framework, v, language),
                               .type = EXPORT_STEP,
                               .scale = v->scale};
        StepCursor cursor = {.variable = v, .ordinal = ordinal};
        g_array_append_val(table->columns, column);
        g_array_append_val(table->cursors, cursor);
    }
}

/* The framework's order, whatever was answered first. */
static gint by_declaration(gconstpointer left, gconstpointer right)
{
    const Variable *a = *(Variable *const *)left, *b = *(Variable *const *)right;
    const int of_a[] = {(int)a->target, a->index,          a->activity, a->area,
                        a->focus,       (int)a->criterion, a->scenario};
    const int of_b[] = {(int)b->target, b->index,          b->activity, b->area,
                        b->focus,       (int)b->criterion, b->scenario};
    for (size_t i = 0; i < G_N_ELEMENTS(of_a); i++)
        if (of_a[i] != of_b[i])
            return of_a[i] < of_b[i] ? -1 : 1;
    int order = g_strcmp0(a->wave, b->wave);
    return order ? order : strcmp(a->scale->id, b->scale->id);
}

static void variables_add(ExportTable *table, Language language)
{
    const GPtrArray *variables = table->data->variables;
    g_autoptr(GPtrArray) sorted = g_ptr_array_sized_new(variables->len);
    for (guint i = 0; i < variables->len; i++)
        g_ptr_array_add(sorted, variables->pdata[i]);
    g_ptr_array_sort(sorted, by_declaration);
    for (guint i = 0; i < sorted->len; i++)
        variable_add(table, sorted->pdata[i], language);
}

/* --- a table ---------------------------------------------------------------------------------- */

/* A number that an organisation keeps whoever else comes or goes, and that only the key's holder
 * can lead back to its name. */
static char *organisation_number(const ProjectKey *key, const char *name)
{
    enum { HEX_DIGITS = 15 };
    const uint64_t limit = 1000000000000;
    g_autofree char *folded = organisation_fold(name);
    g_autofree char *id = project_key_id(key, "organisation", folded, NULL);
    id[HEX_DIGITS] = '\0';
    return g_strdup_printf("O%0*" G_GUINT64_FORMAT, ORGANISATION_DIGITS,
                           g_ascii_strtoull(id, NULL, 16) % limit);
}

static void organisations_name(ExportTable *table, const ProjectKey *key, bool names)
{
    const GArray *units = table->data->units;
    table->organisations = g_new0(char *, units->len + 1);
    for (guint i = 0; i < units->len; i++) {
        const DataUnit *unit = dataset_unit(table->data, i);
        if (unit->name)
            table->organisations[i] =
                names ? g_strdup(unit->name) : organisation_number(key, unit->name);
    }
}

static void column_clear(gpointer pointer)
{
    ExportColumn *column = pointer;
    g_free(column->name);
    g_free(column->label);
}

ExportTable *export_table_new(const Dataset *data, const ProjectKey *key,
                              const ExportOptions *options, GError **error)
{
    g_autoptr(ExportTable) table = g_new0(ExportTable, 1);
    table->data = data;
    table->of_statements = options->what == EXPORT_STATEMENTS;
    table->columns = g_array_new(FALSE, FALSE, sizeof(ExportColumn));
    g_array_set_clear_func(table->columns, column_clear);
    table->cursors = g_array_new(FALSE, FALSE, sizeof(StepCursor));
    table->names = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    table->scratch = g_string_new(NULL);
    organisations_name(table, key, options->organisation_names);
    standing_add(table, options->language);
    if (!table->of_statements)
        variables_add(table, options->language);
    if (table->columns->len > COLUMNS_LIMIT) {
        g_set_error(error, INNSIKT_ERROR, INNSIKT_ERROR_LIMIT,
                    "the data set has more than %d columns; a question inside a repeat becomes one "
                    "for each time it is answered, so map fewer of them",
                    COLUMNS_LIMIT);
        return NULL;
    }
    table->cells = g_new0(ExportCell, table->columns->len);
    return g_steal_pointer(&table);
}

void export_table_free(ExportTable *table)
{
    if (!table)
        return;
    for (guint i = 0; i < table->data->units->len; i++)
        g_free(table->organisations[i]);
    g_free(table->organisations);
    g_array_unref(table->columns);
    g_array_unref(table->cursors);
    g_hash_table_unref(table->names);
    g_string_free(table->scratch, TRUE);
    g_free(table->read);
    g_free(table->cells);
    g_free(table);
}

size_t export_table_columns(const ExportTable *table)
{
    return table->columns->len;
}

size_t export_table_rows(const ExportTable *table)
{
    return table->of_statements ? table->data->statements->len : table->data->records->len;
}

const ExportColumn *export_table_column(const ExportTable *table, size_t column)
{
    return &g_array_index(table->columns, ExportColumn, column);
}

static int step_read(StepCursor *cursor, uint32_t record)
{
    const GArray *records = cursor->variable->record;
    while (cursor->at < records->len && g_array_index(records, uint32_t, cursor->at) < record)
        cursor->at++;
    guint at = cursor->at + cursor->ordinal;
    if (at >= records->len || g_array_index(records, uint32_t, at) != record)
        return 0;
    return g_array_index(cursor->variable->step, int8_t, at);
}

const ExportCell *export_table_next(ExportTable *table, uint32_t *ret_record)
{
    if (table->row >= export_table_rows(table))
        return NULL;
    const Statement *statement =
        table->of_statements ? dataset_statement(table->data, table->row) : NULL;
    uint32_t number = statement ? statement->record : (uint32_t)table->row;
    const Record *record = dataset_record(table->data, number);
    for (size_t i = 0; i < table->n_read; i++) {
        table->cells[i] = (ExportCell){.time = TIME_UNKNOWN};
        table->read[i](table, record, statement, &table->cells[i]);
    }
    for (guint i = 0; i < table->cursors->len; i++)
        table->cells[table->n_read + i] =
            (ExportCell){.time = TIME_UNKNOWN,
                         .step = step_read(&g_array_index(table->cursors, StepCursor, i), number)};
    table->row++;
    *ret_record = number;
    return table->cells;
}

void export_table_rewind(ExportTable *table)
{
    table->row = 0;
    for (guint i = 0; i < table->cursors->len; i++)
        g_array_index(table->cursors, StepCursor, i).at = 0;
}
