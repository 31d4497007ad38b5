/* vectors FILE: runs every vector of a file shaped like tests/reference/vectors.json through the
 * public functions of analyze/. Prints each difference and a last line «N passed, M failed»; exits
 * with 1 when any vector failed, 2 when the file cannot be read.
 *
 * A vector passes when every key of `expected` comes out with |got - expected| <= tolerance *
 * max(1, |expected|); null must come out as null, everything else must be equal. A method without
 * an adapter fails. */
#include "tests/vectors/vectors.h"

#include <gsl/gsl_errno.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

static const VectorMethod *const families[] = {
    vectors_answers, vectors_verdict, vectors_ranks,  vectors_resampling, vectors_panel,
    vectors_text,    vectors_swot,    vectors_themes, vectors_disclosure,
};

static const VectorMethod *find_method(const char *name)
{
    for (size_t f = 0; f < G_N_ELEMENTS(families); f++)
        for (const VectorMethod *m = families[f]; m->method; m++)
            if (strcmp(m->method, name) == 0)
                return m;
    return NULL;
}

static const char *text_of(json_object *value)
{
    return value ? json_object_to_json_string_ext(value, JSON_C_TO_STRING_PLAIN) : "null";
}

static bool is_number(json_object *value)
{
    return json_object_is_type(value, json_type_double) ||
           json_object_is_type(value, json_type_int);
}

/* A difference found inside `expected`: says where and what. Always false. */
static bool differs(const char *where, const char *at, json_object *expected, json_object *got)
{
    printf("%s: %s: expected %s", where, at, text_of(expected));
    printf(", got %s\n", text_of(got));
    return false;
}

static bool same(const char *where, const char *at, json_object *expected, json_object *got,
                 double tolerance);

static bool same_members(const char *where, const char *at, json_object *expected, json_object *got,
                         double tolerance)
{
    bool ok = true;

    json_object_object_foreach(expected, key, value)
    {
        json_object *found = NULL;
        g_autofree char *inner = *at ? g_strdup_printf("%s.%s", at, key) : g_strdup(key);
        if (!json_object_object_get_ex(got, key, &found)) {
            printf("%s: %s: expected %s, got nothing\n", where, inner, text_of(value));
            ok = false;
        } else if (!same(where, inner, value, found, tolerance)) {
            ok = false;
        }
    }
    return ok;
}

static bool same_elements(const char *where, const char *at, json_object *expected,
                          json_object *got, double tolerance)
{
    size_t n = vector_length(expected);
    bool ok = true;

    if (vector_length(got) != n)
        return differs(where, at, expected, got);
    for (size_t i = 0; i < n; i++) {
        g_autofree char *inner = g_strdup_printf("%s[%zu]", at, i);
        ok = same(where, inner, json_object_array_get_idx(expected, i),
                  json_object_array_get_idx(got, i), tolerance) &&
             ok;
    }
    return ok;
}

static bool same(const char *where, const char *at, json_object *expected, json_object *got,
                 double tolerance)
{
    if (is_number(expected) && is_number(got)) {
        double want = json_object_get_double(expected), have = json_object_get_double(got);
        return fabs(have - want) <= tolerance * fmax(1, fabs(want)) ||
               differs(where, at, expected, got);
    }
    if (json_object_get_type(expected) != json_object_get_type(got))
        return differs(where, at, expected, got);
    if (json_object_is_type(expected, json_type_object))
        return same_members(where, at, expected, got, tolerance);
    if (json_object_is_type(expected, json_type_array))
        return same_elements(where, at, expected, got, tolerance);
    return json_object_equal(expected, got) || differs(where, at, expected, got);
}

static bool vector_passes(json_object *vector)
{
    const char *name = json_object_get_string(vector_get(vector, "method"));
    const VectorMethod *method = find_method(name);
    g_autofree char *where =
        g_strdup_printf("%s/%s", name, json_object_get_string(vector_get(vector, "name")));

    if (!method) {
        printf("%s: no such method\n", where);
        return false;
    }
    json_object *got = method->run(vector_get(vector, "input"));
    bool ok =
        same(where, "", vector_get(vector, "expected"), got, vector_double(vector, "tolerance"));
    json_object_put(got);
    return ok;
}

int main(int argc, char **argv)
{
    size_t passed = 0, failed = 0;

    if (argc != 2) {
        fprintf(stderr, "usage: vectors FILE\n");
        return 2;
    }
    json_object *vectors = json_object_from_file(argv[1]);
    if (!json_object_is_type(vectors, json_type_array)) {
        fprintf(stderr, "vectors: %s: not a JSON array of vectors\n", argv[1]);
        json_object_put(vectors);
        return 2;
    }
    gsl_set_error_handler_off();
    for (size_t i = 0; i < vector_length(vectors); i++)
        *(vector_passes(json_object_array_get_idx(vectors, i)) ? &passed : &failed) += 1;
    json_object_put(vectors);
    printf("%zu passed, %zu failed\n", passed, failed);
    return failed > 0;
}
