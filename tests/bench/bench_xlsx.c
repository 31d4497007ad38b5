/* What it costs to read a workbook: `bench_xlsx` prints name, value and unit, tab-separated, for
 * one of 200,000 texts of which no two are equal; `bench_xlsx FILE write` makes that workbook, and
 * `bench_xlsx FILE` reads one's first sheet and prints its cells and a sum over their bytes. */
#include "schemas/xlsx.h"

#include <glib/gstdio.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <xlsxwriter.h>

enum { ROWS = 20000, COLUMNS = 10 };

static void must(bool holds, const GError *error)
{
    if (holds)
        return;
    fprintf(stderr, "%s\n", error ? error->message : "the workbook was not written");
    exit(1);
}

static void book_write(const char *path)
{
    lxw_workbook *book = workbook_new(path);
    lxw_worksheet *sheet = workbook_add_worksheet(book, NULL);
    char text[96];
    for (lxw_row_t r = 0; r < ROWS; r++)
        for (lxw_col_t c = 0; c < COLUMNS; c++) {
            g_snprintf(text, sizeof text, "Svar %u.%u: «vi når målet når vi må, år for år» %x", r,
                       c, (r * 2654435761U) ^ c);
            worksheet_write_string(sheet, r, c, text, NULL);
        }
    must(workbook_close(book) == LXW_NO_ERROR, NULL);
}

static uint64_t book_read(const char *path, uint64_t *ret_bytes)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(Xlsx) xlsx = xlsx_open(path, path, &error);
    must(xlsx, error);
    g_autoptr(XlsxRows) rows = xlsx_rows(xlsx, 0, &error);
    must(rows, error);
    uint64_t cells = 0;
    XlsxRow row;
    for (*ret_bytes = 0;; cells += row.n) {
        bool read = xlsx_rows_next(rows, &row, &error);
        must(read, error);
        if (!row.n)
            return cells;
        for (size_t i = 0; i < row.n; i++)
            *ret_bytes += strlen(row.cell[i].text);
    }
}

static void measure(void)
{
    g_autofree char *folder = g_dir_make_tmp("innsikt-bench-XXXXXX", NULL);
    g_autofree char *path = g_build_filename(folder, "bok.xlsx", NULL);
    uint64_t bytes;
    book_write(path);
    int64_t start = g_get_monotonic_time();
    uint64_t cells = book_read(path, &bytes);
    double seconds = (double)(g_get_monotonic_time() - start) / G_USEC_PER_SEC;
    printf("xlsx_read\t%.4g\ts\nxlsx_cells\t%.4g\t1/s\n", seconds, (double)cells / seconds);
    g_remove(path);
    g_rmdir(folder);
}

int main(int argc, char **argv)
{
    uint64_t bytes;
    if (argc > 2)
        book_write(argv[1]);
    else if (argc > 1) {
        uint64_t cells = book_read(argv[1], &bytes);
        printf("%" G_GUINT64_FORMAT " %" G_GUINT64_FORMAT "\n", cells, bytes);
    } else
        measure();
    return 0;
}
