#!/usr/bin/python3
"""Runs every test program of a build, two at a time, each with a time limit and in a session of its own.

    tests/run.py BUILD [NAME…]      (BUILD: build/release; NAME: only tests whose path holds it)

A test program is BUILD/tests/*/test_*, BUILD/tests/vectors, tests/*/check_*.py or a script tests/whole/test_*. It passes
when it ends with 0 in time and leaves no process behind. Prints one line each, what a failed one said, and at the end
«N passed, M failed»; ends with 1 when any failed."""
import concurrent.futures
import os
import pathlib
import signal
import subprocess
import sys
import time

BUILD = pathlib.Path(sys.argv[1])
SLOW = 4 if BUILD.name in ("asan", "tsan") else 1  # sanitizers
LIMIT, WHOLE_LIMIT = 60 * SLOW, 180 * SLOW
# What the C library keeps of LOCPATH is its own; leaks of ours are told.
ENVIRONMENT = {
    "INNSIKT_BUILD": str(BUILD.resolve()),
    "LSAN_OPTIONS": "print_suppressions=0:suppressions=" + str(pathlib.Path("tests/house/lsan.supp").resolve()),
}
if BUILD.name == "tsan":  # GLib hands blocks from thread to thread under locks that the sanitizer cannot see
    ENVIRONMENT["G_SLICE"] = "always-malloc"
TAIL = 12000  # of what a failed test said


def commands():
    """(name, command line, seconds), those that take longest first."""
    root = pathlib.Path(".")
    scripts = sorted(root.glob("tests/whole/test_*.*")) + sorted(root.glob("tests/*/check_*.py"))
    built = sorted(p.with_suffix("") for p in root.glob("tests/*/test_*.c"))
    yield from ((str(p), [sys.executable, str(p)] if p.suffix == ".py" else [str(p)], WHOLE_LIMIT) for p in scripts)
    yield from ((str(p), [str(BUILD / p)], LIMIT) for p in built)
    yield "tests/vectors", [str(BUILD / "tests/vectors"), "tests/reference/vectors.json"], LIMIT


def processes_of(session):
    """Those of a session that still run; a zombie that nobody has waited for does not."""
    for entry in pathlib.Path("/proc").glob("[0-9]*/stat"):
        try:
            state, _, _, its_session = entry.read_text(errors="replace").rpartition(")")[2].split()[:4]
            if int(its_session) == session and state not in "ZX":
                yield int(entry.parent.name), (entry.parent / "comm").read_text().strip()
        except (OSError, ValueError):
            continue


def run(name, command, limit):
    log = BUILD / "log" / (name.replace("/", "-") + ".txt")
    started = time.monotonic()
    with open(log, "wb") as out:
        child = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.STDOUT,
                                 start_new_session=True, env=os.environ | ENVIRONMENT)
        try:
            status = child.wait(limit)
            fault = "" if status == 0 else f"ended with {status}" if status > 0 else signal.Signals(-status).name
        except subprocess.TimeoutExpired:
            fault = f"not done after {limit} s"
    left = list(processes_of(child.pid))
    for pid, _ in left:
        os.kill(pid, signal.SIGKILL)
    child.wait()
    if left and not fault:
        fault = "left behind: " + ", ".join(comm for _, comm in left)
    return name, fault, log, time.monotonic() - started


def main():
    chosen = [c for c in commands() if not sys.argv[2:] or any(part in c[0] for part in sys.argv[2:])]
    (BUILD / "log").mkdir(parents=True, exist_ok=True)
    failed = 0
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        for done in concurrent.futures.as_completed([pool.submit(run, *c) for c in chosen]):
            name, fault, log, seconds = done.result()
            print(f"{'FAILED' if fault else 'ok':6} {name:44} {seconds:6.2f} s", flush=True)
            if fault:
                failed += 1
                print(f"       {fault}; the log is {log}:")
                print(log.read_text(errors="replace")[-TAIL:].rstrip(), flush=True)
    print(f"{len(chosen) - failed} passed, {failed} failed", flush=True)
    return 1 if failed or not chosen else 0


if __name__ == "__main__":
    sys.exit(main())
