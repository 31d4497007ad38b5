#include "samples/server/site.h"

#include "samples/server/api_form.h"
#include "samples/server/journal.h"
#include "samples/server/odk.h"

#include <string.h>

static void free_form(gpointer form)
{
    form_free(form);
}

Site *site_new(void)
{
    Site *site = g_new0(Site, 1);
    site->forms = g_ptr_array_new_with_free_func(free_form);
    site->odk_forms = g_ptr_array_new_with_free_func(odk_form_free);
    site->api_forms = g_ptr_array_new_with_free_func(api_form_free);
    site->sessions = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    site->faults = faults_new();
    site->journal = journal_new();
    return site;
}

void site_free(Site *site)
{
    if (site == NULL) {
        return;
    }
    g_ptr_array_unref(site->forms);
    g_ptr_array_unref(site->odk_forms);
    g_ptr_array_unref(site->api_forms);
    g_hash_table_unref(site->sessions);
    g_ptr_array_unref(site->faults);
    journal_free(site->journal);
    g_free(site->last_export);
    g_free(site->user);
    g_free(site->password);
    g_free(site);
}

gint64 site_now(const Site *site)
{
    return g_get_real_time() / G_USEC_PER_SEC + site->clock_ahead;
}

Form *site_form(const Site *site, const char *system, gint64 sid)
{
    for (guint i = 0; i < site->forms->len; i++) {
        Form *form = site->forms->pdata[i];
        if (form->sid == sid && strcmp(form->system, system) == 0) {
            return form;
        }
    }
    return NULL;
}

/* The lowest and the highest ids of a form's groups and of its questions and subquestions. */
typedef struct {
    gint64 first, last;
} Span;

static void widen(Span *span, gint64 id)
{
    span->first = MIN(span->first, id);
    span->last = MAX(span->last, id);
}

static void id_spans(const Form *form, Span *groups, Span *questions)
{
    *groups = *questions = (Span){G_MAXINT64, 0};
    for (guint i = 0; i < form->groups->len; i++) {
        widen(groups, ((const FormGroup *)form->groups->pdata[i])->gid);
    }
    for (guint i = 0; i < form->questions->len; i++) {
        const FormQuestion *question = form->questions->pdata[i];
        widen(questions, question->qid);
        for (guint j = 0; j < question->rows->len; j++) {
            widen(questions, ((const FormSubquestion *)question->rows->pdata[j])->qid);
        }
    }
}

static gint64 shift_past(const Span *span, const Span *other, gint64 shift)
{
    return span->first <= other->last && other->first <= span->last ? MAX(shift, other->last)
                                                                    : shift;
}

void site_add_form(Site *site, Form *form)
{
    bool moved = true;
    while (moved) {
        Span groups, questions, other_groups, other_questions;
        gint64 groups_by = 0;
        gint64 questions_by = 0;
        id_spans(form, &groups, &questions);
        for (guint i = 0; i < site->forms->len; i++) {
            const Form *other = site->forms->pdata[i];
            if (strcmp(other->system, form->system) == 0) {
                id_spans(other, &other_groups, &other_questions);
                groups_by = shift_past(&groups, &other_groups, groups_by);
                questions_by = shift_past(&questions, &other_questions, questions_by);
            }
        }
        form_shift_ids(form, groups_by, questions_by);
        moved = groups_by > 0 || questions_by > 0;
    }
    g_ptr_array_add(site->forms, form);
}

const char *site_session_open(Site *site)
{
    /* The characters of a recorded key: base64 with `_` and `~`. */
    static const char characters[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_~";
    char *key = g_malloc0(33);
    for (int i = 0; i < 32; i++) {
        key[i] = characters[g_random_int_range(0, 64)];
    }
    const gint64 end = site_now(site) + site->session_seconds;
    g_hash_table_insert(site->sessions, key, g_memdup2(&end, sizeof end));
    return key;
}

static gboolean is_over(gpointer key, gpointer end, gpointer now)
{
    (void)key;
    return *(const gint64 *)end < *(const gint64 *)now;
}

bool site_session_alive(Site *site, const char *key)
{
    gint64 now = site_now(site);
    g_hash_table_foreach_remove(site->sessions, is_over, &now);
    return g_hash_table_contains(site->sessions, key);
}

void site_session_close(Site *site, const char *key)
{
    g_hash_table_remove(site->sessions, key);
}

Login site_login(Site *site, const char *user, const char *password)
{
    const gint64 now = site_now(site);
    if (site->logins_failed >= LOGIN_ATTEMPTS) {
        if (now - site->login_failed_at < LOGIN_LOCK_SECONDS) {
            return LOGIN_LOCKED;
        }
        site->logins_failed = 0;
    }
    if (g_strcmp0(user, site->user) == 0 && g_strcmp0(password, site->password) == 0) {
        site->logins_failed = 0;
        return LOGIN_ACCEPTED;
    }
    site->logins_failed++;
    site->login_failed_at = now;
    return LOGIN_REFUSED;
}
