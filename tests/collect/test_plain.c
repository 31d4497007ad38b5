#include "collect/plain.h"

#include <glib.h>
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <string.h>
#include <cmocka.h>

static const struct {
    const char *html, *plain;
} cases[] = {
    {"", ""},
    {"Rå tekst", "Rå tekst"},
    {"<p>Hvor moden er l&oslash;sningen?</p>", "Hvor moden er løsningen?"},
    {"<strong>Relevante</strong> for din organisasjon", "Relevante for din organisasjon"},
    {"u<em>for</em>st&aring;elig", "uforståelig"},
    {"<p>Én</p><p>To</p>", "Én To"},
    {"Én<br/>To<BR>Tre", "Én To Tre"},
    {"<ul>\n<li>a</li>\r\n<li>b</li></ul>", "a b"},
    {"&laquo;nok tid&raquo; &ndash; &#8220;ja&#x201D;", "«nok tid» – “ja”"},
    {"&Aring;s &AElig; &Oslash;", "Ås Æ Ø"},
    {"penger &amp;amp; tid", "penger &amp; tid"},
    {"a&nbsp;&nbsp; b\xC2\xA0 c", "a b c"},
    {"sam&shy;arbeid\xC2\xAD", "samarbeid"},
    {"a < b && c > d", "a < b && c > d"},
    {"&ukjent; &; &# &#; &#x; &#0; &#xD800; &#99999999;",
     "&ukjent; &; &# &#; &#x; &#0; &#xD800; &#99999999;"},
    {"5 &lt; 6 &lt;b&gt;", "5 < 6 <b>"},
    {"<!-- skjult <p> -->synlig", "synlig"},
    {"<!-- uten slutt", ""},
    {"<script>alert('<p>hei</p>')</script>etter<style>p{}</style>", "etter"},
    {"<script>uten slutt", ""},
    {"<a title=\"a > b\" href='x>y'>lenke</a>", "lenke"},
    {"<p uten slutt", "<p uten slutt"},
    {"Hei {TOKEN:FIRSTNAME}, {modenhet.shown}?", "Hei {TOKEN:FIRSTNAME}, {modenhet.shown}?"},
    {"a\tb\vc\x01"
     "d",
     "a b c d"},
    {"\xEF\xBB\xBFmed merke", "med merke"},
    {"galt \xE6\xF8", "galt \xEF\xBF\xBD\xEF\xBF\xBD"},
    {"&#128522;", "😊"},
};

static void html_becomes_plain(void **state)
{
    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *got = plain_text(cases[i].html);
        assert_string_equal(got, cases[i].plain);
    }
    g_autofree char *none = plain_text(NULL);
    assert_string_equal(none, "");
}

/* Each of these took time by the square of its length in careless readers. */
static void hostile_texts_are_read_in_one_go(void **state)
{
    (void)state;
    static const char *const pieces[] = {"<", "<!--", "</", "&", "&#", "<p ", "<script>", "<a \""};
    for (size_t i = 0; i < G_N_ELEMENTS(pieces); i++) {
        GString *text = g_string_new(NULL);
        while (text->len < 200000)
            g_string_append(text, pieces[i]);
        gint64 start = g_get_monotonic_time();
        g_autofree char *got = plain_text(text->str);
        assert_true(strlen(got) <= text->len);
        assert_true(g_get_monotonic_time() - start < 5 * G_USEC_PER_SEC);
        g_string_free(text, TRUE);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(html_becomes_plain),
        cmocka_unit_test(hostile_texts_are_read_in_one_go),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
