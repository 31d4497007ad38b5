#include "analyze/progress_publish.h"

#include "analyze/figure.h"

/* Why a part of a light is not there. */
static const char *why_no_part(const AreaLight *light, size_t n)
{
    if (!n)
        return undefined_key(UNDEFINED_NO_ANSWERS);
    return is_defined(light->elapsed) ? undefined_key(UNDEFINED_NO_FRAME)
                                      : undefined_key(UNDEFINED_NOT_DECLARED);
}

static bool reads_area(const Results *results, int subject, const Variable *column)
{
    const TermList *focus = &results->project->framework->list[TERM_FOCUS];
    return column->criterion == CRITERION_STATUS && column->scenario == NO_TERM &&
           (column->area == subject ||
            (column->focus != NO_TERM && focus->v[column->focus].parent == subject));
}

static void publish_light(Results *r, int area, const AreaLight *light)
{
    static const char *const votes[] = {"votes-red", "votes-yellow", "votes-green"};
    const char *label =
        term_label(&r->project->framework->list[TERM_AREA].v[area], r->project->language);
    g_autofree char *figure =
        light->wave ? g_strdup_printf("%s (%s)", label, light->wave) : g_strdup(label);
    basis_open(r, &(BasisRow){.path = light->key,
                              .sheet = "status",
                              .figure = figure,
                              .method = "status.light",
                              .n = light->people,
                              .records = light->records,
                              .reads = reads_area,
                              .subject = area})
        ->organisations = light->organisations;
    figure_count(r, light->key, "n", light->people);
    figure_count(r, light->key, "organisations", light->organisations);
    figure_text(r, light->key, "light", status_light_key(light->status.light));
    figure_text(r, light->key, "judgement", status_light_key(light->judgement));
    for (size_t v = 0; v < G_N_ELEMENTS(votes); v++)
        figure_count(r, light->key, votes[v], light->votes[v]);
    figure_count(r, light->key, "kpis", light->kpis);
    figure_count(r, light->key, "activities", light->activities);
    figure_text(r, light->key, "kpi-light", status_light_key(light->status.kpi));
    figure_text(r, light->key, "activity-light", status_light_key(light->status.activity));
    figure_number(r, light->key, "kpi-ratio", light->status.kpi_ratio,
                  why_no_part(light, light->kpis));
    figure_number(r, light->key, "activity-ratio", light->status.activity_ratio,
                  why_no_part(light, light->activities));
    figure_number(r, light->key, "elapsed", light->elapsed, undefined_key(UNDEFINED_NOT_DECLARED));
}

static void publish_points(Results *r, const Kpi *kpi)
{
    for (guint i = 0; i < kpi->points->len; i++) {
        const KpiPoint *point = &g_array_index(kpi->points, KpiPoint, i);
        if (!*point->period)
            continue;
        g_autofree char *part = figure_part(point->period);
        g_autofree char *path = g_strdup_printf("%s/period=%s", kpi->key, part);
        figure_number(r, path, "value", point->value, undefined_key(UNDEFINED_NO_ANSWERS));
        figure_number(r, path, "attainment", point->attainment, kpi->why);
    }
}

/* What one key figure alone says against the time that has passed. */
static void publish_ratio(Results *r, const Kpi *kpi, const KpiPoint *last, double elapsed)
{
    const double attained = last && !kpi->why ? CLAMP(last->attainment, 0.0, 1.0) : UNDEFINED;
    const char *no_time = is_defined(elapsed) ? undefined_key(UNDEFINED_NO_FRAME)
                                              : undefined_key(UNDEFINED_NOT_DECLARED);
    figure_number(r, kpi->key, "attainment", attained, kpi->why);
    figure_number(r, kpi->key, "ratio",
                  elapsed > 0 && is_defined(attained) ? MIN(attained / elapsed, 1) : UNDEFINED,
                  kpi->why ? kpi->why : no_time);
    figure_text(r, kpi->key, "light", status_light_key(progress_kpi_light(r, kpi)));
}

static void publish_kpi(Results *r, const Progress *progress, const Kpi *kpi)
{
    const KpiPoint *last = kpi_point(kpi, 0), *before = kpi_point_before(kpi, last);
    const StatusRules rules = progress_rules(r->project);
    const char *none = undefined_key(UNDEFINED_NO_ANSWERS);
    const char *undeclared = undefined_key(UNDEFINED_NOT_DECLARED);
    Heading heading = HEADING_UNKNOWN;
    if (before && !kpi->why)
        heading =
            (Heading)(HEADING_UNCHANGED + status_direction(before->value, last->value,
                                                           kpi->baseline, kpi->target, &rules));
    basis_open(r, &(BasisRow){.path = kpi->key,
                              .sheet = "status",
                              .figure = kpi->indicator,
                              .method = "status.light",
                              .n = kpi->points->len,
                              .records = kpi->records,
                              .reads = basis_reads_none});
    figure_count(r, kpi->key, "n", kpi->points->len);
    figure_number(r, kpi->key, "value", last ? last->value : UNDEFINED, none);
    figure_text(r, kpi->key, "period", last ? last->period : "");
    figure_number(r, kpi->key, "target", kpi->target, undeclared);
    figure_number(r, kpi->key, "baseline", kpi->baseline, undeclared);
    figure_number(r, kpi->key, "change", before ? last->value - before->value : UNDEFINED,
                  undefined_key(UNDEFINED_TOO_FEW));
    figure_text(r, kpi->key, "direction", heading_word(heading));
    publish_ratio(r, kpi, last, period_elapsed(&r->project->period, progress->day));
    publish_points(r, kpi);
}

static void publish_notes(Results *r, const GArray *notes)
{
    for (guint i = 0; i < notes->len; i++) {
        const AreaNote *note = &g_array_index(notes, AreaNote, i);
        basis_open(r, &(BasisRow){.path = note->key,
                                  .sheet = "status",
                                  .figure = note->text,
                                  .method = "coverage.counts",
                                  .n = note->records->len,
                                  .records = note->records,
                                  .reads = basis_reads_none});
        figure_count(r, note->key, "n", note->records->len);
        figure_count(r, note->key, "organisations", note->organisations);
    }
}

void progress_publish(Results *r, gconstpointer product)
{
    const Progress *progress = product;
    for (guint i = 0; i < progress->areas->len; i++) {
        const AreaStatus *area = &g_array_index(progress->areas, AreaStatus, i);
        publish_light(r, area->area, &area->now);
        figure_number(r, area->now.key, "step", area->step, undefined_key(UNDEFINED_TOO_FEW));
        figure_text(r, area->now.key, "direction", heading_word(area->heading));
        figure_text(r, area->now.key, "computed-light", status_light_key(area->computed));
        figure_flag(r, area->now.key, "overridden", area->override != NULL);
        for (guint w = 0; w < area->earlier->len; w++)
            publish_light(r, area->area, &g_array_index(area->earlier, AreaLight, w));
        publish_notes(r, area->events);
        publish_notes(r, area->initiatives);
        for (guint k = 0; k < progress->kpis->len; k++) {
            const Kpi *kpi = &g_array_index(progress->kpis, Kpi, k);
            if (kpi->area == area->area)
                publish_kpi(r, progress, kpi);
        }
    }
}
