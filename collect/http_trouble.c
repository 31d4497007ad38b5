#include "collect/http_private.h"

#include <string.h>

static const HttpTrouble troubles[] = {
    {CURLE_COULDNT_RESOLVE_HOST, INNSIKT_ERROR_NOT_FOUND, true,
     "there is no such host; check `url:` and the network"},
    {CURLE_COULDNT_RESOLVE_PROXY, INNSIKT_ERROR_NETWORK, true,
     "there is no such proxy; check `proxy:` or https_proxy"},
    {CURLE_COULDNT_CONNECT, INNSIKT_ERROR_NETWORK, true,
     "no connection; check `url:` and that the server is up"},
    {CURLE_OPERATION_TIMEDOUT, INNSIKT_ERROR_NETWORK, true, "no connection within 15 seconds"},
    {CURLE_ABORTED_BY_CALLBACK, INNSIKT_ERROR_NETWORK, true, "the server fell silent"},
    {CURLE_GOT_NOTHING, INNSIKT_ERROR_NETWORK, true, "the server hung up without a word"},
    {CURLE_SEND_ERROR, INNSIKT_ERROR_NETWORK, true, "the connection broke"},
    {CURLE_RECV_ERROR, INNSIKT_ERROR_NETWORK, true, "the connection broke"},
    {CURLE_PARTIAL_FILE, INNSIKT_ERROR_NETWORK, true, "the reply was cut short"},
    {CURLE_HTTP2, INNSIKT_ERROR_NETWORK, true, "the connection broke"},
    {CURLE_HTTP2_STREAM, INNSIKT_ERROR_NETWORK, true, "the connection broke"},
    {CURLE_SSL_CONNECT_ERROR, INNSIKT_ERROR_NETWORK, true, "no secure connection came about"},
    {CURLE_PEER_FAILED_VERIFICATION, INNSIKT_ERROR_NETWORK, false,
     "the server's certificate is not one we trust; if it is your own authority's, name its file "
     "in "
     "`ca_file:`"},
    {CURLE_SSL_PINNEDPUBKEYNOTMATCH, INNSIKT_ERROR_NETWORK, false,
     "the server's key is none of those in `pin:`; if it has got a new one, ask who runs it and "
     "write that"},
    {CURLE_SSL_CACERT_BADFILE, INNSIKT_ERROR_USAGE, false,
     "the file of trusted certificates cannot be read; check `ca_file:`, SSL_CERT_FILE and "
     "CURL_CA_BUNDLE"},
    {CURLE_BAD_CONTENT_ENCODING, INNSIKT_ERROR_PROTOCOL, false, "the reply cannot be unpacked"},
    {CURLE_WEIRD_SERVER_REPLY, INNSIKT_ERROR_PROTOCOL, false, "this is no web server"},
    {CURLE_UNSUPPORTED_PROTOCOL, INNSIKT_ERROR_PROTOCOL, false, "this is no web server"},
    {CURLE_OUT_OF_MEMORY, INNSIKT_ERROR_SYSTEM, false, "out of memory"},
};

/* What the two sides cannot agree on stays so; a line that broke meanwhile may hold the next time.
 */
static bool is_disagreement(const char *complaint)
{
    return strstr(complaint, "SSL routines") && !strstr(complaint, "unexpected eof");
}

HttpTrouble http_trouble(CURLcode code, const char *complaint)
{
    if (code == CURLE_SSL_CONNECT_ERROR && is_disagreement(complaint))
        return (HttpTrouble){code, INNSIKT_ERROR_NETWORK, false,
                             "no secure connection came about; the server must speak TLS 1.2 or "
                             "newer"};
    if (strstr(complaint, "CONNECT tunnel failed, response 407"))
        return (HttpTrouble){code, INNSIKT_ERROR_AUTH, false,
                             "the proxy refuses the user or the password, or wants them; check "
                             "`proxy_user:` and `proxy_password:`"};
    for (size_t i = 0; i < G_N_ELEMENTS(troubles); i++)
        if (troubles[i].code == code)
            return troubles[i];
    return (HttpTrouble){code, INNSIKT_ERROR_NETWORK, false, curl_easy_strerror(code)};
}
