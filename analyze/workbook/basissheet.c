/* Grunnlag: which responses a figure is made of, one row for every family of figures. */
#include "analyze/workbook/sheets.h"

enum {
    COL_KEY,
    COL_SHEET,
    COL_FIGURE,
    COL_METHOD,
    COL_N,
    COL_ORGANISATIONS,
    COL_LEFT_OUT,
    COL_SOURCES,
    COL_PULLED,
    COL_SEED,
    N_COLS
};

static const ColumnHead heads[N_COLS] = {
    [COL_KEY] = {"column.key", 52, false},
    [COL_SHEET] = {"column.sheet", 13, false},
    [COL_FIGURE] = {"column.figure", 60, false},
    [COL_METHOD] = {"column.method", 26, false},
    [COL_N] = {"column.n", 8, true},
    [COL_ORGANISATIONS] = {"column.organisations", 15, true},
    [COL_LEFT_OUT] = {"column.left-out", 36, false},
    [COL_SOURCES] = {"column.sources", 24, false},
    [COL_PULLED] = {"column.pulled", 12, true},
    [COL_SEED] = {"column.seed", 10, true},
};

int basis_sheet_row(int basis)
{
    return ROW_HEADER + 1 + basis;
}

static void write_row(Page *page, Sheet *sheet, guint i)
{
    const Basis *basis = &g_array_index(page->results->bases, Basis, i);
    const int row = basis_sheet_row((int)i);
    g_autofree char *name = g_strconcat("sheet.", basis->sheet, NULL);
    Style seed = LOOK_INT;
    seed.number = "0";
    cell_text(sheet, row, COL_KEY, &LOOK_TEXT, basis->key);
    cell_text(sheet, row, COL_SHEET, &LOOK_TEXT, W(name));
    cell_text(sheet, row, COL_FIGURE, &LOOK_TEXT, basis->figure);
    cell_text(sheet, row, COL_METHOD, &LOOK_TEXT, basis->method);
    cell_number(sheet, row, COL_N, &LOOK_INT, (double)basis->n);
    cell_number(sheet, row, COL_ORGANISATIONS, &LOOK_INT, (double)basis->organisations);
    cell_text(sheet, row, COL_LEFT_OUT, &LOOK_TEXT, basis->left_out);
    cell_text(sheet, row, COL_SOURCES, &LOOK_TEXT, basis->sources);
    cell_date(sheet, row, COL_PULLED, &LOOK_DATE, basis->pulled, page->zone);
    cell_number(sheet, row, COL_SEED, &seed, (double)page->project->seed);
}

void basis_write(Page *page, Sheet *sheet)
{
    const guint n = page->results->bases->len;
    page_head(page, sheet, W("basis.title"), W("basis.sentence"), W("basis.rests-on"));
    page_columns(page, sheet, ROW_HEADER, heads, N_COLS);
    for (guint i = 0; i < n; i++)
        write_row(page, sheet, i);
    sheet_table(sheet, "Grunnlag", ROW_HEADER, 0, N_COLS, (int)n, true);
    sheet_freeze(sheet, ROW_HEADER + 1, 1);
    page_print(page, sheet, SHEET_LANDSCAPE_WIDE, ROW_HEADER);
}
