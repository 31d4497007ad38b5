#include "collect/limesurvey_epoch.h"

#include "schemas/response.h"

#include <json-c/json.h>
#include <string.h>

enum { WITNESSES = 8, PRINT_DIGITS = 16 };

typedef struct {
    int64_t id;
    char print[PRINT_DIGITS + 1]; /* of start time and seed; "" while unheard */
} Witness;

struct LsEpoch {
    int64_t number;
    bool known;
    Witness witness[WITNESSES]; /* by id */
    size_t n;
    int same, other; /* in this hearing */
};

static void read_witness(LsEpoch *epoch, json_object *pair)
{
    const char *print = json_object_get_string(json_object_array_get_idx(pair, 1));
    if (epoch->n == WITNESSES || !print || strlen(print) != PRINT_DIGITS)
        return;
    Witness *witness = &epoch->witness[epoch->n++];
    witness->id = json_object_get_int64(json_object_array_get_idx(pair, 0));
    g_strlcpy(witness->print, print, sizeof witness->print);
}

LsEpoch *ls_epoch_new(const char *cursor)
{
    LsEpoch *epoch = g_new0(LsEpoch, 1);
    json_object *root = cursor ? json_tokener_parse(cursor) : NULL, *value;
    if (!json_object_is_type(root, json_type_object)) {
        json_object_put(root);
        return epoch;
    }
    if (json_object_object_get_ex(root, "epoch", &value))
        epoch->number = MAX(json_object_get_int64(value), 0);
    if (json_object_object_get_ex(root, "first", &value) &&
        json_object_is_type(value, json_type_array))
        for (size_t i = 0; i < json_object_array_length(value); i++) {
            json_object *pair = json_object_array_get_idx(value, i);
            if (json_object_is_type(pair, json_type_array) && json_object_array_length(pair) == 2)
                read_witness(epoch, pair);
        }
    json_object_put(root);
    epoch->known = epoch->n > 0;
    return epoch;
}

void ls_epoch_free(LsEpoch *epoch)
{
    g_free(epoch);
}

char *ls_epoch_cursor(const LsEpoch *epoch, int64_t swept)
{
    json_object *root = json_object_new_object(), *first = json_object_new_array();
    json_object_object_add(root, "epoch", json_object_new_int64(epoch->number));
    for (size_t i = 0; i < epoch->n; i++) {
        if (!*epoch->witness[i].print)
            continue;
        json_object *pair = json_object_new_array();
        json_object_array_add(pair, json_object_new_int64(epoch->witness[i].id));
        json_object_array_add(pair, json_object_new_string(epoch->witness[i].print));
        json_object_array_add(first, pair);
    }
    json_object_object_add(root, "first", first);
    if (swept != TIME_UNKNOWN)
        json_object_object_add(root, "swept", json_object_new_int64(swept));
    char *cursor = g_strdup(json_object_to_json_string_ext(root, JSON_C_TO_STRING_PLAIN));
    json_object_put(root);
    return cursor;
}

char *ls_epoch_key(const LsEpoch *epoch, int64_t id)
{
    if (epoch->number == 0)
        return g_strdup_printf("%" G_GINT64_FORMAT, id);
    return g_strdup_printf("e%" G_GINT64_FORMAT ":%018" G_GINT64_FORMAT, epoch->number, id);
}

int64_t ls_epoch_id(const LsEpoch *epoch, const char *key)
{
    if (epoch->number > 0) {
        g_autofree char *prefix = g_strdup_printf("e%" G_GINT64_FORMAT ":", epoch->number);
        if (!g_str_has_prefix(key, prefix))
            return -1;
        key += strlen(prefix);
    }
    guint64 id;
    return g_ascii_string_to_unsigned(key, 10, 0, G_MAXINT64, &id, NULL) ? (int64_t)id : -1;
}

void ls_epoch_listed(LsEpoch *epoch, int64_t id)
{
    if (epoch->known || (epoch->n == WITNESSES && id >= epoch->witness[WITNESSES - 1].id))
        return;
    size_t at = 0;
    while (at < epoch->n && epoch->witness[at].id < id)
        at++;
    if (at < epoch->n && epoch->witness[at].id == id)
        return;
    epoch->n = MIN(epoch->n + 1, (size_t)WITNESSES);
    memmove(&epoch->witness[at + 1], &epoch->witness[at],
            (epoch->n - at - 1) * sizeof epoch->witness[0]);
    epoch->witness[at] = (Witness){.id = id};
}

bool ls_epoch_known(const LsEpoch *epoch)
{
    return epoch->known;
}

bool ls_epoch_span(const LsEpoch *epoch, int64_t *ret_low, int64_t *ret_high)
{
    if (epoch->n == 0)
        return false;
    *ret_low = epoch->witness[0].id;
    *ret_high = epoch->witness[epoch->n - 1].id;
    return true;
}

void ls_epoch_hear_begin(LsEpoch *epoch)
{
    epoch->same = epoch->other = 0;
}

/* Start times and seeds are kept as a digest only: nobody asked for them. */
static void print_of(const char *startdate, const char *seed, char ret[PRINT_DIGITS + 1])
{
    g_autofree char *both = g_strdup_printf("%s/%s", startdate, seed);
    g_autofree char *digest = g_compute_checksum_for_string(G_CHECKSUM_SHA256, both, -1);
    g_strlcpy(ret, digest, PRINT_DIGITS + 1);
}

void ls_epoch_hear(LsEpoch *epoch, int64_t id, const char *startdate, const char *seed)
{
    if (!*startdate && !*seed)
        return;
    char print[PRINT_DIGITS + 1];
    print_of(startdate, seed, print);
    for (size_t i = 0; i < epoch->n; i++) {
        Witness *witness = &epoch->witness[i];
        if (witness->id != id)
            continue;
        if (!epoch->known)
            memcpy(witness->print, print, sizeof print);
        else if (strcmp(witness->print, print) == 0)
            epoch->same++;
        else
            epoch->other++;
    }
}

bool ls_epoch_hear_end(LsEpoch *epoch)
{
    if (!epoch->known) {
        for (size_t i = 0; i < epoch->n; i++)
            epoch->known = epoch->known || *epoch->witness[i].print;
        return false;
    }
    if (epoch->other <= epoch->same)
        return false;
    epoch->number++;
    epoch->n = 0;
    epoch->known = false;
    return true;
}
