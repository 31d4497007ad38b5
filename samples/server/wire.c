#include "samples/server/wire.h"

#include <string.h>
#include <sys/socket.h>
#include <zlib.h>

enum { BLOCK = 32768, SMALLEST_GZIP = 1024 };

/* A body that is handed out piece by piece because something is to happen on the way. */
typedef struct {
    Wire *wire;
    struct MHD_Connection *connection;
    GString *body;
    gsize end;     /* this many bytes are sent before what is to happen, happens */
    bool reset;    /* the connection is reset there; else it is closed, or the body just ends */
    bool cut;      /* … closed as a failure */
    gint64 blanks; /* that follow the body; -1: without end */
    guint drip;    /* milliseconds between two bytes; 0: as fast as it goes */
    guint timer;   /* source id while it waits */
    bool due;
    z_stream *deflate; /* the body is compressed on the way; NULL: it is not */
} Stream;

void wire_open(Wire *wire, void (*woken)(gpointer data), gpointer data)
{
    *wire = (Wire){.waiting = g_hash_table_new(NULL, NULL), .woken = woken, .data = data};
}

static void wait_on(Wire *wire, struct MHD_Connection *connection)
{
    g_hash_table_add(wire->waiting, connection);
    MHD_suspend_connection(connection);
}

static void wake(Wire *wire, struct MHD_Connection *connection)
{
    if (g_hash_table_remove(wire->waiting, connection)) {
        MHD_resume_connection(connection);
    }
}

void wire_close(Wire *wire)
{
    GHashTableIter each;
    gpointer connection;
    g_hash_table_iter_init(&each, wire->waiting);
    while (g_hash_table_iter_next(&each, &connection, NULL)) {
        MHD_resume_connection(connection);
    }
    g_hash_table_unref(wire->waiting);
    wire->waiting = NULL;
}

/* Closing a socket that lingers for no time sends a reset in place of an orderly end. */
static void make_reset(struct MHD_Connection *connection)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    const struct linger linger = {.l_onoff = 1, .l_linger = 0};
    setsockopt(info->connect_fd, SOL_SOCKET, SO_LINGER, &linger, sizeof linger);
}

static void stream_free(void *data)
{
    Stream *stream = data;
    if (stream->timer != 0) {
        g_source_remove(stream->timer);
    }
    if (stream->deflate != NULL) {
        deflateEnd(stream->deflate);
        g_free(stream->deflate);
    }
    g_string_free(stream->body, TRUE);
    g_free(stream);
}

static gboolean drip_due(gpointer data)
{
    Stream *stream = data;
    stream->timer = 0;
    stream->due = true;
    wake(stream->wire, stream->connection);
    stream->wire->woken(stream->wire->data);
    return G_SOURCE_REMOVE;
}

static ssize_t at_end(Stream *stream)
{
    if (stream->reset) {
        make_reset(stream->connection);
    }
    return stream->reset || stream->cut ? MHD_CONTENT_READER_END_WITH_ERROR
                                        : MHD_CONTENT_READER_END_OF_STREAM;
}

/* How many bytes from pos on are put into bytes: of the body, then blanks. */
static size_t read_plain(Stream *stream, uint64_t pos, char *bytes, size_t most)
{
    if (pos < stream->end) {
        const size_t n = MIN(stream->end - pos, most);
        memcpy(bytes, stream->body->str + pos, n);
        return n;
    }
    const uint64_t blanks = pos - stream->end;
    const size_t n =
        stream->blanks < 0 ? most : (size_t)MIN((uint64_t)stream->blanks - blanks, (uint64_t)most);
    memset(bytes, ' ', n);
    return n;
}

static ssize_t read_deflated(Stream *stream, char *bytes, size_t most)
{
    z_stream *z = stream->deflate;
    char plain[BLOCK];
    z->next_out = (Bytef *)bytes;
    z->avail_out = (uInt)MIN(most, (size_t)G_MAXINT32);
    const uInt room = z->avail_out;
    while (z->avail_out == room) {
        const size_t n = read_plain(stream, z->total_in, plain, sizeof plain);
        z->next_in = (Bytef *)plain;
        z->avail_in = (uInt)n;
        const int state = deflate(z, n == 0 ? Z_FINISH : Z_NO_FLUSH);
        g_assert(z->avail_in == 0 || z->avail_out == 0);
        /* What did not fit is read again: total_in counts only what was taken. */
        if (state == Z_STREAM_END && z->avail_out == room) {
            return at_end(stream);
        }
        if (state == Z_STREAM_END) {
            break;
        }
    }
    return (ssize_t)(room - z->avail_out);
}

static ssize_t read_stream(void *data, uint64_t pos, char *bytes, size_t most)
{
    Stream *stream = data;
    if (stream->wire->waiting == NULL) { /* the server is about to end */
        return MHD_CONTENT_READER_END_WITH_ERROR;
    }
    if (stream->drip > 0 && !stream->due) {
        if (stream->timer == 0) {
            stream->timer = g_timeout_add(stream->drip, drip_due, stream);
        }
        wait_on(stream->wire, stream->connection);
        return 0;
    }
    if (stream->deflate != NULL) {
        return read_deflated(stream, bytes, most);
    }
    stream->due = false;
    const size_t n = read_plain(stream, pos, bytes, stream->drip > 0 ? 1 : most);
    return n == 0 ? at_end(stream) : (ssize_t)n;
}

static bool compress_body(GString *body)
{
    z_stream z = {0};
    if (deflateInit2(&z, Z_BEST_SPEED, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) != Z_OK) {
        return false;
    }
    const uLong bound = deflateBound(&z, body->len);
    GString *packed = g_string_sized_new(bound);
    z.next_in = (Bytef *)body->str;
    z.avail_in = (uInt)body->len;
    z.next_out = (Bytef *)packed->str;
    z.avail_out = (uInt)bound;
    const bool done = body->len <= G_MAXINT32 && deflate(&z, Z_FINISH) == Z_STREAM_END;
    if (done) {
        g_string_truncate(body, 0);
        g_string_append_len(body, packed->str, (gssize)z.total_out);
    }
    deflateEnd(&z);
    g_string_free(packed, TRUE);
    return done;
}

/* A fault that breaks off stops behind its value's number of bytes, by default half the body. */
static gsize breaking_point(const GString *body, const Fault *fault)
{
    const gint64 bytes = fault_number(fault, (gint64)body->len / 2, (gint64)body->len);
    return (gsize)bytes;
}

static z_stream *deflate_new(void)
{
    z_stream *z = g_new0(z_stream, 1);
    const int state = deflateInit2(z, Z_BEST_SPEED, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY);
    g_assert(state == Z_OK);
    return z;
}

/* The faulty ways to send the body; NULL when no fault asks for one. Takes over the body then. */
static struct MHD_Response *broken_response(Wire *wire, struct MHD_Connection *connection,
                                            GString *body, const FaultSet *faults)
{
    const Fault *const *of = faults->of;
    Stream *stream = g_new(Stream, 1);
    *stream = (Stream){.wire = wire, .connection = connection, .body = body, .end = body->len};
    uint64_t size = MHD_SIZE_UNKNOWN;
    enum MHD_ResponseFlags flags = MHD_RF_NONE;
    if (of[FAULT_RESET_WITHIN] != NULL) {
        stream->reset = true;
        stream->end = breaking_point(body, of[FAULT_RESET_WITHIN]);
        size = body->len;
    } else if (of[FAULT_CUT_LENGTH] != NULL) {
        stream->cut = true;
        stream->end = breaking_point(body, of[FAULT_CUT_LENGTH]);
        size = body->len;
    } else if (of[FAULT_CUT_CHUNKED] != NULL) {
        stream->cut = true;
        stream->end = breaking_point(body, of[FAULT_CUT_CHUNKED]);
    } else if (of[FAULT_CUT_CLOSE] != NULL) {
        stream->end = breaking_point(body, of[FAULT_CUT_CLOSE]);
        flags = MHD_RF_HTTP_VERSION_1_0_RESPONSE | MHD_RF_HTTP_VERSION_1_0_ONLY;
    } else if (of[FAULT_DRIP] != NULL) {
        stream->drip = (guint)MAX(fault_number(of[FAULT_DRIP], 1000, G_MAXINT32), 1);
        stream->due = true;
        size = body->len;
    } else if (of[FAULT_ENDLESS] != NULL) {
        stream->blanks = -1;
    } else if (of[FAULT_BOMB] != NULL) {
        stream->blanks = fault_number(of[FAULT_BOMB], 4096, G_MAXINT32) << 20;
        stream->deflate = deflate_new();
    } else {
        g_free(stream);
        return NULL;
    }
    struct MHD_Response *response =
        MHD_create_response_from_callback(size, BLOCK, read_stream, stream, stream_free);
    MHD_set_response_options(response, flags, MHD_RO_END);
    if (stream->deflate != NULL) {
        MHD_add_response_header(response, "Content-Encoding", "gzip");
    }
    return response;
}

static struct MHD_Response *whole_response(GString *body, bool gzip)
{
    const bool packed = gzip && body->len >= SMALLEST_GZIP && compress_body(body);
    const gsize length = body->len;
    struct MHD_Response *response =
        MHD_create_response_from_buffer(length, g_string_free(body, FALSE), MHD_RESPMEM_MUST_FREE);
    if (packed) {
        MHD_add_response_header(response, "Content-Encoding", "gzip");
    }
    return response;
}

enum MHD_Result wire_send(Wire *wire, struct MHD_Connection *connection, Reply *reply,
                          const FaultSet *faults, bool gzip)
{
    g_autofree char *location = g_steal_pointer(&reply->location);
    g_autofree char *link = g_steal_pointer(&reply->link);
    g_autofree char *retry_after = g_steal_pointer(&reply->retry_after);
    GString *body = g_steal_pointer(&reply->body);
    if (faults->of[FAULT_RESET_BEFORE] != NULL || faults->of[FAULT_SILENCE] != NULL) {
        g_string_free(body, TRUE);
        if (faults->of[FAULT_SILENCE] != NULL) {
            wait_on(wire, connection);
            return MHD_YES;
        }
        make_reset(connection);
        return MHD_NO;
    }
    struct MHD_Response *response = broken_response(wire, connection, body, faults);
    if (response == NULL) {
        response = whole_response(body, gzip);
    }
    if (reply->content_type != NULL) {
        MHD_add_response_header(response, "Content-Type", reply->content_type);
    }
    if (location != NULL) {
        MHD_add_response_header(response, "Location", location);
    }
    if (link != NULL) {
        MHD_add_response_header(response, "Link", link);
    }
    if (retry_after != NULL) {
        MHD_add_response_header(response, "Retry-After", retry_after);
    }
    const enum MHD_Result result = MHD_queue_response(connection, reply->status, response);
    MHD_destroy_response(response);
    return result;
}
