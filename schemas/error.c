#include "schemas/error.h"

G_DEFINE_QUARK(innsikt - error - quark, innsikt_error)

int innsikt_error_status(const GError *error)
{
    if (!error)
        return 0;
    if (g_error_matches(error, INNSIKT_ERROR, INNSIKT_ERROR_USAGE))
        return 2;
    if (g_error_matches(error, INNSIKT_ERROR, INNSIKT_ERROR_PARTIAL))
        return 3;
    return 1;
}
