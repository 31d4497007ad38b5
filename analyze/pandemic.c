#include "analyze/pandemic.h"

#include "analyze/figure.h"

const char *effect_kind_word(EffectKind kind)
{
    static const char *const words_of[N_EFFECT_KINDS] = {"development", "start", "challenge"};
    return words_of[kind];
}

static EffectKind kind_parse(const char *word)
{
    for (int kind = 0; word && kind < N_EFFECT_KINDS; kind++)
        if (g_str_equal(word, effect_kind_word((EffectKind)kind)))
            return (EffectKind)kind;
    return EFFECT_DEVELOPMENT;
}

/* What most who named it call it, the first declared on ties; the framework knows its own. */
static EffectKind kind_of(const Framework *framework, const Mention *mention)
{
    size_t votes[N_EFFECT_KINDS] = {0};
    if (mention->term != NO_TERM)
        return kind_parse(framework->list[TERM_EFFECT].v[mention->term].kind);
    for (guint i = 0; i < mention->entries->len; i++)
        votes[kind_parse(entry_value(mention->entries->pdata[i], "kind"))]++;
    EffectKind best = EFFECT_DEVELOPMENT;
    for (int kind = 1; kind < N_EFFECT_KINDS; kind++)
        if (votes[kind] > votes[best])
            best = (EffectKind)kind;
    return best;
}

static const char *direction_of(const Mention *mention)
{
    for (guint i = 0; i < mention->entries->len; i++) {
        const char *direction = entry_value(mention->entries->pdata[i], "direction");
        if (direction)
            return direction;
    }
    return NULL;
}

static int by_kind_then_people(gconstpointer a, gconstpointer b)
{
    const PandemicEffect *x = a, *y = b;
    if (x->kind != y->kind)
        return (int)x->kind - (int)y->kind;
    if (x->mention->people != y->mention->people)
        return x->mention->people > y->mention->people ? -1 : 1;
    return x->mention < y->mention ? -1 : x->mention > y->mention;
}

static void effect_clear(gpointer effect)
{
    g_free(((PandemicEffect *)effect)->key);
}

static gpointer compute(const Results *r)
{
    g_autoptr(GArray) mentions = mentions_of(r->data, ROLE_EFFECT, TERM_EFFECT, NULL, NULL);
    if (!mentions->len)
        return NULL;
    Pandemic *pandemic = g_new(Pandemic, 1);
    pandemic->effects = g_array_new(FALSE, FALSE, sizeof(PandemicEffect));
    g_array_set_clear_func(pandemic->effects, effect_clear);
    for (guint i = 0; i < mentions->len; i++) {
        const Mention *mention = &g_array_index(mentions, Mention, i);
        PandemicEffect effect = {
            .key = g_strconcat("effect/", mention->id, NULL),
            .kind = kind_of(r->project->framework, mention),
            .direction = direction_of(mention),
            .mention = mention,
        };
        g_array_append_val(pandemic->effects, effect);
    }
    g_array_sort(pandemic->effects, by_kind_then_people);
    pandemic->mentions = g_steal_pointer(&mentions);
    return pandemic;
}

static void publish_effect(Results *r, const PandemicEffect *effect)
{
    const Mention *m = effect->mention;
    const char *name = m->term == NO_TERM
                           ? m->text
                           : term_label(&r->project->framework->list[TERM_EFFECT].v[m->term],
                                        r->project->language);
    basis_open(r, &(BasisRow){.path = effect->key,
                              .sheet = "pandemic",
                              .figure = name,
                              .method = "coverage.counts",
                              .n = m->people,
                              .records = m->records});
    figure_text(r, effect->key, "kind", effect_kind_word(effect->kind));
    figure_text(r, effect->key, "direction", effect->direction ? effect->direction : "");
    figure_count(r, effect->key, "mentions", m->entries->len);
    figure_count(r, effect->key, "people", m->people);
    figure_count(r, effect->key, "organisations", m->organisations);
}

static void publish(Results *r, gconstpointer product)
{
    const Pandemic *pandemic = product;
    for (guint i = 0; i < pandemic->effects->len; i++)
        publish_effect(r, &g_array_index(pandemic->effects, PandemicEffect, i));
}

static void pandemic_free(gpointer product)
{
    Pandemic *pandemic = product;
    g_array_unref(pandemic->effects);
    g_array_unref(pandemic->mentions);
    g_free(pandemic);
}

const Product product_pandemic = {compute, publish, pandemic_free};

const Pandemic *results_pandemic(const Results *results)
{
    return results->product[PRODUCT_PANDEMIC];
}
