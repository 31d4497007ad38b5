#include "collect/pages.h"

#include "collect/api.h"
#include "collect/json_tree.h"

#include <inttypes.h>
#include <string.h>

enum {
    ADDRESS_BYTES = 8192,
    EMPTY_PAGES = 100, /* in a row that lead on to others */
};

struct Pages {
    const Paging *paging;
    const char *url;
    char *address;
    GHashTable *read; /* addresses of this round */
    int number, empty;
    int64_t rows, total;
};

/* --- Link headers ---------------------------------------------------------------------------- */

static bool has_word(const char *words, const char *word)
{
    g_auto(GStrv) all = g_strsplit_set(words, " \t", -1);
    for (char **each = all; *each; each++)
        if (g_ascii_strcasecmp(*each, word) == 0)
            return true;
    return false;
}

/* A parameter's value, behind its `=`: a word, or a text in quotes. *at is moved behind it. */
static char *parameter_value(const char **at)
{
    const char *p = *at;
    g_autoptr(GString) value = g_string_new(NULL);
    if (*p != '"') {
        size_t n = strcspn(p, ";, \t");
        *at = p + n;
        return g_strndup(p, n);
    }
    for (p++; *p && *p != '"'; p++) {
        p += *p == '\\' && p[1];
        g_string_append_c(value, *p);
    }
    *at = *p ? p + 1 : p;
    return g_strdup(value->str);
}

/* Reads the parameters behind a target up to the comma; whether `rel` has the relation. Only the
 * first `rel` counts. */
static bool relation_fits(const char **at, const char *relation)
{
    bool found = false, fits = false;
    const char *p = *at;
    while (*p && *p != ',') {
        p += strspn(p, "; \t");
        size_t n = strcspn(p, "=;, \t");
        bool rel = n == 3 && g_ascii_strncasecmp(p, "rel", 3) == 0;
        p += n;
        p += strspn(p, " \t");
        if (*p != '=')
            continue;
        p++;
        p += strspn(p, " \t");
        g_autofree char *value = parameter_value(&p);
        if (rel && !found)
            fits = has_word(value, relation);
        found |= rel;
    }
    *at = p;
    return fits;
}

char *link_target(const char *links, const char *relation)
{
    for (const char *p = strchr(links, '<'); p; p = strchr(p, '<')) {
        const char *end = strchr(p, '>');
        if (!end)
            return NULL;
        g_autofree char *target = g_strndup(p + 1, (gsize)(end - p - 1));
        p = end + 1;
        if (relation_fits(&p, relation))
            return g_steal_pointer(&target);
    }
    return NULL;
}

/* --- addresses ------------------------------------------------------------------------------- */

static bool failed(GError **error, const char *why)
{
    g_set_error(error, INNSIKT_ERROR, INNSIKT_ERROR_PROTOCOL, "the server's next page %s", why);
    return false;
}

static int port_of(GUri *uri)
{
    int port = g_uri_get_port(uri);
    return port > 0 ? port : g_ascii_strcasecmp(g_uri_get_scheme(uri), "https") == 0 ? 443 : 80;
}

/* The address that a page or its header names, which may be relative. Credentials go with it, so it
 * may lead nowhere else. */
static char *resolve(const Pages *pages, const char *link, GError **error)
{
    const GUriFlags flags = G_URI_FLAGS_ENCODED | G_URI_FLAGS_PARSE_RELAXED;
    g_autoptr(GUri) base = g_uri_parse(pages->address, flags, NULL);
    g_autoptr(GUri) next =
        base && strlen(link) < ADDRESS_BYTES ? g_uri_parse_relative(base, link, flags, NULL) : NULL;
    if (!next || !g_uri_get_host(next)) {
        failed(error, "has no address that can be read");
        return NULL;
    }
    bool same = g_ascii_strcasecmp(g_uri_get_scheme(base), g_uri_get_scheme(next)) == 0 &&
                g_ascii_strcasecmp(g_uri_get_host(base), g_uri_get_host(next)) == 0 &&
                port_of(base) == port_of(next) && !g_uri_get_userinfo(next);
    if (!same) {
        g_set_error(error, INNSIKT_ERROR, INNSIKT_ERROR_PROTOCOL,
                    "the server's next page lies on another server (%s://%s); it is not asked "
                    "there. If that is where the API is now, write it in `url:`",
                    g_uri_get_scheme(next), g_uri_get_host(next));
        return NULL;
    }
    return g_uri_to_string_partial(next, G_URI_HIDE_FRAGMENT);
}

static char *with_parameter(const Pages *pages, const char *value)
{
    const Paging *paging = pages->paging;
    g_autofree char *size = g_strdup_printf("%d", paging->size);
    g_autofree char *sized = paging->size_parameter
                                 ? api_address(pages->url, paging->size_parameter, size)
                                 : g_strdup(pages->url);
    return value ? api_address(sized, paging->parameter, value) : g_steal_pointer(&sized);
}

static char *numbered(const Pages *pages)
{
    bool page = pages->paging->kind == PAGING_PAGE;
    g_autofree char *value = g_strdup_printf(
        "%" PRId64, page ? (int64_t)pages->paging->first + pages->number - 1 : pages->rows);
    return with_parameter(pages, value);
}

/* --- turning --------------------------------------------------------------------------------- */

/* Where the next page is, in *ret_link; NULL there: this was the last. */
static bool find_next(const Pages *pages, const PageShown *shown, char **ret_link, GError **error)
{
    const Paging *paging = pages->paging;
    json_object *next = paging->next ? json_at(shown->around, paging->next) : NULL;
    const char *cursor = paging->last ? shown->last : json_text(next);
    bool more = shown->rows > 0 && (pages->total < 0 || pages->rows < pages->total);
    g_autofree char *link = NULL;
    *ret_link = NULL;
    switch (paging->kind) {
    case PAGING_NONE:
        return true;
    case PAGING_PAGE:
    case PAGING_OFFSET:
        *ret_link = more ? numbered(pages) : NULL;
        return true;
    case PAGING_CURSOR:
        *ret_link = cursor && *cursor ? with_parameter(pages, cursor) : NULL;
        return true;
    case PAGING_LINK:
        if (cursor && *cursor)
            *ret_link = resolve(pages, cursor, error);
        return !cursor || !*cursor || *ret_link;
    case PAGING_HEADER:
        link = link_target(shown->links, "next");
        if (link)
            *ret_link = resolve(pages, link, error);
        return !link || *ret_link;
    }
    g_return_val_if_reached(false);
}

bool pages_turn(Pages *pages, const PageShown *shown, GError **error)
{
    const char *total =
        pages->paging->total ? json_text(json_at(shown->around, pages->paging->total)) : NULL;
    char *next;
    pages->total = total ? g_ascii_strtoll(total, NULL, 10) : -1;
    pages->rows += shown->rows;
    pages->number++;
    pages->empty = shown->rows ? 0 : pages->empty + 1;
    if (!find_next(pages, shown, &next, error))
        return false;
    g_free(pages->address);
    pages->address = next;
    if (next && !g_hash_table_add(pages->read, g_strdup(next)))
        return failed(error, "is one that was read already, so the list has no end");
    if (next && pages->empty > EMPTY_PAGES)
        return failed(error, "follows a hundred empty ones, so the list has no end");
    return true;
}

void pages_begin(Pages *pages)
{
    const PagingKind kind = pages->paging->kind;
    g_hash_table_remove_all(pages->read);
    g_free(pages->address);
    pages->number = 1;
    pages->rows = pages->empty = 0;
    pages->total = -1;
    pages->address = kind == PAGING_PAGE || kind == PAGING_OFFSET ? numbered(pages)
                                                                  : with_parameter(pages, NULL);
    g_hash_table_add(pages->read, g_strdup(pages->address));
}

Pages *pages_new(const Paging *paging, const char *url)
{
    Pages *pages = g_new0(Pages, 1);
    pages->paging = paging;
    pages->url = url;
    pages->read = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    pages_begin(pages);
    return pages;
}

void pages_free(Pages *pages)
{
    if (!pages)
        return;
    g_hash_table_unref(pages->read);
    g_free(pages->address);
    g_free(pages);
}

const char *pages_address(const Pages *pages)
{
    return pages->address;
}

int pages_number(const Pages *pages)
{
    return pages->number;
}

int64_t pages_total(const Pages *pages)
{
    return pages->total;
}
