#include "collect/columns.h"

#include "schemas/error.h"
#include "schemas/nearest.h"
#include "schemas/nfc.h"
#include "schemas/role.h"

#include <inttypes.h>
#include <string.h>

enum { REVISION_LENGTH = 32, HEADER_SHOWN = 60 };

/* --- headers --------------------------------------------------------------------------------- */

char *header_fold(const char *text)
{
    g_autofree char *nfc = nfc_text(text);
    g_autoptr(GString) out = g_string_new(NULL);
    bool gap = false;
    for (const char *p = nfc; *p; p = g_utf8_next_char(p)) {
        gunichar c = g_utf8_get_char(p);
        if (c == 0xFEFF)
            continue;
        if (g_unichar_isspace(c)) {
            gap = true;
            continue;
        }
        if (gap && out->len)
            g_string_append_c(out, ' ');
        gap = false;
        g_string_append_unichar(out, c);
    }
    return g_string_free(g_steal_pointer(&out), FALSE);
}

/* The header made unique: the second X is X.2, unless that is a header too. */
static char *header_unique(GHashTable *taken, const char *header)
{
    char *unique = g_strdup(header);
    for (int count = 2; *header && g_hash_table_contains(taken, unique); count++) {
        g_free(unique);
        unique = g_strdup_printf("%s.%d", header, count);
    }
    g_hash_table_add(taken, g_strdup(unique));
    return unique;
}

/* Headers are whole questions, or anything at all in a file that is no sheet. */
static char *header_shown(const char *header)
{
    if (g_utf8_strlen(header, -1) <= HEADER_SHOWN)
        return g_strdup(header);
    g_autofree char *head = g_utf8_substring(header, 0, HEADER_SHOWN - 1);
    return g_strconcat(head, "…", NULL);
}

const char *columns_question(const Source *source, const char *header)
{
    const Mapping *covering = source_mapping(source, header);
    if (covering)
        return header;
    for (guint i = 0; i < source->mappings->len; i++) {
        const Mapping *mapping = g_ptr_array_index(source->mappings, i);
        g_autofree char *folded = header_fold(mapping->question);
        if (g_str_equal(folded, header))
            return mapping->question;
    }
    return NULL;
}

/* --- what a column means --------------------------------------------------------------------- */

/* Is the question read as a number by another's `…_from`? */
static bool read_as_number(const Source *source, const char *question)
{
    for (guint i = 0; i < source->mappings->len; i++) {
        const Mapping *mapping = g_ptr_array_index(source->mappings, i);
        for (size_t v = 0; v < mapping->n_values; v++) {
            const RoleValue *value = &mapping->values[v];
            const RoleKey *key = role_key(mapping->role, value->key);
            if (key && key->kind == VALUE_NUMBER && !g_strcmp0(value->from, question))
                return true;
        }
    }
    return false;
}

static ColumnUse attribute_use(const Mapping *mapping)
{
    static const struct {
        const char *attribute;
        ColumnUse use;
    } special[] = {{"participants", COLUMN_NUMBER}, {"submitted", COLUMN_TIME}};
    const RoleValue *name = mapping_value(mapping, "name");
    for (size_t i = 0; name && i < G_N_ELEMENTS(special); i++)
        if (!g_strcmp0(name->literal, special[i].attribute))
            return special[i].use;
    return COLUMN_CODE;
}

ColumnUse columns_use(const Source *source, const char *question)
{
    const Mapping *mapping = source_mapping(source, question);
    if (!mapping || mapping->role == ROLE_IGNORE)
        return COLUMN_UNUSED;
    if (mapping->role == ROLE_PERSON)
        return COLUMN_TEXT;
    if (mapping->role == ROLE_KPI || mapping->role == ROLE_INVITED ||
        read_as_number(source, question))
        return COLUMN_NUMBER;
    if (mapping->role == ROLE_ATTRIBUTE)
        return attribute_use(mapping);
    return mapping->scale || mapping->role == ROLE_SUPPORT ? COLUMN_CODE : COLUMN_TEXT;
}

bool columns_is_person(const Source *source, const char *question)
{
    const Mapping *mapping = source_mapping(source, question);
    return mapping && mapping->role == ROLE_PERSON;
}

static bool takes_several(const Source *source, const char *question)
{
    const Mapping *mapping = source_mapping(source, question);
    const RoleValue *name = mapping ? mapping_value(mapping, "name") : NULL;
    return name && mapping->role == ROLE_ATTRIBUTE && !g_strcmp0(name->literal, "organisations");
}

/* --- making ---------------------------------------------------------------------------------- */

enum { FNV_PRIME_BITS = 40 };
static const uint64_t fnv_basis = 14695981039346656037U;

/* FNV-1a: equal texts are told from different ones, nothing is kept secret by it. */
static uint64_t hash_text(uint64_t hash, const char *text, size_t n)
{
    const uint64_t prime = ((uint64_t)1 << FNV_PRIME_BITS) + 0x1B3;
    for (size_t i = 0; i < n; i++)
        hash = (hash ^ (unsigned char)text[i]) * prime;
    return hash;
}

uint64_t columns_hash(const char *text)
{
    return hash_text(fnv_basis, text, strlen(text));
}

static void column_read(const Source *source, Column *column)
{
    column->question = columns_question(source, column->header);
    if (!column->question || !*column->header)
        return;
    column->use = columns_use(source, column->question);
    column->person = columns_is_person(source, column->question);
    column->several = takes_several(source, column->question);
    column->salt = columns_hash(column->question);
}

static void headers_read(Columns *columns, const Source *source, const char *const *headers,
                         size_t n)
{
    g_autoptr(GHashTable) taken = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    columns->column = g_new0(Column, n);
    columns->n = n;
    for (size_t i = 0; i < n; i++) {
        Column *column = &columns->column[i];
        g_autofree char *folded = header_fold(headers[i]);
        column->header = header_unique(taken, folded);
        column->shown = header_shown(column->header);
        if (!g_str_equal(folded, column->header))
            g_ptr_array_add(columns->renamed, column->shown);
        column_read(source, column);
    }
}

static bool has_column(const Columns *columns, const char *question)
{
    for (size_t i = 0; i < columns->n; i++)
        if (!g_strcmp0(columns->column[i].question, question))
            return true;
    return false;
}

static void absent_find(Columns *columns, const Source *source)
{
    for (guint i = 0; i < source->mappings->len; i++) {
        const Mapping *mapping = g_ptr_array_index(source->mappings, i);
        bool pattern =
            strstr(mapping->question, "[*]") || g_str_has_suffix(mapping->question, "/*");
        if (mapping->role != ROLE_IGNORE && !pattern && !has_column(columns, mapping->question))
            g_ptr_array_add(columns->absent, mapping->question);
    }
}

char *columns_help(const Columns *columns, const char *wanted)
{
    g_autoptr(GPtrArray) headers = g_ptr_array_new();
    for (size_t i = 0; i < columns->n; i++)
        if (*columns->column[i].header)
            g_ptr_array_add(headers, columns->column[i].shown);
    g_ptr_array_add(headers, NULL);
    return nearest_help(wanted, (const char *const *)headers->pdata);
}

static bool id_find(Columns *columns, const Source *source, const char *name, GError **error)
{
    columns->id = -1;
    if (!source->id_column)
        return true;
    g_autofree char *wanted = header_fold(source->id_column);
    for (size_t i = 0; i < columns->n; i++)
        if (g_str_equal(columns->column[i].header, wanted))
            columns->id = (int)i;
    if (columns->id < 0) {
        g_autofree char *help = columns_help(columns, wanted);
        g_set_error(error, INNSIKT_ERROR, INNSIKT_ERROR_USAGE,
                    "%s: there is no column \"%s\", which `id:` names; %s", name, wanted, help);
        return false;
    }
    if (columns->column[columns->id].person) {
        g_set_error(error, INNSIKT_ERROR, INNSIKT_ERROR_USAGE,
                    "%s: column \"%s\" identifies a person, and ids are stored as they are; name "
                    "another column under `id:` or leave it out",
                    name, wanted);
        return false;
    }
    return true;
}

Columns *columns_new(const Source *source, const char *name, const char *const *headers, size_t n,
                     GError **error)
{
    g_autoptr(Columns) columns = g_new0(Columns, 1);
    columns->absent = g_ptr_array_new();
    columns->renamed = g_ptr_array_new();
    columns->scratch = g_string_new(NULL);
    if (row_is_blank(headers, n)) {
        g_set_error(error, INNSIKT_ERROR, INNSIKT_ERROR_DATA,
                    "%s has no header: its first row is blank; put the names of the columns there",
                    name);
        return NULL;
    }
    headers_read(columns, source, headers, n);
    absent_find(columns, source);
    return id_find(columns, source, name, error) ? g_steal_pointer(&columns) : NULL;
}

void columns_free(Columns *columns)
{
    if (!columns)
        return;
    for (size_t i = 0; i < columns->n; i++) {
        g_free(columns->column[i].header);
        g_free(columns->column[i].shown);
    }
    g_free(columns->column);
    g_ptr_array_unref(columns->absent);
    g_ptr_array_unref(columns->renamed);
    g_string_free(columns->scratch, TRUE);
    g_free(columns);
}

/* --- rows ------------------------------------------------------------------------------------ */

static bool cell_is_blank(const char *cell)
{
    while (*cell && g_unichar_isspace(g_utf8_get_char(cell)))
        cell = g_utf8_next_char(cell);
    return !*cell;
}

bool row_is_blank(const char *const *cells, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (!cell_is_blank(cells[i]))
            return false;
    return true;
}

/* Only a list ends in the sign between its items. */
static bool is_list(const char *cell)
{
    size_t n;
    const char *text = cell_trim(cell, &n);
    return n > 1 && text[n - 1] == ';';
}

static bool is_list_of_several(const char *cell)
{
    size_t n;
    const char *text = cell_trim(cell, &n);
    return is_list(cell) && memchr(text, ';', n - 1);
}

void columns_survey(Columns *columns, const char *const *cells, size_t n, GTimeZone *zone)
{
    for (size_t i = 0; i < MIN(n, columns->n); i++) {
        Column *column = &columns->column[i];
        if (column->use == COLUMN_UNUSED || !*cells[i])
            continue;
        column->ruined += cell_is_ruined(cells[i]);
        column->joined +=
            column->use == COLUMN_CODE && !column->several && is_list_of_several(cells[i]);
        if (column->use == COLUMN_NUMBER)
            number_vote(&column->numbers, cells[i]);
        int64_t instant;
        bool zone_known;
        if (column->use == COLUMN_TIME && !cell_is_blank(cells[i]))
            column->undated += !cell_time(cells[i], zone, &instant, &zone_known);
    }
}

const char *columns_code(Columns *columns, const char *cell)
{
    const char *code = cell_code(cell, columns->scratch);
    if (!is_list(cell) || is_list_of_several(cell))
        return code;
    g_autofree char *only = g_strndup(code, strlen(code) - 1);
    return cell_code(only, columns->scratch);
}

const char *columns_id(Columns *columns, const char *const *cells, size_t n)
{
    if (columns->id < 0 || (size_t)columns->id >= n)
        return "";
    return cell_code(cells[columns->id], columns->scratch);
}

uint64_t columns_content(const Columns *columns, const char *const *cells, size_t n)
{
    uint64_t content = 0;
    for (size_t i = 0; i < MIN(n, columns->n); i++)
        if (columns->column[i].use != COLUMN_UNUSED && *cells[i])
            content += hash_text(columns->column[i].salt, cells[i], strlen(cells[i]));
    return content;
}

/* What a cell says in its column, or NULL for nothing. *ret_missing: why there is no value, or why
 * the text is none. */
static const char *cell_read(Columns *columns, const Column *column, const char *cell,
                             GTimeZone *zone, Response *response, Missing *ret_missing)
{
    *ret_missing = MISSING_NONE;
    if (cell_is_blank(cell)) {
        *ret_missing = MISSING_NOT_ANSWERED;
        return NULL;
    }
    if (column->use == COLUMN_CODE)
        return columns_code(columns, cell);
    if (column->use == COLUMN_NUMBER) {
        if (number_read(number_style(&column->numbers), cell, columns->scratch))
            return columns->scratch->str;
        *ret_missing = MISSING_UNREADABLE;
    }
    if (column->use == COLUMN_TIME && response->submitted == TIME_UNKNOWN &&
        !cell_time(cell, zone, &response->submitted, &response->zone_known))
        *ret_missing = MISSING_UNREADABLE;
    /* Two people's ruined numbers look alike, and would be taken for one person. */
    if (column->person && cell_is_ruined(cell)) {
        *ret_missing = MISSING_UNREADABLE;
        return NULL;
    }
    return cell;
}

static void digest_text(GChecksum *sum, const char *text)
{
    g_checksum_update(sum, (const guchar *)text, (gssize)strlen(text) + 1);
}

void columns_respond(Columns *columns, const char *const *cells, size_t n, GTimeZone *zone,
                     Response *response)
{
    g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);
    response->state = STATE_COMPLETE;
    for (size_t i = 0; i < columns->n; i++) {
        const Column *column = &columns->column[i];
        if (column->use == COLUMN_UNUSED)
            continue;
        Missing missing;
        const char *text =
            cell_read(columns, column, i < n ? cells[i] : "", zone, response, &missing);
        response_answer(response, column->question, INSTANCE_NONE, text, missing);
        guint last = response->answers->len - 1;
        g_array_index(response->answers, Answer, last).missing = missing;
        if (column->person || !text)
            continue;
        digest_text(sum, column->question);
        digest_text(sum, text);
    }
    for (guint i = 0; i < columns->absent->len; i++)
        response_answer(response, g_ptr_array_index(columns->absent, i), INSTANCE_NONE, NULL,
                        MISSING_NOT_IN_VERSION);
    g_autofree char *revision = g_strndup(g_checksum_get_string(sum), REVISION_LENGTH);
    response->revision = response_keep(response, revision);
}

/* --- notes ----------------------------------------------------------------------------------- */

static void note_style(GPtrArray *notes, const char *name, const Column *column)
{
    const char *why = NULL;
    switch (number_style(&column->numbers)) {
    case NUMBERS_OPEN:
        why = "has only numbers like 1.234, which may be a thousand or a fraction; write them "
              "without the sign that groups digits";
        break;
    case NUMBERS_MIXED:
        why = "mixes decimal commas and decimal points; write them one way";
        break;
    case NUMBERS_PLAIN:
    case NUMBERS_NORWEGIAN:
    case NUMBERS_ENGLISH:
        return;
    }
    g_ptr_array_add(notes, g_strdup_printf("%s: column \"%s\" %s; until then they are not read",
                                           name, column->shown, why));
}

static void note_count(GPtrArray *notes, const char *name, const Column *column, int64_t count,
                       const char *what)
{
    if (count)
        g_ptr_array_add(notes, g_strdup_printf("%s: column \"%s\": %" PRId64 " %s", name,
                                               column->shown, count, what));
}

static void note_column(GPtrArray *notes, const char *name, const Column *column)
{
    note_style(notes, name, column);
    note_count(notes, name, column, column->numbers.other, "cells are no numbers and are not read");
    note_count(notes, name, column, column->undated,
               "times are not read; write them as 2026-12-31 14:05 or 31.12.2026 14:05");
    note_count(
        notes, name, column, column->joined,
        "cells hold several answers joined by `;`, of which the role takes one; where one is "
        "looked for among codes they count as unreadable");
    note_count(notes, name, column, column->ruined,
               "long numbers were ruined by a spreadsheet (written like 1,23E+10); format the "
               "column as text and save it anew");
}

GPtrArray *columns_notes(const Columns *columns, const char *name)
{
    GPtrArray *notes = g_ptr_array_new_with_free_func(g_free);
    for (guint i = 0; i < columns->renamed->len; i++)
        g_ptr_array_add(notes,
                        g_strdup_printf("%s: a header that occurs again is read as column \"%s\"",
                                        name, (char *)g_ptr_array_index(columns->renamed, i)));
    for (guint i = 0; i < columns->absent->len; i++)
        g_ptr_array_add(notes,
                        g_strdup_printf("%s has no column \"%s\"; its rows were not asked", name,
                                        (char *)g_ptr_array_index(columns->absent, i)));
    for (size_t i = 0; i < columns->n; i++)
        note_column(notes, name, &columns->column[i]);
    return notes;
}
