/* What the tests of the store share: a folder to put it in, responses from one line of text, and
 * the whole content as one text to compare. */
#ifndef INNSIKT_TESTS_STORE_FIXTURE_H
#define INNSIKT_TESTS_STORE_FIXTURE_H

#include "schemas/store_private.h"

#include <glib/gstdio.h>
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

/* A message that a test expects to be empty, shown when it is not. */
#define assert_ok(condition, error)                                                                \
    do {                                                                                           \
        bool holds = (condition);                                                                  \
        if ((error))                                                                               \
            fail_msg("%s: %s", #condition, (error)->message);                                      \
        assert_true(holds);                                                                        \
    } while (0)

static inline char *fixture_folder(void)
{
    GError *error = NULL;
    char *folder = g_dir_make_tmp("innsikt-store-XXXXXX", &error);
    assert_ok(folder, error);
    return folder;
}

static inline void fixture_remove(char *folder)
{
    const char *name;
    GDir *dir = g_dir_open(folder, 0, NULL);
    while (dir && (name = g_dir_read_name(dir))) {
        g_autofree char *path = g_build_filename(folder, name, NULL);
        if (g_remove(path) != 0)
            g_rmdir(path);
    }
    if (dir)
        g_dir_close(dir);
    g_rmdir(folder);
    g_free(folder);
}

/* "CODE=text CODE=text …"; the text may be !reason for a missing one, and CODE#2 is instance 2. */
static inline void fixture_answers(Response *response, const char *line)
{
    g_auto(GStrv) words = g_strsplit(line, " ", -1);
    for (char **word = words; *word && **word; word++) {
        char *text = strchr(*word, '=');
        assert_non_null(text);
        *text++ = '\0';
        char *hash = strchr(*word, '#');
        int instance = INSTANCE_NONE;
        if (hash) {
            *hash = '\0';
            instance = atoi(hash + 1);
        }
        Missing missing = MISSING_NONE;
        if (*text == '!')
            assert_true(missing_parse(text + 1, &missing));
        response_answer(response, *word, instance, missing ? NULL : text, missing);
    }
}

static inline Response *fixture_response(const char *id, const char *revision, const char *line)
{
    Response *response = response_new();
    response->id = response_keep(response, id);
    response->revision = response_keep(response, revision);
    response->zone_known = true;
    fixture_answers(response, line);
    return response;
}

/* Every value of every table, a line a row, in the order of the tables' keys. */
static inline char *fixture_dump(const char *path, const char *const *queries)
{
    sqlite3 *db = NULL;
    GString *out = g_string_new(NULL);
    assert_int_equal(sqlite3_open_v2(path, &db, SQLITE_OPEN_READONLY, NULL), SQLITE_OK);
    for (; *queries; queries++) {
        sqlite3_stmt *rows = NULL;
        if (sqlite3_prepare_v2(db, *queries, -1, &rows, NULL) != SQLITE_OK)
            fail_msg("%s: %s", *queries, sqlite3_errmsg(db));
        int status;
        while ((status = sqlite3_step(rows)) == SQLITE_ROW)
            for (int i = 0, n = sqlite3_column_count(rows); i < n; i++) {
                const unsigned char *text = sqlite3_column_text(rows, i);
                g_string_append(out, text ? (const char *)text : "–");
                g_string_append_c(out, i + 1 < n ? '|' : '\n');
            }
        assert_int_equal(status, SQLITE_DONE);
        sqlite3_finalize(rows);
    }
    sqlite3_close(db);
    return g_string_free(out, FALSE);
}

/* One query's rows, as fixture_dump writes them. */
static inline void fixture_expect(const char *path, const char *query, const char *expected)
{
    g_autofree char *found = fixture_dump(path, (const char *const[]){query, NULL});
    assert_string_equal(found, expected);
}

/* --- a store in a folder of its own --- */

typedef struct {
    char *folder, *path;
    Store *store;
    int64_t pull;
    PullCounts counts;
    GError *error;
} World;

static inline int world_setup(void **state)
{
    World *w = g_new0(World, 1);
    w->folder = fixture_folder();
    w->path = g_build_filename(w->folder, "innsikt.db", NULL);
    w->store = store_open(w->path, &w->error);
    assert_ok(w->store, w->error);
    *state = w;
    return 0;
}

static inline int world_teardown(void **state)
{
    World *w = *state;
    store_close(w->store);
    g_clear_error(&w->error);
    g_free(w->path);
    fixture_remove(w->folder);
    g_free(w);
    return 0;
}

static inline bool world_begin(World *w, const char *source, const char *digest)
{
    bool everything;
    memset(&w->counts, 0, sizeof w->counts);
    assert_ok(store_pull_begin(w->store, source, "131392", digest, 1632468071000917, &w->pull,
                               &everything, &w->error),
              w->error);
    return everything;
}

static inline void world_page(World *w)
{
    assert_ok(store_page_begin(w->store, &w->error), w->error);
}

static inline void world_commit(World *w, const char *cursor)
{
    assert_ok(store_page_commit(w->store, w->pull, cursor, &w->counts, &w->error), w->error);
}

static inline PutOutcome world_put(World *w, const char *source, const char *id,
                                   const char *revision, const char *line)
{
    g_autoptr(Response) response = fixture_response(id, revision, line);
    PutOutcome outcome = (PutOutcome)-1;
    assert_ok(store_put(w->store, w->pull, source, response, &outcome, &w->error), w->error);
    return outcome;
}

static inline void world_end(World *w, PullOutcome outcome)
{
    assert_ok(store_pull_end(w->store, w->pull, outcome, outcome == PULL_DONE ? NULL : "stopped",
                             1632468093000421, &w->counts, &w->error),
              w->error);
}

/* A whole pull of one page. `lines`: id, revision, answers, …, NULL. */
static inline void world_pull(World *w, const char *source, const char *digest,
                              const char *const *lines)
{
    world_begin(w, source, digest);
    world_page(w);
    for (; *lines; lines += 3)
        world_put(w, source, lines[0], lines[1], lines[2]);
    world_commit(w, NULL);
    world_end(w, PULL_DONE);
}

#define PULL(w, source, digest, ...)                                                               \
    world_pull(w, source, digest, (const char *const[]){__VA_ARGS__, NULL})

/* --- reading as text --- */

static inline bool write_down(const StoredResponse *stored, gpointer data, GError **error)
{
    GString *out = data;
    const Response *r = stored->response;
    (void)error;
    g_string_append_printf(out, "%s/%s@%s", stored->source, r->id, r->revision);
    for (guint i = 0; i < r->answers->len; i++) {
        const Answer *answer = &g_array_index(r->answers, Answer, i);
        g_string_append_printf(out, " %s", answer->question);
        if (answer->instance != INSTANCE_NONE)
            g_string_append_printf(out, "#%d", answer->instance);
        g_string_append_printf(out, "=%s", answer->text ? answer->text : "");
        if (answer->missing)
            g_string_append_printf(out, "!%s", missing_word(answer->missing));
    }
    g_string_append_c(out, '\n');
    return true;
}

static inline void expect_each(World *w, const char *const *sources, const char *expected)
{
    g_autoptr(GString) out = g_string_new(NULL);
    assert_ok(store_each(w->store, sources, write_down, out, &w->error), w->error);
    assert_string_equal(out->str, expected);
}

static inline void expect_history(World *w, const char *source, const char *id,
                                  const char *expected)
{
    g_autoptr(GString) out = g_string_new(NULL);
    assert_ok(store_history(w->store, source, id, write_down, out, &w->error), w->error);
    assert_string_equal(out->str, expected);
}

#endif
