#include "samples/server/journal.h"

#include <string.h>

enum { MOST_LISTED = 10000 };

struct Journal {
    json_object *calls;    /* name -> count */
    json_object *sequence; /* the names in order, up to MOST_LISTED */
    json_object *exports;  /* of {from, to, rows}, up to MOST_LISTED */
    json_object *faults;   /* name -> how often it was met */
    gint64 requests, opened, released, rows;
    gint64 logins, refused, locked, after_refusal, elsewhere;
    bool last_refused;
};

static void make_lists(Journal *journal)
{
    journal->calls = json_object_new_object();
    journal->sequence = json_object_new_array();
    journal->exports = json_object_new_array();
    journal->faults = json_object_new_object();
}

static void drop_lists(Journal *journal)
{
    json_object_put(journal->calls);
    json_object_put(journal->sequence);
    json_object_put(journal->exports);
    json_object_put(journal->faults);
}

Journal *journal_new(void)
{
    Journal *journal = g_new0(Journal, 1);
    make_lists(journal);
    return journal;
}

void journal_free(Journal *journal)
{
    drop_lists(journal);
    g_free(journal);
}

void journal_clear(Journal *journal)
{
    drop_lists(journal);
    *journal = (Journal){0};
    make_lists(journal);
}

static void count(json_object *counts, const char *name)
{
    json_object *n = NULL;
    if (json_object_object_get_ex(counts, name, &n)) {
        json_object_int_inc(n, 1);
    } else {
        json_object_object_add(counts, name, json_object_new_int64(1));
    }
}

static bool holds(const char *text, const char *secret)
{
    return text != NULL && secret != NULL && *secret != '\0' && strstr(text, secret) != NULL;
}

/* The password, or a session's key where only the body may carry it. */
static bool leaks(const Site *site, const Request *request, const char *headers, bool in_login)
{
    if (holds(headers, site->password) || holds(request->path, site->password) ||
        holds(request->query, site->password)) {
        return true;
    }
    if (!in_login && holds(request->body, site->password)) {
        return true;
    }
    GHashTableIter each;
    gpointer key;
    g_hash_table_iter_init(&each, site->sessions);
    while (g_hash_table_iter_next(&each, &key, NULL)) {
        if (holds(headers, key) || holds(request->path, key) || holds(request->query, key)) {
            return true;
        }
    }
    return false;
}

void journal_note(Journal *journal, const Site *site, const char *call, const Request *request,
                  const char *headers, bool in_login)
{
    journal->requests++;
    count(journal->calls, call);
    if (json_object_array_length(journal->sequence) < MOST_LISTED) {
        json_object_array_add(journal->sequence, json_object_new_string(call));
    }
    journal->elsewhere += leaks(site, request, headers, in_login);
    for (int kind = 0; kind < FAULT_N; kind++) {
        if (request->faults.of[kind] != NULL) {
            count(journal->faults, fault_name((FaultKind)kind));
        }
    }
}

void journal_login(Journal *journal, Login outcome)
{
    journal->logins++;
    journal->after_refusal += journal->last_refused;
    journal->refused += outcome == LOGIN_REFUSED;
    journal->locked += outcome == LOGIN_LOCKED;
    journal->last_refused = outcome != LOGIN_ACCEPTED;
}

void journal_session(Journal *journal, bool opened)
{
    *(opened ? &journal->opened : &journal->released) += 1;
}

void journal_export(Journal *journal, gint64 from, gint64 to, gint64 rows)
{
    journal->rows += rows;
    if (json_object_array_length(journal->exports) < MOST_LISTED) {
        json_object *page = json_object_new_object();
        json_object_object_add(page, "from", json_object_new_int64(from));
        json_object_object_add(page, "to", json_object_new_int64(to));
        json_object_object_add(page, "rows", json_object_new_int64(rows));
        json_object_array_add(journal->exports, page);
    }
}

json_object *journal_json(const Journal *journal, const Site *site)
{
    json_object *log = json_object_new_object();
    const struct {
        const char *name;
        gint64 value;
    } NUMBERS[] = {
        {"requests", journal->requests},
        {"logins", journal->logins},
        {"logins_refused", journal->refused},
        {"logins_locked", journal->locked},
        {"logins_after_refusal", journal->after_refusal},
        {"credentials_elsewhere", journal->elsewhere},
        {"sessions_opened", journal->opened},
        {"sessions_released", journal->released},
        {"sessions_open", g_hash_table_size(site->sessions)},
        {"rows_exported", journal->rows},
        {"clock_ahead", site->clock_ahead},
        {"connections", site->connections},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(NUMBERS); i++) {
        json_object_object_add(log, NUMBERS[i].name, json_object_new_int64(NUMBERS[i].value));
    }
    json_object_object_add(log, "calls", json_object_get(journal->calls));
    json_object_object_add(log, "sequence", json_object_get(journal->sequence));
    json_object_object_add(log, "exports", json_object_get(journal->exports));
    json_object_object_add(log, "faults", json_object_get(journal->faults));
    return log;
}
