#include "analyze/units.h"

#include <glib.h>

size_t units_number(const uint32_t *org, const uint32_t *group, const double *share, size_t n,
                    size_t n_org, uint32_t *ret_unit, Unit *ret)
{
    g_autofree uint32_t *head = g_new(uint32_t, n_org + 1); /* newest unit of an organisation */
    g_autofree uint32_t *next = g_new(uint32_t, n + 1);     /* its unit in an earlier seen group */
    size_t count = 0;

    for (size_t o = 0; o < n_org; o++)
        head[o] = NO_INDEX;
    for (size_t i = 0; i < n; i++) {
        uint32_t g = group ? group[i] : 0;
        ret_unit[i] = NO_INDEX;
        if (!(share[i] > 0) || g == NO_INDEX)
            continue;
        g_assert(org[i] < n_org);
        uint32_t u = head[org[i]];
        while (u != NO_INDEX && ret[u].group != g)
            u = next[u];
        if (u == NO_INDEX) {
            u = (uint32_t)count++;
            ret[u] = (Unit){.org = org[i], .group = g};
            next[u] = head[org[i]];
            head[org[i]] = u;
        }
        ret[u].persons += share[i];
        ret_unit[i] = u;
    }
    return count;
}
