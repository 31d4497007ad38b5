/* What the store costs, and what other layouts would: `bench_store [RESPONSES [WORDS]]` prints
 * name, value and unit, tab-separated, best of three. Each response has 40 answers: 36 codes and 4
 * texts of at most so many words.
 *
 * The layouts are tried under the same conditions as the store: WAL, synced commits of 500
 * responses, secure_delete. */
#include "schemas/store_private.h"

#include <glib/gstdio.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

enum { CODES = 36, TEXTS = 4, QUESTIONS = CODES + TEXTS, PATTERNS = 509, PAGE = 500, ROUNDS = 3 };

static int n_responses = 20000, n_words = 24;
static char *folder, *path;
static RecordSlot patterns[PATTERNS][QUESTIONS];
static Response *responses[PATTERNS];

/* --- what is measured --- */

static void say(const char *name, double value, const char *unit)
{
    printf("%s\t%.4g\t%s\n", name, value, unit);
    fflush(stdout);
}

static void must(bool holds, GError *error)
{
    if (holds && !error)
        return;
    fprintf(stderr, "%s\n", error ? error->message : "SQLite failed");
    exit(1);
}

static double since(int64_t start)
{
    return (double)(g_get_monotonic_time() - start) / G_USEC_PER_SEC;
}

static void remove_store(void)
{
    static const char *const ends[] = {"", "-wal", "-shm"};
    for (gsize i = 0; i < G_N_ELEMENTS(ends); i++) {
        g_autofree char *name = g_strconcat(path, ends[i], NULL);
        g_remove(name);
    }
}

static double file_size(void)
{
    GStatBuf file;
    return g_stat(path, &file) == 0 ? (double)file.st_size : 0;
}

/* --- the answers --- */

static char *a_text(GRand *rand)
{
    static const char *const words[] = {"vi",         "trenger", "mer",   "samhandling", "på tvers",
                                        "av",         "nivåene", "og",    "tydeligere",  "styring",
                                        "«kommunen»", "må",      "følge", "opp",         "bedre"};
    GString *text = g_string_new(NULL);
    for (int n = g_rand_int_range(rand, 1, n_words + 1); n > 0; n--) {
        g_string_append(text, words[g_rand_int_range(rand, 0, G_N_ELEMENTS(words))]);
        g_string_append(text, n > 1 ? " " : ".");
    }
    return g_string_free(text, FALSE);
}

static void make_patterns(void)
{
    static const char *const codes[] = {"A1", "A2", "A3", "A4", "A5", "3", "Y"};
    GRand *rand = g_rand_new_with_seed(20210924);
    for (int p = 0; p < PATTERNS; p++) {
        responses[p] = response_new();
        responses[p]->submitted = 1632468071000000 + p;
        responses[p]->language = "nb";
        responses[p]->revision = "2021-09-24 07:21:11";
        responses[p]->pseudonym = "6f1ed002ab5595859014ebf0951522d9";
        for (guint q = 0; q < QUESTIONS; q++) {
            g_autofree char *name = g_strdup_printf("SPM%u[SQ%03u]", q / 5, q % 5);
            const char *text =
                q < CODES ? codes[g_rand_int_range(rand, 0, G_N_ELEMENTS(codes))] : a_text(rand);
            bool missing = g_rand_int_range(rand, 0, 8) == 0;
            RecordSlot slot = {q, INSTANCE_NONE, missing ? MISSING_NOT_ANSWERED : MISSING_NONE,
                               missing ? NULL : text};
            patterns[p][q] = slot;
            response_answer(responses[p], name, INSTANCE_NONE, slot.text, slot.missing);
        }
    }
    g_rand_free(rand);
}

/* --- layouts, on bare SQLite --- */

typedef struct {
    sqlite3_stmt *response, *answer;
    GArray *slots;
    GString *packed;
    gint64 answers, bytes; /* read */
} Trial;

typedef struct {
    const char *name;
    int page;
    const char *tables, *insert, *insert_answer, *select;
    void (*put)(Trial *, int i);
    void (*read)(Trial *, sqlite3_stmt *row);
} Layout;

static void put_response(Trial *t, int i, const char *packed, int length, bool blob)
{
    char id[16];
    g_snprintf(id, sizeof id, "%d", i);
    sqlite3_reset(t->response);
    sqlite3_bind_int(t->response, 1, i);
    sqlite3_bind_text(t->response, 2, id, -1, SQLITE_STATIC);
    sqlite3_bind_int64(t->response, 3, 1632468071000000 + i);
    sqlite3_bind_text(t->response, 4, "6f1ed002ab5595859014ebf0951522d9", -1, SQLITE_STATIC);
    if (packed && blob)
        sqlite3_bind_blob(t->response, 5, packed, length, SQLITE_STATIC);
    else if (packed)
        sqlite3_bind_text(t->response, 5, packed, length, SQLITE_STATIC);
    must(sqlite3_step(t->response) == SQLITE_DONE, NULL);
}

static void put_rows(Trial *t, int i)
{
    const RecordSlot *slots = patterns[i % PATTERNS];
    put_response(t, i, NULL, 0, false);
    for (int q = 0; q < QUESTIONS; q++) {
        sqlite3_reset(t->answer);
        sqlite3_bind_int(t->answer, 1, i);
        sqlite3_bind_int(t->answer, 2, q);
        sqlite3_bind_int(t->answer, 3, slots[q].instance);
        sqlite3_bind_text(t->answer, 4, slots[q].text, -1, SQLITE_STATIC);
        sqlite3_bind_int(t->answer, 5, (int)slots[q].missing);
        must(sqlite3_step(t->answer) == SQLITE_DONE, NULL);
    }
}

static void read_rows(Trial *t, sqlite3_stmt *row)
{
    t->answers++;
    t->bytes += sqlite3_column_bytes(row, 2);
}

static void put_json(Trial *t, int i)
{
    g_array_set_size(t->slots, 0);
    g_array_append_vals(t->slots, patterns[i % PATTERNS], QUESTIONS);
    must(record_pack(t->slots, t->packed, NULL), NULL);
    put_response(t, i, t->packed->str, (int)t->packed->len, false);
}

static void read_json(Trial *t, sqlite3_stmt *row)
{
    g_string_truncate(t->packed, 0);
    g_string_append_len(t->packed, column_text(row, 1), sqlite3_column_bytes(row, 1));
    must(record_unpack(t->packed->str, t->packed->len, t->slots, NULL), NULL);
    for (guint i = 0; i < t->slots->len; i++) {
        const char *text = g_array_index(t->slots, RecordSlot, i).text;
        t->bytes += text ? (gint64)strlen(text) : 0;
    }
    t->answers += t->slots->len;
}

/* A record of bytes: reason, length in three bytes, text with its NUL. */
static void put_blob(Trial *t, int i)
{
    const RecordSlot *slots = patterns[i % PATTERNS];
    g_string_truncate(t->packed, 0);
    for (int q = 0; q < QUESTIONS; q++) {
        gsize n = slots[q].text ? strlen(slots[q].text) + 1 : 0;
        const char head[] = {(char)slots[q].missing, (char)(n & 255), (char)(n >> 8 & 255),
                             (char)(n >> 16)};
        g_string_append_len(t->packed, head, sizeof head);
        g_string_append_len(t->packed, slots[q].text ? slots[q].text : "", (gssize)n);
    }
    put_response(t, i, t->packed->str, (int)t->packed->len, true);
}

static void read_blob(Trial *t, sqlite3_stmt *row)
{
    const guchar *at = sqlite3_column_blob(row, 1), *end = at + sqlite3_column_bytes(row, 1);
    g_array_set_size(t->slots, 0);
    for (guint q = 0; at < end; q++) {
        gsize n = at[1] + (gsize)at[2] * 256 + (gsize)at[3] * 65536;
        RecordSlot slot = {q, INSTANCE_NONE, (Missing)at[0], n ? (const char *)at + 4 : NULL};
        g_array_append_val(t->slots, slot);
        t->bytes += n ? (gint64)n - 1 : 0;
        at += 4 + n;
    }
    t->answers += t->slots->len;
}

#define COLUMNS "number INTEGER PRIMARY KEY, id TEXT NOT NULL, submitted INTEGER, person TEXT"
#define INSERT  "INSERT INTO response VALUES (?, ?, ?, ?, ?)"
#define SELECT  "SELECT number, answers FROM response ORDER BY number"
#define PACKED  "CREATE TABLE response (" COLUMNS ", answers TEXT, UNIQUE (id)) STRICT"
#define BY_ID   "CREATE TABLE response (" COLUMNS ", answers TEXT) STRICT, WITHOUT ROWID"
static const Layout layouts[] = {
    {"rows", 8192,
     "CREATE TABLE response (" COLUMNS ", unused TEXT, UNIQUE (id)) STRICT;"
     "CREATE TABLE answer (response INTEGER NOT NULL, question INTEGER NOT NULL,"
     " instance INTEGER NOT NULL, value TEXT, missing INTEGER NOT NULL,"
     " PRIMARY KEY (response, question, instance)) STRICT, WITHOUT ROWID",
     INSERT, "INSERT INTO answer VALUES (?, ?, ?, ?, ?)",
     "SELECT response, question, value, missing FROM answer ORDER BY response, question, instance",
     put_rows, read_rows},
    {"blob", 8192, "CREATE TABLE response (" COLUMNS ", answers BLOB, UNIQUE (id)) STRICT", INSERT,
     NULL, SELECT, put_blob, read_blob},
    {"json", 8192, PACKED, INSERT, NULL, SELECT, put_json, read_json},
    {"json, 4 KB pages", 4096, PACKED, INSERT, NULL, SELECT, put_json, read_json},
    {"json, table by id", 8192, BY_ID, INSERT, NULL, SELECT, put_json, read_json},
    {"json, table by id, 4 KB pages", 4096, BY_ID, INSERT, NULL, SELECT, put_json, read_json},
};

static sqlite3_stmt *prepare(sqlite3 *db, const char *sql)
{
    sqlite3_stmt *ret = NULL;
    must(!sql || sqlite3_prepare_v2(db, sql, -1, &ret, NULL) == SQLITE_OK, NULL);
    return ret;
}

static void run(sqlite3 *db, const char *sql)
{
    if (sqlite3_exec(db, sql, NULL, NULL, NULL) == SQLITE_OK)
        return;
    fprintf(stderr, "%s: %s\n", sql, sqlite3_errmsg(db));
    exit(1);
}

static sqlite3 *open_plain(const Layout *layout)
{
    sqlite3 *db = NULL;
    g_autofree char *pages = g_strdup_printf("PRAGMA page_size = %d", layout->page);
    must(sqlite3_open(path, &db) == SQLITE_OK, NULL);
    run(db, pages);
    run(db, "PRAGMA journal_mode = WAL; PRAGMA synchronous = EXTRA; PRAGMA secure_delete = ON");
    return db;
}

static double write_layout(const Layout *layout, Trial *t)
{
    sqlite3 *db = open_plain(layout);
    run(db, layout->tables);
    t->response = prepare(db, layout->insert);
    t->answer = prepare(db, layout->insert_answer);
    int64_t start = g_get_monotonic_time();
    for (int i = 0; i < n_responses; i++) {
        if (i % PAGE == 0)
            run(db, "BEGIN IMMEDIATE");
        layout->put(t, i);
        if (i % PAGE == PAGE - 1 || i == n_responses - 1) {
            sqlite3_reset(t->response);
            sqlite3_reset(t->answer);
            run(db, "COMMIT");
        }
    }
    double seconds = since(start);
    sqlite3_finalize(t->response);
    sqlite3_finalize(t->answer);
    sqlite3_close(db);
    return seconds;
}

static double read_layout(const Layout *layout, Trial *t)
{
    sqlite3 *db = open_plain(layout);
    sqlite3_stmt *rows = prepare(db, layout->select);
    t->answers = 0;
    int64_t start = g_get_monotonic_time();
    while (sqlite3_step(rows) == SQLITE_ROW)
        layout->read(t, rows);
    double seconds = since(start);
    must(t->answers == (gint64)n_responses * QUESTIONS, NULL);
    sqlite3_finalize(rows);
    sqlite3_close(db);
    return seconds;
}

static void bench_layout(const Layout *layout)
{
    Trial t = {.slots = g_array_new(FALSE, FALSE, sizeof(RecordSlot)),
               .packed = g_string_new(NULL)};
    double written = G_MAXDOUBLE, read = G_MAXDOUBLE;
    for (int round = 0; round < ROUNDS; round++) {
        remove_store();
        double writing = write_layout(layout, &t), reading = read_layout(layout, &t);
        written = MIN(written, writing);
        read = MIN(read, reading);
    }
    g_autofree char *write_name = g_strdup_printf("layout %s, write", layout->name);
    g_autofree char *read_name = g_strdup_printf("layout %s, read", layout->name);
    g_autofree char *size_name = g_strdup_printf("layout %s, size", layout->name);
    say(write_name, written / n_responses * 1e6, "µs/response");
    say(read_name, read / n_responses * 1e6, "µs/response");
    say(size_name, file_size() / n_responses, "bytes/response");
    g_array_unref(t.slots);
    g_string_free(t.packed, TRUE);
}

/* --- the store itself --- */

static void put_all(Store *store, int64_t pull, PutOutcome expected)
{
    GError *error = NULL;
    PullCounts counts = {0};
    PutOutcome outcome;
    char id[16];
    for (int i = 0; i < n_responses; i++) {
        if (i % PAGE == 0)
            must(store_page_begin(store, &error), error);
        Response *response = responses[i % PATTERNS];
        g_snprintf(id, sizeof id, "%d", i);
        response->id = id;
        must(store_put(store, pull, "s", response, &outcome, &error) && outcome == expected, error);
        if (i % PAGE == PAGE - 1 || i == n_responses - 1)
            must(store_page_commit(store, pull, "c", &counts, &error), error);
    }
}

static bool count_answers(const StoredResponse *stored, gpointer data, GError **error)
{
    (void)error;
    *(gint64 *)data += stored->response->answers->len;
    return true;
}

static Store *begin(int64_t *ret_pull)
{
    GError *error = NULL;
    bool everything;
    Store *store = store_open(path, &error);
    must(store && store_pull_begin(store, "s", "1", "d", 1, ret_pull, &everything, &error), error);
    return store;
}

typedef enum { ADD, SAME, CHANGE, EACH, INDEX, STATUS, VIEW, N_STEPS } Step;
static const char *const step_names[N_STEPS] = {
    "store, put new",     "store, put the same", "store, put changed", "store, read each",
    "store, whole index", "store, status",       "store, view answer"};

static void read_index(Store *store, int64_t pull)
{
    GError *error = NULL;
    int64_t deleted = 0;
    char id[16];
    must(store_seen_reset(store, &error) && store_page_begin(store, &error), error);
    for (int i = 0; i < n_responses; i++) {
        g_snprintf(id, sizeof id, "%d", i);
        must(store_seen(store, id, "2021-09-24 07:21:11", &error), error);
    }
    store->in_page = false;
    must(store_commit(store, &error), error);
    g_autoptr(GPtrArray) wanted = store_wanted(store, "s", false, NULL, 500, &error);
    must(wanted && wanted->len == 0, error);
    must(store_delete_unseen(store, pull, "s", 5, &deleted, &error) && !deleted, error);
}

static void do_step(Step step, Store *store, int64_t pull)
{
    GError *error = NULL;
    gint64 answers = 0;
    int64_t rows = 0;
    switch (step) {
    case CHANGE:
        for (int p = 0; p < PATTERNS; p++)
            responses[p]->submitted++;
        put_all(store, pull, PUT_CHANGED);
        break;
    case EACH:
        must(store_each(store, NULL, count_answers, &answers, &error), error);
        must(answers == (gint64)n_responses * QUESTIONS, NULL);
        break;
    case INDEX:
        read_index(store, pull);
        break;
    case STATUS:
        g_ptr_array_unref(store_status(store, &error));
        break;
    case VIEW:
        must(store_number(store, &rows, &error, "SELECT count(value) FROM answer", ""), error);
        break;
    default:
        put_all(store, pull, step == ADD ? PUT_ADDED : PUT_SAME);
    }
}

static void bench_store(void)
{
    double best[N_STEPS];
    for (int step = 0; step < N_STEPS; step++)
        best[step] = G_MAXDOUBLE;
    for (int round = 0; round < ROUNDS; round++) {
        remove_store();
        for (int step = 0; step < N_STEPS; step++) {
            int64_t pull;
            Store *store = begin(&pull);
            int64_t start = g_get_monotonic_time();
            do_step((Step)step, store, pull);
            double seconds = since(start);
            best[step] = MIN(best[step], seconds);
            store_close(store);
        }
    }
    for (int step = 0; step < N_STEPS; step++)
        say(step_names[step], best[step] / n_responses * 1e6, "µs/response");
}

/* How much of putting is the wait for the disk. */
static void bench_sync(void)
{
    static const struct {
        const char *name, *sql;
    } modes[] = {{"put new, synced at commit (as it is)", "PRAGMA synchronous = EXTRA"},
                 {"put new, synced at checkpoint only", "PRAGMA synchronous = NORMAL"},
                 {"put new, never synced", "PRAGMA synchronous = OFF"}};
    for (gsize i = 0; i < G_N_ELEMENTS(modes); i++) {
        double best = G_MAXDOUBLE;
        for (int round = 0; round < ROUNDS; round++) {
            int64_t pull;
            remove_store();
            Store *store = begin(&pull);
            must(store_script(store, modes[i].sql, NULL), NULL);
            int64_t start = g_get_monotonic_time();
            put_all(store, pull, PUT_ADDED);
            double seconds = since(start);
            best = MIN(best, seconds);
            store_close(store);
        }
        say(modes[i].name, best / n_responses * 1e6, "µs/response");
    }
}

/* Peak memory of a process that pulls and indexes so many. */
static void bench_memory(int n)
{
    pid_t child = fork();
    if (child == 0) {
        int64_t pull;
        n_responses = n;
        remove_store();
        Store *store = begin(&pull);
        put_all(store, pull, PUT_ADDED);
        read_index(store, pull);
        gint64 answers = 0;
        must(store_each(store, NULL, count_answers, &answers, NULL), NULL);
        store_close(store);
        _exit(0);
    }
    struct rusage usage;
    wait4(child, NULL, 0, &usage);
    g_autofree char *name = g_strdup_printf("peak memory, %d responses", n);
    say(name, (double)usage.ru_maxrss, "KB");
}

int main(int argc, char **argv)
{
    if (argc > 1)
        n_responses = atoi(argv[1]);
    if (argc > 2)
        n_words = atoi(argv[2]);
    folder = g_dir_make_tmp("innsikt-bench-XXXXXX", NULL);
    path = g_build_filename(folder, "innsikt.db", NULL);
    make_patterns();
    bench_memory(n_responses / 10);
    bench_memory(n_responses);
    for (gsize i = 0; i < G_N_ELEMENTS(layouts); i++)
        bench_layout(&layouts[i]);
    bench_store();
    bench_sync();
    remove_store();
    g_rmdir(folder);
    return 0;
}
