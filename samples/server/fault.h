#ifndef INNSIKT_SAMPLES_SERVER_FAULT_H
#define INNSIKT_SAMPLES_SERVER_FAULT_H

#include <glib.h>
#include <json-c/json.h>
#include <stdbool.h>

/* What can be made to go wrong: kind, name, and what its value means. Four families, by who acts:
 * the wire faults break the sending of a good reply, the reply faults put another reply in its
 * place (the call is not carried out), the text faults change the text of whatever is answered, the
 * content faults change what the call itself answers. */
#define FAULT_KINDS(X)                                                                             \
    /* wire */                                                                                     \
    X(RESET_BEFORE, "reset-before") /* connection reset before any byte */                         \
    X(RESET_WITHIN, "reset-within") /* … after VALUE bytes of the body (default: half) */        \
    X(CUT_LENGTH, "cut-length")     /* closed after VALUE bytes, Content-Length promised more */   \
    X(CUT_CHUNKED, "cut-chunked")   /* … in a chunked body, without its last chunk */            \
    X(CUT_CLOSE, "cut-close")       /* … in a body that only the closing delimits */             \
    X(SILENCE, "silence")           /* no reply at all, the connection stays open */               \
    X(DRIP, "drip")                 /* one byte every VALUE ms (default 1000) */                   \
    X(ENDLESS, "endless")           /* the body, then blanks without end */                        \
    X(BOMB, "bomb")                 /* gzip of the body and VALUE MiB of blanks (default 4096) */  \
    /* reply */                                                                                    \
    X(STATUS, "status")         /* VALUE = CODE or CODE,RETRY-AFTER, with an HTML body */          \
    X(EMPTY, "empty")           /* 200 without a body: the interface is switched off */            \
    X(LOGIN_PAGE, "login-page") /* 200 with an HTML login page */                                  \
    X(REDIRECT, "redirect")     /* 302 to the URL VALUE */                                         \
    X(BODY, "body")             /* 200 with VALUE as the body, whatever it is */                   \
    X(NEST, "nest")             /* 200 with VALUE nested arrays (default 100000) */                \
    X(ORDER, "order")           /* VALUE, as POST /_control takes it, is carried out first */      \
    /* text */                                                                                     \
    X(AGAIN, "again")                 /* the reply to the call before this one, again */           \
    X(REPLACE, "replace")             /* VALUE = OLD=NEW: the first OLD (of an export: inside) */  \
    X(NOT_UTF8, "not-utf8")           /* the first letter beyond ASCII becomes the byte E5 */      \
    X(CHARSET, "charset")             /* in the charset VALUE, and Content-Type says so */         \
    X(WRONG_CHARSET, "wrong-charset") /* Content-Type says the charset VALUE, wrongly */           \
    /* content */                                                                                  \
    X(DEEP, "deep")                       /* VALUE nested arrays (default 100000) for a result */  \
    X(REFUSE, "refuse")                   /* {"status": VALUE} for a result */                     \
    X(SESSION_EXPIRED, "session-expired") /* every session ends before the call */                 \
    X(WRONG_ID, "wrong-id")               /* another request id is echoed */                       \
    X(DUPLICATE, "duplicate")             /* the result of the export before this one, again */    \
    X(VANISH, "vanish")                   /* the row with key VALUE is deleted behind the page */  \
    X(STRING_IDS, "string-ids")           /* all numbers of a result are texts */                  \
    X(V7, "v7")                           /* version 7: column names by Q<qid>, error_code */      \
    X(WRAPPED, "wrapped")         /* version 3: each exported response wrapped under its id */     \
    X(COMMA_CSV, "comma-csv")     /* version 2: CSV separated by commas */                         \
    X(ZERO_LIST, "zero-list")     /* an export without responses: {"responses": []} … */         \
    X(ZERO_RECORD, "zero-record") /* … one response with every field empty … */                \
    X(ZERO_STATUS, "zero-status") /* … the status «No Data, could not get max id.» */          \
    X(EMPTY_ROW, "empty-row")     /* the exported response with id VALUE (default: the first) */   \
    X(ODD_ROW, "odd-row")         /* … is left empty, is a text, */                              \
    X(ODD_ANSWER, "odd-answer")   /* … has an object for its last answer, */                     \
    X(LATIN1, "latin1")           /* … has a last answer of bytes that are not UTF-8 */          \
    X(DEEP_EXPORT, "deep-export") /* VALUE nested arrays (default 100000) in the export */

typedef enum {
#define X(kind, name) FAULT_##kind,
    FAULT_KINDS(X)
#undef X
        FAULT_N,
} FaultKind;

/* One order to go wrong: for the from-th to to-th request for `call`, counted from when the order
 * was given. */
typedef struct {
    FaultKind kind;
    char *call;  /* the name of the call (RemoteControl: the method), or "*" */
    char *value; /* "" when none was given */
    gint64 from, to, seen;
} Fault;

/* The orders given, and those that one request has to obey (borrowed; NULL: not that kind). */
typedef GPtrArray Faults;
typedef struct {
    const Fault *of[FAULT_N];
} FaultSet;

Faults *faults_new(void);

/* An order as CALL:WHEN:KIND[:VALUE]; WHEN is K, K-L, K- or *. Example: `*:2-4:status:429,1`. */
bool faults_add(Faults *faults, const char *order, GError **error);

/* The same as an object: {"call": "*", "from": 2, "to": 4, "kind": "status", "value": "429,1"};
 * left out, from is 1, to is from, call is "*". */
bool faults_add_json(Faults *faults, json_object *order, GError **error);

/* Counts a request for call and tells what it has to obey. */
FaultSet faults_meet(Faults *faults, const char *call);

const char *fault_name(FaultKind kind);

/* Puts NEW in the place of the first OLD of the text, for a fault with the value OLD=NEW. */
void fault_replace(const Fault *fault, GString *text);

/* The number at the start of the fault's value, at most `most`; otherwise when there is none. */
gint64 fault_number(const Fault *fault, gint64 otherwise, gint64 most);

#endif
