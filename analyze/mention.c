#include "analyze/mention.h"

#include "analyze/figure.h"

#include <string.h>

static void mention_clear(gpointer pointer)
{
    Mention *mention = pointer;
    g_free(mention->id);
    g_ptr_array_unref(mention->entries);
    g_array_unref(mention->records);
}

static Mention mention_new(const Framework *framework, TermKind kind, int term, const char *text,
                           const char *folded)
{
    return (Mention){
        .term = term,
        .text = text,
        .id = term == NO_TERM ? figure_digest(folded) : g_strdup(framework->list[kind].v[term].id),
        .entries = g_ptr_array_new(),
        .records = g_array_new(FALSE, FALSE, sizeof(uint32_t)),
    };
}

/* Where the mention of this answer stands, made when it is new. */
static Mention *mention_at(GArray *mentions, GHashTable *index, const Framework *framework,
                           TermKind kind, const char *text)
{
    const int term = framework_match(framework, kind, text);
    g_autofree char *folded = label_fold(text);
    g_autofree char *key =
        term == NO_TERM ? g_strconcat("=", folded, NULL) : g_strdup_printf("%d", term);
    guint at = GPOINTER_TO_UINT(g_hash_table_lookup(index, key));
    if (!at) {
        Mention mention = mention_new(framework, kind, term, text, folded);
        g_array_append_val(mentions, mention);
        at = mentions->len;
        g_hash_table_insert(index, g_steal_pointer(&key), GUINT_TO_POINTER(at));
    }
    return &g_array_index(mentions, Mention, at - 1);
}

static void count_speakers(const Dataset *data, Mention *mention)
{
    g_autoptr(GHashTable) persons = g_hash_table_new(NULL, NULL);
    g_autoptr(GHashTable) units = g_hash_table_new(NULL, NULL);
    for (guint i = 0; i < mention->records->len; i++) {
        const Record *record = dataset_record(data, g_array_index(mention->records, uint32_t, i));
        gpointer person = GUINT_TO_POINTER(record->person + 1);
        const int around = GPOINTER_TO_INT(g_hash_table_lookup(persons, person));
        mention->people += (size_t)MAX(0, record->participants - around);
        g_hash_table_insert(persons, person, GINT_TO_POINTER(MAX(around, record->participants)));
        for (uint32_t v = 0; v < record->n_voices; v++) {
            const uint32_t at = dataset_voice(data, record->first_voice + v)->unit;
            const DataUnit *unit = dataset_unit(data, at);
            if (!g_hash_table_add(units, GUINT_TO_POINTER(at + 1)))
                continue;
            mention->organisations += unit->named;
            mention->citizens += unit->citizen;
        }
    }
}

static int by_term_then_text(gconstpointer a, gconstpointer b)
{
    const Mention *x = a, *y = b;
    if (x->term != NO_TERM || y->term != NO_TERM)
        return x->term == NO_TERM ? 1 : y->term == NO_TERM ? -1 : x->term - y->term;
    return strcmp(x->text, y->text);
}

GArray *mentions_of(const Dataset *data, Role role, TermKind kind,
                    bool (*takes)(const Dataset *data, const Entry *entry, gconstpointer user),
                    gconstpointer user)
{
    GArray *mentions = g_array_new(FALSE, FALSE, sizeof(Mention));
    g_autoptr(GHashTable) index = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_array_set_clear_func(mentions, mention_clear);
    for (guint i = 0; i < data->entries->len; i++) {
        const Entry *entry = data->entries->pdata[i];
        if (entry->role != role || (takes && !takes(data, entry, user)))
            continue;
        Mention *mention = mention_at(mentions, index, data->project->framework, kind,
                                      entry_value(entry, "answer"));
        g_ptr_array_add(mention->entries, (gpointer)entry);
        g_array_append_val(mention->records, entry->record);
    }
    for (guint i = 0; i < mentions->len; i++)
        count_speakers(data, &g_array_index(mentions, Mention, i));
    g_array_sort(mentions, by_term_then_text);
    return mentions;
}
