/* What the analysis costs, for analysis.py: `bench_analysis WHAT …` prints the seconds of the best
 * of some rounds (of one, for load: the highest resident size is of interest too).
 *
 *   ratings FOLDER    everything that sheet Robusthet is made of, from a data set that is loaded
 *   load FOLDER       the data set from the store
 *   bootstrap N B     B replicates of the mean of N people
 *   alpha K           ordinal alpha of 500 coders × 5,000 units, 60 % missing, with 1,000
 * replicates
 */
#include "analyze/bootstrap.h"
#include "analyze/krippendorff.h"
#include "analyze/random.h"
#include "analyze/rating.h"

#include <gsl/gsl_errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ROUNDS = 3, SEED = 2021 };

static double since(int64_t start)
{
    return (double)(g_get_monotonic_time() - start) / G_USEC_PER_SEC;
}

static void must(bool holds, GError *error)
{
    if (holds)
        return;
    fprintf(stderr, "%s\n", error ? error->message : "failed");
    exit(1);
}

/* --- from a project folder --- */

static Dataset *load(const char *folder, Project **ret_project, double *ret_seconds)
{
    GError *error = NULL;
    ProjectKey key;
    Project *project = project_load(folder, &error);
    must(project != NULL, error);
    must(project_key_read(project->key_ref, project->folder, &key, &error), error);
    g_autoptr(Store) store = store_open_read(project->store_path, &error);
    must(store != NULL, error);
    const int64_t start = g_get_monotonic_time();
    Dataset *data = dataset_load(project, &key, store, &error);
    *ret_seconds = since(start);
    must(data != NULL, error);
    *ret_project = project;
    return data;
}

static double time_load(const char *folder)
{
    double seconds;
    Project *project;
    dataset_free(load(folder, &project, &seconds));
    project_free(project);
    return seconds;
}

static double time_ratings(const char *folder)
{
    double best = INFINITY, loading;
    Project *project;
    Dataset *data = load(folder, &project, &loading);
    for (int round = 0; round < ROUNDS; round++) {
        const int64_t start = g_get_monotonic_time();
        g_ptr_array_unref(rating_summaries(data));
        best = MIN(best, since(start));
    }
    dataset_free(data);
    project_free(project);
    return best;
}

/* --- single methods --- */

static double time_bootstrap(size_t n, size_t b)
{
    double best = INFINITY;
    g_autofree double *x = g_new(double, n);
    gsl_rng *rng = random_stream_new(SEED, "bench");
    for (size_t i = 0; i < n; i++)
        x[i] = (double)gsl_rng_uniform_int(rng, 5) + 1;
    for (int round = 0; round < ROUNDS; round++) {
        const int64_t start = g_get_monotonic_time();
        must(isfinite(bootstrap_mean(x, n, rng, b, 0.95, NULL).low), NULL);
        best = MIN(best, since(start));
    }
    gsl_rng_free(rng);
    return best;
}

static double time_alpha(int steps)
{
    enum { CODERS = 500, UNITS = 5000, REPLICATES = 1000 };
    double best = INFINITY;
    g_autofree double *data = g_new(double, (size_t)CODERS *UNITS);
    gsl_rng *rng = random_stream_new(SEED, "bench");
    for (size_t u = 0; u < UNITS; u++) {
        const double truth = gsl_rng_uniform(rng) * steps;
        for (size_t c = 0; c < CODERS; c++)
            data[c * UNITS + u] =
                gsl_rng_uniform(rng) < 0.6
                    ? UNDEFINED
                    : floor(CLAMP(truth + 2 * gsl_rng_uniform(rng) - 1, 0, steps - 0.01)) + 1;
    }
    for (int round = 0; round < ROUNDS; round++) {
        const int64_t start = g_get_monotonic_time();
        must(isfinite(krippendorff_alpha(data, CODERS, UNITS, KRIPPENDORFF_ORDINAL).alpha), NULL);
        must(isfinite(krippendorff_bootstrap_units(data, CODERS, UNITS, KRIPPENDORFF_ORDINAL, rng,
                                                   REPLICATES, 0.95, 10)
                          .low),
             NULL);
        best = MIN(best, since(start));
    }
    gsl_rng_free(rng);
    return best;
}

int main(int argc, char **argv)
{
    gsl_set_error_handler_off();
    double seconds = UNDEFINED;
    if (argc == 3 && strcmp(argv[1], "ratings") == 0)
        seconds = time_ratings(argv[2]);
    else if (argc == 3 && strcmp(argv[1], "load") == 0)
        seconds = time_load(argv[2]);
    else if (argc == 4 && strcmp(argv[1], "bootstrap") == 0)
        seconds = time_bootstrap(strtoul(argv[2], NULL, 10), strtoul(argv[3], NULL, 10));
    else if (argc == 3 && strcmp(argv[1], "alpha") == 0)
        seconds = time_alpha(atoi(argv[2]));
    else {
        fprintf(stderr, "usage: bench_analysis ratings|load FOLDER, bootstrap N B, alpha K\n");
        return 2;
    }
    printf("%.6f\n", seconds);
    return 0;
}
