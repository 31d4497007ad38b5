#include "collect/collector.h"

#define COLLECTOR(kind) extern const Collector collector_##kind;
#include "collect/collectors.def"
#undef COLLECTOR

static const Collector *const registry[] = {
#define COLLECTOR(kind) &collector_##kind,
#include "collect/collectors.def"
#undef COLLECTOR
    NULL,
};

const Collector *collector_find(const char *kind)
{
    for (size_t i = 0; registry[i]; i++)
        if (g_strcmp0(registry[i]->kind, kind) == 0)
            return registry[i];
    return NULL;
}

const Collector *const *collectors_all(void)
{
    return registry;
}
