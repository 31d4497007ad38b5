/* Results: everything the analysis found, in one structure that both writers read. Writers compute
 * nothing. Typed summaries serve the sheets; the same numbers stand as flat figures under their
 * keys, for results.json, sheet Grunnlag and `why`. */
#ifndef INNSIKT_ANALYZE_RESULTS_H
#define INNSIKT_ANALYZE_RESULTS_H

#include "analyze/dataset.h"
#include "analyze/verdict.h"

/* --- ratings --------------------------------------------------------------------------------- */

typedef enum {
    FAMILY_ROBUSTNESS,
    FAMILY_LEVEL,
    FAMILY_ITEM,
    FAMILY_DISTRIBUTION,
    FAMILY_GOAL, /* maturity against the UN goals, on the answers' own scale */
    N_FAMILIES
} Family;
const char *family_word(Family family); /* first part of the key */

typedef enum { FACET_ALL, FACET_GROUP, FACET_METHOD, FACET_WAVE, N_FACETS } Facet;

/* One subject (question, level, item, or an item on its own answer scale) within one facet. Shares
 * are weighted, 0…1; means on the scale 1…K; undefined numbers are NaN here and null with a reason
 * outside. */
typedef struct {
    Family family;
    TermKind subject_kind; /* TERM_QUESTION, TERM_LEVEL or TERM_ITEM; of FAMILY_GOAL TERM_SDG, or
                            * TERM_AREA or TERM_FOCUS rated for maturity */
    int subject;           /* index in that list */
    Facet facet;
    int facet_index;    /* TERM_GROUP index or SourceMethod; NO_TERM for all and waves */
    const char *wave;   /* FACET_WAVE only */
    char *key;          /* "robustness/choices-clear/group=kommune" */
    const Scale *scale; /* the verdict scale; the answers' own for DISTRIBUTION and GOAL */
    int n_steps;
    size_t n;                  /* people (and tables) who answered: what «Svar» shows */
    size_t answers;            /* single ratings behind them */
    size_t asked;              /* people who could have answered: n + those with only missing */
    size_t people_heard;       /* distinct, with those around a table: for the smallest group */
    size_t organisations;      /* named ones */
    size_t units;              /* what counts as an organisation, named or not */
    size_t missing[N_MISSING]; /* missing single ratings, by reason */
    size_t count[STEPS_LIMIT]; /* unweighted answers on each step */
    double share[STEPS_LIMIT];
    double share_unweighted[STEPS_LIMIT];
    double rho, n_eff, n_eff_kish, n_eff_organisations;
    double median_low, median_high, median, interpolated_median;
    double agreement;                    /* van der Eijk's A */
    double mean, mean_low, mean_high;    /* interval over organisations, level of thresholds */
    double agree, agree_low, agree_high; /* share of the steps the framework counts as agreeing */
    double net, net_low, net_high;       /* agree − disagree */
    double alpha;                        /* Cronbach, when several items are pooled */
    Undefined alpha_why;
    /* FACET_ALL only: groups and methods with a verdict of one or two steps, and whether two of
     * them share no step. */
    size_t groups_compared, methods_compared;
    bool groups_disagree, methods_disagree;
    /* Bit g: group g has a target but no answers; the others share it out. */
    uint64_t targets_absent;
    GHashTable
        *sources;    /* of const Source *: those whose answers, or reasons for none, are in it */
    Verdict verdict; /* FAMILY_DISTRIBUTION has none: outcome insufficient, not published */
} RatingSummary;

/* Word for A under the project's thresholds: "strong", "partial", "spread", "divided", "undefined".
 */
const char *agreement_word(double agreement, const Thresholds *thresholds);

/* --- SWOT ------------------------------------------------------------------------------------- */

typedef enum { PLACED_GIVEN, PLACED_DERIVED, PLACED_DOUBLE, PLACED_CLASH, PLACED_NOT } Placement;
typedef enum { THEME_CODEBOOK, THEME_LIKELY, THEME_MAYBE, THEME_CLUSTER, THEME_SINGLE } ThemeOrigin;

/* Beside Dataset.statements, same index. */
typedef struct {
    SwotQuadrant quadrant; /* unclassified: not placed */
    Placement placement;
    char *half[2]; /* before and after «men», as proposed; NULL when there is no «men» */
    uint32_t duplicate_of; /* lowest index of the statements that say the same; own when alone */
    GArray *themes;        /* of uint32_t, into themes; never empty, the first is the main one */
    ThemeOrigin theme_origin;
    int suggested;     /* theme of the most alike coded statement, or NO_TERM */
    double similarity; /* to that statement; undefined without one */
    GArray *findings;  /* of uint32_t, into findings; empty when not placed */
} StatementResult;

typedef struct {
    char *key;   /* codebook id, or the id of its first statement */
    int term;    /* TERM_THEME, or NO_TERM for a cluster or single statement */
    Label title; /* the codebook's label, or the medoid statement in all languages */
    ThemeOrigin origin;
} Theme;

typedef struct {
    char *id;      /* 32 hex digits; stable over regrouping */
    char code[16]; /* "S1", in the workbook's language: for people only */
    SwotQuadrant quadrant;
    int theme;          /* into themes */
    char *title;        /* the theme's label where it speaks of this quadrant, else its most central
                           statement here, in quotation marks; in the workbook's language */
    bool proposed;      /* grouped by the machine, not yet accepted by a person */
    GArray *statements; /* of uint32_t, data order */
    size_t people, organisations, streams, mentions; /* named organisations */
    double share, share_low;                         /* of all named organisations heard */
    double effective_streams;
    uint32_t stream_mask; /* bit i: TERM_STREAM i */
    int category;         /* the commonest among its statements, declared order on ties; NO_TERM */
    int level;            /* of the items its statements explain; NO_TERM */
    int question;         /* likewise: the question of most of those items; NO_TERM */
    SwotDispute dispute;  /* where its theme belongs, by the votes of its statements */
    int also_in;          /* another finding of the same theme, or NO_TERM */
} Finding;

/* --- the rest -----------------------------------------------------------------------------------
 */

typedef struct {
    size_t people, organisations, citizens, interviews, workshops, survey_answers, documents,
        statements;
} Involvement;

typedef struct Results Results;

/* Adds the records (of uint32_t, indices in the data set) that a family of figures is made of:
 * every response whose answers, or reasons for none, the figures were computed from. */
typedef void (*MadeOf)(const Results *results, int subject, GArray *records);
/* Whether a family of figures was computed from a column of ratings. */
typedef bool (*ReadsColumn)(const Results *results, int subject, const Variable *column);

/* What a family of figures rests on: one row of sheet Grunnlag. Texts in the workbook's language.
 */
typedef struct {
    char *key;          /* the figures' common path */
    const char *sheet;  /* "robustness", "distribution", "findings": suffix of words(sheet.…) */
    char *figure;       /* what it is, for people */
    const char *method; /* "verdict.decide" …: the names of methods.md */
    size_t n, organisations;
    char *left_out;  /* with reason; "–" when nothing */
    char *sources;   /* names, in declared order */
    int64_t pulled;  /* newest pull behind it; TIME_UNKNOWN */
    GArray *records; /* of uint32_t, ascending: what it is made of; NULL: made_of tells */
    MadeOf made_of;
    MadeOf against; /* what it was weighed against besides: all heard, all statements; NULL: none */
    ReadsColumn reads; /* NULL: every column whose role feeds the family */
    int subject;       /* for the three above */
} Basis;

typedef enum { FIGURE_NUMBER, FIGURE_COUNT, FIGURE_TEXT, FIGURE_FLAG, FIGURE_UNDEFINED } FigureKind;
typedef struct {
    char *key; /* family/subject/facet=value/…/statistic */
    FigureKind kind;
    double number; /* NUMBER, COUNT, FLAG (0 or 1) */
    char *text;    /* TEXT; UNDEFINED: the reason, a word */
    int basis;     /* into bases, or NO_TERM */
} Figure;

/* Everything beside robustness and SWOT that the team produces: one row each in products.def. */
typedef enum {
#define PRODUCT(id, product) PRODUCT_##id,
#include "analyze/products.def"
#undef PRODUCT
    N_PRODUCTS
} ProductId;

struct Results {
    const Project *project;
    const Dataset *data;
    GPtrArray *ratings; /* of RatingSummary*: family, declared order of subject, facet */
    GArray *statements; /* of StatementResult */
    GArray *themes;     /* of Theme */
    GArray *findings;   /* of Finding: by quadrant, then rank */
    Involvement involvement;
    GArray *figures;              /* of Figure, in order of publication */
    GArray *bases;                /* of Basis */
    int open_basis;               /* that the figures published next rest on, or NO_TERM */
    GHashTable *by_key;           /* key → index in figures + 1 */
    gpointer product[N_PRODUCTS]; /* each of its own type; NULL: there are no data for it */
};

/* Computes everything. The data set must outlive the results. `store` keeps finding ids (NULL: they
 * are made anew). */
Results *results_compute(const Dataset *data, const ProjectKey *key, Store *store, GError **error);
void results_free(Results *results);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Results, results_free)

/* NULL when there is none: nobody was asked. The first form takes the usual kind of subject:
 * question for robustness, level for levels, UN goal for goals, item for items and distributions.
 */
const RatingSummary *results_rating(const Results *results, Family family, int subject, Facet facet,
                                    int facet_index);
const RatingSummary *results_rating_of(const Results *results, Family family, TermKind kind,
                                       int subject, Facet facet, int facet_index);
const Figure *results_figure(const Results *results, const char *key);

/* results.json: {"innsikt": {…}, "robustness": {…}, …}; a key's parts are its path. Written beside
 * the target and renamed. */
bool results_write_json(const Results *results, const char *path, GError **error);

#endif
