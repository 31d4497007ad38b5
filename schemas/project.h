/* The project: what project.yaml says, checked and resolved. Read once, never changed by the
 * program. */
#ifndef INNSIKT_SCHEMAS_PROJECT_H
#define INNSIKT_SCHEMAS_PROJECT_H

#include "schemas/framework.h"
#include "schemas/rest.h"

/* Roles a question may have: decisions.md lists them; role.c has one table row each with its keys.
 */
typedef enum {
    ROLE_IGNORE,
    ROLE_SUPPORT, /* has no role of its own, but another's `…_from` reads it: stored */
    ROLE_PERSON,
    ROLE_ATTRIBUTE,
    ROLE_RATING,
    ROLE_STATEMENT,
    ROLE_NEED,
    ROLE_EFFECT,
    ROLE_DOCUMENT,
    ROLE_ACTIVITY,
    ROLE_STATUS,
    ROLE_KPI,
    ROLE_GOAL,
    ROLE_DILEMMA,
    ROLE_PAIR,
    ROLE_INVITED,
    ROLE_VOTE,
    ROLE_IMPORTANCE,
    ROLE_COMMENT,
    N_ROLES
} Role;

const char *role_word(Role role);

/* One key of a role: given (literal) or taken from another question (from). A role written with a
 * scalar keeps it under its leading key: `attribute: organisation` → "name", `rating: x` → "item".
 */
typedef struct {
    const char *key;    /* static, from the role table: "quadrant", "item", "name" … */
    char *literal;      /* NULL when taken from a question */
    char *from;         /* question it is read from, else NULL */
    GHashTable *recode; /* code → renamed; NULL: none. Looked up before ids and labels */
} RoleValue;

typedef struct {
    char *question; /* as the form names it; may hold "[*]" or be "group/\*" */
    Role role;
    RoleValue *values;
    size_t n_values;
    GHashTable *recode; /* `values:` for the question's own answer; NULL: none */
    const Scale *scale; /* what the answer is read on: always for a rating, where given else */
    int line, column;   /* of the question's key in project.yaml */
} Mapping;

/* The value of one key, or NULL when the mapping does not give it. */
const RoleValue *mapping_value(const Mapping *mapping, const char *key);
/* Does the pattern cover this question? "CODE[*]" covers every row or option but not the free texts
 * (CODE[other], CODE[comment], CODE[SQ1comment]), kept only where they are named; "CODE[*][1]" the
 * first scale of every row; "group/\*" every field. */
bool mapping_covers(const Mapping *mapping, const char *question);
/* A rating's item for one question: the declared item, with a trailing `*` replaced by the row's
 * code («maal-*» and MAL[SQ001] → maal-SQ001). NULL when the mapping names no item. Caller owns. */
char *mapping_item(const Mapping *mapping, const char *question);
/* Applies a recode table: the renamed code, or `code` itself. */
const char *recode_apply(GHashTable *recode, const char *code);
/* The same for each of several joined by `;`, as attribute `organisations` takes them: joined
 * again, without blanks around and empty ones. Caller owns. */
char *recode_apply_each(GHashTable *recode, const char *codes);

typedef enum { INCLUDE_COMPLETE, INCLUDE_ALL } Include;
typedef enum {
    METHOD_SURVEY,
    METHOD_INTERVIEW,
    METHOD_WORKSHOP,
    METHOD_DOCUMENT,
    METHOD_VALIDATION,
    N_METHODS
} SourceMethod;
const char *method_word(SourceMethod method);

typedef struct {
    char *name; /* key under `sources:` */
    char *kind; /* "limesurvey", "csv" … as the registry of collectors knows it */
    char *url, *form, *path, *id_column;       /* env: references of url, form, path are resolved */
    char *user_ref, *password_ref, *token_ref; /* references; read with secret_read when needed */
    char *token_url, *scope; /* where a login gives a token, and for what; or NULL */
    char *ca_file; /* PEM file trusted in place of the system's certificates (absolute); or NULL */
    char *pin;     /* the server's public key: "sha256//…", several by `;`; or NULL */
    char *proxy;   /* address without a user; "": none at all; NULL: the environment's */
    char *proxy_user_ref, *proxy_password_ref; /* as user and password */
    RestRules *rest;                           /* of kind rest; else NULL */
    char *stream;                              /* default stream of its statements, or NULL */
    char *wave;                                /* or NULL */
    char *organisation;         /* whose answers all these are, when no question asks; or NULL */
    int group;                  /* TERM_GROUP likewise, or -1 */
    char *evidence;             /* "documented", "voiced" or NULL */
    char *timezone;             /* or NULL: the project's */
    char *encoding, *separator; /* file kinds; NULL: found out */
    char *sheet;                /* of a workbook; NULL: the first visible one with a row */
    int header;                 /* the row (from 1) that names the columns; 0: found out */
    SourceMethod method;
    Include include;
    Label note;          /* a word about it, printed on sheet Metode; may be empty */
    bool insecure;       /* plain http beyond loopback allowed */
    bool participants;   /* of kind limesurvey: who was asked is counted, in place of answers */
    GPtrArray *mappings; /* of Mapping*, file order; the first that covers a question wins */
    int line, column;
} Source;

/* The mapping that covers a question, or NULL: not mapped, so not stored. */
const Mapping *source_mapping(const Source *source, const char *question);
/* Whether any mapping of the source reads this question. */
bool source_wants(const Source *source, const char *question);
/* Whether `path:` is a web address: of a file that is fetched and not read from disk. */
bool source_is_web(const Source *source);
/* Whether each response of a source is a document: other registers (activities, key figures,
 * invitations) are none. */
bool source_holds_documents(const Source *source);
/* `path:` as messages and the store may hold it: of a web address neither query nor fragment, where
 * keys of access are. Caller owns. */
char *source_place(const Source *source);
/* SHA-256 over all that decides what is kept of a response; another digest means a full pull. */
char *source_mapping_digest(const Source *source);

typedef enum { WEIGHT_NONE, WEIGHT_ORGANISATION, WEIGHT_GROUP } WeightRule;
const char *weight_word(WeightRule rule); /* as project.yaml writes it */

typedef struct {
    char *name;     /* as it shall be shown */
    char **aliases; /* NULL-terminated */
    int group;      /* index in TERM_GROUP, or -1 */
} Organisation;

/* Who gets a copy. */
typedef struct {
    char *key;   /* under `recipients:` */
    char *name;  /* as the cover says it */
    int *groups; /* indices in TERM_GROUP; n_groups, may be none */
    size_t n_groups;
} Recipient;

typedef struct {
    int number;     /* 1…; 0: no round declared */
    int stage;      /* 0 draft, 1 validation, 2 final; -1 none */
    char *deadline; /* ISO date or NULL */
    char *contact;  /* or NULL */
} Round;

/* A light that people set over the computed one of a strategic area. */
typedef struct {
    int area;  /* TERM_AREA */
    int light; /* 1 red, 2 yellow, 3 green */
    char *reason;
} StatusOverride;

/* Limits of methods.md that a project may set under `thresholds:`; threshold.def has one row each:
 * field, key in the file, default, lowest, highest, section of methods.md. */
typedef struct {
#define THRESHOLD(field, key, standard, low, high, section) double field;
#include "schemas/threshold.def"
#undef THRESHOLD
} Thresholds;

typedef struct {
    char *file;   /* path of project.yaml, for messages */
    char *folder; /* its folder; all relative paths start here */
    char *title;
    Label note; /* a word about all that is in it, printed on sheet Metode; may be empty */
    Language language;
    Framework *framework;
    char *store_path; /* absolute */
    char *key_ref;    /* reference of the pseudonym key */
    int smallest_group;
    char *quotes; /* "redacted", "none", "verbatim" */
    WeightRule weight;
    double *targets; /* one per TERM_GROUP: share, 0 where none; NULL: no targets */
    int bootstrap;
    char **earlier; /* waves of earlier measurements, NULL-terminated; NULL: none */
    uint64_t seed;
    char *timezone;
    Round round;
    Period period;     /* the framework's, unless the project declares its own */
    GArray *overrides; /* of StatusOverride, file order */
    Thresholds thresholds;
    GPtrArray *organisations; /* of Organisation* */
    GHashTable *spellings;    /* folded name or alias → Organisation*; project_organisation's */
    GPtrArray *recipients;    /* of Recipient*, file order */
    GPtrArray *sources;       /* of Source*, file order */
} Project;

/* Reads folder/project.yaml with its framework. On failure (USAGE) the message holds every
 * complaint found, one a line, as file:line:column: cause; mend. */
Project *project_load(const char *folder, GError **error);
/* The same from a text that would be folder/project.yaml. */
Project *project_parse(const char *folder, const char *text, size_t n, GError **error);
void project_free(Project *project);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Project, project_free)

/* Whether answers of this wave are only compared with, and never part of what holds today. */
bool project_wave_is_earlier(const Project *project, const char *wave); /* wave may be NULL */

const Source *project_source(const Project *project, const char *name); /* NULL: no such source */
/* Whether the source can be asked: its url, form and path may name environment variables that are
 * not set (USAGE), which only matters to those who ask it. */
bool source_is_placed(const Project *project, const Source *source, GError **error);

/* The organisation a name stands for: folds case, blanks and NFC, looks through names and aliases.
 * NULL when the project does not list it. */
const Organisation *project_organisation(const Project *project, const char *name);
/* The folded form two spellings of one organisation share (NFC, blanks collapsed, casefolded). */
char *organisation_fold(const char *name);

#endif
