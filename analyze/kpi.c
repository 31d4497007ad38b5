#include "analyze/kpi.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analyze/figure.h"
#include "analyze/undefined.h"

/* --- reading what people write ------------------------------------------------------------------
 */

double kpi_number(const char *text)
{
    g_autoptr(GString) plain = g_string_new(NULL);
    char *end = NULL;
    for (; text && *text; text = g_utf8_next_char(text)) {
        const gunichar c = g_utf8_get_char(text);
        if (g_unichar_isspace(c) || c == 0x00A0 || c == 0x202F)
            continue;
        g_string_append_unichar(plain, c == ',' ? '.' : c == 0x2212 ? '-' : c);
    }
    if (g_str_has_suffix(plain->str, "%"))
        g_string_truncate(plain, plain->len - 1);
    if (!plain->len || strspn(plain->str, "+-.0123456789eE") != plain->len)
        return UNDEFINED;
    const double number = g_ascii_strtod(plain->str, &end);
    return *end || !isfinite(number) ? UNDEFINED : number;
}

static const char *year_in(const char *text)
{
    for (const char *at = text; *at; at++) {
        const size_t digits = strspn(at, "0123456789");
        if (digits == 4)
            return at;
        if (digits)
            at += digits - 1;
    }
    return NULL;
}

int kpi_year(const char *period)
{
    const char *year = period ? year_in(period) : NULL;
    return year ? (int)strtol(year, NULL, 10) : 0;
}

/* A number of at most so many digits and nothing else, blanks around it apart; -1: it is none. */
static int number_of_digits(char *text, size_t most)
{
    const size_t n = strlen(g_strstrip(text));
    return n > 0 && n <= most && strspn(text, "0123456789") == n ? (int)strtol(text, NULL, 10) : -1;
}

/* A date with points, its parts from the year on; NULL: it is none. */
static char *date_backwards(const char *period)
{
    g_auto(GStrv) part = g_strsplit(period, ".", 4);
    const guint n = g_strv_length(part);
    const int year = n == 2 || n == 3 ? number_of_digits(part[n - 1], 4) : -1;
    const int month = year < 0 ? -1 : number_of_digits(part[n - 2], 2);
    const int day = month < 0 || n == 2 ? -1 : number_of_digits(part[0], 2);
    if (month < 0 || (n == 3 && day < 0))
        return NULL;
    return n == 3 ? g_strdup_printf("%04d-%02d-%02d", year, month, day)
                  : g_strdup_printf("%04d-%02d", year, month);
}

/* «31.12.2020» and «12.2020» read backwards; otherwise the year first, then the rest as it is. */
char *kpi_period_order(const char *period)
{
    char *date = date_backwards(period);
    if (date)
        return date;
    const char *at = year_in(period);
    if (!at)
        return g_strdup(period);
    g_autofree char *before = g_strndup(period, (gsize)(at - period));
    return g_strdup_printf("%.4s%s %s", at, at + 4, before);
}

int kpi_area(const Framework *framework, const char *named)
{
    const int area = named ? framework_match(framework, TERM_AREA, named) : NO_TERM;
    const int focus = named ? framework_match(framework, TERM_FOCUS, named) : NO_TERM;
    return area != NO_TERM    ? area
           : focus != NO_TERM ? framework->list[TERM_FOCUS].v[focus].parent
                              : NO_TERM;
}

/* --- series -------------------------------------------------------------------------------------
 */

/* A point on its way into a series, with what it is sorted by. */
typedef struct {
    KpiPoint point;
    char *order;
    int64_t submitted;
    guint at;
    double target, baseline;
} Draft;

typedef struct {
    Kpi kpi;
    GArray *drafts; /* of Draft */
} Series;

static void draft_clear(gpointer draft)
{
    g_free(((Draft *)draft)->order);
}

static int by_period(gconstpointer a, gconstpointer b)
{
    const Draft *x = a, *y = b;
    const int order = strcmp(x->order, y->order);
    if (order)
        return order;
    if (x->submitted != y->submitted)
        return x->submitted < y->submitted ? -1 : 1;
    return x->at < y->at ? -1 : x->at > y->at;
}

static Series *series_at(GArray *all, GHashTable *index, const Framework *framework, int area,
                         const char *indicator)
{
    g_autofree char *folded = label_fold(indicator);
    g_autofree char *name = g_strdup_printf("%d %s", area, folded);
    guint at = GPOINTER_TO_UINT(g_hash_table_lookup(index, name));
    if (!at) {
        g_autofree char *part = figure_part(indicator);
        Series series = {
            .kpi = {.area = area,
                    .indicator = indicator,
                    .key = g_strdup_printf("status/%s/kpi=%s",
                                           framework->list[TERM_AREA].v[area].id, part),
                    .target = UNDEFINED,
                    .baseline = UNDEFINED,
                    .points = g_array_new(FALSE, FALSE, sizeof(KpiPoint)),
                    .records = g_array_new(FALSE, FALSE, sizeof(uint32_t))},
            .drafts = g_array_new(FALSE, FALSE, sizeof(Draft))};
        g_array_set_clear_func(series.drafts, draft_clear);
        g_array_append_val(all, series);
        at = all->len;
        g_hash_table_insert(index, g_steal_pointer(&name), GUINT_TO_POINTER(at));
    }
    return &g_array_index(all, Series, at - 1);
}

static void series_add(Series *series, const Dataset *data, const Entry *entry)
{
    const char *told = entry_value(entry, "value"), *period = entry_value(entry, "period");
    Draft draft = {
        .point = {.period = period ? period : "",
                  .value = kpi_number(told ? told : entry_value(entry, "answer")),
                  .record = entry->record},
        .submitted = dataset_record(data, entry->record)->submitted,
        .at = series->drafts->len,
        .target = kpi_number(entry_value(entry, "target")),
        .baseline = kpi_number(entry_value(entry, "baseline")),
    };
    g_array_append_val(series->kpi.records, entry->record);
    if (!is_defined(draft.point.value))
        return;
    draft.order = kpi_period_order(draft.point.period);
    g_array_append_val(series->drafts, draft);
}

static const char *why_no_attainment(const Kpi *kpi)
{
    if (!kpi->points->len)
        return undefined_key(UNDEFINED_NO_ANSWERS);
    if (!is_defined(kpi->target) || !is_defined(kpi->baseline))
        return undefined_key(UNDEFINED_NOT_DECLARED);
    return kpi->target == kpi->baseline ? undefined_key(UNDEFINED_NO_FRAME) : NULL;
}

static void series_settle(Series *series)
{
    Kpi *kpi = &series->kpi;
    g_array_sort(series->drafts, by_period);
    for (guint i = 0; i < series->drafts->len; i++) {
        const Draft *draft = &g_array_index(series->drafts, Draft, i);
        const Draft *next =
            i + 1 < series->drafts->len ? &g_array_index(series->drafts, Draft, i + 1) : NULL;
        kpi->target = is_defined(draft->target) ? draft->target : kpi->target;
        kpi->baseline = is_defined(draft->baseline) ? draft->baseline : kpi->baseline;
        if (!next || !g_str_equal(next->order, draft->order))
            g_array_append_val(kpi->points, draft->point);
    }
    kpi->why = why_no_attainment(kpi);
    for (guint i = 0; i < kpi->points->len; i++) {
        KpiPoint *point = &g_array_index(kpi->points, KpiPoint, i);
        point->attainment =
            kpi->why ? UNDEFINED : (point->value - kpi->baseline) / (kpi->target - kpi->baseline);
    }
}

static void kpi_clear(gpointer pointer)
{
    Kpi *kpi = pointer;
    g_free(kpi->key);
    g_array_unref(kpi->points);
    g_array_unref(kpi->records);
}

GArray *kpis_of(const Dataset *data)
{
    const Framework *framework = data->project->framework;
    g_autoptr(GArray) all = g_array_new(FALSE, FALSE, sizeof(Series));
    g_autoptr(GHashTable) index = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    GArray *kpis = g_array_new(FALSE, FALSE, sizeof(Kpi));
    g_array_set_clear_func(kpis, kpi_clear);
    for (guint i = 0; i < data->entries->len; i++) {
        const Entry *entry = data->entries->pdata[i];
        const char *indicator = entry_value(entry, "indicator");
        const int area =
            entry->role == ROLE_KPI ? kpi_area(framework, entry_value(entry, "area")) : NO_TERM;
        if (area != NO_TERM && indicator)
            series_add(series_at(all, index, framework, area, indicator), data, entry);
    }
    for (size_t a = 0; a < framework->list[TERM_AREA].n; a++)
        for (guint i = 0; i < all->len; i++) {
            Series *series = &g_array_index(all, Series, i);
            if (series->kpi.area != (int)a)
                continue;
            series_settle(series);
            g_array_unref(series->drafts);
            g_array_append_val(kpis, series->kpi);
        }
    return kpis;
}

const KpiPoint *kpi_point(const Kpi *kpi, int year)
{
    const KpiPoint *newest = NULL;
    for (guint i = 0; i < kpi->points->len; i++) {
        const KpiPoint *point = &g_array_index(kpi->points, KpiPoint, i);
        if (!year || kpi_year(point->period) <= year)
            newest = point;
    }
    return newest;
}

const KpiPoint *kpi_point_before(const Kpi *kpi, const KpiPoint *point)
{
    const KpiPoint *first = (const KpiPoint *)(const void *)kpi->points->data;
    return point && point > first ? point - 1 : NULL;
}
