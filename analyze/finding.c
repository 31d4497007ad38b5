#include "analyze/finding.h"

#include "analyze/support.h"
#include "analyze/theme.h"
#include "analyze/undefined.h"

#include <string.h>

typedef struct {
    Results *results;
    const ProjectKey *key;
    size_t org_total; /* named organisations heard */
} Findings;

static Finding *finding_at(const Findings *f, size_t i)
{
    return &g_array_index(f->results->findings, Finding, i);
}

static StatementResult *result_of(const Findings *f, size_t i)
{
    return &g_array_index(f->results->statements, StatementResult, i);
}

void finding_clear(gpointer pointer)
{
    Finding *finding = pointer;
    g_free(finding->id);
    g_free(finding->title);
    g_array_unref(finding->statements);
}

/* --- theme × quadrant --- */

static Finding *finding_of(Findings *f, GHashTable *known, uint32_t theme, SwotQuadrant quadrant)
{
    gpointer place = GUINT_TO_POINTER(theme * SWOT_QUADRANTS + quadrant + 1);
    guint at = GPOINTER_TO_UINT(g_hash_table_lookup(known, place));
    if (at)
        return finding_at(f, at - 1);
    Finding finding = {.quadrant = quadrant,
                       .theme = (int)theme,
                       .proposed = true,
                       .statements = g_array_new(FALSE, FALSE, sizeof(uint32_t)),
                       .category = NO_TERM,
                       .level = NO_TERM,
                       .question = NO_TERM,
                       .also_in = NO_TERM};
    g_array_append_val(f->results->findings, finding);
    g_hash_table_insert(known, place, GUINT_TO_POINTER(f->results->findings->len));
    return finding_at(f, f->results->findings->len - 1);
}

static void gather(Findings *f)
{
    g_autoptr(GHashTable) known = g_hash_table_new(NULL, NULL);
    for (uint32_t i = 0; i < f->results->statements->len; i++) {
        const StatementResult *result = result_of(f, i);
        if (result->quadrant == SWOT_UNCLASSIFIED)
            continue;
        for (guint k = 0; k < result->themes->len; k++) {
            uint32_t theme = g_array_index(result->themes, uint32_t, k);
            Finding *finding = finding_of(f, known, theme, result->quadrant);
            g_array_append_val(finding->statements, i);
        }
    }
}

/* --- who stands behind it --- */

void finding_mentions(const Dataset *data, const Statement *statement, GArray *mentions)
{
    const Record *record = dataset_record(data, statement->record);
    for (uint32_t k = 0; k < record->n_voices; k++) {
        const Voice *voice = dataset_voice(data, record->first_voice + k);
        SupportMention mention = {
            .respondent = record->source->method == METHOD_DOCUMENT ? NO_INDEX : record->person,
            .org = dataset_unit(data, voice->unit)->named ? voice->unit : NO_INDEX,
            .stream = statement->stream == NO_TERM ? NO_INDEX : (uint32_t)statement->stream,
        };
        g_array_append_val(mentions, mention);
    }
}

static void count_support(Findings *f, Finding *finding, Support *ret)
{
    const Dataset *data = f->results->data;
    g_autoptr(GArray) mentions = g_array_new(FALSE, FALSE, sizeof(SupportMention));
    for (guint i = 0; i < finding->statements->len; i++) {
        const Statement *statement =
            dataset_statement(data, g_array_index(finding->statements, uint32_t, i));
        finding_mentions(data, statement, mentions);
        if (statement->stream != NO_TERM)
            finding->stream_mask |= 1u << statement->stream;
    }
    *ret = support_count((const SupportMention *)(const void *)mentions->data, mentions->len,
                         f->org_total);
    finding->mentions = finding->statements->len;
    finding->people = ret->respondents;
    finding->organisations = ret->orgs;
    finding->streams = ret->streams;
    finding->share = ret->org_share;
    finding->share_low = ret->org_share_lo;
    finding->effective_streams = ret->effective_streams;
}

/* The value most of the finding's statements have, the first declared on ties; NO_TERM for none. */
static int commonest(const Findings *f, const Finding *finding, size_t values,
                     int (*value)(const Findings *, const Statement *))
{
    g_autofree guint *count = g_new0(guint, values + 1);
    int best = NO_TERM;
    for (guint i = 0; i < finding->statements->len; i++) {
        uint32_t at = g_array_index(finding->statements, uint32_t, i);
        int v = value(f, dataset_statement(f->results->data, at));
        if (v != NO_TERM)
            count[v]++;
    }
    for (size_t v = 0; v < values; v++)
        if (count[v] && (best == NO_TERM || count[v] > count[best]))
            best = (int)v;
    return best;
}

static int category_of(const Findings *f, const Statement *statement)
{
    (void)f;
    return statement->category;
}

static int level_of(const Findings *f, const Statement *statement)
{
    const Framework *framework = f->results->project->framework;
    return statement->item == NO_TERM ? NO_TERM
                                      : framework->list[TERM_ITEM].v[statement->item].level;
}

static int question_of(const Findings *f, const Statement *statement)
{
    const Framework *framework = f->results->project->framework;
    return statement->item == NO_TERM ? NO_TERM
                                      : framework->list[TERM_ITEM].v[statement->item].parent;
}

/* Every placed statement of the theme is a vote on where the theme belongs. */
static void settle(Findings *f)
{
    GArray *findings = f->results->findings;
    const size_t themes = f->results->themes->len;
    g_autofree size_t(*votes)[SWOT_QUADRANTS] = g_malloc0_n(themes + 1, sizeof *votes);
    g_autofree int *first = g_new(int, themes + 1);
    for (size_t t = 0; t < themes; t++)
        first[t] = NO_TERM;
    for (guint i = 0; i < findings->len; i++) {
        Finding *finding = finding_at(f, i);
        votes[finding->theme][finding->quadrant] = finding->statements->len;
        if (first[finding->theme] == NO_TERM) {
            first[finding->theme] = (int)i;
            continue;
        }
        finding->also_in = first[finding->theme];
        if (finding_at(f, (size_t)first[finding->theme])->also_in == NO_TERM)
            finding_at(f, (size_t)first[finding->theme])->also_in = (int)i;
    }
    for (guint i = 0; i < findings->len; i++)
        finding_at(f, i)->dispute = swot_dispute(votes[finding_at(f, i)->theme]);
}

/* --- names --- */

enum { CENTRAL_MOST = 400 }; /* statements compared for a title: the square of this is the work */

/* A codebook label speaks of one quadrant («data are hard to share»); over a finding in another it
 * would say the opposite of what was said there. */
static bool label_speaks_of(const Findings *f, const Theme *theme, SwotQuadrant quadrant)
{
    if (theme->term == NO_TERM)
        return false;
    const char *kind = f->results->project->framework->list[TERM_THEME].v[theme->term].kind;
    return !kind || swot_parse(kind) == quadrant;
}

static void name(Findings *f, const Similarity *index, Finding *finding)
{
    const Theme *theme = &g_array_index(f->results->themes, Theme, finding->theme);
    if (label_speaks_of(f, theme, finding->quadrant)) {
        finding->title = g_strdup(label_get(&theme->title, f->results->project->language));
        return;
    }
    const uint32_t *member = &g_array_index(finding->statements, uint32_t, 0);
    size_t central = theme_central(index, member, MIN(finding->statements->len, CENTRAL_MOST));
    g_autofree char *text = g_strdup(dataset_statement(f->results->data, member[central])->text);
    finding->title = g_strdup_printf("«%s»", g_strstrip(text));
}

/* --- ids that outlive regrouping --- */

static const char *first_statement(const Findings *f, const Finding *finding)
{
    return dataset_statement(f->results->data, g_array_index(finding->statements, uint32_t, 0))->id;
}

static guint shared_statements(const StoredFinding *stored, const Findings *f,
                               const Finding *finding)
{
    guint shared = 0;
    for (guint i = 0; i < finding->statements->len; i++) {
        uint32_t at = g_array_index(finding->statements, uint32_t, i);
        const char *id = dataset_statement(f->results->data, at)->id;
        shared += g_ptr_array_find_with_equal_func(stored->statements, id, g_str_equal, NULL);
    }
    return shared;
}

static bool has_theme(const Findings *f, const Finding *finding, const char *key)
{
    return g_str_equal(g_array_index(f->results->themes, Theme, finding->theme).key, key);
}

/* Each stored finding gives its id to the new one, of the same quadrant, that holds most of its
 * statements and at least half of them; an id is given once. Findings of two themes may rest on the
 * same statements: the one of the stored finding's theme is the heir then. */
static void inherit_ids(Findings *f, const GPtrArray *stored)
{
    for (guint s = 0; s < stored->len; s++) {
        const StoredFinding *old = stored->pdata[s];
        Finding *heir = NULL;
        guint most = 0;
        for (guint i = 0; i < f->results->findings->len; i++) {
            Finding *finding = finding_at(f, i);
            if (finding->id || !g_str_equal(swot_key(finding->quadrant), old->quadrant))
                continue;
            guint shared = shared_statements(old, f, finding);
            if (shared > most || (shared && shared == most && has_theme(f, finding, old->theme))) {
                most = shared;
                heir = finding;
            }
        }
        if (heir && 2 * most >= old->statements->len)
            heir->id = g_strdup(old->id);
    }
}

static bool id_is_taken(const Findings *f, const GPtrArray *stored, const char *id)
{
    for (guint s = 0; s < stored->len; s++)
        if (g_str_equal(((const StoredFinding *)stored->pdata[s])->id, id))
            return true;
    for (guint i = 0; i < f->results->findings->len; i++)
        if (g_strcmp0(finding_at(f, i)->id, id) == 0)
            return true;
    return false;
}

/* An id that an earlier analysis gave up stays so, also when the same statements come back. */
static bool make_ids(Findings *f, const GPtrArray *stored, Store *store, GError **error)
{
    for (guint i = 0; i < f->results->findings->len; i++) {
        Finding *finding = finding_at(f, i);
        for (guint attempt = 0; !finding->id; attempt++) {
            char salt[16];
            bool retired = false;
            g_snprintf(salt, sizeof salt, "%u", attempt);
            g_autofree char *id = project_key_id(f->key, "finding", swot_key(finding->quadrant),
                                                 first_statement(f, finding), salt, NULL);
            if (store && !store_finding_retired(store, id, &retired, error))
                return false;
            if (!retired && !id_is_taken(f, stored, id))
                finding->id = g_steal_pointer(&id);
        }
    }
    return true;
}

static bool remember(Findings *f, Store *store, GError **error)
{
    g_autoptr(GPtrArray) keep = g_ptr_array_new_with_free_func((GDestroyNotify)stored_finding_free);
    for (guint i = 0; i < f->results->findings->len; i++) {
        const Finding *finding = finding_at(f, i);
        const Theme *theme = &g_array_index(f->results->themes, Theme, finding->theme);
        StoredFinding *stored = g_new(StoredFinding, 1);
        *stored = (StoredFinding){.id = g_strdup(finding->id),
                                  .quadrant = g_strdup(swot_key(finding->quadrant)),
                                  .theme = g_strdup(theme->key),
                                  .statements = g_ptr_array_new_with_free_func(g_free)};
        for (guint k = 0; k < finding->statements->len; k++) {
            uint32_t at = g_array_index(finding->statements, uint32_t, k);
            g_ptr_array_add(stored->statements,
                            g_strdup(dataset_statement(f->results->data, at)->id));
        }
        g_ptr_array_add(keep, stored);
    }
    return store_put_findings(store, keep, f->results->data->newest_pull, error);
}

/* --- order
 * ------------------------------------------------------------------------------------------------
 */

/* By quadrant, and inside it by standing (methods.md 3.13). Remaps also_in. */
static void rank(Findings *f, const Support *support)
{
    GArray *findings = f->results->findings;
    g_autoptr(GArray) ranked = g_array_sized_new(FALSE, FALSE, sizeof(Finding), findings->len);
    g_autofree uint32_t *place = g_new0(uint32_t, findings->len + 1);
    for (int q = 0; q < SWOT_QUADRANTS; q++) {
        g_autoptr(GArray) in = g_array_new(FALSE, FALSE, sizeof(uint32_t));
        g_autoptr(GArray) with = g_array_new(FALSE, FALSE, sizeof(Support));
        g_autoptr(GPtrArray) ids = g_ptr_array_new();
        for (uint32_t i = 0; i < findings->len; i++)
            if (finding_at(f, i)->quadrant == (SwotQuadrant)q) {
                g_array_append_val(in, i);
                g_array_append_val(with, support[i]);
                g_ptr_array_add(ids, finding_at(f, i)->id);
            }
        g_autofree uint32_t *order = g_new(uint32_t, in->len + 1);
        support_rank((const Support *)(const void *)with->data, (const char *const *)ids->pdata,
                     in->len, order);
        for (guint r = 0; r < in->len; r++) {
            uint32_t i = g_array_index(in, uint32_t, order[r]);
            place[i] = ranked->len;
            g_array_append_val(ranked, *finding_at(f, i));
        }
    }
    if (findings->len)
        memcpy(findings->data, ranked->data, findings->len * sizeof(Finding));
    for (guint i = 0; i < findings->len; i++)
        if (finding_at(f, i)->also_in != NO_TERM)
            finding_at(f, i)->also_in = (int)place[finding_at(f, i)->also_in];
}

/* S1, S2 … in the workbook's language, and the way back from statements. */
static void number(Findings *f)
{
    const Language language = f->results->project->language;
    guint rank_in[SWOT_QUADRANTS] = {0};
    for (uint32_t i = 0; i < f->results->findings->len; i++) {
        Finding *finding = finding_at(f, i);
        g_autofree char *key = g_strdup_printf("quadrant.%s.letter", swot_key(finding->quadrant));
        g_snprintf(finding->code, sizeof finding->code, "%s%u", words(language, key),
                   ++rank_in[finding->quadrant]);
        for (guint k = 0; k < finding->statements->len; k++) {
            uint32_t at = g_array_index(finding->statements, uint32_t, k);
            g_array_append_val(result_of(f, at)->findings, i);
        }
    }
}

static size_t named_organisations(const Dataset *data)
{
    size_t named = 0;
    for (guint i = 0; i < data->units->len; i++)
        named += dataset_unit(data, i)->named;
    return named;
}

bool finding_compute(Results *results, const Similarity *index, const ProjectKey *key, Store *store,
                     GError **error)
{
    Findings f = {.results = results, .key = key, .org_total = named_organisations(results->data)};
    gather(&f);
    const Framework *framework = results->project->framework;
    g_autofree Support *support = g_new(Support, results->findings->len + 1);
    for (guint i = 0; i < results->findings->len; i++) {
        Finding *finding = finding_at(&f, i);
        count_support(&f, finding, &support[i]);
        name(&f, index, finding);
        finding->category = commonest(&f, finding, framework->list[TERM_CATEGORY].n, category_of);
        finding->level = commonest(&f, finding, framework->list[TERM_LEVEL].n, level_of);
        finding->question = commonest(&f, finding, framework->list[TERM_QUESTION].n, question_of);
    }
    settle(&f);
    g_autoptr(GPtrArray) stored = store ? store_findings(store, error) : g_ptr_array_new();
    if (!stored)
        return false;
    inherit_ids(&f, stored);
    if (!make_ids(&f, stored, store, error))
        return false;
    rank(&f, support);
    number(&f);
    return !store || !store_is_writable(store) || remember(&f, store, error);
}
