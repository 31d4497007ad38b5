"""Servers between the program and the sample form server, for tests of what happens on the way: TLS with certificates
made for the occasion, HTTP/2, and a proxy that wants a password. Everything stays on the loopback address."""
import base64
import contextlib
import http.client
import socket
import ssl
import subprocess
import threading
import warnings


def openssl(*arguments):
    subprocess.run(["openssl", *map(str, arguments)], check=True, capture_output=True)


class Authority:
    """A certificate authority in a folder: ca.pem, and a certificate for each name asked for."""

    def __init__(self, folder):
        self.folder, self.file = folder, folder / "ca.pem"
        folder.mkdir()
        openssl("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", folder / "ca.key", "-out", self.file, "-days", 2,
                "-subj", "/CN=test authority")

    def certificate(self, name, names="IP:127.0.0.1,DNS:localhost", days=2):
        """(certificate and key in one file, its pin)"""
        stem = self.folder / name
        openssl("req", "-newkey", "rsa:2048", "-nodes", "-keyout", f"{stem}.key", "-out", f"{stem}.csr", "-subj", f"/CN={name}")
        stem.with_suffix(".ext").write_text(f"subjectAltName={names}\n")
        openssl("x509", "-req", "-in", f"{stem}.csr", "-CA", self.file, "-CAkey", self.folder / "ca.key", "-CAcreateserial",
                "-days", days, "-extfile", f"{stem}.ext", "-out", f"{stem}.crt")
        both = stem.with_suffix(".pem")
        both.write_text(stem.with_suffix(".crt").read_text() + stem.with_suffix(".key").read_text())
        openssl("pkey", "-in", f"{stem}.key", "-pubout", "-outform", "DER", "-out", f"{stem}.der")
        openssl("dgst", "-sha256", "-binary", "-out", f"{stem}.sha", f"{stem}.der")
        return both, "sha256//" + base64.b64encode(stem.with_suffix(".sha").read_bytes()).decode()


class Listener:
    """Takes connections, each in a thread, until it is closed. `serve` of a subclass gets each."""

    def __init__(self):
        self.socket = socket.create_server(("127.0.0.1", 0), backlog=16)
        self.port = self.socket.getsockname()[1]
        self.connections, self.faults, self.open = 0, [], set()
        self.thread = threading.Thread(target=self.accept, daemon=True)
        self.thread.start()

    def accept(self):
        while True:
            try:
                peer, _ = self.socket.accept()
            except OSError:
                return
            self.connections += 1
            self.open.add(peer)
            threading.Thread(target=self.guard, args=(peer,), daemon=True).start()

    def guard(self, peer):
        try:
            self.serve(peer)
        except (OSError, EOFError, http.client.HTTPException) as fault:
            self.faults.append(str(fault))
        finally:
            self.open.discard(peer)
            peer.close()

    def close(self):
        with contextlib.suppress(OSError):
            self.socket.shutdown(socket.SHUT_RDWR)
        self.socket.close()
        for peer in list(self.open):
            with contextlib.suppress(OSError):
                peer.shutdown(socket.SHUT_RDWR)
        self.thread.join()


def relay(one, other):
    """Everything both ways until both have ended."""
    def pump(source, sink):
        with contextlib.suppress(OSError):
            while part := source.recv(65536):
                sink.sendall(part)
        with contextlib.suppress(OSError):
            sink.shutdown(socket.SHUT_WR)
    back = threading.Thread(target=pump, args=(other, one), daemon=True)
    back.start()
    pump(one, other)
    back.join()


def server_context(certificate, newest=None):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    if newest:  # older than what is allowed by default
        context.set_ciphers("DEFAULT:@SECLEVEL=0")
        with warnings.catch_warnings(action="ignore"):  # old on purpose
            context.minimum_version, context.maximum_version = ssl.TLSVersion.TLSv1, newest
    return context


class Tls(Listener):
    """TLS in front of the form server: passes on what is inside."""

    def __init__(self, server, context):
        self.server, self.context, self.versions = server, context, set()
        super().__init__()

    @property
    def url(self):
        return self.server.url.replace("http://", "https://").replace(f":{self.server.port}/", f":{self.port}/")

    def serve(self, peer):
        with self.context.wrap_socket(peer, server_side=True) as inside:
            self.open.add(inside)
            self.versions.add(inside.version())
            with socket.create_connection(("127.0.0.1", self.server.port)) as server:
                relay(inside, server)
            self.open.discard(inside)


class Http2(Tls):
    """The same, speaking HTTP/2 outside: just enough of it (RFC 9113, 7541) to carry what curl sends. Headers of requests
    are not read, since every call of RemoteControl goes to one address as JSON."""
    DATA, HEADERS, SETTINGS, PING, GOAWAY, WINDOW_UPDATE = 0, 1, 4, 6, 7, 8
    END_STREAM, ACK, END_HEADERS = 1, 1, 4
    STATUS_200, JSON = b"\x88", b"\x0f\x10" + bytes([16]) + b"application/json"  # :status 200, content-type
    PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
    FRAME = 16384

    def __init__(self, server, context):
        context.set_alpn_protocols(["h2"])
        self.agreed, self.streams = set(), 0
        super().__init__(server, context)

    def serve(self, peer):
        with self.context.wrap_socket(peer, server_side=True) as inside, inside.makefile("rwb") as wire:
            self.open.add(inside)
            self.agreed.add(inside.selected_alpn_protocol())
            if wire.read(len(self.PREFACE)) != self.PREFACE:
                raise EOFError("no HTTP/2")
            self.send(wire, self.SETTINGS, 0, 0, b"")
            bodies = {}
            while frame := self.receive(wire):
                self.take(wire, bodies, *frame)
            self.open.discard(inside)

    def receive(self, wire):
        head = wire.read(9)
        if len(head) < 9:
            return None
        payload = wire.read(int.from_bytes(head[:3], "big"))
        return head[3], head[4], int.from_bytes(head[5:], "big") & 0x7FFFFFFF, payload

    def send(self, wire, kind, flags, stream, payload):
        wire.write(len(payload).to_bytes(3, "big") + bytes([kind, flags]) + stream.to_bytes(4, "big") + payload)
        wire.flush()

    def take(self, wire, bodies, kind, flags, stream, payload):
        if kind == self.SETTINGS and not flags & self.ACK:
            self.send(wire, self.SETTINGS, self.ACK, 0, b"")
        elif kind == self.PING and not flags & self.ACK:
            self.send(wire, self.PING, self.ACK, 0, payload)
        elif kind in (self.HEADERS, self.DATA):
            bodies.setdefault(stream, bytearray())
            if kind == self.DATA:
                bodies[stream] += payload
            if flags & self.END_STREAM:
                self.streams += 1
                self.answer(wire, stream, bytes(bodies.pop(stream)))

    def answer(self, wire, stream, body):
        """Curl grants ten million bytes and more for a stream, so that its window is never full here."""
        inner = http.client.HTTPConnection("127.0.0.1", self.server.port)
        inner.request("POST", self.server.url.split(str(self.server.port))[1], body, {"Content-Type": "application/json"})
        reply = inner.getresponse()
        assert reply.status == 200, reply.status
        text = reply.read()
        inner.close()
        self.send(wire, self.HEADERS, self.END_HEADERS, stream, self.STATUS_200 + self.JSON)
        for at in range(0, len(text), self.FRAME):
            self.send(wire, self.DATA, 0, stream, text[at:at + self.FRAME])
        self.send(wire, self.DATA, self.END_STREAM, stream, b"")


class Proxy(Listener):
    """Lets through whoever knows the password, by CONNECT or by whole addresses."""

    def __init__(self, user, password):
        self.token = "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()
        self.let_through, self.refused = [], 0
        super().__init__()

    def serve(self, peer):
        with peer.makefile("rb", buffering=0) as wire:
            while self.one(peer, wire):
                pass

    def one(self, peer, wire):
        lines = []
        while (line := self.line(wire)) not in ("", None):
            lines.append(line)
        if line is None or not lines:
            return False
        headers = dict(one.split(": ", 1) for one in lines[1:])
        headers = {name.lower(): value for name, value in headers.items()}
        method, target, _ = lines[0].split(" ", 2)
        if headers.get("proxy-authorization") != self.token:
            self.refused += 1
            self.drop(wire, headers)
            peer.sendall(b"HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm=\"mellom\"\r\n"
                         b"Content-Length: 0\r\n\r\n")
            return True
        self.let_through.append(f"{method} {target}")
        if method != "CONNECT":
            raise EOFError("only CONNECT is passed on")
        host, _, port = target.rpartition(":")
        with socket.create_connection((host, int(port))) as server:
            peer.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
            relay(peer, server)
        return False

    @staticmethod
    def line(wire):
        """Byte by byte, so that nothing of what follows is taken."""
        text = bytearray()
        while not text.endswith(b"\r\n"):
            part = wire.read(1)
            if not part:
                return None
            text += part
        return text[:-2].decode()

    @staticmethod
    def drop(wire, headers):
        left = int(headers.get("content-length", 0))
        while left > 0:
            left -= len(wire.read(left))
