#include "tests/vectors/vectors.h"

#include "analyze/cluster.h"
#include "analyze/grouping.h"
#include "analyze/themelabel.h"

static uint32_t *labels_in(json_object *input, const char *key, size_t *ret_n)
{
    json_object *array = vector_get(input, key);
    size_t n = json_object_array_length(array);
    uint32_t *labels = g_new(uint32_t, n);

    for (size_t i = 0; i < n; i++)
        labels[i] = (uint32_t)json_object_get_int(json_object_array_get_idx(array, i));
    if (ret_n)
        *ret_n = n;
    return labels;
}

static json_object *average(json_object *input)
{
    json_object *result = json_object_new_object(), *steps = json_object_new_array();
    json_object *labels = json_object_new_array();
    size_t n, columns;
    g_autofree double *distance = vector_matrix(vector_get(input, "distance"), &n, &columns);
    g_autofree ClusterMerge *merges = g_new(ClusterMerge, n);
    g_autofree uint32_t *label = g_new(uint32_t, n);

    cluster_average(distance, n, merges);
    for (size_t s = 0; s + 1 < n; s++) {
        const double step[] = {merges[s].a, merges[s].b, merges[s].height, merges[s].size};
        json_object_array_add(steps, vector_numbers(step, G_N_ELEMENTS(step)));
    }
    cluster_cut(merges, n, vector_double(input, "cut"), label);
    for (size_t i = 0; i < n; i++)
        json_object_array_add(labels, json_object_new_int64(label[i]));
    json_object_object_add(result, "merges", steps);
    json_object_object_add(result, "labels", labels);
    return result;
}

static json_object *silhouette(json_object *input)
{
    json_object *result = json_object_new_object();
    size_t n, columns;
    g_autofree double *distance = vector_matrix(vector_get(input, "distance"), &n, &columns);
    g_autofree uint32_t *label = labels_in(input, "labels", NULL);
    g_autofree double *values = g_new(double, n);

    vector_add(result, "mean", grouping_silhouette(distance, label, n, values));
    vector_add_numbers(result, "values", values, n);
    return result;
}

static json_object *agreement(json_object *input)
{
    json_object *result = json_object_new_object();
    size_t n;
    g_autofree uint32_t *reference = labels_in(input, "reference", &n);
    g_autofree uint32_t *candidate = labels_in(input, "candidate", NULL);
    GroupingAgreement a = grouping_agreement(reference, candidate, n);

    vector_add(result, "ari", a.ari);
    vector_add(result, "homogeneity", a.homogeneity);
    vector_add(result, "completeness", a.completeness);
    vector_add(result, "v_measure", a.v_measure);
    return result;
}

static json_object *ctfidf(json_object *input)
{
    json_object *result = json_object_new_object(), *scores = json_object_new_array();
    g_autoptr(GPtrArray) classes = vector_lists(vector_get(input, "classes"));
    g_autoptr(GPtrArray) themes = theme_ctfidf((char *const *const *)classes->pdata, classes->len);

    for (guint c = 0; c < themes->len; c++) {
        const GArray *terms = themes->pdata[c];
        json_object *theme = json_object_new_object();
        for (guint t = 0; t < terms->len; t++) {
            const ThemeTerm *term = &g_array_index(terms, ThemeTerm, t);
            vector_add(theme, term->term, term->score);
        }
        json_object_array_add(scores, theme);
    }
    json_object_object_add(result, "scores", scores);
    return result;
}

static json_object *medoid(json_object *input)
{
    json_object *result = json_object_new_object();
    size_t all, columns, n;
    g_autofree double *distance = vector_matrix(vector_get(input, "distance"), &all, &columns);
    g_autofree uint32_t *members = labels_in(input, "members", &n);
    g_autofree double *own = g_new(double, n *n);

    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++)
            own[i * n + j] = distance[members[i] * all + members[j]];
    size_t best = theme_medoid(own, n);
    vector_add_int(result, "index", members[best]);
    vector_add(result, "total", theme_distance_sum(own, n, best));
    return result;
}

const VectorMethod vectors_themes[] = {
    {"cluster.average", average},     {"cluster.silhouette", silhouette},
    {"cluster.agreement", agreement}, {"theme.ctfidf", ctfidf},
    {"theme.medoid", medoid},         {NULL, NULL},
};
