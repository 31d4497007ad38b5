/* Running the methods against vectors.json: what an adapter is, and what adapters share.
 *
 * A method is one row in the table of its family (tests/vectors/<family>.c): the name that
 * vectors.json uses, and a function that reads the vector's input, calls the public functions of
 * analyze/ and returns what came out under the names of vectors.json. A new family is one file and
 * one line in vectors.c. */
#ifndef INNSIKT_TESTS_VECTORS_H
#define INNSIKT_TESTS_VECTORS_H

#include <glib.h>
#include <json-c/json.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct {
    const char *method;
    json_object *(*run)(json_object *input); /* new object, the caller puts it */
} VectorMethod;

/* Tables end with a NULL method. */
extern const VectorMethod vectors_answers[];    /* weights, effective n, counts, shares */
extern const VectorMethod vectors_verdict[];    /* verdict, agreement, interval, effect, streams */
extern const VectorMethod vectors_ranks[];      /* gap, robustness, ranks, tests between groups */
extern const VectorMethod vectors_resampling[]; /* bootstrap, coders, reliability */
extern const VectorMethod vectors_panel[];      /* rounds, status, involvement, AHP, raking */
extern const VectorMethod vectors_text[];       /* tokens, similarity, search, redaction, numbers */
extern const VectorMethod vectors_swot[];       /* quadrants, codebook, support, needs, documents */
extern const VectorMethod vectors_themes[];     /* clusters, their quality and names */
extern const VectorMethod vectors_disclosure[]; /* what a shared copy may show */

/* Members of an input. vector_get ends the program, with a message, when the key is not there: the
 * file is broken. For a key that may be left out, vector_find gives NULL and vector_double_or the
 * method's own default. */
json_object *vector_get(json_object *input, const char *key); /* NULL for null */
json_object *vector_find(json_object *input, const char *key);
size_t vector_length(json_object *array); /* 0 for null */
double vector_double_or(json_object *input, const char *key, double otherwise);
double vector_double(json_object *input, const char *key); /* NaN for null */
int64_t vector_int(json_object *input, const char *key);

/* Arrays of an input, new (g_free), NULL for null. ret_n may be NULL. */
double *vector_doubles(json_object *array, size_t *ret_n);                       /* null: NaN */
int8_t *vector_steps(json_object *array, size_t *ret_n);                         /* null: 0 */
double *vector_matrix(json_object *rows, size_t *ret_rows, size_t *ret_columns); /* row by row */

/* Index + 1 by name: g_autoptr(Names). */
typedef GHashTable Names;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Names, g_hash_table_unref)
Names *vector_names_new(void);

/* A list of strings (g_strfreev), and a list of such lists (g_ptr_array_unref). */
char **vector_strings(json_object *array);
GPtrArray *vector_lists(json_object *arrays);

/* Strings as indices in order of first appearance; null is NO_INDEX. Arrays may share names. */
uint32_t *vector_indices(json_object *array, Names *names, size_t *ret_n);

/* Values per index of `names`, from an object keyed by name; 0 for names it does not hold. Names
 * that only the object holds are added to `names` first. New (g_free). */
double *vector_by_name(json_object *object, Names *names);

/* Results. An undefined number becomes null. */
json_object *vector_number(double x);
json_object *vector_numbers(const double *x, size_t n);
void vector_add(json_object *result, const char *key, double x);
void vector_add_int(json_object *result, const char *key, int64_t x);
void vector_add_text(json_object *result, const char *key, const char *text); /* NULL: null */
void vector_add_numbers(json_object *result, const char *key, const double *x, size_t n);

/* Lists of values as counts per distinct value in rising order: lists x k, row by row, null left
 * out. New (g_free). */
size_t *vector_level_counts(json_object *lists, size_t *ret_k);

/* Bits of the steps in an array of steps: {4, 5} is 0x18. */
unsigned vector_step_bits(json_object *array);

#endif
