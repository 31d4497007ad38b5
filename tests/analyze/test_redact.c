#include "analyze/redact.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static const RedactWords words = {"[e-post]", "[fødselsnummer]", "[11-sifret nummer]", "[telefon]",
                                  "[navn]"};

/* Invented. All identity numbers here are synthetic (month + 80). */
static const char *const names[] = {
    "Kari Nordmann", "Ola", "Berg Olsen", "Nordmann", "Ås", "å", "", "  ", "D'Arcy", "Post", NULL};

typedef struct {
    const char *name, *in, *want;
} Case;

static const Case cases[] = {
    {"all at once", "Ring Kari Nordmann på 900 00 001 eller kari.nordmann@example.org.",
     "Ring [navn] på [telefon] eller [e-post]."},
    {"years stay", "Planen gjelder 2019–2022 og 49 aktiviteter; 14 innsatsområder.",
     "Planen gjelder 2019–2022 og 49 aktiviteter; 14 innsatsområder."},
    {"amounts and focus areas stay", "1.1 koster 12 500 000 kr, 6.3 koster 250000 kr; 2019 2022",
     "1.1 koster 12 500 000 kr, 6.3 koster 250000 kr; 2019 2022"},

    {"number in two parts", "Pasient 178585 12387 ble nevnt.",
     "Pasient [fødselsnummer] ble nevnt."},
    {"number in one", "17858512387", "[fødselsnummer]"},
    {"number with a no-break space",
     "178585\xC2\xA0"
     "12387",
     "[fødselsnummer]"},
    {"number with a hyphen", "178585-12387 og 178585.12387", "[fødselsnummer] og [fødselsnummer]"},
    {"temporary number", "nr43917030090!", "nr[fødselsnummer]!"},
    {"not valid", "Ref. 178585 12388", "Ref. [11-sifret nummer]"},
    {"not valid with a hyphen is a range", "100000-20000", "100000-20000"},
    {"twelve digits", "178585123870", "178585123870"},
    {"two blanks", "178585  12387", "178585  12387"},
    {"other digits", "１７８５８５１２３８７", "１７８５８５１２３８７"},

    {"eight digits", "tlf 90000001.", "tlf [telefon]."},
    {"pairs", "tlf 22 00 00 01", "tlf [telefon]"},
    {"three two three with no-break spaces",
     "900\xC2\xA0"
     "00\xC2\xA0"
     "001",
     "[telefon]"},
    {"country code", "+4790000001, +47 900 00 001, 0047 22 00 00 01",
     "[telefon], [telefon], [telefon]"},
    {"begins with 1", "10000001 og 11 22 33 44", "10000001 og 11 22 33 44"},
    {"nine digits", "974760673 og 974 760 673", "974760673 og 974 760 673"},
    {"other groups", "9000 0001, 90-00-00-01", "9000 0001, 90-00-00-01"},
    {"touching letters", "tlf90000001ring", "tlf[telefon]ring"},

    {"address ends at the stop", "Skriv til ås.ØY+x_%1@sub-1.example.org.", "Skriv til [e-post]."},
    {"no dot, no address", "a@b og @ alene @home x@", "a@b og @ alene @home x@"},
    {"domain with an empty label", "a@b..no", "a@b..no"},
    {"the last at counts", "a@b@c.no", "a@[e-post]"},
    {"addresses on end", "a@b.no,c@d.no;e@f.no/g", "[e-post],[e-post];[e-post]/g"},
    {"address of a number", "90000001@example.org", "[e-post]"},

    {"any case, genitive", "KARI NORDMANNs sak, olas og Ola's", "[navn]s sak, [navn]s og [navn]'s"},
    {"not inside words", "Solamp Olav Olaf olasen", "Solamp Olav Olaf olasen"},
    {"longest first", "Kari Berg Olsen, Nordmann", "Kari [navn], [navn]"},
    {"blanks in a name", "Kari \n Nordmann", "[navn]"},
    {"digits may touch", "Ola2 og 2Ola", "[navn]2 og 2[navn]"},
    {"decomposed", "A\xCC\x8As er her", "[navn] er her"},
    {"one letter is no name", "å være", "å være"},
    {"apostrophe", "D'Arcys", "[navn]s"},

    {"replaced already", "[navn] [e-post] [telefon] [fødselsnummer] [11-sifret nummer]",
     "[navn] [e-post] [telefon] [fødselsnummer] [11-sifret nummer]"},
    {"a find frees another", "Ola17858512387 90000001Ola", "[navn][fødselsnummer] [telefon][navn]"},
    {"noncharacters are not ours", "\xEF\xB7\x90", "\xEF\xBF\xBD"},
    {"emoji, controls, bad bytes", "\x01😀 Ola\xFF", "\x01😀 [navn]\xEF\xBF\xBD"},
    {"nothing", "", ""},
};
enum { N = sizeof cases / sizeof cases[0] };

static void redacts(void **state)
{
    const Case *c = *state;
    g_autoptr(Redactor) r = redactor_new(names, &words);
    g_autofree char *once = redact_text(r, c->in);
    g_autofree char *twice = redact_text(r, once);
    assert_string_equal(once, c->want);
    assert_string_equal(twice, once);
}

static void without_a_register(void **state)
{
    (void)state;
    static const char *const none[] = {NULL};
    g_autoptr(Redactor) a = redactor_new(NULL, &words), b = redactor_new(none, &words);
    g_autofree char *x = redact_text(a, "Ola 90000001"), *y = redact_text(b, "Ola 90000001");
    assert_string_equal(x, "Ola [telefon]");
    assert_string_equal(y, x);
}

/* Pieces of everything the rules look for, glued together at random. */
static void twice_is_once(void **state)
{
    (void)state;
    static const char *const pieces[] = {
        "Ola",       "ola",      "Kari",        " ",      "Nordmann", "s",     "Berg Olsen",
        "@",         ".",        "example.org", "a@b.no", "178585",   "12387", "90000001",
        "900",       "00",       "001",         "22",     "+47",      "0047",  "0",
        "7",         "\xC2\xA0", "[navn]",      "[navn",  "]",        "[",     "e-post",
        "[telefon]", "-",        "Ås",          "Post",   "\xCC\x81", "\xFF",  "\xEF\xB7\x94",
        "æ",         "\n"};
    GRand *rand = g_rand_new_with_seed(170317);
    g_autoptr(Redactor) r = redactor_new(names, &words);
    for (int round = 0; round < 20000; round++) {
        g_autoptr(GString) text = g_string_new(NULL);
        for (int k = g_rand_int_range(rand, 1, 14); k > 0; k--)
            g_string_append(text, pieces[g_rand_int_range(rand, 0, G_N_ELEMENTS(pieces))]);
        g_autofree char *once = redact_text(r, text->str);
        g_autofree char *twice = redact_text(r, once);
        assert_string_equal(twice, once);
        assert_true(g_utf8_validate(once, -1, NULL));
        assert_null(strstr(once, "a@b.no"));
    }
    g_rand_free(rand);
}

static void a_megabyte(void **state)
{
    (void)state;
    static const char *const units[] = {"@",      "a@",          "1",  "1 ",   "Ola ",
                                        "ab@cd.", "900 00 001 ", "Ol", "[navn"};
    g_autoptr(Redactor) r = redactor_new(names, &words);
    for (size_t u = 0; u < G_N_ELEMENTS(units); u++) {
        g_autoptr(GString) text = g_string_new(NULL);
        while (text->len < 1 << 20)
            g_string_append(text, units[u]);
        gint64 start = g_get_monotonic_time();
        g_autofree char *out = redact_text(r, text->str);
        assert_true(g_get_monotonic_time() - start < 20 * G_USEC_PER_SEC);
        assert_non_null(out);
    }
}

static void suspects(void **state)
{
    (void)state;
    static const struct {
        const char *text, *found; /* joined by | */
    } rows[] = {
        {"Da sa Per Hansen det til Åse-Marie Øyen.", "Per Hansen|Åse-Marie Øyen"},
        {"Den Norske legeforening", ""},
        {"[navn] og EU", ""},
        {"Helse Sør Øst er tre ord", "Helse Sør Øst"},
        {"Slutt. Ny Start", "Ny Start"},
        {"iPhone Hansen", ""},
        {"", ""},
        {"Per  Hansen, Per\nHansen", ""},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(GArray) spans = redact_suspects(rows[i].text);
        g_autoptr(GString) found = g_string_new(NULL);
        for (guint s = 0; s < spans->len; s++) {
            RedactSpan span = g_array_index(spans, RedactSpan, s);
            g_string_append_printf(found, "%s%.*s", s ? "|" : "", (int)span.length,
                                   rows[i].text + span.start);
        }
        assert_string_equal(found->str, rows[i].found);
    }
}

int main(void)
{
    static const struct CMUnitTest others[] = {
        cmocka_unit_test(without_a_register),
        cmocka_unit_test(twice_is_once),
        cmocka_unit_test(a_megabyte),
        cmocka_unit_test(suspects),
    };
    struct CMUnitTest tests[N + G_N_ELEMENTS(others)];
    for (size_t i = 0; i < N; i++)
        tests[i] = (struct CMUnitTest){cases[i].name, redacts, NULL, NULL, (void *)&cases[i]};
    memcpy(tests + N, others, sizeof others);
    return cmocka_run_group_tests_name("redact", tests, NULL, NULL);
}
