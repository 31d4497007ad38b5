#include "analyze/report.h"

#include "analyze/undefined.h"

enum { WORDS_MOST = 8 };

static uint32_t reporter_of(const Dataset *data, const Record *record)
{
    return record->n_voices ? dataset_voice(data, record->first_voice)->unit : NO_INDEX;
}

/* The newest time each organisation reported at, as a pointer to the record. */
static GHashTable *newest_by_reporter(const Dataset *data, const GArray *reports)
{
    GHashTable *newest = g_hash_table_new(NULL, NULL);
    for (guint i = 0; i < reports->len; i++) {
        const Report *report = &g_array_index(reports, Report, i);
        Record *record = dataset_record(data, report->record);
        gpointer key = GUINT_TO_POINTER(reporter_of(data, record));
        const Record *known = g_hash_table_lookup(newest, key);
        if (report->word != NO_TERM && record->submitted != TIME_UNKNOWN &&
            (!known || record->submitted > known->submitted))
            g_hash_table_insert(newest, key, record);
    }
    return newest;
}

Reported report_settle(const Dataset *data, const GArray *reports)
{
    Reported told = {.word = NO_TERM};
    size_t votes[WORDS_MOST] = {0};
    int64_t last[WORDS_MOST] = {0};
    g_autoptr(GHashTable) newest = newest_by_reporter(data, reports);
    for (guint i = 0; i < reports->len; i++) {
        const Report *report = &g_array_index(reports, Report, i);
        const Record *record = dataset_record(data, report->record);
        const Record *newer =
            g_hash_table_lookup(newest, GUINT_TO_POINTER(reporter_of(data, record)));
        g_return_val_if_fail(report->word < WORDS_MOST, told);
        if (report->word == NO_TERM)
            continue;
        if (newer && record->submitted != TIME_UNKNOWN && newer->submitted > record->submitted) {
            told.superseded++;
            continue;
        }
        const bool first = votes[report->word]++ == 0;
        if (first || record->submitted > last[report->word])
            last[report->word] = record->submitted;
        told.counted++;
    }
    for (int w = 0; w < WORDS_MOST; w++)
        if (votes[w] && (told.word == NO_TERM || votes[w] > votes[told.word] ||
                         (votes[w] == votes[told.word] && last[w] > last[told.word])))
            told.word = w;
    told.otherwise = told.word == NO_TERM ? 0 : told.counted - votes[told.word];
    return told;
}
