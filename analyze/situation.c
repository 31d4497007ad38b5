#include "analyze/situation.h"

#include "analyze/figure.h"
#include "analyze/finding.h"
#include "analyze/undefined.h"

#include <string.h>

const char *side_word(Side side)
{
    static const char *const words_of[N_SIDES] = {"internal", "external"};
    return words_of[side];
}

SwotQuadrant side_quadrant(Side side, bool helpful)
{
    return swot_quadrant(side == SIDE_INTERNAL ? SWOT_INTERNAL : SWOT_EXTERNAL,
                         helpful ? SWOT_HELPFUL : SWOT_HARMFUL);
}

static bool is_of_side(SwotQuadrant quadrant, Side side)
{
    return quadrant == side_quadrant(side, true) || quadrant == side_quadrant(side, false);
}

static GArray *indices_new(void)
{
    return g_array_new(FALSE, FALSE, sizeof(uint32_t));
}

static const StatementResult *placed_at(const Results *r, uint32_t statement)
{
    return &g_array_index(r->statements, StatementResult, statement);
}

/* --- pieces -------------------------------------------------------------------------------------
 */

static Support support_of(const Results *r, const GArray *statements)
{
    g_autoptr(GArray) mentions = g_array_new(FALSE, FALSE, sizeof(SupportMention));
    for (guint i = 0; i < statements->len; i++)
        finding_mentions(
            r->data, dataset_statement(r->data, g_array_index(statements, uint32_t, i)), mentions);
    return support_count((const SupportMention *)(const void *)mentions->data, mentions->len,
                         r->involvement.organisations);
}

/* Without blanks around it and without the full stops at its end. Caller owns. */
static char *without_stop(const char *text)
{
    char *trimmed = g_strstrip(g_strdup(text));
    for (size_t n = strlen(trimmed); n > 1 && trimmed[n - 1] == '.'; n--)
        trimmed[n - 1] = '\0';
    return trimmed;
}

/* What the statements are said to mean, each once, in the order first said. Caller owns. */
static char *meaning_of(const Results *r, const GArray *statements)
{
    g_autoptr(GHashTable) known = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    GString *text = g_string_new(NULL);
    for (guint i = 0; i < statements->len; i++) {
        const char *said =
            dataset_statement(r->data, g_array_index(statements, uint32_t, i))->implication;
        g_autofree char *trimmed = said ? without_stop(said) : NULL;
        g_autofree char *folded = said ? label_fold(trimmed) : NULL;
        if (!folded || !*folded || !g_hash_table_add(known, g_steal_pointer(&folded)))
            continue;
        g_string_append_printf(text, "%s%s", text->len ? " · " : "", trimmed);
    }
    return g_string_free(text, text->len == 0);
}

static GArray *records_of(const Results *r, const GArray *statements)
{
    GArray *records = indices_new();
    for (guint i = 0; i < statements->len; i++)
        g_array_append_val(
            records, dataset_statement(r->data, g_array_index(statements, uint32_t, i))->record);
    return records;
}

/* --- rows ---------------------------------------------------------------------------------------
 */

static void row_clear(gpointer pointer)
{
    SituationRow *row = pointer;
    g_free(row->key);
    g_free(row->meaning);
    g_array_unref(row->statements);
}

static void category_clear(gpointer pointer)
{
    SituationCategory *category = pointer;
    g_free(category->key);
    g_array_unref(category->statements);
}

static bool category_is_of_side(const Results *r, int category, Side side)
{
    const char *kind = r->project->framework->list[TERM_CATEGORY].v[category].kind;
    return (kind && g_str_equal(kind, "external")) == (side == SIDE_EXTERNAL);
}

/* The statement's category when it is one of this side; a quadrant that was given stands, so a
 * finding of the sector may hold a statement about the surroundings. */
static int category_on(const Results *r, uint32_t statement, Side side)
{
    const int category = dataset_statement(r->data, statement)->category;
    return category != NO_TERM && category_is_of_side(r, category, side) ? category : NO_TERM;
}

static int by_support(gconstpointer left, gconstpointer right)
{
    const SituationRow *a = left, *b = right;
    if (a->support.orgs != b->support.orgs)
        return a->support.orgs > b->support.orgs ? -1 : 1;
    if (a->support.respondents != b->support.respondents)
        return a->support.respondents > b->support.respondents ? -1 : 1;
    return a->finding - b->finding;
}

static GArray *statements_on(const Results *r, const Finding *finding, int category, Side side)
{
    g_autoptr(GArray) found = indices_new();
    for (guint k = 0; k < finding->statements->len; k++) {
        const uint32_t at = g_array_index(finding->statements, uint32_t, k);
        if (category_on(r, at, side) == category)
            g_array_append_val(found, at);
    }
    return found->len ? g_steal_pointer(&found) : NULL;
}

static void add_rows(const Results *r, SituationSide *rows, SituationCategory *category, Side side)
{
    g_autoptr(GArray) added = g_array_new(FALSE, FALSE, sizeof(SituationRow));
    for (guint i = 0; i < r->findings->len; i++) {
        const Finding *finding = &g_array_index(r->findings, Finding, i);
        GArray *statements = is_of_side(finding->quadrant, side)
                                 ? statements_on(r, finding, category->category, side)
                                 : NULL;
        if (!statements)
            continue;
        SituationRow row = {
            .key = g_strdup_printf("%s/finding=%s", category->key, finding->id),
            .finding = (int)i,
            .statements = statements,
            .support = support_of(r, statements),
            .meaning = meaning_of(r, statements),
        };
        category->findings[finding->quadrant]++;
        g_array_append_val(added, row);
    }
    g_array_sort(added, by_support);
    category->first = rows->rows->len;
    category->n = added->len;
    if (added->len)
        g_array_append_vals(rows->rows, added->data, added->len);
}

/* --- categories ---------------------------------------------------------------------------------
 */

/* Whether the statement belongs to this side's category: by its quadrant when it has one, else by
 * its category alone. Without either it belongs nowhere. */
static bool belongs(const Results *r, uint32_t statement, int category, Side side)
{
    const SwotQuadrant quadrant = placed_at(r, statement)->quadrant;
    if (quadrant != SWOT_UNCLASSIFIED)
        return is_of_side(quadrant, side) && category_on(r, statement, side) == category;
    return category != NO_TERM && dataset_statement(r->data, statement)->category == category;
}

static size_t organisations_in(const Results *r, const GArray *statements, SwotQuadrant quadrant)
{
    g_autoptr(GArray) those = indices_new();
    for (guint i = 0; i < statements->len; i++) {
        const uint32_t at = g_array_index(statements, uint32_t, i);
        if (placed_at(r, at)->quadrant == quadrant)
            g_array_append_val(those, at);
    }
    return support_of(r, those).orgs;
}

static SituationCategory category_new(const Results *r, int category, Side side)
{
    SituationCategory c = {
        .key = g_strdup_printf(
            "%s/%s", side_word(side),
            category == NO_TERM ? "-" : r->project->framework->list[TERM_CATEGORY].v[category].id),
        .category = category,
        .statements = indices_new(),
    };
    for (uint32_t i = 0; i < r->statements->len; i++) {
        if (!belongs(r, i, category, side))
            continue;
        const SwotQuadrant quadrant = placed_at(r, i)->quadrant;
        g_array_append_val(c.statements, i);
        if (quadrant == SWOT_UNCLASSIFIED)
            c.unplaced++;
        else
            c.placed[quadrant]++;
    }
    for (int q = 0; q < SWOT_QUADRANTS; q++)
        c.organisations[q] = organisations_in(r, c.statements, (SwotQuadrant)q);
    c.support = support_of(r, c.statements);
    c.points = swot_dispute(c.placed);
    return c;
}

static void compute_side(const Results *r, Side side, SituationSide *ret)
{
    const TermList *declared = &r->project->framework->list[TERM_CATEGORY];
    ret->categories = g_array_new(FALSE, FALSE, sizeof(SituationCategory));
    ret->rows = g_array_new(FALSE, FALSE, sizeof(SituationRow));
    g_array_set_clear_func(ret->categories, category_clear);
    g_array_set_clear_func(ret->rows, row_clear);
    for (int c = 0; c <= (int)declared->n; c++) {
        const int category = c < (int)declared->n ? c : NO_TERM;
        if (category != NO_TERM && !category_is_of_side(r, category, side))
            continue;
        SituationCategory made = category_new(r, category, side);
        if (category == NO_TERM && !made.statements->len) {
            category_clear(&made);
            continue;
        }
        add_rows(r, ret, &made, side);
        g_array_append_val(ret->categories, made);
    }
    for (guint i = 0; i < r->findings->len; i++)
        ret->n_findings += is_of_side(g_array_index(r->findings, Finding, i).quadrant, side);
    for (guint i = 0; i < ret->categories->len; i++)
        ret->n_statements += g_array_index(ret->categories, SituationCategory, i).statements->len;
    ret->spoken = ret->n_statements > 0;
}

/* --- trends -------------------------------------------------------------------------------------
 */

static void trend_clear(gpointer pointer)
{
    SituationTrend *trend = pointer;
    g_free(trend->key);
    g_free(trend->touches);
    g_free(trend->meaning);
    g_array_unref(trend->statements);
}

static int by_standing(gconstpointer left, gconstpointer right)
{
    const SituationTrend *a = left, *b = right;
    if (a->support.orgs != b->support.orgs)
        return a->support.orgs > b->support.orgs ? -1 : 1;
    if (a->support.respondents != b->support.respondents)
        return a->support.respondents > b->support.respondents ? -1 : 1;
    return a->trend - b->trend;
}

static void fill_trend(const Results *r, SituationTrend *trend)
{
    const Framework *framework = r->project->framework;
    const Term *term = &framework->list[TERM_TREND].v[trend->trend];
    trend->touches = g_new0(bool, framework->list[TERM_CATEGORY].n + 1);
    for (char **id = term->related; id && *id; id++) {
        const int category = framework_find(framework, TERM_CATEGORY, *id);
        if (category != NO_TERM)
            trend->touches[category] = true;
    }
    for (guint i = 0; i < trend->statements->len; i++) {
        const uint32_t at = g_array_index(trend->statements, uint32_t, i);
        const int category = dataset_statement(r->data, at)->category;
        const SwotQuadrant quadrant = placed_at(r, at)->quadrant;
        if (category != NO_TERM && category_is_of_side(r, category, SIDE_EXTERNAL))
            trend->touches[category] = true;
        if (is_of_side(quadrant, SIDE_EXTERNAL))
            trend->placed[quadrant]++;
    }
    trend->key = g_strconcat("trend/", term->id, NULL);
    trend->support = support_of(r, trend->statements);
    trend->points = swot_dispute(trend->placed);
    trend->meaning = meaning_of(r, trend->statements);
}

static GArray *trends_of(const Results *r)
{
    GArray *trends = g_array_new(FALSE, FALSE, sizeof(SituationTrend));
    g_array_set_clear_func(trends, trend_clear);
    for (int t = 0; t < (int)r->project->framework->list[TERM_TREND].n; t++) {
        SituationTrend trend = {.trend = t, .statements = indices_new()};
        for (uint32_t i = 0; i < r->statements->len; i++)
            if (dataset_statement(r->data, i)->trend == t)
                g_array_append_val(trend.statements, i);
        if (!trend.statements->len) {
            g_array_unref(trend.statements);
            continue;
        }
        fill_trend(r, &trend);
        g_array_append_val(trends, trend);
    }
    g_array_sort(trends, by_standing);
    return trends;
}

/* --- the product --------------------------------------------------------------------------------
 */

static void situation_free(gpointer pointer)
{
    Situation *situation = pointer;
    for (int side = 0; side < N_SIDES; side++) {
        g_array_unref(situation->side[side].categories);
        g_array_unref(situation->side[side].rows);
    }
    g_array_unref(situation->trends);
    g_free(situation);
}

static gpointer compute(const Results *r)
{
    Situation *situation = g_new0(Situation, 1);
    for (int side = 0; side < N_SIDES; side++)
        compute_side(r, (Side)side, &situation->side[side]);
    situation->trends = trends_of(r);
    if (situation->side[SIDE_INTERNAL].spoken || situation->side[SIDE_EXTERNAL].spoken ||
        situation->trends->len)
        return situation;
    situation_free(situation);
    return NULL;
}

char *situation_theme_key(const Results *results, int theme)
{
    return g_strconcat("theme/", g_array_index(results->themes, Theme, theme).key, NULL);
}

static const char *category_name(const Results *r, int category)
{
    return category == NO_TERM ? words(r->project->language, "situation.no-category")
                               : term_label(&r->project->framework->list[TERM_CATEGORY].v[category],
                                            r->project->language);
}

static void publish_points(Results *r, const char *key, const SwotDispute *points)
{
    figure_text(r, key, "points-to",
                points->leading == SWOT_UNCLASSIFIED ? "" : swot_key(points->leading));
    figure_text(r, key, "settlement", swot_status_key(points->status));
    figure_number(r, key, "agreement",
                  points->status == SWOT_INSUFFICIENT ? UNDEFINED : points->share,
                  undefined_key(UNDEFINED_TOO_FEW));
}

static void publish_category(Results *r, const SituationCategory *c, Side side)
{
    g_autoptr(GArray) records = records_of(r, c->statements);
    basis_open(r, &(BasisRow){.path = c->key,
                              .sheet = side_word(side),
                              .figure = category_name(r, c->category),
                              .method = "theme.support",
                              .n = c->support.respondents,
                              .records = records,
                              .against = basis_everybody});
    figure_count(r, c->key, "statements", c->statements->len);
    figure_count(r, c->key, "unplaced", c->unplaced);
    figure_count(r, c->key, "people", c->support.respondents);
    figure_count(r, c->key, "organisations", c->support.orgs);
    for (int helpful = 1; helpful >= 0; helpful--) {
        const SwotQuadrant q = side_quadrant(side, helpful);
        g_autofree char *said = g_strdup_printf("statements-%s", swot_key(q));
        g_autofree char *found = g_strdup_printf("findings-%s", swot_key(q));
        g_autofree char *named = g_strdup_printf("organisations-%s", swot_key(q));
        figure_count(r, c->key, said, c->placed[q]);
        figure_count(r, c->key, found, c->findings[q]);
        figure_count(r, c->key, named, c->organisations[q]);
    }
    publish_points(r, c->key, &c->points);
}

static void publish_row(Results *r, const SituationRow *row, const SituationCategory *c, Side side)
{
    const Finding *finding = &g_array_index(r->findings, Finding, row->finding);
    g_autoptr(GArray) records = records_of(r, row->statements);
    g_autofree char *name =
        g_strdup_printf("%s · %s %s", category_name(r, c->category), finding->code, finding->title);
    basis_open(r, &(BasisRow){.path = row->key,
                              .sheet = side_word(side),
                              .figure = name,
                              .method = "theme.support",
                              .n = row->support.respondents,
                              .records = records,
                              .against = basis_everybody});
    figure_text(r, row->key, "points-to", swot_key(finding->quadrant));
    figure_count(r, row->key, "statements", row->statements->len);
    figure_count(r, row->key, "people", row->support.respondents);
    figure_count(r, row->key, "organisations", row->support.orgs);
}

static void publish_trend(Results *r, const SituationTrend *trend)
{
    g_autoptr(GArray) records = records_of(r, trend->statements);
    basis_open(r, &(BasisRow){
                      .path = trend->key,
                      .sheet = side_word(SIDE_EXTERNAL),
                      .figure = term_label(&r->project->framework->list[TERM_TREND].v[trend->trend],
                                           r->project->language),
                      .method = "theme.support",
                      .n = trend->support.respondents,
                      .records = records});
    figure_count(r, trend->key, "statements", trend->statements->len);
    figure_count(r, trend->key, "people", trend->support.respondents);
    figure_count(r, trend->key, "organisations", trend->support.orgs);
    publish_points(r, trend->key, &trend->points);
}

/* The placed statements of one theme, over its findings. */
typedef struct {
    GArray *statements; /* NULL: none */
    size_t votes[SWOT_QUADRANTS];
    Side side; /* of its first finding */
} ThemePlaces;

static ThemePlaces *themes_placed(const Results *r)
{
    ThemePlaces *themes = g_new0(ThemePlaces, r->themes->len + 1);
    for (guint i = 0; i < r->findings->len; i++) {
        const Finding *finding = &g_array_index(r->findings, Finding, i);
        ThemePlaces *theme = &themes[finding->theme];
        if (!theme->statements) {
            theme->statements = indices_new();
            theme->side =
                is_of_side(finding->quadrant, SIDE_EXTERNAL) ? SIDE_EXTERNAL : SIDE_INTERNAL;
        }
        theme->votes[finding->quadrant] = finding->statements->len;
        g_array_append_vals(theme->statements, finding->statements->data, finding->statements->len);
    }
    return themes;
}

/* Which way a theme points: what «Enighet» says of its findings. */
static void publish_theme(Results *r, int theme, const ThemePlaces *places)
{
    const SwotDispute points = swot_dispute(places->votes);
    const Support support = support_of(r, places->statements);
    g_autoptr(GArray) records = records_of(r, places->statements);
    g_autofree char *key = situation_theme_key(r, theme);
    basis_open(r, &(BasisRow){.path = key,
                              .sheet = side_word(places->side),
                              .figure = label_get(&g_array_index(r->themes, Theme, theme).title,
                                                  r->project->language),
                              .method = "swot.contested",
                              .n = support.respondents,
                              .records = records,
                              .against = basis_everybody});
    figure_count(r, key, "statements", places->statements->len);
    figure_count(r, key, "people", support.respondents);
    figure_count(r, key, "organisations", support.orgs);
    for (int q = 0; q < SWOT_QUADRANTS; q++) {
        g_autofree char *name = g_strdup_printf("share-%s", swot_key((SwotQuadrant)q));
        figure_number(r, key, name,
                      points.status == SWOT_INSUFFICIENT
                          ? UNDEFINED
                          : (double)places->votes[q] / (double)points.n,
                      undefined_key(UNDEFINED_TOO_FEW));
    }
}

static void publish_themes(Results *r)
{
    g_autofree ThemePlaces *themes = themes_placed(r);
    for (guint t = 0; t < r->themes->len; t++) {
        if (!themes[t].statements)
            continue;
        publish_theme(r, (int)t, &themes[t]);
        g_array_unref(themes[t].statements);
    }
}

static void publish(Results *r, gconstpointer product)
{
    const Situation *situation = product;
    for (int s = 0; s < N_SIDES; s++) {
        const SituationSide *side = &situation->side[s];
        if (!side->spoken && !(s == SIDE_EXTERNAL && situation->trends->len))
            continue;
        for (guint i = 0; i < side->categories->len; i++) {
            const SituationCategory *c = &g_array_index(side->categories, SituationCategory, i);
            publish_category(r, c, (Side)s);
            for (guint k = c->first; k < c->first + c->n; k++)
                publish_row(r, &g_array_index(side->rows, SituationRow, k), c, (Side)s);
        }
    }
    for (guint i = 0; i < situation->trends->len; i++)
        publish_trend(r, &g_array_index(situation->trends, SituationTrend, i));
    publish_themes(r);
}

const Product product_situation = {compute, publish, situation_free};

const Situation *results_situation(const Results *results)
{
    return results->product[PRODUCT_SITUATION];
}
