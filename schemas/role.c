#include "schemas/role.h"

#define TERMS(...) ((const TermKind[]){__VA_ARGS__, N_TERM_KINDS})
#define WORDS(...) ((const char *const[]){__VA_ARGS__, NULL})
#define TEXT(key_)                                                                                 \
    {                                                                                              \
        .key = key_, .kind = VALUE_TEXT                                                            \
    }
#define NUMBER(key_)                                                                               \
    {                                                                                              \
        .key = key_, .kind = VALUE_NUMBER                                                          \
    }
#define WORD(key_, ...)                                                                            \
    {                                                                                              \
        .key = key_, .kind = VALUE_WORD, .words = WORDS(__VA_ARGS__)                               \
    }
#define TERM(key_, ...)                                                                            \
    {                                                                                              \
        .key = key_, .kind = VALUE_TERM, .terms = TERMS(__VA_ARGS__)                               \
    }
#define MUST(key_, ...)                                                                            \
    {                                                                                              \
        .key = key_, .kind = VALUE_TERM, .required = true, .terms = TERMS(__VA_ARGS__)             \
    }
#define END                                                                                        \
    {                                                                                              \
        .key = NULL                                                                                \
    }
#define KEYS(...) ((const RoleKey[]){__VA_ARGS__, END})

/* One row a role. A new key is one entry here and one line in project.schema.json. */
static const RoleRow rows[N_ROLES] = {
    [ROLE_IGNORE] = {.word = "ignore"},
    [ROLE_SUPPORT] = {0},
    [ROLE_PERSON] = {.word = "person"},
    [ROLE_ATTRIBUTE] = {"attribute", "name",
                        KEYS({.key = "name", .kind = VALUE_NAME, .required = true}), SCALE_NONE},
    [ROLE_RATING] = {"rating", "item",
                     KEYS({.key = "item",
                           .kind = VALUE_TERM,
                           .starred = true,
                           .terms = TERMS(TERM_ITEM, TERM_QUESTION, TERM_SDG)},
                          TERM("area", TERM_AREA, TERM_FOCUS), TERM("activity", TERM_ACTIVITY),
                          TERM("scenario", TERM_SCENARIO),
                          WORD("criterion", "importance", "practice", "status", "maturity"),
                          TEXT("wave")),
                     SCALE_MUST},
    [ROLE_STATEMENT] = {"statement", "quadrant",
                        KEYS(WORD("quadrant", "strength", "weakness", "opportunity", "threat"),
                             WORD("origin", "internal", "external"),
                             WORD("polarity", "helpful", "harmful"),
                             TERM("category", TERM_CATEGORY), TERM("stream", TERM_STREAM),
                             TERM("area", TERM_AREA, TERM_FOCUS),
                             TERM("item", TERM_ITEM, TERM_QUESTION),
                             WORD("evidence", "documented", "voiced"), TEXT("implication"),
                             TERM("trend", TERM_TREND)),
                        SCALE_NONE},
    [ROLE_NEED] = {"need", "group",
                   KEYS(TERM("group", TERM_NEED_GROUP), WORD("kind", "practical", "underlying"),
                        TERM("segment", TERM_SEGMENT)),
                   SCALE_NONE},
    [ROLE_EFFECT] = {"effect", "kind",
                     KEYS(WORD("kind", "development", "start", "challenge"), TEXT("direction")),
                     SCALE_NONE},
    [ROLE_DOCUMENT] = {"document", "theme",
                       KEYS(TERM("theme", TERM_DOCUMENT_THEME),
                            WORD("direction", "for", "against", "both", "none"),
                            WORD("force", "normative", "guiding"), TEXT("title"), NUMBER("year"),
                            TEXT("sender")),
                       SCALE_NONE},
    [ROLE_ACTIVITY] = {"activity", "id",
                       KEYS(MUST("id", TERM_ACTIVITY),
                            WORD("state", "not-started", "ongoing", "done", "stopped"),
                            TERM("goal", TERM_GOAL), WORD("reached", "yes", "partly", "no")),
                       SCALE_NONE},
    [ROLE_STATUS] = {"status", "area",
                     KEYS(MUST("area", TERM_AREA, TERM_FOCUS),
                          WORD("light", "red", "yellow", "green"), TEXT("comment"), TEXT("event"),
                          TEXT("initiative")),
                     SCALE_MAY},
    [ROLE_KPI] = {"kpi", NULL,
                  KEYS(MUST("area", TERM_AREA, TERM_FOCUS),
                       {.key = "indicator", .kind = VALUE_TEXT, .required = true}, NUMBER("value"),
                       NUMBER("target"), NUMBER("baseline"), TEXT("period")),
                  SCALE_NONE},
    [ROLE_GOAL] = {"goal", "id", KEYS(MUST("id", TERM_SDG), TEXT("maturity")), SCALE_MAY},
    [ROLE_DILEMMA] = {"dilemma", "id",
                      KEYS(MUST("id", TERM_DILEMMA), WORD("pole", "a", "b"), NUMBER("strength")),
                      SCALE_MAY},
    [ROLE_PAIR] = {"pair", NULL,
                   KEYS({.key = "left", .kind = VALUE_TEXT, .required = true},
                        {.key = "right", .kind = VALUE_TEXT, .required = true}, NUMBER("strength")),
                   SCALE_MAY},
    [ROLE_INVITED] = {"invited", "group", KEYS(MUST("group", TERM_GROUP), NUMBER("number")),
                      SCALE_NONE},
    [ROLE_VOTE] = {"vote", "finding",
                   KEYS({.key = "finding", .kind = VALUE_TEXT, .required = true}), SCALE_MAY},
    [ROLE_IMPORTANCE] = {"importance", "finding",
                         KEYS({.key = "finding", .kind = VALUE_TEXT, .required = true}), SCALE_MAY},
    [ROLE_COMMENT] = {"comment", "finding",
                      KEYS({.key = "finding", .kind = VALUE_TEXT, .required = true}), SCALE_NONE},
};

const RoleRow *role_row(Role role)
{
    return &rows[role];
}

const char *role_word(Role role)
{
    return rows[role].word ? rows[role].word : "support";
}

const RoleKey *role_key(Role role, const char *key)
{
    for (const RoleKey *known = rows[role].keys; known && known->key; known++)
        if (g_str_equal(known->key, key))
            return known;
    return NULL;
}

Role role_parse(const char *word)
{
    for (int role = 0; role < N_ROLES; role++)
        if (rows[role].word && g_str_equal(rows[role].word, word))
            return (Role)role;
    return N_ROLES;
}

const char *const *role_words(void)
{
    static const char *words[N_ROLES + 1];
    static gsize filled;
    if (g_once_init_enter(&filled)) {
        size_t n = 0;
        for (int role = ROLE_PERSON; role < N_ROLES; role++)
            words[n++] = rows[role].word;
        g_once_init_leave(&filled, 1);
    }
    return words;
}

TermKind attribute_terms(const char *name)
{
    static const struct {
        const char *name;
        TermKind terms;
    } declared[] = {{"group", TERM_GROUP}, {"segment", TERM_SEGMENT}};
    for (size_t i = 0; i < G_N_ELEMENTS(declared); i++)
        if (g_str_equal(declared[i].name, name))
            return declared[i].terms;
    return N_TERM_KINDS;
}
