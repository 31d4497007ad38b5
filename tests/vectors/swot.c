#include "tests/vectors/vectors.h"

#include <string.h>

#include "analyze/codebook.h"
#include "analyze/dilemma.h"
#include "analyze/documents.h"
#include "analyze/needs.h"
#include "analyze/support.h"
#include "analyze/swot.h"
#include "analyze/tows.h"

static json_object *element(json_object *array, size_t i)
{
    return json_object_array_get_idx(array, i);
}

/* Which of the words (the first is for null) an input holds. */
static int word_in(json_object *input, const char *key, const char *const *words)
{
    const char *word = json_object_get_string(vector_get(input, key));
    for (int w = 1; word && words[w]; w++)
        if (strcmp(word, words[w]) == 0)
            return w;
    return 0;
}

static json_object *quadrant(json_object *input)
{
    static const char *const origins[] = {"", "internal", "external", NULL};
    static const char *const polarities[] = {"", "helpful", "harmful", NULL};
    json_object *result = json_object_new_object();
    SwotQuadrant q = swot_quadrant((SwotOrigin)word_in(input, "origin", origins),
                                   (SwotPolarity)word_in(input, "polarity", polarities));
    char letter[] = {swot_letter(q), '\0'};

    vector_add_text(result, "quadrant", q == SWOT_UNCLASSIFIED ? swot_key(q) : letter);
    return result;
}

static json_object *contested(json_object *input)
{
    json_object *votes = vector_get(input, "votes"), *result = json_object_new_object();
    json_object *counts = json_object_new_object();
    size_t v[SWOT_QUADRANTS] = {0};

    for (size_t i = 0; i < json_object_array_length(votes); i++)
        v[swot_parse(json_object_get_string(element(votes, i)))]++;
    SwotDispute d = swot_dispute(v);
    for (SwotQuadrant q = 0; q < SWOT_QUADRANTS; q++)
        vector_add_int(counts, (char[]){swot_letter(q), '\0'}, (int64_t)d.counts[q]);
    json_object_object_add(result, "counts", counts);
    vector_add_int(result, "n", (int64_t)d.n);
    char leading[] = {swot_letter(d.leading), '\0'};
    vector_add_text(result, "leading", d.leading == SWOT_UNCLASSIFIED ? NULL : leading);
    vector_add(result, "share", d.share);
    vector_add(result, "wilson_lo", d.wilson_lo);
    vector_add(result, "entropy", d.entropy);
    vector_add(result, "internal_share", d.internal_share);
    vector_add(result, "helpful_share", d.helpful_share);
    vector_add_text(result, "contested_axis", swot_axis_key(d.axis));
    vector_add_text(result, "status", swot_status_key(d.status));
    return result;
}

/* Appends the items of one side, and their ids in the same order. */
static void read_items(json_object *side, GArray *items, GPtrArray *ids)
{
    for (size_t i = 0; i < json_object_array_length(side); i++) {
        json_object *item = element(side, i);
        TowsItem t = {swot_parse(json_object_get_string(vector_get(item, "q"))),
                      vector_double(item, "s")};
        g_array_append_val(items, t);
        g_ptr_array_add(ids, (gpointer)json_object_get_string(vector_get(item, "id")));
    }
}

static uint32_t find_id(const GPtrArray *ids, const char *id)
{
    guint at = 0;
    if (!g_ptr_array_find_with_equal_func((GPtrArray *)ids, id, g_str_equal, &at))
        g_error("a link names \"%s\", which is no item", id);
    return at;
}

static json_object *tows(json_object *input)
{
    json_object *result = json_object_new_object(), *list = json_object_new_array();
    g_autoptr(GArray) items = g_array_new(FALSE, FALSE, sizeof(TowsItem));
    g_autoptr(GArray) links = g_array_new(FALSE, FALSE, sizeof(TowsLink));
    g_autoptr(GPtrArray) ids = g_ptr_array_new();

    read_items(vector_get(input, "internal"), items, ids);
    read_items(vector_get(input, "external"), items, ids);
    json_object_object_foreach(vector_get(input, "link"), pair, strength)
    {
        g_auto(GStrv) ends = g_strsplit(pair, "|", 2);
        TowsLink link = {find_id(ids, ends[0]), find_id(ids, ends[1]),
                         json_object_get_double(strength)};
        g_array_append_val(links, link);
    }
    g_autoptr(GArray) pairs = tows_pairs((const TowsItem *)(gpointer)items->data, items->len,
                                         (const TowsLink *)(gpointer)links->data, links->len);
    for (guint i = 0; i < pairs->len; i++) {
        const TowsPair *p = &g_array_index(pairs, TowsPair, i);
        json_object *row = json_object_new_object();
        vector_add_text(row, "cell", p->cell);
        vector_add_text(row, "internal", ids->pdata[p->internal]);
        vector_add_text(row, "external", ids->pdata[p->external]);
        vector_add(row, "score", p->score);
        json_object_array_add(list, row);
    }
    json_object_object_add(result, "pairs", list);
    return result;
}

static json_object *apply_codebook(json_object *input)
{
    json_object *result = json_object_new_object(), *names = json_object_new_array();
    g_autoptr(Codebook) book = codebook_new();
    g_autoptr(GPtrArray) codes = g_ptr_array_new();
    g_autoptr(GError) error = NULL;

    json_object_object_foreach(vector_get(input, "codebook"), code, patterns)
    {
        for (size_t i = 0; i < json_object_array_length(patterns); i++)
            if (!codebook_add(book, codes->len, json_object_get_string(element(patterns, i)),
                              &error))
                g_error("%s", error->message);
        g_ptr_array_add(codes, code);
    }
    g_autoptr(GArray) earned =
        codebook_apply(book, json_object_get_string(vector_get(input, "text")));
    for (guint i = 0; i < earned->len; i++)
        json_object_array_add(
            names, json_object_new_string(codes->pdata[g_array_index(earned, uint32_t, i)]));
    json_object_object_add(result, "codes", names);
    return result;
}

/* One member of every mention as numbers by order of first appearance. */
static uint32_t *column(json_object *mentions, const char *key)
{
    g_autoptr(Names) names = vector_names_new();
    json_object *values = json_object_new_array();

    for (size_t i = 0; i < json_object_array_length(mentions); i++)
        json_object_array_add(values, json_object_get(vector_get(element(mentions, i), key)));
    uint32_t *numbers = vector_indices(values, names, NULL);
    json_object_put(values);
    return numbers;
}

static json_object *support(json_object *input)
{
    json_object *mentions = vector_get(input, "mentions"), *result = json_object_new_object();
    size_t n = json_object_array_length(mentions), kept = 0;
    g_autofree uint32_t *respondent = column(mentions, "respondent"),
                        *org = column(mentions, "org");
    g_autofree uint32_t *stream = column(mentions, "stream");
    g_autofree SupportMention *m = g_new(SupportMention, n);

    for (size_t i = 0; i < n; i++)
        if (json_object_equal(vector_get(element(mentions, i), "theme"),
                              vector_get(input, "theme")))
            m[kept++] = (SupportMention){respondent[i], org[i], stream[i]};
    Support s = support_count(m, kept, (size_t)vector_int(input, "org_total"));
    vector_add_int(result, "mentions", (int64_t)s.mentions);
    vector_add_int(result, "respondents", (int64_t)s.respondents);
    vector_add_int(result, "orgs", (int64_t)s.orgs);
    vector_add_int(result, "streams", (int64_t)s.streams);
    vector_add(result, "org_share", s.org_share);
    vector_add(result, "org_share_lo", s.org_share_lo);
    vector_add(result, "stream_entropy", s.stream_entropy);
    vector_add(result, "effective_streams", s.effective_streams);
    return result;
}

static json_object *overlap(json_object *input)
{
    enum { NEED_PEOPLE = 5 }; /* fewest of a group for a class, the method's own */
    json_object *items = vector_get(input, "items"), *result = json_object_new_object();
    json_object *list = json_object_new_array();
    size_t n = json_object_array_length(items);
    g_autofree Need *needs = g_new(Need, n);

    for (size_t i = 0; i < n; i++) {
        json_object *item = element(items, i), *row = json_object_new_object();
        needs[i] = needs_overlap(vector_double(item, "x1"), vector_double(input, "n1"),
                                 vector_double(item, "x2"), vector_double(input, "n2"),
                                 vector_double(input, "threshold"), NEED_PEOPLE);
        vector_add_text(row, "id", json_object_get_string(vector_get(item, "id")));
        vector_add(row, "p1", needs[i].p1);
        vector_add(row, "p2", needs[i].p2);
        vector_add(row, "overlap", needs[i].overlap);
        vector_add(row, "diff", needs[i].diff.value);
        vector_add(row, "lo", needs[i].diff.low);
        vector_add(row, "hi", needs[i].diff.high);
        vector_add_text(row, "cls", needs_class_key(needs[i].cls));
        json_object_array_add(list, row);
    }
    json_object_object_add(result, "items", list);
    vector_add(result, "ruzicka", needs_ruzicka(needs, n));
    return result;
}

static json_object *theme_balance(json_object *input)
{
    json_object *directions = vector_get(input, "directions"), *result = json_object_new_object();
    size_t n = json_object_array_length(directions);
    g_autofree DocumentStand *stands = g_new0(DocumentStand, n);

    for (size_t i = 0; i < n; i++) {
        json_object *d = element(directions, i);
        stands[i].direction = (int8_t)(d ? json_object_get_int(d) : DOCUMENT_SILENT);
    }
    ThemeBalance b = documents_theme_balance(stands, n, 0.5, 2);
    vector_add_int(result, "mentioned", (int64_t)b.mentioned);
    vector_add_int(result, "plus", (int64_t)b.plus);
    vector_add_int(result, "minus", (int64_t)b.minus);
    vector_add_int(result, "neutral", (int64_t)b.neutral);
    vector_add(result, "coverage", b.coverage);
    vector_add(result, "balance", b.balance);
    vector_add(result, "conflict", b.conflict);
    return result;
}

static json_object *tension(json_object *input)
{
    json_object *result = json_object_new_object();
    size_t n;
    g_autofree int8_t *x = vector_steps(vector_get(input, "x"), &n);
    g_autofree int8_t *y = vector_steps(vector_get(input, "y"), NULL);
    Tension t = dilemma_tension(x, y, n, vector_step_bits(vector_get(input, "top")));

    vector_add_int(result, "n", (int64_t)t.n);
    vector_add(result, "tau", t.tau);
    vector_add(result, "qx", t.qx);
    vector_add(result, "qy", t.qy);
    vector_add(result, "tension", t.tension);
    return result;
}

const VectorMethod vectors_swot[] = {
    {"swot.quadrant", quadrant},
    {"swot.contested", contested},
    {"swot.tows", tows},
    {"codebook.apply", apply_codebook},
    {"theme.support", support},
    {"needs.overlap", overlap},
    {"documents.theme_balance", theme_balance},
    {"dilemma.tension", tension},
    {NULL, NULL},
};
