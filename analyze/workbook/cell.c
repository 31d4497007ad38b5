#include "analyze/workbook/cell.h"

#include "analyze/undefined.h"
#include "analyze/workbook/cell_private.h"
#include "analyze/workbook/textgate.h"
#include "schemas/error.h"
#include "schemas/response.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <locale.h>
#include <string.h>

#define DEFAULT_WIDTH  8.43
#define DEFAULT_HEIGHT 15.0
#define TALLEST        409.0

enum { CELL_UNITS = 32767 };

/* --- measuring text ----------------------------------------------------------------------------
 */

/* Widths of Arial's printable ASCII in thousandths of an em (the metrics that Liberation Sans
 * shares), from the space on. */
static const short arial[] = {
    278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333,  278, 278, 556, 556, 556,
    556, 556, 556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556, 1015, 667, 667, 722, 722, 667,
    611, 778, 722, 278, 500, 667, 556, 833, 722, 778, 667, 778, 722, 667,  611, 722, 667, 944, 667,
    667, 611, 278, 278, 278, 469, 556, 333, 556, 556, 500, 556, 556, 278,  556, 556, 222, 222, 500,
    222, 833, 556, 556, 556, 556, 333, 500, 278, 556, 500, 722, 500, 500,  500, 334, 260, 334, 584,
};

static double char_width(gunichar c)
{
    if (c >= 0x20 && c < 0x20 + G_N_ELEMENTS(arial))
        return arial[c - 0x20];
    switch (c) {
    case 0xE6: /* æ */
        return 889;
    case 0xC6:   /* Æ */
    case 0x2026: /* … */
        return 1000;
    case 0xF8: /* ø */
        return 611;
    case 0xD8: /* Ø */
        return 778;
    case 0xC5: /* Å */
        return 667;
    case 0xA0: /* no-break space */
        return 278;
    default:
        return c > 0x2E80 ? 1000 : 560;
    }
}

static double word_width(const char *from, const char *to)
{
    double width = 0;
    for (; from < to; from = g_utf8_next_char(from))
        width += char_width(g_utf8_get_char(from));
    return width;
}

/* Lines that one paragraph takes in `room` thousandths of an em, broken at blanks as a reader's
 * program does; a word longer than a line is broken where it must. */
static int paragraph_lines(const char *from, const char *to, double room)
{
    int lines = 1;
    double used = 0;
    while (from < to) {
        const char *end = from;
        while (end < to && *end != ' ' && *end != '-')
            end = g_utf8_next_char(end);
        if (end < to)
            end++;
        double word = word_width(from, end);
        double bare = end > from && end[-1] == ' ' ? word - arial[0] : word;
        if (used > 0 && used + bare > room) {
            lines++;
            used = 0;
        }
        while (bare > room) {
            lines++;
            bare -= room;
            word -= room;
        }
        used += word;
        from = end;
    }
    return lines;
}

double text_height(const char *text, double width, double size, bool bold)
{
    const double pixels = 7 * width + 5 - 6;
    const double em = size * 96 / 72 / 1000 * 1.03 * (bold ? 1.06 : 1);
    int lines = 0;
    for (const char *from = text;;) {
        const char *end = strchr(from, '\n');
        lines += paragraph_lines(from, end ? end : from + strlen(from), pixels / em);
        if (!end)
            break;
        from = end + 1;
    }
    return MIN(lines * 1.32 * size + 5, TALLEST);
}

/* --- book ----------------------------------------------------------------------------------------
 */

static guint style_hash(gconstpointer pointer)
{
    const Style *s = pointer;
    guint h = (guint)(s->size * 4) * 31 + s->colour;
    h = h * 31 + s->fill;
    h = h * 31 + s->bottom + s->box + s->left;
    return h * 31 + (guint)(s->bold + 2 * s->underline + 4 * s->wrap + 8 * s->unlocked) +
           16 * (guint)s->h + 64 * (guint)s->v + (guint)s->rotation +
           (s->number ? g_str_hash(s->number) : 0);
}

static gboolean style_equal(gconstpointer left, gconstpointer right)
{
    const Style *a = left, *b = right;
    return a->size == b->size && a->bold == b->bold && a->underline == b->underline &&
           a->wrap == b->wrap && a->unlocked == b->unlocked && a->h == b->h && a->v == b->v &&
           a->colour == b->colour && a->fill == b->fill && a->bottom == b->bottom &&
           a->box == b->box && a->left == b->left && a->rotation == b->rotation &&
           g_strcmp0(a->number, b->number) == 0;
}

static void header_free(gpointer pointer)
{
    Header *header = pointer;
    g_free(header->text);
    g_free(header);
}

static void sheet_free(gpointer pointer)
{
    Sheet *sheet = pointer;
    g_free(sheet->name);
    g_array_unref(sheet->widths);
    g_array_unref(sheet->heights);
    g_array_unref(sheet->fixed);
    g_array_unref(sheet->breaks);
    g_array_unref(sheet->tables);
    g_hash_table_unref(sheet->headers);
    g_free(sheet);
}

static void set_properties(Book *book, const BookInfo *info)
{
    g_autofree char *title = text_gate(info->title, PLACE_PROPERTY, info->cut);
    g_autofree char *subject = text_gate(info->subject, PLACE_PROPERTY, info->cut);
    lxw_doc_properties properties = {
        .title = title,
        .subject = subject,
        .author = (char *)info->program,
        .created = info->created == TIME_UNKNOWN ? 1 : info->created / G_USEC_PER_SEC,
    };
    book_note(book, NULL, 0, 0, workbook_set_properties(book->file, &properties));
}

Book *book_new(const char *path, const BookInfo *info)
{
    g_autofree char *folder = g_path_get_dirname(path);
    /* Temporary files on the target's own file system: one disk to be full, and one rename. */
    lxw_workbook_options options = {.tmpdir = folder};
    Book *book = g_new0(Book, 1);
    book->path = g_strdup(path);
    book->cut = g_strdup(info->cut);
    book->file = workbook_new_opt(path, &options);
    book->formats = g_hash_table_new_full(style_hash, style_equal, g_free, NULL);
    book->sheets = g_ptr_array_new_with_free_func(sheet_free);
    book->names = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    if (!book->file)
        g_set_error(&book->error, INNSIKT_ERROR, INNSIKT_ERROR_SYSTEM,
                    "%s: no memory for the workbook", path);
    else
        set_properties(book, info);
    return book;
}

void book_property(Book *book, const char *name, const char *text)
{
    if (book->error)
        return;
    g_autofree char *safe = text_gate(text, PLACE_PROPERTY, "…");
    if (*safe)
        book_note(book, NULL, 0, 0, workbook_set_custom_property_string(book->file, name, safe));
}

static void book_free(Book *book)
{
    g_hash_table_unref(book->formats);
    g_ptr_array_unref(book->sheets);
    g_hash_table_unref(book->names);
    g_clear_error(&book->error);
    g_free(book->path);
    g_free(book->cut);
    g_free(book);
}

void book_abandon(Book *book)
{
    lxw_workbook_free(book->file);
    book_free(book);
}

void book_note(Book *book, const Sheet *sheet, int row, int column, lxw_error code)
{
    if (code == LXW_NO_ERROR || book->error)
        return;
    g_set_error(&book->error, INNSIKT_ERROR, INNSIKT_ERROR_SYSTEM,
                "%s: sheet %s, row %d, column %d: %s", book->path, sheet ? sheet->name : "–",
                row + 1, column + 1, lxw_strerror(code));
}

/* The library writes numbers as the locale says, and a comma breaks the file (workbook.md 4.2).
 * Returns the thread's locale, to be put back with uselocale. */
static locale_t numbers_with_point(void)
{
    static gsize point = 0;
    if (g_once_init_enter(&point))
        g_once_init_leave(&point, (gsize)newlocale(LC_NUMERIC_MASK, "C", (locale_t)0));
    return uselocale((locale_t)point);
}

static void apply_heights(Sheet *sheet)
{
    for (guint row = 0; row < sheet->heights->len; row++) {
        double height = g_array_index(sheet->heights, double, row);
        if (height > 0)
            book_note(sheet->book, sheet, (int)row, 0,
                      worksheet_set_row(sheet->file, row, height, NULL));
    }
}

bool book_close(Book *book, GError **error)
{
    if (book->error) {
        g_propagate_error(error, g_steal_pointer(&book->error));
        book_abandon(book);
        return false;
    }
    for (guint i = 0; i < book->sheets->len; i++)
        apply_heights(book->sheets->pdata[i]);
    const locale_t locale = numbers_with_point();
    errno = 0;
    lxw_error code = workbook_close(book->file);
    const int cause = errno;
    uselocale(locale);
    if (code != LXW_NO_ERROR && !book->error)
        g_set_error(&book->error, INNSIKT_ERROR, INNSIKT_ERROR_SYSTEM,
                    "%s: cannot be written: %s; nothing was changed", book->path,
                    cause ? g_strerror(cause) : lxw_strerror(code));
    bool ok = !book->error;
    if (!ok) {
        g_unlink(book->path);
        g_propagate_error(error, g_steal_pointer(&book->error));
    }
    book_free(book);
    return ok;
}

bool book_name_is_new(Book *book, const char *kind, const char *name)
{
    g_autofree char *folded = g_utf8_casefold(name, -1);
    if (g_hash_table_add(book->names, g_strconcat(kind, folded, NULL)))
        return true;
    if (!book->error)
        g_set_error(&book->error, INNSIKT_ERROR, INNSIKT_ERROR_SYSTEM, "%s: %s%s is used twice",
                    book->path, kind, name);
    return false;
}

/* Excel refuses what the library lets pass: a name too long in UTF-16 units, or «History». */
static bool is_sheet_name(const char *name)
{
    g_autofree gunichar2 *utf16 = NULL;
    glong units = 0;
    g_autofree char *folded = g_utf8_casefold(name, -1);
    utf16 = g_utf8_to_utf16(name, -1, NULL, &units, NULL);
    return utf16 && units > 0 && units <= NAME_UNITS && !strpbrk(name, "[]:*?/\\") &&
           *name != '\'' && !g_str_has_suffix(name, "'") && strcmp(folded, "history") != 0;
}

/* --- sheet --- */

Sheet *book_sheet(Book *book, const char *name)
{
    Sheet *sheet = g_new0(Sheet, 1);
    sheet->book = book;
    sheet->name = g_strdup(name);
    sheet->widths = g_array_new(FALSE, TRUE, sizeof(double));
    sheet->heights = g_array_new(FALSE, TRUE, sizeof(double));
    sheet->fixed = g_array_new(FALSE, TRUE, sizeof(gboolean));
    sheet->breaks = g_array_new(TRUE, TRUE, sizeof(lxw_row_t));
    sheet->tables = g_array_new(FALSE, FALSE, sizeof(Area));
    sheet->headers = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, header_free);
    g_ptr_array_add(book->sheets, sheet);
    if (!book->error && book_name_is_new(book, "sheet ", name)) {
        sheet->file = is_sheet_name(name) ? workbook_add_worksheet(book->file, name) : NULL;
        if (!sheet->file)
            g_set_error(&book->error, INNSIKT_ERROR, INNSIKT_ERROR_SYSTEM,
                        "%s: sheet name \"%s\" was refused", book->path, name);
        else
            worksheet_gridlines(sheet->file, LXW_HIDE_ALL_GRIDLINES);
    }
    return sheet;
}

const char *sheet_name(const Sheet *sheet)
{
    return sheet->name;
}

bool sheet_ready(const Sheet *sheet)
{
    return !sheet->book->error && sheet->file;
}

static void set_footer(Sheet *sheet, const PrintSetup *setup)
{
    g_autofree char *left = text_gate(setup->footer_left, PLACE_FOOTER, "…");
    g_autofree char *name = text_gate(sheet->name, PLACE_FOOTER, "…");
    /* The space ends the size: a title that begins with a year would else be read as part of it. */
    g_autofree char *footer = g_strdup_printf(
        "&L&\"Arial,Regular\"&8 %s&R&\"Arial,Regular\"&8 %s · %s", left, name, setup->footer_page);
    book_note(sheet->book, sheet, 0, 0, worksheet_set_footer(sheet->file, footer));
}

void sheet_print(Sheet *sheet, const PrintSetup *setup)
{
    if (!sheet_ready(sheet))
        return;
    const double *m = setup->margin;
    bool own = m[0] > 0;
    worksheet_set_paper(sheet->file, 9);
    worksheet_set_landscape(sheet->file);
    worksheet_set_margins(sheet->file, own ? m[0] : 0.45, own ? m[1] : 0.45, own ? m[2] : 0.5,
                          own ? m[3] : 0.6);
    worksheet_fit_to_pages(sheet->file, 1, setup->fit == SHEET_LANDSCAPE_PAGE ? 1 : 0);
    if (setup->repeat_row >= 0)
        worksheet_repeat_rows(sheet->file, (lxw_row_t)setup->repeat_row,
                              (lxw_row_t)setup->repeat_row);
    if (setup->centred)
        worksheet_center_horizontally(sheet->file);
    worksheet_set_zoom(sheet->file, (uint16_t)(setup->zoom ? setup->zoom : 100));
    if (sheet->breaks->len)
        book_note(
            sheet->book, sheet, 0, 0,
            worksheet_set_h_pagebreaks(sheet->file, (lxw_row_t *)(void *)sheet->breaks->data));
    set_footer(sheet, setup);
    guint columns = MAX(sheet->widths->len, 1);
    book_note(sheet->book, sheet, 0, 0,
              worksheet_print_area(sheet->file, 0, 0,
                                   (lxw_row_t)MAX(MAX(sheet->rows - 1, sheet->drawn), 0),
                                   (lxw_col_t)(columns - 1)));
}

void sheet_break(Sheet *sheet, int row)
{
    lxw_row_t above = (lxw_row_t)row;
    if (!sheet_ready(sheet))
        return;
    g_array_append_val(sheet->breaks, above);
}

void sheet_freeze(Sheet *sheet, int row, int column)
{
    if (sheet_ready(sheet))
        worksheet_freeze_panes(sheet->file, (lxw_row_t)row, (lxw_col_t)column);
}

void sheet_protect(Sheet *sheet)
{
    lxw_protection allowed = {.autofilter = 1, .format_rows = 1, .format_columns = 1};
    if (sheet_ready(sheet))
        worksheet_protect(sheet->file, NULL, &allowed);
}

void sheet_hide(Sheet *sheet)
{
    if (sheet_ready(sheet))
        worksheet_hide(sheet->file);
}

void sheet_activate(Sheet *sheet)
{
    if (!sheet_ready(sheet))
        return;
    worksheet_activate(sheet->file);
    worksheet_set_first_sheet(sheet->file);
}

void sheet_column(Sheet *sheet, int column, double width)
{
    if (!sheet_ready(sheet))
        return;
    if (sheet->widths->len <= (guint)column)
        g_array_set_size(sheet->widths, (guint)column + 1);
    g_array_index(sheet->widths, double, column) = width;
    book_note(sheet->book, sheet, 0, column,
              worksheet_set_column(sheet->file, (lxw_col_t)column, (lxw_col_t)column, width, NULL));
}

static double column_width(const Sheet *sheet, int column)
{
    double width =
        (guint)column < sheet->widths->len ? g_array_index(sheet->widths, double, column) : 0;
    return width > 0 ? width : DEFAULT_WIDTH;
}

int sheet_pixels(const Sheet *sheet, int first, int last)
{
    double pixels = 0;
    for (int c = first; c <= last; c++)
        pixels += (int)(7 * column_width(sheet, c) + 5);
    return (int)pixels;
}

double sheet_points(const Sheet *sheet, int first, int last)
{
    double points = 0;
    for (int row = first; row <= last; row++) {
        double height =
            (guint)row < sheet->heights->len ? g_array_index(sheet->heights, double, row) : 0;
        points += height > 0 ? height : DEFAULT_HEIGHT;
    }
    return points;
}

int sheet_rows_written(const Sheet *sheet)
{
    int rows = 0;
    for (guint row = 0; row < sheet->heights->len; row++)
        rows += g_array_index(sheet->heights, double, row) > 0;
    return rows;
}

static void row_reach(Sheet *sheet, int row)
{
    sheet->rows = MAX(sheet->rows, row + 1);
    if (sheet->heights->len <= (guint)row) {
        g_array_set_size(sheet->heights, (guint)row + 1);
        g_array_set_size(sheet->fixed, (guint)row + 1);
    }
}

void sheet_height(Sheet *sheet, int row, double points)
{
    if (!sheet_ready(sheet))
        return;
    row_reach(sheet, row);
    g_array_index(sheet->heights, double, row) = points;
    g_array_index(sheet->fixed, gboolean, row) = TRUE;
}

static void row_fit(Sheet *sheet, int row, double height)
{
    row_reach(sheet, row);
    double *now = &g_array_index(sheet->heights, double, row);
    if (!g_array_index(sheet->fixed, gboolean, row) && height > MAX(*now, DEFAULT_HEIGHT))
        *now = height;
}

/* --- formats --- */

static void format_borders(lxw_format *format, const Style *style)
{
    if (style->bottom) {
        format_set_bottom(format, LXW_BORDER_THIN);
        format_set_bottom_color(format, style->bottom);
    }
    if (style->box) {
        format_set_border(format, LXW_BORDER_THIN);
        format_set_border_color(format, style->box);
    }
    if (style->left) {
        format_set_left(format, LXW_BORDER_THICK);
        format_set_left_color(format, style->left);
    }
}

static void format_align(lxw_format *format, const Style *style)
{
    static const uint8_t horizontal[] = {LXW_ALIGN_LEFT, LXW_ALIGN_CENTER, LXW_ALIGN_RIGHT};
    static const uint8_t vertical[] = {LXW_ALIGN_VERTICAL_TOP, LXW_ALIGN_VERTICAL_CENTER,
                                       LXW_ALIGN_VERTICAL_BOTTOM};
    format_set_align(format, horizontal[style->h]);
    format_set_align(format, vertical[style->v]);
    /* A hair of air between a right-aligned number and the text beside it. */
    if (style->h == H_RIGHT)
        format_set_indent(format, 1);
    if (style->wrap)
        format_set_text_wrap(format);
    if (style->rotation)
        format_set_rotation(format, (int16_t)style->rotation);
}

static lxw_format *format_of(Book *book, const Style *style)
{
    lxw_format *format = g_hash_table_lookup(book->formats, style);
    if (format)
        return format;
    format = workbook_add_format(book->file);
    format_set_font_name(format, "Arial");
    format_set_font_size(format, style->size > 0 ? style->size : 10);
    format_set_font_color(format, style->colour ? style->colour : 0x1B2A38);
    if (style->bold)
        format_set_bold(format);
    if (style->underline)
        format_set_underline(format, LXW_UNDERLINE_SINGLE);
    if (style->unlocked)
        format_set_unlocked(format);
    if (style->fill)
        format_set_bg_color(format, style->fill);
    if (style->number)
        format_set_num_format(format, style->number);
    format_align(format, style);
    format_borders(format, style);
    g_hash_table_insert(book->formats, g_memdup2(style, sizeof *style), format);
    return format;
}

/* --- cells --- */

/* A table's header row is rewritten by the library, so text and look must be known again: the text
 * as it came, since a table's header has a limit of its own. */
static void remember_header(Sheet *sheet, int row, int column, const char *text, lxw_format *format)
{
    Header *header = g_new(Header, 1);
    *header = (Header){.text = g_strdup(text), .format = format};
    g_hash_table_insert(sheet->headers, g_strdup_printf("%d %d", row, column), header);
}

static void measure(Sheet *sheet, int row, int column, const Style *style, const char *text)
{
    const double size = style->size > 0 ? style->size : 10;
    if (style->rotation)
        row_reach(sheet, row);
    else if (style->wrap)
        row_fit(sheet, row, text_height(text, column_width(sheet, column), size, style->bold));
    else
        row_fit(sheet, row, 1.32 * size + 5);
}

void cell_text(Sheet *sheet, int row, int column, const Style *style, const char *text)
{
    if (!sheet_ready(sheet))
        return;
    g_autofree char *safe =
        text_gate(text, style->wrap ? PLACE_CELL : PLACE_LINE, sheet->book->cut);
    measure(sheet, row, column, style, safe);
    lxw_format *format = format_of(sheet->book, style);
    lxw_error code =
        *safe ? worksheet_write_string(sheet->file, (lxw_row_t)row, (lxw_col_t)column, safe, format)
              : worksheet_write_blank(sheet->file, (lxw_row_t)row, (lxw_col_t)column, format);
    book_note(sheet->book, sheet, row, column, code);
    if (style->bold)
        remember_header(sheet, row, column, text, format);
}

void cell_number(Sheet *sheet, int row, int column, const Style *style, double number)
{
    if (!is_defined(number) || isinf(number)) {
        cell_text(sheet, row, column, style, "–");
        return;
    }
    if (!sheet_ready(sheet))
        return;
    measure(sheet, row, column, style, "0");
    book_note(sheet->book, sheet, row, column,
              worksheet_write_number(sheet->file, (lxw_row_t)row, (lxw_col_t)column,
                                     number == 0 ? 0 : number, format_of(sheet->book, style)));
}

void cell_date(Sheet *sheet, int row, int column, const Style *style, int64_t instant,
               GTimeZone *zone)
{
    if (instant == TIME_UNKNOWN) {
        cell_text(sheet, row, column, style, "–");
        return;
    }
    g_autoptr(GDateTime) utc = g_date_time_new_from_unix_utc(instant / G_USEC_PER_SEC);
    g_autoptr(GDateTime) local = g_date_time_to_timezone(utc, zone);
    lxw_datetime date = {.year = g_date_time_get_year(local),
                         .month = g_date_time_get_month(local),
                         .day = g_date_time_get_day_of_month(local)};
    if (!sheet_ready(sheet))
        return;
    measure(sheet, row, column, style, "0");
    book_note(sheet->book, sheet, row, column,
              worksheet_write_datetime(sheet->file, (lxw_row_t)row, (lxw_col_t)column, &date,
                                       format_of(sheet->book, style)));
}

static void write_link(Sheet *sheet, int row, int column, const Style *style, const Sheet *target,
                       int target_row, int target_column)
{
    char cell[LXW_MAX_CELL_NAME_LENGTH];
    lxw_rowcol_to_cell(cell, (lxw_row_t)target_row, (lxw_col_t)target_column);
    g_autofree char *url = g_strdup_printf("internal:'%s'!%s", target->name, cell);
    book_note(sheet->book, sheet, row, column,
              worksheet_write_url(sheet->file, (lxw_row_t)row, (lxw_col_t)column, url,
                                  format_of(sheet->book, style)));
}

/* The link first, then the text over it: the library keeps the link and takes the later value. */
void cell_link(Sheet *sheet, int row, int column, const Style *style, const char *text,
               const Sheet *target, int target_row, int target_column)
{
    if (!sheet_ready(sheet))
        return;
    write_link(sheet, row, column, style, target, target_row, target_column);
    cell_text(sheet, row, column, style, text);
}

void cell_number_link(Sheet *sheet, int row, int column, const Style *style, double number,
                      const Sheet *target, int target_row, int target_column)
{
    if (!sheet_ready(sheet))
        return;
    write_link(sheet, row, column, style, target, target_row, target_column);
    cell_number(sheet, row, column, style, number);
}

/* The library refuses rich text with an empty run, with fewer than two, or longer than a cell: such
 * a text is written plain, in the look of the cell. */
void cell_rich(Sheet *sheet, int row, int column, const Style *style, const Run *runs, size_t n)
{
    if (!sheet_ready(sheet))
        return;
    g_autofree lxw_rich_string_tuple *tuple = g_new0(lxw_rich_string_tuple, n + 1);
    g_autofree lxw_rich_string_tuple **tuples = g_new0(lxw_rich_string_tuple *, n + 1);
    g_autoptr(GPtrArray) texts = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GString) raw = g_string_new(NULL), whole = g_string_new(NULL);
    Style plain = *style;
    guint kept = 0;
    for (size_t i = 0; i < n; i++) {
        Style look = {.size = runs[i].size, .bold = runs[i].bold, .colour = runs[i].colour};
        char *safe = text_gate(runs[i].text, PLACE_LINE, sheet->book->cut);
        g_ptr_array_add(texts, safe);
        g_string_append(raw, runs[i].text);
        g_string_append(whole, safe);
        plain.size = MAX(i ? plain.size : 0, runs[i].size);
        if (!*safe)
            continue;
        tuple[kept] =
            (lxw_rich_string_tuple){.format = format_of(sheet->book, &look), .string = safe};
        tuples[kept] = &tuple[kept];
        kept++;
    }
    if (kept < 2 || whole->len > CELL_UNITS) {
        cell_text(sheet, row, column, &plain, raw->str);
        return;
    }
    measure(sheet, row, column, &plain, whole->str);
    const locale_t locale = numbers_with_point();
    book_note(sheet->book, sheet, row, column,
              worksheet_write_rich_string(sheet->file, (lxw_row_t)row, (lxw_col_t)column, tuples,
                                          format_of(sheet->book, style)));
    uselocale(locale);
}
