#include "tests/vectors/vectors.h"

#include "analyze/duplicate.h"
#include "analyze/identity.h"
#include "analyze/redact.h"
#include "analyze/search.h"
#include "analyze/similarity.h"
#include "analyze/swot.h"
#include "analyze/tfidf.h"
#include "analyze/token.h"

static const char *text_in(json_object *input, const char *key)
{
    return json_object_get_string(vector_get(input, key));
}

static void add_strings(json_object *result, const char *key, char *const *strings)
{
    json_object *array = json_object_new_array();
    for (char *const *s = strings; *s; s++)
        json_object_array_add(array, json_object_new_string(*s));
    json_object_object_add(result, key, array);
}

static json_object *stems(json_object *input)
{
    json_object *result = json_object_new_object();
    g_autoptr(Stemmer) stemmer = stemmer_new();
    g_auto(GStrv) tokens = token_split(text_in(input, "text"));
    g_auto(GStrv) stemmed = token_stems(stemmer, text_in(input, "text"));

    add_strings(result, "tokens", tokens);
    add_strings(result, "stems", stemmed);
    return result;
}

/* The full matrix, each value asked for in the order (row, column). */
static json_object *similarity_matrix(double (*value)(const void *index, size_t i, size_t j),
                                      const void *index, size_t n)
{
    json_object *result = json_object_new_object(), *rows = json_object_new_array();
    g_autofree double *row = g_new(double, n);

    for (size_t i = 0; i < n; i++) {
        for (size_t j = 0; j < n; j++)
            row[j] = value(index, i, j);
        json_object_array_add(rows, vector_numbers(row, n));
    }
    json_object_object_add(result, "sim", rows);
    return result;
}

static double cosine(const void *index, size_t i, size_t j)
{
    return tfidf_cosine(index, i, j);
}

static double hybrid(const void *index, size_t i, size_t j)
{
    return similarity_of(index, i, j);
}

static json_object *tfidf(json_object *input)
{
    g_autoptr(GPtrArray) documents = vector_lists(vector_get(input, "docs"));
    g_autoptr(Tfidf) index = tfidf_new((char *const *const *)documents->pdata, documents->len);
    return similarity_matrix(cosine, index, documents->len);
}

static json_object *hybrid_similarity(json_object *input)
{
    g_auto(GStrv) texts = vector_strings(vector_get(input, "texts"));
    size_t n = g_strv_length(texts);
    g_autoptr(Similarity) index = similarity_new((const char *const *)texts, n);
    return similarity_matrix(hybrid, index, n);
}

static json_object *jaccard(json_object *input)
{
    json_object *result = json_object_new_object();
    vector_add(result, "jaccard",
               duplicate_jaccard(text_in(input, "a"), text_in(input, "b"),
                                 (size_t)vector_int(input, "k")));
    return result;
}

static json_object *split(json_object *input)
{
    json_object *result = json_object_new_object();
    g_auto(GStrv) parts = swot_split(text_in(input, "text"));
    add_strings(result, "parts", parts);
    return result;
}

static json_object *bm25(json_object *input)
{
    json_object *result = json_object_new_object();
    g_autoptr(GPtrArray) documents = vector_lists(vector_get(input, "docs"));
    g_auto(GStrv) query = vector_strings(vector_get(input, "query"));
    g_autofree double *scores = g_new(double, documents->len);

    search_bm25((char *const *const *)documents->pdata, documents->len, query, scores);
    vector_add_numbers(result, "scores", scores, documents->len);
    return result;
}

static json_object *redact(json_object *input)
{
    static const RedactWords words = {"[e-post]", "[fødselsnummer]", "[11-sifret nummer]",
                                      "[telefon]", "[navn]"};
    json_object *result = json_object_new_object();
    g_auto(GStrv) names = vector_strings(vector_get(input, "names"));
    g_autoptr(Redactor) redactor = redactor_new((const char *const *)names, &words);
    g_autofree char *redacted = redact_text(redactor, text_in(input, "text"));

    vector_add_text(result, "text", redacted);
    return result;
}

static json_object *fnr(json_object *input)
{
    json_object *result = json_object_new_object();
    IdentityKind kind = identity_fnr(text_in(input, "number"));

    json_object_object_add(result, "valid", json_object_new_boolean(kind != IDENTITY_NONE));
    vector_add_text(result, "kind", identity_kind_key(kind));
    return result;
}

static json_object *orgnr(json_object *input)
{
    json_object *result = json_object_new_object();
    json_object_object_add(result, "valid",
                           json_object_new_boolean(identity_orgnr(text_in(input, "number"))));
    return result;
}

const VectorMethod vectors_text[] = {
    {"text.stems", stems},
    {"text.tfidf_cosine", tfidf},
    {"text.hybrid_similarity", hybrid_similarity},
    {"text.jaccard_shingles", jaccard},
    {"text.split_men", split},
    {"text.bm25", bm25},
    {"redact.text", redact},
    {"id.fnr", fnr},
    {"id.orgnr", orgnr},
    {NULL, NULL},
};
