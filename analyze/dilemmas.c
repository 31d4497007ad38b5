#include "analyze/dilemmas.h"

#include "analyze/agreement.h"
#include "analyze/dilemma.h"
#include "analyze/figure.h"
#include "analyze/neff.h"
#include "analyze/proportion.h"
#include "analyze/speakers.h"
#include "analyze/weights.h"

#include <stdlib.h>

enum { CAMPS = 3 }; /* one pole, neither, the other */

/* --- what was answered ------------------------------------------------------------------------ */

/* -1 the first pole, 1 the second, 0: the answer is no pole. */
static int pole_of(const Entry *entry)
{
    const char *told = entry_value(entry, "pole");
    const char *word = told ? told : entry_value(entry, "answer");
    return !word                                ? 0
           : g_ascii_strcasecmp(word, "a") == 0 ? -1
           : g_ascii_strcasecmp(word, "b") == 0 ? 1
                                                : 0;
}

static int8_t camp_of(int step, int k)
{
    const int twice = 2 * step - (k + 1);
    return twice < 0 ? 1 : twice > 0 ? 3 : 2;
}

/* What an earlier measurement told is history. */
static bool is_of(const Dataset *data, const Entry *entry, int dilemma)
{
    const char *id = entry->role == ROLE_DILEMMA ? entry_value(entry, "id") : NULL;
    return id &&
           !project_wave_is_earlier(data->project, dataset_record(data, entry->record)->wave) &&
           framework_match(data->project->framework, TERM_DILEMMA, id) == dilemma;
}

/* The one scale that all answers are steps of; NULL: poles were told, or there are several. */
static const Scale *scale_of(const Dataset *data, int dilemma)
{
    const Scale *scale = NULL;
    for (guint i = 0; i < data->entries->len; i++) {
        const Entry *entry = data->entries->pdata[i];
        if (!is_of(data, entry, dilemma))
            continue;
        if (pole_of(entry) || !entry->scale || (scale && entry->scale != scale))
            return NULL;
        scale = entry->scale;
    }
    return scale;
}

/* The step on the dilemma's own scale, or among the camps; 0: unreadable. */
static int8_t step_of(const Entry *entry, const Scale *scale)
{
    const int pole = pole_of(entry);
    if (pole)
        return (int8_t)(2 + pole);
    const int step = entry_step(entry, "strength");
    return (int8_t)(!step || scale ? step : camp_of(step, entry->scale->n_steps));
}

/* --- who answered -------------------------------------------------------------------------------
 */

typedef struct {
    size_t n, answers;
    uint32_t *row;                  /* speaker → row + 1 */
    uint32_t *org, *group, *person; /* per row */
    int *around;                    /* per person */
    uint32_t *who;                  /* per answer */
    int8_t *x;
} Panel;

static void panel_clear(Panel *panel)
{
    g_free(panel->row);
    g_free(panel->org);
    g_free(panel->group);
    g_free(panel->person);
    g_free(panel->around);
    g_free(panel->who);
    g_free(panel->x);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Panel, panel_clear)

static void panel_start(Panel *panel, const Dataset *data)
{
    const size_t room = data->n_speakers + 1;
    panel->row = g_new0(uint32_t, room);
    panel->org = g_new(uint32_t, room);
    panel->group = g_new(uint32_t, room);
    panel->person = g_new(uint32_t, room);
    panel->around = g_new0(int, data->n_persons + 1);
}

static uint32_t panel_row(Panel *panel, const Record *record, const Voice *voice)
{
    if (!panel->row[voice->speaker]) {
        panel->org[panel->n] = voice->unit;
        panel->group[panel->n] = voice->group == NO_TERM ? NO_INDEX : (uint32_t)voice->group;
        panel->person[panel->n] = record->person;
        panel->row[voice->speaker] = (uint32_t)++panel->n;
    }
    panel->around[record->person] = MAX(panel->around[record->person], record->participants);
    return panel->row[voice->speaker] - 1;
}

typedef struct {
    double sum;
    size_t n;
} Strength;

static void read_strength(const Entry *entry, Strength *ret_strength)
{
    const char *told = entry_value(entry, "strength");
    if (!told)
        return;
    char *end = NULL;
    const double number = entry->scale ? entry_step(entry, "strength") : g_ascii_strtod(told, &end);
    if (!(number > 0) || !isfinite(number) || (end && *end))
        return;
    ret_strength->sum += number;
    ret_strength->n++;
}

static void panel_fill(Panel *panel, const Dataset *data, DilemmaResult *d, const Scale *scale)
{
    Strength strength[2] = {{0, 0}, {0, 0}};
    g_autoptr(GArray) who = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    g_autoptr(GArray) x = g_array_new(FALSE, FALSE, sizeof(int8_t));
    for (guint i = 0; i < data->entries->len; i++) {
        const Entry *entry = data->entries->pdata[i];
        if (!is_of(data, entry, d->term))
            continue;
        const int8_t step = step_of(entry, scale);
        const Record *record = dataset_record(data, entry->record);
        bool heard = false;
        for (uint32_t k = 0; k < record->n_voices; k++) {
            const Voice *voice = dataset_voice(data, record->first_voice + k);
            if (!speakers_voice_counts(data, voice, NO_TERM))
                continue;
            heard = true;
            if (!step)
                continue;
            const uint32_t row = panel_row(panel, record, voice);
            g_array_append_val(who, row);
            g_array_append_val(x, step);
        }
        if (!heard)
            continue;
        g_array_append_val(d->records, entry->record);
        d->unreadable += !step;
        if (pole_of(entry))
            read_strength(entry, &strength[pole_of(entry) > 0]);
    }
    panel->answers = who->len;
    panel->who = (uint32_t *)(void *)g_array_free(g_steal_pointer(&who), FALSE);
    panel->x = (int8_t *)(void *)g_array_free(g_steal_pointer(&x), FALSE);
    d->strength_a = strength[0].n ? strength[0].sum / (double)strength[0].n : UNDEFINED;
    d->strength_b = strength[1].n ? strength[1].sum / (double)strength[1].n : UNDEFINED;
}

static void count_people(DilemmaResult *d, const Panel *panel, const Dataset *data)
{
    g_autofree bool *met = g_new0(bool, data->units->len + 1);
    for (size_t i = 0; i < panel->n; i++) {
        d->organisations += !met[panel->org[i]] && dataset_unit(data, panel->org[i])->named;
        met[panel->org[i]] = true;
    }
    for (uint32_t p = 0; p < data->n_persons; p++)
        d->people += (size_t)panel->around[p];
}

/* --- shares ----------------------------------------------------------------------------------- */

static void weigh(const Panel *panel, const Dataset *data, double *ret_w)
{
    const Project *project = data->project;
    const size_t groups = project->framework->list[TERM_GROUP].n;
    g_autofree bool *absent = g_new0(bool, groups + 1);
    for (size_t i = 0; i < panel->n; i++)
        ret_w[i] = 1;
    if (project->weight != WEIGHT_NONE)
        weights_equal_org(
            &(WeightInput){.n = panel->n,
                           .org = panel->org,
                           .n_org = data->units->len,
                           .group = panel->group,
                           .n_group = groups,
                           .target = project->weight == WEIGHT_GROUP ? project->targets : NULL},
            ret_w, absent);
}

/* Mean step of every row, for the correlation inside organisations. */
static double rho_of(const Panel *panel, const Dataset *data)
{
    const Thresholds *t = &data->project->thresholds;
    g_autofree double *mean = g_new0(double, panel->n + 1);
    g_autofree uint32_t *count = g_new0(uint32_t, panel->n + 1);
    for (size_t i = 0; i < panel->answers; i++) {
        mean[panel->who[i]] += panel->x[i];
        count[panel->who[i]]++;
    }
    for (size_t i = 0; i < panel->n; i++)
        mean[i] /= count[i];
    const Icc icc = neff_icc1_means(mean, panel->org, panel->n, data->units->len);
    return neff_icc_shrunk(&icc, t->rho_prior_organisations, t->rho_default);
}

static void summarise(DilemmaResult *d, const Panel *panel, const Dataset *data, int k)
{
    g_autofree double *w = g_new0(double, panel->n + 1);
    const double level = data->project->thresholds.interval_level;
    double share[CAMPS] = {0, 0, 0};
    weigh(panel, data, w);
    const Pool pool = verdict_pool_items(&(PoolInput){.k = k,
                                                      .x = panel->x,
                                                      .who = panel->who,
                                                      .n_answers = panel->answers,
                                                      .org = panel->org,
                                                      .n_who = panel->n,
                                                      .n_org = data->units->len,
                                                      .w = w,
                                                      .rho = rho_of(panel, data)});
    d->n = pool.tally.n;
    d->a = d->b = ESTIMATE_UNDEFINED;
    d->neither = UNDEFINED;
    d->agreement = agreement_vdeijk_a(pool.tally.count, k);
    if (!d->n)
        return;
    for (int step = 1; step <= k; step++)
        share[camp_of(step, k) - 1] += pool.tally.count[step - 1] / pool.tally.sum_w;
    const Estimate a = proportion_wilson(MIN(share[0], 1) * pool.size.neff, pool.size.neff, level);
    const Estimate b = proportion_wilson(MIN(share[2], 1) * pool.size.neff, pool.size.neff, level);
    d->a = (Estimate){share[0], a.low, a.high};
    d->b = (Estimate){share[2], b.low, b.high};
    d->neither = share[1];
}

/* --- tension ---------------------------------------------------------------------------------- */

/* What people want of each pole, read off the same answers: their order is exactly the opposite, so
 * the tension is that of the shares alone. A person counts once, by their first answer. */
static void tension_of_poles(DilemmaResult *d, const Panel *panel, const Dataset *data, int k)
{
    g_autofree int8_t *x = g_new0(int8_t, panel->answers + 1);
    g_autofree int8_t *y = g_new0(int8_t, panel->answers + 1);
    g_autofree bool *met = g_new0(bool, data->n_persons + 1);
    const unsigned top = 1u << (CAMPS - 1);
    size_t n = 0;
    for (size_t i = 0; i < panel->answers; i++) {
        const uint32_t person = panel->person[panel->who[i]];
        if (met[person])
            continue;
        met[person] = true;
        y[n] = camp_of(panel->x[i], k);
        x[n] = (int8_t)(CAMPS + 1 - y[n]);
        n++;
    }
    const Tension t = dilemma_tension(x, y, n, top);
    d->tension = t.tension;
    /* All on one side, or all in the middle: nothing pulls against anything. */
    if (n >= DILEMMA_PEOPLE && !is_defined(t.tau))
        d->tension = 0;
    d->from = is_defined(d->tension) ? TENSION_POLES : TENSION_NONE;
}

static bool rates_item(const Variable *v, gconstpointer user)
{
    return v->target == TERM_ITEM && v->index == *(const int *)user && v->scenario == NO_TERM &&
           v->area == NO_TERM && v->focus == NO_TERM && v->activity == NO_TERM &&
           v->criterion == CRITERION_NONE;
}

static int8_t nearest_step(double mean)
{
    return (int8_t)(is_defined(mean) ? floor(mean + 0.5) : 0);
}

static Tension tension_between(const Dataset *data, const Speakers *a, const Speakers *b)
{
    g_autofree int8_t *x = g_new0(int8_t, a->n + 1);
    g_autofree int8_t *y = g_new0(int8_t, a->n + 1);
    g_autofree bool *met = g_new0(bool, data->n_persons + 1);
    const unsigned top = scale_agree_steps(a->scale);
    size_t n = 0;
    for (size_t i = 0; i < a->n; i++) {
        if (met[a->person[i]])
            continue;
        met[a->person[i]] = true;
        x[n] = nearest_step(a->mean[i]);
        y[n++] = nearest_step(speakers_mean_of(b, a->speaker[i]));
    }
    return dilemma_tension(x, y, n, top);
}

static void add_records(DilemmaResult *d, const Speakers *speakers)
{
    if (speakers->records->len)
        g_array_append_vals(d->records, speakers->records->data, speakers->records->len);
}

/* Of all pairs of rated items that the dilemma bears on, on one scale, the one in most tension. */
static void tension_of_items(DilemmaResult *d, const Dataset *data)
{
    const Framework *framework = data->project->framework;
    char **related = framework->list[TERM_DILEMMA].v[d->term].related;
    g_autoptr(GPtrArray) speakers =
        g_ptr_array_new_with_free_func((GDestroyNotify)(void (*)(void))speakers_free);
    g_autoptr(GArray) items = g_array_new(FALSE, FALSE, sizeof(int));
    int best[2] = {-1, -1};
    for (int i = 0; related && related[i]; i++) {
        const int item = framework_find(framework, TERM_ITEM, related[i]);
        if (item == NO_TERM)
            continue;
        g_array_append_val(items, item);
        g_ptr_array_add(speakers, speakers_new(data, rates_item, &item, NO_TERM));
    }
    for (guint i = 0; i < items->len; i++)
        for (guint k = i + 1; k < items->len; k++) {
            const Speakers *a = speakers->pdata[i], *b = speakers->pdata[k];
            if (!a->scale || a->scale != b->scale)
                continue;
            const Tension t = tension_between(data, a, b);
            if (!is_defined(t.tension) || (is_defined(d->tension) && t.tension <= d->tension))
                continue;
            d->tension = t.tension;
            d->from = TENSION_ITEMS;
            best[0] = (int)i;
            best[1] = (int)k;
        }
    for (int side = 0; side < 2 && best[0] >= 0; side++) {
        d->item[side] = g_array_index(items, int, best[side]);
        add_records(d, speakers->pdata[best[side]]);
    }
}

/* --- findings --------------------------------------------------------------------------------- */

static bool explains(const Results *r, const Finding *f, const char *related)
{
    const Framework *framework = r->project->framework;
    const Theme *theme = &g_array_index(r->themes, Theme, f->theme);
    const int item = framework_find(framework, TERM_ITEM, related);
    if (theme->term != NO_TERM &&
        g_str_equal(framework->list[TERM_THEME].v[theme->term].id, related))
        return true;
    for (guint i = 0; item != NO_TERM && i < f->statements->len; i++)
        if (dataset_statement(r->data, g_array_index(f->statements, uint32_t, i))->item == item)
            return true;
    return false;
}

static void find_findings(const Results *r, DilemmaResult *d)
{
    char **related = r->project->framework->list[TERM_DILEMMA].v[d->term].related;
    for (int f = 0; f < (int)r->findings->len; f++)
        for (int i = 0; related && related[i]; i++)
            if (explains(r, &g_array_index(r->findings, Finding, f), related[i])) {
                g_array_append_val(d->findings, f);
                break;
            }
}

/* --- the whole -------------------------------------------------------------------------------- */

static void result_clear(gpointer pointer)
{
    DilemmaResult *d = pointer;
    g_free(d->key);
    g_array_unref(d->findings);
    g_array_unref(d->records);
}

static DilemmaResult compute_one(const Results *r, int dilemma)
{
    const Dataset *data = r->data;
    const Scale *scale = scale_of(data, dilemma);
    const int k = scale ? scale->n_steps : CAMPS;
    DilemmaResult d = {
        .key =
            g_strconcat("dilemma/", r->project->framework->list[TERM_DILEMMA].v[dilemma].id, NULL),
        .term = dilemma,
        .tension = UNDEFINED,
        .findings = g_array_new(FALSE, FALSE, sizeof(int)),
        .records = g_array_new(FALSE, FALSE, sizeof(uint32_t)),
    };
    g_auto(Panel) panel = {0};
    panel_start(&panel, data);
    panel_fill(&panel, data, &d, scale);
    count_people(&d, &panel, data);
    summarise(&d, &panel, data, k);
    tension_of_poles(&d, &panel, data, k);
    if (!is_defined(d.tension))
        tension_of_items(&d, data);
    find_findings(r, &d);
    return d;
}

static void dilemmas_free(gpointer product)
{
    Dilemmas *dilemmas = product;
    g_array_unref(dilemmas->dilemmas);
    g_free(dilemmas);
}

static gpointer compute(const Results *r)
{
    const size_t declared = r->project->framework->list[TERM_DILEMMA].n;
    Dilemmas *dilemmas = g_new0(Dilemmas, 1);
    size_t told = 0;
    dilemmas->dilemmas = g_array_new(FALSE, FALSE, sizeof(DilemmaResult));
    g_array_set_clear_func(dilemmas->dilemmas, result_clear);
    for (size_t i = 0; i < declared; i++) {
        const DilemmaResult d = compute_one(r, (int)i);
        dilemmas->answered += d.n > 0;
        told += d.n > 0 || is_defined(d.tension);
        g_array_append_val(dilemmas->dilemmas, d);
    }
    if (!told)
        g_clear_pointer(&dilemmas, dilemmas_free);
    return dilemmas;
}

static bool reads(const Results *r, int subject, const Variable *column)
{
    const DilemmaResult *d = &g_array_index(results_dilemmas(r)->dilemmas, DilemmaResult, subject);
    return d->from == TENSION_ITEMS &&
           (rates_item(column, &d->item[0]) || rates_item(column, &d->item[1]));
}

static char *unreadable_words(const Results *r, const DilemmaResult *d)
{
    if (!d->unreadable)
        return NULL;
    g_autofree char *n = language_number(r->project->language, (double)d->unreadable, 0);
    return words_fill(r->project->language, "dilemma.unreadable", "n", n, NULL);
}

static void publish_one(Results *r, const DilemmaResult *d, int subject)
{
    static const char *const from[] = {"", "poles", "items"};
    const Term *term = &r->project->framework->list[TERM_DILEMMA].v[d->term];
    const char *none = undefined_key(UNDEFINED_NO_ANSWERS);
    g_autofree char *left_out = unreadable_words(r, d);
    Basis *basis = basis_open(r, &(BasisRow){.path = d->key,
                                             .sheet = "dilemmas",
                                             .figure = term_label(term, r->project->language),
                                             .method = "dilemma.tension",
                                             .n = d->n,
                                             .records = d->records,
                                             .reads = reads,
                                             .subject = subject,
                                             .left_out = left_out});
    basis->organisations = d->organisations;
    figure_count(r, d->key, "n", d->n);
    figure_count(r, d->key, "people", d->people);
    figure_count(r, d->key, "organisations", d->organisations);
    figure_number(r, d->key, "for-a", d->a.value, none);
    figure_number(r, d->key, "for-a-low", d->a.low, none);
    figure_number(r, d->key, "for-a-high", d->a.high, none);
    figure_number(r, d->key, "for-b", d->b.value, none);
    figure_number(r, d->key, "for-b-low", d->b.low, none);
    figure_number(r, d->key, "for-b-high", d->b.high, none);
    figure_number(r, d->key, "neither", d->neither, none);
    figure_number(r, d->key, "agreement", d->agreement,
                  undefined_key(d->n ? UNDEFINED_FEW_STEPS : UNDEFINED_NO_ANSWERS));
    figure_text(r, d->key, "agreement-word", agreement_word(d->agreement, &r->project->thresholds));
    figure_number(r, d->key, "strength-a", d->strength_a, none);
    figure_number(r, d->key, "strength-b", d->strength_b, none);
    figure_number(r, d->key, "tension", d->tension, undefined_key(UNDEFINED_TOO_FEW));
    figure_text(r, d->key, "tension-from", from[d->from]);
}

static void publish(Results *r, gconstpointer product)
{
    const Dilemmas *dilemmas = product;
    for (guint i = 0; i < dilemmas->dilemmas->len; i++)
        publish_one(r, &g_array_index(dilemmas->dilemmas, DilemmaResult, i), (int)i);
}

const Product product_dilemmas = {compute, publish, dilemmas_free};

const Dilemmas *results_dilemmas(const Results *results)
{
    return results->product[PRODUCT_DILEMMAS];
}
