/* The data set: what the store holds, read through the project's mapping into plain columns. Built
 * once an analysis, never changed. Ratings are small integers, groups and organisations indices,
 * statements views into one arena. Order is the store's (source as declared, then response id), so
 * everything computed from it is the same on every run. */
#ifndef INNSIKT_ANALYZE_DATASET_H
#define INNSIKT_ANALYZE_DATASET_H

#include "analyze/swot.h"
#include "schemas/project.h"
#include "schemas/secret.h"
#include "schemas/store.h"

enum { NO_TERM = -1 };

/* An organisation, or what counts as one: a person without organisation, a workshop table. */
typedef struct {
    const char *name; /* as shown; NULL for what only counts as one */
    int group;        /* TERM_GROUP or NO_TERM: the first group its people named, in data order */
    bool named;
    bool citizen; /* a person without organisation, of the framework's citizen group */
} DataUnit;

/* One response that counts. */
typedef struct {
    const Source *source;
    const char *id;        /* at the source */
    const char *pseudonym; /* or NULL */
    uint32_t person;       /* index of the pseudonym or table; else one each */
    uint32_t first_voice;  /* into voices */
    uint32_t n_voices;     /* one, or one for each organisation a table names */
    int group;             /* TERM_GROUP or NO_TERM */
    int16_t participants;  /* at the table; 1 for a single person */
    int8_t state;          /* ResponseState */
    int8_t consent;        /* to the organisation being named: 1 yes, −1 no, 0 not told */
    int64_t submitted;     /* µs UTC or TIME_UNKNOWN */
    int64_t pull;
    const char *workshop; /* which one: the attribute, else the day; NULL for other methods */
    const char *wave;     /* or NULL */
    const char *coder;    /* who rated it, when somebody else than the person did; or NULL */
} Record;

/* A response speaking for one organisation. */
typedef struct {
    uint32_t record, unit;
    uint32_t speaker; /* the same for every voice of one person for one organisation */
    int group;
} Voice;

/* What a rating is about. */
typedef enum {
    CRITERION_NONE,
    CRITERION_IMPORTANCE,
    CRITERION_PRACTICE,
    CRITERION_STATUS,
    CRITERION_MATURITY,
    N_CRITERIA
} Criterion;

/* A question of a source. */
typedef struct {
    const Source *source;
    const char *question;
} QuestionRef;

/* One rated thing: a column of answers. */
typedef struct {
    TermKind target; /* TERM_ITEM, TERM_QUESTION or TERM_SDG; N_TERM_KINDS: what stands below */
    int index;       /* in that list, or NO_TERM */
    int area, focus, activity, scenario; /* NO_TERM where it does not apply */
    Criterion criterion;
    const char *wave; /* when the mapping names one; NULL: the record's */
    const Scale *scale;
    GArray *record;    /* of uint32_t: which record each answer is from; columns that were asked
                          together share it */
    GArray *step;      /* of int8_t beside it: 1…K, or −Missing */
    GArray *questions; /* of QuestionRef: where the answers were given, each once */
} Variable;

/* One utterance. Strings belong to the data set. */
typedef struct {
    char id[33];      /* HMAC(project, source, response, question, normalised text, ordinal) */
    const char *text; /* as it was said */
    const char *question;
    uint32_t record;
    SwotEvidence place; /* quadrant, origin, polarity as told; the category's origin */
    int category, stream, area, item, trend; /* framework indices or NO_TERM */
    const char *evidence;                    /* "documented", "voiced" or NULL */
    const char *implication;                 /* or NULL */
} Statement;

/* Any other answer with a role that the analysis keeps as values by key (needs, KPIs, goals …). */
typedef struct {
    Role role;
    uint32_t record;
    const char *question;
    const Scale *scale; /* that the mapping names; NULL: none */
    GHashTable *values; /* key (static), "answer" for the answer itself → text; borrowed strings of
                           the data set */
} Entry;

/* A value of an entry by the role's key, or "answer"; NULL: not told. */
const char *entry_value(const Entry *entry, const char *key);
/* The same read on the entry's scale: a step 1…K; 0 without scale or value, or for a code that is
 * missing or unknown. Where the key is not told, the answer is read. */
int entry_step(const Entry *entry, const char *key);

typedef struct {
    int64_t responses;             /* in the store, not deleted */
    int64_t not_counted[N_STATES]; /* left out for their state */
    int64_t unreadable;            /* answers */
    int64_t unknown_group;         /* values that name no group */
    int64_t unknown_value; /* of a statement: a quadrant, category or stream nobody declared */
    int64_t blank_statements;
} DatasetCounts;

typedef struct {
    const Project *project;
    GArray *records; /* of Record */
    GArray *voices;  /* of Voice */
    GArray *units;   /* of DataUnit */
    uint32_t n_persons;
    uint32_t n_speakers;
    GPtrArray *variables; /* of Variable*, order of first appearance in the mapping */
    GArray *statements;   /* of Statement */
    GPtrArray *entries;   /* of Entry* */
    DatasetCounts counts;
    int64_t newest_pull; /* µs UTC; TIME_UNKNOWN when nothing was pulled */
    GStringChunk *arena;
} Dataset;

/* Reads every response that counts. */
Dataset *dataset_load(const Project *project, const ProjectKey *key, Store *store, GError **error);
void dataset_free(Dataset *dataset);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Dataset, dataset_free)

#define dataset_record(d, i)    (&g_array_index((d)->records, Record, (i)))
#define dataset_voice(d, i)     (&g_array_index((d)->voices, Voice, (i)))
#define dataset_unit(d, i)      (&g_array_index((d)->units, DataUnit, (i)))
#define dataset_statement(d, i) (&g_array_index((d)->statements, Statement, (i)))

#endif
