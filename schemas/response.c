#include "schemas/response.h"

enum { ARENA_BLOCK = 4096 };

const char *missing_word(Missing missing)
{
    switch (missing) {
#define X(name, number, word)                                                                      \
    case MISSING_##name:                                                                           \
        return word;
        MISSING_REASONS(X)
#undef X
    case N_MISSING:
        break;
    }
    g_return_val_if_reached("unknown");
}

bool missing_parse(const char *word, Missing *ret)
{
    for (int m = MISSING_NOT_SHOWN; m < N_MISSING; m++)
        if (g_str_equal(word, missing_word((Missing)m))) {
            *ret = (Missing)m;
            return true;
        }
    return false;
}

const char *state_word(ResponseState state)
{
    static const char *const words[N_STATES] = {"complete", "partial", "screened_out", "rejected",
                                                "deleted"};
    return words[state];
}

static void response_blank(Response *response)
{
    GArray *answers = response->answers;
    GStringChunk *arena = response->arena;
    *response = (Response){
        .answers = answers, .arena = arena, .submitted = TIME_UNKNOWN, .updated = TIME_UNKNOWN};
}

Response *response_new(void)
{
    Response *response = g_new0(Response, 1);
    response->answers = g_array_new(FALSE, FALSE, sizeof(Answer));
    response->arena = g_string_chunk_new(ARENA_BLOCK);
    response_blank(response);
    return response;
}

void response_reset(Response *response)
{
    g_array_set_size(response->answers, 0);
    g_string_chunk_clear(response->arena);
    response_blank(response);
}

void response_free(Response *response)
{
    if (!response)
        return;
    g_array_unref(response->answers);
    g_string_chunk_free(response->arena);
    g_free(response);
}

const char *response_keep(Response *response, const char *text)
{
    return text ? g_string_chunk_insert(response->arena, text) : NULL;
}

void response_answer(Response *response, const char *question, int instance, const char *text,
                     Missing missing)
{
    Answer answer = {
        .question = response_keep(response, question),
        .text = response_keep(response, text),
        .missing = text ? MISSING_NONE : missing,
        .instance = instance,
    };
    g_array_append_val(response->answers, answer);
}
