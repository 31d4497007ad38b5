#include "analyze/guidance.h"

#include "analyze/figure.h"
#include "analyze/undefined.h"

#include <string.h>

const char *stand_word(Stand stand)
{
    static const char *const words_of[N_STANDS] = {"none", "for", "against", "both", "mentions"};
    return words_of[stand];
}

/* --- what an answer tells -----------------------------------------------------------------------
 */

/* The keys tell some of it; what they leave open, the answer itself holds. */
typedef struct {
    int theme; /* NO_TERM: none, or unknown */
    int stand; /* Stand, or NO_TERM: a word that is no direction */
    const char *title;
    const char *force; /* "normative", "guiding" or NULL */
    bool unreadable;
} Told;

/* A word of the direction key, in any case; NO_TERM: it is none. */
static int stand_parse(const char *text)
{
    g_autofree char *folded = label_fold(text);
    for (int stand = 0; stand < STAND_MENTIONS; stand++)
        if (g_str_equal(folded, stand_word((Stand)stand)))
            return stand;
    return NO_TERM;
}

/* A word of the force key, in any case; NULL: it is none. */
static const char *force_parse(const char *text)
{
    static const char *const words_of[] = {"normative", "guiding"};
    g_autofree char *folded = text ? label_fold(text) : NULL;
    for (size_t i = 0; folded && i < G_N_ELEMENTS(words_of); i++)
        if (g_str_equal(folded, words_of[i]))
            return words_of[i];
    return NULL;
}

static Told read_entry(const Framework *framework, const Entry *entry)
{
    const char *theme = entry_value(entry, "theme"), *direction = entry_value(entry, "direction");
    const char *answer = entry_value(entry, "answer");
    Told told = {.title = entry_value(entry, "title"), .stand = STAND_MENTIONS};
    told.theme = framework_match(framework, TERM_DOCUMENT_THEME, theme ? theme : answer);
    if (!theme && told.theme != NO_TERM)
        answer = NULL;
    if (direction)
        told.stand = stand_parse(direction);
    else if (answer && stand_parse(answer) != NO_TERM) {
        told.stand = stand_parse(answer);
        answer = NULL;
    } else if (answer && told.title)
        told.stand = NO_TERM;
    if (!told.title)
        told.title = answer;
    told.force = force_parse(entry_value(entry, "force"));
    told.unreadable = (theme && told.theme == NO_TERM) || told.stand == NO_TERM ||
                      (entry_value(entry, "force") && !told.force);
    return told;
}

/* Two answers on one theme: for and against is both ways, and any way says more than none. */
static Stand join_stands(Stand a, Stand b)
{
    if (a == b || b == STAND_SILENT || (b == STAND_MENTIONS && a != STAND_SILENT))
        return a;
    if (a == STAND_SILENT || a == STAND_MENTIONS)
        return b;
    return STAND_BOTH;
}

/* --- gathering the documents --------------------------------------------------------------------
 */

typedef struct {
    const Results *results;
    Guidance *guidance;
    GHashTable *known; /* key → index in documents + 1 */
    bool *told;        /* by record: an answer of it tells of a document */
} Register;

static void document_clear(gpointer pointer)
{
    GuidingDocument *document = pointer;
    g_free(document->key);
    g_free(document->stands);
    g_array_unref(document->records);
}

static char *key_of(const Results *r, const char *title, uint32_t record)
{
    const Record *from = dataset_record(r->data, record);
    g_autofree char *folded =
        title ? label_fold(title) : g_strjoin("\x01", from->source->name, from->id, NULL);
    g_autofree char *digest = figure_digest(folded);
    return g_strconcat("document/", digest, NULL);
}

static GuidingDocument *document_at(Register *reg, const char *title, uint32_t record)
{
    GArray *documents = reg->guidance->documents;
    g_autofree char *key = key_of(reg->results, title, record);
    guint at = GPOINTER_TO_UINT(g_hash_table_lookup(reg->known, key));
    if (!at) {
        GuidingDocument document = {
            .key = g_strdup(key),
            .title = title,
            .record = record,
            .stands = g_new0(uint8_t, reg->guidance->n_themes + 1),
            .records = g_array_new(FALSE, FALSE, sizeof(uint32_t)),
        };
        g_array_append_val(documents, document);
        at = documents->len;
        g_hash_table_insert(reg->known, g_steal_pointer(&key), GUINT_TO_POINTER(at));
    }
    GuidingDocument *document = &g_array_index(documents, GuidingDocument, at - 1);
    g_array_append_val(document->records, record);
    return document;
}

static void keep_first(const char **kept, const char *told)
{
    *kept = *kept ? *kept : told;
}

static void add_entry(Register *reg, const Entry *entry)
{
    const Told told = read_entry(reg->results->project->framework, entry);
    GuidingDocument *document = document_at(reg, told.title, entry->record);
    keep_first(&document->year, entry_value(entry, "year"));
    keep_first(&document->sender, entry_value(entry, "sender"));
    keep_first(&document->force, told.force);
    reg->told[entry->record] = true;
    reg->guidance->unreadable += told.unreadable;
    if (told.theme != NO_TERM && told.stand != NO_TERM)
        document->stands[told.theme] =
            (uint8_t)join_stands((Stand)document->stands[told.theme], (Stand)told.stand);
}

/* A register with a column for each theme: its rows are documents, whatever the columns hold. */
static bool has_a_column_a_theme(const Source *source)
{
    size_t columns = 0;
    for (guint i = 0; i < source->mappings->len; i++) {
        const Mapping *mapping = source->mappings->pdata[i];
        const RoleValue *theme =
            mapping->role == ROLE_DOCUMENT ? mapping_value(mapping, "theme") : NULL;
        if (mapping->role == ROLE_DOCUMENT && !(theme && theme->literal))
            return false;
        columns += theme != NULL;
    }
    return columns && source->method == METHOD_DOCUMENT;
}

static void gather(Register *reg)
{
    const Dataset *data = reg->results->data;
    for (guint i = 0; i < data->entries->len; i++) {
        const Entry *entry = data->entries->pdata[i];
        if (entry->role == ROLE_DOCUMENT)
            add_entry(reg, entry);
    }
    for (uint32_t i = 0; i < data->records->len; i++)
        if (!reg->told[i] && has_a_column_a_theme(dataset_record(data, i)->source))
            document_at(reg, NULL, i);
}

/* --- what they say together ---------------------------------------------------------------------
 */

static DocumentStand stand_of(const GuidingDocument *document, size_t theme)
{
    static const int8_t directions[N_STANDS] = {
        [STAND_SILENT] = DOCUMENT_SILENT,     [STAND_FOR] = DOCUMENT_FOR,
        [STAND_AGAINST] = DOCUMENT_AGAINST,   [STAND_BOTH] = DOCUMENT_MENTIONS,
        [STAND_MENTIONS] = DOCUMENT_MENTIONS,
    };
    return (DocumentStand){directions[document->stands[theme]],
                           document->force && g_str_equal(document->force, "normative")};
}

static void weigh_themes(Guidance *g, const Thresholds *limits)
{
    g_autofree DocumentStand *stands = g_new(DocumentStand, g->documents->len + 1);
    g->themes = g_new0(ThemeBalance, g->n_themes + 1);
    for (size_t t = 0; t < g->n_themes; t++) {
        for (guint d = 0; d < g->documents->len; d++)
            stands[d] = stand_of(&g_array_index(g->documents, GuidingDocument, d), t);
        g->themes[t] = documents_theme_balance(stands, g->documents->len, limits->document_conflict,
                                               limits->document_side);
    }
}

static void compare_documents(Guidance *g)
{
    g_autofree DocumentStand *stands = g_new(DocumentStand, g->n_themes + 1);
    for (guint d = 0; d < g->documents->len; d++) {
        GuidingDocument *document = &g_array_index(g->documents, GuidingDocument, d);
        for (size_t t = 0; t < g->n_themes; t++) {
            stands[t] = stand_of(document, t);
            document->themes += document->stands[t] != STAND_SILENT;
        }
        document->agreement = documents_agreement(g->themes, stands, g->n_themes);
    }
}

static int force_rank(const GuidingDocument *document)
{
    return !document->force ? 2 : g_str_equal(document->force, "normative") ? 0 : 1;
}

static int by_force_then_title(gconstpointer left, gconstpointer right)
{
    const GuidingDocument *a = left, *b = right;
    if (force_rank(a) != force_rank(b))
        return force_rank(a) - force_rank(b);
    if (!a->title || !b->title)
        return a->title ? -1 : b->title ? 1 : (a->record > b->record) - (a->record < b->record);
    return strcmp(a->title, b->title);
}

/* --- the product --------------------------------------------------------------------------------
 */

static void guidance_free(gpointer product)
{
    Guidance *g = product;
    g_array_unref(g->documents);
    g_free(g->themes);
    g_free(g);
}

static gpointer compute(const Results *r)
{
    Guidance *g = g_new0(Guidance, 1);
    g->documents = g_array_new(FALSE, FALSE, sizeof(GuidingDocument));
    g->n_themes = r->project->framework->list[TERM_DOCUMENT_THEME].n;
    g_array_set_clear_func(g->documents, document_clear);
    g_autoptr(GHashTable) known = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_autofree bool *told = g_new0(bool, r->data->records->len + 1);
    gather(&(Register){r, g, known, told});
    if (!g->documents->len) {
        guidance_free(g);
        return NULL;
    }
    g_array_sort(g->documents, by_force_then_title);
    weigh_themes(g, &r->project->thresholds);
    compare_documents(g);
    return g;
}

char *guidance_title(const Results *results, const GuidingDocument *document)
{
    const Record *record = dataset_record(results->data, document->record);
    return document->title ? g_strdup(document->title)
                           : words_fill(results->project->language, "guidance.untitled", "source",
                                        record->source->name, "id", record->id, NULL);
}

/* --- figures ------------------------------------------------------------------------------------
 */

static void all_documents(const Results *r, int unused, GArray *records)
{
    const GArray *documents = results_guidance(r)->documents;
    (void)unused;
    for (guint d = 0; d < documents->len; d++) {
        const GArray *of = g_array_index(documents, GuidingDocument, d).records;
        g_array_append_vals(records, of->data, of->len);
    }
}

static GArray *records_on(const Guidance *g, size_t theme)
{
    GArray *records = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    for (guint d = 0; d < g->documents->len; d++) {
        const GuidingDocument *document = &g_array_index(g->documents, GuidingDocument, d);
        if (document->stands[theme] != STAND_SILENT)
            g_array_append_vals(records, document->records->data, document->records->len);
    }
    return records;
}

static void publish_theme(Results *r, const Guidance *g, size_t t)
{
    const Term *term = &r->project->framework->list[TERM_DOCUMENT_THEME].v[t];
    const ThemeBalance *b = &g->themes[t];
    g_autoptr(GArray) records = records_on(g, t);
    g_autofree char *key = g_strconcat("guidance/", term->id, NULL);
    basis_open(r, &(BasisRow){.path = key,
                              .sheet = "guidance",
                              .figure = term_label(term, r->project->language),
                              .method = "documents.theme_balance",
                              .n = b->mentioned,
                              .records = records,
                              .against = all_documents});
    figure_count(r, key, "n", b->mentioned);
    figure_count(r, key, "of", b->n);
    figure_count(r, key, "for", b->plus);
    figure_count(r, key, "against", b->minus);
    figure_count(r, key, "both", b->neutral);
    figure_number(r, key, "coverage", b->coverage, undefined_key(UNDEFINED_NO_ANSWERS));
    figure_number(r, key, "balance", b->balance, undefined_key(UNDEFINED_NO_ANSWERS));
    figure_number(r, key, "conflict", b->conflict, undefined_key(UNDEFINED_NO_ANSWERS));
    figure_flag(r, key, "pull-apart", b->pull_apart);
}

static double year_of(const GuidingDocument *document)
{
    char *end = NULL;
    const double year = document->year ? g_ascii_strtod(document->year, &end) : UNDEFINED;
    return document->year && end != document->year && isfinite(year) ? year : UNDEFINED;
}

static void publish_document(Results *r, const Guidance *g, const GuidingDocument *document)
{
    g_autofree char *title = guidance_title(r, document);
    g_autofree char *others = g_strconcat(document->key, "/with=others", NULL);
    basis_open(r, &(BasisRow){.path = document->key,
                              .sheet = "guidance",
                              .figure = title,
                              .method = "documents.theme_balance",
                              .n = 1,
                              .records = document->records});
    figure_count(r, document->key, "n", 1);
    figure_text(r, document->key, "title", document->title ? document->title : "");
    figure_number(r, document->key, "year", year_of(document), "not_told");
    figure_text(r, document->key, "sender", document->sender ? document->sender : "");
    figure_text(r, document->key, "force", document->force ? document->force : "");
    figure_count(r, document->key, "themes", document->themes);
    for (size_t t = 0; t < g->n_themes; t++) {
        g_autofree char *key = g_strdup_printf(
            "%s/theme=%s", document->key, r->project->framework->list[TERM_DOCUMENT_THEME].v[t].id);
        figure_text(r, key, "direction", stand_word((Stand)document->stands[t]));
    }
    basis_open(r, &(BasisRow){.path = others,
                              .sheet = "guidance",
                              .figure = title,
                              .method = "documents.theme_balance",
                              .n = document->agreement.pairs,
                              .records = document->records,
                              .against = all_documents});
    figure_count(r, others, "n", document->agreement.pairs);
    figure_number(r, others, "agreement", document->agreement.agreement,
                  undefined_key(UNDEFINED_TOO_FEW));
}

static void publish(Results *r, gconstpointer product)
{
    const Guidance *g = product;
    for (size_t t = 0; t < g->n_themes; t++)
        publish_theme(r, g, t);
    for (guint d = 0; d < g->documents->len; d++)
        publish_document(r, g, &g_array_index(g->documents, GuidingDocument, d));
}

const Product product_guidance = {compute, publish, guidance_free};

const Guidance *results_guidance(const Results *results)
{
    return results->product[PRODUCT_GUIDANCE];
}
