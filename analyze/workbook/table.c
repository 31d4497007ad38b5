/* Marked-up tables, and rules that colour cells by their number. */
#include "analyze/workbook/cell_private.h"
#include "analyze/workbook/textgate.h"
#include "schemas/error.h"

#include <string.h>

static void table_error(Sheet *sheet, const char *name, const char *why)
{
    g_set_error(&sheet->book->error, INNSIKT_ERROR, INNSIKT_ERROR_SYSTEM,
                "%s: sheet %s: table %s %s", sheet->book->path, sheet->name, name, why);
}

/* ASCII letters, digits and _, and not to be read as a cell (A1, R1C1), which Excel refuses. */
static bool is_table_name(const char *name)
{
    return strlen(name) <= NAME_UNITS &&
           g_regex_match_simple("^[A-Za-z_][A-Za-z0-9_]*$", name, 0, 0) &&
           !g_regex_match_simple("^([A-Z]{1,3}[0-9]+|R[0-9]*(C[0-9]*)?|C[0-9]*)$", name,
                                 G_REGEX_CASELESS, 0);
}

static bool area_is_free(const Sheet *sheet, const Area *new)
{
    for (guint i = 0; i < sheet->tables->len; i++) {
        const Area *old = &g_array_index(sheet->tables, Area, i);
        if (new->first_row <= old->last_row &&new->last_row >= old->first_row &&new->first_column <=
            old->last_column &&new->last_column >= old->first_column)
            return false;
    }
    return true;
}

/* The header's text and look from the cell, gated for a header; false when it is missing or stands
 * there already. `unique` holds the folded texts and owns them, `texts` the texts. */
static bool take_header(const Sheet *sheet, int row, int column, GHashTable *unique,
                        GPtrArray *texts, lxw_table_column *ret)
{
    g_autofree char *at = g_strdup_printf("%d %d", row, column);
    const Header *header = g_hash_table_lookup(sheet->headers, at);
    if (!header)
        return false;
    char *text = text_gate(header->text, PLACE_HEADER, "…");
    g_ptr_array_add(texts, text);
    ret->header = text;
    ret->header_format = header->format;
    return *text && g_hash_table_add(unique, g_utf8_casefold(text, -1));
}

void sheet_table(Sheet *sheet, const char *name, int header_row, int first_column, int columns,
                 int rows, bool filter)
{
    const Area area = {header_row, header_row + rows, first_column, first_column + columns - 1};
    if (!sheet_ready(sheet) || rows < 1 || !book_name_is_new(sheet->book, "table ", name))
        return;
    if (!is_table_name(name) || !area_is_free(sheet, &area)) {
        table_error(sheet, name, "has a name that Excel refuses, or lies over another");
        return;
    }
    g_array_append_val(sheet->tables, area);
    g_autofree lxw_table_column *column = g_new0(lxw_table_column, columns + 1);
    g_autofree lxw_table_column **list = g_new0(lxw_table_column *, columns + 1);
    g_autoptr(GHashTable) unique = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_autoptr(GPtrArray) texts = g_ptr_array_new_with_free_func(g_free);
    for (int c = 0; c < columns; c++) {
        if (!take_header(sheet, header_row, first_column + c, unique, texts, &column[c])) {
            g_autofree char *why = g_strdup_printf("column %d has no header of its own", c + 1);
            table_error(sheet, name, why);
            return;
        }
        list[c] = &column[c];
    }
    lxw_table_options options = {.name = (char *)name,
                                 .style_type = LXW_TABLE_STYLE_TYPE_LIGHT,
                                 .style_type_number = 0,
                                 .no_banded_rows = LXW_TRUE,
                                 .no_autofilter = filter ? LXW_FALSE : LXW_TRUE,
                                 .columns = list};
    book_note(sheet->book, sheet, header_row, first_column,
              worksheet_add_table(sheet->file, (lxw_row_t)area.first_row,
                                  (lxw_col_t)area.first_column, (lxw_row_t)area.last_row,
                                  (lxw_col_t)area.last_column, &options));
}

void sheet_bar(Sheet *sheet, int first_row, int last_row, int column, uint32_t colour)
{
    if (!sheet_ready(sheet) || last_row < first_row)
        return;
    lxw_conditional_format bar = {.type = LXW_CONDITIONAL_DATA_BAR,
                                  .data_bar_2010 = LXW_TRUE,
                                  .bar_solid = LXW_TRUE,
                                  .bar_color = colour,
                                  .min_rule_type = LXW_CONDITIONAL_RULE_TYPE_NUMBER,
                                  .max_rule_type = LXW_CONDITIONAL_RULE_TYPE_NUMBER,
                                  .min_value = 0,
                                  .max_value = 1};
    book_note(sheet->book, sheet, first_row, column,
              worksheet_conditional_format_range(sheet->file, (lxw_row_t)first_row,
                                                 (lxw_col_t)column, (lxw_row_t)last_row,
                                                 (lxw_col_t)column, &bar));
}

void sheet_heat(Sheet *sheet, int first_row, int last_row, int column, double low, double high,
                uint32_t low_colour, uint32_t high_colour)
{
    if (!sheet_ready(sheet) || last_row < first_row)
        return;
    lxw_conditional_format heat = {.type = LXW_CONDITIONAL_2_COLOR_SCALE,
                                   .min_rule_type = LXW_CONDITIONAL_RULE_TYPE_NUMBER,
                                   .max_rule_type = LXW_CONDITIONAL_RULE_TYPE_NUMBER,
                                   .min_value = low,
                                   .max_value = high,
                                   .min_color = low_colour,
                                   .max_color = high_colour};
    book_note(sheet->book, sheet, first_row, column,
              worksheet_conditional_format_range(sheet->file, (lxw_row_t)first_row,
                                                 (lxw_col_t)column, (lxw_row_t)last_row,
                                                 (lxw_col_t)column, &heat));
}

void sheet_heat_around(Sheet *sheet, int first_row, int last_row, int column, double low,
                       double middle, double high, uint32_t low_colour, uint32_t high_colour)
{
    if (!sheet_ready(sheet) || last_row < first_row)
        return;
    lxw_conditional_format heat = {.type = LXW_CONDITIONAL_3_COLOR_SCALE,
                                   .min_rule_type = LXW_CONDITIONAL_RULE_TYPE_NUMBER,
                                   .mid_rule_type = LXW_CONDITIONAL_RULE_TYPE_NUMBER,
                                   .max_rule_type = LXW_CONDITIONAL_RULE_TYPE_NUMBER,
                                   .min_value = low,
                                   .mid_value = middle,
                                   .max_value = high,
                                   .min_color = low_colour,
                                   .mid_color = 0xFFFFFF,
                                   .max_color = high_colour};
    book_note(sheet->book, sheet, first_row, column,
              worksheet_conditional_format_range(sheet->file, (lxw_row_t)first_row,
                                                 (lxw_col_t)column, (lxw_row_t)last_row,
                                                 (lxw_col_t)column, &heat));
}
