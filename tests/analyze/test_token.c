#include "analyze/token.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

/* Tokens and stems joined by one space. */
typedef struct {
    const char *name, *in, *tokens, *stems;
} Case;

static const Case cases[] = {
    {"Bokmål", "Utfordrende å dele og få tilgang til data mellom virksomhetene",
     "utfordrende å dele og få tilgang til data mellom virksomhetene",
     "utfordr del få tilgang dat virksom"},
    {"Nynorsk", "Brukarane får ikkje oversyn over eigne helseopplysningar",
     "brukarane får ikkje oversyn over eigne helseopplysningar",
     "brukar får oversyn eign helseopplysning"},
    {"hyphens and marks", "E-helse – «livshendelsene», EU/EØS (2019–2022)!",
     "e-helse livshendelsene eu eøs 2019 2022", "e-h livshend eu eøs 2019 2022"},
    {"hyphens only inside", "-a- b--c d- -e f-g-h", "a b c d e f-g-h", "a b c d e f-g-h"},
    {"other hyphens are hyphens", "e\xE2\x80\x90helse e\xE2\x80\x91helse", "e-helse e-helse",
     "e-h e-h"},
    {"soft hyphen vanishes",
     "helse\xC2\xAD"
     "data",
     "helsedata", "helsedat"},
    {"two spellings of å", "A\xCC\x8Apen \xC3\x85pen", "åpen åpen", "åpen åpen"},
    {"Sámi letters", "Sámediggi ČĐŊŠŦŽ", "sámediggi čđŋšŧž", NULL},
    {"division sign is a border", "a÷b", "a b", "a b"},
    {"other scripts are borders", "данные 数据 data", "data", "dat"},
    {"emoji and controls",
     "\x01"
     "data\xF0\x9F\x98\x80\x7F"
     "bruk",
     "data bruk", "dat bruk"},
    {"invalid bytes are borders",
     "data\xFF"
     "bruk \xC3",
     "data bruk", "dat bruk"},
    {"full-width digits are not digits", "\xEF\xBC\x91 1", "1", "1"},
    {"nothing", "", "", ""},
    {"nothing but marks", "…!? – -", "", ""},
    {"nothing but stop words", "Og så er det jo ikke", "og så er det jo ikke", "jo"},
};
enum { N = sizeof cases / sizeof cases[0] };

static void reads(void **state)
{
    const Case *c = *state;
    g_autoptr(Stemmer) stemmer = stemmer_new();
    g_auto(GStrv) tokens = token_split(c->in);
    g_auto(GStrv) stems = token_stems(stemmer, c->in);
    g_autofree char *joined_tokens = g_strjoinv(" ", tokens);
    g_autofree char *joined_stems = g_strjoinv(" ", stems);
    assert_string_equal(joined_tokens, c->tokens);
    if (c->stems)
        assert_string_equal(joined_stems, c->stems);

    g_auto(GStrv) again = token_split(joined_tokens);
    g_autofree char *joined_again = g_strjoinv(" ", again);
    assert_string_equal(joined_again, c->tokens);
}

static void stop_words(void **state)
{
    (void)state;
    static const char *const on[] = {"og", "ikke", "ikkje", "å", "vart", "være"};
    static const char *const off[] = {"", "Og", "data", "#", "snowball", "mye"};
    for (size_t i = 0; i < G_N_ELEMENTS(on); i++)
        assert_true(token_is_stop(on[i]));
    for (size_t i = 0; i < G_N_ELEMENTS(off); i++)
        assert_false(token_is_stop(off[i]));
}

/* Every stop word must be spelled as a token, or it would never be met. */
static void stop_words_are_tokens(void **state)
{
    (void)state;
    g_autofree char *text = NULL;
    assert_true(g_file_get_contents("schemas/stopwords.txt", &text, NULL, NULL));
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    size_t words = 0;
    for (char **line = lines; *line; line++) {
        if (!**line || **line == '#')
            continue;
        g_auto(GStrv) tokens = token_split(*line);
        assert_string_equal(tokens[0], *line);
        assert_null(tokens[1]);
        assert_true(token_is_stop(*line));
        words++;
    }
    assert_int_equal(words, 172);
}

static void letters(void **state)
{
    (void)state;
    static const gunichar in[] = {'a', 'Z', 0xC5, 0xF8, 0xFF, 0x10D, 0x17D, 0x178};
    static const gunichar out[] = {'0', '-', '_', 0xD7, 0xF7, 0x180, 0x3B1, 0x1F600, 0};
    for (size_t i = 0; i < G_N_ELEMENTS(in); i++)
        assert_true(token_is_letter(in[i]));
    for (size_t i = 0; i < G_N_ELEMENTS(out); i++)
        assert_false(token_is_letter(out[i]));
}

static void one_megabyte(void **state)
{
    (void)state;
    g_autofree char *word = g_strnfill(1 << 20, 'x');
    g_autoptr(Stemmer) stemmer = stemmer_new();
    g_auto(GStrv) stems = token_stems(stemmer, word);
    assert_int_equal(g_strv_length(stems), 1);

    g_autoptr(GString) many = g_string_new(NULL);
    while (many->len < 1 << 20)
        g_string_append(many, "helsedata å ");
    g_auto(GStrv) content = token_content(many->str);
    assert_int_equal(g_strv_length(content), many->len / strlen("helsedata å "));
}

static void generation_is_known(void **state)
{
    (void)state;
    const char *generation = stemmer_generation();
    assert_true(strcmp(generation, "2") == 0 || strcmp(generation, "3") == 0);
}

static gpointer count_in_thread(gpointer text)
{
    g_autoptr(Stemmer) stemmer = stemmer_new();
    gsize found = 0;
    for (int i = 0; i < 500; i++) {
        g_auto(GStrv) stems = token_stems(stemmer, text);
        found += g_strv_length(stems);
    }
    return GSIZE_TO_POINTER(found);
}

static void threads_do_not_disturb(void **state)
{
    (void)state;
    GThread *threads[4];
    for (size_t i = 0; i < G_N_ELEMENTS(threads); i++)
        threads[i] = g_thread_new("token", count_in_thread, (gpointer)cases[0].in);
    for (size_t i = 0; i < G_N_ELEMENTS(threads); i++)
        assert_int_equal(GPOINTER_TO_SIZE(g_thread_join(threads[i])), 500 * 6);
}

int main(void)
{
    static const struct CMUnitTest others[] = {
        cmocka_unit_test(threads_do_not_disturb), cmocka_unit_test(stop_words),
        cmocka_unit_test(stop_words_are_tokens),  cmocka_unit_test(letters),
        cmocka_unit_test(one_megabyte),           cmocka_unit_test(generation_is_known),
    };
    struct CMUnitTest tests[N + G_N_ELEMENTS(others)];
    for (size_t i = 0; i < N; i++)
        tests[i] = (struct CMUnitTest){cases[i].name, reads, NULL, NULL, (void *)&cases[i]};
    memcpy(tests + N, others, sizeof others);
    return cmocka_run_group_tests_name("token", tests, NULL, NULL);
}
