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

#endif
