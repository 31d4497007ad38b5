#include "collect/odk_page.h"

#include "collect/odk_session.h"

#include <string.h>
#include <yajl/yajl_parse.h>

enum {
    DEPTH = 64,
    TEXT_BYTES = 1024 * 1024,     /* one answer */
    ROW_BYTES = 32 * 1024 * 1024, /* one submission */
    ROW_ANSWERS = 1000 * 1000,
};

/* What an open object or array is. */
typedef enum {
    FRAME_PAGE,
    FRAME_VALUE,   /* the array of submissions */
    FRAME_ROW,     /* a submission, or one instance of a repeat */
    FRAME_SYSTEM,  /* its __system */
    FRAME_REPEAT,  /* the array of a repeat */
    FRAME_COLLECT, /* the inside of one answer: a place on the map */
    FRAME_SKIP
} FrameKind;

typedef struct {
    FrameKind kind;
    OdkNode *node;  /* of rows and repeats */
    OdkNode *outer; /* the outermost repeat it lies in; NULL: none */
    int instance;
    guint64 serial; /* of the row: a field comes once in it */
} Frame;

struct OdkPage {
    OdkFields *fields;
    OdkTake take;
    gpointer data;
    yajl_handle parser;
    GError *error;
    Frame frames[DEPTH];
    int depth;
    OdkNode *pending; /* the field whose value comes next; NULL: none that is kept */
    int system;       /* likewise of __system; -1: none */
    enum { KEY_OTHER, KEY_VALUE, KEY_NEXT, KEY_COUNT, KEY_ID, KEY_SYSTEM } key;
    OdkRow row;
    size_t row_bytes;
    GString *collected;
    bool begun, found, broken; /* found: the list of submissions was there and ended */
    guint rows;
    char *next;
    int64_t count;
};

static const char *const system_names[N_ODK_SYSTEM] = {
    [ODK_SUBMITTED] = "submissionDate", [ODK_UPDATED] = "updatedAt",
    [ODK_DELETED] = "deletedAt",        [ODK_STATUS] = "status",
    [ODK_REVIEW] = "reviewState",       [ODK_VERSION] = "formVersion",
};

/* --- texts --- */

/* A copy in the response. NUL ends a text in C, so one inside becomes U+FFFD. */
static const char *keep_text(OdkPage *page, const char *text, size_t n)
{
    GString *copy = g_string_sized_new(n + 1);
    for (size_t i = 0; i < n; i++) {
        if (text[i])
            g_string_append_c(copy, text[i]);
        else
            g_string_append(copy, "\xEF\xBF\xBD");
    }
    const char *kept = response_keep(page->row.response, copy->str);
    g_string_free(copy, TRUE);
    return kept;
}

/* --- answers --- */

static void add_answer(OdkPage *page, OdkNode *node, const Frame *in, const char *text, size_t n,
                       Missing missing)
{
    if (node->stamp == in->serial && !node->ambiguous)
        page->row.trouble = "it has a field twice";
    node->stamp = in->serial;
    page->row_bytes += n;
    if (page->row_bytes > ROW_BYTES || page->row.response->answers->len >= ROW_ANSWERS)
        page->row.trouble = "it is larger than the 32 MiB or million answers that are read";
    if (page->row.trouble)
        return;
    if (node->ambiguous)
        missing = MISSING_UNKNOWN;
    else if (n > TEXT_BYTES)
        missing = MISSING_UNREADABLE;
    const char *kept = missing == MISSING_NONE ? keep_text(page, text, n) : NULL;
    response_answer(page->row.response, node->name, in->instance, kept, missing);
    if (kept && g_str_equal(node->name, "meta/instanceID"))
        page->row.instance = kept;
}

static Frame *top(OdkPage *page)
{
    return page->depth > 0 ? &page->frames[page->depth - 1] : NULL;
}

static void take_page_value(OdkPage *page, const char *text, size_t n)
{
    if (page->key == KEY_NEXT && text && n > 0) {
        g_free(page->next);
        page->next = g_strndup(text, n);
    } else if (page->key == KEY_COUNT && text && n > 0 && n < 16) {
        g_autofree char *digits = g_strndup(text, n);
        page->count = g_ascii_strtoll(digits, NULL, 10);
    }
}

static void take_row_value(OdkPage *page, const Frame *frame, const char *text, size_t n)
{
    if (page->key == KEY_ID) {
        page->row.id = text && n > 0 ? keep_text(page, text, n) : NULL;
    } else if (page->pending && text) {
        add_answer(page, page->pending, frame, text, n, MISSING_NONE);
    } else if (page->pending && page->pending->kind != ODK_GROUP &&
               page->pending->kind != ODK_REPEAT) {
        add_answer(page, page->pending, frame, NULL, 0, page->pending->blank);
    }
}

/* A text, number or truth; NULL for null. */
static int take_value(OdkPage *page, const char *text, size_t n)
{
    const Frame *frame = top(page);
    if (!frame)
        return 0;
    switch (frame->kind) {
    case FRAME_PAGE:
        take_page_value(page, text, n);
        break;
    case FRAME_VALUE:
        page->row = (OdkRow){.response = page->row.response, .trouble = "it is no object"};
        page->rows++;
        return page->take(&page->row, page->data, &page->error);
    case FRAME_ROW:
        take_row_value(page, frame, text, n);
        break;
    case FRAME_SYSTEM:
        if (page->system >= 0)
            page->row.system[page->system] = text ? keep_text(page, text, n) : NULL;
        break;
    case FRAME_REPEAT:
    case FRAME_COLLECT:
        if (text && page->collected->len + n < TEXT_BYTES)
            g_string_append_printf(page->collected, "%s%.*s", page->collected->len ? " " : "",
                                   (int)n, text);
        break;
    case FRAME_SKIP:
        break;
    }
    return 1;
}

static int on_null(void *data)
{
    return take_value(data, NULL, 0);
}

static int on_boolean(void *data, int value)
{
    return value ? take_value(data, "true", 4) : take_value(data, "false", 5);
}

static int on_number(void *data, const char *text, size_t n)
{
    return take_value(data, text, n);
}

static int on_string(void *data, const unsigned char *text, size_t n)
{
    return take_value(data, (const char *)text, n);
}

/* --- keys --- */

static bool key_is(const char *key, size_t n, const char *name)
{
    return strlen(name) == n && memcmp(key, name, n) == 0;
}

static void page_key(OdkPage *page, const char *key, size_t n)
{
    page->key = key_is(key, n, "value")             ? KEY_VALUE
                : key_is(key, n, "@odata.nextLink") ? KEY_NEXT
                : key_is(key, n, "@odata.count")    ? KEY_COUNT
                                                    : KEY_OTHER;
}

/* Names with @ say something about another member; those with __ are Central's. */
static int row_key(OdkPage *page, const Frame *frame, const char *key, size_t n)
{
    bool submission = !frame->node->parent;
    page->pending = NULL;
    page->key = KEY_OTHER;
    if (submission && key_is(key, n, "__id"))
        page->key = KEY_ID;
    else if (submission && key_is(key, n, "__system"))
        page->key = KEY_SYSTEM;
    if (page->key != KEY_OTHER || memchr(key, '@', n) || (n > 1 && key[0] == '_' && key[1] == '_'))
        return 1;
    page->pending = odk_fields_child(page->fields, frame->node, key, n);
    if (page->pending)
        return 1;
    g_set_error_literal(&page->error, INNSIKT_ERROR, INNSIKT_ERROR_LIMIT,
                        "the submissions have more than 65536 different fields");
    return 0;
}

static int on_key(void *data, const unsigned char *bytes, size_t n)
{
    OdkPage *page = data;
    const char *key = (const char *)bytes;
    const Frame *frame = top(page);
    page->system = -1;
    if (frame->kind == FRAME_PAGE)
        page_key(page, key, n);
    else if (frame->kind == FRAME_ROW)
        return row_key(page, frame, key, n);
    for (int i = 0; frame->kind == FRAME_SYSTEM && i < N_ODK_SYSTEM; i++)
        if (key_is(key, n, system_names[i]))
            page->system = i;
    return 1;
}

/* --- objects and arrays --- */

static int push(OdkPage *page, Frame frame)
{
    if (page->depth == DEPTH) {
        g_set_error(&page->error, INNSIKT_ERROR, INNSIKT_ERROR_PROTOCOL,
                    "the submissions nest more than %d deep", DEPTH);
        return 0;
    }
    page->frames[page->depth++] = frame;
    return 1;
}

static int push_kind(OdkPage *page, FrameKind kind)
{
    Frame frame = page->depth ? *top(page) : (Frame){0};
    frame.kind = kind;
    return push(page, frame);
}

static int begin_submission(OdkPage *page)
{
    Response *response = page->row.response;
    response_reset(response);
    page->row = (OdkRow){.response = response};
    page->row_bytes = 0;
    return push(page, (Frame){.kind = FRAME_ROW,
                              .node = page->fields->root,
                              .instance = INSTANCE_NONE,
                              .serial = ++page->fields->serial});
}

/* Instances are counted over all that lies in one outermost repeat, inner ones among them: what
 * stands beside each other has the same number, and nothing else has. */
static int begin_instance(OdkPage *page, const Frame *repeat)
{
    return push(page, (Frame){.kind = FRAME_ROW,
                              .node = repeat->node,
                              .outer = repeat->outer,
                              .instance = repeat->outer->instances++,
                              .serial = ++page->fields->serial});
}

static int on_map(void *data)
{
    OdkPage *page = data;
    const Frame *frame = top(page);
    if (!frame)
        return push_kind(page, FRAME_PAGE);
    if (frame->kind == FRAME_VALUE)
        return begin_submission(page);
    if (frame->kind == FRAME_REPEAT && frame->node->kind != ODK_LEAF)
        return begin_instance(page, frame);
    if (frame->kind == FRAME_REPEAT || frame->kind == FRAME_COLLECT)
        return push_kind(page, FRAME_COLLECT);
    if (frame->kind != FRAME_ROW)
        return push_kind(page, FRAME_SKIP);
    if (page->key == KEY_SYSTEM)
        return push_kind(page, FRAME_SYSTEM);
    OdkNode *node = page->pending;
    if (!node || node->kind == ODK_REPEAT)
        return push_kind(page, FRAME_SKIP);
    Frame inner = *frame;
    inner.node = node;
    if (node->kind == ODK_LEAF) {
        g_string_truncate(page->collected, 0);
        inner.kind = FRAME_COLLECT;
    }
    return push(page, inner);
}

static int on_list(void *data)
{
    OdkPage *page = data;
    const Frame *frame = top(page);
    if (!frame)
        return 0;
    if (frame->kind == FRAME_PAGE && page->key == KEY_VALUE)
        return push_kind(page, FRAME_VALUE);
    if (frame->kind == FRAME_REPEAT || frame->kind == FRAME_COLLECT)
        return push_kind(page, FRAME_COLLECT);
    if (frame->kind != FRAME_ROW || !page->pending)
        return push_kind(page, FRAME_SKIP);
    Frame inner = *frame;
    inner.kind = FRAME_REPEAT;
    inner.node = page->pending;
    if (!inner.outer) {
        inner.outer = inner.node;
        inner.outer->instances = 0;
    }
    g_string_truncate(page->collected, 0);
    return push(page, inner);
}

/* The answer that was collected ends where its own frame does. */
static void end_collected(OdkPage *page, const Frame *ended)
{
    const Frame *in = top(page);
    if (in->kind == FRAME_ROW && page->collected->len > 0)
        add_answer(page, ended->node, in, page->collected->str, page->collected->len, MISSING_NONE);
    if (in->kind == FRAME_ROW)
        g_string_truncate(page->collected, 0);
}

static int on_up(void *data)
{
    OdkPage *page = data;
    Frame ended = page->frames[--page->depth];
    const Frame *now = top(page);
    page->pending = NULL;
    page->key = KEY_OTHER;
    switch (ended.kind) {
    case FRAME_VALUE:
        page->found = true;
        break;
    case FRAME_REPEAT:
    case FRAME_COLLECT:
        end_collected(page, &ended);
        break;
    case FRAME_ROW:
        if (now->kind != FRAME_VALUE)
            break;
        page->rows++;
        return page->take(&page->row, page->data, &page->error);
    default:
        break;
    }
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

/* --- the page --- */

static void fresh_parser(OdkPage *page)
{
    if (page->parser)
        yajl_free(page->parser);
    page->parser = yajl_alloc(&callbacks, NULL, page);
    /* Bytes that are no UTF-8 spoil one answer, which the gate mends, and not the page. */
    yajl_config(page->parser, yajl_dont_validate_strings, 1);
}

OdkPage *odk_page_new(OdkFields *fields, OdkTake take, gpointer data)
{
    OdkPage *page = g_new0(OdkPage, 1);
    page->fields = fields;
    page->take = take;
    page->data = data;
    page->row.response = response_new();
    page->collected = g_string_new(NULL);
    odk_page_restart(page);
    return page;
}

void odk_page_free(OdkPage *page)
{
    if (!page)
        return;
    yajl_free(page->parser);
    response_free(page->row.response);
    g_string_free(page->collected, TRUE);
    g_clear_error(&page->error);
    g_free(page->next);
    g_free(page);
}

void odk_page_restart(OdkPage *page)
{
    fresh_parser(page);
    g_clear_error(&page->error);
    g_clear_pointer(&page->next, g_free);
    page->depth = 0;
    page->pending = NULL;
    page->system = -1;
    page->key = KEY_OTHER;
    page->begun = page->found = page->broken = false;
    page->rows = 0;
    page->count = -1;
}

static bool fail(OdkPage *page, const char *why, GError **error)
{
    if (page->error) {
        g_propagate_error(error, g_steal_pointer(&page->error));
        return false;
    }
    page->broken = true;
    g_set_error(error, INNSIKT_ERROR, INNSIKT_ERROR_PROTOCOL,
                "ODK Central's list of submissions cannot be read: %s", why);
    return false;
}

static bool fail_in_parser(OdkPage *page, GError **error)
{
    /* Not verbose: the verbose text quotes answers. */
    unsigned char *words = yajl_get_error(page->parser, 0, NULL, 0);
    g_autofree char *why = g_strstrip(g_strdup((const char *)words));
    yajl_free_error(page->parser, words);
    return fail(page, why, error);
}

bool odk_page_feed(OdkPage *page, const char *bytes, size_t n, GError **error)
{
    if (!page->begun) {
        if (n >= 3 && memcmp(bytes, "\xEF\xBB\xBF", 3) == 0) {
            bytes += 3;
            n -= 3;
        }
        while (n > 0 && g_ascii_isspace(*bytes)) {
            bytes++;
            n--;
        }
        if (n == 0)
            return true;
        page->begun = true;
        if (*bytes != '{') {
            g_autofree char *text = g_strndup(bytes, n);
            odk_session_alien("submissions", text, error);
            return false;
        }
    }
    return yajl_parse(page->parser, (const unsigned char *)bytes, n) == yajl_status_ok ||
           fail_in_parser(page, error);
}

bool odk_page_end(OdkPage *page, GError **error)
{
    if (!page->begun)
        return fail(page, "it is empty", error);
    if (yajl_complete_parse(page->parser) != yajl_status_ok || page->depth > 0)
        return fail(page, "it ends in the middle", error);
    return page->found || fail(page, "it is no list of submissions", error);
}

bool odk_page_broken(const OdkPage *page)
{
    return page->broken;
}

const char *odk_page_next(const OdkPage *page)
{
    return page->next;
}

int64_t odk_page_count(const OdkPage *page)
{
    return page->count;
}

guint odk_page_rows(const OdkPage *page)
{
    return page->rows;
}

/* --- rows that are kept --- */

OdkRow *odk_row_copy(const OdkRow *row)
{
    OdkRow *copy = g_new0(OdkRow, 1);
    Response *response = copy->response = response_new();
    copy->id = response_keep(response, row->id);
    copy->instance = response_keep(response, row->instance);
    copy->trouble = row->trouble;
    for (size_t i = 0; i < N_ODK_SYSTEM; i++)
        copy->system[i] = response_keep(response, row->system[i]);
    for (guint i = 0; i < row->response->answers->len; i++) {
        const Answer *a = &g_array_index(row->response->answers, Answer, i);
        response_answer(response, a->question, a->instance, a->text, a->missing);
    }
    return copy;
}

void odk_row_free(gpointer data)
{
    OdkRow *row = data;
    response_free(row->response);
    g_free(row);
}
