#!/usr/bin/python3
"""Sources pulled side by side: `innsikt collect` of four, whose servers take their time over every request, against the
slowest of them alone. Servers are mostly waited for, so that all four take little longer than one: at most MOST_RATIO
times, where one after the other would take about three times. Exit status 1 when it does not hold.

    tests/bench/together.py
"""
import os
import pathlib
import socket
import subprocess
import sys
import tempfile
import threading
import time

sys.path[:0] = [str(pathlib.Path(__file__).resolve().parents[1] / "whole"), str(pathlib.Path(__file__).resolve().parent)]
import collect  # noqa: E402
import network  # noqa: E402

SIZES = (2000, 6000, 4000, 5000)
WAIT = 0.12  # seconds over each request
ROUNDS = 2
MOST_RATIO = 1.5


class Slow(network.Listener):
    """Passes requests on to the form server, late."""

    def __init__(self, port):
        self.server = port
        super().__init__()

    def serve(self, peer):
        with socket.create_connection(("127.0.0.1", self.server)) as server:
            def back():
                while part := server.recv(262144):
                    peer.sendall(part)
            threading.Thread(target=back, daemon=True).start()
            while part := peer.recv(65536):
                time.sleep(WAIT)
                server.sendall(part)


def write_project(folder, ports):
    """One project with all sources; which of them are pulled is said in the call."""
    parts = []
    for i, port in enumerate(ports):
        path = collect.write_project(folder, 10001 + i, f"http://127.0.0.1:{port}/index.php/admin/remotecontrol")
        text = (pathlib.Path(path) / "project.yaml").read_text()
        head, source = text.split("sources:\n")
        parts.append(source.replace("  svar:\n", f"  svar{i}:\n", 1))
    whole = pathlib.Path(folder) / "project"
    whole.mkdir()
    (whole / "project.yaml").write_text(head + "sources:\n" + "".join(parts))
    return str(whole)


def seconds(project, *sources):
    best = float("inf")
    for _ in range(ROUNDS):
        collect.fresh(project)
        call = [os.path.join(collect.BUILD, "innsikt"), "collect", "-q", "-C", project, *sources]
        best = min(best, collect.timed(call)[0])
    return best


def main():
    os.environ["INNSIKT_SAMPLE_PASSWORD"] = collect.PASSWORD
    os.environ["BENCH_KEY"] = "8c41e07bd25f"
    with tempfile.TemporaryDirectory(prefix="innsikt-bench-") as folder:
        forms = [collect.write_form(folder, 10001 + i, n) for i, n in enumerate(SIZES)]
        server = subprocess.Popen([os.path.join(collect.BUILD, "samples/server/formserver"), "--until-eof", *forms],
                                  stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        try:
            port = int(server.stdout.readline().split()[1])
            slow = [Slow(port) for _ in SIZES]
            project = write_project(folder, [one.port for one in slow])
            alone = [seconds(project, f"svar{i}") for i in range(len(SIZES))]
            together = seconds(project)
            for one in slow:
                one.close()
        finally:
            server.stdin.close()
            server.wait()
    ratio = together / max(alone)
    print(f"{len(SIZES)} sources, {WAIT * 1000:.0f} ms a request: alone {', '.join(f'{s:.2f}' for s in alone)} s (in all "
          f"{sum(alone):.2f}), side by side {together:.2f} s: {ratio:.2f} times the slowest (at most {MOST_RATIO})")
    sys.exit(ratio > MOST_RATIO)


if __name__ == "__main__":
    main()
