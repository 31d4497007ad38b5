#include "analyze/involvement.h"

#include "analyze/coverage.h"
#include "analyze/figure.h"
#include "analyze/random.h"

#include <string.h>

const char *coverage_level_key(CoverageLevel level)
{
    static const char *const words_of[] = {"unknown", "none", "weak", "fair", "good"};
    return words_of[level];
}

/* --- counting --------------------------------------------------------------------------------
 * A cell is what one person gave one group in one way: a table's people, divided over the groups
 * that it speaks for. */

enum { WAY_ANY, WAY_INTERVIEW, WAY_WORKSHOP, WAY_SURVEY, N_WAYS };

typedef struct {
    const Results *results;
    GArray *groups;
    GHashTable *cells; /* (group, way, person) → people counted */
    bool *met;         /* group × unit */
} Count;

static GroupHeard *group_at(const Count *c, int group)
{
    const guint last = c->groups->len - 1;
    return &g_array_index(c->groups, GroupHeard, group == NO_TERM ? last : (guint)group);
}

static int way_of(SourceMethod method)
{
    switch (method) {
    case METHOD_INTERVIEW:
        return WAY_INTERVIEW;
    case METHOD_WORKSHOP:
        return WAY_WORKSHOP;
    case METHOD_SURVEY:
    case METHOD_VALIDATION:
        return WAY_SURVEY;
    case METHOD_DOCUMENT:
    case N_METHODS:
        break;
    }
    return WAY_ANY;
}

static size_t *counter_of(GroupHeard *heard, int way)
{
    size_t *const places[N_WAYS] = {&heard->people, &heard->interviews, &heard->workshop,
                                    &heard->survey};
    return places[way];
}

/* A person counts once a group and way, with the most people that any response tells of. */
static void count_people(Count *c, GroupHeard *heard, int way, uint32_t person, size_t people)
{
    g_autofree char *cell = g_strdup_printf("%d %d %u", heard->group, way, person);
    const size_t before = GPOINTER_TO_SIZE(g_hash_table_lookup(c->cells, cell));
    if (people <= before)
        return;
    *counter_of(heard, way) += people - before;
    g_hash_table_insert(c->cells, g_steal_pointer(&cell), GSIZE_TO_POINTER(people));
}

/* Of those around a table, how many speak for the group: an equal part for each voice it has. */
static size_t people_for(const Count *c, const Record *record, int group)
{
    const size_t voices = record->n_voices, around = (size_t)MAX(record->participants, 1);
    size_t people = 0;
    for (uint32_t v = 0; v < record->n_voices; v++)
        if (dataset_voice(c->results->data, record->first_voice + v)->group == group)
            people += around / voices + (v < around % voices);
    return people;
}

static void count_voice(Count *c, uint32_t record_index, const Voice *voice)
{
    const Record *record = dataset_record(c->results->data, record_index);
    const size_t units = c->results->data->units->len;
    GroupHeard *heard = group_at(c, voice->group);
    const size_t at = (size_t)(heard - &g_array_index(c->groups, GroupHeard, 0)) * units;
    if (record->source->method != METHOD_DOCUMENT) {
        const size_t people = people_for(c, record, voice->group);
        count_people(c, heard, WAY_ANY, record->person, people);
        count_people(c, heard, way_of(record->source->method), record->person, people);
    }
    heard->organisations +=
        !c->met[at + voice->unit] && dataset_unit(c->results->data, voice->unit)->named;
    c->met[at + voice->unit] = true;
    g_array_append_val(heard->records, record_index);
}

static void count_record(Count *c, uint32_t index)
{
    const Record *record = dataset_record(c->results->data, index);
    if (project_wave_is_earlier(c->results->data->project, record->wave))
        return;
    for (uint32_t v = 0; v < record->n_voices; v++)
        count_voice(c, index, dataset_voice(c->results->data, record->first_voice + v));
}

static void add_group(GArray *groups, const Results *r, int group)
{
    GroupHeard heard = {
        .key = group == NO_TERM
                   ? g_strdup("involvement/no-group")
                   : g_strconcat("involvement/all/group=",
                                 r->project->framework->list[TERM_GROUP].v[group].id, NULL),
        .group = group,
        .invited = UNDEFINED,
        .invited_share = UNDEFINED,
        .target = UNDEFINED,
        .observed = UNDEFINED,
        .ratio = UNDEFINED,
        .records = g_array_new(FALSE, FALSE, sizeof(uint32_t)),
    };
    g_array_append_val(groups, heard);
}

static void group_clear(gpointer pointer)
{
    GroupHeard *heard = pointer;
    g_free(heard->key);
    g_array_unref(heard->records);
}

static GArray *groups_of(const Results *r)
{
    GArray *groups = g_array_new(FALSE, FALSE, sizeof(GroupHeard));
    g_array_set_clear_func(groups, group_clear);
    for (size_t g = 0; g < r->project->framework->list[TERM_GROUP].n; g++)
        add_group(groups, r, (int)g);
    add_group(groups, r, NO_TERM);
    return groups;
}

/* Documents belong to the group whose they are; distinct titles where a register tells them. */
static void count_documents(Count *c)
{
    const Dataset *data = c->results->data;
    g_autoptr(GHashTable) titles = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_autofree const char **title = g_new0(const char *, data->records->len + 1);
    for (guint i = 0; i < data->entries->len; i++) {
        const Entry *entry = data->entries->pdata[i];
        const char *told = entry->role == ROLE_DOCUMENT ? entry_value(entry, "title") : NULL;
        if (told && !title[entry->record])
            title[entry->record] = told;
    }
    for (guint i = 0; i < data->records->len; i++) {
        const Record *record = dataset_record(data, i);
        g_autofree char *folded = title[i] ? label_fold(title[i]) : NULL;
        if (!source_holds_documents(record->source) ||
            (folded && !g_hash_table_add(titles, g_steal_pointer(&folded))))
            continue;
        group_at(c, record->group)->documents++;
    }
}

/* --- against what was meant --- */

static void read_invited(const Results *r, GArray *groups)
{
    for (guint i = 0; i < r->data->entries->len; i++) {
        const Entry *entry = r->data->entries->pdata[i];
        const char *told = entry->role == ROLE_INVITED ? entry_value(entry, "group") : NULL;
        const int group = told ? framework_match(r->project->framework, TERM_GROUP, told) : NO_TERM;
        const char *number = entry->role == ROLE_INVITED ? entry_value(entry, "number") : NULL;
        if (group == NO_TERM)
            continue;
        const char *text = number ? number : entry_value(entry, "answer");
        char *end = NULL;
        const double n = g_ascii_strtod(text, &end);
        if (end == text || *end || !(n >= 0) || n > 1e9)
            continue;
        GroupHeard *heard = &g_array_index(groups, GroupHeard, group);
        heard->invited = is_defined(heard->invited) ? heard->invited + n : n;
        g_array_append_val(heard->records, entry->record);
    }
}

static double share_of(double people, double of)
{
    return of > 0 && people <= of ? people / of : UNDEFINED;
}

static CoverageLevel level_of(const Thresholds *t, const GroupHeard *heard)
{
    const bool meant = is_defined(heard->ratio) || heard->target > 0 || heard->invited > 0;
    if (heard->people == 0)
        return meant ? COVERAGE_NONE : COVERAGE_UNKNOWN;
    return !is_defined(heard->ratio)                  ? COVERAGE_UNKNOWN
           : heard->ratio >= t->coverage_good - 1e-12 ? COVERAGE_GOOD
           : heard->ratio >= t->coverage_fair - 1e-12 ? COVERAGE_FAIR
                                                      : COVERAGE_WEAK;
}

static double compare_targets(const Results *r, GArray *groups)
{
    const double *targets = r->project->targets;
    const size_t n = r->project->framework->list[TERM_GROUP].n;
    g_autofree double *people = g_new0(double, n + 1);
    double heard_in_all = 0, target_in_all = 0;
    if (!targets)
        return UNDEFINED;
    for (size_t g = 0; g < n; g++) {
        people[g] = targets[g] > 0 ? (double)g_array_index(groups, GroupHeard, g).people : 0;
        heard_in_all += people[g];
        target_in_all += targets[g];
    }
    for (size_t g = 0; g < n; g++) {
        GroupHeard *heard = &g_array_index(groups, GroupHeard, g);
        if (!(targets[g] > 0))
            continue;
        heard->target = targets[g] / target_in_all;
        heard->observed = heard_in_all > 0 ? people[g] / heard_in_all : UNDEFINED;
        heard->ratio = heard->observed / heard->target;
    }
    return coverage_dissimilarity(people, targets, n);
}

static void compare_invited(InvolvementDetail *d)
{
    double people = 0, invited = 0;
    for (guint g = 0; g < d->groups->len; g++) {
        GroupHeard *heard = &g_array_index(d->groups, GroupHeard, g);
        if (!is_defined(heard->invited))
            continue;
        heard->invited_share = share_of((double)heard->people, heard->invited);
        people += (double)heard->people;
        invited += heard->invited;
        if (!is_defined(heard->ratio))
            heard->ratio = heard->invited > 0 ? (double)heard->people / heard->invited : UNDEFINED;
    }
    d->invited = invited > 0 ? invited : UNDEFINED;
    d->invited_share = share_of(people, invited);
}

/* Groups that were neither heard, nor asked, nor meant to be are left out. */
static void drop_strangers(GArray *groups)
{
    for (guint g = groups->len; g-- > 0;) {
        const GroupHeard *heard = &g_array_index(groups, GroupHeard, g);
        if (!heard->records->len && !is_defined(heard->target) && !is_defined(heard->invited))
            g_array_remove_index(groups, g);
    }
}

/* --- those who agreed to be named --- */

static int by_name(gconstpointer a, gconstpointer b)
{
    return strcmp(((const Actor *)a)->name, ((const Actor *)b)->name);
}

/* Somebody agreed, and nobody of the same organisation declined. */
static GArray *actors_of(const Dataset *data)
{
    GArray *actors = g_array_new(FALSE, FALSE, sizeof(Actor));
    g_autofree bool *agreed = g_new0(bool, data->units->len + 1);
    g_autofree bool *declined = g_new0(bool, data->units->len + 1);
    for (guint i = 0; i < data->voices->len; i++) {
        const Voice *voice = dataset_voice(data, i);
        const int8_t consent = dataset_record(data, voice->record)->consent;
        agreed[voice->unit] |= consent > 0;
        declined[voice->unit] |= consent < 0;
    }
    for (guint i = 0; i < data->units->len; i++) {
        const DataUnit *unit = dataset_unit(data, i);
        Actor actor = {unit->name};
        if (unit->named && agreed[i] && !declined[i])
            g_array_append_val(actors, actor);
    }
    g_array_sort(actors, by_name);
    return actors;
}

/* --- did further interviews bring anything new? --- */

static int by_submission(gconstpointer a, gconstpointer b, gpointer user)
{
    const Dataset *data = user;
    const uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    const int64_t s = dataset_record(data, x)->submitted, t = dataset_record(data, y)->submitted;
    return s != t ? (s > t) - (s < t) : (x > y) - (x < y);
}

/* Interviews with statements, in order of submission; ties as the store has them. */
static GArray *interviews_of(const Results *r)
{
    GArray *interviews = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    uint32_t last = UINT32_MAX;
    for (guint i = 0; i < r->data->statements->len; i++) {
        const uint32_t record = dataset_statement(r->data, i)->record;
        if (record == last || dataset_record(r->data, record)->source->method != METHOD_INTERVIEW)
            continue;
        g_array_append_val(interviews, record);
        last = record;
    }
    g_array_sort_with_data(interviews, by_submission, (gpointer)r->data);
    return interviews;
}

static void measure_saturation(InvolvementDetail *d, const Results *r)
{
    enum { SHUFFLES = 200 };
    g_autoptr(GArray) themes = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    g_autofree size_t *start = g_new0(size_t, d->interview_records->len + 1);
    for (guint i = 0; i < d->interview_records->len; i++) {
        const uint32_t record = g_array_index(d->interview_records, uint32_t, i);
        for (guint s = 0; s < r->data->statements->len; s++) {
            const StatementResult *result = &g_array_index(r->statements, StatementResult, s);
            if (dataset_statement(r->data, s)->record == record)
                g_array_append_vals(themes, result->themes->data, result->themes->len);
        }
        start[i + 1] = themes->len;
    }
    SaturationInput in = {.theme = (const uint32_t *)(const void *)themes->data,
                          .start = start,
                          .n = d->interview_records->len,
                          .n_theme = r->themes->len};
    SaturationRules rules = saturation_rules_default();
    gsl_rng *rng = random_stream_new(r->project->seed, "involvement/saturation");
    d->saturation = saturation_base_run(&in, &rules, NULL);
    d->saturation_shuffled = saturation_shuffled(&in, &rules, rng, SHUFFLES);
    gsl_rng_free(rng);
}

/* --- the product --- */

static gpointer compute(const Results *r)
{
    if (!r->data->records->len)
        return NULL;
    InvolvementDetail *d = g_new0(InvolvementDetail, 1);
    d->groups = groups_of(r);
    g_autoptr(GHashTable) cells = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_autofree bool *met = g_new0(bool, d->groups->len * r->data->units->len + 1);
    Count count = {r, d->groups, cells, met};
    for (guint i = 0; i < r->data->records->len; i++)
        count_record(&count, i);
    count_documents(&count);
    read_invited(r, d->groups);
    d->dissimilarity = compare_targets(r, d->groups);
    compare_invited(d);
    for (guint g = 0; g < d->groups->len; g++) {
        GroupHeard *heard = &g_array_index(d->groups, GroupHeard, g);
        heard->level = level_of(&r->project->thresholds, heard);
    }
    drop_strangers(d->groups);
    d->actors = actors_of(r->data);
    d->interview_records = interviews_of(r);
    if (d->interview_records->len)
        measure_saturation(d, r);
    return d;
}

static const char *group_name(const Results *r, const GroupHeard *heard)
{
    return heard->group == NO_TERM
               ? words(r->project->language, "involvement.no-group")
               : term_label(&r->project->framework->list[TERM_GROUP].v[heard->group],
                            r->project->language);
}

static void publish_group(Results *r, const GroupHeard *heard)
{
    const char *const no_frame = undefined_key(UNDEFINED_NO_FRAME);
    Basis *basis = basis_open(r, &(BasisRow){.path = heard->key,
                                             .sheet = "involvement",
                                             .figure = group_name(r, heard),
                                             .method = "coverage.counts",
                                             .n = heard->people,
                                             .records = heard->records,
                                             .against = basis_everybody});
    basis->organisations = heard->organisations;
    figure_count(r, heard->key, "people", heard->people);
    figure_count(r, heard->key, "organisations", heard->organisations);
    figure_count(r, heard->key, "interviews", heard->interviews);
    figure_count(r, heard->key, "workshop", heard->workshop);
    figure_count(r, heard->key, "survey", heard->survey);
    figure_count(r, heard->key, "documents", heard->documents);
    figure_number(r, heard->key, "invited", heard->invited, no_frame);
    figure_number(r, heard->key, "invited-share", heard->invited_share, no_frame);
    figure_number(r, heard->key, "target", heard->target, no_frame);
    figure_number(r, heard->key, "observed", heard->observed, no_frame);
    figure_number(r, heard->key, "ratio", heard->ratio, no_frame);
    figure_text(r, heard->key, "coverage", coverage_level_key(heard->level));
}

static void publish_panel(Results *r, const InvolvementDetail *d)
{
    static const char path[] = "involvement/panel";
    const char *const no_frame = undefined_key(UNDEFINED_NO_FRAME);
    Basis *basis =
        basis_open(r, &(BasisRow){.path = path,
                                  .sheet = "involvement",
                                  .figure = words(r->project->language, "involvement.panel"),
                                  .method = "coverage.dissimilarity",
                                  .n = r->involvement.people,
                                  .made_of = basis_everybody});
    basis->organisations = r->involvement.organisations;
    basis->sources = g_strdup(g_array_index(r->bases, Basis, 0).sources);
    figure_number(r, path, "dissimilarity", d->dissimilarity, no_frame);
    figure_number(r, path, "invited", d->invited, no_frame);
    figure_number(r, path, "invited-share", d->invited_share, no_frame);
    figure_count(r, path, "people", r->involvement.people);
}

static void publish_saturation(Results *r, const InvolvementDetail *d)
{
    static const char path[] = "involvement/saturation";
    const Saturation *s = &d->saturation;
    const char *why = undefined_key(s->why ? s->why : UNDEFINED_INCOMPLETE);
    basis_open(r, &(BasisRow){.path = path,
                              .sheet = "involvement",
                              .figure = words(r->project->language, "involvement.saturation"),
                              .method = "saturation.base_run",
                              .n = d->interview_records->len,
                              .records = d->interview_records,
                              .against = basis_everybody});
    figure_count(r, path, "n", d->interview_records->len);
    figure_count(r, path, "base-themes", s->base_themes);
    figure_number(r, path, "reached-at", s->reached_at ? (double)s->reached_at : UNDEFINED, why);
    figure_number(r, path, "reached-at-shuffled", d->saturation_shuffled, why);
}

static void publish(Results *r, gconstpointer product)
{
    const InvolvementDetail *d = product;
    for (guint g = 0; g < d->groups->len; g++)
        publish_group(r, &g_array_index(d->groups, GroupHeard, g));
    publish_panel(r, d);
    if (d->interview_records->len)
        publish_saturation(r, d);
}

static void involvement_free(gpointer product)
{
    InvolvementDetail *d = product;
    g_array_unref(d->groups);
    g_array_unref(d->actors);
    g_array_unref(d->interview_records);
    g_free(d);
}

const Product product_involvement = {compute, publish, involvement_free};

const InvolvementDetail *results_involvement(const Results *results)
{
    return results->product[PRODUCT_INVOLVEMENT];
}
