#include "tests/vectors/vectors.h"

#include <stdlib.h>

#include "analyze/agreement.h"
#include "analyze/effect.h"
#include "analyze/interval.h"
#include "analyze/neff.h"
#include "analyze/random.h"
#include "analyze/undefined.h"
#include "analyze/verdict.h"
#include "analyze/weights.h"

static json_object *posterior(json_object *input)
{
    double alpha[STEPS_MAX], below[STEPS_MAX], pi[STEPS_MAX];
    size_t k;
    g_autofree double *share = vector_doubles(vector_get(input, "shares"), &k);
    json_object *result = json_object_new_object();

    verdict_posterior(share, (int)k, vector_double(input, "neff"), vector_double(input, "prior"),
                      alpha, below, pi);
    vector_add_numbers(result, "alpha", alpha, k);
    vector_add_numbers(result, "p_median_le", below, k);
    vector_add_numbers(result, "p_verdict", pi, k);
    return result;
}

static VerdictRules rules_of(json_object *input)
{
    VerdictRules rules = verdict_rules_default();

    rules.min_n = (size_t)vector_double_or(input, "min_n", (double)rules.min_n);
    rules.min_org = (size_t)vector_double_or(input, "min_org", (double)rules.min_org);
    rules.min_neff = vector_double_or(input, "min_neff", rules.min_neff);
    rules.max_missing = vector_double_or(input, "max_missing", rules.max_missing);
    rules.p_firm = vector_double_or(input, "p_firm", rules.p_firm);
    rules.p_range = vector_double_or(input, "p_range", rules.p_firm);
    rules.prior = vector_double_or(input, "prior", rules.prior);
    rules.rho = vector_double_or(input, "rho", rules.rho);
    return rules;
}

static size_t distinct_orgs(const int8_t *x, const double *w, const uint32_t *org, size_t n,
                            size_t n_org)
{
    g_autofree bool *seen = g_new0(bool, n_org + 1);
    size_t count = 0;

    for (size_t i = 0; i < n; i++)
        if (x[i] > 0 && w[i] > 0 && !seen[org[i]]) {
            seen[org[i]] = true;
            count++;
        }
    return count;
}

static void add_shares(json_object *result, const Tally *t)
{
    double share[STEPS_MAX];

    json_object_object_add(result, "shares",
                           ordinal_shares(t, share) ? vector_numbers(share, (size_t)t->k) : NULL);
}

static json_object *verdict_result(const VerdictInput *in, const Tally *t, const Verdict *v)
{
    json_object *result = json_object_new_object(), *reasons = json_object_new_array();

    vector_add_int(result, "n", (int64_t)in->n);
    vector_add_int(result, "n_missing", (int64_t)in->n_missing);
    vector_add_int(result, "n_org", (int64_t)in->n_org);
    vector_add(result, "neff", in->neff);
    add_shares(result, t);
    json_object_object_add(result, "p_verdict",
                           in->n ? vector_numbers(v->pi, (size_t)in->k) : NULL);
    vector_add(result, "agreement", v->agreement);
    for (unsigned bit = 1; bit <= VERDICT_MANY_MISSING; bit <<= 1)
        if (v->reasons & bit)
            json_object_array_add(reasons, json_object_new_string(verdict_reason_key(bit)));
    json_object_object_add(result, "reasons", reasons);
    json_object_object_add(result, "divided",
                           json_object_new_boolean(agreement_is_split(v->agreement)));
    vector_add_text(result, "status", verdict_outcome_key(v->outcome));
    json_object_object_add(result, "low", v->low ? json_object_new_int(v->low) : NULL);
    json_object_object_add(result, "high", v->high ? json_object_new_int(v->high) : NULL);
    vector_add(result, "prob", v->probability);
    return result;
}

static json_object *decide(json_object *input)
{
    g_autoptr(Names) orgs = vector_names_new();
    VerdictRules rules = rules_of(input);
    size_t n, n_org;
    g_autofree int8_t *x = vector_steps(vector_get(input, "x"), &n);
    g_autofree uint32_t *org = vector_indices(vector_get(input, "org"), orgs, NULL);
    g_autofree double *w = vector_doubles(vector_find(input, "w"), NULL);
    double share[STEPS_MAX];
    Tally t;

    n_org = g_hash_table_size(orgs);
    if (!w) {
        w = g_new(double, n + 1);
        weights_equal_org(&(WeightInput){.n = n, .x = x, .org = org, .n_org = n_org}, w, NULL);
    }
    for (size_t i = 0; i < n; i++)
        w[i] = x[i] > 0 ? w[i] : 0;
    ordinal_tally(x, w, n, (int)vector_int(input, "K"), &t);
    ordinal_shares(&t, share);
    VerdictInput in = {.k = t.k,
                       .share = share,
                       .neff = neff_of_weights(w, org, n, n_org, rules.rho).neff,
                       .n = t.n,
                       .n_org = distinct_orgs(x, w, org, n, n_org),
                       .n_missing = t.n_missing};
    Verdict v = verdict_decide(&in, &rules);
    return verdict_result(&in, &t, &v);
}

static json_object *pool_items(json_object *input)
{
    g_autoptr(Names) orgs = vector_names_new();
    json_object *items = vector_get(input, "items"), *result = json_object_new_object();
    size_t n;
    g_autofree uint32_t *org = vector_indices(vector_get(input, "org"), orgs, &n);
    g_autoptr(GArray) x = g_array_new(FALSE, FALSE, sizeof(int8_t));
    g_autoptr(GArray) who = g_array_new(FALSE, FALSE, sizeof(uint32_t));

    for (uint32_t i = 0; i < n; i++) {
        size_t answers;
        g_autofree int8_t *row = vector_steps(json_object_array_get_idx(items, i), &answers);
        g_array_append_vals(x, row, (guint)answers);
        for (size_t j = 0; j < answers; j++)
            g_array_append_val(who, i);
    }
    Pool p = verdict_pool_items(&(PoolInput){.k = (int)vector_int(input, "K"),
                                             .x = (const int8_t *)(void *)x->data,
                                             .who = (const uint32_t *)(void *)who->data,
                                             .n_answers = x->len,
                                             .org = org,
                                             .n_who = n,
                                             .n_org = g_hash_table_size(orgs),
                                             .rho = vector_double(input, "rho")});
    vector_add_int(result, "n_respondents", (int64_t)p.tally.n);
    vector_add_int(result, "n_answers", (int64_t)p.n_answers);
    add_shares(result, &p.tally);
    vector_add(result, "neff", p.size.neff);
    return result;
}

static void add_missing_codes(GArray *map, json_object *missing)
{
    for (size_t i = 0; i < vector_length(missing); i++) {
        ScaleEntry e = {json_object_get_int(json_object_array_get_idx(missing, i)), 0};
        g_array_append_val(map, e);
    }
}

static json_object *map_scale(json_object *input)
{
    g_autoptr(GArray) map = g_array_new(FALSE, FALSE, sizeof(ScaleEntry));
    g_autoptr(GError) error = NULL;
    json_object *codes = vector_get(input, "codes"), *result = json_object_new_object();
    size_t n = vector_length(codes);
    g_autofree int *code = g_new(int, n + 1);
    g_autofree int8_t *step = g_new(int8_t, n + 1);

    json_object_object_foreach(vector_get(input, "map"), from, to)
    {
        ScaleEntry e = {atoi(from), (int8_t)json_object_get_int(to)};
        g_array_append_val(map, e);
    }
    add_missing_codes(map, vector_get(input, "missing"));
    for (size_t i = 0; i < n; i++) {
        json_object *value = json_object_array_get_idx(codes, i);
        code[i] = value ? json_object_get_int(value) : VERDICT_NO_CODE;
    }
    if (!verdict_map_scale((const ScaleEntry *)(void *)map->data, map->len, code, n, step,
                           &error)) {
        vector_add_text(result, "error", error->message);
        return result;
    }
    json_object *steps = json_object_new_array();
    for (size_t i = 0; i < n; i++)
        json_object_array_add(steps, step[i] ? json_object_new_int(step[i]) : NULL);
    json_object_object_add(result, "steps", steps);
    return result;
}

static json_object *vdeijk_a(json_object *input)
{
    size_t k;
    g_autofree double *count = vector_doubles(vector_get(input, "counts"), &k);
    json_object *result = json_object_new_object();

    vector_add(result, "a", agreement_vdeijk_a(count, (int)k));
    return result;
}

static json_object *cns(json_object *input)
{
    size_t k;
    g_autofree double *count = vector_doubles(vector_get(input, "counts"), &k);
    json_object *result = json_object_new_object();

    vector_add(result, "cns", agreement_cns(count, (int)k));
    return result;
}

static json_object *rwg(json_object *input)
{
    size_t n;
    g_autofree int8_t *x = vector_steps(vector_get(input, "x"), &n);
    Rwg r = agreement_rwg(x, n, (int)vector_int(input, "K"));
    json_object *result = json_object_new_object();

    vector_add(result, "s2", r.s2);
    vector_add(result, "sigma_eu", r.sigma_eu);
    vector_add(result, "raw", r.raw);
    vector_add(result, "rwg", r.rwg);
    return result;
}

static json_object *rwg_j(json_object *input)
{
    size_t n, items;
    g_autofree double *value = vector_matrix(vector_get(input, "items"), &n, &items);
    g_autofree int8_t *x = g_new(int8_t, n * items + 1);
    json_object *result = json_object_new_object();

    for (size_t i = 0; i < n * items; i++)
        x[i] = (int8_t)(is_defined(value[i]) ? value[i] : 0);
    Rwg r = agreement_rwg_j(x, n, items, (int)vector_int(input, "K"));
    vector_add(result, "mean_s2", r.s2);
    vector_add(result, "rwgj", r.rwg);
    return result;
}

static json_object *org_interval(json_object *input)
{
    g_autoptr(Names) orgs = vector_names_new();
    g_autoptr(Names) groups = vector_names_new();
    json_object *target_of = vector_find(input, "target"), *result = json_object_new_object();
    size_t n;
    int k = (int)vector_int(input, "K");
    g_autofree double *x = vector_doubles(vector_get(input, "x"), &n);
    g_autofree uint32_t *org = vector_indices(vector_get(input, "org"), orgs, NULL);
    g_autofree uint32_t *group = vector_indices(vector_find(input, "group"), groups, NULL);
    g_autofree double *target = target_of ? vector_by_name(target_of, groups) : NULL;
    g_autofree double *bounds = vector_doubles(vector_find(input, "bounds"), NULL);
    g_autofree OrgMean *unit = g_new(OrgMean, n + 1);
    IntervalRules rules = interval_rules_default();

    rules.rho = vector_double_or(input, "rho", rules.rho);
    rules.lambda = vector_double_or(input, "lam", rules.lambda);
    rules.conf = vector_double_or(input, "conf", 0.95);
    size_t units = interval_org_means(x, NULL, org, group, n, g_hash_table_size(orgs), unit);
    OrgInterval e = interval_mean(&(IntervalInput){.unit = unit,
                                                   .n = units,
                                                   .target = target,
                                                   .n_group = g_hash_table_size(groups),
                                                   .k = k,
                                                   .low = bounds ? bounds[0] : 1,
                                                   .high = bounds ? bounds[1] : k},
                                  &rules);
    vector_add(result, "theta", e.theta);
    vector_add(result, "se", e.se);
    vector_add(result, "df", e.df);
    vector_add(result, "lo", e.low);
    vector_add(result, "hi", e.high);
    vector_add_int(result, "n_org", (int64_t)e.n_org);
    return result;
}

static json_object *cliff_delta(json_object *input)
{
    json_object *groups = json_object_new_array(), *result = json_object_new_object();
    size_t k;

    json_object_array_add(groups, json_object_get(vector_get(input, "x")));
    json_object_array_add(groups, json_object_get(vector_get(input, "y")));
    g_autofree size_t *count = vector_level_counts(groups, &k);
    CliffDelta d = effect_cliff_delta(count, count + k, k, vector_double_or(input, "conf", 0.95));
    json_object_put(groups);
    vector_add(result, "delta", d.delta);
    vector_add(result, "lo", d.low);
    vector_add(result, "hi", d.high);
    vector_add(result, "var", d.var);
    return result;
}

static json_object *stream_seed(json_object *input)
{
    const char *seed = json_object_get_string(vector_get(input, "seed"));
    const char *label = json_object_get_string(vector_get(input, "label"));
    json_object *result = json_object_new_object();

    vector_add_int(result, "seed32", random_stream_seed(g_ascii_strtoull(seed, NULL, 10), label));
    return result;
}

const VectorMethod vectors_verdict[] = {
    {"verdict.posterior", posterior},
    {"verdict.decide", decide},
    {"verdict.pool_items", pool_items},
    {"verdict.map_scale", map_scale},
    {"agreement.vdeijk_a", vdeijk_a},
    {"agreement.cns", cns},
    {"agreement.rwg", rwg},
    {"agreement.rwg_j", rwg_j},
    {"mean.org_interval", org_interval},
    {"effect.cliff_delta", cliff_delta},
    {"rng.stream_seed", stream_seed},
    {NULL, NULL},
};
