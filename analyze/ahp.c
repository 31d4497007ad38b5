#include "analyze/ahp.h"

#include <glib.h>
#include <gsl/gsl_eigen.h>
#include <gsl/gsl_errno.h>
#include <gsl/gsl_matrix.h>

/* Saaty's mean CI of random matrices, by size. */
static const double random_index[] = {0, 0, 0, .58, .90, 1.12, 1.24, 1.32, 1.41, 1.45, 1.49};

static bool is_positive(const double *matrix, size_t n)
{
    for (size_t i = 0; i < n * n; i++)
        if (!(matrix[i] > 0 && isfinite(matrix[i])))
            return false;
    return true;
}

/* Largest real eigenvalue and its vector, scaled to sum 1 (Perron: all of one sign). */
static bool principal_vector(const double *matrix, size_t n, double *ret_lambda, double *ret_weight)
{
    gsl_matrix *m = gsl_matrix_alloc(n, n);
    gsl_vector_complex *value = gsl_vector_complex_alloc(n);
    gsl_matrix_complex *vector = gsl_matrix_complex_alloc(n, n);
    gsl_eigen_nonsymmv_workspace *room = gsl_eigen_nonsymmv_alloc(n);
    size_t best = 0;
    double sum = 0;

    for (size_t i = 0; i < n * n; i++)
        gsl_matrix_set(m, i / n, i % n, matrix[i]);
    bool ok = gsl_eigen_nonsymmv(m, value, vector, room) == GSL_SUCCESS;
    for (size_t i = 1; ok && i < n; i++)
        if (GSL_REAL(gsl_vector_complex_get(value, i)) >
            GSL_REAL(gsl_vector_complex_get(value, best)))
            best = i;
    for (size_t i = 0; ok && i < n; i++)
        sum += ret_weight[i] = GSL_REAL(gsl_matrix_complex_get(vector, i, best));
    for (size_t i = 0; ok && i < n; i++)
        ret_weight[i] /= sum;
    *ret_lambda = GSL_REAL(gsl_vector_complex_get(value, best));
    gsl_eigen_nonsymmv_free(room);
    gsl_matrix_complex_free(vector);
    gsl_vector_complex_free(value);
    gsl_matrix_free(m);
    return ok;
}

AhpPriorities ahp_priorities(const double *matrix, size_t n, double *ret_weight)
{
    AhpPriorities a = {UNDEFINED, UNDEFINED, UNDEFINED, UNDEFINED_NOT};
    double lambda;

    if (n == 0)
        a.why = UNDEFINED_NO_ANSWERS;
    else if (!is_positive(matrix, n) || !principal_vector(matrix, n, &lambda, ret_weight))
        a.why = UNDEFINED_INCOMPLETE;
    if (a.why != UNDEFINED_NOT) {
        for (size_t i = 0; i < n; i++)
            ret_weight[i] = UNDEFINED;
        return a;
    }
    a.lambda_max = lambda;
    a.ci = n > 1 ? (lambda - (double)n) / ((double)n - 1) : 0;
    if (n <= 2)
        a.cr = 0;
    else if (n < G_N_ELEMENTS(random_index))
        a.cr = a.ci / random_index[n];
    return a;
}

void ahp_group_matrix(const double *matrices, size_t people, size_t n, double *ret)
{
    for (size_t i = 0; i < n * n; i++) {
        double logs = 0, there = 0;
        for (size_t p = 0; p < people; p++) {
            double cell = matrices[p * n * n + i];
            if (cell > 0) {
                logs += log(cell);
                there++;
            }
        }
        ret[i] = there > 0 ? exp(logs / there) : UNDEFINED;
    }
}

void ahp_global_weights(const double *group_weight, const uint32_t *group, const double *local,
                        size_t n, double *ret)
{
    for (size_t i = 0; i < n; i++)
        ret[i] = group_weight[group[i]] * local[i];
}
