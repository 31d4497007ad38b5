#include "schemas/period.h"

#include "schemas/response.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { EPOCH = 719163 }; /* 1970-01-01 as GDate counts */

static bool has_shape(const char *text, const char *shape)
{
    if (strlen(text) != strlen(shape))
        return false;
    for (; *shape; shape++, text++)
        if (*shape == 'd' ? !g_ascii_isdigit(*text) : *text != *shape)
            return false;
    return true;
}

uint32_t period_day(const char *text, bool last)
{
    const GDateYear year = (GDateYear)strtoul(text, NULL, 10);
    GDateDay day = last ? 31 : 1;
    int month = last ? 12 : 1;
    if (has_shape(text, "dddd-dd-dd")) {
        month = (int)strtoul(text + 5, NULL, 10);
        day = (GDateDay)strtoul(text + 8, NULL, 10);
    } else if (!has_shape(text, "dddd")) {
        return 0;
    }
    if (month < 1 || month > 12 || !g_date_valid_dmy(day, (GDateMonth)month, year))
        return 0;
    GDate date;
    g_date_clear(&date, 1);
    g_date_set_dmy(&date, day, (GDateMonth)month, year);
    return g_date_get_julian(&date);
}

uint32_t period_day_of(int64_t instant)
{
    const int64_t day = (int64_t)24 * 60 * 60 * 1000000;
    if (instant == TIME_UNKNOWN)
        return 0;
    const int64_t days = instant / day - (instant % day < 0);
    return days + EPOCH > 0 ? (uint32_t)(days + EPOCH) : 0;
}

static uint32_t day_read(YamlFile *file, const YamlNode *map, const char *key, bool last)
{
    const YamlNode *node = yaml_get(map, key);
    const char *text = node ? yaml_text(file, node, key) : NULL;
    const uint32_t day = text ? period_day(text, last) : 0;
    if (text && !day) {
        g_autofree char *shown = yaml_shown(node);
        yaml_complain(file, node, "%s: %s is no year and no day; write it as 2022 or 2022-12-31",
                      key, shown);
    }
    return day;
}

void period_read(YamlFile *file, const YamlNode *map, bool has_at, Period *ret)
{
    static const char *const known[] = {"from", "to", "at", NULL};
    static const char *const known_plain[] = {"from", "to", NULL};
    if (yaml_null(map) || !yaml_is(file, map, YAML_MAP, "period"))
        return;
    yaml_known(file, map, has_at ? known : known_plain);
    if (has_at)
        ret->at = day_read(file, map, "at", true);
    if (has_at && !yaml_get(map, "from") && !yaml_get(map, "to"))
        return;
    const uint32_t from = day_read(file, map, "from", false);
    const uint32_t to = day_read(file, map, "to", true);
    if (!yaml_get(map, "from") || !yaml_get(map, "to")) {
        yaml_complain(file, map,
                      "a period has a `from` and a `to`; write `{from: 2017, to: 2022}`");
    } else if (from && to && from > to) {
        yaml_complain(file, map, "this period ends before it begins; let `to` be the later one");
    } else {
        ret->from = from;
        ret->to = to;
    }
}

double period_elapsed(const Period *period, uint32_t day)
{
    if (!period->from || !period->to || !day)
        return NAN;
    const double passed = (double)day - period->from, all = (double)period->to + 1 - period->from;
    return CLAMP(passed / all, 0.0, 1.0);
}
