#ifndef INNSIKT_SAMPLES_SERVER_FORM_H
#define INNSIKT_SAMPLES_SERVER_FORM_H

#include <glib.h>
#include <json-c/json.h>
#include <stdbool.h>

/* One form as its data file describes it: what is asked, and what was answered. Everything is owned
 * by the Form and lives as long as it does. Texts are UTF-8; ids are the file's own. */

typedef struct {
    gint64 gid;
    char *name, *description;
} FormGroup;

typedef struct {
    gint64 qid;
    char *code, *text;
    int scale; /* 1: the second axis of the two-axis types `:` and `;` */
} FormSubquestion;

typedef struct {
    char *code, *text;
    int order, assessment;
    int scale; /* 1: the second scale of type `1` */
} FormOption;

typedef struct {
    gint64 qid, gid;
    char *code, *text, *help;
    char *preg;         /* the pattern an answer must match; "" for none */
    char *mandatory;    /* "Y", "N" or "S" (soft) */
    char type;          /* the form system's letter for it */
    bool other;         /* has a free text «other» */
    GPtrArray *rows;    /* of FormSubquestion, as in the file */
    GPtrArray *options; /* of FormOption, as in the file */
} FormQuestion;

/* What one cell of a response holds. */
typedef enum {
    FORM_VALUE,      /* the answer itself: a code, number, date or text by the question's type */
    FORM_OTHER,      /* the text beside «other» */
    FORM_COMMENT,    /* the text beside an answer */
    FORM_RANK,       /* the option at place `number` of a ranking, from 1 */
    FORM_SCALE,      /* dual scale: the answer on scale `number`, from 0 */
    FORM_FILE_COUNT, /* how many files were uploaded */
} FormPart;

/* One cell that every response has, filled or not. */
typedef struct {
    const FormQuestion *question;
    const FormSubquestion *row;    /* NULL: the question has none, or the cell belongs to none */
    const FormSubquestion *column; /* two-axis types only, else NULL */
    FormPart part;
    int number;
    char *heading; /* how answers are keyed in the data file: CODE, CODE[SUB], CODE[other], … */
    char *field;   /* the part of the database column behind sid, gid and qid: "SQ001", "SQ001#0" */
    GPtrArray *pool; /* values that generated answers are drawn from; NULL: drawn by type */
} FormCell;

/* One response. cells has as many entries as the form's, in their order; NULL is never shown. */
typedef struct {
    gint64 id;
    bool deleted;    /* a mark that hides the id; holds nothing */
    gint64 lastpage; /* -1: none */
    char *submitdate, *startdate, *datestamp;
    char *startlanguage, *seed, *token;
    char **cells;
    guint n_cells;
} FormResponse;

typedef struct {
    char *system; /* the form system that serves it: a name of the system table */
    gint64 sid;
    char *title, *language, *additional_languages;
    bool active, anonymized, datestamp;
    GPtrArray *groups;         /* of FormGroup */
    GPtrArray *questions;      /* of FormQuestion, by group, then as in the file */
    GPtrArray *cells;          /* of FormCell, in the order of the questions */
    json_object *participants; /* an array as in the file; NULL: the form has no such table */

    GTree *responses;      /* gint64 id -> FormResponse, deletion marks among them */
    gint64 generated;      /* how many responses are made up on demand; 0: none */
    gint64 generated_from; /* their first id */
    guint64 seed;
} Form;

/* Reads a form's data file: the JSON object that main.c describes. Errors: G_FILE_ERROR when it
 * cannot be read, G_IO_ERROR_INVALID_DATA when it is not a form; the message names the file and the
 * member. */
Form *form_read(const char *path, GError **error);
void form_free(Form *form);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Form, form_free)

/* The question with this id, or NULL. */
const FormQuestion *form_question(const Form *form, gint64 qid);

/* Gives all groups and questions new ids, this much higher. */
void form_shift_ids(Form *form, gint64 groups_by, gint64 questions_by);

/* The first response whose id is in from…to, made up on demand where the file tells to. NULL when
 * there is none. Release it with form_response_unref(). */
FormResponse *form_next(const Form *form, gint64 from, gint64 to);
void form_response_unref(FormResponse *response);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(FormResponse, form_response_unref)

/* How many responses are complete and how many are not. */
void form_count(const Form *form, gint64 *ret_complete, gint64 *ret_incomplete);

/* Adds or replaces a response given as in the data file. */
bool form_add(Form *form, json_object *response, GError **error);

/* Changes what a response given as in the data file names (id apart): members left out keep what
 * they had, and so do answers. Error: there is no such response, or no such heading. */
bool form_edit(Form *form, json_object *change, GError **error);

/* Takes a response out; false when there is none. Generated ones stay out too. */
bool form_delete(Form *form, gint64 id);

/* Takes all responses out, so that ids may start again from 1. */
void form_clear(Form *form);

/* For form.c, cells.c and generate.c: adds a question's cells to the form's; a response with
 * n_cells empty cells; the made-up one with this id, and whether it is complete. The same data file
 * and id always give the same. */
void form_add_cells(Form *form, const FormQuestion *question);
FormResponse *form_response_new(gint64 id, guint n_cells);
FormResponse *form_generate(const Form *form, gint64 id);
bool form_generates_complete(const Form *form, gint64 id);

#endif
