/* The figures of results: how a method's numbers get their keys, and what they rest on. A family of
 * figures is opened with basis_open; the figures added after it rest on that basis. */
#ifndef INNSIKT_ANALYZE_FIGURE_H
#define INNSIKT_ANALYZE_FIGURE_H

#include "analyze/results.h"

/* What a family of figures is, as basis_open takes it. Borrowed. */
typedef struct {
    const char *path;      /* the figures' common path: "plan/1.1" */
    const char *sheet;     /* suffix of words(sheet.…); static */
    const char *figure;    /* what it is, for people, in the workbook's language */
    const char *method;    /* a name of methods.md; static */
    size_t n;              /* people (or documents, activities) behind it */
    const GArray *records; /* of uint32_t: the records it is made of, in any order, repeats allowed;
                              NULL: made_of tells when asked */
    MadeOf made_of;
    MadeOf against;       /* see Basis */
    ReadsColumn reads;    /* see Basis */
    int subject;          /* for the three above */
    const char *left_out; /* with reason; NULL: nothing */
} BasisRow;

/* Opens a family of figures: those added next rest on it. Organisations and sources are counted
 * from the records; with made_of the caller, who knows them already, sets them on what is returned
 * (good until the next call). */
Basis *basis_open(Results *results, const BasisRow *row);
/* The figures added next rest on no basis: each speaks of one statement, and is told by that. */
void basis_shut(Results *results);
/* The names of the sources in a set of const Source *, in declared order. Caller owns. */
char *basis_sources(const Results *results, GHashTable *set);

/* Adds one figure under `path`/`statistic`. Texts are copied; negative zero is zero. */
void figure_count(Results *results, const char *path, const char *statistic, size_t n);
void figure_text(Results *results, const char *path, const char *statistic, const char *text);
void figure_flag(Results *results, const char *path, const char *statistic, bool flag);
/* A number, or that it is undefined and why: a word of undefined_key or one of the method's own. */
void figure_number(Results *results, const char *path, const char *statistic, double x,
                   const char *why);

/* The part of a key that holds what people wrote: keys are ASCII and their parts are separated by
 * «/», so anything else is percent-encoded. Caller owns. */
char *figure_part(const char *text);

/* The part of a key that stands for a text that may be long or tell who wrote it: 32 hex digits of
 * its SHA-256. Texts that are to be one are folded before. Caller owns. */
char *figure_digest(const char *folded);

/* The records that a basis is made of: ascending, each once. Caller owns. */
GArray *basis_records(const Results *results, const Basis *basis);
/* The same for what it was weighed against. */
GArray *basis_against(const Results *results, const Basis *basis);
/* A ReadsColumn of figures that are made of no rating. */
bool basis_reads_none(const Results *results, int subject, const Variable *column);
/* A MadeOf: every response that counts. */
void basis_everybody(const Results *results, int subject, GArray *records);

void figure_clear(gpointer figure); /* for g_array_set_clear_func */
void basis_clear(gpointer basis);

#endif
