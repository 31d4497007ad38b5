#include "analyze/speakers.h"

#include "analyze/interval.h"
#include "analyze/neff.h"
#include "analyze/proportion.h"
#include "analyze/weights.h"

static const double *targets_of(const Dataset *data)
{
    return data->project->weight == WEIGHT_GROUP ? data->project->targets : NULL;
}

bool speakers_voice_counts(const Dataset *data, const Voice *voice, int group)
{
    const double *targets = targets_of(data);
    if (group != NO_TERM)
        return voice->group == group;
    if (targets)
        return voice->group != NO_TERM && targets[voice->group] > 0;
    return !dataset_unit(data, voice->unit)->citizen;
}

static Speakers *speakers_empty(const Dataset *data)
{
    const size_t room = data->n_speakers + 1;
    Speakers *s = g_new(Speakers, 1);
    *s = (Speakers){
        .speaker = g_new(uint32_t, room),
        .person = g_new(uint32_t, room),
        .org = g_new(uint32_t, room),
        .group = g_new(uint32_t, room),
        .mean = g_new0(double, room),
        .around = g_new0(int, room),
        .records = g_array_new(FALSE, FALSE, sizeof(uint32_t)),
        .row = g_new0(uint32_t, room),
        .n_speakers = data->n_speakers,
    };
    return s;
}

void speakers_free(Speakers *s)
{
    if (!s)
        return;
    g_free(s->speaker);
    g_free(s->person);
    g_free(s->org);
    g_free(s->group);
    g_free(s->mean);
    g_free(s->around);
    g_array_unref(s->records);
    g_free(s->row);
    g_free(s);
}

static size_t row_of(Speakers *s, const Dataset *data, const Voice *voice)
{
    if (!s->row[voice->speaker]) {
        const size_t row = s->n++;
        s->speaker[row] = voice->speaker;
        s->person[row] = dataset_record(data, voice->record)->person;
        s->org[row] = voice->unit;
        s->group[row] = voice->group == NO_TERM ? NO_INDEX : (uint32_t)voice->group;
        s->row[voice->speaker] = (uint32_t)s->n;
    }
    return s->row[voice->speaker] - 1;
}

static bool was_asked(int8_t step)
{
    return step > 0 || (step != -MISSING_NOT_SHOWN && step != -MISSING_NOT_IN_VERSION);
}

/* One answer, said once for every organisation its record speaks for. */
static void read_answer(Speakers *s, const Dataset *data, uint32_t record_index, int8_t step,
                        int group, uint32_t *answers)
{
    const Record *record = dataset_record(data, record_index);
    bool read = false;
    for (uint32_t k = 0; k < record->n_voices; k++) {
        const Voice *voice = dataset_voice(data, record->first_voice + k);
        if (!speakers_voice_counts(data, voice, group))
            continue;
        read = true;
        if (!was_asked(step))
            continue;
        const size_t row = row_of(s, data, voice);
        if (step <= 0)
            continue;
        s->mean[row] += step;
        answers[row]++;
        s->around[row] = MAX(s->around[row], record->participants);
    }
    if (read)
        g_array_append_val(s->records, record_index);
}

void speakers_count(const Dataset *data, const Speakers *s, const double *x, size_t *ret_people,
                    size_t *ret_organisations)
{
    g_autofree int *around = g_new0(int, data->n_persons + 1);
    g_autofree bool *met = g_new0(bool, data->units->len + 1);
    *ret_people = *ret_organisations = 0;
    for (size_t i = 0; i < s->n; i++) {
        if (!is_defined(x ? x[i] : s->mean[i]))
            continue;
        const int before = around[s->person[i]];
        around[s->person[i]] = MAX(before, s->around[i]);
        *ret_people += (size_t)(around[s->person[i]] - before);
        *ret_organisations += !met[s->org[i]] && dataset_unit(data, s->org[i])->named;
        met[s->org[i]] = true;
    }
}

static void settle(Speakers *s, const Dataset *data, const uint32_t *answers)
{
    for (size_t i = 0; i < s->n; i++) {
        s->mean[i] = answers[i] ? s->mean[i] / answers[i] : UNDEFINED;
        s->answered += answers[i] > 0;
    }
    speakers_count(data, s, NULL, &s->people, &s->organisations);
}

Speakers *speakers_new(const Dataset *data, SpeakersTake take, gconstpointer user, int group)
{
    Speakers *s = speakers_empty(data);
    g_autofree uint32_t *answers = g_new0(uint32_t, data->n_speakers + 1);
    for (guint i = 0; i < data->variables->len; i++) {
        const Variable *v = data->variables->pdata[i];
        if (!take(v, user))
            continue;
        s->scale = s->scale ? s->scale : v->scale;
        if (v->scale != s->scale) {
            s->elsewhere += v->record->len;
            continue;
        }
        for (guint row = 0; row < v->record->len; row++) {
            const uint32_t record = g_array_index(v->record, uint32_t, row);
            const char *wave = v->wave ? v->wave : dataset_record(data, record)->wave;
            if (!project_wave_is_earlier(data->project, wave))
                read_answer(s, data, record, g_array_index(v->step, int8_t, row), group, answers);
        }
    }
    settle(s, data, answers);
    return s;
}

double speakers_mean_of(const Speakers *s, uint32_t speaker)
{
    return speaker < s->n_speakers && s->row[speaker] ? s->mean[s->row[speaker] - 1] : UNDEFINED;
}

OrgInterval speakers_org_interval(const Dataset *data, const Speakers *s, const double *x,
                                  double low, double high, bool by_group)
{
    const double *targets = by_group ? targets_of(data) : NULL;
    g_autofree OrgMean *means = g_new(OrgMean, s->n + 1);
    IntervalInput in = {
        .unit = means,
        .n = interval_org_means(x ? x : s->mean, NULL, s->org, targets ? s->group : NULL, s->n,
                                data->units->len, means),
        .target = targets,
        .n_group = data->project->framework->list[TERM_GROUP].n,
        .k = s->scale ? s->scale->n_steps : 0,
        .low = low,
        .high = high,
    };
    IntervalRules rules = interval_rules_default();
    rules.conf = data->project->thresholds.interval_level;
    rules.rho = data->project->thresholds.rho_default;
    return interval_mean(&in, &rules);
}

Estimate speakers_interval(const Dataset *data, const Speakers *s, const double *x, double low,
                           double high, bool by_group)
{
    if (!s->scale)
        return ESTIMATE_UNDEFINED;
    const OrgInterval interval = speakers_org_interval(data, s, x, low, high, by_group);
    return (Estimate){interval.theta, interval.low, interval.high};
}

/* Everybody once, or every organisation once, as the project says; 0 where x is undefined. */
static void weigh(const Dataset *data, const Speakers *s, const double *x, bool by_group,
                  double *ret_w)
{
    g_autofree int8_t *told = g_new(int8_t, s->n + 1);
    for (size_t i = 0; i < s->n; i++) {
        told[i] = is_defined(x[i]);
        ret_w[i] = told[i];
    }
    if (data->project->weight == WEIGHT_NONE)
        return;
    const size_t groups = data->project->framework->list[TERM_GROUP].n;
    g_autofree bool *absent = g_new0(bool, groups + 1);
    weights_equal_org(&(WeightInput){.n = s->n,
                                     .x = told,
                                     .org = s->org,
                                     .n_org = data->units->len,
                                     .group = s->group,
                                     .n_group = groups,
                                     .target = by_group ? targets_of(data) : NULL},
                      ret_w, absent);
}

Estimate speakers_share(const Dataset *data, const Speakers *s, const double *yes, bool by_group)
{
    const Thresholds *t = &data->project->thresholds;
    g_autofree double *w = g_new0(double, s->n + 1);
    weigh(data, s, yes, by_group, w);
    double sum = 0, in_favour = 0;
    for (size_t i = 0; i < s->n; i++) {
        sum += w[i];
        in_favour += w[i] > 0 ? w[i] * yes[i] : 0;
    }
    if (!(sum > 0))
        return ESTIMATE_UNDEFINED;
    const Icc icc = neff_icc1_means(yes, s->org, s->n, data->units->len);
    const double rho = neff_icc_shrunk(&icc, t->rho_prior_organisations, t->rho_default);
    const double n = neff_of_weights(w, s->org, s->n, data->units->len, rho).neff;
    const double share = CLAMP(in_favour / sum, 0.0, 1.0);
    const Estimate wilson = proportion_wilson(share * n, n, t->interval_level);
    return (Estimate){share, wilson.low, wilson.high};
}
