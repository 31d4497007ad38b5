#include "collect/likert.h"

#include <string.h>

enum { NUMBER_DIGITS = 2, CHOICES_MOST = 24 }; /* a list of more is no scale */

void likert_free(Likert *likert)
{
    if (!likert)
        return;
    for (guint i = 0; i < likert->n_choices; i++)
        g_free(likert->choice[i].label);
    g_free(likert->choice);
    g_free(likert);
}

Likert *likert_copy(const Likert *likert)
{
    if (!likert)
        return NULL;
    Likert *copy = g_memdup2(likert, sizeof *likert);
    copy->choice = g_memdup2(likert->choice, likert->n_choices * sizeof *likert->choice);
    for (guint i = 0; i < copy->n_choices; i++)
        copy->choice[i].label = g_strdup(likert->choice[i].label);
    return copy;
}

/* --- choices --------------------------------------------------------------------------------- */

static bool is_number(const char *word, size_t n)
{
    return n && n <= NUMBER_DIGITS && strspn(word, "0123456789") >= n;
}

/* «1 – Helt uenig», «Helt uenig (1)», «3»: the number apart, the label without it. */
static void label_part(LikertChoice *choice, const char *text)
{
    g_autofree char *folded = vocabulary_fold(text);
    const size_t first = strcspn(folded, " ");
    const char *last = strrchr(folded, ' ');
    choice->number = -1;
    if (is_number(folded, first)) {
        choice->number = (int)g_ascii_strtoull(folded, NULL, 10);
        choice->label = g_strdup(folded[first] ? folded + first + 1 : "");
    } else if (last && is_number(last + 1, strlen(last + 1))) {
        choice->number = (int)g_ascii_strtoull(last + 1, NULL, 10);
        choice->label = g_strndup(folded, (size_t)(last - folded));
    } else {
        choice->label = g_steal_pointer(&folded);
    }
}

/* A code that the framework keeps for the lack of an answer: 98, 99, -oth-na. */
static Missing code_missing(const Framework *framework, const char *code)
{
    const Scale *scale = framework ? framework->verdict_scale : NULL;
    const int known = scale ? GPOINTER_TO_INT(g_hash_table_lookup(scale->codes, code)) : 0;
    return known < 0 ? (Missing)-known : MISSING_NONE;
}

static void choice_read(LikertChoice *choice, const Framework *framework, const FormChoice *given)
{
    label_part(choice, given->text ? given->text : given->code);
    choice->missing = vocabulary_missing(choice->label);
    if (!choice->missing && (!*choice->label || g_strcmp0(given->text, given->code) == 0))
        choice->missing = code_missing(framework, given->code);
}

/* --- ways to read them ----------------------------------------------------------------------- */

/* Gives every step its rank by `rank_of`; false when one has none. */
static bool ranks_set(Likert *likert,
                      int (*rank_of)(const LikertChoice *choice, gconstpointer data),
                      gconstpointer data)
{
    for (guint i = 0; i < likert->n_choices; i++) {
        LikertChoice *choice = &likert->choice[i];
        choice->rank = choice->missing ? 0 : rank_of(choice, data);
        if (!choice->missing && choice->rank <= 0)
            return false;
    }
    return true;
}

static int rank_in_family(const LikertChoice *choice, gconstpointer family)
{
    const AnswerFamily *known = family;
    return GPOINTER_TO_INT(g_hash_table_lookup(known->steps, choice->label));
}

static bool label_is(const ScaleStep *step, const char *label)
{
    for (int l = 0; l < N_LANGUAGES; l++) {
        if (!step->label.text[l])
            continue;
        LikertChoice own = {0};
        label_part(&own, step->label.text[l]);
        const bool same = *own.label && g_str_equal(own.label, label);
        g_free(own.label);
        if (same)
            return true;
    }
    return false;
}

static int rank_on_scale(const LikertChoice *choice, gconstpointer scale)
{
    const Scale *known = scale;
    for (int i = 0; i < known->n_steps; i++)
        if (label_is(&known->step[i], choice->label))
            return i + 1;
    return 0;
}

/* Zero is a number too, and rank 0 is none. */
static int rank_by_number(const LikertChoice *choice, gconstpointer data)
{
    (void)data;
    return choice->number + 1;
}

static int rank_by_number_falling(const LikertChoice *choice, gconstpointer highest)
{
    return GPOINTER_TO_INT(highest) - choice->number + 1;
}

/* How many ranks differ; -1 when two labels that differ share one. */
static int ranks_count(const Likert *likert)
{
    int n = 0;
    for (guint i = 0; i < likert->n_choices; i++) {
        const LikertChoice *choice = &likert->choice[i];
        bool seen = false;
        for (guint k = 0; k < i && choice->rank; k++) {
            const LikertChoice *other = &likert->choice[k];
            if (other->rank != choice->rank)
                continue;
            if (!g_str_equal(other->label, choice->label))
                return -1;
            seen = true;
        }
        n += choice->rank && !seen;
    }
    return n;
}

/* Ranks into steps 1 … n_steps without gaps. */
static bool steps_set(Likert *likert)
{
    likert->n_steps = ranks_count(likert);
    if (likert->n_steps < STEPS_FLOOR || likert->n_steps > STEPS_LIMIT)
        return false;
    for (guint i = 0; i < likert->n_choices; i++) {
        LikertChoice *choice = &likert->choice[i];
        choice->step = choice->rank ? 1 : 0;
        for (int below = 1; below < choice->rank; below++)
            for (guint k = 0; k < likert->n_choices; k++)
                if (likert->choice[k].rank == below) {
                    choice->step++;
                    break;
                }
    }
    return true;
}

/* --- scales of the framework ----------------------------------------------------------------- */

/* Of the scales whose labels these are, the first that is not kept for verdicts; of a file, which
 * may show only some of the steps, else the default one or the first that has them all. */
static const Scale *labelled_scale(Likert *likert, const Framework *framework, bool observed)
{
    const Scale *whole = NULL, *part = NULL;
    for (size_t i = 0; framework && i < framework->n_scales; i++) {
        const Scale *scale = framework->scales[i];
        if (!ranks_set(likert, rank_on_scale, scale) || !steps_set(likert))
            continue;
        if (likert->n_steps == scale->n_steps && (!whole || whole == framework->verdict_scale))
            whole = scale;
        else if (observed && (!part || scale == framework->default_scale))
            part = scale;
    }
    return whole ? whole : part;
}

static bool by_labels(Likert *likert, const Framework *framework, bool observed)
{
    const Scale *scale = labelled_scale(likert, framework, observed);
    if (!scale || !ranks_set(likert, rank_on_scale, scale) || !steps_set(likert))
        return false;
    for (guint i = 0; i < likert->n_choices; i++)
        likert->choice[i].on_scale = likert->choice[i].rank;
    likert->scale = scale;
    likert->exact = true;
    return true;
}

int likert_family_step(const AnswerFamily *family, const ScaleStep *step)
{
    for (int l = 0; l < N_LANGUAGES; l++) {
        if (!step->label.text[l])
            continue;
        LikertChoice own = {0};
        label_part(&own, step->label.text[l]);
        const int rank = GPOINTER_TO_INT(g_hash_table_lookup(family->steps, own.label));
        g_free(own.label);
        if (rank)
            return rank;
    }
    return 0;
}

bool likert_scale_is_of(const Scale *scale, const AnswerFamily *family)
{
    int before = 0;
    for (int i = 0; i < scale->n_steps; i++) {
        const int rank = likert_family_step(family, &scale->step[i]);
        if (rank <= before)
            return false;
        before = rank;
    }
    return true;
}

/* A scale of the same family with as many steps: other words, the same order. */
static void by_family(Likert *likert, const Framework *framework)
{
    for (size_t i = 0; framework && likert->family && i < framework->n_scales; i++) {
        const Scale *scale = framework->scales[i];
        if (scale->n_steps != likert->n_steps || !likert_scale_is_of(scale, likert->family))
            continue;
        likert->scale = scale;
        for (guint k = 0; k < likert->n_choices; k++)
            likert->choice[k].on_scale = likert->choice[k].step;
        return;
    }
}

/* Numbers that a scale reads as its steps by their codes. */
static bool codes_fit(Likert *likert, const GArray *choices, const Scale *scale, bool observed)
{
    if (!scale || (!observed && scale->n_steps != likert->n_steps))
        return false;
    for (guint i = 0; i < likert->n_choices; i++) {
        Missing missing;
        const char *code = g_array_index(choices, FormChoice, i).code;
        const int step = scale_read(scale, code, &missing);
        if (likert->choice[i].step && !step)
            return false;
        likert->choice[i].on_scale = likert->choice[i].step ? step : 0;
    }
    likert->scale = scale;
    return true;
}

static void by_codes(Likert *likert, const Framework *framework, const GArray *choices,
                     bool observed)
{
    if (!framework || codes_fit(likert, choices, framework->default_scale, observed))
        return;
    for (size_t i = 0; i < framework->n_scales; i++)
        if (codes_fit(likert, choices, framework->scales[i], observed))
            return;
    for (guint i = 0; i < likert->n_choices; i++)
        likert->choice[i].on_scale = 0;
}

/* --- families and numbers -------------------------------------------------------------------- */

static bool read_by_family(Likert *likert)
{
    const GPtrArray *families = vocabulary_families();
    for (guint i = 0; i < families->len; i++)
        if (ranks_set(likert, rank_in_family, families->pdata[i]) && steps_set(likert)) {
            likert->family = families->pdata[i];
            return true;
        }
    return false;
}

/* «1 – svært dårlig», 2, 3, 4, «5 – svært god»: words only at the ends. +1: they rise with the
 * numbers, −1: they fall, 0: they do not tell. */
static int ends_direction(const Likert *likert, const AnswerFamily *family)
{
    const LikertChoice *low = NULL, *high = NULL;
    for (guint i = 0; i < likert->n_choices; i++) {
        const LikertChoice *choice = &likert->choice[i];
        if (choice->missing || !*choice->label)
            continue;
        if (!rank_in_family(choice, family))
            return 0;
        low = !low || choice->number < low->number ? choice : low;
        high = !high || choice->number > high->number ? choice : high;
    }
    if (!low || low == high)
        return 0;
    return rank_in_family(low, family) < rank_in_family(high, family) ? 1 : -1;
}

static bool numbers_are_sound(const Likert *likert, bool *ret_labelled, int *ret_highest)
{
    int lowest = G_MAXINT, highest = -1;
    *ret_labelled = false;
    for (guint i = 0; i < likert->n_choices; i++) {
        const LikertChoice *choice = &likert->choice[i];
        if (choice->missing)
            continue;
        if (choice->number < 0)
            return false;
        *ret_labelled = *ret_labelled || *choice->label;
        lowest = MIN(lowest, choice->number);
        highest = MAX(highest, choice->number);
    }
    *ret_highest = highest;
    return lowest <= 1 + STEPS_LIMIT && highest - lowest < STEPS_LIMIT && highest <= STEPS_LIMIT;
}

static bool read_by_numbers(Likert *likert)
{
    bool labelled;
    int highest, direction = 0;
    if (!numbers_are_sound(likert, &labelled, &highest))
        return false;
    const GPtrArray *families = vocabulary_families();
    for (guint i = 0; labelled && !direction && i < families->len; i++) {
        direction = ends_direction(likert, families->pdata[i]);
        likert->family = direction ? families->pdata[i] : NULL;
    }
    if (labelled && !direction)
        return false;
    likert->numbers = !labelled;
    return (direction < 0 ? ranks_set(likert, rank_by_number_falling, GINT_TO_POINTER(highest))
                          : ranks_set(likert, rank_by_number, NULL)) &&
           steps_set(likert);
}

static bool steps_fall(const Likert *likert)
{
    int before = 0, falls = 0, rises = 0;
    for (guint i = 0; i < likert->n_choices; i++) {
        const int step = likert->choice[i].step;
        if (!step)
            continue;
        falls += before > step;
        rises += before && before < step;
        before = step;
    }
    return falls > rises;
}

Likert *likert_read(const Framework *framework, const GArray *choices, bool observed)
{
    if (choices->len < STEPS_FLOOR || choices->len > CHOICES_MOST)
        return NULL;
    Likert *likert = g_new0(Likert, 1);
    likert->n_choices = choices->len;
    likert->choice = g_new0(LikertChoice, choices->len + 1);
    for (guint i = 0; i < choices->len; i++)
        choice_read(&likert->choice[i], framework, &g_array_index(choices, FormChoice, i));
    if (by_labels(likert, framework, observed)) {
        const Scale *scale = likert->scale;
        const GPtrArray *families = vocabulary_families();
        for (guint i = 0; i < families->len && !likert->family; i++)
            likert->family =
                likert_scale_is_of(scale, families->pdata[i]) ? families->pdata[i] : NULL;
    } else if (read_by_family(likert)) {
        by_family(likert, framework);
    } else if (read_by_numbers(likert)) {
        if (likert->family)
            by_family(likert, framework);
        else
            by_codes(likert, framework, choices, observed);
    } else {
        g_clear_pointer(&likert, likert_free);
        return NULL;
    }
    likert->falling = steps_fall(likert);
    return likert;
}

const char *likert_rename(const Likert *likert, guint i, const char *code)
{
    const LikertChoice *choice = &likert->choice[i];
    Missing missing = MISSING_NONE;
    const int step = scale_read(likert->scale, code, &missing);
    if (choice->missing)
        return !step && missing == choice->missing ? NULL : missing_word(choice->missing);
    return step == choice->on_scale ? NULL : likert->scale->step[choice->on_scale - 1].codes[0];
}
