#include "analyze/workbook/cell_private.h"
#include "analyze/workbook/textgate.h"

/* Small labels vanish by number format, without code for single points (workbook.md 2.4). */
#define LABEL_FORMAT "[>=0.055]0 %;;"

static lxw_chart_font font_of(uint32_t colour, bool bold)
{
    return (lxw_chart_font){.name = (char *)"Arial", .size = 10, .color = colour, .bold = bold};
}

static void add_series(Sheet *sheet, lxw_chart *chart, const BarChart *spec, const Series *s)
{
    lxw_chart_series *series = chart_add_series(chart, NULL, NULL);
    if (!series) {
        book_note(sheet->book, sheet, 0, 0, LXW_ERROR_MEMORY_MALLOC_FAILED);
        return;
    }
    const char *data = spec->data->name;
    chart_series_set_categories(series, data, (lxw_row_t)spec->first_row,
                                (lxw_col_t)spec->category_column, (lxw_row_t)spec->last_row,
                                (lxw_col_t)spec->category_column);
    chart_series_set_values(series, data, (lxw_row_t)spec->first_row, (lxw_col_t)s->column,
                            (lxw_row_t)spec->last_row, (lxw_col_t)s->column);
    g_autofree char *name = text_gate(s->name, PLACE_HEADER, "…");
    /* The library reads a name that begins with = as a formula, not as text. */
    g_autofree char *text = g_strconcat(*name == '=' ? " " : "", name, NULL);
    chart_series_set_name(series, text);
    lxw_chart_fill fill = {.color = s->fill, .none = s->fill == 0};
    lxw_chart_line line = {.color = 0xFFFFFF, .width = 1, .none = s->fill == 0};
    chart_series_set_fill(series, &fill);
    chart_series_set_line(series, &line);
    if (s->label) {
        lxw_chart_font font = font_of(s->label, true);
        chart_series_set_labels(series);
        chart_series_set_labels_num_format(series,
                                           spec->label_format ? spec->label_format : LABEL_FORMAT);
        chart_series_set_labels_font(series, &font);
    }
}

static void set_axes(lxw_chart *chart, const BarChart *spec)
{
    lxw_chart_font font = font_of(0x1B2A38, false);
    lxw_chart_line none = {.none = LXW_TRUE};
    lxw_chart_line ink = {.color = 0x1B2A38, .width = 1.25};
    /* In a bar chart x_axis is the value axis and y_axis the categories. */
    chart_axis_set_min(chart->x_axis, 0);
    chart_axis_set_max(chart->x_axis, spec->axis_max);
    chart_axis_set_label_position(chart->x_axis, LXW_CHART_AXIS_LABEL_POSITION_NONE);
    chart_axis_major_gridlines_set_visible(chart->x_axis, LXW_FALSE);
    chart_axis_set_line(chart->x_axis, &none);
    chart_axis_set_major_tick_mark(chart->x_axis, LXW_CHART_AXIS_TICK_MARK_NONE);
    chart_axis_set_reverse(chart->y_axis);
    chart_axis_set_num_font(chart->y_axis, &font);
    chart_axis_set_label_position(chart->y_axis, LXW_CHART_AXIS_LABEL_POSITION_LOW);
    chart_axis_set_major_tick_mark(chart->y_axis, LXW_CHART_AXIS_TICK_MARK_NONE);
    chart_axis_set_line(chart->y_axis, spec->crosses > 0 ? &ink : &none);
    if (spec->crosses > 0)
        chart_axis_set_crossing(chart->x_axis, spec->crosses);
}

static void set_legend(lxw_chart *chart, const BarChart *spec)
{
    if (!spec->legend) {
        chart_legend_set_position(chart, LXW_CHART_LEGEND_NONE);
        return;
    }
    lxw_chart_font font = font_of(0x1B2A38, false);
    int16_t hidden[2] = {-1, -1};
    for (size_t i = 0; i < spec->n_series; i++)
        if (spec->series[i].fill == 0)
            hidden[0] = (int16_t)i;
    chart_legend_set_position(chart, LXW_CHART_LEGEND_TOP);
    chart_legend_set_font(chart, &font);
    if (hidden[0] >= 0)
        chart_legend_delete_series(chart, hidden);
}

/* A new chart of the book, or NULL with the error noted. */
static lxw_chart *chart_new(Sheet *sheet, int row, int column, uint8_t type)
{
    lxw_chart *chart = workbook_add_chart(sheet->book->file, type);
    if (!chart)
        book_note(sheet->book, sheet, row, column, LXW_ERROR_MEMORY_MALLOC_FAILED);
    return chart;
}

static void chart_insert(Sheet *sheet, int row, int column, lxw_chart *chart, int width, int height,
                         const char *alt_text)
{
    lxw_chart_line none = {.none = LXW_TRUE};
    chart_chartarea_set_line(chart, &none);
    chart_show_hidden_data(chart);
    for (int last = row;; last++)
        if (sheet_points(sheet, row, last) >= height * 0.75) {
            sheet->drawn = MAX(sheet->drawn, last);
            break;
        }
    g_autofree char *alt = text_gate(alt_text, PLACE_ALT_TEXT, "…");
    lxw_chart_options options = {
        .x_scale = width / 480.0,
        .y_scale = height / 288.0,
        .object_position = LXW_OBJECT_MOVE_DONT_SIZE,
        .description = alt,
    };
    book_note(sheet->book, sheet, row, column,
              worksheet_insert_chart_opt(sheet->file, (lxw_row_t)row, (lxw_col_t)column, chart,
                                         &options));
}

void sheet_bar_chart(Sheet *sheet, int row, int column, const BarChart *spec)
{
    if (!sheet_ready(sheet) || spec->last_row < spec->first_row)
        return;
    lxw_chart *chart = chart_new(sheet, row, column, LXW_CHART_BAR_STACKED);
    if (!chart)
        return;
    for (size_t i = 0; i < spec->n_series; i++)
        add_series(sheet, chart, spec, &spec->series[i]);
    set_axes(chart, spec);
    set_legend(chart, spec);
    chart_set_series_gap(chart, 42);
    chart_set_series_overlap(chart, 100);
    chart_insert(sheet, row, column, chart, spec->width, spec->height, spec->alt_text);
}

/* --- columns --- */

void sheet_column_chart(Sheet *sheet, int row, int column, const BarChart *spec)
{
    if (!sheet_ready(sheet) || spec->last_row < spec->first_row)
        return;
    lxw_chart *chart = chart_new(sheet, row, column, LXW_CHART_COLUMN);
    if (!chart)
        return;
    lxw_chart_font font = font_of(0x1B2A38, false);
    lxw_chart_line hairline = {.color = 0xC5D0D8, .width = 0.75};
    for (size_t i = 0; i < spec->n_series; i++)
        add_series(sheet, chart, spec, &spec->series[i]);
    chart_axis_set_num_font(chart->x_axis, &font);
    chart_axis_set_label_position(chart->x_axis, LXW_CHART_AXIS_LABEL_POSITION_LOW);
    chart_axis_set_major_tick_mark(chart->x_axis, LXW_CHART_AXIS_TICK_MARK_NONE);
    if (spec->axis_max > 0)
        chart_axis_set_max(chart->y_axis, spec->axis_max);
    chart_axis_set_num_font(chart->y_axis, &font);
    chart_axis_set_num_format(chart->y_axis, spec->label_format ? spec->label_format : "0 %");
    chart_axis_major_gridlines_set_line(chart->y_axis, &hairline);
    set_legend(chart, spec);
    chart_set_series_gap(chart, 60);
    chart_set_series_overlap(chart, 0);
    chart_insert(sheet, row, column, chart, spec->width, spec->height, spec->alt_text);
}

/* --- points --- */

/* Every point's label is a text of its own: a reference to a cell is read by Excel alone, and
 * others would show the value instead. */
static void label_points(lxw_chart_series *series, const ScatterChart *spec)
{
    const int n = spec->last_row - spec->first_row + 1;
    lxw_chart_font font = font_of(0x1B2A38, true);
    g_autofree lxw_chart_data_label *label = g_new0(lxw_chart_data_label, n);
    g_autofree lxw_chart_data_label **list = g_new0(lxw_chart_data_label *, n + 1);
    g_autoptr(GPtrArray) texts = g_ptr_array_new_with_free_func(g_free);
    for (int i = 0; i < n; i++) {
        g_autofree char *text = text_gate(spec->labels[i], PLACE_HEADER, "…");
        char *shown = g_strconcat(*text == '=' ? " " : "", text, NULL);
        g_ptr_array_add(texts, shown);
        label[i] = (lxw_chart_data_label){.value = shown, .font = &font};
        list[i] = &label[i];
    }
    chart_series_set_labels(series);
    chart_series_set_labels_position(series, LXW_CHART_LABEL_POSITION_ABOVE);
    chart_series_set_labels_font(series, &font);
    chart_series_set_labels_custom(series, list);
}

static void set_square_axis(lxw_chart_axis *axis, const ScatterChart *spec, const char *name)
{
    lxw_chart_font font = font_of(0x1B2A38, false), title = font_of(0x1B2A38, true);
    lxw_chart_line ink = {.color = 0x4A5B68, .width = 1.25};
    g_autofree char *text = text_gate(name, PLACE_HEADER, "…");
    g_autofree char *shown = g_strconcat(*text == '=' ? " " : "", text, NULL);
    chart_axis_set_name(axis, shown);
    chart_axis_set_name_font(axis, &title);
    chart_axis_set_num_font(axis, &font);
    chart_axis_set_num_format(axis, "0");
    chart_axis_set_min(axis, spec->low);
    chart_axis_set_max(axis, spec->high);
    chart_axis_set_major_unit(axis, 1);
    chart_axis_set_crossing(axis, spec->crosses);
    chart_axis_set_line(axis, &ink);
    chart_axis_set_label_position(axis, LXW_CHART_AXIS_LABEL_POSITION_LOW);
    chart_axis_set_major_tick_mark(axis, LXW_CHART_AXIS_TICK_MARK_NONE);
    chart_axis_major_gridlines_set_visible(axis, LXW_FALSE);
}

void sheet_scatter_chart(Sheet *sheet, int row, int column, const ScatterChart *spec)
{
    if (!sheet_ready(sheet) || spec->last_row < spec->first_row)
        return;
    lxw_chart *chart = chart_new(sheet, row, column, LXW_CHART_SCATTER);
    lxw_chart_series *series = chart ? chart_add_series(chart, NULL, NULL) : NULL;
    if (!series)
        return;
    const lxw_row_t first = (lxw_row_t)spec->first_row, last = (lxw_row_t)spec->last_row;
    lxw_chart_fill fill = {.color = spec->fill};
    lxw_chart_line line = {.color = 0xFFFFFF, .width = 0.75};
    chart_series_set_categories(series, spec->data->name, first, (lxw_col_t)spec->x_column, last,
                                (lxw_col_t)spec->x_column);
    chart_series_set_values(series, spec->data->name, first, (lxw_col_t)spec->y_column, last,
                            (lxw_col_t)spec->y_column);
    chart_series_set_marker_type(series, LXW_CHART_MARKER_CIRCLE);
    chart_series_set_marker_size(series, 9);
    chart_series_set_marker_fill(series, &fill);
    chart_series_set_marker_line(series, &line);
    label_points(series, spec);
    set_square_axis(chart->x_axis, spec, spec->x_name);
    set_square_axis(chart->y_axis, spec, spec->y_name);
    chart_legend_set_position(chart, LXW_CHART_LEGEND_NONE);
    chart_insert(sheet, row, column, chart, spec->width, spec->height, spec->alt_text);
}
