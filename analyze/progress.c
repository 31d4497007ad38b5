#include "analyze/progress.h"

#include "analyze/figure.h"
#include "analyze/plan.h"
#include "analyze/progress_publish.h"
#include "analyze/speakers.h"

const char *heading_word(Heading heading)
{
    static const char *const words_of[] = {"unknown", "down", "unchanged", "up"};
    return words_of[heading];
}

StatusRules progress_rules(const Project *project)
{
    const Thresholds *t = &project->thresholds;
    return (StatusRules){.green = t->status_green,
                         .yellow = MIN(t->status_yellow, t->status_green),
                         .direction = t->status_direction};
}

StatusLight progress_light_of(const Scale *scale, int step)
{
    int agreeing = 0;
    for (int k = 0; k < scale->n_steps; k++)
        agreeing += scale->step[k].agree;
    if (step < 1)
        return STATUS_GREY;
    if (!agreeing)
        return (StatusLight)(1 + (step - 1) * 3 / scale->n_steps);
    if (scale->step[step - 1].agree)
        return STATUS_GREEN;
    return step <= (scale->n_steps - agreeing + 1) / 2 ? STATUS_RED : STATUS_YELLOW;
}

static StatusLight light_parse(const char *word)
{
    for (int light = STATUS_RED; word && light <= STATUS_GREEN; light++)
        if (g_str_equal(word, status_light_key((StatusLight)light)))
            return (StatusLight)light;
    return STATUS_GREY;
}

/* --- what was told ------------------------------------------------------------------------------
 */

/* One answer on the status of an area: a light, or what is written beside it, or both. */
typedef struct {
    uint32_t record;
    int area;
    StatusLight light;
    const char *wave;
    const char *comment, *event, *initiative;
} Telling;

/* With a light of its own (`light:`), the answer is the comment; else it is the light, by its word
 * or on the mapping's scale; else a comment after all. */
static Telling read_status(const Dataset *data, const Entry *entry)
{
    const char *light = entry_value(entry, "light"), *answer = entry_value(entry, "answer");
    const char *told = light ? light : answer;
    Telling t = {.record = entry->record,
                 .area = kpi_area(data->project->framework, entry_value(entry, "area")),
                 .light = entry->scale ? progress_light_of(entry->scale, entry_step(entry, "light"))
                                       : light_parse(told),
                 .wave = dataset_record(data, entry->record)->wave,
                 .comment = entry_value(entry, "comment"),
                 .event = entry_value(entry, "event"),
                 .initiative = entry_value(entry, "initiative")};
    if (!t.comment && (light || (!entry->scale && t.light == STATUS_GREY)))
        t.comment = answer;
    return t;
}

static void read_ratings(const Dataset *data, const Variable *v, GArray *tellings)
{
    const Framework *framework = data->project->framework;
    const int area = v->area != NO_TERM    ? v->area
                     : v->focus != NO_TERM ? framework->list[TERM_FOCUS].v[v->focus].parent
                                           : NO_TERM;
    if (v->criterion != CRITERION_STATUS || area == NO_TERM || v->scenario != NO_TERM)
        return;
    for (guint i = 0; i < v->record->len; i++) {
        const uint32_t record = g_array_index(v->record, uint32_t, i);
        const Telling t = {.record = record,
                           .area = area,
                           .light = progress_light_of(v->scale, g_array_index(v->step, int8_t, i)),
                           .wave = v->wave ? v->wave : dataset_record(data, record)->wave};
        g_array_append_val(tellings, t);
    }
}

static GArray *tellings_of(const Dataset *data)
{
    GArray *tellings = g_array_new(FALSE, FALSE, sizeof(Telling));
    for (guint i = 0; i < data->entries->len; i++) {
        const Entry *entry = data->entries->pdata[i];
        if (entry->role != ROLE_STATUS)
            continue;
        const Telling t = read_status(data, entry);
        if (t.area != NO_TERM)
            g_array_append_val(tellings, t);
    }
    for (guint i = 0; i < data->variables->len; i++)
        read_ratings(data, data->variables->pdata[i], tellings);
    return tellings;
}

#define telling_at(tellings, i) (&g_array_index((tellings), Telling, (i)))

static int64_t newest_of(const Dataset *data, const GArray *tellings, const char *wave)
{
    int64_t newest = TIME_UNKNOWN;
    for (guint i = 0; i < tellings->len; i++) {
        const Telling *t = telling_at(tellings, i);
        if (!wave || (t->wave && g_str_equal(t->wave, wave)))
            newest = MAX(newest, dataset_record(data, t->record)->submitted);
    }
    return newest;
}

/* The waves that lights were given in, by when they were last answered; unknown times first, and
 * equal ones in the order of the sources. */
static GPtrArray *waves_of(const Dataset *data, const GArray *tellings)
{
    GPtrArray *waves = g_ptr_array_new();
    for (guint i = 0; i < tellings->len; i++) {
        const Telling *t = telling_at(tellings, i);
        if (!t->wave || t->light == STATUS_GREY ||
            g_ptr_array_find_with_equal_func(waves, t->wave, g_str_equal, NULL))
            continue;
        guint at = waves->len;
        while (at &&
               newest_of(data, tellings, waves->pdata[at - 1]) > newest_of(data, tellings, t->wave))
            at--;
        g_ptr_array_insert(waves, (gint)at, (gpointer)t->wave);
    }
    return waves;
}

/* --- one area at one time -----------------------------------------------------------------------
 */

typedef struct {
    const Results *results;
    const GArray *tellings;
    const GArray *kpis;
    const GPtrArray *waves;
} Reading;

/* What counts as said at a wave: under its name, or (states of activities) without one by then. */
static bool was_told_by(const Dataset *data, const Record *record, gconstpointer user)
{
    const AreaLight *light = user;
    if (!light->wave)
        return !project_wave_is_earlier(data->project, record->wave);
    if (record->wave)
        return g_str_equal(record->wave, light->wave);
    const uint32_t day = period_day_of(record->submitted);
    return day && day <= light->day;
}

/* The panel: those who answered at the wave, and those who were asked outside of waves. */
static bool is_of_wave(const Telling *t, int area, const char *wave)
{
    return t->area == area && (!t->wave || !wave || g_str_equal(t->wave, wave));
}

static void count_votes(const Reading *reading, int area, const char *wave, AreaLight *light)
{
    const Dataset *data = reading->results->data;
    g_autofree size_t(*said)[3] = g_malloc0_n(data->units->len + 1, sizeof *said);
    g_autofree int *around = g_new0(int, data->n_persons + 1);
    for (guint i = 0; i < reading->tellings->len; i++) {
        const Telling *t = telling_at(reading->tellings, i);
        const Record *record = dataset_record(data, t->record);
        if (!is_of_wave(t, area, wave))
            continue;
        g_array_append_val(light->records, t->record);
        for (uint32_t v = 0; t->light != STATUS_GREY && v < record->n_voices; v++) {
            const Voice *voice = dataset_voice(data, record->first_voice + v);
            if (!speakers_voice_counts(data, voice, NO_TERM))
                continue;
            said[voice->unit][t->light - STATUS_RED]++;
            light->people += (size_t)MAX(0, record->participants - around[record->person]);
            around[record->person] = MAX(around[record->person], record->participants);
        }
    }
    for (uint32_t u = 0; u < data->units->len; u++) {
        const StatusLight vote = status_judgement(said[u]);
        if (vote == STATUS_GREY)
            continue;
        light->votes[vote - STATUS_RED]++;
        light->organisations += dataset_unit(data, u)->named;
    }
    light->judgement = status_judgement(light->votes);
}

static GArray *kpis_at(const Reading *reading, int area, AreaLight *light)
{
    GArray *read = g_array_new(FALSE, FALSE, sizeof(StatusKpi));
    GDate date;
    g_date_clear(&date, 1);
    g_date_set_julian(&date, light->day ? light->day : 1);
    const int year = light->wave && light->day ? g_date_get_year(&date) : 0;
    for (guint i = 0; i < reading->kpis->len; i++) {
        const Kpi *kpi = &g_array_index(reading->kpis, Kpi, i);
        if (kpi->area != area)
            continue;
        const KpiPoint *point = kpi_point(kpi, year);
        const StatusKpi one = {kpi->baseline, kpi->target, point ? point->value : UNDEFINED};
        g_array_append_vals(light->records, kpi->records->data, kpi->records->len);
        light->kpis += point && !kpi->why;
        g_array_append_val(read, one);
    }
    return read;
}

static double done_of(const Project *project, const Reported *told)
{
    const double done[N_ACTIVITY_STATES] = {
        [ACTIVITY_ONGOING] = project->thresholds.status_ongoing, [ACTIVITY_DONE] = 1};
    return told->word == NO_TERM ? UNDEFINED : done[told->word];
}

static GArray *activities_at(const Reading *reading, int area, AreaLight *light)
{
    const Dataset *data = reading->results->data;
    const Framework *framework = data->project->framework;
    GArray *read = g_array_new(FALSE, FALSE, sizeof(StatusActivity));
    for (size_t a = 0; a < framework->list[TERM_ACTIVITY].n; a++) {
        const int focus = framework->list[TERM_ACTIVITY].v[a].parent;
        if (framework->list[TERM_FOCUS].v[focus].parent != area)
            continue;
        g_autoptr(GArray) reports = plan_reports(data, (int)a, was_told_by, light);
        const Reported told = report_settle(data, reports);
        const StatusActivity one = {1, done_of(data->project, &told)};
        for (guint i = 0; i < reports->len; i++)
            g_array_append_val(light->records, g_array_index(reports, Report, i).record);
        light->activities += is_defined(one.done);
        g_array_append_val(read, one);
    }
    return read;
}

static AreaLight read_light(const Reading *reading, int area, const char *name, const char *wave,
                            uint32_t day)
{
    const Project *project = reading->results->project;
    const char *id = project->framework->list[TERM_AREA].v[area].id;
    g_autofree char *part = name ? figure_part(name) : NULL;
    AreaLight light = {.key = name ? g_strdup_printf("status/%s/wave=%s", id, part)
                                   : g_strdup_printf("status/%s", id),
                       .wave = name,
                       .day = day,
                       .elapsed = period_elapsed(&project->period, day),
                       .records = g_array_new(FALSE, FALSE, sizeof(uint32_t))};
    const StatusRules rules = progress_rules(project);
    count_votes(reading, area, wave, &light);
    g_autoptr(GArray) kpis = kpis_at(reading, area, &light);
    g_autoptr(GArray) activities = activities_at(reading, area, &light);
    const StatusInput in = {.kpi = (const StatusKpi *)(const void *)kpis->data,
                            .n_kpi = kpis->len,
                            .activity = (const StatusActivity *)(const void *)activities->data,
                            .n_activity = activities->len,
                            .judgement = light.judgement,
                            .elapsed = light.elapsed};
    light.status = status_light(&in, &rules);
    return light;
}

/* Where a wave stands in time; 0 for one in which nobody gave a light. */
static guint wave_place(const Reading *reading, const char *wave)
{
    guint at = 0;
    return g_ptr_array_find_with_equal_func((GPtrArray *)reading->waves, wave, g_str_equal, &at)
               ? at + 1
               : 0;
}

/* The last wave, not counting earlier measurements, in which something was told of the area, lights
 * before words; "": none, so only what was told outside of waves is of today. */
static const char *last_wave(const Reading *reading, int area)
{
    const Project *project = reading->results->project;
    const Telling *last = NULL;
    for (guint i = 0; i < reading->tellings->len; i++) {
        const Telling *t = telling_at(reading->tellings, i);
        if (t->area != area || !t->wave || project_wave_is_earlier(project, t->wave))
            continue;
        const bool lit = t->light != STATUS_GREY, was_lit = last && last->light != STATUS_GREY;
        if (!last || (lit && !was_lit) ||
            (lit == was_lit && wave_place(reading, t->wave) > wave_place(reading, last->wave)))
            last = t;
    }
    return last ? last->wave : "";
}

/* --- where it is heading, and what is said of it ------------------------------------------------
 */

static void read_heading(const Reading *reading, AreaStatus *area)
{
    const StatusRules rules = progress_rules(reading->results->project);
    double before = 0, now = 0, n = 0;
    for (guint i = 0; i < reading->kpis->len; i++) {
        const Kpi *kpi = &g_array_index(reading->kpis, Kpi, i);
        const KpiPoint *last = kpi_point(kpi, 0), *first = kpi_point_before(kpi, last);
        if (kpi->area != area->area || kpi->why || !first)
            continue;
        before += first->attainment;
        now += last->attainment;
        n++;
    }
    area->step = n > 0 ? (now - before) / n : UNDEFINED;
    if (n > 0)
        area->heading =
            (Heading)(HEADING_UNCHANGED + status_direction(before / n, now / n, 0, 1, &rules));
}

static AreaNote note_new(const Framework *framework, int area, const char *kind, const Telling *t,
                         const char *text)
{
    enum { ID_LENGTH = 32 };
    g_autofree char *folded = label_fold(text);
    g_autofree char *digest = g_compute_checksum_for_string(G_CHECKSUM_SHA256, folded, -1);
    return (AreaNote){.text = text,
                      .key = g_strdup_printf("status/%s/%s=%.*s",
                                             framework->list[TERM_AREA].v[area].id, kind, ID_LENGTH,
                                             digest),
                      .records = g_array_new(FALSE, FALSE, sizeof(uint32_t)),
                      .light = t->light};
}

static void note_clear(gpointer pointer)
{
    AreaNote *note = pointer;
    g_free(note->key);
    g_array_unref(note->records);
}

/* The distinct texts of an area, in the order they were told, with how many organisations say each.
 */
static GArray *notes_of(const Reading *reading, int area, const char *wave, const char *kind,
                        const char *(*text_of)(const Telling *))
{
    const Dataset *data = reading->results->data;
    GArray *notes = g_array_new(FALSE, FALSE, sizeof(AreaNote));
    g_autoptr(GHashTable) index = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_autoptr(GHashTable) met = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    for (guint i = 0; i < reading->tellings->len; i++) {
        const Telling *t = telling_at(reading->tellings, i);
        const Record *record = dataset_record(data, t->record);
        const char *text = is_of_wave(t, area, wave) ? text_of(t) : NULL;
        if (!text)
            continue;
        char *folded = label_fold(text);
        guint at = GPOINTER_TO_UINT(g_hash_table_lookup(index, folded));
        if (!at) {
            const AreaNote note = note_new(data->project->framework, area, kind, t, text);
            g_array_append_val(notes, note);
            at = notes->len;
        }
        g_hash_table_insert(index, folded, GUINT_TO_POINTER(at));
        g_array_append_val(g_array_index(notes, AreaNote, at - 1).records, t->record);
        for (uint32_t v = 0; v < record->n_voices; v++) {
            const uint32_t unit = dataset_voice(data, record->first_voice + v)->unit;
            if (g_hash_table_add(met, g_strdup_printf("%u %u", at, unit)))
                g_array_index(notes, AreaNote, at - 1).organisations +=
                    dataset_unit(data, unit)->named;
        }
    }
    return notes;
}

static const char *comment_of(const Telling *t)
{
    return t->comment;
}

static const char *event_of(const Telling *t)
{
    return t->event;
}

static const char *initiative_of(const Telling *t)
{
    return t->initiative;
}

/* Those who say what the panel says come first; otherwise the order stays. */
static GArray *judged_first(GArray *notes, StatusLight judgement)
{
    GArray *sorted = g_array_sized_new(FALSE, FALSE, sizeof(AreaNote), notes->len);
    for (int pass = 0; pass < 2; pass++)
        for (guint i = 0; i < notes->len; i++) {
            const AreaNote *note = &g_array_index(notes, AreaNote, i);
            if ((note->light == judgement) == (pass == 0))
                g_array_append_val(sorted, *note);
        }
    g_array_unref(notes);
    return sorted;
}

/* A light that people set stands, with its reason, and the computed one beside it. */
static void override(const Project *project, AreaStatus *area)
{
    area->computed = area->now.status.light;
    for (guint i = 0; i < project->overrides->len; i++) {
        const StatusOverride *over = &g_array_index(project->overrides, StatusOverride, i);
        if (over->area != area->area)
            continue;
        area->now.status.light = (StatusLight)over->light;
        area->override = over->reason;
    }
}

/* --- the product --------------------------------------------------------------------------------
 */

/* As of when progress is judged: as the project says, else when the last answer behind it was
 * given; without any time, when the data were pulled. */
static uint32_t day_of(const Reading *reading)
{
    const Dataset *data = reading->results->data;
    if (data->project->period.at)
        return data->project->period.at;
    int64_t newest = newest_of(data, reading->tellings, NULL);
    for (guint i = 0; i < data->entries->len; i++) {
        const Entry *entry = data->entries->pdata[i];
        if (entry->role == ROLE_KPI || entry->role == ROLE_ACTIVITY)
            newest = MAX(newest, dataset_record(data, entry->record)->submitted);
    }
    for (guint i = 0; newest == TIME_UNKNOWN && i < data->records->len; i++)
        newest = MAX(newest, dataset_record(data, i)->submitted);
    return period_day_of(newest == TIME_UNKNOWN ? data->newest_pull : newest);
}

static void light_clear(gpointer pointer)
{
    AreaLight *light = pointer;
    g_free(light->key);
    g_array_unref(light->records);
}

static AreaStatus read_area(const Reading *reading, int area, uint32_t day)
{
    const Dataset *data = reading->results->data;
    const char *last = last_wave(reading, area);
    AreaStatus status = {.area = area,
                         .now = read_light(reading, area, NULL, last, day),
                         .earlier = g_array_new(FALSE, FALSE, sizeof(AreaLight)),
                         .events = notes_of(reading, area, NULL, "event", event_of),
                         .initiatives = notes_of(reading, area, NULL, "initiative", initiative_of)};
    status.reasons =
        judged_first(notes_of(reading, area, last, "reason", comment_of), status.now.judgement);
    for (guint w = 0; reading->waves->len > 1 && w < reading->waves->len; w++) {
        const char *wave = reading->waves->pdata[w];
        const uint32_t then = period_day_of(newest_of(data, reading->tellings, wave));
        const AreaLight light = read_light(reading, area, wave, wave, then);
        g_array_append_val(status.earlier, light);
    }
    read_heading(reading, &status);
    override(data->project, &status);
    g_array_set_clear_func(status.earlier, light_clear);
    g_array_set_clear_func(status.reasons, note_clear);
    g_array_set_clear_func(status.events, note_clear);
    g_array_set_clear_func(status.initiatives, note_clear);
    return status;
}

static void area_clear(gpointer pointer)
{
    AreaStatus *area = pointer;
    light_clear(&area->now);
    g_array_unref(area->earlier);
    g_array_unref(area->reasons);
    g_array_unref(area->events);
    g_array_unref(area->initiatives);
}

static void progress_free(gpointer pointer)
{
    Progress *progress = pointer;
    g_array_unref(progress->areas);
    g_array_unref(progress->kpis);
    g_ptr_array_unref(progress->waves);
    g_free(progress);
}

static gpointer compute(const Results *r)
{
    g_autoptr(GArray) tellings = tellings_of(r->data);
    g_autoptr(GArray) kpis = kpis_of(r->data);
    if (!tellings->len && !kpis->len)
        return NULL;
    Progress *progress = g_new(Progress, 1);
    *progress = (Progress){.areas = g_array_new(FALSE, FALSE, sizeof(AreaStatus)),
                           .kpis = g_steal_pointer(&kpis),
                           .waves = waves_of(r->data, tellings)};
    g_array_set_clear_func(progress->areas, area_clear);
    const Reading reading = {r, tellings, progress->kpis, progress->waves};
    progress->day = day_of(&reading);
    for (size_t a = 0; a < r->project->framework->list[TERM_AREA].n; a++) {
        const AreaStatus area = read_area(&reading, (int)a, progress->day);
        g_array_append_val(progress->areas, area);
    }
    return progress;
}

const Progress *results_progress(const Results *results)
{
    return results->product[PRODUCT_STATUS];
}

StatusLight progress_kpi_light(const Results *results, const Kpi *kpi)
{
    const Progress *progress = results_progress(results);
    const StatusRules rules = progress_rules(results->project);
    const KpiPoint *point = kpi_point(kpi, 0);
    const StatusKpi one = {kpi->baseline, kpi->target, point ? point->value : UNDEFINED};
    const StatusInput in = {.kpi = &one,
                            .n_kpi = 1,
                            .elapsed = period_elapsed(&results->project->period, progress->day)};
    return status_light(&in, &rules).kpi;
}

const Product product_status = {compute, progress_publish, progress_free};
