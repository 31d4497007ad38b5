#include "analyze/rating.h"

#include "analyze/agreement.h"
#include "analyze/ballot.h"
#include "analyze/interval.h"
#include "analyze/neff.h"
#include "analyze/ordinal.h"
#include "analyze/proportion.h"
#include "analyze/reliability.h"
#include "analyze/weights.h"

#include <string.h>

/* What one summary is made of. Speakers are a person's voices for one organisation, numbered from 0
 * in order of first appearance. */
typedef struct {
    size_t n;
    uint32_t *who; /* per answer */
    int *item;     /* per answer, as in Ballot */
    int8_t *x;     /* per answer: step, 0 where missing */
    size_t speakers;
    uint32_t *org, *group; /* per speaker; NO_INDEX group where none */
    double *mean;          /* per speaker: of their answers; NaN when all are missing */
    int8_t *answered;      /* per speaker: 1 or 0 */
    uint32_t *person;      /* per speaker */
    uint32_t *speaker;     /* per speaker: Voice.speaker */
    int *around;           /* per speaker: most participants that a response of theirs tells of */
} Panel;

static void panel_clear(Panel *panel)
{
    g_free(panel->who);
    g_free(panel->item);
    g_free(panel->x);
    g_free(panel->org);
    g_free(panel->group);
    g_free(panel->mean);
    g_free(panel->answered);
    g_free(panel->person);
    g_free(panel->speaker);
    g_free(panel->around);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Panel, panel_clear)

const char *family_word(Family family)
{
    static const char *const words_of[N_FAMILIES] = {"robustness", "level", "item", "distribution",
                                                     "goal"};
    return words_of[family];
}

static const char *facet_word(Facet facet)
{
    static const char *const words_of[N_FACETS] = {"", "group", "method", "wave"};
    return words_of[facet];
}

/* --- the panel --- */

static void panel_allocate(Panel *panel, size_t answers)
{
    *panel = (Panel){
        .who = g_new(uint32_t, answers + 1),
        .item = g_new(int, answers + 1),
        .x = g_new(int8_t, answers + 1),
        .org = g_new(uint32_t, answers + 1),
        .group = g_new(uint32_t, answers + 1),
        .mean = g_new0(double, answers + 1),
        .answered = g_new0(int8_t, answers + 1),
        .person = g_new(uint32_t, answers + 1),
        .speaker = g_new(uint32_t, answers + 1),
        .around = g_new0(int, answers + 1),
    };
}

static uint32_t panel_speaker(Panel *panel, const Dataset *data, const Ballot *ballot,
                              uint32_t *number)
{
    const Voice *voice = dataset_voice(data, ballot->voice);
    const Record *record = ballot->record;
    if (!number[voice->speaker]) {
        size_t s = panel->speakers++;
        panel->org[s] = voice->unit;
        panel->group[s] = voice->group == NO_TERM ? NO_INDEX : (uint32_t)voice->group;
        panel->person[s] = record->person;
        panel->speaker[s] = voice->speaker;
        number[voice->speaker] = (uint32_t)panel->speakers;
    }
    uint32_t speaker = number[voice->speaker] - 1;
    panel->around[speaker] = MAX(panel->around[speaker], record->participants);
    return speaker;
}

static void panel_fill(Panel *panel, const Dataset *data, const GArray *ballots, RatingSummary *s)
{
    g_autofree uint32_t *number = g_new0(uint32_t, data->n_speakers + 1);
    const Source *last = NULL;
    panel_allocate(panel, ballots->len);
    for (guint i = 0; i < ballots->len; i++) {
        const Ballot *ballot = &g_array_index(ballots, Ballot, i);
        if (!ballot_in_facet(data, ballot, s))
            continue;
        const Source *source = ballot->record->source;
        if (source != last)
            g_hash_table_add(s->sources, (gpointer)source);
        last = source;
        if (ballot->step <= 0)
            s->missing[-ballot->step]++;
        if (!ballot_was_asked(ballot))
            continue;
        size_t row = panel->n++;
        panel->who[row] = panel_speaker(panel, data, ballot, number);
        panel->item[row] = ballot->item;
        panel->x[row] = ballot->step > 0 ? ballot->step : 0;
    }
}

static void panel_means(Panel *panel)
{
    g_autofree uint32_t *answers = g_new0(uint32_t, panel->speakers + 1);
    for (size_t i = 0; i < panel->n; i++)
        if (panel->x[i]) {
            panel->mean[panel->who[i]] += panel->x[i];
            answers[panel->who[i]]++;
        }
    for (size_t s = 0; s < panel->speakers; s++) {
        panel->answered[s] = answers[s] > 0;
        panel->mean[s] = answers[s] ? panel->mean[s] / answers[s] : UNDEFINED;
    }
}

/* --- the summary --- */

static VerdictRules rules_of(const Thresholds *t)
{
    return (VerdictRules){
        .min_n = (size_t)ceil(t->verdict_n),
        .min_org = (size_t)ceil(t->verdict_organisations),
        .min_neff = t->verdict_n_eff,
        .max_missing = t->verdict_missing,
        .p_firm = t->verdict_firm,
        .p_range = t->verdict_range,
        .prior = t->verdict_prior,
        .rho = t->rho_default,
        .rho_weight = t->rho_prior_organisations,
    };
}

static void panel_weights(const Panel *panel, const Dataset *data, RatingSummary *s, double *ret_w)
{
    const Project *project = data->project;
    if (project->weight == WEIGHT_NONE) {
        for (size_t i = 0; i < panel->speakers; i++)
            ret_w[i] = panel->answered[i];
        return;
    }
    const size_t groups = project->framework->list[TERM_GROUP].n;
    g_autofree bool *absent = g_new0(bool, groups + 1);
    WeightInput in = {
        .n = panel->speakers,
        .x = panel->answered,
        .org = panel->org,
        .n_org = data->units->len,
        .group = panel->group,
        .n_group = groups,
        .target = ballot_targets(project, s),
    };
    weights_equal_org(&in, ret_w, absent);
    for (size_t g = 0; in.target && g < MIN(groups, 64); g++)
        s->targets_absent |= (uint64_t)absent[g] << g;
}

static void count_organisations(const Panel *panel, const Dataset *data, RatingSummary *s)
{
    g_autofree bool *met = g_new0(bool, data->units->len + 1);
    s->asked = panel->speakers;
    for (size_t i = 0; i < panel->speakers; i++) {
        if (!panel->answered[i] || met[panel->org[i]])
            continue;
        met[panel->org[i]] = true;
        s->units++;
        s->organisations += dataset_unit(data, panel->org[i])->named;
    }
}

/* A person is one, for however many organisations they speak; a table is as many as sat around it.
 */
static size_t people_heard(const Panel *panel, const Dataset *data)
{
    g_autofree int *around = g_new0(int, data->n_persons + 1);
    size_t people = 0;
    for (size_t i = 0; i < panel->speakers; i++) {
        int *most = &around[panel->person[i]];
        if (!panel->answered[i] || panel->around[i] <= *most)
            continue;
        people += (size_t)(panel->around[i] - *most);
        *most = panel->around[i];
    }
    return people;
}

/* The mirror image of the steps that agree: what is called disagreeing. */
static unsigned disagree_steps(const Scale *scale)
{
    unsigned agree = scale_agree_steps(scale), steps = 0;
    for (int k = 0; k < scale->n_steps; k++)
        if (agree & 1u << (scale->n_steps - 1 - k))
            steps |= 1u << k;
    return steps & ~agree;
}

static void summarise_shares(RatingSummary *s, const Tally *tally, double level)
{
    const unsigned agree = scale_agree_steps(s->scale), disagree = disagree_steps(s->scale);
    OrdinalSummary ordinal = ordinal_summary(tally);
    for (int k = 0; k < s->n_steps; k++)
        s->answers += tally->raw[k];
    const double answers = (double)s->answers;
    for (int k = 0; k < s->n_steps; k++) {
        s->count[k] = tally->raw[k];
        s->share[k] = ordinal.share[k];
        s->share_unweighted[k] = s->answers ? (double)s->count[k] / answers : UNDEFINED;
    }
    s->median_low = tally->n ? ordinal.median_low : UNDEFINED;
    s->median_high = tally->n ? ordinal.median_high : UNDEFINED;
    s->median = ordinal.median;
    s->interpolated_median = ordinal.interpolated;
    s->agreement = agreement_vdeijk_a(tally->count, s->n_steps);
    s->agree = agree ? ordinal_share_of(tally, agree) : UNDEFINED;
    Estimate share = is_defined(s->agree) ? proportion_wilson(s->agree * s->n_eff, s->n_eff, level)
                                          : ESTIMATE_UNDEFINED;
    s->agree_low = share.low;
    s->agree_high = share.high;
    OrdinalNet net = {UNDEFINED, UNDEFINED, UNDEFINED, UNDEFINED};
    if (tally->n && agree)
        net = ordinal_net(ordinal.share, s->n_steps, agree, disagree, s->n_eff, level);
    s->net = net.net;
    s->net_low = net.low;
    s->net_high = net.high;
}

static void summarise_mean(RatingSummary *s, const Panel *panel, const Dataset *data)
{
    const double *targets = ballot_targets(data->project, s);
    g_autofree OrgMean *means = g_new(OrgMean, panel->speakers + 1);
    size_t n = interval_org_means(panel->mean, NULL, panel->org, targets ? panel->group : NULL,
                                  panel->speakers, data->units->len, means);
    IntervalInput in = {
        .unit = means,
        .n = n,
        .target = targets,
        .n_group = data->project->framework->list[TERM_GROUP].n,
        .k = s->n_steps,
        .low = 1,
        .high = s->n_steps,
    };
    IntervalRules rules = interval_rules_default();
    rules.conf = data->project->thresholds.interval_level;
    rules.rho = data->project->thresholds.rho_default;
    OrgInterval interval = interval_mean(&in, &rules);
    s->mean = interval.theta;
    s->mean_low = interval.low;
    s->mean_high = interval.high;
}

/* Cronbach's alpha over those who answered every item that was asked here; several answers to one
 * item are their mean. A question rated as a whole is no item of its own. */
static CronbachAlpha panel_alpha(const Panel *panel, size_t framework_items)
{
    g_autofree size_t *column = g_new0(size_t, framework_items + 1); /* + 1; 0: not asked */
    size_t items = 0;
    for (size_t i = 0; i < panel->n; i++)
        if (panel->item[i] != NO_TERM && !column[panel->item[i]])
            column[panel->item[i]] = ++items;
    if (items < 2) /* as for every alpha of one item, without the table */
        return reliability_cronbach_alpha(NULL, 0, items, 0.95);
    g_autofree double *table = g_new0(double, panel->speakers *items + 1);
    g_autofree uint32_t *answers = g_new0(uint32_t, panel->speakers * items + 1);
    for (size_t i = 0; i < panel->n; i++) {
        if (!panel->x[i] || panel->item[i] == NO_TERM)
            continue;
        size_t cell = panel->who[i] * items + column[panel->item[i]] - 1;
        table[cell] += panel->x[i];
        answers[cell]++;
    }
    for (size_t cell = 0; cell < panel->speakers * items; cell++)
        table[cell] = answers[cell] ? table[cell] / answers[cell] : UNDEFINED;
    return reliability_cronbach_alpha(table, panel->speakers, items, 0.95);
}

static void summarise(RatingSummary *s, const Dataset *data, const GArray *ballots)
{
    g_auto(Panel) panel = {0};
    panel_fill(&panel, data, ballots, s);
    panel_means(&panel);
    const Thresholds *thresholds = &data->project->thresholds;
    const VerdictRules rules = rules_of(thresholds);
    g_autofree double *w = g_new0(double, panel.speakers + 1);
    panel_weights(&panel, data, s, w);
    count_organisations(&panel, data, s);
    s->people_heard = people_heard(&panel, data);

    Icc icc = neff_icc1_means(panel.mean, panel.org, panel.speakers, data->units->len);
    s->rho = neff_icc_shrunk(&icc, rules.rho_weight, rules.rho);
    PoolInput pool = {
        .k = s->n_steps,
        .x = panel.x,
        .who = panel.who,
        .n_answers = panel.n,
        .org = panel.org,
        .n_who = panel.speakers,
        .n_org = data->units->len,
        .w = w,
        .rho = s->rho,
    };
    Pool pooled = verdict_pool_items(&pool);
    s->n = pooled.tally.n;
    s->n_eff = pooled.size.neff;
    s->n_eff_kish = pooled.size.kish;
    s->n_eff_organisations = pooled.size.orgs;
    summarise_shares(s, &pooled.tally, thresholds->interval_level);
    summarise_mean(s, &panel, data);
    CronbachAlpha alpha = panel_alpha(&panel, data->project->framework->list[TERM_ITEM].n);
    s->alpha = alpha.alpha;
    s->alpha_why = alpha.why;

    const int citizens = data->project->framework->citizen_group;
    bool citizens_alone = s->facet == FACET_GROUP && s->facet_index == citizens;
    VerdictInput verdict = {
        .k = s->n_steps,
        .share = s->share,
        .neff = s->n_eff,
        .n = s->n,
        .n_org = citizens_alone ? s->units : s->organisations,
        .n_missing = s->asked - s->n,
    };
    s->verdict = verdict_decide(&verdict, &rules);
}

/* --- subjects and facets ------------------------------------------------------------------------
 */

static char *summary_key(const Framework *framework, const RatingSummary *s)
{
    const char *subject = framework->list[s->subject_kind].v[s->subject].id;
    GString *key = g_string_new(family_word(s->family));
    const bool other = s->family == FAMILY_GOAL && s->subject_kind != TERM_SDG;
    g_string_append_printf(key, "/%s%s", other ? "area=" : "", subject);
    /* People name waves, and a key is ASCII whose parts `/` separates: «Vår 2021/1» is escaped. */
    g_autofree char *wave = s->wave ? g_uri_escape_string(s->wave, NULL, FALSE) : NULL;
    const char *value = s->facet == FACET_GROUP ? framework->list[TERM_GROUP].v[s->facet_index].id
                        : s->facet == FACET_METHOD ? method_word((SourceMethod)s->facet_index)
                                                   : wave;
    if (s->facet != FACET_ALL)
        g_string_append_printf(key, "/%s=%s", facet_word(s->facet), value);
    return g_string_free(key, FALSE);
}

static void summary_free(gpointer pointer)
{
    RatingSummary *summary = pointer;
    g_free(summary->key);
    g_hash_table_unref(summary->sources);
    g_free(summary);
}

static void add_facet(GPtrArray *list, const Dataset *data, const GArray *ballots,
                      RatingSummary summary)
{
    RatingSummary *s = g_memdup2(&summary, sizeof summary);
    s->n_steps = s->scale->n_steps;
    s->key = summary_key(data->project->framework, s);
    s->sources = g_hash_table_new(NULL, NULL);
    summarise(s, data, ballots);
    if (s->asked)
        g_ptr_array_add(list, s);
    else
        summary_free(s);
}

/* What the same answers say, as the summary of something else: of a method when all were given that
 * way, of an item and of the question that has no other. */
static void add_same(GPtrArray *list, const Dataset *data, const RatingSummary *same,
                     RatingSummary summary)
{
    RatingSummary *s = g_memdup2(same, sizeof *same);
    s->family = summary.family;
    s->subject_kind = summary.subject_kind;
    s->subject = summary.subject;
    s->facet = summary.facet;
    s->facet_index = summary.facet_index;
    s->key = summary_key(data->project->framework, s);
    g_hash_table_ref(s->sources);
    g_ptr_array_add(list, s);
}

/* Adds a subject's summaries: all, groups, methods, waves. */
static void add_subject(GPtrArray *list, const Dataset *data, RatingSummary subject)
{
    g_autoptr(GArray) ballots = ballots_new(data, &subject);
    if (!ballots->len)
        return;
    BallotParts parts = ballot_parts_new(data, ballots);
    subject.facet_index = NO_TERM;
    add_facet(list, data, ballots, subject);
    const RatingSummary *all = list->len ? list->pdata[0] : NULL;
    subject.facet = FACET_GROUP;
    for (guint g = 0; g < parts.group->len; g++) {
        subject.facet_index = (int)g;
        add_facet(list, data, parts.group->pdata[g], subject);
    }
    subject.facet = FACET_METHOD;
    for (guint m = 0; m < parts.method->len; m++) {
        const GArray *part = parts.method->pdata[m];
        subject.facet_index = (int)m;
        if (all && part->len == ballots->len)
            add_same(list, data, all, subject);
        else
            add_facet(list, data, part, subject);
    }
    subject.facet = FACET_WAVE;
    subject.facet_index = NO_TERM;
    g_autoptr(GPtrArray) waves = ballots_waves(ballots);
    for (guint i = 0; i < waves->len; i++) {
        subject.wave = waves->pdata[i];
        add_facet(list, data, ballots, subject);
    }
    ballot_parts_clear(&parts);
}

/* --- all subjects, side by side ------------------------------------------------------------------
 * Summaries of different subjects share nothing but the data set, which nobody changes, so each
 * subject is a task of its own and what comes out does not depend on how many work. */

enum { WORKERS_MOST = 8 };

typedef struct Task Task;
struct Task {
    RatingSummary subject;
    GPtrArray *list;  /* of RatingSummary* */
    const Task *same; /* an earlier one that reads the same answers; NULL: none */
    guint columns;    /* that it reads */
};

/* The columns that a task reads and the scale it reads them on, as text. */
static char *task_reads(Task *task, const Dataset *data)
{
    GString *reads = g_string_new(task->subject.scale ? task->subject.scale->id : NULL);
    for (guint v = 0; v < data->variables->len; v++)
        if (ballot_reads(data->project->framework, data->variables->pdata[v], &task->subject)) {
            g_string_append_printf(reads, " %u", v);
            task->columns++;
        }
    return g_string_free(reads, FALSE);
}

/* The longest first, so that none of the workers is left with it in the end. */
static gint by_columns(gconstpointer left, gconstpointer right)
{
    const Task *a = *(const Task *const *)left, *b = *(const Task *const *)right;
    return (a->columns < b->columns) - (a->columns > b->columns);
}

static void tasks_pair(GArray *tasks, const Dataset *data)
{
    g_autoptr(GHashTable) known = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    for (guint i = 0; i < tasks->len; i++) {
        Task *task = &g_array_index(tasks, Task, i);
        g_autofree char *reads = task_reads(task, data);
        task->same = g_hash_table_lookup(known, reads);
        if (!task->same)
            g_hash_table_insert(known, g_steal_pointer(&reads), task);
    }
}

static void task_copy(Task *task, const Dataset *data)
{
    for (guint i = 0; i < task->same->list->len; i++) {
        const RatingSummary *same = task->same->list->pdata[i];
        RatingSummary summary = *same;
        summary.family = task->subject.family;
        summary.subject_kind = task->subject.subject_kind;
        summary.subject = task->subject.subject;
        add_same(task->list, data, same, summary);
    }
}

static void task_add(GArray *tasks, RatingSummary subject)
{
    Task task = {subject, g_ptr_array_new(), NULL, 0};
    g_array_append_val(tasks, task);
}

/* Tasks in order of work, and the next one that nobody has taken. */
typedef struct {
    const Dataset *data;
    const GPtrArray *order; /* of Task* */
    gint next;
} Work;

static gpointer work(gpointer pointer)
{
    Work *all = pointer;
    for (gint i; (i = g_atomic_int_add(&all->next, 1)) < (gint)all->order->len;) {
        Task *task = all->order->pdata[i];
        add_subject(task->list, all->data, task->subject);
    }
    return NULL;
}

/* How many work: one where there is little to do. */
static gint workers_for(const Dataset *data)
{
    enum { ANSWERS_WORTH_IT = 5000 };
    size_t answers = 0;
    for (guint v = 0; v < data->variables->len; v++)
        answers += ((const Variable *)data->variables->pdata[v])->record->len;
    return answers < ANSWERS_WORTH_IT ? 1 : (gint)MIN(WORKERS_MOST, g_get_num_processors());
}

static void tasks_run(GArray *tasks, const Dataset *data)
{
    g_autoptr(GPtrArray) order = g_ptr_array_new();
    for (guint i = 0; i < tasks->len; i++)
        if (!g_array_index(tasks, Task, i).same)
            g_ptr_array_add(order, &g_array_index(tasks, Task, i));
    g_ptr_array_sort(order, by_columns);
    Work all = {data, order, 0};
    GThread *helper[WORKERS_MOST];
    gint helpers = 0;
    for (gint most = workers_for(data); helpers < most - 1; helpers++)
        if (!(helper[helpers] = g_thread_try_new("ratings", work, &all, NULL)))
            break;
    work(&all);
    for (gint i = 0; i < helpers; i++)
        g_thread_join(helper[i]);
    for (guint i = 0; i < tasks->len; i++)
        if (g_array_index(tasks, Task, i).same)
            task_copy(&g_array_index(tasks, Task, i), data);
}

static void add_list(GArray *tasks, const Dataset *data, Family family, TermKind kind)
{
    const Framework *framework = data->project->framework;
    for (size_t i = 0; i < framework->list[kind].n; i++)
        task_add(tasks, (RatingSummary){.family = family,
                                        .subject_kind = kind,
                                        .subject = (int)i,
                                        .scale = framework->verdict_scale});
}

/* An item on the scale it was asked in; the first scale met, when forms differ. */
static void add_distributions(GArray *tasks, const Dataset *data, TermKind kind)
{
    const Framework *framework = data->project->framework;
    for (size_t i = 0; i < framework->list[kind].n; i++) {
        const Scale *scale = NULL;
        for (guint v = 0; v < data->variables->len && !scale; v++) {
            const Variable *variable = data->variables->pdata[v];
            if (ballot_rates_item(variable) && variable->target == kind &&
                variable->index == (int)i)
                scale = variable->scale;
        }
        if (scale)
            task_add(tasks, (RatingSummary){.family = FAMILY_DISTRIBUTION,
                                            .subject_kind = kind,
                                            .subject = (int)i,
                                            .scale = scale});
    }
}

/* Maturity on the scale it was asked in; the first scale met, when forms differ. */
static void add_maturity(GArray *tasks, const Dataset *data, TermKind kind)
{
    for (size_t i = 0; i < data->project->framework->list[kind].n; i++) {
        const Scale *scale = NULL;
        for (guint v = 0; v < data->variables->len && !scale; v++) {
            const Variable *variable = data->variables->pdata[v];
            TermKind of;
            int index;
            if (ballot_rates_maturity(variable, &of, &index) && of == kind && index == (int)i)
                scale = variable->scale;
        }
        if (scale)
            task_add(tasks, (RatingSummary){.family = FAMILY_GOAL,
                                            .subject_kind = kind,
                                            .subject = (int)i,
                                            .scale = scale});
    }
}

GPtrArray *rating_summaries(const Dataset *data)
{
    GPtrArray *list = g_ptr_array_new_with_free_func(summary_free);
    g_autoptr(GArray) tasks = g_array_new(FALSE, FALSE, sizeof(Task));
    add_list(tasks, data, FAMILY_ROBUSTNESS, TERM_QUESTION);
    add_list(tasks, data, FAMILY_LEVEL, TERM_LEVEL);
    add_list(tasks, data, FAMILY_ITEM, TERM_QUESTION);
    add_list(tasks, data, FAMILY_ITEM, TERM_ITEM);
    add_distributions(tasks, data, TERM_ITEM);
    add_distributions(tasks, data, TERM_QUESTION);
    add_maturity(tasks, data, TERM_SDG);
    add_maturity(tasks, data, TERM_AREA);
    add_maturity(tasks, data, TERM_FOCUS);
    tasks_pair(tasks, data);
    tasks_run(tasks, data);
    for (guint i = 0; i < tasks->len; i++)
        g_ptr_array_extend_and_steal(list, g_array_index(tasks, Task, i).list);
    return list;
}

void rating_records(const Dataset *data, const RatingSummary *summary, GArray *records)
{
    g_autoptr(GArray) ballots = ballots_new(data, summary);
    for (guint i = 0; i < ballots->len; i++) {
        const Ballot *ballot = &g_array_index(ballots, Ballot, i);
        if (ballot_in_facet(data, ballot, summary))
            g_array_append_val(records, dataset_voice(data, ballot->voice)->record);
    }
}

bool rating_summary_reads(const Dataset *data, const RatingSummary *summary, const Variable *column)
{
    return ballot_reads(data->project->framework, column, summary);
}

int rating_question_of(const Framework *framework, const Variable *column)
{
    return ballot_rates_item(column) ? ballot_question(framework, column) : NO_TERM;
}

Speakers *rating_speakers(const Dataset *data, const RatingSummary *summary)
{
    g_autoptr(GArray) ballots = ballots_new(data, summary);
    g_autoptr(GHashTable) sources = g_hash_table_new(NULL, NULL);
    RatingSummary counted = *summary; /* whose sources and missing are counted a second time */
    Panel panel = {0};
    Speakers *s = g_new0(Speakers, 1);
    counted.sources = sources;
    panel_fill(&panel, data, ballots, &counted);
    panel_means(&panel);
    *s = (Speakers){
        .scale = summary->scale,
        .n = panel.speakers,
        .speaker = g_steal_pointer(&panel.speaker),
        .person = g_steal_pointer(&panel.person),
        .org = g_steal_pointer(&panel.org),
        .group = g_steal_pointer(&panel.group),
        .mean = g_steal_pointer(&panel.mean),
        .around = g_steal_pointer(&panel.around),
        .records = g_array_new(FALSE, FALSE, sizeof(uint32_t)),
        .row = g_new0(uint32_t, data->n_speakers + 1),
        .n_speakers = data->n_speakers,
    };
    for (size_t i = 0; i < s->n; i++) {
        s->row[s->speaker[i]] = (uint32_t)i + 1;
        s->answered += panel.answered[i] > 0;
    }
    speakers_count(data, s, NULL, &s->people, &s->organisations);
    panel_clear(&panel);
    return s;
}
