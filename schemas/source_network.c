/* The keys of a source that say how its server is reached over the network. */
#include "schemas/project_read.h"

#include <string.h>

static bool is_reference(const char *text)
{
    return g_str_has_prefix(text, "env:");
}

static char *ca_file_read(ProjectReader *reader, const YamlNode *map)
{
    g_autofree char *named = optional_text(reader->file, map, "ca_file");
    if (!named || is_reference(named))
        return g_steal_pointer(&named);
    g_autofree char *folder = g_canonicalize_filename(reader->project->folder, NULL);
    return g_canonicalize_filename(named, folder);
}

/* sha256// and the Base64 of 32 bytes, as curl and the browsers' tools write it. */
static bool pin_sound(const char *pin)
{
    static const char prefix[] = "sha256//";
    enum { BASE64_OF_32 = 44, SHA256_BYTES = 32 };
    if (!g_str_has_prefix(pin, prefix) || strlen(pin) != strlen(prefix) + BASE64_OF_32)
        return false;
    gsize n = 0;
    g_autofree guchar *bytes = g_base64_decode(pin + strlen(prefix), &n);
    g_autofree char *again = g_base64_encode(bytes, n);
    return n == SHA256_BYTES && g_str_equal(again, pin + strlen(prefix));
}

static char *pin_read(ProjectReader *reader, const YamlNode *map)
{
    g_autofree char *pin = optional_text(reader->file, map, "pin");
    if (!pin || is_reference(pin))
        return g_steal_pointer(&pin);
    g_auto(GStrv) pins = g_strsplit(pin, ";", -1);
    for (char **one = pins; *one; one++)
        if (!pin_sound(*one)) {
            yaml_complain(reader->file, yaml_get(map, "pin"),
                          "pin is no SHA-256 of a public key; write sha256// and its 44 signs of "
                          "Base64, several with `;` between");
            return NULL;
        }
    return g_steal_pointer(&pin);
}

static char *proxy_read(ProjectReader *reader, const YamlNode *map)
{
    static const char *const schemes[] = {"http", "https", "socks5", "socks5h", NULL};
    const YamlNode *node = yaml_get(map, "proxy");
    g_autofree char *proxy = optional_text(reader->file, map, "proxy");
    if (!proxy || is_reference(proxy))
        return g_steal_pointer(&proxy);
    if (g_str_equal(proxy, "none"))
        return g_strdup("");
    g_autoptr(GUri) parsed = g_uri_parse(proxy, G_URI_FLAGS_HAS_PASSWORD, NULL);
    if (!parsed || !g_uri_get_host(parsed) || !*g_uri_get_host(parsed) ||
        !g_strv_contains(schemes, g_uri_get_scheme(parsed))) {
        yaml_complain(reader->file, node,
                      "proxy is no address; write http://HOST:PORT (or https, socks5, socks5h), or "
                      "`none` for no proxy whatever the environment says");
        return NULL;
    }
    if (g_uri_get_userinfo(parsed)) {
        yaml_complain(reader->file, node,
                      "proxy holds a user or password; write them under proxy_user: and "
                      "proxy_password:");
        return NULL;
    }
    return g_steal_pointer(&proxy);
}

void source_network_read(ProjectReader *reader, Source *source, const YamlNode *map)
{
    source->ca_file = ca_file_read(reader, map);
    source->pin = pin_read(reader, map);
    source->proxy = proxy_read(reader, map);
    source->proxy_user_ref = secret_ref_read(reader, map, "proxy_user", true);
    source->proxy_password_ref = secret_ref_read(reader, map, "proxy_password", false);
    const YamlNode *user = yaml_get(map, "proxy_user");
    const YamlNode *password = yaml_get(map, "proxy_password");
    if (!user != !password)
        yaml_complain(reader->file, user ? user : password,
                      "proxy_user and proxy_password belong together; add the other, or leave both "
                      "out");
}

void source_network_clear(Source *source)
{
    char *const texts[] = {source->ca_file, source->pin, source->proxy, source->proxy_user_ref,
                           source->proxy_password_ref};
    for (size_t i = 0; i < G_N_ELEMENTS(texts); i++)
        g_free(texts[i]);
}
