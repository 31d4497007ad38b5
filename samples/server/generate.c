#include "samples/server/form.h"

#include <string.h>

/* Made-up responses for measurements: any id is made on its own, so that a hundred thousand of them
 * cost neither memory nor a large file. */

/* splitmix64 (Steele, Lea, Flood 2014): each id starts its own stream, whatever was drawn before.
 */
static guint64 draw(guint64 *state)
{
    *state += 0x9e3779b97f4a7c15u;
    guint64 z = *state;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

static guint draw_below(guint64 *state, guint bound)
{
    return (guint)((draw(state) >> 32) * bound >> 32);
}

static guint64 stream_of(const Form *form, gint64 id)
{
    guint64 state = form->seed ^ (guint64)form->sid << 32;
    return draw(&state) ^ (guint64)id * 0xd1342543de82ef95u;
}

bool form_generates_complete(const Form *form, gint64 id)
{
    guint64 state = stream_of(form, id);
    return draw_below(&state, 10) > 0;
}

static char *words(guint64 *state, guint least, guint most)
{
    static const char *const WORDS[] = {
        "og",       "i",       "det",        "er",       "for",     "på",     "som",
        "å",        "med",     "av",         "til",      "ikke",    "men",    "vi",
        "må",       "kan",     "bør",        "også",     "mer",     "få",     "når",
        "først",    "både",    "mellom",     "arbeid",   "løsning", "språk",  "måte",
        "rådgiver", "område",  "tjeneste",   "støtte",   "økonomi", "kjøp",   "tydelig",
        "lærer",    "ærlig",   "felles",     "ansvar",   "behov",   "mål",    "årlig",
        "møte",     "høring",  "utvikling",  "prosjekt", "grunn",   "lenge",  "sårbar",
        "næring",   "følge",   "samarbeid",  "nærhet",   "trygg",   "ønsker", "åpen",
        "kvalitet", "tilgang", "veiledning", "første",   "større",  "gjøre",  "så",
        "vært",
    };
    const guint n = least + draw_below(state, most - least + 1);
    GString *text = g_string_sized_new(n * 8);
    for (guint i = 0; i < n; i++) {
        if (i > 0) {
            g_string_append_c(text, ' ');
        }
        g_string_append(text, WORDS[draw_below(state, G_N_ELEMENTS(WORDS))]);
    }
    return g_string_free(text, FALSE);
}

/* The code of one option on this scale, or NULL when there is none. */
static char *option_code(const FormQuestion *question, int scale, guint64 *state)
{
    guint n = 0;
    for (guint i = 0; i < question->options->len; i++) {
        n += ((const FormOption *)question->options->pdata[i])->scale == scale;
    }
    guint left = n == 0 ? 0 : draw_below(state, n);
    for (guint i = 0; i < question->options->len; i++) {
        const FormOption *option = question->options->pdata[i];
        if (option->scale == scale && left-- == 0) {
            return g_strdup(option->code);
        }
    }
    return NULL;
}

static char *one_letter(guint64 *state, const char *letters)
{
    return g_strndup(letters + draw_below(state, (guint)strlen(letters)), 1);
}

static char *date(guint64 *state)
{
    const guint month = 1 + draw_below(state, 12);
    return g_strdup_printf("2026-%02u-%02u 00:00:00", month, 1 + draw_below(state, 28));
}

static char *by_type(const Form *form, const FormQuestion *question, guint64 *state)
{
    switch (question->type) {
    case 'L':
    case '!':
        if (question->other && draw_below(state, 30) == 0) {
            return g_strdup("-oth-");
        }
        return option_code(question, 0, state);
    case 'O':
    case 'F':
    case 'H':
        return option_code(question, 0, state);
    case 'M':
    case 'P':
        return g_strdup(draw_below(state, 3) == 0 ? "Y" : "");
    case '5':
    case 'A':
        return one_letter(state, "12345");
    case 'B':
        return g_strdup_printf("%u", 1 + draw_below(state, 10));
    case 'C':
        return one_letter(state, "YNU");
    case 'E':
        return one_letter(state, "ISD");
    case 'Y':
        return one_letter(state, "YN");
    case 'G':
        return one_letter(state, "MF");
    case 'N':
    case 'K':
    case ':':
        return g_strdup_printf("%u", draw_below(state, 400));
    case 'D':
        return date(state);
    case 'I':
        return g_strdup(form->language);
    case 'S':
    case 'Q':
    case ';':
        return words(state, 2, 4);
    case 'T':
        return words(state, 8, 40);
    case 'U':
        return words(state, 20, 90);
    default: /* display only, computed, files */
        return NULL;
    }
}

static char *cell_value(const Form *form, const FormCell *cell, guint64 *state)
{
    if (cell->pool != NULL) {
        return g_strdup(cell->pool->pdata[draw_below(state, cell->pool->len)]);
    }
    switch (cell->part) {
    case FORM_VALUE:
        return by_type(form, cell->question, state);
    case FORM_SCALE:
        return option_code(cell->question, cell->number, state);
    case FORM_COMMENT:
        return draw_below(state, 4) == 0 ? words(state, 3, 12) : g_strdup("");
    case FORM_OTHER: /* a list's is filled in afterwards, when «other» was chosen */
        return strchr("MP", cell->question->type) != NULL && draw_below(state, 20) == 0
                   ? words(state, 1, 4)
                   : NULL;
    case FORM_RANK: /* filled in afterwards, all places of a ranking at once */
    case FORM_FILE_COUNT:
        return NULL;
    }
    return NULL;
}

/* A ranking's options in random order; now and then the last places stay open. */
static guint rank(const Form *form, FormResponse *response, guint first, guint64 *state)
{
    const FormCell *start = form->cells->pdata[first];
    const GPtrArray *options = start->question->options;
    const guint filled = draw_below(state, 5) == 0 ? options->len / 2 + 1 : options->len;
    g_autofree gpointer *order = g_memdup2(options->pdata, options->len * sizeof *options->pdata);
    for (guint i = 0; i < options->len; i++) {
        const guint j = i + draw_below(state, options->len - i);
        const FormOption *chosen = order[j];
        order[j] = order[i];
        response->cells[first + i] = i < filled ? g_strdup(chosen->code) : NULL;
    }
    return options->len;
}

static void fill(const Form *form, FormResponse *response, guint answered, guint64 *state)
{
    for (guint i = 0; i < answered;) {
        const FormCell *cell = form->cells->pdata[i];
        if (cell->part == FORM_RANK) {
            i += rank(form, response, i, state);
            continue;
        }
        response->cells[i] = cell_value(form, cell, state);
        if (cell->part == FORM_OTHER && i > 0 && g_strcmp0(response->cells[i - 1], "-oth-") == 0) {
            response->cells[i] = words(state, 1, 4);
        }
        i++;
    }
}

FormResponse *form_generate(const Form *form, gint64 id)
{
    guint64 state = stream_of(form, id);
    const bool complete = draw_below(&state, 10) > 0;
    FormResponse *response = form_response_new(id, form->cells->len);
    const guint pages = MAX(form->groups->len, 1);
    response->lastpage = complete ? pages : 1 + draw_below(&state, pages);
    /* One response every seven minutes, each nine minutes long. */
    g_autoptr(GDateTime) epoch = g_date_time_new_utc(2026, 1, 5, 8, 0, 0);
    g_autoptr(GDateTime) start = g_date_time_add_minutes(epoch, (gint)(id % 500000 * 7));
    g_autoptr(GDateTime) end = g_date_time_add_minutes(start, 9);
    response->startdate = g_date_time_format(start, "%Y-%m-%d %H:%M:%S");
    response->datestamp = g_date_time_format(end, "%Y-%m-%d %H:%M:%S");
    response->submitdate = complete ? g_strdup(response->datestamp) : NULL;
    response->startlanguage = g_strdup(form->language);
    fill(form, response, complete ? form->cells->len : draw_below(&state, form->cells->len + 1),
         &state);
    return response;
}
