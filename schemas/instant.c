#include "schemas/instant.h"

#include "schemas/response.h"

static GDateTime *date_of(int64_t instant, GTimeZone *zone)
{
    g_autoptr(GDateTime) whole = g_date_time_new_from_unix_utc(instant / G_USEC_PER_SEC);
    if (!whole)
        return NULL;
    return zone ? g_date_time_to_timezone(whole, zone) : g_date_time_ref(whole);
}

int64_t instant_now(void)
{
    const char *fixed = g_getenv("INNSIKT_NOW");
    if (fixed) {
        g_autoptr(GDateTime) date = g_date_time_new_from_iso8601(fixed, NULL);
        if (date)
            return g_date_time_to_unix(date) * G_USEC_PER_SEC + g_date_time_get_microsecond(date);
    }
    return g_get_real_time();
}

char *instant_iso(int64_t instant)
{
    if (instant == TIME_UNKNOWN)
        return NULL;
    g_autoptr(GDateTime) date = date_of(instant, NULL);
    if (!date)
        return NULL;
    g_autofree char *second = g_date_time_format(date, "%Y-%m-%dT%H:%M:%S");
    int64_t rest = instant % G_USEC_PER_SEC;
    return rest ? g_strdup_printf("%s.%06dZ", second, (int)(rest < 0 ? -rest : rest))
                : g_strconcat(second, "Z", NULL);
}

char *instant_day(int64_t instant, GTimeZone *zone)
{
    if (instant == TIME_UNKNOWN)
        return NULL;
    g_autoptr(GDateTime) date = date_of(instant, zone);
    return date ? g_date_time_format(date, "%Y-%m-%d") : NULL;
}
