#include "analyze/dataset.h"

#include "analyze/respondent.h"
#include "schemas/error.h"

#include <stdlib.h>
#include <string.h>

/* The mapping of one question of one source, looked up once. */
typedef struct {
    const Mapping *mapping; /* NULL: the question is not mapped any more */
    Variable *variable;     /* the column of a rating whose every value is given; else NULL */
} Plan;

typedef struct {
    Dataset *data;
    const ProjectKey *key;
    Respondents *respondents;
    GHashTable *plans;     /* Source* → (question → Plan*) */
    GHashTable *variables; /* what a column is about, as text → Variable* */
    GHashTable *ordinals;  /* statement without ordinal → how often seen */
} Builder;

static const char *keep(Dataset *data, const char *text)
{
    return text ? g_string_chunk_insert_const(data->arena, text) : NULL;
}

/* --- what a question is for --------------------------------------------------------------------
 */

static Plan *plan_of(Builder *b, const Source *source, const char *question)
{
    GHashTable *plans = g_hash_table_lookup(b->plans, source);
    if (!plans) {
        plans = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
        g_hash_table_insert(b->plans, (gpointer)source, plans);
    }
    Plan *plan = g_hash_table_lookup(plans, question);
    if (!plan) {
        plan = g_new0(Plan, 1);
        plan->mapping = source_mapping(source, question);
        g_hash_table_insert(plans, g_strdup(question), plan);
    }
    return plan;
}

/* The answer that `…_from` names: of the same repeat instance, else outside repeats. */
static const Answer *answer_beside(const Response *response, const char *question, int instance)
{
    const Answer *outside = NULL;
    for (guint i = 0; i < response->answers->len; i++) {
        const Answer *answer = &g_array_index(response->answers, Answer, i);
        if (!g_str_equal(answer->question, question))
            continue;
        if (answer->instance == instance)
            return answer;
        if (answer->instance == INSTANCE_NONE)
            outside = answer;
    }
    return outside;
}

/* What a role's key holds for one answer: given, or read from another question; NULL for none. */
static const char *value_of(const Mapping *mapping, const char *key, const Response *response,
                            int instance)
{
    const RoleValue *value = mapping_value(mapping, key);
    if (!value)
        return NULL;
    if (!value->from)
        return value->literal;
    const Answer *answer = answer_beside(response, value->from, instance);
    if (!answer || !answer->text || !*answer->text)
        return NULL;
    return recode_apply(value->recode, answer->text);
}

static int term_of(const Framework *framework, TermKind kind, const char *text)
{
    return text ? framework_match(framework, kind, text) : NO_TERM;
}

/* --- who answered --------------------------------------------------------------------------------
 */

static void attributes_take(Attributes *attributes, const char *name, const char *text)
{
    const struct {
        const char *name;
        const char **place;
    } known[] = {
        {"organisation", &attributes->organisation},
        {"organisations", &attributes->organisations},
        {"group", &attributes->group},
        {"participants", &attributes->participants},
        {"table", &attributes->table},
        {"workshop", &attributes->workshop},
        {"coder", &attributes->coder},
        {"consent", &attributes->consent},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(known); i++)
        if (g_str_equal(name, known[i].name) && !*known[i].place)
            *known[i].place = text;
}

static Attributes attributes_read(Builder *b, const Source *source, const Response *response)
{
    Attributes attributes = {0};
    for (guint i = 0; i < response->answers->len; i++) {
        const Answer *answer = &g_array_index(response->answers, Answer, i);
        const Mapping *mapping = plan_of(b, source, answer->question)->mapping;
        if (!mapping || mapping->role != ROLE_ATTRIBUTE || !answer->text || !*answer->text)
            continue;
        const RoleValue *name = mapping_value(mapping, "name");
        if (!name || !name->literal)
            continue;
        const bool several = g_str_equal(name->literal, "organisations") && mapping->recode;
        g_autofree char *each = several ? recode_apply_each(mapping->recode, answer->text) : NULL;
        attributes_take(&attributes, name->literal,
                        several ? keep(b->data, each)
                                : recode_apply(mapping->recode, answer->text));
    }
    if (!attributes.organisation && !attributes.organisations)
        attributes.organisation = source->organisation;
    return attributes;
}

static uint32_t record_add(Builder *b, const Source *source, const StoredResponse *stored)
{
    const Response *response = stored->response;
    Attributes attributes = attributes_read(b, source, response);
    Record record = {
        .source = source,
        .id = g_string_chunk_insert(b->data->arena, response->id), /* as good as unique */
        .pseudonym = response->pseudonym,
        .state = (int8_t)response->state,
        .submitted = response->submitted,
        .pull = stored->pull,
        .wave = source->wave,
        .coder = keep(b->data, attributes.coder),
    };
    return respondents_add(b->respondents, record, &attributes);
}

/* --- ratings --- */

static Criterion criterion_of(const char *word)
{
    static const char *const words[N_CRITERIA] = {"", "importance", "practice", "status",
                                                  "maturity"};
    for (int c = CRITERION_NONE + 1; word && c < N_CRITERIA; c++)
        if (g_str_equal(word, words[c]))
            return (Criterion)c;
    return CRITERION_NONE;
}

static Variable variable_describe(Builder *b, const Mapping *mapping, const char *question,
                                  const Response *response, int instance)
{
    const Framework *framework = b->data->project->framework;
    const char *area = value_of(mapping, "area", response, instance);
    const char *activity = value_of(mapping, "activity", response, instance);
    const char *scenario = value_of(mapping, "scenario", response, instance);
    const RoleValue *item_value = mapping_value(mapping, "item");
    g_autofree char *declared = mapping_item(mapping, question);
    const char *item =
        item_value && item_value->from ? value_of(mapping, "item", response, instance) : declared;
    Variable v = {
        .target = TERM_ITEM,
        .index = term_of(framework, TERM_ITEM, item),
        .area = term_of(framework, TERM_AREA, area),
        .focus = term_of(framework, TERM_FOCUS, area),
        .activity = term_of(framework, TERM_ACTIVITY, activity),
        .scenario = term_of(framework, TERM_SCENARIO, scenario),
        .criterion = criterion_of(value_of(mapping, "criterion", response, instance)),
        .wave = keep(b->data, value_of(mapping, "wave", response, instance)),
        .scale = mapping->scale,
    };
    if (v.index == NO_TERM && (v.index = term_of(framework, TERM_QUESTION, item)) != NO_TERM)
        v.target = TERM_QUESTION;
    if (v.index == NO_TERM && (v.index = term_of(framework, TERM_SDG, item)) != NO_TERM) {
        v.target = TERM_SDG;
        v.criterion = CRITERION_MATURITY; /* the one thing that a UN goal is rated for */
    }
    if (v.index == NO_TERM)
        v.target = N_TERM_KINDS;
    return v;
}

static bool variable_is_about_something(const Variable *v)
{
    return v->index != NO_TERM || v->area != NO_TERM || v->focus != NO_TERM ||
           v->activity != NO_TERM;
}

/* The rows of a new column: those of the column before it, as long as they are the same. Most forms
 * ask everybody everything, and then the rows of all columns are kept once. */
static GArray *records_beside(const Dataset *data)
{
    if (!data->variables->len)
        return g_array_new(FALSE, FALSE, sizeof(uint32_t));
    const Variable *before = data->variables->pdata[data->variables->len - 1];
    return g_array_ref(before->record);
}

/* The first n of a column's rows, for itself alone. */
static void records_part(Variable *variable, guint n)
{
    GArray *own = g_array_sized_new(FALSE, FALSE, sizeof(uint32_t), n);
    g_array_append_vals(own, variable->record->data, n);
    g_array_unref(variable->record);
    variable->record = own;
}

/* While answers are read, a column's rows are the first of an array, as many as it has answers: the
 * next one is there already, is added, or parts the column from the others. */
static void records_add(Variable *variable, uint32_t record)
{
    const guint n = variable->step->len;
    if (n < variable->record->len && g_array_index(variable->record, uint32_t, n) == record)
        return;
    if (n < variable->record->len)
        records_part(variable, n);
    g_array_append_val(variable->record, record);
}

static void records_settle(const Dataset *data)
{
    for (guint i = 0; i < data->variables->len; i++) {
        Variable *variable = data->variables->pdata[i];
        if (variable->record->len > variable->step->len)
            records_part(variable, variable->step->len);
    }
}

static Variable *variable_find(Builder *b, Variable described)
{
    g_autofree char *about = g_strdup_printf(
        "%d %d %d %d %d %d %d %s %s", described.target, described.index, described.area,
        described.focus, described.activity, described.scenario, described.criterion,
        described.scale->id, described.wave ? described.wave : "");
    Variable *variable = g_hash_table_lookup(b->variables, about);
    if (variable)
        return variable;
    variable = g_new(Variable, 1);
    *variable = described;
    variable->record = records_beside(b->data);
    variable->step = g_array_new(FALSE, FALSE, sizeof(int8_t));
    variable->questions = g_array_new(FALSE, FALSE, sizeof(QuestionRef));
    g_ptr_array_add(b->data->variables, variable);
    g_hash_table_insert(b->variables, g_steal_pointer(&about), variable);
    return variable;
}

static void remember_question(Builder *b, Variable *variable, const Source *source,
                              const char *question)
{
    for (guint i = 0; i < variable->questions->len; i++) {
        const QuestionRef *known = &g_array_index(variable->questions, QuestionRef, i);
        if (known->source == source && g_str_equal(known->question, question))
            return;
    }
    QuestionRef ref = {source, keep(b->data, question)};
    g_array_append_val(variable->questions, ref);
}

static bool mapping_is_fixed(const Mapping *mapping)
{
    for (size_t i = 0; i < mapping->n_values; i++)
        if (mapping->values[i].from)
            return false;
    return true;
}

/* One answer of a column. code: NULL where there is none, and `missing` says why. */
static void rating_keep(Builder *b, Variable *variable, uint32_t record, const char *code,
                        Missing missing)
{
    const int step = code ? scale_read(variable->scale, code, &missing) : 0;
    if (!step && missing == MISSING_UNREADABLE)
        b->data->counts.unreadable++;
    const int8_t kept = (int8_t)(step ? step : -(int)missing);
    records_add(variable, record);
    g_array_append_val(variable->step, kept);
}

static void rating_add(Builder *b, Plan *plan, uint32_t record, const Response *response,
                       const Answer *answer)
{
    const Mapping *mapping = plan->mapping;
    Variable *variable = plan->variable;
    if (!variable) {
        Variable described =
            variable_describe(b, mapping, answer->question, response, answer->instance);
        if (!described.scale || !variable_is_about_something(&described)) {
            b->data->counts.unreadable++;
            return;
        }
        variable = variable_find(b, described);
        remember_question(b, variable, dataset_record(b->data, record)->source, answer->question);
        if (mapping_is_fixed(mapping))
            plan->variable = variable;
    }
    rating_keep(b, variable, record,
                answer->text ? recode_apply(mapping->recode, answer->text) : NULL, answer->missing);
}

/* How far the work has come with a UN goal, as a column of ratings; what is written beside it stays
 * an entry. */
static void goal_rate(Builder *b, const Mapping *mapping, uint32_t record, const Response *response,
                      const Answer *answer)
{
    const char *id = value_of(mapping, "id", response, answer->instance);
    const bool beside = mapping_value(mapping, "maturity") != NULL;
    const char *own = answer->text ? recode_apply(mapping->recode, answer->text) : NULL;
    const char *code = beside ? value_of(mapping, "maturity", response, answer->instance) : own;
    const Variable described = {
        .target = TERM_SDG,
        .index = term_of(b->data->project->framework, TERM_SDG, id),
        .area = NO_TERM,
        .focus = NO_TERM,
        .activity = NO_TERM,
        .scenario = NO_TERM,
        .criterion = CRITERION_MATURITY,
        .scale = mapping->scale,
    };
    if (described.index == NO_TERM) {
        b->data->counts.unreadable += id != NULL;
        return;
    }
    Variable *variable = variable_find(b, described);
    remember_question(b, variable, dataset_record(b->data, record)->source, answer->question);
    rating_keep(b, variable, record, code, beside ? MISSING_NOT_ANSWERED : answer->missing);
}

/* --- statements --- */

static SwotOrigin category_origin(const Framework *framework, int category)
{
    if (category == NO_TERM)
        return SWOT_ORIGIN_UNKNOWN;
    const char *kind = framework->list[TERM_CATEGORY].v[category].kind;
    return kind && g_str_equal(kind, "external") ? SWOT_EXTERNAL : SWOT_INTERNAL;
}

static SwotOrigin origin_of(const char *word)
{
    return !word                           ? SWOT_ORIGIN_UNKNOWN
           : g_str_equal(word, "internal") ? SWOT_INTERNAL
           : g_str_equal(word, "external") ? SWOT_EXTERNAL
                                           : SWOT_ORIGIN_UNKNOWN;
}

static SwotPolarity polarity_of(const char *word)
{
    return !word                          ? SWOT_POLARITY_UNKNOWN
           : g_str_equal(word, "helpful") ? SWOT_HELPFUL
           : g_str_equal(word, "harmful") ? SWOT_HARMFUL
                                          : SWOT_POLARITY_UNKNOWN;
}

/* Statement id: never the position in a repeat, so that an edit beside it leaves it alone; equal
 * texts under one question are told apart by their order. */
static void statement_identify(Builder *b, const Source *source, const Response *response,
                               const Answer *answer, char ret[33])
{
    g_autofree char *text = organisation_fold(answer->text);
    char *without = g_strjoin("\x01", source->name, response->id, answer->question, text, NULL);
    guint ordinal = GPOINTER_TO_UINT(g_hash_table_lookup(b->ordinals, without));
    g_hash_table_insert(b->ordinals, without, GUINT_TO_POINTER(ordinal + 1));
    char number[16];
    g_snprintf(number, sizeof number, "%u", ordinal);
    g_autofree char *id = project_key_id(b->key, "statement", source->name, response->id,
                                         answer->question, text, number, NULL);
    g_strlcpy(ret, id, 33);
}

static bool text_is_blank(const char *text)
{
    for (; *text; text = g_utf8_next_char(text)) {
        gunichar c = g_utf8_get_char(text);
        if (!g_unichar_isspace(c) && !g_unichar_iszerowidth(c))
            return false;
    }
    return true;
}

/* A place that was named but that no list knows: counted and shown, never guessed. */
static void count_unknown(Builder *b, const Statement *statement, const char *quadrant,
                          const char *category, const char *stream)
{
    int64_t *unknown = &b->data->counts.unknown_value;
    *unknown += quadrant && statement->place.given == SWOT_UNCLASSIFIED;
    *unknown += category && statement->category == NO_TERM;
    *unknown += stream && statement->stream == NO_TERM;
}

static void statement_add(Builder *b, const Mapping *mapping, uint32_t record,
                          const Response *response, const Answer *answer)
{
    const Framework *framework = b->data->project->framework;
    const Source *source = dataset_record(b->data, record)->source;
    if (!answer->text || text_is_blank(answer->text)) {
        b->data->counts.blank_statements += answer->text != NULL;
        return;
    }
#define VALUE(key) value_of(mapping, key, response, answer->instance)
    const char *item = VALUE("item");
    const char *stream = VALUE("stream");
    const char *evidence = VALUE("evidence");
    Statement statement = {
        .text = keep(b->data, answer->text),
        .question = keep(b->data, answer->question),
        .record = record,
        .category = term_of(framework, TERM_CATEGORY, VALUE("category")),
        .stream = term_of(framework, TERM_STREAM, stream ? stream : source->stream),
        .area = term_of(framework, TERM_AREA, VALUE("area")),
        .item = term_of(framework, TERM_ITEM, item),
        .trend = term_of(framework, TERM_TREND, VALUE("trend")),
        .evidence = keep(b->data, evidence ? evidence : source->evidence),
        .implication = keep(b->data, VALUE("implication")),
    };
    statement.place = (SwotEvidence){
        .given = swot_parse(VALUE("quadrant")),
        .origin = origin_of(VALUE("origin")),
        .polarity = polarity_of(VALUE("polarity")),
        .category_origin = category_origin(framework, statement.category),
    };
    count_unknown(b, &statement, VALUE("quadrant"), VALUE("category"), stream);
#undef VALUE
    statement_identify(b, source, response, answer, statement.id);
    g_array_append_val(b->data->statements, statement);
}

/* --- everything else with a role --- */

static void entry_add(Builder *b, const Mapping *mapping, uint32_t record, const Response *response,
                      const Answer *answer)
{
    if (!answer->text || text_is_blank(answer->text))
        return;
    Entry *entry = g_new(Entry, 1);
    *entry = (Entry){.role = mapping->role,
                     .record = record,
                     .question = keep(b->data, answer->question),
                     .scale = mapping->scale,
                     .values = g_hash_table_new(g_str_hash, g_str_equal)};
    for (size_t i = 0; i < mapping->n_values; i++) {
        const char *key = mapping->values[i].key;
        const char *value = value_of(mapping, key, response, answer->instance);
        if (value)
            g_hash_table_insert(entry->values, (gpointer)key, (gpointer)keep(b->data, value));
    }
    const char *own = recode_apply(mapping->recode, answer->text);
    g_hash_table_insert(entry->values, (gpointer) "answer", (gpointer)keep(b->data, own));
    g_ptr_array_add(b->data->entries, entry);
}

const char *entry_value(const Entry *entry, const char *key)
{
    return g_hash_table_lookup(entry->values, key);
}

int entry_step(const Entry *entry, const char *key)
{
    Missing missing;
    const char *told = entry_value(entry, key);
    const char *code = told ? told : entry_value(entry, "answer");
    return entry->scale && code ? scale_read(entry->scale, code, &missing) : 0;
}

static void answer_add(Builder *b, Plan *plan, uint32_t record, const Response *response,
                       const Answer *answer)
{
    switch (plan->mapping->role) {
    case ROLE_IGNORE:
    case ROLE_SUPPORT:
    case ROLE_PERSON:
    case ROLE_ATTRIBUTE:
        break;
    case ROLE_RATING:
        rating_add(b, plan, record, response, answer);
        break;
    case ROLE_STATEMENT:
        statement_add(b, plan->mapping, record, response, answer);
        break;
    case ROLE_GOAL:
        entry_add(b, plan->mapping, record, response, answer);
        if (plan->mapping->scale)
            goal_rate(b, plan->mapping, record, response, answer);
        break;
    case ROLE_NEED:
    case ROLE_EFFECT:
    case ROLE_DOCUMENT:
    case ROLE_ACTIVITY:
    case ROLE_STATUS:
    case ROLE_KPI:
    case ROLE_DILEMMA:
    case ROLE_PAIR:
    case ROLE_INVITED:
    case ROLE_VOTE:
    case ROLE_IMPORTANCE:
    case ROLE_COMMENT:
        entry_add(b, plan->mapping, record, response, answer);
        break;
    case N_ROLES:
        g_assert_not_reached();
    }
}

static bool response_counts(const Source *source, const Response *response)
{
    return response->state == STATE_COMPLETE ||
           (response->state == STATE_PARTIAL && source->include == INCLUDE_ALL);
}

static bool visit_response(const StoredResponse *stored, gpointer user, GError **error)
{
    Builder *b = user;
    const Source *source = project_source(b->data->project, stored->source);
    (void)error;
    if (!source)
        return true;
    b->data->counts.responses++;
    if (!response_counts(source, stored->response)) {
        b->data->counts.not_counted[stored->response->state]++;
        return true;
    }
    uint32_t record = record_add(b, source, stored);
    for (guint i = 0; i < stored->response->answers->len; i++) {
        const Answer *answer = &g_array_index(stored->response->answers, Answer, i);
        Plan *plan = plan_of(b, source, answer->question);
        if (plan->mapping)
            answer_add(b, plan, record, stored->response, answer);
    }
    return true;
}

/* --- one data set --- */

static void variable_free(gpointer pointer)
{
    Variable *variable = pointer;
    g_array_unref(variable->record);
    g_array_unref(variable->step);
    g_array_unref(variable->questions);
    g_free(variable);
}

static void entry_free(gpointer pointer)
{
    Entry *entry = pointer;
    g_hash_table_unref(entry->values);
    g_free(entry);
}

static Dataset *dataset_new(const Project *project)
{
    enum { ARENA_BLOCK = 1 << 16 };
    Dataset *data = g_new0(Dataset, 1);
    data->project = project;
    data->records = g_array_new(FALSE, FALSE, sizeof(Record));
    data->voices = g_array_new(FALSE, FALSE, sizeof(Voice));
    data->units = g_array_new(FALSE, FALSE, sizeof(DataUnit));
    data->variables = g_ptr_array_new_with_free_func(variable_free);
    data->statements = g_array_new(FALSE, FALSE, sizeof(Statement));
    data->entries = g_ptr_array_new_with_free_func(entry_free);
    data->arena = g_string_chunk_new(ARENA_BLOCK);
    data->newest_pull = TIME_UNKNOWN;
    return data;
}

void dataset_free(Dataset *data)
{
    if (!data)
        return;
    g_array_unref(data->records);
    g_array_unref(data->voices);
    g_array_unref(data->units);
    g_ptr_array_unref(data->variables);
    g_array_unref(data->statements);
    g_ptr_array_unref(data->entries);
    g_string_chunk_free(data->arena);
    g_free(data);
}

Dataset *dataset_load(const Project *project, const ProjectKey *key, Store *store, GError **error)
{
    g_autoptr(Dataset) data = dataset_new(project);
    g_autoptr(Respondents) respondents = respondents_new(data);
    Builder b = {
        .data = data,
        .respondents = respondents,
        .key = key,
        .plans = g_hash_table_new_full(NULL, NULL, NULL, (GDestroyNotify)g_hash_table_unref),
        .variables = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL),
        .ordinals = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL),
    };
    g_autoptr(GPtrArray) names = g_ptr_array_new();
    for (guint i = 0; i < project->sources->len; i++)
        g_ptr_array_add(names, ((const Source *)project->sources->pdata[i])->name);
    g_ptr_array_add(names, NULL);
    bool ok = store_each(store, (const char *const *)names->pdata, visit_response, &b, error);
    respondents_settle(respondents);
    records_settle(data);
    data->newest_pull = store_newest_pull(store);
    g_hash_table_unref(b.plans);
    g_hash_table_unref(b.variables);
    g_hash_table_unref(b.ordinals);
    return ok ? g_steal_pointer(&data) : NULL;
}
