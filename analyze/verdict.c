#include "analyze/verdict.h"

#include <gsl/gsl_cdf.h>

#include "analyze/agreement.h"
#include "analyze/compare.h"
#include "analyze/neff.h"
#include "analyze/weights.h"
#include "schemas/error.h"

VerdictRules verdict_rules_default(void)
{
    return (VerdictRules){.min_n = 5,
                          .min_org = 3,
                          .min_neff = 4,
                          .max_missing = 0.5,
                          .p_firm = 0.80,
                          .p_range = 0.80,
                          .prior = 0.5,
                          .rho = 0.20,
                          .rho_weight = 10};
}

/* P{Beta(a, b) >= 1/2}; GSL gives NaN for a parameter of 0, where all mass lies at one end. */
static double beta_above_half(double a, double b)
{
    if (!(a > 0))
        return 0;
    return b > 0 ? gsl_cdf_beta_Q(0.5, a, b) : 1;
}

void verdict_posterior(const double *share, int k, double neff, double prior, double *ret_alpha,
                       double *ret_below, double *ret_pi)
{
    double total = 0, below = 0, f_before = 0;

    for (int s = 0; s < k; s++)
        total += prior + neff * share[s];
    for (int s = 0; s < k; s++) {
        double alpha = prior + neff * share[s];
        below += alpha;
        double f = s == k - 1 ? 1 : beta_above_half(below, total - below);
        if (ret_alpha)
            ret_alpha[s] = alpha;
        if (ret_below)
            ret_below[s] = f;
        if (ret_pi)
            ret_pi[s] = fmax(0, f - f_before);
        f_before = f;
    }
}

static unsigned insufficiency(const VerdictInput *in, const VerdictRules *rules)
{
    double asked = (double)(in->n + in->n_missing);

    return (in->n < rules->min_n ? VERDICT_FEW_ANSWERS : 0U) |
           (in->n_org < rules->min_org ? VERDICT_FEW_ORGS : 0U) |
           (!(in->n > 0 && compare_round(in->neff) >= rules->min_neff) ? VERDICT_LOW_NEFF : 0U) |
           ((double)in->n_missing > compare_round(rules->max_missing * asked) ? VERDICT_MANY_MISSING
                                                                              : 0U);
}

/* The step with the largest probability other than `except`; ties to the lower step. */
static int likeliest_step(const double *pi, int k, int except)
{
    int best = 0;

    for (int s = 1; s <= k; s++)
        if (s != except && (!best || compare_round(pi[s - 1]) > compare_round(pi[best - 1])))
            best = s;
    return best;
}

static int likeliest_pair(const double *pi, int k)
{
    int best = 1;

    for (int s = 2; s < k; s++)
        if (compare_round(pi[s - 1] + pi[s]) > compare_round(pi[best - 1] + pi[best]))
            best = s;
    return best;
}

/* Firm, range or inconclusive, from pi. */
static void read_posterior(const VerdictRules *rules, int k, Verdict *v)
{
    int step = v->likeliest, pair = likeliest_pair(v->pi, k);
    double p = v->pi[step - 1], p_pair = k > 1 ? v->pi[pair - 1] + v->pi[pair] : 0;

    v->outcome = VERDICT_INCONCLUSIVE;
    if (compare_round(p) >= rules->p_firm) {
        v->outcome = VERDICT_FIRM;
        v->low = v->high = step;
        v->probability = p;
    } else if (compare_round(p_pair) >= rules->p_range) {
        v->outcome = VERDICT_RANGE;
        v->low = pair;
        v->high = pair + 1;
        v->probability = p_pair;
    }
}

Verdict verdict_decide(const VerdictInput *in, const VerdictRules *rules)
{
    Verdict v = {.outcome = VERDICT_INSUFFICIENT,
                 .reasons = insufficiency(in, rules),
                 .probability = UNDEFINED,
                 .runner_up_probability = UNDEFINED,
                 .agreement = UNDEFINED};

    for (int s = 0; s < STEPS_MAX; s++)
        v.pi[s] = UNDEFINED;
    if (in->n == 0)
        return v;
    verdict_posterior(in->share, in->k, in->neff, rules->prior, NULL, NULL, v.pi);
    v.agreement = agreement_vdeijk_a(in->share, in->k);
    v.likeliest = likeliest_step(v.pi, in->k, 0);
    v.runner_up = likeliest_step(v.pi, in->k, v.likeliest);
    if (v.runner_up)
        v.runner_up_probability = v.pi[v.runner_up - 1];
    if (v.reasons)
        return v;
    if (agreement_is_split(v.agreement))
        v.outcome = VERDICT_DIVIDED;
    else
        read_posterior(rules, in->k, &v);
    return v;
}

const char *verdict_outcome_key(VerdictOutcome outcome)
{
    static const char *const key[] = {
        [VERDICT_INSUFFICIENT] = "insufficient",
        [VERDICT_DIVIDED] = "divided",
        [VERDICT_FIRM] = "firm",
        [VERDICT_RANGE] = "range",
        [VERDICT_INCONCLUSIVE] = "inconclusive",
    };

    return key[outcome];
}

const char *verdict_reason_key(unsigned bit)
{
    switch (bit) {
    case VERDICT_FEW_ANSWERS:
        return "n";
    case VERDICT_FEW_ORGS:
        return "org";
    case VERDICT_LOW_NEFF:
        return "neff";
    default:
        return "missing";
    }
}

bool verdict_disagree(const Verdict *a, const Verdict *b)
{
    return a->low && b->low && (a->high < b->low || b->high < a->low);
}

/* A map in declared order must not turn: «little» and «some» cannot swap places on the way. */
static bool map_is_sound(const ScaleEntry *entry, size_t entries, GError **error)
{
    int last = 0, direction = 0;

    for (size_t e = 0; e < entries; e++) {
        for (size_t f = 0; f < e; f++)
            if (entry[f].code == entry[e].code) {
                g_set_error(error, INNSIKT_ERROR, INNSIKT_ERROR_USAGE,
                            "code %d is declared twice: a code stands for one step", entry[e].code);
                return false;
            }
        if (entry[e].step == 0)
            continue;
        int turn = last ? (entry[e].step > last) - (entry[e].step < last) : 0;
        if (turn && direction && turn != direction) {
            g_set_error(error, INNSIKT_ERROR, INNSIKT_ERROR_USAGE,
                        "code %d breaks the order of the steps: declare codes from one end of the "
                        "scale to the other",
                        entry[e].code);
            return false;
        }
        direction = turn ? turn : direction;
        last = entry[e].step;
    }
    return true;
}

static const ScaleEntry *map_find(const ScaleEntry *entry, size_t entries, int code)
{
    for (size_t e = 0; e < entries; e++)
        if (entry[e].code == code)
            return &entry[e];
    return NULL;
}

bool verdict_map_scale(const ScaleEntry *entry, size_t entries, const int *code, size_t n,
                       int8_t *ret_step, GError **error)
{
    if (!map_is_sound(entry, entries, error))
        return false;
    for (size_t i = 0; i < n; i++)
        if (code[i] != VERDICT_NO_CODE && !map_find(entry, entries, code[i])) {
            g_set_error(error, INNSIKT_ERROR, INNSIKT_ERROR_DATA,
                        "answer %zu has code %d, which the scale does not declare: add it to the "
                        "scale, as a step or as missing",
                        i + 1, code[i]);
            return false;
        }
    for (size_t i = 0; i < n; i++)
        ret_step[i] = code[i] == VERDICT_NO_CODE ? 0 : map_find(entry, entries, code[i])->step;
    return true;
}

/* Weights of the respondents who answered anything, 0 for the rest. */
static void respondent_weights(const PoolInput *in, const double *answered, double *ret_w)
{
    g_autofree int8_t *any = g_new(int8_t, in->n_who + 1);

    for (size_t i = 0; i < in->n_who; i++)
        any[i] = answered[i] > 0;
    if (in->w)
        for (size_t i = 0; i < in->n_who; i++)
            ret_w[i] = any[i] ? in->w[i] : 0;
    else
        weights_equal_org(
            &(WeightInput){.n = in->n_who, .x = any, .org = in->org, .n_org = in->n_org}, ret_w,
            NULL);
}

Pool verdict_pool_items(const PoolInput *in)
{
    g_autofree double *answered = g_new0(double, in->n_who + 1); /* J_i */
    g_autofree bool *asked = g_new0(bool, in->n_who + 1);
    g_autofree double *w = g_new(double, in->n_who + 1);
    g_autofree double *answer_w = g_new(double, in->n_answers + 1);
    Pool p = {0};

    for (size_t a = 0; a < in->n_answers; a++) {
        answered[in->who[a]] += in->x[a] > 0;
        asked[in->who[a]] = true;
    }
    respondent_weights(in, answered, w);
    for (size_t a = 0; a < in->n_answers; a++)
        answer_w[a] = in->x[a] > 0 ? w[in->who[a]] / answered[in->who[a]] : 0;
    ordinal_tally(in->x, answer_w, in->n_answers, in->k, &p.tally);
    p.n_answers = p.tally.n;
    p.tally.n = p.tally.n_missing = 0;
    p.tally.sum_w2 = 0;
    for (size_t i = 0; i < in->n_who; i++) {
        p.tally.n += w[i] > 0;
        p.tally.n_missing += asked[i] && !(answered[i] > 0);
        p.tally.sum_w2 += w[i] * w[i];
    }
    p.size = neff_of_weights(w, in->org, in->n_who, in->n_org, in->rho);
    return p;
}
