#include "collect/limesurvey_row.h"

#include "collect/escapes.h"

#include <string.h>
#include <yajl/yajl_parse.h>

enum {
    TEXT_BYTES = 1024 * 1024, /* one answer */
    DEPTH = 64,
};

/* Where a cell's text begins among the row's texts, which may still move. */
typedef struct {
    size_t at;
    LsCellKind kind;
} Slot;

/* A key as it stood at this place in the row before: rows repeat their keys in order, so that the
 * next one is found by one comparison. */
typedef struct {
    char *key;
    size_t n;
    int slot; /* -1: not asked for */
} Known;

struct LsRow {
    yajl_handle parser;
    GHashTable *slots; /* heading -> slot + 1 */
    int n_slots;
    Slot *cells;
    LsCell *shown;
    GString *texts;  /* of the row, NUL-terminated one after another */
    GArray *known;   /* of Known */
    guint key_index; /* of the next key in the row */
    int level;       /* depth inside the row */
    int base;        /* the level its members stand at: 1, or 2 when wrapped */
    int slot;        /* of the key just read */
    const char *unreadable;
};

static void put_cell(LsRow *row, LsCellKind kind, const char *text, size_t n)
{
    Slot *cell = &row->cells[row->slot];
    *cell = (Slot){row->texts->len, kind};
    if (kind == CELL_TEXT) {
        g_string_append_len(row->texts, text, (gssize)n);
        g_string_append_c(row->texts, '\0');
    }
}

static int take_value(LsRow *row, LsCellKind kind, const char *text, size_t n)
{
    if (n > TEXT_BYTES) {
        row->unreadable = "an answer is longer than 1 MiB";
        return 0;
    }
    if (row->level == row->base && row->slot >= 0)
        put_cell(row, kind, text, n);
    return 1;
}

static int on_null(void *data)
{
    return take_value(data, CELL_NULL, NULL, 0);
}

static int on_boolean(void *data, int value)
{
    return value ? take_value(data, CELL_TEXT, "true", 4) : take_value(data, CELL_TEXT, "false", 5);
}

static int on_number(void *data, const char *text, size_t n)
{
    return take_value(data, CELL_TEXT, text, n);
}

static int on_string(void *data, const unsigned char *text, size_t n)
{
    return take_value(data, CELL_TEXT, (const char *)text, n);
}

static int find_slot(LsRow *row, const char *key, size_t n)
{
    if (row->key_index < row->known->len) {
        const Known *known = &g_array_index(row->known, Known, row->key_index);
        if (known->n == n && memcmp(known->key, key, n) == 0)
            return known->slot;
    }
    Known found = {.key = g_strndup(key, n), .n = n};
    found.slot = GPOINTER_TO_INT(g_hash_table_lookup(row->slots, found.key)) - 1;
    if (row->key_index < row->known->len) {
        g_free(g_array_index(row->known, Known, row->key_index).key);
        g_array_index(row->known, Known, row->key_index) = found;
    } else if (row->key_index == row->known->len) {
        g_array_append_val(row->known, found);
    }
    return found.slot;
}

static int on_key(void *data, const unsigned char *key, size_t n)
{
    LsRow *row = data;
    if (row->level != row->base)
        return 1;
    row->slot = find_slot(row, (const char *)key, n);
    row->key_index++;
    return 1;
}

static int go_down(LsRow *row, bool map)
{
    if (++row->level > DEPTH) {
        row->unreadable = "it is nested too deeply";
        return 0;
    }
    /* 3.x wraps each response under its id: {"1501":{"id":"1501",…}}. */
    if (map && row->level == 2 && row->base == 1 && row->key_index == 1) {
        row->base = 2;
        row->key_index = 0;
        row->slot = -1;
    } else if (row->level == row->base + 1 && row->slot >= 0) {
        put_cell(row, CELL_ODD, NULL, 0);
    }
    return 1;
}

static int on_map(void *data)
{
    return go_down(data, true);
}

static int on_list(void *data)
{
    return go_down(data, false);
}

static int on_up(void *data)
{
    LsRow *row = data;
    row->level--;
    return 1;
}

static const yajl_callbacks callbacks = {
    .yajl_null = on_null,
    .yajl_boolean = on_boolean,
    .yajl_number = on_number,
    .yajl_string = on_string,
    .yajl_start_map = on_map,
    .yajl_map_key = on_key,
    .yajl_end_map = on_up,
    .yajl_start_array = on_list,
    .yajl_end_array = on_up,
};

static void fresh_parser(LsRow *row)
{
    if (row->parser)
        yajl_free(row->parser);
    row->parser = yajl_alloc(&callbacks, NULL, row);
    yajl_config(row->parser, yajl_allow_multiple_values, 1);
}

static void show_cells(LsRow *row)
{
    for (int i = 0; i < row->n_slots; i++) {
        const Slot *slot = &row->cells[i];
        bool text = slot->kind == CELL_TEXT;
        row->shown[i] = (LsCell){slot->kind, text ? row->texts->str + slot->at : NULL};
    }
}

static void row_begin(LsRow *row)
{
    for (int i = 0; i < row->n_slots; i++)
        row->cells[i] = (Slot){0, CELL_ABSENT};
    g_string_truncate(row->texts, 0);
    row->key_index = 0;
    row->level = 0;
    row->base = 1;
    row->slot = -1;
    row->unreadable = NULL;
}

bool ls_row_parse(LsRow *row, GString *text, const LsCell **ret_cells, const char **ret_reason)
{
    row_begin(row);
    escapes_mend(text->str, text->len);
    g_string_append_c(text, '\n'); /* so that the parser knows the value is over */
    yajl_status status = yajl_parse(row->parser, (const unsigned char *)text->str, text->len);
    bool readable = status == yajl_status_ok;
    if (!readable)
        fresh_parser(row);
    show_cells(row);
    *ret_cells = row->shown;
    *ret_reason = readable          ? NULL
                  : row->unreadable ? row->unreadable
                                    : "its JSON is broken or its letters are not UTF-8";
    return readable;
}

static void known_clear(gpointer data)
{
    g_free(((Known *)data)->key);
}

LsRow *ls_row_new(const char *const *headings)
{
    LsRow *row = g_new0(LsRow, 1);
    row->slots = g_hash_table_new(g_str_hash, g_str_equal);
    while (headings[row->n_slots]) {
        const char *heading = headings[row->n_slots++];
        g_hash_table_insert(row->slots, (gpointer)heading, GINT_TO_POINTER(row->n_slots));
    }
    row->cells = g_new0(Slot, (size_t)row->n_slots);
    row->shown = g_new0(LsCell, (size_t)row->n_slots);
    row->texts = g_string_new(NULL);
    row->known = g_array_new(FALSE, FALSE, sizeof(Known));
    g_array_set_clear_func(row->known, known_clear);
    fresh_parser(row);
    return row;
}

void ls_row_free(LsRow *row)
{
    if (!row)
        return;
    yajl_free(row->parser);
    g_hash_table_unref(row->slots);
    g_free(row->cells);
    g_free(row->shown);
    g_string_free(row->texts, TRUE);
    g_array_unref(row->known);
    g_free(row);
}
