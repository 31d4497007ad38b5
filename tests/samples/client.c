#include "tests/samples/client.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* build/<mode>/tests/samples/test_x -> build/<mode>/samples/server/formserver */
static char *program_path(void)
{
    g_autofree char *self = g_file_read_link("/proc/self/exe", NULL);
    g_autofree char *folder = g_path_get_dirname(self);
    return g_build_filename(folder, "..", "..", "samples", "server", "formserver", NULL);
}

static char **command_line(const char *const *arguments)
{
    GPtrArray *line = g_ptr_array_new();
    g_ptr_array_add(line, program_path());
    g_ptr_array_add(line, g_strdup("--until-eof"));
    for (; *arguments != NULL; arguments++) {
        g_ptr_array_add(line, g_strdup(*arguments));
    }
    g_ptr_array_add(line, NULL);
    return (char **)g_ptr_array_free(line, FALSE);
}

static guint16 read_port(int output)
{
    char line[64] = "";
    for (size_t n = 0; n + 1 < sizeof line && strchr(line, '\n') == NULL; n++) {
        assert_int_equal(read(output, line + n, 1), 1);
    }
    assert_true(g_str_has_prefix(line, "ready "));
    return (guint16)g_ascii_strtoull(line + strlen("ready "), NULL, 10);
}

Server *server_start(const char *const *arguments, bool login)
{
    g_setenv("INNSIKT_SAMPLE_PASSWORD", CLIENT_PASSWORD, TRUE);
    g_auto(GStrv) line = command_line(arguments);
    Server *server = g_new0(Server, 1);
    g_autoptr(GError) error = NULL;
    int output;
    if (!g_spawn_async_with_pipes(NULL, line, NULL, G_SPAWN_DO_NOT_REAP_CHILD, NULL, NULL,
                                  &server->pid, &server->input, &output, NULL, &error)) {
        fail_msg("%s", error->message);
    }
    server->port = read_port(output);
    close(output);
    server->base = g_strdup_printf("http://127.0.0.1:%u", server->port);
    server->key = g_strdup("none");
    if (login) {
        json_object *key = server_result(server, "get_session_key", "[\"%s\",\"%s\"]", CLIENT_USER,
                                         CLIENT_PASSWORD);
        g_free(server->key);
        server->key = g_strdup(json_object_get_string(key));
        json_object_put(key);
    }
    return server;
}

void server_stop(Server *server)
{
    int status;
    close(server->input);
    assert_int_equal(waitpid(server->pid, &status, 0), server->pid);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    g_free(server->base);
    g_free(server->key);
    g_free(server);
}

char *server_refusal(const char *const *arguments, int *ret_status)
{
    g_setenv("INNSIKT_SAMPLE_PASSWORD", CLIENT_PASSWORD, TRUE);
    g_auto(GStrv) line = command_line(arguments);
    char *message = NULL;
    int status;
    assert_true(g_spawn_sync(NULL, line, NULL, G_SPAWN_STDOUT_TO_DEV_NULL, NULL, NULL, NULL,
                             &message, &status, NULL));
    *ret_status = WEXITSTATUS(status);
    return message;
}

typedef struct {
    GString *body;
    gsize most;
} Sink;

static size_t take_body(char *bytes, size_t size, size_t n, void *data)
{
    Sink *sink = data;
    g_string_append_len(sink->body, bytes, (gssize)(size * n));
    return sink->most > 0 && sink->body->len > sink->most ? 0 : size * n;
}

static char *header_of(CURL *curl, const char *name)
{
    struct curl_header *header;
    return g_strdup(curl_easy_header(curl, name, 0, CURLH_HEADER, -1, &header) == CURLHE_OK
                        ? header->value
                        : "");
}

ServerAnswer server_ask(const Server *server, const Ask *ask)
{
    CURL *curl = curl_easy_init();
    g_autofree char *url = g_strconcat(
        server->base, ask->path == NULL ? "/index.php/admin/remotecontrol" : ask->path, NULL);
    g_autofree char *type = g_strconcat(
        "Content-Type: ", ask->content_type == NULL ? "application/json" : ask->content_type, NULL);
    struct curl_slist *headers = curl_slist_append(NULL, type);
    if (ask->header != NULL) {
        headers = curl_slist_append(headers, ask->header);
    }
    Sink sink = {.body = g_string_new(NULL), .most = ask->most};
    curl_easy_setopt(curl, CURLOPT_URL, url);
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(curl, CURLOPT_ACCEPT_ENCODING, ask->encoding);
    curl_easy_setopt(curl, CURLOPT_PROXY, "");
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take_body);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, &sink);
    if (ask->body != NULL) {
        curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE, (long)strlen(ask->body));
        curl_easy_setopt(curl, CURLOPT_POSTFIELDS, ask->body);
    }
    ServerAnswer answer = {.code = curl_easy_perform(curl), .body = sink.body};
    curl_off_t size = 0;
    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &answer.status);
    curl_easy_getinfo(curl, CURLINFO_SIZE_DOWNLOAD_T, &size);
    answer.wire_bytes = size;
    answer.content_type = header_of(curl, "Content-Type");
    answer.retry_after = header_of(curl, "Retry-After");
    answer.location = header_of(curl, "Location");
    curl_slist_free_all(headers);
    curl_easy_cleanup(curl);
    return answer;
}

void answer_clear(ServerAnswer *answer)
{
    g_free(answer->content_type);
    g_free(answer->retry_after);
    g_free(answer->location);
    g_string_free(answer->body, TRUE);
}

static char *call_with(const Server *server, const char *method, const char *format,
                       va_list arguments) G_GNUC_PRINTF(3, 0);
static char *call_with(const Server *server, const char *method, const char *format,
                       va_list arguments)
{
    g_autofree char *parameters = g_strdup_vprintf(format, arguments);
    g_autoptr(GString) body = g_string_new(NULL);
    g_string_printf(body, "{\"method\":\"%s\",\"params\":%s,\"id\":1}", method, parameters);
    g_string_replace(body, "$KEY", server->key, 0);
    const Ask ask = {.body = body->str};
    ServerAnswer answer = server_ask(server, &ask);
    assert_int_equal(answer.code, CURLE_OK);
    char *text = g_strndup(answer.body->str, answer.body->len);
    answer_clear(&answer);
    return text;
}

char *server_call(const Server *server, const char *method, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    char *text = call_with(server, method, format, arguments);
    va_end(arguments);
    return text;
}

static json_object *result_of(const char *text)
{
    json_object *envelope = json_tokener_parse(text);
    if (!json_object_is_type(envelope, json_type_object)) {
        fail_msg("no envelope: %.200s", text);
    }
    assert_int_equal(json_object_get_int(json_object_object_get(envelope, "id")), 1);
    json_object *result = json_object_get(json_object_object_get(envelope, "result"));
    json_object_put(envelope);
    return result;
}

json_object *server_result(const Server *server, const char *method, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    g_autofree char *text = call_with(server, method, format, arguments);
    va_end(arguments);
    return result_of(text);
}

char *server_export(const Server *server, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    g_autofree char *text = call_with(server, "export_responses", format, arguments);
    va_end(arguments);
    json_object *result = result_of(text);
    char *file = NULL;
    if (json_object_is_type(result, json_type_string)) {
        gsize length;
        g_autofree guchar *bytes = g_base64_decode(json_object_get_string(result), &length);
        file = g_strndup((const char *)bytes, length);
    }
    json_object_put(result);
    return file;
}

void server_order(const Server *server, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    g_autofree char *order = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    const Ask ask = {.path = "/_control", .body = order};
    ServerAnswer answer = server_ask(server, &ask);
    if (answer.status != 200) {
        fail_msg("%s: %s", order, answer.body->str);
    }
    answer_clear(&answer);
}

gint64 server_log(const Server *server, const char *path)
{
    const Ask ask = {.path = "/_control/log"};
    ServerAnswer answer = server_ask(server, &ask);
    json_object *log = json_tokener_parse(answer.body->str);
    json_object *value = log;
    g_auto(GStrv) names = g_strsplit(path, "/", -1);
    for (char **name = names; *name != NULL; name++) {
        value = value == NULL ? NULL : json_object_object_get(value, *name);
    }
    const gint64 number = json_object_get_int64(value);
    json_object_put(log);
    answer_clear(&answer);
    return number;
}

void assert_refused(json_object *result, const char *text)
{
    json_object *status = json_object_is_type(result, json_type_object)
                              ? json_object_object_get(result, "status")
                              : NULL;
    if (g_strcmp0(json_object_get_string(status), text) != 0) {
        fail_msg("%s, expected the status «%s»", json_object_to_json_string(result), text);
    }
    json_object_put(result);
}

char *export_ids(const char *file)
{
    json_object *export = json_tokener_parse(file);
    json_object *rows = json_object_object_get(export, "responses");
    GString *ids = g_string_new(NULL);
    for (size_t i = 0; i < json_object_array_length(rows); i++) {
        json_object *id = json_object_object_get(json_object_array_get_idx(rows, i), "id");
        g_string_append_printf(ids, i == 0 ? "%s" : " %s", json_object_to_json_string(id));
    }
    json_object_put(export);
    return g_string_free(ids, FALSE);
}
