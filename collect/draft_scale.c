#include "collect/draft_scale.h"

#include "schemas/yaml_text.h"

#include <string.h>

enum { LABEL_SHOWN = 80 };

static void step_clear(gpointer data)
{
    DraftStep *step = data;
    label_clear(&step->label);
    g_ptr_array_unref(step->codes);
}

void draft_scale_free(gpointer data)
{
    DraftScale *scale = data;
    g_free(scale->id);
    g_free(scale->key);
    g_array_unref(scale->steps);
    g_ptr_array_unref(scale->missing);
    g_free(scale);
}

static DraftScale *scale_new(const char *key)
{
    DraftScale *scale = g_new0(DraftScale, 1);
    scale->key = g_strdup(key);
    scale->steps = g_array_new(FALSE, FALSE, sizeof(DraftStep));
    g_array_set_clear_func(scale->steps, step_clear);
    scale->missing = g_ptr_array_new_with_free_func(g_free);
    return scale;
}

static DraftScale *scale_for(GPtrArray *scales, const char *key)
{
    for (guint i = 0; i < scales->len; i++)
        if (g_str_equal(((DraftScale *)scales->pdata[i])->key, key))
            return scales->pdata[i];
    DraftScale *scale = scale_new(key);
    g_ptr_array_add(scales, scale);
    return scale;
}

static DraftStep *step_at(const DraftScale *scale, guint i)
{
    return &g_array_index(scale->steps, DraftStep, i);
}

/* The step of a rank, put where it belongs. */
static DraftStep *step_of(DraftScale *scale, int rank)
{
    guint i = 0;
    while (i < scale->steps->len && step_at(scale, i)->rank < rank)
        i++;
    if (i < scale->steps->len && step_at(scale, i)->rank == rank)
        return step_at(scale, i);
    DraftStep step = {.rank = rank, .codes = g_ptr_array_new_with_free_func(g_free)};
    g_array_insert_val(scale->steps, i, step);
    return step_at(scale, i);
}

static bool code_is_taken(const DraftScale *scale, const char *code)
{
    for (guint i = 0; i < scale->steps->len; i++)
        for (guint c = 0; c < step_at(scale, i)->codes->len; c++)
            if (g_str_equal(step_at(scale, i)->codes->pdata[c], code))
                return true;
    for (guint i = 0; i < scale->missing->len; i += 2)
        if (g_str_equal(scale->missing->pdata[i], code))
            return true;
    return false;
}

/* A label as the form has it, without the number before it. Caller owns. */
static char *label_bare(const char *text)
{
    const size_t digits = strspn(text, "0123456789");
    const char *rest = text + digits;
    while (*rest && !g_unichar_isalnum(g_utf8_get_char(rest)))
        rest = g_utf8_next_char(rest);
    return yaml_comment(digits && *rest ? rest : text, LABEL_SHOWN);
}

/* --- taking a question's answers ------------------------------------------------------------- */

static void take_code(DraftScale *scale, const LikertChoice *choice, int rank,
                      const FormChoice *given)
{
    if (!*given->code || code_is_taken(scale, given->code))
        return;
    if (choice->missing) {
        g_ptr_array_add(scale->missing, g_strdup(given->code));
        g_ptr_array_add(scale->missing, g_strdup(missing_word(choice->missing)));
        return;
    }
    DraftStep *step = step_of(scale, rank);
    if (!step->label.text[LANGUAGE_NB])
        step->label.text[LANGUAGE_NB] = label_bare(given->text ? given->text : given->code);
    g_ptr_array_add(step->codes, g_strdup(given->code));
}

/* Where a choice stands: on its scale, or in its family. */
static int rank_of(const Likert *likert, const LikertChoice *choice, bool in_family)
{
    if (!likert->exact || !choice->on_scale)
        return choice->rank;
    return in_family
               ? likert_family_step(likert->family, &likert->scale->step[choice->on_scale - 1])
               : choice->on_scale;
}

static void take_codes(DraftScale *scale, const Asked *asked, bool in_family)
{
    scale->rows++;
    for (guint i = 0; i < asked->likert->n_choices; i++) {
        const LikertChoice *choice = &asked->likert->choice[i];
        take_code(scale, choice, rank_of(asked->likert, choice, in_family),
                  &g_array_index(asked->question->choices, FormChoice, i));
    }
}

/* The scale of the base framework with all its steps, whose codes the form then gives. */
static DraftScale *scale_of_base(GPtrArray *scales, const Scale *base, const AnswerFamily *family)
{
    g_autofree char *key = g_strconcat("base\n", base->id, NULL);
    DraftScale *scale = scale_for(scales, key);
    if (scale->steps->len)
        return scale;
    scale->id = g_strdup(base->id);
    scale->family = family;
    for (int i = 0; i < base->n_steps; i++) {
        DraftStep *step = step_of(scale, i + 1);
        step->agree = base->step[i].agree;
        for (int l = 0; l < N_LANGUAGES; l++)
            step->label.text[l] = g_strdup(base->step[i].label.text[l]);
    }
    return scale;
}

/* What questions that are answered on the same scale share: in a form the same labels, in files,
 * where not all of them may be seen, the same family. Caller owns. */
static char *key_of(const Likert *likert, bool observed)
{
    const char *family = likert->family ? likert->family->id : "numbers";
    GString *key = g_string_new(family);
    for (int step = 1; step <= likert->n_steps && !observed; step++)
        for (guint i = 0; i < likert->n_choices; i++)
            if (likert->choice[i].step == step)
                g_string_append_printf(key, "\n%d %s", likert->choice[i].number,
                                       likert->choice[i].label);
    return g_string_free(key, FALSE);
}

/* Whether the scale would still be one with these answers too. */
static bool has_room(const DraftScale *scale, const Likert *likert)
{
    g_autoptr(GHashTable) ranks = g_hash_table_new(NULL, NULL);
    int lowest = G_MAXINT, highest = 0;
    for (guint i = 0; i < scale->steps->len; i++)
        g_hash_table_add(ranks, GINT_TO_POINTER(step_at(scale, i)->rank));
    for (guint i = 0; i < likert->n_choices; i++)
        if (likert->choice[i].rank)
            g_hash_table_add(ranks, GINT_TO_POINTER(rank_of(likert, &likert->choice[i], true)));
    GHashTableIter each;
    gpointer rank;
    g_hash_table_iter_init(&each, ranks);
    while (g_hash_table_iter_next(&each, &rank, NULL)) {
        lowest = MIN(lowest, GPOINTER_TO_INT(rank));
        highest = MAX(highest, GPOINTER_TO_INT(rank));
    }
    return likert->numbers ? highest - MIN(lowest, 2) < STEPS_LIMIT
                           : g_hash_table_size(ranks) <= STEPS_LIMIT;
}

bool draft_scales_take(GPtrArray *scales, const Asked *asked)
{
    const Likert *likert = asked->likert;
    if (likert->exact && (!asked->observed || !likert->family)) {
        take_codes(scale_of_base(scales, likert->scale, likert->family), asked, false);
        return true;
    }
    g_autofree char *key = key_of(likert, asked->observed);
    DraftScale *scale = scale_for(scales, key);
    const bool room = has_room(scale, likert);
    scale->family = likert->family;
    scale->numbers = likert->numbers;
    scale->observed = asked->observed;
    if (room)
        take_codes(scale, asked, true);
    return room;
}

/* --- finishing ------------------------------------------------------------------------------- */

/* Whether all ranks seen are among the scale's. */
static bool covers(const Scale *base, const DraftScale *scale)
{
    for (guint i = 0; i < scale->steps->len; i++) {
        bool found = false;
        for (int s = 0; s < base->n_steps && !found; s++)
            found = likert_family_step(scale->family, &base->step[s]) == step_at(scale, i)->rank;
        if (!found)
            return false;
    }
    return true;
}

/* Answers that nobody has given yet, as a scale of the base framework has them. */
static void complete_family(DraftScale *scale, const Framework *base)
{
    const Scale *best = NULL;
    for (size_t i = 0; i < base->n_scales; i++) {
        const Scale *known = base->scales[i];
        if (likert_scale_is_of(known, scale->family) && covers(known, scale) &&
            (!best || known->n_steps < best->n_steps || known == base->default_scale))
            best = known;
    }
    for (int s = 0; best && s < best->n_steps; s++) {
        DraftStep *step = step_of(scale, likert_family_step(scale->family, &best->step[s]));
        for (int l = 0; l < N_LANGUAGES; l++)
            if (!step->label.text[l])
                step->label.text[l] = g_strdup(best->step[s].label.text[l]);
    }
}

static void complete_numbers(DraftScale *scale)
{
    const guint n = scale->steps->len;
    const int highest = n ? step_at(scale, n - 1)->rank : 0;
    for (int rank = n ? MIN(step_at(scale, 0)->rank, 2) : 1; rank <= highest; rank++) {
        DraftStep *step = step_of(scale, rank);
        if (!step->label.text[LANGUAGE_NB])
            step->label.text[LANGUAGE_NB] = g_strdup_printf("%d", rank - 1);
    }
}

/* A step that nobody has chosen yet will come in the words of its label. */
static void steps_finish(DraftScale *scale)
{
    bool agree = false;
    for (guint i = 0; i < scale->steps->len; i++) {
        DraftStep *step = step_at(scale, i);
        const char *label = label_get(&step->label, LANGUAGE_NB);
        if (!step->codes->len && !code_is_taken(scale, label))
            g_ptr_array_add(step->codes, g_strdup(label));
        step->agree =
            step->agree || (scale->family && !scale->id && step->rank >= scale->family->agree);
        agree = agree || step->agree;
    }
    for (guint i = 0; i < scale->steps->len && !agree; i++)
        step_at(scale, i)->agree = i * 2 > scale->steps->len - 1;
}

void draft_scales_finish(GPtrArray *scales, const Framework *base)
{
    g_autoptr(GHashTable) taken = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    for (guint i = 0; i < scales->len;) {
        DraftScale *scale = scales->pdata[i];
        if (scale->observed && scale->family)
            complete_family(scale, base);
        else if (scale->observed && scale->numbers)
            complete_numbers(scale);
        if (scale->steps->len < STEPS_FLOOR || !scale->rows) {
            g_ptr_array_remove_index(scales, i);
            continue;
        }
        steps_finish(scale);
        g_autofree char *wanted =
            scale->id ? g_strdup(scale->id)
                      : g_strdup_printf("%s%u", scale->family ? scale->family->id : "steps",
                                        scale->steps->len);
        g_free(scale->id);
        scale->id = outline_id(taken, wanted);
        i++;
    }
}

static bool judges(const DraftScale *scale)
{
    return scale->numbers || (scale->family && scale->family->judges);
}

const DraftScale *draft_scales_verdict(const GPtrArray *scales)
{
    const DraftScale *verdict = scales->pdata[0];
    for (guint i = 1; i < scales->len; i++) {
        const DraftScale *scale = scales->pdata[i];
        if (judges(scale) != judges(verdict) ? judges(scale) : scale->rows > verdict->rows)
            verdict = scale;
    }
    return verdict;
}

/* --- writing --------------------------------------------------------------------------------- */

/* The step of the verdict scale that is as far up. */
static guint map_of(guint i, guint n, guint n_verdict)
{
    return 1 + (2 * i * (n_verdict - 1) + (n - 1)) / (2 * (n - 1));
}

static void append_text(GString *out, const Label *label)
{
    const bool one = !label->text[LANGUAGE_NN] && !label->text[LANGUAGE_EN];
    g_string_append(out, one ? "" : "{");
    for (int l = 0, n = 0; l < N_LANGUAGES; l++) {
        if (!label->text[l])
            continue;
        g_autofree char *quoted = yaml_quoted(label->text[l]);
        g_string_append_printf(out, "%s%s%s%s", n++ ? ", " : "",
                               one ? "" : language_code((Language)l), one ? "" : ": ", quoted);
    }
    g_string_append(out, one ? "" : "}");
}

static void append_step(GString *out, const DraftStep *step, guint map)
{
    g_string_append(out, "      - {label: ");
    append_text(out, &step->label);
    g_string_append(out, ", codes: [");
    for (guint c = 0; c < step->codes->len; c++) {
        g_autofree char *code = yaml_scalar(step->codes->pdata[c]);
        g_string_append_printf(out, "%s%s", c ? ", " : "", code);
    }
    g_string_append_c(out, ']');
    if (map)
        g_string_append_printf(out, ", map: %u", map);
    g_string_append(out, step->agree ? ", agree: true}\n" : "}\n");
}

static void append_missing(GString *out, const DraftScale *scale)
{
    for (guint i = 0; i < scale->missing->len; i += 2) {
        g_autofree char *code = yaml_scalar(scale->missing->pdata[i]);
        g_string_append_printf(out, "%s%s: %s", i ? ", " : "    missing: {", code,
                               (const char *)scale->missing->pdata[i + 1]);
    }
    if (scale->missing->len)
        g_string_append(out, "}\n");
}

void draft_scales_append(const GPtrArray *scales, GString *out)
{
    const DraftScale *verdict = draft_scales_verdict(scales);
    g_string_append(out, "\n# Steps from lowest to highest, with the codes that the form gives "
                         "them. `agree`: counted among those who agree.\n"
                         "# `map`: the step of the verdict scale it counts as in verdicts.\n"
                         "scales:\n");
    for (guint i = 0; i < scales->len; i++) {
        const DraftScale *scale = scales->pdata[i];
        const guint n = scale->steps->len;
        const bool mapped = scale != verdict && judges(scale) && judges(verdict);
        g_string_append_printf(out, "  - id: %s%s\n    steps:\n", scale->id,
                               scale->numbers ? "  # nothing says which end is high: taken as "
                                                "rising"
                                              : "");
        for (guint s = 0; s < n; s++)
            append_step(out, step_at(scale, s), mapped ? map_of(s, n, verdict->steps->len) : 0);
        append_missing(out, scale);
    }
}
