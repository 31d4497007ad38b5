#include "analyze/ballot.h"

#include <string.h>

int ballot_question(const Framework *framework, const Variable *v)
{
    return v->target == TERM_QUESTION ? v->index : framework->list[TERM_ITEM].v[v->index].parent;
}

static int variable_level(const Framework *framework, const Variable *v)
{
    if (v->target == TERM_ITEM && framework->list[TERM_ITEM].v[v->index].level != NO_TERM)
        return framework->list[TERM_ITEM].v[v->index].level;
    int question = ballot_question(framework, v);
    return question == NO_TERM ? NO_TERM : framework->list[TERM_QUESTION].v[question].parent;
}

bool ballot_rates_item(const Variable *v)
{
    return v->target != N_TERM_KINDS && v->criterion == CRITERION_NONE && v->scenario == NO_TERM &&
           v->area == NO_TERM && v->focus == NO_TERM && v->activity == NO_TERM;
}

bool ballot_rates_maturity(const Variable *v, TermKind *ret_kind, int *ret_index)
{
    if (v->criterion != CRITERION_MATURITY || v->scenario != NO_TERM || v->activity != NO_TERM)
        return false;
    *ret_kind = v->target == TERM_SDG ? TERM_SDG : v->focus != NO_TERM ? TERM_FOCUS : TERM_AREA;
    *ret_index = v->target == TERM_SDG ? v->index : v->focus != NO_TERM ? v->focus : v->area;
    return *ret_index != NO_TERM && (v->target == TERM_SDG || v->target == N_TERM_KINDS);
}

static bool scale_reaches_verdict(const Framework *framework, const Scale *scale)
{
    return scale == framework->verdict_scale || scale->mapped;
}

bool ballot_reads(const Framework *framework, const Variable *v, const RatingSummary *subject)
{
    TermKind kind;
    int index;
    if (subject->family == FAMILY_GOAL)
        return ballot_rates_maturity(v, &kind, &index) && kind == subject->subject_kind &&
               index == subject->subject && v->scale == subject->scale;
    if (!ballot_rates_item(v))
        return false;
    if (subject->family == FAMILY_DISTRIBUTION)
        return v->target == subject->subject_kind && v->index == subject->subject &&
               v->scale == subject->scale;
    if (!scale_reaches_verdict(framework, v->scale))
        return false;
    switch (subject->family) {
    case FAMILY_ROBUSTNESS:
        return ballot_question(framework, v) == subject->subject;
    case FAMILY_LEVEL:
        return variable_level(framework, v) == subject->subject;
    case FAMILY_ITEM:
        return v->target == subject->subject_kind && v->index == subject->subject;
    case FAMILY_DISTRIBUTION:
    case FAMILY_GOAL:
    case N_FAMILIES:
        break;
    }
    g_return_val_if_reached(false);
}

/* A step of the answer's own scale as a step of the summary's: itself, or where its map leads. An
 * answer that the map leaves out counts as not applicable. */
static int8_t step_on(const Scale *from, const Scale *to, int8_t step)
{
    if (step <= 0 || from == to)
        return step;
    int mapped = from->step[step - 1].map;
    return (int8_t)(mapped ? mapped : -MISSING_NOT_APPLICABLE);
}

GArray *ballots_new(const Dataset *data, const RatingSummary *subject)
{
    const Framework *framework = data->project->framework;
    g_autoptr(GPtrArray) columns = g_ptr_array_new();
    guint answers = 0;
    for (guint i = 0; i < data->variables->len; i++) {
        Variable *v = data->variables->pdata[i];
        if (!ballot_reads(framework, v, subject))
            continue;
        g_ptr_array_add(columns, v);
        answers += v->record->len;
    }
    GArray *ballots = g_array_sized_new(FALSE, FALSE, sizeof(Ballot), answers);
    for (guint i = 0; i < columns->len; i++) {
        const Variable *v = columns->pdata[i];
        for (guint row = 0; row < v->record->len; row++) {
            const Record *record = dataset_record(data, g_array_index(v->record, uint32_t, row));
            Ballot ballot = {
                .record = record,
                .step = step_on(v->scale, subject->scale, g_array_index(v->step, int8_t, row)),
                .item = v->target == TERM_ITEM ? v->index : NO_TERM,
                .wave = v->wave ? v->wave : record->wave,
            };
            for (uint32_t k = 0; k < record->n_voices; k++) {
                ballot.voice = record->first_voice + k;
                g_array_append_val(ballots, ballot);
            }
        }
    }
    return ballots;
}

/* Targets apply where several groups meet; inside one group every organisation counts once. */
const double *ballot_targets(const Project *project, const RatingSummary *s)
{
    return project->weight == WEIGHT_GROUP && s->facet != FACET_GROUP ? project->targets : NULL;
}

/* With targets, a group that has none weighs nothing, which is as if it were absent (methods.md
 * 2.1): neither asked nor missing. Without, people without organisation count in their own column
 * only (decisions.md). */
static bool voice_counts(const Dataset *data, const Voice *voice, const RatingSummary *s)
{
    const double *targets = ballot_targets(data->project, s);
    if (targets)
        return voice->group != NO_TERM && targets[voice->group] > 0;
    return !dataset_unit(data, voice->unit)->citizen ||
           (s->facet == FACET_GROUP && s->facet_index == data->project->framework->citizen_group);
}

bool ballot_in_facet(const Dataset *data, const Ballot *ballot, const RatingSummary *s)
{
    const Voice *voice = dataset_voice(data, ballot->voice);
    if (!voice_counts(data, voice, s) ||
        (s->facet != FACET_WAVE && project_wave_is_earlier(data->project, ballot->wave)))
        return false;
    switch (s->facet) {
    case FACET_ALL:
        return true;
    case FACET_GROUP:
        return voice->group == s->facet_index;
    case FACET_METHOD:
        return (int)ballot->record->source->method == s->facet_index;
    case FACET_WAVE:
        return ballot->wave && g_str_equal(ballot->wave, s->wave);
    case N_FACETS:
        break;
    }
    g_return_val_if_reached(false);
}

bool ballot_was_asked(const Ballot *ballot)
{
    return ballot->step > 0 ||
           (ballot->step != -MISSING_NOT_SHOWN && ballot->step != -MISSING_NOT_IN_VERSION);
}

/* --- parting them --- */

static int by_bytes(gconstpointer a, gconstpointer b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

GPtrArray *ballots_waves(const GArray *ballots)
{
    GPtrArray *waves = g_ptr_array_new();
    for (guint i = 0; i < ballots->len; i++) {
        const char *wave = g_array_index(ballots, Ballot, i).wave;
        if (wave && !g_ptr_array_find_with_equal_func(waves, wave, g_str_equal, NULL))
            g_ptr_array_add(waves, (gpointer)wave);
    }
    g_ptr_array_sort(waves, by_bytes);
    return waves;
}

/* Room for so many ballots each; one that holds them all is the whole itself. */
static GPtrArray *parts_new(const guint *size, size_t n, GArray *whole)
{
    GPtrArray *parts = g_ptr_array_new_with_free_func((GDestroyNotify)g_array_unref);
    for (size_t i = 0; i < n; i++)
        g_ptr_array_add(parts, size[i] == whole->len
                                   ? g_array_ref(whole)
                                   : g_array_sized_new(FALSE, FALSE, sizeof(Ballot), size[i]));
    return parts;
}

static void part_add(GPtrArray *parts, int part, const GArray *whole, const Ballot *ballot)
{
    if (part != NO_TERM && parts->pdata[part] != whole)
        g_array_append_vals(parts->pdata[part], ballot, 1);
}

BallotParts ballot_parts_new(const Dataset *data, GArray *ballots)
{
    const size_t groups = data->project->framework->list[TERM_GROUP].n;
    g_autofree guint *in_group = g_new0(guint, groups + 1);
    guint in_method[N_METHODS] = {0};
    for (guint i = 0; i < ballots->len; i++) {
        const Ballot *ballot = &g_array_index(ballots, Ballot, i);
        const int group = dataset_voice(data, ballot->voice)->group;
        if (group != NO_TERM)
            in_group[group]++;
        in_method[ballot->record->source->method]++;
    }
    BallotParts parts = {parts_new(in_group, groups, ballots),
                         parts_new(in_method, N_METHODS, ballots)};
    for (guint i = 0; i < ballots->len; i++) {
        const Ballot *ballot = &g_array_index(ballots, Ballot, i);
        part_add(parts.group, dataset_voice(data, ballot->voice)->group, ballots, ballot);
        part_add(parts.method, (int)ballot->record->source->method, ballots, ballot);
    }
    return parts;
}

void ballot_parts_clear(BallotParts *parts)
{
    g_ptr_array_unref(parts->group);
    g_ptr_array_unref(parts->method);
}
