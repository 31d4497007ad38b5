#include "schemas/status.h"

#include "schemas/command.h"
#include "schemas/role.h"

#include <string.h>

enum { SHOWN = 8 };

/* What the answers to one question of a source came to. */
typedef struct {
    const Mapping *mapping; /* NULL: not mapped any more */
    int64_t answered, unreadable;
    int item; /* TERM_ITEM that a rating is about, -1: not told by the mapping alone */
} QuestionTally;

typedef struct {
    const Project *project;
    GHashTable *sources; /* name → (question, by pointer → QuestionTally) */
    int64_t *of_group;   /* responses by TERM_GROUP */
    int64_t *of_item;    /* readable ratings by TERM_ITEM */
} Tally;

/* --- counting the answers -------------------------------------------------------------------- */

static QuestionTally *question_of(Tally *tally, const Source *source, const char *question)
{
    GHashTable *questions = g_hash_table_lookup(tally->sources, source->name);
    if (!questions) {
        questions = g_hash_table_new_full(NULL, NULL, NULL, g_free);
        g_hash_table_insert(tally->sources, source->name, questions);
    }
    QuestionTally *found = g_hash_table_lookup(questions, question);
    if (found)
        return found;
    found = g_new0(QuestionTally, 1);
    found->mapping = source_mapping(source, question);
    found->item = -1;
    if (found->mapping && found->mapping->role == ROLE_RATING) {
        g_autofree char *item = mapping_item(found->mapping, question);
        found->item = item ? framework_find(tally->project->framework, TERM_ITEM, item) : -1;
    }
    g_hash_table_insert(questions, (gpointer)question, found);
    return found;
}

static const char *answer_to(const Response *response, const char *question)
{
    for (guint i = 0; i < response->answers->len; i++) {
        const Answer *answer = &g_array_index(response->answers, Answer, i);
        if (answer->missing == MISSING_NONE && g_str_equal(answer->question, question))
            return answer->text;
    }
    return NULL;
}

/* An item that another question of the response names. */
static int item_from(const Tally *tally, const Response *response, const Mapping *mapping)
{
    const RoleValue *value = mapping_value(mapping, "item");
    const char *text = value && value->from ? answer_to(response, value->from) : NULL;
    return text ? framework_match(tally->project->framework, TERM_ITEM,
                                  recode_apply(value->recode, text))
                : -1;
}

static int group_of_answer(const Project *project, const Mapping *mapping, const char *text)
{
    const RoleValue *name = mapping_value(mapping, "name");
    const char *code = recode_apply(mapping->recode, text);
    if (!name || !name->literal)
        return -1;
    if (g_str_equal(name->literal, "group"))
        return framework_match(project->framework, TERM_GROUP, code);
    const Organisation *organisation =
        g_str_equal(name->literal, "organisation") ? project_organisation(project, code) : NULL;
    return organisation ? organisation->group : -1;
}

static void answer_tally(Tally *tally, const Source *source, const Response *response,
                         const Answer *answer, int *group)
{
    QuestionTally *question = question_of(tally, source, answer->question);
    question->unreadable += answer->missing == MISSING_UNREADABLE;
    if (answer->missing != MISSING_NONE || !question->mapping)
        return;
    question->answered++;
    if (question->mapping->role == ROLE_RATING) {
        const int item =
            question->item >= 0 ? question->item : item_from(tally, response, question->mapping);
        if (item >= 0)
            tally->of_item[item]++;
    } else if (question->mapping->role == ROLE_ATTRIBUTE && *group < 0) {
        *group = group_of_answer(tally->project, question->mapping, answer->text);
    }
}

static bool on_response(const StoredResponse *stored, gpointer data, GError **error)
{
    (void)error;
    Tally *tally = data;
    const Source *source = project_source(tally->project, stored->source);
    if (!source)
        return true;
    int group = -1;
    for (guint i = 0; i < stored->response->answers->len; i++)
        answer_tally(tally, source, stored->response,
                     &g_array_index(stored->response->answers, Answer, i), &group);
    group = group < 0 ? source->group : group;
    if (group >= 0)
        tally->of_group[group]++;
    return true;
}

/* --- words ----------------------------------------------------------------------------------- */

static char *moment(const Project *project, int64_t instant)
{
    if (instant == TIME_UNKNOWN)
        return g_strdup("–");
    g_autoptr(GTimeZone) zone = g_time_zone_new_identifier(project->timezone);
    g_autoptr(GDateTime) utc = g_date_time_new_from_unix_utc(instant / G_USEC_PER_SEC);
    g_autoptr(GDateTime) local = g_date_time_to_timezone(utc, zone);
    return g_date_time_format(local, "%Y-%m-%d %H:%M");
}

static const char *outcome_word(PullOutcome outcome)
{
    static const char *const words[] = {[PULL_RUNNING] = "running, or killed",
                                        [PULL_DONE] = "done",
                                        [PULL_FAILED] = "failed",
                                        [PULL_STOPPED] = "stopped"};
    return words[outcome];
}

/* «a, b, c and 4 more» behind a title; nothing for none. */
static void list_line(GString *out, const char *title, const GPtrArray *names)
{
    for (guint i = 0; i < MIN(names->len, SHOWN); i++)
        g_string_append_printf(out, "%s%s", i ? ", " : title, (char *)names->pdata[i]);
    if (names->len > SHOWN)
        g_string_append_printf(out, " and %u more", names->len - SHOWN);
    if (names->len)
        g_string_append_c(out, '\n');
}

/* --- one source ------------------------------------------------------------------------------ */

static void states_line(GString *out, const SourceStatus *status)
{
    g_string_append_printf(out,
                           "  responses: %" G_GINT64_FORMAT " complete, %" G_GINT64_FORMAT
                           " partial, %" G_GINT64_FORMAT " deleted at the source",
                           status->by_state[STATE_COMPLETE], status->by_state[STATE_PARTIAL],
                           status->by_state[STATE_DELETED]);
    if (status->by_state[STATE_SCREENED_OUT])
        g_string_append_printf(out, ", %" G_GINT64_FORMAT " screened out",
                               status->by_state[STATE_SCREENED_OUT]);
    if (status->by_state[STATE_REJECTED])
        g_string_append_printf(out, ", %" G_GINT64_FORMAT " rejected in review",
                               status->by_state[STATE_REJECTED]);
    g_string_append_c(out, '\n');
}

static bool aside_lines(GString *out, Store *store, const SourceStatus *status, GError **error)
{
    if (!status->set_aside)
        return true;
    g_autoptr(GPtrArray) asides = store_asides(store, status->source, error);
    if (!asides)
        return false;
    g_string_append_printf(out,
                           "  set aside: %" G_GINT64_FORMAT " records that could not be read\n",
                           status->set_aside);
    for (guint i = 0; i < MIN(asides->len, SHOWN); i++) {
        const StoreAside *aside = asides->pdata[i];
        g_autofree char *reason = terminal_text(aside->reason);
        g_autofree char *id = terminal_text(*aside->first ? aside->first : "without id");
        g_string_append_printf(out, "    %" G_GINT64_FORMAT " × %s (first: %s)\n", aside->times,
                               reason, id);
    }
    if (asides->len > SHOWN)
        g_string_append_printf(out, "    and for %u more reasons\n", asides->len - SHOWN);
    return true;
}

static gint by_text(gconstpointer a, gconstpointer b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void unreadable_line(GString *out, GHashTable *questions)
{
    g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
    GHashTableIter iter;
    gpointer name, value;
    int64_t total = 0;
    g_hash_table_iter_init(&iter, questions);
    while (g_hash_table_iter_next(&iter, &name, &value)) {
        const QuestionTally *question = value;
        total += question->unreadable;
        if (question->unreadable)
            g_ptr_array_add(
                names, g_strdup_printf("%s %" G_GINT64_FORMAT, (char *)name, question->unreadable));
    }
    g_ptr_array_sort(names, by_text);
    g_autofree char *title = g_strdup_printf("  unreadable answers: %" G_GINT64_FORMAT ": ", total);
    list_line(out, title, names);
}

static bool is_answered(GHashTable *questions, const Mapping *mapping)
{
    GHashTableIter iter;
    gpointer value;
    g_hash_table_iter_init(&iter, questions);
    while (g_hash_table_iter_next(&iter, NULL, &value)) {
        const QuestionTally *question = value;
        if (question->mapping == mapping && question->answered)
            return true;
    }
    return false;
}

/* Of `person` nothing is kept that could tell. */
static void unanswered_line(GString *out, GHashTable *questions, const Source *source)
{
    g_autoptr(GPtrArray) names = g_ptr_array_new();
    for (guint i = 0; i < source->mappings->len; i++) {
        const Mapping *mapping = source->mappings->pdata[i];
        if (mapping->role != ROLE_IGNORE && mapping->role != ROLE_PERSON &&
            !is_answered(questions, mapping))
            g_ptr_array_add(names, mapping->question);
    }
    list_line(out, "  mapped, and answered by nobody: ", names);
}

static void pull_lines(GString *out, const Project *project, const SourceStatus *status)
{
    const PullRecord *last = status->last, *done = status->last_done;
    g_autofree char *when = moment(project, done ? done->ended : TIME_UNKNOWN);
    g_string_append_printf(out, "  last good pull: %s\n", when);
    if (!last || last->outcome == PULL_DONE)
        return;
    g_autofree char *message = terminal_text(last->message ? last->message : "");
    g_autofree char *began = moment(project, last->started);
    g_string_append_printf(out, "  last pull: %s (%s)%s%s\n", outcome_word(last->outcome), began,
                           *message ? ": " : "", message);
}

static bool source_lines(GString *out, const Tally *tally, Store *store, const SourceStatus *status,
                         GError **error)
{
    const Source *source = project_source(tally->project, status->source);
    GHashTable *questions = g_hash_table_lookup(tally->sources, status->source);
    g_string_append_printf(out, "%s\n", status->source);
    states_line(out, status);
    if (!aside_lines(out, store, status, error))
        return false;
    if (source && questions) {
        unreadable_line(out, questions);
        unanswered_line(out, questions, source);
    }
    pull_lines(out, tally->project, status);
    if (!source)
        g_string_append(out, "  this source is not in project.yaml any more; its responses are not "
                             "analysed\n");
    return true;
}

/* --- what is missing ------------------------------------------------------------------------- */

static bool is_pulled(const GPtrArray *all, const char *name)
{
    for (guint i = 0; i < all->len; i++)
        if (g_str_equal(((const SourceStatus *)all->pdata[i])->source, name))
            return true;
    return false;
}

/* Groups that were given a share and have nobody to answer for them. */
static void targets_missing(GString *out, const Tally *tally)
{
    const TermList *groups = &tally->project->framework->list[TERM_GROUP];
    for (size_t i = 0; tally->project->targets && i < groups->n; i++)
        if (tally->project->targets[i] > 0 && !tally->of_group[i])
            g_string_append_printf(out,
                                   "  nobody of group %s, which `targets:` gives a share of %g\n",
                                   groups->v[i].id, tally->project->targets[i]);
}

static void ratings_missing(GString *out, const Tally *tally)
{
    const Framework *framework = tally->project->framework;
    const TermList *questions = &framework->list[TERM_QUESTION];
    const TermList *items = &framework->list[TERM_ITEM];
    for (size_t q = 0; q < questions->n; q++) {
        int64_t ratings = 0;
        for (size_t i = 0; i < items->n; i++)
            ratings += items->v[i].parent == (int)q ? tally->of_item[i] : 0;
        if (!ratings)
            g_string_append_printf(out, "  no rating of main question %s\n", questions->v[q].id);
    }
}

static bool erasures_line(GString *out, const Project *project, Store *store, GError **error)
{
    int64_t times, last;
    if (!store_erasures(store, &times, &last, error))
        return false;
    g_autofree char *when = moment(project, last);
    if (times)
        g_string_append_printf(out, "erased on request: %" G_GINT64_FORMAT " times, last %s\n",
                               times, when);
    return true;
}

static void missing_lines(GString *out, const Tally *tally)
{
    g_autoptr(GString) lines = g_string_new(NULL);
    targets_missing(lines, tally);
    ratings_missing(lines, tally);
    if (lines->len)
        g_string_append_printf(out, "missing\n%s", lines->str);
}

/* --- the report ------------------------------------------------------------------------------ */

static bool report(GString *out, Tally *tally, Store *store, GError **error)
{
    const Project *project = tally->project;
    g_autoptr(GError) trouble = NULL;
    g_autoptr(GPtrArray) all = store_status(store, error);
    if (!all)
        return false;
    if (!store_each(store, NULL, on_response, tally, &trouble) && trouble) {
        g_propagate_error(error, g_steal_pointer(&trouble));
        return false;
    }
    for (guint i = 0; i < all->len; i++)
        if (!source_lines(out, tally, store, all->pdata[i], error))
            return false;
    for (guint i = 0; i < project->sources->len; i++) {
        const Source *source = project->sources->pdata[i];
        if (!is_pulled(all, source->name))
            g_string_append_printf(out, "%s\n  never pulled: run innsikt collect %s\n",
                                   source->name, source->name);
    }
    if (!erasures_line(out, project, store, error))
        return false;
    missing_lines(out, tally);
    return true;
}

char *status_report(const Project *project, Store *store, GError **error)
{
    const Framework *framework = project->framework;
    g_autoptr(GHashTable) sources =
        g_hash_table_new_full(g_str_hash, g_str_equal, NULL, (GDestroyNotify)g_hash_table_unref);
    g_autofree int64_t *of_group = g_new0(int64_t, framework->list[TERM_GROUP].n + 1);
    g_autofree int64_t *of_item = g_new0(int64_t, framework->list[TERM_ITEM].n + 1);
    Tally tally = {
        .project = project, .sources = sources, .of_group = of_group, .of_item = of_item};
    g_autoptr(GString) out = g_string_new(NULL);
    if (!report(out, &tally, store, error))
        return NULL;
    return g_string_free(g_steal_pointer(&out), FALSE);
}
