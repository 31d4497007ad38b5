#include "collect/framework_draft.h"

#include "collect/draft_scale.h"
#include "collect/placing.h"
#include "schemas/yaml_text.h"

#include <string.h>

enum {
    TITLE_SHOWN = 120,
    LABEL_SHOWN = 200,
    BRIEF_FROM = 44,
    BRIEF_SHOWN = 40,
    ID_SHOWN = 32,
    GROUPS_MOST = 40
};

/* --- labels ---------------------------------------------------------------------------------- */

static void append_label(GString *out, const char *text)
{
    g_autofree char *shown = yaml_comment(text, LABEL_SHOWN);
    g_autofree char *quoted = yaml_quoted(*shown ? shown : "?");
    g_string_append(out, quoted);
}

/* The beginning of a long label, for charts: whole words. */
static void append_brief(GString *out, const char *text)
{
    g_autofree char *shown = yaml_comment(text, LABEL_SHOWN);
    if (g_utf8_strlen(shown, -1) <= BRIEF_FROM)
        return;
    g_autofree char *head = g_utf8_substring(shown, 0, BRIEF_SHOWN);
    char *blank = strrchr(head, ' ');
    if (blank && blank > head)
        *blank = '\0';
    g_autofree char *brief = g_strconcat(head, " …", NULL);
    g_autofree char *quoted = yaml_quoted(brief);
    g_string_append_printf(out, ", brief: %s", quoted);
}

/* --- questions and items --------------------------------------------------------------------- */

typedef struct {
    const Outline *outline;
    const Framework *base;
    GPtrArray *rated;  /* of Asked*, borrowed: those with a scale */
    GPtrArray *scales; /* of DraftScale* */
} Draft;

static bool is_alone(const Asked *asked)
{
    return g_str_equal(asked->main_id, asked->id);
}

/* Another matrix of the same text, as «In what degree …». */
static bool stem_is_shared(const Draft *draft, const Asked *asked)
{
    for (guint i = 0; i < draft->rated->len; i++) {
        const Asked *other = draft->rated->pdata[i];
        if (!g_str_equal(other->main_id, asked->main_id) && g_str_equal(other->stem, asked->stem))
            return true;
    }
    return false;
}

/* Caller owns. */
static char *main_text(const Draft *draft, const Asked *asked)
{
    if (is_alone(asked))
        return *asked->stem ? g_strconcat(asked->stem, ": ", asked->text, NULL)
                            : g_strdup(asked->text);
    g_autofree char *head = g_strdup(asked->head);
    if (g_str_has_suffix(head, "/"))
        head[strlen(head) - 1] = '\0';
    if (!*asked->stem)
        return g_steal_pointer(&head);
    return stem_is_shared(draft, asked) ? g_strdup_printf("%s (%s)", asked->stem, head)
                                        : g_strdup(asked->stem);
}

static void append_questions(const Draft *draft, GString *out)
{
    g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
    g_string_append(out,
                    "\n# What the analysis answers; each a matrix of the form, or a rating that "
                    "stands alone.\nquestions:\n");
    for (guint i = 0; i < draft->rated->len; i++) {
        const Asked *asked = draft->rated->pdata[i];
        if (!g_hash_table_add(seen, asked->main_id))
            continue;
        g_autofree char *text = main_text(draft, asked);
        g_autofree char *id = yaml_scalar(asked->main_id);
        g_string_append_printf(out, "  - {id: %s, label: ", id);
        append_label(out, text);
        append_brief(out, text);
        g_string_append(out, "}\n");
    }
}

static void append_items(const Draft *draft, GString *out)
{
    bool any = false;
    for (guint i = 0; i < draft->rated->len; i++) {
        const Asked *asked = draft->rated->pdata[i];
        if (is_alone(asked))
            continue;
        if (!any)
            g_string_append(out, "\n# What is rated, each under its question.\nitems:\n");
        any = true;
        g_autofree char *id = yaml_scalar(asked->id), *main_id = yaml_scalar(asked->main_id);
        g_string_append_printf(out, "  - {id: %s, question: %s, label: ", id, main_id);
        append_label(out, asked->text);
        append_brief(out, asked->text);
        g_string_append(out, "}\n");
    }
}

/* --- groups ---------------------------------------------------------------------------------- */

static const Asked *group_question(const Outline *outline)
{
    for (guint i = 0; i < outline->asked->len; i++) {
        const Asked *asked = outline->asked->pdata[i];
        const FormQuestion *question = asked->question;
        if ((question->kind == FORM_SINGLE || asked->observed) && question->choices->len > 1 &&
            question->choices->len <= GROUPS_MOST && !asked->aside && !asked->likert &&
            vocabulary_means("group", asked->code, asked->folded, NULL))
            return asked;
    }
    return NULL;
}

static void append_group(GString *out, GHashTable *taken, const FormChoice *choice,
                         char **ret_citizens)
{
    const char *text = choice->text ? choice->text : choice->code;
    g_autofree char *folded = vocabulary_fold(text);
    if (vocabulary_missing(folded) || g_str_has_prefix(choice->code, "-oth") || !*folded)
        return;
    g_autofree char *slug = outline_slug(text, ID_SHOWN);
    g_autofree char *plain = outline_id(taken, *slug ? slug : "group");
    g_autofree char *id = yaml_scalar(plain);
    g_string_append_printf(out, "  - {id: %s, label: ", id);
    append_label(out, text);
    g_string_append(out, "}\n");
    if (vocabulary_is_citizen(folded) && !*ret_citizens)
        *ret_citizens = g_steal_pointer(&id);
}

/* *ret_citizens: the group of people who answer for themselves; NULL: none; caller owns. */
static char *groups_text(const Outline *outline, char **ret_citizens)
{
    const Asked *asked = group_question(outline);
    g_autoptr(GHashTable) taken = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_autoptr(GString) out = g_string_new(NULL);
    for (guint i = 0; asked && i < asked->question->choices->len; i++)
        append_group(out, taken, &g_array_index(asked->question->choices, FormChoice, i),
                     ret_citizens);
    return out->len ? g_strconcat("\n# Whom people answer for.\ngroups:\n", out->str, NULL)
                    : g_strdup("");
}

/* --- lists that selects of the form choose from ---------------------------------------------- */

static void append_texts(GString *out, const Label *label)
{
    g_string_append_c(out, '{');
    for (int l = 0, n = 0; l < N_LANGUAGES; l++) {
        if (!label->text[l])
            continue;
        g_autofree char *quoted = yaml_quoted(label->text[l]);
        g_string_append_printf(out, "%s%s: %s", n++ ? ", " : "", language_code((Language)l),
                               quoted);
    }
    g_string_append_c(out, '}');
}

static void append_list(GString *out, const Framework *base, TermKind kind, const char *word)
{
    const TermList *list = &base->list[kind];
    g_string_append_printf(out, "\n%s:\n", word);
    for (size_t i = 0; i < list->n; i++) {
        const Term *term = &list->v[i];
        g_autofree char *letter = term->letter ? yaml_quoted(term->letter) : NULL;
        g_string_append_printf(out, "  - {id: %s, ", term->id);
        if (term->kind)
            g_string_append_printf(out, "kind: %s, ", term->kind);
        if (letter)
            g_string_append_printf(out, "letter: %s, ", letter);
        g_string_append(out, "label: ");
        append_texts(out, &term->label);
        g_string_append(out, "}\n");
    }
}

/* Lists of the base framework that a select of the form chooses from. */
static void append_chosen(const Draft *draft, GString *out)
{
    static const struct {
        const char *key, *word;
        TermKind kind;
    } lists[] = {{"stream", "streams", TERM_STREAM}, {"category", "categories", TERM_CATEGORY}};
    g_autoptr(Matcher) matcher = matcher_new(draft->base);
    bool chosen[G_N_ELEMENTS(lists)] = {false};
    for (guint i = 0; i < draft->outline->asked->len; i++) {
        g_autoptr(Placing) placing =
            placing_read(matcher, draft->base, draft->outline->asked->pdata[i]);
        for (size_t k = 0; placing && k < G_N_ELEMENTS(lists); k++)
            chosen[k] = chosen[k] || g_str_equal(placing->key, lists[k].key);
    }
    for (size_t k = 0; k < G_N_ELEMENTS(lists); k++)
        if (chosen[k])
            append_list(out, draft->base, lists[k].kind, lists[k].word);
}

/* --- the whole ------------------------------------------------------------------------------- */

static void append_head(const Draft *draft, GString *out, const char *title)
{
    const Form *form = draft->outline->form;
    const DraftScale *verdict = draft_scales_verdict(draft->scales);
    const char *name = form->title && *form->title && !draft->outline->files ? form->title : title;
    g_autofree char *slug = outline_slug(name, ID_SHOWN);
    g_string_append(out,
                    "# What the analysis is about, made by innsikt from the form: rename, join and "
                    "move as you like, but keep ids that\n# project.yaml names. A label may be one "
                    "text, or {nb: …, nn: …, en: …}.\ninnsikt: 1\n");
    g_autofree char *id = yaml_scalar(*slug ? slug : "own");
    g_string_append_printf(out, "id: %s\ntitle: ", id);
    g_autofree char *shown = yaml_comment(name, TITLE_SHOWN);
    append_label(out, shown);
    g_string_append_printf(out, "\nverdict_scale: %s\ndefault_scale: %s\n", verdict->id,
                           verdict->id);
}

static void rated_find(Draft *draft)
{
    for (guint i = 0; i < draft->outline->asked->len; i++) {
        Asked *asked = draft->outline->asked->pdata[i];
        if (!asked->twice && outline_is_rating(draft->outline, i) &&
            draft_scales_take(draft->scales, asked))
            g_ptr_array_add(draft->rated, asked);
    }
}

char *framework_draft(const Outline *outline, const Framework *base, const char *title)
{
    g_autoptr(GPtrArray) rated = g_ptr_array_new();
    g_autoptr(GPtrArray) scales = g_ptr_array_new_with_free_func(draft_scale_free);
    Draft draft = {outline, base, rated, scales};
    rated_find(&draft);
    draft_scales_finish(scales, base);
    if (!rated->len || !scales->len)
        return NULL;
    g_autofree char *citizens = NULL;
    g_autofree char *groups = groups_text(outline, &citizens);
    GString *out = g_string_new(NULL);
    append_head(&draft, out, title);
    if (citizens)
        g_string_append_printf(out, "citizen_group: %s\n", citizens);
    draft_scales_append(scales, out);
    append_questions(&draft, out);
    append_items(&draft, out);
    g_string_append(out, groups);
    append_chosen(&draft, out);
    return g_string_free(out, FALSE);
}
