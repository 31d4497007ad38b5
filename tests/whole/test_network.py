#!/usr/bin/python3
"""On the way to the server: who is trusted, which TLS, HTTP/2, proxies, and one connection for a whole pull."""
import pathlib
import ssl
import tempfile

import harness
import network

FORM = "form: 284672"


class Case(harness.Case):
    def setUp(self):
        super().setUp()
        self.server = self.serve()

    def listen(self, listener):
        self.addCleanup(listener.close)
        return listener

    def reach(self, url, *keys, name="project", **environment):
        """The sample, its source sektor with these keys at this address."""
        project = self.project(name, self.server, lambda text: text.replace(FORM, "\n    ".join((FORM, *keys))))
        project.environment |= {"INNSIKT_SAMPLE_URL": url} | environment
        return project

    def refused(self, project, *words, status=1):
        call = self.fails(project.run("collect", "sektor"), status, *words)
        self.assertEqual(self.server.log()["requests"], 0, "the form server was asked")
        self.assertNotIn(harness.PASSWORD, call.stdout + call.stderr)
        return call

    def collected(self, project, *arguments):
        call = self.succeeds(project.run("collect", "sektor", *arguments))
        self.assertEqual(project.query("SELECT count(*) FROM response"), [(68,)])
        return call


class Trust(Case):
    @classmethod
    def setUpClass(cls):
        cls.place = tempfile.TemporaryDirectory(prefix="innsikt-tls-")
        cls.addClassCleanup(cls.place.cleanup)
        cls.ours = network.Authority(pathlib.Path(cls.place.name) / "ours")
        cls.certificate, cls.pin = cls.ours.certificate("right")

    def front(self, certificate=None, newest=None):
        context = network.server_context(certificate or self.certificate, newest)
        return self.listen(network.Tls(self.server, context))

    def test_an_authority_nobody_knows(self):
        front = self.front()
        self.refused(self.reach(front.url), "sektor: ", "certificate", "`ca_file:`")
        self.assertEqual(front.connections, 1, "tried again")

    def test_our_own_authority(self):
        """Named from the project's folder; over one connection, whatever is asked."""
        front = self.front()
        project = self.reach(front.url, "ca_file: tls/ca.pem")
        project.path("tls").mkdir()
        project.path("tls/ca.pem").write_bytes(self.ours.file.read_bytes())
        call = self.collected(project, "-v")
        self.assertEqual(front.connections, 1)
        self.assertGreater(self.server.log()["requests"], 10)
        self.assertEqual(call.stderr.count("new connection"), 1)
        self.assertIn("HTTP/1.1", call.stderr)
        self.assertNotIn(harness.PASSWORD, call.stderr)

    def test_our_own_authority_in_the_environment(self):
        self.collected(self.reach(self.front().url, CURL_CA_BUNDLE=str(self.ours.file)))

    def test_a_file_of_certificates_that_is_not_there(self):
        self.refused(self.reach(self.front().url, "ca_file: borte.pem"), "`ca_file:`", status=2)

    def test_a_certificate_for_another_host(self):
        other, _ = self.ours.certificate("other", names="DNS:skjema.example.no")
        self.refused(self.reach(self.front(other).url, f"ca_file: {self.ours.file}"), "certificate", "127.0.0.1")

    def test_a_certificate_that_has_expired(self):
        expired, _ = self.ours.certificate("expired", days=-1)
        self.refused(self.reach(self.front(expired).url, f"ca_file: {self.ours.file}"), "expired")

    def test_tls_older_than_1_2(self):
        front = self.front(newest=ssl.TLSVersion.TLSv1_1)
        self.refused(self.reach(front.url, f"ca_file: {self.ours.file}"), "TLS 1.2 or newer")
        self.assertEqual(front.versions, set())
        self.assertEqual(front.connections, 1, "tried again")
        front = self.front(newest=ssl.TLSVersion.TLSv1_2)
        self.collected(self.reach(front.url, f"ca_file: {self.ours.file}", name="newer"))
        self.assertEqual(front.versions, {"TLSv1.2"})

    def test_the_pinned_key(self):
        other = "sha256//" + "A" * 43 + "="
        front = self.front()
        self.refused(self.reach(front.url, f"ca_file: {self.ours.file}", f"pin: {other}", name="other"), "`pin:`")
        self.collected(self.reach(front.url, f"ca_file: {self.ours.file}", f"pin: {other};{self.pin}", name="both"))
        # A key in place of an authority is not enough: both must hold.
        self.refused_later(self.reach(front.url, f"pin: {self.pin}", name="alone"))

    def refused_later(self, project):
        before = self.server.log()["requests"]
        self.fails(project.run("collect", "sektor"), 1, "certificate")
        self.assertEqual(self.server.log()["requests"], before)

    def test_a_pin_without_tls(self):
        self.refused(self.reach(self.server.url, f"pin: {self.pin}"), "`pin:`", status=2)

    def test_http_2(self):
        front = self.listen(network.Http2(self.server, network.server_context(self.certificate)))
        project = self.reach(front.url, f"ca_file: {self.ours.file}")
        call = self.collected(project, "-v")
        self.assertIn("HTTP/2 over a new connection", call.stderr)
        self.assertNotIn("HTTP/1.1", call.stderr)
        self.assertEqual((front.agreed, front.connections), ({"h2"}, 1))
        self.assertGreater(front.streams, 10)
        plain = self.reach(self.server.url, name="plain")
        self.collected(plain)
        self.assertEqual(project.dump(), plain.dump())


class Between(Case):
    USER, SECRET = "kari", "ugle-73"

    def setUp(self):
        super().setUp()
        self.ours = network.Authority(self.home / "ours")
        certificate, _ = self.ours.certificate("right")
        self.front = self.listen(network.Tls(self.server, network.server_context(certificate)))
        self.proxy = self.listen(network.Proxy(self.USER, self.SECRET))

    def through(self, *keys, **more):
        return self.reach(self.front.url, f"ca_file: {self.ours.file}", *keys, **more)

    def test_through_a_proxy_that_wants_a_password(self):
        """An explicit proxy serves this machine too. Its password reaches nobody else."""
        project = self.through(f"proxy: http://127.0.0.1:{self.proxy.port}", f"proxy_user: {self.USER}",
                               "proxy_password: command:printf %s\\\\n ugle-73")
        call = self.collected(project, "-v")
        self.assertEqual(self.proxy.let_through, [f"CONNECT 127.0.0.1:{self.front.port}"])
        self.assertNotIn(self.SECRET, call.stdout + call.stderr)
        self.assertNotIn(self.SECRET.encode(), project.path("innsikt.db").read_bytes())

    def test_a_proxy_refuses(self):
        project = self.through(f"proxy: http://127.0.0.1:{self.proxy.port}", f"proxy_user: {self.USER}",
                               "proxy_password: env:PROXY_PASSWORD", PROXY_PASSWORD="feil-91")
        call = self.refused(project, "sektor: ", "proxy", "407")
        self.assertNotIn("feil-91", call.stderr)
        self.assertEqual(self.proxy.let_through, [])
        self.assertLessEqual(self.proxy.refused, 2, "tried again")

    def test_the_environments_proxy_is_not_for_this_machine(self):
        nowhere = {"https_proxy": "http://127.0.0.1:1", "http_proxy": "http://127.0.0.1:1", "ALL_PROXY": "http://127.0.0.1:1"}
        self.collected(self.through(name="unasked", **nowhere))
        self.collected(self.through("proxy: none", name="none", **nowhere))

    def test_a_proxy_that_is_not_there(self):
        self.refused(self.through("proxy: http://skjema.invalid:3128"), "no such proxy", "skjema.invalid")


harness.main()
