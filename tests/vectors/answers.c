#include "tests/vectors/vectors.h"

#include "analyze/neff.h"
#include "analyze/ordinal.h"
#include "analyze/proportion.h"
#include "analyze/weights.h"

static json_object *equal_org(json_object *input)
{
    g_autoptr(Names) orgs = vector_names_new();
    g_autoptr(Names) groups = vector_names_new();
    json_object *target_of = vector_find(input, "target");
    size_t n;
    g_autofree uint32_t *org = vector_indices(vector_get(input, "org"), orgs, &n);
    g_autofree uint32_t *group = vector_indices(vector_find(input, "group"), groups, NULL);
    g_autofree double *target = target_of ? vector_by_name(target_of, groups) : NULL;
    g_autofree double *w = g_new(double, n + 1);
    json_object *result = json_object_new_object();

    weights_equal_org(&(WeightInput){.n = n,
                                     .org = org,
                                     .n_org = g_hash_table_size(orgs),
                                     .group = group,
                                     .n_group = g_hash_table_size(groups),
                                     .target = target},
                      w, NULL);
    vector_add_numbers(result, "w", w, n);
    return result;
}

static json_object *poststrat(json_object *input)
{
    g_autoptr(Names) cells = vector_names_new();
    g_autoptr(GError) error = NULL;
    size_t n;
    g_autofree uint32_t *cell = vector_indices(vector_get(input, "cell"), cells, &n);
    g_autofree double *population = vector_by_name(vector_get(input, "population"), cells);
    g_autofree double *w = g_new(double, n + 1);
    json_object *result = json_object_new_object();

    if (weights_poststrat(cell, n, population, g_hash_table_size(cells), w, &error))
        vector_add_numbers(result, "w", w, n);
    else
        vector_add_text(result, "error", error->message);
    return result;
}

static json_object *effective_n(json_object *input)
{
    g_autoptr(Names) orgs = vector_names_new();
    size_t n;
    g_autofree uint32_t *org = vector_indices(vector_get(input, "org"), orgs, &n);
    g_autofree double *w = vector_doubles(vector_get(input, "w"), NULL);
    Neff e = neff_of_weights(w, org, n, g_hash_table_size(orgs), vector_double(input, "rho"));
    json_object *result = json_object_new_object();

    vector_add(result, "neff", e.neff);
    vector_add(result, "kish", e.kish);
    vector_add(result, "neff_orgs", e.orgs);
    return result;
}

static Icc icc_of(json_object *input)
{
    g_autoptr(Names) orgs = vector_names_new();
    size_t n;
    g_autofree uint32_t *org = vector_indices(vector_get(input, "org"), orgs, &n);
    g_autofree int8_t *x = vector_steps(vector_get(input, "x"), NULL);

    return neff_icc1(x, org, n, g_hash_table_size(orgs));
}

static json_object *icc(json_object *input)
{
    Icc i = icc_of(input);
    json_object *result = json_object_new_object();

    vector_add(result, "icc1", i.icc);
    vector_add(result, "msb", i.msb);
    vector_add(result, "msw", i.msw);
    vector_add(result, "k0", i.k0);
    return result;
}

static json_object *icc_shrunk(json_object *input)
{
    Icc i = icc_of(input);
    json_object *result = json_object_new_object();

    vector_add(result, "icc1", i.icc);
    vector_add_int(result, "M2", (int64_t)i.n_org_several);
    vector_add(result, "rho",
               neff_icc_shrunk(&i, vector_double_or(input, "prior_weight", 10),
                               vector_double_or(input, "prior_rho", 0.2)));
    return result;
}

static void add_step(json_object *result, const char *key, int step)
{
    json_object_object_add(result, key, step ? json_object_new_int(step) : NULL);
}

static json_object *summary(json_object *input)
{
    int k = (int)vector_int(input, "K");
    size_t n;
    g_autofree int8_t *x = vector_steps(vector_get(input, "x"), &n);
    g_autofree double *w = vector_doubles(vector_find(input, "w"), NULL);
    json_object *result = json_object_new_object(), *mode = json_object_new_array();
    Tally t;

    ordinal_tally(x, w, n, k, &t);
    OrdinalSummary s = ordinal_summary(&t);
    vector_add_int(result, "n", (int64_t)t.n);
    vector_add_int(result, "n_missing", (int64_t)t.n_missing);
    vector_add_numbers(result, "counts", t.count, (size_t)k);
    if (t.n)
        vector_add_numbers(result, "shares", s.share, (size_t)k);
    else
        json_object_object_add(result, "shares", NULL);
    add_step(result, "median_low", s.median_low);
    add_step(result, "median_high", s.median_high);
    vector_add(result, "median", s.median);
    vector_add(result, "interpolated_median", s.interpolated);
    vector_add(result, "q1", s.q1);
    vector_add(result, "q3", s.q3);
    vector_add(result, "iqr", s.iqr);
    vector_add(result, "mean", s.mean);
    vector_add(result, "sd", s.sd);
    vector_add(result, "top_share",
               ordinal_share_of(&t, vector_step_bits(vector_get(input, "top"))));
    for (int step = 1; step <= k; step++)
        if (s.mode[step - 1])
            json_object_array_add(mode, json_object_new_int(step));
    json_object_object_add(result, "mode", mode);
    return result;
}

static json_object *net(json_object *input)
{
    size_t k;
    g_autofree double *share = vector_doubles(vector_get(input, "shares"), &k);
    OrdinalNet e = ordinal_net(share, (int)k, vector_step_bits(vector_get(input, "top")),
                               vector_step_bits(vector_get(input, "bottom")),
                               vector_double(input, "neff"), vector_double_or(input, "conf", 0.95));
    json_object *result = json_object_new_object();

    vector_add(result, "net", e.net);
    vector_add(result, "se", e.se);
    vector_add(result, "lo", e.low);
    vector_add(result, "hi", e.high);
    return result;
}

static json_object *estimate(const char *key, Estimate e)
{
    json_object *result = json_object_new_object();

    vector_add(result, key, e.value);
    vector_add(result, "lo", e.low);
    vector_add(result, "hi", e.high);
    return result;
}

static json_object *wilson(json_object *input)
{
    return estimate("p", proportion_wilson(vector_double(input, "x"), vector_double(input, "n"),
                                           vector_double_or(input, "conf", 0.95)));
}

static json_object *newcombe_diff(json_object *input)
{
    return estimate("diff",
                    proportion_newcombe_diff(vector_double(input, "x1"), vector_double(input, "n1"),
                                             vector_double(input, "x2"), vector_double(input, "n2"),
                                             vector_double_or(input, "conf", 0.95)));
}

const VectorMethod vectors_answers[] = {
    {"weights.equal_org", equal_org},
    {"weights.poststrat", poststrat},
    {"neff", effective_n},
    {"icc1", icc},
    {"icc.shrunk", icc_shrunk},
    {"ordinal.summary", summary},
    {"ordinal.net", net},
    {"proportion.wilson", wilson},
    {"proportion.newcombe_diff", newcombe_diff},
    {NULL, NULL},
};
