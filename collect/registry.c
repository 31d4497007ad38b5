#include "collect/collector.h"

#include "schemas/error.h"
#include "schemas/nearest.h"

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

void collector_unknown(const Source *source, GError **error)
{
    const char *kinds[G_N_ELEMENTS(registry)] = {NULL};
    for (size_t i = 0; registry[i]; i++)
        kinds[i] = registry[i]->kind;
    g_autofree char *help = nearest_help(source->kind, kinds);
    g_set_error(error, INNSIKT_ERROR, INNSIKT_ERROR_USAGE,
                "there is no kind of source \"%s\" (`kind:` in line %d or below); %s", source->kind,
                source->line, help);
}
