/* JSON files as a form system: every record a response, every path in it a question.
 *
 * Opening reads all files once, so that faults are told before anything is stored and records that
 * claim the same id are found. Pages then read them again. */
#include "collect/collector.h"

#include "collect/columns.h"
#include "collect/copies.h"
#include "collect/files.h"
#include "collect/json_reader.h"
#include "schemas/nearest.h"

#include <inttypes.h>
#include <string.h>

enum { PAGE_RECORDS = 500, CHOICES_LIMIT = 20, PATHS_LIMIT = 16384, REVISION_LENGTH = 32 };

/* What a path is for. */
typedef struct {
    char *path, *folded;
    const char *question; /* as project.yaml spells it; NULL: not mapped */
    ColumnUse use;
    bool person, is_id, in_repeat;
    int64_t ruined, undated; /* values that say nothing */
    int64_t last;            /* the record that last held it outside repeats */
    guint64 salt;
    GHashTable *codes; /* seen, of a question with codes; NULL: not looked for */
} Path;

typedef struct {
    const Source *source;
    GTimeZone *zone;
    bool lines;
    SourceFiles *found;
    GArray *counts;    /* of int64_t: the records of each file */
    GHashTable *paths; /* path → Path* */
    GPtrArray *seen;   /* of Path*, in order of appearance; at most PATHS_LIMIT */
    Copies *copies;    /* by the number of the record; none without an id */
    int64_t total, repeating;
    char *repeating_place; /* the first of those */
    guint current;         /* file being paged through … */
    JsonReader *reader;    /* … and where in it; NULL: not begun */
    int64_t given;         /* records of it that were read */
    int64_t passed;        /* records of all files that were read */
    Response *response;
    GString *scratch;
    bool announced;
} Json;

/* --- paths --------------------------------------------------------------------------------------
 */

static void path_free(gpointer pointer)
{
    Path *path = pointer;
    g_clear_pointer(&path->codes, g_hash_table_unref);
    g_free(path->path);
    g_free(path->folded);
    g_free(path);
}

static Path *path_new(const Json *json, const char *name)
{
    Path *path = g_new0(Path, 1);
    path->path = g_strdup(name);
    path->folded = header_fold(name);
    path->question = *path->folded ? columns_question(json->source, path->folded) : NULL;
    path->is_id = !g_strcmp0(json->source->id_column, name);
    path->salt = columns_hash(name);
    if (path->question) {
        path->use = columns_use(json->source, path->question);
        path->person = columns_is_person(json->source, path->question);
    }
    return path;
}

/* A file may invent names without end; those beyond the limit are read where they are mapped, but
 * no longer remembered one by one. */
static Path *path_of(Json *json, const char *name)
{
    Path *path = g_hash_table_lookup(json->paths, name);
    if (path)
        return path;
    path = path_new(json, name);
    if (json->seen->len >= PATHS_LIMIT && !path->question && !path->is_id) {
        path_free(path);
        return NULL;
    }
    g_hash_table_insert(json->paths, path->path, path);
    g_ptr_array_add(json->seen, path);
    return path;
}

static const char *record_id(Json *json, const JsonRecord *record)
{
    for (size_t i = 0; json->source->id_column && i < record->n; i++) {
        const JsonField *field = &record->field[i];
        if (field->instance == INSTANCE_NONE && field->text &&
            g_str_equal(field->path, json->source->id_column)) {
            size_t n;
            const char *text = cell_trim(field->text, &n);
            g_string_truncate(json->scratch, 0);
            return g_string_append_len(json->scratch, text, (gssize)n)->str;
        }
    }
    return "";
}

/* --- opening ------------------------------------------------------------------------------------
 */

static const SourceFile *place_at(const Json *json, guint i)
{
    return g_ptr_array_index(json->found->file, i);
}

/* What the records stand in, for messages on all of them. */
static const char *place_shown(const Json *json)
{
    return json->found->file->len == 1 ? place_at(json, 0)->name : json->source->path;
}

static void field_survey(Json *json, const JsonField *field, uint64_t *content)
{
    Path *path = path_of(json, field->path);
    if (!path)
        return;
    path->in_repeat |= field->instance != INSTANCE_NONE;
    if (path->use == COLUMN_UNUSED || !field->text || !*field->text)
        return;
    int64_t instant;
    bool zone_known;
    path->ruined += cell_is_ruined(field->text);
    if (path->use == COLUMN_TIME)
        path->undated += !cell_time(field->text, json->zone, &instant, &zone_known);
    *content += (columns_hash(field->text) ^ path->salt) * (uint64_t)(2 * field->instance + 5);
}

/* An id is stored as it stands, so it must not be what `person` would have hidden. */
static bool id_is_fit(const Json *json, guint file, int64_t line, const char *id, GError **error)
{
    if (!strchr(id, '@'))
        return true;
    g_set_error(error, INNSIKT_ERROR, INNSIKT_ERROR_USAGE,
                "%s:%" PRId64 ": \"%s\" holds e-mail addresses, and ids are stored as they are; "
                "name another key under `id:` or leave it out",
                place_at(json, file)->name, line, json->source->id_column);
    return false;
}

static bool record_survey(Json *json, guint file, const JsonRecord *record, GError **error)
{
    uint64_t content = 0;
    for (size_t i = 0; i < record->n; i++)
        field_survey(json, &record->field[i], &content);
    if (record->repeats && !json->repeating++)
        json->repeating_place =
            g_strdup_printf("%s:%" PRId64, place_at(json, file)->name, record->line);
    json->total++;
    const char *id = record_id(json, record);
    if (!*id)
        return true;
    const CopyKey key = {.id = columns_hash(id),
                         .content = content,
                         .number = record->number,
                         .line = record->line,
                         .file = file};
    copies_add(json->copies, &key);
    return id_is_fit(json, file, record->line, id, error);
}

static bool file_survey(Json *json, guint file, GError **error)
{
    const SourceFile *place = place_at(json, file);
    g_autoptr(JsonReader) reader = json_reader_open(place->path, place->name, json->lines, error);
    int64_t before = json->total;
    for (JsonRecord record; reader;) {
        if (!json_reader_next(reader, &record, error))
            return false;
        if (record.ended) {
            int64_t count = json->total - before;
            g_array_append_val(json->counts, count);
            return true;
        }
        if (!record_survey(json, file, &record, error))
            return false;
    }
    return false;
}

static bool copies_agree(Json *json, GError **error)
{
    CopyKey first, second;
    if (copies_find(json->copies, &first, &second))
        return true;
    g_set_error(error, INNSIKT_ERROR, INNSIKT_ERROR_DATA,
                "%s:%" PRId64 " and %s:%" PRId64 " have the same id in \"%s\" but say different "
                "things; give each record its own id",
                place_at(json, first.file)->name, first.line, place_at(json, second.file)->name,
                second.line, json->source->id_column);
    return false;
}

static char *paths_help(const Json *json, const char *wanted)
{
    g_autoptr(GPtrArray) names = g_ptr_array_new();
    for (guint i = 0; i < json->seen->len; i++)
        g_ptr_array_add(names, ((Path *)json->seen->pdata[i])->path);
    g_ptr_array_add(names, NULL);
    return nearest_help(wanted, (const char *const *)names->pdata);
}

static bool id_is_there(const Json *json, GError **error)
{
    const char *id = json->source->id_column;
    if (!id)
        return true;
    const Path *path = g_hash_table_lookup(json->paths, id);
    if (!path) {
        g_autofree char *help = paths_help(json, id);
        g_set_error(error, INNSIKT_ERROR, INNSIKT_ERROR_USAGE,
                    "%s: no record has \"%s\", which `id:` names; %s", place_shown(json), id, help);
    } else if (path->person || path->in_repeat) {
        g_set_error(error, INNSIKT_ERROR, INNSIKT_ERROR_USAGE,
                    path->person ? "%s: \"%s\" identifies a person, and ids are stored as they "
                                   "are; name another key under `id:` or leave it out"
                                 : "%s: \"%s\" is inside a repeat, so it identifies no response; "
                                   "name another key under `id:` or leave it out",
                    place_shown(json), id);
    } else {
        return true;
    }
    return false;
}

static bool has_records(const Json *json, GError **error)
{
    if (json->total)
        return true;
    g_set_error(error, INNSIKT_ERROR, INNSIKT_ERROR_DATA,
                "%s holds no records; restore it or remove it; nothing was changed",
                place_shown(json));
    return false;
}

static void json_close(void *self)
{
    Json *json = self;
    json_reader_free(json->reader);
    source_files_free(json->found);
    g_array_unref(json->counts);
    g_hash_table_unref(json->paths);
    g_ptr_array_unref(json->seen);
    copies_free(json->copies);
    g_free(json->repeating_place);
    g_time_zone_unref(json->zone);
    response_free(json->response);
    g_string_free(json->scratch, TRUE);
    g_free(json);
}

static void *json_open_as(const CollectContext *context, bool lines, GError **error)
{
    Json *json = g_new0(Json, 1);
    json->source = context->source;
    json->zone = context->zone ? g_time_zone_ref(context->zone) : g_time_zone_new_utc();
    json->lines = lines;
    json->counts = g_array_new(FALSE, FALSE, sizeof(int64_t));
    json->paths = g_hash_table_new(g_str_hash, g_str_equal);
    json->seen = g_ptr_array_new_with_free_func(path_free);
    json->copies = copies_new();
    json->response = response_new();
    json->scratch = g_string_new(NULL);
    json->found = files_find(context, lines ? ".ndjson" : ".json", error);
    bool sound = json->found;
    if (sound && json->found->unchanged)
        return json;
    for (guint i = 0; sound && i < json->found->file->len; i++)
        sound = file_survey(json, i, error);
    if (sound && has_records(json, error) && id_is_there(json, error) && copies_agree(json, error))
        return json;
    json_close(json);
    return NULL;
}

static void *json_open(const CollectContext *context, GError **error)
{
    return json_open_as(context, false, error);
}

static void *ndjson_open(const CollectContext *context, GError **error)
{
    return json_open_as(context, true, error);
}

/* --- notes --------------------------------------------------------------------------------------
 */

static void note(PageSink *sink, const char *format, ...) G_GNUC_PRINTF(2, 3);
static void note(PageSink *sink, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    g_autofree char *text = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    sink->note(sink, text);
}

static bool is_pattern(const Mapping *mapping)
{
    return strstr(mapping->question, "[*]") || g_str_has_suffix(mapping->question, "/*");
}

static const Path *path_answering(const Json *json, const char *question)
{
    for (guint i = 0; i < json->seen->len; i++) {
        const Path *path = json->seen->pdata[i];
        if (!g_strcmp0(path->question, question))
            return path;
    }
    return NULL;
}

/* Forms leave out what was not answered, so a name that no record has may only be unanswered. */
static void announce_absent(const Json *json, PageSink *sink)
{
    for (guint i = 0; i < json->source->mappings->len; i++) {
        const Mapping *mapping = json->source->mappings->pdata[i];
        if (mapping->role == ROLE_IGNORE || is_pattern(mapping) ||
            path_answering(json, mapping->question))
            continue;
        g_autofree char *help = paths_help(json, mapping->question);
        note(sink, "no record has \"%s\", so nobody answered it or it is spelt otherwise; %s",
             mapping->question, help);
    }
}

static void announce(Json *json, PageSink *sink)
{
    json->announced = true;
    sink->expect(sink, json->total - (int64_t)copies_count(json->copies));
    if (!json->source->id_column)
        note(sink, "the source names no `id:` key, so a record is known by its file and number; "
                   "records put in above others will look like changes");
    if (json->repeating)
        note(sink,
             "%" PRId64 " records have a key twice in one object (the first at %s); the last one "
             "counts",
             json->repeating, json->repeating_place);
    if (copies_count(json->copies))
        note(sink, "%u records are copies of others with the same id and are read once",
             copies_count(json->copies));
    for (guint i = 0; i < json->seen->len; i++) {
        const Path *path = json->seen->pdata[i];
        if (path->undated)
            note(sink, "\"%s\": %" PRId64 " times are not read; write them as 2026-12-31T14:05Z",
                 path->question, path->undated);
        if (path->ruined)
            note(sink,
                 "\"%s\": %" PRId64 " long numbers were ruined on their way (written like "
                 "1.23E+10); have them written as texts",
                 path->question, path->ruined);
    }
    announce_absent(json, sink);
}

/* --- pages --------------------------------------------------------------------------------------
 */

/* What a value says for its question, or NULL for nothing. *ret_missing: why there is no value, or
 * why the text is none. */
static const char *value_read(Json *json, const Path *path, const char *text, Missing *ret_missing)
{
    Response *response = json->response;
    size_t n = 0;
    *ret_missing = MISSING_NONE;
    if (text)
        cell_trim(text, &n);
    if (!n) {
        *ret_missing = MISSING_NOT_ANSWERED;
        return NULL;
    }
    if (path->use == COLUMN_CODE)
        return cell_code(text, json->scratch);
    if (path->use == COLUMN_TIME && response->submitted == TIME_UNKNOWN &&
        !cell_time(text, json->zone, &response->submitted, &response->zone_known))
        *ret_missing = MISSING_UNREADABLE;
    /* Two people's ruined numbers look alike, and would be taken for one person. */
    if (path->person && cell_is_ruined(text)) {
        *ret_missing = MISSING_UNREADABLE;
        return NULL;
    }
    return text;
}

static void digest(GChecksum *sum, const char *question, int instance, const char *text)
{
    g_autofree char *number = g_strdup_printf("%d", instance);
    const char *const parts[] = {question, number, text};
    for (size_t i = 0; i < G_N_ELEMENTS(parts); i++)
        g_checksum_update(sum, (const guchar *)parts[i], (gssize)strlen(parts[i]) + 1);
}

static void field_respond(Json *json, const JsonField *field, GChecksum *sum)
{
    Path *path = path_of(json, field->path);
    if (!path || path->use == COLUMN_UNUSED)
        return;
    Missing missing;
    const char *text = value_read(json, path, field->text, &missing);
    response_answer(json->response, path->question, field->instance, text, missing);
    g_array_index(json->response->answers, Answer, json->response->answers->len - 1).missing =
        missing;
    path->last = json->passed;
    if (text && !path->person)
        digest(sum, path->question, field->instance, text);
}

/* A key that a record leaves out: asked or not, the file does not tell. */
static void absent_respond(Json *json)
{
    for (guint i = 0; i < json->seen->len; i++) {
        const Path *path = json->seen->pdata[i];
        if (path->use != COLUMN_UNUSED && !path->in_repeat && path->last != json->passed)
            response_answer(json->response, path->question, INSTANCE_NONE, NULL, MISSING_UNKNOWN);
    }
}

static void record_respond(Json *json, const JsonRecord *record)
{
    g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);
    json->response->state = STATE_COMPLETE;
    for (size_t i = 0; i < record->n; i++)
        field_respond(json, &record->field[i], sum);
    absent_respond(json);
    g_autofree char *revision = g_strndup(g_checksum_get_string(sum), REVISION_LENGTH);
    json->response->revision = response_keep(json->response, revision);
}

static bool record_give(Json *json, const JsonRecord *record, PageSink *sink, GError **error)
{
    if (copies_has(json->copies, json->current, record->number))
        return true;
    response_reset(json->response);
    g_autofree char *place =
        g_strdup_printf("%s:%" PRId64, place_at(json, json->current)->name, record->number);
    const char *id = record_id(json, record);
    if (json->source->id_column && !*id)
        return sink->set_aside(sink, place, "its id is empty or left out", error);
    json->response->id = response_keep(json->response, *id ? id : place);
    record_respond(json, record);
    return sink->seen(sink, json->response->id, json->response->revision, error) &&
           sink->response(sink, json->response, error);
}

static bool changed(const SourceFile *place, GError **error)
{
    g_set_error(error, INNSIKT_ERROR, INNSIKT_ERROR_DATA,
                "%s was changed while it was read; run it again", place->name);
    return false;
}

/* True with ret->ended when all files are read. */
static bool advance(Json *json, JsonRecord *ret, GError **error)
{
    *ret = (JsonRecord){.ended = true};
    for (; json->current < json->found->file->len; json->current++) {
        const SourceFile *place = place_at(json, json->current);
        const int64_t expected = g_array_index(json->counts, int64_t, json->current);
        if (!json->reader) {
            json->given = 0;
            json->reader = json_reader_open(place->path, place->name, json->lines, error);
        }
        if (!json->reader || !json_reader_next(json->reader, ret, error))
            return false;
        json->given += !ret->ended;
        json->passed += !ret->ended;
        if (ret->ended ? json->given < expected : json->given > expected)
            return changed(place, error);
        if (!ret->ended)
            return true;
        g_clear_pointer(&json->reader, json_reader_free);
    }
    return true;
}

static Step json_next(void *self, PageSink *sink, GError **error)
{
    Json *json = self;
    if (!json->announced)
        announce(json, sink);
    for (int i = 0; i < PAGE_RECORDS; i++) {
        JsonRecord record;
        if (!advance(json, &record, error))
            return STEP_FAILED;
        if (record.ended)
            return STEP_DONE;
        if (!record_give(json, &record, sink, error))
            return STEP_FAILED;
    }
    return STEP_MORE;
}

/* Files are read whole each time; one on the web tells whether that is needed. */
static char *json_cursor(void *self)
{
    return g_strdup(((const Json *)self)->found->cursor);
}

static bool json_unchanged(void *self)
{
    return ((const Json *)self)->found->unchanged;
}

/* --- questions ----------------------------------------------------------------------------------
 */

static FormKind kind_of(ColumnUse use)
{
    static const FormKind kinds[] = {[COLUMN_UNUSED] = FORM_TEXT,
                                     [COLUMN_TEXT] = FORM_TEXT,
                                     [COLUMN_CODE] = FORM_SINGLE,
                                     [COLUMN_NUMBER] = FORM_NUMBER,
                                     [COLUMN_TIME] = FORM_DATE};
    return kinds[use];
}

/* Only mapped codes are looked at: a form is stored, and what is not mapped is not. */
static void code_add(Json *json, const JsonField *field)
{
    Path *path = path_of(json, field->path);
    if (!path || path->use != COLUMN_CODE || !field->text)
        return;
    if (!path->codes)
        path->codes = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    const char *code = cell_code(field->text, json->scratch);
    if (*code && g_hash_table_size(path->codes) <= CHOICES_LIMIT &&
        !g_hash_table_contains(path->codes, code))
        g_hash_table_add(path->codes, g_strdup(code));
}

static bool codes_collect(Json *json, GError **error)
{
    for (guint i = 0; i < json->found->file->len; i++) {
        const SourceFile *place = place_at(json, i);
        g_autoptr(JsonReader) reader =
            json_reader_open(place->path, place->name, json->lines, error);
        JsonRecord record = {.ended = !reader};
        if (!reader)
            return false;
        while (!record.ended) {
            if (!json_reader_next(reader, &record, error))
                return false;
            for (size_t f = 0; f < record.n; f++)
                code_add(json, &record.field[f]);
        }
    }
    return true;
}

static gint by_bytes(gconstpointer left, gconstpointer right)
{
    return strcmp(left, right);
}

/* None for a question whose answers are too many to be choices. */
static void choices_add(FormQuestion *question, GHashTable *codes)
{
    if (!codes || g_hash_table_size(codes) > CHOICES_LIMIT)
        return;
    g_autoptr(GList) sorted = g_list_sort(g_hash_table_get_keys(codes), by_bytes);
    for (const GList *code = sorted; code; code = code->next)
        form_choice(question, code->data, code->data);
}

static Form *json_questions(void *self, GError **error)
{
    Json *json = self;
    g_autofree char *place = source_place(json->source);
    g_autoptr(Form) form = form_new(place);
    form->title = g_strdup(place);
    form->seen_choices = true;
    if (!codes_collect(json, error))
        return NULL;
    for (guint i = 0; i < json->seen->len; i++) {
        const Path *path = json->seen->pdata[i];
        const char *name = path->question ? path->question : path->path;
        if (!*name || form_find(form, name))
            continue;
        form_add(form, name, kind_of(path->use), "key", path->path);
        choices_add(g_ptr_array_index(form->questions, form->questions->len - 1), path->codes);
    }
    return g_steal_pointer(&form);
}

const Collector collector_json = {
    .kind = "json",
    .summary = "files of JSON: an array of objects",
    .written_against = "RFC 8259",
    .reads_files = true,
    .whole_index = true,
    .open = json_open,
    .questions = json_questions,
    .next = json_next,
    .cursor = json_cursor,
    .close = json_close,
    .unchanged = json_unchanged,
};

const Collector collector_ndjson = {
    .kind = "ndjson",
    .summary = "files of JSON, one object a line",
    .written_against = "RFC 8259",
    .reads_files = true,
    .whole_index = true,
    .open = ndjson_open,
    .questions = json_questions,
    .next = json_next,
    .cursor = json_cursor,
    .close = json_close,
    .unchanged = json_unchanged,
};
