#include "tests/vectors/vectors.h"

#include "analyze/ahp.h"
#include "analyze/consensus.h"
#include "analyze/coverage.h"
#include "analyze/rake.h"
#include "analyze/round.h"
#include "analyze/saturation.h"
#include "analyze/status.h"
#include "schemas/language.h"

static RoundRules rules_of(json_object *input)
{
    RoundRules rules = round_rules_default();

    rules.accept = vector_double_or(input, "t_accept", rules.accept);
    rules.drop = vector_double_or(input, "t_reject", rules.drop);
    rules.min_votes = (size_t)vector_double_or(input, "min_n", (double)rules.min_votes);
    rules.min_group = (size_t)vector_double_or(input, "min_group", (double)rules.min_group);
    rules.group_floor = vector_double_or(input, "group_floor", rules.group_floor);
    rules.max_rounds = (size_t)vector_double_or(input, "max_rounds", (double)rules.max_rounds);
    return rules;
}

static json_object *accept(json_object *input)
{
    json_object *list = vector_get(input, "groups"), *low_groups = json_object_new_array();
    json_object *result = json_object_new_object();
    size_t groups = vector_length(list);
    g_autofree RoundVotes *votes = g_new(RoundVotes, groups + 1);
    g_autofree bool *low = g_new(bool, groups + 1);
    RoundRules rules = rules_of(input);

    for (size_t g = 0; g < groups; g++) {
        json_object *group = json_object_array_get_idx(list, g);
        votes[g] =
            (RoundVotes){(size_t)vector_int(group, "agree"), (size_t)vector_int(group, "disagree")};
    }
    RoundAcceptance a =
        round_accept(votes, groups, (size_t)vector_int(input, "objections"),
                     (size_t)vector_int(input, "round_no"),
                     json_object_get_boolean(vector_get(input, "stable")), &rules, low);
    for (size_t g = 0; g < groups; g++)
        if (low[g])
            json_object_array_add(low_groups, json_object_get(vector_get(
                                                  json_object_array_get_idx(list, g), "name")));
    vector_add_int(result, "n", (int64_t)a.n);
    vector_add(result, "share", a.share.value);
    vector_add(result, "lo", a.share.low);
    vector_add(result, "hi", a.share.high);
    json_object_object_add(result, "low_groups", low_groups);
    vector_add_text(result, "decision", round_decision_key(a.decision));
    return result;
}

static json_object *stability(json_object *input)
{
    size_t n;
    g_autofree int8_t *r1 = vector_steps(vector_get(input, "r1"), &n);
    g_autofree int8_t *r2 = vector_steps(vector_get(input, "r2"), NULL);
    RoundStability s = round_stability(r1, r2, n, vector_double_or(input, "limit", 0.15));
    json_object *result = json_object_new_object();

    vector_add_int(result, "n", (int64_t)s.n);
    vector_add(result, "changed", s.changed);
    vector_add(result, "net_change", s.net_change);
    vector_add(result, "attrition", s.attrition);
    json_object_object_add(result, "stable", json_object_new_boolean(s.stable));
    return result;
}

static json_object *mcnemar_exact(json_object *input)
{
    size_t b = (size_t)vector_int(input, "b"), c = (size_t)vector_int(input, "c");
    json_object *result = json_object_new_object();

    vector_add_int(result, "n_discordant", (int64_t)(b + c));
    vector_add(result, "p", round_mcnemar_exact(b, c));
    return result;
}

static void add_level(json_object *levels, const char *key, StatusLight light)
{
    if (light != STATUS_GREY)
        json_object_object_add(levels, key, json_object_new_int(light));
}

static json_object *light(json_object *input)
{
    json_object *kpis = vector_get(input, "kpis"), *activities = vector_get(input, "activities");
    json_object *result = json_object_new_object(), *levels = json_object_new_object();
    size_t n_kpi = vector_length(kpis), n = vector_length(activities);
    g_autofree StatusKpi *kpi = g_new(StatusKpi, n_kpi + 1);
    g_autofree StatusActivity *activity = g_new(StatusActivity, n + 1);
    StatusRules rules = status_rules_default();

    for (size_t i = 0; i < n_kpi; i++) {
        json_object *k = json_object_array_get_idx(kpis, i);
        kpi[i] = (StatusKpi){vector_double(k, "baseline"), vector_double(k, "target"),
                             vector_double(k, "value")};
    }
    for (size_t i = 0; i < n; i++) {
        json_object *a = json_object_array_get_idx(activities, i);
        activity[i] = (StatusActivity){vector_double(a, "weight"), vector_double(a, "done")};
    }
    StatusInput in = {.kpi = kpi,
                      .n_kpi = n_kpi,
                      .activity = activity,
                      .n_activity = n,
                      .judgement = (StatusLight)vector_int(input, "judgement"),
                      .elapsed = vector_double(input, "elapsed")};
    Status s = status_light(&in, &rules);
    vector_add(result, "kpi_ratio", s.kpi_ratio);
    vector_add(result, "activity_ratio", s.activity_ratio);
    add_level(levels, "kpi", s.kpi);
    add_level(levels, "activity", s.activity);
    add_level(levels, "judgement", in.judgement);
    json_object_object_add(result, "levels", levels);
    vector_add_text(result, "status", status_light_key(s.light));
    return result;
}

/* One column of a list of rows as indices, spellings of one name sharing theirs. */
static uint32_t *column(json_object *rows, const char *key, Names *names, bool fold)
{
    json_object *list = json_object_new_array();

    for (size_t i = 0; i < vector_length(rows); i++) {
        json_object *value = vector_get(json_object_array_get_idx(rows, i), key);
        g_autofree char *text = !value ? NULL
                                : fold ? label_fold(json_object_get_string(value))
                                       : g_strdup(json_object_get_string(value));
        json_object_array_add(list, text ? json_object_new_string(text) : NULL);
    }
    uint32_t *index = vector_indices(list, names, NULL);
    json_object_put(list);
    return index;
}

static json_object *coverage_object(const CoverageCount *c)
{
    json_object *o = json_object_new_object();

    vector_add_int(o, "persons", (int64_t)c->persons);
    vector_add_int(o, "orgs", (int64_t)c->orgs);
    return o;
}

static json_object *counts(json_object *input)
{
    g_autoptr(Names) persons = vector_names_new();
    g_autoptr(Names) orgs = vector_names_new();
    g_autoptr(Names) activities = vector_names_new();
    json_object *rows = vector_get(input, "rows"), *parts = json_object_new_object();
    g_autofree uint32_t *person = column(rows, "person", persons, false);
    g_autofree uint32_t *org = column(rows, "org", orgs, true);
    g_autofree uint32_t *activity = column(rows, "activity", activities, false);
    size_t n_parts = g_hash_table_size(activities);
    g_autofree CoverageCount *part = g_new(CoverageCount, n_parts + 1);
    CoverageCount all =
        coverage_counts(person, org, activity, vector_length(rows), g_hash_table_size(persons),
                        g_hash_table_size(orgs), n_parts, part);
    json_object *result = coverage_object(&all);
    GHashTableIter each;
    gpointer name, index;

    g_hash_table_iter_init(&each, activities);
    while (g_hash_table_iter_next(&each, &name, &index))
        json_object_object_add(parts, name, coverage_object(&part[GPOINTER_TO_UINT(index) - 1]));
    json_object_object_add(result, "by_activity", parts);
    return result;
}

static json_object *dissimilarity(json_object *input)
{
    size_t n;
    g_autofree double *observed = vector_doubles(vector_get(input, "observed"), &n);
    g_autofree double *target = vector_doubles(vector_get(input, "target"), NULL);
    json_object *result = json_object_new_object();

    vector_add(result, "d", coverage_dissimilarity(observed, target, n));
    return result;
}

static json_object *aapor(json_object *input)
{
    Aapor a = coverage_aapor(&(AaporInput){.complete = vector_double(input, "I"),
                                           .partial = vector_double(input, "P"),
                                           .refusal = vector_double(input, "R"),
                                           .no_contact = vector_double(input, "NC"),
                                           .other = vector_double(input, "O"),
                                           .unknown_household = vector_double(input, "UH"),
                                           .unknown_other = vector_double(input, "UO"),
                                           .e = vector_double(input, "e")});
    json_object *result = json_object_new_object();

    for (size_t i = 0; i < G_N_ELEMENTS(a.rr); i++) {
        g_autofree char *key = g_strdup_printf("RR%zu", i + 1);
        vector_add(result, key, a.rr[i]);
    }
    return result;
}

static json_object *r_indicator(json_object *input)
{
    json_object *cells = vector_get(input, "cells"), *result = json_object_new_object();
    size_t n = vector_length(cells);
    g_autofree CoverageStratum *stratum = g_new(CoverageStratum, n + 1);
    g_autofree double *partial = g_new(double, n + 1);

    for (size_t i = 0; i < n; i++) {
        json_object *cell = json_object_array_get_idx(cells, i);
        stratum[i] = (CoverageStratum){vector_double(cell, "N"), vector_double(cell, "n")};
    }
    RIndicator r = coverage_r_indicator(stratum, n, partial);
    vector_add(result, "rate", r.rate);
    vector_add(result, "S", r.s);
    vector_add(result, "R", r.r);
    vector_add_numbers(result, "partial", partial, n);
    return result;
}

static json_object *base_run(json_object *input)
{
    g_autoptr(Names) names = vector_names_new();
    g_autoptr(GArray) theme = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    json_object *interviews = vector_get(input, "themes"), *result = json_object_new_object();
    size_t n = vector_length(interviews);
    g_autofree size_t *start = g_new0(size_t, n + 1);
    g_autofree double *ratio = g_new(double, n + 1);

    for (size_t i = 0; i < n; i++) {
        size_t found;
        g_autofree uint32_t *named =
            vector_indices(json_object_array_get_idx(interviews, i), names, &found);
        g_array_append_vals(theme, named, (guint)found);
        start[i + 1] = theme->len;
    }
    Saturation s =
        saturation_base_run(&(SaturationInput){.theme = (const uint32_t *)(void *)theme->data,
                                               .start = start,
                                               .n = n,
                                               .n_theme = g_hash_table_size(names)},
                            &(SaturationRules){.base = (size_t)vector_int(input, "base"),
                                               .run = (size_t)vector_int(input, "run"),
                                               .threshold = vector_double(input, "threshold")},
                            ratio);
    vector_add_int(result, "base_themes", (int64_t)s.base_themes);
    vector_add_numbers(result, "ratios", ratio, s.windows);
    json_object_object_add(result, "reached_at",
                           s.reached_at ? json_object_new_int64((int64_t)s.reached_at) : NULL);
    return result;
}

static json_object *group_informed(json_object *input)
{
    json_object *list = vector_get(input, "groups"), *result = json_object_new_object();
    size_t groups = vector_length(list);
    g_autofree ConsensusVotes *votes = g_new(ConsensusVotes, groups + 1);
    g_autofree double *p = g_new(double, groups + 1);

    for (size_t g = 0; g < groups; g++) {
        json_object *group = json_object_array_get_idx(list, g);
        votes[g] =
            (ConsensusVotes){(size_t)vector_int(group, "agree"), (size_t)vector_int(group, "n")};
    }
    Consensus c = consensus_group_informed(votes, groups, p);
    vector_add_numbers(result, "p", p, groups);
    vector_add(result, "product", c.product);
    vector_add(result, "geometric", c.geometric);
    vector_add(result, "weakest_wilson_lo", c.weakest);
    return result;
}

static json_object *rake(json_object *input)
{
    g_autoptr(Names) row_names = vector_names_new();
    g_autoptr(Names) column_names = vector_names_new();
    g_autoptr(GError) error = NULL;
    size_t n;
    g_autofree uint32_t *row = vector_indices(vector_get(input, "row"), row_names, &n);
    g_autofree uint32_t *col = vector_indices(vector_get(input, "col"), column_names, NULL);
    g_autofree double *row_target = vector_by_name(vector_get(input, "row_target"), row_names);
    g_autofree double *col_target = vector_by_name(vector_get(input, "col_target"), column_names);
    const RakeMargin margin[] = {{row, row_target, g_hash_table_size(row_names)},
                                 {col, col_target, g_hash_table_size(column_names)}};
    g_autofree double *w = g_new(double, n + 1);
    json_object *result = json_object_new_object();
    RakeReport report;

    if (weights_rake(margin, n, 5, w, &report, &error))
        vector_add_numbers(result, "w", w, n);
    else
        vector_add_text(result, "error", error->message);
    return result;
}

static json_object *priorities(json_object *input)
{
    size_t n, columns;
    g_autofree double *matrix = vector_matrix(vector_get(input, "matrix"), &n, &columns);
    g_autofree double *weight = g_new(double, n + 1);
    AhpPriorities a = ahp_priorities(matrix, n, weight);
    json_object *result = json_object_new_object();

    vector_add_numbers(result, "weights", weight, n);
    vector_add(result, "lambda_max", a.lambda_max);
    vector_add(result, "ci", a.ci);
    vector_add(result, "cr", a.cr);
    return result;
}

static json_object *global_weights(json_object *input)
{
    json_object *result = json_object_new_object(), *weights = json_object_new_object();
    json_object *group_weights = vector_get(input, "group_weights");

    json_object_object_foreach(vector_get(input, "local"), name, values)
    {
        double group_weight = vector_double(group_weights, name);
        size_t n;
        g_autofree double *local = vector_doubles(values, &n);
        g_autofree uint32_t *group = g_new0(uint32_t, n + 1);
        ahp_global_weights(&group_weight, group, local, n, local);
        vector_add_numbers(weights, name, local, n);
    }
    json_object_object_add(result, "weights", weights);
    return result;
}

const VectorMethod vectors_panel[] = {
    {"round.accept", accept},
    {"round.stability", stability},
    {"round.mcnemar_exact", mcnemar_exact},
    {"status.light", light},
    {"coverage.counts", counts},
    {"coverage.dissimilarity", dissimilarity},
    {"coverage.aapor", aapor},
    {"coverage.r_indicator", r_indicator},
    {"saturation.base_run", base_run},
    {"consensus.group_informed", group_informed},
    {"weights.rake", rake},
    {"ahp.priorities", priorities},
    {"awot.global", global_weights},
    {NULL, NULL},
};
