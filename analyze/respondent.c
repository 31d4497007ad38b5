#include "analyze/respondent.h"

#include "analyze/undefined.h"
#include "schemas/instant.h"

#include <stdlib.h>
#include <string.h>

struct Respondents {
    Dataset *data;
    GHashTable *persons;  /* pseudonym or table, in the data set's arena → index */
    GHashTable *units;    /* folded name, table or lone person → index + 1 */
    GHashTable *speakers; /* person and unit in one number → index + 1 */
    GArray *home;         /* of uint32_t, per person: their first voice for a named organisation */
    GArray *homeless;     /* of uint32_t: voices that wait for respondents_settle */
    GTimeZone *zone;
};

/* g_int64_hash sees the lower half alone, which is the organisation: its people would all be one
 * chain. */
static guint pair_hash(gconstpointer pair)
{
    const uint64_t golden = 0x9E3779B97F4A7C15U;
    return (guint)((*(const uint64_t *)pair * golden) >> 32);
}

Respondents *respondents_new(Dataset *data)
{
    Respondents *r = g_new(Respondents, 1);
    *r = (Respondents){
        .data = data,
        .persons = g_hash_table_new(g_str_hash, g_str_equal),
        .units = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL),
        .speakers = g_hash_table_new_full(pair_hash, g_int64_equal, g_free, NULL),
        .home = g_array_new(FALSE, FALSE, sizeof(uint32_t)),
        .homeless = g_array_new(FALSE, FALSE, sizeof(uint32_t)),
        .zone = g_time_zone_new_identifier(data->project->timezone),
    };
    return r;
}

void respondents_free(Respondents *r)
{
    if (!r)
        return;
    g_hash_table_unref(r->persons);
    g_hash_table_unref(r->units);
    g_hash_table_unref(r->speakers);
    g_array_unref(r->home);
    g_array_unref(r->homeless);
    if (r->zone)
        g_time_zone_unref(r->zone);
    g_free(r);
}

/* --- people --- */

/* Several workshops in one source are told apart by the attribute `workshop`, else by their day. */
static const char *workshop_of(Respondents *r, const Record *record, const Attributes *attributes)
{
    if (record->source->method != METHOD_WORKSHOP)
        return NULL;
    g_autofree char *day = attributes->workshop ? NULL : instant_day(record->submitted, r->zone);
    const char *told = attributes->workshop ? attributes->workshop : day;
    g_autofree char *which = g_strjoin("\x01", record->source->name, told ? told : "", NULL);
    return g_string_chunk_insert_const(r->data->arena, which);
}

static char *table_of(const Record *record, const Attributes *attributes)
{
    return g_strjoin("\x01", "", record->workshop, attributes->table ? attributes->table : "",
                     NULL);
}

/* The name an organisation is known by in whatever spelling; "" for blanks. */
static char *organisation_identity(const Project *project, const char *name)
{
    const Organisation *known = project_organisation(project, name);
    return organisation_fold(known ? known->name : name);
}

static int by_bytes(gconstpointer a, gconstpointer b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* The organisations around a table, the same in whatever order and spelling they were written. */
static char *organisations_around(const Project *project, const Attributes *attributes)
{
    const char *told =
        attributes->organisations ? attributes->organisations : attributes->organisation;
    g_auto(GStrv) names = g_strsplit(told ? told : "", ";", -1);
    g_autoptr(GPtrArray) identities = g_ptr_array_new_with_free_func(g_free);
    for (char **name = names; *name; name++) {
        char *identity = organisation_identity(project, *name);
        if (*identity && !g_ptr_array_find_with_equal_func(identities, identity, g_str_equal, NULL))
            g_ptr_array_add(identities, identity);
        else
            g_free(identity);
    }
    g_ptr_array_sort(identities, by_bytes);
    g_ptr_array_add(identities, NULL);
    return g_strjoinv("\x01", (char **)identities->pdata);
}

static uint32_t person_new(Respondents *r)
{
    const uint32_t nowhere = NO_INDEX;
    g_array_append_val(r->home, nowhere);
    return r->data->n_persons++;
}

/* Who it is, and the pseudonym as the data set keeps it: once. */
static uint32_t person_of(Respondents *r, Record *record, const Attributes *attributes)
{
    gpointer kept, known;
    g_autofree char *around = NULL;
    const char *identity = record->pseudonym;
    if (!identity && record->source->method == METHOD_WORKSHOP) {
        g_autofree char *table = table_of(record, attributes);
        g_autofree char *organisations = organisations_around(r->data->project, attributes);
        around = g_strjoin("\x01", table, organisations, NULL);
        identity = around;
    }
    if (!identity)
        return person_new(r);
    if (!g_hash_table_lookup_extended(r->persons, identity, &kept, &known)) {
        kept = g_string_chunk_insert(r->data->arena, identity);
        known = GUINT_TO_POINTER(person_new(r));
        g_hash_table_insert(r->persons, kept, known);
    }
    record->pseudonym = record->pseudonym ? kept : NULL;
    return GPOINTER_TO_UINT(known);
}

/* Nobody will ever be recognised as somebody who left neither pseudonym nor table. */
static bool may_return(const Record *record)
{
    return record->pseudonym || record->source->method == METHOD_WORKSHOP;
}

static uint32_t speaker_of(Respondents *r, const Record *record, uint32_t unit)
{
    if (!may_return(record))
        return r->data->n_speakers++;
    gint64 pair = (gint64)((uint64_t)record->person << 32 | unit);
    guint known = GPOINTER_TO_UINT(g_hash_table_lookup(r->speakers, &pair));
    if (known)
        return known - 1;
    uint32_t speaker = r->data->n_speakers++;
    g_hash_table_insert(r->speakers, g_memdup2(&pair, sizeof pair), GUINT_TO_POINTER(speaker + 1));
    return speaker;
}

/* --- what counts as an organisation --- */

static uint32_t unit_add(Respondents *r, const char *identity, DataUnit unit)
{
    guint known = GPOINTER_TO_UINT(g_hash_table_lookup(r->units, identity));
    if (known) {
        DataUnit *same = dataset_unit(r->data, known - 1);
        if (same->group == NO_TERM)
            same->group = unit.group;
        return known - 1;
    }
    g_array_append_val(r->data->units, unit);
    g_hash_table_insert(r->units, g_strdup(identity), GUINT_TO_POINTER(r->data->units->len));
    return r->data->units->len - 1;
}

/* A table that names an organisation twice, or under two of its names, speaks for it once. */
static void voice_add(Respondents *r, const Record *record, uint32_t unit, int group)
{
    for (guint i = record->first_voice; i < r->data->voices->len; i++)
        if (dataset_voice(r->data, i)->unit == unit)
            return;
    Voice voice = {.record = r->data->records->len,
                   .unit = unit,
                   .speaker = unit == NO_INDEX ? NO_INDEX : speaker_of(r, record, unit),
                   .group = group};
    g_array_append_val(r->data->voices, voice);
}

/* One voice for a named organisation. Its group is the one project.yaml gives it, else the one the
 * response names. */
static void voice_named(Respondents *r, const Record *record, const char *name, int group)
{
    const Organisation *known = project_organisation(r->data->project, name);
    const char *shown = known ? known->name : name;
    g_autofree char *identity = organisation_fold(shown);
    if (!*identity)
        return;
    if (known && known->group != NO_TERM)
        group = known->group;
    DataUnit unit = {
        .name = g_string_chunk_insert_const(r->data->arena, shown), .group = group, .named = true};
    voice_add(r, record, unit_add(r, identity, unit), group);
    uint32_t *home = &g_array_index(r->home, uint32_t, record->person);
    if (*home == NO_INDEX)
        *home = record->first_voice;
}

static void voice_unnamed(Respondents *r, const Record *record, const Attributes *attributes)
{
    const uint32_t at = r->data->voices->len;
    uint32_t unit = NO_INDEX;
    if (record->source->method == METHOD_WORKSHOP) {
        g_autofree char *table = table_of(record, attributes);
        unit = unit_add(r, table, (DataUnit){.group = record->group});
    } else {
        g_array_append_val(r->homeless, at);
    }
    voice_add(r, record, unit, record->group);
}

/* The voices of a record that is about to be added. */
static void voices_add(Respondents *r, Record *record, const Attributes *attributes)
{
    record->first_voice = r->data->voices->len;
    if (attributes->organisations) {
        g_auto(GStrv) names = g_strsplit(attributes->organisations, ";", -1);
        for (char **name = names; *name; name++)
            voice_named(r, record, *name, record->group);
    }
    if (r->data->voices->len == record->first_voice && attributes->organisation)
        voice_named(r, record, attributes->organisation, record->group);
    if (r->data->voices->len == record->first_voice)
        voice_unnamed(r, record, attributes);
    record->n_voices = r->data->voices->len - record->first_voice;
    if (record->group == NO_TERM)
        record->group = dataset_voice(r->data, record->first_voice)->group;
}

/* At least the one who wrote; a number beyond any table is a slip of the key. */
static int participants_of(const char *text)
{
    enum { MOST = 1000 };
    return text ? (int)CLAMP(g_ascii_strtoll(text, NULL, 10), 1, MOST) : 1;
}

/* «ja», «Y», «true», «1» agree to the organisation being named; anything else told does not. */
static int8_t consent_of(const char *text)
{
    static const char *const yes[] = {"ja", "yes", "y", "true", "1", NULL};
    if (!text)
        return 0;
    g_autofree char *folded = label_fold(text);
    return g_strv_contains(yes, folded) ? 1 : -1;
}

uint32_t respondents_add(Respondents *r, Record record, const Attributes *attributes)
{
    record.workshop = workshop_of(r, &record, attributes);
    record.person = person_of(r, &record, attributes);
    record.participants = (int16_t)participants_of(attributes->participants);
    record.consent = consent_of(attributes->consent);
    record.group = record.source->group;
    if (attributes->group) {
        record.group = framework_match(r->data->project->framework, TERM_GROUP, attributes->group);
        r->data->counts.unknown_group += record.group == NO_TERM;
    }
    voices_add(r, &record, attributes);
    g_array_append_val(r->data->records, record);
    return r->data->records->len - 1;
}

/* --- those who named no organisation --- */

/* The group of somebody who speaks here for the organisation they named in voice `home`. */
static int group_at_home(const Project *project, const Voice *home, const char *name, int told)
{
    const Organisation *known = project_organisation(project, name);
    if (known && known->group != NO_TERM)
        return known->group;
    return told != NO_TERM ? told : home->group;
}

static void voice_settle(Respondents *r, Voice *voice)
{
    const int citizens = r->data->project->framework->citizen_group;
    const uint32_t person = dataset_record(r->data, voice->record)->person;
    const uint32_t home = g_array_index(r->home, uint32_t, person);
    const bool says_citizen = voice->group != NO_TERM && voice->group == citizens;
    if (home != NO_INDEX && !says_citizen) {
        const Voice *there = dataset_voice(r->data, home);
        const DataUnit *unit = dataset_unit(r->data, there->unit);
        voice->unit = there->unit;
        voice->group = group_at_home(r->data->project, there, unit->name, voice->group);
    } else {
        if (voice->group == NO_TERM)
            voice->group = citizens;
        DataUnit unit = {.group = voice->group,
                         .citizen = voice->group != NO_TERM && voice->group == citizens};
        g_autofree char *alone = g_strdup_printf("\x02%u\x01%d", person, unit.citizen);
        voice->unit = unit_add(r, alone, unit);
    }
    voice->speaker = speaker_of(r, dataset_record(r->data, voice->record), voice->unit);
}

void respondents_settle(Respondents *r)
{
    for (guint i = 0; i < r->homeless->len; i++) {
        Voice *voice = dataset_voice(r->data, g_array_index(r->homeless, uint32_t, i));
        Record *record = dataset_record(r->data, voice->record);
        voice_settle(r, voice);
        if (record->group == NO_TERM)
            record->group = voice->group;
    }
    g_array_set_size(r->homeless, 0);
}
