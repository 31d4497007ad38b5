/* Status: how far the strategic areas have come. The lights, what each is made of, the key figures
 * with their trend, what happened, and how the lights stood at earlier waves. */
#include "analyze/progress.h"
#include "analyze/workbook/sheets.h"

/* Columns that all tables of the sheet share. */
enum { COL_NUMBER, COL_AREA, COL_AIM, COL_LIGHT, COL_HEADING, COL_N, COL_REASON, N_COLS };

static const ColumnHead heads[N_COLS] = {
    [COL_NUMBER] = {"column.number", 9, false},
    [COL_AREA] = {"column.strategic-area", 35, false},
    [COL_AIM] = {"column.aim", 37, false},
    [COL_LIGHT] = {"column.progress", 20, false},
    [COL_HEADING] = {"column.heading", 14, false},
    [COL_N] = {"column.n", 9, true},
    [COL_REASON] = {"column.reason", 54, false},
};

bool status_has_data(const Page *page)
{
    return results_progress(page->results) != NULL;
}

static const AreaStatus *area_at(const Progress *progress, guint i)
{
    return &g_array_index(progress->areas, AreaStatus, i);
}

/* --- pieces ---
 */

/* «●●○ Delvis»: dots and word, so that colour is never alone. Caller owns. */
static char *light_words(const Page *page, StatusLight light)
{
    static const char *const dots[] = {"○○○", "●○○", "●●○", "●●●"};
    g_autofree char *key = g_strconcat("light.", status_light_key(light), NULL);
    return g_strdup_printf("%s %s", dots[light],
                           light == STATUS_GREY ? W("progress.grey") : W(key));
}

static void write_light(Page *page, Sheet *sheet, int row, int column, StatusLight light,
                        const char *path, const char *statistic)
{
    Style look = {.size = 10,
                  .bold = true,
                  .wrap = true,
                  .h = H_CENTRE,
                  .v = V_MIDDLE,
                  .bottom = HAIRLINE,
                  .fill = PALE,
                  .colour = MUTED};
    if (light != STATUS_GREY) {
        look.fill = look_step_fill((int)light, 3);
        look.colour = look_step_text((int)light, 3);
    }
    g_autofree char *words = light_words(page, light);
    cell_text(sheet, row, column, &look, words);
    page_origin(page, sheet, row, column, path, statistic);
}

/* A heading below what stands, a row between them; returns the row of the table's header. */
static int write_heading(Page *page, Sheet *sheet, int row, const char *key)
{
    cell_text(sheet, row + 1, 0, &LOOK_HEADING, W(key));
    sheet_height(sheet, row + 1, 26);
    return row + 2;
}

static void write_heads(Page *page, Sheet *sheet, int row, const char *const *keys,
                        const bool *numbers, int n)
{
    for (int c = 0; c < n; c++)
        cell_text(sheet, row, c, numbers[c] ? &LOOK_HEADER_NUMBER : &LOOK_HEADER, W(keys[c]));
}

static const Term *area_term(const Page *page, int area)
{
    return &page->framework->list[TERM_AREA].v[area];
}

/* --- the lights ---
 */

/* At most three reasons, those of the judged light first. */
static char *reasons_of(const GArray *reasons)
{
    enum { MOST = 3 };
    g_autoptr(GPtrArray) texts = g_ptr_array_new();
    for (guint i = 0; i < MIN(reasons->len, MOST); i++)
        g_ptr_array_add(texts, (gpointer)g_array_index(reasons, AreaNote, i).text);
    g_ptr_array_add(texts, NULL);
    return texts->len > 1 ? g_strjoinv(" · ", (char **)texts->pdata) : g_strdup("–");
}

/* Why people set the light, and what it would have been. Caller owns. */
static char *override_words(const Page *page, const AreaStatus *area)
{
    g_autofree char *light = light_words(page, area->computed);
    return words_fill(page->language, "progress.override", "reason", area->override, "light", light,
                      NULL);
}

static void write_area(Page *page, Sheet *sheet, int row, const AreaStatus *area)
{
    const Term *term = area_term(page, area->area);
    const char *aim = label_get(&term->detail, page->language);
    g_autofree char *heading = g_strconcat("progress.", heading_word(area->heading), NULL);
    g_autofree char *reasons =
        area->override ? override_words(page, area) : reasons_of(area->reasons);
    cell_text(sheet, row, COL_NUMBER, &LOOK_TEXT, term->id);
    cell_text(sheet, row, COL_AREA, &LOOK_TEXT_BOLD, term_label(term, page->language));
    cell_text(sheet, row, COL_AIM, &LOOK_TEXT, aim && *aim ? aim : "–");
    write_light(page, sheet, row, COL_LIGHT, area->now.status.light, area->now.key, "light");
    cell_text(sheet, row, COL_HEADING, &LOOK_TEXT, W(heading));
    page_origin(page, sheet, row, COL_HEADING, area->now.key, "direction");
    page_count(page, sheet, row, COL_N, area->now.key, "n");
    cell_text(sheet, row, COL_REASON, &LOOK_TEXT, reasons);
}

static int write_areas(Page *page, Sheet *sheet, const Progress *progress)
{
    int row = ROW_HEADER;
    page_columns(page, sheet, row++, heads, N_COLS);
    for (guint i = 0; i < progress->areas->len; i++)
        write_area(page, sheet, row++, area_at(progress, i));
    sheet_table(sheet, "Status", ROW_HEADER, 0, N_COLS, row - ROW_HEADER - 1, false);
    return row;
}

/* --- what they are made of ---
 */

static char *votes_of(const Page *page, const AreaLight *light)
{
    g_autofree char *word = light_words(page, light->judgement);
    g_autofree char *red = language_number(page->language, (double)light->votes[0], 0);
    g_autofree char *yellow = language_number(page->language, (double)light->votes[1], 0);
    g_autofree char *green = language_number(page->language, (double)light->votes[2], 0);
    return words_fill(page->language, "progress.votes", "word", word, "red", red, "yellow", yellow,
                      "green", green, NULL);
}

static int write_parts(Page *page, Sheet *sheet, int row, const Progress *progress)
{
    static const char *const keys[] = {"column.number", "column.strategic-area", "column.judgement",
                                       "column.kpi-ratio", "column.activity-ratio"};
    static const bool numbers[] = {false, false, false, true, true};
    const int n = G_N_ELEMENTS(keys), header = write_heading(page, sheet, row, "progress.parts");
    row = header;
    write_heads(page, sheet, row++, keys, numbers, n);
    for (guint i = 0; i < progress->areas->len; i++, row++) {
        const AreaStatus *area = area_at(progress, i);
        const Term *term = area_term(page, area->area);
        g_autofree char *votes = votes_of(page, &area->now);
        cell_text(sheet, row, 0, &LOOK_TEXT, term->id);
        cell_text(sheet, row, 1, &LOOK_TEXT, term_label(term, page->language));
        cell_text(sheet, row, 2, &LOOK_TEXT, votes);
        page_origin(page, sheet, row, 2, area->now.key, "judgement");
        page_figure(page, sheet, row, 3, &LOOK_PERCENT, area->now.key, "kpi-ratio");
        page_figure(page, sheet, row, 4, &LOOK_PERCENT, area->now.key, "activity-ratio");
    }
    sheet_table(sheet, "StatusGrunnlag", header, 0, n, row - header - 1, false);
    return row;
}

/* --- key figures ---
 */

/* «3b»: the area and a letter for each of its key figures; after z by number. Caller owns. */
static char *kpi_number_of(const Page *page, const Progress *progress, guint k)
{
    const Kpi *kpi = &g_array_index(progress->kpis, Kpi, k);
    guint place = 0;
    for (guint i = 0; i < k; i++)
        place += g_array_index(progress->kpis, Kpi, i).area == kpi->area;
    const char *id = area_term(page, kpi->area)->id;
    return place < 26 ? g_strdup_printf("%s%c", id, 'a' + (int)place)
                      : g_strdup_printf("%s.%u", id, place + 1);
}

static void write_kpi(Page *page, Sheet *sheet, int row, const Kpi *kpi, const char *number)
{
    static const Style look_value = {.size = 10, .h = H_RIGHT, .v = V_MIDDLE, .bottom = HAIRLINE};
    static const Style look_change = {
        .size = 10, .h = H_RIGHT, .v = V_MIDDLE, .bottom = HAIRLINE, .number = "+0.0;−0.0;0.0"};
    const KpiPoint *last = kpi_point(kpi, 0);
    g_autofree char *light = light_words(page, progress_kpi_light(page->results, kpi));
    cell_text(sheet, row, 0, &LOOK_TEXT, number);
    cell_text(sheet, row, 1, &LOOK_TEXT, kpi->indicator);
    page_figure(page, sheet, row, 2, &look_value, kpi->key, "target");
    page_figure(page, sheet, row, 3, &look_value, kpi->key, "value");
    cell_text(sheet, row, 4, &LOOK_INT, last && *last->period ? last->period : "–");
    page_figure(page, sheet, row, 5, &look_change, kpi->key, "change");
    cell_text(sheet, row, 6, &LOOK_TEXT_BOLD, light);
    page_origin(page, sheet, row, 6, kpi->key, "light");
}

static int write_kpis(Page *page, Sheet *sheet, int row, const Progress *progress)
{
    static const char *const keys[] = {"column.area",         "column.indicator", "column.target",
                                       "column.newest-value", "column.year",      "column.change",
                                       "column.verdict"};
    static const bool numbers[] = {false, false, true, true, true, true, false};
    const int n = G_N_ELEMENTS(keys);
    if (!progress->kpis->len)
        return row;
    sheet_break(sheet, row + 1);
    const int header = write_heading(page, sheet, row, "progress.kpis");
    row = header;
    write_heads(page, sheet, row++, keys, numbers, n);
    for (guint k = 0; k < progress->kpis->len; k++) {
        g_autofree char *number = kpi_number_of(page, progress, k);
        write_kpi(page, sheet, row++, &g_array_index(progress->kpis, Kpi, k), number);
    }
    sheet_table(sheet, "StatusKPI", header, 0, n, row - header - 1, false);
    return row;
}

/* --- their trend ---
 */

enum { PERIODS_MOST = 7, POINTS_LEAST = 3 };

static bool has_trend(const Kpi *kpi)
{
    return !kpi->why && kpi->points->len >= POINTS_LEAST;
}

/* The newest periods that key figures with a trend were measured in, oldest first. */
static GPtrArray *periods_of(const Progress *progress)
{
    GPtrArray *periods = g_ptr_array_new();
    for (guint k = 0; k < progress->kpis->len; k++) {
        const Kpi *kpi = &g_array_index(progress->kpis, Kpi, k);
        for (guint i = 0; has_trend(kpi) && i < kpi->points->len; i++) {
            const char *period = g_array_index(kpi->points, KpiPoint, i).period;
            g_autofree char *order = kpi_period_order(period);
            guint at = 0;
            int compared = -1;
            if (!*period)
                continue;
            for (; at < periods->len; at++) {
                g_autofree char *other = kpi_period_order(periods->pdata[at]);
                if ((compared = g_strcmp0(other, order)) >= 0)
                    break;
            }
            if (at == periods->len || compared)
                g_ptr_array_insert(periods, (gint)at, (gpointer)period);
        }
    }
    while (periods->len > PERIODS_MOST)
        g_ptr_array_remove_index(periods, 0);
    return periods;
}

static double attained_in(const Kpi *kpi, const char *period)
{
    g_autofree char *wanted = kpi_period_order(period);
    for (guint i = 0; i < kpi->points->len; i++) {
        const KpiPoint *point = &g_array_index(kpi->points, KpiPoint, i);
        g_autofree char *order = kpi_period_order(point->period);
        if (g_str_equal(order, wanted))
            return point->attainment;
    }
    return UNDEFINED;
}

/* Returns how many key figures have a trend; a period without a value leaves its cell empty. */
static int write_trend_data(Page *page, const Progress *progress, int column,
                            const GPtrArray *periods)
{
    int row = 0;
    cell_text(page->diagram, 0, column, &LOOK_HEADER, W("column.area"));
    for (guint p = 0; p < periods->len; p++)
        cell_text(page->diagram, 0, column + 1 + (int)p, &LOOK_HEADER, periods->pdata[p]);
    for (guint k = 0; k < progress->kpis->len; k++) {
        const Kpi *kpi = &g_array_index(progress->kpis, Kpi, k);
        if (!has_trend(kpi))
            continue;
        g_autofree char *number = kpi_number_of(page, progress, k);
        cell_text(page->diagram, ++row, column, &LOOK_TEXT, number);
        for (guint p = 0; p < periods->len; p++) {
            const double attained = attained_in(kpi, periods->pdata[p]);
            if (is_defined(attained))
                cell_number(page->diagram, row, column + 1 + (int)p, &LOOK_PERCENT, attained);
        }
    }
    return row;
}

static char *alt_text(const Page *page, const Progress *progress)
{
    const Kpi *most = NULL, *least = NULL;
    for (guint k = 0; k < progress->kpis->len; k++) {
        const Kpi *kpi = &g_array_index(progress->kpis, Kpi, k);
        if (!has_trend(kpi))
            continue;
        const double here = kpi_point(kpi, 0)->attainment;
        most = !most || here > kpi_point(most, 0)->attainment ? kpi : most;
        least = !least || here < kpi_point(least, 0)->attainment ? kpi : least;
    }
    if (!most || most == least)
        return g_strdup_printf("%s %s", W("progress.alt"), W("chart.see-table"));
    g_autofree char *high = language_percent(page->language, kpi_point(most, 0)->attainment);
    g_autofree char *low = language_percent(page->language, kpi_point(least, 0)->attainment);
    g_autofree char *range =
        words_fill(page->language, "progress.alt-range", "first", most->indicator, "most", high,
                   "last", least->indicator, "least", low, NULL);
    return g_strdup_printf("%s %s %s", W("progress.alt"), range, W("chart.see-table"));
}

static int write_trend(Page *page, Sheet *sheet, int row, const Progress *progress)
{
    enum { HEIGHT = 320, ROW_PIXELS = 20 };
    g_autoptr(GPtrArray) periods = periods_of(progress);
    const int column = page->diagram_column;
    if (!periods->len)
        return row;
    page->diagram_column += (int)periods->len + 2;
    const int bars = write_trend_data(page, progress, column, periods);
    static const uint32_t shades[PERIODS_MOST] = {0xB9D0E0, 0x9FC6DF, 0x7FB5D5, 0x5FA3CC,
                                                  0x2F7FB0, LINK,     NAVY}; /* old to new */
    Series series[PERIODS_MOST];
    for (guint p = 0; p < periods->len; p++) {
        series[p] = (Series){.name = periods->pdata[p],
                             .fill = shades[p * (PERIODS_MOST - 1) / MAX(periods->len - 1, 1)],
                             .column = column + 1 + (int)p};
    }
    g_autofree char *alt = alt_text(page, progress);
    const BarChart chart = {.data = page->diagram,
                            .first_row = 1,
                            .last_row = bars,
                            .category_column = column,
                            .series = series,
                            .n_series = periods->len,
                            .legend = true,
                            .width = sheet_pixels(sheet, 0, N_COLS - 1),
                            .height = HEIGHT,
                            .alt_text = alt};
    row = write_heading(page, sheet, row, "progress.chart");
    sheet_column_chart(sheet, row, 0, &chart);
    return row + HEIGHT / ROW_PIXELS;
}

/* --- events and history ---
 */

static int write_notes_of(Page *page, Sheet *sheet, int row, int area, const GArray *notes,
                          const char *kind)
{
    for (guint i = 0; i < notes->len; i++, row++) {
        const AreaNote *note = &g_array_index(notes, AreaNote, i);
        cell_text(sheet, row, 0, &LOOK_TEXT, area_term(page, area)->id);
        cell_text(sheet, row, 1, &LOOK_TEXT, W(kind));
        cell_text(sheet, row, 2, &LOOK_TEXT, note->text);
        page_figure(page, sheet, row, 3, &LOOK_INT, note->key, "organisations");
    }
    return row;
}

static int write_events(Page *page, Sheet *sheet, int row, const Progress *progress)
{
    static const char *const keys[] = {"column.area", "column.what-kind", "column.what",
                                       "column.organisations"};
    static const bool numbers[] = {false, false, false, true};
    guint notes = 0;
    for (guint i = 0; i < progress->areas->len; i++)
        notes += area_at(progress, i)->events->len + area_at(progress, i)->initiatives->len;
    if (!notes)
        return row;
    const int n = G_N_ELEMENTS(keys), header = write_heading(page, sheet, row, "progress.events");
    row = header;
    write_heads(page, sheet, row++, keys, numbers, n);
    for (guint i = 0; i < progress->areas->len; i++) {
        const AreaStatus *area = area_at(progress, i);
        row = write_notes_of(page, sheet, row, area->area, area->events, "progress.event");
        row =
            write_notes_of(page, sheet, row, area->area, area->initiatives, "progress.initiative");
    }
    sheet_table(sheet, "StatusHendelser", header, 0, n, row - header - 1, false);
    return row;
}

/* One column a wave, the newest that there is room for. */
static int write_history(Page *page, Sheet *sheet, int row, const Progress *progress)
{
    enum { WAVES_MOST = N_COLS - 2 };
    const guint all = progress->waves->len, first = all > WAVES_MOST ? all - WAVES_MOST : 0;
    if (all < 2)
        return row;
    const int header = write_heading(page, sheet, row, "progress.history");
    row = header;
    cell_text(sheet, row, 0, &LOOK_HEADER, W("column.number"));
    cell_text(sheet, row, 1, &LOOK_HEADER, W("column.strategic-area"));
    for (guint w = first; w < all; w++) {
        /* People name waves, and no two columns may be called the same: each has its number. */
        g_autofree char *n = g_strdup_printf("%u", w + 1);
        g_autofree char *head = words_fill(page->language, "progress.wave", "n", n, "wave",
                                           (const char *)progress->waves->pdata[w], NULL);
        cell_text(sheet, row, 2 + (int)(w - first), &LOOK_HEADER, head);
    }
    row++;
    for (guint i = 0; i < progress->areas->len; i++, row++) {
        const AreaStatus *area = area_at(progress, i);
        cell_text(sheet, row, 0, &LOOK_TEXT, area_term(page, area->area)->id);
        cell_text(sheet, row, 1, &LOOK_TEXT, page_term(page, TERM_AREA, area->area));
        for (guint w = first; w < all; w++) {
            const AreaLight *light = &g_array_index(area->earlier, AreaLight, w);
            write_light(page, sheet, row, 2 + (int)(w - first), light->status.light, light->key,
                        "light");
        }
    }
    sheet_table(sheet, "StatusOverTid", header, 0, 2 + (int)(all - first), row - header - 1, false);
    return row;
}

/* --- the sheet ---
 */

static char *sentence_of(const Page *page, const Progress *progress)
{
    size_t lights[4] = {0};
    for (guint i = 0; i < progress->areas->len; i++)
        lights[area_at(progress, i)->now.status.light]++;
    g_autofree char *green = language_number(page->language, (double)lights[STATUS_GREEN], 0);
    g_autofree char *yellow = language_number(page->language, (double)lights[STATUS_YELLOW], 0);
    g_autofree char *red = language_number(page->language, (double)lights[STATUS_RED], 0);
    g_autofree char *grey = language_number(page->language, (double)lights[STATUS_GREY], 0);
    g_autofree char *all = language_number(page->language, (double)progress->areas->len, 0);
    g_autofree char *told = words_fill(page->language, "progress.sentence", "green", green,
                                       "yellow", yellow, "red", red, "all", all, NULL);
    g_autofree char *untold = words_fill(page->language, "progress.sentence-grey", "n", grey, NULL);
    return g_strjoin(" ", told, lights[STATUS_GREY] ? untold : NULL, NULL);
}

static char *rests_on(const Page *page, const Progress *progress)
{
    size_t people = 0, organisations = 0;
    for (guint i = 0; i < progress->areas->len; i++) {
        people = MAX(people, area_at(progress, i)->now.people);
        organisations = MAX(organisations, area_at(progress, i)->now.organisations);
    }
    const double elapsed = period_elapsed(&page->project->period, progress->day);
    g_autofree char *rests = page_rests_on(page, people, organisations);
    g_autofree char *time = g_strdup(W("progress.no-period"));
    if (is_defined(elapsed)) {
        GDate date;
        char day[sizeof "2021-06-04"];
        g_date_clear(&date, 1);
        g_date_set_julian(&date, progress->day);
        g_date_strftime(day, sizeof day, "%Y-%m-%d", &date);
        g_autofree char *share = language_percent(page->language, elapsed);
        g_free(time);
        time = words_fill(page->language, "progress.elapsed", "date", day, "share", share, NULL);
    }
    return g_strdup_printf("%s · %s %s", rests, time, W("progress.tables"));
}

void status_write(Page *page, Sheet *sheet)
{
    const Progress *progress = results_progress(page->results);
    g_autofree char *sentence = sentence_of(page, progress);
    g_autofree char *rests = rests_on(page, progress);
    page_head(page, sheet, W("progress.title"), sentence, rests);
    int row = write_areas(page, sheet, progress);
    row = write_parts(page, sheet, row, progress);
    row = write_history(page, sheet, row, progress);
    row = write_kpis(page, sheet, row, progress);
    row = write_trend(page, sheet, row, progress);
    write_events(page, sheet, row, progress);
    page_print(page, sheet, SHEET_LANDSCAPE_WIDE, -1);
}
