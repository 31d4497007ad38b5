#include "analyze/needmap.h"

#include "analyze/compare.h"
#include "analyze/figure.h"
#include "analyze/proportion.h"

static const double LEVEL = 0.95; /* of the intervals, as Newcombe's difference has them */

const char *need_kind_word(NeedKind kind)
{
    static const char *const words_of[N_NEED_KINDS] = {"practical", "underlying"};
    return words_of[kind];
}

static int kind_parse(const char *word)
{
    for (int kind = 0; word && kind < N_NEED_KINDS; kind++)
        if (g_str_equal(word, need_kind_word((NeedKind)kind)))
            return kind;
    return NO_TERM;
}

/* --- what an answer tells -----------------------------------------------------------------------
 */

static int segment_of(const Framework *framework, const Entry *entry)
{
    const char *told = entry_value(entry, "segment");
    return told ? framework_match(framework, TERM_SEGMENT, told) : NO_TERM;
}

/* The group it names; else that of its segment; else the one that has the need alone. */
static int group_of(const Framework *framework, const Entry *entry, const Mention *mention)
{
    const char *told = entry_value(entry, "group");
    const int group = told ? framework_match(framework, TERM_NEED_GROUP, told) : NO_TERM;
    if (group != NO_TERM)
        return group;
    const int segment = segment_of(framework, entry);
    if (segment != NO_TERM)
        return framework->list[TERM_SEGMENT].v[segment].parent;
    return mention->term == NO_TERM ? NO_TERM : framework->list[TERM_NEED].v[mention->term].parent;
}

/* What most who named it call it, practical on ties; the framework knows its own. */
static int kind_of(const Framework *framework, const Mention *mention)
{
    size_t votes[N_NEED_KINDS] = {0};
    if (mention->term != NO_TERM)
        return kind_parse(framework->list[TERM_NEED].v[mention->term].kind);
    for (guint i = 0; i < mention->entries->len; i++) {
        const int kind = kind_parse(entry_value(mention->entries->pdata[i], "kind"));
        if (kind != NO_TERM)
            votes[kind]++;
    }
    if (!votes[NEED_PRACTICAL] && !votes[NEED_UNDERLYING])
        return NO_TERM;
    return votes[NEED_UNDERLYING] > votes[NEED_PRACTICAL] ? NEED_UNDERLYING : NEED_PRACTICAL;
}

/* --- counting -----------------------------------------------------------------------------------
 */

/* Distinct sources by some index; a set for each index that is met. */
typedef struct {
    GHashTable **persons;
    size_t n;
} Sets;

static Sets sets_new(size_t n)
{
    return (Sets){g_new0(GHashTable *, n + 1), n};
}

static void sets_clear(Sets *sets)
{
    for (size_t i = 0; i < sets->n; i++)
        if (sets->persons[i])
            g_hash_table_unref(sets->persons[i]);
    g_free(sets->persons);
}

static void sets_add(Sets *sets, int index, uint32_t person)
{
    if (index == NO_TERM)
        return;
    if (!sets->persons[index])
        sets->persons[index] = g_hash_table_new(NULL, NULL);
    g_hash_table_add(sets->persons[index], GUINT_TO_POINTER(person + 1));
}

static size_t *sets_sizes(const Sets *sets)
{
    size_t *sizes = g_new0(size_t, sets->n + 1);
    for (size_t i = 0; i < sets->n; i++)
        sizes[i] = sets->persons[i] ? g_hash_table_size(sets->persons[i]) : 0;
    return sizes;
}

static uint32_t person_of(const Dataset *data, const Entry *entry)
{
    return dataset_record(data, entry->record)->person;
}

/* The denominators, and one row for each need with whom it is named by. */
typedef struct {
    const Dataset *data;
    const Framework *framework;
    NeedMap *map;
    Sets groups, segments; /* of all who named any need */
} Count;

static NeedRow count_row(Count *c, const Mention *mention)
{
    Sets groups = sets_new(c->map->n_groups), segments = sets_new(c->map->n_segments);
    Sets all = sets_new(1);
    for (guint i = 0; i < mention->entries->len; i++) {
        const Entry *entry = mention->entries->pdata[i];
        const uint32_t person = person_of(c->data, entry);
        const int group = group_of(c->framework, entry, mention);
        const int segment = segment_of(c->framework, entry);
        sets_add(&all, 0, person);
        sets_add(&groups, group, person);
        sets_add(&segments, segment, person);
        sets_add(&c->groups, group, person);
        sets_add(&c->segments, segment, person);
        if (group == NO_TERM)
            c->map->ungrouped++;
        else
            g_array_append_val(c->map->records[group], entry->record);
    }
    NeedRow row = {
        .key = g_strconcat("need/", mention->id, NULL),
        .mention = mention,
        .kind = kind_of(c->framework, mention),
        .sources = g_hash_table_size(all.persons[0]),
        .named = sets_sizes(&groups),
        .segment = sets_sizes(&segments),
        .share = g_new(Estimate, c->map->n_groups + 1),
    };
    sets_clear(&all);
    sets_clear(&groups);
    sets_clear(&segments);
    return row;
}

/* --- comparing ----------------------------------------------------------------------------------
 */

/* The first declared group from `from` on with at least so many sources; NO_TERM: none. */
static int next_group(const NeedMap *map, int from, double least)
{
    for (int g = from; g < (int)map->n_groups; g++)
        if (map->sources[g] && (double)map->sources[g] >= least)
            return g;
    return NO_TERM;
}

static void choose_pair(NeedMap *map, double least)
{
    map->first = next_group(map, 0, least);
    map->second = map->first == NO_TERM ? NO_TERM : next_group(map, map->first + 1, least);
    if (map->second == NO_TERM && least > 1)
        choose_pair(map, 1);
}

static void compare_row(const NeedMap *map, NeedRow *row, const Thresholds *limits)
{
    for (size_t g = 0; g < map->n_groups; g++)
        row->share[g] = proportion_wilson((double)row->named[g], (double)map->sources[g], LEVEL);
    if (map->second == NO_TERM) {
        row->pair = (Need){UNDEFINED, UNDEFINED, UNDEFINED, ESTIMATE_UNDEFINED, NEED_UNCLASSED};
        return;
    }
    row->pair = needs_overlap((double)row->named[map->first], (double)map->sources[map->first],
                              (double)row->named[map->second], (double)map->sources[map->second],
                              limits->need_shared, limits->need_people);
}

static double largest_share(const NeedMap *map, const NeedRow *row)
{
    double largest = 0;
    for (size_t g = 0; g < map->n_groups; g++)
        if (is_defined(row->share[g].value))
            largest = MAX(largest, compare_round(row->share[g].value));
    return largest;
}

static int by_share(gconstpointer left, gconstpointer right, gpointer map)
{
    const NeedRow *a = left, *b = right;
    const double x = largest_share(map, a), y = largest_share(map, b);
    if (x != y)
        return x > y ? -1 : 1;
    if (a->sources != b->sources)
        return a->sources > b->sources ? -1 : 1;
    return a->mention < b->mention ? -1 : a->mention > b->mention;
}

/* Shared needs first, by their overlap. */
static void rank_rows(NeedMap *map)
{
    const guint n = map->rows->len;
    g_array_sort_with_data(map->rows, by_share, map);
    g_autofree Need *needs = g_new(Need, n + 1);
    g_autofree uint32_t *order = g_new(uint32_t, n + 1);
    for (guint i = 0; i < n; i++)
        needs[i] = g_array_index(map->rows, NeedRow, i).pair;
    needs_rank(needs, n, order);
    g_autoptr(GArray) ranked = g_array_sized_new(FALSE, FALSE, sizeof(NeedRow), n);
    for (guint i = 0; i < n; i++) {
        NeedRow row = g_array_index(map->rows, NeedRow, order[i]);
        if (row.pair.cls == NEED_SHARED)
            row.rank = ++map->n_shared;
        g_array_append_val(ranked, row);
    }
    for (guint i = 0; i < n; i++)
        g_array_index(map->rows, NeedRow, i) = g_array_index(ranked, NeedRow, i);
}

/* Of one kind, or of all for NO_TERM. */
static double ruzicka_over(const NeedMap *map, int kind)
{
    g_autofree Need *needs = g_new(Need, map->rows->len + 1);
    size_t n = 0;
    for (guint i = 0; i < map->rows->len; i++) {
        const NeedRow *row = &g_array_index(map->rows, NeedRow, i);
        if (kind == NO_TERM || row->kind == kind)
            needs[n++] = row->pair;
    }
    return needs_ruzicka(needs, n);
}

/* --- the product --------------------------------------------------------------------------------
 */

static void row_clear(gpointer pointer)
{
    NeedRow *row = pointer;
    g_free(row->key);
    g_free(row->named);
    g_free(row->share);
    g_free(row->segment);
}

static void needmap_free(gpointer product)
{
    NeedMap *map = product;
    for (size_t g = 0; g < map->n_groups; g++)
        g_array_unref(map->records[g]);
    g_array_set_clear_func(map->rows, row_clear);
    g_array_unref(map->rows);
    g_array_unref(map->mentions);
    g_free(map->records);
    g_free(map->sources);
    g_free(map->in_segment);
    g_free(map);
}

static NeedMap *needmap_new(const Framework *framework, GArray *mentions)
{
    NeedMap *map = g_new0(NeedMap, 1);
    map->mentions = mentions;
    map->rows = g_array_new(FALSE, FALSE, sizeof(NeedRow));
    map->n_groups = framework->list[TERM_NEED_GROUP].n;
    map->n_segments = framework->list[TERM_SEGMENT].n;
    map->records = g_new0(GArray *, map->n_groups + 1);
    for (size_t g = 0; g < map->n_groups; g++)
        map->records[g] = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    return map;
}

static gpointer compute(const Results *r)
{
    const Framework *framework = r->project->framework;
    const Thresholds *limits = &r->project->thresholds;
    g_autoptr(GArray) mentions = mentions_of(r->data, ROLE_NEED, TERM_NEED, NULL, NULL);
    if (!mentions->len)
        return NULL;
    NeedMap *map = needmap_new(framework, g_array_ref(mentions));
    Count c = {r->data, framework, map, sets_new(map->n_groups), sets_new(map->n_segments)};
    for (guint i = 0; i < mentions->len; i++) {
        NeedRow row = count_row(&c, &g_array_index(mentions, Mention, i));
        g_array_append_val(map->rows, row);
    }
    map->sources = sets_sizes(&c.groups);
    map->in_segment = sets_sizes(&c.segments);
    sets_clear(&c.groups);
    sets_clear(&c.segments);
    choose_pair(map, limits->need_people);
    for (guint i = 0; i < map->rows->len; i++)
        compare_row(map, &g_array_index(map->rows, NeedRow, i), limits);
    rank_rows(map);
    map->ruzicka = ruzicka_over(map, NO_TERM);
    for (int kind = 0; kind < N_NEED_KINDS; kind++)
        map->ruzicka_of[kind] = ruzicka_over(map, kind);
    return map;
}

/* --- figures ------------------------------------------------------------------------------------
 */

static const char *name_of(const Results *r, const NeedRow *row)
{
    return row->mention->term == NO_TERM
               ? row->mention->text
               : term_label(&r->project->framework->list[TERM_NEED].v[row->mention->term],
                            r->project->language);
}

static const Term *group_term(const Results *r, int group)
{
    return &r->project->framework->list[TERM_NEED_GROUP].v[group];
}

/* Everybody of a group who named any need: what a share is of. */
static void of_group(const Results *r, int group, GArray *records)
{
    const GArray *all = results_needs(r)->records[group];
    if (all->len)
        g_array_append_vals(records, all->data, all->len);
}

static void of_pair(const Results *r, int unused, GArray *records)
{
    const NeedMap *map = results_needs(r);
    (void)unused;
    of_group(r, map->first, records);
    of_group(r, map->second, records);
}

/* Those of the need's records whose answers tell one of two groups. */
static GArray *records_in(const Results *r, const NeedRow *row, int first, int second)
{
    GArray *records = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    for (guint i = 0; i < row->mention->entries->len; i++) {
        const Entry *entry = row->mention->entries->pdata[i];
        const int group = group_of(r->project->framework, entry, row->mention);
        if (group != NO_TERM && (group == first || group == second))
            g_array_append_val(records, entry->record);
    }
    return records;
}

static void publish_need(Results *r, const NeedMap *map, const NeedRow *row)
{
    basis_open(r, &(BasisRow){.path = row->key,
                              .sheet = "needs",
                              .figure = name_of(r, row),
                              .method = "coverage.counts",
                              .n = row->sources,
                              .records = row->mention->records});
    figure_text(r, row->key, "kind",
                row->kind == NO_TERM ? "" : need_kind_word((NeedKind)row->kind));
    figure_count(r, row->key, "people", row->sources);
    figure_count(r, row->key, "mentions", row->mention->entries->len);
    figure_count(r, row->key, "organisations", row->mention->organisations);
    for (size_t s = 0; s < map->n_segments; s++) {
        if (!map->in_segment[s])
            continue;
        g_autofree char *key = g_strdup_printf("%s/segment=%s", row->key,
                                               r->project->framework->list[TERM_SEGMENT].v[s].id);
        figure_count(r, key, "people", row->segment[s]);
    }
}

static void publish_share(Results *r, const NeedMap *map, const NeedRow *row, int group)
{
    const Term *term = group_term(r, group);
    g_autoptr(GArray) records = records_in(r, row, group, NO_TERM);
    g_autofree char *key = g_strdup_printf("%s/group=%s", row->key, term->id);
    g_autofree char *name =
        g_strdup_printf("%s · %s", name_of(r, row), term_label(term, r->project->language));
    basis_open(r, &(BasisRow){.path = key,
                              .sheet = "needs",
                              .figure = name,
                              .method = "needs.overlap",
                              .n = row->named[group],
                              .records = records,
                              .against = of_group,
                              .subject = group});
    figure_count(r, key, "people", row->named[group]);
    figure_count(r, key, "of", map->sources[group]);
    figure_number(r, key, "share", row->share[group].value, undefined_key(UNDEFINED_NO_ANSWERS));
    figure_number(r, key, "share-low", row->share[group].low, undefined_key(UNDEFINED_NO_ANSWERS));
    figure_number(r, key, "share-high", row->share[group].high,
                  undefined_key(UNDEFINED_NO_ANSWERS));
}

static char *pair_facet(const Results *r, const NeedMap *map)
{
    return g_strdup_printf("pair=%s+%s", group_term(r, map->first)->id,
                           group_term(r, map->second)->id);
}

static void publish_pair(Results *r, const NeedMap *map, const NeedRow *row)
{
    const char *class = needs_class_key(row->pair.cls);
    const char *why = undefined_key(UNDEFINED_NO_ANSWERS);
    g_autoptr(GArray) records = records_in(r, row, map->first, map->second);
    g_autofree char *facet = pair_facet(r, map);
    g_autofree char *key = g_strdup_printf("%s/%s", row->key, facet);
    basis_open(r, &(BasisRow){.path = key,
                              .sheet = "needs",
                              .figure = name_of(r, row),
                              .method = "needs.overlap",
                              .n = row->named[map->first] + row->named[map->second],
                              .records = records,
                              .against = of_pair});
    figure_count(r, key, "n", row->named[map->first] + row->named[map->second]);
    figure_number(r, key, "overlap", row->pair.overlap, why);
    figure_number(r, key, "difference", row->pair.diff.value, why);
    figure_number(r, key, "difference-low", row->pair.diff.low, why);
    figure_number(r, key, "difference-high", row->pair.diff.high, why);
    figure_text(r, key, "class", class ? class : "unclassed");
    if (row->rank)
        figure_count(r, key, "rank", row->rank);
    else
        figure_number(r, key, "rank", UNDEFINED, "not_shared");
}

static void publish_group(Results *r, const NeedMap *map, int group)
{
    const Term *term = group_term(r, group);
    g_autofree char *key = g_strconcat("need-group/", term->id, NULL);
    basis_open(r, &(BasisRow){.path = key,
                              .sheet = "needs",
                              .figure = term_label(term, r->project->language),
                              .method = "coverage.counts",
                              .n = map->sources[group],
                              .records = map->records[group]});
    figure_count(r, key, "people", map->sources[group]);
}

/* The whole picture of the two groups compared. */
static void publish_overlap(Results *r, const NeedMap *map)
{
    const char *why = undefined_key(UNDEFINED_NO_ANSWERS);
    g_autoptr(GArray) records = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    g_autofree char *facet = pair_facet(r, map);
    g_autofree char *key = g_strconcat("need-overlap/", facet, NULL);
    of_pair(r, 0, records);
    basis_open(r, &(BasisRow){.path = key,
                              .sheet = "needs",
                              .figure = words(r->project->language, "needs.likeness"),
                              .method = "needs.overlap",
                              .n = map->sources[map->first] + map->sources[map->second],
                              .records = records});
    figure_count(r, key, "n", map->sources[map->first] + map->sources[map->second]);
    figure_count(r, key, "shared", map->n_shared);
    figure_number(r, key, "ruzicka", map->ruzicka, why);
    for (int kind = 0; kind < N_NEED_KINDS; kind++) {
        g_autofree char *name = g_strconcat("ruzicka-", need_kind_word((NeedKind)kind), NULL);
        figure_number(r, key, name, map->ruzicka_of[kind], why);
    }
}

static void publish(Results *r, gconstpointer product)
{
    const NeedMap *map = product;
    for (guint i = 0; i < map->rows->len; i++) {
        const NeedRow *row = &g_array_index(map->rows, NeedRow, i);
        publish_need(r, map, row);
        for (int g = 0; g < (int)map->n_groups; g++)
            if (map->sources[g])
                publish_share(r, map, row, g);
        if (map->second != NO_TERM)
            publish_pair(r, map, row);
    }
    for (int g = 0; g < (int)map->n_groups; g++)
        if (map->sources[g])
            publish_group(r, map, g);
    if (map->second != NO_TERM)
        publish_overlap(r, map);
}

const Product product_needs = {compute, publish, needmap_free};

const NeedMap *results_needs(const Results *results)
{
    return results->product[PRODUCT_NEEDS];
}
