#include "tests/vectors/vectors.h"

#include <string.h>

#include "analyze/bootstrap.h"
#include "analyze/krippendorff.h"
#include "analyze/random.h"
#include "analyze/reliability.h"
#include "analyze/undefined.h"

G_DEFINE_AUTOPTR_CLEANUP_FUNC(gsl_rng, gsl_rng_free)

static gsl_rng *rng_of(json_object *input)
{
    return random_seeded_new((uint32_t)vector_int(input, "seed"));
}

static json_object *indices(json_object *input)
{
    g_autoptr(gsl_rng) rng = rng_of(input);
    size_t count = (size_t)vector_int(input, "count");
    g_autofree uint32_t *index = g_new(uint32_t, count + 1);
    json_object *result = json_object_new_object(), *list = json_object_new_array();

    random_below(rng, (size_t)vector_int(input, "n"), count, index);
    for (size_t i = 0; i < count; i++)
        json_object_array_add(list, json_object_new_int64(index[i]));
    json_object_object_add(result, "indices", list);
    return result;
}

static json_object *bootstrap_result(const Bootstrap *r)
{
    json_object *result = json_object_new_object();

    vector_add(result, "theta", r->theta);
    vector_add(result, "se", r->se);
    vector_add(result, "lo", r->low);
    vector_add(result, "hi", r->high);
    return result;
}

static json_object *mean_percentile(json_object *input)
{
    g_autoptr(gsl_rng) rng = rng_of(input);
    size_t n, b = (size_t)vector_int(input, "B");
    g_autofree double *x = vector_doubles(vector_get(input, "x"), &n);
    g_autofree double *replicate = g_new(double, b + 1);
    Bootstrap r = bootstrap_mean(x, n, rng, b, vector_double_or(input, "conf", 0.95), replicate);
    json_object *result = bootstrap_result(&r);

    vector_add_numbers(result, "first", replicate, MIN(b, 3));
    return result;
}

static json_object *cluster_mean_percentile(json_object *input)
{
    g_autoptr(gsl_rng) rng = rng_of(input);
    g_autoptr(Names) orgs = vector_names_new();
    size_t n;
    g_autofree double *x = vector_doubles(vector_get(input, "x"), &n);
    g_autofree uint32_t *org = vector_indices(vector_get(input, "org"), orgs, NULL);
    g_autofree OrgMean *unit = g_new(OrgMean, n + 1);
    size_t units = interval_org_means(x, NULL, org, NULL, n, g_hash_table_size(orgs), unit);
    Bootstrap r = bootstrap_org_mean(unit, units, NULL, 0, rng, (size_t)vector_int(input, "B"),
                                     vector_double_or(input, "conf", 0.95));
    json_object *result = bootstrap_result(&r), *means = json_object_new_array();

    for (size_t u = 0; u < units; u++)
        json_object_array_add(means, vector_number(unit[u].mean));
    json_object_object_add(result, "org_means", means);
    return result;
}

static json_object *bca(json_object *input)
{
    size_t b, n;
    g_autofree double *replicate = vector_doubles(vector_get(input, "replicates"), &b);
    g_autofree double *jackknife = vector_doubles(vector_get(input, "jackknife"), &n);
    BootstrapBca r = bootstrap_bca(vector_double(input, "theta"), replicate, b, jackknife, n,
                                   vector_double_or(input, "conf", 0.95));
    json_object *result = json_object_new_object();

    vector_add(result, "z0", r.z0);
    vector_add(result, "a", r.a);
    vector_add(result, "p_lo", r.p_low);
    vector_add(result, "p_hi", r.p_high);
    vector_add(result, "lo", r.low);
    vector_add(result, "hi", r.high);
    return result;
}

static KrippendorffLevel level_of(json_object *input)
{
    const char *level = json_object_get_string(vector_get(input, "level"));

    if (strcmp(level, "nominal") == 0)
        return KRIPPENDORFF_NOMINAL;
    return strcmp(level, "ordinal") == 0 ? KRIPPENDORFF_ORDINAL : KRIPPENDORFF_INTERVAL;
}

static json_object *alpha(json_object *input)
{
    size_t coders, units;
    g_autofree double *data = vector_matrix(vector_get(input, "data"), &coders, &units);
    Krippendorff k = krippendorff_alpha(data, coders, units, level_of(input));
    json_object *result = json_object_new_object();

    vector_add(result, "alpha", k.alpha);
    vector_add_int(result, "n_pairable", (int64_t)k.n_pairable);
    vector_add(result, "Do", k.observed);
    vector_add(result, "De", k.expected);
    return result;
}

static json_object *interval_result(const KrippendorffInterval *k)
{
    json_object *result = json_object_new_object();

    vector_add(result, "lo", k->low);
    vector_add(result, "hi", k->high);
    vector_add_int(result, "used", (int64_t)k->used);
    vector_add_int(result, "undefined", (int64_t)k->undefined);
    vector_add_int(result, "pairs", (int64_t)k->n_pairs);
    return result;
}

static json_object *bootstrap_units(json_object *input)
{
    g_autoptr(gsl_rng) rng = rng_of(input);
    size_t coders, units;
    g_autofree double *data = vector_matrix(vector_get(input, "data"), &coders, &units);
    KrippendorffInterval k = krippendorff_bootstrap_units(
        data, coders, units, level_of(input), rng, (size_t)vector_int(input, "B"),
        vector_double_or(input, "conf", 0.95), 10);

    return interval_result(&k);
}

static json_object *bootstrap_pairs(json_object *input)
{
    g_autoptr(gsl_rng) rng = rng_of(input);
    size_t coders, units;
    g_autofree double *data = vector_matrix(vector_get(input, "data"), &coders, &units);
    KrippendorffInterval k = krippendorff_bootstrap_pairs(data, coders, units, level_of(input), rng,
                                                          (size_t)vector_int(input, "B"),
                                                          vector_double_or(input, "conf", 0.95));

    return interval_result(&k);
}

static json_object *cronbach_alpha(json_object *input)
{
    size_t n, k;
    g_autofree double *x = vector_matrix(vector_get(input, "items"), &n, &k);
    CronbachAlpha a = reliability_cronbach_alpha(x, n, k, vector_double_or(input, "conf", 0.95));
    json_object *result = json_object_new_object();

    vector_add(result, "alpha", a.alpha);
    vector_add_int(result, "n_complete", (int64_t)a.n_complete);
    vector_add(result, "lo", a.low);
    vector_add(result, "hi", a.high);
    return result;
}

static json_object *omega(json_object *input)
{
    size_t k;
    g_autofree double *loading = vector_doubles(vector_get(input, "loadings"), &k);
    g_autofree double *unique = vector_doubles(vector_get(input, "uniqueness"), NULL);
    json_object *result = json_object_new_object();

    vector_add(result, "omega", reliability_omega(loading, unique, k));
    return result;
}

const VectorMethod vectors_resampling[] = {
    {"bootstrap.indices", indices},
    {"bootstrap.mean_percentile", mean_percentile},
    {"bootstrap.cluster_mean_percentile", cluster_mean_percentile},
    {"bootstrap.bca", bca},
    {"krippendorff.alpha", alpha},
    {"krippendorff.bootstrap_units", bootstrap_units},
    {"krippendorff.bootstrap_pairs", bootstrap_pairs},
    {"reliability.cronbach_alpha", cronbach_alpha},
    {"reliability.omega", omega},
    {NULL, NULL},
};
