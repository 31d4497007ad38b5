#include "analyze/coupling.h"

#include "analyze/figure.h"
#include "analyze/kpi.h"
#include "analyze/undefined.h"

#include <math.h>

static const double STRONGEST = 3;

typedef struct {
    const Results *results;
    Couplings *couplings;
    TowsItem *items;   /* beside Results.findings */
    GHashTable *named; /* folded id, title or theme → GArray of finding indices, ranked */
    GHashTable *sums;  /* key of a pair → LinkSum */
} Work;

typedef struct {
    int internal, external;
    double sum;
    GArray *records; /* one a link */
} LinkSum;

static const Finding *finding_at(const Results *r, int i)
{
    return &g_array_index(r->findings, Finding, i);
}

/* --- what a link names --------------------------------------------------------------------------
 */

static void name_add(GHashTable *named, const char *text, int finding)
{
    g_autofree char *folded = label_fold(text);
    GArray *list = g_hash_table_lookup(named, folded);
    if (!list) {
        list = g_array_new(FALSE, FALSE, sizeof(int));
        g_hash_table_insert(named, g_steal_pointer(&folded), list);
    }
    if (!list->len || g_array_index(list, int, list->len - 1) != finding)
        g_array_append_val(list, finding);
}

static GHashTable *names_of(const Results *r)
{
    GHashTable *named =
        g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)g_array_unref);
    for (int i = 0; i < (int)r->findings->len; i++) {
        const Finding *finding = finding_at(r, i);
        const Theme *theme = &g_array_index(r->themes, Theme, finding->theme);
        name_add(named, finding->id, i);
        name_add(named, finding->title, i);
        name_add(named, theme->key, i);
        for (int l = 0; l < N_LANGUAGES; l++)
            if (theme->term != NO_TERM)
                name_add(named, label_get(&theme->title, (Language)l), i);
    }
    return named;
}

/* The first of those named that lies on this side; NO_TERM: none does. */
static int finding_on(const Work *work, const char *text, SwotOrigin origin)
{
    g_autofree char *folded = text ? label_fold(text) : NULL;
    const GArray *list = folded ? g_hash_table_lookup(work->named, folded) : NULL;
    for (guint i = 0; list && i < list->len; i++) {
        const int finding = g_array_index(list, int, i);
        if (swot_origin(finding_at(work->results, finding)->quadrant) == origin)
            return finding;
    }
    return NO_TERM;
}

/* A step of the scale is stretched to 0 … 3; without a scale it is the number itself. */
static double strength_of(const Entry *entry)
{
    const char *told = entry_value(entry, "strength");
    if (entry->scale) {
        const int step = entry_step(entry, "strength");
        return step ? STRONGEST * (step - 1) / (entry->scale->n_steps - 1) : UNDEFINED;
    }
    const double strength = kpi_number(told ? told : entry_value(entry, "answer"));
    return strength >= 0 && strength <= STRONGEST ? strength : UNDEFINED;
}

static void add_link(Work *work, const Entry *entry)
{
    const char *left = entry_value(entry, "left"), *right = entry_value(entry, "right");
    const double strength = strength_of(entry);
    int internal = finding_on(work, left, SWOT_INTERNAL);
    int external = finding_on(work, right, SWOT_EXTERNAL);
    if (internal == NO_TERM || external == NO_TERM) {
        internal = finding_on(work, right, SWOT_INTERNAL);
        external = finding_on(work, left, SWOT_EXTERNAL);
    }
    if (internal == NO_TERM || external == NO_TERM || !is_defined(strength)) {
        work->couplings->unknown++;
        return;
    }
    g_autofree char *key = g_strdup_printf("%d %d", internal, external);
    LinkSum *sum = g_hash_table_lookup(work->sums, key);
    if (!sum) {
        sum = g_new(LinkSum, 1);
        *sum = (LinkSum){internal, external, 0, g_array_new(FALSE, FALSE, sizeof(uint32_t))};
        g_hash_table_insert(work->sums, g_steal_pointer(&key), sum);
    }
    sum->sum += strength;
    g_array_append_val(sum->records, entry->record);
}

static void link_sum_free(gpointer pointer)
{
    LinkSum *sum = pointer;
    g_array_unref(sum->records);
    g_free(sum);
}

/* --- who named a finding ------------------------------------------------------------------------
 */

static int by_number(gconstpointer a, gconstpointer b)
{
    const uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

/* Distinct respondents, ascending; a document has none. Caller owns. */
static GArray *respondents_of(const Results *r, const Finding *finding)
{
    GArray *persons = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    for (guint i = 0; i < finding->statements->len; i++) {
        const uint32_t at = g_array_index(finding->statements, uint32_t, i);
        const Record *record = dataset_record(r->data, dataset_statement(r->data, at)->record);
        if (record->source->method != METHOD_DOCUMENT)
            g_array_append_val(persons, record->person);
    }
    g_array_sort(persons, by_number);
    guint kept = 0;
    for (guint i = 0; i < persons->len; i++) {
        const uint32_t person = g_array_index(persons, uint32_t, i);
        if (!kept || g_array_index(persons, uint32_t, kept - 1) != person)
            g_array_index(persons, uint32_t, kept++) = person;
    }
    return g_array_set_size(persons, kept);
}

static void add_records(const Results *r, int finding, GArray *records)
{
    const GArray *statements = finding_at(r, finding)->statements;
    for (guint i = 0; i < statements->len; i++) {
        const uint32_t at = g_array_index(statements, uint32_t, i);
        g_array_append_val(records, dataset_statement(r->data, at)->record);
    }
}

static size_t together_of(const Results *r, int internal, int external)
{
    g_autoptr(GArray) a = respondents_of(r, finding_at(r, internal));
    g_autoptr(GArray) b = respondents_of(r, finding_at(r, external));
    const TowsItem items[] = {{finding_at(r, internal)->quadrant, 0},
                              {finding_at(r, external)->quadrant, 0}};
    const GArray *named[] = {a, b};
    g_autoptr(GArray) pairs = tows_together(items, 2, named);
    return pairs->len ? g_array_index(pairs, TowsPair, 0).together : 0;
}

/* --- the matrix ---------------------------------------------------------------------------------
 */

/* Of each quadrant the findings that are linked, then the others, by rank, as many as it holds. */
static void choose(Work *work)
{
    const Results *r = work->results;
    g_autofree bool *linked = g_new0(bool, r->findings->len + 1);
    g_autofree bool *taken = g_new0(bool, r->findings->len + 1);
    guint n[SWOT_QUADRANTS] = {0};
    GHashTableIter iter;
    gpointer sum;
    g_hash_table_iter_init(&iter, work->sums);
    while (g_hash_table_iter_next(&iter, NULL, &sum))
        linked[((LinkSum *)sum)->internal] = linked[((LinkSum *)sum)->external] = true;
    for (int pass = 0; pass < 2; pass++)
        for (int i = 0; i < (int)r->findings->len; i++)
            if (linked[i] == (pass == 0) && n[finding_at(r, i)->quadrant] < COUPLING_MOST) {
                n[finding_at(r, i)->quadrant]++;
                taken[i] = true;
            }
    for (int i = 0; i < (int)r->findings->len; i++)
        if (taken[i])
            g_array_append_val(swot_origin(finding_at(r, i)->quadrant) == SWOT_INTERNAL
                                   ? work->couplings->internal
                                   : work->couplings->external,
                               i);
}

static Coupling coupling_new(const Results *r, int internal, int external, const TowsPair *pair)
{
    Coupling c = {
        .key = g_strdup_printf("tows/%s/with=%s", finding_at(r, internal)->id,
                               finding_at(r, external)->id),
        .internal = internal,
        .external = external,
        .cell = {pair->cell[0], pair->cell[1], '\0'},
        .strength = UNDEFINED,
        .score = pair->score,
    };
    return c;
}

/* The links that were set, as tows_pairs takes them; those of strength 0 go no further. */
static void couple_links(Work *work)
{
    const Results *r = work->results;
    g_autoptr(GArray) links = g_array_new(FALSE, FALSE, sizeof(TowsLink));
    GHashTableIter iter;
    gpointer value;
    g_hash_table_iter_init(&iter, work->sums);
    while (g_hash_table_iter_next(&iter, NULL, &value)) {
        const LinkSum *sum = value;
        TowsLink link = {(uint32_t)sum->internal, (uint32_t)sum->external,
                         sum->sum / (double)sum->records->len};
        g_array_append_val(links, link);
    }
    g_autoptr(GArray) pairs = tows_pairs(work->items, r->findings->len,
                                         (const TowsLink *)(const void *)links->data, links->len);
    for (guint i = 0; i < pairs->len; i++) {
        const TowsPair *pair = &g_array_index(pairs, TowsPair, i);
        Coupling c = coupling_new(r, (int)pair->internal, (int)pair->external, pair);
        g_autofree char *key = g_strdup_printf("%d %d", c.internal, c.external);
        const LinkSum *sum = g_hash_table_lookup(work->sums, key);
        c.strength = sum->sum / (double)sum->records->len;
        c.links = sum->records->len;
        c.records = g_array_ref(sum->records);
        c.together = together_of(r, c.internal, c.external);
        g_array_append_val(work->couplings->couplings, c);
    }
}

/* Without links: what the same respondents named, among the findings of the matrix. */
static void couple_together(Work *work)
{
    const Results *r = work->results;
    const GArray *sides[] = {work->couplings->internal, work->couplings->external};
    g_autoptr(GArray) chosen = g_array_new(FALSE, FALSE, sizeof(int));
    g_autoptr(GPtrArray) named = g_ptr_array_new_with_free_func((GDestroyNotify)g_array_unref);
    g_autoptr(GArray) items = g_array_new(FALSE, FALSE, sizeof(TowsItem));
    for (size_t s = 0; s < G_N_ELEMENTS(sides); s++)
        for (guint i = 0; i < sides[s]->len; i++) {
            const int finding = g_array_index(sides[s], int, i);
            g_array_append_val(chosen, finding);
            g_array_append_val(items, work->items[finding]);
            g_ptr_array_add(named, respondents_of(r, finding_at(r, finding)));
        }
    g_autoptr(GArray) pairs = tows_together((const TowsItem *)(const void *)items->data, items->len,
                                            (const GArray *const *)(const void *)named->pdata);
    for (guint i = 0; i < pairs->len; i++) {
        const TowsPair *pair = &g_array_index(pairs, TowsPair, i);
        Coupling c = coupling_new(r, g_array_index(chosen, int, pair->internal),
                                  g_array_index(chosen, int, pair->external), pair);
        c.together = pair->together;
        c.records = g_array_new(FALSE, FALSE, sizeof(uint32_t));
        add_records(r, c.internal, c.records);
        add_records(r, c.external, c.records);
        g_array_append_val(work->couplings->couplings, c);
    }
}

/* --- the product --------------------------------------------------------------------------------
 */

static void coupling_clear(gpointer pointer)
{
    Coupling *coupling = pointer;
    g_free(coupling->key);
    g_array_unref(coupling->records);
}

static void couplings_free(gpointer product)
{
    Couplings *c = product;
    g_array_unref(c->couplings);
    g_array_unref(c->internal);
    g_array_unref(c->external);
    g_free(c);
}

static Couplings *couplings_new(void)
{
    Couplings *c = g_new0(Couplings, 1);
    c->couplings = g_array_new(FALSE, FALSE, sizeof(Coupling));
    c->internal = g_array_new(FALSE, FALSE, sizeof(int));
    c->external = g_array_new(FALSE, FALSE, sizeof(int));
    g_array_set_clear_func(c->couplings, coupling_clear);
    return c;
}

static gpointer compute(const Results *r)
{
    g_autofree TowsItem *items = g_new0(TowsItem, r->findings->len + 1);
    for (int i = 0; i < (int)r->findings->len; i++) {
        const Finding *finding = finding_at(r, i);
        items[i] = (TowsItem){finding->quadrant, is_defined(finding->share) ? finding->share : 0};
    }
    g_autoptr(GHashTable) named = names_of(r);
    g_autoptr(GHashTable) sums =
        g_hash_table_new_full(g_str_hash, g_str_equal, g_free, link_sum_free);
    Work work = {r, couplings_new(), items, named, sums};
    for (guint i = 0; i < r->data->entries->len; i++) {
        const Entry *entry = r->data->entries->pdata[i];
        if (entry->role == ROLE_PAIR)
            add_link(&work, entry);
    }
    work.couplings->linked = g_hash_table_size(sums) > 0;
    choose(&work);
    if (work.couplings->linked)
        couple_links(&work);
    else
        couple_together(&work);
    if (work.couplings->couplings->len)
        return work.couplings;
    couplings_free(work.couplings);
    return NULL;
}

const Coupling *coupling_of(const Couplings *couplings, int internal, int external)
{
    for (guint i = 0; i < couplings->couplings->len; i++) {
        const Coupling *c = &g_array_index(couplings->couplings, Coupling, i);
        if (c->internal == internal && c->external == external)
            return c;
    }
    return NULL;
}

static void publish(Results *r, gconstpointer product)
{
    const Couplings *all = product;
    for (guint i = 0; i < all->couplings->len; i++) {
        const Coupling *c = &g_array_index(all->couplings, Coupling, i);
        const size_t n = all->linked ? c->links : c->together;
        g_autofree char *name = g_strdup_printf("%s × %s", finding_at(r, c->internal)->code,
                                                finding_at(r, c->external)->code);
        basis_open(r, &(BasisRow){.path = c->key,
                                  .sheet = "tows",
                                  .figure = name,
                                  .method = "swot.tows",
                                  .n = n,
                                  .records = c->records,
                                  .against = basis_everybody});
        figure_count(r, c->key, "n", n);
        figure_text(r, c->key, "cell", c->cell);
        figure_number(r, c->key, "strength", c->strength, "not_linked");
        figure_number(r, c->key, "score", c->score, "not_linked");
        figure_count(r, c->key, "together", c->together);
    }
}

const Product product_couplings = {compute, publish, couplings_free};

const Couplings *results_couplings(const Results *results)
{
    return results->product[PRODUCT_COUPLINGS];
}
