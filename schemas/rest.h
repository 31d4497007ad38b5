/* How a paged JSON API is read: what a source of kind `rest` says in project.yaml. Places in a JSON
 * text are JSON Pointers (RFC 6901): "/meta/next". */
#ifndef INNSIKT_SCHEMAS_REST_H
#define INNSIKT_SCHEMAS_REST_H

#include <glib.h>
#include <stdbool.h>

typedef enum {
    AUTH_NONE,
    AUTH_BASIC,  /* user and password with every request */
    AUTH_BEARER, /* `Authorization: Bearer TOKEN` */
    AUTH_HEADER, /* `NAME: TOKEN` */
    AUTH_CLIENT, /* OAuth 2 client credentials: a token for user and password */
} AuthKind;

typedef enum {
    PAGING_NONE,
    PAGING_LINK,   /* the body holds the address of the next page */
    PAGING_HEADER, /* the Link header does */
    PAGING_PAGE,   /* a parameter counts pages */
    PAGING_OFFSET, /* a parameter counts records */
    PAGING_CURSOR, /* a parameter holds what the page, or its last record, says */
} PagingKind;

typedef struct {
    PagingKind kind;
    char *parameter;      /* of page, offset and cursor */
    char *next;           /* pointer: to the next address or cursor; NULL: none */
    char *last;           /* pointer in the last record to the next cursor; NULL: none */
    char *total;          /* pointer to how many records there are in all; NULL: not told */
    char *size_parameter; /* NULL: the size is not asked for */
    int size;             /* records a page; 0: as many as the server likes */
    int first;            /* number of the first page */
} Paging;

/* Pointers are NULL where project.yaml gives none. */
typedef struct {
    AuthKind auth;
    char *token_header; /* AUTH_HEADER: its name */
    bool lines;         /* one record a line (NDJSON), else one JSON text a page */
    Paging paging;
    char *records; /* in the page, to the list of records; "": the page is the list */
    char *id;      /* the others lead from the record */
    char *submitted, *updated;
    char *deleted;         /* there, and not null, false or "": it is deleted */
    char *complete;        /* there and null, false or "", or not there: it is not finished */
    char *answers;         /* to an object by question, or a list; NULL: the record itself */
    char *answer_question; /* of a list: in each entry, the question; NULL: it is no list */
    char **answer_values;  /* … and its value: the first of these that is there */
} RestRules;

void rest_rules_free(RestRules *rules);

#endif
