#include "analyze/undefined.h"

static const char *const keys[UNDEFINED_COUNT] = {
    [UNDEFINED_NOT] = "",
    [UNDEFINED_NO_ANSWERS] = "no_answers",
    [UNDEFINED_TOO_FEW] = "too_few",
    [UNDEFINED_FEW_ORGS] = "few_organisations",
    [UNDEFINED_SINGLE_ORGS] = "single_answers",
    [UNDEFINED_NO_SPREAD] = "no_spread",
    [UNDEFINED_FEW_STEPS] = "few_steps",
    [UNDEFINED_NOT_DECLARED] = "not_declared",
    [UNDEFINED_INCOMPLETE] = "incomplete",
    [UNDEFINED_NO_FRAME] = "no_frame",
    [UNDEFINED_OUTSIDE] = "outside",
};

const char *undefined_key(Undefined why)
{
    return keys[why];
}
