/* What an analysis is about: levels, main questions and items, scales, groups, streams, categories,
 * areas … all of it data from a framework file, none of it in code. A framework is read once and
 * never changes. Indices into its lists are the identity of a thing while the program runs. */
#ifndef INNSIKT_SCHEMAS_FRAMEWORK_H
#define INNSIKT_SCHEMAS_FRAMEWORK_H

#include "schemas/language.h"
#include "schemas/period.h"
#include "schemas/response.h"

#include <stddef.h>
#include <stdint.h>

enum { STEPS_LIMIT = 7, STEPS_FLOOR = 2 };

/* The lists of a framework. The word in the file stands in framework.c's table, one row a list. */
typedef enum {
    TERM_LEVEL,      /* of the cascade, top to bottom */
    TERM_QUESTION,   /* main question; parent: level; brief: for charts; detail: as a claim */
    TERM_ITEM,       /* rated item; parent: question; level: its own level (else the question's) */
    TERM_GROUP,      /* stakeholder group */
    TERM_STREAM,     /* source of SWOT statements; letter */
    TERM_CATEGORY,   /* internal category or PESTEL; kind: "internal" or "external"; letter */
    TERM_THEME,      /* codebook theme; patterns; kind: the quadrant its label speaks of */
    TERM_TREND,      /* cuts across the external categories; detail; related: categories */
    TERM_AREA,       /* strategic area; detail: its goal */
    TERM_FOCUS,      /* focus area; parent: area */
    TERM_GOAL,       /* goal of a focus area; parent: focus area */
    TERM_ACTIVITY,   /* planned activity; parent: focus area */
    TERM_SCENARIO,   /* towards the horizon */
    TERM_NEED_GROUP, /* whose needs */
    TERM_SEGMENT,    /* parent: need group */
    TERM_NEED,   /* kind: "practical" or "underlying"; parent: the need group that has it alone, -1
                  * when they share it */
    TERM_EFFECT, /* of the pandemic; kind: "development", "start", "challenge" */
    TERM_DOCUMENT_THEME, /* what guiding documents steer on */
    TERM_SDG,            /* UN goal */
    TERM_DILEMMA, /* parent: level; detail: the question; pole_a, pole_b; related: items, themes */
    N_TERM_KINDS
} TermKind;

typedef struct {
    char *id; /* ASCII, never changes */
    Label label;
    Label brief;  /* short form for charts and column heads; empty: use the label */
    Label detail; /* see TermKind */
    Label pole_a, pole_b;
    char *letter;    /* NULL when the kind has none */
    char *kind;      /* see TermKind; NULL when the kind has none */
    int parent;      /* index in the parent's list, or -1 */
    int level;       /* index in TERM_LEVEL, or -1 */
    char **patterns; /* NULL-terminated, or NULL */
    char **related;  /* ids, see TermKind; NULL-terminated, or NULL */
} Term;

typedef struct {
    Term *v;
    size_t n;
} TermList;

typedef struct {
    char *id; /* "" when the scale gives none */
    Label label;
    char **codes; /* as forms deliver them; NULL-terminated */
    int map;      /* step of the verdict scale, 1…; 0: this scale has no map */
    bool agree;   /* counted in «andel enige» */
} ScaleStep;

typedef struct {
    char *id;
    ScaleStep step[STEPS_LIMIT]; /* lowest first: order is declared, never inferred */
    int n_steps;                 /* 2 … STEPS_LIMIT */
    bool mapped;                 /* has a monotone map to the verdict scale */
    GHashTable *codes; /* code → GINT_TO_POINTER(step 1…) or, for a missing code, −Missing; the
                        * words of Missing are codes too, so that `values:` may rename to them */
} Scale;

typedef struct {
    char *id;     /* "ehelse", or the file's own id */
    char *origin; /* path or "built-in:ehelse", for messages */
    Label title;
    Period period; /* that the strategy spans */
    TermList list[N_TERM_KINDS];
    Scale **scales; /* n_scales, declared order */
    size_t n_scales;
    const Scale *verdict_scale;
    const Scale *default_scale; /* of ratings that name none; NULL: they must */
    int citizen_group; /* index in TERM_GROUP, or -1: people without organisation are no group */
    GHashTable *index[N_TERM_KINDS]; /* id → GUINT_TO_POINTER(index + 1) */
    GHashTable *names[N_TERM_KINDS]; /* folded id, label or letter → the same; framework_match's */
} Framework;

/* Reads a built-in framework by name, or a file (path relative to `folder`). On failure the error's
 * message holds every complaint found, one a line, as file:line:column: cause; mend (USAGE), or
 * says that there is no such framework (NOT_FOUND). */
Framework *framework_load(const char *name_or_path, const char *folder, GError **error);
/* The same from a text; `name` stands in messages and as its origin. */
Framework *framework_parse(const char *name, const char *text, size_t n, GError **error);
void framework_free(Framework *framework);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Framework, framework_free)

/* Index of `id` in a list, or -1. framework_match also takes a label in any language and a letter,
 * whatever the case: what people type into a spreadsheet. */
int framework_find(const Framework *framework, TermKind kind, const char *id);
int framework_match(const Framework *framework, TermKind kind, const char *text);

const Scale *framework_scale(const Framework *framework, const char *id); /* NULL: no such scale */

/* Reads one code on a scale. Returns the step 1…n, or 0 with *ret_missing saying why there is none
 * (MISSING_UNREADABLE when the scale does not know the code). */
int scale_read(const Scale *scale, const char *code, Missing *ret_missing);

/* Bit k − 1 is set for every step k that counts as agreeing. */
unsigned scale_agree_steps(const Scale *scale);

const char *term_label(const Term *term, Language language);
const char *term_brief(const Term *term,
                       Language language); /* the label when there is no brief form */

/* Names of the built-in frameworks, NULL-terminated, for help and messages. */
const char *const *framework_builtins(void);

#endif
