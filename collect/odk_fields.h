/* The fields of an ODK form: how OData names them, how the form does, and how they nest. */
#ifndef INNSIKT_COLLECT_ODK_FIELDS_H
#define INNSIKT_COLLECT_ODK_FIELDS_H

#include "schemas/response.h"

typedef enum {
    ODK_LEAF,
    ODK_GROUP,
    ODK_REPEAT,
    ODK_GUESS, /* not in the list of fields: shown by what comes */
} OdkKind;

typedef struct OdkNode OdkNode;
struct OdkNode {
    OdkNode *parent; /* NULL: the form itself */
    char *name;      /* group/field, as the form writes it; "" for the form itself */
    char *type;      /* "string", "int", "geopoint" …; "" when nobody says */
    OdkKind kind;
    bool multi;           /* select-multiple: codes with blanks between */
    bool ambiguous;       /* another field has the same name in OData, which then shows only one */
    Missing blank;        /* what null means here */
    guint64 stamp;        /* the page reader's: the row in which it came last */
    int instances;        /* … how many instances of an outermost repeat came */
    GHashTable *children; /* OData name → OdkNode* */
};

typedef struct {
    OdkNode *root;
    GPtrArray *leaves; /* of OdkNode*, borrowed, in the order of the form */
    GPtrArray *twins;  /* of OdkNode*: those whose OData name an earlier one has */
    guint n;           /* nodes, guessed ones too */
    guint64 serial;    /* of the last row that was read, on whatever page */
} OdkFields;

/* Reads the answers to `fields?odata=true` and to `fields`, the same list with the names as the
 * form writes them (NULL: those of OData are taken). PROTOCOL when it is no list of fields. */
OdkFields *odk_fields_read(const char *odata, const char *original, GError **error);
void odk_fields_free(OdkFields *fields);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(OdkFields, odk_fields_free)

/* The child of this OData name (n bytes), made if it is unknown; NULL when there are too many. */
OdkNode *odk_fields_child(OdkFields *fields, OdkNode *node, const char *key, size_t n);

#endif
